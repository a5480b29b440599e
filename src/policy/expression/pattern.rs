//! Regular expressions of `matches`: checked when a rule is compiled, built when a text first meets them.

use std::sync::{Arc, OnceLock, RwLock};

use regex::{Regex, RegexBuilder};

use super::evaluate::Frame;
use super::node::Node;
use super::truth::Truth;
use crate::model::datum::Datum;

/// How much memory a built pattern may need, in bytes.
const SIZE_LIMIT: usize = 1 << 20;
/// How long a pattern may be, in bytes.
const LENGTH_LIMIT: usize = 4096;
/// How many patterns that come from values are kept built.
const REMEMBERED: usize = 16;

#[derive(Debug)]
pub(super) enum Pattern {
    /// Stands in the rule.
    Literal { text: Arc<str>, built: OnceLock<Option<Regex>> },
    /// Is a value, such as a parameter; one that is no regular expression makes the answer unknown.
    Computed { pattern: Box<Node>, built: RwLock<Vec<(Arc<str>, Option<Regex>)>> },
}

impl Pattern {
    /// A pattern that stands in a rule, or what is wrong with it.
    pub(super) fn literal(text: &str) -> Result<Pattern, String> {
        let built = OnceLock::new();
        if text.len() > LENGTH_LIMIT {
            return Err(format!("is longer than {LENGTH_LIMIT} bytes"));
        }
        // Building a pattern costs more than compiling all else in a rule, and parsing it tells most of what can be wrong. Only a
        // counted repetition can make a short pattern large.
        if text.bytes().any(|byte| br"\.+*?()|[]^$".contains(&byte)) && !text.contains('{') {
            regex_syntax::parse(text).map_err(|error| first_reason(&error.to_string()))?;
        } else if text.contains('{') {
            let regex = build(text).map_err(|error| match error {
                regex::Error::CompiledTooBig(_) => "needs too much memory".to_owned(),
                error => first_reason(&error.to_string()),
            })?;
            built.get_or_init(|| Some(regex));
        }
        Ok(Pattern::Literal { text: Arc::from(text), built })
    }

    pub(super) fn computed(pattern: Node) -> Pattern {
        Pattern::Computed { pattern: Box::new(pattern), built: RwLock::default() }
    }

    /// Whether the pattern is found in the text.
    pub(super) fn found_in<'f>(&'f self, text: &str, frame: &mut Frame<'f>) -> Truth {
        match self {
            Pattern::Literal { text: pattern, built } => found(built.get_or_init(|| build(pattern).ok()).as_ref(), text),
            Pattern::Computed { pattern, built } => {
                let Datum::Text(pattern) = pattern.evaluate(frame) else { return Truth::Unknown };
                // A poisoned lock still holds whole entries: they are only ever pushed.
                let known = built.read().unwrap_or_else(|poisoned| poisoned.into_inner());
                if let Some((_, regex)) = known.iter().find(|(known, _)| *known == pattern) {
                    return found(regex.as_ref(), text);
                }
                drop(known);
                let regex = if pattern.len() > LENGTH_LIMIT { None } else { build(&pattern).ok() };
                let answer = found(regex.as_ref(), text);
                let mut known = built.write().unwrap_or_else(|poisoned| poisoned.into_inner());
                if known.len() < REMEMBERED {
                    known.push((pattern, regex));
                }
                answer
            }
        }
    }
}

fn found(regex: Option<&Regex>, text: &str) -> Truth {
    regex.map_or(Truth::Unknown, |regex| regex.is_match(text).into())
}

fn build(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).size_limit(SIZE_LIMIT).dfa_size_limit(SIZE_LIMIT).build()
}

/// The reason in an error of the regex crates, whose text shows the pattern over several lines.
fn first_reason(error: &str) -> String {
    error.lines().rev().find_map(|line| line.strip_prefix("error: ")).unwrap_or("is malformed").to_owned()
}
