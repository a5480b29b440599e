//! What a file of program code says: names that other files use, operations that it offers, types that it stores.
//!
//! Names are symbols, written `MODULE#NAME` as [`Value::Symbol`] says. Scopes of routes (routers, groups, applications) are symbols too:
//! `router` for a name of the file, `function.router` for a local one, `function(0)` for what a function is given as its first
//! parameter, `function()` for what it returns, `Type` for a type that handles requests by its members.
//!
//! Where a module does not define the first part of a dotted name, a module below it may be meant: `app/api#users.router` is
//! `app/api/users#router` when `app/api` has a module `users` and no such name of its own.
//!
//! A prefix that types inherit may hold `[controller]` and `[action]`: the type, without the ending `Controller`, and the member of the
//! scope `Type.Member` that inherits it.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Text, Value};
use crate::source::Location;

/// What a file of code is called by others, and what it defines for them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CodeModule {
    /// The package or namespace that the file names itself: `com.acme.orders`, `Acme.Orders`. A language whose modules are files has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<Arc<str>>,
    /// Texts that have a name. Only those that may be a path, a topic or a host are kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constants: Vec<Constant>,
    /// Names that stand for what another file, or another name of this one, defines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Alias>,
    /// Types from which types of other files inherit routes or prefixes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<TypeHeader>,
    /// Where a program begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
}

impl CodeModule {
    pub fn is_empty(&self) -> bool {
        self.constants.is_empty() && self.aliases.is_empty() && self.types.is_empty() && self.entry.is_none()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Constant {
    /// `NAME`, or `Type.NAME` for a member.
    pub name: Arc<str>,
    pub value: Value,
    pub at: Location,
}

/// `name` stands for `target`, a symbol. `*` for both: every name of the target's module is one of this file's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alias {
    pub name: Arc<str>,
    pub target: Arc<str>,
}

/// The head of a type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TypeHeader {
    pub name: Arc<str>,
    pub at: Location,
    /// Symbols of what it extends or implements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bases: Vec<Arc<str>>,
}

/// Where a program begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    pub at: Location,
    /// What starts there, by the framework's name where one is started: `spring-boot`, `express`; `main` for a plain program.
    pub starts: Arc<str>,
}

/// HTTP operations that a file offers by one framework.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Routing {
    /// The name of the extractor that knows the framework.
    pub framework: Arc<str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
    /// Scopes that lie in other scopes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mounts: Vec<Mount>,
    /// Scopes that are a whole application: nothing stands before their paths but what the service as a whole has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<Arc<str>>,
    /// Scopes that are one handler each, told by the file that mounts it or by the one that defines it: a view, a resource class, a
    /// sub-application of unknown content. Its routes count where it is mounted, and only there; where it is mounted and no file tells a
    /// route of it, it answers to every method.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaves: Vec<Arc<str>>,
    /// Places of routes that answer every path below theirs, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subtrees: Vec<Location>,
    /// What stands before the paths of a scope where its mount has an empty prefix. A mount with a prefix takes its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defaults: Vec<ScopePrefix>,
    /// What stands before every path of the framework in this service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prefixes: Vec<Prefix>,
    /// Where operations are offered that can't be counted: generated ones, or registered by names known at run time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uncounted: Vec<Text>,
}

impl Routing {
    pub fn is_empty(&self) -> bool {
        self.routes.is_empty()
            && self.mounts.is_empty()
            && self.applications.is_empty()
            && self.leaves.is_empty()
            && self.defaults.is_empty()
            && self.prefixes.is_empty()
            && self.uncounted.is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Route {
    pub at: Location,
    /// `GET`, `POST`, ...; `ANY` for all.
    pub method: Arc<str>,
    /// Below its scope, prefixes that the file itself tells included. Parameters are written `{name}`.
    pub path: Value,
    /// The scope on which it is registered, a symbol; None when the path is whole but for the application's prefix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Arc<str>>,
    /// The type whose member answers, where subtypes inherit the route. Where it is the scope too, a subtype has the route in its own scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Arc<str>>,
}

/// A scope inside of another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mount {
    pub at: Location,
    /// The scope that holds the other, a symbol.
    pub parent: Arc<str>,
    pub child: Arc<str>,
    /// What stands before the child's paths; an empty literal for nothing.
    pub prefix: Value,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Prefix {
    pub at: Location,
    pub path: Value,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScopePrefix {
    pub at: Location,
    pub scope: Arc<str>,
    pub prefix: Value,
}

/// An operation that is not HTTP.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Handler {
    pub at: Location,
    pub kind: HandlerKind,
    /// The name of the extractor that knows the framework.
    pub framework: Arc<str>,
    /// Of a remote procedure: `/package.Service/Method`, or `Service` when only the service that is implemented is known (its methods are
    /// those of its description). Of a consumer: topic or queue. Of a schedule: when it runs. Of a subscription: its name.
    pub name: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HandlerKind {
    /// A remote procedure.
    Rpc,
    /// A consumer of messages.
    Consumer,
    /// Something that runs by the clock.
    Schedule,
    /// What clients subscribe to: a WebSocket, server-sent events, a GraphQL subscription.
    Subscription,
    /// A GraphQL query or mutation.
    Graphql,
}

/// A persistent type, or a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entity {
    pub at: Location,
    /// The type's name; the table's in a description of tables.
    pub name: Arc<str>,
    /// The name of the extractor that knows the library: `jpa`, `sql`, ...
    pub library: Arc<str>,
    /// The table or collection, where it is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Value>,
    /// Names of its fields, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Arc<str>>,
}

/// A window of a few lines of code, by what is left of it when names, blanks and comments are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shape {
    pub hash: u64,
    /// Its first and last line.
    pub first: u32,
    pub last: u32,
    /// Words, numbers, texts, operators and brackets in it.
    pub tokens: u16,
}
