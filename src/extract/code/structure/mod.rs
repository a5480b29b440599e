//! Types and functions of a file: where their heads and bodies are.
//!
//! Tokens come in, a list of [`Item`]s in the order of the text comes out. It is told by the shapes that languages have in common: a
//! keyword and a name, or a name with brackets in the body of a type; braces, indentation or an end word around the body.

mod finder;

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

/// More annotations and modifiers stand before no item.
const MOST_BEFORE: usize = 400;

/// Blocks lie in no more blocks than these, or nobody asks for the outermost ones.
const DEEPEST: usize = 256;

/// Items in the order of the text, and what lies in what.
pub struct Items {
    items: Vec<Item>,
    /// The furthest start of all items up to each one.
    starts: Vec<usize>,
    /// The item that was last opened before each one and that may go on behind it.
    around: Vec<Option<u32>>,
}

impl Items {
    fn new(items: Vec<Item>) -> Items {
        let mut furthest = 0;
        let mut starts = Vec::with_capacity(items.len());
        let mut around = Vec::with_capacity(items.len());
        let mut open: Vec<u32> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            furthest = furthest.max(item.start);
            starts.push(furthest);
            while open.last().is_some_and(|&last| items[last as usize].body.end <= item.start) {
                open.pop();
            }
            around.push(open.last().copied());
            open.push(index as u32);
        }
        Items { items, starts, around }
    }

    /// The items whose bodies hold a token, the innermost first.
    fn holding(&self, index: usize) -> impl Iterator<Item = &Item> {
        let last = self.starts.partition_point(|&start| start <= index).checked_sub(1).map(|last| last as u32);
        let outwards = std::iter::successors(last, |&item| self.around[item as usize]).take(DEEPEST);
        outwards.map(|item| &self.items[item as usize]).filter(move |item| item.body.contains(&index))
    }
}

impl<'t> Code<'t> {
    /// Types and functions, in the order of the text.
    pub fn items(&self) -> &[Item] {
        &self.all_items().items
    }

    fn all_items(&self) -> &Items {
        self.items.get_or_init(|| Items::new(finder::Finder::new(self).find()))
    }

    /// The innermost item of a kind whose body holds a token.
    pub fn enclosing(&self, index: usize, kind: ItemKind) -> Option<&Item> {
        self.all_items().holding(index).find(|item| item.kind == kind)
    }

    /// The items whose bodies hold a token, the innermost first.
    pub fn enclosing_all(&self, index: usize) -> impl Iterator<Item = &Item> {
        self.all_items().holding(index)
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
            "Java",
            "class A { void record(B c) { d(); } E sub() { object.f(); } }",
            &[
                "type A [void record(B c) { d(); } E sub() { object.f(); }]",
                "function record [d();]",
                "function sub [object.f();]",
            ],
        );
        check(
            "C#",
            "record A(int B);\nclass C { Task<D> E<F>(G h) => i(h); }",
            &["type A []", "type C [Task<D> E<F>(G h) => i(h);]", "function E [i(h)]"],
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
            "C++ Header",
            "A(x)\nclass B { B(int c) : d(c), e{c} { f(); } int g() const; };\nint B::g() const { return h(1); }\nint main() { if (a) { b(); } }",
            &[
                "type B [B(int c) : d(c), e{c} { f(); } int g() const;]",
                "function B [f();]",
                "function g [return h(1);]",
                "function main [if (a) { b(); }]",
            ],
        );
        check(
            "Elixir",
            "defmodule A do\n  def b(c), do: d(c)\n  defp e(f) do\n    g\n  end\nend",
            &["type A [def b(c), do: d(c)\n  defp e(f) do\n    g\n  end]", "function b [d(c)]", "function e [g]"],
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
