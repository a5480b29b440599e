//! Tyk's definitions of APIs: a path that is listened to, and the address behind it.

use super::{has, state, target};
use crate::document::Node;
use crate::extract::deployment::{is_production, is_yaml};
use crate::extract::{Extractor, Input, Output};
use crate::facts::Forward;

/// YAML and JSON are opened for API descriptions already.
pub const EXTRACTOR: Extractor = Extractor { name: "tyk", wants: |_, _| false, applies, extract };

fn applies(input: &Input) -> bool {
    let is_document = is_yaml(input.path) || input.path.ends_with(".json");
    is_production(input.kind) && is_document && has(input, "listen_path") && has(input, "target_url")
}

fn extract(input: &Input, output: &mut Output) {
    let mut forwards = Vec::new();
    for root in input.tree().documents().take(100) {
        // An object of its operator has the definition below `spec`; a file may hold several.
        for definition in root.items().chain([root]).take(super::MOST) {
            let Some(proxy) = definition.get("proxy").or_else(|| definition.at(&["spec", "proxy"])) else { continue };
            let (Some(path), Some(to)) = (proxy.get("listen_path").and_then(Node::scalar), proxy.get("target_url")) else {
                continue;
            };
            let target = to.scalar().map(target::plain);
            forwards.extend(target.map(|target| Forward { at: to.location(), path: Some(path.into()), target }));
        }
    }
    state("tyk", forwards, output);
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::check;

    #[test]
    fn definitions_are_read() {
        check(
            "apps/orders.json",
            r#"{"name": "orders", "proxy": {"listen_path": "/orders/", "target_url": "http://orders:8080/"}}"#,
            "gateway at=1:71 tool=tyk forwards=[at=1:71 path=/orders/ target=literal=http://orders:8080/]",
        );
    }
}
