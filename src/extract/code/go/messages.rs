//! Consumers of messages in Go: Kafka, RabbitMQ, NATS, Redis, Google Pub/Sub, SQS and queues of jobs.
//!
//! A library is known by its import; a consumer by the call or the configuration that names its topic or queue.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::super::Code;
use super::super::value::unknown;
use super::reach::without_empty;
use super::values::Values;
use crate::extract::Output;
use crate::facts::{Fact, Handler, HandlerKind, Value};
use crate::source::Location;

/// Where a call or a configuration names what is consumed.
#[derive(Clone, Copy)]
enum Named {
    /// The argument at this place, a list perhaps.
    Argument(usize),
    /// Arguments from this place on.
    From(usize),
    /// Fields of a value of a type: `ReaderConfig{Topic: …}`.
    Fields(&'static [&'static str]),
    /// Keys of a map.
    Keys(usize),
}

/// A library's name, a part of its import path, the function, method or type, and the least number of arguments.
const CONSUMERS: &[(&str, &str, &str, usize, Named)] = &[
    ("kafka", "segmentio/kafka-go", "ReaderConfig", 0, Named::Fields(&["Topic", "GroupTopics"])),
    ("kafka", "/sarama", "ConsumePartition", 3, Named::Argument(0)),
    ("kafka", "/sarama", "Consume", 3, Named::Argument(1)),
    ("kafka", "/sarama-cluster", "NewConsumer", 4, Named::Argument(2)),
    ("kafka", "confluent-kafka-go", "SubscribeTopics", 1, Named::Argument(0)),
    ("kafka", "confluent-kafka-go", "Subscribe", 2, Named::Argument(0)),
    ("kafka", "twmb/franz-go", "ConsumeTopics", 1, Named::From(0)),
    ("amqp", "amqp", "Consume", 6, Named::Argument(0)),
    ("amqp", "amqp", "ConsumeWithContext", 7, Named::Argument(1)),
    ("nats", "nats-io/", "Subscribe", 2, Named::Argument(0)),
    ("nats", "nats-io/", "QueueSubscribe", 3, Named::Argument(0)),
    ("nats", "nats-io/", "QueueSubscribeSync", 2, Named::Argument(0)),
    ("nats", "nats-io/", "SubscribeSync", 1, Named::Argument(0)),
    ("nats", "nats-io/", "ChanSubscribe", 2, Named::Argument(0)),
    ("nats", "nats-io/", "PullSubscribe", 2, Named::Argument(0)),
    ("nats", "nats-io/", "ConsumerConfig", 0, Named::Fields(&["FilterSubject", "FilterSubjects"])),
    ("watermill", "ThreeDotsLabs/watermill", "AddHandler", 6, Named::Argument(1)),
    ("watermill", "ThreeDotsLabs/watermill", "AddNoPublisherHandler", 4, Named::Argument(1)),
    ("watermill", "ThreeDotsLabs/watermill", "AddConsumerHandler", 4, Named::Argument(1)),
    ("watermill", "ThreeDotsLabs/watermill", "Subscribe", 2, Named::Argument(1)),
    ("pubsub", "cloud.google.com/go/pubsub", "Subscription", 1, Named::Argument(0)),
    ("pubsub", "cloud.google.com/go/pubsub", "Subscriber", 1, Named::Argument(0)),
    ("sqs", "service/sqs", "ReceiveMessageInput", 0, Named::Fields(&["QueueUrl"])),
    ("redis", "redis", "Subscribe", 2, Named::From(1)),
    ("redis", "redis", "PSubscribe", 2, Named::From(1)),
    ("redis", "redis", "XReadGroupArgs", 0, Named::Fields(&["Streams"])),
    ("asynq", "hibiken/asynq", "HandleFunc", 2, Named::Argument(0)),
    ("asynq", "hibiken/asynq", "Handle", 2, Named::Argument(0)),
    ("machinery", "RichardKnop/machinery", "RegisterTask", 2, Named::Argument(0)),
    ("machinery", "RichardKnop/machinery", "RegisterTasks", 1, Named::Keys(0)),
    ("work", "gocraft/work", "Job", 2, Named::Argument(0)),
    ("work", "gocraft/work", "JobWithOptions", 3, Named::Argument(0)),
    ("nsq", "nsqio/go-nsq", "NewConsumer", 3, Named::Argument(0)),
    ("pulsar", "pulsar-client-go", "ConsumerOptions", 0, Named::Fields(&["Topic", "Topics"])),
    ("rocketmq", "rocketmq-client-go", "Subscribe", 3, Named::Argument(0)),
    ("mqtt", "paho.mqtt.golang", "Subscribe", 3, Named::Argument(0)),
    ("dapr", "dapr/go-sdk", "Subscription", 0, Named::Fields(&["Topic"])),
    ("dapr", "dapr/go-sdk", "AddBindingInvocationHandler", 2, Named::Argument(0)),
    ("go-micro", "go-micro", "RegisterSubscriber", 3, Named::Argument(0)),
];

/// True for the name of a method by which messages are consumed.
pub fn consumes(name: &str) -> bool {
    CONSUMERS.iter().any(|(_, _, called, ..)| *called == name)
}

/// Consumers of a file, whose values note what they read.
pub fn read(values: &Values, output: &mut Output) {
    let code = values.code;
    let imported: Vec<_> = CONSUMERS
        .iter()
        .filter(|(_, path, ..)| code.imports().values().any(|symbol| symbol.contains(path)))
        // A part of a longer word is no library: `amqp` of `pkg/amqp` is, though.
        .collect();
    if imported.is_empty() {
        return;
    }
    let receives = (0..code.len()).any(|at| code.is(at, "Receive"));
    let queues = Queues::new(code);
    let mut seen: Vec<Value> = Vec::new();
    for open in (1..code.len()).filter(|&at| code.is_any(at, &["(", "{"])) {
        let name = code.text_of(open - 1);
        let is_call = code.is(open, "(");
        for (library, _, called, least, named) in &imported {
            if *called != name || is_call == matches!(named, Named::Fields(_)) {
                continue;
            }
            let arguments = code.arguments(open);
            // A method or function of something, declared elsewhere.
            if is_call && (!code.is(open.wrapping_sub(2), ".") || arguments.len() < *least) {
                continue;
            }
            if *library == "pubsub" && !receives || *library == "asynq" && !is_task(code, values, &arguments) {
                continue;
            }
            let at = code.location(code.chain_start(open - 1)..code.after(open));
            let found = names(code, values, &arguments, *named);
            for value in found {
                let value = without_empty(queues.named(code, values, value));
                if seen.contains(&value) || seen.len() > 500 {
                    continue;
                }
                seen.push(value.clone());
                push(output, library, at, value);
            }
            break;
        }
    }
}

fn push(output: &mut Output, library: &str, at: Location, name: Value) {
    output.facts.push(Fact::Handler(Handler { at, kind: HandlerKind::Consumer, framework: library.into(), name }));
}

/// A mux of asynq takes names of tasks; one of net/http in the same file takes paths.
fn is_task(code: &Code, values: &Values, arguments: &[Range<usize>]) -> bool {
    let is_http = code.imports().values().any(|symbol| symbol.starts_with("net/http#"));
    match arguments.first().map(|first| values.of(first.clone())) {
        Some(Value::Literal(text)) => !text.starts_with('/'),
        _ => !is_http,
    }
}

fn names(code: &Code, values: &Values, arguments: &[Range<usize>], named: Named) -> Vec<Value> {
    match named {
        Named::Argument(index) => arguments.get(index).map_or(Vec::new(), |argument| list(code, values, argument.clone())),
        Named::From(index) => arguments.iter().skip(index).flat_map(|argument| list(code, values, argument.clone())).collect(),
        Named::Keys(index) => {
            let Some(argument) = arguments.get(index) else { return Vec::new() };
            let brace = argument.clone().rev().find(|&at| code.is(at, "{") && code.partner(at) + 1 == argument.end);
            let parts = brace.map_or(Vec::new(), |brace| code.split(code.inside(brace), ","));
            parts.into_iter().map(|part| values.of(part.start..part.start + 1)).collect()
        }
        Named::Fields(fields) => {
            let field = |name: &&str| {
                let part = arguments.iter().find(|part| code.is(part.start, name) && code.is(part.start + 1, ":"))?;
                Some(list(code, values, part.start + 2..part.end))
            };
            fields.iter().find_map(field).unwrap_or_default()
        }
    }
}

/// A text, or the texts of `[]string{…}`.
fn list(code: &Code, values: &Values, mut range: Range<usize>) -> Vec<Value> {
    // `aws.String(x)`, `&x`, `*x`.
    range.start += usize::from(code.is_any(range.start, &["&", "*"]));
    if code.reads(range.start, &["aws", ".", "String", "("]) {
        range = code.inside(range.start + 3);
    }
    if code.is(range.start, "[") {
        let brace = range.clone().find(|&at| code.is(at, "{"));
        let parts = brace.map_or(Vec::new(), |brace| code.split(code.inside(brace), ","));
        return parts.into_iter().filter(|part| !part.is_empty()).map(|part| values.of_noted(part)).collect();
    }
    if range.end > range.start && code.is(range.end - 1, "...") {
        range.end -= 1;
    }
    vec![values.of_noted(range)]
}

/// Queues by the variables that declarations give: `queue, err := channel.QueueDeclare("orders", …)`, and what they are bound to.
pub struct Queues<'t> {
    declared: FxHashMap<&'t str, Range<usize>>,
    /// The queue, the key and the exchange.
    bound: Vec<(String, Range<usize>, Range<usize>)>,
}

impl<'t> Queues<'t> {
    pub fn new(code: &Code<'t>) -> Self {
        let mut queues = Queues { declared: FxHashMap::default(), bound: Vec::new() };
        for call in code.calls() {
            let name = code.text_of(call.name);
            let arguments = code.arguments(call.open);
            if name == "QueueDeclare" && arguments.len() >= 5 {
                let mut at = call.start.saturating_sub(1);
                if code.is_any(at, &[":=", "="]) {
                    while at >= 2 && code.is(at - 2, ",") {
                        at -= 2;
                    }
                    if let Some(name) = code.word(at.wrapping_sub(1)) {
                        queues.declared.insert(name, arguments[0].clone());
                    }
                }
            } else if name == "QueueBind" && arguments.len() >= 3 && queues.bound.len() < 200 {
                let queue = code.text_in(arguments[0].clone()).to_owned();
                queues.bound.push((queue, arguments[1].clone(), arguments[2].clone()));
            }
        }
        queues
    }

    /// The name of `queue.Name`; where the broker makes it up, the key or exchange that it is bound to.
    pub fn named(&self, code: &Code, values: &Values, value: Value) -> Value {
        let Value::Symbol(symbol) = &value else { return value };
        let Some(variable) = symbol.strip_prefix('#').and_then(|name| name.strip_suffix(".Name")) else { return value };
        let declared = self.declared.get(variable).map(|range| values.of(range.clone()));
        if !matches!(&declared, Some(Value::Literal(text)) if text.is_empty()) {
            return declared.unwrap_or(value);
        }
        let written = format!("{variable}.Name");
        let bound = self.bound.iter().find(|(queue, ..)| *queue == written);
        let is_told = |value: &Value| !matches!(value, Value::Literal(text) if text.is_empty() || &**text == "#");
        let name = bound.and_then(|(_, key, exchange)| {
            Some(values.of(key.clone())).filter(is_told).or_else(|| Some(values.of(exchange.clone())).filter(is_told))
        });
        name.unwrap_or_else(|| unknown(code.text_of(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::snapshot::check as compare;

    #[track_caller]
    fn check(import: &str, body: &str, expected: &str) {
        compare("consumer.go", &format!("package consumer; import (\"{import}\"); func run() {{\n{body}\n}}"), expected);
    }

    #[test]
    fn kafka() {
        check(
            "github.com/segmentio/kafka-go",
            "r := kafka.NewReader(kafka.ReaderConfig{Brokers: b, GroupID: \"g\", Topic: \"orders\"})\nw := &kafka.Writer{Topic: \"out\"}",
            "2 consumer orders\n3 call message out (kafka)",
        );
        check(
            "github.com/IBM/sarama",
            "group.Consume(ctx, []string{\"a\", topic}, handler)",
            "2 consumer a\n2 consumer <#topic>",
        );
        check("github.com/confluentinc/confluent-kafka-go/v2/kafka", "c.SubscribeTopics([]string{\"a\"}, nil)", "2 consumer a");
        check("github.com/twmb/franz-go/pkg/kgo", "kgo.NewClient(kgo.ConsumeTopics(\"a\", \"b\"))", "2 consumer a\n2 consumer b");
    }

    #[test]
    fn amqp() {
        check(
            "github.com/rabbitmq/amqp091-go",
            "q, err := ch.QueueDeclare(\"orders\", true, false, false, false, nil)\nmsgs, err := ch.Consume(q.Name, \"\", true, false, false, false, nil)\nch.Publish(\"\", q.Name, false, false, m)",
            "3 consumer orders\n4 call message orders (amqp)",
        );
        check(
            "github.com/rabbitmq/amqp091-go",
            "q, err := ch.QueueDeclare(\"\", true, false, false, false, nil)\nch.QueueBind(q.Name, \"\", \"logs\", false, nil)\nmsgs, err := ch.Consume(q.Name, \"\", true, false, false, false, nil)",
            "4 consumer logs\n3 binds logs to logs",
        );
    }

    #[test]
    fn others() {
        check(
            "github.com/nats-io/nats.go",
            "nc.QueueSubscribe(\"a.>\", \"q\", f)\nnc.Publish(\"b\", c)",
            "2 consumer a.>\n3 call message b (nats)",
        );
        check("github.com/redis/go-redis/v9", "rdb.Subscribe(ctx, \"news\")\nrdb.Get(ctx, \"x\")", "2 consumer news");
        check(
            "github.com/hibiken/asynq",
            "mux.HandleFunc(\"email:send\", f)\nmux.Handle(tasks.Type, g)",
            "2 consumer email:send\n3 consumer <#tasks.Type>",
        );
        check(
            "cloud.google.com/go/pubsub",
            "sub := client.Subscription(\"orders-sub\")\nsub.Receive(ctx, f)",
            "2 consumer orders-sub",
        );
        check("cloud.google.com/go/pubsub", "sub := client.Subscription(\"orders-sub\")\nsub.Delete(ctx)", "");
        check(
            "github.com/aws/aws-sdk-go-v2/service/sqs",
            "c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: aws.String(\"https://q\"), MaxNumberOfMessages: 1})",
            "2 consumer https://q",
        );
        // Without the library `Subscribe` is anything.
        check("github.com/acme/shop/events", "bus.Subscribe(\"a\", f)", "");
    }
}
