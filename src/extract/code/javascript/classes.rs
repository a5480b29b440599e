//! Classes with decorators, and what stands in them.

use std::ops::Range;

use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};

/// A decorator: `@Name(arguments)`.
pub struct Decorator<'t> {
    pub name: &'t str,
    /// The token of its name.
    pub at: usize,
    pub arguments: Vec<Range<usize>>,
}

/// A class with its decorators.
pub struct Class<'c, 't> {
    pub name: &'t str,
    pub item: &'c Item,
    pub decorators: Vec<Decorator<'t>>,
    /// What it extends.
    pub base: Option<&'t str>,
}

/// Every class of a file.
pub fn all<'c, 't>(code: &'c Code<'t>) -> Vec<Class<'c, 't>> {
    let classes = code.items().iter().filter(|item| item.kind == ItemKind::Type && code.is(item.start, "class"));
    let class = |item: &'c Item| {
        let base = (item.name + 1..item.body.start).find(|&at| code.is(at, "extends")).and_then(|at| last_word(code, at + 1));
        Class { name: code.text_of(item.name), item, decorators: decorators(code, item.start), base }
    };
    classes.map(class).collect()
}

/// The last part of a dotted name that begins at a token.
fn last_word<'t>(code: &Code<'t>, mut at: usize) -> Option<&'t str> {
    while code.word(at).is_some() && code.is(at + 1, ".") {
        at += 2;
    }
    code.word(at)
}

/// The decorators before a head.
pub fn decorators<'t>(code: &Code<'t>, head: usize) -> Vec<Decorator<'t>> {
    let decorator = |at: usize| {
        let arguments = if code.is(at + 1, "(") { code.arguments(at + 1) } else { Vec::new() };
        Decorator { name: code.text_of(at), at, arguments }
    };
    code.annotations_before(head).into_iter().map(decorator).collect()
}

impl<'t> Class<'_, 't> {
    pub fn decorator(&self, name: &str) -> Option<&Decorator<'t>> {
        self.decorators.iter().find(|decorator| decorator.name == name)
    }

    /// Its methods, each with its decorators.
    pub fn methods<'c>(&self, code: &'c Code<'t>) -> Vec<(&'c Item, Vec<Decorator<'t>>)> {
        let inside = |item: &&Item| {
            item.kind == ItemKind::Function
                && self.item.body.contains(&item.name)
                && code.type_around(item.name) == Some(self.name)
        };
        code.items().iter().filter(inside).map(|item| (item, decorators(code, item.start))).collect()
    }

    /// Names of members that have one of some decorators.
    pub fn decorated(&self, code: &Code<'t>, names: &[&str]) -> Vec<&'t str> {
        let mut found = Vec::new();
        let mut at = self.item.body.start;
        while at < self.item.body.end {
            if code.is(at, "@") && names.contains(&code.text_of(at + 1)) {
                let mut name = if code.is(at + 2, "(") { code.after(at + 2) } else { at + 2 };
                // Other decorators and modifiers stand between.
                for _ in 0..16 {
                    if code.is(name, "@") {
                        name = if code.is(name + 2, "(") { code.after(name + 2) } else { name + 2 };
                    } else if code.is_any(name, &["public", "private", "protected", "readonly", "declare"]) {
                        name += 1;
                    } else {
                        break;
                    }
                }
                found.extend(code.word(name));
                at = name;
            }
            at = code.after(at).max(at + 1);
        }
        found
    }

    /// The tokens that a field is given: `name = value`, `name: Type = value`.
    pub fn field(&self, code: &Code<'t>, name: &str) -> Option<Range<usize>> {
        let mut at = self.item.body.start;
        while at < self.item.body.end {
            if code.is(at, name) && code.is_any(at + 1, &["=", ":"]) {
                let equals = (at + 1..(at + 16).min(self.item.body.end)).find(|&at| code.is_any(at, &["=", ";"]))?;
                let end = (equals + 1..self.item.body.end).find(|&at| code.is(at, ";") || code.begins_line(at))?;
                return (code.is(equals, "=") && end > equals + 1).then_some(equals + 1..end);
            }
            at = code.after(at);
        }
        None
    }
}
