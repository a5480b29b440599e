//! Functions that are deployed together, and what they have in common.

use std::sync::Arc;

use super::Model;
use crate::facts::Shape;

/// The functions among some deploy units, in their order.
pub fn functions(model: &Model, units: &[u32]) -> Vec<u32> {
    units.iter().copied().filter(|&unit| model.units[unit as usize].shape == Some(Shape::Function)).collect()
}

/// The mean lines of code of functions; None where that of any is not known, and for no function.
pub fn mean_lines(model: &Model, functions: &[u32]) -> Option<u32> {
    let lines: Option<Vec<u32>> = functions
        .iter()
        .map(|&unit| model.units[unit as usize].code_lines.filter(|count| count.complete).map(|count| count.value))
        .collect();
    let lines = lines.filter(|lines| !lines.is_empty())?;
    let sum: u64 = lines.iter().map(|&lines| u64::from(lines)).sum();
    Some((sum / lines.len() as u64) as u32)
}

/// A table or role that every function is given; None where there is none.
pub fn shared_resource(model: &Model, functions: &[u32]) -> Option<Arc<str>> {
    let (first, rest) = functions.split_first()?;
    let has = |unit: &u32, resource: &Arc<str>| model.units[*unit as usize].resources.contains(resource);
    let mut shared: Vec<&Arc<str>> =
        model.units[*first as usize].resources.iter().filter(|resource| rest.iter().all(|unit| has(unit, resource))).collect();
    shared.sort();
    shared.first().map(|resource| Arc::clone(resource))
}
