//! Build files: which modules a repository is built of, what they are built to, and which libraries they use.
//!
//! Each file here reads the files of one build tool and gives a [`BuildModule`] for each. Nothing is evaluated: what only the
//! tool can tell (a plugin's effect, a computed name) is left out. Three things a file alone can't know are written so that the
//! model can join them:
//!
//! - a library of a Gradle version catalog is used by the catalog's name for it (`libs.spring.web`), and [`Library::alias`] of
//!   the catalog says what that is;
//! - a Gradle project is used by its path (`services/orders`), which begins at the folder of the settings file;
//! - files that state for all modules below their folder (a Gradle script with `subprojects`, `Directory.Build.props`) are
//!   aggregates, and their libraries are those of the modules below.

pub mod bundler;
pub mod cargo;
pub mod composer;
pub mod dotnet;
pub mod go;
pub mod gradle;
pub mod maven;
pub mod mix;
pub mod npm;
pub mod python;
pub mod xml;

#[cfg(test)]
mod snapshot;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::{Input, Output, defects};
use crate::diagnostic::Fault;
use crate::discover::{Kind, Role};
use crate::document::{DefectKind, Node};
use crate::facts::{BuildModule, BuildTool, Fact, Library, LibraryScope, Product, Text};
use crate::source::{Location, Spanned};

/// Whether a file is one of the service's own by this name.
fn is_named(kind: Kind, path: &str, name: &str) -> bool {
    kind.role == Role::Production && path.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// The same by the ending of the name.
fn ends_with(kind: Kind, path: &str, ending: &str) -> bool {
    kind.role == Role::Production && path.ends_with(ending)
}

/// The folder of a file; empty for the root.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path that is written relative to a folder, below the repository's root. None for a path that leaves the repository, or that
/// is not relative.
fn below(folder: &str, relative: &str) -> Option<Arc<str>> {
    let relative = relative.trim().replace('\\', "/");
    if relative.starts_with('/') || relative.contains(':') || relative.contains('$') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/").into())
}

/// A module of which nothing is known yet.
fn module(tool: BuildTool) -> BuildModule {
    BuildModule {
        at: Location::TOP,
        tool,
        name: None,
        product: Product::Unknown,
        libraries: Vec::new(),
        members: Vec::new(),
        uses: Vec::new(),
        parent: None,
        starts: Vec::new(),
    }
}

/// The module is stated where its name is.
fn push(mut module: BuildModule, output: &mut Output) {
    if let Some(name) = &module.name {
        module.at = name.at;
    }
    output.facts.push(Fact::Build(module));
}

fn library(name: &str, at: Location, scope: LibraryScope) -> Library {
    Library { name: name.into(), at, scope, alias: None }
}

fn add(list: &mut Vec<Arc<str>>, item: Arc<str>) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// A slice of the file's text, with its place.
fn text(input: &Input, part: &str) -> Text {
    Spanned::new(part.into(), input.place_of(part))
}

/// A text of a document, with its place.
fn node_text(node: Node) -> Option<Text> {
    let text = node.text().filter(|text| !text.trim().is_empty())?;
    Some(Spanned::new(text.into(), node.location()))
}

/// Tells a document that does not parse. What could be read of it is read all the same.
fn report(input: &Input, output: &mut Output) {
    if input.tree().defects().iter().any(|defect| defect.kind == DefectKind::Syntax) {
        defects::report(input, Fault::ManifestInvalid, output);
    }
}

/// What a group of libraries is for, as its name tells: `dev`, `test`, `docs`. None for a group that is part of the program.
fn group_scope(name: &str) -> Option<LibraryScope> {
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| name.split(['-', '_', '.', ' ', '/']).any(|part| words.contains(&part));
    if has(&["test", "tests", "testing", "unittest", "pytest", "e2e", "spec", "specs", "coverage"]) {
        return Some(LibraryScope::Test);
    }
    const DEVELOPMENT: &[&str] = &[
        "dev",
        "develop",
        "development",
        "devel",
        "local",
        "lint",
        "linting",
        "linter",
        "style",
        "format",
        "formatting",
        "quality",
        "typing",
        "types",
        "typecheck",
        "mypy",
        "doc",
        "docs",
        "documentation",
        "build",
        "ci",
        "debug",
        "notebook",
        "notebooks",
        "tools",
        "tooling",
    ];
    has(DEVELOPMENT).then_some(LibraryScope::Development)
}
