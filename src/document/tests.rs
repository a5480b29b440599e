//! Documents in, their tree as text out.

use super::*;

/// The tree in one line: flow style, texts in quotes, aliases followed.
fn show(node: Node) -> String {
    match node.shape() {
        Shape::Null => "null".to_owned(),
        Shape::Text => format!("{:?}", node.text().expect("a text has one")),
        Shape::Sequence => format!("[{}]", node.items().map(show).collect::<Vec<_>>().join(", ")),
        Shape::Mapping => {
            let entry = |(key, value): (Node, Node)| format!("{}: {}", show(key), show(value));
            format!("{{{}}}", node.entries().map(entry).collect::<Vec<_>>().join(", "))
        }
        _ => node.scalar().expect("a scalar other than null has a text").to_owned(),
    }
}

fn trees(syntax: Syntax, text: &str) -> String {
    let tree = parse(syntax, text);
    tree.documents().map(show).collect::<Vec<_>>().join(" --- ")
}

fn defects(syntax: Syntax, text: &str) -> Vec<String> {
    let tree = parse(syntax, text);
    tree.defects().iter().map(|defect| format!("{}:{} {}", defect.at.line, defect.at.column, defect.message)).collect()
}

#[track_caller]
fn check(syntax: Syntax, text: &str, expected: &str) {
    assert_eq!(trees(syntax, text), expected);
    assert_eq!(defects(syntax, text), Vec::<String>::new(), "of {text:?}");
}

#[track_caller]
fn check_broken(syntax: Syntax, text: &str, expected: &str, expected_defects: &[&str]) {
    assert_eq!(trees(syntax, text), expected);
    assert_eq!(defects(syntax, text), expected_defects, "of {text:?}");
}

#[test]
fn yaml_scalars_are_typed_by_the_core_schema() {
    check(Syntax::Yaml, "[~, null, Null, a null, '', nil]", r#"[null, null, null, "a null", "", "nil"]"#);
    check(Syntax::Yaml, "[true, False, yes, on, 'true']", r#"[true, False, "yes", "on", "true"]"#);
    check(Syntax::Yaml, "[8080, -1, +7, 0o17, 0xFF, 012, 1_000, 8080s]", r#"[8080, -1, +7, 0o17, 0xFF, 012, "1_000", "8080s"]"#);
    check(
        Syntax::Yaml,
        "[1.5, .5, 1., 1e3, -.inf, .nan, ., 1.2.3, 1e]",
        r#"[1.5, .5, 1., 1e3, -.inf, .nan, ".", "1.2.3", "1e"]"#,
    );
    check(Syntax::Yaml, "- !!str 12\n- ! 12\n- !Ref 12\n- !Sub a\n- !!str\n- !!int '5'\n", r#"["12", "12", 12, "a", "", 5]"#);
    check(Syntax::Yaml, "a:\nb: 2\n", r#"{"a": null, "b": 2}"#);
}

#[test]
fn yaml_texts_read_as_they_should() {
    check(Syntax::Yaml, "a: |\n  x\n  y\n\nb: >-\n  x\n  y\n", r#"{"a": "x\ny\n", "b": "x y"}"#);
    check(Syntax::Yaml, "a: x\n  y\nb: \"q\\n\\u00e9\"\nc: 'it''s'\n", r#"{"a": "x y", "b": "q\né", "c": "it's"}"#);
    check(Syntax::Yaml, "\u{FEFF}a: 1\r\nb:\r\n  - é\r\n", r#"{"a": 1, "b": ["é"]}"#);
}

#[test]
fn json_is_read_as_it_is_written() {
    check(
        Syntax::Json,
        "\u{FEFF} {\"a\": [1, -2.5e3, true, null, \"x\"], \"b\": {}, \"c\": []} \n",
        r#"{"a": [1, -2.5e3, true, null, "x"], "b": {}, "c": []}"#,
    );
    check(
        Syntax::Json,
        r#"["\"\\\/\b\f\n\r\t\u00e9\ud834\udd1e", "\ud834x"]"#,
        "[\"\\\"\\\\/\\u{8}\\u{c}\\n\\r\\té𝄞\", \"\u{FFFD}x\"]",
    );
    check(Syntax::Json, "\"only a text\"", "\"only a text\"");
}

#[test]
fn toml_is_read_with_places() {
    check(Syntax::Toml, "a = 1\n[b]\nc = 'x'\nd = [1, 2.5, true]\n", r#"{"a": 1, "b": {"c": "x", "d": [1, 2.5, true]}}"#);
}

#[test]
fn json_with_forgivable_errors_is_read_to_its_end() {
    check_broken(
        Syntax::Json,
        "{\n  // why\n  \"a\": [1, 2,], /* x */\n  \"b\": \"x\ty\",\n}",
        r#"{"a": [1, 2], "b": "x\ty"}"#,
        &[
            "2:3 JSON has no comments",
            "3:13 a comma before the closing bracket",
            "4:10 a control character in a text; it is written as an escape",
        ],
    );
}

#[test]
fn broken_json_keeps_what_was_read() {
    check_broken(Syntax::Json, "{\"a\": [1, x, 2], \"b\": 1}", r#"{"a": [1]}"#, &["1:11 expected a value, found `x`"]);
    check_broken(Syntax::Json, "{\"a\" 1}", r#"{"a": null}"#, &["1:6 expected `:` after the key, found `1`"]);
    check_broken(Syntax::Json, "{\"a\": 01}", r#"{"a": null}"#, &["1:7 expected a value, found `01`"]);
    check_broken(Syntax::Json, "[1 2]", "[1]", &["1:4 expected `,` or `]`, found `2`"]);
    check_broken(Syntax::Json, "[1}", "[1]", &["1:3 expected `,` or `]`, found `}`"]);
    check_broken(Syntax::Json, "[\"a\\q\"]", "[]", &["1:4 unknown escape `\\q`"]);
    check_broken(Syntax::Json, "[\"a\n\"]", "[]", &["1:2 the quote is not closed"]);
    check_broken(Syntax::Json, "[1", "[1]", &["1:3 expected `,` or `]`, found the end of the file"]);
    check_broken(Syntax::Json, "1 2", "1", &["1:3 expected the end of the file, found `2`"]);
    check_broken(Syntax::Json, "", "", &["1:1 expected a value, found the end of the file"]);
}

#[test]
fn a_broken_yaml_document_spares_the_others() {
    check_broken(
        Syntax::Yaml,
        "a: [1,\n---\nb: 1\n---\n- '\n---\nc: 2\n",
        r#"{"a": [1]} --- {"b": 1} --- [] --- {"c": 2}"#,
        &["1:4 the bracket `[` is not closed", "5:3 the quote is not closed before the end of the document"],
    );
}

#[test]
fn keys_that_stand_twice_are_kept_and_reported() {
    check_broken(
        Syntax::Yaml,
        "a: 1\nb: 2\n'a': 3\n1: x\n'1': y\n",
        r#"{"a": 1, "b": 2, "a": 3, 1: "x", "1": "y"}"#,
        &["3:1 the key `a` stands twice"],
    );
}

/// The text of the span of every node, in order.
fn spans(syntax: Syntax, text: &str) -> Vec<String> {
    let tree = parse(syntax, text);
    let mut found = Vec::new();
    let mut waiting: Vec<Node> = tree.documents().collect();
    waiting.reverse();
    while let Some(node) = waiting.pop() {
        found.push(text[node.span().range()].to_owned());
        let mut children: Vec<Node> = node.items().chain(node.entries().flat_map(|(key, value)| [key, value])).collect();
        children.reverse();
        waiting.append(&mut children);
    }
    found
}

#[test]
fn spans_of_yaml_are_exact() {
    assert_eq!(
        spans(Syntax::Yaml, "é: {a: 'x', \"b\\n\": }\nc:\n"),
        ["é: {a: 'x', \"b\\n\": }\nc", "é", "{a: 'x', \"b\\n\": }", "a", "'x'", "\"b\\n\"", "", "c", ""]
    );
    assert_eq!(
        spans(Syntax::Yaml, "a:\n  - x  # why\n  - y: &z 1\n\n\nb: *z\n"),
        ["a:\n  - x  # why\n  - y: &z 1\n\n\nb: *z", "a", "- x  # why\n  - y: &z 1", "x", "y: &z 1", "y", "1", "b", "*z"]
    );
    assert_eq!(
        spans(Syntax::Yaml, "'a#b': |  # a | b\n\n  x\n\n  y\n\nb: # > no\n  !!str >-\n  z\n--- |\nw\n"),
        [
            "'a#b': |  # a | b\n\n  x\n\n  y\n\nb: # > no\n  !!str >-\n  z",
            "'a#b'",
            "|  # a | b\n\n  x\n\n  y",
            "b",
            ">-\n  z",
            "|\nw"
        ]
    );
}
