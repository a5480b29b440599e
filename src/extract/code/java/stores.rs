//! Databases, caches and buckets that code opens itself.

use std::ops::Range;

use super::chains::Chain;
use super::known::mentions;
use super::values;
use crate::extract::Output;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::{concat, literal};
use crate::extract::code::{Code, Framework};
use crate::facts::{Connection, Fact, Value};
use crate::source::Location;

pub const FRAMEWORK: Framework = Framework {
    name: "stores",
    marks: &[
        "DriverManager",
        "HikariConfig",
        "HikariDataSource",
        "DataSourceBuilder",
        "setJdbcUrl",
        "jdbcUrl",
        "MongoClient",
        "KMongo",
        "Jedis",
        "LettuceConnectionFactory",
        "RedisStandaloneConfiguration",
        "RedisClient",
        "RedisURI",
        "Redisson",
        "CqlSession",
        "GraphDatabase",
        "exposed.sql.Database",
        "ConnectionFactories",
        "PGSimpleDataSource",
        "MysqlDataSource",
        "services.s3",
        "io.minio",
        "RestHighLevelClient",
        "ElasticsearchClient",
        "org.elasticsearch.client",
        "InfluxDB",
        "JDBCClient",
        "PgPool",
        "MySQLPool",
        "DynamoDbClient",
        "AmazonDynamoDB",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let uses = |package: &'static str| mentions(code, package);
    for call in code.calls() {
        let name = code.text_of(call.name);
        let arguments = code.arguments(call.open);
        let value = |index: usize| arguments.get(index).map(|range| values::reached(code, range.clone()));
        let receiver = code.text_in(code.receiver(call));
        let made = code.is(call.start.wrapping_sub(1), "new") || code.language.name() == "Kotlin" && call.start == call.name;
        let at = code.location(call.start..call.open);
        let mut add = |at: Location, engine: Option<&str>, address: Option<Value>, database: Option<Value>| {
            if let Some(address) = address.filter(|address| !matches!(address, Value::Unknown(_))) {
                output.facts.push(Fact::Connection(Connection { at, engine: engine.map(Into::into), address, database }));
            }
        };
        // A host with the port behind it, where one is given.
        let host = || {
            let host = value(0)?;
            Some(match value(1) {
                Some(
                    port @ (Value::Literal(_)
                    | Value::Env { .. }
                    | Value::Property { .. }
                    | Value::Symbol(_)
                    | Value::Parameter { .. }),
                ) => concat([host, literal(":"), port]),
                _ => host,
            })
        };
        match name {
            "getConnection" if receiver == "DriverManager" => add(at, None, value(0), None),
            "setJdbcUrl" => add(at, None, value(0), None),
            "HikariDataSource" | "JdbcDataSource" if made && !arguments.is_empty() && uses("jdbc:") => {
                add(at, None, value(0), None)
            }
            "url" if uses("DataSourceBuilder") => add(at, None, value(0), None),
            "setServerName" if uses("DataSource") => add(at, None, value(0), argument_near(code, call.name, "setDatabaseName")),
            "setUrl" | "setURL" if uses("DataSource") => add(at, None, value(0), None),
            "create" | "createClient"
                if matches!(receiver, "MongoClients" | "KMongo" | "MongoClient" | "com.mongodb.client.MongoClients") =>
            {
                let address =
                    value(0).filter(|address| !matches!(address, Value::Symbol(symbol) if symbol.ends_with("settings")));
                let applied = || argument_near(code, call.name, "applyConnectionString");
                add(at, Some("mongodb"), address.filter(is_text).or_else(applied), database(code, "getDatabase"));
            }
            "MongoClient" if made => add(at, Some("mongodb"), host(), database(code, "getDatabase")),
            "SimpleMongoClientDatabaseFactory" | "SimpleReactiveMongoDatabaseFactory" if made => {
                add(at, Some("mongodb"), value(0), None)
            }
            "JedisPool" | "JedisPooled" if made => {
                // The set-up of the pool may stand before the host.
                let host = if arguments.len() >= 3 {
                    value(1).map(|host| (host, value(2)))
                } else {
                    value(0).map(|host| (host, value(1)))
                };
                let host = host
                    .map(|(host, port)| concat([host].into_iter().chain(port.into_iter().flat_map(|port| [literal(":"), port]))));
                add(at, Some("redis"), host, None);
            }
            "Jedis" | "RedisStandaloneConfiguration" | "LettuceConnectionFactory" | "HostAndPort"
                if made && !arguments.is_empty() =>
            {
                let is_host = arguments.len() >= 2 || name != "LettuceConnectionFactory";
                add(at, Some("redis"), host().filter(|_| is_host), None);
            }
            "setAddress" if uses("redisson") => add(at, Some("redis"), value(0), None),
            "create" if receiver == "RedisClient" || receiver == "RedisURI" => {
                add(at, Some("redis"), if receiver == "RedisURI" { host() } else { value(0) }, None);
            }
            "addContactPoint" => {
                let inner = arguments.first().and_then(|range| inside(code, range.clone(), "InetSocketAddress"));
                add(at, Some("cassandra"), inner.or_else(|| value(0)), argument_near(code, call.name, "withKeyspace"));
            }
            "driver" if receiver == "GraphDatabase" => add(at, Some("neo4j"), value(0), None),
            "connect" if receiver == "Database" && uses("exposed") => add(at, None, value(0), None),
            "get" if receiver == "ConnectionFactories" => add(at, None, value(0), None),
            "builder" if receiver == "RestClient" && uses("elasticsearch") => add(at, Some("elasticsearch"), value(0), None),
            "bucket" | "bucketName" if uses("services.s3") || uses("io.minio") || uses("amazonaws.s3") => {
                add(at, Some("bucket"), value(0).filter(is_text), None);
            }
            "putObject" | "getObject" if uses("amazonaws.services.s3") && arguments.len() >= 2 => {
                add(at, Some("bucket"), value(0).filter(is_text), None);
            }
            _ => {}
        }
    }
    // `jdbcUrl = "…"` of Kotlin, inside of what sets a pool up.
    for &at in code.occurrences("jdbcUrl") {
        let at = at as usize;
        if code.is(at + 1, "=")
            && mentions(code, "Hikari")
            && let Some(range) = code.assignment(at)
        {
            let address = values::reached(code, range);
            if !matches!(address, Value::Unknown(_)) {
                output.facts.push(Fact::Connection(Connection { at: code.at(at), engine: None, address, database: None }));
            }
        }
    }
}

/// True for a value that may be the address of a store.
fn is_text(value: &Value) -> bool {
    !matches!(value, Value::Unknown(_))
}

/// What a method is given in the function around a place.
fn argument_near(code: &Code, at: usize, name: &str) -> Option<Value> {
    let body = code.enclosing(at, ItemKind::Function).map_or(0..code.len(), |item| item.body.clone());
    let place = *code.occurrences_in(body, name).first()? as usize;
    code.arguments(place + 1).into_iter().next().filter(|_| code.is(place + 1, "(")).map(|range| values::reached(code, range))
}

/// The database that the file asks its client for.
fn database(code: &Code, name: &str) -> Option<Value> {
    let at = *code.occurrences(name).iter().take(8).find(|&&at| code.is(at as usize + 1, "("))? as usize;
    code.arguments(at + 1).into_iter().next().map(|argument| values::reached(code, argument))
}

/// `new InetSocketAddress(host, port)`.
fn inside(code: &Code, range: Range<usize>, of: &str) -> Option<Value> {
    let at = range.clone().find(|&at| code.is(at, of))?;
    let chain = Chain::at(code, at)?;
    let arguments = chain.links.first()?.arguments(code);
    let mut parts = arguments.into_iter().map(|range| values::reached(code, range));
    let (host, port) = (parts.next()?, parts.next());
    Some(concat([host].into_iter().chain(port.into_iter().flat_map(|port| [literal(":"), port]))))
}
