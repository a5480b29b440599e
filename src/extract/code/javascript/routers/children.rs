//! What is mounted on a router: names, calls and modules that stand for other routers, and functions that are given one.

use std::ops::Range;
use std::sync::Arc;

use super::{Reader, Scope, Step};
use crate::extract::code::calls::Call;
use crate::extract::code::javascript::{modules, values};
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::literal;
use crate::facts::Value;

/// Calls on a router that give the same routes as a middleware.
const UNWRAPPED: [&str; 5] = ["routes", "middleware", "handler", "callback", "middlewares"];

impl Reader<'_, '_> {
    /// `router.use('/prefix', …, child)`: mounts of each argument that is a router, at each prefix.
    pub fn mount_all(&mut self, step: &Step) {
        let (prefixes, from) = self.prefixes(&step.arguments);
        let place = step.call.name..step.arguments.last().map_or(step.call.open, |last| last.end);
        for argument in &step.arguments[from..] {
            for part in self.parts(argument) {
                let Some(child) = self.child(part) else { continue };
                for prefix in &prefixes {
                    self.mount(place.clone(), &step.scope, Arc::clone(&child), prefix.clone());
                }
            }
        }
    }

    fn parts(&self, argument: &Range<usize>) -> Vec<Range<usize>> {
        match self.code.is(argument.start, "[") {
            true => self.code.split(self.code.inside(argument.start), ","),
            false => vec![argument.clone()],
        }
    }

    /// The prefixes that the first argument of a mount tells, and at which argument the children begin.
    pub fn prefixes(&self, arguments: &[Range<usize>]) -> (Vec<Value>, usize) {
        let none = (vec![literal("")], 0);
        let Some(first) = arguments.first() else { return none };
        let code = self.code;
        let is_text = |range: &Range<usize>| code.kind(range.start) == Some(TokenKind::Literal);
        let texts = match code.is(first.start, "[") {
            true => self.parts(first).iter().all(is_text),
            false => is_text(first),
        };
        let is_name = !texts && arguments.len() > 1 && code.dotted(first.clone()).is_some();
        let is_path = is_name && self.resolve(code.text_in(first.clone()), first.start).is_none() && {
            let name = code.text_of(first.end - 1).to_ascii_lowercase();
            let says_so = ["path", "prefix", "base", "url", "route", "api", "version"].iter().any(|word| name.contains(word));
            let upper = code
                .text_of(first.end - 1)
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit());
            match values::value(code, first.clone()) {
                Value::Literal(_) | Value::Concat(_) => true,
                Value::Symbol(_) => (says_so && !name.contains("router") && !name.contains("routes")) || upper,
                _ => false,
            }
        };
        if !texts && !is_path {
            return none;
        }
        self.paths(first).map_or(none, |paths| (paths, 1))
    }

    /// The symbol of the router that an expression stands for.
    pub fn child(&self, range: Range<usize>) -> Option<Arc<str>> {
        let code = self.code;
        let start = range.start + usize::from(code.is(range.start, "await"));
        let last = range.end.checked_sub(1).filter(|&last| last >= start)?;
        if code.is(start, "new") {
            return self.instance(start..range.end);
        }
        if let Some(name) = code.dotted(start..range.end) {
            return self.named(&name, start);
        }
        if code.is(last, ")") {
            if let Some(scope) = self.states.get(&last) {
                return scope.symbol.clone();
            }
            let open = code.partner(last);
            let before = open.checked_sub(1).filter(|&before| before >= start)?;
            if let Some((specifier, close)) = modules::required(code, before).filter(|(_, close)| *close == last) {
                debug_assert_eq!(close, last);
                return Some(format!("{}#default", modules::module(code.path, &specifier).0).into());
            }
            if code.is(before, ")") {
                let require = code.partner(before).checked_sub(1).filter(|&require| self.is_own_module(require))?;
                let (specifier, _) = modules::required(code, require)?;
                return Some(format!("{}#default()", modules::module(code.path, &specifier).0).into());
            }
            if UNWRAPPED.contains(&code.text_of(before)) && before > start + 1 {
                return self.child(start..before - 1);
            }
            return self.result(before, start);
        }
        // `require('./x').router`.
        let (symbol, from) = values::callee(code, last)?;
        (from == start).then(|| symbol.into())
    }

    /// What a call of a function or method of the program returns.
    fn result(&self, name: usize, start: usize) -> Option<Arc<str>> {
        let code = self.code;
        if let Some(dotted) = code.dotted(start..name + 1) {
            let (first, rest) = dotted.split_once('.').unwrap_or((&dotted, ""));
            let is_function = self.functions.all.iter().any(|of| of.name.as_deref() == Some(&*dotted));
            if self.own.contains(first) || is_function {
                return Some(format!("{}()", modules::symbol(code, &dotted)).into());
            }
            let class = self.class_of(first, start).filter(|_| !rest.is_empty())?;
            return Some(format!("{class}.{rest}()").into());
        }
        if code.is(start, "new") {
            return self.instance(start..code.partner(name + 1) + 1);
        }
        let (symbol, from) = values::callee(code, name)?;
        (from == start && self.is_own_module(start)).then(|| format!("{symbol}()").into())
    }

    /// `new UserRoutes(…).router`, `new UserRoutes().build()`.
    fn instance(&self, range: Range<usize>) -> Option<Arc<str>> {
        let code = self.code;
        let open = (range.start + 2..range.end).find(|&at| code.is(at, "("))?;
        let class = code.dotted(range.start + 1..open)?;
        let mut symbol = modules::symbol(code, &class).to_string();
        let mut at = code.after(open);
        while at + 1 < range.end && code.is(at, ".") {
            symbol.push('.');
            symbol.push_str(code.word(at + 1)?);
            at += 2;
            if code.is(at, "(") {
                symbol.push_str("()");
                at = code.after(at);
            }
        }
        (at == range.end && symbol.contains('.')).then(|| symbol.into())
    }

    /// The symbol of the class of which a name of the file is an instance.
    fn class_of(&self, name: &str, before: usize) -> Option<String> {
        let assigned = self.code.assigned(name, before)?;
        let open = (assigned.start + 1..assigned.end).find(|&at| self.code.is(at, "("))?;
        let class = self.code.dotted(assigned.start + 1..open).filter(|_| self.code.is(assigned.start, "new"))?;
        Some(modules::symbol(self.code, &class).to_string())
    }

    /// A name that stands for a router: one that the file makes, imports, or takes from a module, a function or an object.
    fn named(&self, name: &str, at: usize) -> Option<Arc<str>> {
        if let Some(scope) = self.resolve(name, at) {
            return scope.symbol;
        }
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        if self.own.contains(first) {
            return Some(modules::symbol(self.code, name));
        }
        if let Some(class) = self.class_of(first, at).filter(|_| !rest.is_empty()) {
            return Some(format!("{class}.{rest}").into());
        }
        let assigned = self.code.assigned(name, at).filter(|_| rest.is_empty())?;
        let is_call = self.code.is(assigned.end.wrapping_sub(1), ")") && assigned.len() > 2;
        // One step is enough: a name for what a call returns.
        if is_call && !self.code.is(assigned.start, "new") {
            let name = self.code.partner(assigned.end - 1).checked_sub(1).filter(|&name| name >= assigned.start)?;
            return self.result(name, assigned.start);
        }
        None
    }

    /// `routes(app)`, `require('./routes')(app, db)`, `new Routes(app)`: a function of the program is given a router.
    pub(super) fn hand_over(&mut self, call: Call, arguments: &[Range<usize>]) {
        let code = self.code;
        for (index, argument) in arguments.iter().enumerate().take(8) {
            let mut given: Vec<(Scope, String)> = Vec::new();
            if let Some(name) = code.dotted(argument.clone()) {
                given.extend(self.resolve(&name, argument.start).map(|scope| (scope, String::new())));
            } else if code.is(argument.start, "{") {
                let names = modules::braced(code, code.inside(argument.start), ":").into_iter().take(16);
                let scopes = names.filter_map(|(local, name)| Some((self.resolve(&local, argument.start)?, format!(".{name}"))));
                given.extend(scopes);
            }
            if given.is_empty() {
                continue;
            }
            let Some(function) = self.called(call) else { return };
            for (scope, member) in given {
                let child = format!("{function}({index}){member}");
                self.mount(call.name..code.partner(call.open) + 1, &scope, child.into(), literal(""));
            }
        }
    }

    /// The symbol of a function of this file, by its name.
    pub fn function(&self, range: Range<usize>) -> Option<Arc<str>> {
        let name = self.code.dotted(range)?;
        let is_function = self.functions.all.iter().any(|of| of.name.as_deref() == Some(&*name));
        is_function.then(|| modules::symbol(self.code, &name))
    }

    /// The symbol of a function of the program that is called.
    fn called(&self, call: Call) -> Option<String> {
        let code = self.code;
        if let Some((name, start)) = self.dotted_before(call.name) {
            let (first, rest) = name.split_once('.').unwrap_or((&name, ""));
            if start > 0 && code.is(start - 1, ".") {
                return None;
            }
            if first == "this" {
                return Some(format!("#{}.{rest}", self.functions.class(start)?)).filter(|_| !rest.is_empty());
            }
            if self.own.contains(first) {
                return Some(modules::symbol(code, &name).to_string());
            }
            if self.functions.all.iter().any(|of| of.name.as_deref() == Some(&*name)) {
                return Some(format!("#{name}"));
            }
            let class = self.class_of(first, start).filter(|_| !rest.is_empty())?;
            return Some(format!("{class}.{rest}"));
        }
        let (symbol, start) = values::callee(code, call.name)?;
        self.is_own_module(start).then_some(symbol)
    }

    /// `require('./x')`, not of a package.
    fn is_own_module(&self, at: usize) -> bool {
        modules::required(self.code, at).is_some_and(|(specifier, _)| modules::module(self.code.path, &specifier).1)
    }

    /// `require('./routes')(app)`: the module is called as a whole.
    pub(super) fn hand_over_module(&mut self, open: usize) {
        let code = self.code;
        let Some(require) = code.partner(open - 1).checked_sub(1) else { return };
        let Some((specifier, close)) = modules::required(code, require) else { return };
        if close + 1 != open || !self.is_own_module(require) {
            return;
        }
        let module = modules::module(code.path, &specifier).0;
        for (index, argument) in code.arguments(open).into_iter().enumerate().take(8) {
            let Some(scope) = code.dotted(argument.clone()).and_then(|name| self.resolve(&name, argument.start)) else {
                continue;
            };
            let child = format!("{module}#default({index})");
            self.mount(require..code.partner(open) + 1, &scope, child.into(), literal(""));
        }
    }
}
