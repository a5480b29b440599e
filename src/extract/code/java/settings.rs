//! Objects of the house that hold settings: types that a framework fills from configuration, fields that it is asked to fill, and functions
//! that read the environment. Their members are constants for other files: `OrdersProperties.url`.

use super::known::type_of;
use super::types::{self, Type};
use super::{expressions, values};
use crate::extract::code::Code;
use crate::extract::code::value::literal;
use crate::facts::{Constant, Value};
use crate::source::Location;

/// Annotations of types whose members are settings below a prefix.
const HOLDERS: [&str; 3] = ["ConfigurationProperties", "ConfigMapping", "ConfigProperties"];
/// Bodies of functions that do nothing but read a setting are no longer.
const LONGEST_BODY: usize = 60;

pub fn constants(code: &Code, all: &[Type]) -> Vec<Constant> {
    let mut found = Vec::new();
    for of in all {
        if let Some(holder) = of.annotation(&HOLDERS) {
            let prefix = holder.value(code, &["prefix", "value"]).unwrap_or_else(|| literal(""));
            if let Value::Literal(prefix) = prefix {
                members(code, all, of, &of.path, &prefix, &mut found, 0);
            }
            continue;
        }
        for field in types::fields(code, of.item) {
            let filled =
                field.annotations.iter().find(|annotation| matches!(annotation.name, "Value" | "ConfigProperty" | "Property"));
            let Some(annotation) = filled else { continue };
            if let Some(value) = values::setting(code, annotation).filter(is_setting) {
                let at = code.location(annotation.at..annotation.end);
                found.push(Constant { name: format!("{}.{}", of.path, field.name).into(), value, at });
            }
        }
        for member in &of.members {
            let body = member.item.body.clone();
            let reads = ["getenv", "getProperty", "getRequiredProperty"]
                .iter()
                .any(|word| !code.occurrences_in(body.clone(), word).is_empty());
            if body.len() > LONGEST_BODY || !reads || !code.parameters(member.item).is_empty() {
                continue;
            }
            let Some(returned) = expressions::returned(code, member.item) else { continue };
            let at = code.location(returned.clone());
            let value = values::value(code, returned);
            if is_setting(&value) {
                found.push(Constant { name: format!("{}.{}", of.path, expressions::bare(member.name)).into(), value, at });
            }
        }
    }
    found
}

fn is_setting(value: &Value) -> bool {
    match value {
        Value::Env { .. } | Value::Property { .. } => true,
        Value::Concat(parts) => parts.iter().any(|part| matches!(part, Value::Env { .. } | Value::Property { .. })),
        _ => false,
    }
}

/// The members of a type that is filled below a prefix, and those of types that it holds.
fn members(code: &Code, all: &[Type], of: &Type, name: &str, prefix: &str, found: &mut Vec<Constant>, depth: u32) {
    const DEEPEST: u32 = 3;
    const MOST_MEMBERS: usize = 100;
    let fields = types::fields(code, of.item).into_iter().map(|field| {
        let default = (!field.given.is_empty()).then(|| values::value(code, field.given.clone()));
        (field.name, default.filter(|value| matches!(value, Value::Literal(_))), Location::TOP)
    });
    let methods = of.members.iter().filter(|member| member.item.body.is_empty() && code.parameters(member.item).is_empty());
    let methods = methods.map(|member| (member.name, None, code.at(member.item.name)));
    let places: Vec<_> = fields.chain(methods).collect();
    for (member, default, at) in places {
        if found.len() >= MOST_MEMBERS {
            return;
        }
        let bare = expressions::bare(member);
        let key = if prefix.is_empty() { dashed(&bare) } else { format!("{prefix}.{}", dashed(&bare)) };
        let path = format!("{name}.{bare}");
        let held = type_of(code, member).and_then(|held| all.iter().find(|other| other.name == held && other.path != of.path));
        match held.filter(|_| depth < DEEPEST) {
            Some(held) => members(code, all, held, &path, &key, found, depth + 1),
            None => {
                let value = Value::Property { key: key.into(), default: default.map(Box::new) };
                let at = if at == Location::TOP { code.at(of.item.name) } else { at };
                found.push(Constant { name: path.into(), value, at });
            }
        }
    }
}

/// A member's name as configuration writes it: `ordersUrl` as `orders-url`.
fn dashed(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.extend(letter.to_lowercase());
    }
    out
}
