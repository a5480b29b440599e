//! OpenAPI 2.0 (Swagger), 3.0, 3.1 and 3.2.
//!
//! A YAML or JSON file comes in, whatever its name; out come the description with its operations, and what breaks the rules of its
//! version. A file with path items and no version key is a fragment that some description refers to.

mod base;
mod check;
pub mod description;
mod facts;
mod fields;
mod fragment;
mod recognise;
pub mod reference;
mod types;
pub mod version;
mod versioning;

#[cfg(test)]
mod tests;

use super::describes_its_repository;
use super::problems::Problems;
use crate::discover::Kind;
use crate::document::{self, DefectKind, Shape};
use crate::extract::{Extractor, Input, Output, defects};
use crate::facts::Fact;
use description::Description;
use recognise::Recognised;

pub const EXTRACTOR: Extractor = Extractor { name: "openapi", wants, applies, extract };

/// Any YAML or JSON file, save those of tools: lock files are large, and folders like `.github` and `.vscode` hold settings.
fn wants(kind: Kind, path: &str) -> bool {
    let is_document = path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
    let is_locked = path.ends_with("-lock.json") || path.ends_with("-lock.yaml");
    is_document && !is_locked && !path.starts_with('.') && !path.contains("/.") && describes_its_repository(kind.role)
}

fn applies(input: &Input) -> bool {
    wants(input.kind, input.path)
        && (recognise::is_named(input.name()) || recognise::may_be(input.text) || fragment::may_be(input.text))
}

fn extract(input: &Input, output: &mut Output) {
    let tree = input.tree();
    let has_defect = |kinds: &[DefectKind]| tree.defects().iter().any(|defect| kinds.contains(&defect.kind));
    let cut_short = has_defect(&[DefectKind::Syntax, DefectKind::TooLarge]);
    let is_named = recognise::is_named(input.name());
    if let Some((engine, mark)) = document::template_of(input.path, tree)
        && ((is_named && cut_short) || recognise::is_recognisable(input.text))
    {
        output.problems.extend(defects::template(input, Some(engine), mark));
        return;
    }
    let mut problems = Problems::default();
    let recognised: Vec<_> = tree.documents().map(|root| (root, recognise::document(root))).collect();
    let described = recognised.iter().any(|(_, recognised)| !matches!(recognised, Recognised::Nothing));
    let is_broken = cut_short || (is_named && has_defect(&[DefectKind::TooDeep]));
    if described || (is_broken && (is_named || recognise::is_recognisable(input.text))) {
        check::text(tree, input.syntax(), &mut problems);
    }
    for (root, recognised) in recognised {
        match recognised {
            Recognised::Description { key, value, version } => {
                let description = Description::new(root, version, input.path);
                let mut api = facts::api(&description, key.location());
                api.complete &= !cut_short && !tree.aliases_exhausted();
                // Half a document would seem to lack whatever stands in its other half.
                if !cut_short {
                    check::description(&description, value, &mut problems);
                }
                output.facts.push(Fact::Api(api));
            }
            Recognised::OtherVersion { key, value } => check::other_version(key, value, &mut problems),
            Recognised::Nothing if is_named && !matches!(root.shape(), Shape::Mapping | Shape::Null) => {
                check::root(root, &mut problems);
            }
            Recognised::Nothing if cut_short => {}
            Recognised::Nothing => output.facts.extend(fragment::items(root, input.path).map(Fact::Fragment)),
        }
    }
    output.problems.extend(problems.finish());
}
