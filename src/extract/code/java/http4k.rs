//! http4k: `routes("/a" bind GET to handler, "/b" bind routes(…))`.

use super::controllers::{self, DEEPEST, join};
use super::values;
use crate::extract::Output;
use crate::extract::code::paths::{Style, template};
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{Route, Routing, Value};

pub const FRAMEWORK: Framework = Framework { name: "http4k", marks: &["org.http4k.routing", "org.http4k.contract"], read };

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    let mut frames: Vec<(usize, Value)> = Vec::new();
    for at in 0..code.len() {
        while frames.last().is_some_and(|(end, _)| at >= *end) {
            frames.pop();
        }
        if !code.is_any(at, &["bind", "bindContract"]) {
            continue;
        }
        let Some(path) = path_before(code, at) else { continue };
        let prefix = frames.last().map_or(literal(""), |(_, prefix)| prefix.clone());
        let path = join(prefix, path);
        let word = at + 1 + 2 * usize::from(code.is(at + 1, "Method") && code.is(at + 2, "."));
        if let Some(method) =
            code.word(word).filter(|word| word.chars().all(|c| c.is_ascii_uppercase())).and_then(controllers::method)
        {
            let path = template(path, Style::Braces);
            routing.routes.push(Route { at: code.at(at), method: method.into(), path, scope: None, owner: None });
        } else if code.is_any(word, &["routes", "contract"]) && code.is_any(word + 1, &["(", "{"]) {
            let path = if frames.len() < DEEPEST { path } else { unknown("nested too deeply") };
            frames.push((code.partner(word + 1), path));
        }
    }
    controllers::finish(routing, output);
}

/// The text before `bind`, what is told of it (`meta { … }`) and parts of a path (`/ id`) left out.
fn path_before(code: &Code, bind: usize) -> Option<Value> {
    let mut at = bind.checked_sub(1)?;
    if code.is(at, "}") {
        at = code.partner(at).checked_sub(2).filter(|_| code.is(code.partner(at).wrapping_sub(1), "meta"))?;
    }
    let is_text =
        code.literal(at).is_some() || code.word(at).is_some_and(|word| word.chars().all(|c| c.is_ascii_uppercase() || c == '_'));
    is_text.then(|| values::value(code, at..at + 1))
}
