//! Types of a file with what is written on them: annotations, bases, members.
//!
//! Code comes in, a list of [`Type`]s in the order of the text comes out, nested ones after those around them.

use std::ops::Range;
use std::sync::Arc;

use super::values;
use crate::extract::code::Code;
use crate::extract::code::structure::{Item, ItemKind};
use crate::facts::Value;

/// A head of a type is no longer than this many tokens and groups.
const LONGEST_HEAD: usize = 200;

pub struct Type<'c, 't> {
    pub name: &'t str,
    /// With the names of the types around it: `Outer.Inner`.
    pub path: String,
    pub item: &'c Item,
    pub annotations: Vec<Annotation<'t>>,
    /// Names of what it extends and implements, as written.
    pub bases: Vec<String>,
    pub form: Form,
    pub members: Vec<Member<'c, 't>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Class,
    /// Its members answer in subtypes only.
    Abstract,
    Interface,
    /// The definition of an annotation.
    Annotation,
    Enum,
}

/// A function right in the body of a type.
pub struct Member<'c, 't> {
    pub name: &'t str,
    pub item: &'c Item,
    pub annotations: Vec<Annotation<'t>>,
}

pub struct Annotation<'t> {
    /// The last part of its name.
    pub name: &'t str,
    /// The first token of its name.
    pub at: usize,
    /// The token after it.
    pub end: usize,
    pub arguments: Vec<Range<usize>>,
}

impl<'t> Type<'_, 't> {
    pub fn annotation(&self, names: &[&str]) -> Option<&Annotation<'t>> {
        find(&self.annotations, names)
    }

    /// The symbol of the type as a scope.
    pub fn scope(&self) -> Arc<str> {
        format!("#{}", self.path).into()
    }
}

impl<'t> Member<'_, 't> {
    pub fn annotation(&self, names: &[&str]) -> Option<&Annotation<'t>> {
        find(&self.annotations, names)
    }
}

fn find<'a, 't>(annotations: &'a [Annotation<'t>], names: &[&str]) -> Option<&'a Annotation<'t>> {
    annotations.iter().find(|annotation| names.contains(&annotation.name))
}

impl<'t> Annotation<'t> {
    /// The annotation whose name begins at a token.
    pub fn read(code: &Code<'t>, at: usize) -> Self {
        let mut last = at;
        // `@get:NotNull` says of what the annotation is.
        if code.is(last + 1, ":") && code.word(last + 2).is_some() {
            last += 2;
        }
        while code.is(last + 1, ".") && code.word(last + 2).is_some() {
            last += 2;
        }
        let open = last + 1;
        let called = code.is(open, "(");
        let arguments = if called { code.arguments(open) } else { Vec::new() };
        Annotation { name: code.text_of(last), at, end: if called { code.after(open) } else { open }, arguments }
    }

    /// The tokens of an attribute; of `value` those of the argument without a name, too.
    pub fn attribute(&self, code: &Code, name: &str) -> Option<Range<usize>> {
        let named = code.named(&self.arguments, name);
        named.or_else(|| code.positional(&self.arguments).next().filter(|_| name == "value").cloned())
    }

    /// What the first of some attributes lists that is given; nothing where none is.
    pub fn values(&self, code: &Code, names: &[&str]) -> Vec<Value> {
        for name in names {
            if let Some(range) = code.named(&self.arguments, name) {
                return values::list(code, range);
            }
        }
        match names.contains(&"value") {
            true => code.positional(&self.arguments).flat_map(|range| values::list(code, range.clone())).collect(),
            false => Vec::new(),
        }
    }

    /// What the first of some attributes is that is given.
    pub fn value(&self, code: &Code, names: &[&str]) -> Option<Value> {
        self.values(code, names).into_iter().next()
    }
}

/// Every type of a file.
pub fn types<'c, 't>(code: &'c Code<'t>) -> Vec<Type<'c, 't>> {
    let mut found: Vec<Type> = Vec::new();
    // Items around the current one: where their bodies end, and their places in the list when they are types.
    let mut around: Vec<(usize, Option<usize>)> = Vec::new();
    for item in code.items() {
        while around.last().is_some_and(|(end, _)| item.name >= *end) {
            around.pop();
        }
        if item.kind == ItemKind::Function {
            if let Some((_, Some(of))) = around.last() {
                let annotations = annotations_before(code, item.start);
                found[*of].members.push(Member { name: code.text_of(item.name), item, annotations });
            }
            around.push((item.body.end, None));
            continue;
        }
        let name = code.text_of(item.name);
        // A name that grows with each of a thousand levels belongs to no program.
        let outer = around.iter().rev().find_map(|(_, of)| *of).map(|of| &found[of].path).filter(|path| path.len() < 400);
        let path = outer.map_or_else(|| name.to_owned(), |outer| format!("{outer}.{name}"));
        let head = match item.start.checked_sub(1) {
            Some(mark) if code.is(mark, "@") => mark,
            _ => item.start,
        };
        let annotations = annotations_before(code, head);
        around.push((item.body.end, Some(found.len())));
        let (form, bases) = (form(code, item), bases(code, item));
        found.push(Type { name, path, item, annotations, bases, form, members: Vec::new() });
    }
    found
}

fn annotations_before<'t>(code: &Code<'t>, head: usize) -> Vec<Annotation<'t>> {
    code.annotations_before(head).into_iter().map(|at| Annotation::read(code, at)).collect()
}

/// The annotations that stand right at a place, one after another, and the token after them.
pub fn annotations_at<'t>(code: &Code<'t>, from: usize, end: usize) -> (Vec<Annotation<'t>>, usize) {
    let (mut found, mut at) = (Vec::new(), from);
    while at < end && code.is(at, "@") && code.word(at + 1).is_some_and(|word| word != "interface") {
        let annotation = Annotation::read(code, at + 1);
        at = annotation.end;
        found.push(annotation);
    }
    (found, at)
}

fn form(code: &Code, item: &Item) -> Form {
    let modified =
        |word: &str| (item.start.saturating_sub(5)..item.start).rev().map_while(|at| code.word(at)).any(|text| text == word);
    match code.text_of(item.start) {
        "interface" if item.start > 0 && code.is(item.start - 1, "@") => Form::Annotation,
        "interface" => Form::Interface,
        "enum" => Form::Enum,
        _ if modified("annotation") => Form::Annotation,
        _ if modified("enum") => Form::Enum,
        _ if modified("abstract") || modified("sealed") => Form::Abstract,
        _ => Form::Class,
    }
}

/// What stands between the name of a type and its body.
pub fn head(code: &Code, item: &Item) -> Range<usize> {
    let from = item.name + 1;
    let brace = item.body.start.saturating_sub(1);
    if brace >= from && code.is(brace, "{") {
        return from..brace;
    }
    // Without a body it ends where something else begins.
    let mut at = from;
    for _ in 0..LONGEST_HEAD {
        let goes_on = code.is_any(at, &[":", ",", "<", ">", "(", ".", "?", "@", "constructor", "by"])
            || at > from && code.is_any(at - 1, &[":", ",", "<", ".", "by", "@"])
            || code.word(at).is_some() && !code.begins_line(at);
        if at >= code.len() || !goes_on || code.is(at, "@") && code.begins_line(at) {
            break;
        }
        at = code.after(at);
    }
    from..at.min(code.len())
}

/// Names of what a type extends and implements.
fn bases(code: &Code, item: &Item) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let kotlin = code.language.name() == "Kotlin";
    let head = head(code, item);
    let (mut depth, mut listed, mut delegated) = (0_i32, false, false);
    let mut at = head.start;
    while at < head.end {
        match code.text_of(at) {
            "<" => depth += 1,
            ">" => depth -= 1,
            "extends" | "implements" if !kotlin && depth == 0 => listed = true,
            ":" if kotlin && depth == 0 => listed = true,
            "permits" if !kotlin => break,
            "where" if kotlin && depth == 0 => break,
            // `Base by implementation`.
            "by" if kotlin => delegated = true,
            "," if depth == 0 => delegated = false,
            "@" => at += 1,
            _ if listed && depth == 0 && !delegated && code.word(at).is_some() => {
                let from = at;
                while code.is(at + 1, ".") && code.word(at + 2).is_some() {
                    at += 2;
                }
                found.extend(code.dotted(from..at + 1));
            }
            _ => {}
        }
        at = code.after(at);
    }
    found
}

/// A variable or property that belongs to a type.
pub struct Field<'t> {
    pub name: &'t str,
    pub annotations: Vec<Annotation<'t>>,
    /// Words before it: `private static final`, `lateinit var`, and the type of Java.
    pub modifiers: Vec<&'t str>,
    /// What it is given where it is declared.
    pub given: Range<usize>,
}

/// The fields of a type, in their order; of Kotlin and of records those of the primary constructor, too.
pub fn fields<'t>(code: &Code<'t>, of: &Item) -> Vec<Field<'t>> {
    let kotlin = code.language.name() == "Kotlin";
    let mut found = Vec::new();
    let head = head(code, of);
    if let Some(open) = head.clone().find(|&at| code.is(at, "(") || code.is(at, ":")).filter(|&at| code.is(at, "(")) {
        // Annotations before a constructor have brackets, too.
        let open = head.clone().find(|&at| code.is(at, "constructor")).map_or(open, |at| at + 1);
        for parameter in code.arguments(open) {
            found.extend(
                field(code, parameter, kotlin)
                    .filter(|field| !kotlin || field.modifiers.contains(&"val") || field.modifiers.contains(&"var")),
            );
        }
    }
    let mut at = of.body.start;
    while at < of.body.end {
        let from = at;
        if kotlin {
            let (_, mut next) = annotations_at(code, at, of.body.end);
            while code.word(next).is_some() && !code.is_any(next, &["val", "var", "fun", "class", "object", "init", "interface"])
            {
                next += 1;
            }
            if code.is_any(next, &["val", "var"]) {
                let end = (next + 1..of.body.end).find(|&end| code.begins_line(end) || code.is(end, ";")).unwrap_or(of.body.end);
                // What is reckoned anew each time is no field.
                let reckoned = (next..end + 2).any(|at| code.is(at, "get") && code.is(at + 1, "("));
                found.extend(field(code, from..end, true).filter(|field| !reckoned || !field.given.is_empty()));
                at = next + 1;
            } else if code.is(next, "fun") {
                // A function's own variables are none of the type's.
                let item = code.items().binary_search_by_key(&next, |item| item.start).ok().map(|index| &code.items()[index]);
                at = item.map_or(next + 1, |item| item.body.end.max(next + 1));
            } else {
                at = code.after(next.max(at));
            }
            continue;
        }
        // Of Java: all up to `;`, or up to the braces of a method or type.
        let mut end = at;
        let mut braces = None;
        while end < of.body.end && !code.is(end, ";") {
            if code.is(end, "{") {
                braces = Some(end);
                let assigned = code.is_any(end.wrapping_sub(1), &["=", "]"]);
                end = code.after(end);
                if !assigned {
                    break;
                }
                continue;
            }
            end = code.after(end);
        }
        let is_method = braces.is_some() && !code.is(end, ";");
        if !is_method {
            found.extend(field(code, from..end, false));
        }
        at = end + usize::from(code.is(end, ";"));
        at = at.max(from + 1);
    }
    found
}

/// The declaration of a variable: annotations, modifiers and type, name, value.
fn field<'t>(code: &Code<'t>, range: Range<usize>, kotlin: bool) -> Option<Field<'t>> {
    let (annotations, mut at) = annotations_at(code, range.start, range.end);
    let mut modifiers = Vec::new();
    let mut depth = 0_i32;
    let mut name = None;
    while at < range.end {
        if code.is(at, "<") {
            depth += 1;
        } else if code.is(at, ">") {
            depth -= 1;
        } else if depth == 0 && code.is_any(at, &["=", ":", ";", ",", "by", "(", "{"]) {
            break;
        } else if depth == 0
            && let Some(word) = code.word(at)
        {
            modifiers.extend(name.replace(at).map(|before| code.text_of(before)));
            if matches!(word, "class" | "interface" | "enum" | "record" | "return" | "package" | "import") {
                return None;
            }
        }
        at = code.after(at);
    }
    let name = name?;
    // A method without a body, or an initialiser.
    if modifiers.is_empty() || !kotlin && code.is(at, "(") {
        return None;
    }
    let equals = (at..range.end).find(|&at| code.is(at, "="));
    let given = equals.map_or(range.end..range.end, |equals| equals + 1..range.end);
    Some(Field { name: code.text_of(name), annotations, modifiers, given })
}
