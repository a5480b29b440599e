//! What must hold of every document, tried on generated ones: the trees agree with the established parsers, spans are where they
//! should be, and no text makes a parser panic.

mod generate;

use proptest::prelude::*;
use serde_yaml::Value as Yaml;

use super::*;
use generate::*;

/// Where tree and established parser differ, in words; None when they agree.
fn difference(node: Node, value: &Yaml) -> Option<String> {
    let differ = || Some(format!("{:?} {:?} at {:?} against {value:?}", node.shape(), node.scalar(), node.span()));
    match value {
        // Unknown tags change no value here.
        Yaml::Tagged(tagged) => difference(node, &tagged.value),
        Yaml::Null if node.is_null() => None,
        Yaml::Bool(value) if node.bool() == Some(*value) => None,
        Yaml::Number(number)
            if number.as_f64().is_some_and(|number| number.is_nan()) && node.float().is_some_and(f64::is_nan) =>
        {
            None
        }
        Yaml::Number(number) if number.as_i64().is_some() && node.int() == number.as_i64() => None,
        // Numbers beyond 64 bits are numbers without a value here, and binary ones (YAML 1.1) are texts.
        Yaml::Number(number) if number.as_i64().is_none() && node.shape() == Shape::Int && node.int().is_none() => None,
        Yaml::Number(number) if matches!(node.shape(), Shape::Float | Shape::Int) && node.float() == number.as_f64() => None,
        Yaml::Number(_) if node.text().is_some_and(|text| text.contains("0b") || text.contains("-0") || text.contains("+0")) => {
            None
        }
        Yaml::String(value) if node.text() == Some(value) => None,
        // The core schema reads leading zeros as a decimal number; the other parser keeps the text.
        Yaml::String(value)
            if matches!(node.shape(), Shape::Int | Shape::Float) && node.scalar() == Some(value) && value.contains('0') =>
        {
            None
        }
        // A block text that the file's end cuts off ends with a line break here, as YAML's own test suite has it.
        Yaml::String(value) if node.text().is_some_and(|text| text.strip_suffix('\n') == Some(value)) => None,
        // A block text without indentation may hold a line that begins with `#`; the other parser takes it for a comment.
        Yaml::String(value) if value.is_empty() && node.text().is_some_and(|text| text.starts_with('#')) => None,
        Yaml::Sequence(items) if node.shape() == Shape::Sequence && node.len() == items.len() => {
            node.items().zip(items).find_map(|(node, item)| difference(node, item))
        }
        Yaml::Mapping(entries) if node.shape() == Shape::Mapping && node.len() == entries.len() => node
            .entries()
            .zip(entries)
            .find_map(|((key, node), (name, value))| difference(key, name).or_else(|| difference(node, value))),
        _ => differ(),
    }
}

fn established_yaml(text: &str) -> Option<Vec<Yaml>> {
    use serde::Deserialize;
    serde_yaml::Deserializer::from_str(text).map(|document| Yaml::deserialize(document).ok()).collect()
}

#[track_caller]
fn agrees_with_serde_yaml(text: &str, tree: &Tree) {
    let Some(values) = established_yaml(text) else { return };
    // Of an empty file the other parser makes null.
    if tree.documents().len() == 0 && values.iter().all(Yaml::is_null) {
        return;
    }
    assert_eq!(tree.documents().len(), values.len(), "documents of {text:?}");
    for (node, value) in tree.documents().zip(&values) {
        assert_eq!(difference(node, value), None, "in {text:?}");
    }
}

/// What the reader of usual YAML makes of a text is what the full parser makes of it.
#[track_caller]
fn readers_agree(text: &str) -> bool {
    let Some(tree) = block::read(text) else { return false };
    let full = yaml::parse_fully(text);
    assert_eq!(tree.defects, full.defects, "of {text:?}");
    assert_eq!(tree.roots, full.roots, "of {text:?}");
    for (id, (cell, expected)) in tree.cells.iter().zip(&full.cells).enumerate() {
        assert_eq!(cell, expected, "at cell {id} of {text:?}");
        assert_eq!(Node::new(&tree, id as u32).scalar(), Node::new(&full, id as u32).scalar(), "at cell {id} of {text:?}");
    }
    assert_eq!(tree.cells.len(), full.cells.len(), "of {text:?}");
    true
}

/// Every span lies in the text, inside its parent's and behind its sibling's; what is written plainly reads as it is written.
#[track_caller]
fn spans_are_sound(tree: &Tree) {
    let text = tree.text();
    let mut waiting: Vec<(Node, Span)> = tree.documents().map(|root| (root, Span::new(0, text.len()))).collect();
    while let Some((node, parent)) = waiting.pop() {
        let span = node.span();
        assert!(
            parent.start <= span.start && span.start <= span.end && span.end <= parent.end,
            "{span:?} in {parent:?} of {text:?}"
        );
        let written = text.get(span.range()).expect("a span of whole characters");
        if let Some(value) = node.scalar().filter(|_| !node.is_alias())
            && !written.starts_with(['\'', '"', '|', '>'])
            && !written.contains(['\n', '\r'])
        {
            assert_eq!(written, value, "of {text:?}");
        }
        if node.is_alias() {
            continue;
        }
        let children: Vec<Node> = node.items().chain(node.entries().flat_map(|(key, value)| [key, value])).collect();
        for pair in children.windows(2) {
            assert!(pair[0].span().end <= pair[1].span().start, "{:?} and {:?} of {text:?}", pair[0].span(), pair[1].span());
        }
        waiting.extend(children.into_iter().map(|child| (child, span)));
    }
    for defect in tree.defects() {
        assert!(defect.at.start <= defect.at.end && defect.at.end as usize <= text.len(), "{defect:?}");
        assert_eq!(tree.location(defect.at.span()), defect.at);
    }
}

/// A few hundred; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_parser_panic(text in any_text()) {
        for syntax in [Syntax::Yaml, Syntax::Json] {
            spans_are_sound(&parse(syntax, &text));
        }
        parse(Syntax::Toml, &text);
        template("a/b.yaml", &text);
        template("a/b.json", &text);
    }

    #[test]
    fn yaml_reads_as_serde_yaml_reads_it(text in soup(YAML_PIECES)) {
        let tree = parse(Syntax::Yaml, &text);
        // A byte order mark is never content here; the other parser takes a second one for text.
        if tree.defects().is_empty() && !text.contains('\u{FEFF}') {
            agrees_with_serde_yaml(&text, &tree);
        }
    }

    #[test]
    fn the_two_readers_of_yaml_agree(text in prop_oneof![soup(YAML_PIECES), soup(BLOCK_PIECES)]) {
        readers_agree(&text);
    }

    #[test]
    fn yaml_that_people_write_is_read(value in value(), choices in prop::collection::vec(any::<u8>(), 1..40)) {
        let mut text = String::new();
        write_yaml(&value, 0, false, &mut choices.iter().copied().cycle(), &mut text);
        let tree = parse(Syntax::Yaml, &text);
        prop_assert_eq!(tree.defects(), &[], "of {:?}", text);
        spans_are_sound(&tree);
        readers_agree(&text);
        let expected = serde_yaml::to_value(&value).expect("plain data");
        prop_assert_eq!(tree.root().and_then(|root| difference(root, &expected)), None, "in {:?}", text);
        agrees_with_serde_yaml(&text, &tree);
    }

    #[test]
    fn yaml_that_serde_yaml_writes_is_read(value in value()) {
        let text = serde_yaml::to_string(&value).expect("plain data");
        let tree = parse(Syntax::Yaml, &text);
        prop_assert_eq!(tree.defects(), &[], "of {:?}", text);
        spans_are_sound(&tree);
        readers_agree(&text);
        agrees_with_serde_yaml(&text, &tree);
    }

    #[test]
    fn json_that_serde_json_writes_is_read(value in value(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value).expect("plain data") } else { value.to_string() };
        let tree = parse(Syntax::Json, &text);
        prop_assert_eq!(tree.defects(), &[], "of {:?}", text);
        spans_are_sound(&tree);
        let expected = serde_yaml::to_value(&value).expect("plain data");
        prop_assert_eq!(tree.root().and_then(|root| difference(root, &expected)), None, "in {:?}", text);
    }

    #[test]
    fn json_is_refused_where_serde_json_refuses_it(text in soup(JSON_PIECES)) {
        let tree = parse(Syntax::Json, &text);
        let broken = tree.defects().iter().any(|defect| defect.kind == DefectKind::Syntax);
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(value) => {
                prop_assert!(!broken, "{:?} of {:?}", tree.defects(), text);
                if tree.defects().is_empty() {
                    let expected = serde_yaml::to_value(&value).expect("plain data");
                    prop_assert_eq!(tree.root().and_then(|root| difference(root, &expected)), None, "in {:?}", text);
                }
            }
            // A number too large for a float is a number all the same.
            Err(error) if error.to_string().starts_with("number out of range") => {}
            Err(_) => prop_assert!(broken, "nothing is told of {:?}", text),
        }
    }

    #[test]
    fn toml_reads_as_its_crate_reads_it(text in soup(TOML_PIECES)) {
        let tree = parse(Syntax::Toml, &text);
        match text.parse::<::toml::Table>() {
            Ok(table) => {
                prop_assert_eq!(tree.defects(), &[], "of {:?}", text);
                if let Some(root) = tree.root() {
                    prop_assert_eq!(toml_difference(root, &::toml::Value::Table(table)), None, "in {:?}", text);
                } else {
                    prop_assert!(table.is_empty());
                }
            }
            Err(_) => prop_assert!(!tree.defects().is_empty(), "nothing is told of {:?}", text),
        }
    }
}

fn toml_difference(node: Node, value: &::toml::Value) -> Option<String> {
    use ::toml::Value::*;
    let agree = match value {
        String(value) => node.text() == Some(value),
        Integer(value) => node.int() == Some(*value),
        Float(value) => node.float() == Some(*value),
        Boolean(value) => node.bool() == Some(*value),
        Datetime(value) => node.text() == Some(&value.to_string()),
        Array(items) => {
            node.len() == items.len() && node.items().zip(items).all(|(node, item)| toml_difference(node, item).is_none())
        }
        Table(table) => {
            let same = |(key, value): (&std::string::String, &::toml::Value)| {
                node.get(key).is_some_and(|node| toml_difference(node, value).is_none())
            };
            node.len() == table.len() && table.iter().all(same)
        }
    };
    (!agree).then(|| format!("{:?} at {:?} against {value:?}", node.shape(), node.span()))
}

#[test]
fn handwritten_documents_read_as_serde_yaml_reads_them() {
    for text in [
        "a: 1\n",
        "- a\n- b:\n    c\n  d: |\n    x\n\n    y\n",
        "a: 'x'\nb: \"\\u00e9\\\n  z\"\n",
        "a: &a {x: 1}\nb: *a\nc: {<<: *a, y: 2}\n",
        "? a\n: b\n? [c]\n: d\n",
        "[a: b, {c: d}, [e], 'f': g, \"h\" : i]\n",
        "a:\n- b\n- c\nd: e\n",
        "--- a\n--- |\n b\n--- [c]\n...\n",
        "a: >\n  one\n  two\n\n    three\n  four\n\n\nb: |+\n  x\n\n",
        "a: http://example.com:8080/x#y\nb: a#b\nc: a # b\nd: ab:c\n",
        "a: [1, 2.5, -3, 1e3, .5, +7, 0x1F, 0o17, .inf, -.INF, .nan]\n",
        "[yes, No, on, off, y, n, ~, null, NULL, true, True, 'true', 1_000, 12:30:45, 2024-01-01, 1.2.3]\n",
        "a: 1\r\nb: 2\r\n",
        "a: !!str 12\nb: !!int '12'\nc: !Ref d\n",
        "%YAML 1.2\n---\na: b\n",
        "a:   \n  b:\n    c:\n\n  d: \n",
        "{a, b: , c: d}\n",
        "a: |2\n    x\n   y\n",
        "a: b\n  c\n  d\ne: f\n",
        "'a b': \"c: d\"\n\"e\\tf\": 'g # h'\n",
        "- - - a\n    - b\n  - c\n- d\n",
    ] {
        let tree = parse(Syntax::Yaml, text);
        assert_eq!(tree.defects(), [], "of {text:?}");
        readers_agree(text);
        assert!(established_yaml(text).is_some(), "the other parser refuses {text:?}");
        agrees_with_serde_yaml(text, &tree);
        spans_are_sound(&tree);
    }
}
