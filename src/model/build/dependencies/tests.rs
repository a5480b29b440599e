//! Small systems in, whom they call out.

use std::fmt::Write;

use proptest::prelude::*;

use super::super::samples::facts;
use super::super::{Context, build};
use crate::model::settings::Settings;
use crate::model::{Evidence, Forwarder, Model, Target};

fn table(model: &Model) -> String {
    let mut out = String::new();
    let place = |evidence: Evidence| format!("{}:{}", model.files[evidence.file as usize].path, evidence.at.line);
    let name = |service: u32| &model.services[service as usize].key;
    for site in &model.call_sites {
        let target = match site.target {
            Target::Service(service) => name(service).to_string(),
            Target::Part(part) => format!("part {}", model.parts[part as usize].name),
            Target::External => format!("outside {}", site.address),
            Target::Unknown => format!("unknown {}", site.address),
        };
        let method = site.method.as_deref().map_or(String::new(), |method| format!(" {method}"));
        let path = site.path.as_deref().map_or(String::new(), |path| format!(" {path}"));
        let hardcoded = if site.hardcoded { " hardcoded" } else { "" };
        let (kind, resolution) = (site.kind.name(), site.resolution.name());
        writeln!(
            out,
            "{} -> {target} {kind}{method}{path} by {resolution}{hardcoded} ({})",
            name(site.caller),
            place(site.evidence)
        )
        .expect("a text");
    }
    for forwarding in &model.forwardings {
        let from = match &forwarding.from {
            Forwarder::Service(service) => name(*service).to_string(),
            Forwarder::Part(part) => format!("part {}", model.parts[*part as usize].name),
            Forwarder::Object(name) => format!("object {name}"),
        };
        let path = forwarding.path.as_deref().unwrap_or("everything");
        writeln!(out, "{from} hands {path} to {} ({})", name(forwarding.to), place(forwarding.evidence)).expect("a text");
    }
    for store in &model.stores {
        let users: Vec<&str> = store.users.iter().map(|user| &**name(user.service)).collect();
        writeln!(out, "store {} of {}", store.key, users.join(", ")).expect("a text");
    }
    for declaration in &model.declarations {
        let to = declaration.to.map_or("nobody", |to| name(to));
        writeln!(out, "{} declares {} which is {to}", name(declaration.from), declaration.text).expect("a text");
    }
    out
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let roots = text.lines().filter(|line| !line.trim().is_empty() && !line.contains('|')).count();
    let model = build(facts(text), &Settings::default(), &Context { organisation: roots > 1, exists: None });
    let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect::<Vec<_>>();
    assert_eq!(lines(&table(&model)), lines(expected));
}

/// Two services in one repository, and what else a test says.
fn two(more: &str) -> String {
    format!(
        "shop .
            orders/service.yaml | manifest name=orders kind=service
            billing/service.yaml | manifest name=billing kind=service
            {more}"
    )
}

#[test]
fn hosts_are_names_of_services() {
    check(
        &two("orders/a.java | call http http://billing:8080/invoices/+? method=GET
              orders/a.java | call http http://billing.shop.svc.cluster.local/invoices
              orders/a.java | call http http://billing/invoices
              orders/a.java | call http https://api.payments.example/charges
              orders/a.java | call http http://nobody/x
              orders/a.java | call http ?+/invoices method=GET"),
        "orders -> billing http GET /invoices/{} by literal hardcoded (orders/a.java:1)
         orders -> billing http /invoices by literal hardcoded (orders/a.java:2)
         orders -> billing http /invoices by literal (orders/a.java:3)
         orders -> outside https://api.payments.example http /charges by literal (orders/a.java:4)
         orders -> unknown http://nobody/x http /x by literal (orders/a.java:5)
         orders -> unknown …/invoices http GET /invoices by literal (orders/a.java:6)",
    );
}

#[test]
fn variables_and_settings_tell_hosts() {
    check(
        &two(
            "compose.yaml | deploy compose process orders context=orders env=BILLING_URL:http://billing:80,BILLING_HOST@shop:host
              compose.yaml | deploy compose process billing context=billing alias=invoicing
              k8s.yaml | object shop host=invoicing
              orders/application.yml | setting billing.url=http://${BILLING_HOST}:80
              orders/a.java | call http env(BILLING_URL)+/a
              orders/a.java | call http property(billing.url)+/b
              orders/a.java | call http env(NOBODY|http://billing:80)+/c
              orders/a.java | call http env(NOWHERE)+/d
              orders/b.java | constant B.URL http://billing
              orders/a.java | call http <b#B.URL>+/e",
        ),
        "orders -> billing http /a by environment (orders/a.java:1)
         orders -> billing http /b by settings (orders/a.java:2)
         orders -> billing http /c by default (orders/a.java:3)
         orders -> unknown …/d http /d by literal (orders/a.java:4)
         orders -> billing http /e by constant (orders/a.java:5)",
    );
}

#[test]
fn ports_of_a_developers_machine_are_those_that_are_published() {
    check(
        &two("compose.yaml | deploy compose process billing context=billing publishes=9001:8080
              orders/a.java | call http http://localhost:9001/a
              orders/a.java | call http http://localhost:8080/a"),
        "orders -> billing http /a by literal (orders/a.java:1)
         orders -> unknown http://localhost:8080/a http /a by literal (orders/a.java:2)",
    );
}

#[test]
fn wrappers_are_read_for_each_of_their_calls() {
    check(
        &two("orders/http.java | call http parameter(Http.get:0) method=GET
              orders/a.java | invokes orders/http#Http.get http://billing/+?
              orders/b.java | invokes *#get http://other/x
              billing/c.java | invokes other#Http.get http://orders/x
              orders/base.java | call http parameter(Client:0)+/fixed
              orders/d.java | invokes #Client http://billing"),
        "orders -> billing http GET /{} by wrapper (orders/a.java:1)
         orders -> unknown …/fixed http /fixed by literal (orders/base.java:1)",
    );
}

#[test]
fn procedures_are_of_the_only_one_who_implements_them() {
    check(
        &two("billing/a.java | handler rpc Invoices
              orders/a.java | call grpc ? name=Invoices/Get
              orders/a.java | call grpc ? name=Nothing/Get
              orders/a.java | call grpc billing:9000 name=Nothing/Get
              billing/a.java | handler consumer invoice.get
              orders/a.java | call pattern ? name=invoice.get"),
        "orders -> billing grpc Invoices/Get by implementation (orders/a.java:1)
         orders -> unknown … grpc Nothing/Get by literal (orders/a.java:2)
         orders -> billing grpc Nothing/Get by literal (orders/a.java:3)
         orders -> billing http invoice.get by implementation (orders/a.java:4)",
    );
}

#[test]
fn messages_go_to_those_who_consume_them() {
    check(
        &two("orders/a.java | call message order.created
              orders/a.java | call message order.gone
              billing/a.java | handler consumer order.created
              orders/a.java | call message created exchange=orders
              billing/b.java | binds invoices orders key=cre*
              billing/b.java | binds invoices orders key=created
              billing/b.java | handler consumer invoices
              orders/a.java | call message ? name=<events#OrderPaid>
              billing/c.java | handler consumer OrderPaid"),
        "orders -> billing message order.created by topic (orders/a.java:1)
         orders -> unknown order.gone message order.gone by topic (orders/a.java:2)
         orders -> billing message created by topic (orders/a.java:3)
         orders -> billing message OrderPaid by topic (orders/a.java:4)",
    );
}

#[test]
fn those_who_tell_their_types_get_no_others() {
    check(
        "shop .
            a/service.yaml | manifest name=a kind=service
            b/service.yaml | manifest name=b kind=worker
            c/service.yaml | manifest name=c kind=worker
            a/a.java | call message ? name=<#Registered> exchange=shop
            a/a.java | call message ? name=<#Removed> exchange=shop
            b/b.java | binds b shop
            b/b.java | handler consumer b
            b/b.java | handler consumer Registered
            c/c.java | binds c shop
            c/c.java | handler consumer c",
        "a -> b message Registered by topic (a/a.java:1)
         a -> c message Registered by topic (a/a.java:1)
         a -> c message Removed by topic (a/a.java:2)",
    );
}

#[test]
fn settings_name_exchanges_and_queues() {
    check(
        "shop .
            a/service.yaml | manifest name=a kind=service
            b/service.yaml | manifest name=b kind=worker
            a/settings.yml | setting publisher.exchange=shop
            a/a.java | call message ?
            b/settings.yml | setting handler.exchange=shop
            b/settings.yml | setting handler.queue=b",
        "a -> b message shop by topic (a/a.java:1)",
    );
}

#[test]
fn sidecars_call_the_applications_that_they_are_told() {
    check(
        &two("orders/a.java | call http http://localhost:3500/v1.0/invoke/billing/method/invoices/+? method=GET"),
        "orders -> billing http GET /invoices/{} by literal (orders/a.java:1)",
    );
}

#[test]
fn gateways_hand_on() {
    check(
        &two("compose.yaml | deploy compose process edge image=nginx mounts=edge/nginx.conf:/etc/nginx/nginx.conf
              edge/nginx.conf | gateway nginx; /orders http://orders:80; /x http://nobody
              k8s/a.yaml | gateway ingress name=entry; /billing billing:80
              k8s/b.yaml | gateway route name=billing; / billing:80"),
        "part edge hands /orders to orders (edge/nginx.conf:1)
         object entry hands /billing to billing (k8s/a.yaml:1)",
    );
}

#[test]
fn stores_are_one_where_host_and_database_are() {
    check(
        &two("orders/a.java | connects postgresql://db:5432/shop
              billing/application.yml | setting spring.datasource.url=jdbc:postgresql://db/shop
              billing/a.java | connects jdbc:h2:mem:test
              compose.yaml | deploy compose process orders context=orders env=REDIS_HOST:cache,DB_HOST:db,DB_NAME:shop
              compose.yaml | deploy compose process cache image=redis
              compose.yaml | deploy compose process db image=postgres"),
        "store cache of orders
         store db/shop of billing, orders",
    );
}

#[test]
fn declarations_mean_services() {
    check(
        "shop .
            orders/service.yaml | manifest name=orders kind=service consumes=billing,component:default/billing,nobody,api:invoices
            billing/service.yaml | manifest name=billing kind=service
            billing/openapi.yaml | api title=invoices version=1.0.0; GET /invoices",
        "orders declares billing which is billing
         orders declares component:default/billing which is billing
         orders declares nobody which is nobody
         orders declares api:invoices which is billing",
    );
}

proptest! {
    /// Facts of any kind, of services that are there and that are not, give a model.
    #[test]
    fn any_facts_are_joined(lines in proptest::collection::vec(
        "(a|b|c)/(x|y)[.]java [|] (call (http|grpc|pattern|message) (http://(a|b|z)(:80)?/x|env[(]A[)][+]/x|parameter[(]f:0[)]|[?]|<x#Y>)( name=(A|b.c))?( exchange=e)?|invokes ([*]#|#|x#)f (http://a/x|env[(]A[)]|q)|binds (q|[?]) e( key=(#|k))?|handler (consumer|rpc) (q|A|k[.]#)|connects (db|mongodb://db/x|[?])|address (http://b|env[(]A[)])|constant Y (http://a|q)|gateway nginx; /x (a|b:80|[?]))", 0..24)) {
        let system = format!("s .\na/service.yaml | manifest name=a\nb/service.yaml | manifest name=b consumes=a\n{}", lines.join("\n"));
        build(facts(&system), &Settings::default(), &Context::default());
    }
}
