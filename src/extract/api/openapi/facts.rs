//! A description as facts: its operations with full paths, its version, and what lies in other files.

use std::sync::Arc;

use super::base::{self, Base};
use super::description::{Description, PathItem};
use super::reference::{Reference, Target};
use super::types::Types;
use super::versioning;
use crate::document::Node;
use crate::facts::{ApiDescription, FragmentReference, Operation, Text};
use crate::source::{Location, Spanned};

/// How many operations one description may offer: aliases and references could make a few lines offer millions.
const MAX_OPERATIONS: usize = 100_000;

/// What the description offers. `complete` is false where it was cut short or leads out of the repository.
pub fn api(description: &Description, at: Location) -> ApiDescription {
    let root = description.root;
    let info = root.get("info");
    let base = base::base(description);
    let items = description.path_items();
    let mut operations = Operations::new(description);
    let mut references = Vec::new();
    let mut complete = true;
    if let Some((at, reference)) = paths_elsewhere(description) {
        match fragment(at, reference, base.path.as_str().into()) {
            Some(fragment) => references.push(FragmentReference { every_path: true, ..fragment }),
            None => complete = false,
        }
    }
    for item in &items {
        let path = operations.add(&base, item);
        match &item.elsewhere {
            Some((at, reference)) => match fragment(*at, reference.clone(), path) {
                Some(fragment) => references.push(fragment),
                None => complete = false,
            },
            None => complete &= item.broken.is_none(),
        }
    }
    complete &= operations.found.len() < MAX_OPERATIONS && !description.references.budget.is_exhausted();
    ApiDescription {
        format: description.version.format,
        at,
        title: info.and_then(|info| info.get("title")).and_then(scalar),
        version: info.and_then(|info| info.get("version")).and_then(scalar),
        versioned_by: versioning::shown(description, &items),
        bases: base.alternatives.iter().map(|path| Arc::from(path.as_str())).collect(),
        operations: operations.found,
        complete,
        references,
    }
}

/// A whole `paths` in another file, which bundlers read though the format does not provide for it.
fn paths_elsewhere<'d>(description: &Description<'d>) -> Option<(Node<'d>, Reference<'d>)> {
    let reference = description.root.get("paths")?.get("$ref")?;
    let text = reference.text()?;
    match description.references.target(text) {
        Target::Unknown => Some((reference, Reference::parse(text, description.references.path))),
        _ => None,
    }
}

/// A reference into another file of the repository; none when it leads out of it.
pub fn fragment(at: Node, reference: Reference, path: Arc<str>) -> Option<FragmentReference> {
    let Reference::File { path: file, pointer } = reference else { return None };
    Some(FragmentReference { at: at.location(), path, file: file.into(), pointer: (*pointer).into(), every_path: false })
}

fn scalar(node: Node) -> Option<Text> {
    Some(Spanned::new(node.scalar()?.into(), node.location()))
}

/// Collects the operations of path items.
pub struct Operations<'v, 'd> {
    description: &'v Description<'d>,
    types: Types<'v, 'd>,
    pub found: Vec<Operation>,
}

impl<'v, 'd> Operations<'v, 'd> {
    pub fn new(description: &'v Description<'d>) -> Self {
        Operations { description, types: Types::new(description), found: Vec::new() }
    }

    /// Adds the operations of `item`, and gives its full path.
    pub fn add(&mut self, base: &Base, item: &PathItem<'d>) -> Arc<str> {
        let description = self.description;
        let own = |object| if description.version.second { None } else { base::servers(description, object) };
        let base = item.parts.iter().find_map(|part| own(*part)).map_or_else(|| base.path.clone(), |own| own.path);
        let path: Arc<str> = base::joined(&base, item.template).into();
        let operations = description.operations(item);
        if operations.is_empty() {
            return path;
        }
        let shared = description.shared_parameters(item);
        for operation in operations {
            if self.found.len() >= MAX_OPERATIONS || !description.references.budget.spend(shared.len()) {
                break;
            }
            let parameters = description.parameters(operation.node);
            let path = match own(operation.node) {
                Some(own) => base::joined(&own.path, item.template).into(),
                None => Arc::clone(&path),
            };
            self.found.push(Operation {
                at: operation.key.location(),
                method: self.types.shared(operation.method),
                path,
                id: operation.node.get("operationId").and_then(Node::scalar).map(Arc::from),
                deprecated: operation.node.get("deprecated").and_then(Node::bool).unwrap_or(false),
                parameter_types: self.types.taken(&operation, &[&shared, &parameters]),
                response_types: self.types.given(&operation),
            });
        }
        path
    }
}
