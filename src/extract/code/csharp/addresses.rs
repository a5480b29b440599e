//! Addresses that code names outside of the calls that are known, and calls of what may wrap a client.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{expressions, known_calls, registrations, values};
use crate::extract::Output;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::{Code, Framework};
use crate::facts::{Address, Fact, Value};

/// It comes last: what other readers state is no address of its own.
pub const FRAMEWORK: Framework = Framework {
    name: "dotnet-address",
    marks: &[
        "http://",
        "https://",
        "GetEnvironmentVariable",
        "onfiguration[",
        "onfig[",
        "GetSection(",
        "GetValue<",
        "GetConnectionString(",
        "\"/api/",
        "\"api/",
        "HttpClient",
    ],
    read,
};

const MOST: usize = 200;
/// Parts of names of settings that hold no address.
const NO_ADDRESSES: [&str; 26] = [
    "password",
    "secret",
    "apikey",
    "api_key",
    "token",
    "logging",
    "loglevel",
    "username",
    "timeout",
    "retry",
    "enabled",
    "version",
    "culture",
    "certificate",
    "thumbprint",
    "aspnetcore_environment",
    "running_in_container",
    "insecure",
    "minutes",
    "seconds",
    "audience",
    "issuer",
    "title",
    "description",
    "inmemory",
    "pwd",
];
/// Parts of hosts and paths that are read by people or name a format.
const NO_HOSTS: [&str; 14] = [
    "schemas.",
    "www.w3.org",
    "xmlns",
    "json-schema",
    "tools.ietf.org",
    "opensource.org",
    "apache.org/licenses",
    "creativecommons.org",
    "aka.ms",
    "go.microsoft.com",
    "docs.microsoft.com",
    "learn.microsoft.com",
    "swagger.io",
    "tempuri.org",
];
/// Words in whose arguments addresses are read by people, or are the program's own.
const NO_PLACES: [&str; 16] = [
    "WithOrigins",
    "UseUrls",
    "OpenApiContact",
    "OpenApiLicense",
    "TermsOfService",
    "Contact",
    "License",
    "LogInformation",
    "LogWarning",
    "LogError",
    "LogDebug",
    "WriteLine",
    "Run",
    "RunAsync",
    "Information",
    "Type",
];

fn read(code: &Code, output: &mut Output) {
    let mut known = BTreeSet::new();
    let mut places: FxHashSet<u32> = FxHashSet::default();
    for fact in &output.facts {
        match fact {
            Fact::Call(site) => {
                leaves(&site.target, &mut known);
                places.insert(site.at.start);
            }
            Fact::Connection(store) => {
                leaves(&store.address, &mut known);
                places.insert(store.at.start);
            }
            Fact::Handler(handler) => {
                leaves(&handler.name, &mut known);
                places.insert(handler.at.start);
            }
            Fact::Binding(binding) => drop(places.insert(binding.at.start)),
            _ => {}
        }
    }
    registrations::constants(code).iter().for_each(|constant| leaves(&constant.value, &mut known));
    let mut found: Vec<Address> = Vec::new();
    let mut at = 0;
    while at < code.len() && found.len() < MOST {
        let here = at;
        at += 1;
        let Some(mut range) = expression(code, here) else { continue };
        if code.is(range.end, "??") && code.kind(range.end + 1) == Some(TokenKind::Literal) {
            range.end += 2;
        }
        let value = expressions::given(code, range.clone());
        let mut own = BTreeSet::new();
        leaves(&value, &mut own);
        // A base of what is called is known by what begins with it.
        let is_told = |leaf: &String| {
            let bare = leaf.trim_end_matches('/');
            known.range(bare.to_owned()..).next().is_some_and(|known| known.starts_with(bare))
        };
        if own.iter().all(is_told) || is_for_people(code, here) {
            continue;
        }
        known.extend(own);
        found.push(Address { at: code.location(range.clone()), value, name: assigned_to(code, range.start) });
    }
    if !found.is_empty() {
        output.facts.push(Fact::Addresses { addresses: found });
    }
    let invocations = code.invocations(&|range| values::text(code, range), &|call| {
        places.contains(&code.tokens[call.name].start) || known_calls::is_known(code, call)
    });
    if !invocations.is_empty() {
        output.facts.push(Fact::Invocations { invocations });
    }
}

/// The expression at a token that names an address: a literal, or what reads a variable or setting.
fn expression(code: &Code, at: usize) -> Option<Range<usize>> {
    match code.kind(at)? {
        TokenKind::Literal => {
            let text = code.text_of(at);
            let is_url =
                text.contains("://") && !text.contains("localhost") && !text.contains("127.0.0.1") && !text.contains("0.0.0.0");
            let named = is_url && !NO_HOSTS.iter().any(|host| text.contains(host)) && !text.contains([' ', '\n', '<', '*']);
            (named || is_host(text)).then_some(at..at + 1)
        }
        TokenKind::Word
            if code.is_any(at, &["GetEnvironmentVariable", "GetValue", "GetRequiredValue", "GetConnectionString"]) =>
        {
            let open = (at + 1..(at + 12).min(code.len())).find(|&open| code.is(open, "("))?;
            let call = code.call_before(open).filter(|call| call.name == at && call.start < at)?;
            let key = code.literal(code.inside(open).find(|&at| code.kind(at) == Some(TokenKind::Literal))?)?;
            may_be_address(&key).then_some(call.start..code.after(open))
        }
        TokenKind::Open if code.is(at, "[") && code.kind(at + 1) == Some(TokenKind::Literal) && code.partner(at) == at + 2 => {
            let last = at.checked_sub(1)?;
            code.word(last)
                .filter(|word| word.to_ascii_lowercase().contains("config") || word.to_ascii_lowercase().contains("section"))?;
            let key = code.literal(at + 1)?;
            may_be_address(&key).then_some(code.chain_start(last)..at + 3)
        }
        _ => None,
    }
}

/// `"host:port"`.
fn is_host(literal: &str) -> bool {
    let text = literal.trim_matches(['"', '$', '@']);
    let Some((host, port)) = text.split_once(':') else { return false };
    let is_name = host.len() > 2
        && host.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    is_name
        && host != "localhost"
        && host.contains(|c: char| c.is_ascii_lowercase())
        && (2..=5).contains(&port.len())
        && port.bytes().all(|byte| byte.is_ascii_digit())
}

fn may_be_address(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    !lower.contains(' ') && lower.len() > 1 && !NO_ADDRESSES.iter().any(|word| lower.contains(word))
}

/// True in arguments of what tells people something, or says where the program itself listens.
fn is_for_people(code: &Code, at: usize) -> bool {
    (at.saturating_sub(8)..at)
        .rev()
        .take_while(|&before| !code.is_any(before, &[";", "{", "}"]))
        .any(|before| code.is_any(before, &NO_PLACES))
}

fn assigned_to(code: &Code, start: usize) -> Option<Arc<str>> {
    let mut before = start.checked_sub(1)?;
    if code.is(before, "(") && code.is_any(before.wrapping_sub(1), &["Uri", "new"]) {
        before = before.checked_sub(if code.is(before - 1, "Uri") { 3 } else { 2 })?;
    }
    let name = before.checked_sub(1).filter(|_| code.is_any(before, &["=", ":", "=>", "??="]))?;
    code.word(name).map(Arc::from)
}

/// What of a value is an address: variables, settings, URLs and hosts.
fn leaves(value: &Value, found: &mut BTreeSet<String>) {
    let parts = match value {
        Value::Concat(parts) => parts.as_slice(),
        other => std::slice::from_ref(other),
    };
    for part in parts.iter().take(64) {
        match part {
            Value::Env { name, default } => {
                found.insert(format!("${name}"));
                if let Some(Value::Literal(text)) = default.as_deref() {
                    found.insert(text.to_string());
                }
            }
            Value::Property { key, default } => {
                found.insert(format!("@{key}"));
                if let Some(Value::Literal(text)) = default.as_deref() {
                    found.insert(text.to_string());
                }
            }
            Value::Literal(text) if text.contains(':') => {
                let end = text.find('?').unwrap_or(text.len());
                found.insert(text[..end].to_owned());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn addresses_outside_of_calls_are_told() {
        check(
            "A.cs",
            r#"
class A {
    void B(IConfiguration configuration) {
        var orders = configuration["OrdersUrl"];
        string broker = Environment.GetEnvironmentVariable("BROKER") ?? "rabbit:5672";
        options.Authority = "http://identity:8080";
        var secret = configuration["Jwt:Secret"];
        policy.WithOrigins("http://web:3000");
        var schema = "http://www.w3.org/2001/XMLSchema";
        log.LogInformation("see https://host/x");
    }
}"#,
            "4 address property(OrdersUrl) as orders
             5 address env(BROKER or rabbit:5672) as broker
              6 address http://identity:8080 as Authority",
        );
    }

    #[test]
    fn calls_with_addresses_may_be_wrappers() {
        check(
            "B.cs",
            r#"
class B(IRequestProvider provider) {
    Task C() => provider.GetAsync<Order>("/api/orders/1", token);
    object D(IConfiguration c) => new Repository(c.GetConnectionString("Orders"));
    void E() { app.MapThing("/api/x"); log.LogError("/api/y"); }
}"#,
            "4 address property(ConnectionStrings.Orders)
             3 invokes #IRequestProvider.GetAsync(/api/orders/1, <#token>)
             4 invokes #Repository(property(ConnectionStrings.Orders))",
        );
    }
}
