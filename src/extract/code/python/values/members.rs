//! Names: what the file assigns to them, parameters, members of objects and classes, and what functions of the file return.

use std::ops::Range;

use super::{Expression, MOST_TOKENS, Values};
use crate::extract::code::python::names::{Found, is_type};
use crate::extract::code::python::settings;
use crate::extract::code::python::syntax::call;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::value::{concat, unknown};
use crate::facts::Value;

/// Parameters of more tokens than these are not looked at.
const MOST_PARAMETERS: usize = 512;

impl<'c, 't> Values<'c, 't> {
    /// What a name stands for where it is used.
    pub(super) fn name(&self, name: &str, whole: &Expression<'_, 't>, steps: u32) -> Value {
        let place = whole.place();
        if matches!(name, "None" | "True" | "False") {
            return unknown(name);
        }
        if steps == 0 {
            return Value::Symbol(self.code.symbol(name));
        }
        match self.names.recent(name, place) {
            Found::Assigned(index) => {
                // What conditions before may have set instead.
                let others = self.names.earlier(index, place);
                match self.choose(others.len() + 1).checked_sub(1) {
                    Some(other) => self.assigned(others[other], place, steps),
                    None => self.assigned(index, place, steps),
                }
            }
            Found::Parameter(_) => self.parameter(name, place, steps).unwrap_or_else(|| unknown(name)),
            Found::Imported(symbol) => Value::Symbol(settings::symbol(&symbol)),
            Found::Loop(range) => self.looped(range, name, steps).unwrap_or_else(|| unknown(name)),
            Found::Unknown => match name.rsplit_once('.') {
                Some((of, member)) => self.member_of(of, member, place, steps),
                None => Value::Symbol(self.code.symbol(name)),
            },
        }
    }

    /// What is assigned, and what is added to it before a place.
    pub(super) fn assigned(&self, index: usize, place: usize, steps: u32) -> Value {
        let found = &self.names.assignments[index];
        let value = found.value.clone();
        if value.contains(&place) {
            return unknown(&found.name);
        }
        let first = self.expression(Expression { code: self.code, range: value, inside: None }, steps - 1);
        let added = self.names.added_between(index, place);
        match added.is_empty() {
            true => first,
            false => {
                concat([first].into_iter().chain(
                    added.into_iter().take(8).map(|range| {
                        self.expression(Expression { code: self.code, range, inside: None }, steps.saturating_sub(2))
                    }),
                ))
            }
        }
    }

    /// A parameter; what it is without being given where that is an address, since seldom anything else is.
    pub(super) fn parameter(&self, name: &str, place: usize, steps: u32) -> Option<Value> {
        let first = name.split('.').next().unwrap_or(name);
        let functions = self.names.around.all(place).filter(|item| item.kind == ItemKind::Function);
        let (item, index, range) = functions.take(8).find_map(|item| {
            let ranges = self.own_parameters(item);
            let index = ranges
                .iter()
                .position(|range| self.code.is(range.start + usize::from(self.code.is_any(range.start, &["*", "**"])), first))?;
            Some((item, index, ranges[index].clone()))
        })?;
        if let Some((_, rest)) = name.split_once('.') {
            // `settings: Settings`, and a member of it.
            let of = self.names.parameter_type(first, place);
            return match of.filter(|of| is_type(of)) {
                Some(of) => Some(self.member_of_type(&of, rest, place, steps)),
                None => self.field(rest, steps),
            };
        }
        let equals = range.clone().find(|&at| self.code.is(at, "="));
        if let Some(equals) = equals.filter(|at| at + 1 < range.end) {
            let default = self.expression(Expression { code: self.code, range: equals + 1..range.end, inside: None }, steps - 1);
            let is_address = match &default {
                Value::Literal(text) => text.contains("://"),
                Value::Env { .. } | Value::Property { .. } => true,
                Value::Symbol(symbol) => settings::is_constant(symbol),
                _ => false,
            };
            if is_address {
                return Some(default);
            }
        }
        Some(Value::Parameter { function: self.code.callable_name(item).into(), index: index as u32 })
    }

    /// Parameters of a function, the object itself left out.
    pub(super) fn own_parameters(&self, item: &Item) -> Vec<Range<usize>> {
        let few = item.parameters.filter(|&open| self.code.partner(open) <= open + MOST_PARAMETERS);
        let all = few.map_or(Vec::new(), |open| self.code.arguments(open));
        all.into_iter().filter(|range| !self.code.is_any(range.start, &["self", "cls"])).take(32).collect()
    }

    /// A member of an object: `of.member`.
    pub(super) fn member_of(&self, of: &str, member: &str, place: usize, steps: u32) -> Value {
        let symbol = || Value::Symbol(settings::symbol(&self.code.symbol(&format!("{of}.{member}"))));
        if let Some(of) = of.strip_suffix(".method").filter(|_| member == "queue") {
            return self.member_of(of, "method.queue", place, steps);
        }
        if steps < 2 {
            return symbol();
        }
        // `Topics.ORDERS`: a member of a class of the file.
        if let Some(index) = self.names.class_member(of, member) {
            return self.assigned(index, place, steps);
        }
        if matches!(of, "self" | "cls") {
            let class = self.names.class(place).map(|class| self.code.text_of(class.name));
            return class.map_or_else(symbol, |class| Value::Symbol(format!("#{class}.{member}").into()));
        }
        match self.names.recent(of, place) {
            Found::Assigned(index) => {
                let range = self.names.assignments[index].value.clone();
                let is_itself = range.contains(&place);
                let found = (!is_itself)
                    .then(|| self.member(&Expression { code: self.code, range, inside: None }, member, steps - 1))
                    .flatten();
                found.or_else(|| self.field(member, steps)).unwrap_or_else(symbol)
            }
            Found::Parameter(_) => {
                let name = format!("{of}.{member}");
                self.parameter(&name, place, steps).unwrap_or_else(|| unknown(&name))
            }
            Found::Unknown if of.contains('.') || !self.code.imports().contains_key(of) => {
                self.field(member, steps).unwrap_or_else(symbol)
            }
            _ => symbol(),
        }
    }

    /// A member of what an expression gives.
    pub(super) fn member(&self, of: &Expression<'_, 't>, member: &str, steps: u32) -> Option<Value> {
        if steps == 0 {
            return None;
        }
        let code = of.code;
        if let Some(name) = of.name() {
            return Some(self.name(&format!("{name}.{member}"), of, steps - 1));
        }
        let range = of.range.start + usize::from(code.is(of.range.start, "await"))..of.range.end;
        let (callee, open) = call(code, range.clone())?;
        // The name of a queue that is declared; `result.method.queue`.
        let is_name = matches!(member, "name" | "url" | "method.queue" | "arn");
        if is_name && settings::declares(code.text_of(callee.end - 1)).is_some() {
            return self.called(&of.part(callee), open, steps - 1);
        }
        let name = code.dotted(callee)?;
        if is_type(&name) {
            return Some(self.member_of_type(&name, member, of.place(), steps - 1));
        }
        if let Some(item) = self.own_function(&name, of.place())
            && let Some(range) = self.returned(item)
        {
            return self.member(&Expression { code: self.code, range, inside: None }, member, steps - 1);
        }
        let is_plain = code.inside(open).is_empty() && self.code.imports().contains_key(name.split('.').next().unwrap_or(""));
        is_plain.then(|| Value::Symbol(format!("{}().{member}", self.code.symbol(&name)).into()))
    }

    /// A member of an object of a class.
    pub(super) fn member_of_type(&self, of: &str, member: &str, place: usize, steps: u32) -> Value {
        if let Some(value) = settings::member(self, of, member) {
            return value;
        }
        match self.names.class_member(of, member) {
            Some(index) => self.assigned(index, place, steps.max(1)),
            None if self.declared(of, member).is_some() => {
                let index = self.declared(of, member).unwrap_or_default();
                Value::Parameter { function: of.rsplit('.').next().unwrap_or(of).into(), index }
            }
            None => Value::Symbol(self.code.symbol(&format!("{of}.{member}"))),
        }
    }

    /// Where a member stands among those that a class of the file declares and its constructor is given: `url: str` of a data class.
    fn declared(&self, of: &str, member: &str) -> Option<u32> {
        let fields = self.declarations().get(of.rsplit('.').next()?)?;
        Some(fields.iter().position(|field| field == member)? as u32)
    }

    /// A member that one class of the file has and sets to what its constructor is given: `request.url`.
    pub(super) fn field(&self, member: &str, steps: u32) -> Option<Value> {
        if member.contains('.') || steps < 2 {
            return None;
        }
        let index = self.names.only_field(member)?;
        Some(self.assigned(index, usize::MAX, steps - 1)).filter(|value| matches!(value, Value::Parameter { .. }))
    }

    /// The function of the file by this name: `name`, or `self.name`.
    pub(super) fn own_function(&self, name: &str, place: usize) -> Option<&'c Item> {
        let (of, last) = name.rsplit_once('.').unwrap_or(("", name));
        let class = match of {
            "" => None,
            "self" | "cls" => Some(self.names.class(place)?.name),
            _ => return None,
        };
        if of.is_empty() && self.code.imports().contains_key(last) {
            return None;
        }
        let item = self.names.function_named(class, last)?;
        Some(&self.code.items()[item])
    }

    /// What a function of the file returns, by its name where it is called.
    pub fn returned_by(&self, name: &str, place: usize) -> Option<Range<usize>> {
        self.returned(self.own_function(name, place)?).filter(|range| !range.contains(&place))
    }

    /// What a function returns where it has one `return`.
    pub(super) fn returned(&self, item: &Item) -> Option<Range<usize>> {
        if item.body.len() > MOST_TOKENS {
            return None;
        }
        let mut returns = item.body.clone().filter(|&at| self.code.is(at, "return") && self.code.begins_line(at));
        let at = returns.next()?;
        if returns.next().is_some() {
            return None;
        }
        let mut end = self.code.after(at);
        while end < item.body.end && !self.code.begins_line(end) && !self.code.is(end, ";") {
            end = self.code.after(end);
        }
        (at + 1 < end).then_some(at + 1..end)
    }
}
