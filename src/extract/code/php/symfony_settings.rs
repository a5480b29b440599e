//! What Symfony's YAML says of partners: parameters, scoped HTTP clients, databases, transports, and what services are given.
//!
//! A scoped client stands as a setting under the name by which it is injected, in camel case: `orders.client` as `http_client.ordersClient`.

use super::parameters;
use crate::discover::{Kind, Role};
use crate::document::{Node, Shape};
use crate::extract::code::targets::{self, Told};
use crate::extract::deployment::secret;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Address, Connection, Fact, Invocation, Setting, Value};
use crate::source::{Spanned, last_part};

pub const EXTRACTOR: Extractor = Extractor { name: "symfony-settings", wants, applies, extract };

const MOST_VALUES: usize = 5_000;
const MOST_ADDRESSES: usize = 100;

fn wants(kind: Kind, path: &str) -> bool {
    kind.role == Role::Production && is_settings(path)
}

fn is_settings(path: &str) -> bool {
    let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
    let path = format!("/{path}");
    let name = last_part(&path);
    let is_services = name.starts_with("services.") || name.starts_with("services_prod.") || name.starts_with("parameters.");
    is_yaml
        && (path.contains("/config/") && is_services || path.contains("/config/packages/"))
        && !["/dev/", "/test/"].iter().any(|folder| path.contains(folder))
}

fn applies(input: &Input) -> bool {
    is_settings(input.path)
        && ["%env(", "parameters:", "_defaults:", "framework:", "doctrine:", "http_client"]
            .iter()
            .any(|mark| input.text.contains(mark))
}

fn extract(input: &Input, output: &mut Output) {
    let Some(root) = input.tree().root().filter(|root| root.shape() == Shape::Mapping) else { return };
    let defaults = root.get("parameters");
    let read = |node: Node| node.scalar().map(|text| with_defaults(parameters::value(text), defaults));
    let mut settings = Vec::new();
    if let Some(parameters) = defaults.filter(|node| node.shape() == Shape::Mapping) {
        for (name, node) in parameters.entries().take(MOST_ADDRESSES) {
            let Some(key) = name.scalar().filter(|name| !name.starts_with("env(")) else { continue };
            settings.extend(read(node).and_then(|value| setting(key, &value, node)));
        }
    }
    let clients = root.get("framework").and_then(|node| node.get("http_client")).and_then(|node| node.get("scoped_clients"));
    if let Some(clients) = clients.filter(|node| node.shape() == Shape::Mapping) {
        for (name, node) in clients.entries().take(MOST_ADDRESSES) {
            let base = node.get("base_uri").or_else(|| node.get("scope"));
            let (Some(name), Some(base)) = (name.scalar(), base) else { continue };
            let Some(text) = read(base).and_then(|value| targets::setting_text(&value)) else { continue };
            let value = Spanned::new(text.into(), base.location());
            settings.push(Setting { key: format!("http_client.{}", camel(name)).into(), value, profile: None });
        }
    }
    if !settings.is_empty() {
        output.facts.push(Fact::Settings { settings });
    }
    databases(root, &read, output);
    services(root, &read, output);
    let mut told = Told::of(&output.facts);
    let addresses = addresses(root, &read, &mut told);
    if !addresses.is_empty() {
        output.facts.push(Fact::Addresses { addresses });
    }
}

/// `parameters: { env(NAME): 'default' }` tells what stands in the place of a variable.
fn with_defaults(value: Value, defaults: Option<Node>) -> Value {
    match value {
        Value::Env { name, default: None } => {
            let default = defaults.and_then(|of| of.get(&format!("env({name})"))).and_then(Node::scalar);
            Value::Env { name, default: default.map(|text| Box::new(Value::Literal(text.into()))) }
        }
        Value::Concat(parts) => Value::Concat(
            parts
                .into_iter()
                .map(|part| match part {
                    Value::Concat(_) => part,
                    part => with_defaults(part, defaults),
                })
                .collect(),
        ),
        other => other,
    }
}

fn setting(key: &str, value: &Value, node: Node) -> Option<Setting> {
    let may_tell = match targets::first(value) {
        Value::Literal(text) => targets::is_address(text) || targets::has_scheme(value) || targets::may_name_address(key),
        Value::Env { .. } | Value::Property { .. } => !secret::is_secret(key),
        _ => false,
    };
    let text = targets::setting_text(value).filter(|text| may_tell && !text.is_empty() && text.len() < 200)?;
    let text = secret::without_secrets(&text).into_owned();
    Some(Setting { key: key.into(), value: Spanned::new(text.into(), node.location()), profile: None })
}

/// `orders.client` and `orders_client` as `ordersClient`.
fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut begins = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            begins = true;
        } else if std::mem::take(&mut begins) && !out.is_empty() {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    }
    out
}

fn databases(root: Node, read: &dyn Fn(Node) -> Option<Value>, output: &mut Output) {
    let mut add = |at: Node, engine: Option<&str>, address: Option<Value>, database: Option<Value>| {
        if let Some(address) = address {
            output.facts.push(Fact::Connection(Connection {
                at: at.location(),
                engine: engine.map(Into::into),
                address,
                database,
            }));
        }
    };
    if let Some(dbal) = root.get("doctrine").and_then(|node| node.get("dbal")) {
        let named = dbal.get("connections").filter(|node| node.shape() == Shape::Mapping);
        let connections: Vec<Node> = named.map_or(vec![dbal], |of| of.entries().map(|(_, node)| node).take(16).collect());
        for node in connections {
            let address = node.get("url").or_else(|| node.get("host"));
            let Some(address) = address else { continue };
            add(address, None, read(address), node.get("dbname").and_then(read));
        }
    }
    if let Some(of) = root.get("doctrine_mongodb").and_then(|node| node.get("connections"))
        && of.shape() == Shape::Mapping
    {
        let database = root.get("doctrine_mongodb").and_then(|node| node.get("default_database")).and_then(read);
        for (_, node) in of.entries().take(16) {
            let Some(server) = node.get("server") else { continue };
            add(server, Some("mongodb"), read(server), database.clone());
        }
    }
    if let Some(of) = root.get("snc_redis").and_then(|node| node.get("clients")).filter(|node| node.shape() == Shape::Mapping) {
        for (_, node) in of.entries().take(16) {
            let Some(dsn) = node.get("dsn") else { continue };
            add(dsn, Some("redis"), read(dsn), None);
        }
    }
}

/// `App\Client\Orders: { arguments: ['%env(ORDERS_URL)%'] }`: what the constructor is given, where it is told by its place.
fn services(root: Node, read: &dyn Fn(Node) -> Option<Value>, output: &mut Output) {
    let Some(services) = root.get("services").filter(|node| node.shape() == Shape::Mapping) else { return };
    let mut invocations = Vec::new();
    for (name, node) in services.entries().take(500) {
        let Some(arguments) = node.get("arguments").filter(|node| node.shape() == Shape::Sequence) else { continue };
        let class = node.get("class").and_then(Node::scalar).or(name.scalar()).unwrap_or_default();
        let path = class.trim_start_matches('\\').replace('\\', "/");
        let given: Vec<Value> = arguments
            .items()
            .take(16)
            .map(|item| match item.scalar() {
                Some(text) if !text.starts_with('@') => read(item).unwrap_or_else(|| Value::Unknown("no text".into())),
                _ => Value::Unknown("another service".into()),
            })
            .collect();
        let tells = given
            .iter()
            .any(|value| matches!(targets::first(value), Value::Env { .. } | Value::Property { .. } | Value::Literal(_)));
        if tells && path.contains('/') {
            let function = format!("{path}#{}", last_part(&path));
            invocations.push(Invocation { at: arguments.location(), function: function.into(), arguments: given });
        }
    }
    if !invocations.is_empty() {
        output.facts.push(Fact::Invocations { invocations });
    }
}

/// Variables and addresses anywhere else in the file.
fn addresses(root: Node, read: &dyn Fn(Node) -> Option<Value>, told: &mut Told) -> Vec<Address> {
    let mut found = Vec::new();
    let mut left = MOST_VALUES;
    let mut waiting: Vec<(Node, Option<&str>)> = vec![(root, None)];
    while let Some((node, name)) = waiting.pop() {
        if left == 0 || found.len() >= MOST_ADDRESSES {
            break;
        }
        left -= 1;
        match node.shape() {
            Shape::Mapping => {
                let mut inner: Vec<(Node, Option<&str>)> =
                    node.entries().take(left).map(|(key, node)| (node, key.scalar())).collect();
                inner.reverse();
                waiting.extend(inner);
            }
            Shape::Sequence => {
                let mut inner: Vec<(Node, Option<&str>)> = node.items().take(left).map(|node| (node, name)).collect();
                inner.reverse();
                waiting.extend(inner);
            }
            _ => {
                let Some(value) = read(node) else { continue };
                let may_tell = match targets::first(&value) {
                    Value::Literal(text) => targets::is_address(text) || targets::has_scheme(&value),
                    Value::Env { name, .. } => targets::may_name_address(name) && !name.starts_with("APP_"),
                    _ => false,
                };
                // Defaults of variables are read with them.
                let is_docs = name.is_some_and(|name| name.contains("origin") || name.starts_with("env("));
                if may_tell && !is_docs && told.add_new(&value) {
                    let name = name.map(|name| name.trim_start_matches('$').into());
                    found.push(Address { at: node.location(), value, name });
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn settings_of_symfony_are_told() {
        check(
            "config/services.yaml",
            "parameters:\n  env(ORDERS_URL): 'http://orders'\n  orders.url: '%env(ORDERS_URL)%/api'\n  locale: en\nservices:\n  _defaults:\n    bind:\n      $stockUrl: '%env(STOCK_URL)%'\n  App\\Client\\Mail:\n    arguments: ['@logger', '%env(MAIL_HOST)%']\n",
            "3 setting orders.url = ${ORDERS_URL:http://orders}/api
             10 invokes App/Client/Mail#Mail(?another service, env(MAIL_HOST))
             3 address env(ORDERS_URL or http://orders)+/api as orders.url
             8 address env(STOCK_URL) as stockUrl
             10 address env(MAIL_HOST) as arguments",
        );
        check(
            "config/packages/framework.yaml",
            "framework:\n  http_client:\n    scoped_clients:\n      orders.client:\n        base_uri: '%env(resolve:ORDERS_URL)%'\n",
            "5 setting http_client.ordersClient = ${ORDERS_URL}\n5 address env(ORDERS_URL) as base_uri",
        );
        check(
            "config/packages/doctrine.yaml",
            "doctrine:\n  dbal:\n    url: '%env(resolve:DATABASE_URL)%'\n",
            "3 connects env(DATABASE_URL)",
        );
    }
}
