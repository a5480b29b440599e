//! Policies and rules that are broken, boundless or made to run forever: the run does not begin, and says where and why.

use super::{Folder, nested};

/// The policy does not load: a caret stands at this line, beside this message.
#[track_caller]
fn refuses(policy: &str, line: u32, message: &str) {
    let folder = Folder::new();
    folder.write("brickwork.yaml", policy);
    folder.is_refused(&[], &[&format!("brickwork.yaml:{line}:"), message, "the policy does not load"]);
}

/// A rule with this condition, on line 8.
fn rule(condition: &str) -> String {
    format!(
        "own_rules:\n  - id: mine\n    category: size\n    summary: invented\n    subject: repository\n    cases:\n      - level: warning\n        when: \"{condition}\"\n    message: found\n"
    )
}

#[test]
fn mistakes_have_a_place() {
    for (policy, line, message) in [
        ("rules: { no-ownr: error }", 1, "unknown rule `no-ownr`"),
        ("rules:\n  team-load: { params: { mx: 3 } }", 2, "`mx`"),
        ("rules:\n  team-load: { params: { max: [] } }", 2, "error[policy-invalid]"),
        ("rules:\n  no-owner: fatal", 2, "`fatal`"),
        ("waiver: []", 1, "unknown key `waiver`"),
        ("waivers:\n  - { rule: no-owner, subject: a, owner: b, reason: c, until: 2026-02-30 }", 2, "2026-02-30"),
        ("rules: {}\nrules: {}", 2, "`rules` stands twice"),
        ("- rules", 1, "error[policy-invalid]"),
        ("rules: [", 1, "error[policy-invalid]"),
        ("rules: *nobody", 1, "error[policy-invalid]"),
        ("extends: brickwork.yaml", 1, "a policy extends itself"),
        ("extends: /etc/passwd.yaml", 1, "an absolute path"),
        ("extends: ../../etc/passwd.yaml", 1, "leads out of the repository"),
        ("extends: nowhere.yaml", 1, "there is no file `nowhere.yaml`"),
        ("exclude: ['a[']", 1, "error[policy-invalid]"),
        (&rule("repository.nonsense > 1"), 8, "`nonsense`"),
        (&rule("repository.name > 1"), 8, "error[policy-invalid]"),
        (&rule("matches(repository.name, '(')"), 8, "error[policy-invalid]"),
        (&rule("matches(repository.name, '((a{1000}){1000}){1000}')"), 8, "error[policy-invalid]"),
    ] {
        refuses(policy, line, message);
    }
}

#[test]
fn two_rules_with_one_id_are_a_mistake() {
    let twice = rule("true");
    let policy = format!("{twice}{}", twice.split_once('\n').expect("lines").1);
    refuses(&policy, 10, "two rules have the id `mine`");
}

#[test]
fn circles_of_policies_end() {
    let folder = Folder::new();
    folder
        .write("brickwork.yaml", "extends: a.yaml\n")
        .write("a.yaml", "extends: b.yaml\n")
        .write("b.yaml", "rules: {}\nextends: a.yaml\n");
    folder.is_refused(&[], &["b.yaml:2:", "`a.yaml` -> `b.yaml` -> `a.yaml`"]);
    let folder = Folder::new();
    for link in 0..200 {
        folder.write(&format!("p{link}.yaml"), format!("extends: p{}.yaml\n", link + 1));
    }
    folder.write("brickwork.yaml", "extends: p0.yaml\n").is_refused(&[], &["more than 100 files"]);
}

#[test]
fn boundless_policies_end() {
    let deep = 100_000;
    refuses(&format!("rules: {}", nested("[", "", "]", deep)), 1, "nested deeper");
    refuses(&format!("rules: {}", nested("{a: ", "1", "}", deep)), 1, "nested deeper");
    for mark in ["- ", "(", "[", "\""] {
        refuses(&mark.repeat(deep), 1, "error[policy-invalid]");
    }
    let mut bomb = String::from("x0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        bomb += &format!("x{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", "));
    }
    refuses(&format!("{bomb}rules: *a9\n"), 1, "error[policy-invalid]");
    refuses(&rule(&nested("(", "true", ")", 10_000)), 8, "error[policy-invalid]");
    refuses(&rule(&format!("{}true", "!".repeat(10_000))), 8, "error[policy-invalid]");
    refuses(&rule(&format!("1{} > 0", " + 1".repeat(50_000))), 8, "error[policy-invalid]");
}

#[test]
fn globs_that_explode_do_not() {
    let alternatives = "{a,b}".repeat(500);
    let stars = "**/*".repeat(2_000);
    let classes = "[a-z]*".repeat(5_000);
    let nested = nested("{a,", "b", "}", 5_000);
    for glob in [alternatives, stars, classes, nested] {
        for policy in [
            format!("exclude: ['{glob}']\n"),
            format!("fleet: {{ repositories: ['{glob}', '*'] }}\n"),
            format!("domains: {{ a: {{ services: ['{glob}'] }} }}\n"),
            format!("rule_files: ['{glob}']\n"),
        ] {
            let folder = Folder::new();
            folder.write("bad/service.yaml", "name: a\nprovides: []\n").write("brickwork.yaml", &policy);
            let run = folder.run(&["check", "--format", "json", "--fail-on", "warning"]);
            let shown: String = policy.chars().take(60).collect();
            match run.code {
                1 => assert!(run.findings().contains(&super::TWIN_FINDING.to_owned()), "{shown}"),
                2 => assert!(
                    run.errors.contains("brickwork.yaml:1:"),
                    "{shown}: {}",
                    run.errors.chars().take(2_000).collect::<String>()
                ),
                code => panic!("{shown}: {code}"),
            }
        }
    }
}

#[test]
fn a_waiver_accepts_nothing_after_its_last_day() {
    let folder = Folder::new();
    let waiver = "rules: { policy-missing: off }\nwaivers:\n  - { rule: dangling-reference, subject: good/catalog-info.yaml, owner: a, reason: b, until: 2026-03-31 }\n";
    folder.write("brickwork.yaml", waiver);
    let check = |today: &str| {
        let run = folder.run(&["check", "--format", "json", "--fail-on", "warning", "--today", today]);
        (run.code, run.findings())
    };
    assert_eq!(check("2026-03-31").0, 0);
    let (code, found) = check("2026-04-01");
    assert_eq!(code, 1);
    assert_eq!(found, ["waiver-expired brickwork.yaml:3", super::TWIN_FINDING]);
}
