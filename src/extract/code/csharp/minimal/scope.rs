//! What a receiver of routes stands for: an application, a group of it, or what a method is given.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::extract::code::Code;
use crate::extract::code::csharp::syntax::{self, Type};
use crate::extract::code::csharp::values;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::value::{literal, unknown};
use crate::facts::Value;

/// What makes a group of a builder; only `MapGroup` has a path.
pub const GROUPS: [&str; 4] = ["MapGroup", "NewVersionedApi", "WithApiVersionSet", "NewApiVersionSet"];
/// Types of which routes are mapped.
const BUILDERS: [&str; 7] = [
    "WebApplication",
    "IEndpointRouteBuilder",
    "RouteGroupBuilder",
    "IVersionedEndpointRouteBuilder",
    "IApplicationBuilder",
    "IRouteBuilder",
    "HttpConfiguration",
];
const MOST_STEPS: u32 = 12;

/// Where routes lie.
#[derive(Clone)]
pub struct Scope {
    /// None for an application.
    pub symbol: Option<Arc<str>>,
    pub prefix: Value,
    pub versions: Vec<String>,
}

impl Scope {
    fn root() -> Self {
        Scope { symbol: None, prefix: literal(""), versions: Vec::new() }
    }
}

pub struct Scopes<'c, 't> {
    code: &'c Code<'t>,
    types: Vec<Type<'c, 't>>,
    functions: Vec<&'c Item>,
    /// Where each name is assigned something, in the order of the text.
    assignments: FxHashMap<&'t str, Vec<usize>>,
    /// Names of builders, as far as types and assignments tell.
    routers: FxHashSet<&'t str>,
}

impl<'c, 't> Scopes<'c, 't> {
    pub fn new(code: &'c Code<'t>) -> Self {
        let mut assignments: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        let mut routers: FxHashSet<&str> = FxHashSet::default();
        for at in 0..code.len() {
            let Some(word) = code.word(at) else { continue };
            if code.is(at + 1, "=") && !at.checked_sub(1).is_some_and(|dot| code.is(dot, ".")) {
                assignments.entry(word).or_default().push(at);
            }
            if BUILDERS.contains(&word) {
                let name = at + 1 + usize::from(code.is(at + 1, "?"));
                routers.extend(code.word(name));
            }
            // `UseEndpoints(endpoints => …)`.
            if matches!(word, "UseEndpoints" | "UseMvc" | "UseRouter") && code.is(at + 1, "(") {
                let name = at + 2 + usize::from(code.is(at + 2, "("));
                routers.extend(code.word(name).filter(|_| (name + 1..name + 3).any(|arrow| code.is(arrow, "=>"))));
            }
        }
        let functions = code.items().iter().filter(|item| item.kind == ItemKind::Function && !item.body.is_empty()).collect();
        let mut scopes = Scopes { code, types: syntax::types(code), functions, assignments, routers };
        // A variable that is made of a builder is one.
        for _ in 0..3 {
            let made: Vec<&str> = scopes
                .assignments
                .iter()
                .filter(|(name, at)| !scopes.routers.contains(*name) && at.iter().any(|&at| scopes.makes_router(at + 2)))
                .map(|(name, _)| *name)
                .collect();
            if made.is_empty() {
                break;
            }
            scopes.routers.extend(made);
        }
        scopes
    }

    fn makes_router(&self, from: usize) -> bool {
        let code = self.code;
        let end = self.expression_end(from);
        let has = |names: &[&str]| (from..end).any(|at| code.is_any(at, names) && code.is_any(at + 1, &["(", "<"]));
        let is_built = code.is(end.wrapping_sub(3), "Build") && code.word(from).is_some_and(|word| word.contains("uilder"));
        let is_application =
            code.is(from, "WebApplication") && (code.is(from + 2, "Create") || code.is(end.wrapping_sub(3), "Build"));
        let is_mapped = || {
            let name = code.text_of(from + 2);
            self.routers.contains(code.text_of(from))
                && code.is(from + 1, ".")
                && name.starts_with("Map")
                && !name.starts_with("MapTo")
        };
        has(&["MapGroup", "NewVersionedApi", "GetApplicationBuilder"]) || is_built || is_application || is_mapped()
    }

    fn expression_end(&self, from: usize) -> usize {
        let code = self.code;
        let mut at = from;
        while at < code.len()
            && !code.is_any(at, &[";", ","])
            && code.kind(at) != Some(crate::extract::code::tokens::TokenKind::Close)
        {
            at = code.after(at);
        }
        at
    }

    pub fn type_symbol(&self, name: &str) -> Arc<str> {
        syntax::type_symbol(self.code, name, &self.types)
    }

    /// True for a class of this file that implements an interface, or overrides a method.
    pub fn implements(&self, name: &str, method: &str) -> bool {
        let code = self.code;
        let Some(of) = self.types.iter().find(|of| of.name == name) else { return false };
        let is_interface =
            |name: &str| name.strip_prefix('I').is_some_and(|rest| rest.starts_with(|next: char| next.is_uppercase()));
        let overrides = || {
            let named = syntax::methods(code, of).into_iter().find(|item| code.is(item.name, method));
            named.is_some_and(|item| syntax::modifiers(code, item.name).contains(&"override"))
        };
        of.bases.iter().any(|base| is_interface(base.name)) || overrides()
    }

    /// True for an expression that begins with a builder of routes and goes on with nothing but calls of it.
    pub fn is_router(&self, range: Range<usize>) -> bool {
        let code = self.code;
        let Some(word) = code.word(range.start) else { return false };
        if !self.routers.contains(word) || range.is_empty() {
            return false;
        }
        // `app.Services`, `app.Environment.IsDevelopment()` are others.
        let mut at = range.start + 1;
        while at < range.end {
            if !code.is_any(at, &[".", "?."]) {
                return false;
            }
            let open = match code.is(at + 2, "<") {
                true => syntax::type_arguments_end(code, at + 2),
                false => at + 2,
            };
            if !code.is(open, "(") {
                return false;
            }
            at = code.after(open);
        }
        true
    }

    /// The innermost function around a token.
    pub fn function_around(&self, index: usize) -> Option<&'c Item> {
        let after = self.functions.partition_point(|item| item.name < index);
        self.functions[..after].iter().rev().take(16).find(|item| item.body.contains(&index)).copied()
    }

    fn type_around(&self, index: usize) -> Option<&Type<'c, 't>> {
        let after = self.types.partition_point(|of| of.item.start < index);
        self.types[..after].iter().rev().take(32).find(|of| of.item.body.contains(&index))
    }

    /// What an expression that ends before a call stands for.
    pub fn of(&self, range: Range<usize>, at: usize) -> Scope {
        let mut prefixes: Vec<Value> = Vec::new();
        let mut versions: Vec<String> = Vec::new();
        let (mut range, mut at) = (range, at);
        let mut symbol = None;
        for _ in 0..MOST_STEPS {
            let own = self.chain(range.clone());
            if !own.versions.is_empty() && versions.is_empty() {
                versions = own.versions;
            }
            prefixes.push(own.prefix);
            if own.symbol.is_some() {
                symbol = own.symbol;
                break;
            }
            let Some(name) = self.code.word(range.start) else { break };
            match self.origin(name, range.start, at) {
                Origin::Assigned(assigned) => {
                    at = assigned.start;
                    range = assigned;
                }
                Origin::Parameter(scope, prefix) => {
                    symbol = scope;
                    prefixes.push(prefix);
                    break;
                }
                Origin::Unknown => break,
            }
        }
        let prefix = prefixes.into_iter().rev().fold(literal(""), values::join);
        Scope { symbol, prefix, versions }
    }

    /// The path and the versions that the calls of one expression add: `app.MapGroup("/a").MapGroup("/b").HasApiVersion(1)`.
    fn chain(&self, range: Range<usize>) -> Scope {
        let code = self.code;
        let mut scope = Scope::root();
        let mut at = range.start + usize::from(code.is(range.start, "await"));
        while at < range.end {
            if !code.is_any(at, &[".", "?."]) {
                at = code.after(at);
                continue;
            }
            let name = at + 1;
            let open = if code.is(name + 1, "<") { syntax::type_arguments_end(code, name + 1) } else { name + 1 };
            if !code.is(open, "(") || open >= range.end {
                at = name + 1;
                continue;
            }
            let arguments = code.arguments(open);
            match code.text_of(name) {
                "MapGroup" => {
                    let prefix = match syntax::argument(code, &arguments, "prefix", 0) {
                        // A form of project templates: the group is called as its class.
                        Some(range) if code.is(range.start, "this") && range.len() == 1 => {
                            let of = code.type_around(range.start).unwrap_or("");
                            literal(format!("/api/{of}"))
                        }
                        Some(range) => values::text(code, range),
                        None => unknown("a group without a path"),
                    };
                    scope.prefix = values::join(scope.prefix, prefix);
                }
                "HasApiVersion" | "HasDeprecatedApiVersion" | "MapToApiVersion" => {
                    scope.versions.extend(values::version(code, code.inside(open)))
                }
                "WithApiVersionSet" => {
                    if let Some(range) = arguments.first().filter(|range| range.len() == 1)
                        && let Origin::Assigned(set) = self.origin(code.text_of(range.start), range.start, range.start)
                    {
                        scope.versions.extend(self.chain(set).versions);
                    }
                }
                // A method of the system that makes a group.
                own if own.starts_with("Map")
                    && !super::KNOWN.contains(&own)
                    && !super::METHODS.iter().any(|(known, _)| *known == own) =>
                {
                    scope = Scope { symbol: Some(format!("#{own}()").into()), ..Scope::root() };
                }
                _ => {}
            }
            at = code.after(open);
        }
        scope
    }

    /// The versions that the calls after one state.
    pub fn versions_after(&self, open: usize) -> Vec<String> {
        let code = self.code;
        let mut versions = Vec::new();
        let mut at = code.after(open);
        while code.is_any(at, &[".", "?."]) {
            let name = at + 1;
            let open = if code.is(name + 1, "<") { syntax::type_arguments_end(code, name + 1) } else { name + 1 };
            if !code.is(open, "(") {
                break;
            }
            if code.is_any(name, &["MapToApiVersion", "HasApiVersion"]) {
                versions.extend(values::version(code, code.inside(open)));
            }
            at = code.after(open);
        }
        versions
    }

    /// Where a name comes from.
    fn origin(&self, name: &str, at: usize, before: usize) -> Origin {
        let code = self.code;
        let function = self.function_around(at);
        let from = function.map_or(0, |item| item.body.start);
        let assigned = self.assignments.get(name).and_then(|all| {
            let end = all.partition_point(|&place| place < before);
            all[..end].last().copied().filter(|&place| place >= from)
        });
        if let Some(place) = assigned {
            let end = self.expression_end(place + 2);
            if !(place + 2..end).contains(&at) {
                return Origin::Assigned(place + 2..end);
            }
        }
        let Some(function) = function else { return Origin::Unknown };
        let parameters = code.parameters(function);
        let Some(index) = parameters.iter().position(|part| syntax::parameter_name(code, part.clone()) == Some(name)) else {
            return Origin::Unknown;
        };
        let part = parameters[index].clone();
        let extends = parameters[0].clone().any(|at| code.is(at, "this"));
        if !part.clone().any(|at| code.is_any(at, &BUILDERS)) {
            return Origin::Unknown;
        }
        self.parameter(function, index, extends)
    }

    /// The scope that a parameter of a function is.
    fn parameter(&self, function: &Item, index: usize, extends: bool) -> Origin {
        let code = self.code;
        let name = code.text_of(function.name);
        let of = self.type_around(function.name);
        if !extends && name == "Configure" {
            return Origin::Parameter(None, literal(""));
        }
        if let Some(of) = of.filter(|of| of.extends("ICarterModule") || of.extends("CarterModule")) {
            return Origin::Parameter(None, self.carter_prefix(of));
        }
        let symbol = match of.filter(|_| !extends) {
            Some(of) => format!("#{}.{name}({index})", of.name),
            None => format!("#{name}({index})"),
        };
        Origin::Parameter(Some(symbol.into()), literal(""))
    }

    /// `CarterModule` has a path for all routes: `public Orders() : base("/orders")`.
    fn carter_prefix(&self, of: &Type) -> Value {
        let code = self.code;
        let base = of.item.body.clone().find(|&at| code.is(at, ":") && code.is(at + 1, "base") && code.is(at + 2, "("));
        let path = base.and_then(|at| code.arguments(at + 2).first().cloned());
        // A record of primary constructors: `class Orders() : CarterModule("/orders")`.
        let head = || {
            let at = (of.item.name..of.item.body.start).find(|&at| code.is(at, "CarterModule") && code.is(at + 1, "("))?;
            code.arguments(at + 1).first().cloned()
        };
        path.or_else(head).map_or_else(|| literal(""), |range| values::text(code, range))
    }

    /// The scope of a path that a method is given as a parameter and passes on.
    pub fn wrapped(&self, pattern: Option<Range<usize>>, at: usize) -> Option<Arc<str>> {
        let code = self.code;
        let range = pattern.filter(|range| range.len() == 1)?;
        let name = code.word(range.start)?;
        let function = self.function_around(at)?;
        let parameters = code.parameters(function);
        let index = parameters.iter().position(|part| syntax::parameter_name(code, part.clone()) == Some(name))?;
        Some(format!("#{}({index})", code.text_of(function.name)).into())
    }
}

enum Origin {
    Assigned(Range<usize>),
    Parameter(Option<Arc<str>>, Value),
    Unknown,
}
