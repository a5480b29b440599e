//! Helpers that give back texts: those that build URLs and paths, format, trim, and read settings.

use std::ops::Range;

use super::expressions::{Expressions, either, is_told};
use super::values;
use crate::extract::code::calls::Call;
use crate::extract::code::targets;
use crate::extract::code::value::{concat, literal, unknown};
use crate::facts::Value;

/// Arguments of one helper that are read.
const MOST_ARGUMENTS: usize = 16;

/// What a call gives back; None where it is no helper that is known.
pub fn value(expressions: &Expressions, call: Call, is_new: bool, depth: u32) -> Option<Value> {
    let code = expressions.code;
    let name = code.text_of(call.name);
    let receiver = code.receiver_name(call);
    let arguments = code.arguments(call.open);
    if arguments.len() > MOST_ARGUMENTS {
        return None;
    }
    let depth = depth.checked_sub(1)?;
    let read = |range: &Range<usize>| expressions.within(range.clone(), depth);
    let first = || arguments.first().map(read);
    if is_new {
        return match (name, &arguments[..]) {
            ("URL", [path, base]) => Some(joined([read(base), read(path)])),
            ("URL" | "String", [whole]) => Some(read(whole)),
            _ => None,
        };
    }
    let of = receiver.as_deref().unwrap_or("?");
    let last = of.rsplit('.').next().unwrap_or(of);
    match name {
        "format" | "sprintf" | "vsprintf" if matches!(last, "util" | "") => {
            return Some(formatted(&first()?, arguments[1..].iter().map(read).collect()));
        }
        "String" | "encodeURI" | "decodeURI" | "Number" | "parseInt" | "toString" if of.is_empty() => return first(),
        "join" | "resolve" if matches!(last, "path" | "posix" | "url" | "URL") && arguments.len() > 1 => {
            return Some(joined(arguments.iter().map(read)));
        }
        "parse" if matches!(last, "url" | "URL") => return first(),
        _ => {}
    }
    let lower = name.to_ascii_lowercase();
    if of.is_empty()
        && matches!(lower.as_str(), "urljoin" | "joinurl" | "joinurls" | "url_join" | "joinpath" | "joinpaths" | "combineurls")
    {
        return Some(joined(arguments.iter().map(read)));
    }
    setting(expressions, call, of, depth).or_else(|| {
        let receiver = code.receiver(call);
        match receiver.is_empty() {
            true => None,
            false => of_text(expressions, name, receiver, call, depth),
        }
    })
}

/// What a member of a text gives back: `base.replace(/\/$/, '')`, `[a, b].join('/')`, `base.concat(path)`.
pub fn of_text(expressions: &Expressions, name: &str, receiver: Range<usize>, call: Call, depth: u32) -> Option<Value> {
    let code = expressions.code;
    let depth = depth.checked_sub(1)?;
    let arguments = code.arguments(call.open);
    match name {
        "toString" | "trim" | "toLowerCase" | "valueOf" | "trimEnd" | "normalize" | "asString" | "asUrlString" | "required"
        | "build" => Some(expressions.within(receiver, depth)),
        "replace" | "replaceAll" => {
            let [wanted, with] = &arguments[..] else { return None };
            let text = expressions.within(receiver, depth);
            let pattern = code.text_of(wanted.start);
            if pattern.starts_with('/') && wanted.len() == 1 {
                // Only slashes at an end are looked for.
                return match pattern.trim_matches(|c: char| "/gi".contains(c)) {
                    "\\/+$" | "\\/$" | "\\/*$" => Some(targets::without_last_slash(text)),
                    _ => Some(text),
                };
            }
            let wanted = code.literal_text(wanted.clone())?;
            Some(replaced(text, &wanted.value, &expressions.within(with.clone(), depth)))
        }
        "concat" => {
            let parts = std::iter::once(receiver).chain(arguments);
            Some(concat(parts.map(|part| expressions.within(part, depth)).collect::<Vec<_>>()))
        }
        "join" if code.is(receiver.start, "[") && code.after(receiver.start) == receiver.end => {
            let separator = arguments.first().map_or(literal(","), |range| expressions.within(range.clone(), depth));
            let mut parts = Vec::new();
            for part in code.split(code.inside(receiver.start), ",").into_iter().take(MOST_ARGUMENTS) {
                if !parts.is_empty() {
                    parts.push(separator.clone());
                }
                parts.push(expressions.within(part, depth));
            }
            Some(concat(parts))
        }
        _ => None,
    }
}

/// What a setting is called: `config.get('a.b')`, `configService.get<string>('A')`, `getEnv('A', 'default')`, `Deno.env.get('A')`.
fn setting(expressions: &Expressions, call: Call, of: &str, depth: u32) -> Option<Value> {
    let code = expressions.code;
    let name = code.text_of(call.name);
    let arguments = code.arguments(call.open);
    let key = code.literal_text(arguments.first()?.clone())?.value;
    let default = || match arguments.get(1) {
        Some(range) if !code.is(range.start, "{") => expressions.within(range.clone(), depth),
        _ => unknown("no default"),
    };
    let upper = is_upper(&key);
    let environment = || either(Value::Env { name: key.clone(), default: None }, default);
    let lower = of.to_ascii_lowercase();
    let last = lower.rsplit('.').next().unwrap_or(&lower);
    // Helpers that are handed the name of a variable.
    if upper && (of.is_empty() && name.to_ascii_lowercase().contains("env") || last == "env" && matches!(name, "get" | "require"))
    {
        return Some(environment());
    }
    // A registry is asked for a service by its name.
    let asks = ["discovery", "registry", "consul", "eureka", "resolver", "servicelocator"].iter().any(|word| last.contains(word));
    if asks
        && ["resolve", "lookup", "discover", "find", "get", "url", "address"]
            .iter()
            .any(|word| name.to_ascii_lowercase().starts_with(word))
    {
        return is_host(&key).then(|| literal(if key.contains("://") { key.to_string() } else { format!("http://{key}") }));
    }
    let type_name = code.declared_type(of.rsplit('.').next().unwrap_or(of));
    let is_settings =
        lower.contains("conf") || lower.contains("setting") || last == "env" || type_name.is_some_and(|of| of.contains("Config"));
    if !is_settings || !matches!(name, "get" | "getOrThrow" | "getString" | "require") {
        return None;
    }
    if upper {
        return Some(environment());
    }
    // A house's own service of settings has members by these names.
    if let Some(symbol) = type_name.and_then(|name| code.imports().get(name))
        && expressions.known.imported.iter().any(|import| import.own && Some(import.local.as_str()) == type_name)
    {
        return Some(Value::Symbol(format!("{symbol}.{key}").into()));
    }
    Some(either(Value::Property { key: key.replace(':', ".").into(), default: None }, default))
}

fn is_upper(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && text.starts_with(|first: char| first.is_ascii_uppercase())
}

fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/".contains(&byte))
}

/// A URL or path of parts with one slash between them. A part with a host of its own begins anew.
pub fn joined(parts: impl IntoIterator<Item = Value>) -> Value {
    let mut whole = literal("");
    for part in parts {
        whole = match &part {
            Value::Literal(text) if text.contains("://") => part,
            _ if whole == literal("") => part,
            _ => targets::below(whole, part),
        };
    }
    whole
}

fn replaced(text: Value, wanted: &str, with: &Value) -> Value {
    if wanted.is_empty() {
        return text;
    }
    let parts = match text {
        Value::Concat(parts) => parts,
        other => vec![other],
    };
    let mut done = Vec::new();
    for part in parts {
        match part {
            Value::Literal(text) => {
                for (index, piece) in text.split(wanted).take(8).enumerate() {
                    if index > 0 {
                        done.push(with.clone());
                    }
                    done.push(literal(piece));
                }
            }
            other => done.push(other),
        }
    }
    concat(done)
}

/// `%s`, `%d` and their kin replaced by values one after another.
fn formatted(format: &Value, values: Vec<Value>) -> Value {
    let Value::Literal(format) = format else { return unknown("a format that is not known") };
    let mut parts = Vec::new();
    let mut values = values.into_iter();
    let mut rest: &str = format;
    while let Some(at) = rest.find('%') {
        parts.push(literal(&rest[..at]));
        let mark = rest[at + 1..].chars().next();
        match mark {
            Some('s' | 'd' | 'i' | 'f' | 'j' | 'o' | 'O') => parts.push(values.next().unwrap_or(literal(""))),
            Some('%') => parts.push(literal("%")),
            _ => parts.push(literal("%")),
        }
        let consumed = match mark {
            Some(mark @ ('s' | 'd' | 'i' | 'f' | 'j' | 'o' | 'O' | '%')) => mark.len_utf8(),
            _ => 0,
        };
        rest = &rest[at + 1 + consumed..];
    }
    parts.push(literal(rest));
    concat(parts)
}

/// The host and port of an object of options: `{ host, port }`, `{ hostname, port }`.
pub fn address(expressions: &Expressions, object: Range<usize>) -> Option<Value> {
    let code = expressions.code;
    let option = |keys: &[&str]| keys.iter().find_map(|key| values::property(code, object.clone(), key));
    let host = expressions.value(option(&["hostname", "host", "hostName", "server"])?);
    let port =
        option(&["port"]).map(|range| expressions.value(range)).filter(|port| is_told(port) || matches!(port, Value::Symbol(_)));
    Some(match port {
        Some(port) if !has_port(&host) => concat([host, literal(":"), port]),
        _ => host,
    })
}

fn has_port(host: &Value) -> bool {
    matches!(host, Value::Literal(text) if text.rsplit(':').next().is_some_and(|port| port.len() < text.len() && port.bytes().all(|byte| byte.is_ascii_digit())))
}
