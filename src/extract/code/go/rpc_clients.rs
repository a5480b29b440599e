//! Remote procedures that a Go program calls: stubs of gRPC, Connect, Twirp, go-micro, Kitex, go-zero and Kratos, and net/rpc.
//!
//! A stub is told by the function that generated code has for it, `NewOrdersClient(connection)`, or by the type that a field or parameter
//! has. Its calls are stated; where none is seen in the file, the place where it is made.

use std::cell::RefCell;
use std::ops::Range;

use rustc_hash::FxHashSet;

use super::super::calls::Call;
use super::super::value::{literal, unknown};
use super::reach::{Reach, site};
use crate::facts::{CallKind, CallSite, Value};
use crate::source::last_part;

/// Stubs of libraries, which call no service of the house.
const LIBRARIES: [&str; 12] =
    ["Health", "ServerReflection", "Reflection", "Channelz", "HTTP", "Http", "GRPC", "Grpc", "SMTP", "Redis", "Rpc", "RPC"];

/// Packages whose clients are no stubs of the house.
const FOREIGN: [&str; 10] = [
    "google.golang.org/",
    "cloud.google.com/",
    "go.opentelemetry.io/",
    "github.com/aws/",
    "github.com/Azure/",
    "k8s.io/",
    "go.etcd.io/",
    "google.golang.org/grpc",
    "net/",
    "github.com/google/go-github",
];

/// Stubs that are made in a file, and which of them are called there.
#[derive(Default)]
pub struct Stubs {
    made: RefCell<Vec<(String, CallSite)>>,
    called: RefCell<FxHashSet<String>>,
    places: RefCell<Vec<usize>>,
}

/// A stub where it is made.
struct Stub {
    service: String,
    client: &'static str,
    kind: CallKind,
    target: Option<Range<usize>>,
}

impl Stubs {
    /// The call of a stub that a call is.
    pub fn read(&self, reach: &Reach, call: Call) -> Option<CallSite> {
        let code = reach.code;
        let name = code.text_of(call.name);
        if let Some(stub) = made(reach, call) {
            let target = stub.target.clone().map_or(unknown("the address of the channel"), |range| reach.address(range));
            let mut found = site(code, call, stub.kind, stub.client, target);
            found.name = Some(literal(stub.service.as_str())).filter(|_| stub.kind != CallKind::Http);
            self.made.borrow_mut().push((stub.service, found));
            self.places.borrow_mut().push(call.open);
            return None;
        }
        let arguments = code.arguments(call.open);
        if call.start == call.name || arguments.is_empty() {
            return None;
        }
        if let Some(found) = of_library(reach, call, &arguments) {
            return Some(found);
        }
        if !name.starts_with(|first: char| first.is_ascii_uppercase()) || reach.is_package(call) {
            return None;
        }
        let (service, client, kind, target) = self.stub_of(reach, call)?;
        self.called.borrow_mut().insert(service.clone());
        let mut found = site(code, call, kind, client, target);
        found.name = Some(literal(format!("{service}/{name}")));
        Some(found)
    }

    /// The stub before the dot of a call.
    fn stub_of(&self, reach: &Reach, call: Call) -> Option<(String, &'static str, CallKind, Value)> {
        let code = reach.code;
        let receiver = code.receiver(call);
        let of_value = |range: Range<usize>| {
            let open = range.end.checked_sub(1).filter(|&last| code.is(last, ")")).map(|last| code.partner(last))?;
            let made_here = code.call_before(open).filter(|made| made.start == range.start)?;
            let stub = made(reach, made_here).filter(|stub| stub.kind != CallKind::Http)?;
            let target = stub.target.map_or(unknown("the address of the channel"), |target| reach.address(target));
            Some((stub.service, stub.client, stub.kind, target))
        };
        if let Some(found) = of_value(receiver.clone()) {
            return Some(found);
        }
        let name = code.dotted(receiver.clone()).filter(|name| !name.is_empty())?;
        let by_value = reach.made(&name, call.start).and_then(of_value);
        if let Some((service, client, kind, target)) = by_value {
            // What is given last may be given under a condition only.
            let settled = reach.address(receiver);
            let target = if matches!(settled, Value::Unknown(_) | Value::Symbol(_)) { target } else { settled };
            return Some((service, client, kind, target));
        }
        let of = reach.type_of(&name, call.start)?;
        let (module, of) = of.split_once('#')?;
        let service = of.strip_suffix("Client").filter(|service| is_service(service))?;
        let is_stub = is_generated(module) || service.ends_with("Service") && !module.is_empty();
        if !is_stub
            || FOREIGN.iter().any(|path| module.starts_with(path))
            || !is_context(code.text_in(code.arguments(call.open)[0].clone()))
        {
            return None;
        }
        Some((service.to_owned(), "grpc", CallKind::Grpc, reach.address(receiver)))
    }

    /// The brackets of the calls that make stubs.
    pub fn places(&self) -> Vec<usize> {
        self.places.borrow().clone()
    }

    /// Stubs that are made and not called in the file.
    pub fn unused(&self) -> Vec<CallSite> {
        let called = self.called.borrow();
        let made = self.made.borrow_mut().drain(..).collect::<Vec<_>>();
        made.into_iter().filter(|(service, _)| !called.contains(service)).map(|(_, site)| site).collect()
    }
}

/// The stub that a call makes.
fn made(reach: &Reach, call: Call) -> Option<Stub> {
    let code = reach.code;
    let name = code.text_of(call.name);
    let own = name.strip_prefix("New").or(name.strip_prefix("MustNew"))?;
    let receiver = code.receiver_name(call)?;
    let module = match receiver.as_str() {
        "" => "",
        package => code.imports().get(package)?.strip_suffix("#*")?,
    };
    let arguments = code.arguments(call.open);
    let stub = |service: &str, client, kind, target: Option<&Range<usize>>| {
        is_service(service).then(|| Stub { service: service.to_owned(), client, kind, target: target.cloned() })
    };
    let inner = |called: &str| {
        let at = *code.occurrences_in(code.inside(call.open), called).first()? as usize;
        code.is(at + 1, "(").then(|| code.arguments(at + 1).into_iter().next()).flatten()
    };
    if FOREIGN.iter().any(|path| module.starts_with(path)) {
        return None;
    }
    if module.contains("kitex_gen/") && own == "Client" {
        let address = inner("WithHostPorts").or_else(|| arguments.first().cloned());
        let service = last_part(module);
        return Some(Stub { service: service.to_owned(), client: "kitex", kind: CallKind::Grpc, target: address });
    }
    if module.ends_with("connect") && arguments.len() >= 2 {
        return stub(own.strip_suffix("Client")?, "connect", CallKind::Grpc, arguments.get(1));
    }
    if let Some(service) = own.strip_suffix("ProtobufClient").or(own.strip_suffix("JSONClient")).filter(|_| arguments.len() >= 2)
    {
        return stub(service, "twirp", CallKind::Grpc, arguments.first());
    }
    if let Some(target) = inner("MustNewClient").or_else(|| inner("NewClientWithTarget")).filter(|_| reach.imports("/zrpc#")) {
        return stub(own.strip_suffix("Client").unwrap_or(own), "go-zero", CallKind::Grpc, Some(&target));
    }
    if own.ends_with("Service") && arguments.len() == 2 && reach.imports("micro") && !module.is_empty() {
        let second = code.text_in(arguments[1].clone());
        return stub(own, "go-micro", CallKind::Grpc, arguments.first()).filter(|_| second.to_lowercase().contains("client"));
    }
    let service = own.strip_suffix("Client")?;
    if arguments.len() != 1 {
        return None;
    }
    let argument = arguments[0].clone();
    if let Some(service) = service.strip_suffix("HTTP").filter(|_| reach.imports("go-kratos/kratos")) {
        return stub(service, "kratos", CallKind::Http, arguments.first());
    }
    let written = code.text_in(argument.clone()).to_lowercase();
    let is_connection = ["conn", "cc", "channel", "dial", "grpc"].iter().any(|word| written.contains(word))
        || code
            .dotted(argument.clone())
            .and_then(|name| reach.type_of(&name, call.start))
            .is_some_and(|of| of.contains("ClientConn"));
    let is_stub =
        is_generated(module) || service.ends_with("Service") || module.is_empty() && reach.imports("google.golang.org/grpc#");
    if !(is_stub && (is_connection || reach.imports("google.golang.org/grpc#"))) {
        return None;
    }
    // What is given to a client of another kind is no connection.
    if code.kind(argument.start) == Some(super::super::tokens::TokenKind::Literal) || written.starts_with("http") {
        return None;
    }
    stub(service, "grpc", CallKind::Grpc, arguments.first())
}

/// `conn.Invoke(ctx, "/shop.Orders/Get", …)`, `client.Call("Orders.Get", …)` of net/rpc, and transports of go-kit.
fn of_library(reach: &Reach, call: Call, arguments: &[Range<usize>]) -> Option<CallSite> {
    let code = reach.code;
    let text =
        |index: usize| arguments.get(index).and_then(|argument| code.literal_text(argument.clone())).map(|text| text.value);
    let receiver = code.receiver(call);
    match code.text_of(call.name) {
        "Invoke" if arguments.len() >= 4 => {
            let name = text(1).filter(|name| name.starts_with('/') && name.matches('/').count() == 2)?;
            let mut found = site(code, call, CallKind::Grpc, "grpc", reach.address(receiver));
            found.name = Some(Value::Literal(name));
            Some(found)
        }
        "NewClient" if arguments.len() >= 5 && reach.imports("kit/transport/grpc#") && reach.is_package(call) => {
            let (service, method) = (text(1)?, text(2)?);
            let mut found = site(code, call, CallKind::Grpc, "go-kit", reach.address(arguments[0].clone()));
            found.name = Some(literal(format!("{service}/{method}")));
            Some(found)
        }
        "Call" | "Go" if arguments.len() >= 3 && reach.imports("net/rpc") => {
            let name = reach.address(arguments[0].clone());
            let first = match &name {
                Value::Literal(text) => text,
                Value::Concat(parts) => match parts.first()? {
                    Value::Literal(text) => text,
                    _ => return None,
                },
                _ => return None,
            };
            if !first.contains('.') || first.contains(' ') {
                return None;
            }
            let mut found = site(code, call, CallKind::Pattern, "net-rpc", reach.address(receiver));
            found.name = Some(name);
            Some(found)
        }
        _ => None,
    }
}

fn is_service(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase()) && !LIBRARIES.contains(&name)
}

/// True for the path of a package that may be generated from a description.
fn is_generated(module: &str) -> bool {
    module.split(['/', '-', '_', '.']).any(|part| {
        let part = part.trim_end_matches(|c: char| c.is_ascii_digit());
        matches!(
            part,
            "pb" | "proto" | "protos" | "gen" | "grpc" | "genproto" | "api" | "rpc" | "apis" | "stubs" | "protobuf" | "generated"
        ) || part.ends_with("pb")
            || part.ends_with("proto")
            || part.ends_with("grpc")
    })
}

/// The first argument of every call of a stub.
fn is_context(argument: &str) -> bool {
    argument.contains("ctx") || argument.contains("ontext") || argument.contains("Ctx")
}

#[cfg(test)]
mod tests {
    use super::super::super::snapshot::check as compare;

    #[track_caller]
    fn check(imports: &str, body: &str, expected: &str) {
        let imports: String = imports.split(' ').map(|path| format!("\"{path}\"; ")).collect();
        compare("client.go", &format!("package client; import ({imports})\n{body}"), expected);
    }

    #[test]
    fn stubs_are_called_where_they_are_made_or_kept() {
        check(
            "google.golang.org/grpc os acme.example/protos/orders",
            "type server struct { conn *grpc.ClientConn; users orders.UserServiceClient }\n\
             func main() {\ns := new(server)\nconnect(&s.conn, os.Getenv(\"ORDERS_ADDR\"))\n}\n\
             func connect(conn **grpc.ClientConn, addr string) {\nvar err error\n*conn, err = grpc.NewClient(addr)\n}\n\
             func (s *server) get(ctx context.Context) {\norders.NewOrderServiceClient(s.conn).Get(ctx, r)\ns.users.List(ctx, r)\n}\n\
             func other() {\nconn, err := grpc.Dial(\"billing:9090\")\norders.NewBillingClient(conn)\norders.NewSMTPClient()\n}",
            "12 call grpc env(ORDERS_ADDR) name OrderService/Get (grpc)
             13 call grpc <#server.users> name UserService/List (grpc)
             17 call grpc billing:9090 name Billing (grpc)
             5 invokes #connect(env(ORDERS_ADDR), env(ORDERS_ADDR))
             package client
             2 constant server.conn = env(ORDERS_ADDR)",
        );
    }

    #[test]
    fn a_stub_of_another_file_keeps_its_type() {
        check(
            "google.golang.org/grpc acme.example/gen/stock",
            "func serve(ctx context.Context, stock stock.StockClient, db *Client) {\nstock.Reserve(ctx, r)\ndb.Find(ctx, r)\n}",
            "3 call grpc parameter(serve 1) name Stock/Reserve (grpc)",
        );
    }

    #[test]
    fn other_libraries() {
        check(
            "acme.example/gen/orders/v1/ordersv1connect net/http",
            "func run() {\nclient := ordersv1connect.NewOrderServiceClient(http.DefaultClient, \"http://orders:8080\")\nclient.Get(ctx, r)\n}",
            "4 call grpc http://orders:8080 name OrderService/Get (connect)",
        );
        check(
            "acme.example/rpc/haberdasher net/http",
            "func run() {\nclient := haberdasher.NewHatsProtobufClient(\"http://hats\", http.DefaultClient)\nclient.Make(ctx, r)\n}",
            "4 call grpc http://hats name Hats/Make (twirp)",
        );
        check(
            "net/rpc",
            "func run() {\nclient, err := rpc.Dial(\"tcp\", \"logger:5001\")\nclient.Call(\"Server.Log\", a, &b)\n}",
            "4 call pattern logger:5001 name Server.Log (net-rpc)",
        );
        check(
            "github.com/micro/go-micro acme.example/proto/orders",
            "func run(s micro.Service) {\norders.NewOrderService(\"go.micro.srv.orders\", s.Client()).Get(ctx, r)\n}",
            "3 call grpc go.micro.srv.orders name OrderService/Get (go-micro)",
        );
    }
}
