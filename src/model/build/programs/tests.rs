//! Deployment files, images and build files in, services and parts out.

use crate::model::build::tests::check;

#[test]
fn compose_names_what_it_builds() {
    check(
        "shop .
            docker-compose.yml  | deploy compose process orders context=services/order-svc
            docker-compose.yml  | deploy compose process db image=postgres:15
            docker-compose.yml  | deploy compose process worker context=services/mail
            services/order-svc/Dockerfile | image copy=.
            services/order-svc/main.py    | routes flask; GET /orders
            services/order-svc/main.py    | code 10
            services/mail/main.py         | handler consumer mails
            services/mail/main.py         | code 5
            tools/seed.py       | code 3",
        "orders in services/order-svc, service, 10 lines, GET /orders (docker-compose.yml:1)
         worker in services/mail, worker, 5 lines, CONSUME mails (docker-compose.yml:3)
         part db in .",
    );
}

#[test]
fn a_dockerfile_beside_the_code_tells_the_folder() {
    check(
        "shop .
            docker-compose.yml   | deploy compose process catalog context=. dockerfile=src/Catalog.API/Dockerfile
            src/Catalog.API/Dockerfile | image copy=.
            src/Catalog.API/Catalog.API.csproj | build dotnet application name=Catalog.API uses=src/Catalog.Domain
            src/Catalog.API/Program.cs   | routes aspnet; GET /items
            src/Catalog.API/Program.cs   | code 10
            src/Catalog.Domain/Catalog.Domain.csproj | build dotnet library name=Catalog.Domain
            src/Catalog.Domain/Item.cs   | code 7
            src/Catalog.Domain/Item.cs   | stores Item
            src/Shared/Shared.csproj     | build dotnet library name=Shared
            src/Shared/A.cs              | code 3",
        "catalog in src/Catalog.API, service, 17 lines, GET /items, stores Item (docker-compose.yml:1)
         part Shared in src/Shared",
    );
}

#[test]
fn kubernetes_finds_what_another_file_builds() {
    check(
        "shop .
            src/cart/Dockerfile | image copy=.
            src/cart/main.go    | handler rpc Cart
            src/cart/main.go    | code 10
            src/ads/Dockerfile  | image copy=.
            src/ads/main.go     | handler rpc Ads
            src/ads/main.go     | code 10
            k8s/all.yaml        | deploy kubernetes process cartservice image=acme/cart:1
            k8s/all.yaml        | deploy kubernetes process redis-cart image=redis:alpine
            k8s/all.yaml        | deploy kubernetes process elsewhere image=acme/elsewhere",
        "ads in src/ads, service, 10 lines, RPC Ads (src/ads/Dockerfile:1)
         cartservice in src/cart, service, 10 lines, RPC Cart (src/cart/Dockerfile:1)
         part redis-cart in .",
    );
}

#[test]
fn one_folder_may_hold_several_programs() {
    check(
        "shop .
            docker-compose.yml | deploy compose process users context=. command=users.py
            docker-compose.yml | deploy compose process movies context=. command=movies.py
            Dockerfile         | image copy=.
            users.py           | starts flask
            users.py           | code 10
            movies.py          | starts flask
            movies.py          | code 10",
        "movies in . (docker-compose.yml:2)
         users in . (docker-compose.yml:1)",
    );
}

#[test]
fn a_proxy_with_code_is_a_user_interface_however_often_it_is_deployed() {
    check(
        "shop .
            docker-compose.yml | deploy compose process web context=web
            docker-compose.yml | deploy compose process cart context=cart
            k8s/web.yaml       | deploy kubernetes process web image=acme/web
            web/Dockerfile     | image base=nginx:1.21 copy=static
            web/static/app.js  | code 10
            cart/Dockerfile    | image copy=.
            cart/main.py       | routes flask; GET /a; GET /b; GET /c
            cart/main.py       | code 20",
        "cart in cart, service, 20 lines, GET /a, GET /b, GET /c (docker-compose.yml:2)
         web in web, ui, 10 lines (docker-compose.yml:1)",
    );
}

#[test]
fn functions_of_one_template_are_one_service() {
    check(
        "shop .
            orders/template.yaml | deploy sam function Create context=orders/src/create event=POST_/orders
            orders/template.yaml | deploy sam function Get context=orders/src/get
            orders/src/create/main.py | code 30
            orders/src/get/main.py    | code 10",
        "orders in orders, function, 40 lines, unit Create, unit Get, POST /orders (orders/template.yaml:1)",
    );
}

#[test]
fn a_declared_service_is_the_program_in_its_folder() {
    check(
        "shop .
            catalog-info.yaml | entity Component shop type=service
            app/Dockerfile    | image copy=.
            app/main.py       | routes flask; GET /a
            app/main.py       | code 10",
        "shop in ., service, 10 lines, GET /a (catalog-info.yaml:1)",
    );
    check(
        "shop .
            catalog-info.yaml | entity Component orders type=service
            catalog-info.yaml | entity Component users type=service
            orders/Dockerfile | image copy=.
            orders/main.py    | code 10
            users/Dockerfile  | image copy=.
            users/main.py     | code 20",
        "orders in orders, service, 10 lines (catalog-info.yaml:1)
         users in users, service, 20 lines (catalog-info.yaml:2)",
    );
}

#[test]
fn what_only_gathers_is_no_service() {
    check(
        "shop .
            package.json      | build npm application name=shop
            Dockerfile        | image copy=.
            api/package.json  | build npm application name=api lib=express
            api/Dockerfile    | image copy=.
            api/index.js      | routes express; GET /a
            api/index.js      | code 10
            scripts.js        | code 2",
        "shop in api, service, 10 lines, GET /a (api/Dockerfile:1)",
    );
}

#[test]
fn a_program_of_go_is_all_of_its_module() {
    check(
        "shop .
            docker-compose.yml | deploy compose process orders context=orders
            docker-compose.yml | deploy compose process mails context=mails
            orders/Dockerfile  | image builds=cmd/main.go
            orders/go.mod      | build go application name=acme/orders
            orders/cmd/main.go | starts main
            orders/api/api.go  | routes gin; GET /orders
            orders/api/api.go  | code 10
            mails/Dockerfile   | image builds=cmd/sender/main.go
            mails/go.mod       | build go application name=acme/mails
            mails/cmd/sender/main.go   | starts main
            mails/cmd/sender/main.go   | code 4
            mails/cmd/migrator/main.go | starts main
            mails/cmd/migrator/main.go | code 4",
        "mails in mails/cmd/sender, 4+ lines (docker-compose.yml:2)
         orders in orders, service, 10 lines, GET /orders (docker-compose.yml:1)
         part acme/mails in mails",
    );
}
