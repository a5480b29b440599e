//! Which settings are kept: names, ports, paths, hosts, topics and the like.

use std::sync::Arc;

use crate::extract::deployment::secret;
use crate::facts::Setting;
use crate::source::{Location, Spanned};

/// Longer values are texts, keys or certificates.
const LONGEST: usize = 500;

/// Words of keys whose values tell what an application is called, where it listens, and whom it calls.
const WORDS: [&str; 74] = [
    "name",
    "id",
    "port",
    "ports",
    "path",
    "paths",
    "prefix",
    "url",
    "urls",
    "uri",
    "uris",
    "host",
    "hosts",
    "hostname",
    "address",
    "addresses",
    "server",
    "servers",
    "bootstrap",
    "broker",
    "brokers",
    "endpoint",
    "endpoints",
    "topic",
    "topics",
    "queue",
    "queues",
    "exchange",
    "destination",
    "group",
    "channel",
    "channels",
    "binding",
    "bindings",
    "binder",
    "connector",
    "connection",
    "connectionstring",
    "connectionstrings",
    "database",
    "db",
    "schema",
    "schemas",
    "table",
    "collection",
    "catalog",
    "service",
    "services",
    "application",
    "route",
    "routes",
    "mapping",
    "cluster",
    "clusters",
    "target",
    "cron",
    "schedule",
    "location",
    "bucket",
    "dsn",
    "upstream",
    "backend",
    "remote",
    "gateway",
    "subject",
    "stream",
    "streams",
    "subscription",
    "routing",
    "proxy",
    "hub",
    "index",
    "keyspace",
    "nodes",
];

/// Groups of settings that never matter.
const NOISE: [&str; 11] =
    ["logging", "serilog", "nlog", "log4j", "logback", "quarkus.log", "log", "logger", "springdoc", "swagger", "allowedhosts"];

/// The setting, without what is secret in its value; none where nobody needs to know it.
pub fn setting(key: &str, value: &str, at: Location, profile: Option<&Arc<str>>) -> Option<Setting> {
    if is_noise(key) || !is_useful(key, value.trim()) {
        return None;
    }
    // Quarkus writes the profile before the key: `%dev.quarkus.http.port`.
    match key.strip_prefix('%').and_then(|rest| rest.split_once('.')) {
        Some((profile, rest)) => harmless(rest, value, at, Some(profile.into())),
        None => harmless(key, value, at, profile.cloned()),
    }
}

/// A variable of the environment: any file may fill it in anywhere, so it is kept unless it is secret.
pub fn variable(name: &str, value: &str, at: Location, profile: Option<Arc<str>>) -> Option<Setting> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.bytes().all(is_name) { harmless(name, value, at, profile) } else { None }
}

fn harmless(key: &str, value: &str, at: Location, profile: Option<Arc<str>>) -> Option<Setting> {
    let value = value.trim();
    let is_short =
        !value.is_empty() && value.len() <= LONGEST && !value.contains('\n') && !key.is_empty() && key.len() <= LONGEST;
    if !is_short || secret::is_secret(key) || secret::is_blob(value) {
        return None;
    }
    let value = secret::without_secrets(value);
    let value = value.trim();
    (!value.is_empty()).then(|| Setting { key: key.into(), value: Spanned::new(value.into(), at), profile })
}

fn is_noise(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    NOISE.iter().any(|group| lower.strip_prefix(group).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ':'])))
}

fn is_useful(key: &str, value: &str) -> bool {
    let last = key.rsplit(['.', ':']).next().unwrap_or(key);
    if matches!(value, "true" | "false" | "True" | "False") {
        return false;
    }
    // What an application offers for its own supervision, and which parts it is made of, is nobody's partner.
    if key.starts_with("management.") || key.contains("river") || key.contains("ialect") {
        return secret::words(last).any(|word| matches!(word.as_str(), "port" | "path"));
    }
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if is_number {
        return secret::words(last).any(|word| matches!(word.as_str(), "port" | "ports"));
    }
    value.contains("://")
        || secret::words(key).any(|word| WORDS.contains(&word.as_str()))
        || is_host(value)
        || is_connection(value)
}

/// `Server=db;Database=orders`.
fn is_connection(value: &str) -> bool {
    let begins = ["Server=", "Data Source=", "Host=", "Endpoint=", "DefaultEndpointsProtocol=", "server=", "host="];
    begins.iter().any(|begin| value.starts_with(begin)) && value.contains(';')
}

/// `orders:8080`, `orders.shop.svc`.
fn is_host(value: &str) -> bool {
    let Some((host, port)) = value.rsplit_once(':') else { return value.ends_with(".svc") || value.contains(".svc.") };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    !host.is_empty()
        && host.chars().all(is_name)
        && !port.is_empty()
        && port.len() <= 5
        && port.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_matter_is_kept() {
        let kept =
            |key: &str, value: &str| setting(key, value, Location::TOP, None).map(|setting| setting.value.value.to_string());
        for (key, value, expected) in [
            ("spring.application.name", "orders", Some("orders")),
            ("server.port", "${PORT:8080}", Some("${PORT:8080}")),
            ("server.port", "8080", Some("8080")),
            ("server.servlet.context-path", "/api", Some("/api")),
            ("spring.datasource.url", "jdbc:mysql://root:secret@db/orders", Some("jdbc:mysql://db/orders")),
            ("ConnectionStrings:Orders", "Server=sql;Database=Orders;Password=x", Some("Server=sql;Database=Orders")),
            ("billing.url", "http://billing:8080", Some("http://billing:8080")),
            ("remote", "billing:8080", Some("billing:8080")),
            ("spring.datasource.password", "x", None),
            ("jwt.secret.path", "/x", None),
            ("logging.level.root", "INFO", None),
            ("Logging:LogLevel:Default", "Warning", None),
            ("spring.jpa.show-sql", "true", None),
            ("database.pool", "10", None),
            ("spring.datasource.driver-class-name", "org.postgresql.Driver", None),
            ("management.metrics.tags.application", "orders", None),
            ("management.server.port", "8081", Some("8081")),
            ("service.description", "{cipher}abc", None),
            ("service.id", "0123456789abcdef0123456789abcdef", None),
            ("greeting", "hello", None),
            ("Orders", "Server=db;Database=orders", Some("Server=db;Database=orders")),
            ("storage.bucket", "invoices", Some("invoices")),
            ("rabbit.routingKey", "order.placed", Some("order.placed")),
        ] {
            assert_eq!(kept(key, value).as_deref(), expected, "{key}");
        }
    }
}
