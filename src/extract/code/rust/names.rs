//! Names of Rust as values: what a `let`, a parameter, a constant or a field stands for where it is used.
//!
//! A name and its place come in; the value comes out, or the tokens that the name is given. A name of another file stays a symbol.

use std::ops::Range;

use super::values::{bare, value_within};
use super::{fields, modules};
use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::tokens::TokenKind;
use crate::facts::Value;

/// Places of one name that are looked at.
const MOST_PLACES: usize = 60;

/// A name, a path, or a field.
pub fn named(code: &Code, range: Range<usize>, steps: u32) -> Option<Value> {
    let Range { start, end } = range;
    // `settings().orders_url`, `Config::load()?.orders_url`: a field of what a function gives.
    if end - start > 3 && code.is_any(end - 2, &[".", "?."]) && code.kind(end - 3) != Some(TokenKind::Word) {
        let of = owner(code, start..end - 2)?;
        return Some(fields::value(code, &of, code.text_of(end - 1), steps));
    }
    let name = code.dotted(start..end)?;
    let parts: Vec<&str> = name.split('.').collect();
    let last = *parts.last()?;
    match &parts[..] {
        [name] => bound(code, name, start, steps),
        ["self", field] => {
            let of = code.type_around(start)?;
            match code.grounded(start, Value::Symbol(format!("#{field}").into())) {
                Value::Symbol(_) => Some(fields::value(code, of, field, steps)),
                parameter => Some(parameter),
            }
        }
        _ if code.is(start + 1, "::") => {
            let of = if parts[0] == "Self" { code.type_around(start).unwrap_or("Self") } else { parts[0] };
            let constant =
                (parts.len() == 2 && of.starts_with(char::is_uppercase)).then(|| constant(code, Some(of), last, steps)).flatten();
            constant.or_else(|| Some(Value::Symbol(modules::symbol(code, &[&[of], &parts[1..]].concat()))))
        }
        _ => {
            let of = owner(code, start..end - 2)?;
            Some(fields::value(code, &of, last, steps))
        }
    }
}

/// The type, or the static or function, that has a field: of `self.config` that of `config`.
pub fn owner(code: &Code, range: Range<usize>) -> Option<String> {
    let range = bare(code, range);
    let last = range.end.checked_sub(1)?;
    if code.is(last, ")") {
        let call = code.call_before(code.partner(last))?;
        let path = code.dotted(range.start..call.name + 1)?;
        let of = path.rsplit('.').nth(1).filter(|of| of.starts_with(char::is_uppercase));
        return Some(of.map_or_else(|| path.rsplit('.').next().unwrap_or(&path).to_owned(), str::to_owned));
    }
    let name = code.word(last).filter(|_| range.len() == 1 || code.is_any(last - 1, &[".", "::", "?."]))?;
    if name == "self" {
        return code.type_around(last).map(str::to_owned);
    }
    Some(fields::type_of(code, name, last).unwrap_or(name).to_owned())
}

/// What a plain name stands for where it is used: what it is bound to in the function around, a parameter, a constant, or a symbol.
pub fn bound(code: &Code, name: &str, at: usize, steps: u32) -> Option<Value> {
    let symbol = || Value::Symbol(code.symbol(name));
    let Some(steps) = steps.checked_sub(1) else { return Some(symbol()) };
    if let Some(item) = code.enclosing(at, ItemKind::Function) {
        if let Some(given) = bound_in(code, item, name, at) {
            return Some(value_within(code, given, steps));
        }
        if let parameter @ Value::Parameter { .. } = code.grounded(at, Value::Symbol(format!("#{name}").into()))
            && is_parameter(code, item, name)
        {
            return Some(parameter);
        }
    }
    constant(code, None, name, steps).or_else(|| Some(symbol()))
}

/// The tokens that a name is given in the function around a place.
pub fn given(code: &Code, name: &str, at: usize) -> Option<Range<usize>> {
    bound_in(code, code.enclosing(at, ItemKind::Function)?, name, at)
}

fn is_parameter(code: &Code, item: &Item, name: &str) -> bool {
    code.parameters(item).into_iter().any(|range| code.parameter_name(range) == Some(name))
}

/// The tokens that a `let` of the function gives to a name before a place.
fn bound_in(code: &Code, item: &Item, name: &str, at: usize) -> Option<Range<usize>> {
    let body = item.body.start..at.min(item.body.end);
    let places = code.occurrences_in(body, name);
    places.iter().rev().take(MOST_PLACES).find_map(|&place| {
        let place = place as usize;
        let (before, mut equals) = (place.checked_sub(1)?, place + 1);
        let twice = place.wrapping_sub(2);
        let binds = code.is(before, "let") || code.is(before, "mut") && code.is(twice, "let");
        let assigns = code.is_any(before, &[";", "{", "}"]) && code.is(equals, "=");
        // `if let Ok(name) = …`
        let wrapped = code.is(before, "(") && code.is_any(twice, &["Ok", "Some"]) && code.is(place + 1, ")");
        if wrapped {
            equals = place + 2;
        } else if !(binds || assigns) {
            return None;
        }
        if code.is(equals, ":") {
            equals = (equals..equals + 16).find(|&at| code.is_any(at, &["=", ";"]))?;
        }
        if !code.is(equals, "=") {
            return None;
        }
        let mut end = equals + 1;
        // `let Ok(x) = value else { … };`, `if let Some(x) = value { … }`.
        let ends: &[&str] = if wrapped { &[";", "else", "{"] } else { &[";", "else"] };
        while end < at && !code.is_any(end, ends) {
            end = code.after(end);
        }
        // Inside of what it is given, a name still means what it meant before.
        (end <= at && equals + 1 < end).then_some(equals + 1..end)
    })
}

/// What a constant or static of this file is given.
fn constant(code: &Code, of: Option<&str>, name: &str, steps: u32) -> Option<Value> {
    let places = code.occurrences(name).iter().take(MOST_PLACES).map(|&at| at as usize);
    let given = places.into_iter().find_map(|at| {
        let declared = at.checked_sub(1).is_some_and(|before| {
            code.is_any(before, &["const", "static"])
                || code.is_any(before, &["ref", "mut"]) && code.is(before.wrapping_sub(1), "static")
        });
        if !declared || of.is_some_and(|of| code.type_around(at) != Some(of)) {
            return None;
        }
        constant_value(code, at)
    })?;
    Some(value_within(code, given, steps))
}

/// The tokens given to the constant that is declared at a name.
pub fn constant_value(code: &Code, name: usize) -> Option<Range<usize>> {
    let equals = (name + 1..(name + 24).min(code.len())).find(|&at| code.is_any(at, &["=", ";", "{"]))?;
    if !code.is(equals, "=") {
        return None;
    }
    let mut end = equals + 1;
    while end < code.len() && !code.is(end, ";") && code.kind(end) != Some(TokenKind::Close) {
        end = code.after(end);
    }
    (equals + 1 < end).then_some(equals + 1..end)
}
