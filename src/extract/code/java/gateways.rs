//! Routes of Spring Cloud Gateway that are written in code: what comes by a path goes on to another service.

use super::chains::Chain;
use super::values;
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Forward, Gateway, Value};

pub const FRAMEWORK: Framework =
    Framework { name: "spring-cloud-gateway", marks: &["RouteLocator", "cloud.gateway.server.mvc"], read };

fn read(code: &Code, output: &mut Output) {
    let locator = code.text.contains("RouteLocator");
    let functional = code.text.contains("cloud.gateway.server.mvc");
    let mut forwards = Vec::new();
    for call in code.calls() {
        let Some(target) = code.arguments(call.open).into_iter().next() else { continue };
        let at = code.location(call.start..call.open);
        match code.text_of(call.name) {
            // `route(r -> r.path("/orders/**").filters(f).uri("lb://orders"))`.
            "uri" if locator && !code.receiver(call).is_empty() => {
                let Some(chain) = Chain::of(code, call) else { continue };
                let target = values::reached(code, target);
                let paths = chain.link(code, &["path"]).map_or(Vec::new(), |link| link.arguments(code));
                let paths: Vec<Value> = paths.into_iter().map(|range| values::value(code, range)).collect();
                if paths.is_empty() {
                    forwards.push(Forward { at, path: None, target: target.clone() });
                }
                for path in paths {
                    let path = match path {
                        Value::Literal(path) => Some(path),
                        _ => None,
                    };
                    forwards.push(Forward { at, path, target: target.clone() });
                }
            }
            // `GET("/orders/**", http("http://orders"))`.
            "http" if functional && call.start == call.name => {
                let target = values::reached(code, target);
                let before = (call.start.saturating_sub(6)..call.start).rev().find(|&at| code.literal(at).is_some());
                let path = before.and_then(|at| code.literal(at)).filter(|path| path.starts_with('/'));
                forwards.push(Forward { at, path: path.map(|path| path.as_ref().into()), target });
            }
            _ => {}
        }
    }
    forwards.retain(|forward| !matches!(forward.target, Value::Unknown(_)) && forward.target != literal("no://op"));
    if let Some(first) = forwards.first() {
        output.facts.push(Fact::Gateway(Gateway { at: first.at, tool: FRAMEWORK.name.into(), name: None, forwards }));
    }
}
