//! Backstage catalog descriptors: `catalog-info.yaml`, and any YAML or JSON file whose documents say `apiVersion: backstage.io/…`.
//!
//! A file comes in, its entities come out, each value with its place, and what the catalog would refuse. References between entities
//! stay as they are written: joining them is `model`'s.

mod check;
mod format;
mod inline;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use memchr::memmem;

use crate::diagnostic::Fault;
use crate::discover::Kind;
use crate::document::{Defect, DefectKind, Engine, Node, Shape, template_of};
use crate::extract::{Extractor, Input, Output, defects};
use crate::facts::{CatalogEntity, Definition, Fact, Text};
use crate::source::{Location, Span, Spanned, last_part};

pub const EXTRACTOR: Extractor = Extractor { name: "backstage", wants, applies, extract };

/// Folders and words in names that tell where catalogs are kept, besides the name that is recommended.
/// Which file a `Location` names is known too late: a catalog under any other name is found if something else opens it.
const PLACES: [&str; 14] = [
    "catalog",
    "backstage",
    "entit",
    "component",
    "api",
    "system",
    "domain",
    "resource",
    "group",
    "team",
    "user",
    "org",
    "template",
    "all.",
];

fn wants(_: Kind, path: &str) -> bool {
    let name = last_part(path);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    is_catalog_name(name) || (matches!(ending, Some("yaml" | "yml")) && PLACES.iter().any(|place| path.contains(place)))
}

fn applies(input: &Input) -> bool {
    // What stands in a `skeleton` is copied by the scaffolder: it describes no entity of this repository.
    let is_copied = || input.path.split('/').any(|folder| folder == "skeleton");
    input.syntax().is_some() && !is_copied() && (is_catalog_name(input.name()) || states_version(input.text))
}

/// The name by which the catalog looks for descriptors.
fn is_catalog_name(name: &str) -> bool {
    matches!(name, "catalog-info.yaml" | "catalog-info.yml" | "catalog-info.json")
}

/// Does the text hold an `apiVersion` of Backstage? Its annotations stand in many other files.
fn states_version(text: &str) -> bool {
    let bytes = text.as_bytes();
    memmem::find_iter(bytes, "backstage.io/").any(|at| memmem::find(&bytes[at.saturating_sub(40)..at], b"apiVersion").is_some())
}

fn extract(input: &Input, output: &mut Output) {
    let named = is_catalog_name(input.name());
    // The documents first: a broken file of another kind that only looked like a catalog is not ours to tell.
    let documents: Vec<Node> = input.tree().documents().filter(|document| named || is_entity(*document)).collect();
    if documents.is_empty() && !named {
        return;
    }
    if let Some((engine, mark)) = template(input, &documents) {
        output.problems.extend(defects::template(input, engine, mark));
        return;
    }
    if defects::report(input, Fault::ManifestInvalid, output) {
        return;
    }
    // In a document that breaks off, what seems to be missing may be what can't be read.
    let breaks = |defect: &&Defect| matches!(defect.kind, DefectKind::Syntax | DefectKind::TooLarge);
    let mut breaks: Vec<u32> = input.tree().defects().iter().filter(breaks).map(|defect| defect.at.start).collect();
    breaks.sort_unstable();
    for (index, document) in documents.iter().enumerate() {
        if document.is_null() || (!is_entity(*document) && states_other_version(*document)) {
            continue;
        }
        let end = documents.get(index + 1).map_or(u32::MAX, |next| next.span().start);
        let first_break = breaks.partition_point(|at| *at < document.span().start);
        if breaks.get(first_break).is_none_or(|at| *at >= end) {
            check::entity(*document, output);
        }
        let Some(entity) = entity(input, *document) else { continue };
        let kind = entity
            .r#type
            .as_ref()
            .filter(|_| matches!(entity.definition, Some(Definition::Inline(_))))
            .map(|kind| Arc::clone(&kind.value));
        output.facts.push(Fact::Entity(entity));
        if let (Some(kind), Some(definition)) = (kind, document.at(&["spec", "definition"])) {
            inline::read(input, &kind, definition, output);
        }
    }
}

/// Backstage's own groups of versions: `backstage.io/…`, `scaffolder.backstage.io/…`.
fn is_entity(document: Node) -> bool {
    let version = document.get("apiVersion").and_then(Node::text);
    let group = version.and_then(|version| version.split_once('/')).map(|(group, _)| group);
    group.is_some_and(|group| group == "backstage.io" || group.ends_with(".backstage.io"))
}

/// An object of another system that keeps house with entities: a Kubernetes manifest, an organisation's own kind.
fn states_other_version(document: Node) -> bool {
    document.get("apiVersion").and_then(Node::text).is_some()
}

/// Where it shows that the file is a template, with the engine if that shows too.
///
/// A `Template` of the scaffolder holds marks by nature: they are for what it will make.
fn template(input: &Input, documents: &[Node]) -> Option<(Option<Engine>, Span)> {
    let is_scaffolder = |document: &Node| document.get("kind").and_then(Node::text) == Some("Template");
    if !input.text.contains("{{") && !input.path.contains("{{") || documents.iter().any(is_scaffolder) {
        return None;
    }
    if let Some((engine, mark)) = template_of(input.path, input.tree()) {
        return Some((Some(engine), mark));
    }
    // A quoted mark may be anybody's, but not in a value that says who the entity is.
    const IDENTITY: [&[&str]; 5] =
        [&["kind"], &["metadata", "name"], &["metadata", "namespace"], &["spec", "owner"], &["spec", "type"]];
    let values = documents.iter().flat_map(|document| IDENTITY.iter().filter_map(|path| document.at(path)));
    let mark = values.filter(|value| value.text().is_some_and(|text| text.contains("{{"))).map(Node::span).next();
    let in_path = || input.path.contains("{{").then(Span::default);
    mark.or_else(in_path).map(|mark| (None, mark))
}

fn entity(input: &Input, document: Node) -> Option<CatalogEntity> {
    let metadata = document.get("metadata");
    let spec = document.get("spec");
    let of_metadata = |key: &str| metadata.and_then(|node| node.get(key));
    let of_spec = |key: &str| spec.and_then(|node| node.get(key));
    let mut kind = text(document.get("kind")?)?;
    if let Some(known) = check::canonical_kind(&kind.value) {
        kind.value = known.into();
    }
    let is_location = &*kind.value == "Location";
    let targets = || {
        let target = of_spec("target").and_then(text);
        target.into_iter().chain(texts(of_spec("targets"))).collect()
    };
    Some(CatalogEntity {
        at: first_line(input, document),
        name: text(of_metadata("name")?)?,
        namespace: of_metadata("namespace").and_then(text),
        r#type: of_spec("type").and_then(text),
        owner: of_spec("owner").and_then(text),
        system: of_spec("system").and_then(text),
        domain: of_spec("domain").and_then(text),
        lifecycle: of_spec("lifecycle").and_then(text),
        subcomponent_of: of_spec("subcomponentOf").and_then(text),
        depends_on: texts(of_spec("dependsOn")),
        dependency_of: texts(of_spec("dependencyOf")),
        consumes_apis: texts(of_spec("consumesApis")),
        provides_apis: texts(of_spec("providesApis")),
        annotations: pairs(of_metadata("annotations")),
        labels: pairs(of_metadata("labels")),
        tags: texts(of_metadata("tags")),
        definition: of_spec("definition").and_then(definition),
        targets: if is_location { targets() } else { Vec::new() },
        kind,
    })
}

fn first_line(input: &Input, document: Node) -> Location {
    let span = document.span().range();
    let written = input.text.get(span.clone()).unwrap_or("");
    let line = written.lines().next().unwrap_or("").trim_end();
    input.location(Span::new(span.start, span.start + line.len()))
}

/// The text of a scalar. A number or a boolean reads as it is written: that it should be quoted is told elsewhere.
fn text(node: Node) -> Option<Text> {
    let value = node.scalar()?.trim();
    (!value.is_empty()).then(|| Spanned::new(value.into(), node.location()))
}

fn texts(node: Option<Node>) -> Vec<Text> {
    node.into_iter().flat_map(Node::items).filter_map(text).collect()
}

fn pairs(node: Option<Node>) -> Vec<(Arc<str>, Text)> {
    let entries = node.into_iter().flat_map(Node::entries);
    entries.filter_map(|(key, value)| Some((key.scalar()?.into(), text(value)?))).collect()
}

/// `$text: ./openapi.yaml`, or the description itself.
fn definition(node: Node) -> Option<Definition> {
    match node.shape() {
        Shape::Mapping => placeholder(node).and_then(text).map(Definition::Reference),
        Shape::Text => node.text().filter(|text| !text.trim().is_empty()).map(|_| Definition::Inline(node.location())),
        _ => None,
    }
}

/// What a placeholder such as `{$text: FILE}` refers to. The catalog puts the file in its place, so nothing is known of the value.
fn placeholder(node: Node) -> Option<Node> {
    let mut entries = node.entries();
    let (key, value) = entries.next()?;
    (entries.next().is_none() && key.scalar()?.starts_with('$')).then_some(value)
}
