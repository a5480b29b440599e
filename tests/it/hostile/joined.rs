//! Facts of others, joined by `--with`: broken, of another form, or made up to harm.

use serde_json::{Value, json};

use super::{Folder, TWIN_FINDING, nested};

#[test]
fn what_holds_no_facts_is_refused() {
    let deep = nested("[", "", "]", 100_000);
    let deep_value = format!("{{\"version\":2,\"repositories\":{deep}}}");
    for (text, why) in [
        ("", "holds no facts"),
        ("{", "holds no facts"),
        ("[]", "holds no facts"),
        ("{\"version\":2}", "holds no facts"),
        ("{\"version\":2,\"repositories\":[{\"name\":1}]}", "holds no facts"),
        ("{\"version\":99,\"repositories\":[]}", "facts of form 99"),
        ("{\"version\":99,\"repositories\":{\"new\":1}}", "facts of form 99"),
        ("{\"version\":-1,\"repositories\":[]}", "holds no facts"),
        (&deep, "holds no facts"),
        (&deep_value, "holds no facts"),
    ] {
        let folder = Folder::new();
        folder.write("facts.json", text).is_refused(&["--with", "facts.json"], &["facts.json", why]);
    }
    let folder = Folder::new();
    folder.is_refused(&["--with", "nowhere.json"], &["nowhere.json"]);
    folder.is_refused(&["--with", "bad"], &["bad"]);
}

/// True facts of a small folder, to be spoilt.
fn facts() -> Value {
    let folder = Folder::new();
    folder.write("bad/service.yaml", "name: a\nowner: b\nprovides: [openapi.yaml, nowhere.yaml]\nconsumes: [c]\n");
    folder
        .write("bad/CODEOWNERS", "* @a\n")
        .write("bad/main.go", "package main\n// brickwork: allow no-owner until 2020-01-01 by @a -- x\n");
    folder.write(
        "bad/openapi.yaml",
        "openapi: 3.0.3\ninfo: { title: t, version: '1' }\npaths: { /a: { get: { responses: { '200': {} } } } }\n",
    );
    folder.run(&["facts"]).report()
}

/// Replaces every value that `choose` picks.
fn spoil(value: &mut Value, key: &str, choose: &dyn Fn(&str, &Value) -> Option<Value>) {
    if let Some(other) = choose(key, value) {
        *value = other;
        return;
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, key, choose)),
        Value::Object(entries) => entries.iter_mut().for_each(|(key, value)| spoil(value, key, choose)),
        _ => {}
    }
}

fn is_place(key: &str) -> bool {
    ["start", "end", "line", "column"].contains(&key)
}

/// Texts that may be anything.
fn is_free(key: &str, value: &Value) -> bool {
    value.is_string() && !["fact", "fault", "format", "language", "dialect"].contains(&key)
}

type Choose = dyn Fn(&str, &Value) -> Option<Value>;

#[test]
fn facts_that_lie_do_no_harm() {
    let cases: [(&str, &Choose); 9] = [
        ("huge places", &|key, _| is_place(key).then(|| json!(u32::MAX))),
        ("no places", &|key, _| is_place(key).then(|| json!(0))),
        ("huge numbers of lines", &|key, _| ["code", "comment", "blank"].contains(&key).then(|| json!(u32::MAX))),
        ("paths that climb", &|key, _| (key == "path" || key == "root").then(|| json!("../../../etc/passwd"))),
        ("absolute paths", &|key, _| (key == "path" || key == "root").then(|| json!("/etc/passwd"))),
        ("escapes", &|key, value| is_free(key, value).then(|| json!("\u{1b}[31m\n\u{0}::error::x"))),
        ("nothing in texts", &|key, value| is_free(key, value).then(|| json!(""))),
        ("long texts", &|key, value| is_free(key, value).then(|| json!("x/".repeat(20_000)))),
        ("marks", &|key, value| is_free(key, value).then(|| json!("**/[{*\\"))),
    ];
    for (name, choose) in cases {
        println!("{name}");
        let mut spoilt = facts();
        spoil(&mut spoilt, "", choose);
        let folder = Folder::new();
        folder.write("facts.json", spoilt.to_string());
        let check = |format: &str| {
            folder.run(&["check", "--with", "facts.json", "--with", "facts.json", "--format", format, "--fail-on", "warning"])
        };
        let run = check("json");
        assert_eq!((run.code, run.errors.as_str()), (1, ""));
        assert!(run.findings().contains(&TWIN_FINDING.to_owned()), "{}", run.text);
        for format in ["terminal", "sarif", "github"] {
            let run = check(format);
            assert_eq!((run.code, run.errors.as_str()), (1, ""), "{format}");
            assert!(!run.text.contains('\x1b') && !run.text.contains("root:x:0"), "{format}: {}", run.text);
            assert!(!run.text.lines().any(|line| line.starts_with("::error::x")), "{format}: {}", run.text);
        }
    }
}

#[test]
fn a_language_that_nobody_knows_is_refused() {
    let mut spoilt = facts();
    spoil(&mut spoilt, "", &|key, _| (key == "language").then(|| json!("Klingon")));
    let folder = Folder::new();
    folder.write("facts.json", spoilt.to_string()).is_refused(&["--with", "facts.json"], &["facts.json", "Klingon"]);
}
