//! Servers of gRPC: classes that extend what the compiler of descriptions generated for a service.
//!
//! `class Basket : Api.Basket.BasketBase` implements `Basket`. The service of health checks has no description in most repositories, so its
//! methods are told as they are overridden.

use super::syntax;
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::HandlerKind;

pub const FRAMEWORK: Framework = Framework { name: "grpc-dotnet", marks: &["ServerCallContext"], read };

fn read(code: &Code, output: &mut Output) {
    for of in syntax::types(code).iter().filter(|of| code.is(of.item.start, "class")) {
        let service = of.bases.iter().find_map(|base| {
            let name = base.name.strip_suffix("Base").filter(|name| !name.is_empty())?;
            let outer = base.path.rsplit('.').nth(1);
            outer.is_none_or(|outer| outer == name).then_some(name)
        });
        let Some(service) = service else { continue };
        let overridden = syntax::methods(code, of).into_iter().filter(|item| {
            let takes_context =
                || item.parameters.is_some_and(|open| code.inside(open).any(|at| code.is(at, "ServerCallContext")));
            syntax::modifiers(code, item.name).contains(&"override") && takes_context()
        });
        if service == "Health" {
            for item in overridden {
                let name = format!("/grpc.health.v1.Health/{}", code.text_of(item.name));
                syntax::handle(output, FRAMEWORK.name, HandlerKind::Rpc, code.at(item.name), literal(name));
            }
        } else if overridden.count() > 0 {
            syntax::handle(output, FRAMEWORK.name, HandlerKind::Rpc, code.at(of.item.name), literal(service));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn a_class_implements_the_service_of_its_base() {
        check(
            "A.cs",
            "public class BasketService(IRepo repo) : Protos.Basket.BasketBase {
                public override async Task<Reply> GetBasket(Request request, ServerCallContext context) => null;
                private Reply Map(ServerCallContext context) => null; }
            class Check : Health.HealthBase {
                public override Task<HealthCheckResponse> Check(HealthCheckRequest r, ServerCallContext c) { return null; } }",
            "1 rpc Basket
             5 rpc /grpc.health.v1.Health/Check",
        );
        check(
            "B.cs",
            "class G : GreeterBase { public override Task<A> Hello(B b, ServerCallContext c) => null; }",
            "1 rpc Greeter",
        );
        check("C.cs", "class I : Interceptor { public override Task<A> Unary(B b, ServerCallContext c) => null; }", "");
        check("D.cs", "class I : PlainBase { public int Unary(ServerCallContext c) => 1; }", "");
    }
}
