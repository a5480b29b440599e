//! Literals of PHP, Ruby and Elixir: with code inside of them, with marks of many kinds, and markup around the code.

use memchr::memmem;

use super::literal::MOST_FAILED_SEARCHES;
use super::{Lexer, Sink};

/// Literals in code in literals beyond this depth are read as plain text.
const DEEPEST_CODE: usize = 32;

/// What is open while the end of a literal with code in it is looked for.
enum Open {
    /// Text up to this byte; `opens` is the byte that opens another one of its kind in it.
    Text { closes: u8, opens: Option<u8>, code: bool },
    /// Code up to `}`.
    Code,
}

impl<S: Sink> Lexer<'_, '_, S> {
    /// The end of a literal that may hold line ends; where nothing closes it, that of its line.
    pub(super) fn spanning_end(&mut self, quote: u8, code: bool) -> usize {
        let from = self.at + 1;
        match self.text_end(from, Open::Text { closes: quote, opens: None, code }) {
            Some(end) => end,
            None => self.quoted_line_end(&[quote], crate::discover::language::Escape::With(b'\\'), from),
        }
    }

    /// Where the text ends that begins at `from`. Gives up for good when it has failed too often.
    fn text_end(&mut self, from: usize, text: Open) -> Option<usize> {
        if self.failed_searches >= MOST_FAILED_SEARCHES {
            return None;
        }
        let end = self.open_end(from, text);
        self.failed_searches += u32::from(end.is_none());
        end
    }

    fn open_end(&self, from: usize, text: Open) -> Option<usize> {
        let bytes = self.bytes;
        let mut open = vec![text];
        let mut at = from;
        loop {
            let byte = *bytes.get(at)?;
            at += 1;
            match *open.last()? {
                Open::Text { closes, opens, code } => {
                    if byte == b'\\' {
                        at += 1;
                    } else if byte == closes {
                        open.pop();
                        if open.is_empty() {
                            return Some(at);
                        }
                    } else if opens == Some(byte) && open.len() < DEEPEST_CODE {
                        open.push(Open::Text { closes, opens, code });
                    } else if code && byte == b'#' && bytes.get(at) == Some(&b'{') && open.len() < DEEPEST_CODE {
                        at += 1;
                        open.push(Open::Code);
                    }
                }
                Open::Code => match byte {
                    b'}' => {
                        open.pop();
                    }
                    b'{' if open.len() < DEEPEST_CODE => open.push(Open::Code),
                    b'"' | b'\'' | b'`' if open.len() < DEEPEST_CODE => {
                        open.push(Open::Text { closes: byte, opens: None, code: byte != b'\'' });
                    }
                    _ => {}
                },
            }
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
        let after_word = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b')' | b']' | b'}'));
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
        if !is_mark || !self.may_begin_argument() {
            return None;
        }
        let code = !matches!(kind, Some(b'w' | b'i' | b'q' | b's'));
        let opens = is_bracket(mark).then_some(mark);
        self.text_end(self.at + 2 + usize::from(kind.is_some()), Open::Text { closes: closer(mark), opens, code })
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
                self.text_end(from + 1, Open::Text { closes: closer(mark), opens: None, code })?
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

    /// A text that begins with markup.
    pub(super) fn first_markup(&mut self) {
        let text = self.bytes.trim_ascii_start();
        if text.starts_with(b"<") && !text.starts_with(b"<?") {
            let end = self.code_start(0);
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
