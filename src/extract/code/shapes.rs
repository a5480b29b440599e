//! Shapes of code: what is left of it when names, blanks and comments are gone, in windows of a few lines.
//!
//! Pieces of the lexer come in, one hash for each window comes out. Two windows are equal where their code is the same but for names:
//! operators, brackets, numbers and texts must agree. Lines that hold brackets alone do not count, so that it does not matter how
//! somebody sets braces; imports do not count, since what is needed alike is imported alike.
//!
//! A window whose lines are nearly all of one form (fields, getters, entries of a table) says nothing and is left out.

use super::lexer::Sink;
use crate::facts::CodeShape as Shape;

/// Lines of one window.
pub const WINDOW: usize = 6;
/// Different lines that a window must hold.
const FEWEST_FORMS: usize = 4;
/// Texts that are longer are told by their length.
const LONGEST_TEXT: usize = 200;
/// Windows of one file that are kept.
const MOST_WINDOWS: usize = 20_000;

/// First words of lines that bring in names of other files.
const IMPORTS: [&[u8]; 11] = [
    b"import",
    b"using",
    b"include",
    b"package",
    b"require",
    b"from",
    b"use",
    b"namespace",
    b"alias",
    b"require_relative",
    b"export",
];

/// One line that counts.
#[derive(Clone, Copy, Default)]
struct Line {
    hash: u64,
    number: u32,
    tokens: u16,
}

/// Rolls shapes over what the lexer tells.
pub struct Shaper<'t> {
    text: &'t [u8],
    line: u32,
    hash: u64,
    tokens: u16,
    /// True where the line holds more than brackets.
    says: bool,
    imports: bool,
    last: [Line; WINDOW],
    seen: usize,
    shapes: Vec<Shape>,
}

impl<'t> Shaper<'t> {
    pub fn new(text: &'t str) -> Self {
        let text = text.as_bytes();
        Shaper {
            text,
            line: 1,
            hash: 0,
            tokens: 0,
            says: false,
            imports: false,
            last: [Line::default(); WINDOW],
            seen: 0,
            shapes: Vec::new(),
        }
    }

    pub fn finish(mut self) -> Vec<Shape> {
        self.end_line();
        self.shapes
    }

    fn add(&mut self, value: u64) {
        // FNV-1a over 64-bit pieces, with a turn that carries high bits down.
        self.hash = (self.hash.rotate_left(23) ^ value).wrapping_mul(0x0100_0000_01b3_9e37);
        self.tokens = self.tokens.saturating_add(1);
    }

    fn end_line(&mut self) {
        if self.says && !self.imports {
            let line = Line { hash: self.hash, number: self.line, tokens: self.tokens };
            self.last.rotate_left(1);
            self.last[WINDOW - 1] = line;
            self.seen += 1;
            if self.seen >= WINDOW {
                self.window();
            }
        }
        (self.hash, self.tokens, self.says, self.imports) = (0, 0, false, false);
    }

    fn window(&mut self) {
        let mut forms = 0;
        for (index, line) in self.last.iter().enumerate() {
            forms += usize::from(!self.last[..index].iter().any(|before| before.hash == line.hash));
        }
        if forms < FEWEST_FORMS || self.shapes.len() >= MOST_WINDOWS {
            return;
        }
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for line in &self.last {
            hash = (hash.rotate_left(17) ^ line.hash).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        let tokens = self.last.iter().map(|line| u32::from(line.tokens)).sum::<u32>();
        let (first, last) = (self.last[0].number, self.last[WINDOW - 1].number);
        self.shapes.push(Shape { hash: hash ^ hash >> 29, first, last, tokens: tokens.min(u32::from(u16::MAX)) as u16 });
    }

    fn count_lines(&mut self, start: usize, end: usize) {
        self.line += memchr::memchr_iter(b'\n', &self.text[start..end]).count() as u32;
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

impl Sink for Shaper<'_> {
    fn code(&mut self, start: usize, end: usize) {
        let code = &self.text[start..end];
        let mut at = 0;
        while let Some(&byte) = code.get(at) {
            if is_word(byte) {
                let length = code[at..].iter().position(|&byte| !is_word(byte)).unwrap_or(code.len() - at);
                let word = &code[at..at + length];
                if self.tokens == 0 {
                    self.imports = IMPORTS.contains(&word);
                }
                if byte.is_ascii_digit() {
                    let number = word.iter().fold(7u64, |sum, &byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
                    self.add(number | 1 << 40);
                } else {
                    self.add(1 << 32);
                }
                self.says = true;
                at += length;
                continue;
            }
            if !byte.is_ascii_whitespace() {
                self.says |= !matches!(byte, b'{' | b'}' | b'(' | b')' | b'[' | b']' | b';' | b',');
                match byte {
                    b'{' | b'}' | b';' => self.tokens = self.tokens.saturating_add(1),
                    _ => self.add(u64::from(byte)),
                }
            }
            at += 1;
        }
    }

    fn literal(&mut self, start: usize, end: usize, spans_lines: bool) {
        let text = &self.text[start..end];
        let value = match text.len() {
            0..=LONGEST_TEXT => text.iter().fold(5381u64, |sum, &byte| sum.wrapping_mul(33) ^ u64::from(byte)),
            length => length as u64,
        };
        self.add(value | 1 << 41);
        self.says = true;
        if spans_lines {
            self.count_lines(start, end);
        }
    }

    fn comment(&mut self, start: usize, end: usize, spans_lines: bool) {
        if spans_lines {
            self.count_lines(start, end);
        }
    }

    fn line_end(&mut self, _: usize) {
        self.end_line();
        self.line += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;
    use crate::extract::code::lexer;

    fn shapes(text: &str) -> Vec<Shape> {
        let mut shaper = Shaper::new(text);
        lexer::read(Language::from_name("Java").expect("in the table"), text.as_bytes(), &mut shaper);
        shaper.finish()
    }

    fn hashes(text: &str) -> Vec<u64> {
        shapes(text).into_iter().map(|shape| shape.hash).collect()
    }

    const BODY: &str =
        "int a = b(1);\nif (a > 2) {\n  c.add(a + 3);\n}\nfor (int d : e) {\n  f -= d * 4;\n}\nlog(\"x\");\nreturn a;\n";

    #[test]
    fn names_blanks_comments_and_braces_do_not_matter() {
        let other = "  int alpha=beta(1); // one\nif(alpha > 2)\n{\n c.add(alpha + 3);\n}\n\n/* two\n */\nfor (int delta: epsilon) { \n f -= delta * 4; }\nlog( \"x\" );\nreturn alpha;\n";
        assert_eq!(hashes(BODY).len(), 2);
        assert_eq!(hashes(BODY)[0], hashes(other)[0]);
        let (first, last) = (shapes(BODY)[0].first, shapes(BODY)[1].last);
        assert_eq!((first, last), (1, 9));
    }

    #[test]
    fn numbers_texts_and_operators_matter() {
        for (from, to) in [("4", "5"), ("\"x\"", "\"y\""), ("-=", "+=")] {
            assert_ne!(hashes(BODY)[0], hashes(&BODY.replace(from, to))[0], "{to}");
        }
    }

    #[test]
    fn lines_of_one_form_and_imports_are_left_out() {
        assert!(hashes(&"private String name;\n".repeat(30)).is_empty());
        let imports: String = (0..30).map(|n| format!("import a.b{n}.C;\n")).collect();
        assert!(hashes(&imports).is_empty());
    }
}
