//! Where a comment begins with certain words: marks of comments, strings that only look like one, texts that show another file.
//!
//! No lexer: the few files that hold the words are looked at around them, and at the texts of several lines once.

use std::cell::OnceCell;
use std::ops::Range;

use memchr::memmem;

use crate::document::{Node, Shape, Syntax};
use crate::extract::Input;

/// How much of a line, before or after the words, is looked at.
const LONG_LINE: usize = 2_000;

/// The comments of a file.
pub(super) struct Comments<'i, 'b> {
    input: &'i Input<'b>,
    shown: OnceCell<Vec<Range<usize>>>,
}

impl<'i, 'b> Comments<'i, 'b> {
    pub fn of(input: &'i Input<'b>) -> Self {
        Comments { input, shown: OnceCell::new() }
    }

    /// What the comment says whose first word begins at `at`, up to its end or that of the line. None where no comment begins.
    pub fn words_at(&self, at: usize) -> Option<&'b str> {
        let text = self.input.text;
        let line = line_around(text, at)?;
        let comment = Comment::before(self.input, &text[line.clone()], at - line.start)?;
        let shown = || self.shown.get_or_init(|| shown_texts(self.input));
        if comment.is_quoted(&text[line.clone()]) || is_within(shown(), at) {
            return None;
        }
        let words = &text[at..line.end];
        Some(comment.closing().and_then(|mark| words.split(mark).next()).unwrap_or(words).trim_end())
    }
}

/// The line in which `at` lies; none for lines so long that no one wrote them, which would be searched again for each mark.
fn line_around(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let from = at.saturating_sub(LONG_LINE);
    let start = match memchr::memrchr(b'\n', &bytes[from..at]) {
        Some(end) => from + end + 1,
        None if from == 0 => 0,
        None => return None,
    };
    let to = bytes.len().min(at + LONG_LINE);
    match memchr::memchr(b'\n', &bytes[at..to]) {
        Some(length) => Some(start..at + length),
        None => (to == bytes.len()).then_some(start..to),
    }
}

/// The mark that opens a comment, and where on its line.
struct Comment<'l> {
    mark: &'l str,
    at: usize,
}

impl<'l> Comment<'l> {
    /// The comment whose first words begin at `words` of the line.
    fn before(input: &Input, line: &'l str, words: usize) -> Option<Self> {
        let before = line[..words].trim_end();
        let is_mark = |c: char| matches!(c, '#' | '/' | '*' | '-' | '!' | '<' | '{' | ';' | '%');
        let mark = &before[before.trim_end_matches(is_mark).len()..];
        let at = before.len() - mark.len();
        let is_comment = match Prose::of(input) {
            Prose::Markdown => mark.ends_with("<!--") || mark.ends_with("{/*"),
            Prose::Plain => false,
            Prose::Code => {
                // A single star goes on with a block comment only where it begins the line.
                let inner_line = mark == "*" && line[..at].trim().is_empty();
                inner_line || mark.contains("//") || mark.contains("/*") || mark.contains("--") || mark.contains(['#', ';', '%'])
            }
        };
        is_comment.then_some(Comment { mark, at })
    }

    /// What ends the comment on its line.
    fn closing(&self) -> Option<&'static str> {
        if self.mark.contains("<!--") {
            Some("-->")
        } else if self.mark.contains('*') {
            Some("*/")
        } else {
            None
        }
    }

    /// True when the mark stands in a string of the line.
    fn is_quoted(&self, line: &str) -> bool {
        let bytes = line.as_bytes();
        let mut at = 0;
        while at < self.at {
            let quote = bytes[at];
            // An apostrophe, or a lifetime, is no quote; a quote that nothing closes on the line may be one of them.
            let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
            let opens = match quote {
                b'"' | b'`' => true,
                b'\'' => at == 0 || !is_letter(bytes[at - 1]),
                _ => false,
            };
            if !opens {
                at += 1;
                continue;
            }
            match closing_quote(&bytes[at + 1..], quote) {
                Some(length) => at += length + 2,
                None if quote == b'\'' => at += 1,
                None => return true,
            }
        }
        at > self.at
    }
}

fn closing_quote(bytes: &[u8], quote: u8) -> Option<usize> {
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote != b'`' => at += 2,
            byte if byte == quote => return Some(at),
            _ => at += 1,
        }
    }
    None
}

/// How much of a file is prose.
enum Prose {
    Code,
    /// Comments are those of HTML, and of JSX in MDX.
    Markdown,
    /// No comments at all.
    Plain,
}

impl Prose {
    fn of(input: &Input) -> Prose {
        match extension(input) {
            Some("md" | "mdx" | "markdown" | "html" | "htm") => Prose::Markdown,
            Some("txt" | "rst" | "log" | "csv" | "tsv") => Prose::Plain,
            _ => Prose::Code,
        }
    }
}

/// Texts of several lines that may show another file, in order: scalars of YAML, fences of Markdown, long strings of code.
fn shown_texts(input: &Input) -> Vec<Range<usize>> {
    let text = input.text;
    if input.syntax() == Some(Syntax::Yaml) {
        return input.tree().documents().flat_map(scalars).collect();
    }
    match extension(input) {
        Some("md" | "mdx" | "markdown") => {
            let is_fence = |line: &&str| line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
            pairs(text.lines().filter(is_fence).map(|line| input.span_of(line).range().start), text.len())
        }
        Some("py" | "pyi") => {
            let mut texts = between(text, "\"\"\"", "\"\"\"");
            texts.extend(between(text, "'''", "'''"));
            texts.sort_by_key(|range| range.start);
            texts
        }
        Some("java" | "kt" | "kts" | "scala" | "swift" | "cs" | "toml" | "groovy" | "dart") => between(text, "\"\"\"", "\"\"\""),
        Some("js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" | "go") => between(text, "`", "`"),
        Some("rs") => between(text, "r#\"", "\"#"),
        _ => Vec::new(),
    }
}

fn is_within(texts: &[Range<usize>], at: usize) -> bool {
    let after = texts.partition_point(|range| range.start <= at);
    texts[..after].last().is_some_and(|range| at < range.end)
}

/// What stands between each opening and the next closing, in order; what is never closed reaches to the end.
fn between(text: &str, open: &str, close: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(start) = memmem::find(&text.as_bytes()[at..], open.as_bytes()).map(|offset| at + offset + open.len()) {
        let end = memmem::find(&text.as_bytes()[start..], close.as_bytes()).map_or(text.len(), |length| start + length);
        ranges.push(start..end);
        at = text.len().min(end + close.len());
    }
    ranges
}

fn pairs(mut marks: impl Iterator<Item = usize>, end: usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    while let Some(open) = marks.next() {
        ranges.push(open..marks.next().unwrap_or(end));
    }
    ranges
}

/// The scalars of a document, which stand in the order of the text.
fn scalars(document: Node) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut open = vec![document];
    while let Some(node) = open.pop() {
        match node.shape() {
            Shape::Sequence if !node.is_alias() => open.extend(node.items()),
            Shape::Mapping if !node.is_alias() => open.extend(node.entries().flat_map(|(key, value)| [key, value])),
            _ => ranges.push(node.span().range()),
        }
    }
    ranges.sort_by_key(|range| range.start);
    ranges
}

fn extension<'b>(input: &Input<'b>) -> Option<&'b str> {
    input.name().rsplit_once('.').map(|(_, extension)| extension)
}
