//! The report as one JSON document, in the form that `schemas/report.schema.json` describes.
//!
//! Findings are written one by one, each on its own line, in the report's order; the order of keys is fixed.

use std::cell::RefCell;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::{Options, Sources, Written, records};
use crate::diagnostic::Level;
use crate::evaluate::finding::{self, Measure, Report, Skipped, Totals, Waived};

/// The version of this form. It grows when a key is removed or changes its meaning; new keys may come without.
const VERSION: u32 = 1;

pub fn write(report: &Report, _options: &Options, out: &mut dyn Write) -> io::Result<Written> {
    let document = Document {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        today: &report.today,
        totals: report.totals,
        findings: Findings { report, sources: RefCell::new(Sources::below(report.root.as_deref())) },
        skipped: &report.skipped,
        summary: Summary::of(report),
    };
    records::write(&document, 2, out)?;
    Ok(Written { shown: report.findings.len(), ..Written::default() })
}

/// What one run of brickwork found.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "brickwork report")]
pub struct Document<'r> {
    /// The version of this form: 1. It grows when a key is removed or changes its meaning; new keys may come without.
    version: u32,
    tool: Tool,
    /// The day of the run, `YYYY-MM-DD`.
    today: &'r str,
    totals: Totals,
    /// Sorted by path, line, rule and subject.
    #[schemars(with = "Vec<Finding>")]
    findings: Findings<'r>,
    /// Rules that could not be evaluated.
    skipped: &'r [Skipped],
    summary: Summary<'r>,
}

/// Who wrote the report.
#[derive(Serialize, JsonSchema)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

/// How much was found.
#[derive(Serialize, JsonSchema)]
struct Summary<'r> {
    /// Findings of this level that no waiver accepts.
    errors: usize,
    warnings: usize,
    notes: usize,
    /// Findings that a waiver accepts.
    waived: usize,
    /// Rules with findings that no waiver accepts, most severe first.
    rules: Vec<RuleCount<'r>>,
}

#[derive(Serialize, JsonSchema)]
struct RuleCount<'r> {
    rule: &'r str,
    level: Level,
    findings: usize,
}

impl<'r> Summary<'r> {
    fn of(report: &'r Report) -> Self {
        let rules = super::rule_counts(report);
        Summary {
            errors: report.count(Level::Error),
            warnings: report.count(Level::Warning),
            notes: report.count(Level::Note),
            waived: report.findings.iter().filter(|finding| finding.waiver.is_some()).count(),
            rules: rules.into_iter().map(|(level, rule, findings)| RuleCount { rule, level, findings }).collect(),
        }
    }
}

struct Findings<'r> {
    report: &'r Report,
    /// Ends of places are looked up while the findings are written.
    sources: RefCell<Sources>,
}

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.report.findings.len()))?;
        for finding in &self.report.findings {
            sequence.serialize_element(&Finding::of(finding, &mut self.sources.borrow_mut()))?;
        }
        sequence.end()
    }
}

/// One violation of one rule by one subject.
#[derive(Serialize, JsonSchema)]
struct Finding<'r> {
    rule: &'r str,
    level: Level,
    /// What is wrong, in one line.
    message: &'r str,
    /// What to do next, in order.
    help: &'r [String],
    /// Names of services; the caller first.
    services: Vec<&'r str>,
    /// The subject's identity in words.
    subject: &'r str,
    /// The place to mend.
    #[serde(flatten)]
    place: Place<'r>,
    /// What stands at the place, in a few words.
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'r str,
    /// Further places that say why, in order.
    labels: Vec<Label<'r>>,
    /// True when the labels are the steps of a path.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    flow: bool,
    measures: &'r [Measure],
    /// The line of the policy that asks for this.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<Label<'r>>,
    /// The same for the same finding tomorrow, wherever its lines went.
    fingerprint: &'r str,
    /// Present when a waiver accepts the finding, which then does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<&'r Waived>,
}

/// Lines and columns count from 1; columns count Unicode code points.
#[derive(Serialize, JsonSchema)]
struct Place<'r> {
    /// Below the root of the run, with `/`.
    path: &'r str,
    line: u32,
    column: u32,
    /// Where the place ends: the column is one past its last character. Absent when the file could not be read again.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
    /// True for a place in a repository that is not here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    foreign: bool,
}

#[derive(Serialize, JsonSchema)]
struct Label<'r> {
    #[serde(flatten)]
    place: Place<'r>,
    text: &'r str,
}

impl<'r> Finding<'r> {
    fn of(finding: &'r finding::Finding, sources: &mut Sources) -> Self {
        Finding {
            rule: &finding.rule,
            level: finding.level,
            message: &finding.message,
            help: &finding.help,
            services: finding.services.iter().map(|name| &**name).collect(),
            subject: &finding.subject,
            place: Place::of(&finding.place, sources),
            text: &finding.label,
            labels: finding.labels.iter().map(|label| Label::of(label, sources)).collect(),
            flow: finding.flow,
            measures: &finding.measures,
            policy: finding.policy.as_ref().map(|label| Label::of(label, sources)),
            fingerprint: &finding.fingerprint,
            waived: finding.waiver.as_ref(),
        }
    }
}

impl<'r> Label<'r> {
    fn of(label: &'r finding::Label, sources: &mut Sources) -> Self {
        Label { place: Place::of(&label.place, sources), text: &label.text }
    }
}

impl<'r> Place<'r> {
    fn of(place: &'r finding::Place, sources: &mut Sources) -> Self {
        let (end_line, end_column) = sources.end(place).unzip();
        Place { path: &place.path, line: place.at.line, column: place.at.column, end_line, end_column, foreign: place.foreign }
    }
}

/// The JSON Schema of this form.
pub fn schema() -> schemars::Schema {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Document>();
    schema.insert("$id".to_owned(), "https://brickwork.dev/schemas/report.schema.json".into());
    schema
}
