//! What rules can ask about: subjects with typed, documented fields.
//!
//! A subject is a table of the model that rules are evaluated over, row by row. Its file in `subjects/` defines it whole: the
//! fields with their documentation, and how each is read. The rule language knows nothing else of the model.

use super::datum::{Datum, Type};
use super::{Evidence, Model};

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
