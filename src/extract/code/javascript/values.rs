//! Expressions and objects of JavaScript: texts with their environment, and what stands in object literals.

use std::ops::Range;

use super::modules;
use crate::extract::code::Code;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{concat, literal, unknown};
use crate::facts::Value;

/// Names that stand for names that stand for names.
const MOST_STEPS: u32 = 6;
/// Places of a name at which an enumeration is looked for.
const MOST_PLACES: usize = 1_000;

/// What an expression stands for. `process.env.NAME || 'default'` is a value of the environment.
pub fn value(code: &Code, range: Range<usize>) -> Value {
    value_within(code, range, MOST_STEPS)
}

fn value_within(code: &Code, range: Range<usize>, steps: u32) -> Value {
    // `'x' as const`, `x!`, `<T>x` tell the type only.
    let end =
        (range.start..range.end.min(range.start + 64)).find(|&at| code.is_any(at, &["as", "satisfies"])).unwrap_or(range.end);
    let end = if end > range.start && code.is(end - 1, "!") { end - 1 } else { end };
    let range = range.start..end;
    if let Some(found) = environment(code, range.clone(), steps) {
        return found;
    }
    if range.len() == 1
        && let Some(name) = code.word(range.start)
        && steps > 0
        && !code.imports().contains_key(name)
        && let Some(assigned) = code.assigned(name, range.start)
    {
        return value_within(code, assigned, steps - 1);
    }
    let found = code.value(range.clone());
    match found {
        // A member of a name of this file: an object or an enumeration may hold the text.
        Value::Symbol(symbol) if steps > 0 && range.len() >= 3 && symbol.starts_with('#') => {
            member(code, range, steps).unwrap_or(Value::Symbol(symbol))
        }
        Value::Symbol(symbol) => match symbol.strip_suffix("#*") {
            Some(module) => Value::Symbol(format!("{module}#default").into()),
            None => Value::Symbol(symbol),
        },
        other => other,
    }
}

/// `process.env.NAME`, `process.env['NAME']`, `config.get('NAME')` not among them; each perhaps with `|| default` or `?? default`.
fn environment(code: &Code, range: Range<usize>, steps: u32) -> Option<Value> {
    let from = if code.reads(range.start, &["process", ".", "env"]) {
        range.start + 3
    } else if code.reads(range.start, &["import", ".", "meta", ".", "env"]) {
        range.start + 5
    } else {
        return None;
    };
    let (name, after) = if code.is_any(from, &[".", "?."]) {
        (code.word(from + 1)?.to_owned(), from + 2)
    } else {
        (code.is(from, "[").then(|| code.literal(from + 1))??.into_owned(), code.after(from))
    };
    let after = after + usize::from(code.is(after, "!"));
    let default = match after >= range.end {
        true => None,
        false if code.is_any(after, &["||", "??"]) && steps > 0 => {
            Some(Box::new(value_within(code, after + 1..range.end, steps - 1)))
        }
        false => return None,
    };
    Some(Value::Env { name: name.into(), default })
}

/// `NAME.KEY`, where this file gives NAME an object or makes it an enumeration.
fn member(code: &Code, range: Range<usize>, steps: u32) -> Option<Value> {
    let name = code.word(range.start)?;
    let mut object = match name {
        "this" => return None,
        _ => object_of(code, name, range.start)?,
    };
    let mut at = range.start + 1;
    while at + 1 < range.end {
        let key = code.is(at, ".").then(|| code.word(at + 1))??;
        at += 2;
        let found = property(code, object, key)?;
        if at >= range.end {
            return Some(value_within(code, found, steps - 1));
        }
        object = code.is(found.start, "{").then_some(found)?;
    }
    None
}

/// The braces of the object or enumeration that the file calls by a name.
pub fn object_of(code: &Code, name: &str, before: usize) -> Option<Range<usize>> {
    if let Some(range) = code.assigned(name, before) {
        // `Object.freeze({…})`.
        let open = (range.start..range.end.min(range.start + 5)).find(|&at| code.is(at, "{"))?;
        return Some(open..code.after(open));
    }
    enumeration(code, name)
}

/// The braces of the enumeration by a name.
pub fn enumeration(code: &Code, name: &str) -> Option<Range<usize>> {
    let mut places = code.occurrences(name).iter().take(MOST_PLACES).map(|&at| at as usize);
    let at = places.find(|&at| at > 0 && code.is(at - 1, "enum") && code.is(at + 1, "{"))?;
    Some(at + 1..code.after(at + 1))
}

/// The entries of an object literal or an enumeration: the key's token and the value; a method's value is its head and body.
pub fn entries(code: &Code, object: Range<usize>) -> Vec<(usize, Range<usize>)> {
    if !code.is(object.start, "{") {
        return Vec::new();
    }
    let parts = code.split(code.inside(object.start), ",").into_iter();
    let entries = parts.filter_map(|part| {
        let mut key = part.start;
        while code.is_any(key, &["async", "get", "set", "*"]) && !code.is_any(key + 1, &[":", ",", "(", "}", "="]) {
            key += 1;
        }
        if code.is(key, "[") {
            return None;
        }
        let is_key = code.word(key).is_some() || code.kind(key) == Some(TokenKind::Literal);
        let value = match code.is_any(key + 1, &[":", "="]) {
            true => key + 2..part.end,
            false => key..part.end,
        };
        is_key.then_some((key, value))
    });
    entries.collect()
}

/// The text of a key.
pub fn key(code: &Code, at: usize) -> String {
    code.literal(at).map_or_else(|| code.text_of(at).to_owned(), |text| text.into_owned())
}

/// The value of a key of an object literal.
pub fn property(code: &Code, object: Range<usize>, name: &str) -> Option<Range<usize>> {
    entries(code, object)
        .into_iter()
        .find(|(at, _)| key(code, *at) == name)
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty())
}

/// The values of an expression that may be a list; a name of the file that is given a list stands for it.
pub fn list(code: &Code, range: Range<usize>) -> Vec<Range<usize>> {
    let range = match code.word(range.start).filter(|_| range.len() == 1) {
        Some(name) => code.assigned(name, range.start).filter(|of| code.is(of.start, "[")).unwrap_or(range),
        None => range,
    };
    match code.is(range.start, "[") && code.after(range.start) >= range.end {
        true => code.split(code.inside(range.start), ","),
        false => vec![range],
    }
}

/// A path after another, with one slash between them.
pub fn below(prefix: &Value, path: Value) -> Value {
    match (prefix, &path) {
        (Value::Literal(prefix), _) if prefix.is_empty() => path,
        (_, Value::Literal(path)) if path.is_empty() || &**path == "/" => prefix.clone(),
        (Value::Literal(prefix), Value::Literal(path)) => {
            literal(format!("{}/{}", prefix.trim_end_matches('/'), path.trim_start_matches('/')))
        }
        (_, Value::Literal(path)) if !path.starts_with('/') => concat([prefix.clone(), literal("/"), literal(&**path)]),
        (Value::Unknown(why), _) => unknown(why),
        _ => concat([prefix.clone(), path]),
    }
}

/// The name of the package's thing that a call or decorator names, where one of the packages gives it: `Router` of `express.Router`,
/// `*` of `express` itself. The names are those by which the module knows them.
pub fn given<'m>(symbol: &str, packages: &[&'m str]) -> Option<(&'m str, String)> {
    let (module, name) = symbol.split_once('#')?;
    let package = packages
        .iter()
        .find(|package| module == **package || module.strip_prefix(**package).is_some_and(|rest| rest.starts_with('/')))?;
    let name = name.strip_prefix("default.").unwrap_or(name);
    Some((package, if name == "default" { "*".to_owned() } else { name.to_owned() }))
}

/// The symbol of a plain or dotted name that ends at a token, and where it begins. Modules that are required on the spot are named too.
pub fn callee(code: &Code, last: usize) -> Option<(String, usize)> {
    let mut parts = vec![code.word(last)?];
    let mut start = last;
    for _ in 0..6 {
        let Some(dot) = start.checked_sub(1).filter(|&dot| code.is_any(dot, &[".", "?."])) else { break };
        let before = dot.checked_sub(1)?;
        if let Some(word) = code.word(before) {
            parts.push(word);
            start = before;
        } else if code.is(before, ")") {
            let require = code.partner(before).checked_sub(1)?;
            let (specifier, _) = modules::required(code, require)?;
            parts.reverse();
            return Some((format!("{}#{}", modules::module(code.path, &specifier).0, parts.join(".")), require));
        } else {
            return None;
        }
    }
    parts.reverse();
    Some((modules::symbol(code, &parts.join(".")).to_string(), start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;
    use crate::extract::code::snapshot::show;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let code = Code::new(Language::from_name("TypeScript").expect("in the table"), "src/a.ts", text);
        let from = (0..code.len()).rev().find(|&at| code.is(at, "result")).map_or(0, |at| at + 2);
        assert_eq!(show(&value(&code, from..code.len())), expected, "{text}");
    }

    #[test]
    fn values_know_environment_objects_and_enumerations() {
        check("result = process.env.A_B || 'c'", "env(A_B or c)");
        check("const t = process.env['T'] ?? \"d\";\nresult = t", "env(T or d)");
        check("const P = { a: { b: '/b' }, c: '/c' } as const;\nresult = P.a.b", "/b");
        check("enum T { A = 'a:b', C = 'c' }\nresult = T.A", "a:b");
        check("import { T } from './t';\nresult = T.A", "<src/t#T.A>");
        check("result = `${process.x}/y`", "<#process.x>+/y");
        check("const t = require('./t');\nresult = t", "<src/t#default>");
    }

    #[test]
    fn paths_meet_with_one_slash() {
        let check = |prefix: &str, path: &str, expected: &str| {
            assert_eq!(show(&below(&literal(prefix), literal(path))), expected);
        };
        check("/a/", "/b", "/a/b");
        check("a", "b", "a/b");
        check("", "/b", "/b");
        check("/a", "", "/a");
        check("/a", "/", "/a");
    }
}
