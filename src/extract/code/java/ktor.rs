//! Ktor: the routing of Kotlin, with nested `route("…")`, extension functions that offer a part of it, and paths by types.
//!
//! `routing { … }` is an application. An extension of `Route`, or a function that is given one, is a scope that is mounted where it is
//! called.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::controllers::{self, join};
use super::types::Type;
use super::{function_symbol, handlers, values};
use crate::extract::Output;
use crate::extract::code::paths::{Style, template};
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{HandlerKind, Mount, Route, Routing, Value};
use crate::source::Spanned;

pub const FRAMEWORK: Framework = Framework {
    name: "ktor",
    marks: &["io.ktor.server", "io.ktor.routing", "io.ktor.application", "io.ktor.locations", "io.ktor.websocket"],
    read,
};

/// Types on which routes are registered.
const ROUTES: [&str; 4] = ["Route", "Routing", "RootRoute", "RoutingRoot"];
/// Functions that stand in routing and offer nothing of the system's own.
const OTHERS: [&str; 22] = [
    "static",
    "staticResources",
    "staticFiles",
    "singlePageApplication",
    "resources",
    "files",
    "defaultResource",
    "default",
    "install",
    "println",
    "print",
    "error",
    "require",
    "check",
    "openAPI",
    "swaggerUI",
    "if",
    "for",
    "while",
    "when",
    "catch",
    "return",
];
/// Types of a chain of parents beyond these are no paths.
const MOST_PARENTS: usize = 8;

/// A block in which routes are registered.
struct Frame {
    end: usize,
    /// None in an application.
    scope: Option<Arc<str>>,
    prefix: Value,
    method: Option<&'static str>,
    /// True inside of `route` and `method`, where `handle` answers.
    handles: bool,
}

fn read(code: &Code, output: &mut Output) {
    if code.language.name() != "Kotlin" {
        return;
    }
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    let functions: FxHashMap<usize, &Item> =
        code.items().iter().filter(|item| item.kind == ItemKind::Function).map(|item| (item.body.start, item)).collect();
    // Parameters of functions that are routes, by name, and the scope that each is.
    let mut given: Vec<(&str, Frame)> = Vec::new();
    let mut frames: Vec<Frame> = Vec::new();
    let mut at = 0;
    while at < code.len() {
        frames.retain(|frame| at < frame.end);
        given.retain(|(_, frame)| at < frame.end);
        if let Some(item) = functions.get(&at) {
            enter(code, item, &mut frames, &mut given);
        }
        let Some(call) = Call::read(code, at) else {
            at += 1;
            continue;
        };
        at = step(code, &call, &mut frames, &given, &mut routing, output);
    }
    controllers::finish(routing, output);
}

/// A function may extend a route, or be given one.
fn enter<'t>(code: &Code<'t>, item: &Item, frames: &mut Vec<Frame>, given: &mut Vec<(&'t str, Frame)>) {
    let name = code.function_name(item);
    let frame = |index: usize| Frame {
        end: item.body.end,
        scope: Some(format!("#{name}({index})").into()),
        prefix: literal(""),
        method: None,
        handles: false,
    };
    let extends = item.name >= 2 && code.is(item.name - 1, ".");
    if extends && code.is_any(item.name - 2, &ROUTES) {
        frames.push(frame(0));
    }
    for (index, parameter) in code.parameters(item).into_iter().enumerate() {
        if code.is(parameter.start + 1, ":")
            && code.is_any(parameter.end.wrapping_sub(1), &ROUTES)
            && let Some(word) = code.word(parameter.start)
        {
            given.push((word, frame(index + usize::from(extends))));
        }
    }
}

/// `receiver.name<Type>(arguments) { … }`.
struct Call<'t> {
    at: usize,
    name: &'t str,
    receiver: Option<&'t str>,
    of_type: Option<String>,
    open: Option<usize>,
    lambda: Option<usize>,
    end: usize,
}

impl<'t> Call<'t> {
    fn read(code: &Code<'t>, at: usize) -> Option<Call<'t>> {
        let name = code.word(at)?;
        let before = at.checked_sub(1).filter(|&before| code.is_any(before, &[".", "?."]));
        let receiver = before.map(|before| before.checked_sub(1).and_then(|at| code.word(at)).unwrap_or(""));
        let mut end = at + 1;
        let mut of_type = None;
        if code.is(end, "<") {
            let close = (end + 1..end + 12).find(|&close| code.is_any(close, &[">", "(", "{", ";", "="]))?;
            of_type = code.dotted(end + 1..close).filter(|_| code.is(close, ">"));
            end = close + 1;
        }
        let open = code.is(end, "(").then_some(end);
        end = open.map_or(end, |open| code.after(open));
        let lambda = (code.is(end, "{") && !code.begins_line(end)).then_some(end);
        end = lambda.map_or(end, |lambda| code.after(lambda));
        let declared =
            at.checked_sub(1).is_some_and(|before| code.is_any(before, &["fun", "class", "val", "var", "object", "@"]));
        (!declared && (open.is_some() || lambda.is_some())).then_some(Call { at, name, receiver, of_type, open, lambda, end })
    }

    /// The first token inside of its brackets or block, where the search goes on.
    fn inside(&self) -> usize {
        self.open.or(self.lambda).unwrap_or(self.at) + 1
    }
}

/// Reads one call; gives the token at which to go on.
fn step(
    code: &Code,
    call: &Call,
    frames: &mut Vec<Frame>,
    given: &[(&str, Frame)],
    routing: &mut Routing,
    output: &mut Output,
) -> usize {
    let arguments = call.open.map_or(Vec::new(), |open| code.arguments(open));
    let block = call.lambda.map_or(call.end, |lambda| code.partner(lambda).min(code.len()));
    let installs = call.name == "install" && arguments.first().is_some_and(|first| code.is(first.end.wrapping_sub(1), "Routing"));
    if call.lambda.is_some() && (call.name == "routing" || installs) {
        frames.push(Frame { end: block, scope: None, prefix: literal(""), method: None, handles: false });
        return call.lambda.unwrap_or(call.at) + 1;
    }
    // What is called on something else is no routing.
    let current = match call.receiver {
        None | Some("this") => frames.last(),
        Some(receiver) => given.iter().rev().find(|(name, _)| *name == receiver).map(|(_, frame)| frame),
    };
    let Some(current) = current else {
        let passed = arguments.iter().position(|argument| argument.len() == 1 && code.is(argument.start, "this"));
        if let (Some(frame), Some(index), Some(receiver)) = (frames.last(), passed, receiver_type(code, call)) {
            mount(code, call, frame, &format!("{receiver}.{}({index})", call.name), routing);
        }
        return call.inside();
    };
    let path = || match (arguments.first(), &call.of_type) {
        (Some(first), _) if code.is(first.start, "HttpMethod") => literal(""),
        (Some(first), _) if code.word(first.start).is_some() && code.is(first.start + 1, "(") => {
            unknown(code.text_in(first.clone()))
        }
        (Some(first), _) => match code.named(&arguments, "path") {
            Some(named) => values::value(code, named),
            None => values::value(code, first.clone()),
        },
        (None, Some(of_type)) => typed_path(code, of_type),
        (None, None) => literal(""),
    };
    let answers =
        call.lambda.is_some() || arguments.len() > 1 || arguments.iter().any(|range| range.clone().any(|at| code.is(at, "::")));
    let verb = arguments.iter().flat_map(|range| range.clone()).find(|&at| code.is(at, "HttpMethod") && code.is(at + 1, "."));
    let verb = verb.and_then(|at| code.word(at + 2)).and_then(controllers::method);
    let whole = |path: Value| template(join(current.prefix.clone(), path), Style::Braces);
    let place = code.location(call.at..call.open.map_or(call.at + 1, |open| code.after(open)));
    match call.name {
        "get" | "post" | "put" | "delete" | "patch" | "head" | "options" if answers && varies(code, &whole(path())) => {
            routing.uncounted.push(Spanned::new("routes by names known at run time".into(), place));
            call.end
        }
        "get" | "post" | "put" | "delete" | "patch" | "head" | "options"
            if answers && (call.receiver.is_none() || call.lambda.is_some()) =>
        {
            let method = controllers::method(call.name).unwrap_or("ANY").into();
            routing.routes.push(Route { at: place, method, path: whole(path()), scope: current.scope.clone(), owner: None });
            call.end
        }
        "handle" if call.lambda.is_some() && current.handles => {
            let method = current.method.unwrap_or("ANY").into();
            routing.routes.push(Route { at: place, method, path: whole(literal("")), scope: current.scope.clone(), owner: None });
            call.end
        }
        "route" | "method" | "resource" | "location" if call.lambda.is_some() => {
            let path = if call.name == "method" { literal("") } else { path() };
            let frame = Frame {
                end: block,
                scope: current.scope.clone(),
                prefix: join(current.prefix.clone(), path),
                method: verb.or(current.method),
                handles: true,
            };
            frames.push(frame);
            call.lambda.unwrap_or(call.at) + 1
        }
        "webSocket" | "webSocketRaw" | "sse" if call.lambda.is_some() => {
            handlers::add(output, FRAMEWORK.name, HandlerKind::Subscription, place, whole(path()));
            call.end
        }
        name if OTHERS.contains(&name) => call.end.max(call.at + 1),
        name if call.receiver.is_none()
            && call.lambda.is_none()
            && begins_statement(code, call.at)
            && !code.is_any(call.end, &[".", "?."]) =>
        {
            let index = arguments.iter().position(|argument| argument.len() == 1 && code.is(argument.start, "this")).unwrap_or(0);
            mount(code, call, current, &format!("{name}({index})"), routing);
            call.end
        }
        _ => call.inside(),
    }
}

/// True for a path of which a part is given by a loop or a block: `names.forEach { name -> get("/$name") { … } }`.
fn varies(code: &Code, path: &Value) -> bool {
    match path {
        Value::Concat(parts) => parts.iter().any(|part| varies(code, part)),
        Value::Symbol(symbol) => symbol.strip_prefix('#').is_some_and(|name| {
            name == "it" || (0..code.len()).any(|at| code.is(at, name) && code.is_any(at + 1, &["->", "in"]))
        }),
        _ => false,
    }
}

fn begins_statement(code: &Code, at: usize) -> bool {
    code.begins_line(at) && !code.is_any(at.wrapping_sub(1), &["=", "(", ",", "+", ":", "&&", "||", "?:"])
        || code.is_any(at.wrapping_sub(1), &["{", ";"])
}

/// A function that offers a part of the routing, called here.
fn mount(code: &Code, call: &Call, frame: &Frame, child: &str, routing: &mut Routing) {
    let name = child.split('(').next().unwrap_or(child);
    let index = &child[name.len()..];
    let symbol = if name.contains('.') { code.symbol(name).to_string() } else { function_symbol(code, name) };
    let parent = frame.scope.clone().unwrap_or_else(|| "#application".into());
    if frame.scope.is_none() && !routing.applications.contains(&parent) {
        routing.applications.push(parent.clone());
    }
    let prefix = template(frame.prefix.clone(), Style::Braces);
    routing.mounts.push(Mount { at: code.at(call.at), parent, child: format!("{symbol}{index}").into(), prefix });
}

/// The type on which a call is made, as far as the file tells: `Type(…).call()`, `name: Type`, `name = Type(…)`; the name of the receiver
/// where it does not.
fn receiver_type<'t>(code: &Code<'t>, call: &Call<'t>) -> Option<&'t str> {
    let name = match call.receiver? {
        "" => {
            let close = call.at.checked_sub(2).filter(|&close| code.is(close, ")"))?;
            return code.call_before(code.partner(close)).map(|made| code.text_of(made.name));
        }
        name => name,
    };
    let told = (0..code.len()).filter(|&at| code.is(at, name)).find_map(|at| {
        let word = code.word(at + 2).filter(|_| code.is_any(at + 1, &[":", "="]))?;
        word.starts_with(|first: char| first.is_uppercase()).then_some(word)
    });
    Some(told.unwrap_or(name))
}

/// The path that a type of the file stands for; a symbol for one of another file.
fn typed_path(code: &Code, name: &str) -> Value {
    let all = super::types::types(code);
    let own = all.iter().find(|of| of.path == name || of.path.ends_with(&format!(".{name}")));
    own.and_then(|of| resource_path(code, of, &all)).unwrap_or_else(|| Value::Symbol(code.symbol(name)))
}

/// `@Resource("/orders") class Orders { @Resource("{id}") class Id(val parent: Orders) }`: the path of a type below those of its parents.
pub fn resource_path(code: &Code, of: &Type, all: &[Type]) -> Option<Value> {
    if !code.text.contains("io.ktor") {
        return None;
    }
    let own =
        |of: &Type| of.annotation(&["Resource", "Location"]).and_then(|annotation| annotation.value(code, &["value", "path"]));
    let mut path = own(of)?;
    let mut current = of;
    for _ in 0..MOST_PARENTS {
        let mut names =
            super::types::head(code, current.item).filter_map(|at| code.word(at)).filter(|name| *name != current.name);
        let Some(parent) = names.find_map(|name| all.iter().find(|of| of.name == name && own(of).is_some())) else { break };
        path = join(own(parent)?, path);
        current = parent;
    }
    Some(template(path, Style::Braces))
}
