//! How well the operations of one API belong together.
//!
//! Two measures, both from 0 to 1. *Path cohesion* is the share of operations under the largest root resource. *Schema cohesion* is
//! SIDC, service interface data cohesion (Perepletchikov et al. 2007): how many of all pairs of operations share a parameter type, and how
//! many share a response type.

use rustc_hash::FxHashMap;

use super::Operation;
use super::housekeeping::is_housekeeping;

/// The first words of the paths after prefixes that say nothing of the resource, with the number of operations of each; the most
/// frequent first, then by name. Operations that serve machines (health, metrics, documentation) do not count.
pub fn root_resources(operations: &[Operation]) -> Vec<(&str, u32)> {
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    for operation in operations {
        if let Some(root) = root_resource(&operation.path) {
            *counts.entry(root).or_default() += 1;
        }
    }
    let mut resources: Vec<(&str, u32)> = counts.into_iter().collect();
    resources.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    resources
}

/// The share of operations under the largest root resource; None when no operation has a resource.
pub fn path_cohesion(operations: &[Operation]) -> Option<f64> {
    let resources = root_resources(operations);
    let all: u32 = resources.iter().map(|(_, count)| count).sum();
    Some(f64::from(resources.first()?.1) / f64::from(all))
}

/// SIDC; None for fewer than two operations, for more than can be compared pair by pair, and where fewer than two have any type:
/// a description that names no schemas says nothing of what its operations share.
pub fn schema_cohesion(operations: &[Operation]) -> Option<f64> {
    let operations: Vec<&Operation> = operations.iter().filter(|operation| root_resource(&operation.path).is_some()).collect();
    let count = operations.len();
    let typed = |operation: &&&Operation| !operation.parameter_types.is_empty() || !operation.response_types.is_empty();
    if !(2..=MAX_COMPARED).contains(&count) || operations.iter().filter(typed).count() < 2 {
        return None;
    }
    let pairs = (count * (count - 1) / 2) as f64;
    let parameters = sharing_pairs(operations.iter().map(|operation| &operation.parameter_types[..]));
    let responses = sharing_pairs(operations.iter().map(|operation| &operation.response_types[..]));
    Some((parameters + responses) as f64 / (2.0 * pairs))
}

/// Comparing is quadratic in the number of operations; so many take some milliseconds.
const MAX_COMPARED: usize = 4_096;

/// How many pairs of sets share at least one text: one bit for each set and each text that several of them hold.
fn sharing_pairs<'o>(sets: impl ExactSizeIterator<Item = &'o [std::sync::Arc<str>]>) -> u64 {
    let words = sets.len().div_ceil(64);
    let sets: Vec<&[std::sync::Arc<str>]> = sets.collect();
    let mut holders: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
    for (index, set) in sets.iter().enumerate() {
        for text in *set {
            let holders = holders.entry(text).or_default();
            if holders.last() != Some(&(index as u32)) {
                holders.push(index as u32);
            }
        }
    }
    let mut row = vec![0u64; words];
    let mut pairs = 0;
    for (index, set) in sets.iter().enumerate() {
        row.fill(0);
        for &holder in set.iter().flat_map(|text| &holders[&**text]) {
            row[holder as usize / 64] |= 1 << (holder % 64);
        }
        row[index / 64] &= !(1 << (index % 64));
        pairs += row.iter().map(|word| u64::from(word.count_ones())).sum::<u64>();
    }
    pairs / 2
}

/// The first part of a path that names a resource; None for a path without one, and for one that serves machines.
pub fn root_resource(path: &str) -> Option<&str> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let root = parts.find(|part| !is_prefix(part))?;
    (!is_housekeeping(path)).then_some(root)
}

/// Parts of a path that say nothing of the resource: `api`, `rest`, a version, a parameter.
pub fn is_prefix(part: &str) -> bool {
    part.starts_with(['{', ':', '*'])
        || ["api", "apis", "rest"].iter().any(|word| word.eq_ignore_ascii_case(part))
        || is_version(part)
}

/// `v1`, `v2.1`, `v1beta1`, or a date such as `2024-01-31`.
pub fn is_version(part: &str) -> bool {
    let bytes = part.as_bytes();
    let numbered = matches!(bytes, [b'v' | b'V', digit, ..] if digit.is_ascii_digit())
        && bytes[1..].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'.');
    let dated = bytes.len() == 10
        && bytes.iter().enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    numbered || dated
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Evidence;
    use crate::source::Location;

    /// One line each: `PATH parameter,parameter -> response,response`.
    fn operations(lines: &str) -> Vec<Operation> {
        let types = |list: &str| list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(Into::into).collect();
        let read = |line: &str| {
            let (left, responses) = line.split_once("->").unwrap_or((line, ""));
            let (path, parameters) = left.trim().split_once(' ').unwrap_or((left.trim(), ""));
            Operation {
                api: Some(0),
                method: "GET".into(),
                path: path.into(),
                parameter_types: types(parameters),
                response_types: types(responses),
                ..Operation::in_code(Evidence { file: 0, at: Location::TOP })
            }
        };
        lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(read).collect()
    }

    #[test]
    fn prefixes_versions_and_parameters_name_no_resource() {
        let paths = "/api/v1/orders\n/orders/{id}\n/{tenant}/orders\n/v2.1/orders/x\n/rest/2024-01-31/orders\n/healthz\n/v1\n/shop.Orders/Get";
        let operations = operations(paths);
        assert_eq!(root_resources(&operations), [("orders", 5), ("shop.Orders", 1)]);
        assert_eq!(path_cohesion(&operations), Some(5.0 / 6.0));
    }

    #[test]
    fn operations_that_share_types_belong_together() {
        let together = operations("/a Order -> Order\n/b Order -> Order\n/c Order -> Order");
        assert_eq!(schema_cohesion(&together), Some(1.0));
        let apart = operations("/a A -> B\n/b C -> D\n/c E -> F");
        assert_eq!(schema_cohesion(&apart), Some(0.0));
        let half = operations("/a A,B -> X\n/b B,A -> Y");
        assert_eq!(schema_cohesion(&half), Some(0.5), "a pair that shares two types counts once");
    }

    #[test]
    fn too_little_is_unknown() {
        assert_eq!(schema_cohesion(&operations("/a A -> A")), None);
        assert_eq!(path_cohesion(&operations("/healthz\n/")), None);
    }
}
