//! Protobuf services, as gRPC and its relatives offer them.
//!
//! A `.proto` file with at least one `service` comes in; its methods come out as operations, with a problem where a service can't be
//! read. Files that only define messages describe no API.

mod lexer;
mod parser;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::problems::{Kind, Problems};
use super::{describes_its_repository, version_mark};
use crate::discover;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{ApiDescription, ApiFormat, Fact, Operation};
use crate::source::{Location, Span, Spanned};
use parser::{File, Service};

pub const EXTRACTOR: Extractor = Extractor { name: "protobuf", wants, applies, extract };

static SYNTAX: Kind = Kind::invalid("syntax errors", "mend the syntax: `protoc` refuses the file");

static SAME_METHOD: Kind = Kind::invalid("methods that stand twice", "give the method a name of its own, or remove it");

static LONG_NAME: Kind = Kind::limit("names that are too long", "shorten the package's or the service's name");

/// Packages that come with the tools: their services are not those of whoever copied them.
const FOREIGN: [&str; 2] = ["google.", "grpc."];

const MAX_NAME: usize = 1024;

fn wants(kind: discover::Kind, path: &str) -> bool {
    path.ends_with(".proto") && describes_its_repository(kind.role)
}

fn applies(input: &Input) -> bool {
    wants(input.kind, input.path) && has_service(input.text)
}

/// Whether a line begins with the word `service`.
fn has_service(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), b"service").any(|at| {
        let before = text[..at].trim_end_matches([' ', '\t']);
        let begins = before.is_empty() || before.ends_with(['\n', ';', '}', '/']);
        begins && text[at + "service".len()..].starts_with(char::is_whitespace)
    })
}

fn extract(input: &Input, output: &mut Output) {
    let file = parser::parse(input.text);
    if file.package.is_some_and(|(package, _)| FOREIGN.iter().any(|foreign| package.starts_with(foreign))) {
        return;
    }
    let mut problems = Problems::default();
    if let Some((span, message)) = &file.broken {
        problems.report(&SYNTAX, || input.location(*span), || message.clone());
    }
    if !file.services.is_empty() {
        output.facts.push(Fact::Api(api(input, &file, &mut problems)));
    }
    output.problems.extend(problems.finish());
}

fn api(input: &Input, file: &File, problems: &mut Problems) -> ApiDescription {
    let text = |(text, span): (&str, Span)| Spanned::new(Arc::from(text), input.location(span));
    let mut complete = file.broken.is_none();
    let mut operations = Vec::new();
    for service in &file.services {
        complete &= add(input, file, service, &mut operations, problems);
    }
    ApiDescription {
        format: ApiFormat::Protobuf,
        at: file.package.map_or(Location::TOP, |(_, span)| input.location(span)),
        title: file.package.map(text),
        version: None,
        versioned_by: file.package.filter(|(package, _)| version_mark::in_package(package)).map(text),
        bases: Vec::new(),
        operations,
        complete,
        references: Vec::new(),
    }
}

/// Adds a service's methods; false when they can't be named.
fn add(input: &Input, file: &File, service: &Service, operations: &mut Vec<Operation>, problems: &mut Problems) -> bool {
    let package = file.package.map_or("", |(package, _)| package);
    if package.len() + service.name.len() > MAX_NAME {
        problems.report(&LONG_NAME, || Location::TOP, || "the name of a service is longer than is read".to_owned());
        return false;
    }
    let dot = if package.is_empty() { "" } else { "." };
    let mut first: FxHashMap<&str, Span> = FxHashMap::default();
    for method in &service.methods {
        if let Some(first) = first.get(method.name) {
            let message = || format!("the method `{}` of `{}` stands twice", method.name, service.name);
            if let Some(problem) = problems.report(&SAME_METHOD, || input.location(method.at), message) {
                problem.labels.push((input.location(*first), "here first".to_owned()));
            }
            continue;
        }
        first.insert(method.name, method.at);
        operations.push(Operation {
            at: input.location(method.at),
            method: "RPC".into(),
            path: format!("/{package}{dot}{}/{}", service.name, method.name).into(),
            id: None,
            deprecated: method.deprecated || service.deprecated || file.deprecated,
            parameter_types: message_type(method.request, package),
            response_types: message_type(method.response, package),
        });
    }
    true
}

/// A message by its name, without the package it shares with the service. An empty message is no type to have in common.
fn message_type(name: &str, package: &str) -> Vec<Arc<str>> {
    let name = name.trim_start_matches('.');
    if name == "google.protobuf.Empty" {
        return Vec::new();
    }
    let own = name.strip_prefix(package).and_then(|rest| rest.strip_prefix('.'));
    vec![own.unwrap_or(name).into()]
}

#[cfg(test)]
mod tests;
