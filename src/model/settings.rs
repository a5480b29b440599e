//! What a policy says about the model: services that discovery can't know, domains, and the settings of derived queries.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Kind;
use crate::facts::{SplitRecord, Text};
use crate::source::Location;

/// The parts of `brickwork.yaml` that shape the model rather than judge it.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The policy file, if there is one: where its services and domains are written.
    pub policy_path: Option<Arc<str>>,
    pub services: Vec<DeclaredService>,
    /// Domains in order; the first whose globs match a service's name or root path counts.
    pub domains: Vec<DeclaredDomain>,
    /// From the top down: a layer may call itself and those after it.
    pub layers: Vec<DeclaredLayer>,
    pub fleet_complete: bool,
    pub small_team: bool,
}

/// A service as `services:` of the policy states it: what it says wins over what was discovered.
#[derive(Clone, Debug)]
pub struct DeclaredService {
    /// The file that states it.
    pub path: Arc<str>,
    pub at: Location,
    /// The directory it may speak about, that of the repository that states it; empty for all.
    pub scope: Arc<str>,
    pub name: Text,
    /// The service's directory below the checked root; the service is matched by name when it is absent.
    pub root: Option<Text>,
    pub kind: Option<Kind>,
    pub owner: Option<Text>,
    pub domain: Option<Text>,
    pub visibility: Option<Text>,
    pub tier: Option<Text>,
    pub split: Option<SplitRecord>,
}

#[derive(Clone, Debug)]
pub struct DeclaredDomain {
    /// The file that states it.
    pub path: Arc<str>,
    /// The directory it may speak about, that of the repository that states it; empty for all.
    pub scope: Arc<str>,
    pub name: Text,
    pub owner: Option<Text>,
    /// Globs over service names and root paths.
    pub services: Vec<Text>,
}

/// One layer of the policy's order.
#[derive(Clone, Debug)]
pub struct DeclaredLayer {
    pub path: Arc<str>,
    pub name: Text,
    /// Globs over service names and root paths.
    pub services: Vec<Text>,
    /// Tiers whose services lie in it, where no glob says otherwise.
    pub tiers: Vec<Text>,
}

/// Where a statement about ownership comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OwnerSource {
    Codeowners,
    Catalog,
    Policy,
}

impl OwnerSource {
    pub fn name(self) -> &'static str {
        match self {
            OwnerSource::Codeowners => "codeowners",
            OwnerSource::Catalog => "catalog",
            OwnerSource::Policy => "policy",
        }
    }
}
