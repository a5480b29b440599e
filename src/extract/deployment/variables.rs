//! Variables of the environment as deployment files give them: as a mapping, as lines `NAME=value`, or as a list of names with values.
//!
//! What a variable is called is always kept; what it holds only where it is no secret and short enough to be an address, a topic or a name.

use rustc_hash::FxHashSet;

use super::secret;
use crate::document::{Node, Shape};
use crate::facts::{Variable, VariableValue};
use crate::source::{Location, Span};

/// How many variables of one unit are kept.
pub const MOST: usize = 300;
/// Longer values are texts, keys or certificates.
const LONGEST: usize = 1000;

/// A variable with its value as written; None for the value where it comes from outside.
pub fn variable(name: &str, value: Option<&str>, at: Location) -> Option<Variable> {
    let name = name.trim();
    let is_name = !name.is_empty() && name.len() <= 200 && !name.contains([' ', '\n', '$', '{']);
    let value = match value {
        Some(value) if !secret::is_secret(name) => text(value),
        _ => VariableValue::Unknown,
    };
    is_name.then(|| Variable { name: name.into(), at, value })
}

/// What a value says without the secrets in it.
fn text(value: &str) -> VariableValue {
    let value = value.trim();
    if value.len() > LONGEST || value.contains('\n') || secret::is_blob(value) {
        return VariableValue::Unknown;
    }
    VariableValue::Text(secret::without_secrets(value).into())
}

/// `{NAME: value}`, `[NAME=value, NAME]` or `[{name: NAME, value: value}]`.
pub fn of_node(node: Node) -> Vec<Variable> {
    let mut found = Vec::new();
    for (name, value) in merged_entries(node, MOST) {
        let is_plain = value.is_null() || value.scalar().is_some();
        let Some(name_text) = name.scalar().filter(|_| is_plain) else { continue };
        found.extend(variable(name_text, value.scalar(), if value.is_null() { name.location() } else { value.location() }));
    }
    for item in node.items().take(MOST) {
        match item.shape() {
            Shape::Mapping => found.extend(named(item)),
            _ => {
                let Some(line) = item.scalar() else { continue };
                match line.split_once('=') {
                    Some((name, value)) => {
                        let at = item.location_within(Span::new(name.len() + 1, line.len()));
                        found.extend(variable(name, Some(value), if value.is_empty() { item.location() } else { at }));
                    }
                    None => found.extend(variable(line, None, item.location())),
                }
            }
        }
    }
    found
}

/// `{name: NAME, value: value}`, as most tools that run containers have it; keys of some begin in upper case.
fn named(item: Node) -> Option<Variable> {
    let get = |keys: [&str; 3]| keys.iter().find_map(|key| item.get(key));
    let name = get(["name", "Name", "key"])?;
    let value = get(["value", "Value", "defaultValue"]);
    variable(name.scalar()?, value.and_then(Node::scalar), value.unwrap_or(name).location())
}

/// Adds variables that are not given yet.
pub fn add(variables: &mut Vec<Variable>, more: Vec<Variable>) {
    let known: FxHashSet<_> = variables.iter().map(|variable| variable.name.clone()).collect();
    let left = MOST.saturating_sub(variables.len());
    variables.extend(more.into_iter().filter(|variable| !known.contains(&variable.name)).take(left));
}

/// Adds variables; those that are given already are replaced.
pub fn replace(variables: &mut Vec<Variable>, more: Vec<Variable>) {
    for variable in more {
        match variables.iter().position(|known| known.name == variable.name) {
            Some(known) => variables[known] = variable,
            None if variables.len() < MOST => variables.push(variable),
            None => {}
        }
    }
}

/// The entries of a mapping and of those that it merges, the nearest of each key.
pub fn merged_entries<'d>(node: Node<'d>, most: usize) -> Vec<(Node<'d>, Node<'d>)> {
    let mut found = Vec::new();
    let mut known: FxHashSet<&str> = FxHashSet::default();
    let mut waiting = vec![node];
    for _ in 0..20 {
        let Some(mapping) = waiting.pop() else { break };
        for (name, value) in mapping.entries().take(most) {
            match name.scalar() {
                Some("<<") => match value.shape() {
                    Shape::Sequence => waiting.extend(value.items().take(20)),
                    _ => waiting.push(value),
                },
                Some(text) if found.len() < most && known.insert(text) => found.push((name, value)),
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Syntax, parse};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let tree = parse(Syntax::Yaml, text);
        let node = tree.root().and_then(|root| root.get("env")).expect("variables");
        let shown: Vec<String> = of_node(node)
            .iter()
            .map(|variable| {
                let value = match &variable.value {
                    VariableValue::Text(text) => format!("={text}"),
                    VariableValue::Key { object, key } => format!("={object}/{key}"),
                    VariableValue::Unknown => String::new(),
                };
                format!("{}{value}@{}:{}", variable.name, variable.at.line, variable.at.column)
            })
            .collect();
        assert_eq!(shown.join(", "), expected, "{text}");
    }

    #[test]
    fn each_form_is_read() {
        check("env: {A: b, N: 1, E: '', K:}", "A=b@1:10, N=1@1:16, E=@1:22, K@1:26");
        check("env: [A=b=c, K, 'E=', \"U=${X:-http://a}\"]", "A=b=c@1:9, K@1:14, E=@1:17, U=${X:-http://a}@1:26");
        check("env:\n  - {name: A, value: b}\n  - {Name: B, Value: c}\n  - {key: C}\n", "A=b@2:22, B=c@3:22, C@4:11");
        check("x: &x {A: a, B: b}\ny: &y {C: c}\nenv: {<<: [*x, *y], A: own}", "A=own@3:24, C=c@2:11, B=b@1:17");
    }

    #[test]
    fn secrets_have_no_value() {
        check(
            "env: {DB_PASSWORD: x, ROUTING_KEY: a.b, URL: 'amqp://a:b@mq', LONG: 0123456789abcdef0123456789abcdef0123}",
            "DB_PASSWORD@1:20, ROUTING_KEY=a.b@1:36, URL=amqp://mq@1:46, LONG@1:69",
        );
    }
}
