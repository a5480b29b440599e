//! Listeners of Spring: Kafka, RabbitMQ, JMS, SQS, Pulsar and Spring Cloud Stream.

use super::types::{Annotation, types};
use super::{handlers, producers, sites, values};
use crate::extract::Output;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, HandlerKind, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "spring-messaging",
    marks: &[
        "org.springframework.kafka",
        "org.springframework.amqp",
        "org.springframework.jms",
        "org.springframework.pulsar",
        "org.apache.rocketmq.spring",
        "org.springframework.cloud.stream",
        "awspring.cloud",
        "org.springframework.cloud.aws.messaging",
        "javax.ejb.MessageDriven",
        "jakarta.ejb.MessageDriven",
        "java.util.function.Consumer",
        "org.apache.kafka.streams.kstream",
    ],
    read,
};

/// Annotations with the attributes that name topics and queues.
const LISTENERS: [(&str, &[&str]); 10] = [
    ("RocketMQMessageListener", &["topic"]),
    ("KafkaListener", &["topics", "topicPattern"]),
    ("RabbitListener", &["queues"]),
    ("JmsListener", &["destination"]),
    ("SqsListener", &["value", "queueNames"]),
    ("PulsarListener", &["topics", "value", "topicPattern"]),
    ("ReactivePulsarListener", &["topics", "value", "topicPattern"]),
    ("StreamListener", &["value", "target"]),
    ("ServiceBusListener", &["destination", "value"]),
    ("EventHubsListener", &["destination", "value"]),
];

fn read(code: &Code, output: &mut Output) {
    if ["io.micronaut", "org.eclipse.microprofile"].iter().any(|other| code.text.contains(other)) {
        return;
    }
    for of in types(code) {
        let members = of.members.iter().flat_map(|member| &member.annotations);
        for annotation in of.annotations.iter().chain(members) {
            if let Some((_, attributes)) = LISTENERS.iter().find(|(name, _)| *name == annotation.name) {
                listener(code, annotation, attributes, output);
            }
            // Of a message-driven bean the destination is a property of the container.
            if annotation.name == "MessageDriven" {
                let at = code.at(annotation.at);
                handlers::add(output, "ejb", HandlerKind::Consumer, at, message_driven(code, annotation));
            }
        }
        for member in of.members.iter().filter(|member| member.annotation(&["Bean"]).is_some()) {
            if let Some(input) = function_bean(code, member.item.name, member.item.parameters) {
                let key = format!("spring.cloud.stream.bindings.{}-in-0.destination", member.name);
                let name = Value::Property { key: key.into(), default: Some(Box::new(input(member.name))) };
                handlers::add(output, FRAMEWORK.name, HandlerKind::Consumer, code.at(member.item.name), name);
            }
            if sends(code, member.item.name, member.item.parameters) {
                let target = producers::bound(literal(format!("{}-out-0", member.name)));
                sites::named(output, FRAMEWORK.name, CallKind::Message, code.at(member.item.name), target, None);
            }
        }
    }
    for call in code.calls() {
        // Listeners that are put together by hand.
        if matches!(code.text_of(call.name), "setQueueNames" | "setQueues" | "addQueueNames")
            && code.text.contains("MessageListenerContainer")
        {
            for argument in code.arguments(call.open) {
                handlers::add(output, FRAMEWORK.name, HandlerKind::Consumer, code.at(call.name), values::value(code, argument));
            }
        }
    }
}

fn listener(code: &Code, annotation: &Annotation, attributes: &[&str], output: &mut Output) {
    let mut names = annotation.values(code, attributes);
    if annotation.name == "StreamListener" {
        names = names.into_iter().map(producers::bound).collect();
    }
    if names.is_empty() {
        // `bindings = @QueueBinding(value = @Queue("a"), exchange = @Exchange("b"))`, `topicPartitions = @TopicPartition(topic = "a")`.
        for (inner, attributes) in
            [("Queue", ["value", "name"]), ("TopicPartition", ["topic", "topic"]), ("Exchange", ["value", "name"])]
        {
            let found = (annotation.at + 1..annotation.end).filter(|&at| code.is(at, inner) && code.is(at + 1, "("));
            names.extend(found.filter_map(|at| Annotation::read(code, at).value(code, &attributes)));
            if !names.is_empty() {
                break;
            }
        }
    }
    if names.is_empty() {
        names.push(unknown("no name is written"));
    }
    for name in names {
        let at = code.location(annotation.at..annotation.end);
        handlers::add(output, FRAMEWORK.name, HandlerKind::Consumer, at, name);
    }
}

fn message_driven(code: &Code, annotation: &Annotation) -> Value {
    let properties =
        (annotation.at..annotation.end).filter(|&at| code.is(at, "ActivationConfigProperty") && code.is(at + 1, "("));
    let destination = properties.map(|at| Annotation::read(code, at)).find(|property| {
        let name = property.attribute(code, "propertyName").and_then(|range| code.literal(range.start));
        name.is_some_and(|name| matches!(&*name, "destination" | "destinationLookup"))
    });
    let value = destination.and_then(|property| property.value(code, &["propertyValue"]));
    value.or_else(|| annotation.value(code, &["mappedName"])).unwrap_or_else(|| unknown("no destination is written"))
}

/// A bean of Spring Cloud Stream whose results are messages: a function or supplier of messages and streams.
fn sends(code: &Code, name: usize, parameters: Option<usize>) -> bool {
    let written = written(code, name, parameters);
    let has = |word: &str| written.contains(&word);
    let is_stream = ["Message", "KStream", "Flux"].iter().any(|word| has(word));
    is_stream && (has("Function") || has("BiFunction") || has("Supplier")) && !has("Consumer")
}

/// A bean that Spring Cloud Stream binds: a consumer, or a function of messages and streams. What its input is called by default.
fn function_bean(code: &Code, name: usize, parameters: Option<usize>) -> Option<fn(&str) -> Value> {
    let written = written(code, name, parameters);
    let has = |word: &str| written.contains(&word);
    let is_stream = ["Message", "KStream", "KTable", "Flux"].iter().any(|word| has(word));
    let is_setting = written.iter().any(|word| {
        ["Customizer", "Builder", "Options", "Config", "Configurer", "Properties"].iter().any(|end| word.ends_with(end))
    });
    let is_input = has("Consumer") || has("BiConsumer") || has("Function") && is_stream;
    (is_input && !is_setting).then_some(|name| Value::Literal(format!("{name}-in-0").into()))
}

/// The words of the type that a bean is declared of.
fn written<'t>(code: &Code<'t>, name: usize, parameters: Option<usize>) -> Vec<&'t str> {
    match code.language.name() {
        "Kotlin" => parameters
            .map_or(0..0, |open| code.after(open)..code.after(open) + 40)
            .map_while(|at| Some(code.text_of(at)).filter(|text| !matches!(*text, "=" | "{")))
            .collect(),
        _ => (name.saturating_sub(40)..name)
            .rev()
            .map_while(|at| {
                (!matches!(code.kind(at), Some(TokenKind::Close)) && !code.is_any(at, &[";", "@", "{"])).then(|| code.text_of(at))
            })
            .collect(),
    }
}
