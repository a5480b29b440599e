//! Whatever a document around the format's words holds, it is read without a panic, and every place lies inside it.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

const WORDS: &[&str] = &[
    "openapi",
    "swagger",
    "info",
    "title",
    "version",
    "paths",
    "/a",
    "/a/{b}",
    "/v1/{b}/{c}",
    "get",
    "post",
    "trace",
    "query",
    "additionalOperations",
    "parameters",
    "name",
    "in",
    "required",
    "schema",
    "content",
    "application/json",
    "responses",
    "200",
    "default",
    "description",
    "requestBody",
    "components",
    "schemas",
    "pathItems",
    "definitions",
    "servers",
    "url",
    "variables",
    "basePath",
    "$ref",
    "items",
    "properties",
    "allOf",
    "examples",
    "operationId",
    "x-a",
    "<<",
    "$id",
    "host",
    "produces",
    "webhooks",
];

const TEXTS: &[&str] = &[
    "3.0.3",
    "2.0",
    "3.2.0",
    "4.0",
    "",
    "path",
    "query",
    "body",
    "b",
    "/",
    "/v1",
    "https://{host}/v1",
    "{",
    "é",
    "#",
    "#/",
    "#/paths/~1a",
    "#/paths/~1a~1{b}",
    "#/components/schemas/A",
    "#/components/schemas/200",
    "#/info",
    "#/%7B%zz",
    "other.yaml#/x",
    "../../x",
    "http://x",
    "#a",
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => prop::sample::select(TEXTS).prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i32>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 80, 6, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            4 => prop::collection::vec((prop::sample::select(WORDS), inner), 0..6)
                .prop_map(|entries| entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

/// A document with the words of a description at its top, and anything below them.
fn document() -> impl Strategy<Value = Value> {
    let version = prop_oneof![
        Just(("openapi", "3.0.3")),
        Just(("openapi", "3.1.0")),
        Just(("openapi", "3.2.0")),
        Just(("swagger", "2.0")),
        Just(("x", ""))
    ];
    (version, value(), value(), value(), prop::collection::vec((prop::sample::select(WORDS), value()), 0..4)).prop_map(
        |((key, number), item, other, schemas, more)| {
            let mut top = serde_json::json!({
                key: number,
                "info": {"title": "A", "version": "1"},
                "paths": {"/a": item, "/a/{b}": other},
                "components": {"schemas": schemas},
            });
            for (key, value) in more {
                top[key] = value;
            }
            top
        },
    )
}

fn check(path: &str, text: &str) {
    let facts = read(path, text);
    let places =
        facts.problems.iter().map(|problem| problem.at).chain(facts.facts.into_iter().filter_map(as_api).flat_map(|api| {
            assert!(api.references.iter().all(|reference| !reference.file.starts_with("..")), "{text}");
            api.operations.into_iter().map(|operation| operation.at)
        }));
    for at in places {
        assert!(at.start <= at.end && at.end as usize <= text.len() && at.line >= 1 && at.column >= 1, "{at:?} in\n{text}");
    }
}

proptest! {
    #[test]
    fn any_tree_is_read(document in document()) {
        check("a.json", &document.to_string());
        check("a.yaml", &serde_yaml::to_string(&document).expect("it has a form in YAML"));
    }

    #[test]
    fn any_piece_of_a_text_is_read(document in document(), from in 0usize..400, length in 0usize..400) {
        let text = serde_json::to_string_pretty(&document).expect("it has a form in JSON");
        let end = crate::source::floor_char_boundary(&text, text.len().saturating_sub(from));
        let start = crate::source::floor_char_boundary(&text, end.saturating_sub(length));
        let without = format!("{}{}", &text[..start], &text[end..]);
        check("a.json", &without);
        check("a.yaml", &without);
    }
}
