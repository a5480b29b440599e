//! What a file registers: routes, mounts and applications by their library, and what can only be told when all of it was read.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::flavors::{Flavor, UNNAMED};
use super::things::Scope;
use crate::extract::Output;
use crate::extract::code::paths;
use crate::facts::{Fact, Mount, Route, Routing, Value};
use crate::source::{Location, Spanned};

/// Routers that one file gives to servers.
const MOST_SERVED: usize = 500;

#[derive(Default)]
pub struct Registry {
    routings: BTreeMap<&'static str, Routing>,
    /// Routers that were made here: by symbol, whether each is a whole application.
    made: Vec<(&'static str, Arc<str>, bool)>,
    /// Symbols that lie in others by a mount, and those that a function returns.
    mounted: FxHashSet<Arc<str>>,
    returned: FxHashSet<Arc<str>>,
}

impl Registry {
    fn routing(&mut self, flavor: &'static Flavor) -> &mut Routing {
        self.routings.entry(flavor.name).or_default()
    }

    /// A route for each method; `ANY` for none.
    pub fn route(&mut self, scope: &Scope, flavor: &'static Flavor, at: Location, methods: &[Arc<str>], path: Value) {
        let path = super::super::values::join(&scope.prefix, path);
        let is_tree = flavor.subtrees && ends_with_slash(&path);
        // A wildcard for the end of the path is no part of it.
        let path = match flavor.style {
            paths::Style::Braces => paths::template(without_end(path), paths::Style::Braces),
            style => paths::template(path, style),
        };
        let path = if flavor.name == UNNAMED.name { paths::template(path, paths::Style::Colon) } else { path };
        if is_tree {
            self.routing(flavor).subtrees.push(at);
        }
        // Answers to questions of browsers are no operations of their own.
        let told: Vec<&Arc<str>> = methods.iter().filter(|method| !matches!(&***method, "OPTIONS" | "HEAD")).collect();
        let kept: Vec<Arc<str>> = match (told.is_empty(), methods.is_empty()) {
            (false, _) => told.into_iter().cloned().collect(),
            (true, false) => methods.to_vec(),
            (true, true) => vec!["ANY".into()],
        };
        for method in kept {
            let scope = (!scope.is_default).then(|| Arc::clone(&scope.symbol));
            let route = Route { at, method, path: path.clone(), scope, owner: None };
            self.routing(flavor).routes.push(route);
        }
    }

    /// A scope inside of another one.
    pub fn mount(&mut self, parent: &Scope, at: Location, child: Arc<str>, prefix: Value) {
        let flavor = parent.flavor.unwrap_or(&UNNAMED);
        if parent.is_default {
            // Nothing but its own prefix stands before what the default router holds.
            return match &prefix {
                Value::Literal(text) if text.trim_matches('/').is_empty() => self.application(flavor, child),
                _ => {
                    let root: Arc<str> = format!("#{}", flavor.name).into();
                    self.application(flavor, Arc::clone(&root));
                    self.mounted.insert(Arc::clone(&child));
                    self.routing(flavor).mounts.push(Mount { at, parent: root, child, prefix });
                }
            };
        }
        if child == parent.symbol {
            return;
        }
        let prefix = super::super::values::join(&parent.prefix, prefix);
        let prefix = paths::template(without_end(prefix), flavor.style);
        self.mounted.insert(Arc::clone(&child));
        let mount = Mount { at, parent: Arc::clone(&parent.symbol), child, prefix };
        let mounts = &mut self.routing(flavor).mounts;
        if !mounts
            .iter()
            .rev()
            .take(8)
            .any(|other| other.parent == mount.parent && other.child == mount.child && other.prefix == mount.prefix)
        {
            mounts.push(mount);
        }
    }

    pub fn application(&mut self, flavor: &'static Flavor, symbol: Arc<str>) {
        let applications = &mut self.routing(flavor).applications;
        if applications.len() < MOST_SERVED && !applications.contains(&symbol) {
            applications.push(symbol);
        }
    }

    /// Routes that are told by what is known at run time only.
    pub fn uncounted(&mut self, flavor: &'static Flavor, at: Location, why: &str) {
        self.routing(flavor).uncounted.push(Spanned::new(why.into(), at));
    }

    pub fn made(&mut self, flavor: &'static Flavor, symbol: Arc<str>, is_whole: bool) {
        self.made.push((flavor.name, symbol, is_whole));
    }

    /// What a function returns is the router, or lies in it.
    pub fn returned(&mut self, function: &str, scope: &Scope, at: Location) {
        let result: Arc<str> = format!("#{function}()").into();
        if scope.is_default || scope.symbol == result {
            return;
        }
        if scope.is_bare() {
            self.returned.insert(Arc::clone(&scope.symbol));
            let parent = Scope { symbol: result, ..scope.clone() };
            self.mount(&parent, at, Arc::clone(&scope.symbol), Value::Literal("".into()));
        } else {
            self.mount(scope, at, result, Value::Literal("".into()));
        }
    }

    pub fn into_facts(mut self, output: &mut Output) {
        let all = self.routings.values().flat_map(|routing| &routing.applications);
        let mut known: FxHashSet<Arc<str>> = all.cloned().collect();
        for (flavor, symbol, is_whole) in std::mem::take(&mut self.made) {
            let is_returned = self.returned.contains(&symbol);
            let is_mounted = self.mounted.contains(&symbol) && !is_returned;
            let routing = self.routings.entry(flavor).or_default();
            let is_application = !is_mounted && (is_whole || !is_returned);
            if is_application && known.insert(Arc::clone(&symbol)) {
                routing.applications.push(symbol);
            }
        }
        for (name, mut routing) in self.routings {
            // What nothing is registered on tells nothing.
            let used: FxHashSet<&Arc<str>> = routing
                .routes
                .iter()
                .filter_map(|route| route.scope.as_ref())
                .chain(routing.mounts.iter().map(|mount| &mount.parent))
                .collect();
            let is_used: Vec<bool> = routing
                .applications
                .iter()
                .map(|symbol| used.contains(symbol) || symbol.ends_with("()") || symbol.contains('/'))
                .collect();
            let mut is_used = is_used.into_iter();
            routing.applications.retain(|_| is_used.next().unwrap_or(false));
            if !routing.is_empty() {
                routing.framework = name.into();
                output.facts.push(Fact::Routing(routing));
            }
        }
    }
}

fn ends_with_slash(path: &Value) -> bool {
    match path {
        Value::Literal(text) => text.ends_with('/'),
        Value::Concat(parts) => parts.last().is_some_and(ends_with_slash),
        _ => false,
    }
}

/// `/x/{$}` of net/http is `/x/`, and answers nothing below.
fn without_end(path: Value) -> Value {
    match path {
        Value::Literal(text) => Value::Literal(text.strip_suffix("{$}").unwrap_or(&text).into()),
        other => other,
    }
}
