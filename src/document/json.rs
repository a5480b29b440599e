//! JSON into the tree: one pass over the bytes, no recursion, no copy of a text that has no escapes.
//!
//! What people write though JSON forbids it (comments, a trailing comma, a tab in a text) is told and read over. At
//! any other error reading stops, and the tree holds what was read until then.

use super::build::{Builder, shown};
use super::{DefectKind, Shape, Tree};
use crate::source::Span;

pub(super) fn parse(text: &str) -> Tree<'_> {
    read(text, Builder::new(text))
}

/// Reads `text` into a builder for it, which may have limits of its own.
pub(super) fn read<'t>(text: &'t str, builder: Builder<'t>) -> Tree<'t> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 },
        builder,
        open: Vec::new(),
        scratch: String::new(),
        told: [false; 3],
    };
    if let Err(Stop { span, message }) = reader.document() {
        reader.builder.defect(DefectKind::Syntax, span, message, None);
        reader.builder.end_document(Some(span.start as usize));
    }
    reader.builder.finish()
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    builder: Builder<'t>,
    /// Whether each open collection is a mapping, also those that are too deep to be kept.
    open: Vec<bool>,
    scratch: String,
    /// Which forgivable errors were told; a file with a hundred comments has one defect.
    told: [bool; 3],
}

/// The place from which the text can't be read on.
struct Stop {
    span: Span,
    message: String,
}

#[derive(Clone, Copy)]
enum Forgivable {
    Comment,
    TrailingComma,
    ControlCharacter,
}

/// What stands next, after white space.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    /// A first item, or the end of an empty list.
    FirstItem,
    /// A first key, or the end of an empty mapping.
    FirstKey,
    Key,
    /// A comma, or the end of the collection.
    More,
    End,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), Stop> {
        let mut next = Next::Value;
        loop {
            self.skip_space()?;
            let byte = self.bytes.get(self.at).copied().unwrap_or(0);
            next = match (next, byte) {
                (Next::Value | Next::FirstItem, b'{') => self.begin(true),
                (Next::Value | Next::FirstItem, b'[') => self.begin(false),
                (Next::Value | Next::FirstItem, b'"') => {
                    self.string()?;
                    self.after_value()
                }
                (Next::FirstItem, b']') | (Next::FirstKey, b'}') => self.end(),
                (Next::Value | Next::FirstItem, _) => {
                    self.literal(byte)?;
                    self.after_value()
                }
                (Next::FirstKey | Next::Key, b'"') => {
                    self.string()?;
                    self.skip_space()?;
                    if self.bytes.get(self.at) != Some(&b':') {
                        return Err(self.unexpected("`:` after the key"));
                    }
                    self.at += 1;
                    Next::Value
                }
                (Next::FirstKey | Next::Key, _) => return Err(self.unexpected("a key in double quotes")),
                (Next::More, b',') => self.comma()?,
                (Next::More, b'}') if self.open.last() == Some(&true) => self.end(),
                (Next::More, b']') if self.open.last() == Some(&false) => self.end(),
                (Next::More, _) if self.open.last() == Some(&true) => return Err(self.unexpected("`,` or `}`")),
                (Next::More, _) => return Err(self.unexpected("`,` or `]`")),
                (Next::End, _) if self.at >= self.bytes.len() => return Ok(()),
                (Next::End, _) => return Err(self.unexpected("the end of the file")),
            };
            if self.builder.is_full() {
                return Ok(());
            }
        }
    }

    fn begin(&mut self, mapping: bool) -> Next {
        self.builder.begin(mapping, self.at);
        self.open.push(mapping);
        self.at += 1;
        if mapping { Next::FirstKey } else { Next::FirstItem }
    }

    fn end(&mut self) -> Next {
        self.at += 1;
        self.builder.end(Some(self.at));
        self.open.pop();
        self.after_value()
    }

    #[inline]
    fn after_value(&self) -> Next {
        if self.open.is_empty() { Next::End } else { Next::More }
    }

    fn comma(&mut self) -> Result<Next, Stop> {
        let comma = self.at;
        self.at += 1;
        self.skip_space()?;
        let mapping = self.open.last() == Some(&true);
        match self.bytes.get(self.at) {
            Some(b'}') if mapping => {}
            Some(b']') if !mapping => {}
            _ => return Ok(if mapping { Next::Key } else { Next::Value }),
        }
        self.forgive(Forgivable::TrailingComma, Span::new(comma, comma + 1));
        Ok(Next::More)
    }

    #[inline]
    fn skip_space(&mut self) -> Result<(), Stop> {
        const SPACES: [u8; 8] = [b' '; 8];
        loop {
            match self.bytes.get(self.at) {
                Some(b' ') => {
                    self.at += 1;
                    while self.bytes.get(self.at..self.at + 8) == Some(&SPACES[..]) {
                        self.at += 8;
                    }
                }
                Some(b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(b'/') => self.comment()?,
                _ => return Ok(()),
            }
        }
    }

    #[cold]
    fn comment(&mut self) -> Result<(), Stop> {
        let rest = &self.bytes[self.at..];
        let length = match rest.get(1) {
            Some(b'/') => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            Some(b'*') => match memchr::memmem::find(&rest[2..], b"*/") {
                Some(end) => end + 4,
                None => return Err(self.stop(2, "the comment is not closed")),
            },
            _ => return Err(self.stop(1, "unexpected character `/`")),
        };
        self.forgive(Forgivable::Comment, Span::new(self.at, self.at + length));
        self.at += length;
        Ok(())
    }

    /// Reads the text in quotes that begins here.
    #[inline]
    fn string(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let mut at = start + 1;
        let mut plain = true;
        loop {
            at = skip_plain(self.bytes, at);
            match self.bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    plain = false;
                    // The escaped byte may be a quote; a longer escape is plain from its second byte on.
                    at += 2;
                }
                Some(b'\n') | None => {
                    let end = at.min(self.bytes.len());
                    return Err(Stop { span: Span::new(start, end), message: "the quote is not closed".to_owned() });
                }
                Some(_) => {
                    self.forgive(Forgivable::ControlCharacter, Span::new(at, at + 1));
                    at += 1;
                }
            }
        }
        self.at = at + 1;
        let span = Span::new(start, self.at);
        if plain {
            self.builder.scalar(Shape::Text, span, 1);
            return Ok(());
        }
        self.unescape(span)
    }

    fn unescape(&mut self, span: Span) -> Result<(), Stop> {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        let end = span.end as usize - 1;
        let mut at = span.start as usize + 1;
        while at < end {
            let plain = memchr::memchr(b'\\', &self.bytes[at..end]).map_or(end, |length| at + length);
            scratch.push_str(&self.text[at..plain]);
            if plain == end {
                break;
            }
            let (character, length) = match escape(&self.bytes[plain + 1..end]) {
                Some(read) => read,
                None => {
                    let length = self.text[plain + 1..].chars().next().map_or(0, char::len_utf8);
                    let span = Span::new(plain, plain + 1 + length);
                    return Err(Stop { span, message: format!("unknown escape `{}`", shown(&self.text[span.range()])) });
                }
            };
            scratch.push(character);
            at = plain + 1 + length;
        }
        self.builder.unescaped(span, &scratch);
        self.scratch = scratch;
        Ok(())
    }

    fn literal(&mut self, first: u8) -> Result<(), Stop> {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_' | b'$')))
            .unwrap_or(rest.len());
        let shape = match (first, &rest[..length]) {
            (b'-' | b'0'..=b'9', digits) => number(digits),
            (_, b"null") => Some(Shape::Null),
            (_, b"true" | b"false") => Some(Shape::Bool),
            _ => None,
        };
        let Some(shape) = shape else { return Err(self.unexpected("a value")) };
        let span = Span::new(self.at, self.at + length);
        self.at += length;
        self.builder.scalar(shape, span, 0);
        Ok(())
    }

    #[cold]
    fn unexpected(&self, expected: &str) -> Stop {
        let rest = &self.text[self.at..];
        let word = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '+' | '-' | '.' | '_' | '$'))).unwrap_or(rest.len());
        let length = if word > 0 { word } else { rest.chars().next().map_or(0, char::len_utf8) };
        let found = match &rest[..length] {
            "" => "the end of the file".to_owned(),
            found => format!("`{}`", shown(found)),
        };
        self.stop(length, format!("expected {expected}, found {found}"))
    }

    fn stop(&self, length: usize, message: impl Into<String>) -> Stop {
        Stop { span: Span::new(self.at, self.at + length), message: message.into() }
    }

    #[cold]
    fn forgive(&mut self, what: Forgivable, span: Span) {
        if std::mem::replace(&mut self.told[what as usize], true) {
            return;
        }
        let message = match what {
            Forgivable::Comment => "JSON has no comments",
            Forgivable::TrailingComma => "a comma before the closing bracket",
            Forgivable::ControlCharacter => "a control character in a text; it is written as an escape",
        };
        self.builder.defect(DefectKind::Syntax, span, message, None);
    }
}

/// The first byte from `at` on that is a quote, a backslash or a control character: eight bytes at a time.
#[inline]
fn skip_plain(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        // A zero byte of each is where its character stands. Only bytes above the first such byte can be marked wrongly.
        let quote = word ^ (ONES * b'"' as u64);
        let backslash = word ^ (ONES * b'\\' as u64);
        let quote = quote.wrapping_sub(ONES) & !quote;
        let backslash = backslash.wrapping_sub(ONES) & !backslash;
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let marks = (quote | backslash | control) & HIGH;
        if marks != 0 {
            return at + marks.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|&byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        at += 1;
    }
    at
}

/// Reads what follows a backslash: the character, and how many bytes it took. Half a surrogate pair reads as U+FFFD.
fn escape(bytes: &[u8]) -> Option<(char, usize)> {
    let character = match bytes.first()? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{C}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let unit = hex(bytes.get(1..5)?)?;
            if let Some(character) = char::from_u32(unit) {
                return Some((character, 5));
            }
            let low = match bytes.get(5..11) {
                Some([b'\\', b'u', digits @ ..]) if unit < 0xDC00 => hex(digits),
                _ => None,
            };
            let pair =
                low.filter(|low| (0xDC00..0xE000).contains(low)).map(|low| 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
            return match pair.and_then(char::from_u32) {
                Some(character) => Some((character, 11)),
                None => Some((char::REPLACEMENT_CHARACTER, 5)),
            };
        }
        _ => return None,
    };
    Some((character, 1))
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, &digit| Some(value << 4 | (digit as char).to_digit(16)?))
}

fn number(bytes: &[u8]) -> Option<Shape> {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let start = (bytes.first() == Some(&b'-')) as usize;
    let whole = digits(start);
    if whole == 0 || (whole > 1 && bytes[start] == b'0') {
        return None;
    }
    let mut at = start + whole;
    let mut shape = Shape::Int;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return None;
        }
        at += 1 + fraction;
        shape = Shape::Float;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = matches!(bytes.get(at + 1), Some(b'+' | b'-')) as usize;
        let exponent = digits(bytes.len().min(at + 1 + sign));
        if exponent == 0 {
            return None;
        }
        at += 1 + sign + exponent;
        shape = Shape::Float;
    }
    (at == bytes.len()).then_some(shape)
}
