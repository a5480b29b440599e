//! Vert.x Web: routers that are made, mounted and handed over; reactive routes of Quarkus (`@Route`).

use std::sync::Arc;

use super::controllers::{self, Operation, Standing};
use super::types::types;
use super::{Functions, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::paths::{Style, template};
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{Mount, Route, Routing, Value};
use crate::source::Spanned;

pub const FRAMEWORK: Framework = Framework {
    name: "vertx",
    marks: &["io.vertx.ext.web", "io.vertx.reactivex.ext.web", "io.vertx.mutiny.ext.web", "io.vertx.rxjava3.ext.web"],
    read,
};
pub const QUARKUS: Framework = Framework { name: "quarkus-routes", marks: &["io.quarkus.vertx.web"], read: quarkus };

const VERBS: [&str; 7] = ["get", "post", "put", "delete", "patch", "head", "options"];
/// Handlers that stand before others and answer nothing of their own.
const PASSING: [&str; 12] = [
    "BodyHandler",
    "CorsHandler",
    "SessionHandler",
    "LoggerHandler",
    "TimeoutHandler",
    "ResponseTimeHandler",
    "AuthenticationHandler",
    "JWTAuthHandler",
    "StaticHandler",
    "FaviconHandler",
    "ErrorHandler",
    "CSRFHandler",
];
/// A name in more places of one function is looked for no further.
const MOST_OCCURRENCES: usize = 200;
/// Calls of one chain beyond these are not looked at.
const LONGEST_CHAIN: usize = 24;

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    let routers = routers(code);
    let functions = Functions::new(code);
    for call in code.calls() {
        let name = code.text_of(call.name);
        let arguments = code.arguments(call.open);
        let at = code.at(call.name);
        if name == "requestHandler" || name == "accept" && code.is(call.name.wrapping_sub(2), "requestHandler") {
            let handed = arguments.first().and_then(|first| code.word(first.start)).filter(|word| routers.contains(word));
            if let Some(router) = handed {
                routing.applications.push(scope(code, router, call.name));
            }
        }
        if name == "operation" && code.text.contains("RouterBuilder") && arguments.len() == 1 {
            routing.uncounted.push(Spanned::new("an operation of an API description".into(), at));
        }
        let receiver = match code.receiver_name(call) {
            Some(receiver) => receiver.strip_prefix("this.").map_or(receiver.clone(), str::to_owned),
            None => continue,
        };
        let Some(router) = routers.iter().find(|router| **router == receiver) else { continue };
        let scope = scope(code, router, call.name);
        let path = |index: usize| {
            arguments.get(index).map_or(literal(""), |path| template(values::value(code, path.clone()), Style::Colon))
        };
        match name {
            _ if VERBS.contains(&name) && !arguments.is_empty() => {
                let method = controllers::method(name).unwrap_or("ANY").into();
                routing.routes.push(Route { at, method, path: path(0), scope: Some(scope), owner: None });
            }
            "mountSubRouter" if arguments.len() == 2 => {
                mount(code, &functions, &mut routing, call, scope, path(0), arguments[1].clone());
            }
            "route" if !arguments.is_empty() => route(code, &functions, &mut routing, call, scope, &arguments),
            _ => {}
        }
    }
    controllers::finish(routing, output);
}

/// Names of variables, fields and parameters that are routers.
fn routers<'t>(code: &Code<'t>) -> Vec<&'t str> {
    let mut found: Vec<&str> = Vec::new();
    for at in (0..code.len()).filter(|&at| code.is(at, "Router")) {
        let after = code.word(at + 1);
        let before = at.checked_sub(2).filter(|_| code.is_any(at - 1, &[":", "="])).and_then(|name| code.word(name));
        found.extend(after.into_iter().chain(before));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A router that a function is given is `function(0)`, one that it returns is `function()`, one of its own `function.router`.
fn scope(code: &Code, router: &str, at: usize) -> Arc<str> {
    let Some(item) = code.enclosing(at, ItemKind::Function) else { return format!("#{router}").into() };
    let function = code.function_name(item);
    let given = code.parameters(item).into_iter().position(|parameter| parameter.clone().any(|at| code.is(at, router)));
    if let Some(index) = given {
        return format!("#{function}({index})").into();
    }
    let mut inside = code.occurrences_in(item.body.clone(), router).iter().take(MOST_OCCURRENCES).map(|&at| at as usize);
    let declared = inside.clone().any(|at| code.is(at + 1, "=") && !code.is(at.wrapping_sub(1), "."));
    let returned = inside.any(|at| code.is(at.wrapping_sub(1), "return"));
    match (declared, returned) {
        (_, true) => format!("#{function}()").into(),
        (true, false) => format!("#{function}.{router}").into(),
        (false, false) => format!("#{router}").into(),
    }
}

/// `router.route("/a").method(GET).handler(…)`, `router.route(GET, "/a")`, `router.route("/a/*").subRouter(other)`.
fn route(
    code: &Code,
    functions: &Functions,
    routing: &mut Routing,
    call: Call,
    scope: Arc<str>,
    arguments: &[std::ops::Range<usize>],
) {
    let verb = |range: &std::ops::Range<usize>| range.clone().find_map(|at| code.word(at).and_then(controllers::method));
    let (mut methods, path): (Vec<&str>, _) = match arguments {
        [path] => (Vec::new(), path.clone()),
        [method, path, ..] => (verb(method).into_iter().collect(), path.clone()),
        [] => return,
    };
    let path = values::value(code, path);
    let mut answers = false;
    let mut at = code.after(call.open);
    for _ in 0..LONGEST_CHAIN {
        if !code.is(at, ".") || !code.is(at + 2, "(") {
            break;
        }
        let inside = code.inside(at + 2);
        match code.text_of(at + 1) {
            "method" => methods.extend(verb(&inside)),
            "subRouter" => {
                let prefix = template(without_rest(path), Style::Colon);
                return mount(code, functions, routing, call, scope, prefix, inside);
            }
            "handler" | "blockingHandler" | "respond" | "coroutineHandler" | "failureHandler" => {
                let passes = inside.clone().any(|at| code.is_any(at, &PASSING)) || code.is(at + 1, "failureHandler");
                answers |= !passes;
            }
            _ => {}
        }
        at = code.after(at + 2);
    }
    // What stands for all below a path without a method is a filter.
    let filters = methods.is_empty() && matches!(&path, Value::Literal(text) if text.ends_with('*'));
    if !answers || filters {
        return;
    }
    if methods.is_empty() {
        methods.push("ANY");
    }
    let path = template(path, Style::Colon);
    for method in methods {
        let at = code.at(call.name);
        routing.routes.push(Route { at, method: method.into(), path: path.clone(), scope: Some(scope.clone()), owner: None });
    }
}

fn without_rest(path: Value) -> Value {
    match path {
        Value::Literal(text) => literal(text.trim_end_matches('*').trim_end_matches('/')),
        other => other,
    }
}

fn mount(
    code: &Code,
    functions: &Functions,
    routing: &mut Routing,
    call: Call,
    parent: Arc<str>,
    prefix: Value,
    child: std::ops::Range<usize>,
) {
    let child = match code.call_before(child.end.checked_sub(1).map_or(0, |close| code.partner(close))) {
        Some(inner) if inner.start >= child.start => {
            let name = code.text_of(inner.name);
            let of = code.text_of(inner.start);
            match inner.start < inner.name && of.starts_with(|first: char| first.is_uppercase()) {
                true => format!("{}.{name}()", code.symbol(of)).into(),
                false => format!("{}()", functions.symbol(code, name)).into(),
            }
        }
        _ => match code.word(child.start) {
            Some(router) if child.len() == 1 => scope(code, router, call.name),
            _ => return,
        },
    };
    let prefix = if prefix == unknown("nothing") { literal("") } else { prefix };
    routing.mounts.push(Mount { at: code.at(call.name), parent, child, prefix });
}

/// `@Route(path = "/a", methods = GET)` of Quarkus; without a path it is the member's name.
fn quarkus(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: QUARKUS.name.into(), ..Routing::default() };
    for of in types(code) {
        let prefixes = of.annotation(&["RouteBase"]).map_or(Vec::new(), |annotation| annotation.values(code, &["path"]));
        let mut operations = Vec::new();
        for member in &of.members {
            for annotation in member.annotations.iter().filter(|annotation| annotation.name == "Route") {
                let filters = annotation.attribute(code, "type").is_some_and(|range| !code.is(range.end - 1, "NORMAL"));
                let path = annotation.value(code, &["path"]).unwrap_or_else(|| {
                    let by_pattern = annotation.attribute(code, "regex");
                    by_pattern.map_or(literal(member.name), |range| unknown(code.text_in(range)))
                });
                let methods = annotation.attribute(code, "methods").unwrap_or(0..0);
                let mut methods: Vec<_> = methods.filter_map(|at| code.word(at).and_then(controllers::method)).collect();
                if methods.is_empty() {
                    methods.push("ANY");
                }
                let at = code.at(annotation.at);
                let path = template(path, Style::Colon);
                operations.extend(methods.into_iter().filter(|_| !filters).map(|method| Operation {
                    at,
                    method,
                    path: path.clone(),
                }));
            }
        }
        if !operations.is_empty() {
            controllers::add(&mut routing, code, &of, Standing::Controller, &prefixes, operations);
        }
    }
    controllers::finish(routing, output);
}
