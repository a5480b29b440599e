//! Checks a document that a user wrote against the table of its format, and says all that is wrong with it, each at its place.
//!
//! A tree and a [`Form`] come in, diagnostics come out. After a document has passed, whoever reads it needs no error paths of its own:
//! it takes what has the right shape and passes over the rest, which is reported already.

use std::sync::Arc;

use super::expression::ExpressionError;
use super::form::{Choice, Complaint, Form, Map, Table, TextForm};
use crate::diagnostic::{Diagnostic, Fault, did_you_mean, nearest};
use crate::document::{DefectKind, Node, Shape, Tree};
use crate::source::Location;

/// How many errors of one file are told; a generated file with a hundred thousand wrong entries has one error, made often.
const MOST_TOLD: usize = 200;

/// How many values are looked at, aliases expanded: far more than anyone writes, and few enough that no alias bomb costs a second.
const MOST_VALUES: usize = 2_000_000;

/// What is wrong with one file.
pub struct Problems {
    pub path: Arc<str>,
    told: Vec<Diagnostic>,
    untold: usize,
    /// True when parts of the text could not be read at all.
    broken: bool,
}

impl Problems {
    pub fn new(path: &Arc<str>) -> Self {
        Problems { path: Arc::clone(path), told: Vec::new(), untold: 0, broken: false }
    }

    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    pub fn add(&mut self, diagnostic: Diagnostic) {
        if self.told.len() < MOST_TOLD {
            self.told.push(diagnostic.in_file(&self.path));
        } else {
            self.untold += 1;
        }
    }

    /// An error at a node; what is costly to say of it is left out when nobody would read it.
    pub fn at(&mut self, node: Node, message: impl FnOnce() -> String, help: impl FnOnce() -> Option<String>) {
        if self.told.len() < MOST_TOLD {
            self.error(place_of(node), message(), help());
        } else {
            self.untold += 1;
        }
    }

    /// An error about the id of a rule that does not exist.
    pub fn unknown_rule<'c>(&mut self, node: Node, id: &str, ids: impl IntoIterator<Item = &'c str>) {
        let help = || match nearest(id, ids) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None => Some("`brickwork rules` lists all rules".into()),
        };
        self.at(node, || format!("unknown rule `{}`", id.escape_debug()), help);
    }

    /// An error at a place.
    pub fn error(&mut self, at: Location, message: impl Into<String>, help: Option<String>) {
        let mut diagnostic = Diagnostic::new(Fault::PolicyInvalid, at, message);
        diagnostic.help = help;
        self.add(diagnostic);
    }

    /// Errors of an expression or template, each under the very words of the scalar that holds it.
    pub fn expression(&mut self, scalar: Node, errors: Vec<ExpressionError>) {
        for error in errors {
            self.error(scalar.location_within(error.span), error.message, error.help);
        }
    }

    /// In the order of the file.
    pub fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        self.told.sort_by_key(|diagnostic| diagnostic.at);
        if self.untold > 0 {
            let message = format!("{} more errors in this file are not shown", self.untold);
            self.told.push(Diagnostic::new(Fault::PolicyInvalid, Location::TOP, message).in_file(&self.path));
        }
        self.told
    }
}

/// Reports what the parser found wrong, and whether the file has exactly one document. None when there is nothing to read.
pub fn root<'d>(tree: &'d Tree, noun: &str, problems: &mut Problems) -> Option<Node<'d>> {
    for defect in tree.defects() {
        let mut diagnostic = Diagnostic::new(Fault::PolicyInvalid, defect.at, defect.message.clone());
        if let Some((at, label)) = &defect.related {
            diagnostic = diagnostic.also(*at, label.clone());
        }
        match defect.kind {
            DefectKind::DuplicateKey => diagnostic.help = Some("keep one of the two; which one would count is a guess".into()),
            _ => problems.broken = true,
        }
        problems.add(diagnostic);
    }
    let mut documents = tree.documents();
    let first = documents.next();
    if let Some(second) = documents.next() {
        let help = "put each into a file of its own".to_owned();
        problems.error(second.location(), format!("a second document in the file of {noun}"), Some(help));
    }
    first
}

/// Checks a document against a table. The document comes back, unless it is so large that nobody should read on.
pub fn checked<'d>(node: Node<'d>, table: &'static Table, problems: &mut Problems) -> Option<Node<'d>> {
    let mut checker = Checker { problems, left: MOST_VALUES };
    checker.value(node, &Form::Table(table), "");
    let end = checker.left == 0;
    if end {
        let help = "repeat less: an alias counts as often as it stands for something".to_owned();
        problems.error(node.location(), format!("more than {MOST_VALUES} values"), Some(help));
    }
    (!end).then_some(node)
}

struct Checker<'c> {
    problems: &'c mut Problems,
    left: usize,
}

impl Checker<'_> {
    /// As deep as forms nest, which is a handful of levels whatever the document does.
    fn value(&mut self, node: Node, form: &Form, name: &str) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return;
        }
        let shape = node.shape();
        if !form.accepts(shape) {
            return self.wrong_shape(node, shape, form, name);
        }
        match form {
            Form::Boolean | Form::Expression => {}
            Form::Integer | Form::Number => self.number(node, shape),
            Form::Text(text) => self.text(node, text),
            Form::Choice(choice) => self.choice(node, choice),
            Form::List(of) => node.items().for_each(|item| self.value(item, of, name)),
            Form::Map(map) => self.map(node, map),
            Form::Table(table) => self.table(node, table),
            Form::Either(forms) => {
                if let Some(form) = forms.iter().find(|form| form.accepts(shape)) {
                    self.value(node, form, name);
                }
            }
        }
    }

    fn wrong_shape(&mut self, node: Node, shape: Shape, form: &Form, name: &str) {
        // What the parser could not read is null, and reported already.
        if shape == Shape::Null && self.problems.broken {
            return;
        }
        let message = match form {
            Form::Table(table) if name.is_empty() => format!("{} is a mapping, found {}", table.noun, shape.name()),
            _ => format!("expected {} for `{name}`, found {}", form.noun(), shape.name()),
        };
        let help = match (form, shape, node.scalar()) {
            (Form::Text(_), Shape::Int | Shape::Float | Shape::Bool, Some(written)) => {
                Some(format!("put it in quotes: \"{written}\""))
            }
            (Form::Boolean, Shape::Text, Some(written)) => match written.to_ascii_lowercase().as_str() {
                "yes" | "on" | "y" | "true" => Some("write `true`".into()),
                "no" | "off" | "n" | "false" => Some("write `false`".into()),
                _ => Some("write `true` or `false`".into()),
            },
            (Form::Choice(choice), ..) => did_you_mean("", choice.names()),
            (Form::Either(forms), Shape::Bool, _) => level_for_boolean(forms, node),
            _ => None,
        };
        self.problems.error(place_of(node), message, help);
    }

    fn number(&mut self, node: Node, shape: Shape) {
        let fits = if shape == Shape::Int { node.int().is_some() } else { node.float().is_some_and(f64::is_finite) };
        if !fits {
            let written = node.scalar().unwrap_or_default();
            self.problems.error(node.location(), format!("`{written}` is out of range"), None);
        }
    }

    fn text(&mut self, node: Node, form: &TextForm) {
        let Some(text) = node.text() else { return };
        if let Err(Complaint { message, help }) = (form.check)(text) {
            self.problems.error(node.location(), message, help);
        }
    }

    fn choice(&mut self, node: Node, choice: &Choice) {
        let Some(text) = node.text() else { return };
        if choice.names().all(|name| name != text) {
            let message = || format!("`{}` is not a {}", text.escape_debug(), choice.noun);
            self.problems.at(node, message, || did_you_mean(text, choice.names()));
        }
    }

    fn map(&mut self, node: Node, map: &Map) {
        for (key, value) in node.entries() {
            let Some(name) = self.key(key) else { continue };
            if let Err(Complaint { message, help }) = (map.keys.check)(name) {
                self.problems.error(key.location(), message, help);
            }
            self.value(value, &map.values, name);
        }
    }

    fn table(&mut self, node: Node, table: &Table) {
        let mut found = 0_u64;
        for (key, value) in node.entries() {
            let Some(name) = self.key(key) else { continue };
            match table.keys.iter().position(|known| known.name == name) {
                Some(at) => {
                    found |= 1 << at;
                    self.value(value, &table.keys[at].form, name);
                }
                None => {
                    // The key that was meant is not missing, too.
                    let meant = nearest(name, table.keys.iter().map(|known| known.name));
                    let meant = meant.and_then(|meant| table.keys.iter().position(|known| known.name == meant));
                    found |= meant.map_or(0, |at| 1 << at);
                    let message = || format!("unknown key `{}` in {}", name.escape_debug(), table.noun);
                    self.problems.at(key, message, || did_you_mean(name, table.keys.iter().map(|known| known.name)));
                }
            }
        }
        let missing = table.keys.iter().enumerate().filter(|(at, key)| key.required && found & (1 << at) == 0);
        let missing: Vec<&str> = missing.map(|(_, key)| key.name).collect();
        if !missing.is_empty() {
            let message = format!("{} needs `{}`", table.noun, missing.join("`, `"));
            self.problems.error(place_of(node), message, None);
        }
    }

    /// The text of a key, or an error: keys of the formats are texts, and merge keys are no part of YAML 1.2.
    fn key<'d>(&mut self, key: Node<'d>) -> Option<&'d str> {
        self.left = self.left.saturating_sub(1);
        match key.scalar() {
            Some("<<") => {
                let help = "write the keys out, or share them through `extends`".to_owned();
                self.problems.error(key.location(), "merge keys are not read here", Some(help));
                None
            }
            Some(name) => Some(name),
            None => {
                self.problems.error(place_of(key), format!("expected a key, found {}", key.shape().name()), None);
                None
            }
        }
    }
}

/// `rule: false` is what one writes who knows other linters.
fn level_for_boolean(forms: &[Form], node: Node) -> Option<String> {
    let choice = forms.iter().find_map(|form| match form {
        Form::Choice(choice) => Some(choice),
        _ => None,
    })?;
    let switch = if node.bool()? { "default" } else { "off" };
    match choice.names().any(|name| name == switch) {
        true => Some(format!("write `{switch}`")),
        false => did_you_mean("", choice.names()),
    }
}

/// Where an error about a value as a whole points: a collection's first key or item stands for it, so that the caret has one line.
pub fn place_of(node: Node) -> Location {
    let first = match node.shape() {
        Shape::Mapping => node.entries().next().map(|(key, _)| key),
        Shape::Sequence => node.items().next(),
        _ => None,
    };
    match first {
        Some(first) if matches!(first.shape(), Shape::Mapping | Shape::Sequence) => {
            let at = node.location();
            Location { end: at.start + 1, ..at }
        }
        Some(first) => first.location(),
        None => node.location(),
    }
}

/// The texts of a value that is one text or a list of texts, each with its node.
pub fn texts(node: Option<Node<'_>>) -> Vec<(&str, Node<'_>)> {
    let Some(node) = node else { return Vec::new() };
    match node.text() {
        Some(text) => vec![(text, node)],
        None => node.items().filter_map(|item| Some((item.text()?, item))).collect(),
    }
}

/// The entries of a mapping with the texts of their keys. A merge key is none; it was reported when the document was checked.
pub fn entries<'d>(node: Option<Node<'d>>) -> impl Iterator<Item = (&'d str, Node<'d>, Node<'d>)> {
    let entries = node.into_iter().flat_map(Node::entries);
    entries.filter_map(|(key, value)| Some((key.scalar().filter(|name| *name != "<<")?, key, value)))
}
