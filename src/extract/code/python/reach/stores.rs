//! Stores that a file opens: drivers and mappers of databases, caches, buckets and tables of clouds, and the settings that name them.

use std::ops::Range;

use super::{Lately, Reach, Site};
use crate::extract::code::Code;
use crate::extract::code::python::syntax::{assignment, call as whole_call, statements};
use crate::extract::code::value::unknown;
use crate::facts::{Connection, Fact, Value};

/// A call that opens a store: what is called, the packages that have it, the engine (empty where the address tells), and the arguments that
/// are the address and the database, by name and place.
struct Shape {
    names: &'static [&'static str],
    packages: &'static [&'static str],
    engine: &'static str,
    address: (&'static [&'static str], Option<usize>),
    database: (&'static [&'static str], Option<usize>),
}

const fn shape(
    names: &'static [&'static str],
    packages: &'static [&'static str],
    engine: &'static str,
    address: (&'static [&'static str], Option<usize>),
    database: (&'static [&'static str], Option<usize>),
) -> Shape {
    Shape { names, packages, engine, address, database }
}

const HOST: &[&str] = &["host", "dsn", "conninfo", "hostname"];
const DATABASE: &[&str] = &["dbname", "database", "db"];
const URL: &[&str] = &["url", "uri", "dsn"];

const SHAPES: &[Shape] = &[
    shape(
        &["create_engine", "create_async_engine", "engine_from_config"],
        &["sqlalchemy", "sqlmodel", "sqlalchemy_aio"],
        "",
        (URL, Some(0)),
        (&[], None),
    ),
    shape(&["Database"], &["databases"], "", (URL, Some(0)), (&[], None)),
    shape(
        &["connect", "create_pool", "connect_async"],
        &["psycopg2", "psycopg", "asyncpg", "aiopg", "psycopg_pool"],
        "postgresql",
        (HOST, Some(0)),
        (DATABASE, None),
    ),
    shape(&["ConnectionPool", "AsyncConnectionPool"], &["psycopg_pool"], "postgresql", (HOST, Some(0)), (DATABASE, None)),
    shape(&["SimpleConnectionPool", "ThreadedConnectionPool"], &["psycopg2"], "postgresql", (HOST, Some(2)), (DATABASE, None)),
    shape(
        &["connect", "create_pool"],
        &["pymysql", "mysql", "MySQLdb", "aiomysql", "mariadb", "asyncmy"],
        "mysql",
        (HOST, Some(0)),
        (DATABASE, Some(3)),
    ),
    shape(&["MySQLConnectionPool"], &["mysql"], "mysql", (HOST, None), (DATABASE, None)),
    shape(&["connect"], &["pyodbc", "pymssql"], "mssql", (&["server", "connstring", "host"], Some(0)), (DATABASE, None)),
    shape(&["connect", "create_pool"], &["oracledb", "cx_Oracle"], "oracle", (&["dsn"], Some(2)), (&[], None)),
    shape(&["connect"], &["sqlite3", "aiosqlite"], "sqlite", (&["database"], Some(0)), (&[], None)),
    shape(
        &["MongoClient", "AsyncMongoClient", "AsyncIOMotorClient", "MotorClient"],
        &["pymongo", "motor"],
        "mongodb",
        (&["host"], Some(0)),
        (&[], None),
    ),
    shape(&["connect"], &["mongoengine"], "mongodb", (&["host"], None), (&["db", "name"], Some(0))),
    shape(
        &["Redis", "StrictRedis", "RedisCluster", "ConnectionPool", "BlockingConnectionPool"],
        &["redis", "aioredis"],
        "redis",
        (&["host", "url"], Some(0)),
        (&["db"], Some(2)),
    ),
    shape(
        &["from_url", "create_redis_pool", "create_redis", "create_pool"],
        &["redis", "aioredis", "arq"],
        "redis",
        (&["url", "address"], Some(0)),
        (&["db"], None),
    ),
    shape(
        &["PostgresqlDatabase", "PooledPostgresqlDatabase", "PostgresqlExtDatabase"],
        &["peewee", "playhouse", "peewee_async"],
        "postgresql",
        (&["host"], None),
        (&["database"], Some(0)),
    ),
    shape(
        &["MySQLDatabase", "PooledMySQLDatabase"],
        &["peewee", "playhouse", "peewee_async"],
        "mysql",
        (&["host"], None),
        (&["database"], Some(0)),
    ),
    shape(&["SqliteDatabase"], &["peewee"], "sqlite", (&["database"], Some(0)), (&[], None)),
    shape(&["connect"], &["playhouse"], "", (URL, Some(0)), (&[], None)),
    shape(&["init", "register_tortoise", "RegisterTortoise"], &["tortoise"], "", (&["db_url"], None), (&[], None)),
    shape(&["parse", "config"], &["dj_database_url"], "", (&["default", "url"], Some(0)), (&[], None)),
    shape(
        &["Elasticsearch", "AsyncElasticsearch"],
        &["elasticsearch"],
        "elasticsearch",
        (&["hosts", "host", "cloud_id"], Some(0)),
        (&[], None),
    ),
    shape(&["OpenSearch", "AsyncOpenSearch"], &["opensearchpy"], "opensearch", (&["hosts"], Some(0)), (&[], None)),
    shape(&["Cluster"], &["cassandra"], "cassandra", (&["contact_points"], Some(0)), (&[], None)),
    shape(&["driver"], &["neo4j"], "neo4j", (&["uri"], Some(0)), (&[], None)),
    shape(
        &["InfluxDBClient"],
        &["influxdb", "influxdb_client"],
        "influxdb",
        (&["url", "host"], Some(0)),
        (&["database"], Some(4)),
    ),
    shape(&["Client", "PooledClient"], &["pymemcache"], "memcached", (&["server"], Some(0)), (&[], None)),
    shape(&["Client"], &["clickhouse_driver"], "clickhouse", (&["host"], Some(0)), (&["database"], Some(2))),
    shape(&["get_client"], &["clickhouse_connect"], "clickhouse", (&["host"], Some(0)), (&["database"], None)),
    shape(&["CosmosClient"], &["azure"], "cosmosdb", (URL, Some(0)), (&[], None)),
    shape(&["Minio"], &["minio"], "bucket", (&["endpoint"], Some(0)), (&[], None)),
    shape(
        &["QdrantClient", "AsyncQdrantClient"],
        &["qdrant_client"],
        "qdrant",
        (&["url", "host", "location"], Some(0)),
        (&[], None),
    ),
];

/// Settings that name a store: the key, and the engine (empty where the address tells).
const SETTINGS: [(&str, &str); 8] = [
    ("SQLALCHEMY_DATABASE_URI", ""),
    ("MONGO_URI", "mongodb"),
    ("MONGODB_URI", "mongodb"),
    ("CACHE_REDIS_URL", "redis"),
    ("CACHE_REDIS_HOST", "redis"),
    ("RATELIMIT_STORAGE_URL", ""),
    ("MONGODB_HOST", "mongodb"),
    ("SESSION_REDIS_URL", "redis"),
];

/// Reads a call; true when it opens a store.
pub fn call(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let member = code.text_of(site.call.name);
    if cloud(reach, site) {
        return true;
    }
    if !SHAPES.iter().any(|shape| shape.names.contains(&member)) {
        return false;
    }
    let Some(name) = &site.name else { return false };
    let (package, _) = reach.values.library(name);
    let Some(shape) = SHAPES.iter().find(|shape| shape.names.contains(&member) && shape.packages.contains(&&*package)) else {
        return false;
    };
    let address = reach.argument(site, shape.address.0, shape.address.1);
    let database = reach.argument(site, shape.database.0, shape.database.1);
    // `create_engine(URL.create("postgresql", host=…, database=…))`.
    if let Some(open) =
        address.clone().and_then(|range| reach.made(range)).filter(|made| made.last == "create").and_then(|made| made.open)
    {
        let arguments = code.arguments(open);
        let engine = code.named(&arguments, "drivername").or_else(|| code.positional(&arguments).next().cloned());
        let engine =
            engine.and_then(|range| code.literal(range.start)).map(|text| text.split('+').next().unwrap_or("").to_owned());
        let (host, database) = (code.named(&arguments, "host"), code.named(&arguments, "database"));
        return open_store(reach, site, engine.as_deref().unwrap_or(""), host, database);
    }
    if shape.engine == "mongodb" && database.is_none() {
        let database = database_of_client(reach, site);
        return open_store(reach, site, shape.engine, address, database);
    }
    // A mapping given whole, such as `connect(**settings)`, tells nothing.
    if site.arguments.iter().any(|range| code.is(range.start, "**")) && code.named(&site.arguments, shape.address.0[0]).is_none()
    {
        return true;
    }
    open_store(reach, site, shape.engine, address, database)
}

fn open_store(
    reach: &mut Reach,
    site: &Site,
    engine: &str,
    address: Option<Range<usize>>,
    database: Option<Range<usize>>,
) -> bool {
    let at = reach.code.location(site.call.start..site.call.open + 1);
    let engine = (!engine.is_empty()).then(|| engine.into());
    // What a driver takes by itself is the own machine, of which nobody else knows.
    let address = match address.map(|range| first_host(reach.code, range)) {
        Some(range) => reach.value(range),
        None => unknown("the own machine"),
    };
    let database = database.map(|range| reach.value(range));
    let fact = Fact::Connection(Connection { at, engine, address, database });
    if !reach.facts.contains_last(&fact) {
        reach.facts.push(fact);
    }
    true
}

/// The first of several hosts: `["http://search:9200"]`, `("cache", 11211)`.
fn first_host(code: &Code, range: Range<usize>) -> Range<usize> {
    match code.is_any(range.start, &["[", "("]) && code.partner(range.start) + 1 == range.end {
        true => code.split(code.inside(range.start), ",").into_iter().next().unwrap_or(range),
        false => range,
    }
}

/// The database that is taken of a client: `client["shop"]`, `client.get_database("shop")`, `client.shop`.
fn database_of_client(reach: &Reach, site: &Site) -> Option<Range<usize>> {
    let code = reach.code;
    let after = code.after(site.call.open);
    let taken = |at: usize| {
        if code.is(at, "[") {
            return Some(code.inside(at));
        }
        let is_get = code.is(at, ".") && code.is_any(at + 1, &["get_database", "get_default_database"]) && code.is(at + 2, "(");
        is_get.then(|| code.arguments(at + 2).into_iter().next())?
    };
    if let Some(range) = taken(after) {
        return Some(range);
    }
    let assignments = &reach.values.names.assignments;
    let index = assignments.partition_point(|found| found.value.start <= site.call.open).checked_sub(1)?;
    let assigned = assignments.get(index).filter(|found| found.value.contains(&site.call.open))?;
    let last = assigned.name.rsplit('.').next()?;
    code.occurrences(last).iter().take(64).find_map(|&at| taken(at as usize + 1))
}

/// Buckets and tables of clouds.
fn cloud(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let member = code.text_of(site.call.name);
    let receiver = || code.text_in(code.receiver(site.call)).to_ascii_lowercase();
    let aws = ["boto3", "aioboto3", "aiobotocore"];
    let (engine, range) = match member {
        "Table" if reach.values.imports_any(&aws) && !site.call.name.eq(&site.call.start) => {
            ("dynamodb", reach.argument(site, &["name"], Some(0)))
        }
        "get_item" | "put_item" | "update_item" | "delete_item" | "query" | "scan" if reach.values.imports_any(&aws) => {
            ("dynamodb", code.named(&site.arguments, "TableName"))
        }
        "Bucket" if reach.values.imports_any(&aws) => ("bucket", reach.argument(site, &["name"], Some(0))),
        "put_object"
        | "get_object"
        | "upload_file"
        | "download_file"
        | "upload_fileobj"
        | "download_fileobj"
        | "list_objects_v2"
        | "head_object"
        | "delete_object"
        | "generate_presigned_url"
        | "generate_presigned_post" => {
            let place = match member {
                "upload_file" | "upload_fileobj" => Some(1),
                "download_file" | "download_fileobj" => Some(0),
                _ => None,
            };
            let place = place.filter(|_| reach.values.imports_any(&aws));
            let named = code.named(&site.arguments, "Bucket").or_else(|| code.named(&site.arguments, "bucket_name"));
            ("bucket", named.or_else(|| code.positional(&site.arguments).nth(place?).cloned()))
        }
        "bucket" | "get_bucket" if reach.values.imports_any(&["google"]) && receiver().contains("storage") => {
            ("bucket", reach.argument(site, &["bucket_name", "bucket_or_name"], Some(0)))
        }
        "get_container_client" | "get_blob_client" if reach.values.imports_any(&["azure"]) => {
            ("bucket", reach.argument(site, &["container"], Some(0)))
        }
        _ => return false,
    };
    let Some(range) = range else { return false };
    open_store(reach, site, engine, Some(range), None)
}

/// Stores that settings name: `SQLALCHEMY_DATABASE_URI`, `DATABASES` of Django.
pub fn settings(reach: &mut Reach) {
    let code = reach.code;
    let entries: Vec<(String, Range<usize>, usize)> =
        reach.values.names.entries.iter().map(|entry| (entry.key.clone(), entry.value.clone(), entry.at)).collect();
    let names = ["DATABASES", "CACHES"];
    let is_one = |name: &str| names.contains(&name) || SETTINGS.iter().any(|(key, _)| *key == name);
    let mut found = entries;
    if names.iter().chain(SETTINGS.iter().map(|(key, _)| key)).any(|name| !code.occurrences(name).is_empty()) {
        let assigned = statements(code).into_iter().filter_map(|statement| assignment(code, statement));
        found.extend(
            assigned.filter(|assigned| is_one(&assigned.name)).map(|assigned| (assigned.name, assigned.value, assigned.at)),
        );
    }
    for (key, range, at) in found {
        match &*key {
            "DATABASES" | "CACHES" => table(reach, range, at),
            key => {
                let Some((_, engine)) = SETTINGS.iter().find(|(known, _)| *known == key) else { continue };
                let engine = (!engine.is_empty()).then(|| (*engine).into());
                let address = reach.value(range);
                let at = code.at(at);
                reach.facts.push(Fact::Connection(Connection { at, engine, address, database: None }));
            }
        }
    }
}

/// The databases of Django: `{"default": {"ENGINE": …, "NAME": …, "HOST": …}}`.
fn table(reach: &mut Reach, range: Range<usize>, at: usize) {
    let code = reach.code;
    if !code.is(range.start, "{") {
        return;
    }
    for part in code.split(code.inside(range.start), ",").into_iter().take(16) {
        let inner = part.start + 2;
        if !code.is(inner, "{") {
            // `env.db("DATABASE_URL")`; a call of a library that reads an address is seen by itself.
            let Some((callee, open)) = whole_call(code, inner..part.end) else { continue };
            if code.is(callee.end - 1, "db") {
                let address = reach.value(inner..part.end);
                let name = code.arguments(open).first().and_then(|range| code.literal(range.start));
                let address = match (address, name) {
                    (found @ Value::Env { .. }, _) => found,
                    (_, Some(name)) => Value::Env { name: name.as_ref().into(), default: None },
                    (other, None) => other,
                };
                reach.facts.push(Fact::Connection(Connection { at: code.at(inner), engine: None, address, database: None }));
            }
            continue;
        }
        let entries = code.split(code.inside(inner), ",");
        let entry = |key: &str| {
            let part = entries
                .iter()
                .find(|part| code.literal(part.start).is_some_and(|text| text == key) && code.is(part.start + 1, ":"))?;
            Some(part.start + 2..part.end)
        };
        let backend = entry("ENGINE").or_else(|| entry("BACKEND")).map(|range| reach.values.value(range));
        let backend = match backend {
            Some(Value::Literal(text)) => text.to_ascii_lowercase(),
            Some(Value::Env { default: Some(default), .. }) => match *default {
                Value::Literal(text) => text.to_ascii_lowercase(),
                _ => String::new(),
            },
            _ => String::new(),
        };
        let engine = [
            ("postg", "postgresql"),
            ("mysql", "mysql"),
            ("sqlite", "sqlite"),
            ("oracle", "oracle"),
            ("mssql", "mssql"),
            ("djongo", "mongodb"),
            ("redis", "redis"),
            ("memcached", "memcached"),
        ]
        .into_iter()
        .find_map(|(word, engine)| backend.contains(word).then_some(engine));
        // `"CLIENT": {"host": …}` of djongo.
        let client = || {
            let client = entry("CLIENT").filter(|range| code.is(range.start, "{"))?;
            let parts = code.split(code.inside(client.start), ",");
            let part = parts.into_iter().find(|part| code.literal(part.start).is_some_and(|text| text == "host"))?;
            Some(part.start + 2..part.end)
        };
        let (host, name) = (entry("HOST").or_else(|| entry("LOCATION")).or_else(client), entry("NAME"));
        let (address, database) = match (host, name, engine) {
            (None, Some(name), Some("sqlite")) => (reach.value(name), None),
            (Some(host), name, _) => (reach.value(host), name.map(|range| reach.value(range))),
            (None, Some(name), Some(_)) => (unknown("the own machine"), Some(reach.value(name))),
            _ => continue,
        };
        let place = code.at(if code.location(inner..inner + 1).line == code.at(at).line { at } else { part.start });
        reach.facts.push(Fact::Connection(Connection { at: place, engine: engine.map(Into::into), address, database }));
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn drivers_open_databases() {
        check(
            "app/db.py",
            r#"
import os, psycopg2, redis
from sqlalchemy import create_engine
from pymongo import MongoClient
class Store:
    def __init__(self, uri):
        self.engine = create_engine(uri)
client = MongoClient(os.environ["MONGO_URL"])
shop = client["shop"]
psycopg2.connect(host="orders-db", dbname="orders", user="x")
cache = redis.Redis(host=os.getenv("REDIS_HOST", "redis"), port=6379, db=1)
other.connect(host="no")
            "#,
            "7 connects parameter(Store 0)
            8 connects mongodb env(MONGO_URL) database shop
            10 connects postgresql orders-db database orders
            11 connects redis env(REDIS_HOST or redis) database 1",
        );
    }

    #[test]
    fn settings_name_databases() {
        check(
            "shop/settings.py",
            r#"
import os
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("DB_NAME", "shop"),
        "HOST": os.environ.get("DB_HOST"),
    }
}
            "#,
            "4 connects postgresql env(DB_HOST) database env(DB_NAME or shop)",
        );
        check(
            "shop/app.py",
            r#"
import os
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
            "#,
            "3 connects env(DATABASE_URL)
            3 constant Config.SQLALCHEMY_DATABASE_URI = env(DATABASE_URL)",
        );
    }

    #[test]
    fn buckets_and_tables_of_clouds_are_stores() {
        check(
            "app/files.py",
            r#"
import boto3
s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table("orders")
s3.put_object(Bucket="invoices", Key="a", Body=b"")
            "#,
            "4 connects dynamodb orders
            5 connects bucket invoices",
        );
    }
}
