//! Stores that code opens: PDO, mysqli, PostgreSQL, MongoDB, Redis, Elasticsearch and buckets, and connections in arrays of settings.

use std::sync::Arc;

use super::chain;
use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{concat, literal};
use crate::extract::code::{Code, Framework, targets};
use crate::facts::{Connection, Fact, Value};
use crate::source::Location;

pub const FRAMEWORK: Framework = Framework {
    name: "php-stores",
    marks: &[
        "PDO(",
        "mysqli",
        "pg_connect(",
        "MongoDB\\Client",
        "MongoDB\\Driver",
        "new Redis(",
        "new \\Redis(",
        "Predis\\Client",
        "'driver'",
        "\"driver\"",
        "'DBDriver'",
        "S3Client",
        "Elasticsearch",
        "ElasticSearch",
        "'Bucket'",
        "'adapter'",
    ],
    read,
};

/// Drivers of arrays of settings, and the engines that they are for.
const DRIVERS: [(&str, &str); 17] = [
    ("mysql", "mysql"),
    ("mariadb", "mysql"),
    ("pdo_mysql", "mysql"),
    ("mysqli", "mysql"),
    ("MySQLi", "mysql"),
    ("pgsql", "postgresql"),
    ("pdo_pgsql", "postgresql"),
    ("postgres", "postgresql"),
    ("Postgre", "postgresql"),
    ("pgsql_pdo", "postgresql"),
    ("sqlsrv", "mssql"),
    ("pdo_sqlsrv", "mssql"),
    ("SQLSRV", "mssql"),
    ("mongodb", "mongodb"),
    ("phpredis", "redis"),
    ("predis", "redis"),
    ("redis", "redis"),
];
/// Arrays of settings in one file.
const MOST_ARRAYS: usize = 200;

fn read(code: &Code, output: &mut Output) {
    for call in code.calls() {
        let name = code.text_of(call.name);
        let found = match name {
            "PDO" if is_new(code, call) => source_name(code, call),
            "mysqli" | "mysqli_connect" | "real_connect" | "mysqli_real_connect" => mysqli(code, call, name),
            "pg_connect" | "pg_pconnect" => argument(code, call, 0).map(|address| (Some("postgresql"), address, None)),
            "Client" | "Manager" if is_new(code, call) => client(code, call),
            "connect" | "pconnect" if is_redis(code, call) => {
                argument(code, call, 0).map(|host| (Some("redis"), with_port(host, argument(code, call, 1)), None))
            }
            "setHosts" if code.text.contains("lasticsearch") => {
                let first = code.arguments(call.open).into_iter().next();
                let first = first.and_then(|hosts| code.arguments(chain::array_open(code, hosts)?).into_iter().next());
                first.map(|host| (Some("elasticsearch"), values::value(code, host), None))
            }
            _ => None,
        };
        if let Some((engine, address, database)) = found {
            add(output, code.location(call.name..code.after(call.open)), engine, address, database);
        }
    }
    arrays(code, output);
    redis(code, output);
    buckets(code, output);
}

fn add(output: &mut Output, at: Location, engine: Option<&str>, address: Value, database: Option<Value>) {
    if matches!(address, Value::Unknown(_))
        && !matches!(database, Some(Value::Literal(_) | Value::Env { .. } | Value::Property { .. }))
    {
        return;
    }
    let database = database.filter(|database| !matches!(database, Value::Unknown(_)));
    output.facts.push(Fact::Connection(Connection { at, engine: engine.map(Arc::from), address, database }));
}

type Found<'a> = (Option<&'a str>, Value, Option<Value>);

fn argument(code: &Code, call: Call, index: usize) -> Option<Value> {
    code.arguments(call.open).get(index).map(|range| values::value(code, range.clone()))
}

/// `new Name(`, `new \A\Name(`.
fn is_new(code: &Code, call: Call) -> bool {
    let from = call.name.saturating_sub(12);
    let first = (from..call.name).rev().find(|&at| !code.is(at, "\\") && (code.word(at).is_none() || code.is(at, "new")));
    first.is_some_and(|at| code.is(at, "new"))
}

/// `mysql:host=db;dbname=orders`.
fn source_name<'a>(code: &Code, call: Call) -> Option<Found<'a>> {
    let address = argument(code, call, 0)?;
    let start = match targets::first(&address) {
        Value::Literal(text) => Some(Arc::clone(text)),
        Value::Env { default: Some(default), .. } => match &**default {
            Value::Literal(text) => Some(Arc::clone(text)),
            _ => None,
        },
        _ => None,
    };
    let start = start.as_deref().unwrap_or_default();
    if start.starts_with("sqlite") {
        return None;
    }
    let engine = [("mysql:", "mysql"), ("pgsql:", "postgresql"), ("sqlsrv:", "mssql"), ("oci:", "oracle")];
    let engine = engine.iter().find(|(prefix, _)| start.starts_with(prefix)).map(|(_, engine)| *engine);
    Some((engine, address, None))
}

fn mysqli<'a>(code: &Code, call: Call, name: &str) -> Option<Found<'a>> {
    if name == "mysqli" && !is_new(code, call) {
        return None;
    }
    // `mysqli_real_connect($link, $host, …)`.
    let from = usize::from(name == "mysqli_real_connect");
    Some((Some("mysql"), argument(code, call, from)?, argument(code, call, from + 3)))
}

/// Clients of MongoDB, Redis and Elasticsearch have the same name.
fn client<'a>(code: &Code, call: Call) -> Option<Found<'a>> {
    let written = code.text_in(call.name.saturating_sub(5)..call.name + 1);
    let imported = code.imports().get(code.text_of(call.name)).map_or("", |of| of);
    if written.contains("MongoDB") || imported.starts_with("MongoDB/") {
        let database = database_of(code, call);
        return Some((Some("mongodb"), argument(code, call, 0)?, database));
    }
    if written.contains("Predis") || imported.starts_with("Predis/") {
        let first = code.arguments(call.open).into_iter().next()?;
        let array = values::given(code, first.clone()).unwrap_or(first.clone());
        let address = match chain::entry(code, array.clone(), "host") {
            Some(host) => {
                let port = chain::entry(code, array, "port").map(|port| values::value(code, port));
                with_port(values::value(code, host), port)
            }
            None => values::value(code, first),
        };
        return Some((Some("redis"), address, None));
    }
    None
}

/// The database that is chosen of a client: `(new Client($uri))->selectDatabase('shop')`, `$client->shop->orders`.
fn database_of(code: &Code, call: Call) -> Option<Value> {
    let selects = ["selectDatabase", "getDatabase", "selectCollection", "getCollection"];
    let found = selects.iter().find_map(|name| code.occurrences(name).first())?;
    let open = *found as usize + 1;
    let first = code.is(open, "(").then(|| code.arguments(open).into_iter().next()).flatten()?;
    let is_twin = code.occurrences("Client").iter().filter(|&&at| code.is(at as usize + 1, "(")).nth(1).is_some();
    (!is_twin && call.open < code.len()).then(|| values::value(code, first))
}

fn is_redis(code: &Code, call: Call) -> bool {
    let receiver = code.receiver(call);
    !receiver.is_empty()
        && (code.text_in(receiver.clone()).to_ascii_lowercase().contains("redis")
            || values::given(code, receiver)
                .is_some_and(|range| code.is(range.start, "new") && code.text_in(range).contains("Redis")))
}

fn with_port(host: Value, port: Option<Value>) -> Value {
    match port {
        Some(Value::Unknown(_)) | None => host,
        Some(port) => concat([host, literal(":"), port]),
    }
}

/// `'mysql' => ['driver' => 'mysql', 'host' => env('DB_HOST'), 'database' => …]`; of Laravel's connections the default one.
fn arrays(code: &Code, output: &mut Output) {
    let chosen = default_of(code);
    let keys = (0..code.len()).filter(|&at| {
        code.kind(at) == Some(TokenKind::Literal)
            && code.is(at + 1, "=>")
            && code.literal(at).is_some_and(|text| matches!(&*text, "driver" | "DBDriver" | "adapter"))
    });
    for at in keys.take(MOST_ARRAYS) {
        let Some(driver) = code.literal(at + 2) else { continue };
        let Some((_, engine)) = DRIVERS.iter().find(|(name, _)| *name == driver) else { continue };
        let Some(open) = around(code, at) else { continue };
        // Laravel's own file names every engine that it could use.
        let name = open.checked_sub(2).filter(|&name| code.is(name + 1, "=>")).and_then(|name| code.literal(name));
        if chosen.as_ref().is_some_and(|chosen| name.as_deref() != Some(chosen)) {
            continue;
        }
        let entries = code.arguments(open);
        let value = |keys: &[&str]| keys.iter().find_map(|key| code.named(&entries, key)).map(|range| values::value(code, range));
        let Some(host) = value(&["host", "hostname", "dsn"]).or_else(|| value(&["url"])) else { continue };
        let database = value(&["database", "dbname", "name"]);
        add(output, code.at(at), Some(engine), with_port(host, value(&["port"])), database);
    }
}

/// `'redis' => ['default' => ['host' => env('REDIS_HOST')]]` of Laravel.
fn redis(code: &Code, output: &mut Output) {
    if !code.path.ends_with("config/database.php") {
        return;
    }
    let is_key = |at: usize| code.is(at + 1, "=>") && code.literal(at).is_some_and(|text| text == "redis");
    let found = (0..code.len()).find(|&at| is_key(at)).and_then(|at| {
        let array = at + 2..values::expression_end(code, at + 2);
        let of = chain::entry(code, chain::entry(code, array, "default")?, "host")?;
        Some((at, values::value(code, of)))
    });
    if let Some((at, address)) = found {
        add(output, code.at(at), Some("redis"), address, None);
    }
}

/// The bracket around a token.
fn around(code: &Code, at: usize) -> Option<usize> {
    let mut before = at;
    for _ in 0..400 {
        before = before.checked_sub(1)?;
        match code.kind(before) {
            Some(TokenKind::Open) => return code.is_any(before, &["[", "("]).then_some(before),
            Some(TokenKind::Close) if code.partner(before) < before => before = code.partner(before),
            _ => {}
        }
    }
    None
}

/// The connection that `config/database.php` of Laravel uses.
fn default_of(code: &Code) -> Option<String> {
    let is_laravel = code.path.ends_with("config/database.php");
    let at = (0..code.len())
        .find(|&at| is_laravel && code.is(at + 1, "=>") && code.literal(at).is_some_and(|text| text == "default"))?;
    match values::value(code, at + 2..values::expression_end(code, at + 2)) {
        Value::Literal(text) => Some(text.to_string()),
        Value::Env { default: Some(default), .. } => match *default {
            Value::Literal(text) => Some(text.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// `'Bucket' => 'pictures'` of a call of Amazon's client.
fn buckets(code: &Code, output: &mut Output) {
    if !code.text.contains("S3Client") && !code.text.contains("Aws\\S3") {
        return;
    }
    let mut seen: Vec<Value> = Vec::new();
    for at in (0..code.len()).filter(|&at| code.is(at + 1, "=>") && code.literal(at).is_some_and(|text| text == "Bucket")) {
        let bucket = values::value(code, at + 2..values::expression_end(code, at + 2));
        let is_known = matches!(bucket, Value::Literal(_) | Value::Env { .. } | Value::Property { .. } | Value::Concat(_));
        if !is_known || seen.contains(&bucket) || seen.len() > 20 {
            continue;
        }
        seen.push(bucket.clone());
        add(output, code.at(at), Some("bucket"), bucket, None);
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn stores_are_told_where_they_are_opened() {
        check(
            "src/a.php",
            r#"<?php
            $a = new PDO(getenv('PDO_URL') ?: 'mysql:host=mysql;dbname=ratings', $u, $p);
            $b = new \PDO("pgsql:host=$host;dbname=orders");
            $c = new mysqli(getenv('DB_HOST'), 'u', 'p', 'shop');
            $d = (new MongoDB\Client(getenv('MONGO_URL')))->selectDatabase('users');
            $redis = new Redis();
            $redis->connect('cache', 6379);
            $h->connect('trap');
            $g = new PDO('sqlite::memory:');"#,
            "2 connects mysql env(PDO_URL or mysql:host=mysql;dbname=ratings)
             3 connects postgresql pgsql:host=+?$host+;dbname=orders
             4 connects mysql env(DB_HOST) database shop
             5 connects mongodb env(MONGO_URL) database users
             7 connects redis cache:6379",
        );
        check(
            "src/c.php",
            "<?php\n$f = new \\Predis\\Client(['scheme' => 'tcp', 'host' => getenv('REDIS_HOST'), 'port' => 6379]);",
            "2 connects redis env(REDIS_HOST)+:6379",
        );
    }

    #[test]
    fn connections_of_settings_are_told() {
        check(
            "config/database.php",
            r#"<?php
            return [
                'default' => env('DB_CONNECTION', 'pgsql'),
                'connections' => [
                    'mysql' => ['driver' => 'mysql', 'host' => env('DB_HOST', '127.0.0.1')],
                    'pgsql' => [
                        'driver' => 'pgsql',
                        'host' => env('DB_HOST', '127.0.0.1'),
                        'port' => env('DB_PORT', '5432'),
                        'database' => env('DB_DATABASE', 'orders'),
                    ],
                ],
                'redis' => ['client' => 'phpredis', 'default' => ['host' => env('REDIS_HOST', '127.0.0.1')]],
            ];"#,
            "3 setting database.default = ${DB_CONNECTION:pgsql}
             5 setting database.connections.mysql.host = ${DB_HOST:127.0.0.1}
             8 setting database.connections.pgsql.host = ${DB_HOST:127.0.0.1}
             10 setting database.connections.pgsql.database = ${DB_DATABASE:orders}
             13 setting database.redis.default.host = ${REDIS_HOST:127.0.0.1}
             7 connects postgresql env(DB_HOST or 127.0.0.1)+:+env(DB_PORT or 5432) database env(DB_DATABASE or orders)
             13 connects redis env(REDIS_HOST or 127.0.0.1)",
        );
        check(
            "src/b.php",
            "<?php\n$c = DriverManager::getConnection(['driver' => 'pdo_mysql', 'host' => 'db', 'dbname' => 'shop']);\n$x = ['driver' => 'file', 'host' => 'y'];",
            "2 connects mysql db database shop",
        );
    }
}
