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
