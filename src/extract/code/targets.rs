//! What values say as targets of calls: paths below bases, queries left out, addresses told from other texts, settings as texts.

use rustc_hash::FxHashSet;

use super::value::{concat, literal};
use crate::facts::{Fact, Value};

/// Parts of a value that are looked at.
const MOST_PARTS: usize = 64;
/// Words of names that hold an address.
const WORDS: [&str; 22] = [
    "url",
    "urls",
    "uri",
    "host",
    "hosts",
    "hostname",
    "endpoint",
    "endpoints",
    "addr",
    "address",
    "server",
    "servers",
    "service",
    "svc",
    "broker",
    "brokers",
    "dsn",
    "api",
    "gateway",
    "upstream",
    "domain",
    "base",
];
/// Words of names whose values are nobody's business.
const SECRETS: [&str; 10] = ["password", "passwd", "secret", "token", "key", "username", "user", "version", "timeout", "name"];
/// Hosts of schemas, licences and documentation, and of examples.
const NO_HOSTS: [&str; 14] = [
    "www.w3.org",
    "json-schema.org",
    "schemas.xmlsoap.org",
    "xmlns.com",
    "purl.org",
    "www.apache.org",
    "opensource.org",
    "www.gnu.org",
    "creativecommons.org",
    "example.com",
    "www.example.com",
    "example.org",
    "github.com",
    "schema.org",
];

/// `get_order` is called `GetOrder` by others.
pub fn camel(name: &str) -> String {
    let upper = |part: &str| {
        let mut letters = part.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    };
    name.split('_').map(upper).collect()
}

/// A path below a base, with one slash between; a path that is a whole URL stands for itself.
pub fn below(base: Value, path: Value) -> Value {
    if has_scheme(&path) || matches!(first(&path), Value::Env { .. } | Value::Property { .. }) {
        return path;
    }
    if path == literal("") {
        return base;
    }
    let ends = matches!(last(&base), Value::Literal(text) if text.ends_with('/'));
    let begins = matches!(first(&path), Value::Literal(text) if text.starts_with(['/', '?']));
    match (ends, begins) {
        (true, true) => concat([base, without_first_slash(path)]),
        (false, false) => concat([base, literal("/"), path]),
        _ => concat([base, path]),
    }
}

/// The value without slashes at its end; of a variable the default alone is known.
pub fn without_last_slash(value: Value) -> Value {
    let plain = |default: Option<Box<Value>>| {
        default.map(|inner| match *inner {
            Value::Literal(text) => Box::new(literal(text.trim_end_matches('/'))),
            other => Box::new(other),
        })
    };
    match value {
        Value::Literal(text) => literal(text.trim_end_matches('/')),
        Value::Env { name, default } => Value::Env { name, default: plain(default) },
        Value::Property { key, default } => Value::Property { key, default: plain(default) },
        Value::Concat(mut parts) => {
            if let Some(Value::Literal(text)) = parts.last_mut() {
                *text = text.trim_end_matches('/').into();
            }
            concat(parts)
        }
        other => other,
    }
}

/// The value without slashes at its beginning.
pub fn without_first_slash(value: Value) -> Value {
    match value {
        Value::Literal(text) => literal(text.trim_start_matches('/')),
        Value::Concat(mut parts) => {
            if let Some(Value::Literal(text)) = parts.first_mut() {
                *text = text.trim_start_matches('/').into();
            }
            concat(parts)
        }
        other => other,
    }
}

/// The target without a query or fragment.
pub fn without_query(value: Value) -> Value {
    let cut = |text: &str| text.find(['?', '#']);
    match value {
        Value::Literal(text) => match cut(&text) {
            Some(end) => literal(&text[..end]),
            None => Value::Literal(text),
        },
        Value::Concat(parts) => {
            let mut kept = Vec::with_capacity(parts.len());
            for part in parts {
                match &part {
                    Value::Literal(text) => match cut(text) {
                        Some(end) => {
                            kept.push(literal(&text[..end]));
                            break;
                        }
                        None => kept.push(part),
                    },
                    _ => kept.push(part),
                }
            }
            concat(kept)
        }
        other => other,
    }
}

/// The first part of a value.
pub fn first(value: &Value) -> &Value {
    match value {
        Value::Concat(parts) => parts.first().unwrap_or(value),
        other => other,
    }
}

fn last(value: &Value) -> &Value {
    match value {
        Value::Concat(parts) => parts.last().unwrap_or(value),
        other => other,
    }
}

/// True for what begins as a URL does: `http://…`.
pub fn has_scheme(value: &Value) -> bool {
    matches!(first(value), Value::Literal(text) if text.starts_with("http://") || text.starts_with("https://"))
}

/// True for a literal that says where something listens: a URL with a host, or `host:port`.
pub fn is_address(text: &str) -> bool {
    let is_file =
        [".jpg", ".jpeg", ".png", ".gif", ".svg", ".ico", ".css", ".js", ".html", ".pdf"].iter().any(|end| text.ends_with(end));
    if text.len() > 300
        || is_file
        || text.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\\' | '|' | '*'))
    {
        return false;
    }
    let (has_scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => {
            let is_scheme = !scheme.is_empty()
                && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
                && !matches!(scheme, "file" | "php" | "data" | "phar" | "vfs" | "ftp" | "app");
            (is_scheme, rest)
        }
        None => (false, text),
    };
    if text.contains("://") && !has_scheme {
        return false;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let is_host = host.len() > 1
        && host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
    if !is_host || NO_HOSTS.contains(&host) {
        return false;
    }
    match port {
        Some(port) if !has_scheme => {
            let has_letter = host.contains(|c: char| c.is_ascii_lowercase());
            has_letter && (2..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit()) && rest == authority
        }
        Some(port) => port.is_empty() || port.bytes().all(|byte| byte.is_ascii_digit()),
        None => has_scheme,
    }
}

/// True for a name of a variable or setting that may hold an address: `ORDERS_URL`, `services.orders.host`.
pub fn may_name_address(name: &str) -> bool {
    let words: Vec<String> = crate::extract::deployment::secret::words(name).collect();
    words.iter().any(|word| WORDS.contains(&word.as_str()))
        && !words.last().is_some_and(|word| SECRETS.contains(&word.as_str()))
        && !crate::extract::deployment::secret::is_secret(name)
}

/// A setting's value as applications write it, variables as `${NAME:default}`; None for what can't be written so.
pub fn setting_text(value: &Value) -> Option<String> {
    match value {
        Value::Literal(text) => Some(text.to_string()),
        Value::Env { name, default } | Value::Property { key: name, default } => match default {
            Some(default) => Some(format!("${{{name}:{}}}", setting_text(default)?)),
            None => Some(format!("${{{name}}}")),
        },
        Value::Concat(parts) if parts.len() <= MOST_PARTS => {
            parts.iter().map(|part| if matches!(part, Value::Concat(_)) { None } else { setting_text(part) }).collect()
        }
        _ => None,
    }
}

/// What facts of a file say already of addresses.
#[derive(Default)]
pub struct Told(FxHashSet<String>);

impl Told {
    pub fn of(facts: &[Fact]) -> Told {
        let mut told = Told::default();
        for fact in facts {
            match fact {
                Fact::Call(call) => {
                    told.add(&call.target);
                    call.exchange.iter().for_each(|exchange| told.add(exchange));
                }
                Fact::Connection(connection) => {
                    told.add(&connection.address);
                    connection.database.iter().for_each(|database| told.add(database));
                }
                Fact::Handler(handler) => told.add(&handler.name),
                Fact::Gateway(gateway) => gateway.forwards.iter().for_each(|forward| told.add(&forward.target)),
                Fact::Binding(binding) => [&binding.exchange, &binding.queue].into_iter().for_each(|value| told.add(value)),
                _ => {}
            }
        }
        told
    }

    /// Remembers a value, and tells whether a part of it is new.
    pub fn add_new(&mut self, value: &Value) -> bool {
        let mut parts = Vec::new();
        name_parts(value, &mut parts, 4);
        let mut is_new = false;
        for part in parts {
            is_new |= self.0.insert(part);
        }
        is_new
    }

    fn add(&mut self, value: &Value) {
        self.add_new(value);
    }
}

/// Variables, settings, and hosts of literals.
fn name_parts(value: &Value, found: &mut Vec<String>, steps: u32) {
    match value {
        Value::Literal(text) => {
            let rest = text.split_once("://").map(|(_, rest)| rest).or(Some(&**text).filter(|text| is_address(text)));
            let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(rest));
            found.extend(host.filter(|host| !host.is_empty()).map(str::to_owned));
        }
        Value::Env { name, .. } => found.push(format!("${name}")),
        Value::Property { key, .. } => found.push(format!("%{key}")),
        Value::Concat(parts) if steps > 0 => {
            parts.iter().take(MOST_PARTS).for_each(|part| name_parts(part, found, steps - 1));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::code::snapshot::show;

    fn env(name: &str) -> Value {
        Value::Env { name: name.into(), default: Some(Box::new(literal("http://a"))) }
    }

    #[test]
    fn paths_lie_below_their_base() {
        let check = |base: Value, path: Value, expected: &str| assert_eq!(show(&below(base, path)), expected);
        check(literal("http://a/"), literal("/b"), "http://a/b");
        check(literal("http://a"), literal("b"), "http://a/b");
        check(literal("http://a"), literal("http://c/b"), "http://c/b");
        check(env("A"), literal("/b"), "env(A or http://a)+/b");
        check(literal("http://a/"), concat([literal("/b/"), Value::Unknown("id".into())]), "http://a/b/+?id");
        check(literal("http://a"), literal("?b=c"), "http://a?b=c");
    }

    #[test]
    fn queries_are_left_out() {
        assert_eq!(without_query(literal("/a?b=c")), literal("/a"));
        let value = concat([env("A"), literal("/b?c="), Value::Unknown("d".into())]);
        assert_eq!(show(&without_query(value)), "env(A or http://a)+/b");
    }

    #[test]
    fn addresses_have_a_host() {
        for text in ["http://orders:8080/a", "https://api.acme.io", "amqp://u:p@rabbit:5672/v", "redis:6379", "http://orders"] {
            assert!(is_address(text), "{text}");
        }
        for text in ["http://www.w3.org/2001", "a::b", "12:30", "http://", "file:///a", "see http://a", "orders", "a:b", "C:80"] {
            assert!(!is_address(text), "{text}");
        }
        assert!(may_name_address("ORDERS_URL") && may_name_address("services.orders.baseUrl"));
        assert!(!may_name_address("API_KEY") && !may_name_address("DEBUG") && !may_name_address("SERVICE_NAME"));
    }

    #[test]
    fn settings_are_written_with_their_variables() {
        assert_eq!(setting_text(&concat([env("A"), literal("/b")])).as_deref(), Some("${A:http://a}/b"));
        assert_eq!(setting_text(&Value::Unknown("x".into())), None);
    }
}
