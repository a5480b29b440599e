//! Python: what files import and define.

mod aiohttp;
mod bottle;
mod django;
mod entities;
mod falcon;
mod fastapi;
mod flask;
mod formats;
mod grpc;
mod imports;
mod known;
mod lists;
mod messages;
mod module;
mod names;
mod reach;
mod restful;
mod routers;
mod sanic;
mod schedules;
mod serverless;
mod settings;
mod syntax;
mod values;
mod views;

use super::{Code, Dialect, Framework};
use routers::Shape;

pub const DIALECT: Dialect = Dialect {
    languages: &["Python"],
    imports: imports::imports,
    define: module::define,
    marks: module::MARKS,
    frameworks: FRAMEWORKS,
};

const FRAMEWORKS: &[Framework] = &[
    aiohttp::FRAMEWORK,
    bottle::FRAMEWORK,
    django::FRAMEWORK,
    entities::FRAMEWORK,
    falcon::FRAMEWORK,
    fastapi::FRAMEWORK,
    flask::FRAMEWORK,
    grpc::FRAMEWORK,
    lists::FRAMEWORK,
    messages::FRAMEWORK,
    reach::FRAMEWORK,
    restful::FRAMEWORK,
    routers::FRAMEWORK,
    sanic::FRAMEWORK,
    schedules::FRAMEWORK,
    serverless::FRAMEWORK,
    views::FRAMEWORK,
];

/// Frameworks whose applications and routers are objects.
const SHAPES: &[&Shape] =
    &[&aiohttp::SHAPE, &bottle::SHAPE, &falcon::SHAPE, &fastapi::SHAPE, &flask::SHAPE, &sanic::SHAPE, &serverless::SHAPE];

/// Classes of the file that are made of one of these classes of the packages.
fn classes_made_of(code: &Code, packages: &[&str], kinds: &[&str]) -> Vec<String> {
    let is_one = |base: &String| {
        let (package, last) = syntax::library(code, base);
        packages.contains(&&*package) && kinds.contains(&&*last)
    };
    syntax::classes(code).into_iter().filter(|class| class.bases.iter().any(is_one)).map(|class| class.name.to_owned()).collect()
}
