//! What a report says about rules, as SARIF's descriptors.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use serde_sarif::sarif::{MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor};

use crate::diagnostic::Level;
use crate::evaluate::finding::RuleInfo;
use crate::report::markdown;

/// GitHub's limit on descriptions, in characters.
const LONGEST: usize = 1024;

pub fn descriptor(rule: &RuleInfo) -> ReportingDescriptor {
    let summary = sentence(if rule.summary.is_empty() { &rule.id } else { &rule.summary });
    let docs = if rule.docs.trim().is_empty() { &summary } else { &rule.docs };
    let opening = markdown::opening(docs);
    let level = rule.level.unwrap_or(Level::Warning);
    let mut tags = vec!["architecture".to_owned()];
    if !rule.category.is_empty() {
        tags.push(rule.category.clone());
    }
    ReportingDescriptor::builder()
        .id(rule.id.to_string())
        .name(pascal(&rule.id))
        .short_description(text(cut(&summary)))
        .full_description(text(cut(if opening.is_empty() { &summary } else { &opening })))
        .help(MultiformatMessageString::builder().text(markdown::plain(docs)).markdown(docs.clone()).build())
        .default_configuration(ReportingConfiguration::builder().level(Value::from(level.name())).build())
        .properties(
            PropertyBag::builder()
                .tags(tags)
                .additional_properties(BTreeMap::from([
                    // Rules are silent on what they do not know, so what they say is right as a rule.
                    ("precision".to_owned(), json!("high")),
                    ("problem.severity".to_owned(), json!(severity(level))),
                ]))
                .build(),
        )
        .build()
}

fn text(text: String) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "recommendation",
    }
}

/// `call-cycle` as `CallCycle`, the form that SARIF asks of names.
fn pascal(id: &str) -> String {
    id.split(|character: char| !character.is_alphanumeric()).map(capitalised).collect()
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}

/// Words in lower case as a sentence.
pub fn sentence(words: &str) -> String {
    let mut sentence = capitalised(words);
    if !sentence.ends_with(['.', '?', '!']) {
        sentence.push('.');
    }
    sentence
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST { text.to_owned() } else { text.chars().take(LONGEST - 1).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sentences_have_their_forms() {
        assert_eq!(pascal("shared-database"), "SharedDatabase");
        assert_eq!(pascal("acme/no_v1"), "AcmeNoV1");
        assert_eq!(sentence("services call each other"), "Services call each other.");
        assert_eq!(cut(&"é".repeat(2000)).chars().count(), LONGEST);
    }
}
