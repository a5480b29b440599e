//! Servers of gRPC: types that extend what the compiler of descriptions generated for a service.

use super::handlers;
use super::types::{Form, types};
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::HandlerKind;

pub const FRAMEWORK: Framework =
    Framework { name: "grpc", marks: &["ImplBase", "GrpcService", "Grpc.AsyncService", "GRpcService"], read };

fn read(code: &Code, output: &mut Output) {
    for of in types(code).iter().filter(|of| of.form != Form::Interface) {
        let marked = of.annotation(&["GrpcService", "GRpcService"]).is_some();
        let implemented = of.bases.iter().find_map(|base| {
            let symbol = super::type_symbol(code, base);
            let written = symbol.rsplit('#').next().unwrap_or(base);
            let (outer, last) = written.rsplit_once('.').unwrap_or(("", written));
            let generated =
                last.strip_suffix("CoroutineImplBase").or(last.strip_suffix("ImplBase")).filter(|name| !name.is_empty());
            // `implements OrdersGrpc.AsyncService`.
            let plain =
                || outer.rsplit('.').next()?.strip_suffix("Grpc").filter(|_| last == "AsyncService" || last == "BlockingService");
            // Quarkus generates an interface with the name of the service.
            let named = || (marked && code.text.contains("io.quarkus.grpc") && !last.ends_with("Grpc")).then_some(last);
            generated.or_else(plain).or_else(named).map(str::to_owned)
        });
        if let Some(service) = implemented {
            handlers::add(output, FRAMEWORK.name, HandlerKind::Rpc, code.at(of.item.name), literal(service));
        }
    }
}
