//! Ktor: the routing of Kotlin, with nested `route("…")`, extension functions that offer a part of it, and paths by types.
//!
//! `routing { … }` is an application. An extension of `Route`, or a function that is given one, is a scope that is mounted where it is
//! called.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::controllers::{self, DEEPEST, join};
use super::ktor_resources::resource_paths;
use super::types::types;
use super::{Functions, handlers, values};
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
/// A name in more places is looked for no further.
const MOST_OCCURRENCES: usize = 200;

/// A block in which routes are registered.
#[derive(Clone)]
struct Frame {
    end: usize,
    /// None in an application.
    scope: Option<Arc<str>>,
    prefix: Value,
    method: Option<&'static str>,
    /// True inside of `route` and `method`, where `handle` answers.
    handles: bool,
}

/// What is known while the text is gone through.
struct Reader<'c, 't> {
    code: &'c Code<'t>,
    functions: Functions<'c>,
    /// Paths that types of the file stand for.
    paths: Vec<(String, Value)>,
    frames: Vec<Frame>,
    /// Parameters of functions that are routes, by name, and the scope that each is.
    given: Vec<(&'t str, Frame)>,
    routing: Routing,
}

fn read(code: &Code, output: &mut Output) {
    if code.language.name() != "Kotlin" {
        return;
    }
    let mut reader = Reader {
        code,
        functions: Functions::new(code),
        paths: resource_paths(code, &types(code)),
        frames: Vec::new(),
        given: Vec::new(),
        routing: Routing { framework: FRAMEWORK.name.into(), ..Routing::default() },
    };
    let bodies: FxHashMap<usize, &Item> =
        code.items().iter().filter(|item| item.kind == ItemKind::Function).map(|item| (item.body.start, item)).collect();
    let mut at = 0;
    while at < code.len() {
        while reader.frames.last().is_some_and(|frame| at >= frame.end) {
            reader.frames.pop();
        }
        while reader.given.last().is_some_and(|(_, frame)| at >= frame.end) {
            reader.given.pop();
        }
        if let Some(item) = bodies.get(&at) {
            reader.enter(item);
        }
        at = match Call::read(code, at) {
            Some(call) => reader.step(&call, output),
            None => at + 1,
        };
    }
    controllers::finish(reader.routing, output);
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

impl<'t> Reader<'_, 't> {
    /// A function may extend a route, or be given one.
    fn enter(&mut self, item: &Item) {
        let code = self.code;
        let extends = item.name >= 2 && code.is(item.name - 1, ".");
        let is_route = extends && code.is_any(item.name - 2, &ROUTES);
        let parameters = code.parameters(item).into_iter().enumerate();
        let given =
            parameters.filter(|(_, range)| code.is(range.start + 1, ":") && code.is_any(range.end.wrapping_sub(1), &ROUTES));
        let given: Vec<_> =
            given.filter_map(|(index, range)| Some((index + usize::from(extends), code.word(range.start)?))).collect();
        if !is_route && given.is_empty() {
            return;
        }
        let name = code.function_name(item);
        let frame = |index: usize| {
            let scope = Some(format!("#{name}({index})").into());
            Frame { end: item.body.end, scope, prefix: literal(""), method: None, handles: false }
        };
        if is_route {
            self.frames.push(frame(0));
        }
        self.given.extend(given.into_iter().map(|(index, word)| (word, frame(index))));
    }

    /// Reads one call; gives the token at which to go on.
    fn step(&mut self, call: &Call<'t>, output: &mut Output) -> usize {
        let code = self.code;
        let arguments = call.open.map_or(Vec::new(), |open| code.arguments(open));
        let block = call.lambda.map_or(call.end, |lambda| code.partner(lambda).min(code.len()));
        let installs =
            call.name == "install" && arguments.first().is_some_and(|first| code.is(first.end.wrapping_sub(1), "Routing"));
        if let Some(lambda) = call.lambda.filter(|_| call.name == "routing" || installs) {
            self.frames.push(Frame { end: block, scope: None, prefix: literal(""), method: None, handles: false });
            return lambda + 1;
        }
        // What is called on something else is no routing.
        let current = match call.receiver {
            None | Some("this") => self.frames.last().cloned(),
            Some(receiver) => {
                self.given.iter().rev().take(DEEPEST).find(|(name, _)| *name == receiver).map(|(_, frame)| frame.clone())
            }
        };
        let passed = arguments.iter().position(|argument| argument.len() == 1 && code.is(argument.start, "this"));
        let Some(current) = current else {
            if let (Some(frame), Some(index), Some(receiver)) = (self.frames.last().cloned(), passed, receiver_type(code, call)) {
                self.mount(call, &frame, &format!("{receiver}.{}", call.name), index);
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
            (None, Some(of_type)) => self.typed_path(of_type),
            (None, None) => literal(""),
        };
        let answers = call.lambda.is_some()
            || arguments.len() > 1
            || arguments.iter().any(|range| range.clone().any(|at| code.is(at, "::")));
        let verb = arguments.iter().flat_map(|range| range.clone()).find(|&at| code.is(at, "HttpMethod") && code.is(at + 1, "."));
        let verb = verb.and_then(|at| code.word(at + 2)).and_then(controllers::method);
        let whole = |path: Value| template(join(current.prefix.clone(), path), Style::Braces);
        let place = code.location(call.at..call.open.map_or(call.at + 1, |open| code.after(open)));
        match call.name {
            "get" | "post" | "put" | "delete" | "patch" | "head" | "options" if answers && varies(code, &whole(path())) => {
                self.routing.uncounted.push(Spanned::new("routes by names known at run time".into(), place));
                call.end
            }
            "get" | "post" | "put" | "delete" | "patch" | "head" | "options"
                if answers && (call.receiver.is_none() || call.lambda.is_some()) =>
            {
                let method = controllers::method(call.name).unwrap_or("ANY").into();
                self.routing.routes.push(Route {
                    at: place,
                    method,
                    path: whole(path()),
                    scope: current.scope.clone(),
                    owner: None,
                });
                call.end
            }
            "handle" if call.lambda.is_some() && current.handles => {
                let method = current.method.unwrap_or("ANY").into();
                self.routing.routes.push(Route {
                    at: place,
                    method,
                    path: whole(literal("")),
                    scope: current.scope.clone(),
                    owner: None,
                });
                call.end
            }
            "route" | "method" | "resource" | "location" if call.lambda.is_some() => {
                let path = if call.name == "method" { literal("") } else { path() };
                let frame = Frame {
                    end: block,
                    scope: current.scope.clone(),
                    prefix: if self.frames.len() < DEEPEST {
                        join(current.prefix.clone(), path)
                    } else {
                        unknown("nested too deeply")
                    },
                    method: verb.or(current.method),
                    handles: true,
                };
                self.frames.push(frame);
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
                self.mount(call, &current, name, passed.unwrap_or(0));
                call.end
            }
            _ => call.inside(),
        }
    }

    /// A function that offers a part of the routing, called here.
    fn mount(&mut self, call: &Call, frame: &Frame, name: &str, index: usize) {
        let symbol = if name.contains('.') { self.code.symbol(name).to_string() } else { self.functions.symbol(self.code, name) };
        let parent = frame.scope.clone().unwrap_or_else(|| "#application".into());
        if frame.scope.is_none() {
            self.routing.applications.push(parent.clone());
        }
        let prefix = template(frame.prefix.clone(), Style::Braces);
        self.routing.mounts.push(Mount { at: self.code.at(call.at), parent, child: format!("{symbol}({index})").into(), prefix });
    }

    /// The path that a type of the file stands for; a symbol for one of another file.
    fn typed_path(&self, name: &str) -> Value {
        let own = |path: &str| path.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'));
        let found = self.paths.iter().find(|(path, _)| own(path)).map(|(_, path)| path.clone());
        found.unwrap_or_else(|| Value::Symbol(self.code.symbol(name)))
    }
}

/// True for a path of which a part is given by a loop or a block: `names.forEach { name -> get("/$name") { … } }`.
fn varies(code: &Code, path: &Value) -> bool {
    let given =
        |name: &str| code.occurrences(name).iter().take(MOST_OCCURRENCES).any(|&at| code.is_any(at as usize + 1, &["->", "in"]));
    match path {
        Value::Concat(parts) => parts.iter().any(|part| varies(code, part)),
        Value::Symbol(symbol) => symbol.strip_prefix('#').is_some_and(|name| name == "it" || given(name)),
        _ => false,
    }
}

fn begins_statement(code: &Code, at: usize) -> bool {
    code.begins_line(at) && !code.is_any(at.wrapping_sub(1), &["=", "(", ",", "+", ":", "&&", "||", "?:"])
        || code.is_any(at.wrapping_sub(1), &["{", ";"])
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
    let told = code.occurrences(name).iter().take(MOST_OCCURRENCES).find_map(|&at| {
        let at = at as usize;
        let word = code.word(at + 2).filter(|_| code.is_any(at + 1, &[":", "="]))?;
        word.starts_with(|first: char| first.is_uppercase()).then_some(word)
    });
    Some(told.unwrap_or(name))
}
