//! The list of functions.

use super::super::evaluate::Frame;
use super::{Form, Function, Pattern, Returns, numbers, texts};
use crate::model::datum::Datum;

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

pub(super) static FUNCTIONS: &[Function] = &[
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
