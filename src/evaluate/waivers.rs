//! Waivers: findings that somebody accepts, for a reason and until a day.
//!
//! A waiver stands in the policy (rule and a glob over the subject) or beside the code in a comment, where it covers its own line and the
//! next one; a comment on a file's first line covers the file. One that has expired accepts nothing and is itself reported, as is one that
//! nothing needs.

use std::sync::Arc;

use globset::{Glob, GlobMatcher};

use super::Run;
use super::finding::{Finding, Waived};
use crate::diagnostic::{Diagnostic, Fault};
use crate::discover::is_within;
use crate::model::Model;
use crate::source::Location;

/// One waiver of either kind, ready to match.
struct Candidate {
    rule: Arc<str>,
    scope: Scope,
    waived: Waived,
    path: Arc<str>,
    at: Location,
    used: bool,
}

enum Scope {
    /// Findings whose subject the glob matches, in files below a directory.
    Subject {
        glob: Option<GlobMatcher>,
        below: Arc<str>,
    },
    Lines {
        from: u32,
        to: u32,
    },
}

impl Candidate {
    fn covers(&self, finding: &Finding) -> bool {
        *self.rule == *finding.rule
            && match &self.scope {
                Scope::Subject { glob, below } => {
                    is_within(&finding.place.path, below) && glob.as_ref().is_some_and(|glob| glob.is_match(&finding.subject))
                }
                Scope::Lines { from, to } => finding.place.path == self.path && (*from..=*to).contains(&finding.place.at.line),
            }
    }

    fn expired(&self, today: &str) -> bool {
        self.waived.until.as_deref().is_some_and(|until| until < today)
    }
}

/// Marks waived findings, and says which waivers have expired or accept nothing.
pub(super) fn apply(run: &Run, model: &Model, findings: &mut [Finding]) -> Vec<Diagnostic> {
    let mut candidates = candidates(run, model);
    mark(run, &mut candidates, findings);
    let known = |rule: &str| run.policy.rules.iter().any(|known| *known.id == *rule);
    let reports_problems = |rule: &str| Fault::ALL.iter().any(|fault| fault.name() == rule);
    let mut diagnostics = Vec::new();
    for candidate in &candidates {
        let Candidate { rule, waived, path, at, .. } = candidate;
        let diagnostic = if candidate.expired(run.today) {
            let until = waived.until.as_deref().unwrap_or_default();
            Diagnostic::new(Fault::WaiverExpired, *at, format!("the waiver of `{rule}` by {} ended on {until}", waived.owner))
                .help("mend the finding and remove the waiver, or renew it with a new date and reason")
        } else if !candidate.used && known(rule) && !reports_problems(rule) {
            Diagnostic::new(Fault::WaiverUnused, *at, format!("the waiver of `{rule}` accepts nothing"))
                .help("remove it: the finding is gone, or its subject has another name")
        } else {
            continue;
        };
        diagnostics.push(diagnostic.in_file(path));
    }
    diagnostics
}

/// Marks waived findings and says nothing of the waivers: for findings about inputs, which come after the waivers were judged.
pub(super) fn accept(run: &Run, model: &Model, findings: &mut [Finding]) {
    mark(run, &mut candidates(run, model), findings);
}

fn mark(run: &Run, candidates: &mut [Candidate], findings: &mut [Finding]) {
    if candidates.is_empty() {
        return;
    }
    for finding in findings {
        for candidate in candidates.iter_mut().filter(|candidate| !candidate.expired(run.today)) {
            if candidate.covers(finding) {
                candidate.used = true;
                if run.waivers {
                    finding.waiver = Some(candidate.waived.clone());
                }
                break;
            }
        }
    }
}

fn candidates(run: &Run, model: &Model) -> Vec<Candidate> {
    let stated = run.policy.waivers.iter().map(|waiver| Candidate {
        rule: Arc::clone(&waiver.rule),
        scope: Scope::Subject {
            glob: Glob::new(&waiver.subject).ok().map(|glob| glob.compile_matcher()),
            below: Arc::clone(&waiver.scope),
        },
        waived: Waived {
            owner: waiver.owner.clone(),
            reason: waiver.reason.clone(),
            until: waiver.until.as_deref().map(str::to_owned),
        },
        path: Arc::clone(&waiver.origin.path),
        at: waiver.origin.at,
        used: false,
    });
    let here = model.waivers.iter().filter(|(_, evidence)| !model.files[evidence.file as usize].foreign);
    let inline = here.map(|(waiver, evidence)| {
        let text = |text: &Option<crate::facts::Text>| text.as_ref().map(|text| text.value.to_string());
        let line = evidence.at.line;
        Candidate {
            rule: Arc::clone(&waiver.rule.value),
            scope: if line == 1 {
                Scope::Lines { from: 1, to: u32::MAX }
            } else {
                Scope::Lines { from: line, to: line.saturating_add(1) }
            },
            waived: Waived {
                owner: text(&waiver.owner).unwrap_or_default(),
                reason: text(&waiver.reason).unwrap_or_default(),
                until: text(&waiver.until),
            },
            path: Arc::clone(&model.files[evidence.file as usize].path),
            at: evidence.at,
            used: false,
        }
    });
    stated.chain(inline).collect()
}
