//! What stands before a type, member or field: attributes, and annotations in the comment before it. Both say the same things, so both
//! come out as one: `#[Route('/a', methods: ['GET'])]`, `@Route("/a", methods={"GET"})`.

use std::ops::Range;

use crate::extract::code::tokens::TokenKind;
use crate::extract::code::{Code, Imports, structure::Item};
use crate::facts::Value;
use crate::source::{Location, Span};

/// An annotation is no longer than this.
const LONGEST: usize = 8_000;

pub struct Note {
    /// As it is written, with dots: `Route`, `ORM.Entity`.
    pub name: String,
    pub at: Location,
    arguments: Vec<Argument>,
}

struct Argument {
    name: Option<String>,
    values: Vec<Value>,
}

impl Note {
    /// The last part of the name.
    pub fn short(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }

    /// Values of a named argument, or of the one at a place among those without a name; the items of a list.
    pub fn values(&self, name: &str, place: Option<usize>) -> &[Value] {
        let named = self.arguments.iter().find(|argument| argument.name.as_deref() == Some(name));
        let placed = || place.and_then(|place| self.arguments.iter().filter(|argument| argument.name.is_none()).nth(place));
        named.or_else(placed).map_or(&[], |argument| &argument.values)
    }
}

/// The notes before an item.
pub fn before(code: &Code, item: &Item) -> Vec<Note> {
    notes(code, head(code, item.start)..item.start)
}

/// The first token of what belongs to the declaration whose keyword or name is at `at`.
pub fn head(code: &Code, at: usize) -> usize {
    let mut head = at;
    for _ in 0..400 {
        let Some(before) = head.checked_sub(1) else { break };
        if code.is_any(before, &[";", "{", "}"]) {
            break;
        }
        head = match code.kind(before) {
            Some(TokenKind::Close) if code.partner(before) < before => code.partner(before),
            _ => before,
        };
    }
    head
}

/// The notes in a range of tokens, and in the comments before and between them.
pub fn notes(code: &Code, range: Range<usize>) -> Vec<Note> {
    let mut found = Vec::new();
    let from = range.start.checked_sub(1).map_or(0, |before| code.tokens[before].end as usize);
    let to = code.tokens.get(range.end).map_or(code.text.len(), |token| token.start as usize);
    let text = code.text.get(from..to).unwrap_or("");
    if let Some(open) = text.rfind("/**") {
        let end = text[open..].find("*/").map_or(text.len(), |length| open + length);
        comment(code, &text[open..end], from + open, &mut found);
    }
    let mut at = range.start;
    while at < range.end {
        if code.is(at, "#") && code.is(at + 1, "[") {
            for part in code.split(code.inside(at + 1), ",") {
                let open = part.clone().find(|&open| code.is(open, "("));
                let name = part.start..open.unwrap_or(part.end);
                let name = name.filter_map(|at| code.word(at)).collect::<Vec<_>>().join(".");
                let arguments = open.map_or(Vec::new(), |open| arguments(code, open));
                found.push(Note { name, at: code.location(part), arguments });
            }
            at += 1;
        }
        at = code.after(at);
    }
    found
}

/// Annotations of a comment. Each one's arguments are read as code of their own, the comment's stars left out.
fn comment(code: &Code, text: &str, base: usize, found: &mut Vec<Note>) {
    let bytes = text.as_bytes();
    for (mark, _) in text.match_indices('@') {
        if !mark.checked_sub(1).is_some_and(|before| matches!(bytes[before], b' ' | b'*' | b'\t' | b'\n')) {
            continue;
        }
        let rest = &text[mark + 1..];
        let length = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '\\')).unwrap_or(rest.len());
        let name = rest[..length].trim_matches('\\').replace('\\', ".");
        if !name.starts_with(|c: char| c.is_ascii_uppercase()) {
            continue;
        }
        let written = brackets(&rest[length..]);
        let at = code.location_of(Span::new(base + mark, base + mark + 1 + length + written.len()));
        let mut plain = String::with_capacity(written.len());
        for line in written.split_inclusive('\n') {
            match line.trim_start().strip_prefix('*').filter(|_| !plain.is_empty()) {
                Some(rest) => plain.push_str(rest),
                None => plain.push_str(line),
            }
        }
        let inner = Code::new(code.language, code.path, &plain);
        found.push(Note { name, at, arguments: if inner.is_empty() { Vec::new() } else { arguments(&inner, 0) } });
    }
}

/// What stands in brackets at the beginning of a text, brackets in quotes not counted.
fn brackets(text: &str) -> &str {
    if !text.starts_with('(') {
        return "";
    }
    let (mut depth, mut quoted) = (0, false);
    for (at, byte) in text.bytes().enumerate().take(LONGEST) {
        match byte {
            b'"' => quoted = !quoted,
            b'(' if !quoted => depth += 1,
            b')' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return &text[..=at];
                }
            }
            _ => {}
        }
    }
    ""
}

fn arguments(code: &Code, open: usize) -> Vec<Argument> {
    let parts = code.arguments(open).into_iter().map(|range| {
        let named = code.word(range.start).filter(|_| code.is_any(range.start + 1, &[":", "="]));
        let range = if named.is_some() { range.start + 2..range.end } else { range };
        let values = match code.is_any(range.start, &["[", "{"]) && code.after(range.start) == range.end {
            true => code.split(code.inside(range.start), ",").into_iter().map(|item| value(code, item)).collect(),
            false => vec![value(code, range)],
        };
        Argument { name: named.map(str::to_owned), values }
    });
    parts.collect()
}

/// The value of an item, its key left out: `'en' => '/about'`, `"en": "/about"`, `"en"="/about"`.
fn value(code: &Code, range: Range<usize>) -> Value {
    let is_keyed = code.is_any(range.start + 1, &["=>", ":", "="]) && range.len() > 2;
    code.value(if is_keyed { range.start + 2..range.end } else { range })
}

/// Whether a name, as the file imports it, comes from a module that holds one of these words.
pub fn comes_from(imports: &Imports, name: &str, words: &[&str]) -> bool {
    let first = name.split('.').next().unwrap_or(name);
    let symbol = imports.get(first).map_or_else(|| name.replace('.', "/"), |symbol| symbol.to_string());
    words.iter().any(|word| symbol.contains(word))
}
