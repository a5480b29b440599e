//! Consumers of queues and topics: Broadway, AMQP, Kafka, NATS, MQTT, SQS, Redis.

use std::ops::Range;

use super::syntax;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::unknown;
use crate::extract::code::{Code, Framework};
use crate::facts::HandlerKind;

pub const FRAMEWORK: Framework = Framework {
    name: "elixir-messages",
    marks: &[
        "Broadway",
        "AMQP",
        "KafkaEx",
        ":brod",
        ":kaffe",
        "GenRMQ.Consumer",
        "Rabbit.Consumer",
        "Tackle.Consumer",
        "Gnat",
        "Tortoise",
        "ExAws.SQS",
        "Redix.PubSub",
    ],
    read,
};

/// Calls that begin to consume: module, function, which argument names the queue or topics, the library.
const CALLS: [(&str, &str, usize, &str); 16] = [
    ("AMQP.Basic", "consume", 1, "amqp"),
    ("Basic", "consume", 1, "amqp"),
    ("AMQP.Queue", "subscribe", 1, "amqp"),
    ("KafkaEx.ConsumerGroup", "start_link", 2, "kafka_ex"),
    ("brod", "start_link_group_subscriber", 2, "brod"),
    ("brod", "start_link_topic_subscriber", 1, "brod"),
    ("brod", "subscribe", 2, "brod"),
    ("brod_group_subscriber", "start_link", 2, "brod"),
    ("brod_topic_subscriber", "start_link", 1, "brod"),
    ("Gnat", "sub", 2, "gnat"),
    ("ExAws.SQS", "receive_message", 0, "sqs"),
    ("SQS", "receive_message", 0, "sqs"),
    ("Redix.PubSub", "subscribe", 1, "redix"),
    ("Redix.PubSub", "psubscribe", 1, "redix"),
    ("brod", "start_link_group_subscriber_v2", 0, "brod"),
    ("brod_group_subscriber_v2", "start_link", 0, "brod"),
];

/// Options that name what a producer of Broadway reads.
const SOURCES: [&str; 8] = ["queue", "queue_url", "topics", "topic", "subscription", "stream", "stream_name", "queue_name"];

/// Modules that make a consumer of the one that uses them, and the option that names what it consumes.
const USED: [(&str, &str, &str); 3] = [
    ("GenRMQ.Consumer", "queue", "gen_rmq"),
    ("Rabbit.Consumer", "queue", "rabbit"),
    ("Tackle.Consumer", "routing_key", "tackle"),
];

fn read(code: &Code, output: &mut Output) {
    producers(code, output);
    for call in code.calls() {
        called(code, call, output);
    }
    groups(code, output);
    options(code, output);
    for module in syntax::modules(code) {
        for (name, option, library) in USED {
            let Some(used) = syntax::uses(code, &module, |used, _| used == name) else { continue };
            let topics = keyed(code, module.body.clone(), option);
            add(code, output, library, used.name..used.end, topics);
        }
    }
}

/// The value of an option that is first told in some tokens.
fn keyed(code: &Code, range: Range<usize>, option: &str) -> Option<Range<usize>> {
    let found = code.occurrences_in(range, option).iter().map(|&at| at as usize).find(|&at| is_key(code, at))?;
    Some(keyed_value(code, found))
}

/// `name: value`
fn is_key(code: &Code, at: usize) -> bool {
    code.is(at + 1, ":") && !at.checked_sub(1).is_some_and(|before| code.is(before, ":"))
}

fn keyed_value(code: &Code, key: usize) -> Range<usize> {
    let mut end = key + 2;
    while end < code.len() {
        let ends = code.is_any(end, &[",", ")", "]", "}", "end"]) || code.begins_line(end) && end > key + 2;
        if ends {
            break;
        }
        end = code.after(end);
    }
    key + 2..end
}

/// Enters a consumer for each of the names, or one of a name that is not known.
fn add(code: &Code, output: &mut Output, library: &str, at: Range<usize>, names: Option<Range<usize>>) {
    let at = code.location(at);
    let Some(names) = names.map(|names| syntax::resolved(code, names)) else {
        return syntax::add_handler(output, library, HandlerKind::Consumer, at, unknown("no topic is told"));
    };
    let is_list = code.is(names.start, "[") && code.after(names.start) == names.end;
    let parts = if is_list { code.split(code.inside(names.start), ",") } else { vec![names] };
    for part in parts {
        // `{"topic", options}`, `%{topic: "topic"}`.
        let open = part.start + usize::from(code.is(part.start, "%"));
        let name = match code.is(open, "{") {
            true => {
                let inner = code.split(code.inside(open), ",");
                let named = ["topics", "topic"].iter().find_map(|key| code.named(&inner, key));
                named.or_else(|| inner.into_iter().next().filter(|_| open == part.start)).unwrap_or(part)
            }
            false => part,
        };
        let listed = code.literal_list(name.clone());
        if code.is(name.start, "[") && !listed.is_empty() {
            for topic in listed {
                syntax::add_handler(output, library, HandlerKind::Consumer, at, crate::facts::Value::Literal(topic.value));
            }
        } else {
            syntax::add_handler(output, library, HandlerKind::Consumer, at, syntax::value(code, name));
        }
    }
}

/// `{BroadwayRabbitMQ.Producer, queue: "orders"}`
fn producers(code: &Code, output: &mut Output) {
    for &last in code.occurrences("Producer") {
        let last = last as usize;
        let start = code.chain_start(last);
        let Some(name) = code.dotted(start..last + 1).map(|name| code.symbol(&name)) else { continue };
        let name = name.trim_start_matches('#');
        let opens = start.checked_sub(1).filter(|&open| code.is(open, "{"));
        let is_producer = name.starts_with("Broadway") || name.starts_with("OffBroadway");
        let Some(open) = opens.filter(|_| is_producer && code.is(last + 1, ",") && !name.contains("Dummy")) else { continue };
        let mut told = code.split(code.inside(open), ",").split_off(1);
        if let [only] = &told[..] {
            let list = syntax::resolved(code, only.clone());
            if code.is(list.start, "[") {
                told = code.split(code.inside(list.start), ",");
            }
        }
        let source = SOURCES.iter().find_map(|source| code.named(&told, source));
        add(code, output, "broadway", open..code.after(open), source);
    }
}

fn called(code: &Code, call: Call, output: &mut Output) {
    let member = code.text_of(call.name);
    if !CALLS.iter().any(|(_, name, ..)| *name == member) {
        return;
    }
    let Some(receiver) = code.receiver_name(call).filter(|name| !name.is_empty()) else { return };
    let receiver = code.symbol(&receiver);
    let receiver = receiver.trim_start_matches('#');
    let Some((_, _, index, library)) = CALLS.iter().find(|(of, name, ..)| *of == receiver && *name == member) else { return };
    // `connection |> consume("queue")` is given its first argument.
    let before = call.start.checked_sub(1 + usize::from(receiver.starts_with("brod")));
    let piped = usize::from(before.is_some_and(|before| code.is(before, "|>")));
    let arguments = code.arguments(call.open);
    let names = index.checked_sub(piped).and_then(|index| arguments.get(index).cloned());
    add(code, output, library, call.start..code.after(call.open), names);
}

/// What a supervisor starts: `{KafkaEx.ConsumerGroup, [Handler, "group", ["topic"]]}`, `{:brod_group_subscriber_v2, :start_link, [config]}`.
fn groups(code: &Code, output: &mut Output) {
    for &at in code.occurrences("ConsumerGroup") {
        let at = at as usize;
        let name = code.dotted(code.chain_start(at)..at + 1).map(|name| code.symbol(&name));
        if name.is_some_and(|name| &*name == "#KafkaEx.ConsumerGroup") && code.is(at + 1, ",") {
            let told = if code.is(at + 2, "[") { code.arguments(at + 2) } else { Vec::new() };
            add(code, output, "kafka_ex", at - 2..code.after(at + 2), told.get(2).cloned());
        }
    }
    for name in ["brod_group_subscriber_v2", "brod_group_subscriber"] {
        for &at in code.occurrences(name) {
            let at = at as usize;
            if code.reads(at + 1, &[",", ":", "start_link"]) {
                add(code, output, "brod", at..at + 1, keyed(code, 0..code.len(), "topics"));
            }
        }
    }
}

/// What is subscribed to by options: `config :kaffe, consumer: [topics: ["a"]]`, `subscription_topics: [%{topic: "b"}]` of NATS,
/// `subscriptions: [{"c", 0}]` of MQTT.
fn options(code: &Code, output: &mut Output) {
    let has = |word: &str| !code.occurrences(word).is_empty();
    if !code.path.ends_with("/dev.exs") && !code.path.ends_with("/test.exs") && has("kaffe") {
        for &at in code.occurrences("consumer") {
            let at = at as usize;
            if is_key(code, at) && code.is(at + 2, "[") {
                let topics = code.named(&code.arguments(at + 2), "topics");
                add(code, output, "kaffe", at..code.after(at + 2), topics);
            }
        }
    }
    let nats = has("Gnat").then_some(("subscription_topics", "gnat"));
    let mqtt = (has("Tortoise") || has("Tortoise311")).then_some(("subscriptions", "tortoise"));
    for (key, library) in nats.into_iter().chain(mqtt) {
        for &at in code.occurrences(key) {
            let at = at as usize;
            if is_key(code, at) {
                add(code, output, library, at..at + 2, Some(keyed_value(code, at)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn broadway_reads_what_its_producer_is_told() {
        check(
            "lib/shop/pipeline.ex",
            r#"defmodule Shop.Pipeline do
  use Broadway
  alias Broadway.Message
  @topic "paid"
  def start_link(_opts) do
    Broadway.start_link(__MODULE__,
      name: __MODULE__,
      producer: [
        module: {BroadwayRabbitMQ.Producer, queue: "orders", qos: [prefetch_count: 50]},
        concurrency: 1
      ],
      processors: [default: [concurrency: 10]]
    )
    Broadway.start_link(Other, producer: [
      module: {BroadwayKafka.Producer, [hosts: [localhost: 9092], group_id: "g", topics: ["a", @topic]]}
    ])
    module = {BroadwaySQS.Producer, queue_url: System.fetch_env!("QUEUE")}
    {BroadwayCloudPubSub.Producer, options}
  end
  def handle_message(_, %Message{} = message, _), do: Producer.send("x", queue: "none")
end"#,
            "9 consumer orders
             15 consumer a
             15 consumer paid
             17 consumer env(QUEUE)
             18 consumer ?no topic is told",
        );
    }

    #[test]
    fn clients_begin_to_consume() {
        check(
            "lib/shop/consumer.ex",
            r#"defmodule Shop.Consumer do
  use GenServer
  use AMQP
  @queue "gen_server_test_queue"
  def init(_opts) do
    {:ok, _tag} = Basic.consume(chan, @queue)
    AMQP.Basic.publish(chan, "", "out", "x")
    :brod.start_link_group_subscriber(:client, "group", ["topic"], [], [], __MODULE__, [])
    {:ok, sub} = Gnat.sub(gnat, self(), "pawnee.*")
    Redix.PubSub.subscribe(pubsub, "news", self())
    Enum.sub(a, b, "c")
    "q" |> ExAws.SQS.receive_message() |> ExAws.request()
    Phoenix.PubSub.subscribe(Shop.PubSub, "user:1")
  end
end"#,
            "6 consumer gen_server_test_queue
             8 consumer topic
             9 consumer pawnee.*
             10 consumer news
             12 consumer ?no topic is told
             7 call message out (amqp)",
        );
        check(
            "lib/shop/application.ex",
            r#"defmodule Shop.Application do
  def start(_type, _args) do
    children = [
      {KafkaEx.ConsumerGroup, [Shop.Handler, "group", ["created", "paid"], [commit_interval: 5_000]]},
      {Gnat.ConsumerSupervisor, %{connection_name: :gnat, module: Shop.Server, subscription_topics: [%{topic: "rpc.a", queue_group: "g"}, %{topic: "rpc.b"}]}},
      {Tortoise.Connection, [client_id: C, subscriptions: [{"rooms/+/temp", 0}]]}
    ]
  end
end"#,
            "4 consumer created
             4 consumer paid
             5 consumer rpc.a
             5 consumer rpc.b
             6 consumer rooms/+/temp",
        );
        check(
            "config/config.exs",
            "import Config\nconfig :kaffe,\n  producer: [topics: [\"out\"]],\n  consumer: [\n    topics: [\"in\", \"more\"],\n    message_handler: Shop.Handler\n  ]",
            "4 consumer in\n4 consumer more",
        );
        check(
            "lib/shop/gen.ex",
            "defmodule Shop.Gen do\n  @behaviour GenRMQ.Consumer\n  use GenRMQ.Consumer\n  def init do\n    [queue: \"gen_rmq_in_queue\", exchange: \"e\"]\n  end\nend",
            "3 consumer gen_rmq_in_queue",
        );
    }
}
