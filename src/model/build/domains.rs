//! Which domain each service belongs to.
//!
//! The first source that says something counts: the policy's entry for the service, the globs of the policy's domains, the service's own
//! manifest, the catalog (a component's system, through the System entity to its domain where there is one), a label. Otherwise the domain
//! is unknown. Names are one whatever their case; they read as the policy or the catalog's Domain entity writes them.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::catalog::{Catalog, Reference, namespace_of, short_name};
use super::globs::Globs;
use super::repositories::{Gathered, Located};
use super::services::Origins;
use crate::discover::is_within;
use crate::facts::{CatalogEntity, Text};
use crate::model::settings::Settings;
use crate::model::{Domain, Evidence, Model, Service, Stated};

pub(super) fn assign(model: &mut Model, gathered: &Gathered, origins: &[Origins], catalog: &Catalog, settings: &Settings) {
    let sources =
        Sources { gathered, catalog, settings, globs: Globs::new(settings.domains.iter().map(|domain| &domain.services[..])) };
    let stated: Vec<Option<Stated>> =
        model.services.iter().zip(origins).map(|(service, origins)| sources.domain_of(service, origins)).collect();
    let mut domains = Domains::default();
    for domain in settings.domains.iter() {
        domains.declare(&domain.name.value, Some(gathered.in_policy(&domain.path, domain.name.at)));
    }
    for entity in gathered.entities.iter().filter(|entity| entity.value.kind.value.eq_ignore_ascii_case("domain")) {
        domains.declare(&entity.value.name.value, Some(entity.evidence(entity.value.name.at)));
    }
    for (stated, index) in stated.into_iter().zip(0..) {
        if let Some(stated) = stated {
            model.services[index as usize].domain_evidence = Some(stated.evidence);
            domains.add(stated, index);
        }
    }
    model.domains = domains.rows;
    model.domains.sort_by(|a, b| a.name.cmp(&b.name));
    for (domain, index) in model.domains.iter().zip(0..) {
        for &service in &domain.services {
            model.services[service as usize].domain = Some(index);
        }
    }
}

/// Domains by name in lower case.
#[derive(Default)]
struct Domains {
    rows: Vec<Domain>,
    by_name: FxHashMap<String, usize>,
}

impl Domains {
    fn declare(&mut self, name: &Arc<str>, evidence: Option<Evidence>) -> usize {
        *self.by_name.entry(name.to_lowercase()).or_insert_with(|| {
            self.rows.push(Domain { name: Arc::clone(name), evidence, owner: None, services: Vec::new() });
            self.rows.len() - 1
        })
    }

    fn add(&mut self, stated: Stated, service: u32) {
        let domain = self.declare(&stated.text, Some(stated.evidence));
        self.rows[domain].services.push(service);
    }
}

struct Sources<'s> {
    gathered: &'s Gathered,
    catalog: &'s Catalog,
    settings: &'s Settings,
    globs: Globs,
}

impl Sources<'_> {
    fn domain_of(&self, service: &Service, origins: &Origins) -> Option<Stated> {
        let Sources { gathered, settings, .. } = self;
        let declared = origins.declared.map(|index| &settings.services[index as usize]);
        if let Some((declared, domain)) = declared.and_then(|declared| Some((declared, declared.domain.as_ref()?))) {
            return Some(gathered.stated(&declared.path, domain));
        }
        if let Some(index) = first_match(&self.globs, service, settings) {
            let domain = &settings.domains[index];
            return Some(gathered.stated(&domain.path, &domain.name));
        }
        let manifests = origins.manifests.iter().map(|&index| &gathered.manifests[index as usize]);
        let mut by_manifest = manifests.filter_map(|manifest| {
            let domain = manifest.value.domain.as_ref()?;
            Some(stated(manifest.file, domain, short_name(&domain.value)))
        });
        let entities = || origins.entities.iter().map(|&index| &gathered.entities[index as usize]);
        by_manifest
            .next()
            .or_else(|| entities().find_map(|entity| self.by_catalog(entity)))
            .or_else(|| entities().find_map(by_label))
    }

    /// A component's own domain, or that of its system, or the system where nothing more is known of it.
    fn by_catalog(&self, entity: &Located<CatalogEntity>) -> Option<Stated> {
        if let Some(domain) = &entity.value.domain {
            return Some(stated(entity.file, domain, short_name(&domain.value)));
        }
        let written = entity.value.system.as_ref()?;
        let reference = Reference::read(&written.value, "system", namespace_of(&entity.value))?;
        let system = self.catalog.find(&reference).map(|index| &self.gathered.entities[index]);
        match system.and_then(|system| system.value.domain.as_ref()) {
            Some(domain) => Some(stated(entity.file, written, short_name(&domain.value))),
            None => Some(stated(entity.file, written, short_name(&written.value))),
        }
    }
}

fn by_label(entity: &Located<CatalogEntity>) -> Option<Stated> {
    let label = |fits: fn(&str) -> bool| entity.value.labels.iter().find(|(key, _)| fits(key)).map(|(_, value)| value);
    let value =
        label(|key| key == "domain" || key.ends_with("/domain")).or_else(|| label(|key| key == "app.kubernetes.io/part-of"))?;
    Some(stated(entity.file, value, Arc::clone(&value.value)))
}

fn stated(file: u32, written: &Text, name: Arc<str>) -> Stated {
    Stated { text: name, evidence: Evidence { file, at: written.at } }
}

/// The first of the policy's domains that names the service, and may speak about it.
fn first_match(globs: &Globs, service: &Service, settings: &Settings) -> Option<usize> {
    globs.matches(service).filter(|&domain| is_within(&service.root, &settings.domains[domain].scope)).min()
}
