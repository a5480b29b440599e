//! Messages that are sent: with Bunny, Hutch, Sneakers, ruby-kafka, WaterDrop, Redis, SQS, SNS, Pub/Sub, NATS and MQTT, and jobs that are
//! put into queues of others.

use std::ops::Range;

use super::values::{self, arguments};
use crate::extract::Output;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{Binding, CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "ruby-producers",
    marks: &[
        ".publish",
        "deliver_message",
        ".produce",
        "send_message",
        ".xadd",
        "Sidekiq::Client",
        ".bind(",
        ".bind ",
        "enqueue_to",
        "create_channel",
    ],
    read,
};

/// A file sends by one word in no more places than this.
const MOST_CALLS: usize = 500;
/// What makes an exchange or a queue.
const EXCHANGES: [&str; 6] = ["topic", "direct", "fanout", "headers", "exchange", "x_delayed_message"];
const QUEUES: [&str; 3] = ["queue", "quorum_queue", "temporary_queue"];

/// Libraries of brokers that a file names.
#[derive(Clone, Copy)]
pub struct Brokers {
    bunny: bool,
    kafka: bool,
    amazon: bool,
    google: bool,
    others: Option<&'static str>,
}

impl Brokers {
    pub fn of(code: &Code) -> Brokers {
        let says = |words: &[&str]| words.iter().any(|word| code.text.contains(word));
        let others =
            [("redis", ["redis", "Redis", "REDIS"]), ("nats", ["nats", "NATS", "Nats"]), ("mqtt", ["mqtt", "MQTT", "Mqtt"])];
        Brokers {
            bunny: says(&["bunny", "Bunny", "MarchHare", "create_channel", "default_exchange", "AMQP", "amqp"]),
            kafka: says(&["kafka", "Kafka", "WaterDrop", "Phobos"]),
            amazon: says(&["Aws::", "aws-sdk"]),
            google: says(&["Cloud::Pubsub", "Cloud::PubSub", "pubsub"]),
            others: others.iter().find(|(_, words)| says(words)).map(|(name, _)| *name),
        }
    }
}

fn read(code: &Code, output: &mut Output) {
    let brokers = Brokers::of(code);
    let mut sites = Vec::new();
    let words =
        ["publish", "deliver_message", "produce", "produce_async", "produce_sync", "send_message", "xadd", "push", "enqueue_to"];
    for word in words {
        for &at in code.occurrences(word).iter().take(MOST_CALLS) {
            sites.extend(sent(code, at as usize, brokers));
        }
    }
    sites.sort_by_key(|site| site.at.start);
    output.facts.extend(sites.into_iter().map(Fact::Call));
    if brokers.bunny {
        for &at in code.occurrences("bind").iter().take(MOST_CALLS) {
            bind(code, at as usize, output);
        }
    }
}

/// Whether the call whose name is at a token sends a message.
pub fn is_sent(code: &Code, name: usize, brokers: Brokers) -> bool {
    sent(code, name, brokers).is_some()
}

fn site(code: &Code, name: usize, client: &str, target: Value) -> CallSite {
    CallSite {
        at: code.location(name..name + 1),
        kind: CallKind::Message,
        client: client.into(),
        target,
        method: None,
        name: None,
        exchange: None,
        limited: None,
    }
}

fn sent(code: &Code, name: usize, brokers: Brokers) -> Option<CallSite> {
    let dot = name.checked_sub(1).filter(|at| code.is(*at, "."))?;
    let receiver = code.chain_start(name)..dot;
    let arguments = arguments(code, name);
    let named = |key: &str| code.named(&arguments, key).map(|range| values::value(code, range));
    let first = || code.positional(&arguments).next().map(|range| values::value(code, range.clone()));
    let of = code.text_in(receiver.clone());
    match code.text_of(name) {
        "publish" => publish(code, name, receiver.clone(), brokers),
        "deliver_message" if brokers.kafka => Some(site(code, name, "kafka", named("topic")?)),
        "produce" | "produce_async" | "produce_sync" if brokers.kafka => Some(site(code, name, "kafka", named("topic")?)),
        "send_message" if brokers.amazon => Some(site(code, name, "sqs", named("queue_url")?)),
        "xadd" if brokers.others == Some("redis") => Some(site(code, name, "redis", first()?)),
        "push" if of.ends_with("Sidekiq::Client") => {
            let class = named("class").map(|class| match class {
                Value::Symbol(symbol) => literal(symbol.rsplit(['#', '.']).next().unwrap_or(&symbol)),
                other => other,
            });
            let target = named("queue").unwrap_or_else(|| unknown("the default queue"));
            class.as_ref()?;
            Some(CallSite { name: class, ..site(code, name, "sidekiq", target) })
        }
        "enqueue_to" if of.ends_with("Resque") => Some(site(code, name, "resque", first()?)),
        _ => None,
    }
}

/// `publish`, which every broker's library has.
fn publish(code: &Code, name: usize, receiver: Range<usize>, brokers: Brokers) -> Option<CallSite> {
    let arguments = arguments(code, name);
    let named = |key: &str| code.named(&arguments, key).map(|range| values::value(code, range));
    let first = || code.positional(&arguments).next().map(|range| values::value(code, range.clone()));
    let of = code.text_in(receiver.clone());
    if of.trim_start_matches("::") == "Hutch" {
        return Some(site(code, name, "hutch", first()?));
    }
    if of.contains("Sneakers") || named("to_queue").is_some() {
        return Some(site(code, name, "sneakers", named("to_queue")?));
    }
    if let Some(topic) = named("topic_arn").filter(|_| brokers.amazon) {
        return Some(site(code, name, "sns", topic));
    }
    if let Some(topic) = named("topic").filter(|_| brokers.kafka) {
        return Some(site(code, name, "kafka", topic));
    }
    if brokers.bunny {
        let key = named("routing_key").or_else(|| named("key")).map(|key| queue_name(code, &arguments, key));
        let exchange = made(code, receiver.clone(), &EXCHANGES);
        // `queue.publish(body)` sends to the queue itself.
        let queue = if exchange.is_none() { made(code, receiver, &QUEUES) } else { None };
        let target = key.or(queue);
        if target.is_none() && exchange.is_none() {
            return None;
        }
        return Some(CallSite { exchange, ..site(code, name, "amqp", target.unwrap_or_else(|| literal(""))) });
    }
    if brokers.google {
        let topic = made(code, receiver, &["topic", "create_topic", "publisher"])?;
        return Some(site(code, name, "pubsub", topic));
    }
    let client = brokers.others?;
    let lower = of.to_ascii_lowercase();
    let says = lower.contains(client)
        || values::given(code, receiver).is_some_and(|range| code.text_in(range).to_ascii_lowercase().contains(client));
    says.then(|| first().map(|topic| site(code, name, client, topic))).flatten()
}

/// `routing_key: queue.name`
fn queue_name(code: &Code, arguments: &[Range<usize>], key: Value) -> Value {
    let Some(range) = code.named(arguments, "routing_key") else { return key };
    let is_name = range.len() > 2 && code.is(range.end - 1, "name") && code.is(range.end - 2, ".");
    match is_name.then(|| made(code, range.start..range.end - 2, &QUEUES)).flatten() {
        Some(queue) => queue,
        None => key,
    }
}

/// The first argument of a call that makes something, in an expression or in what its name is given.
fn made(code: &Code, range: Range<usize>, makers: &[&str]) -> Option<Value> {
    let maker = |range: Range<usize>| {
        let at = range.take(200).find(|&at| at > 0 && code.is_any(at, makers) && code.is(at - 1, "."))?;
        arguments(code, at).into_iter().next().map(|first| values::value(code, first))
    };
    maker(range.clone()).or_else(|| maker(values::given(code, range)?))
}

/// `queue.bind(exchange, routing_key: 'orders.*')`
fn bind(code: &Code, name: usize, output: &mut Output) {
    if !code.is(name.wrapping_sub(1), ".") {
        return;
    }
    let receiver = code.chain_start(name)..name - 1;
    let arguments = arguments(code, name);
    let Some(first) = code.positional(&arguments).next().cloned() else { return };
    let Some(queue) = made(code, receiver, &QUEUES) else { return };
    let exchange = made(code, first.clone(), &EXCHANGES).unwrap_or_else(|| values::value(code, first));
    let key = code.named(&arguments, "routing_key").map(|key| values::value(code, key));
    output.facts.push(Fact::Binding(Binding { at: code.location(name..name + 1), exchange, queue, key }));
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn messages_of_amqp_are_told() {
        check(
            "lib/a.rb",
            r#"require 'bunny'
            channel = connection.create_channel
            exchange = channel.topic('shop', durable: true)
            queue = channel.queue('billing')
            queue.bind(exchange, routing_key: 'orders.*')
            exchange.publish(body, routing_key: 'orders.placed')
            channel.default_exchange.publish(body, routing_key: queue.name)
            channel.fanout('logs').publish('x')
            events.publish('trap')
            Hutch.publish('shop.paid', id: 1)"#,
            "6 call message orders.placed exchange shop (amqp)
             7 call message billing (amqp)
             8 call message  exchange logs (amqp)
             10 call message shop.paid (hutch)
             5 binds billing to shop by orders.*",
        );
    }

    #[test]
    fn messages_of_other_brokers_are_told() {
        check(
            "lib/b.rb",
            "kafka.deliver_message('x', topic: 'orders')\nproducer.produce(payload, topic: ENV['TOPIC'])\nKarafka.producer.produce_async(topic: 'paid', payload: x)",
            "1 call message orders (kafka)\n2 call message env(TOPIC) (kafka)\n3 call message paid (kafka)",
        );
        check(
            "lib/c.rb",
            "sqs = Aws::SQS::Client.new\nsqs.send_message(queue_url: ENV['QUEUE_URL'], message_body: x)\nsns.publish(topic_arn: 'arn:aws:sns:eu:1:orders', message: x)",
            "2 call message env(QUEUE_URL) (sqs)\n3 call message arn:aws:sns:eu:1:orders (sns)",
        );
        check(
            "lib/d.rb",
            "redis = Redis.new\nredis.publish('news', x)\nother.publish('trap')\nSidekiq::Client.push('class' => 'Bill', 'queue' => 'billing', 'args' => [1])",
            "2 call message news (redis)\n4 call message billing name Bill (sidekiq)",
        );
    }
}
