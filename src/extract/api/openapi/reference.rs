//! References of a description: what a `$ref` names, and the node it stands for.
//!
//! A reference inside the document is resolved by its JSON pointer (RFC 6901, percent-decoded as a URI fragment is), each once, so a
//! hundred thousand references cost a hundred thousand look-ups. What another file holds is not read here.

use std::borrow::Cow;
use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::fields::Budget;
use crate::document::{Node, Shape};
use crate::source::last_part;

/// What a `$ref` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference<'d> {
    /// A JSON pointer inside the document, still percent-encoded.
    Inside(&'d str),
    /// A JSON pointer inside another file of the repository.
    File { path: String, pointer: Cow<'d, str> },
    /// A relative path that leads above the repository's root.
    LeavesRepository,
    /// An address that is never read: a URL, an absolute path, a named anchor.
    Unread,
}

/// Where a reference leads inside the document.
#[derive(Clone, Copy)]
pub enum Target<'d> {
    Node(Node<'d>),
    /// Nothing is there.
    Missing,
    /// What is there can't be told from this document.
    Unknown,
}

impl<'d> Reference<'d> {
    /// What `text` names when it is written in the file at `path`, which is below the repository's root.
    pub fn parse(text: &'d str, path: &str) -> Reference<'d> {
        let (address, fragment) = text.split_once('#').map_or((text, None), |(address, fragment)| (address, Some(fragment)));
        // A fragment without a slash is a name that some `$anchor` gives.
        let Some(pointer) = fragment.or(Some("")).filter(|pointer| pointer.is_empty() || pointer.starts_with('/')) else {
            return Reference::Unread;
        };
        if address.is_empty() {
            return match fragment {
                Some(pointer) => Reference::Inside(pointer),
                None => Reference::Unread,
            };
        }
        let scheme = address.find(':').is_some_and(|colon| !address[..colon].contains('/'));
        if scheme || address.starts_with(['/', '\\']) || address.contains('?') {
            return Reference::Unread;
        }
        match beside(path, &percent_decoded(address)) {
            Some(file) if file == path => Reference::Inside(pointer),
            Some(file) => Reference::File { path: file, pointer: percent_decoded(pointer) },
            None => Reference::LeavesRepository,
        }
    }
}

/// The path that `relative` names beside the file at `path`; none when it leads above the root.
fn beside(path: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The last step of a pointer, as it reads.
pub fn last_step(pointer: &str) -> Cow<'_, str> {
    unescaped(last_part(pointer))
}

fn unescaped(step: &str) -> Cow<'_, str> {
    let step = percent_decoded(step);
    if step.contains('~') { Cow::Owned(step.replace("~1", "/").replace("~0", "~")) } else { step }
}

fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|&digit| (digit as char).to_digit(16));
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    // A sequence that is no text stays as it is written.
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Resolves pointers inside one document, each once.
pub struct Resolver<'d> {
    root: Node<'d>,
    /// The file, below the repository's root.
    pub path: &'d str,
    pub budget: Budget,
    found: RefCell<FxHashMap<&'d str, Target<'d>>>,
    /// The items of lists that pointers lead through.
    items: RefCell<FxHashMap<u32, Vec<Node<'d>>>>,
}

impl<'d> Resolver<'d> {
    pub fn new(root: Node<'d>, path: &'d str) -> Self {
        Resolver { root, path, budget: Budget::default(), found: RefCell::default(), items: RefCell::default() }
    }

    /// Where `reference`, as written, leads.
    pub fn target(&self, reference: &'d str) -> Target<'d> {
        if let Some(target) = self.found.borrow().get(reference) {
            return *target;
        }
        let target = match Reference::parse(reference, self.path) {
            Reference::Inside(pointer) => self.walk(pointer),
            _ => Target::Unknown,
        };
        self.found.borrow_mut().insert(reference, target);
        target
    }

    fn walk(&self, pointer: &str) -> Target<'d> {
        let mut node = self.root;
        for step in pointer.split('/').skip(1) {
            let step = unescaped(step);
            match self.child(node, &step) {
                Some(child) => node = child,
                // Some tools let a pointer lead through a reference; what they find there is theirs to say.
                None if reference_of(node).is_some() || self.budget.is_exhausted() => return Target::Unknown,
                None => return Target::Missing,
            }
        }
        Target::Node(node)
    }

    fn child(&self, node: Node<'d>, step: &str) -> Option<Node<'d>> {
        if node.shape() != Shape::Sequence {
            return node.get(step);
        }
        let place: usize = step.parse().ok()?;
        let mut items = self.items.borrow_mut();
        items.entry(node.identity()).or_insert_with(|| node.items().collect()).get(place).copied()
    }
}

/// The text of an object's `$ref`.
pub fn reference_of(object: Node<'_>) -> Option<&str> {
    object.get("$ref")?.text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Syntax, parse};

    #[test]
    fn references_are_told_apart() {
        let read = |text: &'static str| Reference::parse(text, "api/openapi.yaml");
        let file = |path: &str, pointer: &'static str| Reference::File { path: path.into(), pointer: pointer.into() };
        assert_eq!(read("#/components/schemas/A"), Reference::Inside("/components/schemas/A"));
        assert_eq!(read("#"), Reference::Inside(""));
        assert_eq!(read("openapi.yaml#/paths"), Reference::Inside("/paths"), "the file itself");
        assert_eq!(read("./paths/a.yaml"), file("api/paths/a.yaml", ""));
        assert_eq!(read("../shared/b%20c.yaml#/x~1y%7Bid%7D"), file("shared/b c.yaml", "/x~1y{id}"));
        assert_eq!(read("../../other/x.yaml"), Reference::LeavesRepository);
        for text in ["https://example.com/a.yaml", "/etc/a.yaml", "file:///a", "urn:x", "#anchor", "a.yaml#name", ""] {
            assert_eq!(read(text), Reference::Unread, "{text}");
        }
    }

    #[test]
    fn pointers_are_resolved() {
        let many: Vec<String> = (0..40).map(|n| format!(r#""k{n}": {{"value": {n}}}"#)).collect();
        let text =
            format!(r##"{{"a/b": [1, {{"c~d": "x"}}], "e f": 2, "r": {{"$ref": "#/a"}}, "many": {{{}}}}}"##, many.join(", "));
        let tree = parse(Syntax::Json, &text);
        let resolver = Resolver::new(tree.root().expect("it parses"), "x.json");
        let read = |pointer: &'static str| match resolver.target(pointer) {
            Target::Node(node) => node.scalar().unwrap_or("a collection").to_owned(),
            Target::Missing => "missing".to_owned(),
            Target::Unknown => "unknown".to_owned(),
        };
        assert_eq!(read("#/a~1b/1/c~0d"), "x");
        assert_eq!(read("#/e%20f"), "2");
        assert_eq!(read("#/many/k39/value"), "39");
        assert_eq!(read("#/many/k40"), "missing");
        assert_eq!(read("#/a~1b/2"), "missing");
        assert_eq!(read("#/r/x"), "unknown");
        assert_eq!(read("#"), "a collection");
    }
}
