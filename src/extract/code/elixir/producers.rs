//! Messages that Elixir sends, and queues that it binds: AMQP, GenRMQ, Tackle, brod, Kaffe, KafkaEx, NATS, MQTT, Redis, SQS and SNS.
//!
//! What Phoenix.PubSub and Oban carry stays in the application.

use std::ops::Range;

use super::{syntax, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{Binding, CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "elixir-producers",
    marks: &[
        "AMQP",
        ":brod.",
        "Kaffe.Producer",
        "KafkaEx.produce",
        "Gnat.",
        "Redix.",
        "ExAws.S",
        "Tortoise",
        "GenRMQ",
        "Tackle.publish",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    for call in code.calls() {
        output.facts.extend(called(code, call));
    }
}

fn called(code: &Code, call: Call) -> Option<Fact> {
    let receiver = code.receiver_name(call).filter(|name| !name.is_empty())?;
    let symbol = code.symbol(&receiver);
    let module = symbol.trim_start_matches('#');
    let arguments = code.arguments(call.open);
    let is_atom = syntax::is_atom_mark(code, call.start);
    // `connection |> publish(…)` is given its first argument.
    let before = (call.start - usize::from(is_atom)).checked_sub(1);
    let piped = usize::from(before.is_some_and(|before| code.is(before, "|>")));
    let range = |index: usize| index.checked_sub(piped).and_then(|index| arguments.get(index).cloned());
    let value = |index: usize| range(index).map(|range| values::value(code, range));
    let count = arguments.len() + piped;
    let option = |name: &str| code.named(&arguments, name).map(|range| values::value(code, range));
    let message = |client: &str, target: Value, exchange: Option<Value>, payload: Option<Range<usize>>| {
        let name = payload.and_then(|range| sent(code, range));
        let exchange = exchange.filter(|exchange| *exchange != literal(""));
        Some(Fact::Call(site(code, call, client, CallKind::Message, target, exchange, name)))
    };
    match (module, code.text_of(call.name)) {
        ("AMQP.Basic" | "Basic", "publish") if count >= 4 => message("amqp", value(2)?, value(1), range(3)),
        ("AMQP.Queue" | "Queue", "bind") if count >= 3 && code.text.contains("AMQP") => Some(Fact::Binding(Binding {
            at: code.location(call.start..call.open),
            exchange: value(2)?,
            queue: value(1)?,
            key: option("routing_key"),
        })),
        ("GenRMQ.Publisher", "publish") => {
            let exchange = code.occurrences("exchange").iter().map(|&at| at as usize).find(|&at| code.is(at + 1, ":"));
            let exchange = exchange.and_then(|at| Some(Value::Literal(code.literal_text(at + 2..at + 3)?.value)));
            message("gen_rmq", value(2).unwrap_or_else(|| literal("")), exchange, range(1))
        }
        ("Tackle", "publish") => message("tackle", option("routing_key")?, option("exchange"), None),
        ("brod", "produce" | "produce_sync" | "produce_no_ack" | "produce_cb" | "produce_sync_offset")
            if is_atom && count >= 4 =>
        {
            message("brod", value(1)?, None, arguments.last().cloned())
        }
        ("Kaffe.Producer", "produce_sync" | "produce") => match count {
            // `produce_sync(key, value)` sends to the first topic of the settings.
            2 if !range(1).is_some_and(|range| code.is(range.start, "[")) => {
                message("kaffe", unknown("a topic of the settings"), None, range(1))
            }
            _ => message("kaffe", value(0)?, None, arguments.last().cloned()),
        },
        ("KafkaEx", "produce") => {
            let request = range(0)?;
            let topic = request.clone().find(|&at| code.is(at, "topic") && code.is(at + 1, ":"));
            let topic = match topic {
                Some(at) => values::value(code, at + 2..end_of_option(code, at + 2)),
                None => values::value(code, request),
            };
            message("kafka_ex", topic, None, None)
        }
        ("Gnat", "pub") => message("gnat", value(1)?, None, range(2)),
        ("Gnat", "request") => {
            let subject = value(1)?;
            let mut site = site(code, call, "gnat", CallKind::Pattern, subject.clone(), None, Some(subject));
            // A request waits for one minute unless it says otherwise.
            site.limited = Some(true);
            Some(Fact::Call(site))
        }
        ("Tortoise" | "Tortoise311", "publish" | "publish_sync") => message("tortoise", value(1)?, None, range(2)),
        ("Redix", "command" | "command!" | "noreply_command" | "noreply_command!") => {
            let list = range(1).filter(|range| code.is(range.start, "["))?;
            let parts = code.arguments(list.start);
            let command = parts.first().and_then(|range| code.literal(range.start))?.to_ascii_uppercase();
            let topic = values::value(code, parts.get(1)?.clone());
            matches!(command.as_str(), "PUBLISH" | "XADD").then(|| message("redix", topic, None, None))?
        }
        ("ExAws.SQS" | "SQS", "send_message" | "send_message_batch") if count >= 2 => message("sqs", value(0)?, None, range(1)),
        ("ExAws.SNS" | "SNS", "publish") => message("sns", option("topic_arn").or_else(|| option("target_arn"))?, None, range(0)),
        _ => None,
    }
}

fn site(
    code: &Code,
    call: Call,
    client: &str,
    kind: CallKind,
    target: Value,
    exchange: Option<Value>,
    name: Option<Value>,
) -> CallSite {
    let at = code.location(call.start..call.open);
    CallSite { at, kind, client: client.into(), target, method: None, name, exchange, limited: None }
}

fn end_of_option(code: &Code, from: usize) -> usize {
    let mut end = from;
    while end < code.len() && !code.is_any(end, &[",", "}", ")", "]"]) {
        end = code.after(end);
    }
    end
}

/// The struct that is sent: `Jason.encode!(%OrderCreated{id: id})`.
fn sent(code: &Code, payload: Range<usize>) -> Option<Value> {
    let made = payload.take(40).find(|&at| {
        code.is(at, "%") && code.word(at + 1).is_some_and(|word| word.starts_with(|first: char| first.is_ascii_uppercase()))
    })?;
    let mut last = made + 1;
    while code.is(last + 1, ".") && code.word(last + 2).is_some() {
        last += 2;
    }
    Some(literal(code.text_of(last)))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn messages_are_sent() {
        check(
            "lib/shop/events.ex",
            r#"
defmodule Shop.Events do
  @exchange "shop"
  def send(order) do
    AMQP.Queue.bind(channel, "mails", @exchange, routing_key: "order.*")
    AMQP.Basic.publish(channel, @exchange, "order.created", Jason.encode!(%Shop.OrderCreated{id: 1}))
    AMQP.Basic.publish(channel, "", "tasks", "x")
    :brod.produce_sync(:client, "orders", 0, "key", "x")
    Kaffe.Producer.produce_sync("orders", [{"k", "v"}])
    Gnat.pub(:gnat, "orders.created", "x")
    {:ok, answer} = Gnat.request(:gnat, "stock.find", "x")
    Redix.command(:redix, ["PUBLISH", "news", "x"])
    Redix.command(:redix, ["SET", "key", "x"])
    ExAws.SQS.send_message(System.get_env("QUEUE_URL"), "x") |> ExAws.request()
    ExAws.SNS.publish("x", topic_arn: "arn:aws:sns:a:1:orders")
    Phoenix.PubSub.broadcast(Shop.PubSub, "orders", order)
  end
end
            "#,
            "5 binds mails to shop by order.*
            6 call message order.created name OrderCreated exchange shop (amqp)
            7 call message tasks (amqp)
            8 call message orders (brod)
            9 call message orders (kaffe)
            10 call message orders.created (gnat)
            11 call pattern stock.find name stock.find limited (gnat)
            12 call message news (redix)
            14 call message env(QUEUE_URL) (sqs)
            15 call message arn:aws:sns:a:1:orders (sns)",
        );
    }
}
