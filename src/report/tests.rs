//! Every format renders one fixed report; `UPDATE=1` writes what is expected under `tests/reports/`. Read it as a user would.

use std::sync::Arc;

use proptest::prelude::*;

use super::fixture::Fixture;
use super::*;
use crate::diagnostic::{Diagnostic, Fault};
use crate::evaluate::finding::Place;
use crate::source::{LineIndex, Location, Span, floor_char_boundary};

fn render(format: &str, report: &Report, options: &Options) -> String {
    let format = Format::from_name(format).expect("the format is in the list");
    let mut out = Vec::new();
    write(format, report, options, &mut out).expect("memory can be written");
    String::from_utf8(out).expect("reports are UTF-8")
}

/// Compares with the expected report, or writes it.
fn check(name: &str, text: &str) {
    check_file(&format!("tests/reports/{name}"), text);
}

fn check_file(name: &str, text: &str) {
    let path = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().expect("the path has a folder")).expect("the folder can be written");
        std::fs::write(&path, text).expect("the file can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "{name} is not as expected; run with UPDATE=1 and read the difference\n{text}");
}

fn look(width: usize, color: bool, unicode: bool) -> Options {
    Options { look: Look { width, color, unicode }, ..Options::default() }
}

#[test]
fn every_format_renders_the_fixture() {
    let fixture = Fixture::new();
    check("terminal.txt", &render("terminal", &fixture.report, &look(100, false, true)));
    check("terminal-narrow-ascii.txt", &render("terminal", &fixture.report, &look(60, false, false)));
    check("terminal-color.txt", &render("terminal", &fixture.report, &look(100, true, true)));
    check("terminal-limited.txt", &render("terminal", &fixture.report, &Options { max_findings: 3, ..Options::default() }));
    check("report.sarif", &render("sarif", &fixture.report, &Options::default()));
    check("report-github.sarif", &render("sarif", &fixture.report, &Options { limits: Limits::Github, ..Options::default() }));
    check("github.txt", &render("github", &fixture.report, &Options::default()));
    check("report.json", &render("json", &fixture.report, &Options::default()));
}

#[test]
fn nothing_that_a_terminal_obeys_gets_through() {
    let fixture = Fixture::new();
    for unicode in [true, false] {
        let text = render("terminal", &fixture.report, &look(80, false, unicode));
        for character in text.chars().filter(|&character| character != '\n') {
            assert_eq!(clean::tamed(character, unicode), None, "{character:?}");
        }
    }
}

#[test]
fn formats_are_found_by_their_names() {
    for format in FORMATS {
        assert!(std::ptr::eq(Format::from_name(format.name).expect("it is in the list"), format));
    }
    assert!(Format::from_name("xml").is_none());
}

#[test]
fn a_report_without_findings_says_so() {
    let report = Report { today: "2026-11-23".to_owned(), ..Report::default() };
    let text = render("terminal", &report, &Options::default());
    assert!(text.ends_with("found nothing to report\n"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&render("json", &report, &Options::default())).expect("it is JSON");
    assert_eq!(json["findings"], serde_json::json!([]));
}

struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let fixture = Fixture::new();
    for format in FORMATS {
        let written = write(format, &fixture.report, &Options::default(), &mut Closed).expect("a closed pipe is no error");
        assert!(written.cut_short, "{}", format.name);
    }
}

#[test]
fn the_published_schema_describes_the_json_report() {
    let schema = serde_json::to_value(json::schema()).expect("a schema is JSON");
    check_file("schemas/report.schema.json", &format!("{schema:#}\n"));
    let validator = jsonschema::validator_for(&schema).expect("the schema is valid");
    for report in [&Fixture::new().report, &Report::default()] {
        let json = serde_json::from_str(&render("json", report, &Options::default())).expect("it is JSON");
        let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn sarif_keeps_its_official_schema() {
    let schema = serde_json::from_str(include_str!("../../tests/schemas/sarif-schema-2.1.0.json")).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is valid");
    for report in [&Fixture::new().report, &Report::default()] {
        for limits in [Limits::None, Limits::Github] {
            let text = render("sarif", report, &Options { limits, ..Options::default() });
            let sarif = serde_json::from_str(&text).expect("it is JSON");
            let errors: Vec<String> =
                validator.iter_errors(&sarif).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }
}

fn results(report: &Report, limits: Limits) -> (Vec<serde_json::Value>, Written) {
    let mut out = Vec::new();
    let format = Format::from_name("sarif").expect("the format is in the list");
    let written = write(format, report, &Options { limits, ..Options::default() }, &mut out).expect("memory can be written");
    let mut sarif: serde_json::Value = serde_json::from_slice(&out).expect("it is JSON");
    let results = sarif["runs"][0]["results"].as_array_mut().expect("a run has results");
    (std::mem::take(results), written)
}

#[test]
fn githubs_limits_keep_the_most_severe_findings() {
    let place = Place { path: "a.rs".into(), at: Location::TOP, foreign: false };
    let finding = |level| fixture::finding(level, "rule", "message", place.clone());
    let mut findings = vec![finding(Level::Note); 6_000];
    findings.extend(vec![finding(Level::Error); 10]);
    let report = Report { findings, ..Report::default() };
    let (all, written) = results(&report, Limits::None);
    assert_eq!((all.len(), written.shown, written.omitted), (6_010, 6_010, 0));
    let (kept, written) = results(&report, Limits::Github);
    assert_eq!((kept.len(), written.shown, written.omitted), (5_000, 5_000, 1_010));
    assert_eq!(kept.iter().filter(|result| result["level"] == "error").count(), 10);
}

#[test]
fn github_gets_one_line_to_show_and_no_place_outside_the_repository() {
    let report = &Fixture::new().report;
    let (all, _) = results(report, Limits::None);
    let (github, written) = results(report, Limits::Github);
    let ends = |results: &[serde_json::Value]| -> Vec<bool> {
        let region = |result: &serde_json::Value| result["locations"][0]["physicalLocation"]["region"].clone();
        results.iter().map(region).map(|region| region["endLine"].as_u64() > region["startLine"].as_u64()).collect()
    };
    assert!(ends(&all).contains(&true));
    assert!(!ends(&github).contains(&true));
    assert!(all.iter().any(|result| !result["suppressions"].is_null()), "a waiver is a suppression");
    assert!(github.iter().all(|result| result["suppressions"].is_null()), "an accepted finding is no alert");
    assert!(github.iter().all(|result| result["locations"][0]["physicalLocation"].is_object()));
    assert_eq!(written.omitted, 1, "the finding that stands in another repository");
    let text = render("sarif", report, &Options::default());
    assert!(!text.contains("ledger/db/schema.sql\""), "foreign places are named in text only");
}

fn diagnosed(diagnostics: &[Diagnostic], path: &str, text: &str) -> String {
    let mut sources = Sources::below(None);
    sources.hold(&Arc::from(path), text);
    let mut out = Vec::new();
    terminal::diagnostics(diagnostics, &mut sources, &Look::default(), &mut out).expect("memory can be written");
    String::from_utf8(out).expect("text is UTF-8")
}

fn at(text: &str, needle: &str) -> Location {
    let start = text.find(needle).expect("the needle is in the text");
    LineIndex::new(text).location(text, Span::new(start, start + needle.len()))
}

#[test]
fn diagnostics_about_a_policy_show_each_mistake() {
    let text = "extends: [recommended]\nrules:\n  nano-servce: warning\n  shared-database:\n    level: eror\n    levl: error\n";
    let path: Arc<str> = Arc::from("brickwork.yaml");
    let diagnostics = [
        Diagnostic::new(Fault::PolicyInvalid, at(text, "nano-servce"), "unknown rule `nano-servce`")
            .help("did you mean `nano-service`?")
            .in_file(&path),
        Diagnostic::new(Fault::PolicyInvalid, at(text, "eror"), "`eror` is no level")
            .label("a level is error, warning or note")
            .also(at(text, "levl"), "and this key is unknown")
            .in_file(&path),
        Diagnostic::new(Fault::PolicyInvalid, Location::TOP, "`acme.yaml` is not there").help("`extends` names files and packs"),
    ];
    check("diagnostics.txt", &diagnosed(&diagnostics, &path, text));
}

#[test]
fn a_line_of_five_megabytes_is_shown_as_briefly_as_any_other() {
    let fixture = Fixture::new();
    let text = format!("{}é", "call('http://orders/');".repeat(230_000));
    fixture.file("app.min.js", &text);
    let index = LineIndex::new(&text);
    let finding = |number: usize| {
        let start = 23 * number * 2_000 + 5;
        let place = Place { path: "app.min.js".into(), at: index.location(&text, Span::new(start, start + 16)), foreign: false };
        fixture::finding(Level::Warning, "hardcoded-endpoint", "`shop` names `orders`", place)
    };
    let report = Report { root: fixture.report.root.clone(), findings: (0..100).map(finding).collect(), ..Report::default() };
    for format in FORMATS {
        let text = render(format.name, &report, &Options { limits: Limits::Github, ..Options::default() });
        assert!(text.len() < 100_000, "{}: {} bytes", format.name, text.len());
    }
    let text = render("terminal", &report, &Options::default());
    assert!(text.lines().all(|line| clean::columns(line) <= 100), "{text}");
    assert!(text.matches("'http://orders/'").count() >= 100, "{text}");
}

proptest! {
    /// Whatever a file holds and wherever spans point, drawing gives harmless lines and does not panic.
    #[test]
    fn any_text_with_any_spans_can_be_drawn(
        text in "([a-z \\t\\r\\n\u{1b}é日👍\u{202e}\u{301}]|\r\n){0,400}",
        spans in proptest::collection::vec((0usize..500, 0usize..60), 1..5),
        width in 0usize..120,
    ) {
        let index = LineIndex::new(&text);
        let span = |&(start, length): &(usize, usize)| {
            let start = floor_char_boundary(&text, start);
            index.location(&text, Span::new(start, floor_char_boundary(&text, start + length)))
        };
        let path: Arc<str> = Arc::from("any");
        let mut diagnostic = Diagnostic::new(Fault::PolicyInvalid, span(&spans[0]), "any").label("here").in_file(&path);
        for other in &spans[1..] {
            diagnostic = diagnostic.also(span(other), "there");
        }
        let mut sources = Sources::below(None);
        sources.hold(&path, &text);
        let mut out = Vec::new();
        let look = Look { width, color: false, unicode: true };
        terminal::diagnostics(&[diagnostic], &mut sources, &look, &mut out).expect("memory can be written");
        let drawn = String::from_utf8(out).expect("text is UTF-8");
        prop_assert!(drawn.chars().all(|character| character == '\n' || clean::tamed(character, true).is_none()), "{drawn}");
        prop_assert!(drawn.contains("here"), "{drawn}");
    }
}
