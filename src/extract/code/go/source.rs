//! The declarations of a Go file: functions with their parameters, fields of structs, and variables of the package.
//!
//! Tokens come in; what is declared on the first level comes out. Bodies of functions are stepped over.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::Code;
use super::super::tokens::TokenKind;

pub struct Source<'c, 't> {
    pub code: &'c Code<'t>,
    pub package: Option<&'t str>,
    pub functions: Vec<Function<'t>>,
    pub structs: Vec<Struct<'t>>,
    pub globals: Vec<Global<'t>>,
    /// Places in `structs`, `functions` and `globals`.
    struct_names: FxHashMap<&'t str, usize>,
    function_names: FxHashMap<String, usize>,
    global_names: FxHashMap<&'t str, usize>,
}

pub struct Function<'t> {
    pub at: usize,
    /// `name`, or `Type.name` for a method.
    pub name: String,
    pub receiver: Option<Parameter<'t>>,
    pub parameters: Vec<Parameter<'t>>,
    /// The types of what it returns.
    pub result: Range<usize>,
    pub body: Range<usize>,
}

/// A parameter, or a field of a struct. An embedded field is named for its type.
#[derive(Clone, Debug)]
pub struct Parameter<'t> {
    pub name: &'t str,
    /// The tokens of its type.
    pub of: Range<usize>,
    pub is_embedded: bool,
    /// The tag of a field.
    pub tag: Option<usize>,
}

pub struct Struct<'t> {
    pub at: usize,
    pub name: &'t str,
    pub fields: Vec<Parameter<'t>>,
}

/// A variable or constant of the package.
pub struct Global<'t> {
    pub at: usize,
    pub name: &'t str,
    /// The tokens of its type; empty where it is not written.
    pub of: Range<usize>,
    pub value: Option<Range<usize>>,
}

impl<'c, 't> Source<'c, 't> {
    pub fn new(code: &'c Code<'t>) -> Self {
        let mut source = Source {
            code,
            package: None,
            functions: Vec::new(),
            structs: Vec::new(),
            globals: Vec::new(),
            struct_names: FxHashMap::default(),
            function_names: FxHashMap::default(),
            global_names: FxHashMap::default(),
        };
        let mut at = 0;
        while at < code.len() {
            let next = match code.text_of(at) {
                "package" => {
                    source.package = source.package.or(code.word(at + 1));
                    at + 2
                }
                "func" => source.function(at),
                "type" => source.grouped(at, Self::type_line),
                "var" | "const" => source.grouped(at, Self::global_line),
                _ => code.after(at),
            };
            at = next.max(at + 1);
        }
        for (index, of) in source.structs.iter().enumerate() {
            source.struct_names.insert(of.name, index);
        }
        for (index, function) in source.functions.iter().enumerate() {
            source.function_names.insert(function.name.clone(), index);
        }
        for (index, global) in source.globals.iter().enumerate() {
            source.global_names.insert(global.name, index);
        }
        source
    }

    pub fn function_named(&self, name: &str) -> Option<&Function<'t>> {
        self.function_names.get(name).map(|&index| &self.functions[index])
    }

    pub fn function_place(&self, name: &str) -> Option<usize> {
        self.function_names.get(name).copied()
    }

    pub fn struct_named(&self, name: &str) -> Option<&Struct<'t>> {
        self.struct_names.get(name).map(|&index| &self.structs[index])
    }

    pub fn global_named(&self, name: &str) -> Option<&Global<'t>> {
        self.global_names.get(name).map(|&index| &self.globals[index])
    }

    /// The function whose head or body holds a token, by its place.
    pub fn function_at(&self, at: usize) -> Option<u32> {
        let last = self.functions.partition_point(|function| function.at <= at).checked_sub(1)?;
        (at <= self.functions[last].body.end).then_some(last as u32)
    }

    /// The type of the first thing that a function returns.
    pub fn first_result(&self, function: &Function<'t>) -> Range<usize> {
        let result = function.result.clone();
        match self.code.is(result.start, "(") {
            true => {
                let all = parameters(self.code, self.code.inside(result.start));
                all.into_iter().next().map_or(result, |first| first.of)
            }
            false => result,
        }
    }

    /// The symbol of a type as far as it is a name, or a pointer to one.
    pub fn type_symbol(&self, of: Range<usize>) -> Option<Arc<str>> {
        type_symbol(self.code, of)
    }

    fn function(&mut self, at: usize) -> usize {
        let code = self.code;
        let mut name = at + 1;
        let mut receiver = None;
        if code.is(name, "(") {
            receiver = parameters(code, code.inside(name)).into_iter().next();
            name = code.after(name);
        }
        let Some(text) = code.word(name) else { return name };
        let mut open = name + 1;
        if code.is(open, "[") {
            open = code.after(open);
        }
        if !code.is(open, "(") {
            return open;
        }
        let (result, body) = signature(code, open);
        let of = receiver.as_ref().and_then(|receiver| type_name(code, receiver.of.clone()));
        let name = of.map_or(text.to_owned(), |of| format!("{of}.{text}"));
        let end = body.end + 1;
        self.functions.push(Function { at, name, receiver, parameters: parameters(code, code.inside(open)), result, body });
        end
    }

    /// What follows a keyword: one line, or lines in brackets.
    fn grouped(&mut self, at: usize, read: fn(&mut Self, usize, usize) -> usize) -> usize {
        if !self.code.is(at + 1, "(") {
            return read(self, at + 1, self.code.len());
        }
        let inside = self.code.inside(at + 1);
        let mut line = inside.start;
        while line < inside.end {
            line = read(self, line, inside.end).max(line + 1);
        }
        inside.end + 1
    }

    /// `Name struct { … }`.
    fn type_line(&mut self, at: usize, end: usize) -> usize {
        let code = self.code;
        let Some(name) = code.word(at) else { return at + 1 };
        let mut of = at + 1;
        // Type parameters.
        if code.is(of, "[") {
            of = code.after(of);
        }
        if code.reads(of, &["struct", "{"]) {
            self.structs.push(Struct { at, name, fields: fields(code, of + 1) });
        }
        line_end(code, at, end)
    }

    /// `a, b Type = x, y`.
    fn global_line(&mut self, at: usize, end: usize) -> usize {
        let code = self.code;
        let next = line_end(code, at, end);
        let mut equals = at;
        while equals < next && !code.is(equals, "=") {
            equals = code.after(equals);
        }
        let mut names = Vec::new();
        let mut of = at;
        while code.word(of).is_some() {
            names.push(of);
            of += 1;
            if !code.is(of, ",") {
                break;
            }
            of += 1;
        }
        let values = code.split((equals + 1).min(next)..next, ",");
        for (index, name) in names.into_iter().enumerate() {
            let value = values.get(index).cloned();
            self.globals.push(Global { at: name, name: code.text_of(name), of: of..equals.min(next).max(of), value });
        }
        next
    }
}

/// The types of what a function returns, and its body, by the bracket before its parameters.
pub fn signature(code: &Code, open: usize) -> (Range<usize>, Range<usize>) {
    let from = code.after(open);
    let mut at = from;
    while at < code.len() {
        let is_type = code.is_any(at.wrapping_sub(1), &["interface", "struct"]);
        if code.is(at, "{") && !is_type {
            return (from..at, code.inside(at));
        }
        let ends = code.begins_line(at) && !code.is_any(at.wrapping_sub(1), &["func", ".", ","]);
        if at > from && ends || code.kind(at) == Some(TokenKind::Close) || code.is_any(at, &[",", ";"]) {
            break;
        }
        at = code.after(at);
    }
    (from..at, at..at)
}

/// Parameters between brackets. Several names may have one type: `a, b string`.
pub fn parameters<'t>(code: &Code<'t>, inside: Range<usize>) -> Vec<Parameter<'t>> {
    let parts = code.split(inside, ",");
    let has_names = parts.iter().any(|part| part.len() > 1 && code.word(part.start).is_some() && is_type(code, part.start + 1));
    let mut found: Vec<Parameter> = Vec::with_capacity(parts.len());
    let mut of = 0..0;
    for part in parts.into_iter().rev() {
        let name = match has_names {
            true => {
                if part.len() > 1 {
                    of = part.start + 1..part.end;
                }
                code.text_of(part.start)
            }
            false => {
                of = part;
                "_"
            }
        };
        found.push(Parameter { name, of: of.clone(), is_embedded: false, tag: None });
    }
    found.reverse();
    found
}

/// True where a type may begin after a name.
fn is_type(code: &Code, at: usize) -> bool {
    code.word(at).is_some() || code.is_any(at, &["*", "[", "...", "(", "<-"])
}

/// The fields of a struct.
fn fields<'t>(code: &Code<'t>, open: usize) -> Vec<Parameter<'t>> {
    let inside = code.inside(open);
    let mut found = Vec::new();
    let mut at = inside.start;
    while at < inside.end {
        let next = line_end(code, at, inside.end).max(at + 1);
        let end = if code.is(next - 1, ";") { next - 1 } else { next };
        let tag = (end > at + 1 && code.kind(end - 1) == Some(TokenKind::Literal)).then_some(end - 1);
        let of_end = tag.unwrap_or(end);
        let mut names = vec![];
        let mut of = at;
        while code.word(of).is_some() && of < of_end {
            names.push(code.text_of(of));
            of += 1;
            if !code.is(of, ",") {
                break;
            }
            of += 1;
        }
        if code.word(at).is_none() || of >= of_end || code.is(of, ".") {
            // Embedded: `*gorm.DB`, `sync.Mutex`.
            if let Some(name) = type_name(code, at..of_end) {
                found.push(Parameter { name, of: at..of_end, is_embedded: true, tag });
            }
        } else {
            found.extend(names.into_iter().map(|name| Parameter { name, of: of..of_end, is_embedded: false, tag }));
        }
        at = next;
    }
    found
}

/// Where the line of a declaration ends; brackets and operators carry it on.
fn line_end(code: &Code, from: usize, end: usize) -> usize {
    let mut at = code.after(from);
    while at < end {
        let goes_on = code.is_any(at - 1, &[",", ".", "+", "=", "|", "||", "&&", "*", "-", "/"]);
        if code.is(at, ";") {
            return at + 1;
        }
        if code.begins_line(at) && !goes_on {
            break;
        }
        at = code.after(at);
    }
    at.min(end)
}

/// The last name of a type: of `*pkg.Name[T]` it is `Name`.
pub fn type_name<'t>(code: &Code<'t>, of: Range<usize>) -> Option<&'t str> {
    let mut name = None;
    for at in of {
        match code.word(at) {
            Some(word) => name = Some(word),
            None if code.is(at, "[") && name.is_some() => break,
            None if code.is_any(at, &["*", "."]) => {}
            None => return None,
        }
    }
    name
}

fn type_symbol(code: &Code, of: Range<usize>) -> Option<Arc<str>> {
    let start = of.start + usize::from(code.is(of.start, "*"));
    let end = (start..of.end).find(|&at| code.is_any(at, &["[", "{"])).unwrap_or(of.end);
    let name = code.dotted(start..end)?;
    (!name.is_empty()).then(|| code.symbol(&name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;

    #[test]
    fn declarations_are_found() {
        let text = "package a\ntype (\n S struct {\n  *gin.Engine\n  x, y map[string]int `json:\"x\"`\n  r *mux.Router\n }\n T int\n)\n\
                    func (s *S) list(a, b string, c ...int) (map[string]interface{}, error) {\n d()\n}\nvar e, f = 1, g(\"x\")\n\
                    func h(int, *pkg.T[int]) { i() }";
        let code = Code::new(Language::from_name("Go").expect("in the table"), "a.go", text);
        let source = Source::new(&code);
        let shown: Vec<String> = source.structs[0]
            .fields
            .iter()
            .map(|field| format!("{} {} {}", field.name, code.text_in(field.of.clone()), field.is_embedded))
            .collect();
        assert_eq!(shown, ["Engine *gin.Engine true", "x map[string]int false", "y map[string]int false", "r *mux.Router false"]);
        let shown: Vec<String> = source
            .functions
            .iter()
            .map(|function| {
                let parameters = function.parameters.iter().map(|one| format!("{} {}", one.name, code.text_in(one.of.clone())));
                let parameters = parameters.collect::<Vec<_>>().join(", ");
                format!("{}({parameters}) {}", function.name, code.text_in(function.body.clone()))
            })
            .collect();
        assert_eq!(shown, ["S.list(a string, b string, c ...int) d()", "h(_ int, _ *pkg.T[int]) i()"]);
        let shown: Vec<&str> =
            source.globals.iter().map(|global| global.value.clone().map_or("", |value| code.text_in(value))).collect();
        assert_eq!(shown, ["1", "g(\"x\")"]);
    }
}
