//! Predicates that rules share, and fields that a policy adds to services: named, typed expressions.

use std::sync::Arc;

use super::decode::Problems;
use super::expression::{AddedField, Definition, Environment, compile};
use super::form::{Form, Key, Map, NAME, Suggestions, TEXT, Table};
use super::library;
use super::rule::Names;
use crate::diagnostic::nearest;
use crate::document::{Node, Syntax, parse};
use crate::model::datum::Type;
use crate::model::subject::Subject;
use crate::source::Span;

/// `definitions:` of a policy, and the whole of the built-in definitions.
pub static DEFINITIONS: Map = Map {
    noun: "a mapping of names to definitions",
    keys: &NAME,
    values: Form::Table(&DEFINITION),
    suggestions: Suggestions::None,
};

static DEFINITION: Table = Table {
    noun: "a definition",
    doc: "A predicate that expressions call by its name.",
    keys: &[
        Key::required("doc", Form::Text(&TEXT), "What it says, for whoever uses it."),
        Key::optional(
            "parameters",
            Form::Map(&Map {
                noun: "a mapping of names to types",
                keys: &NAME,
                values: Form::Text(&TEXT),
                suggestions: Suggestions::None,
            }),
            "Its arguments in order, each with its type: `service: service`, `names: list(text)`.",
        ),
        Key::required(
            "value",
            Form::Expression,
            "The expression that it stands for; it may use the definitions that stand before it.",
        ),
    ],
};

/// `fields:` of a policy.
pub static FIELDS: Map =
    Map { noun: "a mapping of names to expressions", keys: &NAME, values: Form::Expression, suggestions: Suggestions::None };

/// The subject that a policy may add fields to.
const EXTENDED: &str = "service";

/// Compiles the built-in definitions.
pub fn built_in(subjects: &[Subject], problems: &mut Problems) -> Vec<Definition> {
    let tree = parse(Syntax::Yaml, library::definitions());
    let mut definitions = Vec::new();
    if let Some(root) = tree.root() {
        define(root, &mut definitions, subjects, problems);
    }
    definitions
}

/// Compiles the definitions of a mapping, each with those before it in sight, and appends them.
pub fn define(mapping: Node, definitions: &mut Vec<Definition>, subjects: &[Subject], problems: &mut Problems) {
    for (key, node) in few(mapping, "definitions", problems) {
        let Some(name) = key.scalar() else { continue };
        if definitions.iter().any(|known| *known.name == *name) {
            let help = "choose another name: what a shared predicate means must not depend on who asks".to_owned();
            problems.error(key.location(), format!("`{name}` is defined already"), Some(help));
            continue;
        }
        if let Some(definition) = definition(name, node, definitions, subjects, problems) {
            definitions.push(definition);
        }
    }
}

/// The entries of a mapping whose names are looked up one by one.
fn few<'d>(mapping: Node<'d>, what: &str, problems: &mut Problems) -> impl Iterator<Item = (Node<'d>, Node<'d>)> + use<'d> {
    const MOST: usize = 1_000;
    if mapping.len() > MOST {
        problems.error(mapping.location(), format!("more than {MOST} {what}"), None);
    }
    mapping.entries().take(MOST)
}

fn definition(name: &str, node: Node, known: &[Definition], subjects: &[Subject], problems: &mut Problems) -> Option<Definition> {
    let mut parameters = Vec::new();
    for (key, of) in node.get("parameters").into_iter().flat_map(Node::entries) {
        let written = of.text()?;
        let Some(r#type) = type_named(written, subjects) else {
            let plain = ["bool", "int", "float", "text", "place"];
            let help = match nearest(written, plain.into_iter().chain(subjects.iter().map(|subject| subject.name))) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    "one of: `bool`, `int`, `float`, `text`, `place`, `list(T)`, `map(T)`, `T or null`, or a subject".to_owned()
                }
            };
            problems.error(of.location(), format!("unknown type `{}`", written.escape_debug()), Some(help));
            return None;
        };
        parameters.push((Arc::from(key.scalar()?), r#type));
    }
    let environment =
        Environment { subjects, variables: parameters.clone(), parameters: Vec::new(), definitions: known, fields: &[] };
    let value = node.get("value")?;
    match compile(value.scalar()?, &environment, None) {
        Ok(body) => {
            let doc = node.get("doc").and_then(Node::text).unwrap_or_default().to_owned();
            Some(Definition { name: name.into(), parameters, body: Arc::new(body), doc })
        }
        Err(errors) => {
            problems.expression(value, errors);
            None
        }
    }
}

/// The type that a text names, as [`Type`] is displayed: `list(service)`, `text or null`.
fn type_named(text: &str, subjects: &[Subject]) -> Option<Type> {
    // From the outside in, so that no depth of nesting costs stack; real ones have one or two levels.
    let mut wrappers: Vec<fn(Type) -> Type> = Vec::new();
    let mut rest = text.trim();
    let inner = loop {
        if wrappers.len() > 4 {
            return None;
        }
        let inside = |name: &str| rest.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        if let Some(of) = rest.strip_suffix(" or null") {
            wrappers.push(Type::optional);
            rest = of.trim();
        } else if let Some(of) = inside("list") {
            wrappers.push(Type::list);
            rest = of.trim();
        } else if let Some(of) = inside("map") {
            wrappers.push(Type::map);
            rest = of.trim();
        } else {
            break rest;
        }
    };
    let plain = match inner {
        "bool" => Type::Bool,
        "int" => Type::Int,
        "float" => Type::Float,
        "text" => Type::Text,
        "place" => Type::Place,
        name => Type::Object(subjects.iter().find(|subject| subject.name == name)?.name),
    };
    Some(wrappers.into_iter().rev().fold(plain, |of, wrap| wrap(of)))
}

/// Compiles the fields of a mapping, each with those before it in sight, and appends them. A field that is there already is replaced,
/// a built-in one too: the policy that extends another has the last word.
pub fn add_fields(mapping: Node, fields: &mut Vec<AddedField>, names: Names, problems: &mut Problems) {
    let Some(subject) = names.subjects.iter().find(|subject| subject.name == EXTENDED) else { return };
    for (key, node) in few(mapping, "fields", problems) {
        let (Some(name), Some(text)) = (key.scalar(), node.scalar()) else { continue };
        // `annotations["example.com/tier"]` says the same as `service.annotations["example.com/tier"]`.
        let first: String = text.trim_start().chars().take_while(|each| each.is_alphanumeric() || *each == '_').collect();
        let prefix = if subject.field(&first).is_some() { format!("{EXTENDED}.") } else { String::new() };
        let environment = Environment {
            subjects: names.subjects,
            variables: vec![(EXTENDED.into(), Type::Object(subject.name))],
            parameters: Vec::new(),
            definitions: names.definitions,
            fields,
        };
        match compile(&format!("{prefix}{text}"), &environment, None) {
            // Built-in rules ask for the field by the type that it has.
            Ok(body) if subject.field(name).is_some_and(|known| known.r#type.plain() != body.r#type.plain()) => {
                let known = subject.field(name).map_or(String::new(), |known| known.r#type.to_string());
                let message = format!("`{name}` is a field of {EXTENDED} already, a {known}; this is a {}", body.r#type);
                problems.error(node.location(), message, Some("give it another name".into()));
            }
            Ok(body) => {
                fields.retain(|field| *field.name != *name);
                fields.push(AddedField { subject: subject.name, name: name.into(), body: Arc::new(body) });
            }
            Err(mut errors) => {
                for error in &mut errors {
                    let back = |offset: u32| offset.saturating_sub(prefix.len() as u32);
                    error.span = Span { start: back(error.span.start), end: back(error.span.end) };
                }
                problems.expression(node, errors);
            }
        }
    }
}
