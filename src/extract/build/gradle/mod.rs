//! Gradle: `build.gradle`, `settings.gradle` and other scripts, in Groovy or Kotlin, and version catalogs.
//!
//! A build script gives a module with its libraries, the projects that it uses by their paths, and what its plugins make of it. A
//! settings script gives the aggregate of the projects that it includes. What `subprojects` and `allprojects` state makes the
//! script an aggregate: it is meant for the members that the settings beside it name. Other scripts are libraries by their names,
//! used by those who apply them. Nothing is run: what a loop or a variable would give is left out.

mod catalog;
mod plugins;
mod script;
mod settings;

use std::sync::Arc;

use super::{add, ends_with, folder, library, module, push, text};
use crate::extract::code::Code;
use crate::extract::code::tokens::TokenKind;
use crate::extract::{Extractor, Input, Output};
use crate::facts::BuildTool;

pub const EXTRACTOR: Extractor = Extractor {
    name: "gradle",
    wants: |kind, path| ends_with(kind, path, ".versions.toml"),
    applies: |input| [".gradle", ".gradle.kts", ".versions.toml"].iter().any(|ending| ends_with(input.kind, input.path, ending)),
    extract,
};

fn extract(input: &Input, output: &mut Output) {
    let name = input.name();
    if name.ends_with(".versions.toml") {
        return catalog::extract(input, output);
    }
    let Some(language) = input.kind.language else { return };
    let stem = name.strip_suffix(".kts").unwrap_or(name);
    let stem = stem.strip_suffix(".gradle").unwrap_or(stem);
    let code = input.code(language);
    match stem {
        "settings" => settings::extract(input, code, output),
        "init" => {}
        _ => script::extract(input, code, stem, output),
    }
}

/// What stands between the quotes of a literal, as it is written.
fn quoted<'t>(code: &Code<'t>, index: usize) -> Option<&'t str> {
    (code.kind(index)? == TokenKind::Literal).then(|| code.text_of(index).trim_matches(['"', '\'']))
}

/// Whether a statement may begin with a token.
fn begins_statement(code: &Code, index: usize) -> bool {
    code.begins_line(index) || index.checked_sub(1).is_some_and(|before| code.is_any(before, &["{", ";", "->"]))
}

/// The arguments of a call at a name, in brackets or without them.
fn arguments_of(code: &Code, name: usize) -> Vec<std::ops::Range<usize>> {
    if code.is(name + 1, "(") { code.arguments(name + 1) } else { code.line_arguments(name) }
}

/// The folder of a project by its path: `:services:orders`.
fn project_folder(path: &str) -> Arc<str> {
    path.trim_start_matches(':').replace(':', "/").into()
}

/// The name by which scripts use an entry of a catalog: separators are dots.
fn accessor(alias: &str) -> String {
    alias.replace(['-', '_'], ".")
}

#[cfg(test)]
mod tests;
