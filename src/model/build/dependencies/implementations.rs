//! Who implements a procedure or answers a pattern.

use rustc_hash::FxHashMap;

use crate::facts::CallKind;
use crate::model::{Model, OperationKind};

/// Procedures that frameworks bring along.
const EVERYBODYS: [&str; 4] = ["health", "serverreflection", "channelz", "reflection"];

pub(super) struct Implementations {
    /// By the service's name of its description, in lower case, without package.
    procedures: FxHashMap<String, Vec<u32>>,
    /// By pattern.
    patterns: FxHashMap<String, Vec<u32>>,
}

impl Implementations {
    pub fn new(model: &Model) -> Self {
        let mut implementations = Implementations { procedures: FxHashMap::default(), patterns: FxHashMap::default() };
        for operation in model.operations.iter().filter(|operation| operation.api.is_none()) {
            let Some(service) = operation.service else { continue };
            let mut enter = |name: String, procedure: bool| {
                let table = if procedure { &mut implementations.procedures } else { &mut implementations.patterns };
                let services = table.entry(name).or_default();
                if !services.contains(&service) {
                    services.push(service);
                }
            };
            match operation.kind {
                OperationKind::Rpc => {
                    enter(service_of(&operation.path), true);
                    enter(operation.path.to_lowercase(), false);
                }
                OperationKind::Consumer => enter(operation.path.to_lowercase(), false),
                _ => {}
            }
        }
        implementations
    }

    /// The only service but the caller that implements what is called.
    pub fn of(&self, kind: CallKind, caller: u32, name: &str) -> Option<u32> {
        let services = match kind {
            CallKind::Grpc => {
                let service = service_of(name);
                self.procedures.get(&service).filter(|_| !EVERYBODYS.contains(&&*service))?
            }
            CallKind::Pattern => {
                let patterns = self.patterns.get(&name.to_lowercase());
                patterns.or_else(|| self.procedures.get(&service_of(name)))?
            }
            CallKind::Http | CallKind::Message => return None,
        };
        let mut others = services.iter().copied().filter(|&service| service != caller);
        let first = others.next()?;
        others.next().is_none().then_some(first)
    }
}

/// The service of `/package.Service/Method`, `Service/Method`, `package.Service` or `Service`, in lower case.
fn service_of(name: &str) -> String {
    let name = name.trim_start_matches('/');
    let service = name.split('/').next().unwrap_or(name);
    service.rsplit('.').next().unwrap_or(service).to_lowercase()
}
