//! Entries of tables: of the environment, of an application's configuration, of what the file writes out; and what loops go through.

use std::ops::Range;

use super::{Expression, MOST_TOKENS, Values};
use crate::extract::code::python::names::Found;
use crate::extract::code::python::settings;
use crate::extract::code::python::syntax::call;
use crate::extract::code::tokens::TokenKind;
use crate::facts::Value;

/// Tokens of a table whose entries are looked up.
const MOST_IN_TABLE: usize = 2_000;
/// Entries of a table of which any may be meant.
const MOST_CHOICES: usize = 12;

impl<'t> Values<'_, 't> {
    /// `of[key]`.
    pub(super) fn indexed(&self, of: &Expression<'_, 't>, open: usize, steps: u32) -> Option<Value> {
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
    pub(super) fn entry(&self, of: &Expression<'_, 't>, key: &str, steps: u32) -> Option<Value> {
        if steps == 0 {
            return None;
        }
        let code = of.code;
        if code.is(of.range.start, "{") && code.partner(of.range.start) + 1 == of.range.end && of.range.len() <= MOST_IN_TABLE {
            let parts = code.split(code.inside(of.range.start), ",");
            let part = parts
                .into_iter()
                .find(|part| code.is(part.start + 1, ":") && code.literal(part.start).is_some_and(|text| text == key))?;
            return Some(self.expression(of.part(part.start + 2..part.end), steps - 1));
        }
        // `sqs.get_queue_url(QueueName="x")["QueueUrl"]`.
        if matches!(key, "QueueUrl" | "TopicArn" | "Endpoint") && call(code, of.range.clone()).is_some() {
            return Some(self.expression(of.part(of.range.clone()), steps - 1));
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
    pub(super) fn any_entry(&self, of: &Expression<'_, 't>, steps: u32) -> Option<Value> {
        let (mut code, mut range, mut inside) = (of.code, of.range.clone(), of.inside);
        if let Some(name) = of.name() {
            let Found::Assigned(index) = self.names.recent(&name, of.place()) else { return None };
            (code, range, inside) = (self.code, self.names.assignments[index].value.clone(), None);
        }
        self.chosen(&Expression { code, range, inside }, true, steps)
    }

    /// A value of `{…}`, `[…]` or `(…)`, whichever is meant.
    pub(super) fn chosen(&self, table: &Expression<'_, 't>, of_entries: bool, steps: u32) -> Option<Value> {
        let (code, start) = (table.code, table.range.start);
        if !code.is_any(start, &["{", "[", "("]) || code.partner(start) + 1 != table.range.end || table.range.len() > MOST_TOKENS
        {
            return None;
        }
        let parts = code.split(code.inside(start), ",");
        if parts.len() > MOST_CHOICES {
            return None;
        }
        if parts.is_empty() {
            return None;
        }
        let part = parts[self.choose(parts.len())].clone();
        let entry = code.is(part.start + 1, ":");
        if entry != (of_entries && code.is(start, "{")) && code.is(start, "{") {
            return None;
        }
        let from = if entry { part.start + 2 } else { part.start };
        Some(self.expression(table.part(from..part.end), steps.saturating_sub(1)))
    }

    /// What a loop goes through: `for url in URLS:`, `for name, url in SERVICES.items():`.
    pub(super) fn looped(&self, range: Range<usize>, name: &str, steps: u32) -> Option<Value> {
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
}
