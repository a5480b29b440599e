//! Exposed and Ktorm: tables of Kotlin, each an object that extends a table.

use super::types::{self, types};
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Entity, Fact, Value};

pub const FRAMEWORK: Framework =
    Framework { name: "exposed", marks: &["org.jetbrains.exposed", "org.ktorm", "me.liuwj.ktorm"], read };

const TABLES: [&str; 12] = [
    "Table",
    "IdTable",
    "IntIdTable",
    "LongIdTable",
    "UUIDTable",
    "UIntIdTable",
    "ULongIdTable",
    "CompositeIdTable",
    "BaseTable",
    "KotlinUuidTable",
    "UuidTable",
    "StringIdTable",
];

fn read(code: &Code, output: &mut Output) {
    let library = if code.text.contains("org.jetbrains.exposed") { FRAMEWORK.name } else { "ktorm" };
    for of in types(code) {
        let is_object = code.is(of.item.start, "object");
        let Some(base) = of.bases.iter().find(|base| TABLES.contains(&base.rsplit('.').next().unwrap_or(base))) else { continue };
        if !is_object || code.language.name() != "Kotlin" {
            continue;
        }
        let table = table(code, &of, base);
        // A column is a property that a function gives.
        let columns = types::fields(code, of.item)
            .into_iter()
            .filter(|field| !field.modifiers.iter().any(|word| matches!(*word, "const" | "override")));
        let fields =
            columns.filter(|field| field.given.clone().any(|at| code.is(at, "("))).map(|field| field.name.into()).collect();
        let entity = Entity { at: code.at(of.item.name), name: of.name.into(), library: library.into(), table, fields };
        output.facts.push(Fact::Persistent(entity));
    }
}

/// `object Orders : Table("orders")`; without a name it is the object's.
fn table(code: &Code, of: &types::Type, base: &str) -> Option<Value> {
    let head = types::head(code, of.item);
    let last = base.rsplit('.').next().unwrap_or(base);
    let open = head.clone().find(|&at| {
        code.is(at, "(") && head.contains(&at) && {
            let call = code.call_before(at);
            call.is_some_and(|call| code.is(call.name, last))
        }
    })?;
    let arguments = code.arguments(open);
    let named = code.named(&arguments, "name").or_else(|| code.named(&arguments, "tableName"));
    match named.or_else(|| code.positional(&arguments).next().cloned()) {
        Some(name) => Some(code.value(name)),
        None => Some(literal(of.name)),
    }
}
