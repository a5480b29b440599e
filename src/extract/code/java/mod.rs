//! Java and Kotlin: what files import and define, and the frameworks that are known.

mod addresses;
mod bindings;
mod chains;
mod controllers;
mod declared_clients;
mod define;
mod entities;
mod event_producers;
mod events;
mod exposed;
mod expressions;
mod functional;
mod gateways;
mod graphql;
mod grpc;
mod grpc_clients;
mod handlers;
mod http4k;
mod http_requests;
mod jax_rs;
mod jpa;
mod known;
mod ktor;
mod ktor_resources;
mod lambdas;
mod message_interfaces;
mod messaging;
mod micronaut;
mod names;
mod producers;
mod reactive_clients;
mod schedules;
mod servlet;
mod settings;
mod sites;
mod spring;
mod spring_clients;
mod spring_data;
mod spring_messaging;
mod stored;
mod stores;
#[cfg(test)]
mod tests;
mod types;
mod urls;
mod values;
mod vertx;
mod websocket;
mod wrappers;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::structure::{Item, ItemKind};
use super::{Code, Dialect, Imports};

pub const DIALECT: Dialect = Dialect {
    languages: &["Java", "Kotlin"],
    imports,
    define: define::define,
    marks: define::MARKS,
    frameworks: &[
        events::AXON,
        events::EVENTUATE,
        exposed::FRAMEWORK,
        functional::FRAMEWORK,
        graphql::FRAMEWORK,
        grpc::FRAMEWORK,
        http4k::FRAMEWORK,
        jax_rs::FRAMEWORK,
        jpa::FRAMEWORK,
        ktor::FRAMEWORK,
        lambdas::JAVALIN,
        lambdas::SPARK,
        messaging::CLIENTS,
        messaging::MICRONAUT,
        messaging::MICROPROFILE,
        micronaut::FRAMEWORK,
        schedules::FRAMEWORK,
        servlet::FRAMEWORK,
        spring::FRAMEWORK,
        spring_data::FRAMEWORK,
        spring_messaging::FRAMEWORK,
        stored::FRAMEWORK,
        vertx::FRAMEWORK,
        vertx::QUARKUS,
        websocket::FRAMEWORK,
        declared_clients::FEIGN,
        declared_clients::MICRONAUT,
        declared_clients::MICROPROFILE,
        declared_clients::RETROFIT,
        declared_clients::SPRING,
        bindings::FRAMEWORK,
        event_producers::AXON,
        event_producers::DUBBO,
        event_producers::EVENTUATE,
        gateways::FRAMEWORK,
        grpc_clients::FRAMEWORK,
        http_requests::BUILDERS,
        http_requests::CONNECTIONS,
        http_requests::JAX_RS,
        http_requests::SIMPLE,
        producers::CLIENTS,
        message_interfaces::FRAMEWORK,
        producers::TEMPLATES,
        reactive_clients::KTOR,
        reactive_clients::VERTX,
        spring_clients::CLIENTS,
        spring_clients::REGISTRY,
        spring_clients::TEMPLATE,
        stores::FRAMEWORK,
        // What facts of others name already is left out.
        addresses::FRAMEWORK,
        wrappers::FRAMEWORK,
    ],
};

/// More tokens before the imports' end belong to no program.
const LONGEST_NAME: usize = 64;

/// `import a.b.C` makes `C` stand for `a/b/C#C`, `import static a.b.C.D` makes `D` stand for `a/b/C#C.D`. A function of a package of Kotlin
/// is `a/b#name`.
fn imports(code: &Code) -> Imports {
    let mut found = Imports::default();
    // Types of which every member is imported.
    let mut opened = Vec::new();
    let mut at = 0;
    while at < code.len() {
        if !(code.is(at, "import") && code.begins_line(at)) {
            // After the first type nothing is imported.
            if code.is_any(at, &["class", "interface", "enum", "record", "object", "fun"]) {
                break;
            }
            at = code.after(at);
            continue;
        }
        let from = at + 1 + usize::from(code.is(at + 1, "static"));
        let mut end = from;
        while end < from + LONGEST_NAME && code.word(end).is_some() && code.is(end + 1, ".") {
            end += 2;
        }
        if code.is(end, "*") {
            opened.extend(code.dotted(from..end.saturating_sub(1)).filter(|_| code.is(at + 1, "static")));
            at = end + 1;
            continue;
        }
        let alias = code.word(end + 2).filter(|_| code.is(end + 1, "as"));
        if let (Some(name), Some(last)) = (code.dotted(from..end + 1), code.word(end)) {
            found.insert(alias.unwrap_or(last).to_owned(), symbol(&name));
        }
        at = end + 1;
    }
    // One type with all its members imported: what is written like a constant and defined nowhere here is its.
    if let [only] = opened.as_slice() {
        let target = symbol(only);
        let constants = (0..code.len()).filter_map(|at| Some((at, code.word(at).filter(|word| is_constant(word))?)));
        let own: FxHashSet<&str> =
            constants.clone().filter(|(at, _)| code.is_any(at + 1, &["=", "(", ":"])).map(|(_, word)| word).collect();
        for (at, word) in constants {
            // A type or an annotation may be written like a constant; only a value stands after these.
            let is_value =
                at.checked_sub(1).is_some_and(|before| code.is_any(before, &["(", ",", "=", "+", "{", "[", "return", ":"]));
            if is_value && !own.contains(word) && !found.contains_key(word) {
                found.insert(word.to_owned(), format!("{target}.{word}").into());
            }
        }
    }
    found
}

/// The symbol of a type as it is written, with its package or by an imported name.
fn type_symbol(code: &Code, name: &str) -> Arc<str> {
    let first = name.split('.').next().unwrap_or(name);
    let qualified = name.len() > first.len() && first.starts_with(|first: char| first.is_lowercase());
    if qualified && !code.imports().contains_key(first) { symbol(name) } else { code.symbol(name) }
}

/// Functions of a file by their names: one, or none where several have the name.
struct Functions<'c>(FxHashMap<&'c str, Option<&'c Item>>);

impl<'c> Functions<'c> {
    fn new(code: &'c Code) -> Self {
        let mut found = FxHashMap::default();
        for item in code.items().iter().filter(|item| item.kind == ItemKind::Function) {
            found.entry(code.text_of(item.name)).and_modify(|known| *known = None).or_insert(Some(item));
        }
        Functions(found)
    }

    /// The symbol of a function that is called by its name alone: of one in a type of this file with the type's name.
    fn symbol(&self, code: &Code, name: &str) -> String {
        let symbol = code.symbol(name);
        match self.0.get(name) {
            Some(Some(item)) if symbol.starts_with('#') => format!("#{}", code.function_name(item)),
            _ => symbol.to_string(),
        }
    }
}

fn is_constant(word: &str) -> bool {
    word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// A qualified name as a symbol: what begins with a capital first is the file.
fn symbol(name: &str) -> Arc<str> {
    let parts: Vec<&str> = name.split('.').collect();
    let upper = |part: &&str| part.starts_with(|first: char| first.is_uppercase());
    match parts.iter().position(upper) {
        Some(file) => format!("{}#{}", parts[..=file].join("/"), parts[file..].join(".")).into(),
        None => {
            let last = parts.len() - 1;
            format!("{}#{}", parts[..last].join("/"), parts[last]).into()
        }
    }
}
