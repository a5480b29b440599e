//! Small systems in, tables of services, APIs, teams and problems out.

use std::fmt::Write;

use super::samples::{facts, fleet};
use super::{Context, build};
use crate::model::Model;
use crate::model::settings::Settings;

fn table(model: &Model) -> String {
    let mut out = String::new();
    let evidence = |evidence: Option<crate::model::Evidence>| {
        evidence.map_or("nowhere".into(), |evidence| format!("{}:{}", model.files[evidence.file as usize].path, evidence.at.line))
    };
    for service in &model.services {
        let root = if service.root.is_empty() { "." } else { &service.root };
        write!(out, "{} in {root}", service.key).expect("a text");
        if let Some(kind) = service.kind {
            write!(out, ", {}", kind.name()).expect("a text");
        }
        if let Some(lines) = service.code_lines {
            write!(out, ", {}{} lines", lines.value, if lines.complete { "" } else { "+" }).expect("a text");
        }
        if let Some(domain) = service.domain {
            write!(out, ", domain {}", model.domains[domain as usize].name).expect("a text");
        }
        for owner in &service.owners {
            let team = &model.teams[owner.team as usize];
            let weak = if owner.weak { " weakly" } else { "" };
            write!(out, ", {}{weak} says {}", owner.source.name(), team.name).expect("a text");
        }
        for &api in &service.apis {
            let api = &model.apis[api as usize];
            let more = if api.complete { "" } else { "+" };
            write!(out, ", api {} with {}{more}", api.name, api.operations.len()).expect("a text");
        }
        writeln!(out, " ({})", evidence(service.evidence)).expect("a text");
    }
    for part in &model.parts {
        writeln!(out, "part {} in {}", part.name, part.root).expect("a text");
    }
    for problem in &model.problems {
        let help = problem.diagnostic.help.as_ref().map(|help| format!(" [{help}]")).unwrap_or_default();
        writeln!(out, "{}: {}{help}", evidence(Some(problem.evidence)), problem.diagnostic.message).expect("a text");
    }
    out
}

fn same_lines(found: &str, expected: &str) {
    let lines = |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(found), lines(expected));
}

fn check_with(text: &str, settings: &Settings, expected: &str) {
    let context = Context {
        organisation: text.lines().filter(|line| !line.trim().is_empty() && !line.contains('|')).count() > 1,
        exists: None,
    };
    same_lines(&table(&build(facts(text), settings, &context)), expected);
}

fn check(text: &str, expected: &str) {
    check_with(text, &Settings::default(), expected);
}

#[test]
fn everything_together() {
    let context = Context { organisation: true, exists: None };
    same_lines(
        &table(&build(fleet(), &Settings::default(), &context)),
        "billing in billing, worker, 80 lines, domain finance, catalog says team-c (billing/service.yaml:1)
         orders in orders, service, 120 lines, domain retail, catalog says team-a, codeowners weakly says team-b, codeowners weakly says @jane, api Orders with 3 (orders/catalog-info.yaml:1)
         orders/broken.yaml:1: it does not parse",
    );
}

#[test]
fn a_manifest_and_a_component_of_one_name_or_folder_are_one_service() {
    check(
        "shop .
            orders/catalog-info.yaml | entity Component orders type=service owner=team-a
            orders/service.yaml      | manifest kind=worker
            orders/main.java         | code 10
            stock/service.yaml       | manifest name=stock
            stock/lib/main.java      | code 7
            tests/stock/service.yaml | manifest name=not-there
            main.java                | code 99",
        "orders in orders, worker, 10 lines, catalog says team-a (orders/service.yaml:1)
         stock in stock, 7 lines (stock/service.yaml:1)",
    );
}

#[test]
fn code_without_any_manifest_is_one_service_of_unknown_kind() {
    check(
        "shop .
            README.md | landmark
            main.java | code 10
            main_test.java | test 90",
        "shop in ., 10 lines (README.md:1)",
    );
    check(
        "shop .
            README.md | landmark
            main_test.java | test 90",
        "",
    );
}
