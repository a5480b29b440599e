//! Resources of Ash that a data layer stores in tables: `use Ash.Resource, data_layer: AshPostgres.DataLayer`.

use std::sync::Arc;

use super::syntax;
use crate::extract::Output;
use crate::extract::code::{Code, Framework};
use crate::facts::{Entity, Fact, Value};

pub const FRAMEWORK: Framework =
    Framework { name: "ash", marks: &["AshPostgres", "AshSqlite", "AshMysql", "AshMongo", "AshSql"], read };

fn read(code: &Code, output: &mut Output) {
    for module in syntax::modules(code) {
        let stored = |further: &[std::ops::Range<usize>]| {
            let layer = code.named(further, "data_layer").and_then(|layer| code.dotted(layer));
            layer.is_some_and(|layer| layer.ends_with(".DataLayer") && !layer.starts_with("Ash."))
        };
        let Some(used) = syntax::uses(code, &module, |_, further| stored(further)) else { continue };
        let (mut table, mut fields) = (None, Vec::new());
        for section in syntax::statements(code, module.body.clone()) {
            let Some(block) = section.block(code) else { continue };
            match code.text_of(section.name) {
                "attributes" | "relationships" => {
                    for found in syntax::statements(code, block) {
                        fields.extend(field(code, &found));
                    }
                }
                "postgres" | "sqlite" | "mysql" | "mongo" => {
                    let named = syntax::statements(code, block).find(|found| code.is(found.name, "table"));
                    let value = named.and_then(|named| named.arguments.first().cloned()).map(|name| syntax::value(code, name));
                    table = value.filter(|value| !matches!(value, Value::Unknown(_)));
                }
                _ => {}
            }
        }
        output.facts.push(Fact::Persistent(Entity {
            at: code.location(used.name..used.end),
            name: module.short().into(),
            library: FRAMEWORK.name.into(),
            table,
            fields,
        }));
    }
}

fn field(code: &Code, found: &syntax::Statement) -> Option<Arc<str>> {
    let name = syntax::atom(code, found.arguments.first()?.clone());
    match code.text_of(found.name) {
        "attribute" | "uuid_primary_key" | "uuid_v7_primary_key" | "integer_primary_key" => name,
        "belongs_to" => name.map(|name| format!("{name}_id").into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn stored_resources_are_entities() {
        check(
            "lib/helpdesk/support/ticket.ex",
            r#"defmodule Helpdesk.Support.Ticket do
  use Ash.Resource,
    domain: Helpdesk.Support,
    data_layer: AshPostgres.DataLayer
  postgres do
    table "tickets"
    repo Helpdesk.Repo
  end
  attributes do
    uuid_primary_key :id
    attribute :subject, :string do
      allow_nil? false
    end
    timestamps()
  end
  relationships do
    belongs_to :representative, Helpdesk.Support.Representative
    has_many :notes, Helpdesk.Support.Note
  end
end
defmodule Helpdesk.Support.Address do
  use Ash.Resource, data_layer: :embedded
end"#,
            "2 entity Ticket table tickets (id, subject, representative_id)",
        );
    }
}
