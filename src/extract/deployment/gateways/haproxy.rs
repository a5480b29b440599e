//! HAProxy: which frontends use which backends, and the servers of those.

use rustc_hash::FxHashMap;

use super::{has, name_of, state, target};
use crate::discover::Kind;
use crate::extract::deployment::is_production;
use crate::extract::{Extractor, Input, Output};
use crate::facts::Forward;
use crate::source::Location;

pub const EXTRACTOR: Extractor = Extractor { name: "haproxy", wants, applies, extract };

/// How many lines of one file are read.
const MOST: usize = 20_000;

fn wants(kind: Kind, path: &str) -> bool {
    let name = name_of(path);
    is_production(kind) && (name.ends_with(".cfg") || name.starts_with("haproxy")) && path.contains("haproxy")
}

fn applies(input: &Input) -> bool {
    let is_other = input.kind.is_code() || input.syntax().is_some();
    !is_other && wants(input.kind, input.path) && has(input, "server") && (has(input, "backend") || has(input, "listen"))
}

/// A use of a backend by a frontend.
struct Use<'t> {
    at: Location,
    backend: &'t str,
    path: Option<&'t str>,
}

fn extract(input: &Input, output: &mut Output) {
    let known = FxHashMap::default();
    let mut servers: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    let mut uses: Vec<Use> = Vec::new();
    let mut paths: FxHashMap<&str, &str> = FxHashMap::default();
    let mut section = "";
    for line in input.text.lines().take(MOST) {
        let line = line.trim();
        let words: Vec<&str> = line.split_whitespace().take(40).collect();
        match words.as_slice() {
            [first, ..] if first.starts_with('#') => {}
            ["frontend" | "defaults" | "global", ..] => {
                section = "";
                paths.clear();
            }
            ["backend", name, ..] => section = name,
            ["listen", name, ..] => {
                section = name;
                uses.push(Use { at: input.place_of(words[0]), backend: name, path: None });
            }
            ["acl", name, kind, rest @ ..] if kind.starts_with("path") => {
                let path = rest.iter().find(|word| !word.starts_with('-'));
                paths.extend(path.map(|path| (*name, *path)));
            }
            ["default_backend", name, ..] => uses.push(Use { at: input.place_of(words[0]), backend: name, path: None }),
            ["use_backend", name, conditions @ ..] => {
                let path = conditions.iter().find_map(|condition| paths.get(condition)).copied();
                // `use_backend orders if { path_beg /orders }`.
                let inner = || {
                    let at = conditions.iter().position(|word| word.starts_with("path"))?;
                    conditions[at + 1..].iter().find(|word| !word.starts_with('-')).copied()
                };
                uses.push(Use { at: input.place_of(words[0]), backend: name, path: path.or_else(inner) });
            }
            ["server", _, address, ..] if !section.is_empty() => {
                let all = servers.entry(section).or_default();
                if all.len() < 20 && !address.starts_with('/') {
                    all.push(address.trim_matches('"'));
                }
            }
            _ => {}
        }
    }
    let mut forwards = Vec::new();
    for used in uses.iter().take(super::MOST) {
        for address in servers.get(used.backend).map(Vec::as_slice).unwrap_or_default() {
            let target = target::shell(address, &known);
            if target::tells(&target) && forwards.len() < super::MOST {
                forwards.push(Forward { at: used.at, path: used.path.map(Into::into), target });
            }
        }
    }
    state("haproxy", forwards, output);
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn backends_are_resolved_to_servers() {
        check(
            "haproxy/haproxy.cfg",
            "frontend web
  bind *:80
  acl is_orders path_beg -i /orders
  use_backend orders if is_orders
  use_backend billing if { path_beg /billing }
  default_backend shop
backend orders
  balance roundrobin
  server o1 orders-1:8080 check
  server o2 orders-2:8080 check
backend billing
  server b \"${BILLING_HOST}:80\"
backend shop
  # server old old:80
  server s shop:80
listen db
  server pg postgres:5432
",
            "gateway at=4:3 tool=haproxy forwards=[at=4:3 path=/orders target=literal=orders-1:8080, at=4:3 path=/orders \
             target=literal=orders-2:8080, at=5:3 path=/billing target=concat=[env=name=BILLING_HOST, literal=:80], at=6:3 \
             target=literal=shop:80, at=16:1 target=literal=postgres:5432]",
        );
        assert_eq!(read("setup.cfg", "backend a\n server a b:1\n"), "");
    }
}
