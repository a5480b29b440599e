//! Routes of types whose members answer requests, whatever framework marks them.
//!
//! A type comes in with the prefixes and routes that its annotations tell; routes and mounts come out. What an interface or a base class
//! offers counts where a controller inherits it: there it is mounted.

use rustc_hash::FxHashSet;

use super::type_symbol;
use super::types::{Form, Type};
use crate::extract::Output;
use crate::extract::code::Code;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::value::{concat, literal, unknown};
use crate::facts::{Fact, Mount, Route, Routing, ScopePrefix, Value};
use crate::source::Location;

/// How a type stands to requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It answers itself.
    Controller,
    /// What it says counts where a controller inherits it.
    Base,
}

/// One operation of a member: where it is marked, method, and path below the prefix of the type.
pub struct Operation {
    pub at: Location,
    pub method: &'static str,
    pub path: Value,
}

/// Libraries from whose types nobody inherits routes.
const LIBRARIES: [&str; 12] = [
    "java/",
    "javax/",
    "jakarta/",
    "kotlin/",
    "kotlinx/",
    "org/springframework/",
    "io/micronaut/",
    "io/quarkus/",
    "lombok/",
    "org/slf4j/",
    "io/swagger/",
    "org/junit/",
];

/// The method that an annotation or a word is named for, in upper case.
pub fn method(word: &str) -> Option<&'static str> {
    const METHODS: [&str; 9] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT"];
    METHODS.into_iter().find(|method| method.eq_ignore_ascii_case(word))
}

/// Puts what a type offers into the routing.
pub fn add(routing: &mut Routing, code: &Code, of: &Type, standing: Standing, prefixes: &[Value], operations: Vec<Operation>) {
    let none = [literal("")];
    let prefixes = if prefixes.is_empty() { &none[..] } else { prefixes };
    let scope = of.scope();
    let at = code.at(of.item.name);
    let bases: Vec<_> = of.bases.iter().map(|base| type_symbol(code, base)).filter(|base| may_have_routes(base)).collect();
    if standing == Standing::Base {
        if operations.is_empty() {
            return;
        }
        for operation in operations {
            let Operation { at, method, path } = operation;
            let path = paths::template(path, Style::Braces);
            routing.routes.push(Route { at, method: method.into(), path, scope: Some(scope.clone()), owner: None });
        }
        let prefix = paths::template(prefixes[0].clone(), Style::Braces);
        if prefix != literal("") {
            routing.defaults.push(ScopePrefix { at, scope: scope.clone(), prefix });
        }
        routing.leaves.push(scope.clone());
        for child in bases {
            routing.mounts.push(Mount { at, parent: scope.clone(), child, prefix: literal("") });
        }
        return;
    }
    for Operation { at, method, path } in operations {
        for prefix in prefixes {
            let path = paths::template(join(prefix.clone(), path.clone()), Style::Braces);
            routing.routes.push(Route { at, method: method.into(), path, scope: None, owner: None });
        }
    }
    if !bases.is_empty() {
        routing.applications.push(scope.clone());
    }
    for child in bases {
        for prefix in prefixes {
            let prefix = paths::template(prefix.clone(), Style::Braces);
            routing.mounts.push(Mount { at, parent: scope.clone(), child: child.clone(), prefix });
        }
    }
}

fn may_have_routes(base: &str) -> bool {
    !LIBRARIES.iter().any(|library| base.starts_with(library))
        && !matches!(base, "#Serializable" | "#Comparable" | "#Object" | "#Any" | "#Runnable" | "#Cloneable" | "#AutoCloseable")
}

/// Blocks of paths lie in no more blocks than these.
pub const DEEPEST: usize = 64;
/// What is longer is no path.
const LONGEST_PATH: usize = 2_000;

/// A path below another, with one slash between.
pub fn join(prefix: Value, path: Value) -> Value {
    if length(&prefix) > LONGEST_PATH {
        return unknown("too long");
    }
    if path == literal("") {
        return prefix;
    }
    if prefix == literal("") {
        return path;
    }
    let ends = last_literal(&prefix).is_some_and(|text| text.ends_with('/'));
    let begins = first_literal(&path).is_some_and(|text| text.starts_with('/'));
    match (ends, begins) {
        (true, true) => concat([without_last_slash(prefix), path]),
        (false, false) => concat([prefix, literal("/"), path]),
        _ => concat([prefix, path]),
    }
}

fn length(value: &Value) -> usize {
    match value {
        Value::Literal(text) => text.len(),
        Value::Concat(parts) => parts.iter().map(length).sum(),
        _ => 0,
    }
}

fn first_literal(value: &Value) -> Option<&str> {
    match value {
        Value::Literal(text) => Some(text),
        Value::Concat(parts) => parts.first().and_then(first_literal),
        _ => None,
    }
}

fn last_literal(value: &Value) -> Option<&str> {
    match value {
        Value::Literal(text) => Some(text),
        Value::Concat(parts) => parts.last().and_then(last_literal),
        _ => None,
    }
}

fn without_last_slash(value: Value) -> Value {
    match value {
        Value::Literal(text) => literal(text.strip_suffix('/').unwrap_or(&text)),
        Value::Concat(mut parts) => {
            if let Some(last) = parts.pop() {
                parts.push(without_last_slash(last));
            }
            concat(parts)
        }
        other => other,
    }
}

/// True for a type that no request reaches but through a subtype.
pub fn is_base(of: &Type) -> bool {
    matches!(of.form, Form::Interface | Form::Abstract)
}

pub fn finish(mut routing: Routing, output: &mut Output) {
    let mut known = FxHashSet::default();
    routing.applications.retain(|scope| known.insert(scope.clone()));
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}
