//! What well-known libraries are for: the knowledge behind "may there be operations or entities that nobody here reads?".
//!
//! A build tool and a library's name come in, its purposes come out; a library that is not known has none.

use crate::facts::BuildTool;

/// What a library is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Offers HTTP operations that an extractor here reads: the extractor's name.
    Web(&'static str),
    /// Offers HTTP operations that nobody here reads.
    UnreadWeb,
    /// Offers or calls remote procedures.
    Rpc,
    /// Sends or receives messages.
    Messaging,
    /// Stores types that an extractor here reads: the extractor's name.
    Persistence(&'static str),
    /// Stores types that nobody here reads.
    UnreadPersistence,
    /// Talks to a store without types of its own: a driver, a query builder.
    Driver,
    /// Metrics or traces.
    Telemetry,
    /// Health checks.
    Probes,
    /// Routes requests to other services.
    Gateway,
    /// A server that other services need to run: registry, configuration, monitoring.
    Infra,
    /// A user interface in the browser.
    Ui,
    /// Makes load for others.
    Loadgen,
    /// Runs functions.
    Serverless,
    /// Writes an API description of the code when it is built or run.
    Describes,
    Test,
}

/// What a library is for; nothing for one that is not known.
pub fn of(_tool: BuildTool, _name: &str) -> &'static [Purpose] {
    &[]
}
