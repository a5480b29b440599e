//! Traefik: routers and services of its dynamic configuration, those of its first version, and labels of containers.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{has, state, target};
use crate::discover::Kind;
use crate::document::Node;
use crate::extract::deployment::{is_production, is_yaml};
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Fact, Forward, Gateway, Value};
use crate::source::Location;

/// YAML is opened for API descriptions already.
pub const EXTRACTOR: Extractor = Extractor { name: "traefik", wants, applies, extract };

fn wants(kind: Kind, path: &str) -> bool {
    is_production(kind) && path.ends_with(".toml") && path.contains("traefik")
}

fn applies(input: &Input) -> bool {
    let is_document = is_yaml(input.path) || wants(input.kind, input.path);
    let is_new = || has(input, "routers") && has(input, "oadBalancer");
    let is_first = || has(input, "frontends") && has(input, "backends");
    is_production(input.kind) && is_document && (is_new() || is_first())
}

fn extract(input: &Input, output: &mut Output) {
    let mut forwards = Vec::new();
    for root in input.tree().documents().take(20) {
        for protocol in ["http", "tcp"].iter().filter_map(|protocol| root.get(protocol)) {
            let services = |name: &str| protocol.at(&["services", name]);
            for (_, router) in protocol.get("routers").into_iter().flat_map(Node::entries).take(super::MOST) {
                let Some(service) = router.get("service") else { continue };
                let name = service.scalar().map(|name| name.split('@').next().unwrap_or(name)).unwrap_or_default();
                let rule = router.get("rule").and_then(Node::scalar).unwrap_or_default();
                let servers = services(name).and_then(|service| {
                    service.at(&["loadBalancer", "servers"]).or_else(|| service.at(&["loadbalancer", "servers"]))
                });
                add(service.location(), rule, servers, &mut forwards);
            }
        }
        for (_, frontend) in root.get("frontends").into_iter().flat_map(Node::entries).take(super::MOST) {
            let Some(backend) = frontend.get("backend") else { continue };
            let rules = frontend.get("routes").into_iter().flat_map(Node::entries).filter_map(|(_, route)| route.get("rule"));
            let rule = rules.take(5).filter_map(Node::scalar).collect::<Vec<_>>().join(" ");
            let servers = backend.scalar().and_then(|name| root.at(&["backends", name, "servers"]));
            add(backend.location(), &rule, servers, &mut forwards);
        }
    }
    state("traefik", forwards, output);
}

/// A forward for each path of a rule and each server, which stand in a list or under names.
fn add(at: Location, rule: &str, servers: Option<Node>, forwards: &mut Vec<Forward>) {
    let known = FxHashMap::default();
    let servers: Vec<Node> =
        servers.map_or(Vec::new(), |servers| servers.items().chain(servers.entries().map(|(_, server)| server)).collect());
    for server in servers.into_iter().take(20) {
        let Some(url) = server.get("url").or(server.get("address")).and_then(Node::scalar) else { continue };
        let target = target::shell(url, &known);
        for path in paths(rule).into_iter().take(super::MOST.saturating_sub(forwards.len())) {
            forwards.push(Forward { at, path, target: target.clone() });
        }
    }
}

/// The paths of a rule: those of ``PathPrefix(`/a`, `/b`)`` or `PathPrefix:/a`. None alone for a rule that asks for no path.
pub fn paths(rule: &str) -> Vec<Option<Arc<str>>> {
    let mut found = Vec::new();
    for (at, _) in rule.match_indices("Path").take(20) {
        let word: usize = rule[at..].bytes().take_while(u8::is_ascii_alphanumeric).count();
        let rest = &rule[at + word..];
        let list = match rest.strip_prefix('(') {
            Some(inner) => &inner[..inner.find(')').unwrap_or(inner.len())],
            None => match rest.strip_prefix(':') {
                Some(list) => list.split([';', ' ']).next().unwrap_or(list),
                None => continue,
            },
        };
        let paths = list.split(',').map(|path| path.trim().trim_matches(['`', '"', '\'']));
        found.extend(paths.filter(|path| path.starts_with('/')).take(20).map(|path| Some(Arc::from(path))));
    }
    if found.is_empty() {
        found.push(None);
    }
    found
}

/// What Traefik hands on to a container by the container's own labels.
pub fn of_labels(service: &str, labels: &[(&str, &str, Location)]) -> Vec<Forward> {
    let value = |wanted: &str| labels.iter().find(|(key, _, _)| *key == wanted).map(|(_, value, _)| *value);
    if value("traefik.enable").is_some_and(|enabled| enabled == "false") {
        return Vec::new();
    }
    let is_port = |key: &str| key == "traefik.port" || key.starts_with("traefik.http.services.") && key.ends_with(".server.port");
    let port = labels.iter().find(|(key, _, _)| is_port(key)).map(|(_, port, _)| *port);
    let is_rule = |key: &str| {
        let is_router = key.starts_with("traefik.http.routers.") || key.starts_with("traefik.tcp.routers.");
        is_router && key.ends_with(".rule") || key == "traefik.frontend.rule"
    };
    let target = match port {
        Some(port) => format!("{service}:{port}"),
        None => service.to_owned(),
    };
    let rules = labels.iter().filter(|(key, _, _)| is_rule(key)).take(20);
    let forward = |at: Location, path| Forward { at, path, target: Value::Literal(target.as_str().into()) };
    rules.flat_map(|(_, rule, at)| paths(rule).into_iter().map(|path| forward(*at, path))).collect()
}

/// The gateway that labels of containers of one file make.
pub fn labelled(forwards: Vec<Forward>) -> Option<Fact> {
    let at = forwards.first()?.at;
    Some(Fact::Gateway(Gateway { at, tool: "traefik".into(), name: None, forwards }))
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn routers_lead_to_servers() {
        check(
            "traefik/dynamic.yml",
            "http:
  routers:
    orders: {rule: 'Host(`a.b`) && PathPrefix(`/orders`, `/carts`)', service: orders}
    web: {rule: 'Host(`a.b`)', service: web@file}
    board: {rule: 'PathPrefix(`/board`)', service: api@internal}
  services:
    orders: {loadBalancer: {servers: [{url: 'http://orders:8080'}]}}
    web: {loadBalancer: {servers: [{url: 'http://web:80'}]}}
",
            "gateway at=3:79 tool=traefik forwards=[at=3:79 path=/orders target=literal=http://orders:8080, at=3:79 \
             path=/carts target=literal=http://orders:8080, at=4:41 target=literal=http://web:80]",
        );
        check(
            "traefik/rules.toml",
            "[frontends.a]\nbackend = 'b'\n[frontends.a.routes.r]\nrule = 'PathPrefix:/a'\n[backends.b.servers.s]\nurl = 'http://a:80'\n",
            "gateway at=2:11 tool=traefik forwards=[at=2:11 path=/a target=literal=http://a:80]",
        );
        assert_eq!(read("a.yml", "http: {routers: {}, services: {a: {loadBalancer: {}}}}\n"), "");
    }

    #[test]
    fn labels_of_containers_are_read() {
        check(
            "compose.yml",
            "services:
  proxy: {image: traefik, labels: [traefik.enable=false]}
  orders:
    image: orders
    labels:
      - traefik.http.routers.o.rule=PathPrefix(`/orders`)
      - traefik.http.services.o.loadbalancer.server.port=8080
  web:
    image: web
    deploy: {labels: {traefik.http.routers.w.rule: 'Host(`a.b`)'}}
",
            "deployment at=2:3 tool=compose name=proxy@2:3 shape=process image=traefik@2:18 probed=false \
             labels=[[traefik.enable, false@2:36]]
             deployment at=3:3 tool=compose name=orders@3:3 shape=process image=orders@4:12 probed=false \
             labels=[[traefik.http.routers.o.rule, PathPrefix(`/orders`)@6:9], \
             [traefik.http.services.o.loadbalancer.server.port, 8080@7:9]]
             deployment at=8:3 tool=compose name=web@8:3 shape=process image=web@9:12 probed=false
             gateway at=6:9 tool=traefik forwards=[at=6:9 path=/orders target=literal=orders:8080, at=10:52 \
             target=literal=web]",
        );
    }
}
