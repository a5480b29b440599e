//! Path templates: each framework's way to write a parameter becomes `{name}`.
//!
//! A value comes in whose literals are written in one way, the same value in the common way comes out.

use super::value::{concat, literal, map_literals};
use crate::facts::Value;

/// How a framework writes parameters in paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `:id`, `:id(\\d+)`, `:id?`, `*rest`, `*`: Express, Gin, Echo, Rails, Phoenix.
    Colon,
    /// `<id>`, `<int:id>`, `<id:int>`, `<rest..>`: Flask, Django, Rocket.
    Angle,
    /// `{id}`, `{id:[0-9]+}`, `{id:int?}`, `{*rest}`, `{id...}`: Spring, JAX-RS, ASP.NET, chi, axum.
    Braces,
    /// Regular expressions, `^/a/(?P<id>[0-9]+)/$`: older Django, Tornado, httplib.
    Pattern,
    /// `[id]`, `[...rest]`, `[[...rest]]`: files of Next.js.
    Brackets,
}

/// The name of a parameter that stands for all that follows, slashes included, whatever the text calls it.
pub const REST: &str = "rest";

/// The value with every literal's parameters written `{name}`.
pub fn template(value: Value, style: Style) -> Value {
    map_literals(value, &|text| text_template(text, style))
}

/// The text with its parameters written `{name}`.
pub fn text_template(text: &str, style: Style) -> String {
    if style == Style::Pattern {
        return pattern_template(text);
    }
    let mut out = String::with_capacity(text.len() + 4);
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let begins = at == 0 || matches!(bytes[at - 1], b'/' | b'.' | b'-' | b'_' | b'(' | b')' | b'}');
        let parameter = match (style, bytes[at]) {
            (Style::Colon, b':')
                if begins && bytes.get(at + 1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_') =>
            {
                Some(colon(text, at + 1))
            }
            (Style::Colon, b'*') if begins => Some((REST.to_owned(), word_end(text, at + 1))),
            (Style::Angle, b'<') => Some(angle(text, at + 1)),
            (Style::Braces, b'{') => Some(braces(text, at + 1)),
            (Style::Braces, b'*') if begins && text[at..].trim_end_matches('/').trim_end_matches('*').is_empty() => {
                Some((REST.to_owned(), bytes.len()))
            }
            (Style::Brackets, b'[') => Some(brackets(text, at)),
            _ => None,
        };
        match parameter {
            Some((name, end)) => {
                out.push('{');
                out.push_str(&name);
                out.push('}');
                at = end.max(at + 1);
            }
            None => {
                let end = (at + 1..=bytes.len()).find(|&end| text.is_char_boundary(end)).unwrap_or(bytes.len());
                out.push_str(&text[at..end]);
                at = end;
            }
        }
    }
    out
}

/// The text of a regular expression with its groups, and what else stands for many texts, as parameters.
fn pattern_template(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'(' => {
                let end = group_end(bytes, at);
                let inner = text[at + 1..end].strip_suffix(')').unwrap_or(&text[at + 1..end]);
                let name = inner.strip_prefix("?P<").or(inner.strip_prefix("?<")).and_then(|rest| rest.split('>').next());
                match name {
                    Some(name) => out.push_str(&format!("{{{name}}}")),
                    None if inner.starts_with("?:") => {}
                    None => out.push_str("{value}"),
                }
                at = end;
            }
            b'[' => {
                out.push_str("{value}");
                at = memchr::memchr(b']', &bytes[at..]).map_or(bytes.len(), |length| at + length + 1);
            }
            b'.' if matches!(bytes.get(at + 1), Some(b'*' | b'+')) => {
                out.push_str("{rest}");
                at += 1;
            }
            b'^' | b'$' | b'?' | b'+' | b'*' => at += 1,
            b'\\' => match bytes.get(at + 1) {
                Some(b'd' | b'w' | b'S') => {
                    out.push_str("{value}");
                    at += 2;
                }
                // `\Z` and `\A` are ends.
                Some(letter) if letter.is_ascii_alphanumeric() => at += 2,
                // A sign stands for itself.
                _ => {
                    let end = (at + 2..=text.len()).find(|&end| text.is_char_boundary(end)).unwrap_or(text.len());
                    out.push_str(&text[(at + 1).min(end)..end]);
                    at = end;
                }
            },
            _ => {
                let end = (at + 1..=text.len()).find(|&end| text.is_char_boundary(end)).unwrap_or(text.len());
                out.push_str(&text[at..end]);
                at = end;
            }
        }
    }
    out
}

fn group_end(bytes: &[u8], open: usize) -> usize {
    let mut depth = 0;
    let mut at = open;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

/// A path below a prefix, with one slash between them. Nothing stands between where one of them is empty.
pub fn join(prefix: &Value, path: Value) -> Value {
    if *prefix == literal("") || *prefix == literal("/") || path == literal("") {
        return if path == literal("") { prefix.clone() } else { path };
    }
    let slash_first = match path {
        Value::Literal(text) => literal(format!("/{}", text.trim_start_matches('/'))),
        Value::Concat(parts) => match &parts[..] {
            [Value::Literal(first), rest @ ..] => {
                let first = literal(format!("/{}", first.trim_start_matches('/')));
                concat([first].into_iter().chain(rest.iter().cloned()))
            }
            _ => concat([literal("/"), Value::Concat(parts)]),
        },
        other => concat([literal("/"), other]),
    };
    concat([without_last_slash(prefix.clone()), slash_first])
}

fn without_last_slash(value: Value) -> Value {
    match value {
        Value::Literal(text) => literal(text.trim_end_matches('/')),
        Value::Concat(mut parts) => {
            if let Some(Value::Literal(text)) = parts.last_mut() {
                *text = text.trim_end_matches('/').into();
            }
            Value::Concat(parts)
        }
        other => other,
    }
}

/// The name of one of what a path names: `articles` to `article`, `categories` to `category`.
pub fn singular(word: &str) -> String {
    let cut = |count: usize, end: &str| format!("{}{end}", &word[..word.len() - count]);
    match word {
        _ if word.ends_with("ies") && word.len() > 4 => cut(3, "y"),
        _ if ["sses", "xes", "zes", "ches", "shes"].iter().any(|end| word.ends_with(end)) => cut(2, ""),
        _ if word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) => cut(1, ""),
        _ => word.to_owned(),
    }
}

/// The name of a type as files and parameters are called after it: `UserProfile` as `user_profile`, `HTMLPage` as `html_page`.
pub fn underscored(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (index, &letter) in letters.iter().enumerate() {
        let next_is_small = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        let after_small = index > 0 && (letters[index - 1].is_lowercase() || letters[index - 1].is_ascii_digit());
        if letter.is_uppercase() && index > 0 && (after_small || next_is_small && letters[index - 1].is_uppercase()) {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

fn word_end(text: &str, from: usize) -> usize {
    text[from..].find(|c: char| !c.is_alphanumeric() && c != '_').map_or(text.len(), |length| from + length)
}

fn or_rest(name: &str) -> String {
    if name.is_empty() { REST.to_owned() } else { name.to_owned() }
}

/// After `:`: the name, then perhaps a pattern in brackets and a mark of how often.
fn colon(text: &str, from: usize) -> (String, usize) {
    let mut end = word_end(text, from);
    let name = text[from..end].to_owned();
    if text[end..].starts_with('(') {
        end = closing(text, end, b'(', b')');
    }
    if text[end..].starts_with(['?', '*', '+']) {
        end += 1;
    }
    (name, end)
}

/// Types of parameters that are written behind their names.
const CONVERTERS: [&str; 12] =
    ["int", "str", "string", "strorempty", "float", "number", "path", "uuid", "re", "alpha", "slug", "ymd"];

/// After `<`: `name`, `type:name`, `name..`, `regex("…"):name`.
fn angle(text: &str, from: usize) -> (String, usize) {
    let Some(length) = text[from..].find('>') else { return (or_rest(text[from..].trim()), text.len()) };
    let inner = &text[from..from + length];
    // The type stands before the name, or behind it with what it takes.
    let name = match inner.split_once(':') {
        Some((name, rest)) if CONVERTERS.contains(&rest.split([':', '(', '=']).next().unwrap_or(rest)) => name,
        _ => inner.rsplit(':').next().unwrap_or(inner),
    };
    let catches_all = inner.starts_with("path:") || inner.ends_with("..");
    (or_rest(if catches_all { REST } else { name.trim() }), from + length + 1)
}

/// Names of what goes on over slashes.
const WHOLES: [&str; 10] = ["all", "any", "catchall", "file", "filepath", "path", "proxy", "rest", "tail", "url"];

/// After `{`: the name, then perhaps a pattern or constraints.
fn braces(text: &str, from: usize) -> (String, usize) {
    let end = closing(text, from - 1, b'{', b'}');
    let inner = text[from..end].strip_suffix('}').unwrap_or(&text[from..end]);
    let name = inner.split([':', '=', '<']).next().unwrap_or(inner);
    // In some libraries `.*` goes on to the next slash alone: the name tells what is meant.
    let is_whole = inner.ends_with(":path") || inner.ends_with(":.*") && WHOLES.contains(&name.trim());
    let catches_all = name.starts_with('*') || name.ends_with('*') || name.ends_with("...") || is_whole;
    (or_rest(if catches_all { REST } else { name.trim_matches(['*', '?', '.', '+', ' ']) }), end)
}

/// At `[`: `[id]`, `[...rest]`, `[[...rest]]`.
fn brackets(text: &str, from: usize) -> (String, usize) {
    let end = closing(text, from, b'[', b']');
    let inner = text[from..end].trim_matches(['[', ']']);
    (or_rest(if inner.starts_with("...") { REST } else { inner }), end)
}

/// The end of a group that opens at `from`; the end of the text where nothing closes it.
fn closing(text: &str, from: usize, open: u8, close: u8) -> usize {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate().skip(from) {
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                return at + 1;
            }
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(style: Style, text: &str, expected: &str) {
        assert_eq!(text_template(text, style), expected);
    }

    #[test]
    fn every_style_becomes_braces() {
        check(Style::Colon, "/users/:id", "/users/{id}");
        check(Style::Colon, "/a/:id(\\d+)?/b/*rest", "/a/{id}/b/{rest}");
        check(Style::Colon, "/a/:from-:to/*", "/a/{from}-{to}/{rest}");
        check(Style::Colon, "/v1/things:batch", "/v1/things:batch");
        check(Style::Angle, "/a/<int:id>/<path:file>", "/a/{id}/{rest}");
        check(Style::Angle, "/a/<id>/<rest..>", "/a/{id}/{rest}");
        check(Style::Angle, "/a/<id:int>/<name:re:[a-z]+>/<uuid:uuid>", "/a/{id}/{name}/{uuid}");
        check(Style::Braces, "/a/{id:[0-9]{2,3}}/{*rest}", "/a/{id}/{rest}");
        check(Style::Braces, "/a/{id:int?}/{b=1}", "/a/{id}/{b}");
        check(Style::Braces, "/a/{id...}", "/a/{rest}");
        check(Style::Braces, "/a/{file:.*}", "/a/{rest}");
        check(Style::Braces, "/a/{id:.*}/b", "/a/{id}/b");
        check(Style::Braces, "/a/**", "/a/{rest}");
        check(Style::Brackets, "/a/[id]/[[...all]]", "/a/{id}/{rest}");
        check(Style::Pattern, r"^a/(?P<id>(\d+)x)/(?:b)?c/([0-9]+)\.json$", "a/{id}/c/{value}.json");
        check(Style::Pattern, r"^/a/[0-9]+/\d+/.*\Z", "/a/{value}/{value}/{rest}");
    }

    #[test]
    fn paths_are_joined_by_one_slash() {
        let text = |prefix: &str, path: &str| match join(&literal(prefix), literal(path)) {
            Value::Literal(text) => text.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(text("/a/", "/b"), "/a/b");
        assert_eq!(text("a", "b"), "a/b");
        assert_eq!(text("", "/b"), "/b");
        assert_eq!(text("/a", ""), "/a");
        assert_eq!(text("/a", "/"), "/a/");
        let symbol = Value::Symbol("#x".into());
        assert_eq!(join(&literal("/a/"), symbol.clone()), Value::Concat(vec![literal("/a/"), symbol]));
    }

    #[test]
    fn one_of_many_is_named() {
        for (many, one) in [("articles", "article"), ("categories", "category"), ("boxes", "box"), ("status", "status")] {
            assert_eq!(singular(many), one);
        }
    }

    #[test]
    fn names_of_types_are_written_small() {
        for (name, small) in [
            ("BlogPost", "blog_post"),
            ("HTMLPage", "html_page"),
            ("APIKey", "api_key"),
            ("User", "user"),
            ("OAuth2", "o_auth2"),
            ("V1Users", "v1_users"),
            ("HTML", "html"),
        ] {
            assert_eq!(underscored(name), small);
        }
    }

    #[test]
    fn what_does_not_close_ends_with_the_text() {
        check(Style::Braces, "/a/{é", "/a/{é}");
        check(Style::Angle, "/a/<", "/a/{rest}");
        check(Style::Brackets, "[", "{rest}");
        check(Style::Pattern, r"^(?:é/)?(é", "{value}");
        check(Style::Pattern, r"é\", "é");
    }
}
