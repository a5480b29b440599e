//! Statements of Ruby, of which its libraries' small languages are made: `get '/x', to: 'y'`, `resources :orders do … end`.
//!
//! Tokens come in; a [`Statement`] with its receiver, name, arguments and block comes out. [`walk`] goes through bodies of statements
//! and asks for each one which bodies in it are meant.

use std::ops::Range;

use crate::extract::code::paths::underscored;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, value};
use crate::facts::Value;

/// Bodies in bodies; nothing that is written by hand goes deeper.
const DEEPEST: usize = 64;
/// Words that end the arguments of a call without brackets.
const MODIFIERS: [&str; 7] = ["if", "unless", "while", "until", "rescue", "and", "or"];
/// Words that stand before a statement of their body.
const BEFORE_STATEMENTS: [&str; 6] = ["else", "then", "ensure", "begin", "do", "private"];

/// Words that are no calls.
const KEYWORDS: [&str; 9] = ["else", "elsif", "when", "in", "ensure", "rescue", "then", "return", "yield"];

/// A call, with what stands around it.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Of `API = Sinatra.new do`: the constant or variable.
    pub assigned: Option<usize>,
    pub start: usize,
    /// The name of the last call, or the only word.
    pub name: usize,
    pub arguments: Vec<Range<usize>>,
    pub block: Option<Block>,
    /// The condition behind it: `if Rails.env.development?`.
    pub condition: Option<Range<usize>>,
    pub end: usize,
}

#[derive(Clone, Debug)]
pub struct Block {
    pub body: Range<usize>,
    /// Names of what it is given.
    pub parameters: Vec<usize>,
}

impl Statement {
    /// The tokens before the last dot; empty for a plain call.
    pub fn receiver(&self, code: &Code) -> Range<usize> {
        let end = if self.name > self.start { self.name - 1 } else { self.start };
        // `&.` comes as two operators.
        let end = if end > self.start && code.is(end, ".") && code.is(end - 1, "&") { end - 1 } else { end };
        self.start..end.max(self.start)
    }

    pub fn has_receiver(&self) -> bool {
        self.name > self.start
    }

    pub fn place(&self, code: &Code) -> crate::source::Location {
        let end = self.arguments.last().map_or(self.name + 1, |last| last.end);
        code.location(self.start..end.max(self.name + 1))
    }

    pub fn named(&self, code: &Code, name: &str) -> Option<Range<usize>> {
        code.named(&self.arguments, name)
    }

    /// The arguments that have no name; `'a' => 'b'` is not among them.
    pub fn positional(&self, code: &Code) -> Vec<Range<usize>> {
        self.arguments.iter().filter(|argument| !is_pair(code, argument)).cloned().collect()
    }
}

/// `name: value`, `'name' => value`.
fn is_pair(code: &Code, argument: &Range<usize>) -> bool {
    let at = argument.start + usize::from(code.is(argument.start, ":"));
    if code.word(at).is_some() && code.is(at + 1, ":") && at == argument.start || code.reads(argument.start, &["*", "*"]) {
        return true;
    }
    arrow(code, argument).is_some()
}

/// Where `=>` stands in an argument.
pub fn arrow(code: &Code, argument: &Range<usize>) -> Option<usize> {
    let mut at = argument.start;
    while at < argument.end {
        if code.is(at, "=>") {
            return Some(at);
        }
        at = code.after(at);
    }
    None
}

/// The statement that begins at a token; None where something else than a call does.
pub fn statement(code: &Code, start: usize) -> Option<Statement> {
    let assigned = Some(start).filter(|&at| code.word(at).is_some() && code.is(at + 1, "="));
    let start = if assigned.is_some() { start + 2 } else { start };
    let mut at = start;
    while code.is_any(at, &["@", "::"]) && at < start + 2 {
        at += 1;
    }
    // What a call may be made on.
    let mut name = match code.kind(at)? {
        TokenKind::Word | TokenKind::Literal => at,
        TokenKind::Open if code.is_any(at, &["[", "("]) => code.partner(at),
        _ => return None,
    };
    let mut next = name + 1;
    let mut is_call = code.word(name).is_some();
    let mut open = None;
    loop {
        if code.is_any(next, &["(", "["]) && touches(code, next) {
            open = Some(next).filter(|_| code.is(next, "("));
            next = code.after(next);
        }
        let dot = next + usize::from(code.is(next, "&") && code.is(next + 1, "."));
        // `new Engine`: a constant behind `::` is a name too.
        if !code.is_any(dot, &[".", "::"]) || code.word(dot + 1).is_none() || code.is(dot, "::") && !touches(code, dot) {
            break;
        }
        name = dot + 1;
        is_call = true;
        open = None;
        next = name + 1;
    }
    if !is_call {
        return None;
    }
    let mut of = Statement { assigned, start, name, arguments: Vec::new(), block: None, condition: None, end: next };
    match open {
        Some(open) => of.arguments = code.arguments(open),
        None if begins_arguments(code, next) => of.arguments = code.line_arguments(name),
        None => {}
    }
    if let Some(last) = of.arguments.last_mut().filter(|_| open.is_none()) {
        let end = last.end;
        if let Some(at) = last.clone().find(|&at| modifies(code, at)) {
            of.condition = Some(at + 1..end);
            last.end = at;
        }
        of.end = end;
        if last.start == last.end {
            of.arguments.pop();
        }
    }
    if of.condition.is_none() && modifies(code, of.end) && !code.begins_line(of.end) {
        let end = line_end(code, of.end);
        of.condition = Some(of.end + 1..end);
        of.end = end;
    }
    if code.is(of.end, "do") || code.is(of.end, "{") && (open.is_some() || of.arguments.is_empty()) {
        of.block = Some(block(code, of.end));
        of.end = code.after(of.end);
    }
    Some(of)
}

fn modifies(code: &Code, at: usize) -> bool {
    code.word(at).is_some_and(|word| MODIFIERS.contains(&word)) && !code.is(at.wrapping_sub(1), ":") && !code.is(at + 1, ":")
}

fn line_end(code: &Code, from: usize) -> usize {
    let mut end = from;
    while end < code.len() && !(end > from && code.begins_line(end)) && code.kind(end) != Some(TokenKind::Close) {
        end = code.after(end);
    }
    end
}

/// True for a token right behind the one before.
fn touches(code: &Code, at: usize) -> bool {
    at > 0 && at < code.len() && code.tokens[at].start == code.tokens[at - 1].end
}

/// Whether an argument without brackets may begin here.
pub fn begins_arguments(code: &Code, at: usize) -> bool {
    if code.begins_line(at) || at >= code.len() {
        return false;
    }
    match code.kind(at) {
        Some(TokenKind::Word) => !modifies(code, at) || code.is(at + 1, ":"),
        Some(TokenKind::Literal | TokenKind::Number) => true,
        Some(TokenKind::Open) => code.is_any(at, &["[", "("]),
        Some(TokenKind::Operator) => {
            // `:name`, `*NAMES`, `&block`, `-> { }`, `::Name`, `@name`: no blank behind the sign.
            code.is(at, "->") || code.is_any(at, &[":", "*", "&", "::", "@", "**"]) && !touches(code, at) && touches(code, at + 1)
        }
        _ => false,
    }
}

/// The block that a bracket opens.
pub fn block(code: &Code, open: usize) -> Block {
    let mut body = code.inside(open);
    let mut parameters = Vec::new();
    if code.is(body.start, "|") {
        let limit = (body.start + 64).min(body.end);
        if let Some(close) = (body.start + 1..limit).find(|&at| code.is(at, "|")) {
            parameters = (body.start + 1..close).filter(|&at| code.word(at).is_some()).collect();
            body.start = close + 1;
        }
    } else if code.is(body.start, "||") {
        body.start += 1;
    }
    Block { body, parameters }
}

/// Whether a statement may begin at a token.
fn begins_statement(code: &Code, at: usize, from: usize) -> bool {
    if at == from {
        return true;
    }
    let continues = code.is_any(at, &[".", "&"]) || code.is(at - 1, ",") || code.is(at - 1, "\\");
    let before = code.word(at - 1).is_some_and(|word| BEFORE_STATEMENTS.contains(&word));
    code.begins_line(at) && !continues || code.is(at - 1, ";") || before
}

/// What is to be done with a statement: bodies in it to go through, each with what is known there.
pub type Bodies<C> = Vec<(Range<usize>, C)>;

/// Goes through the statements of a body, and of the bodies in it that `visit` asks for. Bodies of conditions are gone through as if they
/// stood there; types and functions are left out.
pub fn walk<C: Clone>(code: &Code, range: Range<usize>, context: C, visit: &mut dyn FnMut(&Statement, &C) -> Bodies<C>) {
    // Some bodies are gone through more than once, where they are used.
    let mut budget = 16 * code.len() + 1_024;
    let mut waiting = vec![(range.start, range.start, range.end, context)];
    while let Some((from, mut at, end, context)) = waiting.pop() {
        while at < end && budget > 0 {
            budget -= 1;
            if !begins_statement(code, at, from) {
                // `if` and `begin` are gone into; so is what stands behind.
                at = if code.is_any(at, &["if", "unless", "begin", "case"]) && is_block_word(code, at) {
                    at + 1
                } else {
                    code.after(at)
                };
                continue;
            }
            if code.is_any(at, &["if", "unless", "begin", "case"]) && is_block_word(code, at) {
                let condition = at + 1..line_end(code, at + 1).min(end);
                at = if only_for_developers(code, &condition) { else_of(code, at) } else { at + 1 };
                continue;
            }
            let Some(of) = statement(code, at).filter(|of| !KEYWORDS.contains(&code.text_of(of.start))) else {
                at = code.after(at);
                continue;
            };
            let next = of.end.max(at + 1);
            let hidden = of.condition.as_ref().is_some_and(|condition| only_for_developers(code, condition));
            let bodies = if hidden { Vec::new() } else { visit(&of, &context) };
            if !bodies.is_empty() && waiting.len() < DEEPEST {
                waiting.push((from, next, end, context.clone()));
                waiting.extend(bodies.into_iter().rev().map(|(body, context)| (body.start, body.start, body.end, context)));
                at = end;
                continue;
            }
            at = next;
        }
    }
}

fn is_block_word(code: &Code, at: usize) -> bool {
    code.kind(at) == Some(TokenKind::Open)
}

/// What only developers see: `Rails.env.development?`, `Rails.env.test?`.
fn only_for_developers(code: &Code, condition: &Range<usize>) -> bool {
    let mut texts = condition.clone().take(8).filter_map(|at| code.word(at));
    condition.len() <= 7
        && code.is(condition.start, "Rails")
        && texts.clone().any(|word| word == "env")
        && texts.all(|word| matches!(word, "Rails" | "env" | "development?" | "test?" | "or" | "local?"))
}

/// Behind `else` of a condition, or behind its end.
fn else_of(code: &Code, open: usize) -> usize {
    let body = code.inside(open);
    let mut at = body.start;
    while at < body.end {
        if code.is_any(at, &["else", "elsif"]) {
            return at + 1;
        }
        at = code.after(at);
    }
    code.after(open)
}

/// A text or symbol: `'a'`, `:a`, `:"a"`.
pub fn name(code: &Code, range: Range<usize>) -> Option<String> {
    let at = range.start + usize::from(code.is(range.start, ":"));
    if at + 1 != range.end {
        return None;
    }
    match code.kind(at)? {
        TokenKind::Literal => code.literal(at).map(|text| text.into_owned()),
        TokenKind::Word if at > range.start => Some(code.text_of(at).to_owned()),
        _ => None,
    }
}

/// Texts or symbols of a list, or one alone: `%i[a b]`, `[:a, 'b']`, `:a`.
pub fn names(code: &Code, range: Range<usize>) -> Option<Vec<String>> {
    if let Some(words) = (range.len() == 1).then(|| code.words(range.start)).flatten() {
        return Some(words.into_iter().map(|word| word.value.to_string()).collect());
    }
    if code.is(range.start, "[") && code.after(range.start) == range.end {
        return code.arguments(range.start).into_iter().map(|part| name(code, part)).collect();
    }
    name(code, range).map(|name| vec![name])
}

/// A text, symbol or constant as a value.
pub fn text_value(code: &Code, range: Range<usize>) -> Value {
    // `NAME.freeze`
    let range = match range.len() > 2 && code.is(range.end - 1, "freeze") && code.is(range.end - 2, ".") {
        true => range.start..range.end - 2,
        false => range,
    };
    match name(code, range.clone()) {
        Some(name) => literal(name.as_str()),
        None => code.value(range),
    }
}

/// `API::V1::Users` as a symbol: its own of the file where it is defined here, or else of the file that is called so.
pub fn constant(code: &Code, range: Range<usize>) -> Option<String> {
    let range = if code.is(range.start, "::") { range.start + 1..range.end } else { range };
    let mut parts = Vec::new();
    for (offset, at) in range.enumerate() {
        match (offset % 2, code.word(at)) {
            (0, Some(word)) if word.starts_with(|first: char| first.is_uppercase()) => parts.push(word),
            (1, None) if code.is(at, "::") => {}
            // `Users.new`
            _ if code.is(at, ".") => break,
            _ => return None,
        }
    }
    let last = *parts.last()?;
    if parts.len() == 1 || defines(code, last) {
        return Some(format!("#{last}"));
    }
    let module: Vec<String> = parts.iter().map(|part| underscored(part)).collect();
    Some(format!("{}#{last}", module.join("/")))
}

fn defines(code: &Code, name: &str) -> bool {
    code.occurrences(name).iter().take(64).any(|&at| code.is_any((at as usize).wrapping_sub(1), &["class", "module"]))
}

/// The statements of a body itself, and of conditions in it, as far as they are calls.
pub fn statements(code: &Code, body: Range<usize>) -> Vec<Statement> {
    let mut found = Vec::new();
    walk(code, body, (), &mut |of, ()| {
        found.push(of.clone());
        Vec::new()
    });
    found
}

/// A path with its parameters written `{name}`: `:id`, `*rest` (always `{rest}`), `(.:format)` left out, `(/:id)` as if it were there.
pub fn template(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        // What ends in a format says nothing more.
        let format =
            ["(.:format)", ".?:format?", "(.json)", "(.?:format?)", ".:format"].iter().find(|end| rest.starts_with(**end));
        if let Some(format) = format {
            rest = &rest[format.len()..];
            continue;
        }
        if !matches!(first, '(' | ')' | '?') {
            plain.push(first);
        }
        rest = &rest[first.len_utf8()..];
    }
    crate::extract::code::paths::text_template(&plain, crate::extract::code::paths::Style::Colon)
}

/// The same for values.
pub fn template_value(value: Value) -> Value {
    value::map_literals(value, &template)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;

    fn code(text: &str) -> Code<'_> {
        Code::new(Language::from_name("Ruby").expect("in the table"), "a.rb", text)
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let code = code(text);
        let mut shown = Vec::new();
        walk(&code, 0..code.len(), 0, &mut |of, depth| {
            let arguments: Vec<&str> = of.arguments.iter().map(|argument| code.text_in(argument.clone())).collect();
            let receiver = code.text_in(of.receiver(&code));
            shown.push(format!("{depth} {receiver}|{}({})", code.text_of(of.name), arguments.join("|")));
            of.block.iter().map(|block| (block.body.clone(), depth + 1)).collect()
        });
        assert_eq!(shown.join("\n"), expected);
    }

    #[test]
    fn statements_have_arguments_and_blocks() {
        check(
            "get '/a', to: 'b#c',\n  as: :d\nscope(:x) { get :y }\nRails.application.routes.draw do |m|\n post 'z' if a?\n put @q\nend\nx = 1",
            "0 |get('/a'|to: 'b#c'|as: :d)\n0 |scope(:x)\n1 |get(:y)\n0 Rails.application.routes|draw()\n1 |post('z')\n1 |put(@q)",
        );
        check("A = B.new do\n get '/' do\n end\nend", "0 B|new()\n1 |get('/')");
        check("%w[a b].each do |x|\n get x\nend\nif c\n d :e\nelse\n f\nend", "0 %w[a b]|each()\n1 |get(x)\n0 |d(:e)\n0 |f()");
        check("if Rails.env.development?\n a :b\nelse\n c\nend\nd :e if Rails.env.development?\nf", "0 |c()\n0 |f()");
        check("def a\n get '/x'\nend\nclass B\n get '/y'\nend", "");
    }

    #[test]
    fn paths_have_parameters_and_optional_parts() {
        assert_eq!(template("/a/:id(.:format)"), "/a/{id}");
        assert_eq!(template("a(/:b)/*c"), "a/{b}/{rest}");
    }
}
