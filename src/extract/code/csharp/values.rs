//! Values as C# writes them: settings, versions, and paths below others.

use std::ops::Range;
use std::sync::Arc;

use super::expressions;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::{Code, value};
use crate::facts::Value;

/// What an expression stands for; names of parameters stay symbols.
pub fn text(code: &Code, range: Range<usize>) -> Value {
    expressions::text(code, range)
}

/// Sections of a key are parted by colons in code, and by dots in facts.
pub fn setting_key(key: &str) -> Arc<str> {
    key.replace("__", ":").replace(':', ".").into()
}

/// A path below another, with one slash between.
pub fn join(prefix: Value, below: Value) -> Value {
    if below == value::literal("") {
        return prefix;
    }
    if prefix == value::literal("") {
        return below;
    }
    let ends = matches!(last_part(&prefix), Value::Literal(text) if text.ends_with('/'));
    let begins = matches!(first_part(&below), Value::Literal(text) if text.starts_with('/'));
    match (ends, begins) {
        (true, true) => value::concat([prefix, map_first(below, |text| text.trim_start_matches('/').to_owned())]),
        (false, false) => value::concat([prefix, value::literal("/"), below]),
        _ => value::concat([prefix, below]),
    }
}

/// A host with a scheme before it.
pub fn below_scheme(scheme: &str, host: Value) -> Value {
    value::concat([value::literal(scheme), host])
}

pub fn first_part(value: &Value) -> &Value {
    match value {
        Value::Concat(parts) => parts.first().unwrap_or(value),
        _ => value,
    }
}

fn last_part(value: &Value) -> &Value {
    match value {
        Value::Concat(parts) => parts.last().unwrap_or(value),
        _ => value,
    }
}

pub fn map_first(value: Value, change: impl Fn(&str) -> String) -> Value {
    match value {
        Value::Literal(text) => value::literal(change(&text)),
        Value::Concat(mut parts) => {
            if let Some(Value::Literal(text)) = parts.first_mut() {
                *text = change(text).into();
            }
            value::concat(parts)
        }
        other => other,
    }
}

/// `1.0`, `1, 0`, `new ApiVersion(1, 0)`, `"1.0"`: the version as it stands in a path, `1`.
pub fn version(code: &Code, arguments: Range<usize>) -> Option<String> {
    let parts: Vec<String> = arguments
        .filter_map(|at| match code.kind(at)? {
            TokenKind::Number => Some(code.text_of(at).trim_end_matches(['d', 'f', 'm']).to_owned()),
            TokenKind::Literal => code.literal(at).map(|text| text.into_owned()),
            _ => None,
        })
        .take(2)
        .collect();
    let joined = parts.join(".");
    let is_version = joined.starts_with(|first: char| first.is_ascii_digit());
    is_version.then(|| joined.strip_suffix(".0").unwrap_or(&joined).to_owned())
}

/// A path for each version where the path names it: `v{version:apiVersion}`.
pub fn versioned(path: Value, versions: &[String]) -> Vec<Value> {
    let mark = ":apiVersion}";
    let named = match &path {
        Value::Literal(text) => text.contains(mark),
        Value::Concat(parts) => parts.iter().any(|part| matches!(part, Value::Literal(text) if text.contains(mark))),
        _ => false,
    };
    if !named || versions.is_empty() {
        return vec![path];
    }
    let insert = |version: &str| {
        value::map_literals(path.clone(), &|text| match text.find(mark) {
            Some(end) => {
                let start = text[..end].rfind('{').unwrap_or(end);
                [&text[..start], version, &text[end + mark.len()..]].concat()
            }
            None => text.to_owned(),
        })
    };
    versions.iter().map(|version| insert(version)).collect()
}
