//! Handlers that say their route in an attribute: `#[get("/users/{id}")]` of actix, `#[post("/users/<id>?<q>")]` of Rocket.
//!
//! Such a handler counts where it is registered, below the prefix of that place: it is a scope of its own, called as the function is.

use std::sync::Arc;

use super::tests;
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Route, Routing, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "rust-attributes",
    marks: &[
        "#[get(",
        "#[post(",
        "#[put(",
        "#[delete(",
        "#[patch(",
        "#[route(",
        "::get(",
        "::post(",
        "::put(",
        "::delete(",
        "::patch(",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    let tests = tests(code);
    for item in code.items().iter().filter(|item| item.kind == ItemKind::Function) {
        if tests.iter().any(|body| body.contains(&item.name)) {
            continue;
        }
        for at in code.annotations_before(item.start) {
            // `actix_web::get("/x")`: the last part of the path tells.
            let mut name = at;
            while code.is(name + 1, "::") {
                name += 2;
            }
            let methods: Vec<&str> = match code.text_of(name) {
                "get" => vec!["GET"],
                "post" => vec!["POST"],
                "put" => vec!["PUT"],
                "delete" => vec!["DELETE"],
                "patch" => vec!["PATCH"],
                "head" => vec!["HEAD"],
                "options" => vec!["OPTIONS"],
                "route" => stated_methods(code, name + 1),
                _ => continue,
            };
            if !code.is(name + 1, "(") {
                continue;
            }
            let arguments = code.arguments(name + 1);
            let path = arguments
                .iter()
                .find(|range| code.literal(range.start).is_some_and(|text| text.is_empty() || text.starts_with('/')));
            let Some(path) = path.and_then(|range| code.literal(range.start)) else { continue };
            let scope: Arc<str> = format!("#{}", code.text_of(item.name)).into();
            for method in methods {
                let path = template(&path);
                routing.routes.push(Route {
                    at: code.at(name),
                    method: method.into(),
                    path,
                    scope: Some(Arc::clone(&scope)),
                    owner: None,
                });
            }
            routing.leaves.push(scope);
        }
    }
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

/// Parameters in `<>` or `{}`; what follows `?` names the query.
fn template(path: &str) -> Value {
    let path = path.split('?').next().unwrap_or(path);
    paths::template(literal(path), if path.contains('<') { Style::Angle } else { Style::Braces })
}

/// `method = "GET"` of actix, `GET` as Rocket writes it.
fn stated_methods<'t>(code: &Code<'t>, open: usize) -> Vec<&'t str> {
    const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
    let text = |at: usize| code.text_of(at).trim_matches('"');
    let mut found: Vec<&str> = code.inside(open).map(text).filter(|text| METHODS.contains(text)).collect();
    found.dedup();
    if found.is_empty() { vec!["ANY"] } else { found }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn handlers_are_scopes_of_their_own() {
        check(
            "src/routes.rs",
            "#[get(\"/users/{id}\")]\npub async fn show(id: web::Path<u32>) -> impl Responder {}\n#[rocket::post(\"/articles/<slug>?<page>\", format = \"json\", data = \"<x>\")]\nfn add() {}\n#[tokio::main]\nfn other() {}",
            "1 GET /users/{id} in #show\n3 POST /articles/{slug} in #add\nleaf #show\nleaf #add",
        );
        check(
            "src/more.rs",
            "#[route(\"/a\", method = \"GET\", method = \"POST\")]\nasync fn a() {}",
            "1 GET /a in #a\n1 POST /a in #a\nleaf #a",
        );
    }
}
