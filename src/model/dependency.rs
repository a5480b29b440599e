//! Whom services call, what proxies hand on, and which stores are opened, each with its evidence.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::Evidence;

/// What a call reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A service, by its row.
    Service(u32),
    /// Something that runs here and is no service, by its row.
    Part(u32),
    /// A host outside of the system.
    External,
    /// Nothing tells.
    Unknown,
}

/// How a target was found, from what is written at the call to what is furthest from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Resolution {
    /// It is written in the file of the call.
    Literal,
    /// A constant of another file.
    Constant,
    /// What a wrapper of the house was given.
    Wrapper,
    /// What stands for a variable or setting where none is set.
    Default,
    /// A setting of the service.
    Settings,
    /// A variable of a deployment.
    Environment,
    /// The only one that implements the procedure or pattern.
    Implementation,
    /// Who consumes the topic, queue or type of message.
    Topic,
}

impl Resolution {
    pub fn name(self) -> &'static str {
        match self {
            Resolution::Literal => "literal",
            Resolution::Constant => "constant",
            Resolution::Wrapper => "wrapper",
            Resolution::Default => "default",
            Resolution::Settings => "settings",
            Resolution::Environment => "environment",
            Resolution::Implementation => "implementation",
            Resolution::Topic => "topic",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DependencyKind {
    /// HTTP, and whatever else is asked and waited for.
    Http,
    Grpc,
    /// A message that is not waited for.
    Message,
}

impl DependencyKind {
    pub fn name(self) -> &'static str {
        match self {
            DependencyKind::Http => "http",
            DependencyKind::Grpc => "grpc",
            DependencyKind::Message => "message",
        }
    }

    /// The caller waits for an answer.
    pub fn is_synchronous(self) -> bool {
        self != DependencyKind::Message
    }
}

/// A place where a service calls.
#[derive(Clone, Debug, PartialEq)]
pub struct CallSite {
    pub caller: u32,
    pub target: Target,
    pub kind: DependencyKind,
    /// The extractor that knows the client.
    pub client: Arc<str>,
    pub method: Option<Arc<str>>,
    /// The path below the host, each part that is not known as `{}`; of a procedure its name, of a message its topic or type.
    pub path: Option<Arc<str>>,
    /// Host, URL or name as far as it is known, parts that are not as `…`; what is not known of a target, in words.
    pub address: Arc<str>,
    /// The operation of the callee, as a row of [`super::Model::operations`].
    pub operation: Option<u32>,
    pub resolution: Resolution,
    pub evidence: Evidence,
    /// Variables, settings and constants that told the target.
    pub told_by: Vec<Evidence>,
    /// The file of the call writes host and port of an internal service.
    pub hardcoded: bool,
    /// Whether it ends after a time of its own.
    pub limited: Option<bool>,
    /// The row of [`super::Model::dependencies`] that it belongs to.
    pub dependency: Option<u32>,
}

/// That one service depends on another one, by one kind of call.
#[derive(Clone, Debug, PartialEq)]
pub struct Dependency {
    pub from: u32,
    pub to: u32,
    pub kind: DependencyKind,
    /// Rows of [`super::Model::call_sites`].
    pub sites: Vec<u32>,
}

/// A dependency as a manifest or deployment file declares it.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    pub from: u32,
    /// None for what is no service here.
    pub to: Option<u32>,
    /// As written.
    pub text: Arc<str>,
    pub evidence: Evidence,
}

/// What a proxy or gateway hands on to a service.
#[derive(Clone, Debug, PartialEq)]
pub struct Forwarding {
    pub from: Forwarder,
    pub to: u32,
    /// The path prefix or pattern; None for everything.
    pub path: Option<Arc<str>>,
    pub tool: Arc<str>,
    pub evidence: Evidence,
}

/// Who hands on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Forwarder {
    Service(u32),
    Part(u32),
    /// An object of a cluster, by its name: an Ingress.
    Object(Arc<str>),
}

/// A database, cache or bucket that services open.
#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    /// The database where it is known, else the host.
    pub name: Arc<str>,
    /// The same tomorrow: host and database.
    pub key: Arc<str>,
    pub engine: Option<Arc<str>>,
    pub host: Arc<str>,
    pub database: Option<Arc<str>>,
    /// Services in order, each once.
    pub users: Vec<StoreUser>,
}

/// One service's use of a store.
#[derive(Clone, Debug, PartialEq)]
pub struct StoreUser {
    pub service: u32,
    /// Where the code or the settings name it.
    pub evidence: Evidence,
    pub told_by: Vec<Evidence>,
}
