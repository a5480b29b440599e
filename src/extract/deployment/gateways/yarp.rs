//! YARP, the reverse proxy of .NET: routes and clusters of its settings.

use super::{has, state, target};
use crate::document::Node;
use crate::extract::deployment::is_production;
use crate::extract::{Extractor, Input, Output};
use crate::facts::Forward;

/// JSON is opened for API descriptions already.
pub const EXTRACTOR: Extractor = Extractor { name: "yarp", wants: |_, _| false, applies, extract };

fn applies(input: &Input) -> bool {
    is_production(input.kind)
        && input.path.ends_with(".json")
        && has(input, "ClusterId")
        && has(input, "Destinations")
        && has(input, "Address")
}

fn extract(input: &Input, output: &mut Output) {
    let Some(root) = input.tree().root() else { return };
    // The section may be called as the house likes.
    let sections = root.entries().map(|(_, section)| section).chain([root]);
    let mut forwards = Vec::new();
    for section in sections.take(200) {
        let (Some(routes), Some(clusters)) = (section.get("Routes"), section.get("Clusters")) else { continue };
        let listed = routes.items().chain(routes.entries().map(|(_, route)| route));
        for route in listed.take(super::MOST) {
            let Some(cluster) = route.get("ClusterId").and_then(Node::scalar) else { continue };
            let path = route.at(&["Match", "Path"]).and_then(Node::scalar);
            let destinations = clusters.at(&[cluster, "Destinations"]).into_iter().flat_map(Node::entries).take(20);
            for address in destinations.filter_map(|(_, destination)| destination.get("Address")) {
                let Some(text) = address.scalar().filter(|text| !text.is_empty()) else { continue };
                forwards.push(Forward { at: address.location(), path: path.map(Into::into), target: target::plain(text) });
            }
        }
    }
    state("yarp", forwards, output);
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::check;

    #[test]
    fn routes_lead_to_destinations() {
        check(
            "src/Gateway/proxy.json",
            r#"{"ReverseProxy": {
  "Routes": {"orders": {"ClusterId": "orders", "Match": {"Path": "/orders/{**catch-all}"}}, "none": {"ClusterId": "gone"}},
  "Clusters": {"orders": {"Destinations": {"one": {"Address": "http://orders:8080/"}}}}
}}"#,
            "gateway at=3:63 tool=yarp forwards=[at=3:63 path=/orders/{**catch-all} target=literal=http://orders:8080/]",
        );
    }
}
