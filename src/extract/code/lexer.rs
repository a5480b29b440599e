//! One pass over program text: code, literals, comments and line ends, for every language of the table.
//!
//! Bytes come in; a [`Sink`] is told of each piece in order. The pieces cover the text but for blanks. Time is linear in the text, whatever
//! it holds, and what does not close ends where its language says or at the end of the text.
//!
//! How this grows: code comes as runs between literals, comments and line ends, so that counting lines costs next to nothing. A
//! reader of tokens is another sink, which splits the runs it is given into words, operators and brackets; it needs no second
//! lexer, and comments and strings are already right. Code inside of a template (`${…}`) already comes as code.

use memchr::{memchr, memchr2, memchr3};

use super::lexicon::{BLANK, BRACE, Lexicon, NEWLINE, PLAIN, Rule};
use crate::discover::language::{BlockComment, Escape, HereMark, Language, LineComment, Literal, Place};

/// Is told of the pieces of a text, in order; ranges are bytes.
pub trait Sink {
    /// A run of code on one line; blanks may follow in it.
    fn code(&mut self, start: usize, end: usize);
    /// A literal, with its marks. Only one that `spans_lines` can hold line ends.
    fn literal(&mut self, start: usize, end: usize, spans_lines: bool);
    /// A comment, with its marks and without its line's end.
    fn comment(&mut self, start: usize, end: usize, spans_lines: bool);
    /// A line feed outside of literals and comments.
    fn line_end(&mut self, at: usize);
}

/// Reads a text of the language into the sink.
pub fn read(language: Language, bytes: &[u8], sink: &mut impl Sink) {
    let lexicon = Lexicon::of(language);
    Lexer { bytes, lexicon, sink, at: 0, templates: Vec::new(), here: Vec::new(), failed_searches: 0, no_regex_before: 0 }.run();
}

/// Templates in templates beyond this depth are read as plain text.
const DEEPEST_TEMPLATE: usize = 64;
/// After so many marks of here-documents and delimited literals without an end, none is looked for: that keeps time linear.
const MOST_FAILED_SEARCHES: u32 = 16;
/// A character literal is no longer than this: `'\u{10FFFF}'`.
const LONGEST_CHARACTER: usize = 14;
/// The mark of a raw or dollar-quoted literal is no longer than this.
const LONGEST_MARK: usize = 64;

struct Lexer<'b, 's, S> {
    bytes: &'b [u8],
    lexicon: &'static Lexicon,
    sink: &'s mut S,
    at: usize,
    /// For each template whose code is being read: how many braces are open in it.
    templates: Vec<u32>,
    /// Words that end the here-documents announced on this line.
    here: Vec<&'b [u8]>,
    failed_searches: u32,
    /// A `/` before this offset is an operator: one on the same line was tried and does not end on it.
    no_regex_before: usize,
}

impl<S: Sink> Lexer<'_, '_, S> {
    fn run(&mut self) {
        let bytes = self.bytes;
        loop {
            let classes = if self.templates.is_empty() { &self.lexicon.classes } else { &self.lexicon.classes_in_template };
            let rest = &bytes[self.at..];
            let blanks = rest.iter().position(|&byte| classes[byte as usize] != BLANK).unwrap_or(rest.len());
            let start = self.at + blanks;
            let rest = &rest[blanks..];
            let run = rest.iter().position(|&byte| classes[byte as usize] > PLAIN).unwrap_or(rest.len());
            self.at = start + run;
            if run > 0 {
                self.sink.code(start, self.at);
            }
            let Some(&byte) = bytes.get(self.at) else { return };
            match classes[byte as usize] {
                NEWLINE => {
                    self.sink.line_end(self.at);
                    self.at += 1;
                    if !self.here.is_empty() {
                        self.here_documents();
                    }
                }
                BRACE => self.brace(byte),
                class => self.apply(class),
            }
        }
    }

    /// Something may begin here; if nothing does, the byte is code.
    fn apply(&mut self, class: u8) {
        let begun = self.lexicon.rules(class).iter().any(|rule| match rule {
            Rule::Line(comment) => self.line_comment(comment),
            Rule::Block(comment) => self.block_comment(comment),
            Rule::Literal(literal) => self.literal(literal),
        });
        if !begun {
            self.sink.code(self.at, self.at + 1);
            self.at += 1;
        }
    }

    fn has(&self, mark: &str) -> bool {
        self.bytes[self.at..].starts_with(mark.as_bytes())
    }

    /// The end of the current line: its line feed, or the end of the text.
    fn line_end(&self) -> usize {
        memchr(b'\n', &self.bytes[self.at..]).map_or(self.bytes.len(), |length| self.at + length)
    }

    fn is_line_start(&self) -> bool {
        let before = self.bytes[..self.at].iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
        before.is_none_or(|&byte| byte == b'\n')
    }

    /// The piece from here to `end` is a literal that may hold line ends.
    fn long_literal(&mut self, end: usize) -> bool {
        self.sink.literal(self.at, end, true);
        self.at = end;
        true
    }

    fn short_literal(&mut self, end: usize) -> bool {
        self.sink.literal(self.at, end, false);
        self.at = end;
        true
    }

    fn line_comment(&mut self, comment: &LineComment) -> bool {
        let in_place = || match comment.at {
            Place::Anywhere => true,
            Place::WordStart => {
                self.at == 0 || matches!(self.bytes[self.at - 1], b' ' | b'\t' | b'\n' | b'\r' | b';' | b'(' | b'|' | b'&')
            }
            Place::LineStart => self.is_line_start(),
        };
        if !self.has(comment.mark) || !in_place() {
            return false;
        }
        if self.lexicon.long_brackets
            && let Some(end) = self.long_bracket(self.at + comment.mark.len())
        {
            self.sink.comment(self.at, end, true);
            self.at = end;
            return true;
        }
        let end = self.line_end();
        self.sink.comment(self.at, end, false);
        self.at = end;
        true
    }

    fn block_comment(&mut self, comment: &BlockComment) -> bool {
        // `(*)` is an operator where `(*` begins a comment.
        if !self.has(comment.open) || (comment.at_line_start && !self.begins_line()) || (comment.open == "(*" && self.has("(*)"))
        {
            return false;
        }
        let from = self.at + comment.open.len();
        let end = match (comment.nested, comment.at_line_start) {
            (true, _) => self.nested_end(comment, from),
            (_, true) => self.line_mark_end(comment.close, from),
            _ => self.find_close(comment.close.as_bytes(), from),
        };
        let end = end.unwrap_or(self.bytes.len());
        self.sink.comment(self.at, end, true);
        self.at = end;
        true
    }

    fn begins_line(&self) -> bool {
        self.at == 0 || self.bytes[self.at - 1] == b'\n'
    }

    /// Where `close` ends that begins at `from` or later. It is found by its last byte, which is the rarer one.
    fn find_close(&self, close: &[u8], from: usize) -> Option<usize> {
        let (&last, head) = close.split_last()?;
        let mut at = from + head.len();
        loop {
            at += memchr(last, self.bytes.get(at..)?)?;
            if self.bytes[..at].ends_with(head) {
                return Some(at + 1);
            }
            at += 1;
        }
    }

    fn nested_end(&self, comment: &BlockComment, from: usize) -> Option<usize> {
        let (open, close) = (comment.open.as_bytes(), comment.close.as_bytes());
        let mut depth = 1;
        let mut at = from;
        loop {
            at += memchr2(open[0], close[0], &self.bytes[at..])?;
            let rest = &self.bytes[at..];
            if rest.starts_with(close) {
                depth -= 1;
                at += close.len();
                if depth == 0 {
                    return Some(at);
                }
            } else if rest.starts_with(open) {
                depth += 1;
                at += open.len();
            } else {
                at += 1;
            }
        }
    }

    /// The end of the line that begins with `mark`.
    fn line_mark_end(&self, mark: &str, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at += memchr(b'\n', &self.bytes[at..])? + 1;
            if self.bytes[at..].starts_with(mark.as_bytes()) {
                return Some(memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |length| at + length));
            }
        }
    }

    fn literal(&mut self, literal: &Literal) -> bool {
        match literal {
            Literal::Quoted { open, close, escape, multi_line } => {
                if !self.has(open) {
                    return false;
                }
                let from = self.at + open.len();
                if *multi_line {
                    self.long_literal(self.quoted_end(close.as_bytes(), *escape, from).unwrap_or(self.bytes.len()))
                } else {
                    self.short_literal(self.quoted_line_end(close.as_bytes(), *escape, from))
                }
            }
            Literal::Character => self.character_end().is_some_and(|end| self.short_literal(end)),
            Literal::Marked(mark) => {
                if !self.has(mark) {
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
            Literal::Regex => self.regex_end().is_some_and(|end| self.short_literal(end)),
            Literal::RawHashes => self.raw_hashes_end().is_some_and(|end| self.long_literal(end)),
            Literal::ExtendedHashes => self.extended_hashes_end().is_some_and(|end| self.long_literal(end)),
            Literal::RawQuotes => self.raw_quotes_end().is_some_and(|end| self.long_literal(end)),
            Literal::RawDelimited => self.raw_delimited_end().is_some_and(|end| self.long_literal(end)),
            Literal::LongBrackets => self.long_bracket(self.at).is_some_and(|end| self.long_literal(end)),
            Literal::DollarQuoted => self.dollar_quoted_end().is_some_and(|end| self.long_literal(end)),
            Literal::HereDocument(mark) => self.here_mark(*mark),
        }
    }

    fn quoted_end(&self, close: &[u8], escape: Escape, from: usize) -> Option<usize> {
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

    /// The same for a literal that ends with its line at the latest. Most are short, so bytes are looked at one by one.
    fn quoted_line_end(&self, close: &[u8], escape: Escape, from: usize) -> usize {
        let bytes = self.bytes;
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            if byte == b'\n' {
                return at;
            } else if escape == Escape::With(byte) {
                // A backslash before the line's end continues the literal on the next line, which then is read as one of its own.
                at += if bytes.get(at + 1) == Some(&b'\n') { 1 } else { 2 };
            } else if byte == close[0] && bytes[at..].starts_with(close) {
                at += close.len();
                if escape != Escape::Doubled || !bytes[at..].starts_with(close) {
                    return at;
                }
                at += close.len();
            } else {
                at += 1;
            }
        }
        bytes.len()
    }

    /// The end of `'x'` or `'\…'` here.
    fn character_end(&self) -> Option<usize> {
        let rest = &self.bytes[self.at + 1..];
        match *rest.first()? {
            b'\\' => {
                // The byte after the backslash may be a quote itself.
                let tail = rest.get(2..)?;
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

    fn brace(&mut self, byte: u8) {
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
        self.sink.code(self.at, self.at + 1);
        self.at += 1;
    }

    /// The end of a regular expression here, if a value may begin here and it ends on its line.
    fn regex_end(&mut self) -> Option<usize> {
        if self.at < self.no_regex_before || !self.may_begin_value() {
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
                    b'/' if !in_class => return Some(at + 1),
                    _ => {}
                },
            }
            at += 1;
        }
    }

    /// Tells a value from an operator by what stands before. After a word or a closing bracket `/` divides, and `</` closes a tag.
    fn may_begin_value(&self) -> bool {
        const WORDS: [&[u8]; 12] =
            [b"return", b"typeof", b"case", b"in", b"of", b"delete", b"void", b"throw", b"new", b"await", b"yield", b"when"];
        let before = self.bytes[..self.at].trim_ascii_end();
        let Some(&last) = before.last() else { return true };
        match last {
            b'(' | b',' | b'=' | b':' | b'[' | b'!' | b'&' | b'|' | b'?' | b'{' | b'}' | b';' | b'+' | b'-' | b'*' | b'%'
            | b'~' | b'^' => true,
            b'>' => before.ends_with(b"=>"),
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
    fn search(&mut self, close: &[u8], from: usize) -> Option<usize> {
        if self.failed_searches >= MOST_FAILED_SEARCHES {
            return None;
        }
        let end = self.find_close(close, from);
        self.failed_searches += u32::from(end.is_none());
        end
    }

    /// The end of `[[…]]` or `[==[…]==]` that begins at `at`.
    fn long_bracket(&self, at: usize) -> Option<usize> {
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

    /// Remembers the word of a here-document; the text comes after this line.
    fn here_mark(&mut self, mark: HereMark) -> bool {
        let bytes = self.bytes;
        let angles = bytes[self.at..].iter().take_while(|&&byte| byte == b'<').count();
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
        self.here.push(word);
        self.short_literal(at + length + usize::from(quote.is_some()))
    }

    /// The texts of the here-documents that the line before announced.
    fn here_documents(&mut self) {
        for word in std::mem::take(&mut self.here) {
            if self.failed_searches >= MOST_FAILED_SEARCHES {
                return;
            }
            match self.here_end(word) {
                Some(end) => {
                    self.long_literal(end);
                }
                // No such line: it was an operator, or the file is cut off.
                None => self.failed_searches += 1,
            }
        }
    }

    /// The end of the word on the first line that begins with it.
    fn here_end(&self, word: &[u8]) -> Option<usize> {
        let mut at = self.at;
        loop {
            let line = self.bytes.get(at..)?;
            let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let text = &line[blanks..];
            if text.starts_with(word) && text.get(word.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_') {
                return Some(at + blanks + word.len());
            }
            at += memchr(b'\n', line)? + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes the pieces one to a line, each with a letter for its class.
    #[derive(Default)]
    struct Pieces<'t> {
        text: &'t str,
        shown: String,
        end: usize,
    }

    impl Pieces<'_> {
        fn piece(&mut self, class: char, start: usize, end: usize) {
            assert!(start >= self.end && end >= start, "pieces come in order");
            assert!(self.text[self.end..start].trim().is_empty(), "pieces cover the text");
            self.end = end;
            self.shown.push_str(&format!("{class} {}\n", self.text[start..end].trim_end().replace('\n', "⏎")));
        }
    }

    impl Sink for Pieces<'_> {
        fn code(&mut self, start: usize, end: usize) {
            self.piece('c', start, end);
        }
        fn literal(&mut self, start: usize, end: usize, spans_lines: bool) {
            assert!(spans_lines || !self.text[start..end].contains('\n'));
            self.piece('"', start, end);
        }
        fn comment(&mut self, start: usize, end: usize, spans_lines: bool) {
            assert!(spans_lines || !self.text[start..end].contains('\n'));
            self.piece('#', start, end);
        }
        fn line_end(&mut self, at: usize) {
            assert!(self.text[self.end..at].trim().is_empty());
            self.end = at + 1;
        }
    }

    fn pieces(language: &str, text: &str) -> String {
        let mut pieces = Pieces { text, ..Pieces::default() };
        read(Language::from_name(language).expect("in the table"), text.as_bytes(), &mut pieces);
        assert!(text[pieces.end..].trim().is_empty(), "the last piece ends the text");
        pieces.shown
    }

    fn check(language: &str, text: &str, expected: &[&str]) {
        let shown = pieces(language, text);
        assert_eq!(shown.lines().collect::<Vec<_>>(), expected, "{language}: {text}");
    }

    #[test]
    fn comments_and_literals_hide_each_others_marks() {
        check("Java", "a = \"// no /*\"; // \"yes\"", &["c a =", "\" \"// no /*\"", "c ;", "# // \"yes\""]);
        check("Java", "f(/* \" */ 'x', '\\'');", &["c f(", "# /* \" */", "\" 'x'", "c ,", "\" '\\''", "c );"]);
        check("C", "/*/ still */ x", &["# /*/ still */", "c x"]);
        check("Python", "x = '#' # no", &["c x =", "\" '#'", "# # no"]);
        check("Python", "\"\"\"a\n# b\n\"\"\"\ny", &["\" \"\"\"a⏎# b⏎\"\"\"", "c y"]);
        check("Lua", "--[[ a\nb ]] x -- c", &["# --[[ a⏎b ]]", "c x", "# -- c"]);
        check("Lua", "x = [==[ ]] ]=] ]==] y", &["c x =", "\" [==[ ]] ]=] ]==]", "c y"]);
        check("F#", "let (*) = 1 (* a (* b *) *)", &["c let", "c (", "c *) = 1", "# (* a (* b *) *)"]);
    }

    #[test]
    fn nested_comments_end_where_the_language_says() {
        check("Rust", "/* a /* b */ c */ d", &["# /* a /* b */ c */", "c d"]);
        check("Java", "/* a /* b */ c", &["# /* a /* b */", "c c"]);
        check("Ruby", "=begin\nx\n=end y\nz", &["# =begin⏎x⏎=end y", "c z"]);
        check("Ruby", "a =begin", &["c a", "c =", "c begin"]);
    }

    #[test]
    fn what_does_not_close_ends_with_its_line_or_the_text() {
        check("Go", "x := \"abc\ny", &["c x :=", "\" \"abc", "c y"]);
        check("Go", "x := `abc\n// no", &["c x :=", "\" `abc⏎// no"]);
        check("Java", "x /* abc\ny", &["c x", "# /* abc⏎y"]);
        check("Java", "'", &["c '"]);
        check("JavaScript", "`a${", &["\" `a${"]);
        check("JavaScript", "'a\\", &["\" 'a\\"]);
    }

    #[test]
    fn raw_literals_end_with_their_own_mark() {
        check("Rust", "r#\"a\"b\"# // c", &["c r#", "\" \"a\"b\"#", "# // c"]);
        check(
            "Rust",
            "let a: &'a str = br\"\\\"; '\\u{1F600}'",
            &["c let a: &", "c '", "c a str = br", "\" \"\\\"", "c ;", "\" '\\u{1F600}'"],
        );
        check("Swift", "#\"a\"b\"# + \"c\"", &["c #", "\" \"a\"b\"#", "c +", "\" \"c\""]);
        check("C#", "@\"a\"\"b\\\" + \"\"\"\"x\"\"\"y\"\"\"\"", &["\" @\"a\"\"b\\\"", "c +", "\" \"\"\"\"x\"\"\"y\"\"\"\""]);
        check("C++", "R\"x(a)\" b)x\" c", &["c R", "\" \"x(a)\" b)x\"", "c c"]);
        check("SQL", "$a$ -- $$ $a$ -- x", &["\" $a$ -- $$ $a$", "# -- x"]);
    }

    #[test]
    fn a_slash_divides_or_begins_an_expression() {
        check("JavaScript", "a = /['\"/]/.test(b) // c", &["c a =", "\" /['\"/]/", "c .test(b)", "# // c"]);
        check("JavaScript", "a / b / 'c'", &["c a", "c /", "c b", "c /", "\" 'c'"]);
        check("TypeScript", "return /\"/g", &["c return", "\" /\"/", "c g"]);
        check("TSX", "<a>x</a> // y", &["c <a>x<", "c /", "c a>", "# // y"]);
    }

    #[test]
    fn code_in_a_template_is_code() {
        check(
            "JavaScript",
            "`a ${b({c: `d`})} // e` // f",
            &["\" `a ${", "c b(", "c {", "c c:", "\" `d`", "c }", "c )", "\" } // e`", "# // f"],
        );
    }

    #[test]
    fn a_here_document_is_a_literal() {
        check("Shell", "cat <<-'EOF' > x\n# no\n  EOF\n# yes", &["c cat", "\" <<-'EOF'", "c > x", "\" # no⏎  EOF", "# # yes"]);
        check("Shell", "x=$((a << b))\n# yes", &["c x=$((a", "\" << b", "c ))", "# # yes"]);
        check("Shell", "echo $# ${#a} a#b", &["c echo $", "c #", "c ${", "c #", "c a} a", "c #", "c b"]);
        check("Ruby", "a <<~SQL\n-- '\nSQL\nb", &["c a", "\" <<~SQL", "\" -- '⏎SQL", "c b"]);
    }

    /// Bytes that make the most of a careless lexer, many times over.
    #[test]
    fn hostile_text_is_read_in_every_language() {
        let seeds = [
            "/[", "/*", "*/", "(*", "{-", "\"", "'", "`${", "`", "<<A ", "<<<A\n", "$a$", "$$", "R\"x(", "r#\"", "#\"", "\"\"\"",
            "[[", "--[==[", "--[[", "=begin\n", "\\", "{", "}", "/", " /", "\n#", "#|", "@\"", "'\\", "<!--", "é", "?\\é",
            "\n\"@",
        ];
        for language in Language::all() {
            for seed in seeds {
                pieces(language.name(), &seed.repeat(1_000 / seed.len()));
            }
        }
    }
}
