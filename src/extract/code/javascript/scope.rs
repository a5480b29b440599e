//! What the names of a file are given, and where: declarations, assignments, fields and parameters.
//!
//! Tokens come in. For a name at a place comes out what the innermost scope that knows the name gives to it, so that a name of one function
//! is never taken for one of another.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::functions::{self, Functions};
use crate::extract::code::Code;
use crate::extract::code::tokens::TokenKind;

/// The scope of the file itself.
const FILE: u32 = u32::MAX;
/// Functions lie in no more functions than these, or their names are not looked for.
const DEEPEST: usize = 64;
/// Tokens of a type between a name and what it is given.
const LONGEST_TYPE: usize = 80;
/// Declarators of one statement.
const MOST_DECLARED: usize = 200;

/// What a name is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// An expression.
    Expression(Range<usize>),
    /// A member of an expression, with what it is where there is none.
    Member { of: Range<usize>, key: String, default: Option<Range<usize>> },
    /// What the function with this index gets in this place.
    Parameter { function: usize, index: usize },
    /// A value that only run time knows.
    Opaque,
}

struct Assignment {
    at: u32,
    given: Given,
}

#[derive(Default)]
pub struct Scopes {
    names: FxHashMap<Box<str>, u32>,
    /// By scope and name, in the order of the text.
    given: FxHashMap<(u32, u32), Vec<Assignment>>,
    /// Names that are declared without a value, and what they are given anywhere.
    declared: FxHashSet<Box<str>>,
    assigned: FxHashMap<u32, Range<usize>>,
    /// By class and name of the field.
    fields: FxHashMap<(Box<str>, Box<str>), Range<usize>>,
}

impl Scopes {
    pub fn of(code: &Code, functions: &Functions) -> Scopes {
        let mut scopes = Scopes::default();
        for at in 0..code.len() {
            if code.is_any(at, &["const", "let", "var"]) && code.kind(at) == Some(TokenKind::Word) {
                scopes.declaration(code, functions, at);
            }
        }
        for equals in (1..code.len()).filter(|&at| code.is(at, "=")) {
            scopes.assignment(code, functions, equals);
        }
        for assignments in scopes.given.values_mut() {
            assignments.sort_by_key(|assignment| assignment.at);
        }
        scopes
    }

    fn id(&mut self, name: &str) -> u32 {
        if let Some(&id) = self.names.get(name) {
            return id;
        }
        let id = self.names.len() as u32;
        self.names.insert(name.into(), id);
        id
    }

    fn give(&mut self, functions: &Functions, name: &str, at: usize, given: Given) {
        let scope = functions.around(at).map_or(FILE, |function| function as u32);
        let id = self.id(name);
        self.given.entry((scope, id)).or_default().push(Assignment { at: at as u32, given });
    }

    /// `const a = 1, { b, c: d = 2 } = e;`, at the keyword.
    fn declaration(&mut self, code: &Code, functions: &Functions, keyword: usize) {
        let mut name = keyword + 1;
        for _ in 0..MOST_DECLARED {
            let mut equals = code.after(name);
            let limit = equals + LONGEST_TYPE;
            while equals < limit
                && !code.is_any(equals, &["=", ";", ",", "of", "in", ""])
                && code.kind(equals) != Some(TokenKind::Close)
                && (!code.begins_line(equals) || code.kind(equals) == Some(TokenKind::Operator))
            {
                equals = code.after(equals);
            }
            let value = code.is(equals, "=").then(|| equals + 1..functions::expression_end(code, equals + 1));
            if let Some(plain) = code.word(name) {
                match &value {
                    Some(range) => self.give(functions, plain, name, Given::Expression(range.clone())),
                    None if code.is_any(equals, &["of", "in"]) => self.give(functions, plain, name, Given::Opaque),
                    None => drop(self.declared.insert(plain.into())),
                }
            } else if code.is(name, "{") {
                self.destructured(code, functions, name, value.clone());
            }
            let Some(range) = value else { return };
            if !code.is(range.end, ",") {
                return;
            }
            name = range.end + 1;
        }
    }

    /// `{ a, b: c = 1 }` on the left of a value.
    fn destructured(&mut self, code: &Code, functions: &Functions, open: usize, value: Option<Range<usize>>) {
        for part in code.split(code.inside(open), ",").into_iter().take(MOST_DECLARED) {
            let Some(key) = code.word(part.start) else { continue };
            let name = if code.is(part.start + 1, ":") { part.start + 2 } else { part.start };
            let Some(local) = code.word(name) else { continue };
            let default = (code.is(name + 1, "=") && name + 2 < part.end).then_some(name + 2..part.end);
            let given = match &value {
                Some(of) => Given::Member { of: of.clone(), key: key.to_owned(), default },
                None => Given::Opaque,
            };
            self.give(functions, local, name, given);
        }
    }

    /// `name = value`, `this.name = value`, `a.b = value`, and fields of classes.
    fn assignment(&mut self, code: &Code, functions: &Functions, equals: usize) {
        // Between round brackets stand defaults of parameters and conditions, and those of what is taken apart.
        let default = |open: usize| {
            code.is(open, "(")
                || code.is(open, "{")
                    && code.is_any(code.after(open), &["=", ")", "=>", ":"])
                    && code.word(equals - 1).is_some()
                    && code.is_any(equals.saturating_sub(2), &["{", ",", ":"])
        };
        if functions.bracket(equals).is_some_and(default) {
            return;
        }
        let Some(target) = functions::target(code, equals).filter(|target| !code.is(target.start, "{")) else { return };
        let range = equals + 1..functions::expression_end(code, equals + 1);
        let Some(name) = code.dotted(target.clone()).filter(|_| !range.is_empty()) else { return };
        if let Some(field) = name.strip_prefix("this.") {
            if let Some(class) = functions.class(target.start) {
                self.fields.entry((class.into(), field.into())).or_insert(range);
            }
        } else if name.contains('.') {
            self.give(functions, &name, target.start, Given::Expression(range));
        } else if functions.is_field(target.start) {
            if let Some(class) = functions.class(target.start) {
                self.fields.entry((class.into(), name.into())).or_insert(range);
            }
        } else if self.declared.contains(name.as_str()) || self.names.contains_key(name.as_str()) {
            let before = target.start.checked_sub(1);
            if !before.is_some_and(|before| code.is_any(before, &["const", "let", "var", ",", "<"])) {
                let id = self.id(&name);
                self.assigned.insert(id, range.clone());
                self.give(functions, &name, target.start, Given::Expression(range));
            }
        }
    }

    /// What a field of a class is given.
    pub fn field(&self, class: &str, field: &str) -> Option<Range<usize>> {
        self.fields.get(&(class.into(), field.into())).cloned()
    }

    /// Every field that a class of the file gives something, in the order of the text.
    pub fn fields(&self) -> Vec<(&str, &str, Range<usize>)> {
        let mut fields: Vec<_> = self.fields.iter().map(|((class, field), range)| (&**class, &**field, range.clone())).collect();
        fields.sort_by_key(|(_, _, range)| range.start);
        fields
    }

    /// What a name stands for at a place; None for one that the file does not give anything.
    pub fn given(&self, code: &Code, functions: &Functions, name: &str, at: usize) -> Option<Given> {
        let id = self.names.get(name).copied();
        let innermost = functions.around(at);
        let mut function = innermost;
        for _ in 0..DEEPEST {
            let scope = function.map_or(FILE, |function| function as u32);
            if let Some(found) = id.and_then(|id| self.given.get(&(scope, id))) {
                let before = found.partition_point(|assignment| (assignment.at as usize) < at);
                // What a name is given holds from there on; functions run after the scope around them has run.
                let usable = |assignment: &&Assignment| match &assignment.given {
                    Given::Expression(range) | Given::Member { of: range, .. } => !range.contains(&at),
                    _ => true,
                };
                let last = found[..before].iter().rev().find(usable);
                let later = || found[before..].first().filter(|_| function != innermost);
                if let Some(assignment) = last.or_else(later) {
                    return Some(assignment.given.clone());
                }
            }
            let Some(inner) = function else { break };
            let parameters = &functions.all[inner].parameters;
            if let Some(index) = parameters.iter().position(|range| takes(code, range.clone(), name)) {
                return Some(Given::Parameter { function: inner, index });
            }
            function = functions.all[inner].parent;
        }
        let declared = self.declared.contains(name).then(|| id.and_then(|id| self.assigned.get(&id))).flatten();
        declared.map(|range| Given::Expression(range.clone()))
    }
}

/// Whether a parameter gives a name: as a whole, or as a part of what it takes apart.
fn takes(code: &Code, range: Range<usize>, name: &str) -> bool {
    match parameter_name(code, range.clone()) {
        Some(at) => code.is(at, name),
        None => code.is(range.start, "{") && code.inside(range.start).take(256).any(|at| code.is(at, name)),
    }
}

/// The token of a parameter's name; None for one that is taken apart.
pub fn parameter_name(code: &Code, range: Range<usize>) -> Option<usize> {
    let mut at = range.start;
    for _ in 0..16 {
        if code.is(at, "@") {
            at = if code.is(at + 2, "(") { code.after(at + 2) } else { at + 2 };
        } else if code.is_any(at, &["private", "public", "protected", "readonly", "override", "..."])
            && !code.is_any(at + 1, &[":", ",", "=", "?"])
            && at + 1 < range.end
        {
            at += 1;
        } else {
            break;
        }
    }
    code.word(at).filter(|_| at < range.end).map(|_| at)
}
