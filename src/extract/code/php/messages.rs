//! Consumers: jobs and listeners of Laravel, handlers of Symfony's Messenger, consumers of queues and topics.

use super::notes;
use super::producers::{self, Brokers};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind, Value};
use crate::source::Location;

pub const FRAMEWORK: Framework = Framework {
    name: "php-messages",
    marks: &[
        "ShouldQueue",
        "AsMessageHandler",
        "MessageHandlerInterface",
        "MessageSubscriberInterface",
        "basic_consume",
        "createConsumer(",
        "TopicSubscriberInterface",
        "RdKafka",
        "Kafka::consumer",
        "Kafka::createConsumer",
        "OldSound\\RabbitMqBundle",
        "ConsumerInterface",
        "->subscribe(",
        "Redis::subscribe",
        "Redis::psubscribe",
        "receiveMessage(",
        "AMQPQueue",
        "Bunny\\",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    for item in code.items() {
        match item.kind {
            ItemKind::Type if code.is(item.start, "class") => class(code, item, output),
            ItemKind::Function => member(code, item, output),
            ItemKind::Type => {}
        }
    }
    let brokers = Brokers::of(code);
    for call in code.calls() {
        consume(code, call, output);
        for (framework, queue) in producers::consumed(code, call, brokers) {
            consumer(output, code.location(call.start..code.after(call.open)), framework, queue);
        }
    }
}

fn consumer(output: &mut Output, at: Location, framework: &str, name: Value) {
    output.facts.push(Fact::Handler(Handler { at, kind: HandlerKind::Consumer, framework: framework.into(), name }));
}

fn class(code: &Code, item: &Item, output: &mut Output) {
    let head: Vec<&str> = (item.name + 1..item.body.start).filter_map(|at| code.word(at)).collect();
    let name = code.text_of(item.name);
    let at = code.at(item.name);
    let is_abstract = (notes::head(code, item.start)..item.start).any(|at| code.is(at, "abstract"));
    if is_abstract {
        return;
    }
    if head.contains(&"ShouldQueue") {
        // Mails and notifications are sent, not handled.
        if !head.iter().any(|base| base.ends_with("Mailable") || base.ends_with("Notification") || base.ends_with("Mail")) {
            consumer(output, at, "laravel-queue", literal(name));
        }
    } else if head.iter().any(|base| matches!(*base, "MessageHandlerInterface" | "MessageSubscriberInterface"))
        || notes::before(code, item).iter().any(|note| note.short() == "AsMessageHandler")
    {
        let invoke = code.items().iter().find(|member| item.body.contains(&member.start) && code.is(member.name, "__invoke"));
        let message = invoke.and_then(|invoke| message(code, invoke)).unwrap_or(name);
        consumer(output, at, "symfony-messenger", literal(message));
    } else if head.contains(&"ConsumerInterface") && code.text.contains("RabbitMqBundle") {
        consumer(output, at, "rabbitmq-bundle", literal(name));
    }
}

fn member(code: &Code, item: &Item, output: &mut Output) {
    if code.is(item.name, "getSubscribedTopics") && code.text.contains("TopicSubscriberInterface") {
        let from = item.body.clone().find(|&at| code.is(at, "return")).map_or(item.body.end, |at| at + 1);
        let end = (from..item.body.end).find(|&end| code.is(end, ";")).unwrap_or(item.body.end);
        for topic in code.literal_list(from..end) {
            consumer(output, topic.at, "enqueue", Value::Literal(topic.value));
        }
        return;
    }
    if !code.text.contains("AsMessageHandler") || code.is(item.name, "__invoke") {
        return;
    }
    if notes::before(code, item).iter().any(|note| note.short() == "AsMessageHandler")
        && let Some(message) = message(code, item)
    {
        consumer(output, code.at(item.name), "symfony-messenger", literal(message));
    }
}

/// The type of the message that a method is given.
fn message<'t>(code: &Code<'t>, method: &Item) -> Option<&'t str> {
    let first = code.parameters(method).into_iter().next()?;
    let name = first.clone().find(|&at| code.text_of(at).starts_with('$'))?;
    code.word(name.checked_sub(1).filter(|of_type| first.contains(of_type))?)
}

fn consume(code: &Code, call: Call, output: &mut Output) {
    let name = code.text_of(call.name);
    let has_receiver = call.start < call.name;
    if !has_receiver || !matches!(name, "basic_consume" | "createConsumer" | "subscribe" | "consumer") {
        return;
    }
    let arguments = code.arguments(call.open);
    let at = code.location(call.start..code.after(call.open));
    match name {
        "basic_consume" => {
            let queue = code.named(&arguments, "queue").or_else(|| arguments.first().cloned());
            let Some(queue) = queue else { return };
            consumer(output, at, "amqp", code.value(queue));
        }
        "createConsumer" if code.text.contains("Interop\\Queue") || code.text.contains("Enqueue\\") => {
            let Some(queue) = arguments.first().cloned() else { return };
            let queue = match code.dotted(queue.clone()).filter(|name| !name.contains('.')) {
                Some(name) => code.assigned(&name, call.name).unwrap_or(queue),
                None => queue,
            };
            // `$context->createQueue('orders')`
            let made = queue.clone().find(|&at| code.is_any(at, &["createQueue", "createTopic"]) && code.is(at + 1, "("));
            let value = made.map_or_else(|| code.value(queue), |made| code.value(code.inside(made + 1)));
            consumer(output, at, "enqueue", value);
        }
        "subscribe" if code.text.contains("RdKafka") => {
            for topic in arguments.first().map_or(Vec::new(), |topics| code.literal_list(topics.clone())) {
                consumer(output, topic.at, "kafka", Value::Literal(topic.value));
            }
        }
        "consumer" | "createConsumer" if code.is(call.start, "Kafka") => {
            for topic in arguments.first().map_or(Vec::new(), |topics| code.literal_list(topics.clone())) {
                consumer(output, topic.at, "kafka", Value::Literal(topic.value));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn subscriptions_of_other_brokers_are_consumers() {
        check(
            "src/a.php",
            "<?php\nRedis::subscribe(['news', 'mail'], function ($m) {});\n$redis->psubscribe(['orders.*'], $f);\n$events->subscribe('trap');",
            "2 consumer news\n2 consumer mail\n3 consumer orders.*",
        );
        check("src/b.php", "<?php\nuse PhpMqtt\\Client\\MqttClient;\n$mqtt->subscribe('a/b', $f, 0);", "3 consumer a/b");
        check(
            "src/c.php",
            "<?php\nuse Aws\\Sqs\\SqsClient;\n$sqs->receiveMessage(['QueueUrl' => getenv('QUEUE_URL')]);",
            "3 consumer env(QUEUE_URL)",
        );
        check("src/d.php", "<?php\n$q = new AMQPQueue($c);\n$q->setName('orders');\n$q->consume($f);", "4 consumer orders");
    }

    #[test]
    fn handlers_of_messages_are_consumers() {
        check(
            "app/Jobs/Bill.php",
            "<?php\nuse Illuminate\\Contracts\\Queue\\ShouldQueue;\nclass Bill implements ShouldQueue { }\nclass Hello extends Mailable implements ShouldQueue { }\nclass Sync { }",
            "3 consumer Bill",
        );
        check(
            "src/Handler.php",
            "<?php\n#[AsMessageHandler]\nclass A { public function __invoke(OrderPlaced $m) {} }\nclass B {\n #[AsMessageHandler]\n public function paid(OrderPaid $m): void {} }\nclass C { public function __invoke(D $d) {} }",
            "3 consumer OrderPlaced\n6 consumer OrderPaid",
        );
        check(
            "src/worker.php",
            "<?php\nuse PhpAmqpLib\\Connection\\AMQPStreamConnection;\n$queue = 'orders';\n$channel->basic_consume($queue, '', false, true);\n$channel->basic_publish($m, '', 'x');",
            "4 consumer orders\n5 call message x (amqp)",
        );
        check(
            "src/enqueue.php",
            "<?php\nuse Interop\\Queue\\Context;\n$q = $context->createQueue('foo');\n$c = $context->createConsumer($q);",
            "4 consumer foo",
        );
    }
}
