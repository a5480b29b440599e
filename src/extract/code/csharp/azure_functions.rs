//! Azure Functions: methods that a trigger calls. HTTP triggers are routes below `api`, or below what `host.json` says; messages make
//! consumers, timers schedules.

use super::syntax::{self, Attribute};
use super::values;
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::{concat, literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, HandlerKind, Prefix, Route, Routing, Value};

pub const FRAMEWORK: Framework = Framework { name: "azure-functions", marks: &["Trigger("], read };

/// Triggers of messages: the argument that names what is consumed.
const CONSUMERS: [(&str, usize); 10] = [
    ("QueueTrigger", 0),
    ("ServiceBusTrigger", 0),
    ("EventHubTrigger", 0),
    ("KafkaTrigger", 1),
    ("RabbitMQTrigger", 0),
    ("BlobTrigger", 0),
    ("CosmosDBTrigger", 1),
    ("SqlTrigger", 0),
    ("RedisPubSubTrigger", 1),
    ("EventGridTrigger", 0),
];

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    for item in code.items().iter().filter(|item| item.kind == ItemKind::Function) {
        let Some(parameters) = item.parameters else { continue };
        let triggers: Vec<Attribute> = code
            .arguments(parameters)
            .into_iter()
            .filter(|part| code.is(part.start, "["))
            .flat_map(|part| syntax::attributes_in(code, part.start))
            .filter(|attribute| attribute.name.ends_with("Trigger"))
            .collect();
        if triggers.is_empty() {
            continue;
        }
        let attributes = syntax::attributes(code, item);
        let Some(function) = attributes.iter().find(|attribute| matches!(attribute.name, "Function" | "FunctionName")) else {
            continue;
        };
        let at = code.at(item.name);
        for trigger in triggers {
            match trigger.name {
                "HttpTrigger" => {
                    let route = trigger.named(code, "Route").filter(|range| !code.is(range.start, "null"));
                    let own =
                        || function.argument(code, "name").map_or_else(|| unknown("function"), |range| values::text(code, range));
                    let path = paths::template(route.map_or_else(own, |range| values::text(code, range)), Style::Braces);
                    let named: Vec<String> = syntax::positional(code, &trigger.arguments)
                        .filter_map(|range| code.literal_text(range))
                        .map(|text| text.value.to_ascii_uppercase())
                        .collect();
                    let methods = if named.is_empty() { vec!["ANY".to_owned()] } else { named };
                    for method in methods {
                        routing.routes.push(Route { at, method: method.into(), path: path.clone(), scope: None, owner: None });
                    }
                }
                "TimerTrigger" => {
                    let when = trigger
                        .arguments
                        .first()
                        .map_or_else(|| unknown("timer"), |range| setting(values::text(code, range.clone())));
                    syntax::handle(output, FRAMEWORK.name, HandlerKind::Schedule, at, when);
                }
                name => {
                    let Some((_, index)) = CONSUMERS.iter().find(|(known, _)| *known == name) else { continue };
                    let topic = syntax::positional(code, &trigger.arguments).nth(*index);
                    let topic = topic.map_or_else(|| unknown(name), |range| setting(values::text(code, range)));
                    syntax::handle(output, FRAMEWORK.name, HandlerKind::Consumer, at, topic);
                }
            }
        }
    }
    if let Some(route) = routing.routes.first() {
        let path = Value::Property { key: "extensions.http.routePrefix".into(), default: Some(Box::new(literal("api"))) };
        routing.prefixes.push(Prefix { at: route.at, path });
        output.facts.push(Fact::Routing(routing));
    }
}

/// `%Name%` in a name is a setting of the application.
fn setting(value: Value) -> Value {
    let Value::Literal(text) = &value else { return value };
    if text.matches('%').count() < 2 {
        return value;
    }
    concat(text.split('%').enumerate().map(|(index, part)| match index % 2 {
        1 => Value::Property { key: values::setting_key(part), default: None },
        _ => literal(part),
    }))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn triggers_tell_what_calls_a_function() {
        check(
            "F.cs",
            r#"
public class F {
    [FunctionName("GetOrder")]
    public async Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Function, "get", "post", Route = "orders/{id:int}")] HttpRequest req, ILogger log) => null;
    [Function(nameof(Ping))]
    public object Ping([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequestData req) { return 1; }
    [Function("A")] public void A([QueueTrigger("orders", Connection = "C")] string m) { }
    [Function("B")] public void B([ServiceBusTrigger("%Topic%", "sub")] string m) { }
    [Function("C")] public void C([TimerTrigger("0 */5 * * * *")] TimerInfo t) { }
    [Function("D")] public void D([ActivityTrigger] string m) { }
    public void E([QueueTrigger("x")] string m) { }
}"#,
            "7 consumer orders
             8 consumer property(Topic)
             9 schedule 0 */5 * * * *
             4 GET orders/{id}
             4 POST orders/{id}
             6 ANY Ping
             4 prefix property(extensions.http.routePrefix or api)",
        );
    }
}
