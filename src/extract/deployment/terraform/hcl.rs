//! Blocks and attributes of HCL, over the tokens of the code reader.

use std::ops::Range;

use crate::extract::code::Code;
use crate::extract::code::tokens::TokenKind;

/// `kind "label" "label" { … }`.
#[derive(Clone)]
pub struct Block<'c, 't> {
    pub code: &'c Code<'t>,
    /// The token at which it begins.
    pub at: usize,
    pub kind: &'t str,
    pub labels: Vec<&'t str>,
    inside: Range<usize>,
}

/// How many blocks of one body are read.
const MOST: usize = 2000;

/// The blocks at the top of a file.
pub fn blocks<'c, 't>(code: &'c Code<'t>) -> Vec<Block<'c, 't>> {
    within(code, 0..code.len())
}

fn within<'c, 't>(code: &'c Code<'t>, range: Range<usize>) -> Vec<Block<'c, 't>> {
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end && found.len() < MOST {
        let is_start = code.begins_line(at) || at == range.start;
        let (Some(kind), true) = (code.word(at), is_start) else {
            at = code.after(at);
            continue;
        };
        let mut labels = Vec::new();
        let mut next = at + 1;
        while labels.len() < 4 && code.kind(next).is_some_and(|kind| kind == TokenKind::Literal) {
            labels.push(unquoted(code.text_of(next)));
            next += 1;
        }
        if code.is(next, "{") && next < range.end {
            found.push(Block { code, at, kind, labels, inside: code.inside(next) });
            at = code.after(next);
        } else {
            at = next.max(at + 1);
        }
    }
    found
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text)
}

impl<'c, 't> Block<'c, 't> {
    pub fn label(&self, index: usize) -> &'t str {
        self.labels.get(index).copied().unwrap_or_default()
    }

    pub fn children(&self) -> Vec<Block<'c, 't>> {
        within(self.code, self.inside.clone())
    }

    /// The blocks at a path of kinds. `dynamic "container" { content { … } }` counts as what it makes.
    pub fn find(&self, path: &[&str]) -> Vec<Block<'c, 't>> {
        let mut found = vec![self.clone()];
        for step in path {
            let next = found.iter().flat_map(|block| block.children()).filter_map(|child| match child.kind {
                "dynamic" if child.label(0) == *step => child.children().into_iter().find(|inner| inner.kind == "content"),
                kind => (kind == *step).then_some(child),
            });
            found = next.take(50).collect();
        }
        found
    }

    /// Names and values of all that it sets.
    pub fn attributes(&self) -> Vec<(&'t str, Value<'c, 't>)> {
        attributes(self.code, self.inside.clone())
    }

    pub fn value(&self, name: &str) -> Option<Value<'c, 't>> {
        attribute(self.code, self.inside.clone(), name)
    }
}

/// The value of `name = value` directly in a range.
fn attribute<'c, 't>(code: &'c Code<'t>, range: Range<usize>, name: &str) -> Option<Value<'c, 't>> {
    let mut at = range.start;
    while at < range.end {
        let is_name = code.is(at, name) || (code.kind(at) == Some(TokenKind::Literal) && unquoted(code.text_of(at)) == name);
        let begins = code.begins_line(at) || at == range.start || code.is(at.wrapping_sub(1), ",");
        if begins && is_name && (code.is(at + 1, "=") || code.is(at + 1, ":")) && at + 2 < range.end {
            let start = at + 2;
            let mut end = code.after(start);
            while end < range.end && !code.begins_line(end) && !code.is(end, ",") {
                end = code.after(end);
            }
            return Some(Value { code, range: start..end.min(range.end) });
        }
        at = code.after(at);
    }
    None
}

/// All of the `name = value` directly in a range.
fn attributes<'c, 't>(code: &'c Code<'t>, range: Range<usize>) -> Vec<(&'t str, Value<'c, 't>)> {
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end && found.len() < MOST {
        if !(code.is(at + 1, "=") || code.is(at + 1, ":")) || at + 2 >= range.end {
            at = code.after(at);
            continue;
        }
        let start = at + 2;
        let mut end = code.after(start);
        while end < range.end && !code.begins_line(end) && !code.is(end, ",") {
            end = code.after(end);
        }
        found.push((unquoted(code.text_of(at)), Value { code, range: start..end.min(range.end) }));
        at = end.max(at + 1);
    }
    found
}

/// An expression.
#[derive(Clone)]
pub struct Value<'c, 't> {
    pub code: &'c Code<'t>,
    pub range: Range<usize>,
}

impl<'c, 't> Value<'c, 't> {
    /// The text of a literal, variables in it as written.
    pub fn text(&self) -> Option<&'t str> {
        let is_one = self.range.len() == 1;
        match self.code.kind(self.range.start)? {
            TokenKind::Literal if is_one => {
                Some(unquoted(self.code.text_of(self.range.start))).filter(|text| !text.starts_with("<<"))
            }
            TokenKind::Number if is_one => Some(self.code.text_of(self.range.start)),
            _ => None,
        }
    }

    /// What the tokens read from the first one to the last.
    pub fn written(&self) -> &'t str {
        let tokens = &self.code.tokens;
        match (tokens.get(self.range.start), tokens.get(self.range.end.wrapping_sub(1))) {
            (Some(first), Some(last)) if first.start <= last.end => &self.code.text[first.start as usize..last.end as usize],
            _ => "",
        }
    }

    /// The here-document that follows its mark `<<WORD`.
    pub fn document(&self) -> Option<&'t str> {
        let is_mark = self.code.text_of(self.range.start).starts_with("<<");
        let next = self.range.start + 1;
        (is_mark && self.code.kind(next)? == TokenKind::Literal).then(|| self.code.text_of(next))
    }

    /// The items of `[a, b]`.
    pub fn items(&self) -> Vec<Value<'c, 't>> {
        let start = self.range.start;
        if !self.code.is(start, "[") {
            return Vec::new();
        }
        let parts = self.code.split(self.code.inside(start), ",");
        parts.into_iter().take(100).map(|range| Value { code: self.code, range }).collect()
    }

    /// The value under a key of `{ key = value }`.
    pub fn get(&self, name: &str) -> Option<Value<'c, 't>> {
        if !self.code.is(self.range.start, "{") {
            return None;
        }
        attribute(self.code, self.code.inside(self.range.start), name)
    }

    /// Names and values of `{ a = b, "c" = d }`.
    pub fn entries(&self) -> Vec<(&'t str, Value<'c, 't>)> {
        if !self.code.is(self.range.start, "{") {
            return Vec::new();
        }
        attributes(self.code, self.code.inside(self.range.start))
    }

    /// What is merged by `merge(a, b)`; else the value itself.
    pub fn merged(&self) -> Vec<Value<'c, 't>> {
        match self.argument("merge") {
            Some(all) => {
                let parts = self.code.split(all.range, ",");
                parts.into_iter().take(20).map(|range| Value { code: self.code, range }).collect()
            }
            None => vec![self.clone()],
        }
    }

    /// The argument of a call of `function`.
    pub fn argument(&self, function: &str) -> Option<Value<'c, 't>> {
        let start = self.range.start;
        if !self.code.is(start, function) || !self.code.is(start + 1, "(") {
            return None;
        }
        Some(Value { code: self.code, range: self.code.inside(start + 1) })
    }

    /// Kind and name of the resource that `kind.name.attribute` refers to, `data.` before them or not.
    pub fn resource(&self) -> Option<(&'t str, &'t str)> {
        let code = self.code;
        let mut at = self.range.start;
        // `"${kind.name.arn}"` is one literal.
        if code.kind(at) == Some(TokenKind::Literal) {
            let inner = unquoted(code.text_of(at)).strip_prefix("${")?.strip_suffix('}')?;
            let inner = inner.trim().trim_start_matches("data.");
            let (kind, rest) = inner.split_once('.')?;
            return Some((kind, rest.split(['.', '[']).next().unwrap_or(rest)));
        }
        if code.is(at, "data") {
            at += 2;
        }
        (code.is(at + 1, ".")).then_some(())?;
        Some((code.word(at)?, code.word(at + 2)?))
    }
}
