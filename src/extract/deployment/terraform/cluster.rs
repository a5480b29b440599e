//! Names of the network and objects of settings of Kubernetes, as Terraform makes them.

use std::sync::Arc;

use super::super::{kubernetes::objects, secret, written};
use super::hcl::{Block, Value};
use super::{environment, literal, plain};
use crate::facts::{Fact, NetworkName, SettingsObject, Shape, Text};

/// The object of a cluster that a resource makes.
pub fn object(kind: &str, block: &Block) -> Option<Fact> {
    match kind.trim_end_matches("_v1") {
        "kubernetes_service" => Some(Fact::NetworkName(service(block)?)),
        "kubernetes_config_map" | "kubernetes_secret" => Some(Fact::SettingsObject(settings(block)?)),
        _ => None,
    }
}

/// Name and namespace; a name that another file tells is the resource's own.
fn names(block: &Block) -> Option<(Text, Option<Arc<str>>)> {
    let metadata = block.find(&["metadata"]);
    let metadata = metadata.first()?;
    let name = literal(metadata, "name").or_else(|| Some(plain(block, "name", Shape::Process)?.name))?;
    Some((name, literal(metadata, "namespace").map(|namespace| namespace.value)))
}

fn service(block: &Block) -> Option<NetworkName> {
    let (name, namespace) = names(block)?;
    let spec = block.find(&["spec"]);
    let spec = spec.first()?;
    let number = |block: &Block, key: &str| written::port(block.value(key)?.text()?);
    let ports = spec.find(&["port"]).into_iter().filter_map(|port| {
        let own = number(&port, "port")?;
        Some((own, number(&port, "target_port").filter(|target| *target != own)))
    });
    let selector = spec.value("selector").map_or(Vec::new(), |value| labels(&value));
    let external = spec.value("external_name").and_then(|value| environment::text(&value)).map(Into::into);
    Some(NetworkName { at: name.at, name, namespace, selector, ports: ports.collect(), external })
}

/// `{ app = "orders" }`.
pub fn labels(value: &Value) -> Vec<(Arc<str>, Arc<str>)> {
    let entries = value.entries().into_iter().take(32);
    entries.filter_map(|(key, value)| Some((key.into(), environment::text(&value)?.into()))).collect()
}

fn settings(block: &Block) -> Option<SettingsObject> {
    let (name, namespace) = names(block)?;
    let mut found = SettingsObject { at: name.at, name, namespace, entries: Vec::new(), files: Vec::new() };
    for (key, value) in block.value("data")?.entries() {
        let at = value.code.location(value.range.clone());
        let text = environment::text(&value).filter(|_| !secret::is_secret(key));
        found.entries.extend(text.and_then(|text| Some((key.into(), objects::harmless(&text, at)?))));
    }
    Some(found)
}
