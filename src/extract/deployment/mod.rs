//! Deployment files: what is run, what images are built from, what pipelines build, and with which settings applications run.
//!
//! Each file here reads one format. What a format leaves to another file (a base of an overlay, a chart's values) stays out: the model
//! joins what several files say of one unit by names and folders.

pub mod cloudformation;
pub mod compose;
pub mod container;
pub mod dapr;
pub mod dockerfile;
pub mod gateways;
pub mod handed_on;
pub mod helm;
pub mod kubernetes;
pub mod kustomize;
pub mod nomad;
pub mod pipeline;
pub mod platform;
pub mod procfile;
pub mod reference;
pub mod secret;
pub mod serverless;
pub mod settings;
pub mod shell;
pub mod skaffold;
pub mod systemd;
pub mod terraform;
pub mod variables;
pub mod written;

#[cfg(test)]
mod tests;

use crate::discover::{Kind, Role};
use crate::document::Node;
use crate::facts::{Deployment, DeploymentTool, Event, EventKind, Shape, Text};
use crate::source::Spanned;

/// A unit of which nothing but its name is known yet.
pub fn unit(tool: DeploymentTool, name: Text, shape: Shape) -> Deployment {
    Deployment {
        at: name.at,
        tool,
        name,
        shape,
        image: None,
        context: None,
        dockerfile: None,
        command: None,
        ports: Vec::new(),
        probed: None,
        namespace: None,
        labels: Vec::new(),
        events: Vec::new(),
        resources: Vec::new(),
        selected_by: Vec::new(),
        aliases: Vec::new(),
        published: Vec::new(),
        environment: Vec::new(),
        environment_from: Vec::new(),
        depends_on: Vec::new(),
        mounts: Vec::new(),
    }
}

/// Only what is deployed for real: not what tests, examples and documents run.
fn is_production(kind: Kind) -> bool {
    kind.role == Role::Production
}

/// The ending of a file that is read as YAML.
fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

/// An operation that a gateway hands to a function: `GET /orders/{id}`.
fn http(method: &str, path: &str, at: Node) -> Event {
    let method = match method.trim() {
        "*" | "" => "ANY".to_owned(),
        method => method.to_ascii_uppercase(),
    };
    let slash = if path.starts_with('/') { "" } else { "/" };
    Event { kind: EventKind::Http, name: Spanned::new(format!("{method} {slash}{path}").into(), at.location()) }
}
