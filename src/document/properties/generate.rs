//! Texts and values to try: soups of pieces that parsers stumble over, and documents as people write them.

use proptest::prelude::*;

/// Pieces of which hostile and ordinary documents are made.
pub const YAML_PIECES: &[&str] = &[
    "a",
    "b: ",
    "key: value\n",
    "- ",
    "\n",
    "  ",
    "\n  ",
    "\n    - ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ": ",
    "? ",
    "'",
    "\"",
    "\\n",
    "|\n",
    ">-\n",
    "# comment\n",
    " #c",
    "&x ",
    "*x",
    "!!str ",
    "!Ref ",
    "---\n",
    "...\n",
    "~",
    "null",
    "true",
    "12",
    "-1.5",
    "0x1F",
    "<<: ",
    "é",
    "\t",
    "\r\n",
    "%YAML 1.2\n",
    "\u{FEFF}",
    "@",
    "`",
    "{{ x }}",
    "a b",
    "'it''s'",
    "\"q\\u00e9\"",
    "- - ",
    "1: 2\n",
    "|2\n",
    "text\n",
    "x:\n",
    "::",
];

/// Pieces of the YAML that is read without the full parser, and of what comes near it.
pub const BLOCK_PIECES: &[&str] = &[
    "a:\n",
    "b: c\n",
    "\n",
    "\n",
    "\n",
    "  ",
    "  ",
    "    ",
    " ",
    "- ",
    "- x\n",
    "-\n",
    "k: ",
    "d:",
    "'q'",
    "\"r\"",
    "\"\\n\\\\\"",
    "'it''s'",
    " # c\n",
    "# c\n",
    "#",
    "|\n",
    "|-\n",
    "|+\n",
    "  text\n",
    "  # no\n",
    "[a, b]",
    "{a: b, 'c': [d]}",
    "[]",
    "{}",
    "---\n",
    "--- ",
    "12",
    "null",
    "~",
    "http://x:80/",
    "x: y: z\n",
    " : ",
    "{",
    "]",
    ",",
    "-1",
    "--x",
    "é",
    "...\n",
];

pub const JSON_PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"a\"",
    "\"b\":",
    "\"a\": 1,",
    "1",
    "-0",
    "2.5e3",
    "01",
    "true",
    "null",
    "nul",
    " ",
    "\n",
    "\t",
    "\"",
    "\\",
    "\"\\u00e9\"",
    "\"\\ud834\\udd1e\"",
    "\"\\x\"",
    "/",
    "é",
    "\u{1}",
    "[1,2]",
    "{\"x\":[]}",
    "\"long enough for eight bytes\"",
];

pub const TOML_PIECES: &[&str] = &[
    "a = 1\n",
    "b = 'x'\n",
    "[t]\n",
    "[[l]]\n",
    "c.d = ",
    "[",
    "]",
    "{",
    "}",
    "= ",
    ", ",
    "\"é\\n\"",
    "'''\nx\n'''",
    "\"\"\"",
    "2024-01-01",
    "1.5",
    "true",
    "\n",
    "# c\n",
    "k = [1, 2]\n",
    "x = {y = 1}\n",
    "\r\n",
    "a",
    ".",
];

pub fn soup(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 0..40).prop_map(|pieces| pieces.concat())
}

pub fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), soup(YAML_PIECES), soup(JSON_PIECES), soup(TOML_PIECES)]
}

/// A value as any of the formats can write it.
pub fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e9..1e9f64).prop_map(Into::into),
        text().prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Into::into),
            prop::collection::vec((text(), inner), 0..8)
                .prop_map(|entries| entries.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9_./-]{0,12}",
        "[ -~]{0,20}",
        "[a-zé𝄞 \n\t:#'\"{},-]{0,20}",
        prop::sample::select(vec![
            "", "null", "true", "yes", "12", "0x1", "1e3", "012", "~", "- a", "a: b", " a", "a\nb\n", "<<"
        ])
        .prop_map(str::to_owned),
    ]
}

/// A document of the value as people write it: `choices` decides, place by place, on block or flow style, quotes and comments.
pub fn write_yaml(
    value: &serde_json::Value,
    indent: usize,
    flow: bool,
    choices: &mut impl Iterator<Item = u8>,
    out: &mut String,
) {
    use serde_json::Value::*;
    let choice = choices.next().unwrap_or(0);
    let flow = flow || choice % 4 == 3;
    match value {
        Array(items) if items.is_empty() || flow => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_yaml(item, indent, true, choices, out);
            }
            out.push(']');
        }
        Object(entries) if entries.is_empty() || flow => {
            out.push('{');
            for (index, (key, item)) in entries.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_text(key, true, 0, out);
                out.push_str(": ");
                write_yaml(item, indent, true, choices, out);
            }
            out.push('}');
        }
        Array(items) => {
            for item in items {
                out.push_str(["\n", "\n\n", "\n  # why\n"][choice as usize % 3]);
                out.push_str(&" ".repeat(indent));
                out.push_str("- ");
                write_yaml(item, indent + 2, false, choices, out);
            }
        }
        Object(entries) => {
            for (key, item) in entries {
                out.push_str(["\n", "\n# why\n", "\r\n"][choice as usize % 3]);
                out.push_str(&" ".repeat(indent));
                write_text(key, true, choices.next().unwrap_or(0), out);
                out.push_str(": ");
                write_yaml(item, indent + 1 + choice as usize % 2, false, choices, out);
            }
        }
        String(text) => write_text(text, flow, choice, out),
        other => out.push_str(&other.to_string()),
    }
}

fn write_text(text: &str, inline: bool, choice: u8, out: &mut String) {
    let word = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_./-".contains(c));
    let reserved = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(&text);
    match choice % 3 {
        0 if word && !reserved => out.push_str(text),
        1 if !text.contains(['\n', '\r', '\t']) => {
            out.push('\'');
            out.push_str(&text.replace('\'', "''"));
            out.push('\'');
        }
        2 if !inline
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && !text.contains(['\r', '\n', '\t'])
            && !text.ends_with(' ') =>
        {
            out.push_str("|-\n");
            out.push_str(&" ".repeat(40));
            out.push_str(text);
        }
        _ => out.push_str(&serde_json::Value::from(text).to_string()),
    }
}
