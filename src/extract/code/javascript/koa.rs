//! Koa: routes of its routers, nested and with prefixes.

use super::routers::{self, Family, Reader, Scope, Step, method_of};
use super::values;
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Route, Routing, Value};

pub const FRAMEWORK: Framework = Framework { name: "koa", marks: &["koa"], read };

const FAMILY: Family = Family {
    name: "koa",
    packages: &["koa-router", "@koa/router", "koa-joi-router", "koa-better-router", "koa-tree-router", "koa", "koa-zod-router"],
    constructors: &["*", "Router"],
    applications: &[],
    types: &["Router", "KoaRouter", "Koa", "Application"],
    names: &["app", "router", "koa", "server", "koaRouter", "apiRouter"],
    names_alone: &[],
    prefix_option: "prefix",
    prefixing: &["prefix"],
    named_routes: true,
    style,
    step,
};

fn read(code: &Code, output: &mut Output) {
    routers::read(code, output, &FAMILY);
    plain_routes(code, output);
}

fn style(value: Value) -> Value {
    paths::template(value, Style::Colon)
}

fn step(reader: &mut Reader, step: &Step) -> Option<Scope> {
    if let Some(method) = method_of(step.name) {
        return reader.verb_unless_missing(step, method);
    }
    match step.name {
        "use" => {
            reader.mount_all(step);
            for argument in &step.arguments {
                mount(reader, step, argument.start);
            }
            Some(step.scope.clone())
        }
        "register" => {
            let [path, methods, ..] = &step.arguments[..] else { return None };
            for path in reader.paths(path)? {
                for method in reader.code.literal_list(methods.clone()) {
                    let method = method.value.to_ascii_uppercase();
                    reader.push(step.call.name..step.call.open, &step.scope, &method, path.clone());
                }
            }
            Some(step.scope.clone())
        }
        "prefix" | "param" | "allowedMethods" => Some(step.scope.clone()),
        _ => None,
    }
}

/// `app.use(mount('/path', child))`.
fn mount(reader: &mut Reader, step: &Step, name: usize) {
    let code = reader.code;
    if !code.reads(name, &["mount", "("]) {
        return;
    }
    let arguments = code.arguments(name + 1);
    let (prefixes, from) = reader.prefixes(&arguments);
    let child = arguments.get(from).and_then(|child| reader.child(child.clone()));
    if let (Some(child), Some(prefix)) = (child, prefixes.into_iter().next()) {
        reader.mount(name..code.after(name + 1), &step.scope, child, prefix);
    }
}

/// `app.use(route.get('/path', handler))` of `koa-route`: the path is whole.
fn plain_routes(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FAMILY.name.into(), ..Routing::default() };
    for call in code.calls() {
        let Some((symbol, _)) = values::callee(code, call.name) else { continue };
        let Some((_, name)) = values::given(&symbol, &["koa-route"]) else { continue };
        let (Some(method), [path, _, ..]) = (method_of(&name), &code.arguments(call.open)[..]) else { continue };
        let path = style(values::value(code, path.clone()));
        let at = code.location(call.name..call.open);
        routing.routes.push(Route { at, method: method.into(), path, scope: None, owner: None });
    }
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}
