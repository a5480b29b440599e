//! What readers of C# share: heads of types, attributes, members, and values as C# writes them.
//!
//! Tokens come in; what stands where comes out. Nothing here knows a framework.

use std::ops::Range;
use std::sync::Arc;

use crate::extract::Output;
use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::tokens::TokenKind;
use crate::facts::{Entity, Fact, Handler, HandlerKind, Value};
use crate::source::Location;

/// A head of more tokens than this is none that a person wrote.
const LONGEST_HEAD: usize = 300;

/// A type of a file.
pub struct Type<'c, 't> {
    pub item: &'c Item,
    /// Where it stands among the items of the file.
    pub index: usize,
    pub name: &'t str,
    /// With the types around it: `Routes.Orders`.
    pub path: String,
    pub bases: Vec<Base<'t>>,
    /// Names of its type parameters.
    pub parameters: Vec<&'t str>,
}

/// A type that another one extends or implements.
pub struct Base<'t> {
    /// The last part of its name.
    pub name: &'t str,
    /// The whole name with dots.
    pub path: String,
    pub at: Range<usize>,
    /// The names of its type arguments, each with its own arguments left out: of `IConsumer<Batch<A>>` it is `Batch`.
    pub arguments: Vec<Range<usize>>,
}

/// `Name(arguments)` of an attribute, or of one of several in the same brackets.
pub struct Attribute<'t> {
    /// Without the ending `Attribute`.
    pub name: &'t str,
    pub at: usize,
    pub arguments: Vec<Range<usize>>,
    /// Type arguments: `[FromQuery<A>]`.
    pub types: Vec<Range<usize>>,
}

impl Type<'_, '_> {
    pub fn extends(&self, name: &str) -> bool {
        self.bases.iter().any(|base| base.name == name)
    }
}

/// The types of a file, in the order of the text.
pub fn types<'c, 't>(code: &'c Code<'t>) -> Vec<Type<'c, 't>> {
    let mut found: Vec<Type> = Vec::new();
    // Those around the current one.
    let mut around: Vec<usize> = Vec::new();
    for (index, item) in code.items().iter().enumerate().filter(|(_, item)| item.kind == ItemKind::Type) {
        while around.last().is_some_and(|&outer| !found[outer].item.body.contains(&item.name)) {
            around.pop();
        }
        let name = code.text_of(item.name);
        let path = match around.last() {
            Some(&outer) => format!("{}.{name}", found[outer].path),
            None => name.to_owned(),
        };
        let (parameters, bases) = head(code, item.name + 1);
        found.push(Type { item, index, name, path, bases, parameters });
        around.push(found.len() - 1);
    }
    found
}

/// Type parameters and bases, which follow the name of a type.
fn head<'t>(code: &Code<'t>, from: usize) -> (Vec<&'t str>, Vec<Base<'t>>) {
    let mut at = from;
    let mut parameters = Vec::new();
    if code.is(at, "<") {
        let end = type_arguments_end(code, at);
        parameters =
            split_types(code, at + 1..end.saturating_sub(1)).into_iter().filter_map(|part| code.word(part.end - 1)).collect();
        at = end;
    }
    if code.is(at, "(") {
        at = code.after(at);
    }
    if !code.is(at, ":") {
        return (parameters, Vec::new());
    }
    let mut end = at + 1;
    while end < (from + LONGEST_HEAD).min(code.len()) && !code.is_any(end, &["{", ";", "where"]) {
        end = code.after(end);
    }
    let bases = split_types(code, at + 1..end).into_iter().filter_map(|part| base(code, part)).collect();
    (parameters, bases)
}

fn base<'t>(code: &Code<'t>, part: Range<usize>) -> Option<Base<'t>> {
    let mut at = part.start;
    let mut path = String::from(code.word(at)?);
    // The arguments of a part in the middle do not name the type: `EndpointBaseAsync.WithRequest<A>.WithResult<B>`.
    let mut arguments = Vec::new();
    let mut name = at;
    loop {
        at += 1;
        if code.is(at, "<") {
            let end = type_arguments_end(code, at).min(part.end);
            arguments.extend(split_types(code, at + 1..end.saturating_sub(1)));
            at = end;
        }
        if at + 1 >= part.end || !code.is_any(at, &[".", "::"]) {
            break;
        }
        at += 1;
        name = at;
        path.push('.');
        path.push_str(code.word(at)?);
    }
    Some(Base { name: code.text_of(name), path, at: part.start..at.min(part.end), arguments })
}

/// The token after the `>` that closes the `<` here.
pub fn type_arguments_end(code: &Code, from: usize) -> usize {
    let mut depth = 0;
    for at in from..(from + LONGEST_HEAD).min(code.len()) {
        match code.text_of(at) {
            "<" => depth += 1,
            ">" => depth -= 1,
            ";" | "{" | "}" => return at,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    from + 1
}

/// Parts between commas that stand in no brackets and no type arguments.
pub fn split_types(code: &Code, range: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut from, mut at, mut depth) = (range.start, range.start, 0);
    while at < range.end {
        match code.text_of(at) {
            "<" => depth += 1,
            ">" => depth -= 1,
            "," if depth <= 0 => {
                parts.push(from..at);
                from = at + 1;
            }
            _ => {}
        }
        at = code.after(at);
    }
    parts.push(from..range.end);
    parts.retain(|part| part.start < part.end);
    parts
}

/// The name of a type without its namespace and arguments: of `Models.Order<A>?` it is `Order`.
pub fn type_name<'t>(code: &Code<'t>, range: Range<usize>) -> &'t str {
    let mut at = range.start;
    while code.is_any(at + 1, &[".", "::"]) && at + 2 < range.end {
        at += 2;
    }
    code.word(at).unwrap_or("")
}

/// The type arguments of a call: of `Add<A, B>(` they are `A` and `B`.
pub fn call_types(code: &Code, name: usize) -> Vec<Range<usize>> {
    match code.is(name + 1, "<") {
        true => split_types(code, name + 2..type_arguments_end(code, name + 1).saturating_sub(1)),
        false => Vec::new(),
    }
}

/// The attributes of an item, in the order of the text.
pub fn attributes<'t>(code: &Code<'t>, item: &Item) -> Vec<Attribute<'t>> {
    let mut found = Vec::new();
    for first in code.annotations_before(item.start) {
        found.extend(attributes_in(code, first.saturating_sub(1)));
    }
    found
}

/// The attributes in the brackets that open here.
pub fn attributes_in<'t>(code: &Code<'t>, open: usize) -> Vec<Attribute<'t>> {
    let parts = split_types(code, code.inside(open));
    parts.into_iter().filter_map(|part| attribute(code, part)).collect()
}

fn attribute<'t>(code: &Code<'t>, part: Range<usize>) -> Option<Attribute<'t>> {
    let mut at = part.start;
    // `[method: HttpGet]`.
    if code.is(at + 1, ":") && code.word(at + 2).is_some() {
        at += 2;
    }
    while code.is_any(at + 1, &[".", "::"]) && code.word(at + 2).is_some() {
        at += 2;
    }
    let name = code.word(at)?;
    let types = call_types(code, at);
    let open = if types.is_empty() { at + 1 } else { type_arguments_end(code, at + 1) };
    let arguments = if code.is(open, "(") { code.arguments(open) } else { Vec::new() };
    let name = name.strip_suffix("Attribute").filter(|short| !short.is_empty()).unwrap_or(name);
    Some(Attribute { name, at, arguments, types })
}

impl Attribute<'_> {
    /// The argument by this name, or the first that has none.
    pub fn argument(&self, code: &Code, name: &str) -> Option<Range<usize>> {
        named(code, &self.arguments, name).or_else(|| positional(code, &self.arguments).next())
    }

    pub fn named(&self, code: &Code, name: &str) -> Option<Range<usize>> {
        named(code, &self.arguments, name)
    }
}

/// The value of `name: value` or `Name = value`, whatever the case of the name.
pub fn named(code: &Code, arguments: &[Range<usize>], name: &str) -> Option<Range<usize>> {
    arguments.iter().find_map(|argument| {
        let is_name = code.word(argument.start).is_some_and(|word| word.eq_ignore_ascii_case(name));
        (is_name && code.is_any(argument.start + 1, &["=", ":"]) && argument.start + 2 < argument.end)
            .then_some(argument.start + 2..argument.end)
    })
}

/// Arguments without a name.
pub fn positional<'a>(code: &'a Code, arguments: &'a [Range<usize>]) -> impl Iterator<Item = Range<usize>> + 'a {
    let is_named = |argument: &Range<usize>| code.word(argument.start).is_some() && code.is_any(argument.start + 1, &["=", ":"]);
    arguments.iter().filter(move |argument| !is_named(argument)).cloned()
}

/// The argument by this name, or the one at this place.
pub fn argument(code: &Code, arguments: &[Range<usize>], name: &str, index: usize) -> Option<Range<usize>> {
    named(code, arguments, name).or_else(|| positional(code, arguments).nth(index))
}

/// The words before the name of a member or the keyword of a type, attributes left out: `public`, `static`, `Task`.
pub fn modifiers<'t>(code: &Code<'t>, head: usize) -> Vec<&'t str> {
    let mut found = Vec::new();
    let mut at = head;
    for _ in 0..60 {
        let Some(last) = at.checked_sub(1) else { break };
        let is_array = || {
            code.partner(last).checked_sub(1).is_some_and(|before| code.word(before).is_some() && !code.begins_line(before + 1))
        };
        match code.text_of(last) {
            "]" if code.partner(last) < last && is_array() => at = code.partner(last),
            ")" if code.partner(last) < last => at = code.partner(last),
            ";" | "{" | "}" | "]" | ")" | "#" => break,
            text => {
                if code.kind(last) == Some(TokenKind::Word) {
                    found.push(text);
                }
                at = last;
            }
        }
    }
    found
}

/// The functions right in the body of a type.
pub fn methods<'c>(code: &'c Code, of: &Type<'c, '_>) -> Vec<&'c Item> {
    let mut found = Vec::new();
    let mut inner_end = 0;
    for item in code.items().iter().skip(of.index + 1) {
        if item.start >= of.item.body.end {
            break;
        }
        if item.start < inner_end {
            continue;
        }
        match item.kind {
            ItemKind::Type => inner_end = item.body.end,
            ItemKind::Function if of.item.body.contains(&item.name) => found.push(item),
            ItemKind::Function => {}
        }
    }
    found
}

/// Public properties of a type that keep a value, and the components of a record.
pub fn properties<'t>(code: &Code<'t>, of: &Type<'_, 't>) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    if code.is(of.item.start, "record")
        && let Some(open) = of.item.parameters
    {
        let names = code.arguments(open).into_iter().filter_map(|part| parameter_name(code, part));
        found.extend(names.map(Arc::from));
    }
    let mut at = of.item.body.start;
    while at < of.item.body.end {
        let is_property = code.is(at, "{")
            && code.is_any(at + 1, &["get", "set", "init", "private", "protected", "internal", "["])
            && at.checked_sub(1).is_some_and(|name| code.word(name).is_some());
        if is_property && keeps_value(code, at) {
            let modifiers = modifiers(code, at - 1);
            if modifiers.contains(&"public") && !modifiers.contains(&"static") {
                found.push(code.text_of(at - 1).into());
            }
        }
        at = code.after(at);
    }
    found
}

/// `{ get; set; }`: one that only computes has a body after `get`.
fn keeps_value(code: &Code, open: usize) -> bool {
    let inside = code.inside(open);
    let computes = inside.clone().any(|at| code.is(at, "get") && code.is_any(at + 1, &["=>", "{"]));
    let sets = inside.clone().any(|at| code.is_any(at, &["set", "init"]));
    inside.clone().any(|at| code.is(at, "get")) && (!computes || sets)
}

/// The name of a parameter: the last word before its default.
pub fn parameter_name<'t>(code: &Code<'t>, part: Range<usize>) -> Option<&'t str> {
    let end = part.clone().find(|&at| code.is(at, "=")).unwrap_or(part.end);
    code.word(end.checked_sub(1).filter(|&at| at >= part.start)?)
}

/// `T` and `TMessage`.
pub fn is_type_parameter(name: &str) -> bool {
    name.strip_prefix('T').is_some_and(|rest| rest.chars().next().is_none_or(char::is_uppercase))
}

/// The item whose name is this token.
pub fn item_named<'c>(code: &'c Code, name: usize) -> Option<&'c Item> {
    let items = code.items();
    let index = items.partition_point(|item| item.start <= name).checked_sub(1)?;
    items[..=index].iter().rev().take(4).find(|item| item.name == name)
}

/// True for a member called as its type is.
pub fn is_constructor(code: &Code, item: &Item) -> bool {
    code.type_around(item.name) == Some(code.text_of(item.name))
}

/// Where the type begins that stands right before a name: `A.B<C>? name`. None where no type does.
pub fn type_before(code: &Code, name: usize) -> Option<usize> {
    let mut at = name.checked_sub(1)?;
    if code.is(at, "?") {
        at = at.checked_sub(1)?;
    }
    if code.is(at, ">") {
        let mut depth = 0;
        let last = at;
        loop {
            depth += i32::from(code.is(at, ">")) - i32::from(code.is(at, "<"));
            at = at.checked_sub(1)?;
            if depth == 0 {
                break;
            }
            if last - at > 40 {
                return None;
            }
        }
    }
    const NO_TYPES: [&str; 16] = [
        "return", "new", "await", "throw", "in", "is", "as", "else", "case", "var", "out", "ref", "params", "yield", "using",
        "not",
    ];
    code.word(at).filter(|word| !NO_TYPES.contains(word))?;
    while at >= 2 && code.is_any(at - 1, &[".", "::"]) && code.word(at - 2).is_some() {
        at -= 2;
    }
    Some(at)
}

/// A name of another file, or of this one: a type is looked for in the file that is called as it is.
pub fn type_symbol(code: &Code, name: &str, own: &[Type]) -> Arc<str> {
    match own.iter().any(|of| of.name == name) {
        true => format!("#{name}").into(),
        false => code.imports().get(name).cloned().unwrap_or_else(|| format!("{name}#{name}").into()),
    }
}

/// States an operation that is not HTTP.
pub fn handle(output: &mut Output, framework: &str, kind: HandlerKind, at: Location, name: Value) {
    output.facts.push(Fact::Handler(Handler { at, kind, framework: framework.into(), name }));
}

/// States a persistent type.
pub fn persist(output: &mut Output, library: &str, at: Location, name: &str, table: Option<Value>, fields: Vec<Arc<str>>) {
    output.facts.push(Fact::Persistent(Entity { at, name: name.into(), library: library.into(), table, fields }));
}

/// The properties of a type of this file; none for one of another file.
pub fn fields(code: &Code, types: &[Type], name: &str) -> Vec<Arc<str>> {
    types.iter().find(|of| of.name == name).map_or(Vec::new(), |of| properties(code, of))
}
