//! Literals with code inside of them, literals with marks of many kinds (Ruby, Elixir), and markup around the code (PHP).

use memchr::memmem;

use super::literal::MOST_FAILED_SEARCHES;
use super::{Lexer, Sink};
use crate::discover::language::{Escape, Hole};

/// Literals in code in literals beyond this depth are read as plain text.
const DEEPEST_CODE: usize = 32;

pub(super) const BACKSLASH: Escape = Escape::With(b'\\');

/// What is open while the end of a literal with code in it is looked for.
#[derive(Clone, Copy)]
pub(super) enum Open {
    Text(Text),
    /// Code up to `closes`, with `opens` for more of the same.
    Code {
        opens: u8,
        closes: u8,
    },
}

/// Text up to a byte.
#[derive(Clone, Copy)]
pub(super) struct Text {
    pub closes: u8,
    /// True where it takes three of them to close it.
    pub triple: bool,
    /// The byte that opens another one of its kind in it.
    pub opens: Option<u8>,
    pub escape: Escape,
    /// False where it ends with its line at the latest.
    pub multi_line: bool,
    pub hole: Hole,
}

/// A text that is not closed: where that was seen, and whether code was opened in it.
struct Unclosed {
    at: usize,
    has_code: bool,
}

impl<S: Sink> Lexer<'_, '_, S> {
    /// The end of a literal with code in it that begins here; where nothing closes it, that of its line.
    pub(super) fn holed_end(&mut self, open: &str, text: Text) -> usize {
        let from = self.at + open.len();
        let text = Text { hole: self.hole(text.hole, self.at, open), ..text };
        if self.failed_searches < MOST_FAILED_SEARCHES {
            match self.open_end(from, text) {
                Ok(end) => return end,
                // Where the line ends is known, and nothing is read twice.
                Err(unclosed) if !text.multi_line && !unclosed.has_code => return unclosed.at,
                Err(_) => self.failed_searches += 1,
            }
        }
        match text.triple {
            true => self.quoted_end(&[text.closes; 3], text.escape, from).unwrap_or(self.bytes.len()),
            false => self.quoted_line_end(&[text.closes], text.escape, from).0,
        }
    }

    /// Where the text ends that begins at `from`. Gives up for good when it has failed too often.
    fn text_end(&mut self, from: usize, text: Text) -> Option<usize> {
        if self.failed_searches >= MOST_FAILED_SEARCHES {
            return None;
        }
        let end = self.open_end(from, text).ok();
        self.failed_searches += u32::from(end.is_none());
        end
    }

    /// How code is marked in the literal that `open` begins: by braces only where a letter says so.
    fn hole(&self, hole: Hole, at: usize, open: &str) -> Hole {
        let Hole::Brace(letter) = hole else { return hole };
        let beside = |byte: &u8| byte.to_ascii_lowercase() == letter;
        let before = self.bytes[..at].iter().rev().take(2).take_while(|byte| byte.is_ascii_alphabetic() || b"$@".contains(byte));
        if before.into_iter().any(beside) || open.bytes().any(|byte| byte == letter) { hole } else { Hole::None }
    }

    fn open_end(&self, from: usize, text: Text) -> Result<usize, Unclosed> {
        let bytes = self.bytes;
        let mut outer: Vec<Open> = Vec::new();
        let mut open = Open::Text(text);
        let mut has_code = false;
        let mut at = from;
        loop {
            let Some(&byte) = bytes.get(at) else { return Err(Unclosed { at: bytes.len(), has_code }) };
            let next = bytes.get(at + 1).copied().unwrap_or(0);
            let inner = match open {
                Open::Text(text) => {
                    let (length, code) = match (text.hole, byte) {
                        (Hole::Hash, b'#') if next == b'{' => (2, Some((b'{', b'}'))),
                        (Hole::Dollar, b'$') if next == b'{' => (2, Some((b'{', b'}'))),
                        (Hole::BraceDollar, b'{') if next == b'$' => (1, Some((b'{', b'}'))),
                        (Hole::Parenthesis, b'\\') if next == b'(' => (2, Some((b'(', b')'))),
                        (Hole::Brace(_), b'{') if next == b'{' => (2, None),
                        (Hole::Brace(_), b'{') => (1, Some((b'{', b'}'))),
                        (_, byte) if text.escape == Escape::With(byte) => {
                            // A line's end of two bytes is quoted as one.
                            (if next == b'\r' && bytes.get(at + 2) == Some(&b'\n') { 3 } else { 2 }, None)
                        }
                        (_, byte) if byte == text.closes && (!text.triple || bytes[at..].starts_with(&[byte; 3])) => {
                            if text.escape == Escape::Doubled && next == byte {
                                at += 2;
                                continue;
                            }
                            at += if text.triple { 3 } else { 1 };
                            match outer.pop() {
                                Some(inner) => open = inner,
                                None => return Ok(at),
                            }
                            continue;
                        }
                        (_, b'\n') if !text.multi_line => return Err(Unclosed { at, has_code }),
                        (_, byte) if text.opens == Some(byte) => {
                            at += 1;
                            if outer.len() < DEEPEST_CODE {
                                outer.push(open);
                            }
                            continue;
                        }
                        _ => (1, None),
                    };
                    at += length;
                    let Some((opens, closes)) = code else { continue };
                    has_code = true;
                    Open::Code { opens, closes }
                }
                Open::Code { opens, closes } => {
                    at += 1;
                    if byte == closes {
                        open = outer.pop().expect("code stands in a text");
                        continue;
                    }
                    match byte {
                        b'"' | b'\'' | b'`' => {
                            let hole = match text.hole {
                                Hole::Brace(_) => self.hole(text.hole, at - 1, ""),
                                _ if byte == b'\'' => Hole::None,
                                hole => hole,
                            };
                            let triple = text.triple && bytes[at..].starts_with(&[byte; 2]);
                            at += if triple { 2 } else { 0 };
                            Open::Text(Text { closes: byte, triple, opens: None, escape: BACKSLASH, hole, ..text })
                        }
                        b'/' if text.hole == Hole::Hash && begins_argument(&bytes[..at - 1]) => {
                            Open::Text(Text { closes: byte, triple: false, opens: None, escape: BACKSLASH, ..text })
                        }
                        _ if byte == opens => open,
                        _ => continue,
                    }
                }
            };
            if outer.len() < DEEPEST_CODE {
                outer.push(open);
                open = inner;
            }
        }
    }

    /// At `/` in Ruby: the end of a regular expression, if one may begin here. One that cannot be anything else may span lines.
    pub(super) fn command_regex_end(&mut self) -> Option<usize> {
        if self.at < self.no_regex_before {
            return None;
        }
        if self.names_operator() {
            return None;
        }
        let begins_line = self.is_line_start() && !self.bytes[self.at + 1..].starts_with(b" ");
        let certain = self.may_begin_value() || begins_line;
        if !certain && !self.may_begin_argument() {
            return None;
        }
        let line = Text { closes: b'/', triple: false, opens: None, escape: BACKSLASH, multi_line: false, hole: Hole::Hash };
        if certain && let Some(end) = self.text_end(self.at + 1, Text { multi_line: true, ..line }) {
            return Some(end);
        }
        match self.open_end(self.at + 1, line) {
            Ok(end) => Some(end),
            Err(unclosed) => {
                self.no_regex_before = unclosed.at;
                None
            }
        }
    }

    /// Whether an operator is named here: `:/`, `def %(other)`. After the colon of a key (`a:/b/`) a value begins.
    fn names_operator(&self) -> bool {
        let before = &self.bytes[..self.at];
        let is_key = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'"' | b'\'');
        match before.strip_suffix(b":") {
            Some(key) => !key.last().is_some_and(is_key),
            None => before.ends_with(b"def ") || before.ends_with(b"."),
        }
    }

    /// Whether a value may begin here, or the argument of a call without brackets: after a word and a blank, where no blank follows.
    pub(super) fn may_begin_argument(&self) -> bool {
        const WORDS: [&[u8]; 8] = [b"if", b"unless", b"while", b"until", b"and", b"or", b"not", b"elsif"];
        if self.may_begin_value() || self.is_line_start() {
            return true;
        }
        let blanks = self.bytes[..self.at].iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let before = &self.bytes[..self.at - blanks];
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'?' | b'!');
        if blanks == 0 || !before.last().is_some_and(is_word) {
            return false;
        }
        let next_is_blank = self.bytes.get(self.at + 1).is_none_or(|byte| matches!(byte, b' ' | b'=' | b'\n'));
        let word_length = before.iter().rev().take(8).take_while(|byte| is_word(byte)).count();
        !next_is_blank || WORDS.contains(&&before[before.len() - word_length..])
    }

    /// `?x` is a character where no word ends, and none goes on.
    pub(super) fn is_character_mark(&self) -> bool {
        let before = self.at.checked_sub(1).map(|at| self.bytes[at]);
        let after_word =
            before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b')' | b']' | b'}'));
        let rest = &self.bytes[self.at + 1..];
        let is_word = |at: usize| rest.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let stands_alone = rest.first().is_some_and(|byte| !byte.is_ascii_whitespace()) && (!is_word(0) || !is_word(1));
        !after_word && stands_alone
    }

    /// At `%`: the end of `%w[…]`, `%q(…)`, `%(…)`.
    pub(super) fn percent_end(&mut self) -> Option<usize> {
        let rest = &self.bytes[self.at + 1..];
        let kind = rest.first().copied().filter(|byte| b"wWiIqQrxs".contains(byte));
        let mark = *rest.get(usize::from(kind.is_some()))?;
        let is_mark = match kind {
            Some(_) => mark.is_ascii_punctuation(),
            None => matches!(mark, b'(' | b'[' | b'{' | b'<' | b'|'),
        };
        if !is_mark || self.names_operator() || !self.may_begin_argument() {
            return None;
        }
        let code = !matches!(kind, Some(b'w' | b'i' | b'q' | b's'));
        let opens = is_bracket(mark).then_some(mark);
        let text = Text { closes: closer(mark), triple: false, opens, escape: BACKSLASH, multi_line: true, hole: holes(code) };
        self.text_end(self.at + 2 + usize::from(kind.is_some()), text)
    }

    /// At `~`: the end of `~r/…/`, `~s(…)`, `~H"""…"""`, with the letters after it.
    pub(super) fn sigil_end(&mut self) -> Option<usize> {
        let bytes = self.bytes;
        let rest = &bytes[self.at + 1..];
        let letters = rest.iter().take(16).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let mark = *rest.get(letters)?;
        if letters == 0 || !b"/|\"\'([{<".contains(&mark) {
            return None;
        }
        let from = self.at + 1 + letters;
        let triple = [mark; 3];
        let mut end = match matches!(mark, b'"' | b'\'') && bytes[from..].starts_with(&triple) {
            true => self.search(&triple, from + 3)?,
            false => {
                let code = rest[0].is_ascii_lowercase();
                let text = Text {
                    closes: closer(mark),
                    triple: false,
                    opens: None,
                    escape: BACKSLASH,
                    multi_line: true,
                    hole: holes(code),
                };
                self.text_end(from + 1, text)?
            }
        };
        end += bytes[end..].iter().take(16).take_while(|byte| byte.is_ascii_alphabetic()).count();
        Some(end)
    }

    /// At `?>`: everything up to the next code.
    pub(super) fn markup(&mut self) -> bool {
        self.has("?>") && {
            let end = self.code_start(self.at);
            self.long_literal(end)
        }
    }

    /// A text that begins with markup, with what a template is told, or with anything before a mark of code. Without any mark it is a
    /// piece of code.
    pub(super) fn first_markup(&mut self) {
        let text = self.bytes[self.at..].trim_ascii_start();
        if text.starts_with(b"<?") {
            return;
        }
        let end = self.code_start(self.at);
        if end < self.bytes.len() || [&b"<"[..], b"@", b"{{", b"{!!"].iter().any(|mark| text.starts_with(mark)) {
            self.long_literal(end);
        }
    }

    /// The end of the next mark that begins code, or that of the text.
    fn code_start(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(length) = memmem::find(&self.bytes[at..], b"<?") {
            at += length + 2;
            for mark in [&b"php"[..], b"="] {
                if self.bytes[at..].starts_with(mark) {
                    return at + mark.len();
                }
            }
        }
        self.bytes.len()
    }
}

/// Whether the argument of a call begins after this, where a `/` cannot divide.
fn begins_argument(before: &[u8]) -> bool {
    let before = before.strip_suffix(b" ").unwrap_or(before);
    matches!(before.last(), Some(b'(' | b',' | b'~'))
}

fn holes(code: bool) -> Hole {
    if code { Hole::Hash } else { Hole::None }
}

fn is_bracket(mark: u8) -> bool {
    matches!(mark, b'(' | b'[' | b'{' | b'<')
}

fn closer(mark: u8) -> u8 {
    match mark {
        b'(' => b')',
        b'[' => b']',
        b'{' => b'}',
        b'<' => b'>',
        other => other,
    }
}
