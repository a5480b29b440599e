//! What readers of requests over HTTP share: how a request is stated, and where it stands.

use std::ops::Range;
use std::sync::Arc;

use crate::extract::Output;
use crate::extract::code::Code;
use crate::extract::code::calls::Call;
use crate::extract::code::value::{concat, literal};
use crate::facts::{CallKind, CallSite, Fact, Value};
use crate::source::Location;

/// States a request.
pub fn state(output: &mut Output, client: &str, at: Location, method: Option<Arc<str>>, target: Value, limited: Option<bool>) {
    let kind = CallKind::Http;
    output.facts.push(Fact::Call(CallSite {
        at,
        kind,
        client: client.into(),
        target,
        method,
        name: None,
        exchange: None,
        limited,
    }));
}

/// A call stands where its name does: a chain may begin lines before.
pub fn place(code: &Code, call: Call) -> Location {
    code.location(call.name..call.open)
}

/// The head of a method, not a call of it.
pub fn is_declared(code: &Code, open: usize, arguments: &[Range<usize>]) -> bool {
    let after = code.after(open);
    let typed = |range: &Range<usize>| {
        let mut at = range.start;
        while code.is_any(at, &["[", "this", "params", "ref", "in"]) {
            at = code.after(at);
        }
        // `Type name` and `Type<T> name`.
        code.word(at).is_some_and(|word| word != "new" && word != "await")
            && code.word(range.end - 1).is_some()
            && range.end - at >= 2
            && {
                let before = range.end - 2;
                code.is_any(before, &[">", "?", "]"])
                    || code.word(before).is_some_and(|word| !matches!(word, "await" | "new" | "as" | "is"))
            }
    };
    code.is_any(after, &["{", "where"]) || code.is(after, "=>") && arguments.iter().any(typed)
}

/// An address up to its query.
pub fn without_query(value: Value) -> Value {
    let parts = match value {
        Value::Concat(parts) => parts,
        other => vec![other],
    };
    let mut kept = Vec::new();
    for part in parts {
        if let Value::Literal(text) = &part
            && let Some(mark) = text.find('?')
        {
            kept.push(literal(&text[..mark]));
            break;
        }
        kept.push(part);
    }
    concat(kept)
}
