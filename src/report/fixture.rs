//! One report, with the files it points into, that every format renders in tests: plain cases and hostile ones.

use std::fs;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::diagnostic::Level;
use crate::evaluate::finding::{Finding, Label, Measure, Place, Report, Revision, RuleInfo, Skipped, Totals, Waived};
use crate::source::{LineIndex, Location, Span};

pub struct Fixture {
    pub report: Report,
    /// Holds the files until the test is over.
    folder: tempfile::TempDir,
}

const ORDERS: &str = "import { http } from './http';

export async function charge(order: Order) {
  // Billing answers with the amount that is due.
  const amount = await http.get('http://billing/api/v1/amounts/' + order.id);
  return http.post('http://billing/api/v1/charges', { amount });
}
";

const BILLING: &str = "from http import get


def amount(order):
    return get(f\"http://orders/orders/{order}/lines\")
";

const POLICY: &str = "extends: [recommended]
rules:
  nano-service: warning
  shared-database: { level: error }
";

const TABS: &str =
    "package main\r\n\r\nfunc main() {\r\n\tname := \"naïve 日本 👍\"\r\n\tserve(name,\t\"http://10.0.0.7:8080/rates\")\r\n}\r\n";

const HOSTILE: &str = "name: evil\u{1b}[2J\u{1b}]0;owned\u{7}\nowner: \u{202E}maet-a@\u{202C} # \u{9b}31m\nurl: x";

const COMPOSE: &str = "services:
  orders:
    environment:
      DATABASE: postgres://db/shop
  billing:
    environment:
      DATABASE: postgres://db/shop
  rates:
    image: rates
";

impl Fixture {
    pub fn new() -> Fixture {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = Utf8PathBuf::from_path_buf(folder.path().to_owned()).expect("a path in Unicode");
        let mut fixture = Fixture { report: Report { root: Some(root), ..Report::default() }, folder };
        let minified = format!("{}fetch('http://orders/orders'){}", "a=1;".repeat(30_000), ";b=2".repeat(30_000));
        for (path, text) in [
            ("orders/src/charge.ts", ORDERS),
            ("billing/amounts.py", BILLING),
            ("brickwork.yaml", POLICY),
            ("rates/main.go", TABS),
            ("compose.yaml", COMPOSE),
            ("evil/catalog-info.yaml", HOSTILE),
            ("shop/dist/app.js", &minified),
            ("tax rates/100%/straße [1].yaml", "openapi: 3.0.0\npaths: {}"),
        ] {
            fixture.file(path, text);
        }
        fixture.fill();
        fixture
    }

    pub fn root(&self) -> &Utf8Path {
        Utf8Path::from_path(self.folder.path()).expect("the fixture's path is in Unicode")
    }

    pub fn file(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("the path is below the root")).expect("the folder can be written");
        fs::write(path, text).expect("the folder can be written");
    }

    /// The place of `needle` in a file of the fixture.
    pub fn at(&self, path: &str, needle: &str) -> Place {
        let text = fs::read_to_string(self.root().join(path)).expect("the fixture has the file");
        let start = text.find(needle).expect("the needle is in the file");
        let at = LineIndex::new(&text).location(&text, Span::new(start, start + needle.len()));
        Place { path: Arc::from(path), at, foreign: false }
    }

    fn label(&self, path: &str, needle: &str, text: &str) -> Label {
        Label { place: self.at(path, needle), text: text.to_owned() }
    }

    fn fill(&mut self) {
        let findings = vec![
            Finding {
                services: names(&["billing", "orders"]),
                subject: "billing, orders".to_owned(),
                labels: vec![
                    self.label("billing/amounts.py", "get(f\"http://orders/orders/{order}/lines\")", "`billing` calls `orders`"),
                    self.label("orders/src/charge.ts", "http.get('http://billing/api/v1/amounts/' + order.id)", "`orders` calls `billing`"),
                    self.label("orders/src/charge.ts", "http.post('http://billing/api/v1/charges', { amount })", "and again"),
                ],
                flow: true,
                help: vec!["the cheapest call to cut is `billing -> orders`".to_owned()],
                measures: vec![measure("members", 2.0, 2.0)],
                label: String::new(),
                ..finding(
                    Level::Error,
                    "call-cycle",
                    "`billing` -> `orders` -> `billing` call each other in a circle",
                    self.at("billing/amounts.py", "get(f\"http://orders/orders/{order}/lines\")"),
                )
            },
            Finding {
                services: names(&["billing", "orders"]),
                subject: "billing, orders -> shop".to_owned(),
                labels: vec![
                    self.label("compose.yaml", "orders:\n    environment:\n      DATABASE: postgres://db/shop", "`orders` writes it too"),
                    Label {
                        place: Place { path: "ledger/db/schema.sql".into(), at: Location { line: 14, column: 3, ..Location::TOP }, foreign: true },
                        text: "`ledger` reads it".to_owned(),
                    },
                ],
                help: vec!["let `orders` own `shop` and call its API".to_owned()],
                measures: vec![Measure { complete: false, ..measure("writers", 3.0, 1.0) }],
                policy: Some(self.label("brickwork.yaml", "shared-database", "shared-database: { level: error }")),
                label: "`billing` writes `shop`".to_owned(),
                ..finding(
                    Level::Error,
                    "shared-database",
                    "`orders` and `billing` both write to `shop`",
                    self.at("compose.yaml", "DATABASE: postgres://db/shop\n  rates"),
                )
            },
            Finding {
                services: names(&["evil\u{1b}[31m"]),
                subject: "evil\u{1b}[31m".to_owned(),
                labels: vec![self.label("evil/catalog-info.yaml", "maet-a@", "from \u{202E}right to left")],
                label: "no team \u{1b}]8;;https://example.com\u{7}of that name".to_owned(),
                ..finding(
                    Level::Error,
                    "dangling-reference",
                    "`evil\u{1b}[31m` names an owner\nthat nobody is",
                    self.at("evil/catalog-info.yaml", "evil\u{1b}[2J"),
                )
            },
            Finding {
                services: names(&["rates"]),
                subject: "rates".to_owned(),
                measures: vec![measure("lines", 84.0, 300.0), measure("operations", 1.0, 2.0), measure("cohesion", 0.536, 0.5)],
                policy: Some(self.label("brickwork.yaml", "nano-service", "nano-service: warning")),
                help: vec![
                    "its only caller is `billing` (domain money, same team), which makes 3 calls; moving the handler there removes \
                     1 deploy unit, 3 network calls and 1 pipeline"
                        .to_owned(),
                    "if it must stay, record why".to_owned(),
                ],
                label: "GET /tax-rates/{country}".to_owned(),
                ..finding(
                    Level::Warning,
                    "nano-service",
                    "`rates` is one operation in 84 lines and owns no data",
                    self.at("rates/main.go", "func main"),
                )
            },
            Finding {
                services: names(&["rates"]),
                subject: "rates -> 10.0.0.7".to_owned(),
                label: "this address".to_owned(),
                labels: vec![self.label("rates/main.go", "日本", "and this name")],
                ..finding(
                    Level::Warning,
                    "hardcoded-endpoint",
                    "`rates` names the host `10.0.0.7` in its code",
                    self.at("rates/main.go", "\"http://10.0.0.7:8080/rates\""),
                )
            },
            Finding {
                services: names(&["shop", "orders"]),
                subject: "shop -> orders".to_owned(),
                label: "called here".to_owned(),
                labels: vec![self.label("shop/dist/app.js", ";b=2;b=2", "far off on the same line")],
                ..finding(
                    Level::Warning,
                    "hardcoded-endpoint",
                    "`shop` names the host `orders` in its code",
                    self.at("shop/dist/app.js", "'http://orders/orders'"),
                )
            },
            Finding {
                subject: "tax rates".to_owned(),
                label: "the whole file".to_owned(),
                ..finding(
                    Level::Warning,
                    "api-invalid",
                    "the description offers nothing",
                    self.at("tax rates/100%/straße [1].yaml", "openapi: 3.0.0\npaths: {}"),
                )
            },
            Finding {
                services: names(&["rates"]),
                subject: "rates/v2".to_owned(),
                label: "used here".to_owned(),
                ..finding(
                    Level::Warning,
                    "deprecated-call",
                    "`ledger` calls a deprecated operation of `rates`",
                    Place { path: "ledger/src/rates.go".into(), at: Location { start: 90, end: 99, line: 7, column: 2 }, foreign: true },
                )
            },
            Finding {
                subject: "shop".to_owned(),
                waiver: Some(Waived {
                    owner: "@shop".to_owned(),
                    reason: "moves to the platform's database in spring".to_owned(),
                    until: Some("2027-03-01".to_owned()),
                }),
                ..finding(Level::Error, "shared-database", "`shop` and `orders` both write to `shop`", self.at("compose.yaml", "orders"))
            },
            Finding {
                subject: "run".to_owned(),
                help: vec!["`brickwork init` writes a policy".to_owned()],
                ..finding(
                    Level::Note,
                    "policy-missing",
                    "no policy says what a service is here",
                    Place { path: "gone.yaml".into(), at: Location { start: 4, end: 9, line: 1, column: 5 }, foreign: false },
                )
            },
            Finding {
                subject: "evil".to_owned(),
                label: "the end".to_owned(),
                ..finding(Level::Note, "template-unread", "the template ends early", {
                    let mut place = self.at("evil/catalog-info.yaml", "url: x");
                    place.at = Location { start: place.at.end, end: place.at.end, line: 3, column: 7 };
                    place
                })
            },
        ];
        let rule = |id: &str, category: &str, level, summary: &str| RuleInfo {
            id: Arc::from(id),
            category: category.to_owned(),
            summary: summary.to_owned(),
            docs: format!(
                "## Why is this bad?\n\nBecause **{id}** makes `changes` travel; see [the article](https://example.com/{id}).\n\n\
                 ## How to fix\n\n- Join what belongs together.\n- Or say why not:\n\n```yaml\nrules: {{ {id}: off }}\n```\n"
            ),
            level: Some(level),
        };
        let report = &mut self.report;
        report.findings = findings;
        report.findings.sort_by(|a, b| (&a.place.path, a.place.at.line, &a.rule).cmp(&(&b.place.path, b.place.at.line, &b.rule)));
        for (number, finding) in report.findings.iter_mut().enumerate() {
            finding.fingerprint = format!("{:016x}", 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(number as u64 + 1));
        }
        report.rules = vec![
            rule("api-breaking", "contracts", Level::Error, "a change breaks a client"),
            rule("api-invalid", "contracts", Level::Error, "an API description breaks its format's rules"),
            rule("call-cycle", "calls", Level::Error, "services call each other in a circle"),
            rule("co-change", "evolution", Level::Warning, "two services change together"),
            rule("dangling-reference", "engine", Level::Warning, "a name that nobody defines"),
            rule("deprecated-call", "calls", Level::Warning, "a service calls what is deprecated"),
            rule("hardcoded-endpoint", "calls", Level::Warning, "an address of a service stands in code"),
            rule("nano-service", "size", Level::Error, "a service too small to live alone"),
            rule("policy-missing", "ownership", Level::Note, "no policy says what a service is here"),
            rule("shared-database", "data", Level::Error, "two services use one database"),
            rule("template-unread", "engine", Level::Note, "a template that only its engine can expand"),
        ];
        let skipped = |rule: &str, reason: &str| Skipped { rule: Arc::from(rule), reason: reason.to_owned() };
        report.skipped = vec![
            skipped("api-breaking", "no base revision was given (`--base`)"),
            skipped("co-change", "there is no history"),
            skipped("version-not-bumped", "no base revision was given (`--base`)"),
        ];
        report.totals = Totals { repositories: 1, services: 6, apis: 3, operations: 1204, files: 118, code_lines: 40_113 };
        report.today = "2026-11-23".to_owned();
        report.prefix = "systems/shop/".to_owned();
        report.revision = Some(Revision {
            repository: "https://example.com/acme/shop".to_owned(),
            commit: "0123456789abcdef0123456789abcdef01234567".to_owned(),
            branch: Some("main".to_owned()),
        });
    }
}

/// A finding with nothing but what every finding has.
pub fn finding(level: Level, rule: &str, message: &str, place: Place) -> Finding {
    Finding {
        rule: Arc::from(rule),
        level,
        message: message.to_owned(),
        help: Vec::new(),
        services: Vec::new(),
        subject: String::new(),
        fingerprint: String::new(),
        place,
        label: String::new(),
        labels: Vec::new(),
        flow: false,
        measures: Vec::new(),
        policy: None,
        waiver: None,
    }
}

fn names(names: &[&str]) -> Vec<Arc<str>> {
    names.iter().map(|name| Arc::from(*name)).collect()
}

fn measure(name: &str, value: f64, limit: f64) -> Measure {
    Measure { name: name.to_owned(), value, limit: Some(limit), complete: true }
}
