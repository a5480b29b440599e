//! Remote procedures: code says which service it implements, a description which methods that has.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::facts::ApiFormat;
use crate::model::{Model, Operation, OperationKind};

/// Methods of described services, by repository and the service's name without its package, in lower case.
pub(super) struct Procedures(FxHashMap<(u32, String), Vec<u32>>);

impl Procedures {
    pub fn new(model: &Model) -> Self {
        let mut methods: FxHashMap<(u32, String), Vec<u32>> = FxHashMap::default();
        for api in model.apis.iter().filter(|api| api.format == ApiFormat::Protobuf) {
            for index in api.operations.clone() {
                if let Some(service) = service_of(&model.operations[index as usize].path) {
                    methods.entry((api.repository, service.to_lowercase())).or_default().push(index);
                }
            }
        }
        Procedures(methods)
    }

    /// The methods of an implemented service, each as an operation of code; the operation itself where it names a method, or nothing
    /// describes the service.
    pub fn expand(&self, model: &Model, operation: Operation) -> Vec<Operation> {
        let repository = model.files[operation.evidence.file as usize].repository;
        let name = operation.path.rsplit(['.', '/']).next().unwrap_or("").to_lowercase();
        if operation.kind != OperationKind::Rpc || operation.path.starts_with('/') {
            return vec![operation];
        }
        let methods = repository.and_then(|repository| self.0.get(&(repository, name)));
        let Some(methods) = methods else { return vec![operation] };
        let mut paths: Vec<&Arc<str>> = methods.iter().map(|&index| &model.operations[index as usize].path).collect();
        // Copies of one description describe one service.
        paths.sort();
        paths.dedup();
        paths.into_iter().map(|path| Operation { path: Arc::clone(path), ..operation.clone() }).collect()
    }
}

/// `Service` of `/package.Service/Method`.
fn service_of(path: &str) -> Option<&str> {
    let (service, _) = path.strip_prefix('/')?.split_once('/')?;
    Some(service.rsplit('.').next().unwrap_or(service))
}

#[cfg(test)]
mod tests {
    use super::service_of;

    #[test]
    fn a_service_is_named_without_its_package() {
        assert_eq!(service_of("/shop.v1.Carts/Add"), Some("Carts"));
        assert_eq!(service_of("/Carts/Add"), Some("Carts"));
        assert_eq!(service_of("Carts"), None);
    }
}
