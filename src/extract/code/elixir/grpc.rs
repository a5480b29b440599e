//! Servers of gRPC: `use GRPC.Server, service: Helloworld.Greeter.Service`.

use super::syntax;
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::HandlerKind;

pub const FRAMEWORK: Framework = Framework { name: "elixir-grpc", marks: &["GRPC.Server"], read };

fn read(code: &Code, output: &mut Output) {
    for module in syntax::modules(code) {
        let Some(used) = syntax::uses(code, &module, |name, _| name == "GRPC.Server") else { continue };
        let Some(service) = used.named(code, "service").and_then(|range| syntax::full_name(code, &module, range)) else {
            continue;
        };
        let name = service.strip_suffix(".Service").unwrap_or(&service);
        let name = literal(name.rsplit('.').next().unwrap_or(name));
        syntax::add_handler(output, FRAMEWORK.name, HandlerKind::Rpc, code.location(used.name..used.end), name);
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn servers_implement_services() {
        check(
            "lib/helloworld/server.ex",
            "defmodule Helloworld.Greeter.Server do\n  use GRPC.Server, service: Helloworld.Greeter.Service\n  def say_hello(request, _stream), do: request\nend\ndefmodule Helloworld.Endpoint do\n  use GRPC.Endpoint\n  run(Helloworld.Greeter.Server)\nend\ndefmodule Helloworld.Greeter.Stub do\n  use GRPC.Stub, service: Helloworld.Greeter.Service\nend",
            "2 rpc Greeter",
        );
    }
}
