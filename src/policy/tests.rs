//! Policies as texts, and what loading them gives: settings, or errors with their places.

use super::files::Memory;
use super::*;
use crate::diagnostic::Diagnostic;
use crate::model::subjects;

/// Loads `brickwork.yaml` among files given as `path: text`.
fn load_files(files: &[(&str, &str)]) -> Result<Policy, Vec<Diagnostic>> {
    load_with_rule(files, None)
}

fn load_with_rule(files: &[(&str, &str)], also: Option<&str>) -> Result<Policy, Vec<Diagnostic>> {
    let memory = Memory { files: files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect() };
    let policy = files.iter().find(|(path, _)| *path == "brickwork.yaml");
    load(&LoadRequest {
        policy: policy.map(|(path, text)| PolicyFile { path: (*path).into(), text: (*text).into() }),
        files: &memory,
        subjects: subjects::all(),
        today: "2026-11-23".parse().expect("a date"),
        rule_files: &[],
        also,
    })
}

/// Every diagnostic as `path:line:column [what it points at] message; help`.
fn rendered(files: &[(&str, &str)], diagnostics: &[Diagnostic]) -> String {
    let mut lines = String::new();
    for diagnostic in diagnostics {
        let text = files.iter().find(|(path, _)| *path == &*diagnostic.path).map_or("", |(_, text)| *text);
        let pointed = text.get(diagnostic.at.span().range()).unwrap_or("?").lines().next().unwrap_or_default();
        let at = diagnostic.at;
        lines += &format!("{}:{}:{} [{pointed}] {}", diagnostic.path, at.line, at.column, diagnostic.message);
        for (at, label) in &diagnostic.labels {
            lines += &format!("; {}:{} {label}", at.line, at.column);
        }
        if let Some(help) = &diagnostic.help {
            lines += &format!("; {help}");
        }
        lines += "\n";
    }
    lines
}

#[track_caller]
fn loads(files: &[(&str, &str)]) -> Policy {
    load_files(files).unwrap_or_else(|diagnostics| panic!("does not load:\n{}", rendered(files, &diagnostics)))
}

#[track_caller]
fn fails(files: &[(&str, &str)], expected: &str) {
    let diagnostics = load_files(files).err().expect("the policy must not load");
    let rendered = rendered(files, &diagnostics);
    assert_eq!(rendered.trim(), expected.trim().replace("\n            ", "\n"), "got:\n{rendered}");
}

fn ids(policy: &Policy) -> Vec<&str> {
    policy.rules.iter().map(|rule| &*rule.id).collect()
}

#[test]
fn without_a_policy_the_recommended_pack_counts() {
    let policy = loads(&[]);
    assert!(ids(&policy).contains(&"manifest-invalid"));
    assert!(!ids(&policy).contains(&"no-owner"));
    assert!(policy.rules.iter().all(|rule| rule.origin.is_none()));
}

#[test]
fn the_later_word_counts() {
    let files = [
        (
            "brickwork.yaml",
            "extends: [governed, policy/base.yaml]\nrules:\n  no-owner: note\n  team-load: { params: { far: 20 } }\n",
        ),
        (
            "policy/base.yaml",
            "extends: []\nrules:\n  no-owner: error\n  no-domain: off\n  no-manifest: error\n  team-load: { level: warning, params: { max: 5 } }\n",
        ),
    ];
    let policy = loads(&files);
    let rule = |id: &str| policy.rules.iter().find(|rule| &*rule.id == id).expect("a rule that is on");
    let origin =
        |id: &str| rule(id).origin.as_ref().map(|origin| format!("{}:{}:{}", origin.path, origin.at.line, origin.at.column));
    assert!(!ids(&policy).contains(&"no-domain"));
    assert_eq!(rule("no-owner").cap, Some(Level::Note));
    assert_eq!(rule("no-manifest").cap, Some(Level::Error));
    assert_eq!(rule("team-load").cap, Some(Level::Warning), "parameters alone leave the level as it was");
    assert_eq!(rule("many-owners").cap, None);
    let defaults: Vec<_> = rule("team-load").parameters.iter().map(|parameter| parameter.default.clone()).collect();
    assert_eq!(defaults, [Some(Datum::int(5)), Some(Datum::int(20))]);
    assert_eq!(origin("no-owner").as_deref(), Some("brickwork.yaml:3:3"));
    assert_eq!(origin("no-manifest").as_deref(), Some("policy/base.yaml:5:3"));
    assert_eq!(origin("many-owners").as_deref(), Some("brickwork.yaml:1:11"), "the entry that names the pack");
}

#[test]
fn what_comes_through_git_is_asked_for_by_the_line_that_names_it() {
    let name = "git+https://example.com/policies@0123456789abcdef0123456789abcdef01234567";
    let policy = format!("extends: {name}#org/brickwork.yaml\n");
    let rule = sample_with("");
    let base = "extends: ../base.yaml\nrules: { no-owner: error }\n";
    let (org, own, up) =
        (format!("{name}#org/brickwork.yaml"), format!("{name}#org/rules/own/sample.yaml"), format!("{name}#base.yaml"));
    let files = [("brickwork.yaml", &*policy), (&org, base), (&own, &rule), (&up, "rules: { no-domain: note }\n")];
    let policy = loads(&files);
    for id in ["no-owner", "no-domain", "sample", "manifest-invalid"] {
        let rule = policy.rules.iter().find(|rule| &*rule.id == id).expect("a rule that is on");
        let origin = rule.origin.as_ref().expect("a line asks for it");
        assert_eq!((&*origin.path, origin.at.line, origin.at.column), ("brickwork.yaml", 1, 10), "{id}");
    }
}

#[test]
fn an_empty_policy_is_the_recommended_pack_and_an_empty_list_is_nothing() {
    for text in ["", "# nothing yet\n", "{}\n", "small_team: true\n"] {
        assert_eq!(ids(&loads(&[("brickwork.yaml", text)])), ids(&loads(&[])), "{text:?}");
    }
    assert!(loads(&[("brickwork.yaml", "extends: []\n")]).rules.is_empty());
}

#[test]
fn circles_and_bad_files_are_told_where_they_are_named() {
    fails(
        &[
            ("brickwork.yaml", "extends: a.yaml\n"),
            ("a.yaml", "extends:\n  - strict\n  - sub/b.yaml\n"),
            ("sub/b.yaml", "extends: ../a.yaml\n"),
        ],
        "sub/b.yaml:1:10 [../a.yaml] a policy extends itself: `a.yaml` -> `sub/b.yaml` -> `a.yaml`; remove this entry, or move what both need into a third file",
    );
    fails(
        &[("brickwork.yaml", "extends: base.yaml\nrules: { no-ower: off }\n"), ("base.yaml", "rules: { no-domian: off }\n")],
        "brickwork.yaml:2:10 [no-ower] unknown rule `no-ower`; did you mean `no-owner`?
            base.yaml:1:10 [no-domian] unknown rule `no-domian`; did you mean `no-domain`?",
    );
    // A file that two extend counts once.
    loads(&[
        ("brickwork.yaml", "extends: [a.yaml, b.yaml]\n"),
        ("a.yaml", "extends: c.yaml\n"),
        ("b.yaml", "extends: c.yaml\n"),
        ("c.yaml", "waivers: [{ rule: no-owner, subject: x, owner: me, reason: old }]\n"),
    ]);
}

#[test]
fn rules_of_users_are_like_built_in_ones() {
    let rule =
        sample_with("category: size\ndocs: why\nexamples:\n  - { name: a, files: { service.yaml: 'name: a' }, expect: [] }");
    let inline = "own_rules:\n  - { id: other, summary: s, subject: api, cases: [{ level: note }], message: m, yields_to: sample }\n\
                  rules: { other: { level: error }, sample: { params: { max: { default: 7, worker: off } } } }\n";
    let files = [("brickwork.yaml", inline), ("rules/own/sample.yaml", &*rule), ("rules/alerts.yaml", "groups: [{ name: x }]\n")];
    let policy = loads(&files);
    let rule = |id: &str| policy.rules.iter().find(|rule| &*rule.id == id).expect("a rule that is on");
    let parameter = &rule("sample").parameters[0];
    assert_eq!((parameter.default.clone(), &*parameter.by_kind), (Some(Datum::int(7)), &[(Kind::Worker, None)][..]));
    assert_eq!((&*rule("other").category, &*rule("sample").category), ("own", "size"));
    let pages = rule::pages::read(&rule("sample").source).expect("pages");
    assert_eq!((&*pages.docs, pages.examples.len()), ("why", 1));
    assert!(rule::pages::read(&rule("other").source).expect("pages").examples.is_empty());
    let loaded = load_with_rule(&files, Some("other")).unwrap_or_else(|diagnostics| panic!("{}", rendered(&files, &diagnostics)));
    assert!(ids(&loaded).contains(&"other"));
    assert!(ids(&load_with_rule(&[], Some("no-owner")).unwrap_or_else(|_| panic!("loads"))).contains(&"no-owner"));
}

#[test]
fn two_rules_with_one_id_are_shown_both() {
    let rule = sample_with("");
    fails(
        &[("brickwork.yaml", "rule_files: [rules/*.yaml, more/x.yaml]\n"), ("rules/a.yaml", &rule), ("more/x.yaml", &rule)],
        "more/x.yaml:1:5 [sample] two rules have the id `sample`; the other is at `rules/a.yaml:1:5`; give one of them another id",
    );
    fails(
        &[("brickwork.yaml", "rule_files: rules/*.yaml\n"), ("rules/a.yaml", "- id: a\n")],
        "rules/a.yaml:1:1 [-] a rule is a mapping, found a list",
    );
    fails(
        &[("brickwork.yaml", "rule_files: [nowhere/*.yaml, a.yaml]\n")],
        "brickwork.yaml:1:14 [nowhere/*.yaml] `nowhere/*.yaml` matches no file; looked for YAML files in `nowhere`
            brickwork.yaml:1:14 [nowhere/*.yaml] `a.yaml` can't be read: entity not found",
    );
}

#[test]
fn definitions_and_fields_are_names_in_rules() {
    let policy = "definitions:\n  small:\n    doc: few APIs\n    parameters: { service: service, max: int }\n    value: size(service.apis) <= max\n\
                  fields:\n  level: annotations['example.com/level']\n  important: service.level == 'gold'\n";
    let rule = sample_with("where: small(service, params.max) && service.important");
    loads(&[("brickwork.yaml", policy), ("rules/sample.yaml", &rule)]);
    fails(
        &[
            ("brickwork.yaml", policy),
            ("base.yaml", ""),
            ("rules/sample.yaml", &sample_with("where: smal(service, params.max) && service.importent")),
        ],
        "rules/sample.yaml:7:8 [smal] unknown function `smal`; did you mean `small`?
            rules/sample.yaml:7:45 [importent] service has no field `importent`; did you mean `important`?",
    );
    fails(
        &[(
            "brickwork.yaml",
            "definitions:\n  a: { doc: d, parameters: { x: list(servce) }, value: true }\n  b: { doc: d, value: c() }\n  b: { doc: d, value: 1 }\nfields: { tier: annotation.x }\n",
        )],
        "brickwork.yaml:2:33 [list(servce)] unknown type `list(servce)`; one of: `bool`, `int`, `float`, `text`, `place`, `list(T)`, `map(T)`, `T or null`, or a subject
            brickwork.yaml:3:23 [c] unknown function `c`
            brickwork.yaml:4:3 [b] the key `b` stands twice; 3:3 first written here; keep one of the two; which one would count is a guess
            brickwork.yaml:5:17 [annotation] unknown variable `annotation`; did you mean `annotations`?",
    );
}

#[test]
fn overrides_end_on_their_day() {
    let files = [(
        "brickwork.yaml",
        "extends: strict\noverrides:\n  - { services: pay-*, rules: { team-load: off }, reason: r, expires: 2026-11-23 }\n  - { services: [a, b], rules: { team-load: { level: note, params: { far: 9 } } }, reason: r, expires: 2026-11-22 }\n",
    )];
    let policy = loads(&files);
    let [holds] = &policy.overrides[..] else { panic!("one holds") };
    let [expired] = &policy.expired_overrides[..] else { panic!("one has expired") };
    assert!(holds.rules[0].off && !expired.rules[0].off);
    assert_eq!((expired.rules[0].cap, &*expired.rules[0].parameters), (Some(Level::Note), &[(1, Datum::int(9))][..]));
    assert_eq!(expired.origin.at.line, 4);
    fails(
        &[("brickwork.yaml", "overrides: [{ services: a, rules: { team-load: note }, reason: r }]\n")],
        "brickwork.yaml:1:37 [team-load] `team-load` is off; switch it on under `rules`; an override changes what is on",
    );
    fails(
        &[(
            "brickwork.yaml",
            "extends: strict\noverrides: [{ services: a, rules: { team-load: { params: { max: off } } }, reason: r }]\n",
        )],
        "brickwork.yaml:2:65 [off] expected one value for `max`; an override names its services; `level: off` switches the rule off for them",
    );
}

#[test]
fn statements_about_the_system_reach_the_model_and_discovery() {
    let files = [
        (
            "brickwork.yaml",
            "extends: base.yaml\nservices:\n  - { name: orders, root: ./services/orders/, kind: worker, split: { reason: isolation, review: 2027-01-01 } }\n\
             domains:\n  sales: { owner: team-a, services: [orders, shop-*] }\nlayers: [{ name: ui, services: web-* }, { name: data, services: [db-*] }]\n\
             exclude: old/**\nfleet: { repositories: 'repos/*' }\nwaivers:\n  - { rule: no-owner, subject: x, owner: '@a', reason: r, until: 2027-01-01 }\n",
        ),
        (
            "base.yaml",
            "services: [{ name: orders, kind: job }, { name: mail }]\ndomains: { sales: {}, support: { services: mail } }\nexclude: [vendor]\nfleet: { complete: true }\nsmall_team: true\n",
        ),
    ];
    let policy = loads(&files);
    let settings = &policy.settings;
    let services: Vec<_> = settings.services.iter().map(|service| (&*service.name.value, service.kind, &*service.path)).collect();
    assert_eq!(services, [("orders", Some(Kind::Worker), "brickwork.yaml"), ("mail", None, "base.yaml")]);
    assert_eq!(settings.services[0].root.as_ref().map(|root| &*root.value), Some("services/orders"));
    assert_eq!(settings.services[0].split.as_ref().map(|split| &*split.reason.value), Some("isolation"));
    let domains: Vec<_> = settings.domains.iter().map(|domain| (&*domain.name.value, domain.services.len())).collect();
    assert_eq!(domains, [("sales", 2), ("support", 1)]);
    assert_eq!(settings.layers.iter().map(|layer| &*layer.name.value).collect::<Vec<_>>(), ["ui", "data"]);
    assert!(settings.fleet_complete && settings.small_team);
    assert_eq!(settings.policy_path.as_deref(), Some("brickwork.yaml"));
    assert_eq!(
        (policy.discovery.exclude, policy.discovery.repositories),
        (vec!["old/**".into(), "vendor".into()], vec!["repos/*".into()])
    );
    let waiver = &policy.waivers[0];
    assert_eq!(
        (&*waiver.rule, &*waiver.scope, waiver.until.as_deref(), waiver.origin.at.line),
        ("no-owner", "", Some("2027-01-01"), 10)
    );
}

#[test]
fn a_repository_adds_what_it_knows_of_itself() {
    let mut policy = loads(&[("brickwork.yaml", "domains: { sales: { services: orders } }\n")]);
    let join = |policy: &mut Policy, text: &str| {
        super::local::join(policy, "repos/shop", &PolicyFile { path: "repos/shop/brickwork.yaml".into(), text: text.into() })
    };
    let text = "extends: strict\nrules: { no-owner: off }\nservices: [{ name: shop, root: app }]\ndomains: { web: { services: shop } }\n\
                waivers: [{ rule: own-rule, subject: shop, owner: me, reason: r }]\n";
    assert_eq!(join(&mut policy, text), []);
    assert!(!ids(&policy).contains(&"no-domain"), "its packs and levels do not count");
    assert_eq!(policy.settings.services[0].root.as_ref().map(|root| &*root.value), Some("repos/shop/app"));
    assert_eq!(policy.settings.domains.iter().map(|domain| &*domain.scope).collect::<Vec<_>>(), ["", "repos/shop"]);
    assert_eq!((&*policy.waivers[0].scope, &*policy.waivers[0].origin.path), ("repos/shop", "repos/shop/brickwork.yaml"));
    let broken = join(&mut policy, "service: []\nwaivers: [{ rule: no-ower, subject: x, owner: me, reason: r }]\n");
    let told: Vec<_> = broken.iter().map(|diagnostic| (diagnostic.fault.name(), &*diagnostic.message)).collect();
    assert_eq!(told, [("manifest-invalid", "unknown key `service` in a policy"), ("manifest-invalid", "unknown rule `no-ower`")]);
    assert_eq!((policy.settings.services.len(), policy.waivers.len()), (1, 1), "a broken file adds nothing");
}

#[test]
fn the_scaffold_of_a_rule_loads() {
    let text = scaffold::rule("vague-name").expect("an id");
    let policy = loads(&[("brickwork.yaml", "extends: []\n"), ("rules/vague-name.yaml", &text)]);
    assert_eq!(ids(&policy), ["vague-name"]);
    let pages = rule::pages::read(&policy.rules[0].source).expect("pages");
    assert_eq!(pages.examples.iter().map(|example| example.expect.len()).collect::<Vec<_>>(), [1, 0]);
    assert!(scaffold::rule("Vague Name").is_err());
}

#[test]
fn hostile_policies_end_soon() {
    let parentheses = sample_with(&format!("where: {}true{}", "(".repeat(10_000), ")".repeat(10_000)));
    assert!(load_files(&[("brickwork.yaml", "{}"), ("rules/sample.yaml", &parentheses)]).is_err());
    let globs: String = (0..100_000).map(|at| format!("g{at},")).collect();
    assert_eq!(loads(&[("brickwork.yaml", &format!("exclude: [{globs}]"))]).discovery.exclude.len(), 100_000);
    let waivers: String = (0..10_000).map(|at| format!("{{rule: no-owner, subject: s{at}, owner: me, reason: r}},")).collect();
    assert_eq!(loads(&[("brickwork.yaml", &format!("waivers: [{waivers}]"))]).waivers.len(), 10_000, "on one line");
    let unknown: String = (0..10_000).map(|at| format!("  rule-{at}: error\n")).collect();
    let diagnostics = load_files(&[("brickwork.yaml", &format!("rules:\n{unknown}"))]).err().expect("unknown rules");
    assert_eq!(diagnostics.len(), 201);
    assert_eq!(diagnostics.last().map(|last| &*last.message), Some("9800 more errors in this file are not shown"));
    let mut bomb = "x: &a0 [{rule: a, subject: b, owner: c, reason: d}]\n".to_owned();
    for level in 1..30 {
        bomb += &format!("x{level}: &a{level} [{}]\n", format!("*a{},", level - 1).repeat(10));
    }
    bomb += "waivers: *a29\n";
    assert!(load_files(&[("brickwork.yaml", &bomb)]).is_err());
    let list = "g,".repeat(20_000);
    let repeated: String = (0..20_000).map(|at| format!("  d{at}: {{services: *g}}\n")).collect();
    let wide = format!("exclude: &g [{list}]\ndomains:\n{repeated}");
    assert!(load_files(&[("brickwork.yaml", &wide)]).is_err());
    for text in ["[".repeat(100_000), "- ".repeat(100_000), "{a: ".repeat(100_000), "\0\u{feff}%YAML 9".into()] {
        assert!(load_files(&[("brickwork.yaml", &text)]).is_err());
    }
}

#[test]
fn what_is_built_in_is_sound() {
    for pack in library::packs() {
        let text = library::pack(pack).expect("a pack that is listed");
        // As a file of a user, a pack is checked like any other policy.
        let files = [("brickwork.yaml", text)];
        load_files(&files).unwrap_or_else(|diagnostics| panic!("pack `{pack}`:\n{}", rendered(&files, &diagnostics)));
    }
    for (index, built_in) in library::rules().iter().enumerate() {
        let text = format!("{}{}", built_in.logic, built_in.pages);
        let files = [(built_in.path, &*text)];
        let tree = crate::document::parse(crate::document::Syntax::Yaml, &text);
        let mut problems = decode::Problems::new(&built_in.path.into());
        let root = decode::root(&tree, "a rule", &mut problems).expect("a document");
        let root = decode::checked(root, &rule::form::RULE, &mut problems).expect("a rule of some size");
        let definitions = definition::built_in(subjects::all(), &mut problems);
        let names = rule::Names { subjects: subjects::all(), definitions: &definitions, fields: &[] };
        let rule = rule::read(root, RuleSource::BuiltIn(index), names, &mut problems);
        let told = rendered(&files, &problems.into_diagnostics());
        assert_eq!(told, "");
        let rule = rule.expect("a rule without errors");
        assert_eq!((&*rule.id, &*rule.category), (built_in.id, built_in.category), "{}", built_in.path);
        for other in &rule.yields_to {
            assert!(library::position(other).is_some(), "`{}` yields to `{other}`, which does not exist", rule.id);
        }
        let pages = rule::pages::read(&rule.source).expect("pages that parse");
        for example in &pages.examples {
            let line = text.lines().nth(example.at.line as usize - 1).unwrap_or_default();
            assert!(line.contains("name:"), "the example `{}` of `{}` is at {line:?}", example.name, rule.id);
        }
        for heading in ["## Why is this bad?", "## How to fix", "## When to accept"] {
            assert!(pages.docs.contains(heading), "`{}` has no section `{heading}`", rule.id);
        }
    }
}

/// The rule that the cases of `typos.txt` change: each line of a case replaces the line with the same key, or takes it away (`-key`).
const SAMPLE: [(&str, &str); 6] = [
    ("id", "id: sample"),
    ("summary", "summary: a sample"),
    ("subject", "subject: service"),
    ("params", "params: { max: { default: 3, doc: services } }"),
    ("cases", "cases: [{ level: warning, when: size(service.apis) > params.max }]"),
    ("message", "message: \"`{service.name}` is a sample\""),
];

fn sample_with(change: &str) -> String {
    let changed =
        |key: &str| change.lines().any(|line| line.split(':').next() == Some(key) || line.strip_prefix('-') == Some(key));
    let kept = SAMPLE.iter().filter(|(key, _)| !changed(key)).map(|(_, line)| format!("{line}\n"));
    let added = change.lines().filter(|line| !line.starts_with('-')).map(|line| format!("{line}\n"));
    kept.chain(added).collect()
}

/// Each case of `typos.txt` gives the very words that stand below it. `UPDATE=1` writes them; read them as a user would.
#[test]
fn typos_are_told_at_their_place() {
    let recorded = include_str!("typos.txt");
    let mut actual = String::new();
    for block in recorded.split_inclusive("\n\n") {
        let Some((head, _)) = block.split_once("==>\n") else {
            actual += block;
            continue;
        };
        let (before, case) = head.split_at(head.find("--- ").expect("a case begins with `---`"));
        let (kind, text) = case.split_once('\n').expect("a line that says what the case is");
        let rule = sample_with(text);
        let files: Vec<(&str, &str)> = match kind {
            "--- rule" => vec![("brickwork.yaml", "extends: []\nrule_files: rules/*.yaml\n"), ("rules/sample.yaml", &rule)],
            _ => vec![("brickwork.yaml", text)],
        };
        let diagnostics = load_files(&files).err().unwrap_or_default();
        actual += &format!("{before}{case}==>\n{}\n", rendered(&files, &diagnostics));
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/policy/typos.txt"), &actual).expect("the file can be written");
    } else {
        similar_lines(recorded, &actual);
    }
}

/// Fails at the first line that differs.
#[track_caller]
fn similar_lines(recorded: &str, actual: &str) {
    for (number, (recorded, actual)) in recorded.lines().zip(actual.lines()).enumerate() {
        assert_eq!(recorded, actual, "in line {} of typos.txt", number + 1);
    }
    assert_eq!(recorded.lines().count(), actual.lines().count());
}
