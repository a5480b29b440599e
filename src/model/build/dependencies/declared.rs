//! Dependencies that manifests and deployment files declare, and the services that they mean.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::catalog::Reference;
use super::super::repositories::Gathered;
use super::hosts::Hosts;
use crate::model::{Declaration, Model, Target};

/// What every service declares, as its manifests, the catalog and the policy say.
pub(super) fn declarations(model: &Model, hosts: &Hosts, gathered: &Gathered) -> Vec<Declaration> {
    let providers = providers(model, gathered);
    let mut found = Vec::new();
    for (service, from) in model.services.iter().zip(0..) {
        for stated in &service.consumes {
            let to = meant(model, hosts, &providers, service.repository, &stated.text);
            found.push(Declaration {
                from,
                to: to.filter(|&to| to != from),
                text: Arc::clone(&stated.text),
                evidence: stated.evidence,
            });
        }
    }
    found
}

/// Services by the names of APIs that they provide, in lower case.
fn providers(model: &Model, gathered: &Gathered) -> FxHashMap<String, Option<u32>> {
    let mut by_name: FxHashMap<(u32, &str), u32> = FxHashMap::default();
    for (service, index) in model.services.iter().zip(0..) {
        by_name.insert((service.repository, &service.name), index);
    }
    let mut providers: FxHashMap<String, Option<u32>> = FxHashMap::default();
    let mut enter = |name: &str, service: u32| {
        let known = providers.entry(name.to_lowercase()).or_insert(Some(service));
        if *known != Some(service) {
            *known = None;
        }
    };
    for located in &gathered.entities {
        let Some(&service) = by_name.get(&(located.repository, &*located.value.name.value)) else { continue };
        for api in &located.value.provides_apis {
            if let Some(reference) = Reference::read(&api.value, "api", "default") {
                enter(reference.name(), service);
            }
        }
    }
    for api in &model.apis {
        if let Some(service) = api.service {
            enter(&api.name, service);
        }
    }
    providers
}

/// The service that a text means: `name`, `component:default/name`, `service/api`, `api:name`.
fn meant(model: &Model, hosts: &Hosts, providers: &FxHashMap<String, Option<u32>>, repository: u32, text: &str) -> Option<u32> {
    let reference = Reference::read(text, "", "default");
    let (kind, name) = match (text.split_once(':'), &reference) {
        (Some((kind, _)), Some(reference)) => (kind.trim().to_lowercase(), reference.name().to_owned()),
        _ => (String::new(), text.trim().to_owned()),
    };
    let provider = |name: &str| providers.get(&name.to_lowercase()).copied().flatten();
    let service = |name: &str| match hosts.named(repository, name) {
        Some(Target::Service(service)) => Some(service),
        _ => None,
    };
    match &*kind {
        "api" => provider(&name),
        "resource" | "system" | "domain" | "group" => None,
        "component" => exactly(model, &name).or_else(|| service(&name)),
        _ => {
            let first = name.split('/').next().unwrap_or(&name);
            exactly(model, &name).or_else(|| service(first)).or_else(|| provider(&name))
        }
    }
}

fn exactly(model: &Model, name: &str) -> Option<u32> {
    let from = model.services.partition_point(|service| &*service.name < name);
    let same = model.services[from..].iter().take_while(|service| &*service.name == name).count();
    (same == 1).then_some(from as u32)
}
