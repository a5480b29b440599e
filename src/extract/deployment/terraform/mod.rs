//! Terraform: functions, container services, and the like of the large clouds, as far as literals tell.
//!
//! A unit is called by the name that its resource gives as a literal, else by its label. Names that are put together at run time, images
//! that come in as variables and paths below other modules are unknown and left out.

mod cluster;
mod environment;
pub mod hcl;

use std::sync::Arc;

use memchr::memmem;

use super::cloudformation;
use super::container::{self, Container};
use super::{is_production, unit, written};
use crate::discover::Kind;
use crate::discover::language::Language;
use crate::document::{Node, Syntax, parse};
use crate::extract::code::Code;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Deployment, DeploymentTool, Event, EventKind, Fact, Shape, Text, Variable};
use crate::source::{Location, Span, Spanned};
use hcl::{Block, Value};

pub const EXTRACTOR: Extractor = Extractor { name: "terraform", wants, applies, extract };

fn wants(kind: Kind, path: &str) -> bool {
    is_production(kind) && path.ends_with(".tf") && !path.contains(".terraform/")
}

fn applies(input: &Input) -> bool {
    const MARKS: [&str; 11] = [
        "aws_lambda_",
        "aws_ecs_task_definition",
        "aws_apprunner_service",
        "google_cloud",
        "azurerm_",
        "kubernetes_",
        "helm_release",
        "terraform-aws-modules/lambda",
        "terraform-aws-modules/ecs",
        "cloud-run",
        "container_definitions",
    ];
    wants(input.kind, input.path) && MARKS.iter().any(|mark| memmem::find(input.text.as_bytes(), mark.as_bytes()).is_some())
}

fn extract(input: &Input, output: &mut Output) {
    let Some(language) = Language::from_name("HCL") else { return };
    let code = Code::new(language, input.path, input.text);
    let blocks = hcl::blocks(&code);
    let mut found: Vec<(&str, Deployment)> = Vec::new();
    for block in &blocks {
        let units = match (block.kind, block.label(0)) {
            ("resource", kind) => resource(input, kind, block, &blocks),
            ("module", _) => module(input, block).into_iter().collect(),
            _ => Vec::new(),
        };
        let label = if block.kind == "resource" { block.label(1) } else { block.label(0) };
        found.extend(units.into_iter().map(|unit| (label, unit)));
    }
    for block in blocks.iter().filter(|block| block.label(0) == "aws_lambda_event_source_mapping") {
        let function = block.value("function_name").and_then(|value| value.resource());
        let source = block.value("event_source_arn");
        let (Some((_, function)), Some(event)) = (function, source.and_then(|source| source_of(&source))) else { continue };
        if let Some((_, unit)) = found.iter_mut().find(|(label, unit)| *label == function && unit.shape == Shape::Function) {
            unit.events.push(event);
        }
    }
    output.facts.extend(found.into_iter().map(|(_, unit)| Fact::Deployment(unit)));
    let resources = blocks.iter().filter(|block| block.kind == "resource");
    output.facts.extend(resources.filter_map(|block| cluster::object(block.label(0), block)));
}

/// The queue, table or stream that hands events over.
fn source_of(source: &Value) -> Option<Event> {
    let (kind, name) = source.resource()?;
    let kind = match kind {
        "aws_sqs_queue" | "aws_mq_broker" => EventKind::Queue,
        "aws_msk_cluster" => EventKind::Topic,
        "aws_dynamodb_table" | "aws_kinesis_stream" => EventKind::Stream,
        _ => EventKind::Other,
    };
    Some(Event { kind, name: Spanned::new(name.into(), source.code.location(source.range.clone())) })
}

fn resource(input: &Input, kind: &str, block: &Block, all: &[Block]) -> Vec<Deployment> {
    let one = |unit: Option<Deployment>| unit.into_iter().collect();
    match kind {
        "aws_lambda_function" => one(lambda(input, block, all)),
        "aws_ecs_task_definition" => task(block),
        "aws_apprunner_service" => one(plain(block, "service_name", Shape::Process).map(|mut unit| {
            let repository = block.find(&["source_configuration", "image_repository"]);
            unit.image = repository.iter().find_map(|block| literal(block, "image_identifier"));
            let given = block.find(&["source_configuration", "image_repository", "image_configuration"]);
            unit.environment = given_by(&given, "runtime_environment_variables");
            unit
        })),
        "google_cloud_run_service" => one(contained(block, "name", &["template", "spec", "containers"], Shape::Process)),
        "google_cloud_run_v2_service" => one(contained(block, "name", &["template", "containers"], Shape::Process)),
        "google_cloud_run_v2_job" => one(contained(block, "name", &["template", "template", "containers"], Shape::Job)),
        "google_cloudfunctions_function" | "google_cloudfunctions2_function" => one(cloud_function(block)),
        "azurerm_function_app" | "azurerm_linux_function_app" | "azurerm_windows_function_app" => {
            one(plain(block, "name", Shape::Function).map(|unit| with_settings(unit, block)))
        }
        "azurerm_linux_web_app" | "azurerm_windows_web_app" | "azurerm_app_service" => {
            one(plain(block, "name", Shape::Process).map(|unit| with_settings(unit, block)))
        }
        "azurerm_container_app" => one(contained(block, "name", &["template", "container"], Shape::Process)),
        "azurerm_container_app_job" => one(contained(block, "name", &["template", "container"], Shape::Job)),
        "azurerm_container_group" => one(contained(block, "name", &["container"], Shape::Process)),
        "helm_release" => one(release(input, block)),
        _ => {
            let workload = kind.strip_prefix("kubernetes_").map(|kind| kind.trim_end_matches("_v1").trim_end_matches("_v1beta1"));
            let pod: &[&str] = &["spec", "template", "spec", "container"];
            match workload {
                Some("deployment" | "stateful_set" | "daemonset" | "daemon_set" | "replication_controller") => {
                    one(pods(block, pod, Shape::Process))
                }
                Some("job") => one(pods(block, pod, Shape::Job)),
                Some("cron_job") => {
                    let mut unit =
                        pods(block, &["spec", "job_template", "spec", "template", "spec", "container"], Shape::Schedule);
                    if let Some(unit) = &mut unit {
                        let schedule = block.find(&["spec"]).first().and_then(|spec| literal(spec, "schedule"));
                        unit.events.extend(schedule.map(|name| Event { kind: EventKind::Schedule, name }));
                    }
                    one(unit)
                }
                Some("pod") => one(pods(block, &["spec", "container"], Shape::Process)),
                _ => Vec::new(),
            }
        }
    }
}

/// The variables of the first block that gives some.
fn given_by(blocks: &[Block], name: &str) -> Vec<Variable> {
    blocks.iter().find_map(|block| block.value(name)).map_or(Vec::new(), |value| environment::of_map(&value))
}

fn with_settings(unit: Deployment, block: &Block) -> Deployment {
    Deployment { environment: given_by(std::slice::from_ref(block), "app_settings"), ..unit }
}

/// A literal without anything that is known later.
fn literal(block: &Block, name: &str) -> Option<Text> {
    settled(&block.value(name)?)
}

fn settled(value: &Value) -> Option<Text> {
    let text = value.text().filter(|text| !written::is_open(text))?;
    written::spanned(text, value.code.location(value.range.clone()))
}

/// The unit of a resource: called as `attribute` says, or else by its label.
fn plain(block: &Block, attribute: &str, shape: Shape) -> Option<Deployment> {
    let label = || written::spanned(block.labels.last()?, block.code.at(block.at + block.labels.len()));
    Some(unit(DeploymentTool::Terraform, literal(block, attribute).or_else(label)?, shape))
}

fn lambda(input: &Input, block: &Block, all: &[Block]) -> Option<Deployment> {
    let mut unit = plain(block, "function_name", Shape::Function)?;
    unit.command = literal(block, "handler");
    unit.image = literal(block, "image_uri");
    // A file that another block of this file packs from a folder.
    let packed = block.value("filename").and_then(|value| value.resource()).filter(|(kind, _)| *kind == "archive_file");
    let archive = packed.and_then(|(_, name)| {
        all.iter().find(|block| block.kind == "data" && block.label(0) == "archive_file" && block.label(1) == name)
    });
    if let Some(archive) = archive {
        let folder = archive.value("source_dir").and_then(|value| path(input, &value));
        let file =
            || archive.value("source_file").and_then(|value| path(input, &value)).map(|file| written::folder(&file).into());
        unit.context = folder.or_else(file);
    }
    unit.environment = given_by(&block.find(&["environment"]), "variables");
    for variable in block.find(&["environment"]).iter().filter_map(|block| block.value("variables")) {
        for at in variable.range.clone() {
            let value = Value { code: variable.code, range: at..variable.range.end };
            let resource =
                value.resource().filter(|(kind, _)| matches!(*kind, "aws_dynamodb_table" | "aws_sqs_queue" | "aws_sns_topic"));
            if let Some((_, name)) = resource.filter(|_| unit.resources.len() < 50) {
                unit.resources.extend(written::spanned(name, value.code.at(at + 2)));
            }
        }
    }
    Some(unit)
}

/// A path below this module's folder.
fn path(input: &Input, value: &Value) -> Option<Arc<str>> {
    let text = value.text()?;
    let text = text.strip_prefix("${path.module}").map_or(text, |rest| rest.trim_start_matches('/'));
    written::beside(input.path, if text.is_empty() { "." } else { text })
}

fn cloud_function(block: &Block) -> Option<Deployment> {
    let mut unit = plain(block, "name", Shape::Function)?;
    unit.command = literal(block, "entry_point")
        .or_else(|| block.find(&["build_config"]).iter().find_map(|block| literal(block, "entry_point")));
    unit.environment = given_by(std::slice::from_ref(block), "environment_variables");
    if unit.environment.is_empty() {
        unit.environment = given_by(&block.find(&["service_config"]), "environment_variables");
    }
    if let Some(trigger) = block.value("trigger_http").filter(|value| value.written() == "true") {
        let at = trigger.code.location(trigger.range);
        unit.events.push(Event { kind: EventKind::Http, name: Spanned::new("ANY /".into(), at) });
    }
    for trigger in block.find(&["event_trigger"]) {
        let event = literal(&trigger, "event_type");
        let kind = match event.as_ref().map(|event| &*event.value) {
            Some(event) if event.contains("pubsub") => EventKind::Topic,
            Some(event) if event.contains("storage") => EventKind::Storage,
            Some(event) if event.contains("firestore") => EventKind::Stream,
            _ => EventKind::Other,
        };
        let source = ["pubsub_topic", "resource"].iter().find_map(|key| trigger.value(key));
        let name = source.and_then(|value| {
            settled(&value).or_else(|| {
                let name = value.resource()?.1;
                written::spanned(name, value.code.location(value.range.clone()))
            })
        });
        unit.events.extend(name.or(event).map(|name| Event { kind, name }));
    }
    Some(unit)
}

/// A unit with its main container.
fn contained(block: &Block, name: &str, path: &[&str], shape: Shape) -> Option<Deployment> {
    let mut unit = plain(block, name, shape)?;
    fill(&mut unit, &block.find(path));
    Some(unit)
}

fn pods(block: &Block, path: &[&str], shape: Shape) -> Option<Deployment> {
    let metadata = block.find(&["metadata"]);
    let mut unit = plain(block, "name", shape)?;
    if let Some(metadata) = metadata.first() {
        unit = Deployment { namespace: literal(metadata, "namespace"), ..unit };
        if let Some(name) = literal(metadata, "name") {
            unit.at = name.at;
            unit.name = name;
        }
    }
    if let Some((_, to_pod)) = path.split_last().filter(|(_, path)| path.last() == Some(&"spec")) {
        let template = to_pod.split_last().map_or(Vec::new(), |(_, path)| block.find(path));
        let metadata = template.first().unwrap_or(block).find(&["metadata"]);
        let labels = metadata.first().and_then(|metadata| metadata.value("labels"));
        unit.selected_by = labels.map_or(Vec::new(), |labels| cluster::labels(&labels));
    }
    fill(&mut unit, &block.find(path));
    Some(unit)
}

fn fill(unit: &mut Deployment, containers: &[Block]) {
    let text = |value: Option<Value>| value.and_then(|value| value.text().map(str::to_owned)).unwrap_or_default();
    let texts: Vec<(String, String)> =
        containers.iter().map(|block| (text(block.value("name")), text(block.value("image")))).collect();
    let plain: Vec<Container> = texts.iter().map(|(name, image)| Container { name, image }).collect();
    let Some(main) = container::own(&plain).first().map(|index| &containers[*index]) else { return };
    unit.image = literal(main, "image");
    for (kind, key) in [("port", "container_port"), ("ports", "container_port"), ("ports", "port")] {
        for port in main.find(&[kind]) {
            written::add_port(&mut unit.ports, port.value(key).and_then(|value| written::port(value.text()?)));
        }
    }
    unit.environment = environment::of_blocks(&main.find(&["env"]));
    for source in ["config_map_ref", "secret_ref"].iter().flat_map(|kind| main.find(&["env_from", kind])) {
        let name = source.value("name");
        let text = name.as_ref().and_then(environment::text);
        unit.environment_from
            .extend(name.zip(text).and_then(|(name, text)| written::spanned(&text, name.code.location(name.range.clone()))));
    }
    let probes = ["liveness_probe", "readiness_probe", "startup_probe"];
    unit.probed = (unit.shape == Shape::Process).then(|| probes.iter().any(|probe| !main.find(&[probe]).is_empty()));
}

/// The containers of an ECS task: a list of objects that is made to JSON, or JSON itself.
fn task(block: &Block) -> Vec<Deployment> {
    let Some(unit) = plain(block, "family", Shape::Process) else { return Vec::new() };
    let Some(definitions) = block.value("container_definitions") else { return vec![unit] };
    let listed = definitions.argument("jsonencode").map(|list| list.items()).unwrap_or_default();
    if listed.is_empty() {
        return json_task(&unit, &definitions);
    }
    let text =
        |value: &Value<'_, '_>, name: &str| value.get(name).and_then(|value| value.text().map(str::to_owned)).unwrap_or_default();
    let texts: Vec<(String, String)> = listed.iter().map(|item| (text(item, "name"), text(item, "image"))).collect();
    let plain: Vec<Container> = texts.iter().map(|(name, image)| Container { name, image }).collect();
    let own = container::own(&plain).into_iter().enumerate().filter_map(|(place, index)| {
        let item = &listed[index];
        let mut unit = unit.clone();
        if place > 0 {
            unit.name = settled(&item.get("name")?)?;
            unit.at = unit.name.at;
        }
        unit.image = item.get("image").and_then(|value| settled(&value));
        for mapping in item.get("portMappings").map(|list| list.items()).unwrap_or_default() {
            written::add_port(&mut unit.ports, mapping.get("containerPort").and_then(|value| written::port(value.text()?)));
        }
        unit.probed = Some(item.get("healthCheck").is_some());
        unit.environment = item.get("environment").map_or(Vec::new(), |list| environment::of_list(&list));
        Some(unit)
    });
    own.collect()
}

/// JSON in a here-document.
fn json_task(unit: &Deployment, definitions: &Value) -> Vec<Deployment> {
    let document = definitions.document();
    let json = document.and_then(|text| text.find('[').and_then(|start| text.get(start..=text.rfind(']')?)));
    let Some(json) = json else { return vec![unit.clone()] };
    let tree = parse(Syntax::Json, json);
    let containers: Vec<Node> = tree.root().into_iter().flat_map(Node::items).take(20).collect();
    let code = definitions.code;
    let offset = (json.as_ptr() as usize).wrapping_sub(code.text.as_ptr() as usize);
    let in_file = |at: Location| code.location_of(Span::new(at.start as usize + offset, at.end as usize + offset));
    let mut found = cloudformation::tasks(unit.name.clone(), &containers, DeploymentTool::Terraform);
    for task in &mut found {
        for text in task.image.iter_mut().chain(&mut task.command) {
            text.at = in_file(text.at);
        }
        task.environment.iter_mut().for_each(|variable| variable.at = in_file(variable.at));
        if task.name != unit.name {
            task.name.at = in_file(task.name.at);
            task.at = task.name.at;
        }
        task.image = task.image.take().filter(|image| !written::is_open(&image.value));
    }
    if found.is_empty() { vec![unit.clone()] } else { found }
}

/// A chart of this repository that is installed; charts from elsewhere run nothing of this one's.
fn release(input: &Input, block: &Block) -> Option<Deployment> {
    let chart = path(input, &block.value("chart")?).filter(|_| block.value("repository").is_none())?;
    let written = block.value("chart")?.text()?;
    if !written.starts_with(['.', '$']) {
        return None;
    }
    let mut unit = plain(block, "name", Shape::Process)?;
    unit.namespace = literal(block, "namespace");
    unit.context = Some(chart);
    Some(unit)
}

/// Calls of the modules that everybody uses for functions and services.
fn module(input: &Input, block: &Block) -> Option<Deployment> {
    let source = block.value("source")?.text()?;
    if source.starts_with("terraform-aws-modules/lambda/aws") && !source.contains("//") {
        let mut unit = plain(block, "function_name", Shape::Function)?;
        unit.command = literal(block, "handler");
        unit.image = literal(block, "image_uri");
        unit.environment = given_by(std::slice::from_ref(block), "environment_variables");
        unit.context = block.value("source_path").and_then(|value| {
            let first = value.items().into_iter().next().unwrap_or(value);
            path(input, &first)
        });
        return Some(unit);
    }
    if source.starts_with("GoogleCloudPlatform/cloud-run/google") {
        let mut unit = plain(block, "service_name", Shape::Process)?;
        unit.image = literal(block, "image");
        return Some(unit);
    }
    if source.starts_with("terraform-aws-modules/ecs/aws//modules/service") {
        return plain(block, "name", Shape::Process);
    }
    None
}

#[cfg(test)]
mod tests;
