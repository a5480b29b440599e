//! Objects of clusters that hand on what comes from outside: Ingress, routes of the Gateway API, and those of Istio, Traefik, Ambassador and
//! OpenShift. They lead to names of the network.

use rustc_hash::FxHashMap;

use super::{target, traefik};
use crate::document::Node;
use crate::facts::{Fact, Forward, Gateway};

/// The kinds of objects that are read here.
pub const KINDS: [&str; 8] =
    ["Ingress", "HTTPRoute", "GRPCRoute", "VirtualService", "IngressRoute", "Mapping", "Route", "HTTPProxy"];

/// How many rules of one object are read.
const MOST: usize = 200;

/// What an object of one of the kinds hands on.
pub fn gateway(kind: &str, object: Node) -> Option<Fact> {
    let (metadata, spec) = (object.get("metadata")?, object.get("spec")?);
    let version = object.get("apiVersion").and_then(Node::scalar).unwrap_or_default();
    let (tool, forwards) = match kind {
        "Ingress" => ("ingress", ingress(spec)),
        "HTTPRoute" | "GRPCRoute" if version.starts_with("gateway.networking.k8s.io/") => ("gateway-api", route(spec)),
        "VirtualService" if version.starts_with("networking.istio.io/") => ("istio", virtual_service(spec)),
        "IngressRoute" => ("traefik", ingress_route(spec)),
        "Mapping" if version.starts_with("getambassador.io/") => ("ambassador", mapping(spec)),
        "Route" if version.starts_with("route.openshift.io/") => ("openshift", openshift(spec)),
        "HTTPProxy" if version.starts_with("projectcontour.io/") => ("contour", contour(spec)),
        _ => return None,
    };
    let name = metadata.get("name").and_then(super::super::written::expanded)?;
    let at = name.at;
    let gateway = Gateway { at, tool: tool.into(), name: Some(name), forwards };
    (!gateway.forwards.is_empty()).then_some(Fact::Gateway(gateway))
}

fn all<'d>(node: Node<'d>, key: &str) -> impl Iterator<Item = Node<'d>> {
    node.get(key).into_iter().flat_map(Node::items).take(MOST)
}

/// The name of a service with its port, and with its namespace where it is another one.
fn service(at: Node, path: Option<Node>, name: Option<Node>, port: Option<Node>, namespace: Option<Node>) -> Option<Forward> {
    let name = name?.scalar()?;
    // A port by its name is known to whoever has the name of the network alone.
    let number = port.and_then(Node::scalar).filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    let port = number.map(|port| format!(":{port}")).unwrap_or_default();
    let namespace = namespace.and_then(Node::scalar).map(|namespace| format!(".{namespace}")).unwrap_or_default();
    let target = target::shell(&format!("{name}{namespace}{port}"), &FxHashMap::default());
    Some(Forward { at: at.location(), path: path.and_then(Node::scalar).map(Into::into), target })
}

fn ingress(spec: Node) -> Vec<Forward> {
    let backend = |backend: Node, path: Option<Node>| match backend.get("service") {
        Some(inner) => {
            let port = inner.at(&["port", "number"]).or_else(|| inner.at(&["port", "name"]));
            service(backend, path, inner.get("name"), port, None)
        }
        None => service(backend, path, backend.get("serviceName"), backend.get("servicePort"), None),
    };
    let general = spec.get("defaultBackend").or(spec.get("backend")).and_then(|node| backend(node, None));
    let paths = all(spec, "rules").filter_map(|rule| rule.at(&["http", "paths"])).flat_map(Node::items);
    general.into_iter().chain(paths.take(MOST).filter_map(|path| backend(path.get("backend")?, path.get("path")))).collect()
}

fn route(spec: Node) -> Vec<Forward> {
    let mut found = Vec::new();
    for rule in all(spec, "rules") {
        let mut paths: Vec<Option<Node>> = all(rule, "matches")
            .map(|matched| matched.at(&["path", "value"]).or_else(|| matched.at(&["method", "service"])))
            .collect();
        if paths.is_empty() {
            paths.push(None);
        }
        for reference in all(rule, "backendRefs").take(20) {
            let get = |key: &str| reference.get(key);
            found.extend(paths.iter().filter_map(|path| service(reference, *path, get("name"), get("port"), get("namespace"))));
        }
    }
    found.truncate(super::MOST);
    found
}

/// A virtual service that is bound to gateways; one without them tells how services of the mesh reach each other.
fn virtual_service(spec: Node) -> Vec<Forward> {
    let mut gateways = all(spec, "gateways").filter_map(Node::scalar);
    if !gateways.any(|gateway| gateway != "mesh") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for rule in all(spec, "http").chain(all(spec, "tcp")) {
        let uri = |matched: Node<'_>| {
            ["prefix", "exact", "regex"]
                .iter()
                .find_map(|how| matched.at(&["uri", how]))
                .map(|uri| uri.scalar().unwrap_or_default().to_owned())
        };
        let mut paths: Vec<Option<String>> = all(rule, "match").map(uri).collect();
        if paths.is_empty() {
            paths.push(None);
        }
        for destination in all(rule, "route").take(20).filter_map(|route| route.get("destination")) {
            let forward = service(destination, None, destination.get("host"), destination.at(&["port", "number"]), None);
            for path in &paths {
                found.extend(forward.clone().map(|forward| Forward { path: path.as_deref().map(Into::into), ..forward }));
            }
        }
    }
    found.truncate(super::MOST);
    found
}

fn ingress_route(spec: Node) -> Vec<Forward> {
    let mut found = Vec::new();
    for route in all(spec, "routes") {
        let rule = route.get("match").and_then(Node::scalar).unwrap_or_default();
        for to in all(route, "services").take(20).filter(|to| to.get("kind").and_then(Node::scalar) != Some("TraefikService")) {
            let forward = service(to, None, to.get("name"), to.get("port"), to.get("namespace"));
            let paths = traefik::paths(rule).into_iter();
            found.extend(
                forward.into_iter().flat_map(|forward| paths.clone().map(move |path| Forward { path, ..forward.clone() })),
            );
        }
    }
    found.truncate(super::MOST);
    found
}

fn mapping(spec: Node) -> Vec<Forward> {
    let to = spec.get("service");
    let path = spec.get("prefix").and_then(Node::scalar).map(Into::into);
    let forward = to.and_then(|to| Some(Forward { at: to.location(), path, target: target::plain(to.scalar()?) }));
    forward.into_iter().collect()
}

fn openshift(spec: Node) -> Vec<Forward> {
    let port = spec.at(&["port", "targetPort"]);
    spec.get("to").and_then(|to| service(to, spec.get("path"), to.get("name"), port, None)).into_iter().collect()
}

fn contour(spec: Node) -> Vec<Forward> {
    let routes = all(spec, "routes");
    let of_route = |route: Node<'_>| {
        let prefix =
            route.get("conditions").and_then(|conditions| conditions.items().find_map(|condition| condition.get("prefix")));
        all(route, "services").filter_map(|to| service(to, prefix, to.get("name"), to.get("port"), None)).collect::<Vec<_>>()
    };
    routes.flat_map(of_route).take(super::MOST).collect()
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn objects_of_clusters_are_read() {
        check(
            "k8s/ingress.yaml",
            "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
  rules:
    - host: a.b
      http:
        paths:
          - {path: /orders, pathType: Prefix, backend: {service: {name: orders, port: {name: http}}}}
---
apiVersion: extensions/v1beta1
kind: Ingress
metadata: {name: old}
spec: {rules: [{http: {paths: [{path: /x, backend: {serviceName: x, servicePort: 80}}]}}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: route}
spec:
  rules:
    - matches: [{path: {type: PathPrefix, value: /a}}, {path: {value: /b}}]
      backendRefs: [{name: ab, port: 80}, {name: other, namespace: far, port: 81}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: vs}
spec:
  gateways: [shop-gateway]
  http:
    - match: [{uri: {prefix: /pay}}]
      route: [{destination: {host: pay.shop.svc.cluster.local, port: {number: 8080}}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: inner}
spec: {http: [{route: [{destination: {host: reviews}}]}]}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: tr}
spec: {routes: [{match: 'PathPrefix(`/t`)', services: [{name: t, port: 80}]}]}
---
apiVersion: getambassador.io/v3alpha1
kind: Mapping
metadata: {name: m}
spec: {prefix: /m/, service: 'http://m:80'}
",
            "gateway at=3:18 tool=ingress name=shop@3:18 forwards=[at=5:19 target=literal=web:80, at=10:56 path=/orders \
             target=literal=orders]
             gateway at=14:18 tool=ingress name=old@14:18 forwards=[at=15:52 path=/x target=literal=x:80]
             gateway at=19:18 tool=gateway-api name=route@19:18 forwards=[at=23:21 path=/a target=literal=ab:80, at=23:21 \
             path=/b target=literal=ab:80, at=23:43 path=/a target=literal=other.far:81, at=23:43 path=/b \
             target=literal=other.far:81]
             gateway at=27:18 tool=istio name=vs@27:18 forwards=[at=32:29 path=/pay \
             target=literal=pay.shop.svc.cluster.local:8080]
             gateway at=41:18 tool=traefik name=tr@41:18 forwards=[at=42:56 path=/t target=literal=t:80]
             gateway at=46:18 tool=ambassador name=m@46:18 forwards=[at=47:30 path=/m/ target=literal=http://m:80]",
        );
        assert_eq!(read("a.yaml", "apiVersion: v1\nkind: Route\nmetadata: {name: a}\nspec: {to: {name: a}}\n"), "");
    }
}
