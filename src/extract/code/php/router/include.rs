//! Routers that other files get: by inclusion, by a call, or by a framework that loads them.

use std::ops::Range;
use std::sync::Arc;

use super::super::chain::{Link, array_open};
use super::super::file;
use super::{FACADE, Frame, Reader, Router};
use crate::extract::code::paths;
use crate::extract::code::value::literal;
use crate::facts::{Mount, Route, Value};

impl Reader<'_, '_> {
    pub(super) fn mount(&mut self, at: Range<usize>, parent: &Router, child: impl Into<Arc<str>>, prefix: Value) {
        let at = self.code.location(at);
        let child = child.into();
        if child != parent.scope {
            self.routing.mounts.push(Mount { at, parent: Arc::clone(&parent.scope), child, prefix });
        }
    }

    /// `require 'routes.php';`: the file sees the routers of this place.
    pub(super) fn include(&mut self, frame: &Frame, at: usize) -> Option<usize> {
        let code = self.code;
        let range = file::included(code, at)?;
        let end = range.end.max(at + 1);
        let Some(module) =
            file::module(code, range).filter(|module| !module.ends_with("autoload") && !module.contains("vendor/"))
        else {
            return Some(end);
        };
        // `(require 'routes.php')($app);`
        if at > 0 && code.is(at - 1, "(") && code.is(code.partner(at - 1) + 1, "(") {
            let call = code.partner(at - 1) + 1;
            for (index, argument) in code.arguments(call).into_iter().enumerate() {
                if let Some(router) = self.lone(frame, argument) {
                    self.mount(at..end, &router, format!("{module}#return({index})"), router.prefix.clone());
                }
            }
            return Some(code.after(call));
        }
        // What is kept is called later.
        let is_kept = at.checked_sub(1).is_some_and(|before| code.is_any(before, &["=", "return", ","]));
        if !is_kept {
            let may_hold_routes = self.receivers.holds_routes || module.to_ascii_lowercase().contains("route");
            let is_laravel = self.receivers.framework == "laravel";
            let seen = |router: &&Router| match router.name == FACADE {
                true => is_laravel && may_hold_routes,
                false => {
                    router.name.starts_with('$')
                        && !router.name.contains('.')
                        && router.name != "$this"
                        && self.sees(router, may_hold_routes)
                }
            };
            let seen: Vec<&Router> = frame.routers.iter().filter(seen).collect();
            for router in seen {
                let name = if router.name == FACADE { "routes" } else { &router.name };
                self.mount(at..end, router, format!("{module}#{name}"), router.prefix.clone());
            }
        }
        Some(end)
    }

    /// Whether a file that is included here is likely to use a router by its name.
    fn sees(&self, router: &Router, may_hold_routes: bool) -> bool {
        let is_usual = matches!(&*router.name, "$app" | "$router") || self.code.text.contains(&format!("{}->", router.name));
        router.known || may_hold_routes && is_usual && self.receivers.framework != "laravel"
    }

    /// The router that is all of an argument.
    fn lone(&self, frame: &Frame, argument: Range<usize>) -> Option<Router> {
        let name = self.code.dotted(argument)?;
        frame.routers.iter().find(|router| router.name == name && router.name.starts_with('$')).cloned()
    }

    /// A router that is given to a function of this or another file: `$routes($app)`, `Orders::register($app)`.
    pub(super) fn passed(&mut self, frame: &Frame, at: usize) {
        let code = self.code;
        if !code.text_of(at).starts_with('$') || !code.is_any(at + 1, &[",", ")"]) || at == 0 || !code.is_any(at - 1, &["(", ","])
        {
            return;
        }
        let Some(router) = self.lone(frame, at..at + 1) else { return };
        let Some(open) = (at.saturating_sub(16)..at).rev().find(|&open| code.is(open, "(") && code.partner(open) > at) else {
            return;
        };
        let index = code.arguments(open).iter().position(|argument| argument.contains(&at)).unwrap_or(0);
        let Some(name) = open.checked_sub(1) else { return };
        let Some(word) = code.word(name) else { return };
        let start = code.chain_start(name);
        let before = start.checked_sub(1);
        let child = if word.starts_with('$') {
            // `$routes = require 'routes.php'; $routes($app);`
            let Some(assigned) = code.assigned(word, open) else { return };
            let Some(module) = file::included(code, assigned.start).and_then(|range| file::module(code, range)) else { return };
            format!("{module}#return({index})")
        } else if before.is_some_and(|before| code.is(before, "new")) {
            format!("{}.__construct({index})", code.symbol(word))
        } else if before.is_some_and(|before| code.is_any(before, &["function", "fn", "&", "use"]))
            || code.is_any(name, &["use", "isset"])
        {
            return;
        } else if let Some(called) = code.dotted(start..open).filter(|called| !called.starts_with('$')) {
            let own = code.type_around(at).filter(|_| called.starts_with("self.") || called.starts_with("static."));
            match own {
                Some(of) => format!("#{of}.{word}({index})"),
                None => format!("{}({index})", code.symbol(&called)),
            }
        } else if code.is(start, "$this") && name == start + 2 {
            let Some(of) = code.type_around(at) else { return };
            format!("#{of}.{word}({index})")
        } else {
            return;
        };
        self.mount(start..code.after(open), &router, child, router.prefix.clone());
    }

    /// `->withRouting(web: __DIR__.'/../routes/web.php', api: …, apiPrefix: 'api/v1', health: '/up')`.
    pub(super) fn with_routing(&mut self, frame: &Frame, link: Link) {
        let code = self.code;
        let Some(router) = frame.routers.iter().find(|router| router.name == FACADE).cloned() else { return };
        let arguments = code.arguments(link.open);
        let prefix = code.named(&arguments, "apiPrefix").map_or(literal("api"), |range| code.value(range));
        for (name, prefix) in [("web", literal("")), ("api", prefix)] {
            let Some(range) = code.named(&arguments, name) else { continue };
            let files = match array_open(code, range.clone()) {
                Some(open) => code.arguments(open),
                None => vec![range],
            };
            for range in files {
                if let Some(module) = file::module(code, range.clone()) {
                    self.mount(range, &router, format!("{module}#routes"), paths::join(&router.prefix, prefix.clone()));
                }
            }
        }
        if let Some(health) = code.named(&arguments, "health") {
            let at = code.location(health.clone());
            self.routing.routes.push(Route {
                at,
                method: "GET".into(),
                path: code.value(health),
                scope: Some(router.scope),
                owner: None,
            });
        }
    }

    /// `$this->loadRoutesFrom(__DIR__.'/routes.php')`.
    pub(super) fn load(&mut self, frame: &Frame, range: Range<usize>) {
        let Some(router) = frame.routers.iter().find(|router| router.name == FACADE).cloned() else { return };
        if let Some(module) = file::module(self.code, range.clone()) {
            self.mount(range, &router, format!("{module}#routes"), router.prefix.clone());
        }
    }
}
