//! Persistent types: SQLAlchemy and SQLModel, Django, and the mappers of other stores.

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use super::names::is_type;
use super::syntax::{self, Class, assignment, call, classes, imports_any, library, statements};
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Entity, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "entities",
    marks: &[
        "sqlalchemy",
        "sqlmodel",
        "models.Model",
        "db.Model",
        "__tablename__",
        "tortoise",
        "peewee",
        "mongoengine",
        "beanie",
        "odmantic",
        "pynamodb",
        "mapped_column",
        "django.db",
        "AbstractUser",
        "AbstractBaseUser",
        "Table(",
        "djongo",
        "ormar",
    ],
    read,
};

/// A mapper: bases of its types, the package that they come from, calls that make fields, and where a table is named.
struct Mapper {
    name: &'static str,
    packages: &'static [&'static str],
    bases: &'static [&'static str],
    /// Ends of the names of calls that make fields; `*` takes every call, and `:` every name that has a type.
    fields: &'static [&'static str],
    /// The class inside that holds settings, and the name of the table in it.
    meta: &'static str,
    tables: &'static [&'static str],
}

const MAPPERS: &[Mapper] = &[
    Mapper {
        name: "django",
        packages: &["django", "djongo", "mptt", "polymorphic", "parler", "model_utils", "treebeard", "wagtail"],
        bases: &[
            "Model",
            "AbstractUser",
            "AbstractBaseUser",
            "MPTTModel",
            "PolymorphicModel",
            "TimeStampedModel",
            "TranslatableModel",
        ],
        fields: &["Field", "ForeignKey", "Key"],
        meta: "Meta",
        tables: &["db_table"],
    },
    Mapper {
        name: "sqlmodel",
        packages: &["sqlmodel"],
        bases: &["SQLModel"],
        fields: &[":"],
        meta: "",
        tables: &["__tablename__"],
    },
    Mapper { name: "tortoise", packages: &["tortoise"], bases: &["Model"], fields: &["Field"], meta: "Meta", tables: &["table"] },
    Mapper {
        name: "peewee",
        packages: &["peewee", "playhouse"],
        bases: &["Model"],
        fields: &["Field"],
        meta: "Meta",
        tables: &["table_name", "db_table"],
    },
    Mapper { name: "ormar", packages: &["ormar"], bases: &["Model"], fields: &["*"], meta: "Meta", tables: &["tablename"] },
    Mapper {
        name: "mongoengine",
        packages: &["mongoengine", "flask_mongoengine"],
        bases: &["Document", "DynamicDocument"],
        fields: &["Field"],
        meta: "meta",
        tables: &["collection"],
    },
    Mapper {
        name: "beanie",
        packages: &["beanie", "odmantic", "bunnet", "aredis_om", "redis_om"],
        bases: &["Document", "Model", "HashModel", "JsonModel"],
        fields: &[":"],
        meta: "Settings",
        tables: &["name", "collection"],
    },
    Mapper {
        name: "pynamodb",
        packages: &["pynamodb"],
        bases: &["Model"],
        fields: &["Attribute"],
        meta: "Meta",
        tables: &["table_name"],
    },
];

/// A file of more classes than this is not written by hand.
const MOST_CLASSES: usize = 1_000;

fn read(code: &Code, output: &mut Output) {
    let mut all = classes(code);
    all.truncate(MOST_CLASSES);
    let mut found: Vec<Entity> = Vec::new();
    // Classes of this file that are the base of others, by mapper: they have no table of their own.
    let mut bases: Vec<(&str, &str)> = Vec::new();
    for class in &all {
        let entity = sqlalchemy(code, class).or_else(|| {
            let mapper = mapper(code, class, &bases)?;
            if is_abstract(code, class, mapper, &all) {
                bases.push((class.name, mapper.name));
                return None;
            }
            bases.push((class.name, mapper.name));
            mapped(code, class, mapper, &all)
        });
        found.extend(entity);
    }
    found.extend(tables(code, &found));
    output.facts.extend(found.into_iter().map(Fact::Persistent));
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A class of SQLAlchemy: it names its table, or has columns and a declarative base.
fn sqlalchemy(code: &Code, class: &Class) -> Option<Entity> {
    let table = class.attribute("__tablename__").map(|found| syntax::value(code, found.value.clone()));
    let is_column =
        |name: &str| matches!(name, "Column" | "mapped_column" | "relationship" | "column_property" | "synonym" | "deferred");
    let column = |range: Range<usize>| call(code, range).is_some_and(|(callee, _)| is_column(code.text_of(callee.end - 1)));
    let is_mapped = |range: &Range<usize>| code.is(range.start, "Mapped") || code.is(range.end.wrapping_sub(1), "Mapped");
    let members = class.attributes.iter().filter(|of| column(of.value.clone()) || is_mapped(&of.of));
    let fields: Vec<Arc<str>> = members.map(|of| of.name.as_str().into()).collect();
    let has_base = class.bases.iter().any(|base| {
        let (package, name) = library(code, base);
        !is_foreign(&package) && (name.ends_with("Base") || name == "Model" && base.contains('.') || name.ends_with("Model"))
    });
    let is_abstract = class.attribute("__abstract__").is_some_and(|found| code.is(found.value.start, "True"));
    let is_sqlmodel = class.keywords.iter().any(|(name, _)| *name == "table");
    let named = table.is_some() && !class.bases.is_empty() && !is_sqlmodel;
    let keyed = has_base
        && !fields.is_empty()
        && class.attributes.iter().any(|of| code.text_in(of.value.clone()).contains("primary_key"));
    if is_abstract || !(named || keyed) || class.name.ends_with("Mixin") {
        return None;
    }
    let has_columns = !fields.is_empty();
    // Views without columns are none, but a class can take its columns from a mixin.
    (has_columns || named).then(|| Entity {
        at: code.at(class.at),
        name: class.name.into(),
        library: "sqlalchemy".into(),
        table,
        fields,
    })
}

/// Packages whose models are read as those of their own mapper.
fn is_foreign(package: &str) -> bool {
    package == "pydantic" || MAPPERS.iter().any(|mapper| mapper.packages.contains(&package))
}

/// The mapper whose base a class has, by import or by another class of the file.
fn mapper(code: &Code, class: &Class, bases: &[(&str, &str)]) -> Option<&'static Mapper> {
    class.bases.iter().find_map(|base| {
        if let Some((_, name)) = bases.iter().find(|(known, _)| known == base) {
            return MAPPERS.iter().find(|mapper| mapper.name == *name);
        }
        let (package, name) = library(code, base);
        let by_package = || MAPPERS.iter().find(|mapper| mapper.packages.contains(&&*package) && mapper.bases.contains(&&*name));
        // A base of one's own, from another file: what its fields are made with tells the mapper.
        let by_fields = || {
            let own = !is_foreign(&package) && is_type(&name) && !name.ends_with("Mixin");
            let candidates = MAPPERS.iter().filter(|mapper| imports_any(code, mapper.packages) && !mapper.fields.contains(&":"));
            candidates.into_iter().find(|mapper| own && name.contains("Model") && !fields(code, class, mapper).is_empty())
        };
        by_package().or_else(by_fields)
    })
}

/// True for a class that is only a base.
fn is_abstract(code: &Code, class: &Class, mapper: &Mapper, all: &[Class]) -> bool {
    if mapper.name == "sqlmodel" {
        let table = class.keywords.iter().find(|(name, _)| *name == "table");
        return !table.is_some_and(|(_, value)| code.is(value.start, "True"));
    }
    let says = |range: Range<usize>| {
        (range.start..range.end).any(|at| {
            let is_word =
                code.is_any(at, &["abstract", "__abstract__"]) || code.literal(at).is_some_and(|text| text == "abstract");
            is_word && code.is_any(at + 1, &["=", ":"]) && code.is(at + 2, "True")
        })
    };
    let meta = all.iter().find(|inner| inner.name == mapper.meta && class.body.contains(&inner.at));
    let own = class.attribute("meta").map(|found| found.value.clone());
    // A peewee or Tortoise base that holds nothing but its settings is a base.
    let is_bare = fields(code, class, mapper).is_empty() && mapper.name != "django" && mapper.name != "beanie";
    meta.is_some_and(|meta| says(meta.body.clone()) || proxy(code, meta)) || own.is_some_and(says) || is_bare
}

/// A proxy of Django shares the table of another model.
fn proxy(code: &Code, meta: &Class) -> bool {
    meta.attribute("proxy").is_some_and(|found| code.is(found.value.start, "True"))
}

fn mapped(code: &Code, class: &Class, mapper: &Mapper, all: &[Class]) -> Option<Entity> {
    let meta = all.iter().find(|inner| inner.name == mapper.meta && class.body.contains(&inner.at));
    let named = |of: &Class| {
        let found = mapper.tables.iter().find_map(|name| of.attribute(name))?;
        Some(syntax::value(code, found.value.clone()))
    };
    let in_meta = || {
        let value = class.attribute("meta")?.value.clone();
        let entries = code.arguments(value.start);
        Some(syntax::value(code, mapper.tables.iter().find_map(|name| code.named(&entries, name))?))
    };
    let own = if mapper.meta.is_empty() { named(class) } else { meta.and_then(named).or_else(in_meta) };
    let fields = fields(code, class, mapper);
    Some(Entity { at: code.at(class.at), name: class.name.into(), library: mapper.name.into(), table: own, fields })
}

fn fields(code: &Code, class: &Class, mapper: &Mapper) -> Vec<Arc<str>> {
    let is_field = |of: &&syntax::Assignment| {
        let made = call(code, of.value.clone()).map(|(callee, _)| code.text_of(callee.end - 1));
        let by_type = mapper.fields.contains(&":") && !of.of.is_empty() && !code.is(of.of.start, "ClassVar");
        let by_call = made.is_some_and(|made| mapper.fields.iter().any(|end| made.ends_with(end) || *end == "*"));
        by_type || by_call
    };
    let own = class.attributes.iter().filter(is_field).filter(|of| !of.name.starts_with("__"));
    own.map(|of| of.name.as_str().into()).collect()
}

/// `users = Table("users", metadata, Column("id", …))`, for tables that no class of the file has.
fn tables(code: &Code, known: &[Entity]) -> Vec<Entity> {
    if !imports_any(code, &["sqlalchemy", "flask_sqlalchemy"]) && !code.text.contains("db.Table(") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for statement in statements(code) {
        let Some(assigned) = assignment(code, statement) else { continue };
        let Some((callee, open)) = call(code, assigned.value) else { continue };
        if !code.is(callee.end - 1, "Table") {
            continue;
        }
        let arguments = code.arguments(open);
        let Some(first) = arguments.first() else { continue };
        let table = syntax::value(code, first.clone());
        let columns = arguments.iter().filter_map(|part| {
            let (callee, open) = call(code, part.clone())?;
            let is_column = last(code.text_of(callee.end - 1)) == "Column";
            let first = code.arguments(open).into_iter().next().filter(|_| is_column)?;
            Some(Arc::from(&*code.literal(first.start)?))
        });
        let fields: Vec<Arc<str>> = columns.collect();
        // A table of nothing but two references joins two others; one that is only reflected is described elsewhere.
        let references = arguments.iter().filter(|part| (part.start..part.end).any(|at| code.is(at, "ForeignKey"))).count();
        let is_join = references == fields.len() && references > 0;
        let name = match &table {
            Value::Literal(text) => Arc::clone(text),
            _ => assigned.name.as_str().into(),
        };
        let is_known = known.iter().any(|entity| entity.table == Some(literal(&*name)));
        if !fields.is_empty() && !is_join && !is_known {
            found.push(Entity { at: code.location(callee), name, library: "sqlalchemy".into(), table: Some(table), fields });
        }
    }
    found
}
