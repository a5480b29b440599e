//! A spanned message about an input: what a user can mend, with the place and the next step.
//!
//! Rooms return diagnostics beside their values and never print them. About a linted file a diagnostic becomes a subject
//! (`problem`) that rules report; about a policy it is an error of the run.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::source::Location;

/// How much a finding matters. The order is that of severity: `Note < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Note,
    Warning,
    Error,
}

impl Level {
    pub const ALL: [Level; 3] = [Level::Error, Level::Warning, Level::Note];

    pub fn name(self) -> &'static str {
        match self {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }

    pub fn from_name(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// What kind of thing is wrong with an input. The name is the id of the rule that reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The file could not be read, or is no text.
    UnreadableFile,
    /// A limit on size, depth or number cut the reading short.
    LimitReached,
    /// A template that only its engine can expand.
    TemplateUnread,
    /// A manifest that does not parse or breaks its schema.
    ManifestInvalid,
    /// An API description that does not parse or breaks its format's rules.
    ApiInvalid,
    /// A name that nobody defines.
    DanglingReference,
    /// A policy or rule file that does not load; stops the run.
    PolicyInvalid,
    /// A waiver whose last day has passed.
    WaiverExpired,
    /// A waiver that accepts nothing.
    WaiverUnused,
    /// A rule of the policy that can say nothing about anything here.
    RuleNeverApplies,
}

impl Fault {
    pub const ALL: [Fault; 10] = [
        Fault::UnreadableFile,
        Fault::LimitReached,
        Fault::TemplateUnread,
        Fault::ManifestInvalid,
        Fault::ApiInvalid,
        Fault::DanglingReference,
        Fault::PolicyInvalid,
        Fault::WaiverExpired,
        Fault::WaiverUnused,
        Fault::RuleNeverApplies,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Fault::UnreadableFile => "unreadable-file",
            Fault::LimitReached => "limit-reached",
            Fault::TemplateUnread => "template-unread",
            Fault::ManifestInvalid => "manifest-invalid",
            Fault::ApiInvalid => "api-invalid",
            Fault::DanglingReference => "dangling-reference",
            Fault::PolicyInvalid => "policy-invalid",
            Fault::WaiverExpired => "waiver-expired",
            Fault::WaiverUnused => "waiver-unused",
            Fault::RuleNeverApplies => "rule-never-applies",
        }
    }
}

/// A message about one input file, with the place to mend first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    pub fault: Fault,
    /// Lower case, one line, names in backticks, no full stop.
    pub message: String,
    /// What to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The file; empty while a room reads one file whose path its caller knows, who then calls [`Diagnostic::in_file`].
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub path: Arc<str>,
    pub at: Location,
    /// What stands at `at`, in a few words, drawn beside the caret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Other places of the same file that explain it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<(Location, String)>,
}

impl Diagnostic {
    pub fn new(fault: Fault, at: Location, message: impl Into<String>) -> Self {
        Diagnostic { fault, message: message.into(), help: None, path: Arc::from(""), at, label: None, labels: Vec::new() }
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    pub fn also(mut self, at: Location, label: impl Into<String>) -> Self {
        self.labels.push((at, label.into()));
        self
    }

    pub fn in_file(mut self, path: &Arc<str>) -> Self {
        self.path = Arc::clone(path);
        self
    }
}

/// The candidate nearest to what was written, for "did you mean": none when all are too far off.
pub fn nearest<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let folded = written.to_lowercase().replace('_', "-");
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&folded, &candidate.to_lowercase().replace('_', "-")), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count().min(folded.chars().count()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?" for the nearest candidate, or the list of all when none is near and the list is short.
pub fn did_you_mean<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    match nearest(written, candidates.iter().copied()) {
        Some(candidate) => Some(format!("did you mean `{candidate}`?")),
        None if (1..=24).contains(&candidates.len()) => Some(format!("one of: `{}`", candidates.join("`, `"))),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested_and_a_far_one_is_not() {
        let rules = ["no-owner", "no-domain", "owner-mismatch"];
        assert_eq!(nearest("no-ower", rules), Some("no-owner"));
        assert_eq!(nearest("owner_mismatch", rules), Some("owner-mismatch"));
        assert_eq!(nearest("lambda-swarm", rules), None);
    }

    #[test]
    fn names_of_faults_are_their_serialised_form() {
        for fault in Fault::ALL {
            assert_eq!(serde_json::to_value(fault).expect("a plain enum"), fault.name());
        }
    }
}
