//! Hono: routes of applications and those that they hold, routes by description among them.

use super::fastify::methods;
use super::routers::{self, Family, Reader, Scope, Step, method_of};
use super::values;
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::value::map_literals;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Route, Routing, Value};

pub const FRAMEWORK: Framework = Framework { name: "hono", marks: &["hono"], read };

const FAMILY: Family = Family {
    name: "hono",
    packages: &["hono", "@hono/zod-openapi", "hono-openapi", "chanfana"],
    constructors: &["Hono", "OpenAPIHono", "HonoBase"],
    applications: &["Hono", "OpenAPIHono"],
    types: &["Hono", "OpenAPIHono"],
    names: &["app", "router", "api", "hono", "server", "routes"],
    names_alone: &[],
    prefix_option: "",
    prefixing: &["basePath"],
    named_routes: false,
    style,
    step,
};

fn read(code: &Code, output: &mut Output) {
    routers::read(code, output, &FAMILY);
    described(code, output);
}

/// `:id{[0-9]+}` has a pattern.
fn style(value: Value) -> Value {
    let without_patterns = |text: &str| {
        let mut depth = 0;
        let kept = text.chars().filter(|letter| {
            depth += i32::from(*letter == '{');
            let keep = depth == 0;
            depth -= i32::from(*letter == '}' && depth > 0);
            keep
        });
        kept.collect()
    };
    paths::template(map_literals(value, &without_patterns), Style::Colon)
}

fn step(reader: &mut Reader, step: &Step) -> Option<Scope> {
    if let Some(method) = method_of(step.name) {
        reader.verb(step, method)?;
        return Some(step.scope.clone());
    }
    let code = reader.code;
    match step.name {
        "on" => {
            let [named, path, _, ..] = &step.arguments[..] else { return None };
            for path in reader.paths(path)? {
                for method in methods(code, named.clone()) {
                    reader.push(step.call.name..path_end(step), &step.scope, &method, path.clone());
                }
            }
        }
        "route" | "mount" => reader.mount_all(step),
        "basePath" => {
            let path = reader.paths(step.arguments.first()?)?.into_iter().next()?;
            let scope = step.scope.clone();
            // What makes a router knows its prefix already.
            return Some(if scope.prefix == path { scope } else { scope.with_prefix(path) });
        }
        "openapi" => {
            let description = step.arguments.first()?;
            if let Some(object) = description_of(reader.code, description.clone()) {
                for (method, path) in routes_of(code, object) {
                    reader.push(step.call.name..description.end, &step.scope, &method, path);
                }
            }
        }
        "use" | "notFound" | "onError" | "doc" | "doc31" | "get_openapi" => {}
        _ => return None,
    }
    Some(step.scope.clone())
}

fn path_end(step: &Step) -> usize {
    step.arguments.get(1).map_or(step.call.open, |path| path.end)
}

/// The object that is given to `createRoute`, on the spot or by a name of the file.
fn description_of(code: &Code, range: std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
    let range = match code.word(range.start).filter(|_| range.len() == 1) {
        Some(name) => code.assigned(name, range.start)?,
        None => range,
    };
    let open = range.start + 1;
    (code.is(range.start, "createRoute") && code.is(open, "(")).then(|| code.arguments(open).into_iter().next())?
}

fn routes_of(code: &Code, object: std::ops::Range<usize>) -> Vec<(String, Value)> {
    let path = values::property(code, object.clone(), "path");
    let (Some(path), Some(method)) = (path, values::property(code, object, "method")) else { return Vec::new() };
    // Paths are written as in OpenAPI.
    let path = paths::template(values::value(code, path), Style::Braces);
    methods(code, method).into_iter().map(|method| (method, path.clone())).collect()
}

/// Descriptions of routes that another file puts into its application.
fn described(code: &Code, output: &mut Output) {
    if (0..code.len()).any(|at| code.is(at, "openapi") && code.is(at + 1, "(")) {
        return;
    }
    let mut routing = Routing { framework: FAMILY.name.into(), ..Routing::default() };
    for call in code.calls().filter(|call| code.is(call.name, "createRoute")) {
        for object in code.arguments(call.open) {
            for (method, path) in routes_of(code, object) {
                let at = code.location(call.name..call.open);
                routing.routes.push(Route { at, method: method.into(), path, scope: None, owner: None });
            }
        }
    }
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}
