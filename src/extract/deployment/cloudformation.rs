//! CloudFormation templates and those of AWS SAM: functions with what triggers them and what they share, and tasks of ECS.
//!
//! A template under any name comes in, as YAML or JSON. Functions are called by their logical names; what they refer to (tables in
//! policies and variables, roles) is `resources`. What other templates define is named as this one names it.

use memchr::memmem;
use rustc_hash::FxHashMap;

use super::container::{self, Container};
use super::{http, is_production, is_yaml, reference, unit, variables, written};
use crate::diagnostic::Fault;
use crate::discover::Kind;
use crate::document::{DefectKind, Node, Shape as NodeShape, template_of};
use crate::extract::{Extractor, Input, Output, defects};
use crate::facts::{Deployment, DeploymentTool, Event, EventKind, Fact, Forward, Gateway, Shape, Text, Value, Variable};

pub const EXTRACTOR: Extractor = Extractor { name: "cloudformation", wants, applies, extract };

const MOST_RESOURCES: usize = 2000;

/// YAML and JSON are opened for API descriptions; only the format's own endings are asked for.
fn wants(kind: Kind, path: &str) -> bool {
    is_production(kind) && (path.ends_with(".template") || path.ends_with(".cfn") || path.ends_with(".cform"))
}

fn applies(input: &Input) -> bool {
    let is_document = is_yaml(input.path) || input.path.ends_with(".json") || wants(input.kind, input.path);
    let marks = ["AWS::Serverless::Function", "AWS::Lambda::Function", "AWS::ECS::TaskDefinition", "AWS::AppRunner::Service"];
    is_production(input.kind)
        && is_document
        && memmem::find(input.text.as_bytes(), b"AWS::").is_some()
        && marks.iter().any(|mark| memmem::find(input.text.as_bytes(), mark.as_bytes()).is_some())
}

fn extract(input: &Input, output: &mut Output) {
    if template_of(input.path, input.tree()).is_some() {
        return;
    }
    let is_broken = input.tree().defects().iter().any(|defect| defect.kind == DefectKind::Syntax);
    let is_sure = ["AWSTemplateFormatVersion", "AWS::Serverless-2016-10-31"].iter().any(|mark| input.text.contains(mark));
    if is_broken && is_sure {
        defects::report(input, Fault::ManifestInvalid, output);
    }
    let Some(root) = input.tree().root() else { return };
    let Some(resources) = root.get("Resources") else { return };
    let globals = root.at(&["Globals", "Function"]);
    let mut found: Vec<Deployment> = Vec::new();
    let mut by_name: FxHashMap<&str, usize> = FxHashMap::default();
    for (name, resource) in resources.entries().take(MOST_RESOURCES) {
        let Some(kind) = resource.get("Type").and_then(Node::scalar) else { continue };
        let Some(properties) = resource.get("Properties") else { continue };
        let units = match kind {
            "AWS::Serverless::Function" => function(input, root, name, resource, properties, globals).into_iter().collect(),
            "AWS::Lambda::Function" => function(input, root, name, resource, properties, None).into_iter().collect(),
            "AWS::ECS::TaskDefinition" => task(name, properties),
            "AWS::AppRunner::Service" => runner(name, properties).into_iter().collect(),
            _ => Vec::new(),
        };
        for unit in units {
            by_name.entry(name.scalar().unwrap_or_default()).or_insert(found.len());
            found.push(unit);
        }
    }
    // What hands events to a function may be a resource of its own.
    for (_, resource) in resources.entries().take(MOST_RESOURCES) {
        let Some(properties) = resource.get("Properties") else { continue };
        for (function, event) in linked(resource, properties) {
            if let Some(&index) = by_name.get(&*function.value) {
                found[index].events.extend(event);
            }
        }
    }
    output.facts.extend(found.into_iter().map(Fact::Deployment));
    output.facts.extend(apis(resources));
}

/// Interfaces that a template defines for themselves, and the functions that they hand requests to.
fn apis(resources: Node) -> Vec<Fact> {
    let mut found: Vec<Gateway> = Vec::new();
    for (name, resource) in resources.entries().take(MOST_RESOURCES) {
        let kind = resource.get("Type").and_then(Node::scalar);
        if matches!(kind, Some("AWS::Serverless::Api" | "AWS::Serverless::HttpApi"))
            && let Some(name) = written::text(name).filter(|_| found.len() < 50)
        {
            found.push(Gateway { at: name.at, tool: "api-gateway".into(), name: Some(name), forwards: Vec::new() });
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    for (name, resource) in resources.entries().take(MOST_RESOURCES) {
        let events = resource.at(&["Properties", "Events"]).into_iter().flat_map(Node::entries).take(200);
        for (_, event) in events {
            let api = ["RestApiId", "ApiId"].iter().find_map(|key| reference::name(event.at(&["Properties", key])?));
            let gateway = api.and_then(|api| found.iter_mut().find(|gateway| is_called(gateway, &api.value)));
            let (Some(gateway), Some(target)) = (gateway, name.scalar()) else { continue };
            let path = event.at(&["Properties", "Path"]);
            let at = path.unwrap_or(event).location();
            let path = path.and_then(Node::scalar).map(Into::into);
            gateway.forwards.push(Forward { at, path, target: Value::Literal(target.into()) });
        }
    }
    found.into_iter().filter(|gateway| !gateway.forwards.is_empty()).map(Fact::Gateway).collect()
}

fn is_called(gateway: &Gateway, name: &str) -> bool {
    gateway.name.as_ref().is_some_and(|own| &*own.value == name)
}

fn function(
    input: &Input,
    root: Node,
    name: Node,
    resource: Node,
    properties: Node,
    globals: Option<Node>,
) -> Option<Deployment> {
    let get = |key: &str| properties.get(key).or_else(|| globals.and_then(|globals| globals.get(key)));
    let mut function = unit(DeploymentTool::Sam, written::text(name)?, Shape::Function);
    function.command = get("Handler").and_then(written::text);
    let metadata = |key: &str| resource.at(&["Metadata", key]).and_then(Node::scalar);
    let is_plain = |node: &Node| node.tag().is_none() && node.scalar().is_some();
    if let Some(context) = metadata("DockerContext") {
        function.context = written::beside(input.path, context);
        let dockerfile = metadata("Dockerfile").unwrap_or("Dockerfile");
        function.dockerfile = function.context.as_ref().and_then(|context| written::below(context, dockerfile));
    } else if let Some(code) = get("CodeUri").or(get("Code")).filter(is_plain) {
        function.context = code.scalar().and_then(|folder| written::beside(input.path, folder));
    }
    let image = get("ImageUri").or_else(|| properties.at(&["Code", "ImageUri"]));
    function.image = image.and_then(|image| reference::name(image).or_else(|| written::text(image)));
    for (_, event) in get("Events").into_iter().flat_map(Node::entries).take(200) {
        function.events.extend(read_event(event));
    }
    let mut resources = Shared { found: Vec::new(), resources: root.get("Resources"), parameters: root.get("Parameters") };
    let policies = get("Policies")
        .into_iter()
        .flat_map(|node| if node.shape() == NodeShape::Mapping { vec![node] } else { node.items().collect() });
    for policy in policies.take(100) {
        // `DynamoDBCrudPolicy: {TableName: …}`, or a statement.
        for (_, what) in policy.entries() {
            what.entries()
                .filter(|(key, _)| key.scalar().is_some_and(|key| key.ends_with("Name")))
                .for_each(|(_, value)| resources.add(value));
        }
        let statements = policy.get("Statement");
        let statements = statements
            .into_iter()
            .flat_map(|node| if node.shape() == NodeShape::Mapping { vec![node] } else { node.items().collect() });
        for resource in statements.filter_map(|statement| statement.get("Resource")) {
            resources.add_all(resource);
        }
    }
    get("Role").into_iter().for_each(|role| resources.add(role));
    for variables in [globals, Some(properties)].into_iter().flatten().filter_map(|node| node.at(&["Environment", "Variables"])) {
        for (_, value) in
            variables.entries().take(200).filter(|(_, value)| value.tag().is_some() || value.shape() == NodeShape::Mapping)
        {
            resources.add(value);
        }
    }
    function.resources = resources.found;
    for holder in [Some(properties), globals].into_iter().flatten() {
        let given = holder.at(&["Environment", "Variables"]);
        variables::add(&mut function.environment, given.map_or(Vec::new(), |given| environment(given, root.get("Parameters"))));
    }
    Some(function)
}

/// Variables as templates give them, `{NAME: value}` or `[{Name: NAME, Value: value}]`: names of resources stand for what only the
/// deployment tells, and parameters for their defaults.
pub fn environment(node: Node, parameters: Option<Node>) -> Vec<Variable> {
    let pairs = node.entries().map(|(name, value)| (Some(name), Some(value)));
    let listed = node.items().map(|item| (item.get("Name").or(item.get("name")), item.get("Value").or(item.get("value"))));
    let variable = |(name, value): (Option<Node>, Option<Node>)| {
        let name = name?;
        let text = value.and_then(reference::text_of);
        let default = text.as_deref().and_then(|text| default_of(text, parameters?));
        variables::variable(name.scalar()?, default.or(text.as_deref()), value.unwrap_or(name).location())
    };
    pairs.chain(listed).take(variables::MOST).filter_map(variable).collect()
}

/// The default of the parameter that is all of a text.
fn default_of<'d>(text: &str, parameters: Node<'d>) -> Option<&'d str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    parameters.get(name)?.get("Default")?.scalar().filter(|default| !default.is_empty())
}

/// Names of what functions share, each once: tables, queues, topics, buckets and roles.
pub struct Shared<'d> {
    pub found: Vec<Text>,
    /// The resources that the template defines.
    pub resources: Option<Node<'d>>,
    /// What it is given: nobody knows what that stands for, but a table or a role is called so.
    pub parameters: Option<Node<'d>>,
}

/// Kinds of resources that hold something for those who use them.
const HOLDERS: [&str; 11] = [
    "AWS::DynamoDB::",
    "AWS::Serverless::SimpleTable",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::S3::Bucket",
    "AWS::IAM::Role",
    "AWS::RDS::",
    "AWS::Kinesis::Stream",
    "AWS::ElastiCache::",
    "AWS::DocDB::",
    "AWS::Events::EventBus",
];

impl Shared<'_> {
    pub fn add(&mut self, value: Node) {
        let Some(name) = reference::name(value) else { return };
        let is_known = self.found.iter().any(|known| known.value == name.value);
        if self.found.len() < 50 && !is_known && !name.value.contains(['$', ' ', '*']) && self.is_shared(value, &name.value) {
            self.found.push(name);
        }
    }

    fn is_shared(&self, value: Node, name: &str) -> bool {
        if let Some(kind) = self.resources.and_then(|resources| resources.get(name)?.get("Type")?.scalar()) {
            return HOLDERS.iter().any(|holder| kind.starts_with(holder));
        }
        if self.parameters.is_some_and(|parameters| parameters.get(name).is_some()) {
            return name.contains("Table") || name.contains("Role");
        }
        // What the template does not define is made for its functions, as their API is.
        let by = value.tag().or_else(|| value.entries().next()?.0.scalar()).unwrap_or_default();
        if self.resources.is_some() && matches!(by, "!Ref" | "!GetAtt" | "Ref" | "Fn::GetAtt") {
            return false;
        }
        // An ARN says of what it is.
        let text = value.scalar().or_else(|| value.entries().next()?.1.scalar()).unwrap_or_default();
        let service = text.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(1));
        let holders = ["dynamodb", "sqs", "sns", "s3", "iam", "kinesis", "rds"];
        service.is_none_or(|service| holders.contains(&service))
    }

    /// One resource, or a list of some.
    pub fn add_all(&mut self, value: Node) {
        if value.shape() == NodeShape::Sequence && value.tag().is_none() {
            value.items().take(50).for_each(|item| self.add(item));
        } else {
            self.add(value);
        }
    }
}

fn read_event(event: Node) -> Vec<Event> {
    let properties = event.get("Properties");
    match event.get("Type").and_then(Node::scalar) {
        Some("CloudWatchEvent" | "EventBridgeRule") => {
            properties.and_then(|properties| properties.get("Pattern")).map_or(Vec::new(), pattern)
        }
        Some(kind) => one_event(event, kind, properties).into_iter().collect(),
        None => Vec::new(),
    }
}

fn one_event(event: Node, kind: &str, properties: Option<Node>) -> Option<Event> {
    let get = |key: &str| properties.and_then(|properties| properties.get(key));
    let named = |kind: EventKind, key: &str| {
        let value = get(key)?;
        let name = reference::name(value).or_else(|| value.items().next().and_then(reference::name))?;
        Some(Event { kind, name })
    };
    match kind {
        "Api" | "HttpApi" => {
            let path = get("Path");
            let method = get("Method").and_then(Node::scalar).unwrap_or("ANY");
            match path.and_then(Node::scalar) {
                Some("$default") | None => Some(http("ANY", "/{proxy+}", path.unwrap_or(event))),
                Some(text) => Some(http(method, text, path.unwrap_or(event))),
            }
        }
        "SQS" => named(EventKind::Queue, "Queue"),
        "MQ" => named(EventKind::Queue, "Queues"),
        "SNS" => named(EventKind::Topic, "Topic"),
        "MSK" | "SelfManagedKafka" => named(EventKind::Topic, "Topics"),
        "DynamoDB" | "Kinesis" => named(EventKind::Stream, "Stream"),
        "DocumentDB" => named(EventKind::Stream, "Cluster"),
        "S3" => named(EventKind::Storage, "Bucket"),
        "Schedule" => named(EventKind::Schedule, "Schedule"),
        "ScheduleV2" => named(EventKind::Schedule, "ScheduleExpression"),
        "Cognito" => named(EventKind::Other, "UserPool"),
        "IoTRule" => named(EventKind::Other, "Sql"),
        "CloudWatchLogs" => named(EventKind::Other, "LogGroupName"),
        _ => Some(Event { kind: EventKind::Other, name: written::text(event.get("Type")?)? }),
    }
}

/// The events of a bus that a pattern lets through: by their type, else by where they come from.
pub fn pattern(pattern: Node) -> Vec<Event> {
    let all = |key: &str| -> Vec<Event> {
        let value = pattern.get(key);
        let names =
            value.into_iter().flat_map(|value| if value.scalar().is_some() { vec![value] } else { value.items().collect() });
        names.take(50).filter_map(|name| Some(Event { kind: EventKind::Topic, name: reference::name(name)? })).collect()
    };
    let types = all("detail-type");
    if types.is_empty() { all("source") } else { types }
}

/// Functions and the events that a resource of its own hands to them.
fn linked(resource: Node, properties: Node) -> Vec<(Text, Vec<Event>)> {
    match resource.get("Type").and_then(Node::scalar) {
        Some("AWS::Lambda::EventSourceMapping") => {
            let Some(function) = properties.get("FunctionName").and_then(reference::name) else { return Vec::new() };
            let source = properties.get("EventSourceArn");
            let event = source.and_then(reference::name).map(|name| {
                let is_stream = properties.get("StartingPosition").is_some();
                Event { kind: if is_stream { EventKind::Stream } else { EventKind::Queue }, name }
            });
            vec![(function, event.into_iter().collect())]
        }
        Some("AWS::Events::Rule") => {
            let schedule = properties.get("ScheduleExpression").and_then(written::text);
            let events = match schedule {
                Some(name) => vec![Event { kind: EventKind::Schedule, name }],
                None => properties.get("EventPattern").map_or(Vec::new(), pattern),
            };
            let targets = properties.get("Targets").into_iter().flat_map(Node::items).take(20);
            targets.filter_map(|target| Some((reference::name(target.get("Arn")?)?, events.clone()))).collect()
        }
        Some("AWS::SNS::Subscription") if properties.get("Protocol").and_then(Node::scalar) == Some("lambda") => {
            let Some(function) = properties.get("Endpoint").and_then(reference::name) else { return Vec::new() };
            let topic = properties.get("TopicArn").and_then(reference::name);
            vec![(function, topic.map(|name| Event { kind: EventKind::Topic, name }).into_iter().collect())]
        }
        _ => Vec::new(),
    }
}

fn task(name: Node, properties: Node) -> Vec<Deployment> {
    let family = properties.get("Family").filter(|family| family.tag().is_none()).and_then(written::text);
    let Some(name) = family.or_else(|| written::text(name)) else { return Vec::new() };
    let containers: Vec<Node> = properties.get("ContainerDefinitions").into_iter().flat_map(Node::items).take(20).collect();
    tasks(name, &containers, DeploymentTool::Sam)
}

/// The containers of an ECS task that are units of their own; keys may begin in lower case, as its JSON has them.
pub fn tasks(name: Text, containers: &[Node], tool: DeploymentTool) -> Vec<Deployment> {
    fn get<'d>(node: Node<'d>, key: &str) -> Option<Node<'d>> {
        let lower = || format!("{}{}", key[..1].to_ascii_lowercase(), &key[1..]);
        node.get(key).or_else(|| node.get(&lower()))
    }
    let of = |node: &Node, key: &str| get(*node, key).and_then(|node| node.scalar()).unwrap_or_default().to_owned();
    let texts: Vec<(String, String)> = containers.iter().map(|node| (of(node, "Name"), of(node, "Image"))).collect();
    let plain: Vec<Container> = texts.iter().map(|(name, image)| Container { name, image }).collect();
    let own = container::own(&plain).into_iter().enumerate().filter_map(|(place, index)| {
        let container = containers[index];
        let name = if place == 0 { name.clone() } else { get(container, "Name").and_then(written::text)? };
        let mut deployment = unit(tool, name, Shape::Process);
        let image = get(container, "Image");
        deployment.image = image.and_then(|image| match image.tag() {
            Some("!Ref") => None,
            _ => written::text(image),
        });
        deployment.command = written::joined(
            get(container, "EntryPoint").and_then(written::command),
            get(container, "Command").and_then(written::command),
        );
        for port in get(container, "PortMappings").into_iter().flat_map(Node::items).take(100) {
            written::add_port(&mut deployment.ports, get(port, "ContainerPort").and_then(Node::scalar).and_then(written::port));
        }
        deployment.probed = Some(get(container, "HealthCheck").is_some());
        deployment.environment = get(container, "Environment").map_or(Vec::new(), |given| environment(given, None));
        let secrets = get(container, "Secrets").into_iter().flat_map(Node::items).filter_map(|secret| get(secret, "Name"));
        let secrets = secrets.filter_map(|name| variables::variable(name.scalar()?, None, name.location()));
        variables::add(&mut deployment.environment, secrets.take(variables::MOST).collect());
        Some(deployment)
    });
    own.collect()
}

fn runner(name: Node, properties: Node) -> Option<Deployment> {
    let mut deployment = unit(DeploymentTool::Sam, written::text(name)?, Shape::Process);
    let repository = properties.at(&["SourceConfiguration", "ImageRepository"]);
    deployment.image = repository.and_then(|node| node.get("ImageIdentifier")).and_then(written::text);
    let port = repository.and_then(|node| node.at(&["ImageConfiguration", "Port"]));
    written::add_port(&mut deployment.ports, port.and_then(Node::scalar).and_then(written::port));
    let given = repository.and_then(|node| node.at(&["ImageConfiguration", "RuntimeEnvironmentVariables"]));
    deployment.environment = given.map_or(Vec::new(), |given| environment(given, None));
    Some(deployment)
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn functions_are_read_with_events_and_what_they_share() {
        check(
            "orders/template.yaml",
            "AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.12
    Environment: {Variables: {TABLE: !Ref Table, LEVEL: !Ref Level, SHARED: !Ref SharedTable, URL: !Ref Api}}
Parameters: {Level: {Type: String}, SharedTable: {Type: String}}
Resources:
  Create:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/create/
      Handler: main.handler
      Events:
        Post: {Type: Api, Properties: {Path: /orders, Method: post}}
        Get: {Type: Api, Properties: {Path: /orders, Method: get, RestApiId: !Ref Api}}
        Any: {Type: HttpApi}
        Queue: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}
        Clock: {Type: Schedule, Properties: {Schedule: rate(5 minutes)}}
        Bus: {Type: EventBridgeRule, Properties: {Pattern: {source: [orders], detail-type: [OrderCreated, OrderPaid]}}}
        Changes: {Type: DynamoDB, Properties: {Stream: !GetAtt Table.StreamArn}}
      Policies:
        - DynamoDBCrudPolicy: {TableName: !Ref Table}
        - Statement: [{Effect: Allow, Action: 'sqs:*', Resource: !GetAtt Dead.Arn}]
        - AWSLambdaBasicExecutionRole
  Plain:
    Type: AWS::Lambda::Function
    Properties: {Handler: a.b, Code: {S3Bucket: x}, Role: !GetAtt Role.Arn}
  Image:
    Type: AWS::Serverless::Function
    Metadata: {DockerContext: ./image, Dockerfile: Dockerfile.prod}
    Properties: {PackageType: Image}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Plain, EventSourceArn: !GetAtt Queue.Arn}
  Rule:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: cron(0 1 * * ? *), Targets: [{Arn: !GetAtt Plain.Arn, Id: a}]}
  Table: {Type: AWS::DynamoDB::Table, Properties: {}}
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: prod}}
  Queue: {Type: AWS::SQS::Queue}
  Dead: {Type: AWS::SQS::Queue}
  Role: {Type: AWS::IAM::Role}
",
            "deployment at=9:3 tool=sam name=Create@9:3 shape=function context=orders/src/create command=main.handler@13:16 \
             events=[kind=http name=POST /orders@15:46, kind=http name=GET /orders@16:45, kind=http name=ANY /{proxy+}@17:14, \
             kind=queue name=Queue@18:56, kind=schedule name=rate(5 minutes)@19:56, kind=topic name=OrderCreated@20:93, \
             kind=topic name=OrderPaid@20:107, kind=stream name=Table@21:64] resources=[Table@23:48, Dead@24:74, \
             SharedTable@6:82] environment=[name=TABLE at=6:43 value=text=${Table}, name=LEVEL at=6:62 value=text=${Level}, \
             name=SHARED at=6:82 value=text=${SharedTable}, name=URL at=6:105 value=text=${Api}]
             deployment at=26:3 tool=sam name=Plain@26:3 shape=function command=a.b@28:27 events=[kind=queue name=Queue@35:68, \
             kind=schedule name=cron(0 1 * * ? *)@38:38] resources=[Role@28:67]
             deployment at=29:3 tool=sam name=Image@29:3 shape=function context=orders/image \
             dockerfile=orders/image/Dockerfile.prod resources=[Table@6:43, SharedTable@6:82] environment=[name=TABLE at=6:43 \
             value=text=${Table}, name=LEVEL at=6:62 value=text=${Level}, name=SHARED at=6:82 value=text=${SharedTable}, \
             name=URL at=6:105 value=text=${Api}]
             gateway at=40:3 tool=api-gateway name=Api@40:3 forwards=[at=16:45 path=/orders target=literal=Create]",
        );
    }

    #[test]
    fn tasks_are_read_with_their_main_container() {
        check(
            "infra/service.template",
            r#"{"Resources": {"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"Family": "orders", "ContainerDefinitions": [
                {"Name": "xray-daemon", "Image": "amazon/aws-xray-daemon"},
                {"Name": "app", "Image": "acme/orders:1", "PortMappings": [{"ContainerPort": 8080}], "HealthCheck": {}}]}}}}"#,
            "deployment at=1:86 tool=sam name=orders@1:86 shape=process image=acme/orders:1@3:42 ports=[8080] probed=true",
        );
    }

    #[test]
    fn what_is_no_template_states_nothing() {
        assert_eq!(read("notes.yaml", "see: AWS::Lambda::Function\n"), "");
        assert_eq!(read("a.json", r#"{"enum": ["AWS::Lambda::Function"], "Resources": {"Type": "string"}}"#), "");
        let broken = "AWSTemplateFormatVersion: x\nResources: [\n  A: {Type: AWS::Lambda::Function\n";
        assert!(read("template.yaml", broken).starts_with("manifest-invalid"));
    }
}
