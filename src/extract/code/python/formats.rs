//! Texts that are put together: `"{}/x".format(a)`, `"%s/x" % a`, `urljoin(a, "/x")`, `a.rstrip("/")`.
//!
//! Values come in and a value comes out. Texts in them are what is changed; what is not known stays where it stands.

use crate::extract::code::value::{concat, literal, map_literals, unknown};
use crate::facts::Value;

/// What fills a place: by its number, or by its name.
type ByNumber<'f> = &'f dyn Fn(usize) -> Option<Value>;
type ByName<'f> = &'f dyn Fn(&str) -> Option<Value>;

/// The value with the texts in it cut in parts, which `cut` tells one after another.
fn filled(template: Value, cut: &mut dyn FnMut(&str, &mut Vec<Value>)) -> Value {
    let parts = match template {
        Value::Concat(parts) => parts,
        other => vec![other],
    };
    let mut found = Vec::new();
    for part in parts {
        match part {
            Value::Literal(text) => cut(&text, &mut found),
            other => found.push(other),
        }
    }
    concat(found)
}

/// `template.format(…)`.
pub fn braces(template: Value, nth: ByNumber, named: ByName) -> Value {
    let mut next = 0;
    filled(template, &mut |text, found| {
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let doubled = rest[open + 1..].starts_with(&rest[open..=open]);
            found.push(literal(&rest[..open + usize::from(doubled)]));
            if doubled || rest[open..].starts_with('}') {
                rest = &rest[open + 1 + usize::from(doubled)..];
                continue;
            }
            let inner = &rest[open + 1..];
            let close = inner.find('}').unwrap_or(inner.len());
            let field = inner[..close].split([':', '!']).next().unwrap_or("").trim();
            let number = field.parse().ok().or_else(|| {
                next += usize::from(field.is_empty());
                field.is_empty().then(|| next - 1)
            });
            let value = match number {
                Some(number) => nth(number),
                None => named(field),
            };
            found.push(value.unwrap_or_else(|| unknown(field)));
            rest = inner.get(close + 1..).unwrap_or("");
        }
        found.push(literal(rest));
    })
}

/// `template % arguments`.
pub fn percent(template: Value, nth: ByNumber, named: ByName) -> Value {
    let mut next = 0;
    filled(template, &mut |text, found| {
        let mut rest = text;
        while let Some(at) = rest.find('%') {
            found.push(literal(&rest[..at]));
            let inner = &rest[at + 1..];
            if let Some(after) = inner.strip_prefix('%') {
                found.push(literal("%"));
                rest = after;
                continue;
            }
            let (name, after) = match inner.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
                Some((name, after)) => (Some(name), after),
                None => (None, inner),
            };
            let length = after.find(|letter: char| letter.is_ascii_alphabetic()).map_or(after.len(), |at| at + 1);
            let value = match name {
                Some(name) => named(name),
                None => {
                    next += 1;
                    nth(next - 1)
                }
            };
            found.push(value.unwrap_or_else(|| unknown(name.unwrap_or("a part"))));
            rest = &after[length..];
        }
        found.push(literal(rest));
    })
}

/// `value.rstrip(marks)` and its like.
pub fn stripped(value: Value, how: &str, marks: Option<&str>) -> Value {
    let change = |text: &str, first: bool, last: bool| {
        let is_mark = |letter: char| marks.map_or(letter.is_whitespace(), |marks| marks.contains(letter));
        match how {
            "removesuffix" if last => text.strip_suffix(marks.unwrap_or("")).unwrap_or(text).to_owned(),
            "removeprefix" if first => text.strip_prefix(marks.unwrap_or("")).unwrap_or(text).to_owned(),
            "rstrip" if last => text.trim_end_matches(is_mark).to_owned(),
            "lstrip" if first => text.trim_start_matches(is_mark).to_owned(),
            "strip" => {
                let text = if first { text.trim_start_matches(is_mark) } else { text };
                if last { text.trim_end_matches(is_mark) } else { text }.to_owned()
            }
            _ => text.to_owned(),
        }
    };
    let whole = |text: &str| change(text, true, true);
    match value {
        Value::Literal(text) => literal(whole(&text)),
        Value::Env { name, default } => {
            Value::Env { name, default: default.map(|value| Box::new(map_literals(*value, &|text| whole(text)))) }
        }
        Value::Property { key, default } => {
            Value::Property { key, default: default.map(|value| Box::new(map_literals(*value, &|text| whole(text)))) }
        }
        Value::Concat(parts) => {
            let count = parts.len();
            concat(parts.into_iter().enumerate().map(|(index, part)| match part {
                Value::Literal(text) => literal(change(&text, index == 0, index + 1 == count)),
                other => other,
            }))
        }
        other => other,
    }
}

/// A base and a path with one slash between them.
pub fn below(base: Value, path: Value) -> Value {
    let base = stripped(base, "rstrip", Some("/"));
    let path = stripped(path, "lstrip", Some("/"));
    concat([base, literal("/"), path])
}

/// `urljoin(base, path)`: a path from the root replaces the base's own one, as far as that is known.
pub fn joined(base: Value, path: Value) -> Value {
    let first = match &path {
        Value::Literal(text) => Some(text.clone()),
        Value::Concat(parts) => {
            parts.first().and_then(|part| if let Value::Literal(text) = part { Some(text.clone()) } else { None })
        }
        _ => None,
    };
    let first = first.as_deref().unwrap_or("");
    if first.contains("://") {
        return path;
    }
    match &base {
        Value::Literal(text) => {
            let host = text.find("://").map_or(0, |at| at + 3);
            let root = text[host..].find('/').map_or(text.len(), |at| host + at);
            match first.starts_with('/') {
                true => concat([literal(&text[..root]), path]),
                // The last part of the base's path is left out.
                false => below(literal(&text[..text[root..].rfind('/').map_or(root, |at| root + at)]), path),
            }
        }
        _ => below(base, path),
    }
}

/// The value with the parameters of a function as they are given.
pub fn given(value: Value, function: &str, argument: &dyn Fn(u32) -> Option<Value>) -> Value {
    let one = |part: Value| match part {
        Value::Parameter { function: of, index } if *of == *function => {
            argument(index).unwrap_or(Value::Parameter { function: of, index })
        }
        other => other,
    };
    match value {
        Value::Concat(parts) => concat(parts.into_iter().map(one)),
        other => one(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::code::snapshot::show;

    fn env() -> Value {
        Value::Env { name: "A".into(), default: Some(Box::new(literal("http://a/"))) }
    }

    #[test]
    fn places_are_filled() {
        let nth = |index: usize| Some(if index == 0 { env() } else { unknown("id") });
        let named = |name: &str| (name == "a").then(env);
        assert_eq!(show(&braces(literal("{}/x/{:02d}/{{b}}"), &nth, &named)), "env(A or http://a/)+/x/+?id+/{b}");
        assert_eq!(show(&braces(literal("{a}/{c.d}"), &nth, &named)), "env(A or http://a/)+/+?c.d");
        assert_eq!(show(&percent(literal("%s/x/%03d%%"), &nth, &named)), "env(A or http://a/)+/x/+?id+%");
        assert_eq!(show(&percent(literal("%(a)s/%(b)d"), &nth, &named)), "env(A or http://a/)+/+?b");
        assert_eq!(show(&braces(literal("{"), &nth, &named)), "env(A or http://a/)");
        assert_eq!(show(&percent(literal("a%"), &nth, &named)), "a+env(A or http://a/)");
    }

    #[test]
    fn addresses_are_joined() {
        assert_eq!(show(&joined(literal("http://a/b/c"), literal("/d"))), "http://a/d");
        assert_eq!(show(&joined(literal("http://a/b/c"), literal("d"))), "http://a/b/d");
        assert_eq!(show(&joined(literal("http://a"), literal("d"))), "http://a/d");
        assert_eq!(show(&joined(env(), literal("/d"))), "env(A or http://a)+/d");
        assert_eq!(show(&joined(env(), literal("http://b"))), "http://b");
    }
}
