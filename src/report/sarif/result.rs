//! One finding as a SARIF result.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactLocation, CodeFlow, Location, LogicalLocation, Message, PhysicalLocation, PropertyBag, Region, Result, ResultLevel,
    Suppression, ThreadFlow, ThreadFlowLocation,
};

use super::line_hash::LineHashes;
use super::uri;
use crate::diagnostic::Level;
use crate::evaluate::finding::{Finding, Label, Place, RuleInfo};
use crate::report::{Limits, Sources, clean, is_here, quantity};

/// The name that paths are relative to: the root of the repository.
pub const ROOT: &str = "%SRCROOT%";
/// Key of our own identity of a finding, which does not depend on lines.
const FINGERPRINT: &str = "brickwork/v1";
/// How many further places the text of a message links.
const LINKED: usize = 10;
/// How many further places and steps of a path GitHub keeps of one result.
const GITHUB_PLACES: usize = 100;
const GITHUB_STEPS: usize = 1000;

/// Turns findings into results.
pub struct Results<'r> {
    pub prefix: &'r str,
    pub limits: Limits,
    pub sources: Sources,
    /// Rules in the order of the file.
    pub rules: &'r [RuleInfo],
    /// Hashes of the lines of the file that was last pointed into.
    pub hashed: Option<(Arc<str>, Option<LineHashes>)>,
}

impl Results<'_> {
    pub fn result(&mut self, finding: &Finding) -> Result {
        let primary = primary(finding);
        let related: Vec<(usize, &Label)> = self.related(finding, primary).zip(1..).map(|(label, id)| (id, label)).collect();
        let text = message(finding, primary, &related);
        let locations = match primary {
            Some(place) => vec![self.primary_location(place)],
            None => vec![elsewhere(&finding.place)],
        };
        let mut result = Result::builder()
            .rule_id(finding.rule.to_string())
            .level(level(finding.level))
            .message(Message::builder().text(text).build())
            .locations(locations)
            .partial_fingerprints(self.fingerprints(finding, primary))
            .build();
        result.rule_index = self.rules.binary_search_by(|rule| rule.id.cmp(&finding.rule)).ok().map(|index| index as i64);
        if !related.is_empty() {
            let located = |(id, label): &(usize, &Label)| {
                let mut location = self.location(&label.place, Some(said(label)));
                location.id = Some(*id as i64);
                location
            };
            result.related_locations = Some(related.iter().map(located).collect());
        }
        if finding.flow {
            result.code_flows = self.code_flows(finding);
        }
        if let Some(waived) = &finding.waiver {
            let until = waived.until.as_ref().map(|day| format!(", until {day}")).unwrap_or_default();
            let justification = format!("{} ({}{until})", waived.reason, waived.owner);
            result.suppressions = Some(vec![
                Suppression::builder().kind(json!("external")).status(json!("accepted")).justification(justification).build(),
            ]);
        }
        result.properties = Some(properties(finding));
        result
    }

    /// Places beside the primary one that lie in this repository, the policy's line last.
    fn related<'f>(&self, finding: &'f Finding, primary: Option<&'f Place>) -> impl Iterator<Item = &'f Label> + use<'f, '_> {
        let most = if self.limits == Limits::Github { GITHUB_PLACES } else { usize::MAX };
        let here = move |label: &&Label| is_here(&label.place) && Some(&label.place) != primary;
        finding.labels.iter().chain(&finding.policy).filter(here).take(most)
    }

    fn code_flows(&mut self, finding: &Finding) -> Option<Vec<CodeFlow>> {
        let most = if self.limits == Limits::Github { GITHUB_STEPS } else { usize::MAX };
        let steps: Vec<&Label> = finding.labels.iter().filter(|label| is_here(&label.place)).take(most).collect();
        let step = |label: &Label| ThreadFlowLocation::builder().location(self.location(&label.place, Some(said(label)))).build();
        let locations: Vec<ThreadFlowLocation> = steps.into_iter().map(step).collect();
        let flow =
            |locations| vec![CodeFlow::builder().thread_flows(vec![ThreadFlow::builder().locations(locations).build()]).build()];
        (!locations.is_empty()).then_some(locations).map(flow)
    }

    /// GitHub shows an alert in a pull request only when all lines of its region are in the difference, so there it gets one line.
    fn primary_location(&mut self, place: &Place) -> Location {
        let mut first_line = place.clone();
        if self.limits == Limits::Github
            && let Some(source) = self.sources.showing(place)
        {
            let end = source.line(place.at.line).end.max(place.at.start as usize);
            first_line.at.end = place.at.end.min(end as u32);
        }
        self.location(&first_line, None)
    }

    fn location(&mut self, place: &Place, text: Option<String>) -> Location {
        let uri = uri::of(self.prefix, &place.path).unwrap_or_default();
        let mut region =
            Region::builder().start_line(i64::from(place.at.line.max(1))).start_column(i64::from(place.at.column.max(1))).build();
        if let Some((line, column)) = self.sources.end(place) {
            region.end_line = Some(i64::from(line.max(1)));
            region.end_column = Some(i64::from(column.max(1)));
        }
        let artifact = ArtifactLocation::builder().uri(uri).uri_base_id(ROOT).build();
        let mut location = Location::builder()
            .physical_location(PhysicalLocation::builder().artifact_location(artifact).region(region).build())
            .build();
        location.message = text.map(|text| Message::builder().text(text).build());
        location
    }

    fn fingerprints(&mut self, finding: &Finding, primary: Option<&Place>) -> BTreeMap<String, String> {
        let mut fingerprints = BTreeMap::from([(FINGERPRINT.to_owned(), finding.fingerprint.clone())]);
        if self.limits == Limits::Github
            && let Some(hash) = primary.and_then(|place| self.line_hash(place))
        {
            fingerprints.insert("primaryLocationLineHash".to_owned(), hash);
        }
        fingerprints
    }

    fn line_hash(&mut self, place: &Place) -> Option<String> {
        if self.hashed.as_ref().is_none_or(|(path, _)| *path != place.path) {
            let hashes = self.sources.source(&place.path).and_then(|source| LineHashes::of(&source));
            self.hashed = Some((Arc::clone(&place.path), hashes));
        }
        let (_, hashes) = self.hashed.as_ref()?;
        hashes.as_ref()?.line(place.at.line)
    }
}

/// The place in this repository that a result stands at: the finding's own, or else the first that says why.
pub fn primary(finding: &Finding) -> Option<&Place> {
    std::iter::once(&finding.place).chain(finding.labels.iter().map(|label| &label.place)).find(|place| is_here(place))
}

/// The first sentence can stand alone; lines with places, numbers and next steps follow.
fn message(finding: &Finding, primary: Option<&Place>, related: &[(usize, &Label)]) -> String {
    let mut text = format!("{}.", escaped(&clean::line(&finding.message, true)));
    if primary != Some(&finding.place) {
        text.push_str(&format!("\nThe place is {}:{}, outside this repository.", finding.place.path, finding.place.at.line));
    }
    let links: Vec<String> =
        related.iter().take(LINKED).map(|(id, label)| format!("[{}]({id})", link_text(&said(label)))).collect();
    if !links.is_empty() {
        text.push_str(&format!("\nSee {}.", links.join(", ")));
    }
    for label in finding.labels.iter().filter(|label| label.place.foreign).take(LINKED) {
        text.push_str(&format!(
            "\nIn another repository, {}:{}: {}.",
            label.place.path,
            label.place.at.line,
            escaped(&label.text)
        ));
    }
    if !finding.measures.is_empty() {
        let measures: Vec<String> = finding.measures.iter().map(quantity::measured).collect();
        text.push_str(&format!("\nMeasured: {}.", escaped(&measures.join(", "))));
    }
    for help in &finding.help {
        text.push_str(&format!("\nHelp: {}.", escaped(&clean::line(help, true))));
    }
    text
}

fn said(label: &Label) -> String {
    if label.text.is_empty() {
        format!("{}:{}", label.place.path, label.place.at.line)
    } else {
        clean::line(&label.text, true).into_owned()
    }
}

/// Text that must not be read as a link: `](` is what makes one.
fn escaped(text: &str) -> String {
    if text.contains("](") { text.replace("](", "] (") } else { text.to_owned() }
}

/// Text of a link, where brackets are escaped.
fn link_text(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// A place in another repository: named, never located.
fn elsewhere(place: &Place) -> Location {
    let name = format!("{}:{}", place.path, place.at.line);
    Location::builder()
        .logical_locations(vec![LogicalLocation::builder().fully_qualified_name(name).kind("resource").build()])
        .build()
}

fn level(level: Level) -> ResultLevel {
    match level {
        Level::Error => ResultLevel::Error,
        Level::Warning => ResultLevel::Warning,
        Level::Note => ResultLevel::Note,
    }
}

/// What other readers than GitHub may want.
fn properties(finding: &Finding) -> PropertyBag {
    let mut properties = BTreeMap::from([("subject".to_owned(), Value::from(finding.subject.as_str()))]);
    if !finding.services.is_empty() {
        properties.insert("services".to_owned(), finding.services.iter().map(|name| &**name).collect());
    }
    PropertyBag::builder().additional_properties(properties).build()
}
