//! Calls in expressions: what makes addresses, reads settings, puts texts together, or is a function of the file.

use std::ops::Range;

use super::{Reader, Thing, below, is_base, is_text, returned_by, unnamed, unread};
use crate::extract::code::csharp::syntax::{self, named};
use crate::extract::code::csharp::values::{self, join};
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::{concat, literal, map_literals, unknown};
use crate::facts::Value;

/// Places of a function's name that are looked at.
const MOST_PLACES: usize = 24;

impl Reader<'_> {
    pub(super) fn call(
        &self,
        range: Range<usize>,
        receiver: Range<usize>,
        name: usize,
        open: usize,
        made: bool,
        depth: u32,
    ) -> Thing {
        let code = self.code;
        let arguments = code.arguments(open);
        let first = || arguments.first().cloned().map(|range| unnamed(code, range));
        let value = |index: usize| {
            let range = arguments.get(index).cloned().map(|range| unnamed(code, range));
            range.map_or_else(|| unknown("no argument"), |range| self.value(range, depth - 1))
        };
        let method = code.text_of(name);
        if made {
            return match (method, arguments.len()) {
                (
                    "Uri"
                    | "new"
                    | "Url"
                    | "PathString"
                    | "UriBuilder"
                    | "FlurlClient"
                    | "RestClientOptions"
                    | "ElasticsearchClientSettings"
                    | "ConnectionSettings"
                    | "MongoUrl"
                    | "NpgsqlConnectionStringBuilder"
                    | "SqlConnectionStringBuilder",
                    1,
                ) => first().map_or_else(|| unread(code, range), |first| self.thing(first, depth - 1)),
                ("Uri" | "new" | "Url", 2) if arguments[1].clone().any(|at| code.is(at, "UriKind")) => Thing::Text(value(0)),
                ("Uri" | "new", 2) => Thing::Text(join(value(0), value(1))),
                ("UriBuilder", 2 | 3) => {
                    let port = (arguments.len() == 3).then(|| [literal(":"), value(2)]);
                    let host = [value(0), literal("://"), value(1)];
                    Thing::Text(concat(host.into_iter().chain(port.into_iter().flatten())))
                }
                _ => unread(code, range),
            };
        }
        match method {
            "nameof" => {
                let inside = code.inside(open);
                return Thing::Text(code.word(inside.end.saturating_sub(1)).map_or_else(|| unknown("nameof"), literal));
            }
            "GetEnvironmentVariable" => {
                return Thing::Text(match value(0) {
                    Value::Literal(name) => Value::Env { name, default: None },
                    _ => unknown("variable"),
                });
            }
            "GetValue"
            | "GetRequiredValue"
            | "GetSection"
            | "GetRequiredSection"
            | "GetConnectionString"
            | "Get"
            | "GetChildren"
            | "GetRequiredConnectionString"
                if !receiver.is_empty() =>
            {
                if let Thing::Section(section) = self.thing(receiver.clone(), depth - 1) {
                    return self.configured(section, method, &arguments, depth);
                }
            }
            "BindOptions" | "GetOptions" if !receiver.is_empty() => {
                if let (Thing::Section(_), Some(of)) =
                    (self.thing(receiver.clone(), depth - 1), syntax::call_types(code, name).into_iter().next())
                {
                    return Thing::Settings(syntax::type_name(code, of).to_owned());
                }
            }
            "GetRequiredService" | "GetService" | "GetRequiredKeyedService" => {
                let of = syntax::call_types(code, name).into_iter().next();
                return of
                    .map_or_else(|| unread(code, range), |of| self.typed(of).unwrap_or_else(|| Thing::Text(unknown(method))));
            }
            "Format" if code.is_any(receiver.start, &["string", "String"]) => {
                let given: Vec<Value> = (1..arguments.len()).map(value).collect();
                return Thing::Text(format(value(0), &given));
            }
            "Concat" if code.is_any(receiver.start, &["string", "String"]) => {
                return Thing::Text(concat((0..arguments.len()).map(value)));
            }
            "Join" if code.is_any(receiver.start, &["string", "String"]) && arguments.len() > 2 => {
                let between = value(0);
                let parts = (1..arguments.len()).flat_map(|index| [between.clone(), value(index)]);
                return Thing::Text(concat(parts.skip(1)));
            }
            "Combine" if code.is_any(receiver.end.saturating_sub(1), &["Path", "Url", "UriHelper"]) => {
                return Thing::Text((0..arguments.len()).map(value).fold(literal(""), join));
            }
            "AddQueryString" | "ToString" if code.is_any(receiver.end.saturating_sub(1), &["QueryHelpers", "Convert"]) => {
                return Thing::Text(value(0));
            }
            // What only changes the type of an address, or looks it up.
            "FromConnectionString"
            | "FromUrl"
            | "GetHostEntryAsync"
            | "GetHostEntry"
            | "GetHostAddresses"
            | "GetHostAddressesAsync"
                if arguments.len() == 1 =>
            {
                return Thing::Text(value(0));
            }
            "First" | "FirstOrDefault" | "Single" if receiver.clone().any(|at| code.is(at, "AddressList")) => {
                return self.thing(receiver, depth - 1);
            }
            "AppendPathSegment" | "AppendPathSegments" | "Request" if !receiver.is_empty() && !arguments.is_empty() => {
                let base = self.value(receiver, depth - 1);
                return Thing::Text((0..arguments.len()).map(value).fold(base, join));
            }
            "TrimEnd" if !receiver.is_empty() => {
                return Thing::Text(last_changed(self.value(receiver, depth - 1), |text| text.trim_end_matches('/').trim_end()));
            }
            "TrimStart" if !receiver.is_empty() => {
                let value = self.value(receiver, depth - 1);
                return Thing::Text(values::map_first(value, |text| text.trim_start().trim_start_matches('/').to_owned()));
            }
            "Trim" | "ToString" | "ToLower" | "ToLowerInvariant" | "GetAwaiter" | "GetResult" | "ConfigureAwait"
                if !receiver.is_empty() =>
            {
                return self.thing(receiver, depth - 1);
            }
            // Methods of the house that only make sure that a setting is there.
            _ if arguments.is_empty() && !receiver.is_empty() => {
                return match self.thing(receiver, depth - 1) {
                    Thing::Text(value @ (Value::Env { .. } | Value::Property { .. })) => Thing::Text(value),
                    _ => unread(code, range),
                };
            }
            _ if is_of_flurl(method) && !receiver.is_empty() => return self.thing(receiver, depth - 1),
            _ => {}
        }
        self.made_by(range, receiver, method, &arguments, depth)
    }

    /// A method of the configuration or of a section.
    pub(super) fn configured(&self, section: String, method: &str, arguments: &[Range<usize>], depth: u32) -> Thing {
        let code = self.code;
        let Some(key) = syntax::argument(code, arguments, "key", 0).or_else(|| named(code, arguments, "name")) else {
            return if method == "Get" { Thing::Bound(section) } else { Thing::Text(unknown(method)) };
        };
        let default = arguments.get(1).cloned().map(|range| self.value(unnamed(code, range), depth - 1)).filter(is_text);
        match method {
            "GetSection" | "GetRequiredSection" => match self.value(key, depth - 1) {
                Value::Literal(key) => Thing::Section(below(&section, &key)),
                _ => Thing::Text(unknown("section")),
            },
            "GetConnectionString" | "GetRequiredConnectionString" => {
                Thing::Text(self.setting(&below(&section, "ConnectionStrings"), key, None, depth))
            }
            "Get" | "GetChildren" => Thing::Text(unknown("sections")),
            // `GetValue(typeof(string), "key")`.
            _ if code.is(key.start, "typeof") => match arguments.get(1) {
                Some(key) => Thing::Text(self.setting(&section, key.clone(), None, depth)),
                None => Thing::Text(unknown("key")),
            },
            _ => Thing::Text(self.setting(&section, key, default, depth)),
        }
    }

    /// What a function returns: one of this file is read, a static one of another file has a name.
    pub(super) fn made_by(
        &self,
        range: Range<usize>,
        receiver: Range<usize>,
        method: &str,
        arguments: &[Range<usize>],
        depth: u32,
    ) -> Thing {
        let code = self.code;
        let owner = code.dotted(receiver.clone());
        let is_own = receiver.is_empty() || owner.as_deref() == Some("this");
        let is_static = || owner.as_deref().is_some_and(|owner| owner.starts_with(|first: char| first.is_uppercase()));
        if !is_own && !is_static() {
            return unread(code, range);
        }
        let values: Vec<(Range<usize>, Value)> = arguments
            .iter()
            .take(8)
            .map(|argument| {
                let argument = unnamed(code, argument.clone());
                (argument.clone(), self.value(argument, depth - 1))
            })
            .collect();
        let (reader, around) = match &self.outer {
            Some((outer, at, _)) => (*outer, *at),
            None => (self, range.start),
        };
        if let Some(value) = reader.returned(method, owner.as_deref().filter(|_| !is_own), around, &values, depth) {
            return Thing::Text(value);
        }
        let Some(owner) = owner.filter(|_| !is_own) else { return unread(code, range) };
        // A class that builds URLs is told by its file: what follows the base that it is given.
        let base = values.iter().find(|(range, _)| is_base(code.text_in(range.clone()))).map(|(_, value)| value.clone());
        let symbol = Value::Symbol(reader.code.symbol(&format!("{owner}.{method}")));
        Thing::Text(concat(base.into_iter().chain([symbol])))
    }

    /// The value that a function of this file returns, with what it is given.
    pub(super) fn returned(
        &self,
        method: &str,
        owner: Option<&str>,
        around: usize,
        given: &[(Range<usize>, Value)],
        depth: u32,
    ) -> Option<Value> {
        let code = self.code;
        let of = owner.map(|owner| owner.rsplit('.').next().unwrap_or(owner)).or_else(|| code.type_around(around));
        let items = code.occurrences(method).iter().take(MOST_PLACES).filter_map(|&at| syntax::item_named(code, at as usize));
        let mut items = items.filter(|item| item.kind == ItemKind::Function && code.type_around(item.name) == of);
        let item = items.next()?;
        if item.body.contains(&around) {
            return None;
        }
        let value = code.grounded(item.body.start, self.value(returned_by(code, item)?, depth - 1));
        let function = code.callable_name(item);
        let put = |part: Value| match part {
            Value::Parameter { function: of, index } if *of == function => {
                given.get(index as usize).map_or_else(|| unknown("not given"), |(_, value)| value.clone())
            }
            other => other,
        };
        Some(match value {
            Value::Concat(parts) => concat(parts.into_iter().map(put)),
            value => put(value),
        })
    }
}

/// What only says how a request is sent, in chains of Flurl.
fn is_of_flurl(method: &str) -> bool {
    method.starts_with("SetQueryParam")
        || method.starts_with("With")
            && ["Header", "Timeout", "OAuth", "Basic", "Cookie", "Settings", "Client", "Auto"]
                .iter()
                .any(|word| method.contains(word))
        || matches!(method, "AllowHttpStatus" | "AllowAnyHttpStatus" | "ConfigureRequest" | "RemoveQuery" | "SetFragment")
}

/// A text with `{0}`, `{1:x}` and the values that are put in.
fn format(template: Value, given: &[Value]) -> Value {
    let parts = match template {
        Value::Concat(parts) => parts,
        other => vec![other],
    };
    let mut found = Vec::new();
    for part in parts {
        let Value::Literal(text) = part else {
            found.push(part);
            continue;
        };
        let mut rest = &*text;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
            let digits = rest[open + 1..close].split([':', ',']).next().unwrap_or("");
            found.push(literal(&rest[..open]));
            match digits.parse::<usize>() {
                Ok(index) => found.push(given.get(index).cloned().unwrap_or_else(|| unknown("not given"))),
                Err(_) => found.push(literal(&rest[open..=close])),
            }
            rest = &rest[close + 1..];
        }
        found.push(literal(rest));
    }
    concat(found)
}

fn last_changed(value: Value, change: impl Fn(&str) -> &str) -> Value {
    match value {
        Value::Concat(mut parts) => {
            if let Some(last) = parts.pop() {
                parts.push(map_literals(last, &|text| change(text).to_owned()));
            }
            concat(parts)
        }
        value => map_literals(value, &|text| change(text).to_owned()),
    }
}
