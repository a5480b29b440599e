//! A description as a view over its document: path items, operations, parameters, schemas, with references followed.
//!
//! The view keeps nodes, not copies, so whoever reads it can point at every part. What it can't follow (another file, a circle,
//! nothing) it says and leaves to its reader.

use super::fields::Field;
use super::reference::{Reference, Resolver, Target, reference_of};
use super::version::Version;
use crate::document::{Node, Shape};

pub struct Description<'d> {
    pub root: Node<'d>,
    pub version: &'static Version,
    pub references: Resolver<'d>,
}

/// One entry of `paths`.
pub struct PathItem<'d> {
    pub key: Node<'d>,
    pub template: &'d str,
    /// The item's own fields and those behind its references, nearest first.
    pub parts: Vec<Node<'d>>,
    /// What its references lead to outside this document, with the `$ref` that does.
    pub elsewhere: Option<(Node<'d>, Reference<'d>)>,
    /// A `$ref` that leads nowhere, or in a circle.
    pub broken: Option<Broken<'d>>,
}

#[derive(Clone, Copy)]
pub enum Broken<'d> {
    Missing,
    Circle(Node<'d>),
}

pub struct Operation<'d> {
    pub key: Node<'d>,
    pub method: &'d str,
    /// The operation, or a reference to it that can't be followed here: bundlers read those, though the format has none.
    pub node: Node<'d>,
}

/// One entry of a list of parameters.
pub struct Parameter<'d> {
    /// The list's item.
    pub at: Node<'d>,
    /// What the item is, references followed; none when that can't be told from this document.
    pub node: Option<Node<'d>>,
    pub name: Option<&'d str>,
    /// `in`: `path`, `query`, …
    pub place: Option<&'d str>,
}

/// How many references in a row are followed; a longer chain is taken for a circle.
const MAX_HOPS: usize = 32;

impl<'d> Description<'d> {
    pub fn new(root: Node<'d>, version: &'static Version, path: &'d str) -> Self {
        Description { root, version, references: Resolver::new(root, path) }
    }

    pub fn fields(&self, object: Node<'d>) -> Vec<Field<'d>> {
        self.references.budget.fields(object)
    }

    /// The node that `node` stands for, references followed; none when they leave the document, lead nowhere or in a circle.
    pub fn followed(&self, node: Node<'d>) -> Option<Node<'d>> {
        let mut node = node;
        for _ in 0..MAX_HOPS {
            let Some(reference) = reference_of(node) else { return Some(node) };
            match self.references.target(reference) {
                Target::Node(target) if self.references.budget.spend(1) => node = target,
                _ => return None,
            }
        }
        None
    }

    /// The entries of `paths` in order.
    pub fn path_items(&self) -> Vec<PathItem<'d>> {
        let Some(paths) = self.root.get("paths") else { return Vec::new() };
        let templates = self.fields(paths).into_iter().filter(|field| !is_extension(field.name) && field.name != "$ref");
        templates.map(|field| self.path_item(field.key, field.name, field.value)).collect()
    }

    pub fn path_item(&self, key: Node<'d>, template: &'d str, value: Node<'d>) -> PathItem<'d> {
        let mut item = PathItem { key, template, parts: Vec::new(), elsewhere: None, broken: None };
        let mut part = value;
        loop {
            item.parts.push(part);
            let Some((reference_key, reference)) = part.entry("$ref") else { break };
            let Some(text) = reference.text() else { break };
            match self.references.target(text) {
                Target::Node(target) => {
                    let again = item.parts.iter().any(|earlier| earlier.identity() == target.identity());
                    if again || item.parts.len() > MAX_HOPS || !self.references.budget.spend(item.parts.len()) {
                        item.broken = Some(Broken::Circle(reference_key));
                        break;
                    }
                    part = target;
                }
                Target::Missing => {
                    item.broken = Some(Broken::Missing);
                    break;
                }
                Target::Unknown => {
                    item.elsewhere = Some((reference, Reference::parse(text, self.references.path)));
                    break;
                }
            }
        }
        item
    }

    /// The operations of a path item, each method once.
    pub fn operations(&self, item: &PathItem<'d>) -> Vec<Operation<'d>> {
        let mut operations: Vec<Operation> = Vec::new();
        for part in &item.parts {
            let nearer = operations.len();
            let mut add = |key, method, node: Node<'d>| {
                let taken = operations[..nearer].iter().any(|nearer| nearer.method == method);
                if !taken && node.shape() == Shape::Mapping {
                    operations.push(Operation { key, method, node: self.followed(node).unwrap_or(node) });
                }
            };
            for field in self.fields(*part) {
                if let Some((_, method)) = self.version.methods.iter().find(|(key, _)| *key == field.name) {
                    add(field.key, method, field.value);
                } else if self.version.additional_operations && field.name == "additionalOperations" {
                    for field in self.fields(field.value) {
                        add(field.key, field.name, field.value);
                    }
                }
            }
        }
        operations
    }

    /// The parameters that stand in `object` (a path item or an operation) itself.
    pub fn parameters(&self, object: Node<'d>) -> Vec<Parameter<'d>> {
        let Some(list) = object.get("parameters") else { return Vec::new() };
        if !self.references.budget.spend(list.len()) {
            return Vec::new();
        }
        list.items().map(|item| self.parameter(item)).collect()
    }

    fn parameter(&self, at: Node<'d>) -> Parameter<'d> {
        let node = self.followed(at).filter(|node| node.shape() == Shape::Mapping);
        let text = |key| node?.get(key)?.scalar();
        Parameter { at, node, name: text("name"), place: text("in") }
    }

    /// Parameters that hold for every operation of a path item.
    pub fn shared_parameters(&self, item: &PathItem<'d>) -> Vec<Parameter<'d>> {
        item.parts.iter().flat_map(|part| self.parameters(*part)).collect()
    }

    /// The description's named schemas.
    pub fn schemas(&self) -> Vec<Field<'d>> {
        self.root.at(self.version.schemas).map_or_else(Vec::new, |schemas| self.fields(schemas))
    }

    /// Schemas of an object that has them by media type (a request body, a response, a parameter of version 3).
    pub fn content_schemas(&self, object: Node<'d>) -> Vec<Node<'d>> {
        let content = object.get("content").map_or_else(Vec::new, |content| self.fields(content));
        let schemas = content.iter().flat_map(|media| ["schema", "itemSchema"].map(|key| media.value.get(key)));
        schemas.flatten().collect()
    }
}

/// `x-…`: what the format leaves to its users.
pub fn is_extension(name: &str) -> bool {
    name.starts_with("x-")
}
