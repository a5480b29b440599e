//! Calls of remote procedures through generated stubs: `new Basket.BasketClient(channel)`, `AddGrpcClient<Basket.BasketClient>(…)`.
//!
//! A stub is named by the service that it is generated for: `Basket.BasketClient`. One that a class is given is registered elsewhere, where
//! its address is the constant `BasketClient.Address` (see `registrations`).

use std::ops::Range;

use super::{expressions, registrations, requests};
use crate::extract::Output;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};
use crate::source::Location;

pub const FRAMEWORK: Framework =
    Framework { name: "grpc-dotnet-client", marks: &["AddGrpcClient", "GrpcChannel", "Grpc.", "Client(channel", ".Grpc;"], read };

/// Declarations of stubs that are followed in one file.
const MOST_STUBS: usize = 40;

/// A name that holds a stub.
struct Stub<'t> {
    name: &'t str,
    service: String,
    address: Value,
}

fn read(code: &Code, output: &mut Output) {
    let mut stubs: Vec<Stub> = Vec::new();
    let mut made: Vec<(Location, String, Value)> = Vec::new();
    for at in 0..code.len() {
        let Some(service) = service_at(code, at) else { continue };
        let begins = type_start(code, at);
        let after = at + 1 + usize::from(code.is(at + 1, "?"));
        if code.is(begins.wrapping_sub(1), "new") && code.is(at + 1, "(") {
            let argument = code.arguments(at + 1).into_iter().next();
            let address = argument.map_or_else(|| unknown("channel"), |range| channel(code, range));
            made.push((code.location(at..at + 1), service.clone(), address.clone()));
            if let Some(name) = assigned_to(code, begins - 1)
                && stubs.len() < MOST_STUBS
            {
                stubs.retain(|stub| stub.name != name);
                stubs.push(Stub { name, service, address });
            }
        } else if let Some(name) = code.word(after)
            && !code.is_any(after, &["where", "in"])
            && stubs.len() < MOST_STUBS
            && !stubs.iter().any(|stub| stub.name == name)
        {
            let address = Value::Symbol(format!("#{}", registrations::address_name(&format!("{service}Client"))).into());
            stubs.push(Stub { name, service, address });
        }
    }
    let mut called = false;
    for call in code.calls() {
        let name = code.text_of(call.name);
        if name == "AddGrpcClient"
            && let Some(stub) = registrations::stub(code, call)
        {
            let service = stub.strip_suffix("Client").unwrap_or(&stub);
            let address = registrations::address(code, registrations::reach(code, call));
            state(output, code.at(call.name), literal(service), address.unwrap_or_else(|| unknown("address")));
            continue;
        }
        let Some(receiver) = code.receiver_name(call) else { continue };
        let receiver = receiver.rsplit('.').next().unwrap_or(&receiver);
        let Some(stub) = stubs.iter().find(|stub| stub.name == receiver) else { continue };
        if matches!(name, "WithHost" | "ToString" | "Dispose" | "GetHashCode" | "Equals") || name.starts_with(char::is_lowercase)
        {
            continue;
        }
        let method = name.strip_suffix("Async").filter(|method| !method.is_empty()).unwrap_or(name);
        state(output, requests::place(code, call), literal(format!("{}/{method}", stub.service)), stub.address.clone());
        called = true;
    }
    if !called {
        made.into_iter().for_each(|(at, service, address)| state(output, at, literal(service), address));
    }
}

fn state(output: &mut Output, at: Location, name: Value, target: Value) {
    output.facts.push(Fact::Call(CallSite {
        at,
        kind: CallKind::Grpc,
        client: FRAMEWORK.name.into(),
        target,
        method: None,
        name: Some(name),
        exchange: None,
        limited: None,
    }));
}

/// The service of the stub whose type's name is this token: `X.XClient`, or another name of it by `using`.
fn service_at(code: &Code, at: usize) -> Option<String> {
    let word = code.word(at)?;
    let service = word.strip_suffix("Client").filter(|service| !service.is_empty());
    if let Some(service) = service
        && at >= 2
        && code.is(at - 1, ".")
        && code.is(at - 2, service)
    {
        return Some(service.to_owned());
    }
    if code.is_any(at.wrapping_sub(1), &[".", "using"]) || code.is(at + 1, "=") {
        return None;
    }
    // `using BasketClient = Shop.Basket.BasketClient;`
    if let Some(target) = code.imports().get(word)
        && let Some((_, last)) = target.rsplit_once('#')
        && let Some(service) = last.strip_suffix("Client")
        && is_alias_of_stub(code, word, service)
    {
        return Some(service.to_owned());
    }
    // `using static Shop.Basket;` leaves the last part alone.
    let service = service?;
    let is_static = code.occurrences(service).iter().take(20).any(|&place| {
        let place = place as usize;
        let begins = type_start(code, place);
        code.is(begins.wrapping_sub(1), "static") && code.is(begins.wrapping_sub(2), "using")
    });
    is_static.then(|| service.to_owned())
}

fn is_alias_of_stub(code: &Code, alias: &str, service: &str) -> bool {
    code.occurrences(alias).iter().take(4).any(|&place| {
        let place = place as usize;
        code.is(place.wrapping_sub(1), "using")
            && (place + 2..(place + 24).min(code.len())).take_while(|&at| !code.is(at, ";")).any(|at| code.is(at, service))
    })
}

/// Where the type begins whose last part is here.
fn type_start(code: &Code, last: usize) -> usize {
    let mut at = last;
    while at >= 2 && code.is_any(at - 1, &[".", "::"]) && code.word(at - 2).is_some() {
        at -= 2;
    }
    at
}

/// The name before `= new X(…)`.
fn assigned_to<'t>(code: &Code<'t>, new: usize) -> Option<&'t str> {
    let equals = new.checked_sub(1).filter(|&equals| code.is_any(equals, &["=", "??=", "=>"]))?;
    code.word(equals.checked_sub(1)?)
}

/// The address of a channel: `GrpcChannel.ForAddress(…)`, `new Channel("host:port", …)`, or a name of one.
fn channel(code: &Code, range: Range<usize>) -> Value {
    let mut range = range;
    if range.len() == 1
        && let Some(name) = code.word(range.start)
    {
        match code.assigned(name, range.start) {
            Some(assigned) => range = assigned,
            None => return expressions::given(code, range),
        }
    }
    let open = (range.start..range.end)
        .find(|&at| code.is(at, "(") && code.is_any(at.wrapping_sub(1), &["ForAddress", "Channel", "CreateChannel"]));
    let first = open.and_then(|open| code.arguments(open).into_iter().next());
    first.map_or_else(|| unknown("channel"), |first| expressions::given(code, first))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn calls_of_stubs_name_the_service() {
        check(
            "A.cs",
            r#"
using Grpc.Net.Client;
class A {
    async Task B() {
        using var channel = GrpcChannel.ForAddress("http://stock:5000");
        var client = new Shop.Stock.StockClient(channel);
        await client.TakeItemsAsync(new TakeRequest());
        var other = new HttpClient(channel);
    }
}"#,
            "7 call grpc http://stock:5000 name Stock/TakeItems (grpc-dotnet-client)",
        );
        check(
            "B.cs",
            r#"
using GrpcBasketClient = Shop.Grpc.Basket.BasketClient;
class A(GrpcBasketClient client, Pay.PayClient pay) { async Task B() { await client.GetBasketAsync(new()); pay.Charge(x); other.Get(); } }"#,
            "3 call grpc <#BasketClient.Address> name Basket/GetBasket (grpc-dotnet-client)
             3 call grpc <#PayClient.Address> name Pay/Charge (grpc-dotnet-client)",
        );
        check(
            "C.cs",
            "using Grpc.Core;\nclass C { void D() { F(new Mail.MailClient(new Channel(\"mail:80\", x))); } }",
            "2 call grpc mail:80 name Mail (grpc-dotnet-client)",
        );
    }
}
