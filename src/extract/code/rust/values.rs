//! Expressions of Rust as values: variables of the environment with their defaults, `format!`, URLs that are joined, blocks and
//! closures.
//!
//! What only says how a value is held (`unwrap`, `to_string`, `&`, `?`, `Arc::new`) is looked through.

use std::ops::Range;

use super::names::{bound, named, owner};
use super::{fields, modules};
use crate::extract::code::Code;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{concat, literal, unknown};
use crate::facts::Value;

/// Names that stand for names, and expressions in expressions.
const MOST_STEPS: u32 = 12;
/// Parts of one sum or format.
const MOST_PARTS: usize = 24;

/// Methods that leave a text what it is.
#[rustfmt::skip]
const SAME: [&str; 40] = [
    "unwrap", "expect", "to_string", "to_owned", "into", "clone", "as_str", "as_ref", "trim", "context", "with_context", "map_err", "ok",
    "as_deref", "ok_or", "ok_or_else", "into_string", "parse", "as_bytes", "cloned", "unwrap_or_default", "trim_end", "into_owned",
    "borrow", "to_string_lossy", "try_into", "leak", "into_boxed_str", "wrap_err", "parse_url", "inspect_err", "deref", "path_and_query",
    "iter", "into_bytes", "connect", "connect_lazy", "timeout", "connect_timeout", "tls_config",
];
/// Functions that hold what they are given.
#[rustfmt::skip]
const HOLDERS: [&str; 22] = [
    "String::from", "Some", "Ok", "Box::new", "Arc::new", "Rc::new", "Cow::Borrowed", "Cow::from", "Arc::from", "Url::parse",
    "Url::from_str", "Uri::from_static", "Uri::try_from", "Uri::from_str", "Endpoint::from_static", "Endpoint::from_shared",
    "Endpoint::new", "Endpoint::try_from", "Channel::from_static", "Channel::from_shared", "Endpoint::from", "Uri::from_shared",
];
/// Types that are made when they are first needed, by a function.
const LAZY: [&str; 5] = ["Lazy::new", "LazyLock::new", "LazyCell::new", "SyncLazy::new", "OnceCell::new"];

/// What an expression stands for; names that the function around it is given are parameters.
pub fn value(code: &Code, range: Range<usize>) -> Value {
    value_within(code, range, MOST_STEPS)
}

/// The value, with no more than so many further steps.
pub fn value_within(code: &Code, range: Range<usize>, steps: u32) -> Value {
    let at = range.start;
    code.grounded(at, read(code, range, steps))
}

fn read(code: &Code, range: Range<usize>, steps: u32) -> Value {
    let Some(steps) = steps.checked_sub(1) else { return unknown("too far") };
    let range = peeled(code, range);
    if range.is_empty() {
        return unknown("nothing");
    }
    if range.len() == 1 && !matches!(code.kind(range.start), Some(TokenKind::Word)) {
        return code.value(range);
    }
    let sum = code.split(range.clone(), "+");
    if sum.len() > 1 {
        return match sum.len() > MOST_PARTS {
            true => unknown("too long"),
            false => concat(sum.into_iter().map(|part| value_within(code, part, steps / 2))),
        };
    }
    let last = range.end - 1;
    let found = match code.text_of(last) {
        ")" | "]" if code.partner(last) < last => called(code, range.clone(), code.partner(last), steps),
        "}" if code.partner(last) < last => block(code, range.clone(), steps),
        _ => named(code, range.clone(), steps),
    };
    found.unwrap_or_else(|| unknown(code.text_in(range).lines().next().unwrap_or("")))
}

/// The expression without the methods behind it that leave a text what it is.
fn peeled(code: &Code, mut range: Range<usize>) -> Range<usize> {
    loop {
        range = bare(code, range);
        let Some(last) = range.end.checked_sub(1).filter(|&last| last > range.start && code.is(last, ")")) else { return range };
        let Some(call) = code.call_before(code.partner(last)) else { return range };
        let is_method = call.name > range.start + 1 && code.is_any(call.name - 1, &[".", "?."]);
        if !is_method || !code.is_any(call.name, &SAME) {
            return range;
        }
        range.end = call.name - 1;
    }
}

/// The expression without what says how it is held.
pub fn bare(code: &Code, mut range: Range<usize>) -> Range<usize> {
    loop {
        let Range { start, end } = range;
        if start >= end {
            return range;
        }
        if code.is_any(start, &["&", "*", "mut", "&&", "move", "return"]) {
            range.start += 1;
        } else if code.is_any(end - 1, &["?", ";"]) {
            range.end -= 1;
        } else if code.is(end - 1, "await") && end - start > 2 {
            range.end -= 2;
        } else if code.is(start, "(") && code.partner(start) + 1 == end {
            range = code.inside(start);
        } else {
            return range;
        }
    }
}

/// A macro, a function or a method with its arguments.
fn called(code: &Code, range: Range<usize>, open: usize, steps: u32) -> Option<Value> {
    let arguments = code.arguments(open);
    if open >= 2 && code.is(open - 1, "!") && open - 2 == range.start {
        return macro_value(code, code.text_of(open - 2), open, &arguments, steps);
    }
    let call = code.call_before(open)?;
    let name = code.text_of(call.name);
    if call.name > range.start && code.is_any(call.name - 1, &[".", "?."]) {
        return method(code, range.start..call.name - 1, name, &arguments, steps);
    }
    let path = code.dotted(range.start..call.name + 1)?;
    let parts: Vec<&str> = path.split('.').collect();
    function(code, &parts, range.start, &arguments, steps)
}

/// `format!("{}/x", base)` and other macros that give a text.
fn macro_value(code: &Code, name: &str, open: usize, arguments: &[Range<usize>], steps: u32) -> Option<Value> {
    let first = arguments.first()?.clone();
    match name {
        "format" | "format_args" => Some(format(code, open, arguments, steps / 2)),
        "concat" => Some(concat(arguments.iter().take(MOST_PARTS).map(|part| value_within(code, part.clone(), steps / 2)))),
        "env" | "option_env" | "dotenv" => {
            let name = code.literal(first.start)?;
            (!name.starts_with("CARGO")).then(|| Value::Env { name: name.as_ref().into(), default: None })
        }
        _ => None,
    }
}

/// A text with holes in braces, and what stands in them.
fn format(code: &Code, open: usize, arguments: &[Range<usize>], steps: u32) -> Value {
    let Some(text) = arguments.first().and_then(|first| code.literal(first.start)) else { return unknown("format!") };
    let mut parts = Vec::new();
    let mut rest = text.as_ref();
    let mut next = 1;
    while let Some(at) = rest.find(['{', '}']).filter(|_| parts.len() < MOST_PARTS) {
        let (before, behind) = (&rest[..at], &rest[at..]);
        parts.push(literal(before));
        if behind.starts_with("{{") || behind.starts_with("}}") {
            parts.push(literal(&behind[..1]));
            rest = &behind[2..];
            continue;
        }
        let Some(end) = behind.find('}') else { break };
        let hole = behind.get(1..end).unwrap_or("").split(':').next().unwrap_or("").trim();
        let argument = match hole.parse::<usize>() {
            Ok(index) => arguments.get(index + 1).cloned(),
            Err(_) if hole.is_empty() => {
                next += 1;
                arguments.get(next - 1).cloned()
            }
            Err(_) => code.named(&arguments[1..], hole),
        };
        parts.push(match argument {
            Some(range) => value_within(code, range, steps),
            None if hole.is_empty() => unknown("format!"),
            None => bound(code, hole, open, steps).unwrap_or_else(|| unknown(hole)),
        });
        rest = &behind[end + 1..];
    }
    parts.push(literal(rest));
    concat(parts)
}

fn method(code: &Code, receiver: Range<usize>, name: &str, arguments: &[Range<usize>], steps: u32) -> Option<Value> {
    let on = |steps| value_within(code, receiver.clone(), steps);
    let first = arguments.first().cloned();
    match name {
        "trim_end_matches" | "trim_matches" | "trim_start_matches" => Some(without_slash(on(steps))),
        "unwrap_or" | "or" | "map_or" | "unwrap_or_else" | "or_else" => {
            Some(with_default(on(steps), value_within(code, closure_body(code, first?), steps)))
        }
        // What is done to the text of a variable leaves it the variable's.
        "map" | "and_then" if !code.text_in(first.clone()?).contains("format!") => match on(steps) {
            value @ (Value::Env { .. } | Value::Property { .. }) => Some(value),
            _ => None,
        },
        "join" => {
            let path = value_within(code, first?, steps);
            let joins = matches!(&path, Value::Literal(text) if text.len() > 1 && !text.contains([' ', '\n']))
                || matches!(&path, Value::Concat(_));
            joins.then(|| joined(on(steps), path))
        }
        "get_string" | "get_str" | "get" if code.text.contains("config") => {
            let key = code.literal_text(first?)?.value;
            let has_key = key.contains('.') || name != "get";
            has_key.then_some(Value::Property { key, default: None })
        }
        // `config.orders_url()`: a method of the house that gives a setting.
        _ if arguments.is_empty() => {
            let of = owner(code, receiver.clone())?;
            fields::returned(code, Some(&of), name, steps)
                .or_else(|| Some(Value::Symbol(format!("{}.{name}", code.symbol(&of)).into())))
        }
        _ => None,
    }
}

fn function(code: &Code, parts: &[&str], at: usize, arguments: &[Range<usize>], steps: u32) -> Option<Value> {
    let name = *parts.last()?;
    let short = parts[parts.len().saturating_sub(2)..].join("::");
    let first = arguments.first().cloned();
    if reads_environment(code, parts) {
        return Some(match value_within(code, first?, steps.max(2)) {
            Value::Literal(name) => Value::Env { name, default: None },
            // A constant of another file names the variable.
            _ => unknown("a variable of the environment"),
        });
    }
    if HOLDERS.contains(&short.as_str()) || parts.len() == 1 && HOLDERS.contains(&name) {
        return Some(value_within(code, first?, steps));
    }
    if LAZY.contains(&short.as_str()) {
        return Some(value_within(code, closure_body(code, first?), steps));
    }
    let Some(first) = first else {
        let of = parts.len().checked_sub(2).map(|of| parts[of]).filter(|of| of.starts_with(char::is_uppercase));
        let of = if of == Some("Self") { code.type_around(at) } else { of };
        let own = parts.len() == 1 && !code.imports().contains_key(name) || of.is_some() && parts.len() == 2;
        let returned = own.then(|| fields::returned(code, of, name, steps)).flatten();
        return returned.or_else(|| Some(Value::Symbol(modules::symbol(code, parts))));
    };
    // `env_or("ORDERS_URL", "http://orders")`: a function of the house around the environment.
    let variable = code.literal(first.start).filter(|_| first.len() == 1 && name.to_ascii_lowercase().contains("env"))?;
    let is_variable =
        variable.len() > 2 && variable.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit());
    is_variable.then(|| {
        let default = arguments.get(1).map(|range| value_within(code, range.clone(), steps));
        with_default(Value::Env { name: variable.as_ref().into(), default: None }, default.unwrap_or_else(|| unknown("")))
    })
}

/// `env::var`, `std::env::var_os`, `dotenvy::var`, `var` that is imported.
fn reads_environment(code: &Code, parts: &[&str]) -> bool {
    match parts {
        [.., "env" | "dotenvy" | "dotenv", "var" | "var_os"] => true,
        ["var" | "var_os"] => code
            .imports()
            .get(parts[0])
            .is_some_and(|target| matches!(target.split('#').next(), Some("std/env" | "dotenvy" | "dotenv"))),
        _ => false,
    }
}

/// The last expression of a closure: `|_| "x".to_string()`, `|| { … }`.
fn closure_body(code: &Code, range: Range<usize>) -> Range<usize> {
    let start = range.start + usize::from(code.is(range.start, "move"));
    if code.is(start, "||") {
        return start + 1..range.end;
    }
    if !code.is(start, "|") {
        return range;
    }
    let close = (start + 1..range.end.min(start + 16)).find(|&at| code.is(at, "|"));
    close.map_or(range.clone(), |close| close + 1..range.end)
}

/// What a block gives: its last expression; `match` and `if let` give what they look at, with a default.
fn block(code: &Code, range: Range<usize>, steps: u32) -> Option<Value> {
    let Range { start, end } = range;
    if code.is(start, "{") && code.after(start) == end {
        return Some(value_within(code, last_expression(code, code.inside(start))?, steps));
    }
    if code.is(start, "match") {
        let open = (start + 1..end).find(|&at| code.is(at, "{") && code.after(at) == end)?;
        let looked_at = value_within(code, start + 1..open, steps);
        let otherwise = code.split(code.inside(open), ",").into_iter().find_map(|arm| {
            let arrow = arm.clone().find(|&at| code.is(at, "=>"))?;
            code.is_any(arm.start, &["Err", "None", "_"]).then_some(arrow + 1..arm.end)
        });
        return Some(match otherwise {
            Some(otherwise) => with_default(looked_at, value_within(code, otherwise, steps)),
            None => looked_at,
        });
    }
    if code.is(start, "if") && code.is(start + 1, "let") {
        let equals = (start + 2..(start + 10).min(end)).find(|&at| code.is(at, "="))?;
        let open = (equals..end).find(|&at| code.is(at, "{"))?;
        let otherwise = code.after(open);
        let looked_at = value_within(code, equals + 1..open, steps);
        return Some(match code.is(otherwise, "else") {
            true => with_default(looked_at, value_within(code, otherwise + 1..end, steps)),
            false => looked_at,
        });
    }
    None
}

/// The expression at the end of a block.
pub fn last_expression(code: &Code, body: Range<usize>) -> Option<Range<usize>> {
    let mut from = body.start;
    let mut at = body.start;
    while at < body.end {
        let next = code.after(at);
        let ends = code.is(at, ";")
            || code.is(at, "{") && next < body.end && code.begins_line(next) && !code.is_any(next, &[".", "else", "?", "?."]);
        if ends {
            from = next.max(at + 1);
        }
        at = next.max(at + 1);
    }
    (from < body.end).then_some(from..body.end)
}

fn with_default(value: Value, otherwise: Value) -> Value {
    let known = |otherwise: Value| (!matches!(otherwise, Value::Unknown(_))).then(|| Box::new(otherwise));
    match value {
        Value::Env { name, default: None } => Value::Env { name, default: known(otherwise) },
        Value::Env { name, default: Some(inner) } => {
            Value::Env { name, default: Some(Box::new(deeper_default(*inner, otherwise))) }
        }
        Value::Property { key, default: None } => Value::Property { key, default: known(otherwise) },
        other => other,
    }
}

/// `var("A").or_else(|_| var("B")).unwrap_or("c")`: the last default is that of the second variable.
fn deeper_default(inner: Value, otherwise: Value) -> Value {
    match inner {
        Value::Env { name, default: None } if !matches!(otherwise, Value::Unknown(_)) => {
            Value::Env { name, default: Some(Box::new(otherwise)) }
        }
        other => other,
    }
}

/// A base and a path with one slash between.
pub fn joined(base: Value, path: Value) -> Value {
    let path = match &path {
        Value::Literal(text) if !text.starts_with('/') => concat([literal("/"), path]),
        _ => path,
    };
    concat([without_slash(base), path])
}

fn without_slash(value: Value) -> Value {
    match value {
        Value::Literal(text) => literal(text.strip_suffix('/').unwrap_or(&text)),
        Value::Concat(mut parts) => {
            if let Some(Value::Literal(text)) = parts.last_mut()
                && let Some(shorter) = text.strip_suffix('/')
            {
                *text = shorter.into();
            }
            concat(parts)
        }
        other => other,
    }
}
