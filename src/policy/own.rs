//! Rules of users: found in files and inside policies, compiled, and held apart from the built-in ones.

use std::sync::Arc;

use globset::GlobBuilder;
use rustc_hash::{FxHashMap, FxHashSet};

use super::decode::{self, Problems, texts as texts_of};
use super::extend::{From, Layer, bad_path};
use super::files::{beside, folder_of};
use super::form::GLOB;
use super::load::{File, LoadRequest};
use super::rule::form::RULE;
use super::rule::{self, Names};
use super::{Origin, Rule, RuleSource, library};
use crate::diagnostic::{Diagnostic, Fault};
use crate::document::{Node, Tree};
use crate::source::Location;

/// The folder beside a policy whose rules count when it names no others.
const FOLDER: &str = "rules";

/// A file that holds one rule.
pub struct RuleText {
    pub path: Arc<str>,
    pub text: Arc<str>,
    /// The line of the user's policy that brought a file in which the user can't open.
    asked: Option<Origin>,
}

/// Rules of users.
pub struct OwnRules<'d> {
    /// The place of each: path and location of its id.
    pub ids: FxHashMap<&'d str, (Arc<str>, Location)>,
    pub rules: Vec<(&'d str, Rule)>,
    /// Of the rule files.
    pub problems: Vec<Problems>,
}

/// The texts of all rule files, in order of the policies that name them.
pub fn texts(files: &mut [File], request: &LoadRequest) -> Vec<RuleText> {
    let mut found: Vec<RuleText> = Vec::new();
    for file in files.iter_mut().filter(|file| file.layer.from != From::Pack) {
        let stated = file.root.and_then(|root| root.get("rule_files"));
        let base = Arc::clone(&file.layer.path);
        let mut names: Vec<(String, bool)> = Vec::new();
        match stated {
            Some(globs) => {
                for (glob, node) in texts_of(Some(globs)) {
                    names.extend(matching(&base, glob, node, request, &mut file.problems).into_iter().map(|name| (name, true)));
                }
            }
            None => {
                let listed = beside(&base, FOLDER).ok().and_then(|folder| request.files.list(&folder).ok());
                names.extend(listed.unwrap_or_default().into_iter().map(|name| (name, false)));
            }
        }
        for (name, listed) in names {
            if found.iter().any(|known| *known.path == *name) {
                continue;
            }
            match request.files.read(&name) {
                Ok(text) if listed || looks_like_a_rule(&text) => {
                    let asked = file.layer.asked.clone().filter(|_| file.layer.from == From::Git);
                    found.push(RuleText { path: name.into(), text: text.into(), asked });
                }
                Ok(_) => {}
                Err(error) => {
                    let at = stated.map_or(Location::TOP, decode::place_of);
                    file.problems.error(at, format!("`{name}` can't be read: {error}"), None);
                }
            }
        }
    }
    let given = request.rule_files.iter().filter(|given| found.iter().all(|known| known.path != given.path));
    let given: Vec<RuleText> =
        given.map(|file| RuleText { path: Arc::clone(&file.path), text: Arc::clone(&file.text), asked: None }).collect();
    found.extend(given);
    found
}

/// Many tools keep files in a folder called `rules`. A file that nobody listed is one of ours if it has what only our rules have.
fn looks_like_a_rule(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("subject:") || line.starts_with("cases:"))
}

/// Names of the files that a glob relative to a policy matches.
fn matching(base: &str, glob: &str, node: Node, request: &LoadRequest, problems: &mut Problems) -> Vec<String> {
    let literal = glob.find(['*', '?', '[', '{']).unwrap_or(glob.len());
    let folder = &glob[..glob[..literal].rfind('/').map_or(0, |slash| slash + 1)];
    let name = match beside(base, if literal == glob.len() { glob } else { folder }) {
        Ok(name) => name,
        Err(bad) => {
            let complaint = bad_path(bad, glob);
            problems.error(node.location(), complaint.message, complaint.help);
            return Vec::new();
        }
    };
    if literal == glob.len() {
        return vec![name];
    }
    // What is wrong with its form is reported when the document is checked.
    if (GLOB.check)(glob).is_err() {
        return Vec::new();
    }
    let Ok(matcher) = GlobBuilder::new(&glob[folder.len()..]).literal_separator(true).build().map(|glob| glob.compile_matcher())
    else {
        return Vec::new();
    };
    let listed = request.files.list(&name).unwrap_or_default();
    let below = |path: &String| {
        let path = path.strip_prefix(&*name).unwrap_or(path).trim_start_matches(['/', '#']);
        matcher.is_match(path)
    };
    let names: Vec<String> = listed.into_iter().filter(below).collect();
    if names.is_empty() {
        let folder = if folder.is_empty() { folder_of(base) } else { name };
        let place = if folder.is_empty() { "the policy's folder".to_owned() } else { format!("`{folder}`") };
        problems.error(
            node.location(),
            format!("`{}` matches no file", glob.escape_debug()),
            Some(format!("looked for YAML files in {place}")),
        );
    }
    names
}

/// Checks and compiles the rules of users.
pub fn read<'d>(files: &mut [File<'d>], texts: &'d [RuleText], trees: &'d [Tree<'d>], names: Names) -> OwnRules<'d> {
    let mut own = OwnRules { ids: FxHashMap::default(), rules: Vec::new(), problems: Vec::new() };
    for file in files.iter_mut() {
        for node in inline(file.root) {
            let Layer { path, text, .. } = file.layer;
            let source = RuleSource::Own { path: Arc::clone(path), text: Arc::clone(text), at: node.location() };
            let origin = node.get("id").and_then(|id| file.origin(id));
            own.add(node, source, origin, names, &mut file.problems);
        }
    }
    let mut problems: Vec<Problems> = texts.iter().map(|text| Problems::new(&text.path)).collect();
    for ((text, tree), problems) in texts.iter().zip(trees).zip(&mut problems) {
        let Some(root) = decode::root(tree, RULE.noun, problems) else {
            if problems.is_empty() {
                problems.error(Location::TOP, "expected a rule, found an empty file", None);
            }
            continue;
        };
        let Some(root) = decode::checked(root, &RULE, problems) else { continue };
        let source = RuleSource::Own { path: Arc::clone(&text.path), text: Arc::clone(&text.text), at: root.location() };
        let here = root.get("id").map(|id| Origin { path: Arc::clone(&text.path), at: id.location() });
        own.add(root, source, text.asked.clone().or(here), names, problems);
    }
    // Which rules there are is known only now.
    let circle = own.circle();
    for file in files.iter_mut() {
        inline(file.root).for_each(|node| own.check_yielding(node, &circle, &mut file.problems));
    }
    for (tree, problems) in trees.iter().zip(&mut problems) {
        tree.root().into_iter().for_each(|node| own.check_yielding(node, &circle, problems));
    }
    own.problems = problems;
    own
}

fn inline(root: Option<Node<'_>>) -> impl Iterator<Item = Node<'_>> {
    root.and_then(|root| root.get("own_rules")).into_iter().flat_map(Node::items)
}

impl<'d> OwnRules<'d> {
    fn add(&mut self, node: Node<'d>, source: RuleSource, origin: Option<Origin>, names: Names, problems: &mut Problems) {
        let id = node.get("id").and_then(|id| Some((id.text()?, id)));
        if let Some((id, at)) = id {
            let at = at.location();
            if library::position(id).is_some() {
                let help = "choose another id; levels and parameters of the built-in rule are set under `rules`".to_owned();
                problems.error(at, format!("`{id}` is a built-in rule"), Some(help));
                return;
            }
            if let Some((path, first)) = self.ids.get(id) {
                let help = format!("the other is at `{path}:{}:{}`; give one of them another id", first.line, first.column);
                let mut diagnostic =
                    Diagnostic::new(Fault::PolicyInvalid, at, format!("two rules have the id `{id}`")).help(help);
                if *path == problems.path {
                    diagnostic = diagnostic.also(*first, "first here");
                }
                problems.add(diagnostic);
                return;
            }
            self.ids.insert(id, (Arc::clone(&problems.path), at));
        }
        if let (Some(mut rule), Some((id, _))) = (rule::read(node, source, names, problems), id) {
            rule.origin = origin;
            self.rules.push((id, rule));
        }
    }

    /// That a rule yields to rules that exist, and not to itself.
    fn check_yielding(&self, node: Node, circle: &[&str], problems: &mut Problems) {
        for (id, at) in texts_of(node.get("yields_to")) {
            let own = self.ids.keys().copied();
            if library::position(id).is_none() && !self.ids.contains_key(id) {
                problems.unknown_rule(at, id, library::rules().iter().map(|rule| rule.id).chain(own));
            }
        }
        let id = node.get("id").and_then(Node::text);
        if let (Some(at), true) = (node.get("yields_to"), id.is_some() && id == circle.first().copied()) {
            let help = "of two rules with one cause, let the one yield that says less".to_owned();
            problems.error(decode::place_of(at), format!("rules yield in a circle: `{}`", circle.join("` -> `")), Some(help));
        }
    }

    /// The first circle of rules that yield to each other, its first rule repeated at the end. A built-in rule never yields to one of
    /// a user's, so it is in none.
    fn circle(&self) -> Vec<&'d str> {
        let yields: FxHashMap<&str, &[Arc<str>]> = self.rules.iter().map(|(id, rule)| (*id, &*rule.yields_to)).collect();
        let mut done: FxHashSet<&str> = FxHashSet::default();
        for (start, _) in &self.rules {
            // Each rule on the path stands with the number of those it yields to that were looked at.
            let mut path: Vec<(&'d str, usize)> = vec![(start, 0)];
            while let Some((id, next)) = path.last_mut() {
                let Some(other) = yields.get(id).and_then(|others| others.get(*next)) else {
                    done.insert(*id);
                    path.pop();
                    continue;
                };
                *next += 1;
                let Some((other, _)) = self.ids.get_key_value(&**other) else { continue };
                if let Some(first) = path.iter().position(|(open, _)| open == other) {
                    return path[first..].iter().map(|(id, _)| *id).chain([*other]).collect();
                }
                if !done.contains(other) {
                    path.push((other, 0));
                }
            }
        }
        Vec::new()
    }
}
