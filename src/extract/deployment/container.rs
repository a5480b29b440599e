//! Which container of several in one unit is the service: one list for Kubernetes, ECS and whatever runs groups of containers.
//!
//! The main container is the first one that is no helper. Others stand for themselves only where their images come from the same place as
//! the main one's (`registry/owner/…`): those that come from elsewhere, or from no named place, are taken for helpers.

use crate::source::last_part;

/// Words in names and images of what stands beside a service: proxies, collectors, exporters.
const HELPERS: [&str; 25] = [
    "istio",
    "envoy",
    "linkerd",
    "proxy",
    "exporter",
    "fluent",
    "filebeat",
    "promtail",
    "agent",
    "sidecar",
    "collector",
    "otel",
    "jaeger",
    "datadog",
    "telegraf",
    "statsd",
    "daprd",
    "consul",
    "logstash",
    "busybox",
    "git-sync",
    "reloader",
    "resizer",
    "xray",
    "nginx",
];

/// What a container is called, and its image.
pub struct Container<'t> {
    pub name: &'t str,
    pub image: &'t str,
}

/// The containers that are units of their own by their places in the list, the main one first.
pub fn own(containers: &[Container]) -> Vec<usize> {
    let is_main = |container: &Container| !is_helper(container);
    let Some(main) = containers.iter().position(is_main).or((!containers.is_empty()).then_some(0)) else { return Vec::new() };
    let mut own = vec![main];
    if let Some(home) = home(containers[main].image) {
        let others = containers.iter().enumerate().filter(|(index, container)| *index != main && is_main(container));
        own.extend(others.filter(|(_, other)| self::home(other.image) == Some(home)).map(|(index, _)| index).take(10));
    }
    own
}

fn is_helper(container: &Container) -> bool {
    let image = name_of(container.image);
    HELPERS.iter().any(|word| container.name.contains(word) || image.contains(word))
}

/// What stands before an image's name: registry and owner.
fn home(image: &str) -> Option<&str> {
    untagged(image).rsplit_once('/').map(|(home, _)| home).filter(|home| *home != "docker.io/library")
}

/// An image without its tag and digest.
pub fn untagged(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let name_at = image.rfind('/').map_or(0, |at| at + 1);
    image[name_at..].find(':').map_or(image, |at| &image[..name_at + at])
}

/// The last part of an image's name: `orders` for `registry/shop/orders:1.2`.
pub fn name_of(image: &str) -> &str {
    let image = untagged(image);
    last_part(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_container_is_no_helper() {
        let own = |containers: &[(&'static str, &'static str)]| {
            own(&containers.iter().map(|&(name, image)| Container { name, image }).collect::<Vec<_>>())
        };
        assert_eq!(own(&[]), [] as [usize; 0]);
        assert_eq!(own(&[("proxy", "envoyproxy/envoy:1")]), [0]);
        assert_eq!(own(&[("sql-proxy", "gce/cloudsql-proxy"), ("orders", "orders:1")]), [1]);
        assert_eq!(own(&[("orders", "r.io/shop/orders:1"), ("worker", "r.io/shop/worker:1"), ("redis", "redis")]), [0, 1]);
        assert_eq!(own(&[("orders", "orders"), ("worker", "worker")]), [0], "nobody says whose they are");
    }

    #[test]
    fn images_are_taken_apart() {
        assert_eq!(name_of("localhost:5000/shop/orders:1.2@sha256:aa"), "orders");
        assert_eq!(name_of("orders"), "orders");
        assert_eq!(untagged("localhost:5000/orders"), "localhost:5000/orders");
    }
}
