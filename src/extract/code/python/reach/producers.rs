//! Messages sent: Kafka, RabbitMQ, NATS, Redis, MQTT, queues and topics of clouds, jobs of Celery and its like, events over a bus of the
//! house.

use std::ops::Range;

use super::{Reach, Site};
use crate::extract::code::python::names::{Found, is_type};
use crate::extract::code::value::{literal, unknown};
use crate::facts::{CallKind, Value};

/// Calls that send a message, and what of them is told by names of arguments: the member, the packages of which the file imports one (none
/// asked for where the names of the arguments are enough), the client's name, names of the argument that is the topic, its place, and
/// names of the argument that is the exchange.
struct Shape {
    member: &'static str,
    packages: &'static [&'static str],
    client: &'static str,
    topic: &'static [&'static str],
    place: Option<usize>,
    exchange: &'static [&'static str],
}

const fn shape(
    member: &'static str,
    packages: &'static [&'static str],
    client: &'static str,
    topic: &'static [&'static str],
    place: Option<usize>,
    exchange: &'static [&'static str],
) -> Shape {
    Shape { member, packages, client, topic, place, exchange }
}

const KAFKA: &[&str] = &["kafka", "aiokafka", "confluent_kafka"];
const REDIS: &[&str] = &["redis", "aioredis"];
const AZURE: &[&str] = &["azure"];

/// The first that fits counts.
const SHAPES: &[Shape] = &[
    shape("send_and_wait", KAFKA, "kafka", &["topic"], Some(0), &[]),
    shape("produce", KAFKA, "kafka", &["topic"], Some(0), &[]),
    shape("basic_publish", &[], "amqp", &["routing_key"], Some(1), &["exchange"]),
    shape("send_message", &[], "sqs", &["QueueUrl"], None, &[]),
    shape("send_message_batch", &[], "sqs", &["QueueUrl"], None, &[]),
    shape("publish", &[], "sns", &["TopicArn", "TargetArn"], None, &[]),
    shape("publish_batch", &[], "sns", &["TopicArn"], None, &[]),
    shape("put_record", &[], "kinesis", &["StreamName"], None, &[]),
    shape("put_records", &[], "kinesis", &["StreamName"], None, &[]),
    shape("publish_event", &[], "dapr", &["topic_name"], None, &["pubsub_name"]),
    shape("publish_event", &["dapr"], "dapr", &["topic_name"], Some(1), &["pubsub_name"]),
    shape("get_queue_sender", AZURE, "servicebus", &["queue_name"], Some(0), &[]),
    shape("get_topic_sender", AZURE, "servicebus", &["topic_name"], Some(0), &[]),
    shape("EventHubProducerClient", AZURE, "eventhubs", &["eventhub_name"], Some(1), &[]),
    shape("from_connection_string", AZURE, "eventhubs", &["eventhub_name"], None, &[]),
    shape("create_producer", &["pulsar"], "pulsar", &["topic"], Some(0), &[]),
    shape("send", &["stomp"], "stomp", &["destination"], Some(0), &[]),
    shape("xadd", REDIS, "redis", &["name"], Some(0), &[]),
    shape("rpush", REDIS, "redis", &["name"], Some(0), &[]),
    shape("lpush", REDIS, "redis", &["name"], Some(0), &[]),
    shape("single", &["paho"], "mqtt", &["topic"], Some(0), &[]),
    shape("send_task", &[], "celery", &["name"], Some(0), &[]),
    shape("signature", &["celery"], "celery", &["name"], Some(0), &[]),
    shape("enqueue_job", &[], "arq", &["function"], Some(0), &[]),
];

/// Reads a call; true when it sends a message.
pub fn call(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let member = code.text_of(site.call.name);
    let found = SHAPES.iter().filter(|shape| shape.member == member).find(|shape| {
        let is_named = shape.topic.iter().any(|name| code.named(&site.arguments, name).is_some());
        match shape.packages.is_empty() {
            true => is_named || shape.place.is_some() && !site.arguments.is_empty(),
            false => reach.values.imports_any(shape.packages),
        }
    });
    if let Some(shape) = found {
        let Some(topic) = reach.argument(site, shape.topic, shape.place) else { return false };
        let place = (member == "basic_publish").then_some(0);
        let exchange = reach.argument(site, shape.exchange, place).filter(|_| !shape.exchange.is_empty());
        message(reach, site, shape.client, Some(topic), exchange);
        return true;
    }
    match member {
        "send" => sent(reach, site),
        "publish" => published(reach, site),
        "delay" | "apply_async" | "kiq" => task(reach, site),
        "enqueue" | "enqueue_in" | "enqueue_at" | "enqueue_call" if reach.values.imports_any(&["rq", "django_rq"]) => {
            job(reach, site)
        }
        "send_message" | "send_messages" if reach.values.imports_any(&["boto3", "azure"]) => resource(reach, site),
        "invoke" => invoked(reach, site),
        "dispatch" | "emit" | "publish_async" | "raise_event" | "publish_message" => bus(reach, site),
        _ => false,
    }
}

/// States a message to a topic.
fn message(reach: &mut Reach, site: &Site, client: &str, topic: Option<Range<usize>>, exchange: Option<Range<usize>>) {
    let exchange = exchange.map(|range| reach.value(range)).filter(|value| *value != literal("") && !is_none(value));
    let targets = match topic {
        Some(range) => reach.alternatives(range),
        None => vec![unknown("the topic")],
    };
    for target in targets {
        let mut found = reach.site(site.call, CallKind::Message, client, target);
        found.exchange = exchange.clone();
        reach.enter(found);
    }
}

fn is_none(value: &Value) -> bool {
    matches!(value, Value::Unknown(why) if &**why == "None")
}

/// `producer.send("topic", …)`, `topic.send(…)` of faust, `actor.send(…)` of dramatiq.
fn sent(reach: &mut Reach, site: &Site) -> bool {
    let name = reach.receiver_name(site).unwrap_or_default();
    let made = reach.made(reach.code.receiver(site.call));
    let maker = made.as_ref().map_or("", |made| &*made.last);
    let is_producer = maker.ends_with("Producer") || name.contains("producer") || name.contains("kafka");
    if is_producer && (reach.values.imports_any(KAFKA) || name.contains("producer")) {
        let Some(topic) = reach.argument(site, &["topic"], Some(0)) else { return false };
        let value = reach.values.value(topic.clone());
        let is_topic = matches!(value, Value::Literal(_) | Value::Env { .. } | Value::Symbol(_) | Value::Concat(_));
        if reach.values.imports_any(KAFKA) || is_topic && made.is_none() {
            message(reach, site, "kafka", Some(topic), None);
            return true;
        }
    }
    if maker == "topic" && reach.values.imports_any(&["faust"]) {
        message(reach, site, "faust", Some(reach.code.receiver(site.call)), None);
        return true;
    }
    if reach.values.imports_any(&["dramatiq"]) || name.ends_with("actor") {
        return task(reach, site);
    }
    bus(reach, site)
}

/// `publish` of many libraries.
fn published(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let receiver = code.receiver(site.call);
    let made = reach.made(receiver.clone());
    let maker = made.as_ref().map_or("", |made| &*made.last).to_owned();
    let named = |reach: &Reach, names: &[&str]| names.iter().find_map(|name| reach.code.named(&site.arguments, name));
    let imports = |packages: &[&str]| reach.values.imports_any(packages);
    let is_amqp = imports(&["aio_pika", "aiormq", "kombu", "nameko"]);
    if let Some(key) = named(reach, &["routing_key"]) {
        let exchange = named(reach, &["exchange"]).or_else(|| {
            // `exchange = await channel.declare_exchange("x")`.
            let open =
                made.as_ref().filter(|made| matches!(&*made.last, "declare_exchange" | "get_exchange" | "Producer"))?.open?;
            let arguments = code.arguments(open);
            let named = ["name", "exchange"].iter().find_map(|name| code.named(&arguments, name));
            named.or_else(|| code.positional(&arguments).next().filter(|_| maker != "Producer").cloned())
        });
        message(reach, site, "amqp", Some(key), exchange);
        return true;
    }
    if is_amqp && matches!(&*maker, "Producer" | "declare_exchange" | "get_exchange") {
        let open = made.as_ref().and_then(|made| made.open);
        let arguments = open.map_or(Vec::new(), |open| code.arguments(open));
        let key = named(reach, &["routing_key"]).or_else(|| code.named(&arguments, "routing_key"));
        let key = key.or_else(|| code.positional(&site.arguments).nth(1).filter(|_| maker != "Producer").cloned());
        let exchange = named(reach, &["exchange"]).or_else(|| code.named(&arguments, "exchange"));
        let exchange = exchange.or_else(|| code.positional(&arguments).next().filter(|_| maker != "Producer").cloned());
        message(reach, site, "amqp", key, exchange);
        return true;
    }
    if imports(&["faststream"]) {
        let topic = named(reach, &["topic", "queue", "subject", "channel", "stream", "list"])
            .or_else(|| code.positional(&site.arguments).nth(1).cloned());
        let Some(topic) = topic else { return false };
        let exchange = named(reach, &["exchange"]);
        message(reach, site, "faststream", Some(topic), exchange);
        return true;
    }
    // Of these the first argument is the topic.
    let client = [
        (&["nats"][..], "nats"),
        (REDIS, "redis"),
        (&["google"][..], "pubsub"),
        (&["paho", "asyncio_mqtt", "aiomqtt", "flask_mqtt", "gmqtt"][..], "mqtt"),
    ]
    .into_iter()
    .find(|(packages, _)| imports(packages));
    if let Some((_, client)) = client {
        let Some(topic) =
            named(reach, &["subject", "channel", "topic"]).or_else(|| code.positional(&site.arguments).next().cloned())
        else {
            return false;
        };
        let name = reach.receiver_name(site).unwrap_or_default();
        // A bus of the house that hides the client is given the event alone.
        if site.arguments.len() > 1 || !name.contains("bus") {
            message(reach, site, client, Some(topic), None);
            return true;
        }
    }
    bus(reach, site)
}

/// `task.delay(…)`: a task of another file, whose name is what its workers know.
fn task(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let Some(name) = code.receiver_name(site.call).filter(|name| !name.is_empty() && !name.starts_with("self.")) else {
        return false;
    };
    let symbol = code.symbol(&name);
    let module = symbol.split('#').next().unwrap_or("");
    let is_task = reach.values.imports_any(&["celery", "dramatiq", "taskiq", "huey"])
        || module.contains("task")
        || module.contains("worker")
        || module.contains("job")
        || module.contains("actor");
    if module.is_empty() || !is_task {
        return false;
    }
    let last = symbol.rsplit(['.', '#']).next().unwrap_or("").to_owned();
    let found = reach.site(site.call, CallKind::Message, "celery", literal(last));
    reach.enter(found);
    true
}

/// `queue.enqueue("module.function", …)`, `queue.enqueue(function, …)`.
fn job(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let place = usize::from(!matches!(code.text_of(site.call.name), "enqueue" | "enqueue_call"));
    let Some(function) = reach.argument(site, &["func", "f"], Some(place)) else { return false };
    let target = match code.dotted(function.clone()) {
        Some(name) if code.imports().contains_key(name.split('.').next().unwrap_or("")) => {
            literal(name.rsplit('.').next().unwrap_or(&name))
        }
        _ => match reach.value(function) {
            Value::Literal(text) => literal(text.rsplit('.').next().unwrap_or(&text)),
            other => other,
        },
    };
    if matches!(target, Value::Unknown(_) | Value::Parameter { .. }) {
        return false;
    }
    let found = reach.site(site.call, CallKind::Message, "rq", target);
    reach.enter(found);
    true
}

/// `queue.send_message(…)` of a queue that is an object: `sqs.get_queue_by_name(QueueName="x")`.
fn resource(reach: &mut Reach, site: &Site) -> bool {
    let receiver = reach.code.receiver(site.call);
    let made = reach.made(receiver.clone());
    let is_queue = made.is_some_and(|made| {
        matches!(&*made.last, "get_queue_by_name" | "Queue" | "create_queue" | "QueueClient" | "from_queue_url")
    });
    if is_queue {
        message(reach, site, "sqs", Some(receiver), None);
    }
    is_queue
}

/// `lambda.invoke(FunctionName="x", InvocationType="Event")`.
fn invoked(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let Some(function) = code.named(&site.arguments, "FunctionName") else { return false };
    let kind = code.named(&site.arguments, "InvocationType").and_then(|range| code.literal(range.start));
    let name = reach.value(function);
    let mut found = match kind.as_deref() {
        Some("Event") => reach.site(site.call, CallKind::Message, "lambda", name),
        _ => {
            let mut found = reach.site(site.call, CallKind::Pattern, "lambda", unknown("the function"));
            found.name = Some(name);
            found
        }
    };
    found.limited = None;
    reach.enter(found);
    true
}

/// An event over a bus of the house: `bus.publish(OrderCreated(…))`.
fn bus(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let name = reach.receiver_name(site).unwrap_or_default();
    let is_bus =
        ["bus", "publisher", "dispatcher", "producer", "broker", "outbox", "events"].iter().any(|word| name.contains(word));
    if !is_bus {
        return false;
    }
    let event = site.arguments.iter().take(3).find_map(|range| {
        let value = match code.word(range.start).is_some() && code.is(range.start + 1, "=") {
            true => range.start + 2..range.end,
            false => range.clone(),
        };
        event_of(reach, value)
    });
    let Some(event) = event else { return false };
    let mut found = reach.site(site.call, CallKind::Message, "bus", unknown("the topic"));
    found.name = Some(literal(event));
    reach.enter(found);
    true
}

/// The class of an event, where an expression is one.
fn event_of(reach: &Reach, range: Range<usize>) -> Option<String> {
    let code = reach.code;
    let names = &reach.values.names;
    let class = match code.dotted(range.clone()) {
        Some(name) => match names.recent(&name, range.start) {
            Found::Parameter(_) => names.parameter_type(&name, range.start)?,
            Found::Assigned(_) => {
                let made = reach.made(range)?;
                made.open?;
                made.last
            }
            _ => return None,
        },
        None => reach.made(range).filter(|made| made.open.is_some())?.last,
    };
    let last = class.rsplit('.').next().unwrap_or(&class);
    // What all events are made of tells nothing.
    let is_one = is_type(last)
        && !matches!(
            last,
            "Event" | "Message" | "BaseEvent" | "DomainEvent" | "IntegrationEvent" | "Command" | "Any" | "Exception"
        );
    is_one.then(|| last.to_owned())
}

/// Entries of EventBridge, wherever they are written: `{"EventBusName": …, "DetailType": …}`.
pub fn entries(reach: &mut Reach) {
    let code = reach.code;
    if !reach.values.imports_any(&["boto3", "aioboto3", "aiobotocore"]) {
        return;
    }
    for at in (0..code.len()).filter(|&at| code.is(at, "{")) {
        let parts = code.split(code.inside(at), ",");
        if parts.len() > 12 {
            continue;
        }
        let entry = |key: &str| {
            let part = parts
                .iter()
                .find(|part| code.literal(part.start).is_some_and(|text| text == key) && code.is(part.start + 1, ":"))?;
            Some(part.start + 2..part.end)
        };
        let (Some(detail), Some(_)) = (entry("DetailType"), entry("Source").or_else(|| entry("EventBusName"))) else { continue };
        let exchange = entry("EventBusName").map(|range| reach.value(range));
        for target in reach.alternatives(detail.clone()) {
            let mut found = reach.site_at(detail.clone(), CallKind::Message, "eventbridge", target.clone());
            found.name = Some(target);
            found.exchange = exchange.clone();
            reach.enter(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn topics_and_keys_are_told() {
        check(
            "app/events.py",
            r#"
import json, os
from kafka import KafkaProducer
import pika
producer = KafkaProducer(bootstrap_servers=os.environ["BROKER"])
def created(order):
    producer.send("orders.created", json.dumps(order).encode())
    channel.basic_publish(exchange="shop", routing_key=f"orders.{order.kind}", body=b"")
    channel.basic_publish("", "mail", b"")
    store.send("orders.created")
            "#,
            "7 call message orders.created (kafka)
            8 call message orders.+?order.kind exchange shop (amqp)
            9 call message mail (amqp)
            5 address env(BROKER) as bootstrap_servers
            10 invokes *#send(orders.created)",
        );
        check(
            "app/events.py",
            r#"
from google.cloud import pubsub_v1
publisher = pubsub_v1.PublisherClient()
path = publisher.topic_path(project, "orders")
publisher.publish(path, b"x")
            "#,
            "5 call message orders (pubsub)",
        );
        check(
            "app/events.py",
            r#"
import nats, redis
async def run(nc, r):
    await nc.publish("orders.paid", b"x")
    r.xadd("stream", {})
            "#,
            "4 call message orders.paid (nats)
            5 call message stream (redis)",
        );
    }

    #[test]
    fn queues_of_clouds_are_told() {
        check(
            "app/events.py",
            r#"
import boto3, os
sqs = boto3.client("sqs")
sns = boto3.client("sns")
queue = boto3.resource("sqs").get_queue_by_name(QueueName="jobs")
sqs.send_message(QueueUrl=os.environ["ORDERS_QUEUE"], MessageBody="x")
sns.publish(TopicArn="arn:aws:sns:eu:1:orders", Message="x")
queue.send_message(MessageBody="x")
def entry(kind):
    return {"Source": "shop", "EventBusName": os.environ["BUS"], "DetailType": "OrderCreated", "Detail": "x"}
            "#,
            "6 call message env(ORDERS_QUEUE) (sqs)
            7 call message arn:aws:sns:eu:1:orders (sns)
            8 call message jobs (sqs)
            10 call message OrderCreated name OrderCreated exchange env(BUS) (eventbridge)",
        );
    }

    #[test]
    fn jobs_have_the_name_of_their_function() {
        check(
            "app/views.py",
            r#"
from celery import Celery
from shop.tasks import send_mail
app = Celery("shop")
def order():
    send_mail.delay(1)
    app.send_task("billing.tasks.charge", args=[1])
    chart.delay(1)
            "#,
            "6 call message send_mail (celery)
            7 call message billing.tasks.charge (celery)",
        );
    }

    #[test]
    fn events_over_a_bus_have_their_class() {
        check(
            "app/orders.py",
            r#"
from shop.bus import event_bus
from shop.events import OrderCreated, OrderPaid
def create(order, event: OrderPaid, other):
    event_bus.publish(OrderCreated(order.id))
    event_bus.publish(event)
    event_bus.publish(other)
    form.dispatch(OrderCreated(order.id))
            "#,
            "5 call message ?the topic name OrderCreated (bus)
            6 call message ?the topic name OrderPaid (bus)",
        );
    }
}
