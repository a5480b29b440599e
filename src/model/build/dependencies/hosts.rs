//! Names of the network: which service, or what else that runs here, a host means.
//!
//! A host is looked up by its first label; what follows must be a namespace, a suffix of clusters and private networks, or a suffix that
//! hosts of several known services share. Two that bear one name are told apart by the repository of whoever asks.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::programs::normal;
use super::super::repositories::Gathered;
use super::address::Address;
use super::reading::HOLE;
use super::surroundings::Surroundings;
use crate::facts::DeploymentTool;
use crate::model::{Model, Target};

/// Ends of names that no public host has.
const PRIVATE: [&str; 14] = [
    "svc",
    "local",
    "localhost",
    "internal",
    "intern",
    "intranet",
    "lan",
    "corp",
    "consul",
    "private",
    "cluster",
    "home",
    "docker",
    "test",
];

/// Words that services are called with or without.
const AFFIXES: [&str; 10] = ["microservice", "service", "svc", "server", "api", "app", "backend", "srv", "ms", "web"];

/// Services whose hosts share a suffix before it counts as the organisation's.
const SERVICES_OF_A_SUFFIX: usize = 2;

pub(super) struct Hosts {
    /// By normal name: the repository, and what answers there.
    ends: FxHashMap<String, Vec<(u32, Target)>>,
    /// By name without affixes.
    stems: FxHashMap<String, Vec<(u32, Target)>>,
    /// What listens at a port of a developer's machine, by repository; None for several.
    ports: FxHashMap<(u32, u16), Option<u32>>,
    namespaces: FxHashSet<String>,
    /// By normal name: the first part of that name.
    parts: FxHashMap<String, u32>,
    suffixes: FxHashSet<String>,
}

impl Hosts {
    pub fn new(model: &Model, gathered: &Gathered, surroundings: &Surroundings) -> Self {
        let mut hosts = Hosts {
            ends: FxHashMap::default(),
            stems: FxHashMap::default(),
            ports: FxHashMap::default(),
            namespaces: FxHashSet::default(),
            parts: FxHashMap::default(),
            suffixes: FxHashSet::default(),
        };
        for (part, index) in model.parts.iter().zip(0..) {
            hosts.parts.entry(normal(&part.name)).or_insert(index);
        }
        hosts.add_services(model, surroundings);
        hosts.add_deployments(gathered, surroundings);
        hosts.add_network_names(gathered, surroundings);
        hosts.add_ports(model, gathered, surroundings);
        hosts.add_parts(model);
        for (name, ends) in &hosts.ends {
            let stem = stem(name);
            if stem != *name {
                hosts.stems.entry(stem.to_owned()).or_default().extend(ends);
            }
        }
        hosts
    }

    fn enter(&mut self, name: &str, repository: u32, target: Target) {
        let name = normal(name);
        if name.is_empty() {
            return;
        }
        let ends = self.ends.entry(name).or_default();
        if !ends.contains(&(repository, target)) {
            ends.push((repository, target));
        }
    }

    fn add_services(&mut self, model: &Model, surroundings: &Surroundings) {
        for (service, index) in model.services.iter().zip(0..) {
            let target = Target::Service(index);
            self.enter(&service.name, service.repository, target);
            for &unit in &service.units {
                self.enter(&model.units[unit as usize].name, service.repository, target);
            }
            let repository = &model.repositories[service.repository as usize];
            if repository.services.len() == 1 {
                self.enter(&repository.name, service.repository, target);
            }
            for key in ["spring.application.name", "micronaut.application.name", "quarkus.application.name", "dapr.app.id"] {
                if let Some((name, _)) = surroundings.settings(index, key).first().filter(|(name, _)| !name.contains("${")) {
                    self.enter(name, service.repository, target);
                }
            }
            // The last folder, where it is not a word for code.
            let folder = crate::source::last_part(&service.root);
            if !folder.is_empty() && !matches!(folder, "src" | "app" | "server" | "service" | "cmd" | "backend" | "api") {
                self.enter(folder, service.repository, target);
            }
        }
    }

    fn add_deployments(&mut self, gathered: &Gathered, surroundings: &Surroundings) {
        for (located, service) in gathered.deployments.iter().zip(&surroundings.deployed) {
            let deployment = &located.value;
            self.namespaces.extend(deployment.namespace.iter().map(|name| normal(&name.value)));
            let target = service.map(Target::Service).or_else(|| self.part_named(&deployment.name.value));
            let Some(target) = target else { continue };
            self.enter(&deployment.name.value, located.repository, target);
            for alias in &deployment.aliases {
                self.enter(&alias.value, located.repository, target);
            }
        }
    }

    /// A name of a cluster means what its selector finds.
    fn add_network_names(&mut self, gathered: &Gathered, surroundings: &Surroundings) {
        let mut selected: FxHashMap<(u32, &str, &str), Vec<usize>> = FxHashMap::default();
        for (index, located) in gathered.deployments.iter().enumerate() {
            for (key, value) in &located.value.selected_by {
                selected.entry((located.repository, key, value)).or_default().push(index);
            }
        }
        for located in &gathered.network_names {
            let name = &located.value;
            self.namespaces.extend(name.namespace.iter().map(|name| normal(name)));
            let mut rows: Option<Vec<usize>> = None;
            for (key, value) in &name.selector {
                let having = selected.get(&(located.repository, &**key, &**value)).cloned().unwrap_or_default();
                rows = Some(match rows {
                    Some(rows) => rows.into_iter().filter(|row| having.contains(row)).collect(),
                    None => having,
                });
            }
            let targets = rows.unwrap_or_default().into_iter().filter_map(|row| {
                let deployment = &gathered.deployments[row].value;
                surroundings.deployed[row].map(Target::Service).or_else(|| self.part_named(&deployment.name.value))
            });
            let mut targets: Vec<Target> = targets.collect();
            targets.sort_unstable();
            targets.dedup();
            if let [target] = targets[..] {
                self.enter(&name.name.value, located.repository, target);
                continue;
            }
            // Pods of a chart or an overlay that are not seen together: by what the selector says.
            let by_value = name.selector.iter().filter(|(key, _)| is_name_label(key)).find_map(|(_, value)| {
                let ends = self.ends.get(&normal(value))?;
                only(ends.iter().filter(|(repository, _)| *repository == located.repository).map(|(_, target)| *target))
            });
            if let Some(target) = by_value {
                self.enter(&name.name.value, located.repository, target);
            }
        }
    }

    fn add_ports(&mut self, model: &Model, gathered: &Gathered, surroundings: &Surroundings) {
        let mut listen = |repository: u32, port: u16, service: u32| {
            let known = self.ports.entry((repository, port)).or_insert(Some(service));
            if *known != Some(service) {
                *known = None;
            }
        };
        // What is published counts before what listens inside.
        let mut published: FxHashSet<u32> = FxHashSet::default();
        for (located, service) in gathered.deployments.iter().zip(&surroundings.deployed) {
            let Some(service) = *service else { continue };
            if located.value.tool == DeploymentTool::Compose && !located.value.published.is_empty() {
                published.insert(service);
                located.value.published.iter().for_each(|(port, _)| listen(located.repository, *port, service));
            }
        }
        for (service, index) in model.services.iter().zip(0..).filter(|(_, index)| !published.contains(index)) {
            let keys = ["server.port", "PORT", "quarkus.http.port", "micronaut.server.port"];
            let ports = keys.iter().flat_map(|key| surroundings.settings(index, key));
            for (port, _) in ports {
                if let Ok(port) = surroundings.expanded(index, port).parse() {
                    listen(service.repository, port, index);
                }
            }
        }
    }

    fn add_parts(&mut self, model: &Model) {
        for (part, index) in model.parts.iter().zip(0..) {
            // A service of that name is the one that answers.
            let known = self.ends.get(&normal(&part.name)).is_some_and(|ends| {
                ends.iter().any(|(repository, target)| *repository == part.repository && matches!(target, Target::Service(_)))
            });
            if !known && part.kind != Some(crate::model::Kind::Library) {
                self.enter(&part.name, part.repository, Target::Part(index));
            }
        }
    }

    /// Suffixes that hosts of several services have are the organisation's.
    pub fn learn<'a>(&mut self, addresses: impl Iterator<Item = &'a Address>) {
        let mut seen: FxHashMap<String, FxHashSet<String>> = FxHashMap::default();
        for address in addresses {
            if let Some((first, suffix)) = address.host.split_once('.')
                && self.ends.contains_key(&normal(first))
            {
                seen.entry(suffix.to_owned()).or_default().insert(normal(first));
            }
        }
        let shared = seen.into_iter().filter(|(_, services)| services.len() >= SERVICES_OF_A_SUFFIX);
        self.suffixes.extend(shared.map(|(suffix, _)| suffix));
    }

    /// What answers at an address that somebody in a repository calls.
    pub fn find(&self, repository: u32, address: &Address) -> Option<Target> {
        if address.is_local() {
            let service = self.ports.get(&(repository, address.port?)).copied().flatten()?;
            return Some(Target::Service(service));
        }
        let host = self.internal_name(&address.host)?;
        self.named(repository, host)
    }

    /// True where a host can lie nowhere but inside, whether it is known or not.
    pub fn is_internal(&self, host: &str) -> bool {
        self.internal_name(host).is_some()
    }

    /// The first label of a host of the own network.
    fn internal_name<'h>(&self, host: &'h str) -> Option<&'h str> {
        // `{{ .Release.Name }}-orders`.
        let host = match host.strip_prefix(HOLE) {
            Some(rest) => rest.trim_start_matches(HOLE).strip_prefix('-')?,
            None => host,
        };
        let (first, suffix) = host.split_once('.').unwrap_or((host, ""));
        if first.contains(HOLE) || first.is_empty() || first.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut labels = suffix.split('.');
        let (next, last) = (labels.next().unwrap_or(""), suffix.rsplit('.').next().unwrap_or(""));
        let inside = suffix.is_empty()
            || PRIVATE.contains(&last)
            || suffix.split('.').any(|label| label == "svc")
            || suffix.contains(HOLE) && labels.next().is_none()
            || suffix == next && self.namespaces.contains(&normal(next))
            || self.suffixes.contains(suffix);
        inside.then_some(first)
    }

    fn part_named(&self, name: &str) -> Option<Target> {
        self.parts.get(&normal(name)).copied().map(Target::Part)
    }

    /// What bears a name.
    pub fn named(&self, repository: u32, name: &str) -> Option<Target> {
        let normal = normal(name);
        if normal.is_empty() {
            return None;
        }
        let of = |ends: Option<&Vec<(u32, Target)>>| {
            let ends = ends?;
            let near = ends.iter().filter(|(of, _)| *of == repository).map(|(_, target)| *target);
            only(near).or_else(|| only(ends.iter().map(|(_, target)| *target)))
        };
        of(self.ends.get(&normal))
            .or_else(|| of(self.ends.get(stem(&normal))).filter(|_| stem(&normal) != normal))
            .or_else(|| of(self.stems.get(stem(&normal))))
    }
}

/// The one that all of them are.
fn only(mut targets: impl Iterator<Item = Target>) -> Option<Target> {
    let first = targets.next()?;
    targets.all(|target| target == first).then_some(first)
}

fn is_name_label(key: &str) -> bool {
    ["app", "name", "service", "component", "run"].contains(&key.rsplit('/').next().unwrap_or(key)) || key.ends_with("name")
}

/// A normal name without the words that services are called with or without.
fn stem(name: &str) -> &str {
    let behind = AFFIXES.iter().find_map(|affix| name.strip_suffix(affix).filter(|rest| rest.len() > 2));
    behind.unwrap_or(name)
}
