//! What several subjects ask of the model's tables: distinct units, repositories, domains and teams of some services.

use rustc_hash::FxHashSet;

use super::datum::Datum;
use super::subject::objects;
use super::{Model, Operation};

impl Model {
    /// The rows of [`Model::operations`] of one API.
    pub fn operations_of(&self, api: u32) -> &[Operation] {
        let rows = &self.apis[api as usize].operations;
        &self.operations[rows.start as usize..rows.end as usize]
    }

    pub(super) fn units_of(&self, services: &[u32]) -> Vec<u32> {
        distinct(services.iter().flat_map(|&service| self.services[service as usize].units.iter().copied()))
    }

    pub(super) fn repositories_of(&self, services: &[u32]) -> Vec<u32> {
        distinct(services.iter().map(|&service| self.services[service as usize].repository))
    }

    pub(super) fn domains_of(&self, services: &[u32]) -> Vec<u32> {
        distinct(services.iter().filter_map(|&service| self.services[service as usize].domain))
    }

    /// The teams, not persons, that own the services by the most specific source that names an owner.
    pub(super) fn teams_of(&self, services: &[u32]) -> Vec<u32> {
        let owners = services.iter().flat_map(|&service| self.services[service as usize].effective_owners());
        distinct(owners.map(|owner| owner.team).filter(|&team| !self.teams[team as usize].individual))
    }

    /// What a service offers, as rows of [`Model::operations`], and whether that is all. Where its code is wholly known that is what it
    /// offers; else what descriptions say counts too.
    pub fn offers(&self, service: u32) -> (Vec<u32>, bool) {
        let row = &self.services[service as usize];
        if row.operations_complete {
            return (row.code_operations.clone(), true);
        }
        let complete = !row.apis.is_empty() && row.apis.iter().all(|&api| self.apis[api as usize].complete);
        let described = row.apis.iter().flat_map(|&api| self.apis[api as usize].operations.clone());
        let in_code = row.code_operations.iter().copied();
        let mut seen = FxHashSet::default();
        let alone = in_code.filter(|&index| self.operations[index as usize].twin.is_none());
        let all = described.chain(alone).filter(|&index| {
            let Operation { method, path, .. } = &self.operations[index as usize];
            seen.insert((method, path))
        });
        (all.collect(), complete)
    }

    /// Those of what a service offers that are wanted.
    pub(super) fn offered_by(&self, service: u32, wanted: fn(&Operation) -> bool) -> Datum {
        let (rows, complete) = self.offers(service);
        objects("operation", rows.into_iter().filter(|&index| wanted(&self.operations[index as usize])), complete)
    }

    /// What API descriptions offer together, each method and path once. Without a description, or where one could not be read
    /// whole, there may be more.
    pub(super) fn offered(&self, apis: &[u32]) -> Datum {
        let complete = !apis.is_empty() && apis.iter().all(|&api| self.apis[api as usize].complete);
        let rows = apis.iter().flat_map(|&api| self.apis[api as usize].operations.clone());
        let mut seen = FxHashSet::default();
        let first = |row: &u32| {
            let Operation { method, path, .. } = &self.operations[*row as usize];
            apis.len() == 1 || seen.insert((method, path))
        };
        objects("operation", rows.filter(first), complete)
    }
}

/// Sorted, each once.
fn distinct(rows: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut rows: Vec<u32> = rows.collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}
