//! A rule's documentation and examples: read when somebody asks for them, so that a check does not pay for them.

use std::sync::Arc;

use super::super::decode::{self, Problems, texts};
use super::super::{RuleSource, library};
use super::form;
use crate::diagnostic::{Diagnostic, Level};
use crate::document::{Node, Syntax, parse};
use crate::source::Location;

/// What a rule's file says beyond its logic.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// Markdown.
    pub docs: String,
    pub examples: Vec<Example>,
}

/// Files, and what the rule says about them.
#[derive(Clone, Debug)]
pub struct Example {
    pub name: String,
    /// Texts by path.
    pub files: Vec<(String, String)>,
    /// The text of a policy that the example is checked with.
    pub policy: Option<String>,
    /// Every finding of the rule; none, when all is well.
    pub expect: Vec<Expected>,
    /// In the rule's file; for a built-in rule, in its pages.
    pub at: Location,
}

#[derive(Clone, Debug)]
pub struct Expected {
    pub level: Option<Level>,
    pub path: String,
    pub line: u32,
    pub message: Option<String>,
    pub services: Option<Vec<String>>,
    pub at: Location,
}

/// Reads them. The text of a user's rule was checked when its policy was loaded; that of a built-in one is checked by a test.
pub fn read(source: &RuleSource) -> Result<Pages, Vec<Diagnostic>> {
    let (path, text, at): (Arc<str>, &str, Option<Location>) = match source {
        RuleSource::BuiltIn(index) => {
            let rule = &library::rules()[*index];
            (rule.path.into(), rule.pages, None)
        }
        RuleSource::Own { path, text, at } => (Arc::clone(path), text, Some(*at)),
    };
    let tree = parse(Syntax::Yaml, text);
    let mut problems = Problems::new(&path);
    let root = decode::root(&tree, form::RULE.noun, &mut problems);
    // A rule that stands inside a policy is told by its place.
    let node = root.and_then(|root| match at {
        Some(at) if root.location().start != at.start => {
            root.get("own_rules").and_then(|rules| rules.items().find(|rule| rule.location().start == at.start))
        }
        _ => Some(root),
    });
    match node {
        Some(node) if problems.is_empty() => Ok(pages(node)),
        _ => Err(problems.into_diagnostics()),
    }
}

fn pages(node: Node) -> Pages {
    let docs = node.get("docs").and_then(Node::text).unwrap_or_default().to_owned();
    Pages { docs, examples: node.get("examples").into_iter().flat_map(Node::items).filter_map(example).collect() }
}

fn example(node: Node) -> Option<Example> {
    let files =
        node.get("files")?.entries().filter_map(|(path, text)| Some((path.scalar()?.to_owned(), text.text()?.to_owned())));
    Some(Example {
        name: node.get("name")?.text()?.to_owned(),
        files: files.collect(),
        policy: node.get("policy").and_then(Node::text).map(str::to_owned),
        expect: node.get("expect")?.items().filter_map(expected).collect(),
        at: node.location(),
    })
}

fn expected(node: Node) -> Option<Expected> {
    let (path, line) = place(node.get("at")?.text()?)?;
    Some(Expected {
        level: node.get("level").and_then(Node::text).and_then(Level::from_name),
        path: path.to_owned(),
        line,
        message: node.get("message").and_then(Node::text).map(str::to_owned),
        services: node
            .get("services")
            .map(|services| texts(Some(services)).into_iter().map(|(name, _)| name.to_owned()).collect()),
        at: node.location(),
    })
}

/// Path and line of `path:line`.
pub fn place(text: &str) -> Option<(&str, u32)> {
    let (path, line) = text.rsplit_once(':')?;
    let digits = (1..=9).contains(&line.len()) && line.bytes().all(|digit| digit.is_ascii_digit()) && !line.starts_with('0');
    (digits && !path.is_empty()).then(|| line.parse().ok().map(|line| (path, line)))?
}
