//! What requests over HTTP are made with: sessions and clients of libraries, their base addresses, and how addresses are put together.

use std::ops::Range;

use super::Reach;
use crate::extract::code::python::formats;
use crate::extract::code::python::names::Found;
use crate::extract::code::python::syntax::call as whole_call;
use crate::extract::code::value::{concat, literal, unknown};
use crate::facts::Value;

/// Classes of clients: package, class, the argument that is a base address (its name, and its place), and whether requests end after a
/// time of their own.
const CLASSES: [(&str, &str, &str, Option<usize>, bool); 20] = [
    ("requests", "Session", "", None, false),
    ("requests", "session", "", None, false),
    ("httpx", "Client", "base_url", None, true),
    ("httpx", "AsyncClient", "base_url", None, true),
    ("aiohttp", "ClientSession", "base_url", Some(0), true),
    ("aiohttp_retry", "RetryClient", "base_url", None, true),
    ("urllib3", "PoolManager", "", None, false),
    ("urllib3", "HTTPConnectionPool", "host", Some(0), false),
    ("niquests", "Session", "base_url", None, true),
    ("niquests", "AsyncSession", "base_url", None, true),
    ("requests_futures", "FuturesSession", "", None, false),
    ("requests_toolbelt", "BaseUrlSession", "base_url", Some(0), false),
    ("requests_cache", "CachedSession", "", None, false),
    ("requests_oauthlib", "OAuth2Session", "", None, false),
    ("authlib", "AsyncOAuth2Client", "base_url", None, true),
    ("tornado", "AsyncHTTPClient", "", None, true),
    ("tornado", "HTTPClient", "", None, true),
    ("httplib2", "Http", "", None, false),
    ("http", "HTTPConnection", "host", Some(0), false),
    ("http", "HTTPSConnection", "host", Some(0), false),
];

/// Names that stand for names.
const MOST_STEPS: u32 = 6;

/// What requests are made with.
pub struct Client {
    pub library: &'static str,
    pub base: Option<Value>,
    pub limited: Option<bool>,
}

/// What a receiver is, if it is a client of a library.
pub fn client_of(reach: &Reach, range: Range<usize>) -> Option<Client> {
    client(reach, range, MOST_STEPS)
}

fn client(reach: &Reach, range: Range<usize>, steps: u32) -> Option<Client> {
    let code = reach.code;
    let names = &reach.values.names;
    let range = range.start + usize::from(code.is(range.start, "await"))..range.end;
    if steps == 0 {
        return None;
    }
    if let Some(name) = code.dotted(range.clone()) {
        return match names.recent(&name, range.start) {
            Found::Assigned(index) => {
                let found = &names.assignments[index];
                let typed = || client_of_type(reach, &code.dotted(found.of.clone())?);
                (!found.value.contains(&range.start)).then(|| client(reach, found.value.clone(), steps - 1))?.or_else(typed)
            }
            Found::Parameter(_) => client_of_type(reach, &names.parameter_type(&name, range.start)?),
            Found::Unknown if name == "self" => {
                let item = names.class(range.start)?;
                let bases = code.arguments(item.parameters?);
                bases.into_iter().take(8).find_map(|base| client_of_type(reach, &code.dotted(base)?))
            }
            Found::Unknown => {
                // `http: httpx.AsyncClient` in the body of a class.
                let last = name.rsplit('.').next().unwrap_or(&name);
                code.occurrences(last).iter().take(64).map(|&at| at as usize).find_map(|at| {
                    let end = (at + 2..at + 7).find(|&end| code.word(end).is_none() && !code.is(end, "."))?;
                    let is_declared = code.is(at + 1, ":") && code.begins_line(at);
                    is_declared.then(|| client_of_type(reach, &code.dotted(at + 2..end)?))?
                })
            }
            _ => None,
        };
    }
    let (callee, open) = whole_call(code, range.clone())?;
    let name = code.dotted(callee.clone())?;
    let arguments = code.arguments(open);
    if let Some((library, base, place, limited)) = class_of(reach, &name) {
        let base = code.named(&arguments, base).filter(|_| !base.is_empty());
        let base = base.or_else(|| code.positional(&arguments).nth(place?).cloned());
        let base =
            base.map(|range| reach.values.value(range)).filter(|base| !matches!(base, Value::Unknown(why) if &**why == "None"));
        let base = match library {
            "http" | "urllib3" => base.map(|host| hosted(reach, host, &arguments, name.contains("HTTPS"))),
            _ => base,
        };
        let told = code.named(&arguments, "timeout").map(|range| !code.is(range.start, "None"));
        let limited = told.or_else(|| (!is_mounted(reach)).then_some(limited));
        let library = if library == "http" { "http.client" } else { library };
        return Some(Client { library, base, limited });
    }
    // A function of the file that makes one.
    let class = name.starts_with("self.").then(|| names.class(callee.start)).flatten().map(|item| item.name);
    let last = name.rsplit('.').next().unwrap_or(&name);
    let item = &code.items()[names.function_named(class, last).filter(|_| class.is_some() || !name.contains('.'))?];
    let mut gives = item.body.clone().take(MOST_TOKENS).filter(|&at| code.is_any(at, &["return", "yield"]));
    let at = gives.next()?;
    let mut end = code.after(at);
    while end < item.body.end && !code.begins_line(end) {
        end = code.after(end);
    }
    client(reach, at + 1..end, steps - 1)
}

/// Tokens of a function in which a client is made.
const MOST_TOKENS: usize = 600;

/// True when the file gives clients adapters, which may say how long requests last.
fn is_mounted(reach: &Reach) -> bool {
    !reach.code.occurrences("mount").is_empty()
}

fn class_of(reach: &Reach, name: &str) -> Option<(&'static str, &'static str, Option<usize>, bool)> {
    let (package, last) = reach.values.library(name);
    let found = CLASSES.iter().find(|(of, class, ..)| *of == package && *class == last)?;
    Some((found.0, found.2, found.3, found.4))
}

/// A client of which only the type is known here.
fn client_of_type(reach: &Reach, name: &str) -> Option<Client> {
    let (library, ..) = class_of(reach, name)?;
    Some(Client { library: if library == "http" { "http.client" } else { library }, base: None, limited: None })
}

/// `HTTPConnection(host, port)`.
fn hosted(reach: &Reach, host: Value, arguments: &[Range<usize>], encrypted: bool) -> Value {
    let code = reach.code;
    let port = code.named(arguments, "port").or_else(|| code.positional(arguments).nth(1).cloned());
    let port = port.map(|range| reach.values.value(range)).map_or_else(|| literal(""), |port| concat([literal(":"), port]));
    concat([literal(if encrypted { "https://" } else { "http://" }), host, port])
}

/// The address of a request below the client's base.
pub fn address(base: Option<Value>, url: Value) -> Value {
    let Some(base) = base else {
        return match &url {
            // The base is known to whoever made the client.
            Value::Literal(text) if text.starts_with('/') => concat([unknown("base"), url]),
            Value::Concat(parts) if matches!(&parts[0], Value::Literal(text) if text.starts_with('/')) => {
                concat([unknown("base"), url])
            }
            _ => url,
        };
    };
    let first = match &url {
        Value::Concat(parts) => parts.first().cloned().unwrap_or_else(|| literal("")),
        other => other.clone(),
    };
    match &first {
        Value::Literal(text) if text.contains("://") => url,
        Value::Env { .. } | Value::Property { .. } => url,
        Value::Literal(text) if text.is_empty() => base,
        Value::Literal(_) => formats::below(base, url),
        Value::Symbol(symbol) if is_address_name(symbol) => url,
        _ => concat([base, url]),
    }
}

pub fn is_address_name(name: &str) -> bool {
    let name = name.rsplit(['.', '#']).next().unwrap_or(name).to_ascii_lowercase();
    ["url", "uri", "host", "addr", "endpoint", "base", "server"].iter().any(|word| name.contains(word))
}

/// The path of an address below the program that a sidecar hands it on to.
pub fn handed_on(program: Value, target: Value) -> Value {
    let path = match target {
        Value::Literal(text) => {
            let host = text.find("://").map_or(0, |at| at + 3);
            vec![literal(text[host..].find('/').map_or("", |at| &text[host + at..]))]
        }
        Value::Concat(parts) => {
            let is_path = |part: &Value| matches!(part, Value::Literal(text) if text.starts_with('/'));
            parts.into_iter().skip_while(|part| !is_path(part)).collect()
        }
        _ => Vec::new(),
    };
    concat([literal("http://"), program].into_iter().chain(path))
}
