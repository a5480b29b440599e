//! Words, literals, operators and brackets of a file of code, in one flat list: what extractors match on.
//!
//! Text comes in through the lexer, a [`Token`] list comes out, in which each bracket knows its partner. So a reader steps over a group
//! in no time, and no nesting can exhaust the stack. Comments are gone. In languages that close blocks by a word (`end`), the words that
//! open and close a block are brackets too.

use super::lexer::Sink;
use crate::discover::language::Language;

/// One piece of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub start: u32,
    pub end: u32,
    /// Of an opening bracket: the token that closes it, or the number of tokens where nothing does. Of a closing one: the token that
    /// opens it, or itself. Of any other token: itself.
    pub partner: u32,
    pub kind: TokenKind,
    /// True for the first token of its line.
    pub begins_line: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// An identifier or keyword.
    Word,
    Number,
    /// With its marks and the letters before them. One that holds code (`${…}` of a template) comes in several literals, with the code
    /// between them.
    Literal,
    /// One operator or separator.
    Operator,
    Open,
    Close,
}

/// How a language closes its blocks, as far as brackets do not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blocks {
    Brackets,
    /// `def … end`, `if … end`, `do … end`.
    Ruby,
    /// `do … end`, `fn … end`.
    Elixir,
}

/// How far the `=` of `def name(arguments) = value` is looked for.
const LONGEST_HEADER: usize = 256;

/// Operators of more than one character, longest first.
const OPERATORS: [&[u8]; 28] = [
    b"...", b"===", b"!==", b"<=>", b"**=", b"->", b"=>", b"::", b":=", b"==", b"!=", b"<=", b">=", b"&&", b"||", b"??", b"?.",
    b"<-", b"|>", b"+=", b"-=", b"<>", b"++", b"--", b"..", b"**", b"?:", b"!!",
];

/// Collects tokens from the lexer.
pub struct Collector<'t> {
    text: &'t [u8],
    language: Language,
    blocks: Blocks,
    tokens: Vec<Token>,
    /// Brackets that are open.
    open: Vec<(u32, u8)>,
    /// How many of each kind are open.
    open_count: [u32; 256],
    line_begins: bool,
    /// A loop of Ruby was opened on this line, whose `do` opens nothing more.
    loop_opened: bool,
}

impl<'t> Collector<'t> {
    pub fn new(language: Language, text: &'t str) -> Self {
        let blocks = match language.name() {
            "Ruby" | "Crystal" => Blocks::Ruby,
            "Elixir" => Blocks::Elixir,
            _ => Blocks::Brackets,
        };
        Collector {
            text: text.as_bytes(),
            language,
            blocks,
            tokens: Vec::with_capacity(text.len() / 6),
            open: Vec::new(),
            open_count: [0; 256],
            line_begins: true,
            loop_opened: false,
        }
    }

    pub fn finish(mut self) -> Vec<Token> {
        let end = self.tokens.len() as u32;
        for (open, _) in self.open {
            self.tokens[open as usize].partner = end;
        }
        self.tokens
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        let partner = self.tokens.len() as u32;
        let begins_line = std::mem::take(&mut self.line_begins);
        self.tokens.push(Token { start: start as u32, end: end as u32, partner, kind, begins_line });
    }

    fn open(&mut self, start: usize, end: usize, closer: u8) {
        self.open.push((self.tokens.len() as u32, closer));
        self.open_count[closer as usize] += 1;
        self.push(TokenKind::Open, start, end);
    }

    /// Closes the innermost bracket of the kind; those inside that were left open end here too.
    fn close(&mut self, start: usize, end: usize, closer: u8) {
        let index = self.tokens.len() as u32;
        self.push(TokenKind::Close, start, end);
        if self.open_count[closer as usize] == 0 {
            return;
        }
        while let Some((open, kind)) = self.open.pop() {
            self.open_count[kind as usize] -= 1;
            self.tokens[open as usize].partner = index;
            if kind == closer {
                self.tokens[index as usize].partner = open;
                return;
            }
        }
    }

    fn word(&mut self, start: usize, end: usize) {
        let word = &self.text[start..end];
        match self.blocks {
            Blocks::Brackets => self.push(TokenKind::Word, start, end),
            // `do:` and `x.end` are names.
            _ if self.is_name(start, end) => self.push(TokenKind::Word, start, end),
            Blocks::Elixir => match word {
                b"do" | b"fn" => self.open(start, end, b'e'),
                b"end" => self.close(start, end, b'e'),
                _ => self.push(TokenKind::Word, start, end),
            },
            Blocks::Ruby => match word {
                b"class" | b"module" | b"begin" | b"case" => self.open(start, end, b'e'),
                b"def" if !self.is_endless(end) => self.open(start, end, b'e'),
                b"if" | b"unless" if self.begins_statement() => self.open(start, end, b'e'),
                b"while" | b"until" | b"for" if self.begins_statement() => {
                    self.loop_opened = true;
                    self.open(start, end, b'e');
                }
                b"do" if !self.loop_opened => self.open(start, end, b'e'),
                b"end" => self.close(start, end, b'e'),
                _ => self.push(TokenKind::Word, start, end),
            },
        }
    }

    /// A keyword is a name after a dot or `def`, before a colon that begins no other operator, and after one.
    fn is_name(&self, start: usize, end: usize) -> bool {
        let after_colon = self.text.get(end) == Some(&b':') && self.text.get(end + 1) != Some(&b':');
        let before = start.checked_sub(1).map(|at| self.text[at]);
        after_colon
            || self.text.get(end) == Some(&b'?')
            || matches!(before, Some(b'.' | b':' | b'@'))
            || self.last() == Some(b"def")
    }

    /// True for `?` right after a name: `empty?`.
    fn ends_name(&self, at: usize) -> bool {
        self.blocks != Blocks::Brackets
            && self.text[at] == b'?'
            && !matches!(self.text.get(at + 1), Some(b'=' | b':'))
            && self.tokens.last().is_some_and(|token| token.kind == TokenKind::Word && token.end as usize == at)
    }

    /// Where a literal or comment might have begun, the lexer brings an operator in two pieces: `=` and `>`.
    fn continues_operator(&mut self, start: usize, end: usize) -> bool {
        let text = self.text;
        let Some(last) = self.tokens.last_mut() else { return false };
        let goes_on = last.kind == TokenKind::Operator
            && last.end as usize == start
            && OPERATORS.contains(&&text[last.start as usize..end]);
        if goes_on {
            last.end = end as u32;
        }
        goes_on
    }

    fn last(&self) -> Option<&'t [u8]> {
        self.tokens.last().map(|token| &self.text[token.start as usize..token.end as usize])
    }

    /// `def name(arguments) = value` has no end.
    fn is_endless(&self, from: usize) -> bool {
        let line = &self.text[from..self.text.len().min(from + LONGEST_HEADER)];
        let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
        let (mut depth, mut at) = (0, 0);
        while at < line.len() {
            match line[at] {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'#' if depth == 0 => return false,
                b'=' if depth == 0 => {
                    // `def ==(other)` and `def name=(value)` are names.
                    let name = line[..at].split(|&byte| byte == b'(').next().unwrap_or_default().trim_ascii();
                    // `def name parameter = value` has a body.
                    let is_name = !name.iter().any(u8::is_ascii_whitespace);
                    return is_name && line[..at].ends_with(b" ") && line.get(at + 1) == Some(&b' ');
                }
                _ => {}
            }
            at += 1;
        }
        false
    }

    /// A condition that begins no statement modifies the one before it.
    fn begins_statement(&self) -> bool {
        let continues = self.last() == Some(b"\\");
        let Some(token) = self.tokens.last().filter(|_| !self.line_begins || continues) else { return true };
        match token.kind {
            TokenKind::Operator if continues => false,
            TokenKind::Operator => true,
            TokenKind::Open => true,
            TokenKind::Word => matches!(self.last(), Some(b"else" | b"then" | b"and" | b"or" | b"not")),
            _ => false,
        }
    }

    /// How many bytes before a quote belong to the literal: `f"`, `$@"`, `br#"`.
    fn prefix(&self, start: usize) -> usize {
        let before = &self.text[..start];
        let count =
            |allowed: &[u8], most: usize| before.iter().rev().take(most).take_while(|byte| allowed.contains(byte)).count();
        let length = match self.language.name() {
            "Python" => count(b"fFrRbBuU", 2),
            "C#" => count(b"$@", 8),
            "Scala" => count(b"sfr", 3),
            "Rust" => {
                let hashes = count(b"#", 64);
                let letters = before[..start - hashes].iter().rev().take(2).take_while(|byte| b"rbc".contains(byte)).count();
                if letters == 0 { 0 } else { hashes + letters }
            }
            "C++" | "C++ Header" => count(b"RuUL8", 3),
            _ => 0,
        };
        // The letters must not be the end of a longer word.
        let is_word = |at: usize| self.text[at].is_ascii_alphanumeric() || matches!(self.text[at], b'_' | 0x80..);
        let first = start - length;
        if length > 0 && is_word(first) && first.checked_sub(1).is_some_and(is_word) { 0 } else { length }
    }
}

impl Sink for Collector<'_> {
    fn code(&mut self, start: usize, end: usize) {
        let text = self.text;
        let mut at = start;
        while at < end {
            let byte = text[at];
            match CLASSES[byte as usize] {
                Class::Blank => at += 1,
                // The lexer looked for a literal here.
                Class::Operator if at == start && self.ends_name(at) => {
                    self.tokens.last_mut().expect("a name was read").end += 1;
                    at += 1;
                }
                Class::Word => {
                    let from = at;
                    at += 1;
                    while at < end && matches!(CLASSES[text[at] as usize], Class::Word | Class::Digit) {
                        at += 1;
                    }
                    if self.blocks != Blocks::Brackets
                        && at < end
                        && matches!(text[at], b'?' | b'!')
                        && !matches!(text.get(at + 1), Some(b'=' | b':'))
                    {
                        at += 1;
                    }
                    self.word(from, at);
                }
                Class::Digit => {
                    let from = at;
                    while at < end
                        && (matches!(CLASSES[text[at] as usize], Class::Word | Class::Digit)
                            || text[at] == b'.' && text.get(at + 1).is_some_and(u8::is_ascii_digit))
                    {
                        at += 1;
                    }
                    self.push(TokenKind::Number, from, at);
                }
                Class::Open => {
                    let closer = match byte {
                        b'(' => b')',
                        b'[' => b']',
                        _ => b'}',
                    };
                    self.open(at, at + 1, closer);
                    at += 1;
                }
                Class::Close => {
                    self.close(at, at + 1, byte);
                    at += 1;
                }
                Class::Operator => {
                    let rest = &text[at..end];
                    // A name in which anything may stand.
                    let name = (byte == b'`').then(|| memchr::memchr(b'`', &rest[1..])).flatten();
                    let (kind, length) = match name {
                        Some(length) => (TokenKind::Word, length + 2),
                        None => {
                            // Most operators are followed by a blank or a word.
                            let is_alone = rest.get(1).is_none_or(|&next| CLASSES[next as usize] != Class::Operator);
                            let longer = || OPERATORS.iter().find(|operator| rest.starts_with(operator));
                            let operator = if is_alone { None } else { longer() };
                            (TokenKind::Operator, operator.map_or(1, |operator| operator.len()))
                        }
                    };
                    if kind != TokenKind::Operator || !self.continues_operator(at, at + length) {
                        self.push(kind, at, at + length);
                    }
                    at += length;
                }
            }
        }
    }

    fn literal(&mut self, start: usize, end: usize, _: bool) {
        let prefix = self.prefix(start);
        let from = start - prefix;
        while prefix > 0 && self.tokens.last().is_some_and(|token| token.start as usize >= from) {
            let dropped = self.tokens.pop().expect("there is a last one");
            self.line_begins |= dropped.begins_line;
        }
        // `return$"…"`: what was taken for the end of a word.
        if let Some(last) = self.tokens.last_mut().filter(|token| token.end as usize > from) {
            last.end = from as u32;
        }
        self.push(TokenKind::Literal, from, end);
    }

    fn comment(&mut self, _: usize, _: usize, _: bool) {}

    fn line_end(&mut self, _: usize) {
        self.line_begins = true;
        self.loop_opened = false;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    Word,
    Digit,
    Open,
    Close,
    Operator,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Operator; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t' | b'\r' | b'\n' | 0x0B | 0x0C => Class::Blank,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | 0x80.. => Class::Word,
            b'0'..=b'9' => Class::Digit,
            b'(' | b'[' | b'{' => Class::Open,
            b')' | b']' | b'}' => Class::Close,
            _ => Class::Operator,
        };
        byte += 1;
    }
    classes
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::code::lexer;

    /// Tokens of a text, blanks between them; `<` and `>` around each literal, and `↵` before each line but the first.
    fn check(language: &str, text: &str, expected: &str) {
        let language = Language::from_name(language).expect("in the table");
        let mut collector = Collector::new(language, text);
        lexer::read(language, text.as_bytes(), &mut collector);
        let tokens = collector.finish();
        let mut shown = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            let text = &text[token.start as usize..token.end as usize];
            if token.begins_line && index > 0 {
                shown.push("↵".to_owned());
            }
            shown.push(match token.kind {
                TokenKind::Literal => format!("<{text}>"),
                TokenKind::Open => format!("{text}{}", token.partner as usize - index),
                _ => text.to_owned(),
            });
        }
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn code_is_words_literals_operators_and_brackets() {
        check("Java", "@Get(\"/a\") // b\nint a=b.c(1.5, 'x');", "@ Get (2 <\"/a\"> ) ↵ int a = b . c (4 1.5 , <'x'> ) ;");
        check("TypeScript", "a?.b(`x${y}z`, /r/)", "a ?. b (6 <`x${> y <}z`> , </r/> )");
        check("Python", "f(rf\"a\", self\"b\")", "f (5 <rf\"a\"> , self <\"b\"> )");
        check("C#", "var a = $@\"x\";", "var a = <$@\"x\"> ;");
        check("C#", "return$\"x\";", "return <$\"x\"> ;");
        check("Python", "éf\"x\"", "éf <\"x\">");
        check("Rust", "#[get(r#\"/a\"#)]", "# [5 get (2 <r#\"/a\"#> ) ]");
    }

    #[test]
    fn brackets_that_do_not_match_end_where_they_must() {
        check("Java", "f(a { b ) c", "f (4 a {2 b ) c");
        check("Java", "} a ( b", "} a (2 b");
    }

    #[test]
    fn words_that_open_and_close_blocks_are_brackets() {
        check("Ruby", "def a\n b if c\n d.each do |x|\n end\nend", "def13 a ↵ b if c ↵ d . each do4 | x | ↵ end ↵ end");
        check("Ruby", "def a\n return if b?(c)\n d \\\n  unless e\nend", "def12 a ↵ return if b? (2 c ) ↵ d \\ ↵ unless e ↵ end");
        check("Ruby", "while x do\n y\nend\ndef a = 1\n{ end: 1 }", "while4 x do ↵ y ↵ end ↵ def a = 1 ↵ {4 end : 1 }");
        check("Ruby", "def a(b) = c\ndef self.d e = f\n g\nend", "def a (2 b ) = c ↵ def8 self . d e = f ↵ g ↵ end");
        check("Ruby", "a == b, 'c' => d\ne <=> f", "a == b , <'c'> => d ↵ e <=> f");
        check("Elixir", "if a, do: b\nx fn a -> b end", "if a , do : b ↵ x fn4 a -> b end");
    }
}
