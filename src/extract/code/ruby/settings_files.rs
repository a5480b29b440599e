//! Settings of Ruby's programs in YAML that holds Ruby: `config/database.yml`, `mongoid.yml`, `settings.yml`, and what `config_for` reads.
//!
//! Of the environments of a file that of production counts; where it does not name a thing, what all of them share does.

use super::{stores, values};
use crate::discover::language::Language;
use crate::discover::{Kind, Role};
use crate::document::{Node, Shape};
use crate::extract::code::value::{concat, literal};
use crate::extract::code::{Code, targets};
use crate::extract::deployment::secret;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Connection, Fact, Setting, Value};
use crate::source::{Spanned, last_part};

pub const EXTRACTOR: Extractor = Extractor { name: "ruby-settings", wants: |kind, path| wants(kind, path), applies, extract };

const MOST_SETTINGS: usize = 300;
const DEEPEST: usize = 8;
/// Sections that stand for environments, in the order in which they are asked.
const SECTIONS: [&str; 4] = ["production", "default", "shared", "development"];
/// A text that holds more code than this is no address.
const LONGEST: usize = 400;

fn wants(kind: Kind, path: &str) -> bool {
    kind.role == Role::Production && is_settings(path)
}

/// Files below `config`, translations and routes left out.
fn is_settings(path: &str) -> bool {
    let Some(name) = last_part(path).strip_suffix(".yml") else { return false };
    let path = format!("/{path}");
    let is_known = matches!(
        name,
        "database" | "mongoid" | "settings" | "services" | "cable" | "redis" | "endpoints" | "secrets" | "sidekiq"
    );
    path.contains("/config/") && (is_known || path.contains("/config/settings/")) && !path.contains("/locales/")
}

fn applies(input: &Input) -> bool {
    is_settings(input.path) && (input.text.contains("<%") || is_ruby(input.path))
}

/// Names that only Ruby's programs use, whatever the file holds.
fn is_ruby(path: &str) -> bool {
    matches!(last_part(path), "database.yml" | "mongoid.yml" | "settings.yml") || path.contains("config/settings/")
}

fn extract(input: &Input, output: &mut Output) {
    let Some(root) = input.tree().root().filter(|root| root.shape() == Shape::Mapping) else { return };
    let name = last_part(input.path).strip_suffix(".yml").unwrap_or_default();
    let sections: Vec<Node> =
        SECTIONS.iter().filter_map(|section| root.get(section)).filter(|node| node.shape() == Shape::Mapping).collect();
    match name {
        "database" => databases(&sections, output),
        "mongoid" => documents(&sections, output),
        _ => settings(input.path, name, root, &sections, output),
    }
}

/// A scalar, with the Ruby in it read.
fn value(node: Node) -> Option<Value> {
    let text = node.scalar()?;
    if !text.contains("<%") {
        return Some(literal(text));
    }
    let ruby = Language::from_name("Ruby").filter(|_| text.len() < LONGEST)?;
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<%=") {
        parts.push(literal(before));
        let (inside, behind) = after.split_once("%>")?;
        let inside = inside.trim().trim_end_matches('-');
        let code = Code::new(ruby, "", inside);
        parts.push(values::value(&code, 0..code.len()));
        rest = behind;
    }
    parts.push(literal(rest));
    Some(concat(parts))
}

/// The first section that names a key.
fn asked(sections: &[Node], keys: &[&str]) -> Option<Value> {
    sections.iter().find_map(|section| keys.iter().find_map(|key| section.get(key))).and_then(value)
}

fn databases(sections: &[Node], output: &mut Output) {
    let Some(first) = sections.first() else { return };
    // Several databases have a section each.
    let is_inner = |node: &Node| {
        node.shape() == Shape::Mapping && ["database", "url", "host", "adapter"].iter().any(|key| node.get(key).is_some())
    };
    let inner: Vec<Node> =
        first.entries().filter(|(name, _)| name.scalar() != Some("<<")).map(|(_, node)| node).filter(is_inner).take(16).collect();
    let groups: Vec<Vec<Node>> = if inner.is_empty() {
        vec![sections.to_vec()]
    } else {
        inner.into_iter().map(|node| [&[node], &sections[1..]].concat()).collect()
    };
    for group in groups {
        let adapter = asked(&group, &["adapter"]);
        let engine = match &adapter {
            Some(Value::Literal(text)) if text.contains("sqlite") => continue,
            Some(Value::Literal(text)) => stores::engine_of(text),
            _ => None,
        };
        let database = asked(&group, &["database"]).filter(|value| !matches!(value, Value::Unknown(_)));
        // Without a host the database is the machine's own.
        let Some(address) = asked(&group, &["url"]).or_else(|| asked(&group, &["host"])) else { continue };
        if matches!(address, Value::Unknown(_)) {
            continue;
        }
        let at = group[0].location();
        output.facts.push(Fact::Connection(Connection { at, engine: engine.map(Into::into), address, database }));
    }
}

fn documents(sections: &[Node], output: &mut Output) {
    let clients: Vec<Node> = sections
        .iter()
        .filter_map(|section| section.get("clients").or_else(|| section.get("sessions")))
        .filter_map(|of| of.get("default"))
        .collect();
    let Some(first) = clients.first() else { return };
    let host = || clients.iter().find_map(|client| client.get("hosts")).and_then(|hosts| value(hosts.items().next()?));
    let Some(address) = asked(&clients, &["uri"]).or_else(host).filter(|value| !matches!(value, Value::Unknown(_))) else {
        return;
    };
    let database = asked(&clients, &["database"]);
    output.facts.push(Fact::Connection(Connection { at: first.location(), engine: Some("mongodb".into()), address, database }));
}

/// `services.orders.url`; of `settings.yml` and of the files beside it `settings.orders.url`.
fn settings(path: &str, name: &str, root: Node, sections: &[Node], output: &mut Output) {
    let prefix = if is_ruby(path) { "settings" } else { name };
    let roots: Vec<Node> = if sections.is_empty() || prefix == "settings" { vec![root] } else { sections.to_vec() };
    let mut settings: Vec<Setting> = Vec::new();
    for root in roots {
        let mut waiting = vec![(root, prefix.to_owned(), 0)];
        while let Some((node, key, depth)) = waiting.pop() {
            if settings.len() >= MOST_SETTINGS {
                break;
            }
            if node.shape() == Shape::Mapping {
                let inner = node
                    .entries()
                    .filter(|_| depth < DEEPEST)
                    .filter_map(|(name, node)| Some((node, format!("{key}.{}", name.scalar()?), depth + 1)));
                let mut inner: Vec<_> = inner.take(MOST_SETTINGS).collect();
                inner.reverse();
                waiting.extend(inner);
            } else if !settings.iter().any(|known| *known.key == key) {
                settings.extend(setting(node, &key));
            }
        }
    }
    if !settings.is_empty() {
        output.facts.push(Fact::Settings { settings });
    }
}

fn setting(node: Node, key: &str) -> Option<Setting> {
    let last = key.rsplit('.').next().unwrap_or(key);
    if secret::is_secret(last) {
        return None;
    }
    let value = value(node)?;
    let may_tell = match targets::first(&value) {
        Value::Literal(text) => targets::is_address(text) || targets::may_name_address(last),
        Value::Env { name, .. } => targets::may_name_address(name) || targets::may_name_address(last),
        _ => false,
    };
    let text = targets::setting_text(&value).filter(|text| may_tell && !text.is_empty() && text.len() < 200)?;
    let text = secret::without_secrets(&text).into_owned();
    Some(Setting { key: key.into(), value: Spanned::new(text.into(), node.location()), profile: None })
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn databases_of_rails_are_connections() {
        check(
            "config/database.yml",
            "default: &default\n  adapter: postgresql\n  host: <%= ENV.fetch('DB_HOST', 'localhost') %>\ndevelopment:\n  <<: *default\n  database: shop_dev\nproduction:\n  <<: *default\n  database: shop\n",
            "8 connects postgresql env(DB_HOST or localhost) database shop",
        );
        check("config/database.yml", "production:\n  url: <%= ENV['DATABASE_URL'] %>\n", "2 connects env(DATABASE_URL)");
        check("config/database.yml", "production:\n  adapter: sqlite3\n  database: db/production.sqlite3\n", "");
        check(
            "config/mongoid.yml",
            "production:\n  clients:\n    default:\n      uri: <%= ENV['MONGO_URL'] %>\n",
            "4 connects mongodb env(MONGO_URL)",
        );
    }

    #[test]
    fn settings_are_told() {
        check(
            "config/settings.yml",
            "orders:\n  url: <%= ENV['ORDERS_URL'] || 'http://orders' %>\n  timeout: 3\n  api_key: x\n",
            "2 setting settings.orders.url = ${ORDERS_URL:http://orders}",
        );
        check(
            "config/services.yml",
            "production:\n  orders:\n    url: <%= ENV['ORDERS_URL'] %>/api\ndevelopment:\n  orders:\n    url: http://localhost:3000\n",
            "3 setting services.orders.url = ${ORDERS_URL}/api",
        );
    }
}
