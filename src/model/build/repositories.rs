//! First stage: repositories, and their facts taken apart by kind.
//!
//! The facts are consumed file by file. Only files that something points at get a number; of the others their lines are kept until
//! the services are known.

use std::cmp::Reverse;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Context;
use crate::diagnostic::Fault;
use crate::facts::{
    ApiDescription, ApiFragment, CatalogEntity, CodeOwners, Count, Fact, FileFacts, Language, RepositoryFacts, ServiceManifest,
};
use crate::model::settings::Settings;
use crate::model::{Evidence, File, Model, Problem, Repository};
use crate::source::Location;

/// A fact with the file that says it.
pub(super) struct Located<T> {
    pub repository: u32,
    /// Index into [`Model::files`].
    pub file: u32,
    /// Below the repository's root.
    pub path: Arc<str>,
    pub value: T,
}

impl<T> Located<T> {
    pub fn evidence(&self, at: Location) -> Evidence {
        Evidence { file: self.file, at }
    }
}

/// A file of production code.
pub(super) struct CodeFile {
    /// Below the repository's root.
    pub path: Arc<str>,
    pub language: Language,
    pub lines: u32,
}

/// The facts by kind, in the order of repositories and paths.
#[derive(Default)]
pub(super) struct Gathered {
    pub entities: Vec<Located<CatalogEntity>>,
    pub manifests: Vec<Located<ServiceManifest>>,
    /// The CODEOWNERS file of each repository that counts.
    pub codeowners: Vec<Option<Located<CodeOwners>>>,
    pub descriptions: Vec<Located<ApiDescription>>,
    /// By repository and path.
    pub fragments: FxHashMap<(u32, Arc<str>), Located<ApiFragment>>,
    /// By repository.
    pub code: Vec<Vec<CodeFile>>,
    /// The policy's number among the files.
    pub policy: Option<u32>,
}

/// Where a forge looks for CODEOWNERS, the first that is there counts.
const CODEOWNERS: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

pub(super) fn gather(mut facts: Vec<RepositoryFacts>, settings: &Settings, context: &Context) -> (Model, Gathered) {
    facts.sort_by(|a, b| (&a.name, &a.root, a.foreign).cmp(&(&b.name, &b.root, b.foreign)));
    let mut model = Model {
        organisation: context.organisation,
        complete: settings.fleet_complete,
        has_policy: settings.policy_path.is_some(),
        small_team: settings.small_team,
        ..Model::default()
    };
    let mut gathered = Gathered::default();
    for repository in facts {
        Taking::new(&repository, &mut model, &mut gathered).take(repository.files);
    }
    if let Some(path) = &settings.policy_path {
        gathered.policy = Some(model.evidence_in(path, Location::TOP).file);
    }
    (model, gathered)
}

/// One repository being taken apart.
struct Taking<'t> {
    model: &'t mut Model,
    gathered: &'t mut Gathered,
    index: u32,
    row: Repository,
    code: Vec<CodeFile>,
    codeowners: Option<(usize, Located<CodeOwners>)>,
}

impl<'t> Taking<'t> {
    fn new(repository: &RepositoryFacts, model: &'t mut Model, gathered: &'t mut Gathered) -> Self {
        let row = Repository {
            name: Arc::clone(&repository.name),
            root: Arc::clone(&repository.root),
            foreign: repository.foreign,
            landmark: None,
            code_lines: Count { value: 0, complete: true },
            codeowners: None,
            manifest: None,
            services: Vec::new(),
            units: Vec::new(),
            apis: Vec::new(),
        };
        let index = model.repositories.len() as u32;
        Taking { model, gathered, index, row, code: Vec::new(), codeowners: None }
    }

    fn take(mut self, mut files: Vec<FileFacts>) {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let landmark = files.iter().enumerate().min_by_key(|(index, file)| landmark_rank(file, *index)).map(|(index, _)| index);
        self.model.files_read += files.len() as u32;
        for (index, file) in files.into_iter().enumerate() {
            if let Some(lines) = file.lines.filter(|lines| lines.production && lines.code > 0) {
                self.row.code_lines.value = self.row.code_lines.value.saturating_add(lines.code);
                self.code.push(CodeFile { path: Arc::clone(&file.path), language: lines.language, lines: lines.code });
            }
            let stands_for_all = Some(index) == landmark;
            if !stands_for_all && file.facts.is_empty() && file.problems.is_empty() {
                continue;
            }
            let number = self.number(&file.path);
            if stands_for_all {
                self.row.landmark = Some(Evidence { file: number, at: Location::TOP });
            }
            self.take_file(number, file);
        }
        let codeowners = self.codeowners.map(|(_, located)| located);
        self.row.codeowners = codeowners.as_ref().map(|located| located.evidence(Location::TOP));
        self.gathered.codeowners.push(codeowners);
        self.gathered.code.push(self.code);
        self.model.repositories.push(self.row);
    }

    fn number(&mut self, path: &Arc<str>) -> u32 {
        let path = match self.row.root.is_empty() {
            true => Arc::clone(path),
            false => [&*self.row.root, "/", path].concat().into(),
        };
        self.model.files.push(File { repository: Some(self.index), path, foreign: self.row.foreign });
        self.model.files.len() as u32 - 1
    }

    fn take_file(&mut self, number: u32, file: FileFacts) {
        let (path, repository) = (file.path, self.index);
        let at = |at: Location| Evidence { file: number, at };
        for mut diagnostic in file.problems {
            if matches!(diagnostic.fault, Fault::LimitReached | Fault::UnreadableFile) {
                self.row.code_lines.complete = false;
            }
            diagnostic.path = Arc::clone(&self.model.files[number as usize].path);
            let evidence = at(diagnostic.at);
            self.model.problems.push(Problem { diagnostic, repository: Some(repository), service: None, evidence });
        }
        let describes = describes_production(&path);
        for fact in file.facts {
            let path = || Arc::clone(&path);
            match fact {
                Fact::Waiver(waiver) => {
                    let evidence = at(waiver.at);
                    self.model.waivers.push((waiver, evidence));
                }
                Fact::Owners(value) => {
                    let Some(rank) = CODEOWNERS.iter().position(|place| **place == *path()) else { continue };
                    if self.codeowners.as_ref().is_none_or(|(known, _)| rank < *known) {
                        self.codeowners = Some((rank, Located { repository, file: number, path: path(), value }));
                    }
                }
                Fact::Fragment(value) => {
                    let located = Located { repository, file: number, path: path(), value };
                    self.gathered.fragments.insert((repository, path()), located);
                }
                // What a test or an example describes is not there.
                _ if !describes => {}
                Fact::Entity(entity) if is_template(&entity.name.value) => {}
                Fact::Entity(value) => {
                    self.row.manifest = self.row.manifest.or(Some(at(value.at)));
                    self.gathered.entities.push(Located { repository, file: number, path: path(), value });
                }
                Fact::Manifest(value) => {
                    self.row.manifest = self.row.manifest.or(Some(at(value.at)));
                    self.gathered.manifests.push(Located { repository, file: number, path: path(), value });
                }
                Fact::Api(value) => self.gathered.descriptions.push(Located { repository, file: number, path: path(), value }),
            }
        }
    }
}

/// README before build file before anything else; the nearest to the root first.
fn landmark_rank(file: &FileFacts, index: usize) -> (Reverse<bool>, Reverse<bool>, usize, usize) {
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    let readme = name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("readme"));
    (Reverse(file.landmark), Reverse(readme), file.path.matches('/').count(), index)
}

/// A name that a scaffolder has yet to fill in.
fn is_template(name: &str) -> bool {
    name.contains("{{") || name.contains("${")
}

/// False for files below a folder of tests, examples, templates or foreign code.
fn describes_production(path: &str) -> bool {
    const NOT: [&str; 21] = [
        "__fixtures__",
        "__mocks__",
        "__tests__",
        "example",
        "examples",
        "fixture",
        "fixtures",
        "mock",
        "mocks",
        "node_modules",
        "sample",
        "samples",
        "skeleton",
        "template",
        "templates",
        "test",
        "testdata",
        "tests",
        "third_party",
        "vendor",
        "vendored",
    ];
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.is_empty() || !folders.split('/').any(|folder| NOT.iter().any(|not| not.eq_ignore_ascii_case(folder)))
}
