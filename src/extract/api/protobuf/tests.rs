//! Protobuf files in, operations and problems out.

use crate::discover::{Kind, Role};
use crate::extract;
use crate::facts::{ApiDescription, Fact};

fn read(role: Role, text: &str) -> (Option<ApiDescription>, Vec<String>) {
    let facts = extract::file(Kind { language: None, role }, "proto/orders.proto", text.as_bytes());
    let api = facts.facts.into_iter().find_map(|fact| match fact {
        Fact::Api(api) => Some(api),
        _ => None,
    });
    let problems = facts.problems.iter().map(|problem| format!("{}:{} {}", problem.at.line, problem.at.column, problem.message));
    (api, problems.collect())
}

/// Lines `path request -> response`, with `deprecated` where it is.
fn operations(text: &str) -> String {
    let (api, problems) = read(Role::Production, text);
    assert_eq!(problems, [] as [&str; 0], "{text}");
    let lines = api.iter().flat_map(|api| &api.operations).map(|operation| {
        let mark = if operation.deprecated { " deprecated" } else { "" };
        format!("{} {} -> {}{mark}", operation.path, operation.parameter_types.join("+"), operation.response_types.join("+"))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn problem(text: &str, expected: &str) {
    assert_eq!(read(Role::Production, text).1, [expected], "{text}");
}

const ORDERS: &str = r#"
// service Commented { rpc No(A) returns (B); }
syntax = "proto3";
package acme.orders.v1;
import "google/api/annotations.proto";
option go_package = "x;y{";

message Order {
  message Line { string sku = 1; }
  repeated Line lines = 1 [deprecated = true, (x) = {a: "}"}];
  oneof x { string a = 2; }
  reserved 3 to 5;
}

service Orders {
  option (acme.owner) = "team";
  rpc Get (GetOrder) returns (Order) {
    option (google.api.http) = { get: "/v1/{name=orders/*}" additional_bindings { post: "/v1/x" body: "*" } };
  }
  rpc Watch (stream .acme.orders.v1.GetOrder) returns (stream acme.common.Event);
  rpc Ping(google.protobuf.Empty) returns (google.protobuf.Empty) { option deprecated = true; };
  rpc stream(stream) returns (stream);
}
service /* empty */ Admin {}
"#;

#[test]
fn methods_are_operations() {
    let expected = "\
/acme.orders.v1.Orders/Get GetOrder -> Order
/acme.orders.v1.Orders/Watch GetOrder -> acme.common.Event
/acme.orders.v1.Orders/Ping  ->  deprecated
/acme.orders.v1.Orders/stream stream -> stream";
    assert_eq!(operations(ORDERS), expected);
}

#[test]
fn packages_are_titles_and_show_versions() {
    let (api, _) = read(Role::Production, ORDERS);
    let api = api.expect("it is a description");
    assert_eq!(api.title.as_ref().map(|title| &*title.value), Some("acme.orders.v1"));
    assert_eq!(api.versioned_by, api.title);
    assert_eq!(api.version, None);
    let (api, _) = read(Role::Production, "package acme.orders;\nservice A {}");
    assert_eq!(api.expect("it is a description").versioned_by, None);
}

#[test]
fn every_edition_and_style() {
    assert_eq!(operations("edition = \"2023\";\nservice A { rpc B(C) returns (D); }"), "/A/B C -> D");
    assert_eq!(operations("syntax='proto2';service A{rpc B(C)returns(D){}}"), "/A/B C -> D");
    assert_eq!(operations("edition = \"2024\";\nexport message C {}\nservice A { rpc B(C) returns (C); }"), "/A/B C -> C");
    assert_eq!(
        operations(
            "message A { extensions 4 to max; optional group G = 1 { } }\nextend A { optional int32 x = 5; };\nservice S { rpc R(A) returns (A); stream X(A, A); }"
        ),
        "/S/R A -> A"
    );
    assert_eq!(operations("option deprecated = true;\nservice A { rpc B(C) returns (D); }"), "/A/B C -> D deprecated");
    assert_eq!(operations("service A { option deprecated=true; rpc B(C) returns (D); }"), "/A/B C -> D deprecated");
    assert_eq!(operations("service A { option deprecated = false; rpc B(C) returns (D); }"), "/A/B C -> D");
}

#[test]
fn only_own_services_are_descriptions() {
    assert_eq!(operations("package google.longrunning;\nservice Operations { rpc A(B) returns (C); }"), "");
    assert_eq!(operations("package grpc.health.v1;\nservice Health { rpc A(B) returns (C); }"), "");
    assert_eq!(operations("message service {}"), "");
    for role in [Role::Test, Role::Vendored, Role::Example] {
        assert!(read(role, ORDERS).0.is_none());
    }
}

#[test]
fn what_protoc_refuses() {
    problem("service A {\n  rpc B(C) returns (D);\n", "3:1 the file ends inside a service");
    problem("message M {\n  string a = 1;\nservice A { rpc B(C) returns (D); }", "1:11 `{` is not closed");
    problem("service A {\n  rpc B(C) return (D);\n}", "2:12 expected `returns`, found `return`");
    problem("service A {\n  rpc B(C, D) returns (D);\n}", "2:10 expected `)`, found `,`");
    problem("service A {\n  get B;\n}", "2:3 expected `rpc`, `option` or `}` in a service, found `get`");
    problem("service A { }\n}", "2:1 `}` closes nothing");
    problem("service A { rpc B(C) returns (D) }", "1:34 expected `;` or `{`, found `}`");
    problem("service A { rpc B(C) returns (D); }\noption x = \"y", "2:12 a quoted text or comment that does not end");
    problem("service A {\n  rpc B(C) returns (D);\n  rpc B(C) returns (D);\n}", "3:7 the method `B` of `A` stands twice");
}

#[test]
fn a_broken_file_keeps_what_was_read() {
    let (api, problems) = read(Role::Production, "service A { rpc B(C) returns (D); rpc }");
    let api = api.expect("it is a description");
    assert_eq!((api.operations.len(), api.complete, problems.len()), (1, false, 1));
}

#[test]
fn a_broken_file_without_a_service_is_not_ours() {
    assert_eq!(read(Role::Production, "message A {").1, [] as [&str; 0]);
}
