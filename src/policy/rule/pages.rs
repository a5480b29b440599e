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
    /// In the rule's file.
    pub at: Location,
}

#[derive(Clone, Debug)]
pub struct Expected {
    pub level: Option<Level>,
    /// Path and line.
    pub place: Option<(String, u32)>,
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
    let Some(node) = node.filter(|_| problems.is_empty()) else { return Err(problems.into_diagnostics()) };
    let mut pages = pages(node);
    if let RuleSource::BuiltIn(index) = source {
        // The pages begin where the logic ends.
        let logic = library::rules()[*index].logic;
        let (bytes, lines) = (logic.len() as u32, logic.lines().count() as u32);
        let places = pages.examples.iter_mut().flat_map(|example| {
            std::iter::once(&mut example.at).chain(example.expect.iter_mut().map(|expected| &mut expected.at))
        });
        for at in places {
            *at = Location { start: at.start + bytes, end: at.end + bytes, line: at.line + lines, column: at.column };
        }
    }
    Ok(pages)
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
    let at = node.get("at").and_then(Node::text).and_then(place);
    Some(Expected {
        level: node.get("level").and_then(Node::text).and_then(Level::from_name),
        place: at.map(|(path, line)| (path.to_owned(), line)),
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
