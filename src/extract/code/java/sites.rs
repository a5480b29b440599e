//! Places that reach out as facts: how a client's base and a path become one address, and whether a client gives up after a time.

use std::ops::Range;

use super::controllers::join;
use super::known::{mentions, type_of};
use super::{known, names, values};
use crate::extract::Output;
use crate::extract::code::Code;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::{concat, literal, unknown};
use crate::facts::{CallKind, CallSite, Fact, Value};
use crate::source::Location;

/// A request over HTTP.
pub fn http(output: &mut Output, client: &str, at: Location, method: Option<&str>, target: Value, limited: Option<bool>) {
    output.facts.push(Fact::Call(CallSite {
        at,
        kind: CallKind::Http,
        client: client.into(),
        target: without_query(target),
        method: method.map(Into::into),
        name: None,
        exchange: None,
        limited,
    }));
}

/// A procedure, pattern or message with a name.
pub fn named(output: &mut Output, client: &str, kind: CallKind, at: Location, target: Value, name: Option<Value>) {
    output.facts.push(Fact::Call(CallSite {
        at,
        kind,
        client: client.into(),
        target,
        method: None,
        name,
        exchange: None,
        limited: None,
    }));
}

/// The address of a path at a client: a URL that is whole stays as it is.
pub fn below(base: Option<Value>, url: Value) -> Value {
    let is_relative = match &url {
        Value::Literal(text) => !text.contains("://"),
        Value::Concat(parts) => {
            matches!(parts.first(), Some(Value::Literal(text)) if !text.contains("://") && text.starts_with('/'))
        }
        Value::Unknown(_) => base.is_some(),
        _ => false,
    };
    match (is_relative, base) {
        (false, _) => url,
        (true, Some(base)) => join(base, url),
        (true, None) => join(unknown("the client's base"), url),
    }
}

/// The address with nothing behind its path: what is asked for is no part of whom is asked.
pub fn without_query(value: Value) -> Value {
    match value {
        Value::Literal(text) => match text.split_once('?') {
            Some((path, _)) => literal(path.trim_end_matches('{')),
            None => Value::Literal(text),
        },
        Value::Concat(parts) => {
            let mut kept = Vec::new();
            for part in parts {
                let cut = matches!(&part, Value::Literal(text) if text.contains('?'));
                kept.push(without_query(part));
                if cut {
                    break;
                }
            }
            concat(kept)
        }
        other => other,
    }
}

/// How a client of the file that has a name was made: the tokens assigned to it, or those of the function by its name.
pub fn set_up(code: &Code, receiver: &Range<usize>) -> Option<Range<usize>> {
    let last = receiver.end.checked_sub(1).filter(|&at| at >= receiver.start)?;
    if code.is(last, ")") {
        // `client().get()`, or a builder in the same expression.
        let name = code.partner(last).checked_sub(1).filter(|&name| name == receiver.start)?;
        let item = known::Known::of(code).function(code, code.text_of(name), 0)?;
        return Some(item.body.clone());
    }
    let assigned = names::assigned(code, code.word(last)?, last)?;
    // `this.client = builder` leads one step further.
    let one = assigned.clone().filter(|&at| code.word(at).is_some() && !code.is(at, "this")).last()?;
    match assigned.len() <= 3 && !code.is(assigned.end - 1, ")") {
        true => names::assigned(code, code.text_of(one), assigned.start).or(Some(assigned)),
        false => Some(assigned),
    }
}

/// What a call by one of some names in a range is given first.
pub fn given_in(code: &Code, range: Range<usize>, names: &[&str]) -> Option<Value> {
    const LONGEST_SET_UP: usize = 2_000;
    let mut found = (range.start..range.end.min(range.start + LONGEST_SET_UP)).filter(|&at| code.is_any(at, names));
    found.find_map(|at| {
        let argument = code.arguments(at + 1).into_iter().next().filter(|_| code.is(at + 1, "("));
        argument.map(|argument| values::reached(code, argument))
    })
}

/// Whether what makes a client sets a time-out; None where it may be set elsewhere.
pub fn limited(code: &Code, set_up: Option<&Range<usize>>) -> Option<bool> {
    if set_up.is_some_and(|range| code.text_in(range.clone()).contains("imeout")) {
        return Some(true);
    }
    let makes = |range: &&Range<usize>| {
        let mut tokens = Range::clone(range);
        tokens.any(|at| code.is_any(at, &["new", "create", "createDefault", "newHttpClient"]))
    };
    set_up.filter(makes).filter(|_| !mentions(code, "imeout")).map(|_| false)
}

/// The name of the member before the last dot.
pub fn receiver_word<'t>(code: &Code<'t>, receiver: &Range<usize>) -> Option<&'t str> {
    code.word(receiver.end.checked_sub(1)?).filter(|_| !receiver.is_empty())
}

/// True where the receiver of a call is of one of some types, or called like one.
pub fn is_of(code: &Code, receiver: &Range<usize>, types: &[&str]) -> bool {
    // `clients.getRestTemplate().exchange(…)`.
    let getter = || code.word(code.partner(receiver.end.checked_sub(1)?).checked_sub(1)?).filter(|word| word.starts_with("get"));
    let Some(word) = receiver_word(code, receiver).or_else(getter) else { return false };
    match type_of(code, word) {
        Some(of) => types.contains(&&*of),
        None => {
            let small = word.to_ascii_lowercase();
            types.iter().any(|of| small.ends_with(&of.to_ascii_lowercase()))
        }
    }
}

/// The addresses that a variable of a function may have where it is used, one of each branch; what the expression is, else.
pub fn alternatives(code: &Code, range: Range<usize>) -> Vec<Value> {
    const MOST_BRANCHES: usize = 8;
    let one = values::reached(code, range.clone());
    let body = code.enclosing(range.start, ItemKind::Function).map(|item| item.body.start..range.start);
    let (Some(name), Some(body), 1) = (code.word(range.start), body, range.len()) else { return vec![one] };
    let given = code.occurrences_in(body, name).iter().rev().take(4 * MOST_BRANCHES);
    let given = given.filter_map(|&at| code.assignment(at as usize)).map(|range| values::reached(code, range));
    let is_whole = |value: &Value| match value {
        Value::Literal(text) => text.contains("://"),
        Value::Concat(parts) => matches!(parts.first(), Some(Value::Literal(text)) if text.contains("://")),
        _ => false,
    };
    let mut found: Vec<Value> = Vec::new();
    for value in given.take(MOST_BRANCHES) {
        // An empty text waits for one of the others.
        if value == literal("") {
            continue;
        }
        if !is_whole(&value) {
            return vec![one];
        }
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found.reverse();
    if found.is_empty() { vec![one] } else { found }
}
