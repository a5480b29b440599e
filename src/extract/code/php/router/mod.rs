//! Routes that are registered by calls: Laravel's `Route::get(…)`, and `$app->get(…)`, `$router->get(…)` of Slim, Lumen, Mezzio,
//! CodeIgniter, FastRoute and others that are written alike.
//!
//! Chains of calls come in; routes with the prefixes that the file tells come out. Laravel's routes lie in the scope `routes` of their
//! file, others in that of the variable that holds the router: `$app`. A file that is included sees the router of the one that
//! includes it. A file that returns a function is called `return`.

mod include;
mod receivers;
mod register;
mod resource;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use super::chain::{Chain, closure};
use crate::extract::Output;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Routing, Value};
use receivers::Receivers;

pub const FRAMEWORK: Framework = Framework {
    name: "php-router",
    marks: &[
        "Route::",
        "Flight::",
        "$app->",
        "$router->",
        "$routes->",
        "$route->",
        "$group->",
        "$r->",
        "->router->",
        "withRouting",
        "loadRoutesFrom",
        "$builder->",
    ],
    read,
};

/// The receiver of Laravel's routes.
const FACADE: &str = "Route";

/// Something that routes are registered on.
#[derive(Clone, Debug)]
struct Router {
    /// As code names it: `Route`, `$app`, `$this.router`.
    name: String,
    scope: Arc<str>,
    prefix: Value,
    /// The file itself says that it is a router: it makes it, types it, or is given it by a group.
    known: bool,
}

/// Tokens in which the same routers are seen.
struct Frame {
    range: Range<usize>,
    routers: Vec<Router>,
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    receivers: Receivers,
    routing: Routing,
    /// What is still to be read.
    frames: Vec<Frame>,
}

fn read(code: &Code, output: &mut Output) {
    let receivers = Receivers::of(code);
    let routing = Routing { framework: receivers.framework.into(), ..Routing::default() };
    let first = Frame { range: 0..code.len(), routers: receivers.of_file(code) };
    let mut reader = Reader { code, receivers, routing, frames: vec![first] };
    while let Some(frame) = reader.frames.pop() {
        reader.frame(frame);
    }
    let mut routing = reader.routing;
    routing.routes.sort_by_key(|route| route.at.start);
    routing.mounts.sort_by_key(|mount| mount.at.start);
    routing.uncounted.sort_by_key(|text| text.at.start);
    let made = reader.receivers.made.iter().map(|name| format!("#{name}").into());
    let used = |scope: &Arc<str>| {
        routing.routes.iter().any(|route| route.scope.as_ref() == Some(scope))
            || routing.mounts.iter().any(|mount| mount.parent == *scope)
    };
    let applications: Vec<Arc<str>> = made.chain(reader.receivers.is_root.then(|| "#routes".into())).filter(used).collect();
    routing.applications = applications;
    if !routing.routes.is_empty() || !routing.mounts.is_empty() || !routing.uncounted.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

impl Reader<'_, '_> {
    fn frame(&mut self, mut frame: Frame) {
        let mut at = frame.range.start;
        while at < frame.range.end {
            at = if let Some(next) = self.function(&frame, at) {
                next
            } else if let Some(next) = self.include(&frame, at) {
                next
            } else if let Some(next) = self.package(at) {
                next
            } else if let Some(next) = self.chain(&mut frame, at) {
                next
            } else {
                self.passed(&frame, at);
                at + 1
            };
        }
    }

    /// A function is a frame of its own: it sees what it is given.
    fn function(&mut self, frame: &Frame, at: usize) -> Option<usize> {
        let code = self.code;
        if !code.is_any(at, &["function", "fn"]) || at.checked_sub(1).is_some_and(|before| code.is_any(before, &["->", "::"])) {
            return None;
        }
        let named = code.word(at + 1).filter(|_| code.is(at + 2, "("));
        let (open, body) = match named {
            Some(_) => {
                let mut body = code.after(at + 2);
                while body < frame.range.end && !code.is_any(body, &["{", ";"]) {
                    body = code.after(body);
                }
                (at + 2, if code.is(body, "{") { code.inside(body) } else { body..body })
            }
            None => closure(code, at..frame.range.end)?,
        };
        if code.is(at, "fn") && named.is_none() {
            return None;
        }
        let is_returned = at.checked_sub(1).is_some_and(|before| {
            code.is(before, "return")
                || code.is(before, "static") && before.checked_sub(1).is_some_and(|at| code.is(at, "return"))
        });
        let name = match named {
            Some(name) => Some(code.type_around(at).map_or(name.to_owned(), |of| format!("{of}.{name}"))),
            None if is_returned => Some("return".to_owned()),
            None => None,
        };
        let mut routers = self.receivers.given(code, open, name.as_deref());
        // A closure sees what it uses; functions see what belongs to the whole program.
        let seen = |router: &&Router| match named {
            Some(_) => router.name == FACADE || router.name.starts_with("$this."),
            None => true,
        };
        let inherited: Vec<Router> = frame
            .routers
            .iter()
            .filter(seen)
            .filter(|router| routers.iter().all(|own| own.name != router.name))
            .cloned()
            .collect();
        routers.extend(inherited);
        let end = body.end;
        self.frames.push(Frame { range: body, routers });
        Some(end.max(at + 1))
    }

    fn chain(&mut self, frame: &mut Frame, at: usize) -> Option<usize> {
        let code = self.code;
        if at.checked_sub(1).is_some_and(|before| code.is_any(before, &["->", "::", "new"])) {
            return None;
        }
        let first = code.word(at)?;
        if !(first.starts_with('$') || matches!(first, "Route" | "Flight" | "Application")) {
            return None;
        }
        let chain = Chain::at(code, at)?;
        if let Some(routing) = chain.link(code, "withRouting") {
            self.with_routing(frame, routing);
            // Closures among the arguments register routes too.
            return Some(routing.open + 1);
        }
        let root = code.dotted(chain.root.clone())?;
        if let Some(load) = chain.links.first().filter(|link| code.is(link.name, "loadRoutesFrom")) {
            self.load(frame, code.inside(load.open));
            return Some(chain.end);
        }
        let router = frame.routers.iter().find(|router| router.name == root)?.clone();
        self.register(frame, &router, &chain)
    }
}
