//! Calls of functions and methods: what they make, register, and are given.

use std::sync::Arc;

use super::super::values::method_named;
use super::flavor_of;
use super::flavors::{Action, Flavor, UNNAMED};
use super::things::{Scope, Thing, router_type};
use super::walk::Walk;

/// Functions that one call injects into, and parameters of each.
const MOST_INJECTED: usize = 32;
const MOST_PARAMETERS: usize = 6;

impl<'c, 't> Walk<'c, 't> {
    /// A call of a function of this package, or of a local one.
    pub fn call_of_name(&mut self, name: usize, open: usize) -> Thing {
        let text = self.code.text_of(name);
        if matches!(
            text,
            "make" | "len" | "append" | "panic" | "string" | "print" | "println" | "cap" | "copy" | "delete" | "close"
        ) {
            return Thing::Nothing;
        }
        let symbol: Arc<str> = match self.bound(text) {
            Some(_) => self.local_symbol(text),
            None => format!("#{text}").into(),
        };
        self.called(symbol, open)
    }

    /// A call of a member.
    pub fn call(&mut self, thing: Thing, name: usize, open: usize, start: usize, target: Option<&Arc<str>>) -> Thing {
        let text = self.code.text_of(name);
        match thing {
            Thing::Nothing => Thing::Nothing,
            Thing::Package(module) => self.call_of_package(&module, name, open, start, target),
            Thing::Chain(chain) => match (chain.scope.flavor.unwrap_or(&UNNAMED).methods)(text) {
                Some(action) => self.step(chain, action, open),
                None => Thing::Chain(chain),
            },
            Thing::Scope(scope) => self.call_of_scope(scope, name, open, start),
        }
    }

    fn call_of_package(&mut self, module: &Arc<str>, name: usize, open: usize, start: usize, target: Option<&Arc<str>>) -> Thing {
        let code = self.code;
        let text = code.text_of(name);
        let symbol: Arc<str> = format!("{module}#{text}").into();
        // What starts a server: the router is its last argument.
        if matches!(text, "ListenAndServe" | "ListenAndServeTLS" | "Serve" | "ServeTLS") {
            if let Some(last) = code.arguments(open).last()
                && let Thing::Scope(scope) = self.evaluate(last.start, None)
            {
                match scope.router().cloned() {
                    Some(router) => self.serve(&router),
                    None if code.is(last.end - 1, ")") => self.serve(&scope),
                    None => {}
                }
            }
            return Thing::Nothing;
        }
        if &**module == "go.uber.org/fx" && text == "Invoke" {
            self.injected(open);
            return Thing::Nothing;
        }
        if let Some(flavor) = flavor_of(module) {
            if flavor.makers.contains(&text) {
                let is_whole = !flavor.wholes.is_empty();
                return Thing::Scope(self.make(flavor, is_whole, start, target));
            }
            if flavor.is_package {
                if let Some(action) = (flavor.methods)(text) {
                    let root = Scope { is_default: true, ..Scope::named(symbol, text).with_flavor(flavor) };
                    return self.perform(root, flavor, action, name, open, start);
                }
                if text == "StripPrefix" || text == "TimeoutHandler" || text == "MaxBytesHandler" {
                    return self.wrapped_handler(symbol, open);
                }
            }
        }
        // Known libraries of others make nothing that this project defines.
        self.called(symbol, open)
    }

    /// `fx.Invoke(routes.Register)`: what the function takes may be the router, which only its own file tells.
    fn injected(&mut self, open: usize) {
        let code = self.code;
        let flavor = self.flavors.first().copied().unwrap_or(&UNNAMED);
        let root = Scope::named("#fx".into(), "fx").with_flavor(flavor);
        for argument in code.arguments(open).into_iter().take(MOST_INJECTED) {
            let Some(name) = code.dotted(argument.clone()).filter(|name| name.contains('.')) else { continue };
            let function = code.symbol(&name);
            for index in 0..MOST_PARAMETERS {
                let child: Arc<str> = format!("{function}({index})").into();
                self.registry.mount(&root, code.location(argument.clone()), child, crate::facts::Value::Literal("".into()));
            }
        }
    }

    /// `http.StripPrefix("/x", router)`: the router, wrapped.
    fn wrapped_handler(&mut self, symbol: Arc<str>, open: usize) -> Thing {
        let mut scope = Scope::named(symbol, "");
        scope.wraps = self.first_router(open).map(Box::new);
        Thing::Scope(scope)
    }

    /// The first router among arguments.
    pub fn first_router(&mut self, open: usize) -> Option<Scope> {
        let arguments = self.code.arguments(open);
        arguments.iter().take(16).find_map(|argument| match self.evaluate(argument.start, None) {
            Thing::Scope(scope) => scope.router().cloned(),
            _ => None,
        })
    }

    /// A call of a function by its symbol: routers among the arguments are what its parameters stand for.
    pub fn called(&mut self, symbol: Arc<str>, open: usize) -> Thing {
        let code = self.code;
        let mut wraps = None;
        for (index, argument) in code.arguments(open).into_iter().enumerate().take(32) {
            if let Thing::Scope(scope) = self.evaluate(argument.start, None)
                && let Some(router) = scope.router().cloned().filter(|router| !router.is_default)
            {
                let child: Arc<str> = format!("{symbol}({index})").into();
                self.link(&child, &router, argument.start);
                wraps = wraps.or(Some(Box::new(router)));
            }
        }
        self.calls.push((Arc::clone(&symbol), open));
        let result: Arc<str> = format!("{symbol}()").into();
        let name = symbol.rsplit(['.', '#']).next().unwrap_or("").to_owned();
        let mut scope = Scope::named(result, &name);
        if let Some(function) = symbol.strip_prefix('#').and_then(|name| self.source.function_named(name)) {
            let types = function.result.clone();
            let types = match code.is(types.start, "(") {
                true => code.split(code.inside(types.start), ",").into_iter().next().unwrap_or(0..0),
                false => types,
            };
            match router_type(&self.source, types.clone()) {
                Some((flavor, _)) => scope.flavor = Some(flavor),
                None => scope.of = self.source.type_symbol(types).filter(|of| &**of != "net/http#Handler"),
            }
        } else {
            scope.wraps = wraps;
        }
        Thing::Scope(scope)
    }

    fn call_of_scope(&mut self, scope: Scope, name: usize, open: usize, start: usize) -> Thing {
        let text = self.code.text_of(name);
        if let Some(flavor) = scope.flavor {
            return match (flavor.methods)(text) {
                Some(action) => self.perform(scope, flavor, action, name, open, start),
                None => {
                    // `app.Listen(":80")`, `router.ServeHTTP(…)`, or a function of the project on its own kind of router.
                    self.called(scope.method(text), open);
                    Thing::Nothing
                }
            };
        }
        // A struct that embeds a router.
        let own = scope.of.as_deref().and_then(|of| of.strip_prefix('#')).and_then(|of| self.source.struct_named(of));
        let embedded = own.and_then(|own| {
            own.fields.iter().filter(|field| field.is_embedded).find_map(|field| {
                let (flavor, is_whole) = router_type(&self.source, field.of.clone())?;
                Some((field.name, flavor, is_whole, (flavor.methods)(text)?))
            })
        });
        if let Some((field, flavor, is_whole, action)) = embedded {
            let symbol = scope.member(field);
            if is_whole {
                self.registry.made(flavor, Arc::clone(&symbol), true);
            }
            return self.perform(Scope::named(symbol, field).with_flavor(flavor), flavor, action, name, open, start);
        }
        let is_function = scope.method(text).strip_prefix('#').is_some_and(|name| self.source.function_named(name).is_some());
        match (!is_function).then(|| self.guess(&scope, name, open)).flatten() {
            Some((flavor, action)) => {
                let scope = scope.clone().with_flavor(flavor);
                self.perform(scope, flavor, action, name, open, start)
            }
            None => self.called(scope.method(text), open),
        }
    }

    /// Whether what looks like a call of a router is one, where the router is declared in another file: a path and a handler are given,
    /// and it is called like a router.
    fn guess(&self, scope: &Scope, name: usize, open: usize) -> Option<(&'static Flavor, Action)> {
        let code = self.code;
        let text = code.text_of(name);
        let arguments = code.arguments(open);
        let path = code.literal(arguments.first()?.start)?;
        if !path.starts_with('/')
            && !path.is_empty()
            && path.split_once(' ').is_none_or(|(method, _)| method_named(method).is_none())
        {
            return None;
        }
        let (flavor, action) = self
            .flavors
            .iter()
            .filter(|flavor| !flavor.is_package)
            .find_map(|flavor| Some((*flavor, (flavor.methods)(text)?)))
            .or_else(|| Some((&UNNAMED, (UNNAMED.methods)(text)?)))?;
        let called = scope.name.to_ascii_lowercase();
        let is_router = ["router", "mux", "engine", "group", "app", "server", "route", "echo", "fiber", "gin", "chi"]
            .iter()
            .any(|word| called.contains(word))
            || matches!(&*called, "r" | "e" | "g" | "api" | "rg" | "v1" | "v2" | "public" | "private" | "auth" | "admin");
        let last = arguments.last()?;
        let is_handler = arguments.len() > 1
            && (code.word(last.start).is_some() || code.is(last.start, "(") || code.is(last.start, "&") && text == "Handle")
            && !code.is_any(last.start, &["nil", "true", "false"]);
        match action {
            Action::Route(_) => is_router && is_handler,
            Action::Pattern => is_handler && (text == "HandleFunc" || is_router),
            Action::Group | Action::PathPrefix => is_router && (arguments.len() == 1 || is_handler),
            _ => false,
        }
        .then_some((flavor, action))
    }
}
