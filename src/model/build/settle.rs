//! Services found become rows of the model: named, described, sorted.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::catalog::short_name;
use super::code::Code;
use super::programs::normal;
use super::repositories::{Gathered, Located};
use super::services::{Candidate, Origins};
use super::units;
use crate::facts::{ServiceManifest, Text};
use crate::model::settings::Settings;
use crate::model::{Evidence, Kind, Model, Part, Service, Stated};

/// Candidates become rows, in their final order.
pub(super) fn settle(
    model: &mut Model,
    gathered: &Gathered,
    settings: &Settings,
    found: Vec<Candidate>,
    code: Vec<Code>,
) -> Vec<Origins> {
    let mut rows: Vec<(Candidate, Code)> = found.into_iter().zip(code).collect();
    rows.sort_by(|(a, _), (b, _)| (&a.name, a.repository, &a.root).cmp(&(&b.name, b.repository, &b.root)));
    let mut all_origins = Vec::with_capacity(rows.len());
    for (candidate, code) in rows {
        let root = below_checked_root(model, candidate.repository, &candidate.root);
        if !candidate.is_service {
            let holds_code = candidate.holds_code();
            let evidence = first_evidence(gathered, settings, &candidate.origins).or(candidate.runs_only);
            if let Some(evidence) = evidence {
                model.parts.push(Part {
                    name: candidate.name,
                    repository: candidate.repository,
                    root,
                    kind: candidate.kind,
                    holds_code,
                    evidence,
                });
            }
            continue;
        }
        let mut service = Service {
            name: candidate.name,
            key: Arc::from(""),
            repository: candidate.repository,
            root,
            members: Vec::new(),
            elsewhere: candidate.elsewhere,
            kind: candidate.kind,
            evidence: first_evidence(gathered, settings, &candidate.origins),
            manifests: Vec::new(),
            owners: Vec::new(),
            domain: None,
            domain_evidence: None,
            system: None,
            lifecycle: None,
            visibility: None,
            tier: None,
            layer: None,
            code_lines: code.lines,
            languages: code.languages,
            apis: Vec::new(),
            code_operations: Vec::new(),
            uncounted: Vec::new(),
            mixed_domains: Vec::new(),
            operations_complete: false,
            entities: Vec::new(),
            entities_complete: false,
            built: false,
            purposes: Vec::new(),
            worker: false,
            probed: None,
            units: Vec::new(),
            split: None,
            annotations: Vec::new(),
            consumes: Vec::new(),
        };
        describe(&mut service, gathered, settings, &candidate.origins);
        let repository = &mut model.repositories[candidate.repository as usize];
        // A catalog of its own describes the services of other repositories too.
        repository.manifest = repository.manifest.or(service.manifests.first().copied());
        service.evidence = service.evidence.or(repository.landmark);
        let index = model.services.len() as u32;
        repository.services.push(index);
        if let Some(program) = &candidate.origins.program {
            let above = Arc::clone(&repository.root);
            let below =
                |folder: &String| if above.is_empty() { folder.as_str().into() } else { format!("{above}/{folder}").into() };
            service.members = program.members.iter().map(below).collect();
        }
        model.services.push(service);
        all_origins.push(candidate.origins);
    }
    join_what_only_runs(model);
    set_keys(model);
    for (service, origins) in (0..).zip(&all_origins) {
        units::add(model, gathered, service, origins.program.as_ref());
    }
    all_origins
}

/// A database or proxy that several files run by one name is one.
fn join_what_only_runs(model: &mut Model) {
    let mut known: FxHashSet<(String, Option<Kind>)> = FxHashSet::default();
    model.parts.retain(|part| part.holds_code || known.insert((normal(&part.name), part.kind)));
}

fn below_checked_root(model: &Model, repository: u32, root: &str) -> Arc<str> {
    let above = &model.repositories[repository as usize].root;
    match (above.is_empty(), root.is_empty()) {
        (_, true) => Arc::clone(above),
        (true, false) => root.into(),
        (false, false) => [above, "/", root].concat().into(),
    }
}

fn first_evidence(gathered: &Gathered, settings: &Settings, origins: &Origins) -> Option<Evidence> {
    let manifests = origins.manifests.iter().map(|&index| &gathered.manifests[index as usize]).map(|m| m.evidence(m.value.at));
    let entities = origins.entities.iter().map(|&index| &gathered.entities[index as usize]).map(|e| e.evidence(e.value.name.at));
    let declared = origins.declared.map(|index| &settings.services[index as usize]);
    let declared = declared.map(|declared| gathered.in_policy(&declared.path, declared.name.at));
    let program = || origins.program.as_ref().and_then(|program| program.evidence);
    manifests.chain(entities).next().or(declared).or_else(program)
}

/// What the sources say of a service; the policy before manifests before the catalog.
fn describe(service: &mut Service, gathered: &Gathered, settings: &Settings, origins: &Origins) {
    let state = |file: u32, text: &Text| Stated { text: Arc::clone(&text.value), evidence: Evidence { file, at: text.at } };
    let set = |slot: &mut Option<Stated>, file: u32, text: &Option<Text>| {
        if let (None, Some(text)) = (&slot, text) {
            *slot = Some(state(file, text));
        }
    };
    if let Some(declared) = origins.declared.map(|index| &settings.services[index as usize]) {
        let file = gathered.in_policy(&declared.path, declared.at).file;
        set(&mut service.visibility, file, &declared.visibility);
        set(&mut service.tier, file, &declared.tier);
        service.split = declared.split.as_ref().map(|split| (split.clone(), Evidence { file, at: split.at }));
    }
    for manifest in origins.manifests.iter().map(|&index| &gathered.manifests[index as usize]) {
        let Located { file, value, .. } = manifest;
        let ServiceManifest { lifecycle, visibility, tier, split, consumes, annotations, .. } = value;
        set(&mut service.lifecycle, *file, lifecycle);
        set(&mut service.visibility, *file, visibility);
        set(&mut service.tier, *file, tier);
        if let (None, Some(split)) = (&service.split, split) {
            service.split = Some((split.clone(), manifest.evidence(split.at)));
        }
        service.consumes.extend(consumes.iter().map(|text| state(*file, text)));
        annotate(service, annotations);
        mark(service, *file, annotations);
        service.manifests.push(manifest.evidence(value.at));
    }
    for entity in origins.entities.iter().map(|&index| &gathered.entities[index as usize]) {
        let Located { file, value, .. } = entity;
        set(&mut service.lifecycle, *file, &value.lifecycle);
        if let (None, Some(system)) = (&service.system, &value.system) {
            service.system = Some(Stated { text: short_name(&system.value), ..state(*file, system) });
        }
        service.consumes.extend(value.depends_on.iter().chain(&value.consumes_apis).map(|text| state(*file, text)));
        annotate(service, &value.annotations);
        mark(service, *file, &value.annotations);
        service.manifests.push(entity.evidence(value.at));
    }
}

/// What annotations by a well-known last word say where nothing else does: `example.com/tier: core`.
fn mark(service: &mut Service, file: u32, annotations: &[(Arc<str>, Text)]) {
    let of = |word: &str| annotations.iter().find(|(key, _)| key.rsplit('/').next() == Some(word) && key.contains('/'));
    let stated = |text: &Text| Stated { text: Arc::clone(&text.value), evidence: Evidence { file, at: text.at } };
    if let (None, Some((_, text))) = (&service.tier, of("tier")) {
        service.tier = Some(stated(text));
    }
    if let (None, Some((_, text))) = (&service.visibility, of("visibility")) {
        service.visibility = Some(stated(text));
    }
}

/// The first to write a key counts.
fn annotate(service: &mut Service, annotations: &[(Arc<str>, Text)]) {
    for (key, value) in annotations {
        if !service.annotations.iter().any(|(known, _)| known == key) {
            service.annotations.push((Arc::clone(key), value.clone()));
        }
    }
}

/// Names are keys where they are the only ones; else the repository's name, or the folder, is needed to tell services apart.
fn set_keys(model: &mut Model) {
    let Model { services, repositories, .. } = model;
    for same_name in services.chunk_by_mut(|a, b| a.name == b.name) {
        let only = same_name.len() == 1;
        let one_each = same_name.windows(2).all(|pair| {
            pair[0].repository != pair[1].repository
                && repositories[pair[0].repository as usize].name != repositories[pair[1].repository as usize].name
        });
        for service in same_name {
            service.key = match (only, one_each) {
                (true, _) => Arc::clone(&service.name),
                (false, true) => [&*repositories[service.repository as usize].name, "/", &service.name].concat().into(),
                (false, false) if service.root.is_empty() => Arc::clone(&service.name),
                (false, false) => format!("{} ({})", service.name, service.root).into(),
            };
        }
    }
}
