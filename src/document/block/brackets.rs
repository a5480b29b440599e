//! Lists and mappings in brackets, as far as they begin and end in one line.

use super::{Level, Line, MAX_LEVELS, Reader};

impl Reader<'_> {
    /// Brackets that close in their line, with scalars and further brackets in them.
    pub(super) fn flow(&mut self, line: Line, start: usize) -> Option<()> {
        let outer = self.levels.len();
        let mut at = start;
        loop {
            // Here a value begins.
            at = match self.bytes[..line.end].get(at)? {
                open @ (b'[' | b'{') => {
                    let mapping = *open == b'{';
                    if self.levels.len() >= MAX_LEVELS {
                        return None;
                    }
                    self.builder.begin(mapping, at);
                    self.levels.push(Level { indent: usize::MAX, mapping });
                    at = self.skip_spaces(at + 1, line.end);
                    let close = if mapping { b'}' } else { b']' };
                    match self.bytes[..line.end].get(at)? {
                        byte if *byte == close => at,
                        _ if mapping => {
                            at = self.flow_key(line, at)?;
                            continue;
                        }
                        _ => continue,
                    }
                }
                _ => self.flow_scalar(line, at)?,
            };
            // Here a value ended, or an empty collection is about to.
            loop {
                at = self.skip_spaces(at, line.end);
                let mapping = self.levels.last()?.mapping;
                match self.bytes[..line.end].get(at)? {
                    b',' => {
                        at = self.skip_spaces(at + 1, line.end);
                        if mapping {
                            at = self.flow_key(line, at)?;
                        }
                        break;
                    }
                    b'}' if mapping => {}
                    b']' if !mapping => {}
                    _ => return None,
                }
                at += 1;
                self.builder.end(Some(at));
                self.levels.pop();
                if self.levels.len() == outer {
                    return self.only_comment(at, line.end);
                }
            }
        }
    }

    /// A key inside brackets; returns where its value begins.
    fn flow_key(&mut self, line: Line, at: usize) -> Option<usize> {
        let end = self.flow_scalar(line, at)?;
        let colon = self.skip_spaces(end, line.end);
        let is_key = self.bytes[..line.end].get(colon..colon + 2) == Some(b": ");
        is_key.then(|| self.skip_spaces(colon + 1, line.end))
    }

    /// A scalar inside brackets; returns where it ends.
    fn flow_scalar(&mut self, line: Line, at: usize) -> Option<usize> {
        let end = match self.bytes[..line.end].get(at)? {
            b'"' | b'\'' => self.quote_end(at, line.end)?,
            _ if !self.begins_plain(at, line.end) => return None,
            _ => {
                let length = self.bytes[at..line.end]
                    .iter()
                    .position(|byte| matches!(byte, b',' | b'[' | b']' | b'{' | b'}' | b'#' | b':'))?;
                let mut stop = at + length;
                // A colon inside a word is part of it: `http://example.com`.
                while self.bytes[stop] == b':'
                    && !matches!(self.bytes[..line.end].get(stop + 1)?, b' ' | b',' | b'[' | b']' | b'{' | b'}')
                {
                    let rest = &self.bytes[stop + 1..line.end];
                    stop += 1 + rest.iter().position(|byte| matches!(byte, b',' | b'[' | b']' | b'{' | b'}' | b'#' | b':'))?;
                }
                if self.bytes[stop] == b'#' {
                    return None;
                }
                at + self.text[at..stop].trim_end_matches(' ').len()
            }
        };
        self.scalar(at, end)?;
        Some(end)
    }
}
