//! Consumers that name a topic or queue: Kafka, RabbitMQ, Azure Service Bus, Amazon SQS, NATS, MQTT, Redis, Dapr, CAP, Wolverine.

use std::ops::Range;

use super::syntax;
use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::unknown;
use crate::extract::code::{Code, Framework};
use crate::facts::{HandlerKind, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "dotnet-queues",
    marks: &[
        "Subscribe",
        "BasicConsume",
        "CreateProcessor",
        "CreateSessionProcessor",
        "ReceiveMessageAsync",
        "ReceiveMessageRequest",
        "[Topic(",
        "WithTopic",
        "CapSubscribe",
        "ListenTo",
        "FromProjectSubscription",
        "PopAsync(",
        "Pop(",
        "StreamReadGroup",
    ],
    read,
};

/// Methods that consume: what stands in the file as evidence, the name of the argument that names the topic, and its place.
struct Consuming {
    method: &'static str,
    evidence: &'static [&'static str],
    argument: &'static str,
    index: usize,
}

const fn by(method: &'static str, evidence: &'static [&'static str], argument: &'static str, index: usize) -> Consuming {
    Consuming { method, evidence, argument, index }
}

const KAFKA: &[&str] = &["Confluent", "ConsumerBuilder", "ConsumerConfig", "IConsumer"];
const REDIS: &[&str] = &["StackExchange", "IConnectionMultiplexer", "ConnectionMultiplexer", "ISubscriber", "IDatabase"];
const NATS: &[&str] = &["NATS", "INatsConnection", "NatsConnection"];

const METHODS: [Consuming; 23] = [
    by("Subscribe", KAFKA, "topic", 0),
    by("BasicConsume", &[], "queue", 0),
    by("BasicConsumeAsync", &[], "queue", 0),
    by("CreateProcessor", &["ServiceBus", "ServiceBusClient", "ServiceBusProcessor"], "queueName", 0),
    by("CreateSessionProcessor", &["ServiceBus", "ServiceBusClient", "ServiceBusSessionProcessor"], "queueName", 0),
    by("FromProjectSubscription", &["PubSub", "SubscriberClient"], "subscriptionId", 1),
    by("Subscribe", REDIS, "channel", 0),
    by("SubscribeAsync", REDIS, "channel", 0),
    by("StreamReadGroup", REDIS, "key", 0),
    by("StreamReadGroupAsync", REDIS, "key", 0),
    by("SubscribeAsync", NATS, "subject", 0),
    by("QueueSubscribeAsync", NATS, "subject", 0),
    by("SubscribeAsync", &["MQTTnet", "IMqttClient"], "topic", 0),
    by("WithTopicFilter", &["MQTTnet", "IMqttClient", "MqttFactory", "MqttClientFactory"], "topic", 0),
    by("ListenToRabbitQueue", &[], "queueName", 0),
    by("ListenToKafkaTopic", &[], "topicName", 0),
    by("ListenToAzureServiceBusQueue", &[], "queueName", 0),
    by("ListenToAzureServiceBusSubscription", &[], "subscriptionName", 0),
    by("ListenToSqsQueue", &[], "queueName", 0),
    by("ListenToPubsubTopic", &[], "topicName", 0),
    by("WithTopic", &["Dapr", "MapSubscribeHandler", "MapPost"], "name", 1),
    by("AddSQSPoller", &[], "queueUrl", 0),
    by("SubscribeDynamic", &[], "eventName", 0),
];
/// Methods that take what waits first in a list of Redis.
const POPS: [&str; 6] = ["ListLeftPop", "ListLeftPopAsync", "ListRightPop", "ListRightPopAsync", "BLPop", "BRPop"];

fn read(code: &Code, output: &mut Output) {
    let mentions = |words: &[&str]| words.is_empty() || (0..code.len()).any(|at| code.is_any(at, words));
    // A file has or has not the evidence; it is looked for once.
    let known: Vec<&Consuming> = METHODS.iter().filter(|consuming| mentions(consuming.evidence)).collect();
    let pops = mentions(REDIS);
    for call in code.calls().filter(|call| call.start < call.name) {
        let name = code.text_of(call.name);
        if let Some(consuming) = known.iter().find(|consuming| consuming.method == name) {
            let arguments = code.arguments(call.open);
            let Some(range) = syntax::argument(code, &arguments, consuming.argument, consuming.index) else { continue };
            names(code, range, output, call);
        } else if name == "ReceiveMessageAsync" {
            if let Some(queue) = queue_url(code, call) {
                add(output, code, call, queue);
            }
        } else if pops && POPS.contains(&name) && is_in_loop(code, call.name) {
            let Some(range) = code.arguments(call.open).into_iter().next() else { continue };
            add(output, code, call, values::text(code, range));
        }
    }
    for open in
        (0..code.len()).filter(|&open| code.is(open, "[") && code.is_any(open + 1, &["Topic", "CapSubscribe", "BulkSubscribe"]))
    {
        for attribute in syntax::attributes_in(code, open) {
            let range = match attribute.name {
                "Topic" if attribute.arguments.len() >= 2 => syntax::argument(code, &attribute.arguments, "name", 1),
                "CapSubscribe" => attribute.argument(code, "name"),
                _ => None,
            };
            if let Some(range) = range {
                let name = values::text(code, range);
                syntax::handle(output, FRAMEWORK.name, HandlerKind::Consumer, code.at(attribute.at), name);
            }
        }
    }
}

fn add(output: &mut Output, code: &Code, call: Call, name: Value) {
    syntax::handle(output, FRAMEWORK.name, HandlerKind::Consumer, code.at(call.name), name);
}

/// One consumer for each of a list of topics.
fn names(code: &Code, range: Range<usize>, output: &mut Output, call: Call) {
    // A handler alone names no topic.
    if range.clone().any(|at| code.is(at, "=>")) {
        return;
    }
    let mut list = range.clone();
    if let Some(name) = (list.len() == 1).then(|| code.word(list.start)).flatten()
        && let Some(assigned) = code.assigned(name, list.start)
    {
        list = assigned;
    }
    // `["a"]`, `new[] { "a" }`, `new List<string> { "a" }`.
    let open = match code.text_of(list.start) {
        "[" => Some(list.start),
        "new" => list.clone().find(|&at| code.is(at, "{")),
        _ => None,
    };
    let texts = open.map_or(Vec::new(), |open| code.arguments(open));
    if texts.is_empty() {
        // `RedisChannel.Literal("x")`, `new RedisChannel("x", …)`: the text inside.
        let inner = range.clone().find(|&at| code.is(at, "(")).filter(|_| code.is_any(range.start, &["RedisChannel", "new"]));
        let inner = inner.and_then(|open| code.arguments(open).into_iter().next());
        add(output, code, call, values::text(code, inner.unwrap_or(range)));
        return;
    }
    for text in texts {
        add(output, code, call, values::text(code, text));
    }
}

/// The queue of a request for messages: `new ReceiveMessageRequest { QueueUrl = … }`, or a URL right in the call.
fn queue_url(code: &Code, call: Call) -> Option<Value> {
    let argument = code.arguments(call.open).into_iter().next()?;
    let is_sqs =
        code.text_in(code.receiver(call)).to_ascii_lowercase().contains("sqs") || (0..code.len()).any(|at| code.is(at, "SQS"));
    if !is_sqs {
        return None;
    }
    let mut range = argument.clone();
    if let Some(name) = (range.len() == 1).then(|| code.word(range.start)).flatten()
        && let Some(assigned) = code.assigned(name, range.start)
    {
        range = assigned;
    }
    if !range.clone().any(|at| code.is(at, "ReceiveMessageRequest")) && !code.is(range.start, "new") {
        return Some(values::text(code, argument));
    }
    let at = range.clone().find(|&at| code.is(at, "QueueUrl") && code.is(at + 1, "="));
    let Some(at) = at else { return Some(unknown("QueueUrl")) };
    let end = (at + 2..range.end).find(|&end| code.is_any(end, &[",", "}"])).unwrap_or(range.end);
    Some(values::text(code, at + 2..end))
}

/// True inside of `while (…) { … }`.
fn is_in_loop(code: &Code, at: usize) -> bool {
    let Some(function) = code.enclosing(at, ItemKind::Function) else { return false };
    (function.body.start..at).any(|word| {
        let body = code.after(word + 1);
        code.is(word, "while") && code.is(word + 1, "(") && code.is(body, "{") && code.inside(body).contains(&at)
    })
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn consumers_name_their_topics() {
        check(
            "K.cs",
            r#"
using Confluent.Kafka;
class K {
    private static readonly string Name = Environment.GetEnvironmentVariable("KAFKA_TOPIC") ?? "orders";
    void Run(IConfiguration config) {
        consumer.Subscribe(Name);
        consumer.Subscribe(new[] { "a", Topics.B });
        consumer.Subscribe(config["Kafka:Topic"]);
        observable.Subscribe(x => Handle(x));
    }
}"#,
            "6 consumer env(KAFKA_TOPIC or orders)
             7 consumer a
             7 consumer <Topics#Topics.B>
             8 consumer property(Kafka.Topic)
             4 constant K.Name = env(KAFKA_TOPIC or orders)",
        );
        check(
            "R.cs",
            "class R { const string Queue = \"q\"; void Run() { channel.BasicConsume(queue: Queue, autoAck: true, consumer: c); } }",
            "1 consumer q\n1 constant R.Queue = q",
        );
        check(
            "S.cs",
            "class S { void Run(ServiceBusClient client) { var p = client.CreateProcessor(\"topic\", \"sub\"); } }",
            "1 consumer topic",
        );
        check("D.cs", "app.MapPost(\"/a\", [Topic(\"pubsub\", \"A\")] (X x) => x);", "1 POST /a\n1 consumer A");
        check(
            "C.cs",
            "class C { [CapSubscribe(\"a.b\")] public void On(X x) { } [Topic] public int N() => 1; }",
            "1 consumer a.b",
        );
        check(
            "Q.cs",
            "class Q { async Task Run(IAmazonSQS sqs) { var r = new ReceiveMessageRequest { QueueUrl = \"https://q\", WaitTimeSeconds = 5 }; await sqs.ReceiveMessageAsync(r); } }",
            "1 consumer https://q",
        );
    }

    #[test]
    fn a_list_that_a_loop_empties_is_a_queue() {
        check(
            "W.cs",
            "class W { void Run(ConnectionMultiplexer c) { while (true) { var x = db.ListLeftPopAsync(\"votes\").Result; } } void Once() { db.ListLeftPop(\"other\"); } }",
            "1 consumer votes",
        );
        check("N.cs", "class N { void Run() { while (true) { stack.Pop(\"x\"); } button.Subscribe(\"y\"); } }", "");
    }
}
