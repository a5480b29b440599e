//! Routes that are registered by calls: `router.get('/path', handler)` and its kin, for every library that works so.
//!
//! A [`Family`] says what one library is called and what its calls mean; the [`Reader`] finds its routers, follows chains of calls on them
//! and collects routes and mounts. What is called like a router but can't be shown to be one registers nothing.

mod children;
mod receivers;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::functions::Functions;
use super::{known, modules, values};
use crate::extract::Output;
use crate::extract::code::Code;
use crate::extract::code::calls::Call;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{literal, unknown};
use crate::facts::{Fact, Handler, HandlerKind, Mount, Route, Routing, Value};
use crate::source::Spanned;

/// A library whose routes are registered by calls.
pub struct Family {
    pub name: &'static str,
    pub packages: &'static [&'static str],
    /// What of the packages makes a router or application; `*` is the package itself.
    pub constructors: &'static [&'static str],
    /// Those that make a whole application.
    pub applications: &'static [&'static str],
    /// Types of parameters that are routers.
    pub types: &'static [&'static str],
    /// Names of routers that come from elsewhere, in files that import the library.
    pub names: &'static [&'static str],
    /// Such names in files that import no library for servers at all.
    pub names_alone: &'static [&'static str],
    /// The option of a constructor that stands before all paths.
    pub prefix_option: &'static str,
    /// Calls that say what stands before all paths of a router.
    pub prefixing: &'static [&'static str],
    /// True where a route may have a name before its path.
    pub named_routes: bool,
    /// Writes parameters of paths in the common way.
    pub style: fn(Value) -> Value,
    /// What a call on a router means; gives the router that the call returns.
    pub step: fn(&mut Reader, &Step) -> Option<Scope>,
}

/// A router as far as the file tells it.
#[derive(Clone, Debug)]
pub struct Scope {
    /// None where nothing but the application's own prefix stands before its paths.
    pub symbol: Option<Arc<str>>,
    /// What the file itself puts before its paths.
    pub prefix: Value,
    /// Paths that the calls of a chain are about: `router.route('/path').get(…)`.
    pub paths: Option<Vec<Value>>,
    /// True when the file shows that it is a router; false when only its name does.
    pub certain: bool,
}

impl Scope {
    pub fn new(symbol: impl Into<Arc<str>>, certain: bool) -> Self {
        Scope { symbol: Some(symbol.into()), prefix: literal(""), paths: None, certain }
    }

    pub fn with_prefix(&self, prefix: Value) -> Self {
        Scope { prefix: values::below(&self.prefix, prefix), ..self.clone() }
    }
}

/// A call on a router.
pub struct Step<'t> {
    pub call: Call,
    pub name: &'t str,
    pub scope: Scope,
    pub arguments: Vec<Range<usize>>,
}

pub struct Reader<'c, 't> {
    pub code: &'c Code<'t>,
    pub family: &'static Family,
    pub functions: &'c Functions,
    pub routing: Routing,
    pub handlers: Vec<Handler>,
    /// Routers by name.
    bindings: FxHashMap<String, Vec<receivers::Binding>>,
    /// Parameters of callbacks that are given a router: function and index.
    parameters: FxHashMap<(usize, usize), Scope>,
    /// Functions by the first token of their heads.
    heads: FxHashMap<usize, usize>,
    /// By the bracket that closes a call: the router that it returns.
    states: FxHashMap<usize, Scope>,
    /// Names that are imported from files of the same program.
    own: FxHashSet<String>,
    loops: FxHashSet<String>,
    /// True when the file imports the library; false when it imports none at all.
    imports: bool,
}

/// Libraries for servers and clients: a file that imports one of them and not the family's own is not the family's.
const OTHERS: [&str; 40] = [
    "express",
    "fastify",
    "koa",
    "koa-router",
    "@koa/router",
    "hono",
    "elysia",
    "@hapi/hapi",
    "hapi",
    "restify",
    "polka",
    "h3",
    "vue",
    "react",
    "axios",
    "supertest",
    "msw",
    "nock",
    "vite",
    "@angular/core",
    "@angular/common",
    "next",
    "svelte",
    "redux",
    "superagent",
    "vue-router",
    "react-router",
    "react-router-dom",
    "got",
    "node-fetch",
    "chai",
    "jest",
    "mocha",
    "vitest",
    "electron",
    "jquery",
    "@ioc:Adonis/Core/Route",
    "@adonisjs/core",
    "firebase/app",
    "cypress",
];

/// Reads what a file registers with a family's routers.
pub fn read(code: &Code, output: &mut Output, family: &'static Family) {
    let known = known(code);
    let imported = &known.imported;
    let belongs =
        |module: &str, package: &str| module.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let of_family = |module: &str| family.packages.iter().any(|package| belongs(module, package));
    let imports = imported.iter().any(|import| of_family(&import.module))
        || (0..code.len()).any(|at| modules::required(code, at).is_some_and(|(specifier, _)| of_family(&specifier)));
    let is_other = imported.iter().any(|import| OTHERS.iter().any(|other| belongs(&import.module, other)));
    if !imports && (is_other || family.names_alone.is_empty()) {
        return;
    }
    let functions = &known.functions;
    let heads = functions.all.iter().enumerate().map(|(index, function)| (function.start, index)).collect();
    let is_own = |import: &&modules::Import| {
        let local = import.local.to_ascii_lowercase();
        import.own || ["router", "routes", "routing"].iter().any(|word| local.contains(word)) && !of_family(&import.module)
    };
    let own = imported.iter().filter(is_own).map(|import| import.local.clone()).collect();
    let mut reader = Reader {
        code,
        family,
        loops: loop_names(code, functions),
        functions,
        routing: Routing { framework: family.name.into(), ..Routing::default() },
        handlers: Vec::new(),
        bindings: FxHashMap::default(),
        parameters: FxHashMap::default(),
        heads,
        states: FxHashMap::default(),
        own,
        imports,
    };
    reader.bind();
    reader.follow();
    output.facts.extend(reader.handlers.into_iter().map(Fact::Handler));
    if !reader.routing.is_empty() {
        output.facts.push(Fact::Routing(reader.routing));
    }
}

/// Names that stand for each of many things: those of loops and of functions that are called for each.
fn loop_names(code: &Code, functions: &Functions) -> FxHashSet<String> {
    let mut names = FxHashSet::default();
    let mut add = |range: Range<usize>| names.extend(range.filter_map(|at| code.word(at)).map(str::to_owned));
    for function in &functions.all {
        let each =
            function.call.and_then(|open| open.checked_sub(1)).is_some_and(|name| code.is_any(name, &["forEach", "map", "each"]));
        if each {
            function.parameters.iter().for_each(|parameter| add(parameter.clone()));
        }
    }
    for at in (0..code.len()).filter(|&at| code.is(at, "for") && code.is_any(at + 1, &["(", "await"])) {
        let open = at + 1 + usize::from(code.is(at + 1, "await"));
        if let Some(of) = code.inside(open).take(24).find(|&at| code.is_any(at, &["of", "in"])) {
            add(open + 1..of);
        }
    }
    for word in ["const", "let", "var"] {
        names.remove(word);
    }
    names
}

impl<'t> Reader<'_, 't> {
    /// Every call on a router, in the order of the text, so that what a chain begins with is known before what follows.
    fn follow(&mut self) {
        let code = self.code;
        for call in code.calls() {
            let on = call.name.checked_sub(1).filter(|&dot| code.is_any(dot, &[".", "?."]));
            let scope = on.and_then(|dot| self.receiver(dot));
            let arguments = code.arguments(call.open);
            match scope {
                Some(scope) => {
                    let step = Step { call, name: code.text_of(call.name), scope, arguments };
                    if let Some(returned) = (self.family.step)(self, &step) {
                        self.states.insert(code.partner(call.open), returned);
                    }
                }
                None => self.hand_over(call, &arguments),
            }
        }
        for open in (1..code.len()).filter(|&open| code.is(open, "(") && code.is(open - 1, "]")) {
            self.computed(open);
        }
        for open in (1..code.len()).filter(|&open| code.is(open, "(") && code.is(open - 1, ")")) {
            self.hand_over_module(open);
        }
    }

    /// The router that a call's receiver is; it ends before the dot.
    fn receiver(&self, dot: usize) -> Option<Scope> {
        let last = dot.checked_sub(1)?;
        let last = if self.code.is(last, "!") { last.checked_sub(1)? } else { last };
        if self.code.is(last, ")") {
            return self.states.get(&last).cloned();
        }
        let (name, _) = self.dotted_before(last)?;
        self.resolve(&name, last)
    }

    /// `app[method]('/path', handler)`: a route whose method is told at run time.
    fn computed(&mut self, open: usize) {
        let code = self.code;
        let index = code.partner(open - 1);
        let Some(last) = index.checked_sub(1) else { return };
        let Some((name, start)) = self.dotted_before(last) else { return };
        let arguments = code.arguments(open);
        let Some(scope) = self.resolve(&name, last).filter(|_| arguments.len() > 1) else { return };
        let method = code.literal(index + 1).filter(|_| index + 2 == open - 1);
        match method.map(|method| method.to_ascii_lowercase()) {
            Some(method) if METHODS.contains(&method.as_str()) => {
                for path in self.paths(&arguments[0]).unwrap_or_default() {
                    self.push(start..open, &scope, &method.to_ascii_uppercase(), path);
                }
            }
            Some(_) => {}
            None => self.uncounted(start..code.partner(open) + 1),
        }
    }

    /// A route for each path of the first argument, where a handler follows.
    pub fn verb(&mut self, step: &Step, method: &str) -> Option<Scope> {
        let code = self.code;
        if let Some(paths) = &step.scope.paths {
            if step.arguments.is_empty() {
                return Some(step.scope.clone());
            }
            for path in paths {
                self.push(step.call.name..step.call.open, &step.scope, method, path.clone());
            }
            return Some(step.scope.clone());
        }
        let mut arguments = &step.arguments[..];
        if self.family.named_routes && arguments.len() > 2 {
            let is_name = code.literal_text(arguments[0].clone()).is_some_and(|name| !name.value.starts_with('/'));
            let path_follows = code.text_of(arguments[1].start).trim_start_matches(['\'', '"', '`']).starts_with('/');
            if is_name && path_follows {
                arguments = &arguments[1..];
            }
        }
        let [path, .., last] = arguments else { return None };
        if !step.scope.certain && !self.may_handle(last) {
            return None;
        }
        let place = step.call.name..path.end;
        if self.is_looped(path) {
            self.uncounted(place);
            return Some(step.scope.clone());
        }
        for path in self.paths(path).filter(|paths| step.scope.certain || paths.iter().all(is_rooted))? {
            self.push(place.clone(), &step.scope, method, path);
        }
        Some(step.scope.clone())
    }

    /// A verb, but not for a handler of every path that says that nothing is found.
    pub fn verb_unless_missing(&mut self, step: &Step, method: &str) -> Option<Scope> {
        if let [path, .., last] = &step.arguments[..]
            && ["*", "/*", "(.*)", "/(.*)", "/*splat", "/{*splat}", "/{*path}", "*splat"]
                .iter()
                .any(|all| self.code.literal(path.start).is_some_and(|text| text == *all))
            && ["404", "NotFound", "NOT_FOUND", "notFound"].iter().any(|word| self.code.text_in(last.clone()).contains(word))
        {
            return Some(step.scope.clone());
        }
        self.verb(step, method)
    }

    /// False for what is certainly no function: a text, a number, an object.
    fn may_handle(&self, range: &Range<usize>) -> bool {
        let code = self.code;
        !matches!(code.kind(range.start), Some(TokenKind::Literal | TokenKind::Number)) && !code.is(range.start, "{")
    }

    /// The paths that an argument stands for; None when it is no path.
    pub fn paths(&self, range: &Range<usize>) -> Option<Vec<Value>> {
        let code = self.code;
        let parts = values::list(code, range.clone()).into_iter();
        let paths = parts.map(|part| {
            if code.is_any(part.start, &["{", "function", "async", "new"]) || self.heads.contains_key(&part.start) {
                return None;
            }
            if code.kind(part.start) == Some(TokenKind::Literal) && code.text_of(part.start).starts_with('/') {
                return Some(unknown(code.text_of(part.start)));
            }
            match (self.family.style)(values::value(code, part)) {
                Value::Literal(text) if text.contains(' ') => None,
                path => Some(path),
            }
        });
        let paths: Vec<Value> = paths.collect::<Option<_>>()?;
        (!paths.is_empty()).then_some(paths)
    }

    /// True when a name of a loop stands in an expression.
    pub fn is_looped(&self, range: &Range<usize>) -> bool {
        let is_name = |at: usize| !at.checked_sub(1).is_some_and(|before| self.code.is_any(before, &[".", "?."]));
        range.clone().any(|at| self.code.word(at).is_some_and(|word| self.loops.contains(word)) && is_name(at))
    }

    pub fn push(&mut self, place: Range<usize>, scope: &Scope, method: &str, path: Value) {
        let path = values::below(&scope.prefix, path);
        let at = self.code.location(place);
        self.routing.routes.push(Route { at, method: method.into(), path, scope: scope.symbol.clone(), owner: None });
    }

    pub fn subscription(&mut self, step: &Step) {
        let Some(path) = step.arguments.first().and_then(|path| self.paths(path)) else { return };
        let framework: Arc<str> = self.family.name.into();
        for path in path {
            let name = values::below(&step.scope.prefix, path);
            let at = self.code.location(step.call.name..step.call.open);
            self.handlers.push(Handler { at, kind: HandlerKind::Subscription, framework: Arc::clone(&framework), name });
        }
    }

    pub fn uncounted(&mut self, place: Range<usize>) {
        let text = self.code.text_in(place.clone());
        let end = text.char_indices().take_while(|(_, letter)| *letter != '\n').nth(80).map_or(text.len(), |(end, _)| end);
        let text = text[..end].lines().next().unwrap_or("");
        self.routing.uncounted.push(Spanned::new(text.into(), self.code.location(place)));
    }

    /// The callback at an argument is given a router as one of its parameters.
    pub fn give(&mut self, argument: &Range<usize>, parameter: usize, scope: Scope) -> bool {
        let head = (argument.start..argument.end.min(argument.start + 2)).find_map(|start| self.heads.get(&start).copied());
        head.inspect(|&function| drop(self.parameters.insert((function, parameter), scope))).is_some()
    }

    /// The callback at an argument, if it is one.
    pub fn callback(&self, argument: &Range<usize>) -> Option<usize> {
        (argument.start..argument.end.min(argument.start + 2)).find_map(|start| self.heads.get(&start).copied())
    }

    pub fn mount(&mut self, place: Range<usize>, parent: &Scope, child: Arc<str>, prefix: Value) {
        let Some(symbol) = parent.symbol.clone().filter(|symbol| *symbol != child) else { return };
        let prefix = values::below(&parent.prefix, prefix);
        let at = self.code.location(place);
        let mount = Mount { at, parent: symbol, child, prefix };
        if self.routing.mounts.last() != Some(&mount) {
            self.routing.mounts.push(mount);
        }
    }
}

/// Methods of HTTP as calls name them.
pub const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// True for what may be a path of a router that only its name tells.
fn is_rooted(path: &Value) -> bool {
    match path {
        Value::Literal(text) => text.is_empty() || text.starts_with(['/', '*']),
        Value::Concat(parts) => parts.first().is_some_and(is_rooted),
        Value::Unknown(why) => why.starts_with('/'),
        _ => true,
    }
}

/// The method that a call of the usual name registers.
pub fn method_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "get" => "GET",
        "post" => "POST",
        "put" => "PUT",
        "patch" => "PATCH",
        "delete" | "del" => "DELETE",
        "head" => "HEAD",
        "options" | "opts" => "OPTIONS",
        "all" | "any" => "ANY",
        _ => return None,
    })
}
