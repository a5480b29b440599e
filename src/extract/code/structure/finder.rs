//! Finds the heads and bodies of types and functions, token by token.

use std::ops::Range;

use super::{Item, ItemKind};
use crate::extract::code::Code;
use crate::extract::code::tokens::TokenKind;

const TYPES: [&str; 13] = [
    "class",
    "interface",
    "struct",
    "enum",
    "record",
    "object",
    "trait",
    "impl",
    "module",
    "defmodule",
    "protocol",
    "extension",
    "union",
];
/// In C# other words are names: `object` is a type, and `module` may be a variable.
const TYPES_OF_JAVA: [&str; 4] = ["class", "interface", "enum", "record"];
const TYPES_OF_KOTLIN: [&str; 3] = ["class", "interface", "object"];
const TYPES_OF_C_SHARP: [&str; 5] = ["class", "interface", "struct", "enum", "record"];
/// Words after `record` where it is a variable, and after `class` where it is a constraint.
const OPERATORS_OF_C_SHARP: [&str; 9] = ["where", "in", "is", "as", "with", "when", "and", "or", "switch"];
/// What stands before no name of a method.
const NO_HEADS_OF_C_SHARP: [&str; 12] = ["(", ",", ":", "=>", "return", "await", "!", "&&", "||", "??", "+", "-"];
const FUNCTIONS: [&str; 8] = ["fn", "func", "fun", "function", "def", "defp", "defmacro", "sub"];
/// Words before brackets that are no names of methods.
const STATEMENTS: [&str; 14] = [
    "if",
    "for",
    "while",
    "switch",
    "catch",
    "return",
    "new",
    "throw",
    "using",
    "lock",
    "super",
    "synchronized",
    "foreach",
    "when",
];

/// What a declaration of Kotlin begins with.
const DECLARATIONS: [&str; 25] = [
    "@",
    "class",
    "interface",
    "object",
    "fun",
    "val",
    "var",
    "typealias",
    "enum",
    "data",
    "sealed",
    "abstract",
    "open",
    "override",
    "private",
    "protected",
    "public",
    "internal",
    "suspend",
    "inline",
    "lateinit",
    "companion",
    "const",
    "init",
    "import",
];

pub(super) struct Finder<'c, 't> {
    code: &'c Code<'t>,
    items: Vec<Item>,
}

impl<'c, 't> Finder<'c, 't> {
    pub fn new(code: &'c Code<'t>) -> Self {
        Finder { code, items: Vec::new() }
    }

    pub fn find(mut self) -> Vec<Item> {
        let code = self.code;
        // Ends of the bodies of types around the current token, and whether their members are told by keywords alone.
        let mut types: Vec<Range<usize>> = Vec::new();
        let (types_of, functions_of): (&[&str], &[&str]) = match code.language.name() {
            "C#" => (&TYPES_OF_C_SHARP, &[]),
            "Java" => (&TYPES_OF_JAVA, &[]),
            "Kotlin" => (&TYPES_OF_KOTLIN, &["fun"]),
            _ => (&TYPES, &FUNCTIONS),
        };
        for at in 0..code.len() {
            while types.last().is_some_and(|body| at >= body.end) {
                types.pop();
            }
            let item = match code.kind(at) {
                Some(TokenKind::Word | TokenKind::Open) if code.is_any(at, types_of) => {
                    // `record` is a method's name, too.
                    self.type_at(at).or_else(|| self.method_at(at, &types))
                }
                Some(TokenKind::Word | TokenKind::Open) if code.is_any(at, functions_of) => self.function_at(at),
                Some(TokenKind::Word) => {
                    self.method_at(at, &types).or_else(|| self.definition_at(at)).or_else(|| self.arrow_at(at))
                }
                _ => None,
            };
            if let Some(item) = item {
                if item.kind == ItemKind::Type && !item.body.is_empty() {
                    types.push(item.body.clone());
                }
                self.items.push(item);
            }
        }
        self.items
    }

    fn indents(&self) -> bool {
        self.code.language.name() == "Python"
    }

    fn type_at(&self, start: usize) -> Option<Item> {
        let code = self.code;
        // `.class`, `X::class`, `class:` and names that read like keywords.
        if start.checked_sub(1).is_some_and(|before| code.is_any(before, &[".", "::", "?.", "->", "$"])) {
            return None;
        }
        let mut name = start + 1;
        if code.is_any(name, &["class", "struct"]) {
            name += 1;
        }
        if code.is(start, "impl") {
            name = self.implemented(name)?;
        }
        code.word(name)?;
        if code.language.name() == "C#" && code.is_any(name, &OPERATORS_OF_C_SHARP) {
            return None;
        }
        // `Outer::Inner`, `Shop.Orders`: the last part is the name.
        while code.is_any(name + 1, &["::", "."]) && code.word(name + 2).is_some() && !code.is(start, "impl") {
            name += 2;
        }
        let body = match code.kind(start) {
            Some(TokenKind::Open) => name + 1..code.partner(start),
            _ if self.indents() => self.indented(start, name),
            // A type of Kotlin and a record may have no body.
            _ if code.language.name() == "Kotlin" || code.is(start, "record") && code.is(name + 1, "(") => {
                self.block(name + 1).unwrap_or(name + 1..name + 1)
            }
            _ => self.block(name + 1)?,
        };
        let parameters = code.is(name + 1, "(").then_some(name + 1);
        Some(Item { kind: ItemKind::Type, start, name, parameters, body })
    }

    /// The type that a Rust `impl` is for.
    fn implemented(&self, from: usize) -> Option<usize> {
        let code = self.code;
        let mut last = None;
        let mut depth = 0;
        for at in from..(from + 64).min(code.len()) {
            match code.text_of(at) {
                "{" | "where" | ";" => break,
                "<" => depth += 1,
                ">" => depth -= 1,
                "for" if depth == 0 => last = None,
                _ if depth == 0 && code.word(at).is_some() => last = Some(at),
                _ => {}
            }
        }
        last
    }

    fn function_at(&self, start: usize) -> Option<Item> {
        let code = self.code;
        if start.checked_sub(1).is_some_and(|before| code.is_any(before, &[".", "::", "?.", "->"])) {
            return None;
        }
        let mut name = start + 1;
        // A receiver (`func (o *Orders) list`), a generator (`function* all`), type parameters (`fun <T> all`).
        if code.is(start, "func") && code.is(name, "(") {
            name = code.after(name);
        }
        name += usize::from(code.is(name, "*"));
        name = self.after_type_arguments(name)?;
        // `self.name` of Ruby, `Type.name` of Kotlin.
        while code.word(name).is_some() && code.is(name + 1, ".") && code.word(name + 2).is_some() {
            name += 2;
        }
        if code.word(name).is_none() {
            // `name = function (…) {`, `name: function (…) {`.
            let at = start.checked_sub(2 + usize::from(code.is(start.checked_sub(1)?, "async")))?;
            let is_named = code.word(at).is_some() && code.is_any(at + 1, &["=", ":"]) && code.is(name, "(");
            let body = self.block(code.after(name))?;
            return is_named.then_some(Item { kind: ItemKind::Function, start: at, name: at, parameters: Some(name), body });
        }
        let mut open = self.after_type_arguments(name + 1)?;
        if code.is(open, "[") && code.language.name() == "Go" {
            open = code.after(open);
        }
        let parameters = code.is(open, "(").then_some(open);
        let after = parameters.map_or(open, |open| code.after(open));
        let body = match code.kind(start) {
            // `def … end` of Ruby.
            Some(TokenKind::Open) => after..code.partner(start),
            _ if self.indents() => self.indented(start, after.saturating_sub(1)),
            _ => self.block(after).unwrap_or(after..after),
        };
        Some(Item { kind: ItemKind::Function, start, name, parameters, body })
    }

    /// A method without a keyword, right in the body of a type: `void list(…) {`.
    fn method_at(&self, name: usize, types: &[Range<usize>]) -> Option<Item> {
        let code = self.code;
        let body = types.last()?;
        if !matches!(
            code.language.name(),
            "Java" | "C#" | "TypeScript" | "TSX" | "JavaScript" | "JSX" | "Groovy" | "Dart" | "C++"
        ) {
            return None;
        }
        let open = self.after_type_arguments(name + 1)?;
        if !code.is(open, "(") || code.is_any(name, &STATEMENTS) || self.is_nested(name, body) {
            return None;
        }
        if name.checked_sub(1).is_some_and(|before| code.is_any(before, &[".", "?.", "@", "=", "new", "::", "->", "["])) {
            return None;
        }
        // Attributes, arguments and initialisers of constructors are calls.
        if code.language.name() == "C#" && name.checked_sub(1).is_some_and(|before| code.is_any(before, &NO_HEADS_OF_C_SHARP)) {
            return None;
        }
        let after = code.after(open);
        let inner = self.block(after).unwrap_or(after..after);
        Some(Item { kind: ItemKind::Function, start: name, name, parameters: Some(open), body: inner })
    }

    /// A function of C++, with its body: `int run(int a) {`, `Type::Type(int a) : b(a) {`.
    fn definition_at(&self, name: usize) -> Option<Item> {
        let code = self.code;
        let open = name + 1;
        let is_read = code.is(open, "(") && matches!(code.language.name(), "C++" | "C++ Header" | "C Header");
        if !is_read || code.is_any(name, &STATEMENTS) || self.is_nested(name, &(0..code.len())) {
            return None;
        }
        if name
            .checked_sub(1)
            .is_some_and(|before| code.is_any(before, &[".", "->", "=", "(", ",", "return", "new", "!", "define"]))
        {
            return None;
        }
        let mut at = code.after(open);
        while code.is_any(at, &["const", "noexcept", "override", "final", "volatile", "try"]) {
            at += 1;
        }
        if code.is(at, "->") {
            at = (at..(at + 16).min(code.len())).find(|&at| code.is_any(at, &["{", ";", "}", ")"]))?;
        } else if code.is(at, ":") {
            at = self.after_initialisers(at + 1)?;
        }
        let body = code.is(at, "{").then(|| code.inside(at))?;
        Some(Item { kind: ItemKind::Function, start: name, name, parameters: Some(open), body })
    }

    /// The token after `name(value), name{value}`.
    fn after_initialisers(&self, from: usize) -> Option<usize> {
        let code = self.code;
        let mut at = from;
        for _ in 0..64 {
            while code.word(at).is_some() || code.is(at, "::") {
                at += 1;
            }
            at = self.after_type_arguments(at)?;
            if !code.is_any(at, &["(", "{"]) {
                return None;
            }
            at = code.after(at);
            if !code.is(at, ",") {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    /// The token after `<…>` here, or this one where none begins; None where they do not close.
    fn after_type_arguments(&self, from: usize) -> Option<usize> {
        let code = self.code;
        let mut depth = 0;
        for at in from..(from + 60).min(code.len()) {
            match code.text_of(at) {
                _ if depth == 0 && !code.is(at, "<") => return Some(at),
                "<" => depth += 1,
                ">" => depth -= 1,
                ";" | "{" | "}" | "(" | ")" => return None,
                _ => {}
            }
            if depth == 0 {
                return Some(at + 1);
            }
        }
        None
    }

    /// True for a token inside of a bracket of the body.
    fn is_nested(&self, index: usize, body: &Range<usize>) -> bool {
        // The innermost item so far whose body holds the token is a function, or an initialiser.
        self.items.iter().rev().take(64).any(|item| item.kind == ItemKind::Function && item.body.contains(&index))
            || body.start > index
    }

    /// `name = (…) => …`, `name: async (…) => {`.
    fn arrow_at(&self, name: usize) -> Option<Item> {
        let code = self.code;
        if !matches!(code.language.name(), "TypeScript" | "TSX" | "JavaScript" | "JSX" | "Vue" | "Svelte") {
            return None;
        }
        let mut equals = name + 1;
        if code.is(equals, ":") && !code.is_any(equals + 1, &["(", "async"]) {
            // A type, as far as it is a few words.
            equals = (equals..(equals + 12).min(code.len())).find(|&at| code.is_any(at, &["=", ";", ",", "{"]))?;
        }
        if !code.is_any(equals, &["=", ":"]) {
            return None;
        }
        let mut open = equals + 1;
        open += usize::from(code.is(open, "async"));
        let (parameters, mut after) = match code.is(open, "(") {
            true => (Some(open), code.after(open)),
            false => (None, open + usize::from(code.word(open).is_some())),
        };
        if code.is(after, ":") {
            after = (after..(after + 16).min(code.len())).find(|&at| code.is_any(at, &["=>", ";", "{"]))?;
        }
        if !code.is(after, "=>") {
            return None;
        }
        let body = match code.is(after + 1, "{") {
            true => code.inside(after + 1),
            false => after + 1..self.expression_end(after + 1),
        };
        Some(Item { kind: ItemKind::Function, start: name, name, parameters, body })
    }

    fn expression_end(&self, from: usize) -> usize {
        let code = self.code;
        let mut at = from;
        while at < code.len() && !code.is_any(at, &[";", ","]) && code.kind(at) != Some(TokenKind::Close) {
            at = code.after(at);
        }
        at
    }

    /// The inside of the braces that follow a head; none where the head ends without.
    fn block(&self, from: usize) -> Option<Range<usize>> {
        let code = self.code;
        let mut at = from;
        for _ in 0..120 {
            match code.text_of(at) {
                "{" if code.kind(at) == Some(TokenKind::Open) => {
                    // `interface{}` and `struct{}` of Go are types.
                    let is_type = at.checked_sub(1).is_some_and(|before| code.is_any(before, &["interface", "struct"]));
                    if !is_type || code.language.name() != "Go" {
                        return Some(code.inside(at));
                    }
                }
                "do" if code.kind(at) == Some(TokenKind::Open) => return Some(code.inside(at)),
                // `def name(argument), do: value` of Elixir.
                "do" if code.is(at + 1, ":") => return Some(at + 2..self.statement_end(at + 2)),
                ";" | "}" | "" => return None,
                // What has no body ends where the next declaration begins.
                _ if self.begins_declaration(at) => return None,
                "=" if matches!(code.language.name(), "Kotlin" | "Scala") => {
                    return Some(at + 1..self.statement_end(at + 1));
                }
                // A head inside of brackets ends with them.
                _ if code.kind(at) == Some(TokenKind::Close) => return None,
                "=>" if code.language.name() == "C#" => return Some(at + 1..self.expression_end(at + 1)),
                _ => {}
            }
            at = code.after(at);
        }
        None
    }

    /// True where a line of Kotlin begins with a word that only a declaration begins with.
    fn begins_declaration(&self, at: usize) -> bool {
        let code = self.code;
        code.language.name() == "Kotlin"
            && code.begins_line(at)
            && code.is_any(at, &DECLARATIONS)
            && !at.checked_sub(1).is_some_and(|before| code.is_any(before, &[",", ":", "."]))
            && !self.begins_constructor(at)
    }

    /// `@Inject private constructor(…)` on a line of its own goes on with the head of its class.
    fn begins_constructor(&self, from: usize) -> bool {
        let code = self.code;
        let mut at = from;
        for _ in 0..16 {
            at = match code.text_of(at) {
                "constructor" => return true,
                "@" => at + 2,
                "." => at + 2,
                "(" => code.after(at),
                "private" | "protected" | "public" | "internal" => at + 1,
                _ => return false,
            };
        }
        false
    }

    /// The end of an expression that ends with its line.
    fn statement_end(&self, from: usize) -> usize {
        let code = self.code;
        let mut at = from;
        while at < code.len() {
            let goes_on = at == from
                || code.kind(at - 1) == Some(TokenKind::Operator)
                || code.is_any(at, &[".", "?.", "?:", "+", "||", "&&", "|>", "<>"]);
            if code.begins_line(at) && !goes_on || code.kind(at) == Some(TokenKind::Close) || code.is(at, ";") {
                break;
            }
            at = code.after(at);
        }
        at
    }

    /// The indented block after the colon that ends a head.
    fn indented(&self, start: usize, from: usize) -> Range<usize> {
        let code = self.code;
        let mut at = from;
        while at < code.len() && !code.is(at, ":") {
            at = code.after(at);
        }
        // Decorators stand at the head's own indentation, and `async def` begins with another word.
        let first = (0..=start).rev().find(|&first| code.begins_line(first)).unwrap_or(start);
        (at + 1).min(code.len())..code.indented_end(first).max((at + 1).min(code.len()))
    }
}
