//! Addresses that code names outside of the calls that are known, for every language: URLs, `host:port`, variables that may hold one.
//!
//! Facts of calls and stores come first: what is a part of them is no address of its own.

use super::Code;
use super::calls::Call;
use super::tokens::TokenKind;
use crate::extract::Output;
use crate::facts::{Address, Fact, Value};

/// Addresses of one file that are kept.
const MOST_ADDRESSES: usize = 200;
/// The longest text that is an address.
const LONGEST: usize = 300;

/// Schemes of URLs behind which a program listens.
const SCHEMES: [&str; 22] = [
    "http",
    "https",
    "ws",
    "wss",
    "grpc",
    "tcp",
    "amqp",
    "amqps",
    "nats",
    "redis",
    "rediss",
    "postgres",
    "postgresql",
    "mysql",
    "mongodb",
    "mongodb+srv",
    "kafka",
    "mqtt",
    "pulsar",
    "dns",
    "ecto",
    "thrift",
];
/// Hosts that name a form, a licence or a page for people, or the program itself.
#[rustfmt::skip]
const NO_HOSTS: [&str; 24] = [
    "localhost", "127.0.0.1", "0.0.0.0", "[::]", "[::1]", "www.w3.org", "schema.org", "json-schema.org", "github.com", "example.com",
    "example.org", "www.apache.org", "creativecommons.org", "opensource.org", "docs.rs", "hexdocs.pm", "crates.io", "schemas.xmlsoap.org",
    "en.wikipedia.org", "stackoverflow.com", "www.rfc-editor.org", "tools.ietf.org", "datatracker.ietf.org", "opentelemetry.io",
];
/// Ends of the names of variables that hold something else.
#[rustfmt::skip]
const NO_ADDRESSES: [&str; 26] = [
    "PORT", "PASSWORD", "PASS", "SECRET", "TOKEN", "KEY", "LEVEL", "TIMEOUT", "USER", "USERNAME", "DEBUG", "LOG", "SIZE", "ENV", "MODE",
    "HOME", "PATH", "DIR", "FILE", "REGION", "VERSION", "ENABLED", "TTL", "COUNT", "INTERVAL", "SALT",
];

/// True for a text that is a URL with a scheme and host, or a host with a port.
pub fn is_address(text: &str) -> bool {
    if text.len() > LONGEST || text.contains([' ', '\n', '\t', '<', '"', '\\']) {
        return false;
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host).split(['/', '?', '#']).next().unwrap_or("");
        let name = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or(host) };
        let known = name.starts_with(|first: char| first.is_ascii_alphanumeric()) && !NO_HOSTS.contains(&name);
        return SCHEMES.contains(&scheme) && known && !name.starts_with("docs.");
    }
    let Some((host, port)) = text.split_once(':') else { return false };
    let is_port = port.len() >= 2 && port.parse::<u16>().is_ok_and(|port| port > 0);
    let is_host = host.starts_with(|first: char| first.is_ascii_lowercase())
        && host.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.' | b'_'));
    is_port && is_host && !NO_HOSTS.contains(&host)
}

/// True for a variable of the environment whose name does not say that it holds something else.
pub fn may_hold_address(variable: &str) -> bool {
    let upper = variable.to_ascii_uppercase();
    let last = upper.rsplit(['_', '.']).next().unwrap_or(&upper);
    !NO_ADDRESSES.contains(&last) && !upper.contains("SECRET") && !upper.contains("PASSWORD")
}

/// True for a setting whose name says that it holds an address: most settings hold something else.
fn says_address(key: &str) -> bool {
    let last = key.rsplit('.').next().unwrap_or(key).to_ascii_lowercase();
    ["url", "uri", "host", "addr", "endpoint", "server", "broker", "base"].iter().any(|word| last.contains(word))
}

/// Where facts of calls, stores, bindings and handlers stand, in the order of the text.
pub struct Stated(Vec<u32>);

impl Stated {
    pub fn new(output: &Output) -> Stated {
        let mut starts: Vec<u32> = output
            .facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::Call(site) => Some(site.at.start),
                Fact::Connection(store) => Some(store.at.start),
                Fact::Binding(binding) => Some(binding.at.start),
                Fact::Handler(handler) => Some(handler.at.start),
                _ => None,
            })
            .collect();
        starts.sort_unstable();
        Stated(starts)
    }

    /// Whether one of them is a call.
    pub fn has(&self, code: &Code, call: Call) -> bool {
        let (from, to) = (code.tokens[call.start].start, code.tokens[call.open].start);
        let next = self.0.partition_point(|&start| start < from);
        self.0.get(next).is_some_and(|&start| start < to)
    }
}

/// States every address of a file that is no part of what the facts say already: its literals, and the reads of the environment that the
/// dialect found, each with the token where it begins. `skipped` are the tokens of tests.
pub fn add(code: &Code, output: &mut Output, reads: Vec<(usize, Value)>, skipped: &[std::ops::Range<usize>]) {
    let mut known = Known::default();
    for fact in &output.facts {
        match fact {
            Fact::Call(site) => {
                known.enter(&site.target);
                site.exchange.iter().for_each(|value| known.enter(value));
            }
            Fact::Connection(store) => {
                known.enter(&store.address);
                store.database.iter().for_each(|value| known.enter(value));
            }
            Fact::Handler(handler) => known.enter(&handler.name),
            _ => {}
        }
    }
    let mut found: Vec<(usize, Value)> = reads
        .into_iter()
        .filter(|(_, value)| match value {
            Value::Env { name, .. } => may_hold_address(name) && !known.variables.contains(&&**name),
            Value::Property { key, .. } => says_address(key) && !known.variables.contains(&&**key),
            _ => true,
        })
        .collect();
    let in_defaults: Vec<String> = found.iter().flat_map(|(_, value)| literals(value)).map(str::to_owned).collect();
    for at in (0..code.len()).filter(|&at| code.kind(at) == Some(TokenKind::Literal)) {
        if found.len() >= MOST_ADDRESSES {
            break;
        }
        // Cheap: most literals are no addresses.
        if !code.text_of(at).contains(':') || skipped.iter().any(|range| range.contains(&at)) {
            continue;
        }
        let Some(text) = code.literal(at).filter(|text| is_address(text)) else { continue };
        let is_part = known.texts.iter().any(|known| known.contains(&*text)) || in_defaults.iter().any(|known| *known == *text);
        if !is_part && !is_logged(code, at) {
            found.push((at, Value::Literal(text.as_ref().into())));
        }
    }
    found.truncate(MOST_ADDRESSES);
    found.sort_by_key(|(at, _)| *at);
    let address = |(at, value)| Address { at: code.at(at), value, name: assigned_to(code, at).map(Into::into) };
    let addresses: Vec<Address> = found.into_iter().map(address).collect();
    if !addresses.is_empty() {
        output.facts.push(Fact::Addresses { addresses });
    }
}

/// What a value at a token is assigned to: `name = `, `name: `, `name => `.
pub fn assigned_to<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    let mut sign = at.checked_sub(1)?;
    while code.is_any(sign, &["&", "(", "::", ".", "*"]) || code.is_any(sign, &["std", "env", "String", "from"]) {
        sign = sign.checked_sub(1)?;
    }
    // `@name value` of Elixir.
    if code.word(sign).is_some() && sign.checked_sub(1).is_some_and(|mark| code.is(mark, "@")) {
        return code.word(sign);
    }
    if !code.is_any(sign, &["=", ":", ":=", "=>"]) {
        return None;
    }
    let before = sign.checked_sub(1)?;
    // `name: Type = value`
    let colon = (sign.saturating_sub(8)..sign).rev().find(|&at| code.is_any(at, &[":", ",", ";", "{", "}", "("]));
    let typed = colon.filter(|&colon| code.is(sign, "=") && code.is(colon, ":")).and_then(|colon| colon.checked_sub(1));
    code.word(typed.unwrap_or(before)).filter(|name| !matches!(*name, "do" | "else"))
}

/// Texts in macros and functions that write logs are for people.
fn is_logged(code: &Code, at: usize) -> bool {
    let from = at.saturating_sub(3);
    (from..at).any(|at| {
        code.is_any(
            at,
            &[
                "info", "warn", "error", "debug", "trace", "println", "eprintln", "panic", "expect", "Logger", "log", "raise",
                "printf",
            ],
        )
    })
}

#[derive(Default)]
struct Known<'f> {
    texts: Vec<&'f str>,
    variables: Vec<&'f str>,
}

impl<'f> Known<'f> {
    fn enter(&mut self, value: &'f Value) {
        let mut waiting = vec![value];
        while let Some(value) = waiting.pop() {
            match value {
                Value::Literal(text) => self.texts.push(text),
                Value::Concat(parts) => waiting.extend(parts),
                Value::Env { name, default } | Value::Property { key: name, default } => {
                    self.variables.push(name);
                    waiting.extend(default.as_deref());
                }
                Value::Symbol(_) | Value::Parameter { .. } | Value::Unknown(_) => {}
            }
        }
    }
}

fn literals(value: &Value) -> Vec<&str> {
    let mut known = Known::default();
    known.enter(value);
    known.texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        assert_eq!(is_address(text), expected, "{text}");
    }

    #[test]
    fn addresses_have_hosts() {
        for text in
            ["http://orders:8080", "https://api.acme.com/v1", "orders:8080", "amqp://guest:guest@queue:5672", "mongodb://db/x"]
        {
            check(text, true);
        }
        for text in [
            "http://www.w3.org/2000/svg",
            "http://localhost:3000",
            "0.0.0.0:80",
            "http://",
            "http://{}",
            "see http://orders",
            "a:b",
            "12:30",
            "note:1",
            "urn:a:b",
            "file://x",
        ] {
            check(text, false);
        }
    }

    #[test]
    fn variables_say_what_they_hold() {
        assert!(may_hold_address("ORDERS_URL") && may_hold_address("ORDERS_ADDR") && may_hold_address("DATABASE_HOST"));
        assert!(!may_hold_address("ORDERS_PORT") && !may_hold_address("JWT_SECRET"));
    }
}
