//! Texts of Go: what an expression reads as, by the names of its file.
//!
//! Tokens come in, a [`Value`] comes out. Beyond literals and names it knows functions of the standard library that put texts together,
//! variables of the environment, settings and flags, functions of the file, and what fields of its types are given. A connection, client or
//! topic that is made of an address or name reads as that. Assignments are looked up in a table that is made once, so that a long file is
//! read in linear time.

mod environment;
mod fields;
mod functions;
mod names;
mod results;
mod types;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::Code;
use super::super::tokens::TokenKind;
use super::super::value::{concat, literal, unknown};
use super::source::Source;
use crate::facts::Value;
pub use environment::is_reader;
use fields::Fields;
use names::{Given, Names, What};

/// Names that stand for names, and calls in calls.
const MOST_STEPS: u32 = 12;
const MOST_PARTS: usize = 32;
/// Expressions that are looked at for one value.
const MOST_LOOKS: u32 = 600;
/// Places before one where a name is looked for.
const MOST_PLACES: usize = 64;
/// Places of a name that are read where none of them counts alone.
const MOST_READ: usize = 4;
/// Parameters of one function that are known.
const MOST_PARAMETERS: usize = 32;

pub struct Values<'c, 't> {
    pub code: &'c Code<'t>,
    pub source: Source<'c, 't>,
    names: Names<'t>,
    fields: OnceCell<Fields<'t>>,
    /// Parameters read as such, and functions of the file as what they return.
    follows: bool,
    looks: Cell<u32>,
    /// Texts and variables of the environment that were read while `notes` is true, by their places.
    noted: RefCell<BTreeSet<usize>>,
    notes: Cell<bool>,
    /// What functions return, by their places.
    results: RefCell<FxHashMap<usize, Option<Value>>>,
    readers: RefCell<FxHashMap<usize, Option<environment::Reader>>>,
}

impl<'c, 't> Values<'c, 't> {
    /// Values in which parameters are names.
    pub fn new(code: &'c Code<'t>) -> Self {
        let source = Source::new(code);
        let names = Names::read(&source);
        Values {
            code,
            source,
            names,
            fields: OnceCell::new(),
            follows: false,
            looks: Cell::new(0),
            noted: RefCell::default(),
            notes: Cell::new(false),
            results: RefCell::default(),
            readers: RefCell::default(),
        }
    }

    /// Values in which parameters are [`Value::Parameter`], and calls of functions of the file what they return.
    pub fn following(code: &'c Code<'t>) -> Self {
        Values { follows: true, ..Values::new(code) }
    }

    pub fn of(&self, range: Range<usize>) -> Value {
        self.looks.set(0);
        self.within(range, MOST_STEPS)
    }

    /// Reads an expression and notes which texts and variables of the environment it is made of.
    pub fn of_noted(&self, range: Range<usize>) -> Value {
        self.notes.set(true);
        let value = self.of(range);
        self.notes.set(false);
        value
    }

    /// The places that [`Values::of_noted`] noted.
    pub fn noted(&self) -> BTreeSet<usize> {
        self.noted.borrow().clone()
    }

    fn note(&self, at: usize) {
        if self.notes.get() {
            self.noted.borrow_mut().insert(at);
        }
    }

    fn within(&self, mut range: Range<usize>, steps: u32) -> Value {
        let code = self.code;
        self.looks.set(self.looks.get() + 1);
        while code.is(range.start, "(") && code.partner(range.start) + 1 == range.end || code.is_any(range.start, &["&", "*"]) {
            range = if code.is(range.start, "(") { code.inside(range.start) } else { range.start + 1..range.end };
        }
        if range.is_empty() || steps == 0 || self.looks.get() > MOST_LOOKS {
            return unknown("nothing");
        }
        let parts = code.split(range.clone(), "+");
        if parts.len() > MOST_PARTS {
            return unknown("too long");
        }
        if parts.len() > 1 {
            return concat(parts.into_iter().map(|part| self.within(part, steps - 1)));
        }
        if range.len() == 1 && code.kind(range.start) == Some(TokenKind::Literal) {
            self.note(range.start);
            return code.literal(range.start).map_or(unknown("no text"), |text| literal(text.as_ref()));
        }
        if range.len() == 1 && code.kind(range.start) == Some(TokenKind::Number) {
            return literal(code.text_of(range.start));
        }
        if let Some(name) = code.dotted(range.clone()) {
            return self.named(&name, range.start, steps);
        }
        match code.text_of(range.end - 1) {
            ")" => {
                let start = range.start;
                let value = self.call(range, steps);
                if matches!(value, Value::Env { .. } | Value::Property { .. }) {
                    self.note(start);
                }
                value
            }
            "}" => self.composite(range, steps),
            _ => self.unread(range),
        }
    }

    fn unread(&self, range: Range<usize>) -> Value {
        unknown(self.code.text_in(range).lines().next().unwrap_or(""))
    }

    fn named(&self, name: &str, at: usize, steps: u32) -> Value {
        if let Some(method) =
            name.strip_prefix("http.Method").or(name.strip_prefix("echo.")).or(name.strip_prefix("fiber.Method"))
            && let Some(method) = method_named(method)
        {
            return literal(method);
        }
        if matches!(name, "nil" | "true" | "false" | "_") {
            return unknown(name);
        }
        if let Some(value) = self.given(name, at, steps) {
            return value;
        }
        match name.split_once('.') {
            Some((first, rest)) => self.member(first, rest, at, steps),
            None => self.parameter(name, at).unwrap_or_else(|| Value::Symbol(self.code.symbol(name))),
        }
    }

    /// What a name is given before a place, in its function or on the first level.
    fn given(&self, name: &str, at: usize, steps: u32) -> Option<Value> {
        let all = self.names.given.get(name)?;
        let function = self.source.function_at(at);
        let mut always: Option<&Given> = None;
        let mut sometimes: Vec<&Given> = Vec::new();
        let holds = |given: &Given| matches!(&given.what, What::Expression(range) if range.contains(&at));
        let before = all.partition_point(|given| given.at < at);
        for given in all[..before].iter().rev().take(MOST_PLACES) {
            if given.function != function {
                match function {
                    Some(_) => break,
                    None => continue,
                }
            }
            if holds(given) {
                continue;
            }
            if given.block_end > at {
                always = Some(given);
                break;
            }
            if !given.declares && sometimes.len() < MOST_READ {
                sometimes.push(given);
            }
        }
        let mut first = always.map(|given| self.read(name, given, steps));
        if first.is_none() {
            first = self.parameter_of(function, name).map(|_| self.named_parameter(name, at));
            if first.is_some() && sometimes.is_empty() {
                return None;
            }
        }
        if first.is_none() {
            // A variable of the package, which functions may give a value to.
            let is_global = self.source.global_named(name.split('.').next().unwrap_or(name)).is_some();
            let global = all.iter().rev().take(MOST_PLACES).find(|given| given.function.is_none() && !holds(given));
            first = global.map(|given| self.read(name, given, steps));
            if is_global {
                let others = all.iter().take(MOST_PLACES);
                let others = others.filter(|given| given.function.is_some() && given.function != function && !given.declares);
                sometimes.extend(others.take(MOST_READ));
            }
        }
        if first.is_none() && sometimes.is_empty() {
            return None;
        }
        let others = sometimes.into_iter().map(|given| self.read(name, given, steps)).collect();
        Some(combined(first, others))
    }

    fn read(&self, name: &str, given: &Given, steps: u32) -> Value {
        let Some(steps) = steps.checked_sub(1).filter(|steps| *steps > 0) else { return unknown("nothing") };
        match &given.what {
            What::Expression(range) => self.within(range.clone(), steps),
            What::Added(range) => concat([self.named(name, given.at, steps), self.within(range.clone(), steps)]),
            What::Known(value) => {
                self.note(given.at);
                value.clone()
            }
            What::Written(open, index) => self.written(*open, *index as usize, steps),
            What::Unknown => unknown(name),
        }
    }

    /// The place of a name among what a function is given.
    fn parameter_of(&self, function: Option<u32>, name: &str) -> Option<usize> {
        let function = &self.source.functions[function? as usize];
        function.parameters.iter().take(MOST_PARAMETERS).position(|parameter| parameter.name == name)
    }

    fn parameter(&self, name: &str, at: usize) -> Option<Value> {
        let function = self.source.function_at(at);
        self.parameter_of(function, name).map(|_| self.named_parameter(name, at))
    }

    fn named_parameter(&self, name: &str, at: usize) -> Value {
        let function = self.source.function_at(at);
        match (self.parameter_of(function, name), function) {
            (Some(index), Some(function)) if self.follows => {
                let function = self.source.functions[function as usize].name.as_str().into();
                Value::Parameter { function, index: index as u32 }
            }
            _ => Value::Symbol(format!("#{name}").into()),
        }
    }

    /// The tokens that a name is given before a place, in its function or on the first level; of a field those that it is given anywhere.
    pub fn made(&self, name: &str, at: usize) -> Option<Range<usize>> {
        let expression = |given: &Given| match &given.what {
            What::Expression(range) if !range.contains(&at) => Some(range.clone()),
            _ => None,
        };
        let function = self.source.function_at(at);
        if let Some(all) = self.names.given.get(name) {
            let before = all.partition_point(|given| given.at < at);
            let own = all[..before].iter().rev().take(MOST_PLACES).filter(|given| given.function == function);
            let is_global = |given: &&Given| given.function.is_none() || self.source.global_named(name).is_some();
            let global = all.iter().rev().take(MOST_PLACES).filter(is_global);
            if let Some(found) = own.chain(global).find_map(expression) {
                return Some(found);
            }
        }
        let (first, rest) = name.rsplit_once('.')?;
        let of = self.type_of(first, at)?;
        self.field_made(of.strip_prefix('#')?, rest, at)
    }

    /// True where a name stands for something of the function around a place, and for no package.
    pub fn is_local(&self, name: &str, at: usize) -> bool {
        let function = self.source.function_at(at);
        let first = name.split('.').next().unwrap_or(name);
        let Some(index) = function else { return false };
        let receiver = self.source.functions[index as usize].receiver.as_ref();
        self.parameter_of(function, first).is_some()
            || receiver.is_some_and(|receiver| receiver.name == first)
            || self.names.declared.contains_key(&(first, function))
            || self.names.given.get(first).is_some_and(|all| {
                let before = all.partition_point(|given| given.at < at);
                let own = all[..before].iter().rev().take(MOST_PLACES).take_while(|given| given.function == function);
                own.into_iter().any(|given| given.declares)
            })
    }

    /// What a call gives to a variable that it is pointed at, by its bracket.
    pub fn given_by(&self, open: usize) -> Option<Value> {
        self.names.given_by.get(&open).cloned()
    }
}

/// What a name reads as that is always given the first value, and under some condition others: a variable of the environment with the
/// value that stands in for it, or what is known alone.
fn combined(first: Option<Value>, mut others: Vec<Value>) -> Value {
    let is_told =
        |value: &Value| !matches!(value, Value::Unknown(_)) && !matches!(value, Value::Literal(text) if text.is_empty());
    let is_empty = |default: &Option<Box<Value>>| default.as_ref().is_none_or(|default| !is_told(default));
    others.retain(is_told);
    others.dedup();
    let mut first = first.filter(|first| is_told(first) || others.is_empty());
    if first.is_none() && others.len() > 1 {
        // One of several: the environment counts before what stands in for it.
        let place = others.iter().position(|other| matches!(other, Value::Env { .. } | Value::Property { .. }));
        first = place.filter(|_| others.len() == 2).map(|place| others.remove(place));
    }
    match (first, others.as_slice()) {
        (Some(Value::Env { name, default }), [other]) if is_empty(&default) && !matches!(other, Value::Env { .. }) => {
            Value::Env { name, default: Some(Box::new(other.clone())) }
        }
        (Some(first), [Value::Env { name, default }]) if is_empty(default) && !matches!(first, Value::Env { .. }) => {
            Value::Env { name: Arc::clone(name), default: Some(Box::new(first)) }
        }
        (Some(first), _) => first,
        (None, [only]) => only.clone(),
        (None, []) => unknown("nothing"),
        (None, _) => unknown("one of several values"),
    }
}

/// Where an expression ends that begins here: with its line, its bracket, or at a comma or brace.
pub fn expression_end(code: &Code, from: usize) -> usize {
    let mut at = from;
    while at < code.len() {
        let goes_on = at == from || matches!(code.kind(at - 1), Some(TokenKind::Operator));
        if code.is_any(at, &[";", ","]) || code.kind(at) == Some(TokenKind::Close) || code.begins_line(at) && !goes_on {
            break;
        }
        at = code.after(at);
    }
    at
}

/// The name of a method of HTTP as constants write it.
pub fn method_named(name: &str) -> Option<&'static str> {
    ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "ANY"]
        .into_iter()
        .find(|method| method.eq_ignore_ascii_case(name))
}

/// One text after another in a path, with one slash where they meet.
pub fn join(prefix: &Value, path: Value) -> Value {
    let ends = match prefix {
        Value::Literal(text) if text.is_empty() => return path,
        Value::Literal(text) => text.ends_with('/'),
        Value::Concat(parts) => matches!(parts.last(), Some(Value::Literal(text)) if text.ends_with('/')),
        _ => false,
    };
    let begins = match &path {
        Value::Literal(text) if text.is_empty() => return prefix.clone(),
        Value::Literal(text) => Some(text.starts_with('/')),
        Value::Concat(parts) => match parts.first() {
            Some(Value::Literal(text)) => Some(text.starts_with('/')),
            _ => None,
        },
        _ => None,
    };
    match (ends, begins) {
        (true, Some(true)) => concat([without_slash(prefix.clone()), path]),
        (false, Some(false)) => concat([prefix.clone(), literal("/"), path]),
        _ => concat([prefix.clone(), path]),
    }
}

/// The value without the slash at its end.
fn without_slash(prefix: Value) -> Value {
    let trim = |text: Arc<str>| literal(text.strip_suffix('/').unwrap_or(&text));
    match prefix {
        Value::Literal(text) => trim(text),
        Value::Concat(mut parts) => {
            if let Some(Value::Literal(text)) = parts.pop() {
                parts.push(trim(text));
            }
            concat(parts)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::snapshot::show;
    use super::*;
    use crate::discover::language::Language;

    /// What is given to `result`.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let code = Code::new(Language::from_name("Go").expect("in the table"), "a.go", text);
        let at = (0..code.len()).find(|&at| code.is(at, "result")).expect("there is one");
        assert_eq!(show(&Values::new(&code).of(at + 2..code.len())), expected, "{text}");
    }

    #[test]
    fn expressions_read_as_texts() {
        check("const base = \"/v1\"\nresult := base + \"/x\"", "/v1/x");
        check("const base string = \"/v1\"\nresult := fmt.Sprintf(\"%s/x/%d\", base, n)", "/v1/x/+<#n>");
        check("var base = \"\"\nbase = os.Getenv(\"BASE\")\nresult := base + \"/x\"", "env(BASE or )+/x");
        check("result := getEnv(\"TOPIC\", \"orders\")", "env(TOPIC or orders)");
        check("result := Topic(\"orders\")", "orders");
        check("result := http.MethodGet", "GET");
        check("import \"a/b\"\nresult := b.Path", "<a/b#Path>");
        check("result := f(x)", "?f(x)");
        check("result := result + \"x\"", "<#result>+x");
    }

    /// What is given to `result`, with functions and parameters followed.
    #[track_caller]
    fn follow(text: &str, expected: &str) {
        let code = Code::new(Language::from_name("Go").expect("in the table"), "a.go", text);
        let at = (0..code.len()).find(|&at| code.is(at, "result")).expect("there is one") + 2;
        assert_eq!(show(&Values::following(&code).of(at..expression_end(&code, at))), expected, "{text}");
    }

    #[test]
    fn functions_of_libraries_put_texts_together() {
        follow("result := strings.TrimSuffix(os.Getenv(\"A\"), \"/\") + \"/b\"", "env(A or )+/b");
        follow("result := url.URL{Scheme: \"http\", Host: host, Path: \"/a\"}", "http://+<#host>+/a");
        follow("u, err := url.Parse(\"http://a\")\nresult := u.JoinPath(\"b\").String()", "http://a/b");
        follow("result := net.JoinHostPort(\"a\", \"80\")", "a:80");
        follow("result := cmp.Or(os.Getenv(\"A\"), \"b\")", "env(A or b)");
        follow("result := fmt.Sprintf(\"%[2]s%%%[1]s\", \"a\", \"b\")", "b%a");
        follow("a := flag.String(\"addr\", \"orders:80\", \"usage\")\nresult := *a", "orders:80");
        follow("import \"x/discovery\"\na, err := discovery.Resolve(\"orders\")\nresult := a", "discovery://orders");
        follow("result := strconv.Quote(\"a\")", "?strconv.Quote(\"a\")");
    }

    #[test]
    fn settings_read_as_what_stands_in_for_them() {
        let import = "import \"github.com/spf13/viper\"\n";
        let check = |text: &str, expected: &str| follow(&format!("{import}{text}"), expected);
        check(
            "func a() {\nviper.SetDefault(\"orders.url\", \"http://o\")\nresult := viper.GetString(\"orders.url\")\n}",
            "property(orders.url or http://o)",
        );
        check(
            "func a() {\nviper.AutomaticEnv()\nresult := viper.GetString(\"orders.url\")\n}",
            "env(ORDERS_URL or property(orders.url))",
        );
        check(
            "func a() {\nviper.BindEnv(\"orders.url\", \"O\")\nresult := viper.GetString(\"orders.url\")\n}",
            "env(O or property(orders.url))",
        );
        check("func a() {\nresult := other.GetString(\"orders.url\")\n}", "?other.GetString(\"orders.url\")");
    }

    #[test]
    fn functions_of_the_file_read_as_what_they_return() {
        follow(
            "func env(key, other string) string {\nif v := os.Getenv(key); v != \"\" {\nreturn v\n}\nreturn other\n}\n\
             func a() { result := env(\"A\", \"b\") }",
            "env(A or b)",
        );
        follow("func path(id string) string {\nreturn base + \"/\" + id\n}\nfunc a() { result := path(\"x\") }", "<#base>+/x");
        follow("func a(b bool) string {\nif b {\nreturn \"x\"\n}\nreturn \"y\"\n}\nfunc c() { result := a(true) }", "?a(true)");
        follow(
            "func fill(target *string, key string) {\n*target = os.Getenv(key)\n}\nfunc a() {\nvar b string\nfill(&b, \"B\")\nresult := b\n}",
            "env(B)",
        );
    }

    #[test]
    fn names_belong_to_their_function() {
        follow("func a() { url := \"http://a\" }\nfunc b(url string) { result := url }", "parameter(b 0)");
        follow(
            "func a() {\nport := \"80\"\nif v := os.Getenv(\"PORT\"); v != \"\" {\nport = v\n}\nresult := port\n}",
            "env(PORT or 80)",
        );
        follow("func a() {\nvar t string\nif x {\nt = \"a\"\n} else {\nt = \"b\"\n}\nresult := t\n}", "?one of several values");
    }

    #[test]
    fn fields_are_what_their_type_is_given() {
        let text = |last: &str| {
            format!(
                "type Inner struct {{ URL string `env:\"URL\" envDefault:\"http://x\"` }}\ntype Config struct {{ Inner Inner; Base string }}\n\
                 func New(base string) *Config {{ return &Config{{Base: base}} }}\nfunc (c *Config) get() {{ result := {last} }}"
            )
        };
        follow(&text("c.Base"), "parameter(New 0)");
        follow(&text("c.Inner.URL"), "env(URL or http://x)");
        follow(&text("c.Other"), "<#Config.Other>");
        follow("import \"a/config\"\nfunc a() {\ncfg := config.Load()\nresult := cfg.URL\n}", "<a/config#Load.URL>");
        follow("import \"a/config\"\nfunc a(cfg *config.Config) { result := cfg.Orders.URL }", "<a/config#Config.Orders.URL>");
    }

    #[test]
    fn paths_join_with_one_slash() {
        let check = |a: &str, b: &str, expected: &str| assert_eq!(show(&join(&literal(a), literal(b))), expected);
        check("/a/", "/b", "/a/b");
        check("/a", "b", "/a/b");
        check("/a", "", "/a");
        check("", "b", "b");
    }
}
