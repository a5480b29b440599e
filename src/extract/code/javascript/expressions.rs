//! Expressions of JavaScript as values: settings of the environment, texts put together, members of objects, URLs that helpers build.
//!
//! Tokens come in, a [`Value`] comes out. Names are followed within the file by their scopes; what a function is given stays a parameter,
//! what another file defines stays a symbol.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

use super::scope::{self, Given};
use super::{Known, helpers, known, modules, values};
use crate::extract::code::Code;
use crate::extract::code::calls::Call;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{concat, literal, unknown};
use crate::facts::Value;

/// Names that stand for names that stand for names.
const DEEPEST: u32 = 10;
/// Expressions that are looked at for one value.
const MOST_STEPS: u32 = 300;
/// An object of more tokens is a table, not settings.
const LONGEST_OBJECT: usize = 20_000;
/// Parts of one text.
const MOST_PARTS: usize = 64;

pub struct Expressions<'c, 't> {
    pub code: &'c Code<'t>,
    pub known: Rc<Known>,
    steps: Cell<u32>,
}

impl<'c, 't> Expressions<'c, 't> {
    pub fn new(code: &'c Code<'t>) -> Self {
        Expressions { code, known: known(code), steps: Cell::new(0) }
    }

    /// What an expression stands for.
    pub fn value(&self, range: Range<usize>) -> Value {
        self.steps.set(MOST_STEPS);
        self.within(range, DEEPEST)
    }

    /// The text of an expression, where it has a known one.
    pub fn text(&self, range: Range<usize>) -> Option<String> {
        match self.value(range) {
            Value::Literal(text) => Some(text.to_string()),
            _ => None,
        }
    }

    pub(super) fn within(&self, range: Range<usize>, depth: u32) -> Value {
        let code = self.code;
        let range = self.bare(range);
        let steps = self.steps.get();
        if range.is_empty() || depth == 0 || steps == 0 {
            return unknown(if range.is_empty() { "nothing" } else { "too deep" });
        }
        self.steps.set(steps - 1);
        if let Some(found) = self.alternatives(range.clone(), depth) {
            return found;
        }
        let parts = self.split(range.clone(), &["+"]);
        if parts.len() > MOST_PARTS {
            return unknown("too long");
        }
        if parts.len() > 1 {
            return concat(parts.into_iter().map(|part| self.within(part, depth)));
        }
        if range.len() == 1 {
            match code.kind(range.start) {
                Some(TokenKind::Literal) => {
                    return code.literal(range.start).map_or_else(|| code.value(range), |text| literal(text.as_ref()));
                }
                Some(TokenKind::Number) => return literal(code.text_of(range.start)),
                _ => {}
            }
        }
        if self.opens_template(range.start) && self.after(range.start) == range.end {
            return self.template(range, depth);
        }
        if let Some(names) = self.chain(range.clone()) {
            return self.named(&names, range.start, depth);
        }
        if let Some(found) = self.call(range.clone(), depth) {
            return found;
        }
        // `new URL(…).href`.
        if range.len() > 4 && code.is(range.end - 2, ".") && code.is_any(range.end - 1, &["href", "origin"]) {
            return self.within(range.start..range.end - 2, depth);
        }
        unknown(code.text_in(range).lines().next().unwrap_or(""))
    }

    /// An expression without brackets around it, `await`, and what tells the type only.
    fn bare(&self, mut range: Range<usize>) -> Range<usize> {
        let code = self.code;
        for _ in 0..16 {
            if code.is(range.start, "(") && code.after(range.start) == range.end {
                range = code.inside(range.start);
            } else if code.is_any(range.start, &["await", "return"]) && range.len() > 1 {
                range.start += 1;
            } else if range.len() > 1 && code.is(range.end - 1, "!") {
                range.end -= 1;
            } else if let Some(at) = self.position(range.clone(), &["as", "satisfies"]).filter(|&at| at > range.start) {
                range.end = at;
            } else {
                break;
            }
        }
        range
    }

    /// `a || b`, `a ?? b`, `a ? b : c`.
    fn alternatives(&self, range: Range<usize>, depth: u32) -> Option<Value> {
        let code = self.code;
        if let Some(mark) = self.position(range.clone(), &["?"]).filter(|&at| at > range.start) {
            let colon = self.colon(mark + 1..range.end)?;
            let (condition, yes, no) = (range.start..mark, mark + 1..colon, colon + 1..range.end);
            let text = code.text_in(condition);
            // Of what holds in production and what holds elsewhere, production is what matters.
            let negated = text.contains("!=") || text.trim_start().starts_with('!');
            let (first, second) = if negated { (no, yes) } else { (yes, no) };
            return Some(either(self.within(first, depth - 1), || self.within(second, depth - 1)));
        }
        let mark = self.position(range.clone(), &["||", "??"]).filter(|&at| at > range.start)?;
        Some(either(self.within(range.start..mark, depth - 1), || self.within(mark + 1..range.end, depth - 1)))
    }

    /// The colon of the `?` before the range.
    fn colon(&self, range: Range<usize>) -> Option<usize> {
        let mut open = 0;
        let mut at = range.start;
        while at < range.end {
            match self.code.text_of(at) {
                "?" => open += 1,
                ":" if open == 0 => return Some(at),
                ":" => open -= 1,
                _ => {}
            }
            at = self.after(at);
        }
        None
    }

    /// The first of some tokens that stands in no inner bracket or template.
    fn position(&self, range: Range<usize>, texts: &[&str]) -> Option<usize> {
        let mut at = range.start;
        while at < range.end {
            if self.code.is_any(at, texts) {
                return Some(at);
            }
            at = self.after(at);
        }
        None
    }

    /// The parts of a range between operators; templates are whole.
    fn split(&self, range: Range<usize>, texts: &[&str]) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut from = range.start;
        while let Some(at) = self.position(from..range.end, texts) {
            parts.push(from..at);
            from = at + 1;
        }
        parts.push(from..range.end);
        parts
    }

    fn opens_template(&self, at: usize) -> bool {
        let text = self.code.text_of(at);
        self.code.kind(at) == Some(TokenKind::Literal) && text.starts_with('`') && text.ends_with("${")
    }

    /// The token after this one, after the group that it opens, or after the template that it begins.
    pub(super) fn after(&self, at: usize) -> usize {
        let code = self.code;
        if !self.opens_template(at) {
            return code.after(at);
        }
        let (mut depth, mut next) = (1, at + 1);
        while next < code.len() {
            if code.kind(next) == Some(TokenKind::Literal) {
                let text = code.text_of(next);
                match (text.starts_with('`'), text.starts_with('}'), text.ends_with("${")) {
                    (true, _, true) => depth += 1,
                    (_, true, false) => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    return next + 1;
                }
            }
            next = code.after(next);
        }
        next
    }

    fn template(&self, range: Range<usize>, depth: u32) -> Value {
        let code = self.code;
        let mut parts = Vec::new();
        let mut at = range.start;
        while at < range.end && parts.len() < MOST_PARTS {
            let text = code.text_of(at);
            parts.push(literal(text.trim_start_matches(['`', '}']).trim_end_matches("${").trim_end_matches('`')));
            if !text.ends_with("${") {
                break;
            }
            let from = at + 1;
            let mut end = from;
            while end < range.end && !(code.kind(end) == Some(TokenKind::Literal) && code.text_of(end).starts_with('}')) {
                end = self.after(end);
            }
            parts.push(self.within(from..end, depth - 1));
            at = end;
        }
        concat(parts)
    }

    /// The names of `a.b?.c['d']`; None for anything else.
    pub fn chain(&self, range: Range<usize>) -> Option<Vec<String>> {
        let code = self.code;
        let mut names = vec![code.word(range.start).filter(|_| !range.is_empty())?.to_owned()];
        let mut at = range.start + 1;
        while at < range.end && names.len() < 12 {
            if code.is(at, "!") {
                at += 1;
            } else if code.is_any(at, &[".", "?."]) && code.word(at + 1).is_some() {
                names.push(code.text_of(at + 1).to_owned());
                at += 2;
            } else if code.is(at, "[") && code.partner(at) == at + 2 {
                names.push(self.text_at(at + 1)?);
                at += 3;
            } else if code.is(at, "?.") && code.is(at + 1, "[") {
                at += 1;
            } else {
                return None;
            }
        }
        (at >= range.end).then_some(names)
    }

    fn text_at(&self, at: usize) -> Option<String> {
        self.code.literal(at).map(|text| text.into_owned())
    }

    /// What a dotted name stands for at a place.
    pub(super) fn named(&self, names: &[String], at: usize, depth: u32) -> Value {
        if let Some(found) = environment(names) {
            return found;
        }
        if depth == 0 {
            return unknown(&names.join("."));
        }
        if names[0] == "this" && names.len() > 1 {
            return self.field(&names[1..], at, depth);
        }
        let code = self.code;
        // `options.url = …` in the same scope.
        if names.len() > 1
            && let Some(Given::Expression(range)) =
                self.known.scopes(code).given(code, &self.known.functions, &names.join("."), at)
        {
            return self.within(range, depth - 1);
        }
        match self.known.scopes(code).given(code, &self.known.functions, &names[0], at) {
            Some(given) if !self.is_import(&names[0], &given) => self.given(given, names, at, depth),
            _ => self.symbol(names, at, depth),
        }
    }

    /// `const a = require('b')` is an import.
    fn is_import(&self, name: &str, given: &Given) -> bool {
        let required = match given {
            Given::Expression(range) | Given::Member { of: range, .. } => {
                self.code.is(range.start, "require") || self.code.reads(range.start, &["await", "import", "("])
            }
            _ => false,
        };
        required && self.code.imports().contains_key(name)
    }

    fn given(&self, given: Given, names: &[String], at: usize, depth: u32) -> Value {
        let rest = &names[1..];
        match given {
            Given::Expression(range) => self.member(range, rest, depth).unwrap_or_else(|| unknown(&names.join("."))),
            Given::Member { of, key, default } => {
                let path: Vec<String> = std::iter::once(key).chain(rest.iter().cloned()).collect();
                let found = self.member(of, &path, depth);
                match default.filter(|_| rest.is_empty()) {
                    Some(default) => {
                        let found = found.unwrap_or_else(|| unknown(&names[0]));
                        either(found, || self.within(default, depth - 1))
                    }
                    None => found.unwrap_or_else(|| unknown(&names.join("."))),
                }
            }
            Given::Parameter { function, index } => self.parameter(function, index, rest, at, depth),
            Given::Opaque => unknown(&names.join(".")),
        }
    }

    /// What a function is given: by its name and place where it has one.
    fn parameter(&self, function: usize, index: usize, rest: &[String], _at: usize, depth: u32) -> Value {
        let code = self.code;
        let of = &self.known.functions.all[function];
        let range = of.parameters[index].clone();
        let Some(name) = scope::parameter_name(code, range.clone()) else { return unknown("a part of what is given") };
        let shown = || unknown(code.text_of(name));
        if !rest.is_empty() {
            return shown();
        }
        if let Some(equals) = (name + 1..range.end).find(|&at| code.is(at, "=")) {
            let default = self.within(equals + 1..range.end, depth - 1);
            // A path or nothing is what callers replace; an address is what most leave.
            let is_address = match &default {
                Value::Literal(text) => text.contains("://"),
                Value::Concat(parts) => parts.iter().any(is_told),
                other => is_told(other),
            };
            if is_address {
                return default;
            }
        }
        match self.called(function) {
            Some(function) => Value::Parameter { function: function.into(), index: index as u32 },
            None => shown(),
        }
    }

    /// How others call a function: a constructor by its class, an entry of an object of the file by the object.
    pub fn called(&self, function: usize) -> Option<String> {
        let code = self.code;
        let functions = &self.known.functions;
        let of = &functions.all[function];
        let name = of.name.as_deref()?;
        if let Some(class) = name.strip_suffix(".constructor") {
            return Some(class.to_owned());
        }
        let object = functions.bracket(of.start).filter(|&open| code.is(open, "{") && open > 1 && code.is(open - 1, "="));
        let object =
            object.and_then(|open| functions.assigned_name(code, open)).filter(|of| !name.contains('.') && of != "default");
        Some(object.map_or_else(|| name.to_owned(), |object| format!("{object}.{name}")))
    }

    /// A field of the class around, by what it is given there, or what the constructor takes for it.
    fn field(&self, names: &[String], at: usize, depth: u32) -> Value {
        let code = self.code;
        let functions = &self.known.functions;
        let Some(class) = functions.class(at) else { return unknown(&names.join(".")) };
        if let Some(range) = self.known.scopes(code).field(class, &names[0]).filter(|range| !range.contains(&at)) {
            return self.member(range, &names[1..], depth).unwrap_or_else(|| unknown(&names.join(".")));
        }
        let constructor = format!("{class}.constructor");
        if let Some(function) = self.known.function(&constructor) {
            let of = &functions.all[function];
            let place = of.parameters.iter().position(|range| {
                let name = scope::parameter_name(code, range.clone());
                name.is_some_and(|at| code.is(at, &names[0])) && is_property(code, range.clone())
            });
            if let Some(index) = place {
                return self.parameter(function, index, &names[1..], at, depth);
            }
        }
        if names.len() == 1 { Value::Symbol(format!("#{class}.{}", names[0]).into()) } else { unknown(&names.join(".")) }
    }

    /// A member of an expression; the expression itself for no names.
    fn member(&self, range: Range<usize>, names: &[String], depth: u32) -> Option<Value> {
        let code = self.code;
        if names.is_empty() {
            return Some(self.within(range, depth.checked_sub(1)?));
        }
        let range = self.bare(range);
        if let Some(object) = self.literal_object(range.clone()) {
            let found = values::property(code, object, &names[0])?;
            return self.member(found, &names[1..], depth.checked_sub(1)?);
        }
        if let Some(mut chain) = self.chain(range.clone()) {
            chain.extend(names.iter().cloned());
            return (chain.len() < 16 && depth > 1).then(|| self.named(&chain, range.start, depth - 1));
        }
        // `cleanEnv(process.env, {…}).NAME`, `schema.parse(process.env).NAME`.
        if names.len() == 1 && reads_environment(code, range.clone()) {
            return Some(Value::Env { name: names[0].as_str().into(), default: None });
        }
        // `new URL(…).href`.
        if code.is(range.start, "new") && matches!(names[0].as_str(), "href" | "origin" | "host") {
            return Some(self.within(range, depth.checked_sub(1)?));
        }
        None
    }

    /// The braces of an object, perhaps frozen.
    fn literal_object(&self, range: Range<usize>) -> Option<Range<usize>> {
        let code = self.code;
        if code.is(range.start, "{") {
            let end = code.after(range.start);
            return (end - range.start < LONGEST_OBJECT).then_some(range.start..end);
        }
        let frozen = code.reads(range.start, &["Object", ".", "freeze", "(", "{"]);
        frozen.then(|| range.start + 4..code.after(range.start + 4))
    }

    /// The braces of the object that an expression is, or that the name which it is stands for.
    pub fn object(&self, range: Range<usize>) -> Option<Range<usize>> {
        let mut range = self.bare(range);
        for _ in 0..4 {
            if let Some(object) = self.literal_object(range.clone()) {
                return Some(object);
            }
            range = self.bare(self.expression(range)?);
        }
        None
    }

    /// The expression that a name is given: `name`, `this.name`, or a member of an object of the file.
    pub fn expression(&self, range: Range<usize>) -> Option<Range<usize>> {
        let code = self.code;
        let names = self.chain(range.clone())?;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let scopes = self.known.scopes(code);
        let (mut found, rest) = match names[..] {
            ["this", field, ref rest @ ..] => (scopes.field(self.known.functions.class(range.start)?, field)?, rest),
            [name, ref rest @ ..] => match scopes.given(code, &self.known.functions, name, range.start)? {
                Given::Expression(found) => (found, rest),
                _ => return None,
            },
            [] => return None,
        };
        for name in rest {
            let object = self.literal_object(self.bare(found))?;
            found = values::property(code, object, name)?;
        }
        (found != range).then_some(found)
    }

    /// A name that other files define, or an enumeration or name of this one that nothing is given.
    fn symbol(&self, names: &[String], at: usize, depth: u32) -> Value {
        let code = self.code;
        let dotted = names.join(".");
        if !code.imports().contains_key(names[0].as_str()) {
            if let [of, key] = names
                && let Some(found) = values::enumeration(code, of).and_then(|of| values::property(code, of, key))
            {
                return self.within(found, depth - 1);
            }
            if let [of, key] = names
                && let Some(found) = self.known.scopes(code).field(of, key).filter(|range| !range.contains(&at))
            {
                return self.within(found, depth - 1);
            }
            return Value::Symbol(format!("#{dotted}").into());
        }
        let symbol = modules::symbol(code, &dotted);
        let (module, name) = symbol.split_once('#').unwrap_or(("", &symbol));
        // What a file of settings holds has the key for its name.
        let key = name.strip_prefix("default.").unwrap_or(name);
        if names.len() > 1 && (module.ends_with(".json") || module == "config") {
            return Value::Property { key: key.into(), default: None };
        }
        Value::Symbol(symbol)
    }

    /// What a call gives back, as far as it is a helper for texts, or a function of the file that only returns something.
    fn call(&self, range: Range<usize>, depth: u32) -> Option<Value> {
        let code = self.code;
        let close = range.end.checked_sub(1).filter(|&close| code.is(close, ")"))?;
        let call = code.call_before(code.partner(close))?;
        let constructs = code.is(range.start, "new");
        let is_new = constructs && code.receiver_name(call).is_some();
        if call.start != range.start + usize::from(constructs) || constructs && !is_new {
            // The receiver is no chain of names: `(a || b).c()`, `'%s'.d()`, `` `…`.e() ``.
            let dot = call.name.checked_sub(1).filter(|&dot| code.is_any(dot, &[".", "?."]) && dot > range.start)?;
            return helpers::of_text(self, code.text_of(call.name), range.start..dot, call, depth);
        }
        helpers::value(self, call, is_new, depth).or_else(|| self.returned(call, depth))
    }

    /// What a function of the file without parameters returns.
    fn returned(&self, call: Call, depth: u32) -> Option<Value> {
        let code = self.code;
        let name = code.text_of(call.name);
        let receiver = code.receiver_name(call)?;
        if !code.inside(call.open).is_empty() {
            return None;
        }
        if receiver.is_empty() && code.imports().contains_key(name) {
            return Some(Value::Symbol(format!("{}()", modules::symbol(code, name)).into()));
        }
        let wanted = match (receiver.as_str(), self.known.functions.class(call.start)) {
            ("this", Some(class)) => format!("{class}.{name}"),
            ("", _) => name.to_owned(),
            _ => return None,
        };
        let function = self.known.function(&wanted)?;
        self.result(function, depth)
    }

    /// What a function returns, where it does nothing else.
    pub fn result(&self, function: usize, depth: u32) -> Option<Value> {
        let code = self.code;
        let body = self.known.functions.all[function].body.clone();
        let is_block = body.start.checked_sub(1).is_some_and(|before| code.is(before, "{"));
        let range = match is_block {
            false => body,
            true => {
                let at = body.clone().take(200).find(|&at| code.is(at, "return"))?;
                at + 1..super::functions::expression_end(code, at + 1).min(body.end)
            }
        };
        let found = self.within(range, depth.checked_sub(1)?);
        is_told(&found).then_some(found)
    }

    pub fn depth(&self) -> u32 {
        self.steps.set(MOST_STEPS);
        DEEPEST
    }
}

/// `private readonly a: B` of a constructor makes a field.
fn is_property(code: &Code, range: Range<usize>) -> bool {
    range.take(16).any(|at| code.is_any(at, &["private", "public", "protected", "readonly"]))
}

/// `process.env.A` and its kin.
fn environment(names: &[String]) -> Option<Value> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let name = match names[..] {
        ["process" | "Bun", "env", name]
        | ["import", "meta", "env", name]
        | ["globalThis" | "global", "process", "env", name] => name,
        _ => return None,
    };
    Some(Value::Env { name: name.into(), default: None })
}

/// A call that checks what the environment holds and gives it back.
pub fn reads_environment(code: &Code, range: Range<usize>) -> bool {
    let mut at = range.start;
    let end = range.end.min(range.start + 16);
    while at < end {
        if code.is(at, "(") && (code.reads(at + 1, &["process", ".", "env"]) || code.reads(at + 1, &["import", ".", "meta"])) {
            return true;
        }
        at += 1;
    }
    false
}

/// The first value with the second for its default; the second where the first tells nothing.
pub fn either(first: Value, second: impl FnOnce() -> Value) -> Value {
    let default = |value: Value| match value {
        Value::Unknown(_) => None,
        Value::Literal(text) if text.is_empty() => None,
        known => Some(Box::new(known)),
    };
    match first {
        Value::Env { name, default: None } => Value::Env { name, default: default(second()) },
        Value::Property { key, default: None } => Value::Property { key, default: default(second()) },
        Value::Unknown(_) => second(),
        Value::Literal(text) if text.is_empty() => second(),
        Value::Parameter { .. } => {
            let second = second();
            if is_told(&second) { second } else { first }
        }
        Value::Symbol(symbol) if symbol.starts_with('#') => {
            let second = second();
            if is_told(&second) { second } else { Value::Symbol(symbol) }
        }
        other => other,
    }
}

/// Whether a value tells something by itself.
pub fn is_told(value: &Value) -> bool {
    match value {
        Value::Literal(text) => !text.is_empty(),
        Value::Env { .. } | Value::Property { .. } => true,
        Value::Symbol(symbol) => !symbol.starts_with('#'),
        Value::Concat(parts) => {
            parts.iter().any(|part| matches!(part, Value::Literal(_) | Value::Env { .. } | Value::Property { .. }))
        }
        Value::Parameter { .. } | Value::Unknown(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;
    use crate::extract::code::snapshot::show;

    /// The value of what stands after the last `result = `.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let code = Code::new(Language::from_name("TypeScript").expect("in the table"), "src/a.ts", text);
        let from = (0..code.len()).rev().find(|&at| code.is(at, "result")).map_or(0, |at| at + 2);
        let end = super::super::functions::expression_end(&code, from);
        assert_eq!(show(&Expressions::new(&code).value(from..end)), expected, "{text}");
    }

    #[test]
    fn the_environment_is_read_in_all_its_forms() {
        check("result = `${process.env.A_URL ?? 'http://a'}/b`", "env(A_URL or http://a)+/b");
        check("const { A, B: b = 'http://b' } = process.env;\nresult = A + b", "env(A)+env(B or http://b)");
        check("const env = process.env;\nresult = env.A", "env(A)");
        check("result = import.meta.env.VITE_A + '/x'", "env(VITE_A)+/x");
        check("result = Deno.env.get('A') || 'http://a'", "env(A or http://a)");
        check("const env = cleanEnv(process.env, { A: url() });\nresult = env.A", "env(A)");
        check("const env = schema.parse(process.env);\nresult = env.A", "env(A)");
        check("result = requireEnv('A_URL', 'x')", "env(A_URL or x)");
        check("result = process.env.NODE_ENV === 'production' ? 'http://a' : 'http://localhost'", "http://a");
        check("result = process.env.A ? process.env.A : 'http://a'", "env(A or http://a)");
    }

    #[test]
    fn settings_are_properties_and_constants_of_other_files_symbols() {
        check(
            "import { ConfigService } from '@nestjs/config';\nresult = this.configService.get<string>('a.url', 'x')",
            "property(a.url or x)",
        );
        check("result = this.configService.getOrThrow('A_URL')", "env(A_URL)");
        check("import config from 'config';\nresult = config.get('a.b')", "property(a.b)");
        check("const nconf = require('nconf');\nresult = nconf.get('a:b')", "property(a.b)");
        check("import config from './config';\nresult = config.aUrl + '/x'", "<src/config#default.aUrl>+/x");
        check("import config from './config.json';\nresult = config.aUrl + '/x'", "property(aUrl)+/x");
        check("import * as config from './config';\nresult = `${config.api.a}/x`", "<src/config#api.a>+/x");
        check(
            "import { ConfigService } from './config';\nclass A { constructor(private c: ConfigService) {} b() { result = this.c.config.get('x') } }",
            "property(x)",
        );
        check(
            "import { ConfigService } from './config';\nfunction a(config: ConfigService) { result = config.get('x') }",
            "<src/config#ConfigService.x>",
        );
    }

    #[test]
    fn helpers_put_texts_together() {
        check("result = new URL('/a', process.env.B).toString()", "env(B)+/a");
        check("result = new URL(`/a/${id}`, 'http://b/').href", "http://b/a/+<#id>");
        check("result = util.format('http://%s:%d/x', host, 80)", "http://+<#host>+:80/x");
        check("result = path.posix.join('/a/', 'b')", "/a/b");
        check("result = urlJoin(process.env.A, 'b', id)", "env(A)+/b/+<#id>");
        check("result = process.env.A.replace(/\\/+$/, '') + '/x'", "env(A)+/x");
        check("result = '/a/:id/b'.replace(':id', x.y)", "/a/+<#x.y>+/b");
        check("result = ['http://a', 'b', id].join('/')", "http://a/b/+<#id>");
        check("result = 'http://a'.concat('/b')", "http://a/b");
        check("const base = await discovery.resolve('a-b');\nresult = `${base}/c`", "http://a-b/c");
        check("const url = () => process.env.A || 'http://a';\nresult = url() + '/b'", "env(A or http://a)+/b");
    }

    #[test]
    fn names_belong_to_their_scopes() {
        check("function a() { const url = 'http://a'; }\nfunction b(url) { result = url; }", "parameter(b 0)");
        check("var d = '';\nx.forEach(v => { d = '.' + v; });\nresult = 'http://a' + d", "http://a");
        check("let u;\nfunction a() { u = 'http://a'; }\nfunction b() { result = u; }", "http://a");
        check("xs.map(id => { result = `/a/${id}` })", "/a/+?id");
        check(
            "class A { constructor(private readonly base: string) {} b(p) { result = this.base + p; } }",
            "parameter(A 0)+parameter(A.b 0)",
        );
        check("class A { private url = process.env.A; b() { result = this.url + '/c'; } }", "env(A)+/c");
        check("class A { constructor(o) { this.url = o || 'http://a'; } b() { result = this.url; } }", "http://a");
        check("const c = { a: { b: process.env.A } };\nresult = c.a.b", "env(A)");
        check("const c = { a: 'http://a' };\nconst { a } = c;\nresult = a", "http://a");
        check("function a(base = 'http://a', path = '/') { result = base + path }", "http://a+parameter(a 1)");
        check("const { A = '' } = process.env;\nresult = A", "env(A)");
        check("let u = 'http://a';\nu = u + '/b';\nresult = u", "http://a/b");
        check("a = a; result = a", "<#a>");
    }
}
