//! JavaScript and TypeScript: what files import and define.

mod addresses;
mod classes;
mod clients;
mod clouds;
mod constants;
mod elysia;
mod exports;
mod express;
#[cfg(test)]
mod expression_tests;
mod expressions;
mod fastify;
mod functions;
mod grpc_clients;
mod hapi;
mod helpers;
mod hono;
mod http_clients;
#[cfg(test)]
mod http_tests;
mod invocations;
mod koa;
mod messages;
mod modules;
mod names;
mod nestjs;
mod nextjs;
mod origins;
mod patterns;
mod producers;
mod proxies;
mod restify;
mod routers;
mod rpc;
mod scope;
mod stored;
mod stores;
mod values;
mod wrappers;

use std::cell::OnceCell;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Code, Dialect};

pub const DIALECT: Dialect = Dialect {
    languages: &["TypeScript", "TSX", "JavaScript", "JSX"],
    imports: modules::imports,
    define: exports::define,
    marks: &exports::MARKS,
    frameworks: &[
        elysia::FRAMEWORK,
        express::FRAMEWORK,
        fastify::FRAMEWORK,
        hapi::FRAMEWORK,
        hono::FRAMEWORK,
        grpc_clients::FRAMEWORK,
        http_clients::FRAMEWORK,
        koa::FRAMEWORK,
        messages::FRAMEWORK,
        nestjs::FRAMEWORK,
        nextjs::FRAMEWORK,
        patterns::FRAMEWORK,
        producers::FRAMEWORK,
        proxies::FRAMEWORK,
        restify::FRAMEWORK,
        rpc::FRAMEWORK,
        stored::FRAMEWORK,
        stores::FRAMEWORK,
        // It reads what the others left.
        addresses::FRAMEWORK,
    ],
};

/// What all readers of a file ask for.
struct Known {
    functions: functions::Functions,
    imported: Vec<modules::Import>,
    scopes: OnceCell<scope::Scopes>,
    /// Functions by their names.
    named: OnceCell<FxHashMap<Box<str>, usize>>,
    packages: OnceCell<FxHashSet<Box<str>>>,
}

impl Known {
    fn scopes(&self, code: &Code) -> &scope::Scopes {
        self.scopes.get_or_init(|| scope::Scopes::of(code, &self.functions))
    }

    /// Packages that the file loads, and those of which it loads a part.
    fn packages(&self, code: &Code) -> &FxHashSet<Box<str>> {
        self.packages.get_or_init(|| {
            let mut packages = FxHashSet::default();
            for at in 1..code.len() {
                let loads = code.is_any(at - 1, &["from", "import"])
                    || at > 1 && code.is(at - 1, "(") && code.is_any(at - 2, &["require", "import"]);
                let Some(specifier) = loads.then(|| code.literal(at)).flatten().filter(|text| !text.starts_with('.')) else {
                    continue;
                };
                let specifier = specifier.strip_prefix("node:").unwrap_or(&specifier);
                let ends = specifier.match_indices('/').map(|(end, _)| end).chain([specifier.len()]);
                packages.extend(ends.map(|end| Box::from(&specifier[..end])));
            }
            packages
        })
    }

    /// The first function that goes by a name.
    fn function(&self, name: &str) -> Option<usize> {
        let named = self.named.get_or_init(|| {
            let mut named = FxHashMap::default();
            for (index, function) in self.functions.all.iter().enumerate() {
                if let Some(name) = &function.name {
                    named.entry(name.as_str().into()).or_insert(index);
                }
            }
            named
        });
        named.get(name).copied()
    }
}

fn known(code: &Code) -> Rc<Known> {
    code.shared(|code| {
        Rc::new(Known {
            functions: functions::Functions::of(code),
            imported: modules::read(code),
            scopes: OnceCell::new(),
            named: OnceCell::new(),
            packages: OnceCell::new(),
        })
    })
}
