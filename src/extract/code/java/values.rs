//! Values as programs of Java and Kotlin write them: lists of attributes, and settings in texts or calls.
//!
//! `${name:default}` in a text of a framework stands for a setting of the application, `System.getenv("NAME")` for one of the environment.

use std::ops::Range;

use super::known::Known;
use super::types::{self, Annotation};
use super::{expressions, names};
use crate::extract::code::Code;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{Budget, Reader, concat, literal, unknown};
use crate::facts::Value;

/// More texts in one list are no paths or topics.
const MOST_VALUES: usize = 64;

/// What a list holds, or the one value that stands in its place: `{"a", "b"}`, `["a", "b"]`, `arrayOf("a")`, `List.of("a")`, `"a"`.
pub fn list(code: &Code, range: Range<usize>) -> Vec<Value> {
    let Range { start, end } = range;
    let inner = match code.kind(start) {
        Some(TokenKind::Open) if !code.is(start, "(") && code.after(start) >= end => code.inside(start),
        _ => match code.call_before(last_open(code, start..end)) {
            Some(call)
                if code.after(call.open) >= end
                    && call.start == start
                    && code.is_any(
                        call.name,
                        &[
                            "arrayOf",
                            "listOf",
                            "setOf",
                            "of",
                            "asList",
                            "singletonList",
                            "singleton",
                            "mutableListOf",
                            "newHashSet",
                            "newArrayList",
                        ],
                    ) =>
            {
                code.inside(call.open)
            }
            _ => start..end,
        },
    };
    code.split(inner, ",").into_iter().take(MOST_VALUES).map(|part| value(code, part)).collect()
}

/// The bracket of the call that an expression is; past the end where it is none.
fn last_open(code: &Code, range: Range<usize>) -> usize {
    match range.end.checked_sub(1) {
        Some(close) if code.is(close, ")") && code.partner(close) >= range.start => code.partner(close),
        _ => code.len(),
    }
}

/// What an expression stands for, settings of the application and of the environment among it. Names that functions are given stay symbols.
pub fn value(code: &Code, range: Range<usize>) -> Value {
    placeholders(code.value_by(range, READER, Budget::WHOLE))
}

/// The same, where names that functions are given are parameters of wrappers.
pub fn reached(code: &Code, range: Range<usize>) -> Value {
    let at = range.start;
    code.grounded(at, value(code, range))
}

pub const READER: Reader = Reader { expression: expressions::expression, name: names::name };

/// What the framework gives to a field or parameter: `@Value("${topic}") String topic`, `@ConfigProperty(name = "topic")`.
pub fn injected(code: &Code, name: &str, before: usize) -> Option<Value> {
    // Constants are given nothing, and members of others are declared elsewhere.
    if !name.starts_with(|first: char| first.is_lowercase()) || name.contains('.') {
        return None;
    }
    if !Known::of(code).injects {
        return None;
    }
    let declared = code.occurrences(name).iter().map(|&at| at as usize).filter(|&at| at != before);
    // A declaration has its annotations some words before it.
    declared.take(64).find_map(|at| {
        let from = (at.saturating_sub(24)..at).rev().find(|&at| {
            code.is(at, "@") && code.is_any(at + 1, &["Value", "ConfigProperty", "Property"]) && code.is(at + 2, "(")
        })?;
        let annotation = Annotation::read(code, from + 1);
        let (_, after) = types::annotations_at(code, annotation.end, at);
        let plain = (after..at).all(|at| code.word(at).is_some() || code.is_any(at, &["<", ">", "?", "."]));
        plain.then(|| setting(code, &annotation)).flatten()
    })
}

pub fn setting(code: &Code, annotation: &Annotation) -> Option<Value> {
    if annotation.name == "Value" {
        return annotation.attribute(code, "value").map(|range| placeholders(code.value(range)));
    }
    let key = annotation.attribute(code, "name").and_then(|range| code.literal(range.start))?;
    let default = annotation.attribute(code, "defaultValue").map(|range| Box::new(code.value(range)));
    Some(Value::Property { key: key.as_ref().into(), default })
}

/// The value with `${name:default}` in its literals read as settings.
pub fn placeholders(value: Value) -> Value {
    match value {
        Value::Literal(text) if text.contains("${") || text.contains("#{") => text_placeholders(&text),
        Value::Concat(parts) => concat(parts.into_iter().map(placeholders)),
        other => other,
    }
}

fn text_placeholders(text: &str) -> Value {
    // An expression of Spring may hold nothing but a setting that is split: `#{'${topics}'.split(',')}`.
    if text.contains("#{") {
        let inner = text.strip_prefix("#{'${").and_then(|rest| rest.split_once('}'));
        return match inner {
            Some((inner, rest)) if rest.starts_with('\'') => property(inner, 2),
            _ => unknown(text),
        };
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        parts.push(literal(&rest[..start]));
        let Some(length) = closing(&rest[start + 2..]) else { break };
        parts.push(property(&rest[start + 2..start + 2 + length], 4));
        rest = rest.get(start + 3 + length..).unwrap_or("");
    }
    parts.push(literal(rest));
    concat(parts)
}

/// The length of what stands before the brace that closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    text.bytes().position(|byte| {
        depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        depth < 0
    })
}

/// `name`, `name:default`, and a default that is a setting too.
fn property(text: &str, steps: u32) -> Value {
    let (key, default) = text.split_once(':').map_or((text, None), |(key, default)| (key, Some(default)));
    let default = default.map(|default| match default.strip_prefix("${").and_then(|inner| inner.strip_suffix('}')) {
        Some(inner) if steps > 0 => property(inner, steps - 1),
        _ => literal(default),
    });
    Value::Property { key: key.trim().into(), default: default.map(Box::new) }
}
