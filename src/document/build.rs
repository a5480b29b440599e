//! The arena of a tree, and the builder that the three readers fill it with.

use std::cell::{Cell, OnceCell};

use super::{ALIAS_BUDGET, Defect, DefectKind, MAX_NODES, Shape, Tree};
use crate::source::{LineIndex, Span};

pub(super) const NONE: u32 = u32::MAX;

/// One node. Children of a sequence are linked by `next`; those of a mapping too, key and value in turn.
#[derive(Clone, Copy)]
pub(super) struct NodeCell {
    pub kind: CellKind,
    pub span: Span,
    pub next: u32,
}

#[derive(Clone, Copy)]
pub(super) enum CellKind {
    /// Shape and value text, the latter in the source (`unescaped: false`) or in the tree's `unescaped`.
    Scalar {
        shape: Shape,
        unescaped: bool,
        value: Span,
    },
    Collection {
        mapping: bool,
        first: u32,
        length: u32,
    },
    Alias {
        target: u32,
    },
}

pub(super) struct Builder<'t> {
    text: &'t str,
    cells: Vec<NodeCell>,
    unescaped: String,
    roots: Vec<u32>,
    defects: Vec<Defect>,
    lines: OnceCell<LineIndex>,
    /// Open collections: their cell, and their last child.
    open: Vec<(u32, u32)>,
}

impl<'t> Builder<'t> {
    pub fn new(text: &'t str) -> Self {
        Builder {
            text,
            cells: Vec::new(),
            unescaped: String::new(),
            roots: Vec::new(),
            defects: Vec::new(),
            lines: OnceCell::new(),
            open: Vec::new(),
        }
    }

    pub fn depth(&self) -> usize {
        self.open.len()
    }

    pub fn is_full(&self) -> bool {
        self.cells.len() >= MAX_NODES
    }

    /// A scalar whose value is a slice of the source.
    pub fn scalar(&mut self, shape: Shape, span: Span, value: Span) -> u32 {
        self.push(CellKind::Scalar { shape, unescaped: false, value }, span)
    }

    /// A scalar that reads otherwise than it is written.
    pub fn unescaped(&mut self, shape: Shape, span: Span, value: &str) -> u32 {
        let start = self.unescaped.len();
        self.unescaped.push_str(value);
        let value = Span::new(start, self.unescaped.len());
        self.push(CellKind::Scalar { shape, unescaped: true, value }, span)
    }

    pub fn null(&mut self, span: Span) -> u32 {
        self.scalar(Shape::Null, span, span)
    }

    pub fn alias(&mut self, target: u32, span: Span) -> u32 {
        self.push(CellKind::Alias { target }, span)
    }

    pub fn begin(&mut self, mapping: bool, start: usize) -> u32 {
        let id = self.push(CellKind::Collection { mapping, first: NONE, length: 0 }, Span::new(start, start));
        self.open.push((id, NONE));
        id
    }

    /// Closes the innermost collection; a key that still waits for its value gets null.
    pub fn end(&mut self, end: usize) {
        let Some(&(id, _)) = self.open.last() else { return };
        if let CellKind::Collection { mapping: true, length, .. } = self.cells[id as usize].kind
            && length % 2 == 1
        {
            self.null(Span::new(end, end));
        }
        self.open.pop();
        let span = &mut self.cells[id as usize].span;
        span.end = span.start.max(end as u32);
    }

    pub fn defect(&mut self, kind: DefectKind, span: Span, message: impl Into<String>, related: Option<(Span, String)>) {
        let lines = self.lines.get_or_init(|| LineIndex::new(self.text));
        self.defects.push(Defect {
            kind,
            message: message.into(),
            at: lines.location(self.text, span),
            related: related.map(|(span, label)| (lines.location(self.text, span), label)),
        });
    }

    pub fn finish(mut self) -> Tree<'t> {
        while !self.open.is_empty() {
            self.end(self.text.len());
        }
        self.cells.shrink_to_fit();
        let aliases_left = ALIAS_BUDGET.saturating_add(self.cells.len() as u32);
        Tree {
            text: self.text,
            cells: self.cells,
            unescaped: self.unescaped,
            roots: self.roots,
            defects: self.defects,
            lines: self.lines,
            aliases_left: Cell::new(aliases_left),
        }
    }

    fn push(&mut self, kind: CellKind, span: Span) -> u32 {
        let id = self.cells.len() as u32;
        self.cells.push(NodeCell { kind, span, next: NONE });
        let Some((parent, last)) = self.open.last_mut() else {
            self.roots.push(id);
            return id;
        };
        if let CellKind::Collection { first, length, .. } = &mut self.cells[*parent as usize].kind {
            *length += 1;
            if *first == NONE {
                *first = id;
            }
        }
        if *last != NONE {
            self.cells[*last as usize].next = id;
        }
        *last = id;
        id
    }
}
