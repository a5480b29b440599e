//! The expression language of rules: a documented subset of CEL with unknown as a third value.
//!
//! Text comes in, a typed [`Expression`] comes out, or errors with spans; evaluating one can't fail, it can only be unknown.

mod call;
mod check;
mod each;
mod evaluate;
mod functions;
mod lexer;
mod node;
mod operators;
mod parse;
mod pattern;
mod reference;
mod template;
mod trace;
mod truth;

use std::sync::Arc;

use crate::model::Model;
use crate::model::datum::{Datum, Type};
use crate::model::subject::Subject;
use crate::source::Span;
use evaluate::Program;
pub use functions::{Form, Function, functions};
pub use reference::reference;
pub use template::{Template, compile_template};
pub use trace::Step;

/// What names an expression may use, and of which type they are.
pub struct Environment<'e> {
    pub subjects: &'e [Subject],
    /// Variables by slot: slot 0 is the rule's subject.
    pub variables: Vec<(Arc<str>, Type)>,
    /// Parameters of the rule, by slot: `params.NAME`.
    pub parameters: Vec<(Arc<str>, Type)>,
    /// Shared predicates, callable by name.
    pub definitions: &'e [Definition],
    /// Fields that the policy states for subjects, before the model's own: `service.tier`.
    pub fields: &'e [AddedField],
}

/// A predicate of `definitions.yaml`, or of a policy: `nano(service, max_lines)`.
pub struct Definition {
    pub name: Arc<str>,
    pub parameters: Vec<(Arc<str>, Type)>,
    pub body: Arc<Expression>,
    pub doc: String,
}

/// A field that a policy adds to a subject; slot 0 of its body is the subject.
pub struct AddedField {
    pub subject: &'static str,
    pub name: Arc<str>,
    pub body: Arc<Expression>,
}

/// An error in an expression: a byte range of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionError {
    pub span: Span,
    pub message: String,
    pub help: Option<String>,
}

impl ExpressionError {
    fn new(span: Span, message: impl Into<String>) -> Self {
        ExpressionError { span, message: message.into(), help: None }
    }

    fn with_help(mut self, help: Option<impl Into<String>>) -> Self {
        self.help = help.map(Into::into);
        self
    }
}

/// A typed expression, ready to evaluate.
#[derive(Debug)]
pub struct Expression {
    pub r#type: Type,
    program: Program,
    /// As written, for traces.
    text: Arc<str>,
}

impl Expression {
    /// True for the expression `true`.
    pub fn is_true(&self) -> bool {
        self.text.trim() == "true"
    }
}

/// What an expression is evaluated over.
pub struct Scope<'m> {
    pub model: &'m Model,
    pub subjects: &'m [Subject],
    /// By slot, as in [`Environment::variables`].
    pub variables: Vec<Datum>,
    pub parameters: &'m [Datum],
}

impl Scope<'_> {
    /// Gives the variable of a slot a value.
    pub fn bind(&mut self, slot: usize, value: Datum) {
        if self.variables.len() <= slot {
            self.variables.resize(slot + 1, Datum::Unknown);
        }
        self.variables[slot] = value;
    }
}

/// Parses, checks and lowers. `expected` is the type that the place needs, if it needs one.
pub fn compile(text: &str, environment: &Environment, expected: Option<&Type>) -> Result<Expression, Vec<ExpressionError>> {
    let tree = parse::parse(text).map_err(|error| vec![error])?;
    let (program, r#type) = check::check(&tree, environment, expected)?;
    Ok(Expression { r#type, program, text: Arc::from(text) })
}

#[cfg(test)]
mod tests;
