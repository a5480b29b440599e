//! Consumers of messages, and what runs by the clock.

use std::ops::Range;

use super::{classes, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::unknown;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "messages-js",
    marks: &[
        "kafka",
        "amqp",
        "nats",
        "bull",
        "Bull",
        "mqtt",
        "redis",
        "pubsub",
        "PubSub",
        "sqs",
        "Listener",
        "Consumer",
        "Subscriber",
        "cron",
        "Cron",
        "scheduleJob",
        "agenda",
        "servicebus",
        "service-bus",
        "stan",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let speaks = |words: &[&str]| words.iter().any(|word| code.text.contains(word));
    let mut add = |at: usize, kind: HandlerKind, name: Value| {
        output.facts.push(Fact::Handler(Handler { at: code.at(at), kind, framework: FRAMEWORK.name.into(), name }));
    };
    for call in code.calls() {
        let arguments = code.arguments(call.open);
        let Some(first) = arguments.first().cloned() else { continue };
        let is_method = call.start < call.name;
        let is_new = call.start.checked_sub(1).is_some_and(|before| code.is(before, "new"));
        let option = |key: &str| values::property(code, first.clone(), key);
        match code.text_of(call.name) {
            "subscribe" if is_method && speaks(&["kafka"]) && (option("topic").is_some() || option("topics").is_some()) => {
                let topics = option("topics").map(|list| values::list(code, list)).or(option("topic").map(|topic| vec![topic]));
                topics.into_iter().flatten().for_each(|topic| add(call.name, HandlerKind::Consumer, values::value(code, topic)));
            }
            "consume" if is_method && arguments.len() > 1 && speaks(&["amqp", "rabbit", "Rabbit"]) => {
                add(call.name, HandlerKind::Consumer, queue(code, first));
            }
            "subscribe"
                if is_method && is_name(code, &first) && speaks(&["nats", "stan", "mqtt", "redis"]) && !speaks(&["rxjs"]) =>
            {
                // The topic of an abstract consumer is that of each consumer.
                let is_abstract = code.is(first.start, "this") && code.text.contains("abstract ");
                if !is_abstract {
                    add(call.name, HandlerKind::Consumer, values::value(code, first));
                }
            }
            "Worker" if is_new && arguments.len() > 1 && speaks(&["bullmq"]) => {
                add(call.name, HandlerKind::Consumer, values::value(code, first));
            }
            "process" if is_method && speaks(&["bull", "Bull"]) => add(call.name, HandlerKind::Consumer, queue_of(code, call)),
            "subscription" if is_method && speaks(&["pubsub", "PubSub"]) && code.text.contains(".on(") => {
                add(call.name, HandlerKind::Consumer, values::value(code, first));
            }
            "create" if speaks(&["sqs-consumer"]) && option("queueUrl").is_some() => {
                let queue = option("queueUrl").map_or(unknown("queue"), |range| values::value(code, range));
                add(call.name, HandlerKind::Consumer, queue);
            }
            "createReceiver" | "acceptSession" if speaks(&["service-bus", "servicebus"]) => {
                add(call.name, HandlerKind::Consumer, values::value(code, first));
            }
            "schedule" if is_method && arguments.len() > 1 && speaks(&["node-cron"]) => {
                add(call.name, HandlerKind::Schedule, values::value(code, first));
            }
            "CronJob" if is_new => {
                let when = option("cronTime").unwrap_or(first.clone());
                add(call.name, HandlerKind::Schedule, values::value(code, when));
            }
            "scheduleJob" if arguments.len() > 1 => add(call.name, HandlerKind::Schedule, values::value(code, first)),
            "every" if is_method && speaks(&["agenda", "Agenda"]) => {
                add(call.name, HandlerKind::Schedule, values::value(code, first))
            }
            _ => {}
        }
    }
    // A listener of one's own says by a field what it listens to.
    for class in classes::all(code) {
        let listens = |name: &str| ["Listener", "Consumer", "Subscriber"].iter().any(|word| name.ends_with(word));
        let concrete = !class.item.start.checked_sub(1).is_some_and(|before| code.is(before, "abstract"));
        if !concrete || !class.base.is_some_and(listens) {
            continue;
        }
        let field = ["subject", "topic", "queue", "queueName", "channel", "eventName", "routingKey"]
            .iter()
            .find_map(|name| class.field(code, name));
        if let Some(range) = field {
            add(class.item.name, HandlerKind::Consumer, values::value(code, range));
        }
    }
}

/// True for what may be the name of a subject: a text, a template or a dotted name.
fn is_name(code: &Code, range: &Range<usize>) -> bool {
    code.literal(range.start).is_some() && range.len() == 1
        || code.dotted(range.clone()).is_some() && !code.is_any(range.end, &["=>"])
}

/// `queue` or `q.queue`, where `q` is what a queue was asserted by.
pub fn queue(code: &Code, range: Range<usize>) -> Value {
    let asserted = code
        .calls()
        .filter(|call| code.is(call.name, "assertQueue"))
        .filter_map(|call| code.arguments(call.open).into_iter().next());
    let mut asserted = asserted.filter(|range| !code.literal(range.start).is_some_and(|text| text.is_empty()));
    let direct = values::value(code, range.clone());
    match direct {
        Value::Literal(_) => direct,
        other => match (asserted.next(), asserted.next()) {
            (Some(only), None) => values::value(code, only),
            _ => other,
        },
    }
}

/// The queue that a call processes: `new Queue('name')` where its receiver is made.
fn queue_of(code: &Code, call: Call) -> Value {
    let receiver = code.receiver_name(call).unwrap_or_default();
    let made = code.assigned(receiver.rsplit('.').next().unwrap_or(""), call.name);
    let open = made.and_then(|range| range.clone().find(|&at| code.is(at, "(")));
    let name = open.and_then(|open| code.arguments(open).into_iter().next());
    name.map_or(unknown(&receiver), |name| values::value(code, name))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn consumers_are_named_by_what_they_consume() {
        check(
            "a.ts",
            "import { Kafka } from 'kafkajs';\nawait consumer.subscribe({ topic: 'orders', fromBeginning: true });",
            "2 consumer orders",
        );
        check(
            "b.js",
            "const amqp = require('amqplib');\nconst q = await ch.assertQueue('mails');\nch.consume(q.queue, m => {});",
            "3 consumer mails",
        );
        check("c.ts", "import { Worker } from 'bullmq';\nnew Worker('video', async job => {});", "2 consumer video");
        check("d.js", "const Queue = require('bull');\nconst q = new Queue('pay');\nq.process(job => {});", "3 consumer pay");
        check(
            "e.ts",
            "import { Listener, Subjects } from '@acme/common';\nexport class TicketCreatedListener extends Listener<E> {\n  subject: Subjects.T = Subjects.T;\n  queueGroupName = q;\n}",
            "2 consumer <@acme/common#Subjects.T>",
        );
    }

    #[test]
    fn what_runs_by_the_clock_is_a_schedule() {
        check("f.js", "const cron = require('node-cron');\ncron.schedule('*/5 * * * *', () => {});", "2 schedule */5 * * * *");
        check("g.ts", "import { CronJob } from 'cron';\nnew CronJob('0 0 * * *', run);", "2 schedule 0 0 * * *");
    }

    #[test]
    fn streams_and_stores_are_no_consumers() {
        check("h.ts", "import { of } from 'rxjs';\nimport redis from 'redis';\nthis.orders$.subscribe(value => {});", "");
        check("i.ts", "store.subscribe(() => {}); // redis", "");
    }
}
