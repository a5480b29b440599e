//! The functions of the language, in one list: names, types and documentation, from which the checker, "did you mean" and the
//! language's reference come.

mod list;
mod numbers;
mod texts;

use std::fmt::{self, Write};

use super::evaluate::Frame;
use crate::model::datum::{Datum, Type};
pub(super) use texts::{join_shown, plural_shown};

pub struct Function {
    pub name: &'static str,
    pub form: Form,
    parameters: &'static [(&'static str, Pattern)],
    /// How many of the last parameters may be left out.
    optional: usize,
    result: Returns,
    /// One or two sentences for users.
    pub doc: &'static str,
    /// An expression that is true.
    pub example: &'static str,
    /// Gets known, not-null arguments of the right types; three at most.
    pub(super) run: fn(&[Datum], &mut Frame) -> Datum,
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `name(value)`
    Function,
    /// `value.name()`
    Method,
    /// Either.
    Both,
    /// `list.name(item, condition)`, which gives each item a name.
    Macro,
}

/// Which types an argument may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    Any,
    Bool,
    Int,
    Number,
    Text,
    Scalar,
    NumberOrText,
    List,
    Numbers,
    Ordered,
    Sized,
    Item,
}

/// The type of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Returns {
    Bool,
    Int,
    Float,
    Text,
    Texts,
    /// That of the first argument.
    Same,
    /// That of the first argument's items.
    Item,
    /// A list of what the macro's body gives.
    Bodies,
}

impl Pattern {
    pub(super) fn accepts(self, r#type: &Type) -> bool {
        let ordered = |item: &Type| matches!(item.plain(), Type::Int | Type::Float | Type::Text);
        let number = |item: &Type| matches!(item.plain(), Type::Int | Type::Float);
        match (self, r#type.plain()) {
            (Pattern::Any | Pattern::Item, _) => true,
            (Pattern::Bool, Type::Bool) => true,
            (Pattern::Int, Type::Int) => true,
            (Pattern::Text, Type::Text) => true,
            (Pattern::Number, of) => number(of),
            (Pattern::NumberOrText, of) => ordered(of),
            (Pattern::Scalar, of) => !matches!(of, Type::List(_) | Type::Map(_) | Type::Null),
            (Pattern::List, Type::List(_)) => true,
            (Pattern::Numbers, Type::List(item)) => number(item),
            (Pattern::Ordered, Type::List(item)) => ordered(item),
            (Pattern::Sized, Type::Text | Type::List(_) | Type::Map(_)) => true,
            _ => false,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Pattern::Any => "any",
            Pattern::Bool => "bool",
            Pattern::Int => "int",
            Pattern::Number => "int or float",
            Pattern::Text => "text",
            Pattern::Scalar => "bool, int, float, text, place or object",
            Pattern::NumberOrText => "int, float or text",
            Pattern::List => "list",
            Pattern::Numbers => "list(int or float)",
            Pattern::Ordered => "list(int, float or text)",
            Pattern::Sized => "text, list or map",
            Pattern::Item => "name",
        })
    }
}

impl Function {
    /// As documentation shows it: `join(list: list, separator: text) -> text`.
    pub fn signature(&self) -> String {
        let mut signature = String::new();
        let mut parameters = self.parameters.iter().enumerate();
        if matches!(self.form, Form::Method | Form::Macro)
            && let Some((_, (name, pattern))) = parameters.next()
        {
            let _ = write!(signature, "({name}: {pattern}).");
        }
        let _ = write!(signature, "{}(", self.name);
        for (place, (name, pattern)) in parameters {
            let first = signature.ends_with('(');
            let optional = if place >= self.required() { "?" } else { "" };
            let _ = match pattern {
                Pattern::Item => write!(signature, "{}{name}", if first { "" } else { ", " }),
                _ => write!(signature, "{}{name}{optional}: {pattern}", if first { "" } else { ", " }),
            };
        }
        let _ = write!(
            signature,
            ") -> {}",
            match self.result {
                Returns::Bool => "bool",
                Returns::Int => "int",
                Returns::Float => "float",
                Returns::Text => "text",
                Returns::Texts => "list(text)",
                Returns::Same => "the same list",
                Returns::Item => "an item",
                Returns::Bodies => "list",
            }
        );
        signature
    }

    pub(super) fn is_function(&self) -> bool {
        matches!(self.form, Form::Function | Form::Both)
    }

    pub(super) fn is_method(&self) -> bool {
        matches!(self.form, Form::Method | Form::Both | Form::Macro)
    }

    pub(super) fn required(&self) -> usize {
        self.parameters.len() - self.optional
    }

    pub(super) fn parameters(&self) -> &'static [(&'static str, Pattern)] {
        self.parameters
    }

    /// The type of the result, given that of the first argument.
    pub(super) fn returns(&self, first: &Type) -> Type {
        match (self.result, first.plain()) {
            (Returns::Bool, _) => Type::Bool,
            (Returns::Int, _) => Type::Int,
            (Returns::Float, _) => Type::Float,
            (Returns::Text, _) => Type::Text,
            (Returns::Texts, _) => Type::list(Type::Text),
            (Returns::Item, Type::List(item)) => (**item).clone(),
            (_, first) => first.clone(),
        }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// All functions, methods and macros.
pub fn functions() -> &'static [Function] {
    list::FUNCTIONS
}

pub(super) fn find(name: &str) -> Option<&'static Function> {
    list::FUNCTIONS.iter().find(|function| function.name == name)
}
