//! Values as texts: what a call's target reads as in the service that makes it.
//!
//! A value may read as several texts: a setting has one for each profile, a variable one for each deployment. Parts that only run time
//! knows are holes. Each text says which places told it, and how.

use std::sync::Arc;

use super::super::names::Names;
use super::surroundings::Surroundings;
use crate::facts::Value;
use crate::model::{Evidence, Resolution};

/// What stands for a part of a text that is not known.
pub(super) const HOLE: char = '\u{FFFC}';
/// Texts that one value may read as.
const MOST_TEXTS: usize = 6;
/// Values within values that are followed.
const MOST_STEPS: u32 = 16;
/// The longest text that is put together.
const LONGEST: usize = 2_048;
/// Parts of one value that are read.
const MOST_PARTS: usize = 64;

/// One text that a value may read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// Holds [`HOLE`]s.
    pub text: String,
    /// The way that is furthest from the code.
    pub resolution: Resolution,
    /// Variables, settings and constants that told it.
    pub told_by: Vec<Evidence>,
}

impl Reading {
    fn plain(text: &str, resolution: Resolution) -> Reading {
        Reading { text: text.to_owned(), resolution, told_by: Vec::new() }
    }

    fn hole() -> Reading {
        Reading::plain("\u{FFFC}", Resolution::Literal)
    }

    pub fn is_known(&self) -> bool {
        self.text.contains(|c: char| c != HOLE && !c.is_whitespace())
    }

    /// The text where all of it is known.
    pub fn exact(&self) -> Option<&str> {
        (!self.text.contains(HOLE) && !self.text.is_empty()).then_some(&self.text)
    }
}

/// Where a value stands: its file, the service for which it is read, and what a wrapper around it was given.
#[derive(Clone, Copy)]
pub(super) struct Standing<'g> {
    pub file: u32,
    pub service: u32,
    pub given: Option<Given<'g>>,
}

/// The arguments of one call of a wrapper.
#[derive(Clone, Copy)]
pub(super) struct Given<'g> {
    /// The wrapper's function as parameters name it.
    pub function: &'g str,
    pub arguments: &'g [Value],
    /// The file of the call.
    pub file: u32,
}

pub(super) struct Reader<'r, 'g> {
    pub names: &'r Names<'g>,
    pub surroundings: &'r Surroundings<'g>,
}

impl<'g> Reader<'_, 'g> {
    /// Every text that a value may read as, the likeliest first; one hole for nothing known.
    pub fn read(&self, standing: Standing<'g>, value: &'g Value) -> Vec<Reading> {
        let mut readings = self.steps(standing, value, MOST_STEPS);
        readings.truncate(MOST_TEXTS);
        readings
    }

    /// The only text of a value, where it is wholly known.
    pub fn exact(&self, standing: Standing<'g>, value: &'g Value) -> Option<Arc<str>> {
        self.read(standing, value).into_iter().find_map(|reading| reading.exact().map(Arc::from))
    }

    /// Recursion ends after [`MOST_STEPS`].
    fn steps(&self, standing: Standing<'g>, value: &'g Value, left: u32) -> Vec<Reading> {
        let Some(left) = left.checked_sub(1) else { return vec![Reading::hole()] };
        match value {
            Value::Literal(text) => vec![Reading::plain(text, Resolution::Literal)],
            Value::Concat(parts) => self.joined(standing, parts, left),
            Value::Symbol(symbol) => match self.names.constant(standing.file, symbol) {
                Some((file, value)) => {
                    let inner = self.steps(Standing { file, ..standing }, value, left);
                    let other_file = file != standing.file;
                    inner.into_iter().map(|reading| at_least(reading, Resolution::Constant, other_file)).collect()
                }
                None => self.member_of_section(standing, symbol),
            },
            Value::Env { name, default } => {
                let given = self.surroundings.variables(standing.service, name);
                let mut readings: Vec<Reading> = given
                    .into_iter()
                    .map(|(text, evidence)| Reading {
                        text: self.surroundings.expanded(standing.service, text),
                        resolution: Resolution::Environment,
                        told_by: vec![evidence],
                    })
                    .collect();
                readings.extend(self.default(standing, default.as_deref(), left));
                some(readings)
            }
            Value::Property { key, default } => {
                let mut readings = self.setting(standing, key);
                readings.extend(self.default(standing, default.as_deref(), left));
                some(readings)
            }
            Value::Parameter { function, index } => match standing.given {
                Some(given) if *given.function == **function => match given.arguments.get(*index as usize) {
                    Some(argument) => {
                        let outside = Standing { file: given.file, given: None, ..standing };
                        let inner = self.steps(outside, argument, left);
                        inner.into_iter().map(|reading| at_least(reading, Resolution::Wrapper, true)).collect()
                    }
                    None => vec![Reading::hole()],
                },
                _ => vec![Reading::hole()],
            },
            Value::Unknown(_) => vec![Reading::hole()],
        }
    }

    /// `Type.member` where the type as a whole is a section of settings: the key below the section's.
    fn member_of_section(&self, standing: Standing<'g>, symbol: &'g str) -> Vec<Reading> {
        let section = symbol.rsplit_once('.').and_then(|(of, member)| Some((self.names.constant(standing.file, of)?, member)));
        let Some(((_, Value::Property { key, .. }), member)) = section else { return vec![Reading::hole()] };
        self.setting(standing, &format!("{key}.{member}"))
    }

    /// What a setting reads as; nothing where nobody sets it.
    fn setting(&self, standing: Standing<'g>, key: &str) -> Vec<Reading> {
        let given = self.surroundings.settings(standing.service, key).into_iter();
        let readings = given.map(|(text, evidence)| Reading {
            text: self.surroundings.expanded(standing.service, text),
            resolution: Resolution::Settings,
            told_by: vec![evidence],
        });
        some(readings.collect())
    }

    fn default(&self, standing: Standing<'g>, default: Option<&'g Value>, left: u32) -> Vec<Reading> {
        let Some(default) = default else { return Vec::new() };
        let readings = self.steps(standing, default, left).into_iter();
        readings.filter(Reading::is_known).map(|reading| at_least(reading, Resolution::Default, true)).collect()
    }

    fn joined(&self, standing: Standing<'g>, parts: &'g [Value], left: u32) -> Vec<Reading> {
        let mut whole = vec![Reading::plain("", Resolution::Literal)];
        for part in parts.iter().take(MOST_PARTS) {
            let readings = self.steps(standing, part, left);
            // Alternatives are kept up to a few: a URL has one part that differs by deployment.
            let wanted = if whole.len() * readings.len() <= MOST_TEXTS { readings.len() } else { 1 };
            let before = std::mem::take(&mut whole);
            for reading in readings.iter().take(wanted.max(1)) {
                for known in &before {
                    if known.text.len() + reading.text.len() > LONGEST {
                        continue;
                    }
                    let mut told_by = known.told_by.clone();
                    told_by.extend(&reading.told_by);
                    whole.push(Reading {
                        text: [&*known.text, &reading.text].concat(),
                        resolution: known.resolution.max(reading.resolution),
                        told_by,
                    });
                }
            }
            if whole.is_empty() {
                return vec![Reading::hole()];
            }
        }
        whole
    }
}

fn some(mut readings: Vec<Reading>) -> Vec<Reading> {
    readings.retain(Reading::is_known);
    if readings.is_empty() { vec![Reading::hole()] } else { readings }
}

fn at_least(reading: Reading, resolution: Resolution, when: bool) -> Reading {
    if when { Reading { resolution: reading.resolution.max(resolution), ..reading } } else { reading }
}
