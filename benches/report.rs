//! How long a report of 45,000 findings over 15,000 files takes in each format, and how much memory.

use std::fs;
use std::io::{self, Write};
use std::sync::{Arc, LazyLock};

use brickwork::diagnostic::Level;
use brickwork::evaluate::finding::{Finding, Label, Measure, Place, Report, RuleInfo};
use brickwork::report::{self, FORMATS, Limits, Options};
use brickwork::source::{LineIndex, Span};
use camino::Utf8PathBuf;

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

const FINDINGS: usize = 45_000;
const EACH_FILE: usize = 3;

fn main() {
    divan::main();
}

/// A report whose files are on disk, with some of them shared by findings as in a real one.
static REPORT: LazyLock<(tempfile::TempDir, Report)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = Utf8PathBuf::from_path_buf(folder.path().to_owned()).expect("a path in Unicode");
    let mut report = Report { root: Some(root.clone()), today: "2026-11-23".to_owned(), ..Report::default() };
    for number in 0..FINDINGS / EACH_FILE {
        let path: Arc<str> = Arc::from(format!("service-{:05}/src/main/calls-{number:05}.ts", number / 4));
        let lines = (0..40).map(|line| format!("  const value{line} = await get('http://service-{line}/api/v1/things');\n"));
        let text: String = lines.collect();
        let file = root.join(&*path);
        fs::create_dir_all(file.parent().expect("the file is in a folder")).expect("the folder can be written");
        fs::write(&file, &text).expect("the folder can be written");
        let index = LineIndex::new(&text);
        for which in 0..EACH_FILE {
            let at = |line: usize| {
                let start = index.line_start(line as u32) + 18;
                Place { path: Arc::clone(&path), at: index.location(&text, Span::new(start, start + 30)), foreign: false }
            };
            report.findings.push(Finding {
                rule: Arc::from(format!("rule-{:02}", (number * 7 + which) % 40)),
                level: Level::ALL[(number + which) % 3],
                message: format!("`service-{number}` names the host `service-{which}` in its code"),
                help: vec![format!("call `service-{which}` through its published client")],
                services: vec![Arc::from(format!("service-{number}")), Arc::from(format!("service-{which}"))],
                subject: format!("service-{number} -> service-{which}"),
                fingerprint: format!("{:016x}", 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul((number * 3 + which + 1) as u64)),
                place: at(which * 9 + 2),
                label: "called here".to_owned(),
                labels: vec![Label { place: at(which * 9 + 4), text: "and here again".to_owned() }],
                flow: false,
                measures: vec![Measure { name: "calls".to_owned(), value: 2.0, limit: Some(1.0), complete: true }],
                policy: None,
                waiver: None,
            });
        }
    }
    report.rules = (0..40).map(|number| RuleInfo { id: Arc::from(format!("rule-{number:02}")), ..RuleInfo::default() }).collect();
    (folder, report)
});

fn write(format: &str, options: &Options) -> usize {
    let format = FORMATS.iter().find(|known| known.name == format).expect("the format exists");
    let mut counter = Counter(0);
    report::write(format, &REPORT.1, options, &mut counter).expect("counting does not fail");
    counter.0
}

#[divan::bench(args = ["terminal", "json", "sarif", "github"], sample_count = 10)]
fn formats(bencher: divan::Bencher, format: &str) {
    LazyLock::force(&REPORT);
    bencher.bench(|| write(format, &Options::default()));
}

#[divan::bench(sample_count = 10)]
fn sarif_within_githubs_limits(bencher: divan::Bencher) {
    LazyLock::force(&REPORT);
    bencher.bench(|| write("sarif", &Options { limits: Limits::Github, ..Options::default() }));
}

#[divan::bench(sample_count = 5)]
fn terminal_without_a_limit(bencher: divan::Bencher) {
    LazyLock::force(&REPORT);
    bencher.bench(|| write("terminal", &Options { max_findings: 0, ..Options::default() }));
}

struct Counter(usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
