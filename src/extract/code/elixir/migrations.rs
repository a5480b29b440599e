//! Tables that migrations of Ecto make: `create table(:orders) do add :number, :string … end`.

use std::sync::Arc;

use super::syntax;
use crate::extract::Output;
use crate::extract::code::{Code, Framework};
use crate::facts::{Entity, Fact, Value};

pub const FRAMEWORK: Framework = Framework { name: "ecto-migration", marks: &["Ecto.Migration"], read };

/// Tables that libraries keep for themselves.
const OF_LIBRARIES: [&str; 6] =
    ["schema_migrations", "oban_jobs", "oban_peers", "oban_producers", "sessions", "fun_with_flags_toggles"];

fn read(code: &Code, output: &mut Output) {
    for &at in code.occurrences("table") {
        let at = at as usize;
        let Some(create) = at.checked_sub(1 + usize::from(code.is(at.wrapping_sub(1), "("))) else { continue };
        if !code.is_any(create, &["create", "create_if_not_exists"]) || !code.is(at + 1, "(") {
            continue;
        }
        // What is undone makes again what was dropped.
        if code.function_around(at).is_some_and(|function| function.ends_with(".down")) {
            continue;
        }
        let arguments = code.arguments(at + 1);
        let Some(name) = arguments.first() else { continue };
        let name = match syntax::value(code, name.clone()) {
            Value::Literal(name) if !OF_LIBRARIES.contains(&&*name) => name,
            _ => continue,
        };
        // `create(table(:orders)) do` closes a bracket before its block.
        let after = code.after(at + 1);
        let block = [after, after + 1].into_iter().find(|&block| code.is(block, "do")).map(|block| code.inside(block));
        let statements = block.into_iter().flat_map(|block| syntax::statements(code, block));
        let fields: Vec<Arc<str>> = statements
            .filter(|found| code.is_any(found.name, &["add", "add_if_not_exists"]))
            .filter_map(|found| syntax::atom(code, found.arguments.first()?.clone()))
            .collect();
        output.facts.push(Fact::Persistent(Entity {
            at: code.location(create..after),
            table: Some(Value::Literal(Arc::clone(&name))),
            name,
            library: "sql".into(),
            fields,
        }));
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn created_tables_are_entities() {
        check(
            "priv/repo/migrations/20240101000000_create_orders.exs",
            r#"defmodule Shop.Repo.Migrations.CreateOrders do
  use Ecto.Migration
  def up do
    create table(:orders, primary_key: false) do
      add :id, :binary_id, primary_key: true
      add(:number, :string)
      add :user_id, references(:users, on_delete: :nothing)
      timestamps()
    end
    create_if_not_exists(table("lines")) do
      add :order_id, references(:orders)
    end
    create unique_index(:orders, [:number])
    alter table(:users) do
      add :name, :string
    end
    drop table(:old)
  end
  def down do
    create table(:old)
  end
end"#,
            "4 entity orders table orders (id, number, user_id)
             10 entity lines table lines (order_id)",
        );
    }
}
