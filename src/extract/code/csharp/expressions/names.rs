//! Names in expressions: what they are assigned in their function or in the type around it, and what their types tell.

use std::ops::Range;

use super::{Reader, Thing, is_configuration};
use crate::extract::code::Code;
use crate::extract::code::csharp::expressions::holds_settings;
use crate::extract::code::csharp::syntax;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::tokens::TokenKind;
use crate::facts::Value;

/// Places of a name that are looked at.
const MOST_PLACES: usize = 24;

impl Reader<'_> {
    /// A name, or names with dots.
    pub(super) fn name(&self, dotted: &str, at: usize, depth: u32) -> Thing {
        if let Some((outer, at, _)) = &self.outer {
            return outer.name(dotted, *at, depth);
        }
        let own = dotted.strip_prefix("this.").or(dotted.strip_prefix("base.")).unwrap_or(dotted);
        let code = self.code;
        let mut parts = own.split('.');
        let first = parts.next().unwrap_or(own);
        let rest: Vec<&str> = parts.collect();
        let last = rest.last().copied().unwrap_or(first);
        // `builder.Configuration`, whatever the builder is.
        if !rest.is_empty() && is_configuration(last) {
            return Thing::Section(String::new());
        }
        if let Some(thing) = self.single(first, at, depth) {
            return rest.iter().fold(thing, |thing, member| self.member(thing, member));
        }
        if let Some(of) = own.rsplit_once('.').map(|(of, _)| of).filter(|_| first.starts_with(|first: char| first.is_uppercase()))
            && let Some(range) = code.assigned_member(of, last)
        {
            return self.thing(range, depth - 1);
        }
        Thing::Text(Value::Symbol(code.symbol(own)))
    }

    /// A name without dots: what it is assigned, or what its type tells.
    pub(super) fn single(&self, name: &str, at: usize, depth: u32) -> Option<Thing> {
        if depth == 0 || self.left.get() == 0 {
            return None;
        }
        if let Some(thing) = self.assigned(name, at, depth) {
            return Some(thing);
        }
        let code = self.code;
        let typed = code.occurrences(name).iter().take(MOST_PLACES).find_map(|&at| {
            let end = at as usize;
            let start = syntax::type_before(code, end)?;
            self.typed(start..end)
        });
        typed.or_else(|| is_configuration(name).then(|| Thing::Section(String::new())))
    }

    /// What a type alone tells of its values.
    pub(super) fn typed(&self, range: Range<usize>) -> Option<Thing> {
        let code = self.code;
        let mut at = range.start;
        while code.is_any(at + 1, &[".", "::"]) && at + 2 < range.end {
            at += 2;
        }
        let name = code.word(at)?;
        match name {
            "IConfiguration" | "IConfigurationRoot" | "ConfigurationManager" | "IConfigurationManager" => {
                Some(Thing::Section(String::new()))
            }
            "IOptions" | "IOptionsSnapshot" | "IOptionsMonitor" if code.is(at + 1, "<") => {
                let end = syntax::type_arguments_end(code, at + 1).saturating_sub(1);
                Some(Thing::Options(syntax::type_name(code, at + 2..end).to_owned()))
            }
            _ if holds_settings(name) && name.starts_with(|first: char| first.is_uppercase()) => {
                let bare = name.strip_prefix('I').filter(|bare| bare.starts_with(|first: char| first.is_uppercase()));
                Some(Thing::Settings(bare.unwrap_or(name).to_owned()))
            }
            _ => None,
        }
    }

    /// What a name is assigned in the function around a place, or in the type around it. None for a parameter.
    pub(super) fn assigned(&self, name: &str, at: usize, depth: u32) -> Option<Thing> {
        let code = self.code;
        let functions = code.enclosing_all(at).filter(|item| item.kind == ItemKind::Function).take(6);
        for function in functions {
            let before = code.occurrences_in(function.body.start..at, name);
            let mut found = before.iter().rev().take(MOST_PLACES).filter_map(|&place| self.assignment(place as usize, at));
            if let Some(last) = found.next() {
                let value = self.thing(last, depth - 1);
                // `if (string.IsNullOrEmpty(x)) x = "…"` after the variable was read.
                if let (Thing::Text(Value::Literal(_)), Some(earlier)) = (&value, found.next()) {
                    let first = self.thing(earlier, depth - 1);
                    return Some(match (first, value) {
                        (Thing::Text(Value::Env { name, default: None }), Thing::Text(value)) => {
                            Thing::Text(Value::Env { name, default: Some(Box::new(value)) })
                        }
                        (Thing::Text(Value::Property { key, default: None }), Thing::Text(value)) => {
                            Thing::Text(Value::Property { key, default: Some(Box::new(value)) })
                        }
                        (_, value) => value,
                    });
                }
                return Some(value);
            }
            let is_given =
                |item: &Item| code.parameters(item).into_iter().any(|part| syntax::parameter_name(code, part) == Some(name));
            if is_given(function) && !syntax::is_constructor(code, function) {
                return None;
            }
        }
        let types: Vec<&Item> = code.enclosing_all(at).filter(|item| item.kind == ItemKind::Type).take(6).collect();
        let mut found = types.iter().find_map(|of| self.field(name, of, at));
        if found.is_none() && types.is_empty() {
            let all = code.occurrences(name);
            let (before, after) = all.split_at(all.partition_point(|&place| (place as usize) < at));
            let top = |&place: &u32| {
                let place = place as usize;
                code.enclosing_all(place).next().is_none().then(|| self.assignment(place, at))?
            };
            found = before.iter().rev().take(MOST_PLACES).find_map(top).or_else(|| after.iter().take(MOST_PLACES).find_map(top));
        }
        // An attribute of a type names its constants.
        let is_constant = types.is_empty() && name.starts_with(|first: char| first.is_uppercase());
        let range = match found {
            Some(range) => range,
            None if is_constant => code.assigned(name, at)?,
            None => return None,
        };
        Some(self.thing(range, depth - 1))
    }

    /// What a field or property of a type is assigned: in a constructor, or where it is declared.
    pub(super) fn field(&self, name: &str, of: &Item, at: usize) -> Option<Range<usize>> {
        let code = self.code;
        let mut declared = None;
        let places = code.occurrences_in(of.body.clone(), name).iter().take(MOST_PLACES).map(|&place| place as usize);
        for place in places {
            let around = code.enclosing(place, ItemKind::Function).filter(|function| of.body.contains(&function.name));
            match around {
                Some(function) if syntax::is_constructor(code, function) => {
                    // A parameter of the same name is not the field: `this.a = a`.
                    if let Some(range) = self.assignment(place, at) {
                        return Some(range);
                    }
                }
                Some(_) => {}
                None => {
                    if declared.is_none() {
                        declared = self.assignment(place, at).or_else(|| computed(code, place));
                    }
                }
            }
        }
        declared.filter(|range| !range.contains(&at))
    }

    /// The tokens assigned where a name stands; members of an object that is made are others' names.
    pub(super) fn assignment(&self, place: usize, user: usize) -> Option<Range<usize>> {
        let code = self.code;
        let range = code.assignment(place).filter(|range| !range.contains(&user))?;
        let before = place.checked_sub(1);
        if before.is_some_and(|before| code.is(before, ".") && !code.is(before.wrapping_sub(1), "this")) {
            return None;
        }
        let in_list = before.is_some_and(|before| code.is_any(before, &["{", ","]));
        (!in_list || code.is(range.end, ";")).then_some(range)
    }
}

/// `Name => …;`, `Name { get => …; }`, `Name { get; } = …;`.
fn computed(code: &Code, name: usize) -> Option<Range<usize>> {
    let mut arrow = name + 1;
    if code.is(arrow, "{") {
        let inside = code.inside(arrow);
        let after = code.after(arrow);
        arrow = match code.is(after, "=") {
            true => after,
            false => inside.clone().find(|&at| code.is(at, "get") && code.is(at + 1, "=>"))? + 1,
        };
    }
    if !code.is_any(arrow, &["=>", "="])
        || name.checked_sub(1).is_none_or(|before| code.word(before).is_none() && !code.is(before, ">"))
    {
        return None;
    }
    let mut end = arrow + 1;
    while end < code.len() && !code.is(end, ";") && code.kind(end) != Some(TokenKind::Close) {
        end = code.after(end);
    }
    Some(arrow + 1..end)
}
