//! Envoy: routes of its listeners with the clusters that they lead to, joined to the addresses that the same file gives to these.

use rustc_hash::FxHashMap;

use super::{has, name_of, state, target};
use crate::discover::Kind;
use crate::document::{Node, Shape};
use crate::extract::deployment::{is_production, is_yaml};
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Forward, Value};
use crate::source::Location;

/// Every YAML and JSON file is opened for API descriptions; templates of it are asked for by name.
pub const EXTRACTOR: Extractor = Extractor { name: "envoy", wants, applies, extract };

/// How many nodes of one file are looked at.
const MOST_NODES: usize = 200_000;

fn wants(kind: Kind, path: &str) -> bool {
    let name = name_of(path);
    is_production(kind) && path.contains("envoy") && (is_yaml(name) || name.ends_with(".json"))
}

fn applies(input: &Input) -> bool {
    let is_document = is_yaml(input.path) || input.path.ends_with(".json") || wants(input.kind, input.path);
    is_production(input.kind)
        && is_document
        && has(input, "socket_address")
        && (has(input, "clusters") || has(input, "cluster.v3"))
}

/// A route: where it is written, its path, and the cluster that it leads to.
struct Route<'d> {
    at: Location,
    path: Option<&'d str>,
    cluster: &'d str,
}

fn extract(input: &Input, output: &mut Output) {
    let mut clusters: FxHashMap<&str, Vec<Value>> = FxHashMap::default();
    let mut routes: Vec<Route> = Vec::new();
    let mut waiting: Vec<Node> = input.tree().documents().collect();
    waiting.reverse();
    for _ in 0..MOST_NODES {
        let Some(node) = waiting.pop() else { break };
        match node.shape() {
            Shape::Sequence => {
                let items: Vec<Node> = node.items().collect();
                waiting.extend(items.into_iter().rev());
            }
            Shape::Mapping => {
                let endpoints = node.get("load_assignment").or(node.get("hosts"));
                if let (Some(name), Some(endpoints)) = (node.get("name").and_then(Node::scalar), endpoints) {
                    clusters.insert(name, addresses(endpoints));
                    continue;
                }
                if let (Some(matched), Some(route)) = (node.get("match"), node.get("route")) {
                    routes.extend(of_route(matched, route));
                    continue;
                }
                let is_proxy = node.get("stat_prefix").is_some() && node.get("route_config").is_none();
                if let Some(cluster) = node.get("cluster").filter(|_| is_proxy) {
                    routes.extend(cluster.scalar().map(|name| Route { at: cluster.location(), path: None, cluster: name }));
                }
                let values: Vec<Node> = node.entries().map(|(_, value)| value).collect();
                waiting.extend(values.into_iter().rev());
            }
            _ => {}
        }
    }
    let mut forwards = Vec::new();
    for route in routes.iter().take(super::MOST) {
        let forward = |target: Value| Forward { at: route.at, path: route.path.map(Into::into), target };
        if forwards.len() >= super::MOST {
            break;
        }
        match clusters.get(route.cluster).filter(|addresses| !addresses.is_empty()) {
            Some(addresses) => forwards.extend(addresses.iter().cloned().map(forward)),
            None => forwards.push(forward(target::plain(route.cluster))),
        }
    }
    state("envoy", forwards, output);
}

fn of_route<'d>(matched: Node<'d>, route: Node<'d>) -> Vec<Route<'d>> {
    let paths: [&[&str]; 6] =
        [&["prefix"], &["path"], &["path_separated_prefix"], &["safe_regex", "regex"], &["regex"], &["path_template", "pattern"]];
    let path = paths.iter().find_map(|path| matched.at(path)?.scalar());
    let weighted = route.at(&["weighted_clusters", "clusters"]).into_iter().flat_map(Node::items);
    let named = route.get("cluster").into_iter().chain(weighted.take(20).filter_map(|cluster| cluster.get("name")));
    named.filter_map(|name| Some(Route { at: name.location(), path, cluster: name.scalar()? })).collect()
}

/// The addresses of a cluster, wherever they stand below it.
fn addresses(endpoints: Node) -> Vec<Value> {
    let known = FxHashMap::default();
    let mut found = Vec::new();
    let mut waiting = vec![endpoints];
    for _ in 0..1000 {
        let Some(node) = waiting.pop() else { break };
        if let Some(address) = node.get("socket_address") {
            let host = address.get("address").and_then(Node::scalar);
            let port = address.get("port_value").and_then(Node::scalar);
            let text = match (host, port) {
                (Some(host), Some(port)) => format!("{host}:{port}"),
                (Some(host), None) => host.to_owned(),
                _ => continue,
            };
            found.push(target::shell(&text, &known));
            continue;
        }
        waiting.extend(node.items().take(50));
        waiting.extend(node.entries().take(50).map(|(_, value)| value));
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn routes_are_joined_with_clusters() {
        check(
            "envoy/envoy.tmpl.yaml",
            "static_resources:
  listeners:
    - address: {socket_address: {address: 0.0.0.0, port_value: 80}}
      filter_chains:
        - filters:
            - name: http
              typed_config:
                stat_prefix: in
                route_config:
                  virtual_hosts:
                    - name: all
                      routes:
                        - {match: {prefix: /orders}, route: {cluster: orders}}
                        - {match: {path: /old}, redirect: {path_redirect: /new}}
                        - {match: {safe_regex: {regex: '/b/.*'}}, route: {weighted_clusters: {clusters: [{name: billing, weight: 1}]}}}
                        - match: {prefix: /}
                          route: {cluster: web}
  clusters:
    - name: orders
      load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: orders, port_value: 8080}}}}]}]}
    - name: web
      load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: \"${WEB_HOST}\", port_value: \"${WEB_PORT}\"}}}}]}]}
",
            "gateway at=13:71 tool=envoy forwards=[at=13:71 path=/orders target=literal=orders:8080, at=15:113 path=/b/.* \
             target=literal=billing, at=17:44 path=/ target=concat=[env=name=WEB_HOST, literal=:, env=name=WEB_PORT]]",
        );
        assert_eq!(read("a.yaml", "clusters: [{name: a}]\nsocket_address: x\n"), "");
    }
}
