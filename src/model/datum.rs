//! Values that rules compute with, and their types.
//!
//! Every value may be unknown, and a number or list may be a lower bound; a rule fires on what is known only.

use std::fmt;
use std::sync::Arc;

use super::subject::Subject;
use super::{Evidence, Model};

/// The type of an expression. Any value may be unknown at run time; only an [`Type::Optional`] may be null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    Null,
    Bool,
    Int,
    Float,
    Text,
    /// A file with line and column.
    Place,
    /// A subject by name: `service`, `repository`, …
    Object(&'static str),
    List(Box<Type>),
    /// Texts to values.
    Map(Box<Type>),
    Optional(Box<Type>),
}

impl Type {
    pub fn list(of: Type) -> Type {
        Type::List(Box::new(of))
    }

    pub fn map(of: Type) -> Type {
        Type::Map(Box::new(of))
    }

    pub fn optional(of: Type) -> Type {
        Type::Optional(Box::new(of))
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Type::Null => f.write_str("null"),
            Type::Bool => f.write_str("bool"),
            Type::Int => f.write_str("int"),
            Type::Float => f.write_str("float"),
            Type::Text => f.write_str("text"),
            Type::Place => f.write_str("place"),
            Type::Object(name) => f.write_str(name),
            Type::List(of) => write!(f, "list({of})"),
            Type::Map(of) => write!(f, "map({of})"),
            Type::Optional(of) => write!(f, "{of} or null"),
        }
    }
}

/// A value at run time.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    Unknown,
    /// Known to be absent.
    Null,
    Bool(bool),
    /// `complete: false` makes the number a lower bound.
    Int {
        value: i64,
        complete: bool,
    },
    Float(f64),
    Text(Arc<str>),
    Place(Evidence),
    Object {
        subject: &'static str,
        index: u32,
    },
    /// `complete: false` says that there may be more items.
    List {
        items: Arc<[Datum]>,
        complete: bool,
    },
    /// A key that is absent is unknown.
    Map(Arc<[(Arc<str>, Datum)]>),
}

impl Datum {
    pub fn int(value: impl TryInto<i64>) -> Datum {
        Datum::Int { value: value.try_into().unwrap_or(i64::MAX), complete: true }
    }

    pub fn count(value: impl TryInto<i64>, complete: bool) -> Datum {
        Datum::Int { value: value.try_into().unwrap_or(i64::MAX), complete }
    }

    pub fn text(text: &Arc<str>) -> Datum {
        Datum::Text(Arc::clone(text))
    }

    pub fn list(items: impl IntoIterator<Item = Datum>) -> Datum {
        Datum::List { items: items.into_iter().collect(), complete: true }
    }

    /// Null for None: a fact known to be absent. Where absence means that nothing is known, use [`Datum::known`].
    pub fn optional(value: Option<Datum>) -> Datum {
        value.unwrap_or(Datum::Null)
    }

    /// Unknown for None.
    pub fn known(value: Option<Datum>) -> Datum {
        value.unwrap_or(Datum::Unknown)
    }
}

impl Datum {
    /// The value as messages write it: an object by its key, a list by its items, unknown as `?`.
    pub fn render(&self, model: &Model, subjects: &[Subject]) -> String {
        match self {
            Datum::Unknown => "?".into(),
            Datum::Null => "null".into(),
            Datum::Bool(value) => value.to_string(),
            Datum::Int { value, .. } => value.to_string(),
            Datum::Float(value) => value.to_string(),
            Datum::Text(text) => text.to_string(),
            Datum::Place(evidence) => format!("{}:{}", model.files[evidence.file as usize].path, evidence.at.line),
            Datum::Object { subject: name, index } => {
                subjects.iter().find(|subject| subject.name == *name).map_or("?".into(), |subject| (subject.key)(model, *index))
            }
            Datum::List { items, .. } => items.iter().map(|item| item.render(model, subjects)).collect::<Vec<_>>().join(", "),
            Datum::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| format!("{key}: {}", value.render(model, subjects)));
                entries.collect::<Vec<_>>().join(", ")
            }
        }
    }
}
