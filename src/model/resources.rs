//! Root resources that several services serve.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cohesion::root_resources;
use super::{Kind, Model, Operation, OperationKind};

/// What the paths of several services begin with.
#[derive(Debug, PartialEq)]
pub struct Resource {
    pub name: Arc<str>,
    /// Services that serve it, in order, each with the rows of its operations on it.
    pub servers: Vec<(u32, Vec<u32>)>,
}

/// Every resource of two servers or more. Gateways, user interfaces and what aggregates for them serve what others own.
pub fn resources(model: &Model) -> Vec<Resource> {
    let mut found: BTreeMap<String, Vec<(u32, Vec<u32>)>> = BTreeMap::new();
    for (service, index) in model.services.iter().zip(0u32..) {
        if !matches!(service.kind, Some(Kind::Service | Kind::Worker | Kind::Function)) {
            continue;
        }
        let (rows, _) = model.offers(index);
        for row in rows {
            let operation: &Operation = &model.operations[row as usize];
            if operation.kind != OperationKind::Http || operation.housekeeping || !operation.exact {
                continue;
            }
            let Some((name, _)) = root_resources(std::slice::from_ref(operation)).first().copied() else { continue };
            let servers = found.entry(name.to_lowercase()).or_default();
            match servers.last_mut() {
                Some((last, rows)) if *last == index => rows.push(row),
                _ => servers.push((index, vec![row])),
            }
        }
    }
    let shared = found.into_iter().filter(|(name, servers)| servers.len() > 1 && !name.contains('{'));
    shared.map(|(name, servers)| Resource { name: name.into(), servers }).collect()
}
