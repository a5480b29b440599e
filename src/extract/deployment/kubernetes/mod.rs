//! Kubernetes manifests: workloads with their containers, also those of Knative, Argo Rollouts and OpenShift; names of the network, and
//! objects that hold settings.
//!
//! Each workload comes out as one unit with its main container ([`container`] says which). A partial document (a patch of an overlay) has
//! no image and states nothing; what lies in a folder or file called a patch is none either. Templates are left to their charts.

mod network;
pub mod objects;
mod pod;

use memchr::memmem;

use super::container::{self, Container};
use super::gateways::cluster;
use super::{is_production, is_yaml, unit, written};
use crate::discover::Kind;
use crate::document::{Node, template_of};
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Deployment, DeploymentTool, Event, EventKind, Fact, Shape};
use crate::source::last_part;

/// Every YAML file is opened for API descriptions; only hidden folders of deployments are asked for.
pub const EXTRACTOR: Extractor = Extractor { name: "kubernetes", wants, applies, extract };

/// How many objects of one file are read.
const MOST_OBJECTS: usize = 2000;

fn wants(kind: Kind, path: &str) -> bool {
    let folders = [".k8s/", ".kube/", ".kubernetes/", ".deploy/", ".kustomize/"];
    is_production(kind) && is_yaml(path) && folders.iter().any(|folder| path.contains(folder))
}

fn applies(input: &Input) -> bool {
    is_production(input.kind)
        && is_yaml(input.path)
        && memmem::find(input.text.as_bytes(), b"apiVersion").is_some()
        && !is_patch(input.path)
        && kinds(input.text).any(|kind| {
            shape(kind).is_some()
                || matches!(kind, "List" | "Template" | "ConfigMap" | "Secret")
                || cluster::KINDS.contains(&kind)
        })
}

fn is_patch(path: &str) -> bool {
    let name = last_part(path);
    name.contains("patch") || path.split('/').any(|folder| folder == "patches" || folder == "patch")
}

/// The words that stand behind `kind:` in a text.
pub fn kinds(text: &str) -> impl Iterator<Item = &str> {
    memmem::find_iter(text.as_bytes(), b"kind:").map(move |at| {
        let rest = text[at + 5..].trim_start_matches([' ', '\'', '"']);
        &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())]
    })
}

/// How what a kind of object describes is run; none for what runs nothing itself. A `Service` runs something in Knative only.
pub fn shape(kind: &str) -> Option<Shape> {
    match kind {
        "Deployment"
        | "StatefulSet"
        | "DaemonSet"
        | "ReplicaSet"
        | "ReplicationController"
        | "Pod"
        | "Rollout"
        | "DeploymentConfig"
        | "Service" => Some(Shape::Process),
        "Job" => Some(Shape::Job),
        "CronJob" => Some(Shape::Schedule),
        _ => None,
    }
}

fn extract(input: &Input, output: &mut Output) {
    if template_of(input.path, input.tree()).is_some() {
        return;
    }
    let mut waiting: Vec<Node> = input.tree().documents().collect();
    waiting.reverse();
    let mut left = MOST_OBJECTS;
    while let Some(object) = waiting.pop() {
        if left == 0 {
            return;
        }
        left -= 1;
        match object.get("kind").and_then(Node::scalar) {
            Some("List" | "Template") => {
                let items = object.get("items").or(object.get("objects"));
                let mut items: Vec<Node> = items.into_iter().flat_map(Node::items).take(left).collect();
                items.reverse();
                waiting.extend(items);
            }
            Some("Service") if !is_knative(object) => output.facts.extend(network::name(object).map(Fact::NetworkName)),
            Some("ConfigMap" | "Secret") => {
                if let Some((settings, facts)) = objects::read(input, object) {
                    output.facts.push(Fact::SettingsObject(settings));
                    output.facts.extend(facts);
                }
            }
            Some(kind) if cluster::KINDS.contains(&kind) => output.facts.extend(cluster::gateway(kind, object)),
            Some(kind) => output.facts.extend(workload(kind, object).into_iter().map(Fact::Deployment)),
            None => {}
        }
    }
}

/// What is called a service in Knative runs.
fn is_knative(object: Node) -> bool {
    object.get("apiVersion").and_then(Node::scalar).is_some_and(|version| version.starts_with("serving.knative.dev/"))
}

fn workload(kind: &str, object: Node) -> Vec<Deployment> {
    let (Some(shape), Some(spec), Some(metadata)) = (shape(kind), object.get("spec"), object.get("metadata")) else {
        return Vec::new();
    };
    // Tests of a release that are rendered already.
    let hook = metadata.at(&["annotations", "helm.sh/hook"]).and_then(Node::scalar);
    if hook.is_some_and(|hook| hook.contains("test")) {
        return Vec::new();
    }
    let template = match kind {
        "Pod" => Some(object),
        "CronJob" => spec.at(&["jobTemplate", "spec", "template"]),
        _ => spec.get("template"),
    };
    let pod = template.and_then(|template| template.get("spec"));
    let pod_labels = template.and_then(|template| template.at(&["metadata", "labels"]));
    // Dapr's sidecar makes the pod known by a name of its own.
    let application = template.and_then(|template| template.at(&["metadata", "annotations", "dapr.io/app-id"]));
    let containers: Vec<Node> = pod.and_then(|pod| pod.get("containers")).into_iter().flat_map(Node::items).take(20).collect();
    let text = |node: Option<Node<'_>>| node.and_then(|node| node.scalar().map(str::to_owned)).unwrap_or_default();
    let texts: Vec<(String, String)> =
        containers.iter().map(|container| (text(container.get("name")), text(container.get("image")))).collect();
    let plain: Vec<Container> = texts.iter().map(|(name, image)| Container { name, image }).collect();
    let Some(name) = metadata.get("name").or(metadata.get("generateName")).and_then(written::expanded) else { return Vec::new() };
    let own = container::own(&plain).into_iter().enumerate().filter_map(|(place, index)| {
        let container = containers[index];
        let image = container.get("image").and_then(written::expanded)?;
        let name = if place == 0 { name.clone() } else { container.get("name").and_then(written::text)? };
        let mut deployment = unit(DeploymentTool::Kubernetes, name, shape);
        deployment.image = Some(image);
        let get = |key: &str| container.get(key);
        deployment.command = written::joined(get("command").and_then(written::command), get("args").and_then(written::command));
        for port in get("ports").into_iter().flat_map(Node::items).take(100) {
            let number = port.get("containerPort").and_then(Node::scalar).and_then(written::port);
            written::add_port(&mut deployment.ports, number);
        }
        if shape == Shape::Process {
            let probes = ["livenessProbe", "readinessProbe", "startupProbe"];
            deployment.probed = Some(probes.iter().any(|probe| get(probe).is_some_and(|probe| !probe.is_null())));
        }
        deployment.namespace = metadata.get("namespace").and_then(written::text);
        let labels = metadata.get("labels").into_iter().flat_map(Node::entries).take(32);
        deployment.labels = labels.filter_map(|(key, value)| Some((key.scalar()?.into(), written::text(value)?))).collect();
        deployment.selected_by = pod::labels(pod_labels);
        deployment.aliases.extend(application.and_then(written::text).filter(|alias| alias.value != deployment.name.value));
        pod.into_iter().for_each(|pod| pod::add(pod, container, &mut deployment));
        let schedule = spec.get("schedule").filter(|_| shape == Shape::Schedule).and_then(written::text);
        deployment.events.extend(schedule.map(|name| Event { kind: EventKind::Schedule, name }));
        Some(deployment)
    });
    own.collect()
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn workloads_are_read_with_their_main_container() {
        check(
            "k8s/orders.yaml",
            "apiVersion: v1
kind: Service
metadata: {name: orders}
spec: {ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
  namespace: shop
  labels: {app.kubernetes.io/part-of: shop}
spec:
  template:
    metadata: {labels: {app: orders}}
    spec:
      initContainers: [{name: wait, image: busybox}]
      containers:
        - {name: istio-proxy, image: istio/proxyv2}
        - name: server
          image: r.io/acme/orders:1.2
          command: [/orders]
          args: [--port, '80']
          ports: [{containerPort: 80}, {containerPort: 9090, protocol: TCP}]
          readinessProbe: {httpGet: {path: /ready}}
        - {name: relay, image: r.io/acme/relay:1.2}
",
            "network-name at=3:18 name=orders@3:18 ports=[[80, null]]
             deployment at=9:9 tool=kubernetes name=orders@9:9 shape=process image=r.io/acme/orders:1.2@20:18 command=/orders \
             --port 80@21:20 ports=[80, 9090] probed=true namespace=shop@10:14 labels=[[app.kubernetes.io/part-of, \
             shop@11:39]] selected_by=[[app, orders]]
             deployment at=25:18 tool=kubernetes name=relay@25:18 shape=process image=r.io/acme/relay:1.2@25:32 probed=false \
             namespace=shop@10:14 labels=[[app.kubernetes.io/part-of, shop@11:39]] selected_by=[[app, orders]]",
        );
    }

    #[test]
    fn jobs_lists_and_other_kinds_of_workloads_are_read() {
        check(
            "k8s/all.yml",
            "apiVersion: v1
kind: List
items:
  - apiVersion: batch/v1
    kind: CronJob
    metadata: {name: clean}
    spec: {schedule: '0 3 * * *', jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: clean}]}}}}}
  - apiVersion: batch/v1
    kind: Job
    metadata: {generateName: migrate-}
    spec: {template: {spec: {containers: [{name: a, image: migrate}]}}}
  - apiVersion: serving.knative.dev/v1
    kind: Service
    metadata: {name: hello}
    spec: {template: {spec: {containers: [{image: hello}]}}}
  - {apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {helm.sh/hook: test}}, spec: {containers: [{image: x}]}}
",
            "deployment at=6:22 tool=kubernetes name=clean@6:22 shape=schedule image=clean@7:104 \
             events=[kind=schedule name=0 3 * * *@7:22]
             deployment at=10:30 tool=kubernetes name=migrate-@10:30 shape=job image=migrate@11:60
             deployment at=14:22 tool=kubernetes name=hello@14:22 shape=process image=hello@15:51 probed=false",
        );
    }

    #[test]
    fn parts_and_templates_state_nothing() {
        let partial = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: 2}\n";
        assert_eq!(read("overlays/prod/replicas.yaml", partial), "");
        let whole = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n\
                     spec: {template: {spec: {containers: [{name: a, image: a}]}}}\n";
        assert_eq!(read("overlays/prod/image-patch.yaml", whole), "");
        assert!(read("base/a.yaml", whole).starts_with("deployment"));
        assert_eq!(read("base/a.yaml", &whole.replace("name: a}", "name: {{ name }}}")), "");
        assert_eq!(read("a.yaml", "kind: Deployment\n"), "");
    }

    #[test]
    fn pods_are_told_and_given() {
        check(
            "k8s/orders.yaml",
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: orders}
spec:
  template:
    metadata: {labels: {app: orders, tier: back}, annotations: {dapr.io/app-id: orders-app}}
    spec:
      containers:
        - name: orders
          image: orders
          env:
            - {name: BILLING_URL, value: 'http://billing:8080'}
            - {name: PORT, value: 80}
            - {name: DB_HOST, valueFrom: {configMapKeyRef: {name: shop, key: db.host}}}
            - {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}
            - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            - {name: EMPTY}
          envFrom: [{configMapRef: {name: common}}, {secretRef: {name: db}}, {prefix: x}]
          volumeMounts: [{name: conf, mountPath: /etc/conf}, {name: data, mountPath: /data}, {name: gone, mountPath: /x}]
      volumes: [{name: conf, configMap: {name: shop}}, {name: data, persistentVolumeClaim: {claimName: orders-data}}, {name: tmp, emptyDir: {}}]
",
            "deployment at=3:18 tool=kubernetes name=orders@3:18 shape=process image=orders@10:18 probed=false \
             selected_by=[[app, orders], [tier, back]] aliases=[orders-app@6:81] environment=[name=BILLING_URL at=12:42 \
             value=text=http://billing:8080, name=PORT at=13:35 value=text=80, name=DB_HOST at=14:60 value=key=object=shop \
             key=db.host, name=DB_PASSWORD at=15:61 value=key=object=db key=password, name=POD_IP at=16:41 value=unknown, \
             name=EMPTY at=17:15 value=text=] environment_from=[common@18:43, db@18:72] mounts=[[shop@20:48, /etc/conf], \
             [orders-data@20:104, /data]]",
        );
    }

    #[test]
    fn names_of_the_network_are_read() {
        check(
            "k8s/services.yaml",
            "apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{port: 80, targetPort: 8080}, {port: 90}, {port: 91, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: mail}
spec: {type: ExternalName, externalName: smtp.example.com}
",
            "network-name at=3:18 name=orders@3:18 namespace=shop selector=[[app, orders]] ports=[[80, 8080], [90, null], [91, \
             null]]
             network-name at=8:18 name=mail@8:18 external=smtp.example.com",
        );
    }

    #[test]
    fn settings_are_read_without_secrets() {
        check(
            "k8s/settings.yaml",
            "apiVersion: v1
kind: ConfigMap
metadata: {name: shop, namespace: shop}
data:
  BILLING_URL: http://billing:8080
  API_TOKEN: x
  application.yml: |
    spring:
      datasource: {url: 'jdbc:postgresql://a:b@db/orders', password: x}
  config.json: |
    {
      \"ordersHost\": \"orders\", \"apiKey\": \"x\"}
  notes.txt: |
    a
    b
  default.conf: |
    server {
      location /orders { proxy_pass http://orders:8080; }
    }
---
apiVersion: v1
kind: Secret
metadata: {name: db}
data: {host: b3JkZXJzLWRi, password: eA==, cert: //8=}
stringData: {url: 'amqp://a:b@mq'}
",
            "settings-object at=3:18 name=shop@3:18 namespace=shop entries=[[BILLING_URL, http://billing:8080@5:16], \
             [spring.datasource.url, jdbc:postgresql://db/orders@9:25], [ordersHost, orders@12:21]]
             gateway at=18:26 tool=nginx name=shop@3:18 forwards=[at=18:26 path=/orders target=literal=http://orders:8080]
             settings-object at=23:18 name=db@23:18 entries=[[host, orders-db@24:14], [url, amqp://mq@25:19]]",
        );
    }
}
