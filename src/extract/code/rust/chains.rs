//! Routers that are built by chains of calls: axum, poem, salvo; applications and scopes of actix; mounts of Rocket.
//!
//! A chain begins with what makes a router (`Router::new()`, `web::scope("/api")`) or with a name that holds one; its calls register routes,
//! and other routers below a prefix. Where a chain stands says by which symbol others know it.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{modules, tests};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Mount, Route, Routing, ScopePrefix, Value};
use crate::source::Location;

pub const FRAMEWORK: Framework = Framework {
    name: "rust-routers",
    marks: &["Router", "App::new", "web::", "ServiceConfig", ".mount(", "routes![", "warp::", "Route::new", "rocket"],
    read,
};

/// Calls on a router that register or mount something.
#[rustfmt::skip]
const CALLS: [&str; 17] = [
    "route", "nest", "merge", "service", "configure", "resource", "at", "nest_no_strip", "push", "get", "post", "put", "delete", "patch",
    "head", "to", "routes",
];
/// Types that a router is made of.
const MAKERS: [&str; 8] = ["Router", "OpenApiRouter", "ApiRouter", "Route", "App", "Scope", "Resource", "UtoipaMethodRouter"];

fn read(code: &Code, output: &mut Output) {
    let mut reader = Reader {
        code,
        routing: Routing { framework: FRAMEWORK.name.into(), ..Routing::default() },
        chains: FxHashMap::default(),
        known: FxHashSet::default(),
        tests: tests(code),
    };
    // A router may be made here and used by its name alone.
    for at in (0..code.len()).filter(|&at| at == 0 || !code.is(at - 1, "::")) {
        if reader.made(at).is_some() && !reader.tests.iter().any(|body| body.contains(&at)) {
            reader.scope(at);
        }
    }
    for call in code.calls() {
        if !reader.tests.iter().any(|body| body.contains(&call.name)) {
            reader.call(call);
        }
    }
    reader.returned();
    reader.rocket();
    if !reader.routing.is_empty() {
        output.facts.push(Fact::Routing(reader.routing));
    }
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    routing: Routing,
    /// By the first token of a chain: the symbol of its router.
    chains: FxHashMap<usize, Arc<str>>,
    /// The symbols of all chains.
    known: FxHashSet<Arc<str>>,
    tests: Vec<Range<usize>>,
}

impl Reader<'_, '_> {
    fn call(&mut self, call: Call) {
        let code = self.code;
        let name = code.text_of(call.name);
        if !CALLS.contains(&name) || call.start == call.name {
            return;
        }
        let Some(scope) = self.scope(call.start) else { return };
        let arguments = code.arguments(call.open);
        let at = code.location(call.name..call.open);
        match (name, &arguments[..]) {
            ("route" | "at", [path, handler]) => {
                let path = self.path(path.clone());
                for method in self.methods(handler.clone()) {
                    self.add(at, method, path.clone(), &scope);
                }
            }
            // `web::resource("/x").route(web::get().to(f))`.
            ("route", [handler]) => {
                for method in self.methods(handler.clone()) {
                    self.add(at, method, literal(""), &scope);
                }
            }
            ("get" | "post" | "put" | "delete" | "patch" | "head", [_]) if self.is_resource(call.start) => {
                self.add(at, &name.to_ascii_uppercase(), literal(""), &scope);
            }
            ("to", [_]) if self.is_resource(call.start) => self.add(at, "ANY", literal(""), &scope),
            ("nest" | "nest_no_strip", [prefix, child]) => {
                let prefix = self.path(prefix.clone());
                self.mount(&scope, child.clone(), prefix, at);
            }
            ("merge" | "service" | "push", [child]) => self.mount(&scope, child.clone(), literal(""), at),
            ("configure", [function]) => {
                if let Some(symbol) = self.named(function.clone()) {
                    let child = format!("{symbol}(0)").into();
                    self.routing.mounts.push(Mount { at, parent: scope, child, prefix: literal("") });
                }
            }
            // utoipa-axum: `.routes(routes!(list, create))`.
            ("routes", [list]) => self.macro_children(list.clone(), &scope, literal("")),
            _ => {}
        }
    }

    fn add(&mut self, at: Location, method: &str, path: Value, scope: &Arc<str>) {
        self.routing.routes.push(Route { at, method: method.into(), path, scope: Some(Arc::clone(scope)), owner: None });
    }

    fn mount(&mut self, parent: &Arc<str>, child: Range<usize>, prefix: Value, at: Location) {
        // `(router)`, as macros leave it.
        let from = child.start + usize::from(self.code.is(child.start, "("));
        // A service of another kind answers for itself: files, proxies.
        let Some(child) = self.child(child.clone()).or_else(|| self.child(from..child.end)) else { return };
        if child != *parent {
            self.routing.mounts.push(Mount { at, parent: Arc::clone(parent), child, prefix });
        }
    }

    /// The router that an expression is.
    fn child(&mut self, range: Range<usize>) -> Option<Arc<str>> {
        let start = range.start + usize::from(self.code.is(range.start, "&"));
        if let Some(scope) = self.scope(start) {
            return Some(scope);
        }
        self.named(start..range.end)
    }

    /// A path, or a call of one, that an expression begins with: `users::router()`, `handler`.
    fn named(&self, range: Range<usize>) -> Option<Arc<str>> {
        let code = self.code;
        let mut end = range.start;
        let mut parts = Vec::new();
        while end < range.end {
            parts.push(code.word(end)?);
            end += 1;
            if !code.is(end, "::") {
                break;
            }
            end += 1;
            // Type arguments: `service::<T>`.
            if code.is(end, "<") {
                return None;
            }
        }
        let symbol = modules::symbol(code, &parts);
        match code.is(end, "(") {
            true => Some(format!("{symbol}()").into()),
            false if end >= range.end => Some(symbol),
            false => None,
        }
    }

    /// The router that a chain beginning at a token is.
    fn scope(&mut self, start: usize) -> Option<Arc<str>> {
        if let Some(known) = self.chains.get(&start) {
            return Some(Arc::clone(known));
        }
        let code = self.code;
        let scope = if let Some(prefix) = self.made(start) {
            let scope = self.bound(start);
            if let Some(prefix) = prefix {
                let at = code.at(start);
                self.routing.defaults.push(ScopePrefix { at, scope: Arc::clone(&scope), prefix });
            }
            scope
        } else {
            self.held(start)?
        };
        self.chains.insert(start, Arc::clone(&scope));
        self.known.insert(Arc::clone(&scope));
        Some(scope)
    }

    /// True where a chain begins by making a router, with the prefix that it is given.
    fn made(&self, start: usize) -> Option<Option<Value>> {
        let code = self.code;
        let mut at = start;
        // `axum::Router::new()`, `actix_web::web::scope("/x")`.
        for _ in 0..4 {
            let word = code.word(at)?;
            let made = code.is(at + 1, "::")
                && MAKERS.contains(&word)
                && code.is_any(at + 2, &["new", "default", "with_openapi", "with_path"]);
            // `Router::<State>::new()`.
            let generic = MAKERS.contains(&word) && code.is(at + 1, "::") && code.is(at + 2, "<");
            if generic || made {
                let open = (at + 2..(at + 24).min(code.len())).find(|&at| code.is(at, "("))?;
                let path = code.arguments(open).into_iter().next().filter(|range| code.literal(range.start).is_some());
                return Some(path.map(|path| self.path(path)));
            }
            if word == "web" && code.is(at + 1, "::") && code.is_any(at + 2, &["scope", "resource"]) {
                let path = code.arguments(at + 3).into_iter().next()?;
                return Some(Some(self.path(path)));
            }
            if !code.is(at + 1, "::") {
                return None;
            }
            at += 2;
        }
        None
    }

    fn is_resource(&self, start: usize) -> bool {
        let code = self.code;
        (start..start + 6).any(|at| code.is(at, "resource") && code.is(at + 1, "("))
    }

    /// The symbol by which others know the chain: the name it is given, the function that it is the end of, or its place.
    fn bound(&self, start: usize) -> Arc<str> {
        let code = self.code;
        let function = self.function(start);
        if start > 0 && code.is(start - 1, "=") {
            let name = (start.saturating_sub(12)..start - 1).rev().find(|&at| code.is_any(at, &["let", "mut", ";", "{", "}"]));
            if let Some(name) = name.filter(|&at| code.is_any(at, &["let", "mut"])).and_then(|at| code.word(at + 1)) {
                let name = if name == "mut" { code.text_of(start - 2) } else { name };
                return format!("#{function}.{name}").into();
            }
        }
        let is_argument = start > 0 && code.is_any(start - 1, &["(", ",", "&"]);
        if !is_argument && !function.is_empty() {
            return format!("#{function}()").into();
        }
        let place = code.at(start);
        format!("#{}:{}", place.line, place.column).into()
    }

    /// A name that holds a router: a local one, or a parameter.
    fn held(&self, start: usize) -> Option<Arc<str>> {
        let code = self.code;
        let name = code.word(start).filter(|_| !code.is_any(start + 1, &["::", "("]))?;
        let item = self.item(start)?;
        let function = self.name(item);
        for (index, parameter) in code.parameters(item).into_iter().enumerate() {
            let types = ["ServiceConfig", "Router", "OpenApiRouter", "ApiRouter", "Scope", "App"];
            if code.is(parameter.start + usize::from(code.is(parameter.start, "mut")), name)
                && parameter.clone().any(|at| code.is_any(at, &types))
            {
                return Some(format!("#{function}({index})").into());
            }
        }
        let bound: Arc<str> = format!("#{function}.{name}").into();
        self.known.contains(&bound).then_some(bound)
    }

    fn item(&self, at: usize) -> Option<&Item> {
        self.code.enclosing(at, ItemKind::Function)
    }

    fn function(&self, at: usize) -> String {
        self.item(at).map_or(String::new(), |item| self.name(item))
    }

    fn name(&self, item: &Item) -> String {
        self.code.function_name(item)
    }

    /// A function that ends with a name, or with a call on one, returns that router.
    fn returned(&mut self) {
        let code = self.code;
        for item in code.items().iter().filter(|item| item.kind == ItemKind::Function && !item.body.is_empty()) {
            let function = self.name(item);
            let result: Arc<str> = format!("#{function}()").into();
            let last = (item.body.start..item.body.end)
                .rev()
                .find(|&at| code.is_any(at, &[";", "}"]))
                .map_or(item.body.start, |at| at + 1);
            let word = code.word(last).filter(|_| last < item.body.end);
            let ok = word.filter(|word| *word == "Ok").and_then(|_| code.word(last + 2));
            let Some(name) = ok.or(word) else { continue };
            let local: Arc<str> = format!("#{function}.{name}").into();
            if self.known.contains(&local) {
                self.routing.mounts.push(Mount { at: code.at(last), parent: result, child: local, prefix: literal("") });
            }
        }
    }

    /// `.mount("/api", routes![a, users::b])`, and functions that give `routes![…]` to others.
    fn rocket(&mut self) {
        let code = self.code;
        for call in code.calls().filter(|call| code.is(call.name, "mount")) {
            let arguments = code.arguments(call.open);
            let [prefix, children] = &arguments[..] else { continue };
            let prefix = self.path(prefix.clone());
            let parent: Arc<str> = "#rocket".into();
            if !self.routing.applications.contains(&parent) {
                self.routing.applications.push(Arc::clone(&parent));
            }
            match children.clone().find(|&at| code.is_any(at, &["routes", "openapi_get_routes"]) && code.is(at + 1, "!")) {
                Some(_) => self.macro_children(children.clone(), &parent, prefix),
                None => {
                    if let Some(child) = self.named(children.clone()) {
                        self.routing.mounts.push(Mount { at: code.at(call.name), parent, child, prefix });
                    }
                }
            }
        }
        for at in (0..code.len()).filter(|&at| code.is(at, "routes") && code.is(at + 1, "!")) {
            let function = self.function(at);
            let inside_mount = (at.saturating_sub(8)..at).any(|before| code.is_any(before, &["mount", "routes"]));
            if !function.is_empty() && !inside_mount {
                let parent: Arc<str> = format!("#{function}()").into();
                self.macro_children(at..code.after(at + 2), &parent, literal(""));
            }
        }
    }

    /// The handlers in `routes![a, b::c]`.
    fn macro_children(&mut self, range: Range<usize>, parent: &Arc<str>, prefix: Value) {
        let code = self.code;
        let Some(open) = range.clone().find(|&at| code.is(at, "!")).map(|at| at + 1) else { return };
        for part in code.split(code.inside(open), ",") {
            if let Some(child) = self.named(part.clone()) {
                let at = code.location(part);
                self.routing.mounts.push(Mount { at, parent: Arc::clone(parent), child, prefix: prefix.clone() });
            }
        }
    }

    /// Methods of a method router: `get(f).post(g)`, `web::get().to(f)`, `on(MethodFilter::GET, f)`; `ANY` where none is told.
    fn methods(&self, range: Range<usize>) -> Vec<&'static str> {
        let code = self.code;
        let mut found = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let name = code.text_of(at);
            let called = code.is(at + 1, "(") || code.is(at + 1, "::") && code.is(at + 2, "<");
            let word = name.strip_suffix("_service").or(name.strip_suffix("_with")).unwrap_or(name);
            let method = match word {
                "get" => Some("GET"),
                "post" => Some("POST"),
                "put" => Some("PUT"),
                "delete" => Some("DELETE"),
                "patch" => Some("PATCH"),
                "head" => Some("HEAD"),
                "options" => Some("OPTIONS"),
                "trace" => Some("TRACE"),
                _ => None,
            };
            if called && let Some(method) = method.filter(|method| !found.contains(method)) {
                found.push(method);
            }
            if called && name == "on" {
                let filters = code.inside(at + 1).filter(|&at| code.is(at, "MethodFilter")).map(|at| code.text_of(at + 2));
                found.extend(
                    filters
                        .filter_map(|name| ["GET", "POST", "PUT", "DELETE", "PATCH"].into_iter().find(|method| *method == name)),
                );
            }
            at = code.after(at);
        }
        if found.is_empty() { vec!["ANY"] } else { found }
    }

    fn path(&self, range: Range<usize>) -> Value {
        let value = self.code.value(range);
        let colon = matches!(&value, Value::Literal(text) if text.contains("/:"));
        paths::template(value, if colon { Style::Colon } else { Style::Braces })
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn axum_nests_and_merges_across_functions() {
        check(
            "src/http/mod.rs",
            "mod users;
            pub async fn serve() { let app = api_router().layer(x); axum::serve(l, app).await }
            fn api_router() -> Router {
                Router::new().route(\"/health\", get(health)).nest(\"/api\", users::router()).merge(orders())
            }
            fn orders() -> Router {
                let r = Router::new();
                let r = r.route(\"/orders/:id\", get(show).post(create));
                r
            }",
            "4 GET /health in #api_router()
            8 GET /orders/{id} in #orders.r
            8 POST /orders/{id} in #orders.r
            4 mount src/http#users.router() in #api_router() at /api
            4 mount #orders() in #api_router() at
            9 mount #orders.r in #orders() at",
        );
    }

    #[test]
    fn actix_scopes_resources_and_configures() {
        check(
            "src/routes.rs",
            "use actix_web::web;
            use crate::app;
            pub fn api(cfg: &mut web::ServiceConfig) {
                cfg.service(
                    web::scope(\"/api\")
                        .service(web::resource(\"/users\").route(web::post().to(app::users::create)))
                        .service(list)
                        .route(\"/ping\", web::get().to(ping)),
                ).configure(app::more);
            }",
            "6 POST  in #6:34
            8 GET /ping in #5:21
            4 mount #5:21 in #api(0) at
            6 mount #6:34 in #5:21 at
            7 mount #list in #5:21 at
            9 mount src#app.more(0) in #api(0) at
            5 default /api of #5:21
            6 default /users of #6:34",
        );
    }

    #[test]
    fn rocket_mounts_lists_of_handlers() {
        check(
            "src/lib.rs",
            "mod routes;
            pub fn rocket() -> Rocket<Build> { rocket::build().mount(\"/api\", routes![routes::users::login, me]) }",
            "2 mount src#routes.users.login in #rocket at /api
            2 mount #me in #rocket at /api
            application #rocket",
        );
    }

    #[test]
    fn maps_are_no_routers() {
        check(
            "src/a.rs",
            "fn main() { let mut m = HashMap::new(); m.get(\"/a\"); m.route(\"/a\", get(x)); } // Router",
            "1 entry main",
        );
    }
}
