//! Helm charts: `Chart.yaml`, `values.yaml` and templates.
//!
//! One file never tells all of a chart, so each says its part, and what lies in one chart's folder is of one chart:
//! `Chart.yaml` its name, `values.yaml` the images (of the chart itself under `image`, of others by the keys that hold an `image`),
//! a template which kind of workload it renders. A template's name is kept as it is written, `{{ … }}` included, and is no name of a unit
//! where it is so. A chart without a template that renders a workload runs nothing: it is an umbrella, or a library.

use memchr::memmem;

use super::kubernetes::{kinds, shape};
use super::{container, is_production, unit, written};
use crate::discover::Kind;
use crate::document::{Node, Shape as NodeShape};
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Deployment, DeploymentTool, Fact, Shape, Text};
use crate::source::last_part;

pub const EXTRACTOR: Extractor = Extractor { name: "helm", wants, applies, extract };

fn wants(kind: Kind, path: &str) -> bool {
    is_production(kind) && matches!(last_part(path), "Chart.yaml" | "Chart.yml" | "values.yaml" | "values.yml")
}

fn applies(input: &Input) -> bool {
    wants(input.kind, input.path) || (is_production(input.kind) && is_template(input))
}

/// Plain manifests among templates are read as what they are.
fn is_template(input: &Input) -> bool {
    let has = |mark: &str| memmem::find(input.text.as_bytes(), mark.as_bytes()).is_some();
    super::is_yaml(input.path)
        && input.path.split('/').any(|folder| folder == "templates")
        && !input.path.split('/').any(|folder| folder == "tests")
        && has("{{")
        && has("apiVersion")
}

fn extract(input: &Input, output: &mut Output) {
    let units = match input.name().split('.').next() {
        _ if is_template(input) => template(input),
        Some("Chart") => chart(input).into_iter().collect(),
        _ => values(input),
    };
    output.facts.extend(units.into_iter().map(Fact::Deployment));
}

fn chart(input: &Input) -> Option<Deployment> {
    let root = input.tree().root()?;
    let is_chart = root.get("apiVersion").or(root.get("version")).is_some();
    let is_library = root.get("type").and_then(Node::scalar) == Some("library");
    let name =
        root.get("name").and_then(written::text).filter(|name| is_chart && !is_library && !written::is_open(&name.value))?;
    Some(unit(DeploymentTool::Helm, name, Shape::Process))
}

fn values(input: &Input) -> Vec<Deployment> {
    let Some(root) = input.tree().root() else { return Vec::new() };
    let mut found = Vec::new();
    if let Some(image) = root.get("image").and_then(image_of) {
        let given = ["fullnameOverride", "nameOverride"].iter().find_map(|key| root.get(key).and_then(written::text));
        let name = given.or_else(|| written::spanned(container::name_of(&image.value), image.at));
        found.extend(name.map(|name| values_unit(name, image, root)));
    }
    for (key, value) in root.entries().take(500).filter(|(key, _)| !matches!(key.scalar(), Some("image" | "global"))) {
        let Some(image) = value.get("image").and_then(image_of) else { continue };
        let name = match key.scalar() {
            Some(key) if key.starts_with("init") => continue,
            // The chart's own container, by a word that is nobody's name.
            Some("container" | "deployment" | "app" | "main" | "controller") => {
                let own = root.get("name").and_then(written::text);
                own.or_else(|| written::spanned(container::name_of(&image.value), image.at))
            }
            _ => written::text(key),
        };
        found.extend(name.map(|name| values_unit(name, image, value)));
    }
    found
}

fn values_unit(name: Text, image: Text, values: Node) -> Deployment {
    let mut deployment = unit(DeploymentTool::Helm, name, Shape::Process);
    deployment.image = Some(image);
    let container_port = ["containerPort", "port"].iter().filter_map(|key| values.get(key));
    let service = ["targetPort", "internalPort", "containerPort", "port"].iter().filter_map(|key| values.at(&["service", key]));
    let number = container_port.chain(service).find_map(|port| written::port(port.scalar()?));
    written::add_port(&mut deployment.ports, number);
    let probes = ["livenessProbe", "readinessProbe", "startupProbe", "probes", "healthcheck"];
    let is_on =
        |probe: Node| probe.get("enabled").and_then(Node::bool) != Some(false) && probe.bool() != Some(false) && !probe.is_null();
    if probes.iter().any(|probe| values.get(probe).is_some_and(is_on)) {
        deployment.probed = Some(true);
    }
    deployment
}

/// `image: registry/orders:1`, or its parts.
fn image_of(node: Node) -> Option<Text> {
    if node.shape() != NodeShape::Mapping {
        return node.text().and_then(|_| written::text(node)).filter(|image| !written::is_open(&image.value));
    }
    let repository = node.get("repository").or(node.get("name"))?;
    let part = |key: &str| node.get(key).and_then(Node::scalar).filter(|text| !text.is_empty() && !written::is_open(text));
    let mut image = String::new();
    if let Some(registry) = part("registry") {
        image.push_str(registry);
        image.push('/');
    }
    image.push_str(repository.scalar().filter(|text| !written::is_open(text))?);
    if let Some(tag) = part("tag") {
        image.push(':');
        image.push_str(tag);
    }
    written::spanned(&image, repository.location())
}

/// What a template renders, read line by line: no engine is run.
fn template(input: &Input) -> Vec<Deployment> {
    let text = input.text;
    if !kinds(text).any(|kind| shape(kind).is_some() && kind != "Service") {
        return Vec::new();
    }
    let mut found: Vec<Deployment> = Vec::new();
    let mut current: Option<Rendered> = None;
    for line in text.lines() {
        let content = line.trim_end();
        if let Some(kind) = content.strip_prefix("kind:") {
            current = match shape(kind.trim()) {
                Some(shape) if kind.trim() != "Service" => Some(Rendered::new(shape)),
                _ => None,
            };
        }
        if content == "---" {
            found.extend(current.take().and_then(Rendered::finish));
        }
        let Some(rendered) = &mut current else { continue };
        let trimmed = content.trim_start().trim_start_matches("- ");
        let value = |key: &str| trimmed.strip_prefix(key).map(|value| value.trim().trim_matches(['"', '\'']));
        if !content.starts_with([' ', '\t']) {
            rendered.in_metadata = content == "metadata:" || (rendered.in_metadata && content.starts_with("{{"));
        } else if rendered.in_metadata && rendered.name.is_none() && content.starts_with("  ") && !content.starts_with("   ") {
            rendered.name = value("name:").and_then(|name| written::spanned(name, input.place_of(name)));
        }
        if let Some(port) = value("containerPort:") {
            written::add_port(&mut rendered.ports, written::port(port));
        }
        rendered.probed |= ["livenessProbe:", "readinessProbe:", "startupProbe:"].iter().any(|probe| trimmed.starts_with(probe));
    }
    found.extend(current.take().and_then(Rendered::finish));
    found
}

/// A workload that a template renders, as far as its lines tell.
struct Rendered {
    shape: Shape,
    in_metadata: bool,
    name: Option<Text>,
    ports: Vec<u16>,
    probed: bool,
}

impl Rendered {
    fn new(shape: Shape) -> Self {
        Rendered { shape, in_metadata: false, name: None, ports: Vec::new(), probed: false }
    }

    fn finish(self) -> Option<Deployment> {
        let mut deployment = unit(DeploymentTool::Helm, self.name?, self.shape);
        deployment.ports = self.ports;
        deployment.probed = (self.shape == Shape::Process).then_some(self.probed);
        Some(deployment)
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn a_chart_says_its_name() {
        check(
            "charts/orders/Chart.yaml",
            "apiVersion: v2\nname: orders\ntype: application\nversion: 1.0.0\n",
            "deployment at=2:7 tool=helm name=orders@2:7 shape=process",
        );
        assert_eq!(read("charts/common/Chart.yaml", "apiVersion: v2\nname: common\ntype: library\n"), "");
    }

    #[test]
    fn values_say_images_and_ports() {
        check(
            "charts/orders/values.yaml",
            "nameOverride: ''
image: {registry: r.io, repository: acme/orders, tag: \"1.2\"}
service: {type: ClusterIP, port: 80, targetPort: 8080}
livenessProbe: {httpGet: {path: /}}
worker:
  image: acme/worker
  livenessProbe: {enabled: false}
db: {enabled: true}
container: {image: acme/own:1}
initContainer: {image: alpine}
global: {image: {repository: x}}
",
            "deployment at=2:37 tool=helm name=orders@2:37 shape=process image=r.io/acme/orders:1.2@2:37 ports=[8080] probed=true
             deployment at=5:1 tool=helm name=worker@5:1 shape=process image=acme/worker@6:10
             deployment at=9:20 tool=helm name=own@9:20 shape=process image=acme/own:1@9:20",
        );
        assert_eq!(read("charts/orders/values.yaml", "replicas: 2\nimage: {tag: latest}\n"), "");
    }

    #[test]
    fn a_template_says_what_it_renders() {
        check(
            "charts/orders/templates/deployment.yaml",
            "{{- if .Values.on }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include \"orders.fullname\" . }}
  labels:
    name: x
spec:
  template:
    spec:
      containers:
        - name: app
          image: {{ .Values.image }}
          ports:
            - containerPort: 8080
          livenessProbe:
            httpGet: {path: /}
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: clean
---
apiVersion: v1
kind: Service
metadata:
  name: orders
{{- end }}
",
            "deployment at=5:9 tool=helm name={{ include \"orders.fullname\" . }}@5:9 shape=process ports=[8080] probed=true
             deployment at=22:9 tool=helm name=clean@22:9 shape=schedule",
        );
        assert_eq!(
            read("charts/orders/templates/service.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .n }}\n"),
            ""
        );
    }
}
