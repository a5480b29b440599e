//! HTTP routes of Go's routers: net/http, gorilla/mux, chi, gin, echo, fiber and those written like one of them.
//!
//! A file comes in, its routes with the router on which each is registered come out. Routers are followed through variables, groups,
//! fields, parameters and results; where they leave the file they stay symbols. [`flavors`] tells how the libraries are written,
//! [`things`] what names stand for; [`walk`] reads statements, [`assignments`], [`calls`] and [`chain`] what stands in them; [`registry`]
//! collects what they register.

mod actions;
mod assignments;
mod calls;
mod chain;
mod flavors;
mod registry;
mod tables;
#[cfg(test)]
mod tests;
mod things;
mod walk;

use super::super::{Code, Framework};
use crate::extract::Output;
use flavors::{FLAVORS, Flavor};

pub const FRAMEWORK: Framework = Framework {
    name: "routers",
    marks: &[
        "gin-gonic/gin\"",
        "labstack/echo",
        "gofiber/fiber",
        "go-chi/chi",
        "pressly/chi",
        "goji",
        "flamego",
        "gorilla/mux\"",
        "julienschmidt/httprouter\"",
        "httptreemux",
        "uptrace/bunrouter\"",
        "fasthttprouter",
        "fasthttp/router\"",
        "kataras/iris",
        "cloudwego/hertz/pkg",
        "gogf/gf",
        "gobuffalo/buffalo\"",
        "HandleFunc(",
        ".Handle(",
        "NewServeMux(",
        "ListenAndServe",
        "http.Server{",
        "fx.Invoke(",
        ".GET(\"/",
        ".POST(\"/",
        ".PUT(\"/",
        ".DELETE(\"/",
        ".Get(\"/",
        ".Post(\"/",
        ".Put(\"/",
        ".Delete(\"/",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let found = walk::Walk::new(code).read();
    found.into_facts(output);
}

/// The router library that a package path belongs to.
fn flavor_of(module: &str) -> Option<&'static Flavor> {
    FLAVORS.iter().find(|flavor| {
        flavor.modules.iter().any(|of| module.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    })
}

/// The name of the router library that a file uses.
pub fn framework_of(code: &Code) -> Option<&'static str> {
    let mut names: Vec<&str> =
        code.imports().values().filter_map(|symbol| flavor_of(symbol.strip_suffix("#*")?)).map(|flavor| flavor.name).collect();
    names.sort_unstable_by_key(|name| (*name == "net-http", *name));
    names.first().copied()
}
