//! Families of services that are the layers of one thing: `orders-api`, `orders-logic`, `orders-dao`.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Kind, Model};

/// Last words of names that say which layer a service is.
const LAYERS: [&str; 17] = [
    "api",
    "backend",
    "bl",
    "business",
    "controller",
    "core",
    "dal",
    "dao",
    "data",
    "db",
    "domain",
    "logic",
    "persistence",
    "repository",
    "rest",
    "storage",
    "store",
];

/// Services that are called by one noun and different layers.
#[derive(Debug, PartialEq)]
pub struct LayerGroup {
    pub noun: Arc<str>,
    /// In the order of their names; user interfaces are not among them.
    pub services: Vec<u32>,
}

/// Every family of at least two layers.
pub fn groups(model: &Model) -> Vec<LayerGroup> {
    let mut families: FxHashMap<&str, Vec<(u32, &str)>> = FxHashMap::default();
    for (service, index) in model.services.iter().zip(0..).filter(|(service, _)| service.kind != Some(Kind::Ui)) {
        if let Some((noun, layer)) = service.name.rsplit_once(['-', '_', '.']).filter(|(_, layer)| is_layer(layer)) {
            families.entry(noun).or_default().push((index, layer));
        }
    }
    let mut groups: Vec<LayerGroup> = families
        .into_iter()
        .filter(|(_, members)| members.iter().any(|(_, layer)| *layer != members[0].1))
        .map(|(noun, members)| LayerGroup {
            noun: noun.into(),
            services: members.into_iter().map(|(service, _)| service).collect(),
        })
        .collect();
    groups.sort_by(|a, b| a.noun.cmp(&b.noun));
    groups
}

fn is_layer(word: &str) -> bool {
    LAYERS.iter().any(|layer| layer.eq_ignore_ascii_case(word))
}
