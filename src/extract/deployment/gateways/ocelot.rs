//! Ocelot, a gateway of .NET: routes with the hosts downstream.

use super::{has, state, target};
use crate::document::Node;
use crate::extract::deployment::is_production;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Forward, Value};

/// JSON is opened for API descriptions already.
pub const EXTRACTOR: Extractor = Extractor { name: "ocelot", wants: |_, _| false, applies, extract };

fn applies(input: &Input) -> bool {
    is_production(input.kind)
        && input.path.ends_with(".json")
        && has(input, "DownstreamPathTemplate")
        && has(input, "UpstreamPathTemplate")
}

fn extract(input: &Input, output: &mut Output) {
    let Some(root) = input.tree().root() else { return };
    let mut forwards = Vec::new();
    let routes = ["Routes", "ReRoutes"].iter().filter_map(|key| root.get(key)).flat_map(Node::items);
    for route in routes.take(super::MOST) {
        let text = |key: &str| route.get(key).and_then(Node::scalar).filter(|text| !text.is_empty());
        let path = text("UpstreamPathTemplate");
        let below = text("DownstreamPathTemplate").unwrap_or_default();
        let scheme = text("DownstreamScheme").unwrap_or("http");
        let mut add = |at: Node, target: Value| forwards.push(Forward { at: at.location(), path: path.map(Into::into), target });
        if let Some(service) = route.get("ServiceName").filter(|service| service.scalar().is_some_and(|name| !name.is_empty())) {
            add(service, target::plain(service.scalar().unwrap_or_default()));
            continue;
        }
        for host in route.get("DownstreamHostAndPorts").into_iter().flat_map(Node::items).take(20) {
            let Some(name) = host.get("Host").and_then(Node::scalar).filter(|name| !name.is_empty()) else { continue };
            let port = host.get("Port").and_then(Node::scalar).map(|port| format!(":{port}")).unwrap_or_default();
            add(host, target::plain(&format!("{scheme}://{name}{port}{below}")));
        }
    }
    state("ocelot", forwards, output);
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::check;

    #[test]
    fn routes_lead_downstream() {
        check(
            "ocelot.json",
            r#"{"Routes": [
  {"DownstreamPathTemplate": "/api/{x}", "DownstreamScheme": "http", "DownstreamHostAndPorts": [{"Host": "orders", "Port": 80}],
   "UpstreamPathTemplate": "/orders/{x}"},
  {"DownstreamPathTemplate": "/", "UpstreamPathTemplate": "/users", "ServiceName": "users"}
]}"#,
            "gateway at=2:97 tool=ocelot forwards=[at=2:97 path=/orders/{x} target=literal=http://orders:80/api/{x}, at=4:84 \
             path=/users target=literal=users]",
        );
    }
}
