//! What one file says, as plain data with places: the only thing that leaves the room that reads files.
//!
//! Facts of a file depend on its kind, path and bytes alone. What needs a second file stays symbolic ([`Value`]) until the model
//! joins it. Everything here serialises both ways: `brickwork facts` prints it, `check --with` reads it back.

mod build;
mod calls;
mod code;
mod deployment;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::source::{Location, Spanned};

pub use build::{BuildModule, BuildTool, Library, LibraryScope, Product};
pub use calls::{Address, Binding, CallKind, CallSite, Connection, Forward, Gateway, Invocation};
pub use code::{
    Alias, CodeModule, Constant, Entity, Entry, Handler, HandlerKind, Mount, Prefix, Route, Routing, ScopePrefix,
    Shape as CodeShape, TypeHeader,
};
pub use deployment::{
    Deployment, DeploymentTool, Event, EventKind, Image, NetworkName, Pipeline, Setting, SettingsObject, Shape, Variable,
    VariableValue,
};

/// A text of a file, with its place.
pub type Text = Spanned<Arc<str>>;

/// What `brickwork facts` prints and `check --with` reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Facts {
    /// The form of the facts; another one can't be joined.
    pub version: u32,
    pub repositories: Vec<RepositoryFacts>,
}

impl Facts {
    /// Counts up whenever facts change their form.
    pub const VERSION: u32 = 2;

    pub fn new(repositories: Vec<RepositoryFacts>) -> Self {
        Facts { version: Facts::VERSION, repositories }
    }
}

/// Everything one repository says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RepositoryFacts {
    pub name: Arc<str>,
    /// Where the repository lies below the checked root: empty for the root itself, else a path with `/` that ends without one.
    pub root: Arc<str>,
    /// True when the facts were read elsewhere and joined by `--with`: its files can't be shown.
    #[serde(default)]
    pub foreign: bool,
    pub files: Vec<FileFacts>,
}

/// What one file says. A file of which nothing is known but its existence is not kept, save where [`FileFacts::landmark`] is true.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileFacts {
    /// Below the repository's root, with `/`.
    pub path: Arc<str>,
    /// A file that stands for its repository where nothing better does: a README, a build file.
    #[serde(default)]
    pub landmark: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Lines>,
    /// Windows of production code, for comparing with that of others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shapes: Vec<CodeShape>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Diagnostic>,
}

/// Lines of one source file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lines {
    /// The language's name as the language table writes it.
    pub language: Language,
    /// Lines that hold code.
    pub code: u32,
    /// Lines that hold nothing but comments.
    pub comment: u32,
    pub blank: u32,
    /// Production code: not a test, an example, vendored, generated or minified.
    pub production: bool,
}

/// A language by its place in the table of `discover::language`; serialised by name.
pub type Language = crate::discover::language::Language;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Fact {
    /// An entity of a Backstage catalog.
    Entity(CatalogEntity),
    /// A service manifest in Brickwork's own small format.
    Manifest(ServiceManifest),
    /// The rules of a CODEOWNERS file.
    Owners(CodeOwners),
    /// An API description.
    Api(ApiDescription),
    /// A part of an API description that another file refers to.
    Fragment(ApiFragment),
    /// An inline waiver: `brickwork: allow RULE until DATE by OWNER -- reason`.
    Waiver(InlineWaiver),
    /// What a file of code is called by others, and what it defines for them.
    Code(CodeModule),
    /// HTTP operations that a file of code offers by one framework, their paths yet to be joined.
    Routing(Routing),
    /// Operations other than HTTP that a file of code offers: remote procedures, consumers, schedules.
    Handler(Handler),
    /// A persistent type.
    Persistent(Entity),
    /// A place where code reaches out.
    Call(CallSite),
    /// Calls of functions that may be wrappers of the house around clients.
    Invocations { invocations: Vec<Invocation> },
    /// Addresses that code names.
    Addresses { addresses: Vec<Address> },
    /// What queues get of an exchange.
    Binding(Binding),
    /// A store that code opens.
    Connection(Connection),
    /// What a proxy hands on.
    Gateway(Gateway),
    /// A module as its build file states it.
    Build(BuildModule),
    /// A container image as its Dockerfile builds it.
    Image(Image),
    /// Something that a deployment file runs.
    Deployment(Deployment),
    /// A name in the network of a cluster, and what answers to it.
    NetworkName(NetworkName),
    /// Settings that deployments take variables from.
    SettingsObject(SettingsObject),
    /// A workflow of continuous integration.
    Pipeline(Pipeline),
    /// A template of a page that a server fills in.
    Page,
    /// Settings of an application.
    Settings { settings: Vec<Setting> },
}

/// A value that may need other files to be known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    Literal(Arc<str>),
    /// A name defined elsewhere: `MODULE#NAME`. MODULE is a path with `/` and without ending, as far as the file tells it; empty when it
    /// does not. NAME is `NAME`, or `Type.NAME` for a member.
    Symbol(Arc<str>),
    Env {
        name: Arc<str>,
        #[serde(default)]
        default: Option<Box<Value>>,
    },
    Property {
        key: Arc<str>,
        #[serde(default)]
        default: Option<Box<Value>>,
    },
    Concat(Vec<Value>),
    /// The parameter at this index of the function by this name.
    Parameter {
        function: Arc<str>,
        index: u32,
    },
    Unknown(Arc<str>),
}

/// A number that may be a lower bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Count {
    pub value: u32,
    /// False when there may be more than were found.
    pub complete: bool,
}

/// An entity of a Backstage catalog (descriptor format, `backstage.io/v1alpha1` and `v1beta1`). Absent fields were not written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CatalogEntity {
    /// The whole entity's first line.
    pub at: Location,
    /// `Component`, `API`, `Resource`, `System`, `Domain`, `Group`, `User`, `Location`, `Template`, or another word.
    pub kind: Text,
    pub name: Text,
    pub namespace: Option<Text>,
    /// `spec.type`.
    pub r#type: Option<Text>,
    pub owner: Option<Text>,
    pub system: Option<Text>,
    pub domain: Option<Text>,
    pub lifecycle: Option<Text>,
    pub subcomponent_of: Option<Text>,
    /// Entity references as written: `[kind:][namespace/]name`.
    #[serde(default)]
    pub depends_on: Vec<Text>,
    #[serde(default)]
    pub dependency_of: Vec<Text>,
    #[serde(default)]
    pub consumes_apis: Vec<Text>,
    #[serde(default)]
    pub provides_apis: Vec<Text>,
    #[serde(default)]
    pub annotations: Vec<(Arc<str>, Text)>,
    #[serde(default)]
    pub labels: Vec<(Arc<str>, Text)>,
    #[serde(default)]
    pub tags: Vec<Text>,
    /// Of an API: where its definition is.
    pub definition: Option<Definition>,
    /// Of a Location: paths and URLs of further catalog files.
    #[serde(default)]
    pub targets: Vec<Text>,
}

/// Where the definition of a catalog's API is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Definition {
    /// `$text`, `$json` or `$yaml`: a path beside the catalog file, or a URL.
    Reference(Text),
    /// The text itself; if it could be read as a description, that is a fact of its own at this place.
    Inline(Location),
}

/// A `service.yaml`: the manifest for teams without a catalog.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceManifest {
    pub at: Location,
    pub name: Option<Text>,
    pub kind: Option<Text>,
    pub domain: Option<Text>,
    pub owner: Option<Text>,
    pub lifecycle: Option<Text>,
    pub visibility: Option<Text>,
    #[serde(default)]
    pub tier: Option<Text>,
    /// Paths of API descriptions beside the manifest, or names of APIs.
    #[serde(default)]
    pub provides: Vec<Text>,
    /// Names of services (or `service/api`).
    #[serde(default)]
    pub consumes: Vec<Text>,
    #[serde(default)]
    pub stores: Vec<Text>,
    pub split: Option<SplitRecord>,
    #[serde(default)]
    pub annotations: Vec<(Arc<str>, Text)>,
}

/// Why a service is one of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SplitRecord {
    pub at: Location,
    pub reason: Text,
    pub review: Option<Text>,
    pub note: Option<Text>,
}

/// The rules of a CODEOWNERS file in order; the last that matches a path counts, in each section for itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CodeOwners {
    /// Whose rules of matching apply.
    #[serde(default)]
    pub dialect: OwnersDialect,
    pub rules: Vec<OwnerRule>,
}

/// The two forges read CODEOWNERS patterns differently. A file that both would read counts as GitHub's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OwnersDialect {
    #[default]
    Github,
    Gitlab,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnerRule {
    pub at: Location,
    /// As written, escapes included.
    pub pattern: Arc<str>,
    /// As written: `@user`, `@org/team`, an email address; those of the section where the line names none.
    /// Empty: nobody owns what matches.
    pub owners: Vec<Text>,
    /// GitLab's section in which the rule stands, if any. Sections are matched apart, and all of them count.
    #[serde(default)]
    pub section: Option<Arc<str>>,
}

/// What an API description describes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ApiDescription {
    pub format: ApiFormat,
    /// The document as a whole: where its version key or first line stands.
    pub at: Location,
    /// Title or package name.
    pub title: Option<Text>,
    /// `info.version`, as written.
    pub version: Option<Text>,
    /// Where else a version is written: in a server URL, base path, header, media type or package; the text that shows it.
    pub versioned_by: Option<Text>,
    /// The base paths of its servers where they differ; the paths of operations then stand without one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bases: Vec<Arc<str>>,
    pub operations: Vec<Operation>,
    /// False when parts of the description lie where they could not be read.
    pub complete: bool,
    /// Operations behind a `$ref` into another file of the repository, joined by the model.
    #[serde(default)]
    pub references: Vec<FragmentReference>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ApiFormat {
    Openapi2,
    Openapi30,
    Openapi31,
    Openapi32,
    Protobuf,
}

impl ApiFormat {
    pub fn name(self) -> &'static str {
        match self {
            ApiFormat::Openapi2 => "OpenAPI 2.0",
            ApiFormat::Openapi30 => "OpenAPI 3.0",
            ApiFormat::Openapi31 => "OpenAPI 3.1",
            ApiFormat::Openapi32 => "OpenAPI 3.2",
            ApiFormat::Protobuf => "protobuf",
        }
    }
}

/// One operation that a description offers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Operation {
    pub at: Location,
    /// `GET`, `POST`, …; `RPC` for a method of a protobuf service.
    pub method: Arc<str>,
    /// The path template as callers see it below the host, base path included; `/package.Service/Method` for protobuf.
    pub path: Arc<str>,
    pub id: Option<Arc<str>>,
    #[serde(default)]
    pub deprecated: bool,
    /// Names of the schemas that parameters and bodies have (components by name; inline ones by their shape).
    #[serde(default)]
    pub parameter_types: Vec<Arc<str>>,
    /// Names of the schemas of successful responses.
    #[serde(default)]
    pub response_types: Vec<Arc<str>>,
}

/// A `$ref` of a description to a path item in another file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct FragmentReference {
    pub at: Location,
    /// The full path template whose path item is there.
    pub path: Arc<str>,
    /// The file, below the repository's root.
    pub file: Arc<str>,
    /// The JSON pointer inside the file; empty for the whole.
    pub pointer: Arc<str>,
    /// True when a whole mapping of path templates is there: each is a pointer one step below `pointer`, and `path` is only
    /// what stands before the template.
    #[serde(default)]
    pub every_path: bool,
}

/// Path items of a file that is no description of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ApiFragment {
    /// By JSON pointer: the operations of the path item there, their `path` empty.
    pub items: Vec<(Arc<str>, Vec<Operation>)>,
    /// By JSON pointer: path items of this file that are (also) a `$ref` into another one, the `path` of the reference empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<(Arc<str>, FragmentReference)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InlineWaiver {
    pub at: Location,
    pub rule: Text,
    pub owner: Option<Text>,
    pub until: Option<Text>,
    pub reason: Option<Text>,
}
