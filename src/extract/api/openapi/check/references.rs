//! Every `$ref` of the document: that it leads somewhere, and not out of the repository ("Reference Object").
//!
//! Examples, defaults, enumerations and extensions hold data of users, in which a key `$ref` means nothing.

use crate::document::{Node, Shape};
use crate::extract::api::openapi::description::{Description, is_extension};
use crate::extract::api::openapi::reference::{Reference, Target};
use crate::extract::api::problems::{Kind, Problems};

pub static DANGLING: Kind = Kind::invalid("references that lead nowhere", "define what the reference names, or correct its path");

static LEAVES: Kind = Kind::invalid(
    "references that leave the repository",
    "copy the file into the repository, or refer to a published address: a checkout alone can't be read",
);

/// Whether a mapping's keys are words of the format or names that users give.
#[derive(Clone, Copy, PartialEq)]
enum Keys {
    Words,
    Names,
    /// Names of examples, of which only the `$ref` is the format's.
    Examples,
}

pub fn check<'d>(description: &Description<'d>, problems: &mut Problems) {
    let mut met = Met::default();
    let mut waiting = vec![(description.root, Keys::Words)];
    while let Some((node, keys)) = waiting.pop() {
        // Aliases stand for nodes that are met elsewhere too.
        if !met.is_new(node.identity()) {
            continue;
        }
        match node.shape() {
            Shape::Sequence => waiting.extend(node.items().filter(|item| is_collection(*item)).map(|item| (item, Keys::Words))),
            Shape::Mapping => mapping(description, node, keys, &mut waiting, problems),
            _ => {}
        }
    }
}

fn mapping<'d>(
    description: &Description<'d>,
    node: Node<'d>,
    keys: Keys,
    waiting: &mut Vec<(Node<'d>, Keys)>,
    problems: &mut Problems,
) {
    // A schema with an `$id` of its own is the base of references inside it.
    if keys == Keys::Words && node.identity() != description.root.identity() && has_own_base(node) {
        return;
    }
    for (key, value) in node.entries() {
        let Some(name) = key.scalar() else { continue };
        match keys {
            Keys::Names if is_extension(name) => {}
            Keys::Names => waiting.push((value, Keys::Words)),
            Keys::Examples => {
                if let Some(reference) = value.get("$ref") {
                    judge(description, reference, problems);
                }
            }
            Keys::Words if name == "$ref" => judge(description, value, problems),
            Keys::Words if is_collection(value) => {
                if let Some(inner) = inside(name, value) {
                    waiting.push((value, inner));
                }
            }
            Keys::Words => {}
        }
    }
}

/// What the keys below the field `name` are; none where users' data begin.
fn inside(name: &str, value: Node) -> Option<Keys> {
    match name {
        "example" | "default" | "enum" | "const" | "value" => None,
        "examples" => (value.shape() == Shape::Mapping).then_some(Keys::Examples),
        "properties"
        | "patternProperties"
        | "definitions"
        | "$defs"
        | "dependentSchemas"
        | "schemas"
        | "responses"
        | "parameters"
        | "requestBodies"
        | "headers"
        | "securitySchemes"
        | "securityDefinitions"
        | "links"
        | "callbacks"
        | "pathItems"
        | "paths"
        | "webhooks"
        | "mediaTypes"
        | "content"
        | "encoding"
        | "variables"
        | "additionalOperations" => Some(Keys::Names),
        _ if is_extension(name) => None,
        _ => Some(Keys::Words),
    }
}

fn has_own_base(node: Node) -> bool {
    node.entries().any(|(key, value)| key.scalar() == Some("$id") && value.shape() == Shape::Text)
}

fn is_collection(node: Node) -> bool {
    matches!(node.shape(), Shape::Mapping | Shape::Sequence)
}

fn judge<'d>(description: &Description<'d>, value: Node<'d>, problems: &mut Problems) {
    let Some(text) = value.text() else { return };
    match description.references.target(text) {
        Target::Node(_) => {}
        Target::Missing => {
            problems.report(
                &DANGLING,
                || value.location(),
                || format!("the reference `{text}` leads to nothing in this document"),
            );
        }
        Target::Unknown => {
            if Reference::parse(text, description.references.path) == Reference::LeavesRepository {
                problems.report(&LEAVES, || value.location(), || format!("the reference `{text}` leaves the repository"));
            }
        }
    }
}

/// Nodes already met, by identity, which counts up from 0.
#[derive(Default)]
struct Met {
    words: Vec<u64>,
}

impl Met {
    fn is_new(&mut self, identity: u32) -> bool {
        let (word, bit) = (identity as usize / 64, 1 << (identity % 64));
        if identity == u32::MAX {
            return false;
        }
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        let new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        new
    }
}
