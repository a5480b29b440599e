//! What services offer and store, and where code and descriptions disagree about it.

use std::sync::Arc;

use super::Evidence;

/// One thing that a service offers, as a description or as code says.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    pub kind: OperationKind,
    /// The description that says it; None for one of code.
    pub api: Option<u32>,
    /// None when nothing tells.
    pub service: Option<u32>,
    /// `GET`, ..., `ANY`; a word for its kind where it is not HTTP.
    pub method: Arc<str>,
    /// The path template; of a procedure its name, of a consumer its topic, of a schedule when it runs.
    pub path: Arc<str>,
    /// False when parts of the path are not known.
    pub exact: bool,
    /// It answers every path below its own, too.
    pub subtree: bool,
    /// It serves the machines that run the service: health, metrics, documentation.
    pub housekeeping: bool,
    /// The same operation as code, or as a description, says it.
    pub twin: Option<u32>,
    pub id: Option<Arc<str>>,
    pub deprecated: bool,
    pub parameter_types: Vec<Arc<str>>,
    pub response_types: Vec<Arc<str>>,
    pub evidence: Evidence,
}

impl Operation {
    /// An operation that code offers, of which no more is known than where.
    pub fn in_code(evidence: Evidence) -> Operation {
        Operation {
            kind: OperationKind::Http,
            api: None,
            service: None,
            method: Arc::from(""),
            path: Arc::from(""),
            exact: true,
            subtree: false,
            housekeeping: false,
            twin: None,
            id: None,
            deprecated: false,
            parameter_types: Vec::new(),
            response_types: Vec::new(),
            evidence,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OperationKind {
    Http,
    /// A remote procedure.
    Rpc,
    Graphql,
    /// What clients subscribe to.
    Subscription,
    /// A consumer of messages.
    Consumer,
    /// Something that runs by the clock.
    Schedule,
}

impl OperationKind {
    pub fn name(self) -> &'static str {
        match self {
            OperationKind::Http => "http",
            OperationKind::Rpc => "rpc",
            OperationKind::Graphql => "graphql",
            OperationKind::Subscription => "subscription",
            OperationKind::Consumer => "consumer",
            OperationKind::Schedule => "schedule",
        }
    }
}

/// A persistent type of a service.
#[derive(Debug, PartialEq)]
pub struct Entity {
    pub name: Arc<str>,
    pub service: u32,
    /// The extractor that knows its library.
    pub library: Arc<str>,
    /// The table or collection, where it is named.
    pub table: Option<Arc<str>>,
    pub fields: Vec<Arc<str>>,
    pub evidence: Evidence,
}

/// An operation that only one side knows, code or description, where both are there.
#[derive(Debug, PartialEq)]
pub struct Drift {
    /// Where the operation is.
    pub side: DriftSide,
    pub operation: u32,
    pub service: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DriftSide {
    Code,
    Description,
}

impl DriftSide {
    pub fn name(self) -> &'static str {
        match self {
            DriftSide::Code => "code",
            DriftSide::Description => "description",
        }
    }
}
