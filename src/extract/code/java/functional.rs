//! Functional endpoints of Spring: `RouterFunctions.route()` of Java, `router { … }` of Kotlin.

use super::controllers::{self, DEEPEST, join};
use super::values;
use crate::extract::Output;
use crate::extract::code::paths::{Style, template};
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{Route, Routing, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "spring-functional",
    marks: &["org.springframework.web.reactive.function.server", "org.springframework.web.servlet.function"],
    read,
};

/// A part of the text in which paths have a prefix.
struct Frame {
    end: usize,
    prefix: Value,
}

fn read(code: &Code, output: &mut Output) {
    // Routes of a gateway lead elsewhere.
    if code.text.contains("org.springframework.cloud.gateway") {
        return;
    }
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    let mut frames: Vec<Frame> = Vec::new();
    for at in 0..code.len() {
        while frames.last().is_some_and(|frame| at >= frame.end) {
            frames.pop();
        }
        let prefix = frames.last().map_or(literal(""), |frame| frame.prefix.clone());
        match code.text_of(at) {
            "nest" | "andNest" | "path" if code.word(at).is_some() => {
                if let Some((own, end)) = nested(code, at) {
                    let prefix = if frames.len() < DEEPEST { join(prefix, own) } else { unknown("nested too deeply") };
                    frames.push(Frame { end, prefix });
                }
            }
            "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS"
                if code.word(at).is_some() && code.is(at + 1, "(") =>
            {
                let arguments = code.arguments(at + 1);
                let path = match arguments.first().map(|first| values::value(code, first.clone())) {
                    Some(path @ (Value::Literal(_) | Value::Concat(_) | Value::Symbol(_) | Value::Property { .. }))
                        if !is_handler(code, &arguments[0]) =>
                    {
                        path
                    }
                    _ => literal(""),
                };
                let path = template(join(prefix, path), Style::Braces);
                routing.routes.push(Route { at: code.at(at), method: code.text_of(at).into(), path, scope: None, owner: None });
            }
            _ => {}
        }
    }
    controllers::finish(routing, output);
}

/// `GET(handler::all)` and `GET(this::all)` have no path.
fn is_handler(code: &Code, range: &std::ops::Range<usize>) -> bool {
    range.clone().any(|at| code.is_any(at, &["::", "->"])) || code.is(range.start, "{")
}

/// What a nest adds to paths, and where it ends: `path("/a", b -> …)`, `nest(path("/a"), …)`, `"/a".nest { … }`, `path("/a").nest { … }`.
fn nested(code: &Code, at: usize) -> Option<(Value, usize)> {
    if code.is(at, "nest") && code.is(at + 1, "{") {
        let before = at.checked_sub(2).filter(|_| code.is(at - 1, "."))?;
        let receiver = match code.kind(before)? {
            TokenKind::Close => code.partner(before)..before,
            _ => before..before + 1,
        };
        let text = receiver.clone().find(|&at| code.kind(at) == Some(TokenKind::Literal));
        let path = match text {
            Some(text) => values::value(code, text..text + 1),
            None if code.word(before).is_some() => values::value(code, receiver),
            None => literal(""),
        };
        return Some((path, code.partner(at + 1)));
    }
    if !code.is(at + 1, "(") {
        return None;
    }
    let arguments = code.arguments(at + 1);
    let first = arguments.first()?.clone();
    if arguments.len() < 2 {
        return None;
    }
    let path = match code.is(at, "path") {
        true => values::value(code, first),
        // Of a predicate that tells more than a path, the path.
        false => {
            let inner = first.clone().find(|&at| code.is(at, "path") && code.is(at + 1, "("));
            inner.map_or(literal(""), |inner| {
                code.arguments(inner + 1).into_iter().next().map_or(literal(""), |path| values::value(code, path))
            })
        }
    };
    Some((path, code.partner(at + 1)))
}
