//! What breaks the rules of the format: each bad description beside a good twin.

use super::*;

/// A description that is valid but for what is put into it: fields at the top, and entries of `paths`.
fn three(top: &str, paths: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\n{top}\npaths:\n  {paths}\n")
}

fn two(top: &str, paths: &str) -> String {
    three(top, paths).replace("openapi: 3.0.3", "swagger: '2.0'")
}

const OK: &str = "responses: {200: {description: ok}}";

#[track_caller]
fn valid(text: &str) {
    assert_eq!(problems(text), [] as [&str; 0], "{text}");
}

#[track_caller]
fn invalid(text: &str, expected: &[&str]) {
    assert_eq!(problems(text), expected, "{text}");
}

#[test]
fn syntax() {
    valid(&three("", &format!("/a: {{get: {{{OK}}}}}")));
    let told = problems("openapi: 3.0.3\ninfo:\n  title: A\n  version: '1'\npaths:\n  /a: {get: [}\n");
    assert!(matches!(told.as_slice(), [one] if one.starts_with("6:")), "{told:?}");
    let told = problems("{\"openapi\": \"3.0.3\", \"info\": {},\n \"paths\": {");
    assert_eq!(told.len(), 1, "{told:?}");
    let told = problems("%%\nopenapi: 3.0.3\ninfo: {}\npaths: {}\n");
    assert_eq!(told.len(), 1, "nothing could be read, but what it is can be seen: {told:?}");
}

#[test]
fn templates_are_told_as_such() {
    let facts = read(PATH, "openapi: 3.0.3\ninfo:\n  title: {{ .Values.title }}: x\n{{- if }}\npaths: {}\n");
    let faults: Vec<_> = facts.problems.iter().map(|problem| problem.fault.name()).collect();
    assert_eq!(faults, ["template-unread"]);
}

#[test]
fn keys_that_stand_twice() {
    let text = three("", &format!("/a:\n    get: {{{OK}}}\n    get: {{{OK}, deprecated: true}}"));
    let told = read(PATH, &text).problems;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].at.line, told[0].labels[0].0.line), (7, 6));
    let hidden = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths:\npaths: {}\n";
    assert_eq!(problems(hidden).len(), 1, "that the first one is empty is the same mistake");
    let json = |second: &str| {
        format!(r#"{{"openapi": "3.0.3", "info": {{"title": "A", "title": {second}, "version": "1"}}, "paths": {{}}}}"#)
    };
    assert_eq!(read("a.json", &json("\"B\"")).problems.len(), 1);
    assert_eq!(read("a.json", &json("\"A\"")).problems.len(), 0, "nothing is lost");
}

#[test]
fn versions() {
    invalid("openapi: 4.0.0\ninfo: {}\npaths: {}", &["1:1 `openapi: 4.0.0` names no version that can be read"]);
    invalid(&two("", "/a: {}").replace("'2.0'", "2.0"), &["1:10 the version `2.0` is a number and must be a text"]);
}

#[test]
fn required_fields() {
    invalid("openapi: 3.0.3\npaths: {}", &["1:10 the description has no `info`"]);
    invalid("openapi: 3.0.3\ninfo: {}\npaths: {}", &["2:1 `info` has no `title`", "2:1 `info` has no `version`"]);
    invalid("openapi: 3.0.3\ninfo: {title: A, version: '1'}", &["1:10 the description has no `paths`"]);
    invalid(
        "openapi: 3.1.0\ninfo: {title: A, version: '1'}",
        &["1:10 the description has none of `paths`, `components`, `webhooks`"],
    );
    valid("openapi: 3.1.0\ninfo: {title: A, version: '1'}\nwebhooks: {}");
    valid("openapi: 3.0.3\ninfo: {title: A, version: 1.0}\npaths: {}");
}

#[test]
fn shapes() {
    let top = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\n";
    invalid(&format!("{top}paths: []"), &["3:1 `paths` must be a mapping and is a list"]);
    invalid("openapi: 3.0.3\ninfo: A\npaths: {}", &["2:1 `info` must be a mapping and is a text"]);
    invalid(&three("components: x", "{}"), &["3:1 `components` must be a mapping and is a text"]);
    invalid(&three("", "/a:"), &["5:3 the path item of `/a` must be a mapping and is null"]);
    invalid(&three("", "/a: {get: }"), &["5:8 `GET /a` must be a mapping and is null"]);
    invalid(
        &three("", &format!("/a: {{get: {{parameters: {{}}, {OK}}}}}")),
        &["5:14 `parameters` below `/a` must be a list and is a mapping"],
    );
    invalid(&three("", "/a: {get: {responses: []}}"), &["5:14 `responses` of `GET /a` must be a mapping and is a list"]);
    invalid(
        &three("", "/a: {get: {responses: {200: ok}}}"),
        &["5:26 the response `200` of `GET /a` must be a mapping and is a text"],
    );
    invalid(&three("", &format!("/a: {{GET: {{{OK}}}}}")), &["5:8 `GET` of `/a` is no method that tools know"]);
}

#[test]
fn paths() {
    invalid(&three("", "a: {}"), &["5:3 the path `a` does not begin with `/`"]);
    valid(&three("", "x-a: {}"));
    let same = "/a/{b}: {}\n  /a/{c}: {}";
    invalid(&three("", same), &["6:3 the paths `/a/{b}` and `/a/{c}` are the same but for the names of parameters"]);
    valid(&two("", same));
    valid(&three("", "/a/{b}: {}\n  /a/{b}/c: {}\n  /a/c: {}"));
}

#[test]
fn operation_ids() {
    let with = |first: &str, second: &str| {
        three("", &format!("/a: {{get: {{operationId: {first}, {OK}}}}}\n  /b: {{get: {{operationId: {second}, {OK}}}}}"))
    };
    invalid(&with("x", "x"), &["6:27 the `operationId` `x` stands twice"]);
    valid(&with("x", "y"));
    valid(&three(&format!("x-a: &a {{get: {{operationId: x, {OK}}}}}"), "/a: *a\n  /b: *a"));
}

#[test]
fn path_parameters() {
    let parameter = |name: &str| format!("{{name: {name}, in: path, required: true, schema: {{}}}}");
    let id = parameter("id");
    let path = |template: &str, shared: &str, own: &str| {
        three("", &format!("/{template}: {{parameters: [{shared}], get: {{parameters: [{own}], {OK}}}}}"))
    };
    valid(&path("{id}", &id, ""));
    valid(&path("{id}", "", &id));
    valid(&path("{+id}/{id*}", "", &id));
    valid(&path("a?id={id}", "", &id));
    valid(&path("a?id={id}", "", ""));
    invalid(&path("{id}", "", ""), &["5:27 `GET /{id}` has no path parameter for `{id}`"]);
    invalid(&path("a", "", &id), &["5:43 the path parameter `id` does not occur in `/a`"]);
    valid(&path("{id}", "{$ref: 'parameters.yaml#/id'}", ""));
    let told = problems(&path("{other}", "", &id));
    assert_eq!(told, ["5:49 the path parameter `id` does not occur in `/{other}`"], "one mistake, one problem");
    invalid(&three("", &format!("/{{id}}: {{get: {{{OK}}}, put: {{{OK}}}}}")), &["5:3 `{id}` of `/{id}` has no path parameter"]);
    valid(&three("", "/{id}: {}"));
    invalid(&path("{id}", "", "{name: id, in: path}"), &["5:46 the path parameter `id` is not `required: true`"]);
}

#[test]
fn parameters() {
    let with = |list: &str| {
        three("components: {parameters: {q: {name: q, in: query}}}", &format!("/a: {{get: {{parameters: [{list}], {OK}}}}}"))
    };
    valid(&with("{name: q, in: query}, {name: q, in: header}"));
    invalid(
        &with("{name: q, in: query}, {$ref: '#/components/parameters/q'}"),
        &["5:49 the query parameter `q` of `/a` stands twice"],
    );
    invalid(&with("{in: query}"), &["5:27 the parameter has no `name`"]);
    invalid(&with("{name: q}"), &["5:27 the parameter has no `in`"]);
    invalid(
        &with("{name: q, in: body}"),
        &["5:27 the parameter `q` is in `body`, which is none of `path`, `query`, `header`, `cookie`"],
    );
}

#[test]
fn responses() {
    invalid(&three("", "/a: {get: {}}"), &["5:8 `GET /a` has no `responses`"]);
    valid(&three("", "/a: {get: {}}").replace("3.0.3", "3.1.0"));
    invalid(&three("", "/a: {get: {responses: {}}}"), &["5:14 `responses` of `GET /a` is empty"]);
    invalid(&three("", "/a: {get: {responses: {200: {}}}}"), &["5:26 the response `200` of `GET /a` has no `description`"]);
    valid(&three("", "/a: {get: {responses: {200: {}}}}").replace("3.0.3", "3.2.0"));
    valid(&three("", "/a: {get: {responses: {200: {$ref: 'x.yaml'}, x-a: 1}}}"));
}

#[test]
fn references() {
    let with = |reference: &str| {
        three(
            "components: {schemas: {A: {}}}",
            &format!(
                "/a: {{get: {{responses: {{200: {{description: ok, content: {{x: {{schema: {{$ref: '{reference}'}}}}}}}}}}}}}}"
            ),
        )
    };
    valid(&with("#/components/schemas/A"));
    valid(&with("other.yaml#/B"));
    valid(&with("https://example.com/x"));
    valid(&with("#anchor"));
    invalid(&with("#/components/schemas/B"), &["5:78 the reference `#/components/schemas/B` leads to nothing in this document"]);
    invalid(&with("../../x.yaml"), &["5:78 the reference `../../x.yaml` leaves the repository"]);
    invalid(&three("", "/a: {$ref: '#/paths/~1a'}"), &["5:8 the `$ref` of `/a` leads back to itself"]);
}

#[test]
fn what_stands_in_other_files_breaks_nothing() {
    valid(&three("", "/{id}: {get: {$ref: get.yaml}}"));
    valid(&three("", "/{id}: {$ref: item.yaml}"));
    valid(&three("", &format!("/{{id}}: {{get: {{parameters: {{$ref: p.yaml}}, {OK}}}}}")));
    valid(&three("", "/a: {get: {responses: {$ref: r.yaml}}}"));
    assert_eq!(operations(&three("", "/{id}: {get: {$ref: get.yaml}}")), "GET /{id}");
    assert_eq!(operations(&three("x-get: {operationId: a}", "/a: {get: {$ref: '#/x-get'}}")), "GET /a");
}

#[test]
fn references_in_users_data_are_none() {
    valid(&three("x-a: {$ref: '#/none'}", "/a: {}"));
    valid(&three(
        "components: {schemas: {A: {example: {$ref: '#/none'}, default: {$ref: '#/none'}, enum: [{$ref: '#/none'}]}}}",
        "/a: {}",
    ));
    valid(&three("components: {schemas: {A: {properties: {$ref: {type: string}}}}}", "/a: {}"));
    let named = three("components: {schemas: {A: {properties: {example: {$ref: '#/none'}}}}}", "/a: {}");
    assert_eq!(problems(&named).len(), 1, "a property that is called `example`");
    let example = three("components: {examples: {A: {$ref: '#/none'}, B: {value: {$ref: '#/none'}}}}", "/a: {}");
    assert_eq!(problems(&example).len(), 1);
}

#[test]
fn many_of_one_kind_are_counted() {
    let paths: Vec<String> = (0..50).map(|n| format!("p{n}: {{}}")).collect();
    let told = problems(&three("", &paths.join("\n  ")));
    assert_eq!(told.len(), 21);
    assert_eq!(told[20], "25:3 and 30 more paths that do not begin with `/`");
}

#[test]
fn everything_is_told_with_its_next_step() {
    let text = three("", "a: {get: {}}\n  /b: []");
    for problem in read(PATH, &text).problems {
        assert!(problem.help.is_some(), "{}", problem.message);
    }
}
