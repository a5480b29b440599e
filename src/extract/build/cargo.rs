//! Rust: `Cargo.toml`.
//!
//! `src/main.rs` makes a program without a word in the manifest, so a package that names neither `[[bin]]` nor `[lib]` is unknown
//! here. A dependency that a workspace defines may be one of its members: it is used by its name, and listed as a library too.

use super::{add, below, folder, is_named, library, module, node_text, push, report};
use crate::document::Node;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{BuildModule, BuildTool, LibraryScope, Product};

pub const EXTRACTOR: Extractor = Extractor {
    name: "cargo",
    wants: |kind, path| is_named(kind, path, "Cargo.toml"),
    applies: |input| is_named(input.kind, input.path, "Cargo.toml"),
    extract,
};

fn extract(input: &Input, output: &mut Output) {
    report(input, output);
    let Some(root) = input.tree().root() else { return };
    let here = folder(input.path);
    let mut found = module(BuildTool::Cargo);
    let package = root.get("package").or(root.get("project"));
    found.name = package.and_then(|package| package.get("name")).and_then(node_text);
    let workspace = root.get("workspace");
    for member in workspace.and_then(|workspace| workspace.get("members")).into_iter().flat_map(Node::items) {
        if let Some(member) = member.text().and_then(|member| below(here, member)) {
            add(&mut found.members, member);
        }
    }
    tables(&mut found, here, root);
    for (_, target) in root.get("target").into_iter().flat_map(Node::entries) {
        tables(&mut found, here, target);
    }
    dependencies(&mut found, here, workspace.and_then(|workspace| workspace.get("dependencies")), LibraryScope::Managed);
    let binaries = root.get("bin").into_iter().flat_map(Node::items);
    found.starts.extend(binaries.filter_map(|binary| node_text(binary.get("name")?)));
    found.product = if package.is_none() && workspace.is_some() {
        Product::Aggregate
    } else if root.get("bin").is_some() {
        Product::Application
    } else if root.get("lib").is_some() {
        Product::Library
    } else {
        Product::Unknown
    };
    if package.is_some() || workspace.is_some() {
        push(found, output);
    }
}

fn tables(found: &mut BuildModule, here: &str, node: Node) {
    for (key, scope) in [
        ("dependencies", LibraryScope::Runtime),
        ("dev-dependencies", LibraryScope::Test),
        ("dev_dependencies", LibraryScope::Test),
        ("build-dependencies", LibraryScope::Development),
        ("build_dependencies", LibraryScope::Development),
    ] {
        dependencies(found, here, node.get(key), scope);
    }
}

fn dependencies(found: &mut BuildModule, here: &str, table: Option<Node>, scope: LibraryScope) {
    for (key, value) in table.into_iter().flat_map(Node::entries) {
        let Some(written) = key.scalar() else { continue };
        let name = value.get("package").and_then(Node::text).unwrap_or(written);
        if scope == LibraryScope::Runtime {
            if let Some(used) = value.get("path").and_then(Node::text).and_then(|path| below(here, path)) {
                add(&mut found.uses, used);
            } else if value.get("workspace").and_then(Node::bool) == Some(true) {
                add(&mut found.uses, name.into());
            }
        }
        found.libraries.push(library(name, key.location(), scope));
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::build::snapshot::check;

    #[test]
    fn a_package_has_dependencies_and_binaries() {
        check(
            "services/orders/Cargo.toml",
            r#"[package]
name = "orders"
[[bin]]
name = "orders-api"
path = "src/api.rs"
[dependencies]
axum = "0.7"
db = { package = "sqlx", version = "0.7" }
common = { path = "../../common" }
shared.workspace = true
[target.'cfg(unix)'.dependencies]
nix = "0.27"
[dev-dependencies]
mockall = "0.12"
[build-dependencies]
tonic-build = "0.10"
"#,
            "cargo orders application
             uses common
             uses shared
             4 start orders-api
             7 axum
             8 sqlx
             9 common
             10 shared
             14 mockall test
             16 tonic-build development
             12 nix",
        );
        check("a/Cargo.toml", "[package]\nname = \"a\"\n[lib]\n", "cargo a library");
        check("a/Cargo.toml", "[package]\nname = \"a\"\n", "cargo a unknown");
    }

    #[test]
    fn a_workspace_has_members() {
        check(
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/*\", \"app\"]\n[workspace.dependencies]\ntokio = \"1\"\n",
            "cargo - aggregate\nmember crates/*\nmember app\n4 tokio managed",
        );
    }
}
