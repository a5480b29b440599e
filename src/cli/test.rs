//! `brickwork test`: runs the examples of rules, the users' and our own, by the same code.
//!
//! An example states files and every finding that the rule makes of them. It is checked with the policy that it states itself; one that
//! states none is checked with the user's, for a rule of the user, and with no policy for a built-in rule.

use std::fs;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::look::LookArguments;
use super::stdout::print;
use super::{COULD_NOT_RUN, FOUND, project};
use crate::Run;
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Fault};
use crate::discover::{Memory, WorkTree};
use crate::evaluate::finding::Finding;
use crate::model::subjects;
use crate::policy::files::{self, Disk, Files, PolicyFile};
use crate::policy::rule::pages::{self, Example, Expected};
use crate::policy::{self, LoadRequest, Policy, Rule, RuleSource, library};
use crate::report::{Sources, terminal};

#[derive(Args)]
pub struct Arguments {
    /// Rule files, or folders of them; by default every rule of your own that the policy here has.
    #[arg(value_name = "PATH")]
    paths: Vec<Utf8PathBuf>,
    /// Test the built-in rules instead.
    #[arg(long, conflicts_with = "paths")]
    built_in: bool,
    #[command(flatten)]
    look: LookArguments,
}

/// The day on which examples are checked, so that they mean the same on every day.
const DAY: &str = "2026-01-01";

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let root = project::current_folder()?;
    let suite = match open(arguments, &root)? {
        Ok(suite) => suite,
        Err(diagnostics) => {
            project::show(&diagnostics, &root, &arguments.look)?;
            return Ok(ExitCode::from(COULD_NOT_RUN));
        }
    };
    let outcome = suite.run();
    let mut sources = Sources::below(Some(&root));
    for (path, text) in &suite.texts {
        sources.hold(path, text);
    }
    print(|out| {
        terminal::diagnostics(&outcome.failures, &mut sources, &arguments.look.of_stdout(), out)?;
        for rule in &outcome.without {
            writeln!(out, "`{rule}` has no examples")?;
        }
        writeln!(out, "{} passed, {} failed", outcome.passed, outcome.failed)
    })?;
    Ok(if outcome.failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

/// Rules with what their examples are checked with.
pub struct Suite {
    rules: Vec<Rule>,
    policy: Option<PolicyFile>,
    rule_files: Vec<PolicyFile>,
    root: Option<Utf8PathBuf>,
    /// Texts of files that diagnostics may show and that don't lie below the root.
    texts: Vec<(Arc<str>, Arc<str>)>,
}

/// What came of a suite.
#[derive(Default)]
pub struct Outcome {
    pub passed: usize,
    pub failed: usize,
    pub failures: Vec<Diagnostic>,
    /// Rules without an example.
    pub without: Vec<Arc<str>>,
}

fn open(arguments: &Arguments, root: &Utf8Path) -> Result<Result<Suite, Vec<Diagnostic>>> {
    if arguments.built_in {
        return Ok(Suite::built_in());
    }
    let policy = match policy::find(&WorkTree::new(root)) {
        Ok(policy) => policy,
        Err(diagnostics) => return Ok(Err(diagnostics)),
    };
    let rule_files = rule_files(&arguments.paths, root)?;
    if policy.is_none() && rule_files.is_empty() {
        bail!("there is no policy here: name rule files, or test our own with `--built-in`");
    }
    Ok(Suite::own(policy, rule_files, root))
}

/// The files that are named, and those of folders that are named.
fn rule_files(paths: &[Utf8PathBuf], root: &Utf8Path) -> Result<Vec<PolicyFile>> {
    let mut named = Vec::new();
    for path in paths {
        if path.is_dir() {
            let found = Disk::new(root).list(path.as_str()).with_context(|| format!("reading `{path}`"))?;
            named.extend(found);
        } else {
            named.push(path.to_string());
        }
    }
    let read = named.into_iter().map(|name| {
        let bytes = fs::read(root.join(&name)).with_context(|| format!("reading `{name}`"))?;
        Ok(PolicyFile { path: name.into(), text: crate::source::decode(&bytes).text.as_ref().into() })
    });
    read.collect()
}

impl Suite {
    /// Our own rules.
    pub fn built_in() -> Result<Suite, Vec<Diagnostic>> {
        let ids: Vec<String> = library::rules().iter().map(|rule| format!("  {}: default\n", rule.id)).collect();
        let text = format!("rules:\n{}", ids.concat());
        let policy = PolicyFile { path: "brickwork.yaml".into(), text: text.into() };
        let rules = load(Some(policy), &[], None, None)?.rules;
        let texts = library::rules().iter().map(|rule| (rule.path.into(), rule.text().into())).collect();
        Ok(Suite { rules, policy: None, rule_files: Vec::new(), root: None, texts })
    }

    /// Rules of the user: those of the files, or all of the policy when there are none.
    fn own(policy: Option<PolicyFile>, rule_files: Vec<PolicyFile>, root: &Utf8Path) -> Result<Suite, Vec<Diagnostic>> {
        let stands_in =
            |rule: &Rule, file: &PolicyFile| matches!(&rule.source, RuleSource::Own { path, .. } if *path == file.path);
        let mut rules = load(policy.clone(), &[], Some(root), None)?.rules;
        // A file that the policy names already must not be loaded twice.
        let known = |file: &PolicyFile| rules.iter().any(|rule| stands_in(rule, file));
        let unknown: Vec<PolicyFile> = rule_files.iter().filter(|file| !known(file)).cloned().collect();
        if rule_files.is_empty() {
            rules.retain(|rule| matches!(rule.source, RuleSource::Own { .. }));
        } else {
            rules = load(policy.clone(), &unknown, Some(root), None)?.rules;
            rules.retain(|rule| rule_files.iter().any(|file| stands_in(rule, file)));
        }
        Ok(Suite { rules, policy, rule_files: unknown, root: Some(root.to_owned()), texts: Vec::new() })
    }

    /// Runs every example.
    pub fn run(&self) -> Outcome {
        let mut outcome = Outcome::default();
        for rule in &self.rules {
            match pages::read(&rule.source) {
                Err(diagnostics) => outcome.failures.extend(diagnostics),
                Ok(pages) if pages.examples.is_empty() => outcome.without.push(Arc::clone(&rule.id)),
                Ok(pages) => {
                    for example in &pages.examples {
                        let failures = self.example(rule, example);
                        outcome.passed += usize::from(failures.is_empty());
                        outcome.failed += usize::from(!failures.is_empty());
                        outcome.failures.extend(failures);
                    }
                }
            }
        }
        outcome
    }

    fn example(&self, rule: &Rule, example: &Example) -> Vec<Diagnostic> {
        let stated = example.policy.as_ref().map(|text| PolicyFile { path: "brickwork.yaml".into(), text: text.as_str().into() });
        let of_its_own = stated.is_some();
        let (path, policy, rule_files) = match &rule.source {
            RuleSource::BuiltIn(index) => (library::rules()[*index].path.into(), stated, Vec::new()),
            // A policy that the example states knows nothing of the rule, so its file comes along.
            RuleSource::Own { path, text, .. } if of_its_own => {
                (Arc::clone(path), stated, vec![PolicyFile { path: Arc::clone(path), text: Arc::clone(text) }])
            }
            RuleSource::Own { path, .. } => (Arc::clone(path), self.policy.clone(), self.rule_files.clone()),
        };
        let root = self.root.as_deref().filter(|_| !of_its_own);
        let mut policy = match load(policy, &rule_files, root, Some(&rule.id)) {
            Ok(policy) => policy,
            Err(diagnostics) => {
                let what = diagnostics.first().map_or("", |first| &first.message);
                let message = format!("example `{}`: its policy does not load: {what}", example.name);
                return vec![Diagnostic::new(Fault::PolicyInvalid, example.at, message).in_file(&path)];
            }
        };
        let snapshot = Memory::new("example", example.files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())));
        let run = Run { joined: Vec::new(), today: day(), waivers: true, progress: &|_| {} };
        let report = crate::check(&snapshot, &mut policy, run).report;
        let found: Vec<&Finding> = report.active().filter(|finding| finding.rule == rule.id).collect();
        compare(example, &found).into_iter().map(|failure| failure.in_file(&path)).collect()
    }
}

fn day() -> Date {
    DAY.parse().expect("the constant is a date")
}

fn load(
    policy: Option<PolicyFile>,
    rule_files: &[PolicyFile],
    root: Option<&Utf8Path>,
    also: Option<&str>,
) -> Result<Policy, Vec<Diagnostic>> {
    let memory = files::Memory::default();
    let disk = root.map(Disk::new);
    let files: &dyn Files = match &disk {
        Some(disk) => disk,
        None => &memory,
    };
    policy::load(&LoadRequest { policy, files, subjects: subjects::all(), today: day(), rule_files, also })
}

/// Findings that were expected and not made, else those that were made and not expected.
fn compare(example: &Example, found: &[&Finding]) -> Vec<Diagnostic> {
    let mut left: Vec<&Finding> = found.to_vec();
    let mut missed = Vec::new();
    for expected in &example.expect {
        match left.iter().position(|finding| fits(expected, finding)) {
            Some(place) => drop(left.remove(place)),
            None => missed.push(expected.at),
        }
    }
    let instead = left.iter().map(|finding| format!("found: {}", shown(finding))).collect::<Vec<_>>().join("; ");
    let failure = |at, message: &str| {
        let failure = Diagnostic::new(Fault::PolicyInvalid, at, format!("example `{}`: {message}", example.name));
        if instead.is_empty() { failure } else { failure.help(instead.as_str()) }
    };
    if missed.is_empty() && !left.is_empty() {
        return vec![failure(example.at, "more is found than expected")];
    }
    missed.into_iter().map(|at| failure(at, "this is expected and not found")).collect()
}

fn fits(expected: &Expected, finding: &Finding) -> bool {
    let services = finding.services.iter().map(|service| &**service);
    expected.place.as_ref().is_none_or(|(path, line)| **path == *finding.place.path && *line == finding.place.at.line)
        && expected.level.is_none_or(|level| level == finding.level)
        && expected.message.as_ref().is_none_or(|message| *message == finding.message)
        && expected.services.as_ref().is_none_or(|expected| expected.iter().map(String::as_str).eq(services))
}

/// A finding as an example would expect it.
fn shown(finding: &Finding) -> String {
    let Finding { level, place, message, services, .. } = finding;
    let (level, path, line, services) = (level.name(), &place.path, place.at.line, services.join(", "));
    format!("{{ level: {level}, at: \"{path}:{line}\", message: \"{message}\", services: [{services}] }}")
}
