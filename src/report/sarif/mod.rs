//! The report as SARIF 2.1.0, in the form that GitHub code scanning shows best.
//!
//! Results are written one by one: in memory a result takes two kilobytes. What GitHub would refuse or drop is decided here when
//! [`Limits::Github`] asks for it, most severe first, and said in a notification.

mod line_hash;
mod result;
mod rules;
mod uri;

use std::io::{self, Write};
use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde::Serialize;
use serde_json::json;
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Message, Notification, ReportingDescriptorReference, RunAutomationDetails, Tool, ToolComponent,
    VersionControlDetails,
};

use super::quantity::{counted, grouped};
use super::{Limits, Options, Sources, Written};
use crate::diagnostic::Level;
use crate::evaluate::finding::{Finding, Report, RuleInfo};
use result::Results;

/// GitHub takes 25,000 results of a run and shows the 5,000 most severe; the others would only cost.
const GITHUB_RESULTS: usize = 5_000;
/// GitHub takes ten megabytes of gzip. Reports shrink to a tenth or less; a quarter leaves room for unusual ones.
const GITHUB_BYTES: usize = 40 * 1000 * 1000;

pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<Written> {
    let rules = rules_of(report);
    out.write_all(b"{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\n")?;
    member(out, "tool", &tool(&rules))?;
    // The category ends in a slash: what would follow is the run, and GitHub keeps one upload for each category and commit.
    member(out, "automationDetails", &RunAutomationDetails::builder().id("brickwork/").build())?;
    member(out, "columnKind", "unicodeCodePoints")?;
    member(out, "originalUriBaseIds", &json!({result::ROOT: {"description": {"text": "The root of the repository."}}}))?;
    if let Some(provenance) = provenance(report) {
        member(out, "versionControlProvenance", &[provenance])?;
    }
    out.write_all(b"\"results\":[")?;
    let mut results = Results {
        prefix: &report.prefix,
        limits: options.limits,
        sources: Sources::below(report.root.as_deref()),
        rules: &rules,
        hashed: None,
    };
    let mut chosen = Chosen::of(report, options.limits);
    let mut written = Written::default();
    let (mut line, mut bytes) = (Vec::new(), 0);
    for finding in &report.findings {
        if !chosen.takes(finding) || (options.limits == Limits::Github && bytes > GITHUB_BYTES) {
            written.omitted += usize::from(options.limits == Limits::None || finding.waiver.is_none());
            continue;
        }
        line.clear();
        line.extend_from_slice(if written.shown == 0 { b"\n" } else { b",\n" });
        serde_json::to_writer(&mut line, &results.result(finding))?;
        out.write_all(&line)?;
        bytes += line.len();
        written.shown += 1;
    }
    if written.omitted > 0 {
        written.note = Some(format!(
            "{} left out: GitHub shows {} results of a run, most severe first, and none without a place in the repository",
            counted(written.omitted as u64, "finding is", "findings are"),
            grouped(GITHUB_RESULTS as u64)
        ));
    }
    out.write_all(b"\n],\n\"invocations\":")?;
    serde_json::to_writer(&mut *out, &[invocation(report, &rules, &written)])?;
    out.write_all(b"\n}]}\n")?;
    Ok(written)
}

fn member(out: &mut dyn Write, name: &str, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    write!(out, "\"{name}\":")?;
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b",\n")
}

/// Which findings become results.
struct Chosen {
    limits: Limits,
    /// How many more of each level.
    left: [usize; Level::ALL.len()],
}

impl Chosen {
    fn of(report: &Report, limits: Limits) -> Self {
        let mut room = GITHUB_RESULTS;
        let mut left = [0; Level::ALL.len()];
        for level in Level::ALL {
            let share = room.min(report.active().filter(|finding| finding.level == level && shown_on_github(finding)).count());
            left[level as usize] = share;
            room -= share;
        }
        Chosen { limits, left }
    }

    fn takes(&mut self, finding: &Finding) -> bool {
        if self.limits == Limits::None {
            return true;
        }
        let left = &mut self.left[finding.level as usize];
        if *left == 0 || !shown_on_github(finding) {
            return false;
        }
        *left -= 1;
        true
    }
}

/// GitHub takes no result without a place in the repository, and shows a suppressed one as an open alert.
fn shown_on_github(finding: &Finding) -> bool {
    finding.waiver.is_none() && result::primary(finding).is_some()
}

/// Rules of the report, and those of findings that it does not list, sorted by id.
fn rules_of(report: &Report) -> Vec<RuleInfo> {
    let mut rules = report.rules.clone();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    let known: FxHashSet<&str> = report.rules.iter().map(|rule| &*rule.id).collect();
    let mut unknown: Vec<&Arc<str>> =
        report.findings.iter().map(|finding| &finding.rule).filter(|rule| !known.contains(&***rule)).collect();
    unknown.sort_unstable();
    unknown.dedup();
    if !unknown.is_empty() {
        rules.extend(unknown.into_iter().map(|id| RuleInfo { id: Arc::clone(id), ..RuleInfo::default() }));
        rules.sort_by(|a, b| a.id.cmp(&b.id));
    }
    rules
}

fn tool(rules: &[RuleInfo]) -> Tool {
    let mut driver = ToolComponent::builder()
        .name(env!("CARGO_PKG_NAME"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules.iter().map(rules::descriptor).collect::<Vec<_>>())
        .build();
    let home = [env!("CARGO_PKG_HOMEPAGE"), env!("CARGO_PKG_REPOSITORY")].into_iter().find(|address| !address.is_empty());
    driver.information_uri = home.map(str::to_owned);
    Tool::builder().driver(driver).build()
}

fn provenance(report: &Report) -> Option<VersionControlDetails> {
    let revision = report.revision.as_ref()?;
    let root = ArtifactLocation::builder().uri_base_id(result::ROOT).build();
    let mut details = VersionControlDetails::builder()
        .repository_uri(revision.repository.clone())
        .revision_id(revision.commit.clone())
        .mapped_to(root)
        .build();
    details.branch.clone_from(&revision.branch);
    Some(details)
}

/// How the run went: rules that could not be evaluated, findings that are left out.
fn invocation(report: &Report, rules: &[RuleInfo], written: &Written) -> Invocation {
    let mut notifications: Vec<Notification> = Vec::new();
    if let Some(note) = &written.note {
        let message = Message::builder().text(format!("{note}.")).build();
        notifications.push(Notification::builder().level(json!("warning")).message(message).build());
    }
    for skipped in &report.skipped {
        let mut rule = ReportingDescriptorReference::builder().id(skipped.rule.to_string()).build();
        rule.index = rules.binary_search_by(|known| known.id.cmp(&skipped.rule)).ok().map(|index| index as i64);
        let text = format!("`{}` was not evaluated: {}.", skipped.rule, skipped.reason);
        let message = Message::builder().text(text).build();
        notifications.push(Notification::builder().level(json!("note")).message(message).associated_rule(rule).build());
    }
    let mut invocation = Invocation::builder().execution_successful(true).build();
    invocation.tool_execution_notifications = (!notifications.is_empty()).then_some(notifications);
    invocation
}
