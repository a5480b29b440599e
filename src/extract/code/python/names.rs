//! What names of a Python file stand for where they are used: an object made here, a parameter, an import.
//!
//! The scopes that come out are symbols as `facts::code` writes them.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::syntax::{Around, Assignment, assignment, call, statements};
use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};

/// Names that stand for names, in one file.
const MOST_STEPS: u32 = 6;
/// A name that is assigned more often than this is known by its first assignments.
const MOST_ASSIGNMENTS: usize = 64;

pub struct Names<'c, 't> {
    pub code: &'c Code<'t>,
    pub around: Around<'c>,
    pub assignments: Vec<Assignment>,
    /// Assignments by where they are seen (the name of the item around, empty for the file) and name.
    by_name: FxHashMap<(usize, String), Vec<usize>>,
    /// Names that functions return, by the function's name token.
    returned: FxHashSet<(usize, String)>,
    /// `for name in range`.
    loops: Vec<(String, usize, Range<usize>)>,
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

/// The key of what belongs to the file itself; no item has this name token.
const FILE: usize = usize::MAX;

impl<'c, 't> Names<'c, 't> {
    pub fn new(code: &'c Code<'t>) -> Self {
        let around = Around::new(code);
        let mut names = Names {
            code,
            around,
            assignments: Vec::new(),
            by_name: FxHashMap::default(),
            returned: FxHashSet::default(),
            loops: Vec::new(),
        };
        for statement in statements(code) {
            names.enter(statement);
        }
        names
    }

    fn enter(&mut self, statement: Range<usize>) {
        let code = self.code;
        let start = statement.start;
        if code.is(start, "return") {
            if let (Some(item), Some(name)) = (self.function(start), code.dotted(start + 1..statement.end)) {
                self.returned.insert((item.name, name));
            }
            return;
        }
        if code.is(start, "for") {
            let end = statement.end.min(start + 40);
            if let Some(within) = (start..end).find(|&at| code.is(at, "in")) {
                let colon = (within..statement.end).rev().find(|&at| code.is(at, ":")).unwrap_or(statement.end);
                for at in (start + 1..within).filter(|&at| code.word(at).is_some()) {
                    self.loops.push((code.text_of(at).to_owned(), start, within + 1..colon));
                }
            }
            return;
        }
        let Some(found) = assignment(code, statement).filter(|found| !found.value.is_empty()) else { return };
        // A member assigned in a method is the class's.
        let own = found.name.strip_prefix("self.").or(found.name.strip_prefix("cls."));
        let (key, name) = match own {
            Some(member) => (self.class(start).map_or(FILE, |item| item.name), member.to_owned()),
            None => (self.around.innermost(start).map_or(FILE, |item| item.name), found.name.clone()),
        };
        self.by_name.entry((key, name)).or_default().push(self.assignments.len());
        self.assignments.push(found);
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
            if let Some((_, _, range)) = self.loops.iter().find(|(name, start, _)| name == first && item.body.contains(start)) {
                return Found::Loop(range.clone());
            }
        }
        if let Some(found) = seen(FILE, name) {
            return found;
        }
        if let Some((_, _, range)) = self.loops.iter().find(|(known, ..)| known == name) {
            return Found::Loop(range.clone());
        }
        let first = name.split('.').next().unwrap_or(name);
        match self.code.imports().contains_key(first) {
            true => Found::Imported(self.code.symbol(name)),
            false => Found::Unknown,
        }
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
