//! Second stage: which services there are.
//!
//! A catalog's Component, a service manifest and an entry of the policy each state a service; those with one name in one repository, or a
//! manifest and the only component of its folder, are one. Where nothing in a repository states anything, production code makes the
//! repository one service named after it, of unknown kind, until more is known. What a component's type says is no service (a library)
//! becomes a part.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::addresses::{Address, Addresses, is_component};
use super::places::{catalog_folder, component_type, within};
use super::programs::{self, Other, Program, Programs, normal};
use super::repositories::Gathered;
use super::{Context, code, settle};
use crate::discover::is_within;
use crate::facts::Shape;
use crate::model::settings::{DeclaredService, Settings};
use crate::model::{Evidence, Kind, Model};

/// Where each service was stated; by the service's index.
#[derive(Clone, Default)]
pub(super) struct Origins {
    /// Indices of gathered catalog entities.
    pub entities: Vec<u32>,
    /// Indices of gathered manifests.
    pub manifests: Vec<u32>,
    /// Index of the policy's entry.
    pub declared: Option<u32>,
    /// What runs of it.
    pub program: Option<Program>,
}

/// A service or part in the making.
pub(super) struct Candidate {
    pub name: Arc<str>,
    pub repository: u32,
    /// Below the repository's root.
    pub root: String,
    /// The code lies in a repository that is not here.
    pub elsewhere: bool,
    pub kind: Option<Kind>,
    /// False for a component whose type says that it is no service.
    pub is_service: bool,
    /// True for what only runs here and has no code: where it is stated.
    pub runs_only: Option<Evidence>,
    pub origins: Origins,
}

impl Candidate {
    /// False where its code lies elsewhere, and for what only runs here.
    pub fn holds_code(&self) -> bool {
        !self.elsewhere && (self.runs_only.is_none() || matches!(self.kind, Some(Kind::Library | Kind::Test)))
    }

    /// Folders of library modules that it alone uses.
    pub fn members(&self) -> &[String] {
        self.origins.program.as_ref().map_or(&[], |program| &program.members)
    }
}

pub(super) fn find(model: &mut Model, gathered: &Gathered, settings: &Settings, context: &Context) -> Vec<Origins> {
    let mut candidates = Candidates::new(model, gathered, context);
    for index in 0..gathered.entities.len() {
        candidates.add_component(index);
    }
    for index in 0..gathered.manifests.len() {
        candidates.add_manifest(index);
    }
    let names: Vec<Arc<str>> = candidates.model.repositories.iter().map(|repository| Arc::clone(&repository.name)).collect();
    for (repository, programs) in programs::find(gathered, &names).into_iter().enumerate() {
        candidates.add_programs(repository as u32, programs);
    }
    candidates.declare(&settings.services);
    candidates.assume();
    let mut found = candidates.found;
    code::part_shared_folders(&mut found, gathered);
    let code = code::count(&found, gathered, model);
    settle::settle(model, gathered, settings, found, code)
}

struct Candidates<'c> {
    model: &'c Model,
    gathered: &'c Gathered,
    addresses: Addresses<'c>,
    found: Vec<Candidate>,
    /// By repository and name in lower case.
    by_name: FxHashMap<(u32, String), usize>,
    /// By name in lower case.
    everywhere: FxHashMap<String, Vec<usize>>,
    /// By repository and folder.
    by_root: FxHashMap<(u32, String), Vec<usize>>,
    /// How many candidates each repository has.
    counts: Vec<u32>,
}

impl<'c> Candidates<'c> {
    fn new(model: &'c Model, gathered: &'c Gathered, context: &Context) -> Self {
        Candidates {
            model,
            gathered,
            addresses: Addresses::new(model, gathered, context.organisation),
            found: Vec::new(),
            by_name: FxHashMap::default(),
            everywhere: FxHashMap::default(),
            by_root: FxHashMap::default(),
            counts: vec![0; model.repositories.len()],
        }
    }

    fn add(&mut self, candidate: Candidate) -> usize {
        let index = self.found.len();
        self.counts[candidate.repository as usize] += 1;
        self.by_name.insert((candidate.repository, candidate.name.to_lowercase()), index);
        self.by_root.entry((candidate.repository, candidate.root.clone())).or_default().push(index);
        self.found.push(candidate);
        index
    }

    fn add_component(&mut self, index: usize) {
        let located = &self.gathered.entities[index];
        let entity = &located.value;
        if !is_component(entity) {
            return;
        }
        let (kind, is_service) = entity.r#type.as_ref().map_or((None, true), |of| component_type(&of.value));
        let Address { repository, root, elsewhere } = self.addresses.of(located);
        let index = index as u32;
        if let Some(&same) = self.by_name.get(&(repository, entity.name.value.to_lowercase())) {
            let same = &mut self.found[same];
            same.kind = same.kind.or(kind);
            same.origins.entities.push(index);
            return;
        }
        let origins = Origins { entities: vec![index], ..Origins::default() };
        let name = Arc::clone(&entity.name.value);
        self.add(Candidate { name, repository, root, elsewhere, kind, is_service, runs_only: None, origins });
    }

    fn add_manifest(&mut self, index: usize) {
        let located = &self.gathered.manifests[index];
        let (repository, manifest) = (located.repository, &located.value);
        let root = catalog_folder(&located.path);
        let kind = manifest.kind.as_ref().and_then(|kind| Kind::from_name(&kind.value.to_lowercase()));
        let name = manifest.name.as_ref().map(|name| Arc::clone(&name.value));
        let named = name.as_ref().and_then(|name| self.by_name.get(&(repository, name.to_lowercase())).copied());
        let only_one_here = || match self.by_root.get(&(repository, root.to_owned())).map(Vec::as_slice) {
            Some(&[one]) if self.found[one].origins.manifests.is_empty() => Some(one),
            _ => None,
        };
        let index = index as u32;
        if let Some(same) = named.or_else(only_one_here) {
            let same = &mut self.found[same];
            same.origins.manifests.push(index);
            if let Some(kind) = kind {
                (same.kind, same.is_service) = (Some(kind), kind.is_service());
            }
            return;
        }
        let named_after = || match root.rsplit('/').next() {
            Some(folder) if !folder.is_empty() => folder.into(),
            _ => Arc::clone(&self.model.repositories[repository as usize].name),
        };
        let candidate = Candidate {
            name: name.unwrap_or_else(named_after),
            repository,
            root: root.to_owned(),
            elsewhere: false,
            kind,
            is_service: kind.is_none_or(Kind::is_service),
            runs_only: None,
            origins: Origins { manifests: vec![index], ..Origins::default() },
        };
        self.add(candidate);
    }

    fn declare(&mut self, services: &[DeclaredService]) {
        if services.is_empty() {
            return;
        }
        for (index, candidate) in self.found.iter().enumerate() {
            self.everywhere.entry(candidate.name.to_lowercase()).or_default().push(index);
        }
        for (index, declared) in services.iter().enumerate() {
            self.add_declared(index, declared);
        }
    }

    /// An entry of the policy changes the services that it names, or states a new one. One that is about nothing here is about another
    /// repository of the same policy.
    fn add_declared(&mut self, index: usize, declared: &DeclaredService) {
        let name = &declared.name.value;
        let place = declared.root.as_ref().and_then(|root| self.place_of(&root.value));
        if declared.root.is_some() && place.is_none() {
            return;
        }
        let same_name = |one: &usize| self.found[*one].name.eq_ignore_ascii_case(name);
        let targets: Vec<usize> = match &place {
            Some((repository, root)) => {
                let here = self.by_root.get(&(*repository, root.clone())).map_or(&[][..], Vec::as_slice);
                match here.iter().find(|one| same_name(one)) {
                    Some(&one) => vec![one],
                    None if here.len() == 1 => here.to_vec(),
                    None => self.by_name.get(&(*repository, name.to_lowercase())).copied().into_iter().collect(),
                }
            }
            None => {
                let all = self.everywhere.get(&name.to_lowercase()).map_or(&[][..], Vec::as_slice);
                all.iter().copied().filter(|&one| self.may_speak_of(declared, &self.found[one])).collect()
            }
        };
        let targets = match (targets.is_empty(), place) {
            (false, place) => {
                if let ([one], Some((_, root))) = (&targets[..], place) {
                    self.found[*one].root = root;
                }
                targets
            }
            (true, Some((repository, root))) => vec![self.add_stated(name, repository, root)],
            (true, None) => match self.addresses.repository_named(name) {
                Some(repository)
                    if self.counts[repository as usize] == 0
                        && is_within(&self.model.repositories[repository as usize].root, &declared.scope) =>
                {
                    vec![self.add_stated(name, repository, String::new())]
                }
                _ => return,
            },
        };
        for target in targets {
            let target = &mut self.found[target];
            target.name = Arc::clone(name);
            target.origins.declared = Some(index as u32);
            if let Some(kind) = declared.kind {
                (target.kind, target.is_service) = (Some(kind), kind.is_service());
            }
        }
    }

    fn may_speak_of(&self, declared: &DeclaredService, candidate: &Candidate) -> bool {
        let above = &self.model.repositories[candidate.repository as usize].root;
        is_within(&within(above, &candidate.root), &declared.scope)
    }

    fn add_stated(&mut self, name: &Arc<str>, repository: u32, root: String) -> usize {
        let origins = Origins::default();
        let name = Arc::clone(name);
        self.add(Candidate { name, repository, root, elsewhere: false, kind: None, is_service: true, runs_only: None, origins })
    }

    /// What runs here is a declared service, or one that nobody declared.
    fn add_programs(&mut self, repository: u32, found: Programs) {
        let declared: Vec<usize> = (0..self.found.len()).filter(|&index| self.found[index].repository == repository).collect();
        let Programs { programs, others } = found;
        let roots: Vec<String> = programs.iter().map(|program| program.root.clone()).collect();
        let mut taken: FxHashSet<usize> = FxHashSet::default();
        let mut left = Vec::new();
        for program in programs {
            let same_name = |&&index: &&usize| normal(&self.found[index].name) == normal(&program.name);
            let here = |&&index: &&usize| self.found[index].root == program.root && !self.found[index].elsewhere;
            let only_here =
                || Some(declared.iter().filter(here).collect::<Vec<_>>()).filter(|here| here.len() == 1).map(|here| here[0]);
            let free = |index: &&usize| !taken.contains(*index);
            match declared.iter().find(same_name).or_else(only_here).filter(free) {
                Some(&index) => {
                    taken.insert(index);
                    let candidate = &mut self.found[index];
                    let inside = roots.iter().filter(|root| is_within(root, &candidate.root)).count();
                    if inside > 1 && is_within(&program.root, &candidate.root) || candidate.elsewhere {
                        candidate.root = program.root.clone();
                        candidate.elsewhere = false;
                    }
                    candidate.origins.program = Some(program);
                }
                None => left.push(program),
            }
        }
        // The only program in a declared service's folder is that service's.
        let around = |root: &str| {
            let around = declared.iter().copied().filter(|index| !taken.contains(index) && !self.found[*index].elsewhere);
            around.filter(|&index| is_within(root, &self.found[index].root)).max_by_key(|&index| self.found[index].root.len())
        };
        let homes: Vec<Option<usize>> = left.iter().map(|program| around(&program.root)).collect();
        for (program, home) in left.into_iter().zip(&homes) {
            let alone = home
                .filter(|home| homes.iter().filter(|other| **other == Some(*home)).count() == 1 && self.found[*home].is_service);
            match alone {
                Some(index) => self.found[index].origins.program = Some(program),
                None => {
                    let Program { name, root, kind, .. } = program.clone();
                    let origins = Origins { program: Some(program), ..Origins::default() };
                    let is_service = kind.is_none_or(Kind::is_service);
                    self.add(Candidate { name, repository, root, elsewhere: false, kind, is_service, runs_only: None, origins });
                }
            }
        }
        let known: Vec<String> = self.found.iter().filter(|c| c.repository == repository).map(|c| normal(&c.name)).collect();
        for other in others {
            let has_service = self.found.iter().any(|c| c.repository == repository && c.root == other.root && c.is_service);
            if known.contains(&normal(&other.name)) || has_service && !other.root.is_empty() {
                continue;
            }
            let Other { name, root, kind, evidence } = other;
            let origins = Origins::default();
            self.found.push(Candidate {
                name,
                repository,
                root,
                elsewhere: false,
                kind: Some(kind),
                is_service: false,
                runs_only: Some(evidence),
                origins,
            });
        }
    }

    /// The repository that holds a folder below the checked root, if there is anything in it.
    fn place_of(&self, written: &str) -> Option<(u32, String)> {
        let path = within("", written);
        let (repository, root) = self.gathered.holding(&path)?;
        let holds = |path: &str| is_within(path, root);
        let has_code = self.gathered.code[repository as usize].iter().any(|file| holds(&file.path));
        let has_fact = || {
            let files = &self.gathered.files[repository as usize];
            let above = self.model.repositories[repository as usize].root.len();
            let mut files = self.model.files[files.start as usize..files.end as usize].iter();
            files.any(|file| holds(file.path[above..].trim_start_matches('/')))
        };
        (has_code || has_fact()).then(|| (repository, root.to_owned()))
    }

    /// Repositories with production code of which nothing is stated.
    fn assume(&mut self) {
        for repository in 0..self.counts.len() {
            if self.counts[repository] == 0 && !self.gathered.code[repository].is_empty() && !self.only_deploys(repository as u32)
            {
                let name = Arc::clone(&self.model.repositories[repository].name);
                self.add_stated(&name, repository as u32, String::new());
            }
        }
    }

    /// A repository that deploys what others build, and offers nothing itself, holds scripts.
    fn only_deploys(&self, repository: u32) -> bool {
        let Gathered { deployments, routings, handlers, .. } = self.gathered;
        deployments.iter().any(|located| located.repository == repository && located.value.shape == Shape::Process)
            && !routings.iter().any(|located| located.repository == repository && !located.value.routes.is_empty())
            && !handlers.iter().any(|located| located.repository == repository)
    }
}
