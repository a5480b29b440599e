//! JavaScript and TypeScript: what files import and define.

mod classes;
mod elysia;
mod exports;
mod express;
mod fastify;
mod functions;
mod hapi;
mod hono;
mod koa;
mod messages;
mod modules;
mod nestjs;
mod nextjs;
mod restify;
mod routers;
mod rpc;
mod stored;
mod values;

use std::rc::Rc;

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
        koa::FRAMEWORK,
        messages::FRAMEWORK,
        nestjs::FRAMEWORK,
        nextjs::FRAMEWORK,
        restify::FRAMEWORK,
        rpc::FRAMEWORK,
        stored::FRAMEWORK,
    ],
};

/// What all readers of a file ask for.
struct Known {
    functions: functions::Functions,
    imported: Vec<modules::Import>,
}

fn known(code: &Code) -> Rc<Known> {
    code.shared(|code| Rc::new(Known { functions: functions::Functions::of(code), imported: modules::read(code) }))
}
