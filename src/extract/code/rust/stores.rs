//! Stores that Rust opens: sqlx, Diesel, SeaORM, MongoDB, Redis, PostgreSQL, MySQL, Cassandra, Elasticsearch, buckets and tables of AWS.

use std::ops::Range;

use super::http_clients::{is_in_attribute, member_after};
use super::{names, tests, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::unknown;
use crate::extract::code::{Code, Framework};
use crate::facts::{Connection, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "rust-stores",
    marks: &[
        "sqlx",
        "PgPool",
        "MySqlPool",
        "SqlitePool",
        "diesel",
        "sea_orm",
        "mongodb",
        "redis",
        "postgres",
        "mysql",
        "deadpool",
        "bb8",
        "r2d2",
        "scylla",
        "elasticsearch",
        "clickhouse",
        "neo4rs",
        "memcache",
        "aws_sdk_s3",
        "aws_sdk_dynamodb",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let tests = tests(code);
    let mut found: Vec<Connection> = Vec::new();
    for call in code.calls().filter(|call| !tests.iter().any(|body| body.contains(&call.name))) {
        let is_declared = call.name > 0 && code.is(call.name.wrapping_sub(1), "fn");
        let Some((engine, address, database)) = opened(code, call).filter(|_| !is_declared) else { continue };
        // Buckets and tables are named at each request.
        let same =
            |known: &Connection| known.address == address && known.engine.as_deref() == engine && known.database == database;
        if !found.iter().take(64).any(same) && !is_in_attribute(code, call.start) {
            let at = code.location(call.start..call.open);
            found.push(Connection { at, engine: engine.map(Into::into), address, database });
        }
    }
    output.facts.extend(found.into_iter().map(Fact::Connection));
}

type Opened = (Option<&'static str>, Value, Option<Value>);

fn opened(code: &Code, call: Call) -> Option<Opened> {
    let name = code.text_of(call.name);
    let arguments = code.arguments(call.open);
    let has = |word: &str| code.text.contains(word);
    let start = path_start(code, call);
    let before = code.text_in(start..call.name);
    let of = |types: &[&str]| (start..call.name).any(|at| code.is_any(at, types));
    let value = |index: usize| arguments.get(index).map(|range| values::value(code, range.clone()));
    let path = call.name > 0 && code.is(call.name.wrapping_sub(1), "::");
    match name {
        "connect" | "connect_lazy" if of(&["PgPool", "PgPoolOptions", "PgConnection"]) => plain(Some("postgresql"), value(0)?),
        "connect" | "connect_lazy" if of(&["MySqlPool", "MySqlPoolOptions", "MySqlConnection"]) => {
            plain(Some("mysql"), value(0)?)
        }
        "connect" | "connect_lazy" if of(&["SqlitePool", "SqlitePoolOptions", "SqliteConnection"]) => {
            plain(Some("sqlite"), value(0)?)
        }
        "connect" | "connect_lazy" if of(&["AnyPool", "AnyPoolOptions", "PoolOptions"]) => plain(None, value(0)?),
        // `PgConnectOptions::new().host("db").database("shop")`
        "new" if path && of(&["PgConnectOptions", "MySqlConnectOptions"]) => {
            let engine = if of(&["PgConnectOptions"]) { "postgresql" } else { "mysql" };
            let member = |name: &str| member_after(code, call.open, name).map(|at| values::value(code, code.inside(at + 1)));
            Some((Some(engine), member("host")?, member("database")))
        }
        "establish" if path => plain(engine_of(before), value(0)?),
        "new"
            if path
                && of(&[
                    "ConnectionManager",
                    "AsyncDieselConnectionManager",
                    "PostgresConnectionManager",
                    "MysqlConnectionManager",
                ]) =>
        {
            plain(engine_of(before), value(0)?)
        }
        "new_from_stringlike" => plain(Some("postgresql"), value(0)?),
        "connect" if path && of(&["Database"]) && (has("sea_orm") || has("sea-orm")) => {
            let inner = arguments.first()?.clone();
            plain(None, connect_options(code, inner).or_else(|| value(0))?)
        }
        "with_uri_str" | "parse" if of(&["Client", "ClientOptions"]) && has("mongodb") && path => {
            Some((Some("mongodb"), value(0)?, first_of(code, "database")))
        }
        "open" if path && of(&["Client"]) && has("redis") => plain(Some("redis"), value(0)?),
        "new" if path && of(&["RedisConnectionManager"]) => plain(Some("redis"), value(0)?),
        "from_url" if path && has("redis") && of(&["Config", "RedisConfig"]) => plain(Some("redis"), value(0)?),
        "from_url" if path && of(&["Opts", "OptsBuilder"]) => plain(Some("mysql"), value(0)?),
        "new" if path && of(&["Pool"]) && has("mysql") && arguments.len() == 1 && !has("sqlx") => plain(Some("mysql"), value(0)?),
        "connect" if path && of(&["tokio_postgres"]) => plain(Some("postgresql"), value(0)?),
        "connect" if path && has("postgres") && arguments.len() == 2 && code.text_in(arguments[1].clone()).contains("NoTls") => {
            plain(Some("postgresql"), value(0)?)
        }
        "known_node" if has("scylla") => Some((Some("cassandra"), value(0)?, first_of(code, "use_keyspace"))),
        "single_node" if path && has("elasticsearch") => plain(Some("elasticsearch"), value(0)?),
        "with_url" if has("clickhouse") => {
            let database = member_after(code, call.open, "with_database").map(|at| values::value(code, code.inside(at + 1)));
            Some((Some("clickhouse"), value(0)?, database))
        }
        "new" if path && of(&["Graph"]) && has("neo4rs") => plain(Some("neo4j"), value(0)?),
        "connect" if path && of(&["memcache"]) => plain(Some("memcached"), value(0)?),
        "bucket" if has("aws_sdk_s3") && arguments.len() == 1 && before.contains('.') => plain(Some("bucket"), value(0)?),
        "table_name" if has("aws_sdk_dynamodb") && arguments.len() == 1 && before.contains('.') => {
            plain(Some("dynamodb"), value(0)?)
        }
        _ => None,
    }
}

/// Where the path of a call begins, type arguments in it: `ConnectionManager::<PgConnection>::new`.
fn path_start(code: &Code, call: Call) -> usize {
    let is_generic =
        call.start == call.name && call.name > 2 && code.is(call.name.wrapping_sub(1), "::") && code.is(call.name - 2, ">");
    let open = (call.name.saturating_sub(16)..call.name).rev().find(|&at| is_generic && code.is(at, "<"));
    open.map_or(call.start, |open| open.saturating_sub(1 + usize::from(code.is(open.wrapping_sub(1), "::"))))
}

fn plain(engine: Option<&'static str>, address: Value) -> Option<Opened> {
    Some((engine, address, None))
}

/// The engine of which a type of Diesel speaks.
fn engine_of(text: &str) -> Option<&'static str> {
    let known = [("Pg", "postgresql"), ("Mysql", "mysql"), ("MySql", "mysql"), ("Sqlite", "sqlite"), ("Postgres", "postgresql")];
    known.into_iter().find(|(word, _)| text.contains(word)).map(|(_, engine)| engine)
}

/// `ConnectOptions::new(url)`, right here or by a name.
fn connect_options(code: &Code, range: Range<usize>) -> Option<Value> {
    let given = match code.word(range.end.checked_sub(1)?) {
        Some(name) if range.len() <= 2 => names::given(code, name, range.start)?,
        _ => range,
    };
    let start = given.clone().find(|&at| code.is(at, "ConnectOptions"))?;
    if !code.reads(start + 1, &["::", "new", "("]) {
        return None;
    }
    let url = code.arguments(start + 3).into_iter().next()?;
    Some(values::value(code, url))
}

/// What the first call by a name is given: `client.database("shop")`.
fn first_of(code: &Code, name: &str) -> Option<Value> {
    let open = code.occurrences(name).iter().map(|&at| at as usize + 1).find(|&open| code.is(open, "("))?;
    let first = code.arguments(open).into_iter().next()?;
    match values::value(code, first) {
        Value::Unknown(_) => None,
        value => Some(value),
    }
    .or_else(|| Some(unknown(name)))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn stores_are_opened() {
        check(
            "src/a.rs",
            r#"
use sqlx::postgres::PgPoolOptions;
async fn open(config: Config) {
    let pool = PgPoolOptions::new().max_connections(5).connect(&config.database_url).await?;
    let url = std::env::var("REPLICA_URL").expect("it");
    let other = PgPool::connect(&url).await?;
    let third = PgConnectOptions::new().host("db").port(5432).database("shop");
}
            "#,
            "4 connects postgresql <#Config.database_url>
            6 connects postgresql env(REPLICA_URL)
            7 connects postgresql db database shop",
        );
        check(
            "src/b.rs",
            r#"
use diesel::r2d2::ConnectionManager;
use mongodb::Client;
fn open() {
    let manager = ConnectionManager::<PgConnection>::new(env::var(names::DATABASE_URL).unwrap());
    let client = Client::with_uri_str("mongodb://db:27017").await?;
    let store = client.database("shop");
    let cache = redis::Client::open("redis://cache/")?;
}
            "#,
            "5 connects postgresql ?a variable of the environment
            6 connects mongodb mongodb://db:27017 database shop
            8 connects redis redis://cache/",
        );
    }
}
