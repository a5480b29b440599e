//! The functions of a file, and which of them a token lies in.
//!
//! Tokens come in. Every function comes out, arrows and callbacks among them, with the name by which other files and calls know it; for
//! each token the innermost function around it is at hand.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::extract::code::Code;
use crate::extract::code::tokens::TokenKind;

pub struct Function {
    /// As scopes name it: `name`, `Type.name` for a method, `default` for what the module exports as a whole. None for a callback.
    pub name: Option<String>,
    pub parameters: Vec<Range<usize>>,
    pub body: Range<usize>,
    /// The first token of its head.
    pub start: usize,
    /// Where it is an argument of a call: the bracket before the arguments.
    pub call: Option<usize>,
    pub parent: Option<usize>,
}

pub struct Functions {
    pub all: Vec<Function>,
    /// By token: the innermost function whose body holds it.
    around: Vec<u32>,
    /// By token: the innermost bracket around it.
    bracket: Vec<u32>,
    classes: Vec<(Range<usize>, String)>,
    /// Names that functions return, with what they return.
    returned: FxHashMap<(u32, String), ()>,
}

const NONE: u32 = u32::MAX;
/// Words before brackets and a block that are no methods.
const STATEMENTS: [&str; 10] = ["if", "for", "while", "switch", "catch", "with", "return", "function", "await", "async"];

impl Functions {
    pub fn of(code: &Code) -> Functions {
        let mut functions = Functions {
            all: Vec::new(),
            around: vec![NONE; code.len()],
            bracket: brackets(code),
            classes: classes(code),
            returned: FxHashMap::default(),
        };
        for at in 0..code.len() {
            let head = match code.text_of(at) {
                "=>" => arrow(code, at),
                "function" => keyword(code, at),
                "(" => method(code, at),
                _ => None,
            };
            if let Some((start, parameters, body)) = head {
                let name = functions.name(code, start);
                let call = functions.call(code, start);
                functions.all.push(Function { name, parameters, body, start, call, parent: None });
            }
        }
        functions.all.sort_by_key(|function| (function.body.start, usize::MAX - function.body.end));
        functions.nest(code.len());
        functions.name_wrapped(code);
        for at in 0..code.len() {
            if code.is(at, "return") && code.word(at + 1).is_some() {
                let ends = code.is_any(at + 2, &[";", "}"]) || code.begins_line(at + 2) && !code.is_any(at + 2, &[".", "("]);
                if ends && functions.around[at] != NONE {
                    functions.returned.insert((functions.around[at], code.text_of(at + 1).to_owned()), ());
                }
            }
        }
        functions
    }

    /// The innermost function around a token.
    pub fn around(&self, index: usize) -> Option<usize> {
        self.around.get(index).filter(|&&function| function != NONE).map(|&function| function as usize)
    }

    /// The innermost bracket that is open at a token.
    pub fn bracket(&self, index: usize) -> Option<usize> {
        self.bracket.get(index).filter(|&&open| open != NONE).map(|&open| open as usize)
    }

    /// The innermost class around a token.
    pub fn class(&self, index: usize) -> Option<&str> {
        self.class_body(index).map(|(_, name)| name.as_str())
    }

    fn class_body(&self, index: usize) -> Option<&(Range<usize>, String)> {
        let last = self.classes.partition_point(|(body, _)| body.start <= index);
        self.classes[..last].iter().rev().take(16).find(|(body, _)| body.contains(&index))
    }

    /// True right in the body of a class, not in one of its methods.
    pub fn is_field(&self, index: usize) -> bool {
        let Some((body, _)) = self.class_body(index) else { return false };
        self.around(index).is_none_or(|function| self.all[function].body.start < body.start)
    }

    pub fn returns(&self, function: usize, name: &str) -> bool {
        self.returned.contains_key(&(function as u32, name.to_owned()))
    }

    /// The innermost function around a function or token that has a name.
    pub fn named(&self, mut function: Option<usize>) -> Option<&str> {
        for _ in 0..64 {
            let inner = &self.all[function?];
            if let Some(name) = &inner.name {
                return Some(name);
            }
            function = inner.parent;
        }
        None
    }

    /// Which function lies in which, and which tokens in which function: functions come sorted by where their bodies begin.
    fn nest(&mut self, tokens: usize) {
        let mut open: Vec<usize> = Vec::new();
        let mut next = 0;
        for at in 0..tokens {
            while open.last().is_some_and(|&function| at >= self.all[function].body.end) {
                open.pop();
            }
            while next < self.all.len() && self.all[next].body.start <= at {
                self.all[next].parent = open.last().copied();
                if self.all[next].body.contains(&at) {
                    open.push(next);
                }
                next += 1;
            }
            if let Some(&function) = open.last() {
                self.around[at] = function as u32;
            }
        }
    }

    /// The name of the function whose head begins here.
    fn name(&self, code: &Code, start: usize) -> Option<String> {
        let own = match code.is(start, "function") {
            true => code.word(start + 1 + usize::from(code.is(start + 1, "*"))),
            // A method; the head of an arrow begins with a bracket, `async` or its parameter.
            false => code.word(start).filter(|_| code.is_any(start + 1, &["(", "<"]) && !code.is(start, "async")),
        };
        match own {
            Some(name) if !code.is(start, "function") => Some(match self.class(start) {
                Some(class)
                    if self
                        .bracket(start)
                        .is_some_and(|open| self.class_body(start).is_some_and(|of| of.0.start == open + 1)) =>
                {
                    format!("{class}.{name}")
                }
                _ => name.to_owned(),
            }),
            Some(name) => Some(name.to_owned()),
            None => self.assigned_name(code, start),
        }
    }

    /// What an expression that begins here is called: `name = …`, `name: …`, `module.exports = …`, `export default …`.
    pub fn assigned_name(&self, code: &Code, start: usize) -> Option<String> {
        let mut before = start.checked_sub(1)?;
        if code.is_any(before, &["async", "new", "await"]) {
            before = before.checked_sub(1)?;
        }
        match code.text_of(before) {
            "default" => Some("default".to_owned()),
            "=" => {
                let last = target(code, before)?.end - 1;
                let word = code.word(last)?;
                let owner = last.checked_sub(2).filter(|_| last > 1 && code.is(last - 1, "."));
                match owner.map(|owner| code.text_of(owner)) {
                    Some("module") if word == "exports" => Some("default".to_owned()),
                    Some("exports") => Some(word.to_owned()),
                    Some("this") => Some(self.class(start).map_or(word.to_owned(), |class| format!("{class}.{word}"))),
                    Some(_) => Some(word.to_owned()),
                    None if word == "exports" => Some("default".to_owned()),
                    None if self.is_field(last) => {
                        Some(self.class(start).map_or(word.to_owned(), |class| format!("{class}.{word}")))
                    }
                    None => Some(word.to_owned()),
                }
            }
            ":" => {
                let name = before.checked_sub(1)?;
                let is_key = name.checked_sub(1).is_none_or(|at| code.is_any(at, &["{", ","]));
                code.word(name).filter(|_| is_key).map(str::to_owned)
            }
            _ => None,
        }
    }

    /// `name = wrap(function (…) {…})`: the wrapped function goes by the name of the result.
    fn name_wrapped(&mut self, code: &Code) {
        for index in 0..self.all.len() {
            let function = &self.all[index];
            let (None, Some(open)) = (&function.name, function.call) else { continue };
            let Some(wrap) = open.checked_sub(1) else { continue };
            let is_plain = code.word(wrap).is_some() && !wrap.checked_sub(1).is_some_and(|at| code.is_any(at, &[".", "?."]));
            if is_plain && open + 1 >= function.start.saturating_sub(1) {
                self.all[index].name = self.assigned_name(code, wrap);
            }
        }
    }

    /// The bracket of the call of which the expression that begins here is an argument.
    fn call(&self, code: &Code, start: usize) -> Option<usize> {
        let mut before = start.checked_sub(1)?;
        if code.is(before, "async") {
            before = before.checked_sub(1)?;
        }
        let open = self.bracket(start)?;
        (code.is(open, "(") && code.is_any(before, &["(", ","]) && code.word(open.checked_sub(1)?).is_some()).then_some(open)
    }
}

/// What stands before an equals sign without its type: a dotted name, or the braces of a destructuring.
pub fn target(code: &Code, equals: usize) -> Option<Range<usize>> {
    let mut last = equals.checked_sub(1)?;
    // `name: Type = …`.
    for at in (equals.saturating_sub(24)..equals).rev() {
        if code.is(at, ":") {
            last = at.checked_sub(1)?;
            break;
        }
        let is_type =
            code.word(at).is_some() && !code.is_any(at, &["const", "let", "var", "public", "private", "readonly", "static"]);
        if !is_type && !code.is_any(at, &[".", "<", ">", ",", "|", "&", "[", "]", "(", ")", "=>", "?"]) {
            break;
        }
    }
    if code.is_any(last, &["!", "?"]) {
        last = last.checked_sub(1)?;
    }
    if code.is(last, "}") {
        let open = code.partner(last);
        return (open < last).then_some(open..last + 1);
    }
    code.word(last)?;
    let mut start = last;
    while start > 1 && code.is(start - 1, ".") && code.word(start - 2).is_some() {
        start -= 2;
    }
    Some(start..last + 1)
}

fn brackets(code: &Code) -> Vec<u32> {
    let mut open: Vec<u32> = Vec::new();
    let mut around = Vec::with_capacity(code.len());
    for at in 0..code.len() {
        while open.last().is_some_and(|&bracket| at >= code.partner(bracket as usize)) {
            open.pop();
        }
        around.push(open.last().copied().unwrap_or(NONE));
        if code.kind(at) == Some(TokenKind::Open) {
            open.push(at as u32);
        }
    }
    around
}

/// Bodies of classes with their names, in the order of the text.
fn classes(code: &Code) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    for at in (0..code.len()).filter(|&at| code.is(at, "class")) {
        if at.checked_sub(1).is_some_and(|before| code.is_any(before, &[".", "?."])) {
            continue;
        }
        let Some(open) = (at + 1..(at + 80).min(code.len())).find(|&at| code.is_any(at, &["{", ";", ")"])) else { continue };
        if code.is(open, "{") {
            let name = code.word(at + 1).filter(|&name| name != "extends").unwrap_or("default");
            found.push((code.inside(open), name.to_owned()));
        }
    }
    found
}

type Head = (usize, Vec<Range<usize>>, Range<usize>);

/// `(a, b): T => …`, `a => …` at the arrow.
fn arrow(code: &Code, arrow: usize) -> Option<Head> {
    let last = arrow.checked_sub(1)?;
    let close = if code.is(last, ")") {
        Some(last)
    } else {
        // The type of the result stands between brackets and arrow.
        let colon = (last.saturating_sub(32)..=last).rev().find(|&at| code.is_any(at, &[":", ";", "=", "=>"]));
        colon.filter(|&at| code.is(at, ":")).and_then(|at| at.checked_sub(1)).filter(|&at| code.is(at, ")"))
    };
    let (start, parameters) = match close {
        Some(close) if code.partner(close) < close => (code.partner(close), code.arguments(code.partner(close))),
        _ => {
            code.word(last)?;
            (last, std::iter::once(last..last + 1).collect())
        }
    };
    let body = match code.is(arrow + 1, "{") {
        true => code.inside(arrow + 1),
        false => arrow + 1..expression_end(code, arrow + 1),
    };
    Some((start, parameters, body))
}

/// The end of an expression: a separator, a closing bracket, or a line that begins a statement.
pub fn expression_end(code: &Code, from: usize) -> usize {
    let mut at = from;
    while at < code.len() && !code.is_any(at, &[";", ","]) && code.kind(at) != Some(TokenKind::Close) {
        let goes_on = at == from
            || code.kind(at) == Some(TokenKind::Operator)
            || code.kind(at - 1) == Some(TokenKind::Operator)
            || code.kind(at - 1) == Some(TokenKind::Literal) && code.kind(at) == Some(TokenKind::Literal);
        if code.begins_line(at) && !goes_on {
            break;
        }
        at = code.after(at);
    }
    at
}

/// `function name(…) {…}` at the keyword.
fn keyword(code: &Code, start: usize) -> Option<Head> {
    let open = (start + 1..(start + 24).min(code.len())).find(|&at| code.is_any(at, &["(", "{", ";"]))?;
    if !code.is(open, "(") || start.checked_sub(1).is_some_and(|before| code.is_any(before, &[".", "?."])) {
        return None;
    }
    let body = block(code, code.after(open))?;
    Some((start, code.arguments(open), body))
}

/// `name(…) {…}` in a class or an object, at the bracket before the parameters.
fn method(code: &Code, open: usize) -> Option<Head> {
    let before = open.checked_sub(1)?;
    let name = if code.is(before, ">") { code.call_before(open)?.name } else { before };
    let word = code.word(name)?;
    if STATEMENTS.contains(&word) {
        return None;
    }
    let before = name.checked_sub(1);
    if before
        .is_some_and(|at| code.is_any(at, &[".", "?.", "function", "new", "=", "(", "?", ":", "&&", "||", "return", "=>", "!"]))
    {
        return None;
    }
    let body = block(code, code.after(open))?;
    Some((name, code.arguments(open), body))
}

/// The block that follows a head, perhaps after the type of the result.
fn block(code: &Code, from: usize) -> Option<Range<usize>> {
    if code.is(from, "{") {
        return Some(code.inside(from));
    }
    if !code.is(from, ":") {
        return None;
    }
    let mut at = from + 1;
    // A type in braces, then perhaps the block.
    if code.is(at, "{") {
        at = code.after(at);
    }
    for _ in 0..40 {
        match code.text_of(at) {
            "{" if !code.is_any(at - 1, &["<", ",", "|", "&"]) => return Some(code.inside(at)),
            ";" | "}" | ")" | "=" | "=>" | "" => return None,
            "," if code.word(at + 1).is_none() && !code.is(at + 1, "{") => return None,
            _ => at = code.after(at),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;

    /// Functions of a text: name, number of parameters, name of the function around.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let code = Code::new(Language::from_name("TypeScript").expect("in the table"), "a.ts", text);
        let functions = Functions::of(&code);
        let name = |index: usize| functions.all[index].name.as_deref().unwrap_or("-");
        let shown = (0..functions.all.len()).map(|index| {
            let function = &functions.all[index];
            let parent = function.parent.map_or(String::new(), |parent| format!(" in {}", name(parent)));
            format!("{}/{}{parent}", name(index), function.parameters.len())
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn functions_have_the_names_that_others_use() {
        check("function a(b, c) { return d => e; }", &["a/2", "-/1 in a"]);
        check("module.exports = function (app) {}; exports.b = async (c) => c;", &["default/1", "b/1"]);
        check("export default async (fastify: F, opts): Promise<void> => { x(); }", &["default/2"]);
        check("const a: Handler<B> = (c) => { d(); }", &["a/1"]);
        check(
            "class A { constructor(private b: B) { } run(): void { go(() => { }); } c = () => 1; }",
            &["A.constructor/1", "A.run/0", "-/0 in A.run", "A.c/0"],
        );
        check("const o = { list(req, res) { }, b: function (c) { } };", &["list/2", "b/1"]);
        check("export default wrap(async function (f) { });\nif (a) { b() }", &["default/1"]);
        check("const a = b => b.c\nconst d = 1", &["a/1"]);
    }
}
