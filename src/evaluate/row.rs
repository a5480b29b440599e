//! One rule on one row of its subject: from values to a finding with its places.

use std::sync::Arc;

use globset::{Glob, GlobMatcher};

use super::Run;
use super::finding::{Finding, Label, Measure, Place};
use crate::diagnostic::Level;
use crate::model::datum::Datum;
use crate::model::subject::Subject;
use crate::model::{Evidence, Model};
use crate::policy::expression::{Expression, Scope};
use crate::policy::{Help, OverriddenRule, Override, Rule};

pub(super) enum Outcome {
    /// The row lies in a repository that is not here, or the rule is switched off for it.
    NotAsked,
    /// The filter is false.
    FilteredOut,
    /// The filter is unknown.
    Unknown,
    Silent,
    Fires(Box<Finding>),
}

/// A rule made ready for all rows of its subject.
pub(super) struct Rows<'r> {
    run: &'r Run<'r>,
    model: &'r Model,
    rule: &'r Rule,
    /// The overrides that change this rule, with the services that they are about.
    overrides: Vec<(Vec<GlobMatcher>, &'r OverriddenRule)>,
}

impl<'r> Rows<'r> {
    pub fn new(run: &'r Run, model: &'r Model, rule: &'r Rule) -> Self {
        let holds = |entry: &&Override| entry.expires.as_ref().is_none_or(|day| **day >= *run.today);
        let overrides = run.policy.overrides.iter().filter(holds);
        let overrides = overrides.flat_map(|entry| {
            let changes = entry.rules.iter().filter(|changed| changed.rule == rule.id);
            changes.map(|changed| (matchers(&entry.services), changed))
        });
        Rows { run, model, rule, overrides: overrides.collect() }
    }

    pub fn overrides_of(&self, services: &[u32]) -> Vec<&OverriddenRule> {
        let Rows { model, overrides, .. } = self;
        let concerns = |globs: &[GlobMatcher]| {
            services.iter().any(|&service| {
                let service = &model.services[service as usize];
                globs.iter().any(|glob| glob.is_match(&*service.name) || glob.is_match(&*service.root))
            })
        };
        overrides.iter().filter(|(globs, _)| concerns(globs)).map(|(_, change)| *change).collect()
    }

    /// Parameters for a row: by override, else by the kind of the service that the row is about, else the default. None when the
    /// rule is switched off for it.
    pub fn parameters_of(&self, services: &[u32], changes: &[&OverriddenRule]) -> Option<Vec<Datum>> {
        if changes.iter().any(|change| change.off) {
            return None;
        }
        let kind = services.first().and_then(|&service| self.model.services[service as usize].kind);
        let values = self.rule.parameters.iter().enumerate().map(|(slot, parameter)| {
            let overridden = changes.iter().rev().flat_map(|change| &change.parameters).find(|(changed, _)| *changed == slot);
            let by_kind = parameter.by_kind.iter().find(|(of, _)| Some(*of) == kind).map(|(_, value)| value.as_ref());
            match (overridden, by_kind) {
                (Some((_, value)), _) => Some(value.clone()),
                (None, Some(value)) => value.cloned(),
                (None, None) => parameter.default.clone(),
            }
        });
        values.collect()
    }
}

/// Globs as the loader has checked them; one that does not compile matches nothing.
fn matchers(globs: &[Arc<str>]) -> Vec<GlobMatcher> {
    globs.iter().filter_map(|glob| Glob::new(glob).ok()).map(|glob| glob.compile_matcher()).collect()
}

impl Rows<'_> {
    /// Evaluates the rule on one row.
    pub fn row(&self, row: u32) -> Outcome {
        let Rows { run, model, rule, .. } = *self;
        let subject = &run.subjects[rule.subject];
        let services = (subject.services)(model, row);
        if !is_here(model, subject, row, &services) {
            return Outcome::NotAsked;
        }
        let changes: Vec<&OverriddenRule> = self.overrides_of(&services);
        let Some(parameters) = self.parameters_of(&services, &changes) else { return Outcome::NotAsked };
        let subject_datum = Datum::Object { subject: subject.name, index: row };
        let mut scope = Scope { model, subjects: run.subjects, variables: vec![subject_datum], parameters: &parameters };
        if let Some(filter) = &rule.filter {
            match filter.evaluate(&mut scope) {
                Datum::Bool(true) => {}
                Datum::Bool(false) => return Outcome::FilteredOut,
                _ => return Outcome::Unknown,
            }
        }
        let Some(case) = rule.cases.iter().find(|case| case.when.evaluate(&mut scope) == Datum::Bool(true)) else {
            return Outcome::Silent;
        };
        let about = match case.subject.as_ref().map(|subject| subject.evaluate(&mut scope)) {
            None => (rule.subject, row),
            Some(Datum::Object { subject: name, index }) => match run.subjects.iter().position(|subject| subject.name == name) {
                Some(subject) => (subject, index),
                None => return Outcome::Silent,
            },
            // The other subject is not known, so there is nothing to point at.
            Some(_) => return Outcome::Silent,
        };
        let about_row = about.1;
        let about_subject = &run.subjects[about.0];
        let other_subject = case.subject.is_some();
        let key = (about_subject.key)(model, about_row);
        let identity: Vec<String> = match other_subject || rule.identity.is_empty() {
            true => vec![key.clone()],
            false => rule.identity.iter().map(|part| part.evaluate(&mut scope).render(model, run.subjects)).collect(),
        };
        let about_services = if other_subject { (about_subject.services)(model, about_row) } else { services };
        let at = if other_subject { &[][..] } else { &rule.at };
        let Some(evidence) = ({
            let named = at.iter().flat_map(|candidate| places_of(candidate.evaluate(&mut scope)));
            let own = (about_subject.place)(model, about_row);
            let of_services = about_services.iter().filter_map(|&service| model.services[service as usize].evidence);
            nearest_place(model, named.chain(own).chain(of_services))
        }) else {
            return Outcome::Silent;
        };
        let caps = [rule.cap, changes.iter().filter_map(|change| change.cap).min()];
        let level = caps.into_iter().flatten().fold(case.level, Level::min);
        let help = if case.help.is_empty() { &rule.help } else { &case.help };
        let mut labels = self.labels(&mut scope);
        let place = place(model, evidence);
        let label = labels.iter().position(|label| label.place == place).map(|own| labels.remove(own).text).unwrap_or_default();
        Outcome::Fires(Box::new(Finding {
            rule: Arc::clone(&rule.id),
            level,
            message: case.message.as_ref().unwrap_or(&rule.message).render(&mut scope),
            help: render_help(help, &mut scope),
            services: about_services.iter().map(|&service| Arc::clone(&model.services[service as usize].name)).collect(),
            fingerprint: fingerprint(&rule.id, identity.iter().map(String::as_str)),
            subject: key,
            place,
            label,
            labels,
            flow: rule.flow,
            measures: self.measures(&mut scope),
            policy: rule.origin.as_ref().map(|origin| Label {
                place: Place { path: Arc::clone(&origin.path), at: origin.at, foreign: false },
                text: "asked for here".into(),
            }),
            waiver: None,
        }))
    }

    fn labels(&self, scope: &mut Scope) -> Vec<Label> {
        let mut labels = Vec::new();
        for label in &self.rule.labels {
            let mut add = |scope: &mut Scope| {
                if label.when.as_ref().is_some_and(|when| when.evaluate(scope) != Datum::Bool(true)) {
                    return;
                }
                if let Some(evidence) = places_of(label.at.evaluate(scope)).next() {
                    labels.push(Label { place: place(self.model, evidence), text: label.text.render(scope) });
                }
            };
            match &label.each {
                None => add(scope),
                Some((list, slot)) => {
                    let Datum::List { items, .. } = list.evaluate(scope) else { continue };
                    for item in items.iter() {
                        scope.bind(*slot, item.clone());
                        add(scope);
                    }
                }
            }
        }
        labels
    }

    fn measures(&self, scope: &mut Scope) -> Vec<Measure> {
        let number = |expression: &Expression, scope: &mut Scope| match expression.evaluate(scope) {
            Datum::Int { value, complete } => Some((value as f64, complete)),
            Datum::Float(value) => Some((value, true)),
            _ => None,
        };
        let measures = self.rule.measures.iter().filter_map(|measure| {
            let (value, complete) = number(&measure.value, scope)?;
            let limit = measure.limit.as_ref().and_then(|limit| number(limit, scope)).map(|(limit, _)| limit);
            Some(Measure { name: measure.name.to_string(), value, limit, complete })
        });
        measures.collect()
    }
}

fn places_of(datum: Datum) -> impl Iterator<Item = Evidence> {
    let (one, list) = match datum {
        Datum::Place(evidence) => (Some(evidence), None),
        Datum::List { items, .. } => (None, Some(items)),
        _ => (None, None),
    };
    let listed = list.into_iter().flat_map(|items| (0..items.len()).map(move |index| items[index].clone()));
    let listed = listed.filter_map(|item| match item {
        Datum::Place(evidence) => Some(evidence),
        _ => None,
    });
    one.into_iter().chain(listed)
}

/// The first place in a file that is here: only that can be mended. The first of all where none is here.
fn nearest_place(model: &Model, places: impl Iterator<Item = Evidence>) -> Option<Evidence> {
    let mut first = None;
    for place in places {
        if !model.files[place.file as usize].foreign {
            return Some(place);
        }
        first = first.or(Some(place));
    }
    first
}

/// Whether a row is about something that is here. Repositories that are only joined complete the model; what is wrong in them is said
/// where they are checked. A domain or a team is here as soon as one of its services is.
fn is_here(model: &Model, subject: &Subject, row: u32, services: &[u32]) -> bool {
    let is_here = |repository: u32| !model.repositories[repository as usize].foreign;
    match (subject.repository)(model, row) {
        Some(repository) => is_here(repository),
        None if services.is_empty() => (subject.place)(model, row).is_none_or(|place| !model.files[place.file as usize].foreign),
        None => services.iter().any(|&service| is_here(model.services[service as usize].repository)),
    }
}

fn render_help(help: &[Help], scope: &mut Scope) -> Vec<String> {
    let mut texts = Vec::new();
    for part in help {
        let holds = part.when.as_ref().is_none_or(|when| when.evaluate(scope) == Datum::Bool(true));
        if holds {
            texts.push(part.text.render(scope));
        }
    }
    texts
}

pub(super) fn place(model: &Model, evidence: Evidence) -> Place {
    let file = &model.files[evidence.file as usize];
    Place { path: Arc::clone(&file.path), at: evidence.at, foreign: file.foreign }
}

/// FNV-1a of 64 bits (Fowler, Noll, Vo) over rule and identity, so that a fingerprint is the same in every version and on every machine.
pub(super) fn fingerprint<'i>(rule: &str, identity: impl IntoIterator<Item = &'i str>) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |text: &str| {
        // The zero byte keeps `a`, `bc` apart from `ab`, `c`.
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    add(rule);
    identity.into_iter().for_each(&mut add);
    format!("{hash:016x}")
}
