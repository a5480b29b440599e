//! The report as text for people.
//!
//! Findings come grouped by level and rule, the most severe last, because the end of a long text is what stays on the screen; a
//! summary closes. Text of linted files is shown harmless. Nothing here depends on the time or the machine.

mod block;
mod choice;
mod excerpt;
mod look;
mod summary;

use std::io::{self, Write};
use std::sync::Arc;

pub use look::{Color, Look};

use super::{Options, Sources, Written, quantity};
use crate::diagnostic::{Diagnostic, Level};
use crate::evaluate::finding::{Finding, Place, Report};
use block::{Block, Pointed};
use look::Style;

pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<Written> {
    let look = &options.look;
    let mut sources = Sources::below(report.root.as_deref());
    let groups = choice::groups(report, options.max_findings);
    for group in &groups {
        for (number, finding) in group.shown.iter().enumerate() {
            let last = number + 1 == group.shown.len();
            finding_block(finding, last).draw(&mut sources, look, out)?;
            writeln!(out)?;
        }
        // A rule of which nothing is shown is in the summary's list.
        if group.omitted > 0 && !group.shown.is_empty() {
            let code = look.paint(Style::Level(group.level), &format!("{}[{}]", group.level.name(), group.rule));
            writeln!(out, "{code}: and {} more\n", quantity::grouped(group.omitted as u64))?;
        }
    }
    summary::write(report, &groups, look, out)?;
    let omitted = groups.iter().map(|group| group.omitted).sum();
    Ok(Written { shown: groups.iter().map(|group| group.shown.len()).sum(), omitted, ..Written::default() })
}

/// Writes diagnostics about policies and other inputs that stop a run.
pub fn diagnostics(diagnostics: &[Diagnostic], sources: &mut Sources, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in diagnostics {
        let place = |at| Place { path: Arc::clone(&diagnostic.path), at, foreign: false };
        let first = (place(diagnostic.at), diagnostic.label.clone().unwrap_or_default());
        let others = diagnostic.labels.iter().map(|(at, text)| (place(*at), text.clone()));
        let places: Vec<(Place, String)> = std::iter::once(first).filter(|_| !diagnostic.path.is_empty()).chain(others).collect();
        let block = Block {
            level: Level::Error,
            code: diagnostic.fault.name(),
            message: &diagnostic.message,
            places: places.iter().map(|(place, text)| Pointed { place, text: text.clone() }).collect(),
            notes: diagnostic.help.iter().map(|help| ("help", help.clone())).collect(),
            context: 1,
        };
        block.draw(sources, look, out)?;
        writeln!(out)?;
    }
    Ok(())
}

/// A finding as a block; `closing` when it is the last of its rule, which says how to accept one.
fn finding_block(finding: &Finding, closing: bool) -> Block<'_> {
    let mut places = vec![Pointed { place: &finding.place, text: finding.label.clone() }];
    for (number, label) in finding.labels.iter().enumerate() {
        // Snippets of one file show its lines in their own order, so the steps of a path say theirs.
        let text = if finding.flow { format!("{}. {}", number + 1, label.text) } else { label.text.clone() };
        if label.place != finding.place {
            places.push(Pointed { place: &label.place, text });
        } else if finding.label.is_empty() || finding.label == label.text {
            places[0].text = text;
        } else if text != places[0].text {
            places[0].text = format!("{}; {text}", places[0].text);
        }
    }
    let mut notes = Vec::new();
    if !finding.measures.is_empty() {
        let limits: Vec<String> = finding.measures.iter().map(quantity::measured).collect();
        notes.push(("limits", limits.join(", ")));
    }
    if let Some(policy) = finding.policy.as_ref().filter(|policy| policy.place != finding.place) {
        let gap = if policy.text.is_empty() { "" } else { "  " };
        notes.push((
            "policy",
            format!("{}:{}:{}{gap}{}", policy.place.path, policy.place.at.line, policy.place.at.column, policy.text),
        ));
    }
    notes.extend(finding.help.iter().map(|help| ("help", help.clone())));
    if closing {
        notes.push(("accept", acceptance(finding)));
    }
    Block { level: finding.level, code: &finding.rule, message: &finding.message, places, notes, context: 0 }
}

/// How this finding is accepted: a comment where the format has comments, else a waiver in the policy.
fn acceptance(finding: &Finding) -> String {
    let rule = &finding.rule;
    let extension = finding.place.path.rsplit(['.', '/']).next().unwrap_or_default();
    let comment = match extension {
        _ if finding.place.foreign => None,
        "java" | "kt" | "ts" | "tsx" | "js" | "jsx" | "go" | "cs" | "rs" | "php" | "scala" | "proto" | "gradle" | "kts" => {
            Some("//")
        }
        "py" | "rb" | "yaml" | "yml" | "toml" | "tf" | "sh" | "properties" | "graphql" | "Dockerfile" | "CODEOWNERS" => Some("#"),
        _ => None,
    };
    match comment {
        Some(sign) => format!("`{sign} brickwork: allow {rule} until DATE by @OWNER -- REASON`, or a waiver in `brickwork.yaml`"),
        None => format!("a waiver in `brickwork.yaml`: {{rule: {rule}, subject: \"{}\", owner, reason, until}}", finding.subject),
    }
}
