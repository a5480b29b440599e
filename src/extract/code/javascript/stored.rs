//! Types that are stored: models, schemas, entities and tables of the common libraries.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{classes, values};
use crate::extract::Output;
use crate::extract::code::{Code, Framework};
use crate::facts::{Entity, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "stored-js",
    marks: &[
        "mongoose",
        "@Entity",
        "@Schema(",
        "@Table",
        "getModelForClass",
        "equelize",
        "pgTable",
        "mysqlTable",
        "sqliteTable",
        "tableName",
        "createTable",
        "pgTableCreator",
        "sqliteTableCreator",
        "mysqlTableCreator",
        "typegoose",
    ],
    read,
};

/// Decorators of stored members.
const COLUMNS: [&str; 20] = [
    "Column",
    "PrimaryColumn",
    "PrimaryGeneratedColumn",
    "CreateDateColumn",
    "UpdateDateColumn",
    "DeleteDateColumn",
    "VersionColumn",
    "OneToMany",
    "ManyToOne",
    "OneToOne",
    "ManyToMany",
    "Prop",
    "prop",
    "Property",
    "PrimaryKey",
    "Enum",
    "Embedded",
    "ForeignKey",
    "HasMany",
    "BelongsTo",
];

fn read(code: &Code, output: &mut Output) {
    let mut found: Vec<Entity> = Vec::new();
    classes_of(code, &mut found);
    calls(code, &mut found);
    let mut known: FxHashSet<Arc<str>> = FxHashSet::default();
    for entity in found {
        if known.insert(Arc::clone(&entity.name)) {
            output.facts.push(Fact::Persistent(entity));
        }
    }
}

fn entity(code: &Code, at: usize, name: &str, library: &str, table: Option<Value>, fields: Vec<Arc<str>>) -> Entity {
    Entity { at: code.at(at), name: name.into(), library: library.into(), table, fields }
}

fn classes_of(code: &Code, found: &mut Vec<Entity>) {
    // A decorator of another library has the same name.
    let libraries = ["typeorm", "mikro-orm", "mongoose", "sequelize", "@Column", "@Prop", "@PrimaryGeneratedColumn"];
    let belongs = libraries.iter().any(|word| code.text.contains(word));
    let (mikro, objection) = (code.text.contains("mikro-orm"), code.text.contains("objection"));
    let sequelize = code.text.contains("equelize");
    for class in classes::all(code) {
        let decorated = ["Entity", "Schema", "Table"].iter().find_map(|name| class.decorator(name));
        if let Some(decorator) = decorated {
            let first = decorator.arguments.first().cloned();
            let option = |key| values::property(code, first.clone()?, key);
            let literal = first.clone().filter(|range| code.literal(range.start).is_some());
            let table = literal.or(option("name")).or(option("tableName")).or(option("collection"));
            let library = match decorator.name {
                "Entity" if mikro => "mikro-orm",
                "Entity" => "typeorm",
                "Schema" => "mongoose",
                _ => "sequelize",
            };
            let fields = class.decorated(code, &COLUMNS).into_iter().map(Arc::from).collect();
            if belongs {
                found.push(entity(
                    code,
                    class.item.name,
                    class.name,
                    library,
                    table.map(|range| values::value(code, range)),
                    fields,
                ));
            }
        } else if class.base == Some("Model") && objection {
            let table = table_name(code, &class);
            found.push(entity(code, class.item.name, class.name, "objection", table, Vec::new()));
        } else if matches!(class.base, Some("Model" | "BaseEntity")) && sequelize {
            // `User.init({…}, { sequelize })` in the same file.
            let initialised = code.calls().find(|call| {
                code.is(call.name, "init") && code.receiver_name(*call).is_some_and(|of| of == class.name || of == "super")
            });
            if let Some(call) = initialised {
                let fields = code.arguments(call.open).into_iter().next().map_or(Vec::new(), |columns| keys(code, columns));
                found.push(entity(code, class.item.name, class.name, "sequelize", None, fields));
            }
        }
    }
}

/// `static tableName = 'x'`, `static get tableName() { return 'x' }`.
fn table_name(code: &Code, class: &classes::Class) -> Option<Value> {
    if let Some(range) = class.field(code, "tableName") {
        return Some(values::value(code, range));
    }
    let at = class.item.body.clone().find(|&at| code.is(at, "tableName"))?;
    let returned = (at..(at + 8).min(class.item.body.end)).find(|&at| code.is(at, "return"))?;
    Some(values::value(code, returned + 1..returned + 2))
}

fn calls(code: &Code, found: &mut Vec<Entity>) {
    let mongoose = code.text.contains("mongoose");
    for call in code.calls() {
        let arguments = code.arguments(call.open);
        let Some(first) = arguments.first().cloned() else { continue };
        let text = code.literal_text(first.clone());
        let columns = || arguments.get(1).cloned().map_or(Vec::new(), |columns| keys(code, columns));
        match code.text_of(call.name) {
            "model" if mongoose && arguments.len() > 1 => {
                if let Some(name) = text {
                    found.push(entity(code, call.name, &name.value, "mongoose", None, Vec::new()));
                }
            }
            // `forFeature([{ name: 'Task', schema: TaskSchema, collection: 'tasks' }])`
            "forFeature" if mongoose => {
                for model in values::list(code, first) {
                    let Some(name) = values::property(code, model.clone(), "name") else { continue };
                    let named = code.dotted(name.clone()).and_then(|name| name.strip_suffix(".name").map(str::to_owned));
                    let literal = || code.literal_text(name.clone()).map(|name| name.value.to_string());
                    if let Some(of) = named.or_else(literal) {
                        let table = values::property(code, model, "collection").map(|range| values::value(code, range));
                        found.push(entity(code, name.start, &of, "mongoose", table, Vec::new()));
                    }
                }
            }
            "getModelForClass" => {
                if let Some(name) = code.dotted(first) {
                    found.push(entity(code, call.name, &name, "typegoose", None, Vec::new()));
                }
            }
            "define" if arguments.len() > 1 && code.text.contains("equelize") => {
                if let Some(name) = text {
                    found.push(entity(code, call.name, &name.value, "sequelize", None, columns()));
                }
            }
            "pgTable" | "mysqlTable" | "sqliteTable" | "singlestoreTable" if arguments.len() > 1 => {
                if let Some(name) = text {
                    let table = Some(Value::Literal(Arc::clone(&name.value)));
                    found.push(entity(code, call.name, &name.value, "drizzle", table, columns()));
                }
            }
            // Tables of migrations count where no type of the service maps them.
            "createTable" if arguments.len() > 1 => {
                if let Some(name) = text {
                    let table = Some(Value::Literal(Arc::clone(&name.value)));
                    found.push(entity(code, call.name, &name.value, "sql", table, columns()));
                }
            }
            _ => {}
        }
    }
}

fn keys(code: &Code, object: Range<usize>) -> Vec<Arc<str>> {
    let name =
        |(key, _): (usize, Range<usize>)| code.literal(key).map_or_else(|| code.text_of(key).into(), |text| text.as_ref().into());
    values::entries(code, object).into_iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn every_library_has_its_way() {
        check(
            "a.ts",
            "import { Entity, Column } from 'typeorm';\n@Entity('users')\nexport class User { @PrimaryGeneratedColumn() id: number; @Column({ unique: true }) private name: string; other() {} }",
            "3 entity User table users (id, name)",
        );
        check(
            "b.ts",
            "import mongoose from 'mongoose';\nconst Ticket = mongoose.model<T>('Ticket', schema);",
            "2 entity Ticket ()",
        );
        check(
            "c.ts",
            "import { Prop, Schema } from '@nestjs/mongoose';\n@Schema() export class Cat { @Prop() name: string; }",
            "2 entity Cat (name)",
        );
        check(
            "b.module.ts",
            "import { MongooseModule } from '@nestjs/mongoose';\nMongooseModule.forFeature([{ name: 'Task', schema: S, collection: 'tasks' }, { name: Cat.name, schema: C }]);",
            "2 entity Task table tasks ()\n2 entity Cat ()",
        );
        check("d.js", "const U = sequelize.define('user', { id: {}, name: {} });", "1 entity user (id, name)");
        check(
            "e.ts",
            "export const users = pgTable('users', { id: serial('id'), email: text('email') });",
            "1 entity users table users (id, email)",
        );
        check("f.js", "class User extends Model {}\nUser.init({ id: {} }, { sequelize });", "1 entity User (id)");
    }

    #[test]
    fn other_models_are_not_stored() {
        check("g.ts", "@Schema() class A {} // mongodb", "");
        check("h.ts", "import mongoose from 'mongoose'; const s = new mongoose.Schema({}); model('x');", "");
    }
}
