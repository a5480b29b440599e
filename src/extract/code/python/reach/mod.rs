//! Whom a file of Python reaches: one pass over its calls, in which each reader knows a family of libraries.

mod addresses;
mod grpc_clients;
mod http_clients;

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;

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
        "websockets",
        "http://",
        "https://",
        "grpc",
        "os.environ",
        "getenv",
        "environ.get",
        "import environ",
        "decouple",
        "BaseSettings",
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
        let is_known = http_clients::call(&mut reach, &site) || stubs.call(&mut reach, &site);
        if is_known {
            reach.known.insert(call.open);
        }
    }
    stubs.unused(&mut reach);
    addresses::addresses(&mut reach);
    let invocations = addresses::invocations(&reach);
    output.facts.append(&mut reach.facts);
    if !invocations.is_empty() {
        output.facts.push(Fact::Invocations { invocations });
    }
}

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

    /// A call site at a call; what else is known is filled in.
    fn site(&self, call: Call, kind: CallKind, client: &str, target: Value) -> CallSite {
        let at = self.code.location(call.start..call.open + 1);
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
