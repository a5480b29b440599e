//! Rust: what files import and define.

mod addresses;
mod attributes;
mod chains;
mod configuration;
mod fields;
mod grpc_clients;
mod http_clients;
mod modules;
mod names;
mod producers;
mod remote;
mod stored;
mod stores;
mod values;

use super::structure::ItemKind;
use super::{Code, Dialect};
use crate::facts::{CodeModule, Entry};

pub const DIALECT: Dialect = Dialect {
    languages: &["Rust"],
    imports: modules::imports,
    define,
    marks: &[
        "fn main",
        "&str =",
        "&'static str =",
        "pub use ",
        "env::var",
        "dotenvy",
        "env!(",
        "clap",
        "envy",
        "envconfig",
        "Environment::",
        "figment",
    ],
    frameworks: &[
        attributes::FRAMEWORK,
        chains::FRAMEWORK,
        remote::FRAMEWORK,
        stored::FRAMEWORK,
        http_clients::FRAMEWORK,
        grpc_clients::FRAMEWORK,
        producers::FRAMEWORK,
        stores::FRAMEWORK,
        // Addresses are what the others left.
        addresses::FRAMEWORK,
    ],
};

fn define(code: &Code, module: &mut CodeModule) {
    configuration::constants(code, module);
    module.aliases = modules::passed_on(code);
    let main = code.items().iter().find(|item| item.kind == ItemKind::Function && code.is(item.name, "main"));
    module.entry = main.map(|item| Entry { at: code.at(item.name), starts: starts(code).into() });
}

/// What a program starts.
fn starts(code: &Code) -> &'static str {
    let speaks = |words: &[&str]| words.iter().any(|word| code.text.contains(word));
    match () {
        _ if speaks(&["HttpServer::new"]) => "actix",
        _ if speaks(&["axum::serve", "into_make_service", "axum::Server"]) => "axum",
        _ if speaks(&["rocket::build", "rocket::ignite", "#[launch]"]) => "rocket",
        _ if speaks(&["warp::serve"]) => "warp",
        _ if speaks(&["Server::builder"]) => "tonic",
        _ => "main",
    }
}

/// Bodies of modules that hold tests.
fn tests(code: &Code) -> Vec<std::ops::Range<usize>> {
    let marks = (0..code.len()).filter(|&at| code.reads(at, &["cfg", "(", "test", ")"]));
    let body = |at: usize| {
        let open = (at + 4..(at + 16).min(code.len())).find(|&at| code.is_any(at, &["{", ";"]))?;
        code.is(open, "{").then(|| code.inside(open))
    };
    marks.filter_map(body).collect()
}
