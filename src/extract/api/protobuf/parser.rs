//! The services of a protobuf file (proto2, proto3, editions), with their methods; everything else is skipped by its brackets.

use super::lexer::{Lexer, Token};
use crate::source::Span;

#[derive(Default)]
pub struct File<'t> {
    pub package: Option<(&'t str, Span)>,
    pub services: Vec<Service<'t>>,
    /// `option deprecated = true` of the file.
    pub deprecated: bool,
    /// Where reading ended before the file did, and why.
    pub broken: Option<(Span, String)>,
}

pub struct Service<'t> {
    pub name: &'t str,
    pub deprecated: bool,
    pub methods: Vec<Method<'t>>,
}

pub struct Method<'t> {
    pub name: &'t str,
    pub at: Span,
    pub request: &'t str,
    pub response: &'t str,
    pub deprecated: bool,
}

/// Reads a file once from its beginning to its end, or to the first thing that is no protobuf.
pub fn parse(text: &str) -> File<'_> {
    let mut parser = Parser { text, tokens: Lexer::new(text).peekable(), file: File::default() };
    if let Err(broken) = parser.file() {
        parser.file.broken = Some(broken);
    }
    parser.file
}

struct Parser<'t> {
    text: &'t str,
    tokens: std::iter::Peekable<Lexer<'t>>,
    file: File<'t>,
}

/// Where the file stops being protobuf, and what was expected there.
type Broken = (Span, String);

impl<'t> Parser<'t> {
    fn file(&mut self) -> Result<(), Broken> {
        while let Some(&(token, span)) = self.tokens.peek() {
            match (token, self.word(span)) {
                (Token::Word, "package") => {
                    self.tokens.next();
                    let name = self.name("the package's name")?;
                    self.file.package = Some(name);
                    self.mark(b';')?;
                }
                (Token::Word, "service") => {
                    self.tokens.next();
                    self.service()?;
                }
                (Token::Word, "option") => self.file.deprecated |= self.option()?,
                (Token::Mark(b'}' | b')' | b']'), closing) => return Err((span, format!("`{closing}` closes nothing"))),
                _ => self.skip_statement()?,
            }
        }
        Ok(())
    }

    fn service(&mut self) -> Result<(), Broken> {
        let (name, _) = self.name("the service's name")?;
        self.mark(b'{')?;
        self.file.services.push(Service { name, deprecated: false, methods: Vec::new() });
        loop {
            let Some(&(token, span)) = self.tokens.peek() else { return Err(self.ended("a service")) };
            match (token, self.word(span)) {
                (Token::Mark(b'}'), _) => {
                    self.tokens.next();
                    return Ok(());
                }
                (Token::Mark(b';'), _) => {
                    self.tokens.next();
                }
                (Token::Word, "rpc") => {
                    self.tokens.next();
                    let method = self.method()?;
                    self.open_service().methods.push(method);
                }
                (Token::Word, "option") => {
                    let deprecated = self.option()?;
                    self.open_service().deprecated |= deprecated;
                }
                // Streams of old proto2 are no methods.
                (Token::Word, "stream") => self.skip_statement()?,
                (_, found) => return Err((span, format!("expected `rpc`, `option` or `}}` in a service, found `{found}`"))),
            }
        }
    }

    fn open_service(&mut self) -> &mut Service<'t> {
        self.file.services.last_mut().expect("pushed before its body is read")
    }

    /// `Name (stream Request) returns (stream Response)`, then `;` or options in braces.
    fn method(&mut self) -> Result<Method<'t>, Broken> {
        let (name, at) = self.name("the method's name")?;
        let request = self.message()?;
        match self.name("`returns`")? {
            ("returns", _) => {}
            (found, span) => return Err((span, format!("expected `returns`, found `{found}`"))),
        }
        let response = self.message()?;
        let mut method = Method { name, at, request, response, deprecated: false };
        match self.tokens.next() {
            Some((Token::Mark(b';'), _)) => return Ok(method),
            Some((Token::Mark(b'{'), _)) => {}
            Some((_, span)) => return Err((span, format!("expected `;` or `{{`, found `{}`", self.word(span)))),
            None => return Err(self.ended("a method")),
        }
        loop {
            let Some(&(token, span)) = self.tokens.peek() else { return Err(self.ended("a method")) };
            match (token, self.word(span)) {
                (Token::Mark(b'}'), _) => {
                    self.tokens.next();
                    return Ok(method);
                }
                (Token::Word, "option") => method.deprecated |= self.option()?,
                _ => self.skip_statement()?,
            }
        }
    }

    fn message(&mut self) -> Result<&'t str, Broken> {
        self.mark(b'(')?;
        let (mut name, _) = self.name("a message's name")?;
        if name == "stream" && self.tokens.peek().is_some_and(|(token, _)| *token == Token::Word) {
            name = self.name("a message's name")?.0;
        }
        self.mark(b')')?;
        Ok(name)
    }

    /// Reads one option; true for `option deprecated = true`.
    fn option(&mut self) -> Result<bool, Broken> {
        let start = self.tokens.peek().map_or(0, |(_, span)| span.end as usize);
        self.skip_statement()?;
        let rest = &self.text[start..];
        let words = || rest.split(|c: char| c.is_whitespace() || c == '=').filter(|word| !word.is_empty());
        // Short of the end of the statement there can be nothing but these three.
        Ok(words().next() == Some("deprecated")
            && words().nth(1).is_some_and(|value| value.trim_end_matches(';') == "true" || value.starts_with("true;")))
    }

    /// Passes over everything up to a `;`, or the brackets that end a block.
    fn skip_statement(&mut self) -> Result<(), Broken> {
        let mut open: Vec<(u8, Span)> = Vec::new();
        while let Some((token, span)) = self.tokens.peek().copied() {
            match token {
                Token::Unclosed => return Err((span, "a quoted text or comment that does not end".to_owned())),
                Token::Mark(mark @ (b'{' | b'(' | b'[')) => open.push((mark, span)),
                Token::Mark(mark @ (b'}' | b')' | b']')) => {
                    // The bracket belongs to whoever called: a statement before it lacks its `;`.
                    let Some((opening, at)) = open.pop() else {
                        return Err((span, format!("expected `;`, found `{}`", mark as char)));
                    };
                    if closing(opening) != mark {
                        return Err((at, format!("`{}` is not closed", opening as char)));
                    }
                    if mark == b'}' && open.is_empty() {
                        self.tokens.next();
                        return Ok(());
                    }
                }
                Token::Mark(b';') if open.is_empty() => {
                    self.tokens.next();
                    return Ok(());
                }
                _ => {}
            }
            self.tokens.next();
        }
        match open.last() {
            Some((opening, at)) => Err((*at, format!("`{}` is not closed", *opening as char))),
            None => Err(self.ended("a statement")),
        }
    }

    fn name(&mut self, expected: &str) -> Result<(&'t str, Span), Broken> {
        match self.tokens.next() {
            Some((Token::Word, span)) => Ok((self.word(span), span)),
            Some((_, span)) => Err((span, format!("expected {expected}, found `{}`", self.word(span)))),
            None => Err(self.ended("a statement")),
        }
    }

    fn mark(&mut self, mark: u8) -> Result<(), Broken> {
        match self.tokens.next() {
            Some((Token::Mark(found), _)) if found == mark => Ok(()),
            Some((_, span)) => Err((span, format!("expected `{}`, found `{}`", mark as char, self.word(span)))),
            None => Err(self.ended("a statement")),
        }
    }

    fn ended(&self, inside: &str) -> Broken {
        (Span::new(self.text.len(), self.text.len()), format!("the file ends inside {inside}"))
    }

    fn word(&self, span: Span) -> &'t str {
        &self.text[span.range()]
    }
}

fn closing(opening: u8) -> u8 {
    match opening {
        b'{' => b'}',
        b'(' => b')',
        _ => b']',
    }
}
