//! Calls through generated stubs of gRPC: `new OrdersClient($host, ['credentials' => …])` and `$orders->Place($request)->wait()`.

use rustc_hash::FxHashMap;

use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};
use crate::source::Location;

pub const FRAMEWORK: Framework = Framework { name: "php-grpc-client", marks: &["ChannelCredentials", "->wait()"], read };

/// A stub that the file makes.
struct Stub<'t> {
    service: &'t str,
    at: Location,
    target: Value,
    is_called: bool,
}

fn read(code: &Code, output: &mut Output) {
    // The stubs themselves are generated.
    if code.text.contains("extends \\Grpc\\BaseStub") || code.text.contains("extends BaseStub") {
        return;
    }
    let mut stubs: Vec<Stub> = Vec::new();
    let mut names: FxHashMap<&str, usize> = FxHashMap::default();
    for call in code.calls() {
        let Some((stub, name)) = made(code, call) else { continue };
        if let Some(name) = name {
            names.insert(name, stubs.len());
        }
        stubs.push(stub);
    }
    for call in code.calls() {
        let method = code.text_of(call.name);
        let is_member = call.name.checked_sub(1).is_some_and(|at| code.is(at, "->"));
        if !is_member || !method.starts_with(|first: char| first.is_ascii_uppercase()) {
            continue;
        }
        let receiver = code.receiver(call);
        let Some(last) = receiver.end.checked_sub(1).and_then(|at| code.word(at)) else { continue };
        let own = last.trim_start_matches('$');
        let at = code.location(call.start..code.after(call.open));
        if let Some(&index) = names.get(own) {
            let stub = &mut stubs[index];
            stub.is_called = true;
            output.facts.push(site(at, format!("{}/{method}", stub.service), stub.target.clone()));
        } else if code.reads(code.after(call.open), &["->", "wait", "("]) {
            let declared = code.declared_type(&format!("${own}")).and_then(|of| of.strip_suffix("Client"));
            let Some(service) = declared.filter(|service| !service.is_empty()) else { continue };
            output.facts.push(site(at, format!("{service}/{method}"), unknown("the stub's address")));
        }
    }
    for stub in stubs.into_iter().filter(|stub| !stub.is_called) {
        output.facts.push(site(stub.at, stub.service.to_owned(), stub.target));
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

/// Whether a call makes a stub.
pub fn is_made(code: &Code, call: Call) -> bool {
    made(code, call).is_some()
}

/// The stub that a call makes, and what it is called.
fn made<'t>(code: &Code<'t>, call: Call) -> Option<(Stub<'t>, Option<&'t str>)> {
    let service = code.text_of(call.name).strip_suffix("Client").filter(|service| !service.is_empty())?;
    let mut start = call.name;
    while start > 0 && (code.is(start - 1, "\\") || code.word(start - 1).is_some() && !code.is(start - 1, "new")) {
        start -= 1;
        if call.name - start > 24 {
            return None;
        }
    }
    let new = start.checked_sub(1).filter(|&at| code.is(at, "new"))?;
    let arguments = code.arguments(call.open);
    let [host, options, ..] = &arguments[..] else { return None };
    let options = values::given(code, options.clone()).unwrap_or(options.clone());
    let has_credentials = options.clone().take(64).any(|at| code.literal(at).is_some_and(|text| text == "credentials"))
        || code.text_in(options).contains("ChannelCredentials");
    if !has_credentials {
        return None;
    }
    let stub = Stub {
        service,
        at: code.location(new..code.after(call.open)),
        target: values::value(code, host.clone()),
        is_called: false,
    };
    let equals = new.checked_sub(1).filter(|&at| code.is(at, "="));
    let name = equals.and_then(|at| code.word(at.checked_sub(1)?)).map(|name| name.trim_start_matches('$'));
    Some((stub, name))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn calls_through_stubs_are_told() {
        check(
            "src/Checkout.php",
            r#"<?php
            use Shop\V1\StockClient;
            class Checkout {
                public function __construct(private StockClient $stock) {
                    $this->orders = new \Shop\V1\OrdersClient(getenv('ORDERS_ADDR'), ['credentials' => \Grpc\ChannelCredentials::createInsecure()]);
                    $unused = new MailClient('mail:50051', ['credentials' => ChannelCredentials::createInsecure()]);
                    $other = new RedisClient($host, []);
                }
                public function run() {
                    list($reply, $status) = $this->orders->Place($request)->wait();
                    $this->stock->Reserve($request)->wait();
                    $this->promises->Other($x)->wait();
                }
            }"#,
            "10 call grpc env(ORDERS_ADDR) name Orders/Place (php-grpc-client)
             11 call grpc ?the stub's address name Stock/Reserve (php-grpc-client)
             6 call grpc mail:50051 name Mail (php-grpc-client)",
        );
    }
}
