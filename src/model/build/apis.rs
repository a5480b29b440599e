//! API descriptions and what they offer, joined with the services that provide them.
//!
//! The catalog says who provides a description (an API entity names the file, a component the entity), as does a manifest that lists the
//! file; otherwise it is the service in whose folder the description lies. Operations that stand in other files are fetched from there. A
//! description that stands twice in one folder, as JSON and as YAML, counts once.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::catalog::{Reference, namespace_of};
use super::homes::Homes;
use super::places::within;
use super::repositories::{Gathered, Located};
use super::services::Origins;
use crate::facts::{self, ApiDescription, ApiFragment, Definition, FragmentReference, Text};
use crate::model::housekeeping::is_housekeeping;
use crate::model::{Api, Evidence, Model, Operation, OperationKind, Stated};
use crate::source::Location;

pub(super) fn join(model: &mut Model, gathered: &mut Gathered, origins: &[Origins]) {
    let descriptions = std::mem::take(&mut gathered.descriptions);
    let providers = Providers::new(gathered, origins);
    let homes = Homes::new(model);
    let mut fragments = Fragments { by_file: &gathered.fragments, items: FxHashMap::default() };
    let mut twins: FxHashSet<Twin> = FxHashSet::default();
    // How many descriptions the last file has had.
    let mut of_file = (u32::MAX, 0);
    let mut descriptions = descriptions.into_iter().peekable();
    while let Some(located) = descriptions.next() {
        let last_in_repository = descriptions.peek().is_none_or(|next| next.repository != located.repository);
        let only_one = last_in_repository && twins.is_empty();
        let is_twin = !only_one && located.value.references.is_empty() && !twins.insert(Twin::of(&located));
        if last_in_repository {
            twins.clear();
        }
        if is_twin {
            continue;
        }
        let Located { repository, file, path, value } = located;
        let provider = providers.of(repository, file, &path, value.at);
        let full_path = &model.files[file as usize].path;
        let home = homes.service_of(repository, full_path);
        let service = match provider {
            Some(Provider { services, .. }) if services.len() == 1 => Some(services[0]),
            Some(Provider { services, .. }) if !services.is_empty() => home.filter(|home| services.contains(home)),
            _ => home,
        };
        let title = value.title.as_ref().map(|title| &title.value).filter(|title| !title.trim().is_empty());
        let in_catalog = || provider.and_then(|provider| provider.name.as_ref());
        let name = Arc::clone(title.or_else(in_catalog).unwrap_or(full_path));
        of_file = (file, if of_file.0 == file { of_file.1 + 1 } else { 1 });
        let key = match of_file.1 {
            1 => Arc::clone(full_path),
            count => format!("{full_path} #{count}").into(),
        };
        let state = |text: Text| Stated { text: text.value, evidence: Evidence { file, at: text.at } };
        let index = model.apis.len() as u32;
        let first = model.operations.len();
        model.operations.extend(value.operations.into_iter().map(|operation| row(operation, index, file)));
        let complete = fragments.append(repository, &value.references, index, &mut model.operations) && value.complete;
        model.operations[first..].iter_mut().for_each(|operation| operation.service = service);
        model.apis.push(Api {
            name,
            key,
            format: value.format,
            repository,
            service,
            evidence: Evidence { file, at: value.at },
            version: value.version.map(state),
            versioned_by: value.versioned_by.map(state),
            operations: first as u32..model.operations.len() as u32,
            complete,
        });
        model.repositories[repository as usize].apis.push(index);
        if let Some(service) = service {
            model.services[service as usize].apis.push(index);
        }
    }
}

fn row(operation: facts::Operation, api: u32, file: u32) -> Operation {
    let facts::Operation { at, method, path, id, deprecated, parameter_types, response_types } = operation;
    Operation {
        kind: if &*method == "RPC" { OperationKind::Rpc } else { OperationKind::Http },
        api: Some(api),
        housekeeping: is_housekeeping(&path),
        method,
        path,
        id,
        deprecated,
        parameter_types,
        response_types,
        ..Operation::in_code(Evidence { file, at })
    }
}

/// What makes two descriptions of one repository the same.
#[derive(PartialEq, Eq, Hash)]
struct Twin {
    folder: String,
    title: Option<Arc<str>>,
    operations: Vec<(Arc<str>, Arc<str>)>,
}

impl Twin {
    fn of(located: &Located<ApiDescription>) -> Twin {
        let Located { path, value, .. } = located;
        let mut operations: Vec<_> =
            value.operations.iter().map(|operation| (Arc::clone(&operation.method), Arc::clone(&operation.path))).collect();
        operations.sort_unstable();
        Twin {
            folder: path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned(),
            title: value.title.as_ref().map(|title| Arc::clone(&title.value)),
            operations,
        }
    }
}

/// Who provides which description, as catalog and manifests say.
struct Providers {
    by_path: FxHashMap<(u32, Arc<str>), Provider>,
    /// Descriptions inside catalog files, by file and place.
    inline: FxHashMap<(u32, Location), Provider>,
}

#[derive(Clone, Default)]
struct Provider {
    /// The catalog's name of the API.
    name: Option<Arc<str>>,
    services: Vec<u32>,
}

impl Providers {
    fn new(gathered: &Gathered, origins: &[Origins]) -> Self {
        let mut of_api: FxHashMap<Reference, Vec<u32>> = FxHashMap::default();
        let mut providers = Providers { by_path: FxHashMap::default(), inline: FxHashMap::default() };
        for (origins, service) in origins.iter().zip(0..) {
            for entity in origins.entities.iter().map(|&index| &gathered.entities[index as usize].value) {
                let namespace = namespace_of(entity);
                for reference in entity.provides_apis.iter().filter_map(|text| Reference::read(&text.value, "api", namespace)) {
                    of_api.entry(reference).or_default().push(service);
                }
            }
            for manifest in origins.manifests.iter().map(|&index| &gathered.manifests[index as usize]) {
                let folder = folder_of(&manifest.path);
                for provided in &manifest.value.provides {
                    let path = within(folder, &provided.value).into();
                    providers.by_path.entry((manifest.repository, path)).or_default().services.push(service);
                }
            }
        }
        for entity in gathered.entities.iter().filter(|entity| entity.value.kind.value.eq_ignore_ascii_case("api")) {
            let services = of_api.get(&Reference::of(&entity.value)).cloned().unwrap_or_default();
            let provider = Provider { name: Some(Arc::clone(&entity.value.name.value)), services };
            match &entity.value.definition {
                Some(Definition::Reference(text)) if !text.value.contains("://") => {
                    let path = within(folder_of(&entity.path), &text.value).into();
                    let known = providers.by_path.entry((entity.repository, path)).or_default();
                    known.name = known.name.take().or(provider.name);
                    known.services.extend(provider.services);
                }
                Some(Definition::Inline(at)) => {
                    providers.inline.insert((entity.file, *at), provider);
                }
                _ => {}
            }
        }
        for provider in providers.by_path.values_mut().chain(providers.inline.values_mut()) {
            provider.services.sort_unstable();
            provider.services.dedup();
        }
        providers
    }

    fn of(&self, repository: u32, file: u32, path: &Arc<str>, at: Location) -> Option<&Provider> {
        self.inline.get(&(file, at)).or_else(|| self.by_path.get(&(repository, Arc::clone(path))))
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Path items in files that are no descriptions of their own.
struct Fragments<'f> {
    by_file: &'f FxHashMap<(u32, Arc<str>), Located<ApiFragment>>,
    /// By file: the places of its items and references by JSON pointer.
    items: FxHashMap<(u32, Arc<str>), Pointers<'f>>,
}

/// What stands at each JSON pointer of a file.
#[derive(Default)]
struct Pointers<'f> {
    operations: FxHashMap<&'f str, &'f [facts::Operation]>,
    references: FxHashMap<&'f str, &'f FragmentReference>,
    /// Path templates by the pointer of the mapping that holds them.
    templates: FxHashMap<&'f str, Vec<&'f str>>,
}

/// How many references of one description are followed.
const MAX_FOLLOWED: usize = 100_000;
/// How many operations a description may gain from other files.
const MAX_FETCHED: usize = 1_000_000;

impl<'f> Fragments<'f> {
    /// Appends the operations behind references; false when some could not be found.
    fn append(&mut self, repository: u32, references: &[FragmentReference], api: u32, operations: &mut Vec<Operation>) -> bool {
        let mut complete = true;
        let mut followed: FxHashSet<FragmentReference> = FxHashSet::default();
        let mut waiting: Vec<FragmentReference> = references.iter().rev().cloned().collect();
        let limit = operations.len() + MAX_FETCHED;
        while let Some(reference) = waiting.pop() {
            if followed.len() >= MAX_FOLLOWED || operations.len() > limit {
                return false;
            }
            if !followed.insert(reference.clone()) {
                continue;
            }
            let key = (repository, Arc::clone(&reference.file));
            let Some(fragment) = self.by_file.get(&key) else {
                complete = false;
                continue;
            };
            let pointers = self.items.entry(key).or_insert_with(|| Pointers::of(&fragment.value));
            let mut fetch = |pointer: &str, path: Arc<str>| {
                let items = pointers.operations.get(pointer);
                for operation in items.copied().unwrap_or_default() {
                    let operation = facts::Operation { path: Arc::clone(&path), ..operation.clone() };
                    operations.push(row(operation, api, fragment.file));
                }
                let further = pointers.references.get(pointer);
                waiting.extend(further.map(|further| FragmentReference { path, ..(*further).clone() }));
                items.is_some() || further.is_some()
            };
            complete &= match reference.every_path {
                false => fetch(&reference.pointer, Arc::clone(&reference.path)),
                true => {
                    let templates = pointers.templates.get(&*reference.pointer);
                    for pointer in templates.into_iter().flatten() {
                        let template = pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
                        fetch(pointer, [&*reference.path, &template].concat().into());
                    }
                    templates.is_some()
                }
            };
        }
        complete
    }
}

impl<'f> Pointers<'f> {
    fn of(fragment: &'f ApiFragment) -> Self {
        let mut pointers = Pointers::default();
        for (pointer, operations) in &fragment.items {
            pointers.operations.insert(pointer, operations);
        }
        for (pointer, reference) in &fragment.references {
            pointers.references.insert(pointer, reference);
        }
        let items = fragment.items.iter().map(|(pointer, _)| pointer);
        let only_references = fragment.references.iter().map(|(pointer, _)| pointer);
        let only_references = only_references.filter(|pointer| !pointers.operations.contains_key(&***pointer));
        for pointer in items.chain(only_references) {
            if let Some((mapping, _)) = pointer.rsplit_once('/') {
                pointers.templates.entry(mapping).or_default().push(pointer);
            }
        }
        pointers
    }
}
