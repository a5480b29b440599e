//! Literals: from a mark to where the language says that they end.
//!
//! What is looked for is found by its rarest byte and never twice; a search that may run to the end of the text in vain gives up for
//! good when it has failed too often.

use memchr::{memchr, memchr2, memchr3};

use super::embedded::{BACKSLASH, Text};
use super::{Lexer, Sink};
use crate::discover::language::{Escape, Hole, Literal};

/// Templates in templates beyond this depth are read as plain text.
const DEEPEST_TEMPLATE: usize = 64;
/// After so many marks of here-documents and delimited literals without an end, none is looked for: that keeps time linear.
pub(super) const MOST_FAILED_SEARCHES: u32 = 16;
/// A character literal is no longer than this: `'\u{10FFFF}'`.
const LONGEST_CHARACTER: usize = 14;
/// The mark of a raw or dollar-quoted literal is no longer than this.
pub(super) const LONGEST_MARK: usize = 64;

impl<S: Sink> Lexer<'_, '_, S> {
    pub(super) fn literal(&mut self, literal: &Literal) -> bool {
        match literal {
            Literal::Quoted { open, close, escape, multi_line } => {
                if !self.has(open) {
                    return false;
                }
                let from = self.at + open.len();
                if *multi_line {
                    self.long_literal(self.quoted_end(close.as_bytes(), *escape, from).unwrap_or(self.bytes.len()))
                } else {
                    self.line_literal(self.quoted_line_end(close.as_bytes(), *escape, from))
                }
            }
            Literal::Character => self.character_end().is_some_and(|end| self.short_literal(end)),
            Literal::Marked(mark) => {
                if !self.has(mark) || *mark == "?" && !self.is_character_mark() {
                    return false;
                }
                let mut end = self.at + mark.len();
                // What a backslash quotes is one more byte, unless the backslash is the mark.
                if *mark != "\\" && self.bytes.get(end) == Some(&b'\\') {
                    end += 1;
                }
                // A line's end stays a line's end, and a character stays whole.
                end += usize::from(self.bytes.get(end).is_some_and(|&byte| byte != b'\n'));
                end += self.bytes[end..].iter().take_while(|&&byte| matches!(byte, 0x80..0xC0)).count();
                self.short_literal(end)
            }
            Literal::Template => self.template(self.at + 1),
            Literal::Holed { open, close, escape, multi_line, hole } => {
                let triple = open.len() == 3 && open.bytes().all(|byte| byte == *close);
                let text = Text { closes: *close, triple, opens: None, escape: *escape, multi_line: *multi_line, hole: *hole };
                // Variables of Ruby are named `$'`, `$"` and so on.
                let is_name = matches!(hole, Hole::Hash | Hole::None) && self.bytes[..self.at].ends_with(b"$");
                if is_name || !self.has(open) {
                    return false;
                }
                let end = self.holed_end(open, text);
                self.long_literal(end)
            }
            Literal::Apostrophe => !self.is_in_word() && self.line_literal(self.quoted_line_end(b"'", BACKSLASH, self.at + 1)),
            Literal::Name => self.name(),
            Literal::Regex => self.may_begin_value() && self.regex_end().is_some_and(|end| self.short_literal(end)),
            Literal::CommandRegex => self.command_regex_end().is_some_and(|end| self.long_literal(end)),
            Literal::Percent => self.percent_end().is_some_and(|end| self.long_literal(end)),
            Literal::Sigil => self.sigil_end().is_some_and(|end| self.long_literal(end)),
            Literal::Markup => self.markup(),
            Literal::RawHashes => self.raw_hashes_end().is_some_and(|end| self.long_literal(end)),
            Literal::ExtendedHashes => self.extended_hashes_end().is_some_and(|end| self.long_literal(end)),
            Literal::RawQuotes => self.raw_quotes_end().is_some_and(|end| self.long_literal(end)),
            Literal::RawTriple => self.raw_triple_end().is_some_and(|end| self.long_literal(end)),
            Literal::RawDelimited => self.raw_delimited_end().is_some_and(|end| self.long_literal(end)),
            Literal::LongBrackets => self.long_bracket(self.at).is_some_and(|end| self.long_literal(end)),
            Literal::DollarQuoted => self.dollar_quoted_end().is_some_and(|end| self.long_literal(end)),
            Literal::HereDocument(mark) => self.here_mark(*mark),
        }
    }

    pub(super) fn quoted_end(&self, close: &[u8], escape: Escape, from: usize) -> Option<usize> {
        let bytes = self.bytes;
        let mut at = from;
        loop {
            at += match escape {
                Escape::With(escape) => memchr2(close[0], escape, bytes.get(at..)?)?,
                _ => memchr(close[0], bytes.get(at..)?)?,
            };
            if escape == Escape::With(bytes[at]) {
                at += 2;
            } else if !bytes[at..].starts_with(close) {
                at += 1;
            } else if escape == Escape::Doubled && bytes[at + close.len()..].starts_with(close) {
                at += 2 * close.len();
            } else {
                return Some(at + close.len());
            }
        }
    }

    /// The same for a literal that ends with its line at the latest, and whether a backslash continues it on the next one. Most are
    /// short, so bytes are looked at one by one.
    pub(super) fn quoted_line_end(&self, close: &[u8], escape: Escape, from: usize) -> (usize, bool) {
        let bytes = self.bytes;
        let mut at = from;
        let mut spans_lines = false;
        while let Some(&byte) = bytes.get(at) {
            if byte == b'\n' {
                return (at, spans_lines);
            } else if escape == Escape::With(byte) {
                let quoted = &bytes[at + 1..];
                let line_end = if quoted.starts_with(b"\r\n") { 2 } else { usize::from(quoted.starts_with(b"\n")) };
                spans_lines |= line_end > 0;
                at += 1 + line_end.max(1);
            } else if byte == close[0] && bytes[at..].starts_with(close) {
                at += close.len();
                if escape != Escape::Doubled || !bytes[at..].starts_with(close) {
                    return (at, spans_lines);
                }
                at += close.len();
            } else {
                at += 1;
            }
        }
        (bytes.len(), spans_lines)
    }

    fn line_literal(&mut self, (end, spans_lines): (usize, bool)) -> bool {
        if spans_lines { self.long_literal(end) } else { self.short_literal(end) }
    }

    /// Whether the quote here stands in a word, or right after code in a text (`{name}'s`), so that it is an apostrophe.
    fn is_in_word(&self) -> bool {
        const WORDS: [&[u8]; 20] = [
            b"return", b"typeof", b"case", b"in", b"of", b"delete", b"void", b"throw", b"await", b"yield", b"from", b"import",
            b"else", b"default", b"as", b"extends", b"keyof", b"get", b"set", b"static",
        ];
        if self.bytes[..self.at].ends_with(b"}") {
            return true;
        }
        let before = self.bytes[..self.at].iter().rev().take(8);
        let length = before.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..)).count();
        length > 0 && !WORDS.contains(&&self.bytes[self.at - length..self.at])
    }

    /// A name between backticks is code as a whole.
    fn name(&mut self) -> bool {
        let rest = &self.bytes[self.at + 1..];
        let Some(length) = memchr2(b'`', b'\n', rest).filter(|&length| rest[length] == b'`') else { return false };
        self.code(self.at, self.at + length + 2);
        self.at += length + 2;
        true
    }

    /// The end of `'x'` or `'\…'` here.
    fn character_end(&self) -> Option<usize> {
        let rest = &self.bytes[self.at + 1..];
        match *rest.first()? {
            b'\\' => {
                // The byte after the backslash may be a quote itself.
                let tail = rest.get(2..).filter(|_| rest[1] != b'\n')?;
                let length = tail.iter().take(LONGEST_CHARACTER).position(|&byte| matches!(byte, b'\'' | b'\n'))?;
                (tail[length] == b'\'').then_some(self.at + 1 + 2 + length + 1)
            }
            b'\'' | b'\n' => None,
            first => {
                let width = match first {
                    0..0xC0 => 1,
                    0xC0..0xE0 => 2,
                    0xE0..0xF0 => 3,
                    _ => 4,
                };
                (rest.get(width) == Some(&b'\'')).then_some(self.at + 1 + width + 1)
            }
        }
    }

    /// Text of a template from `from` (its mark or brace included from `self.at` on), up to its end or to code inside of it.
    fn template(&mut self, from: usize) -> bool {
        let bytes = self.bytes;
        let mut at = from;
        while let Some(length) = memchr3(b'`', b'\\', b'$', bytes.get(at..).unwrap_or_default()) {
            at += length;
            match bytes[at] {
                b'`' => return self.long_literal(at + 1),
                b'\\' => at += 2,
                _ if bytes.get(at + 1) == Some(&b'{') && self.templates.len() < DEEPEST_TEMPLATE => {
                    self.templates.push(0);
                    return self.long_literal(at + 2);
                }
                _ => at += 1,
            }
        }
        self.long_literal(bytes.len())
    }

    pub(super) fn brace(&mut self, byte: u8) {
        let depth = self.templates.last_mut().expect("braces are looked for inside of templates only");
        if byte == b'{' {
            *depth += 1;
        } else if *depth > 0 {
            *depth -= 1;
        } else {
            self.templates.pop();
            self.template(self.at + 1);
            return;
        }
        self.code(self.at, self.at + 1);
        self.at += 1;
    }

    /// The end of a regular expression here, if it ends on its line.
    fn regex_end(&mut self) -> Option<usize> {
        if self.at < self.no_regex_before {
            return None;
        }
        let mut in_class = false;
        let mut at = self.at + 1;
        loop {
            match self.bytes.get(at) {
                None | Some(b'\n') => {
                    self.no_regex_before = at;
                    return None;
                }
                Some(byte) => match byte {
                    b'\\' if self.bytes.get(at + 1) != Some(&b'\n') => at += 1,
                    b'[' => in_class = true,
                    b']' => in_class = false,
                    b'/' if !in_class => break,
                    _ => {}
                },
            }
            at += 1;
        }
        let flags = self.bytes[at + 1..].iter().take(16).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let (flags, rest) = self.bytes[at + 1..].split_at(flags);
        // `</b>` and `/>` of tags, with text between.
        let is_tag = self.bytes[at - 1] == b'<' && rest.starts_with(b">")
            || self.bytes[self.at + 1] == b'>' && self.before().ends_with(b"}");
        if is_tag || !flags.iter().all(|flag| b"dgimsuvyx".contains(flag)) {
            self.no_regex_before = at;
            return None;
        }
        Some(at + 1)
    }

    /// The text up to the last code or literal before this place.
    fn before(&self) -> &[u8] {
        self.bytes[..self.last_end].trim_ascii_end()
    }

    /// Tells a value from an operator by what stands before. After a word or a closing bracket `/` divides, and `</` closes a tag.
    pub(super) fn may_begin_value(&self) -> bool {
        const WORDS: [&[u8]; 12] =
            [b"return", b"typeof", b"case", b"in", b"of", b"delete", b"void", b"throw", b"new", b"await", b"yield", b"when"];
        let before = self.before();
        let Some(&last) = before.last() else { return true };
        if before.ends_with(b"++") || before.ends_with(b"--") {
            // After a value these belong to it.
            return !before[..before.len() - 2]
                .last()
                .is_some_and(|&byte| byte.is_ascii_alphanumeric() || b"_$)]".contains(&byte));
        }
        match last {
            b'(' | b',' | b'=' | b':' | b'[' | b'!' | b'&' | b'|' | b'?' | b'{' | b'}' | b';' | b'+' | b'-' | b'*' | b'%'
            | b'~' | b'^' => true,
            b'>' => before.ends_with(b"=>"),
            b'<' => before.len() < self.at,
            b'a'..=b'z' => {
                let tail = &before[before.len().saturating_sub(8)..];
                let start = tail.iter().rposition(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'$' | b'.'));
                WORDS.contains(&&tail[start.map_or(0, |at| at + 1)..])
            }
            _ => false,
        }
    }

    fn hashes_before(&self) -> usize {
        self.bytes[..self.at].iter().rev().take_while(|&&byte| byte == b'#').count()
    }

    /// `close`, followed by as many `#`.
    fn hashed_end(&self, close: &[u8], hashes: usize, from: usize) -> usize {
        let mut at = from;
        while let Some(end) = self.find_close(close, at) {
            let tail = &self.bytes[end..];
            if tail.len() >= hashes && tail[..hashes].iter().all(|&byte| byte == b'#') {
                return end + hashes;
            }
            at = end - close.len() + 1;
        }
        self.bytes.len()
    }

    /// At the quote of `r#"`.
    fn raw_hashes_end(&self) -> Option<usize> {
        let hashes = self.hashes_before();
        let before = self.bytes[..self.at - hashes].strip_suffix(b"r")?;
        let before = before.strip_suffix(b"b").or(before.strip_suffix(b"c")).unwrap_or(before);
        let is_word = before.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        (!is_word).then(|| self.hashed_end(b"\"", hashes, self.at + 1))
    }

    /// At the quote of `#"`.
    fn extended_hashes_end(&self) -> Option<usize> {
        let hashes = self.hashes_before();
        let close: &[u8] = if self.has("\"\"\"") { b"\"\"\"" } else { b"\"" };
        (hashes > 0).then(|| self.hashed_end(close, hashes, self.at + close.len()))
    }

    fn raw_quotes_end(&self) -> Option<usize> {
        let quotes = self.bytes[self.at..].iter().take_while(|&&byte| byte == b'"').count();
        if quotes < 3 {
            return None;
        }
        let mut at = self.at + quotes;
        loop {
            let Some(length) = memchr(b'"', &self.bytes[at..]) else { return Some(self.bytes.len()) };
            at += length;
            let run = self.bytes[at..].iter().take_while(|&&byte| byte == b'"').count();
            at += run;
            if run >= quotes {
                return Some(at);
            }
        }
    }

    /// The quotes at the end belong to the text but for the last three.
    fn raw_triple_end(&self) -> Option<usize> {
        if !self.has("\"\"\"") {
            return None;
        }
        let end = self.find_close(b"\"\"\"", self.at + 3).unwrap_or(self.bytes.len());
        Some(end + self.bytes[end..].iter().take_while(|&&byte| byte == b'"').count())
    }

    /// At the quote of `R"mark(`.
    fn raw_delimited_end(&mut self) -> Option<usize> {
        self.bytes[..self.at].strip_suffix(b"R")?;
        let rest = &self.bytes[self.at + 1..];
        let length = rest.iter().take(LONGEST_MARK).position(|byte| matches!(byte, b'(' | b'"' | b'\n' | b' '))?;
        if rest[length] != b'(' {
            return None;
        }
        let close = [b")", &rest[..length], b"\""].concat();
        self.search(&close, self.at + 1 + length + 1)
    }

    /// A search that gives up for good when it fails too often.
    pub(super) fn search(&mut self, close: &[u8], from: usize) -> Option<usize> {
        if self.failed_searches >= MOST_FAILED_SEARCHES {
            return None;
        }
        let end = self.find_close(close, from);
        self.failed_searches += u32::from(end.is_none());
        end
    }

    /// The end of `[[…]]` or `[==[…]==]` that begins at `at`.
    pub(super) fn long_bracket(&self, at: usize) -> Option<usize> {
        let rest = self.bytes.get(at..)?.strip_prefix(b"[")?;
        let level = rest.iter().take(LONGEST_MARK).take_while(|&&byte| byte == b'=').count();
        if rest.get(level) != Some(&b'[') {
            return None;
        }
        let mut close = [b'='; LONGEST_MARK + 2];
        close[0] = b']';
        close[level + 1] = b']';
        Some(self.find_close(&close[..level + 2], at + level + 2).unwrap_or(self.bytes.len()))
    }

    fn dollar_quoted_end(&mut self) -> Option<usize> {
        let bytes = self.bytes;
        let rest = &bytes[self.at + 1..];
        let length = rest.iter().take(LONGEST_MARK).position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')?;
        if rest[length] != b'$' || rest[0].is_ascii_digit() {
            return None;
        }
        let mark = &bytes[self.at..self.at + length + 2];
        self.search(mark, self.at + mark.len())
    }
}
