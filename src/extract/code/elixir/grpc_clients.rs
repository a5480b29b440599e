//! Calls of stubs of gRPC: `GRPC.Stub.connect("orders:50051")` and `Shop.Orders.Stub.get_order(channel, request)`.

use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::targets;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};

use super::values;

pub const FRAMEWORK: Framework = Framework { name: "elixir-grpc-clients", marks: &["GRPC.Stub.connect", ".Stub."], read };

fn read(code: &Code, output: &mut Output) {
    let address = address(code);
    let mut found: Vec<CallSite> = Vec::new();
    for call in code.calls() {
        found.extend(method(code, call, &address));
    }
    output.facts.extend(found.into_iter().map(Fact::Call));
}

/// The only address to which the file connects.
fn address(code: &Code) -> Value {
    let connects = |call: &Call| {
        code.is(call.name, "connect") && code.receiver_name(*call).is_some_and(|of| code.symbol(&of).ends_with("GRPC.Stub"))
    };
    let mut found: Vec<Value> = code
        .calls()
        .filter(connects)
        .take(16)
        .filter_map(|call| Some(values::value(code, code.arguments(call.open).into_iter().next()?)))
        .collect();
    found.dedup();
    match (found.len(), found.pop()) {
        (1, Some(address)) => address,
        _ => unknown("a channel"),
    }
}

fn method(code: &Code, call: Call, address: &Value) -> Option<CallSite> {
    let receiver = code.receiver_name(call)?;
    let symbol = code.symbol(&receiver);
    let service = symbol.trim_start_matches('#').strip_suffix(".Stub")?;
    let service = service.rsplit('.').next().unwrap_or(service);
    let arguments = code.arguments(call.open);
    if service == "GRPC" || arguments.is_empty() {
        return None;
    }
    let limited = arguments.iter().any(|range| code.is(range.start, "timeout")).then_some(true);
    Some(CallSite {
        at: code.location(call.start..call.open),
        kind: CallKind::Grpc,
        client: FRAMEWORK.name.into(),
        target: address.clone(),
        method: None,
        name: Some(literal(format!("{service}/{}", targets::camel(code.text_of(call.name))))),
        exchange: None,
        limited,
    })
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn methods_of_stubs_are_calls() {
        check(
            "lib/shop/client.ex",
            r#"
defmodule Shop.Client do
  alias Shop.V1.Orders.Stub
  def find(id) do
    {:ok, channel} = GRPC.Stub.connect(System.get_env("ORDERS_ADDR", "orders:50051"))
    Stub.get_order(channel, request)
    Shop.V1.Stock.Stub.list(channel, request, timeout: 500)
    Repo.get_order(channel)
  end
end
            "#,
            "6 call grpc env(ORDERS_ADDR or orders:50051) name Orders/GetOrder (elixir-grpc-clients)
            7 call grpc env(ORDERS_ADDR or orders:50051) name Stock/List limited (elixir-grpc-clients)",
        );
    }
}
