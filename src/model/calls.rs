//! What several subjects ask of dependencies: callers and callees, what is declared and used, what is passed on.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{DependencyKind, Evidence, Forwarder, Kind, Model, OperationKind, Store, Target};

impl Model {
    /// Services that a service calls and waits for, each once, in order.
    pub fn callees(&self, service: u32) -> Vec<u32> {
        let from = self.dependencies.partition_point(|dependency| dependency.from < service);
        let own = self.dependencies[from..].iter().take_while(|dependency| dependency.from == service);
        let mut callees: Vec<u32> =
            own.filter(|dependency| dependency.kind.is_synchronous()).map(|dependency| dependency.to).collect();
        callees.dedup();
        callees
    }

    /// Services that call a service and wait for it, each once, in order.
    pub fn callers(&self, service: u32) -> Vec<u32> {
        let all = self.callers.get(service as usize).map_or(&[][..], Vec::as_slice);
        all.to_vec()
    }

    /// Rows of the dependencies of which a service is the caller or sender.
    pub fn dependencies_of(&self, service: u32) -> std::ops::Range<u32> {
        let from = self.dependencies.partition_point(|dependency| dependency.from < service);
        let to = self.dependencies.partition_point(|dependency| dependency.from <= service);
        from as u32..to as u32
    }

    /// Rows of the call sites of a service.
    pub fn sites_of(&self, service: u32) -> std::ops::Range<u32> {
        let from = self.call_sites.partition_point(|site| site.caller < service);
        let to = self.call_sites.partition_point(|site| site.caller <= service);
        from as u32..to as u32
    }

    /// True where the target of every call of a service is known, as far as calls are read.
    pub fn knows_all_targets(&self, service: u32) -> bool {
        let rows = self.sites_of(service);
        let sites = &self.call_sites[rows.start as usize..rows.end as usize];
        let row = &self.services[service as usize];
        let is_read =
            !row.languages.is_empty() && row.languages.iter().all(|(language, _)| crate::extract::code::is_read(*language));
        is_read && sites.iter().all(|site| site.target != Target::Unknown || site.kind == DependencyKind::Message)
    }

    /// Where one service declares that it needs another.
    pub fn declares(&self, from: u32, to: u32) -> Option<Evidence> {
        let first = self.declarations.partition_point(|declaration| declaration.from < from);
        let mut own = self.declarations[first..].iter().take_while(|declaration| declaration.from == from);
        own.find(|declaration| declaration.to == Some(to)).map(|declaration| declaration.evidence)
    }

    /// Whether a service calls another, exchanges messages with it, or hands on to it; None where that can't be told.
    pub fn uses(&self, from: u32, to: u32) -> Option<bool> {
        let between = |a: u32, b: u32| {
            let rows = self.dependencies_of(a);
            self.dependencies[rows.start as usize..rows.end as usize]
                .iter()
                .any(|dependency| dependency.to == b && (a == from || dependency.kind == DependencyKind::Message))
        };
        let hands_on = || self.forwardings.iter().any(|one| one.from == Forwarder::Service(from) && one.to == to);
        match between(from, to) || between(to, from) || hands_on() {
            true => Some(true),
            false => self.knows_all_targets(from).then_some(false),
        }
    }

    /// The service to which each operation of a service hands on by one call, and which does nothing else: no types, no stores, no other
    /// callee.
    pub fn passes_on_to(&self, service: u32) -> Option<u32> {
        let row = &self.services[service as usize];
        if row.kind != Some(Kind::Service) || !row.operations_complete || !row.entities_complete || !row.entities.is_empty() {
            return None;
        }
        let operations = row.code_operations.iter().map(|&operation| &self.operations[operation as usize]);
        let operations: Vec<_> = operations.filter(|operation| !operation.housekeeping).collect();
        let answered = operations
            .iter()
            .all(|operation| matches!(operation.kind, OperationKind::Http | OperationKind::Rpc | OperationKind::Graphql));
        let sites = self.sites_of(service);
        let sites = &self.call_sites[sites.start as usize..sites.end as usize];
        let Some(Target::Service(callee)) = sites.first().map(|site| site.target) else { return None };
        let only = sites.iter().all(|site| site.target == Target::Service(callee) && site.kind.is_synchronous());
        let stores = self.stores.iter().any(|store| store.users.iter().any(|user| user.service == service));
        (answered && only && !stores && callee != service && sites.len() == operations.len()).then_some(callee)
    }

    /// Tables that two users of a store or more have a type or a migration for, in lower case.
    pub fn shared_tables(&self, store: &Store) -> Vec<Arc<str>> {
        let mut seen: FxHashSet<String> = FxHashSet::default();
        let mut shared: Vec<Arc<str>> = Vec::new();
        for user in &store.users {
            let entities = self.services[user.service as usize].entities.iter().map(|&entity| &self.entities[entity as usize]);
            let mut own: Vec<String> =
                entities.map(|entity| entity.table.as_ref().unwrap_or(&entity.name).to_lowercase()).collect();
            own.sort();
            own.dedup();
            for table in own {
                if !seen.insert(table.clone()) && !shared.iter().any(|known| **known == *table) {
                    shared.push(table.into());
                }
            }
        }
        shared.sort();
        shared
    }

    /// Services of some that store types and call one another, directly.
    pub fn entangled(&self, services: &[u32]) -> Vec<u32> {
        let storing: FxHashSet<u32> =
            services.iter().copied().filter(|&service| !self.services[service as usize].entities.is_empty()).collect();
        let mut found: FxHashSet<u32> = FxHashSet::default();
        for &service in &storing {
            for callee in self.callees(service) {
                if storing.contains(&callee) && callee != service {
                    found.extend([service, callee]);
                }
            }
        }
        let mut found: Vec<u32> = found.into_iter().collect();
        found.sort_unstable();
        found
    }
}

/// Of each service the services that call it and wait.
pub(super) fn callers(model: &Model) -> Vec<Vec<u32>> {
    let mut callers: Vec<Vec<u32>> = vec![Vec::new(); model.services.len()];
    for dependency in model.dependencies.iter().filter(|dependency| dependency.kind.is_synchronous()) {
        let known = &mut callers[dependency.to as usize];
        if known.last() != Some(&dependency.from) {
            known.push(dependency.from);
        }
    }
    callers
}
