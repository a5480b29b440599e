//! Tokens of an expression.
//!
//! Text comes in, one token at a time goes out, each with its byte range. A closing brace is a token because a template's hole
//! ends there; everything else is CEL's alphabet.

use std::borrow::Cow;

use super::ExpressionError;
use crate::source::Span;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token {
    End,
    Name,
    /// The magnitude; a minus before it belongs to the parser.
    Int(u64),
    Float(f64),
    Text(Quoting),
    True,
    False,
    Null,
    In,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Not,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    And,
    Or,
    Question,
    Colon,
    Comma,
    Dot,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    CloseBrace,
}

/// How a text literal is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quoting {
    /// 1 or 3.
    quotes: u8,
    raw: bool,
    escapes: bool,
}

pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str, start: usize) -> Self {
        Lexer { text, at: start }
    }

    pub(super) fn next(&mut self) -> Result<(Token, Span), ExpressionError> {
        self.skip_blanks();
        let start = self.at;
        let token = self.token()?;
        Ok((token, Span::new(start, self.at)))
    }

    fn skip_blanks(&mut self) {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\r' | b'\n' | 0x0C) => self.at += 1,
                Some(b'/') if bytes.get(self.at + 1) == Some(&b'/') => {
                    self.at = memchr::memchr(b'\n', &bytes[self.at..]).map_or(bytes.len(), |length| self.at + length);
                }
                _ => return,
            }
        }
    }

    fn token(&mut self) -> Result<Token, ExpressionError> {
        let bytes = self.text.as_bytes();
        let Some(&first) = bytes.get(self.at) else { return Ok(Token::End) };
        let second = bytes.get(self.at + 1).copied().unwrap_or(0);
        let (token, length) = match (first, second) {
            (b'a'..=b'z' | b'A'..=b'Z' | b'_', _) => return self.word(),
            (b'0'..=b'9', _) | (b'.', b'0'..=b'9') => return self.number(),
            (b'\'' | b'"', _) => return self.quoted(false),
            (b'&', b'&') => (Token::And, 2),
            (b'|', b'|') => (Token::Or, 2),
            (b'=', b'=') => (Token::Equal, 2),
            (b'!', b'=') => (Token::NotEqual, 2),
            (b'<', b'=') => (Token::LessEqual, 2),
            (b'>', b'=') => (Token::GreaterEqual, 2),
            (b'<', _) => (Token::Less, 1),
            (b'>', _) => (Token::Greater, 1),
            (b'!', _) => (Token::Not, 1),
            (b'+', _) => (Token::Plus, 1),
            (b'-', _) => (Token::Minus, 1),
            (b'*', _) => (Token::Star, 1),
            (b'/', _) => (Token::Slash, 1),
            (b'%', _) => (Token::Percent, 1),
            (b'?', _) => (Token::Question, 1),
            (b':', _) => (Token::Colon, 1),
            (b',', _) => (Token::Comma, 1),
            (b'.', _) => (Token::Dot, 1),
            (b'(', _) => (Token::OpenParenthesis, 1),
            (b')', _) => (Token::CloseParenthesis, 1),
            (b'[', _) => (Token::OpenBracket, 1),
            (b']', _) => (Token::CloseBracket, 1),
            (b'}', _) => (Token::CloseBrace, 1),
            _ => return Err(self.stray()),
        };
        self.at += length;
        Ok(token)
    }

    fn stray(&self) -> ExpressionError {
        let character = self.text[self.at..].chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
        let span = Span::new(self.at, self.at + character.len_utf8());
        let help = match character {
            '=' => Some("write `==` to compare"),
            '&' => Some("write `&&`"),
            '|' => Some("write `||`"),
            '{' => Some("there are no map literals and no blocks"),
            '`' => Some("texts stand in `'` or `\"`"),
            _ => None,
        };
        ExpressionError::new(span, format!("unexpected character `{}`", character.escape_debug())).with_help(help)
    }

    fn word(&mut self) -> Result<Token, ExpressionError> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_')) {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        if matches!(bytes.get(self.at), Some(b'\'' | b'"')) {
            match word {
                "r" | "R" => return self.quoted(true),
                "b" | "B" | "br" | "rb" | "bR" | "Rb" | "Br" | "rB" | "BR" | "RB" => {
                    return Err(ExpressionError::new(Span::new(start, self.at), "there are no byte texts")
                        .with_help(Some("leave the prefix out")));
                }
                _ => {}
            }
        }
        Ok(match word {
            "true" => Token::True,
            "false" => Token::False,
            "null" => Token::Null,
            "in" => Token::In,
            _ => Token::Name,
        })
    }

    fn number(&mut self) -> Result<Token, ExpressionError> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        if bytes[start] == b'0' && matches!(bytes.get(start + 1), Some(b'x' | b'X')) {
            self.at += 2;
            let digits = self.digits(|byte| byte.is_ascii_hexdigit());
            let value = u64::from_str_radix(digits, 16);
            self.end_number(start)?;
            return value.map(Token::Int).map_err(|_| self.bad_number(start));
        }
        self.digits(|byte| byte.is_ascii_digit());
        let mut float = false;
        if bytes.get(self.at) == Some(&b'.') && bytes.get(self.at + 1).is_some_and(u8::is_ascii_digit) {
            float = true;
            self.at += 1;
            self.digits(|byte| byte.is_ascii_digit());
        }
        if matches!(bytes.get(self.at), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(self.at + 1), Some(b'+' | b'-')));
            if bytes.get(self.at + 1 + sign).is_some_and(u8::is_ascii_digit) {
                float = true;
                self.at += 1 + sign;
                self.digits(|byte| byte.is_ascii_digit());
            }
        }
        let written = &self.text[start..self.at];
        self.end_number(start)?;
        if float {
            let value = written.parse::<f64>().ok().filter(|value| value.is_finite());
            return value.map(Token::Float).ok_or_else(|| self.bad_number(start));
        }
        written.parse().map(Token::Int).map_err(|_| self.bad_number(start))
    }

    fn digits(&mut self, is_digit: fn(&u8) -> bool) -> &'t str {
        let start = self.at;
        while self.text.as_bytes().get(self.at).is_some_and(is_digit) {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    /// A number is not followed by a letter: `300ms` is no number with a name behind it.
    fn end_number(&mut self, start: usize) -> Result<(), ExpressionError> {
        let letters = self.digits(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        match letters {
            "" => Ok(()),
            "u" | "U" => Err(self.bad_number(start).with_help(Some("there are no unsigned numbers; leave the `u` out"))),
            _ => Err(self.bad_number(start)),
        }
    }

    fn bad_number(&self, start: usize) -> ExpressionError {
        let written = &self.text[start..self.at];
        let large = written.bytes().all(|byte| byte.is_ascii_digit());
        let what = if large { "is too large" } else { "is no number" };
        ExpressionError::new(Span::new(start, self.at), format!("`{written}` {what}"))
    }

    /// A text literal, from its first quote.
    fn quoted(&mut self, raw: bool) -> Result<Token, ExpressionError> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let quote = bytes[start];
        let quotes = if bytes[start..].starts_with(&[quote; 3]) { 3 } else { 1 };
        let mut escapes = false;
        self.at += quotes;
        loop {
            match bytes.get(self.at) {
                Some(&byte) if byte == quote && (quotes == 1 || bytes[self.at..].starts_with(&[quote; 3])) => {
                    self.at += quotes;
                    return Ok(Token::Text(Quoting { quotes: quotes as u8, raw, escapes }));
                }
                Some(b'\\') if !raw => {
                    escapes = true;
                    self.at += 2;
                }
                None | Some(b'\n') if quotes == 1 || self.at >= bytes.len() => {
                    let end = self.at.min(bytes.len());
                    let closing = &self.text[start..start + quotes];
                    return Err(ExpressionError::new(Span::new(start, end), "this text has no end")
                        .with_help(Some(format!("close it with `{closing}`"))));
                }
                _ => self.at += 1,
            }
        }
    }
}

/// What a text literal says, given its whole token.
pub(super) fn text_value<'t>(text: &'t str, span: Span, quoting: Quoting) -> Result<Cow<'t, str>, ExpressionError> {
    let quotes = quoting.quotes as usize;
    let start = span.start as usize + usize::from(quoting.raw) + quotes;
    let end = span.end as usize - quotes;
    let inside = &text[start..end];
    if !quoting.escapes {
        return Ok(Cow::Borrowed(inside));
    }
    let mut value = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        value.push_str(&rest[..at]);
        let escape = &rest[at..];
        let (character, length) = unescape(escape).ok_or_else(|| {
            let begin = start + inside.len() - escape.len();
            let written: String = escape.chars().take(2).collect();
            let span = Span::new(begin, begin + written.len());
            // What follows the backslash may be a line break, and a message is one line.
            let after: String = written.chars().skip(1).flat_map(char::escape_debug).collect();
            ExpressionError::new(span, format!("`\\{after}` is no escape")).with_help(Some("a backslash itself is `\\\\`"))
        })?;
        value.push(character);
        rest = &escape[length..];
    }
    value.push_str(rest);
    Ok(Cow::Owned(value))
}

/// The character that an escape stands for, and how long the escape is.
fn unescape(escape: &str) -> Option<(char, usize)> {
    let code = |digits: std::ops::Range<usize>, radix: u32| {
        let length = digits.end;
        let digits = escape.get(digits).filter(|digits| digits.bytes().all(|digit| (digit as char).is_digit(radix)))?;
        Some((char::from_u32(u32::from_str_radix(digits, radix).ok()?)?, length))
    };
    let simple = |character: char| Some((character, 2));
    match escape.as_bytes().get(1)? {
        b'a' => simple('\x07'),
        b'b' => simple('\x08'),
        b'f' => simple('\x0C'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'v' => simple('\x0B'),
        b'\\' => simple('\\'),
        b'?' => simple('?'),
        b'"' => simple('"'),
        b'\'' => simple('\''),
        b'`' => simple('`'),
        b'x' | b'X' => code(2..4, 16),
        b'u' => code(2..6, 16),
        b'U' => code(2..10, 16),
        b'0'..=b'3' => code(1..4, 8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Result<Vec<Token>, ExpressionError> {
        let mut lexer = Lexer::new(text, 0);
        let mut tokens = Vec::new();
        loop {
            match lexer.next()? {
                (Token::End, _) => return Ok(tokens),
                (token, _) => tokens.push(token),
            }
        }
    }

    fn text_of(literal: &str) -> Result<String, ExpressionError> {
        match Lexer::new(literal, 0).next()? {
            (Token::Text(quoting), span) => text_value(literal, span, quoting).map(Cow::into_owned),
            (token, _) => panic!("{literal} is {token:?}"),
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(
            tokens("1 0x1F 1.5 .5 1e3 2E-1"),
            Ok(vec![
                Token::Int(1),
                Token::Int(31),
                Token::Float(1.5),
                Token::Float(0.5),
                Token::Float(1000.0),
                Token::Float(0.2),
            ])
        );
        assert_eq!(tokens("a.b"), Ok(vec![Token::Name, Token::Dot, Token::Name]));
        for bad in ["1u", "0x", "0xZ", "300ms", "1e999", "99999999999999999999", "1.5.5x"] {
            assert!(tokens(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn texts() {
        assert_eq!(text_of("'it''"), Ok("it".into()));
        assert_eq!(text_of(r#""a\"b""#), Ok("a\"b".into()));
        assert_eq!(text_of(r"'\x41\u00e9\U0001D11E\101\n\\'"), Ok("Aé𝄞A\n\\".into()));
        assert_eq!(text_of(r"r'\d+'"), Ok(r"\d+".into()));
        assert_eq!(text_of("'''it's\ntwo'''"), Ok("it's\ntwo".into()));
        for bad in ["'open", "'two\nlines'", r"'\q'", r"'\u12'", r"'\ud800'", r"'end\", "'''open''", r"'\400'", r"'\x+1'"] {
            assert!(text_of(bad).is_err(), "{bad}");
        }
        let error = text_of(r"'ab\qc'").expect_err("no escape");
        assert_eq!(error.span, Span::new(3, 5));
    }

    #[test]
    fn comments_and_blanks_are_nothing() {
        assert_eq!(tokens("a // b\n  + // c"), Ok(vec![Token::Name, Token::Plus]));
    }
}
