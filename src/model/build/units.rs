//! Deploy units: what is deployed of each service.
//!
//! Deployment files of several tools state one unit where they name it alike; a service that no file deploys counts as one unit.

use std::sync::Arc;

use super::programs::{Program, normal};
use super::repositories::{Gathered, Located};
use crate::discover::is_within;
use crate::facts::{Count, Deployment, Shape};
use crate::model::{DeployUnit, Evidence, Model};

/// Adds the units of a service.
pub(super) fn add(model: &mut Model, gathered: &Gathered, service: u32, program: Option<&Program>) {
    let row = &model.services[service as usize];
    let (name, key, repository) = (Arc::clone(&row.name), Arc::clone(&row.key), row.repository);
    let evidence = row.evidence;
    let stated: Vec<&Located<Deployment>> =
        program.into_iter().flat_map(|program| &program.units).map(|&unit| &gathered.deployments[unit as usize]).collect();
    let mut units: Vec<DeployUnit> = Vec::new();
    let mut functions: Vec<(usize, String)> = Vec::new();
    for located in stated {
        let deployment = &located.value;
        let at = located.evidence(deployment.name.at);
        let known = units.iter().position(|unit| normal(&unit.name) == normal(&deployment.name.value));
        let index = known.unwrap_or_else(|| {
            units.push(unit(&deployment.name.value, service, repository, Some(at)));
            units.len() - 1
        });
        let unit = &mut units[index];
        unit.stated.push(at);
        unit.shape = match (unit.shape, deployment.shape) {
            (shape, Shape::Build) => shape,
            (None, shape) => Some(shape),
            (shape, _) => shape,
        };
        if deployment.probed == Some(true) || unit.probed.is_none() {
            unit.probed = deployment.probed.or(unit.probed);
        }
        unit.events.extend(deployment.events.iter().map(|event| (event.clone(), located.evidence(event.name.at))));
        unit.resources.extend(deployment.resources.iter().map(|text| Arc::clone(&text.value)));
        if deployment.shape == Shape::Function {
            functions.push((index, deployment.context.as_deref().unwrap_or("").to_owned()));
        }
    }
    count_functions(gathered, repository, &mut units, &functions);
    if units.is_empty() {
        units.push(unit(&name, service, repository, evidence));
    }
    let many = units.len() > 1;
    for mut unit in units {
        unit.key = if many { format!("{key}/{}", unit.name).into() } else { Arc::clone(&key) };
        let index = model.units.len() as u32;
        model.services[service as usize].units.push(index);
        model.repositories[repository as usize].units.push(index);
        model.units.push(unit);
    }
}

fn unit(name: &Arc<str>, service: u32, repository: u32, evidence: Option<Evidence>) -> DeployUnit {
    DeployUnit {
        name: Arc::clone(name),
        key: Arc::clone(name),
        service: Some(service),
        repository,
        evidence,
        shape: None,
        stated: Vec::new(),
        code_lines: None,
        events: Vec::new(),
        resources: Vec::new(),
        probed: None,
    }
}

/// The code of a function is that of its folder; several functions of one folder share it equally.
fn count_functions(gathered: &Gathered, repository: u32, units: &mut [DeployUnit], functions: &[(usize, String)]) {
    for (index, folder) in functions {
        let sharing = functions.iter().filter(|(_, other)| other == folder).count() as u32;
        let files = gathered.code[repository as usize].iter().filter(|file| is_within(&file.path, folder));
        let lines: u32 = files.map(|file| file.lines).sum();
        if lines > 0 {
            units[*index].code_lines = Some(Count { value: lines / sharing, complete: true });
        }
    }
}
