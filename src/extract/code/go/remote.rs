//! Remote procedures of Go: gRPC, Connect, Twirp, go-micro, Kitex and net/rpc services that a program registers.
//!
//! A service is told by the function that generated code has for it: `RegisterOrdersServer(server, implementation)`. What generated code
//! makes of descriptions beyond that (HTTP gateways, GraphQL resolvers) can't be counted.

use rustc_hash::FxHashSet;

use super::super::value::literal;
use super::super::{Code, Framework};
use crate::extract::Output;
use crate::facts::{Fact, Handler, HandlerKind, Routing};
use crate::source::{Spanned, last_part};

pub const FRAMEWORK: Framework = Framework {
    name: "remote",
    marks: &[
        "google.golang.org/grpc\"",
        "Server(",
        "\"net/rpc\"",
        "connect.New",
        "HandlerFromEndpoint(",
        "HandlerServer(",
        "gqlgen/graphql/handler",
        "kitex_gen",
        "micro",
    ],
    read,
};

/// Services that libraries offer, not this one.
const LIBRARIES: [&str; 6] = ["Health", "ServerReflection", "Reflection", "Channelz", "HealthCheck", "Csds"];

fn read(code: &Code, output: &mut Output) {
    let mut seen = FxHashSet::default();
    let mut uncounted = Routing { framework: "grpc-gateway".into(), ..Routing::default() };
    let mut graphql = Routing { framework: "gqlgen".into(), ..Routing::default() };
    for call in code.calls() {
        let name = code.text_of(call.name);
        let Some(receiver) = code.receiver_name(call).filter(|receiver| !receiver.is_empty()) else { continue };
        // A package is called, not a method.
        let Some(module) = code.imports().get(&receiver).and_then(|symbol| symbol.strip_suffix("#*")) else { continue };
        let arguments = code.arguments(call.open);
        let at = code.location(call.start..code.after(call.open));
        let found = match service(name, module, arguments.len(), || {
            arguments.first().is_some_and(|first| code.text_in(first.clone()).ends_with(".Server()"))
        }) {
            Found::Service { framework, service } => Some((framework, service.to_owned())),
            Found::Gateway(service) => {
                uncounted.uncounted.push(Spanned::new(format!("what the description of {service} maps to HTTP").into(), at));
                None
            }
            Found::Graphql => {
                graphql.uncounted.push(Spanned::new("resolvers of a GraphQL schema".into(), at));
                None
            }
            Found::Type => {
                let named = (name == "RegisterName").then(|| code.literal(arguments.first()?.start)).flatten();
                let name = named.map(|name| name.into_owned()).or_else(|| type_of(code, arguments.last()?.clone()));
                name.map(|name| ("net-rpc", name))
            }
            Found::Nothing => None,
        };
        if let Some((framework, service)) = found
            && seen.insert(service.clone())
        {
            let handler = Handler { at, kind: HandlerKind::Rpc, framework: framework.into(), name: literal(service) };
            output.facts.push(Fact::Handler(handler));
        }
    }
    output.facts.extend([uncounted, graphql].into_iter().filter(|routing| !routing.is_empty()).map(Fact::Routing));
}

enum Found<'n> {
    Service {
        framework: &'static str,
        service: &'n str,
    },
    /// HTTP that is generated for a service.
    Gateway(&'n str),
    Graphql,
    /// A type whose methods are offered.
    Type,
    Nothing,
}

fn service<'n>(name: &'n str, module: &'n str, arguments: usize, on_server: impl Fn() -> bool) -> Found<'n> {
    let between = |start: &str, end: &str| {
        let inner = name.strip_prefix(start)?.strip_suffix(end)?;
        (inner.starts_with(|c: char| c.is_ascii_uppercase()) && !LIBRARIES.contains(&inner)).then_some(inner)
    };
    if module == "net/rpc" {
        return if matches!(name, "Register" | "RegisterName") { Found::Type } else { Found::Nothing };
    }
    if module.starts_with("github.com/99designs/gqlgen/graphql/handler") {
        return if matches!(name, "NewDefaultServer" | "New") { Found::Graphql } else { Found::Nothing };
    }
    if module.contains("kitex_gen/") && name == "NewServer" {
        return Found::Service { framework: "kitex", service: last_part(module) };
    }
    if module.ends_with("connect")
        && let Some(service) = between("New", "Handler")
    {
        return Found::Service { framework: "connect", service };
    }
    let gateway = between("Register", "HandlerFromEndpoint")
        .or(between("Register", "HandlerServer"))
        .or(between("Register", "HandlerClient"))
        .or(between("Register", "HTTPServer"))
        .or(between("Register", "Handler").filter(|_| arguments == 3));
    if let Some(service) = gateway {
        return Found::Gateway(service);
    }
    if let Some(service) = between("Register", "Handler").filter(|_| arguments >= 2 && on_server()) {
        return Found::Service { framework: "go-micro", service };
    }
    match between("Register", "Server").filter(|_| arguments == 2) {
        Some(service) => Found::Service { framework: "grpc", service },
        None => Found::Nothing,
    }
}

/// The type of `new(Type)`, `&Type{…}` or `Type{}`, or of a variable that is given one.
fn type_of(code: &Code, range: std::ops::Range<usize>) -> Option<String> {
    let mut range = range;
    if range.len() == 1 {
        range = code.assigned(code.text_of(range.start), range.start)?;
    }
    let inside = if code.reads(range.start, &["new", "("]) { code.inside(range.start + 1) } else { range };
    let start = inside.start + usize::from(code.is(inside.start, "&"));
    let end = (start..inside.end).find(|&at| code.is(at, "{")).unwrap_or(inside.end);
    let name = code.dotted(start..end)?;
    name.rsplit('.').next().map(str::to_owned)
}

/// Whether the expression is the path and the handler that generated code makes of a description.
pub fn is_described(code: &Code, at: usize) -> bool {
    let Some(module) = code.imports().get(code.text_of(at)).and_then(|symbol| symbol.strip_suffix("#*")) else { return false };
    let name = code.text_of(at + 2);
    code.is(at + 3, "(") && module.ends_with("connect") && name.starts_with("New") && name.ends_with("Handler")
}

#[cfg(test)]
mod tests {
    use super::super::super::snapshot::check;

    #[test]
    fn services_are_registered() {
        check(
            "server.go",
            r#"package server
            import ("google.golang.org/grpc"; pb "github.com/acme/shop/gen"; healthpb "google.golang.org/grpc/health/grpc_health_v1"; "net/rpc")
            import ("github.com/acme/gen/greet/v1/greetv1connect"; "net/http")
            func run() {
                s := grpc.NewServer()
                pb.RegisterOrderServiceServer(s, &server{})
                pb.RegisterOrderServiceServer(s, &server{})
                healthpb.RegisterHealthServer(s, health)
                registry.RegisterThingServer(s, x)
                rpc.Register(new(RPCServer))
                mux := http.NewServeMux()
                path, handler := greetv1connect.NewGreetServiceHandler(&greeter{})
                mux.Handle(path, handler)
                mux.Handle(greetv1connect.NewOtherServiceHandler(&other{}))
                pb.RegisterOrderServiceHandlerFromEndpoint(ctx, gw, addr, opts)
            }
            func RegisterFooServer(s *grpc.Server, f Foo) {}
            "#,
            "15 forwards to <#addr> (grpc-gateway)
            6 rpc OrderService
            10 rpc RPCServer
            12 rpc GreetService
            14 rpc OtherService
            15 uncounted what the description of OrderService maps to HTTP",
        );
    }
}
