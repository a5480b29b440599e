//! What a policy says about the model: services that discovery can't know, domains, and the settings of derived queries.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Kind;
use crate::facts::Text;
use crate::source::Location;

/// The parts of `brickwork.yaml` that shape the model rather than judge it.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The policy file, if there is one: where its services and domains are written.
    pub policy_path: Option<Arc<str>>,
    pub services: Vec<DeclaredService>,
    /// Domains in order; the first whose globs match a service's name or root path counts.
    pub domains: Vec<DeclaredDomain>,
    pub fleet_complete: bool,
    pub small_team: bool,
}

/// A service as `services:` of the policy states it: what it says wins over what was discovered.
#[derive(Clone, Debug)]
pub struct DeclaredService {
    pub at: Location,
    pub name: Text,
    /// The service's directory below the checked root; the service is matched by name when it is absent.
    pub root: Option<Text>,
    pub kind: Option<Kind>,
    pub owner: Option<Text>,
    pub domain: Option<Text>,
    pub visibility: Option<Text>,
    pub tier: Option<Text>,
}

#[derive(Clone, Debug)]
pub struct DeclaredDomain {
    pub name: Text,
    pub owner: Option<Text>,
    /// Globs over service names and root paths.
    pub services: Vec<Text>,
}

/// Where a statement about ownership comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OwnerSource {
    Codeowners,
    Catalog,
    Policy,
}
