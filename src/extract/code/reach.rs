//! What all readers of calls share: parameters of wrappers, types of receivers, invocations of what may be a wrapper.
//!
//! Tokens and values come in. A name that a function is given becomes [`Value::Parameter`], so that the model can put in what callers
//! hand over; a call whose arguments may be an address or a topic becomes an [`Invocation`].

use std::ops::Range;
use std::sync::Arc;

use super::Code;
use super::calls::Call;
use super::structure::{Item, ItemKind};
use super::tokens::TokenKind;
use crate::facts::{Invocation, Value};

/// Invocations of one file that are kept.
const MOST_INVOCATIONS: usize = 300;
/// Arguments of one invocation that are read.
const MOST_ARGUMENTS: usize = 8;
/// Places of a name at which its type is looked for.
const MOST_PLACES: usize = 200;
/// Parts of a value that are looked at.
const MOST_PARTS: usize = 64;

/// Names of constructors that are not those of their types.
const CONSTRUCTORS: [&str; 6] = ["constructor", "__init__", "__construct", "initialize", "new", "init"];
/// Places of one name of a constructor that are looked at.
const MOST_CONSTRUCTORS: usize = 32;

/// Words that stand before a name and are no type.
const NO_TYPES: [&str; 30] = [
    "return",
    "new",
    "var",
    "val",
    "let",
    "const",
    "import",
    "package",
    "throw",
    "else",
    "in",
    "await",
    "async",
    "final",
    "public",
    "private",
    "protected",
    "static",
    "readonly",
    "function",
    "def",
    "fun",
    "func",
    "fn",
    "mut",
    "case",
    "yield",
    "is",
    "as",
    "delete",
];

/// Words in names of what may be an address or a topic.
const TELLING: [&str; 23] = [
    "Url",
    "URL",
    "url",
    "Uri",
    "uri",
    "host",
    "Host",
    "env",
    "ENV",
    "topic",
    "Topic",
    "queue",
    "Queue",
    "dsn",
    "DSN",
    "Dsn",
    "addr",
    "Addr",
    "endpoint",
    "Endpoint",
    "cfg",
    "config",
    "onnection",
];

impl<'t> Code<'t> {
    /// The value with names that a function around `at` is given as [`Value::Parameter`]; fields that a constructor sets are given to the
    /// constructor.
    pub fn grounded(&self, at: usize, value: Value) -> Value {
        match value {
            Value::Symbol(symbol) => match symbol.strip_prefix('#').and_then(|name| self.parameter(at, name)) {
                Some(parameter) => parameter,
                None => Value::Symbol(symbol),
            },
            Value::Concat(parts) if parts.len() <= MOST_PARTS => {
                let ground = |part: Value| match part {
                    Value::Symbol(symbol) => self.grounded(at, Value::Symbol(symbol)),
                    other => other,
                };
                Value::Concat(parts.into_iter().map(ground).collect())
            }
            other => other,
        }
    }

    /// The parameter by this name of a function around a token, or of the constructor of the type around it.
    fn parameter(&self, at: usize, name: &str) -> Option<Value> {
        if name.contains('.') {
            return None;
        }
        let bare = name.trim_start_matches(['$', '@', '_']);
        let index_in = |item: &Item| {
            self.parameters(item)
                .into_iter()
                .filter_map(|range| self.parameter_name(range))
                .filter(|name| !matches!(*name, "self" | "cls" | "this"))
                .position(|known| known == name || known.trim_start_matches(['$', '_']) == bare)
        };
        let functions = self.enclosing_all(at).filter(|item| item.kind == ItemKind::Function);
        for item in functions.take(8) {
            if let Some(index) = index_in(item) {
                return Some(Value::Parameter { function: self.callable_name(item).into(), index: index as u32 });
            }
        }
        let of = self.enclosing(at, ItemKind::Type)?;
        // By their names: a type may have many members, and is asked for each of its values.
        let names = CONSTRUCTORS.into_iter().chain([self.text_of(of.name)]);
        let places = names.flat_map(|name| self.occurrences_in(of.body.clone(), name).iter().take(MOST_CONSTRUCTORS));
        let constructors = places.filter_map(|&at| self.item_named_at(at as usize)).filter(|item| self.is_constructor(item));
        // Those with few parameters call the one with most.
        let all = constructors.take(8).filter_map(|item| Some((self.parameters(item).len(), index_in(item)?)));
        let found = all.max_by_key(|(count, _)| *count).map(|(_, index)| index).or_else(|| index_in(of))?;
        Some(Value::Parameter { function: self.text_of(of.name).into(), index: found as u32 })
    }

    /// A function's name as wrappers are named: `name`, `Type.name`, or `Type` for the constructor.
    pub fn callable_name(&self, item: &Item) -> String {
        match self.type_around(item.name) {
            Some(of) if self.is_constructor(item) => of.to_owned(),
            _ => self.function_name(item),
        }
    }

    fn is_constructor(&self, item: &Item) -> bool {
        let name = self.text_of(item.name);
        item.kind == ItemKind::Function && (CONSTRUCTORS.contains(&name) || self.type_around(item.name) == Some(name))
    }

    /// The item whose name stands at a token: the last one that begins up to there.
    fn item_named_at(&self, name: usize) -> Option<&Item> {
        let items = self.items();
        let last = items.partition_point(|item| item.start <= name).checked_sub(1)?;
        Some(&items[last]).filter(|item| item.name == name)
    }

    /// What a parameter is called: the last word of `final String name`, the first of `name: String`, `name string` and `name = 1`.
    pub fn parameter_name(&self, range: Range<usize>) -> Option<&'t str> {
        let end = range.clone().find(|&at| self.is_any(at, &["=", ":"])).unwrap_or(range.end);
        let has_colon = self.is(end, ":") && end < range.end;
        let words = range.start..end;
        let mut names = words.filter(|&at| self.kind(at) == Some(TokenKind::Word));
        let at = match self.language.name() {
            "Go" | "Python" | "Ruby" | "Elixir" => names.next(),
            _ if has_colon => names.last(),
            _ => names.last(),
        }?;
        Some(self.text_of(at))
    }

    /// The type of which a name is declared: `Type name`, `name: Type`, `name Type` of Go, `name = new Type(…)`. As written, type arguments
    /// left out.
    pub fn declared_type(&self, name: &str) -> Option<&'t str> {
        self.occurrences(name).iter().take(MOST_PLACES).find_map(|&at| self.declares_type(at as usize))
    }

    fn declares_type(&self, name: usize) -> Option<&'t str> {
        let is_type = |at: usize| self.word(at).filter(|word| word.starts_with(|first: char| first.is_uppercase()));
        let language = self.language.name();
        // `name: Type`, `name: &Type`, `name?: Type`.
        if self.is(name + 1, ":") || self.is(name + 1, "?") && self.is(name + 2, ":") {
            let from = name + 2 + usize::from(self.is(name + 1, "?"));
            return (from..from + 4)
                .take_while(|&at| self.is_any(at, &["&", "mut", "dyn", "*", "?", "'"]) || self.word(at).is_some())
                .find_map(is_type);
        }
        if language == "Go" {
            let from = name + 1 + usize::from(self.is(name + 1, "*"));
            let last = if self.is(from + 1, ".") { from + 2 } else { from };
            let is_type = self.word(from).is_some() && !self.begins_line(from) && !self.is_any(from, &["range", "in"]);
            return self.word(last).filter(|_| is_type);
        }
        if self.is_any(name + 1, &["=", ":="]) {
            let from = name + 2 + usize::from(self.is(name + 2, "new"));
            let end = (from..from + 6).take_while(|&at| self.word(at).is_some() || self.is(at, ".")).last()?;
            if self.is_any(end + 1, &["(", "<"]) || self.is(end, "new") {
                return (from..=end).rev().find_map(is_type);
            }
        }
        let before = name.checked_sub(1)?;
        let typed = match language {
            "Java" | "C#" | "PHP" | "C++" | "Groovy" => before,
            _ => return None,
        };
        let mut at = typed;
        if self.is(at, ">") {
            // `Type<Other> name`.
            let mut depth = 0;
            loop {
                depth += i32::from(self.is(at, ">")) - i32::from(self.is(at, "<"));
                at = at.checked_sub(1)?;
                if depth == 0 || typed - at > 40 {
                    break;
                }
            }
        }
        while self.is_any(at, &["?", "*", "&"]) {
            at = at.checked_sub(1)?;
        }
        is_type(at).filter(|word| !NO_TYPES.contains(word))
    }

    /// The symbol of what a call calls, as [`Invocation::function`] says.
    pub fn callee(&self, call: Call) -> Arc<str> {
        let name = self.text_of(call.name);
        let Some(receiver) = self.receiver_name(call) else { return format!("*#{name}").into() };
        if receiver.is_empty() {
            return self.symbol(name);
        }
        let own = matches!(&*receiver, "this" | "self" | "$this");
        if own {
            let of = self.type_around(call.name).map_or(String::new(), |of| format!("{of}."));
            return format!("#{of}{name}").into();
        }
        let last = receiver.rsplit('.').next().unwrap_or(&receiver);
        let first = receiver.split('.').next().unwrap_or(&receiver);
        match self.declared_type(last) {
            Some(of) => format!("{}.{name}", self.symbol(of)).into(),
            // `orders::send` is a function of a module.
            None if self.imports().contains_key(first)
                || first.starts_with(char::is_uppercase)
                || self.is(call.name - 1, "::") =>
            {
                self.symbol(&format!("{receiver}.{name}"))
            }
            None => format!("*#{name}").into(),
        }
    }

    /// Calls of what may be a wrapper, each with its arguments as `value_of` reads them. Calls of which `is_known` is true are none.
    pub fn invocations(&self, value_of: &dyn Fn(Range<usize>) -> Value, is_known: &dyn Fn(Call) -> bool) -> Vec<Invocation> {
        let grounded = |range: Range<usize>| self.grounded(range.start, value_of(range));
        self.invocations_of(&grounded, is_known, &|call| self.callee(call))
    }

    /// The same for a dialect that tells parameters and types of receivers itself.
    pub fn invocations_of(
        &self,
        value_of: &dyn Fn(Range<usize>) -> Value,
        is_known: &dyn Fn(Call) -> bool,
        callee: &dyn Fn(Call) -> Arc<str>,
    ) -> Vec<Invocation> {
        let mut found = Vec::new();
        for call in self.calls() {
            if found.len() >= MOST_INVOCATIONS {
                break;
            }
            let name = self.text_of(call.name);
            if is_known(call) || matches!(name, "if" | "for" | "while" | "switch" | "catch" | "return" | "require" | "print") {
                continue;
            }
            let ranges = self.arguments(call.open);
            let sends = sends(name);
            let may_tell = |range: &Range<usize>| sends || self.may_tell(range.clone());
            if ranges.is_empty() || ranges.len() > MOST_ARGUMENTS || !ranges.iter().any(may_tell) {
                continue;
            }
            let arguments: Vec<Value> = ranges.into_iter().map(value_of).collect();
            if !arguments.iter().any(|value| may_be_given(value) || sends && is_word(value)) {
                continue;
            }
            let function = callee(call);
            let verb = matches!(name, "get" | "post" | "put" | "patch" | "delete" | "all" | "use" | "on" | "Get" | "Post");
            if verb && function.starts_with("*#") {
                continue;
            }
            found.push(Invocation { at: self.location(call.start..call.open), function, arguments });
        }
        found
    }

    /// Cheap: whether an argument may be worth reading.
    fn may_tell(&self, range: Range<usize>) -> bool {
        range.take(24).any(|at| match self.kind(at) {
            Some(TokenKind::Literal) => {
                let text = self.text_of(at).trim_matches(['"', '\'', '`']);
                text.contains(['/', '.', ':', '-', '_']) && !text.contains(' ')
            }
            Some(TokenKind::Word) => {
                let text = self.text_of(at);
                text.len() > 3 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit())
                    || TELLING.iter().any(|word| text.contains(word))
            }
            _ => false,
        })
    }
}

/// True for the name of what sends messages or gets them, whose topic may be any word.
fn sends(name: &str) -> bool {
    let starts = |word: &str| name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    ["publish", "emit", "produce", "enqueue", "sendmessage", "sendevent", "subscribe", "consume"].into_iter().any(starts)
}

/// True for a text that may name a topic.
fn is_word(value: &Value) -> bool {
    matches!(value, Value::Literal(text) if text.len() > 2 && text.len() < 100 && !text.contains([' ', '\n', '<', '%', '{']))
}

/// Whether a value may be an address, a path or a topic: what a wrapper would need.
fn may_be_given(value: &Value) -> bool {
    match value {
        Value::Literal(text) => {
            text.len() > 2
                && text.len() < 300
                && text.contains(['/', '.', ':', '-', '_'])
                && !text.contains([' ', '\n', '<', '%'])
        }
        Value::Env { .. } | Value::Property { .. } => true,
        Value::Symbol(symbol) => {
            let last = symbol.rsplit(['.', '#']).next().unwrap_or(symbol);
            let is_upper = last.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit());
            let is_told =
                ["Topic", "Queue", "Subject", "Exchange", "Url", "URL", "Uri", "URI"].iter().any(|end| last.ends_with(end));
            // What other files hold may be named with a small first letter.
            let is_member = symbol.contains('.') || last.starts_with(char::is_uppercase) || !symbol.starts_with('#');
            last.len() > 3 && (is_upper || is_told && is_member)
        }
        Value::Concat(parts) => parts.iter().take(MOST_PARTS).any(|part| match part {
            Value::Concat(_) => false,
            other => may_be_given(other),
        }),
        Value::Parameter { .. } | Value::Unknown(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;
    use crate::extract::code::snapshot::show;

    /// The grounded value of what stands after the last `result = `.
    #[track_caller]
    fn check(language: &str, text: &str, expected: &str) {
        let code = Code::new(Language::from_name(language).expect("in the table"), "a", text);
        let from = (0..code.len()).rev().find(|&at| code.is(at, "result")).expect("there is one") + 2;
        let end = (from..code.len()).find(|&at| code.is(at, ";") || code.begins_line(at)).unwrap_or(code.len());
        assert_eq!(show(&code.grounded(from, code.value(from..end))), expected, "{text}");
    }

    /// Invocations as `function(arguments)`.
    #[track_caller]
    fn check_invocations(language: &str, text: &str, expected: &[&str]) {
        let code = Code::new(Language::from_name(language).expect("in the table"), "a", text);
        let shown = |found: Invocation| {
            format!("{}({})", found.function, found.arguments.iter().map(show).collect::<Vec<_>>().join(", "))
        };
        let found = code.invocations(&|range| code.value(range), &|_| false);
        assert_eq!(found.into_iter().map(shown).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn names_that_a_function_is_given_are_parameters() {
        check("Java", "class A { void b(String c, String path) { result = \"/x\" + path; } }", "/x+parameter(A.b 1)");
        check(
            "TypeScript",
            "function b(c: string, path: string) { result = `${c}/${path}`; }",
            "parameter(b 0)+/+parameter(b 1)",
        );
        check("Python", "class A:\n  def b(self, url):\n    result = url + '/x'\n", "parameter(A.b 0)+/x");
        check("Go", "func b(url string) {\n result = url + \"/x\"\n}", "parameter(b 0)+/x");
        check("C#", "class A { void B(string url) { result = $\"{url}/x\"; } }", "parameter(A.B 0)+/x");
        check("Java", "class A { void b(String c) { result = d; } }", "<#d>");
    }

    #[test]
    fn fields_are_given_to_the_constructor() {
        let text = "class A { constructor(url: string) { this.base = url; } b() { result = this.base + '/x'; } }";
        check("TypeScript", text, "parameter(A 0)+/x");
        check(
            "Java",
            "class A { String url; A(String url) { this.url = url; } void b() { result = url + \"/x\"; } }",
            "parameter(A 0)+/x",
        );
        let text =
            "class A { string u; A(string u) : this(1, u) { } A(int n, string u) { this.u = u; } void B() { result = u; } }";
        check("C#", text, "parameter(A 1)");
    }

    #[test]
    fn calls_with_addresses_and_topics_are_invocations() {
        check_invocations("Java", "class A { B b; void c() { b.send(\"a.b\", x); b.send(x); } }", &["#B.send(a.b, <#x>)"]);
        check_invocations(
            "TypeScript",
            "this.c('http://a/b'); d.e('/xs'); d.get('/xs'); f('a b', 1)",
            &["#c(http://a/b)", "*#e(/xs)"],
        );
        check_invocations("Go", "p.Publish(\"orders\", x)\nq.Find(\"orders\")", &["*#Publish(orders, <#x>)"]);
        check_invocations("Python", "from shop import client\nclient.call('/orders')", &["shop#client.call(/orders)"]);
    }
}
