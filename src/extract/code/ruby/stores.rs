//! Stores that code opens: Sequel, Active Record, pg, mysql2, MongoDB, Redis, Elasticsearch, memcached and buckets.

use super::values::{self, arguments};
use crate::extract::Output;
use crate::extract::code::value::{concat, literal};
use crate::extract::code::{Code, Framework};
use crate::facts::{Connection, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "ruby-stores",
    marks: &[
        "Sequel.connect",
        "establish_connection",
        "PG.connect",
        "PG::Connection",
        "Mysql2::Client",
        "Mongo::Client",
        "Redis.new",
        "Elasticsearch::Client",
        "OpenSearch::Client",
        "Dalli::Client",
        "Aws::S3",
        "set :database",
        "DataMapper.setup",
        "ROM.container",
        "config.redis",
    ],
    read,
};

/// A file opens stores by one word in no more places than this.
const MOST_CALLS: usize = 100;
/// What stands before `new` or `connect`, and the engine that is opened.
const OPENED: [(&[&str], &str, Option<&str>); 10] = [
    (&["Sequel"], "connect", None),
    (&["PG"], "connect", Some("postgresql")),
    (&["PG", "::", "Connection"], "new", Some("postgresql")),
    (&["Mysql2", "::", "Client"], "new", Some("mysql")),
    (&["Mongo", "::", "Client"], "new", Some("mongodb")),
    (&["Redis"], "new", Some("redis")),
    (&["Elasticsearch", "::", "Client"], "new", Some("elasticsearch")),
    (&["OpenSearch", "::", "Client"], "new", Some("elasticsearch")),
    (&["Dalli", "::", "Client"], "new", Some("memcached")),
    (&["DataMapper"], "setup", None),
];

fn read(code: &Code, output: &mut Output) {
    for (before, word, engine) in OPENED {
        for &at in code.occurrences(word).iter().take(MOST_CALLS) {
            let name = at as usize;
            let from = name.checked_sub(1 + before.len());
            let is_opened = from.is_some_and(|from| code.reads(from, before) && code.is(name - 1, "."));
            if is_opened {
                connection(code, name, engine, usize::from(word == "setup"), output);
            }
        }
    }
    for &at in code.occurrences("establish_connection").iter().take(MOST_CALLS) {
        connection(code, at as usize, None, 0, output);
    }
    // `set :database, ENV['DATABASE_URL']`
    for &at in code.occurrences("database").iter().take(MOST_CALLS) {
        let at = at as usize;
        if at > 1 && code.is(at - 1, ":") && code.is(at - 2, "set") && code.is(at + 1, ",") {
            let value = values::value(code, at + 2..values::line_end(code, at + 2));
            add(code, at, None, value, None, output);
        }
    }
    buckets(code, output);
}

fn connection(code: &Code, name: usize, engine: Option<&str>, skipped: usize, output: &mut Output) {
    let arguments = arguments(code, name);
    let named = |keys: &[&str]| keys.iter().find_map(|key| code.named(&arguments, key)).map(|range| values::value(code, range));
    let first = || {
        let first = code.positional(&arguments).nth(skipped)?.clone();
        // `['db:27017']`
        let first = if code.is(first.start, "[") { code.arguments(first.start).into_iter().next()? } else { first };
        Some(values::value(code, first))
    };
    let host = named(&["url", "host", "hostname", "hosts"]).map(|host| match named(&["port"]) {
        Some(port @ (Value::Literal(_) | Value::Env { .. } | Value::Property { .. })) => concat([host, literal(":"), port]),
        _ => host,
    });
    let adapter = named(&["adapter"]).and_then(|adapter| match adapter {
        Value::Literal(text) => engine_of(&text),
        _ => None,
    });
    let Some(address) = host.or_else(first) else { return };
    add(code, name, engine.or(adapter), address, named(&["database", "dbname"]), output);
}

/// The engine that an adapter is for.
pub fn engine_of(adapter: &str) -> Option<&'static str> {
    match adapter {
        "postgresql" | "postgres" | "postgis" => Some("postgresql"),
        "mysql2" | "mysql" | "trilogy" => Some("mysql"),
        "sqlserver" | "tinytds" => Some("mssql"),
        "oracle_enhanced" => Some("oracle"),
        _ => None,
    }
}

fn add(code: &Code, name: usize, engine: Option<&str>, address: Value, database: Option<Value>, output: &mut Output) {
    let is_file = matches!(&address, Value::Literal(text) if text.starts_with("sqlite") || !text.contains(['.', ':', '/', '-']) && text.len() < 2);
    if matches!(address, Value::Unknown(_)) || is_file {
        return;
    }
    let database = database.filter(|database| !matches!(database, Value::Unknown(_)));
    output.facts.push(Fact::Connection(Connection {
        at: code.location(name..name + 1),
        engine: engine.map(Into::into),
        address,
        database,
    }));
}

/// `bucket: 'pictures'` of a call of Amazon's client, `resource.bucket('pictures')`.
fn buckets(code: &Code, output: &mut Output) {
    if !code.text.contains("Aws::S3") {
        return;
    }
    let mut seen: Vec<Value> = Vec::new();
    for &at in code.occurrences("bucket").iter().take(MOST_CALLS) {
        let at = at as usize;
        let value = match () {
            () if code.is(at + 1, ":") => {
                let mut end = at + 2;
                while end < code.len()
                    && !code.is(end, ",")
                    && code.kind(end) != Some(crate::extract::code::tokens::TokenKind::Close)
                {
                    end = code.after(end);
                }
                values::value(code, at + 2..end)
            }
            () if at > 0 && code.is(at - 1, ".") && code.is(at + 1, "(") => values::value(code, code.inside(at + 1)),
            () => continue,
        };
        let is_known = matches!(value, Value::Literal(_) | Value::Env { .. } | Value::Property { .. } | Value::Concat(_));
        if is_known && !seen.contains(&value) && seen.len() < 20 {
            seen.push(value.clone());
            add(code, at, Some("bucket"), value, None, output);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn stores_are_told_where_they_are_opened() {
        check(
            "lib/a.rb",
            r#"DB = Sequel.connect(ENV['DATABASE_URL'])
            R = Redis.new(url: ENV.fetch('REDIS_URL', 'redis://redis:6379/0'))
            Mongo::Client.new(['mongo:27017'], database: 'users')
            ActiveRecord::Base.establish_connection(adapter: 'postgresql', host: 'db', database: 'shop')
            PG.connect(host: ENV['PG_HOST'], dbname: 'tax')
            set :database, ENV['SHOP_DB_URL']
            s3 = Aws::S3::Client.new
            s3.put_object(bucket: 'pictures', key: 'x')"#,
            "1 connects env(DATABASE_URL)
             5 connects postgresql env(PG_HOST) database tax
             3 connects mongodb mongo:27017 database users
             2 connects redis env(REDIS_URL or redis://redis:6379/0)
             4 connects postgresql db database shop
             6 connects env(SHOP_DB_URL)
             8 connects bucket pictures",
        );
    }
}
