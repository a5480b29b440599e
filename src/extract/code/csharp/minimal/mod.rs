//! Minimal APIs of ASP.NET: `app.MapGet("/x", …)`, groups, and what else maps a path: health checks, hubs, conventions of controllers.
//!
//! Calls come in, routes come out. A receiver is followed through the variables of the file to an application, whose routes have no scope,
//! or to a parameter: `MapOrders(0)` of a method that extends the builder of routes, `Type.Map(0)` of another. A call of such a method
//! mounts its scope, and `MapOrders(1)` with the text of its first argument in brackets, which is what a wrapper that passes a path on
//! has. A method called on something of unknown type has `Any` for its type; what implements an interface is mounted there, too, so that
//! endpoints that a loop maps are found.

mod names;
mod scope;

use std::ops::Range;
use std::sync::Arc;

use super::syntax;
use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind, Mount, Prefix, Route, Routing, Value};
use crate::source::Spanned;
use names::{KNOWN, METHODS, may_map};
use scope::{Scope, Scopes};

pub const FRAMEWORK: Framework = Framework {
    name: super::ASPNET,
    marks: &[
        ".Map",
        "MapGet",
        "IEndpointRouteBuilder",
        "RouteGroupBuilder",
        "WebApplication ",
        "IApplicationBuilder",
        "UseHealthChecks",
        "UsePathBase",
        "UseIdentityServer",
        "UseMvc",
        "WebApplication.Create",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let mut reader = Reader {
        code,
        scopes: Scopes::new(code),
        routing: Routing { framework: super::ASPNET.into(), ..Routing::default() },
        output,
    };
    for call in code.calls() {
        reader.call(call);
    }
    reader.dispatch();
    let Reader { routing, output, .. } = reader;
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

struct Reader<'r, 'c, 't> {
    code: &'c Code<'t>,
    scopes: Scopes<'c, 't>,
    routing: Routing,
    output: &'r mut Output,
}

impl Reader<'_, '_, '_> {
    fn call(&mut self, call: Call) {
        let code = self.code;
        let name = code.text_of(call.name);
        let has_receiver = call.start < call.name;
        if let Some((_, method)) = METHODS.iter().find(|(known, _)| *known == name) {
            if has_receiver {
                self.route(call, &[(*method).into()]);
            }
            return;
        }
        match name {
            "MapMethods" if has_receiver => {
                let methods = self.methods(call);
                self.route(call, &methods);
            }
            "Map" if has_receiver && self.is_router(call) => self.map(call),
            "MapHealthChecks" | "UseHealthChecks" | "MapForwarder" if has_receiver => self.route(call, &["ANY".into()]),
            "MapHub" if has_receiver => self.hub(call),
            "MapIdentityApi" | "UseIdentityServer" => {
                let why = format!("endpoints that {name} makes");
                self.routing.uncounted.push(Spanned::new(why.into(), code.at(call.name)));
            }
            "MapControllerRoute"
            | "MapRoute"
            | "MapAreaControllerRoute"
            | "MapAreaRoute"
            | "MapDefaultControllerRoute"
            | "UseMvcWithDefaultRoute"
                if has_receiver =>
            {
                self.convention(call);
            }
            "UsePathBase" => {
                if let Some(range) = code.arguments(call.open).first()
                    && let path @ Value::Literal(_) = values::text(code, range.clone())
                {
                    self.routing.prefixes.push(Prefix { at: code.at(call.name), path });
                }
            }
            "Invoke" if has_receiver => self.reflect(call),
            _ if KNOWN.contains(&name) || scope::GROUPS.contains(&name) => {}
            _ => self.mount(call),
        }
    }

    /// A route at the path that the call names, for each of the methods.
    fn route(&mut self, call: Call, methods: &[Arc<str>]) {
        let code = self.code;
        let arguments = code.arguments(call.open);
        let takes_handler = METHODS.iter().any(|(known, _)| code.is(call.name, known));
        let Some(pattern) = self.pattern(&arguments, takes_handler) else { return };
        let scope = self.scopes.of(code.receiver(call), call.name);
        let own = self.scopes.versions_after(call.open);
        let versions = if own.is_empty() { &scope.versions } else { &own };
        let (path, symbol) = match self.scopes.wrapped(pattern.clone(), call.name) {
            // Another form of the framework's own method is read where it is called.
            Some(_) if self.is_own_form(call.name) => return,
            // A wrapper: whoever calls it says the path.
            Some(wrapper) => {
                if !self.routing.leaves.contains(&wrapper) {
                    self.routing.leaves.push(Arc::clone(&wrapper));
                }
                (literal(""), Some(wrapper))
            }
            None => {
                let path = pattern.map_or_else(|| literal(""), |range| values::text(code, range));
                (values::join(scope.prefix.clone(), path), scope.symbol.clone())
            }
        };
        for path in values::versioned(path, versions) {
            let path = paths::template(path, Style::Braces);
            for method in methods {
                self.routing.routes.push(Route {
                    at: code.at(call.name),
                    method: Arc::clone(method),
                    path: path.clone(),
                    scope: symbol.clone(),
                    owner: None,
                });
            }
        }
    }

    /// True inside of a method that is called as the framework's own are.
    fn is_own_form(&self, at: usize) -> bool {
        let name = self.scopes.function_around(at).map_or("", |item| self.code.text_of(item.name));
        METHODS.iter().any(|(known, _)| *known == name) || name == "MapMethods"
    }

    /// The argument that is a path. None where the call maps no path; an inner None where a house-made form has the handler alone.
    fn pattern(&self, arguments: &[Range<usize>], takes_handler: bool) -> Option<Option<Range<usize>>> {
        let code = self.code;
        if let Some(range) = syntax::named(code, arguments, "pattern").or_else(|| syntax::named(code, arguments, "prefix")) {
            return Some(Some(range));
        }
        let is_text = |range: &Range<usize>| code.kind(range.start) == Some(TokenKind::Literal);
        let is_name = |range: &Range<usize>| code.dotted(range.clone()).is_some();
        match arguments {
            [] => None,
            [path, ..] if is_text(path) || code.is(path.start, "nameof") => Some(Some(path.clone())),
            [path, ..] if !takes_handler && is_name(path) => Some(Some(path.clone())),
            // The handler first, the path second.
            [handler, path, ..] if is_name(handler) && is_text(path) => Some(Some(path.clone())),
            [handler] if is_name(handler) => Some(None),
            [path, _, ..] if is_name(path) || path.clone().any(|at| code.is(at, "+")) || is_call(code, path) => {
                Some(Some(path.clone()))
            }
            _ => None,
        }
    }

    /// The methods that `MapMethods` names.
    fn methods(&self, call: Call) -> Vec<Arc<str>> {
        let code = self.code;
        let arguments = code.arguments(call.open);
        let Some(mut list) = syntax::argument(code, &arguments, "httpMethods", 1) else { return vec!["ANY".into()] };
        if let Some(assigned) = (list.len() == 1).then(|| code.assigned(code.text_of(list.start), call.name)).flatten() {
            list = assigned;
        }
        let mut found: Vec<Arc<str>> = Vec::new();
        for at in list {
            let named = |at: usize| {
                at >= 2 && code.is(at - 1, ".") && code.is_any(at - 2, &["HttpMethods", "HttpMethod", "WebRequestMethods"])
            };
            if let Some(text) = code.literal(at) {
                found.push(text.to_ascii_uppercase().into());
            } else if let Some(word) = code.word(at).filter(|_| named(at)) {
                found.push(word.to_ascii_uppercase().into());
            }
        }
        if found.is_empty() { vec!["ANY".into()] } else { found }
    }

    /// `Map(path, handler)`: every method. A branch of the pipeline that answers nothing itself is no route.
    fn map(&mut self, call: Call) {
        let code = self.code;
        let arguments = code.arguments(call.open);
        let [_, handler, ..] = arguments.as_slice() else { return };
        let arrow = handler.clone().take(6).find(|&at| code.is(at, "=>"));
        let is_branch = arrow.is_some_and(|arrow| {
            let builder = code.text_of(handler.start);
            code.word(handler.start).is_some()
                && arrow == handler.start + 1
                && handler
                    .clone()
                    .any(|at| code.is(at, builder) && code.is(at + 1, ".") && code.text_of(at + 2).starts_with("Use"))
        });
        if !is_branch {
            self.route(call, &["ANY".into()]);
        }
    }

    fn hub(&mut self, call: Call) {
        let code = self.code;
        let arguments = code.arguments(call.open);
        let Some(path) = syntax::argument(code, &arguments, "pattern", 0) else { return };
        let scope = self.scopes.of(code.receiver(call), call.name);
        let name = paths::template(values::join(scope.prefix, values::text(code, path)), Style::Braces);
        self.output.facts.push(Fact::Handler(Handler {
            at: code.at(call.name),
            kind: HandlerKind::Subscription,
            framework: "signalr".into(),
            name,
        }));
    }

    /// `{controller=Home}/{action=Index}/{id?}`: the convention of controllers without templates.
    fn convention(&mut self, call: Call) {
        let code = self.code;
        let arguments = code.arguments(call.open);
        let at = code.at(call.name);
        let index = if code.text_of(call.name).contains("Area") { 2 } else { 1 };
        let range = ["pattern", "template", "url"].iter().find_map(|name| syntax::named(code, &arguments, name));
        let range = range.or_else(|| syntax::positional(code, &arguments).nth(index));
        let is_default = matches!(code.text_of(call.name), "MapDefaultControllerRoute" | "UseMvcWithDefaultRoute");
        let pattern = range.map(|range| values::text(code, range));
        let text = match &pattern {
            Some(Value::Literal(text)) => &**text,
            _ if is_default => "{controller}/{action}",
            _ => return,
        };
        if !text.contains("{controller") {
            // A route of its own, whose defaults name its action.
            if !text.is_empty() && arguments.len() > 2 {
                let path = paths::template(literal(text), Style::Braces);
                self.routing.routes.push(Route { at, method: "ANY".into(), path, scope: None, owner: None });
            }
            return;
        }
        let before = text.split("{controller").next().unwrap_or("").split("{area").next().unwrap_or("").trim_matches('/');
        if before.is_empty() || text.contains("{area") || code.text_of(call.name).contains("Area") {
            self.apply("#conventional");
        } else {
            self.apply("#app");
            let prefix = paths::template(literal(before), Style::Braces);
            self.routing.mounts.push(Mount { at, parent: "#app".into(), child: "#conventional".into(), prefix });
        }
    }

    fn apply(&mut self, scope: &str) {
        if !self.routing.applications.iter().any(|known| &**known == scope) {
            self.routing.applications.push(scope.into());
        }
    }

    fn is_router(&self, call: Call) -> bool {
        self.scopes.is_router(self.code.receiver(call))
    }

    /// A method of this system that is given a builder of routes, to map on it.
    fn mount(&mut self, call: Call) {
        let code = self.code;
        let name = code.text_of(call.name);
        let before = call.start.checked_sub(1);
        let receiver = code.receiver(call);
        // `new Builder(app)`, and what declares a method.
        let is_made = before.is_some_and(|at| code.is(at, "new")) && !receiver.clone().any(|at| code.is(at, "("));
        let is_after = |at: usize| code.word(at).is_some_and(|word| !matches!(word, "await" | "return" | "else"));
        if is_made || receiver.is_empty() && before.is_some_and(is_after) {
            return;
        }
        let arguments = code.arguments(call.open);
        let extends = !receiver.is_empty() && self.scopes.is_router(receiver.clone());
        if extends {
            if !may_map(name) {
                return;
            }
            let parent = self.scopes.of(receiver.clone(), call.name);
            self.push_mount(call, &parent, format!("#{name}(0)"), None);
            for (index, argument) in arguments.iter().enumerate() {
                if code.kind(argument.start) == Some(TokenKind::Literal) {
                    let path = values::text(code, argument.clone());
                    self.push_mount(call, &parent, format!("#{name}({})", index + 1), Some(path));
                }
            }
        }
        for (index, argument) in arguments.iter().enumerate() {
            if !self.scopes.is_router(argument.clone()) {
                continue;
            }
            let parent = self.scopes.of(argument.clone(), call.name);
            let of = match receiver.is_empty() {
                _ if extends => None,
                true => code.type_around(call.name).map(str::to_owned),
                false => self.type_of(receiver.clone()),
            };
            let child = match of {
                _ if extends => format!("#{name}({})", index + 1),
                Some(of) => format!("{}.{name}({index})", self.scopes.type_symbol(&of)),
                None if receiver.is_empty() => format!("#{name}({index})"),
                None => {
                    let any = format!("#Any.{name}({index})");
                    self.apply(&any);
                    any
                }
            };
            self.push_mount(call, &parent, child, None);
        }
    }

    /// `type.GetMethod(nameof(IEndpoints.Map)).Invoke(null, [group])`.
    fn reflect(&mut self, call: Call) {
        let code = self.code;
        let found = code.receiver(call).find(|&at| code.is(at, "GetMethod") && code.is(at + 1, "("));
        let Some(name) = found.and_then(|at| code.arguments(at + 1).into_iter().next()) else { return };
        let Value::Literal(name) = values::text(code, name) else { return };
        let given = code.arguments(call.open).into_iter().flatten().find(|&at| self.scopes.is_router(at..at + 1));
        let Some(at) = given else { return };
        let parent = self.scopes.of(at..at + 1, call.name);
        let any = format!("#Any.{name}(0)");
        self.apply(&any);
        self.push_mount(call, &parent, any, None);
    }

    /// The type on which a method is called, as far as it is written: `Orders.Map(app)`, `new Orders().Map(app)`.
    fn type_of(&self, receiver: Range<usize>) -> Option<String> {
        let code = self.code;
        if receiver.start.checked_sub(1).is_some_and(|at| code.is(at, "new")) {
            return Some(syntax::type_name(code, receiver).to_owned());
        }
        let last = code.text_of(receiver.end - 1);
        let is_type = last.starts_with(|letter: char| letter.is_uppercase()) && code.dotted(receiver).is_some();
        is_type.then(|| last.to_owned())
    }

    /// Endpoints that implement an interface, or override what a base has, may be mapped through it, wherever that is.
    fn dispatch(&mut self) {
        let mut mounts: Vec<Mount> = Vec::new();
        let symbols = self.routing.routes.iter().filter_map(|route| Some((route.at, route.scope.as_deref()?)));
        let parents = self.routing.mounts.iter().map(|mount| (mount.at, &*mount.parent));
        for (at, symbol) in symbols.chain(parents) {
            let Some((of, method)) = symbol.strip_prefix('#').and_then(|name| name.split_once('.')) else { continue };
            let is_called_through_base = self.scopes.implements(of, method.split('(').next().unwrap_or(method));
            if !is_called_through_base || mounts.iter().any(|mount| &*mount.child == symbol) {
                continue;
            }
            let parent = format!("Any#Any.{method}").into();
            mounts.push(Mount { at, parent, child: symbol.into(), prefix: literal("") });
        }
        self.routing.mounts.extend(mounts);
    }

    fn push_mount(&mut self, call: Call, parent: &Scope, child: String, path: Option<Value>) {
        let symbol = match &parent.symbol {
            Some(symbol) => Arc::clone(symbol),
            None => {
                self.apply("#app");
                "#app".into()
            }
        };
        let prefix = path.map_or_else(|| parent.prefix.clone(), |path| values::join(parent.prefix.clone(), path));
        for prefix in values::versioned(prefix, &parent.versions) {
            let prefix = paths::template(prefix, Style::Braces);
            let at = self.code.at(call.name);
            self.routing.mounts.push(Mount { at, parent: Arc::clone(&symbol), child: child.as_str().into(), prefix });
        }
    }
}

/// `Path.Combine(…)`, `string.Format(…)`: a text that is made.
fn is_call(code: &Code, range: &Range<usize>) -> bool {
    code.is(range.end.wrapping_sub(1), ")")
        && code.word(range.start).is_some()
        && !range.clone().any(|at| code.is_any(at, &["=>", "new"]))
}

#[cfg(test)]
mod tests;
