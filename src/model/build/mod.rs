//! Joins the facts of all repositories to one `Model`, in stages.
//!
//! Each stage is one file. It reads what the stages before it left and adds its own table:
//!
//! 1. `repositories`: the facts are sorted and taken apart by kind; files get numbers; what is kept is counted.
//! 2. `services`: manifests, catalog entities and the policy say which services there are, `code` how much code each has;
//!    `settle` makes rows of them.
//! 3. `domains`, `owners`, `apis`: what belongs to which service.
//! 4. `references`: what the catalog refers to and nobody defines.
//! 5. `operations`, `contents`: what code offers and stores, and with that what each service is.
//! 6. `clones`: code that several services hold a copy of. `dependencies`: whom services call, what proxies hand on, which stores are opened.

mod addresses;
mod apis;
mod catalog;
mod clones;
mod code;
mod contents;
mod dependencies;
mod domains;
mod globs;
mod homes;
mod layers;
mod names;
mod operations;
mod owners;
mod places;
mod programs;
mod references;
mod repositories;
#[cfg(test)]
pub(super) mod samples;
mod services;
mod settle;
#[cfg(test)]
pub(super) mod tests;
mod units;

use super::settings::Settings;
use super::{Evidence, Mention, Model, Problem, calls, cycles, endpoints, families, layering, mixing, resources};
use crate::facts::RepositoryFacts;
use catalog::Catalog;

/// The circumstances that neither facts nor policy tell.
#[derive(Clone, Copy, Default)]
pub struct Context<'c> {
    /// True when the checked root is a folder of repositories.
    pub organisation: bool,
    /// Whether there is a file at a path below the checked root; None when that can't be asked.
    pub exists: Option<&'c (dyn Fn(&str) -> bool + Sync)>,
}

/// The model of what the facts say. Any facts give a model, and equal facts in any order give equal ones.
pub fn build(facts: Vec<RepositoryFacts>, settings: &Settings, context: &Context) -> Model {
    let (mut model, mut gathered) = repositories::gather(facts, settings, context);
    let catalog = Catalog::new(&gathered.entities);
    let origins = services::find(&mut model, &gathered, settings, context);
    domains::assign(&mut model, &gathered, &origins, &catalog, settings);
    layers::assign(&mut model, settings);
    owners::assign(&mut model, &gathered, &origins, &catalog, settings);
    references::check(&mut model, &gathered, &catalog, context);
    apis::join(&mut model, &mut gathered, &origins);
    let names = names::Names::new(&gathered);
    operations::join(&mut model, &gathered, &names);
    contents::describe(&mut model, &gathered, &origins);
    operations::pair(&mut model);
    dependencies::join(&mut model, &gathered, &origins, &names);
    endpoints::pair(&mut model);
    model.callers = calls::callers(&model);
    model.cycles = cycles::cycles(&model);
    model.chains = cycles::chains(&model);
    model.resources = resources::resources(&model);
    model.entity_families = families::families(&model);
    let homes = homes::Homes::new(&model);
    model.clones = clones::find(&mut model, &gathered, &homes);
    model.layer_groups = layering::groups(&model);
    let mixed = mixing::domains(&model);
    model.services.iter_mut().zip(mixed).for_each(|(service, domains)| service.mixed_domains = domains);
    attach_problems(&mut model);
    model
}

/// Problems get the service whose folder holds their file, and their final order.
fn attach_problems(model: &mut Model) {
    let homes = homes::Homes::new(model);
    for problem in &mut model.problems {
        let file = &model.files[problem.evidence.file as usize];
        problem.service = problem.repository.and_then(|repository| homes.service_of(repository, &file.path));
    }
    let files = &model.files;
    model.problems.sort_by(|a, b| {
        let order = |problem: &Problem| (&files[problem.evidence.file as usize].path, problem.evidence.at);
        order(a).cmp(&order(b)).then_with(|| a.diagnostic.message.cmp(&b.diagnostic.message))
    });
    for (problem, Problem { diagnostic, evidence, .. }) in model.problems.iter().enumerate() {
        let own = diagnostic.label.iter().map(|label| (diagnostic.at, label));
        let others = diagnostic.labels.iter().map(|(at, label)| (*at, label));
        model.mentions.extend(own.chain(others).map(|(at, label)| Mention {
            problem: problem as u32,
            text: label.as_str().into(),
            evidence: Evidence { at, ..*evidence },
        }));
    }
}
