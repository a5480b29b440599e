//! Calls, messages and stores that go through Dapr: its client names the program, the topic or the component.

use super::http_clients::method_of;
use super::{requests, syntax, values};
use crate::extract::Output;
use crate::extract::code::value::{concat, literal};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Connection, Fact, Value};

pub const FRAMEWORK: Framework = Framework { name: "dapr", marks: &["DaprClient"], read };

fn read(code: &Code, output: &mut Output) {
    let mut stores: Vec<Value> = Vec::new();
    for call in code.calls().filter(|call| call.start < call.name) {
        let name = code.text_of(call.name);
        let arguments = code.arguments(call.open);
        let value = |named: &str, index: usize| {
            syntax::argument(code, &arguments, named, index).map(|range| code.grounded(call.open, values::text(code, range)))
        };
        let at = requests::place(code, call);
        match name {
            "InvokeMethodAsync" | "CreateInvokeMethodRequest" | "InvokeMethodWithResponseAsync" | "InvokeMethodGrpcAsync" => {
                let method = arguments.first().filter(|range| (range.start..range.end).any(|at| code.is(at, "HttpMethod")));
                let from = usize::from(method.is_some());
                let method = match method {
                    Some(range) => method_of(code, range.clone()),
                    None => Some("POST".into()),
                };
                let (Some(application), Some(path)) = (value("appId", from), value("methodName", from + 1)) else { continue };
                let base = concat([literal("http://"), application]);
                let target = requests::without_query(values::join(base, path));
                requests::state(output, FRAMEWORK.name, at, method, target, None);
            }
            "PublishEventAsync" | "BulkPublishEventAsync" | "PublishByteEventAsync" => {
                let Some(topic) = value("topicName", 1) else { continue };
                message(output, at, topic);
            }
            "InvokeBindingAsync" => {
                let Some(binding) = value("bindingName", 0) else { continue };
                message(output, at, binding);
            }
            "GetStateAsync"
            | "SaveStateAsync"
            | "DeleteStateAsync"
            | "GetStateEntryAsync"
            | "GetBulkStateAsync"
            | "TrySaveStateAsync"
            | "GetStateAndETagAsync"
            | "ExecuteStateTransactionAsync"
            | "QueryStateAsync" => {
                let Some(store) = value("storeName", 0) else { continue };
                if !stores.contains(&store) && stores.len() < 20 {
                    stores.push(store.clone());
                    output.facts.push(Fact::Connection(Connection { at, engine: None, address: store, database: None }));
                }
            }
            _ => {}
        }
    }
}

fn message(output: &mut Output, at: crate::source::Location, target: Value) {
    output.facts.push(Fact::Call(CallSite {
        at,
        kind: CallKind::Message,
        client: FRAMEWORK.name.into(),
        target,
        method: None,
        name: None,
        exchange: None,
        limited: None,
    }));
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn the_client_names_programs_topics_and_stores() {
        check(
            "A.cs",
            r#"
class A(DaprClient dapr) {
    const string Store = "statestore";
    async Task B(string id) {
        await dapr.InvokeMethodAsync<Order>(HttpMethod.Get, "orders", $"orders/{id}");
        await dapr.InvokeMethodAsync("stock", "/reserve", body);
        await dapr.PublishEventAsync("pubsub", "order-placed", order);
        await dapr.SaveStateAsync(Store, id, order); await dapr.GetStateAsync<Order>(Store, id);
    }
}"#,
            "5 call http GET http://orders/orders/+parameter(A.B 0) (dapr)
             6 call http POST http://stock/reserve (dapr)
             7 call message order-placed (dapr)
             8 connects statestore
             3 constant A.Store = statestore",
        );
    }
}
