//! Types that a module makes persistent: documents of Mongoid and others, resources of DataMapper; relations of ROM.

use std::sync::Arc;

use super::syntax::{self, Statement};
use super::types::{self, Class};
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Entity, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "ruby-documents",
    marks: &[
        "Mongoid::Document",
        "MongoMapper::Document",
        "Dynamoid::Document",
        "DataMapper::Resource",
        "NoBrainer::Document",
        "ActiveGraph::Node",
        "Neo4j::ActiveNode",
        "Aws::Record",
        "ROM::Relation",
        "DB::Relation",
    ],
    read,
};

/// Modules with their libraries, and the words that name a field.
const MODULES: [(&str, &str, &[&str]); 8] = [
    ("Mongoid.Document", "mongoid", &["field"]),
    ("MongoMapper.Document", "mongo-mapper", &["key"]),
    ("Dynamoid.Document", "dynamoid", &["field"]),
    ("DataMapper.Resource", "data-mapper", &["property"]),
    ("NoBrainer.Document", "no-brainer", &["field"]),
    ("ActiveGraph.Node", "active-graph", &["property"]),
    ("Neo4j.ActiveNode", "active-graph", &["property"]),
    ("Aws.Record", "aws-record", &["string_attr", "integer_attr", "boolean_attr", "date_attr", "datetime_attr", "map_attr"]),
];

fn read(code: &Code, output: &mut Output) {
    for class in types::classes(code) {
        let statements = syntax::statements(code, class.body.clone());
        let entity = document(code, &class, &statements).or_else(|| relation(code, &class, &statements));
        output.facts.extend(entity.map(Fact::Persistent));
    }
}

fn document(code: &Code, class: &Class, statements: &[Statement]) -> Option<Entity> {
    let mut included = statements.iter().filter(|of| code.is(of.name, "include")).flat_map(|of| &of.arguments);
    let (_, library, words) = included.find_map(|argument| {
        let name = code.dotted(argument.clone())?;
        MODULES.iter().find(|(module, _, _)| *module == name)
    })?;
    // What is stored inside of another is no type of its own.
    if statements.iter().any(|of| code.is(of.name, "embedded_in")) {
        return None;
    }
    let fields = statements.iter().filter(|of| !of.has_receiver() && code.is_any(of.name, words));
    let fields = fields.filter_map(|of| Some(syntax::name(code, of.arguments.first()?.clone())?.into())).collect();
    let named = statements.iter().find_map(|of| match code.text_of(of.name) {
        "store_in" => of.named(code, "collection"),
        "table" => of.named(code, "name"),
        "set_table_name" | "set_collection_name" => of.arguments.first().cloned(),
        _ => None,
    });
    Some(entity(code, class, library, named.map(|range| syntax::text_value(code, range)), fields))
}

/// `class Books < ROM::Relation[:sql]` with `schema(:books) do attribute :id, … end`.
fn relation(code: &Code, class: &Class, statements: &[Statement]) -> Option<Entity> {
    let base = class.base_name(code);
    if !base.ends_with("ROM.Relation") && !base.ends_with("DB.Relation") {
        return None;
    }
    let schema = statements.iter().find(|of| code.is(of.name, "schema") && !of.has_receiver())?;
    let table = schema.arguments.first().and_then(|first| syntax::name(code, first.clone()))?;
    let attributes = schema.block.as_ref().map_or(Vec::new(), |block| syntax::statements(code, block.body.clone()));
    let fields = attributes.iter().filter(|of| code.is(of.name, "attribute"));
    let fields = fields.filter_map(|of| Some(syntax::name(code, of.arguments.first()?.clone())?.into())).collect();
    Some(entity(code, class, "rom", Some(literal(table)), fields))
}

fn entity(code: &Code, class: &Class, library: &str, table: Option<Value>, fields: Vec<Arc<str>>) -> Entity {
    Entity { at: code.at(class.at), name: class.name.into(), library: library.into(), table, fields }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn documents_are_entities() {
        check(
            "app/models/band.rb",
            "class Band\n include Mongoid::Document\n include Mongoid::Timestamps\n store_in collection: 'artists'\n field :name, type: String\n field :founded, type: Date\nend\nclass Label\n include Mongoid::Document\n field :x\n embedded_in :band\nend\nclass Post\n include DataMapper::Resource\n property :id, Serial\nend\nclass Plain\n field :a\nend",
            "1 entity Band table artists (name, founded)\n13 entity Post (id)",
        );
        check(
            "relations/books.rb",
            "class Books < ROM::Relation[:sql]\n schema(:books, infer: true) do\n  attribute :id, Types::Integer\n end\nend\nclass Users < Bookshelf::DB::Relation\n schema :users, infer: true\nend",
            "1 entity Books table books (id)\n6 entity Users table users ()",
        );
    }
}
