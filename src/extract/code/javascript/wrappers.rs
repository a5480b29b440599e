//! Wrappers around clients of HTTP that one file tells: functions that hand on what they are given, and clients that others use by their
//! members.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::clients;
use super::http_clients::{Reader, VERBS, based, method_of};
use crate::extract::Output;
use crate::extract::code::Code;
use crate::extract::code::value::{concat, unknown};
use crate::facts::{CallKind, CallSite, Fact, Value};

/// Calls of wrappers of a file that are wrappers themselves.
const MOST_HANDED: usize = 100;

/// The parts of a value.
fn parts(value: &Value) -> &[Value] {
    match value {
        Value::Concat(parts) => parts,
        other => std::slice::from_ref(other),
    }
}

impl Reader<'_, '_> {
    /// Functions that hand what they are given to a wrapper of the same file are wrappers, too.
    pub(super) fn handed_on(&self, sites: &[CallSite]) -> Vec<CallSite> {
        let code = self.code;
        let mut wrappers: FxHashMap<&str, &CallSite> = FxHashMap::default();
        for site in sites {
            for part in parts(&site.target) {
                if let Value::Parameter { function, .. } = part {
                    wrappers.entry(function).or_insert(site);
                }
            }
        }
        if wrappers.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for call in code.calls() {
            let constructs = call.start.checked_sub(1).is_some_and(|before| code.is(before, "new"));
            if found.len() >= MOST_HANDED || constructs || code.is(code.after(call.open), "{") {
                continue;
            }
            let name = code.text_of(call.name);
            let wanted = match (code.receiver_name(call).as_deref(), self.expressions.known.functions.class(call.start)) {
                (Some("this"), Some(class)) => format!("{class}.{name}"),
                (Some(""), _) => name.to_owned(),
                _ => continue,
            };
            let Some(site) = wrappers.get(wanted.as_str()) else { continue };
            let arguments = code.arguments(call.open);
            let given = |part: &Value| match part {
                Value::Parameter { function, index } if **function == *wanted => match arguments.get(*index as usize) {
                    Some(range) => self.expressions.value(range.clone()),
                    None => unknown("not given"),
                },
                part => part.clone(),
            };
            let target = concat(parts(&site.target).iter().map(given));
            let is_handed =
                parts(&target).iter().any(|part| matches!(part, Value::Parameter { function, .. } if **function != *wanted));
            if !is_handed {
                continue;
            }
            let verb =
                || arguments.iter().find_map(|range| self.method(range.clone()).filter(|method| VERBS.contains(&&**method)));
            let method = site.method.clone().or_else(verb);
            found.push(CallSite { at: code.location(call.name..call.open), target, method, ..(*site).clone() });
        }
        found
    }

    /// A client that other files use by its members: each member is a wrapper that is handed a path.
    pub(super) fn exported(&self, output: &mut Output) {
        let code = self.code;
        for at in 0..code.len() {
            let is_top = self.expressions.known.functions.around(at).is_none();
            if !is_top || !code.is_any(at, &["create", "extend", "defaults"]) || !code.is(at + 1, "(") {
                continue;
            }
            let Some(call) = code.call_before(at + 1).filter(|call| call.start < call.name) else { continue };
            let Some(name) = self.expressions.known.functions.assigned_name(code, call.start) else { continue };
            let Some(client) = clients::of_call(&self.expressions, call.start..code.after(call.open)) else { continue };
            if !is_exported(code, &name) {
                continue;
            }
            for member in ["get", "post", "put", "patch", "delete"] {
                let parameter = Value::Parameter { function: format!("{name}.{member}").into(), index: 0 };
                output.facts.push(Fact::Call(CallSite {
                    at: code.location(call.name..call.open),
                    kind: CallKind::Http,
                    client: client.library.into(),
                    target: based(client.base.clone(), parameter),
                    method: method_of(member).map(Arc::from),
                    name: None,
                    exchange: None,
                    limited: client.limited,
                }));
            }
        }
    }
}

/// Whether the file hands a name of its own to others.
fn is_exported(code: &Code, name: &str) -> bool {
    name == "default"
        || code.occurrences(name).iter().take(200).map(|&at| at as usize).any(|at| {
            let before = |back: usize| at.checked_sub(back);
            let declared = before(2).is_some_and(|before| code.is(before, "export"));
            let default = before(1).is_some_and(|before| code.is(before, "default"));
            let common = before(2).is_some_and(|before| code.is(before, "exports")) && code.is(at - 1, "=")
                || before(2).is_some_and(|before| code.is(before, "exports")) && code.is(at - 1, ".");
            let listed = || {
                let open = (at.saturating_sub(64)..at).rev().find(|&at| code.is(at, "{"));
                let before = open.and_then(|open| open.checked_sub(1));
                before.is_some_and(|before| {
                    code.is(before, "export") || code.is(before, "=") && before > 0 && code.is(before - 1, "exports")
                })
            };
            declared || default || common || listed()
        })
}
