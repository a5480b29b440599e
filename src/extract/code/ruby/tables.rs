//! Tables: `db/schema.rb` of Rails, and migrations of Sequel and ROM.
//!
//! Migrations of Active Record are not read: later ones rename and drop what earlier ones make, and `db/schema.rb`, which is kept beside
//! them, says what is left. It is generated, and still the one place that names the columns.

use std::sync::Arc;

use super::syntax::{self, Block, Statement};
use crate::discover::Role;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Entity, Fact};

pub const EXTRACTOR: Extractor = Extractor {
    name: "rails-schema",
    wants: |_, _| false,
    applies: |input| {
        input.path.ends_with("schema.rb")
            && input.text.contains("ActiveRecord::Schema")
            && input.kind.role != Role::Test
            && input.kind.language.is_some_and(|language| language.name() == "Ruby")
    },
    extract,
};

pub const FRAMEWORK: Framework =
    Framework { name: "ruby-migration", marks: &["Sequel.migration", "ROM::SQL.migration", "ROM::SQL::Migration"], read };

/// Tables that frameworks keep for themselves, by how they begin.
const OF_FRAMEWORKS: [&str; 22] = [
    "active_storage_",
    "action_text_",
    "action_mailbox_",
    "active_admin_comments",
    "ar_internal_metadata",
    "schema_migrations",
    "solid_queue_",
    "solid_cache_",
    "solid_cable_",
    "good_job",
    "delayed_jobs",
    "que_",
    "sessions",
    "versions",
    "friendly_id_slugs",
    "oauth_access_",
    "oauth_applications",
    "oauth_openid_requests",
    "flipper_",
    "pghero_",
    "blazer_",
    "data_migrations",
];
/// Words of a table's block that make no column.
const NO_COLUMNS: [&str; 9] = [
    "index",
    "check_constraint",
    "foreign_key",
    "unique_constraint",
    "exclusion_constraint",
    "unique",
    "constraint",
    "check",
    "primary_keys",
];

fn extract(input: &Input, output: &mut Output) {
    let Some(language) = input.kind.language else { return };
    created(input.code(language), output);
}

fn read(code: &Code, output: &mut Output) {
    created(code, output);
}

fn created(code: &Code, output: &mut Output) {
    syntax::walk(code, 0..code.len(), (), &mut |of, ()| {
        let Some(block) = &of.block else { return Vec::new() };
        match code.text_of(of.name) {
            "create_table" | "create_table?" | "create_table!" => {
                output.facts.extend(table(code, of, block).map(Fact::Persistent))
            }
            // What takes a change back makes a table that was there before.
            "define" | "migration" | "change" | "up" => return vec![(block.body.clone(), ())],
            _ => {}
        }
        Vec::new()
    });
}

fn table(code: &Code, of: &Statement, block: &Block) -> Option<Entity> {
    let name = syntax::name(code, of.arguments.first()?.clone())?;
    let last = name.rsplit('.').next().unwrap_or(&name);
    if OF_FRAMEWORKS.iter().any(|begin| last.starts_with(begin)) {
        return None;
    }
    let has_key = of.named(code, "id").is_none_or(|id| !code.is(id.start, "false"));
    let mut fields: Vec<Arc<str>> = Vec::new();
    let receiver = block.parameters.first().map_or("", |name| code.text_of(*name));
    if !receiver.is_empty() && has_key {
        fields.push("id".into());
    }
    for column in syntax::statements(code, block.body.clone()) {
        if code.text_in(column.receiver(code)) != receiver || code.is_any(column.name, &NO_COLUMNS) {
            continue;
        }
        // `column :name, String` and `String :name` alike.
        let of_reference = code.is_any(column.name, &["references", "belongs_to"]);
        for name in column.positional(code).into_iter().take(1).filter_map(|first| syntax::name(code, first)) {
            fields.push(if of_reference { format!("{name}_id").into() } else { name.into() });
        }
    }
    let table = Some(literal(name.as_str()));
    Some(Entity { at: of.place(code), name: name.into(), library: "sql".into(), table, fields })
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn tables_are_told() {
        check(
            "db/schema.rb",
            "# This file is auto-generated from the current state of the database.\nActiveRecord::Schema[7.1].define(version: 2024) do\n enable_extension \"plpgsql\"\n create_table \"orders\", force: :cascade do |t|\n  t.string \"number\", null: false\n  t.bigint \"customer_id\"\n  t.references :shop\n  t.index [\"number\"], name: \"x\"\n end\n create_table \"active_storage_blobs\" do |t|\n  t.string \"key\"\n end\n create_table \"tags_orders\", id: false do |t|\n  t.integer \"tag_id\"\n end\n add_foreign_key \"a\", \"b\"\nend",
            "4 entity orders table orders (id, number, customer_id, shop_id)
             13 entity tags_orders table tags_orders (tag_id)",
        );
        check(
            "db/migrate/1_x.rb",
            "class X < ActiveRecord::Migration[7.0]\n def change\n  create_table :orders do |t|\n   t.string :a\n  end\n end\nend",
            "",
        );
        check(
            "db/migrations/001.rb",
            "Sequel.migration do\n change do\n  create_table(:artists) do\n   primary_key :id\n   String :name, null: false\n   foreign_key [:a], :b\n   index :name\n  end\n end\nend",
            "3 entity artists table artists (id, name)",
        );
    }
}
