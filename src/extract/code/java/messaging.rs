//! Listeners of Micronaut and of MicroProfile Reactive Messaging, and clients of Kafka and RabbitMQ that subscribe by calls.

use super::types::types;
use super::{handlers, values};
use crate::extract::Output;
use crate::extract::code::{Code, Framework};
use crate::facts::{HandlerKind, Value};

pub const MICRONAUT: Framework = Framework {
    name: "micronaut-messaging",
    marks: &[
        "io.micronaut.configuration.kafka",
        "io.micronaut.rabbitmq",
        "io.micronaut.configuration.rabbitmq",
        "io.micronaut.jms",
        "io.micronaut.nats",
        "io.micronaut.gcp.pubsub",
        "io.micronaut.pulsar",
    ],
    read: micronaut,
};
pub const MICROPROFILE: Framework =
    Framework { name: "microprofile-messaging", marks: &["org.eclipse.microprofile.reactive.messaging"], read: microprofile };
pub const CLIENTS: Framework = Framework {
    name: "message-clients",
    marks: &["KafkaConsumer", "StreamsBuilder", "com.rabbitmq.client", "KafkaReceiver", "io.vertx.kafka", "reactor.rabbitmq"],
    read: clients,
};

fn micronaut(code: &Code, output: &mut Output) {
    const LISTENERS: [&str; 7] = [
        "KafkaListener",
        "RabbitListener",
        "JMSListener",
        "NatsListener",
        "PubSubListener",
        "PulsarConsumer",
        "PulsarSubscription",
    ];
    for of in types(code) {
        // Clients name the topics to which they send by the same annotations.
        if of.annotation(&LISTENERS).is_none() {
            continue;
        }
        let own = of.annotations.iter().filter(|annotation| annotation.name == "Topic");
        let members = of.members.iter().flat_map(|member| &member.annotations);
        for annotation in own.chain(members) {
            let names = match annotation.name {
                "Topic" => annotation.values(code, &["value", "patterns"]),
                "Queue" | "Subject" | "Subscription" => annotation.values(code, &["value", "queue"]),
                "PulsarConsumer" => annotation.values(code, &["topic", "topics", "value"]),
                _ => continue,
            };
            for name in names {
                handlers::add(output, MICRONAUT.name, HandlerKind::Consumer, code.at(annotation.at), name);
            }
        }
    }
}

/// A channel is bound to a topic by settings, and has its name where nothing is set. What the file itself sends to a channel comes back by
/// memory, not by a broker.
fn microprofile(code: &Code, output: &mut Output) {
    let all = types(code);
    let annotated = |name: &'static str| {
        let all = all.iter().flat_map(|of| &of.members).flat_map(|member| &member.annotations);
        all.filter(move |annotation| annotation.name == name)
    };
    let sent: Vec<Value> = annotated("Outgoing").filter_map(|annotation| annotation.value(code, &["value"])).collect();
    for annotation in annotated("Incoming") {
        let Some(channel) = annotation.value(code, &["value"]).filter(|channel| !sent.contains(channel)) else { continue };
        let name = match &channel {
            Value::Literal(text) => {
                Value::Property { key: format!("mp.messaging.incoming.{text}.topic").into(), default: Some(Box::new(channel)) }
            }
            _ => channel,
        };
        handlers::add(output, MICROPROFILE.name, HandlerKind::Consumer, code.at(annotation.at), name);
    }
}

fn clients(code: &Code, output: &mut Output) {
    let uses = |name: &str| code.text.contains(name);
    let kafka = uses("KafkaConsumer");
    let streams = uses("StreamsBuilder");
    let rabbit = uses("com.rabbitmq.client") || uses("reactor.rabbitmq");
    for call in code.calls() {
        let arguments = code.arguments(call.open);
        let Some(first) = arguments.first().cloned() else { continue };
        let names = match code.text_of(call.name) {
            "subscribe" | "subscription" if kafka || uses("KafkaReceiver") => topics(code, first),
            // The builder of a topology reads what it names; what else is called so has another receiver.
            "stream" | "table" | "globalTable" if streams && is_builder(code, code.receiver(call).start) => {
                values::list(code, first)
            }
            "basicConsume" if rabbit => vec![values::value(code, first)],
            "consumeManualAck" | "consumeAutoAck" if rabbit => vec![values::value(code, first)],
            _ => continue,
        };
        for name in names {
            handlers::add(output, CLIENTS.name, HandlerKind::Consumer, code.at(call.name), name);
        }
    }
}

fn is_builder(code: &Code, at: usize) -> bool {
    code.word(at).is_some_and(|word| word.to_ascii_lowercase().ends_with("builder"))
}

/// Topics of a subscription; one that is handed over as a list has a name that can't be told here.
fn topics(code: &Code, range: std::ops::Range<usize>) -> Vec<Value> {
    // A block or a function is a subscriber of a stream of another kind.
    if code.is(range.start, "{") || range.clone().any(|at| code.is_any(at, &["->", "::"])) {
        return Vec::new();
    }
    values::list(code, range)
}
