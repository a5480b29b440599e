//! Stores that a Go program opens: databases by database/sql and its drivers, GORM, pgx, MongoDB, Redis, buckets, tables of DynamoDB and
//! others.

use std::ops::Range;

use super::super::calls::Call;
use super::super::value::literal;
use super::reach::Reach;
use crate::facts::{Connection, Value};

/// Functions that open a store: the name, a part of the path of the package, the engine, and where the address stands after a context.
const OPENED: &[(&str, &str, &str, usize)] = &[
    ("Connect", "jackc/pgx", "postgresql", 0),
    ("ConnectConfig", "jackc/pgx", "postgresql", 0),
    ("New", "jackc/pgx", "postgresql", 0),
    ("ParseConfig", "jackc/pgx", "postgresql", 0),
    ("ParseURL", "go-pg/pg", "postgresql", 0),
    ("WithDSN", "bun/driver/pgdriver", "postgresql", 0),
    ("WithAddr", "bun/driver/pgdriver", "postgresql", 0),
    ("Dial", "mgo.v2", "mongodb", 0),
    ("DialWithTimeout", "mgo.v2", "mongodb", 0),
    ("Dial", "globalsign/mgo", "mongodb", 0),
    ("ParseURL", "go-redis", "redis", 0),
    ("Dial", "redigo", "redis", 1),
    ("DialURL", "redigo", "redis", 0),
    ("New", "gomemcache/memcache", "memcached", 0),
    ("NewCluster", "gocql", "cassandra", 0),
    ("NewClient", "influxdb", "influxdb", 0),
    ("SetURL", "olivere/elastic", "elasticsearch", 0),
    ("NewDriver", "neo4j", "neo4j", 0),
    ("NewDriverWithContext", "neo4j", "neo4j", 0),
    ("New", "golang-migrate/migrate", "", 1),
    ("OpenDB", "dgraph-io/badger", "badger", 0),
];

/// A type whose values say where a store is: the name, a part of the path of the package, the engine, and the fields of the address and of
/// the database.
type Configured = (&'static str, &'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const CONFIGURED: &[Configured] = &[
    ("Options", "redis", "redis", &["Addr"], &["DB"]),
    ("ClusterOptions", "redis", "redis", &["Addrs"], &[]),
    ("UniversalOptions", "redis", "redis", &["Addrs"], &["DB"]),
    ("FailoverOptions", "redis", "redis", &["SentinelAddrs"], &["DB"]),
    ("Options", "go-pg/pg", "postgresql", &["Addr"], &["Database"]),
    ("Config", "go-sql-driver/mysql", "mysql", &["Addr"], &["DBName"]),
    ("Config", "gorm.io/driver/mysql", "mysql", &["DSN"], &[]),
    ("Config", "gorm.io/driver/postgres", "postgresql", &["DSN"], &[]),
    ("DialInfo", "mgo", "mongodb", &["Addrs"], &["Database"]),
    ("Config", "go-elasticsearch", "elasticsearch", &["Addresses"], &[]),
    ("Options", "clickhouse-go", "clickhouse", &["Addr"], &[]),
];

/// Fields of requests to AWS that name a bucket or a table.
const NAMED: &[(&str, &str, &str)] = &[("service/s3", "Bucket", "bucket"), ("service/dynamodb", "TableName", "dynamodb")];

/// Engines by the names of their drivers.
pub fn engine(driver: &str) -> Option<&'static str> {
    Some(match driver {
        "postgres" | "pgx" | "pq" | "cloudsqlpostgres" | "postgresql" | "nrpostgres" | "cockroach" => "postgresql",
        "mysql" | "nrmysql" => "mysql",
        "sqlserver" | "mssql" | "azuresql" => "mssql",
        "sqlite" | "sqlite3" => "sqlite",
        "clickhouse" => "clickhouse",
        "oracle" | "godror" | "oci8" => "oracle",
        "snowflake" => "snowflake",
        _ => return None,
    })
}

/// The store that a call opens.
pub fn read(reach: &Reach, call: Call) -> Option<Connection> {
    let code = reach.code;
    let name = code.text_of(call.name);
    let all = code.arguments(call.open);
    let skipped = usize::from(all.first().is_some_and(|first| reach.is_context(first.clone())));
    let arguments = &all[skipped.min(all.len())..];
    let open = |engine: Option<&str>, address: Value, database: Option<Value>| Connection {
        at: code.location(call.start..code.after(call.open)),
        engine: engine.map(Into::into),
        address,
        database,
    };
    if name == "ApplyURI" && arguments.len() == 1 && reach.imports("mongo") {
        return Some(open(Some("mongodb"), reach.address(arguments[0].clone()), database(reach, "Database")));
    }
    if name == "Bucket" && arguments.len() == 1 && reach.imports("cloud.google.com/go/storage") {
        return Some(open(Some("bucket"), reach.address(arguments[0].clone()), None));
    }
    let receiver = code.receiver_name(call).filter(|name| !reach.is_shadowed(name, call.start))?;
    let package = code.imports().get(&receiver)?;
    let is_sql = ["sql#", "sqlx", "sqlmw", "sqltrace", "gorm", "entgo.io", "ent#", "xorm", "beego"]
        .iter()
        .any(|part| package.contains(part));
    let first = arguments.first()?;
    if matches!(name, "Open" | "MustOpen" | "Connect" | "MustConnect" | "ConnectContext" | "NewEngine" | "RegisterDataBase")
        && is_sql
    {
        let last = if name == "RegisterDataBase" { 2 } else { 1 };
        if let Some(Value::Literal(driver)) = arguments.get(last - 1).map(|driver| reach.value(driver.clone()))
            && let Some(engine) = engine(&driver)
        {
            let (address, database) = source(reach, arguments.get(last)?.clone());
            return Some(open(Some(engine), address, database));
        }
        // `gorm.Open(postgres.Open(dsn), …)`.
        let inner =
            first.end.checked_sub(1).filter(|&last| code.is(last, ")")).and_then(|last| code.call_before(code.partner(last)));
        let inner = inner.filter(|inner| inner.start == first.start && code.text_of(inner.name) == "Open")?;
        let engine = engine(code.text_of(inner.start))?;
        let (address, database) = source(reach, code.arguments(inner.open).first()?.clone());
        return Some(open(Some(engine), address, database));
    }
    let (.., engine, index) = OPENED.iter().find(|(called, path, ..)| *called == name && package.contains(path))?;
    let address = reach.address(arguments.get(*index)?.clone());
    // What is made of a configuration that was read elsewhere says nothing.
    if matches!(address, Value::Unknown(_)) && name != "ParseConfig" && !reach.imports("mgo") {
        return None;
    }
    let database = match *engine {
        "mongodb" => database(reach, "DB"),
        "cassandra" => keyspace(reach),
        _ => None,
    };
    Some(open(Some(*engine).filter(|engine| !engine.is_empty()), address, database))
}

/// Stores whose addresses stand in values of types.
pub fn literals(reach: &Reach) -> Vec<Connection> {
    let code = reach.code;
    let mut found: Vec<Connection> = Vec::new();
    for open in (1..code.len()).filter(|&at| code.is(at, "{")).take(super::MOST_LITERALS) {
        let Some((name, package)) = reach.type_at(open) else { continue };
        let at = code.location(open - 3..code.after(open));
        let configured = CONFIGURED.iter().find(|(of, path, ..)| *of == name && package.contains(path));
        if let Some((_, _, engine, addresses, databases)) = configured {
            let Some(address) = addresses.iter().find_map(|field| reach.field_of(open, field)) else { continue };
            let database = databases.iter().find_map(|field| reach.field_of(open, field));
            let address = reach.address(reach.first_of(address));
            let database = database.map(|range| reach.address(range)).filter(|value| !matches!(value, Value::Unknown(_)));
            found.push(Connection { at, engine: Some((*engine).into()), address, database });
        } else if let Some((_, field, engine)) = NAMED.iter().find(|(path, ..)| package.contains(path))
            && let Some(address) = reach.field_of(open, field)
        {
            let address = reach.address(address);
            let is_new = found.iter().all(|known| known.address != address);
            if is_new && !matches!(address, Value::Unknown(_)) {
                found.push(Connection { at, engine: Some((*engine).into()), address, database: None });
            }
        }
    }
    found
}

/// The address and the database of a source: what `config.FormatDSN()` makes of fields.
fn source(reach: &Reach, range: Range<usize>) -> (Value, Option<Value>) {
    let code = reach.code;
    let value = reach.address(range.clone());
    let Value::Unknown(_) = value else { return (value, None) };
    let formatted = range.end.checked_sub(1).and_then(|last| code.call_before(code.partner(last)));
    let made = formatted
        .filter(|call| code.text_of(call.name) == "FormatDSN")
        .and_then(|call| reach.made(&code.receiver_name(call)?, call.start))
        .filter(|made| code.is(made.end - 1, "}"));
    let Some(made) = made else { return (value, None) };
    let open = code.partner(made.end - 1);
    let field = |name: &str| reach.field_of(open, name).map(|range| reach.address(range));
    (field("Addr").unwrap_or(value), field("DBName"))
}

/// The one database that the file asks for by this method.
fn database(reach: &Reach, method: &str) -> Option<Value> {
    let code = reach.code;
    let mut found: Option<Value> = None;
    for &at in code.occurrences(method).iter().take(16) {
        let open = at as usize + 1;
        let arguments = if code.is(open, "(") { code.arguments(open) } else { continue };
        let Some(first) = arguments.first().filter(|_| code.is(at.wrapping_sub(1) as usize, ".")) else { continue };
        let value = reach.address(first.clone());
        if value == literal("") {
            continue;
        }
        if matches!(value, Value::Unknown(_)) || found.as_ref().is_some_and(|found| *found != value) {
            return None;
        }
        found = Some(value);
    }
    found
}

/// `cluster.Keyspace = "x"`.
fn keyspace(reach: &Reach) -> Option<Value> {
    let code = reach.code;
    let at = code.occurrences("Keyspace").iter().map(|&at| at as usize).take(8).find(|&at| code.is(at + 1, "="))?;
    Some(reach.address(at + 2..super::values::expression_end(code, at + 2)))
}

#[cfg(test)]
mod tests {
    use super::super::super::snapshot::check as compare;

    #[track_caller]
    fn check(imports: &str, body: &str, expected: &str) {
        let imports: String = imports.split(' ').map(|path| format!("\"{path}\"; ")).collect();
        compare("client.go", &format!("package client; import ({imports})\n{body}"), expected);
    }

    #[test]
    fn databases_are_opened() {
        check(
            "database/sql os fmt",
            "func run() {\nsql.Open(\"postgres\", os.Getenv(\"DSN\"))\n\
             sql.Open(\"mysql\", fmt.Sprintf(\"%s@tcp(%s)/shop\", \"u\", os.Getenv(\"DB_ADDR\")))\nsql.Open(driver, dsn)\n}",
            "3 connects postgresql env(DSN)
             4 connects mysql u@tcp(+env(DB_ADDR)+)/shop",
        );
        check(
            "gorm.io/gorm gorm.io/driver/postgres",
            "func run(dsn string) {\ngorm.Open(postgres.Open(dsn), &gorm.Config{})\n}",
            "3 connects postgresql parameter(run 0)",
        );
        check(
            "go.mongodb.org/mongo-driver/mongo go.mongodb.org/mongo-driver/mongo/options",
            "func run() {\nc, _ := mongo.Connect(ctx, options.Client().ApplyURI(\"mongodb://db:27017\"))\nc.Database(\"shop\").Collection(\"a\")\n}",
            "3 connects mongodb mongodb://db:27017 database shop",
        );
        check(
            "github.com/redis/go-redis/v9 github.com/aws/aws-sdk-go-v2/service/s3",
            "func run() {\nredis.NewClient(&redis.Options{Addr: \"cache:6379\", DB: 2})\ns.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(\"images\")})\n}",
            "3 connects redis cache:6379 database 2
             4 connects bucket images",
        );
    }
}
