//! Consumers of messages: tasks of Celery and its like, subscriptions of Kafka, RabbitMQ, NATS, Redis, Pub/Sub, SQS and MQTT clients.

use std::ops::Range;
use std::sync::Arc;

use super::names::{Found, Names, is_type};
use super::syntax::{self, call, decorators, imports_any, library};
use super::values::Values;
use crate::extract::Output;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework, calls::Call, tokens::TokenKind};
use crate::facts::{Fact, Handler, HandlerKind, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "messages",
    marks: &[
        "celery",
        "kafka",
        "pika",
        "aio_pika",
        "nameko",
        "faust",
        "pubsub",
        "receive_message",
        "redis",
        "import nats",
        "from nats",
        "dramatiq",
        "huey",
        "import rq",
        "from rq",
        "django_rq",
        "kombu",
        "stomp",
        "faststream",
        "paho",
        "from arq",
        "import arq",
        "Listener(",
        "Consumer(",
        "Subscriber(",
        "azure.servicebus",
        "dapr",
        "chalice",
        "azure.functions",
        "pulsar",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let values = Values::new(code);
    let names = values.names.clone();
    let mut reader = Reader { code, values, names, handlers: Vec::new() };
    reader.decorated();
    reader.called();
    reader.told_apart();
    output.facts.extend(reader.handlers.into_iter().map(Fact::Handler));
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    values: Values<'c, 't>,
    names: Names<'c, 't>,
    handlers: Vec<Handler>,
}

/// Decorators that make a function a consumer: the last part of their name, the package that has to be imported, and the arguments that
/// may name what is consumed. `""` is the first without a name; none of them found, the function's name is meant.
const DECORATORS: &[(&str, &[&str], &[&str])] = &[
    ("task", &["celery", "huey", "arq"], &["name"]),
    ("shared_task", &["celery"], &["name"]),
    ("actor", &["dramatiq"], &["actor_name"]),
    ("job", &["rq", "django_rq"], &[]),
    ("agent", &["faust"], &["", "channel"]),
    ("event_handler", &["nameko"], &["1"]),
    ("consume", &["nameko"], &["queue", ""]),
    ("subscriber", &["faststream"], &["", "queue", "subject", "topic", "channel"]),
    ("subscribe", &["dapr", "dapr_ext_fastapi", "flask_dapr"], &["topic"]),
    ("on_sqs_message", &["chalice"], &["queue", "queue_arn"]),
    ("on_sns_message", &["chalice"], &["topic", ""]),
    ("queue_trigger", &["azure"], &["queue_name"]),
    ("service_bus_queue_trigger", &["azure"], &["queue_name"]),
    ("service_bus_topic_trigger", &["azure"], &["topic_name"]),
    ("event_hub_message_trigger", &["azure"], &["event_hub_name"]),
];

/// Handlers of one file that are kept.
const MOST_HANDLERS: usize = 400;

impl Reader<'_, '_> {
    fn enter(&mut self, at: Range<usize>, kind: HandlerKind, framework: &str, name: Value) {
        let handler = Handler { at: self.code.location(at), kind, framework: framework.into(), name };
        if !self.handlers.iter().any(|known| known.name == handler.name && known.kind == kind && known.at == handler.at) {
            self.handlers.push(handler);
        }
    }

    fn decorated(&mut self) {
        let code = self.code;
        for decorator in decorators(code).into_iter().filter(|decorator| !decorator.is_class) {
            let (owner, member) = decorator.parts();
            let arguments = decorator.open.map_or(Vec::new(), |open| code.arguments(open));
            let at = decorator.start..decorator.open.map_or(decorator.start + 1, |open| code.after(open));
            let function = code.text_of(decorator.target + 1);
            // A member of an object that another file makes counts where the name says what it is.
            let named = |package: &str| package == "celery" && matches!(owner, "celery" | "celery_app" | "app.celery");
            let known = DECORATORS.iter().find(|(name, packages, _)| {
                *name == member && (imports_any(code, packages) || packages.iter().any(|package| named(package)))
            });
            if let Some((_, packages, sources)) = known {
                let told = sources.iter().find_map(|source| match *source {
                    "" => code.positional(&arguments).next().cloned(),
                    "1" => code.positional(&arguments).nth(1).cloned(),
                    name => code.named(&arguments, name),
                });
                let name = told.map_or_else(|| literal(function), |range| self.topic(range));
                self.enter(at, HandlerKind::Consumer, packages[0], name);
            } else if member == "rpc" && library(code, &decorator.name).0 == "nameko" {
                let service = self.names.class(decorator.start).and_then(|class| self.attribute(class.body.clone(), "name"));
                let name = format!("{}.{function}", service.as_deref().unwrap_or("service"));
                self.enter(at, HandlerKind::Rpc, "nameko", literal(name));
            }
        }
    }

    /// The literal that a class gives one of its names.
    fn attribute(&self, body: Range<usize>, name: &str) -> Option<String> {
        let at = body.clone().find(|&at| self.code.is(at, name) && self.code.begins_line(at) && self.code.is(at + 1, "="))?;
        Some(self.code.literal(at + 2)?.into_owned())
    }

    fn called(&mut self) {
        let calls: Vec<Call> = self.code.calls().collect();
        for call in calls {
            self.call(call);
        }
    }

    fn call(&mut self, call: Call) {
        let code = self.code;
        let member = code.text_of(call.name);
        let arguments = code.arguments(call.open);
        let first = || code.positional(&arguments).next().cloned();
        let nth = |place: usize| code.positional(&arguments).nth(place).cloned();
        let named = |names: &[&str]| names.iter().find_map(|name| code.named(&arguments, name));
        let at = call.start..code.after(call.open);
        if code.is(call.name.wrapping_sub(1), "def") {
            return;
        }
        match member {
            "KafkaConsumer" | "AIOKafkaConsumer" if imports_any(code, &["kafka", "aiokafka"]) => {
                for topic in code.positional(&arguments).cloned().collect::<Vec<_>>() {
                    let name = self.topic(topic.start + usize::from(code.is(topic.start, "*"))..topic.end);
                    self.enter(at.clone(), HandlerKind::Consumer, "kafka", name);
                }
            }
            "subscribe" if imports_any(code, &["kafka", "aiokafka", "confluent_kafka"]) => {
                let Some(topics) = named(&["topics", "pattern"]).or_else(first) else { return };
                for topic in self.elements(topics) {
                    let name = self.topic(topic);
                    self.enter(at.clone(), HandlerKind::Consumer, "kafka", name);
                }
            }
            "subscribe" | "psubscribe" if imports_any(code, &["redis", "aioredis", "nats", "paho", "pulsar", "stomp"]) => {
                let Some(topic) = first().or_else(|| named(&["subject", "topic", "destination"])) else { return };
                let packages = ["nats", "paho", "pulsar", "stomp", "redis"];
                let receiver = code.text_in(code.receiver(call)).to_lowercase();
                let made = match self.names.find(code.text_in(code.receiver(call)), call.start, &|_| true) {
                    Found::Assigned(index) => code.text_in(self.names.assignments[index].value.clone()).contains("pubsub("),
                    _ => false,
                };
                // Much else has a member of this name.
                if imports_any(code, &["redis", "aioredis"]) && !made && !receiver.contains("pubsub") {
                    return;
                }
                let package = packages.into_iter().find(|package| imports_any(code, &[*package])).unwrap_or("redis");
                let name = self.topic(topic);
                self.enter(at, HandlerKind::Consumer, package, name);
            }
            "subscribe" if imports_any(code, &["google"]) => {
                let Some(topic) = first().or_else(|| named(&["subscription"])) else { return };
                let name = self.topic(topic);
                self.enter(at, HandlerKind::Consumer, "pubsub", name);
            }
            "basic_consume" if imports_any(code, &["pika"]) => {
                let old = || nth(1).filter(|range| code.literal(range.start).is_some());
                let Some(queue) = named(&["queue"]).or_else(old).or_else(first) else { return };
                let mut name = self.queue(queue);
                // A queue without a name is told by what it is bound to.
                if (name == literal("") || matches!(&name, Value::Unknown(_)))
                    && let Some(key) = self.bound(call)
                {
                    name = self.values.value(key);
                }
                // What binds one queue after another is a wrapper; who uses it says the names.
                let is_known = matches!(&name, Value::Literal(text) if !text.is_empty());
                if is_known
                    || matches!(&name, Value::Env { .. } | Value::Parameter { .. } | Value::Symbol(_)) && !self.is_loop(&name)
                {
                    self.enter(at, HandlerKind::Consumer, "pika", name);
                }
            }
            "consume" | "iterator" if imports_any(code, &["aio_pika", "aiormq"]) => {
                let Some(receiver) = code.receiver_name(call) else { return };
                let Found::Assigned(index) = self.names.find(&receiver, call.start, &|_| true) else { return };
                let value = self.names.assignments[index].value.clone();
                let name = self.declared(value);
                self.enter(at, HandlerKind::Consumer, "aio-pika", name);
            }
            "receive_message" if imports_any(code, &["boto3", "aioboto3", "aiobotocore"]) => {
                let Some(queue) = named(&["QueueUrl"]) else { return };
                let name = self.topic(queue);
                self.enter(at, HandlerKind::Consumer, "sqs", name);
            }
            "Consumer" if library(code, &code.dotted(call.start..call.name + 1).unwrap_or_default()).0 == "kombu" => {
                let Some(queue) = named(&["queues"]).or_else(|| nth(1)) else { return };
                for queue in self.elements(queue) {
                    let name = self.declared(queue);
                    self.enter(at.clone(), HandlerKind::Consumer, "kombu", name);
                }
            }
            "blpop" | "brpop" | "xread" | "xreadgroup" if imports_any(code, &["redis", "aioredis"]) => {
                let place = if member == "xreadgroup" { 2 } else { 0 };
                let Some(keys) = named(&["keys", "streams"]).or_else(|| nth(place)) else { return };
                for key in self.elements(keys) {
                    // Of `{"stream": ">"}` the key.
                    let end = if code.is(key.start + 1, ":") { key.start + 1 } else { key.end };
                    let name = self.topic(key.start..end);
                    self.enter(at.clone(), HandlerKind::Consumer, "redis", name);
                }
            }
            "pull_subscribe" if imports_any(code, &["nats"]) => {
                let Some(subject) = named(&["subject"]).or_else(first) else { return };
                let name = self.topic(subject);
                self.enter(at, HandlerKind::Consumer, "nats", name);
            }
            "EventHubConsumerClient" | "from_connection_string" if imports_any(code, &["azure"]) => {
                let Some(name) = named(&["eventhub_name"]) else { return };
                let name = self.topic(name);
                self.enter(at, HandlerKind::Consumer, "eventhubs", name);
            }
            "get_queue_receiver" | "get_subscription_receiver" if imports_any(code, &["azure"]) => {
                let Some(name) = named(&["queue_name", "topic_name"]).or_else(first) else { return };
                let name = self.topic(name);
                self.enter(at, HandlerKind::Consumer, "servicebus", name);
            }
            _ => self.listener(call),
        }
    }

    /// `Listener("orders", on_order)`: a class of one's own that is given a topic and a function.
    fn listener(&mut self, call: Call) {
        let code = self.code;
        let Some(name) = code.dotted(call.start..call.name + 1).filter(|name| is_type(name)) else { return };
        let ends = ["Listener", "Consumer", "Subscriber"].iter().any(|end| name.ends_with(end));
        let imported = code.imports().get(name.split('.').next().unwrap_or(&name));
        let is_own = imported.is_some_and(|symbol| !is_client(symbol));
        let arguments = code.arguments(call.open);
        let [topic, handler] = &arguments[..] else { return };
        // A function, or what makes one.
        let made = syntax::call(code, handler.clone()).and_then(|(callee, _)| code.dotted(callee));
        let is_function = code.is(handler.start, "lambda")
            || made.is_some_and(|made| !is_type(&made))
            || code.dotted(handler.clone()).is_some_and(|name| {
                let own = self.names.find(&name, handler.start, &|_| true);
                !is_type(&name) && !matches!(own, Found::Assigned(_) | Found::Parameter(_))
            });
        if !ends || !is_own || !is_function {
            return;
        }
        let name = self.topic(topic.clone());
        let is_told = match &name {
            Value::Literal(text) => !text.is_empty() && code.kind(topic.start) == Some(TokenKind::Literal),
            Value::Symbol(symbol) => {
                symbol.contains('.') || symbol.rsplit('#').next().is_some_and(|name| name == name.to_uppercase())
            }
            _ => false,
        };
        if is_told {
            self.enter(call.start..code.after(call.open), HandlerKind::Consumer, "listener", name);
        }
    }

    /// True for a name that a loop gives one value after another, or that is a member of the object.
    fn is_loop(&self, name: &Value) -> bool {
        let Value::Symbol(symbol) = name else { return false };
        let name = symbol.trim_start_matches('#');
        let is_given = (0..self.code.len()).any(|at| self.code.is(at, "for") && self.code.is(at + 1, name));
        is_given || name.starts_with("self.")
    }

    /// The routing key, or else the exchange, that the same function binds a queue to.
    fn bound(&self, consumer: Call) -> Option<Range<usize>> {
        let code = self.code;
        let body = self.names.function(consumer.name).map_or(0..code.len(), |function| function.body.clone());
        let bind = body.into_iter().find(|&at| code.is(at, "queue_bind") && code.is(at + 1, "("))?;
        let arguments = code.arguments(bind + 1);
        code.named(&arguments, "routing_key").or_else(|| code.named(&arguments, "exchange"))
    }

    /// The elements of a list, or the expression itself.
    fn elements(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let code = self.code;
        let range = match code.dotted(range.clone()).map(|name| self.names.find(&name, range.start, &|_| true)) {
            Some(Found::Assigned(index)) if code.is_any(self.names.assignments[index].value.start, &["[", "("]) => {
                self.names.assignments[index].value.clone()
            }
            _ => range,
        };
        match code.is_any(range.start, &["[", "(", "{"]) && code.partner(range.start) + 1 == range.end {
            true => code.split(code.inside(range.start), ","),
            false => vec![range],
        }
    }

    /// Types of messages that a file of consumers tells apart: `if event["type"] == "OrderCreated":`, `case "OrderCreated":`.
    fn told_apart(&mut self) {
        let code = self.code;
        let framework =
            match self.handlers.iter().find(|known| known.kind == HandlerKind::Consumer && &*known.framework != "celery") {
                Some(consumer) => Arc::clone(&consumer.framework),
                None => return,
            };
        let is_type_of_message = |text: &str| {
            let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
            let has_parts = text.contains(['.', '_', '-']) || text.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
            is_word && has_parts && text.len() > 4 && text.starts_with(|first: char| first.is_ascii_alphabetic())
        };
        for at in 1..code.len() {
            if self.handlers.len() >= MOST_HANDLERS {
                break;
            }
            let Some(text) = code.literal(at).filter(|text| is_type_of_message(text)) else { continue };
            // `event["type"] == …`, `message.get("type") == …`: the last name before.
            let mut left = at.saturating_sub(2);
            while left > 0 && code.kind(left) == Some(TokenKind::Close) {
                left -= 1;
            }
            let named = || {
                let name = code.text_of(left).to_ascii_lowercase();
                ["type", "event", "routing_key", "pattern"].iter().any(|word| name.contains(word))
            };
            let is_compared = code.is(at - 1, "==") && named();
            let is_case = code.is(at - 1, "case") && code.begins_line(at - 1) && code.is(at + 1, ":");
            if is_compared || is_case {
                self.enter(at..at + 1, HandlerKind::Consumer, &framework, literal(text.as_ref()));
            }
        }
    }

    /// A topic, however it is written: what the client library makes of its name is the name.
    fn topic(&self, range: Range<usize>) -> Value {
        let code = self.code;
        let made = match code.dotted(range.clone()).map(|name| self.names.find(&name, range.start, &|_| true)) {
            Some(Found::Assigned(index)) => self.names.assignments[index].value.clone(),
            Some(Found::Parameter(scope)) => return parameter(&scope),
            _ => range.clone(),
        };
        if let Some((callee, open)) = call(code, made.clone()) {
            let arguments = code.arguments(open);
            let last = |place: usize| code.positional(&arguments).nth(place).cloned();
            match code.text_of(callee.end - 1) {
                "subscription_path" | "topic_path" => {
                    return last(1)
                        .or_else(|| code.named(&arguments, "subscription"))
                        .map_or_else(|| unknown("path"), |range| self.topic(range));
                }
                "topic" | "RabbitQueue" | "Queue" => {
                    return last(0).map_or_else(|| unknown("topic"), |range| self.values.value(range));
                }
                _ => {}
            }
        }
        self.values.value(made)
    }

    /// A queue of RabbitMQ; the server's own name for one without a name is none.
    fn queue(&self, range: Range<usize>) -> Value {
        let code = self.code;
        let Some(name) = code.dotted(range.clone()) else { return self.values.value(range) };
        match self.names.find(&name, range.start, &|_| true) {
            Found::Assigned(index) => self.declared(self.names.assignments[index].value.clone()),
            Found::Parameter(scope) => parameter(&scope),
            _ if name.ends_with(".method.queue") => {
                let of = name.trim_end_matches(".method.queue");
                match self.names.find(of, range.start, &|_| true) {
                    Found::Assigned(index) => self.declared(self.names.assignments[index].value.clone()),
                    _ => unknown(&name),
                }
            }
            _ => self.values.value(range),
        }
    }

    /// The queue that `channel.declare_queue("orders")` or `Queue("orders")` makes.
    fn declared(&self, range: Range<usize>) -> Value {
        let code = self.code;
        let range = range.start + usize::from(code.is(range.start, "await"))..range.end;
        let Some((callee, open)) = call(code, range.clone()) else { return self.values.value(range) };
        if !matches!(code.text_of(callee.end - 1), "declare_queue" | "queue_declare" | "get_queue" | "Queue") {
            return self.values.value(range);
        }
        let arguments = code.arguments(open);
        let told = code.named(&arguments, "queue").or_else(|| code.named(&arguments, "name"));
        let told = told.or_else(|| code.positional(&arguments).next().cloned());
        told.map_or_else(|| unknown("a queue without a name"), |range| self.values.value(range))
    }
}

/// Client libraries, whose classes are read by themselves.
fn is_client(symbol: &str) -> bool {
    let package = symbol.split(['/', '#']).next().unwrap_or("");
    ["kafka", "aiokafka", "confluent_kafka", "pika", "aio_pika", "kombu", "stomp", "pulsar", "nats"].contains(&package)
}

/// What a function is given, as a value.
fn parameter(scope: &Arc<str>) -> Value {
    let split = scope.trim_start_matches('#').split_once('(');
    let index = split.and_then(|(_, rest)| rest.split(')').next()?.parse().ok());
    match (split, index) {
        (Some((function, _)), Some(index)) => Value::Parameter { function: function.into(), index },
        _ => unknown("a parameter"),
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn tasks_are_consumers_by_their_name() {
        check(
            "shop/tasks.py",
            "
from celery import Celery, shared_task
app = Celery('shop')
@app.task(bind=True, name='shop.send')
def send(self): ...
@shared_task
def later(): ...
@group.task_like
def other(): ...
            ",
            "4 consumer shop.send
            6 consumer later",
        );
    }

    #[test]
    fn subscriptions_name_their_topics() {
        check(
            "worker.py",
            r#"
from confluent_kafka import Consumer
from kafka import KafkaConsumer
import os
TOPIC = "orders"
c = KafkaConsumer("a.b", bootstrap_servers="x")
consumer = Consumer({"group.id": "g"})
consumer.subscribe([TOPIC, os.getenv("OTHER", "other")])
producer.send("nothing")
            "#,
            "6 consumer a.b
            8 consumer orders
            8 consumer env(OTHER or other)
            9 call message nothing (kafka)
            5 constant TOPIC = orders",
        );
        check(
            "worker.py",
            r#"
import pika, aio_pika
result = channel.queue_declare(queue="", exclusive=True)
channel.basic_consume(queue="orders", on_message_callback=f)
async def main():
    queue = await channel.declare_queue("mail", durable=True)
    await queue.consume(f)
            "#,
            "4 consumer orders
            7 consumer mail",
        );
        check(
            "worker.py",
            r#"
from google.cloud import pubsub_v1
subscriber = pubsub_v1.SubscriberClient()
path = subscriber.subscription_path(project, "orders-sub")
subscriber.subscribe(path, callback=f)
            "#,
            "5 consumer orders-sub",
        );
        let text = "import redis\np = redis.Redis().pubsub()\np.subscribe('a')\nobservable.subscribe('b')\n";
        check("a.py", text, "3 consumer a\n2 connects redis ?the own machine");
    }

    #[test]
    fn listeners_of_ones_own_are_given_a_topic_and_a_function() {
        check(
            "app.py",
            r#"
from app.events import Listener, Topics
listeners = [Listener(Topics.CREATED, on_created), Listener("orders.paid", make(x))]
x = Listener(channel, 3)
            "#,
            "3 consumer <app/events#Topics.CREATED>
            3 consumer orders.paid",
        );
        check(
            "app.py",
            "
import pika
class Client:
    def listen(self):
        queue = self.channel.queue_declare(queue='', exclusive=True)
        for key in self.keys:
            self.channel.queue_bind(queue=queue.method.queue, routing_key=key)
        self.channel.basic_consume(queue=queue.method.queue)
            ",
            "",
        );
    }

    #[test]
    fn types_of_messages_are_told_apart() {
        check(
            "worker.py",
            r#"
import redis
r = redis.Redis()
def run(kind):
    name, event = r.blpop(["orders", "users"])
    if event["type"] == "OrderCreated":
        pass
    elif event["id"] == "OtherThing":
        pass
            "#,
            "5 consumer orders
            5 consumer users
            6 consumer OrderCreated
            3 connects redis ?the own machine",
        );
    }

    #[test]
    fn nameko_answers_and_listens() {
        check(
            "service.py",
            "
from nameko.rpc import rpc
from nameko.events import event_handler
class Orders:
    name = 'orders'
    @rpc
    def get(self): ...
    @event_handler('users', 'created')
    def created(self, payload): ...
            ",
            "6 rpc orders.get
            8 consumer created",
        );
    }
}
