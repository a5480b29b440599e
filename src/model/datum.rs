//! Values that rules compute with, and their types.
//!
//! Every value may be unknown, and a number or list may be a lower bound; a rule fires on what is known only.

use std::fmt::{self, Write};
use std::sync::Arc;

use super::subject::Subject;
use super::{Evidence, Model};

/// How long a rendered value may grow, about.
const MAX_RENDERED: usize = 64 * 1024;

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

    /// The type without null.
    pub fn plain(&self) -> &Type {
        let mut plain = self;
        while let Type::Optional(of) = plain {
            plain = of;
        }
        plain
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

    /// The value as messages show it: an object by its subject's key, a place as `path:line`, a float without trailing zeros, a list
    /// joined by `, `; `?` for what is unknown, `none` for null. A number that may be larger reads `at least 5`, a list that may have more
    /// items ends with `…`.
    pub fn render(&self, model: &Model, subjects: &[Subject]) -> String {
        let mut out = String::new();
        self.render_to(&mut out, model, subjects);
        out
    }

    /// As [`Datum::render`], at the end of `out`, which is not let grow beyond what a message may be.
    pub fn render_to(&self, out: &mut String, model: &Model, subjects: &[Subject]) {
        if out.len() > MAX_RENDERED {
            return;
        }
        // Writing to a string does not fail.
        let _ = match self {
            Datum::Unknown => write!(out, "?"),
            Datum::Null => write!(out, "none"),
            Datum::Bool(value) => write!(out, "{value}"),
            Datum::Int { value, complete: true } => write!(out, "{value}"),
            Datum::Int { value, complete: false } => write!(out, "at least {value}"),
            // Adding zero drops the sign of minus zero.
            Datum::Float(value) => write!(out, "{}", value + 0.0),
            Datum::Text(text) => write!(out, "{text}"),
            Datum::Place(evidence) => match model.files.get(evidence.file as usize) {
                Some(file) => write!(out, "{}:{}", file.path, evidence.at.line),
                None => write!(out, "?"),
            },
            Datum::Object { subject, index } => match subjects.iter().find(|known| known.name == *subject) {
                Some(known) => write!(out, "{}", (known.key)(model, *index)),
                None => write!(out, "?"),
            },
            Datum::List { items, complete } => {
                for (place, item) in items.iter().enumerate() {
                    if place > 0 {
                        out.push_str(", ");
                    }
                    item.render_to(out, model, subjects);
                }
                if !complete {
                    out.push_str(if items.is_empty() { "…" } else { ", …" });
                }
                return;
            }
            Datum::Map(entries) => {
                for (place, (key, value)) in entries.iter().enumerate() {
                    let _ = write!(out, "{}{key}: ", if place > 0 { ", " } else { "" });
                    value.render_to(out, model, subjects);
                }
                return;
            }
        };
    }
}
