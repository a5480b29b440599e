//! Literals of text as every language writes them: what they read as, and the pieces of those that hold code.
//!
//! The place of a token comes in; its text, its words or its [`Piece`]s come out. Quotes, marks before them and escapes differ with the
//! language, and nothing else needs to know how. What is no text (a regular expression, markup) is None.

use std::borrow::Cow;
use std::ops::Range;

use super::Code;
use super::pieces::{Holes, Piece, pieces, ruby_text};
use super::tokens::TokenKind;
use super::value::concat;
use crate::facts::{Text, Value};
use crate::source::{Span, Spanned};

impl<'t> Code<'t> {
    /// What a literal of text reads as; None for another token, and for one that holds code or is a regular expression.
    pub fn literal(&self, index: usize) -> Option<Cow<'t, str>> {
        match self.pieces(index)?.as_slice() {
            [] => Some(Cow::Borrowed("")),
            [Piece::Text(text)] => Some(text.clone()),
            _ => None,
        }
    }

    /// The literal that is all of the range, with its place.
    pub fn literal_text(&self, range: Range<usize>) -> Option<Text> {
        let text = (range.len() == 1).then(|| self.literal(range.start))??;
        Some(Spanned::new(text.as_ref().into(), self.at(range.start)))
    }

    /// Literals of a list: `["a", "b"]`, `{"a", "b"}`, `"a"`, `%w[a b]`, `~w(a b)a`.
    pub fn literal_list(&self, range: Range<usize>) -> Vec<Text> {
        if let Some(words) = (range.len() == 1).then(|| self.words(range.start)).flatten() {
            return words;
        }
        let inner = match self.kind(range.start) {
            Some(TokenKind::Open) if self.partner(range.start) + 1 >= range.end => self.inside(range.start),
            _ => range,
        };
        self.split(inner, ",").into_iter().filter_map(|part| self.literal_text(part)).collect()
    }

    /// The words of a literal that is a list of them: `%w[a b]`, `%i(a b)`, `~w(a b)a`.
    pub fn words(&self, index: usize) -> Option<Vec<Text>> {
        let text = self.text_of(index);
        let is_list = ["%w", "%W", "%i", "%I", "~w", "~W"].iter().any(|mark| text.starts_with(mark));
        if self.kind(index)? != TokenKind::Literal || !is_list {
            return None;
        }
        let start = self.tokens[index].start as usize;
        let inner = text.get(3..)?.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let inner = inner.get(..inner.len().saturating_sub(1)).unwrap_or(inner);
        let words = inner.split_ascii_whitespace().map(|word| {
            let from = start + (word.as_ptr() as usize - text.as_ptr() as usize);
            Spanned::new(word.into(), self.location_of(Span::new(from, from + word.len())))
        });
        Some(words.collect())
    }

    /// A literal with the code that it holds as the caller reads it; None for a token that is no literal of text.
    pub fn literal_with(&self, index: usize, code_value: &dyn Fn(&str) -> Value) -> Option<Value> {
        Some(concat(self.pieces(index)?.into_iter().map(|piece| match piece {
            Piece::Text(text) => Value::Literal(text.as_ref().into()),
            Piece::Code(code) => code_value(code.trim()),
        })))
    }

    /// The pieces of a literal of text; None for a token that is none.
    pub(super) fn pieces(&self, index: usize) -> Option<Vec<Piece<'t>>> {
        if self.kind(index)? != TokenKind::Literal {
            return None;
        }
        let text = self.text_of(index);
        let language = self.language.name();
        if let Some(inner) = ruby_text(text).filter(|_| language == "Ruby") {
            return Some(pieces(inner, if text.starts_with("%q") { Holes::None } else { Holes::Hash }, false));
        }
        let quote = text.find(['"', '\'', '`'])?;
        let (prefix, body) = text.split_at(quote);
        // Regular expressions, lists of words, here-documents and markup are no texts.
        if !prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'#' | b'$' | b'@')) {
            return None;
        }
        let mark = body.as_bytes()[0];
        let marks = match body.bytes().take_while(|&byte| byte == mark).count() {
            count if count >= 3 => count.min(body.len() / 2),
            _ => 1,
        };
        let inner = body.get(marks..)?;
        let inner = inner.strip_suffix(&prefix.chars().filter(|&c| c == '#').collect::<String>()).unwrap_or(inner);
        let close = &body[..marks];
        let inner = inner.strip_suffix(close).unwrap_or(inner);
        // `R"mark(…)mark"` of C++.
        if language.starts_with("C++") && prefix.contains('R') {
            let from = inner.find('(').map_or(0, |at| at + 1);
            let end = inner.rfind(')').filter(|&end| end >= from).unwrap_or(inner.len());
            return Some(pieces(&inner[from..end], Holes::None, true));
        }
        let raw = match language {
            "Python" => prefix.contains(['r', 'R']),
            "Rust" => prefix.contains('r'),
            "C#" => prefix.contains('@') || marks >= 3,
            "Go" => mark == b'`',
            "Kotlin" | "Scala" => marks >= 3,
            _ => false,
        };
        let holes = match (language, mark) {
            ("Python", _) if prefix.contains(['f', 'F']) => Holes::Braces,
            ("C#", _) if prefix.contains('$') => Holes::Braces,
            ("Kotlin" | "Groovy" | "Scala" | "Dart", b'"') => Holes::Dollar,
            ("PHP", b'"') => Holes::Php,
            ("Ruby" | "Elixir" | "Crystal", b'"') => Holes::Hash,
            ("JavaScript" | "TypeScript" | "JSX" | "TSX", b'`') => Holes::DollarBraces,
            _ => Holes::None,
        };
        Some(pieces(inner, holes, raw))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;

    #[test]
    fn lists_of_words_are_lists_of_literals() {
        for (language, text) in [("Ruby", "%i[a bc]"), ("Elixir", "~w(a bc)a"), ("Ruby", "['a', 'bc']")] {
            let code = Code::new(Language::from_name(language).expect("in the table"), "a", text);
            let words: Vec<(String, &str)> = code
                .literal_list(0..code.len())
                .iter()
                .map(|word| (word.value.to_string(), &text[word.at.span().range()]))
                .collect();
            assert_eq!(words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>(), ["a", "bc"]);
            assert!(words.iter().all(|(word, at)| at.trim_matches('\'') == word));
        }
    }
}
