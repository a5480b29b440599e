//! TOML into the tree, over the spanned tables of the `toml` crate.
//!
//! The crate reads a file with errors as far as it can; what it could not read is missing, and so is the
//! second of two equal keys. Dates are texts.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::build::{Builder, shown};
use super::{DefectKind, Shape, Tree};
use crate::source::Span;

/// What is still to be done, the last first: a stack of our own, so that no nesting exhausts the thread's.
enum Step<'v, 't> {
    Key(&'v Spanned<DeString<'t>>),
    Value(&'v Spanned<DeValue<'t>>),
    End(Option<usize>),
}

pub(super) fn parse(text: &str) -> Tree<'_> {
    let mut builder = Builder::new(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let span = error.span().map_or(Span::new(text.len(), text.len()), |span| Span::new(span.start, span.end));
        // The crate has no kinds of errors; a changed wording would only make these two a syntax error.
        match error.message().lines().next().unwrap_or_default() {
            "duplicate key" => {
                let key = shown(text.get(span.range()).unwrap_or_default());
                builder.defect(DefectKind::DuplicateKey, span, format!("the key `{key}` stands twice"), None);
            }
            message if message.contains("recurs") => builder.too_deep(span),
            message => builder.defect(DefectKind::Syntax, span, message, None),
        }
    }
    if table.get_ref().is_empty() {
        return builder.finish();
    }
    builder.begin(true, 0);
    let mut steps = vec![Step::End(Some(text.len()))];
    push_table(table.get_ref(), &mut steps);
    while let Some(step) = steps.pop() {
        match step {
            Step::Key(key) => {
                string(text, &mut builder, span_of(key), key.get_ref());
            }
            Step::Value(value) => push_value(text, &mut builder, value, &mut steps),
            Step::End(end) => builder.end(end),
        }
        if builder.is_full() {
            break;
        }
    }
    builder.finish()
}

fn span_of<T>(value: &Spanned<T>) -> Span {
    let range = value.span();
    Span::new(range.start, range.end)
}

/// Entries in the order of the text, which the crate does not keep.
fn push_table<'v, 't>(table: &'v DeTable<'t>, steps: &mut Vec<Step<'v, 't>>) {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_unstable_by_key(|(key, _)| std::cmp::Reverse(key.span().start));
    for (key, value) in entries {
        steps.push(Step::Value(value));
        steps.push(Step::Key(key));
    }
}

fn push_value<'v, 't>(text: &str, builder: &mut Builder, value: &'v Spanned<DeValue<'t>>, steps: &mut Vec<Step<'v, 't>>) {
    let span = span_of(value);
    match value.get_ref() {
        DeValue::String(string_value) => {
            string(text, builder, span, string_value);
        }
        DeValue::Integer(_) => {
            builder.scalar(Shape::Int, span, 0);
        }
        DeValue::Float(_) => {
            builder.scalar(Shape::Float, span, 0);
        }
        DeValue::Boolean(_) => {
            builder.scalar(Shape::Bool, span, 0);
        }
        DeValue::Datetime(_) => {
            builder.scalar(Shape::Text, span, 0);
        }
        DeValue::Array(items) => {
            builder.begin(false, span.start as usize);
            steps.push(Step::End(Some(span.end as usize)));
            steps.extend(items.iter().rev().map(Step::Value));
        }
        DeValue::Table(table) => {
            builder.begin(true, span.start as usize);
            steps.push(Step::End(Some(span.end as usize)));
            push_table(table, steps);
        }
    }
}

fn string(text: &str, builder: &mut Builder, span: Span, value: &str) -> u32 {
    let source = text.get(span.range()).unwrap_or_default();
    for quote in [0, 1, 3] {
        if source.get(quote..source.len().max(quote) - quote) == Some(value) {
            return builder.scalar(Shape::Text, span, quote as u32);
        }
    }
    builder.unescaped(span, value)
}
