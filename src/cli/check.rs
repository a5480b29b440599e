//! `brickwork check`: lints, reports in every form asked for, and tells the outcome by its exit code.

use std::fs::File;
use std::io;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use camino::Utf8PathBuf;
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::look::LookArguments;
use super::project::{PolicyInvalid, ProjectArguments};
use super::{COULD_NOT_RUN, FOUND};
use crate::diagnostic::{Level, did_you_mean};
use crate::evaluate::{self, finding::Report};
use crate::report::terminal::Look;
use crate::report::{self, FORMATS, Format, Limits};

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// The level from which findings fail the run.
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: FailOn,
    /// How findings are printed.
    #[arg(long, default_value = FORMATS[0].name, value_parser = format, long_help = formats())]
    format: &'static Format,
    /// Writes a further report to a file, as in `sarif=brickwork.sarif`; may be given several times.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output)]
    output: Vec<Output>,
    /// Count what waivers accept, too: for an audit.
    #[arg(long)]
    no_waivers: bool,
    /// How many findings text for people shows; 0 for all.
    #[arg(long, value_name = "N", default_value_t = report::Options::default().max_findings)]
    max_findings: usize,
    /// Whose limits a SARIF report keeps: beyond them the least severe results are left out, and the report says so.
    #[arg(long, value_name = "WHOSE", default_value = "none")]
    sarif_limits: Limits,
    #[command(flatten)]
    look: LookArguments,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl ValueEnum for Limits {
    fn value_variants<'a>() -> &'a [Self] {
        &[Limits::None, Limits::Github]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Limits::None => PossibleValue::new("none"),
            Limits::Github => PossibleValue::new("github").help("what GitHub code scanning takes and shows"),
        })
    }
}

#[derive(Clone)]
struct Output {
    format: &'static Format,
    path: Utf8PathBuf,
}

fn formats() -> String {
    let rows: Vec<String> = FORMATS.iter().map(|format| format!("- {}: {}", format.name, format.about)).collect();
    format!("How findings are printed:\n{}", rows.join("\n"))
}

fn format(name: &str) -> Result<&'static Format, String> {
    Format::from_name(name)
        .ok_or_else(|| did_you_mean(name, FORMATS.iter().map(|format| format.name)).unwrap_or_else(|| "no such format".into()))
}

fn output(text: &str) -> Result<Output, String> {
    let (name, path) = text.split_once('=').ok_or("expected FORMAT=FILE, as in `sarif=brickwork.sarif`")?;
    Ok(Output { format: format(name)?, path: path.into() })
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    for Output { path, .. } in &arguments.output {
        // Said before the run rather than after it.
        let folder = path.parent().filter(|folder| !folder.as_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            bail!("`{path}` can't be written: there is no folder `{folder}`; make it first");
        }
    }
    let project = match arguments.project.open(&arguments.look)? {
        Ok(project) => project,
        Err(PolicyInvalid) => return Ok(ExitCode::from(COULD_NOT_RUN)),
    };
    let (outcome, policy) = project.check(!arguments.no_waivers);
    let mut report = outcome.report;
    if arguments.output.iter().map(|output| output.format).chain([arguments.format]).any(|format| format.shows_docs) {
        evaluate::add_docs(&mut report, &policy);
    }
    let options = |look: Look| report::Options { look, max_findings: arguments.max_findings, limits: arguments.sarif_limits };
    for Output { format, path } in &arguments.output {
        let mut file = File::create(path).with_context(|| format!("creating `{path}`"))?;
        let written =
            report::write(format, &report, &options(Look::default()), &mut file).with_context(|| format!("writing `{path}`"))?;
        if let Some(note) = written.note {
            eprintln!("note: `{path}`: {note}");
        }
    }
    let options = options(arguments.look.of_stdout());
    let written = report::write(arguments.format, &report, &options, &mut io::stdout().lock()).context("writing the report")?;
    if let Some(note) = written.note {
        eprintln!("note: {note}");
    }
    Ok(if fails(&report, arguments.fail_on) { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

fn fails(report: &Report, fail_on: FailOn) -> bool {
    let from = match fail_on {
        FailOn::Error => Level::Error,
        FailOn::Warning => Level::Warning,
        FailOn::Note => Level::Note,
        FailOn::Never => return false,
    };
    report.active().any(|finding| finding.level >= from)
}
