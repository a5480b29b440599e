//! Tables of routes: `[]Route{{"list", "GET", "/x", list}, …}`, which a loop registers here or in another file.

use std::ops::Range;
use std::sync::Arc;

use super::super::super::tokens::TokenKind;
use super::super::values::method_named;
use super::flavors::{Flavor, UNNAMED};
use super::things::Scope;
use super::walk::Walk;
use crate::facts::Value;

/// Rows of one table.
const MOST_ROWS: usize = 2000;

/// Reads every table of the file. Its symbol is the variable's, or the function's that returns it.
pub fn read(walk: &mut Walk) {
    let code = walk.code;
    let flavor = walk.flavors.first().copied().unwrap_or(&UNNAMED);
    let mut at = 0;
    while at < code.len() {
        if !is_table(walk, at) {
            at += 1;
            continue;
        }
        let brace = brace_of(walk, at);
        let symbol = symbol_of(walk, at);
        let is_registered = walk.tables.contains(&symbol);
        let end = code.after(brace);
        read_rows(walk, brace, symbol, flavor, is_registered);
        at = end.max(at + 1);
    }
}

/// `[]Type{`, `Types{` or `map[string]Type{`, of which each element is in braces.
fn is_table(walk: &Walk, at: usize) -> bool {
    let code = walk.code;
    let begins = code.is_any(at, &["[", "map"]) || code.word(at).is_some();
    let before = at.wrapping_sub(1);
    if !begins || !code.is_any(before, &["=", ":=", "return", "range", "(", ",", ":"]) {
        return false;
    }
    let brace = brace_of(walk, at);
    if !code.is(brace, "{") {
        return false;
    }
    let Some(first) = code.split(code.inside(brace), ",").into_iter().next() else { return false };
    code.is(first.end.saturating_sub(1), "}") && rows(walk, first).next().is_some()
}

fn brace_of(walk: &Walk, at: usize) -> usize {
    let code = walk.code;
    let end = (at + 12).min(code.len());
    let mut next = at;
    while next < end && !code.is(next, "{") {
        if code.is(next, "(") || next > at && code.begins_line(next) {
            return code.len();
        }
        next = code.after(next);
    }
    // `[]struct{ … }{`.
    if code.is(next.wrapping_sub(1), "struct") { code.after(next) } else { next }
}

/// The braces of an element, which a type or a key may stand before.
fn rows(walk: &Walk, element: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let code = walk.code;
    let brace = element.clone().take(8).find(|&at| code.is(at, "{"));
    brace.map(|brace| code.inside(brace)).into_iter()
}

/// The variable that is given the table, or the function that returns it.
fn symbol_of(walk: &Walk, at: usize) -> Arc<str> {
    let code = walk.code;
    let before = at.wrapping_sub(1);
    let function =
        walk.source.functions.iter().find(|function| function.body.contains(&at)).map(|function| function.name.as_str());
    if code.is(before, "range") {
        return format!("#{}.table{at}", function.unwrap_or_default()).into();
    }
    if code.is_any(before, &["=", ":="]) {
        // `name := …`, `var name Type = …`.
        let line = (before.saturating_sub(6)..before).rev().find(|&first| code.begins_line(first));
        let name = match line {
            Some(line) if code.is(line, "var") => line + 1,
            _ => before.wrapping_sub(1),
        };
        let name = code.text_of(name);
        return match function {
            Some(function) => format!("#{function}.{name}").into(),
            None => format!("#{name}").into(),
        };
    }
    match function {
        Some(function) if code.is(before, "return") => format!("#{function}()").into(),
        Some(function) => format!("#{function}.table{at}").into(),
        None => format!("#table{at}").into(),
    }
}

fn read_rows(walk: &mut Walk, brace: usize, symbol: Arc<str>, flavor: &'static Flavor, is_registered: bool) {
    let code = walk.code;
    let scope = Scope::named(symbol, "");
    let elements = code.split(code.inside(brace), ",");
    let mut found = Vec::new();
    for element in elements.into_iter().take(MOST_ROWS) {
        for row in rows(walk, element.clone()) {
            let Some((methods, path)) = row_of(walk, row) else { continue };
            if methods.is_empty() && !is_registered {
                continue;
            }
            found.push((code.location(element.clone()), methods, path));
        }
    }
    for (place, methods, path) in found {
        walk.registry.route(&scope, flavor, place, &methods, path);
    }
}

/// The methods and the path of a row which has a handler too.
fn row_of(walk: &Walk, row: Range<usize>) -> Option<(Vec<Arc<str>>, Value)> {
    let code = walk.code;
    let (mut methods, mut path, mut has_handler): (Vec<Arc<str>>, Option<Value>, bool) = (Vec::new(), None, false);
    for mut part in code.split(row, ",").into_iter().take(16) {
        if code.word(part.start).is_some() && code.is(part.start + 1, ":") {
            part.start += 2;
        }
        let texts: Vec<usize> = part.clone().take(24).filter(|&at| code.kind(at) == Some(TokenKind::Literal)).collect();
        let is_method = |text: &str| method_named(text).filter(|_| text.len() < 8);
        let told = texts.iter().filter_map(|&at| is_method(&code.literal(at)?)).map(Arc::from).collect::<Vec<Arc<str>>>();
        if !told.is_empty() {
            methods.extend(told);
            continue;
        }
        match walk.values.of(part.clone()) {
            Value::Literal(text) if text.starts_with('/') && path.is_none() => path = Some(Value::Literal(text)),
            Value::Literal(text) if method_named(&text).is_some() => methods.push(text),
            Value::Concat(parts) if path.is_none() && code.kind(part.start) != Some(TokenKind::Open) => {
                path = Some(Value::Concat(parts));
            }
            Value::Literal(_) => {}
            _ => has_handler |= code.word(part.start).is_some() && !code.is_any(part.start, &["nil", "true", "false", "struct"]),
        }
    }
    path.filter(|_| has_handler).map(|path| (methods, path))
}
