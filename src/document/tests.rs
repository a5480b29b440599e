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

#[test]
fn lists_begin_at_their_first_dash() {
    for text in ["a:\n- x\n- y\n", "a: !t # - no\n# - no\n- x\n- y\n"] {
        assert_eq!(spans(Syntax::Yaml, text)[2], "- x\n- y", "of {text:?}");
    }
    assert_eq!(spans(Syntax::Yaml, "a: !t\n- - x\n"), ["a: !t\n- - x", "a", "- - x", "- x", "x"]);
}

/// Reads a hostile text on a small stack, as a worker thread would, and walks whatever came out of it.
#[track_caller]
fn survive(syntax: Syntax, text: String, expected: Option<DefectKind>) {
    let reader = move || {
        let tree = parse(syntax, &text);
        walk(&tree);
        tree.defects().first().map(|defect| defect.kind)
    };
    let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(reader).expect("a thread starts");
    assert_eq!(thread.join().expect("no panic"), expected);
}

/// Visits every node, aliases followed, and says how many there were and how deep the deepest was.
fn walk(tree: &Tree) -> (usize, usize) {
    let (mut nodes, mut deepest) = (0, 0);
    let mut waiting: Vec<(Node, usize)> = tree.documents().map(|root| (root, 0)).collect();
    while let Some((node, depth)) = waiting.pop() {
        nodes += 1;
        deepest = deepest.max(depth);
        waiting.extend(node.items().map(|item| (item, depth + 1)));
        waiting.extend(node.entries().flat_map(|(key, value)| [(key, depth + 1), (value, depth + 1)]));
    }
    (nodes, deepest)
}

#[test]
fn no_nesting_exhausts_the_stack() {
    const DEEP: usize = 100_000;
    let too_deep = Some(DefectKind::TooDeep);
    for text in ["- ", "[", "{a: ", "? ", "- ? - ", "{? ", "[[], "] {
        survive(Syntax::Yaml, text.repeat(DEEP), too_deep);
    }
    survive(Syntax::Yaml, "[".repeat(DEEP) + &"]".repeat(DEEP), too_deep);
    survive(Syntax::Yaml, (0..2_000).map(|depth| " ".repeat(depth) + "a:\n").collect(), too_deep);
    survive(Syntax::Yaml, "(".repeat(DEEP), None);
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":[", "]}]")] {
        survive(Syntax::Json, open.repeat(DEEP), too_deep);
        survive(Syntax::Json, open.repeat(DEEP) + "1" + &close.repeat(DEEP), too_deep);
    }
    for open in ["[", "{a = ", "[{a = "] {
        survive(Syntax::Toml, "a = ".to_owned() + &open.repeat(DEEP), too_deep);
    }
    survive(Syntax::Toml, "a.".repeat(DEEP) + "b = 1", too_deep);
}

#[test]
fn what_is_too_deep_is_left_out_and_the_rest_is_read() {
    let deep = "[".repeat(MAX_DEPTH + 5) + &"]".repeat(MAX_DEPTH + 5);
    let text = format!("{{\"deep\": {deep}, \"name\": \"x\"}}");
    let tree = parse(Syntax::Json, &text);
    assert_eq!(tree.root().and_then(|root| root.get("name")?.text()), Some("x"));
    assert_eq!(walk(&tree).1, MAX_DEPTH);
    assert_eq!(tree.defects().len(), 1);
    let fits = "[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH);
    assert!(parse(Syntax::Json, &fits).defects().is_empty());
    assert!(parse(Syntax::Yaml, &fits).defects().is_empty());
}

#[test]
fn more_nodes_than_the_limit_are_left_out() {
    let text = "[0, [1, {\"a\": 2}], 3]";
    let tree = json::read(text, build::Builder::within(text, 5));
    assert_eq!(tree.root().map(show).as_deref(), Some("[0, [1, {}]]"));
    assert_eq!(
        tree.defects().iter().map(|defect| defect.message.as_str()).collect::<Vec<_>>(),
        ["more than 5 nodes; the rest is left out"]
    );
}

#[test]
fn aliases_read_as_what_they_stand_for() {
    check(Syntax::Yaml, "a: &x {b: 1}\nc: *x\n*x : 2\n", r#"{"a": {"b": 1}, "c": {"b": 1}, {"b": 1}: 2}"#);
    let text = "a: &x 1\nb: *x\n";
    let tree = parse(Syntax::Yaml, text);
    let root = tree.root().expect("there is a document");
    let (a, b) = (root.get("a").expect("a"), root.get("b").expect("b"));
    assert_eq!(a.identity(), b.identity());
    assert_eq!(&text[b.span().range()], "*x");
    check_broken(
        Syntax::Yaml,
        "a: *x\nb: &x 1\n---\nc: *x\n",
        r#"{"a": null, "b": 1} --- {"c": null}"#,
        &["1:4 the alias `*x` names an anchor that is not there", "4:4 the alias `*x` names an anchor that is not there"],
    );
}

#[test]
fn circles_of_aliases_are_cut() {
    check_broken(
        Syntax::Yaml,
        "a: &x [1, *x]\n",
        r#"{"a": [1, null]}"#,
        &["1:11 the alias `*x` stands inside the node that it names"],
    );
    check_broken(
        Syntax::Yaml,
        "a: &x\n  <<: *x\n  b: 1\n",
        r#"{"a": {"<<": null, "b": 1}}"#,
        &["2:7 the alias `*x` stands inside the node that it names"],
    );
}

#[test]
fn a_bomb_of_aliases_ends_with_the_budget() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    let tree = parse(Syntax::Yaml, &text);
    tree.aliases_left.set(100_000);
    let (nodes, _) = walk(&tree);
    assert!(nodes < 200_000, "{nodes} nodes");
    assert!(tree.aliases_exhausted());
    assert!(tree.defects().is_empty());
}

#[test]
fn a_chain_of_aliases_is_no_deeper_than_a_tree() {
    let mut text = "- &a0 [x]\n".to_owned();
    for level in 1..2_000 {
        text += &format!("- &a{level} [*a{}]\n", level - 1);
    }
    let tree = parse(Syntax::Yaml, &text);
    assert!(walk(&tree).1 <= MAX_DEPTH);
    assert_eq!(tree.defects()[0].kind, DefectKind::TooDeep);
}

#[test]
fn merged_keys_come_after_a_mappings_own() {
    let text = "base: &base {a: 1, b: 1}\nother: &other {<<: *base, b: 2, c: 2}\n\
                one: {<<: *base, b: 3}\nlist: {<<: [*other, {c: 9, d: 9}], e: 4}\n";
    let tree = parse(Syntax::Yaml, text);
    let root = tree.root().expect("there is a document");
    let read = |path: [&str; 2]| root.at(&path).and_then(Node::int);
    assert_eq!([read(["one", "a"]), read(["one", "b"]), read(["one", "c"])], [Some(1), Some(3), None]);
    assert_eq!(["a", "b", "c", "d", "e"].map(|key| read(["list", key])), [Some(1), Some(2), Some(2), Some(9), Some(4)]);
    let entry = root.get("one").and_then(|one| one.entry("a")).expect("a merged key");
    assert_eq!(entry.0.location().line, 1, "the key is where it is written");
}

#[test]
fn large_mappings_are_read_like_small_ones() {
    const MANY: usize = 30_000;
    let mut text: String = (0..MANY).map(|number| format!("key{number}: {number}\n")).collect();
    text += "<<: {merged: 1, key7: no}\nkey7: again\n\"key\\x38\": escaped\n";
    let tree = parse(Syntax::Yaml, &text);
    let root = tree.root().expect("there is a document");
    for number in (0..MANY).step_by(97) {
        assert_eq!(root.get(&format!("key{number}")).and_then(Node::int), Some(number as i64));
    }
    assert_eq!(root.get("merged").and_then(Node::int), Some(1));
    assert!(root.get("key").is_none());
    let duplicates: Vec<_> = tree.defects().iter().map(|defect| (defect.message.as_str(), defect.at.line as usize)).collect();
    assert_eq!(duplicates, [("the key `key7` stands twice", MANY + 2), ("the key `key8` stands twice", MANY + 3)]);
    assert_eq!(tree.defects()[1].related.as_ref().map(|(at, label)| (at.line, label.as_str())), Some((9, "first written here")));
}

#[test]
fn equal_keys_are_told_in_every_syntax_and_not_between_mappings() {
    check_broken(
        Syntax::Json,
        r#"{"a": 1, "\u0061": {"a": 2}}"#,
        r#"{"a": 1, "a": {"a": 2}}"#,
        &["1:10 the key `a` stands twice"],
    );
    check_broken(Syntax::Toml, "a = 1\na = 2\n", r#"{"a": 1}"#, &["2:1 the key `a` stands twice"]);
    check_broken(
        Syntax::Yaml,
        "? [a]\n: 1\n? [a]\n: 2\n~: 1\nnull: 2\n",
        r#"{["a"]: 1, ["a"]: 2, null: 1, null: 2}"#,
        &["6:1 the key `null` stands twice"],
    );
}

#[test]
fn what_is_no_text_is_told() {
    check_broken(Syntax::Yaml, "a: 1\nb: x\0y\n", r#"{"a": 1, "b": "x"}"#, &["2:5 a NUL byte is no text; the rest is left out"]);
    check_broken(
        Syntax::Json,
        "[\"x\0y\", 1]",
        "[\"x\\0y\", 1]",
        &["1:4 a control character in a text; it is written as an escape"],
    );
    for bytes in [&b"a: \xFF\xFEx\nb: 1"[..], b"a: \xC3"] {
        let decoded = crate::source::decode(bytes);
        assert!(decoded.broken_at.is_some());
        assert_eq!(parse(Syntax::Yaml, &decoded.text).root().map(Node::shape), Some(Shape::Mapping));
    }
    let utf16: Vec<u8> = "\u{FEFF}a: é\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(Syntax::Yaml, &crate::source::decode(&utf16).text, r#"{"a": "é"}"#);
}

#[test]
fn empty_files_have_no_document() {
    for text in ["", "\n\n", "# nothing\n", "\u{FEFF}"] {
        check(Syntax::Yaml, text, "");
        check(Syntax::Toml, text, "");
    }
    check(Syntax::Yaml, "---\n", "null");
    check(Syntax::Yaml, "--- # a\n---\nb\n...\n", r#"null --- "b""#);
}

#[test]
fn a_half_written_file_keeps_its_first_half() {
    check_broken(Syntax::Yaml, "a: 1\nb:\n  - x\n  - {y: [z", r#"{"a": 1, "b": ["x"]}"#, &["4:9 the bracket `[` is not closed"]);
    check_broken(Syntax::Yaml, "a: 1\nb: \"x", r#"{"a": 1, "b": null}"#, &["2:4 the quote is not closed"]);
    check_broken(
        Syntax::Json,
        "{\"a\": 1, \"b\": {\"c\": \"x",
        r#"{"a": 1, "b": {"c": null}}"#,
        &["1:21 the quote is not closed"],
    );
    check_broken(Syntax::Toml, "a = 1\nb = [1,\n", r#"{"a": 1, "b": [1]}"#, &["2:8 unclosed array, expected `]`"]);
}

#[test]
fn tabs_and_line_ends_of_all_kinds() {
    check(Syntax::Yaml, "a:\t1 \t# x\r\nb:\t[1,\t2]\r\n", r#"{"a": 1, "b": [1, 2]}"#);
    check_broken(Syntax::Yaml, "a:\n\tb: 1\n", r#"{"a": null}"#, &["2:1 a tab where only spaces may stand"]);
    let tree = parse(Syntax::Yaml, "a: é1\r\nb: 𝄞\tc\r\n");
    let b = tree.root().and_then(|root| root.get("b")).expect("b");
    assert_eq!((b.location().line, b.location().column, b.text()), (2, 4, Some("𝄞\tc")));
}

#[test]
fn a_huge_text_is_one_node() {
    let long = "word ".repeat(400_000);
    for (syntax, text) in [
        (Syntax::Yaml, format!("a: \"{long}\"\n")),
        (Syntax::Yaml, format!("a: {long}\n")),
        (Syntax::Yaml, format!("a: |\n  {long}\n")),
        (Syntax::Json, format!("{{\"a\": \"{long}\"}}")),
        (Syntax::Toml, format!("a = \"{long}\"")),
    ] {
        let tree = parse(syntax, &text);
        assert_eq!(tree.root().and_then(|root| root.get("a")?.text()).map(str::trim_end), Some(long.trim_end()));
    }
}

#[test]
fn tags_are_read_and_change_no_value() {
    let text = "a: !Ref Name\nb: !Sub\n  - x\nc: !GetAtt {y: 1}\nd: !<tag:example.com,2000:x> 1\ne: 2\n";
    check(Syntax::Yaml, text, r#"{"a": "Name", "b": ["x"], "c": {"y": 1}, "d": 1, "e": 2}"#);
    let tree = parse(Syntax::Yaml, text);
    let tags: Vec<_> = tree.root().expect("a document").entries().map(|(_, value)| value.tag()).collect();
    assert_eq!(tags, [Some("!Ref"), Some("!Sub"), Some("!GetAtt"), Some("!<tag:example.com,2000:x>"), None]);
}

#[test]
fn parts_of_texts_are_found_where_they_are_written() {
    let text = "a: 'it''s x'\nb: |\n  \"q\" y\nc: plain z\n";
    let tree = parse(Syntax::Yaml, text);
    let root = tree.root().expect("a document");
    for (key, word) in [("a", "x"), ("b", "y"), ("b", "q"), ("c", "z")] {
        let node = root.get(key).expect("the key is there");
        let start = node.text().and_then(|value| value.find(word)).expect("the word is there");
        let found = node.location_within(Span::new(start, start + 1));
        assert_eq!(&text[found.span().range()], word);
    }
}
