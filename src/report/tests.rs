//! Every format renders one fixed report; `UPDATE=1` writes what is expected under `tests/reports/`. Read it as a user would.

use super::fixture::Fixture;
use super::*;

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
