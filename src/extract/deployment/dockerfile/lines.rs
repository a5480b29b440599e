//! The instructions of a Dockerfile with their words, each a slice of the text.
//!
//! Lines are joined where the escape character ends them; comments and empty lines between them count for nothing. Here-documents come
//! with the instruction that begins them.

/// One instruction.
pub struct Instruction<'t> {
    /// In upper case.
    pub name: String,
    pub first: &'t str,
    /// What follows the name, line by line, without the marks that join lines.
    pub lines: Vec<&'t str>,
    /// The bodies of its here-documents.
    pub documents: Vec<&'t str>,
}

/// How many instructions of one file are read.
const MOST: usize = 2000;

pub fn instructions(text: &str) -> Vec<Instruction<'_>> {
    let escape = escape(text);
    let mut found: Vec<Instruction> = Vec::new();
    let mut lines = Lines { text, at: 0 };
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if found.len() == MOST {
            break;
        }
        let (name, rest) = trimmed.split_once(|c: char| c.is_whitespace()).unwrap_or((trimmed, ""));
        let mut instruction =
            Instruction { name: name.to_ascii_uppercase(), first: trimmed, lines: Vec::new(), documents: Vec::new() };
        let mut part = rest;
        loop {
            let goes_on = part.trim_end().strip_suffix(escape);
            instruction.lines.push(goes_on.unwrap_or(part).trim());
            if goes_on.is_none() {
                break;
            }
            // Comments between joined lines are left out, as are empty lines.
            let next = loop {
                match lines.next() {
                    Some(line) if line.trim().is_empty() || line.trim_start().starts_with('#') => {}
                    line => break line,
                }
            };
            match next {
                Some(line) => part = line,
                None => break,
            }
        }
        if matches!(instruction.name.as_str(), "RUN" | "COPY" | "ADD") {
            let marks: Vec<&str> = instruction.lines.iter().flat_map(|line| here_marks(line)).take(20).collect();
            for mark in marks {
                instruction.documents.extend(lines.until(mark));
            }
        }
        found.push(instruction);
    }
    found
}

/// The escape character, which a directive at the top of the file may change.
fn escape(text: &str) -> char {
    for line in text.lines() {
        let Some((name, value)) = line.trim().strip_prefix('#').and_then(|rest| rest.split_once('=')) else { break };
        if name.trim().eq_ignore_ascii_case("escape") {
            return if value.trim() == "`" { '`' } else { '\\' };
        }
    }
    '\\'
}

/// The words that end the here-documents of a line: `<<EOF`, `<<-"EOF"`.
fn here_marks(line: &str) -> Vec<&str> {
    let marks = line.split_whitespace().filter_map(|word| {
        let (before, mark) = word.split_once("<<")?;
        let mark = mark.trim_start_matches('-').trim_matches(['"', '\'']);
        let is_mark = !mark.is_empty() && mark.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        // `x<<2` is no here-document.
        (is_mark && before.bytes().all(|byte| byte.is_ascii_digit()) && !mark.as_bytes()[0].is_ascii_digit()).then_some(mark)
    });
    marks.collect()
}

struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lines<'t> {
    /// What stands before the line that is `mark`; that line is passed. Nothing is passed where no line is so.
    fn until(&mut self, mark: &str) -> Option<&'t str> {
        let start = self.at;
        let mut lines = Lines { text: self.text, at: self.at };
        loop {
            let end = lines.at;
            let line = lines.next()?;
            if line.trim_start_matches('\t').trim_end() == mark {
                self.at = lines.at;
                return Some(&self.text[start..end]);
            }
        }
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest.as_bytes());
        self.at += end.map_or(rest.len(), |end| end + 1);
        Some(&rest[..end.unwrap_or(rest.len())])
    }
}

impl<'t> Instruction<'t> {
    /// Its words: elements of a JSON list, or what blanks separate.
    pub fn words(&self) -> Vec<&'t str> {
        self.list().unwrap_or_else(|| self.lines.iter().flat_map(|line| words(line)).collect())
    }

    /// The words without the flags before them, and the flags.
    pub fn flags_and_words(&self) -> (Vec<&'t str>, Vec<&'t str>) {
        let mut flags = Vec::new();
        let mut lines = self.lines.clone();
        for line in &mut lines {
            while line.starts_with("--") {
                let end = line.find(char::is_whitespace).unwrap_or(line.len());
                flags.push(&line[..end]);
                *line = line[end..].trim_start();
            }
            if !line.is_empty() {
                break;
            }
        }
        let plain = Instruction { name: String::new(), first: self.first, lines, documents: Vec::new() };
        (flags, plain.words())
    }

    /// The elements of a JSON list of texts; none where it is no such list.
    fn list(&self) -> Option<Vec<&'t str>> {
        let mut found = Vec::new();
        let mut opened = false;
        let mut closed = false;
        for line in &self.lines {
            let mut rest = line.trim();
            while !rest.is_empty() {
                if closed {
                    return None;
                }
                if !opened {
                    rest = rest.strip_prefix('[')?.trim_start();
                    opened = true;
                    continue;
                }
                if let Some(after) = rest.strip_prefix('"') {
                    let end = closing_quote(after)?;
                    found.push(&after[..end]);
                    rest = after[end + 1..].trim_start();
                } else if let Some(after) = rest.strip_prefix(',') {
                    rest = after.trim_start();
                } else {
                    rest = rest.strip_prefix(']')?.trim_start();
                    closed = true;
                }
            }
        }
        closed.then_some(found)
    }
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at),
            _ => {}
        }
    }
    None
}

/// The words of a line; quotes keep blanks together and are left out where they are around a whole word.
fn words(line: &str) -> Vec<&str> {
    let bytes = line.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let start = at;
        let mut quote = None;
        while at < bytes.len() {
            match (quote, bytes[at]) {
                (Some(mark), byte) if byte == mark => quote = None,
                (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
                (None, byte) if byte.is_ascii_whitespace() => break,
                _ => {}
            }
            at += 1;
        }
        found.push(super::super::shell::unquoted(&line[start..at]));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let show = |instruction: &Instruction| {
            let documents: Vec<String> = instruction.documents.iter().map(|document| format!(" <{}>", document.trim())).collect();
            format!("{} {}{}", instruction.name, instruction.words().join("|"), documents.concat())
        };
        instructions(text).iter().map(show).collect()
    }

    #[test]
    fn instructions_are_taken_apart() {
        assert_eq!(
            shown(
                "# syntax=docker/dockerfile:1\nfrom a as b\n\nRUN x && \\\n  # why\n\n  y\nCMD [\"a\", \"b c\", \\\n \"d\"]\nCOPY 'a b' /c"
            ),
            ["FROM a|as|b", "RUN x|&&|y", "CMD a|b c|d", "COPY a b|/c"]
        );
        assert_eq!(shown("# escape=`\nCOPY a `\n  C:\\b\\\nRUN c"), ["COPY a|C:\\b\\", "RUN c"]);
        assert_eq!(shown("RUN <<EOF\ngo build ./a\nCOPY no\nEOF\nUSER x"), ["RUN <<EOF <go build ./a\nCOPY no>", "USER x"]);
        assert_eq!(shown("COPY <<-\"A\" <<B /x\n\ta\n\tA\nb\nB"), ["COPY <<-\"A\"|<<B|/x <a> <b>"]);
        assert_eq!(shown("RUN cat <<EOF\nUSER x"), ["RUN cat|<<EOF", "USER x"], "a document that does not end");
        assert_eq!(shown("CMD [\"a\", b]\nRUN a \\"), ["CMD [\"a\",|b]", "RUN a"]);
        assert_eq!(shown(""), [] as [&str; 0]);
    }
}
