//! Persistent types of Go: GORM, Bun, go-pg, xorm, Beego's ORM, ent, and documents of MongoDB.
//!
//! A struct is persistent by what it embeds, or by the tags of its fields. A struct that only others embed is a part of them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{Code, Framework};
use super::source::{Source, Struct};
use super::values::Values;
use crate::extract::Output;
use crate::facts::{Entity, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "entities",
    marks: &["gorm:\"", "gorm.Model", "bun:\"", "bun.BaseModel", "pg:\"", "xorm:\"", "orm:\"", "ent.Schema", "bson:\"_id"],
    read,
};

/// The key of a tag, and the library.
const TAGS: [(&str, &str); 6] =
    [("gorm", "gorm"), ("bun", "bun"), ("pg", "go-pg"), ("xorm", "xorm"), ("orm", "beego-orm"), ("bson", "mongo")];
/// Types that make a struct persistent that embeds them.
const BASES: [(&str, &str); 4] = [
    ("gorm.io/gorm#Model", "gorm"),
    ("github.com/jinzhu/gorm#Model", "gorm"),
    ("github.com/uptrace/bun#BaseModel", "bun"),
    ("entgo.io/ent#Schema", "ent"),
];
/// Ends of names of what is read from a store or sent, and not kept there.
const PASSING: [&str; 9] = ["DTO", "Dto", "Request", "Response", "View", "Filter", "Result", "Params", "Query"];

fn read(code: &Code, output: &mut Output) {
    let source = Source::new(code);
    let values = Values::new(code);
    let mut libraries: FxHashMap<&str, &'static str> = FxHashMap::default();
    let mut embedded: FxHashSet<&str> = FxHashSet::default();
    for of in &source.structs {
        embedded.extend(of.fields.iter().filter(|field| field.is_embedded).map(|field| field.name));
        if let Some(library) = library(code, &source, of) {
            libraries.insert(of.name, library);
        }
    }
    for of in &source.structs {
        // What embeds a persistent struct of this file is persistent.
        let inherited = of.fields.iter().filter(|field| field.is_embedded).find_map(|field| libraries.get(field.name));
        let Some(library) = libraries.get(of.name).or(inherited) else { continue };
        let table = table(code, &source, &values, of);
        let is_passing = PASSING.iter().any(|end| of.name.ends_with(end));
        if (embedded.contains(of.name) || is_passing) && table.is_none() {
            continue;
        }
        let fields = match *library {
            "ent" => schema_fields(code, &source, of.name),
            _ => of
                .fields
                .iter()
                .filter(|field| !field.is_embedded && field.name != "tableName")
                .map(|field| field.name.into())
                .collect(),
        };
        let entity = Entity { at: code.at(of.at), name: of.name.into(), library: (*library).into(), table, fields };
        output.facts.push(Fact::Persistent(entity));
    }
}

fn library(code: &Code, source: &Source, of: &Struct) -> Option<&'static str> {
    for field in &of.fields {
        if field.is_embedded
            && let Some(symbol) = source.type_symbol(field.of.clone())
            && let Some((_, library)) = BASES.iter().find(|(base, _)| symbol.split_once('#') == base.split_once('#'))
        {
            return Some(library);
        }
        let Some(text) = field.tag.and_then(|tag| code.literal(tag)) else { continue };
        for (key, library) in TAGS {
            let Some(value) = tag(&text, key) else { continue };
            let tells = match key {
                // Every document that is stored has this key; parts of documents have none.
                "bson" => value.starts_with("_id"),
                _ => value != "-" && !value.is_empty(),
            };
            if tells {
                return Some(library);
            }
        }
    }
    None
}

/// The value of a key of a tag: `gorm:"primaryKey"`.
fn tag<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let mut from = 0;
    while let Some(found) = text[from..].find(key) {
        let start = from + found;
        let end = start + key.len();
        let begins = start == 0 || text[..start].ends_with([' ', '\t', '"']);
        if begins && let Some(value) = text[end..].strip_prefix(":\"") {
            return value.split('"').next();
        }
        from = end;
    }
    None
}

/// The table that a method names, or a tag.
fn table(code: &Code, source: &Source, values: &Values, of: &Struct) -> Option<Value> {
    if let Some(method) = source.function_named(&format!("{}.TableName", of.name)) {
        let at = method.body.clone().find(|&at| code.is(at, "return"))?;
        return Some(values.of(at + 1..method.body.end));
    }
    of.fields.iter().find_map(|field| {
        let text = code.literal(field.tag?)?;
        let name = match field.name {
            "BaseModel" => tag(&text, "bun")?.split(',').find_map(|part| part.strip_prefix("table:"))?,
            "tableName" => tag(&text, "pg").or(tag(&text, "sql"))?.split(',').next()?,
            _ => return None,
        };
        Some(Value::Literal(name.into()))
    })
}

/// `field.String("name")` in the method `Fields` of a schema.
fn schema_fields(code: &Code, source: &Source, name: &str) -> Vec<std::sync::Arc<str>> {
    let Some(method) = source.function_named(&format!("{name}.Fields")) else { return Vec::new() };
    let calls = method.body.clone().filter(|&at| code.reads(at, &["field", "."]) && code.is(at + 3, "("));
    calls.filter_map(|at| Some(code.literal(at + 4)?.as_ref().into())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::snapshot::check;

    #[test]
    fn gorm() {
        check(
            "models.go",
            r#"package models
            import "gorm.io/gorm"
            type Base struct { ID uint `gorm:"primaryKey"` }
            type User struct {
                gorm.Model
                Name, Mail string `json:"name" gorm:"size:10"`
                orders []Order
            }
            type Order struct {
                Base
                Total int
            }
            func (Order) TableName() string { return "shop_orders" }
            type Config struct { Gorm Settings `mapstructure:"gorm"` }
            type OrderResponse struct { ID uint `gorm:"column:id"` }
            type Passing struct { ID uint `gorm:"-"` }
            "#,
            "4 entity User (Name, Mail, orders)
            9 entity Order table shop_orders (Total)",
        );
    }

    #[test]
    fn others() {
        check(
            "models.go",
            "package models\nimport \"github.com/uptrace/bun\"\ntype User struct {\n bun.BaseModel `bun:\"table:users,alias:u\"`\n ID int64 `bun:\",pk\"`\n}",
            "3 entity User table users (ID)",
        );
        check(
            "models.go",
            "package m\ntype A struct {\n tableName struct{} `pg:\"as\"`\n Id int64\n}",
            "2 entity A table as (Id)",
        );
        check(
            "schema/user.go",
            "package schema\nimport \"entgo.io/ent\"\ntype User struct { ent.Schema }\nfunc (User) Fields() []ent.Field {\n return []ent.Field{field.Int(\"age\").Positive(), field.String(\"name\")}\n}",
            "3 entity User (age, name)",
        );
        check(
            "m.go",
            "package m\ntype A struct { ID string `bson:\"_id,omitempty\"` }\ntype B struct { X int `bson:\"x\"` }",
            "2 entity A (ID)",
        );
    }
}
