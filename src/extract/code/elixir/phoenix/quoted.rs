//! Macros in routers: those of the system, whose quoted code holds routes, and those of libraries.

use super::Reader;
use super::macros::{MADE, MAKERS, OTHER};
use crate::extract::code::elixir::syntax::{self, Statement};

impl Reader<'_, '_> {
    /// `use Acme.Web.AdminRoutes`: a module of the system may hold routes, some of libraries do.
    pub(super) fn used(&mut self, found: &Statement) {
        let code = self.code;
        let Some(name) = found.arguments.first().and_then(|name| syntax::full_name(code, self.module, name.clone())) else {
            return;
        };
        if MAKERS.contains(&&*name) {
            return self.uncounted(found.name..found.end, &name);
        }
        if found.arguments.len() == 1 && name != "Phoenix.Router" {
            let at = code.location(found.name..found.end);
            let prefix = self.prefix();
            self.mount(at, format!("#{name}.__using__").into(), prefix);
        }
    }

    /// Another macro: one of a library that makes routes, or of the system.
    pub(super) fn called(&mut self, found: &Statement, name: &str) {
        let code = self.code;
        if MADE.iter().any(|(made, library)| name.starts_with(made) && !code.occurrences(library).is_empty()) {
            return self.uncounted(found.name..found.end, name);
        }
        let is_macro = name.starts_with(|first: char| first.is_ascii_lowercase()) && !OTHER.contains(&name);
        if is_macro && found.block(code).is_none() {
            let at = code.location(found.name..found.end);
            let prefix = self.prefix();
            self.mount(at, format!("#macro.{name}").into(), prefix);
        }
    }

    /// `defmacro name(…) do quote do … end end`: routes that other modules take over.
    pub(super) fn define(&mut self, found: &Statement) {
        let code = self.code;
        let Some(block) = found.block(code) else { return };
        let name = found.arguments.first().and_then(|head| code.word(head.start));
        let Some(name) = name.filter(|_| !self.is_macro) else { return };
        let scope = if name == "__using__" { format!("#{}.__using__", self.module.name) } else { format!("#macro.{name}") };
        let (routes, mounts, uncounted) = (self.routing.routes.len(), self.routing.mounts.len(), self.routing.uncounted.len());
        let routing = &mut *self.routing;
        let mut reader = Reader {
            code,
            module: self.module,
            scope: Some(scope.into()),
            is_macro: true,
            routing,
            frames: Vec::new(),
            pages: 0,
        };
        reader.read(block);
        // A macro without routes is another matter.
        if self.routing.routes.len() == routes {
            self.routing.mounts.truncate(mounts);
            self.routing.uncounted.truncate(uncounted);
        }
    }
}
