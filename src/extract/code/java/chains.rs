//! Chains of members: `Type.create(a).name("b").build()`, each link with its arguments.
//!
//! Tokens come in, the links of the chain that begins at one of them come out. Builders of URLs, requests and channels are such chains.

use std::ops::Range;

use crate::extract::code::Code;
use crate::extract::code::calls::Call;
use crate::extract::code::tokens::TokenKind;

/// Longer chains build something else than a request.
const MOST_LINKS: usize = 64;
/// Type arguments are no longer than this.
const LONGEST_TYPES: usize = 40;

/// A member of a chain.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    pub name: usize,
    /// The bracket before its arguments, where it is called; that of an index.
    pub open: Option<usize>,
    /// The brace of the block that Kotlin hands over behind the brackets.
    pub block: Option<usize>,
}

#[derive(Debug)]
pub struct Chain {
    /// Where it begins, `new` included.
    pub start: usize,
    /// What stands before the first dot where that is no name: a literal, or a group of brackets.
    pub head: Range<usize>,
    pub links: Vec<Link>,
    pub end: usize,
}

impl Chain {
    /// The chain that begins at a token.
    pub fn at(code: &Code, start: usize) -> Option<Chain> {
        Chain::until(code, start, code.len())
    }

    /// The chain that begins at a token, as far as it goes before another one.
    pub fn until(code: &Code, start: usize, limit: usize) -> Option<Chain> {
        let mut at = start + usize::from(code.is(start, "new"));
        let mut chain = Chain { start, head: at..at, links: Vec::new(), end: at };
        match code.kind(at)? {
            TokenKind::Word => {}
            TokenKind::Literal => at += 1,
            TokenKind::Open if code.is(at, "(") => at = code.after(at),
            _ => return None,
        }
        if at > chain.head.start {
            chain.head.end = at;
            chain.end = at;
            at = dot(code, at)?;
        }
        while chain.links.len() < MOST_LINKS {
            at = past_types(code, at);
            code.word(at)?;
            let (link, end) = link(code, at);
            chain.links.push(link);
            chain.end = end;
            while code.is(chain.end, "[") && !code.begins_line(chain.end) && chain.links.len() < MOST_LINKS {
                chain.links.push(Link { name: chain.end, open: Some(chain.end), block: None });
                chain.end = code.after(chain.end);
            }
            match dot(code, chain.end).filter(|_| chain.end < limit) {
                Some(next) => at = next,
                None => return Some(chain),
            }
        }
        Some(chain)
    }

    /// The chain of which a call is a link.
    pub fn of(code: &Code, call: Call) -> Option<Chain> {
        let made = call.start.checked_sub(1).filter(|&at| code.is(at, "new"));
        Chain::at(code, made.unwrap_or(call.start))
    }

    /// The links behind the one whose name stands at a token.
    pub fn behind(&self, name: usize) -> &[Link] {
        let from = self.links.iter().position(|link| link.name == name).map_or(self.links.len(), |at| at + 1);
        &self.links[from..]
    }

    pub fn link(&self, code: &Code, names: &[&str]) -> Option<&Link> {
        self.links.iter().find(|link| code.is_any(link.name, names))
    }
}

impl Link {
    pub fn arguments(&self, code: &Code) -> Vec<Range<usize>> {
        self.open.map_or(Vec::new(), |open| code.arguments(open))
    }

    pub fn argument(&self, code: &Code) -> Option<Range<usize>> {
        self.arguments(code).into_iter().next()
    }
}

/// The token behind a dot that goes on with a chain.
fn dot(code: &Code, at: usize) -> Option<usize> {
    let at = at + usize::from(code.is(at, "!!"));
    (code.is_any(at, &[".", "?.", "!!."]) && at + 1 < code.len()).then_some(at + 1)
}

/// `<T>` before a name.
fn past_types(code: &Code, at: usize) -> usize {
    if code.is(at, "<") { types_end(code, at).unwrap_or(at) } else { at }
}

fn types_end(code: &Code, open: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for at in open..(open + LONGEST_TYPES).min(code.len()) {
        match code.text_of(at) {
            "<" => depth += 1,
            ">" => depth -= 1,
            ">>" => depth -= 2,
            "," | "." | "?" | "&" | "[" | "]" => {}
            _ if code.word(at).is_some() => {}
            _ => return None,
        }
        if depth <= 0 {
            return Some(at + 1);
        }
    }
    None
}

fn link(code: &Code, name: usize) -> (Link, usize) {
    let mut link = Link { name, open: None, block: None };
    let mut end = name + 1;
    let behind = match code.text_of(end) {
        "<>" => end + 1,
        "<" => types_end(code, end).unwrap_or(end),
        _ => end,
    };
    if code.is(behind, "(") && !(code.language.name() == "Kotlin" && code.begins_line(behind)) {
        link.open = Some(behind);
        end = code.after(behind);
    }
    let takes_block = link.open.is_some() || !code.is(name, "else");
    if code.language.name() == "Kotlin" && takes_block && code.is(end, "{") && !code.begins_line(end) {
        link.block = Some(end);
        end = code.after(end);
    }
    (link, end)
}
