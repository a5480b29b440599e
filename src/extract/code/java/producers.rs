//! Messages that are sent through clients of brokers: what a template of Spring, a producer of Kafka or a channel of RabbitMQ is handed.

use std::ops::Range;

use super::chains::Chain;
use super::known::{mentions, type_of};
use super::{names, sites, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};

pub const TEMPLATES: Framework = Framework {
    name: "message-template",
    marks: &[
        "KafkaTemplate",
        "KafkaOperations",
        "RabbitTemplate",
        "AmqpTemplate",
        "JmsTemplate",
        "JmsMessagingTemplate",
        "StreamBridge",
        "RocketMQTemplate",
        "PulsarTemplate",
        "PubSubTemplate",
        "PubSubPublisherTemplate",
        "SqsTemplate",
        "SqsAsyncTemplate",
        "SnsTemplate",
        "QueueMessagingTemplate",
        "NotificationMessagingTemplate",
        "RedisTemplate",
        "ServiceBusTemplate",
        "EventHubsTemplate",
        "KafkaProducerTemplate",
        "RabbitOperations",
    ],
    read: templates,
};
pub const CLIENTS: Framework = Framework {
    name: "message-producer",
    marks: &[
        "ProducerRecord",
        "SenderRecord",
        "com.rabbitmq.client",
        "io.nats.client",
        "services.sqs",
        "services.sns",
        "amazonaws.services.s",
        "pulsar.client.api",
        "paho.client",
        "hivemq",
        "cloud.pubsub",
        "azure.messaging",
        "rocketmq.client",
        "redis.clients.jedis",
        "javax.jms",
        "jakarta.jms",
        "io.dapr.client",
        "KStream",
    ],
    read: clients,
};

/// Types of payloads that tell nothing of what is sent.
pub const BARE: [&str; 22] = [
    "String",
    "Object",
    "Map",
    "HashMap",
    "JsonNode",
    "ObjectNode",
    "JsonObject",
    "Message",
    "GenericMessage",
    "Any",
    "ByteArray",
    "Long",
    "Integer",
    "Boolean",
    "List",
    "Optional",
    "MessageBuilder",
    "ObjectMapper",
    "UUID",
    "Gson",
    "Json",
    "JSON",
];

/// A message with its exchange and type.
pub fn message(
    output: &mut Output,
    client: &str,
    call: (&Code, Call),
    target: Value,
    exchange: Option<Value>,
    name: Option<Value>,
) {
    let (code, call) = call;
    output.facts.push(Fact::Call(CallSite {
        at: code.location(call.start..call.open),
        kind: CallKind::Message,
        client: client.into(),
        target,
        method: None,
        name,
        exchange: exchange.filter(|exchange| *exchange != literal("")),
        limited: None,
    }));
}

/// The type of what is sent: of `new OrderCreated(…)`, of a variable, of what a message is built around.
pub fn payload(code: &Code, range: Range<usize>) -> Option<Value> {
    const LONGEST_PAYLOAD: usize = 60;
    let is_type = |word: &&str| word.starts_with(|first: char| first.is_uppercase()) && !BARE.contains(word) && word.len() > 2;
    let told = |word: &str| Some(literal(word)).filter(|_| is_type(&word));
    let mut tokens = range.start..range.end.min(range.start + LONGEST_PAYLOAD);
    if range.len() == 1 {
        let word = code.word(range.start)?;
        let declared = names::type_at(code, word, range.start).filter(|of| is_type(&&**of));
        return declared.and_then(|of| told(&of)).or_else(|| {
            let assigned = names::assigned(code, word, range.start)?;
            (2..LONGEST_PAYLOAD).contains(&assigned.len()).then(|| payload_made(code, assigned))?
        });
    }
    // `withPayload(event)`, `writeValueAsString(event)`, `toJson(event)`.
    let inner = tokens.find(|&at| {
        code.is_any(
            at,
            &[
                "withPayload",
                "writeValueAsString",
                "writeValueAsBytes",
                "toJson",
                "toJSONString",
                "encodeToString",
                "singletonList",
                "listOf",
                "of",
            ],
        ) && code.is(at + 1, "(")
    });
    if let Some(inner) = inner {
        let argument = code.arguments(inner + 1).into_iter().next()?;
        return if argument.len() < range.len() { payload(code, argument) } else { None };
    }
    payload_made(code, range)
}

/// `new Type(…)`, `Type(…)` of Kotlin, `Type.builder()…`.
fn payload_made(code: &Code, range: Range<usize>) -> Option<Value> {
    let from = range.start + usize::from(code.is(range.start, "new"));
    let mut last = from;
    while code.is(last + 1, ".") && code.word(last + 2).is_some_and(|word| word.starts_with(|first: char| first.is_uppercase())) {
        last += 2;
    }
    let word = code.word(last)?;
    let made = code.is_any(last + 1, &["(", "<", "<>"])
        || code.is(last + 1, ".") && code.is_any(last + 2, &["builder", "newBuilder", "of", "from", "create"]);
    let is_type = word.starts_with(|first: char| first.is_uppercase()) && !BARE.contains(&word);
    (made && is_type).then(|| literal(word))
}

fn templates(code: &Code, output: &mut Output) {
    for call in code.calls() {
        let name = code.text_of(call.name);
        if !(name.starts_with("send")
            || name.starts_with("convert")
            || name.starts_with("publish")
            || name.starts_with("syncSend")
            || name.starts_with("asyncSend"))
        {
            continue;
        }
        let of = code.receiver(call);
        let Some(word) = sites::receiver_word(code, &of) else { continue };
        let written = type_of(code, word).unwrap_or_else(|| word.to_owned());
        let is = |ends: &[&str]| {
            let small = written.to_ascii_lowercase();
            ends.iter().any(|end| small.ends_with(end))
        };
        let arguments = code.arguments(call.open);
        let text = |index: usize| arguments.get(index).map(|range| values::reached(code, range.clone()));
        let body = |index: usize| arguments.get(index).and_then(|range| payload(code, range.clone()));
        let last = arguments.len().saturating_sub(1);
        let here = (code, call);
        if is(&["kafkatemplate", "kafkaoperations", "kafkaproducertemplate", "replyingkafkatemplate"]) {
            match name {
                "send" | "sendAndReceive" if arguments.len() >= 2 => {
                    if let Some(topic) = text(0) {
                        message(output, TEMPLATES.name, here, topic, None, body(last));
                    }
                }
                "sendDefault" => {
                    let topic = given_anywhere(code, "setDefaultTopic");
                    message(
                        output,
                        TEMPLATES.name,
                        here,
                        topic.unwrap_or_else(|| unknown("the default topic")),
                        None,
                        body(last),
                    );
                }
                // A record or a message names its topic where it is made.
                "send" if arguments.len() == 1 && !mentions(code, "ProducerRecord") => {
                    let header = topic_header(code, arguments[0].clone());
                    message(output, TEMPLATES.name, here, header.unwrap_or_else(|| unknown("a message")), None, body(0));
                }
                _ => {}
            }
        } else if is(&["rabbittemplate", "amqptemplate", "rabbitoperations", "rabbitmessagingtemplate"]) {
            rabbit(code, call, &arguments, output);
        } else if is(&["jmstemplate", "jmsmessagingtemplate", "jmsoperations"]) && arguments.len() >= 2 {
            if let Some(destination) = text(0) {
                message(output, TEMPLATES.name, here, destination, None, body(1));
            }
        } else if is(&["streambridge"]) {
            if let Some(binding) = text(0) {
                message(output, TEMPLATES.name, here, bound(binding), None, body(1));
            }
        } else if is(&[
            "rocketmqtemplate",
            "pulsartemplate",
            "pubsubtemplate",
            "pubsubpublishertemplate",
            "sqstemplate",
            "snstemplate",
            "queuemessagingtemplate",
            "notificationmessagingtemplate",
            "servicebustemplate",
            "eventhubstemplate",
            "sqsasynctemplate",
        ]) && arguments.len() >= 2
        {
            if let Some(target) = text(0) {
                // A tag of RocketMQ stands behind the topic.
                let target = match target {
                    Value::Literal(text) if is(&["rocketmqtemplate"]) => literal(text.split(':').next().unwrap_or(&text)),
                    other => other,
                };
                message(output, TEMPLATES.name, here, target, None, body(1));
            }
        } else if is(&["redistemplate"])
            && name == "convertAndSend"
            && arguments.len() == 2
            && let Some(channel) = text(0)
        {
            message(output, TEMPLATES.name, here, channel, None, body(1));
        }
    }
}

/// What a method that sets a template up is given, wherever the file calls it.
fn given_anywhere(code: &Code, name: &str) -> Option<Value> {
    let at = *code.occurrences(name).iter().take(8).find(|&&at| code.is(at as usize + 1, "("))? as usize;
    code.arguments(at + 1).into_iter().next().map(|argument| values::reached(code, argument))
}

/// `MessageBuilder…setHeader(KafkaHeaders.TOPIC, topic)`, there or where the message is assigned.
fn topic_header(code: &Code, range: Range<usize>) -> Option<Value> {
    let find = |range: Range<usize>| {
        let at = range.clone().find(|&at| code.is(at, "TOPIC") && code.is(at.wrapping_sub(2), "KafkaHeaders"))?;
        let topic = at + 2..code.partner(at.wrapping_sub(4)).min(range.end);
        (code.is(at + 1, ",") && !topic.is_empty()).then(|| values::reached(code, topic))
    };
    let word = code.word(range.start).filter(|_| range.len() == 1);
    find(range.clone()).or_else(|| find(names::assigned(code, word?, range.start)?))
}

/// `convertAndSend(exchange, key, message)`, `convertAndSend(key, message)`; what processes the message may stand last.
fn rabbit(code: &Code, call: Call, arguments: &[Range<usize>], output: &mut Output) {
    let is_processor = |range: &Range<usize>| {
        let text = code.text_in(range.clone()).to_ascii_lowercase();
        range.clone().any(|at| code.is_any(at, &["->", "::"]))
            || code.is(range.start, "{")
            || text.contains("processor")
            || text.contains("correlation")
    };
    let plain: Vec<Range<usize>> = arguments
        .iter()
        .enumerate()
        .filter(|(index, range)| *index == 0 || !is_processor(range))
        .map(|(_, range)| range.clone())
        .collect();
    let text = |index: usize| plain.get(index).map(|range| values::reached(code, range.clone()));
    let set = |name: &str| given_anywhere(code, name);
    let (exchange, key, body) = match plain.len() {
        0 => return,
        1 => (set("setExchange"), set("setRoutingKey"), 0),
        2 => (set("setExchange"), text(0), 1),
        _ => (text(0), text(1), 2),
    };
    let name = plain.get(body).and_then(|range| payload(code, range.clone()));
    let key = key.unwrap_or_else(|| literal(""));
    if code.text_of(call.name).contains("Receive") {
        let at = code.location(call.start..call.open);
        let name = name.or(Some(key.clone()));
        let kind = CallKind::Pattern;
        output.facts.push(Fact::Call(CallSite {
            at,
            kind,
            client: TEMPLATES.name.into(),
            target: key,
            method: None,
            name,
            exchange,
            limited: None,
        }));
        return;
    }
    message(output, TEMPLATES.name, (code, call), key, exchange, name);
}

/// The destination that settings give to a binding of Spring Cloud Stream; its own name where they give none.
pub fn bound(binding: Value) -> Value {
    match &binding {
        Value::Literal(name) => Value::Property {
            key: format!("spring.cloud.stream.bindings.{name}.destination").into(),
            default: Some(Box::new(binding.clone())),
        },
        _ => binding,
    }
}

fn clients(code: &Code, output: &mut Output) {
    let uses = |package: &'static str| mentions(code, package);
    let jms = uses("javax.jms") || uses("jakarta.jms");
    for call in code.calls() {
        let name = code.text_of(call.name);
        let arguments = || code.arguments(call.open);
        let text = |index: usize| arguments().get(index).map(|range| values::reached(code, range.clone()));
        let body = |index: usize| arguments().get(index).and_then(|range| payload(code, range.clone()));
        let receiver = || code.text_in(code.receiver(call)).to_ascii_lowercase();
        let is_made = code.is(call.start.wrapping_sub(1), "new") || code.language.name() == "Kotlin" && call.start == call.name;
        let here = (code, call);
        match name {
            "ProducerRecord" if is_made => {
                let count = arguments().len();
                if let Some(topic) = text(0).filter(|_| count >= 2) {
                    message(output, CLIENTS.name, here, topic, None, body(count - 1).or_else(|| body(count.min(3) - 1)));
                }
            }
            "create" if receiver() == "senderrecord" => {
                // A record that is handed over names its topic itself.
                if let Some(topic) = text(0).filter(|_| arguments().len() > 2) {
                    message(output, CLIENTS.name, here, topic, None, None);
                }
            }
            "basicPublish" => {
                if let (Some(exchange), Some(key)) = (text(0), text(1)) {
                    message(output, CLIENTS.name, here, key, Some(exchange), None);
                }
            }
            "publish" if uses("io.nats.client") || uses("paho.client") || uses("redis.clients.jedis") => {
                if let Some(subject) = text(0).filter(|subject| !matches!(subject, Value::Unknown(_))) {
                    message(output, CLIENTS.name, here, subject, None, body(1));
                }
            }
            "publishEvent" if uses("io.dapr.client") && receiver().ends_with("client") => {
                if let Some(topic) = text(1) {
                    message(output, CLIENTS.name, here, topic, None, body(2));
                }
            }
            "queueUrl" | "topicArn" | "withTopicArn" | "withQueueUrl" => {
                let Some(chain) = Chain::of(code, call) else { continue };
                let sends = chain.links.iter().any(|link| {
                    matches!(code.text_of(link.name), "SendMessageRequest" | "PublishRequest" | "SendMessageBatchRequest")
                });
                if let Some(target) = text(0).filter(|_| sends) {
                    message(output, CLIENTS.name, here, target, None, None);
                }
            }
            "SendMessageRequest" | "PublishRequest" if is_made && arguments().len() >= 2 => {
                if let Some(target) = text(0) {
                    message(output, CLIENTS.name, here, target, None, None);
                }
            }
            "sendMessage" if uses("services.sqs") && arguments().len() == 2 => {
                if let Some(target) = text(0) {
                    message(output, CLIENTS.name, here, target, None, None);
                }
            }
            "publish" if uses("services.sns") && arguments().len() >= 2 => {
                if let Some(target) = text(0) {
                    message(output, CLIENTS.name, here, target, None, None);
                }
            }
            "topic" if uses("pulsar.client.api") => {
                let chain = Chain::of(code, call);
                let is_producer = chain.is_some_and(|chain| chain.link(code, &["newProducer"]).is_some());
                if let Some(topic) = text(0).filter(|_| is_producer) {
                    message(output, CLIENTS.name, here, topic, None, None);
                }
            }
            "newBuilder" if uses("cloud.pubsub") && receiver() == "publisher" => {
                if let Some(topic) = text(0) {
                    message(output, CLIENTS.name, here, topic, None, None);
                }
            }
            "queueName" | "topicName" | "eventHubName" if uses("azure.messaging") => {
                let chain = Chain::of(code, call);
                let sends = chain.is_some_and(|chain| {
                    chain.link(code, &["sender", "buildProducerClient", "buildAsyncProducerClient"]).is_some()
                });
                if let Some(target) = text(0).filter(|_| sends) {
                    message(output, CLIENTS.name, here, target, None, None);
                }
            }
            "Message" if is_made && uses("rocketmq") && arguments().len() >= 2 => {
                if let Some(topic) = text(0) {
                    message(output, CLIENTS.name, here, topic, None, None);
                }
            }
            "createProducer" if jms && !arguments().is_empty() => {
                if let Some(target) = text(0) {
                    message(output, CLIENTS.name, here, target, None, None);
                }
            }
            // What a topology writes is a topic.
            "to" if uses("kafka.streams") && !receiver().is_empty() => {
                let is_topic = arguments()
                    .first()
                    .is_some_and(|range| matches!(code.kind(range.start), Some(TokenKind::Literal | TokenKind::Word)));
                let target = text(0).filter(|target| is_topic && !matches!(target, Value::Unknown(_)));
                if let Some(target) = target {
                    message(output, CLIENTS.name, here, target, None, None);
                }
            }
            _ => {}
        }
    }
}
