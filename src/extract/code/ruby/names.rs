//! What names of Ruby are given: local names in the method around them, instance variables in their class, and methods that only give
//! back a value.
//!
//! A name and its place come in, the tokens of the expression that it stands for come out.

use std::ops::Range;

use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::tokens::TokenKind;

/// Places of a name that are looked at.
const MOST_PLACES: usize = 64;
/// A method that is no longer only gives back a value.
const LONGEST_METHOD: usize = 80;

/// The expression that a name stands for: a local name, `@name`, or a method without arguments.
pub fn given(code: &Code, range: Range<usize>) -> Option<Range<usize>> {
    let at = range.start + (range.start..range.end).take_while(|&at| code.is(at, "@")).count();
    let at = if code.reads(at, &["self", "."]) { at + 2 } else { at };
    if at + 1 != range.end {
        return None;
    }
    let name = code.word(at)?;
    if at > range.start && code.is(range.start, "@") {
        return instance_variable(code, at, name);
    }
    local(code, at, name).or_else(|| method_value(code, at, name)).or_else(|| constant(code, at, name))
}

fn constant(code: &Code, at: usize, name: &str) -> Option<Range<usize>> {
    name.starts_with(|first: char| first.is_uppercase() || first == '$').then(|| code.assigned(name, at)).flatten()
}

/// The tokens given to a name by `=` or `||=`; they do not hold `at`.
fn assignment(code: &Code, name: usize, at: usize) -> Option<Range<usize>> {
    let equals = if code.is(name + 1, "||") && code.is(name + 2, "=") { name + 2 } else { name + 1 };
    let joined = code.is(name + 1, "||=");
    if !code.is(equals, "=") && !joined {
        return None;
    }
    let from = if joined { name + 2 } else { equals + 1 };
    let range = from..line_end(code, from);
    (!range.is_empty() && !range.contains(&at)).then_some(range)
}

/// Where an expression ends that goes on until its line does.
pub fn line_end(code: &Code, from: usize) -> usize {
    let mut end = from;
    while end < code.len() {
        let goes_on = end == from
            || code.kind(end - 1) == Some(TokenKind::Operator)
            || code.is_any(end, &[".", "||", "&&", "+"])
            || code.kind(end) == Some(TokenKind::Literal) && code.is(end - 1, "\\");
        let is_condition = end > from && code.is_any(end, &["if", "unless", "rescue"]);
        if code.begins_line(end) && !goes_on || code.kind(end) == Some(TokenKind::Close) || code.is(end, ";") || is_condition {
            break;
        }
        end = code.after(end);
    }
    end
}

pub fn methods_around<'c>(code: &'c Code, at: usize) -> impl Iterator<Item = &'c Item> {
    code.enclosing_all(at).filter(|item| item.kind == ItemKind::Function).take(2)
}

pub fn local(code: &Code, at: usize, name: &str) -> Option<Range<usize>> {
    let within = |range: Range<usize>| {
        let all = code.occurrences_in(range, name);
        let before = all.partition_point(|&place| (place as usize) < at);
        let mut places = all[..before].iter().rev().take(MOST_PLACES).map(|&place| place as usize);
        places.find_map(|place| {
            let is_own = place == 0 || !code.is_any(place - 1, &[".", "@", ":", "::"]);
            is_own.then(|| assignment(code, place, at)).flatten()
        })
    };
    match methods_around(code, at).next() {
        Some(method) => within(method.body.clone()),
        None => within(0..code.len()),
    }
}

pub fn instance_variable(code: &Code, at: usize, name: &str) -> Option<Range<usize>> {
    let scope = code.enclosing(at, ItemKind::Type).map_or(0..code.len(), |class| class.body.clone());
    let places = code.occurrences_in(scope, name).iter().take(MOST_PLACES).map(|&place| place as usize);
    places.filter(|&place| place > 0 && code.is(place - 1, "@")).find_map(|place| assignment(code, place, at))
}

/// The method by a name in the class around a token, or in the file.
pub fn method<'c>(code: &'c Code, at: usize, name: &str) -> Option<&'c Item> {
    let scope = code.enclosing(at, ItemKind::Type).map_or(0..code.len(), |class| class.body.clone());
    let places = code.occurrences_in(scope, name).iter().take(MOST_PLACES).map(|&place| place as usize);
    let items = code.items();
    places
        .filter_map(|place| {
            let index = items.partition_point(|item| item.name < place && item.start <= place);
            items[index.saturating_sub(1)..].iter().take(3).find(|item| item.name == place && item.kind == ItemKind::Function)
        })
        .next()
}

/// What a short method gives back: its only expression.
pub fn method_value(code: &Code, at: usize, name: &str) -> Option<Range<usize>> {
    let method = method(code, at, name)?;
    let body = method.body.clone();
    if body.is_empty() || body.len() > LONGEST_METHOD || body.contains(&at) || !code.parameters(method).is_empty() {
        return None;
    }
    let start = body.start + usize::from(code.is(body.start, "return"));
    // `@name ||= …`
    let from = match code.is(start, "@") && code.word(start + 1).is_some() {
        true => assignment(code, start + 1, at).map_or(start, |range| range.start),
        false => start,
    };
    (line_end(code, from) >= body.end).then_some(from..body.end)
}
