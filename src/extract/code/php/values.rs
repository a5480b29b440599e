//! Values as PHP writes them: variables of the environment, settings of frameworks, and names of the file with what they are given.
//!
//! Variables belong to the function around them, properties to the class: a name is looked for there and nowhere else. What a function or
//! constructor is given stays a parameter, as does what dependency injection fills in.

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use super::chain;
use super::names::{assignment, functions_around, parameter_index, promoted, property, variable};
pub use super::names::{expression_end, given};
use crate::extract::code::pieces::{Holes, Piece, pieces};
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{concat, literal, unknown};
use crate::extract::code::{Code, targets};
use crate::facts::Value;

/// Names that stand for names that stand for names.
const MOST_STEPS: u32 = 8;
/// Expressions that are read for one value.
const MOST_LOOKS: u32 = 200;
/// Parts of a text that is put together.
const MOST_PARTS: usize = 64;
/// Places of a name that are looked at.
const MOST_PLACES: usize = 64;
/// Code in a text that is longer is no name.
const LONGEST_HOLE: usize = 160;

/// What an expression stands for.
pub fn value(code: &Code, range: Range<usize>) -> Value {
    Reading { code, left: Cell::new(MOST_LOOKS) }.value(range, MOST_STEPS)
}

/// What dependency injection gives to a parameter: `#[Autowire('%env(NAME)%')]`, `#[Autowire(env: 'NAME')]`, `#[Config('a.b')]`.
fn injected(code: &Code, parameter: Range<usize>) -> Option<Value> {
    let mark = parameter.clone().find(|&at| code.is(at, "#") && code.is(at + 1, "["))?;
    let note = super::notes::notes(code, mark..code.after(mark + 1))
        .into_iter()
        .find(|note| matches!(note.short(), "Autowire" | "Config" | "Env" | "Value"))?;
    if let Some(Value::Literal(name)) = note.values("env", None).first() {
        return Some(environment(name));
    }
    if let Some(Value::Literal(name)) = note.values("param", None).first() {
        return Some(Value::Property { key: Arc::clone(name), default: None });
    }
    let Value::Literal(text) = note.values("value", Some(0)).first()? else { return None };
    Some(match note.short() {
        "Config" => Value::Property { key: Arc::clone(text), default: None },
        "Env" => environment(text),
        _ => super::parameters::value(text),
    })
}

/// A variable of the environment; of `resolve:NAME` the last part is the name, and of `default:a:NAME` too.
pub fn environment(name: &str) -> Value {
    Value::Env { name: name.rsplit(':').next().unwrap_or(name).into(), default: None }
}

fn with_default(value: Value, other: Value) -> Value {
    let default = match other {
        Value::Literal(text) if text.is_empty() || matches!(&*text, "null" | "false") => None,
        Value::Unknown(_) => None,
        other => Some(Box::new(other)),
    };
    match value {
        Value::Env { name, default: None } => Value::Env { name, default },
        Value::Property { key, default: None } => Value::Property { key, default },
        Value::Unknown(why) => default.map_or(Value::Unknown(why), |default| *default),
        other => other,
    }
}

struct Reading<'c, 't> {
    code: &'c Code<'t>,
    /// How many more expressions may be read.
    left: Cell<u32>,
}

impl Reading<'_, '_> {
    fn value(&self, range: Range<usize>, steps: u32) -> Value {
        let code = self.code;
        let mut range = range;
        loop {
            if code.is(range.start, "(") && code.after(range.start) == range.end {
                range = code.inside(range.start);
            } else if code.is(range.start, "(")
                && code.is(range.start + 2, ")")
                && code.is_any(range.start + 1, &["string", "int"])
            {
                range.start += 3;
            } else if code.is(range.start, "\\") {
                range.start += 1;
            } else {
                break;
            }
        }
        if range.start >= range.end {
            return unknown("nothing");
        }
        let left = self.left.get();
        if left == 0 || steps == 0 {
            return unknown("too far");
        }
        self.left.set(left - 1);
        if let Some(value) = self.choice(range.clone(), steps) {
            return value;
        }
        let parts = code.split(range.clone(), ".");
        if parts.len() > MOST_PARTS {
            return unknown("too long");
        }
        if parts.len() > 1 {
            return concat(parts.into_iter().map(|part| self.value(part, steps)));
        }
        if range.len() == 1 {
            return match code.kind(range.start) {
                Some(TokenKind::Literal) => self.text(range.start, steps),
                Some(TokenKind::Number) => literal(code.text_of(range.start)),
                Some(TokenKind::Word) => self.name(range.start, steps),
                _ => unknown("no value"),
            };
        }
        self.index(range.clone(), steps)
            .or_else(|| self.call(range.clone(), steps))
            .or_else(|| self.member(range.clone(), steps))
            .unwrap_or_else(|| unknown(code.text_in(range).lines().next().unwrap_or("")))
    }

    /// `a ?? b`, `a ?: b`, `a ? a : b`.
    fn choice(&self, range: Range<usize>, steps: u32) -> Option<Value> {
        let code = self.code;
        let mut at = range.start;
        while at < range.end {
            if code.is_any(at, &["??", "?:"]) || code.is(at, "?") && code.is(at + 1, ":") {
                let after = at + 1 + usize::from(code.is(at, "?"));
                return Some(with_default(self.value(range.start..at, steps), self.value(after..range.end, steps)));
            }
            if code.is(at, "?") {
                let mut colon = at + 1;
                while colon < range.end && !code.is(colon, ":") {
                    colon = code.after(colon);
                }
                let chosen = self.value(at + 1..colon, steps);
                // Only a choice between a setting and what stands in its place is known.
                return Some(match chosen {
                    Value::Env { default: None, .. } | Value::Property { default: None, .. } => {
                        with_default(chosen, self.value(colon + 1..range.end, steps))
                    }
                    _ => unknown("one or the other"),
                });
            }
            at = code.after(at);
        }
        None
    }

    /// A literal with the code that it holds.
    fn text(&self, index: usize, steps: u32) -> Value {
        let text = self.code.text_of(index);
        let Some(inner) = text.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) else {
            return self.code.value(index..index + 1);
        };
        let parts = pieces(inner, Holes::Php, false).into_iter().take(MOST_PARTS).map(|piece| match piece {
            Piece::Text(text) => literal(text.as_ref()),
            Piece::Code(hole) => self.hole(index, hole, steps),
        });
        concat(parts)
    }

    /// Code in a text: `$name`, `$this->name`, `$names['key']`.
    fn hole(&self, at: usize, hole: &str, steps: u32) -> Value {
        let hole = hole.trim();
        let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if hole.strip_prefix('$').is_some_and(is_word) {
            return self.variable_value(at, hole, steps);
        }
        if let Some(name) = hole.strip_prefix("$this->").filter(|name| is_word(name)) {
            return self.property_value(at, name, steps);
        }
        if hole.len() > LONGEST_HOLE || steps == 0 {
            return unknown(hole);
        }
        // A variable of the environment or a setting needs nothing of the file.
        let text = format!("<?php {hole};");
        let inner = Code::new(self.code.language, self.code.path, &text);
        let from = (0..inner.len()).find(|&at| inner.word(at).is_some_and(|word| word.starts_with('$'))).unwrap_or(inner.len());
        let end = expression_end(&inner, from);
        match (Reading { code: &inner, left: Cell::new(8) }).value(from..end, 2) {
            found @ (Value::Env { .. } | Value::Property { .. }) => found,
            _ => unknown(hole),
        }
    }

    fn name(&self, at: usize, steps: u32) -> Value {
        let name = self.code.text_of(at);
        match name {
            _ if name.starts_with('$') => self.variable_value(at, name, steps),
            "null" | "true" | "false" => unknown(name),
            _ => Value::Symbol(self.code.symbol(name)),
        }
    }

    fn variable_value(&self, at: usize, name: &str, steps: u32) -> Value {
        let code = self.code;
        if let Some(range) = variable(code, at, name) {
            return self.value(range, steps - 1);
        }
        for function in functions_around(code, at) {
            if let Some(index) = parameter_index(code, function, name) {
                let parameter = code.parameters(function).into_iter().nth(index);
                if let Some(value) = parameter.and_then(|parameter| injected(code, parameter)) {
                    return value;
                }
                return Value::Parameter { function: code.callable_name(function).into(), index: index as u32 };
            }
        }
        unknown(name)
    }

    fn property_value(&self, at: usize, name: &str, steps: u32) -> Value {
        if let Some(range) = property(self.code, at, name) {
            return self.value(range, steps - 1);
        }
        match promoted(self.code, at, name) {
            Some((parameter, value)) => injected(self.code, parameter).unwrap_or(value),
            None => unknown(name),
        }
    }

    /// `$this->name`, `self::NAME`, `Type::NAME`, `Type::class`.
    fn member(&self, range: Range<usize>, steps: u32) -> Option<Value> {
        let code = self.code;
        let Range { start, end } = range;
        if code.reads(start, &["$this", "->"]) && end == start + 3 {
            return Some(self.property_value(start, code.word(start + 2)?, steps));
        }
        let colons = (start..end).find(|&at| code.is(at, "::"))?;
        let member = code.word(colons + 1).filter(|_| colons + 2 == end)?;
        let of = code.word(colons.checked_sub(1).filter(|of| *of >= start)?)?;
        let is_own = matches!(of, "self" | "static");
        if let Some(name) = member.strip_prefix('$') {
            return is_own.then(|| self.property_value(start, name, steps));
        }
        let of_type = if is_own { code.type_around(start)? } else { of };
        if member == "class" {
            return Some(Value::Symbol(code.symbol(of_type)));
        }
        let constants = code.occurrences(member).iter().take(MOST_PLACES).map(|&at| at as usize);
        let found = constants
            .filter(|&at| code.is(at + 1, "=") && code.type_around(at) == Some(of_type))
            .find_map(|at| assignment(code, at, start));
        Some(match found {
            Some(range) => self.value(range, steps - 1),
            None => Value::Symbol(code.symbol(&format!("{of_type}.{member}"))),
        })
    }

    /// `$_ENV['NAME']`, `$settings['a']['b']`.
    fn index(&self, range: Range<usize>, steps: u32) -> Option<Value> {
        let code = self.code;
        let mut keys = Vec::new();
        let mut end = range.end;
        while end > range.start + 1 && code.is(end - 1, "]") {
            let open = code.partner(end - 1);
            if open >= end || open <= range.start {
                return None;
            }
            keys.push(code.literal(open + 1).filter(|_| open + 3 == end)?.into_owned());
            end = open;
        }
        if keys.is_empty() {
            return None;
        }
        keys.reverse();
        if code.is_any(range.start, &["$_ENV", "$_SERVER"]) {
            return Some(environment(&keys[0])).filter(|_| keys.len() == 1);
        }
        if let Some(mut array) = given(code, range.start..end).filter(|array| chain::array_open(code, array.clone()).is_some()) {
            for key in &keys {
                array = chain::entry(code, array, key)?;
            }
            return Some(self.value(array, steps - 1));
        }
        match self.value(range.start..end, steps - 1) {
            Value::Property { key, default: None } => {
                Some(Value::Property { key: format!("{key}.{}", keys.join(".")).into(), default: None })
            }
            _ => None,
        }
    }

    fn call(&self, range: Range<usize>, steps: u32) -> Option<Value> {
        let code = self.code;
        let close = range.end - 1;
        let open = code.partner(close);
        if !code.is(close, ")") || open <= range.start || open >= close {
            return None;
        }
        let arguments = code.arguments(open);
        let name = code.word(open - 1)?;
        let text = |at: usize| arguments.get(at).and_then(|argument| self.plain(argument.clone()));
        let argument = |at: usize| arguments.get(at).map(|argument| self.value(argument.clone(), steps));
        let default = |value: Value| match argument(1) {
            Some(other) => with_default(value, other),
            None => value,
        };
        let has_receiver = range.start + 1 < open && !code.is(range.start, "new") && !code.is(open - 2, "\\");
        if !has_receiver {
            return match name {
                "env" | "getenv" | "env_get" => Some(match name {
                    // The second argument of `getenv` says something else.
                    "getenv" => environment(&text(0)?),
                    _ => default(environment(&text(0)?)),
                }),
                "config" | "setting" => Some(default(Value::Property { key: text(0)?.into(), default: None })),
                "sprintf" | "vsprintf" => self.formatted(&arguments, steps),
                "rtrim" | "trim" if is_slash(text(1)) => argument(0).map(|value| {
                    targets::without_last_slash(if name == "trim" { targets::without_first_slash(value) } else { value })
                }),
                "ltrim" if is_slash(text(1)) => argument(0).map(targets::without_first_slash),
                "rtrim" | "ltrim" | "trim" | "strval" | "strtolower" | "filter_var" | "Uri" | "uri_for" => argument(0),
                "implode" | "join" => {
                    let separator = text(0)?;
                    let parts = code.arguments(chain::array_open(code, arguments.get(1)?.clone())?);
                    let parts = parts.into_iter().take(MOST_PARTS).map(|part| self.value(part, steps));
                    let parts = parts.enumerate().flat_map(|(index, part)| {
                        let between = if index == 0 { literal("") } else { literal(separator.as_str()) };
                        [between, part]
                    });
                    Some(concat(parts.collect::<Vec<_>>()))
                }
                "constant" => Some(Value::Symbol(code.symbol(&text(0)?.replace("::", ".")))),
                _ => None,
            };
        }
        let receiver = range.start..open - 2;
        let of = code.text_in(receiver.clone());
        let key = || text(0).map(|key| default(Value::Property { key: key.into(), default: None }));
        match (of.trim_start_matches('\\'), name) {
            ("Env", "get" | "getOrFail") => Some(default(environment(&text(0)?))),
            ("Config" | "config()", "get" | "string") => key(),
            _ if matches!(name, "getParameter" | "parameter") => key(),
            _ if matches!(name, "get" | "string") => {
                let last = of.rsplit(['>', ':']).next().unwrap_or(of).to_ascii_lowercase();
                let is_settings = ["config", "settings", "setting", "params", "parameterbag", "parameters"]
                    .iter()
                    .any(|word| last.ends_with(word));
                let is_container = text(0).is_some_and(|key| key == "settings" || key == "config");
                if is_settings || is_container { key() } else { None }
            }
            _ => {
                let returned = given(code, range.clone())?;
                Some(self.value(returned, steps - 1))
            }
        }
    }

    /// An argument that is a text.
    fn plain(&self, range: Range<usize>) -> Option<String> {
        match self.value(range, 2) {
            Value::Literal(text) => Some(text.to_string()),
            _ => None,
        }
    }

    /// `sprintf('%s/orders/%d', $base, $id)`.
    fn formatted(&self, arguments: &[Range<usize>], steps: u32) -> Option<Value> {
        let Value::Literal(format) = self.value(arguments.first()?.clone(), steps) else { return None };
        let mut parts = Vec::new();
        let mut rest = &*format;
        let mut next = 1;
        while let Some(at) = rest.find('%').filter(|_| parts.len() < MOST_PARTS) {
            parts.push(literal(&rest[..at]));
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                parts.push(literal("%"));
                rest = after;
                continue;
            }
            let length = rest.find(|c: char| c.is_ascii_alphabetic())?;
            // `%1$s` names its argument.
            let index = rest[..length].strip_suffix('$').or(rest[..length].split_once('$').map(|(index, _)| index));
            let index = index.and_then(|index| index.parse().ok()).unwrap_or(next);
            next += 1;
            parts.push(arguments.get(index).map_or_else(|| unknown("nothing"), |argument| self.value(argument.clone(), steps)));
            rest = &rest[length + 1..];
        }
        parts.push(literal(rest));
        Some(concat(parts))
    }
}

fn is_slash(text: Option<String>) -> bool {
    text.is_some_and(|text| text.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;
    use crate::extract::code::snapshot::show;

    /// The value of what `result(…)` is called with.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let text = format!("<?php\n{text}");
        let code = Code::new(Language::from_name("PHP").expect("in the table"), "a.php", &text);
        let open = (0..code.len()).find(|&at| code.is(at, "result")).expect("there is one") + 1;
        assert_eq!(show(&value(&code, code.inside(open))), expected, "{text}");
    }

    #[test]
    fn variables_of_the_environment_and_settings_are_read() {
        check("result(env('A', 'http://a') . '/b');", "env(A or http://a)+/b");
        check("result(getenv('A') ?: 'http://a');", "env(A or http://a)");
        check("result(\\getenv('A') !== false ? getenv('A') : 'x');", "env(A or x)");
        check("$a = $_ENV['A'] ?? 'x'; result(\"$a/b/{$c['d']}\");", "env(A or x)+/b/+?$c['d']");
        check("result(\"{$_SERVER['A']}/b\");", "env(A)+/b");
        check("result(config('services.a.url') . '/b');", "property(services.a.url)+/b");
        check("$s = $c->get('settings'); result($s['a']['url']);", "property(settings.a.url)");
        check("result($this->config->get('a.url', 'x'));", "property(a.url or x)");
        check("result($cache->get('a.url'));", "?$cache->get('a.url')");
        check("result($_GET['a'] ? 'x' : 'y');", "?one or the other");
    }

    #[test]
    fn texts_are_put_together() {
        check("result(sprintf('%s/a/%d', rtrim(getenv('A'), '/'), $id));", "env(A)+/a/+?$id");
        check("result(sprintf('%2$s/%1$s', 'a', 'b'));", "b/a");
        check("result(implode('/', ['a', $b, 'c']));", "a/+?$b+/c");
        check("result(rtrim('http://a/', '/') . '/' . ltrim('/b', '/'));", "http://a/b");
        check("result(new Uri('http://a'));", "http://a");
        check("result(new Other('http://a'));", "?new Other('http://a')");
        check("$o = ['a' => ['b' => 'c']]; result($o['a']['b']);", "c");
    }

    #[test]
    fn names_belong_to_their_function_and_class() {
        check("function a() { $u = 'x'; } function b() { result($u); }", "?$u");
        check("function a($u) { result($u); }", "parameter(a 0)");
        check("class A { const B = 'x'; function c() { result(self::B . static::D); } }", "x+<#A.D>");
        check("use B\\C;\nresult(C::D . C::class);", "<B/C#C.D>+<B/C#C>");
        check("class A { private $u = 'x'; function c($u) { result($this->u); } }", "x");
        check(
            "class A { function __construct(string $b, private readonly string $u) {} function c($u) { result(\"{$this->u}/x\"); } }",
            "parameter(A 1)+/x",
        );
        check(
            "class A { function __construct($u) { $this->u = rtrim($u, '/'); } function c() { result($this->u); } }",
            "parameter(A 0)",
        );
        check("class A { function u() { return getenv('A'); } function c() { result($this->u() . '/x'); } }", "env(A)+/x");
        check(
            "class A { function __construct(#[Autowire('%env(A)%')] private string $u) {} function c() { result($this->u); } }",
            "env(A)",
        );
        check("$a = $a . 'x'; result($a);", "?$a+x");
    }
}
