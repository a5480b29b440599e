//! Types that Ecto stores: `schema "orders" do field :number, :string … end`; embedded schemas are parts of others. Collections of Mongo
//! and tables of Memento are told alike.

use std::ops::Range;
use std::sync::Arc;

use super::syntax::{self, Module, Statement};
use crate::extract::Output;
use crate::extract::code::{Code, Framework};
use crate::facts::{Entity, Fact, Value};

pub const FRAMEWORK: Framework =
    Framework { name: "ecto", marks: &["schema \"", "schema(\"", "schema @", "collection \"", "Memento.Table"], read };

fn read(code: &Code, output: &mut Output) {
    for module in syntax::modules(code) {
        if let Some(used) = syntax::uses(code, &module, |name, _| name == "Memento.Table") {
            let fields = used.named(code, "attributes").and_then(|range| syntax::atoms(code, range)).unwrap_or_default();
            add(code, &module, used.name..used.end, None, fields, output);
            continue;
        }
        for found in syntax::statements(code, module.body.clone()) {
            let library = match code.text_of(found.name) {
                "schema" => "ecto",
                "collection" if syntax::uses(code, &module, |name, _| name == "Mongo.Collection").is_some() => "mongo",
                _ => continue,
            };
            let (Some(table), Some(block)) = (found.arguments.first(), found.block(code)) else { continue };
            let fields = fields(code, block.clone());
            // Schemas of other libraries look alike, but for what is in them.
            let is_stored = library == "mongo" || syntax::statements(code, block).any(|inner| is_of_ecto(code, &inner));
            if is_stored && found.arguments.len() == 1 {
                let table = Some(syntax::value(code, table.clone())).filter(|value| !matches!(value, Value::Unknown(_)));
                add(code, &module, found.name..found.end, table, fields, output);
            }
        }
    }
}

fn add(code: &Code, module: &Module, at: Range<usize>, table: Option<Value>, fields: Vec<Arc<str>>, output: &mut Output) {
    output.facts.push(Fact::Persistent(Entity {
        at: code.location(at),
        name: module.short().into(),
        library: "ecto".into(),
        table,
        fields,
    }));
}

/// What only a schema of Ecto holds.
fn is_of_ecto(code: &Code, found: &Statement) -> bool {
    match code.text_of(found.name) {
        "field" | "belongs_to" | "has_many" | "has_one" | "many_to_many" | "embeds_one" | "embeds_many" => {
            found.arguments.first().is_some_and(|name| code.is(name.start, ":"))
        }
        "timestamps" => true,
        _ => false,
    }
}

/// The columns of a schema.
fn fields(code: &Code, block: Range<usize>) -> Vec<Arc<str>> {
    let mut found = Vec::new();
    for inner in syntax::statements(code, block) {
        let Some(name) = inner.arguments.first().and_then(|name| syntax::atom(code, name.clone())) else { continue };
        match code.text_of(inner.name) {
            "field" if inner.named(code, "virtual").is_some_and(|range| code.is(range.start, "true")) => {}
            "field" | "attribute" | "embeds_one" | "embeds_many" => found.push(name),
            "belongs_to" => {
                let key = inner.named(code, "foreign_key").and_then(|key| syntax::atom(code, key));
                found.push(key.unwrap_or_else(|| format!("{name}_id").into()));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn schemas_are_entities() {
        check(
            "lib/shop/orders/order.ex",
            r#"defmodule Shop.Orders.Order do
  use Ecto.Schema
  import Ecto.Changeset
  @primary_key {:id, :binary_id, autogenerate: true}
  schema "orders" do
    field :number, :string
    field(:total, :decimal, default: 0)
    field :password, :string, virtual: true
    field :state, Ecto.Enum, values: [:open, :done]
    belongs_to :customer, Shop.Customers.Customer
    belongs_to :seller, Shop.Users.User, foreign_key: :user_id
    has_many :lines, Shop.Orders.Line
    embeds_one :address, Address do
      field :street, :string
    end
    timestamps()
  end
  def changeset(order, attrs), do: cast(order, attrs, [:number])
end
defmodule Shop.Orders.Address do
  use Ecto.Schema
  embedded_schema do
    field :street, :string
  end
end
defmodule Shop.Orders.Line do
  use Shop.Schema
  @table "order_lines"
  schema @table do
    timestamps(type: :utc_datetime)
  end
end"#,
            "5 entity Order table orders (number, total, state, customer_id, user_id, address)
             29 entity Line table order_lines ()",
        );
    }

    #[test]
    fn other_schemas_are_none() {
        check(
            "lib/shop/config.ex",
            "defmodule Shop.Config do\n  schema \"config\" do\n    required(:name)\n  end\n  def schema(\"x\"), do: 1\nend",
            "",
        );
        check(
            "lib/shop/label.ex",
            "defmodule Shop.Label do\n  use Mongo.Collection\n  collection \"labels\" do\n    attribute :name, String.t()\n  end\nend\ndefmodule Shop.Seat do\n  use Memento.Table, attributes: [:id, :row]\nend",
            "3 entity Label table labels (name)\n8 entity Seat (id, row)",
        );
    }
}
