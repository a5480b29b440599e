//! Variables that Terraform gives to what it deploys.
//!
//! What a resource tells only when it exists stands as the resource's name: `${orders}` for `aws_sqs_queue.orders.url`.

use super::super::variables;
use super::hcl::{Block, Value};
use crate::facts::{Variable, VariableValue};

/// `{ NAME = value }`, or several of them merged.
pub fn of_map(value: &Value) -> Vec<Variable> {
    let entries = value.merged().into_iter().flat_map(|part| part.entries());
    entries.take(variables::MOST).filter_map(|(name, value)| variable(name, &value)).collect()
}

/// `[{ name = "NAME", value = value }]`.
pub fn of_list(value: &Value) -> Vec<Variable> {
    let items = value.items();
    items.iter().filter_map(|item| variable(item.get("name")?.text()?, &item.get("value")?)).collect()
}

/// `env { name = "NAME" value = value }`.
pub fn of_blocks(blocks: &[Block]) -> Vec<Variable> {
    let one = |block: &Block| {
        let name = block.value("name")?;
        let (name, at) = (name.text()?, name.code.location(name.range.clone()));
        if let Some(value) = block.value("value") {
            return variable(name, &value);
        }
        let kinds = ["config_map_key_ref", "secret_key_ref"];
        let reference = kinds.iter().find_map(|kind| block.find(&["value_from", kind]).into_iter().next());
        let text = |key: &str| reference.as_ref().and_then(|block| block.value(key)).and_then(|value| text(&value));
        let mut variable = variables::variable(name, None, at)?;
        if let (Some(object), Some(key)) = (text("name"), text("key")) {
            variable.value = VariableValue::Key { object: object.into(), key: key.into() };
        }
        Some(variable)
    };
    blocks.iter().take(variables::MOST).filter_map(one).collect()
}

fn variable(name: &str, value: &Value) -> Option<Variable> {
    variables::variable(name, text(value).as_deref(), value.code.location(value.range.clone()))
}

/// What a value reads as, as far as it is known before it is deployed.
pub fn text(value: &Value) -> Option<String> {
    if let Some(text) = value.text() {
        return Some(with_names(text));
    }
    if let Some((kind, name)) = value.resource() {
        return Some(if is_resource(kind) { format!("${{{name}}}") } else { format!("${{{kind}.{name}}}") });
    }
    matches!(value.written(), "true" | "false").then(|| value.written().to_owned())
}

/// Kinds of resources are words joined by `_`; `var`, `local` and `module` are none.
fn is_resource(kind: &str) -> bool {
    kind.contains('_')
}

/// A text in which resources stand by their names.
fn with_names(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let Some(end) = rest[at..].find('}') else { break };
        let inner = rest[at + 2..at + end].trim();
        let mut parts = inner.trim_start_matches("data.").split('.');
        let name = match (parts.next(), parts.next()) {
            (Some(kind), Some(name)) if is_resource(kind) && !kind.contains('(') => name.split('[').next().unwrap_or(name),
            _ => inner,
        };
        read.push_str(&rest[..at]);
        read.push_str("${");
        read.push_str(name);
        read.push('}');
        rest = &rest[at + end + 1..];
    }
    read.push_str(rest);
    read
}
