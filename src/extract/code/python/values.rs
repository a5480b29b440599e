//! What expressions of Python stand for: the environment and settings that they read, texts that are put together, names of the file.
//!
//! Tokens come in, a [`Value`] comes out. Names are followed where they are seen (a function, its class, the file), members of an object
//! to the class of the file that sets them, and a function of the file that only returns something to what it returns.

use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Range;

use rustc_hash::FxHashSet;

use super::formats;
use super::names::{Found, Names, is_type};
use super::settings::{self, SettingsClass};
use super::syntax::{call, library};
use crate::extract::code::pieces::Piece;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::value::{concat, literal, map_literals, unknown};
use crate::extract::code::{Code, tokens::TokenKind};
use crate::facts::Value;

/// Names that stand for names, and expressions in expressions.
const MOST_STEPS: u32 = 24;
/// Expressions that are read for one value.
const MOST_READ: u32 = 240;
/// Tokens of an expression that may be a value.
const MOST_TOKENS: usize = 400;
/// Entries of a table of which any may be meant.
const MOST_CHOICES: usize = 12;
/// Parameters of more tokens than these are not looked at.
const MOST_PARAMETERS: usize = 512;

/// Reads values of one file.
pub struct Values<'c, 't> {
    pub code: &'c Code<'t>,
    pub names: Names<'c, 't>,
    /// Packages that the file imports from, its own left out.
    packages: FxHashSet<String>,
    left: Cell<u32>,
    /// Tokens that the value read last is made of.
    read: RefCell<Vec<usize>>,
    /// Which entry is meant where any of a table may be, and how many there are.
    choice: Cell<(usize, usize)>,
    settings: OnceCell<Vec<SettingsClass>>,
}

/// Some tokens, of the file or of the code in a text.
struct Expression<'e, 't> {
    code: &'e Code<'t>,
    range: Range<usize>,
    /// The literal around, in the file.
    inside: Option<usize>,
}

impl<'e, 't> Expression<'e, 't> {
    /// Where in the file it stands.
    fn place(&self) -> usize {
        self.inside.unwrap_or(self.range.start)
    }

    fn part(&self, range: Range<usize>) -> Expression<'e, 't> {
        Expression { code: self.code, range, inside: self.inside }
    }

    fn name(&self) -> Option<String> {
        self.code.dotted(self.range.clone())
    }
}

impl<'c, 't> Values<'c, 't> {
    pub fn new(code: &'c Code<'t>) -> Self {
        let own = |local: &str| local.starts_with('.') || code.imports().contains_key(&super::imports::relative_mark(local));
        let imports = code.imports().iter().filter(|(local, _)| !own(local));
        let packages = imports.map(|(_, symbol)| symbol.split(['/', '#']).next().unwrap_or("").to_owned()).collect();
        let (left, choice) = (Cell::new(0), Cell::new((0, 0)));
        let (read, settings) = (RefCell::default(), OnceCell::new());
        Values { code, names: Names::new(code), packages, left, read, choice, settings }
    }

    /// The classes of settings of the file.
    pub fn settings(&self) -> &[SettingsClass] {
        self.settings.get_or_init(|| settings::settings_classes(self.code))
    }

    /// What some tokens stand for, as a part of another value.
    pub fn nested(&self, range: Range<usize>) -> Value {
        self.expression(Expression { code: self.code, range, inside: None }, MOST_STEPS / 2)
    }

    /// True when the file imports from one of the packages.
    pub fn imports_any(&self, packages: &[&str]) -> bool {
        packages.iter().any(|package| self.packages.contains(*package))
    }

    /// What some tokens stand for.
    pub fn value(&self, range: Range<usize>) -> Value {
        self.choice.set((0, 0));
        self.one(range)
    }

    fn one(&self, range: Range<usize>) -> Value {
        self.left.set(MOST_READ);
        self.read.borrow_mut().clear();
        self.expression(Expression { code: self.code, range, inside: None }, MOST_STEPS)
    }

    /// What some tokens may stand for: more than one value where an entry of a table is chosen as the program runs.
    pub fn alternatives(&self, range: Range<usize>) -> Vec<Value> {
        let mut found = vec![self.value(range.clone())];
        let mut read = self.read.borrow().clone();
        for index in 1..self.choice.get().1.min(MOST_CHOICES) {
            self.choice.set((index, 0));
            let value = self.one(range.clone());
            read.extend(self.read.borrow().iter());
            if !found.contains(&value) {
                found.push(value);
            }
        }
        *self.read.borrow_mut() = read;
        found
    }

    /// Tokens of literals and variables that the value read last is made of.
    pub fn last_read(&self) -> Vec<usize> {
        self.read.borrow().clone()
    }

    fn expression(&self, whole: Expression<'_, 't>, steps: u32) -> Value {
        let code = whole.code;
        let mut range = whole.range.clone();
        loop {
            if code.is(range.start, "(") && code.partner(range.start) + 1 == range.end && !self.is_tuple(code, range.clone()) {
                range = code.inside(range.start);
            } else if code.is_any(range.start, &["await", "*"]) && range.len() > 1 {
                range.start += 1;
            } else {
                break;
            }
        }
        let left = self.left.get();
        if range.is_empty() || steps == 0 || left == 0 || range.len() > MOST_TOKENS {
            return unknown(if range.is_empty() { "nothing" } else { "too long" });
        }
        self.left.set(left - 1);
        let whole = whole.part(range);
        match self.operator(&whole) {
            Some((at, "if")) => self.conditional(&whole, at, steps),
            Some((at, "or")) => self.fallback(&whole, at, steps),
            Some((_, "+")) => {
                let parts = code.split(whole.range.clone(), "+");
                concat(parts.into_iter().take(64).map(|part| self.expression(whole.part(part), steps - 1)))
            }
            Some((at, "%")) => {
                let template = self.expression(whole.part(whole.range.start..at), steps - 1);
                let rest = at + 1..whole.range.end;
                let arguments = match self.is_tuple(code, rest.clone()) {
                    true => code.split(code.inside(rest.start), ","),
                    false => vec![rest],
                };
                let named = |name: &str| self.entry(&whole.part(arguments.first()?.clone()), name, steps - 1);
                let nth = |index: usize| Some(self.expression(whole.part(arguments.get(index)?.clone()), steps - 1));
                formats::percent(template, &nth, &named)
            }
            Some((at, "/")) => {
                // Addresses of some libraries are put together so; numbers are none.
                let base = self.expression(whole.part(whole.range.start..at), steps - 1);
                let path = self.expression(whole.part(at + 1..whole.range.end), steps - 1);
                match matches!(&path, Value::Literal(text) if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')) {
                    true => formats::below(base, path),
                    false => unknown(code.text_in(whole.range)),
                }
            }
            Some(_) => unknown(code.text_in(whole.range)),
            None => self.operand(&whole, steps),
        }
    }

    fn is_tuple(&self, code: &Code, range: Range<usize>) -> bool {
        code.is(range.start, "(") && code.partner(range.start) + 1 == range.end && {
            let inner = code.inside(range.start);
            let mut at = inner.start;
            while at < inner.end && !code.is_any(at, &[",", "for"]) {
                at = code.after(at);
            }
            at < inner.end
        }
    }

    /// The operator that binds least, and where it stands.
    fn operator(&self, whole: &Expression) -> Option<(usize, &'static str)> {
        const WEAKEST_FIRST: [&str; 6] = ["lambda", "if", "or", "and", "+", "/"];
        const OTHERS: [&str; 16] = ["not", "in", "is", "==", "!=", "<", ">", "<=", ">=", "-", "|", "&", "**", "//", "for", ":="];
        let code = whole.code;
        let mut best: Option<(usize, usize, &'static str)> = None;
        let mut offer = |rank: usize, at: usize, text: &'static str| {
            // Of equal ones the last counts where they bind to the left.
            let is_better = best.is_none_or(|(known, ..)| rank < known || rank == known && rank >= 20);
            if is_better {
                best = Some((rank, at, text));
            }
        };
        let mut at = whole.range.start;
        while at < whole.range.end {
            if matches!(code.kind(at), Some(TokenKind::Word | TokenKind::Operator)) {
                let text = code.text_of(at);
                let member = at > whole.range.start && code.is(at - 1, ".");
                match WEAKEST_FIRST.iter().position(|known| *known == text) {
                    Some(rank) if !member => offer(if text == "/" { 20 } else { rank * 2 }, at, WEAKEST_FIRST[rank]),
                    _ if text == "%" => offer(20, at, "%"),
                    _ if !member && OTHERS.contains(&text) => offer(7, at, "other"),
                    _ => {}
                }
            }
            at = code.after(at);
        }
        best.map(|(_, at, text)| (at, text))
    }

    /// `a if b else c`.
    fn conditional(&self, whole: &Expression<'_, 't>, at: usize, steps: u32) -> Value {
        let Some(other) = (at..whole.range.end).find(|&at| whole.code.is(at, "else")) else { return unknown("a condition") };
        let first = self.expression(whole.part(whole.range.start..at), steps - 1);
        let second = self.expression(whole.part(other + 1..whole.range.end), steps - 1);
        match (first, second) {
            (Value::Env { name, default: None }, second @ Value::Literal(_)) => {
                Value::Env { name, default: Some(Box::new(second)) }
            }
            (first, Value::Unknown(_)) if is_told(&first) => first,
            (Value::Unknown(_) | Value::Parameter { .. }, second) if is_told(&second) => second,
            (first, second) if first == second => first,
            // One of two: which one, only the program knows.
            (first, second) => {
                let (chosen, _) = self.choice.get();
                self.choice.set((chosen, 2));
                if chosen == 0 { first } else { second }
            }
        }
    }

    /// `a or b`.
    fn fallback(&self, whole: &Expression<'_, 't>, at: usize, steps: u32) -> Value {
        let first = self.expression(whole.part(whole.range.start..at), steps - 1);
        let second = self.expression(whole.part(at + 1..whole.range.end), steps - 1);
        match first {
            Value::Env { name, default: None } => Value::Env { name, default: Some(Box::new(second)) },
            Value::Property { key, default: None } => Value::Property { key, default: Some(Box::new(second)) },
            // What may be given to a function and seldom is.
            Value::Parameter { .. } | Value::Unknown(_) if is_told(&second) => second,
            first => first,
        }
    }

    /// An expression without an operator.
    fn operand(&self, whole: &Expression<'_, 't>, steps: u32) -> Value {
        let (code, range) = (whole.code, whole.range.clone());
        if range.clone().all(|at| code.kind(at) == Some(TokenKind::Literal)) {
            return concat(range.map(|at| self.text(whole.part(at..at + 1), steps)));
        }
        if range.len() == 1 {
            return match code.kind(range.start) {
                Some(TokenKind::Number) => literal(code.text_of(range.start)),
                Some(TokenKind::Word) => self.name(code.text_of(range.start), whole, steps),
                _ => unknown("no value"),
            };
        }
        if let Some(name) = code.dotted(range.clone()) {
            // `Topic.ORDERS.value` is the text of a member of an enumeration.
            let name = name.strip_suffix(".value").filter(|name| name.contains('.')).unwrap_or(&name);
            return self.name(name, whole, steps);
        }
        let last = range.end - 1;
        let open = code.partner(last);
        let unknown_text = || unknown(code.text_in(range.clone()).lines().next().unwrap_or(""));
        match code.kind(last) {
            Some(TokenKind::Close) if open > range.start && open < last => {
                let before = whole.part(range.start..open);
                let found = match code.text_of(open) {
                    "(" => self.called(&before, open, steps),
                    "[" => self.indexed(&before, open, steps),
                    _ => None,
                };
                found.unwrap_or_else(unknown_text)
            }
            // A member of what a function gives: `get_settings().orders_url`.
            Some(TokenKind::Word) if range.len() > 3 && code.is(last - 1, ".") => {
                self.member(&whole.part(range.start..last - 1), code.text_of(last), steps).unwrap_or_else(unknown_text)
            }
            _ => unknown_text(),
        }
    }

    /// A literal with the code that it holds.
    fn text(&self, whole: Expression<'_, 't>, steps: u32) -> Value {
        let (code, at) = (whole.code, whole.range.start);
        if whole.inside.is_none() {
            self.read.borrow_mut().push(at);
        }
        let Some(pieces) = code.pieces(at) else { return unknown("no text") };
        concat(pieces.into_iter().map(|piece| match piece {
            Piece::Text(text) => literal(text.as_ref()),
            Piece::Code(text) => {
                let inner = Code::new(code.language, code.path, text);
                let range = 0..inner.len();
                match inner.dotted(range.clone()) {
                    Some(name) => self.name(&name, &whole, steps.saturating_sub(1)),
                    None => self.inner(&inner, range, whole.place(), steps),
                }
            }
        }))
    }

    fn inner(&self, code: &Code<'t>, range: Range<usize>, place: usize, steps: u32) -> Value {
        self.expression(Expression { code, range, inside: Some(place) }, steps.saturating_sub(1))
    }

    /// What a name stands for where it is used.
    fn name(&self, name: &str, whole: &Expression<'_, 't>, steps: u32) -> Value {
        let place = whole.place();
        if matches!(name, "None" | "True" | "False") {
            return unknown(name);
        }
        if steps == 0 {
            return Value::Symbol(self.code.symbol(name));
        }
        match self.names.recent(name, place) {
            Found::Assigned(index) => self.assigned(index, place, steps),
            Found::Parameter(scope) => self.parameter(&scope, name, place, steps).unwrap_or_else(|| unknown(name)),
            Found::Imported(symbol) => Value::Symbol(settings::symbol(&symbol)),
            Found::Loop(range) => self.looped(range, name, steps).unwrap_or_else(|| unknown(name)),
            Found::Unknown => match name.rsplit_once('.') {
                Some((of, member)) => self.member_of(of, member, place, steps),
                None => Value::Symbol(self.code.symbol(name)),
            },
        }
    }

    /// What is assigned, and what is added to it before a place.
    fn assigned(&self, index: usize, place: usize, steps: u32) -> Value {
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
    fn parameter(&self, scope: &str, name: &str, place: usize, steps: u32) -> Option<Value> {
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
                None => self
                    .field(rest, steps)
                    .or_else(|| Some(Value::Symbol(format!("*#{rest}").into())).filter(|_| scope.is_empty())),
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
    fn own_parameters(&self, item: &Item) -> Vec<Range<usize>> {
        let few = item.parameters.filter(|&open| self.code.partner(open) <= open + MOST_PARAMETERS);
        let all = few.map_or(Vec::new(), |open| self.code.arguments(open));
        all.into_iter().filter(|range| !self.code.is_any(range.start, &["self", "cls"])).take(32).collect()
    }

    /// A member of an object: `of.member`.
    fn member_of(&self, of: &str, member: &str, place: usize, steps: u32) -> Value {
        let symbol = || Value::Symbol(settings::symbol(&self.code.symbol(&format!("{of}.{member}"))));
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
            Found::Parameter(scope) => {
                let name = format!("{of}.{member}");
                self.parameter(&scope, &name, place, steps).unwrap_or_else(|| unknown(&name))
            }
            Found::Unknown if of.contains('.') || !self.code.imports().contains_key(of) => {
                self.field(member, steps).unwrap_or_else(symbol)
            }
            _ => symbol(),
        }
    }

    /// A member of what an expression gives.
    fn member(&self, of: &Expression<'_, 't>, member: &str, steps: u32) -> Option<Value> {
        if steps == 0 {
            return None;
        }
        let code = of.code;
        if let Some(name) = of.name() {
            return Some(self.name(&format!("{name}.{member}"), of, steps - 1));
        }
        let (callee, open) = call(code, of.range.clone())?;
        let name = code.dotted(callee)?;
        if is_type(&name) {
            return Some(self.member_of_type(&name, member, of.place(), steps - 1));
        }
        // `urlparse(base).netloc` is something else than the base.
        if let Some(item) = self.own_function(&name, of.place())
            && let Some(range) = self.returned(item)
        {
            return self.member(&Expression { code: self.code, range, inside: None }, member, steps - 1);
        }
        let is_plain = code.inside(open).is_empty() && self.code.imports().contains_key(name.split('.').next().unwrap_or(""));
        is_plain.then(|| Value::Symbol(format!("{}().{member}", self.code.symbol(&name)).into()))
    }

    /// A member of an object of a class.
    fn member_of_type(&self, of: &str, member: &str, place: usize, steps: u32) -> Value {
        if let Some(value) = settings::member(self, of, member) {
            return value;
        }
        match self.names.class_member(of, member) {
            Some(index) => self.assigned(index, place, steps.max(1)),
            None => Value::Symbol(self.code.symbol(&format!("{of}.{member}"))),
        }
    }

    /// A member that one class of the file has and sets to what its constructor is given: `request.url`.
    fn field(&self, member: &str, steps: u32) -> Option<Value> {
        if member.contains('.') || steps < 2 {
            return None;
        }
        let index = self.names.only_field(member)?;
        Some(self.assigned(index, usize::MAX, steps - 1)).filter(|value| matches!(value, Value::Parameter { .. }))
    }

    /// The function of the file by this name: `name`, or `self.name`.
    fn own_function(&self, name: &str, place: usize) -> Option<&'c Item> {
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

    /// What a function returns where it has one `return`.
    fn returned(&self, item: &Item) -> Option<Range<usize>> {
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

    /// `name(arguments)`, `object.name(arguments)`.
    fn called(&self, callee: &Expression<'_, 't>, open: usize, steps: u32) -> Option<Value> {
        let code = callee.code;
        let last = callee.range.end.checked_sub(1)?;
        let member = code.word(last)?;
        let arguments = code.arguments(open);
        let name = callee.name();
        let argument =
            |index: usize| Some(self.expression(callee.part(code.positional(&arguments).nth(index)?.clone()), steps - 1));
        let named = |name: &str| Some(self.expression(callee.part(code.named(&arguments, name)?), steps - 1));
        if let Some(name) = &name
            && let Some(variable) = settings::variable(self, name, code, &arguments)
        {
            if callee.inside.is_none() {
                self.read.borrow_mut().push(arguments.first().map_or(last, |range| range.start));
            }
            let default = named("default").or_else(|| argument(1)).filter(|value| !matches!(value, Value::Unknown(_)));
            return Some(Value::Env { name: variable.into(), default: default.map(Box::new) });
        }
        let receiver = (code.is(last.wrapping_sub(1), ".") && last > callee.range.start + 1)
            .then(|| callee.part(callee.range.start..last - 1));
        if let Some(receiver) = &receiver {
            let own = || self.expression(callee.part(receiver.range.clone()), steps - 1);
            match member {
                "format" => {
                    let nth = |index: usize| argument(index);
                    return Some(formats::braces(own(), &nth, &named));
                }
                "rstrip" | "strip" | "lstrip" | "removesuffix" | "removeprefix" => {
                    let marks = argument(0).and_then(|value| if let Value::Literal(text) = value { Some(text) } else { None });
                    return Some(formats::stripped(own(), member, marks.as_deref()));
                }
                "lower" | "encode" | "decode" | "geturl" | "unicode_string" | "human_repr" | "get_secret_value" | "as_string" => {
                    return Some(own());
                }
                "joinpath" | "with_path" => return Some(formats::below(own(), argument(0)?)),
                "join" if self.is_address_library(name.as_deref()) => return Some(formats::joined(own(), argument(0)?)),
                "join" if matches!(own(), Value::Literal(text) if &*text == "/") => {
                    let list = code.positional(&arguments).next()?.clone();
                    let inner = code.is_any(list.start, &["[", "("]).then(|| code.inside(list.start))?;
                    let parts: Vec<Value> = code
                        .split(inner, ",")
                        .into_iter()
                        .take(16)
                        .map(|part| self.expression(callee.part(part), steps - 1))
                        .collect();
                    return parts.into_iter().reduce(formats::below);
                }
                "get" => {
                    let key = argument(0)?;
                    let Value::Literal(key) = key else { return self.any_entry(receiver, steps) };
                    let default = argument(1).filter(|value| !matches!(value, Value::Unknown(_)));
                    return match self.entry(receiver, &key, steps - 1)? {
                        Value::Property { key, default: None } => Some(Value::Property { key, default: default.map(Box::new) }),
                        found => Some(found),
                    };
                }
                _ => {}
            }
        }
        let name = name?;
        match member {
            "urljoin" => return Some(formats::joined(argument(0)?, argument(1)?)),
            "join" if name.ends_with("path.join") => {
                let parts: Vec<Value> = (0..arguments.len().min(16)).filter_map(argument).collect();
                return parts.into_iter().reduce(formats::below);
            }
            "str" | "int" | "HttpUrl" | "AnyHttpUrl" | "AnyUrl" | "URL" | "Path" | "PurePosixPath" | "cast" | "SecretStr" => {
                return if member == "cast" { argument(1) } else { argument(0) };
            }
            "getattr" => {
                let Value::Literal(key) = argument(1)? else { return None };
                let of = code.dotted(code.positional(&arguments).next()?.clone())?;
                return Some(self.name(&format!("{of}.{key}"), callee, steps - 1));
            }
            _ => {}
        }
        if let Some(item) = self.own_function(&name, callee.place()) {
            let range = self.returned(item).filter(|range| !range.contains(&callee.place()))?;
            let returned = self.expression(Expression { code: self.code, range, inside: None }, steps.saturating_sub(4));
            let function = self.code.callable_name(item);
            let parameters = self.own_parameters(item);
            let given = |index: u32| {
                let by_name = parameters.get(index as usize).map(|range| self.code.text_of(range.start)).and_then(named);
                by_name.or_else(|| argument(index as usize))
            };
            return Some(formats::given(returned, &function, &given)).filter(|value| !matches!(value, Value::Unknown(_)));
        }
        settings::discovered(member, arguments.len()).then(|| argument(0)).flatten().and_then(settings::service)
    }

    fn is_address_library(&self, name: Option<&str>) -> bool {
        name.is_some_and(|name| name.ends_with("url.join") || name.ends_with("URL.join"))
    }

    /// `of[key]`.
    fn indexed(&self, of: &Expression<'_, 't>, open: usize, steps: u32) -> Option<Value> {
        let code = of.code;
        let inner = code.inside(open);
        let name = of.name();
        let key = self.expression(of.part(inner.clone()), steps - 1);
        let Value::Literal(key) = key else { return self.any_entry(of, steps) };
        if name.as_deref().is_some_and(|name| matches!(name, "os.environ" | "environ")) {
            if of.inside.is_none() {
                self.read.borrow_mut().push(inner.start);
            }
            return Some(Value::Env { name: key, default: None });
        }
        if code.kind(inner.start) == Some(TokenKind::Number) {
            return None;
        }
        self.entry(of, &key, steps - 1)
    }

    /// The entry of a table by its key.
    fn entry(&self, of: &Expression<'_, 't>, key: &str, steps: u32) -> Option<Value> {
        if steps == 0 {
            return None;
        }
        let code = of.code;
        if code.is(of.range.start, "{") && code.partner(of.range.start) + 1 == of.range.end {
            let parts = code.split(code.inside(of.range.start), ",");
            let part = parts
                .into_iter()
                .find(|part| code.is(part.start + 1, ":") && code.literal(part.start).is_some_and(|text| text == key))?;
            return Some(self.expression(of.part(part.start + 2..part.end), steps - 1));
        }
        if let Some((callee, open)) = call(code, of.range.clone())
            && code.is(callee.start, "dict")
            && callee.len() == 1
        {
            let range = code.named(&code.arguments(open), key)?;
            return Some(self.expression(of.part(range), steps - 1));
        }
        let name = of.name()?;
        if settings::is_configuration(&name) {
            let set = self.names.entry_set(key).filter(|range| !range.contains(&of.place()));
            if let Some(range) = set {
                return Some(self.expression(Expression { code: self.code, range, inside: None }, steps - 1));
            }
            return Some(Value::Symbol(format!("#Config.{key}").into()));
        }
        match self.names.recent(&name, of.place()) {
            Found::Assigned(index) => {
                let range = self.names.assignments[index].value.clone();
                let is_itself = range.contains(&of.place());
                (!is_itself).then(|| self.entry(&Expression { code: self.code, range, inside: None }, key, steps - 1))?
            }
            Found::Imported(symbol) if key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) => {
                Some(Value::Symbol(settings::symbol(&format!("{symbol}.{key}"))))
            }
            _ => None,
        }
    }

    /// An entry of a table that the file writes out, whichever it is.
    fn any_entry(&self, of: &Expression<'_, 't>, steps: u32) -> Option<Value> {
        let (mut code, mut range, mut inside) = (of.code, of.range.clone(), of.inside);
        if let Some(name) = of.name() {
            let Found::Assigned(index) = self.names.recent(&name, of.place()) else { return None };
            (code, range, inside) = (self.code, self.names.assignments[index].value.clone(), None);
        }
        self.chosen(&Expression { code, range, inside }, true, steps)
    }

    /// A value of `{…}`, `[…]` or `(…)`, whichever is meant.
    fn chosen(&self, table: &Expression<'_, 't>, of_entries: bool, steps: u32) -> Option<Value> {
        let (code, start) = (table.code, table.range.start);
        if !code.is_any(start, &["{", "[", "("]) || code.partner(start) + 1 != table.range.end || table.range.len() > MOST_TOKENS
        {
            return None;
        }
        let parts = code.split(code.inside(start), ",");
        if parts.len() > MOST_CHOICES {
            return None;
        }
        let (chosen, _) = self.choice.get();
        self.choice.set((chosen, parts.len()));
        let part = parts.get(chosen)?.clone();
        let entry = code.is(part.start + 1, ":");
        if entry != (of_entries && code.is(start, "{")) && code.is(start, "{") {
            return None;
        }
        let from = if entry { part.start + 2 } else { part.start };
        Some(self.expression(table.part(from..part.end), steps.saturating_sub(1)))
    }

    /// What a loop goes through: `for url in URLS:`, `for name, url in SERVICES.items():`.
    fn looped(&self, range: Range<usize>, name: &str, steps: u32) -> Option<Value> {
        let code = self.code;
        let table = |range: Range<usize>| match code.dotted(range.clone()) {
            Some(name) => match self.names.recent(&name, range.start) {
                Found::Assigned(index) => self.names.assignments[index].value.clone(),
                _ => range,
            },
            None => range,
        };
        if let Some((callee, _)) = call(code, range.clone()) {
            let of = callee.start..callee.end.checked_sub(2)?;
            let range = table(of);
            // The last name of `for name, url in …` is the value.
            let is_value = match code.text_of(callee.end - 1) {
                "values" => true,
                "items" => self.names.is_last_of_loop(name, callee.start),
                _ => return None,
            };
            return is_value.then(|| self.chosen(&Expression { code, range, inside: None }, true, steps))?;
        }
        let range = table(range);
        let first = code.inside(range.start).start;
        let is_plain = code.is_any(range.start, &["[", "("]) && !code.is_any(first, &["[", "(", "{"]);
        is_plain.then(|| self.chosen(&Expression { code, range, inside: None }, false, steps))?
    }

    /// The package and last name of what a name of the file stands for.
    pub fn library(&self, name: &str) -> (String, String) {
        library(self.code, name)
    }
}

/// Whether a value says something by itself.
fn is_told(value: &Value) -> bool {
    match value {
        Value::Literal(text) => !text.is_empty(),
        Value::Env { .. } | Value::Property { .. } | Value::Symbol(_) => true,
        Value::Concat(parts) => parts.iter().any(|part| !matches!(part, Value::Unknown(_) | Value::Parameter { .. })),
        Value::Parameter { .. } | Value::Unknown(_) => false,
    }
}

/// A value with its literals in the form in which they are compared.
pub fn without_query(value: Value) -> Value {
    let mut ended = false;
    let cut = |text: &str, ended: &mut bool| match text.find('?') {
        Some(at) => {
            *ended = true;
            text[..at].to_owned()
        }
        None => text.to_owned(),
    };
    match value {
        Value::Literal(text) => literal(cut(&text, &mut ended)),
        Value::Concat(parts) => {
            let mut kept = Vec::new();
            for part in parts {
                if ended {
                    break;
                }
                kept.push(match part {
                    Value::Literal(text) => literal(cut(&text, &mut ended)),
                    other => other,
                });
            }
            concat(kept)
        }
        other => map_literals(other, &|text| text.to_owned()),
    }
}
