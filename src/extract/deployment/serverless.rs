//! `serverless.yml` of the Serverless Framework: functions with what triggers them and what they share.
//!
//! A function's `namespace` is the service that the file describes, its `context` the folder that it is packed from. Values of the file
//! itself (`${self:custom.table}`) are filled in; what other files and the command line give stays as written. Functions that another
//! file describes are not known here.

use super::cloudformation::{self, Shared, pattern};
use super::{http, is_production, is_yaml, reference, unit, variables, written};
use crate::diagnostic::Fault;
use crate::discover::Kind;
use crate::document::{Node, Shape as NodeShape};
use crate::extract::{Extractor, Input, Output, defects};
use crate::facts::{Deployment, DeploymentTool, Event, EventKind, Fact, Shape, Text, VariableValue};
use crate::source::{Spanned, last_part};

pub const EXTRACTOR: Extractor = Extractor { name: "serverless", wants, applies: |input| wants(input.kind, input.path), extract };

const MOST_FUNCTIONS: usize = 500;

fn wants(kind: Kind, path: &str) -> bool {
    let name = last_part(path);
    is_production(kind) && is_yaml(name) && (name.starts_with("serverless.") || name.starts_with("serverless-"))
}

fn extract(input: &Input, output: &mut Output) {
    if defects::report(input, Fault::ManifestInvalid, output) {
        return;
    }
    let Some(root) = input.tree().root() else { return };
    let Some(provider) = root.get("provider") else { return };
    let service = root.get("service").map(|service| service.get("name").unwrap_or(service)).and_then(written::text);
    let functions = root.get("functions").into_iter();
    let functions =
        functions.flat_map(|node| if node.shape() == NodeShape::Sequence { node.items().collect() } else { vec![node] });
    for (name, function) in functions.flat_map(Node::entries).take(MOST_FUNCTIONS) {
        if function.shape() != NodeShape::Mapping {
            continue;
        }
        let read = read(input, root, provider, name, function);
        output.facts.extend(read.map(|read| Fact::Deployment(Deployment { namespace: service.clone(), ..read })));
    }
}

fn read(input: &Input, root: Node, provider: Node, name: Node, function: Node) -> Option<Deployment> {
    let mut read = unit(DeploymentTool::Serverless, written::text(name)?, Shape::Function);
    read.command = function.get("handler").and_then(written::text);
    let module = function.get("module").and_then(Node::scalar).unwrap_or(".");
    read.context = written::beside(input.path, module);
    if let Some(image) = function.get("image") {
        let name = image.get("name").unwrap_or(image);
        // The name of an image that the provider's section tells how to build.
        let built = name.scalar().and_then(|name| provider.at(&["ecr", "images", name]));
        match built.and_then(|built| built.get("path")).and_then(Node::scalar) {
            Some(path) => {
                read.context = written::beside(input.path, path);
                let file = built.and_then(|built| built.get("file")).and_then(Node::scalar).unwrap_or("Dockerfile");
                read.dockerfile = read.context.as_ref().and_then(|context| written::below(context, file));
            }
            None => {
                read.image = built.and_then(|built| built.get("uri")).or(Some(name)).and_then(written::text);
                read.context = None;
            }
        }
    }
    let events = function.get("events").into_iter().flat_map(Node::items).take(200);
    read.events = events.flat_map(event).map(|event| Event { name: filled(root, event.name), ..event }).collect();
    let mut shared = Shared { found: Vec::new(), resources: root.at(&["resources", "Resources"]), parameters: None };
    function.get("role").into_iter().chain(provider.at(&["iam", "role"])).for_each(|role| shared.add(role));
    for holder in [function, provider] {
        let statements = [holder.get("iamRoleStatements"), holder.at(&["iam", "role", "statements"])];
        let statements = statements.into_iter().flatten().flat_map(Node::items).take(200);
        statements.filter_map(|statement| statement.get("Resource")).for_each(|resource| shared.add_all(resource));
        let variables = holder.get("environment").into_iter().flat_map(Node::entries).take(200);
        let is_reference = |value: &Node| value.tag().is_some() || value.shape() == NodeShape::Mapping;
        variables.map(|(_, value)| value).filter(is_reference).for_each(|value| shared.add(value));
    }
    read.resources = shared.found;
    for holder in [function, provider] {
        let given = holder.get("environment").map_or(Vec::new(), |given| cloudformation::environment(given, None));
        variables::add(&mut read.environment, given);
    }
    for variable in &mut read.environment {
        if let VariableValue::Text(text) = &mut variable.value {
            *text = filled(root, Spanned::new(text.clone(), variable.at)).value;
        }
    }
    Some(read)
}

fn event(node: Node) -> Vec<Event> {
    let (key, value) = match node.shape() {
        NodeShape::Mapping => match node.entries().next() {
            Some(entry) => entry,
            None => return Vec::new(),
        },
        _ => (node, node),
    };
    if matches!(key.scalar(), Some("eventBridge" | "cloudwatchEvent"))
        && value.get("schedule").is_none()
        && let Some(events) = value.get("pattern").or(value.get("event")).map(pattern).filter(|events| !events.is_empty())
    {
        return events;
    }
    one_event(key, value).into_iter().collect()
}

fn one_event(key: Node, value: Node) -> Option<Event> {
    let get = |key: &str| value.get(key);
    let text = |key: &str| get(key).and_then(Node::scalar);
    let named = |kind: EventKind, keys: &[&str]| {
        let source = keys.iter().find_map(|key| get(key)).unwrap_or(value);
        let name = reference::name(source).or_else(|| source.items().next().and_then(reference::name));
        // A mapping whose source can't be told still is a trigger.
        Some(Event { kind, name: name.or_else(|| written::text(key))? })
    };
    match key.scalar()? {
        "http" | "httpApi" if value.shape() == NodeShape::Mapping => {
            Some(http(text("method").unwrap_or("ANY"), text("path")?, get("path")?))
        }
        "http" | "httpApi" => match value.scalar()?.trim() {
            "*" | "true" | "http" | "httpApi" => Some(http("ANY", "/{proxy+}", value)),
            words => match words.split_once(char::is_whitespace) {
                Some((method, path)) => Some(http(method, path.trim(), value)),
                None => Some(http("ANY", words, value)),
            },
        },
        "alb" => Some(http("ANY", path_of_rule(value)?.scalar()?, path_of_rule(value)?)),
        "sqs" => named(EventKind::Queue, &["arn"]),
        "rabbitmq" | "activemq" | "serviceBus" => named(EventKind::Queue, &["queue", "queueName", "queue_name"]),
        "sns" => named(EventKind::Topic, &["topicName", "arn"]),
        "kafka" | "msk" => named(EventKind::Topic, &["topic"]),
        "eventBridge" | "cloudwatchEvent" => match get("schedule") {
            Some(schedule) => Some(Event { kind: EventKind::Schedule, name: written::text(schedule)? }),
            None => named(EventKind::Topic, &["eventBus"]),
        },
        "stream" => named(EventKind::Stream, &["arn"]),
        "schedule" | "timer" => named(EventKind::Schedule, &["rate"]),
        "s3" | "existingS3" => named(EventKind::Storage, &["bucket"]),
        "event" => named(EventKind::Topic, &["resource"]),
        "websocket" => named(EventKind::Other, &["route"]),
        _ => Some(Event { kind: EventKind::Other, name: written::text(key)? }),
    }
}

fn path_of_rule(rule: Node<'_>) -> Option<Node<'_>> {
    let path = rule.at(&["conditions", "path"])?;
    path.items().next().or(Some(path))
}

/// A text with the values that the file itself gives: `${self:custom.table}`.
fn filled(root: Node, text: Text) -> Text {
    if !text.value.contains("${self:") {
        return text;
    }
    let mut read = String::new();
    let mut rest: &str = &text.value;
    while let Some(at) = rest.find("${self:") {
        let Some(end) = rest[at..].find('}') else { break };
        let path: Vec<&str> = rest[at + 7..at + end].split('.').collect();
        read.push_str(&rest[..at]);
        match root.at(&path).and_then(Node::scalar).filter(|value| !value.contains("${") && value.len() < 200) {
            Some(value) => read.push_str(value),
            None => read.push_str(&rest[at..at + end + 1]),
        }
        rest = &rest[at + end + 1..];
    }
    read.push_str(rest);
    Spanned::new(read.into(), text.at)
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn functions_are_read_with_events_and_what_they_share() {
        check(
            "orders/serverless.yml",
            "service: orders
provider:
  name: aws
  runtime: nodejs20.x
  iam: {role: {statements: [{Effect: Allow, Action: 'dynamodb:*', Resource: [!GetAtt Table.Arn]}]}}
  ecr: {images: {worker: {path: ./worker}}}
custom: {queue: orders-queue}
functions:
  create:
    handler: src/create.handler
    events:
      - http: POST /orders
      - http: {path: 'orders/{id}', method: get}
      - httpApi: '*'
      - sqs: arn:aws:sqs:eu-west-1:1:${self:custom.queue}
      - sns: {topicName: placed}
      - schedule: rate(1 hour)
      - schedule: {rate: cron(0 1 * * ? *)}
      - stream: {type: dynamodb, arn: !GetAtt Table.StreamArn}
      - s3: {bucket: invoices}
      - eventBridge: {eventBus: shop, pattern: {source: [cart]}}
      - websocket: $connect
    environment: {TOPIC: !Ref Topic, LEVEL: info, QUEUE: 'x-${self:custom.queue}'}
  worker: {image: worker, module: x}
  other: ${file(other.yml)}
",
            "deployment at=9:3 tool=serverless name=create@9:3 shape=function context=orders command=src/create.handler@10:14 \
             namespace=orders@1:10 events=[kind=http name=POST /orders@12:15, kind=http name=GET /orders/{id}@13:22, kind=http \
             name=ANY /{proxy+}@14:18, kind=queue name=orders-queue@15:14, kind=topic name=placed@16:26, kind=schedule \
             name=rate(1 hour)@17:19, kind=schedule name=cron(0 1 * * ? *)@18:26, kind=stream name=Table@19:47, kind=storage \
             name=invoices@20:22, kind=topic name=cart@21:58, kind=other name=$connect@22:20] resources=[Topic@23:31, \
             Table@5:86] environment=[name=TOPIC at=23:31 value=text=${Topic}, name=LEVEL at=23:45 value=text=info, name=QUEUE \
             at=23:58 value=text=x-orders-queue]
             deployment at=24:3 tool=serverless name=worker@24:3 shape=function context=orders/worker \
             dockerfile=orders/worker/Dockerfile namespace=orders@1:10 resources=[Table@5:86]",
        );
    }

    #[test]
    fn functions_may_come_as_a_list() {
        check(
            "serverless.yaml",
            "service: {name: a}\nprovider: {name: azure}\nfunctions:\n  - hello: {handler: h.x, events: [{http: true}]}\n  - ${file(b.yml)}\n",
            "deployment at=4:5 tool=serverless name=hello@4:5 shape=function context= command=h.x@4:22 namespace=a@1:17 \
             events=[kind=http name=ANY /{proxy+}@4:43]",
        );
    }

    #[test]
    fn a_broken_file_is_told() {
        assert!(read("serverless.yml", "service: [a\nb: c\n").starts_with("manifest-invalid"));
        assert_eq!(read("serverless.yml", "name: a\nfunctions: {x: {}}\n"), "");
    }
}
