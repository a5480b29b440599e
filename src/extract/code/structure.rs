//! Types and functions of a file: where their heads and bodies are.
//!
//! Tokens come in, a list of [`Item`]s in the order of the text comes out. It is told by the shapes that languages have in common: a
//! keyword and a name, or a name with brackets in the body of a type; braces, indentation or an end word around the body.

use std::ops::Range;

use super::Code;
use super::tokens::TokenKind;

/// A type or function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub kind: ItemKind,
    /// The keyword, or the name where there is none.
    pub start: usize,
    pub name: usize,
    /// The bracket before the parameters; of a type, that of its primary constructor or list of bases.
    pub parameters: Option<usize>,
    /// Tokens of the body, its marks left out; empty where there is none.
    pub body: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    Type,
    Function,
}

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
const TYPES_OF_C_SHARP: [&str; 5] = ["class", "interface", "struct", "enum", "record"];
/// Words after `record` where it is a variable.
const OPERATORS_OF_C_SHARP: [&str; 8] = ["in", "is", "as", "with", "when", "and", "or", "switch"];
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
/// More annotations and modifiers stand before no item.
const MOST_BEFORE: usize = 400;

impl<'t> Code<'t> {
    /// Types and functions, in the order of the text.
    pub fn items(&self) -> &[Item] {
        self.items.get_or_init(|| Finder { code: self, items: Vec::new() }.find())
    }

    /// The innermost item of a kind whose body holds a token.
    pub fn enclosing(&self, index: usize, kind: ItemKind) -> Option<&Item> {
        self.items().iter().filter(|item| item.kind == kind && item.body.contains(&index)).min_by_key(|item| item.body.len())
    }

    /// The name of the innermost type around a token.
    pub fn type_around(&self, index: usize) -> Option<&'t str> {
        self.enclosing(index, ItemKind::Type).map(|item| self.text_of(item.name))
    }

    /// The function around a token as scopes name it: `name`, or `Type.name` for a member.
    pub fn function_around(&self, index: usize) -> Option<String> {
        self.enclosing(index, ItemKind::Function).map(|item| self.function_name(item))
    }

    /// `name`, or `Type.name` for a member.
    pub fn function_name(&self, item: &Item) -> String {
        let name = self.text_of(item.name);
        match self.type_around(item.name) {
            Some(of) => format!("{of}.{name}"),
            None => name.to_owned(),
        }
    }

    /// The parameters of a function: where each one is, in order.
    pub fn parameters(&self, item: &Item) -> Vec<Range<usize>> {
        item.parameters.map_or(Vec::new(), |open| self.arguments(open))
    }

    /// How far a line is indented: the bytes before its first token.
    pub fn indentation(&self, index: usize) -> usize {
        let Some(token) = self.tokens.get(index) else { return 0 };
        let before = &self.text.as_bytes()[..token.start as usize];
        before.iter().rev().take_while(|&&byte| byte != b'\n').count()
    }

    /// Where the indented block ends that the line at `start` opens: the first line that is indented no further.
    pub fn indented_end(&self, start: usize) -> usize {
        let indentation = self.indentation(start);
        let mut at = start;
        loop {
            at = self.after(at);
            if at >= self.len() {
                return self.len();
            }
            if self.begins_line(at) && self.kind(at) != Some(TokenKind::Close) && self.indentation(at) <= indentation {
                return at;
            }
        }
    }

    /// The first tokens of the annotations, attributes or decorators right before an item's head, with the words between
    /// (`public static`, `async`): in the order of the text. `@Get("/a")`, `[HttpGet("a")]`, `#[get("/a")]`.
    pub fn annotations_before(&self, head: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = head;
        for _ in 0..MOST_BEFORE {
            let Some(last) = at.checked_sub(1) else { break };
            let first = match self.kind(last) {
                Some(TokenKind::Close) if self.is_any(last, &[")", "]"]) => {
                    let open = self.partner(last);
                    if open >= last {
                        break;
                    }
                    match self.text_of(open) {
                        "(" => match open.checked_sub(1) {
                            Some(name) if self.word(name).is_some() => self.chain_start(name),
                            _ => break,
                        },
                        // `#[…]`, or `[…]` which begins a line or follows another.
                        _ if open.checked_sub(1).is_some_and(|hash| self.is(hash, "#")) => {
                            found.push(open + 1);
                            at = open - 1;
                            continue;
                        }
                        _ if open == 0 || self.begins_line(open) || self.is_any(open - 1, &["]", "{", "}", ";"]) => {
                            found.push(open + 1);
                            at = open;
                            continue;
                        }
                        // The type of what follows: `int[] name`.
                        _ => {
                            at = open;
                            continue;
                        }
                    }
                }
                Some(TokenKind::Word) => self.chain_start(last),
                // `List<String> name`.
                Some(TokenKind::Operator) if self.is_any(last, &[">", "<", "?", ","]) && !self.is(last, ",") => last,
                Some(TokenKind::Operator) if self.is(last, ",") && self.is_generic(last) => last,
                _ => break,
            };
            match first.checked_sub(1).filter(|&mark| self.is(mark, "@")) {
                Some(mark) => {
                    found.push(first);
                    at = mark;
                }
                None if self.is(last, ")") => break,
                None => at = first,
            }
        }
        found.reverse();
        found
    }

    /// True for a comma between type arguments.
    fn is_generic(&self, comma: usize) -> bool {
        (comma.saturating_sub(12)..comma)
            .rev()
            .find(|&at| self.is_any(at, &["<", ";", "{", "}", "("]))
            .is_some_and(|at| self.is(at, "<"))
    }
}

struct Finder<'c, 't> {
    code: &'c Code<'t>,
    items: Vec<Item>,
}

impl Finder<'_, '_> {
    fn find(mut self) -> Vec<Item> {
        let code = self.code;
        // Ends of the bodies of types around the current token, and whether their members are told by keywords alone.
        let mut types: Vec<Range<usize>> = Vec::new();
        let (types_of, functions_of): (&[&str], &[&str]) = match code.language.name() {
            "C#" => (&TYPES_OF_C_SHARP, &[]),
            _ => (&TYPES, &FUNCTIONS),
        };
        for at in 0..code.len() {
            while types.last().is_some_and(|body| at >= body.end) {
                types.pop();
            }
            let item = match code.kind(at) {
                Some(TokenKind::Word | TokenKind::Open) if code.is_any(at, types_of) => self.type_at(at),
                Some(TokenKind::Word | TokenKind::Open) if code.is_any(at, functions_of) => self.function_at(at),
                Some(TokenKind::Word) => self.method_at(at, &types).or_else(|| self.arrow_at(at)),
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
            // A type of Kotlin may have no body.
            _ if code.language.name() == "Kotlin" => self.block(name + 1).unwrap_or(name + 1..name + 1),
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
                || code.is_any(at, &[".", "?.", "?:", "+", "||", "&&"]);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;

    /// Items of a text: kind, name, and the first and last token of the body.
    #[track_caller]
    fn check(language: &str, text: &str, expected: &[&str]) {
        let code = Code::new(Language::from_name(language).expect("in the table"), "a", text);
        let show = |item: &Item| {
            let kind = if item.kind == ItemKind::Type { "type" } else { "function" };
            format!("{kind} {} [{}]", code.text_of(item.name), code.text_in(item.body.clone()))
        };
        assert_eq!(code.items().iter().map(show).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn types_and_functions_are_found_in_every_shape() {
        check(
            "Java",
            "@A class B extends C<D> { int e(F g) throws H { i(); } }",
            &["type B [int e(F g) throws H { i(); }]", "function e [i();]"],
        );
        check(
            "C#",
            "record A(int B);\nclass C { Task<D> E<F>(G h) => i(h); }",
            &["type C [Task<D> E<F>(G h) => i(h);]", "function E [i(h)]"],
        );
        check(
            "C#",
            "class A {\n [C(typeof(D), 1), E(2)]\n public object F(object g) { foreach (var record in g) { } }\n A() : base(h) { i(); } }",
            &[
                "type A [[C(typeof(D), 1), E(2)]\n public object F(object g) { foreach (var record in g) { } }\n A() : base(h) { i(); }]",
                "function F [foreach (var record in g) { }]",
                "function A [i();]",
            ],
        );
        check(
            "Kotlin",
            "object A {\n fun b() = c(d)\n fun e() { f() }\n}",
            &["type A [fun b() = c(d)\n fun e() { f() }]", "function b [c(d)]", "function e [f()]"],
        );
        check(
            "Kotlin",
            "data class A(val b: C)\n@D class E\n@F constructor(f: G) :\n  H() { fun i()\n fun j() { k() } }",
            &["type A []", "type E [fun i()\n fun j() { k() }]", "function i []", "function j [k()]"],
        );
        check("Go", "func (a *A) B(c map[string]interface{}) error {\n d()\n}\ntype E struct { f int }", &["function B [d()]"]);
        check(
            "Rust",
            "impl<A> B<A> for C<A> { async fn d(&self) -> E { f() } }",
            &["type C [async fn d(&self) -> E { f() }]", "function d [f()]"],
        );
        check(
            "Python",
            "class A(B):\n    x = 1\n    async def c(self):\n        d()\n\ndef e(): f()\ng",
            &["type A [x = 1\n    async def c(self):\n        d()]", "function c [d()]", "function e [f()]"],
        );
        check(
            "Ruby",
            "class A < B\n  def c(d)\n    e\n  end\nend",
            &["type A [< B\n  def c(d)\n    e\n  end]", "function c [e]"],
        );
        check(
            "Elixir",
            "defmodule A.B do\n  def c(d) do\n    e\n  end\nend",
            &["type B [def c(d) do\n    e\n  end]", "function c [e]"],
        );
        check(
            "TypeScript",
            "export const a = async (b: C): Promise<D> => { e() };\nclass F { g() { h(); if (x) { y(); } } }",
            &["function a [e()]", "type F [g() { h(); if (x) { y(); } }]", "function g [h(); if (x) { y(); }]"],
        );
        check(
            "JavaScript",
            "module.exports = function (app) { app.x() };\nexports.b = c => d(c);",
            &["function exports [app.x()]", "function b [d(c)]"],
        );
        check(
            "PHP",
            "class A { public function b($c) { d(); } }",
            &["type A [public function b($c) { d(); }]", "function b [d();]"],
        );
    }

    #[test]
    fn annotations_stand_before_their_item() {
        let text = "class A { @Get(\"/a\") @Secured public ResponseEntity<List<B>> c() { } \n }";
        let code = Code::new(Language::from_name("Java").expect("in the table"), "a", text);
        let item = &code.items()[1];
        let names: Vec<&str> = code.annotations_before(item.start).into_iter().map(|at| code.text_of(at)).collect();
        assert_eq!(names, ["Get", "Secured"]);
        let text = "class A {\n [HttpGet(\"a\")]\n [Authorize]\n public async Task<int> C() { } }";
        let code = Code::new(Language::from_name("C#").expect("in the table"), "a", text);
        let names: Vec<&str> = code.annotations_before(code.items()[1].start).into_iter().map(|at| code.text_of(at)).collect();
        assert_eq!(names, ["HttpGet", "Authorize"]);
    }
}
