//! What the statements of a Python file say of its names, worked out once for all readers of the file.
//!
//! Code comes in; assignments, additions, loops, members, functions and entries of configuration come out, each by its name and by where it
//! is seen, so that a name in a long file is looked up and not searched for. What a name means at a place is for [`super::names`] to say.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::syntax::{Around, Assignment, assignment, statements};
use crate::extract::code::Code;
use crate::extract::code::structure::ItemKind;

/// Entries of configuration that are kept.
const MOST_ENTRIES: usize = 400;
/// The key of what belongs to the file itself; no item has this name token.
pub(super) const FILE: usize = usize::MAX;

/// Where a statement begins, and the tokens of its value.
pub(super) type Placed = (usize, Range<usize>);

/// What is worked out once for all readers of a file.
#[derive(Default)]
pub struct Known {
    pub assignments: Vec<Assignment>,
    /// Assignments by where they are seen (the name of the item around, empty for the file) and name.
    pub(super) by_name: FxHashMap<(usize, String), Vec<usize>>,
    /// What is added to a name, by where it is seen: `name += value`, with the place of the name.
    pub(super) added: FxHashMap<(usize, String), Vec<Placed>>,
    /// Names that functions return, by the function's name token.
    pub(super) returned: FxHashSet<(usize, String)>,
    /// `for name in range`, by name: where it begins, and the range.
    pub(super) loops: FxHashMap<String, Vec<Placed>>,
    /// Where statements begin.
    pub(super) starts: Vec<u32>,
    /// Classes by name: the token of the name.
    pub(super) classes: FxHashMap<String, usize>,
    /// Functions by the class around (the token of its name) and name: their places among the items.
    pub(super) functions: FxHashMap<(usize, String), usize>,
    /// Assignments to members of objects of the class around, by member: one of each class.
    pub(super) fields: FxHashMap<String, Vec<usize>>,
    /// Entries of tables of configuration that are set.
    pub entries: Vec<Entry>,
}

/// `app.config["KEY"] = value`.
pub struct Entry {
    pub key: String,
    pub value: Range<usize>,
    pub at: usize,
}

impl Known {
    pub(super) fn new(code: &Code) -> Known {
        let around = Around::new(code);
        let mut known = Known::default();
        for (index, item) in code.items().iter().enumerate() {
            let name = code.text_of(item.name).to_owned();
            let class = around.innermost(item.start).filter(|outer| outer.kind == ItemKind::Type);
            match item.kind {
                ItemKind::Type => known.classes.entry(name).or_insert(item.name),
                ItemKind::Function => known.functions.entry((class.map_or(FILE, |class| class.name), name)).or_insert(index),
            };
        }
        for statement in statements(code) {
            known.starts.push(statement.start as u32);
            known.enter(code, &around, statement);
        }
        known
    }

    fn enter(&mut self, code: &Code, around: &Around, statement: Range<usize>) {
        let start = statement.start;
        if code.is(start, "return") {
            let function = around.all(start).find(|item| item.kind == ItemKind::Function);
            if let (Some(item), Some(name)) = (function, code.dotted(start + 1..statement.end)) {
                self.returned.insert((item.name, name));
            }
            return;
        }
        if code.is(start, "for") {
            let end = statement.end.min(start + 40);
            if let Some(within) = (start..end).find(|&at| code.is(at, "in")) {
                let colon = (within..statement.end).rev().find(|&at| code.is(at, ":")).unwrap_or(statement.end);
                for at in (start + 1..within).filter(|&at| code.word(at).is_some()) {
                    self.loops.entry(code.text_of(at).to_owned()).or_default().push((start, within + 1..colon));
                }
            }
            return;
        }
        // A member assigned in a method is the class's.
        let seen = |name: &str| match name.strip_prefix("self.").or(name.strip_prefix("cls.")) {
            Some(member) => {
                let class = around.all(start).find(|item| item.kind == ItemKind::Type);
                (class.map_or(FILE, |item| item.name), member.to_owned())
            }
            None => (around.innermost(start).map_or(FILE, |item| item.name), name.to_owned()),
        };
        let found = match assignment(code, statement.clone()) {
            Some(found) => vec![found],
            None => {
                let sum = (start..statement.end.min(start + 8)).find(|&at| code.is(at, "+="));
                if let Some(name) = sum.and_then(|sum| code.dotted(start..sum)) {
                    let value = sum.unwrap_or(start) + 1..statement.end;
                    self.added.entry(seen(&name)).or_default().push((start, value));
                }
                self.entries.extend(configured(code, statement.clone()).filter(|_| self.entries.len() < MOST_ENTRIES));
                opened(code, statement)
            }
        };
        for found in found.into_iter().filter(|found| !found.value.is_empty()) {
            if let Some(member) = found.name.strip_prefix("self.") {
                let class = |at: usize| around.all(at).find(|item| item.kind == ItemKind::Type).map(|item| item.name);
                let known = self.fields.entry(member.to_owned()).or_default();
                if known.len() < 2 && known.iter().all(|&index| class(self.assignments[index].at) != class(start)) {
                    known.push(self.assignments.len());
                }
            }
            self.by_name.entry(seen(&found.name)).or_default().push(self.assignments.len());
            self.assignments.push(found);
        }
    }
}

/// The entry that a statement sets.
fn configured(code: &Code, statement: Range<usize>) -> Option<Entry> {
    let open = (statement.start..statement.end.min(statement.start + 8)).find(|&at| code.is(at, "["))?;
    let close = code.partner(open);
    let key = code.literal(open + 1).filter(|_| close == open + 2 && code.is(close + 1, "=") && close + 2 < statement.end)?;
    let is_one = code.dotted(statement.start..open).is_some_and(|name| super::settings::is_configuration(&name));
    is_one.then(|| Entry { key: key.into_owned(), value: close + 2..statement.end, at: statement.start })
}

/// What a statement opens under a name: `with open(x) as y, z() as w:`.
fn opened(code: &Code, statement: Range<usize>) -> Vec<Assignment> {
    let start = statement.start + usize::from(code.is(statement.start, "async"));
    if !code.is(start, "with") {
        return Vec::new();
    }
    let mut inner = start + 1..statement.end;
    // The brackets around several of them.
    if code.is(inner.start, "(") && code.is(code.after(inner.start), ":") {
        inner = code.inside(inner.start);
    }
    let mut found = Vec::new();
    let (mut from, mut at) = (inner.start, inner.start);
    while at < inner.end && !code.is(at, ":") {
        if code.is(at, "as") {
            let mut end = at + 1;
            while end < inner.end && (code.word(end).is_some() || code.is(end, ".")) {
                end += 1;
            }
            if let Some(name) = code.dotted(at + 1..end) {
                found.push(Assignment { name, at: at + 1, of: at..at, value: from..at });
            }
            at = end;
        } else if code.is(at, ",") {
            from = at + 1;
            at += 1;
        } else {
            at = code.after(at);
        }
    }
    found
}
