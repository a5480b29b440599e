//! The YAML that people write most, line by line: block mappings and lists of one-line values, literal texts, short brackets.
//!
//! The full parser is right about everything and reads 50 MB/s; nine files in ten need none of what costs it that time. This reader
//! takes those, makes the very tree that the full parser would, and gives up at the first sign of anything else: an anchor, a tag,
//! a text of several lines, a tab, an error. So it never decides that something is wrong. A property test holds the two together.

mod brackets;

use super::Tree;
use super::build::Builder;
use super::yaml::core_schema;
use crate::source::Span;

/// The tree of a text that holds nothing unusual.
pub(super) fn read(text: &str) -> Option<Tree<'_>> {
    if !is_plain(text.as_bytes()) {
        return None;
    }
    let builder = Builder::new(text);
    let mut reader =
        Reader { text, bytes: text.as_bytes(), at: 0, builder, levels: Vec::new(), waiting: None, marker: None, rooted: false };
    reader.read()?;
    Some(reader.builder.finish())
}

/// No tabs, no carriage returns, nothing that is not printable or that could be a line break of another kind.
fn is_plain(bytes: &[u8]) -> bool {
    let odd = |byte: &u8| (*byte < 0x20 && *byte != b'\n') || matches!(*byte, 0x7F | 0xC2 | 0xEF);
    // A fold without an early exit is done many bytes at a time.
    !bytes.iter().fold(false, |any, byte| any | odd(byte))
        && memchr::memmem::find(bytes, b"\xE2\x80\xA8").is_none()
        && memchr::memmem::find(bytes, b"\xE2\x80\xA9").is_none()
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    /// Where the next line begins.
    at: usize,
    builder: Builder<'t>,
    levels: Vec<Level>,
    waiting: Option<Waiting>,
    /// The end of the `---` of a document that has no content yet.
    marker: Option<usize>,
    /// Whether the document has its root.
    rooted: bool,
}

/// An open block collection.
#[derive(Clone, Copy)]
struct Level {
    indent: usize,
    mapping: bool,
}

/// A key or a `-` whose value is on lines to come.
#[derive(Clone, Copy)]
struct Waiting {
    indent: usize,
    /// Of a key: where it ends, and a missing value is said to stand.
    key_end: Option<usize>,
}

/// A line with content.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
}

/// Deeper documents are left to the full parser, which knows the limits.
const MAX_LEVELS: usize = 100;

impl Reader<'_> {
    fn read(&mut self) -> Option<()> {
        while self.at < self.bytes.len() {
            let start = self.at;
            let end = memchr::memchr(b'\n', &self.bytes[start..]).map_or(self.bytes.len(), |length| start + length);
            self.at = end + 1;
            let content = self.skip_spaces(start, end);
            match self.bytes.get(content) {
                _ if content == end => {}
                Some(b'#') => {}
                Some(b'-') if content == start && self.bytes[start..end].starts_with(b"---") => self.marker(start, end)?,
                Some(b'.' | b'%') if content == start => return None,
                _ => self.content(Line { start, end }, content)?,
            }
        }
        self.end_document()
    }

    fn marker(&mut self, start: usize, end: usize) -> Option<()> {
        self.end_document()?;
        self.marker = Some(start + 3);
        (self.rest_is_blank(start + 3, end)).then_some(())
    }

    fn end_document(&mut self) -> Option<()> {
        self.miss_value()?;
        if let Some(at) = self.marker.take().filter(|_| !self.rooted) {
            self.builder.null(Span::new(at, at));
        }
        self.levels.clear();
        self.rooted = false;
        self.builder.end_document(None);
        Some(())
    }

    /// What waited for a value has none.
    fn miss_value(&mut self) -> Option<()> {
        if let Some(waiting) = self.waiting.take() {
            let at = waiting.key_end?;
            self.builder.null(Span::new(at, at));
        }
        Some(())
    }

    /// A line whose content begins at `at`: finds the collection that it belongs to, then reads the entry.
    fn content(&mut self, line: Line, at: usize) -> Option<()> {
        let indent = at - line.start;
        let item = self.is_item(at, line.end);
        let nested = match self.waiting {
            Some(waiting) => indent > waiting.indent || (indent == waiting.indent && item && waiting.key_end.is_some()),
            None => !self.rooted,
        };
        if nested {
            self.waiting = None;
            return self.begin(line, at);
        }
        self.miss_value()?;
        while let Some(level) = self.levels.last() {
            // A list may stand at the indentation of the key that it belongs to.
            let open = level.indent == indent && level.mapping != item;
            if open {
                return if item { self.item(line, at) } else { self.entry(line, at) };
            }
            if level.indent < indent || (level.indent == indent && level.mapping) {
                return None;
            }
            self.builder.end(None);
            self.levels.pop();
        }
        None
    }

    /// A collection begins at `at`, with its first entry.
    fn begin(&mut self, line: Line, at: usize) -> Option<()> {
        let mapping = !self.is_item(at, line.end);
        if self.levels.len() >= MAX_LEVELS {
            return None;
        }
        self.rooted = true;
        self.builder.begin(mapping, at);
        self.levels.push(Level { indent: at - line.start, mapping });
        if mapping { self.entry(line, at) } else { self.item(line, at) }
    }

    fn is_item(&self, at: usize, end: usize) -> bool {
        self.bytes[at] == b'-' && (at + 1 == end || self.bytes[at + 1] == b' ')
    }

    /// `- ` and what follows it.
    fn item(&mut self, line: Line, dash: usize) -> Option<()> {
        let at = self.skip_spaces(dash + 1, line.end);
        if self.rest_is_blank(at, line.end) {
            self.waiting = Some(Waiting { indent: dash - line.start, key_end: None });
            return Some(());
        }
        if self.is_item(at, line.end) || self.key_end(line, at).is_some() {
            return self.begin(line, at);
        }
        self.value(line, at, dash - line.start)
    }

    /// `key:` and what follows it.
    fn entry(&mut self, line: Line, at: usize) -> Option<()> {
        let (key_end, colon) = self.key_end(line, at)?;
        self.scalar(at, key_end)?;
        let value = self.skip_spaces(colon + 1, line.end);
        let indent = at - line.start;
        if self.rest_is_blank(value, line.end) {
            self.waiting = Some(Waiting { indent, key_end: Some(key_end) });
            // Where a missing value is said to stand is the full parser's to decide when a space parts key and colon.
            return (key_end == colon).then_some(());
        }
        self.value(line, value, indent)
    }

    /// Where the key that begins at `at` ends, and where its colon is. None when this is no key, or no usual one.
    fn key_end(&self, line: Line, at: usize) -> Option<(usize, usize)> {
        const LONGEST: usize = 1000;
        let (end, colon) = match self.bytes[at] {
            b'"' | b'\'' => {
                let end = self.quote_end(at, line.end)?;
                (end, self.skip_spaces(end, line.end))
            }
            _ if !self.begins_plain(at, line.end) => return None,
            _ => {
                let colon = memchr::memchr_iter(b':', &self.bytes[at..line.end])
                    .map(|length| at + length)
                    .find(|&colon| colon + 1 == line.end || self.bytes[colon + 1] == b' ')?;
                let key = self.text[at..colon].trim_end_matches(' ');
                if memchr::memmem::find(key.as_bytes(), b" #").is_some() {
                    return None;
                }
                (at + key.len(), colon)
            }
        };
        let is_colon =
            self.bytes[..line.end].get(colon) == Some(&b':') && (colon + 1 == line.end || self.bytes[colon + 1] == b' ');
        (is_colon && end - at < LONGEST).then_some((end, colon))
    }

    /// Whether a plain scalar may begin here; rare beginnings are left to the full parser.
    fn begins_plain(&self, at: usize, end: usize) -> bool {
        match self.bytes[at] {
            b'-' => {
                at + 1 < end && (self.bytes[at + 1].is_ascii_alphanumeric() || matches!(self.bytes[at + 1], b'-' | b'.' | b'/'))
            }
            b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%'
            | b'@' | b'`' => false,
            _ => true,
        }
    }

    /// A value that begins at `at`, of an entry of a collection at `indent`.
    fn value(&mut self, line: Line, at: usize, indent: usize) -> Option<()> {
        match self.bytes[at] {
            b'"' | b'\'' => {
                let end = self.quote_end(at, line.end)?;
                self.scalar(at, end)?;
                self.only_comment(end, line.end)
            }
            b'|' => self.literal(line, at, indent),
            b'[' | b'{' => self.flow(line, at),
            _ if !self.begins_plain(at, line.end) => None,
            _ => {
                let mut end = line.end;
                // A comment needs a space before it, and a colon with a space behind it is an error.
                for stop in memchr::memchr2_iter(b'#', b':', &self.bytes[at..line.end]).map(|length| at + length) {
                    match self.bytes[stop] {
                        b'#' if self.bytes[stop - 1] == b' ' => {
                            end = stop;
                            break;
                        }
                        b':' if stop + 1 == line.end || self.bytes[stop + 1] == b' ' => return None,
                        _ => {}
                    }
                }
                let length = self.text[at..end].trim_end_matches(' ').len();
                self.scalar(at, at + length)
            }
        }
    }

    /// The scalar of the bytes from `at` to `end`, in quotes or plain.
    fn scalar(&mut self, at: usize, end: usize) -> Option<()> {
        let span = Span::new(at, end);
        match self.bytes[at] {
            b'"' | b'\'' => {
                let inside = self.text.get(at + 1..end - 1)?;
                match self.bytes[at] {
                    b'\'' if memchr::memchr(b'\'', inside.as_bytes()).is_some() => {
                        self.builder.unescaped(span, &inside.replace("''", "'"));
                    }
                    b'"' if memchr::memchr(b'\\', inside.as_bytes()).is_some() => {
                        self.builder.unescaped(span, &unescape(inside)?);
                    }
                    _ => {
                        self.builder.scalar(super::Shape::Text, span, 1);
                    }
                }
            }
            _ => {
                self.builder.scalar(core_schema(self.text.get(at..end)?), span, 0);
            }
        }
        Some(())
    }

    /// Where the quoted scalar that begins at `at` ends, if it ends in its line.
    fn quote_end(&self, at: usize, end: usize) -> Option<usize> {
        let quote = self.bytes[at];
        let mut at = at + 1;
        loop {
            let found = at + memchr::memchr2(quote, b'\\', &self.bytes[at..end])?;
            match self.bytes[found] {
                b'\\' if quote == b'"' => at = (found + 2).min(end),
                b'\'' if quote == b'\'' && self.bytes[..end].get(found + 1) == Some(&b'\'') => at = found + 2,
                byte if byte == quote => return Some(found + 1),
                _ => at = found + 1,
            }
        }
    }

    /// `|`, `|-` or `|+` and the lines below.
    fn literal(&mut self, line: Line, header: usize, indent: usize) -> Option<()> {
        let chomping = match &self.bytes[header + 1..line.end] {
            b"" => b' ',
            b"-" => b'-',
            b"+" => b'+',
            _ => return None,
        };
        let mut value = String::new();
        let mut content_indent: Option<usize> = None;
        let (mut content_end, mut value_end) = (header, 0);
        while self.at < self.bytes.len() {
            let start = self.at;
            // A file that ends in the middle of a line is the full parser's.
            let end = start + memchr::memchr(b'\n', &self.bytes[start..])?;
            let first = self.skip_spaces(start, end);
            if first == end {
                // A blank line may be content, and before the first line its spaces matter.
                let inner = content_indent?;
                value.push_str(&self.text[(start + inner).min(end)..end]);
                value.push('\n');
                if start + inner < end {
                    value_end = value.len() - 1;
                }
                self.at = end + 1;
                continue;
            }
            let inner = *content_indent.get_or_insert(first - start);
            if first - start < inner || inner <= indent {
                // Too deep for what comes next, and not deep enough for this.
                if first - start > indent || inner <= indent {
                    return None;
                }
                break;
            }
            value.push_str(&self.text[start + inner..end]);
            value_end = value.len();
            value.push('\n');
            content_end = end;
            self.at = end + 1;
        }
        content_indent?;
        match chomping {
            b'-' => value.truncate(value_end),
            b' ' => value.truncate(value_end + 1),
            _ => {}
        }
        let end = header + self.text[header..content_end].trim_end().len();
        self.builder.unescaped(Span::new(header, end), &value);
        Some(())
    }

    fn skip_spaces(&self, at: usize, end: usize) -> usize {
        at + self.bytes[at..end].iter().take_while(|&&byte| byte == b' ').count()
    }

    /// True when nothing but spaces and a comment follow, the comment apart from what precedes.
    fn rest_is_blank(&self, at: usize, end: usize) -> bool {
        let first = self.skip_spaces(at, end);
        first == end || (self.bytes[first] == b'#' && self.bytes[first - 1] == b' ')
    }

    fn only_comment(&self, at: usize, end: usize) -> Option<()> {
        self.rest_is_blank(at, end).then_some(())
    }
}

/// The text of a double-quoted scalar with the escapes that everybody uses.
fn unescape(inside: &str) -> Option<String> {
    let mut value = String::with_capacity(inside.len());
    let mut parts = inside.split('\\');
    value.push_str(parts.next()?);
    while let Some(part) = parts.next() {
        let mut characters = part.chars();
        match characters.next() {
            Some('n') => value.push('\n'),
            Some('t') => value.push('\t'),
            Some('"') => value.push('"'),
            Some('/') => value.push('/'),
            // Two backslashes: the part between them is empty, and the next one is text.
            None => {
                value.push('\\');
                value.push_str(parts.next()?);
                continue;
            }
            _ => return None,
        }
        value.push_str(characters.as_str());
    }
    Some(value)
}
