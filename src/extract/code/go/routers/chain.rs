//! Expressions of Go: `router.Group("/x").GET("/y", handler)`, step by step.

use std::ops::Range;
use std::sync::Arc;

use super::super::super::tokens::TokenKind;
use super::super::values::{join, method_named};
use super::flavors::{Flavor, UNNAMED};
use super::things::{Chain, Scope, Thing, router_type};
use super::walk::{Bound, Walk, Wrapper};
use crate::facts::Value;

const LONGEST_PREFIX: usize = 2000;
/// Packages that show the description of an interface.
const PAGES: [&str; 4] =
    ["github.com/swaggo/", "github.com/gofiber/swagger#", "github.com/arsmn/fiber-swagger", "github.com/gofiber/contrib/swagger"];
/// As deep as expressions are followed into their arguments.
const MOST_DEPTH: u32 = 12;

/// A path, as far as it is known.
pub enum Path {
    Known(Value),
    /// A text that a caller of the function gives.
    Parameter(usize),
    /// A field of an element of what has this symbol.
    Element(Option<Arc<str>>),
    /// Of a service that is described elsewhere.
    Described,
    Dynamic,
}

impl<'c, 't> Walk<'c, 't> {
    /// What an expression stands for, and what it registers. A router that it makes is called as `target` says.
    pub fn evaluate(&mut self, at: usize, target: Option<&Arc<str>>) -> Thing {
        let code = self.code;
        let mut at = at;
        while code.is_any(at, &["&", "*", "("]) {
            at += 1;
        }
        if code.word(at).is_none() || self.depth >= MOST_DEPTH {
            return Thing::Nothing;
        }
        if let Some(thing) = self.known.get(&at) {
            return thing.clone();
        }
        self.depth += 1;
        let thing = self.expression(at, target);
        self.depth -= 1;
        // A name alone may stand for something else later.
        if code.is_any(at + 1, &[".", "(", "{", "["]) {
            self.known.insert(at, thing.clone());
        }
        thing
    }

    fn expression(&mut self, start: usize, target: Option<&Arc<str>>) -> Thing {
        let code = self.code;
        if code.is_any(start, &["func", "map", "struct", "interface", "range", "chan"]) {
            return Thing::Nothing;
        }
        // `new(pkg.Type)`.
        if code.reads(start, &["new", "("]) {
            return match self.object(code.inside(start + 1), start, target) {
                Some(scope) => Thing::Scope(scope),
                None => Thing::Nothing,
            };
        }
        let mut at = start;
        let mut thing = Thing::Nothing;
        let mut is_first = true;
        loop {
            let name = at;
            at += 1;
            // Type arguments before a call.
            if code.is(at, "[") && code.is_any(code.after(at), &["(", "{"]) {
                at = code.after(at);
            }
            if code.is(at, "(") {
                thing = match is_first {
                    true => self.call_of_name(name, at),
                    false => self.call(thing, name, at, start, target),
                };
                at = code.after(at);
                // What a call returns is called: middleware around a router.
                while code.is(at, "(") {
                    if let Some(router) = self.first_router(at) {
                        let Thing::Scope(scope) = &mut thing else { break };
                        scope.wraps = Some(Box::new(router));
                    }
                    at = code.after(at);
                }
            } else if code.is(at, "{") && self.is_composite(start, name, at) {
                let of = start..name + 1;
                thing = match self.object(of, start, target) {
                    Some(scope) => {
                        self.elements(&scope, at);
                        Thing::Scope(scope)
                    }
                    None => Thing::Nothing,
                };
                at = code.after(at);
            } else {
                thing = match is_first {
                    true => self.head(name),
                    false => self.field(thing, name),
                };
            }
            is_first = false;
            if code.is(at, ".") && code.word(at + 1).is_some() {
                at += 1;
            } else {
                break;
            }
        }
        if code.is(at, "[") {
            return Thing::Nothing;
        }
        match thing {
            Thing::Chain(chain) if chain.is_handled => {
                self.finish(Chain { at: start..at, ..chain });
                Thing::Nothing
            }
            thing => thing,
        }
    }

    /// True where a brace after a name begins a value of a type, and no block.
    fn is_composite(&self, start: usize, name: usize, brace: usize) -> bool {
        let code = self.code;
        let is_type = code.text_of(name).starts_with(|c: char| c.is_ascii_uppercase())
            || code.is_any(start.wrapping_sub(1), &["&", "=", ":=", "return", "(", ",", ":"]);
        let is_keyed = code.word(brace + 1).is_some() && code.is(brace + 2, ":") || code.is(brace + 1, "}");
        is_type && (is_keyed || code.is_any(start.wrapping_sub(1), &["&", "=", ":=", "return", "(", ",", ":", "{"]))
    }

    /// A value of a type: a router, or what may hold one.
    fn object(&mut self, of: Range<usize>, at: usize, target: Option<&Arc<str>>) -> Option<Scope> {
        let name = self.code.text_of(of.end.saturating_sub(1));
        if let Some((flavor, is_whole)) = router_type(&self.source, of.clone()) {
            return Some(self.make(flavor, is_whole, at, target));
        }
        let symbol = self.source.type_symbol(of)?;
        Some(Scope { of: Some(Arc::clone(&symbol)), ..Scope::named(symbol, name) })
    }

    pub fn make(&mut self, flavor: &'static Flavor, is_whole: bool, at: usize, target: Option<&Arc<str>>) -> Scope {
        let symbol = target.cloned().unwrap_or_else(|| self.local_symbol(&format!("router{at}")));
        self.registry.made(flavor, Arc::clone(&symbol), is_whole);
        let name = symbol.rsplit(['.', '#']).next().unwrap_or("").to_owned();
        Scope::named(symbol, &name).with_flavor(flavor)
    }

    /// Fields that a value is made with.
    fn elements(&mut self, scope: &Scope, brace: usize) {
        let code = self.code;
        for part in code.split(code.inside(brace), ",") {
            if code.word(part.start).is_none() || !code.is(part.start + 1, ":") || part.len() < 3 {
                continue;
            }
            let name = code.text_of(part.start);
            let symbol = scope.member(name);
            if let Thing::Scope(value) = self.evaluate(part.start + 2, Some(&symbol))
                && let Some(router) = value.router().cloned().or_else(|| (name == "Handler").then_some(value))
            {
                match scope.of.as_deref() == Some("net/http#Server") {
                    true if name == "Handler" => self.serve(&router),
                    true => {}
                    false if router.flavor.is_some() && router.symbol != symbol => self.link(&symbol, &router, part.start),
                    false => {}
                }
            }
        }
    }

    /// What a name stands for that begins an expression.
    pub fn head(&mut self, at: usize) -> Thing {
        let name = self.code.text_of(at);
        match self.bound(name) {
            Some(Bound::Thing(thing)) => return (**thing).clone(),
            Some(_) => return Thing::Nothing,
            None => {}
        }
        if let Some(symbol) = self.code.imports().get(name)
            && let Some(module) = symbol.strip_suffix("#*")
        {
            return Thing::Package(module.into());
        }
        match self.global_scope(name) {
            Some(scope) => Thing::Scope(scope.clone()),
            None => Thing::Scope(Scope::named(format!("#{name}").into(), name)),
        }
    }

    /// A member that is not called.
    pub fn field(&mut self, thing: Thing, at: usize) -> Thing {
        let name = self.code.text_of(at);
        match thing {
            Thing::Package(module) => Thing::Scope(Scope::named(format!("{module}#{name}").into(), name)),
            // `engine.RouterGroup`, `hertz.Engine`.
            Thing::Scope(scope) if scope.flavor.is_some() => Thing::Scope(scope),
            Thing::Scope(scope) => {
                let symbol = scope.member(name);
                let mut found = Scope::named(Arc::clone(&symbol), name);
                let own = scope.of.as_deref().and_then(|of| of.strip_prefix('#')).and_then(|of| self.source.struct_named(of));
                if let Some(field) = own.and_then(|own| own.fields.iter().find(|field| field.name == name)) {
                    match router_type(&self.source, field.of.clone()) {
                        Some((flavor, is_whole)) => {
                            if is_whole {
                                self.registry.made(flavor, symbol, true);
                            }
                            found.flavor = Some(flavor);
                        }
                        None => found.of = self.source.type_symbol(field.of.clone()),
                    }
                }
                Thing::Scope(found)
            }
            _ => Thing::Nothing,
        }
    }

    /// A path, as far as it is known.
    pub fn path(&self, range: Range<usize>) -> Path {
        let code = self.code;
        let value = self.values.of(range.clone());
        if matches!(value, Value::Literal(_)) {
            return Path::Known(value);
        }
        for at in range.clone() {
            let is_head = code.word(at).is_some() && !code.is(at.wrapping_sub(1), ".");
            match is_head.then(|| self.bound(code.text_of(at))).flatten() {
                Some(Bound::Described) => return Path::Described,
                Some(Bound::Element(symbol)) => return Path::Element(symbol.clone()),
                Some(Bound::Text(index)) if range.len() == 1 => return Path::Parameter(*index),
                Some(Bound::Other | Bound::Text(_)) if holds_symbol(&value, code.text_of(at)) => return Path::Dynamic,
                _ => {}
            }
        }
        Path::Known(value)
    }

    /// Registers the route that a chain tells.
    fn finish(&mut self, chain: Chain) {
        let flavor = chain.scope.flavor.unwrap_or(&UNNAMED);
        let code = self.code;
        let methods = if chain.methods.is_empty() { chain.scope.methods.clone() } else { chain.methods };
        let place = code.location(chain.at.clone());
        if self.is_files(chain.handler.clone()) {
            return;
        }
        let Some(path) = chain.path else { return };
        self.register(&chain.scope, flavor, place, chain.at.start, &methods, path, chain.path_at);
    }

    /// A handler that gives files, pages of a description among them, which is no operation of the service's own.
    pub fn is_files(&self, mut handler: Range<usize>) -> bool {
        let code = self.code;
        let is_page = |at: usize| {
            let module = code.imports().get(code.text_of(at)).filter(|_| code.is(at + 1, "."));
            module.is_some_and(|module| PAGES.iter().any(|page| module.starts_with(page)))
        };
        handler.any(|at| code.is_any(at, &["FileServer", "FileServerFS", "NotFoundHandler"]) || is_page(at))
    }

    #[expect(clippy::too_many_arguments, reason = "a route has so many sides")]
    pub fn register(
        &mut self,
        scope: &Scope,
        flavor: &'static Flavor,
        place: crate::source::Location,
        at: usize,
        methods: &[Arc<str>],
        path: Value,
        path_at: Range<usize>,
    ) {
        match self.path(path_at) {
            Path::Described => {}
            Path::Known(_) => self.registry.route(scope, flavor, place, methods, path),
            Path::Parameter(parameter) => {
                let wrapper = Wrapper { scope: scope.clone(), flavor, methods: methods.to_vec(), parameter, at };
                self.wrappers.entry(format!("#{}", self.function).into()).or_insert(wrapper);
            }
            Path::Element(Some(symbol)) => {
                self.tables.insert(Arc::clone(&symbol));
                match scope.is_default {
                    true => self.registry.application(flavor, symbol),
                    false => self.registry.mount(scope, place, symbol, Value::Literal("".into())),
                }
            }
            Path::Element(None) | Path::Dynamic => {
                self.registry.uncounted(flavor, place, "the path is known at run time only");
            }
        }
    }

    /// The symbol of what a loop goes over: a table of routes.
    pub fn table_symbol(&mut self, at: usize) -> Option<Arc<str>> {
        let code = self.code;
        if code.is(at, "[") || code.is(at, "map") {
            return Some(self.local_symbol(&format!("table{at}")));
        }
        let is_local = matches!(self.bound(code.text_of(at)), Some(Bound::Other | Bound::Element(_) | Bound::Text(_)));
        match self.evaluate(at, None) {
            Thing::Scope(scope) => Some(scope.symbol),
            // A local variable whose value is a table.
            _ if is_local => Some(self.local_symbol(code.text_of(at))),
            _ => None,
        }
    }

    /// Methods as arguments: `"GET", http.MethodPost`, or one list of them. None where one is not known.
    pub fn methods(&self, arguments: &[Range<usize>]) -> Option<Vec<Arc<str>>> {
        let code = self.code;
        let mut found = Vec::new();
        for argument in arguments {
            let list =
                (argument.clone()).find(|&at| code.is(at, "{")).filter(|_| code.kind(argument.start) == Some(TokenKind::Open));
            let parts = list.map_or_else(|| vec![argument.clone()], |brace| code.split(code.inside(brace), ","));
            for part in parts {
                let Value::Literal(text) = self.values.of(part) else { return None };
                for word in text.split([' ', ',']) {
                    found.push(method_named(word)?.into());
                }
            }
        }
        Some(found)
    }

    /// A group or part of a router.
    pub fn within(&self, scope: &Scope, prefix: Value) -> Scope {
        let prefix = match &scope.prefix {
            Value::Literal(before) if before.len() > LONGEST_PREFIX => Value::Unknown("too long".into()),
            before => join(before, prefix),
        };
        Scope { prefix, ..scope.clone() }
    }
}

/// Whether a value holds the name as a symbol of this file.
fn holds_symbol(value: &Value, name: &str) -> bool {
    match value {
        Value::Symbol(symbol) => {
            symbol.strip_prefix('#').is_some_and(|own| own.split('.').next().is_some_and(|first| first == name))
        }
        Value::Concat(parts) => parts.iter().any(|part| holds_symbol(part, name)),
        _ => false,
    }
}
