//! What a build file states of its module.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Text;
use crate::source::Location;

/// A module as its build file states it; the module's folder is the file's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BuildModule {
    pub at: Location,
    pub tool: BuildTool,
    /// Artifact, package or project name.
    #[serde(default)]
    pub name: Option<Text>,
    pub product: Product,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub libraries: Vec<Library>,
    /// Folders of modules that it consists of (workspaces, aggregators), below the repository's root. May hold `*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Arc<str>>,
    /// Modules of the same repository that it uses: folders below the repository's root, or names of modules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<Arc<str>>,
    /// The folder of the module that it inherits libraries from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Arc<str>>,
    /// What starts it: a start script, a main class, a console script, the name of a binary.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts: Vec<Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BuildTool {
    Maven,
    Gradle,
    Npm,
    Go,
    Dotnet,
    Python,
    Cargo,
    Bundler,
    Composer,
    Mix,
}

/// What a module is built to, as its build file tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Product {
    /// A program of its own: a plugin that packs a runnable archive, `Microsoft.NET.Sdk.Web`, `[[bin]]`, a start script.
    Application,
    /// Something that others use: `<OutputType>Library`, `[lib]` alone, `main` and `types` to publish.
    Library,
    Test,
    /// Nothing but other modules.
    Aggregate,
    /// The build file does not tell.
    Unknown,
}

/// A library that a module uses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Library {
    /// As the build tool names it: `group:artifact`, `@scope/name`, `github.com/a/b`, `Vendor.Package`.
    pub name: Arc<str>,
    pub at: Location,
    #[serde(default)]
    pub scope: LibraryScope,
    /// What build scripts call it, where this file is a catalog that gives libraries short names: `libs.spring.web`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<Arc<str>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LibraryScope {
    #[default]
    Runtime,
    /// For building and developing only.
    Development,
    Test,
    /// A version is fixed for whoever asks; nobody uses it yet.
    Managed,
}
