//! Stubs of gRPC: `orders_pb2_grpc.OrdersStub(channel)`, and the calls of their methods.

use std::cell::RefCell;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Reach, Site};
use crate::extract::code::calls::Call;
use crate::extract::code::python::names::Found;
use crate::extract::code::python::syntax::call as whole_call;
use crate::extract::code::python::values::Values;
use crate::extract::code::value::{concat, literal, unknown};
use crate::facts::{CallKind, Value};

/// The stubs that a file makes.
pub struct Stubs {
    /// By the bracket of the call that makes it: the service.
    made: FxHashMap<usize, Stub>,
    /// The last part of the name that each one is assigned to; None where several are.
    assigned: FxHashMap<String, Option<usize>>,
    called: RefCell<FxHashSet<usize>>,
}

struct Stub {
    service: String,
    call: Call,
}

impl Stubs {
    pub fn new(values: &Values) -> Stubs {
        let code = values.code;
        let mut made = FxHashMap::default();
        for call in code.calls() {
            let Some(service) = code.text_of(call.name).strip_suffix("Stub").filter(|service| !service.is_empty()) else {
                continue;
            };
            let is_stub = code.dotted(call.start..call.name + 1).is_some_and(|name| code.symbol(&name).contains("_grpc"));
            if is_stub && service != "Health" && !code.is(call.name.wrapping_sub(1), "class") {
                made.insert(call.open, Stub { service: service.to_owned(), call });
            }
        }
        let mut assigned: FxHashMap<String, Option<usize>> = FxHashMap::default();
        if !made.is_empty() {
            for found in &values.names.assignments {
                let Some((_, open)) = whole_call(code, found.value.clone()) else { continue };
                if made.contains_key(&open) {
                    let last = found.name.rsplit('.').next().unwrap_or(&found.name).to_owned();
                    assigned.entry(last).and_modify(|known| *known = None).or_insert(Some(open));
                }
            }
        }
        Stubs { made, assigned, called: RefCell::default() }
    }

    /// Reads a call; true when it is one of a stub, or makes one.
    pub fn call(&self, reach: &mut Reach, site: &Site) -> bool {
        if self.made.is_empty() {
            return false;
        }
        if self.made.contains_key(&site.call.open) {
            return true;
        }
        let code = reach.code;
        let mut receiver = code.receiver(site.call);
        let mut method = code.text_of(site.call.name);
        // `stub.GetOrder.future(request)`.
        if matches!(method, "future" | "with_call") && receiver.len() > 2 {
            method = code.text_of(receiver.end - 1);
            receiver.end -= 2;
        }
        let Some(open) = self.stub(reach, receiver, 4) else { return false };
        let Some(stub) = self.made.get(&open) else { return false };
        self.called.borrow_mut().insert(open);
        let target = channel(reach, stub.call);
        let mut found = reach.site(site.call, CallKind::Grpc, "grpc", target);
        found.name = Some(literal(format!("{}/{method}", stub.service)));
        found.limited = match code.named(&site.arguments, "timeout") {
            Some(range) => Some(!code.is(range.start, "None")),
            None if site.arguments.iter().any(|range| code.is(range.start, "**")) => None,
            None => Some(false),
        };
        reach.enter(found);
        true
    }

    /// The stub that a receiver is.
    fn stub(&self, reach: &Reach, range: Range<usize>, steps: u32) -> Option<usize> {
        let code = reach.code;
        let names = &reach.values.names;
        if steps == 0 || range.is_empty() {
            return None;
        }
        if let Some(name) = code.dotted(range.clone()) {
            if let Found::Assigned(index) = names.recent(&name, range.start) {
                let value = names.assignments[index].value.clone();
                return if value.contains(&range.start) { None } else { self.stub(reach, value, steps - 1) };
            }
            // One that another function sets.
            let last = name.rsplit('.').next().unwrap_or(&name);
            return *self.assigned.get(last)?;
        }
        let (callee, open) = whole_call(code, range)?;
        if self.made.contains_key(&open) {
            return Some(open);
        }
        let name = code.dotted(callee.clone())?;
        let class = name.starts_with("self.").then(|| names.class(callee.start)).flatten().map(|item| item.name);
        let item = &code.items()[names.function_named(class, name.rsplit('.').next()?)?];
        let at = item.body.clone().take(400).find(|&at| code.is(at, "return"))?;
        let mut end = code.after(at);
        while end < item.body.end && !code.begins_line(end) {
            end = code.after(end);
        }
        self.stub(reach, at + 1..end, steps - 1)
    }

    /// Stubs of which no call is seen are made for one.
    pub fn unused(&self, reach: &mut Reach) {
        let mut unused: Vec<&Stub> =
            self.made.iter().filter(|(open, _)| !self.called.borrow().contains(open)).map(|(_, stub)| stub).collect();
        unused.sort_unstable_by_key(|stub| stub.call.open);
        for stub in unused {
            let target = channel(reach, stub.call);
            let mut found = reach.site(stub.call, CallKind::Grpc, "grpc", target);
            found.name = Some(literal(&*stub.service));
            reach.enter(found);
        }
    }
}

/// The address of the channel that a stub is given.
fn channel(reach: &mut Reach, stub: Call) -> Value {
    let code = reach.code;
    let arguments = code.arguments(stub.open);
    let Some(range) = code.named(&arguments, "channel").or_else(|| code.positional(&arguments).next().cloned()) else {
        return unknown("no channel");
    };
    // `Channel(host, port)` of grpclib.
    let made = match code.dotted(range.clone()).map(|name| reach.values.names.recent(&name, range.start)) {
        Some(Found::Assigned(index)) => reach.values.names.assignments[index].value.clone(),
        _ => range.clone(),
    };
    if let Some((callee, open)) = whole_call(code, made)
        && code.is(callee.end - 1, "Channel")
    {
        let arguments = code.arguments(open);
        let part =
            |name: &str, place: usize| code.named(&arguments, name).or_else(|| code.positional(&arguments).nth(place).cloned());
        let mut parts = Vec::new();
        for range in [part("host", 0), part("port", 1)].into_iter().flatten() {
            parts.extend((!parts.is_empty()).then(|| literal(":")));
            parts.push(reach.value(range));
        }
        return concat(parts);
    }
    reach.value(range)
}
