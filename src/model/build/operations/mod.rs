//! Operations that code offers: routes with their prefixes joined, procedures, consumers and schedules, each with its service.
//!
//! 1. `scopes`: which prefixes each router has, across files.
//! 2. here: routes become operations of the service that holds their file, or of those in which their scope ends.
//! 3. `twins`: what a description says and code offers meet, and what is left over is drift.

mod procedures;
mod scopes;
mod settings;
#[cfg(test)]
mod tests;
mod twins;

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::homes::Homes;
use super::names::Names;
use super::repositories::{Gathered, Located};
use crate::facts::{EventKind, Handler, HandlerKind, Mount, Routing, Shape, Value};
use crate::model::housekeeping::is_housekeeping;
use crate::model::{Evidence, Model, Operation, OperationKind};
use scopes::{Place, Scopes};
use settings::{Prefixes, Settings};
pub(in crate::model::build) use twins::pair;

pub(super) fn join<'g>(model: &mut Model, gathered: &'g Gathered, names: &Names<'g>) {
    let homes = Homes::new(model);
    let home = |repository: u32, file: u32| homes.service_of(repository, &model.files[file as usize].path);
    let settings = Settings::new(model, gathered, &homes);
    let prefixes = Prefixes::new(gathered, names, &settings, &home);
    let scopes = Scopes::new(gathered, names);
    let mut join = Join { names, scopes: &scopes, settings: &settings, prefixes: &prefixes, home: &home, found: Vec::new() };
    let mut uncounted: Vec<(u32, Evidence)> = Vec::new();
    for routing in &gathered.routings {
        let own = home(routing.repository, routing.file);
        uncounted.extend(routing.value.uncounted.iter().filter_map(|why| Some((own?, routing.evidence(why.at)))));
        join.routes(routing, own);
    }
    for (routing, mount) in &scopes.unread {
        join.unread(routing, mount);
    }
    for handler in &gathered.handlers {
        join.handler(handler);
    }
    join.triggered(model, &mut uncounted);
    let procedures = procedures::Procedures::new(model);
    let found = join.found.into_iter().flat_map(|operation| procedures.expand(model, operation)).collect();
    settle(model, found);
    for (service, evidence) in uncounted {
        model.services[service as usize].uncounted.push(evidence);
    }
}

struct Join<'j, 'g> {
    names: &'j Names<'g>,
    scopes: &'j Scopes<'g>,
    settings: &'j Settings<'g>,
    prefixes: &'j Prefixes<'g>,
    /// The service whose folder holds a file of a repository.
    home: &'j dyn Fn(u32, u32) -> Option<u32>,
    found: Vec<Operation>,
}

impl<'g> Join<'_, 'g> {
    fn routes(&mut self, routing: &'g Located<Routing>, own: Option<u32>) {
        for route in &routing.value.routes {
            for place in self.scopes.places(routing.file, route) {
                let outermost = || (self.home)(routing.repository, place.file);
                // What a handler says counts where it is mounted; anything else where it is written, and a library's where it is used.
                let of_handler = || route.scope.as_deref().is_some_and(|scope| self.scopes.is_leaf(routing.file, scope));
                let service = if route.owner.is_some() || of_handler() { outermost().or(own) } else { own.or_else(outermost) };
                if let Some(service) = service {
                    let operation = self.http(routing, service, &place, &route.path, routing.evidence(route.at));
                    let subtree = operation.subtree || routing.value.subtrees.contains(&route.at);
                    self.found.push(Operation { method: Arc::clone(&route.method), subtree, ..operation });
                }
            }
        }
    }

    /// A handler that is mounted and of which nothing more is known answers to every method.
    fn unread(&mut self, routing: &'g Located<Routing>, mount: &'g Mount) {
        for place in self.scopes.places_of(routing.file, &mount.parent) {
            let service = (self.home)(routing.repository, routing.file).or_else(|| (self.home)(routing.repository, place.file));
            if let Some(service) = service {
                let operation = self.http(routing, service, &place, &mount.prefix, routing.evidence(mount.at));
                self.found.push(Operation { method: "ANY".into(), subtree: true, ..operation });
            }
        }
    }

    fn http(&self, routing: &'g Located<Routing>, service: u32, place: &Place, path: &'g Value, evidence: Evidence) -> Operation {
        let below = self.names.read(routing.file, path, &|key| self.settings.get(Some(service), key));
        let prefix = self.prefixes.of(service, &routing.value.framework);
        let path = join_paths(&join_paths(prefix.unwrap_or(""), &place.prefix), &below.text);
        Operation {
            service: Some(service),
            exact: below.exact && place.exact && prefix.is_some(),
            subtree: path.ends_with("/{rest}"),
            housekeeping: is_housekeeping(&path),
            path: if path.is_empty() { "/".into() } else { path.as_str().into() },
            ..Operation::in_code(evidence)
        }
    }

    /// What deployment files hand to functions: requests, messages and the clock. A function that is handed every request tells its routes
    /// by itself, or can't be counted.
    fn triggered(&mut self, model: &Model, uncounted: &mut Vec<(u32, Evidence)>) {
        let routed = self.found.iter().filter(|operation| operation.kind == OperationKind::Http);
        let routed: FxHashSet<Option<u32>> = routed.map(|operation| operation.service).collect();
        let units = model.units.iter().filter(|unit| unit.shape == Some(Shape::Function));
        for (service, event, evidence) in units.flat_map(|unit| unit.events.iter().map(|(event, at)| (unit.service, event, *at)))
        {
            let Some(service) = service else { continue };
            let name = &event.name.value;
            let (kind, method, path) = match (event.kind, name.split_once(' ')) {
                (EventKind::Http, Some((_, path))) if path.ends_with(EVERY_PATH) => {
                    uncounted.extend((!routed.contains(&Some(service))).then_some((service, evidence)));
                    continue;
                }
                (EventKind::Http, Some((method, path))) => (OperationKind::Http, method, path),
                (EventKind::Queue | EventKind::Topic | EventKind::Stream, _) => (OperationKind::Consumer, "CONSUME", &**name),
                (EventKind::Schedule, _) => (OperationKind::Schedule, "SCHEDULE", &**name),
                _ => continue,
            };
            self.found.push(Operation {
                kind,
                service: Some(service),
                method: method.into(),
                path: path.into(),
                exact: !path.contains("${"),
                subtree: path.ends_with("+}"),
                housekeeping: kind == OperationKind::Http && is_housekeeping(path),
                ..Operation::in_code(evidence)
            });
        }
    }

    fn handler(&mut self, handler: &'g Located<Handler>) {
        let Some(service) = (self.home)(handler.repository, handler.file) else { return };
        let known = self.names.read(handler.file, &handler.value.name, &|key| self.settings.get(Some(service), key));
        let (kind, method) = match handler.value.kind {
            HandlerKind::Rpc => (OperationKind::Rpc, "RPC"),
            HandlerKind::Consumer => (OperationKind::Consumer, "CONSUME"),
            HandlerKind::Schedule => (OperationKind::Schedule, "SCHEDULE"),
            HandlerKind::Subscription => (OperationKind::Subscription, "SUBSCRIBE"),
            HandlerKind::Graphql => (OperationKind::Graphql, "GRAPHQL"),
        };
        self.found.push(Operation {
            kind,
            service: Some(service),
            method: method.into(),
            path: known.text.as_str().into(),
            exact: known.exact,
            housekeeping: kind == OperationKind::Rpc && known.text.to_lowercase().contains("health"),
            ..Operation::in_code(handler.evidence(handler.value.at))
        });
    }
}

/// What a gateway hands to a function as a whole, whatever its path.
const EVERY_PATH: &str = "/{proxy+}";

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
