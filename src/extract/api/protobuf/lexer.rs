//! Words and marks of a protobuf file; comments and white space are passed over.

use crate::source::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// An identifier, perhaps with dots, or a number.
    Word,
    /// A quoted text.
    Text,
    /// One character: a bracket, `;`, `=`, …
    Mark(u8),
    /// A quoted text or a comment without an end.
    Unclosed,
}

pub struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub fn new(text: &'t str) -> Self {
        Lexer { text, at: 0 }
    }
}

impl Iterator for Lexer<'_> {
    type Item = (Token, Span);

    fn next(&mut self) -> Option<(Token, Span)> {
        let bytes = self.text.as_bytes();
        loop {
            let start = self.at;
            let byte = *bytes.get(start)?;
            let (token, end) = match byte {
                b'/' if bytes.get(start + 1) == Some(&b'/') => {
                    self.at = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |length| start + length + 1);
                    continue;
                }
                b'/' if bytes.get(start + 1) == Some(&b'*') => match memchr::memmem::find(&bytes[start + 2..], b"*/") {
                    Some(length) => {
                        self.at = start + 2 + length + 2;
                        continue;
                    }
                    None => (Token::Unclosed, bytes.len()),
                },
                b'"' | b'\'' => quoted(bytes, start, byte),
                _ if is_word(byte) => {
                    let length = bytes[start..].iter().take_while(|byte| is_word(**byte)).count();
                    (Token::Word, start + length)
                }
                _ if byte.is_ascii_whitespace() => {
                    self.at += 1;
                    continue;
                }
                _ => (Token::Mark(byte), start + 1),
            };
            self.at = if token == Token::Unclosed { bytes.len() } else { end };
            return Some((token, Span::new(start, end)));
        }
    }
}

/// Letters of other scripts are no protobuf, but are taken for words, so that spans end between characters.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.') || byte >= 0x80
}

/// A quoted text ends in its line.
fn quoted(bytes: &[u8], start: usize, mark: u8) -> (Token, usize) {
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            Some(b'\\') => at += 2,
            Some(b'\n') | None => return (Token::Unclosed, at.min(bytes.len())),
            Some(byte) if *byte == mark => return (Token::Text, at + 1),
            Some(_) => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> String {
        let shown = |(token, span): (Token, Span)| match token {
            Token::Word => text[span.range()].to_owned(),
            Token::Text => "text".to_owned(),
            Token::Mark(mark) => (mark as char).to_string(),
            Token::Unclosed => "unclosed".to_owned(),
        };
        Lexer::new(text).map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_marks_and_texts() {
        assert_eq!(tokens("rpc Get(a.B)// x }\n;/* { */ = \"a\\\"}\" '{'"), "rpc Get ( a.B ) ; = text text");
        assert_eq!(tokens("é 1.5e3 -"), "é 1.5e3 -");
    }

    #[test]
    fn what_does_not_end() {
        assert_eq!(tokens("a /* b"), "a unclosed");
        assert_eq!(tokens("a \"b\nc"), "a unclosed");
        assert_eq!(tokens("'\\"), "unclosed");
    }
}
