//! Text of linted files made harmless for a terminal.
//!
//! Names and contents of files are written by others: an escape sequence in them could recolour, hide or rewrite what a
//! person reads, and a change of writing direction could show code in another order than it has.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// What is shown instead of a character that a terminal would obey; None when it may be shown as it is.
pub fn tamed(character: char, unicode: bool) -> Option<char> {
    let shown = match character {
        ' '..='~' => return None,
        '\0'..='\u{1F}' => char::from_u32(0x2400 + character as u32).unwrap_or('\u{FFFD}'),
        '\u{7F}' => '\u{2421}',
        // The second block of controls, marks of direction, separators of lines, and characters without any width,
        // except the joiners that emoji need.
        '\u{80}'..='\u{9F}'
        | '\u{AD}'
        | '\u{61C}'
        | '\u{180E}'
        | '\u{200B}'
        | '\u{200E}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}' => '\u{FFFD}',
        _ if unicode => return None,
        _ => '?',
    };
    Some(if unicode { shown } else { '?' })
}

/// A text as one harmless line: line breaks and tabs become spaces.
pub fn line(text: &str, unicode: bool) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let shown = |character| match character {
        '\n' | '\t' => ' ',
        other => tamed(other, unicode).unwrap_or(other),
    };
    Cow::Owned(text.replace("\r\n", "\n").chars().map(shown).collect())
}

/// How many columns a text takes.
pub fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(|character| character.width().unwrap_or(0)).sum() }
}

/// Breaks one line at spaces into a first line of at most `first` columns and others of at most `width`, where words allow it.
///
/// A line never begins with `::`, which a log reader of a CI server could take for a command.
pub fn wrap(text: &str, first: usize, width: usize) -> Vec<Cow<'_, str>> {
    if columns(text) <= first {
        return vec![Cow::Borrowed(text)];
    }
    let mut lines: Vec<Cow<str>> = Vec::new();
    let (mut start, mut taken, mut end) = (0, 0, 0);
    for word in text.split_inclusive(' ') {
        let word_width = columns(word.trim_end_matches(' '));
        let room = if lines.is_empty() { first } else { width };
        if taken > 0 && taken + word_width > room && !word.starts_with("::") {
            lines.push(Cow::Borrowed(text[start..end].trim_end_matches(' ')));
            (start, taken) = (end, 0);
        }
        taken += columns(word);
        end += word.len();
    }
    lines.push(Cow::Borrowed(text[start..].trim_end_matches(' ')));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown_as_a_sign() {
        assert_eq!(line("a\x1b[31mb\x07", true), "a␛[31mb␇");
        assert_eq!(line("a\u{202E}b\u{9B}31m", true), "a\u{FFFD}b\u{FFFD}31m");
        assert_eq!(line("one\r\ntwo\tthree", true), "one two three");
        assert_eq!(line("naïve 日本 👩‍🔧", true), "naïve 日本 👩‍🔧");
        assert_eq!(line("naïve\x1b", false), "na?ve?");
    }

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrap("one two three four", 9, 9), ["one two", "three", "four"]);
        assert_eq!(wrap("unbreakable-word and", 8, 8), ["unbreakable-word", "and"]);
        assert_eq!(wrap("日本 日本 日本", 9, 9), ["日本 日本", "日本"]);
        assert_eq!(wrap("one two three four", 12, 5), ["one two", "three", "four"]);
        assert_eq!(wrap("", 8, 8), [""]);
        assert_eq!(wrap("a name ::stop-commands::x ends", 10, 10), ["a name ::stop-commands::x", "ends"]);
    }
}
