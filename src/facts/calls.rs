//! Whom a file reaches: calls over the network, messages sent, addresses named, databases opened, paths handed on by proxies.
//!
//! Values stay symbolic: which service listens at `ORDERS_URL` the model knows from what deploys the caller.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Text, Value};
use crate::source::Location;

/// A place where code reaches out through a client that is known.
///
/// A wrapper of the house (`fn get(path) { client.get(base + path) }`) is a call site whose values hold [`Value::Parameter`]; what it is
/// given, [`Invocation`]s tell. A parameter's function is named as scopes are: `name`, `Type.name` for a member, and `Type` alone for the
/// constructor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallSite {
    /// The call, or the declaration of the method that is one.
    pub at: Location,
    pub kind: CallKind,
    /// The name of the extractor that knows the client.
    pub client: Arc<str>,
    /// Of HTTP the whole URL, as far as it is known; of a procedure or pattern the address of its channel; of a message its topic, queue or
    /// routing key. Unknown where nothing tells.
    pub target: Value,
    /// Of HTTP: `GET`, `POST`, ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Arc<str>>,
    /// Of a procedure `/package.Service/Method`, `Service/Method` or `Service`; of a pattern its text; of a message the type of what is
    /// sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Value>,
    /// Of a message: the exchange to which it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Value>,
    /// Whether it ends after a time of its own; None where the set-up of the client is not seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limited: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallKind {
    /// A request over HTTP, GraphQL among them.
    Http,
    /// A remote procedure through a stub: gRPC, Thrift.
    Grpc,
    /// A request that is answered, matched by a pattern rather than an address: over a socket, or a broker.
    Pattern,
    /// A message that is not waited for.
    Message,
}

/// A call of a function that may be a wrapper of the house, with arguments that may be an address, path, topic or type of message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Invocation {
    pub at: Location,
    /// The symbol of the function: `MODULE#name`, `MODULE#Type.name` where the receiver's type is known, `MODULE#Type` for a constructor,
    /// `*#name` where the receiver's type is not known.
    pub function: Arc<str>,
    pub arguments: Vec<Value>,
}

/// An address that code names outside of the calls that are known: a URL, `host:port`, or a variable or setting that may hold one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Address {
    pub at: Location,
    pub value: Value,
    /// What it is assigned to, the key or the variable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Arc<str>>,
}

/// What queues get of an exchange.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Binding {
    pub at: Location,
    /// An exchange, or a topic that is fanned out to queues or subscriptions.
    pub exchange: Value,
    pub queue: Value,
    /// The routing key or pattern; None for everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Value>,
}

/// A database, cache, bucket or other store that code opens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Connection {
    pub at: Location,
    /// `postgresql`, `mysql`, `mssql`, `mongodb`, `redis`, `bucket`, ...; None where the address tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<Arc<str>>,
    /// A connection string, URL, host, or the name of a connection of the settings.
    pub address: Value,
    /// The database, schema, index or bucket, where it stands apart from the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<Value>,
}

/// What a proxy or gateway hands on, as its configuration says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gateway {
    pub at: Location,
    /// The name of the extractor that knows the proxy.
    pub tool: Arc<str>,
    /// What the configuration calls it, where it is an object of its own: an Ingress, a Gateway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    pub forwards: Vec<Forward>,
}

/// One path or host that is handed on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Forward {
    pub at: Location,
    /// The path prefix or pattern that is matched; None for everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Arc<str>>,
    /// Where to: a URL, `host:port`, or the name of a service.
    pub target: Value,
}
