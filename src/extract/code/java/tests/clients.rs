//! Requests over HTTP and gRPC, addresses, and calls of what may be a wrapper.

use crate::extract::code::snapshot::check;

#[test]
fn templates_are_called() {
    check(
        "src/Orders.java",
        r##"
        package a;
        import org.springframework.web.client.RestTemplate;
        class Orders {
            private final RestTemplate restTemplate;
            @Value("${stock.url:http://stock:8081}") private String stockUrl;
            private final String cart = System.getenv().getOrDefault("CART_URL", "http://cart");
            Orders(RestTemplate restTemplate) { this.restTemplate = restTemplate; }
            Stock stock(String id, Body body) {
                restTemplate.put(cart + "/carts/" + id, body);
                restTemplate.exchange(String.format("%s/stock/%s?x=%d", stockUrl, id, 1), HttpMethod.DELETE, null, Void.class);
                RequestEntity<Body> request = RequestEntity.post(URI.create("http://billing/charges")).body(body);
                restTemplate.exchange(request, Void.class);
                cache.put("/no", body);
                return restTemplate.getForObject(stockUrl + "/stock/{id}", Stock.class, id);
            }
            private String service(String name) { return "http://" + name; }
            void house() { restTemplate.postForEntity(service("ts-users") + "/users", null, Void.class); }
            void wrapper(String url) { restTemplate.getForEntity(url + "/health", Void.class); }
        }
        "##,
        "
        10 call http PUT env(CART_URL or http://cart)+/carts/+parameter(Orders.stock 0) (rest-template)
        11 call http DELETE property(stock.url or http://stock:8081)+/stock/+parameter(Orders.stock 0) (rest-template)
        13 call http POST http://billing/charges (rest-template)
        15 call http GET property(stock.url or http://stock:8081)+/stock/{id} (rest-template)
        18 call http POST http://ts-users/users (rest-template)
        19 call http GET parameter(Orders.wrapper 0)+/health (rest-template)
        18 invokes #Orders.service(ts-users)
        package a
        7 constant Orders.cart = env(CART_URL or http://cart)
        6 constant Orders.stockUrl = property(stock.url or http://stock:8081)
        ",
    );
}

#[test]
fn a_base_stands_before_the_path() {
    check(
        "src/Orders.java",
        r##"
        import org.springframework.web.reactive.function.client.WebClient;
        import org.springframework.boot.web.client.RestTemplateBuilder;
        class Orders {
            private final WebClient client;
            private final RestTemplate template;
            Orders(WebClient.Builder builder, RestTemplateBuilder templates) {
                this.client = builder.baseUrl("http://stock").build();
                this.template = templates.rootUri("http://cart/api").setReadTimeout(x).build();
            }
            Mono<Stock> stock(String id) {
                template.getForObject("/carts", String.class);
                client.method(HttpMethod.PUT).uri(uri -> uri.path("/stock/{id}").queryParam("a", 1).build(id)).retrieve();
                WebClient.create("http://users").post().uri("/users").retrieve();
                return client.get().uri("/stock/{id}", id).retrieve().bodyToMono(Stock.class).timeout(x);
            }
        }
        class Other { WebClient webClient; void a() { webClient.get().uri("/a").retrieve(); builder.uri("/no"); } }
        "##,
        "
        13 call http PUT http://stock/stock/{id} (web-client)
        14 call http POST http://users/users (web-client)
        15 call http GET http://stock/stock/{id} limited (web-client)
        18 call http GET ?the client's base+/a (web-client)
        12 call http GET http://cart/api/carts limited (rest-template)
        ",
    );
}

#[test]
fn interfaces_are_clients() {
    check(
        "src/Clients.java",
        r##"
        package a.b;
        import org.springframework.cloud.openfeign.FeignClient;
        import org.springframework.web.bind.annotation.*;
        @FeignClient(name = "stock", path = "/api") interface Stock { @GetMapping("/stock/{id}") Item get(@PathVariable String id); }
        @FeignClient(value = "cart", url = "${cart.url}") interface Cart { @RequestMapping(value = "/carts", method = RequestMethod.POST) void add(); }
        @FeignClient("users") interface Users extends UsersApi {}
        "##,
        "
        5 call http GET http://stock/api/stock/{id} (feign)
        6 call http POST property(cart.url)+/carts (feign)
        7 call http http://users (feign)
        ",
    );
    check(
        "src/Heroes.java",
        r##"
        package a.b;
        import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
        import jakarta.ws.rs.*;
        @Path("/api/heroes") @RegisterRestClient(configKey = "heroes") interface Heroes { @GET @Path("random") Hero random(); }
        "##,
        "
        5 call http GET property(quarkus.rest-client.heroes.url or property(quarkus.rest-client.heroes.uri or property(heroes/mp-rest/url)))+/api/heroes/random (microprofile-rest-client)
        ",
    );
    check(
        "src/Pricing.java",
        r##"
        import io.micronaut.http.client.annotation.Client;
        import io.micronaut.http.annotation.*;
        @Client(id = "pricing", path = "/prices") interface Pricing { @Post("/calculate") Price calculate(@Body Order order); }
        "##,
        "
        4 call http POST property(micronaut.http.services.pricing.url or http://pricing)+/prices/calculate (micronaut-client)
        ",
    );
    check(
        "src/Remote.java",
        r##"
        import retrofit2.http.*;
        interface Remote { @GET("orders/{id}") Call<Order> order(@Path("id") String id); @POST Call<Order> any(@Url String url); }
        "##,
        "
        3 call http GET ?the client's base+/orders/{id} (retrofit)
        3 call http POST ?given when it is called (retrofit)
        ",
    );
}

#[test]
fn requests_are_built() {
    check(
        "src/A.java",
        r##"
        import java.net.http.*;
        import okhttp3.*;
        class A {
            void a() throws Exception {
                HttpClient client = HttpClient.newHttpClient();
                HttpRequest request = HttpRequest.newBuilder().uri(URI.create("http://orders:8080/orders")).POST(body).build();
                HttpRequest.newBuilder(URI.create(System.getenv("USERS_URL") + "/users")).timeout(x).GET().build();
                Request other = new Request.Builder().url("http://stock/items").delete().build();
            }
        }
        "##,
        "
        7 call http POST http://orders:8080/orders (http-request)
        8 call http GET env(USERS_URL)+/users limited (http-request)
        9 call http DELETE http://stock/items (http-request)
        ",
    );
    check(
        "src/A.java",
        r##"
        import java.net.URL;
        class A {
            void a() { HttpURLConnection c = (HttpURLConnection) new URL("http://orders/x").openConnection(); c.setRequestMethod("PUT"); }
            void b() { new URL("http", "stock", 80, "/y").openStream(); c.setReadTimeout(1); }
        }
        "##,
        "
        4 call http PUT http://orders/x unlimited (url-connection)
        5 call http GET http://stock:80/y limited (url-connection)
        ",
    );
    check(
        "src/A.java",
        r##"
        import jakarta.ws.rs.client.*;
        class A {
            private final WebTarget target;
            A(@ConfigProperty(name = "villains.url") String url) { this.target = ClientBuilder.newClient().target(url).path("api/villains/"); }
            Villain random() { return target.path("random").request(JSON).get(Villain.class); }
        }
        "##,
        "
        6 call http GET property(villains.url)+/api/villains/random (jax-rs-client)
        ",
    );
}

#[test]
fn kotlin_calls() {
    check(
        "src/A.kt",
        r##"
        import io.ktor.client.*
        class A(private val client: HttpClient, private val base: String = System.getenv("STOCK_URL") ?: "http://stock") {
            suspend fun a(id: String): Item = client.get("$base/items/$id") { header("a", "b") }.body()
            suspend fun b() { client.post { url("http://orders/orders") }; client.request("http://c/d") { method = HttpMethod.Put }; map.get("/no") }
        }
        "##,
        "
        4 call http GET env(STOCK_URL or http://stock)+/items/+parameter(A.a 0) (ktor-client)
        5 call http POST http://orders/orders (ktor-client)
        5 call http PUT http://c/d (ktor-client)
        ",
    );
}

#[test]
fn stubs_are_called() {
    check(
        "src/A.java",
        r##"
        import io.grpc.*;
        class A {
            private final OrdersGrpc.OrdersBlockingStub orders;
            @GrpcClient("stock") StockGrpc.StockFutureStub stock;
            A(String host) {
                ManagedChannel channel = ManagedChannelBuilder.forAddress(host, 9090).usePlaintext().build();
                orders = OrdersGrpc.newBlockingStub(channel);
                UsersGrpc.newStub(ManagedChannelBuilder.forTarget("users:9090").build());
            }
            void a() { orders.withDeadlineAfter(1, SECONDS).getOrder(request); stock.find(request); other.getOrder(request); }
        }
        "##,
        "
        11 call grpc parameter(A 0)+:9090 name Orders/GetOrder limited (grpc-client)
        11 call grpc property(grpc.client.stock.address or stock) name Stock/Find (grpc-client)
        9 call grpc users:9090 name Users (grpc-client)
        ",
    );
}

#[test]
fn addresses_and_wrappers_are_told() {
    check(
        "src/A.java",
        r##"
        package a;
        import b.Api;
        @Service
        class A {
            private static final String SCHEMA = "http://www.w3.org/2001/XMLSchema";
            private final Api api;
            A(@Value("${orders.topic}") String topic, @Value("${server.port}") String port) {
                String mail = System.getenv("MAIL_HOST");
                log.info("see http://docs.acme.example/help");
                api.call("http://users:8080/users", topic);
                Other.send("/orders");
                text.startsWith("/no");
            }
        }
        "##,
        "
        8 address property(orders.topic) as topic
        9 address env(MAIL_HOST) as mail
        11 address http://users:8080/users
        11 invokes b/Api#Api.call(http://users:8080/users, property(orders.topic))
        12 invokes #Other.send(/orders)
        package a
        6 constant A.SCHEMA = http://www.w3.org/2001/XMLSchema
        ",
    );
}

#[test]
fn settings_of_the_house_are_constants() {
    check(
        "src/Settings.java",
        r##"
        package a;
        @ConfigurationProperties(prefix = "shop.services")
        public record Settings(String cart, String orderHistory) {}
        @ConfigMapping(prefix = "mail") interface Mail { String host(); }
        class Env { static String stock() { return System.getenv("STOCK"); } }
        "##,
        "
        6 address env(STOCK)
        package a
        4 constant Settings.cart = property(shop.services.cart)
        4 constant Settings.orderHistory = property(shop.services.order-history)
        5 constant Mail.host = property(mail.host)
        6 constant Env.stock = env(STOCK)
        ",
    );
    check(
        "src/Use.java",
        r##"
        import a.Settings;
        import org.springframework.web.client.RestClient;
        class Use {
            private final RestClient restClient; private final Settings settings;
            void a() {
                final URI url = UriComponentsBuilder.fromUriString(settings.cart()).path("/carts/{id}").queryParam("a", 1).buildAndExpand(1).toUri();
                restClient.get().uri(url).retrieve();
                restClient.post().uri(Env.stock() + "/x").retrieve();
            }
        }
        "##,
        "
        8 call http GET <a/Settings#Settings.cart>+/carts/{id} (web-client)
        9 call http POST <#Env.stock>+/x (web-client)
        ",
    );
}

#[test]
fn types_for_hosts_name_hosts() {
    check(
        "src/Settings.java",
        r##"
        package a;
        class Settings {
            URI payment() { return new ServiceUri(new Hostname("payment"), new Path("/payments")).toUri(); }
        }
        "##,
        "
        4 address discovery://payment as host
        ",
    );
}
