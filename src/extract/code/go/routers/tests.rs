//! Idioms of each router, as their documentation and common projects write them. Each has traps that must be no routes.

use crate::extract::code::snapshot::check as compare;

/// Checks what a file says that begins with a package and imports.
#[track_caller]
fn check(imports: &str, body: &str, expected: &str) {
    let imports: String = imports.split(' ').map(|path| format!("\"{path}\";")).collect();
    compare("internal/http/routes.go", &format!("package web; import ({imports})\n{body}"), expected);
}

#[test]
fn net_http() {
    check(
        "net/http",
        r#"func Run(addr string) error {
            mux := http.NewServeMux()
            mux.HandleFunc("GET /orders/{id}", get)
            mux.HandleFunc("POST /orders/{$}", create)
            mux.Handle("example.com/hello", hello{})
            mux.HandleFunc("/files/{path...}", func(w http.ResponseWriter, r *http.Request) { r.Header.Get("/x") })
            mux.Handle("/static/", http.StripPrefix("/static/", http.FileServer(http.Dir("static"))))
            mux.Handle("/metrics", promhttp.Handler())
            api := http.NewServeMux()
            api.HandleFunc("/users", users)
            mux.Handle("/api/", http.StripPrefix("/api", api))
            client.Get("/x", nil)
            http.Get("/x")
            server := &http.Server{Addr: addr, Handler: logging(mux)}
            return server.ListenAndServe()
        }"#,
        "4 GET /orders/{id} in #Run.mux
        5 POST /orders/ in #Run.mux
        6 ANY /hello in #Run.mux
        7 ANY /files/{rest} in #Run.mux
        9 ANY /metrics in #Run.mux
        11 ANY /users in #Run.api
        12 mount #Run.api in #Run.mux at /api
        15 mount #logging(0) in #Run.mux at
        application #Run.mux",
    );
    check(
        "net/http",
        r#"func main() {
            http.HandleFunc("/", index)
            http.Handle("/v1/", NewRouter())
            http.Handle("/v2/", http.StripPrefix("/v2", NewRouter()))
            log.Fatal(http.ListenAndServe(":80", nil))
        }"#,
        "3 ANY / and below
        5 mount #NewRouter() in #net-http at /v2
        application #NewRouter()
        application #net-http",
    );
}

#[test]
fn gorilla() {
    check(
        "net/http github.com/gorilla/mux",
        r#"type App struct { Router *mux.Router; cache Cache }
        func (a *App) routes() http.Handler {
            r := mux.NewRouter().StrictSlash(true)
            r.HandleFunc("/products", a.list).Methods("GET")
            r.HandleFunc("/products/{id:[0-9]+}", a.update).
                Methods(http.MethodPut, "OPTIONS").
                Name("update")
            r.Path("/a").Methods("GET", "POST").HandlerFunc(a.a)
            r.Methods("DELETE").Path("/b").Handler(kit.NewServer(a.b))
            r.PathPrefix("/static/").Handler(http.StripPrefix("/static/", http.FileServer(fs)))
            s := r.PathPrefix("/v1").Subrouter()
            s.HandleFunc("/x", a.x)
            gets := s.Methods(http.MethodGet).Subrouter()
            gets.HandleFunc("/y", a.y)
            a.Router.HandleFunc("/z", a.z).Methods("GET")
            a.cache.Get("/no", a.value)
            a.Router.Use(a.middleware)
            r.Methods("GET").PathPrefix("/cards").Handler(kit.NewServer(a.cards))
            users.Register(s.PathPrefix("/users").Subrouter())
            return handlers.CORS(a.options)(r)
        }"#,
        "5 GET /products in #App.routes.r
        6 PUT /products/{id} in #App.routes.r
        9 GET /a in #App.routes.r
        9 POST /a in #App.routes.r
        10 DELETE /b in #App.routes.r
        13 ANY /v1/x in #App.routes.r
        15 GET /v1/y in #App.routes.r
        16 GET /z in #App.Router
        19 GET /cards/ and below in #App.routes.r
        20 mount #users.Register(0) in #App.routes.r at /v1/users/
        21 mount #App.routes.r in #App.routes() at",
    );
}

#[test]
fn chi() {
    check(
        "github.com/go-chi/chi/v5",
        r#"func New(h *handlers.Orders) *chi.Mux {
            r := chi.NewRouter()
            r.Use(middleware.Logger)
            r.Get("/", func(w http.ResponseWriter, r *http.Request) { store.Get("/x", w) })
            r.With(paginate).Get("/list", h.List)
            r.Route("/articles", func(r chi.Router) {
                r.Get("/", h.All)
                r.Route("/{id:[a-z]+}", func(r chi.Router) {
                    r.Use(h.Context)
                    r.Put("/", h.Update)
                })
                r.Group(func(r chi.Router) {
                    r.Use(auth)
                    r.Method("POST", "/", h.Create)
                })
            })
            r.Mount("/admin", adminRouter())
            r.Mount("/users", users.Resource{}.Routes())
            r.Route("/orders", h.Routes)
            r.MethodFunc(http.MethodDelete, "/gone", h.Gone)
            r.HandleFunc("/any", h.Any)
            return r
        }
        func adminRouter() http.Handler {
            r := chi.NewRouter()
            r.Get("/stats", stats)
            return r
        }"#,
        "5 GET / in #New.r
        6 GET /list in #New.r
        8 GET /articles/ in #New.r
        11 PUT /articles/{id}/ in #New.r
        15 POST /articles/ in #New.r
        21 DELETE /gone in #New.r
        22 ANY /any in #New.r
        27 GET /stats in #adminRouter.r
        18 mount #adminRouter() in #New.r at /admin
        19 mount #users.Resource.Routes() in #New.r at /users
        20 mount #handlers.Orders.Routes(0) in #New.r at /orders
        23 mount #New.r in #New() at
        28 mount #adminRouter.r in #adminRouter() at",
    );
}

#[test]
fn gin() {
    check(
        "github.com/gin-gonic/gin github.com/acme/shop/users",
        r#"func main() {
            r := gin.Default()
            r.GET("/ping", func(c *gin.Context) { c.JSON(200, cache.Get("/x")) })
            v1 := r.Group("/v1", auth())
            {
                v1.POST("/login", login)
                nested := v1.Group("/items")
                nested.DELETE("/:id", remove)
                nested.Any("/*rest", proxy)
            }
            r.Handle("PATCH", "/x", x)
            r.Match([]string{"GET", "POST"}, "/y", y)
            users.Register(v1.Group("/users"), db)
            h := users.NewHandler(db)
            h.Routes(&r.RouterGroup)
            r.Static("/assets", "./assets")
            r.Run()
        }
        func Register(rg *gin.RouterGroup, path string) {
            rg.GET("", list)
            rg.GET(path, list)
        }
        var Routes = func(e *gin.Engine) { e.GET("/z", z) }
        "#,
        "24 GET /z in #Routes(0)
        4 GET /ping in #main.r
        7 POST /v1/login in #main.r
        9 DELETE /v1/items/{id} in #main.r
        10 ANY /v1/items/{rest} in #main.r
        12 PATCH /x in #main.r
        13 GET /y in #main.r
        13 POST /y in #main.r
        21 GET  in #Register(0)
        14 mount github.com/acme/shop/users#Register(0) in #main.r at /v1/users
        16 mount github.com/acme/shop/users#Handler.Routes(0) in #main.r at
        application #Routes(0)
        application #main.r
        22 uncounted the path is what a caller gives",
    );
}

#[test]
fn echo() {
    check(
        "github.com/labstack/echo/v4",
        r#"type Server struct { echo *echo.Echo; users UserHandler }
        func NewServer() *Server {
            s := &Server{echo: echo.New()}
            s.routes()
            return s
        }
        func (s *Server) routes() {
            s.echo.GET("/health", s.health)
            api := s.echo.Group("/api", mw.JWT(secret))
            api.POST("/users/:id", s.users.Create, limit)
            api.Add(http.MethodPut, "/users", s.users.Update)
            api.Match([]string{echo.GET, echo.HEAD}, "/x", x)
            s.users.Mount(api)
            s.echo.Static("/", "public")
        }"#,
        "9 GET /health in #Server.echo
        11 POST /api/users/{id} in #Server.echo
        12 PUT /api/users in #Server.echo
        13 GET /api/x in #Server.echo
        14 mount #UserHandler.Mount(0) in #Server.echo at /api
        application #Server.echo",
    );
}

#[test]
fn fiber() {
    check(
        "github.com/gofiber/fiber/v2",
        r#"func main() {
            app := fiber.New(fiber.Config{})
            app.Use(logger.New())
            app.Get("/", func(c *fiber.Ctx) error { return c.SendString(session.Get("/x", y)) })
            api := app.Group("/api")
            api.All("/any", any)
            api.Route("/users", func(r fiber.Router) { r.Post("/:id?", create) }, "users.")
            micro := fiber.New()
            micro.Get("/doe", doe)
            app.Mount("/john", micro)
            app.Use("/jane", micro)
            SetupRoutes(app)
            app.Listen(":3000")
        }
        func SetupRoutes(app *fiber.App) { app.Add("PATCH", "/p", p) }"#,
        "5 GET / in #main.app
        7 ANY /api/any in #main.app
        8 POST /api/users/{id} in #main.app
        10 GET /doe in #main.micro
        16 PATCH /p in #SetupRoutes(0)
        11 mount #main.micro in #main.app at /john
        12 mount #main.micro in #main.app at /jane
        13 mount #SetupRoutes(0) in #main.app at
        application #main.app",
    );
}

#[test]
fn others() {
    check(
        "net/http github.com/julienschmidt/httprouter",
        r#"func main() {
            router := httprouter.New()
            router.GET("/hello/:name", Hello)
            router.Handler(http.MethodGet, "/x", x)
            router.HandlerFunc("POST", "/y/*path", y)
            log.Fatal(http.ListenAndServe(":8080", router))
        }"#,
        "4 GET /hello/{name} in #main.router
        5 GET /x in #main.router
        6 POST /y/{rest} in #main.router
        application #main.router",
    );
    check(
        "github.com/kataras/iris/v12",
        r#"func main() {
            app := iris.New()
            users := app.Party("/users")
            users.Get("/{id:uint64}", get)
            app.PartyFunc("/books", func(books iris.Party) { books.Post("/", create) })
            app.Handle("PUT", "/x", x)
        }"#,
        "5 GET /users/{id} in #main.app
        6 POST /books/ in #main.app
        7 ANY PUT in #main.app
        application #main.app",
    );
    check(
        "github.com/cloudwego/hertz/pkg/app/server",
        r#"func main() {
            h := server.Default()
            h.GET("/ping", ping)
            g := h.Group("/v1")
            g.POST("/x/:id", x)
        }"#,
        "4 GET /ping in #main.h
        6 POST /v1/x/{id} in #main.h
        application #main.h",
    );
}

#[test]
fn tables() {
    check(
        "net/http github.com/gorilla/mux",
        r#"type Route struct { Name, Method, Pattern string; HandlerFunc http.HandlerFunc }
        type Routes []Route
        var routes = Routes{
            Route{"Index", "GET", "/", Index},
            {"Create", strings.ToUpper("Post"), base + "/todos", Create},
        }
        const base = "/v1"
        func NewRouter() *mux.Router {
            router := mux.NewRouter()
            for _, route := range routes {
                router.Methods(route.Method).Path(route.Pattern).Name(route.Name).Handler(Logger(route.HandlerFunc, route.Name))
            }
            return router
        }"#,
        "5 GET / and below in #routes
        6 POST /v1/todos in #routes
        12 mount #routes in #NewRouter.router at
        14 mount #NewRouter.router in #NewRouter() at
        package web
        8 constant base = /v1",
    );
    // The same with a map of methods in tests of a client is no table: nothing handles it.
    check(
        "net/http",
        r#"var cases = []Case{{"GET", "/x", 200}, {"POST", "/y", nil}}; func f() { http.HandleFunc("/a", a) }"#,
        "2 ANY /a",
    );
    // The router stands in another file.
    compare(
        "api/default.go",
        "package api\nfunc (c *Controller) Routes() Routes {\n return Routes{\n  \"Get\": Route{\n strings.ToUpper(\"Get\"),\n \"/x/{id}\",\n c.Get,\n },\n }\n}",
        "",
    );
}

#[test]
fn wrappers() {
    check(
        "net/http github.com/gorilla/mux",
        r#"type App struct { Router *mux.Router }
        func (a *App) setRouters() {
            a.Get("/projects", a.handle(GetAll))
            a.Post("/projects/{title}", a.handle(Create))
        }
        func (a *App) Get(path string, f func(w http.ResponseWriter, r *http.Request)) {
            a.Router.HandleFunc(path, f).Methods("GET")
        }
        func (a *App) Post(path string, f func(w http.ResponseWriter, r *http.Request)) {
            a.Router.HandleFunc(path, f).Methods("POST")
        }"#,
        "4 GET /projects in #App.Router
        5 POST /projects/{title} in #App.Router",
    );
}

#[test]
fn a_router_with_methods_of_its_own_is_read_where_it_is_called() {
    check(
        "net/http",
        "type Mux struct { mux *http.ServeMux }\nfunc (m *Mux) Handle(path string, h http.Handler) { m.mux.Handle(path, h) }\n\
         func Add(path string) { http.Handle(path, h) }",
        "4 uncounted the path is what a caller gives",
    );
}

#[test]
fn a_router_of_another_file_is_told_by_its_name() {
    compare(
        "internal/server/routes.go",
        r#"package server
        func (s *Server) routes() {
            s.router.HandleFunc("/a", s.handleA()).Methods("GET")
            s.router.Get("/b/{id}", s.b)
            s.Engine.GET("/c/:id", s.c)
            s.cache.Get("/d", s.d)
            s.client.Post("/e", s.e)
            s.router.Get("/f", &answer)
        }"#,
        "3 GET /a in #Server.router
        4 GET /b/{id} in #Server.router
        5 GET /c/{id} in #Server.Engine",
    );
}

#[test]
fn pages_of_descriptions_are_files_and_injected_functions_are_mounted() {
    check(
        "github.com/labstack/echo/v4 github.com/swaggo/echo-swagger go.uber.org/fx github.com/acme/shop/pkg/oauth",
        r#"func Routes(e *echo.Echo) {
            e.GET("/swagger/*", echoSwagger.WrapHandler)
            e.GET("/a", echo.WrapHandler(a))
        }
        func main() { fx.New(fx.Invoke(oauth.Routes), fx.Invoke(own)).Run() }"#,
        "4 GET /a in #Routes(0)
        6 mount github.com/acme/shop/pkg/oauth#Routes(0) in #fx at
        6 mount github.com/acme/shop/pkg/oauth#Routes(1) in #fx at
        6 mount github.com/acme/shop/pkg/oauth#Routes(2) in #fx at
        6 mount github.com/acme/shop/pkg/oauth#Routes(3) in #fx at
        6 mount github.com/acme/shop/pkg/oauth#Routes(4) in #fx at
        6 mount github.com/acme/shop/pkg/oauth#Routes(5) in #fx at
        application #Routes(0)",
    );
}
