//! Keys that stand twice with the same value.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::{DefectKind, Node, Tree};

/// Where second keys stand whose values are written like those of the first. For JSON, which has no aliases: every node is met once.
pub fn equal_in_value(tree: &Tree) -> FxHashSet<u32> {
    let duplicates = tree.defects().iter().filter(|defect| defect.kind == DefectKind::DuplicateKey);
    let duplicates: FxHashSet<u32> = duplicates.map(|defect| defect.at.start).collect();
    let mut equal = FxHashSet::default();
    if duplicates.is_empty() {
        return equal;
    }
    let mut waiting: Vec<Node> = tree.documents().collect();
    while let Some(node) = waiting.pop() {
        waiting.extend(node.items());
        waiting.extend(node.entries().map(|(_, value)| value));
        if !node.entries().any(|(key, _)| duplicates.contains(&key.span().start)) {
            continue;
        }
        let mut first: FxHashMap<&str, &str> = FxHashMap::default();
        for (key, value) in node.entries() {
            let (Some(name), Some(written)) = (key.scalar(), tree.text().get(value.span().range())) else { continue };
            if *first.entry(name).or_insert(written) == written {
                equal.insert(key.span().start);
            }
        }
    }
    equal
}
