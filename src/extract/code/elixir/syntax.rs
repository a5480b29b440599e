//! What all frameworks of Elixir have in common: modules with their whole names, statements that call macros, values, atoms.

use std::ops::Range;
use std::sync::Arc;

use crate::extract::Output;
use crate::extract::code::Code;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::unknown;
use crate::facts::{Fact, Handler, HandlerKind, Value};
use crate::source::Location;

/// Modules lie in no more modules than these, or the outermost ones give no names.
const DEEPEST: usize = 16;
/// A line of code says no more about what follows than this many tokens.
const LONGEST_LIST: usize = 2_000;

/// `defmodule Name do … end`.
pub struct Module {
    /// With the names of the modules around.
    pub name: String,
    pub body: Range<usize>,
}

impl Module {
    /// The last part of the name.
    pub fn short(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }
}

/// A call of a macro that begins a statement: `name argument, key: value do … end`, with or without brackets.
pub struct Statement {
    pub name: usize,
    pub arguments: Vec<Range<usize>>,
    /// The token after the arguments.
    pub end: usize,
}

impl Statement {
    /// The inside of the block that belongs to it.
    pub fn block(&self, code: &Code) -> Option<Range<usize>> {
        code.is(self.end, "do").then(|| code.inside(self.end))
    }

    /// The token after it, with its block.
    pub fn after(&self, code: &Code) -> usize {
        if code.is(self.end, "do") { code.after(self.end) } else { self.end }
    }

    pub fn named(&self, code: &Code, name: &str) -> Option<Range<usize>> {
        code.named(&self.arguments, name)
    }
}

/// All modules of a file, in the order of the text.
pub fn modules(code: &Code) -> Vec<Module> {
    let mut found: Vec<Module> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for start in code.occurrences("defmodule").iter().map(|&at| at as usize) {
        while open.last().is_some_and(|&last| found[last].body.end <= start) {
            open.pop();
        }
        let from = start + 1 + usize::from(code.is(start + 1, "("));
        let mut end = from;
        while code.word(end).is_some() || code.is(end, ".") {
            end += 1;
        }
        let block = end + usize::from(code.is(end, ")"));
        let Some(name) = code.dotted(from..end).filter(|_| code.is(block, "do")) else { continue };
        let around = open.last().filter(|_| open.len() < DEEPEST).map(|&last| found[last].name.as_str());
        let name = match (around, name.strip_prefix("__MODULE__.").unwrap_or(&name)) {
            (_, name) if name.starts_with("Elixir.") => name["Elixir.".len()..].to_owned(),
            (Some(around), name) => format!("{around}.{name}"),
            (None, name) => name.to_owned(),
        };
        open.push(found.len());
        found.push(Module { name, body: code.inside(block) });
    }
    found
}

/// The innermost module around a token.
pub fn module_at(modules: &[Module], at: usize) -> Option<&Module> {
    let last = modules.partition_point(|module| module.body.start <= at);
    modules[..last].iter().rev().take(64).find(|module| module.body.contains(&at))
}

/// The statement that begins with the word at a token.
pub fn statement(code: &Code, at: usize) -> Option<Statement> {
    code.word(at)?;
    if let Some(before) = at.checked_sub(1) {
        let opens = code.is_any(before, &["do", "fn", "->", ";", "else"]);
        let continues =
            code.kind(before) == Some(TokenKind::Operator) || code.is_any(before, &["(", "[", "{", "and", "or", "not", "in"]);
        if !opens && (continues || !code.begins_line(at)) {
            return None;
        }
    }
    let adjacent = code.is(at + 1, "(") && code.tokens[at + 1].start == code.tokens[at].end;
    if adjacent {
        return Some(Statement { name: at, arguments: code.arguments(at + 1), end: code.after(at + 1) });
    }
    // `name = …`, `name: …`, `name.member`, `name |> …` call nothing.
    let is_sign = code.kind(at + 1) == Some(TokenKind::Operator) && !code.is_any(at + 1, &[":", "@", "&", "%", "-"]);
    if is_sign && !code.begins_line(at + 1) || code.is(at + 1, ":") && code.tokens[at + 1].start == code.tokens[at].end {
        return None;
    }
    let arguments = if code.begins_line(at + 1) { Vec::new() } else { code.line_arguments(at) };
    let end = arguments.last().map_or(at + 1, |last| last.end);
    Some(Statement { name: at, arguments, end })
}

/// The statements of a block, those of inner blocks left out.
pub fn statements<'c>(code: &'c Code, body: Range<usize>) -> impl Iterator<Item = Statement> + 'c {
    let mut at = body.start;
    std::iter::from_fn(move || {
        while at < body.end {
            match statement(code, at) {
                Some(found) => {
                    at = found.after(code).max(at + 1);
                    return Some(found);
                }
                None => at = code.after(at).max(at + 1),
            }
        }
        None
    })
}

/// Whether a module has a statement `use What` for which `wanted` holds: it is given the whole name and the further arguments.
pub fn uses(code: &Code, module: &Module, wanted: impl Fn(&str, &[Range<usize>]) -> bool) -> Option<Statement> {
    let inside = code.occurrences_in(module.body.clone(), "use");
    inside.iter().take(LONGEST_LIST).filter_map(|&at| statement(code, at as usize)).find(|found| {
        let Some(name) = found.arguments.first().and_then(|range| full_name(code, module, range.clone())) else { return false };
        wanted(&name, &found.arguments[1..])
    })
}

/// The whole name of a module that is written in this one.
pub fn full_name(code: &Code, module: &Module, range: Range<usize>) -> Option<String> {
    let written = code.dotted(range)?;
    if !written.starts_with(|first: char| first.is_ascii_uppercase() || first == '_') {
        return None;
    }
    Some(match written.strip_prefix("__MODULE__") {
        Some(rest) => format!("{}{rest}", module.name),
        None => code.symbol(written.strip_prefix("Elixir.").unwrap_or(&written)).trim_start_matches('#').to_owned(),
    })
}

/// True where the word at a token is an atom, or a module of Erlang: `:name`. In `do: name` a blank stands between.
pub fn is_atom_mark(code: &Code, word: usize) -> bool {
    word.checked_sub(1).is_some_and(|mark| code.is(mark, ":") && code.tokens[mark].end == code.tokens[word].start)
}

/// The name of an atom: `:name`, `:"name"`.
pub fn atom(code: &Code, range: Range<usize>) -> Option<Arc<str>> {
    if range.len() != 2 || !code.is(range.start, ":") {
        return None;
    }
    match code.word(range.start + 1) {
        Some(word) => Some(word.into()),
        None => code.literal(range.start + 1).map(|text| text.as_ref().into()),
    }
}

/// Atoms and words of a list: `[:a, :b]`, `~w(a b)a`, `:a`. None for anything else.
pub fn atoms(code: &Code, range: Range<usize>) -> Option<Vec<Arc<str>>> {
    let range = resolved(code, range);
    if range.len() == 1
        && let Some(words) = code.words(range.start)
    {
        return Some(words.into_iter().map(|word| word.value).collect());
    }
    if code.is(range.start, "[") && code.after(range.start) == range.end {
        return code.split(code.inside(range.start), ",").into_iter().map(|part| atom(code, part)).collect();
    }
    atom(code, range).map(|atom| vec![atom])
}

/// What an attribute of the module (`@name`) or a variable is given; the range itself for everything else.
pub fn resolved(code: &Code, range: Range<usize>) -> Range<usize> {
    let name = match range.len() {
        1 => code.word(range.start),
        2 if code.is(range.start, "@") => code.word(range.start + 1),
        _ => None,
    };
    name.and_then(|name| code.assigned(name, range.start)).unwrap_or(range)
}

/// What an expression stands for: texts, atoms, attributes, settings of the environment.
pub fn value(code: &Code, range: Range<usize>) -> Value {
    let range = resolved(code, range);
    if let Some(atom) = atom(code, range.clone()) {
        return Value::Literal(atom);
    }
    let is_call = code.reads(range.start, &["System", "."]) && code.is(range.start + 3, "(");
    if is_call && code.after(range.start + 3) == range.end {
        let arguments = code.arguments(range.start + 3);
        if let Some(name) = arguments.first().and_then(|name| code.literal_text(name.clone())) {
            let default = arguments.get(1).and_then(|default| code.literal_text(default.clone()));
            return Value::Env { name: name.value, default: default.map(|text| Box::new(Value::Literal(text.value))) };
        }
    }
    match code.value(range.clone()) {
        // A name that nothing is known of.
        Value::Symbol(_) => unknown(code.text_in(range)),
        value => value,
    }
}

pub fn add_handler(output: &mut Output, framework: &str, kind: HandlerKind, at: Location, name: Value) {
    output.facts.push(Fact::Handler(Handler { at, kind, framework: framework.into(), name }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;

    fn code(text: &str) -> Code<'_> {
        Code::new(Language::from_name("Elixir").expect("in the table"), "lib/a.ex", text)
    }

    #[test]
    fn modules_have_whole_names() {
        let code =
            code("defmodule A.B do\n  defmodule C do\n  end\n  defmodule __MODULE__.D do\n  end\nend\ndefmodule E do\nend");
        assert_eq!(modules(&code).iter().map(|module| module.name.as_str()).collect::<Vec<_>>(), ["A.B", "A.B.C", "A.B.D", "E"]);
    }

    #[test]
    fn statements_have_arguments_and_blocks() {
        let text =
            "get \"/a\", B, :c\nscope(\"/d\", E) do\n  f :g\nend\nx = get \"/h\", I\n|> post(\"/j\", K)\nl: 1\nm\nn.o \"/p\"";
        let code = code(text);
        let shown: Vec<String> = statements(&code, 0..code.len())
            .map(|found| {
                let arguments: Vec<&str> = found.arguments.iter().map(|range| code.text_in(range.clone())).collect();
                let block = found.block(&code).map_or("", |block| code.text_in(block));
                format!("{}({}){block}", code.text_of(found.name), arguments.join("|"))
            })
            .collect();
        assert_eq!(shown, ["get(\"/a\"|B|:c)", "scope(\"/d\"|E)f :g", "m()"]);
    }

    #[test]
    fn values_are_attributes_atoms_and_settings() {
        let text =
            "@base \"/a\"\n@list ~w(x y)a\nf(@base <> \"/b\", \"#{@base}/c\", :d, System.get_env(\"E\", \"f\"), @list, @base)";
        let code = code(text);
        let open = (0..code.len()).find(|&at| code.is(at, "(")).expect("a call");
        let arguments = code.arguments(open);
        let show = |index: usize| crate::extract::code::snapshot::show(&value(&code, arguments[index].clone()));
        assert_eq!([show(0), show(1), show(2), show(3), show(5)], ["/a/b", "/a/c", "d", "env(E or f)", "/a"]);
        assert_eq!(atoms(&code, arguments[4].clone()).map(|atoms| atoms.join(" ")).as_deref(), Some("x y"));
    }
}
