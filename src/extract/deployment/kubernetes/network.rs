//! Names in the network of a cluster: objects of the kind `Service`.

use super::super::written;
use super::pod;
use crate::document::Node;
use crate::facts::NetworkName;

/// The name that a `Service` gives to pods, or to a host outside of the cluster.
pub fn name(object: Node) -> Option<NetworkName> {
    let (metadata, spec) = (object.get("metadata")?, object.get("spec")?);
    let name = written::expanded(metadata.get("name")?)?;
    let external = spec.get("externalName").and_then(Node::scalar);
    let mut found = NetworkName {
        at: name.at,
        name,
        namespace: metadata.get("namespace").and_then(Node::scalar).map(Into::into),
        selector: pod::labels(spec.get("selector")),
        ports: Vec::new(),
        external: external.map(Into::into),
    };
    for port in spec.get("ports").into_iter().flat_map(Node::items).take(50) {
        let number = |key: &str| written::port(port.get(key)?.scalar()?);
        let Some(own) = number("port") else { continue };
        // A target port by name is one of the container's own: which one, only that tells.
        found.ports.push((own, number("targetPort").filter(|target| *target != own)));
    }
    Some(found)
}
