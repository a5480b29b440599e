//! The grammars of `tree-sitter` as an oracle: both must see the same comments, literals and brackets in a text.
//!
//! A text comes in, and each of its bytes gets a class from either side. Where they differ first, that is the outcome. Code in a literal is
//! a part of the literal, except in a template of JavaScript, where it is code on both sides.

use brickwork::discover::language::Language;
use brickwork::extract::code::lexer::{self, Sink};
use brickwork::extract::code::tokens::{Collector, TokenKind};
use tree_sitter::{Node, Parser};

/// What the comparison of one text comes to.
pub enum Outcome {
    /// The grammar does not read it without errors.
    Unread,
    Same,
    /// Where they differ first, and how each side reads the line there.
    Differs {
        line: usize,
        text: String,
        ours: String,
        theirs: String,
    },
}

/// A class of bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Code,
    Comment,
    Literal,
    Bracket,
    /// The grammar says nothing of it: text between tags, what a preprocessor reads.
    Unknown,
}

/// A text together with the parser of its language.
pub struct Grammar {
    parser: Parser,
    language: Language,
}

const COMMENTS: [&str; 9] = [
    "shebang",
    "shebang_line",
    "shebang_directive",
    "comment",
    "line_comment",
    "block_comment",
    "html_comment",
    "uninterpreted",
    "hash_bang_line",
];
const LITERALS: [&str; 34] = [
    "string_literal",
    "character_literal",
    "multiline_string_literal",
    "string",
    "regex",
    "template_string",
    "template_literal_type",
    "interpreted_string_literal",
    "raw_string_literal",
    "rune_literal",
    "verbatim_string_literal",
    "interpolated_string_expression",
    "char_literal",
    "encapsed_string",
    "heredoc",
    "nowdoc",
    "shell_command_expression",
    "text_interpolation",
    "text",
    "php_tag",
    "heredoc_beginning",
    "heredoc_body",
    "subshell",
    "delimited_symbol",
    "character",
    "string_array",
    "symbol_array",
    "charlist",
    "sigil",
    "char",
    "quoted_atom",
    "quoted_keyword",
    "php_end_tag",
    "tag",
];
const UNKNOWN: [&str; 8] = [
    "jsx_text",
    "preproc_arg",
    "system_lib_string",
    "html_character_reference",
    "preproc_region",
    "preproc_endregion",
    "preproc_error",
    "preproc_warning",
];

impl Grammar {
    /// None for a language without a grammar here.
    pub fn of(language: Language) -> Option<Grammar> {
        let grammar = match language.name() {
            "Java" => tree_sitter_java::LANGUAGE,
            "Kotlin" => tree_sitter_kotlin_ng::LANGUAGE,
            "TypeScript" => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
            "TSX" => tree_sitter_typescript::LANGUAGE_TSX,
            "JavaScript" | "JSX" => tree_sitter_javascript::LANGUAGE,
            "Python" => tree_sitter_python::LANGUAGE,
            "Go" => tree_sitter_go::LANGUAGE,
            "C#" => tree_sitter_c_sharp::LANGUAGE,
            "PHP" => tree_sitter_php::LANGUAGE_PHP,
            "Ruby" => tree_sitter_ruby::LANGUAGE,
            "Rust" => tree_sitter_rust::LANGUAGE,
            "Elixir" => tree_sitter_elixir::LANGUAGE,
            "C" | "C Header" | "C++" | "C++ Header" => tree_sitter_cpp::LANGUAGE,
            _ => return None,
        };
        let mut parser = Parser::new();
        parser.set_language(&grammar.into()).expect("the grammar is of a version that the parser reads");
        Some(Grammar { parser, language })
    }

    pub fn compare(&mut self, text: &str) -> Outcome {
        // Text of a template without any code.
        if self.language.name() == "PHP" && !text.contains("<?") {
            return Outcome::Unread;
        }
        let tree = self.parser.parse(text, None).expect("a language is set, and nothing cancels");
        if tree.root_node().has_error() {
            return Outcome::Unread;
        }
        let theirs = theirs(tree.root_node(), text.as_bytes());
        let ours = ours(self.language, text);
        let differs = |at: &usize| {
            // Line ends and indentation may belong to a literal or stand before it.
            let blank = text.as_bytes()[*at].is_ascii_whitespace();
            !blank && theirs[*at] != Class::Unknown && theirs[*at] != ours[*at]
        };
        let Some(at) = (0..text.len()).find(differs) else { return Outcome::Same };
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        Outcome::Differs {
            line: text[..at].matches('\n').count() + 1,
            text: text[start..end].to_owned(),
            ours: letters(&ours[start..end]),
            theirs: letters(&theirs[start..end]),
        }
    }
}

fn letters(classes: &[Class]) -> String {
    let letter = |class: &Class| match class {
        Class::Code => '.',
        Class::Comment => '#',
        Class::Literal => '"',
        Class::Bracket => '(',
        Class::Unknown => '?',
    };
    classes.iter().map(letter).collect()
}

/// The classes as the grammar has them; the inner node wins.
fn theirs(root: Node, text: &[u8]) -> Vec<Class> {
    let mut classes = vec![Class::Code; text.len()];
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        let goes_deeper = paint(node, text, &mut classes) && cursor.goto_first_child();
        if !goes_deeper {
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return classes;
                }
            }
        }
    }
}

/// Marks the bytes of a node; returns whether its children are to be marked too.
fn paint(node: Node, text: &[u8], classes: &mut [Class]) -> bool {
    let (kind, mut range) = (node.kind(), node.byte_range());
    // A name in backticks may hold anything.
    if kind == "identifier" && text[range.clone()].starts_with(b"`") {
        return false;
    }
    if !node.is_named() || node.child_count() == 0 && !is_known(kind) {
        for at in range.filter(|&at| matches!(text[at], b'(' | b')' | b'[' | b']' | b'{' | b'}')) {
            // The marks around code in a template are a part of the template.
            if classes[at] == Class::Code {
                classes[at] = Class::Bracket;
            }
        }
        return true;
    }
    if UNKNOWN.contains(&kind) {
        classes[range].fill(Class::Unknown);
        return false;
    }
    if COMMENTS.contains(&kind) {
        // The mark before it has no name.
        if kind == "uninterpreted" {
            range.start -= text[..range.start].trim_ascii_end().iter().rev().take_while(|&&byte| byte != b'\n').count() + 1;
        }
        classes[range].fill(Class::Comment);
        return false;
    }
    // PHP leaves out the line that says what runs a script; the grammar takes it for markup.
    if kind == "text" && range.start == 0 && text.starts_with(b"#!") {
        range.start = memchr::memchr(b'\n', text).unwrap_or(range.end).min(range.end);
        classes[..range.start].fill(Class::Comment);
    }
    if kind == "template_substitution" || kind == "template_type" && text[range.start] == b'$' {
        classes[range.start + 2..range.end - 1].fill(Class::Code);
        return true;
    }
    if !LITERALS.contains(&kind) || kind == "php_tag" && range.start == 0 {
        return true;
    }
    match kind {
        // The flags are a word after it.
        "regex" => range.end -= text[range.clone()].iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count(),
        // So is `u8`.
        "string_literal" => {
            let is_suffix = |byte: &&u8| byte.is_ascii_alphanumeric();
            range.end -= text[range.clone()].iter().rev().take_while(is_suffix).count();
        }
        // The colon is an operator before or after it.
        "quoted_atom" | "delimited_symbol" | "quoted_keyword" => {
            range.start += usize::from(text[range.start] == b':');
            range.end -= text[range.clone()].iter().rev().take_while(|byte| matches!(byte, b':' | b' ' | b'\n')).count();
        }
        _ => {}
    }
    classes[range].fill(Class::Literal);
    matches!(kind, "template_string" | "template_literal_type")
}

fn is_known(kind: &str) -> bool {
    UNKNOWN.contains(&kind) || COMMENTS.contains(&kind) || LITERALS.contains(&kind)
}

/// The classes as the reader of this crate has them.
fn ours(language: Language, text: &str) -> Vec<Class> {
    let mut seen = (Collector::new(language, text), Comments(vec![Class::Code; text.len()]));
    lexer::read(language, text.as_bytes(), &mut seen);
    let (collector, Comments(mut classes)) = seen;
    for token in collector.finish() {
        let range = token.start as usize..token.end as usize;
        match token.kind {
            TokenKind::Literal => classes[range].fill(Class::Literal),
            TokenKind::Open | TokenKind::Close if range.len() == 1 => classes[range].fill(Class::Bracket),
            _ => {}
        }
    }
    classes
}

/// Marks the comments of a text, of which tokens know nothing.
struct Comments(Vec<Class>);

impl Sink for Comments {
    fn code(&mut self, _: usize, _: usize) {}

    fn literal(&mut self, _: usize, _: usize, _: bool) {}

    fn comment(&mut self, start: usize, end: usize, _: bool) {
        self.0[start..end].fill(Class::Comment);
    }

    fn line_end(&mut self, _: usize) {}
}
