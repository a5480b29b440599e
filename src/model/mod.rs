//! Facts of all repositories joined: services, their APIs and operations, owners and domains, with evidence.
//!
//! [`build`] takes facts and the policy's settings; it reads no file. What rules may ask of the model is defined by [`subject::Subject`].

pub mod codeowners;
pub mod datum;
pub mod settings;
pub mod subject;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::facts::{ApiFormat, Count, InlineWaiver, SplitRecord, Text};
use crate::source::Location;
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

#[derive(Default)]
pub struct Model {
    pub files: Vec<File>,
    pub repositories: Vec<Repository>,
    pub services: Vec<Service>,
    pub units: Vec<DeployUnit>,
    pub apis: Vec<Api>,
    pub operations: Vec<Operation>,
    pub domains: Vec<Domain>,
    pub teams: Vec<Team>,
    pub problems: Vec<Problem>,
    /// Waivers in comments.
    pub waivers: Vec<(InlineWaiver, Evidence)>,
    /// How many files were looked at.
    pub files_read: u32,
    /// True when every service of the organisation is here, so that "nobody" can be said.
    pub complete: bool,
    /// True when a policy file was found.
    pub has_policy: bool,
}

impl Model {
    /// Evidence in a file by its path below the checked root; the file joins the model's when it is not among them.
    pub fn evidence_in(&mut self, path: &Arc<str>, at: Location) -> Evidence {
        let file = self.files.iter().position(|file| file.path == *path).unwrap_or_else(|| {
            self.files.push(File { repository: 0, path: Arc::clone(path), foreign: false });
            self.files.len() - 1
        });
        Evidence { file: file as u32, at }
    }
}

pub struct File {
    pub repository: u32,
    /// Below the checked root.
    pub path: Arc<str>,
    /// Known by `--with` only: there is no file to show.
    pub foreign: bool,
}

pub struct Repository {
    pub name: Arc<str>,
    pub root: Arc<str>,
    pub foreign: bool,
    /// Where a finding about the repository as a whole points.
    pub landmark: Option<Evidence>,
    pub code_lines: Count,
    pub has_codeowners: bool,
    pub has_manifest: bool,
    pub services: Vec<u32>,
    pub units: Vec<u32>,
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

pub struct Service {
    pub name: Arc<str>,
    pub repository: u32,
    /// The service's directory below the checked root; empty for the root itself.
    pub root: Arc<str>,
    /// None until something tells.
    pub kind: Option<Kind>,
    /// Where the service is stated first: its manifest, or the landmark of its repository.
    pub evidence: Option<Evidence>,
    pub manifests: Vec<Evidence>,
    pub owners: Vec<Ownership>,
    /// The domain's index.
    pub domain: Option<u32>,
    pub domain_evidence: Option<Evidence>,
    pub lifecycle: Option<Stated>,
    pub visibility: Option<Stated>,
    pub tier: Option<Stated>,
    pub code_lines: Option<Count>,
    pub languages: Vec<(Arc<str>, u32)>,
    pub apis: Vec<u32>,
    pub unit: Option<u32>,
    pub split: Option<(SplitRecord, Evidence)>,
    pub annotations: Vec<(Arc<str>, Text)>,
    /// Declared dependencies, as references written in the manifest.
    pub consumes: Vec<Stated>,
}

/// One source's statement of who owns a service.
#[derive(Clone, Debug)]
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
pub struct DeployUnit {
    pub name: Arc<str>,
    pub service: Option<u32>,
    pub repository: u32,
    pub evidence: Option<Evidence>,
}

pub struct Api {
    /// Title, package, catalog name, or else the file's path.
    pub name: Arc<str>,
    pub format: ApiFormat,
    pub repository: u32,
    pub service: Option<u32>,
    pub evidence: Evidence,
    pub version: Option<Stated>,
    pub versioned_by: Option<Stated>,
    pub operations: Vec<u32>,
    pub complete: bool,
}

pub struct Operation {
    pub api: u32,
    pub method: Arc<str>,
    pub path: Arc<str>,
    pub id: Option<Arc<str>>,
    pub deprecated: bool,
    pub parameter_types: Vec<Arc<str>>,
    pub response_types: Vec<Arc<str>>,
    pub evidence: Evidence,
}

pub struct Domain {
    pub name: Arc<str>,
    pub evidence: Option<Evidence>,
    pub services: Vec<u32>,
}

pub struct Team {
    /// The normalised name: without `@`, organisation and `group:` prefixes.
    pub name: Arc<str>,
    pub services: Vec<u32>,
    pub evidence: Option<Evidence>,
}

/// A diagnostic about a linted file, as a subject of rules.
pub struct Problem {
    pub diagnostic: Diagnostic,
    pub repository: Option<u32>,
    pub evidence: Evidence,
}
