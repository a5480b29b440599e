//! Which schemas an operation takes and gives, by name: what measures of cohesion compare.
//!
//! A named schema counts by its name, through references, arrays and maps; an inline object by its shape, which is the sorted list
//! of its properties. Plain texts and numbers are no types here: two operations that both take a text have nothing in common.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::description::{Description, Operation, Parameter};
use super::reference::{Reference, Target, last_step, reference_of};
use crate::document::{Node, Shape};

pub struct Types<'v, 'd> {
    description: &'v Description<'d>,
    /// What each reference to a schema stands for, once found out.
    referenced: FxHashMap<&'d str, Rc<[Arc<str>]>>,
    names: FxHashSet<Arc<str>>,
}

/// How many schemas are looked at for one operation.
const MAX_SCHEMAS: usize = 256;
/// How many properties the shape of an inline object shows.
const MAX_PROPERTIES: usize = 64;

impl<'v, 'd> Types<'v, 'd> {
    pub fn new(description: &'v Description<'d>) -> Self {
        Types { description, referenced: FxHashMap::default(), names: FxHashSet::default() }
    }

    /// The one copy of a text that occurs again and again.
    pub fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = Arc::from(text);
        self.names.insert(Arc::clone(&text));
        text
    }

    /// Schemas of an operation's parameters and body.
    pub fn taken(&mut self, operation: &Operation<'d>, parameters: &[&[Parameter<'d>]]) -> Vec<Arc<str>> {
        let mut schemas = Vec::new();
        for parameter in parameters.iter().copied().flatten().filter_map(|parameter| parameter.node).take(MAX_SCHEMAS) {
            schemas.extend(parameter.get("schema"));
            schemas.extend(self.description.content_schemas(parameter));
        }
        if let Some(body) = operation.node.get("requestBody").and_then(|body| self.description.followed(body)) {
            schemas.extend(self.description.content_schemas(body));
        }
        self.named(schemas)
    }

    /// Schemas of an operation's successful responses.
    pub fn given(&mut self, operation: &Operation<'d>) -> Vec<Arc<str>> {
        let responses = operation.node.get("responses").map_or_else(Vec::new, |responses| self.description.fields(responses));
        // Without a code that tells of success, `default` is the only answer there is.
        let wanted = if responses.iter().any(|field| field.name.starts_with('2')) { "2" } else { "default" };
        let mut schemas = Vec::new();
        for field in responses.iter().filter(|field| field.name.starts_with(wanted)).take(MAX_SCHEMAS) {
            let Some(response) = self.description.followed(field.value) else { continue };
            schemas.extend(response.get("schema"));
            schemas.extend(self.description.content_schemas(response));
        }
        self.named(schemas)
    }

    fn named(&mut self, schemas: Vec<Node<'d>>) -> Vec<Arc<str>> {
        let mut names = Vec::new();
        let mut looked_at = 0;
        // A stack read from its end: the first schema last, so that it comes first.
        let mut waiting: Vec<Node> = schemas.into_iter().rev().collect();
        while let Some(schema) = waiting.pop() {
            looked_at += 1;
            if looked_at > MAX_SCHEMAS || !self.description.references.budget.spend(1) {
                break;
            }
            match reference_of(schema) {
                Some(reference) => names.extend(self.of_reference(reference).iter().cloned()),
                None => self.of_inline(schema, &mut names, &mut waiting),
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What a reference to a schema stands for: its name, or what it is an array or another name of.
    fn of_reference(&mut self, reference: &'d str) -> Rc<[Arc<str>]> {
        if let Some(known) = self.referenced.get(reference) {
            return Rc::clone(known);
        }
        let mut names = Vec::new();
        let mut waiting = Vec::new();
        let mut reference = Some(reference);
        let first = reference;
        for _ in 0..MAX_SCHEMAS {
            if let Some(reference) = reference.take() {
                let Target::Node(target) = self.description.references.target(reference) else {
                    names.extend(self.outside_name(reference));
                    continue;
                };
                match name_of(reference) {
                    Some(_) if self.is_wrapper(target) => waiting.push(target),
                    Some(name) => names.push(self.shared(&name)),
                    None => waiting.push(target),
                }
            }
            let Some(schema) = waiting.pop() else { break };
            match reference_of(schema) {
                Some(next) => reference = Some(next),
                None => self.of_inline(schema, &mut names, &mut waiting),
            }
        }
        let names: Rc<[Arc<str>]> = names.into();
        if let Some(first) = first {
            self.referenced.insert(first, Rc::clone(&names));
        }
        names
    }

    fn of_inline(&mut self, schema: Node<'d>, names: &mut Vec<Arc<str>>, waiting: &mut Vec<Node<'d>>) {
        let fields = self.description.fields(schema);
        for field in fields.iter().rev() {
            match field.name {
                "items" | "additionalProperties" => waiting.push(field.value),
                "allOf" | "oneOf" | "anyOf" if waiting.len() < MAX_SCHEMAS => {
                    waiting.extend(field.value.items().take(MAX_SCHEMAS).collect::<Vec<_>>().into_iter().rev());
                }
                "properties" => {
                    let properties = self.description.fields(field.value);
                    let mut properties: Vec<&str> = properties.iter().map(|property| property.name).collect();
                    properties.sort_unstable();
                    properties.truncate(MAX_PROPERTIES);
                    if !properties.is_empty() {
                        names.push(self.shared(&format!("{{{}}}", properties.join(","))));
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether a named schema only wraps another: an array, a map, or a second name.
    fn is_wrapper(&self, schema: Node<'d>) -> bool {
        let inner = |key| schema.get(key);
        let wraps = |key| inner(key).is_some_and(|inner| inner.shape() == Shape::Mapping);
        inner("$ref").is_some() || (inner("properties").is_none() && (wraps("items") || wraps("additionalProperties")))
    }

    /// The name that a schema in another file goes by: the last step of the pointer, else the file's own name.
    fn outside_name(&mut self, reference: &'d str) -> Option<Arc<str>> {
        if let Some(name) = name_of(reference) {
            return Some(self.shared(&name));
        }
        let Reference::File { path, pointer } = Reference::parse(reference, self.description.references.path) else {
            return None;
        };
        let name = match &*pointer {
            "" => path.rsplit('/').next().and_then(|file| file.split('.').next()).unwrap_or(&path).to_owned(),
            pointer => last_step(pointer).into_owned(),
        };
        Some(self.shared(&name))
    }
}

/// The name of a schema that stands among named ones; none for one that stands inside something else.
fn name_of(reference: &str) -> Option<std::borrow::Cow<'_, str>> {
    let (_, pointer) = reference.split_once('#')?;
    let mut steps = pointer.rsplit('/');
    let name = steps.next()?;
    matches!(steps.next()?, "schemas" | "definitions" | "$defs").then(|| last_step(name))
}
