//! The fields of an object: entries of a mapping as readers of the format see them, under a budget of work.
//!
//! Equal keys count once, and merged mappings (`<<`) are read, though the format knows none, since YAML tools expand them.

use std::cell::Cell;

use rustc_hash::FxHashSet;

use crate::document::{Node, Shape};

pub struct Field<'d> {
    pub name: &'d str,
    pub key: Node<'d>,
    pub value: Node<'d>,
}

/// How much work one document may cause beyond its own length: aliases and references let a few lines stand for millions.
pub struct Budget {
    left: Cell<u32>,
    exhausted: Cell<bool>,
}

impl Default for Budget {
    fn default() -> Self {
        // The largest public descriptions need less than a tenth of it.
        Budget { left: Cell::new(16_000_000), exhausted: Cell::new(false) }
    }
}

impl Budget {
    /// Takes so many steps; false when there are no more.
    pub fn spend(&self, steps: usize) -> bool {
        match self.left.get().checked_sub(u32::try_from(steps).unwrap_or(u32::MAX)) {
            Some(left) => self.left.set(left),
            None => self.exhausted.set(true),
        }
        !self.exhausted.get()
    }

    pub fn is_exhausted(&self) -> bool {
        self.exhausted.get()
    }

    /// The fields of `object`: none when it is no mapping, or when the budget is used up.
    pub fn fields<'d>(&self, object: Node<'d>) -> Vec<Field<'d>> {
        let mut fields: Vec<Field> = Vec::new();
        if object.shape() != Shape::Mapping || !self.spend(1 + object.len()) {
            return fields;
        }
        let mut seen = Seen::default();
        let mut merged = Vec::new();
        self.add(object, &mut seen, &mut fields, &mut merged);
        let mut at = 0;
        while at < merged.len() {
            let mapping: Node = merged[at];
            at += 1;
            if merged[..at - 1].iter().any(|earlier: &Node| earlier.identity() == mapping.identity()) {
                continue;
            }
            if !self.spend(at + mapping.len()) {
                break;
            }
            self.add(mapping, &mut seen, &mut fields, &mut merged);
        }
        fields
    }

    fn add<'d>(&self, mapping: Node<'d>, seen: &mut Seen<'d>, fields: &mut Vec<Field<'d>>, merged: &mut Vec<Node<'d>>) {
        fields.reserve(mapping.len());
        for (key, value) in mapping.entries() {
            let Some(name) = key.scalar() else { continue };
            if name == "<<" {
                match value.shape() {
                    Shape::Sequence if self.spend(value.len()) => merged.extend(value.items()),
                    Shape::Mapping => merged.push(value),
                    _ => {}
                }
            } else if seen.is_new(name, fields) {
                fields.push(Field { name, key, value });
            }
        }
    }
}

/// Names already taken: looked up in the fields themselves while they are few.
#[derive(Default)]
struct Seen<'d> {
    names: FxHashSet<&'d str>,
}

impl<'d> Seen<'d> {
    const FEW: usize = 12;

    fn is_new(&mut self, name: &'d str, fields: &[Field<'d>]) -> bool {
        if fields.len() < Self::FEW {
            return fields.iter().all(|field| field.name != name);
        }
        if self.names.is_empty() {
            self.names.extend(fields.iter().map(|field| field.name));
        }
        self.names.insert(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Syntax, parse};

    fn names(text: &str) -> String {
        let tree = parse(Syntax::Yaml, text);
        let root = tree.root().expect("it parses");
        let object = root.get("x").unwrap_or(root);
        Budget::default()
            .fields(object)
            .iter()
            .map(|field| format!("{}={}", field.name, field.value.scalar().unwrap_or("?")))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn the_first_of_equal_keys_counts() {
        assert_eq!(names("a: 1\nb: 2\na: 3\n"), "a=1 b=2");
        let many: String = (0..30).map(|n| format!("k{}: {n}\n", n % 20)).collect();
        assert_eq!(names(&many).split(' ').count(), 20);
    }

    #[test]
    fn merged_keys_come_last() {
        assert_eq!(names("base: &base {a: 1, b: 2}\nx:\n  <<: *base\n  b: 3\n  c: 4\n"), "b=3 c=4 a=1");
        assert_eq!(names("p: &p {a: 1}\nq: &q {<<: *p, a: 2, b: 2}\nx: {<<: [*p, *q]}\n"), "a=1 b=2");
        assert_eq!(names("[1, 2]"), "");
    }

    #[test]
    fn work_is_bounded() {
        let budget = Budget { left: Cell::new(3), exhausted: Cell::new(false) };
        let tree = parse(Syntax::Yaml, "{a: 1, b: 2}");
        let root = tree.root().expect("it parses");
        assert_eq!(budget.fields(root).len(), 2);
        assert_eq!(budget.fields(root).len(), 0);
        assert!(budget.is_exhausted());
    }
}
