//! Messages to the brokers of clouds: SQS, SNS, EventBridge, Kinesis and functions of AWS, Service Bus and Event Hubs, Pub/Sub.

use super::expressions::Expressions;
use super::origins::{self, option};
use super::producers::message;
use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::unknown;
use crate::facts::{Binding, CallKind, CallSite, Fact, Handler, HandlerKind, Value};

/// Requests to AWS in both versions of its library: names, the key of the target, and what facts call the service.
const REQUESTS: [(&[&str], &[&str], &str); 4] = [
    (&["SendMessageCommand", "sendMessage", "SendMessageBatchCommand", "sendMessageBatch"], &["QueueUrl"], "sqs"),
    (&["PublishCommand", "publish", "PublishBatchCommand", "publishBatch"], &["TopicArn", "TargetArn"], "sns"),
    (&["PutRecordCommand", "putRecord", "PutRecordsCommand", "putRecords"], &["StreamName", "DeliveryStreamName"], "kinesis"),
    (&["InvokeCommand", "invoke", "InvokeAsyncCommand"], &["FunctionName"], "lambda"),
];

pub fn site(expressions: &Expressions, call: Call) -> Option<CallSite> {
    let code = expressions.code;
    let name = code.text_of(call.name);
    let first = code.arguments(call.open).into_iter().next()?;
    let value = |range| expressions.value(range);
    if let Some((_, keys, client)) = REQUESTS.iter().find(|(names, ..)| names.contains(&name)) {
        let object = expressions.object(first)?;
        let target = value(option(code, &object, keys)?);
        if *client != "lambda" {
            return Some(message(code, call, client, target));
        }
        let event = option(code, &object, &["InvocationType"]).is_some_and(|range| code.text_in(range).contains("Event"));
        let kind = if event { CallKind::Message } else { CallKind::Pattern };
        return Some(CallSite { kind, name: Some(target.clone()), ..message(code, call, client, target) });
    }
    match name {
        "PutEventsCommand" | "putEvents" => {
            let entries = option(code, &expressions.object(first)?, &["Entries"])?;
            let entry = values::list(code, entries).into_iter().find_map(|entry| expressions.object(entry))?;
            let part = |key: &str| option(code, &entry, &[key]).map(value);
            let target = part("DetailType").unwrap_or_else(|| unknown("set up elsewhere"));
            Some(CallSite { exchange: part("EventBusName"), ..message(code, call, "eventbridge", target) })
        }
        "createSender" if origins::imports(expressions, &["@azure/service-bus"]) => {
            Some(message(code, call, "service-bus", value(first)))
        }
        "EventHubProducerClient" => {
            let target = code.arguments(call.open).into_iter().nth(1)?;
            Some(message(code, call, "event-hubs", value(target)))
        }
        "publish" | "publishMessage" | "publishJSON" | "publishBuffer" => {
            let made = origins::made(expressions, code.receiver(call)).filter(|made| made.name == "topic")?;
            let topic = code.arguments(made.open).into_iter().next()?;
            Some(message(code, call, "pubsub", value(topic)))
        }
        _ => None,
    }
}

/// Subscriptions to topics, and queues that are asked for messages.
pub fn binding(expressions: &Expressions, call: Call, output: &mut Output) {
    let code = expressions.code;
    let arguments = code.arguments(call.open);
    let Some(first) = arguments.first().cloned() else { return };
    let at = code.location(call.name..call.open);
    match code.text_of(call.name) {
        "createSubscription" => {
            let topic = origins::made(expressions, code.receiver(call)).filter(|made| made.name == "topic");
            let topic = topic.and_then(|made| code.arguments(made.open).into_iter().next());
            let (exchange, queue) = match (topic, arguments.get(1)) {
                (Some(topic), _) => (topic, first),
                (None, Some(second)) if !code.is(second.start, "{") => (first, second.clone()),
                _ => return,
            };
            let (exchange, queue) = (expressions.value(exchange), expressions.value(queue));
            output.facts.push(Fact::Binding(Binding { at, exchange, queue, key: None }));
        }
        "ReceiveMessageCommand" | "receiveMessage" => {
            let queue = expressions.object(first).and_then(|object| option(code, &object, &["QueueUrl"]));
            let Some(name) = queue.map(|range| expressions.value(range)) else { return };
            if !matches!(name, Value::Unknown(_)) {
                output.facts.push(Fact::Handler(Handler { at, kind: HandlerKind::Consumer, framework: "sqs".into(), name }));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn brokers_of_clouds_are_sent_messages() {
        check(
            "src/a.ts",
            "import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
            await client.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: x }));
            await sns.publish({ TopicArn: process.env.TOPIC_ARN, Message: x }).promise();
            const params = { Entries: [{ Source: 'shop', DetailType: 'OrderPlaced', EventBusName: process.env.BUS }] };
            await bridge.putEvents(params).promise();
            await lambda.invoke({ FunctionName: 'price', Payload: x });
            client.send(new ReceiveMessageCommand({ QueueUrl: 'q' }));",
            "2 call message env(QUEUE_URL) (sqs)
            3 call message env(TOPIC_ARN) (sns)
            5 call message OrderPlaced exchange env(BUS) (eventbridge)
            6 call pattern price name price (lambda)
            7 consumer q",
        );
        check(
            "src/b.ts",
            "import { PubSub } from '@google-cloud/pubsub';
            const topic = pubsub.topic('orders'); topic.publishMessage({ data });
            await pubsub.createSubscription('orders', 'mails');",
            "2 call message orders (pubsub)
            3 binds mails to orders",
        );
        check(
            "src/c.ts",
            "import { ServiceBusClient } from '@azure/service-bus';\nconst sender = client.createSender(process.env.QUEUE);",
            "2 call message env(QUEUE) (service-bus)",
        );
    }
}
