//! APISIX in its standalone mode: routes with the upstreams that they lead to.

use rustc_hash::FxHashMap;

use super::{has, state, target};
use crate::document::{Node, Shape};
use crate::extract::deployment::{is_production, is_yaml};
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Forward, Value};

/// YAML is opened for API descriptions already.
pub const EXTRACTOR: Extractor = Extractor { name: "apisix", wants: |_, _| false, applies, extract };

fn applies(input: &Input) -> bool {
    is_production(input.kind) && is_yaml(input.path) && has(input, "routes:") && has(input, "upstream") && has(input, "nodes")
}

fn extract(input: &Input, output: &mut Output) {
    let Some(root) = input.tree().root() else { return };
    let by_id = |list: &str| -> FxHashMap<&str, Node> {
        let items = root.get(list).into_iter().flat_map(Node::items).take(super::MOST);
        items.filter_map(|item| Some((item.get("id")?.scalar()?, item))).collect()
    };
    let (upstreams, services) = (by_id("upstreams"), by_id("services"));
    let named = |holder: Node<'_>| {
        holder.get("upstream_id").and_then(Node::scalar).and_then(|id| upstreams.get(id)).map(|upstream| addresses(*upstream))
    };
    let mut forwards = Vec::new();
    for route in root.get("routes").into_iter().flat_map(Node::items).take(super::MOST) {
        let service = route.get("service_id").and_then(Node::scalar).and_then(|id| services.get(id)).copied();
        let of = |holder: Node<'_>| holder.get("upstream").map(addresses).or_else(|| named(holder));
        let Some(targets) = of(route).or_else(|| of(service?)) else { continue };
        let uris = route.get("uris").into_iter().flat_map(Node::items).chain(route.get("uri")).take(50);
        for uri in uris {
            let path = uri.scalar();
            let left = super::MOST.saturating_sub(forwards.len());
            forwards.extend(targets.iter().take(left).cloned().map(|target| Forward {
                at: uri.location(),
                path: path.map(Into::into),
                target,
            }));
        }
    }
    state("apisix", forwards, output);
}

/// `{"host:port": weight}` or `[{host: …, port: …}]`, or the name under which a registry knows them.
fn addresses(upstream: Node) -> Vec<Value> {
    let known = FxHashMap::default();
    if let Some(name) = upstream.get("service_name").and_then(Node::scalar) {
        return vec![target::plain(name)];
    }
    let Some(nodes) = upstream.get("nodes") else { return Vec::new() };
    let texts: Vec<String> = match nodes.shape() {
        Shape::Mapping => nodes.entries().take(20).filter_map(|(name, _)| name.scalar().map(str::to_owned)).collect(),
        _ => {
            let node = |node: Node<'_>| Some(format!("{}:{}", node.get("host")?.scalar()?, node.get("port")?.scalar()?));
            nodes.items().take(20).filter_map(node).collect()
        }
    };
    texts.iter().map(|text| target::shell(text, &known)).collect()
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn routes_lead_to_upstreams() {
        check(
            "apisix/apisix.yaml",
            "routes:
  - {uri: /orders/*, upstream: {nodes: {'orders:8080': 1}, type: roundrobin}}
  - {uris: [/a, /b], upstream_id: 1}
  - {uri: /c, service_id: s}
upstreams: [{id: 1, nodes: [{host: ab, port: 80, weight: 1}]}]
services: [{id: s, upstream: {service_name: cs, discovery_type: dns}}]
#END
",
            "gateway at=2:11 tool=apisix forwards=[at=2:11 path=/orders/* target=literal=orders:8080, at=3:13 path=/a \
             target=literal=ab:80, at=3:17 path=/b target=literal=ab:80, at=4:11 path=/c target=literal=cs]",
        );
        assert_eq!(read("a.yaml", "routes:\n  - {uri: /a}\nupstream: {nodes: x}\n"), "");
    }
}
