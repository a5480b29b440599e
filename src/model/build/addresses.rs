//! Where the code of a catalog's component lies.
//!
//! A component lies in the folder of its catalog file, or in the parent of a folder kept for such files, or where the annotation
//! `backstage.io/source-location` says. A project slug, or a source that is a URL, names a repository. In a folder of repositories that may be
//! another one of them. Alone it says little, for a checkout may be named otherwise than its repository; but where the components of one
//! repository name several, it is a catalog for others, and only those that name it lie in it.

use rustc_hash::FxHashMap;

use super::places::{Source, catalog_folder, within};
use super::repositories::{Gathered, Located};
use crate::facts::CatalogEntity;
use crate::model::Model;

pub(super) struct Addresses<'a> {
    model: &'a Model,
    gathered: &'a Gathered,
    organisation: bool,
    /// By name in lower case; None for a name that several have.
    repositories: FxHashMap<String, Option<u32>>,
    /// For each repository: whether its components name several repositories.
    is_catalog: Vec<bool>,
}

/// The place of a component's code.
pub(super) struct Address {
    pub repository: u32,
    /// Below the repository's root.
    pub root: String,
    /// The code lies in a repository that is not here.
    pub elsewhere: bool,
}

impl<'a> Addresses<'a> {
    pub fn new(model: &'a Model, gathered: &'a Gathered, organisation: bool) -> Self {
        let mut repositories = FxHashMap::with_capacity_and_hasher(model.repositories.len(), Default::default());
        for (repository, index) in model.repositories.iter().zip(0..) {
            let name = repository.name.to_lowercase();
            repositories.entry(name).and_modify(|known| *known = None).or_insert(Some(index));
        }
        let mut named: Vec<Option<&str>> = vec![None; model.repositories.len()];
        let mut is_catalog = vec![false; model.repositories.len()];
        for entity in gathered.entities.iter().filter(|entity| is_component(&entity.value)) {
            if let Some(name) = Stated::of(&entity.value).repository {
                let known = named[entity.repository as usize].get_or_insert(name);
                is_catalog[entity.repository as usize] |= !known.eq_ignore_ascii_case(name);
            }
        }
        Addresses { model, gathered, organisation, repositories, is_catalog }
    }

    pub fn repository_named(&self, name: &str) -> Option<u32> {
        self.repositories.get(&name.to_lowercase()).copied().flatten()
    }

    pub fn of(&self, located: &Located<CatalogEntity>) -> Address {
        let here = located.repository;
        let Stated { repository, folder } = Stated::of(&located.value);
        let around = catalog_folder(&located.path);
        let address = |repository: u32, root: String, elsewhere: bool| Address { repository, root, elsewhere };
        let from_root = || folder.map_or_else(String::new, |folder| within("", folder));
        let Some(name) = repository else {
            let without_code = self.organisation && self.gathered.code[here as usize].is_empty();
            return match (folder, without_code.then(|| self.repository_named(&located.value.name.value)).flatten()) {
                (Some(folder), _) => address(here, within(around, folder), false),
                (None, Some(there)) => address(there, String::new(), false),
                (None, None) => address(here, around.to_owned(), false),
            };
        };
        let is_here = self.model.repositories[here as usize].name.eq_ignore_ascii_case(name);
        let there = if self.organisation && !is_here { self.repository_named(name) } else { None };
        match there {
            Some(there) => address(there, from_root(), false),
            None if !is_here && self.is_catalog[here as usize] => address(here, around.to_owned(), true),
            None if folder.is_some() => address(here, from_root(), false),
            None => address(here, around.to_owned(), false),
        }
    }
}

pub(super) fn is_component(entity: &CatalogEntity) -> bool {
    entity.kind.value.eq_ignore_ascii_case("component")
}

/// What an entity says of where its code lies.
struct Stated<'e> {
    repository: Option<&'e str>,
    /// Below the root of the repository that is named, or beside the catalog file when none is.
    folder: Option<&'e str>,
}

impl<'e> Stated<'e> {
    fn of(entity: &'e CatalogEntity) -> Self {
        let annotation = |key: &str| entity.annotations.iter().find(|(known, _)| **known == *key).map(|(_, text)| &*text.value);
        match annotation("backstage.io/source-location").and_then(Source::read) {
            Some(Source { repository, folder }) => Stated { repository, folder },
            None => {
                let slugs = ["github.com/project-slug", "gitlab.com/project-slug", "bitbucket.org/project-slug"];
                let slug = slugs.into_iter().find_map(annotation).and_then(|slug| slug.trim().rsplit('/').next());
                Stated { repository: slug.filter(|slug| !slug.is_empty()), folder: None }
            }
        }
    }
}
