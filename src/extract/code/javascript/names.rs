//! Names in expressions of JavaScript: what they are given in the file, members of objects and fields of classes, parameters, imports.

use std::ops::Range;

use super::expressions::{Expressions, either, is_told, reads_environment};
use super::scope::{self, Given};
use super::{modules, values};
use crate::extract::code::Code;
use crate::extract::code::value::unknown;
use crate::facts::Value;

/// An object of more tokens is a table, not settings.
const LONGEST_OBJECT: usize = 20_000;

impl Expressions<'_, '_> {
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
