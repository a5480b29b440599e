//! Rules over subjects: a policy and a model come in, a report comes out.
//!
//! Each rule is evaluated over every row of its subject, in parallel; the order of the result does not depend on that. What is
//! unknown keeps a rule silent. Then one cause is reported once (`yields_to`), waivers are applied, and what the policy itself got
//! wrong (an expired waiver, a rule that can never apply) joins the problems that rules report.

pub mod explain;
pub mod finding;
mod row;
mod waivers;

use std::cmp::Reverse;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::{Diagnostic, Fault};
use crate::model::Model;
use crate::model::subject::Subject;
use crate::policy::rule::pages;
use crate::policy::{Need, Override, Policy, Rule, RuleSource};
use finding::{Finding, Report, RuleInfo, Skipped, Totals};
use row::{Outcome, Rows};

/// The circumstances of a run that are neither policy nor model.
pub struct Run<'r> {
    pub policy: &'r Policy,
    pub subjects: &'r [Subject],
    /// `YYYY-MM-DD`.
    pub today: &'r str,
    /// False for an audit: nothing is waived.
    pub waivers: bool,
}

/// Evaluates every rule of the policy. Problems that evaluation itself finds are added to the model, where rules report them.
pub fn evaluate(run: &Run, model: &mut Model) -> Report {
    let order = in_yielding_order(&run.policy.rules);
    let problem = run.subjects.iter().position(|subject| subject.name == "problem");
    let mut skipped = Vec::new();
    let mut fired = Fired::default();
    let mut findings = Vec::new();
    let mut never_applied = Vec::new();
    let (engine, architecture): (Vec<&Rule>, Vec<&Rule>) = order.into_iter().partition(|rule| Some(rule.subject) == problem);
    for rule in architecture {
        match unmet_need(rule, model) {
            Some(reason) => skipped.push(Skipped { rule: Arc::clone(&rule.id), reason }),
            None => {
                let applied = apply(run, model, rule, &mut fired, &mut findings);
                if let Some(reason) = applied.never_because(run, rule) {
                    never_applied.push((rule, reason));
                }
            }
        }
    }
    distinguish(&mut findings);
    let unused = waivers::apply(run, model, &mut findings);
    let expired = run.policy.expired_overrides.iter().map(override_expired);
    let never = never_applied.iter().map(|(rule, reason)| never_applies(rule, reason));
    let problems = unused.into_iter().chain(expired).chain(never);
    let problems: Vec<Diagnostic> = problems.collect();
    problems.into_iter().for_each(|diagnostic| model.add_problem(diagnostic));
    let mut engine_findings = Vec::new();
    for rule in engine {
        apply(run, model, rule, &mut fired, &mut engine_findings);
    }
    distinguish(&mut engine_findings);
    waivers::accept(run, model, &mut engine_findings);
    findings.append(&mut engine_findings);
    findings.par_sort_unstable_by(|a, b| order_of(a).cmp(&order_of(b)));
    skipped.sort_by(|a, b| a.rule.cmp(&b.rule));
    Report {
        findings,
        rules: run.policy.rules.iter().map(rule_info).collect(),
        skipped,
        totals: totals(model),
        today: run.today.to_owned(),
        ..Report::default()
    }
}

/// By path and line; at one place the most severe first.
fn order_of(finding: &Finding) -> impl Ord + '_ {
    let Finding { place, rule, subject, message, fingerprint, .. } = finding;
    (&place.path, place.at.line, place.at.column, Reverse(finding.level), rule, subject, message, fingerprint)
}

/// Rules such that each comes after those that it yields to. The loader refuses circles; should one come, its rules keep their order.
fn in_yielding_order(rules: &[Rule]) -> Vec<&Rule> {
    let mut done: FxHashSet<&str> = FxHashSet::default();
    let mut waiting: Vec<&Rule> = rules.iter().collect();
    let known: FxHashSet<&str> = rules.iter().map(|rule| &*rule.id).collect();
    let mut order = Vec::with_capacity(rules.len());
    while !waiting.is_empty() {
        let ready = |rule: &&Rule| rule.yields_to.iter().all(|other| done.contains(&**other) || !known.contains(&**other));
        let (now, later): (Vec<&Rule>, Vec<&Rule>) = waiting.iter().partition(|rule| ready(rule));
        if now.is_empty() {
            order.extend(later);
            break;
        }
        done.extend(now.iter().map(|rule| &*rule.id));
        order.extend(now);
        waiting = later;
    }
    order
}

fn unmet_need(rule: &Rule, model: &Model) -> Option<String> {
    rule.needs.iter().find_map(|need| match need {
        Need::Complete if model.complete => None,
        Need::Complete => {
            Some("needs every service of the fleet: declare `fleet: {complete: true}` when this is all of it".into())
        }
        Need::Base => Some("needs a base to compare with".into()),
        Need::History => Some("needs the history of the repository".into()),
        Need::Index => Some("needs an index of the fleet".into()),
    })
}

/// Which rules fired on which subjects, so that others can yield.
#[derive(Default)]
struct Fired {
    rows: FxHashSet<(Arc<str>, &'static str, u32)>,
    /// By the one service that a subject is about.
    services: FxHashSet<(Arc<str>, u32)>,
}

impl Fired {
    fn on(&self, rule: &Arc<str>, subject: &Subject, row: u32, service: Option<u32>) -> bool {
        self.rows.contains(&(Arc::clone(rule), subject.name, row))
            || service.is_some_and(|service| self.services.contains(&(Arc::clone(rule), service)))
    }
}

/// How a rule met its subjects.
#[derive(Default)]
struct Applied {
    /// Rows that the rule was asked about.
    rows: usize,
    /// Rows for which the filter held.
    met: usize,
    /// Rows for which the filter was unknown.
    unknown: usize,
}

impl Applied {
    /// Why a rule that the user's own policy names said nothing about anything, if its filter is the reason. A filter that is false
    /// for everything is one only in a rule of the user, and where the cases judge what it lets through: elsewhere it may be that nothing
    /// is wrong.
    fn never_because(&self, run: &Run, rule: &Rule) -> Option<String> {
        rule.origin.as_ref()?;
        if !rule.named || rule.filter.is_none() || self.rows == 0 || self.met > 0 {
            return None;
        }
        let is_scope = matches!(rule.source, RuleSource::Own { .. }) && !rule.cases.iter().any(|case| case.when.is_true());
        if self.unknown < self.rows && !is_scope {
            return None;
        }
        let subject = run.subjects[rule.subject].name.replace('_', " ");
        let each = match (self.rows, subject.strip_suffix('y')) {
            (1, _) => format!("the only {subject}"),
            (rows, Some(stem)) => format!("each of {rows} {stem}ies"),
            (rows, None) => format!("each of {rows} {subject}s"),
        };
        Some(match self.unknown {
            0 => format!("its `where` is false for {each}"),
            unknown if unknown == self.rows => format!("what its `where` asks is unknown for {each}"),
            unknown => format!("its `where` is false or (for {unknown}) unknown for {each}"),
        })
    }
}

/// Evaluates one rule over all rows of its subject and appends what it finds.
fn apply(run: &Run, model: &Model, rule: &Rule, fired: &mut Fired, findings: &mut Vec<Finding>) -> Applied {
    let subject = &run.subjects[rule.subject];
    let rows = (subject.count)(model);
    let table = Rows::new(run, model, rule);
    let outcomes: Vec<Outcome> = match rows {
        // Handing out so few rows costs more than evaluating them.
        0..64 => (0..rows).map(|row| table.row(row)).collect(),
        _ => (0..rows).into_par_iter().with_min_len(64).map(|row| table.row(row)).collect(),
    };
    let mut applied = Applied { rows: rows as usize, ..Applied::default() };
    for (row, outcome) in (0..rows).zip(outcomes) {
        match outcome {
            Outcome::NotAsked => applied.rows -= 1,
            Outcome::FilteredOut => {}
            Outcome::Unknown => applied.unknown += 1,
            Outcome::Silent => applied.met += 1,
            Outcome::Fires(finding) => {
                applied.met += 1;
                let service = match (subject.services)(model, row)[..] {
                    [service] => Some(service),
                    _ => None,
                };
                if rule.yields_to.iter().any(|other| fired.on(other, subject, row, service)) {
                    continue;
                }
                fired.rows.insert((Arc::clone(&rule.id), subject.name, row));
                if let Some(service) = service {
                    fired.services.insert((Arc::clone(&rule.id), service));
                }
                findings.push(*finding);
            }
        }
    }
    applied
}

/// Merges findings of one rule about one other subject (a case's `subject`), and numbers different ones that share an identity.
fn distinguish(findings: &mut Vec<Finding>) {
    /// What tells two findings of one identity apart.
    type Appearance = (String, finding::Place);
    let mut seen: FxHashMap<String, FxHashSet<Appearance>> = FxHashMap::default();
    findings.retain_mut(|finding| {
        let same = seen.entry(finding.fingerprint.clone()).or_default();
        let is_new = same.insert((finding.message.clone(), finding.place.clone()));
        if is_new && same.len() > 1 {
            finding.fingerprint = row::fingerprint(&finding.rule, [&*finding.fingerprint, &same.len().to_string()]);
        }
        is_new
    });
}

fn never_applies(rule: &Rule, reason: &str) -> Diagnostic {
    let origin = rule.origin.as_ref().expect("only a rule that the policy asks for is said to never apply");
    Diagnostic::new(Fault::RuleNeverApplies, origin.at, format!("`{}` can say nothing here: {reason}", rule.id))
        .help(format!("see what rules can ask with `brickwork facts`, or remove `{}` from the policy", rule.id))
        .in_file(&origin.path)
}

/// An override is a waiver of the rule's usual limits, so its end is told as one's.
fn override_expired(expired: &Override) -> Diagnostic {
    let until = expired.expires.as_deref().unwrap_or_default();
    let message = format!("the override for `{}` ended on {until}", expired.services.join("`, `"));
    Diagnostic::new(Fault::WaiverExpired, expired.origin.at, message)
        .help("remove it, or renew it with a new day and a reason that holds today")
        .in_file(&expired.origin.path)
}

fn rule_info(rule: &Rule) -> RuleInfo {
    RuleInfo {
        id: Arc::clone(&rule.id),
        category: rule.category.to_string(),
        summary: rule.summary.clone(),
        docs: String::new(),
        level: rule.highest_level(),
    }
}

/// Adds the pages of rules, for formats that print them; reading them would cost every other run.
pub fn add_docs(report: &mut Report, policy: &Policy) {
    for (info, rule) in report.rules.iter_mut().zip(&policy.rules) {
        // Pages of built-in rules are checked by tests; a user's that can't be read leaves the summary to stand for it.
        info.docs = pages::read(&rule.source).map(|pages| pages.docs).unwrap_or_default();
    }
}

fn totals(model: &Model) -> Totals {
    let here = || model.repositories.iter().filter(|repository| !repository.foreign);
    let apis = || here().flat_map(|repository| &repository.apis).map(|&api| &model.apis[api as usize]);
    Totals {
        repositories: here().count() as u32,
        services: here().map(|repository| repository.services.len() as u32).sum(),
        apis: apis().count() as u32,
        operations: apis().map(|api| api.operations.len() as u32).sum(),
        files: model.files_read,
        code_lines: here().map(|repository| u64::from(repository.code_lines.value)).sum(),
    }
}

#[cfg(test)]
mod tests;
