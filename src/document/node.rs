//! Reading a tree: a [`Node`] is a cheap copyable view of one place in it.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};

use super::cell::{Kind, NONE, NodeCell};
use super::{Shape, Tree, within};
use crate::source::{Location, Span, Spanned};

/// One key or value of a document. An alias reads as what it stands for, within the tree's budget.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    tree: &'d Tree<'d>,
    /// The cell where the node is written.
    id: u32,
    /// The cell it stands for: the same, save for an alias; `NONE` for an alias beyond the budget.
    target: u32,
}

impl<'d> Node<'d> {
    pub(super) fn new(tree: &'d Tree<'_>, id: u32) -> Self {
        let target = match tree.cells.get(id as usize) {
            Some(cell) if cell.kind() == Kind::Alias => follow(tree, cell.data),
            _ => id,
        };
        Node { tree, id, target }
    }

    fn cell(self) -> Option<&'d NodeCell> {
        self.tree.cells.get(self.target as usize)
    }

    pub fn shape(self) -> Shape {
        self.cell().map_or(Shape::Null, NodeCell::shape)
    }

    /// Where the node is written; for an alias, where the alias stands. A quoted text's span includes the quotes, that of a
    /// block text begins with `|` or `>` and ends with its last character that is no white space.
    pub fn span(self) -> Span {
        self.tree.cells.get(self.id as usize).map_or(Span::default(), |cell| cell.span)
    }

    pub fn location(self) -> Location {
        self.tree.location(self.span())
    }

    /// Where a part of a scalar's text is written; `part` is a byte range of what the scalar reads. The whole scalar where escapes
    /// and folded lines can't be followed, or for anything but a scalar.
    pub fn location_within(self, part: Span) -> Location {
        let found = self.cell().and_then(|cell| {
            let whole = cell.span;
            let value = self.scalar()?;
            let range = match cell.kind() {
                Kind::Unescaped => within::find(self.tree.text.get(whole.range())?, value, part.range())?,
                _ if part.end as usize <= value.len() => (cell.data + part.start) as usize..(cell.data + part.end) as usize,
                _ => return None,
            };
            Some(Span::new(whole.start as usize + range.start, whole.start as usize + range.end))
        });
        self.tree.location(found.unwrap_or(self.cell().map_or(self.span(), |cell| cell.span)))
    }

    /// An identity within the tree, the same for an alias and what it stands for.
    pub fn identity(self) -> u32 {
        self.target
    }

    /// The explicit tag as it is written: `!Ref`, `!!str`.
    pub fn tag(self) -> Option<&'d str> {
        let at = self.tree.tags.binary_search_by_key(&self.target, |tag| tag.0).ok()?;
        self.tree.text.get(self.tree.tags[at].1.range())
    }

    /// True for an alias itself, whose contents stand elsewhere: a walk over the text as written passes it by.
    pub fn is_alias(self) -> bool {
        self.id != self.target
    }

    /// The text of any scalar but null, as it reads: `8080` for a number, `true` for a boolean.
    pub fn scalar(self) -> Option<&'d str> {
        self.cell()?.scalar(self.tree.text, &self.tree.unescaped)
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
        match self.cell() {
            Some(cell) if cell.kind() == Kind::Mapping => cell.data as usize / 2,
            Some(cell) if cell.kind() == Kind::Sequence => cell.data as usize,
            _ => 0,
        }
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The items of a sequence; nothing for anything else.
    pub fn items(self) -> Items<'d> {
        self.children(Kind::Sequence)
    }

    /// Key and value of each entry of a mapping as written, duplicates included; nothing for anything else.
    pub fn entries(self) -> Entries<'d> {
        Entries(self.children(Kind::Mapping))
    }

    fn children(self, kind: Kind) -> Items<'d> {
        match self.cell() {
            Some(cell) if cell.kind() == kind => Items { tree: self.tree, next: self.target + 1, stop: cell.end() },
            _ => Items { tree: self.tree, next: 0, stop: 0 },
        }
    }

    /// The value under `key`; the first where the key stands twice. Merge keys (`<<`) count after the mapping's own.
    pub fn get(self, key: &str) -> Option<Node<'d>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Like [`Node::get`], with the key itself, whose place is where a finding about the entry points.
    pub fn entry(self, key: &str) -> Option<(Node<'d>, Node<'d>)> {
        let mut merges = Vec::new();
        if let Some(entry) = self.own_entry(key, &mut merges) {
            return Some(entry);
        }
        // Merged mappings wait in order of precedence: those that a mapping merges come before those beside it.
        merges.reverse();
        for _ in 0..MOST_MERGED {
            let merged = merges.pop()?;
            let behind = merges.len();
            if let Some(entry) = merged.own_entry(key, &mut merges) {
                return Some(entry);
            }
            merges[behind..].reverse();
        }
        None
    }

    /// The entry that the mapping itself holds, and the mappings that it merges.
    fn own_entry(self, key: &str, merges: &mut Vec<Node<'d>>) -> Option<(Node<'d>, Node<'d>)> {
        let cell = self.cell().filter(|cell| cell.kind() == Kind::Mapping)?;
        if cell.data >= INDEXED {
            let mut indexes = self.tree.indexes.borrow_mut();
            let index = indexes.entry(self.target).or_insert_with(|| KeyIndex::new(self));
            merges.extend(index.merges.iter().flat_map(|&id| Node::new(self.tree, id).merged()).take(MOST_MERGED));
            let found = *index.first.get(&hash(key))?;
            let (name, value) = Entries(Items { tree: self.tree, next: found, stop: cell.end() }).next()?;
            if name.scalar() == Some(key) {
                return Some((name, value));
            }
            // Two keys with one hash: look at all of them.
        }
        for (name, value) in self.entries() {
            match name.scalar() {
                Some(text) if text == key => return Some((name, value)),
                Some("<<") if cell.data < INDEXED => merges.extend(value.merged()),
                _ => {}
            }
        }
        None
    }

    /// The mappings that this value of a merge key stands for.
    fn merged(self) -> impl Iterator<Item = Node<'d>> {
        let one = (self.shape() == Shape::Mapping).then_some(self);
        one.into_iter().chain(self.items()).take(MOST_MERGED)
    }

    /// The node at a path of keys.
    pub fn at(self, path: &[&str]) -> Option<Node<'d>> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }
}

/// Pays for reading all that an alias stands for. Where that exceeds the budget the alias reads as null, and all later ones.
#[cold]
fn follow(tree: &Tree, target: u32) -> u32 {
    let size = tree.cells.get(target as usize).map_or(1, |cell| cell.end() - target);
    match tree.aliases_left.get().checked_sub(size) {
        Some(left) if left > 0 => {
            tree.aliases_left.set(left);
            target
        }
        _ => {
            tree.aliases_left.set(0);
            NONE
        }
    }
}

/// How many merged mappings are looked into for one key: a list of thousands, asked thousands of times, would take hours.
const MOST_MERGED: usize = 256;

/// From how many children (keys and values) on a mapping is asked by hash.
const INDEXED: u32 = 2 * 32;

pub(super) type KeyIndexes = FxHashMap<u32, KeyIndex>;

/// Where the keys of a large mapping are.
pub(super) struct KeyIndex {
    /// The cell of the first key with each hash.
    first: FxHashMap<u64, u32>,
    /// The cells of the values of merge keys.
    merges: Vec<u32>,
}

impl KeyIndex {
    fn new(mapping: Node) -> Self {
        let mut index = KeyIndex { first: FxHashMap::default(), merges: Vec::new() };
        index.first.reserve(mapping.len());
        for (name, value) in mapping.entries() {
            let Some(text) = name.scalar() else { continue };
            index.first.entry(hash(text)).or_insert(name.id);
            if text == "<<" {
                index.merges.push(value.id);
            }
        }
        index
    }
}

fn hash(key: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(key.as_bytes());
    hasher.finish()
}

/// Items of a sequence.
#[derive(Clone)]
pub struct Items<'d> {
    tree: &'d Tree<'d>,
    next: u32,
    stop: u32,
}

impl<'d> Iterator for Items<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        if self.next >= self.stop {
            return None;
        }
        let node = Node::new(self.tree, self.next);
        self.next = self.tree.cells.get(self.next as usize).map_or(self.stop, NodeCell::end);
        Some(node)
    }
}

/// Entries of a mapping.
#[derive(Clone)]
pub struct Entries<'d>(Items<'d>);

impl<'d> Iterator for Entries<'d> {
    type Item = (Node<'d>, Node<'d>);

    fn next(&mut self) -> Option<(Node<'d>, Node<'d>)> {
        Some((self.0.next()?, self.0.next()?))
    }
}
