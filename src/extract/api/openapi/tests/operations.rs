//! What a description offers: operations, versions, types, parts in other files.

use super::*;

#[test]
fn version_two() {
    let text = "
swagger: '2.0'
info: {title: Orders, version: '7'}
host: api.example.com
basePath: /v1
paths:
  /orders:
    get: {operationId: list, responses: {200: {description: ok}}}
    post: {deprecated: true, responses: {200: {description: ok}}}
    trace: {responses: {200: {description: not of this version}}}
    x-get: {}
  x-paths: {get: {}}
";
    let api = api(text);
    assert_eq!(api.format.name(), "OpenAPI 2.0");
    assert_eq!((api.at.line, api.at.column), (2, 1));
    assert_eq!(api.title.expect("it is written").value.as_ref(), "Orders");
    assert_eq!(api.version.expect("it is written").value.as_ref(), "7");
    assert_eq!(api.versioned_by.expect("it is written").value.as_ref(), "/v1");
    assert!(api.complete);
    assert_eq!(operations(text), "GET /v1/orders\nPOST /v1/orders");
    assert_eq!(api.operations[0].id.as_deref(), Some("list"));
    assert_eq!((api.operations[0].at.line, api.operations[0].at.column), (8, 5));
    assert_eq!(api.operations.iter().map(|operation| operation.deprecated).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn each_version_has_its_methods() {
    let paths = "paths: {/a: {get: {}, trace: {}, query: {}, additionalOperations: {COPY: {}, get: {}}}}";
    assert_eq!(operations(&format!("swagger: '2.0'\n{paths}")), "GET /a");
    assert_eq!(operations(&format!("openapi: 3.0.3\n{paths}")), "GET /a\nTRACE /a");
    assert_eq!(operations(&format!("openapi: 3.1.0\n{paths}")), "GET /a\nTRACE /a");
    assert_eq!(operations(&format!("openapi: 3.2.0\n{paths}")), "GET /a\nTRACE /a\nQUERY /a\nCOPY /a\nget /a");
}

#[test]
fn servers_of_paths_and_operations_count_before_those_of_the_description() {
    let text = "
openapi: 3.0.3
servers: [{url: 'https://a.example.com/api/'}]
paths:
  /a: {get: {}}
  /b: {servers: [{url: /other}], get: {}, put: {servers: [{url: '/'}]}}
";
    assert_eq!(operations(text), "GET /api/a\nGET /other/b\nPUT /b");
}

#[test]
fn servers_that_differ_are_told_apart() {
    let text = "openapi: 3.0.3\nservers: [{url: /v1}, {url: /v2}]\npaths: {/a: {get: {}}}";
    let api = api(text);
    assert_eq!(operations(text), "GET /a");
    assert_eq!(api.bases.iter().map(|base| &**base).collect::<Vec<_>>(), ["/v1", "/v2"]);
}

#[test]
fn path_items_are_found_by_reference() {
    let text = "
openapi: 3.1.0
paths:
  /a: {$ref: '#/components/pathItems/one'}
  /b: {$ref: '#/paths/~1a', put: {}}
  /c: {$ref: '#/paths/~1c'}
  /d: {$ref: '#/components/pathItems/none'}
components:
  pathItems:
    one: {get: {}}
";
    assert_eq!(operations(text), "GET /a\nPUT /b\nGET /b");
    assert!(!api(text).complete, "the circle hides something");
}

#[test]
fn parts_in_other_files_are_named() {
    let text = "
openapi: 3.0.3
servers: [{url: /v1}]
paths:
  /a: {$ref: paths/a.yaml}
  /b: {$ref: '../shared/paths.json#/paths/~1b%7Bid%7D'}
";
    let api = api(text);
    assert!(api.complete);
    let references: Vec<_> = api.references.iter().map(|part| format!("{} {} {}", part.path, part.file, part.pointer)).collect();
    assert_eq!(references, ["/v1/a api/paths/a.yaml ", "/v1/b shared/paths.json /paths/~1b{id}"]);
    for reference in ["https://example.com/a.yaml", "/a.yaml", "../../a.yaml"] {
        let api = super::api(&format!("openapi: 3.0.3\npaths: {{/a: {{$ref: '{reference}'}}}}"));
        assert!(!api.complete && api.references.is_empty(), "{reference}");
    }
}

#[test]
fn all_paths_may_be_in_another_file() {
    let api = api("openapi: 3.0.3\nservers: [{url: /v1}]\npaths: {$ref: ./paths.yaml}");
    let reference = &api.references[0];
    assert_eq!((&*reference.path, &*reference.file, reference.every_path), ("/v1", "api/paths.yaml", true));
}

#[test]
fn fragments_hold_path_items() {
    let items = |path: &str, text: &str| {
        let fragment = fragment(path, text).unwrap_or_default();
        let item = |(pointer, operations): &(std::sync::Arc<str>, Vec<crate::facts::Operation>)| {
            let methods: Vec<_> = operations.iter().map(|operation| &*operation.method).collect();
            format!("{pointer}: {}{}", methods.join(" "), operations.iter().map(|operation| &*operation.path).collect::<String>())
        };
        fragment.items.iter().map(item).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(items("a.yaml", "get: {responses: {200: {}}}\npost: {responses: {}}"), ": GET POST");
    assert_eq!(items("a.json", r#"{"/a/b": {"get": {"responses": {}}}, "x": 1}"#), "/~1a~1b: GET");
    assert_eq!(items("a.yaml", "paths:\n  /a:\n    put:\n      responses: {}\n"), "/paths/~1a: PUT");
    assert_eq!(items("a.yaml", "components: {pathItems: {a: {delete: {responses: {}}}}}"), "/components/pathItems/a: DELETE");
    assert_eq!(items("a.yaml", "responses: {get: 1}\nget: {}"), "", "no operation");
    assert_eq!(items("a.yaml", "kind: Deployment\nresponses: {}"), "");
}

#[test]
fn fragments_refer_to_further_files() {
    let fragment = fragment("api/paths.yaml", "/a: {get: {responses: {}}}\n/b: {$ref: b.yaml}\n").expect("it is a fragment");
    assert_eq!(fragment.items.len(), 1);
    let (pointer, reference) = &fragment.references[0];
    assert_eq!((&**pointer, &*reference.file, &*reference.path), ("/~1b", "api/b.yaml", ""));
}

#[test]
fn webhooks_are_not_offered() {
    let text = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\nwebhooks: {done: {post: {}}}";
    assert_eq!(operations(text), "");
    assert!(api(text).complete);
}

#[test]
fn aliases_and_merged_keys_are_read() {
    let text = "
openapi: 3.0.3
x-common: &common {get: {operationId: one}}
paths:
  /a: *common
  /b: {<<: *common, put: {}}
";
    assert_eq!(operations(text), "GET /a\nPUT /b\nGET /b");
}

#[test]
fn versions_are_seen_where_callers_see_them() {
    let shown =
        |text: &str| api(text).versioned_by.map_or_else(String::new, |text| format!("{} at {}", text.value, text.at.line));
    let paths = "paths: {/a: {get: {}}}";
    let three = |rest: &str| shown(&format!("openapi: 3.0.3\ninfo: {{version: 1.0.0}}\n{rest}"));
    assert_eq!(three(paths), "", "`info.version` is not seen by callers");
    assert_eq!(three(&format!("{paths}\nservers: [{{url: /}}, {{url: 'https://x/v2'}}]")), "https://x/v2 at 4");
    assert_eq!(three("paths: {/a: {get: {}}, /v1/b: {get: {}}}"), "/v1/b at 3");
    assert_eq!(three("paths: {/a: {get: {parameters: [{name: X-Api-Version, in: header}]}}}"), "X-Api-Version at 3");
    assert_eq!(three("paths: {/a: {parameters: [{name: api-version, in: query}]}}"), "api-version at 3");
    assert_eq!(three("paths: {/a: {get: {parameters: [{name: version, in: query}]}}}"), "");
    assert_eq!(
        three("paths: {/a: {get: {responses: {200: {content: {application/vnd.a.v2+json: {}}}}}}}"),
        "application/vnd.a.v2+json at 3"
    );
    assert_eq!(
        three(
            "paths: {/a: {get: {requestBody: {$ref: '#/components/requestBodies/b'}}}}\ncomponents: {requestBodies: {b: {content: {'application/json;version=1': {}}}}}"
        ),
        "application/json;version=1 at 4"
    );
    let two = |rest: &str| shown(&format!("swagger: '2.0'\n{rest}\n{paths}"));
    assert_eq!(two("host: v2.api.example.com"), "v2.api.example.com at 2");
    assert_eq!(two("basePath: /api/v3"), "/api/v3 at 2");
    assert_eq!(two("produces: [application/vnd.acme-v1+json]"), "application/vnd.acme-v1+json at 2");
    assert_eq!(two("basePath: /api"), "");
}

/// Types of the only operation: `taken -> given`.
fn types(operation: &str) -> String {
    let text = format!(
        "
openapi: 3.1.0
paths: {{/a: {{parameters: [{{$ref: '#/components/parameters/shared'}}], get: {operation}}}}}
components:
  parameters:
    shared: {{name: q, in: query, schema: {{type: string}}}}
    filter: {{name: f, in: query, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Filter'}}}}}}}}
  requestBodies:
    order: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Order'}}}}}}}}
  responses:
    orders: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Orders'}}}}}}}}
  schemas:
    Filter: {{properties: {{q: {{}}}}}}
    Order: {{properties: {{id: {{}}}}}}
    Orders: {{type: array, items: {{$ref: '#/components/schemas/Order'}}}}
    Map: {{additionalProperties: {{$ref: '#/components/schemas/Other'}}}}
    Other: {{$ref: '#/components/schemas/Order'}}
    Page: {{properties: {{items: {{type: array, items: {{$ref: '#/components/schemas/Order'}}}}}}}}
    Loop: {{items: {{$ref: '#/components/schemas/Loop'}}}}
"
    );
    let operation = &api(&text).operations[0];
    format!("{} -> {}", operation.parameter_types.join(" "), operation.response_types.join(" "))
}

#[test]
fn types_are_names_of_schemas() {
    let response = |schema: &str| types(&format!("{{responses: {{200: {{content: {{x: {{schema: {schema}}}}}}}}}}}"));
    assert_eq!(types("{parameters: [{$ref: '#/components/parameters/filter'}]}"), "Filter -> ");
    assert_eq!(types("{requestBody: {$ref: '#/components/requestBodies/order'}}"), "Order -> ");
    assert_eq!(types("{responses: {200: {$ref: '#/components/responses/orders'}}}"), " -> Order");
    assert_eq!(response("{$ref: '#/components/schemas/Map'}"), " -> Order");
    assert_eq!(response("{$ref: '#/components/schemas/Page'}"), " -> Page");
    assert_eq!(response("{$ref: '#/components/schemas/Loop'}"), " -> ");
    assert_eq!(response("{type: array, items: {properties: {b: {}, a: {}}}}"), " -> {a,b}");
    assert_eq!(
        response("{oneOf: [{$ref: '#/components/schemas/Page'}, {$ref: '#/components/schemas/Order'}]}"),
        " -> Order Page"
    );
    assert_eq!(response("{$ref: ../schemas/invoice.yaml}"), " -> invoice");
    assert_eq!(response("{$ref: 'common.yaml#/components/schemas/Money'}"), " -> Money");
    assert_eq!(response("{type: string}"), " -> ");
}

#[test]
fn only_successful_responses_give_types() {
    let content = |name: &str| format!("{{content: {{x: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}}}");
    let (page, order) = (content("Page"), content("Order"));
    assert_eq!(types(&format!("{{responses: {{2XX: {page}, 404: {order}, default: {order}}}}}")), " -> Page");
    assert_eq!(types(&format!("{{responses: {{default: {order}}}}}")), " -> Order");
}

#[test]
fn types_of_version_two() {
    let text = "
swagger: '2.0'
paths:
  /a:
    post:
      parameters: [{in: body, name: b, schema: {$ref: '#/definitions/Order'}}, {in: query, name: q, type: string}]
      responses: {200: {schema: {type: array, items: {$ref: '#/definitions/Page'}}}}
definitions: {Order: {}, Page: {}}
";
    let operation = &api(text).operations[0];
    assert_eq!(
        (operation.parameter_types.join(" "), operation.response_types.join(" ")),
        ("Order".to_owned(), "Page".to_owned())
    );
}

#[test]
fn descriptions_of_others_are_not_read() {
    let text = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {/a: {get: {responses: {}}}}";
    for (role, read) in [
        (Role::Test, false),
        (Role::Vendored, false),
        (Role::Example, false),
        (Role::Documentation, true),
        (Role::Generated, true),
    ] {
        let facts = extract::file(Kind { language: None, role }, PATH, text.as_bytes());
        assert_eq!(facts.facts.into_iter().find_map(as_api).is_some(), read, "{role:?}");
    }
}

#[test]
fn other_documents_are_no_descriptions() {
    for text in [
        "swagger: {enabled: true}",
        "openapi: 3.0.0\nexpress: 4.1",
        "dependencies:\n  openapi: 3.0.0\n  paths: {}",
        "",
        "- openapi: 3.0.0",
    ] {
        let facts = read("config.yaml", text);
        assert_eq!((facts.facts, facts.problems), (vec![], vec![]), "{text}");
    }
}
