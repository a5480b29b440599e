//! What is built in: rules, packs of rules, and the predicates that rules share. All of it is text in the formats that users write.

use crate::document::{Node, Syntax, parse};

/// One built-in rule, cut in two before its documentation.
pub struct BuiltIn {
    pub id: &'static str,
    pub category: &'static str,
    /// In this project's sources.
    pub path: &'static str,
    /// All that a run needs.
    pub logic: &'static str,
    /// `docs` and `examples`.
    pub pages: &'static str,
}

impl BuiltIn {
    /// The whole file.
    pub fn text(&self) -> String {
        [self.logic, self.pages].concat()
    }
}

include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// All built-in rules, sorted by id.
pub fn rules() -> &'static [BuiltIn] {
    RULES
}

/// The place of a rule in [`rules`].
pub fn position(id: &str) -> Option<usize> {
    RULES.binary_search_by(|rule| rule.id.cmp(id)).ok()
}

/// Names of the packs, sorted.
pub fn packs() -> impl Iterator<Item = &'static str> + Clone {
    PACKS.iter().map(|(name, _)| *name)
}

/// The text of a pack: a policy that only extends other packs and names rules.
pub fn pack(name: &str) -> Option<&'static str> {
    PACKS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The shared predicates: a mapping of definitions.
pub fn definitions() -> &'static str {
    DEFINITIONS
}

/// What a rule says of itself in one line.
pub fn summary(rule: &BuiltIn) -> String {
    let tree = parse(Syntax::Yaml, rule.logic);
    tree.root().and_then(|root| root.get("summary")).and_then(Node::text).unwrap_or_default().to_owned()
}
