//! Every form draws one small system; `UPDATE=1` writes what is expected under `tests/reports/`. Read it as a user would.

use std::sync::Arc;

use super::DIAGRAMS;
use crate::diagnostic::Level;
use crate::evaluate::finding::{Finding, Place, Report};
use crate::model::map::{Map, MapEdge, MapPlace, MapService, MapStore};
use crate::source::Location;

fn system() -> Map {
    let service = |name: &str, role, domain: Option<&str>| MapService {
        name: name.into(),
        root_dir: name.into(),
        repository: "shop".into(),
        role: Some(role),
        domain: domain.map(Arc::from),
        language: Some("Go"),
        ..MapService::default()
    };
    let edge = |from: &str, to: &str, kind, topics: &[&str]| MapEdge {
        from: from.into(),
        to: to.into(),
        kind,
        sender: None,
        topics: topics.iter().map(|&topic| topic.into()).collect(),
        operations: vec!["GET /orders/{}".to_owned()],
        resolution: "literal",
        declared: Some(false),
        evidence: vec![MapPlace { path: "web/main.go".into(), line: 7 }],
    };
    Map {
        services: vec![
            service("3\\ `*a*` #1; {b}|[c]\n&lt; 服务", "gateway", Some("\"<d>\"\\")),
            service("billing", "worker", Some("finance")),
            service("orders & \"co\"", "service", Some("sales")),
            service("tools", "library", None),
            service("web-</script>", "ui", None),
        ],
        edges: vec![
            edge("web-</script>", "orders & \"co\"", "http", &[]),
            edge("orders & \"co\"", "billing", "message", &["order.paid"]),
            edge("web-</script>", "billing", "gateway", &["a|\"b\"", "${c}"]),
            edge("3\\ `*a*` #1; {b}|[c]\n&lt; 服务", "web-</script>", "message", &["a|\"b\"", "${c}"]),
        ],
        unresolved: Vec::new(),
        external: Vec::new(),
        datastores: vec![MapStore {
            name: "shop".into(),
            engine: Some("postgresql".into()),
            host: "db".into(),
            database: Some("shop".into()),
            used_by: vec!["billing".into(), "orders & \"co\"".into()],
            evidence: Vec::new(),
        }],
        declared: Vec::new(),
        domains: Vec::new(),
        teams: Vec::new(),
        complete: true,
    }
}

fn findings() -> Report {
    let finding = Finding {
        rule: "undeclared-call".into(),
        level: Level::Error,
        message: "`web` calls `orders`".to_owned(),
        help: Vec::new(),
        services: vec!["web-</script>".into(), "orders & \"co\"".into()],
        subject: "web -> orders".to_owned(),
        fingerprint: "0".repeat(16),
        place: Place { path: "web/main.go".into(), at: Location { start: 0, end: 1, line: 7, column: 1 }, foreign: false },
        label: String::new(),
        labels: Vec::new(),
        flow: false,
        measures: Vec::new(),
        policy: None,
        waiver: None,
    };
    Report { findings: vec![finding], ..Report::default() }
}

fn drawn(name: &str) -> String {
    text(name, &system(), &findings())
}

fn text(name: &str, map: &Map, report: &Report) -> String {
    let diagram = DIAGRAMS.iter().find(|diagram| diagram.name == name).expect("in the list");
    let mut out = Vec::new();
    (diagram.write)(map, report, &mut out).expect("memory can be written");
    String::from_utf8(out).expect("diagrams are UTF-8")
}

#[track_caller]
fn check(diagram: &str, name: &str) {
    let path = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/reports/{name}"));
    let text = drawn(diagram);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).expect("the file can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "{path} is not as expected; run with UPDATE=1 and read the difference\n{text}");
}

#[test]
fn every_form_draws_the_system() {
    check("mermaid", "map.mmd");
    check("dot", "map.dot");
    check("structurizr", "map.dsl");
}

/// Mermaid draws no more than 500 edges, and Graphviz nobody can read with every store.
#[test]
fn a_large_system_is_drawn_as_its_domains() {
    let mut map = system();
    let service = map.services[1].clone();
    let names: Vec<Arc<str>> = (0..600).map(|number| format!("{}-{number}", service.name).into()).collect();
    let domain = |number: usize| Some(Arc::from(format!("domain {}", number % 10)));
    let services = names.iter().enumerate();
    map.services =
        services.map(|(number, name)| MapService { name: name.clone(), domain: domain(number), ..service.clone() }).collect();
    let edge = map.edges[0].clone();
    map.edges = names.windows(2).map(|pair| MapEdge { from: pair[0].clone(), to: pair[1].clone(), ..edge.clone() }).collect();
    map.datastores[0].used_by = vec![names[0].clone()];
    let text = |name: &str| text(name, &map, &Report::default());
    let mermaid = text("mermaid");
    assert!(mermaid.contains("domain_9_[\"domain 9<br>60 services\"]"), "{mermaid}");
    assert!(mermaid.contains("domain_0_ -->|\"60\"| domain_1_"), "{mermaid}");
    assert!(!text("dot").contains("cylinder"), "a store of one service is drawn");
}

#[test]
fn the_page_holds_all_it_needs() {
    let page = drawn("html");
    let data = page.split_once("type=\"application/json\">").expect("the data").1.split_once("</script>").expect("its end").0;
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    assert_eq!(data["map"]["services"][4]["name"], "web-</script>");
    assert_eq!(data["findings"][0]["rule"], "undeclared-call");
    for outside in ["http://", "https://", "src=", "@import", "url(h"] {
        let used = page.match_indices(outside).filter(|(at, _)| !page[*at..].starts_with("http://www.w3.org/2000/svg"));
        assert_eq!(used.count(), 0, "the page asks for {outside}");
    }
}
