//! Which names of a file are routers: those that it makes, is given, or imports.

use std::ops::Range;

use super::{Reader, Scope};
use crate::extract::code::javascript::{functions, modules, values};
use crate::extract::code::paths::{self, Style};
use crate::extract::code::value::literal;
use crate::facts::Value;

/// A name that is a router.
pub struct Binding {
    /// The function that declares it; None for the file.
    within: Option<usize>,
    at: usize,
    scope: Scope,
}

/// Functions that are given an application and return something else.
const NO_WRAPPERS: [&str; 10] =
    ["createServer", "Server", "listen", "use", "register", "mount", "serve", "request", "createSecureServer", "push"];

impl Reader<'_, '_> {
    /// Finds every router that the file makes.
    pub(super) fn bind(&mut self) {
        let code = self.code;
        for open in (1..code.len()).filter(|&open| code.is(open, "(")) {
            let Some((kind, start)) = self.constructor(open) else { continue };
            let mut scope = self.bind_names(start);
            let option = code.arguments(open).into_iter().find_map(|of| values::property(code, of, self.family.prefix_option));
            if let Some(prefix) = option.filter(|_| !self.family.prefix_option.is_empty()) {
                scope.prefix = (self.family.style)(values::value(code, prefix));
            }
            let mut close = code.partner(open);
            self.states.insert(close, scope.clone());
            // `new Hono().basePath('/path')`: what the name stands for has the prefix.
            while code.is(close + 1, ".") && code.is(close + 3, "(") {
                if self.family.prefixing.contains(&code.text_of(close + 2)) {
                    scope.prefix = values::below(&scope.prefix, self.prefix_at(close + 3));
                }
                close = code.partner(close + 3);
            }
            self.rebind(&scope);
            let symbol = scope.symbol.clone().expect("made with one");
            if self.family.applications.contains(&kind.as_str()) && !self.routing.applications.contains(&symbol) {
                self.routing.applications.push(symbol);
            }
        }
        self.bind_derived();
    }

    /// The prefix that the first argument of a call tells.
    fn prefix_at(&self, open: usize) -> Value {
        let argument = self.code.arguments(open).into_iter().next();
        argument.map_or(literal(""), |argument| paths::template(values::value(self.code, argument), Style::Colon))
    }

    /// What of the family's packages a call makes, and where the expression begins.
    fn constructor(&self, open: usize) -> Option<(String, usize)> {
        let code = self.code;
        let (symbol, start) = match code.call_before(open) {
            Some(call) => values::callee(code, call.name)?,
            None => {
                let require = code.partner(open - 1).checked_sub(1)?;
                let (specifier, close) = modules::required(code, require)?;
                (close + 1 == open).then(|| (format!("{}#default", modules::module(code.path, &specifier).0), require))?
            }
        };
        let (_, name) = values::given(&symbol, self.family.packages)?;
        self.family.constructors.contains(&name.as_str()).then_some((name, start))
    }

    /// Routers that others are made from, or that have their prefix set: `router.prefix('/x')`, `const api = app.basePath('/x')`, and
    /// those that a function of the program makes: `const app = createApp()`.
    fn bind_derived(&mut self) {
        let code = self.code;
        for call in code.calls() {
            let name = code.text_of(call.name);
            let dot = call.name.checked_sub(1).filter(|&dot| code.is(dot, "."));
            if let Some(dot) = dot.filter(|_| self.family.prefixing.contains(&name)) {
                let Some((receiver, start)) = dot.checked_sub(1).and_then(|last| self.dotted_before(last)) else { continue };
                let Some(scope) = self.resolve(&receiver, start) else { continue };
                let scope = scope.with_prefix(self.prefix_at(call.open));
                if start.checked_sub(1).is_some_and(|before| code.is(before, "=")) {
                    self.bind_as(start, &scope);
                } else {
                    self.rebind(&scope);
                }
            } else if dot.is_none() && self.imports {
                let Some(equals) = call.start.checked_sub(1 + usize::from(code.is(call.start.wrapping_sub(1), "await"))) else {
                    continue;
                };
                let target = code.is(equals, "=").then(|| functions::target(code, equals)).flatten();
                let Some(target) = target.filter(|target| target.len() == 1) else { continue };
                let is_own = self.own.contains(name) || self.functions.all.iter().any(|of| of.name.as_deref() == Some(name));
                if is_own && self.family.names.contains(&code.text_of(target.start)) {
                    let symbol = format!("{}()", modules::symbol(code, name));
                    self.bind_as(call.start, &Scope::new(symbol, true));
                }
            }
        }
    }

    /// The dotted name that ends at a token, and where it begins.
    pub(super) fn dotted_before(&self, last: usize) -> Option<(String, usize)> {
        let code = self.code;
        let mut parts = vec![code.word(last)?];
        let mut start = last;
        while let Some(dot) = start.checked_sub(1).filter(|&dot| code.is_any(dot, &[".", "?."])) {
            let mut before = dot.checked_sub(1)?;
            if code.is(before, "!") {
                before = before.checked_sub(1)?;
            }
            parts.push(code.word(before).filter(|_| parts.len() < 6)?);
            start = before;
        }
        parts.reverse();
        Some((parts.join("."), start))
    }

    /// Binds all names that the expression beginning at a token is given; the scope goes by the first.
    fn bind_names(&mut self, start: usize) -> Scope {
        let targets = self.targets(start);
        let place = self.code.at(start);
        let symbol = match targets.iter().find(|target| target.name != "default").or(targets.first()) {
            Some(target) => target.symbol.clone(),
            None => format!("#{}:{}", place.line, place.column),
        };
        let scope = Scope::new(symbol, true);
        self.bind_targets(targets, start, &scope);
        scope
    }

    fn bind_as(&mut self, start: usize, scope: &Scope) {
        let targets = self.targets(start);
        self.bind_targets(targets, start, scope);
    }

    fn bind_targets(&mut self, targets: Vec<Target>, at: usize, scope: &Scope) {
        for target in targets {
            let binding = Binding { within: target.within, at, scope: scope.clone() };
            self.bindings.entry(target.name).or_default().push(binding);
        }
    }

    /// All names of a scope have its prefix.
    fn rebind(&mut self, scope: &Scope) {
        for binding in self.bindings.values_mut().flatten().filter(|binding| binding.scope.symbol == scope.symbol) {
            binding.scope.prefix = scope.prefix.clone();
        }
    }

    /// What the expression that begins at a token is assigned to, returned as or exported as.
    fn targets(&self, start: usize) -> Vec<Target> {
        let code = self.code;
        let mut found = Vec::new();
        let mut at = start;
        for _ in 0..8 {
            let Some(before) = at.checked_sub(1) else { break };
            match code.text_of(before) {
                "new" | "await" => at = before,
                "=" => {
                    let Some(target) = functions::target(code, before) else { break };
                    found.extend(self.target(target.clone()));
                    at = target.start;
                }
                "(" => {
                    let Some(name) = before.checked_sub(1).filter(|&name| code.word(name).is_some()) else { break };
                    if NO_WRAPPERS.contains(&code.text_of(name)) {
                        break;
                    }
                    at = code.chain_start(name);
                }
                "return" | "=>" => {
                    let Some(name) = self.functions.named(self.functions.around(start)) else { break };
                    let name = format!("{name}()");
                    found.push(Target { symbol: format!("#{name}"), name, within: None });
                    break;
                }
                "default" => {
                    found.push(Target { symbol: "#default".to_owned(), name: "default".to_owned(), within: None });
                    break;
                }
                "||" | "??" => {
                    let Some(equals) = (before.saturating_sub(16)..before).rev().find(|&at| code.is_any(at, &["=", ";", "{"]))
                    else {
                        break;
                    };
                    at = equals + 1;
                    if !code.is(equals, "=") {
                        break;
                    }
                }
                _ => break,
            }
        }
        found
    }

    fn target(&self, range: Range<usize>) -> Option<Target> {
        let code = self.code;
        let functions = &self.functions;
        if code.is(range.start, "{") {
            // `const { app } = wrap(express())`.
            let names = modules::braced(code, code.inside(range.start), ":");
            let (local, _) = names.into_iter().find(|(_, name)| self.family.names.contains(&name.as_str()))?;
            return Some(Target { symbol: format!("#{local}"), name: local, within: functions.around(range.start) });
        }
        let name = code.dotted(range.clone())?;
        if name == "module.exports" || name == "exports" {
            return Some(Target { symbol: "#default".to_owned(), name: "default".to_owned(), within: None });
        }
        if let Some(exported) = name.strip_prefix("module.exports.").or(name.strip_prefix("exports.")) {
            return Some(Target { symbol: format!("#{exported}"), name, within: None });
        }
        let member = name.strip_prefix("this.").or(functions.is_field(range.start).then_some(&*name));
        if let (Some(member), Some(class)) = (member, functions.class(range.start)) {
            let name = format!("{class}.{member}");
            return Some(Target { symbol: format!("#{name}"), name, within: None });
        }
        // What is not declared here is declared outside.
        let declared = range.start.checked_sub(1).is_some_and(|at| code.is_any(at, &["const", "let", "var", ","]));
        let around = functions.around(range.start).filter(|_| declared);
        let symbol = match (around, functions.named(around)) {
            (Some(function), Some(of)) if functions.returns(function, &name) => format!("#{of}()"),
            (_, Some(of)) => format!("#{of}.{name}"),
            _ => format!("#{name}"),
        };
        Some(Target { symbol, name, within: around })
    }

    /// The router that a name stands for at a place.
    pub fn resolve(&self, name: &str, at: usize) -> Option<Scope> {
        if let Some(member) = name.strip_prefix("this.") {
            return self.member(member, at);
        }
        let bindings = self.bindings.get(name);
        let mut function = self.functions.around(at);
        loop {
            let here = bindings.into_iter().flatten().filter(|binding| binding.within == function);
            let (before, after): (Vec<_>, Vec<_>) = here.partition(|binding| binding.at <= at);
            if let Some(binding) = before.last().or(after.first()) {
                return Some(binding.scope.clone());
            }
            let Some(index) = function else { break };
            if let Some(found) = self.parameter(index, name) {
                return found;
            }
            function = self.functions.all[index].parent;
        }
        let (first, _) = name.split_once('.').unwrap_or((name, ""));
        let last = name.rsplit('.').next().unwrap_or(name);
        let is_router = self.known_names().contains(&last) && self.own.contains(first);
        is_router.then(|| Scope::new(modules::symbol(self.code, name), false))
    }

    pub(super) fn known_names(&self) -> &'static [&'static str] {
        if self.imports { self.family.names } else { self.family.names_alone }
    }

    /// `this.name`: a field that the class makes, is given by its constructor, or inherits.
    fn member(&self, member: &str, at: usize) -> Option<Scope> {
        let class = self.functions.class(at)?;
        if let Some(binding) = self.bindings.get(&format!("{class}.{member}")).and_then(|bindings| bindings.last()) {
            return Some(binding.scope.clone());
        }
        let constructor = format!("{class}.constructor");
        let constructor = self.functions.all.iter().position(|function| function.name.as_ref() == Some(&constructor));
        if let Some(found) = constructor.and_then(|index| self.parameter(index, member.trim_start_matches('_'))) {
            return found;
        }
        let is_router = self.known_names().contains(&member.trim_start_matches('_'));
        is_router.then(|| Scope::new(format!("#{class}.{member}"), self.imports))
    }

    /// The parameter of a function by a name: None when it has none such, Some(None) when it has one that is no router.
    fn parameter(&self, function: usize, name: &str) -> Option<Option<Scope>> {
        let code = self.code;
        let of = &self.functions.all[function];
        for (index, range) in of.parameters.iter().enumerate() {
            let start = range.clone().find(|&at| !code.is_any(at, &["private", "public", "protected", "readonly", "..."]))?;
            let member = if code.is(start, "{") {
                let names = modules::braced(code, code.inside(start), ":");
                let Some((_, member)) = names.into_iter().find(|(local, _)| local == name) else { continue };
                format!(".{member}")
            } else if code.is(start, name) {
                String::new()
            } else {
                continue;
            };
            if let Some(scope) = self.parameters.get(&(function, index)) {
                return Some(Some(scope.clone()));
            }
            let Some(of) = &of.name else { return Some(None) };
            let mut types = range.clone().skip_while(|&at| !code.is(at, ":")).skip(1).filter_map(|at| code.word(at)).peekable();
            let is_typed = member.is_empty() && types.peek().is_some_and(|of| *of != "any");
            let is_router = match is_typed {
                true => types.any(|of| self.family.types.contains(&of)),
                false => self.known_names().contains(&name),
            };
            let of = of.strip_suffix(".constructor").unwrap_or(of);
            let scope = Scope::new(format!("#{of}({index}){member}"), is_typed || self.imports);
            return Some(is_router.then_some(scope));
        }
        None
    }
}

struct Target {
    name: String,
    symbol: String,
    within: Option<usize>,
}
