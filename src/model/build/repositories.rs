//! First stage: repositories, and their facts taken apart by kind.
//!
//! The facts are consumed file by file. Only files that something points at get a number; of the others their lines are kept until
//! the services are known.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Context;
use crate::diagnostic::Fault;
use crate::discover::{self, landmark::Landmark};
use crate::facts::{
    Address, ApiDescription, ApiFragment, Binding, BuildModule, CallSite, CatalogEntity, CodeModule, CodeOwners, CodeShape,
    Connection, Count, Deployment, Entity, Fact, FileFacts, Gateway, Handler, Image, Invocation, Language, Lines, NetworkName,
    Pipeline, RepositoryFacts, Routing, ServiceManifest, Setting, SettingsObject, Text,
};
use crate::model::settings::Settings;
use crate::model::{Evidence, File, Model, Problem, Repository, Stated};
use crate::source::{Location, last_part};

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
    pub shapes: Vec<CodeShape>,
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
    pub definitions: Vec<Located<CodeModule>>,
    pub routings: Vec<Located<Routing>>,
    pub handlers: Vec<Located<Handler>>,
    pub persistent: Vec<Located<Entity>>,
    pub builds: Vec<Located<BuildModule>>,
    pub images: Vec<Located<Image>>,
    pub deployments: Vec<Located<Deployment>>,
    pub pipelines: Vec<Located<Pipeline>>,
    pub settings: Vec<Located<Vec<Setting>>>,
    pub calls: Vec<Located<CallSite>>,
    pub invocations: Vec<Located<Vec<Invocation>>>,
    pub addresses: Vec<Located<Vec<Address>>>,
    pub bindings: Vec<Located<Binding>>,
    pub connections: Vec<Located<Connection>>,
    pub gateways: Vec<Located<Gateway>>,
    pub network_names: Vec<Located<NetworkName>>,
    pub settings_objects: Vec<Located<SettingsObject>>,
    /// Files that are filled in and served as pages: repository and file.
    pub pages: Vec<(u32, u32)>,
    /// By repository.
    pub code: Vec<Vec<CodeFile>>,
    /// Of each repository: its rows of [`Model::files`].
    pub files: Vec<Range<u32>>,
    /// Repositories by their roots below the checked one.
    roots: FxHashMap<Arc<str>, u32>,
    /// Numbers of the files that state services and domains for policies.
    policies: FxHashMap<Arc<str>, u32>,
}

impl Gathered {
    /// The innermost repository that holds a path below the checked root, and the path in it.
    pub fn holding<'p>(&self, path: &'p str) -> Option<(u32, &'p str)> {
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        let innermost = ends.filter_map(|end| Some((*self.roots.get(&path[..end])?, end))).next_back();
        match innermost {
            Some((repository, end)) => Some((repository, path[end..].trim_start_matches('/'))),
            None => Some((*self.roots.get("")?, path)),
        }
    }

    /// A place in a policy.
    pub fn in_policy(&self, path: &Arc<str>, at: Location) -> Evidence {
        Evidence { file: *self.policies.get(path).expect("the files of policies are numbered first"), at }
    }

    /// A text of a policy with its place.
    pub fn stated(&self, path: &Arc<str>, text: &Text) -> Stated {
        Stated { text: Arc::clone(&text.value), evidence: self.in_policy(path, text.at) }
    }

    fn number_policies(&mut self, model: &mut Model, settings: &Settings) {
        let services = settings.services.iter().map(|service| &service.path);
        let paths = services.chain(settings.domains.iter().map(|domain| &domain.path));
        let mut known: Option<FxHashMap<Arc<str>, u32>> = None;
        for path in paths {
            if self.policies.contains_key(path) {
                continue;
            }
            let known = known.get_or_insert_with(|| {
                let here = model.files.iter().zip(0..).filter(|(file, _)| !file.foreign);
                here.map(|(file, number)| (Arc::clone(&file.path), number)).collect()
            });
            let number = known.get(path).copied().unwrap_or_else(|| {
                let repository = self.holding(path).map(|(repository, _)| repository);
                model.files.push(File { repository, path: Arc::clone(path), foreign: false });
                model.files.len() as u32 - 1
            });
            self.policies.insert(Arc::clone(path), number);
        }
    }
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
    gathered.number_policies(&mut model, settings);
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
        let landmark = landmark(&files);
        let first_number = self.model.files.len() as u32;
        self.model.files_read += files.len() as u32;
        for (index, mut file) in files.into_iter().enumerate() {
            let shapes = std::mem::take(&mut file.shapes);
            let code = file.lines.filter(|lines| lines.production && lines.code > 0);
            if let Some(Lines { code, .. }) = code {
                self.row.code_lines.value = self.row.code_lines.value.saturating_add(code);
            }
            let stands_for_all = Some(index) == landmark;
            let code = |path| code.map(|Lines { language, code, .. }| CodeFile { path, language, lines: code, shapes });
            if !stands_for_all && file.facts.is_empty() && file.problems.is_empty() {
                self.code.extend(code(file.path));
                continue;
            }
            self.code.extend(code(Arc::clone(&file.path)));
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
        self.gathered.files.push(first_number..self.model.files.len() as u32);
        if !self.row.foreign {
            self.gathered.roots.insert(Arc::clone(&self.row.root), self.index);
        }
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
                Fact::Code(value) => self.gathered.definitions.push(Located { repository, file: number, path: path(), value }),
                Fact::Routing(value) => self.gathered.routings.push(Located { repository, file: number, path: path(), value }),
                Fact::Handler(value) => self.gathered.handlers.push(Located { repository, file: number, path: path(), value }),
                Fact::Persistent(value) => {
                    self.gathered.persistent.push(Located { repository, file: number, path: path(), value });
                }
                Fact::Build(value) => self.gathered.builds.push(Located { repository, file: number, path: path(), value }),
                Fact::Image(value) => self.gathered.images.push(Located { repository, file: number, path: path(), value }),
                Fact::Deployment(value) => {
                    self.gathered.deployments.push(Located { repository, file: number, path: path(), value });
                }
                Fact::Pipeline(value) => {
                    self.gathered.pipelines.push(Located { repository, file: number, path: path(), value });
                }
                Fact::Call(value) => self.gathered.calls.push(Located { repository, file: number, path: path(), value }),
                Fact::Invocations { invocations: value } => {
                    self.gathered.invocations.push(Located { repository, file: number, path: path(), value });
                }
                Fact::Addresses { addresses: value } => {
                    self.gathered.addresses.push(Located { repository, file: number, path: path(), value });
                }
                Fact::Binding(value) => self.gathered.bindings.push(Located { repository, file: number, path: path(), value }),
                Fact::Connection(value) => {
                    self.gathered.connections.push(Located { repository, file: number, path: path(), value });
                }
                Fact::Gateway(value) => self.gathered.gateways.push(Located { repository, file: number, path: path(), value }),
                Fact::NetworkName(value) => {
                    self.gathered.network_names.push(Located { repository, file: number, path: path(), value });
                }
                Fact::SettingsObject(value) => {
                    self.gathered.settings_objects.push(Located { repository, file: number, path: path(), value });
                }
                Fact::Page => self.gathered.pages.push((repository, number)),
                Fact::Settings { settings: value } => {
                    self.gathered.settings.push(Located { repository, file: number, path: path(), value });
                }
            }
        }
    }
}

/// README before build file before anything else; the nearest to the root first.
fn landmark(files: &[FileFacts]) -> Option<usize> {
    let any = files.iter().any(|file| file.landmark);
    let candidates = files.iter().enumerate().filter(|(_, file)| file.landmark || !any);
    let rank = |file: &FileFacts| {
        let name = last_part(&file.path);
        (discover::landmark::landmark(name) != Some(Landmark::Readme), file.path.matches('/').count())
    };
    candidates.min_by_key(|(_, file)| rank(file)).map(|(index, _)| index)
}

/// A name that a scaffolder has yet to fill in.
fn is_template(name: &str) -> bool {
    name.contains("{{") || name.contains("${")
}
