//! Stores: which service opens which database.
//!
//! Code, settings and variables name stores by connection strings, or by host and database apart. Two services open the same store where
//! host and database are the same; of a database that is not known nothing is said. What lives in memory or in a file of its own is no
//! store that anybody shares.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::homes::Homes;
use super::super::programs::normal;
use super::super::repositories::Gathered;
use super::address::{Address, StoreAddress, engine_of};
use super::hosts::Hosts;
use super::reading::{HOLE, Reader, Standing};
use super::surroundings::Surroundings;
use crate::facts::Setting;
use crate::model::{Evidence, Kind, Model, Store, StoreUser, Target};

/// Parts of keys that hold the host of a store, beside those that hold its database.
const HOSTS: [&str; 8] = ["host", "hostname", "server", "addr", "address", "endpoint", "url", "uri"];
const DATABASES: [&str; 9] = ["database", "dbname", "name", "db", "schema", "database_name", "db_name", "dbase", "database-name"];

/// One opening of a store.
struct Opened {
    service: u32,
    repository: u32,
    store: StoreAddress,
    evidence: Evidence,
    told_by: Vec<Evidence>,
}

pub(super) fn stores(
    model: &Model,
    gathered: &Gathered,
    reader: &Reader,
    hosts: &Hosts,
    homes: &Homes,
    surroundings: &Surroundings,
) -> Vec<Store> {
    let mut opened: Vec<Opened> = Vec::new();
    in_code(model, gathered, reader, homes, &mut opened);
    for service in 0..model.services.len() as u32 {
        in_settings(model, service, surroundings, &mut opened);
        in_variables(model, service, surroundings, hosts, &mut opened);
    }
    join(model, hosts, opened)
}

fn in_code(model: &Model, gathered: &Gathered, reader: &Reader, homes: &Homes, opened: &mut Vec<Opened>) {
    for located in &gathered.connections {
        let Some(service) = homes.service_of(located.repository, &model.files[located.file as usize].path) else { continue };
        let standing = Standing { file: located.file, service, given: None };
        let connection = &located.value;
        let database = connection.database.as_ref().and_then(|value| reader.exact(standing, value));
        let unknown_database = connection.database.is_some() && database.is_none();
        for reading in reader.read(standing, &connection.address) {
            let Some(mut store) = StoreAddress::read(&reading.text).filter(|store| !store.host.contains(HOLE)) else { continue };
            let is_bucket = connection.engine.as_deref() == Some("bucket");
            if store.engine.is_none() {
                store.engine = connection.engine.as_deref().and_then(engine_name);
            }
            store.database = match (&database, unknown_database) {
                (Some(database), _) => Some(database.to_string()),
                (None, true) => None,
                (None, false) => store.database.filter(|name| !name.contains(HOLE)),
            };
            if is_bucket {
                store.database = Some(store.host.clone());
            }
            let evidence = located.evidence(connection.at);
            let repository = located.repository;
            opened.push(Opened { service, repository, store, evidence, told_by: reading.told_by });
        }
    }
}

fn engine_name(engine: &str) -> Option<&'static str> {
    engine_of(engine).or(match engine {
        "dynamodb" => Some("dynamodb"),
        "bucket" => Some("bucket"),
        _ => None,
    })
}

/// Connection strings among the settings, and hosts with their databases beside.
fn in_settings(model: &Model, service: u32, surroundings: &Surroundings, opened: &mut Vec<Opened>) {
    let settings = surroundings.settings_of(service);
    let all: Vec<(&str, String, Evidence)> = settings
        .iter()
        .map(|(Setting { key, value, .. }, evidence)| (&**key, surroundings.expanded(service, &value.value), *evidence))
        .collect();
    add(model, service, &all, opened);
}

fn in_variables(model: &Model, service: u32, surroundings: &Surroundings, hosts: &Hosts, opened: &mut Vec<Opened>) {
    let variables = surroundings.variables_of(service);
    let all: Vec<(&str, String, Evidence)> =
        variables.iter().map(|(name, (text, evidence))| (*name, surroundings.expanded(service, text), *evidence)).collect();
    add(model, service, &all, opened);
    // A variable that holds nothing but the name of a database server that runs here.
    let repository = model.services[service as usize].repository;
    for (name, text, evidence) in &all {
        let Some(address) = Address::read(text).filter(|address| matches!(&*address.scheme, "" | "tcp")) else { continue };
        let Some(Target::Part(part)) = hosts.find(repository, &address) else { continue };
        if model.parts[part as usize].kind != Some(Kind::Datastore) {
            continue;
        }
        let database = beside(&all, name);
        let store = StoreAddress { engine: None, host: address.host, port: address.port, database };
        opened.push(Opened { service, repository, store, evidence: *evidence, told_by: Vec::new() });
    }
}

fn add(model: &Model, service: u32, all: &[(&str, String, Evidence)], opened: &mut Vec<Opened>) {
    let repository = model.services[service as usize].repository;
    for (key, text, evidence) in all {
        let Some(mut store) = read(key, text) else { continue };
        if store.host.contains(HOLE) {
            continue;
        }
        if store.database.as_deref().is_none_or(|name| name.contains(HOLE)) {
            store.database = beside(all, key);
        }
        opened.push(Opened { service, repository, store, evidence: *evidence, told_by: Vec::new() });
    }
}

/// A setting that holds a connection: a URL of a store, a connection string, or the host of an engine that its key names.
fn read(key: &str, text: &str) -> Option<StoreAddress> {
    let lower = text.to_ascii_lowercase();
    let has_scheme =
        lower.split_once("://").is_some_and(|(scheme, _)| engine_of(scheme).is_some() || scheme.starts_with("jdbc:"));
    let is_list = lower.contains(';') && ["server=", "data source=", "host="].iter().any(|word| lower.contains(word));
    let is_list = is_list || lower.contains("host=") && lower.contains("dbname=") || lower.contains("@tcp(");
    if has_scheme || is_list {
        return StoreAddress::read(text);
    }
    let key = key.to_ascii_lowercase();
    let engine = ["mongodb", "redis", "cassandra", "neo4j", "mysql", "postgres", "mssql"]
        .into_iter()
        .find(|engine| key.contains(engine))?;
    let last = key.rsplit(['.', '_', ':']).next().unwrap_or(&key);
    if !matches!(last, "host" | "hostname" | "server" | "contact-points" | "addr" | "address") || text.contains(' ') {
        return None;
    }
    let store = StoreAddress::read(text)?;
    Some(StoreAddress { engine: engine_of(engine).or(Some("mysql").filter(|_| engine == "mysql")), ..store })
}

/// The database that stands beside the host: `DB_NAME` beside `DB_HOST`, `spring.data.mongodb.database` beside `….host`.
fn beside(all: &[(&str, String, Evidence)], host: &str) -> Option<String> {
    let lower = host.to_ascii_lowercase();
    let stem = HOSTS.iter().find_map(|word| lower.strip_suffix(word))?.trim_end_matches(['.', '_', ':', '-']).to_owned();
    let of = |word: &&str| {
        let wanted = normal(&format!("{stem}{word}"));
        all.iter().find(|(key, text, _)| normal(key) == wanted && !text.contains([HOLE, '/', ' ']) && !text.is_empty())
    };
    let own = DATABASES.iter().find_map(of).map(|(_, text, _)| text.clone());
    // `MYSQL_DATABASE` beside `DB_HOST` is the only one that is named so.
    let is_database = ["db", "database", "sql", "postgres", "pg", "mongo"].iter().any(|word| stem.contains(word));
    let general = || {
        if !is_database {
            return None;
        }
        let mut named = all.iter().filter(|(key, _, _)| {
            let key = normal(key);
            ["database", "dbname"].iter().any(|word| key.ends_with(word))
        });
        let first = named.next()?;
        named.next().is_none().then(|| first.1.clone()).filter(|text| !text.contains([HOLE, '/', ' ']) && !text.is_empty())
    };
    own.or_else(general)
}

/// Openings of the same host and database are one store.
fn join(model: &Model, hosts: &Hosts, opened: Vec<Opened>) -> Vec<Store> {
    // What answers, then the database. A server that nobody here runs is known by its host.
    let mut stores = Openings::new();
    for one in opened {
        let address = Address { host: one.store.host.clone(), port: one.store.port, ..Address::default() };
        let service = &model.services[one.service as usize];
        let host = match hosts.find(one.repository, &address) {
            Some(Target::Part(part)) => model.parts[part as usize].name.to_string(),
            // A service that is called so keeps something; it is no database.
            Some(Target::Service(_)) if one.store.engine.is_none() => continue,
            // Everybody has a machine of that name.
            _ if address.is_local() => format!("{} of {}", address.host, service.key),
            _ => address.host.clone(),
        };
        let database = one.store.database.filter(|name| !name.is_empty() && !name.contains(HOLE)).map(|name| name.to_lowercase());
        let (engine, users) = stores.entry((host, database)).or_default();
        *engine = engine.or(one.store.engine);
        users.push((one.service, one.evidence, one.told_by));
    }
    drop_what_says_less(&mut stores);
    stores
        .into_iter()
        .map(|((host, database), (engine, mut users))| {
            users.sort();
            users.dedup_by_key(|(service, _, _)| *service);
            Store {
                name: database.clone().unwrap_or_else(|| host.clone()).into(),
                key: database.as_ref().map_or_else(|| host.clone(), |database| format!("{host}/{database}")).into(),
                engine: engine.map(Arc::from),
                host: host.into(),
                database: database.map(Arc::from),
                users: users.into_iter().map(|(service, evidence, told_by)| StoreUser { service, evidence, told_by }).collect(),
            }
        })
        .collect()
}

/// By host and database: the engine, and each service with the place of its opening and those that told it.
type Openings = BTreeMap<(String, Option<String>), (Option<&'static str>, Vec<Use>)>;
type Use = (u32, Evidence, Vec<Evidence>);

/// A service that opens a database of a host says nothing more by naming the host alone.
fn drop_what_says_less(stores: &mut Openings) {
    let known: Vec<(String, u32)> = stores
        .iter()
        .filter(|((_, database), _)| database.is_some())
        .flat_map(|((host, _), (_, users))| users.iter().map(|(service, _, _)| (host.clone(), *service)))
        .collect();
    for ((host, database), (_, users)) in stores.iter_mut() {
        if database.is_none() {
            users.retain(|(service, _, _)| !known.iter().any(|(other, user)| other == host && user == service));
        }
    }
    stores.retain(|_, (_, users)| !users.is_empty());
}
