//! Policies and rules: loaded from YAML, merged, type-checked and lowered, so that evaluating them can't fail.
//!
//! `brickwork.yaml` and the built-in rules come in; a [`Policy`] comes out, or diagnostics with spans. A user's rule is the same
//! YAML as a built-in one. [`load`] is the way in; [`find`] says which file is the policy of a repository.

pub use crate::date;
mod decode;
mod definition;
pub mod expression;
mod extend;
pub mod files;
mod find;
mod form;
mod git;
mod layout;
pub mod library;
mod load;
mod local;
mod own;
pub mod rule;
pub mod scaffold;
pub mod schema;
mod statements;

use std::sync::Arc;

use crate::diagnostic::Level;
use crate::discover;
use crate::model::Kind;
use crate::model::datum::{Datum, Type};
use crate::model::settings::Settings;
use crate::source::Location;
pub use date::Date;
use expression::{Expression, Template};
pub use files::PolicyFile;
pub use find::find;
pub use load::{LoadRequest, load};
pub use local::join_repositories;

/// What is checked in one run.
pub struct Policy {
    /// The policy file as the user would name it, if there is one.
    pub path: Option<Arc<str>>,
    /// Rules that are switched on, sorted by id.
    pub rules: Vec<Rule>,
    /// Ids of all rules there are, switched on or not, sorted: a waiver may name any of them.
    pub known_rules: Vec<Arc<str>>,
    pub settings: Settings,
    pub discovery: discover::Options,
    pub overrides: Vec<Override>,
    /// Overrides whose last day has passed: they hold no more.
    pub expired_overrides: Vec<Override>,
    pub waivers: Vec<Waiver>,
}

impl Policy {
    /// True for the id of any rule, switched on or not.
    pub fn is_known(&self, id: &str) -> bool {
        self.known_rules.binary_search_by(|rule| (**rule).cmp(id)).is_ok()
    }
}

/// A place in a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// As it lies below the checked root; for files elsewhere, as the user would name it.
    pub path: Arc<str>,
    pub at: Location,
}

/// One rule, compiled, with what the policy made of it.
pub struct Rule {
    pub id: Arc<str>,
    pub category: Arc<str>,
    pub summary: String,
    pub needs: Vec<Need>,
    /// Name of the subject; index into the registry of subjects.
    pub subject: usize,
    pub filter: Option<Expression>,
    pub cases: Vec<Case>,
    pub message: Template,
    pub help: Vec<Help>,
    pub measures: Vec<MeasureExpression>,
    /// Empty: the subject's key.
    pub identity: Vec<Expression>,
    /// Empty: the subject's place.
    pub at: Vec<Expression>,
    pub labels: Vec<LabelExpression>,
    pub flow: bool,
    pub yields_to: Vec<Arc<str>>,
    /// The highest level that the policy lets a finding have.
    pub cap: Option<Level>,
    pub parameters: Vec<Parameter>,
    /// The line of the user's policy that asks for the rule; none when only a built-in pack does.
    pub origin: Option<Origin>,
    /// True when a file of the user here names the rule; false when only a pack or a policy from elsewhere brings it.
    pub named: bool,
    /// Where its documentation and examples are written, which are read when asked for.
    pub source: RuleSource,
}

impl Rule {
    /// The highest level that a finding of the rule can have; none for a rule without cases.
    pub fn highest_level(&self) -> Option<Level> {
        let highest = self.cases.iter().map(|case| case.level).max();
        highest.map(|level| self.cap.map_or(level, |cap| level.min(cap)))
    }
}

/// The text that a rule was read from.
#[derive(Clone, Debug)]
pub enum RuleSource {
    /// A rule of this program, by its place in the library.
    BuiltIn(usize),
    /// A rule of the user: file, text, and where in it the rule begins.
    Own { path: Arc<str>, text: Arc<str>, at: Location },
}

/// A circumstance without which a rule can say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Base,
    History,
    Index,
    Complete,
}

pub struct Case {
    pub level: Level,
    pub when: Expression,
    /// Another subject that the finding is about: an expression that gives an object.
    pub subject: Option<Expression>,
    pub message: Option<Template>,
    pub help: Vec<Help>,
}

pub struct Help {
    pub when: Option<Expression>,
    pub text: Template,
}

pub struct MeasureExpression {
    pub name: Arc<str>,
    pub value: Expression,
    pub limit: Option<Expression>,
}

pub struct LabelExpression {
    /// Whether the label stands, asked for each item.
    pub when: Option<Expression>,
    /// A list to walk, its items bound to the slot; the label stands once for each.
    pub each: Option<(Expression, usize)>,
    pub at: Expression,
    pub text: Template,
}

pub struct Parameter {
    pub name: Arc<str>,
    pub r#type: Type,
    pub doc: String,
    pub limits: rule::parameter::Limits,
    /// None: the rule is silent on services whose kind has no value of its own.
    pub default: Option<Datum>,
    /// Values by kind of service; None switches the rule off for that kind.
    pub by_kind: Vec<(Kind, Option<Datum>)>,
}

/// What a policy says otherwise about some services.
pub struct Override {
    /// Globs over service names and root paths.
    pub services: Vec<Arc<str>>,
    pub rules: Vec<OverriddenRule>,
    pub reason: String,
    /// `YYYY-MM-DD`; from the day after it, the override does not hold.
    pub expires: Option<Arc<str>>,
    pub origin: Origin,
}

pub struct OverriddenRule {
    pub rule: Arc<str>,
    /// Switched off.
    pub off: bool,
    pub cap: Option<Level>,
    /// Parameter slots with their values.
    pub parameters: Vec<(usize, Datum)>,
}

/// A finding that somebody accepts.
pub struct Waiver {
    pub rule: Arc<str>,
    /// A glob over the finding's subject.
    pub subject: Arc<str>,
    /// The directory whose findings it may accept, that of the repository that states it; empty for all.
    pub scope: Arc<str>,
    pub owner: String,
    pub reason: String,
    /// `YYYY-MM-DD`, the last day on which it holds.
    pub until: Option<Arc<str>>,
    pub origin: Origin,
}

#[cfg(test)]
mod tests;
