//! Messages that C++ sends and takes: librdkafka, cppkafka, AMQP-CPP, rabbitmq-c, SimpleAmqpClient, paho, redis-plus-plus.

use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Binding, CallKind, CallSite, Fact, Handler, HandlerKind, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "cpp-producers",
    marks: &[
        "rdkafka",
        "RdKafka",
        "cppkafka",
        "AMQP::",
        "amqpcpp",
        "amqp_basic_publish",
        "AmqpClient",
        "mqtt::",
        "redis++",
        "sw::redis",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    for call in code.calls() {
        output.facts.extend(called(code, call));
    }
}

fn called(code: &Code, call: Call) -> Option<Fact> {
    let name = code.text_of(call.name);
    let has = |word: &str| code.text.contains(word);
    let arguments = code.arguments(call.open);
    let value = |index: usize| arguments.get(index).map(|range| values::value(code, range.clone()));
    let at = call.start..call.open;
    let message = |client: &str, target: Value, exchange: Option<Value>| {
        Some(Fact::Call(CallSite {
            at: code.location(at.clone()),
            kind: CallKind::Message,
            client: client.into(),
            target,
            method: None,
            name: None,
            exchange: exchange.filter(|exchange| *exchange != literal("")),
            limited: None,
        }))
    };
    let consumer = |library: &str, name: Value| {
        let (at, kind) = (code.location(at.clone()), HandlerKind::Consumer);
        Some(Fact::Handler(Handler { at, kind, framework: library.into(), name }))
    };
    let binding = |exchange: Value, queue: Value, key: Option<Value>| {
        Some(Fact::Binding(Binding {
            at: code.location(at.clone()),
            exchange,
            queue,
            key: key.filter(|key| *key != literal("")),
        }))
    };
    let amqp = has("AMQP::") || has("amqpcpp");
    let member = call.name > 0 && code.is_any(call.name.wrapping_sub(1), &[".", "->"]);
    match (name, arguments.len()) {
        ("rd_kafka_topic_new", 2..) => message("rdkafka", value(1)?, None),
        ("RD_KAFKA_V_TOPIC", 1) => message("rdkafka", value(0)?, None),
        ("produce", 4..) if has("RdKafka") && member => message("rdkafka", value(0)?, None),
        ("MessageBuilder", 1) if has("cppkafka") => message("cppkafka", value(0)?, None),
        ("publish", 3..) if amqp && member => message("amqp-cpp", value(1)?, value(0)),
        ("bindQueue", 2..) if amqp => binding(value(0)?, value(1)?, value(2)),
        ("consume", 1..) if amqp && member => consumer("amqp-cpp", value(0)?),
        ("amqp_basic_publish", 4..) => message("rabbitmq-c", text(value(3)?), value(2).map(text)),
        ("amqp_queue_bind", 5..) => binding(text(value(3)?), text(value(2)?), value(4).map(text)),
        ("amqp_basic_consume", 3..) => consumer("rabbitmq-c", text(value(2)?)),
        ("BasicPublish", 3..) => message("simple-amqp", value(1)?, value(0)),
        ("BindQueue", 2..) if has("AmqpClient") => binding(value(1)?, value(0)?, value(2)),
        ("BasicConsume", 1..) if has("AmqpClient") => consumer("simple-amqp", value(0)?),
        ("make_message", 2..) if has("mqtt::") => message("paho", value(0)?, None),
        ("publish", 2..) if has("mqtt::") && member => message("paho", value(0)?, None),
        ("publish", 2) if has("redis++") && member => message("redis", value(0)?, None),
        ("xadd", 3..) if has("redis++") && member => message("redis", value(0)?, None),
        ("subscribe", 1..) if (has("cppkafka") || has("RdKafka") || has("mqtt::") || has("redis++")) && member => {
            let first = arguments.first()?;
            match code.kind(first.start).filter(|_| code.is(first.start, "{")) {
                Some(_) => {
                    let inner = code.arguments(first.start).into_iter().next()?;
                    consumer("cpp-producers", values::value(code, inner))
                }
                None => consumer("cpp-producers", value(0)?),
            }
        }
        _ => None,
    }
}

/// `amqp_cstring_bytes("orders")`
fn text(value: Value) -> Value {
    match &value {
        Value::Unknown(why) => match why.strip_prefix("amqp_cstring_bytes(\"").and_then(|rest| rest.strip_suffix("\")")) {
            Some(text) => literal(text),
            None => value,
        },
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn messages_are_sent_and_taken() {
        check(
            "a.cpp",
            r#"
#include <amqpcpp.h>
const std::string kExchange = "shop";
void f(AMQP::Channel& channel) {
  channel.bindQueue(kExchange, "mails", "order.*");
  channel.publish(kExchange, "order.created", body);
  channel.consume("mails").onReceived(handle);
  list.push("order.created", body);
}
            "#,
            "5 binds mails to shop by order.*\n6 call message order.created exchange shop (amqp-cpp)\n7 consumer mails",
        );
        check(
            "b.cpp",
            r#"
#include <librdkafka/rdkafkacpp.h>
void f() {
  std::string topic = getenv("ORDERS_TOPIC");
  producer->produce(topic, RdKafka::Topic::PARTITION_UA, RdKafka::Producer::RK_MSG_COPY, data, size, nullptr, 0, 0, nullptr);
  consumer->subscribe({"mails"});
}
            "#,
            "5 call message env(ORDERS_TOPIC) (rdkafka)\n6 consumer mails",
        );
        check(
            "c.c",
            "void f() { amqp_basic_publish(c, 1, amqp_cstring_bytes(\"shop\"), amqp_cstring_bytes(\"a.b\"), 0, 0, p, b); }",
            "",
        );
        check(
            "c.cpp",
            "void f() { amqp_basic_publish(c, 1, amqp_cstring_bytes(\"shop\"), amqp_cstring_bytes(\"a.b\"), 0, 0, p, b); }",
            "1 call message a.b exchange shop (rabbitmq-c)",
        );
    }
}
