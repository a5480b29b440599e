//! Whom a file of Python reaches: one pass over its calls, in which each reader knows a family of libraries.

mod addresses;
mod grpc_clients;
mod http_clients;
mod http_objects;
mod patterns;
mod producers;
mod stores;

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::names::Found;
use super::syntax::call as whole_call;
use super::values::Values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "reach",
    marks: &[
        "requests",
        "httpx",
        "aiohttp",
        "urllib",
        "http.client",
        "tornado.httpclient",
        "AsyncHTTPClient",
        "import niquests",
        "httplib2",
        "xmlrpc",
        "gql",
        "GraphqlClient",
        "websocket",
        "streamablehttp_client",
        "http://",
        "https://",
        "grpc",
        "os.environ",
        "getenv",
        "environ.get",
        "import environ",
        "decouple",
        "BaseSettings",
        "kafka",
        "pika",
        "kombu",
        "celery",
        "send_task",
        ".delay(",
        "apply_async",
        "dramatiq",
        "nameko",
        "import nats",
        "from nats",
        "redis",
        "boto3",
        "azure.",
        "google.cloud",
        "pubsub",
        "paho",
        "stomp",
        "faststream",
        "faust",
        "pulsar",
        "dapr",
        "enqueue",
        "publish(",
        "producer.",
        "sqlalchemy",
        "SQLALCHEMY_DATABASE_URI",
        "psycopg",
        "asyncpg",
        "aiopg",
        "mysql",
        "MySQLdb",
        "pyodbc",
        "oracledb",
        "sqlite3",
        "mongo",
        "motor",
        "peewee",
        "tortoise",
        "DATABASES",
        "elasticsearch",
        "opensearch",
        "cassandra",
        "neo4j",
        "influxdb",
        "pymemcache",
        "clickhouse",
        "minio",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    // What is generated from a description reaches nobody by itself.
    if code.path.ends_with("_pb2_grpc.py") || code.path.ends_with("_pb2.py") || code.path.ends_with("_grpc.py") {
        return;
    }
    let values = Values::new(code);
    let mut reach = Reach { code, values: &values, facts: Vec::new(), used: FxHashSet::default(), known: FxHashSet::default() };
    let stubs = grpc_clients::Stubs::new(&values);
    for call in code.calls() {
        if call.start.checked_sub(1).is_some_and(|before| code.is_any(before, &["def", "class", "@"]))
            || reach.facts.len() >= MOST
        {
            continue;
        }
        let arguments = code.arguments(call.open);
        let site = Site { call, arguments, name: code.dotted(call.start..call.name + 1) };
        let is_known = http_clients::call(&mut reach, &site)
            || stubs.call(&mut reach, &site)
            || patterns::call(&mut reach, &site)
            || producers::call(&mut reach, &site)
            || stores::call(&mut reach, &site);
        if is_known {
            reach.known.insert(call.open);
        }
    }
    stubs.unused(&mut reach);
    producers::entries(&mut reach);
    stores::settings(&mut reach);
    addresses::addresses(&mut reach);
    let invocations = addresses::invocations(&reach);
    output.facts.append(&mut reach.facts);
    if !invocations.is_empty() {
        output.facts.push(Fact::Invocations { invocations });
    }
}

/// What makes an object.
struct Made {
    package: String,
    last: String,
    /// The bracket before the arguments; None where only the type is known.
    open: Option<usize>,
}

/// Tokens of a receiver whose name tells.
const MOST_TOKENS: usize = 64;

/// Names that stand for names.
const MOST_STEPS: u32 = 6;

/// Facts of one file that are kept.
const MOST: usize = 1_000;

/// A call, with its arguments and the name of what is called.
struct Site {
    call: Call,
    arguments: Vec<Range<usize>>,
    /// With dots, where it is nothing but names.
    name: Option<String>,
}

struct Reach<'r, 'c, 't> {
    code: &'c Code<'t>,
    values: &'r Values<'c, 't>,
    facts: Vec<Fact>,
    /// Tokens of literals and variables that facts are made of.
    used: FxHashSet<usize>,
    /// Brackets of calls that are known.
    known: FxHashSet<usize>,
}

impl<'t> Reach<'_, '_, 't> {
    /// The argument by one of its names, or the one at this place among those without a name.
    fn argument(&self, site: &Site, names: &[&str], place: Option<usize>) -> Option<Range<usize>> {
        let named = names.iter().find_map(|name| self.code.named(&site.arguments, name));
        named.or_else(|| self.code.positional(&site.arguments).nth(place?).cloned())
    }

    /// What an argument stands for, and the tokens that it is made of kept from being an address of their own.
    fn value(&mut self, range: Range<usize>) -> Value {
        let value = self.values.value(range);
        self.used.extend(self.values.last_read());
        value
    }

    fn enter(&mut self, site: CallSite) {
        let fact = Fact::Call(site);
        if self.facts.len() < MOST && !self.facts.contains_last(&fact) {
            self.facts.push(fact);
        }
    }

    /// What an argument may stand for: more than one value where a table or a condition chooses.
    fn alternatives(&mut self, range: Range<usize>) -> Vec<Value> {
        let found = self.values.alternatives(range);
        self.used.extend(self.values.last_read());
        found
    }

    /// The last part of the receiver's name, in small letters.
    fn receiver_name(&self, site: &Site) -> Option<String> {
        let receiver = self.code.receiver(site.call);
        if receiver.is_empty() || receiver.len() > MOST_TOKENS {
            return None;
        }
        let text = self.code.text_in(receiver).to_ascii_lowercase();
        Some(text.trim_end_matches("()").rsplit('.').next().unwrap_or("").to_owned())
    }

    /// What made the object that an expression is: of a name, what was assigned to it.
    fn made(&self, range: Range<usize>) -> Option<Made> {
        let (code, names) = (self.code, &self.values.names);
        let mut range = range;
        for _ in 0..MOST_STEPS {
            range.start += usize::from(code.is(range.start, "await"));
            if let Some(name) = code.dotted(range.clone()) {
                match names.recent(&name, range.start) {
                    Found::Assigned(index) if !names.assignments[index].value.contains(&range.start) => {
                        range = names.assignments[index].value.clone();
                        continue;
                    }
                    Found::Parameter(_) => {
                        let (package, last) = self.values.library(&names.parameter_type(&name, range.start)?);
                        return Some(Made { package, last, open: None });
                    }
                    _ => return None,
                }
            }
            let (callee, open) = whole_call(code, range)?;
            let last = code.text_of(callee.end - 1).to_owned();
            let name = code.dotted(callee.clone());
            let Some((name, returned)) =
                name.clone().and_then(|name| Some((name.clone(), self.values.returned_by(&name, callee.start)?)))
            else {
                let package = name.map_or(String::new(), |name| self.values.library(&name).0);
                return Some(Made { package, last, open: Some(open) });
            };
            debug_assert!(!name.is_empty(), "a function has a name");
            range = returned;
        }
        None
    }

    /// A call site at a call; what else is known is filled in.
    fn site(&self, call: Call, kind: CallKind, client: &str, target: Value) -> CallSite {
        self.site_at(call.start..call.open + 1, kind, client, target)
    }

    fn site_at(&self, range: Range<usize>, kind: CallKind, client: &str, target: Value) -> CallSite {
        let at = self.code.location(range);
        let client: Arc<str> = client.into();
        CallSite { at, kind, client, target, method: None, name: None, exchange: None, limited: None }
    }
}

/// Facts that were entered lately.
trait Lately {
    fn contains_last(&self, fact: &Fact) -> bool;
}

impl Lately for Vec<Fact> {
    fn contains_last(&self, fact: &Fact) -> bool {
        self.iter().rev().take(16).any(|known| known == fact)
    }
}
