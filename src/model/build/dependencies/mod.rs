//! Who calls whom: call sites, messages, gateways and stores, joined across files and repositories.
//!
//! 1. `surroundings`: variables and settings of each service; `hosts`: what the names of the network mean.
//! 2. `reading`: values as texts; `address`: texts as addresses.
//! 3. `sites`: calls to services, wrappers of the house among them (`wrappers`), procedures by who implements them (`implementations`);
//!    `messages`: producers to consumers.
//! 4. `gateways`, `stores`, `declared`.
//! 5. here: sites of one caller, callee and kind are one dependency.

mod address;
mod declared;
mod gateways;
mod hosts;
mod implementations;
mod messages;
mod reading;
mod sites;
mod stores;
mod surroundings;
#[cfg(test)]
mod tests;
mod wrappers;

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::homes::Homes;
use super::names::Names;
use super::repositories::Gathered;
use super::services::Origins;
use crate::model::libraries::Purpose;
use crate::model::{CallSite, Dependency, DependencyKind, Forwarder, Kind, Model, Target};
use address::Address;
use hosts::Hosts;
use implementations::Implementations;
use messages::Messages;
use reading::Reader;
use sites::Sites;
use surroundings::Surroundings;

pub(super) fn join<'g>(model: &mut Model, gathered: &'g Gathered, origins: &[Origins], names: &Names<'g>) {
    let homes = Homes::new(model);
    let surroundings = Surroundings::new(model, gathered, origins, &homes);
    let mut hosts = Hosts::new(model, gathered, &surroundings);
    let reader = Reader { names, surroundings: &surroundings };
    let sites = Sites { model, gathered, reader: &reader, homes: &homes };
    let drafts = sites.drafts();
    let addresses: Vec<Address> =
        drafts.iter().flat_map(|draft| &draft.readings).filter_map(|reading| Address::read(&reading.text)).collect();
    hosts.learn(addresses.iter());
    let mut found = sites.synchronous(&drafts, &hosts, &Implementations::new(model));
    let known: FxHashSet<(u32, u32)> = found.iter().filter_map(|site| Some((site.caller, callee(site)?))).collect();
    let grpc: FxHashSet<u32> = found.iter().filter(|site| site.kind == DependencyKind::Grpc).map(|site| site.caller).collect();
    found.extend(sites.addresses(&hosts, &known, &grpc));
    found.extend(Messages::new(model, gathered, &reader, &homes).sites(&reader, &drafts));
    let forwardings = gateways::forwardings(model, gathered, &reader, &hosts, &homes, &surroundings);
    let stores = stores::stores(model, gathered, &reader, &hosts, &homes, &surroundings);
    let declarations = declared::declarations(model, &hosts, gathered);
    drop(drafts);
    found.sort_by_key(|site| (site.caller, site.evidence, site.kind, site.target));
    found.dedup_by(|a, b| (a.caller, a.evidence, a.kind, a.target) == (b.caller, b.evidence, b.kind, b.target));
    model.forwardings = forwardings;
    model.stores = stores;
    model.declarations = declarations;
    model.call_sites = found;
    join_sites(model);
    settle_kinds(model, gathered);
}

/// What hands on and offers nothing itself is a gateway. A proxy that serves files and hands nothing on is a user interface, where its
/// configuration was read.
fn settle_kinds(model: &mut Model, gathered: &Gathered) {
    let homes = Homes::new(model);
    let configured: FxHashSet<u32> = gathered
        .gateways
        .iter()
        .filter_map(|located| homes.service_of(located.repository, &model.files[located.file as usize].path))
        .collect();
    let handing: FxHashSet<u32> = model
        .forwardings
        .iter()
        .filter_map(|forwarding| match forwarding.from {
            Forwarder::Service(service) => Some(service),
            _ => None,
        })
        .collect();
    for (service, index) in model.services.iter_mut().zip(0..) {
        let offers = service.code_operations.iter().any(|&operation| !model.operations[operation as usize].housekeeping);
        service.kind = match service.kind {
            None if handing.contains(&index) && !offers => Some(Kind::Gateway),
            Some(Kind::Gateway) if configured.contains(&index) && !handing.contains(&index) && service.manifests.is_empty() => {
                let proxies = service.purposes.iter().any(|purpose| matches!(purpose, Purpose::Gateway));
                if proxies || offers { Some(Kind::Gateway) } else { Some(Kind::Ui) }
            }
            kind => kind,
        };
    }
}

fn callee(site: &CallSite) -> Option<u32> {
    match site.target {
        Target::Service(service) if service != site.caller => Some(service),
        _ => None,
    }
}

/// Sites of one caller, callee and kind are one dependency.
fn join_sites(model: &mut Model) {
    let mut rows: BTreeMap<(u32, u32, DependencyKind), Vec<u32>> = BTreeMap::new();
    for (site, index) in model.call_sites.iter().zip(0..) {
        if let Some(callee) = callee(site) {
            rows.entry((site.caller, callee, site.kind)).or_default().push(index);
        }
    }
    for ((from, to, kind), sites) in rows {
        let row = model.dependencies.len() as u32;
        sites.iter().for_each(|&site| model.call_sites[site as usize].dependency = Some(row));
        model.dependencies.push(Dependency { from, to, kind, sites });
    }
}
