//! Why a rule says what it says of one subject: its expressions again, with the sub-values that decided.

use crate::model::Model;
use crate::model::datum::Datum;
use crate::policy::Rule;
use crate::policy::expression::{Scope, Step};

use super::Run;
use super::finding::Finding;
use super::row::{Outcome, Rows};

/// One rule on one row of its subject, step by step.
pub struct Explanation {
    /// Parameters as they hold for this row, by name; none when they switch the rule off for it.
    pub parameters: Option<Vec<(String, String)>>,
    /// Of the rule's `where`; empty when it has none.
    pub filter: Vec<Step>,
    /// Of each case's `when`, up to the first that holds.
    pub cases: Vec<Vec<Step>>,
}

/// Evaluates the rule on the row again and keeps the steps.
pub fn explain(run: &Run, model: &Model, rule: &Rule, row: u32) -> Explanation {
    let subject = &run.subjects[rule.subject];
    let table = Rows::new(run, model, rule);
    let services = (subject.services)(model, row);
    let parameters = table.parameters_of(&services, &table.overrides_of(&services));
    let shown = parameters.as_ref().map(|values| {
        let pairs = rule.parameters.iter().zip(values);
        pairs.map(|(parameter, value)| (parameter.name.to_string(), value.render(model, run.subjects))).collect()
    });
    let Some(parameters) = parameters else { return Explanation { parameters: None, filter: Vec::new(), cases: Vec::new() } };
    let variables = vec![Datum::Object { subject: subject.name, index: row }];
    let mut scope = Scope { model, subjects: run.subjects, variables, parameters: &parameters };
    let filter = rule.filter.as_ref().map(|filter| filter.trace(&mut scope)).unwrap_or_default();
    let mut cases = Vec::new();
    for case in &rule.cases {
        cases.push(case.when.trace(&mut scope));
        if case.when.evaluate(&mut scope) == Datum::Bool(true) {
            break;
        }
    }
    Explanation { parameters: shown, filter, cases }
}

/// The row of its rule's subject that a finding was made of.
pub fn row_of(run: &Run, model: &Model, rule: &Rule, finding: &Finding) -> Option<u32> {
    let table = Rows::new(run, model, rule);
    let rows = (run.subjects[rule.subject].count)(model);
    let made = |row: &u32| match table.row(*row) {
        Outcome::Fires(made) => made.place == finding.place && made.message == finding.message,
        _ => false,
    };
    (0..rows).find(made)
}
