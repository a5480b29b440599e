//! The same operations, parameters and schemas as the `openapiv3` crate sees, on small descriptions of every idiom.

#[path = "../../../../../benches/measure/oracle.rs"]
mod comparison;

use comparison::Outcome;

use crate::document::Syntax;

const IDIOMS: &str = "
openapi: 3.0.3
info: {title: Everything, version: '1'}
servers: [{url: 'https://{host}/v1', variables: {host: {default: api.example.com}}}]
paths:
  /orders:
    summary: orders
    parameters:
      - {$ref: '#/components/parameters/tenant'}
    get:
      operationId: list
      deprecated: true
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {$ref: '#/components/parameters/tenant'}
      responses:
        '200': {$ref: '#/components/responses/orders'}
        default: {description: failed}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses: {'201': {description: made}}
      callbacks: {done: {'{$request.body#/url}': {post: {operationId: no, responses: {'200': {description: ok}}}}}}
  /orders/{id}:
    x-internal: true
    servers: [{url: /other}]
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    put: {responses: {'200': {description: ok}}}
    delete: {responses: {'204': {description: gone}}}
    options: {responses: {'204': {description: ok}}}
    head: {responses: {'204': {description: ok}}}
    patch: {parameters: [{name: c, in: cookie, schema: {}}, {name: h, in: header, schema: {}}], responses: {'204': {description: ok}}}
    trace: {responses: {'204': {description: ok}}}
  /linked: {$ref: '#/paths/~1orders'}
  /empty: {}
components:
  parameters:
    tenant: {name: X-Tenant, in: header, schema: {type: string}}
  responses:
    orders: {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}}}
  schemas:
    Order: {type: object, properties: {id: {type: string}}}
    'Order.Line': {allOf: [{$ref: '#/components/schemas/Order'}]}
";

#[test]
fn both_see_the_same() {
    let seen = match comparison::compare(Syntax::Yaml, IDIOMS) {
        Outcome::Same(seen) => seen,
        Outcome::Differs(lines) => panic!("{}", lines.join("\n")),
        Outcome::Unread(why) => panic!("the crate does not read it: {why}"),
    };
    assert_eq!(seen, [8, 11, 2]);
    let value: serde_yaml::Value = serde_yaml::from_str(IDIOMS).expect("it parses");
    let json = serde_json::to_string_pretty(&value).expect("it has a form in JSON");
    assert!(matches!(comparison::compare(Syntax::Json, &json), Outcome::Same(same) if same == seen));
}

#[test]
fn what_the_crate_panics_on_is_read() {
    let twice = IDIOMS.replace("{description: gone}", "{description: gone, description: away}");
    assert!(matches!(comparison::compare(Syntax::Yaml, &twice), Outcome::Unread(why) if why == "panics"));
    assert_eq!(super::api(&twice).operations.len(), 10, "with those of the linked path");
}
