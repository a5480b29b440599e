//! Entity Framework: what a context keeps, what configurations map, and classes that name their table.
//!
//! A type is told where it is kept (`DbSet<T>`), configured or annotated, so one entity may be told several times; its fields stand where
//! its class is in the same file.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::syntax::{self, Type};
use super::values;
use crate::extract::Output;
use crate::extract::code::{Code, Framework};
use crate::facts::Value;
use crate::source::Location;

pub const FRAMEWORK: Framework = Framework {
    name: "entity-framework",
    marks: &[
        "DbSet<",
        "IDbSet<",
        "IdentityDbContext<",
        "IEntityTypeConfiguration<",
        "EntityTypeConfiguration<",
        ".Entity<",
        "[Table(",
    ],
    read,
};

/// Users as the library itself has them.
const OF_THE_LIBRARY: [&str; 3] = ["IdentityUser", "IdentityRole", "Guid"];

#[derive(Default)]
struct Found {
    order: Vec<(String, Location)>,
    known: FxHashSet<String>,
    tables: FxHashMap<String, Value>,
    /// Views and results of queries.
    without_table: FxHashSet<String>,
}

impl Found {
    fn add(&mut self, name: &str, at: Location) {
        if !name.is_empty() && self.known.insert(name.to_owned()) {
            self.order.push((name.to_owned(), at));
        }
    }
}

fn read(code: &Code, output: &mut Output) {
    let types = syntax::types(code);
    let mut found = Found::default();
    for of in types.iter().filter(|of| code.is_any(of.item.start, &["class", "record"])) {
        context(code, of, &mut found);
        for base in of.bases.iter().filter(|base| matches!(base.name, "IEntityTypeConfiguration" | "EntityTypeConfiguration")) {
            let Some(name) = base.arguments.first().map(|range| syntax::type_name(code, range.clone())) else { continue };
            if !of.parameters.contains(&name) {
                found.add(name, code.location(base.at.clone()));
                mapping(code, of.item.body.clone(), name, &mut found);
            }
        }
        let attributes = syntax::attributes(code, of.item);
        if let Some(table) = attributes.iter().find(|attribute| attribute.name == "Table")
            && !attributes.iter().any(|attribute| attribute.name == "Keyless")
        {
            found.add(of.name, code.at(of.item.name));
            if let Some(range) = table.argument(code, "name") {
                found.tables.insert(of.name.to_owned(), values::text(code, range));
            }
        }
    }
    // `modelBuilder.Entity<T>(…).ToTable("x")`.
    for at in (0..code.len()).filter(|&at| code.is(at, "Entity") && code.is(at + 1, "<") && at > 0 && code.is(at - 1, ".")) {
        let Some(range) = syntax::call_types(code, at).into_iter().next() else { continue };
        let name = syntax::type_name(code, range);
        let is_parameter = types.iter().any(|of| of.parameters.contains(&name)) || is_type_parameter(name);
        let mut end = at;
        while end < code.len() && !code.is_any(end, &[";", "}"]) {
            end = code.after(end);
        }
        let ignored = code.is(end.wrapping_sub(1), ")") && (at..end).any(|at| code.is(at, "Ignore") && code.is(at - 1, ")"));
        if !is_parameter && !ignored {
            found.add(name, code.at(at));
            mapping(code, at..end, name, &mut found);
        }
    }
    for (name, at) in &found.order {
        if !found.without_table.contains(name) && !OF_THE_LIBRARY.contains(&name.as_str()) {
            let fields = syntax::fields(code, &types, name);
            syntax::persist(output, FRAMEWORK.name, *at, name, found.tables.get(name).cloned(), fields);
        }
    }
}

/// `TEntity` and `T`, when they are no parameters of a type but of a method.
fn is_type_parameter(name: &str) -> bool {
    name.strip_prefix('T')
        .is_some_and(|rest| rest.is_empty() || matches!(rest, "Entity" | "Model" | "Aggregate" | "Root" | "Document" | "Type"))
}

/// `public DbSet<T> Name { get; set; }`, `public DbSet<T> Name => Set<T>();`, and the user of `IdentityDbContext<T>`.
fn context(code: &Code, of: &Type, found: &mut Found) {
    for base in of.bases.iter().filter(|base| base.name == "IdentityDbContext") {
        for argument in base.arguments.iter().take(2) {
            let name = syntax::type_name(code, argument.clone());
            if !of.parameters.contains(&name) && name != "string" && name != "int" {
                found.add(name, code.location(argument.clone()));
            }
        }
    }
    let body = of.item.body.clone();
    let mut at = body.start;
    while at < body.end {
        if code.is_any(at, &["DbSet", "IDbSet"]) && code.is(at + 1, "<") {
            let end = syntax::type_arguments_end(code, at + 1);
            let name = end + usize::from(code.is(end, "?"));
            let kept = code.word(name).is_some()
                && (code.is(name + 1, "=>") || code.is(name + 1, "{") && code.is_any(name + 2, &["get", "internal", "private"]));
            if kept && !syntax::modifiers(code, at).contains(&"private") {
                let entity = syntax::type_name(code, at + 2..end.saturating_sub(1));
                if !of.parameters.contains(&entity) && !is_type_parameter(entity) {
                    found.add(entity, code.at(name));
                }
            }
        }
        at = code.after(at);
    }
}

/// What a configuration says of the table: `ToTable("x")`; `ToView` and `HasNoKey` say that there is none.
fn mapping(code: &Code, range: Range<usize>, name: &str, found: &mut Found) {
    for at in range {
        if !code.is(at + 1, "(") {
            continue;
        }
        if code.is_any(at, &["ToView", "HasNoKey", "ToSqlQuery", "ToFunction"]) {
            found.without_table.insert(name.to_owned());
        } else if code.is(at, "ToTable")
            && let Some(argument) = code.arguments(at + 1).into_iter().next()
            && !argument.clone().any(|at| code.is(at, "=>"))
        {
            // The first is the entity's own; what it owns comes later.
            let table = values::text(code, argument);
            found.tables.entry(name.to_owned()).or_insert(table);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn a_context_keeps_entities() {
        check(
            "Db.cs",
            r#"
public class ShopContext : IdentityDbContext<AppUser> {
    public DbSet<Order> Orders { get; set; }
    public required DbSet<Models.Line>? Lines { get; set; }
    public DbSet<Item> Items => Set<Item>();
    private readonly DbSet<Hidden> _hidden;
    protected override void OnModelCreating(ModelBuilder builder) {
        builder.Entity<Order>().ToTable("orders").HasKey(o => o.Id);
        builder.Entity<Sales>(b => { b.HasNoKey(); b.ToView("sales"); });
        builder.Entity<Extra>(b => b.ToTable("extras", "shop"));
    }
}
public class Order { public int Id { get; set; } public string Name { get; private set; } = ""; public int Sum => 1; public static int X { get; set; } }
public interface IShop { DbSet<Order> Orders { get; } }
class Repository<T> { public DbSet<T> Set { get; } }"#,
            "2 entity AppUser ()
             3 entity Order table orders (Id, Name)
             4 entity Line ()
             5 entity Item ()
             10 entity Extra table extras ()",
        );
    }

    #[test]
    fn configurations_and_annotations_map_entities() {
        check(
            "A.cs",
            r#"
class OrderMap : IEntityTypeConfiguration<Order> { public void Configure(EntityTypeBuilder<Order> b) { b.ToTable("orders"); b.OwnsOne(o => o.Address).ToTable("addresses"); } }
class Base<T> : IEntityTypeConfiguration<T> { }
[Table("shipping", Schema = "x")] [PrimaryKey(nameof(Id))]
internal class Shipping { public required string Id { get; set; } [Column("c")] public int Count { get; init; } }
[Table("v"), Keyless] class View { }
record Dto(int A);"#,
            "2 entity Order table orders ()
             5 entity Shipping table shipping (Id, Count)",
        );
    }
}
