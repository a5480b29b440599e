//! The inside of a literal: its text with escapes read, and the code that stands in it.

use std::borrow::Cow;

/// The inside of `%q(…)`, `%Q(…)` and `%(…)`.
pub(super) fn ruby_text(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('%')?;
    let rest = rest.strip_prefix(['q', 'Q']).unwrap_or(rest);
    let mut letters = rest.chars();
    let mark = letters.next().filter(char::is_ascii_punctuation)?;
    letters.next_back().filter(|_| rest.len() > mark.len_utf8())?;
    Some(letters.as_str())
}

pub(super) enum Piece<'t> {
    Text(Cow<'t, str>),
    Code(&'t str),
}

/// How code is written inside of a literal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holes {
    None,
    /// `{x}`; `{{` is a brace.
    Braces,
    /// `$x` and `${x}`.
    Dollar,
    /// `${x}`.
    DollarBraces,
    /// `$x`, `{$x}` and `${x}`.
    Php,
    /// `#{x}`.
    Hash,
}

pub(super) fn pieces(inner: &str, holes: Holes, raw: bool) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut text = String::new();
    // Most literals read as they are written.
    let (mut from, mut at, mut plain) = (0, 0, true);
    let bytes = inner.as_bytes();
    let word =
        |from: usize| inner[from..].find(|c: char| !c.is_alphanumeric() && c != '_').map_or(inner.len(), |length| from + length);
    let closing = |from: usize| inner[from..].find('}').map_or(inner.len(), |length| from + length);
    while at < bytes.len() {
        let next = bytes.get(at + 1).copied();
        let starts_name = next.is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        // What a hole spans, and where its code stands.
        let hole = match (holes, bytes[at]) {
            (Holes::Braces, b'{') if next == Some(b'{') => None,
            (Holes::Braces, b'{') => Some((code_end(inner, at + 1), at + 1)),
            (Holes::Hash, b'#') | (Holes::Dollar | Holes::DollarBraces | Holes::Php, b'$') if next == Some(b'{') => {
                Some((closing(at + 2), at + 2))
            }
            (Holes::Dollar, b'$') if starts_name => Some((word(at + 1), at + 1)),
            (Holes::Php, b'{') if next == Some(b'$') => Some((closing(at + 1), at + 1)),
            (Holes::Php, b'$') if starts_name => Some((word(at + 1), at)),
            _ => None,
        };
        if let Some((end, code)) = hole {
            text.push_str(&inner[from..at]);
            if !text.is_empty() {
                found.push(Piece::Text(Cow::Owned(std::mem::take(&mut text))));
            }
            // What follows a colon says how the value is shown.
            let written = &inner[code.min(end)..end];
            let written = if holes == Holes::Braces { unformatted(written) } else { written };
            found.push(Piece::Code(written));
            at = (end + usize::from(bytes.get(end) == Some(&b'}') && bytes.get(code.wrapping_sub(1)) != Some(&b'$'))).max(at + 1);
            if holes == Holes::Php && bytes.get(end) == Some(&b'}') && inner[..code].ends_with('{') {
                at = end + 1;
            }
            from = at;
            plain = false;
        } else if bytes[at] == b'\\' && !raw {
            text.push_str(&inner[from..at]);
            plain = false;
            at += 1;
            match bytes.get(at) {
                Some(b'n') => text.push('\n'),
                Some(b't') => text.push('\t'),
                Some(b'r') => text.push('\r'),
                // Others stand for themselves; what they quote is copied as it is.
                _ => {
                    from = at;
                    at += usize::from(at < bytes.len());
                    while at < bytes.len() && !inner.is_char_boundary(at) {
                        at += 1;
                    }
                    continue;
                }
            }
            at += 1;
            from = at;
        } else if holes == Holes::Braces && matches!(bytes[at], b'{' | b'}') && next == Some(bytes[at]) {
            text.push_str(&inner[from..=at]);
            plain = false;
            at += 2;
            from = at;
        } else {
            at += 1;
        }
    }
    if plain {
        return if inner.is_empty() { Vec::new() } else { vec![Piece::Text(Cow::Borrowed(inner))] };
    }
    text.push_str(&inner[from.min(inner.len())..]);
    if !text.is_empty() {
        found.push(Piece::Text(Cow::Owned(text)));
    }
    found
}

/// Where the code of a hole ends: at the brace that closes it. Texts and brackets in the code may hold braces.
fn code_end(inner: &str, from: usize) -> usize {
    let mut depth = 0;
    let mut quote = None;
    for (at, byte) in inner.bytes().enumerate().skip(from) {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') if depth == 0 => return at,
            (None, b'}') => depth -= 1,
            _ => {}
        }
    }
    // A quote that is not closed is none.
    inner[from..].find('}').map_or(inner.len(), |length| from + length)
}

/// The code of a hole without what says how it is shown: `x:0.00`, `x!r`.
fn unformatted(written: &str) -> &str {
    let mut depth = 0;
    let mut quote = None;
    let bytes = written.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth -= 1,
            (None, b':') if depth <= 0 => return &written[..at],
            (None, b'!') if depth <= 0 && is_conversion(&bytes[at + 1..]) => return &written[..at],
            _ => {}
        }
    }
    written
}

/// `r` of `{x!r}` and of `{x!r:>9}`; `{x!.y}` of C# goes on.
fn is_conversion(rest: &[u8]) -> bool {
    matches!(rest, [b'r' | b's' | b'a'] | [b'r' | b's' | b'a', b':', ..])
}
