//! Routes of several files in, operations of services out.

use crate::model::build::tests::check;

#[test]
fn prefixes_are_joined_across_files() {
    check(
        "shop .
            src/index.ts        | routes express; application #app; mount src/routes/users#default in #app at /api; GET /ping in #app
            src/routes/users.ts | routes express; GET / in #router; GET /{id} in #router; mount #orders in #router at /{id}/orders
            src/routes/users.ts | routes express; POST / in #orders
            src/routes/users.ts | alias default #router
            src/routes/users.ts | code 10",
        "shop in ., service, 10 lines, GET /api, GET /api/{id}, POST /api/{id}/orders, GET /ping (src/index.ts:1)",
    );
    check(
        "shop .
            cmd/main.go         | routes gin; application #main.engine; mount github.com/acme/shop/internal/http#Register(0) in #main.engine at /v1
            cmd/main.go         | code 10
            internal/http/a.go  | routes gin; GET /a in #Register(0); mount #More(0) in #Register(0)
            internal/http/b.go  | routes gin; GET /b in #More(0)",
        "shop in ., service, 10 lines, GET /v1/a, GET /v1/b (cmd/main.go:1)",
    );
}

#[test]
fn constants_and_settings_are_read_where_they_are_known() {
    check(
        "shop .
            src/Orders.java            | routes spring; GET <com/acme/Paths#Paths.ORDERS>; GET <com/acme/Paths#Paths.OTHER>
            src/Orders.java            | code 10
            src/com/acme/Paths.java    | constant Paths.ORDERS /orders
            src/resources/application.yml | setting server.servlet.context-path=/shop",
        "shop in ., service, 10 lines, GET /shop perhaps, GET /shop/orders (src/Orders.java:1)",
    );
}

#[test]
fn handlers_count_where_they_are_mounted() {
    check(
        "shop .
            app/urls.py   | routes django; application #urlpatterns; mount app/views#Orders in #urlpatterns at orders; mount app/views#Gone in #urlpatterns at gone; leaf app/views#Gone
            app/urls.py   | code 10
            app/views.py  | routes django; GET / in #Orders; POST / in #Orders; GET /never in #Unused; leaf #Orders; leaf #Unused",
        "shop in ., service, 10 lines, ANY /gone, GET /orders, POST /orders (app/urls.py:1)",
    );
}

#[test]
fn a_prefix_that_types_inherit_may_name_them() {
    check(
        "shop .
            A/OrdersController.cs | routes aspnet; GET /{id} in #OrdersController.One; mount #OrdersController.One in Base#Base.routes
            A/OrdersController.cs | routes aspnet; application #OrdersController; mount Base#Base in #OrdersController
            A/OrdersController.cs | code 10
            A/Base.cs | routes aspnet; application #Base.routes; default #Base.routes api/[controller]/[action]
            A/Base.cs | routes aspnet; GET /all in #Base; leaf #Base; default #Base api/[controller]",
        "shop in ., service, 10 lines, GET /api/Orders/One/{id}, GET /api/Orders/all (A/Base.cs:1)",
    );
}

#[test]
fn what_a_library_offers_is_its_users() {
    check(
        "shop .
            orders/pom.xml          | build maven application name=acme:orders uses=acme:orders-api lib=org.springframework.boot:spring-boot-starter-web
            orders/Orders.java      | routes spring; application #Orders; mount acme/OrdersApi#OrdersApi in #Orders at /v2
            orders/Orders.java      | starts spring-boot
            orders/Orders.java      | code 10
            client/pom.xml          | build maven application name=acme:client uses=acme:orders-api
            client/Main.java        | starts spring-boot
            client/Main.java        | code 10
            orders-api/pom.xml      | build maven library name=acme:orders-api
            orders-api/acme/OrdersApi.java | routes spring; GET /orders in #OrdersApi; leaf #OrdersApi
            orders-api/acme/OrdersApi.java | code 5",
        "client in client, 10 lines (client/Main.java:1)
         orders in orders, service, 10 lines, GET /v2/orders (orders/pom.xml:1)
         part acme:orders-api in orders-api",
    );
}

#[test]
fn descriptions_and_code_may_count_from_different_places() {
    check(
        "shop .
            main.go      | routes net-http; GET /orders; GET /orders/{id}; DELETE /orders/{id}
            main.go      | code 10
            openapi.yaml | api title=Shop; GET /api/v1/orders; GET /api/v1/orders/{order}; POST /api/v1/orders",
        "shop in ., service, 10 lines, api Shop with 3, GET /orders, DELETE /orders/{id}, GET /orders/{id} (main.go:1)
         only in description: POST /api/v1/orders
         only in code: DELETE /orders/{id}",
    );
    // What answers everything below a path serves what is described there; a fallback at the root serves nothing.
    check(
        "shop .
            main.go      | routes net-http; GET /orders/{rest}; POST /orders; ANY /{rest}
            main.go      | code 10
            openapi.yaml | api title=Shop; GET /orders; GET /orders/{id}/lines; POST /orders; GET /pets",
        "shop in ., service, 10 lines, api Shop with 4, POST /orders, GET /orders/{rest}, ANY /{rest} (main.go:1)
         only in description: GET /pets",
    );
    // Nothing in common: the description is of something else.
    check(
        "shop .
            main.go      | routes net-http; GET /orders
            main.go      | code 10
            openapi.yaml | api title=Shop; GET /pets",
        "shop in ., service, 10 lines, api Shop with 1, GET /orders (main.go:1)",
    );
    // What can't be counted may be what the description says.
    check(
        "shop .
            main.go      | routes net-http; GET /orders; uncounted generated
            main.go      | code 10
            openapi.yaml | api title=Shop; GET /orders; GET /pets",
        "shop in ., service, 10 lines, api Shop with 2, GET /orders (main.go:1)",
    );
}

#[test]
fn functions_offer_what_they_are_handed() {
    check(
        "shop .
            orders/template.yaml | deploy sam function Create context=orders/src event=POST_/orders event=queue:orders event=schedule:rate(1)
            orders/template.yaml | deploy sam function Paid context=orders/src event=topic:OrderPaid event=storage:bills
            orders/src/main.py   | code 40",
        "orders in orders, function, 40 lines, unit Create, unit Paid, POST /orders, CONSUME OrderPaid, CONSUME orders, SCHEDULE rate(1) (orders/template.yaml:1)",
    );
    // Code that is handed every request tells its routes; without them nobody knows how many there are.
    check(
        "shop .
            api/serverless.yml | deploy serverless function all context=api event=ANY_/{proxy+}
            api/index.js       | routes express; GET /orders
            api/index.js       | code 40",
        "shop in api, function, 40 lines, GET /orders (api/serverless.yml:1)",
    );
}
