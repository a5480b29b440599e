//! Servlets: `@WebServlet`, and those that Spring registers by a bean.

use super::controllers;
use super::types::types;
use super::values;
use crate::extract::Output;
use crate::extract::code::paths::{Style, template};
use crate::extract::code::{Code, Framework};
use crate::facts::{Prefix, Route, Routing, Value};
use crate::source::Location;

pub const FRAMEWORK: Framework =
    Framework { name: "servlet", marks: &["@WebServlet", "ServletRegistrationBean", "DispatcherServletRegistrationBean"], read };

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    for of in types(code) {
        let Some(annotation) = of.annotation(&["WebServlet"]) else { continue };
        let answers = of.members.iter().filter_map(|member| controllers::method(member.name.strip_prefix("do")?));
        let mut methods: Vec<&str> = answers.collect();
        methods.dedup();
        if methods.is_empty() {
            methods.push("ANY");
        }
        for path in annotation.values(code, &["urlPatterns", "value"]) {
            for method in &methods {
                add(&mut routing, code.at(annotation.at), method, path.clone());
            }
        }
    }
    for call in code.calls() {
        let arguments = code.arguments(call.open);
        let paths = match code.text_of(call.name) {
            "ServletRegistrationBean" => arguments.get(1..).unwrap_or_default(),
            "DispatcherServletRegistrationBean" => {
                if let Some(path) = arguments.get(1) {
                    let path = values::value(code, path.clone());
                    routing.prefixes.push(Prefix { at: code.at(call.name), path: without_rest(path) });
                }
                &[]
            }
            "addUrlMappings" | "setUrlMappings" if code.text.contains("ServletRegistrationBean") => &arguments[..],
            _ => &[],
        };
        for path in paths.iter().flat_map(|path| values::list(code, path.clone())) {
            // `new ServletRegistrationBean(servlet, false)` says nothing of paths.
            if !matches!(&path, Value::Literal(text) if !text.starts_with('/')) && !matches!(path, Value::Unknown(_)) {
                add(&mut routing, code.at(call.name), "ANY", path);
            }
        }
    }
    controllers::finish(routing, output);
}

fn add(routing: &mut Routing, at: Location, method: &str, path: Value) {
    routing.routes.push(Route { at, method: method.into(), path: template(path, Style::Braces), scope: None, owner: None });
}

fn without_rest(path: Value) -> Value {
    match path {
        Value::Literal(text) => Value::Literal(text.trim_end_matches('*').trim_end_matches('/').into()),
        other => other,
    }
}
