//! Routers of Phoenix: verbs, `resources`, `scope`, `live`, `forward`, macros of the system that hold routes.
//!
//! A router is the scope `#Its.Module`. What it forwards to is mounted: another router, or a plug that answers to every method. Macros in
//! whose quoted code routes stand are scopes too, `#macro.name` or `#Its.Module.__using__`, which lie in the routers that call them.

mod macros;
mod quoted;
mod resources;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use super::syntax::{self, Module, Statement};
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Mount, Route, Routing, Value};
use crate::source::{Location, Spanned};
use macros::PAGES;

pub const FRAMEWORK: Framework = Framework {
    name: "phoenix",
    marks: &[", :router", "_router\n", "Phoenix.Router", "pipe_through", "AshJsonApi.Router"],
    read,
};

/// Blocks lie in no more blocks than these, or nothing in them is read.
const DEEPEST: usize = 32;
/// No path is longer.
const LONGEST_PATH: usize = 1_000;

const VERBS: [&str; 9] = ["get", "post", "put", "patch", "delete", "options", "head", "connect", "trace"];

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    let mut pages = 0;
    for module in syntax::modules(code) {
        let is_router = syntax::uses(code, &module, |name, further| {
            let kind = further.first().and_then(|kind| syntax::atom(code, kind.clone()));
            matches!(name, "Phoenix.Router" | "AshJsonApi.Router") || kind.is_some_and(|kind| kind.ends_with("router"))
        });
        // The module that others `use` for being routers is none.
        let is_router = is_router.is_some_and(|found| code.function_around(found.name).is_none());
        let scope = is_router.then(|| format!("#{}", module.name).into());
        let mut reader =
            Reader { code, module: &module, scope, is_macro: false, routing: &mut routing, frames: Vec::new(), pages: 0 };
        reader.read(module.body.clone());
        pages += reader.pages;
    }
    output.facts.extend((0..pages).map(|_| Fact::Page));
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

/// A block, with what stands before the paths in it.
struct Frame {
    end: usize,
    prefix: Value,
    /// What stands before names of modules.
    alias: String,
    /// Only there while people develop.
    development: bool,
    /// A condition that tells so: the other half of its block begins with `else`.
    has_other_half: bool,
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    module: &'c Module,
    /// None outside of routers and macros: nothing is a route there.
    scope: Option<Arc<str>>,
    is_macro: bool,
    routing: &'c mut Routing,
    frames: Vec<Frame>,
    /// Routes that show a page to people.
    pages: usize,
}

impl Reader<'_, '_> {
    fn read(&mut self, body: Range<usize>) {
        let code = self.code;
        let mut at = body.start;
        while at < body.end {
            while self.frames.last().is_some_and(|frame| frame.end <= at) {
                self.frames.pop();
            }
            if code.is(at, "else")
                && let Some(frame) = self.frames.last_mut().filter(|frame| frame.has_other_half)
            {
                frame.development = !frame.development;
            }
            at = match syntax::statement(code, at) {
                Some(statement) => self.statement(&statement).max(at + 1),
                None => at + 1,
            };
        }
        self.frames.clear();
    }

    /// Reads a statement; gives where the next one may begin.
    fn statement(&mut self, found: &Statement) -> usize {
        let code = self.code;
        let name = code.text_of(found.name);
        match name {
            // A module in the module is read by itself, and functions run later.
            "defmodule" | "def" | "defp" | "pipeline" => return found.after(code),
            "defmacro" | "defmacrop" => {
                self.define(found);
                return found.after(code);
            }
            _ if self.scope.is_none() => return found.name + 1,
            "scope" => return self.scope(found),
            "if" | "unless" => return self.condition(found),
            _ if self.frames.last().is_some_and(|frame| frame.development) => {}
            "resources" => return self.resources(found),
            "match" => self.matched(found),
            "live" => {
                self.pages += 1;
                self.route(found, 0, 2, &["GET"]);
            }
            "forward" => self.forward(found),
            "use" => self.used(found),
            _ if VERBS.contains(&name) => self.route(found, 0, 2, &[&*name.to_ascii_uppercase()]),
            _ if PAGES.contains(&name) => {
                self.route(found, 0, 1, &["GET"]);
                self.uncounted(found.name..found.end, name);
            }
            _ => self.called(found, name),
        }
        // Blocks of other macros hold statements.
        found.end
    }

    fn prefix(&self) -> Value {
        self.frames.last().map_or_else(|| literal(""), |frame| frame.prefix.clone())
    }

    fn alias(&self) -> &str {
        self.frames.last().map_or("", |frame| &frame.alias)
    }

    /// Goes into a block, unless it lies too deep.
    fn enter(&mut self, found: &Statement, prefix: Value, alias: String, development: Option<bool>) -> usize {
        let Some(block) = found.block(self.code) else { return found.end };
        if self.frames.len() >= DEEPEST || length(&prefix) > LONGEST_PATH || alias.len() > LONGEST_PATH {
            return found.after(self.code);
        }
        let around = self.frames.last().is_some_and(|frame| frame.development);
        let has_other_half = development.is_some() && !around;
        let development = around || development.unwrap_or(false);
        self.frames.push(Frame { end: block.end, prefix, alias, development, has_other_half });
        block.start
    }

    /// `scope "/a", B, as: :c do`, `scope path: "/a", alias: B do`.
    fn scope(&mut self, found: &Statement) -> usize {
        let code = self.code;
        let mut path = found.named(code, "path");
        let mut alias = found.named(code, "alias");
        for (index, argument) in code.positional(&found.arguments).enumerate() {
            match syntax::full_name(code, self.module, argument.clone()) {
                Some(_) => alias = Some(argument.clone()),
                None if index == 0 => path = Some(argument.clone()),
                None => {}
            }
        }
        let prefix = match path {
            Some(path) => self.below(path),
            None => self.prefix(),
        };
        let alias = match alias {
            Some(alias) if code.is(alias.start, "false") => String::new(),
            Some(alias) => self.in_scope(alias).unwrap_or_default(),
            None => self.alias().to_owned(),
        };
        self.enter(found, prefix, alias, None)
    }

    /// The whole name of a module that is written in a scope.
    fn in_scope(&self, range: Range<usize>) -> Option<String> {
        let name = syntax::full_name(self.code, self.module, range)?;
        Some(if self.alias().is_empty() { name } else { format!("{}.{name}", self.alias()) })
    }

    /// A path in the current scope.
    fn below(&self, path: Range<usize>) -> Value {
        paths::join(&self.prefix(), paths::template(syntax::value(self.code, path), Style::Colon))
    }

    fn condition(&mut self, found: &Statement) -> usize {
        let development = is_development(self.code, found.name..found.end);
        let development = development.map(|holds| holds != self.code.is(found.name, "unless"));
        let (prefix, alias) = (self.prefix(), self.alias().to_owned());
        self.enter(found, prefix, alias, development)
    }

    /// `get "/path", Plug, :action`: the path is the argument of that index, and there are at least so many.
    fn route(&mut self, found: &Statement, index: usize, least: usize, methods: &[&str]) {
        let code = self.code;
        let place = found.name..found.end;
        let Some(path) = found.arguments.get(index).filter(|_| found.arguments.len() >= least) else { return };
        match syntax::value(code, path.clone()) {
            Value::Literal(_) | Value::Concat(_) | Value::Env { .. } => {
                let path = self.below(path.clone());
                self.add(place, methods, path);
            }
            // A macro is given paths; a function of tests is given a connection.
            _ if self.is_macro => {}
            _ => self.uncounted(place, "its path is known at run time"),
        }
    }

    fn add(&mut self, place: Range<usize>, methods: &[&str], path: Value) {
        if length(&path) > LONGEST_PATH {
            return;
        }
        let at = self.code.location(place);
        self.routing.routes.extend(methods.iter().map(|&method| Route {
            at,
            method: method.into(),
            path: path.clone(),
            scope: self.scope.clone(),
            owner: None,
        }));
    }

    fn uncounted(&mut self, place: Range<usize>, why: &str) {
        self.routing.uncounted.push(Spanned::new(why.into(), self.code.location(place)));
    }

    /// `match :move, "/path", Plug, :action`; `:*` for all methods.
    fn matched(&mut self, found: &Statement) {
        let code = self.code;
        let Some(method) = found.arguments.first().cloned() else { return };
        if code.text_in(method.clone()) == ":*" {
            return self.route(found, 1, 3, &["ANY"]);
        }
        match syntax::atoms(code, method) {
            Some(methods) => {
                let methods: Vec<String> = methods.iter().take(16).map(|method| method.to_ascii_uppercase()).collect();
                self.route(found, 1, 3, &methods.iter().map(String::as_str).collect::<Vec<_>>());
            }
            None => self.uncounted(found.name..found.end, "its method is known at run time"),
        }
    }

    /// `forward "/path", Plug, options`.
    fn forward(&mut self, found: &Statement) {
        let [path, plug, ..] = &found.arguments[..] else { return };
        let Some(child) = self.in_scope(plug.clone()) else { return };
        if child == "Plug.Static" {
            return;
        }
        let (at, prefix) = (found.name..found.end, self.below(path.clone()));
        let child: Arc<str> = format!("#{child}").into();
        self.routing.leaves.push(Arc::clone(&child));
        let at = self.code.location(at);
        self.mount(at, child, prefix);
    }

    fn mount(&mut self, at: Location, child: Arc<str>, prefix: Value) {
        if let Some(parent) = self.scope.clone().filter(|parent| *parent != child) {
            self.routing.mounts.push(Mount { at, parent, child, prefix });
        }
    }
}

fn below(path: &Value, part: &str) -> Value {
    paths::join(path, literal(format!("/{part}")))
}

/// How many bytes of a path are known.
fn length(path: &Value) -> usize {
    match path {
        Value::Literal(text) => text.len(),
        Value::Concat(parts) => parts.iter().map(|part| if let Value::Literal(text) = part { text.len() } else { 1 }).sum(),
        _ => 1,
    }
}

/// Whether a condition holds where people develop, and only there: `Mix.env() in [:dev, :test]`,
/// `Application.compile_env(:shop, :dev_routes)`. None where it is about something else.
fn is_development(code: &Code, condition: Range<usize>) -> Option<bool> {
    let has = |words: &[&str]| condition.clone().any(|at| code.is_any(at, words));
    let differs = has(&["!=", "not", "!"]);
    if has(&["dev_routes", "dev_routes?", "code_reloading?"]) {
        return Some(!differs);
    }
    let names = (has(&["dev", "test"]), has(&["prod"]));
    match (has(&["Mix", "env", "mix_env", "@env"]), names) {
        (true, (true, false)) => Some(!differs),
        (true, (false, true)) => Some(differs),
        _ => None,
    }
}
