//! Texts of Go: what an expression reads as, by the names of its file.
//!
//! Tokens come in, a [`Value`] comes out. Beyond literals and names it knows `fmt.Sprintf`, environment variables and the methods of
//! `net/http`. Assignments are looked up in a table that is made once, so that a long file is read in linear time.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::Code;
use super::super::tokens::TokenKind;
use super::super::value::{concat, literal, unknown};
use crate::facts::Value;

const MOST_STEPS: u32 = 6;
const MOST_PARTS: usize = 32;

pub struct Values<'c, 't> {
    code: &'c Code<'t>,
    /// By name, what it is given, in the order of the text.
    assigned: FxHashMap<&'t str, Vec<Range<usize>>>,
}

impl<'c, 't> Values<'c, 't> {
    pub fn new(code: &'c Code<'t>) -> Self {
        let mut assigned: FxHashMap<&str, Vec<Range<usize>>> = FxHashMap::default();
        for at in 0..code.len() {
            if !code.is_any(at, &["=", ":="]) {
                continue;
            }
            // `name = …`, `name Type = …`.
            let Some(last) = at.checked_sub(1) else { continue };
            let first = match last.checked_sub(1) {
                Some(first) if code.word(first).is_some() && !code.begins_line(last) && code.is(at, "=") => first,
                _ => last,
            };
            let name = if code.is_any(first, &["var", "const"]) { last } else { first };
            let before = name.wrapping_sub(1);
            if code.word(name).is_none() || code.is_any(before, &[".", ","]) {
                continue;
            }
            let end = expression_end(code, at + 1);
            assigned.entry(code.text_of(name)).or_default().push(at + 1..end);
        }
        Values { code, assigned }
    }

    pub fn of(&self, range: Range<usize>) -> Value {
        self.within(range, MOST_STEPS)
    }

    fn within(&self, mut range: Range<usize>, steps: u32) -> Value {
        let code = self.code;
        while code.is(range.start, "(") && code.partner(range.start) + 1 == range.end {
            range = code.inside(range.start);
        }
        if range.is_empty() || steps == 0 {
            return unknown("nothing");
        }
        let parts = code.split(range.clone(), "+");
        if parts.len() > MOST_PARTS {
            return unknown("too long");
        }
        if parts.len() > 1 {
            return concat(parts.into_iter().map(|part| self.within(part, steps - 1)));
        }
        if range.len() == 1 && code.kind(range.start) == Some(TokenKind::Literal) {
            return code.literal(range.start).map_or(unknown("no text"), |text| literal(text.as_ref()));
        }
        if let Some(name) = code.dotted(range.clone()) {
            return self.named(&name, range.start, steps);
        }
        match code.kind(range.end - 1) {
            Some(TokenKind::Close) if code.is(range.end - 1, ")") => self.call(range, steps),
            _ => unknown(code.text_in(range).lines().next().unwrap_or("")),
        }
    }

    fn named(&self, name: &str, at: usize, steps: u32) -> Value {
        if let Some(method) =
            name.strip_prefix("http.Method").or(name.strip_prefix("echo.")).or(name.strip_prefix("fiber.Method"))
            && let Some(method) = method_named(method)
        {
            return literal(method);
        }
        // What is assigned before; a variable of the package may be given its value further below.
        if let Some(ranges) = self.assigned.get(name) {
            let before = ranges.partition_point(|range| range.start <= at);
            let range = ranges[before.saturating_sub(1)].clone();
            if !range.contains(&at) {
                return self.within(range, steps - 1);
            }
        }
        Value::Symbol(self.code.symbol(name))
    }

    fn call(&self, range: Range<usize>, steps: u32) -> Value {
        let code = self.code;
        let Some(call) = code.call_before(code.partner(range.end - 1)) else { return unknown(code.text_in(range)) };
        let arguments = code.arguments(call.open);
        if call.start != range.start {
            return unknown(code.text_in(range));
        }
        match (code.receiver_name(call).as_deref(), code.text_of(call.name)) {
            (Some("fmt"), "Sprintf") if !arguments.is_empty() => self.formatted(&arguments, steps),
            (Some("os"), "Getenv") if arguments.len() == 1 => match code.literal_text(arguments[0].clone()) {
                Some(name) => Value::Env { name: name.value, default: Some(Box::new(literal(""))) },
                None => unknown("an environment variable"),
            },
            // A conversion: `string(x)`, `Topic("x")`.
            (Some(""), "string") if arguments.len() == 1 => self.within(arguments[0].clone(), steps - 1),
            (Some(""), name) if arguments.len() == 1 && name.starts_with(|c: char| c.is_ascii_uppercase()) => {
                match code.literal_text(arguments[0].clone()) {
                    Some(text) => Value::Literal(text.value),
                    None => unknown(code.text_in(range)),
                }
            }
            // `getEnv("NAME", "default")`, however the project calls it.
            (Some(_), name) if arguments.len() == 2 && name.to_ascii_lowercase().contains("env") => {
                match code.literal_text(arguments[0].clone()) {
                    Some(name) => {
                        let default = Some(Box::new(self.within(arguments[1].clone(), steps - 1)));
                        Value::Env { name: name.value, default }
                    }
                    None => unknown("an environment variable"),
                }
            }
            _ => unknown(code.text_in(range).lines().next().unwrap_or("")),
        }
    }

    /// `fmt.Sprintf("/%s/x", y)`.
    fn formatted(&self, arguments: &[Range<usize>], steps: u32) -> Value {
        let Value::Literal(format) = self.within(arguments[0].clone(), steps - 1) else { return unknown("a format") };
        let mut parts = Vec::new();
        for (index, piece) in format.split('%').enumerate() {
            if index == 0 {
                parts.push(literal(piece));
                continue;
            }
            let Some(verb) = piece.find(|c: char| c.is_ascii_alphabetic()) else { return unknown("a format") };
            match arguments.get(index) {
                Some(argument) if parts.len() < MOST_PARTS => parts.push(self.within(argument.clone(), steps - 1)),
                _ => return unknown("a format"),
            }
            parts.push(literal(&piece[verb + 1..]));
        }
        concat(parts)
    }
}

/// Where an expression ends that begins here: with its line, its bracket, or at a comma or brace.
pub fn expression_end(code: &Code, from: usize) -> usize {
    let mut at = from;
    while at < code.len() {
        let goes_on = at == from || matches!(code.kind(at - 1), Some(TokenKind::Operator));
        if code.is_any(at, &[";", ","]) || code.kind(at) == Some(TokenKind::Close) || code.begins_line(at) && !goes_on {
            break;
        }
        at = code.after(at);
    }
    at
}

/// The name of a method of HTTP as constants write it.
pub fn method_named(name: &str) -> Option<&'static str> {
    ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "ANY"]
        .into_iter()
        .find(|method| method.eq_ignore_ascii_case(name))
}

/// One text after another in a path, with one slash where they meet.
pub fn join(prefix: &Value, path: Value) -> Value {
    let ends = match prefix {
        Value::Literal(text) if text.is_empty() => return path,
        Value::Literal(text) => text.ends_with('/'),
        Value::Concat(parts) => matches!(parts.last(), Some(Value::Literal(text)) if text.ends_with('/')),
        _ => false,
    };
    let begins = match &path {
        Value::Literal(text) if text.is_empty() => return prefix.clone(),
        Value::Literal(text) => Some(text.starts_with('/')),
        Value::Concat(parts) => match parts.first() {
            Some(Value::Literal(text)) => Some(text.starts_with('/')),
            _ => None,
        },
        _ => None,
    };
    match (ends, begins) {
        (true, Some(true)) => concat([without_slash(prefix.clone()), path]),
        (false, Some(false)) => concat([prefix.clone(), literal("/"), path]),
        _ => concat([prefix.clone(), path]),
    }
}

/// The value without the slash at its end.
fn without_slash(prefix: Value) -> Value {
    let trim = |text: Arc<str>| literal(text.strip_suffix('/').unwrap_or(&text));
    match prefix {
        Value::Literal(text) => trim(text),
        Value::Concat(mut parts) => {
            if let Some(Value::Literal(text)) = parts.pop() {
                parts.push(trim(text));
            }
            concat(parts)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::snapshot::show;
    use super::*;
    use crate::discover::language::Language;

    /// What is given to `result`.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let code = Code::new(Language::from_name("Go").expect("in the table"), "a.go", text);
        let at = (0..code.len()).find(|&at| code.is(at, "result")).expect("there is one");
        assert_eq!(show(&Values::new(&code).of(at + 2..code.len())), expected, "{text}");
    }

    #[test]
    fn expressions_read_as_texts() {
        check("const base = \"/v1\"\nresult := base + \"/x\"", "/v1/x");
        check("const base string = \"/v1\"\nresult := fmt.Sprintf(\"%s/x/%d\", base, n)", "/v1/x/+<#n>");
        check("var base = \"\"\nbase = os.Getenv(\"BASE\")\nresult := base + \"/x\"", "env(BASE or )+/x");
        check("result := getEnv(\"TOPIC\", \"orders\")", "env(TOPIC or orders)");
        check("result := Topic(\"orders\")", "orders");
        check("result := http.MethodGet", "GET");
        check("import \"a/b\"\nresult := b.Path", "<a/b#Path>");
        check("result := f(x)", "?f(x)");
        check("result := result + \"x\"", "<#result>+x");
    }

    #[test]
    fn paths_join_with_one_slash() {
        let check = |a: &str, b: &str, expected: &str| assert_eq!(show(&join(&literal(a), literal(b))), expected);
        check("/a/", "/b", "/a/b");
        check("/a", "b", "/a/b");
        check("/a", "", "/a");
        check("", "b", "b");
    }
}
