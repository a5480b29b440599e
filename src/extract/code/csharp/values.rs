//! Values as C# writes them: settings, versions, and paths below others.

use std::ops::Range;
use std::sync::Arc;

use super::syntax::type_arguments_end;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::{Code, value};
use crate::facts::Value;

/// What an expression stands for.
pub fn text(code: &Code, range: Range<usize>) -> Value {
    if code.is(range.start, "nameof") && code.is(range.start + 1, "(") {
        let inside = code.inside(range.start + 1);
        return code.word(inside.end.saturating_sub(1)).map_or_else(|| value::unknown("nameof"), value::literal);
    }
    if let Some(setting) = setting(code, range.clone()) {
        return setting;
    }
    // A name of the file may stand for a setting.
    if range.len() == 1
        && let Some(name) = code.word(range.start)
        && let Some(assigned) = code.assigned(name, range.start)
        && let Some(setting) = setting(code, assigned)
    {
        return setting;
    }
    code.value(range)
}

/// `Environment.GetEnvironmentVariable("NAME")` and `configuration["Key"]`, with what stands after `??`.
fn setting(code: &Code, range: Range<usize>) -> Option<Value> {
    let joint = range.clone().find(|&at| code.is(at, "??"));
    let end = joint.unwrap_or(range.end);
    let is_default =
        |at: &usize| code.kind(*at) == Some(TokenKind::Literal) || code.word(*at).is_some_and(|word| word != "throw");
    let default = joint.map(|at| at + 1).filter(is_default).map(|at| Box::new(code.value(at..range.end)));
    let name = (range.start..end.min(range.start + 12)).find(|&at| {
        code.is_any(at, &["GetEnvironmentVariable", "GetValue", "GetSection", "GetConnectionString"])
            || is_configuration(code, at)
    })?;
    let open = if code.is(name + 1, "<") { type_arguments_end(code, name + 1) } else { name + 1 };
    let argument = code.literal(code.is_any(open, &["(", "["]).then_some(open + 1)?)?;
    let second = || code.arguments(open).get(1).map(|default| Box::new(code.value(default.clone())));
    match code.text_of(name) {
        "GetEnvironmentVariable" => Some(Value::Env { name: argument.as_ref().into(), default }),
        "GetConnectionString" => None,
        _ => {
            let default = if code.is(name, "GetValue") { second().or(default) } else { default };
            Some(Value::Property { key: setting_key(&argument), default })
        }
    }
}

fn is_configuration(code: &Code, at: usize) -> bool {
    code.word(at).is_some_and(|word| word.to_ascii_lowercase().trim_start_matches('_').starts_with("config"))
        && code.is(at + 1, "[")
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
