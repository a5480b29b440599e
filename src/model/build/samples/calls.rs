//! Facts of calls, as lines of text.
//!
//! Values hold no blanks: parts are joined by `+`, and a part is a literal, `env(NAME)`, `env(NAME|default)`, `property(key)`,
//! `parameter(function:0)`, `<symbol>` or `?`.

use std::sync::Arc;

use super::Words;
use crate::facts::*;
use crate::source::{Location, Spanned};

pub(super) fn value(text: &str) -> Value {
    let parts: Vec<Value> = text.split('+').map(part).collect();
    match parts.len() {
        1 => parts.into_iter().next().expect("one"),
        _ => Value::Concat(parts),
    }
}

fn part(text: &str) -> Value {
    let inside = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    let named = |text: &str| -> (Arc<str>, Option<Box<Value>>) {
        match text.split_once('|') {
            Some((name, default)) => (name.into(), Some(Box::new(Value::Literal(default.into())))),
            None => (text.into(), None),
        }
    };
    if let Some((name, default)) = inside("env").map(named) {
        return Value::Env { name, default };
    }
    if let Some((key, default)) = inside("property").map(named) {
        return Value::Property { key, default };
    }
    if let Some((function, index)) = inside("parameter").and_then(|text| text.rsplit_once(':')) {
        return Value::Parameter { function: function.into(), index: index.parse().expect("an index") };
    }
    match text.strip_prefix('<').and_then(|text| text.strip_suffix('>')) {
        Some(symbol) => Value::Symbol(symbol.into()),
        None if text == "?" => Value::Unknown("not told".into()),
        None => Value::Literal(text.into()),
    }
}

/// The fact of a line; None for a word of another kind.
pub(super) fn fact(word: &str, rest: &str, at: Location) -> Option<Fact> {
    let words = Words { text: rest, at };
    let given = |key: &str| words.one(key).map(|text| value(&text.value));
    let mut plain = rest.split_whitespace();
    let mut next = || plain.next().expect("one word more");
    Some(match word {
        // `KIND TARGET [method=M] [name=V] [exchange=V] [limited=true]`
        "call" => Fact::Call(CallSite {
            at,
            kind: serde_json::from_value(next().into()).expect("a kind of call"),
            client: "sample".into(),
            target: value(next()),
            method: words.one("method").map(|text| text.value),
            name: given("name"),
            exchange: given("exchange"),
            limited: words.one("limited").map(|text| &*text.value == "true"),
        }),
        // `FUNCTION ARGUMENT…`
        "invokes" => {
            let invocation =
                Invocation { at, function: next().into(), arguments: rest.split_whitespace().skip(1).map(value).collect() };
            Fact::Invocations { invocations: vec![invocation] }
        }
        "address" => {
            let name = words.one("as").map(|text| text.value);
            Fact::Addresses { addresses: vec![Address { at, value: value(next()), name }] }
        }
        // `ADDRESS [engine=E] [database=V]`
        "connects" => Fact::Connection(Connection {
            at,
            engine: words.one("engine").map(|text| text.value),
            address: value(next()),
            database: given("database"),
        }),
        // `QUEUE EXCHANGE [key=V]`
        "binds" => Fact::Binding(Binding { at, queue: value(next()), exchange: value(next()), key: given("key") }),
        // `TOOL [name=N]; PATH TARGET; …`
        "gateway" => {
            let mut parts = rest.split(';');
            let head = parts.next().unwrap_or("");
            let forwards = parts.map(|part| {
                let (path, target) = part.trim().split_once(' ').expect("path and target");
                Forward { at, path: Some(path.into()), target: value(target.trim()) }
            });
            let tool = head.split_whitespace().next().unwrap_or("").into();
            Fact::Gateway(Gateway { at, tool, name: Words { text: head, at }.one("name"), forwards: forwards.collect() })
        }
        // `NAME [select=KEY:VALUE]`
        "network-name" => Fact::NetworkName(NetworkName {
            at,
            name: Spanned::new(next().into(), at),
            namespace: None,
            selector: pairs(&words, "select"),
            ports: Vec::new(),
            external: None,
        }),
        // `NAME [KEY=VALUE]…`
        "object" => {
            let name = Spanned::new(next().into(), at);
            let entries = rest.split_whitespace().filter_map(|word| word.split_once('='));
            let entries = entries.map(|(key, text)| (key.into(), Spanned::new(text.into(), at))).collect();
            Fact::SettingsObject(SettingsObject { at, name, namespace: None, entries, files: Vec::new() })
        }
        _ => return None,
    })
}

/// `key=A:B`.
pub(super) fn pairs(words: &Words, key: &str) -> Vec<(Arc<str>, Arc<str>)> {
    let pairs = words.all(key).into_iter();
    pairs.filter_map(|text| text.value.split_once(':').map(|(key, value)| (key.into(), value.into()))).collect()
}

/// What surrounds a deployment: `env=NAME:TEXT`, `env=NAME@OBJECT:KEY`, `env-from=OBJECT`, `alias=NAME`, `publishes=8080:80`,
/// `selected=KEY:VALUE`, `mounts=SOURCE:TARGET`.
pub(super) fn surround(deployment: &mut Deployment, words: &Words) {
    let at = words.at;
    deployment.environment = words
        .all("env")
        .into_iter()
        .filter_map(|text| {
            let (name, rest) = text.value.split_once(':')?;
            Some(match name.split_once('@') {
                Some((name, object)) => {
                    Variable { name: name.into(), at, value: VariableValue::Key { object: object.into(), key: rest.into() } }
                }
                None => Variable { name: name.into(), at, value: VariableValue::Text(rest.into()) },
            })
        })
        .collect();
    deployment.environment_from = words.all("env-from");
    deployment.aliases = words.all("alias");
    deployment.selected_by = pairs(words, "selected");
    let ports = pairs(words, "publishes").into_iter();
    deployment.published = ports.filter_map(|(outside, inside)| Some((outside.parse().ok()?, inside.parse().ok()?))).collect();
    let mounts = pairs(words, "mounts").into_iter();
    deployment.mounts = mounts.map(|(source, target)| (Spanned::new(source, at), target)).collect();
}
