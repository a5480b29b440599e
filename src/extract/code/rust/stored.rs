//! Types that are stored: tables of Diesel, entities of SeaORM.

use std::sync::Arc;

use crate::extract::Output;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::{Code, Framework};
use crate::facts::{Entity, Fact, Value};

pub const FRAMEWORK: Framework = Framework { name: "rust-stored", marks: &["table!", "table_name"], read };

fn read(code: &Code, output: &mut Output) {
    for at in (0..code.len()).filter(|&at| code.is(at, "table") && code.is(at + 1, "!") && code.is(at + 2, "{")) {
        let inside = code.inside(at + 2);
        // Attributes and `use` may stand before the name; the columns end the table.
        let Some(columns) = inside.clone().find(|&at| code.is(at, "{") && code.partner(at) + 1 >= inside.end) else { continue };
        let key = columns.checked_sub(1).filter(|&close| code.is(close, ")")).map(|close| code.partner(close));
        let Some(name) = key.unwrap_or(columns).checked_sub(1).filter(|&name| code.word(name).is_some()) else { continue };
        let fields = code.inside(columns).filter(|&at| code.is(at + 1, "->")).map(|at| code.text_of(at).into()).collect();
        let table: Arc<str> = code.text_of(name).into();
        let value = Some(Value::Literal(Arc::clone(&table)));
        output.facts.push(Fact::Persistent(Entity {
            at: code.at(name),
            name: table,
            library: "diesel".into(),
            table: value,
            fields,
        }));
    }
    for item in code.items().iter().filter(|item| item.kind == ItemKind::Type && code.is(item.start, "struct")) {
        if is_written_only(code, item.start) {
            continue;
        }
        for at in code.annotations_before(item.start) {
            if !code.is_any(at, &["sea_orm", "diesel"]) && !code.is(at, "table_name") {
                continue;
            }
            let end = (at..code.len()).find(|&at| code.is(at, "]")).unwrap_or(code.len());
            let Some(name) = (at..end).find(|&at| code.is(at, "table_name") && code.is(at + 1, "=")).map(|at| at + 2) else {
                continue;
            };
            let table: Arc<str> = code.literal(name).map_or_else(|| code.text_of(name).into(), |text| text.as_ref().into());
            let sea = code.is(at, "sea_orm");
            let own: Arc<str> = if sea { Arc::clone(&table) } else { code.text_of(item.name).into() };
            let library = if sea { "sea-orm" } else { "diesel" };
            let fields = item
                .body
                .clone()
                .filter(|&at| code.is(at + 1, ":") && code.word(at).is_some())
                .map(|at| code.text_of(at).into())
                .collect();
            let table = Some(Value::Literal(table));
            output.facts.push(Fact::Persistent(Entity {
                at: code.at(item.name),
                name: own,
                library: library.into(),
                table,
                fields,
            }));
        }
    }
}

/// True for what a table is given, and never gives: new rows, and changes of old ones.
fn is_written_only(code: &Code, start: usize) -> bool {
    let derives = code.annotations_before(start).into_iter().filter(|&at| code.is(at, "derive"));
    let derived: Vec<&str> = derives.flat_map(|at| code.inside(at + 1)).map(|at| code.text_of(at)).collect();
    let any = |names: &[&str]| names.iter().any(|name| derived.contains(name));
    any(&["Insertable", "AsChangeset"]) && !any(&["Queryable", "QueryableByName", "Selectable", "Identifiable"])
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn tables_and_the_types_that_map_them() {
        check(
            "src/schema.rs",
            "diesel::table! {\n    users (id) {\n        id -> Int4,\n        name -> Text,\n    }\n}",
            "2 entity users table users (id, name)",
        );
        check(
            "src/m.rs",
            "#[derive(Queryable)]\n#[diesel(table_name = users)]\npub struct User { pub id: i32 }",
            "3 entity User table users (id)",
        );
        check(
            "src/m.rs",
            "#[derive(Insertable)]\n#[diesel(table_name = users)]\npub struct NewUser<'a> { pub name: &'a str }",
            "",
        );
        check(
            "src/e.rs",
            "#[derive(DeriveEntityModel)]\n#[sea_orm(table_name = \"cakes\")]\npub struct Model { pub id: i32 }",
            "3 entity cakes table cakes (id)",
        );
    }
}
