//! Calls: `receiver.name(arguments)`, with or without brackets.

use std::ops::Range;

use super::Code;
use super::tokens::TokenKind;

/// A chain of more members than this has no beginning that anybody looks for.
const LONGEST_CHAIN: usize = 2_000;

/// A call with brackets, by its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Where the receiver begins; the name itself where there is none.
    pub start: usize,
    pub name: usize,
    /// The bracket before the arguments.
    pub open: usize,
}

impl<'t> Code<'t> {
    /// Every call with brackets, in the order of their names; declarations of functions look the same and are among them.
    pub fn calls(&self) -> impl Iterator<Item = Call> + '_ {
        (0..self.len()).filter(|&open| self.is(open, "(")).filter_map(|open| self.call_before(open))
    }

    /// The call whose arguments begin at the bracket `open`.
    pub fn call_before(&self, open: usize) -> Option<Call> {
        let name = self.before_generics(open)?;
        self.word(name)?;
        Some(Call { start: self.chain_start(name), name, open })
    }

    /// The token before a bracket and before the type arguments that stand between: `name<A, B>(`, `name::<A>(`, `name[A](`.
    fn before_generics(&self, open: usize) -> Option<usize> {
        let last = open.checked_sub(1)?;
        if self.is(last, "]") && matches!(self.language.name(), "Go" | "Scala") {
            let name = self.partner(last).checked_sub(1)?;
            return (self.word(name).is_some()).then_some(name);
        }
        // `new Name<>(`.
        if self.is(last, "<>") {
            return last.checked_sub(1);
        }
        if !self.is(last, ">") {
            return Some(last);
        }
        let mut depth = 0;
        let from = last.saturating_sub(40);
        for at in (from..=last).rev() {
            match self.text_of(at) {
                ">" => depth += 1,
                "<" => depth -= 1,
                "," | "." | "?" | "&" | "[" | "]" | "::" | "|" => {}
                _ if self.word(at).is_some() => {}
                _ => return None,
            }
            if depth == 0 {
                let name = at.checked_sub(1)?;
                return if self.is(name, "::") { name.checked_sub(1) } else { Some(name) };
            }
        }
        None
    }

    /// The first token of the chain of members that ends at `last`: of `a.b(c).d` that of `a`.
    pub fn chain_start(&self, last: usize) -> usize {
        let mut start = last;
        for _ in 0..LONGEST_CHAIN {
            let Some(dot) = start.checked_sub(1) else { return start };
            if !self.is_any(dot, &[".", "?.", "->", "::", "!!"]) {
                return start;
            }
            let Some(mut before) = dot.checked_sub(1) else { return start };
            // `a!.b`: what may be null is said not to be.
            if before > 0 && self.is(before, "!") {
                before -= 1;
            }
            // Groups of arguments and indices, each after another.
            while matches!(self.kind(before), Some(TokenKind::Close)) {
                let open = self.partner(before);
                if open >= before {
                    return start;
                }
                let Some(next) = open.checked_sub(1) else { return open };
                let named = match self.before_generics(open) {
                    Some(name) if self.word(name).is_some() && !self.is_any(name, &["return", "await", "in", "case"]) => name,
                    _ if matches!(self.kind(next), Some(TokenKind::Close)) && !self.begins_line(open) => next,
                    _ => return open,
                };
                before = named;
            }
            match self.kind(before) {
                Some(TokenKind::Word | TokenKind::Literal | TokenKind::Number) => start = before,
                // `@router.get`: an instance variable of Ruby.
                _ => return start,
            }
            if self.language.name() == "Ruby" && start.checked_sub(1).is_some_and(|at| self.is(at, "@")) {
                return start - 1;
            }
        }
        start
    }

    /// The tokens of the receiver: what stands before the last dot; empty for a plain call.
    pub fn receiver(&self, call: Call) -> Range<usize> {
        call.start..call.name.saturating_sub(1).max(call.start)
    }

    /// The receiver as a dotted name; None where it is anything else than names. Empty for a plain call.
    pub fn receiver_name(&self, call: Call) -> Option<String> {
        self.dotted(self.receiver(call))
    }

    /// Tokens as a dotted name: `a.b`, `a::b`, `this.a`, `$this->a` all with dots.
    pub fn dotted(&self, range: Range<usize>) -> Option<String> {
        let mut name = String::new();
        for (offset, at) in range.enumerate() {
            match (offset % 2, self.word(at)) {
                (0, Some(word)) => name.push_str(word),
                (1, None) if self.is_any(at, &[".", "?.", "->", "::", "\\"]) => name.push('.'),
                _ => return None,
            }
        }
        (!name.ends_with('.')).then_some(name)
    }

    /// The arguments between brackets.
    pub fn arguments(&self, open: usize) -> Vec<Range<usize>> {
        self.split(self.inside(open), ",")
    }

    /// The arguments of a call without brackets, which end with the line: `get '/x', to: 'y'`. A line goes on after a comma, an operator,
    /// or inside of brackets; a block (`do`) ends it.
    pub fn line_arguments(&self, name: usize) -> Vec<Range<usize>> {
        let mut at = name + 1;
        while at < self.len() {
            let goes_on = at == name + 1 || self.is(at - 1, ",") || matches!(self.kind(at - 1), Some(TokenKind::Operator));
            // `do: value` is an argument.
            let opens_block = self.is(at, "do") && !self.is(at + 1, ":");
            let closes = self.is(at, ";") || self.kind(at) == Some(TokenKind::Close);
            if self.begins_line(at) && !goes_on || opens_block || closes {
                break;
            }
            at = self.after(at);
        }
        self.split(name + 1..at, ",")
    }

    /// The value of a named argument: `name = value`, `name: value`, `name => value`, `:name => value`.
    pub fn named(&self, arguments: &[Range<usize>], name: &str) -> Option<Range<usize>> {
        arguments.iter().find_map(|argument| {
            let mut at = argument.start;
            at += usize::from(self.is(at, ":"));
            let is_name = self.is(at, name) || self.literal(at).is_some_and(|text| text == name);
            (is_name && self.is_any(at + 1, &["=", ":", "=>", ":="]) && at + 2 < argument.end).then_some(at + 2..argument.end)
        })
    }

    /// The arguments that have no name.
    pub fn positional<'a>(&'a self, arguments: &'a [Range<usize>]) -> impl Iterator<Item = &'a Range<usize>> {
        arguments.iter().filter(|argument| {
            let at = argument.start + usize::from(self.is(argument.start, ":"));
            !(self.word(at).is_some() && self.is_any(at + 1, &["=", ":", "=>"]) && at + 2 < argument.end)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;

    /// Calls of a text, each as `receiver|name|argument|argument`.
    fn check(language: &str, text: &str, expected: &[&str]) {
        let code = Code::new(Language::from_name(language).expect("in the table"), "a", text);
        let shown: Vec<String> = code
            .calls()
            .map(|call| {
                let mut parts = vec![code.text_in(code.receiver(call)), code.text_of(call.name)];
                parts.extend(code.arguments(call.open).into_iter().map(|argument| code.text_in(argument)));
                parts.join("|")
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_call_has_receiver_name_and_arguments() {
        check("Java", "a.b(\"x\", c(1, 2)).d()", &["a|b|\"x\"|c(1, 2)", "|c|1|2", "a.b(\"x\", c(1, 2))|d"]);
        check("Java", "new A<>(b)", &["|A|b"]);
        check("C#", "app.MapGet<A, B<C>>(\"/x\", f)", &["app|MapGet|\"/x\"|f"]);
        check("Rust", "a::b::<C>(d)", &["a::b::|b|d"].map(|_| "a|b|d"));
        check("Go", "x := r.Methods[T](\"GET\")", &["r|Methods|\"GET\""]);
        check("PHP", "$app->get('/x', [A::class, 'b'])", &["$app|get|'/x'|[A::class, 'b']"]);
        check(
            "TypeScript",
            "new Router({ prefix: '/a' }).get('/b')",
            &["|Router|{ prefix: '/a' }", "Router({ prefix: '/a' })|get|'/b'"],
        );
        check("JavaScript", "a[0].b()\n(c || d).e()", &["a[0]|b", "(c || d)|e"]);
        check("C#", "if (!a(1)!.b()) c!.d();", &["|if|!a(1)!.b()", "|a|1", "a(1)!|b", "c!|d"]);
    }

    #[test]
    fn arguments_of_a_line_end_with_it() {
        let text = "get '/a', to: 'b#c',\n  as: :d\npost 'x' do\nend";
        let code = Code::new(Language::from_name("Ruby").expect("in the table"), "a", text);
        let shown = |name| code.line_arguments(name).into_iter().map(|argument| code.text_in(argument)).collect::<Vec<_>>();
        assert_eq!(shown(0), ["'/a'", "to: 'b#c'", "as: :d"]);
        let arguments = code.line_arguments(0);
        assert_eq!(code.named(&arguments, "to").map(|value| code.text_in(value)), Some("'b#c'"));
        assert_eq!(code.positional(&arguments).count(), 1);
        let code = Code::new(Language::from_name("Elixir").expect("in the table"), "a", "get \"/a\", do: b\nput \"/c\" do\nend");
        let shown = |name| code.line_arguments(name).into_iter().map(|argument| code.text_in(argument)).collect::<Vec<_>>();
        assert_eq!([shown(0), shown(6)], [vec!["\"/a\"", "do: b"], vec!["\"/c\""]]);
    }
}
