//! Tables that migrations make, those of the framework itself left out: `Schema::create('orders', function (Blueprint $table) {…})`, Phinx's `$this->table('orders')->…->create()`.

use std::sync::Arc;

use super::chain::{Chain, closure};
use crate::extract::Output;
use crate::extract::code::{Code, Framework};
use crate::facts::{Entity, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "php-migration",
    marks: &["Schema::create", "Schema::connection", "Blueprint $table", "->addColumn("],
    read,
};

/// Calls on a table that make no column.
const NO_COLUMNS: [&str; 12] = [
    "index",
    "unique",
    "primary",
    "foreign",
    "fullText",
    "spatialIndex",
    "rawIndex",
    "comment",
    "charset",
    "collation",
    "engine",
    "after",
];

fn read(code: &Code, output: &mut Output) {
    let mut at = 0;
    while at < code.len() {
        let begins = !at.checked_sub(1).is_some_and(|before| code.is_any(before, &["->", "::"]));
        let is_root = code.is(at, "Schema") || code.text_of(at).starts_with('$');
        let Some(chain) = (begins && is_root).then(|| Chain::at(code, at)).flatten() else {
            at += 1;
            continue;
        };
        let root = code.text_in(chain.root.clone());
        let entity = if root == "Schema" || root.ends_with("schema") { created(code, &chain) } else { phinx(code, &chain) };
        at = match entity {
            Some(entity) => {
                output.facts.push(Fact::Persistent(entity));
                chain.end
            }
            None => at + 1,
        };
    }
}

/// Tables that frameworks keep for themselves.
const OF_FRAMEWORKS: [&str; 12] = [
    "password_resets",
    "password_reset_tokens",
    "failed_jobs",
    "personal_access_tokens",
    "jobs",
    "job_batches",
    "sessions",
    "cache",
    "cache_locks",
    "migrations",
    "notifications",
    "messenger_messages",
];

fn entity(code: &Code, at: usize, name: Arc<str>, fields: Vec<Arc<str>>) -> Option<Entity> {
    let of_framework = OF_FRAMEWORKS.contains(&&*name) || name.starts_with("telescope_") || name.starts_with("oauth_");
    let table = Some(Value::Literal(Arc::clone(&name)));
    (!of_framework).then(|| Entity { at: code.at(at), name, library: "sql".into(), table, fields })
}

fn created(code: &Code, chain: &Chain) -> Option<Entity> {
    let create = chain.links.iter().find(|link| code.is(link.name, "create"))?;
    let arguments = code.arguments(create.open);
    let [first, second] = &arguments[..] else { return None };
    let name = code.literal_text(first.clone())?.value;
    let (open, body) = closure(code, second.clone())?;
    let table = code.inside(open).find(|&at| code.text_of(at).starts_with('$')).map(|at| code.text_of(at))?;
    let mut fields = Vec::new();
    for at in body {
        if !code.is(at, table)
            || !code.is(at + 1, "->")
            || code.is_any(at + 2, &NO_COLUMNS)
            || code.text_of(at + 2).starts_with("drop")
        {
            continue;
        }
        match code.literal(at + 4) {
            Some(column) if code.is(at + 3, "(") => fields.push(column.as_ref().into()),
            _ if code.is(at + 2, "id") => fields.push("id".into()),
            _ => {}
        }
    }
    entity(code, first.start, name, fields)
}

/// `$this->table('orders')->addColumn('number', 'string')->create();`
fn phinx(code: &Code, chain: &Chain) -> Option<Entity> {
    let table = chain.links.first().filter(|link| code.is(link.name, "table"))?;
    let name = code.literal_text(code.arguments(table.open).into_iter().next()?)?;
    // What is kept in a variable gets its columns in other statements.
    let assigned = chain.root.start.checked_sub(2).filter(|&name| code.is(name + 1, "=")).and_then(|name| code.word(name));
    let mut links = chain.links.clone();
    if let Some(variable) = assigned {
        let limit = (chain.end + 2_000).min(code.len());
        for at in (chain.end..limit).filter(|&at| code.is(at, variable)) {
            if let Some(more) = Chain::at(code, at) {
                links.extend(more.links);
            }
            if links.last().is_some_and(|link| code.is_any(link.name, &["create", "save", "update"])) {
                break;
            }
        }
    }
    if !links.iter().any(|link| code.is(link.name, "create")) {
        return None;
    }
    let columns = links.iter().filter(|link| code.is(link.name, "addColumn"));
    let columns = columns.filter_map(|link| code.literal(link.open + 1)).map(|name| name.as_ref().into()).collect();
    entity(code, table.open + 1, name.value, columns)
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn created_tables_are_told() {
        check(
            "database/migrations/2020_create_users.php",
            r#"<?php
            return new class extends Migration {
                public function up() {
                    Schema::create('users', function (Blueprint $table) {
                        $table->id();
                        $table->string('email')->unique();
                        $table->foreignId('team_id')->constrained('teams');
                        $table->timestamps();
                        $table->unique(['email', 'team_id']);
                    });
                    $this->schema->create('tags', function (Blueprint $t) { $t->string('name'); });
                    Schema::create('failed_jobs', function (Blueprint $table) { $table->id(); });
                    Schema::table('users', function (Blueprint $table) { $table->string('later'); });
                }
                public function down() { Schema::dropIfExists('users'); }
            };"#,
            "4 entity users table users (id, email, team_id)
             11 entity tags table tags (name)",
        );
        check(
            "db/migrations/1_orders.php",
            "<?php\nclass A extends AbstractMigration { function change() {\n$t = $this->table('orders');\n$t->addColumn('number', 'string')\n  ->create();\n$this->table('lines')->addColumn('x', 'string')->update(); } }",
            "3 entity orders table orders (number)",
        );
    }
}
