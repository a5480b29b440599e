//! Proxies and gateways that are told by files what to hand on: nginx, Apache, Envoy, Traefik, HAProxy, Caddy, those of clusters, and
//! those that applications are.
//!
//! Each file here reads one of them. A name that the same file gives to a group of servers is resolved; every other name stays as it is
//! written: a host, a service of the registry or of the cluster.

pub mod apache;
pub mod apisix;
pub mod caddy;
pub mod cluster;
pub mod envoy;
pub mod haproxy;
pub mod kong;
pub mod krakend;
pub mod nginx;
pub mod ocelot;
pub mod spring;
pub mod target;
pub mod traefik;
pub mod tyk;
pub mod yarp;

use crate::extract::{Input, Output};
use crate::facts::{Fact, Forward, Gateway};
use crate::source::last_part;

/// The names of the extractors that read files of proxies.
pub const NAMES: [&str; 7] = ["nginx", "apache", "haproxy", "caddy", "envoy", "traefik", "spring-gateway"];

/// How many forwards of one file are kept.
const MOST: usize = 1000;

/// States a gateway that hands something on.
fn state(tool: &str, mut forwards: Vec<Forward>, output: &mut Output) {
    forwards.truncate(MOST);
    if let Some(first) = forwards.first() {
        let at = first.at;
        output.facts.push(Fact::Gateway(Gateway { at, tool: tool.into(), name: None, forwards }));
    }
}

/// The name of a file without the endings of templates: `nginx.conf` of `nginx.conf.template`.
fn name_of(path: &str) -> &str {
    let mut name = last_part(path);
    for ending in [".template", ".tmpl", ".tpl", ".j2", ".jinja2", ".erb", ".in", ".dist"] {
        name = name.strip_suffix(ending).unwrap_or(name);
    }
    name
}

fn has(input: &Input, mark: &str) -> bool {
    memchr::memmem::find(input.text.as_bytes(), mark.as_bytes()).is_some()
}
