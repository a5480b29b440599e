//! Types that several services store each for itself, though they are one.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::Model;

/// Types of fewer fields are alike by chance.
const FEWEST_FIELDS: usize = 3;
/// Types of one name that are compared pair by pair.
const MOST_COMPARED: usize = 400;
/// How many of the fields of both must be the same (RULES: `entity-scatter`), in percent.
const SAME_FIELDS: usize = 60;

/// A type and its likenesses in other services.
#[derive(Debug, PartialEq)]
pub struct EntityFamily {
    pub name: Arc<str>,
    /// Rows of [`Model::entities`], one of each service, in the order of the services.
    pub entities: Vec<u32>,
}

/// Types of one name with so many equal fields, in two services or more.
pub fn families(model: &Model) -> Vec<EntityFamily> {
    let mut by_name: BTreeMap<String, Vec<(u32, FxHashSet<String>)>> = BTreeMap::new();
    for (entity, row) in model.entities.iter().zip(0..) {
        let fields: FxHashSet<String> = entity.fields.iter().map(|field| letters(field)).collect();
        if fields.len() >= FEWEST_FIELDS {
            by_name.entry(letters(&entity.name)).or_default().push((row, fields));
        }
    }
    let mut found = Vec::new();
    for mut rows in by_name.into_values().filter(|rows| rows.len() > 1) {
        rows.truncate(MOST_COMPARED);
        while !rows.is_empty() {
            let (first, fields) = rows.remove(0);
            let (alike, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, other)| are_alike(&fields, other));
            rows = others;
            let mut entities = vec![first];
            for (row, _) in alike {
                let service = model.entities[row as usize].service;
                if !entities.iter().any(|&known| model.entities[known as usize].service == service) {
                    entities.push(row);
                }
            }
            if entities.len() > 1 {
                entities.sort_by_key(|&row| model.entities[row as usize].service);
                found.push(EntityFamily { name: Arc::clone(&model.entities[first as usize].name), entities });
            }
        }
    }
    found
}

/// Letters and digits alone, in lower case: `orderId`, `order_id` and `OrderID` are one.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn are_alike(a: &FxHashSet<String>, b: &FxHashSet<String>) -> bool {
    let common = a.intersection(b).count();
    let all = a.len() + b.len() - common;
    common * 100 >= all * SAME_FIELDS
}
