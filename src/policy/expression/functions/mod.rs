//! The functions of the language, in one list: names, types and documentation, from which the checker, "did you mean" and the
//! language's reference come.

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
    FUNCTIONS
}

pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// Of what is an operation of its own, and is never called so.
fn operation(_: &[Datum], _: &mut Frame) -> Datum {
    Datum::Unknown
}

const fn function(
    name: &'static str,
    parameters: &'static [(&'static str, Pattern)],
    result: Returns,
    run: fn(&[Datum], &mut Frame) -> Datum,
    doc: &'static str,
    example: &'static str,
) -> Function {
    Function { name, form: Form::Function, parameters, optional: 0, result, doc, example, run }
}

const fn method(
    name: &'static str,
    parameters: &'static [(&'static str, Pattern)],
    result: Returns,
    run: fn(&[Datum], &mut Frame) -> Datum,
    doc: &'static str,
    example: &'static str,
) -> Function {
    Function { name, form: Form::Method, parameters, optional: 0, result, doc, example, run }
}

const fn each(name: &'static str, result: Returns, doc: &'static str, example: &'static str) -> Function {
    let parameters: &[(&str, Pattern)] = match result {
        Returns::Bodies => &[("list", Pattern::List), ("item", Pattern::Item), ("value", Pattern::Any)],
        _ => &[("list", Pattern::List), ("item", Pattern::Item), ("condition", Pattern::Bool)],
    };
    Function { name, form: Form::Macro, parameters, optional: 0, result, doc, example, run: operation }
}

static FUNCTIONS: &[Function] = &[
    Function {
        form: Form::Both,
        ..function(
            "size",
            &[("value", Pattern::Sized)],
            Returns::Int,
            operation,
            "The number of items of a list, of entries of a map, or of characters of a text. Of an incomplete list, and of any map, \
             it is a lower bound.",
            "size([7, 8]) == 2 && size('abc') == 3",
        )
    },
    function(
        "known",
        &[("value", Pattern::Any)],
        Returns::Bool,
        operation,
        "Whether the value is known: true for null, false for an incomplete number or list. Never unknown itself.",
        "known(1)",
    ),
    each("all", Returns::Bool, "Whether the condition holds for every item.", "[1, 2].all(n, n > 0)"),
    each("exists", Returns::Bool, "Whether the condition holds for an item.", "[1, 2].exists(n, n > 1)"),
    each("exists_one", Returns::Bool, "Whether the condition holds for exactly one item.", "[1, 2].exists_one(n, n > 1)"),
    each("filter", Returns::Same, "The items for which the condition holds.", "[1, 2, 3].filter(n, n > 1) == [2, 3]"),
    each("map", Returns::Bodies, "What the expression gives for each item.", "[1, 2].map(n, n * 10) == [10, 20]"),
    function(
        "join",
        &[("list", Pattern::List), ("separator", Pattern::Text)],
        Returns::Text,
        texts::join,
        "The items as one text. In a message, items that are not known read `?` and an incomplete list ends with `…`.",
        "join(['a', 'b'], ' -> ') == 'a -> b'",
    ),
    function(
        "min",
        &[("list", Pattern::Numbers)],
        Returns::Item,
        numbers::min,
        "The smallest item; unknown of an empty list.",
        "min([3, 1, 2]) == 1",
    ),
    function(
        "max",
        &[("list", Pattern::Numbers)],
        Returns::Item,
        numbers::max,
        "The largest item; unknown of an empty list.",
        "max([3, 1, 2]) == 3",
    ),
    function(
        "sum",
        &[("list", Pattern::Numbers)],
        Returns::Item,
        numbers::sum,
        "The sum of the items; 0 of an empty list.",
        "sum([3, 1, 2]) == 6",
    ),
    function(
        "distinct",
        &[("list", Pattern::List)],
        Returns::Same,
        numbers::distinct,
        "The list with equal items kept once.",
        "distinct(['a', 'b', 'a']) == ['a', 'b']",
    ),
    function(
        "sorted",
        &[("list", Pattern::Ordered)],
        Returns::Same,
        numbers::sorted,
        "The items in ascending order.",
        "sorted([3, 1, 2]) == [1, 2, 3]",
    ),
    function(
        "first",
        &[("list", Pattern::List)],
        Returns::Item,
        numbers::first,
        "The first item; unknown of an empty list.",
        "first(['a', 'b']) == 'a'",
    ),
    function(
        "int",
        &[("value", Pattern::NumberOrText)],
        Returns::Int,
        numbers::int,
        "A whole number: a float without its fraction, or a text read as a number; unknown if it is none.",
        "int('42') == 42 && int(1.9) == 1",
    ),
    function(
        "double",
        &[("value", Pattern::NumberOrText)],
        Returns::Float,
        numbers::double,
        "A float, from a whole number or from a text; unknown if it is none.",
        "double(3) / 2.0 == 1.5",
    ),
    function(
        "string",
        &[("value", Pattern::Scalar)],
        Returns::Text,
        texts::string,
        "The value as a message shows it.",
        "string(1.50) == '1.5'",
    ),
    Function {
        optional: 1,
        ..function(
            "round",
            &[("value", Pattern::Number), ("digits", Pattern::Int)],
            Returns::Float,
            numbers::round,
            "The number rounded to so many digits behind the point (0 if not given), halves away from zero.",
            "round(2.345, 1) == 2.3 && round(2.5) == 3.0",
        )
    },
    Function {
        optional: 1,
        ..function(
            "plural",
            &[("number", Pattern::Int), ("word", Pattern::Text), ("words", Pattern::Text)],
            Returns::Text,
            texts::plural,
            "The word for one thing or for several: `words`, or else `word` with an `s`. `plural(2, 'entity', 'entities')` is `entities`.",
            "plural(2, 'call') == 'calls' && plural(0, 'entity', 'entities') == 'entities'",
        )
    },
    function(
        "percent",
        &[("share", Pattern::Number)],
        Returns::Text,
        texts::percent,
        "A share as a text: `percent(0.25)` is `25 %`; with one digit behind the point below ten.",
        "percent(0.25) == '25 %' && percent(0.042) == '4.2 %'",
    ),
    method(
        "contains",
        &[("text", Pattern::Text), ("part", Pattern::Text)],
        Returns::Bool,
        texts::contains,
        "Whether the part stands in the text.",
        "'orders'.contains('der')",
    ),
    method(
        "startsWith",
        &[("text", Pattern::Text), ("start", Pattern::Text)],
        Returns::Bool,
        texts::starts_with,
        "Whether the text begins so.",
        "'orders'.startsWith('or')",
    ),
    method(
        "endsWith",
        &[("text", Pattern::Text), ("end", Pattern::Text)],
        Returns::Bool,
        texts::ends_with,
        "Whether the text ends so.",
        "'orders'.endsWith('ers')",
    ),
    method(
        "matches",
        &[("text", Pattern::Text), ("pattern", Pattern::Text)],
        Returns::Bool,
        operation,
        "Whether the regular expression is found in the text; anchor it with `^` and `$` to match the whole.",
        "'/v2/orders'.matches('^/v[0-9]+/')",
    ),
    method(
        "lowerAscii",
        &[("text", Pattern::Text)],
        Returns::Text,
        texts::lower_ascii,
        "The text with A to Z in lower case.",
        "'Orders'.lowerAscii() == 'orders'",
    ),
    method(
        "replace",
        &[("text", Pattern::Text), ("old", Pattern::Text), ("new", Pattern::Text)],
        Returns::Text,
        texts::replace,
        "The text with every `old` replaced by `new`.",
        "'a-b'.replace('-', '.') == 'a.b'",
    ),
    method(
        "split",
        &[("text", Pattern::Text), ("separator", Pattern::Text)],
        Returns::Texts,
        texts::split,
        "The parts of the text between separators; its characters if the separator is empty.",
        "'a/b'.split('/') == ['a', 'b']",
    ),
];
