//! Stubs of gRPC and clients of Thrift: `Orders::NewStub(grpc::CreateChannel(address, …))`, `OrdersClient(protocol)` over a `TSocket`.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::{concat, literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework =
    Framework { name: "cpp-rpc-clients", marks: &["::NewStub(", "::Stub>", "ServiceClient", "TSocket"], read };

/// Clients in one file.
const MOST_CLIENTS: usize = 64;
/// Places of one name that are looked at.
const MOST_PLACES: usize = 200;
/// How far after a name its client is called.
const MOST_CALLS: usize = 200;

fn read(code: &Code, output: &mut Output) {
    let mut found = Vec::new();
    stubs(code, &mut found);
    thrift(code, &mut found);
    output.facts.extend(found.into_iter().map(Fact::Call));
}

fn site(code: &Code, at: Range<usize>, client: &str, target: Value, name: String, limited: Option<bool>) -> CallSite {
    CallSite {
        at: code.location(at),
        kind: CallKind::Grpc,
        client: client.into(),
        target,
        method: None,
        name: Some(literal(name)),
        exchange: None,
        limited,
    }
}

/// Stubs of gRPC: where they are made, or their methods are called.
fn stubs(code: &Code, found: &mut Vec<CallSite>) {
    // By the name of a stub: its service.
    let mut services: FxHashMap<&str, &str> = FxHashMap::default();
    for &at in code.occurrences("Stub").iter().take(MOST_PLACES) {
        let at = at as usize;
        // `std::unique_ptr<shop::Orders::Stub> stub_;`
        if at < 2 || !code.is(at - 1, "::") {
            continue;
        }
        let name = (at + 1..at + 5).find(|&at| code.word(at).is_some());
        if let (Some(service), Some(name)) = (code.word(at - 2), name.and_then(|name| code.word(name))) {
            services.insert(name, service);
        }
    }
    let mut made: Vec<(&str, Call, Value)> = Vec::new();
    for &at in code.occurrences("NewStub").iter().take(MOST_CLIENTS) {
        let at = at as usize;
        let Some(call) = code.call_before(at + 1).filter(|call| call.name == at && at >= 2) else { continue };
        let Some(service) = code.word(at - 2).filter(|_| code.is(at - 1, "::")) else { continue };
        let channel = code.arguments(call.open).into_iter().next();
        let target = channel.map_or_else(|| unknown("a channel"), |channel| address(code, channel));
        // `auto stub = Orders::NewStub(…)`, `stub_(Orders::NewStub(…))`
        let before = call.start.checked_sub(2).filter(|&before| code.is_any(before + 1, &["=", "(", "{"]));
        if let Some(name) = before.and_then(|before| code.word(before)) {
            services.insert(name, service);
        }
        made.push((service, call, target));
    }
    let mut called: Vec<&str> = Vec::new();
    for call in code.calls() {
        let Some(receiver) = code.receiver_name(call).filter(|name| !name.is_empty() && code.is(call.name - 1, "->")) else {
            continue;
        };
        let last = receiver.rsplit('.').next().unwrap_or(&receiver);
        let Some(service) = services.get(last) else { continue };
        let method = code.text_of(call.name);
        let method = ["PrepareAsync", "Async"].iter().find_map(|prefix| method.strip_prefix(prefix)).unwrap_or(method);
        if method == "async" || !method.starts_with(char::is_uppercase) {
            continue;
        }
        let mut targets: Vec<&Value> = made.iter().filter(|(of, ..)| of == service).map(|(_, _, target)| target).collect();
        targets.dedup();
        let target = if let [only] = targets[..] { only.clone() } else { unknown("a channel") };
        let limited = (!code.occurrences("set_deadline").is_empty()).then_some(true);
        found.push(site(code, call.start..call.open, "grpc", target, format!("{service}/{method}"), limited));
        called.push(service);
    }
    for (service, call, target) in made {
        if !called.contains(&service) {
            found.push(site(code, call.start..call.open, "grpc", target, service.to_owned(), None));
        }
    }
}

/// The address of a channel: `grpc::CreateChannel("orders:50051", credentials)`, right here or by a name.
fn address(code: &Code, channel: Range<usize>) -> Value {
    let given = match code.word(channel.start).filter(|_| channel.len() == 1) {
        Some(name) => code.assigned(name, channel.start),
        None => Some(channel.clone()),
    };
    let open =
        given.and_then(|mut range| range.find(|&at| code.is_any(at, &["CreateChannel", "CreateCustomChannel"]))).map(|at| at + 1);
    match open.filter(|&open| code.is(open, "(")).and_then(|open| code.arguments(open).into_iter().next()) {
        Some(address) => values::value(code, address),
        None => match values::value(code, channel) {
            parameter @ Value::Parameter { .. } => parameter,
            _ => unknown("a channel"),
        },
    }
}

/// Clients of Thrift: each with the address of its socket, and the methods that are called on it.
fn thrift(code: &Code, found: &mut Vec<CallSite>) {
    if code.occurrences("TSocket").is_empty() && !code.text.contains("ServiceClient") {
        return;
    }
    let mut sockets = sockets(code);
    sockets.dedup();
    let socket = if let [only] = &sockets[..] { Some(only.clone()) } else { None };
    let mut seen: Vec<&str> = Vec::new();
    for at in 0..code.len() {
        let Some(service) = code.word(at).and_then(|word| word.strip_suffix("Client")).filter(|service| is_service(service))
        else {
            continue;
        };
        let is_of_socket =
            socket.is_some() && (code.is(at + 1, "(") || code.word(at + 1).is_some() && code.is_any(at + 2, &["(", "{"]));
        // `ClientPool<ThriftClient<OrdersServiceClient>> pool("orders", address, port, …)`
        let is_held = service.ends_with("Service") && code.is_any(at + 1, &[">", ">>"]);
        let mut name = at + 1;
        while code.is_any(name, &[">", ">>", "*", "&"]) {
            name += 1;
        }
        if is_of_socket && !is_declaration(code, at) {
            let target = socket.clone().unwrap_or_else(|| unknown("a socket"));
            let limited = (!code.occurrences("setRecvTimeout").is_empty()).then_some(true);
            found.push(site(code, at..at + 1, "thrift", target, service.to_owned(), limited));
            seen.push(service);
        } else if is_held && code.word(name).is_some() && code.is_any(name + 1, &["(", "{"]) {
            if let Some(target) = pool_address(code, name + 1) {
                found.push(site(code, at..at + 1, "thrift", target, service.to_owned(), None));
                seen.push(service);
            }
        } else if is_held && code.word(name).is_some() && code.is_any(name + 1, &[";", "=", ","]) && !seen.contains(&service) {
            // A member that another file gives.
            let calls = methods(code, code.text_of(name));
            for (call, method) in &calls {
                let target = unknown("made elsewhere");
                found.push(site(code, call.start..call.open, "thrift", target, format!("{service}/{method}"), None));
            }
            if !calls.is_empty() {
                seen.push(service);
            }
        }
        if found.len() >= MOST_CLIENTS * 4 {
            break;
        }
    }
}

fn is_service(service: &str) -> bool {
    service.starts_with(char::is_uppercase)
        && !matches!(service, "Get" | "TThrift" | "Thrift" | "Generic" | "Redis" | "Http" | "HTTP" | "T" | "Mongo")
}

/// `class OrdersClient(…)` and constructors of generated code.
fn is_declaration(code: &Code, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| code.is_any(before, &["class", "struct", "~", "::", "explicit", ">"]))
        && !code.is(at.wrapping_sub(2), "new")
        && code.word(at + 1).is_none()
}

/// Addresses of sockets that the file makes: `TSocket("orders", 9090)`, `make_shared<TSocket>(host, port)`.
fn sockets(code: &Code) -> Vec<Value> {
    let places = code.occurrences("TSocket").iter().take(MOST_PLACES).map(|&at| at as usize);
    let opens = places.filter_map(|at| {
        let open = [at + 1, at + 2].into_iter().find(|&open| code.is(open, "("))?;
        let arguments = code.arguments(open);
        let [host, port] = &arguments[..] else { return None };
        let value = |range: &Range<usize>| values::value(code, range.clone());
        Some(concat([value(host), literal(":"), value(port)]))
    });
    opens.collect()
}

/// The address among the arguments of a pool: a setting or text, and the port that follows.
fn pool_address(code: &Code, open: usize) -> Option<Value> {
    let arguments = code.arguments(open);
    let told: Vec<Value> = arguments.iter().take(4).map(|range| values::value(code, range.clone())).collect();
    let host = told.iter().position(|value| match value {
        Value::Property { key, .. } => {
            key.rsplit('.').next().is_some_and(|last| matches!(last, "addr" | "address" | "host" | "hostname"))
        }
        Value::Env { .. } => true,
        _ => false,
    })?;
    let port = told.get(host + 1).filter(|port| matches!(port, Value::Property { .. } | Value::Env { .. } | Value::Literal(_)));
    Some(match port {
        Some(port) => concat([told[host].clone(), literal(":"), port.clone()]),
        None => told[host].clone(),
    })
}

/// Methods that are called on what a pool gives: `auto wrapper = pool->Pop(); auto client = wrapper->GetClient(); client->Find(…)`.
fn methods<'t>(code: &Code<'t>, pool: &str) -> Vec<(Call, &'t str)> {
    let mut found: Vec<(Call, &str)> = Vec::new();
    let pops = code.occurrences(pool).iter().take(MOST_PLACES).map(|&at| at as usize);
    for at in pops.filter(|&at| code.is_any(at + 1, &["->", "."]) && code.is(at + 2, "Pop") && code.is(at.wrapping_sub(1), "=")) {
        let Some(wrapper) = at.checked_sub(2).and_then(|name| code.word(name)) else { continue };
        let end = code.enclosing_all(at).last().map_or(code.len(), |item| item.body.end);
        let gets = code.occurrences_in(at..end, wrapper).iter().map(|&at| at as usize);
        let mut gets = gets.filter(|&at| code.is(at + 1, "->") && code.is(at + 2, "GetClient"));
        let Some(client) = gets.next().and_then(|at| code.word(at.checked_sub(2)?)) else { continue };
        for &place in code.occurrences_in(at..end, client).iter().take(MOST_CALLS) {
            let place = place as usize;
            let call = code.is(place + 1, "->").then(|| code.call_before(place + 3)).flatten();
            let Some(call) = call.filter(|call| call.name == place + 2) else { continue };
            let method = code.text_of(call.name);
            if !found.iter().any(|(known, _)| known.name == call.name) {
                found.push((call, method));
            }
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn stubs_of_grpc() {
        check(
            "a.cc",
            r#"
class Shop {
 public:
  Shop() : stub_(shop::Orders::NewStub(grpc::CreateChannel(getenv("ORDERS_ADDR"), grpc::InsecureChannelCredentials()))) {}
  void find() { Status status = stub_->GetOrder(&context, request, &reply); }
 private:
  std::unique_ptr<shop::Orders::Stub> stub_;
};
void mail() { auto stub = Mail::NewStub(grpc::CreateChannel("mail:50051", creds)); }
            "#,
            "5 call grpc env(ORDERS_ADDR) name Orders/GetOrder (grpc)\n9 call grpc mail:50051 name Mail (grpc)",
        );
    }

    #[test]
    fn clients_of_thrift() {
        check(
            "a.cpp",
            r#"
void f() {
  std::shared_ptr<TTransport> socket(new TSocket("stock", 9090));
  StockServiceClient client(protocol);
  client.find(1);
}
            "#,
            "4 call grpc stock:9090 name StockService (thrift)",
        );
        check(
            "b.cpp",
            r#"
void f() {
  int port = config_json["orders-service"]["port"];
  std::string addr = config_json["orders-service"]["addr"];
  ClientPool<ThriftClient<OrdersServiceClient>> pool("orders-client", addr, port, 0);
}
            "#,
            "5 call grpc property(orders-service.addr)+:+property(orders-service.port) name OrdersService (thrift)",
        );
        check(
            "c.h",
            r#"
class Handler {
  ClientPool<ThriftClient<OrdersServiceClient>> *_pool;
};
void Handler::Find() {
  auto wrapper = _pool->Pop();
  auto client = wrapper->GetClient();
  client->FindOrder(1);
}
            "#,
            "8 call grpc ?made elsewhere name OrdersService/FindOrder (thrift)",
        );
    }
}
