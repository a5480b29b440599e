//! Messages that Rust sends, and queues that it binds: lapin, rdkafka, async-nats, redis, rumqttc, paho, Pulsar, SQS and SNS, Pub/Sub, Dapr.

use std::ops::Range;

use super::http_clients::{is_in_timeout, member_after};
use super::{fields, names, tests, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Binding, CallKind, CallSite, Fact, Handler, HandlerKind, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "rust-producers",
    marks: &[
        "lapin",
        "basic_publish",
        "queue_bind",
        "rdkafka",
        "FutureRecord",
        "BaseRecord",
        "kafka::",
        "async_nats",
        "nats::",
        "redis",
        "rumqtt",
        "paho_mqtt",
        "pulsar",
        "aws_sdk_sqs",
        "aws_sdk_sns",
        "google_cloud_pubsub",
        "dapr",
        "amiquip",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let has = |word: &str| code.text.contains(word);
    let reader = Reader {
        code,
        nats: has("nats"),
        redis: has("redis"),
        mqtt: has("rumqtt"),
        aws: has("aws_sdk"),
        kafka: has("kafka"),
        pubsub: has("google_cloud_pubsub"),
        dapr: has("dapr"),
    };
    let tests = tests(code);
    for call in code.calls().filter(|call| !tests.iter().any(|body| body.contains(&call.name))) {
        if call.name > 0 && !code.is(call.name.wrapping_sub(1), "fn") {
            output.facts.extend(reader.call(call));
        }
    }
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    nats: bool,
    redis: bool,
    mqtt: bool,
    aws: bool,
    kafka: bool,
    pubsub: bool,
    dapr: bool,
}

impl Reader<'_, '_> {
    fn call(&self, call: Call) -> Option<Fact> {
        let code = self.code;
        let name = code.text_of(call.name);
        let arguments = code.arguments(call.open);
        let of_type =
            |types: &[&str]| code.is(call.name.wrapping_sub(1), "::") && (call.start..call.name).any(|at| code.is_any(at, types));
        let value = |index: usize| arguments.get(index).map(|range| values::value(code, range.clone()));
        match (name, arguments.len()) {
            ("basic_publish", 3..) => {
                let exchange = value(0).filter(|exchange| *exchange != literal(""));
                Some(self.message(call, "lapin", value(1)?, exchange, arguments.get(3)))
            }
            ("queue_bind", 3..) => Some(Fact::Binding(Binding {
                at: code.location(call.start..call.open),
                exchange: value(1)?,
                queue: value(0)?,
                key: value(2).filter(|key| *key != literal("")),
            })),
            ("to" | "with_opaque_to", 1..) if of_type(&["FutureRecord", "BaseRecord"]) => {
                let payload = member_after(code, call.open, "payload").map(|at| code.inside(at + 1));
                Some(self.message(call, "rdkafka", value(0)?, None, payload.as_ref()))
            }
            ("from_value" | "from_key_value", 2..) if self.kafka && of_type(&["Record"]) => {
                Some(self.message(call, "kafka", value(0)?, None, arguments.last()))
            }
            ("new" | "with_properties", 2..) if of_type(&["Publish"]) && code.text.contains("amiquip") => {
                Some(self.message(call, "amiquip", value(1)?, None, arguments.first()))
            }
            ("publish" | "publish_with_headers" | "publish_with_reply", 2..) if self.nats => {
                Some(self.message(call, "nats", value(0)?, None, arguments.last()))
            }
            ("request" | "request_with_headers" | "request_timeout", 2..) if self.nats && !code.text.contains("Method::") => {
                Some(self.answered(call, value(0)?))
            }
            ("publish", 3..) if self.mqtt => Some(self.message(call, "rumqttc", value(0)?, None, arguments.last())),
            ("subscribe", 2) if self.mqtt => Some(self.consumer(call, "rumqttc", value(0)?)),
            ("new" | "new_retained", 3) if of_type(&["Message", "MessageBuilder"]) && code.text.contains("paho_mqtt") => {
                Some(self.message(call, "paho", value(0)?, None, arguments.get(1)))
            }
            ("publish" | "spublish", 2) if self.redis => Some(self.message(call, "redis", value(0)?, None, arguments.last())),
            ("xadd" | "xadd_maxlen" | "xadd_map", 3..) if self.redis => {
                Some(self.message(call, "redis", value(0)?, None, arguments.last()))
            }
            ("subscribe" | "psubscribe", 1) if self.redis && !self.nats && !self.kafka => {
                Some(self.consumer(call, "redis", value(0)?))
            }
            ("xgroup_create" | "xgroup_create_mkstream", 3) if self.redis => Some(self.consumer(call, "redis", value(0)?)),
            // `redis::cmd("PUBLISH").arg("channel")`
            ("cmd", 1) if self.redis => {
                let command = code.literal(arguments[0].start)?.to_ascii_uppercase();
                let first = member_after(code, call.open, "arg").map(|at| values::value(code, code.inside(at + 1)))?;
                match command.as_str() {
                    "PUBLISH" | "XADD" => Some(self.message(call, "redis", first, None, None)),
                    _ => None,
                }
            }
            ("queue_url", 1) if self.aws => {
                let built = code.text_in(call.start..call.name);
                let is_batch = built.contains("send_message_batch");
                if is_batch || built.contains("send_message") {
                    return Some(self.message(call, "sqs", value(0)?, None, None));
                }
                built.contains("receive_message").then(|| self.consumer(call, "sqs", value(0).unwrap_or_else(|| literal(""))))
            }
            ("topic_arn" | "target_arn", 1) if self.aws && code.text_in(call.start..call.name).contains("publish") => {
                Some(self.message(call, "sns", value(0)?, None, None))
            }
            ("topic", 1) if self.pubsub && code.text.contains("new_publisher") => {
                Some(self.message(call, "pubsub", value(0)?, None, None))
            }
            ("subscription", 1) if self.pubsub => Some(self.consumer(call, "pubsub", value(0)?)),
            ("with_topic", 1) if code.text.contains("pulsar") => {
                let built = code.text_in(call.start..call.name);
                if built.contains("producer()") {
                    return Some(self.message(call, "pulsar", value(0)?, None, None));
                }
                built.contains("consumer()").then(|| self.consumer(call, "pulsar", value(0).unwrap_or_else(|| literal(""))))
            }
            ("publish_event", 3..) if self.dapr => Some(self.message(call, "dapr", value(1)?, None, arguments.last())),
            _ => None,
        }
    }

    fn message(&self, call: Call, client: &str, target: Value, exchange: Option<Value>, payload: Option<&Range<usize>>) -> Fact {
        let name = payload.and_then(|range| self.sent(range.clone()));
        Fact::Call(self.site(call, client, CallKind::Message, target, exchange, name))
    }

    /// A request that a subject of NATS answers.
    fn answered(&self, call: Call, target: Value) -> Fact {
        let mut site = self.site(call, "nats", CallKind::Pattern, target.clone(), None, Some(target));
        if self.code.is(call.name, "request_timeout") || is_in_timeout(self.code, call.start) {
            site.limited = Some(true);
        }
        Fact::Call(site)
    }

    fn site(
        &self,
        call: Call,
        client: &str,
        kind: CallKind,
        target: Value,
        exchange: Option<Value>,
        name: Option<Value>,
    ) -> CallSite {
        let at = self.code.location(call.start..call.open);
        CallSite { at, kind, client: client.into(), target, method: None, name, exchange, limited: None }
    }

    fn consumer(&self, call: Call, library: &str, name: Value) -> Fact {
        let at = self.code.at(call.name);
        Fact::Handler(Handler { at, kind: HandlerKind::Consumer, framework: library.into(), name })
    }

    /// The type of what is sent: of what is made right here, or of the name that is serialised.
    fn sent(&self, payload: Range<usize>) -> Option<Value> {
        let code = self.code;
        let is_made = |at: &usize| {
            code.word(*at)
                .is_some_and(|word| word.starts_with(char::is_uppercase) && word.bytes().any(|byte| byte.is_ascii_lowercase()))
                && code.is(at + 1, "{")
        };
        if let Some(made) = payload.clone().take(40).find(is_made) {
            return Some(literal(code.text_of(made)));
        }
        let names = payload.clone().take(40).filter(|&at| code.kind(at) == Some(TokenKind::Word));
        let mut names = names.filter(|&at| !code.is_any(at + 1, &["(", "::", "!", "."]));
        let name = names.next().filter(|_| names.next().is_none())?;
        // What is sent may have been serialised some lines before.
        let of = self.named_type(name).or_else(|| {
            let given = names::given(code, code.text_of(name), name)?;
            let inner = given.take(24).filter(|&at| code.word(at).is_some() && code.is_any(at + 1, &[")", ".", "?"])).last()?;
            self.named_type(inner)
        })?;
        Some(literal(of))
    }

    fn named_type(&self, name: usize) -> Option<&str> {
        let of = fields::type_of(self.code, self.code.text_of(name), name)?;
        (!matches!(of, "String" | "Vec" | "Bytes" | "Value" | "Into" | "AsRef" | "Self" | "Serialize")).then_some(of)
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn messages_are_sent() {
        check(
            "src/a.rs",
            r#"
use lapin::{Channel, options::*};
const EXCHANGE: &str = "shop";
async fn send(channel: &Channel, event: OrderCreated) {
    let payload = serde_json::to_vec(&event)?;
    channel.queue_bind("mails", EXCHANGE, "order.*", options, table).await?;
    channel.basic_publish(EXCHANGE, "order.created", BasicPublishOptions::default(), &payload, properties).await?;
    channel.basic_publish("", "tasks", options, b"x", properties).await?;
}
            "#,
            "6 binds mails to shop by order.*
            7 call message order.created name OrderCreated exchange shop (lapin)
            8 call message tasks (lapin)
            3 constant EXCHANGE = shop",
        );
        check(
            "src/b.rs",
            r#"
use rdkafka::producer::{FutureProducer, FutureRecord};
async fn send(producer: &FutureProducer) {
    let topic = std::env::var("ORDERS_TOPIC").unwrap_or("orders".to_string());
    producer.send(FutureRecord::to(&topic).payload(&json).key("k"), Duration::from_secs(0)).await;
}
            "#,
            "5 call message env(ORDERS_TOPIC or orders) (rdkafka)",
        );
        check(
            "src/c.rs",
            r#"
async fn send(client: async_nats::Client) {
    client.publish("orders.created", "x".into()).await?;
    let answer = client.request("stock.find", "x".into()).await?;
}
            "#,
            "3 call message orders.created (nats)\n4 call pattern stock.find name stock.find (nats)",
        );
        check(
            "src/d.rs",
            r#"
async fn send(client: aws_sdk_sqs::Client) {
    client.send_message().queue_url(env::var("QUEUE_URL")?).message_body("x").send().await?;
    let found = client.receive_message().queue_url("https://sqs/1/tasks").send().await?;
    let _: () = redis.publish("news", "x")?;
}
fn publish(a: A, b: B) {}
            "#,
            "3 call message env(QUEUE_URL) (sqs)
            4 consumer https://sqs/1/tasks
            5 call message news (redis)",
        );
    }
}
