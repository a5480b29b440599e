//! Routes by calls.

use crate::extract::code::snapshot::check;

#[test]
fn ktor_nests_routes() {
    check(
        "src/K.kt",
        r##"
        package a
        import io.ktor.server.routing.*
        import b.orders
        fun main(args: Array<String>): Unit = io.ktor.server.netty.EngineMain.main(args)
        fun Application.module(client: HttpClient, repo: Repo) {
            val x = client.get("/no") { header("a", "b") }
            routing {
                get("/") { call.respondText("x"); client.post("/no") { } }
                get("/ref", Handlers::ref)
                authenticate("jwt") {
                    route("/v1") {
                        orders(repo)
                        users()
                        get("{id}") { val y = repo.get("/no") }
                        route("/m", HttpMethod.Put) { handle { } }
                        method(HttpMethod.Delete) { handle { } }
                        post<Dto>("/typed") { }
                        delete("/q/{rest...}") { }
                        webSocket("/ws") { }
                    }
                }
                get(Regex("x")) { }
                staticResources("/static", "s")
                UserRoutes(repo).register(this)
                val admin = AdminRoutes(repo)
                admin.install(this)
                println("no")
                listOf("a").forEach { name -> get("/loop/$name") { } }
            }
        }
        fun Route.users() { route("users") { get { }; post { } } }
        private fun Route.more() = get("/more") { }
        class UserRoutes(val repo: Repo) {
            fun register(route: Route) {
                route.get("/reg") { }
                route.route("/r2") { get("x") { } }
            }
        }
        "##,
        "
        20 subscription /v1/ws
        9 GET /
        10 GET /ref
        15 GET /v1/{id}
        16 PUT /v1/m
        17 DELETE /v1
        18 POST /v1/typed
        19 DELETE /v1/q/{rest}
        23 GET ?Regex(\"x\")
        32 GET users in #users(0)
        32 POST users in #users(0)
        33 GET /more in #more(0)
        36 GET /reg in #UserRoutes.register(0)
        37 GET /r2/x in #UserRoutes.register(0)
        13 mount b#orders(0) in #application at /v1
        14 mount #users(0) in #application at /v1
        25 mount #UserRoutes.register(0) in #application at 
        27 mount #AdminRoutes.install(0) in #application at 
        application #application
        29 uncounted routes by names known at run time
        15 invokes #Repo.get(/no)
        package a
        5 entry ktor
        ",
    );
}

#[test]
fn ktor_reads_paths_of_types() {
    check(
        "src/K.kt",
        r##"
        package a
        import io.ktor.resources.Resource
        import io.ktor.server.resources.*
        import b.Orders
        fun Application.module() {
            routing {
                get<Articles.Id> { article -> }
                post<Articles> { }
                get<Orders.Lines> { }
            }
        }
        @Resource("/articles") class Articles(val sort: String? = "new") {
            @Resource("{id}") class Id(val parent: Articles, val id: Long)
        }
        "##,
        "
        8 GET /articles/{id}
        9 POST /articles
        10 GET <b/Orders#Orders.Lines>
        package a
        13 constant Articles = /articles
        14 constant Articles.Id = /articles/{id}
        ",
    );
}

#[test]
fn ktor_takes_clients_for_clients() {
    check(
        "src/K.kt",
        r##"
        import io.ktor.client.*
        import io.ktor.server.application.*
        suspend fun load(client: HttpClient, cache: Cache) {
            client.get("/a") { }
            cache.get("/b")
            get<Service>("/c") { }
        }
        "##,
        "
        5 call http GET ?the client's base+/a (ktor-client)
        ",
    );
}

#[test]
fn spring_functions_nest_paths() {
    check(
        "src/B.java",
        r##"
        import static org.springframework.web.reactive.function.server.RequestPredicates.*;
        class B {
            @Bean RouterFunction<ServerResponse> r(H h) {
                return route(GET("/a/{id}").and(accept(JSON)), h::a).andRoute(POST("/b"), h::b)
                    .andNest(path("/n"), route(GET("/c"), h::c).andRoute(DELETE(""), h::d));
            }
            @Bean RouterFunction<ServerResponse> s(H h) {
                return RouterFunctions.route().path("/p", b -> b.nest(accept(JSON), c -> c.GET("/{id}", h::g).GET(h::all)).POST("/x", h::x))
                    .GET("/out", r -> ok().build()).before(q -> q).build();
            }
            void t() { client.get().uri("/no"); HttpMethod m = HttpMethod.GET; }
        }
        "##,
        "
        5 GET /a/{id}
        5 POST /b
        6 GET /n/c
        6 DELETE /n
        9 GET /p/{id}
        9 GET /p
        9 POST /p/x
        10 GET /out
        ",
    );
}

#[test]
fn spring_functions_of_kotlin_nest_paths() {
    check(
        "src/K.kt",
        r##"
        import org.springframework.web.reactive.function.server.coRouter
        class R(val h: H) {
            @Bean fun r() = coRouter {
                GET("/k", h::a)
                "/api".nest {
                    accept(JSON).nest { GET("/u", h::b); "/deep".nest { POST("", h::c) } }
                    (accept(JSON) and "/z").nest { DELETE("/{id}") { ok().buildAndAwait() } }
                    path("/pp").nest { PUT("/q", h::d) }
                }
            }
        }
        "##,
        "
        5 GET /k
        7 GET /api/u
        7 POST /api/deep
        8 DELETE /api/z/{id}
        9 PUT /api/pp/q
        ",
    );
}

#[test]
fn spring_functions_of_gateways_hand_on() {
    check(
        "src/B.java",
        r##"
        import org.springframework.cloud.gateway.server.mvc.handler.GatewayRouterFunctions;
        import org.springframework.web.servlet.function.RouterFunction;
        class B { @Bean RouterFunction r() { return route("id").GET("/x/**", http("http://y")).build(); } }
        "##,
        "
        4 forwards /x/** to http://y (spring-cloud-gateway)
        ",
    );
}

#[test]
fn javalin_nests_paths() {
    check(
        "src/B.java",
        r##"
        import io.javalin.Javalin;
        import static io.javalin.apibuilder.ApiBuilder.*;
        class B {
            public static void main(String[] a) {
                Javalin app = Javalin.create(config -> {
                    config.router.contextPath = "/ctx";
                    config.router.apiBuilder(() -> {
                        path("users", () -> {
                            get(U::all);
                            post("x", U::x);
                            path("{id}", () -> { patch(U::p); delete(ctx -> cache.get("/no")); });
                            ws("/sock", ws -> {});
                        });
                        crud("c/{id}", new C());
                    });
                });
                app.get("/h", ctx -> ctx.result("x")).post("/i", U::i);
                app.before("/b", ctx -> {});
                map.get("a");
                m.put("/k", "v");
            }
        }
        "##,
        "
        13 subscription users/sock
        10 GET users
        11 POST users/x
        12 PATCH users/{id}
        12 DELETE users/{id}
        15 GET c
        15 POST c
        15 GET c/{id}
        15 PATCH c/{id}
        15 DELETE c/{id}
        18 GET /h
        18 POST /i
        7 prefix /ctx
        5 entry javalin
        ",
    );
}

#[test]
fn javalin_reads_kotlin() {
    check(
        "src/K.kt",
        r##"
        import io.javalin.Javalin
        fun main() {
            val app = Javalin.create().start(7000)
            app.get("/k/{id}") { ctx -> ctx.result("x") }
            app.put("/k", handler)
            http.get("/no", 1)
        }
        "##,
        "
        5 GET /k/{id}
        6 PUT /k
        3 entry javalin
        ",
    );
}

#[test]
fn spark_reads_static_functions() {
    check(
        "src/B.java",
        r##"
        import static spark.Spark.*;
        class B {
            public static void main(String[] a) {
                port(1);
                get("/s/:id", (q, r) -> map.get("x"));
                path("/p", () -> { post("/q/*", C::q); before("/*", f); });
                Spark.delete("/d", C.d);
                cache.put("/no", 1);
            }
        }
        "##,
        "
        6 GET /s/{id}
        7 POST /p/q/{rest}
        8 DELETE /d
        4 entry main
        ",
    );
}

#[test]
fn vertx_mounts_routers() {
    check(
        "src/B.java",
        r##"
        import io.vertx.ext.web.Router;
        class B extends AbstractVerticle {
            public void start() {
                Router router = Router.router(vertx);
                router.route().handler(BodyHandler.create());
                router.get("/v/:id").handler(this::v);
                router.route(HttpMethod.POST, "/w").handler(this::w);
                router.route("/x").method(HttpMethod.PUT).handler(this::x);
                router.route("/all").handler(this::x);
                router.route("/static/*").handler(StaticHandler.create());
                router.route("/api/*").subRouter(api());
                router.mountSubRouter("/old", new Old().router());
                vertx.createHttpServer().requestHandler(router).listen(80);
                map.get("/no");
            }
            private Router api() { Router r = Router.router(vertx); r.delete("/d").handler(this::d); return r; }
        }
        "##,
        "
        7 GET /v/{id} in #B.start.router
        8 POST /w in #B.start.router
        9 PUT /x in #B.start.router
        10 ANY /all in #B.start.router
        17 DELETE /d in #B.api()
        12 mount #B.api() in #B.start.router at /api
        13 mount #Old.router() in #B.start.router at /old
        application #B.start.router
        ",
    );
}

#[test]
fn http4k_binds_paths() {
    check(
        "src/K.kt",
        r##"
        import org.http4k.routing.bind
        val app = routes("/ping" bind GET to { Response(OK) }, "/api" bind routes("/a/{id}" bind Method.POST to h, "/b" bind PUT to h), "/s" bind static())
        "##,
        "
        3 GET /ping
        3 POST /api/a/{id}
        3 PUT /api/b
        ",
    );
}
