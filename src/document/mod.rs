//! YAML, JSON and TOML as one tree, with a byte span on every key and value.
//!
//! Text comes in, a [`Tree`] comes out; nothing fails. What is wrong with the text (a syntax error, a duplicate key, a limit)
//! is a [`Defect`] beside what could be read, and the extractor that knows what the document is for says how bad that is.
//! The tree is one flat arena: no recursion to build, walk or drop it, so no input can exhaust the stack.

mod block;
mod build;
mod cell;
mod json;
mod node;
pub mod schema;
mod template;
mod toml;
mod within;
mod yaml;

use std::cell::{Cell, OnceCell, RefCell};

pub use node::{Entries, Items, Node};
pub use template::{Engine, template, template_of};

use crate::source::{LineIndex, Location, Span};

/// How the text of a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    Yaml,
    Json,
    Toml,
}

/// What a node is. Scalars of YAML are typed by its 1.2 core schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Null,
    Bool,
    Int,
    Float,
    Text,
    Sequence,
    Mapping,
}

impl Shape {
    /// The word for messages: "expected a mapping, found a text".
    pub fn name(self) -> &'static str {
        match self {
            Shape::Null => "null",
            Shape::Bool => "a boolean",
            Shape::Int => "an integer",
            Shape::Float => "a number",
            Shape::Text => "a text",
            Shape::Sequence => "a list",
            Shape::Mapping => "a mapping",
        }
    }
}

/// Something wrong with the text of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    pub kind: DefectKind,
    /// Lower case, one line, no full stop.
    pub message: String,
    pub at: Location,
    /// A second place that explains it: the first of two equal keys.
    pub related: Option<(Location, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefectKind {
    /// The text does not parse from here on (or, in a multi-document file, up to the next document).
    Syntax,
    /// A key stands twice in one mapping; both are kept, the first one counts.
    DuplicateKey,
    /// Nested deeper than [`MAX_DEPTH`]; deeper nodes read as null.
    TooDeep,
    /// More nodes than [`MAX_NODES`]; the rest is missing.
    TooLarge,
    /// An alias without its anchor, or inside the node that it names; reads as null.
    UnknownAlias,
}

impl DefectKind {
    pub const ALL: [DefectKind; 5] =
        [DefectKind::Syntax, DefectKind::DuplicateKey, DefectKind::TooDeep, DefectKind::TooLarge, DefectKind::UnknownAlias];
}

/// How deep collections may nest, aliases followed: no walk from a root goes deeper. The YAML parser's own cap is 255.
pub const MAX_DEPTH: usize = 250;
/// How many nodes a file may have.
pub const MAX_NODES: usize = 8_000_000;
/// How many nodes of one tree may be read through aliases, over and above one for each node it has.
pub const ALIAS_BUDGET: u32 = 10_000_000;

/// One parsed file: one document, or in YAML any number.
pub struct Tree<'t> {
    text: &'t str,
    cells: Vec<cell::NodeCell>,
    unescaped: cell::Unescaped,
    roots: Vec<u32>,
    /// Explicit tags by cell, in order.
    tags: Vec<(u32, Span)>,
    defects: Vec<Defect>,
    lines: OnceCell<LineIndex>,
    aliases_left: Cell<u32>,
    /// Keys of large mappings by hash, made when one is first asked for a key.
    indexes: RefCell<node::KeyIndexes>,
}

/// Reads a whole file. Linear in time and memory, whatever the text.
pub fn parse(syntax: Syntax, text: &str) -> Tree<'_> {
    match syntax {
        Syntax::Yaml => yaml::parse(text),
        Syntax::Json => json::parse(text),
        Syntax::Toml => toml::parse(text),
    }
}

impl<'t> Tree<'t> {
    /// The documents of the file in order; an empty file has none.
    pub fn documents(&self) -> impl ExactSizeIterator<Item = Node<'_>> {
        self.roots.iter().map(|&id| Node::new(self, id))
    }

    /// The first document.
    pub fn root(&self) -> Option<Node<'_>> {
        self.documents().next()
    }

    /// What is wrong, in the order of the text.
    pub fn defects(&self) -> &[Defect] {
        &self.defects
    }

    pub fn text(&self) -> &'t str {
        self.text
    }

    pub fn location(&self, span: Span) -> Location {
        self.lines.get_or_init(|| LineIndex::new(self.text)).location(self.text, span)
    }

    /// True when the alias budget ran out, so that some aliases read as null: a limit to report.
    pub fn aliases_exhausted(&self) -> bool {
        self.aliases_left.get() == 0
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
