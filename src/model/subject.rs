//! What rules can ask about: subjects with typed, documented fields.
//!
//! A subject is a table of the model that rules are evaluated over, row by row. Its file in `subjects/` defines it whole: the
//! fields with their documentation, and how each is read. The rule language knows nothing else of the model.

use std::sync::Arc;

use super::datum::{Datum, Type};
use super::{Evidence, Model, Stated};

pub struct Subject {
    /// As rules write it: `service`.
    pub name: &'static str,
    pub doc: &'static str,
    pub fields: Vec<Field>,
    /// How many rows there are.
    pub count: fn(&Model) -> u32,
    /// What makes the row the same tomorrow: names, never lines.
    pub key: fn(&Model, u32) -> String,
    /// Where a finding about the row points when its rule says nothing.
    pub place: fn(&Model, u32) -> Option<Evidence>,
    /// The services that the row is about, by index, the caller first.
    pub services: fn(&Model, u32) -> Vec<u32>,
    /// The repository that the row belongs to, by index, if it is one.
    pub repository: fn(&Model, u32) -> Option<u32>,
}

pub struct Field {
    pub name: &'static str,
    pub r#type: Type,
    pub doc: &'static str,
    pub read: fn(&Model, u32) -> Datum,
}

impl Subject {
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// One line of a subject's table of fields.
pub(super) fn field(name: &'static str, r#type: Type, doc: &'static str, read: fn(&Model, u32) -> Datum) -> Field {
    Field { name, r#type, doc, read }
}

/// A row of a subject.
pub(super) fn object(subject: &'static str, index: u32) -> Datum {
    Datum::Object { subject, index }
}

/// Rows of a subject; `complete` is false when there may be more than are known.
pub(super) fn objects(subject: &'static str, rows: impl IntoIterator<Item = u32>, complete: bool) -> Datum {
    Datum::List { items: rows.into_iter().map(|index| object(subject, index)).collect(), complete }
}

pub(super) fn texts<'t>(texts: impl IntoIterator<Item = &'t Arc<str>>) -> Datum {
    Datum::list(texts.into_iter().map(Datum::text))
}

pub(super) fn places(places: impl IntoIterator<Item = Evidence>) -> Datum {
    Datum::list(places.into_iter().map(Datum::Place))
}

/// The text, or unknown where nothing states it.
pub(super) fn stated_or_unknown(stated: &Option<Stated>) -> Datum {
    Datum::known(stated.as_ref().map(|stated| Datum::text(&stated.text)))
}

pub(super) fn place_or_null(place: Option<Evidence>) -> Datum {
    Datum::optional(place.map(Datum::Place))
}
