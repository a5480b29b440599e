//! What breaks the rules of OpenAPI, in the words of its specifications.
//!
//! Only what they say MUST or REQUIRED is told, and only where a consumer's tools fail or lose something over it. What lies in other
//! files is unknown here and breaks nothing. Sections are named as in the specifications of version 3.

mod duplicates;
mod operations;
mod parameters;
mod paths;
mod references;

use rustc_hash::FxHashSet;

use super::description::Description;
use super::reference::reference_of;
use crate::document::{DefectKind, Node, Shape, Syntax, Tree};
use crate::extract::api::problems::{Kind, Problems};
use crate::source::Location;

static OTHER_VERSION: Kind =
    Kind::invalid("versions that can't be read", "use 2.0, 3.0, 3.1 or 3.2, which the tools of consumers know");

static TOO_MUCH_WORK: Kind = Kind::limit("limits reached", "split the description, or refer to shared parts less often");

static SYNTAX: Kind = Kind::invalid("syntax errors", "mend the syntax: no tool can read the description from here on");

static DUPLICATE_KEY: Kind =
    Kind::invalid("keys that stand twice", "keep one of them: tools refuse the file or drop one silently");

static UNKNOWN_ALIAS: Kind =
    Kind::invalid("aliases without an anchor", "define the anchor before the alias, or write the value out");

static TOO_DEEP: Kind = Kind::limit("places that nest too deep", "nest less, with named schemas and `$ref`");

static TOO_LARGE: Kind = Kind::limit("places beyond the limit", "split the description into several files");

static UNQUOTED_VERSION: Kind = Kind::invalid("unquoted versions", "put the version in quotes");

static MISSING_FIELD: Kind = Kind::invalid("missing fields", "add the field: the format requires it");

/// Used by every check of a shape: the specification gives each field one type.
static WRONG_SHAPE: Kind = Kind::invalid("fields of the wrong type", "write it as the format defines it");

/// What is wrong with the text as such.
pub fn text(tree: &Tree, syntax: Option<Syntax>, problems: &mut Problems) {
    let json = syntax == Some(Syntax::Json);
    let harmless = if json { duplicates::equal_in_value(tree) } else { FxHashSet::default() };
    for defect in tree.defects() {
        let kind = match defect.kind {
            DefectKind::Syntax => &SYNTAX,
            // YAML forbids equal keys; JSON leaves them to its readers, who lose nothing if the values are equal too.
            DefectKind::DuplicateKey if harmless.contains(&defect.at.start) => continue,
            DefectKind::DuplicateKey => &DUPLICATE_KEY,
            DefectKind::UnknownAlias => &UNKNOWN_ALIAS,
            DefectKind::TooDeep => &TOO_DEEP,
            DefectKind::TooLarge => &TOO_LARGE,
        };
        let problem = problems.report(kind, || defect.at, || defect.message.to_string());
        if let (Some(problem), Some((at, label))) = (problem, &defect.related) {
            problem.labels.push((*at, label.to_string()));
        }
    }
    if tree.aliases_exhausted() {
        problems.report(&TOO_MUCH_WORK, || Location::TOP, || "aliases make this description larger than is read".to_owned());
    }
}

/// What is wrong with a document that holds nothing that a description can be.
pub fn root(root: Node, problems: &mut Problems) {
    let message = || format!("a description must be a mapping and is {}", root.shape().name());
    problems.report(&WRONG_SHAPE, || Location { end: root.location().start, ..root.location() }, message);
}

/// What is wrong with the description; `version` is the value of its version key.
pub fn description<'d>(description: &Description<'d>, version: Node<'d>, problems: &mut Problems) {
    // What seems to be missing or empty may stand under a second key, and that is told already.
    if problems.have(&DUPLICATE_KEY) {
        problems.mute(&WRONG_SHAPE);
        problems.mute(&references::DANGLING);
    }
    top(description, version, problems);
    let items = description.path_items();
    paths::check(description, &items, problems);
    operations::check(description, &items, problems);
    references::check(description, problems);
    if description.references.budget.is_exhausted() {
        let message = || "references and aliases make this description larger than is read".to_owned();
        problems.report(&TOO_MUCH_WORK, || version.location(), message);
    }
}

/// A description of a version that nobody knows, or that is not read.
pub fn other_version(key: Node, value: &str, problems: &mut Problems) {
    let message = || format!("`{}: {value}` names no version that can be read", key.scalar().unwrap_or("openapi"));
    problems.report(&OTHER_VERSION, || key.location(), message);
}

/// "OpenAPI Object", "Info Object".
fn top<'d>(description: &Description<'d>, version: Node<'d>, problems: &mut Problems) {
    let root = description.root;
    if version.shape() != Shape::Text {
        let message = || format!("the version `{}` is a number and must be a text", version.scalar().unwrap_or(""));
        problems.report(&UNQUOTED_VERSION, || version.location(), message);
    }
    let entry = |key| root.entry(key);
    match entry("info") {
        None => missing(problems, version, || "the description has no `info`".to_owned()),
        Some((key, info)) if info.shape() != Shape::Mapping => {
            wrong_shape(problems, key, info, || "`info`".to_owned(), "a mapping")
        }
        // An `info` in another file is unknown here.
        Some((_, info)) if reference_of(info).is_some() => {}
        Some((key, info)) => {
            for field in ["title", "version"] {
                if info.get(field).is_none_or(Node::is_null) {
                    missing(problems, key, || format!("`info` has no `{field}`"));
                }
            }
        }
    }
    let contents = description.version.contents;
    if contents.iter().all(|key| entry(key).is_none()) {
        missing(problems, version, || match contents {
            [only] => format!("the description has no `{only}`"),
            several => format!("the description has none of `{}`", several.join("`, `")),
        });
    }
    for name in ["paths", "components", "definitions"] {
        if let Some((key, value)) = entry(name).filter(|(_, value)| value.shape() != Shape::Mapping) {
            wrong_shape(problems, key, value, || format!("`{name}`"), "a mapping");
        }
    }
}

fn missing(problems: &mut Problems, at: Node, message: impl FnOnce() -> String) {
    problems.report(&MISSING_FIELD, || at.location(), message);
}

/// Reported at the key, since a value that is null stands nowhere.
fn wrong_shape(problems: &mut Problems, key: Node, value: Node, what: impl FnOnce() -> String, expected: &str) {
    let message = || format!("{} must be {expected} and is {}", what(), value.shape().name());
    problems.report(&WRONG_SHAPE, || key.location(), message);
}
