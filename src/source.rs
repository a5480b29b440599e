//! Text of one file, and places in it.
//!
//! Bytes come in; [`decode`] gives text, [`LineIndex`] turns byte offsets into lines and columns, [`Location`] keeps both.
//! Every byte range of the program counts in the *decoded* text, so whoever shows a snippet decodes the file the same way.

use std::borrow::Cow;
use std::cell::OnceCell;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A byte range of the decoded text: `start` included, `end` not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        // Files beyond `MAX_FILE` bytes are refused before they are read, so offsets fit.
        Span { start: start as u32, end: end as u32 }
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The largest file that is read; a larger one is reported as `limit-reached`.
pub const MAX_FILE: u64 = 64 * 1024 * 1024;

/// A place in one file: byte range, line and column, taken while the text was there.
///
/// Lines and columns count from 1; columns count Unicode code points, as SARIF's `unicodeCodePoints` does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Location {
    pub start: u32,
    pub end: u32,
    pub line: u32,
    pub column: u32,
}

impl Location {
    /// The beginning of a file: what a finding about the file as a whole points at.
    pub const TOP: Location = Location { start: 0, end: 0, line: 1, column: 1 };

    pub fn span(self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

/// A value together with the place where it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Spanned<T> {
    pub value: T,
    pub at: Location,
}

impl<T> Spanned<T> {
    pub fn new(value: T, at: Location) -> Self {
        Spanned { value, at }
    }
}

/// Where each line of a text begins.
pub struct LineIndex {
    starts: Vec<u32>,
    /// How many bytes that begin no character stand before each block of the text; made for the first long line.
    continuations: OnceCell<Vec<u32>>,
}

/// The distance from its line's beginning up to which a column is counted directly, and the size of a counted block.
const BLOCK: usize = 1024;

impl LineIndex {
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        LineIndex { starts, continuations: OnceCell::new() }
    }

    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The byte offset at which line `line` (from 1) begins; the last line's for a larger number.
    pub fn line_start(&self, line: u32) -> usize {
        let index = (line.max(1) as usize - 1).min(self.starts.len() - 1);
        self.starts[index] as usize
    }

    /// The line (from 1) of a byte offset; the last line for an offset past the end.
    pub fn line(&self, offset: usize) -> u32 {
        self.starts.partition_point(|&start| start as usize <= offset) as u32
    }

    /// Line and column (both from 1; columns in code points) of a byte offset of `text`, which must be the indexed text.
    /// An offset past the end, or inside a character, counts as the nearest character before it.
    pub fn position(&self, text: &str, offset: usize) -> (u32, u32) {
        let offset = floor_char_boundary(text, offset);
        let line = self.line(offset);
        let start = self.line_start(line);
        // A minified document is one line, and counting it from its beginning for each place would be quadratic.
        let column = match offset - start {
            0..=BLOCK => text[start..offset].chars().count(),
            bytes => bytes - (self.continuations_before(text, offset) - self.continuations_before(text, start)),
        };
        (line, column as u32 + 1)
    }

    fn continuations_before(&self, text: &str, offset: usize) -> usize {
        let count = |bytes: &[u8]| bytes.iter().filter(|&&byte| byte & 0xC0 == 0x80).count();
        let blocks = self.continuations.get_or_init(|| {
            let mut sum = 0;
            let mut before = vec![0];
            before.extend(text.as_bytes().chunks(BLOCK).map(|block| {
                sum += count(block) as u32;
                sum
            }));
            before
        });
        let block = offset / BLOCK;
        blocks[block] as usize + count(&text.as_bytes()[block * BLOCK..offset])
    }

    pub fn location(&self, text: &str, span: Span) -> Location {
        let (line, column) = self.position(text, span.start as usize);
        Location { start: span.start, end: span.end, line, column }
    }
}

/// The last part of a path: the name of a file or folder, what an image or package is called.
pub fn last_part(path: &str) -> &str {
    memchr::memrchr(b'/', path.as_bytes()).map_or(path, |slash| &path[slash + 1..])
}

/// The largest character boundary of `text` that is not after `offset`.
pub fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Text of a file's bytes, with what had to be changed to read it.
pub struct Decoded<'b> {
    pub text: Cow<'b, str>,
    pub encoding: Encoding,
    /// Byte offset in `text` of the first byte that is no text in `encoding` (it reads as U+FFFD), if there is one.
    pub broken_at: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

/// Decodes UTF-8, UTF-8 with a byte order mark, and UTF-16 of either order (with a mark, or told by its zero bytes).
/// A byte order mark is not part of the text. Broken sequences become U+FFFD; nothing fails.
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => decode_utf8(rest),
        [0xFF, 0xFE, rest @ ..] => decode_utf16(rest, Encoding::Utf16Le),
        [0xFE, 0xFF, rest @ ..] => decode_utf16(rest, Encoding::Utf16Be),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => decode_utf16(bytes, Encoding::Utf16Le),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => decode_utf16(bytes, Encoding::Utf16Be),
        _ => decode_utf8(bytes),
    }
}

fn decode_utf8(bytes: &[u8]) -> Decoded<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded { text: Cow::Borrowed(text), encoding: Encoding::Utf8, broken_at: None },
        Err(error) => {
            Decoded { text: String::from_utf8_lossy(bytes), encoding: Encoding::Utf8, broken_at: Some(error.valid_up_to()) }
        }
    }
}

fn decode_utf16(bytes: &[u8], encoding: Encoding) -> Decoded<'_> {
    let unit = |pair: &[u8]| match encoding {
        Encoding::Utf16Be => u16::from_be_bytes([pair[0], pair[1]]),
        _ => u16::from_le_bytes([pair[0], pair[1]]),
    };
    let pairs = bytes.chunks_exact(2);
    let odd_byte = !pairs.remainder().is_empty();
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut broken_at = None;
    for decoded in char::decode_utf16(pairs.map(unit)) {
        let character = decoded.unwrap_or_else(|_| {
            broken_at.get_or_insert(text.len());
            char::REPLACEMENT_CHARACTER
        });
        text.push(character);
    }
    if odd_byte {
        broken_at.get_or_insert(text.len());
        text.push(char::REPLACEMENT_CHARACTER);
    }
    Decoded { text: Cow::Owned(text), encoding, broken_at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_code_points_from_one() {
        let text = "a\nbé𝄞c\n";
        let index = LineIndex::new(text);
        let at = |needle: char| index.position(text, text.find(needle).expect("the needle is in the text"));
        assert_eq!(at('a'), (1, 1));
        assert_eq!(at('é'), (2, 2));
        assert_eq!(at('c'), (2, 4));
        assert_eq!(index.position(text, 10_000), (3, 1));
        assert_eq!(index.position(text, 4), (2, 2), "inside é");
    }

    #[test]
    fn columns_of_long_lines_are_counted_like_those_of_short_ones() {
        let text = format!("short\n{}\n", "aé𝄞".repeat(2_000));
        let index = LineIndex::new(&text);
        for offset in (0..text.len()).step_by(7) {
            let offset = floor_char_boundary(&text, offset);
            let line_start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
            assert_eq!(index.position(&text, offset).1 as usize, text[line_start..offset].chars().count() + 1, "{offset}");
        }
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "name: é𝄞";
        let with_mark = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in
            [text.as_bytes(), &with_mark, &little, &big, &[b"\xFF\xFE", &little[..]].concat(), &[b"\xFE\xFF", &big[..]].concat()]
        {
            let decoded = decode(bytes);
            assert_eq!(decoded.text, text);
            assert_eq!(decoded.broken_at, None);
        }
    }

    #[test]
    fn broken_text_is_read_and_told() {
        assert_eq!(decode(b"ab\xFFc").broken_at, Some(2));
        assert_eq!(decode(b"\xFF\xFEa\0b").broken_at, Some(1), "half a unit");
        assert_eq!(decode(b"\xFF\xFE\x00\xD8a\0").broken_at, Some(0), "half a surrogate pair");
    }
}
