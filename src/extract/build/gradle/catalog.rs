//! Version catalogs: `gradle/libs.versions.toml`. Each library, plugin and bundle has the name by which scripts use it as its
//! alias.

use super::{BuildTool, Input, Output, accessor, library, module, push};
use crate::document::Node;
use crate::extract::build::report;
use crate::facts::{Library, LibraryScope, Product};
use crate::source::{Location, Spanned};

pub fn extract(input: &Input, output: &mut Output) {
    report(input, output);
    let Some(root) = input.tree().root() else { return };
    let catalog = input.name().trim_end_matches(".versions.toml");
    let mut found = module(BuildTool::Gradle);
    found.name = Some(Spanned::new(catalog.into(), Location::TOP));
    found.product = Product::Library;
    let entries = |table: &str| root.get(table).into_iter().flat_map(Node::entries);
    for (key, value) in entries("libraries") {
        if let (Some(alias), Some(name)) = (key.scalar(), coordinates(value)) {
            found.libraries.push(entry(&name, format!("{catalog}.{}", accessor(alias)), value.location()));
        }
    }
    let libraries = found.libraries.len();
    for (key, value) in entries("plugins") {
        let id = value.get("id").unwrap_or(value).text().and_then(|id| id.split(':').next());
        if let (Some(alias), Some(id)) = (key.scalar(), id) {
            found.libraries.push(entry(id, format!("{catalog}.plugins.{}", accessor(alias)), value.location()));
        }
    }
    for (key, value) in entries("bundles") {
        let Some(alias) = key.scalar() else { continue };
        for item in value.items().take(200) {
            let wanted = format!("{catalog}.{}", accessor(item.text().unwrap_or("")));
            let known = found.libraries[..libraries].iter().find(|library| library.alias.as_deref() == Some(&wanted));
            if let Some(name) = known.map(|library| library.name.clone()) {
                found.libraries.push(entry(&name, format!("{catalog}.bundles.{}", accessor(alias)), item.location()));
            }
        }
    }
    push(found, output);
}

fn entry(name: &str, alias: String, at: Location) -> Library {
    Library { alias: Some(alias.into()), ..library(name, at, LibraryScope::Managed) }
}

/// `group:name` of an entry, however it is written.
fn coordinates(value: Node) -> Option<String> {
    let module = value.get("module").unwrap_or(value).text();
    if let Some(module) = module {
        let mut parts = module.split(':');
        return Some(format!("{}:{}", parts.next()?, parts.next()?));
    }
    Some(format!("{}:{}", value.get("group")?.text()?, value.get("name")?.text()?))
}
