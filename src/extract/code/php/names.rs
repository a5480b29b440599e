//! What names of PHP are given: variables in the function around them, properties in their class, and methods that only return a value.
//!
//! A name and its place come in, the tokens of the expression that it stands for come out.

use std::ops::Range;

use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::tokens::TokenKind;
use crate::facts::Value;

/// Places of a name that are looked at.
const MOST_PLACES: usize = 64;

/// The expression that a name or a call of an own method stands for: `$client`, `$this->client`, `$this->client()`, `self::client()`.
pub fn given(code: &Code, range: Range<usize>) -> Option<Range<usize>> {
    let Range { start, end } = range;
    if end == start + 1 && code.word(start).is_some_and(|word| word.starts_with('$')) {
        return variable(code, start, code.text_of(start));
    }
    let is_own = code.reads(start, &["$this", "->"]) || code.is_any(start, &["self", "static"]) && code.is(start + 1, "::");
    let name = start + 2;
    if !is_own || code.word(name).is_none() {
        return None;
    }
    if end == name + 1 {
        return property(code, start, code.text_of(name).trim_start_matches('$'));
    }
    (code.is(name + 1, "(") && code.after(name + 1) == end).then(|| returned(code, start, code.text_of(name))).flatten()
}

/// What a variable of the function around a token was last given before it.
pub fn variable(code: &Code, at: usize, name: &str) -> Option<Range<usize>> {
    let assigned = |range: Range<usize>| {
        let all = code.occurrences_in(range, name);
        let before = all.partition_point(|&place| (place as usize) < at);
        all[..before].iter().rev().take(MOST_PLACES).find_map(|&place| assignment(code, place as usize, at))
    };
    let mut is_inside = false;
    for function in functions_around(code, at) {
        is_inside = true;
        if let Some(found) = assigned(function.body.clone()) {
            return Some(found);
        }
        if parameter_index(code, function, name).is_some() {
            return None;
        }
    }
    if is_inside { None } else { assigned(0..code.len()) }
}

/// The tokens given to a name by `=` or `??=`; they do not hold `at`.
pub fn assignment(code: &Code, name: usize, at: usize) -> Option<Range<usize>> {
    let equals = name + 1 + usize::from(code.is(name + 1, "??") && code.is(name + 2, "="));
    if !code.is(equals, "=") {
        return None;
    }
    let range = equals + 1..expression_end(code, equals + 1);
    (!range.is_empty() && !range.contains(&at)).then_some(range)
}

/// Where an expression ends: before `;`, a comma, or the bracket around it.
pub fn expression_end(code: &Code, from: usize) -> usize {
    let mut end = from;
    while end < code.len() && !code.is_any(end, &[";", ","]) && code.kind(end) != Some(TokenKind::Close) {
        end = code.after(end);
    }
    end
}

pub fn functions_around<'c>(code: &'c Code, at: usize) -> impl Iterator<Item = &'c Item> {
    code.enclosing_all(at).filter(|item| item.kind == ItemKind::Function).take(4)
}

pub fn parameter_index(code: &Code, function: &Item, name: &str) -> Option<usize> {
    let parameters = code.parameters(function);
    parameters.into_iter().take(MOST_PLACES).position(|parameter| parameter_name(code, parameter) == Some(name))
}

/// The name of a parameter, its attributes and type left out.
pub fn parameter_name<'t>(code: &Code<'t>, parameter: Range<usize>) -> Option<&'t str> {
    let mut at = parameter.start;
    while at < parameter.end {
        if let Some(word) = code.word(at).filter(|word| word.starts_with('$')) {
            return Some(word);
        }
        at = code.after(at);
    }
    None
}

/// What a property of the class around a token is given: in the constructor, elsewhere, or where it is declared.
pub fn property(code: &Code, at: usize, name: &str) -> Option<Range<usize>> {
    let class = code.enclosing(at, ItemKind::Type)?;
    let own = code.occurrences_in(class.body.clone(), name).iter().take(MOST_PLACES).map(|&place| place as usize);
    let own = own.filter(|&place| place > 1 && code.is(place - 1, "->") && code.is(place - 2, "$this"));
    let mut found = None;
    for place in own {
        let Some(range) = assignment(code, place, at) else { continue };
        let is_made = functions_around(code, place).any(|function| code.is(function.name, "__construct"));
        if is_made {
            return Some(range);
        }
        found = found.or(Some(range));
    }
    // `private $name = …;` and `self::$name = …;`
    let declared = format!("${name}");
    let in_class = |place: &usize| functions_around(code, *place).next().is_none() || code.is(*place - 1, "::");
    let declared = code.occurrences_in(class.body.clone(), &declared).iter().take(MOST_PLACES).map(|&place| place as usize);
    found.or_else(|| declared.filter(in_class).find_map(|place| assignment(code, place, at)))
}

/// What the only statement of a method of the class returns.
fn returned(code: &Code, at: usize, name: &str) -> Option<Range<usize>> {
    let class = code.enclosing(at, ItemKind::Type)?;
    let method = method(code, class, name)?;
    let mut returns = code.occurrences_in(method.body.clone(), "return").iter().take(MOST_PLACES).map(|&place| place as usize);
    let first = returns.next()?;
    // A method that returns in several places gives one thing or another.
    (returns.next().is_none() && !method.body.contains(&at)).then(|| first + 1..expression_end(code, first + 1))
}

pub fn method<'c>(code: &'c Code, class: &Item, name: &str) -> Option<&'c Item> {
    let items = code.items();
    let from = items.partition_point(|item| item.start < class.body.start);
    items[from..]
        .iter()
        .take_while(|item| item.start < class.body.end)
        .take(400)
        .find(|item| item.kind == ItemKind::Function && code.is(item.name, name))
}

/// A parameter of the constructor that is a property too: `private readonly string $name`.
pub fn promoted(code: &Code, at: usize, name: &str) -> Option<(Range<usize>, Value)> {
    let class = code.enclosing(at, ItemKind::Type)?;
    let constructor = method(code, class, "__construct")?;
    for (index, parameter) in code.parameters(constructor).into_iter().take(MOST_PLACES).enumerate() {
        let is_named = parameter_name(code, parameter.clone()).is_some_and(|known| known.trim_start_matches('$') == name);
        let is_kept = parameter.clone().any(|at| code.is_any(at, &["private", "protected", "public", "readonly"]));
        if is_named && is_kept {
            let value = Value::Parameter { function: code.text_of(class.name).into(), index: index as u32 };
            return Some((parameter, value));
        }
    }
    None
}
