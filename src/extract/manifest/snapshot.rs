//! Facts as compact text, for tests: one line for each fact and problem, every value with its place.

use serde_json::Value;

use crate::discover::{Kind, Role};
use crate::extract;
use crate::source::Span;

/// Reads a file and renders what it says: `value@line:column`, what is absent left out.
pub fn read(path: &str, text: &str) -> String {
    let kind = Kind { language: None, role: Role::Production };
    let file = extract::file(kind, path, text.as_bytes());
    let mut lines = Vec::new();
    for fact in &file.facts {
        let json = serde_json::to_value(fact).expect("facts serialise");
        assert_eq!(&serde_json::from_value::<crate::facts::Fact>(json.clone()).expect("facts read back"), fact);
        lines.push(render(text, &json));
    }
    for problem in &file.problems {
        let mut line = format!("{} {}:{} {}", problem.fault.name(), problem.at.line, problem.at.column, problem.message);
        let written = &text[Span::new(problem.at.start as usize, problem.at.end as usize).range()];
        line += &format!(" <{}>", written.lines().next().unwrap_or(""));
        for (at, label) in &problem.labels {
            line += &format!(" ({}:{} {label})", at.line, at.column);
        }
        if let Some(help) = &problem.help {
            line += &format!("\n  help: {help}");
        }
        lines.push(line);
    }
    lines.join("\n")
}

/// Compares what a file says with the lines expected; both may be indented.
#[track_caller]
pub fn check(path: &str, text: &str, expected: &str) {
    let trim = |text: &str| text.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n");
    assert_eq!(trim(&read(path, text)), trim(expected), "\n--- found:\n{}\n", read(path, text));
}

fn render(text: &str, json: &Value) -> String {
    match json {
        Value::Object(fields) => {
            if let Some(place) = place(text, json) {
                return place;
            }
            let part = |key: &str, value: &Value| match (key, value) {
                (_, Value::Null) => None,
                (_, Value::Array(items)) if items.is_empty() => None,
                ("fact", Value::String(name)) => Some(name.clone()),
                _ => Some(format!("{key}={}", render(text, value))),
            };
            let parts: Vec<String> = fields.iter().filter_map(|(key, value)| part(key, value)).collect();
            parts.join(" ")
        }
        Value::Array(items) => format!("[{}]", items.iter().map(|item| render(text, item)).collect::<Vec<_>>().join(", ")),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A location, or a value with its location, which must be where the value stands.
fn place(text: &str, json: &Value) -> Option<String> {
    let (at, value) = match (json.get("at"), json.get("value")) {
        (Some(at), Some(value)) if json.as_object()?.len() == 2 => (at, value.as_str()),
        _ => (json, None),
    };
    let number = |key: &str| at.get(key).and_then(Value::as_u64);
    let (start, end) = (number("start")? as usize, number("end")? as usize);
    let place = format!("{}:{}", number("line")?, number("column")?);
    let Some(value) = value else { return Some(place) };
    let first = value.split(['\n', '\\']).next().unwrap_or(value);
    // Kinds of entities read as the format writes them, as does whatever a function is triggered by; of what is put together (commands,
    // paths), at least one part must stand there. What is written in base64 reads as nothing that stands there.
    let written = &text[start..end];
    let has_part = || first.split(['/', ' ', ':', '$', '{', '}']).any(|part| !part.is_empty() && written.contains(part));
    let is_encoded = written.len().is_multiple_of(4)
        && written.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
    let as_written = written.contains(first)
        || is_encoded
        || written.eq_ignore_ascii_case(first)
        || matches!(first, "Component" | "ANY /{proxy+}" | "ANY /")
        || written.contains('$')
        || has_part();
    assert!(as_written, "`{value}` is said to be `{}`", &text[start..end]);
    Some(format!("{value}@{place}"))
}
