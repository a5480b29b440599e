//! One message with its places: what a finding and a diagnostic about a policy have in common.
//!
//! This file alone knows the drawing library. It draws snippets; the lines around them are ours.

use std::fmt;
use std::io::{self, Write};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeStyles};

use super::excerpt::{Excerpt, Mark, TAB};
use super::look::{Look, Style};
use crate::diagnostic::Level;
use crate::evaluate::finding::Place;
use crate::report::{Sources, clean};

/// Places beyond this number are listed and not drawn, beyond the next number only counted.
const DRAWN: usize = 8;
const LISTED: usize = 20;

pub struct Block<'b> {
    pub level: Level,
    /// The rule, or the kind of fault.
    pub code: &'b str,
    pub message: &'b str,
    /// The first is the one that the message is about.
    pub places: Vec<Pointed<'b>>,
    /// Lines below the snippets, each with its word in front.
    pub notes: Vec<(&'static str, String)>,
    /// How many lines are shown before each marked line.
    pub context: u32,
}

/// A place and what to say about it.
pub struct Pointed<'b> {
    pub place: &'b Place,
    pub text: String,
}

impl Block<'_> {
    pub fn draw(&self, sources: &mut Sources, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        self.draw_message(look, out)?;
        let shown = self.places.len().min(DRAWN);
        let (fitting, unfit): (Vec<usize>, Vec<usize>) =
            (0..shown).partition(|&index| sources.showing(self.places[index].place).is_some());
        for indices in self.neighbours(fitting) {
            let path = &self.places[indices[0]].place.path;
            let Some(source) = sources.source(path) else { continue };
            let mark = |&index: &usize| {
                let Pointed { place, text } = &self.places[index];
                Mark { at: place.at, text: text.clone(), primary: index == 0 }
            };
            let marks: Vec<Mark> = indices.iter().map(mark).collect();
            let excerpt = Excerpt::cut(path, &source, &marks, self.context, look);
            out.write_all(draw_excerpt(&excerpt, self.level, look).as_bytes())?;
            excerpt.hidden.iter().try_for_each(|&hidden| self.list(indices[hidden], look, out))?;
        }
        unfit.into_iter().try_for_each(|index| self.list(index, look, out))?;
        for index in DRAWN..self.places.len().min(LISTED) {
            self.list(index, look, out)?;
        }
        if self.places.len() > LISTED {
            writeln!(out, "  {} and {} more places", look.paint(Style::Faint, ":::"), self.places.len() - LISTED)?;
        }
        self.draw_notes(look, out)
    }

    /// Places that are drawn together: lines of one file that touch. Groups come in the order of their first places.
    fn neighbours(&self, mut indices: Vec<usize>) -> Vec<Vec<usize>> {
        let key = |index: usize| (&self.places[index].place.path, self.places[index].place.at.start);
        indices.sort_by_key(|&index| key(index));
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for index in indices {
            let place = self.places[index].place;
            match groups.last_mut() {
                Some(group) if self.touch(self.places[group[group.len() - 1]].place, place) => group.push(index),
                _ => groups.push(vec![index]),
            }
        }
        groups.sort_by_key(|group| group.iter().min().copied());
        groups
    }

    fn touch(&self, upper: &Place, lower: &Place) -> bool {
        upper.path == lower.path && (lower.at.start <= upper.at.end || lower.at.line <= upper.at.line + 1 + self.context)
    }

    fn draw_message(&self, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        let head = format!("{}[{}]", self.level.name(), clean::line(self.code, look.unicode).replace(' ', "_"));
        let text = format!("{head}: {}", clean::line(self.message, look.unicode));
        for (number, line) in clean::wrap(&text, look.width, look.width.saturating_sub(4)).iter().enumerate() {
            match line.strip_prefix(head.as_str()).filter(|_| number == 0) {
                Some(rest) => {
                    let rest = rest.trim_start_matches(':').trim_start();
                    writeln!(out, "{}: {}", look.paint(Style::Level(self.level), &head), look.paint(Style::Strong, rest))?;
                }
                None => writeln!(out, "    {}", look.paint(Style::Strong, line))?,
            }
        }
        Ok(())
    }

    /// A place as a line, without its text.
    fn list(&self, index: usize, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        let Pointed { place, text } = &self.places[index];
        let arrow = look.paint(Style::Faint, if index == 0 { "-->" } else { ":::" });
        let text = clean::line(text, look.unicode);
        let gap = if text.is_empty() { "" } else { "  " };
        writeln!(out, "  {arrow} {}{gap}{text}", said(place, look))
    }

    fn draw_notes(&self, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        for (word, text) in &self.notes {
            let text = clean::line(text, look.unicode);
            let style = if *word == "help" { Style::Advice } else { Style::Faint };
            let indent = word.len() + 4;
            let room = look.width.saturating_sub(indent).max(30);
            for (number, line) in clean::wrap(&text, room, room).iter().enumerate() {
                match number {
                    0 => writeln!(out, "  {} {line}", look.paint(style, &format!("{word}:")))?,
                    _ => writeln!(out, "{:indent$}{line}", "")?,
                }
            }
        }
        Ok(())
    }
}

/// `path:line:column`, which terminals and editors know how to open.
pub fn said(place: &Place, look: &Look) -> String {
    let elsewhere = if place.foreign { " (another repository)" } else { "" };
    format!("{}:{}:{}{elsewhere}", clean::line(&place.path, look.unicode), place.at.line, place.at.column)
}

fn draw_excerpt(excerpt: &Excerpt, level: Level, look: &Look) -> String {
    let mut theme = match (look.unicode, look.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    theme.characters.error = String::new();
    if look.color {
        let ThemeStyles { error, warning, advice, linum, .. } = theme.styles;
        let primary = match level {
            Level::Error => error,
            Level::Warning => warning,
            Level::Note => advice,
        };
        let other = if level == Level::Note { linum } else { advice };
        // The library gives styles out in the order of places.
        let mut order: Vec<_> = excerpt.marks.iter().map(|mark| (mark.start, mark.primary)).collect();
        order.sort_by_key(|&(start, _)| start);
        theme.styles.highlights = order.into_iter().map(|(_, first)| if first { primary } else { other }).collect();
        theme.styles.link = linum;
    }
    if excerpt.marks.is_empty() {
        return String::new();
    }
    let handler = GraphicalReportHandler::new_themed(theme).with_width(look.width).with_context_lines(1).tab_width(TAB);
    let mut drawn = String::new();
    handler.render_report(&mut drawn, &Snippet(excerpt)).expect("writing into a string does not fail");
    // The first line is the library's message, which is empty here.
    let snippet = drawn.split_once('\n').map_or("", |(_, snippet)| snippet);
    snippet.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// An excerpt in the library's terms.
struct Snippet<'e>(&'e Excerpt);

impl fmt::Debug for Snippet<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Snippet")
    }
}

impl fmt::Display for Snippet<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Snippet<'_> {}

impl Diagnostic for Snippet<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.0)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.0.marks.iter().map(|mark| {
            let text = (!mark.text.is_empty()).then(|| mark.text.clone());
            match mark.primary {
                true => LabeledSpan::new_primary_with_span(text, mark.start..mark.end),
                false => LabeledSpan::new_with_span(text, mark.start..mark.end),
            }
        })))
    }
}
