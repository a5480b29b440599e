//! Stores other than Entity Framework: MongoDB, Marten, DynamoDB and NHibernate.

use super::syntax;
use super::values;
use crate::extract::Output;
use crate::extract::code::{Code, Framework};

pub const FRAMEWORK: Framework = Framework {
    name: "dotnet-documents",
    marks: &[
        "GetCollection<",
        "Schema.For<",
        "RegisterDocumentType<",
        "BsonCollection",
        "CollectionName(",
        "DynamoDBTable",
        "ClassMap<",
        "ClassMapping<",
        "JoinedSubclassMapping<",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let types = syntax::types(code);
    let is_own = |name: &str| {
        !name.is_empty()
            && !types.iter().any(|of| of.parameters.contains(&name))
            && !name.strip_prefix('T').is_some_and(|rest| rest.is_empty() || rest.starts_with(|first: char| first.is_uppercase()))
    };
    for call in code.calls() {
        let method = code.text_of(call.name);
        let before = call.name.wrapping_sub(2);
        let library = match method {
            "GetCollection" => "mongodb",
            "For" if code.is(before, "Schema") => "marten",
            "RegisterDocumentType" => "marten",
            _ => continue,
        };
        let Some(range) = syntax::call_types(code, call.name).into_iter().next() else { continue };
        let name = syntax::type_name(code, range);
        let arguments = code.arguments(call.open);
        let table = arguments.first().filter(|_| library == "mongodb").map(|range| values::text(code, range.clone()));
        let at = code.at(call.name);
        if name == "BsonDocument" {
            // Only the collection has a name.
            if let Some(collection) = arguments.first().and_then(|range| code.literal_text(range.clone())) {
                syntax::persist(output, library, at, &collection.value, table, Vec::new());
            }
        } else if is_own(name) && !is_declared(code, call.open) {
            syntax::persist(output, library, at, name, table, syntax::fields(code, &types, name));
        }
    }
    for of in types.iter().filter(|of| code.is_any(of.item.start, &["class", "record"])) {
        for attribute in syntax::attributes(code, of.item) {
            let library = match attribute.name {
                "BsonCollection" | "CollectionName" => "mongodb",
                "DynamoDBTable" => "dynamodb",
                _ => continue,
            };
            let table = attribute.arguments.first().map(|range| values::text(code, range.clone()));
            syntax::persist(output, library, code.at(of.item.name), of.name, table, syntax::properties(code, of));
        }
        for base in of
            .bases
            .iter()
            .filter(|base| matches!(base.name, "ClassMap" | "ClassMapping" | "JoinedSubclassMapping" | "SubclassMap"))
        {
            let Some(name) = base.arguments.first().map(|range| syntax::type_name(code, range.clone())) else { continue };
            // Readers of CSV files have maps of the same name.
            let reads_files = (0..code.len()).any(|at| code.is(at, "CsvHelper"));
            if !is_own(name) || reads_files {
                continue;
            }
            let table = of.item.body.clone().find(|&at| code.is(at, "Table") && code.is(at + 1, "("));
            let table = table.and_then(|at| code.arguments(at + 1).into_iter().next()).map(|range| values::text(code, range));
            let at = code.location(base.at.clone());
            syntax::persist(output, "nhibernate", at, name, table, syntax::fields(code, &types, name));
        }
    }
}

/// The head of a method, not a call of it.
fn is_declared(code: &Code, open: usize) -> bool {
    let after = code.after(open);
    code.is_any(after, &["{", "where"])
        || code.arguments(open).first().is_some_and(|range| range.len() > 1 && code.is_any(range.start, &["string", "this"]))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn collections_and_documents_are_entities() {
        check(
            "A.cs",
            r#"
class Orders {
    void A(IMongoDatabase db) {
        var x = db.GetCollection<Order>("orders"); var y = db.GetCollection<BsonDocument>("raw");
        options.Schema.For<Account>().Index(a => a.Id);
    }
    public IMongoCollection<T> GetCollection<T>(string name) { return db.GetCollection<T>(name); }
}
public record Order(int Id, string Name);
[DynamoDBTable("carts")] class Cart { public string Id { get; set; } }
class PolicyMap : ClassMapping<Policy> { public PolicyMap() { Table("policies"); } }
class Repository<TDocument> { void A() { db.GetCollection<TDocument>("x"); } }"#,
            "4 entity Order table orders (Id, Name)
             4 entity raw table raw ()
             5 entity Account ()
             10 entity Cart table carts (Id)
             11 entity Policy table policies ()",
        );
    }
}
