//! One pass over program text: code, literals, comments and line ends, for every language of the table.
//!
//! Bytes come in; a [`Sink`] is told of each piece in order. The pieces cover the text but for blanks. Time is linear in the text, whatever
//! it holds, and what does not close ends where its language says or at the end of the text.
//!
//! How this grows: code comes as runs between literals, comments and line ends, so that counting lines costs next to nothing. A
//! reader of tokens is another sink, which splits the runs it is given into words, operators and brackets; it needs no second
//! lexer, and comments and strings are already right. Code inside of a template (`${…}`) already comes as code.

mod embedded;
mod here;
mod lexicon;
mod literal;
#[cfg(test)]
mod tests;

use memchr::{memchr, memchr2};

use crate::discover::language::{BlockComment, HereMark, Language, LineComment, Place};
use lexicon::{BLANK, BRACE, Lexicon, NEWLINE, PLAIN, Rule};

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

/// Two sinks that listen to one pass.
impl<A: Sink, B: Sink> Sink for (A, B) {
    fn code(&mut self, start: usize, end: usize) {
        self.0.code(start, end);
        self.1.code(start, end);
    }

    fn literal(&mut self, start: usize, end: usize, spans_lines: bool) {
        self.0.literal(start, end, spans_lines);
        self.1.literal(start, end, spans_lines);
    }

    fn comment(&mut self, start: usize, end: usize, spans_lines: bool) {
        self.0.comment(start, end, spans_lines);
        self.1.comment(start, end, spans_lines);
    }

    fn line_end(&mut self, at: usize) {
        self.0.line_end(at);
        self.1.line_end(at);
    }
}

/// Reads a text of the language into the sink.
pub fn read(language: Language, bytes: &[u8], sink: &mut impl Sink) {
    let lexicon = Lexicon::of(language);
    Lexer {
        bytes,
        lexicon,
        sink,
        at: 0,
        templates: Vec::new(),
        here: Vec::new(),
        failed_searches: 0,
        no_regex_before: 0,
        last_end: 0,
    }
    .run();
}

struct Lexer<'b, 's, S> {
    bytes: &'b [u8],
    lexicon: &'static Lexicon,
    sink: &'s mut S,
    at: usize,
    /// For each template whose code is being read: how many braces are open in it.
    templates: Vec<u32>,
    /// Words that end the here-documents announced on this line.
    here: Vec<(&'b [u8], HereMark)>,
    failed_searches: u32,
    /// A `/` before this offset is an operator: one on the same line was tried and does not end on it.
    no_regex_before: usize,
    /// Where the last code or literal ends.
    last_end: usize,
}

impl<S: Sink> Lexer<'_, '_, S> {
    fn run(&mut self) {
        let bytes = self.bytes;
        // What runs a script is said in its first line; `#![` begins an attribute of Rust.
        if bytes.starts_with(b"#!") && bytes.get(2) != Some(&b'[') {
            let end = self.line_end();
            self.sink.comment(0, end, false);
            self.at = end;
        }
        if self.lexicon.markup {
            self.first_markup();
        }
        self.line_marks();
        loop {
            let classes = if self.templates.is_empty() { &self.lexicon.classes } else { &self.lexicon.classes_in_template };
            let rest = &bytes[self.at..];
            let blanks = rest.iter().position(|&byte| classes[byte as usize] != BLANK).unwrap_or(rest.len());
            let start = self.at + blanks;
            let rest = &rest[blanks..];
            let run = rest.iter().position(|&byte| classes[byte as usize] > PLAIN).unwrap_or(rest.len());
            self.at = start + run;
            if run > 0 {
                self.code(start, self.at);
            }
            let Some(&byte) = bytes.get(self.at) else { return };
            match classes[byte as usize] {
                NEWLINE => {
                    self.sink.line_end(self.at);
                    self.at += 1;
                    if !self.here.is_empty() {
                        self.here_documents();
                    }
                    self.line_marks();
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
            self.code(self.at, self.at + 1);
            self.at += 1;
        }
    }

    fn code(&mut self, start: usize, end: usize) {
        self.sink.code(start, end);
        self.last_end = end;
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
        self.last_end = end;
        self.at = end;
        true
    }

    fn short_literal(&mut self, end: usize) -> bool {
        self.sink.literal(self.at, end, false);
        self.last_end = end;
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
            Place::NotBeforeBracket => self.bytes.get(self.at + comment.mark.len()) != Some(&b'['),
        };
        if !self.has(comment.mark) || !in_place() || self.is_address() {
            return false;
        }
        if self.lexicon.long_brackets
            && let Some(end) = self.long_bracket(self.at + comment.mark.len())
        {
            self.sink.comment(self.at, end, true);
            self.at = end;
            return true;
        }
        let mut end = self.line_end();
        // Markup goes on after `?>`, even if that stands in a comment.
        if self.lexicon.markup
            && let Some(length) = memchr::memmem::find(&self.bytes[self.at..end], b"?>")
        {
            end = self.at + length;
        }
        self.sink.comment(self.at, end, false);
        self.at = end;
        true
    }

    /// The `//` of `https://`, which stands in a text between tags.
    fn is_address(&self) -> bool {
        let before = &self.bytes[..self.at];
        before.ends_with(b"http:") || before.ends_with(b"https:")
    }

    fn block_comment(&mut self, comment: &BlockComment) -> bool {
        // `(*)` is an operator where `(*` begins a comment.
        if !self.has(comment.open) || (comment.open == "(*" && self.has("(*)")) {
            return false;
        }
        let from = self.at + comment.open.len();
        let end = match comment.nested {
            true => self.nested_end(comment, from),
            false => self.find_close(comment.close.as_bytes(), from),
        };
        self.long_comment(end)
    }

    /// The piece from here to `end`, or to that of the text, is a comment that may hold line ends.
    fn long_comment(&mut self, end: Option<usize>) -> bool {
        let end = end.unwrap_or(self.bytes.len());
        self.sink.comment(self.at, end, true);
        self.at = end;
        true
    }

    /// A line begins here, and with it perhaps a comment.
    fn line_marks(&mut self) {
        for comment in &self.lexicon.line_marks {
            if self.has(comment.open) {
                let end = self.line_mark_end(comment.close, self.at + comment.open.len());
                self.long_comment(end);
                return;
            }
        }
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
        if mark.is_empty() {
            return None;
        }
        let mut at = from;
        loop {
            at += memchr(b'\n', &self.bytes[at..])? + 1;
            if self.bytes[at..].starts_with(mark.as_bytes()) {
                return Some(memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |length| at + length));
            }
        }
    }
}
