//! The builder that the three readers fill a tree with.
//!
//! It does what all syntaxes need alike: it caps depth and size, finds duplicate keys, and resolves anchors.

use std::cell::{Cell, OnceCell, RefCell};
use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::cell::{Kind, NONE, NodeCell, Unescaped};
use super::{ALIAS_BUDGET, Defect, DefectKind, MAX_DEPTH, MAX_NODES, Shape, Tree};
use crate::source::{LineIndex, Span};

/// How many defects of one kind a file is told; nobody reads more, and a hostile file would have millions.
const MAX_DEFECTS: u32 = 1000;

/// A collection that is still open.
#[derive(Clone, Copy)]
struct Open {
    id: u32,
    mapping: bool,
    children: u32,
    /// How deep the deepest node below lies, aliases followed.
    height: u32,
    /// Where the last child ends.
    last: u32,
    /// The number of its anchor; 0 for none.
    anchor: u32,
}

/// A node that aliases may name: its cell, and how many collections deep it is.
#[derive(Clone, Copy)]
struct Anchor {
    cell: u32,
    height: u32,
}

pub(super) struct Builder<'t> {
    text: &'t str,
    limit: usize,
    cells: Vec<NodeCell>,
    unescaped: Unescaped,
    roots: Vec<u32>,
    defects: Vec<Defect>,
    lines: OnceCell<LineIndex>,
    open: Vec<Open>,
    /// Collections that are open beyond the deepest that is kept; their content is left out.
    beyond: usize,
    /// By the number that the YAML parser gives them. An anchor whose node is still open has the height `NONE`.
    anchors: Vec<Anchor>,
    tags: Vec<(u32, Span)>,
    keys: Vec<(u64, u32)>,
    full: bool,
    /// How many defects there are of each kind.
    told: [u32; DefectKind::ALL.len()],
}

impl<'t> Builder<'t> {
    pub fn new(text: &'t str) -> Self {
        Builder::within(text, MAX_NODES)
    }

    /// A builder that takes at most `limit` nodes.
    pub fn within(text: &'t str, limit: usize) -> Self {
        Builder {
            text,
            limit,
            cells: Vec::with_capacity(text.len() / 64 + 4),
            unescaped: Unescaped::default(),
            roots: Vec::new(),
            defects: Vec::new(),
            lines: OnceCell::new(),
            open: Vec::new(),
            beyond: 0,
            anchors: Vec::new(),
            tags: Vec::new(),
            keys: Vec::new(),
            full: false,
            told: [0; DefectKind::ALL.len()],
        }
    }

    /// True once a node found no room: whatever follows is not kept.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Where the last node ends that was added to the innermost open collection, or where that begins. None outside of all, and
    /// where nothing is kept.
    pub fn last_end(&self) -> Option<usize> {
        self.open.last().filter(|_| self.beyond == 0).map(|open| open.last as usize)
    }

    /// Whether the innermost open collection is a mapping.
    pub fn is_in_mapping(&self) -> bool {
        self.open.last().is_some_and(|open| open.mapping)
    }

    /// A scalar whose value is the text of its span less `inset` bytes (quotes) on either side. Returns its cell.
    #[inline]
    pub fn scalar(&mut self, shape: Shape, span: Span, inset: u32) -> u32 {
        let kind = match shape {
            Shape::Null => Kind::Null,
            Shape::Bool => Kind::Bool,
            Shape::Int => Kind::Int,
            Shape::Float => Kind::Float,
            _ => Kind::Text,
        };
        self.push(kind, span, inset)
    }

    /// A text that reads otherwise than it is written.
    pub fn unescaped(&mut self, span: Span, value: &str) -> u32 {
        if self.beyond > 0 {
            return NONE;
        }
        let index = self.unescaped.push(value);
        self.push(Kind::Unescaped, span, index)
    }

    pub fn null(&mut self, span: Span) -> u32 {
        self.push(Kind::Null, span, 0)
    }

    pub fn begin(&mut self, mapping: bool, start: usize) -> u32 {
        if self.beyond > 0 || self.open.len() >= MAX_DEPTH {
            if self.beyond == 0 {
                self.null(Span::new(start, start));
                self.too_deep(Span::new(start, start));
            }
            self.beyond += 1;
            return NONE;
        }
        let kind = if mapping { Kind::Mapping } else { Kind::Sequence };
        let id = self.push(kind, Span::new(start, start), 0);
        self.open.push(Open { id, mapping, children: 0, height: 0, last: start as u32, anchor: 0 });
        id
    }

    /// Closes the innermost collection, which ends at `end`, or where its last child ends if that is later or nothing else
    /// is known. A key that still waits for its value gets null.
    pub fn end(&mut self, end: Option<usize>) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let Some(&Open { mapping, children, last, .. }) = self.open.last() else { return };
        if mapping && children % 2 == 1 {
            self.null(Span { start: last, end: last });
        }
        let Some(closed) = self.open.pop() else { return };
        let after = self.cells.len();
        let Some(cell) = self.cells.get_mut(closed.id as usize) else { return };
        cell.span.end = closed.last.max(end.unwrap_or(0) as u32);
        cell.set_end(after);
        cell.data = closed.children;
        let end = cell.span.end;
        if let Some(parent) = self.open.last_mut() {
            parent.height = parent.height.max(closed.height + 1);
            parent.last = end;
        }
        if mapping && closed.children > 2 {
            self.check_keys(closed);
        }
        if closed.anchor > 0 {
            self.anchors[closed.anchor as usize].height = closed.height + 1;
        }
    }

    /// Names a node that aliases may stand for. `number` is the YAML parser's, which counts from 1.
    pub fn anchor(&mut self, number: usize, cell: u32) {
        let mut height = 0;
        if let Some(open) = self.open.last_mut().filter(|open| open.id == cell && cell != NONE) {
            open.anchor = number as u32;
            height = NONE;
        }
        // The parser counts anchors that were lost with a broken document, too.
        if number >= self.anchors.len() {
            self.anchors.resize(number + 1, Anchor { cell: NONE, height: 0 });
        }
        self.anchors[number] = Anchor { cell, height };
    }

    pub fn alias(&mut self, number: usize, span: Span) {
        let Some(&anchor) = self.anchors.get(number).filter(|anchor| anchor.cell != NONE) else {
            self.null(span);
            return;
        };
        if anchor.height == NONE {
            let name = shown(self.text.get(span.range()).unwrap_or_default());
            self.defect(DefectKind::UnknownAlias, span, format!("the alias `{name}` stands inside the node that it names"), None);
            self.null(span);
        } else if self.open.len() as u32 + anchor.height > MAX_DEPTH as u32 {
            self.too_deep(span);
            self.null(span);
        } else {
            self.push(Kind::Alias, span, anchor.cell);
            if let Some(parent) = self.open.last_mut() {
                parent.height = parent.height.max(anchor.height);
            }
        }
    }

    /// Remembers the tag of the cell that was added last.
    pub fn tag(&mut self, cell: u32, span: Span) {
        if cell != NONE {
            self.tags.push((cell, span));
        }
    }

    pub fn defect(&mut self, kind: DefectKind, span: Span, message: impl Into<String>, related: Option<(Span, &str)>) {
        let told = &mut self.told[kind as usize];
        *told += 1;
        if *told > MAX_DEFECTS {
            return;
        }
        let lines = self.lines.get_or_init(|| LineIndex::new(self.text));
        self.defects.push(Defect {
            kind,
            message: message.into(),
            at: lines.location(self.text, span),
            related: related.map(|(span, label)| (lines.location(self.text, span), label.to_owned())),
        });
    }

    /// Closes whatever is open: the end of a document, or of what can be read of it.
    pub fn end_document(&mut self, end: Option<usize>) {
        self.beyond = 0;
        while !self.open.is_empty() {
            self.end(end);
        }
    }

    pub fn finish(mut self) -> Tree<'t> {
        self.end_document(Some(self.text.len()));
        self.defects.sort_by_key(|defect| defect.at);
        let aliases_left = ALIAS_BUDGET.saturating_add(self.cells.len() as u32);
        Tree {
            text: self.text,
            cells: self.cells,
            unescaped: self.unescaped,
            roots: self.roots,
            tags: self.tags,
            defects: self.defects,
            lines: self.lines,
            aliases_left: Cell::new(aliases_left),
            indexes: RefCell::default(),
        }
    }

    #[inline]
    fn push(&mut self, kind: Kind, span: Span, data: u32) -> u32 {
        if self.beyond > 0 {
            return NONE;
        }
        let id = self.cells.len();
        if id >= self.limit {
            self.out_of_room(span);
            return NONE;
        }
        self.cells.push(NodeCell::new(kind, span, id + 1, data));
        match self.open.last_mut() {
            Some(parent) => {
                parent.children += 1;
                parent.last = span.end;
            }
            None => self.roots.push(id as u32),
        }
        id as u32
    }

    #[cold]
    fn out_of_room(&mut self, span: Span) {
        if !self.full {
            self.full = true;
            self.defect(DefectKind::TooLarge, span, format!("more than {} nodes; the rest is left out", self.limit), None);
        }
    }

    #[cold]
    pub fn too_deep(&mut self, span: Span) {
        if self.told[DefectKind::TooDeep as usize] == 0 {
            let message = format!("nested deeper than {MAX_DEPTH} levels; what is deeper is left out");
            self.defect(DefectKind::TooDeep, span, message, None);
        }
    }

    /// Reports keys that stand twice. A few keys are compared pair by pair; many are sorted by hash and text, so that no
    /// choice of keys makes this slow.
    fn check_keys(&mut self, mapping: Open) {
        const FEW: u32 = 2 * 8;
        let mut keys = std::mem::take(&mut self.keys);
        keys.clear();
        let mut id = mapping.id + 1;
        let stop = self.cells.len() as u32;
        while id < stop {
            keys.push((0, id));
            let value = self.cells[id as usize].end();
            id = self.cells.get(value as usize).map_or(stop, NodeCell::end);
        }
        if mapping.children <= FEW {
            for (index, &(_, later)) in keys.iter().enumerate().skip(1) {
                if let Some(&(_, first)) = keys[..index].iter().find(|&&(_, first)| self.same_key(first, later)) {
                    self.duplicate_key(first, later);
                }
            }
        } else {
            for (hash, id) in &mut keys {
                let mut hasher = FxHasher::default();
                hasher.write_u8(self.is_text(*id).into());
                hasher.write(self.key_text(*id).unwrap_or_default().as_bytes());
                *hash = hasher.finish();
            }
            keys.sort_unstable_by(|a, b| {
                a.0.cmp(&b.0).then_with(|| self.key_text(a.1).cmp(&self.key_text(b.1))).then(a.1.cmp(&b.1))
            });
            let mut first = 0;
            for index in 1..keys.len() {
                if keys[first].0 == keys[index].0 && self.same_key(keys[first].1, keys[index].1) {
                    self.duplicate_key(keys[first].1, keys[index].1);
                } else {
                    first = index;
                }
            }
        }
        self.keys = keys;
    }

    /// The text of a key, also of null and of an alias to a scalar; none of a collection.
    #[inline]
    fn key_text(&self, id: u32) -> Option<&str> {
        let mut cell = self.cells[id as usize];
        if cell.kind() == Kind::Alias {
            cell = *self.cells.get(cell.data as usize)?;
        }
        match cell.kind() {
            Kind::Null => Some(""),
            _ => cell.scalar(self.text, &self.unescaped),
        }
    }

    fn same_key(&self, first: u32, later: u32) -> bool {
        match (self.key_text(first), self.key_text(later)) {
            (Some(one), Some(two)) => one == two && self.is_text(first) == self.is_text(later),
            _ => false,
        }
    }

    /// `1` and `"1"` are different keys.
    fn is_text(&self, id: u32) -> bool {
        let cell = self.cells[id as usize];
        let cell = if cell.kind() == Kind::Alias { self.cells[cell.data as usize] } else { cell };
        cell.shape() == Shape::Text
    }

    #[cold]
    fn duplicate_key(&mut self, first: u32, later: u32) {
        let key = match self.cells[later as usize].kind() {
            Kind::Null => "null",
            _ => self.key_text(later).unwrap_or_default(),
        };
        let message = format!("the key `{}` stands twice", shown(key));
        let (first, later) = (self.cells[first as usize].span, self.cells[later as usize].span);
        self.defect(DefectKind::DuplicateKey, later, message, Some((first, "first written here")));
    }
}

/// A text of the input as messages quote it: one line, not long.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String =
        text.chars().take(LONGEST).map(|character| if character.is_control() { '\u{FFFD}' } else { character }).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
