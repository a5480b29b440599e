//! What names stand for where they are used: fields that a framework fills, variables of a function, members of types of settings.
//!
//! A name and the token at which it stands come in. A variable of another function by the same name is another variable.

use std::ops::Range;

use super::known::type_of;
use super::{type_symbol, values};
use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::value::Budget;
use crate::facts::Value;

/// Places of a name that are looked at on each side of where it is used.
const MOST_PLACES: usize = 24;
/// Places at the beginning of the file, where fields are declared and set.
const MOST_FIRST: usize = 12;

/// The value of a name; None where any assignment in the file tells it.
pub fn name(code: &Code, name: &str, at: usize, budget: Budget) -> Option<Value> {
    let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
    if !first.starts_with(|first: char| first.is_lowercase()) || code.imports().contains_key(first) {
        return None;
    }
    match rest {
        None => Some(variable(code, name, at, budget)),
        Some(rest) => member(code, first, rest),
    }
}

/// A member of an object of the house whose type holds settings: `properties.ordersUrl` is `Properties.ordersUrl`.
pub fn member(code: &Code, object: &str, member: &str) -> Option<Value> {
    const HOLDERS: [&str; 12] = [
        "Config",
        "Configuration",
        "Properties",
        "Property",
        "Props",
        "Settings",
        "Options",
        "Urls",
        "Endpoints",
        "Environment",
        "Hosts",
        "Services",
    ];
    const TOLD: [&str; 12] =
        ["url", "uri", "host", "endpoint", "topic", "queue", "exchange", "address", "base", "routing", "channel", "server"];
    let of = &*type_of(code, object)?;
    let small = member.to_ascii_lowercase();
    let is_setting = HOLDERS.iter().any(|end| of.ends_with(end)) || TOLD.iter().any(|word| small.contains(word));
    is_setting.then(|| Value::Symbol(format!("{}.{member}", type_symbol(code, of)).into()))
}

fn variable(code: &Code, name: &str, at: usize, budget: Budget) -> Value {
    let read = |range: Range<usize>| code.value_by(range, values::READER, budget);
    let own = code.enclosing(at, ItemKind::Function);
    let all = code.occurrences(name);
    let (earlier, later) = all.split_at(all.partition_point(|&occurrence| (occurrence as usize) < at));
    let given = |occurrence: usize| assignment(code, occurrence).filter(|range| !range.contains(&at));
    let earlier = || earlier.iter().rev().take(MOST_PLACES).map(|&occurrence| occurrence as usize);
    if let Some(own) = own {
        let mut inside = earlier().take_while(|&occurrence| occurrence >= own.body.start);
        if let Some(range) = inside.find_map(given) {
            return read(range);
        }
    }
    if let Some(value) = values::injected(code, name, at) {
        return value;
    }
    let symbol = || Value::Symbol(format!("#{name}").into());
    let takes = |item: &Item| code.parameters(item).into_iter().any(|range| code.parameter_name(range) == Some(name));
    if code.enclosing_all(at).filter(|item| item.kind == ItemKind::Function).take(4).any(takes) {
        return symbol();
    }
    let is_field = |occurrence: &usize| !is_local(code, *occurrence, own);
    let later = later.iter().take(MOST_PLACES).map(|&occurrence| occurrence as usize);
    let first = all.iter().take(MOST_FIRST).map(|&occurrence| occurrence as usize);
    match earlier().chain(first).chain(later).filter(is_field).find_map(given) {
        Some(range) => read(range),
        None => symbol(),
    }
}

/// The tokens assigned to a name near a place where it is used, or where fields are set.
pub fn assigned(code: &Code, name: &str, at: usize) -> Option<Range<usize>> {
    let all = code.occurrences(name);
    let (earlier, later) = all.split_at(all.partition_point(|&occurrence| (occurrence as usize) < at));
    let near = earlier.iter().rev().take(MOST_PLACES).chain(all.iter().take(MOST_FIRST)).chain(later.iter().take(MOST_PLACES));
    near.filter_map(|&occurrence| assignment(code, occurrence as usize)).find(|range| !range.contains(&at))
}

/// The type of which a name is declared where it is used: of a parameter or variable of the function around it, or else anywhere.
pub fn type_at(code: &Code, name: &str, at: usize) -> Option<String> {
    for item in code.enclosing_all(at).filter(|item| item.kind == ItemKind::Function).take(4) {
        let parameters = code.parameters(item).into_iter();
        if let Some(range) = parameters.into_iter().find(|range| code.parameter_name(range.clone()) == Some(name)) {
            return parameter_type(code, range).map(str::to_owned);
        }
        let places = code.occurrences_in(item.body.start..at.max(item.body.start), name);
        let is_type = |word: &&str| word.starts_with(|first: char| first.is_uppercase());
        let declared = places.iter().rev().take(MOST_PLACES).find_map(|&place| {
            let before = (place as usize).checked_sub(1)?;
            code.word(before).filter(is_type)
        });
        if let Some(of) = declared {
            return Some(of.to_owned());
        }
    }
    type_of(code, name)
}

/// The type that a parameter is declared of, type arguments left out.
pub fn parameter_type<'t>(code: &Code<'t>, range: Range<usize>) -> Option<&'t str> {
    let (_, from) = super::types::annotations_at(code, range.start, range.end);
    let from = match code.language.name() {
        "Kotlin" => (from..range.end).find(|&at| code.is(at, ":"))? + 1,
        _ => from,
    };
    let mut words = (from..range.end).take_while(|&at| !code.is(at, "<")).filter_map(|at| code.word(at));
    words.find(|word| word.starts_with(|first: char| first.is_uppercase()))
}

/// What is assigned where a name stands, attributes of annotations and named arguments left out.
fn assignment(code: &Code, at: usize) -> Option<Range<usize>> {
    let before = at.checked_sub(1)?;
    let is_argument = code.is_any(before, &["(", ","]) && !code.is(at + 1, ":");
    // `other.name = x` is a member of another object.
    let is_others = code.is(before, ".") && !before.checked_sub(1).is_some_and(|of| code.is(of, "this"));
    if is_argument || is_others { None } else { code.assignment(at) }
}

/// True for a variable that is declared inside of another function than `own`.
fn is_local(code: &Code, at: usize, own: Option<&Item>) -> bool {
    let Some(around) = code.enclosing(at, ItemKind::Function) else { return false };
    if own.is_some_and(|own| own.name == around.name) {
        return false;
    }
    let before = at.saturating_sub(1);
    code.is_any(before, &["val", "var", ">", "]"]) || code.word(before).is_some_and(|word| !matches!(word, "else" | "return"))
}
