//! Whom a Go program reaches: what its readers of calls share, and the addresses and invocations of a file.
//!
//! A file comes in; its calls over the network, messages, stores, proxies, addresses and invocations come out. Each family of libraries has
//! a reader of its own, which is asked for each call once.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::super::calls::Call;
use super::super::value::literal;
use super::super::{Code, Framework};
use super::http_clients::{self, Chain};
use super::values::Values;
use super::{addresses, brokers, messages, proxies, rpc_clients, stores};
use crate::extract::Output;
use crate::facts::{CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "reach",
    marks: &[
        "http.Get(",
        "http.Post",
        "http.Head(",
        "http.NewRequest",
        "http.Client",
        "http.DefaultClient",
        "httputil.",
        "http://",
        "https://",
        "os.Getenv(",
        "os.LookupEnv(",
        "go-resty/",
        "gorequest",
        "dghubble/sling",
        "valyala/fasthttp",
        "imroc/req",
        "heimdall",
        "retryablehttp",
        "kit/transport/http",
        "graphql",
        "websocket",
        "/grpc\"",
        "Client(",
        "connect.New",
        "/zrpc\"",
        "net/rpc",
        "micro",
        "kitex",
        "kafka",
        "sarama",
        "franz-go",
        "amqp",
        "nats-io/",
        "watermill",
        "pubsub",
        "aws-sdk-go",
        "azservicebus",
        "go-redis/redis",
        "redis/go-redis",
        "redigo",
        "asynq",
        "machinery",
        "go-nsq",
        "pulsar-client-go",
        "paho.mqtt",
        "dapr/go-sdk",
        "cloudevents",
        "gocraft/work",
        "rocketmq-client-go",
        "database/sql",
        "sqlx",
        "pgx",
        "gorm",
        "go-pg/pg",
        "mongo",
        "mgo.v2",
        "gocql",
        "elasticsearch",
        "clickhouse",
        "memcache",
        "influxdb",
        "minio-go",
        "cloud.google.com/go/",
        "viper",
        "godotenv",
        "golang-migrate",
    ],
    read,
};

/// Packages by which requests over HTTP are sent.
const CLIENTS: &[&str] = &[
    "net/http#",
    "transport/http#",
    "resty",
    "gorequest",
    "sling",
    "fasthttp",
    "imroc/req",
    "heimdall",
    "retryablehttp",
    "httpc#",
    "graphql",
    "websocket",
    "gofiber/fiber",
    "grequests",
    "gentleman",
    "Client",
    "ctxhttp",
];

/// How far the set-up of a client is followed.
const MOST_LINKS: usize = 4;

/// A file and what is known of it.
pub struct Reach<'v, 'c, 't> {
    pub code: &'c Code<'t>,
    pub values: &'v Values<'c, 't>,
    pub has_clients: bool,
}

fn read(code: &Code, output: &mut Output) {
    let values = Values::following(code);
    let has_clients = code.imports().values().any(|symbol| CLIENTS.iter().any(|path| symbol.contains(path)));
    let reach = Reach { code, values: &values, has_clients };
    messages::read(&values, output);
    let mut known: BTreeSet<usize> = BTreeSet::new();
    let stubs = rpc_clients::Stubs::default();
    for call in code.calls().filter(|call| !reach.is_head(*call)) {
        let mut facts: Vec<Fact> = Vec::new();
        if let Some(site) = http_clients::read(&reach, call) {
            facts.push(Fact::Call(site));
        } else if let Some(site) = stubs.read(&reach, call) {
            facts.push(Fact::Call(site));
        } else if let Some(gateway) = proxies::read(&reach, call) {
            facts.push(gateway);
        } else if let Some(connection) = stores::read(&reach, call) {
            facts.push(Fact::Connection(connection));
        } else {
            facts.extend(brokers::read(&reach, call));
        }
        if !facts.is_empty() {
            known.insert(call.open);
            output.facts.append(&mut facts);
        }
    }
    known.extend(stubs.places());
    output.facts.extend(stubs.unused().into_iter().map(Fact::Call));
    output.facts.extend(brokers::literals(&reach));
    output.facts.extend(stores::literals(&reach).into_iter().map(Fact::Connection));
    output.facts.extend(proxies::literals(&reach));
    output.facts.extend(addresses::read(&reach, &values.noted()));
    output.facts.extend(addresses::invocations(&reach, &known));
}

/// A call as a fact whose target is known.
pub fn site(code: &Code, call: Call, kind: CallKind, client: &str, target: Value) -> CallSite {
    let at = code.location(call.start..code.after(call.open));
    CallSite { at, kind, client: client.into(), target, method: None, name: None, exchange: None, limited: None }
}

impl<'t> Reach<'_, '_, 't> {
    pub fn imports(&self, path: &str) -> bool {
        self.code.imports().values().any(|symbol| symbol.contains(path))
    }

    /// What an expression reads as.
    pub fn value(&self, range: Range<usize>) -> Value {
        self.values.of(range)
    }

    /// What an expression reads as that a fact takes for an address, a topic or a name: a variable that is empty by default has none.
    pub fn address(&self, range: Range<usize>) -> Value {
        without_empty(self.values.of_noted(range))
    }

    pub fn type_of(&self, name: &str, at: usize) -> Option<Arc<str>> {
        if name.is_empty() {
            return None;
        }
        if let Some(of) = self.values.type_of(name, at) {
            return Some(of);
        }
        (self.code.imports().contains_key(name.split('.').next()?)).then(|| self.code.symbol(name))
    }

    /// The symbol of the type of an expression.
    pub fn type_of_value(&self, range: Range<usize>) -> Option<Arc<str>> {
        self.values.type_of_expression(range)
    }

    /// True for the head of a function or method, which looks like a call.
    pub fn is_head(&self, call: Call) -> bool {
        let source = &self.values.source;
        let function = source.function_at(call.name).map(|index| &source.functions[index as usize]);
        function.is_some_and(|function| call.open < function.body.start && function.at < call.open)
    }

    /// The name of the type of an event: of a value that is made of it, of what makes one, or of a variable that is declared with it.
    pub fn event_of(&self, range: Range<usize>) -> Option<String> {
        let code = self.code;
        let mut range = range;
        for _ in 0..MOST_LINKS {
            let start = range.start + usize::from(code.is_any(range.start, &["&", "*"]));
            let last = range.end.checked_sub(1).filter(|&last| last >= start)?;
            let of = if code.is(last, ")") {
                let call = code.call_before(code.partner(last)).filter(|call| call.start == start)?;
                let name = code.text_of(call.name);
                let is_typed = code.is(call.name + 1, "[");
                let is_own = call.start == call.name && self.values.source.function_named(name).is_some();
                match name.strip_prefix("New") {
                    Some(made) if !is_typed && !made.is_empty() => return Some(made.to_owned()),
                    _ if is_typed || is_own || name == "new" => self.type_of_value(start..range.end)?,
                    _ => return None,
                }
            } else if code.is(last, "}") {
                self.type_of_value(start..range.end)?
            } else {
                let name = code.dotted(start..range.end)?;
                match self.made(&name, start) {
                    Some(made) if made != range => {
                        range = made;
                        continue;
                    }
                    _ => self.values.type_of(&name, start)?,
                }
            };
            return of.rsplit(['#', '.', '/']).next().map(str::to_owned);
        }
        None
    }

    /// True where a package is called, and no value.
    pub fn is_package(&self, call: Call) -> bool {
        let receiver = self.code.receiver_name(call).unwrap_or_default();
        self.code.imports().contains_key(&receiver) && !self.is_shadowed(&receiver, call.start)
    }

    /// True for an argument that is a context.
    pub fn is_context(&self, range: Range<usize>) -> bool {
        let text = self.code.text_in(range);
        text.len() < 60 && (text.contains("ctx") || text.contains("Ctx") || text.contains("ontext"))
    }

    /// The name of the type before a brace, and the path of its package.
    pub fn type_at(&self, open: usize) -> Option<(&'t str, &str)> {
        let code = self.code;
        let name = code.word(open.checked_sub(1)?)?;
        let package = code.is(open.wrapping_sub(2), ".").then(|| code.word(open.wrapping_sub(3))).flatten()?;
        Some((name, code.imports().get(package)?))
    }

    /// The tokens of a field of the value whose brace this is.
    pub fn field_of(&self, open: usize, field: &str) -> Option<Range<usize>> {
        let code = self.code;
        let parts = code.split(code.inside(open), ",");
        let part = parts.into_iter().find(|part| code.is(part.start, field) && code.is(part.start + 1, ":"))?;
        (part.len() > 2).then_some(part.start + 2..part.end)
    }

    /// The first value of `[]string{…}`, or the value itself.
    pub fn first_of(&self, range: Range<usize>) -> Range<usize> {
        let code = self.code;
        let brace = code.is(range.start, "[").then(|| range.clone().find(|&at| code.is(at, "{"))).flatten();
        let first = brace.and_then(|brace| code.split(code.inside(brace), ",").into_iter().next());
        first.unwrap_or(range)
    }

    /// The symbol of what a call calls.
    pub fn callee(&self, call: Call) -> Arc<str> {
        let code = self.code;
        let name = code.text_of(call.name);
        match code.receiver_name(call) {
            Some(receiver) if receiver.is_empty() => code.symbol(name),
            Some(receiver) if self.is_package(call) => code.symbol(&format!("{receiver}.{name}")),
            Some(receiver) => match self.values.type_of(&receiver, call.start) {
                Some(of) => format!("{of}.{name}").into(),
                None => format!("*#{name}").into(),
            },
            None => format!("*#{name}").into(),
        }
    }

    /// True where a name that a package is imported by stands for a variable.
    pub fn is_shadowed(&self, name: &str, at: usize) -> bool {
        self.values.is_local(name, at)
    }

    /// The tokens that a name is given before a place, or that the field by its name is given.
    pub fn made(&self, name: &str, at: usize) -> Option<Range<usize>> {
        self.values.made(name, at)
    }

    /// Whether a client of net/http ends its requests after a time: None where its set-up is not seen.
    pub fn client_limit(&self, name: &str, at: usize) -> Option<bool> {
        let code = self.code;
        if name == "http.DefaultClient" {
            return Some(false);
        }
        let mut range = self.made(name, at)?;
        for _ in 0..MOST_LINKS {
            let start = range.start + usize::from(code.is(range.start, "&"));
            if code.reads(start, &["http", ".", "Client", "{"]) {
                let parts = code.split(code.inside(start + 3), ",");
                let is_set = parts.iter().any(|part| code.is(part.start, "Timeout"));
                let set_later = code.occurrences("Timeout").iter().any(|&timeout| {
                    let timeout = timeout as usize;
                    code.is(timeout + 1, "=") && code.is(timeout.wrapping_sub(1), ".")
                });
                return Some(is_set || set_later);
            }
            if code.reads(start, &["http", ".", "DefaultClient"]) {
                return Some(false);
            }
            let name = code.dotted(start..range.end)?;
            range = self.made(&name, start)?;
        }
        None
    }

    /// Whether the request that is made here ends after a time: by its context, or by the client that sends it below.
    pub fn request_limit(&self, call: Call, arguments: &[Range<usize>]) -> Option<bool> {
        let code = self.code;
        let function = self.values.source.function_at(call.start)?;
        let body = self.values.source.functions[function as usize].body.clone();
        let has_deadline = ["WithTimeout", "WithDeadline"].iter().any(|name| !code.occurrences_in(body.clone(), name).is_empty());
        let with_context = code.text_of(call.name) == "NewRequestWithContext";
        if with_context && has_deadline {
            return Some(true);
        }
        let sent = code.occurrences_in(call.open..body.end, "Do").iter().take(8);
        let sent = sent.filter_map(|&at| code.call_before(at as usize + 1)).next();
        let limit = self.client_limit(&code.receiver_name(sent?)?, call.open)?;
        let is_background = arguments.first().is_some_and(|first| code.text_in(first.clone()) == "context.Background()");
        match limit {
            true => Some(true),
            // What the context of the caller says is not seen.
            false => (!with_context || is_background).then_some(false),
        }
    }

    /// The application that a header of Dapr names, in the function around a request.
    pub fn application(&self, call: Call) -> Option<Value> {
        let code = self.code;
        if !code.text.contains("dapr-app-id") {
            return None;
        }
        let function = self.values.source.function_at(call.start)?;
        let body = self.values.source.functions[function as usize].body.clone();
        let set = ["Set", "Add"].iter().find_map(|name| {
            code.occurrences_in(call.open..body.end, name).iter().take(16).find_map(|&at| {
                let arguments = code.arguments(at as usize + 1);
                let header = code.literal_text(arguments.first()?.clone())?;
                (&*header.value == "dapr-app-id").then(|| arguments.get(1).cloned()).flatten()
            })
        })?;
        Some(self.address(set))
    }

    /// The method that `request.Header.SetMethod("POST")` sets in the function around a call.
    pub fn method_set(&self, call: Call) -> Option<String> {
        let function = self.values.source.function_at(call.start)?;
        let body = self.values.source.functions[function as usize].body.clone();
        let &at = self.code.occurrences_in(body, "SetMethod").first()?;
        match self.value(self.code.inside(at as usize + 1)) {
            Value::Literal(method) => Some(method.to_ascii_uppercase()),
            _ => None,
        }
    }

    /// What stands before the method of HTTP in a chain of a library: the client, where this file makes it.
    pub fn chain(&self, call: Call, library: &str) -> Option<Chain> {
        let code = self.code;
        let mut chain = Chain { base: None, limited: None, is_package: false };
        let mut range = code.receiver(call);
        let mut is_of_library = false;
        for _ in 0..MOST_LINKS {
            let setters = ["SetBaseURL", "SetHostURL", "Base", "BaseURL", "SetTimeout", "Timeout", "WithHTTPTimeout"];
            for name in setters {
                let Some(&at) = code.occurrences_in(range.clone(), name).first() else { continue };
                match code.is(at as usize + 1, "(") {
                    true if name.contains("Timeout") => chain.limited = Some(true),
                    true => chain.base = chain.base.or(Some(code.inside(at as usize + 1))),
                    false => {}
                }
            }
            is_of_library |= range.clone().any(|at| code.is(at, "R") && code.is(at + 1, "(")) && library.contains("res");
            let first = code.text_of(range.start);
            let end = (range.start..range.end).find(|&at| code.is(at, "(")).unwrap_or(range.end);
            let of = code.dotted(range.start..end);
            if !self.is_shadowed(first, range.start) && code.imports().get(first).is_some_and(|symbol| symbol.contains(library)) {
                chain.is_package = range.len() == 1;
                chain.base = chain.base.or_else(|| self.only_base());
                return Some(chain);
            }
            let name = match of {
                Some(name) if end < range.end => name.rsplit_once('.').map_or(name.clone(), |(name, _)| name.to_owned()),
                Some(name) => name,
                None => break,
            };
            is_of_library |= self.values.type_of(&name, range.start).is_some_and(|of| of.contains(library));
            match self.made(&name, range.start) {
                Some(made) if made != range => range = made,
                _ => break,
            }
        }
        chain.base = chain.base.or_else(|| self.only_base());
        is_of_library.then_some(chain)
    }

    /// The base address that the file sets, where it sets one.
    fn only_base(&self) -> Option<Range<usize>> {
        let code = self.code;
        let places = ["SetBaseURL", "SetHostURL"].iter().flat_map(|name| code.occurrences(name).iter().take(2));
        let mut found = places.map(|&at| at as usize + 1).filter(|&open| code.is(open, "("));
        let only = found.next()?;
        found.next().is_none().then(|| code.inside(only))
    }
}

/// The value without defaults that are empty: what is not set then is not known.
pub fn without_empty(value: Value) -> Value {
    let empty = literal("");
    match value {
        Value::Env { name, default } => {
            let default = default.filter(|default| **default != empty).map(|default| Box::new(without_empty(*default)));
            Value::Env { name, default }
        }
        Value::Property { key, default } => {
            let default = default.filter(|default| **default != empty).map(|default| Box::new(without_empty(*default)));
            Value::Property { key, default }
        }
        Value::Concat(parts) => Value::Concat(parts.into_iter().map(without_empty).collect()),
        other => other,
    }
}
