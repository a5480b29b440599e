//! XML as build files use it: elements, attributes and texts in one flat list, each a slice of the file.
//!
//! Text comes in, a [`Document`] comes out; nothing fails. Entities stay as they are written and nothing outside of the file is
//! looked at, so no document can grow while it is read; elements are a list, so that none can nest too deep. The first thing that
//! no reader of XML would accept ends the reading, and is told as the defect.

use std::ops::Range;

use memchr::{memchr, memmem};

/// One parsed file.
pub struct Document<'t> {
    elements: Vec<Parsed<'t>>,
    attributes: Vec<(&'t str, &'t str)>,
    /// What is wrong, with the slice where it is.
    pub defect: Option<(&'t str, &'static str)>,
}

struct Parsed<'t> {
    name: &'t str,
    attributes: Range<u32>,
    /// The first text directly inside that is not blank, without blanks around it.
    text: &'t str,
    /// One past the last element inside.
    end: u32,
}

/// An element of a document.
#[derive(Clone, Copy)]
pub struct Element<'d, 't> {
    document: &'d Document<'t>,
    index: u32,
}

impl<'d, 't> Element<'d, 't> {
    fn parsed(self) -> &'d Parsed<'t> {
        &self.document.elements[self.index as usize]
    }

    /// The name without the prefix of its namespace.
    pub fn name(self) -> &'t str {
        self.parsed().name
    }

    /// The first text directly inside; empty for none.
    pub fn text(self) -> &'t str {
        self.parsed().text
    }

    pub fn attribute(self, name: &str) -> Option<&'t str> {
        let Range { start, end } = self.parsed().attributes;
        let attributes = &self.document.attributes[start as usize..end as usize];
        attributes.iter().find(|attribute| attribute.0 == name).map(|attribute| attribute.1)
    }

    /// The elements directly inside.
    pub fn children(self) -> impl Iterator<Item = Element<'d, 't>> {
        let mut next = self.index + 1;
        let end = self.parsed().end;
        std::iter::from_fn(move || {
            let index = (next < end).then_some(next)?;
            next = self.document.elements[index as usize].end;
            Some(Element { document: self.document, index })
        })
    }

    /// All elements inside, however deep.
    pub fn descendants(self) -> impl Iterator<Item = Element<'d, 't>> {
        (self.index + 1..self.parsed().end).map(move |index| Element { document: self.document, index })
    }

    /// The first element directly inside by this name.
    pub fn child(self, name: &str) -> Option<Element<'d, 't>> {
        self.children().find(|child| child.name() == name)
    }

    /// The elements directly inside by this name.
    pub fn named<'n>(self, name: &'n str) -> impl Iterator<Item = Element<'d, 't>> + use<'n, 'd, 't> {
        self.children().filter(move |child| child.name() == name)
    }

    /// The text of the child by this name, if it has one.
    pub fn child_text(self, name: &str) -> Option<&'t str> {
        self.child(name).map(Element::text).filter(|text| !text.is_empty())
    }
}

impl<'t> Document<'t> {
    /// Reads a whole file, in one pass.
    pub fn parse(text: &'t str) -> Self {
        let mut document = Document { elements: Vec::new(), attributes: Vec::new(), defect: None };
        let mut open: Vec<u32> = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let next = memchr(b'<', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length);
            document.say(&open, text[at..next].trim());
            let rest = &text[next..];
            if rest.is_empty() {
                break;
            }
            let length = match rest.as_bytes().get(1) {
                Some(b'?') => skip(rest, "?>"),
                Some(b'!') if rest.starts_with("<!--") => skip(rest, "-->"),
                Some(b'!') if rest.starts_with("<![CDATA[") => {
                    let length = skip(rest, "]]>");
                    let inner = length.and_then(|length| rest.get("<![CDATA[".len()..length - "]]>".len()));
                    document.say(&open, inner.unwrap_or("").trim());
                    length
                }
                Some(b'!') => declaration(rest),
                Some(b'/') => document.close(rest, &mut open),
                _ => document.open(rest, &mut open),
            };
            match length {
                Some(length) => at = next + length,
                None => {
                    let line = rest.lines().next().unwrap_or("");
                    document.defect.get_or_insert((line, "this is not closed"));
                    break;
                }
            }
            if document.defect.is_some() {
                break;
            }
        }
        let count = document.elements.len() as u32;
        if let (Some(&last), None) = (open.last(), document.defect) {
            let name = document.elements[last as usize].name;
            document.defect = Some((name, "this element is not closed"));
        }
        open.into_iter().for_each(|index| document.elements[index as usize].end = count);
        document
    }

    /// The outermost element.
    pub fn root(&self) -> Option<Element<'_, 't>> {
        (!self.elements.is_empty()).then_some(Element { document: self, index: 0 })
    }

    fn say(&mut self, open: &[u32], text: &'t str) {
        if let Some(&index) = open.last().filter(|_| !text.is_empty()) {
            let element = &mut self.elements[index as usize];
            if element.text.is_empty() {
                element.text = text;
            }
        }
    }

    /// An end tag; gives its length.
    fn close(&mut self, rest: &'t str, open: &mut Vec<u32>) -> Option<usize> {
        let end = memchr(b'>', rest.as_bytes())?;
        let name = local(rest[2..end].trim());
        let count = self.elements.len() as u32;
        match open.pop() {
            Some(index) if self.elements[index as usize].name == name => self.elements[index as usize].end = count,
            Some(index) => {
                self.elements[index as usize].end = count;
                self.defect = Some((&rest[..=end], "this closes no open element"));
            }
            None => self.defect = Some((&rest[..=end], "this closes no open element")),
        }
        Some(end + 1)
    }

    /// A start tag with its attributes; gives its length.
    fn open(&mut self, rest: &'t str, open: &mut Vec<u32>) -> Option<usize> {
        let bytes = rest.as_bytes();
        let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'=' | b'<' | b'"' | b'\'');
        let word = |from: usize| bytes[from..].iter().position(is_end).map_or(bytes.len(), |length| from + length);
        let blank = |from: usize| {
            let rest = &bytes[from..];
            rest.iter().position(|byte| !byte.is_ascii_whitespace()).map_or(bytes.len(), |length| from + length)
        };
        let mut at = word(1);
        let name = local(&rest[1..at]);
        let first = self.attributes.len() as u32;
        let mut empty = false;
        loop {
            at = blank(at);
            match *bytes.get(at)? {
                b'>' => break,
                b'/' if bytes.get(at + 1) == Some(&b'>') => {
                    empty = true;
                    at += 1;
                    break;
                }
                _ => {}
            }
            let end = word(at);
            let attribute = &rest[at..end];
            let equals = blank(end);
            let quote = blank((equals + 1).min(bytes.len()));
            let mark = bytes.get(quote).copied().unwrap_or(0);
            if attribute.is_empty() || bytes.get(equals) != Some(&b'=') || !matches!(mark, b'"' | b'\'') {
                break self.defect = Some((rest.lines().next().unwrap_or(""), "this is no tag of XML"));
            }
            let length = memchr(mark, &bytes[quote + 1..])?;
            self.attributes.push((attribute, &rest[quote + 1..quote + 1 + length]));
            at = quote + 1 + length + 1;
        }
        if name.is_empty() {
            self.defect = Some((rest.lines().next().unwrap_or(""), "this is no tag of XML"));
            return Some(at);
        }
        let index = self.elements.len() as u32;
        let attributes = first..self.attributes.len() as u32;
        self.elements.push(Parsed { name, attributes, text: "", end: index + 1 });
        if !empty {
            open.push(index);
        }
        Some(at + 1)
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The length up to the end of a mark.
fn skip(rest: &str, mark: &str) -> Option<usize> {
    memmem::find(rest.as_bytes(), mark.as_bytes()).map(|at| at + mark.len())
}

/// The length of a document type with what it declares in brackets.
fn declaration(rest: &str) -> Option<usize> {
    let end = memchr(b'>', rest.as_bytes())?;
    match memchr(b'[', &rest.as_bytes()[..end]) {
        Some(_) => {
            let inner = memchr(b']', rest.as_bytes())?;
            Some(inner + memchr(b'>', &rest.as_bytes()[inner..])? + 1)
        }
        None => Some(end + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Elements with their depth, attributes and texts, and the defect.
    fn check(text: &str, expected: &str) {
        let document = Document::parse(text);
        let mut shown = Vec::new();
        let mut open: Vec<u32> = Vec::new();
        for (index, element) in document.elements.iter().enumerate() {
            while open.last().is_some_and(|&end| end <= index as u32) {
                open.pop();
            }
            let attributes = &document.attributes[element.attributes.start as usize..element.attributes.end as usize];
            let attributes: String = attributes.iter().map(|(name, value)| format!(" {name}={value}")).collect();
            shown.push(format!("{}{}{attributes}:{}", ".".repeat(open.len()), element.name, element.text));
            open.push(element.end);
        }
        shown.extend(document.defect.map(|(slice, message)| format!("{message} <{slice}>")));
        assert_eq!(shown.join(" | "), expected, "{text}");
    }

    #[test]
    fn elements_are_read_with_attributes_and_texts() {
        check(
            "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x \"<b>\">]><a:p x=\"1\" y = '>'><!-- <c> --><b> t &amp; </b><c/><d><![CDATA[ <e> ]]></d></a:p>\n",
            "p x=1 y=>: | .b:t &amp; | .c: | .d:<e>",
        );
        check("", "");
        check("#set($a = 1)\n<a/>", "a:");
    }

    #[test]
    fn what_no_reader_accepts_is_told() {
        check("<a><b></a>", "a: | .b: | this closes no open element <</a>>");
        check("<a><b>", "a: | .b: | this element is not closed <b>");
        check("<a x>", "a: | this is no tag of XML <<a x>>");
        check("<a x=\"1", "this is not closed <<a x=\"1>");
        check("<a><!-- b", "a: | this is not closed <<!-- b>");
        check("</a>", "this closes no open element <</a>>");
        check("<a>1 < 2</a>", "a:1 | this is no tag of XML << 2</a>>");
    }
}
