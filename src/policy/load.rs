//! The way from files to a [`Policy`]: every file is checked, then rules are compiled, then what the files say of them is merged.
//!
//! All errors of all files are told at once. Nothing is half-loaded: with one error there is no policy.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::decode::{self, Problems, entries, texts};
use super::extend::{self, From, Layer};
use super::files::{Files, PolicyFile};
use super::layout::POLICY;
use super::own::{self, OwnRules};
use super::rule::{self, Names, parameter};
use super::{Origin, OverriddenRule, Override, Policy, Rule, RuleSource, definition, library, statements};
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Level, did_you_mean};
use crate::document::{Node, Syntax, Tree, parse};
use crate::model::subject::Subject;

/// What a policy is loaded from.
pub struct LoadRequest<'r> {
    /// The user's policy; without one, the recommended pack counts.
    pub policy: Option<PolicyFile>,
    /// Where the files that it extends are read from.
    pub files: &'r dyn Files,
    /// All subjects that rules may be about.
    pub subjects: &'r [Subject],
    /// Overrides that expired before this day do not hold.
    pub today: Date,
    /// Rule files beside those that the policy names.
    pub rule_files: &'r [PolicyFile],
    /// Switches this rule on, whatever the policy says: for a rule's examples.
    pub also: Option<&'r str>,
}

/// Loads a policy, or says all that is wrong with it.
pub fn load(request: &LoadRequest) -> Result<Policy, Vec<Diagnostic>> {
    let (layers, mut diagnostics) = extend::layers(request.policy.as_ref(), request.files);
    let trees: Vec<Tree> = layers.iter().map(|layer| parse(Syntax::Yaml, &layer.text)).collect();
    let mut files: Vec<File> = layers.iter().zip(&trees).map(|(layer, tree)| File::checked(layer, tree)).collect();
    // Whose file is missing may miss the rules and definitions in it; more errors about that would only hide the one to mend.
    if !diagnostics.is_empty() {
        diagnostics.extend(files.into_iter().flat_map(|file| file.problems.into_diagnostics()));
        return Err(diagnostics);
    }
    let rule_texts = own::texts(&mut files, request);
    let rule_trees: Vec<Tree> = rule_texts.iter().map(|file| parse(Syntax::Yaml, &file.text)).collect();

    let mut library_problems = Problems::new(&"rules/definitions.yaml".into());
    let mut definitions = definition::built_in(request.subjects, &mut library_problems);
    for file in &mut files {
        if let Some(mapping) = file.root.and_then(|root| root.get("definitions")) {
            definition::define(mapping, &mut definitions, request.subjects, &mut file.problems);
        }
    }
    let mut fields = Vec::new();
    for file in &mut files {
        if let Some(mapping) = file.root.and_then(|root| root.get("fields")) {
            let names = Names { subjects: request.subjects, definitions: &definitions, fields: &[] };
            definition::add_fields(mapping, &mut fields, names, &mut file.problems);
        }
    }
    let names = Names { subjects: request.subjects, definitions: &definitions, fields: &fields };
    let own = own::read(&mut files, &rule_texts, &rule_trees, names);

    let mut merge = Merge { names, own, settings: FxHashMap::default(), also: request.also };
    for (place, file) in files.iter_mut().enumerate() {
        merge.settings_of(place, file);
    }
    let rules = merge.rules(&mut files, &mut library_problems);
    let mut policy = Policy {
        path: request.policy.as_ref().map(|policy| Arc::clone(&policy.path)),
        rules: Vec::new(),
        known_rules: merge.known_rules(),
        settings: Default::default(),
        discovery: Default::default(),
        overrides: Vec::new(),
        expired_overrides: Vec::new(),
        waivers: Vec::new(),
    };
    for (place, file) in files.iter_mut().enumerate().rev() {
        statements::read(file, &mut policy);
        let own_file = place + 1 == layers.len();
        merge.overrides(file, own_file, &rules, request.today, &mut policy);
    }
    policy.settings.policy_path = policy.path.clone();
    policy.rules = rules.into_values().filter(|(_, on)| *on).map(|(rule, _)| rule).collect();
    policy.rules.sort_by(|one, other| one.id.cmp(&other.id));

    diagnostics.extend(library_problems.into_diagnostics());
    diagnostics.extend(files.into_iter().rev().flat_map(|file| file.problems.into_diagnostics()));
    diagnostics.extend(merge.own.problems.into_iter().flat_map(Problems::into_diagnostics));
    if diagnostics.is_empty() { Ok(policy) } else { Err(diagnostics) }
}

/// One file of a policy, checked.
pub struct File<'d> {
    pub layer: &'d Layer,
    pub root: Option<Node<'d>>,
    pub problems: Problems,
}

impl<'d> File<'d> {
    fn checked(layer: &'d Layer, tree: &'d Tree<'d>) -> Self {
        let mut problems = Problems::new(&layer.path);
        // Packs are ours, and checked by a test.
        let root = match layer.from {
            From::Pack => tree.root(),
            _ => decode::root(tree, POLICY.noun, &mut problems).filter(|root| !root.is_null()),
        };
        let root = match layer.from {
            From::Pack => root,
            _ => root.and_then(|root| decode::checked(root, &POLICY, &mut problems)),
        };
        File { layer, root, problems }
    }

    /// The line of the user's policy that asks for what stands at a node.
    pub fn origin(&self, node: Node) -> Option<Origin> {
        match self.layer.from {
            From::Disk => Some(Origin { path: Arc::clone(&self.layer.path), at: decode::place_of(node) }),
            From::Git | From::Pack => self.layer.asked.clone(),
        }
    }

    /// The same where there always is one: in what only files of users may state.
    pub fn own_origin(&self, node: Node) -> Origin {
        self.origin(node).unwrap_or_else(|| Origin { path: Arc::clone(&self.layer.path), at: decode::place_of(node) })
    }
}

/// What the files say of one rule, the last word first where only one counts.
#[derive(Default)]
struct Setting<'d> {
    on: bool,
    cap: Option<Level>,
    origin: Option<Origin>,
    named: bool,
    /// Values of parameters with the place of the file that sets them, in order.
    parameters: Vec<(usize, Node<'d>)>,
}

/// Rules by id, and whether each is switched on.
type Rules<'d> = FxHashMap<&'d str, (Rule, bool)>;

struct Merge<'d, 'n> {
    names: Names<'n>,
    own: OwnRules<'d>,
    settings: FxHashMap<&'d str, Setting<'d>>,
    also: Option<&'n str>,
}

impl<'d> Merge<'d, '_> {
    fn is_known(&self, id: &str) -> bool {
        library::position(id).is_some() || self.own.ids.contains_key(id)
    }

    fn ids(&self) -> impl Iterator<Item = &str> {
        library::rules().iter().map(|rule| rule.id).chain(self.own.ids.keys().copied())
    }

    fn known_rules(&self) -> Vec<Arc<str>> {
        let mut ids: Vec<Arc<str>> = self.ids().map(Arc::from).collect();
        ids.sort();
        ids
    }

    fn settings_of(&mut self, place: usize, file: &mut File<'d>) {
        for (id, key, value) in entries(file.root.and_then(|root| root.get("rules"))) {
            if !self.is_known(id) {
                if file.layer.from != From::Pack {
                    file.problems.unknown_rule(key, id, self.ids());
                }
                continue;
            }
            let setting = self.settings.entry(id).or_default();
            let level = value.text().or_else(|| value.get("level").and_then(Node::text));
            match level {
                Some("off") => *setting = Setting { on: false, cap: None, ..std::mem::take(setting) },
                Some(level) => *setting = Setting { on: true, cap: Level::from_name(level), ..std::mem::take(setting) },
                // Whoever sets a parameter wants the rule.
                None => setting.on = true,
            }
            setting.origin = file.origin(key);
            setting.named |= file.layer.from == From::Disk;
            if let Some(parameters) = value.get("params") {
                setting.parameters.push((place, parameters));
            }
        }
    }

    /// Compiles what is switched on, or has parameters set by the user, and sets them.
    fn rules(&mut self, files: &mut [File<'d>], library_problems: &mut Problems) -> Rules<'d> {
        let mut rules: Rules<'d> = FxHashMap::default();
        for (index, built_in) in library::rules().iter().enumerate() {
            let setting = self.settings.get(built_in.id);
            let is_meant = self.also == Some(built_in.id);
            if !is_meant && setting.is_none_or(|setting| !setting.on && setting.parameters.is_empty()) {
                continue;
            }
            let tree = parse(Syntax::Yaml, built_in.logic);
            library_problems.path = built_in.path.into();
            let rule = tree.root().and_then(|root| rule::read(root, RuleSource::BuiltIn(index), self.names, library_problems));
            if let Some(rule) = rule {
                rules.insert(built_in.id, (rule, false));
            }
        }
        for (id, rule) in std::mem::take(&mut self.own.rules) {
            // A rule that somebody wrote is meant to be evaluated.
            self.settings.entry(id).or_insert_with(|| Setting {
                on: true,
                origin: rule.origin.clone(),
                named: true,
                ..Setting::default()
            });
            rules.insert(id, (rule, false));
        }
        for (id, (rule, on)) in &mut rules {
            let setting = self.settings.remove(id).unwrap_or_default();
            rule.cap = setting.cap;
            rule.origin = setting.origin;
            rule.named = setting.named;
            *on = setting.on || self.also == Some(*id);
            for (place, parameters) in setting.parameters {
                let problems = &mut files[place].problems;
                for (name, key, value) in entries(Some(parameters)) {
                    let Some(slot) = slot(rule, name, key, problems) else { continue };
                    let parameter = &mut rule.parameters[slot];
                    if let Some(values) = parameter::values(parameter, value, problems) {
                        values.apply(parameter);
                    }
                }
            }
        }
        rules
    }

    fn overrides(&self, file: &mut File, own_file: bool, rules: &Rules, today: Date, policy: &mut Policy) {
        for node in file.root.and_then(|root| root.get("overrides")).into_iter().flat_map(Node::items) {
            let mut changed = Vec::new();
            for (id, key, value) in entries(node.get("rules")) {
                match rules.get(id) {
                    Some((rule, true)) => changed.push(overridden(rule, value, &mut file.problems)),
                    _ if !self.is_known(id) => file.problems.unknown_rule(key, id, self.ids()),
                    // Of rules that another file switches off there is nothing to change; in one's own file it is a mistake.
                    _ if own_file => {
                        let help = "switch it on under `rules`; an override changes what is on".to_owned();
                        file.problems.error(key.location(), format!("`{id}` is off"), Some(help));
                    }
                    _ => {}
                }
            }
            let text = |key: &str| node.get(key).and_then(Node::text);
            let expires = text("expires");
            let entry = Override {
                services: texts(node.get("services")).into_iter().map(|(glob, _)| glob.into()).collect(),
                rules: changed,
                reason: text("reason").unwrap_or_default().to_owned(),
                expires: expires.map(Arc::from),
                origin: file.own_origin(node),
            };
            let expired = expires.and_then(|day| day.parse::<Date>().ok()).is_some_and(|day| day < today);
            if expired { &mut policy.expired_overrides } else { &mut policy.overrides }.push(entry);
        }
    }
}

/// The slot of the parameter that a key names.
fn slot(rule: &Rule, name: &str, key: Node, problems: &mut Problems) -> Option<usize> {
    let found = rule.parameters.iter().position(|parameter| *parameter.name == *name);
    if found.is_none() {
        let message = match rule.parameters.is_empty() {
            true => format!("`{}` has no parameters", rule.id),
            false => format!("`{}` has no parameter `{}`", rule.id, name.escape_debug()),
        };
        problems.at(key, || message, || did_you_mean(name, rule.parameters.iter().map(|parameter| &*parameter.name)));
    }
    found
}

fn overridden(rule: &Rule, value: Node, problems: &mut Problems) -> OverriddenRule {
    let level = value.text().or_else(|| value.get("level").and_then(Node::text));
    let mut parameters = Vec::new();
    for (name, key, value) in entries(value.get("params")) {
        let Some(slot) = slot(rule, name, key, problems) else { continue };
        let Some(values) = parameter::values(&rule.parameters[slot], value, problems) else { continue };
        match values.default {
            Some(Some(datum)) if values.by_kind.is_empty() => parameters.push((slot, datum)),
            _ => {
                let help = "an override names its services; `level: off` switches the rule off for them".to_owned();
                problems.error(decode::place_of(value), format!("expected one value for `{name}`"), Some(help));
            }
        }
    }
    let off = level == Some("off");
    OverriddenRule { rule: Arc::clone(&rule.id), off, cap: level.and_then(Level::from_name), parameters }
}
