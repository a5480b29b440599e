//! Persistent types as facts, whatever library marks them.

use super::types::{self, Annotation, Type};
use crate::extract::Output;
use crate::extract::code::Code;
use crate::facts::{Entity, Fact, Value};

/// Annotations of fields that are not stored.
const PASSING: [&str; 3] = ["Transient", "Ignore", "DynamoDBIgnore"];

pub fn add(code: &Code, of: &Type, library: &str, table: Option<Value>, output: &mut Output) {
    let is_stored = |field: &types::Field| {
        let passes = field.modifiers.iter().any(|word| matches!(*word, "static" | "transient" | "const"));
        !passes && !field.annotations.iter().any(|annotation: &Annotation| PASSING.contains(&annotation.name))
    };
    let fields = types::fields(code, of.item).into_iter().filter(is_stored).map(|field| field.name.into()).collect();
    let entity = Entity { at: code.at(of.item.name), name: of.name.into(), library: library.into(), table, fields };
    output.facts.push(Fact::Persistent(entity));
}
