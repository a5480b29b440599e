//! The lines of one file that are worth showing, and what to point at in them.
//!
//! A source and marks come in; a small text comes out that the drawing library can read: only the marked lines, made harmless,
//! long ones cut to a window around what is marked. Its size follows the marks, not the file, so a finding in one line of five
//! megabytes costs no more than any other.

use std::collections::BTreeSet;
use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::UnicodeWidthChar;

use super::look::Look;
use crate::report::{Source, clean};
use crate::source::Location;

/// A place to point at.
pub struct Mark {
    pub at: Location,
    pub text: String,
    /// True for the place that the message is about.
    pub primary: bool,
}

/// A span of more lines than this is drawn at its first line only.
const TALLEST: u32 = 6;
/// How many columns a tab takes at most.
pub const TAB: usize = 4;

/// Lines of one file with the marks on them.
pub struct Excerpt {
    path: String,
    text: String,
    lines: Vec<Line>,
    pub marks: Vec<Drawn>,
    /// Indices of marks that lie outside what can be shown.
    pub hidden: Vec<usize>,
}

struct Line {
    number: u32,
    /// Where it begins in the excerpt.
    start: usize,
}

/// A mark in the excerpt.
pub struct Drawn {
    pub start: usize,
    pub end: usize,
    pub text: String,
    pub primary: bool,
    at: Location,
}

impl Excerpt {
    /// Cuts the lines of `marks`, which must fit `source`, with `context` lines before each.
    pub fn cut(path: &str, source: &Source, marks: &[Mark], context: u32, look: &Look) -> Excerpt {
        let mut spans: Vec<Range<usize>> = Vec::with_capacity(marks.len());
        let mut numbers = BTreeSet::new();
        let mut excerpt = Excerpt {
            path: clean::line(path, look.unicode).into_owned(),
            text: String::new(),
            lines: Vec::new(),
            marks: Vec::with_capacity(marks.len()),
            hidden: Vec::new(),
        };
        for mark in marks {
            let (span, last_line, cut) = drawable(source, mark.at);
            numbers.extend(mark.at.line.saturating_sub(context).max(1)..=last_line);
            spans.push(span);
            let text = match cut {
                Some(line) if mark.text.is_empty() => format!("to line {line}"),
                Some(line) => format!("{} (to line {line})", mark.text),
                None => mark.text.clone(),
            };
            let text = clean::line(&text, look.unicode).into_owned();
            excerpt.marks.push(Drawn { start: usize::MAX, end: 0, text, primary: mark.primary, at: mark.at });
        }
        let widest_number = numbers.last().map_or(1, |last| last.to_string().len());
        // Beside the number stand five columns of frame, and up to four of brackets around lines.
        let width = look.width.saturating_sub(widest_number + 9).max(20);
        for number in numbers {
            excerpt.add_line(source, number, &spans, width, look.unicode);
        }
        let drawn = |mark: &Drawn| mark.start != usize::MAX;
        excerpt.hidden = (0..marks.len()).filter(|&index| !drawn(&excerpt.marks[index])).collect();
        excerpt.marks.retain(drawn);
        excerpt
    }

    /// Appends one line of the source, or the part of it around the first mark.
    fn add_line(&mut self, source: &Source, number: u32, spans: &[Range<usize>], width: usize, unicode: bool) {
        let line = source.line(number);
        let here = |offset: usize| line.start <= offset && offset <= line.end;
        let focus = spans.iter().map(|span| span.start).filter(|&start| here(start)).min();
        let shown = window(&source.text, line.clone(), focus.unwrap_or(line.start), width);
        let dots = if unicode { "…" } else { "..." };
        self.lines.push(Line { number, start: self.text.len() });
        if shown.start > line.start {
            self.text.push_str(dots);
        }
        // Where each byte of the source that a mark begins or ends at has gone.
        let mut edges: Vec<(usize, usize, bool)> = Vec::new();
        for (index, span) in spans.iter().enumerate() {
            if here(span.start) && (span.start < shown.end || shown.end == line.end) {
                edges.push((span.start, index, true));
            }
            if here(span.end) {
                edges.push((span.end, index, false));
            }
        }
        edges.sort_unstable();
        let mut edges = edges.into_iter().peekable();
        let mut settle = |marks: &mut Vec<Drawn>, reached: usize, at: usize| {
            while let Some((_, index, begins)) = edges.next_if(|&(offset, ..)| offset <= reached) {
                if begins {
                    marks[index].start = at;
                } else {
                    marks[index].end = at;
                }
            }
        };
        for (offset, character) in source.text[shown.clone()].char_indices() {
            settle(&mut self.marks, shown.start + offset, self.text.len());
            let tab = character == '\t';
            self.text.push(if tab { character } else { clean::tamed(character, unicode).unwrap_or(character) });
        }
        settle(&mut self.marks, usize::MAX, self.text.len());
        if shown.end < line.end {
            self.text.push_str(dots);
        }
        self.text.push('\n');
    }

    /// Indices of the lines that a byte range of the excerpt touches.
    fn touched(&self, span: &SourceSpan) -> Option<(usize, usize)> {
        let index = |offset: usize| self.lines.partition_point(|line| line.start <= offset).checked_sub(1);
        let last = (span.offset() + span.len()).saturating_sub(1).max(span.offset());
        Some((index(span.offset())?, index(last)?))
    }
}

/// The part of a place that is drawn, the line of its end, and the line of its true end if it is cut.
fn drawable(source: &Source, at: Location) -> (Range<usize>, u32, Option<u32>) {
    let first = source.line(at.line);
    let last_byte = (at.end as usize).saturating_sub(1).max(at.start as usize);
    let last_line = source.lines.line(last_byte).max(at.line);
    let start = (at.start as usize).min(first.end);
    if last_line - at.line >= TALLEST {
        return (start..first.end.max(start), at.line, Some(last_line));
    }
    let end = (at.end as usize).min(source.line(last_line).end).max(start);
    (start..end, last_line, None)
}

/// The part of a line that fits `width` columns, beginning a little before `focus`.
fn window(text: &str, line: Range<usize>, focus: usize, width: usize) -> Range<usize> {
    // No character is wider than its bytes, except tabs.
    if line.len() * TAB <= width || (line.len() <= width && !text[line.clone()].contains('\t')) {
        return line;
    }
    // A character without width counts too, so that the window is bounded whatever the text is.
    let columns = |character: char| if character == '\t' { TAB } else { character.width().unwrap_or(1).max(1) };
    let forward = |from: usize| {
        let mut left = width;
        let fits = |&(_, character): &(usize, char)| {
            let fits = columns(character) <= left;
            left = left.saturating_sub(columns(character));
            fits
        };
        let taken = text[from..line.end].char_indices().take_while(fits).last();
        taken.map_or(from, |(offset, character)| from + offset + character.len_utf8())
    };
    let whole = forward(line.start);
    if whole == line.end || focus < line.start + width / 2 {
        return line.start..whole;
    }
    let lead = text[line.start..focus].chars().rev().take(width / 4).map(char::len_utf8).sum::<usize>();
    focus - lead..forward(focus - lead)
}

impl SourceCode for Excerpt {
    /// The library asks for lines with context when it draws, and without when it wants to say where a mark is.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (mut first, mut last) = self.touched(span).ok_or(MietteError::OutOfBounds)?;
        let adjoin = |upper: usize, lower: usize| self.lines[upper].number + 1 == self.lines[lower].number;
        if (first..last).any(|index| !adjoin(index, index + 1)) {
            return Err(MietteError::OutOfBounds);
        }
        let said = |mark: &&Drawn| mark.start == span.offset() && mark.end == span.offset() + span.len();
        let (line, column) = match self.marks.iter().find(said) {
            Some(mark) if lines_before == 0 => (mark.at.line, mark.at.column),
            _ => {
                let least = first.saturating_sub(lines_before);
                while first > least && adjoin(first - 1, first) {
                    first -= 1;
                }
                let most = (last + lines_after).min(self.lines.len() - 1);
                while last < most && adjoin(last, last + 1) {
                    last += 1;
                }
                (self.lines[first].number, 1)
            }
        };
        let start = self.lines[first].start;
        let end = self.lines.get(last + 1).map_or(self.text.len(), |line| line.start);
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            &self.text.as_bytes()[start..end],
            SourceSpan::from(start..end),
            line as usize - 1,
            column as usize - 1,
            last + 1 - first,
        )))
    }
}
