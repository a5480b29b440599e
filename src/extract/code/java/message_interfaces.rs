//! Channels and interfaces through which messages leave, told by annotations: Micronaut, MicroProfile, Spring Cloud Stream, answers of
//! listeners, events that Spring Modulith hands on.

use std::ops::Range;

use super::known::mentions;
use super::producers::{BARE, bound};
use super::types::types;
use super::{names, sites, values};
use crate::extract::Output;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "message-interface",
    marks: &[
        "configuration.kafka.annotation",
        "rabbitmq.annotation",
        "io.micronaut.nats",
        "io.micronaut.jms",
        "gcp.pubsub.annotation",
        "reactive.messaging",
        "@Output(",
        "@SendTo(",
        "modulith.events.Externalized",
    ],
    read: interfaces,
};

fn interfaces(code: &Code, output: &mut Output) {
    for of in types(code) {
        let is_client =
            of.annotation(&["KafkaClient", "RabbitClient", "NatsClient", "JMSProducer", "PubSubClient", "PulsarProducerClient"]);
        let is_listener = of.annotations.iter().any(|annotation| annotation.name.ends_with("Listener"));
        if let Some(externalized) = of.annotation(&["Externalized"]) {
            let target = externalized.value(code, &["value", "target"]).unwrap_or_else(|| unknown("no target is written"));
            // A routing key stands behind two colons.
            let target = match target {
                Value::Literal(text) => literal(text.split("::").next().unwrap_or(&text)),
                other => other,
            };
            let at = code.location(externalized.at..externalized.end);
            sites::named(output, FRAMEWORK.name, CallKind::Message, at, target, Some(literal(of.name)));
        }
        let exchange = is_client.filter(|client| client.name == "RabbitClient").and_then(|client| client.value(code, &["value"]));
        for member in &of.members {
            let first = code.parameters(member.item).into_iter().last();
            let sent = first.and_then(|range| parameter_type(code, range));
            for annotation in &member.annotations {
                let at = code.location(annotation.at..annotation.end);
                let value = || annotation.value(code, &["value", "queue", "topic", "topics"]);
                match annotation.name {
                    "Topic" | "Binding" | "Subject" | "Queue" if is_client.is_some() => {
                        output.facts.push(Fact::Call(CallSite {
                            at,
                            kind: CallKind::Message,
                            client: FRAMEWORK.name.into(),
                            target: value().unwrap_or_else(|| unknown("no name is written")),
                            method: None,
                            name: sent.clone(),
                            exchange: exchange.clone(),
                            limited: None,
                        }));
                    }
                    "Output" if mentions(code, "cloud.stream") => {
                        let binding = value().unwrap_or_else(|| literal(member.name));
                        sites::named(output, FRAMEWORK.name, CallKind::Message, at, bound(binding), None);
                    }
                    "SendTo" if member.annotations.iter().any(|other| other.name.ends_with("Listener")) || is_listener => {
                        let target = value().unwrap_or_else(|| unknown("no name is written"));
                        let stream = member.annotation(&["StreamListener"]).is_some();
                        let target = if stream { bound(target) } else { target };
                        sites::named(output, FRAMEWORK.name, CallKind::Message, at, target, None);
                    }
                    "Outgoing" => {
                        let target = value().map_or_else(|| unknown("no channel is written"), outgoing);
                        // What the file itself takes from the channel stays in memory.
                        if !taken_here(code, annotation.value(code, &["value"])) {
                            sites::named(output, FRAMEWORK.name, CallKind::Message, at, target, None);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    emitters(code, output);
}

/// The type of what a method is given.
fn parameter_type(code: &Code, range: Range<usize>) -> Option<Value> {
    let of = names::parameter_type(code, range)?;
    (!BARE.contains(&of)).then(|| literal(of))
}

/// The topic that settings give to a channel of MicroProfile; its own name where they give none.
fn outgoing(channel: Value) -> Value {
    match &channel {
        Value::Literal(name) => Value::Property {
            key: format!("mp.messaging.outgoing.{name}.topic").into(),
            default: Some(Box::new(channel.clone())),
        },
        _ => channel,
    }
}

fn taken_here(code: &Code, channel: Option<Value>) -> bool {
    let taken = code.occurrences("Incoming").iter().map(|&at| at as usize).filter(|&at| code.is(at + 1, "("));
    channel.is_some_and(|channel| {
        taken.take(32).any(|at| code.arguments(at + 1).first().is_some_and(|range| values::value(code, range.clone()) == channel))
    })
}

/// `@Channel("orders") Emitter<Order> emitter`: each `emitter.send(…)`, or the channel itself where none is seen.
fn emitters(code: &Code, output: &mut Output) {
    if !mentions(code, "Emitter") {
        return;
    }
    for &at in code.occurrences("Channel").iter().take(64) {
        let at = at as usize;
        if at == 0 || !code.is(at - 1, "@") || !code.is(at + 1, "(") {
            continue;
        }
        let end = code.after(at + 1);
        let emitter = (end..end + 16).find(|&at| code.word(at).is_some_and(|word| word.ends_with("Emitter")));
        let Some(emitter) = emitter else { continue };
        let Some(channel) = code.arguments(at + 1).into_iter().next().map(|range| values::value(code, range)) else { continue };
        // `Emitter<Order> name` of Java, `name: Emitter<Order>` of Kotlin.
        let sent = code
            .is(emitter + 1, "<")
            .then(|| (emitter + 2..emitter + 40).take_while(|&at| !code.is(at, ">")).filter_map(|at| code.word(at)).last())
            .flatten();
        let name = match code.language.name() {
            "Kotlin" => code.word(emitter.saturating_sub(2)),
            _ => {
                (emitter + 1..emitter + 20).find(|&at| code.is_any(at, &[";", ",", ")", "="])).and_then(|end| code.word(end - 1))
            }
        };
        let sends = name.map_or(&[][..], |name| code.occurrences(name)).iter().map(|&at| at as usize);
        let sends = sends.filter(|&at| {
            code.is_any(at + 1, &[".", "?.", "::"]) && code.word(at + 2).is_some_and(|word| word.starts_with("send"))
        });
        let places: Vec<usize> = sends.take(64).collect();
        let target = outgoing(channel);
        let name = sent.filter(|sent| !BARE.contains(sent)).map(literal);
        let places = if places.is_empty() { vec![at] } else { places };
        for place in places {
            sites::named(output, FRAMEWORK.name, CallKind::Message, code.at(place), target.clone(), name.clone());
        }
    }
}
