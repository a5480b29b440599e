//! Python: requirements, `pyproject.toml` of all its tools, `setup.py` and `setup.cfg`, Pipfiles and Conda environments.
//!
//! Names are written as the index compares them: lower case, with dashes. A file of requirements speaks for its folder, and one
//! in a folder `requirements` for the folder above. Console scripts make a program; anything else that starts is told by code.

mod pyproject;
mod requirements;
mod setup;

use super::{add, below, ends_with, folder, group_scope, is_named, library, module, node_text, push, report, text};
use crate::discover::Kind;
use crate::document::{self, Node, Syntax};
use crate::extract::{Extractor, Input, Output};
use crate::facts::{BuildModule, BuildTool, LibraryScope, Product};
use crate::source::Location;

pub const EXTRACTOR: Extractor =
    Extractor { name: "python", wants: is_wanted, applies: |input| is_wanted(input.kind, input.path), extract };

fn is_wanted(kind: Kind, path: &str) -> bool {
    let by_ending = || {
        if ends_with(kind, path, ".txt") || ends_with(kind, path, ".in") || ends_with(kind, path, ".pip") {
            requirements::is_ours(path)
        } else {
            ends_with(kind, path, "pyproject.toml") && is_named(kind, path, "pyproject.toml")
                || ends_with(kind, path, "setup.cfg") && is_named(kind, path, "setup.cfg")
                || ["environment.yml", "environment.yaml", "setup.py"].iter().any(|name| is_named(kind, path, name))
        }
    };
    is_named(kind, path, "Pipfile") || by_ending()
}

fn extract(input: &Input, output: &mut Output) {
    match input.name() {
        "pyproject.toml" => pyproject::extract(input, output),
        "setup.py" => setup::script(input, output),
        "setup.cfg" => setup::configuration(input, output),
        "Pipfile" => pipfile(input, output),
        "environment.yml" | "environment.yaml" => environment(input, output),
        _ => requirements::extract(input, output),
    }
}

/// The name that a requirement begins with; None for an option, an address or a path.
fn requirement(written: &str) -> Option<&str> {
    let written = written.trim_start();
    let end = written.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))).unwrap_or(written.len());
    let (name, rest) = written.split_at(end);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let goes_on = matches!(
        rest.trim_start().chars().next(),
        None | Some('[' | ';' | '=' | '<' | '>' | '!' | '~' | '@' | '(' | ',' | '#' | '\\')
    );
    (is_name && goes_on).then_some(name.trim_end_matches(['.', '-', '_']))
}

/// A name as the index compares it.
fn normal(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            character => normal.push(character.to_ascii_lowercase()),
        }
    }
    normal
}

/// A requirement with its place, and the folder of one that is `name @ file:../x`.
fn require(found: &mut BuildModule, here: &str, written: &str, at: Location, scope: LibraryScope) {
    let Some(name) = requirement(written) else { return };
    found.libraries.push(library(&normal(name), at, scope));
    let path = written.split_once('@').and_then(|(_, address)| address.trim().strip_prefix("file:"));
    if let Some(used) = path.and_then(|path| below(here, path)) {
        add(&mut found.uses, used);
    }
}

fn require_all(found: &mut BuildModule, here: &str, list: Option<Node>, scope: LibraryScope) {
    for item in list.into_iter().flat_map(Node::items) {
        if let Some(written) = item.text() {
            require(found, here, written, item.location(), scope);
        }
    }
}

/// A table whose keys are names: that of Poetry, or of a Pipfile.
fn require_keys(found: &mut BuildModule, here: &str, table: Option<Node>, scope: LibraryScope) {
    for (key, value) in table.into_iter().flat_map(Node::entries) {
        let Some(name) = key.scalar().filter(|name| *name != "python") else { continue };
        let path = value.get("path").or(value.get("file")).and_then(Node::text);
        if let Some(used) = path.filter(|_| scope == LibraryScope::Runtime).and_then(|path| below(here, path)) {
            add(&mut found.uses, used);
        }
        found.libraries.push(library(&normal(name), key.location(), scope));
    }
}

fn pipfile(input: &Input, output: &mut Output) {
    let tree = document::parse(Syntax::Toml, input.text);
    let Some(root) = tree.root() else { return };
    let here = folder(input.path);
    let mut found = module(BuildTool::Python);
    require_keys(&mut found, here, root.get("packages"), LibraryScope::Runtime);
    require_keys(&mut found, here, root.get("dev-packages"), LibraryScope::Development);
    let scripts = ["start", "serve", "server", "app"].iter().filter_map(|name| node_text(root.at(&["scripts", name])?));
    found.starts.extend(scripts);
    if !found.starts.is_empty() {
        found.product = Product::Application;
    }
    push(found, output);
}

/// A Conda environment; files by this name have other uses too.
fn environment(input: &Input, output: &mut Output) {
    let Some(root) = input.tree().root() else { return };
    let Some(list) = root.get("dependencies").filter(|list| !list.is_empty()) else { return };
    if root.get("channels").is_none() && root.get("name").is_none() {
        return;
    }
    let mut found = module(BuildTool::Python);
    found.name = root.get("name").and_then(node_text);
    for item in list.items() {
        if let Some(written) = item.text() {
            let name = requirement(written.rsplit("::").next().unwrap_or(written).split(['=', ' ']).next().unwrap_or(""));
            let name = name.filter(|name| !matches!(*name, "python" | "pip"));
            found.libraries.extend(name.map(|name| library(&normal(name), item.location(), LibraryScope::Runtime)));
        }
        require_all(&mut found, folder(input.path), item.get("pip"), LibraryScope::Runtime);
    }
    push(found, output);
}

#[cfg(test)]
mod tests;
