//! Stores that C++ opens: PostgreSQL, MySQL, MongoDB, Redis, memcached, Cassandra.

use std::ops::Range;

use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::{concat, map_literals, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{Connection, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "cpp-stores",
    marks: &[
        "PQconnectdb",
        "PQsetdbLogin",
        "pqxx",
        "mysql_real_connect",
        "mysqlx",
        "get_driver_instance",
        "mongocxx",
        "mongoc_",
        "redisConnect",
        "sw::redis",
        "redis++",
        "memcached_",
        "cpp_redis",
        "cass_cluster",
        "createDbClient",
        "newPgClient",
        "newMysqlClient",
    ],
    read,
};

/// Stores of one file.
const MOST_STORES: usize = 64;

fn read(code: &Code, output: &mut Output) {
    let mut found: Vec<Connection> = Vec::new();
    for call in code.calls() {
        if found.len() < MOST_STORES {
            found.extend(opened(code, call));
        }
    }
    output.facts.extend(found.into_iter().map(Fact::Connection));
}

fn opened(code: &Code, call: Call) -> Option<Connection> {
    let name = code.text_of(call.name);
    let arguments = code.arguments(call.open);
    let value = |index: usize| arguments.get(index).map(|range| values::value(code, range.clone()));
    let has = |word: &str| code.text.contains(word);
    let store = |engine: &'static str, address: Value, database: Option<Value>| {
        let at = code.location(call.start..call.open);
        Some(Connection { at, engine: Some(engine.into()), address, database })
    };
    let hosted = |engine: &'static str, host: usize, port: usize, database: Option<Value>| {
        let address = values::address("", value(host)?, value(port).filter(is_port));
        store(engine, address, database)
    };
    // `pqxx::connection connection(url)`: a name stands between the type and its bracket.
    let declared = call.name.checked_sub(1).and_then(|of| code.word(of)).unwrap_or("");
    let of = |types: &[&str]| types.contains(&name) || types.contains(&declared);
    match name {
        "PQconnectdb" => store("postgresql", value(0)?, None),
        "PQsetdbLogin" => hosted("postgresql", 0, 1, value(4)),
        "newPgClient" => store("postgresql", value(0)?, None),
        "newMysqlClient" => store("mysql", value(0)?, None),
        "mysql_real_connect" => hosted("mysql", 1, 5, value(4)),
        "connect" if has("get_driver_instance") && arguments.len() == 3 => store("mysql", value(0)?, first_of(code, "setSchema")),
        "mongoc_client_new" | "mongoc_uri_new" | "mongoc_uri_new_with_error" => {
            store("mongodb", value(0)?, first_at(code, "mongoc_client_get_collection", 1))
        }
        "redisConnect" | "redisConnectWithTimeout" | "redisAsyncConnect" => hosted("redis", 0, 1, None),
        "memcached_server_add" => hosted("memcached", 1, 2, None),
        "memcached_server_list_append" | "memcached_server_add_with_weight" => hosted("memcached", 1, 2, None),
        "memcached" if arguments.len() == 2 => store("memcached", without_option(value(0)?), None),
        "cass_cluster_set_contact_points" => store("cassandra", value(1)?, None),
        "connect" if has("cpp_redis") && arguments.len() >= 2 => hosted("redis", 0, 1, None),
        _ if has("pqxx") && of(&["connection"]) && arguments.len() == 1 => store("postgresql", value(0)?, None),
        _ if has("mysqlx") && of(&["Session"]) && !arguments.is_empty() => match arguments.len() {
            1 | 2 => store("mysql", value(0)?, None),
            _ => hosted("mysql", 0, 1, first_of(code, "getSchema")),
        },
        _ if has("mongocxx") && of(&["uri"]) && arguments.len() == 1 => {
            let database = code.occurrences("mongocxx").iter().find_map(|_| database_key(code));
            store("mongodb", value(0)?, database)
        }
        _ if has("redis++") && of(&["Redis"]) && arguments.len() == 1 && is_text(code, &arguments[0]) => {
            store("redis", value(0)?, None)
        }
        _ => None,
    }
}

/// `--SERVER=cache:11211`
fn without_option(value: Value) -> Value {
    concat([map_literals(value, &|text| text.trim_start_matches("--SERVER=").to_owned())])
}

fn is_port(value: &Value) -> bool {
    match value {
        Value::Literal(text) => text.parse::<u16>().is_ok_and(|port| port > 0),
        Value::Env { .. } | Value::Property { .. } => true,
        _ => false,
    }
}

fn is_text(code: &Code, range: &Range<usize>) -> bool {
    !matches!(values::value(code, range.clone()), Value::Symbol(_) | Value::Unknown(_) | Value::Parameter { .. })
}

/// What the first call by a name is given.
fn first_of(code: &Code, name: &str) -> Option<Value> {
    first_at(code, name, 0)
}

fn first_at(code: &Code, name: &str, index: usize) -> Option<Value> {
    let open = code.occurrences(name).iter().map(|&at| at as usize + 1).find(|&open| code.is(open, "("))?;
    match values::value(code, code.arguments(open).into_iter().nth(index)?) {
        Value::Unknown(_) => None,
        value => Some(value),
    }
}

/// `client["shop"]`, `client.database("shop")` of mongocxx.
fn database_key(code: &Code) -> Option<Value> {
    if let Some(named) = first_of(code, "database") {
        return Some(named);
    }
    let names = code.occurrences("client").iter().take(64).map(|&at| at as usize);
    let open = names.map(|at| at + 1).find(|&open| code.is(open, "[") && code.literal(open + 1).is_some())?;
    Some(code.literal_text(code.inside(open)).map_or_else(|| unknown("a database"), |text| Value::Literal(text.value)))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn stores_are_opened() {
        check(
            "a.cpp",
            r#"
void f() {
  PGconn* connection = PQconnectdb(getenv("DATABASE_URL"));
  pqxx::connection other("postgresql://db/shop");
  mysql_real_connect(handle, "db", "user", "password", "shop", 3306, NULL, 0);
  redisContext* cache = redisConnect("cache", 6379);
}
            "#,
            "3 connects postgresql env(DATABASE_URL)
            4 connects postgresql postgresql://db/shop
            5 connects mysql db:3306 database shop
            6 connects redis cache:6379",
        );
        check(
            "b.cpp",
            r#"
#include <mongocxx/client.hpp>
#include <sw/redis++/redis++.h>
void f(json config_json) {
  mongocxx::client client(mongocxx::uri("mongodb://db:27017"));
  auto store = client["shop"];
  auto redis = sw::redis::Redis("tcp://cache:6379");
  std::string addr = config_json["orders-mongodb"]["addr"];
  mongoc_uri_new_with_error(("mongodb://" + addr).c_str(), &error);
}
            "#,
            "5 connects mongodb mongodb://db:27017 database shop
            7 connects redis tcp://cache:6379
            9 connects mongodb mongodb://+property(orders-mongodb.addr)",
        );
    }
}
