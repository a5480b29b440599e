//! Express: routes of applications and routers. Routers that promise, and routers for WebSockets, are made alike.

use super::routers::{self, Family, Reader, Scope, Step, method_of};
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::value::map_literals;
use crate::extract::code::{Code, Framework};
use crate::facts::Value;

pub const FRAMEWORK: Framework = Framework { name: "express", marks: &MARKS, read };

/// The library's name, or a call on what it is usually called: functions that are given an application import nothing.
#[rustfmt::skip]
const MARKS: [&str; 30] = [
    "express", "Router()", "app.get(", "app.post(", "app.put(", "app.patch(", "app.delete(", "app.all(", "app.use(", "app.route(",
    "router.get(", "router.post(", "router.put(", "router.patch(", "router.delete(", "router.all(", "router.use(", "router.route(",
    "server.get(", "server.post(", "server.put(", "server.delete(", "server.use(", "outes.get(", "outes.post(", "outer.get(",
    "outer.post(", "oute.get(", "oute.post(", ".router",
];

const FAMILY: Family = Family {
    name: "express",
    packages: &[
        "express",
        "express-promise-router",
        "express-async-router",
        "express-ws",
        "@awaitjs/express",
        "express5",
        "router",
        "ultimate-express",
        "hyper-express",
        "@feathersjs/express",
        "polka",
    ],
    constructors: &["*", "Router", "express", "AsyncRouter", "createAsyncRouter", "Server", "polka"],
    applications: &["*", "express", "Server", "polka"],
    types: &["Express", "Application", "Router", "IRouter", "Core", "Polka", "Instance"],
    names: &["app", "router", "server", "application", "express", "expressApp", "route", "routes", "api", "instance"],
    names_alone: &["app", "router", "server", "application", "expressApp", "expressRouter", "apiRouter", "route", "routes"],
    prefix_option: "",
    prefixing: &[],
    named_routes: false,
    style,
    step,
};

fn read(code: &Code, output: &mut Output) {
    routers::read(code, output, &FAMILY);
}

/// `{/:id}` is a part that may be left out.
fn style(value: Value) -> Value {
    let value = map_literals(value, &|text| text.replace(['{', '}'], ""));
    paths::template(value, Style::Colon)
}

fn step(reader: &mut Reader, step: &Step) -> Option<Scope> {
    if let Some(method) = method_of(step.name) {
        return reader.verb_unless_missing(step, method);
    }
    match step.name {
        "route" => {
            let path = step.arguments.first().filter(|_| step.arguments.len() == 1)?;
            let paths = reader.paths(path)?;
            Some(Scope { paths: Some(paths), ..step.scope.clone() })
        }
        "use" => {
            reader.mount_all(step);
            terminal(reader, step);
            Some(step.scope.clone())
        }
        "ws" => {
            reader.subscription(step);
            Some(step.scope.clone())
        }
        "set" | "enable" | "disable" | "param" | "engine" => Some(step.scope.clone()),
        _ => None,
    }
}

/// `app.use('/path', (req, res) => …)`: a function that never passes on answers whatever comes.
fn terminal(reader: &mut Reader, step: &Step) {
    let [path, handler] = &step.arguments[..] else { return };
    let Some(function) = reader.callback(handler) else { return };
    let function = &reader.functions.all[function];
    let body = reader.code.text_in(function.body.clone());
    if function.parameters.len() != 2 || body.contains("404") || body.contains("NotFound") || body.contains("proxy") {
        return;
    }
    let Some(paths) = reader.paths(path) else { return };
    for path in paths.into_iter().filter(|path| matches!(path, Value::Literal(text) if text.len() > 1 && !text.contains('*'))) {
        if !matches!(&path, Value::Literal(text) if text.starts_with("/{") && text.ends_with('}') && text.matches('/').count() == 1)
        {
            reader.push(step.call.name..step.call.open, &step.scope, "ANY", path);
        }
    }
}
