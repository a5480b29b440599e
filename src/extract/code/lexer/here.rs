//! Here-documents: a mark announces a word, and the text stands from the next line to the one that the word ends.

use memchr::memchr;

use super::literal::{LONGEST_MARK, MOST_FAILED_SEARCHES};
use super::{Lexer, Sink};
use crate::discover::language::HereMark;

impl<S: Sink> Lexer<'_, '_, S> {
    /// Remembers the word of a here-document; the text comes after this line.
    pub(super) fn here_mark(&mut self, mark: HereMark) -> bool {
        let bytes = self.bytes;
        // No mark has more; a file of nothing else is looked through once and not for each of them.
        let angles = bytes[self.at..].iter().take(4).take_while(|&&byte| byte == b'<').count();
        if angles != if mark == HereMark::ThreeAngles { 3 } else { 2 } || self.failed_searches >= MOST_FAILED_SEARCHES {
            return false;
        }
        let mut at = self.at + angles;
        at += usize::from(matches!(bytes.get(at), Some(b'-' | b'~')));
        if mark != HereMark::TwoAngles {
            at += bytes[at..].iter().take_while(|&&byte| byte == b' ').count();
        }
        let quote = bytes.get(at).copied().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
        at += usize::from(quote.is_some());
        let length =
            bytes[at..].iter().take(LONGEST_MARK).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let word = &bytes[at..at + length];
        if word.first().is_none_or(u8::is_ascii_digit) || quote.is_some_and(|quote| bytes.get(at + length) != Some(&quote)) {
            return false;
        }
        self.here.push((word, mark));
        self.short_literal(at + length + usize::from(quote.is_some()))
    }

    /// The texts of the here-documents that the line before announced.
    pub(super) fn here_documents(&mut self) {
        for (word, mark) in std::mem::take(&mut self.here) {
            if self.failed_searches >= MOST_FAILED_SEARCHES {
                return;
            }
            match self.here_end(word, mark) {
                Some(end) => {
                    self.long_literal(end);
                }
                // No such line: it was an operator, or the file is cut off.
                None => self.failed_searches += 1,
            }
        }
    }

    /// The end of the word on the first line that it stands on alone; in PHP, that it begins.
    fn here_end(&self, word: &[u8], mark: HereMark) -> Option<usize> {
        let is_end = |rest: &[u8]| match mark {
            HereMark::ThreeAngles => rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_'),
            _ => rest.is_empty() || rest.starts_with(b"\n") || rest.starts_with(b"\r\n"),
        };
        let mut at = self.at;
        loop {
            let line = self.bytes.get(at..)?;
            let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let text = &line[blanks..];
            if text.strip_prefix(word).is_some_and(is_end) {
                return Some(at + blanks + word.len());
            }
            at += memchr(b'\n', line)? + 1;
        }
    }
}
