//! Routes of Devise: `devise_for :users` in a file of routes, and what of them is there, which the model says: `devise :registerable`.
//!
//! What each part of Devise registers is a scope of its own that the model mounts, so that it counts with the model and only then.

use super::super::syntax::{self, Statement};
use super::super::types;
use crate::extract::Output;
use crate::extract::code::Code;
use crate::extract::code::paths::{join, singular};
use crate::extract::code::value::literal;
use crate::facts::{Fact, Mount, Route, Routing, Value};
use crate::source::Spanned;

/// Of each part: the kind of routes that options name, and the routes: method, name in `path_names`, what follows.
type Part = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str)]);

const PARTS: [Part; 5] = [
    ("database_authenticatable", "sessions", &[("GET", "sign_in", ""), ("POST", "sign_in", ""), ("DELETE", "sign_out", "")]),
    (
        "recoverable",
        "passwords",
        &[
            ("GET", "password", "/new"),
            ("GET", "password", "/edit"),
            ("PATCH", "password", ""),
            ("PUT", "password", ""),
            ("POST", "password", ""),
        ],
    ),
    (
        "registerable",
        "registrations",
        &[
            ("GET", "registration", "/cancel"),
            ("GET", "registration", "/sign_up"),
            ("GET", "registration", "/edit"),
            ("PATCH", "registration", ""),
            ("PUT", "registration", ""),
            ("DELETE", "registration", ""),
            ("POST", "registration", ""),
        ],
    ),
    (
        "confirmable",
        "confirmations",
        &[("GET", "confirmation", "/new"), ("GET", "confirmation", ""), ("POST", "confirmation", "")],
    ),
    ("lockable", "unlocks", &[("GET", "unlock", "/new"), ("GET", "unlock", ""), ("POST", "unlock", "")]),
];

/// `devise :database_authenticatable, :registerable` in a model.
pub fn model(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: super::FRAMEWORK.name.into(), ..Routing::default() };
    for class in types::classes(code) {
        for of in syntax::statements(code, class.body.clone()) {
            if of.has_receiver() || !code.is(of.name, "devise") {
                continue;
            }
            let named: Vec<String> =
                of.positional(code).into_iter().filter_map(|argument| syntax::name(code, argument)).collect();
            for (part, _, _) in PARTS.iter().filter(|(part, _, _)| named.iter().any(|name| name == part)) {
                routing.mounts.push(Mount {
                    at: of.place(code),
                    parent: "#devise".into(),
                    child: format!("#{}.devise.{part}", class.name).into(),
                    prefix: literal(""),
                });
            }
            if named.iter().any(|name| name == "omniauthable") {
                routing.uncounted.push(Spanned::new("routes of each provider for signing in".into(), of.place(code)));
            }
        }
    }
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

/// `devise_for :users, path: 'auth', path_names: { sign_in: 'login' }, skip: [:passwords]`.
pub fn routes(code: &Code, of: &Statement, prefix: &Value, routing: &mut Routing) {
    let names = |option: &str| of.named(code, option).and_then(|range| syntax::names(code, range));
    let name = |option: &str| of.named(code, option).and_then(|range| syntax::name(code, range));
    let (skip, only) = (names("skip").unwrap_or_default(), names("only"));
    let renamed = of.named(code, "path_names").map_or(Vec::new(), |range| match code.is(range.start, "{") {
        true => code.arguments(range.start),
        false => vec![range],
    });
    for resource in of.positional(code).into_iter().filter_map(|argument| syntax::name(code, argument)) {
        let own = match of.named(code, "path") {
            Some(range) if code.is(range.start, "nil") => String::new(),
            _ => name("path").unwrap_or_else(|| resource.clone()),
        };
        let base = join(prefix, literal(own.as_str()));
        let model = name("class_name").unwrap_or_else(|| types::camelized(&singular(&resource)));
        let model = model.rsplit("::").next().unwrap_or(&model);
        for (part, kind, routes) in PARTS {
            let is_asked = only.as_ref().is_none_or(|only| only.iter().any(|name| name == kind));
            if !is_asked || skip.iter().any(|name| name == kind || name == "all") {
                continue;
            }
            let scope = format!("#{model}.devise.{part}");
            for (method, word, end) in routes {
                let own = |word: &str| code.named(&renamed, word).and_then(|range| syntax::name(code, range));
                let page = own(end.trim_start_matches('/')).filter(|_| !end.is_empty()).map(|page| format!("/{page}"));
                let word = own(word).unwrap_or_else(|| if *word == "registration" { String::new() } else { (*word).to_owned() });
                let end = page.as_deref().unwrap_or(end).to_owned();
                let slash = if word.is_empty() { "" } else { "/" };
                routing.routes.push(Route {
                    at: of.place(code),
                    method: (*method).into(),
                    path: join(&base, literal(format!("{slash}{word}{end}"))),
                    scope: Some(scope.as_str().into()),
                    owner: None,
                });
            }
            routing.leaves.push(scope.into());
        }
    }
}
