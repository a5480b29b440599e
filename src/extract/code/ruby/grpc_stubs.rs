//! Calls through generated stubs of gRPC: `Orders::Stub.new(address, :this_channel_is_insecure)`, and clients of Gruf.

use rustc_hash::FxHashMap;

use super::types::camelized;
use super::values::{self, arguments};
use crate::extract::Output;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};
use crate::source::Location;

pub const FRAMEWORK: Framework = Framework { name: "ruby-grpc-client", marks: &["::Stub.new", "Gruf::Client"], read };

/// A file makes no more stubs than this.
const MOST_STUBS: usize = 200;
/// Calls through one stub.
const MOST_CALLS: usize = 200;

fn read(code: &Code, output: &mut Output) {
    let mut seen: FxHashMap<&str, ()> = FxHashMap::default();
    for &at in code.occurrences("new").iter().take(MOST_STUBS) {
        let new = at as usize;
        if new < 4 || !code.is(new - 1, ".") {
            continue;
        }
        let arguments = arguments(code, new);
        let (service, target) = if code.is(new - 2, "Stub") && code.is(new - 3, "::") {
            let Some(service) = code.word(new - 4) else { continue };
            (service, arguments.first().map(|address| values::value(code, address.clone())))
        } else if code.reads(new - 4, &["Gruf", "::", "Client", "."]) {
            let Some(named) = code.named(&arguments, "service") else { continue };
            let Some(service) = named.rev().find_map(|at| code.word(at).filter(|word| *word != "Service")) else { continue };
            let options = code.named(&arguments, "options");
            let host = options.and_then(|options| code.named(&code.arguments(options.start), "hostname"));
            (service, host.map(|host| values::value(code, host)))
        } else {
            continue;
        };
        let target = target.unwrap_or_else(|| unknown("the stub's address"));
        let start = code.chain_start(new);
        let place = code.location(start..new + 1);
        let name = called(code, start);
        let calls = name.filter(|name| seen.insert(name, ()).is_none()).map_or(Vec::new(), |name| calls(code, name));
        if calls.is_empty() {
            output.facts.push(site(place, service.to_owned(), target.clone()));
        }
        for (place, method) in calls {
            output.facts.push(site(place, format!("{service}/{method}"), target.clone()));
        }
    }
}

fn site(at: Location, name: String, target: Value) -> Fact {
    Fact::Call(CallSite {
        at,
        kind: CallKind::Grpc,
        client: FRAMEWORK.name.into(),
        target,
        method: None,
        name: Some(literal(name)),
        exchange: None,
        limited: None,
    })
}

/// What a stub is assigned to: `stub = …`, `@stub ||= …`; or the method that makes it.
fn called<'t>(code: &Code<'t>, start: usize) -> Option<&'t str> {
    let mut equals = start.checked_sub(1)?;
    if code.is(equals, "::") {
        equals = equals.checked_sub(1)?;
    }
    if code.is(equals, "=") || code.is(equals, "||=") {
        let name = equals.checked_sub(1)?;
        let name = if code.is(name, "||") { name.checked_sub(1)? } else { name };
        return code.word(name);
    }
    let method = code.enclosing(start, crate::extract::code::structure::ItemKind::Function)?;
    (method.body.start == start).then(|| code.text_of(method.name))
}

/// Calls through a name: `stub.place_order(request)`, `client.call(:PlaceOrder, …)`.
fn calls(code: &Code, name: &str) -> Vec<(Location, String)> {
    let mut found = Vec::new();
    for &at in code.occurrences(name).iter().take(MOST_CALLS) {
        let at = at as usize;
        let Some(method) = code.word(at + 2).filter(|_| code.is(at + 1, ".")) else { continue };
        let place = code.location(at..at + 3);
        if method == "call" {
            let first = arguments(code, at + 2).into_iter().next();
            found.extend(first.and_then(|first| super::syntax::name(code, first)).map(|method| (place, method)));
        } else if code.is(at + 3, "(") && !matches!(method, "new" | "class" | "freeze" | "is_a?" | "respond_to?") {
            found.push((place, camelized(method)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn calls_through_stubs_are_told() {
        check(
            "lib/a.rb",
            r##"require 'grpc'
            class A
              def initialize
                @orders = Shop::Orders::Stub.new(ENV.fetch('ORDERS_ADDR', 'orders:50051'), :this_channel_is_insecure)
              end
              def stock
                Stock::Stub.new("#{ENV['STOCK_HOST']}:50051", creds)
              end
              def run
                @orders.place_order(request)
              end
            end
            c = ::Gruf::Client.new(service: ::Rpc::Products, options: { hostname: 'products:9001' })
            c.call(:GetProduct, id: 1)"##,
            "10 call grpc env(ORDERS_ADDR or orders:50051) name Orders/PlaceOrder (ruby-grpc-client)
             7 call grpc env(STOCK_HOST)+:50051 name Stock (ruby-grpc-client)
             14 call grpc products:9001 name Products/GetProduct (ruby-grpc-client)",
        );
    }
}
