//! Servers of gRPC and Thrift: a class that is a servicer, and what is added to a server.

use super::syntax::classes;
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind};

pub const FRAMEWORK: Framework = Framework { name: "grpc", marks: &["Servicer", "_pb2_grpc", "_grpc import"], read };

fn read(code: &Code, output: &mut Output) {
    // What is generated from a description holds the servicers of every service.
    if code.path.ends_with("_pb2_grpc.py") || code.path.ends_with("_grpc.py") {
        return;
    }
    let classes = classes(code);
    let mut seen: Vec<String> = Vec::new();
    let mut enter = |service: &str, at| {
        // The service that tells of health has no description of one's own: its methods are those that are written here, and a library's
        // implementation is no operation of the program.
        if service == "Health" {
            for member in ["Check", "Watch"] {
                let methods = classes.iter().flat_map(|class| class.methods.iter());
                let own = methods.into_iter().find(|method| code.text_of(method.name) == member);
                if let Some(own) = own.filter(|_| !seen.iter().any(|known| known == member)) {
                    seen.push(member.to_owned());
                    let (at, name) = (code.at(own.name), literal(format!("/grpc.health.v1.Health/{member}")));
                    output.facts.push(Fact::Handler(Handler { at, kind: HandlerKind::Rpc, framework: "grpc".into(), name }));
                }
            }
        } else if !service.is_empty() && !seen.iter().any(|known| known == service) {
            seen.push(service.to_owned());
            let name = literal(service);
            output.facts.push(Fact::Handler(Handler { at, kind: HandlerKind::Rpc, framework: "grpc".into(), name }));
        }
    };
    // `add_OrdersServicer_to_server(…)` says that the service is offered.
    for call in code.calls() {
        let name = code.text_of(call.name);
        if let Some(service) = name.strip_prefix("add_").and_then(|rest| rest.strip_suffix("Servicer_to_server"))
            && !code.is(call.name.wrapping_sub(1), "def")
        {
            enter(service, code.at(call.name));
        }
    }
    for class in &classes {
        // `class Orders(orders_pb2_grpc.OrdersServicer)`, and `OrdersBase` of grpclib.
        for base in &class.bases {
            let last = base.rsplit('.').next().unwrap_or(base);
            let service = last.strip_suffix("Servicer").or_else(|| base.contains("_grpc.").then(|| last.strip_suffix("Base"))?);
            // A base of one's own that adds nothing is followed where it stands.
            if let Some(service) = service.filter(|service| !service.starts_with("Base")) {
                enter(service, code.at(class.at));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn a_servicer_is_an_implemented_service() {
        check(
            "server.py",
            r#"
import demo_pb2_grpc
from demo_pb2_grpc import OtherServicer
class Orders(demo_pb2_grpc.OrderServiceServicer):
    def Get(self, request, context): ...
class Other(OtherServicer):
    def Check(self, request, context): ...
def serve():
    demo_pb2_grpc.add_OrderServiceServicer_to_server(Orders(), server)
    health_pb2_grpc.add_HealthServicer_to_server(service, server)
    stub = demo_pb2_grpc.CartServiceStub(channel)
            "#,
            "9 rpc OrderService
            7 rpc /grpc.health.v1.Health/Check
            6 rpc Other
            11 call grpc <#channel> name CartService (grpc)",
        );
        check(
            "demo_pb2_grpc.py",
            "class OrderServiceServicer(object): ...\ndef add_OrderServiceServicer_to_server(a, b): ...",
            "",
        );
    }
}
