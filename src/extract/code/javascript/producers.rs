//! Messages that are sent: Kafka, RabbitMQ, NATS, Redis, queues of jobs, MQTT, Pulsar, Dapr, and publishers of the house's own.

use std::ops::Range;
use std::sync::Arc;

use super::expressions::Expressions;
use super::origins::{self, option};
use super::{clouds, modules, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::{concat, literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{Binding, CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "producers-js",
    marks: &[
        ".publish(",
        "sendToQueue",
        "bindQueue",
        ".send({",
        ".sendBatch(",
        ".produce(",
        ".xadd(",
        ".xAdd(",
        "Queue(",
        "topicMessages",
        "createProducer",
        "Command(",
        "sendMessage",
        "publishMessage",
        "putEvents",
        "createSender",
        "EventHubProducerClient",
        "createSubscription",
        "amqpConnection",
        "nats'",
        "nats\"",
        "node-nats",
        ".publishMessage(",
        ".send([",
        "producer.send",
        ".invoker",
        ".invoke(",
        "Publisher",
        "Producer",
    ],
    read,
};

const AMQP: [&str; 6] = [
    "amqplib",
    "amqp-connection-manager",
    "@golevelup/nestjs-rabbitmq",
    "rascal",
    "@nestjs-plus/rabbitmq",
    "amqplib/callback_api",
];
const BY_SUBJECT: [&str; 9] = [
    "nats",
    "node-nats-streaming",
    "ts-nats",
    "mqtt",
    "async-mqtt",
    "redis",
    "ioredis",
    "@redis/client",
    "@nats-io/transport-node",
];
const NATS: [&str; 4] = ["nats", "node-nats-streaming", "ts-nats", "@nats-io/transport-node"];
/// Members by which a publisher says to what it publishes.
pub const SUBJECTS: [&str; 7] = ["subject", "topic", "queue", "queueName", "channel", "routingKey", "eventName"];
/// Buses that stay in the process.
const LOCAL: [&str; 4] = ["@nestjs/cqrs", "graphql-subscriptions", "events", "@nestjs/event-emitter"];

fn read(code: &Code, output: &mut Output) {
    let expressions = Expressions::new(code);
    let imports = |packages: &[&str]| origins::imports(&expressions, packages);
    let reader = Reader {
        code,
        amqp: imports(&AMQP),
        by_subject: imports(&BY_SUBJECT),
        nats: imports(&NATS),
        jobs: imports(&["bull", "bullmq", "@nestjs/bull", "@nestjs/bullmq", "bee-queue"]),
        local: imports(&LOCAL),
        expressions,
    };
    for call in code.calls() {
        let is_declared = code.is(code.after(call.open), "{")
            || call.start.checked_sub(1).is_some_and(|at| code.is_any(at, &["@", "function"]));
        if is_declared {
            continue;
        }
        if code.is(call.name, "bindQueue") {
            output.facts.extend(reader.binding(call));
            continue;
        }
        for found in reader.sites(call) {
            output.facts.push(Fact::Call(found));
        }
        clouds::binding(&reader.expressions, call, output);
    }
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    expressions: Expressions<'c, 't>,
    /// Whether the file imports libraries of these families.
    amqp: bool,
    by_subject: bool,
    nats: bool,
    jobs: bool,
    local: bool,
}

/// A message, at the call that sends it.
pub fn message(code: &Code, call: Call, client: &str, target: Value) -> CallSite {
    CallSite {
        at: code.location(call.name..call.open),
        kind: CallKind::Message,
        client: client.into(),
        target,
        method: None,
        name: None,
        exchange: None,
        limited: None,
    }
}

impl Reader<'_, '_> {
    fn sites(&self, call: Call) -> Vec<CallSite> {
        let code = self.code;
        let name = code.text_of(call.name);
        let arguments = code.arguments(call.open);
        let receiver = code.receiver(call);
        let Some(first) = arguments.first().cloned() else { return Vec::new() };
        if !receiver.is_empty() {
            match name {
                "send" | "sendBatch" => {
                    let found = self.kafka(call, first.clone());
                    if !found.is_empty() {
                        return found;
                    }
                }
                "publish" => {
                    let found = self.published(call, &arguments);
                    return found.or_else(|| clouds::site(&self.expressions, call)).into_iter().collect();
                }
                _ => {}
            }
        }
        self.sent(call, name, receiver, &arguments).or_else(|| clouds::site(&self.expressions, call)).into_iter().collect()
    }

    fn value(&self, range: Range<usize>) -> Value {
        self.expressions.value(range)
    }

    /// `producer.send({ topic, messages })`, `producer.sendBatch({ topicMessages: [{ topic }] })`, `producer.send([{ topic, messages }])`.
    fn kafka(&self, call: Call, first: Range<usize>) -> Vec<CallSite> {
        let code = self.code;
        let topic = |object: Range<usize>| {
            let topic = option(code, &object, &["topic"])?;
            option(code, &object, &["messages", "message"])?;
            Some(message(code, call, "kafka", self.value(topic)))
        };
        let listed = |range: Range<usize>| {
            let parts = values::list(code, range);
            parts.into_iter().take(32).filter_map(|part| topic(self.expressions.object(part)?)).collect::<Vec<_>>()
        };
        match self.expressions.object(first.clone()) {
            Some(object) => match option(code, &object, &["topicMessages"]) {
                Some(list) => listed(list),
                None => topic(object).into_iter().collect(),
            },
            None if code.is(first.start, "[") || code.word(first.start).is_some() => listed(first),
            None => Vec::new(),
        }
    }

    fn sent(&self, call: Call, name: &str, receiver: Range<usize>, arguments: &[Range<usize>]) -> Option<CallSite> {
        let code = self.code;
        let first = arguments.first()?.clone();
        let is_member = !receiver.is_empty();
        let client = |client: &str| Some(message(code, call, client, self.value(first.clone())));
        match name {
            "sendToQueue" if arguments.len() > 1 => client("amqp"),
            "produce" if is_member && arguments.len() > 2 => client("kafka"),
            "xadd" | "xAdd" if is_member && arguments.len() > 2 => client("redis"),
            "createProducer" if is_member => {
                let topic = option(code, &self.expressions.object(first)?, &["topic"])?;
                Some(message(code, call, "pulsar", self.value(topic)))
            }
            // `amqpConnection.request({ exchange, routingKey })`.
            "request" if is_member && self.amqp => {
                let object = self.expressions.object(first)?;
                let key = option(code, &object, &["routingKey"])?;
                let exchange = option(code, &object, &["exchange"]).map(|range| self.value(range));
                let name = Some(self.value(key));
                Some(CallSite { kind: CallKind::Pattern, name, exchange, ..message(code, call, "amqp", unknown("a broker")) })
            }
            "request" if is_member && self.nats && self.expressions.object(first.clone()).is_none() => {
                let name = Some(self.value(first));
                Some(CallSite { kind: CallKind::Pattern, name, ..message(code, call, "nats", unknown("a broker")) })
            }
            "add" | "addBulk" | "createJob" | "upsertJobScheduler" if is_member && self.jobs => {
                let queue = self.queue(receiver)?;
                let job = (name == "add" && arguments.len() > 1).then(|| self.value(first));
                let job = job.filter(|job| matches!(job, Value::Literal(_) | Value::Symbol(_)));
                Some(CallSite { name: job, ..message(code, call, "bull", queue) })
            }
            // Dapr: `client.invoker.invoke('orders', 'path', HttpMethod.GET)`.
            "invoke" if code.receiver_name(call)?.ends_with("invoker") && arguments.len() > 1 => {
                let target = concat([literal("http://"), self.value(first), literal("/"), self.value(arguments[1].clone())]);
                let method =
                    arguments.get(2).and_then(|range| code.word(range.end - 1)).map(|word| Arc::from(word.to_ascii_uppercase()));
                Some(CallSite { kind: CallKind::Http, method, ..message(code, call, "dapr", target) })
            }
            _ => None,
        }
    }

    /// The name of a queue of jobs: `new Queue('name')`, or a field with `@InjectQueue('name')`.
    fn queue(&self, receiver: Range<usize>) -> Option<Value> {
        let code = self.code;
        if let Some(made) = origins::made(&self.expressions, receiver.clone()) {
            let is_queue = made.name.ends_with("Queue") || made.symbol.starts_with("bull");
            return is_queue.then(|| code.arguments(made.open).into_iter().next().map(|range| self.value(range))).flatten();
        }
        let last = code.word(receiver.end.checked_sub(1)?)?;
        origins::injected(code, last, &["InjectQueue"]).map(|range| self.value(range))
    }

    fn published(&self, call: Call, arguments: &[Range<usize>]) -> Option<CallSite> {
        let code = self.code;
        let first = arguments.first()?.clone();
        let receiver = code.receiver(call);
        let of = code.receiver_name(call).unwrap_or_default();
        let declared = origins::declared(code, receiver.clone()).unwrap_or("");
        if of.ends_with("pubsub") && arguments.len() > 2 && code.text.contains("apr") {
            let exchange = Some(self.value(first));
            return Some(CallSite { exchange, ..message(code, call, "dapr", self.value(arguments[1].clone())) });
        }
        if (self.amqp || matches!(declared, "AmqpConnection" | "Channel" | "ConfirmChannel" | "ChannelWrapper"))
            && arguments.len() > 2
        {
            let exchange = Some(self.value(first));
            return Some(CallSite { exchange, ..message(code, call, "amqp", self.value(arguments[1].clone())) });
        }
        // What publishes one kind of message says by a member to what.
        if let Some(symbol) = self.publisher(receiver.clone()) {
            let name = symbol.rsplit(['#', '.']).next().map(literal);
            return Some(CallSite { name, ..message(code, call, "publisher", self.subject(&symbol)) });
        }
        if self.local {
            return None;
        }
        if code.is(first.start, "new") && code.is(first.end - 1, ")") {
            let open = (first.start..first.end).find(|&at| code.is(at, "("))?;
            let name = code.dotted(first.start + 1..open)?;
            let name = name.rsplit('.').next().unwrap_or(&name).to_owned();
            return Some(CallSite {
                name: Some(literal(name)),
                ..message(code, call, "event-bus", unknown("a bus of the house"))
            });
        }
        let typed = ["Stan", "NatsConnection", "JetStreamClient", "MqttClient", "Redis", "RedisClientType", "RedisClient"]
            .contains(&declared);
        let target = self.value(first);
        // The subject of an abstract publisher is that of each publisher.
        let is_own = matches!(&target, Value::Symbol(symbol) if symbol.starts_with('#') && code.text.contains("abstract"));
        if (self.by_subject || typed) && arguments.len() > 1 && !is_own && !matches!(target, Value::Unknown(_)) {
            let client = if self.nats {
                "nats"
            } else if code.text.contains("mqtt") {
                "mqtt"
            } else {
                "redis"
            };
            return Some(message(code, call, client, target));
        }
        // A client of Redis that another file makes.
        let last = of.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
        let known = ["redis", "nats", "mqtt", "stan"].into_iter().find(|word| last.contains(word))?;
        (arguments.len() > 1 && !is_own).then(|| message(code, call, known, target))
    }

    /// The class of a publisher: `new OrderCreatedPublisher(client)`, or a name that is declared as one.
    fn publisher(&self, receiver: Range<usize>) -> Option<Arc<str>> {
        let code = self.code;
        let is_publisher = |name: &str| {
            let end = ["Publisher", "Producer"].into_iter().find(|end| name.ends_with(end));
            end.is_some_and(|end| name.len() > end.len() && name.starts_with(char::is_uppercase))
        };
        let name = match origins::made(&self.expressions, receiver.clone()) {
            Some(made) => made.name,
            None => origins::declared(code, receiver)?.to_owned(),
        };
        let is_package = self
            .expressions
            .known
            .imported
            .iter()
            .any(|import| import.local == name && !import.own && !import.module.starts_with('@'));
        (is_publisher(&name) && !is_package).then(|| modules::symbol(code, &name))
    }

    /// What a publisher publishes to: a member of its class, here or in another file.
    fn subject(&self, symbol: &str) -> Value {
        let code = self.code;
        if let Some(class) = symbol.strip_prefix('#') {
            let scopes = self.expressions.known.scopes(code);
            return SUBJECTS
                .iter()
                .find_map(|key| scopes.field(class, key))
                .map_or_else(|| unknown("not told by its class"), |range| self.value(range));
        }
        // The file of the class states it by this name.
        Value::Symbol(format!("{symbol}.subject").into())
    }

    /// `channel.bindQueue(queue, exchange, key)`.
    fn binding(&self, call: Call) -> Option<Fact> {
        let code = self.code;
        let arguments = code.arguments(call.open);
        let [queue, exchange, rest @ ..] = &arguments[..] else { return None };
        let key = rest
            .first()
            .map(|range| self.value(range.clone()))
            .filter(|key| !matches!(key, Value::Literal(text) if text.is_empty()));
        Some(Fact::Binding(Binding {
            at: code.location(call.name..call.open),
            exchange: self.value(exchange.clone()),
            queue: super::messages::queue(code, queue.clone()),
            key,
        }))
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn brokers_are_sent_messages() {
        check(
            "src/a.ts",
            "import { Kafka } from 'kafkajs';
            await producer.send({ topic: 'orders', messages: [{ value }] });
            await this.producer.sendBatch({ topicMessages: [{ topic: Topics.A, messages }, { topic: process.env.T, messages }] });
            mailer.send({ to: 'x' });",
            "2 call message orders (kafka)
            3 call message <#Topics.A> (kafka)
            3 call message env(T) (kafka)",
        );
        check(
            "src/b.js",
            "const amqp = require('amqplib');
            channel.sendToQueue('mails', Buffer.from(x));
            channel.publish('shop', `order.${kind}`, Buffer.from(x));
            channel.bindQueue('mails', 'shop', 'order.*');",
            "2 call message mails (amqp)
            3 call message order.+<#kind> exchange shop (amqp)
            4 binds mails to shop by order.*",
        );
        check(
            "src/c.ts",
            "import { connect } from 'nats'; import Redis from 'ioredis';
            nc.publish('a.b', data); const answer = await nc.request('time.us'); redis.xadd('stream', '*', 'k', 'v');",
            "2 call message a.b (nats)
            2 call pattern ?a broker name time.us (nats)
            2 call message stream (redis)",
        );
        check(
            "src/d.ts",
            "import { Queue } from 'bullmq';
            const queue = new Queue('video'); queue.add('encode', data); set.add(1, 2);
            class A { constructor(@InjectQueue('mails') private mails: Queue) {} b() { this.mails.add(data); } }",
            "2 call message video name encode (bull)
            3 call message mails (bull)",
        );
    }

    #[test]
    fn publishers_and_events_of_the_house_are_messages() {
        check(
            "src/a.ts",
            "import { OrderCreatedPublisher } from '../events/order-created-publisher';
            await new OrderCreatedPublisher(nats.client).publish({ id });
            class PaidProducer extends Producer<Paid> { readonly topic = Topics.Paid; }
            const producer = new PaidProducer(client); producer.publish({ id });
            this.bus.publish(new OrderShipped(id));",
            "2 call message <events/order-created-publisher#OrderCreatedPublisher.subject> name OrderCreatedPublisher (publisher)
            4 call message <#Topics.Paid> name PaidProducer (publisher)
            5 call message ?a bus of the house name OrderShipped (event-bus)
            3 constant PaidProducer.subject = <#Topics.Paid>",
        );
        check("src/b.ts", "import { EventBus } from '@nestjs/cqrs';\nthis.eventBus.publish(new A(1));", "");
    }
}
