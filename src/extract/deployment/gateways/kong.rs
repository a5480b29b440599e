//! Kong's declarative configuration: services with the routes that lead to them.

use rustc_hash::FxHashMap;

use super::{has, state, target};
use crate::document::Node;
use crate::extract::deployment::{is_production, is_yaml};
use crate::extract::{Extractor, Input, Output};
use crate::facts::Forward;

/// YAML and JSON are opened for API descriptions already.
pub const EXTRACTOR: Extractor = Extractor { name: "kong", wants: |_, _| false, applies, extract };

fn applies(input: &Input) -> bool {
    let is_document = is_yaml(input.path) || input.path.ends_with(".json");
    is_production(input.kind) && is_document && has(input, "_format_version") && has(input, "services")
}

fn extract(input: &Input, output: &mut Output) {
    let known = FxHashMap::default();
    let Some(root) = input.tree().root() else { return };
    let mut forwards = Vec::new();
    // Groups of servers, by the names that services use as their hosts.
    let upstreams: FxHashMap<&str, Node> = root
        .get("upstreams")
        .into_iter()
        .flat_map(Node::items)
        .take(super::MOST)
        .filter_map(|upstream| Some((upstream.get("name")?.scalar()?, upstream)))
        .collect();
    let mut routes: FxHashMap<&str, Vec<Node>> = FxHashMap::default();
    for route in root.get("routes").into_iter().flat_map(Node::items).take(super::MOST) {
        let service = route.get("service").map(|service| service.get("name").unwrap_or(service)).and_then(Node::scalar);
        service.into_iter().for_each(|service| routes.entry(service).or_default().push(route));
    }
    for service in root.get("services").into_iter().flat_map(Node::items).take(super::MOST) {
        let text = |key: &str| service.get(key).and_then(Node::scalar);
        let Some(at) = service.get("url").or(service.get("host")) else { continue };
        let path = text("path").unwrap_or_default();
        let scheme = text("protocol").unwrap_or("http");
        let addresses: Vec<String> = match (text("url"), text("host")) {
            (Some(url), _) => vec![url.to_owned()],
            (None, Some(host)) => match upstreams.get(host) {
                Some(upstream) => {
                    let targets = upstream.get("targets").into_iter().flat_map(Node::items).take(20);
                    targets.filter_map(|to| Some(format!("{scheme}://{}{path}", to.get("target")?.scalar()?))).collect()
                }
                None => {
                    let port = text("port").map(|port| format!(":{port}")).unwrap_or_default();
                    vec![format!("{scheme}://{host}{port}{path}")]
                }
            },
            _ => continue,
        };
        let own = service.get("routes").into_iter().flat_map(Node::items).take(super::MOST);
        let named = text("name").and_then(|name| routes.get(name)).into_iter().flatten().copied();
        let mut paths: Vec<Option<&str>> = Vec::new();
        for route in own.chain(named) {
            let of_route: Vec<Option<&str>> =
                route.get("paths").into_iter().flat_map(Node::items).take(50).map(Node::scalar).collect();
            if of_route.is_empty() { paths.push(None) } else { paths.extend(of_route) }
        }
        for address in &addresses {
            let target = target::shell(address, &known);
            let left = super::MOST.saturating_sub(forwards.len());
            forwards.extend(paths.iter().take(left).map(|path| Forward {
                at: at.location(),
                path: path.map(Into::into),
                target: target.clone(),
            }));
        }
    }
    state("kong", forwards, output);
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn routes_lead_to_services() {
        check(
            "kong/kong.yml",
            "_format_version: '3.0'
services:
  - {name: orders, url: 'http://orders:8080/v1', routes: [{name: a, paths: [/orders, /carts]}]}
  - {name: billing, host: billing, port: 80, protocol: https}
  - {name: shop, host: shop-servers, routes: [{paths: [/shop]}]}
  - {name: unused, url: 'http://unused'}
routes: [{service: {name: billing}, paths: [/billing]}]
upstreams: [{name: shop-servers, targets: [{target: 'shop-1:80'}, {target: 'shop-2:80'}]}]
",
            "gateway at=3:25 tool=kong forwards=[at=3:25 path=/orders target=literal=http://orders:8080/v1, at=3:25 \
             path=/carts target=literal=http://orders:8080/v1, at=4:27 path=/billing target=literal=https://billing:80, \
             at=5:24 path=/shop target=literal=http://shop-1:80, at=5:24 path=/shop target=literal=http://shop-2:80]",
        );
        assert_eq!(read("a.yml", "_format_version: '1'\nservices: []\n"), "");
    }
}
