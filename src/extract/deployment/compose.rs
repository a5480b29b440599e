//! Docker Compose and stack files.
//!
//! Each service that has an image, a build or a base in another file comes out as a unit. A service with none of them changes what another
//! file runs: it states its part where it changes what the service is told, and nothing else. A file of another name is read where its
//! services look like Compose's and like nothing else's.

use std::sync::Arc;

use memchr::memmem;

use super::gateways::traefik;
use super::{is_production, is_yaml, unit, variables, written};
use crate::diagnostic::Fault;
use crate::discover::Kind;
use crate::document::{Node, Shape as NodeShape};
use crate::extract::{Extractor, Input, Output, defects};
use crate::facts::{Deployment, DeploymentTool, Fact, Forward, Shape, Text};
use crate::source::{Location, Spanned, last_part};

pub const EXTRACTOR: Extractor = Extractor { name: "compose", wants, applies, extract };

/// How many services of one file are read.
const MOST_SERVICES: usize = 500;

fn wants(kind: Kind, path: &str) -> bool {
    is_production(kind) && is_named(path) && !is_workbench(path)
}

/// `compose.yaml`, `docker-compose.prod.yml`, `docker-stack.yml`, `infra.docker-compose.yaml`.
fn is_named(path: &str) -> bool {
    let name = last_part(path);
    let Some(stem) = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")) else { return false };
    let begins = ["docker-compose", "docker_compose", "dockercompose", "docker-stack"].iter().any(|word| stem.starts_with(word));
    let plain = stem == "compose" || stem.starts_with("compose.") || stem.starts_with("compose-");
    begins || plain || [".docker-compose", "-docker-compose", ".compose", "-compose"].iter().any(|word| stem.ends_with(word))
}

/// What editors and pipelines start to work in.
fn is_workbench(path: &str) -> bool {
    // `compose.tests.yaml` runs tests, whatever else it names.
    let mut words = last_part(path).split(['.', '-', '_']);
    if words.any(|word| matches!(word, "test" | "tests" | "e2e")) {
        return true;
    }
    path.split('/').any(|folder| matches!(folder, ".devcontainer" | ".github" | ".gitlab" | ".circleci" | ".vscode"))
}

fn applies(input: &Input) -> bool {
    let text = input.text.as_bytes();
    let has = |mark: &str| memmem::find(text, mark.as_bytes()).is_some();
    let looks_so =
        || is_yaml(input.path) && (input.text.starts_with("services:") || has("\nservices:")) && (has("image:") || has("build:"));
    is_production(input.kind) && !is_workbench(input.path) && (is_named(input.path) || looks_so())
}

fn extract(input: &Input, output: &mut Output) {
    let named = is_named(input.path);
    if named && defects::report(input, Fault::ManifestInvalid, output) {
        return;
    }
    let Some(root) = input.tree().root() else { return };
    let services = match root.get("services") {
        Some(services) => services,
        // The first form of the format had services at the root.
        None if named && root.entries().any(|(_, service)| runs_something(service)) => root,
        None => return,
    };
    if !named && !is_compose(root, services) {
        return;
    }
    let jobs = awaited(services);
    let links = links(services);
    let mut forwards = Vec::new();
    for (name, service) in services.entries().take(MOST_SERVICES) {
        let base = own_base(services, service);
        let Some(mut deployment) = read(input, root, name, service, base) else { continue };
        if jobs.contains(&&*deployment.name.value) {
            deployment.shape = Shape::Job;
        }
        let linked = links.iter().filter(|(target, _)| *target == &*deployment.name.value);
        linked.for_each(|(_, alias)| add(&mut deployment.aliases, Some(alias.clone())));
        forwards.extend(labels_of_traefik(service, &deployment.name.value));
        output.facts.push(Fact::Deployment(deployment));
    }
    output.facts.extend(traefik::labelled(forwards));
}

/// How many texts of one kind are kept of a service.
const MOST_TEXTS: usize = 50;

/// Adds a text once.
fn add(texts: &mut Vec<Text>, text: Option<Text>) {
    if let Some(text) = text.filter(|text| texts.len() < MOST_TEXTS && !texts.iter().any(|known| known.value == text.value)) {
        texts.push(text);
    }
}

/// By what further names services reach others: `links: [db:database]`.
fn links<'d>(services: Node<'d>) -> Vec<(&'d str, Text)> {
    let links = services.entries().take(MOST_SERVICES).filter_map(|(_, service)| service.get("links"));
    let pair = |link: Node<'d>| {
        let (target, alias) = link.scalar()?.split_once(':')?;
        Some((target, written::spanned(alias, link.location())?))
    };
    let mut found: Vec<(&str, Text)> =
        links.flat_map(|links| links.items().take(MOST_TEXTS)).filter_map(pair).take(MOST_SERVICES).collect();
    found.extend(services.entries().take(MOST_SERVICES).filter_map(|(_, service)| application(service)));
    found
}

/// The name that a sidecar of Dapr gives to the service whose network it shares.
fn application<'d>(sidecar: Node<'d>) -> Option<(&'d str, Text)> {
    let target = sidecar.get("network_mode")?.scalar()?.strip_prefix("service:")?;
    let command = sidecar.get("command")?;
    let words: Vec<&str> = match command.shape() {
        NodeShape::Sequence => command.items().take(100).filter_map(Node::scalar).collect(),
        _ => command.scalar()?.split_whitespace().take(100).collect(),
    };
    let at = words.iter().position(|word| matches!(*word, "-app-id" | "--app-id"))?;
    let name = words.get(at + 1).filter(|name| **name != target)?;
    Some((target, written::spanned(name, command.location())?))
}

/// What Traefik hands on to a service.
fn labels_of_traefik(service: Node, name: &str) -> Vec<Forward> {
    let labels = [service.get("labels"), service.at(&["deploy", "labels"])];
    let mut found: Vec<(&str, &str, Location)> = Vec::new();
    for labels in labels.into_iter().flatten() {
        let pairs = labels.entries().filter_map(|(key, value)| Some((key.scalar()?, value.scalar()?, value.location())));
        let lines = labels.items().filter_map(|label| {
            let (key, value) = label.scalar()?.split_once('=')?;
            Some((key, value, label.location()))
        });
        found.extend(pairs.chain(lines).filter(|(key, _, _)| key.starts_with("traefik.")).take(100));
    }
    if found.is_empty() { Vec::new() } else { traefik::of_labels(name, &found) }
}

fn runs_something(service: Node) -> bool {
    service.shape() == NodeShape::Mapping && ["image", "build", "extends"].iter().any(|key| service.get(key).is_some())
}

/// Whether a file of any name is surely one: all services run something, and no key belongs to another format.
fn is_compose(root: Node, services: Node) -> bool {
    let known = |key: &str| {
        key.starts_with("x-")
            || matches!(key, "services" | "version" | "networks" | "volumes" | "configs" | "secrets" | "name" | "include")
    };
    let all_known = root.entries().all(|(key, _)| key.scalar().is_some_and(known));
    let image = |service: Node| service.get("image").is_none_or(|image| image.scalar().is_some());
    all_known && !services.is_empty() && services.entries().all(|(_, service)| runs_something(service) && image(service))
}

/// Names of services that others wait for to end.
fn awaited<'d>(services: Node<'d>) -> Vec<&'d str> {
    let depends = services.entries().take(MOST_SERVICES).filter_map(|(_, service)| service.get("depends_on"));
    let ends = |node: Node| node.get("condition").and_then(Node::scalar) == Some("service_completed_successfully");
    depends.flat_map(Node::entries).filter(|(_, on)| ends(*on)).filter_map(|(name, _)| name.scalar()).collect()
}

/// The service of the same file that this one extends.
fn own_base<'d>(services: Node<'d>, service: Node<'d>) -> Option<Node<'d>> {
    let extends = service.get("extends")?;
    match extends.get("file") {
        Some(_) => None,
        None => services.get(extends.get("service").unwrap_or(extends).scalar()?),
    }
}

/// What a service of an override file is told beside what the file below it says.
const TOLD: [&str; 9] =
    ["environment", "env_file", "depends_on", "links", "networks", "hostname", "container_name", "volumes", "configs"];

fn read(input: &Input, root: Node, name: Node, service: Node, base: Option<Node>) -> Option<Deployment> {
    let get = |key: &str| service.get(key).or_else(|| base.and_then(|base| base.get(key)));
    let is_own = name.scalar().is_some_and(|name| name != "<<" && !name.starts_with("x-"));
    let runs = runs_something(service);
    if !is_own || !runs && (!is_named(input.path) || !TOLD.iter().any(|key| service.get(key).is_some())) {
        return None;
    }
    let mut deployment = unit(DeploymentTool::Compose, written::text(name)?, Shape::Process);
    read_surroundings(input, root, [Some(service), base], &mut deployment);
    deployment.image = get("image").and_then(written::expanded);
    if let Some(build) = get("build").filter(|build| !build.is_null()) {
        read_build(input, build, &mut deployment);
    }
    deployment.command = written::joined(get("entrypoint").and_then(written::command), get("command").and_then(written::command));
    for port in ["ports", "expose"].iter().filter_map(|key| get(key)).flat_map(Node::items).take(100) {
        written::add_port(&mut deployment.ports, container_port(port));
    }
    let is_off = |check: Node| check.get("disable").and_then(Node::bool) == Some(true);
    deployment.probed = (runs || get("healthcheck").is_some()).then(|| get("healthcheck").is_some_and(|check| !is_off(check)));
    let mode = service.at(&["deploy", "mode"]).and_then(Node::scalar);
    if mode.is_some_and(|mode| mode.ends_with("-job")) {
        deployment.shape = Shape::Job;
    }
    if let Some(labels) = get("labels") {
        let pairs = labels.entries().filter_map(|(key, value)| Some((key.scalar()?, written::text(value)?)));
        let lines = labels.items().filter_map(|label| {
            let (key, value) = label.scalar()?.split_once('=')?;
            Some((key, written::spanned(value, label.location())?))
        });
        let kept = pairs.chain(lines).filter(|(key, _)| !super::secret::is_secret(key)).take(32);
        deployment.labels = kept.map(|(key, value)| (key.into(), value)).collect();
    }
    Some(deployment)
}

/// What a service is told, whom it waits for, by what names and ports it is reached, and what it is given; what it extends comes after it.
fn read_surroundings(input: &Input, root: Node, layers: [Option<Node>; 2], deployment: &mut Deployment) {
    let folder = written::folder(input.path);
    for layer in layers.into_iter().flatten() {
        let get = |key: &str| layer.get(key);
        if let Some(environment) = get("environment") {
            variables::add(&mut deployment.environment, variables::of_node(environment));
        }
        for file in one_or_many(get("env_file")) {
            let path = file.get("path").unwrap_or(file);
            let below = path.scalar().and_then(|text| below(folder, &written::interpolated(text)));
            add(&mut deployment.environment_from, below.map(|below| Spanned::new(below, path.location())));
        }
        for mount in ["volumes", "configs", "secrets"].iter().flat_map(|kind| {
            let mounts = get(kind).into_iter().flat_map(Node::items).take(MOST_TEXTS);
            mounts.filter_map(|mount| if *kind == "volumes" { volume(folder, mount) } else { given(root, folder, kind, mount) })
        }) {
            if deployment.mounts.len() < MOST_TEXTS {
                deployment.mounts.push(mount);
            }
        }
    }
    let [service, base] = layers;
    let get = |key: &str| service.and_then(|service| service.get(key)).or_else(|| base.and_then(|base| base.get(key)));
    for port in get("ports").into_iter().flat_map(Node::items).take(100) {
        deployment.published.extend(published(port).filter(|pair| !deployment.published.contains(pair)));
    }
    // What a service waits for and by what it is called is not inherited.
    let own = |key: &str| service.and_then(|service| service.get(key));
    for on in own("depends_on").into_iter().chain(own("links")) {
        on.items().chain(on.entries().map(|(name, _)| name)).take(MOST_TEXTS).for_each(|name| {
            let target = name.scalar().and_then(|name| name.split(':').next());
            add(&mut deployment.depends_on, target.and_then(|target| written::spanned(target, name.location())));
        });
    }
    let aliases = own("networks").into_iter().flat_map(Node::entries).filter_map(|(_, network)| network.get("aliases"));
    let aliases = aliases.flat_map(Node::items).chain(own("hostname")).chain(own("container_name"));
    let name = deployment.name.value.clone();
    aliases.take(MOST_TEXTS).filter_map(written::expanded).filter(|alias| alias.value != name).for_each(|alias| {
        add(&mut deployment.aliases, Some(alias));
    });
}

fn one_or_many(node: Option<Node>) -> Vec<Node> {
    match node {
        Some(node) if node.shape() == NodeShape::Sequence => node.items().take(MOST_TEXTS).collect(),
        Some(node) => vec![node],
        None => Vec::new(),
    }
}

/// `./nginx.conf:/etc/nginx/nginx.conf:ro`, `data:/var/lib`, `{source: …, target: …}`. What lies elsewhere on the machine is left out.
fn volume(folder: &str, mount: Node) -> Option<(Text, Arc<str>)> {
    let (source, target) = match mount.shape() {
        NodeShape::Mapping => (mount.get("source")?.scalar()?, mount.get("target")?.scalar()?),
        _ => {
            let (source, rest) = split_outside_of_braces(mount.scalar()?)?;
            (source, rest.split(':').next().unwrap_or(rest))
        }
    };
    let source = written::interpolated(source);
    let own = ["${PWD}/", "$PWD/"].iter().find_map(|prefix| source.strip_prefix(prefix));
    let source: Arc<str> = match own {
        Some(own) => below(folder, own)?,
        None if source.starts_with('.') => below(folder, &source)?,
        None if source.starts_with(['/', '~', '$']) || source.contains('\\') => return None,
        None if source.contains('/') => below(folder, &source)?,
        None => (&*source).into(),
    };
    let target = target.trim();
    (target.starts_with('/') && !source.is_empty()).then(|| (Spanned::new(source, mount.location()), target.into()))
}

/// A text before and behind the first colon that is in no `${…}`.
fn split_outside_of_braces(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0u32;
    let at = text.bytes().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        byte == b':' && depth == 0
    })?;
    Some((&text[..at], &text[at + 1..]))
}

/// A file that the top of the document lists under `configs` or `secrets`: `nginx`, `{source: nginx, target: /etc/nginx/nginx.conf}`.
fn given(root: Node, folder: &str, kind: &str, mount: Node) -> Option<(Text, Arc<str>)> {
    let name = mount.get("source").unwrap_or(mount).scalar()?;
    let file = root.at(&[kind, name, "file"])?;
    let source = below(folder, &written::interpolated(file.scalar()?))?;
    let standard = if kind == "configs" { "/" } else { "/run/secrets/" };
    let target = match mount.get("target").and_then(Node::scalar) {
        Some(target) if target.starts_with('/') => target.into(),
        target => format!("{standard}{}", target.unwrap_or(name)).into(),
    };
    Some((Spanned::new(source, file.location()), target))
}

/// `(8080, 80)` of `127.0.0.1:8080:80/tcp`.
fn published(node: Node) -> Option<(u16, u16)> {
    if node.shape() == NodeShape::Mapping {
        let port = |key: &str| written::port(&written::interpolated(node.get(key)?.scalar()?));
        return Some((port("published")?, port("target")?));
    }
    let text = written::interpolated(node.scalar()?);
    let mut parts = text.rsplit(':');
    let inside = written::port(parts.next()?)?;
    Some((written::port(parts.next()?)?, inside))
}

fn read_build(input: &Input, build: Node, deployment: &mut Deployment) {
    let (context, dockerfile, inline) = match build.shape() {
        NodeShape::Mapping => (
            build.get("context").and_then(Node::scalar),
            build.get("dockerfile").and_then(Node::scalar),
            build.get("dockerfile_inline"),
        ),
        _ => (build.scalar(), None, None),
    };
    let context = written::interpolated(context.unwrap_or("."));
    deployment.context = below(written::folder(input.path), &context);
    if let (Some(context), None) = (&deployment.context, inline) {
        deployment.dockerfile = below(context, &written::interpolated(dockerfile.unwrap_or("Dockerfile")));
    }
}

/// A path below a folder. Names of variables stay in it: a file of the environment beside this one may tell them.
fn below(folder: &str, path: &str) -> Option<Arc<str>> {
    if !path.contains("${") {
        return written::below(folder, path);
    }
    let path = path.trim_start_matches("./");
    // What a variable stands for at the beginning may as well lie elsewhere on the machine, or be an address.
    let is_plain = path.len() < 300 && !path.contains("://") && !path.starts_with('/') && !path.contains("..");
    let separator = if folder.is_empty() { "" } else { "/" };
    is_plain.then(|| format!("{folder}{separator}{path}").into())
}

/// The port inside of the container: `80` of `127.0.0.1:8080:80/tcp`. A range of ports is not taken apart.
fn container_port(node: Node) -> Option<u16> {
    let target = node.get("target").unwrap_or(node);
    let text = written::interpolated(target.scalar()?);
    written::port(text.rsplit(':').next()?)
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn services_are_read_with_image_build_and_ports() {
        check(
            "deploy/docker-compose.yml",
            "services:
  orders:
    build:
      context: ..
      dockerfile: src/orders/Dockerfile
    image: ${REGISTRY:-acme}/orders:${TAG:-latest}
    entrypoint: [\"java\", \"-jar\"]
    command: orders.jar --spring.password=x
    ports: [\"8080:80\", \"127.0.0.1:9000:9001/tcp\", 7000, \"3000-3005\"]
    expose: [\"80\", 81]
    healthcheck: {test: curl localhost}
    labels: {com.acme.tier: gold}
    depends_on:
      migrate: {condition: service_completed_successfully}
  migrate: {build: ./migrate}
  db: {image: \"postgres:16\", ports: [{target: 5432, published: 5432}], healthcheck: {disable: true}}
",
            "deployment at=2:3 tool=compose name=orders@2:3 shape=process image=acme/orders:latest@6:12 context= \
             dockerfile=src/orders/Dockerfile command=java -jar orders.jar@7:17 ports=[80, 9001, 7000, 81] probed=true \
             labels=[[com.acme.tier, gold@12:29]] published=[[8080, 80], [9000, 9001]] depends_on=[migrate@14:7]
             deployment at=15:3 tool=compose name=migrate@15:3 shape=job context=deploy/migrate \
             dockerfile=deploy/migrate/Dockerfile probed=false
             deployment at=16:3 tool=compose name=db@16:3 shape=process image=postgres:16@16:15 ports=[5432] probed=false \
             published=[[5432, 5432]]",
        );
    }

    #[test]
    fn services_share_what_they_extend_and_merge() {
        check(
            "compose.prod.yaml",
            "x-app: &app
  image: acme/app
  ports: [\"80\"]
services:
  web: {<<: *app, command: web}
  worker: {extends: {service: web}, command: [work, hard]}
  other: {extends: {file: base.yml, service: other}}
  changed: {environment: {A: b}}
  scaled: {deploy: {replicas: 2}}
",
            "deployment at=5:3 tool=compose name=web@5:3 shape=process image=acme/app@2:10 command=web@5:28 ports=[80] \
             probed=false
             deployment at=6:3 tool=compose name=worker@6:3 shape=process image=acme/app@2:10 command=work hard@6:46 \
             ports=[80] probed=false
             deployment at=7:3 tool=compose name=other@7:3 shape=process probed=false
             deployment at=8:3 tool=compose name=changed@8:3 shape=process environment=[name=A at=8:30 value=text=b]",
        );
    }

    #[test]
    fn services_are_told_who_and_where_others_are() {
        check(
            "deploy/docker-compose.yml",
            "x-env: &env {LOG: info}
services:
  base: {image: b, environment: {SHARED: s, URL: http://base}, volumes: ['./b:/b']}
  orders:
    image: orders
    extends: base
    hostname: orders-host
    container_name: ${NAME:-shop}-orders
    environment: {<<: *env, URL: \"http://${HOST:-billing}:8080\", DB_PASSWORD: x, GIVEN: }
    env_file: [./common.env, {path: ../orders.env}]
    depends_on: {billing: {condition: service_started}, db: {condition: service_healthy}}
    links: [\"db:database\", cache]
    networks: {back: {aliases: [orders.shop]}, front: }
    ports: [\"127.0.0.1:${PORT:-8080}:80/tcp\", 9000, \"3000-3005:3000-3005\", {target: 81, published: \"8081\"}]
    volumes: [\"./nginx.conf:/etc/nginx/nginx.conf:ro\", data:/var/lib, /var/run/docker.sock:/var/run/docker.sock, {type: bind, source: ../web, target: /web}]
    configs: [routes, {source: routes, target: /etc/routes.yml}]
  billing: {image: billing, environment: [A=b, C], env_file: .env, depends_on: [db]}
  db: {image: postgres}
  db-dapr: {image: daprd, network_mode: 'service:db', command: [./daprd, -app-id, db-app]}
configs: {routes: {file: ./routes.yml}}
",
            "deployment at=3:3 tool=compose name=base@3:3 shape=process image=b@3:17 probed=false environment=[name=SHARED \
             at=3:42 value=text=s, name=URL at=3:50 value=text=http://base] mounts=[[deploy/b@3:74, /b]]
             deployment at=4:3 tool=compose name=orders@4:3 shape=process image=orders@5:12 ports=[80, 9000, 81] probed=false \
             aliases=[orders.shop@13:33, orders-host@7:15, shop-orders@8:21] published=[[8080, 80], [8081, 81]] \
             environment=[name=URL at=9:34 value=text=http://${HOST:-billing}:8080, name=DB_PASSWORD at=9:79 value=unknown, \
             name=GIVEN at=9:82 value=unknown, name=LOG at=1:19 value=text=info, name=SHARED at=3:42 value=text=s] \
             environment_from=[deploy/common.env@10:16, orders.env@10:37] depends_on=[billing@11:18, db@11:57, cache@12:28] \
             mounts=[[deploy/nginx.conf@15:15, /etc/nginx/nginx.conf], [data@15:56, /var/lib], [web@15:114, /web], \
             [deploy/routes.yml@20:26, /routes], [deploy/routes.yml@20:26, /etc/routes.yml], [deploy/b@3:74, /b]]
             deployment at=17:3 tool=compose name=billing@17:3 shape=process image=billing@17:20 probed=false \
             environment=[name=A at=17:45 value=text=b, name=C at=17:48 value=unknown] environment_from=[deploy/.env@17:62] \
             depends_on=[db@17:81]
             deployment at=18:3 tool=compose name=db@18:3 shape=process image=postgres@18:15 probed=false \
             aliases=[database@12:13, db-app@19:64]
             deployment at=19:3 tool=compose name=db-dapr@19:3 shape=process image=daprd@19:20 command=./daprd -app-id \
             db-app@19:64 probed=false",
        );
    }

    #[test]
    fn a_context_elsewhere_is_not_known_and_variables_stay() {
        check(
            "deploy/compose.yml",
            "services:\n  a: {build: 'https://github.com/acme/a.git'}\n  b: {build: {context: \"${B}/b\", dockerfile: \"./${FILE}\"}}\n",
            "deployment at=2:3 tool=compose name=a@2:3 shape=process probed=false
             deployment at=3:3 tool=compose name=b@3:3 shape=process context=deploy/${B}/b dockerfile=deploy/${B}/b/${FILE} probed=false",
        );
    }

    #[test]
    fn other_names_are_read_where_the_form_is_sure() {
        let read = |path: &str, text: &str| read(path, text).lines().count();
        assert_eq!(read("docker/app.yml", "services:\n  a: {image: a}\n"), 1);
        assert_eq!(read("docker-compose.yml", "a: {image: a}\nb: {build: .}\n"), 2, "the first form");
        for text in [
            "services:\n  App\\A: {arguments: [x], build: 1}\n  b: {}\n",
            "services:\n  a: {image: a}\nparameters: {b: c}\n",
            "services: [a]\nimage: b\n",
            "services:\n  a: {image: {repository: a}}\n",
        ] {
            assert_eq!(read("config/services.yaml", text), 0, "{text}");
        }
        assert_eq!(read(".devcontainer/docker-compose.yml", "services:\n  a: {image: a}\n"), 0);
    }

    #[test]
    fn a_broken_file_is_told() {
        assert!(read("docker-compose.yml", "services:\n  a: [1\n  b: x\n").contains("manifest-invalid"));
        assert_eq!(read("docker-compose.yml", ""), "");
    }
}
