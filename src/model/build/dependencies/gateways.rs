//! What proxies and gateways hand on to services.
//!
//! A configuration belongs to the service whose folder holds it, to what mounts it or its folder, or to the object of a cluster that it
//! describes.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::homes::Homes;
use super::super::programs::normal;
use super::super::repositories::{Gathered, Located};
use super::address::Address;
use super::hosts::Hosts;
use super::reading::{Reader, Standing};
use super::surroundings::Surroundings;
use crate::discover::is_within;
use crate::facts::Gateway;
use crate::model::{Forwarder, Forwarding, Model, Target};
use crate::source::last_part;

pub(super) fn forwardings(
    model: &Model,
    gathered: &Gathered,
    reader: &Reader,
    hosts: &Hosts,
    homes: &Homes,
    surroundings: &Surroundings,
) -> Vec<Forwarding> {
    let mut found: Vec<Forwarding> = Vec::new();
    let named: Named = model.services.iter().zip(0..).map(|(of, row)| ((of.repository, normal(&of.name)), row)).collect();
    for located in &gathered.gateways {
        let Some(from) = forwarder(model, gathered, homes, surroundings, &named, located) else { continue };
        let service = match from {
            Forwarder::Service(service) => service,
            _ => u32::MAX,
        };
        let standing = Standing { file: located.file, service, given: None };
        for forward in &located.value.forwards {
            let readings = reader.read(standing, &forward.target);
            let target = readings.iter().find_map(|reading| hosts.find(located.repository, &Address::read(&reading.text)?));
            let Some(Target::Service(to)) = target else { continue };
            // A route that bears the name of its service is how the service is reached, and nobody who calls it.
            let own_route = |name: &str| normal(name) == normal(&model.services[to as usize].name);
            if from == Forwarder::Service(to) || matches!(&from, Forwarder::Object(name) if own_route(name)) {
                continue;
            }
            let path = forward.path.clone();
            let evidence = located.evidence(forward.at);
            found.push(Forwarding { from: from.clone(), to, path, tool: Arc::clone(&located.value.tool), evidence });
        }
    }
    found.sort_by(|a, b| (&a.from, a.to, a.evidence).cmp(&(&b.from, b.to, b.evidence)));
    found.dedup();
    found
}

/// Services by repository and normal name.
type Named = FxHashMap<(u32, String), u32>;

fn forwarder(
    model: &Model,
    gathered: &Gathered,
    homes: &Homes,
    surroundings: &Surroundings,
    services: &Named,
    located: &Located<Gateway>,
) -> Option<Forwarder> {
    if let Some(name) = &located.value.name {
        return Some(Forwarder::Object(Arc::clone(&name.value)));
    }
    // A file of a configuration server is called as the service is.
    let stem = last_part(&located.path).split('.').next().unwrap_or("");
    let is_settings = ["yml", "yaml", "properties"].iter().any(|ending| located.path.ends_with(ending));
    let named = |stem: &str| services.get(&(located.repository, normal(stem))).copied();
    let bare = stem.rsplit_once('-').map_or("", |(before, _)| before);
    if let Some(service) = named(stem).or_else(|| named(bare)).filter(|_| is_settings) {
        return Some(Forwarder::Service(service));
    }
    let mounted = gathered.deployments.iter().zip(&surroundings.deployed).find(|(deployment, _)| {
        deployment.repository == located.repository
            && deployment.value.mounts.iter().any(|(source, _)| {
                let source = source.value.trim_end_matches('/');
                !source.is_empty() && (*source == *located.path || source.contains('/') && is_within(&located.path, source))
            })
    });
    if let Some((deployment, service)) = mounted {
        let name = &deployment.value.name.value;
        return Some(match service {
            Some(service) => Forwarder::Service(*service),
            None => part(model, name).unwrap_or_else(|| Forwarder::Object(Arc::clone(name))),
        });
    }
    let path = &model.files[located.file as usize].path;
    if let Some(service) = homes.service_of(located.repository, path) {
        return Some(Forwarder::Service(service));
    }
    // The proxy that runs under the name of the folder, or the only one of its tool.
    let folder = located.path.rsplit_once('/').map_or("", |(folder, _)| last_part(folder));
    part(model, folder).or_else(|| part(model, &located.value.tool))
}

fn part(model: &Model, name: &str) -> Option<Forwarder> {
    let name = normal(name);
    let index = model.parts.iter().position(|part| !name.is_empty() && normal(&part.name) == name)?;
    Some(Forwarder::Part(index as u32))
}
