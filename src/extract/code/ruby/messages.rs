//! Consumers that subscribe by a call: Bunny, ruby-kafka, rdkafka, SQS pollers, Redis, NATS.

use std::ops::Range;

use super::syntax;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind, Value};
use crate::source::Location;

pub const FRAMEWORK: Framework =
    Framework { name: "ruby-messages", marks: &[".subscribe", ".each_message", "QueuePoller", ".psubscribe", ".listen"], read };

/// A file subscribes in no more places than this by one word.
const MOST_CALLS: usize = 500;
/// What makes a queue or topic.
const MAKES: [&str; 7] = ["queue", "temporary_queue", "topic", "subscription", "fanout", "direct", "quorum_queue"];

fn read(code: &Code, output: &mut Output) {
    let says = |words: &[&str]| words.iter().any(|word| code.text.contains(word));
    let bunny = says(&["bunny", "Bunny", "MarchHare", "create_channel"]);
    let kafka = says(&["kafka", "Kafka"]);
    let others = says(&["redis", "Redis", "REDIS", "nats", "NATS", "mqtt", "MQTT", "stomp", "Stomp"]);
    let pubsub = says(&["pubsub", "PubSub", "Pubsub"]);
    for word in ["subscribe", "each_message", "psubscribe", "listen", "new", "subscribe_with"] {
        for &at in code.occurrences(word).iter().take(MOST_CALLS) {
            let name = at as usize;
            if name == 0 || !code.is(name - 1, ".") {
                continue;
            }
            let start = code.chain_start(name);
            let receiver = start..name - 1;
            let call = Call { start, name, open: name + 1 };
            let Some(of) = syntax::statement(code, start).filter(|of| of.name == name) else { continue };
            let at = code.location(start..of.end.min(name + 1));
            match word {
                // `channel.queue('a').subscribe do |…|`, `queue.subscribe(block: true) do`
                "subscribe_with" if bunny => add(output, at, "bunny", made(code, receiver)),
                "subscribe" if bunny && of.block.is_some() && of.positional(code).is_empty() => {
                    add(output, at, "bunny", made(code, receiver));
                }
                "subscribe" if (kafka || others) && !of.positional(code).is_empty() => {
                    let framework = if kafka { "kafka" } else { "ruby-subscriptions" };
                    // A handler is given, or a loop follows.
                    if kafka || of.block.is_some() {
                        for topic in topics(code, &of) {
                            add(output, at, framework, topic);
                        }
                    }
                }
                "psubscribe" if of.block.is_some() => {
                    for topic in topics(code, &of) {
                        add(output, at, "redis", topic);
                    }
                }
                "each_message" => {
                    if let Some(topic) = of.named(code, "topic") {
                        add(output, at, "kafka", syntax::text_value(code, topic));
                    }
                }
                "listen" if pubsub && of.block.is_some() => add(output, at, "pubsub", made(code, receiver)),
                "new" if code.is(code.receiver(call).end.wrapping_sub(1), "QueuePoller") => {
                    if let Some(queue) = of.arguments.first() {
                        add(output, at, "sqs", syntax::text_value(code, queue.clone()));
                    }
                }
                _ => {}
            }
        }
    }
}

fn add(output: &mut Output, at: Location, framework: &str, name: Value) {
    output.facts.push(Fact::Handler(Handler { at, kind: HandlerKind::Consumer, framework: framework.into(), name }));
}

/// `"a", "b"` or `["a", "b"]`.
fn topics(code: &Code, of: &syntax::Statement) -> Vec<Value> {
    let parts = of.positional(code).into_iter();
    parts
        .flat_map(|part| if code.is(part.start, "[") { code.arguments(part.start) } else { vec![part] })
        .filter(|part| !code.is(part.start, "&"))
        .map(|part| syntax::text_value(code, part))
        .collect()
}

/// The name of the queue that an expression makes, or that a variable was given.
fn made(code: &Code, range: Range<usize>) -> Value {
    let unknown = || Value::Unknown("a queue that is named elsewhere".into());
    let maker = |range: Range<usize>| range.rev().find(|&at| code.is_any(at, &MAKES) && !code.begins_line(at));
    let found = maker(range.clone()).or_else(|| {
        let name = code.word(range.end.checked_sub(1)?)?;
        maker(code.assigned(name, range.start)?)
    });
    let Some(name) = found else { return unknown() };
    let Some(of) = syntax::statement(code, code.chain_start(name)) else { return unknown() };
    let arguments = if of.name == name { of.arguments } else { code.arguments(name + 1) };
    arguments.into_iter().next().map_or_else(unknown, |argument| syntax::text_value(code, argument))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn queues_of_bunny_are_named() {
        check(
            "worker.rb",
            "require 'bunny'\nchannel = connection.create_channel\nqueue = channel.queue('orders', durable: true)\nqueue.subscribe(manual_ack: true, block: true) do |info, _, body|\nend\nchannel.queue('mail').subscribe do |x|\nend\nevents.subscribe('x')",
            "4 consumer orders\n6 consumer mail",
        );
    }

    #[test]
    fn topics_of_kafka_are_named() {
        check(
            "consumer.rb",
            "require 'kafka'\nconsumer = kafka.consumer(group_id: 'g')\nconsumer.subscribe('orders')\nconsumer.subscribe(\"a\", \"b\")\nconsumer.each_message do |m|\nend\nkafka.each_message(topic: 'c') do |m|\nend",
            "3 consumer orders\n4 consumer a\n4 consumer b\n7 consumer c",
        );
        check("a.rb", "list.subscribe('trap')\nlist.subscribe('trap') do |x|\nend", "");
        check(
            "b.rb",
            "poller = Aws::SQS::QueuePoller.new(QUEUE_URL)\nredis.subscribe(:chat) do |on|\nend",
            "2 consumer chat\n1 consumer <#QUEUE_URL>",
        );
    }
}
