//! Elysia: routes of instances, their groups and plugins.

use super::routers::{self, Family, Reader, Scope, Step, method_of};
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::Value;

pub const FRAMEWORK: Framework = Framework { name: "elysia", marks: &["elysia"], read };

const FAMILY: Family = Family {
    name: "elysia",
    packages: &["elysia"],
    constructors: &["Elysia", "*"],
    applications: &["Elysia", "*"],
    types: &["Elysia"],
    names: &["app", "elysia", "server", "router"],
    names_alone: &[],
    prefix_option: "prefix",
    prefixing: &[],
    named_routes: false,
    style,
    step,
};

fn read(code: &Code, output: &mut Output) {
    routers::read(code, output, &FAMILY);
}

fn style(value: Value) -> Value {
    paths::template(value, Style::Colon)
}

fn step(reader: &mut Reader, step: &Step) -> Option<Scope> {
    if let Some(method) = method_of(step.name) {
        reader.verb(step, method);
        return Some(step.scope.clone());
    }
    match step.name {
        "use" => {
            let plugin = step.arguments.first()?;
            if !reader.give(plugin, 0, step.scope.clone()) {
                reader.mount_all(step);
                if let Some(function) = reader.function(plugin.clone()) {
                    let child = format!("{function}(0)");
                    reader.mount(step.call.name..plugin.end, &step.scope, child.into(), literal(""));
                }
            }
        }
        "group" | "guard" => {
            let prefix = match step.name {
                "group" => reader.paths(step.arguments.first()?)?.into_iter().next()?,
                _ => literal(""),
            };
            let scope = step.scope.with_prefix(prefix);
            for argument in &step.arguments {
                reader.give(argument, 0, scope.clone());
            }
        }
        "ws" => reader.subscription(step),
        "mount" | "listen" => {}
        // Hooks, states and plugins leave the instance as it is.
        _ => {}
    }
    Some(step.scope.clone())
}
