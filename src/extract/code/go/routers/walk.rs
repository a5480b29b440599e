//! Statements of Go in their order: what names stand for, where, and what is returned and assigned.
//!
//! One pass over the tokens of each function, so that a file is read in linear time. Names are bound until their block ends.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::super::Code;
use super::super::super::tokens::TokenKind;
use super::super::source::{Parameter, Source, parameters, signature};
use super::super::values::Values;
use super::flavor_of;
use super::flavors::{Flavor, UNNAMED};
use super::registry::Registry;
use super::tables;
use super::things::{Scope, Thing, router_type};

const KEYWORDS: [&str; 22] = [
    "if",
    "else",
    "for",
    "range",
    "switch",
    "case",
    "default",
    "select",
    "go",
    "defer",
    "return",
    "break",
    "continue",
    "func",
    "var",
    "const",
    "type",
    "struct",
    "interface",
    "map",
    "chan",
    "goto",
];

pub struct Walk<'c, 't> {
    pub code: &'c Code<'t>,
    pub source: Source<'c, 't>,
    pub values: Values<'c, 't>,
    pub registry: Registry,
    /// The function that is read, as symbols name it.
    pub function: String,
    /// What names stand for, each until its block ends; the innermost is the last one.
    pub names: FxHashMap<&'t str, Vec<(usize, Bound)>>,
    /// The current token.
    pub at: usize,
    /// Ends of the blocks around the current token.
    blocks: Vec<usize>,
    /// Ends of the function literals around it.
    literals: Vec<usize>,
    /// By the bracket before the parameters of a function literal: what its first parameter stands for.
    pub given: FxHashMap<usize, Scope>,
    /// By first token, what expressions stand for.
    pub known: FxHashMap<usize, Thing>,
    pub depth: u32,
    pub globals: FxHashMap<&'t str, Scope>,
    /// Router libraries that the file imports.
    pub flavors: Vec<&'static Flavor>,
    /// Functions that register a route whose path is one of their parameters, and calls that may be of them.
    pub wrappers: FxHashMap<Arc<str>, Wrapper>,
    pub calls: Vec<(Arc<str>, usize)>,
    /// Symbols of tables of routes that are registered on routers.
    pub tables: FxHashSet<Arc<str>>,
}

/// What a name stands for.
#[derive(Clone)]
pub enum Bound {
    Thing(Box<Thing>),
    /// The parameter of the function with this index, a text.
    Text(usize),
    /// The path or handler of a service that is described elsewhere, which is no route.
    Described,
    /// An element of what has this symbol.
    Element(Option<Arc<str>>),
    Other,
}

impl Bound {
    fn scope(scope: Scope) -> Bound {
        Bound::Thing(Box::new(Thing::Scope(scope)))
    }
}

/// A function that registers a route: `func (a *App) Get(path string, handler …) { a.router.HandleFunc(path, handler) }`.
#[derive(Clone)]
pub struct Wrapper {
    pub scope: Scope,
    pub flavor: &'static Flavor,
    pub methods: Vec<Arc<str>>,
    pub parameter: usize,
    pub at: usize,
}

impl<'c, 't> Walk<'c, 't> {
    pub fn new(code: &'c Code<'t>) -> Self {
        let mut flavors: Vec<&'static Flavor> =
            code.imports().values().filter_map(|symbol| flavor_of(symbol.strip_suffix("#*")?)).collect();
        flavors.sort_unstable_by_key(|flavor| (flavor.is_package, flavor.name));
        flavors.dedup_by_key(|flavor| flavor.name);
        Walk {
            code,
            source: Source::new(code),
            values: Values::new(code),
            registry: Registry::default(),
            function: String::new(),
            names: FxHashMap::default(),
            at: 0,
            blocks: Vec::new(),
            literals: Vec::new(),
            given: FxHashMap::default(),
            known: FxHashMap::default(),
            depth: 0,
            globals: FxHashMap::default(),
            flavors,
            wrappers: FxHashMap::default(),
            calls: Vec::new(),
            tables: FxHashSet::default(),
        }
    }

    pub fn read(mut self) -> Registry {
        for index in 0..self.source.globals.len() {
            let global = &self.source.globals[index];
            let (name, of, value) = (global.name, global.of.clone(), global.value.clone());
            self.global(name, of, value);
        }
        for index in 0..self.source.functions.len() {
            let function = &self.source.functions[index];
            let (name, body) = (function.name.clone(), function.body.clone());
            let receiver = function.receiver.clone();
            let parameters = function.parameters.clone();
            self.function = name;
            self.at = body.start;
            if let Some(receiver) = receiver {
                self.bind_parameter(&receiver, None, body.end);
            }
            for (index, parameter) in parameters.iter().enumerate() {
                let symbol: Arc<str> = format!("#{}({index})", self.function).into();
                self.bind_parameter(parameter, Some((index, symbol)), body.end);
            }
            self.walk(body);
            self.names.clear();
        }
        self.wrapped();
        tables::read(&mut self);
        self.registry
    }

    /// A variable of the package.
    fn global(&mut self, name: &'t str, of: Range<usize>, value: Option<Range<usize>>) {
        let symbol: Arc<str> = format!("#{name}").into();
        if let Some((flavor, is_whole)) = router_type(&self.source, of.clone()) {
            self.globals.insert(name, Scope::named(Arc::clone(&symbol), name).with_flavor(flavor));
            if is_whole {
                self.registry.made(flavor, Arc::clone(&symbol), true);
            }
        }
        let Some(value) = value else { return };
        if self.code.is(value.start, "func") && self.code.is(value.start + 1, "(") {
            // A function by another name.
            self.function = name.to_owned();
            self.walk(value);
            self.names.clear();
            return;
        }
        if let Thing::Scope(scope) = self.evaluate(value.start, Some(&symbol)) {
            let scope = scope.held_by(&symbol);
            if scope.symbol != symbol && scope.flavor.is_some() {
                self.link(&symbol, &scope, value.start);
            }
            self.globals.insert(name, scope);
        }
        self.function = String::new();
        self.walk(value);
        self.names.clear();
    }

    pub fn walk(&mut self, range: Range<usize>) {
        let code = self.code;
        self.blocks = vec![range.end];
        self.literals.clear();
        let mut at = range.start;
        while at < range.end {
            for ends in [&mut self.blocks, &mut self.literals] {
                while ends.last().is_some_and(|&end| end <= at) {
                    ends.pop();
                }
            }
            self.at = at;
            match code.kind(at) {
                Some(TokenKind::Open) if code.is(at, "{") => self.blocks.push(code.partner(at)),
                Some(TokenKind::Operator) if code.is_any(at, &[":=", "="]) => self.assign(at),
                Some(TokenKind::Word) => match code.text_of(at) {
                    "func" if code.is(at + 1, "(") => self.literal(at),
                    "var" => self.variable(at),
                    "return" if self.literals.is_empty() => self.returns(at),
                    word if KEYWORDS.contains(&word) => {}
                    _ if code.is_any(at.wrapping_sub(1), &["."]) => {}
                    _ if code.is_any(at + 1, &[".", "(", "{", "["]) => _ = self.evaluate(at, None),
                    _ => {}
                },
                _ => {}
            }
            at += 1;
        }
    }

    pub fn block_end(&self) -> usize {
        self.blocks.last().copied().unwrap_or(usize::MAX)
    }

    pub fn bind(&mut self, name: &'t str, bound: Bound, end: usize) {
        let at = self.at;
        let all = self.names.entry(name).or_default();
        while all.last().is_some_and(|(end, _)| *end <= at) {
            all.pop();
        }
        // A name is bound again and again in the same block; and a literal's parameter lives shorter than what its block binds.
        match all.last_mut() {
            Some(last) if last.0 == end => last.1 = bound,
            _ => all.push((end, bound)),
        }
    }

    pub fn bound(&self, name: &str) -> Option<&Bound> {
        self.names.get(name)?.iter().rev().find(|(end, _)| *end > self.at).map(|(_, bound)| bound)
    }

    pub fn global_scope(&self, name: &str) -> Option<&Scope> {
        self.globals.get(name)
    }

    /// A parameter or receiver, with its index and the symbol of what a caller gives.
    fn bind_parameter(&mut self, parameter: &Parameter<'t>, given: Option<(usize, Arc<str>)>, end: usize) {
        let code = self.code;
        let name = parameter.name;
        let bound = if let Some((flavor, is_whole)) = router_type(&self.source, parameter.of.clone())
            && let Some((_, symbol)) = &given
        {
            if is_whole {
                self.registry.made(flavor, Arc::clone(symbol), true);
            }
            Bound::scope(Scope::named(Arc::clone(symbol), name).with_flavor(flavor))
        } else if let Some((index, _)) = &given
            && code.is(parameter.of.start, "string")
        {
            Bound::Text(*index)
        } else if let Some(of) = self.source.type_symbol(parameter.of.clone()) {
            // What a type of the standard library stands for is no router, but for what wraps one.
            let symbol = given.map_or(Arc::clone(&of), |(_, symbol)| symbol);
            let is_plain = of.starts_with("net/http#") && !of.ends_with("#Handler") || of.starts_with("context#");
            match is_plain {
                true => Bound::Other,
                false => Bound::scope(Scope { of: Some(of), ..Scope::named(symbol, name) }),
            }
        } else {
            Bound::Other
        };
        self.bind(name, bound, end);
    }

    /// The parameters of a function literal.
    fn literal(&mut self, at: usize) {
        let code = self.code;
        let open = at + 1;
        let (_, body) = signature(code, open);
        if body.is_empty() {
            return;
        }
        self.literals.push(body.end);
        let given = self.given.remove(&open);
        // `name := func(…) {`.
        let name = at.checked_sub(2).filter(|&name| code.is_any(name + 1, &[":=", "="])).and_then(|name| code.word(name));
        let function = match (name, self.function.is_empty()) {
            (Some(name), _) if name == self.function => name.to_owned(),
            (Some(name), true) => name.to_owned(),
            (Some(name), false) => format!("{}.{name}", self.function),
            (None, _) => format!("{}.func{at}", self.function),
        };
        for (index, parameter) in parameters(code, code.inside(open)).iter().enumerate() {
            match &given {
                Some(scope) if index == 0 => {
                    let scope = Scope { name: parameter.name.into(), ..scope.clone() };
                    self.bind(parameter.name, Bound::scope(scope), body.end);
                }
                _ => {
                    let symbol: Arc<str> = format!("#{function}({index})").into();
                    let is_text = code.is(parameter.of.start, "string") && function != self.function;
                    match is_text {
                        true => self.bind(parameter.name, Bound::Other, body.end),
                        false => self.bind_parameter(parameter, Some((index, symbol)), body.end),
                    }
                }
            }
        }
    }

    /// `var name Type`: what follows `=` is read where it stands.
    fn variable(&mut self, at: usize) {
        let code = self.code;
        let Some(name) = code.word(at + 1) else { return };
        let from = at + 2;
        let end = (from..(from + 8).min(code.len()))
            .find(|&end| code.begins_line(end) || code.is_any(end, &["=", ";"]))
            .unwrap_or(from);
        let symbol = self.local_symbol(name);
        let bound = match router_type(&self.source, from..end) {
            Some((flavor, is_whole)) => {
                if !code.is(end, "=") {
                    self.registry.made(flavor, Arc::clone(&symbol), is_whole);
                }
                Bound::scope(Scope::named(symbol, name).with_flavor(flavor))
            }
            None => match self.source.type_symbol(from..end) {
                Some(of) => Bound::scope(Scope { of: Some(of), ..Scope::named(symbol, name) }),
                None => Bound::Other,
            },
        };
        self.bind(name, bound, self.block_end());
    }

    pub fn local_symbol(&self, name: &str) -> Arc<str> {
        match self.function.is_empty() {
            true => format!("#{name}").into(),
            false => format!("#{}.{name}", self.function).into(),
        }
    }

    /// A field, global or parameter is given a router.
    pub fn link(&mut self, symbol: &Arc<str>, router: &Scope, at: usize) {
        if !router.is_default {
            let at = self.code.at(at);
            self.registry.mount(router, at, Arc::clone(symbol), crate::facts::Value::Literal("".into()));
        }
    }

    /// A router is what a server serves.
    pub fn serve(&mut self, router: &Scope) {
        if router.is_bare() && !router.is_default {
            self.registry.application(router.flavor.unwrap_or(&UNNAMED), Arc::clone(&router.symbol));
        }
    }

    fn returns(&mut self, at: usize) {
        let code = self.code;
        if code.begins_line(at + 1) {
            return;
        }
        if let Thing::Scope(scope) = self.evaluate(at + 1, None) {
            let place = code.at(at);
            let function = self.function.clone();
            if let Some(router) = scope.router().cloned() {
                self.registry.returned(&function, &router, place);
            }
        }
    }

    /// Calls of functions of this file that register a route by a path that they are given.
    fn wrapped(&mut self) {
        let calls = std::mem::take(&mut self.calls);
        let wrappers = std::mem::take(&mut self.wrappers);
        let mut used: FxHashSet<&Arc<str>> = FxHashSet::default();
        for (callee, open) in &calls {
            let Some((symbol, wrapper)) = wrappers.get_key_value(callee) else { continue };
            let arguments = self.code.arguments(*open);
            let Some(path) = arguments.get(wrapper.parameter) else { continue };
            let value = self.values.of(path.clone());
            used.insert(symbol);
            let at = self.code.location(open - 1..self.code.after(*open));
            self.registry.route(&wrapper.scope, wrapper.flavor, at, &wrapper.methods, value);
        }
        let mut unused: Vec<&Wrapper> = wrappers
            .iter()
            .filter(|(symbol, _)| !used.contains(symbol) && !is_called_like_a_router(symbol))
            .map(|(_, wrapper)| wrapper)
            .collect();
        unused.sort_unstable_by_key(|wrapper| wrapper.at);
        for wrapper in unused {
            let at = self.code.at(wrapper.at);
            self.registry.uncounted(wrapper.flavor, at, "the path is what a caller gives");
        }
    }
}

/// What is called like a method of a router is read as one in other files.
fn is_called_like_a_router(symbol: &str) -> bool {
    symbol.rsplit_once('.').is_some_and(|(_, name)| (UNNAMED.methods)(name).is_some())
}
