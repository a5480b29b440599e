//! Ruby: what files define, and where programs begin.
//!
//! Names of Ruby are known everywhere once their file is loaded, so that no import gives a name: `API::V1::Users` is looked for in the file
//! that is called so.

mod active_record;
mod addresses;
mod clients;
mod documents;
mod grape;
mod grpc;
mod grpc_stubs;
mod http_clients;
mod jobs;
mod messages;
mod names;
mod producers;
mod rack;
mod rails;
mod roda;
mod schedules;
pub mod settings_files;
mod sinatra;
mod stores;
mod subscriptions;
mod syntax;
pub mod tables;
mod types;
mod values;

use super::tokens::TokenKind;
use super::{Code, Dialect, Imports, targets};
use crate::facts::{CodeModule, Constant, Entry, Value};

pub const DIALECT: Dialect = Dialect {
    languages: &["Ruby"],
    imports,
    define,
    marks: &[
        "\nrun ",
        "run!",
        "__FILE__ == $",
        "PROGRAM_NAME",
        "run_till_terminated",
        "run_with_signals",
        "require 'sinatra'",
        "require \"sinatra\"",
        "Karafka::App",
        "= '/",
        "= \"/",
        "TOPIC",
        "QUEUE",
        "PATH =",
        "PREFIX =",
        "EXCHANGE",
        "HOST =",
        "URL =",
    ],
    frameworks: &[
        active_record::FRAMEWORK,
        documents::FRAMEWORK,
        grape::FRAMEWORK,
        grpc::FRAMEWORK,
        grpc_stubs::FRAMEWORK,
        http_clients::FRAMEWORK,
        jobs::FRAMEWORK,
        messages::FRAMEWORK,
        producers::FRAMEWORK,
        rack::FRAMEWORK,
        rails::FRAMEWORK,
        roda::FRAMEWORK,
        schedules::FRAMEWORK,
        sinatra::FRAMEWORK,
        stores::FRAMEWORK,
        subscriptions::FRAMEWORK,
        tables::FRAMEWORK,
        // It reads what the others left over.
        addresses::FRAMEWORK,
    ],
};

/// Files define no more names than this for others.
const MOST_CONSTANTS: usize = 200;
/// A path, topic or host is no longer than this.
const LONGEST_CONSTANT: usize = 200;
/// Words that register a route for a method, in every library but Rails.
const VERBS: [(&str, &str); 9] = [
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
    ("options", "OPTIONS"),
    ("head", "HEAD"),
    ("link", "LINK"),
    ("unlink", "UNLINK"),
];

/// The method that a word registers a route for.
fn verbs(word: &str) -> Option<&'static str> {
    VERBS.iter().find(|(verb, _)| *verb == word).map(|(_, method)| *method)
}

fn imports(_: &Code) -> Imports {
    Imports::default()
}

fn define(code: &Code, module: &mut CodeModule) {
    for at in 1..code.len() {
        if module.constants.len() >= MOST_CONSTANTS {
            break;
        }
        let name = code.text_of(at - 1);
        let is_constant = code.is(at, "=")
            && code.begins_line(at - 1)
            && (code.kind(at + 1) == Some(TokenKind::Literal) || code.is(at + 1, "ENV"))
            && name.starts_with(|first: char| first.is_uppercase());
        if !is_constant {
            continue;
        }
        let scoped = || code.type_around(at).map_or(name.to_owned(), |of| format!("{of}.{name}"));
        let value = values::value(code, at + 1..values::line_end(code, at + 1));
        if matches!(targets::first(&value), Value::Env { .. }) {
            module.constants.push(Constant { name: scoped().into(), value, at: code.at(at - 1) });
            continue;
        }
        let Some(text) = code.literal(at + 1) else { continue };
        let may_be_used =
            text.contains(['/', '.', ':']) || name.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '_');
        if text.is_empty() || text.len() > LONGEST_CONSTANT || text.contains(char::is_whitespace) || !may_be_used {
            continue;
        }
        module.constants.push(Constant {
            name: scoped().into(),
            value: Value::Literal(text.as_ref().into()),
            at: code.at(at - 1),
        });
    }
    module.entry = entry(code);
}

/// A program begins in `config.ru`, where a file runs itself, or where it starts a server.
fn entry(code: &Code) -> Option<Entry> {
    let starts = |at: usize, starts: &str| Some(Entry { at: code.at(at), starts: starts.into() });
    let first =
        |word: &str, holds: &dyn Fn(usize) -> bool| code.occurrences(word).iter().map(|&at| at as usize).find(|&at| holds(at));
    if code.path.ends_with(".ru") {
        let is_run = |at: usize| code.begins_line(at);
        let at = first("run", &is_run)?;
        return starts(at, if code.is(at + 1, "Rails") { "rails" } else { "rack" });
    }
    if let Some(at) = first("run!", &|at| at > 0 && code.is(at - 1, ".")) {
        return starts(at, "sinatra");
    }
    if let Some(at) = first("require", &|at| code.literal(at + 1).is_some_and(|text| text == "sinatra")) {
        return starts(at, "sinatra");
    }
    for word in ["run_till_terminated", "run_till_terminated_or_interrupted", "run_with_signals"] {
        if let Some(at) = first(word, &|_| true) {
            return starts(at, "grpc");
        }
    }
    if let Some(at) = first("Karafka", &|at| code.reads(at + 1, &["::", "App"]) && code.is(at.wrapping_sub(1), "<")) {
        return starts(at, "karafka");
    }
    let is_own = |at: usize| code.is(at + 1, "==") && code.is_any(at + 2, &["$0", "$PROGRAM_NAME", "$"]);
    first("__FILE__", &is_own)
        .or_else(|| first("$PROGRAM_NAME", &|at| code.reads(at + 1, &["==", "__FILE__"])))
        .or_else(|| first("$0", &|at| code.reads(at + 1, &["==", "__FILE__"])))
        .and_then(|at| starts(at, "main"))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn constants_and_the_entry_are_told() {
        check(
            "lib/a.rb",
            "module Paths\n  ORDERS = '/orders'.freeze\n  TOPIC = 'orders'\n  Text = 'plain'\nend\nif __FILE__ == $0\n  x\nend",
            "2 constant Paths.ORDERS = /orders\n3 constant Paths.TOPIC = orders\n6 entry main",
        );
        check(
            "config.ru",
            "require_relative 'config/environment'\nrun Rails.application",
            "2 mount #Rails in #rack at \napplication #rack\n2 entry rails",
        );
        check("app.rb", "require 'sinatra'\nget '/' do end", "2 GET /\n1 entry sinatra");
    }
}
