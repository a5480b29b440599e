//! Helm charts: `Chart.yaml`, `values.yaml` and templates.
//!
//! One file never tells all of a chart, so each says its part, and what lies in one chart's folder is of one chart:
//! `Chart.yaml` its name, `values.yaml` the images (of the chart itself under `image`, of others by the keys that hold an `image`),
//! a template which kind of workload it renders. A template's name is kept as it is written, `{{ … }}` included, and is no name of a unit
//! where it is so. A chart without a template that renders a workload runs nothing: it is an umbrella, or a library. What templates refer
//! to as `.Values.orders.url` are settings of `values.yaml`.

mod template;

use memchr::memmem;

use super::{container, is_production, settings, unit, variables, written};
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
    match input.name().split('.').next() {
        _ if is_template(input) => output.facts.extend(template::read(input)),
        Some("Chart") => output.facts.extend(chart(input).map(Fact::Deployment)),
        _ => {
            output.facts.extend(values(input).into_iter().map(Fact::Deployment));
            let mut found = Vec::new();
            input.tree().root().into_iter().for_each(|root| settings::flatten(root, ".", None, &mut found));
            if !found.is_empty() {
                output.facts.push(Fact::Settings { settings: found });
            }
        }
    }
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

/// Where charts take variables from, by custom.
const ENVIRONMENTS: [&[&str]; 10] = [
    &["env"],
    &["environment"],
    &["envVars"],
    &["envs"],
    &["extraEnv"],
    &["extraEnvVars"],
    &["environmentVariables"],
    &["config"],
    &["configmap", "data"],
    &["configMap", "data"],
];

fn values_unit(name: Text, image: Text, values: Node) -> Deployment {
    let mut deployment = unit(DeploymentTool::Helm, name, Shape::Process);
    deployment.image = Some(image);
    let container_port = ["containerPort", "port"].iter().filter_map(|key| values.get(key));
    let service = ["targetPort", "internalPort", "containerPort", "port"].iter().filter_map(|key| values.at(&["service", key]));
    let number = container_port.chain(service).find_map(|port| written::port(port.scalar()?));
    written::add_port(&mut deployment.ports, number);
    for given in ENVIRONMENTS.iter().filter_map(|path| values.at(path)) {
        variables::add(&mut deployment.environment, variables::of_node(given));
    }
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
  env: [{name: A, value: b}]
  config: {ORDERS_URL: 'http://orders', DEEP: {x: y}}
db: {enabled: true}
container: {image: acme/own:1}
initContainer: {image: alpine}
global: {image: {repository: x}}
",
            "deployment at=2:37 tool=helm name=orders@2:37 shape=process image=r.io/acme/orders:1.2@2:37 ports=[8080] \
             probed=true
             deployment at=5:1 tool=helm name=worker@5:1 shape=process image=acme/worker@6:10 environment=[name=A at=8:26 \
             value=text=b, name=ORDERS_URL at=9:24 value=text=http://orders]
             deployment at=11:20 tool=helm name=own@11:20 shape=process image=acme/own:1@11:20
             settings settings=[key=service.type value=ClusterIP@3:17, key=service.port value=80@3:34, key=service.targetPort \
             value=8080@3:50, key=livenessProbe.httpGet.path value=/@4:33, key=worker.env[0].name value=A@8:16, \
             key=worker.config.ORDERS_URL value=http://orders@9:24]",
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
    metadata:
      labels:
        {{- include \"orders.labels\" . | nindent 8 }}
        tier: back
    spec:
      containers:
        - name: app
          image: {{ .Values.image }}
          env:
            {{- if .Values.on }}
            - name: BILLING_URL
              value: {{ .Values.billing.url | quote }}
            {{- end }}
            - name: \"DB_HOST\"
              valueFrom:
                configMapKeyRef:
                  name: {{ .Release.Name }}-db
                  key: host
            - name: MODE
              value: \"prod\"
          envFrom:
            - configMapRef:
                name: shop
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
spec:
  type: ClusterIP
  ports:
    - port: 80
      targetPort: 8080
      name: http
    - port: {{ .Values.port }}
  selector:
    {{- include \"orders.labels\" . | nindent 4 }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-db
data:
  host: {{ .Values.db.host }}
  password: x
  file.txt: |
    a: b
{{- end }}
",
            "deployment at=5:9 tool=helm name={{ include \"orders.fullname\" . }}@5:9 shape=process ports=[8080] probed=true \
             selected_by=[[include, orders.labels], [tier, back]] environment=[name=BILLING_URL at=21:22 value=text={{ \
             .Values.billing.url | quote }}, name=DB_HOST at=23:22 value=key=object={{ .Release.Name }}-db key=host, name=MODE \
             at=29:23 value=text=prod] environment_from=[shop@32:23]
             deployment at=41:9 tool=helm name=clean@41:9 shape=schedule
             network-name at=46:9 name=orders@46:9 selector=[[include, orders.labels]] ports=[[80, 8080]]
             settings-object at=60:9 name={{ .Release.Name }}-db@60:9 entries=[[host, {{ .Values.db.host }}@62:9]]",
        );
        assert_eq!(read("charts/orders/templates/tests/service.yaml", "apiVersion: v1\nkind: Service\n{{ .x }}\n"), "");
    }
}
