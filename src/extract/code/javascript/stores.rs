//! Stores that a program opens: databases by their drivers and mappers, caches, buckets, tables of DynamoDB.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::expressions::Expressions;
use super::helpers::address;
use super::origins::{self, option};
use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::{Code, Framework};
use crate::facts::{Connection, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "stores-js",
    marks: &[
        "new Pool(",
        "new Client(",
        "createPool(",
        "createConnection(",
        "mongoose.connect",
        "mongoose.createConnection",
        "MongoClient",
        "MongooseModule",
        "createClient(",
        "new Redis(",
        "new IORedis(",
        "ioredis",
        "Sequelize",
        "DataSource(",
        "TypeOrmModule",
        "knex",
        "postgres(",
        "neo4j",
        "Bucket:",
        "TableName",
        "new Memcached",
        "RedisStore(",
        "MongoStore",
        "ConnectionPool(",
        "SequelizeModule",
        "BullModule",
        "createCluster(",
        "MikroOrmModule",
        "createMongooseOptions",
        "createTypeOrmOptions",
        "createSequelizeOptions",
        "mssql",
        "S3Client",
        ".bucket(",
    ],
    read,
};

/// Calls that open a store: the name, packages of which one is imported, the engine.
const OPENED: [(&str, &[&str], Option<&str>); 27] = [
    ("Pool", &["pg", "pg-pool", "@neondatabase/serverless"], Some("postgresql")),
    ("Client", &["pg"], Some("postgresql")),
    ("postgres", &["postgres"], Some("postgresql")),
    ("createConnection", &["mysql", "mysql2", "promise-mysql", "mariadb"], Some("mysql")),
    ("createPool", &["mysql", "mysql2", "promise-mysql", "mariadb"], Some("mysql")),
    ("ConnectionPool", &["mssql"], Some("mssql")),
    ("connect", &["mssql"], Some("mssql")),
    ("connect", &["mongoose"], Some("mongodb")),
    ("createConnection", &["mongoose"], Some("mongodb")),
    ("MongoClient", &["mongodb"], Some("mongodb")),
    ("connect", &["mongodb"], Some("mongodb")),
    ("createClient", &["redis", "@redis/client", "ioredis"], Some("redis")),
    ("createCluster", &["redis"], Some("redis")),
    ("Redis", &["ioredis"], Some("redis")),
    ("IORedis", &["ioredis"], Some("redis")),
    ("Sequelize", &["sequelize", "sequelize-typescript"], None),
    ("DataSource", &["typeorm"], None),
    ("createConnection", &["typeorm"], None),
    ("knex", &["knex"], None),
    ("Knex", &["knex"], None),
    ("Client", &["@elastic/elasticsearch", "@opensearch-project/opensearch"], Some("elasticsearch")),
    ("Client", &["cassandra-driver"], Some("cassandra")),
    ("driver", &["neo4j-driver"], Some("neo4j")),
    ("createClient", &["@clickhouse/client"], Some("clickhouse")),
    ("Memcached", &["memcached"], Some("memcached")),
    ("RedisStore", &["connect-redis"], Some("redis")),
    ("MongoStore", &["connect-mongo"], Some("mongodb")),
];

/// Modules of NestJS whose `forRoot` opens a store.
const MODULES: [(&str, Option<&str>); 5] = [
    ("MongooseModule", Some("mongodb")),
    ("TypeOrmModule", None),
    ("SequelizeModule", None),
    ("BullModule", Some("redis")),
    ("MikroOrmModule", None),
];

fn read(code: &Code, output: &mut Output) {
    let reader = Reader { expressions: Expressions::new(code), code };
    let mut known: FxHashSet<String> = FxHashSet::default();
    for call in code.calls() {
        if code.is(code.after(call.open), "{") || call.start.checked_sub(1).is_some_and(|at| code.is_any(at, &["@", "function"]))
        {
            continue;
        }
        let Some(store) = reader.opened(call).or_else(|| reader.of_module(call)).or_else(|| reader.named(call)) else { continue };
        if known.insert(format!("{:?} {:?} {:?}", store.engine, store.address, store.database)) {
            output.facts.push(Fact::Connection(store));
        }
    }
    output.facts.extend(reader.factories().into_iter().map(Fact::Connection));
}

/// Methods by which a class tells a module of NestJS where its store is.
const FACTORIES: [(&str, Option<&str>); 4] = [
    ("createMongooseOptions", Some("mongodb")),
    ("createTypeOrmOptions", None),
    ("createSequelizeOptions", None),
    ("createMikroOrmOptions", None),
];

struct Reader<'c, 't> {
    expressions: Expressions<'c, 't>,
    code: &'c Code<'t>,
}

impl Reader<'_, '_> {
    fn value(&self, range: Range<usize>) -> Value {
        self.expressions.value(range)
    }

    fn store(&self, call: Call, engine: Option<&str>, address: Value, database: Option<Value>) -> Connection {
        Connection { at: self.code.location(call.name..call.open), engine: engine.map(Into::into), address, database }
    }

    fn opened(&self, call: Call) -> Option<Connection> {
        let code = self.code;
        let name = code.text_of(call.name);
        let candidates = OPENED.iter().filter(|(opens, ..)| *opens == name);
        let (_, _, engine) = candidates.into_iter().find(|(_, packages, _)| self.is_of(call, packages))?;
        self.connection(call, *engine, &code.arguments(call.open))
    }

    /// Whether a call is one of a package: what it is called on or by is imported from there, or is a member of what is.
    fn is_of(&self, call: Call, packages: &[&str]) -> bool {
        let code = self.code;
        let first = code.text_of(call.start);
        let from = |local: &str| {
            let symbol = code.imports().get(local)?;
            let module = symbol.split('#').next().unwrap_or("");
            Some(
                packages
                    .iter()
                    .any(|package| module == *package || module.strip_prefix(package).is_some_and(|rest| rest.starts_with('/'))),
            )
        };
        if let Some(found) = from(first) {
            return found;
        }
        // `require('redis').createClient(…)`, and what is made by the package: `new Sequelize()`, `mongoClient.connect(url)`.
        let required = code.is(call.start, "require")
            && packages.iter().any(|package| code.literal(call.start + 2).is_some_and(|text| text == *package));
        let receiver = code.receiver(call);
        let by_name = || {
            let made = origins::made(&self.expressions, receiver.clone());
            made.is_some_and(|made| packages.contains(&made.module()))
                || self
                    .expressions
                    .expression(receiver.clone())
                    .and_then(|range| from(code.text_of(range.start)))
                    .unwrap_or(false)
        };
        required || !receiver.is_empty() && by_name()
            // A class that the package's own import makes: `const RedisStore = require('connect-redis')(session)`.
            || receiver.is_empty() && code.text_of(call.name).ends_with("Store") && origins::imports(&self.expressions, packages)
    }

    /// The store that arguments tell: a connection string, an object of options, or parts one after another.
    fn connection(&self, call: Call, engine: Option<&str>, arguments: &[Range<usize>]) -> Option<Connection> {
        let code = self.code;
        let first = arguments.first()?.clone();
        let name = code.text_of(call.name);
        let Some(object) = self.expressions.object(first.clone()) else {
            if name == "Sequelize" && arguments.len() > 2 {
                // `new Sequelize(database, user, password, { host, dialect })`.
                let options = arguments.get(3).and_then(|range| self.expressions.object(range.clone()))?;
                let engine = self.engine(&options);
                let place = address(&self.expressions, options)?;
                return Some(self.store(call, engine.as_deref(), place, Some(self.value(first))));
            }
            if matches!(name, "Redis" | "IORedis" | "createClient") && arguments.len() > 1 && !code.is(arguments[1].start, "{") {
                // `new Redis(port, host)`.
                return Some(self.store(call, engine, self.value(arguments[1].clone()), None));
            }
            let is_function = first.clone().take(16).any(|at| code.is_any(at, &["=>", "function"]));
            let options = arguments.get(1).and_then(|range| self.expressions.object(range.clone()));
            let database =
                options.and_then(|options| option(code, &options, &["dbName", "database"])).map(|range| self.value(range));
            let database = database.or_else(|| (engine == Some("mongodb")).then(|| self.chosen()).flatten());
            let value = self.value(first);
            return (!is_function && is_place(&value)).then(|| self.store(call, engine, value, database));
        };
        self.configured(call, engine, object)
    }

    fn configured(&self, call: Call, engine: Option<&str>, object: Range<usize>) -> Option<Connection> {
        let code = self.code;
        let told = engine.map(str::to_owned).or_else(|| self.engine(&object));
        // knex, and queues, put it one object deeper.
        let inner = option(code, &object, &["connection", "redis", "socket"]);
        let nested = inner.clone().and_then(|range| self.expressions.object(range));
        let urls =
            ["connectionString", "url", "uri", "connectionUri", "mongoUrl", "node", "clientUrl", "contactPoints", "filename"];
        let database = ["database", "dbName", "keyspace", "db"];
        let all = [Some(object.clone()), nested.clone()];
        let objects = || all.iter().flatten();
        let database = objects().find_map(|object| option(code, object, &database)).map(|range| self.value(range));
        let url = objects().find_map(|object| option(code, object, &urls)).map(|range| {
            let range = values::list(code, range.clone()).into_iter().next().unwrap_or(range);
            self.value(range)
        });
        let place = url.filter(is_place).or_else(|| objects().find_map(|object| address(&self.expressions, object.clone())));
        let place = place.or_else(|| inner.filter(|_| nested.is_none()).map(|range| self.value(range)).filter(is_place))?;
        Some(self.store(call, told.as_deref(), place, database))
    }

    /// The engine that options name: `type: 'postgres'`, `dialect: 'mysql'`, `client: 'pg'`.
    fn engine(&self, object: &Range<usize>) -> Option<String> {
        let range = option(self.code, object, &["type", "dialect", "client"])?;
        let text = self.expressions.text(range)?;
        Some(match text.as_str() {
            "postgres" | "pg" | "postgresql" | "cockroachdb" | "aurora-postgres" => "postgresql".to_owned(),
            "mysql" | "mysql2" | "mariadb" | "aurora-mysql" => "mysql".to_owned(),
            "mssql" | "tedious" => "mssql".to_owned(),
            "sqlite" | "sqlite3" | "better-sqlite3" => "sqlite".to_owned(),
            "mongodb" | "mongo" => "mongodb".to_owned(),
            _ => text,
        })
    }

    /// `client.db('name')` of MongoDB.
    fn chosen(&self) -> Option<Value> {
        let code = self.code;
        let places = code.occurrences("db").iter().take(64).map(|&at| at as usize);
        let mut found = places.filter(|&at| at > 0 && code.is(at - 1, ".") && code.is(at + 1, "("));
        found.find_map(|at| {
            let argument = code.arguments(at + 1).into_iter().next()?;
            Some(self.value(argument)).filter(|value| !matches!(value, Value::Unknown(_)))
        })
    }

    /// `TypeOrmModule.forRoot({ … })`, `MongooseModule.forRootAsync({ useFactory: () => ({ uri }) })`.
    fn of_module(&self, call: Call) -> Option<Connection> {
        let code = self.code;
        let name = code.text_of(call.name);
        if !matches!(name, "forRoot" | "forRootAsync") {
            return None;
        }
        let receiver = code.receiver_name(call)?;
        let (_, engine) = MODULES.iter().find(|(module, _)| *module == receiver)?;
        let arguments = code.arguments(call.open);
        if name == "forRoot" {
            return self.connection(call, *engine, &arguments);
        }
        // The factory's object is the one that says where the store is.
        let all = code.inside(call.open);
        let keys = ["uri", "url", "host", "type", "dialect", "redis", "connection"];
        let open = keys.iter().find_map(|key| {
            code.occurrences_in(all.clone(), key).iter().take(64).map(|&at| at as usize).find_map(|at| {
                let is_key =
                    code.is_any(at + 1, &[":", ","]) || code.kind(at + 1) == Some(crate::extract::code::tokens::TokenKind::Close);
                self.expressions.known.functions.bracket(at).filter(|&open| is_key && code.is(open, "{") && open > call.open)
            })
        });
        match open {
            Some(open) => self.configured(call, *engine, open..code.after(open)),
            None => {
                // Options that another file holds.
                let factory = option(code, &self.expressions.object(arguments.first()?.clone())?, &["useFactory"])?;
                let all = &self.expressions.known.functions.all;
                let function = all.partition_point(|function| function.body.start < factory.start);
                all.get(function).filter(|function| factory.contains(&function.body.start))?;
                let depth = self.expressions.depth();
                let value = self.expressions.result(function, depth)?;
                Some(self.store(call, *engine, value, None))
            }
        }
    }

    /// `createMongooseOptions() { return { uri: … }; }`.
    fn factories(&self) -> Vec<Connection> {
        let code = self.code;
        let mut found = Vec::new();
        for (name, engine) in FACTORIES {
            for &at in code.occurrences(name).iter().take(8) {
                let at = at as usize;
                let Some(call) = code.call_before(at + 1).filter(|_| code.is(at + 1, "(")) else { continue };
                let returned = (call.open..call.open + 200).find(|&at| code.is(at, "return") && code.is(at + 1, "{"));
                let object = returned.map(|at| at + 1..code.after(at + 1));
                found.extend(object.and_then(|object| self.configured(call, engine, object)));
            }
        }
        found
    }

    /// Buckets and tables that requests to AWS name, and buckets of others.
    fn named(&self, call: Call) -> Option<Connection> {
        let code = self.code;
        let name = code.text_of(call.name);
        let first = code.arguments(call.open).into_iter().next()?;
        if name == "bucket"
            && !code.receiver(call).is_empty()
            && origins::imports(&self.expressions, &["@google-cloud/storage", "firebase-admin"])
        {
            return Some(self.store(call, Some("bucket"), self.value(first), None));
        }
        let aws = [
            "Command",
            "put",
            "get",
            "upload",
            "list",
            "delete",
            "query",
            "scan",
            "update",
            "head",
            "copy",
            "batch",
            "getSigned",
            "transact",
        ];
        if !aws.iter().any(|word| name.starts_with(word) || name.ends_with(word)) {
            return None;
        }
        let object = self.expressions.object(first)?;
        for (key, engine) in [("Bucket", "bucket"), ("TableName", "dynamodb")] {
            if let Some(range) = option(code, &object, &[key]) {
                return Some(self.value(range)).filter(is_place).map(|value| self.store(call, Some(engine), value, None));
            }
        }
        None
    }
}

/// Whether a value may say where a store is.
fn is_place(value: &Value) -> bool {
    !matches!(value, Value::Unknown(_)) && !matches!(value, Value::Literal(text) if text.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn drivers_and_mappers_open_stores() {
        check(
            "src/a.js",
            "const { Pool } = require('pg'); const mongoose = require('mongoose'); const redis = require('redis'); const knex = require('knex');
            const pool = new Pool({ host: process.env.DB_HOST, port: 5432, database: 'orders' });
            mongoose.connect(process.env.MONGO_URL, { dbName: 'carts' });
            redis.createClient({ socket: { host: 'cache', port: 6379 } });
            const db = knex({ client: 'pg', connection: process.env.DATABASE_URL });
            const other = new Pool(workers); socket.connect('x');",
            "2 connects postgresql env(DB_HOST)+:5432 database orders
            3 connects mongodb env(MONGO_URL) database carts
            4 connects redis cache:6379
            5 connects postgresql env(DATABASE_URL)
            6 connects postgresql <#workers>",
        );
        check(
            "src/b.ts",
            "import { MongoClient } from 'mongodb'; import { DataSource } from 'typeorm'; import { Sequelize } from 'sequelize'; import Redis from 'ioredis';
            const client = new MongoClient(process.env.MONGO); const db = client.db('shop');
            export const source = new DataSource({ type: 'mysql', host: 'db', port: 3306, database: process.env.DB });
            const s = new Sequelize('users', user, password, { host: process.env.H, dialect: 'postgres' });
            const r = new Redis(process.env.REDIS_URL);",
            "2 connects mongodb env(MONGO) database shop
            3 connects mysql db:3306 database env(DB)
            4 connects postgresql env(H) database users
            5 connects redis env(REDIS_URL)",
        );
    }

    #[test]
    fn modules_and_clouds_open_stores() {
        check(
            "src/a.module.ts",
            "@Module({ imports: [
              MongooseModule.forRootAsync({ inject: [C], useFactory: (c: ConfigService) => ({ uri: c.get('MONGO_DSN') }) }),
              TypeOrmModule.forRoot({ type: 'postgres', url: process.env.PG_URL }),
            ] }) class A {}
            s3.putObject({ Bucket: process.env.BUCKET, Key: 'a' });
            dynamo.put({ TableName: 'orders', Item: x });",
            "2 connects mongodb env(MONGO_DSN)
            3 connects postgresql env(PG_URL)
            5 connects bucket env(BUCKET)
            6 connects dynamodb orders",
        );
    }
}
