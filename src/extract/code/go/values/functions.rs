//! Calls of Go that read as texts: functions of the standard library, of libraries of settings, and of the project around the
//! environment.
//!
//! The tokens of a call come in, a [`Value`] comes out. What functions of the file itself give back is in `results`.

use std::ops::Range;

use super::super::super::calls::Call;
use super::super::super::value::{concat, literal, map_literals, unknown};
use super::environment::{self, is_key, is_reader};
use super::{MOST_PARTS, MOST_STEPS, Values, join};
use crate::facts::Value;

/// Functions that make of an address, name or text what reads as that: where it stands among the arguments.
const PASSING: &[(&str, &str, usize)] = &[
    ("strings", "TrimSpace", 0),
    ("strings", "ToLower", 0),
    ("strings", "Trim", 0),
    ("strings", "TrimPrefix", 0),
    ("strings", "TrimLeft", 0),
    ("url", "Parse", 0),
    ("url", "ParseRequestURI", 0),
    ("url", "PathEscape", 0),
    ("url", "QueryEscape", 0),
    ("os", "ExpandEnv", 0),
    ("aws", "String", 0),
    ("proto", "String", 0),
    ("ptr", "String", 0),
    ("to", "Ptr", 0),
    ("aws", "ToString", 0),
    ("lo", "ToPtr", 0),
    ("grpc", "Dial", 0),
    ("grpc", "NewClient", 0),
    ("grpc", "DialContext", 1),
    ("zrpc", "MustNewClient", 0),
    ("zrpc", "NewClient", 0),
    ("rpc", "Dial", 1),
    ("rpc", "DialHTTP", 1),
    ("jsonrpc", "Dial", 1),
    ("strconv", "Atoi", 0),
];

/// What starts the path of a lookup in a registry: the model reads a host behind it.
const LOOKED_UP: &str = "discovery://";

impl<'t> Values<'_, 't> {
    pub(super) fn call(&self, range: Range<usize>, steps: u32) -> Value {
        let code = self.code;
        let Some(call) = code.call_before(code.partner(range.end - 1)).filter(|call| call.start == range.start) else {
            return self.conversion(range, steps);
        };
        let arguments = code.arguments(call.open);
        let name = code.text_of(call.name);
        let text = |index: usize| arguments.get(index).and_then(|argument| code.literal_text(argument.clone()));
        let value = |index: usize| arguments.get(index).map_or(unknown("nothing"), |one| self.within(one.clone(), steps - 1));
        let receiver = code.receiver_name(call);
        match (receiver.as_deref(), name) {
            (Some("fmt"), "Sprintf") if !arguments.is_empty() => return self.formatted(&arguments, steps),
            (Some("fmt"), "Sprint") => return concat(arguments.iter().map(|one| self.within(one.clone(), steps - 1))),
            (Some("os" | "syscall"), "Getenv" | "LookupEnv") if arguments.len() == 1 => {
                let Some(name) = self.literal_of(value(0)) else { return unknown("an environment variable") };
                return Value::Env { name, default: Some(Box::new(literal(""))) };
            }
            (Some("strings"), "TrimRight" | "TrimSuffix") if arguments.len() == 2 => {
                let cut = text(1).map_or(String::new(), |text| text.value.to_string());
                return trimmed(value(0), &cut);
            }
            (Some("strings"), "Join") if arguments.len() == 2 => return self.joined(&arguments, steps),
            (Some("url" | "path" | "filepath"), "JoinPath" | "Join") if !arguments.is_empty() => {
                let mut parts = arguments.iter().map(|one| self.within(one.clone(), steps - 1));
                let first = parts.next().unwrap_or(literal(""));
                return parts.fold(first, |all, part| join(&all, part));
            }
            (Some("net"), "JoinHostPort") if arguments.len() == 2 => return concat([value(0), literal(":"), value(1)]),
            (Some("cmp"), "Or") if arguments.len() == 2 => return super::combined(Some(value(0)), vec![value(1)]),
            // A conversion: `string(x)`, `Topic("x")`.
            (Some(""), "string") if arguments.len() == 1 => return value(0),
            (Some(receiver), _) if !receiver.is_empty() => {
                let of = receiver.rsplit('.').next().unwrap_or(receiver);
                if let Some((.., index)) = PASSING.iter().find(|(package, called, _)| *package == of && *called == name) {
                    return value(*index);
                }
            }
            _ => {}
        }
        if let Some(value) = self.setting_read(call, name, &arguments) {
            return value;
        }
        if let Some(value) = self.variable(receiver.as_deref(), name, &arguments, steps) {
            return value;
        }
        if let Some(value) = self.of_library(call, name, &arguments, steps) {
            return value;
        }
        if let Some(value) = self.of_file(call, name, receiver.as_deref(), &arguments, steps) {
            return value;
        }
        if receiver.as_deref() == Some("") && arguments.len() == 1 && name.starts_with(|c: char| c.is_ascii_uppercase()) {
            return text(0).map_or(self.unread(range), |text| Value::Literal(text.value));
        }
        self.unread(range)
    }

    fn literal_of(&self, value: Value) -> Option<std::sync::Arc<str>> {
        match value {
            Value::Literal(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// `[]byte("x")`, and whatever else is called that has no name.
    fn conversion(&self, range: Range<usize>, steps: u32) -> Value {
        match self.code.reads(range.start, &["[", "]", "byte", "("]) {
            true => self.within(self.code.inside(range.start + 3), steps - 1),
            false => self.unread(range),
        }
    }

    /// `viper.GetString("key")`, `cmd.Flags().GetString("name")`, `flag.String("name", default, usage)`.
    fn setting_read(&self, call: Call, name: &str, arguments: &[Range<usize>]) -> Option<Value> {
        let code = self.code;
        let first = arguments.first().and_then(|first| code.literal_text(first.clone()));
        let start = code.text_of(call.start);
        let imported =
            |paths: &[&str]| code.imports().get(start).is_some_and(|symbol| paths.iter().any(|path| symbol.contains(path)));
        let is_default = |name: &str| matches!(name.strip_suffix('P').unwrap_or(name), "String" | "URL");
        match name {
            _ if is_default(name) && arguments.len() >= 3 && call.start < call.name => {
                let default = arguments[arguments.len() - 2].clone();
                Some(self.within(default, MOST_STEPS / 2))
            }
            "GetString" | "Get" | "GetStringSlice" if arguments.len() == 1 && call.start < call.name => {
                let key = first?;
                let flag = self.names.defaults.get(&format!("--{}", key.value));
                if let Some(flag) = flag.filter(|_| name != "Get") {
                    return Some(self.within(flag.clone(), MOST_STEPS / 2));
                }
                let of_viper = self.type_of(start, call.start).is_some_and(|of| of.contains("viper"));
                (of_viper || imported(&["spf13/viper"])).then(|| self.setting(&key.value, None))
            }
            "String" | "MustString" if arguments.len() == 1 && call.start < call.name => {
                let key = first?;
                let of_library = self.type_of(start, call.start).is_some_and(|of| of.contains("koanf"));
                let flag = self.names.defaults.get(&format!("--{}", key.value));
                match flag {
                    Some(flag) => Some(self.within(flag.clone(), MOST_STEPS / 2)),
                    None => of_library.then(|| self.setting(&key.value, None)),
                }
            }
            // `kingpin.Flag("name", usage).Default("x").Envar("NAME").String()`.
            "String" if arguments.is_empty() => {
                let chain = call.start..call.open;
                let argument = |called: &str| {
                    let at = code.occurrences_in(chain.clone(), called).first().copied()? as usize;
                    code.literal_text(code.arguments(at + 1).into_iter().next()?)
                };
                let default = argument("Default").map(|text| Value::Literal(text.value));
                match argument("Envar").or_else(|| argument("OverrideDefaultFromEnvar")) {
                    Some(name) => Some(Value::Env { name: name.value, default: default.map(Box::new) }),
                    None => default,
                }
            }
            _ => None,
        }
    }

    /// `getEnv("NAME", "default")`, however the project calls it.
    fn variable(&self, receiver: Option<&str>, name: &str, arguments: &[Range<usize>], steps: u32) -> Option<Value> {
        let code = self.code;
        let reader = match receiver? {
            "" => self.reader(name),
            _ => None,
        };
        if let Some(reader) = reader {
            let key = self.literal_of(self.within(arguments.get(reader.key)?.clone(), steps - 1))?;
            let default = reader.default.and_then(|index| arguments.get(index));
            let default = default.map(|default| Box::new(self.within(default.clone(), steps - 1)));
            return Some(Value::Env { name: key, default });
        }
        let key = code.literal_text(arguments.first()?.clone()).filter(|key| !key.value.is_empty())?;
        let lower = name.to_ascii_lowercase();
        let of_settings = receiver.is_some_and(|of| {
            let of = of.to_ascii_lowercase();
            ["env", "conf", "setting"].iter().any(|word| of.contains(word))
        });
        let reads = ["get", "string", "lookup", "must", "require", "read", "str"].iter().any(|word| lower.starts_with(word));
        let is_told = is_reader(name) && (is_key(&key.value) || arguments.len() == 2);
        if arguments.len() > 3 || !(is_told || of_settings && reads && is_key(&key.value)) {
            return None;
        }
        let default = arguments.get(1).map(|default| Box::new(self.within(default.clone(), steps - 1)));
        Some(Value::Env { name: key.value, default })
    }

    pub(super) fn reader(&self, name: &str) -> Option<environment::Reader> {
        let place = self.source.function_place(name)?;
        *self.readers.borrow_mut().entry(place).or_insert_with(|| environment::reader(&self.source, place))
    }

    /// Functions and methods of libraries that make something of an address, and lookups in registries.
    fn of_library(&self, call: Call, name: &str, arguments: &[Range<usize>], steps: u32) -> Option<Value> {
        let code = self.code;
        let receiver = code.receiver(call);
        match name {
            // `u.String()` of what was parsed.
            "String" | "Redacted" if arguments.is_empty() && !receiver.is_empty() => {
                let value = self.within(receiver, steps - 1);
                matches!(value, Value::Literal(_) | Value::Concat(_) | Value::Env { .. } | Value::Property { .. })
                    .then_some(value)
            }
            "JoinPath" | "ResolveReference" if !receiver.is_empty() => {
                let base = self.within(receiver, steps - 1);
                let mut parts = arguments.iter().map(|one| self.within(one.clone(), steps - 1));
                Some(parts.by_ref().fold(base, |all, part| join(&all, part)))
            }
            // `grpc.DialInsecure(ctx, grpc.WithEndpoint("discovery:///orders"))`.
            "DialInsecure" | "Dial" | "NewClient" if !code.occurrences_in(code.inside(call.open), "WithEndpoint").is_empty() => {
                let endpoint = *code.occurrences_in(code.inside(call.open), "WithEndpoint").first()? as usize;
                Some(self.within(code.inside(endpoint + 1), steps - 1))
            }
            // A dialer of the house.
            "Dial" | "DialContext" | "NewClientConn" | "NewGRPCConn" | "NewConn"
                if !receiver.is_empty() && !arguments.is_empty() =>
            {
                let skipped = usize::from(code.text_in(arguments[0].clone()).contains("ctx")).min(arguments.len() - 1);
                let value = self.within(arguments[skipped].clone(), steps - 1);
                (!matches!(value, Value::Unknown(_))).then(|| resolved(value))
            }
            // A stub reads as the connection that it is given.
            _ if name.starts_with("New") && name.ends_with("Client") && arguments.len() == 1 && !receiver.is_empty() => {
                let value = self.within(arguments[0].clone(), steps - 1);
                (!matches!(value, Value::Unknown(_))).then_some(value)
            }
            _ => self.looked_up(call, name, arguments),
        }
    }

    /// `discovery.Resolve("orders")`.
    fn looked_up(&self, call: Call, name: &str, arguments: &[Range<usize>]) -> Option<Value> {
        let code = self.code;
        let receiver = code.text_in(code.receiver(call)).to_ascii_lowercase();
        let lower = name.to_ascii_lowercase();
        let words = ["discover", "registry", "resolv", "consul", "eureka", "nacos", "lookup"];
        let by_receiver = words.iter().any(|word| receiver.contains(word));
        let by_name = ["discover", "resolve", "lookupservice", "serviceurl", "serviceaddr", "servicehost", "getservice"]
            .iter()
            .any(|word| lower.contains(word));
        let registers = ["register", "new", "set", "add", "with"].iter().any(|word| lower.starts_with(word));
        if arguments.len() > 3 || registers || !(by_receiver || by_name) {
            return None;
        }
        let mut texts = arguments.iter().filter_map(|argument| code.literal_text(argument.clone()));
        let service = texts.find(|text| !text.value.is_empty())?;
        let is_host =
            service.value.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte));
        is_host.then(|| concat([literal(LOOKED_UP), Value::Literal(service.value)]))
    }

    /// `url.URL{Scheme: "http", Host: host, Path: "/x"}`, and what wraps one text.
    pub(super) fn composite(&self, range: Range<usize>, steps: u32) -> Value {
        let code = self.code;
        let open = code.partner(range.end - 1);
        let parts = code.split(code.inside(open), ",");
        let field = |name: &str| {
            let part = parts.iter().find(|part| code.is(part.start, name) && code.is(part.start + 1, ":"))?;
            Some(self.within(part.start + 2..part.end, steps - 1))
        };
        if !code.reads(range.start, &["url", ".", "URL"]) {
            return self.unread(range);
        }
        let scheme = field("Scheme").map_or(literal(""), |scheme| concat([scheme, literal("://")]));
        let Some(host) = field("Host") else { return field("Path").unwrap_or_else(|| self.unread(range)) };
        let base = concat([scheme, host]);
        field("Path").map_or(base.clone(), |path| join(&base, path))
    }

    /// `strings.Join([]string{a, b}, "/")`.
    fn joined(&self, arguments: &[Range<usize>], steps: u32) -> Value {
        let code = self.code;
        let separator = self.within(arguments[1].clone(), steps - 1);
        let list = arguments[0].clone();
        if list.is_empty() || !code.is(list.start, "[") || !code.is(list.end - 1, "}") {
            return unknown("a list");
        }
        let parts = code.split(code.inside(code.partner(list.end - 1)), ",");
        let mut out = Vec::new();
        for (index, part) in parts.into_iter().take(MOST_PARTS).enumerate() {
            out.extend((index > 0).then(|| separator.clone()));
            out.push(self.within(part, steps - 1));
        }
        concat(out)
    }

    /// `fmt.Sprintf("/%s/x", y)`.
    fn formatted(&self, arguments: &[Range<usize>], steps: u32) -> Value {
        let Value::Literal(format) = self.within(arguments[0].clone(), steps - 1) else { return unknown("a format") };
        let mut parts = Vec::new();
        let mut rest = &*format;
        let mut next = 1;
        while let Some(at) = rest.find('%') {
            parts.push(literal(&rest[..at]));
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                parts.push(literal("%"));
                rest = after;
                continue;
            }
            let Some(verb) = rest.find(|c: char| c.is_ascii_alphabetic()) else { return unknown("a format") };
            // `%[2]s` takes its argument by number.
            let number = rest[..verb].split_once('[').and_then(|(_, inner)| inner.split(']').next()?.parse::<usize>().ok());
            let index = number.unwrap_or(next);
            next = index.saturating_add(1);
            match arguments.get(index) {
                Some(argument) if parts.len() < MOST_PARTS * 2 => parts.push(self.within(argument.clone(), steps - 1)),
                _ => return unknown("a format"),
            }
            rest = &rest[verb + 1..];
        }
        parts.push(literal(rest));
        concat(parts)
    }
}

/// The name that a registry looks up, without the address of the registry: `consul://host:8500/orders`.
fn resolved(value: Value) -> Value {
    let Value::Concat(parts) = &value else { return value };
    let [Value::Literal(scheme), rest @ ..] = parts.as_slice() else { return value };
    if !["consul://", "etcd://", "nacos://", "zookeeper://"].contains(&&**scheme) {
        return value;
    }
    let slash = rest.iter().position(|part| matches!(part, Value::Literal(text) if text.contains('/')));
    let Some((slash, Value::Literal(text))) = slash.map(|slash| (slash, &rest[slash])) else { return value };
    let behind = text.split_once('/').map_or("", |(_, behind)| behind);
    concat([literal(LOOKED_UP), literal(behind)].into_iter().chain(rest[slash + 1..].iter().cloned()))
}

/// The value without a text at its end; only a slash is looked for where it may be any.
fn trimmed(value: Value, cut: &str) -> Value {
    match value {
        Value::Literal(text) => literal(text.strip_suffix(cut).unwrap_or(&text)),
        Value::Env { name, default } => {
            let default = default.map(|default| Box::new(map_literals(*default, &|text| text.trim_end_matches(cut).to_owned())));
            Value::Env { name, default }
        }
        other => other,
    }
}
