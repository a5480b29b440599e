//! Rules keep what the house promises of them: a page, a bad example and a good twin, a place in a pack, messages in one voice.

use brickwork::cli::test::Suite;
use brickwork::policy::rule::pages;
use brickwork::policy::{RuleSource, library};

#[test]
fn every_example_comes_out() {
    let outcome = Suite::built_in().expect("the built-in rules load").run();
    let failures: Vec<String> = outcome
        .failures
        .iter()
        .map(|failure| {
            let help = failure.help.as_deref().unwrap_or_default();
            format!("{}:{}: {}\n    {help}", failure.path, failure.at.line, failure.message)
        })
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert!(outcome.without.is_empty(), "without an example: {:?}", outcome.without);
    assert!(outcome.passed >= 2 * library::rules().len(), "each rule has a bad example and a good one");
}

#[test]
fn every_rule_has_a_page_and_both_kinds_of_examples() {
    for (index, rule) in library::rules().iter().enumerate() {
        let pages = pages::read(&RuleSource::BuiltIn(index)).expect("the pages parse");
        for heading in ["## Why is this bad?", "## How to fix", "## When to accept"] {
            assert!(pages.docs.contains(heading), "{}: the page lacks `{heading}`", rule.id);
        }
        assert!(pages.examples.iter().any(|example| !example.expect.is_empty()), "{}: no bad example", rule.id);
        assert!(pages.examples.iter().any(|example| example.expect.is_empty()), "{}: no good example", rule.id);
    }
}

#[test]
fn every_rule_is_in_the_strict_pack_and_is_where_its_category_says() {
    let packs: String = library::packs().filter_map(library::pack).collect();
    for rule in library::rules() {
        assert!(packs.lines().any(|line| line.trim() == format!("{}: default", rule.id)), "{} is in no pack", rule.id);
        assert_eq!(rule.path, format!("rules/{}/{}.yaml", rule.category, rule.id));
        assert!(rule.logic.contains(&format!("\ncategory: {}\n", rule.category)), "{}: another category", rule.id);
    }
}

#[test]
fn messages_speak_with_one_voice() {
    for rule in library::rules() {
        for line in rule.logic.lines().map(str::trim) {
            let Some((key, text)) = line.split_once(": ") else { continue };
            if !["message", "summary"].contains(&key) {
                continue;
            }
            let text = text.trim_matches('"');
            assert!(!text.ends_with('.'), "{}: `{text}` ends with a full stop", rule.id);
            let first = text.chars().next().unwrap_or('.');
            assert!(!first.is_uppercase() || text.starts_with("CODEOWNERS"), "{}: `{text}` begins with a capital", rule.id);
        }
    }
}
