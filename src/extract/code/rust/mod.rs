//! Rust: what files import and define.

mod attributes;
mod chains;
mod modules;
mod remote;
mod stored;

use super::structure::ItemKind;
use super::tokens::TokenKind;
use super::{Code, Dialect};
use crate::facts::{CodeModule, Constant, Entry};

pub const DIALECT: Dialect = Dialect {
    languages: &["Rust"],
    imports: modules::imports,
    define,
    marks: &["fn main", "&str =", "&'static str =", "pub use "],
    frameworks: &[attributes::FRAMEWORK, chains::FRAMEWORK, remote::FRAMEWORK, stored::FRAMEWORK],
};

const MOST_CONSTANTS: usize = 200;
const LONGEST_CONSTANT: usize = 200;

fn define(code: &Code, module: &mut CodeModule) {
    for at in (0..code.len()).filter(|&at| code.is_any(at, &["const", "static"])) {
        let Some(name) = code.word(at + 1).filter(|_| module.constants.len() < MOST_CONSTANTS) else { continue };
        let equals = (at + 2..(at + 12).min(code.len())).find(|&at| code.is_any(at, &["=", ";"]));
        let Some(value) = equals.filter(|&equals| code.is(equals, "=")).map(|equals| equals + 1) else { continue };
        if code.kind(value) == Some(TokenKind::Literal) && code.text_of(value).len() <= LONGEST_CONSTANT {
            module.constants.push(Constant { name: name.into(), value: code.value(value..value + 1), at: code.at(at + 1) });
        }
    }
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
