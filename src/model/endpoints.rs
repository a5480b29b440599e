//! Which operation of its callee each call means.
//!
//! A path of a call meets a template where each of its parts is the same, or a parameter, or not known. Where the callee's operations are
//! all known and none meets, the call asks for something that is not there.

use rustc_hash::FxHashMap;

use super::housekeeping::is_housekeeping;
use super::{CallSite, DependencyKind, Model, Operation, OperationKind, Target};

/// Sets the operation of each call site.
pub fn pair(model: &mut Model) {
    let mut offered: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    let mut found: Vec<Option<u32>> = Vec::with_capacity(model.call_sites.len());
    for site in &model.call_sites {
        let Target::Service(callee) = site.target else {
            found.push(None);
            continue;
        };
        let rows = offered.entry(callee).or_insert_with(|| all_of(model, callee));
        found.push(rows.iter().copied().find(|&row| means(site, &model.operations[row as usize])));
    }
    for (site, operation) in model.call_sites.iter_mut().zip(found) {
        site.operation = operation;
    }
}

/// What code and descriptions say that a service offers.
fn all_of(model: &Model, service: u32) -> Vec<u32> {
    let row = &model.services[service as usize];
    let described = row.apis.iter().flat_map(|&api| model.apis[api as usize].operations.clone());
    row.code_operations.iter().copied().chain(described).collect()
}

fn means(site: &CallSite, operation: &Operation) -> bool {
    let Some(path) = site.path.as_deref() else { return false };
    match (site.kind, operation.kind) {
        (DependencyKind::Http, OperationKind::Http) => {
            let method = site.method.as_deref().is_none_or(|method| *operation.method == *method || &*operation.method == "ANY");
            method && meets(path, &operation.path, operation.subtree)
        }
        (DependencyKind::Grpc, OperationKind::Rpc) => same_procedure(path, &operation.path),
        (DependencyKind::Http, OperationKind::Rpc | OperationKind::Consumer)
        | (DependencyKind::Message, OperationKind::Consumer) => path.eq_ignore_ascii_case(&operation.path),
        _ => false,
    }
}

/// `Service/Method` and `/package.Service/Method`, letters of either case.
fn same_procedure(called: &str, offered: &str) -> bool {
    let parts = |name: &str| {
        let (service, method) = name.trim_start_matches('/').split_once('/').unwrap_or((name, ""));
        (service.rsplit('.').next().unwrap_or(service).to_lowercase(), method.to_lowercase())
    };
    let (service, method) = parts(called);
    let (of, offered) = parts(offered);
    service == of && !method.is_empty() && method == offered
}

/// Whether a path of a call meets the template of an operation.
fn meets(path: &str, template: &str, subtree: bool) -> bool {
    let mut called = path.split('/').filter(|part| !part.is_empty());
    let mut offered = template.split('/').filter(|part| !part.is_empty());
    loop {
        match (called.next(), offered.next()) {
            (None, None) => return true,
            (Some(_), None) => return subtree,
            (None, Some("{rest}")) => return true,
            (None, Some(_)) => return false,
            (Some(_), Some("{rest}")) => return true,
            (Some(part), Some(other)) => {
                if !part.contains("{}") && !other.contains('{') && !part.eq_ignore_ascii_case(other) {
                    return false;
                }
            }
        }
    }
}

/// Whether a call asks for what its callee is known not to offer. None where the callee's operations, or the call's path, are not wholly
/// known.
pub fn is_offered(model: &Model, site: &CallSite) -> Option<bool> {
    let Target::Service(callee) = site.target else { return None };
    if site.operation.is_some() {
        return Some(true);
    }
    let row = &model.services[callee as usize];
    let path = site.path.as_deref()?;
    site.method.as_deref()?;
    let known = row.operations_complete
        && row.code_operations.iter().all(|&operation| model.operations[operation as usize].exact)
        && row.code_operations.iter().any(|&operation| model.operations[operation as usize].kind == OperationKind::Http);
    let told = site.kind == DependencyKind::Http && path.len() > 1 && !path.starts_with("/{}") && !is_housekeeping(path);
    // A part that is half known may hold several.
    let whole = path.split('/').all(|part| part == "{}" || !part.contains("{}"));
    (known && told && whole).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_meet_templates_part_by_part() {
        for (path, template, subtree, expected) in [
            ("/orders/{}", "/orders/{id}", false, true),
            ("/orders/42", "/orders/{id}", false, true),
            ("/orders", "/orders/", false, true),
            ("/orders/{}/items", "/orders/{id}", false, false),
            ("/orders/{}/items", "/orders/{id}", true, true),
            ("/files/a/b", "/files/{rest}", false, true),
            ("/order-{}", "/orders", false, true),
            ("/carts", "/orders", false, false),
        ] {
            assert_eq!(meets(path, template, subtree), expected, "{path} {template}");
        }
    }

    #[test]
    fn procedures_are_one_whatever_their_package() {
        assert!(same_procedure("Carts/Add", "/shop.v1.Carts/Add"));
        assert!(!same_procedure("Carts", "/shop.v1.Carts/Add"));
        assert!(!same_procedure("Carts/Remove", "/shop.v1.Carts/Add"));
    }
}
