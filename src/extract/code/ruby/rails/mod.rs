//! Routes of Rails: `Rails.application.routes.draw do … end`, files of routes drawn by it, engines; and those of Hanami, written alike.
//!
//! Each set of routes is a scope: `routes` of an application, `Billing.Engine` of an engine. What a resource has for people alone (`new`,
//! `edit`) is a scope of its own beside it, which [`application::read`] takes away where an application serves programs alone.

mod application;
mod devise;
mod resources;
#[cfg(test)]
mod tests;

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::syntax::{self, Bodies, Statement};
use super::types;
use crate::extract::Output;
use crate::extract::code::paths::join;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Mount, Route, Routing, Value};
use crate::source::{Location, Spanned};
use resources::{Inside, Resource};

pub const FRAMEWORK: Framework = Framework {
    name: "rails",
    marks: &[
        "routes.draw",
        "routes.append",
        "routes.prepend",
        "resources :",
        "resources(",
        "resource :",
        "namespace :",
        "get '",
        "get \"",
        "get :",
        "Rails::Application",
        "Hanami::Routes",
        "Hanami::Router",
        "devise :",
    ],
    read,
};

/// Methods that have a word of their own.
const VERBS: [&str; 7] = ["get", "post", "put", "patch", "delete", "options", "head"];
/// Blocks that only say for whom or how.
const TRANSPARENT: [&str; 10] = [
    "constraints",
    "defaults",
    "controller",
    "authenticated",
    "authenticate",
    "unauthenticated",
    "devise_scope",
    "as",
    "nested",
    "localized",
];
/// A file registers no more than this.
const MOST_ROUTES: usize = 50_000;

fn read(code: &Code, output: &mut Output) {
    if code.text.contains("Rails::Application") {
        application::read(code, output);
    }
    if code.text.contains("devise :") {
        devise::model(code, output);
    }
    let mut reader = Reader { code, routing: Routing::default(), concerns: FxHashMap::default(), hanami: false };
    let mut drawn = false;
    syntax::walk(code, 0..code.len(), (), &mut |of, ()| {
        if let (Some(block), Some(scope)) = (&of.block, application::set(code, of)) {
            drawn = true;
            reader.draw(block.body.clone(), &scope);
        }
        // Sets of routes are drawn in hooks: `initializer 'x' do … end`, `config.to_prepare do … end`.
        let is_hook = code.is_any(of.name, &["initializer", "to_prepare", "after_initialize", "instance_eval", "on_load"]);
        of.block.iter().filter(|_| is_hook).map(|block| (block.body.clone(), ())).collect()
    });
    if code.text.contains("Hanami::Routes") {
        for class in types::classes(code).iter().filter(|class| class.base_name(code) == "Hanami.Routes") {
            drawn = true;
            reader.hanami = true;
            reader.draw(class.body.clone(), "#routes");
        }
    }
    let path = format!("/{}", code.path);
    if !drawn && path.contains("/config/routes/") {
        reader.walk(0..code.len(), "#routes");
    }
    reader.routing.framework = FRAMEWORK.name.into();
    if !reader.routing.is_empty() {
        output.facts.push(Fact::Routing(reader.routing));
    }
}

/// What is known where a statement stands.
#[derive(Clone)]
struct Around {
    /// Before every path here.
    prefix: Value,
    /// The prefix outside of resources: where things of shallow resources are.
    shallow_prefix: Value,
    shallow: bool,
    inside: Inside,
    /// Actions that `scope only: […]` or `with_options` leaves.
    only: Option<Vec<String>>,
    except: Vec<String>,
    /// Names that stand for texts of a list: `%w[a b].each do |name|`.
    names: Vec<(String, Vec<String>)>,
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    routing: Routing,
    concerns: FxHashMap<String, Range<usize>>,
    hanami: bool,
}

impl Reader<'_, '_> {
    /// A whole set of routes: an application or engine.
    fn draw(&mut self, body: Range<usize>, scope: &str) {
        if scope == "#routes" && self.routing.applications.is_empty() {
            self.routing.applications.push(scope.into());
        }
        let from = self.routing.routes.len();
        self.walk(body, scope);
        let pages = pages(scope);
        if self.routing.routes[from..].iter().any(|route| route.scope.as_deref() == Some(&*pages)) {
            let at = self.routing.routes[from].at;
            self.mount(at, &pages, "config/application#pages", literal(""));
        }
    }

    fn walk(&mut self, body: Range<usize>, scope: &str) {
        let around = Around {
            prefix: literal(""),
            shallow_prefix: literal(""),
            shallow: false,
            inside: Inside::Nothing,
            only: None,
            except: Vec::new(),
            names: Vec::new(),
        };
        let code = self.code;
        syntax::walk(code, body, around, &mut |of, around| self.statement(of, around, scope));
    }

    fn statement(&mut self, of: &Statement, around: &Around, scope: &str) -> Bodies<Around> {
        let code = self.code;
        let name = code.text_of(of.name);
        let body = |around: Around| of.block.iter().map(|block| (block.body.clone(), around.clone())).collect();
        if self.routing.routes.len() >= MOST_ROUTES {
            return Vec::new();
        }
        if of.has_receiver() {
            return self.repeated(of, around);
        }
        match name {
            "root" => {
                let at = of.place(code);
                self.add(at, "GET", &join(&around.inside.own_prefix(&around.prefix), literal("/")), scope);
            }
            "match" => self.matched(of, around, scope),
            _ if VERBS.contains(&name) => self.paths(of, around, &[name.to_uppercase()], scope),
            "resources" | "resource" => return self.resources(of, around, scope),
            "namespace" => {
                let Some(own) = of.positional(code).into_iter().next().and_then(|first| syntax::name(code, first)) else {
                    return Vec::new();
                };
                let path = of.named(code, "path").map_or_else(|| Some(literal(own.as_str())), |path| self.path(path));
                return body(self.below(of, around, path));
            }
            "scope" | "slice" => {
                let first = of.positional(code).into_iter().next().filter(|_| name == "scope");
                let path = of.named(code, if name == "scope" { "path" } else { "at" }).or(first);
                let path = path.map_or(Some(literal("")), |path| self.path(path));
                return body(self.below(of, around, path));
            }
            "with_options" | "shallow" => {
                let mut around = self.below(of, around, Some(literal("")));
                around.shallow |= name == "shallow";
                return body(around);
            }
            "concern" => {
                let named = of.arguments.first().and_then(|first| syntax::name(code, first.clone()));
                if let (Some(name), Some(block)) = (named, &of.block) {
                    self.concerns.insert(name, block.body.clone());
                }
            }
            "concerns" => {
                let all = of.arguments.iter().filter_map(|argument| syntax::names(code, argument.clone())).flatten();
                return all.filter_map(|name| Some((self.concerns.get(&name)?.clone(), around.clone()))).collect();
            }
            "member" | "collection" | "new" => {
                let prefix = around.inside.prefix_on(name, &around.prefix);
                return body(Around { prefix, inside: Inside::Nothing, ..around.clone() });
            }
            "mount" => self.mounted(of, around, scope),
            "draw" => {
                if let Some(name) = of.arguments.first().and_then(|first| syntax::name(code, first.clone())) {
                    let prefix = around.inside.own_prefix(&around.prefix);
                    self.mount(of.place(code), &format!("config/routes/{name}#routes"), scope, prefix.clone());
                    self.mount(of.place(code), &format!("config/routes/{name}#routes.pages"), &pages(scope), prefix);
                }
            }
            "devise_for" => devise::routes(code, of, &around.prefix, &mut self.routing),
            "use_doorkeeper"
            | "use_doorkeeper_openid_connect"
            | "mount_devise_token_auth_for"
            | "active_admin"
            | "comfy_route"
            | "spree_path"
            | "jsonapi_resources"
            | "jsonapi_resource" => {
                self.routing.uncounted.push(Spanned::new("routes of a package".into(), of.place(code)));
            }
            "routes" if self.hanami => return body(around.clone()),
            _ if TRANSPARENT.contains(&name) => return body(around.clone()),
            _ => {}
        }
        Vec::new()
    }

    /// A list goes through its block for each of its texts; another receiver is none of routes.
    fn repeated(&mut self, of: &Statement, around: &Around) -> Bodies<Around> {
        let code = self.code;
        let Some(block) = of.block.as_ref().filter(|_| code.is_any(of.name, &["each", "map", "each_with_index"])) else {
            // `ActiveAdmin.routes(self)` registers what nobody sees here.
            let is_package = code.is(of.name, "routes") && code.text_in(of.arguments.first().cloned().unwrap_or(0..0)) == "self";
            if is_package {
                self.routing.uncounted.push(Spanned::new("routes of a package".into(), of.place(code)));
            }
            return Vec::new();
        };
        let mut around = around.clone();
        if let (Some(list), [parameter, ..]) = (syntax::names(code, of.receiver(code)), &block.parameters[..]) {
            around.names.push((code.text_of(*parameter).to_owned(), list));
        }
        vec![(block.body.clone(), around)]
    }

    /// What holds below a scope, with the options that it passes on.
    fn below(&self, of: &Statement, around: &Around, path: Option<Value>) -> Around {
        let code = self.code;
        let mut below = around.clone();
        let path = path.unwrap_or_else(|| Value::Unknown("a prefix that is known at run time".into()));
        let prefix = around.inside.own_prefix(&around.prefix);
        below.prefix = join(&prefix, path);
        if matches!(around.inside, Inside::Nothing) {
            below.shallow_prefix = below.prefix.clone();
        }
        below.inside = Inside::Nothing;
        below.shallow |= of.named(code, "shallow").is_some_and(|value| code.text_in(value) == "true");
        if let Some(only) = of.named(code, "only").and_then(|only| syntax::names(code, only)) {
            below.only = Some(only);
        }
        if let Some(except) = of.named(code, "except").and_then(|except| syntax::names(code, except)) {
            below.except = except;
        }
        below
    }

    /// A prefix as it is written; nothing for `nil`, `false`, and one that may be left out: `(:locale)`.
    fn path(&self, range: Range<usize>) -> Option<Value> {
        let code = self.code;
        if code.is_any(range.start, &["nil", "false"]) {
            return Some(literal(""));
        }
        match syntax::text_value(code, range) {
            Value::Literal(text) if text.trim_start_matches('/').starts_with('(') && text.ends_with(')') => Some(literal("")),
            Value::Unknown(_) => None,
            value => Some(syntax::template_value(value)),
        }
    }

    fn matched(&mut self, of: &Statement, around: &Around, scope: &str) {
        let code = self.code;
        let methods = match of.named(code, "via").map(|via| syntax::names(code, via)) {
            Some(Some(names)) if names.iter().any(|name| name == "all") => vec!["ANY".to_owned()],
            Some(Some(names)) => names.iter().map(|name| name.to_uppercase()).collect(),
            // Of old versions, or not to be read.
            _ => vec!["ANY".to_owned()],
        };
        self.paths(of, around, &methods, scope);
    }

    /// `get 'a', 'b', to: 'c#d'`, `get 'a' => 'b#c'`, `get :a, on: :member`.
    fn paths(&mut self, of: &Statement, around: &Around, methods: &[String], scope: &str) {
        let code = self.code;
        let on = of.named(code, "on").and_then(|on| syntax::name(code, on));
        let prefix = match on.as_deref() {
            Some(on) => around.inside.prefix_on(on, &around.prefix),
            None => around.inside.own_prefix(&around.prefix),
        };
        let own = of.named(code, "path").map(|path| vec![path]);
        let mut written = own.unwrap_or_else(|| of.positional(code));
        for argument in &of.arguments {
            // `'a' => 'b#c'`; `:via => :get` is an option.
            if let Some(arrow) = syntax::arrow(code, argument).filter(|_| code.kind(argument.start) == Some(TokenKind::Literal)) {
                written.push(argument.start..arrow);
            }
        }
        written.retain(|path| !code.is_any(path.start, &["&", "{"]));
        for path in written {
            for value in self.texts(path.clone(), around) {
                match value {
                    Some(value) => {
                        let value = join(&prefix, value);
                        for method in methods {
                            self.add(of.place(code), method, &value, scope);
                        }
                    }
                    None => {
                        let why = Spanned::new("a path that is known at run time only".into(), code.location(path.clone()));
                        self.routing.uncounted.push(why);
                    }
                }
            }
        }
    }

    /// What a path reads as, once for each text that a name in it stands for; None where that is not known.
    fn texts(&self, range: Range<usize>, around: &Around) -> Vec<Option<Value>> {
        let code = self.code;
        let text = code.text_in(range.clone());
        for (name, list) in &around.names {
            let hole = format!("#{{{name}}}");
            if text == name {
                return list.iter().map(|text| Some(literal(syntax::template(text).as_str()))).collect();
            }
            if text.contains(&hole) && range.len() == 1 {
                let text = text.trim_matches(['"', '\'']);
                return list.iter().map(|of| Some(literal(syntax::template(&text.replace(&hole, of)).as_str()))).collect();
            }
        }
        vec![known(syntax::text_value(code, range))]
    }

    fn mounted(&mut self, of: &Statement, around: &Around, scope: &str) {
        let code = self.code;
        let Some(first) = of.arguments.first() else { return };
        let arrow = syntax::arrow(code, first).filter(|&arrow| arrow > first.start + 1 || !code.is(first.start, ":"));
        let (what, at) = match arrow {
            Some(arrow) => (first.start..arrow, Some(arrow + 1..first.end)),
            None => (first.clone(), of.named(code, "at")),
        };
        let prefix = at.map_or(Some(literal("")), |at| self.path(at));
        let prefix = join(&around.inside.own_prefix(&around.prefix), prefix.unwrap_or(Value::Unknown("a prefix".into())));
        // `Billing::Engine`, `Billing::Engine.routes`
        let engine = what.clone().find(|&at| code.is(at, "Engine"));
        let child = match engine.and_then(|engine| code.dotted(what.start + usize::from(code.is(what.start, "::"))..engine + 1)) {
            Some(name) => Some(format!("#{name}")),
            None => syntax::constant(code, what),
        };
        let Some(child) = child else { return };
        if let Some(name) = child.strip_suffix("Engine") {
            self.mount(of.place(code), &format!("{name}Engine.pages"), &pages(scope), prefix.clone());
        }
        self.mount(of.place(code), &child, scope, prefix);
    }

    fn resources(&mut self, of: &Statement, around: &Around, scope: &str) -> Bodies<Around> {
        let code = self.code;
        let mut bodies = Vec::new();
        let asked = Asked { of, around, singular: code.is(of.name, "resource"), hanami: self.hanami };
        let positional = of.positional(code);
        let named: Vec<Option<String>> = positional
            .iter()
            .flat_map(|argument| match around.names.iter().find(|(name, _)| name == code.text_in(argument.clone())) {
                Some((_, list)) => list.iter().cloned().map(Some).collect(),
                None => syntax::names(code, argument.clone()).map_or(vec![None], |names| names.into_iter().map(Some).collect()),
            })
            .collect();
        for name in named {
            let Some(name) = name else {
                self.routing.uncounted.push(Spanned::new("resources that are known at run time only".into(), of.place(code)));
                continue;
            };
            let resource = Resource::new(code, &name, &asked);
            for (method, path, is_page) in resource.routes() {
                let pages = pages(scope);
                self.add(of.place(code), method, &path, if is_page { &pages } else { scope });
            }
            let around = resource.around();
            let concerns = of.named(code, "concerns").and_then(|concerns| syntax::names(code, concerns)).unwrap_or_default();
            for name in concerns {
                bodies.extend(self.concerns.get(&name).map(|body| (body.clone(), around.clone())));
            }
            bodies.extend(of.block.iter().map(|block| (block.body.clone(), around.clone())));
        }
        bodies
    }

    fn add(&mut self, at: Location, method: &str, path: &Value, scope: &str) {
        let route = Route { at, method: method.into(), path: path.clone(), scope: Some(scope.into()), owner: None };
        self.routing.routes.push(route);
    }

    fn mount(&mut self, at: Location, child: &str, parent: &str, prefix: Value) {
        self.routing.mounts.push(Mount { at, parent: parent.into(), child: child.into(), prefix });
    }
}

/// A line that makes resources.
struct Asked<'a> {
    of: &'a Statement,
    around: &'a Around,
    singular: bool,
    hanami: bool,
}

/// The scope beside another one of what is there for people alone.
fn pages(scope: &str) -> String {
    format!("{scope}.pages")
}

/// A path whose names are constants; None for what is known at run time only.
fn known(value: Value) -> Option<Value> {
    let is_variable = |value: &Value| match value {
        Value::Symbol(symbol) => {
            let name = symbol.rsplit(['#', '.']).next().unwrap_or(symbol);
            !name.starts_with(|first: char| first.is_uppercase())
        }
        Value::Unknown(_) | Value::Parameter { .. } => true,
        _ => false,
    };
    let unknown = match &value {
        Value::Concat(parts) => parts.iter().any(is_variable),
        other => is_variable(other),
    };
    (!unknown).then(|| syntax::template_value(value))
}
