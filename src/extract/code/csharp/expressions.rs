//! Expressions as C# writes them: settings and their sections, options, texts put together, addresses below others.
//!
//! Tokens come in, a [`Value`] comes out. A section of the configuration and an object that is filled from one are things of their own
//! until a member of them is read. Names are looked for in the function, then in the type around it, so that a parameter is never taken
//! for a variable of another function.

use std::cell::Cell;
use std::ops::Range;

use super::syntax::{self, named, positional};
use super::values::{join, setting_key};
use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{concat, literal, map_literals, unknown};
use crate::facts::Value;

/// Expressions that are looked into for one value.
const MOST_STEPS: u32 = 150;
/// Expressions inside of expressions, and names that stand for names.
const DEEPEST: u32 = 14;
/// Places of a name that are looked at.
const MOST_PLACES: usize = 24;
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

    fn call(&self, range: Range<usize>, receiver: Range<usize>, name: usize, open: usize, made: bool, depth: u32) -> Thing {
        let code = self.code;
        let arguments = code.arguments(open);
        let first = || arguments.first().cloned().map(|range| unnamed(code, range));
        let value = |index: usize| {
            let range = arguments.get(index).cloned().map(|range| unnamed(code, range));
            range.map_or_else(|| unknown("no argument"), |range| self.value(range, depth - 1))
        };
        let method = code.text_of(name);
        if made {
            return match (method, arguments.len()) {
                (
                    "Uri"
                    | "new"
                    | "Url"
                    | "PathString"
                    | "UriBuilder"
                    | "FlurlClient"
                    | "RestClientOptions"
                    | "ElasticsearchClientSettings"
                    | "ConnectionSettings"
                    | "MongoUrl"
                    | "NpgsqlConnectionStringBuilder"
                    | "SqlConnectionStringBuilder",
                    1,
                ) => first().map_or_else(|| unread(code, range), |first| self.thing(first, depth - 1)),
                ("Uri" | "new" | "Url", 2) if arguments[1].clone().any(|at| code.is(at, "UriKind")) => Thing::Text(value(0)),
                ("Uri" | "new", 2) => Thing::Text(join(value(0), value(1))),
                ("UriBuilder", 2 | 3) => {
                    let port = (arguments.len() == 3).then(|| [literal(":"), value(2)]);
                    let host = [value(0), literal("://"), value(1)];
                    Thing::Text(concat(host.into_iter().chain(port.into_iter().flatten())))
                }
                _ => unread(code, range),
            };
        }
        match method {
            "nameof" => {
                let inside = code.inside(open);
                return Thing::Text(code.word(inside.end.saturating_sub(1)).map_or_else(|| unknown("nameof"), literal));
            }
            "GetEnvironmentVariable" => {
                return Thing::Text(match value(0) {
                    Value::Literal(name) => Value::Env { name, default: None },
                    _ => unknown("variable"),
                });
            }
            "GetValue"
            | "GetRequiredValue"
            | "GetSection"
            | "GetRequiredSection"
            | "GetConnectionString"
            | "Get"
            | "GetChildren"
            | "GetRequiredConnectionString"
                if !receiver.is_empty() =>
            {
                if let Thing::Section(section) = self.thing(receiver.clone(), depth - 1) {
                    return self.configured(section, method, &arguments, depth);
                }
            }
            "BindOptions" | "GetOptions" if !receiver.is_empty() => {
                if let (Thing::Section(_), Some(of)) =
                    (self.thing(receiver.clone(), depth - 1), syntax::call_types(code, name).into_iter().next())
                {
                    return Thing::Settings(syntax::type_name(code, of).to_owned());
                }
            }
            "GetRequiredService" | "GetService" | "GetRequiredKeyedService" => {
                let of = syntax::call_types(code, name).into_iter().next();
                return of
                    .map_or_else(|| unread(code, range), |of| self.typed(of).unwrap_or_else(|| Thing::Text(unknown(method))));
            }
            "Format" if code.is_any(receiver.start, &["string", "String"]) => {
                let given: Vec<Value> = (1..arguments.len()).map(value).collect();
                return Thing::Text(format(value(0), &given));
            }
            "Concat" if code.is_any(receiver.start, &["string", "String"]) => {
                return Thing::Text(concat((0..arguments.len()).map(value)));
            }
            "Join" if code.is_any(receiver.start, &["string", "String"]) && arguments.len() > 2 => {
                let between = value(0);
                let parts = (1..arguments.len()).flat_map(|index| [between.clone(), value(index)]);
                return Thing::Text(concat(parts.skip(1)));
            }
            "Combine" if code.is_any(receiver.end.saturating_sub(1), &["Path", "Url", "UriHelper"]) => {
                return Thing::Text((0..arguments.len()).map(value).fold(literal(""), join));
            }
            "AddQueryString" | "ToString" if code.is_any(receiver.end.saturating_sub(1), &["QueryHelpers", "Convert"]) => {
                return Thing::Text(value(0));
            }
            // What only changes the type of an address, or looks it up.
            "FromConnectionString"
            | "FromUrl"
            | "GetHostEntryAsync"
            | "GetHostEntry"
            | "GetHostAddresses"
            | "GetHostAddressesAsync"
                if arguments.len() == 1 =>
            {
                return Thing::Text(value(0));
            }
            "First" | "FirstOrDefault" | "Single" if receiver.clone().any(|at| code.is(at, "AddressList")) => {
                return self.thing(receiver, depth - 1);
            }
            "AppendPathSegment" | "AppendPathSegments" | "Request" if !receiver.is_empty() && !arguments.is_empty() => {
                let base = self.value(receiver, depth - 1);
                return Thing::Text((0..arguments.len()).map(value).fold(base, join));
            }
            "TrimEnd" if !receiver.is_empty() => {
                return Thing::Text(last_changed(self.value(receiver, depth - 1), |text| text.trim_end_matches('/').trim_end()));
            }
            "TrimStart" if !receiver.is_empty() => {
                let value = self.value(receiver, depth - 1);
                return Thing::Text(super::values::map_first(value, |text| text.trim_start().trim_start_matches('/').to_owned()));
            }
            "Trim" | "ToString" | "ToLower" | "ToLowerInvariant" | "GetAwaiter" | "GetResult" | "ConfigureAwait"
                if !receiver.is_empty() =>
            {
                return self.thing(receiver, depth - 1);
            }
            // Methods of the house that only make sure that a setting is there.
            _ if arguments.is_empty() && !receiver.is_empty() => {
                return match self.thing(receiver, depth - 1) {
                    Thing::Text(value @ (Value::Env { .. } | Value::Property { .. })) => Thing::Text(value),
                    _ => unread(code, range),
                };
            }
            _ if is_of_flurl(method) && !receiver.is_empty() => return self.thing(receiver, depth - 1),
            _ => {}
        }
        self.made_by(range, receiver, method, &arguments, depth)
    }

    /// A method of the configuration or of a section.
    fn configured(&self, section: String, method: &str, arguments: &[Range<usize>], depth: u32) -> Thing {
        let code = self.code;
        let Some(key) = syntax::argument(code, arguments, "key", 0).or_else(|| named(code, arguments, "name")) else {
            return if method == "Get" { Thing::Bound(section) } else { Thing::Text(unknown(method)) };
        };
        let default = arguments.get(1).cloned().map(|range| self.value(unnamed(code, range), depth - 1)).filter(is_text);
        match method {
            "GetSection" | "GetRequiredSection" => match self.value(key, depth - 1) {
                Value::Literal(key) => Thing::Section(below(&section, &key)),
                _ => Thing::Text(unknown("section")),
            },
            "GetConnectionString" | "GetRequiredConnectionString" => {
                Thing::Text(self.setting(&below(&section, "ConnectionStrings"), key, None, depth))
            }
            "Get" | "GetChildren" => Thing::Text(unknown("sections")),
            // `GetValue(typeof(string), "key")`.
            _ if code.is(key.start, "typeof") => match arguments.get(1) {
                Some(key) => Thing::Text(self.setting(&section, key.clone(), None, depth)),
                None => Thing::Text(unknown("key")),
            },
            _ => Thing::Text(self.setting(&section, key, default, depth)),
        }
    }

    /// What a function returns: one of this file is read, a static one of another file has a name.
    fn made_by(
        &self,
        range: Range<usize>,
        receiver: Range<usize>,
        method: &str,
        arguments: &[Range<usize>],
        depth: u32,
    ) -> Thing {
        let code = self.code;
        let owner = code.dotted(receiver.clone());
        let is_own = receiver.is_empty() || owner.as_deref() == Some("this");
        let is_static = || owner.as_deref().is_some_and(|owner| owner.starts_with(|first: char| first.is_uppercase()));
        if !is_own && !is_static() {
            return unread(code, range);
        }
        let values: Vec<(Range<usize>, Value)> = arguments
            .iter()
            .take(8)
            .map(|argument| {
                let argument = unnamed(code, argument.clone());
                (argument.clone(), self.value(argument, depth - 1))
            })
            .collect();
        let (reader, around) = match &self.outer {
            Some((outer, at, _)) => (*outer, *at),
            None => (self, range.start),
        };
        if let Some(value) = reader.returned(method, owner.as_deref().filter(|_| !is_own), around, &values, depth) {
            return Thing::Text(value);
        }
        let Some(owner) = owner.filter(|_| !is_own) else { return unread(code, range) };
        // A class that builds URLs is told by its file: what follows the base that it is given.
        let base = values.iter().find(|(range, _)| is_base(code.text_in(range.clone()))).map(|(_, value)| value.clone());
        let symbol = Value::Symbol(reader.code.symbol(&format!("{owner}.{method}")));
        Thing::Text(concat(base.into_iter().chain([symbol])))
    }

    /// The value that a function of this file returns, with what it is given.
    fn returned(
        &self,
        method: &str,
        owner: Option<&str>,
        around: usize,
        given: &[(Range<usize>, Value)],
        depth: u32,
    ) -> Option<Value> {
        let code = self.code;
        let of = owner.map(|owner| owner.rsplit('.').next().unwrap_or(owner)).or_else(|| code.type_around(around));
        let items = code.occurrences(method).iter().take(MOST_PLACES).filter_map(|&at| syntax::item_named(code, at as usize));
        let mut items = items.filter(|item| item.kind == ItemKind::Function && code.type_around(item.name) == of);
        let item = items.next()?;
        if item.body.contains(&around) {
            return None;
        }
        let value = code.grounded(item.body.start, self.value(returned_by(code, item)?, depth - 1));
        let function = code.callable_name(item);
        let put = |part: Value| match part {
            Value::Parameter { function: of, index } if *of == function => {
                given.get(index as usize).map_or_else(|| unknown("not given"), |(_, value)| value.clone())
            }
            other => other,
        };
        Some(match value {
            Value::Concat(parts) => concat(parts.into_iter().map(put)),
            value => put(value),
        })
    }

    /// A name, or names with dots.
    fn name(&self, dotted: &str, at: usize, depth: u32) -> Thing {
        if let Some((outer, at, _)) = &self.outer {
            return outer.name(dotted, *at, depth);
        }
        let own = dotted.strip_prefix("this.").or(dotted.strip_prefix("base.")).unwrap_or(dotted);
        let code = self.code;
        let mut parts = own.split('.');
        let first = parts.next().unwrap_or(own);
        let rest: Vec<&str> = parts.collect();
        let last = rest.last().copied().unwrap_or(first);
        // `builder.Configuration`, whatever the builder is.
        if !rest.is_empty() && is_configuration(last) {
            return Thing::Section(String::new());
        }
        if let Some(thing) = self.single(first, at, depth) {
            return rest.iter().fold(thing, |thing, member| self.member(thing, member));
        }
        if let Some(of) = own.rsplit_once('.').map(|(of, _)| of).filter(|_| first.starts_with(|first: char| first.is_uppercase()))
            && let Some(range) = code.assigned_member(of, last)
        {
            return self.thing(range, depth - 1);
        }
        Thing::Text(Value::Symbol(code.symbol(own)))
    }

    /// A name without dots: what it is assigned, or what its type tells.
    fn single(&self, name: &str, at: usize, depth: u32) -> Option<Thing> {
        if depth == 0 || self.left.get() == 0 {
            return None;
        }
        if let Some(thing) = self.assigned(name, at, depth) {
            return Some(thing);
        }
        let code = self.code;
        let typed = code.occurrences(name).iter().take(MOST_PLACES).find_map(|&at| {
            let end = at as usize;
            let start = syntax::type_before(code, end)?;
            self.typed(start..end)
        });
        typed.or_else(|| is_configuration(name).then(|| Thing::Section(String::new())))
    }

    /// What a type alone tells of its values.
    fn typed(&self, range: Range<usize>) -> Option<Thing> {
        let code = self.code;
        let mut at = range.start;
        while code.is_any(at + 1, &[".", "::"]) && at + 2 < range.end {
            at += 2;
        }
        let name = code.word(at)?;
        match name {
            "IConfiguration" | "IConfigurationRoot" | "ConfigurationManager" | "IConfigurationManager" => {
                Some(Thing::Section(String::new()))
            }
            "IOptions" | "IOptionsSnapshot" | "IOptionsMonitor" if code.is(at + 1, "<") => {
                let end = syntax::type_arguments_end(code, at + 1).saturating_sub(1);
                Some(Thing::Options(syntax::type_name(code, at + 2..end).to_owned()))
            }
            _ if holds_settings(name) && name.starts_with(|first: char| first.is_uppercase()) => {
                let bare = name.strip_prefix('I').filter(|bare| bare.starts_with(|first: char| first.is_uppercase()));
                Some(Thing::Settings(bare.unwrap_or(name).to_owned()))
            }
            _ => None,
        }
    }

    /// What a name is assigned in the function around a place, or in the type around it. None for a parameter.
    fn assigned(&self, name: &str, at: usize, depth: u32) -> Option<Thing> {
        let code = self.code;
        let functions = code.enclosing_all(at).filter(|item| item.kind == ItemKind::Function).take(6);
        for function in functions {
            let before = code.occurrences_in(function.body.start..at, name);
            let mut found = before.iter().rev().take(MOST_PLACES).filter_map(|&place| self.assignment(place as usize, at));
            if let Some(last) = found.next() {
                let value = self.thing(last, depth - 1);
                // `if (string.IsNullOrEmpty(x)) x = "…"` after the variable was read.
                if let (Thing::Text(Value::Literal(_)), Some(earlier)) = (&value, found.next()) {
                    let first = self.thing(earlier, depth - 1);
                    return Some(match (first, value) {
                        (Thing::Text(Value::Env { name, default: None }), Thing::Text(value)) => {
                            Thing::Text(Value::Env { name, default: Some(Box::new(value)) })
                        }
                        (Thing::Text(Value::Property { key, default: None }), Thing::Text(value)) => {
                            Thing::Text(Value::Property { key, default: Some(Box::new(value)) })
                        }
                        (_, value) => value,
                    });
                }
                return Some(value);
            }
            let is_given =
                |item: &Item| code.parameters(item).into_iter().any(|part| syntax::parameter_name(code, part) == Some(name));
            if is_given(function) && !syntax::is_constructor(code, function) {
                return None;
            }
        }
        let types: Vec<&Item> = code.enclosing_all(at).filter(|item| item.kind == ItemKind::Type).take(6).collect();
        let mut found = types.iter().find_map(|of| self.field(name, of, at));
        if found.is_none() && types.is_empty() {
            let all = code.occurrences(name);
            let (before, after) = all.split_at(all.partition_point(|&place| (place as usize) < at));
            let top = |&place: &u32| {
                let place = place as usize;
                code.enclosing_all(place).next().is_none().then(|| self.assignment(place, at))?
            };
            found = before.iter().rev().take(MOST_PLACES).find_map(top).or_else(|| after.iter().take(MOST_PLACES).find_map(top));
        }
        // An attribute of a type names its constants.
        let is_constant = types.is_empty() && name.starts_with(|first: char| first.is_uppercase());
        let range = match found {
            Some(range) => range,
            None if is_constant => code.assigned(name, at)?,
            None => return None,
        };
        Some(self.thing(range, depth - 1))
    }

    /// What a field or property of a type is assigned: in a constructor, or where it is declared.
    fn field(&self, name: &str, of: &Item, at: usize) -> Option<Range<usize>> {
        let code = self.code;
        let mut declared = None;
        let places = code.occurrences_in(of.body.clone(), name).iter().take(MOST_PLACES).map(|&place| place as usize);
        for place in places {
            let around = code.enclosing(place, ItemKind::Function).filter(|function| of.body.contains(&function.name));
            match around {
                Some(function) if syntax::is_constructor(code, function) => {
                    // A parameter of the same name is not the field: `this.a = a`.
                    if let Some(range) = self.assignment(place, at) {
                        return Some(range);
                    }
                }
                Some(_) => {}
                None => {
                    if declared.is_none() {
                        declared = self.assignment(place, at).or_else(|| computed(code, place));
                    }
                }
            }
        }
        declared.filter(|range| !range.contains(&at))
    }

    /// The tokens assigned where a name stands; members of an object that is made are others' names.
    fn assignment(&self, place: usize, user: usize) -> Option<Range<usize>> {
        let code = self.code;
        let range = code.assignment(place).filter(|range| !range.contains(&user))?;
        let before = place.checked_sub(1);
        if before.is_some_and(|before| code.is(before, ".") && !code.is(before.wrapping_sub(1), "this")) {
            return None;
        }
        let in_list = before.is_some_and(|before| code.is_any(before, &["{", ","]));
        (!in_list || code.is(range.end, ";")).then_some(range)
    }
}

/// `Name => …;`, `Name { get => …; }`, `Name { get; } = …;`.
fn computed(code: &Code, name: usize) -> Option<Range<usize>> {
    let mut arrow = name + 1;
    if code.is(arrow, "{") {
        let inside = code.inside(arrow);
        let after = code.after(arrow);
        arrow = match code.is(after, "=") {
            true => after,
            false => inside.clone().find(|&at| code.is(at, "get") && code.is(at + 1, "=>"))? + 1,
        };
    }
    if !code.is_any(arrow, &["=>", "="])
        || name.checked_sub(1).is_none_or(|before| code.word(before).is_none() && !code.is(before, ">"))
    {
        return None;
    }
    let mut end = arrow + 1;
    while end < code.len() && !code.is(end, ";") && code.kind(end) != Some(TokenKind::Close) {
        end = code.after(end);
    }
    Some(arrow + 1..end)
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

/// What only says how a request is sent, in chains of Flurl.
fn is_of_flurl(method: &str) -> bool {
    method.starts_with("SetQueryParam")
        || method.starts_with("With")
            && ["Header", "Timeout", "OAuth", "Basic", "Cookie", "Settings", "Client", "Auto"]
                .iter()
                .any(|word| method.contains(word))
        || matches!(method, "AllowHttpStatus" | "AllowAnyHttpStatus" | "ConfigureRequest" | "RemoveQuery" | "SetFragment")
}

/// A text with `{0}`, `{1:x}` and the values that are put in.
fn format(template: Value, given: &[Value]) -> Value {
    let parts = match template {
        Value::Concat(parts) => parts,
        other => vec![other],
    };
    let mut found = Vec::new();
    for part in parts {
        let Value::Literal(text) = part else {
            found.push(part);
            continue;
        };
        let mut rest = &*text;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
            let digits = rest[open + 1..close].split([':', ',']).next().unwrap_or("");
            found.push(literal(&rest[..open]));
            match digits.parse::<usize>() {
                Ok(index) => found.push(given.get(index).cloned().unwrap_or_else(|| unknown("not given"))),
                Err(_) => found.push(literal(&rest[open..=close])),
            }
            rest = &rest[close + 1..];
        }
        found.push(literal(rest));
    }
    concat(found)
}

fn last_changed(value: Value, change: impl Fn(&str) -> &str) -> Value {
    match value {
        Value::Concat(mut parts) => {
            if let Some(last) = parts.pop() {
                parts.push(map_literals(last, &|text| change(text).to_owned()));
            }
            concat(parts)
        }
        value => map_literals(value, &|text| change(text).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;
    use crate::extract::code::snapshot::show;

    /// What stands after the last `result = `.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let code = Code::new(Language::from_name("C#").expect("in the table"), "a.cs", text);
        let from = (0..code.len()).rev().find(|&at| code.is(at, "result")).expect("there is one") + 2;
        let end = (from..code.len()).find(|&at| code.is(at, ";")).unwrap_or(code.len());
        assert_eq!(show(&given(&code, from..end)), expected, "{text}");
    }

    #[test]
    fn settings_have_the_key_of_their_sections() {
        check("result = configuration[\"A:B\"]", "property(A.B)");
        check("result = builder.Configuration.GetValue<string>(\"A\", \"x\")", "property(A or x)");
        check("result = config.GetSection(\"A\").GetSection(\"B\")[\"C\"] ?? \"d\"", "property(A.B.C or d)");
        check("var s = host.Configuration.GetSection(\"A\");\nresult = s[\"B\"]", "property(A.B)");
        check("result = config.GetSection(\"A:B\").Value", "property(A.B)");
        check("result = config.GetConnectionString(\"Orders\")", "property(ConnectionStrings.Orders)");
        check("class A { IConfiguration values; void B() { result = values[nameof(C.D)]; } }", "property(D)");
        check("result = config.GetSection(\"Urls\").Get<Urls>().Orders", "property(Urls.Orders)");
        check("result = config[key]", "?key");
        check("result = words[\"A\"]", "?words[\"A\"]");
        check("result = Environment.GetEnvironmentVariable(\"A\") ?? throw new X()", "env(A)");
        check(
            "class A { void B() { var a = Environment.GetEnvironmentVariable(\"A\"); if (a == null) { a = \"x\"; } result = a; } }",
            "env(A or x)",
        );
        check("var a = config[\"A\"]; result = string.IsNullOrEmpty(a) ? \"x\" : a", "property(A or x)");
    }

    #[test]
    fn members_of_options_are_symbols_of_their_type() {
        check("class A { IOptions<Urls> options; void B() { result = options.Value.Orders; } }", "<#Urls.Orders>");
        check(
            "class A { readonly Urls _urls; A(IOptionsMonitor<Urls> o) { _urls = o.CurrentValue; } void B() { result = $\"{_urls.Orders}/x\"; } }",
            "<#Urls.Orders>+/x",
        );
        check("class A(IMailSettings mail) { void B() { result = mail.Host; } }", "<#MailSettings.Host>");
        check("class A(Order order) { void B() { result = order.Host; } }", "<#order.Host>");
    }

    #[test]
    fn texts_are_put_together() {
        check("result = string.Format(\"{0}/x/{1:D}?\", config[\"A\"], id)", "property(A)+/x/+<#id>+?");
        check("result = new Uri(new Uri(\"http://a\"), \"b\").ToString()", "http://a/b");
        check("result = $\"{config[\"A:B\"]!.TrimEnd('/')}/x\"", "property(A.B)+/x");
        check("result = Url.Combine(\"http://a/\", \"/b\", c)", "http://a/b/+<#c>");
        check("result = \"http://a\".AppendPathSegments(\"b\", \"c\").SetQueryParam(\"d\", 1)", "http://a/b/c");
        check("result = (string)(\"a\" + await B(c))", "a+?B(c)");
        check("result = $\"{new { }}\"", "?new { }");
    }

    #[test]
    fn names_are_those_of_the_function_and_its_type() {
        let text = "class A { string url = \"http://field\"; void B() { var url = \"http://other\"; } void C(string path) { result = url + path; } }";
        check(text, "http://field+parameter(A.C 0)");
        check("class A { void B() { var url = \"http://b\"; } void C(string url) { result = url; } }", "parameter(A.C 0)");
        check("class A { string u; A(string v) { u = $\"{v}/a\"; } void B() { result = u + \"/b\"; } }", "parameter(A 0)+/a/b");
        check("class A { string U => \"http://u\"; string V { get; } = \"/v\"; void B() { result = U + V; } }", "http://u/v");
        check("class A { void B() { x = new C { Url = \"no\" }; } void D() { result = Url; } }", "<#Url>");
    }

    #[test]
    fn functions_that_build_addresses_are_read() {
        check(
            "class A { string B(string c, int d) => $\"{c}/x/{d}\"; void E() { result = B(config[\"A\"], id); } }",
            "property(A)+/x/+<#id>",
        );
        check("class A { void E() { result = Api.Orders.One(_baseUrl, id); } }", "<#_baseUrl>+<Api#Api.Orders.One>");
    }
}
