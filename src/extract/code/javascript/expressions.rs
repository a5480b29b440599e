//! Expressions of JavaScript as values: settings of the environment, texts put together, members of objects, URLs that helpers build.
//!
//! Tokens come in, a [`Value`] comes out. Names are followed within the file by their scopes; what a function is given stays a parameter,
//! what another file defines stays a symbol.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

use super::{Known, helpers, known, modules};
use crate::extract::code::Code;
use crate::extract::code::calls::Call;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{concat, literal, unknown};
use crate::facts::Value;

/// Names that stand for names that stand for names.
const DEEPEST: u32 = 10;
/// Expressions that are looked at for one value.
const MOST_STEPS: u32 = 300;
/// Parts of one text.
const MOST_PARTS: usize = 64;

pub struct Expressions<'c, 't> {
    pub code: &'c Code<'t>,
    pub known: Rc<Known>,
    steps: Cell<u32>,
}

impl<'c, 't> Expressions<'c, 't> {
    pub fn new(code: &'c Code<'t>) -> Self {
        Expressions { code, known: known(code), steps: Cell::new(0) }
    }

    /// What an expression stands for.
    pub fn value(&self, range: Range<usize>) -> Value {
        self.steps.set(MOST_STEPS);
        self.within(range, DEEPEST)
    }

    /// The text of an expression, where it has a known one.
    pub fn text(&self, range: Range<usize>) -> Option<String> {
        match self.value(range) {
            Value::Literal(text) => Some(text.to_string()),
            _ => None,
        }
    }

    pub(super) fn within(&self, range: Range<usize>, depth: u32) -> Value {
        let code = self.code;
        let range = self.bare(range);
        let steps = self.steps.get();
        if range.is_empty() || depth == 0 || steps == 0 {
            return unknown(if range.is_empty() { "nothing" } else { "too deep" });
        }
        self.steps.set(steps - 1);
        if let Some(found) = self.alternatives(range.clone(), depth) {
            return found;
        }
        let parts = self.split(range.clone(), &["+"]);
        if parts.len() > MOST_PARTS {
            return unknown("too long");
        }
        if parts.len() > 1 {
            return concat(parts.into_iter().map(|part| self.within(part, depth)));
        }
        if range.len() == 1 {
            match code.kind(range.start) {
                Some(TokenKind::Literal) => {
                    return code.literal(range.start).map_or_else(|| code.value(range), |text| literal(text.as_ref()));
                }
                Some(TokenKind::Number) => return literal(code.text_of(range.start)),
                _ => {}
            }
        }
        if self.opens_template(range.start) && self.after(range.start) == range.end {
            return self.template(range, depth);
        }
        if let Some(names) = self.chain(range.clone()) {
            return self.named(&names, range.start, depth);
        }
        if let Some(found) = self.call(range.clone(), depth) {
            return found;
        }
        // `new URL(…).href`.
        if range.len() > 4 && code.is(range.end - 2, ".") && code.is_any(range.end - 1, &["href", "origin"]) {
            return self.within(range.start..range.end - 2, depth);
        }
        unknown(code.text_in(range).lines().next().unwrap_or(""))
    }

    /// An expression without brackets around it, `await`, and what tells the type only.
    pub(super) fn bare(&self, mut range: Range<usize>) -> Range<usize> {
        let code = self.code;
        for _ in 0..16 {
            if code.is(range.start, "(") && code.after(range.start) == range.end {
                range = code.inside(range.start);
            } else if code.is_any(range.start, &["await", "return"]) && range.len() > 1 {
                range.start += 1;
            } else if range.len() > 1 && code.is(range.end - 1, "!") {
                range.end -= 1;
            } else if let Some(at) = self.position(range.clone(), &["as", "satisfies"]).filter(|&at| at > range.start) {
                range.end = at;
            } else {
                break;
            }
        }
        range
    }

    /// `a || b`, `a ?? b`, `a ? b : c`.
    fn alternatives(&self, range: Range<usize>, depth: u32) -> Option<Value> {
        let code = self.code;
        if let Some(mark) = self.position(range.clone(), &["?"]).filter(|&at| at > range.start) {
            let colon = self.colon(mark + 1..range.end)?;
            let (condition, yes, no) = (range.start..mark, mark + 1..colon, colon + 1..range.end);
            let text = code.text_in(condition);
            // Of what holds in production and what holds elsewhere, production is what matters.
            let negated = text.contains("!=") || text.trim_start().starts_with('!');
            let (first, second) = if negated { (no, yes) } else { (yes, no) };
            return Some(either(self.within(first, depth - 1), || self.within(second, depth - 1)));
        }
        let mark = self.position(range.clone(), &["||", "??"]).filter(|&at| at > range.start)?;
        Some(either(self.within(range.start..mark, depth - 1), || self.within(mark + 1..range.end, depth - 1)))
    }

    /// The colon of the `?` before the range.
    fn colon(&self, range: Range<usize>) -> Option<usize> {
        let mut open = 0;
        let mut at = range.start;
        while at < range.end {
            match self.code.text_of(at) {
                "?" => open += 1,
                ":" if open == 0 => return Some(at),
                ":" => open -= 1,
                _ => {}
            }
            at = self.after(at);
        }
        None
    }

    /// The first of some tokens that stands in no inner bracket or template.
    fn position(&self, range: Range<usize>, texts: &[&str]) -> Option<usize> {
        let mut at = range.start;
        while at < range.end {
            if self.code.is_any(at, texts) {
                return Some(at);
            }
            at = self.after(at);
        }
        None
    }

    /// The parts of a range between operators; templates are whole.
    fn split(&self, range: Range<usize>, texts: &[&str]) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut from = range.start;
        while let Some(at) = self.position(from..range.end, texts) {
            parts.push(from..at);
            from = at + 1;
        }
        parts.push(from..range.end);
        parts
    }

    fn opens_template(&self, at: usize) -> bool {
        let text = self.code.text_of(at);
        self.code.kind(at) == Some(TokenKind::Literal) && text.starts_with('`') && text.ends_with("${")
    }

    /// The token after this one, after the group that it opens, or after the template that it begins.
    pub(super) fn after(&self, at: usize) -> usize {
        let code = self.code;
        if !self.opens_template(at) {
            return code.after(at);
        }
        let (mut depth, mut next) = (1, at + 1);
        while next < code.len() {
            if code.kind(next) == Some(TokenKind::Literal) {
                let text = code.text_of(next);
                match (text.starts_with('`'), text.starts_with('}'), text.ends_with("${")) {
                    (true, _, true) => depth += 1,
                    (_, true, false) => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    return next + 1;
                }
            }
            next = code.after(next);
        }
        next
    }

    fn template(&self, range: Range<usize>, depth: u32) -> Value {
        let code = self.code;
        let mut parts = Vec::new();
        let mut at = range.start;
        while at < range.end && parts.len() < MOST_PARTS {
            let text = code.text_of(at);
            parts.push(literal(text.trim_start_matches(['`', '}']).trim_end_matches("${").trim_end_matches('`')));
            if !text.ends_with("${") {
                break;
            }
            let from = at + 1;
            let mut end = from;
            while end < range.end && !(code.kind(end) == Some(TokenKind::Literal) && code.text_of(end).starts_with('}')) {
                end = self.after(end);
            }
            parts.push(self.within(from..end, depth - 1));
            at = end;
        }
        concat(parts)
    }

    /// The names of `a.b?.c['d']`; None for anything else.
    pub fn chain(&self, range: Range<usize>) -> Option<Vec<String>> {
        let code = self.code;
        let mut names = vec![code.word(range.start).filter(|_| !range.is_empty())?.to_owned()];
        let mut at = range.start + 1;
        while at < range.end && names.len() < 12 {
            if code.is(at, "!") {
                at += 1;
            } else if code.is_any(at, &[".", "?."]) && code.word(at + 1).is_some() {
                names.push(code.text_of(at + 1).to_owned());
                at += 2;
            } else if code.is(at, "[") && code.partner(at) == at + 2 {
                names.push(self.text_at(at + 1)?);
                at += 3;
            } else if code.is(at, "?.") && code.is(at + 1, "[") {
                at += 1;
            } else {
                return None;
            }
        }
        (at >= range.end).then_some(names)
    }

    fn text_at(&self, at: usize) -> Option<String> {
        self.code.literal(at).map(|text| text.into_owned())
    }

    /// What a call gives back, as far as it is a helper for texts, or a function of the file that only returns something.
    fn call(&self, range: Range<usize>, depth: u32) -> Option<Value> {
        let code = self.code;
        let close = range.end.checked_sub(1).filter(|&close| code.is(close, ")"))?;
        let call = code.call_before(code.partner(close))?;
        let constructs = code.is(range.start, "new");
        let is_new = constructs && code.receiver_name(call).is_some();
        if call.start != range.start + usize::from(constructs) || constructs && !is_new {
            // The receiver is no chain of names: `(a || b).c()`, `'%s'.d()`, `` `…`.e() ``.
            let dot = call.name.checked_sub(1).filter(|&dot| code.is_any(dot, &[".", "?."]) && dot > range.start)?;
            return helpers::of_text(self, code.text_of(call.name), range.start..dot, call, depth);
        }
        helpers::value(self, call, is_new, depth).or_else(|| self.returned(call, depth))
    }

    /// What a function of the file without parameters returns.
    fn returned(&self, call: Call, depth: u32) -> Option<Value> {
        let code = self.code;
        let name = code.text_of(call.name);
        let receiver = code.receiver_name(call)?;
        if !code.inside(call.open).is_empty() {
            return None;
        }
        if receiver.is_empty() && code.imports().contains_key(name) {
            return Some(Value::Symbol(format!("{}()", modules::symbol(code, name)).into()));
        }
        let wanted = match (receiver.as_str(), self.known.functions.class(call.start)) {
            ("this", Some(class)) => format!("{class}.{name}"),
            ("", _) => name.to_owned(),
            _ => return None,
        };
        let function = self.known.function(&wanted)?;
        self.result(function, depth)
    }

    /// What a function returns, where it does nothing else.
    pub fn result(&self, function: usize, depth: u32) -> Option<Value> {
        let code = self.code;
        let body = self.known.functions.all[function].body.clone();
        let is_block = body.start.checked_sub(1).is_some_and(|before| code.is(before, "{"));
        let range = match is_block {
            false => body,
            true => {
                let at = body.clone().take(200).find(|&at| code.is(at, "return"))?;
                at + 1..super::functions::expression_end(code, at + 1).min(body.end)
            }
        };
        let found = self.within(range, depth.checked_sub(1)?);
        is_told(&found).then_some(found)
    }

    pub fn depth(&self) -> u32 {
        self.steps.set(MOST_STEPS);
        DEEPEST
    }
}

/// A call that checks what the environment holds and gives it back.
pub fn reads_environment(code: &Code, range: Range<usize>) -> bool {
    let mut at = range.start;
    let end = range.end.min(range.start + 16);
    while at < end {
        if code.is(at, "(") && (code.reads(at + 1, &["process", ".", "env"]) || code.reads(at + 1, &["import", ".", "meta"])) {
            return true;
        }
        at += 1;
    }
    false
}

/// The first value with the second for its default; the second where the first tells nothing.
pub fn either(first: Value, second: impl FnOnce() -> Value) -> Value {
    let default = |value: Value| match value {
        Value::Unknown(_) => None,
        Value::Literal(text) if text.is_empty() => None,
        known => Some(Box::new(known)),
    };
    match first {
        Value::Env { name, default: None } => Value::Env { name, default: default(second()) },
        Value::Property { key, default: None } => Value::Property { key, default: default(second()) },
        Value::Unknown(_) => second(),
        Value::Literal(text) if text.is_empty() => second(),
        Value::Parameter { .. } => {
            let second = second();
            if is_told(&second) { second } else { first }
        }
        Value::Symbol(symbol) if symbol.starts_with('#') => {
            let second = second();
            if is_told(&second) { second } else { Value::Symbol(symbol) }
        }
        other => other,
    }
}

/// Whether a value tells something by itself.
pub fn is_told(value: &Value) -> bool {
    match value {
        Value::Literal(text) => !text.is_empty(),
        Value::Env { .. } | Value::Property { .. } => true,
        Value::Symbol(symbol) => !symbol.starts_with('#'),
        Value::Concat(parts) => {
            parts.iter().any(|part| matches!(part, Value::Literal(_) | Value::Env { .. } | Value::Property { .. }))
        }
        Value::Parameter { .. } | Value::Unknown(_) => false,
    }
}
