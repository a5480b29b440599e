//! What descriptions say beside what code offers: each operation finds its twin, or is drift.
//!
//! Descriptions and code may count paths from different places (a base path of a proxy, a context path that only deployment knows): the
//! shift under which most operations meet is taken for that difference. Nothing is called drift where the two hardly meet at all, or where
//! one side is not wholly known.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::ApiFormat;
use crate::model::{Drift, DriftSide, Model, OperationKind};

/// Shifts are looked for among the first so many operations of either side.
const MOST_COMPARED: usize = 200;

pub(in crate::model::build) fn pair(model: &mut Model) {
    for service in 0..model.services.len() {
        pair_service(model, service as u32);
    }
    model.drifts.sort_by_key(|drift| (drift.service, drift.operation));
}

fn pair_service(model: &mut Model, service: u32) {
    let row = &model.services[service as usize];
    let in_code: Vec<u32> = row
        .code_operations
        .iter()
        .copied()
        .filter(|&index| model.operations[index as usize].kind == OperationKind::Http)
        .collect();
    let apis: Vec<u32> = row.apis.iter().copied().filter(|&api| model.apis[api as usize].format != ApiFormat::Protobuf).collect();
    let described: Vec<u32> = apis.iter().flat_map(|&api| model.apis[api as usize].operations.clone()).collect();
    if in_code.is_empty() || described.is_empty() {
        return;
    }
    let shift = shift(model, &in_code, &described);
    let mut by_path: FxHashMap<Vec<String>, Vec<u32>> = FxHashMap::default();
    let mut trees: FxHashMap<Vec<String>, Vec<u32>> = FxHashMap::default();
    for &index in &in_code {
        let operation = &model.operations[index as usize];
        by_path.entry(shift.code(segments(&operation.path))).or_default().push(index);
        // What answers everything at the root greets, or says that there is nothing.
        let is_fallback = matches!(&*operation.path, "/" | "/{rest}") && matches!(&*operation.method, "GET" | "ANY");
        if operation.subtree && !is_fallback {
            let above = operation.path.strip_suffix("/{rest}").unwrap_or(&operation.path);
            trees.entry(shift.code(segments(above))).or_default().push(index);
        }
    }
    let mut twins: Vec<(u32, u32)> = Vec::new();
    let mut met = false;
    for &index in &described {
        let key = shift.description(segments(&model.operations[index as usize].path));
        let method = &*model.operations[index as usize].method;
        let answers = |code: &u32| {
            let other = &*model.operations[*code as usize].method;
            other == method || other == "ANY"
        };
        let below = || (0..=key.len()).rev().filter_map(|length| trees.get(&key[..length])).flatten().find(|code| answers(code));
        let same = by_path.get(&key).into_iter().flatten().find(|code| answers(code));
        met |= same.is_some();
        let twin = same.or_else(below).copied();
        twins.extend(twin.map(|code| (index, code)));
    }
    for &(described, code) in &twins {
        model.operations[described as usize].twin = Some(code);
        model.operations[code as usize].twin = Some(described);
    }
    if !met {
        return;
    }
    let complete = apis.iter().all(|&api| model.apis[api as usize].complete);
    drift(model, service, &in_code, &described, complete);
}

fn drift(model: &mut Model, service: u32, in_code: &[u32], described: &[u32], complete: bool) {
    let twinless = |index: &&u32| {
        let operation = &model.operations[**index as usize];
        // What stands at the root leads to documentation or greets.
        operation.twin.is_none() && !operation.housekeeping && !matches!(&*operation.path, "/" | "/{rest}")
    };
    let mut found = Vec::new();
    if complete {
        let exact = |index: &&u32| model.operations[**index as usize].exact;
        found.extend(in_code.iter().filter(twinless).filter(exact).map(|&operation| (DriftSide::Code, operation)));
    }
    let row = &model.services[service as usize];
    let counted = row.operations_complete && in_code.iter().all(|&index| model.operations[index as usize].exact);
    if counted {
        found.extend(described.iter().filter(twinless).map(|&operation| (DriftSide::Description, operation)));
    }
    model.drifts.extend(found.into_iter().map(|(side, operation)| Drift { side, operation, service }));
}

/// What stands before the paths of one side and not before those of the other.
#[derive(Default)]
struct Shift {
    /// Before those of the description.
    described: Vec<String>,
    /// Before those of the code.
    code: Vec<String>,
}

impl Shift {
    fn description(&self, path: Vec<String>) -> Vec<String> {
        without(path, &self.described)
    }

    fn code(&self, path: Vec<String>) -> Vec<String> {
        without(path, &self.code)
    }
}

fn without(path: Vec<String>, prefix: &[String]) -> Vec<String> {
    match path.starts_with(prefix) {
        true => path[prefix.len()..].to_vec(),
        // Kept apart from those that have the prefix.
        false => [vec!["\0".to_owned()], path].concat(),
    }
}

fn shift(model: &Model, in_code: &[u32], described: &[u32]) -> Shift {
    let paths = |rows: &[u32]| -> Vec<Vec<String>> {
        rows.iter().take(MOST_COMPARED).map(|&row| segments(&model.operations[row as usize].path)).collect()
    };
    let (code, descriptions) = (paths(in_code), paths(described));
    let known: FxHashSet<&Vec<String>> = code.iter().collect();
    let plain = descriptions.iter().filter(|path| known.contains(path)).count();
    // Every suffix of every path, and how often a description's path is a code path with something before it, or the reverse.
    let mut votes: FxHashMap<(bool, Vec<String>), usize> = FxHashMap::default();
    let mut vote = |long: &[Vec<String>], short: &FxHashSet<&Vec<String>>, in_description: bool| {
        for path in long {
            for length in 1..=path.len().min(4) {
                if path.len() > length && short.contains(&path[length..].to_vec()) {
                    *votes.entry((in_description, path[..length].to_vec())).or_default() += 1;
                }
            }
        }
    };
    vote(&descriptions, &known, true);
    vote(&code, &descriptions.iter().collect(), false);
    let best = votes.into_iter().max_by(|a, b| (a.1, &b.0).cmp(&(b.1, &a.0)));
    match best {
        Some(((in_description, prefix), count)) if count > plain => match in_description {
            true => Shift { described: prefix, code: Vec::new() },
            false => Shift { described: Vec::new(), code: prefix },
        },
        _ => Shift::default(),
    }
}

/// The parts of a path, each parameter alike; letters of either case are one.
fn segments(path: &str) -> Vec<String> {
    let part = |part: &str| {
        let mut out = String::with_capacity(part.len());
        let mut depth = 0;
        for character in part.chars() {
            match character {
                '{' => {
                    depth += 1;
                    out.push_str(if depth == 1 { "{" } else { "" });
                }
                '}' => {
                    depth -= 1;
                    out.push_str(if depth == 0 { "}" } else { "" });
                }
                _ if depth > 0 => {}
                other => out.extend(other.to_lowercase()),
            }
        }
        out
    };
    path.split('/').filter(|text| !text.is_empty()).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_alike() {
        assert_eq!(segments("/Orders/{id}/lines/{line-no}.json"), ["orders", "{}", "lines", "{}.json"]);
        assert_eq!(segments("/"), [] as [&str; 0]);
    }
}
