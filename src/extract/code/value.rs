//! Expressions of code as values: literals, names, and what is put together from them.
//!
//! Tokens come in, a [`Value`] comes out, in which names of other files stay symbols. What can't be told is unknown, never guessed.

use std::ops::Range;
use std::sync::Arc;

use super::Code;
use super::pieces::Piece;
use super::tokens::TokenKind;
use crate::facts::Value;

/// An expression of more parts than this is no path or name.
const MOST_PARTS: usize = 64;
/// A name that stands in more places on one side of where it is used is looked for no further.
const MOST_OCCURRENCES: usize = 1_000;
/// What one expression may cost: its parts share it, and each name that stands for another expression takes half.
const BUDGET: u32 = 4_096;
/// Code in a template that is longer than this is no name and no setting.
const LONGEST_HOLE: usize = 200;

/// How a dialect reads what is its own in expressions: settings, the environment, what puts URLs together. Each function is given what may
/// still be spent, to be handed to [`Code::value_by`].
#[derive(Clone, Copy)]
pub struct Reader {
    /// An expression, or a part of one, that has no brackets around it; None where it is nothing special.
    pub expression: fn(&Code, Range<usize>, Budget) -> Option<Value>,
    /// A name as it is used at a token, before the file is searched for what it is given.
    pub name: fn(&Code, &str, usize, Budget) -> Option<Value>,
}

impl Reader {
    const PLAIN: Reader = Reader { expression: |_, _, _| None, name: |_, _, _, _| None };
}

/// What may still be spent on an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget(u32);

impl Budget {
    pub const WHOLE: Budget = Budget(BUDGET);

    pub fn is_spent(self) -> bool {
        self.0 == 0
    }

    /// For each of so many parts.
    pub fn shared(self, parts: usize) -> Budget {
        Budget(self.0 / parts.max(1) as u32)
    }

    pub fn half(self) -> Budget {
        self.shared(2)
    }
}

impl<'t> Code<'t> {
    /// The text between the first and the last of some tokens.
    pub fn text_in(&self, range: Range<usize>) -> &'t str {
        match (self.tokens.get(range.start), self.tokens.get(range.end.wrapping_sub(1))) {
            (Some(first), Some(last)) if range.start < range.end => &self.text[first.start as usize..last.end as usize],
            _ => "",
        }
    }

    /// What an expression stands for.
    pub fn value(&self, range: Range<usize>) -> Value {
        self.value_by(range, Reader::PLAIN, Budget::WHOLE)
    }

    /// What an expression stands for, where a dialect reads what is its own.
    pub fn value_by(&self, range: Range<usize>, reader: Reader, budget: Budget) -> Value {
        let range = self.without_brackets(range);
        if range.is_empty() {
            return unknown("nothing");
        }
        if budget.is_spent() {
            return unknown("too many steps");
        }
        if let Some(value) = (reader.expression)(self, range.clone(), budget.half()) {
            return value;
        }
        let joints = self.joints(range.clone());
        if joints.len() > MOST_PARTS {
            return unknown("too long");
        }
        if joints.len() > 1 {
            let each = budget.shared(joints.len());
            return concat(joints.into_iter().map(|part| self.value_by(part, reader, each)));
        }
        if range.len() == 1 {
            return match self.kind(range.start) {
                Some(TokenKind::Literal) => self.literal_value(range.start, reader, budget),
                Some(TokenKind::Number) => Value::Literal(self.text_of(range.start).into()),
                Some(TokenKind::Word) => self.named_value(self.text_of(range.start), range.start, reader, budget),
                _ => unknown("no value"),
            };
        }
        if self.is_template(range.clone()) {
            return self.template(range, reader, budget);
        }
        if range.len() == 2
            && self.is(range.start, "@")
            && self.language.name() == "Elixir"
            && self.word(range.start + 1).is_some()
        {
            return self.named_value(self.text_of(range.start + 1), range.start, reader, budget);
        }
        match self.dotted(range.clone()) {
            Some(name) => self.named_value(&name, range.start, reader, budget),
            None => unknown(self.text_in(range).lines().next().unwrap_or("")),
        }
    }

    /// A name of this file that has one literal value reads as it; another is a symbol.
    fn named_value(&self, name: &str, at: usize, reader: Reader, budget: Budget) -> Value {
        let own = name.strip_prefix("this.").or(name.strip_prefix("self.")).unwrap_or(name);
        let (first, last) = (own.split('.').next().unwrap_or(own), own.rsplit('.').next().unwrap_or(own));
        if let Some(value) = (reader.name)(self, own, at, budget.half()) {
            return value;
        }
        if !budget.half().is_spent()
            && !self.imports().contains_key(first)
            && let Some(range) = match own.rsplit_once('.') {
                Some((of, name)) if first.starts_with(|first: char| first.is_uppercase()) => self.assigned_member(of, name),
                _ => self.assigned(last, at),
            }
        {
            return self.value_by(range, reader, budget.half());
        }
        Value::Symbol(self.symbol(own))
    }

    /// The tokens assigned to a member in the body of a type of this file.
    pub fn assigned_member(&self, of: &str, name: &str) -> Option<Range<usize>> {
        let of = of.rsplit('.').next().unwrap_or(of);
        let mut found = self.occurrences(name).iter().take(MOST_OCCURRENCES).map(|&at| at as usize);
        found.find_map(|at| self.assignment(at).filter(|_| self.type_around(at) == Some(of)))
    }

    /// The tokens last assigned to a name before a place, or first after it where none are: `name = …`, `name := …`, `name: Type = …`,
    /// `name() = …` not among them. None for a parameter or a name that is assigned in other ways.
    pub fn assigned(&self, name: &str, before: usize) -> Option<Range<usize>> {
        let all = self.occurrences(name);
        let (earlier, later) = all.split_at(all.partition_point(|&at| (at as usize) < before));
        let assignment = |at: &u32| self.assignment(*at as usize);
        let last = earlier.iter().rev().take(MOST_OCCURRENCES).find_map(assignment);
        let found = last.or_else(|| later.iter().take(MOST_OCCURRENCES).find_map(assignment));
        found.filter(|range| !range.contains(&before))
    }

    /// The tokens assigned where a name stands.
    pub fn assignment(&self, name: usize) -> Option<Range<usize>> {
        // An attribute of Elixir is used in many places, and given a value where it begins a line.
        if name > 0 && self.language.name() == "Elixir" && self.is(name - 1, "@") && !self.begins_line(name - 1) {
            return None;
        }
        if name.checked_sub(1).is_some_and(|at| self.is_any(at, &["?.", "==", "=>"])) {
            return None;
        }
        let mut at = name + 1;
        if self.is_attribute(name) {
            at = name;
        } else if self.is(at, ":") {
            // A type, as far as it is a few words.
            at += 1;
            while self.word(at).is_some() || self.is_any(at, &[".", "&", "'", "?", "<", ">", "|"]) {
                at += 1;
            }
        } else if self.language.name() == "Go" && self.word(at).is_some() && self.is(at + 1, "=") {
            at += 1;
        }
        if at > name && !self.is_any(at, &["=", ":="]) {
            return None;
        }
        let from = at + 1;
        let mut end = from;
        // A statement ends where its line does, or at its mark.
        let marked = matches!(self.language.name(), "C#" | "Java");
        while end < self.len() {
            let goes_on = marked
                || end == from
                || self.kind(end - 1) == Some(TokenKind::Operator)
                || self.kind(end) == Some(TokenKind::Operator) && !self.is_any(end, &[";", ",", "@", "#"]);
            // `f(name=value)` of Python names an argument.
            if self.language.name() == "Python" && (self.is(end, ",") || self.kind(end) == Some(TokenKind::Close)) {
                return None;
            }
            if self.is_any(end, &[";", ","]) || self.kind(end) == Some(TokenKind::Close) || self.begins_line(end) && !goes_on {
                break;
            }
            end = self.after(end);
        }
        (from < end).then_some(from..end)
    }

    /// `@name value` of Elixir begins a line.
    fn is_attribute(&self, name: usize) -> bool {
        let is_value = || match self.kind(name + 1) {
            Some(TokenKind::Operator) => self.is_any(name + 1, &[":", "@", "%", "&"]),
            Some(TokenKind::Close) | None => false,
            Some(_) => !self.is(name + 1, "do"),
        };
        let begins = name.checked_sub(1).is_some_and(|mark| self.is(mark, "@") && self.begins_line(mark));
        begins && self.language.name() == "Elixir" && !self.begins_line(name + 1) && is_value()
    }

    /// The range inside of brackets that hold all of it.
    pub fn without_brackets(&self, mut range: Range<usize>) -> Range<usize> {
        while self.is(range.start, "(") && self.partner(range.start) + 1 == range.end {
            range = self.inside(range.start);
        }
        range
    }

    /// The parts of an expression that are joined to one text. Pieces of one template are one part.
    fn joints(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let operator = match self.language.name() {
            "PHP" | "Perl" => ".",
            "Elixir" => "<>",
            "Lua" => "..",
            _ => "+",
        };
        let mut parts = Vec::new();
        let (mut from, mut at, mut in_template) = (range.start, range.start, 0);
        while at < range.end {
            if self.kind(at) == Some(TokenKind::Literal) {
                let text = self.text_of(at);
                in_template -= i32::from(text.starts_with('}') && in_template > 0);
                in_template += i32::from(text.ends_with("${") && matches!(text.as_bytes()[0], b'`' | b'}'));
                // Literals side by side are one in Python, Ruby and C.
                let beside = at > from && self.kind(at - 1) == Some(TokenKind::Literal) && in_template == 0;
                if beside && !text.starts_with('}') {
                    parts.push(from..at);
                    from = at;
                }
            } else if in_template == 0 && self.is(at, operator) {
                parts.push(from..at);
                from = at + 1;
            }
            at = self.after(at);
        }
        parts.push(from..range.end);
        parts
    }

    fn is_template(&self, range: Range<usize>) -> bool {
        self.kind(range.start) == Some(TokenKind::Literal)
            && self.text_of(range.start).starts_with('`')
            && self.text_of(range.start).ends_with("${")
    }

    /// A template whose code comes as tokens.
    fn template(&self, range: Range<usize>, reader: Reader, budget: Budget) -> Value {
        let each = budget.shared(range.len().min(MOST_PARTS));
        let mut parts = Vec::new();
        let mut from = range.start;
        for at in range.clone() {
            if self.kind(at) != Some(TokenKind::Literal) || !matches!(self.text_of(at).as_bytes().first(), Some(b'`' | b'}')) {
                continue;
            }
            if at > from {
                parts.push(self.value_by(from..at, reader, each));
            }
            let text = self.text_of(at).trim_start_matches(['`', '}']);
            let text = text.strip_suffix("${").or(text.strip_suffix('`')).unwrap_or(text);
            parts.push(Value::Literal(text.into()));
            from = at + 1;
        }
        concat(parts)
    }

    /// A literal with the code that it holds.
    fn literal_value(&self, index: usize, reader: Reader, budget: Budget) -> Value {
        let Some(pieces) = self.pieces(index) else { return unknown("no text") };
        let each = budget.shared(pieces.len());
        concat(pieces.into_iter().map(|piece| match piece {
            Piece::Text(text) => Value::Literal(text.as_ref().into()),
            Piece::Code(code) => {
                let name: String = code.trim().replace("->", ".").replace("::", ".");
                let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$' | b'@'));
                match is_name && !name.is_empty() {
                    true => self.named_value(name.trim_start_matches('@'), index, reader, each),
                    false => self.hole(code.trim(), index, reader, each),
                }
            }
        }))
    }

    /// What stands for code in a literal that is no name: the dialect's own reader may know it.
    fn hole(&self, text: &str, index: usize, reader: Reader, budget: Budget) -> Value {
        if text.len() > LONGEST_HOLE || budget.half().is_spent() {
            return unknown(text);
        }
        let inner = Code::new(self.language, self.path, text);
        // What it names is imported and given values around it.
        let _ = inner.imports.set(super::Imports::default());
        match (reader.expression)(&inner, inner.without_brackets(0..inner.len()), budget.half()) {
            Some(value) => self.around(value, index, reader, budget.half()),
            None => unknown(text),
        }
    }

    /// The value with names that code in a literal left open.
    fn around(&self, value: Value, index: usize, reader: Reader, budget: Budget) -> Value {
        match value {
            Value::Symbol(symbol) => match symbol.strip_prefix('#') {
                Some(name) => self.named_value(name, index, reader, budget),
                None => Value::Symbol(symbol),
            },
            Value::Concat(parts) => {
                let each = budget.shared(parts.len());
                concat(parts.into_iter().map(|part| match part {
                    Value::Symbol(symbol) if symbol.starts_with('#') => self.named_value(&symbol[1..], index, reader, each),
                    other => other,
                }))
            }
            other => other,
        }
    }
}

pub fn unknown(why: &str) -> Value {
    let end = why.char_indices().nth(80).map_or(why.len(), |(at, _)| at);
    Value::Unknown(why[..end].into())
}

pub fn literal(text: impl Into<Arc<str>>) -> Value {
    Value::Literal(text.into())
}

/// The value with each of its literals changed.
pub fn map_literals(value: Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Literal(text) => literal(change(&text)),
        Value::Concat(parts) => Value::Concat(parts.into_iter().map(|part| map_literals(part, change)).collect()),
        other => other,
    }
}

/// Values one after another; literals that meet become one.
pub fn concat(parts: impl IntoIterator<Item = Value>) -> Value {
    let mut joined: Vec<Value> = Vec::new();
    let mut waiting: Vec<Value> = parts.into_iter().collect();
    waiting.reverse();
    while let Some(part) = waiting.pop() {
        match (joined.last_mut(), part) {
            (_, Value::Concat(parts)) => waiting.extend(parts.into_iter().rev()),
            (_, Value::Literal(text)) if text.is_empty() => {}
            (Some(Value::Literal(before)), Value::Literal(text)) => *before = [&**before, &text].concat().into(),
            (_, part) => joined.push(part),
        }
    }
    match joined.len() {
        0 => literal(""),
        1 => joined.remove(0),
        _ => Value::Concat(joined),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;
    use crate::extract::code::snapshot::show;

    /// What the expression after the last `$$ = ` (or the whole text) stands for.
    #[track_caller]
    fn check(language: &str, text: &str, expected: &str) {
        let code = Code::new(Language::from_name(language).expect("in the table"), "a", text);
        let from = (0..code.len()).rev().find(|&at| code.is(at, "result")).map_or(0, |at| at + 2);
        assert_eq!(show(&code.value(from..code.len())), expected, "{text}");
    }

    #[test]
    fn literals_read_as_their_language_says() {
        check("Java", "\"/a\\\"b\"", "/a\"b");
        check("Python", "r'/a\\d'", "/a\\d");
        check("Python", "f'/a/{b.c}/{{x}}'", "/a/+<#b.c>+/{x}");
        check("C#", "@\"a\\b\"", "a\\b");
        check("C#", "$\"{x}/b\"", "<#x>+/b");
        check("C#", "$\"{a[\"b:c\"]}/{x:0.0}/{d!.e}\"", "?a[\"b:c\"]+/+<#x>+/+?d!.e");
        check("Python", "f'{a!r}/{b[\"}\"]}/{c:>{d}}'", "<#a>+/+?b[\"}\"]+/+<#c>");
        check("Rust", "r#\"/a\"#", "/a");
        check("C++", "R\"x(/a\\d)x\"", "/a\\d");
        check("Go", "`/a`", "/a");
        check("Kotlin", "\"/a/$b/${c.d}\"", "/a/+<#b>+/+<#c.d>");
        check("PHP", "\"/a/{$b}/$c\"", "/a/+<#$b>+/+<#$c>");
        check("Ruby", "\"/a/#{b}\"", "/a/+<#b>");
        check("Elixir", "@a \"/a\"\n@b @a <> \"/b\"\nresult = \"#{@b}/c\" <> @d", "/a/b/c+<#d>");
        check("Ruby", "%q(/a#{b})", "/a#{b}");
        check("Ruby", "%r{/a}", "?no text");
        check("JavaScript", "`/a/${b}/c`", "/a/+<#b>+/c");
        check("JavaScript", "''", "");
    }

    #[test]
    fn parts_are_joined() {
        check("Java", "\"/a\" + \"/b\"", "/a/b");
        check("Java", "BASE + (\"/a\" + X.Y)", "<#BASE>+/a+<#X.Y>");
        check("PHP", "'/a' . $b", "/a+<#$b>");
        check("Python", "'/a' '/b'", "/a/b");
        check("TypeScript", "f(x)", "?f(x)");
    }

    #[test]
    fn a_dialect_reads_what_is_its_own_in_every_part() {
        fn setting(code: &Code, range: Range<usize>, _: Budget) -> Option<Value> {
            let name = code.literal(range.start + 2).filter(|_| code.reads(range.start, &["env", "("]) && range.len() == 4)?;
            Some(Value::Env { name: name.as_ref().into(), default: None })
        }
        let reader = Reader {
            expression: setting,
            name: |_, name, _, _| (name == "given").then(|| Value::Property { key: "given".into(), default: None }),
        };
        #[track_caller]
        fn check(reader: Reader, language: &str, text: &str, expected: &str) {
            let code = Code::new(Language::from_name(language).expect("in the table"), "a", text);
            let from = (0..code.len()).rev().find(|&at| code.is(at, "result")).expect("there is one") + 2;
            assert_eq!(show(&code.value_by(from..code.len(), reader, Budget::WHOLE)), expected, "{text}");
        }
        check(reader, "Java", "String a = env(\"A\") + \"/b\"; result = (a) + \"/c\" + given", "env(A)+/b/c+property(given)");
        check(
            reader,
            "Kotlin",
            "val b = env(\"B\")\nval result = \"${env(\"A\")}/$b/$given/${c()}\"",
            "env(A)+/+env(B)+/+property(given)+/+?c()",
        );
        check(reader, "Python", "result = f'{env(\"A\")}/x'", "env(A)+/x");
        check(reader, "JavaScript", "const result = `${env('A')}/x`", "env(A)+/x");
        check(reader, "C#", "var result = $\"{env(\"A\")}/x\"", "env(A)+/x");
    }

    #[test]
    fn what_grows_with_every_name_ends() {
        let names = (0..40).map(|at| format!("String a{} = a{at} + a{at};\n", at + 1)).collect::<String>();
        let text = format!("{names} result = a40");
        let code = Code::new(Language::from_name("Java").expect("in the table"), "a", &text);
        let Value::Concat(parts) = code.value(code.len() - 1..code.len()) else { panic!("parts") };
        assert!(parts.len() <= BUDGET as usize);
    }

    #[test]
    fn names_of_the_file_read_as_what_they_are_given() {
        check("TypeScript", "const a = '/v1';\nconst b: string = a + '/x';\nconst result = b", "/v1/x");
        check("Go", "const base = \"/v1\"\nresult := base", "/v1");
        check("Python", "BASE = '/v1'\nresult = BASE + '/a'", "/v1/a");
        check("Java", "class A { static final String B = \"/b\"; String c = A.B + \"/c\"; String result = c", "/b/c");
        check("Java", "import a.B;\nstatic String C = \"/x\"; result = B.C", "<a/B#B.C>");
        check("Java", "x = x; result = x", "<#x>");
        check("Python", "f(a='/no')\nresult = a", "<#a>");
        check("C#", "var a = b\n ? c : \"/a\"\n + \"/b\"; var d\n = (\"/x\");\nresult = d", "/x");
        check("Java", "class A { String B = \"/a\"; } class C { String B = \"/c\"; } result = A.B", "/a");
        check("Java", "class C { String B = \"/c\"; } result = A.B", "<#A.B>");
    }
}
