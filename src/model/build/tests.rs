//! Small systems in, tables of services, APIs, teams and problems out.

use std::fmt::Write;

use proptest::prelude::*;

use super::samples::{facts, fleet};
use super::{Context, build};
use crate::model::settings::{DeclaredDomain, DeclaredService, Settings};
use crate::model::{Kind, Model};
use crate::source::{Location, Spanned};

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
        for &unit in service.units.iter().filter(|_| service.units.len() > 1) {
            write!(out, ", unit {}", model.units[unit as usize].name).expect("a text");
        }
        for &index in &service.code_operations {
            let operation = &model.operations[index as usize];
            let unsure = if operation.exact { "" } else { " perhaps" };
            write!(out, ", {} {}{unsure}", operation.method, operation.path).expect("a text");
        }
        for &entity in &service.entities {
            write!(out, ", stores {}", model.entities[entity as usize].name).expect("a text");
        }
        writeln!(out, " ({})", evidence(service.evidence)).expect("a text");
    }
    for part in &model.parts {
        writeln!(out, "part {} in {}", part.name, if part.root.is_empty() { "." } else { &part.root }).expect("a text");
    }
    for drift in &model.drifts {
        let operation = &model.operations[drift.operation as usize];
        writeln!(out, "only in {}: {} {}", drift.side.name(), operation.method, operation.path).expect("a text");
    }
    for problem in &model.problems {
        let help = problem.diagnostic.help.as_ref().map(|help| format!(" [{help}]")).unwrap_or_default();
        writeln!(out, "{}: {}{help}", evidence(Some(problem.evidence)), problem.diagnostic.message).expect("a text");
    }
    out
}

#[track_caller]
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

#[track_caller]
pub(in crate::model::build) fn check(text: &str, expected: &str) {
    check_with(text, &Settings::default(), expected);
}

#[test]
fn everything_together() {
    let context = Context { organisation: true, exists: None };
    same_lines(
        &table(&build(fleet(), &Settings::default(), &context)),
        "billing in billing, worker, 80 lines, domain finance, catalog says team-c, GET /invoices/{id}, GET /v1/orders/{id}, stores Order (billing/service.yaml:1)
         orders in orders, service, 120 lines, domain retail, catalog says team-a, codeowners weakly says team-b, codeowners weakly says @jane, api Orders with 3, GET /health, GET /v1/orders, POST /v1/orders, GET /v1/secrets, stores Order (orders/catalog-info.yaml:1)
         refunds-api in refunds/api, service (refunds/api/service.yaml:1)
         refunds-dao in refunds/dao, service, CONSUME refunds.paid (refunds/dao/service.yaml:1)
         only in description: GET /v1/carts
         only in code: GET /v1/secrets
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
            main.java                | code 99
            template/catalog-info.yaml | entity Component ${{values.name}} type=service",
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

fn text(value: &str) -> crate::facts::Text {
    Spanned::new(value.into(), Location { line: 3, ..Location::TOP })
}

/// An entry of a policy's `services`: `NAME key=value ...`.
fn declared(line: &str) -> DeclaredService {
    let value = |key: &str| line.split_whitespace().find_map(|word| word.strip_prefix(key)?.strip_prefix('=')).map(text);
    DeclaredService {
        path: "brickwork.yaml".into(),
        scope: value("scope").map_or("".into(), |scope| scope.value),
        at: Location::TOP,
        name: text(line.split_whitespace().next().expect("a name")),
        root: value("root"),
        kind: value("kind").and_then(|kind| Kind::from_name(&kind.value)),
        owner: value("owner"),
        domain: value("domain"),
        visibility: value("visibility"),
        tier: value("tier"),
        split: None,
    }
}

fn policy(services: &[&str], domains: &[(&str, Option<&str>, &[&str])]) -> Settings {
    let domain = |(name, owner, globs): &(&str, Option<&str>, &[&str])| DeclaredDomain {
        path: "brickwork.yaml".into(),
        scope: "".into(),
        name: text(name),
        owner: owner.map(text),
        services: globs.iter().map(|glob| text(glob)).collect(),
    };
    Settings {
        policy_path: Some("brickwork.yaml".into()),
        services: services.iter().map(|line| declared(line)).collect(),
        domains: domains.iter().map(domain).collect(),
        ..Settings::default()
    }
}

#[test]
fn a_catalog_file_speaks_of_the_folder_that_it_names_or_lies_in() {
    check(
        "shop .
            a/.backstage/catalog-info.yaml | entity Component a type=service
            a/x.java                       | code 1
            catalog/b.yaml                 | entity Component b type=service annotation.backstage.io/source-location=dir:../src/b/
            src/b/x.java                   | code 2
            catalog/c.yaml                 | entity Component c type=service annotation.backstage.io/source-location=url:https://example.com/acme/shop/tree/main/src/c
            src/c/x.java                   | code 4",
        "a in a, service, 1 lines (a/.backstage/catalog-info.yaml:1)
         b in src/b, service, 2 lines (catalog/b.yaml:1)
         c in src/c, service, 4 lines (catalog/c.yaml:1)",
    );
}

#[test]
fn components_of_one_folder_share_its_code_unless_folders_have_their_names() {
    check(
        "shop .
            catalog-info.yaml | entity Component a type=service
            catalog-info.yaml | entity Component b type=service
            main.java         | code 10",
        "a in ., service (catalog-info.yaml:1)
         b in ., service (catalog-info.yaml:2)",
    );
    check(
        "shop .
            CODEOWNERS        | owners * @acme/catalog-keepers
            catalog-info.yaml | entity Component a type=service
            catalog-info.yaml | entity Component b type=service",
        "a in ., service (catalog-info.yaml:1)
         b in ., service (catalog-info.yaml:2)",
    );
    check(
        "shop .
            catalog-info.yaml    | entity Component a type=service
            catalog-info.yaml    | entity Component b type=service
            services/a/main.java | code 10
            services/a/x/b/b.java | code 5
            services/b/a/main.java | code 20
            main.java            | code 90",
        "a in services/a, service, 15 lines (catalog-info.yaml:1)
         b in services/b, service, 20 lines (catalog-info.yaml:2)",
    );
}

#[test]
fn a_library_is_no_service_and_its_code_is_its_own() {
    check(
        "shop .
            catalog-info.yaml     | entity Component shop type=service
            main.java             | code 10
            lib/catalog-info.yaml | entity Component money type=library
            lib/main.java         | code 20
            site/catalog-info.yaml | entity Component handbook type=documentation",
        "shop in ., service, 10 lines (catalog-info.yaml:1)
         part handbook in site
         part money in lib",
    );
    check(
        "shop .
            catalog-info.yaml | entity Component money type=library
            main.java         | code 10",
        "part money in .",
    );
}

#[test]
fn types_tell_kinds() {
    let kind_of = |of: &str| {
        let model =
            build(facts(&format!("x .\n c.yaml | entity Component x type={of}")), &Settings::default(), &Context::default());
        (model.services.first().map(|service| service.kind), model.parts.first().map(|part| part.kind))
    };
    assert_eq!(kind_of("Service"), (Some(Some(Kind::Service)), None));
    assert_eq!(kind_of("grpc_service"), (Some(Some(Kind::Service)), None));
    assert_eq!(kind_of("website"), (Some(Some(Kind::Ui)), None));
    assert_eq!(kind_of("cron-job"), (Some(None), None), "a type that nobody knows is a service of unknown kind");
    assert_eq!(kind_of("backstage-backend-plugin-module"), (None, Some(Some(Kind::Library))));
    assert_eq!(kind_of("Library"), (None, Some(Some(Kind::Library))));
    assert_eq!(kind_of("documentation"), (None, Some(None)));
}

#[test]
fn the_catalog_of_a_fleet_describes_services_of_other_repositories() {
    check(
        "billing
            README.md | landmark
            main.java | code 10
        catalog
            all.yaml | entity Component orders-service type=service annotation.github.com/project-slug=acme/orders
            all.yaml | entity Component billing type=worker
            all.yaml | entity Component elsewhere type=service
        orders
            README.md | landmark
            main.java | code 20",
        "billing in billing, worker, 10 lines (catalog/all.yaml:2)
         elsewhere in catalog, service (catalog/all.yaml:3)
         orders-service in orders, service, 20 lines (catalog/all.yaml:1)",
    );
}

#[test]
fn services_of_one_name_have_keys_of_their_own() {
    check(
        "billing
            service.yaml | manifest name=api
            main.java    | code 10
        orders
            service.yaml | manifest name=api
            main.java    | code 20",
        "billing/api in billing, 10 lines (billing/service.yaml:1)
         orders/api in orders, 20 lines (orders/service.yaml:1)",
    );
}

#[test]
fn the_policy_changes_and_states_services() {
    let system = "shop .
        a/service.yaml | manifest name=alpha kind=worker
        a/main.java    | code 1
        b/main.java    | code 2
        c/main.java    | code 4";
    check_with(system, &policy(&[], &[]), "alpha in a, worker, 1 lines (a/service.yaml:1)");
    check_with(
        system,
        &policy(&["first root=a kind=job owner=x", "second root=./b/", "nowhere root=z", "not-here"], &[]),
        "first in a, job, 1 lines, policy says x (a/service.yaml:1)
         second in b, 2 lines (brickwork.yaml:3)",
    );
    check_with(
        system,
        &policy(&["ALPHA kind=library", "c root=c"], &[]),
        "c in c, 4 lines (brickwork.yaml:3)
         part ALPHA in a",
    );
}

#[test]
fn a_file_too_large_to_read_makes_counts_lower_bounds() {
    check(
        "shop .
            service.yaml | manifest name=a
            main.java    | code 10
            big.java     | limit too large",
        "a in ., 10+ lines (service.yaml:1)
         big.java:1: too large",
    );
}

#[test]
fn every_source_names_owners() {
    check_with(
        "shop .
            .github/CODEOWNERS | owners * @acme/core; /a/ @acme/Team-A @jane; *.md @acme/writers; /c/src/ @acme/team-c; /d/
            CODEOWNERS         | owners * @acme/not-looked-at
            a/service.yaml     | manifest name=a owner=group:default/team-a
            b/service.yaml     | manifest name=b owner=user:joe
            c/service.yaml     | manifest name=c
            c/src/main.java    | code 1
            d/service.yaml     | manifest name=d",
        &policy(&["b owner=team-b"], &[]),
        "a in a, catalog says team-a, codeowners says team-a, codeowners says @jane (a/service.yaml:1)
         b in b, policy says team-b, catalog says @joe, codeowners weakly says core (b/service.yaml:1)
         c in c, 1 lines, codeowners weakly says core (c/service.yaml:1)
         d in d (d/service.yaml:1)",
    );
}

#[test]
fn code_with_one_owner_throughout_has_that_owner() {
    let system = |rule: &str| {
        format!(
            "shop .
            CODEOWNERS     | owners /c/src/ @acme/team-c{rule}
            c/service.yaml | manifest name=c
            c/src/a.java   | code 1
            c/src/b/b.java | code 1"
        )
    };
    check(&system(""), "c in c, 2 lines, codeowners says team-c (c/service.yaml:1)");
    check(&system("; /c/src/b/ @acme/other"), "c in c, 2 lines (c/service.yaml:1)");
}

#[test]
fn a_bare_handle_is_a_team_where_somebody_names_that_team() {
    check(
        "shop .
            CODEOWNERS     | owners * @sales
            a/service.yaml | manifest name=a owner=sales
            b/service.yaml | manifest name=b owner=jane
            catalog.yaml   | entity User jane",
        "a in a, catalog says sales, codeowners weakly says sales (a/service.yaml:1)
         b in b, catalog says @jane, codeowners weakly says sales (b/service.yaml:1)",
    );
}

#[test]
fn sources_that_cannot_be_compared_do_not_disagree() {
    let disagree = |owner: &str, codeowners: &str| {
        let text = format!("x .\n service.yaml | manifest name=x owner={owner}\n CODEOWNERS | owners * {codeowners}");
        let model = build(facts(&text), &Settings::default(), &Context::default());
        crate::model::owners::disagree(&model, &model.services[0])
    };
    assert_eq!(disagree("a", "@acme/a"), Some(false));
    assert_eq!(disagree("a", "@acme/b @acme/a"), Some(false));
    assert_eq!(disagree("a", "@acme/b"), Some(true));
    assert_eq!(disagree("a", "@jane"), None);
    assert_eq!(disagree("a", "@acme/b @jane"), None);
    assert_eq!(disagree("user:jane", "@jane"), Some(false));
}

#[test]
fn the_most_specific_source_tells_the_domain() {
    check_with(
        "shop .
            a/c.yaml | entity Component a system=till label.example.com/domain=ignored
            b/c.yaml | entity Component b system=system:default/shelf
            c/c.yaml | entity Component c label.app.kubernetes.io/part-of=stores
            d/service.yaml | manifest name=d domain=Retail
            e/service.yaml | manifest name=e domain=retail
            f/service.yaml | manifest name=f domain=retail
            g/service.yaml | manifest name=g
            s.yaml   | entity System till domain=retail
            s.yaml   | entity Domain Retail owner=retail-leads",
        &policy(&["f domain=finance"], &[("platform", Some("plumbers"), &["e*", "g"]), ("late", None, &["e"])]),
        "a in a, domain Retail (a/c.yaml:1)
         b in b, domain shelf (b/c.yaml:1)
         c in c, domain stores (c/c.yaml:1)
         d in d, domain Retail (d/service.yaml:1)
         e in e, domain platform, policy says plumbers (e/service.yaml:1)
         f in f, domain finance (f/service.yaml:1)
         g in g, domain platform, policy says plumbers (g/service.yaml:1)",
    );
}

#[test]
fn descriptions_belong_to_the_service_around_them_or_to_the_one_that_provides_them() {
    check(
        "shop .
            a/service.yaml  | manifest name=a provides=../apis/a.yaml
            b/c.yaml        | entity Component b providesApis=b-api
            b/c.yaml        | entity API b-api definition=../apis/b.yaml
            apis/a.yaml     | api title=A; GET /a
            apis/b.yaml     | api -; GET /b; GET /b/{id}
            apis/none.yaml  | api title=None; GET /c
            b/docs/b.yaml   | api title=Nested; GET /b; incomplete",
        "a in a, api A with 1 (a/service.yaml:1)
         b in b, api b-api with 2, api Nested with 1+ (b/c.yaml:1)",
    );
}

#[test]
fn a_description_in_two_syntaxes_counts_once() {
    check(
        "shop .
            service.yaml     | manifest name=a
            api/openapi.json | api title=A; GET /a; POST /a
            api/openapi.yaml | api title=A; POST /a; GET /a
            api/other.yaml   | api title=A; GET /a",
        "a in ., api A with 2, api A with 1 (service.yaml:1)",
    );
}

#[test]
fn operations_are_fetched_from_other_files() {
    let model = build(
        facts(
            "shop .
                openapi.yaml | api title=A; GET /own; $ref /a paths.yaml /a; $ref /all paths.yaml /paths/*
                paths.yaml   | fragment /a GET,POST; /paths/~1x~1{id} GET; /paths/~1y $ref more.yaml #; /paths/~1y GET
                more.yaml    | fragment # $ref paths.yaml /paths/~1y",
        ),
        &Settings::default(),
        &Context::default(),
    );
    let operations: Vec<String> =
        model.operations.iter().map(|operation| format!("{} {}", operation.method, operation.path)).collect();
    assert_eq!(operations, ["GET /own", "GET /a", "POST /a", "GET /all/x/{id}", "GET /all/y"]);
    assert!(!model.apis[0].complete, "`more.yaml` refers by another pointer than it has");
}

#[test]
fn references_that_lead_nowhere_for_certain_are_told() {
    let system = "orders
            c.yaml | entity Component orders owner=nobody system=unknown dependsOn=component:biling,component:payment-gateway,resource:db,component:stock providesApis=order-apis
            c.yaml | entity API orders-apis
            c.yaml | entity Component billing owner=user:somebody
            c.yaml | entity Component team-b dependsOn=component:team-a,Component:ORDERS,component:other/orders
        stock
            main.java | code 1";
    let services = "billing in orders, catalog says @somebody (orders/c.yaml:3)
         orders in orders, domain unknown, catalog says nobody (orders/c.yaml:1)
         stock in stock, 1 lines (stock/main.java:1)
         team-b in orders (orders/c.yaml:4)";
    let near = "orders/c.yaml:1: the dependency `component:biling` is not defined [did you mean `billing`?]";
    check(system, &format!("{services}\n{near}"));
    let complete = Settings { fleet_complete: true, ..Settings::default() };
    check_with(
        system,
        &complete,
        &format!(
            "{services}
             orders/c.yaml:1: the API `order-apis` is not defined
             {near}
             orders/c.yaml:1: the dependency `component:payment-gateway` is not defined
             orders/c.yaml:4: the dependency `component:team-a` is not defined"
        ),
    );
}

#[test]
fn files_that_are_not_there_are_told() {
    let text = "shop .
        a/c.yaml | entity API a definition=./openapi.yaml
        a/c.yaml | entity Location l targets=../b/c.yaml,./gone.yaml,https://example.com/c.yaml,./*.yaml,../../outside.yaml
        a/service.yaml | manifest name=a provides=openapi.yaml,orders-api,gone.proto";
    let exists = |path: &str| ["a/openapi.yaml", "b/c.yaml"].contains(&path);
    let model = build(facts(text), &Settings::default(), &Context { organisation: false, exists: Some(&exists) });
    same_lines(
        &table(&model),
        "a in a (a/service.yaml:1)
         a/c.yaml:2: `./gone.yaml` is no file of this repository [the path counts from the folder of this file: `a/gone.yaml` is not there]
         a/service.yaml:1: `gone.proto` is no file of this repository [the path counts from the folder of this file: `a/gone.proto` is not there]",
    );
}

#[test]
fn a_readme_stands_for_its_repository_and_else_its_first_file() {
    let landmark = |files: &str| {
        let model = build(facts(&format!("x .\n{files}")), &Settings::default(), &Context::default());
        model.repositories[0].landmark.map(|evidence| model.files[evidence.file as usize].path.to_string())
    };
    assert_eq!(landmark("a/README.md | landmark\n pom.xml | landmark\n README.adoc | landmark").as_deref(), Some("README.adoc"));
    assert_eq!(landmark("b/pom.xml | landmark\n a.java | code 1").as_deref(), Some("b/pom.xml"));
    assert_eq!(landmark("src/a.java | code 1\n src/b.java | code 1").as_deref(), Some("src/a.java"));
    assert_eq!(landmark(""), None);
}

/// Lines of a system: any mixture of facts that refer to each other.
fn any_system() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = || prop::sample::select(vec!["a", "b", "orders", "Orders", "biling", "billing", "${x}", "é", "@x", "..", "a/b"]);
    let path = prop::sample::select(vec![
        "c.yaml",
        "a/c.yaml",
        "a/b/c.yaml",
        ".github/CODEOWNERS",
        "CODEOWNERS",
        "README.md",
        "a/main.java",
        "orders/x/main.java",
        "a/b/openapi.json",
        "a/b/openapi.yaml",
    ]);
    let fact = (0..9u8, name(), name(), name()).prop_map(|(which, one, two, three)| match which {
        0 => format!("entity Component {one} type={two} owner={three} system={two} dependsOn={three},{two} providesApis={one} annotation.backstage.io/source-location=dir:{three}"),
        1 => format!("entity API {one} definition={two}"),
        2 => format!("entity System {one} domain={two} owner={three}"),
        3 => format!("manifest name={one} owner={two} domain={three} provides={two}"),
        4 => format!("owners * {one}; /{two}/ @acme/{three}"),
        5 => format!("api title={one}; GET /{two} {three} -> {two}; $ref /{one} c.yaml /{two}/*; $ref /{two} c.yaml /x"),
        6 => format!("fragment /x GET; /{one}/~1y POST; /{two} $ref c.yaml /{two}/*"),
        7 => format!("code {}", one.len()),
        _ => format!("problem {one}"),
    });
    prop::collection::vec((path.prop_map(str::to_owned), fact), 0..24)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn any_facts_give_a_model_that_every_field_can_be_read_of(systems in prop::collection::vec(any_system(), 1..4), complete: bool) {
        let settings = Settings { fleet_complete: complete, ..policy(&["a root=a owner=x", "orders kind=library"], &[("d", None, &["*"])]) };
        let exists = |_: &str| complete;
        let context = Context { organisation: systems.len() > 1, exists: Some(&exists) };
        let names = ["orders", "billing", "catalog", "a"];
        let text: String = systems.iter().zip(names).map(|(lines, name)| {
            let lines: Vec<String> = lines.iter().map(|(path, fact)| format!("{path} | {fact}\n")).collect();
            format!("{name}\n{}", lines.concat())
        }).collect();
        let model = build(facts(&text), &settings, &context);
        for subject in crate::model::subjects::all() {
            for row in 0..(subject.count)(&model) {
                for field in &subject.fields {
                    (field.read)(&model, row);
                }
                let empty = systems.iter().any(Vec::is_empty) && ["run", "repository"].contains(&subject.name);
                prop_assert!((subject.place)(&model, row).is_some() || empty, "{} without a place", subject.name);
            }
        }
        crate::model::map::map(&model);
        let mut turned = facts(&text);
        turned.reverse();
        turned.iter_mut().for_each(|repository| repository.files.reverse());
        prop_assert_eq!(build(turned, &settings, &context), model);
    }
}

#[test]
fn who_owns_a_catalog_does_not_own_what_it_describes() {
    check(
        "keeper .
            CODEOWNERS | owners * @acme/keepers
            a.yaml     | entity Component keeper type=service owner=keepers annotation.github.com/project-slug=acme/keeper
            b.yaml     | entity Component orders type=service owner=sales annotation.github.com/project-slug=acme/orders
            main.java  | code 10",
        "keeper in ., service, 10 lines, catalog says keepers, codeowners weakly says keepers (a.yaml:1)
         orders in ., service, catalog says sales (b.yaml:1)",
    );
    check(
        "checkout-of-orders .
            CODEOWNERS | owners * @acme/sales
            a.yaml     | entity Component orders type=service annotation.github.com/project-slug=acme/orders
            main.java  | code 10",
        "orders in ., service, 10 lines, codeowners weakly says sales (a.yaml:1)",
    );
}
