//! Databases, caches and buckets that code opens: Entity Framework, drivers, .NET Aspire's components, Marten, Redis, Cosmos, MongoDB.
//!
//! A connection by name is the setting `ConnectionStrings.NAME`. One file states each address once.

use std::ops::Range;

use super::{expressions, requests, syntax, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::unknown;
use crate::extract::code::{Code, Framework};
use crate::facts::{Connection, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "dotnet-store",
    marks: &[
        "UseSqlServer(",
        "UseAzureSql(",
        "UseNpgsql(",
        "UseMySql(",
        "UseMySQL(",
        "UseSqlite(",
        "UseOracle(",
        "UseCosmos(",
        "UseMongoDB(",
        "DbContext<",
        "SqlConnection(",
        "NpgsqlDataSource",
        "SqlConnection",
        "SqliteConnection(",
        "OracleConnection(",
        "MongoClient",
        "GetDatabase(",
        "ConnectionMultiplexer.Connect",
        "RedisCache(",
        "AddRedis",
        "AddMarten",
        "DocumentStore",
        "CosmosClient",
        "ElasticClient",
        "Elasticsearch",
        "BlobServiceClient",
        "BlobContainerClient",
        "BucketName",
        "AddAzure",
        "AddMongo",
        "AddMySql",
    ],
    read,
};

/// Methods whose first argument is the connection.
const OPENING: [(&str, &str); 12] = [
    ("UseSqlServer", "mssql"),
    ("UseAzureSql", "mssql"),
    ("UseNpgsql", "postgresql"),
    ("UseMySql", "mysql"),
    ("UseMySQL", "mysql"),
    ("UseSqlite", "sqlite"),
    ("UseOracle", "oracle"),
    ("UseCosmos", "cosmos"),
    ("UseMongoDB", "mongodb"),
    ("AddMarten", "postgresql"),
    ("UseSqlServerStorage", "mssql"),
    ("UsePostgreSqlStorage", "postgresql"),
];
/// Types that are made for a connection.
const MADE: [(&str, &str); 15] = [
    ("SpannerConnection", "spanner"),
    ("SqlConnection", "mssql"),
    ("NpgsqlConnection", "postgresql"),
    ("NpgsqlDataSourceBuilder", "postgresql"),
    ("MySqlConnection", "mysql"),
    ("SqliteConnection", "sqlite"),
    ("SQLiteConnection", "sqlite"),
    ("OracleConnection", "oracle"),
    ("MongoClient", "mongodb"),
    ("CosmosClient", "cosmos"),
    ("ElasticClient", "elasticsearch"),
    ("ElasticsearchClient", "elasticsearch"),
    ("ConnectionSettings", "elasticsearch"),
    ("BlobServiceClient", "bucket"),
    ("BlobContainerClient", "bucket"),
];
/// Components of .NET Aspire, whose first argument is the name of a connection.
const COMPONENTS: [(&str, &str); 18] = [
    ("AddNpgsqlDbContext", "postgresql"),
    ("AddNpgsqlDataSource", "postgresql"),
    ("AddAzureNpgsqlDbContext", "postgresql"),
    ("AddSqlServerDbContext", "mssql"),
    ("AddSqlServerClient", "mssql"),
    ("AddMySqlDataSource", "mysql"),
    ("AddMySqlDbContext", "mysql"),
    ("AddOracleDatabaseDbContext", "oracle"),
    ("AddMongoDBClient", "mongodb"),
    ("AddRedisClient", "redis"),
    ("AddRedis", "redis"),
    ("AddRedisDistributedCache", "redis"),
    ("AddRedisOutputCache", "redis"),
    ("AddAzureCosmosClient", "cosmos"),
    ("AddCosmosDbContext", "cosmos"),
    ("AddElasticsearchClient", "elasticsearch"),
    ("AddAzureBlobClient", "bucket"),
    ("AddAzureBlobServiceClient", "bucket"),
];
/// Stores of one file that are kept.
const MOST: usize = 60;

fn read(code: &Code, output: &mut Output) {
    let mut found: Vec<Connection> = Vec::new();
    let is_host = !code.occurrences("DistributedApplication").is_empty();
    let marten = !code.occurrences("Marten").is_empty() || !code.occurrences("AddMarten").is_empty();
    for call in code.calls() {
        if found.len() >= MOST {
            break;
        }
        let name = code.text_of(call.name);
        let arguments = code.arguments(call.open);
        let at = requests::place(code, call);
        let connection = |engine: &str, address: Value, database: Option<Value>| Connection {
            at,
            engine: Some(engine.into()),
            address,
            database,
        };
        let first = || syntax::positional(code, &arguments).next().filter(|range| !range.clone().any(|at| code.is(at, "=>")));
        let value = |range: Range<usize>| expressions::given(code, range);
        let entry =
            |list: &[(&'static str, &'static str)]| list.iter().find(|(known, _)| *known == name).map(|(_, engine)| *engine);
        let is_new = call.start == call.name && call.name > 0 && code.is(call.name - 1, "new");
        let opened = if let Some(engine) = entry(&OPENING).filter(|_| call.start < call.name) {
            let Some(first) = first() else { continue };
            let database = matches!(name, "UseCosmos" | "UseMongoDB").then(|| arguments.last().cloned()).flatten();
            let database = database.filter(|range| arguments.len() > 1 && !range.clone().any(|at| code.is(at, "=>")));
            Some(connection(engine, value(first), database.map(value)))
        } else if let Some(engine) = entry(&MADE).filter(|_| is_new || is_made(code, call, name)) {
            let Some(first) = first().filter(|range| !code.is(range.start, "new") || code.is(range.start + 1, "Uri")) else {
                continue;
            };
            let database = match name {
                "MongoClient" => database(code),
                "BlobContainerClient" => arguments.get(1).cloned().map(value),
                _ => None,
            };
            Some(connection(engine, value(first), database))
        } else if let Some(engine) = entry(&COMPONENTS).filter(|_| !is_host && call.start < call.name) {
            let named = syntax::argument(code, &arguments, "connectionName", 0);
            match named.map(|range| values::text(code, range)) {
                Some(Value::Literal(name)) => {
                    let key = format!("ConnectionStrings.{name}").into();
                    Some(connection(engine, Value::Property { key, default: None }, None))
                }
                _ => None,
            }
        } else {
            match name {
                "Connect" | "ConnectAsync" if code.is(call.name - usize::from(call.name > 1) * 2, "ConnectionMultiplexer") => {
                    first().map(|range| connection("redis", redis(code, range), None))
                }
                "Create" if code.is(call.name.saturating_sub(2), "NpgsqlDataSource") => {
                    first().map(|range| connection("postgresql", value(range), None))
                }
                "Connection" if marten && call.start < call.name => {
                    first().map(|range| connection("postgresql", value(range), None))
                }
                "For" if code.is(call.name.saturating_sub(2), "DocumentStore") => {
                    first().map(|range| connection("postgresql", value(range), None))
                }
                "AddStackExchangeRedisCache" | "AddDistributedRedisCache" => {
                    set(code, code.inside(call.open), "Configuration").map(|range| connection("redis", value(range), None))
                }
                _ => None,
            }
        };
        if let Some(connection) = opened
            && !found.iter().any(|known| known.engine == connection.engine && is_same(&known.address, &connection.address))
        {
            found.push(connection);
        }
    }
    if !found.iter().any(|known| known.engine.as_deref() == Some("mongodb"))
        && let Some((at, database)) = code.calls().find_map(|call| Some((requests::place(code, call), database_of(code, call)?)))
        && !code.occurrences("IMongoClient").is_empty()
    {
        let engine = Some("mongodb".into());
        found.push(Connection { at, engine, address: unknown("client"), database: Some(database) });
    }
    let opens = |engine: &Option<std::sync::Arc<str>>, found: &[Connection]| {
        found.iter().any(|known| known.engine == *engine && !matches!(known.address, Value::Unknown(_)))
    };
    // Besides an address that is known, an unknown one tells nothing.
    let known = found.clone();
    found
        .retain(|store| !matches!(store.address, Value::Unknown(_)) || store.database.is_some() || !opens(&store.engine, &known));
    let mut found: Vec<Connection> = found.into_iter().flat_map(|store| given_here(code, store)).collect();
    buckets(code, &mut found);
    output.facts.extend(found.into_iter().map(Fact::Connection));
}

/// A function of this file that opens what it is given: the stores for which it is called here, and itself where nothing calls it.
fn given_here(code: &Code, store: Connection) -> Vec<Connection> {
    let Value::Parameter { function, index } = &store.address else { return vec![store] };
    let Some((_, name)) = function.rsplit_once('.') else { return vec![store] };
    let calls = code.occurrences(name).iter().take(20).filter_map(|&at| code.call_before(at as usize + 1));
    let mut found: Vec<Connection> = Vec::new();
    for call in calls.filter(|call| syntax::item_named(code, call.name).is_none()) {
        let Some(range) = code.arguments(call.open).into_iter().nth(*index as usize) else { continue };
        let address = expressions::given(code, range);
        if !matches!(address, Value::Unknown(_)) && !found.iter().any(|known| known.address == address) {
            found.push(Connection { at: requests::place(code, call), address, ..store.clone() });
        }
    }
    if found.is_empty() { vec![store] } else { found }
}

/// Unknown addresses of one engine are one.
fn is_same(a: &Value, b: &Value) -> bool {
    a == b || matches!((a, b), (Value::Unknown(_), Value::Unknown(_)))
}

/// `SqlConnection connection = new(address)`.
fn is_made(code: &Code, call: Call, name: &str) -> bool {
    name == "new" && call.start == call.name && code.word(call.name).is_none()
}

/// What `GetDatabase` of a file is given.
fn database(code: &Code) -> Option<Value> {
    code.occurrences("GetDatabase").iter().take(10).find_map(|&at| database_of(code, code.call_before(at as usize + 1)?))
}

fn database_of(code: &Code, call: Call) -> Option<Value> {
    if !code.is(call.name, "GetDatabase") || call.start == call.name || !code.occurrences("StackExchange").is_empty() {
        return None;
    }
    let first = code.arguments(call.open).into_iter().next()?;
    Some(expressions::given(code, first)).filter(|value| !matches!(value, Value::Unknown(_)))
}

/// The address of options for Redis: `ConfigurationOptions.Parse(x)`, a list of end points, or the text itself.
fn redis(code: &Code, range: Range<usize>) -> Value {
    let mut made = range.clone();
    if let Some(name) = (range.len() == 1).then(|| code.word(range.start)).flatten()
        && let Some(assigned) = code.assigned(name, range.start)
    {
        made = assigned;
    }
    if let Some(at) = made.clone().find(|&at| code.is(at, "Parse") && code.is(at + 1, "("))
        && let Some(first) = code.arguments(at + 1).into_iter().next()
    {
        return expressions::given(code, first);
    }
    if let Some(at) = made.clone().find(|&at| code.is(at, "EndPoints") && code.is(at + 1, "="))
        && let Some(open) = (at + 2..made.end).find(|&at| code.is_any(at, &["{", "["]))
        && let Some(first) = code.arguments(open).into_iter().next()
    {
        return expressions::given(code, first);
    }
    expressions::given(code, range)
}

/// The value that a member is set to in some tokens.
fn set(code: &Code, range: Range<usize>, member: &str) -> Option<Range<usize>> {
    let at = code.occurrences_in(range.clone(), member).iter().find(|&&at| code.is(at as usize + 1, "="))?;
    let from = *at as usize + 2;
    let mut end = from;
    while end < range.end && !code.is_any(end, &[",", ";", "}", ")"]) {
        end = code.after(end);
    }
    Some(from..end)
}

/// `BucketName = x` of requests to S3.
fn buckets(code: &Code, found: &mut Vec<Connection>) {
    for &at in code.occurrences("BucketName").iter().take(40) {
        let at = at as usize;
        if !code.is(at + 1, "=") || !code.is_any(at.wrapping_sub(1), &["{", ","]) {
            continue;
        }
        let mut end = at + 2;
        while end < code.len() && !code.is_any(end, &[",", ";", "}"]) {
            end = code.after(end);
        }
        let address = expressions::given(code, at + 2..end);
        if found.len() < MOST && !found.iter().any(|known| known.engine.as_deref() == Some("bucket") && known.address == address)
        {
            found.push(Connection { at: code.at(at), engine: Some("bucket".into()), address, database: None });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn stores_have_engine_and_address() {
        check(
            "A.cs",
            r#"
var text = builder.Configuration.GetConnectionString("Orders");
builder.Services.AddDbContext<OrdersContext>(o => o.UseSqlServer(text));
builder.Services.AddDbContext<Other>(o => { o.UseNpgsql(configuration["Db:Url"], x => x.Y()); });
builder.AddNpgsqlDbContext<Catalog>("catalogdb"); builder.AddRedisClient("redis");
services.AddStackExchangeRedisCache(o => { o.Configuration = Environment.GetEnvironmentVariable("REDIS_ADDR"); });
var redis = ConnectionMultiplexer.Connect("cache:6379");
var db = new MongoClient(configuration["Mongo:Url"]).GetDatabase("shop");
services.AddMarten(o => { o.Connection(configuration.GetConnectionString("Events")); });"#,
            "3 connects mssql property(ConnectionStrings.Orders)
             4 connects postgresql property(Db.Url)
             5 connects postgresql property(ConnectionStrings.catalogdb)
             5 connects redis property(ConnectionStrings.redis)
             6 connects redis env(REDIS_ADDR)
             7 connects redis cache:6379
             8 connects mongodb property(Mongo.Url) database shop
             9 connects postgresql property(ConnectionStrings.Events)
             2 entry main",
        );
        check(
            "B.cs",
            r#"
class Repository {
    readonly string _text;
    public Repository(string connectionString) { _text = connectionString; }
    void A() { Open("Server=db;Database=x"); using var a = new SqlConnection(_text); using (SqlConnection b = new SqlConnection(_text)) { } }
    object Open(string text) => new NpgsqlConnection(text);
}"#,
            "5 connects mssql parameter(Repository 0)
             5 connects postgresql Server=db;Database=x",
        );
    }
}
