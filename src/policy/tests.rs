//! Policies as texts, and what loading them gives: settings, or errors with their places.

use super::files::Memory;
use super::*;
use crate::diagnostic::Diagnostic;
use crate::model::subjects;

/// Loads `brickwork.yaml` among files given as `path: text`.
fn load_files(files: &[(&str, &str)]) -> Result<Policy, Vec<Diagnostic>> {
    load_only(files, None)
}

fn load_only(files: &[(&str, &str)], only: Option<&str>) -> Result<Policy, Vec<Diagnostic>> {
    let memory = Memory { files: files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect() };
    let policy = files.iter().find(|(path, _)| *path == "brickwork.yaml");
    load(&LoadRequest {
        policy: policy.map(|(path, text)| PolicyFile { path: (*path).into(), text: (*text).into() }),
        files: &memory,
        subjects: subjects::all(),
        today: "2026-11-23".parse().expect("a date"),
        rule_files: &[],
        only,
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
        decode::check(root, &form::Form::Table(&rule::form::RULE), "", &mut problems);
        let names = rule::Names { subjects: subjects::all(), definitions: &[], fields: &[] };
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
