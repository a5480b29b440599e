//! Statements, decorators, assignments and classes of Python.
//!
//! Tokens come in; what comes out is where each statement is, in one pass: a line that stands in no bracket begins one.

use std::ops::Range;
use std::rc::Rc;

use super::imports::relative_mark;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::{Code, tokens::TokenKind};
use crate::facts::{Text, Value};

/// Statements in the order of the text. A compound one is its head, and its body's statements follow.
pub fn statements(code: &Code) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < code.len() {
        let mut end = code.after(start);
        while end < code.len() && !code.is(end, ";") && (!code.begins_line(end) || code.is(end - 1, "\\")) {
            end = code.after(end);
        }
        found.push(start..end);
        start = end + usize::from(code.is(end, ";"));
    }
    found
}

/// `@name(arguments)` before a function or a class.
pub struct Decorator {
    /// The token after `@`.
    pub start: usize,
    /// All names: `router.get`.
    pub name: String,
    /// The bracket before the arguments.
    pub open: Option<usize>,
    /// `def` or `class`.
    pub target: usize,
    pub is_class: bool,
}

impl Decorator {
    /// What stands before the last dot, and what behind it.
    pub fn parts(&self) -> (&str, &str) {
        self.name.rsplit_once('.').unwrap_or(("", &self.name))
    }
}

pub fn decorators(code: &Code) -> Vec<Decorator> {
    let mut found = Vec::new();
    let mut waiting: Vec<(usize, String, Option<usize>)> = Vec::new();
    for statement in statements(code) {
        let start = statement.start;
        if code.is(start, "@") {
            let mut at = start + 1;
            while at < statement.end && (code.word(at).is_some() || code.is(at, ".")) {
                at += 1;
            }
            if let Some(name) = code.dotted(start + 1..at) {
                waiting.push((start + 1, name, code.is(at, "(").then_some(at)));
            }
            continue;
        }
        let target = start + usize::from(code.is(start, "async"));
        let is_class = code.is(target, "class");
        if is_class || code.is(target, "def") {
            let known = waiting.drain(..);
            found.extend(known.map(|(start, name, open)| Decorator { start, name, open, target, is_class }));
        }
        waiting.clear();
    }
    found
}

/// `name = value`, `name: Type = value`, `self.name = value`.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// With dots.
    pub name: String,
    pub at: usize,
    /// Tokens of the type, where one is written.
    pub of: Range<usize>,
    /// Empty for a mere declaration.
    pub value: Range<usize>,
}

/// The assignment that a statement is.
pub fn assignment(code: &Code, statement: Range<usize>) -> Option<Assignment> {
    let start = statement.start;
    code.word(start)?;
    let mut at = start + 1;
    while code.is(at, ".") && code.word(at + 1).is_some() {
        at += 2;
    }
    let name = code.dotted(start..at)?;
    let mut of = at..at;
    if code.is(at, ":") {
        if code.is_any(start, &["else", "try", "finally", "lambda"]) {
            return None;
        }
        let mut end = at + 1;
        while end < statement.end && !code.is(end, "=") {
            end = code.after(end);
        }
        of = at + 1..end.min(statement.end);
        at = of.end;
    }
    let value = match code.is(at, "=") && at + 1 < statement.end {
        true => at + 1..statement.end,
        false if of.is_empty() => return None,
        false => statement.end..statement.end,
    };
    Some(Assignment { name, at: start, of, value })
}

/// A call that is all of some tokens: the tokens of what is called, and the bracket before its arguments.
pub fn call(code: &Code, range: Range<usize>) -> Option<(Range<usize>, usize)> {
    let last = range.end.checked_sub(1)?;
    if !code.is(last, ")") {
        return None;
    }
    let open = code.partner(last);
    (open > range.start && open < last).then_some((range.start..open, open))
}

/// A class with its bases, attributes and methods.
pub struct Class<'t> {
    pub name: &'t str,
    /// The token of the name.
    pub at: usize,
    pub bases: Vec<String>,
    pub keywords: Vec<(&'t str, Range<usize>)>,
    pub body: Range<usize>,
    pub attributes: Vec<Assignment>,
    pub methods: Vec<&'t Item>,
}

impl Class<'_> {
    pub fn attribute(&self, name: &str) -> Option<&Assignment> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

/// The classes of a file, in the order of the text.
pub fn classes<'t>(code: &'t Code<'t>) -> Vec<Class<'t>> {
    let items = code.items();
    let mut found: Vec<Class> = Vec::new();
    for item in items.iter().filter(|item| item.kind == ItemKind::Type && code.is(item.start, "class")) {
        let mut bases = Vec::new();
        let mut keywords = Vec::new();
        for part in item.parameters.map_or(Vec::new(), |open| code.arguments(open)) {
            if code.word(part.start).is_some() && code.is(part.start + 1, "=") {
                keywords.push((code.text_of(part.start), part.start + 2..part.end));
                continue;
            }
            // `Base[Type]` is its base; a call or another expression is none that has a name.
            let mut end = part.start;
            while end < part.end && (code.word(end).is_some() || code.is(end, ".")) {
                end += 1;
            }
            bases.extend(code.dotted(part.start..end));
        }
        let name = code.text_of(item.name);
        let body = item.body.clone();
        found.push(Class { name, at: item.name, bases, keywords, body, attributes: Vec::new(), methods: Vec::new() });
    }
    members(code, &mut found);
    found
}

/// Gives each class what stands right in its body.
fn members<'t>(code: &'t Code<'t>, classes: &mut [Class<'t>]) {
    let around = Around::new(code);
    let of_body: rustc_hash::FxHashMap<usize, usize> =
        classes.iter().enumerate().map(|(index, class)| (class.at, index)).collect();
    let class_around = |at: usize| {
        let item = around.innermost(at)?;
        of_body.get(&item.name).copied()
    };
    for item in code.items().iter().filter(|item| item.kind == ItemKind::Function) {
        if let Some(index) = class_around(item.start) {
            classes[index].methods.push(item);
        }
    }
    for statement in statements(code) {
        if let Some(index) = class_around(statement.start)
            && let Some(attribute) = assignment(code, statement)
        {
            classes[index].attributes.push(attribute);
        }
    }
}

/// What each token stands in.
#[derive(Clone)]
pub struct Around<'c> {
    items: &'c [Item],
    /// By token: the innermost item whose body holds it.
    innermost: Rc<[u32]>,
    /// By item: the one around it.
    outer: Rc<[u32]>,
}

const NOTHING: u32 = u32::MAX;

impl<'c> Around<'c> {
    pub fn new(code: &'c Code) -> Self {
        let items = code.items();
        let mut innermost = vec![NOTHING; code.len()];
        let mut outer = vec![NOTHING; items.len()];
        let mut open: Vec<u32> = Vec::new();
        let mut next = 0;
        for (at, slot) in innermost.iter_mut().enumerate() {
            while open.last().is_some_and(|&item| at >= items[item as usize].body.end) {
                open.pop();
            }
            // Heads come in the order of the text, and so do bodies.
            while items.get(next).is_some_and(|item| item.body.start <= at) {
                while open.last().is_some_and(|&item| at >= items[item as usize].body.end) {
                    open.pop();
                }
                outer[next] = open.last().copied().unwrap_or(NOTHING);
                if items[next].body.contains(&at) {
                    open.push(next as u32);
                }
                next += 1;
            }
            *slot = open.last().copied().unwrap_or(NOTHING);
        }
        Around { items, innermost: innermost.into(), outer: outer.into() }
    }

    fn index(&self, at: usize) -> Option<usize> {
        self.innermost.get(at).copied().filter(|&item| item != NOTHING).map(|item| item as usize)
    }

    pub fn innermost(&self, at: usize) -> Option<&'c Item> {
        self.index(at).map(|index| &self.items[index])
    }

    /// The items around a token, innermost first.
    pub fn all(&self, at: usize) -> impl Iterator<Item = &'c Item> + '_ {
        let next = |&index: &usize| Some(self.outer[index]).filter(|&outer| outer != NOTHING).map(|outer| outer as usize);
        std::iter::successors(self.index(at), next).take(16).map(|index| &self.items[index])
    }
}

/// What an expression stands for; what is read from the environment is known as such.
pub fn value(code: &Code, range: Range<usize>) -> Value {
    // `Topic.ORDERS.value` is the text of a member of an enumeration.
    let is_member = range.len() >= 5 && code.is(range.end - 1, "value") && code.dotted(range.clone()).is_some();
    let range = if is_member { range.start..range.end - 2 } else { range };
    if let Some(given) = given(code, range.clone()) {
        return given;
    }
    environment(code, range.clone()).unwrap_or_else(|| code.value(range))
}

/// Parameters of more tokens than these are not looked at.
const MOST_TOKENS: usize = 512;

/// A name that the function around it is given.
fn given(code: &Code, range: Range<usize>) -> Option<Value> {
    let name = code.word(range.start).filter(|_| range.len() == 1)?;
    let function = code.enclosing(range.start, ItemKind::Function)?;
    // Of a function with parameters without end nobody asks for the value of one.
    let few = function.parameters.filter(|&open| code.partner(open) <= open + MOST_TOKENS)?;
    let parameters = code.arguments(few);
    let own = parameters.iter().filter(|part| !code.is_any(part.start, &["self", "cls"]));
    let index = own.take(32).position(|part| code.is(part.start, name))?;
    Some(Value::Parameter { function: code.function_name(function).into(), index: index as u32 })
}

/// `os.environ["NAME"]`, `os.environ.get("NAME", default)`, `os.getenv("NAME", default)`.
fn environment(code: &Code, range: Range<usize>) -> Option<Value> {
    let last = range.end.checked_sub(1).filter(|&last| last > range.start)?;
    let open = code.partner(last);
    if open >= last || open < range.start || code.kind(last) != Some(TokenKind::Close) {
        return None;
    }
    let name = code.dotted(range.start..open)?;
    let is_known = match code.text_of(open) {
        "[" => name == "os.environ" || name == "environ",
        _ => matches!(&*name, "os.environ.get" | "environ.get" | "os.getenv" | "getenv"),
    };
    let arguments = code.arguments(open);
    let variable = code.literal(arguments.first().filter(|_| is_known)?.start)?;
    let default = code.named(&arguments, "default").or_else(|| arguments.get(1).cloned());
    let default = default.map(|range| Box::new(code.value(range)));
    Some(Value::Env { name: variable.as_ref().into(), default })
}

/// A text with its place.
pub fn note(code: &Code, range: Range<usize>, text: &str) -> Text {
    Text::new(text.into(), code.location(range))
}

/// The package and the last name of what a name of the file stands for: `flask` and `Flask` of `flask/app#Flask`. The package is empty
/// for what the file does not import from elsewhere.
pub fn library(code: &Code, name: &str) -> (String, String) {
    let local = name.split('.').next().unwrap_or(name);
    let symbol = code.symbol(name);
    let last = symbol.rsplit(['.', '#']).next().unwrap_or("").to_owned();
    if code.imports().contains_key(&relative_mark(local)) {
        return (String::new(), last);
    }
    let module = symbol.split('#').next().unwrap_or("");
    (module.split('/').next().unwrap_or("").to_owned(), last)
}

/// True when the file imports from one of the packages.
pub fn imports_any(code: &Code, packages: &[&str]) -> bool {
    let imports = code.imports();
    let is_known = |symbol: &str| packages.contains(&symbol.split(['/', '#']).next().unwrap_or(""));
    imports
        .iter()
        .any(|(local, symbol)| is_known(symbol) && !local.starts_with('.') && !imports.contains_key(&relative_mark(local)))
}
