//! Javalin and Spark: paths with lambdas, nested by `path("…", …)`.

use super::controllers::{self, DEEPEST, join};
use super::{handlers, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::paths::{Style, template};
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{HandlerKind, Prefix, Route, Routing, Value};

pub const JAVALIN: Framework = Framework { name: "javalin", marks: &["io.javalin"], read: javalin };
pub const SPARK: Framework =
    Framework { name: "spark", marks: &["import static spark", "import spark.", "spark.kotlin"], read: spark };

const VERBS: [&str; 7] = ["get", "post", "put", "delete", "patch", "head", "options"];

/// What differs between the two.
struct Dialect {
    name: &'static str,
    style: Style,
    /// The class of which static functions register on the one application.
    statics: &'static str,
    /// The types of applications.
    types: &'static [&'static str],
}

fn javalin(code: &Code, output: &mut Output) {
    read(
        code,
        output,
        &Dialect { name: JAVALIN.name, style: Style::Braces, statics: "ApiBuilder", types: &["Javalin", "JavalinConfig"] },
    );
}

fn spark(code: &Code, output: &mut Output) {
    // Another Spark counts words.
    if code.text.contains("org.apache.spark") {
        return;
    }
    read(code, output, &Dialect { name: SPARK.name, style: Style::Colon, statics: "Spark", types: &["Service", "Http"] });
}

fn read(code: &Code, output: &mut Output, dialect: &Dialect) {
    let mut routing = Routing { framework: dialect.name.into(), ..Routing::default() };
    let applications = applications(code, dialect);
    let statics = code.text.contains(&format!("{}.", dialect.statics)) || code.text.contains("spark.kotlin");
    let mut frames: Vec<(usize, Value)> = Vec::new();
    for call in code.calls() {
        while frames.last().is_some_and(|(end, _)| call.open >= *end) {
            frames.pop();
        }
        let name = code.text_of(call.name);
        if !registers(code, call, dialect, &applications, statics) || code.is(call.name.wrapping_sub(1), "fun") {
            continue;
        }
        let arguments = code.arguments(call.open);
        let after = code.after(call.open);
        let block = (code.is(after, "{") && !code.begins_line(after)).then_some(after);
        let prefix = frames.last().map_or(literal(""), |(_, prefix)| prefix.clone());
        let plain = code.receiver(call).is_empty() || code.is(call.start, dialect.statics);
        let handled = arguments.len() > 1 || block.is_some();
        let at = code.at(call.name);
        let whole = |path: Value| template(join(prefix.clone(), path), dialect.style);
        let first = arguments.first().map(|first| values::value(code, first.clone()));
        match (name, first) {
            ("path", Some(path)) if handled => {
                let end = block.map_or(code.partner(call.open), |block| code.partner(block));
                let prefix = if frames.len() < DEEPEST { join(prefix, path) } else { unknown("nested too deeply") };
                frames.push((end, prefix));
            }
            ("crud", Some(path)) if handled => crud(&mut routing, call, code, whole(path)),
            ("ws" | "sse" | "webSocket", Some(path)) if handled => {
                handlers::add(output, dialect.name, HandlerKind::Subscription, at, whole(path));
            }
            ("ws" | "sse", None) => {}
            (verb, Some(path)) if VERBS.contains(&verb) => {
                // Inside of a path a handler may stand alone.
                let path = match handled {
                    true => path,
                    false if plain && !frames.is_empty() => literal(""),
                    false => continue,
                };
                let method = controllers::method(verb).unwrap_or("ANY").into();
                routing.routes.push(Route { at, method, path: whole(path), scope: None, owner: None });
            }
            _ => {}
        }
    }
    for at in (0..code.len()).filter(|&at| code.is(at, "contextPath") && dialect.name == JAVALIN.name) {
        if code.is(at + 1, "=") {
            routing.prefixes.push(Prefix { at: code.at(at), path: values::value(code, at + 2..at + 3) });
        }
    }
    controllers::finish(routing, output);
}

/// Names of variables and parameters that are applications.
fn applications<'t>(code: &Code<'t>, dialect: &Dialect) -> Vec<&'t str> {
    let mut found: Vec<&str> = Vec::new();
    for at in (0..code.len()).filter(|&at| code.is_any(at, dialect.types)) {
        // `Javalin app`, `app: Javalin`, `app = Javalin.create()`.
        let after = code.word(at + 1).filter(|word| *word != "implements");
        let before = at.checked_sub(2).filter(|_| code.is_any(at - 1, &[":", "="])).and_then(|name| code.word(name));
        found.extend(after.into_iter().chain(before));
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn registers(code: &Code, call: Call, dialect: &Dialect, applications: &[&str], statics: bool) -> bool {
    let receiver = code.receiver(call);
    if receiver.is_empty() {
        return statics;
    }
    let first = code.text_of(if code.is(call.start, "this") { call.start + 2 } else { call.start });
    first == dialect.statics
        || dialect.types.contains(&first)
        || applications.contains(&first) && receiver.len() <= 3
        // `Javalin.create().get(…).get(…)`, `app.get(…).get(…)`.
        || applications.contains(&first) && VERBS.contains(&code.text_of(call.start + 2))
        // `config.routes.get(…)`.
        || receiver.len() >= 3 && code.is(receiver.end - 1, "routes")
}

/// A handler of five operations: of all things of a kind, and of one.
fn crud(routing: &mut Routing, call: Call, code: &Code, path: Value) {
    let all = match &path {
        Value::Literal(text) => literal(text.rsplit_once('/').map_or("", |(all, _)| all)),
        _ => return,
    };
    for (method, path) in [("GET", &all), ("POST", &all), ("GET", &path), ("PATCH", &path), ("DELETE", &path)] {
        routing.routes.push(Route {
            at: code.at(call.name),
            method: method.into(),
            path: path.clone(),
            scope: None,
            owner: None,
        });
    }
}
