//! What the containers of a pod are told and given: variables, where all of them come from, and what is mounted.

use std::sync::Arc;

use super::super::{variables, written};
use crate::document::Node;
use crate::facts::{Deployment, Text, Variable, VariableValue};

/// How many volumes and mounts of one pod are read.
const MOST: usize = 50;

/// Adds what a container is told and given to its unit. A sidecar's variables are its own.
pub fn add(pod: Node, container: Node, deployment: &mut Deployment) {
    let given = container.get("env").into_iter().flat_map(Node::items).take(variables::MOST);
    variables::add(&mut deployment.environment, given.filter_map(variable).collect());
    let sources = container.get("envFrom").into_iter().flat_map(Node::items).take(MOST);
    let objects = sources.filter_map(|source| source.get("configMapRef").or(source.get("secretRef"))?.get("name"));
    deployment.environment_from.extend(objects.filter_map(written::text));
    let volumes: Vec<(&str, Text)> =
        pod.get("volumes").into_iter().flat_map(Node::items).take(MOST).filter_map(volume_of).collect();
    for mount in container.get("volumeMounts").into_iter().flat_map(Node::items).take(MOST) {
        let (Some(name), Some(path)) = (mount.get("name").and_then(Node::scalar), mount.get("mountPath").and_then(Node::scalar))
        else {
            continue;
        };
        let volume = volumes.iter().find(|(volume, _)| *volume == name);
        deployment.mounts.extend(volume.map(|(_, source)| (source.clone(), Arc::from(path))));
    }
}

fn variable(node: Node) -> Option<Variable> {
    let name = node.get("name")?.scalar()?;
    let value = node.get("value");
    let from = node.get("valueFrom");
    let reference = from.and_then(|from| from.get("configMapKeyRef").or(from.get("secretKeyRef")));
    let at = value.or(reference).or(from).unwrap_or(node).location();
    let text = |key: &str| reference.and_then(|reference| reference.get(key)).and_then(Node::scalar);
    let mut variable = variables::variable(name, value.and_then(Node::scalar), at)?;
    if let (Some(object), Some(key)) = (text("name"), text("key")) {
        variable.value = VariableValue::Key { object: object.into(), key: key.into() };
    }
    // A variable that is named alone is empty.
    if value.is_none_or(Node::is_null) && from.is_none() {
        variable.value = VariableValue::Text("".into());
    }
    Some(variable)
}

/// The name of a volume, and what it holds.
fn volume_of<'d>(volume: Node<'d>) -> Option<(&'d str, Text)> {
    let paths: [&[&str]; 4] =
        [&["configMap", "name"], &["secret", "secretName"], &["persistentVolumeClaim", "claimName"], &["hostPath", "path"]];
    let source = paths.iter().find_map(|path| volume.at(path))?;
    Some((volume.get("name")?.scalar()?, written::text(source)?))
}

/// The labels of a pod, by which names of the network find it.
pub fn labels(labels: Option<Node>) -> Vec<(Arc<str>, Arc<str>)> {
    let entries = labels.into_iter().flat_map(Node::entries).take(32);
    entries.filter_map(|(key, value)| Some((key.scalar()?.into(), value.scalar()?.into()))).collect()
}
