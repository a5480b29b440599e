//! `brickwork explain`: why a rule exists, or why a finding was made.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use super::COULD_NOT_RUN;
use super::look::LookArguments;
use super::project::{PolicyInvalid, ProjectArguments, only};
use super::rules::highest;
use super::stdout::print;
use crate::Outcome;
use crate::diagnostic::did_you_mean;
use crate::evaluate::explain::{Explanation, explain};
use crate::evaluate::{self, finding::Finding};
use crate::model::subjects;
use crate::policy::expression::Step;
use crate::policy::rule::pages;
use crate::policy::{Policy, Rule, library};

#[derive(Args)]
pub struct Arguments {
    /// A rule's id, or a finding: its fingerprint (the first digits suffice), or RULE:SUBJECT.
    #[arg(value_name = "RULE-or-FINDING")]
    what: String,
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    look: LookArguments,
}

/// Fingerprints are told from rules by being hexadecimal and at least this long.
const SHORTEST_FINGERPRINT: usize = 6;

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let project = match arguments.project.open(&arguments.look)? {
        Ok(project) => project,
        Err(PolicyInvalid) => return Ok(ExitCode::from(COULD_NOT_RUN)),
    };
    let what = arguments.what.as_str();
    if let Some(rule) = project.policy.rules.iter().find(|rule| *rule.id == *what) {
        return print(|out| write_rule(rule, out));
    }
    if library::position(what).is_some() {
        let alone = only(what, project.today)?;
        return print(|out| {
            alone.rules.into_iter().try_for_each(|rule| write_rule(&Rule { origin: None, ..rule }, out))?;
            writeln!(out, "`{what}` is switched off here; name it under `rules` in `brickwork.yaml` to switch it on")
        });
    }
    let is_fingerprint = what.len() >= SHORTEST_FINGERPRINT && what.bytes().all(|digit| digit.is_ascii_hexdigit());
    if !is_fingerprint && !what.contains(':') {
        let ids = project.policy.known_rules.iter().map(|id| &**id);
        bail!("no rule is called `{what}`; {}", did_you_mean(what, ids).unwrap_or_else(|| "`brickwork rules` lists them".into()));
    }
    let today = project.today.to_string();
    let (outcome, policy) = project.check(true);
    let found: Vec<&Finding> = outcome.report.findings.iter().filter(|finding| is_meant(finding, what)).collect();
    match found[..] {
        [] => bail!("no finding here is called `{what}`: `brickwork check --format json` prints fingerprints"),
        [finding] => print(|out| write_finding(finding, &outcome, &policy, &today, out)),
        [..] => {
            let names: Vec<String> =
                found.iter().map(|finding| format!("{} {}:{}", finding.fingerprint, finding.rule, finding.subject)).collect();
            bail!("`{what}` means {} findings:\n  {}", found.len(), names.join("\n  "))
        }
    }
}

fn is_meant(finding: &Finding, what: &str) -> bool {
    finding.fingerprint.starts_with(what)
        || what.split_once(':').is_some_and(|(rule, subject)| *finding.rule == *rule && finding.subject == subject)
}

fn write_rule(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: {}", rule.id, rule.summary)?;
    writeln!(out, "\nlevel: {}   category: {}   subject: {}", highest(rule), rule.category, subjects::all()[rule.subject].name)?;
    if let Some(origin) = &rule.origin {
        writeln!(out, "asked for at {}:{}", origin.path, origin.at.line)?;
    }
    for parameter in &rule.parameters {
        let value = parameter.default.as_ref().map_or("off".into(), |value| value.render(&Default::default(), subjects::all()));
        let kinds = parameter.by_kind.iter().map(|(kind, value)| {
            let value = value.as_ref().map_or("off".into(), |value| value.render(&Default::default(), subjects::all()));
            format!(", {}: {value}", kind.name())
        });
        writeln!(out, "parameter {} = {value}{}   {}", parameter.name, kinds.collect::<String>(), parameter.doc)?;
    }
    match pages::read(&rule.source) {
        Ok(pages) => writeln!(out, "\n{}", pages.docs.trim_end()),
        // Its text was checked when the policy was loaded.
        Err(_) => Ok(()),
    }
}

fn write_finding(finding: &Finding, outcome: &Outcome, policy: &Policy, today: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}[{}]: {}", finding.level.name(), finding.rule, finding.message)?;
    writeln!(
        out,
        "  at {}:{}   subject `{}`   fingerprint {}",
        finding.place.path, finding.place.at.line, finding.subject, finding.fingerprint
    )?;
    for label in &finding.labels {
        writeln!(out, "  at {}:{}   {}", label.place.path, label.place.at.line, label.text)?;
    }
    if let Some(waiver) = &finding.waiver {
        writeln!(out, "  accepted by {}: {}", waiver.owner, waiver.reason)?;
    }
    let Some(rule) = policy.rules.iter().find(|rule| rule.id == finding.rule) else { return Ok(()) };
    let run = evaluate::Run { policy, subjects: subjects::all(), today, waivers: true };
    if let Some(row) = evaluate::explain::row_of(&run, &outcome.model, rule, finding) {
        write_explanation(&explain(&run, &outcome.model, rule, row), out)?;
    }
    match &rule.origin {
        Some(origin) => writeln!(out, "\nasked for at {}:{}", origin.path, origin.at.line)?,
        None if policy.path.is_some() => {
            writeln!(out, "\nasked for by a pack that `extends` names, or by `recommended` without one")?
        }
        None => writeln!(out, "\nasked for by the pack `recommended`, which holds where there is no policy")?,
    }
    for help in &finding.help {
        writeln!(out, "help: {help}")?;
    }
    writeln!(out, "\n`brickwork explain {}` says why this is bad and when to accept it", finding.rule)
}

fn write_explanation(explanation: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    for (name, value) in explanation.parameters.iter().flatten() {
        writeln!(out, "  params.{name} = {value}")?;
    }
    if !explanation.filter.is_empty() {
        writeln!(out, "\nwhere")?;
        write_steps(&explanation.filter, out)?;
    }
    for (number, steps) in explanation.cases.iter().enumerate() {
        writeln!(out, "\ncase {}", number + 1)?;
        write_steps(steps, out)?;
    }
    Ok(())
}

fn write_steps(steps: &[Step], out: &mut dyn Write) -> io::Result<()> {
    for Step { depth, text, value, note, .. } in steps {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let indent = 2 + 2 * *depth as usize;
        let equals = if value.is_empty() { "" } else { " = " };
        let note = note.as_ref().map_or(String::new(), |note| format!("   ({note})"));
        writeln!(out, "{:indent$}{text}{equals}{value}{note}", "")?;
    }
    Ok(())
}
