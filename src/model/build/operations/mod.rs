//! Operations that code offers: routes with their prefixes joined, procedures, consumers and schedules, each with its service.
//!
//! 1. `scopes`: which prefixes each router has, across files.
//! 2. here: routes become operations of the service that holds their file, or of those in which their scope ends.
//! 3. `twins`: what a description says and code offers meet, and what is left over is drift.

mod procedures;
mod scopes;
#[cfg(test)]
mod tests;
mod twins;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::homes::Homes;
use super::names::Names;
use super::repositories::{Gathered, Located};
use crate::facts::{Handler, HandlerKind, Routing};
use crate::model::housekeeping::is_housekeeping;
use crate::model::{Evidence, Model, Operation, OperationKind};
use scopes::Scopes;
pub(in crate::model::build) use twins::pair;

/// Settings that stand before every path of a framework, by the framework's name.
const PREFIX_SETTINGS: [(&str, &[&str]); 4] = [
    (
        "spring",
        &[
            "server.servlet.context-path",
            "server.servlet.contextPath",
            "server.context-path",
            "server.contextPath",
            "spring.webflux.base-path",
            "spring.mvc.servlet.path",
        ],
    ),
    ("jaxrs", &["quarkus.http.root-path", "quarkus.rest.path", "quarkus.resteasy.path", "spring.jersey.application-path"]),
    ("micronaut", &["micronaut.server.context-path"]),
    ("ktor", &["ktor.deployment.rootPath"]),
];

pub(super) fn join(model: &mut Model, gathered: &Gathered) {
    let names = Names::new(gathered);
    let homes = Homes::new(model);
    let home = |repository: u32, file: u32| homes.service_of(repository, &model.files[file as usize].path);
    let settings = Settings::new(model, gathered, &homes);
    let scopes = Scopes::new(gathered, &names);
    let mut found: Vec<Operation> = Vec::new();
    let mut uncounted: Vec<(u32, Evidence)> = Vec::new();
    let prefixes = service_prefixes(gathered, &names, &settings, &home);
    for routing in &gathered.routings {
        let own = home(routing.repository, routing.file);
        uncounted.extend(routing.value.uncounted.iter().filter_map(|why| Some((own?, routing.evidence(why.at)))));
        routes(routing, own, &names, &scopes, &settings, &home, &prefixes, &mut found);
    }
    for &(file, mount) in &scopes.unread {
        let Some(routing) = gathered.routings.iter().find(|routing| routing.file == file) else { continue };
        for place in scopes.places_of(file, &mount.parent) {
            let Some(service) = home(routing.repository, file).or_else(|| home(routing.repository, place.file)) else { continue };
            let below = names.read(file, &mount.prefix, &|key| settings.get(Some(service), key));
            let prefix = prefixes.get(&(service, &*routing.value.framework)).cloned().flatten().unwrap_or_default();
            let path = join_paths(&join_paths(&prefix, &place.prefix), &below.text);
            found.push(Operation {
                service: Some(service),
                method: "ANY".into(),
                exact: below.exact && place.exact,
                housekeeping: is_housekeeping(&path),
                path: if path.is_empty() { "/".into() } else { path.as_str().into() },
                ..Operation::in_code(routing.evidence(mount.at))
            });
        }
    }
    for handler in &gathered.handlers {
        if let Some(service) = home(handler.repository, handler.file) {
            found.extend(self::handler(handler, service, &names, &settings));
        }
    }
    let procedures = procedures::Procedures::new(model);
    let found = found.into_iter().flat_map(|operation| procedures.expand(model, operation)).collect();
    settle(model, found);
    for (service, evidence) in uncounted {
        model.services[service as usize].uncounted.push(evidence);
    }
}

/// The settings of each service.
pub(super) struct Settings<'g> {
    by_service: FxHashMap<u32, Vec<(&'g str, &'g Arc<str>)>>,
}

impl<'g> Settings<'g> {
    fn new(model: &Model, gathered: &'g Gathered, homes: &Homes) -> Self {
        let mut by_service: FxHashMap<u32, Vec<(&str, &Arc<str>)>> = FxHashMap::default();
        // Files of a configuration server are called as the services are.
        let mut by_name: FxHashMap<(u32, String), u32> = FxHashMap::default();
        for (service, index) in model.services.iter().zip(0..) {
            by_name.insert((service.repository, service.name.to_lowercase()), index);
        }
        for located in &gathered.settings {
            let stem = located.path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or("");
            let named = by_name.get(&(located.repository, stem.to_lowercase())).copied();
            let home = || homes.service_of(located.repository, &model.files[located.file as usize].path);
            let Some(service) = named.or_else(home) else { continue };
            let all = by_service.entry(service).or_default();
            let unconditional = located.value.iter().filter(|setting| setting.profile.is_none());
            all.extend(unconditional.map(|setting| (&*setting.key, &setting.value.value)));
        }
        Settings { by_service }
    }

    /// The value of a key that holds for all profiles, where it refers to nothing else.
    fn get(&self, service: Option<u32>, key: &str) -> Option<Arc<str>> {
        let settings = self.by_service.get(&service?)?;
        let (_, value) = settings.iter().find(|(known, _)| *known == key)?;
        let plain = placeholder_default(value);
        (!plain.contains("${")).then(|| plain.into())
    }
}

/// `${NAME:default}` reads as its default where it is the whole value.
fn placeholder_default(value: &str) -> &str {
    let inner = value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    match inner.and_then(|inner| inner.split_once(':')) {
        Some((_, default)) if !default.contains("${") => default,
        _ => value,
    }
}

/// What stands before every path of a framework in a service; None where it is stated in several ways.
type Prefixes<'g> = FxHashMap<(u32, &'g str), Option<String>>;

fn service_prefixes<'g>(
    gathered: &'g Gathered,
    names: &Names<'g>,
    settings: &Settings,
    home: &dyn Fn(u32, u32) -> Option<u32>,
) -> Prefixes<'g> {
    let mut stated: FxHashMap<(u32, &str), Vec<String>> = FxHashMap::default();
    for routing in &gathered.routings {
        let Some(service) = home(routing.repository, routing.file) else { continue };
        for prefix in &routing.value.prefixes {
            let known = names.read(routing.file, &prefix.path, &|key| settings.get(Some(service), key));
            let all = stated.entry((service, &*routing.value.framework)).or_default();
            if !all.contains(&known.text) {
                all.push(known.text);
            }
        }
    }
    let mut prefixes: Prefixes = FxHashMap::default();
    for routing in &gathered.routings {
        let Some(service) = home(routing.repository, routing.file) else { continue };
        let framework = &*routing.value.framework;
        prefixes.entry((service, framework)).or_insert_with(|| {
            let keys = PREFIX_SETTINGS.iter().find(|(of, _)| framework.starts_with(of)).map_or(&[][..], |(_, keys)| keys);
            let mut path = String::new();
            for key in keys {
                if let Some(value) = settings.get(Some(service), key) {
                    path = join_paths(&path, &value);
                }
            }
            match stated.get(&(service, framework)).map_or(&[][..], Vec::as_slice) {
                [] => Some(path),
                [one] => Some(join_paths(&path, one)),
                _ => None,
            }
        });
    }
    prefixes
}

#[allow(clippy::too_many_arguments)]
fn routes<'g>(
    routing: &'g Located<Routing>,
    own: Option<u32>,
    names: &Names<'g>,
    scopes: &Scopes<'g>,
    settings: &Settings,
    home: &dyn Fn(u32, u32) -> Option<u32>,
    prefixes: &Prefixes,
    found: &mut Vec<Operation>,
) {
    for route in &routing.value.routes {
        for place in scopes.places(routing.file, route) {
            let Some(service) = own.filter(|_| route.owner.is_none()).or_else(|| home(routing.repository, place.file)).or(own)
            else {
                continue;
            };
            let path = names.read(routing.file, &route.path, &|key| settings.get(Some(service), key));
            let prefix = prefixes.get(&(service, &*routing.value.framework)).cloned().unwrap_or(Some(String::new()));
            let exact = path.exact && place.exact && prefix.is_some();
            let path = join_paths(&join_paths(&prefix.unwrap_or_default(), &place.prefix), &path.text);
            found.push(Operation {
                kind: OperationKind::Http,
                service: Some(service),
                method: Arc::clone(&route.method),
                path: if path.is_empty() { "/".into() } else { path.as_str().into() },
                exact,
                housekeeping: is_housekeeping(&path),
                ..Operation::in_code(routing.evidence(route.at))
            });
        }
    }
}

fn handler<'g>(handler: &'g Located<Handler>, service: u32, names: &Names<'g>, settings: &Settings) -> Option<Operation> {
    let known = names.read(handler.file, &handler.value.name, &|key| settings.get(Some(service), key));
    let (kind, method) = match handler.value.kind {
        HandlerKind::Rpc => (OperationKind::Rpc, "RPC"),
        HandlerKind::Consumer => (OperationKind::Consumer, "CONSUME"),
        HandlerKind::Schedule => (OperationKind::Schedule, "SCHEDULE"),
        HandlerKind::Subscription => (OperationKind::Subscription, "SUBSCRIBE"),
        HandlerKind::Graphql => (OperationKind::Graphql, "GRAPHQL"),
    };
    let housekeeping = kind == OperationKind::Rpc && known.text.to_lowercase().contains("health");
    Some(Operation {
        kind,
        service: Some(service),
        method: method.into(),
        path: known.text.as_str().into(),
        exact: known.exact,
        housekeeping,
        ..Operation::in_code(handler.evidence(handler.value.at))
    })
}

/// Code operations follow the described ones, sorted by service, then what they are; each once.
fn settle(model: &mut Model, mut found: Vec<Operation>) {
    let files = &model.files;
    let place = |operation: &Operation| (&files[operation.evidence.file as usize].path, operation.evidence.at);
    found.sort_by(|a, b| {
        let what = |operation: &Operation| (operation.service, operation.kind);
        let name = |operation: &Operation| (Arc::clone(&operation.path), Arc::clone(&operation.method));
        what(a).cmp(&what(b)).then_with(|| name(a).cmp(&name(b))).then_with(|| place(a).cmp(&place(b)))
    });
    // A path that is not wholly known may be another one than it looks.
    found.dedup_by(|b, a| {
        a.service == b.service
            && a.kind == b.kind
            && a.path == b.path
            && a.method == b.method
            && (a.exact && b.exact || a.evidence == b.evidence)
    });
    for operation in found {
        let index = model.operations.len() as u32;
        if let Some(service) = operation.service {
            model.services[service as usize].code_operations.push(index);
        }
        model.operations.push(operation);
    }
}

/// Two parts of a path with one slash between them.
fn join_paths(before: &str, after: &str) -> String {
    let mut path = String::with_capacity(before.len() + after.len() + 2);
    for part in before.split('/').chain(after.split('/')).filter(|part| !part.is_empty()) {
        path.push('/');
        path.push_str(part);
    }
    path
}
