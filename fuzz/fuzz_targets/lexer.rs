//! Any text in any language: the first line names the language, or its first byte chooses one, and the rest is the text. Pieces, tokens
//! and lines must fit.

#![no_main]

use brickwork::discover::language::Language;
use brickwork::extract::code::lexer::{self, Sink};
use brickwork::extract::code::lines::Counter;
use brickwork::extract::code::tokens::{Collector, Token, TokenKind};
use brickwork::source::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some(&first) = input.first() else { return };
    let end = input.iter().position(|&byte| byte == b'\n').unwrap_or(input.len());
    let named = std::str::from_utf8(&input[..end]).ok().and_then(Language::from_name);
    let index = first as usize % Language::all().count();
    let language = named.or(Language::all().nth(index)).expect("an index below the count");
    let text = decode(&input[if named.is_some() { end } else { 1 }..]).text;
    let pieces = Pieces { text: &text, end: 0 };
    let mut sinks = (pieces, (Counter::new(&text), Collector::new(language, &text)));
    lexer::read(language, text.as_bytes(), &mut sinks);
    let (pieces, (counter, collector)) = sinks;
    assert!(text[pieces.end..].trim().is_empty(), "the last piece ends the text");
    let count = counter.finish();
    assert_eq!((count.code + count.comment + count.blank) as usize, text.lines().count());
    check(&text, &collector.finish());
});

/// Tokens come in order, are whole characters, and brackets belong to each other.
fn check(text: &str, tokens: &[Token]) {
    let mut end = 0;
    for (index, token) in tokens.iter().enumerate() {
        assert!(token.start >= end && token.end > token.start, "tokens come in order");
        end = token.end;
        assert!(text.get(token.start as usize..token.end as usize).is_some(), "a token is text");
        let partner = token.partner as usize;
        match token.kind {
            TokenKind::Open => assert!(partner > index && partner <= tokens.len(), "what opens closes later, if at all"),
            TokenKind::Close => assert!(partner <= index && (partner == index || tokens[partner].partner as usize == index)),
            _ => assert_eq!(partner, index),
        }
    }
}

/// Where the last piece ended.
struct Pieces<'t> {
    text: &'t str,
    end: usize,
}

impl Pieces<'_> {
    fn piece(&mut self, start: usize, end: usize, spans_lines: bool) {
        assert!(start >= self.end && end > start, "pieces come in order");
        assert!(self.text[self.end..start].trim().is_empty(), "pieces cover the text");
        assert!(self.text.is_char_boundary(end), "a piece is text");
        assert!(spans_lines || !self.text[start..end].contains('\n'), "a piece of one line has no line end");
        self.end = end;
    }
}

impl Sink for Pieces<'_> {
    fn code(&mut self, start: usize, end: usize) {
        self.piece(start, end, false);
    }

    fn literal(&mut self, start: usize, end: usize, spans_lines: bool) {
        self.piece(start, end, spans_lines);
    }

    fn comment(&mut self, start: usize, end: usize, spans_lines: bool) {
        self.piece(start, end, spans_lines);
    }

    fn line_end(&mut self, at: usize) {
        assert!(at >= self.end && self.text.as_bytes()[at] == b'\n', "a line end is one");
        assert!(self.text[self.end..at].trim().is_empty(), "pieces cover the text");
        self.end = at + 1;
    }
}
