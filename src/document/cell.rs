//! The arena of a tree: one small cell for each node.
//!
//! Cells stand in the order of the text, a collection before its children, so a child list needs no links: the first child is the
//! next cell, and each cell knows where the cell after its last descendant is.

use super::{MAX_NODES, Shape};
use crate::source::Span;

/// No cell.
pub(super) const NONE: u32 = u32::MAX;

/// One node in 16 bytes, so that the tree of a 13 MB file stays small: `tag` packs kind (8 bits) and end (24 bits).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeCell {
    pub span: Span,
    tag: u32,
    /// Of a collection: how many children it has, a key and its value counted as two. Of an alias: the cell it stands for.
    /// Of a scalar: how many bytes its value lies inside its span on either side, or where its text is in `unescaped`.
    pub data: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Null,
    Bool,
    Int,
    Float,
    Text,
    /// A text that reads otherwise than it is written.
    Unescaped,
    Sequence,
    Mapping,
    Alias,
}

const KINDS: [Kind; 9] =
    [Kind::Null, Kind::Bool, Kind::Int, Kind::Float, Kind::Text, Kind::Unescaped, Kind::Sequence, Kind::Mapping, Kind::Alias];

// A cell's end must fit its 24 bits.
const _: () = assert!(MAX_NODES < 1 << 24);

impl NodeCell {
    pub fn new(kind: Kind, span: Span, end: usize, data: u32) -> Self {
        NodeCell { span, tag: kind as u32 | (end as u32) << 8, data }
    }

    pub fn kind(&self) -> Kind {
        KINDS[(self.tag & 0xFF) as usize % KINDS.len()]
    }

    /// The cell after this one and all its descendants.
    pub fn end(&self) -> u32 {
        self.tag >> 8
    }

    pub fn set_end(&mut self, end: usize) {
        self.tag = (self.tag & 0xFF) | (end as u32) << 8;
    }

    pub fn shape(&self) -> Shape {
        match self.kind() {
            Kind::Null | Kind::Alias => Shape::Null,
            Kind::Bool => Shape::Bool,
            Kind::Int => Shape::Int,
            Kind::Float => Shape::Float,
            Kind::Text | Kind::Unescaped => Shape::Text,
            Kind::Sequence => Shape::Sequence,
            Kind::Mapping => Shape::Mapping,
        }
    }

    /// The text of a scalar other than null.
    pub fn scalar<'s>(&self, text: &'s str, unescaped: &'s Unescaped) -> Option<&'s str> {
        match self.kind() {
            Kind::Bool | Kind::Int | Kind::Float | Kind::Text => {
                text.get((self.span.start + self.data) as usize..(self.span.end - self.data) as usize)
            }
            Kind::Unescaped => unescaped.text(self.data),
            _ => None,
        }
    }
}

/// Texts that stand otherwise in the source than they read: escapes, folded lines.
#[derive(Default)]
pub(super) struct Unescaped {
    texts: String,
    /// Where each text ends.
    ends: Vec<u32>,
}

impl Unescaped {
    fn text(&self, index: u32) -> Option<&str> {
        let index = index as usize;
        let start = if index == 0 { 0 } else { *self.ends.get(index - 1)? };
        self.texts.get(start as usize..*self.ends.get(index)? as usize)
    }

    pub fn push(&mut self, text: &str) -> u32 {
        self.texts.push_str(text);
        self.ends.push(self.texts.len() as u32);
        self.ends.len() as u32 - 1
    }
}
