//! YAML 1.2 into the tree, over the events of granit-parser.
//!
//! Most files need none of what makes the full parser slow, and are read by [`block`] into the same tree.
//!
//! A document with a syntax error keeps what was read before it, and the next document of the file is read nevertheless.

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StructureStyle, Tag};

use super::build::{Builder, shown};
use super::{DefectKind, Shape, Tree, block};
use crate::source::Span;

pub(super) fn parse(text: &str) -> Tree<'_> {
    block::read(text).unwrap_or_else(|| parse_fully(text))
}

/// Reads with the full parser.
pub(super) fn parse_fully(text: &str) -> Tree<'_> {
    let mut builder = Builder::new(text);
    // The parser takes a NUL for the end of its input.
    let readable = match memchr::memchr(0, text.as_bytes()) {
        Some(at) => {
            builder.defect(DefectKind::Syntax, Span::new(at, at + 1), "a NUL byte is no text; the rest is left out", None);
            &text[..at]
        }
        None => text,
    };
    let mut reader = Reader { text: readable, builder, document: 0 };
    reader.read();
    reader.builder.finish()
}

struct Reader<'t> {
    text: &'t str,
    builder: Builder<'t>,
    /// Where the current document may begin: behind the one before it, or behind `---`.
    document: usize,
}

impl Reader<'_> {
    fn read(&mut self) {
        let options = granit_parser::options! { emit_unresolved_aliases: true };
        let mut parser = Parser::new_from_str_with_options(self.text, options);
        while !self.builder.is_full() {
            match parser.next_event() {
                Some(Ok((event, at))) => self.event(event, &at),
                Some(Err(error)) => {
                    self.error(&error);
                    if !matches!(parser.proceed_next_document(), Ok(true)) {
                        return;
                    }
                }
                None => return,
            }
        }
    }

    fn event(&mut self, event: Event, at: &granit_parser::Span) {
        let range = at.byte_range().unwrap_or_default();
        let span = Span::new(range.start, range.end);
        let (cell, anchor, tagged) = match event {
            Event::Scalar(value, style, anchor, tag) => (self.scalar(&value, style, span, tag.as_deref()), anchor, tag.is_some()),
            Event::SequenceStart(style, anchor, tag) => {
                // A list at the indentation of its key is said to begin behind its first `-`.
                let start = match (style, self.builder.last_end().filter(|_| self.builder.is_in_mapping())) {
                    (StructureStyle::Block, Some(before)) => indicator(self.text, before, range.start, [b'-'; 2]),
                    _ => range.start,
                };
                (self.builder.begin(false, start), anchor, tag.is_some())
            }
            Event::MappingStart(_, anchor, tag) => (self.builder.begin(true, range.start), anchor, tag.is_some()),
            // The end of a block collection is an empty span where the next token begins.
            Event::SequenceEnd | Event::MappingEnd => return self.builder.end((!range.is_empty()).then_some(range.end)),
            Event::Alias(anchor) => return self.builder.alias(anchor, span),
            Event::UnresolvedAlias(name) => {
                let message = format!("the alias `*{}` names an anchor that is not there", shown(&name));
                self.builder.defect(DefectKind::UnknownAlias, span, message, None);
                self.builder.null(span);
                return;
            }
            Event::DocumentStart(explicit, _) => {
                if explicit {
                    self.document = range.end;
                }
                return;
            }
            Event::DocumentEnd => {
                self.document = range.end;
                return self.builder.end_document(None);
            }
            _ => return,
        };
        if anchor > 0 {
            self.builder.anchor(anchor, cell);
        }
        if tagged && let Some(tag) = at.tag_span().and_then(|tag| tag.byte_range()) {
            self.builder.tag(cell, Span::new(tag.start, tag.end));
        }
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, span: Span, tag: Option<&Tag>) -> u32 {
        let source = self.text.get(span.range()).unwrap_or_default();
        match style {
            // Nothing is written: null, unless its tag makes it an empty text.
            ScalarStyle::Plain if span.start == span.end => self.builder.scalar(plain_shape("", tag), span, 0),
            ScalarStyle::Plain => match plain_shape(value, tag) {
                Shape::Text if source != value => self.builder.unescaped(span, value),
                shape => self.builder.scalar(shape, span, 0),
            },
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let inside = source.get(1..source.len().max(2) - 1).unwrap_or_default();
                match tag.and_then(Tag::core_suffix) {
                    Some("int" | "float" | "bool" | "null") if inside == value => {
                        self.builder.scalar(plain_shape(value, tag), span, 1)
                    }
                    _ if inside == value => self.builder.scalar(Shape::Text, span, 1),
                    _ => self.builder.unescaped(span, value),
                }
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let end = span.start as usize + source.trim_end().len();
                let before = self.builder.last_end().unwrap_or(self.document);
                let header = indicator(self.text, before, span.start as usize, [b'|', b'>']);
                self.builder.unescaped(Span::new(header, end), value)
            }
        }
    }

    fn error(&mut self, error: &ScanError) {
        let mut start = error.marker().byte_offset().unwrap_or(usize::MAX).min(self.text.len());
        // Some errors about a tab are found behind it.
        if *error.kind() == ErrorKind::TabInBlockIndentation && self.text[..start].ends_with('\t') {
            start -= 1;
        }
        let width = self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, |character| match character {
            '\n' | '\r' => 0,
            other => other.len_utf8(),
        });
        let span = Span::new(start, start + width);
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            self.builder.too_deep(span);
        } else {
            self.builder.defect(DefectKind::Syntax, span, message(error.kind()), None);
        }
        self.builder.end_document(Some(start));
        self.document = start;
    }
}

/// Where one of two indicators stands between the end of what comes before and the beginning of content, or else that beginning.
fn indicator(text: &str, before: usize, content: usize, indicators: [u8; 2]) -> usize {
    let between = text.as_bytes().get(before..content).unwrap_or_default();
    let mut at = 0;
    while let Some(&byte) = between.get(at) {
        // What is not ASCII here is a byte order mark.
        let apart = at == 0 || between[at - 1].is_ascii_whitespace() || !between[at - 1].is_ascii();
        match byte {
            _ if apart && indicators.contains(&byte) => return before + at,
            b'#' if apart => at += memchr::memchr(b'\n', &between[at..]).unwrap_or(between.len()),
            _ => at += 1,
        }
    }
    content
}

/// What a plain scalar is by the core schema, or by its tag. An unknown tag changes nothing: `!Ref name` is a text.
fn plain_shape(value: &str, tag: Option<&Tag>) -> Shape {
    let Some(tag) = tag else { return core_schema(value) };
    match tag.core_suffix() {
        Some("str") => Shape::Text,
        Some("float") if core_schema(value) == Shape::Int => Shape::Float,
        // The non-specific tag `!` makes a text of anything.
        None if tag.handle().is_empty() && tag.suffix() == "!" => Shape::Text,
        _ => core_schema(value),
    }
}

/// YAML 1.2, chapter 10.3.2.
pub(super) fn core_schema(value: &str) -> Shape {
    let bytes = value.as_bytes();
    let Some(&first) = bytes.first() else { return Shape::Null };
    match first {
        b'~' | b'n' | b'N' => match value {
            "~" | "null" | "Null" | "NULL" => Shape::Null,
            _ => Shape::Text,
        },
        b't' | b'T' | b'f' | b'F' => match value {
            "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Shape::Bool,
            _ => Shape::Text,
        },
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(bytes),
        _ => Shape::Text,
    }
}

fn number(bytes: &[u8]) -> Shape {
    let all = |digits: &[u8], is: fn(&u8) -> bool| !digits.is_empty() && digits.iter().all(is);
    match bytes {
        [b'0', b'x', digits @ ..] if all(digits, u8::is_ascii_hexdigit) => return Shape::Int,
        [b'0', b'o', digits @ ..] if all(digits, |digit| (b'0'..=b'7').contains(digit)) => return Shape::Int,
        b".nan" | b".NaN" | b".NAN" => return Shape::Float,
        _ => {}
    }
    let unsigned = match bytes {
        [b'+' | b'-', rest @ ..] => rest,
        _ => bytes,
    };
    if matches!(unsigned, b".inf" | b".Inf" | b".INF") {
        return Shape::Float;
    }
    let digits = |from: usize| unsigned[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(0);
    let mut at = whole;
    let mut fraction = 0;
    if unsigned.get(at) == Some(&b'.') {
        fraction = digits(at + 1);
        at += 1 + fraction;
    } else if whole > 0 && at == unsigned.len() {
        return Shape::Int;
    }
    if whole + fraction == 0 {
        return Shape::Text;
    }
    if matches!(unsigned.get(at), Some(b'e' | b'E')) {
        let sign = matches!(unsigned.get(at + 1), Some(b'+' | b'-')) as usize;
        let exponent = digits(unsigned.len().min(at + 1 + sign));
        if exponent == 0 {
            return Shape::Text;
        }
        at += 1 + sign + exponent;
    }
    if at == unsigned.len() { Shape::Float } else { Shape::Text }
}

/// What is wrong, in words that do not need the grammar at hand.
fn message(kind: &ErrorKind) -> String {
    use ErrorKind::*;
    let message = match kind {
        UnexpectedCharacter { character } => return format!("unexpected character `{}`", shown(&character.to_string())),
        UnclosedFlowCollection { open } => return format!("the bracket `{open}` is not closed"),
        MismatchedFlowCollectionEnd { open, close } => return format!("the bracket `{open}` is closed by `{close}`"),
        MisplacedFlowCollectionEnd => "a closing bracket without an opening one",
        UnexpectedEofFlowSequence | UnexpectedEofFlowMapping | UnexpectedEofImplicitFlowMapping => {
            "the file ends inside brackets"
        }
        ExpectedFlowMappingSeparator => "expected `,` or `}`",
        ExpectedFlowSequenceSeparator => "expected `,` or `]`",
        UnclosedQuotedScalar => "the quote is not closed",
        DocumentIndicatorInQuotedScalar => "the quote is not closed before the end of the document",
        InvalidTrailingSingleQuotedScalar | InvalidTrailingDoubleQuotedScalar => "unexpected text after the closing quote",
        UnknownQuotedScalarEscape => "unknown escape in a double-quoted text; a backslash is written `\\\\`",
        InvalidQuotedScalarHexEscape
        | InvalidLowSurrogateHexEscape
        | InvalidLowSurrogate
        | MissingLowSurrogate
        | UnpairedLowSurrogate
        | InvalidUnicodeEscape => "the escape names no character",
        TabNotAllowed | TabInBlockIndentation | TabAtBlockScalarStart | TabInIndentation | TabInPlainScalar => {
            "a tab where only spaces may stand"
        }
        InvalidIndentation
        | InvalidBlockScalarIndent
        | InvalidQuotedScalarIndent
        | InvalidFlowScalarIndent
        | ExpectedBlockSequenceEntry => "the indentation fits nothing above",
        ExpectedBlockMappingKey | SimpleKeyExpected | InvalidSimpleKey => "expected a key followed by `:`",
        MappingValueNotAllowed | InvalidColonPlacement => "`: ` is not allowed here; quote the text, or mend the indentation",
        MappingKeyNotAllowed => "a key is not allowed here",
        BlockSequenceEntryNotAllowed | BlockEntryInFlowCollection => "a list item (`- `) is not allowed here",
        ExpectedWhitespace | InvalidBlockEntryWhitespace | InvalidMappingValueWhitespace | CommentNotSeparated => {
            "expected a space"
        }
        ExpectedNodeContent | PlainScalarStartsWithDashFlowIndicator | UnexpectedEndOfPlainScalar => "expected a value",
        CommentInterceptedScalar => "a comment cuts a text of several lines in two",
        InvalidBlockScalarHeader | ZeroBlockScalarIndent => "unexpected text after `|` or `>`",
        ExpectedDocumentStart | MissingDocumentEndBeforeDirective => "expected the end of the document, or `---`",
        InvalidDocumentEnd => "unexpected text after the end of the document",
        BomInsideDocument => "a byte order mark inside the document",
        UndeclaredTagHandle => "the tag's prefix is not declared",
        MissingAnchorOrAliasName => "expected a name after `&` or `*`",
        _ => "this is not valid YAML",
    };
    message.to_owned()
}
