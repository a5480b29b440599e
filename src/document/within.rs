//! Where a part of a scalar's text stands in the source, when escapes, folding or indentation make the two differ.
//!
//! An expression in a YAML block is checked as the text that it reads; its errors belong under the words that the user wrote.

use std::ops::Range;

/// The byte range of `source` (a scalar as written, quotes or block header included) that reads as the byte range `part` of `value`.
/// None where the two can't be aligned.
pub(super) fn find(source: &str, value: &str, part: Range<usize>) -> Option<Range<usize>> {
    let mut at = content_start(source);
    let quote = source.chars().next().filter(|first| matches!(first, '"' | '\''));
    let mut start = None;
    for (offset, wanted) in value.char_indices() {
        let Some((next, length)) = step(source, at, wanted, quote) else {
            // A block text reads with a line break at its end, which is not part of what is written.
            let at_end = wanted.is_whitespace() && source[at..].trim_start().is_empty();
            return at_end.then_some(start.unwrap_or(at)..at);
        };
        if offset >= part.start {
            start.get_or_insert(next);
        }
        if offset >= part.end {
            // The gap before the character that follows the part belongs to neither.
            return start.map(|start| start..at.max(start));
        }
        at = next + length;
    }
    Some(start.unwrap_or(at)..at)
}

/// Where the text begins: after the quote, or in the line after a block's header.
fn content_start(source: &str) -> usize {
    match source.as_bytes().first() {
        Some(b'"' | b'\'') => 1,
        Some(b'|' | b'>') => source.find('\n').map_or(source.len(), |line_end| line_end + 1),
        _ => 0,
    }
}

/// Where the next written character that reads as `wanted` begins, from `at` on, and how long it is.
fn step(source: &str, mut at: usize, wanted: char, quote: Option<char>) -> Option<(usize, usize)> {
    loop {
        let rest = &source[at..];
        let written = rest.chars().next()?;
        let escaped = match (quote, written) {
            (Some('\''), '\'') => rest.starts_with("''").then_some(('\'', 2)),
            (Some('"'), '\\') => escape(rest),
            _ => Some((written, written.len_utf8())),
        };
        match escaped {
            Some((reads, length)) if reads == wanted || (reads.is_whitespace() && wanted.is_whitespace()) => {
                return Some((at, length));
            }
            // Indentation, and the line breaks around it.
            _ if written.is_whitespace() => at += written.len_utf8(),
            // A line break that is escaped reads as nothing.
            None if rest.starts_with("\\\n") || rest.starts_with("\\\r\n") => at += 1,
            _ => return None,
        }
    }
}

/// What an escape of a double-quoted scalar reads as, and its length; None for an escaped line break or no escape at all.
fn escape(rest: &str) -> Option<(char, usize)> {
    let letter = rest[1..].chars().next()?;
    let hexadecimal = |digits: usize| {
        let code = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
        Some((char::from_u32(code)?, 2 + digits))
    };
    match letter {
        'n' => Some(('\n', 2)),
        't' => Some(('\t', 2)),
        'r' => Some(('\r', 2)),
        '0' => Some(('\0', 2)),
        'x' => hexadecimal(2),
        'u' => hexadecimal(4),
        'U' => hexadecimal(8),
        '\n' | '\r' => None,
        other => Some((other, 1 + other.len_utf8())),
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[track_caller]
    fn check(source: &str, value: &str, word: &str) {
        let start = value.find(word).expect("the word is in the value");
        let found = find(source, value, start..start + word.len()).map(|range| &source[range]);
        assert_eq!(found, Some(word), "in {source:?}");
    }

    #[test]
    fn words_are_found_in_every_style() {
        check("plain words here", "plain words here", "words");
        check("plain\n    words\n    here", "plain words here", "here");
        check("'it''s wrod && x'", "it's wrod && x", "wrod");
        check("\"a == \\\"b\\\" && wrod\"", "a == \"b\" && wrod", "wrod");
        check("\"a\\u00e9\\x41 wrod\"", "aéA wrod", "wrod");
        check("\"a \\\n   wrod\"", "a wrod", "wrod");
        check("|\n    a &&\n      wrod\n", "a &&\n  wrod\n", "wrod");
        check(">-\n    a &&\n    wrod é\n\n    next", "a && wrod é\nnext", "next");
        check("|2-\r\n  a\r\n  wrod", "a\nwrod", "wrod");
    }

    #[test]
    fn a_part_at_the_end_is_a_place_too() {
        assert_eq!(find("'a b'", "a b", 3..3), Some(4..4));
        assert_eq!(find("|\n  a b\n", "a b", 3..3), Some(7..7));
        assert_eq!(find("", "", 0..0), Some(0..0));
    }

    #[test]
    fn what_does_not_align_is_not_found() {
        assert_eq!(find("other", "words", 1..2), None);
    }
}
