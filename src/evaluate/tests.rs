//! Policies and files as texts, and what is found: one line a finding. Each case has a twin that differs in the thing it is about.

use crate::Run;
use crate::discover::Memory;
use crate::evaluate::finding::{Finding, Report};
use crate::facts::RepositoryFacts;
use crate::model::subjects;
use crate::policy::files::{self, PolicyFile};
use crate::policy::{self, LoadRequest};

const SERVICE: (&str, &str) = ("service.yaml", "name: orders\nkind: service\n");

/// A run over files, `brickwork.yaml` among them, on 2026-11-23.
struct System<'s> {
    files: Vec<(&'s str, &'s str)>,
    joined: Vec<RepositoryFacts>,
    waivers: bool,
}

impl<'s> System<'s> {
    fn new(policy: &'s str, files: &[(&'s str, &'s str)]) -> System<'s> {
        let files = [&[("brickwork.yaml", policy)], files].concat();
        System { files, joined: Vec::new(), waivers: true }
    }

    fn with(self, name: &str, files: &[(&str, &str)]) -> System<'s> {
        let mut joined = self.joined;
        let snapshot = Memory::new(name, files.iter().map(|(path, text)| (*path, text.as_bytes())));
        joined.extend(crate::read(&snapshot, &mut load(&[]), Vec::new(), &|_| {}).1);
        System { joined, ..self }
    }

    fn report(&self) -> Report {
        let snapshot = Memory::new("here", self.files.iter().map(|(path, text)| (*path, text.as_bytes())));
        let today = "2026-11-23".parse().expect("a date");
        let run = Run { joined: self.joined.clone(), today, waivers: self.waivers, progress: &|_| {} };
        crate::check(&snapshot, &mut load(&self.files), run).report
    }

    #[track_caller]
    fn finds(self, expected: &str) {
        let found: Vec<String> = self.report().findings.iter().map(line).collect();
        let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(found, expected, "got:\n{}", found.join("\n"));
    }
}

fn load(files: &[(&str, &str)]) -> policy::Policy {
    let memory = files::Memory { files: files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect() };
    let policy = files.iter().find(|(path, _)| *path == "brickwork.yaml");
    let policy = policy.map(|(path, text)| PolicyFile { path: (*path).into(), text: (*text).into() });
    let today = "2026-11-23".parse().expect("a date");
    let request = LoadRequest { policy, files: &memory, subjects: subjects::all(), today, rule_files: &[], also: None };
    policy::load(&request).unwrap_or_else(|diagnostics| panic!("the policy does not load: {diagnostics:?}"))
}

fn line(finding: &Finding) -> String {
    let Finding { level, rule, place, message, .. } = finding;
    let waived =
        finding.waiver.as_ref().map_or(String::new(), |waiver| format!(" (accepted by {}: {})", waiver.owner, waiver.reason));
    let foreign = if place.foreign { " elsewhere" } else { "" };
    format!("{}:{}{foreign} {}[{rule}] {message}{waived}", place.path, place.at.line, level.name())
}

/// A policy that switches on one rule of its own, over services, and what else is stated.
fn with_rule(fields: &str, rest: &str) -> String {
    format!(
        "extends: []\nown_rules:\n  - {{ id: odd, category: own, summary: odd, subject: service, {fields} }}\nrules: {{ odd: default }}\n{rest}"
    )
}

#[test]
fn a_waiver_of_the_policy_accepts_what_its_rule_finds_of_its_subject() {
    let policy = |waiver: &str| {
        format!(
            "extends: []\nrules: {{ no-owner: default, waiver-expired: default, waiver-unused: default }}\nwaivers:\n  - {waiver}\n"
        )
    };
    let check = |waiver: &str, expected: &str| System::new(&policy(waiver), &[SERVICE]).finds(expected);
    check(
        "{ rule: no-owner, subject: orders, owner: me, reason: retired, until: 2026-11-23 }",
        "service.yaml:1 warning[no-owner] nobody is named to own `orders` (accepted by me: retired)",
    );
    check(
        "{ rule: no-owner, subject: ord*, owner: me, reason: retired }",
        "service.yaml:1 warning[no-owner] nobody is named to own `orders` (accepted by me: retired)",
    );
    check(
        "{ rule: no-owner, subject: order, owner: me, reason: retired }",
        "brickwork.yaml:4 note[waiver-unused] the waiver of `no-owner` accepts nothing
         service.yaml:1 warning[no-owner] nobody is named to own `orders`",
    );
    check(
        "{ rule: no-owner, subject: orders, owner: me, reason: retired, until: 2026-11-22 }",
        "brickwork.yaml:4 warning[waiver-expired] the waiver of `no-owner` by me ended on 2026-11-22
         service.yaml:1 warning[no-owner] nobody is named to own `orders`",
    );
}

#[test]
fn a_waiver_of_a_rule_that_is_off_is_not_called_unused() {
    let policy = "extends: []\nrules: { waiver-unused: default }\nwaivers:\n  - { rule: no-owner, subject: orders, owner: me, reason: why }\n";
    System::new(policy, &[SERVICE]).finds("");
}

#[test]
fn an_audit_waives_nothing_and_knows_what_is_used() {
    let policy = "extends: []\nrules: { no-owner: default, waiver-unused: default }\nwaivers:\n  - { rule: no-owner, subject: orders, owner: me, reason: why }\n";
    let system = System { waivers: false, ..System::new(policy, &[SERVICE]) };
    system.finds("service.yaml:1 warning[no-owner] nobody is named to own `orders`");
}

#[test]
fn a_comment_accepts_its_line_and_the_next_or_on_the_first_line_the_file() {
    let policy = "extends: []\nrules: { api-unversioned: default, waiver-expired: default, waiver-unused: default }\n";
    let check = |comments: [&str; 3], expected: &str| {
        let [first, second, third] = comments;
        let api = format!(
            "{first}\n{second}\n{third}\nopenapi: 3.0.3\ninfo: {{ title: orders, version: '1' }}\npaths: {{ /a: {{ get: {{ responses: {{ '200': {{ description: ok }} }} }} }} }}\n"
        );
        System::new(policy, &[("openapi.yaml", &api)]).finds(expected);
    };
    let allow = "# brickwork: allow api-unversioned by me -- a draft";
    let found =
        "warning[api-unversioned] callers of `orders` can't name its version: none stands in path, header, media type or package";
    check([allow, "", ""], &format!("openapi.yaml:5 {found} (accepted by me: a draft)"));
    check(["", "", ""], &format!("openapi.yaml:5 {found}"));
    check(
        ["", "", allow],
        &format!("openapi.yaml:3 note[waiver-unused] the waiver of `api-unversioned` accepts nothing\nopenapi.yaml:5 {found}"),
    );
    check(
        ["# brickwork: allow api-unversioned until 2026-11-22 by me -- a draft", "", ""],
        &format!(
            "openapi.yaml:1 warning[waiver-expired] the waiver of `api-unversioned` by me ended on 2026-11-22\nopenapi.yaml:5 {found}"
        ),
    );
}

#[test]
fn a_rule_is_silent_where_one_that_it_yields_to_fires() {
    let check = |first: &str, expected: &str| {
        let rule = |id: &str, when: &str, rest: &str| {
            format!(
                "  - {{ id: {id}, category: own, summary: odd, subject: service, message: {id}, cases: [{{ level: note, when: '{when}' }}]{rest} }}\n"
            )
        };
        let rules = rule("second", "true", ", yields_to: [first]") + &rule("first", first, "");
        let policy = format!("extends: []\nown_rules:\n{rules}rules: {{ first: default, second: default }}\n");
        System::new(&policy, &[SERVICE]).finds(expected);
    };
    check("true", "service.yaml:1 note[first] first");
    check("false", "service.yaml:1 note[second] second");
}

#[test]
fn an_override_changes_a_rule_for_some_services_until_its_day() {
    let files = [("a/service.yaml", "name: a\nkind: service\n"), ("b/service.yaml", "name: b\nkind: service\n")];
    let check = |change: &str, expected: &str| {
        let policy =
            format!("extends: []\nrules: {{ no-owner: default }}\noverrides:\n  - {{ services: [b], reason: why, {change} }}\n");
        System::new(&policy, &files).finds(expected);
    };
    let a = "a/service.yaml:1 warning[no-owner] nobody is named to own `a`";
    let b = "b/service.yaml:1 warning[no-owner] nobody is named to own `b`";
    check("rules: { no-owner: off }", a);
    check("rules: { no-owner: off }, expires: 2026-11-23", a);
    check("rules: { no-owner: off }, expires: 2026-11-22", &format!("{a}\n{b}"));
    check("rules: { no-owner: note }", &format!("{a}\n{}", b.replace("warning", "note")));
    check("rules: { no-owner: error }", &format!("{a}\n{b}"));
}

#[test]
fn a_rule_of_the_policy_that_can_never_apply_is_named() {
    let check = |fields: &str, rest: &str, expected: &str| {
        let policy =
            with_rule(fields, rest).replace("rules: { odd: default }", "rules: { odd: default, rule-never-applies: default }");
        System::new(&policy, &[SERVICE]).finds(expected);
    };
    let fires = "message: odd, cases: [{ level: note, when: 'false' }]";
    check(&format!("where: \"service.name == 'orders'\", {fires}"), "", "");
    check(
        &format!("where: \"service.name == 'rides'\", {fires}"),
        "",
        "brickwork.yaml:4 note[rule-never-applies] `odd` can say nothing here: its `where` is false for the only service",
    );
    check(
        &format!("where: \"service.domain.name == 'rides'\", {fires}"),
        "",
        "brickwork.yaml:4 note[rule-never-applies] `odd` can say nothing here: what its `where` asks is unknown for the only service",
    );
    // Where the filter is the verdict, that nothing meets it is what the rule is for.
    check("where: \"service.name == 'rides'\", message: odd, cases: [{ level: note, when: 'true' }]", "", "");
    // Switched off by decision, not for want of a service.
    let overrides = "overrides: [{ services: [orders], reason: why, rules: { odd: off } }]\n";
    check(&format!("where: \"service.name == 'rides'\", {fires}"), overrides, "");
}

#[test]
fn a_built_in_rule_never_applies_only_where_it_is_named_and_what_it_asks_is_unknown() {
    let policy = "extends: []\nrules: { owner-mismatch: default, no-domain: default, rule-never-applies: default }\n";
    let service = ("service.yaml", "name: orders\nkind: service\nowner: sales\ndomain: sales\n");
    System::new(policy, &[service, ("CODEOWNERS", "* @acme/sales\n")]).finds("");
    System::new("extends: governed\n", &[service]).finds("");
    System::new(policy, &[service]).finds(
        "brickwork.yaml:2 note[rule-never-applies] `owner-mismatch` can say nothing here: what its `where` asks is unknown for the only service",
    );
}

#[test]
fn several_of_a_subject_are_counted_in_words() {
    let rule = "extends: []\nown_rules:\n  - { id: odd, category: own, summary: odd, subject: repository, where: \"repository.name == 'x'\", message: odd, cases: [{ level: note, when: 'false' }] }\nrules: { odd: default, rule-never-applies: default }\nfleet: { repositories: ['*'] }\n";
    let files = [("a/service.yaml", "name: a\n"), ("b/service.yaml", "name: b\n")];
    System::new(rule, &files).finds(
        "brickwork.yaml:4 note[rule-never-applies] `odd` can say nothing here: its `where` is false for each of 2 repositories",
    );
}

#[test]
fn findings_about_one_other_subject_are_one_where_they_say_the_same() {
    let files = [
        ("README.md", "two services"),
        ("a/service.yaml", "name: a\nkind: service\n"),
        ("b/service.yaml", "name: b\nkind: service\n"),
    ];
    let fields =
        |message: &str| format!("message: \"{message}\", cases: [{{ level: note, when: 'true', subject: service.repository }}]");
    System::new(&with_rule(&fields("somebody is odd"), ""), &files).finds("README.md:1 note[odd] somebody is odd");
    let each = with_rule(&fields("`{service.name}` is odd"), "");
    let each = System::new(&each, &files);
    let report = each.report();
    let [a, b] = &report.findings[..] else { panic!("two findings") };
    assert_eq!((&*a.subject, &*b.subject), ("here", "here"));
    assert_ne!(a.fingerprint, b.fingerprint, "different findings of one subject are told apart");
    each.finds("README.md:1 note[odd] `a` is odd\nREADME.md:1 note[odd] `b` is odd");
}

#[test]
fn fingerprints_stay_when_lines_move_and_differ_where_anything_else_does() {
    let policy = "extends: []\nrules: { api-invalid: default }\n";
    let fingerprints = |text: &str| -> Vec<String> {
        let report = System::new(policy, &[("openapi.yaml", text)]).report();
        report.findings.iter().map(|finding| finding.fingerprint.clone()).collect()
    };
    let api = "openapi: 3.0.3\ninfo: { title: orders, version: '1' }\npaths:\n  /a: { get: {}, put: {} }\n  /b: { get: { responses: {} }, put: { responses: {} } }\n";
    let before = fingerprints(api);
    assert_eq!(before, fingerprints(&format!("# moved\n\n{api}")));
    let mut distinct = before.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert!(before.len() >= 4 && distinct.len() == before.len(), "{before:?}");
}

#[test]
fn the_order_is_by_place_and_then_by_severity() {
    let policy = "extends: []\nown_rules:\n  - { id: a-note, category: own, summary: odd, subject: service, message: one, cases: [{ level: note, when: 'true' }] }\n  - { id: b-error, category: own, summary: odd, subject: service, message: two, cases: [{ level: error, when: 'true' }] }\nrules: { a-note: default, b-error: default }\n";
    let files = [("b/service.yaml", "name: a\nkind: service\n"), ("a/service.yaml", "\nname: b\nkind: service\n")];
    System::new(policy, &files).finds(
        "a/service.yaml:2 error[b-error] two
         a/service.yaml:2 note[a-note] one
         b/service.yaml:1 error[b-error] two
         b/service.yaml:1 note[a-note] one",
    );
}

#[test]
fn joined_repositories_complete_the_model_and_are_not_judged() {
    let policy = "extends: []\nrules: { no-owner: default, api-invalid: default, dangling-reference: default, manifest-invalid: default, waiver-unused: default, waiver-expired: default, policy-missing: default }\n";
    let here = [("service.yaml", "name: orders\nkind: service\nowner: sales\nconsumes: [rides]\n")];
    let rides = [
        (
            "service.yaml",
            "# brickwork: allow no-owner -- theirs\n# brickwork: allow no-owner until 2020-01-01 -- theirs\nname: rides\nkind: service\ntier: {}\n",
        ),
        ("openapi.yaml", "openapi: 3.0.3\ninfo: {}\npaths: {}\n"),
    ];
    System::new(policy, &here).with("rides", &rides).finds("");
    // The twin: what is said of the same files where they are checked.
    let report = System::new(policy, &rides).report();
    assert!(report.findings.len() >= 4, "{:?}", report.findings.iter().map(line).collect::<Vec<_>>());
    let totals = System::new(policy, &here).with("rides", &rides).report().totals;
    assert_eq!((totals.repositories, totals.services, totals.apis), (1, 1, 0));
}

#[test]
fn a_waiver_of_a_joined_repository_accepts_nothing_here() {
    let policy = "extends: []\nrules: { no-owner: default }\n";
    let theirs = [("service.yaml", "# brickwork: allow no-owner -- theirs\nname: rides\nkind: service\n")];
    System::new(policy, &[SERVICE])
        .with("rides", &theirs)
        .finds("service.yaml:1 warning[no-owner] nobody is named to own `orders`");
}

#[test]
fn what_was_printed_of_a_repository_that_is_here_is_not_joined() {
    let policy = "extends: []\nrules: { no-owner: default, rule-never-applies: default }\n";
    let before = [("service.yaml", "name: orders\nkind: service\nowner: sales\n")];
    System::new(policy, &[SERVICE])
        .with("here", &before)
        .finds("service.yaml:1 warning[no-owner] nobody is named to own `orders`");
}

#[test]
fn a_domain_with_a_service_here_is_judged_and_pointed_at_here() {
    let policy = "extends: []\nrules: { fleet-sprawl: { params: { max: 1 } } }\n";
    let here = [("x/service.yaml", "name: orders\nkind: service\ndomain: sales\n")];
    let in_sales = [("service.yaml", "name: bills\nkind: service\ndomain: sales\n")];
    let in_two = [
        ("a/service.yaml", "name: bills\nkind: service\ndomain: money\n"),
        ("b/service.yaml", "name: taxes\nkind: service\ndomain: money\n"),
    ];
    System::new(policy, &here)
        .with("bills", &in_sales)
        .finds("x/service.yaml:1 warning[fleet-sprawl] domain `sales` is split into at least 2 deploy units: `bills`, `orders`");
    System::new(policy, &here).with("bills", &in_two).finds("");
}
