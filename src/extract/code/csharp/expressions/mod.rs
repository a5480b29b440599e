//! Expressions as C# writes them: settings and their sections, options, texts put together, addresses below others.
//!
//! Tokens come in, a [`Value`] comes out. A section of the configuration and an object that is filled from one are things of their own
//! until a member of them is read. Names are looked for in the function, then in the type around it, so that a parameter is never taken
//! for a variable of another function.

mod calls;
mod names;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::ops::Range;

use super::syntax::positional;
use super::values::setting_key;
use crate::extract::code::Code;
use crate::extract::code::structure::Item;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{concat, literal, unknown};
use crate::facts::Value;

/// Expressions that are looked into for one value.
const MOST_STEPS: u32 = 150;
/// Expressions inside of expressions, and names that stand for names.
const DEEPEST: u32 = 14;
/// An expression of more tokens is no address.
const LONGEST: usize = 600;

/// What an expression stands for.
#[derive(Clone, Debug)]
enum Thing {
    Text(Value),
    /// The configuration, or the section of it by this key; the empty key is the whole.
    Section(String),
    /// An object that is filled from the section by this key, or a member of one.
    Bound(String),
    /// `IOptions<T>`.
    Options(String),
    /// An object whose members are settings: the type, and members with dots.
    Settings(String),
}

/// What an expression stands for; names of parameters stay symbols.
pub fn text(code: &Code, range: Range<usize>) -> Value {
    Reader { code, outer: None, left: Cell::new(MOST_STEPS) }.read(range)
}

/// What an expression at this place stands for; names that functions are given are parameters.
pub fn given(code: &Code, range: Range<usize>) -> Value {
    let at = range.start;
    code.grounded(at, text(code, range))
}

/// The key of the section of the configuration that an expression is; None where it is none, and for the whole configuration.
pub fn section(code: &Code, range: Range<usize>) -> Option<String> {
    match (Reader { code, outer: None, left: Cell::new(MOST_STEPS) }).thing(range, DEEPEST) {
        Thing::Section(key) if !key.is_empty() => Some(key),
        _ => None,
    }
}

/// True for a type of objects that are filled from settings, by its name.
pub fn holds_settings(name: &str) -> bool {
    const ENDS: [&str; 12] = [
        "Settings",
        "Options",
        "Config",
        "Configuration",
        "Urls",
        "Setting",
        "Endpoints",
        "Addresses",
        "Variables",
        "Environment",
        "Configurations",
        "Parameters",
    ];
    ENDS.iter().any(|end| name.ends_with(end)) && !matches!(name, "IConfiguration" | "JsonSerializerOptions" | "DbContextOptions")
}

struct Reader<'a> {
    code: &'a Code<'a>,
    /// Of code inside of a literal: who reads the code around it, and the literal's place there.
    outer: Option<(&'a Reader<'a>, usize, u32)>,
    left: Cell<u32>,
}

impl Reader<'_> {
    fn read(&self, range: Range<usize>) -> Value {
        self.value(range, DEEPEST)
    }

    fn value(&self, range: Range<usize>, depth: u32) -> Value {
        let shown = range.clone();
        match self.thing(range, depth) {
            Thing::Text(value) => value,
            Thing::Settings(name) => Value::Symbol(format!("#{name}").into()),
            Thing::Bound(key) if !key.is_empty() => property(&key, None),
            Thing::Section(_) | Thing::Options(_) | Thing::Bound(_) => {
                unknown(self.code.text_in(shown).lines().next().unwrap_or(""))
            }
        }
    }

    fn thing(&self, range: Range<usize>, depth: u32) -> Thing {
        let code = self.code;
        let range = self.trimmed(range);
        let left = self.left.get();
        if range.is_empty() || depth == 0 || left == 0 || range.len() > LONGEST {
            return Thing::Text(unknown(code.text_in(range.start..range.end.min(range.start + 8)).lines().next().unwrap_or("")));
        }
        self.left.set(left - 1);
        let top = |word: &str| {
            let mut at = range.start;
            while at < range.end && !code.is(at, word) {
                at = code.after(at);
            }
            (at < range.end).then_some(at)
        };
        if let Some(joint) = top("??") {
            return self.with_default(range.start..joint, joint + 1..range.end, depth);
        }
        if let Some(mark) = top("?")
            && let Some(colon) = (mark + 1..range.end).find(|&at| code.is(at, ":"))
        {
            return Thing::Text(self.either(mark + 1..colon, colon + 1..range.end, depth));
        }
        let parts = code.split(range.clone(), "+");
        if parts.len() > 1 {
            return Thing::Text(concat(parts.into_iter().map(|part| self.value(part, depth - 1))));
        }
        if range.len() == 1 {
            return match code.kind(range.start) {
                Some(TokenKind::Literal) => Thing::Text(self.literal(range.start, depth)),
                Some(TokenKind::Number) => Thing::Text(literal(code.text_of(range.start))),
                Some(TokenKind::Word) => self.name(code.text_of(range.start), range.start, depth),
                _ => Thing::Text(unknown("no value")),
            };
        }
        self.chain(range, depth)
    }

    /// The range without what only says how it is handed over: brackets, `await`, a cast, `!`, `as string`.
    fn trimmed(&self, mut range: Range<usize>) -> Range<usize> {
        let code = self.code;
        loop {
            let start = range.start;
            if range.is_empty() {
                return range;
            }
            let is_group = code.is(start, "(") && code.partner(start) < range.end;
            if is_group && code.partner(start) + 1 == range.end {
                range = start + 1..range.end - 1;
            } else if is_group
                && code.inside(start).len() <= 2
                && code.word(start + 1).is_some()
                && (code.word(code.partner(start) + 1).is_some()
                    || code.is(code.partner(start) + 1, "(")
                    || code.kind(code.partner(start) + 1) == Some(TokenKind::Literal))
            {
                range.start = code.partner(start) + 1;
            } else if code.is_any(start, &["await", "ref", "in", "@"]) {
                range.start += 1;
            } else if range.len() > 1 && code.is(range.end - 1, "!") {
                range.end -= 1;
            } else if range.len() > 2 && code.is(range.end - 2, "as") {
                range.end -= 2;
            } else {
                return range;
            }
        }
    }

    /// `x ?? y`.
    fn with_default(&self, first: Range<usize>, second: Range<usize>, depth: u32) -> Thing {
        let first = self.thing(first, depth - 1);
        if self.code.is(second.start, "throw") {
            return first;
        }
        let other = || Some(Box::new(self.value(second.clone(), depth - 1))).filter(|value| is_text(value));
        match first {
            Thing::Text(Value::Env { name, default: None }) => Thing::Text(Value::Env { name, default: other() }),
            Thing::Text(Value::Property { key, default: None }) => Thing::Text(Value::Property { key, default: other() }),
            Thing::Text(Value::Unknown(_)) => Thing::Text(unknown("??")),
            first => first,
        }
    }

    /// `a ? b : c`: a setting where one of both is one, with the other as default.
    fn either(&self, first: Range<usize>, second: Range<usize>, depth: u32) -> Value {
        let (first, second) = (self.value(first, depth - 1), self.value(second, depth - 1));
        let is_literal = |value: &Value| matches!(value, Value::Literal(_));
        match (first, second) {
            (a, b) if a == b => a,
            (Value::Env { name, default: None }, other) | (other, Value::Env { name, default: None }) if is_literal(&other) => {
                Value::Env { name, default: Some(Box::new(other)) }
            }
            (Value::Property { key, default: None }, other) | (other, Value::Property { key, default: None })
                if is_literal(&other) =>
            {
                Value::Property { key, default: Some(Box::new(other)) }
            }
            _ => unknown("one of two"),
        }
    }

    fn literal(&self, index: usize, depth: u32) -> Value {
        let hole = |text: &str| {
            // What lies deeper is no address.
            if self.outer.as_ref().is_some_and(|outer| outer.2 > 1) || text.len() > 400 {
                return unknown(text);
            }
            let inner = Code::new(self.code.language, self.code.path, text);
            let level = self.outer.as_ref().map_or(0, |outer| outer.2) + 1;
            let reader = Reader { code: &inner, outer: Some((self, index, level)), left: Cell::new(self.left.get() / 2) };
            reader.value(0..inner.len(), depth - 1)
        };
        self.code.literal_with(index, &hole).unwrap_or_else(|| unknown("no text"))
    }

    /// Members, calls and indices one after another.
    fn chain(&self, range: Range<usize>, depth: u32) -> Thing {
        let code = self.code;
        let last = range.end - 1;
        if code.is(last, "]") {
            let open = code.partner(last);
            if open <= range.start || open >= last {
                return unread(code, range);
            }
            // `configuration?["a"]`.
            let end = if code.is(open - 1, "?") { open - 1 } else { open };
            return match self.thing(range.start..end, depth - 1) {
                Thing::Section(section) => Thing::Text(self.setting(&section, open + 1..last, None, depth)),
                _ => unread(code, range),
            };
        }
        if code.is(last, ")") {
            let open = code.partner(last);
            let Some(call) = (open < last).then(|| code.call_before(open)).flatten() else { return unread(code, range) };
            let is_new = code.is(range.start, "new");
            if call.start != range.start + usize::from(is_new && call.name != range.start) {
                return unread(code, range);
            }
            let receiver =
                if is_new && call.start == call.name { range.start..range.start } else { range.start..call.name.max(1) - 1 };
            let made = is_new && (call.name == range.start || call.start == call.name);
            return self.call(range, receiver, call.name, open, made, depth);
        }
        if code.word(last).is_none() || last < range.start + 2 || !code.is_any(last - 1, &[".", "?.", "::"]) {
            return unread(code, range);
        }
        if let Some(dotted) = code.dotted(range.clone()) {
            return self.name(&dotted, range.start, depth);
        }
        let end = if code.is(last - 2, "!") { last - 2 } else { last - 1 };
        self.member(self.thing(range.start..end, depth - 1), code.text_of(last))
    }

    fn member(&self, of: Thing, member: &str) -> Thing {
        match of {
            Thing::Section(section) if member == "Value" => Thing::Text(property(&section, None)),
            Thing::Section(_) => Thing::Text(unknown(member)),
            Thing::Bound(section) => Thing::Bound(below(&section, member)),
            Thing::Options(name) if matches!(member, "Value" | "CurrentValue") => Thing::Settings(name),
            Thing::Options(_) => Thing::Text(unknown(member)),
            Thing::Settings(name) => Thing::Settings(format!("{name}.{member}")),
            Thing::Text(value)
                if matches!(member, "AbsoluteUri" | "OriginalString" | "Uri" | "Value" | "Result" | "AddressList") =>
            {
                Thing::Text(value)
            }
            // `settings.Urls.Orders` of what is not known.
            Thing::Text(Value::Symbol(name)) if name.len() < 200 => Thing::Text(Value::Symbol(format!("{name}.{member}").into())),
            Thing::Text(_) => Thing::Text(unknown(member)),
        }
    }

    /// The setting by the key that stands in a range.
    fn setting(&self, section: &str, key: Range<usize>, default: Option<Value>, depth: u32) -> Value {
        match self.value(key, depth - 1) {
            Value::Literal(key) => property(&below(section, &key), default),
            _ => unknown("key"),
        }
    }
}

/// The expression that a function returns, where it is one.
pub fn returned_by(code: &Code, item: &Item) -> Option<Range<usize>> {
    let body = item.body.clone();
    if body.is_empty() {
        return None;
    }
    if code.is(body.start - 1, "=>") {
        return Some(body.start..body.end - usize::from(code.is(body.end - 1, ";")));
    }
    let [only] = code.occurrences_in(body.clone(), "return") else { return None };
    let from = *only as usize + 1;
    let mut end = from;
    while end < body.end && !code.is(end, ";") {
        end = code.after(end);
    }
    Some(from..end)
}

/// The value of an argument that may have a name.
fn unnamed(code: &Code, range: Range<usize>) -> Range<usize> {
    let list = [range.clone()];
    let has_name = code.is(range.start + 1, ":") && positional(code, &list).next().is_none();
    if has_name { range.start + 2..range.end } else { range }
}

fn unread(code: &Code, range: Range<usize>) -> Thing {
    Thing::Text(unknown(code.text_in(range).lines().next().unwrap_or("")))
}

/// True for a name of the configuration.
fn is_configuration(name: &str) -> bool {
    let lower = name.trim_start_matches('_').to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "config" | "configuration" | "configurationroot" | "configurationmanager" | "appconfiguration" | "appconfig"
    )
}

fn below(section: &str, key: &str) -> String {
    if section.is_empty() { key.to_owned() } else { format!("{section}:{key}") }
}

fn property(key: &str, default: Option<Value>) -> Value {
    Value::Property { key: setting_key(key), default: default.map(Box::new) }
}

/// True for what a default may be.
fn is_text(value: &Value) -> bool {
    match value {
        Value::Unknown(_) => false,
        Value::Concat(parts) => parts.iter().any(|part| !matches!(part, Value::Unknown(_))),
        _ => true,
    }
}

/// True for a name of what others lie below.
pub fn is_base(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["url", "uri", "base", "host", "address", "server", "endpoint"].iter().any(|word| lower.contains(word))
}
