//! What methods of routers register.

use std::ops::Range;
use std::sync::Arc;

use super::super::values::method_named;
use super::chain::Path;
use super::flavors::{Action, Flavor};
use super::things::{Chain, Scope, Thing};
use super::walk::Walk;
use crate::facts::Value;

impl<'c, 't> Walk<'c, 't> {
    /// A method of a router is called.
    pub fn perform(
        &mut self,
        scope: Scope,
        flavor: &'static Flavor,
        action: Action,
        name: usize,
        open: usize,
        start: usize,
    ) -> Thing {
        let code = self.code;
        let arguments = code.arguments(open);
        let place = code.location(start..code.after(open));
        match action {
            Action::Same => Thing::Scope(scope),
            Action::Route(method) => {
                if arguments.len() > 1 && !self.is_files(arguments[1].start..code.partner(open)) {
                    let value = self.values.of(arguments[0].clone());
                    self.register(&scope, flavor, place, start, &[method.into()], value, arguments[0].clone());
                }
                Thing::Scope(scope)
            }
            Action::MethodThenPath => {
                if arguments.len() < 3 {
                    // Routers that have no methods there: `Handle("/x", handler)`.
                    return match arguments.len() {
                        2 => self.perform(scope, flavor, Action::Pattern, name, open, start),
                        _ => Thing::Scope(scope),
                    };
                }
                let (first, path) = (arguments[0].clone(), arguments[1].clone());
                match self.methods(&arguments[..1]) {
                    Some(methods) => {
                        let value = self.values.of(path.clone());
                        self.register(&scope, flavor, place, start, &methods, value, path);
                    }
                    None => match self.path(first) {
                        Path::Element(Some(_)) => {
                            self.register(&scope, flavor, place, start, &[], Value::Literal("".into()), path)
                        }
                        _ => self.registry.uncounted(flavor, place, "the method is known at run time only"),
                    },
                }
                Thing::Scope(scope)
            }
            Action::Group => self.group(&scope, name, &arguments),
            Action::Mount => {
                if arguments.len() > 1 {
                    self.mounted(&scope, &arguments[0], &arguments[1]);
                }
                Thing::Scope(scope)
            }
            Action::Use => {
                if arguments.len() == 2
                    && code.literal(arguments[0].start).is_some()
                    && let Thing::Scope(child) = self.evaluate(arguments[1].start, None)
                    && child.router().is_some()
                {
                    self.mounted(&scope, &arguments[0], &arguments[1]);
                }
                Thing::Scope(scope)
            }
            Action::Uncounted => {
                self.registry.uncounted(flavor, place, "operations are told by a type's methods");
                Thing::Nothing
            }
            Action::Pattern | Action::Methods | Action::Path | Action::PathPrefix | Action::Handler | Action::Subrouter => {
                let chain = Chain {
                    scope,
                    path: None,
                    methods: Vec::new(),
                    at: start..code.after(open),
                    is_handled: false,
                    handler: 0..0,
                    path_at: 0..0,
                };
                self.step(chain, action, open)
            }
        }
    }

    /// One more step of a chain.
    pub fn step(&mut self, mut chain: Chain, action: Action, open: usize) -> Thing {
        let code = self.code;
        let arguments = code.arguments(open);
        match action {
            Action::Pattern if arguments.len() > 1 => {
                self.add_path(&mut chain, &arguments[0]);
                self.split_pattern(&mut chain);
                chain.handler = arguments[1].clone();
                chain.is_handled = true;
                if self.is_router(&chain, &arguments[1]) {
                    return Thing::Nothing;
                }
                self.add_method_handler(&mut chain, &arguments[1]);
            }
            Action::Methods => match self.methods(&arguments) {
                Some(methods) => chain.methods = methods,
                // A method of an element of a table is told by the table.
                None => chain.methods = Vec::new(),
            },
            Action::Path | Action::PathPrefix if !arguments.is_empty() => {
                self.add_path(&mut chain, &arguments[0]);
                if action == Action::PathPrefix {
                    chain.path = chain.path.map(|path| super::super::values::join(&path, Value::Literal("/".into())));
                }
            }
            Action::Handler if !arguments.is_empty() => {
                chain.handler = arguments[0].clone();
                chain.is_handled = true;
                if self.is_router(&chain, &arguments[0]) {
                    return Thing::Nothing;
                }
                self.add_method_handler(&mut chain, &arguments[0]);
            }
            Action::Subrouter => {
                let prefix = chain.path.take().unwrap_or(Value::Literal("".into()));
                let mut scope = self.within(&chain.scope, prefix);
                if !chain.methods.is_empty() {
                    scope.methods = chain.methods;
                }
                return Thing::Scope(scope);
            }
            _ => {}
        }
        Thing::Chain(chain)
    }

    fn add_path(&mut self, chain: &mut Chain, argument: &Range<usize>) {
        let value = self.values.of(argument.clone());
        let before = chain.path.take().unwrap_or(Value::Literal("".into()));
        chain.path = Some(super::super::values::join(&before, value));
        chain.path_at = argument.clone();
    }

    /// `"GET example.com/x"` of net/http.
    fn split_pattern(&self, chain: &mut Chain) {
        let first = match &mut chain.path {
            Some(Value::Literal(text)) => text,
            Some(Value::Concat(parts)) => match parts.first_mut() {
                Some(Value::Literal(text)) => text,
                _ => return,
            },
            _ => return,
        };
        let mut rest = &**first;
        if let Some((method, path)) = rest.split_once([' ', '\t'])
            && let Some(method) = method_named(method)
        {
            chain.methods = vec![method.into()];
            rest = path.trim_start();
        }
        if !rest.starts_with('/')
            && let Some(slash) = rest.find('/')
            && rest[..slash].contains(['.', ':'])
        {
            rest = &rest[slash..];
        }
        *first = rest.into();
    }

    /// `handlers.MethodHandler{"GET": get, "POST": post}`.
    fn add_method_handler(&self, chain: &mut Chain, handler: &Range<usize>) {
        let code = self.code;
        if let Some(name) = handler.clone().find(|&at| code.is(at, "MethodHandler"))
            && code.is(name + 1, "{")
        {
            let parts = code.split(code.inside(name + 1), ",");
            let keys = parts
                .iter()
                .filter_map(|part| (part.start..part.end).find(|&at| code.is(at, ":")).map(|colon| part.start..colon));
            if let Some(methods) = self.methods(&keys.collect::<Vec<_>>()) {
                chain.methods = methods;
            }
        }
    }

    /// A handler that is a router is mounted. What stands before its paths is what is stripped for it.
    fn is_router(&mut self, chain: &Chain, handler: &Range<usize>) -> bool {
        let code = self.code;
        let Thing::Scope(scope) = self.evaluate(handler.start, None) else { return false };
        let is_stripped = scope.symbol.ends_with("#StripPrefix");
        let child = match scope.router() {
            Some(router) => router.clone(),
            // What another package makes may be a router: it is, where it is called one.
            None if scope.symbol.ends_with("()") && is_called_router(&scope.name) => scope.clone(),
            None if is_stripped => match self.stripped(handler) {
                Some(inner) => inner,
                None => return false,
            },
            None => return false,
        };
        let prefix = match is_stripped {
            true => {
                let open = (handler.start..handler.end).find(|&at| code.is(at, "("));
                let first = open.and_then(|open| code.arguments(open).into_iter().next());
                first.map_or(Value::Literal("".into()), |first| self.values.of(first))
            }
            false => Value::Literal("".into()),
        };
        if child.is_default {
            return false;
        }
        let place = code.location(chain.at.clone());
        self.registry.mount(&chain.scope, place, child.symbol, prefix);
        true
    }

    /// The handler inside of `http.StripPrefix("/x", handler)`, where it is called like a router.
    fn stripped(&mut self, handler: &Range<usize>) -> Option<Scope> {
        let code = self.code;
        let open = (handler.start..handler.end).find(|&at| code.is(at, "("))?;
        let inner = code.arguments(open).into_iter().nth(1)?;
        match self.evaluate(inner.start, None) {
            Thing::Scope(scope) if scope.symbol.ends_with("()") && is_called_router(&scope.name) => Some(scope),
            _ => None,
        }
    }

    /// `router.Mount("/x", other)`.
    fn mounted(&mut self, scope: &Scope, path: &Range<usize>, child: &Range<usize>) {
        let prefix = self.values.of(path.clone());
        let place = self.code.location(path.start..child.end);
        if let Thing::Scope(child) = self.evaluate(child.start, None) {
            let child = child.router().cloned().unwrap_or(child);
            if !child.is_default {
                self.registry.mount(scope, place, child.symbol, prefix);
            }
        }
    }

    /// `Group("/x")`, `Route("/x", func(router) { … })`, `Group(routes)`.
    fn group(&mut self, scope: &Scope, name: usize, arguments: &[Range<usize>]) -> Thing {
        let code = self.code;
        let Some(first) = arguments.first() else { return Thing::Scope(scope.clone()) };
        let (Some(last), is_named) = (arguments.last(), code.word(first.start).is_some() && arguments.len() == 1) else {
            return Thing::Nothing;
        };
        let has_path = !(code.is(first.start, "func") || is_named && self.is_function(first));
        let prefix = match has_path {
            true => match self.path(first.clone()) {
                Path::Known(value) => value,
                _ => Value::Unknown("the prefix is known at run time only".into()),
            },
            false => Value::Literal("".into()),
        };
        let inner = self.within(scope, prefix);
        let takes_function = code.is_any(name, &["Route", "Group", "PartyFunc", "WithGroup", "RouteFunc"]);
        if let Some(literal) = arguments.iter().find(|argument| code.is(argument.start, "func")) {
            self.given.insert(literal.start + 1, inner.clone());
        } else if takes_function
            && (arguments.len() == 2 || !has_path)
            && code.word(last.start).is_some()
            && self.is_function(last)
        {
            let function = match self.evaluate(last.start, None) {
                Thing::Scope(scope) => scope,
                _ => Scope::named(code.symbol(code.text_of(last.start)), ""),
            };
            let child: Arc<str> = format!("{}(0)", function.symbol).into();
            self.link(&child, &inner, last.start);
        }
        Thing::Scope(inner)
    }

    /// A name that may be a function, as it is given to `Route`: no text and no call.
    fn is_function(&self, range: &Range<usize>) -> bool {
        let code = self.code;
        let is_name = code.dotted(range.clone()).is_some();
        is_name && matches!(self.values.of(range.clone()), Value::Symbol(_))
    }
}

fn is_called_router(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["router", "mux", "routes", "routing"].iter().any(|word| name.contains(word))
}
