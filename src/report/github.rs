//! The report as workflow commands, which GitHub Actions shows as annotations beside the changed lines.
//!
//! GitHub drops what exceeds its limits without a word: ten annotations of each level in a step. So the most severe findings come
//! first, and what did not fit is said.

use std::borrow::Cow;
use std::io::{self, Write};

use super::quantity::{counted, measured};
use super::{Options, Sources, Written, clean, is_here, rule_counts};
use crate::diagnostic::Level;
use crate::evaluate::finding::{Finding, Label, Report};

/// How many annotations of one level GitHub shows of one step.
const EACH_LEVEL: usize = 10;

pub fn write(report: &Report, _options: &Options, out: &mut dyn Write) -> io::Result<Written> {
    let mut sources = Sources::below(report.root.as_deref());
    let mut written = Written::default();
    let more = Level::ALL.into_iter().any(|level| report.count(level) > EACH_LEVEL);
    for level in Level::ALL {
        // The line that says what is missing is a notice too.
        let room = if more && level == Level::Note { EACH_LEVEL - 1 } else { EACH_LEVEL };
        for finding in report.active().filter(|finding| finding.level == level).take(room) {
            annotate(finding, &report.prefix, &mut sources, out)?;
            written.shown += 1;
        }
    }
    written.omitted = report.active().count() - written.shown;
    if written.omitted > 0 {
        let rules = rule_counts(report);
        let named: Vec<String> = rules.iter().take(5).map(|(_, rule, count)| format!("{count} {rule}")).collect();
        let others = if rules.len() > named.len() { ", ..." } else { "" };
        let text = format!(
            "and {} that GitHub has no room for here; in all: {}{others}",
            counted(written.omitted as u64, "more finding", "more findings"),
            named.join(", ")
        );
        writeln!(out, "::notice title=brickwork::{}", data(&text))?;
    }
    Ok(written)
}

fn annotate(finding: &Finding, prefix: &str, sources: &mut Sources, out: &mut dyn Write) -> io::Result<()> {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    write!(out, "::{command} ")?;
    let place = &finding.place;
    if is_here(place) {
        let file = format!("{prefix}{}", place.path);
        write!(out, "file={},line={}", property(&file), place.at.line)?;
        let end = sources.end(place);
        match end {
            // Columns have a meaning only within one line.
            Some((line, _)) if line > place.at.line => write!(out, ",endLine={line}")?,
            Some((_, column)) if column > place.at.column => write!(out, ",col={},endColumn={column}", place.at.column)?,
            _ => write!(out, ",col={}", place.at.column)?,
        }
        out.write_all(b",")?;
    }
    writeln!(out, "title={}::{}", property(&finding.rule), data(&text(finding)))
}

/// The message, then what belongs to it, each on its own line.
fn text(finding: &Finding) -> String {
    let mut lines = vec![finding.message.clone()];
    if !is_here(&finding.place) {
        lines.push(format!("at {}:{}, outside this repository", finding.place.path, finding.place.at.line));
    }
    let label = |label: &Label| format!("{}:{} {}", label.place.path, label.place.at.line, label.text);
    lines.extend(finding.labels.iter().filter(|label| label.place != finding.place).take(5).map(label));
    if !finding.measures.is_empty() {
        lines.push(format!("limits: {}", finding.measures.iter().map(measured).collect::<Vec<_>>().join(", ")));
    }
    lines.extend(finding.help.iter().map(|help| format!("help: {help}")));
    lines.iter().map(|line| clean::line(line, true)).collect::<Vec<_>>().join("\n")
}

/// A text in the place of a command's message.
fn data(text: &str) -> Cow<'_, str> {
    escape(text, &[('%', "%25"), ('\r', "%0D"), ('\n', "%0A")])
}

/// A text in the place of a command's property. What a terminal would obey is shown as a sign: no path that matters has it.
fn property(text: &str) -> Cow<'_, str> {
    let obeyed = |character| !matches!(character, '\r' | '\n') && clean::tamed(character, true).is_some();
    if text.contains(obeyed) {
        let shown = |character| if obeyed(character) { clean::tamed(character, true).unwrap_or(character) } else { character };
        let shown: String = text.chars().map(shown).collect();
        return Cow::Owned(property(&shown).into_owned());
    }
    escape(text, &[('%', "%25"), ('\r', "%0D"), ('\n', "%0A"), (':', "%3A"), (',', "%2C")])
}

fn escape<'t>(text: &'t str, codes: &[(char, &str)]) -> Cow<'t, str> {
    let code = |character| codes.iter().find(|(escaped, _)| *escaped == character).map(|(_, code)| *code);
    if !text.chars().any(|character| code(character).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match code(character) {
            Some(code) => escaped.push_str(code),
            None => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::finding::Place;
    use crate::report::fixture::finding;
    use crate::source::Location;

    fn render(findings: Vec<Finding>) -> (String, Written) {
        let mut out = Vec::new();
        let written =
            write(&Report { findings, ..Report::default() }, &Options::default(), &mut out).expect("memory can be written");
        (String::from_utf8(out).expect("commands are UTF-8"), written)
    }

    fn many(counts: [usize; 3]) -> Vec<Finding> {
        let place = Place { path: "a: b,100%.rs".into(), at: Location::TOP, foreign: false };
        let of_level = |(level, count): (Level, usize)| vec![finding(level, "rule", "one\ntwo ::error::", place.clone()); count];
        Level::ALL.into_iter().rev().zip(counts.into_iter().rev()).flat_map(of_level).collect()
    }

    #[test]
    fn what_would_end_a_property_or_a_message_is_escaped() {
        let (text, _) = render(many([1, 0, 0]));
        assert_eq!(text, "::error file=a%3A b%2C100%25.rs,line=1,col=1,title=rule::one two ::error::\n");
        assert_eq!(property("a\x1b[31m\n\u{202E}b"), "a␛[31m%0A\u{FFFD}b");
        assert_eq!(data("100%\r\nx"), "100%25%0D%0Ax");
    }

    #[test]
    fn the_most_severe_come_first_and_the_rest_is_counted() {
        let (text, written) = render(many([12, 3, 20]));
        assert_eq!((written.shown, written.omitted), (22, 13));
        assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 10);
        assert_eq!(text.lines().filter(|line| line.starts_with("::notice ")).count(), 10);
        assert!(text.starts_with("::error "));
        let last = text.lines().last().unwrap_or_default();
        assert!(last.contains("and 13 more findings"), "{last}");
    }

    #[test]
    fn what_fits_needs_no_closing_line() {
        let (text, written) = render(many([10, 10, 10]));
        assert_eq!((text.lines().count(), written.omitted), (30, 0));
    }
}
