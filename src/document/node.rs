//! Reading a tree: a [`Node`] is a cheap copyable view of one place in it.

use super::build::{CellKind, NONE};
use super::{Shape, Tree, within};
use crate::source::{Location, Span, Spanned};

/// One key or value of a document. Aliases are followed when a node is read, within the tree's budget.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    tree: &'d Tree<'d>,
    id: u32,
}

impl<'d> Node<'d> {
    pub(super) fn new(tree: &'d Tree<'_>, id: u32) -> Self {
        Node { tree, id }
    }

    /// The node an alias stands for; the node itself otherwise. None when the budget is used up.
    fn target(self) -> Option<u32> {
        let mut id = self.id;
        loop {
            let CellKind::Alias { target } = self.tree.cells[id as usize].kind else { return Some(id) };
            let left = self.tree.aliases_left.get().checked_sub(1)?;
            self.tree.aliases_left.set(left);
            id = target;
        }
    }

    fn kind(self) -> CellKind {
        const NULL: CellKind = CellKind::Scalar { shape: Shape::Null, unescaped: false, value: Span { start: 0, end: 0 } };
        self.target().map_or(NULL, |id| self.tree.cells[id as usize].kind)
    }

    pub fn shape(self) -> Shape {
        match self.kind() {
            CellKind::Scalar { shape, .. } => shape,
            CellKind::Collection { mapping: true, .. } => Shape::Mapping,
            _ => Shape::Sequence,
        }
    }

    /// Where the node is written; for an alias, where the alias stands.
    pub fn span(self) -> Span {
        self.tree.cells[self.id as usize].span
    }

    pub fn location(self) -> Location {
        self.tree.location(self.span())
    }

    /// Where a part of a scalar's text is written; `part` is a byte range of what the scalar reads. The whole scalar where escapes
    /// and folded lines can't be followed, or for anything but a scalar.
    pub fn location_within(self, part: Span) -> Location {
        let Some(id) = self.target() else { return self.location() };
        let whole = self.tree.cells[id as usize].span;
        let found = match self.kind() {
            CellKind::Scalar { unescaped: false, value, .. } => Some(part.range())
                .filter(|part| part.end <= value.range().len())
                .map(|part| Span { start: value.start + part.start as u32, end: value.start + part.end as u32 }),
            CellKind::Scalar { unescaped: true, value, .. } => {
                let source = &self.tree.text[whole.range()];
                let found = within::find(source, &self.tree.unescaped[value.range()], part.range());
                found.map(|found| Span { start: whole.start + found.start as u32, end: whole.start + found.end as u32 })
            }
            _ => None,
        };
        self.tree.location(found.unwrap_or(whole))
    }

    /// An identity within the tree, the same for an alias and what it stands for: a guard against circles.
    pub fn identity(self) -> u32 {
        self.target().unwrap_or(NONE)
    }

    /// The text of any scalar but null, as it reads: `8080` for a number, `true` for a boolean.
    pub fn scalar(self) -> Option<&'d str> {
        match self.kind() {
            CellKind::Scalar { shape: Shape::Null, .. } => None,
            CellKind::Scalar { unescaped: true, value, .. } => self.tree.unescaped.get(value.range()),
            CellKind::Scalar { value, .. } => self.tree.text.get(value.range()),
            _ => None,
        }
    }

    /// The value of a text.
    pub fn text(self) -> Option<&'d str> {
        if self.shape() == Shape::Text { self.scalar() } else { None }
    }

    pub fn bool(self) -> Option<bool> {
        if self.shape() == Shape::Bool { self.scalar().map(|text| text.eq_ignore_ascii_case("true")) } else { None }
    }

    pub fn int(self) -> Option<i64> {
        if self.shape() != Shape::Int {
            return None;
        }
        let text = self.scalar()?;
        let digits = text.strip_prefix('+').unwrap_or(text);
        match digits.get(..2) {
            Some("0x") => i64::from_str_radix(&digits[2..], 16).ok(),
            Some("0o") => i64::from_str_radix(&digits[2..], 8).ok(),
            _ => digits.parse().ok(),
        }
    }

    pub fn float(self) -> Option<f64> {
        match self.shape() {
            Shape::Int => self.int().map(|number| number as f64),
            Shape::Float => {
                let text = self.scalar()?;
                match text.trim_start_matches(['+', '-']) {
                    ".inf" | ".Inf" | ".INF" if text.starts_with('-') => Some(f64::NEG_INFINITY),
                    ".inf" | ".Inf" | ".INF" => Some(f64::INFINITY),
                    ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
                    _ => text.parse().ok(),
                }
            }
            _ => None,
        }
    }

    pub fn is_null(self) -> bool {
        self.shape() == Shape::Null
    }

    /// The text with its place.
    pub fn spanned_text(self) -> Option<Spanned<&'d str>> {
        self.text().map(|text| Spanned::new(text, self.location()))
    }

    /// How many items or entries a collection has; 0 for a scalar.
    pub fn len(self) -> usize {
        match self.kind() {
            CellKind::Collection { mapping: true, length, .. } => length as usize / 2,
            CellKind::Collection { length, .. } => length as usize,
            _ => 0,
        }
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The items of a sequence; nothing for anything else.
    pub fn items(self) -> Items<'d> {
        let next = match self.kind() {
            CellKind::Collection { mapping: false, first, .. } => first,
            _ => NONE,
        };
        Items { tree: self.tree, next }
    }

    /// Key and value of each entry of a mapping as written, duplicates included; nothing for anything else.
    pub fn entries(self) -> Entries<'d> {
        let next = match self.kind() {
            CellKind::Collection { mapping: true, first, .. } => first,
            _ => NONE,
        };
        Entries { tree: self.tree, next }
    }

    /// The value under `key`; the first where the key stands twice. Merge keys (`<<`) count after the mapping's own.
    pub fn get(self, key: &str) -> Option<Node<'d>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Like [`Node::get`], with the key itself, whose place is where a finding about the entry points.
    pub fn entry(self, key: &str) -> Option<(Node<'d>, Node<'d>)> {
        // Merged mappings wait here in order of precedence; the alias budget ends a circle of them.
        let mut merged = vec![self];
        let mut at = 0;
        while at < merged.len() {
            let mapping = merged[at];
            at += 1;
            for (name, value) in mapping.entries() {
                match name.scalar() {
                    Some(text) if text == key => return Some((name, value)),
                    Some("<<") => match value.shape() {
                        Shape::Sequence => merged.extend(value.items()),
                        _ => merged.push(value),
                    },
                    _ => {}
                }
            }
        }
        None
    }

    /// The node at a path of keys.
    pub fn at(self, path: &[&str]) -> Option<Node<'d>> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }
}

/// Items of a sequence.
pub struct Items<'d> {
    tree: &'d Tree<'d>,
    next: u32,
}

impl<'d> Iterator for Items<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        if self.next == NONE {
            return None;
        }
        let node = Node { tree: self.tree, id: self.next };
        self.next = self.tree.cells[self.next as usize].next;
        Some(node)
    }
}

/// Entries of a mapping.
pub struct Entries<'d> {
    tree: &'d Tree<'d>,
    next: u32,
}

impl<'d> Iterator for Entries<'d> {
    type Item = (Node<'d>, Node<'d>);

    fn next(&mut self) -> Option<(Node<'d>, Node<'d>)> {
        let mut items = Items { tree: self.tree, next: self.next };
        let entry = (items.next()?, items.next()?);
        self.next = items.next;
        Some(entry)
    }
}
