//! Where the receivers of calls come from: what made them, and what they are declared as.

use std::ops::Range;

use super::expressions::Expressions;
use super::{modules, scope, values};
use crate::extract::code::Code;

/// Names that stand for names, until the call that made them.
const MOST_STEPS: usize = 4;
/// Tokens before a name at which its decorator is looked for.
const LONGEST_DECORATOR: usize = 24;

/// The call that made a value.
pub struct Made {
    /// The last part of the name that is called.
    pub name: String,
    /// The symbol of the whole name; empty where the receiver is no name.
    pub symbol: String,
    pub receiver: Range<usize>,
    pub open: usize,
}

impl Made {
    /// The module that the name is imported from; empty for one of this file.
    pub fn module(&self) -> &str {
        self.symbol.split('#').next().unwrap_or("")
    }
}

/// The call that made what an expression stands for: `new A(…)`, `await a.b(…)`, or a name that was given one.
pub fn made(expressions: &Expressions, range: Range<usize>) -> Option<Made> {
    let code = expressions.code;
    let mut range = range;
    for _ in 0..MOST_STEPS {
        while range.len() > 1 && code.is_any(range.start, &["await", "new"]) {
            range.start += 1;
        }
        if range.len() > 2 && code.is(range.start, "(") && code.after(range.start) == range.end {
            range = code.inside(range.start);
            continue;
        }
        let last = range.end.checked_sub(1)?;
        if code.is(last, ")") && last > range.start {
            let call = code.call_before(code.partner(last))?;
            let constructs = call.start.checked_sub(1).is_some_and(|before| code.is(before, "new"));
            if call.start < range.start || call.start > range.start && !constructs && !code.is(range.start, "(") {
                return None;
            }
            let name = code.text_of(call.name);
            let symbol = match code.receiver_name(call) {
                Some(receiver) if receiver.is_empty() => modules::symbol(code, name).to_string(),
                Some(receiver) => modules::symbol(code, &format!("{receiver}.{name}")).to_string(),
                None => String::new(),
            };
            return Some(Made { name: name.to_owned(), symbol, receiver: code.receiver(call), open: call.open });
        }
        range = expressions.expression(range)?;
    }
    None
}

/// The type that the last part of a receiver is declared as.
pub fn declared<'t>(code: &Code<'t>, receiver: Range<usize>) -> Option<&'t str> {
    let last = receiver.end.checked_sub(1).filter(|&last| last >= receiver.start)?;
    code.declared_type(code.word(last)?)
}

/// What a field or parameter is injected by: the first argument of its decorator, `@Inject('A')`, `@InjectQueue(B)`.
pub fn injected(code: &Code, name: &str, decorators: &[&str]) -> Option<Range<usize>> {
    code.occurrences(name).iter().take(64).find_map(|&at| {
        let at = at as usize;
        (at.saturating_sub(LONGEST_DECORATOR)..at).rev().find_map(|mark| {
            let is_decorator =
                code.is(mark, "@") && decorators.iter().any(|name| code.is(mark + 1, name)) && code.is(mark + 2, "(");
            let own = is_decorator && {
                let after = code.after(mark + 2);
                after <= at && scope::parameter_name(code, after..at + 1) == Some(at)
            };
            own.then(|| code.arguments(mark + 2).into_iter().next()).flatten()
        })
    })
}

/// Whether the file imports from one of some packages, or a part of one.
pub fn imports(expressions: &Expressions, packages: &[&str]) -> bool {
    let known = expressions.known.packages(expressions.code);
    packages.iter().any(|package| known.contains(*package))
}

/// The value of the first of some keys of an object.
pub fn option(code: &Code, object: &Range<usize>, keys: &[&str]) -> Option<Range<usize>> {
    keys.iter().find_map(|key| values::property(code, object.clone(), key))
}
