//! Messages that a Go program sends, and what queues get of exchanges: Kafka, AMQP, NATS, Redis, SQS, SNS, Google Pub/Sub, Azure Service
//! Bus, watermill, jobs, MQTT, NSQ, Dapr, and events over a bus of the house.

use std::ops::Range;

use super::super::calls::Call;
use super::super::value::{concat, literal, unknown};
use super::messages::Queues;
use super::reach::{Reach, site};
use crate::facts::{Binding, CallKind, CallSite, Fact, Handler, HandlerKind, Value};

/// A method that sends: the client, a part of the path of an import, the name, the least arguments and where the topic stands, both behind a
/// context.
const SENDING: &[(&str, &str, &str, usize, usize)] = &[
    ("nats", "nats-io/", "Publish", 2, 0),
    ("nats", "nats-io/", "PublishAsync", 2, 0),
    ("nats", "nats-io/", "PublishRequest", 3, 0),
    ("redis", "go-redis", "Publish", 2, 0),
    ("redis", "redis/", "Publish", 2, 0),
    ("watermill", "ThreeDotsLabs/watermill", "Publish", 2, 0),
    ("watermill", "ThreeDotsLabs/watermill", "AddHandler", 6, 3),
    ("asynq", "hibiken/asynq", "NewTask", 1, 0),
    ("work", "gocraft/work", "Enqueue", 2, 0),
    ("work", "gocraft/work", "EnqueueUnique", 2, 0),
    ("work", "gocraft/work", "EnqueueIn", 3, 0),
    ("mqtt", "paho.mqtt.golang", "Publish", 4, 0),
    ("nsq", "nsqio/go-nsq", "Publish", 2, 0),
    ("nsq", "nsqio/go-nsq", "PublishAsync", 3, 0),
    ("nsq", "nsqio/go-nsq", "MultiPublish", 2, 0),
    ("nsq", "nsqio/go-nsq", "DeferredPublish", 3, 0),
    ("azure-service-bus", "azservicebus", "NewSender", 2, 0),
    ("event-hubs", "azeventhubs", "NewProducerClientFromConnectionString", 2, 1),
    ("event-hubs", "azeventhubs", "NewProducerClient", 3, 1),
    ("rocketmq", "rocketmq-client-go", "NewMessage", 2, 0),
    ("pubsub", "gocloud.dev/pubsub", "OpenTopic", 1, 0),
    ("go-micro", "micro", "NewEvent", 2, 0),
    ("go-micro", "micro", "NewPublisher", 2, 0),
    ("go-micro", "micro/broker", "Publish", 2, 0),
    ("stomp", "go-stomp/stomp", "Send", 3, 0),
    ("dapr", "dapr/go-sdk", "PublishEvent", 3, 1),
    ("dapr", "dapr/go-sdk", "PublishEventfromCustomContent", 3, 1),
    ("dapr", "dapr/go-sdk", "PublishEvents", 3, 1),
];

/// Values of types that are sent: the client, a part of the path of the package, the type, the field that names the topic, and a word that
/// stands in every file which sends them.
const SENT: &[(&str, &str, &str, &str, &str)] = &[
    ("kafka", "segmentio/kafka-go", "Message", "Topic", "WriteMessages"),
    ("kafka", "segmentio/kafka-go", "Writer", "Topic", "Writer"),
    ("kafka", "segmentio/kafka-go", "WriterConfig", "Topic", "WriterConfig"),
    ("kafka", "sarama", "ProducerMessage", "Topic", "ProducerMessage"),
    ("kafka", "confluent-kafka-go", "TopicPartition", "Topic", "Produce"),
    ("kafka", "twmb/franz-go", "Record", "Topic", "Record"),
    ("nats", "nats-io/", "Msg", "Subject", "PublishMsg"),
    ("pulsar", "pulsar-client-go", "ProducerOptions", "Topic", "ProducerOptions"),
    ("rocketmq", "rocketmq-client-go", "Message", "Topic", "Message"),
    ("redis", "redis", "XAddArgs", "Stream", "XAddArgs"),
    ("sqs", "service/sqs", "SendMessageInput", "QueueUrl", "SendMessageInput"),
    ("sqs", "service/sqs", "SendMessageBatchInput", "QueueUrl", "SendMessageBatchInput"),
    ("sns", "service/sns", "PublishInput", "TopicArn", "PublishInput"),
    ("sns", "service/sns", "PublishBatchInput", "TopicArn", "PublishBatchInput"),
    ("eventbridge", "service/eventbridge", "PutEventsRequestEntry", "EventBusName", "PutEventsRequestEntry"),
    ("kinesis", "service/kinesis", "PutRecordInput", "StreamName", "PutRecordInput"),
    ("machinery", "RichardKnop/machinery", "Signature", "Name", "Signature"),
];

/// Names of methods by which a house sends its events, and words of what has them.
const SENDS: [&str; 6] = ["Publish", "Emit", "Dispatch", "SendEvent", "SendMessage", "Produce"];
const BUSES: [&str; 9] = ["bus", "publisher", "producer", "emitter", "broker", "rabbit", "kafka", "messag", "outbox"];

/// What a call sends or binds.
pub fn read(reach: &Reach, call: Call) -> Vec<Fact> {
    let code = reach.code;
    let name = code.text_of(call.name);
    if call.start == call.name {
        return Vec::new();
    }
    let all = code.arguments(call.open);
    let skipped = usize::from(all.first().is_some_and(|first| reach.is_context(first.clone())));
    let arguments = &all[skipped.min(all.len())..];
    if let Some(fact) = amqp(reach, call, name, arguments) {
        return vec![fact];
    }
    let found = dapr(reach, call, name, arguments)
        .or_else(|| pattern(reach, call, name, arguments))
        .or_else(|| topic_of_pubsub(reach, call, name, arguments))
        .or_else(|| {
            let known = SENDING
                .iter()
                .find(|(_, path, called, least, _)| *called == name && arguments.len() >= *least && reach.imports(path));
            let (client, .., index) = known?;
            Some(site(code, call, CallKind::Message, client, reach.address(arguments.get(*index)?.clone())))
        })
        .or_else(|| command_of_redis(reach, call, name, &all))
        .or_else(|| event(reach, call, name, arguments));
    if let Some(handler) = consumer(reach, call).filter(|_| found.is_none()) {
        return vec![Fact::Handler(handler)];
    }
    found.map(Fact::Call).into_iter().collect()
}

/// `channel.PublishWithContext(ctx, exchange, key, …)`, `channel.QueueBind(queue, key, exchange, …)`.
fn amqp(reach: &Reach, call: Call, name: &str, arguments: &[Range<usize>]) -> Option<Fact> {
    if !reach.imports("amqp") && !reach.imports("rabbitmq") {
        return None;
    }
    let code = reach.code;
    match name {
        "Publish" | "PublishWithContext" | "PublishWithDeferredConfirm" | "PublishWithDeferredConfirmWithContext"
            if arguments.len() == 5 =>
        {
            let target = queue(reach, arguments[1].clone());
            let mut found = site(code, call, CallKind::Message, "amqp", target);
            found.exchange = Some(reach.address(arguments[0].clone())).filter(|exchange| *exchange != literal(""));
            let message = arguments[4].clone();
            let open = message.clone().find(|&at| code.is(at, "{"));
            let of = open.and_then(|open| reach.field_of(open, "Type")).map(|of| reach.address(of));
            found.name = of.filter(|of| !matches!(of, Value::Unknown(_)));
            Some(Fact::Call(found))
        }
        // `publisher.Publish(data, []string{"key"}, …WithPublishOptionsExchange("exchange"))`.
        "Publish" | "PublishWithContext" if arguments.len() >= 2 && code.is(arguments[1].start, "[") => {
            let mut found = site(code, call, CallKind::Message, "amqp", reach.address(reach.first_of(arguments[1].clone())));
            let exchange = code.occurrences_in(code.inside(call.open), "WithPublishOptionsExchange").first();
            found.exchange = exchange.map(|&at| reach.address(code.inside(at as usize + 1)));
            Some(Fact::Call(found))
        }
        "QueueBind" if arguments.len() >= 3 => {
            let at = code.location(call.start..code.after(call.open));
            let key = reach.address(arguments[1].clone());
            let key = Some(key).filter(|key| *key != literal("") && *key != literal("#"));
            let exchange = reach.address(arguments[2].clone());
            Some(Fact::Binding(Binding { at, exchange, queue: queue(reach, arguments[0].clone()), key }))
        }
        _ => None,
    }
}

/// The name of a queue, of a variable that declared it perhaps.
fn queue(reach: &Reach, range: Range<usize>) -> Value {
    let value = reach.address(range);
    let is_declared = matches!(&value, Value::Symbol(symbol) if symbol.ends_with(".Name"));
    match is_declared {
        true => Queues::new(reach.code).named(reach.code, reach.values, value),
        false => value,
    }
}

/// `client.InvokeMethod(ctx, "orders", "list", "get")`: the sidecar calls the application over HTTP.
fn dapr(reach: &Reach, call: Call, name: &str, arguments: &[Range<usize>]) -> Option<CallSite> {
    if !name.starts_with("InvokeMethod") || arguments.len() < 2 || !reach.imports("dapr/go-sdk") {
        return None;
    }
    let (application, method) = (reach.address(arguments[0].clone()), reach.address(arguments[1].clone()));
    let target = super::values::join(&concat([literal("http://"), application]), method);
    let mut found = site(reach.code, call, CallKind::Http, "dapr", target);
    let verb = arguments.get(2).map(|verb| reach.value(verb.clone()));
    found.method = match verb {
        Some(Value::Literal(verb)) if !verb.is_empty() => Some(verb.to_ascii_uppercase().into()),
        _ => None,
    };
    Some(found)
}

/// `nc.Request("orders.get", data, timeout)`.
fn pattern(reach: &Reach, call: Call, name: &str, arguments: &[Range<usize>]) -> Option<CallSite> {
    let asks =
        matches!(name, "Request" | "RequestWithContext" | "RequestMsg") && arguments.len() >= 2 && reach.imports("nats-io/");
    if !asks || reach.is_package(call) {
        return None;
    }
    let subject = reach.address(arguments[0].clone());
    let mut found = site(reach.code, call, CallKind::Pattern, "nats", unknown("the broker"));
    found.name = Some(subject);
    found.limited = (name == "Request").then_some(true);
    Some(found)
}

/// `topic.Publish(ctx, &pubsub.Message{…})` of Google Pub/Sub.
fn topic_of_pubsub(reach: &Reach, call: Call, name: &str, arguments: &[Range<usize>]) -> Option<CallSite> {
    if name != "Publish" || arguments.len() != 1 || !reach.imports("cloud.google.com/go/pubsub") {
        return None;
    }
    let code = reach.code;
    let receiver = code.receiver(call);
    let made = match code.dotted(receiver.clone()) {
        Some(name) => reach.made(&name, call.start),
        None => Some(receiver.clone()),
    };
    let topic = made.and_then(|made| {
        let open = made.end.checked_sub(1).filter(|&last| code.is(last, ")")).map(|last| code.partner(last))?;
        let named = ["Topic", "Publisher", "TopicInProject", "CreateTopic"].contains(&code.text_of(open.wrapping_sub(1)));
        let arguments = code.arguments(open);
        let skipped = usize::from(arguments.first().is_some_and(|first| reach.is_context(first.clone())));
        arguments.get(skipped).cloned().filter(|_| named)
    });
    let target = topic.map_or_else(|| reach.address(receiver), |topic| reach.address(topic));
    Some(site(code, call, CallKind::Message, "pubsub", target))
}

/// `conn.Do("PUBLISH", "channel", message)` of redigo.
fn command_of_redis(reach: &Reach, call: Call, name: &str, arguments: &[Range<usize>]) -> Option<CallSite> {
    if !matches!(name, "Do" | "Send") || arguments.len() < 3 || !reach.imports("redigo") {
        return None;
    }
    let command = reach.code.literal_text(arguments[0].clone())?;
    let sends = ["PUBLISH", "XADD"].iter().any(|known| command.value.eq_ignore_ascii_case(known));
    sends.then(|| site(reach.code, call, CallKind::Message, "redis", reach.address(arguments[1].clone())))
}

/// `bus.Publish(ctx, OrderCreated{…})`: an event whose type says where it goes.
fn event(reach: &Reach, call: Call, name: &str, arguments: &[Range<usize>]) -> Option<CallSite> {
    let code = reach.code;
    if !SENDS.iter().any(|start| name.starts_with(start)) || arguments.is_empty() || reach.is_package(call) {
        return None;
    }
    let receiver = code.text_in(code.receiver(call)).to_lowercase();
    let of = code.receiver_name(call).and_then(|name| reach.type_of(&name, call.start)).unwrap_or_default().to_lowercase();
    if of.contains("mediat") || !BUSES.iter().any(|word| receiver.contains(word) || of.contains(word)) {
        return None;
    }
    let mut named =
        arguments.iter().take(3).enumerate().filter_map(|(index, argument)| Some((index, reach.event_of(argument.clone())?)));
    let (index, event) = named.find(|(_, name)| {
        let is_type = name.starts_with(|first: char| first.is_ascii_uppercase()) && name.len() > 3;
        is_type && !["Context", "Publishing", "Message", "Buffer", "Reader"].iter().any(|end| name.ends_with(end))
    })?;
    // A topic stands before what is sent to it.
    let topic = arguments[..index].iter().find_map(|argument| code.literal_text(argument.clone()));
    let target = topic.map_or(unknown("what the bus makes of the type"), |topic| Value::Literal(topic.value));
    let mut found = site(code, call, CallKind::Message, "bus", target);
    found.name = Some(literal(event));
    Some(found)
}

/// `consumer.ConsumeMessage(OrderCreated{}, …)`: a consumer that is told by the type of what it gets.
fn consumer(reach: &Reach, call: Call) -> Option<Handler> {
    let code = reach.code;
    let name = code.text_of(call.name);
    let is_told = ["Consume", "Subscribe", "AddConsumer", "RegisterHandler", "AddHandler", "RegisterEventHandler"];
    if !is_told.iter().any(|start| name.starts_with(start)) || call.start == call.name {
        return None;
    }
    let receiver = code.text_in(code.receiver(call)).to_lowercase();
    if !BUSES.iter().chain(&["consumer", "subscri", "event"]).any(|word| receiver.contains(word)) || receiver.contains("mediat") {
        return None;
    }
    let event = code.arguments(call.open).into_iter().take(3).find_map(|argument| {
        let is_made = code.is(argument.end - 1, "}") && !code.is(argument.start, "func");
        let of = reach.event_of(argument).filter(|_| is_made)?;
        let is_event = of.starts_with(|first: char| first.is_ascii_uppercase())
            && !["Handler", "Options", "Config"].iter().any(|end| of.ends_with(end));
        is_event.then_some(of)
    })?;
    let at = code.location(call.start..code.after(call.open));
    Some(Handler { at, kind: HandlerKind::Consumer, framework: "bus".into(), name: literal(event) })
}

/// Messages that are values of types, and subscriptions.
pub fn literals(reach: &Reach) -> Vec<Fact> {
    let code = reach.code;
    let mut found = Vec::new();
    for open in (1..code.len()).filter(|&at| code.is(at, "{")).take(super::MOST_LITERALS) {
        let Some((name, package)) = reach.type_at(open) else { continue };
        let at = code.location(open - 3..code.after(open));
        // What a topic hands on to a queue.
        if name == "SubscribeInput" && package.contains("service/sns") {
            if let (Some(topic), Some(queue)) = (reach.field_of(open, "TopicArn"), reach.field_of(open, "Endpoint")) {
                let (exchange, queue) = (reach.address(topic), reach.address(queue));
                found.push(Fact::Binding(Binding { at, exchange, queue, key: None }));
            }
            continue;
        }
        let sent = SENT
            .iter()
            .find(|(_, path, of, _, word)| *of == name && package.contains(path) && !code.occurrences(word).is_empty());
        let Some((client, _, of, field, _)) = sent else { continue };
        let Some(topic) = reach.field_of(open, field) else { continue };
        // What is given to a consumer, or the topic of a writer whose messages name theirs.
        if *client == "kafka" && code.is(topic.start, "\"\"") {
            continue;
        }
        let mut site = CallSite {
            at,
            kind: CallKind::Message,
            client: (*client).into(),
            target: reach.address(topic),
            method: None,
            name: None,
            exchange: None,
            limited: None,
        };
        if *of == "PutEventsRequestEntry" {
            site.name = reach.field_of(open, "DetailType").map(|of| reach.address(of));
        }
        found.push(Fact::Call(site));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::snapshot::check as compare;

    #[track_caller]
    fn check(imports: &str, body: &str, expected: &str) {
        let imports: String = imports.split(' ').map(|path| format!("\"{path}\"; ")).collect();
        compare("client.go", &format!("package client; import ({imports})\n{body}"), expected);
    }

    #[test]
    fn messages_are_sent() {
        check(
            "github.com/segmentio/kafka-go",
            "func run() {\nw := &kafka.Writer{Addr: a}\nw.WriteMessages(ctx, kafka.Message{Topic: \"orders\", Value: v})\n}",
            "4 call message orders (kafka)",
        );
        check(
            "github.com/IBM/sarama",
            "func run(topic string) {\np.SendMessage(&sarama.ProducerMessage{Topic: topic})\n}",
            "3 call message parameter(run 0) (kafka)",
        );
        check(
            "github.com/rabbitmq/amqp091-go",
            "func run() {\nch.PublishWithContext(ctx, \"shop\", \"order.created\", false, false, amqp.Publishing{Type: \"OrderCreated\"})\n\
             ch.QueueBind(\"billing\", \"order.*\", \"shop\", false, nil)\n}",
            "3 call message order.created name OrderCreated exchange shop (amqp)
             4 binds billing to shop by order.*",
        );
        check(
            "github.com/nats-io/nats.go",
            "func run() {\nnc.Publish(\"orders.created\", data)\njs.Publish(ctx, \"orders.paid\", data)\nnc.Request(\"stock.get\", data, t)\n}",
            "3 call message orders.created (nats)
             4 call message orders.paid (nats)
             5 call pattern ?the broker name stock.get limited (nats)",
        );
        check(
            "cloud.google.com/go/pubsub",
            "func run() {\nt := client.Topic(\"orders\")\nt.Publish(ctx, &pubsub.Message{Data: d})\n}",
            "4 call message orders (pubsub)",
        );
        check(
            "github.com/aws/aws-sdk-go-v2/service/sqs",
            "func run() {\nc.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(\"https://sqs/orders\")})\n}",
            "3 call message https://sqs/orders (sqs)",
        );
        check(
            "github.com/hibiken/asynq",
            "func run() {\nasynq.NewTask(\"email:send\", payload)\n}",
            "3 call message email:send (asynq)",
        );
        check(
            "github.com/dapr/go-sdk/client",
            "func run() {\nc.PublishEvent(ctx, \"bus\", \"orders\", data)\nc.InvokeMethod(ctx, \"users\", \"list\", \"get\")\n}",
            "3 call message orders (dapr)
             4 call http GET http://users/list (dapr)",
        );
    }

    #[test]
    fn events_go_by_their_types() {
        check(
            "acme.example/shop/events net/http",
            "func run() {\nevt, err := mapper.Map[*events.OrderPaid](order)\ns.publisher.Publish(ctx, evt)\n\
             bus.Publish(events.OrderCreated{ID: 1})\nmediator.Publish(ctx, events.OrderCreated{})\nb, _ := json.Marshal(x)\ns.publisher.Publish(ctx, b)\n\
             consumer.ConsumeMessage(events.OrderSent{}, d)\nhttp.Get(\"http://a\")\n}",
            "4 call message ?what the bus makes of the type name OrderPaid (bus)
             5 call message ?what the bus makes of the type name OrderCreated (bus)
             9 consumer OrderSent
             10 call http GET http://a unlimited (http)",
        );
    }
}
