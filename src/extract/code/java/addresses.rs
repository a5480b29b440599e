//! Addresses that a file names outside of the calls that are known.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::chains::Chain;
use super::known::mentions;
use super::types::Annotation;
use super::values;
use crate::extract::Output;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::{Code, Framework};
use crate::facts::{Address, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "addresses",
    marks: &[
        "\"http://",
        "\"https://",
        "\"lb://",
        "getenv",
        "@Value(",
        "@ConfigProperty(",
        "getProperty(",
        "\"jdbc:",
        "new Host",
    ],
    read: addresses,
};
/// Addresses of one file that are kept.
const MOST_ADDRESSES: usize = 200;
/// Tokens before a literal among which what it is given to is looked for.
const MOST_BEFORE: usize = 8;

/// Identifiers of schemas, licences and pages for people.
const NO_ADDRESSES: [&str; 12] = [
    "://www.w3.org",
    "://schemas.",
    "://json-schema.org",
    "://www.apache.org/licenses",
    "://opensource.org",
    "://creativecommons.org",
    "://swagger.io",
    "://xml.",
    "://java.sun.com",
    "://xmlns.",
    "://www.springframework.org",
    "://docs.",
];
/// Calls and annotations whose texts people or browsers read.
const FOR_PEOPLE: [&str; 34] = [
    "info",
    "debug",
    "warn",
    "error",
    "trace",
    "log",
    "println",
    "print",
    "printf",
    "fatal",
    "addServersItem",
    "url",
    "contact",
    "license",
    "allowedOrigins",
    "allowedOrigin",
    "addAllowedOrigin",
    "setAllowedOrigins",
    "setAllowedOriginPatterns",
    "allowedOriginPatterns",
    "CrossOrigin",
    "Server",
    "Contact",
    "License",
    "Operation",
    "Schema",
    "ExternalDocumentation",
    "Deprecated",
    "Link",
    "Parameter",
    "description",
    "describedAs",
    "IllegalArgumentException",
    "RuntimeException",
];
/// Ends of names of variables that hold no address.
const NO_VARIABLES: [&str; 42] = [
    "port",
    "password",
    "pass",
    "secret",
    "token",
    "key",
    "level",
    "debug",
    "timeout",
    "user",
    "username",
    "env",
    "version",
    "mode",
    "enabled",
    "interval",
    "size",
    "limit",
    "home",
    "dir",
    "profile",
    "separator",
    "directory",
    "path",
    "name",
    "origins",
    "region",
    "num",
    "key_id",
    "package",
    "headless",
    "hostname",
    "namespace",
    "stats",
    "tracing",
    "metrics",
    "revision",
    "algorithm",
    "locale",
    "format",
    "cron",
    "delay",
];

fn addresses(code: &Code, output: &mut Output) {
    let used = Used::of(output);
    let mut found: Vec<Address> = Vec::new();
    for at in 0..code.len() {
        if found.len() >= MOST_ADDRESSES {
            break;
        }
        let address = match code.kind(at) {
            Some(TokenKind::Literal) => literal_address(code, at, &used).or_else(|| named_host(code, at)),
            Some(TokenKind::Word) => setting(code, at, &used),
            _ => None,
        };
        found.extend(address);
    }
    if !found.is_empty() {
        output.facts.push(Fact::Addresses { addresses: found });
    }
}

/// A type of the house for hosts says that the one word it is given is one: `new Hostname("orders")`.
fn named_host(code: &Code, at: usize) -> Option<Address> {
    let open = at.checked_sub(1).filter(|&open| code.is(open, "(") && code.partner(open) == at + 1)?;
    let of = open.checked_sub(1)?;
    let is_host = code.word(of)?.starts_with("Host") && of.checked_sub(1).is_some_and(|new| code.is(new, "new"));
    let name = code.literal(at).filter(|_| is_host)?;
    let is_label = name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    is_label.then(|| Address {
        at: code.at(at),
        value: Value::Literal(format!("discovery://{name}").into()),
        name: Some("host".into()),
    })
}

/// What facts of the file name already.
#[derive(Default)]
struct Used {
    hosts: FxHashSet<String>,
    settings: FxHashSet<Arc<str>>,
}

impl Used {
    fn of(output: &Output) -> Used {
        let mut used = Used::default();
        for fact in &output.facts {
            match fact {
                Fact::Call(site) => used.add(&site.target),
                Fact::Connection(store) => used.add(&store.address),
                Fact::Handler(handler) => used.add(&handler.name),
                Fact::Gateway(gateway) => gateway.forwards.iter().for_each(|forward| used.add(&forward.target)),
                _ => {}
            }
        }
        used
    }

    /// True for a value whose settings are all named already, where it has some.
    fn knows(&self, value: &Value) -> bool {
        let mut own = Used::default();
        own.add(value);
        let host_is_known = own.hosts.iter().all(|host| self.hosts.contains(host));
        !own.settings.is_empty() && host_is_known && own.settings.iter().all(|setting| self.settings.contains(setting))
    }

    fn add(&mut self, value: &Value) {
        let mut waiting = vec![value];
        while let Some(value) = waiting.pop() {
            match value {
                Value::Literal(text) => self.hosts.extend(host(text).map(str::to_owned)),
                Value::Env { name, default } => {
                    self.settings.insert(name.clone());
                    waiting.extend(default.as_deref());
                }
                Value::Property { key, default } => {
                    self.settings.insert(key.clone());
                    waiting.extend(default.as_deref());
                }
                Value::Concat(parts) => waiting.extend(parts),
                _ => {}
            }
        }
    }
}

/// The host of a URL with its port, or of `host:port`.
fn host(text: &str) -> Option<&str> {
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b':' | b'-')) => {
            rest
        }
        Some(_) => return None,
        None => {
            let (host, port) = text.split_once(':')?;
            let is_port = (2..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
            let is_host =
                host.len() > 2 && host.starts_with(|first: char| first.is_ascii_lowercase()) && !host.contains(['/', ' ', '_']);
            return (is_port && is_host).then_some(text);
        }
    };
    let end = rest.find(['/', '?', '#', '"']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next()?;
    let is_host = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'_' | b',' | b'$' | b'{' | b'}' | b'%'));
    (is_host && host.starts_with(|first: char| first.is_ascii_alphanumeric() || matches!(first, '$' | '{' | '%'))).then_some(host)
}

fn literal_address(code: &Code, at: usize, used: &Used) -> Option<Address> {
    let text = code.literal(at)?;
    let host = host(&text)?;
    let is_own =
        ["localhost", "127.0.0.1", "0.0.0.0"].iter().any(|own| host.starts_with(own)) && mentions(code, "SpringApplication");
    let is_none = text.len() > 300 || text.contains([' ', '\n']) || NO_ADDRESSES.iter().any(|none| text.contains(none));
    if is_none || is_own || used.hosts.contains(host) || is_for_people(code, at) {
        return None;
    }
    let value = values::reached(code, whole(code, at));
    if matches!(value, Value::Unknown(_)) || used.knows(&value) {
        return None;
    }
    Some(Address { at: code.at(at), value, name: given_to(code, at) })
}

/// The expression that begins with a literal: a format with what is put in, or a text that goes on.
fn whole(code: &Code, at: usize) -> Range<usize> {
    let open = at.checked_sub(1).filter(|&open| code.is(open, "(") && code.is_any(open.wrapping_sub(1), &["format"]));
    if let Some(call) = open.and_then(|open| code.call_before(open)) {
        return call.start..code.after(call.open);
    }
    let mut end = at + 1;
    while code.is(end, "+") && end < at + 40 {
        end += 1;
        while end < code.len() && !code.is_any(end, &["+", ";", ",", ":", "?"]) && code.kind(end) != Some(TokenKind::Close) {
            end = code.after(end);
        }
    }
    at..end
}

/// True inside of a call or annotation for people, such as a message of a log.
fn is_for_people(code: &Code, at: usize) -> bool {
    let mut from = at;
    for _ in 0..40 {
        let Some(before) = from.checked_sub(1) else { return false };
        if code.is_any(before, &[";", "}"]) {
            return false;
        }
        if code.is_any(before, &["(", "{"]) {
            let is_setting = || code.is_any(before - 1, &["Value", "ConfigProperty", "Property", "getOrDefault", "getProperty"]);
            if before > 0 && (code.is_any(before - 1, &FOR_PEOPLE) || is_setting()) {
                return true;
            }
        } else if code.kind(before) == Some(TokenKind::Close) {
            from = code.partner(before).min(before);
            continue;
        }
        from = before;
    }
    false
}

/// The name to which a value is assigned, or as which it is given.
fn given_to(code: &Code, at: usize) -> Option<Arc<str>> {
    let from = at.saturating_sub(MOST_BEFORE);
    let before = (from..at).rev().take_while(|&at| !code.is_any(at, &[";", "{", "}", ","]));
    let equals = before.into_iter().find(|&at| code.is(at, "="))?;
    // `name: Type = value` of Kotlin.
    let typed = code.language.name() == "Kotlin" && code.is(equals.wrapping_sub(2), ":");
    code.word(equals.checked_sub(if typed { 3 } else { 1 })?).map(Into::into)
}

/// A read of the environment or of a setting at a word: `getenv("A")`, `getProperty("a")`, `@Value("${a}")`.
fn setting(code: &Code, at: usize, used: &Used) -> Option<Address> {
    let word = code.text_of(at);
    let (value, place, name) = match word {
        "getenv" | "getProperty" | "getRequiredProperty" if code.is(at + 1, "(") => {
            let start = code.call_before(at + 1)?.start;
            let chain = Chain::at(code, start)?;
            let links =
                chain.links.iter().take_while(|link| link.name <= at || code.is_any(link.name, &["getOrDefault", "get", "["]));
            let end = links.last().and_then(|link| link.open).map(|open| code.after(open))?;
            let elvis = code.is(end, "?:") && end + 2 < code.len();
            let value = values::value(code, start..if elvis { end + 2 } else { end });
            (value, code.location(start..end), given_to(code, start))
        }
        "Value" | "ConfigProperty" if at > 0 && code.is(at - 1, "@") && code.is(at + 1, "(") => {
            let annotation = Annotation::read(code, at);
            let value = values::setting(code, &annotation)?;
            (value, code.location(at..annotation.end), declared_behind(code, annotation.end))
        }
        _ => return None,
    };
    let key = match &value {
        Value::Env { name, .. } => name,
        Value::Property { key, .. } => key,
        // A setting inside of an address: `@Value("http://${host}/a")`.
        Value::Concat(_) if word == "Value" && !used.knows(&value) => return Some(Address { at: place, value, name }),
        _ => return None,
    };
    let small = key.to_ascii_lowercase();
    let is_switch = small.starts_with("enable_") || small.starts_with("disable_");
    let may_hold = !is_switch && !NO_VARIABLES.iter().any(|end| small.ends_with(end)) && !used.settings.contains(key);
    let is_word = matches!(&value, Value::Property { default: Some(default), .. } if matches!(&**default, Value::Literal(text) if matches!(&**text, "true" | "false") || text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty()));
    (may_hold && !is_word).then_some(Address { at: place, value, name })
}

/// The name of the field or parameter behind an annotation.
fn declared_behind(code: &Code, from: usize) -> Option<Arc<str>> {
    let end = (from..from + 16).find(|&at| code.is_any(at, &[";", "=", ",", ")", ":"]))?;
    code.word(end.checked_sub(1)?).map(Into::into)
}
