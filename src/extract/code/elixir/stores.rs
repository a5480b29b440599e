//! Stores that Elixir opens: repositories of Ecto, Redix, Mongo, MyXQL, Postgrex, Xandra, buckets and tables of AWS.

use std::ops::Range;

use super::syntax::{self, Module};
use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::{concat, literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{Connection, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "elixir-stores",
    marks: &["Ecto.Repo", "Redix", "Mongo", "MyXQL", "Postgrex", "Xandra", "ExAws.S3", "ExAws.Dynamo", "Memcache."],
    read,
};

/// Modules that open a store, each with its engine.
const OPENERS: [(&str, &str); 7] = [
    ("Redix", "redis"),
    ("Redix.PubSub", "redis"),
    ("Mongo", "mongodb"),
    ("MyXQL", "mysql"),
    ("Postgrex", "postgresql"),
    ("Xandra", "cassandra"),
    ("Memcache", "memcached"),
];

fn read(code: &Code, output: &mut Output) {
    if is_for_developers(code.path) {
        return;
    }
    let mut found: Vec<Connection> = Vec::new();
    for module in syntax::modules(code) {
        found.extend(repository(code, &module));
    }
    for call in code.calls() {
        found.extend(opened(code, call));
    }
    // `{Redix, host: "cache", name: :redix}` in the list of a supervisor.
    for (module, engine) in OPENERS {
        let first = module.split('.').next().unwrap_or(module);
        for &at in code.occurrences(first) {
            let at = at as usize;
            let end = at + module.matches('.').count() * 2;
            let opens = at > 0 && code.is(at - 1, "{") && code.is(end + 1, ",");
            if opens && code.dotted(at..end + 1).as_deref() == Some(module) {
                let told = code.split(code.inside(at - 1), ",").split_off(1);
                found.extend(told_store(code, at - 1..end + 1, engine, &told));
            }
        }
    }
    let mut seen: Vec<(Option<std::sync::Arc<str>>, Value)> = Vec::new();
    for store in found {
        // Buckets and tables are named at each request.
        let key = (store.engine.clone(), store.address.clone());
        if seen.len() < 64 && !seen.contains(&key) {
            seen.push(key);
            output.facts.push(Fact::Connection(store));
        }
    }
}

/// Settings of machines of developers and of tests.
pub fn is_for_developers(path: &str) -> bool {
    ["/dev.exs", "/test.exs", "/dev.secret.exs"].iter().any(|name| path.ends_with(name))
}

/// `use Ecto.Repo, otp_app: :shop, adapter: Ecto.Adapters.Postgres`: its settings tell the address.
fn repository(code: &Code, module: &Module) -> Option<Connection> {
    let used = syntax::uses(code, module, |name, _| name == "Ecto.Repo")?;
    let engine = used.named(code, "adapter").and_then(|range| code.dotted(range)).and_then(|adapter| engine_of(&adapter));
    // `init/2` may put the URL into the settings.
    let put = code.occurrences_in(module.body.clone(), "url").iter().map(|&at| at as usize).find_map(|at| {
        let is_put = at > 1
            && code.is(at - 1, ":")
            && code.is(at + 1, ",")
            && (at.saturating_sub(8)..at).any(|at| code.is_any(at, &["put", "put_new"]));
        let close = (at + 2..code.len()).find(|&at| code.is(at, ")") && code.partner(at) < at)?;
        let open = code.partner(close);
        let end = if open < at { close } else { close + 1 };
        is_put.then(|| values::value(code, at + 2..end))
    });
    let address = put.or_else(|| {
        let application = used.named(code, "otp_app").and_then(|range| syntax::atom(code, range))?;
        Some(Value::Property { key: format!("{application}.{}.url", module.name).into(), default: None })
    })?;
    Some(Connection { at: code.location(used.name..used.end), engine: engine.map(Into::into), address, database: None })
}

/// The engine that an adapter is for.
pub fn engine_of(adapter: &str) -> Option<&'static str> {
    match adapter.rsplit('.').next()? {
        "Postgres" => Some("postgresql"),
        "MyXQL" | "MySQL" => Some("mysql"),
        "Tds" => Some("mssql"),
        "SQLite3" => Some("sqlite"),
        "ClickHouse" => Some("clickhouse"),
        _ => None,
    }
}

fn opened(code: &Code, call: Call) -> Option<Connection> {
    let receiver = code.receiver_name(call).filter(|name| !name.is_empty())?;
    let symbol = code.symbol(&receiver);
    let module = symbol.trim_start_matches('#');
    let arguments = code.arguments(call.open);
    let at = call.start..call.open;
    let name = code.text_of(call.name);
    if let Some((_, engine)) = OPENERS.iter().find(|(of, _)| *of == module).filter(|_| name == "start_link") {
        return told_store(code, at, engine, &arguments);
    }
    let engine = match module {
        "ExAws.S3" if name.contains("object") || name == "upload" || name == "presigned_url" => "bucket",
        "ExAws.Dynamo" if !name.contains("table") => "dynamodb",
        _ => return None,
    };
    let first = values::value(code, arguments.first()?.clone());
    let is_known = !matches!(first, Value::Unknown(_) | Value::Parameter { .. });
    is_known.then(|| Connection { at: code.location(at), engine: Some(engine.into()), address: first, database: None })
}

/// A store as its options tell it: a URL, or a host and a database.
fn told_store(code: &Code, at: Range<usize>, engine: &str, told: &[Range<usize>]) -> Option<Connection> {
    let mut told = told.to_vec();
    if let [only] = &told[..] {
        let list = syntax::resolved(code, only.clone());
        if code.is(list.start, "[") {
            told = code.split(code.inside(list.start), ",");
        } else if let Some(list) = told.first().filter(|range| code.is(range.start, "{")) {
            // `{"redis://cache", [name: :redix]}`
            told = code.split(code.inside(list.start), ",");
        }
    }
    let (address, database) = address(code, &told);
    let address = address.or_else(|| {
        let first = code.positional(&told).next()?.clone();
        Some(values::value(code, first))
    });
    let address = address.unwrap_or_else(|| unknown("no address"));
    Some(Connection { at: code.location(at), engine: Some(engine.into()), address, database })
}

/// The address and database that options name.
pub fn address(code: &Code, options: &[Range<usize>]) -> (Option<Value>, Option<Value>) {
    let value = |name: &str| code.named(options, name).map(|range| values::value(code, range));
    let host = || {
        let host = value("hostname").or_else(|| value("host"))?;
        Some(match value("port").filter(|port| matches!(port, Value::Literal(_))) {
            Some(port) => concat([host, literal(":"), port]),
            None => host,
        })
    };
    let listed = || {
        let range = ["nodes", "seeds"].iter().find_map(|name| code.named(options, name))?;
        code.literal_list(range).into_iter().next().map(|text| Value::Literal(text.value))
    };
    (value("url").or_else(host).or_else(listed), value("database"))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn stores_are_opened() {
        check(
            "lib/shop/repo.ex",
            "defmodule Shop.Repo do\n  use Ecto.Repo, otp_app: :shop, adapter: Ecto.Adapters.Postgres\nend",
            "2 connects postgresql property(shop.Shop.Repo.url)",
        );
        check(
            "lib/shop/repo.ex",
            "defmodule Shop.Repo do\n  use Ecto.Repo, otp_app: :shop\n  def init(_, options) do\n    {:ok, Keyword.put(options, :url, System.get_env(\"DATABASE_URL\"))}\n  end\nend",
            "2 connects env(DATABASE_URL)",
        );
        check(
            "lib/shop/application.ex",
            r#"
defmodule Shop.Starter do
  def start do
    children = [
      {Redix, host: System.get_env("REDIS_HOST", "cache"), name: :redix},
      {Mongo, [name: :mongo, url: "mongodb://db/shop"]}
    ]
    {:ok, connection} = Redix.start_link("redis://other:6379")
    Postgrex.start_link(hostname: "db", database: "shop")
    ExAws.S3.put_object("pictures", "a", "b") |> ExAws.request()
  end
end
            "#,
            "8 connects redis redis://other:6379
            9 connects postgresql db database shop
            10 connects bucket pictures
            5 connects redis env(REDIS_HOST or cache)
            6 connects mongodb mongodb://db/shop",
        );
    }
}
