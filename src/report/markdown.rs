//! Markdown of rule pages as plain text, for readers that show no markup.

/// The text without its marks: headings and fences lose theirs, links keep their address in brackets.
pub fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut fenced = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            text.push_str("    ");
            text.push_str(line);
        } else {
            inline(line.trim_start_matches('#').trim_start_matches(' '), &mut text);
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

/// The first paragraph that is no heading, as one line.
pub fn opening(markdown: &str) -> String {
    let prose = markdown.lines().map(str::trim).skip_while(|line| line.is_empty() || line.starts_with('#'));
    let paragraph: Vec<&str> = prose.take_while(|line| !line.is_empty()).collect();
    plain(&paragraph.join(" "))
}

fn inline(line: &str, text: &mut String) {
    let mut rest = line;
    while let Some(at) = memchr::memchr3(b'*', b'[', b'`', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        let marked = &rest[at..];
        if let Some(after) = marked.strip_prefix("**") {
            rest = after;
        } else if let Some((words, address, after)) = link(marked) {
            text.push_str(&format!("{words} ({address})"));
            rest = after;
        } else if let Some(after) = marked.strip_prefix('`').and_then(|code| code.find('`')) {
            // Inside code nothing is a mark; its own ticks stay, as in messages.
            text.push_str(&marked[..after + 2]);
            rest = &marked[after + 2..];
        } else {
            text.push_str(&marked[..1]);
            rest = &marked[1..];
        }
    }
    text.push_str(rest);
}

/// `[words](address)` at the beginning of a text, and what follows it.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (words, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (address, rest) = rest.split_once(')')?;
    (!words.contains('[')).then_some((words, address, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_words_stay() {
        let cases = [
            ("## Why?\n\nIt **is** so.", "Why?\n\nIt is so."),
            ("see [the page](https://example.com/x) now", "see the page (https://example.com/x) now"),
            ("a list[0] and `code **x** [y](z)`", "a list[0] and `code **x** [y](z)`"),
            ("- one\n- two\n", "- one\n- two"),
            ("```yaml\nrules: {a: [b](c)}\n```\nend", "    rules: {a: [b](c)}\nend"),
            ("half a `tick and a [link](", "half a `tick and a [link]("),
        ];
        for (markdown, text) in cases {
            assert_eq!(plain(markdown), text);
        }
    }

    #[test]
    fn the_opening_is_the_first_paragraph() {
        assert_eq!(opening("# Title\n\nOne line\nand **another**.\n\nMore."), "One line and another.");
        assert_eq!(opening(""), "");
    }
}
