//! Clients of gRPC that tonic generates: `OrdersClient::connect(address)`, and calls of their methods.

use rustc_hash::FxHashMap;

use super::http_clients::is_in_timeout;
use super::{fields, names, tests, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::targets;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework { name: "tonic", marks: &["_client::", "tonic"], read };

/// Methods of a stub that call nobody.
const SETTINGS: [&str; 7] = [
    "clone",
    "send_compressed",
    "accept_compressed",
    "max_decoding_message_size",
    "max_encoding_message_size",
    "connect",
    "ready",
];

/// What is known of one stub of the file.
struct Stub {
    /// Where it is made; None where another file makes it.
    made: Option<Call>,
    /// Two addresses are none.
    target: Value,
    limited: Option<bool>,
}

fn read(code: &Code, output: &mut Output) {
    let tests = tests(code);
    let calls = || code.calls().filter(|call| !tests.iter().any(|body| body.contains(&call.name)));
    let mut stubs: FxHashMap<&str, Stub> = FxHashMap::default();
    let mut order: Vec<&str> = Vec::new();
    for call in calls() {
        let Some((stub, target)) = made(code, call) else { continue };
        let limits = code.text_in(call.start..code.after(call.open)).contains(".timeout(");
        let limited = match code.text_of(call.name) {
            "connect" => Some(limits),
            _ => limits.then_some(true),
        };
        match stubs.get_mut(stub) {
            Some(known) if known.target != target => known.target = unknown("several addresses"),
            Some(_) => {}
            None => {
                order.push(stub);
                stubs.insert(stub, Stub { made: Some(call), target, limited });
            }
        }
    }
    for (name, target) in code.imports() {
        if is_stub(name) && target.split('#').next().is_some_and(|module| module.ends_with("_client")) {
            let at = code.occurrences(name).first();
            if let Some(&at) = at {
                let name = code.text_of(at as usize);
                stubs.entry(name).or_insert(Stub { made: None, target: unknown("made elsewhere"), limited: None });
            }
        }
    }
    if stubs.is_empty() {
        return;
    }
    let mut called: Vec<&str> = Vec::new();
    for call in calls() {
        let Some(stub) = receiver_stub(code, call).filter(|stub| stubs.contains_key(stub)) else { continue };
        let method = code.text_of(call.name);
        if SETTINGS.contains(&method) || method.starts_with("with_") || code.arguments(call.open).is_empty() {
            continue;
        }
        let known = &stubs[stub];
        let name = format!("{}/{}", service(stub), targets::camel(method));
        let limited = if is_in_timeout(code, call.start) { Some(true) } else { known.limited };
        add(code, output, call, known.target.clone(), &name, limited);
        called.push(stub);
    }
    for stub in order {
        if let Some(Stub { made: Some(call), target, limited }) = stubs.get(stub).filter(|_| !called.contains(&stub)) {
            add(code, output, *call, target.clone(), service(stub), *limited);
        }
    }
}

fn add(code: &Code, output: &mut Output, call: Call, target: Value, name: &str, limited: Option<bool>) {
    output.facts.push(Fact::Call(CallSite {
        at: code.location(call.start..call.open),
        kind: CallKind::Grpc,
        client: FRAMEWORK.name.into(),
        target,
        method: None,
        name: Some(literal(name)),
        exchange: None,
        limited,
    }));
}

fn is_stub(name: &str) -> bool {
    name.strip_suffix("Client").is_some_and(|service| service.starts_with(char::is_uppercase))
}

fn service(stub: &str) -> &str {
    stub.strip_suffix("Client").unwrap_or(stub)
}

/// The stub that a call makes, and its address.
fn made<'t>(code: &Code<'t>, call: Call) -> Option<(&'t str, Value)> {
    let name = code.text_of(call.name);
    if !matches!(name, "connect" | "new" | "with_interceptor" | "with_origin") || call.name < call.start + 2 {
        return None;
    }
    // `OrdersClient::<Channel>::new(…)`
    let stub = (call.start..call.name).find(|&at| code.word(at).is_some_and(is_stub) && code.is(at + 1, "::"))?;
    let in_module = stub > call.start + 1 && code.word(stub - 2).is_some_and(|module| module.ends_with("_client"));
    let imported = code.imports().get(code.text_of(stub)).is_some_and(|target| target.contains("_client#"));
    let connects = name == "connect" && code.text.contains("tonic");
    if !in_module && !imported && !connects {
        return None;
    }
    let index = usize::from(name == "with_origin" && code.arguments(call.open).len() > 1);
    let address = code.arguments(call.open).into_iter().nth(index)?;
    Some((code.text_of(stub), values::value(code, address)))
}

/// The type of the stub on which a method is called: that of a name, of a field, or of what is made right before.
fn receiver_stub<'t>(code: &Code<'t>, call: Call) -> Option<&'t str> {
    let receiver = code.receiver(call);
    if receiver.is_empty() || code.is(call.name.wrapping_sub(1), "::") {
        return None;
    }
    let mut last = receiver.end - 1;
    // `self.orders.clone().list(…)`, `self.orders.lock().await.list(…)`
    for _ in 0..3 {
        if code.is(last, ")") && last > receiver.start {
            let open = code.partner(last);
            let name = open.checked_sub(1).filter(|_| open < last)?;
            if name >= receiver.start + 2 && code.is_any(name, &["clone", "lock", "write", "unwrap", "as_mut", "borrow_mut"]) {
                last = name - 2;
                continue;
            }
            let made = (receiver.start..open).find(|&at| code.word(at).is_some_and(is_stub) && code.is(at + 1, "::"))?;
            return Some(code.text_of(made));
        }
        if code.is(last, "await") && last >= receiver.start + 2 {
            last -= 2;
        }
    }
    let name = code.word(last)?;
    if let Some(of) = fields::type_of(code, name, last).filter(|of| is_stub(of)) {
        return Some(of);
    }
    // `let mut client = self.orders.clone();`
    let given = names::given(code, name, last)?;
    let member = given.take(12).filter(|&at| code.word(at).is_some() && !code.is_any(at, &["self", "clone", "await"])).last()?;
    fields::type_of(code, code.text_of(member), last).filter(|of| is_stub(of))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn methods_of_stubs_are_calls() {
        check(
            "src/a.rs",
            r#"
use crate::pb::orders_client::OrdersClient;
use crate::pb::stock_client::StockClient;
struct Shop { orders: OrdersClient<Channel> }
impl Shop {
    async fn find(&self) { self.orders.clone().get_order(Request::new(x)).await?; }
}
async fn start() {
    let address = std::env::var("STOCK_ADDR").expect("an address");
    let mut client = StockClient::connect(format!("http://{}", address)).await?;
    let found = client.list_items(request).await?;
    let other = pb::mail_client::MailClient::new(Channel::from_static("http://mail:50051").timeout(limit).connect().await?);
    let http = HttpClient::new();
}
            "#,
            "6 call grpc ?made elsewhere name Orders/GetOrder (tonic)
            11 call grpc http://+env(STOCK_ADDR) name Stock/ListItems unlimited (tonic)
            12 call grpc http://mail:50051 name Mail limited (tonic)",
        );
    }
}
