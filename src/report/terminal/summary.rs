//! The end of the text: what was looked at, what was found most, what was left out.

use std::io::{self, Write};

use super::choice::Group;
use super::look::{Look, Style};
use crate::diagnostic::Level;
use crate::evaluate::finding::Report;
use crate::report::clean;
use crate::report::quantity::{counted, grouped};

/// How many rules the summary names.
const RULES: usize = 12;

pub fn write(report: &Report, groups: &[Group], look: &Look, out: &mut dyn Write) -> io::Result<()> {
    write_rules(report, groups, look, out)?;
    write_skipped(report, look, out)?;
    let seen = seen(report);
    for line in clean::wrap(&seen, look.width, look.width) {
        writeln!(out, "{}", look.paint(Style::Faint, &line))?;
    }
    let waived = report.findings.iter().filter(|finding| finding.waiver.is_some()).count() as u64;
    if waived > 0 {
        writeln!(out, "accepted by waivers: {} (`--no-waivers` counts them, too)", counted(waived, "finding", "findings"))?;
    }
    let omitted: usize = groups.iter().map(|group| group.omitted).sum();
    if omitted > 0 {
        let text = format!("not shown: {} (`--max-findings 0` shows all)", counted(omitted as u64, "finding", "findings"));
        writeln!(out, "{text}")?;
    }
    writeln!(out, "{}", found(report, look))
}

/// Each rule with its number of findings, the most severe last as in the text above.
fn write_rules(report: &Report, groups: &[Group], look: &Look, out: &mut dyn Write) -> io::Result<()> {
    if groups.len() < 2 {
        return Ok(());
    }
    let mut ranked: Vec<&Group> = groups.iter().collect();
    ranked.sort_by_key(|group| (std::cmp::Reverse(group.level), std::cmp::Reverse(group.count), group.rule));
    let others = ranked.len().saturating_sub(RULES);
    ranked.truncate(RULES);
    let width = |text: &dyn Fn(&Group) -> usize| ranked.iter().map(|group| text(group)).max().unwrap_or(0);
    let count_width = width(&|group| grouped(group.count as u64).len());
    let level_width = width(&|group| group.level.name().len());
    let rule_width = width(&|group| clean::columns(group.rule));
    if others > 0 {
        writeln!(out, "  and {}", counted(others as u64, "more rule", "more rules"))?;
    }
    for group in ranked.iter().rev() {
        let summary = report.rules.iter().find(|rule| &*rule.id == group.rule).map_or("", |rule| rule.summary.as_str());
        let count = format!("{:>count_width$}", grouped(group.count as u64));
        let level = look.paint(Style::Level(group.level), &format!("{:level_width$}", group.level.name()));
        let left = look.width.saturating_sub(count_width + level_width + rule_width + 8);
        let summary = clean::line(summary, look.unicode);
        let summary = if clean::columns(&summary) <= left { summary } else { "".into() };
        let line = format!("  {count}  {level}  {:rule_width$}  {}", group.rule, look.paint(Style::Faint, &summary));
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out)
}

/// Rules that could not be evaluated, those with one reason together.
fn write_skipped(report: &Report, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for skipped in &report.skipped {
        match reasons.iter_mut().find(|(reason, _)| *reason == skipped.reason) {
            Some((_, rules)) => rules.push(&skipped.rule),
            None => reasons.push((&skipped.reason, vec![&skipped.rule])),
        }
    }
    for (reason, rules) in reasons {
        let text = format!("skipped {}: {reason}: {}", counted(rules.len() as u64, "rule", "rules"), rules.join(", "));
        let text = clean::line(&text, look.unicode).into_owned();
        for (number, line) in clean::wrap(&text, look.width, look.width.saturating_sub(2)).iter().enumerate() {
            let indent = if number == 0 { "" } else { "  " };
            writeln!(out, "{indent}{}", look.paint(Style::Faint, line))?;
        }
    }
    Ok(())
}

fn seen(report: &Report) -> String {
    let totals = report.totals;
    let parts = [
        counted(totals.repositories.into(), "repository", "repositories"),
        counted(totals.services.into(), "service", "services"),
        counted(totals.apis.into(), "api", "apis"),
        counted(totals.operations.into(), "operation", "operations"),
        counted(totals.files.into(), "file", "files"),
        counted(totals.code_lines, "line of code", "lines of code"),
    ];
    format!("looked at {}", parts.join(", "))
}

fn found(report: &Report, look: &Look) -> String {
    let words = [(Level::Error, "error", "errors"), (Level::Warning, "warning", "warnings"), (Level::Note, "note", "notes")];
    let counts: Vec<String> = words
        .into_iter()
        .map(|(level, one, many)| (level, report.count(level) as u64, one, many))
        .filter(|&(_, count, ..)| count > 0)
        .map(|(level, count, one, many)| look.paint(Style::Level(level), &counted(count, one, many)))
        .collect();
    if counts.is_empty() { "found nothing to report".to_owned() } else { format!("found {}", counts.join(", ")) }
}
