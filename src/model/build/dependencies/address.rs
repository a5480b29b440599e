//! Addresses: a text as scheme, host, port and path, or as a connection to a store.

use super::reading::HOLE;

/// An address, as far as a text tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    /// In lower case; empty where none is written.
    pub scheme: String,
    /// In lower case; holds [`HOLE`]s where parts of it are not known.
    pub host: String,
    pub port: Option<u16>,
    /// Begins with `/` where there is one; query and fragment left out.
    pub path: String,
    /// What stands behind `?`.
    pub query: String,
}

/// Schemes that say how a name is looked up, and not what is spoken.
const LOOKED_UP: [&str; 10] = ["lb", "dns", "discovery", "consul", "passthrough", "xds", "etcd", "static", "eureka", "nacos"];

impl Address {
    /// Reads a URL, `//host/path`, `host:port/path` or a host alone; None for a path, an empty text and whatever holds blanks.
    pub fn read(text: &str) -> Option<Address> {
        let text = text.trim().trim_matches(['"', '\'']);
        if text.is_empty()
            || text.starts_with('/') && !text.starts_with("//")
            || text.contains([' ', '\n', '\\', '<', '>', '`', ','])
        {
            return None;
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
            Some(_) => return None,
            None => (String::new(), text.trim_start_matches("//")),
        };
        // `discovery:///orders`, `dns://resolver/orders:80`.
        let rest = match LOOKED_UP.contains(&&*scheme) && rest.starts_with('/') {
            true => rest.trim_start_matches('/'),
            false => rest,
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port.parse().ok()),
            Some((host, port)) if port.is_empty() || port.contains(HOLE) || port.starts_with(['$', '{']) => (host, None),
            Some(_) if scheme.is_empty() => return None,
            Some(_) => (authority, None),
            None => (authority, None),
        };
        let (path, query) = match path.split_once('#').map_or(path, |(path, _)| path).split_once('?') {
            Some((path, query)) => (path, query),
            None => (path.split('#').next().unwrap_or(path), ""),
        };
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        if host.is_empty()
            || host.contains(['{', '}', '$', '%', '*', '=', ';', '('])
            || host.contains(':') && !host.starts_with('[')
        {
            return None;
        }
        Some(Address { scheme, host, port, path: path.to_owned(), query: query.to_owned() })
    }

    /// True where the host is written and not a mere word that may be anything.
    pub fn is_certain(&self) -> bool {
        !self.host.contains(HOLE) && (!self.scheme.is_empty() || self.port.is_some())
    }

    pub fn is_local(&self) -> bool {
        matches!(&*self.host, "localhost" | "127.0.0.1" | "0.0.0.0" | "host.docker.internal" | "[::1]" | "::1")
    }
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b':'))
}

/// The path of a call below its host, each part that is not known as `{}`.
pub(super) fn path_of(text: &str) -> String {
    let path = text.split(['?', '#']).next().unwrap_or(text);
    let mut out = String::with_capacity(path.len() + 1);
    if !path.starts_with('/') {
        out.push('/');
    }
    let mut in_hole = false;
    for character in path.chars() {
        match character {
            HOLE if in_hole => {}
            HOLE => out.push_str("{}"),
            '/' if out.ends_with('/') => {}
            other => out.push(other),
        }
        in_hole = character == HOLE;
    }
    if out.len() > 1 && out.ends_with('/') {
        out.pop();
    }
    out
}

/// A connection to a store, as a text tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StoreAddress {
    pub engine: Option<&'static str>,
    pub host: String,
    pub port: Option<u16>,
    pub database: Option<String>,
}

/// Engines by the schemes of their URLs.
const ENGINES: [(&str, &str); 26] = [
    ("postgres", "postgresql"),
    ("postgresql", "postgresql"),
    ("pgsql", "postgresql"),
    ("cockroachdb", "postgresql"),
    ("mysql", "mysql"),
    ("mysql2", "mysql"),
    ("mariadb", "mysql"),
    ("sqlserver", "mssql"),
    ("mssql", "mssql"),
    ("oracle", "oracle"),
    ("mongodb", "mongodb"),
    ("mongodb+srv", "mongodb"),
    ("redis", "redis"),
    ("rediss", "redis"),
    ("cassandra", "cassandra"),
    ("neo4j", "neo4j"),
    ("neo4j+s", "neo4j"),
    ("bolt", "neo4j"),
    ("clickhouse", "clickhouse"),
    ("couchdb", "couchdb"),
    ("couchbase", "couchbase"),
    ("ecto", "postgresql"),
    ("influxdb", "influxdb"),
    ("memcached", "memcached"),
    ("elasticsearch", "elasticsearch"),
    ("s3", "bucket"),
];

/// The engine of a scheme: of `postgresql+asyncpg` and `jdbc:postgresql` PostgreSQL.
pub(super) fn engine_of(scheme: &str) -> Option<&'static str> {
    let scheme = scheme.rsplit(':').next().unwrap_or(scheme);
    let known = |scheme: &str| ENGINES.iter().find(|(known, _)| *known == scheme).map(|(_, engine)| *engine);
    known(scheme).or_else(|| known(scheme.split('+').next().unwrap_or(scheme)))
}

impl StoreAddress {
    /// Reads a URL of a store, a list of `key=value`, or `host:port`; None for what lives in memory or in a file.
    pub fn read(text: &str) -> Option<StoreAddress> {
        let text = text.trim().trim_matches(['"', '\'']);
        let bare = text.strip_prefix("jdbc:").or(text.strip_prefix("r2dbc:")).unwrap_or(text);
        if ["h2:", "hsqldb:", "derby:", "sqlite:", "file:", "h2mem"].iter().any(|scheme| bare.starts_with(scheme)) {
            return None;
        }
        if let Some((scheme, rest)) = bare.split_once("://") {
            let engine = engine_of(&scheme.to_ascii_lowercase())?;
            // The first of several hosts stands for all of them.
            let end = rest.find(['/', '?', ';']).unwrap_or(rest.len());
            let (authority, behind) = rest.split_at(end);
            let credentials = authority.rsplit_once('@');
            let hosts = credentials.map_or(authority, |(_, hosts)| hosts);
            let first = hosts.split(',').next().unwrap_or(hosts);
            // `tcp(host:3306)` of Go's driver.
            let first = first.trim_start_matches("tcp(").trim_end_matches(')');
            let (host, port) = host_and_port(first)?;
            let path = behind.strip_prefix('/').unwrap_or("");
            let path = path.split(['?', ';']).next().unwrap_or("");
            let named = parameter(behind, &["databasename", "database", "initial catalog"]);
            let schema = parameter(behind, &["currentschema", "search_path", "schema"]);
            let user = credentials.map(|(user, _)| user.split(':').next().unwrap_or(user));
            let database = Some(path)
                .filter(|path| !path.is_empty())
                .map(str::to_owned)
                .or(named)
                .or_else(|| default_database(engine, user));
            let database = match (database, schema) {
                (Some(database), Some(schema)) => Some(format!("{database}.{schema}")),
                (database, schema) => database.or(schema),
            };
            return Some(StoreAddress { engine: Some(engine), host, port, database });
        }
        // `user:password@tcp(host:3306)/database` of Go's driver of MySQL.
        if let Some((_, rest)) = text.split_once("@tcp(") {
            let (authority, rest) = rest.split_once(')')?;
            let (host, port) = host_and_port(authority)?;
            let database = rest.trim_start_matches('/').split('?').next().filter(|name| !name.is_empty()).map(str::to_owned);
            return Some(StoreAddress { engine: Some("mysql"), host, port, database });
        }
        // `Server=host,1433;Database=name`, `host=… dbname=…`.
        let listed = || parameter(text, &["server", "data source", "host", "datasource", "address", "addr", "network address"]);
        if let Some(host) = text.contains('=').then(listed).flatten() {
            let host = host.trim_start_matches("tcp:");
            let (host, port) = host_and_port(&host.replace(',', ":"))?;
            let port = port.or_else(|| parameter(text, &["port"])?.parse().ok());
            let database = parameter(text, &["database", "initial catalog", "dbname", "db"]);
            let schema = parameter(text, &["search path", "searchpath", "search_path"]);
            let database = match (database, schema) {
                (Some(database), Some(schema)) => Some(format!("{database}.{schema}")),
                (database, schema) => database.or(schema),
            };
            let engine = match text {
                _ if text.starts_with("mysql:") => Some("mysql"),
                _ if text.starts_with("pgsql:") => Some("postgresql"),
                _ => None,
            };
            return Some(StoreAddress { engine, host, port, database });
        }
        // `redis:6379,password=…` is a list that begins with the host.
        let first = text.split(',').next().unwrap_or(text);
        let (authority, database) = first.split_once('/').map_or((first, None), |(host, database)| (host, Some(database)));
        let (host, port) = host_and_port(authority)?;
        let database = database.filter(|name| !name.is_empty()).map(str::to_owned);
        (!host.contains(['$', '{'])).then_some(StoreAddress { engine: None, host, port, database })
    }
}

/// What a server takes where no database is written: MongoDB `test`, PostgreSQL the name of the user, Redis the first.
fn default_database(engine: &str, user: Option<&str>) -> Option<String> {
    match engine {
        "mongodb" => Some("test".to_owned()),
        "postgresql" => user.filter(|user| !user.is_empty() && !user.contains([HOLE, '$'])).map(str::to_owned),
        "redis" => Some("0".to_owned()),
        _ => None,
    }
}

fn host_and_port(authority: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = authority.rsplit_once(':').map_or((authority, None), |(host, port)| (host, port.trim().parse().ok()));
    let host = host.trim().trim_end_matches('.').to_ascii_lowercase();
    let usable = !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '\\' | '(' | ')' | '[' | ']' | ':' | HOLE));
    usable.then_some((host, port))
}

/// The value of a parameter of a connection string, letters of either case; blanks and `;` and `&` part them.
fn parameter(text: &str, names: &[&str]) -> Option<String> {
    let parts: Vec<&str> = if text.contains(';') || text.contains('&') || text.contains('?') {
        text.split([';', '&', '?']).collect()
    } else {
        text.split_whitespace().collect()
    };
    let of = |name: &str| {
        parts.iter().find_map(|part| {
            let (key, value) = part.split_once('=')?;
            let key = key.trim().trim_start_matches("mysql:").trim_start_matches("pgsql:").trim_start_matches("sqlsrv:");
            key.eq_ignore_ascii_case(name).then(|| value.trim().trim_matches(['"', '\'']).to_owned())
        })
    };
    names.iter().find_map(|name| of(name)).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown = Address::read(text).map_or("none".to_owned(), |Address { scheme, host, port, path, .. }| {
            format!("{scheme}|{host}|{}|{path}", port.map_or(String::new(), |port| port.to_string()))
        });
        assert_eq!(shown, expected, "{text}");
    }

    #[track_caller]
    fn check_store(text: &str, expected: &str) {
        let shown = StoreAddress::read(text).map_or("none".to_owned(), |store| {
            let StoreAddress { engine, host, database, .. } = store;
            format!("{}|{host}|{}", engine.unwrap_or("?"), database.unwrap_or("?".to_owned()))
        });
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn addresses_are_read_as_far_as_they_tell() {
        check("http://orders:8080/api/v1?x=1", "http|orders|8080|/api/v1");
        check("https+http://catalog-api", "https+http|catalog-api||");
        check("lb://ORDERS/x", "lb|orders||/x");
        check("dns:///orders.shop.svc:80", "dns|orders.shop.svc|80|");
        check("orders:8080", "|orders|8080|");
        check("http://user:word@orders/", "http|orders||/");
        check("http://orders:\u{FFFC}/x", "http|orders||/x");
        check("orders", "|orders||");
        for none in ["/orders", "", "a b", "http://{host}/x", "12:34:56", "${X}"] {
            check(none, "none");
        }
    }

    #[test]
    fn paths_have_holes() {
        assert_eq!(path_of("/orders/\u{FFFC}\u{FFFC}/items/?x=1"), "/orders/{}/items");
        assert_eq!(path_of("orders//\u{FFFC}"), "/orders/{}");
        assert_eq!(path_of(""), "/");
    }

    #[test]
    fn stores_are_read_from_every_form() {
        check_store("jdbc:postgresql://db:5432/orders?currentSchema=a", "postgresql|db|orders.a");
        check_store("postgresql+asyncpg://u:p@db/orders", "postgresql|db|orders");
        check_store("mongodb://a:1,b:2", "mongodb|a|test");
        check_store("jdbc:sqlserver://db:1433;databaseName=Orders", "mssql|db|Orders");
        check_store("server=db,1433;user id=sa;database=Orders;trustServerCertificate=true", "?|db|Orders");
        check_store("host=db port=5432 user=u dbname=orders", "?|db|orders");
        check_store("u:p@tcp(db:3306)/orders", "mysql|db|orders");
        check_store("redis://cache:6379/2", "redis|cache|2");
        check_store("cache:6379,password=x", "?|cache|?");
        for none in ["jdbc:h2:mem:test", "sqlite:///a.db", "http://orders/x"] {
            check_store(none, "none");
        }
    }
}
