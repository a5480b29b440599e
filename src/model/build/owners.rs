//! Who owns each service, by each source; and the teams there are.
//!
//! The policy names owners of services; a manifest or catalog entry names one; of CODEOWNERS the rule counts that a new file in the
//! service's folder would meet (unless its code lies in another repository). Where no such rule is and all of the service's code has a common owner, that is it. The owner that the policy
//! gives a domain owns the services of which nothing else is said.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::catalog::Catalog;
use super::repositories::{Gathered, Located};
use super::services::Origins;
use crate::discover::is_within;
use crate::facts::{CodeOwners, OwnerRule, Text};
use crate::model::codeowners::{Target, names_everything, rules_of};
use crate::model::owners::{Party, party};
use crate::model::settings::{OwnerSource, Settings};
use crate::model::{Evidence, Model, Ownership, Service, Stated, Team};

/// An owner that a text names, before the teams are known.
struct Named {
    source: OwnerSource,
    party: Party,
    stated: Stated,
    weak: bool,
}

pub(super) fn assign(model: &mut Model, gathered: &Gathered, origins: &[Origins], catalog: &Catalog, settings: &Settings) {
    let domain_owners = domain_owners(model, gathered, settings);
    let mut named: Vec<Vec<Named>> = Vec::with_capacity(model.services.len());
    for (service, origins) in model.services.iter().zip(origins) {
        let mut owners = Vec::new();
        by_policy(origins, gathered, settings, &mut owners);
        by_catalog(origins, gathered, &mut owners);
        by_codeowners(model, service, gathered, &mut owners);
        if owners.is_empty()
            && let Some((OwnerSource::Policy, owner)) = service.domain.and_then(|domain| domain_owners[domain as usize].as_ref())
        {
            owners.extend(name(OwnerSource::Policy, owner.clone(), false));
        }
        named.push(owners);
    }
    let mut teams = Teams::new(catalog, named.iter().flatten().map(|owner| &owner.party));
    for (service, named) in model.services.iter_mut().zip(named) {
        service.owners = named.into_iter().map(|owner| teams.ownership(owner)).collect();
    }
    for (domain, owner) in model.domains.iter_mut().zip(domain_owners) {
        let owner = owner.and_then(|(source, owner)| name(source, owner, false));
        domain.owner = owner.map(|owner| teams.ownership(owner).team);
    }
    model.teams = teams.rows;
    number_by_name(model);
    for (service, index) in model.services.iter().zip(0..) {
        for owner in service.effective_owners() {
            let services = &mut model.teams[owner.team as usize].services;
            if services.last() != Some(&index) {
                services.push(index);
            }
        }
    }
}

fn name(source: OwnerSource, stated: Stated, weak: bool) -> Option<Named> {
    Some(Named { source, party: party(&stated.text)?, stated, weak })
}

fn stated(file: u32, text: &Text) -> Stated {
    Stated { text: Arc::clone(&text.value), evidence: Evidence { file, at: text.at } }
}

fn by_policy(origins: &Origins, gathered: &Gathered, settings: &Settings, owners: &mut Vec<Named>) {
    let declared = origins.declared.map(|index| &settings.services[index as usize]);
    if let Some((declared, owner)) = declared.and_then(|declared| Some((declared, declared.owner.as_ref()?))) {
        owners.extend(name(OwnerSource::Policy, gathered.stated(&declared.path, owner), false));
    }
}

fn by_catalog(origins: &Origins, gathered: &Gathered, owners: &mut Vec<Named>) {
    let manifests = origins.manifests.iter().map(|&index| &gathered.manifests[index as usize]);
    let manifests = manifests.filter_map(|manifest| Some(stated(manifest.file, manifest.value.owner.as_ref()?)));
    let entities = origins.entities.iter().map(|&index| &gathered.entities[index as usize]);
    let entities = entities.filter_map(|entity| Some(stated(entity.file, entity.value.owner.as_ref()?)));
    owners.extend(manifests.chain(entities).filter_map(|owner| name(OwnerSource::Catalog, owner, false)));
}

fn by_codeowners(model: &Model, service: &Service, gathered: &Gathered, owners: &mut Vec<Named>) {
    let Some(located) = &gathered.codeowners[service.repository as usize] else { return };
    if service.elsewhere {
        return;
    }
    let above = model.repositories[service.repository as usize].root.len();
    let root = service.root[above..].trim_start_matches('/');
    let mut rules = rules_of(&located.value, Target::Directory(root));
    if rules.is_empty() {
        rules = rule_of_all_code(located, root, gathered);
    }
    for rule in rules {
        let weak = names_everything(&rule.pattern);
        let named = rule.owners.iter().filter_map(|owner| name(OwnerSource::Codeowners, stated(located.file, owner), weak));
        owners.extend(named);
    }
}

/// The rules that decide on every file of a service's code, where one and the same do.
fn rule_of_all_code<'g>(located: &'g Located<CodeOwners>, root: &str, gathered: &'g Gathered) -> Vec<&'g OwnerRule> {
    let mut files = gathered.code[located.repository as usize].iter().filter(|file| is_within(&file.path, root));
    let rules_for = |path: &str| rules_of(&located.value, Target::File(path));
    let Some(first) = files.next().map(|file| rules_for(&file.path)) else { return Vec::new() };
    // Usually the first two files decide; the limit is for files of thousands of rules.
    let limit = MAX_MATCHES / located.value.rules.len().max(1);
    let names = |rules: &[&OwnerRule]| {
        rules.iter().flat_map(|rule| &rule.owners).map(|owner| owner.value.to_lowercase()).collect::<Vec<_>>()
    };
    let all = names(&first);
    for (looked, file) in files.enumerate() {
        if all.is_empty() || looked > limit || names(&rules_for(&file.path)) != all {
            return Vec::new();
        }
    }
    first
}

/// How many rules are matched against files of one service.
const MAX_MATCHES: usize = 200_000;

/// Owners of domains by policy, else by the catalog.
fn domain_owners(model: &Model, gathered: &Gathered, settings: &Settings) -> Vec<Option<(OwnerSource, Stated)>> {
    let mut owners: FxHashMap<String, (OwnerSource, Stated)> = FxHashMap::default();
    let declared = settings.domains.iter().filter_map(|domain| {
        let owner = gathered.stated(&domain.path, domain.owner.as_ref()?);
        Some((&domain.name.value, (OwnerSource::Policy, owner)))
    });
    let entities = gathered.entities.iter().filter(|entity| entity.value.kind.value.eq_ignore_ascii_case("domain"));
    let entities = entities.filter_map(|entity| {
        let owner = stated(entity.file, entity.value.owner.as_ref()?);
        Some((&entity.value.name.value, (OwnerSource::Catalog, owner)))
    });
    for (name, owner) in declared.chain(entities) {
        owners.entry(name.to_lowercase()).or_insert(owner);
    }
    model.domains.iter().map(|domain| owners.get(&domain.name.to_lowercase()).cloned()).collect()
}

/// Teams and persons as they are named.
struct Teams {
    rows: Vec<Team>,
    by_party: FxHashMap<(bool, String), u32>,
    /// Names of teams, for handles that may be either.
    groups: FxHashSet<String>,
    /// Names of the catalog's users.
    users: FxHashSet<String>,
}

impl Teams {
    fn new<'p>(catalog: &Catalog, parties: impl Iterator<Item = &'p Party>) -> Self {
        let names = |kind: &str| {
            let of_kind = catalog.references().filter(|reference| reference.kind() == kind);
            of_kind.map(|reference| reference.name().to_owned()).collect::<FxHashSet<String>>()
        };
        let users = names("user");
        let mut groups = names("group");
        groups.extend(parties.filter_map(|party| match party {
            Party::Team(name) if !users.contains(name) => Some(name.clone()),
            _ => None,
        }));
        Teams { rows: Vec::new(), by_party: FxHashMap::default(), groups, users }
    }

    fn ownership(&mut self, owner: Named) -> Ownership {
        let (individual, name) = match owner.party {
            Party::Team(name) if self.users.contains(&name) && !self.groups.contains(&name) => (true, format!("@{name}")),
            Party::Team(name) => (false, name),
            Party::Handle(name) if self.groups.contains(&name) => (false, name),
            Party::Handle(name) => (true, format!("@{name}")),
            Party::Person(name) => (true, name),
        };
        let rows = &mut self.rows;
        let team = *self.by_party.entry((individual, name)).or_insert_with_key(|(individual, name)| {
            let evidence = Some(owner.stated.evidence);
            rows.push(Team { name: name.as_str().into(), individual: *individual, evidence, services: Vec::new() });
            rows.len() as u32 - 1
        });
        Ownership { source: owner.source, team, stated: owner.stated, weak: owner.weak }
    }
}

/// Sorts the teams by name; whoever refers to one follows.
fn number_by_name(model: &mut Model) {
    let mut order: Vec<u32> = (0..model.teams.len() as u32).collect();
    order.sort_by(|&a, &b| model.teams[a as usize].name.cmp(&model.teams[b as usize].name));
    let mut number = vec![0; order.len()];
    for (&old, new) in order.iter().zip(0..) {
        number[old as usize] = new;
    }
    for service in &mut model.services {
        let mut seen: Vec<(OwnerSource, u32)> = Vec::new();
        service.owners.retain_mut(|owner| {
            owner.team = number[owner.team as usize];
            let known = seen.contains(&(owner.source, owner.team));
            seen.push((owner.source, owner.team));
            !known
        });
    }
    for domain in &mut model.domains {
        domain.owner = domain.owner.map(|owner| number[owner as usize]);
    }
    model.teams.sort_by(|a, b| a.name.cmp(&b.name));
}
