//! Messages that are sent: to RabbitMQ, Kafka, Redis, SQS, SNS, Pub/Sub, MQTT and NATS, over Symfony's Messenger and Laravel's queues.

use std::ops::Range;

use super::chain::{self, Chain};
use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{Binding, CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "php-producers",
    marks: &[
        "basic_publish",
        "queue_bind",
        "publish(",
        "publishOn(",
        "onTopic(",
        "newTopic(",
        "->xadd(",
        "->xAdd(",
        "SqsClient",
        "SnsClient",
        "sendEvent(",
        "sendCommand(",
        "createProducer(",
        "MessageBusInterface",
        "::dispatch(",
        "dispatch(new ",
        "Queue::",
        "AMQPQueue",
    ],
    read,
};

/// Libraries of brokers that a file names.
#[derive(Clone, Copy, Default)]
pub struct Brokers {
    amazon: bool,
    sns: bool,
    google: bool,
    bundle: bool,
    extension: bool,
    bunny: bool,
    mqtt: bool,
    nats: bool,
    kafka: bool,
    kafka_of_laravel: bool,
    enqueue: bool,
    messenger: bool,
}

impl Brokers {
    pub fn of(code: &Code) -> Brokers {
        let says = |words: &[&str]| words.iter().any(|word| code.text.contains(word));
        Brokers {
            amazon: says(&["Aws\\"]),
            sns: says(&["Aws\\Sns", "SnsClient"]),
            google: says(&["Cloud\\PubSub"]),
            bundle: says(&["RabbitMqBundle"]),
            extension: says(&["AMQPExchange", "AMQPQueue"]),
            bunny: says(&["Bunny\\"]),
            mqtt: says(&["PhpMqtt", "Mosquitto"]),
            nats: says(&["Nats\\", "NATS"]),
            kafka: says(&["RdKafka", "rdkafka"]),
            kafka_of_laravel: says(&["Junges\\Kafka"]),
            enqueue: says(&["Enqueue\\", "Interop\\Queue", "enqueue"]),
            messenger: says(&["MessageBusInterface"]),
        }
    }
}

fn read(code: &Code, output: &mut Output) {
    let brokers = Brokers::of(code);
    for call in code.calls() {
        match code.text_of(call.name) {
            "queue_bind" => bind(code, call, output),
            "bind" if brokers.extension => bind_queue(code, call, output),
            name => output.facts.extend(sent(code, call, name, brokers).map(Fact::Call)),
        }
    }
}

/// Whether a call sends a message.
pub fn is_sent(code: &Code, call: Call, brokers: Brokers) -> bool {
    sent(code, call, code.text_of(call.name), brokers).is_some()
}

fn sent(code: &Code, call: Call, name: &str, brokers: Brokers) -> Option<CallSite> {
    let is_member = call.start < call.name;
    match name {
        "basic_publish" | "batch_basic_publish" if is_member => {
            let arguments = code.arguments(call.open);
            let part = |name: &str, index: usize| {
                code.named(&arguments, name).or_else(|| arguments.get(index).cloned()).map(|range| values::value(code, range))
            };
            let target = part("routing_key", 2).unwrap_or_else(|| literal(""));
            Some(CallSite { exchange: named_exchange(part("exchange", 1)), ..site(code, call, "amqp", target) })
        }
        "publish" if is_member => publish(code, call, brokers),
        "xadd" | "xAdd" if is_member => Some(site(code, call, "redis", argument(code, call, 0)?)),
        "sendMessage" | "sendMessageBatch" if is_member && brokers.amazon => {
            Some(site(code, call, "sqs", entry(code, call, "QueueUrl")?))
        }
        "publishOn" if code.is(call.start, "Kafka") => Some(site(code, call, "kafka", argument(code, call, 0)?)),
        "onTopic" if code.is(call.start, "Kafka") || brokers.kafka_of_laravel => {
            Some(site(code, call, "kafka", argument(code, call, 0)?))
        }
        "produce" | "producev" if is_member && brokers.kafka => Some(site(code, call, "kafka", topic(code, call))),
        "sendEvent" | "sendCommand" if is_member && brokers.enqueue => {
            Some(site(code, call, "enqueue", argument(code, call, 0)?))
        }
        "send" if is_member && brokers.enqueue => {
            let destination = code.arguments(call.open).into_iter().next()?;
            Some(site(code, call, "enqueue", made(code, destination, &["createQueue", "createTopic"])?))
        }
        "dispatch" | "dispatchAfterResponse" => dispatch(code, call, brokers),
        "push" | "pushOn" | "later" | "laterOn" if code.is(call.start, "Queue") && call.start + 2 == call.name => {
            let arguments = code.arguments(call.open);
            let queue = name.ends_with("On").then(|| arguments.first().map(|queue| values::value(code, queue.clone()))).flatten();
            let job = arguments.into_iter().find_map(|argument| type_of(code, argument))?;
            let target = queue.unwrap_or_else(|| unknown("the default queue"));
            Some(CallSite { name: Some(job), ..site(code, call, "laravel-queue", target) })
        }
        _ => None,
    }
}

/// The queues or topics that a call subscribes to, with the broker.
pub fn consumed(code: &Code, call: Call, brokers: Brokers) -> Vec<(&'static str, Value)> {
    if call.start == call.name {
        return Vec::new();
    }
    let receiver = code.text_in(code.receiver(call)).to_ascii_lowercase();
    let one = |framework: &'static str, queue: Option<Value>| queue.map(|queue| (framework, queue)).into_iter().collect();
    match code.text_of(call.name) {
        "subscribe" | "psubscribe" if receiver.contains("redis") => {
            let topics =
                code.arguments(call.open).into_iter().next().map_or(Vec::new(), |topics| match code.is(topics.start, "[") {
                    true => code.arguments(topics.start),
                    false => vec![topics],
                });
            topics.into_iter().take(32).map(|topic| ("redis", values::value(code, topic))).collect()
        }
        "subscribe" if brokers.mqtt => one("mqtt", argument(code, call, 0)),
        "subscribe" if brokers.nats => one("nats", argument(code, call, 0)),
        "receiveMessage" if brokers.amazon => one("sqs", entry(code, call, "QueueUrl")),
        "consume" | "run" if brokers.bunny => one("amqp", argument(code, call, 1)),
        "consume" if brokers.extension => one("amqp", named(code, code.receiver(call))),
        _ => Vec::new(),
    }
}

fn site(code: &Code, call: Call, client: &str, target: Value) -> CallSite {
    CallSite {
        at: code.location(call.name..code.after(call.open)),
        kind: CallKind::Message,
        client: client.into(),
        target,
        method: None,
        name: None,
        exchange: None,
        limited: None,
    }
}

fn argument(code: &Code, call: Call, index: usize) -> Option<Value> {
    code.arguments(call.open).get(index).map(|range| values::value(code, range.clone()))
}

/// A value of the array that a call is given.
fn entry(code: &Code, call: Call, key: &str) -> Option<Value> {
    let array = code.arguments(call.open).into_iter().next()?;
    let array = values::given(code, array.clone()).unwrap_or(array);
    chain::entry(code, array, key).map(|range| values::value(code, range))
}

/// The exchange, unless it is the default one.
fn named_exchange(exchange: Option<Value>) -> Option<Value> {
    exchange.filter(|exchange| *exchange != literal(""))
}

/// `publish(…)`, which every broker's library has.
fn publish(code: &Code, call: Call, brokers: Brokers) -> Option<CallSite> {
    let receiver = code.text_in(code.receiver(call)).to_ascii_lowercase();
    if brokers.sns
        && let Some(target) = entry(code, call, "TopicArn")
    {
        return Some(site(code, call, "sns", target));
    }
    if brokers.google {
        let target = made(code, code.receiver(call), &["topic", "createTopic"])?;
        return Some(site(code, call, "pubsub", target));
    }
    if brokers.bundle {
        let target = argument(code, call, 1).unwrap_or_else(|| unknown("a producer that the configuration names"));
        return Some(site(code, call, "rabbitmq-bundle", target));
    }
    if brokers.extension {
        let exchange = named(code, code.receiver(call));
        let target = argument(code, call, 1).unwrap_or_else(|| literal(""));
        return Some(CallSite { exchange: named_exchange(exchange), ..site(code, call, "amqp", target) });
    }
    if brokers.bunny {
        let target = argument(code, call, 3).unwrap_or_else(|| literal(""));
        let exchange = named_exchange(argument(code, call, 2));
        return Some(CallSite { exchange, ..site(code, call, "amqp", target) });
    }
    let client = match () {
        () if brokers.mqtt => "mqtt",
        () if receiver.contains("redis") || is_made_redis(code, code.receiver(call)) => "redis",
        () if brokers.nats => "nats",
        () => return None,
    };
    Some(site(code, call, client, argument(code, call, 0)?))
}

fn is_made_redis(code: &Code, receiver: Range<usize>) -> bool {
    values::given(code, receiver).is_some_and(|range| code.is(range.start, "new") && code.text_in(range).contains("edis"))
}

/// What a queue or exchange of the extension is named: `$exchange->setName('a')`.
fn named(code: &Code, receiver: Range<usize>) -> Option<Value> {
    let name = code.word(receiver.end.checked_sub(1)?)?;
    let places = code.occurrences(name).iter().take(64).map(|&at| at as usize);
    let mut set = places.filter(|&at| code.reads(at + 1, &["->", "setName", "("]));
    set.next().map(|at| values::value(code, code.inside(at + 3)))
}

/// The topic that `$topic->produce(…)` is called on.
fn topic(code: &Code, call: Call) -> Value {
    made(code, code.receiver(call), &["newTopic"]).unwrap_or_else(|| unknown("a topic that is named elsewhere"))
}

/// The first argument of a call in an expression, or in what its name was given.
fn made(code: &Code, range: Range<usize>, makers: &[&str]) -> Option<Value> {
    let maker = |range: Range<usize>| range.take(200).find(|&at| code.is_any(at, makers) && code.is(at + 1, "("));
    let found = maker(range.clone()).or_else(|| maker(values::given(code, range)?))?;
    code.arguments(found + 1).into_iter().next().map(|first| values::value(code, first))
}

/// The type of a message: `new OrderPlaced(…)`, `new Envelope(new OrderPlaced(…))`, a variable that holds one.
fn type_of(code: &Code, range: Range<usize>) -> Option<Value> {
    let range = values::given(code, range.clone()).unwrap_or(range);
    if code.is(range.start, "new") {
        let open = range.clone().find(|&at| code.is(at, "(")).unwrap_or(range.end);
        let name = code.word(open.checked_sub(1)?)?;
        let is_around = name == "Envelope";
        let inner = if is_around { code.arguments(open).into_iter().next() } else { None };
        let inner = inner.filter(|inner| code.is(inner.start, "new"));
        let name = inner.and_then(|inner| {
            let open = inner.clone().find(|&at| code.is(at, "(")).unwrap_or(inner.end);
            code.word(open.checked_sub(1)?)
        });
        let own = code.word(open - 1).filter(|_| !is_around);
        return name.or(own).map(literal);
    }
    let name = code.word(range.start).filter(|name| range.len() == 1 && name.starts_with('$'))?;
    code.declared_type(name).map(literal)
}

fn dispatch(code: &Code, call: Call, brokers: Brokers) -> Option<CallSite> {
    let arguments = code.arguments(call.open);
    if brokers.messenger && call.start < call.name && code.is(call.name - 1, "->") {
        let receiver = code.text_in(code.receiver(call)).to_ascii_lowercase();
        if receiver.contains("dispatcher") {
            return None;
        }
        let name = arguments.first().and_then(|first| type_of(code, first.clone()));
        let target = unknown("a transport that the configuration names");
        return Some(CallSite { name, ..site(code, call, "symfony-messenger", target) });
    }
    // `Bill::dispatch(…)`: events are dispatched alike, and stay in the program.
    let is_static = call.name > call.start && code.is(call.name - 1, "::") && call.start + 2 == call.name;
    let is_job = |name: &str| {
        name.ends_with("Job") || code.imports().get(name).is_some_and(|of| of.contains("/Jobs/") || of.starts_with("Jobs/"))
    };
    let receiver = code.text_of(call.start);
    let job = if is_static && !matches!(receiver, "Bus" | "Event") {
        Some(receiver).filter(|name| is_job(name)).map(literal)
    } else {
        let job = arguments.first().and_then(|first| type_of(code, first.clone()))?;
        Some(job).filter(|job| matches!(job, Value::Literal(name) if is_job(name)))
    }?;
    // `->onQueue('billing')` follows.
    let queue = Chain::at(code, call.start).and_then(|chain| chain.argument(code, "onQueue"));
    let queue = queue.or_else(|| {
        let after = code.after(call.open);
        (code.reads(after, &["->", "onQueue", "("]) && code.kind(after + 2) == Some(TokenKind::Open))
            .then(|| code.inside(after + 2))
    });
    let target = queue.map_or_else(|| unknown("the default queue"), |queue| values::value(code, queue));
    Some(CallSite { name: Some(job), ..site(code, call, "laravel-queue", target) })
}

/// `$channel->queue_bind($queue, $exchange, $key)`.
fn bind(code: &Code, call: Call, output: &mut Output) {
    let arguments = code.arguments(call.open);
    let part = |name: &str, index: usize| code.named(&arguments, name).or_else(|| arguments.get(index).cloned());
    let (Some(queue), Some(exchange)) = (part("queue", 0), part("exchange", 1)) else { return };
    output.facts.push(Fact::Binding(Binding {
        at: code.location(call.start..code.after(call.open)),
        queue: values::value(code, queue),
        exchange: values::value(code, exchange),
        key: part("routing_key", 2).map(|key| values::value(code, key)).filter(|key| *key != literal("")),
    }));
}

/// `$queue->bind('exchange', 'key')` of the extension.
fn bind_queue(code: &Code, call: Call, output: &mut Output) {
    let Some(exchange) = argument(code, call, 0) else { return };
    let Some(queue) = named(code, code.receiver(call)) else { return };
    let at = code.location(call.start..code.after(call.open));
    output.facts.push(Fact::Binding(Binding { at, queue, exchange, key: argument(code, call, 1) }));
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn messages_of_amqp_are_told() {
        check(
            "src/a.php",
            r#"<?php
            use PhpAmqpLib\Message\AMQPMessage;
            $channel->queue_bind('billing', 'shop', 'orders.*');
            $channel->basic_publish($message, 'shop', 'orders.placed');
            $channel->basic_publish($message, '', 'mail');
            $channel->basic_publish($message, 'logs');"#,
            "3 binds billing to shop by orders.*
             4 call message orders.placed exchange shop (amqp)
             5 call message mail (amqp)
             6 call message  exchange logs (amqp)",
        );
        check(
            "src/b.php",
            "<?php\n$e = new AMQPExchange($c);\n$e->setName('shop');\n$e->publish($m, 'paid');\n$q = new AMQPQueue($c);\n$q->setName('a');\n$q->bind('shop', 'paid');",
            "4 call message paid exchange shop (amqp)\n7 binds a to shop by paid",
        );
    }

    #[test]
    fn messages_of_other_brokers_are_told() {
        check(
            "src/c.php",
            "<?php\nuse RdKafka\\Producer;\n$topic = $producer->newTopic(getenv('TOPIC') ?: 'orders');\n$topic->produce(RD_KAFKA_PARTITION_UA, 0, $m);",
            "4 call message env(TOPIC or orders) (kafka)",
        );
        check(
            "src/d.php",
            "<?php\nuse Junges\\Kafka\\Facades\\Kafka;\nKafka::publishOn('orders')->withMessage($m)->send();\nKafka::publish('broker')->onTopic('paid')->send();",
            "3 call message orders (kafka)\n4 call message paid (kafka)",
        );
        check(
            "src/e.php",
            "<?php\nuse Illuminate\\Support\\Facades\\Redis;\nRedis::publish('news', json_encode($m));\n$redis->xAdd('stream', '*', $m);\n$r = new \\Predis\\Client();\n$r->publish('y', $m);\n$post->publish('x');",
            "3 call message news (redis)\n4 call message stream (redis)\n6 call message y (redis)",
        );
        check("src/e.php", "<?php\n$post->publish('x');", "");
        check(
            "src/f.php",
            "<?php\nuse Aws\\Sqs\\SqsClient;\n$sqs->sendMessage(['QueueUrl' => getenv('QUEUE_URL'), 'MessageBody' => $m]);",
            "3 call message env(QUEUE_URL) (sqs)",
        );
        check(
            "src/g.php",
            "<?php\nuse Interop\\Queue\\Context;\n$q = $context->createQueue('mail');\n$context->createProducer()->send($q, $m);",
            "4 call message mail (enqueue)",
        );
    }

    #[test]
    fn messages_over_buses_are_named_by_their_type() {
        check(
            "src/h.php",
            "<?php\nuse Symfony\\Component\\Messenger\\MessageBusInterface;\n$this->bus->dispatch(new OrderPlaced($id));\n$bus->dispatch(new Envelope(new OrderPaid($id), []));\n$this->dispatcher->dispatch(new Local());",
            "3 call message ?a transport that the configuration names name OrderPlaced (symfony-messenger)
             4 call message ?a transport that the configuration names name OrderPaid (symfony-messenger)",
        );
        check(
            "app/i.php",
            "<?php\nuse App\\Jobs\\Bill;\nuse App\\Events\\Paid;\nBill::dispatch($order)->onQueue('billing');\nPaid::dispatch($order);\ndispatch(new Bill($order));\nQueue::pushOn('mail', new SendMail($x));",
            "4 call message billing name Bill (laravel-queue)
             6 call message ?the default queue name Bill (laravel-queue)
             7 call message mail name SendMail (laravel-queue)",
        );
    }
}
