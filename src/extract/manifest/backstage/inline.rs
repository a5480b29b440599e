//! API descriptions written inside a catalog file.
//!
//! The text of a `definition` is read as a file of its own; what it says is told at the places of the catalog file. That works line
//! by line for literal blocks, as nearly all are; what a folded or quoted text says is told at the text as a whole.

use crate::document::Node;
use crate::extract::{Input, Output, api};
use crate::facts::{ApiDescription, Fact};
use crate::source::{Location, Spanned};

/// Reads the definition of an API of this `spec.type`, if it is a text in a format that is known.
pub(super) fn read(outer: &Input, kind: &str, definition: Node, output: &mut Output) {
    let Some(text) = definition.text() else { return };
    let is_json = text.trim_start().starts_with('{');
    let (extractor, ending) = match kind {
        "openapi" if is_json => (api::openapi::EXTRACTOR, "json"),
        "openapi" => (api::openapi::EXTRACTOR, "yaml"),
        "grpc" => (api::protobuf::EXTRACTOR, "proto"),
        _ => return,
    };
    // References in it are relative to the catalog file.
    let folder = &outer.path[..outer.path.len() - outer.name().len()];
    let path = format!("{folder}definition.{ending}");
    let inner = Input::new(outer.kind, &path, text);
    if !(extractor.applies)(&inner) {
        return;
    }
    let mut found = Output::default();
    (extractor.extract)(&inner, &mut found);
    let places = Places::new(outer, definition, text);
    for fact in found.facts {
        if let Fact::Api(mut api) = fact {
            places.api(&mut api);
            output.facts.push(Fact::Api(api));
        }
    }
    for mut problem in found.problems {
        problem.at = places.of(problem.at);
        for (at, _) in &mut problem.labels {
            *at = places.of(*at);
        }
        output.problems.push(problem);
    }
}

/// Where the lines of the inner text stand in the catalog file.
struct Places {
    whole: Location,
    /// Empty where the text does not read line by line as it is written.
    lines: Vec<Line>,
}

struct Line {
    /// Offset in the inner text.
    inner: u32,
    /// Offset in the catalog file of the same character.
    outer: u32,
    number: u32,
    indent: u32,
}

impl Places {
    fn new(outer: &Input, definition: Node, text: &str) -> Self {
        let whole = definition.location();
        let written = &outer.text[definition.span().range()];
        let mut lines = Vec::new();
        if written.starts_with('|') {
            let first = written.find('\n').map_or(written.len(), |end| end + 1);
            let mut start = whole.start as usize + first;
            let pairs = written[first..].split_inclusive('\n').zip(text.split_inclusive('\n'));
            let mut inner = 0;
            for (number, (written, read)) in pairs.enumerate() {
                let Some(before) = written.trim_end().strip_suffix(read.trim_end()) else {
                    lines.clear();
                    break;
                };
                lines.push(Line {
                    inner: inner as u32,
                    outer: (start + before.len()) as u32,
                    number: whole.line + 1 + number as u32,
                    indent: before.len() as u32,
                });
                start += written.len();
                inner += read.len();
            }
        }
        Places { whole, lines }
    }

    fn of(&self, at: Location) -> Location {
        let line = |offset: u32| self.lines[..self.lines.partition_point(|line| line.inner <= offset)].last();
        match (line(at.start), line(at.end)) {
            (Some(first), Some(last)) => Location {
                start: first.outer + (at.start - first.inner),
                end: last.outer + (at.end - last.inner),
                line: first.number,
                // A block is indented by spaces, of one column each.
                column: first.indent + at.column,
            },
            _ => self.whole,
        }
    }

    fn api(&self, api: &mut ApiDescription) {
        let texts = [&mut api.title, &mut api.version, &mut api.versioned_by];
        for Spanned { at, .. } in texts.into_iter().flatten() {
            *at = self.of(*at);
        }
        // The entity says where its definition is, and the two are joined by that place.
        api.at = self.whole;
        for operation in &mut api.operations {
            operation.at = self.of(operation.at);
        }
        for reference in &mut api.references {
            reference.at = self.of(reference.at);
        }
    }
}
