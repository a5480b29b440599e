//! What a run found: the only thing that reporters see.

use std::sync::Arc;

use camino::Utf8PathBuf;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Level;
use crate::source::Location;

/// The outcome of one run, in its final order.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The folder that paths are below, if there is one on disk.
    pub root: Option<Utf8PathBuf>,
    /// Where `root` lies below the root of its git repository: empty or ending in `/`. SARIF's paths begin with it.
    pub prefix: String,
    /// The commit that was checked, where that is known.
    pub revision: Option<Revision>,
    /// Most severe first within one path; sorted by path, line, rule, subject.
    pub findings: Vec<Finding>,
    /// Every rule that is switched on, sorted by id.
    pub rules: Vec<RuleInfo>,
    pub skipped: Vec<Skipped>,
    pub totals: Totals,
    /// The day of the run, `YYYY-MM-DD`.
    pub today: String,
}

/// A commit of a repository, as SARIF's `versionControlProvenance` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The address under which the repository is known.
    pub repository: String,
    pub commit: String,
    pub branch: Option<String>,
}

/// One violation of one rule by one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub rule: Arc<str>,
    pub level: Level,
    pub message: String,
    /// What to do next, in order.
    pub help: Vec<String>,
    /// Names; the caller first.
    pub services: Vec<Arc<str>>,
    /// The subject's identity in words: `orders`, `orders, billing -> shop`.
    pub subject: String,
    /// 16 hexadecimal digits of rule and identity: the same for the same finding tomorrow, wherever its lines went.
    pub fingerprint: String,
    /// The place to mend. Every finding has one.
    pub place: Place,
    /// What stands at `place`, in a few words.
    pub label: String,
    /// Further places that say why, in order.
    pub labels: Vec<Label>,
    /// True when `labels` are the steps of a path.
    pub flow: bool,
    pub measures: Vec<Measure>,
    /// The line of the policy that asks for this, when a policy file does.
    pub policy: Option<Label>,
    /// Set when a waiver accepts the finding: it is listed as suppressed and does not count.
    pub waiver: Option<Waived>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Below the report's root, with `/`.
    pub path: Arc<str>,
    pub at: Location,
    /// In a repository that is not here: it can be named but not shown or linked.
    pub foreign: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub place: Place,
    pub text: String,
}

/// A number that was measured, against the limit it broke.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Measure {
    pub name: String,
    pub value: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    /// False when the value is a lower bound.
    pub complete: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Waived {
    pub owner: String,
    pub reason: String,
    /// The last day on which it holds, `YYYY-MM-DD`.
    pub until: Option<String>,
}

/// What a report says about a rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleInfo {
    pub id: Arc<str>,
    pub category: String,
    pub summary: String,
    /// Markdown.
    pub docs: String,
    /// The highest level that a finding of this rule can have in this run.
    pub level: Option<Level>,
}

/// A rule that could not be evaluated, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Skipped {
    pub rule: Arc<str>,
    pub reason: String,
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    pub repositories: u32,
    pub services: u32,
    pub apis: u32,
    pub operations: u32,
    pub files: u32,
    pub code_lines: u64,
}

impl Report {
    /// Findings that count: those that no waiver accepts.
    pub fn active(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.waiver.is_none())
    }

    pub fn count(&self, level: Level) -> usize {
        self.active().filter(|finding| finding.level == level).count()
    }
}
