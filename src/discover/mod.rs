//! Which repositories there are, which files they hold, and of what kind each is.
//!
//! A [`Snapshot`] comes in (a work tree, a revision in git, or files in memory), a [`Discovery`] comes out. Only this room walks.
//! What a path alone tells is told here; what the bytes tell is `extract`'s.

pub mod language;

use std::sync::Arc;

use camino::Utf8Path;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use language::Language;

/// Files of one moment, from wherever they come. Paths are below its root, with `/`.
pub trait Snapshot: Sync {
    /// Every file that is not ignored, sorted by path; nothing outside the root, no link followed.
    fn list(&self, options: &Options) -> Listing;

    /// The bytes of one file. Files beyond `source::MAX_FILE` are an error of kind `FileTooLarge`.
    fn read(&self, path: &str, buffer: &mut Vec<u8>) -> std::io::Result<()>;

    /// The folder on disk, if there is one: reports re-read the files whose snippets they show.
    fn root(&self) -> Option<&Utf8Path>;
}

/// What a snapshot holds.
#[derive(Default)]
pub struct Listing {
    pub paths: Vec<String>,
    /// Directories that are the root of a repository of their own (they have a `.git`), sorted.
    pub git_roots: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
}

/// What a policy may say about discovery.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Globs of paths that are not looked at.
    pub exclude: Vec<String>,
    /// `fleet.repositories`: which directories are repositories; decided by what they hold when empty.
    pub repositories: Vec<String>,
}

pub struct Discovery {
    /// True when the root is a folder of repositories.
    pub organisation: bool,
    pub repositories: Vec<Repository>,
    pub files: Vec<File>,
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    pub name: Arc<str>,
    /// Below the snapshot's root: empty for the root itself, else a path that ends without `/`.
    pub root: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Index into [`Discovery::repositories`].
    pub repository: u32,
    /// Below the repository's root.
    pub path: Arc<str>,
    pub kind: Kind,
}

/// What a path tells about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kind {
    pub language: Option<Language>,
    pub role: Role,
}

/// What a file is for, judged by its path below the repository's root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Production,
    Test,
    Example,
    Documentation,
    Vendored,
    Generated,
    Minified,
}
