//! Stubs of gRPC: how they are made or given, and the calls through them.
//!
//! A stub is told by what the compiler of descriptions generated: `OrdersGrpc.newBlockingStub(channel)`, `OrdersGrpc.OrdersFutureStub`,
//! `OrdersCoroutineStub(channel)`, `MutinyOrdersGrpc.MutinyOrdersStub`.

use rustc_hash::FxHashMap;

use super::chains::{Chain, Link};
use super::known::mentions;
use super::types::Annotation;
use super::{sites, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework { name: "grpc-client", marks: &["Stub", "@GrpcClient"], read };

const MAKERS: [&str; 5] = ["newBlockingStub", "newStub", "newFutureStub", "newBlockingV2Stub", "newMutinyStub"];
const ENDS: [&str; 6] = ["BlockingV2Stub", "BlockingStub", "FutureStub", "CoroutineStub", "VertxStub", "Stub"];

struct Stub {
    service: String,
    target: Value,
    at: usize,
    limited: Option<bool>,
    called: bool,
}

fn read(code: &Code, output: &mut Output) {
    let mut stubs: Vec<Stub> = Vec::new();
    let mut names: FxHashMap<&str, usize> = FxHashMap::default();
    declared(code, &mut stubs, &mut names);
    let mut made: FxHashMap<usize, usize> = FxHashMap::default();
    for call in code.calls() {
        let Some(service) = made_service(code, call.name) else { continue };
        let target = code.arguments(call.open).into_iter().next();
        let target = target.map_or_else(|| unknown("no channel is given"), |range| values::reached(code, range));
        let limited = code.text_in(call.open..code.after(call.open)).contains("withDeadline").then_some(true);
        // What it is assigned to.
        let equals = call.start.checked_sub(1).filter(|&at| code.is(at, "="));
        let name = equals.and_then(|equals| code.word(equals.checked_sub(1)?));
        let known = name.and_then(|name| names.get(name).copied()).filter(|&known| stubs[known].service == service);
        let index = match known {
            Some(known) => {
                stubs[known].target = target;
                stubs[known].at = call.start;
                known
            }
            None => {
                stubs.push(Stub { service, target, at: call.start, limited, called: false });
                stubs.len() - 1
            }
        };
        names.extend(name.map(|name| (name, index)));
        made.insert(call.name, index);
    }
    for call in code.calls() {
        let name = code.text_of(call.name);
        if name.starts_with("with") || made.contains_key(&call.name) || code.receiver(call).is_empty() {
            continue;
        }
        let Some((index, limited)) = stub_of(code, call, &names, &made) else { continue };
        let stub = &mut stubs[index];
        stub.called = true;
        let mut letters = name.chars();
        let method: String = letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect());
        output.facts.push(Fact::Call(CallSite {
            at: code.location(call.start..call.open),
            kind: CallKind::Grpc,
            client: FRAMEWORK.name.into(),
            target: stub.target.clone(),
            method: None,
            name: Some(literal(format!("{}/{method}", stub.service))),
            exchange: None,
            limited: if limited { Some(true) } else { stub.limited },
        }));
    }
    for stub in stubs.into_iter().filter(|stub| !stub.called) {
        sites::named(output, FRAMEWORK.name, CallKind::Grpc, code.at(stub.at), stub.target, Some(literal(stub.service)));
    }
}

/// The service of a stub that a call makes.
fn made_service(code: &Code, name: usize) -> Option<String> {
    let word = code.text_of(name);
    if MAKERS.contains(&word) {
        let before = code.word(name.checked_sub(2)?).filter(|_| code.is(name - 1, "."))?;
        return before.strip_suffix("Grpc").map(|service| service.trim_start_matches("Mutiny").to_owned());
    }
    let service = word.strip_suffix("CoroutineStub").filter(|service| !service.is_empty() && code.language.name() == "Kotlin")?;
    (!code.is(name.wrapping_sub(1), ":")).then(|| service.to_owned())
}

/// Fields, variables and parameters of the types of stubs; what `@GrpcClient` gives.
fn declared<'t>(code: &Code<'t>, stubs: &mut Vec<Stub>, names: &mut FxHashMap<&'t str, usize>) {
    let kotlin = code.language.name() == "Kotlin";
    for at in 0..code.len() {
        let Some(word) = code.word(at) else { continue };
        if word == "GrpcClient" && at > 0 && code.is(at - 1, "@") {
            given(code, at, stubs, names);
            continue;
        }
        let Some(service) = ENDS.iter().find_map(|end| word.strip_suffix(end)).filter(|service| !service.is_empty()) else {
            continue;
        };
        let service = service.strip_prefix("Mutiny").unwrap_or(service);
        let homes = [format!("{service}Grpc"), format!("{service}GrpcKt"), format!("Mutiny{service}Grpc")];
        let has_home = homes.iter().any(|home| !code.occurrences(home).is_empty());
        // `Type name` of Java, `name: Home.Type` of Kotlin.
        let first = code.chain_start(at);
        let name = match kotlin {
            true => first.checked_sub(2).filter(|_| code.is(first - 1, ":")).and_then(|name| code.word(name)),
            false => code.word(at + 1).filter(|_| !code.is(at + 1, "extends") && !code.is(at + 2, "(")),
        };
        let Some(name) = name.filter(|name| has_home && !names.contains_key(name)) else { continue };
        names.insert(name, stubs.len());
        let target = unknown("the channel is given elsewhere");
        stubs.push(Stub { service: service.to_owned(), target, at, limited: None, called: false });
    }
}

/// `@GrpcClient("orders") OrdersGrpc.OrdersBlockingStub stub`, and an interface of Quarkus with the name of the service.
fn given<'t>(code: &Code<'t>, at: usize, stubs: &mut Vec<Stub>, names: &mut FxHashMap<&'t str, usize>) {
    let annotation = Annotation::read(code, at);
    let end = (annotation.end..annotation.end + 24).find(|&end| code.is_any(end, &[";", ",", ")", "=", "{"]));
    let words: Vec<&str> = (annotation.end..end.unwrap_or(annotation.end)).filter_map(|at| code.word(at)).collect();
    let (name, of) = match (code.language.name(), words.as_slice()) {
        ("Kotlin", _) => {
            let colon = (annotation.end..annotation.end + 16).find(|&at| code.is(at, ":"));
            let Some(colon) = colon else { return };
            let mut last = colon + 1;
            while code.is(last + 1, ".") {
                last += 2;
            }
            (code.text_of(colon - 1), code.text_of(last))
        }
        (_, [.., of, name]) => (*name, *of),
        _ => return,
    };
    let service = ENDS.iter().find_map(|end| of.strip_suffix(end)).unwrap_or(of);
    let service = service.strip_prefix("Mutiny").unwrap_or(service);
    let told = annotation.attribute(code, "value").and_then(|range| code.literal(range.start)).map(|told| told.to_string());
    let told = told.unwrap_or_else(|| name.to_owned());
    let key = match mentions(code, "io.quarkus") {
        true => format!("quarkus.grpc.clients.{told}.host"),
        false => format!("grpc.client.{told}.address"),
    };
    let target = Value::Property { key: key.into(), default: Some(Box::new(literal(told))) };
    names.insert(name, stubs.len());
    stubs.push(Stub { service: service.to_owned(), target, at, limited: None, called: false });
}

/// The stub through which a call goes, and whether it gets a deadline on the way.
fn stub_of(code: &Code, call: Call, names: &FxHashMap<&str, usize>, made: &FxHashMap<usize, usize>) -> Option<(usize, bool)> {
    let chain = Chain::of(code, call)?;
    let at = chain.links.iter().position(|link| link.name == call.name)?;
    let before = &chain.links[..at];
    let is_limit = |link: &Link| code.text_of(link.name).starts_with("withDeadline");
    // Only what sets the stub up stands between.
    let set_up = before.iter().rev().take_while(|link| code.text_of(link.name).starts_with("with")).count();
    let root = before.len().checked_sub(set_up + 1).map(|root| before[root])?;
    let limited = before.iter().any(is_limit);
    let index = match made.get(&root.name) {
        Some(index) => *index,
        None if root.open.is_none() => *names.get(code.word(root.name)?)?,
        None => return None,
    };
    Some((index, limited))
}
