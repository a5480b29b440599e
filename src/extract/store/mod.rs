//! Descriptions of what is stored: tables of SQL, models of Prisma, change logs of Liquibase.

pub mod liquibase;
pub mod prisma;
pub mod sql;

use std::sync::Arc;

use crate::facts::{Entity, Fact, Value};
use crate::source::Location;

/// How many tables of one file are kept.
const MOST_TABLES: usize = 2000;
/// How many columns of one table are kept.
const MOST_COLUMNS: usize = 300;

/// A table as it is read.
struct Table<'t> {
    name: &'t str,
    /// Its whole name, where that is more than its own.
    qualified: Option<String>,
    columns: Vec<Arc<str>>,
}

impl Table<'_> {
    fn fact(self, library: &str, at: Location) -> Fact {
        let table = self.qualified.map(|name| Value::Literal(name.into()));
        Fact::Persistent(Entity { at, name: self.name.into(), library: library.into(), table, fields: self.columns })
    }
}

/// Tables in which tools keep their own books, and those of libraries.
fn is_of_a_tool(table: &str) -> bool {
    let name = table.to_ascii_lowercase();
    let names = [
        "databasechangelog",
        "databasechangeloglock",
        "flyway_schema_history",
        "schema_version",
        "schema_migrations",
        "__efmigrationshistory",
        "alembic_version",
        "_prisma_migrations",
        "goose_db_version",
        "ar_internal_metadata",
        "migrations",
        "shedlock",
        "knex_migrations",
    ];
    names.contains(&name.as_str()) || ["qrtz_", "batch_job_", "batch_step_", "act_"].iter().any(|prefix| name.starts_with(prefix))
}
