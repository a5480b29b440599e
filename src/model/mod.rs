//! Facts of all repositories joined: services, their APIs and operations, owners and domains, with evidence.
//!
//! [`build::build`] takes facts and the policy's settings; it reads no file. What rules may ask of the model is defined by the
//! [`subject::Subject`]s of [`subjects`].

pub mod build;
mod calls;
pub mod clones;
pub mod codeowners;
pub mod cohesion;
pub mod cycles;
pub mod datum;
mod dependency;
pub mod endpoints;
pub mod families;
pub mod housekeeping;
pub mod layering;
pub mod libraries;
pub mod map;
pub mod mixing;
mod operation;
pub mod owners;
pub mod resources;
pub mod settings;
pub mod subject;
pub mod subjects;
pub mod swarms;
mod tables;
pub mod verbs;

use std::ops::Range;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::facts::{ApiFormat, Count, Event, InlineWaiver, Language, Shape, SplitRecord, Text};
use crate::source::Location;
pub use build::{Context, build};
use clones::CodeClone;
use cycles::{Chain, Cycle};
pub use dependency::{
    CallSite, Declaration, Dependency, DependencyKind, Forwarder, Forwarding, Resolution, Store, StoreUser, Target,
};
use families::EntityFamily;
use layering::LayerGroup;
use libraries::Purpose;
pub use operation::{Drift, DriftSide, Entity, Operation, OperationKind};
use resources::Resource;
use settings::OwnerSource;

/// A place in one of the model's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    /// Index into [`Model::files`].
    pub file: u32,
    pub at: Location,
}

/// A text with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    pub text: Arc<str>,
    pub evidence: Evidence,
}

/// Every table is sorted by what a reader would look for (names, then paths), so that equal facts give equal models.
#[derive(Debug, Default, PartialEq)]
pub struct Model {
    /// Files that something points at, and no others.
    pub files: Vec<File>,
    pub repositories: Vec<Repository>,
    pub services: Vec<Service>,
    /// Declared components that are no services: libraries, documentation, datastores.
    pub parts: Vec<Part>,
    pub units: Vec<DeployUnit>,
    pub apis: Vec<Api>,
    /// Those of descriptions, in the order of [`Model::apis`], before those of code.
    pub operations: Vec<Operation>,
    pub drifts: Vec<Drift>,
    pub entities: Vec<Entity>,
    /// Sorted by caller and place.
    pub call_sites: Vec<CallSite>,
    /// Sorted by caller, callee and kind.
    pub dependencies: Vec<Dependency>,
    pub declarations: Vec<Declaration>,
    pub forwardings: Vec<Forwarding>,
    /// Sorted by host and database.
    pub stores: Vec<Store>,
    /// Of each service the services that call it and wait, in order.
    pub callers: Vec<Vec<u32>>,
    pub cycles: Vec<Cycle>,
    pub chains: Vec<Chain>,
    pub resources: Vec<Resource>,
    pub entity_families: Vec<EntityFamily>,
    /// Families before pairs.
    pub clones: Vec<CodeClone>,
    /// Names of the policy's layers, from the top down.
    pub layers: Vec<Arc<str>>,
    pub layer_groups: Vec<LayerGroup>,
    pub domains: Vec<Domain>,
    pub teams: Vec<Team>,
    pub problems: Vec<Problem>,
    /// Labels of problems, in the order of the problems.
    pub mentions: Vec<Mention>,
    /// Waivers in comments.
    pub waivers: Vec<(InlineWaiver, Evidence)>,
    /// How many files were looked at.
    pub files_read: u32,
    /// True when the root is a folder of repositories.
    pub organisation: bool,
    /// True when every service of the organisation is here, so that "nobody" can be said.
    pub complete: bool,
    /// True when a policy file was found.
    pub has_policy: bool,
    /// True when the policy says that one small team owns everything.
    pub small_team: bool,
}

impl Model {
    /// Evidence in a file by its path below the checked root; the file joins the model's when it is not among them.
    pub fn evidence_in(&mut self, path: &Arc<str>, at: Location) -> Evidence {
        let file = self.files.iter().position(|file| file.path == *path && !file.foreign).unwrap_or_else(|| {
            self.files.push(File { repository: None, path: Arc::clone(path), foreign: false });
            self.files.len() - 1
        });
        Evidence { file: file as u32, at }
    }

    /// Adds a problem of a file that is named below the checked root.
    pub fn add_problem(&mut self, diagnostic: Diagnostic) {
        let evidence = self.evidence_in(&diagnostic.path, diagnostic.at);
        let repository = self.files[evidence.file as usize].repository;
        self.problems.push(Problem { diagnostic, repository, service: None, evidence });
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// None for a policy file that lies outside every repository.
    pub repository: Option<u32>,
    /// Below the checked root.
    pub path: Arc<str>,
    /// Known by `--with` only: there is no file to show.
    pub foreign: bool,
}

#[derive(Debug, PartialEq)]
pub struct Repository {
    pub name: Arc<str>,
    /// Below the checked root; empty for the root itself.
    pub root: Arc<str>,
    pub foreign: bool,
    /// Where a finding about the repository as a whole points.
    pub landmark: Option<Evidence>,
    /// Lines of production code.
    pub code_lines: Count,
    /// The CODEOWNERS file that counts.
    pub codeowners: Option<Evidence>,
    /// The first manifest or catalog file.
    pub manifest: Option<Evidence>,
    pub services: Vec<u32>,
    pub units: Vec<u32>,
    pub apis: Vec<u32>,
}

/// What a piece of named code is, decided by behaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Service,
    Worker,
    Gateway,
    Bff,
    Ui,
    Job,
    Function,
    Library,
    Infra,
    Datastore,
    Broker,
    Loadgen,
    Test,
    External,
}

impl Kind {
    pub const ALL: [Kind; 14] = [
        Kind::Service,
        Kind::Worker,
        Kind::Gateway,
        Kind::Bff,
        Kind::Ui,
        Kind::Job,
        Kind::Function,
        Kind::Library,
        Kind::Infra,
        Kind::Datastore,
        Kind::Broker,
        Kind::Loadgen,
        Kind::Test,
        Kind::External,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Service => "service",
            Kind::Worker => "worker",
            Kind::Gateway => "gateway",
            Kind::Bff => "bff",
            Kind::Ui => "ui",
            Kind::Job => "job",
            Kind::Function => "function",
            Kind::Library => "library",
            Kind::Infra => "infra",
            Kind::Datastore => "datastore",
            Kind::Broker => "broker",
            Kind::Loadgen => "loadgen",
            Kind::Test => "test",
            Kind::External => "external",
        }
    }

    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// True for what runs as a service of the system: it has an owner, belongs to a domain, and is deployed.
    pub fn is_service(self) -> bool {
        !matches!(self, Kind::Library | Kind::Datastore | Kind::Broker | Kind::Loadgen | Kind::Test | Kind::External)
    }
}

#[derive(Debug, PartialEq)]
pub struct Service {
    pub name: Arc<str>,
    /// The name where it is the only one of its name, else `repository/name`: the same tomorrow.
    pub key: Arc<str>,
    pub repository: u32,
    /// The service's directory below the checked root; empty for the root itself.
    pub root: Arc<str>,
    /// Directories of library modules that it alone uses, below the checked root.
    pub members: Vec<Arc<str>>,
    /// A catalog describes it here, and its code lies in a repository that is not here: `root` is the catalog's folder.
    pub elsewhere: bool,
    /// None until something tells.
    pub kind: Option<Kind>,
    /// Where the service is stated first: its manifest, the policy, or the landmark of its repository.
    pub evidence: Option<Evidence>,
    /// Manifests and catalog entities that define it, in the order of their paths.
    pub manifests: Vec<Evidence>,
    /// Policy first, then catalog, then CODEOWNERS; within one source in the order written.
    pub owners: Vec<Ownership>,
    /// The domain's index.
    pub domain: Option<u32>,
    pub domain_evidence: Option<Evidence>,
    /// The catalog's system, as a name without kind and namespace.
    pub system: Option<Stated>,
    pub lifecycle: Option<Stated>,
    pub visibility: Option<Stated>,
    pub tier: Option<Stated>,
    /// The row of [`Model::layers`].
    pub layer: Option<u32>,
    /// Lines of production code; None when the code can't be told from that of another service, or lies elsewhere.
    pub code_lines: Option<Count>,
    /// Lines of production code by language, most first; empty when `code_lines` is None.
    pub languages: Vec<(Language, u32)>,
    pub apis: Vec<u32>,
    /// Operations that its code offers.
    pub code_operations: Vec<u32>,
    /// Places where its code offers operations that can't be counted.
    pub uncounted: Vec<Evidence>,
    /// Declared domains that its operations and types belong to.
    pub mixed_domains: Vec<Arc<str>>,
    /// True when every operation of its code is among them.
    pub operations_complete: bool,
    /// Persistent types that it defines.
    pub entities: Vec<u32>,
    /// True when every persistent type is among them.
    pub entities_complete: bool,
    /// True where a build file tells its libraries.
    pub built: bool,
    /// What its libraries are for.
    pub purposes: Vec<Purpose>,
    /// True where its code starts a program that waits for work rather than for requests.
    pub worker: bool,
    /// Somebody asks it how it is; None where nothing tells.
    pub probed: Option<bool>,
    pub units: Vec<u32>,
    pub split: Option<(SplitRecord, Evidence)>,
    pub annotations: Vec<(Arc<str>, Text)>,
    /// Declared dependencies, as references written in the manifest.
    pub consumes: Vec<Stated>,
}

/// A declared component that is no service.
#[derive(Debug, PartialEq)]
pub struct Part {
    pub name: Arc<str>,
    pub repository: u32,
    /// Below the checked root.
    pub root: Arc<str>,
    /// None for a type that this program has no word for, documentation for example.
    pub kind: Option<Kind>,
    /// True where the code below its folder is its own; false for what only runs here, a database for example.
    pub holds_code: bool,
    pub evidence: Evidence,
}

/// One source's statement of who owns a service.
#[derive(Clone, Debug, PartialEq)]
pub struct Ownership {
    pub source: OwnerSource,
    /// The team's index.
    pub team: u32,
    /// As written.
    pub stated: Stated,
    /// True for a rule that names everything, `*`, rather than the service.
    pub weak: bool,
}

/// One deployed artefact.
#[derive(Debug, PartialEq)]
pub struct DeployUnit {
    pub name: Arc<str>,
    /// As [`Service::key`].
    pub key: Arc<str>,
    pub service: Option<u32>,
    pub repository: u32,
    pub evidence: Option<Evidence>,
    /// How it runs; None where no deployment file says.
    pub shape: Option<Shape>,
    /// Places that state it, in all deployment files.
    pub stated: Vec<Evidence>,
    /// Lines of production code of its own folder, shared equally by the functions of one folder.
    pub code_lines: Option<Count>,
    /// What triggers it, and where that is stated.
    pub events: Vec<(Event, Evidence)>,
    /// Tables and roles that it is given.
    pub resources: Vec<Arc<str>>,
    /// A health probe is declared for it; None where nothing tells.
    pub probed: Option<bool>,
}

#[derive(Debug, PartialEq)]
pub struct Api {
    /// Title, package, catalog name, or else the file's path.
    pub name: Arc<str>,
    /// The file's path, and the name where one file holds several.
    pub key: Arc<str>,
    pub format: ApiFormat,
    pub repository: u32,
    pub service: Option<u32>,
    pub evidence: Evidence,
    pub version: Option<Stated>,
    pub versioned_by: Option<Stated>,
    /// Its rows of [`Model::operations`].
    pub operations: Range<u32>,
    /// False when parts of the description lie where they could not be read.
    pub complete: bool,
}

#[derive(Debug, PartialEq)]
pub struct Domain {
    pub name: Arc<str>,
    pub evidence: Option<Evidence>,
    /// Of the policy, or of the catalog's Domain.
    pub owner: Option<u32>,
    pub services: Vec<u32>,
}

/// A team, or a person where code is owned by persons.
#[derive(Debug, PartialEq)]
pub struct Team {
    /// The normalised name: a team's without `@`, organisation and `group:` prefixes, a person's as `@name` or address.
    pub name: Arc<str>,
    pub individual: bool,
    /// Where it is named first.
    pub evidence: Option<Evidence>,
    /// Services that it owns by the most specific source that names an owner.
    pub services: Vec<u32>,
}

/// A diagnostic about a linted file, as a subject of rules.
#[derive(Debug, PartialEq)]
pub struct Problem {
    pub diagnostic: Diagnostic,
    pub repository: Option<u32>,
    /// The service whose directory holds the file.
    pub service: Option<u32>,
    pub evidence: Evidence,
}

/// A place that explains a problem, in a few words.
#[derive(Debug, PartialEq)]
pub struct Mention {
    /// The problem's index.
    pub problem: u32,
    pub text: Arc<str>,
    pub evidence: Evidence,
}

impl Service {
    /// Who owns the service, by the most specific source that names anybody: policy, then catalog, then CODEOWNERS.
    pub fn effective_owners(&self) -> &[Ownership] {
        let Some(first) = self.owners.first() else { return &[] };
        let end = self.owners.partition_point(|ownership| ownership.source == first.source);
        &self.owners[..end]
    }

    /// The statements of one source.
    pub fn owners_by(&self, source: OwnerSource) -> impl Iterator<Item = &Ownership> {
        self.owners.iter().filter(move |ownership| ownership.source == source)
    }
}
