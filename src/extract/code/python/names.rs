//! What names of a Python file stand for where they are used: an object made here, a parameter, an import.
//!
//! The scopes that come out are symbols as `facts::code` writes them.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::known::{FILE, Known};
use super::syntax::{Around, Assignment, call};
use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};

/// Names that stand for names, in one file.
const MOST_STEPS: u32 = 6;
/// A name that is assigned more often than this is known by its first assignments.
const MOST_ASSIGNMENTS: usize = 64;

#[derive(Clone)]
pub struct Names<'c, 't> {
    pub code: &'c Code<'t>,
    pub around: Around<'c>,
    known: Rc<Known>,
}

impl std::ops::Deref for Names<'_, '_> {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.known
    }
}

/// What a name is.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// The index of the assignment that says best.
    Assigned(usize),
    /// The parameter of a function.
    Parameter(Arc<str>),
    Imported(Arc<str>),
    /// A name that takes one value after another.
    Loop(Range<usize>),
    /// Nothing in the file says.
    Unknown,
}

impl<'c, 't> Names<'c, 't> {
    pub fn new(code: &'c Code<'t>) -> Self {
        let around = Around::new(code);
        let known = code.shared(|code| Rc::new(Known::new(code)));
        Names { code, around, known }
    }

    pub fn function(&self, at: usize) -> Option<&'c Item> {
        self.around.all(at).find(|item| item.kind == ItemKind::Function)
    }

    pub fn class(&self, at: usize) -> Option<&'c Item> {
        self.around.all(at).find(|item| item.kind == ItemKind::Type)
    }

    /// What a name stands for where it is used. Of several assignments the one that `best` says, or else the first.
    pub fn find(&self, name: &str, at: usize, best: &dyn Fn(&Assignment) -> bool) -> Found {
        let pick = |indices: &[usize]| {
            let good = indices.iter().copied().take(MOST_ASSIGNMENTS).find(|&index| best(&self.assignments[index]));
            good.or(indices.first().copied()).map(Found::Assigned)
        };
        let seen = |key: usize, name: &str| self.by_name.get(&(key, name.to_owned())).and_then(|indices| pick(indices));
        if let Some(member) = name.strip_prefix("self.").or(name.strip_prefix("cls.")) {
            let found = self.class(at).and_then(|class| seen(class.name, member));
            return found.unwrap_or(Found::Unknown);
        }
        for (index, item) in self.around.all(at).enumerate() {
            // The names of a class are seen right in its body alone.
            if item.kind == ItemKind::Type && index > 0 {
                continue;
            }
            if let Some(found) = seen(item.name, name) {
                return found;
            }
            let first = name.split('.').next().unwrap_or(name);
            if let Some(parameter) = self.parameter(item, first) {
                let rest = name.strip_prefix(first).unwrap_or("");
                return Found::Parameter(format!("#{}({parameter}){rest}", self.function_name(item)).into());
            }
            let mut loops = self.loops.get(first).into_iter().flatten().take(MOST_ASSIGNMENTS);
            if let Some((_, range)) = loops.find(|(start, _)| item.body.contains(start)) {
                return Found::Loop(range.clone());
            }
        }
        if let Some(found) = seen(FILE, name) {
            return found;
        }
        if let Some((_, range)) = self.loops.get(name).and_then(|loops| loops.first()) {
            return Found::Loop(range.clone());
        }
        let first = name.split('.').next().unwrap_or(name);
        match self.code.imports().contains_key(first) {
            true => Found::Imported(self.code.symbol(name)),
            false => Found::Unknown,
        }
    }

    /// What a name stands for at a place: what was assigned to it last before.
    pub fn recent(&self, name: &str, at: usize) -> Found {
        let found = self.find(name, at, &|_| true);
        let Found::Assigned(index) = found else { return found };
        let Some(all) = self.place_of(index).and_then(|key| self.by_name.get(&key)) else { return found };
        let is_same_item = self.around.innermost(at).map(|item| item.name)
            == self.around.innermost(self.assignments[index].at).map(|item| item.name);
        let before = all.partition_point(|&other| self.assignments[other].at < at);
        // What another function assigns it may do at any time: its first value that is one.
        let is_value = |index: &&usize| !self.code.is(self.assignments[**index].value.start, "None");
        // `url = url + "/x"` is made of what it was before.
        let is_other = |index: &&usize| !self.assignments[**index].value.contains(&at);
        let picked = match is_same_item && before > 0 {
            true => all[..before].iter().rev().take(MOST_ASSIGNMENTS).find(is_other),
            false => all.iter().take(MOST_ASSIGNMENTS).find(is_value),
        };
        Found::Assigned(picked.copied().unwrap_or(index))
    }

    /// Other assignments that may have been the last before a place, as one that stands under a condition was not for certain.
    pub fn earlier(&self, index: usize, at: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let item = |at: usize| self.around.innermost(at).map(|item| item.name);
        if item(at) != item(self.assignments[index].at) {
            return found;
        }
        let Some(all) = self.place_of(index).and_then(|key| self.by_name.get(&key)) else { return found };
        let statement = self.starts.partition_point(|&start| start as usize <= at).checked_sub(1);
        let indentation = statement.map_or(0, |index| self.code.indentation(self.starts[index] as usize));
        let mut place = all.partition_point(|&other| other < index);
        let mut last = index;
        while found.len() < 3 && place > 0 && self.code.indentation(self.assignments[last].at) > indentation {
            place -= 1;
            last = all[place];
            let value = &self.assignments[last].value;
            if !self.code.is(value.start, "None") && !value.contains(&at) {
                found.push(last);
            }
        }
        found
    }

    /// Where an assignment is seen, and the name.
    fn place_of(&self, index: usize) -> Option<(usize, String)> {
        let found = self.assignments.get(index)?;
        Some(match found.name.strip_prefix("self.").or(found.name.strip_prefix("cls.")) {
            Some(member) => (self.class(found.at).map_or(FILE, |item| item.name), member.to_owned()),
            None => (self.around.innermost(found.at).map_or(FILE, |item| item.name), found.name.clone()),
        })
    }

    /// What is added to a name between its assignment and a place.
    pub fn added_between(&self, index: usize, at: usize) -> Vec<Range<usize>> {
        let Some(all) = self.place_of(index).and_then(|key| self.added.get(&key)) else { return Vec::new() };
        let from = self.assignments[index].at;
        let added =
            all.iter().take(MOST_ASSIGNMENTS).filter(|(place, value)| *place > from && *place < at && !value.contains(&at));
        added.map(|(_, value)| value.clone()).collect()
    }

    /// The assignment of a member of a class of the file: in its body, or in one of its methods.
    pub fn class_member(&self, class: &str, member: &str) -> Option<usize> {
        let name = *self.classes.get(class)?;
        let all = self.by_name.get(&(name, member.to_owned()))?;
        let is_value = |index: &&usize| !self.code.is(self.assignments[**index].value.start, "None");
        all.iter().take(MOST_ASSIGNMENTS).find(is_value).or(all.first()).copied()
    }

    /// The assignment `self.member = …` of the one class that has this member.
    pub fn only_field(&self, member: &str) -> Option<usize> {
        match self.fields.get(member)?[..] {
            [index] => Some(index),
            _ => None,
        }
    }

    /// The function by this name, in a class (the token of its name) or in none: its place among the items.
    pub fn function_named(&self, class: Option<usize>, name: &str) -> Option<usize> {
        self.functions.get(&(class.unwrap_or(FILE), name.to_owned())).copied()
    }

    /// What is assigned to the entry of a table of configuration: `app.config["KEY"] = value`.
    pub fn entry_set(&self, key: &str) -> Option<Range<usize>> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.clone())
    }

    /// True for the last name that a loop gives values to: `url` of `for name, url in …`.
    pub fn is_last_of_loop(&self, name: &str, range_start: usize) -> bool {
        let loops = self.loops.get(name).into_iter().flatten();
        loops.take(MOST_ASSIGNMENTS).any(|(_, range)| {
            range.start <= range_start && range_start < range.end && {
                let mut at = range.start.saturating_sub(2);
                while self.code.is(at, ")") {
                    at = at.saturating_sub(1);
                }
                self.code.is(at, name)
            }
        })
    }

    /// Where a name stands among the parameters of a function; `self` and `cls` are none.
    fn parameter(&self, item: &Item, name: &str) -> Option<usize> {
        if item.kind != ItemKind::Function {
            return None;
        }
        let parameters = self.code.parameters(item);
        let own = parameters.iter().filter(|range| !self.code.is_any(range.start, &["self", "cls"]));
        own.take(32).position(|range| self.code.is(range.start, name))
    }

    /// The type that a parameter is said to have.
    pub fn parameter_type(&self, name: &str, at: usize) -> Option<String> {
        let functions = self.around.all(at).filter(|item| item.kind == ItemKind::Function);
        let mut parameters = functions.flat_map(|item| self.code.parameters(item));
        let range = parameters.find(|range| self.code.is(range.start, name))?;
        let colon = range.start + 1;
        let mut end = colon + 1;
        while end < range.end && (self.code.word(end).is_some() || self.code.is(end, ".")) {
            end += 1;
        }
        self.code.is(colon, ":").then(|| self.code.dotted(colon + 1..end))?
    }

    fn function_name(&self, item: &Item) -> String {
        let name = self.code.text_of(item.name);
        match self.around.all(item.name).find(|outer| outer.kind == ItemKind::Type) {
            Some(class) => format!("{}.{name}", self.code.text_of(class.name)),
            None => name.to_owned(),
        }
    }

    /// The scope that is an assigned object.
    pub fn scope_of(&self, index: usize) -> Arc<str> {
        let Assignment { name, at, .. } = &self.assignments[index];
        let member = name.strip_prefix("self.").or(name.strip_prefix("cls."));
        if let (Some(member), Some(class)) = (member, self.class(*at)) {
            return format!("#{}.{member}", self.code.text_of(class.name)).into();
        }
        match self.around.innermost(*at) {
            None => format!("#{name}").into(),
            Some(item) if item.kind == ItemKind::Type => format!("#{}.{name}", self.code.text_of(item.name)).into(),
            Some(item) if self.returned.contains(&(item.name, name.clone())) => format!("#{}()", self.function_name(item)).into(),
            Some(item) => format!("#{}.{name}", self.function_name(item)).into(),
        }
    }

    /// The scope that an expression is: a name, what a function returns, a member of an object. None where it is anything else.
    pub fn scope(&self, range: Range<usize>, best: &dyn Fn(&Assignment) -> bool) -> Option<Arc<str>> {
        self.scope_within(range, best, MOST_STEPS)
    }

    fn scope_within(&self, range: Range<usize>, best: &dyn Fn(&Assignment) -> bool, steps: u32) -> Option<Arc<str>> {
        let code = self.code;
        if let Some(name) = code.dotted(range.clone()) {
            return self.named_scope(&name, range.start, best, steps);
        }
        // `create()`, and a member of what is made there: `Orders().router`.
        let mut end = range.end;
        let mut member = String::new();
        while code.word(end.checked_sub(1)?).is_some() && end >= range.start + 2 && code.is(end - 2, ".") {
            member = format!(".{}{member}", code.text_of(end - 1));
            end -= 2;
        }
        let (callee, _) = call(code, range.start..end)?;
        let name = code.dotted(callee.clone())?;
        let made = self.made_by(&name, callee.start, best, steps)?;
        let made =
            if member.is_empty() { made } else { made.strip_suffix("()").filter(|_| is_type(&made)).unwrap_or(&made).into() };
        Some(format!("{made}{member}").into())
    }

    /// What a call of a name gives.
    fn made_by(&self, name: &str, at: usize, best: &dyn Fn(&Assignment) -> bool, steps: u32) -> Option<Arc<str>> {
        let symbol = match name.split_once('.') {
            // A method of an object that is made here.
            Some((first, rest)) if steps > 0 && !self.code.imports().contains_key(first) => match self.find(first, at, best) {
                Found::Assigned(index) => {
                    let value = self.assignments[index].value.clone();
                    let of = call(self.code, value).and_then(|(callee, _)| self.code.dotted(callee))?;
                    format!("{}.{rest}", self.code.symbol(&of)).into()
                }
                _ => self.code.symbol(name),
            },
            _ => self.code.symbol(name),
        };
        Some(format!("{symbol}()").into())
    }

    fn named_scope(&self, name: &str, at: usize, best: &dyn Fn(&Assignment) -> bool, steps: u32) -> Option<Arc<str>> {
        match self.find(name, at, best) {
            Found::Assigned(index) => {
                let value = self.assignments[index].value.clone();
                if best(&self.assignments[index]) || steps == 0 {
                    return Some(self.scope_of(index));
                }
                // Another name for something, or what a function returns.
                let is_call = call(self.code, value.clone()).and_then(|(callee, _)| self.code.dotted(callee));
                let is_own = |callee: &str| !is_type(callee);
                let follows = self.code.dotted(value.clone()).is_some() || is_call.is_some_and(|callee| is_own(&callee));
                match follows && !value.contains(&at) {
                    true => self.scope_within(value, best, steps - 1),
                    false => Some(self.scope_of(index)),
                }
            }
            Found::Parameter(scope) => Some(scope),
            Found::Imported(symbol) => Some(symbol),
            Found::Loop(_) => None,
            Found::Unknown => {
                // A member of an object that is made here from a class: `users = Users()`, then `users.router`.
                if let Some((first, rest)) = name.split_once('.')
                    && first != "self"
                    && steps > 0
                    && let Found::Assigned(index) = self.find(first, at, best)
                    && let Some((callee, _)) = call(self.code, self.assignments[index].value.clone())
                    && let Some(of) = self.code.dotted(callee)
                {
                    let made = self.code.symbol(&of);
                    return Some(if is_type(&of) { format!("{made}.{rest}") } else { format!("{made}().{rest}") }.into());
                }
                let own = name.strip_prefix("self.").or(name.strip_prefix("cls."));
                match (own, self.class(at)) {
                    (Some(member), Some(class)) => Some(format!("#{}.{member}", self.code.text_of(class.name)).into()),
                    _ => Some(self.code.symbol(name)),
                }
            }
        }
    }
}

/// True for the name of a class, by the custom of the language.
pub fn is_type(name: &str) -> bool {
    let last = name.trim_end_matches("()").rsplit(['.', '#']).next().unwrap_or(name);
    last.starts_with(|first: char| first.is_ascii_uppercase())
}
