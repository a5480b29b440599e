//! Reports: what a run found comes in, the bytes of one format go out.
//!
//! A format is one file and one row of [`FORMATS`]. Reporters see the [`Report`] and re-read the files whose text they show;
//! they never see the model. All of them stream: memory does not grow with the number of findings.

mod clean;
pub mod diagram;
mod github;
pub mod json;
mod markdown;
pub mod quantity;
mod records;
mod sarif;
mod sources;
pub mod terminal;

use std::cmp::Reverse;
use std::io::{self, Write};

use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::evaluate::finding::{Place, Report};
pub use sources::{Source, Sources};
use terminal::Look;

/// A form that a report can take.
pub struct Format {
    /// As `--format` takes it.
    pub name: &'static str,
    pub about: &'static str,
    /// Prints the pages of rules: [`crate::evaluate::add_docs`] must have added them.
    pub shows_docs: bool,
    write: fn(&Report, &Options, &mut dyn Write) -> io::Result<Written>,
}

/// Every format, the default first.
pub static FORMATS: &[Format] = &[
    Format { name: "terminal", about: "text with snippets, for people", shows_docs: false, write: terminal::write },
    Format { name: "json", about: "everything that was found, as one JSON document", shows_docs: false, write: json::write },
    Format {
        name: "sarif",
        about: "SARIF 2.1.0, for GitHub code scanning and other viewers",
        shows_docs: true,
        write: sarif::write,
    },
    Format { name: "github", about: "annotations of GitHub Actions", shows_docs: false, write: github::write },
];

impl Format {
    pub fn from_name(name: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.name == name)
    }
}

/// How a report is written.
#[derive(Clone, Debug)]
pub struct Options {
    /// Width, colour and characters of text for people.
    pub look: Look,
    /// How many findings text for people shows; 0 for all.
    pub max_findings: usize,
    /// Whose limits a SARIF file keeps.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Options { look: Look::default(), max_findings: 100, limits: Limits::None }
    }
}

/// Whose limits on size a file keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limits {
    #[default]
    None,
    /// What GitHub code scanning takes and shows.
    Github,
}

/// What became of the findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Findings in the output.
    pub shown: usize,
    /// Findings that a limit of the format or of the options kept out.
    pub omitted: usize,
    /// What a person should know about the output and cannot read in it.
    pub note: Option<String>,
    /// True when the reader went away before the end, as `head` does.
    pub cut_short: bool,
}

/// Writes a report. A reader that goes away is no error: it has what it wanted.
pub fn write(format: &Format, report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<Written> {
    let mut out = io::BufWriter::with_capacity(64 * 1024, out);
    let written = (format.write)(report, options, &mut out).and_then(|written| out.flush().map(|()| written));
    // What could not be written must not be tried again when the buffer is dropped.
    let _ = out.into_parts();
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Written { cut_short: true, ..Written::default() }),
        written => written,
    }
}

/// Whether a place lies in the checked repository: a policy may stand elsewhere, and so may what a fact of another repository names.
fn is_here(place: &Place) -> bool {
    !place.foreign && stays_inside(&place.path)
}

/// Whether a path is relative and never climbs.
fn stays_inside(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// How many findings that count each rule has at each level: most severe first, then most findings, then by name.
fn rule_counts(report: &Report) -> Vec<(Level, &str, usize)> {
    let mut counts: FxHashMap<(Level, &str), usize> = FxHashMap::default();
    for finding in report.active() {
        *counts.entry((finding.level, &*finding.rule)).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().map(|((level, rule), count)| (level, rule, count)).collect();
    counts.sort_unstable_by_key(|&(level, rule, count)| (Reverse(level), Reverse(count), rule));
    counts
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
