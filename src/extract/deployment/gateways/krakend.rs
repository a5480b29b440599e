//! KrakenD: endpoints with the hosts behind them.

use rustc_hash::FxHashMap;

use super::{has, name_of, state, target};
use crate::discover::Kind;
use crate::document::Node;
use crate::extract::deployment::{is_production, is_yaml};
use crate::extract::{Extractor, Input, Output};
use crate::facts::Forward;

/// YAML and JSON are opened for API descriptions already; templates and TOML are asked for by name.
pub const EXTRACTOR: Extractor = Extractor { name: "krakend", wants, applies, extract };

fn wants(kind: Kind, path: &str) -> bool {
    is_production(kind) && name_of(path).starts_with("krakend")
}

fn applies(input: &Input) -> bool {
    let is_document = is_yaml(input.path) || input.path.ends_with(".json") || wants(input.kind, input.path);
    is_production(input.kind) && is_document && has(input, "url_pattern") && has(input, "endpoint") && has(input, "backend")
}

fn extract(input: &Input, output: &mut Output) {
    let known = FxHashMap::default();
    let Some(root) = input.tree().root() else { return };
    let mut forwards = Vec::new();
    let general: Vec<&str> = root.get("host").into_iter().flat_map(Node::items).take(20).filter_map(Node::scalar).collect();
    for endpoint in root.get("endpoints").into_iter().flat_map(Node::items).take(super::MOST) {
        let path = endpoint.get("endpoint").and_then(Node::scalar);
        for backend in endpoint.get("backend").into_iter().flat_map(Node::items).take(20) {
            let Some(pattern) = backend.get("url_pattern") else { continue };
            let own: Vec<&str> =
                backend.get("host").into_iter().flat_map(Node::items).take(20).filter_map(Node::scalar).collect();
            for host in if own.is_empty() { &general } else { &own } {
                let text = format!("{}{}", host.trim_end_matches('/'), pattern.scalar().unwrap_or_default());
                let target = target::shell(&text, &known);
                forwards.push(Forward { at: pattern.location(), path: path.map(Into::into), target });
            }
        }
    }
    state("krakend", forwards, output);
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::check;

    #[test]
    fn endpoints_lead_to_backends() {
        check(
            "gateway/krakend.json",
            r#"{"version": 3, "host": ["http://web:80"], "endpoints": [
  {"endpoint": "/v1/orders/{id}", "backend": [{"host": ["http://orders:8080/"], "url_pattern": "/orders/{id}"}, {"url_pattern": "/x"}]}
]}"#,
            "gateway at=2:96 tool=krakend forwards=[at=2:96 path=/v1/orders/{id} \
             target=literal=http://orders:8080/orders/{id}, at=2:129 path=/v1/orders/{id} target=literal=http://web:80/x]",
        );
    }
}
