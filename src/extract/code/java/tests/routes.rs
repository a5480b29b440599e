//! Routes by annotations.

use crate::extract::code::snapshot::check;

#[test]
fn spring_joins_types_and_members() {
    check(
        "src/B.java",
        r##"
        package a.b;
        import org.springframework.web.bind.annotation.*;
        import c.d.Api;
        @RestController
        @RequestMapping(value = {"/v1", "v2/"}, produces = "x")
        public class B implements Api {
            private static final String ONE = "/one";
            @GetMapping public String a() { return ""; }
            @PostMapping({"/x", "y/{id:.*}"}) @ResponseBody public List<Map<String, Object>> b(@RequestBody C c) { return client.get("/z"); }
            @RequestMapping(path = ONE + "/two", method = {RequestMethod.PUT, RequestMethod.PATCH})
            public void record() {}
            // @GetMapping("/commented")
            String text = "@GetMapping(\"/text\")";
            @RequestMapping("${base.path:/z}/**") public void d() {}
            public void e() { HttpMethod method = GET; }
        }
        "##,
        "
        9 GET /v1
        9 GET v2/
        10 POST /v1/x
        10 POST v2/x
        10 POST /v1/y/{id}
        10 POST v2/y/{id}
        11 PUT /v1/one/two
        11 PUT v2/one/two
        11 PATCH /v1/one/two
        11 PATCH v2/one/two
        15 ANY /v1/+property(base.path or /z)+/{rest}
        15 ANY v2/+property(base.path or /z)+/{rest}
        7 mount c/d/Api#Api in #B at /v1
        7 mount c/d/Api#Api in #B at v2/
        application #B
        package a.b
        8 constant B.ONE = /one
        7 type B : c/d/Api#Api
        ",
    );
}

#[test]
fn spring_takes_methods_of_types() {
    check(
        "src/B.java",
        r##"
        package a.b;
        import static org.springframework.web.bind.annotation.RequestMethod.*;
        import org.springframework.web.bind.annotation.RestController;
        @RestController @RequestMapping(value = "/m", method = POST)
        class B {
            @RequestMapping("/posted") void a() {}
            @RequestMapping(method = {GET, RequestMethod.HEAD}) void b() {}
            @GetMapping(path = {"/a", "/b"}, produces = X) <T extends Y> Z<T> c() { return null; }
            @org.springframework.web.bind.annotation.PatchMapping("/q") void d() {}
        }
        "##,
        "
        7 POST /m/posted
        8 GET /m
        8 HEAD /m
        9 GET /m/a
        9 GET /m/b
        10 PATCH /m/q
        ",
    );
}

#[test]
fn spring_mounts_what_controllers_inherit() {
    check(
        "src/B.java",
        r##"
        package a;
        import org.springframework.web.bind.annotation.*;
        import static a.Paths.*;
        @FeignClient(name = "x", path = "/feign") interface Client { @GetMapping("/no") String a(); }
        interface Api { @GetMapping("/items") List<Item> all(); @DeleteMapping("/items/{id}") default void one() {} }
        @RequestMapping("/base") abstract class Base extends c.Other { @PutMapping("/{id}") void put(@PathVariable("id") Long id) {} }
        @RestController class Items extends Base implements Api, java.io.Serializable { @Override public List<Item> all() { return null; } }
        @HttpExchange("/remote") interface Remote { @GetExchange("/r") String r(); @HttpExchange(method = "POST", url = "/p") void p(); }
        @RequestMapping("/metrics") class Endpoint extends AbstractEndpoint { @RequestMapping(method = RequestMethod.GET) void v() {} }
        @ControllerAdvice class Advice { @ExceptionHandler(X.class) void x() {} }
        "##,
        "
        6 GET /items in #Api
        6 DELETE /items/{id} in #Api
        7 PUT /{id} in #Base
        9 GET /r in #Remote
        9 POST /p in #Remote
        10 GET  in #Endpoint
        7 mount c/Other#Other in #Base at 
        8 mount #Base in #Items at 
        8 mount #Api in #Items at 
        10 mount #AbstractEndpoint in #Endpoint at 
        application #Items
        leaf #Api
        leaf #Base
        leaf #Remote
        leaf #Endpoint
        7 default /base of #Base
        9 default /remote of #Remote
        10 default /metrics of #Endpoint
        5 call http GET http://x/feign/no (feign)
        package a
        7 type Base : c/Other#Other
        8 type Items : #Base, #Api, java/io/Serializable#Serializable
        10 type Endpoint : #AbstractEndpoint
        ",
    );
}

#[test]
fn spring_knows_annotations_of_the_system() {
    check(
        "src/B.java",
        r##"
        package a;
        import org.springframework.web.bind.annotation.*;
        import static a.Paths.*;
        import c.V2;
        @V1 class One { @PutMapping(ORDERS + "/{id}") void put() {} }
        @V2("x") @Validated class Two { @PostMapping void post() {} }
        @RestController @RequestMapping("/v1") @interface V1 {}
        class Nobody { @PostMapping void post() {} }
        "##,
        "
        6 PUT <a/Paths#Paths.ORDERS>+/{id} in #One
        7 POST  in #Two
        9 POST  in #Nobody
        6 mount #One in #V1 at 
        7 mount #Two in c/V2#V2 at 
        8 mount #V1 in #controllers at /v1
        application #controllers
        leaf #One
        leaf #Two
        leaf #Nobody
        ",
    );
}

#[test]
fn spring_reads_configuration() {
    check(
        "src/B.java",
        r##"
        import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
        class Web implements WebMvcConfigurer {
            public void addViewControllers(ViewControllerRegistry registry) { registry.addViewController("/login").setViewName("login"); }
            public void configurePathMatch(PathMatchConfigurer c) {
                c.addPathPrefix("/api", HandlerTypePredicate.forAnnotation(RestController.class));
                c.addPathPrefix("/admin", HandlerTypePredicate.forBasePackage("a.admin"));
            }
        }
        @RepositoryRestResource(path = "things") interface Things extends CrudRepository<Thing, Long> {}
        @RepositoryRestResource(exported = false) interface Hidden extends CrudRepository<Thing, Long> {}
        @Configuration @EnableAuthorizationServer class Tokens extends AuthorizationServerConfigurerAdapter {}
        "##,
        "
        4 GET /login
        6 prefix /api
        10 uncounted Spring Data REST offers `Things`
        12 uncounted endpoints that EnableAuthorizationServer makes
        ",
    );
}

#[test]
fn spring_reads_kotlin() {
    check(
        "src/K.kt",
        r##"
        package a
        import org.springframework.web.bind.annotation.*
        const val BASE = "/base"
        data class Dto(val a: String)
        @RestController
        @RequestMapping("$BASE/x", "y")
        class K
        @Autowired constructor(private val s: Service) : Api<Dto>(s), Other by s {
            @GetMapping suspend fun a(): List<Dto> = s.all()
            @PostMapping("\${p.q}/\$count") fun b(@RequestBody d: Dto) = s.b(d)
            @RequestMapping(method = [RequestMethod.PUT, RequestMethod.DELETE], path = ["/c", P.D])
            fun c() { }
            companion object { const val INNER = "/inner" }
        }
        object P { const val D = "/d" }
        interface Api<T> {
            @GetMapping("/i") fun i(): T
            @PostMapping("/j") fun j()
        }
        "##,
        "
        10 GET /base/x
        10 GET y
        11 POST /base/x/+property(p.q)+/$count
        11 POST y/+property(p.q)+/$count
        12 PUT /base/x/c
        12 PUT y/c
        12 DELETE /base/x/c
        12 DELETE y/c
        12 PUT /base/x/d
        12 PUT y/d
        12 DELETE /base/x/d
        12 DELETE y/d
        18 GET /i in #Api
        19 POST /j in #Api
        8 mount #Api in #K at /base/x
        8 mount #Api in #K at y
        8 mount #Other in #K at /base/x
        8 mount #Other in #K at y
        application #K
        leaf #Api
        package a
        4 constant BASE = /base
        14 constant K.INNER = /inner
        16 constant P.D = /d
        8 type K : #Api, #Other
        ",
    );
}

#[test]
fn jax_rs_reads_resources() {
    check(
        "src/B.java",
        r##"
        package a;
        import jakarta.ws.rs.*;
        import b.Sub;
        @ApplicationPath("/api") public class App extends Application {}
        @Path("orders") class Orders {
            @GET @Produces("x") public List<O> all() { return null; }
            @POST @Path("/{id: [0-9]+}/lines") public Response add(@PathParam("id") long id) { return client.target("/x").get(); }
            @Path("{id}/sub") public Sub sub(@PathParam("id") long id) { return new Sub(id); }
            @Path("{id}/inner") public Class<Inner> inner() { return Inner.class; }
            public void helper() {}
        }
        class Inner { @DELETE @Path("x") public void delete() {} }
        @RegisterRestClient @Path("/remote") interface Remote { @GET String g(); }
        @Path("/shared") interface Shared { @GET @Path("a") String a(); }
        @Path("/") public class Root { @HEAD public void h() {} @PATCH @Path("") public void p() {} }
        @HttpMethod(HttpMethod.PATCH) @interface MYPATCH {}
        @Path("z") class Z { @MYPATCH public void m() {} }
        "##,
        "
        7 GET orders
        8 POST orders/{id}/lines
        13 DELETE x in #Inner
        15 GET a in #Shared
        16 HEAD /
        16 PATCH /
        18 PATCH z
        9 mount b/Sub#Sub in #Orders at orders/{id}/sub
        10 mount #Inner in #Orders at orders/{id}/inner
        application #Orders
        leaf #Inner
        leaf #Shared
        15 default /shared of #Shared
        5 prefix /api
        14 call http GET property(quarkus.rest-client.\"a.Remote\".url or property(quarkus.rest-client.\"a.Remote\".uri or property(a.Remote/mp-rest/url)))+/remote (microprofile-rest-client)
        ",
    );
}

#[test]
fn jax_rs_reads_kotlin() {
    check(
        "src/K.kt",
        r##"
        package a
        import jakarta.ws.rs.*
        @Path("/k") class K {
            @GET fun all(): List<O> = s.all()
            @Path("{id}") fun one(@PathParam("id") id: Long): One = One(id)
            @Path("{id}/type") fun type(): Class<Two> = Two::class.java
        }
        class One { @DELETE fun delete() { } }
        "##,
        "
        5 GET /k
        9 DELETE  in #One
        6 mount #One in #K at /k/{id}
        7 mount #Two in #K at /k/{id}/type
        application #K
        leaf #One
        ",
    );
}

#[test]
fn jax_rs_mounts_interfaces_of_beans() {
    check(
        "src/B.java",
        r##"
        package a;
        import c.generated.PetsApi;
        @ApplicationScoped public class Pets implements PetsApi {
            public void all() {}
        }
        class Other implements PetsApi {}
        "##,
        "
        4 mount c/generated/PetsApi#PetsApi in #Pets at 
        application #Pets
        ",
    );
}

#[test]
fn jax_rs_leaves_clients_of_other_libraries() {
    check(
        "src/B.java",
        r##"
        import retrofit2.http.GET;
        interface Api { @GET("/x") Call<X> x(); }
        @Path("/y") class Drawing { @GET void y() {} }
        "##,
        "
        3 call http GET ?the client's base+/x (retrofit)
        ",
    );
}

#[test]
fn micronaut_reads_controllers() {
    check(
        "src/B.java",
        r##"
        package a;
        import io.micronaut.http.annotation.*;
        @Controller("/m/${v:1}") class M implements Operations {
            @Get("/{id}{?a,b}") String g(String id) { return ""; }
            @Post(uri = "/p", consumes = "x") String p() { return ""; }
            @Put(uris = {"/a", "/b"}) void u() {}
            @Delete void d() {}
        }
        @Client("/c") interface MClient { @Get("/no") String g(); }
        interface Operations { @Get("/op") String op(); }
        "##,
        "
        5 GET /m/+property(v or 1)+/{id}
        6 POST /m/+property(v or 1)+/p
        7 PUT /m/+property(v or 1)+/a
        7 PUT /m/+property(v or 1)+/b
        8 DELETE /m/+property(v or 1)
        11 GET /op in #Operations
        4 mount #Operations in #M at /m/+property(v or 1)
        application #M
        leaf #Operations
        package a
        4 type M : #Operations
        ",
    );
}

#[test]
fn quarkus_reads_reactive_routes() {
    check(
        "src/B.java",
        r##"
        import io.quarkus.vertx.web.*;
        @RouteBase(path = "/rb", produces = "x") class B {
            @Route(path = "/a/:id", methods = Route.HttpMethod.GET) void a(RoutingExchange e) {}
            @Route(methods = {HttpMethod.POST, HttpMethod.PUT}) void named() {}
            @Route(path = "/*", type = HandlerType.FAILURE) void f() {}
        }
        "##,
        "
        4 GET /rb/a/{id}
        5 POST /rb/named
        5 PUT /rb/named
        ",
    );
}

#[test]
fn servlets_are_registered() {
    check(
        "src/B.java",
        r##"
        @WebServlet(name = "x", urlPatterns = {"/s", "/t/*"}) class S extends HttpServlet {
            protected void doGet(R r) {}
            protected void doPost(R r) {}
        }
        @WebServlet("/u") class U extends HttpServlet { protected void service() {} }
        class C {
            @Bean ServletRegistrationBean<X> x(@Value("${m.path:/metrics}") String path) {
                return new ServletRegistrationBean<>(new MetricsServlet(), path, "/h2/*");
            }
            @Bean FilterRegistrationBean f() { return new FilterRegistrationBean(new F(), "/no"); }
        }
        "##,
        "
        2 GET /s
        2 POST /s
        2 GET /t/{rest}
        2 POST /t/{rest}
        6 ANY /u
        9 ANY property(m.path or /metrics)
        9 ANY /h2/{rest}
        ",
    );
}
