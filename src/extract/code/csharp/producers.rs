//! Producers that name a topic, queue or exchange, and what binds queues to exchanges: RabbitMQ, Kafka, Azure Service Bus and Event Hubs,
//! Amazon SQS and SNS, Google Pub/Sub, NATS, MQTT, Redis, CAP, Rebus.

use std::ops::Range;

use super::{expressions, requests, syntax};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::unknown;
use crate::extract::code::{Code, Framework};
use crate::facts::{Binding, CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "dotnet-producer",
    marks: &[
        "BasicPublish",
        "QueueBind",
        "Produce(",
        "ProduceAsync(",
        "CreateSender(",
        "SendMessageAsync(",
        "SendMessageRequest",
        "PublishRequest",
        "ICapPublisher",
        "NATS",
        "NatsConnection",
        "ListLeftPush",
        "ListRightPush",
        "StreamAdd",
        "ISubscriber",
        "GetSubscriber",
        "MqttApplicationMessageBuilder",
        "FromProjectTopic",
        "EventHubProducerClient",
        "EventHubBufferedProducerClient",
        "TopicClient(",
        "QueueClient(",
        "Advanced.Topics",
        "Advanced.Routing",
        "SendReceive.",
    ],
    read,
};

/// Methods that send: what stands in the file as evidence, the name of the argument that names the topic, and its place.
struct Sending {
    method: &'static str,
    evidence: &'static [&'static str],
    argument: &'static str,
    index: usize,
    kind: CallKind,
}

const fn by(method: &'static str, evidence: &'static [&'static str], argument: &'static str, index: usize) -> Sending {
    Sending { method, evidence, argument, index, kind: CallKind::Message }
}

const KAFKA: &[&str] = &["Confluent", "ProducerBuilder", "ProducerConfig", "IProducer"];
const REDIS: &[&str] = &["StackExchange", "IConnectionMultiplexer", "ConnectionMultiplexer", "ISubscriber", "IDatabase"];
const NATS: &[&str] = &["NATS", "INatsConnection", "NatsConnection", "INatsClient", "NatsClient"];
const CAP: &[&str] = &["ICapPublisher"];
const SQS: &[&str] = &["IAmazonSQS", "AmazonSQSClient", "SQS"];
const SNS: &[&str] = &["IAmazonSimpleNotificationService", "AmazonSimpleNotificationServiceClient", "SimpleNotificationService"];

const METHODS: [Sending; 23] = [
    by("Produce", KAFKA, "topic", 0),
    by("ProduceAsync", KAFKA, "topic", 0),
    by("CreateSender", &["ServiceBusClient", "ServiceBusSender", "ServiceBus"], "queueOrTopicName", 0),
    by("SendMessageAsync", SQS, "queueUrl", 0),
    by("PublishAsync", SNS, "topicArn", 0),
    by("Publish", CAP, "name", 0),
    by("PublishAsync", CAP, "name", 0),
    by("PublishDelayAsync", CAP, "name", 1),
    by("PublishAsync", NATS, "subject", 0),
    by("Publish", NATS, "subject", 0),
    Sending { method: "RequestAsync", evidence: NATS, argument: "subject", index: 0, kind: CallKind::Pattern },
    Sending { method: "Request", evidence: NATS, argument: "subject", index: 0, kind: CallKind::Pattern },
    by("Publish", REDIS, "channel", 0),
    by("PublishAsync", REDIS, "channel", 0),
    by("ListLeftPush", REDIS, "key", 0),
    by("ListLeftPushAsync", REDIS, "key", 0),
    by("ListRightPush", REDIS, "key", 0),
    by("ListRightPushAsync", REDIS, "key", 0),
    by("StreamAdd", REDIS, "key", 0),
    by("StreamAddAsync", REDIS, "key", 0),
    by("FromProjectTopic", &["PublisherClient", "PublisherServiceApiClient"], "topicId", 1),
    by("WithTopic", &["MqttApplicationMessageBuilder"], "topic", 0),
    by("EnqueueAsync", &["IAmazonSQS"], "queue", 0),
];
/// Types that are made for one topic: the place of its name.
const MADE: [(&str, usize); 4] =
    [("EventHubProducerClient", 1), ("EventHubBufferedProducerClient", 1), ("TopicClient", 1), ("QueueClient", 1)];

fn read(code: &Code, output: &mut Output) {
    let mentions = |words: &[&str]| words.iter().any(|word| !code.occurrences(word).is_empty());
    // A file has or has not the evidence; it is looked for once.
    let known: Vec<&Sending> = METHODS.iter().filter(|sending| mentions(sending.evidence)).collect();
    let sends = mentions(&["SendAsync", "SendMessageAsync", "SendMessage"]);
    for call in code.calls() {
        let name = code.text_of(call.name);
        let arguments = code.arguments(call.open);
        let value = |named: &str, index: usize| {
            syntax::argument(code, &arguments, named, index).map(|range| expressions::given(code, range))
        };
        if call.start == call.name {
            if let Some((_, index)) = MADE.iter().find(|(of, _)| *of == name)
                && code.is(call.name - usize::from(call.name > 0), "new")
                && (sends || name.starts_with("EventHub"))
                && let Some(topic) = value("eventHubName", *index)
            {
                state(code, output, call, CallKind::Message, topic, None);
            }
            continue;
        }
        if requests::is_declared(code, call.open, &arguments) {
            continue;
        }
        match name {
            "BasicPublish" | "BasicPublishAsync" => {
                let (Some(exchange), Some(key)) = (value("exchange", 0), value("routingKey", 1)) else { continue };
                state(code, output, call, CallKind::Message, key, Some(exchange));
            }
            "QueueBind" | "QueueBindAsync" | "QueueBindNoWait" => {
                let (Some(queue), Some(exchange)) = (value("queue", 0), value("exchange", 1)) else { continue };
                let key = value("routingKey", 2);
                output.facts.push(Fact::Binding(Binding { at: requests::place(code, call), exchange, queue, key }));
            }
            "Publish" | "Send" if is_routed(code, call) => {
                let Some(topic) = value("topic", 0) else { continue };
                state(code, output, call, CallKind::Message, topic, None);
            }
            "Send" | "SendAsync" if code.is(call.name - 2, "SendReceive") => {
                let Some(queue) = value("queue", 0) else { continue };
                state(code, output, call, CallKind::Message, queue, None);
            }
            _ => {
                let Some(sending) = known.iter().find(|sending| sending.method == name && fits(code, call, sending)) else {
                    continue;
                };
                let Some(range) = syntax::argument(code, &arguments, sending.argument, sending.index) else { continue };
                let topic = topic(code, range);
                state(code, output, call, sending.kind, topic, None);
            }
        }
    }
}

/// `bus.Advanced.Topics.Publish("topic", …)` and `bus.Advanced.Routing.Send("queue", …)` of Rebus.
fn is_routed(code: &Code, call: Call) -> bool {
    code.is_any(call.name - 2, &["Topics", "Routing"]) && call.name >= 4 && code.is(call.name - 4, "Advanced")
}

/// Methods with common names need a receiver of their library.
fn fits(code: &Code, call: Call, sending: &Sending) -> bool {
    let shown = code.text_in(code.receiver(call)).to_ascii_lowercase();
    let last = code.word(call.name - 2).unwrap_or("");
    let of = code.declared_type(last).unwrap_or("").to_ascii_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| shown.contains(word) || of.contains(word));
    match sending.method {
        "Publish" | "PublishAsync" if sending.evidence == REDIS => {
            any(&["sub", "redis", "database", "multiplexer", "connection"])
        }
        "Publish" | "PublishAsync" | "PublishDelayAsync" if sending.evidence == CAP => any(&["cap", "bus", "publisher"]),
        "Publish" | "PublishAsync" if sending.evidence == SNS => any(&["sns", "notification", "client"]),
        "Publish" | "PublishAsync" | "Request" | "RequestAsync" => any(&["nats", "connection", "client", "jetstream", "js"]),
        "WithTopic" => any(&["mqttapplicationmessagebuilder"]) || of.is_empty() && shown.len() < 40,
        _ => true,
    }
}

/// The topic of an argument: of a request the member that names it, of a typed name the text inside.
fn topic(code: &Code, range: Range<usize>) -> Value {
    let mut made = range.clone();
    if let Some(name) = (range.len() == 1).then(|| code.word(range.start)).flatten()
        && let Some(assigned) = code.assigned(name, range.start).filter(|assigned| code.is(assigned.start, "new"))
    {
        made = assigned;
    }
    let is_request =
        made.clone().take(6).any(|at| code.is_any(at, &["SendMessageRequest", "PublishRequest", "SendMessageBatchRequest"]));
    if is_request {
        let at = made.clone().find(|&at| code.is_any(at, &["QueueUrl", "TopicArn"]) && code.is(at + 1, "="));
        if let Some(at) = at {
            let mut end = at + 2;
            while end < made.end && !code.is_any(end, &[",", "}"]) {
                end = code.after(end);
            }
            return expressions::given(code, at + 2..end);
        }
        let open = made.clone().find(|&at| code.is(at, "("));
        let first = open.and_then(|open| code.arguments(open).into_iter().next());
        return first.map_or_else(|| unknown("request"), |first| expressions::given(code, first));
    }
    // `RedisChannel.Literal("x")`, `new TopicPartition("x", 0)`.
    if code.is_any(made.start, &["RedisChannel", "new"])
        && let Some(open) = made.clone().find(|&at| code.is(at, "("))
        && let Some(first) = code.arguments(open).into_iter().next()
    {
        return expressions::given(code, first);
    }
    expressions::given(code, range)
}

fn state(code: &Code, output: &mut Output, call: Call, kind: CallKind, target: Value, exchange: Option<Value>) {
    output.facts.push(Fact::Call(CallSite {
        at: requests::place(code, call),
        kind,
        client: FRAMEWORK.name.into(),
        // What is asked for is the pattern itself.
        name: (kind == CallKind::Pattern).then(|| target.clone()),
        target: if kind == CallKind::Pattern { unknown("broker") } else { target },
        method: None,
        exchange,
        limited: None,
    }));
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn producers_name_their_topics() {
        check(
            "A.cs",
            r#"
class A {
    const string Exchange = "shop";
    void B(string key) {
        channel.BasicPublish(exchange: Exchange, routingKey: key, body: x);
        channel.BasicPublishAsync("", "orders", true, p, b);
        channel.QueueBindAsync(queue: "billing", exchange: Exchange, routingKey: "order.*");
    }
}"#,
            "5 call message parameter(A.B 0) exchange shop (dotnet-producer)
             6 call message orders exchange  (dotnet-producer)
             7 binds billing to shop by order.*
             3 constant A.Exchange = shop",
        );
        check(
            "K.cs",
            "using Confluent.Kafka;\nclass K { IProducer<string, string> p; void A(IConfiguration c) { p.ProduceAsync(c[\"Kafka:Topic\"], m); } }",
            "2 call message property(Kafka.Topic) (dotnet-producer)",
        );
        check("F.cs", "class F { void A() { factory.Produce(\"x\", m); } }", "");
        check(
            "S.cs",
            "class S { void A(ServiceBusClient client, ICapPublisher cap, IAmazonSQS sqs) { var s = client.CreateSender(\"orders\"); cap.Publish(\"order.placed\", x);\n var r = new SendMessageRequest { QueueUrl = Environment.GetEnvironmentVariable(\"QUEUE\"), MessageBody = x }; sqs.SendMessageAsync(r); } }",
            "1 call message orders (dotnet-producer)
             1 call message order.placed (dotnet-producer)
             2 call message env(QUEUE) (dotnet-producer)",
        );
        check(
            "N.cs",
            "using NATS.Client;\nclass N { void A(IConnection connection) { connection.Publish(\"orders.placed\", x); connection.Request(\"stock.check\", y); } }",
            "2 call message orders.placed (dotnet-producer)
             2 call pattern ?broker name stock.check (dotnet-producer)",
        );
        check(
            "R.cs",
            "class R { void A(IConnectionMultiplexer redis) { db.ListRightPushAsync(\"votes\", x); redis.GetSubscriber().PublishAsync(RedisChannel.Literal(\"news\"), x); } }",
            "1 call message votes (dotnet-producer)
             1 call message news (dotnet-producer)",
        );
    }
}
