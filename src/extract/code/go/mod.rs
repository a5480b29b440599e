//! Go: what files import and define.
//!
//! A package is a folder; its files see each other's names, so that a symbol without a module may stand in any of them. A package is
//! imported by its path, and called by the last part of it that is no version.

mod addresses;
mod brokers;
mod declared;
mod entities;
mod http_clients;
mod messages;
mod proxies;
mod reach;
mod remote;
mod routers;
mod rpc_clients;
mod schedules;
mod source;
mod stores;
mod values;

use std::sync::Arc;

use super::tokens::TokenKind;
use super::{Code, Dialect, Imports};
use crate::facts::{CodeModule, Constant, Entry, Value};
use reach::without_empty;
use values::Values;

pub const DIALECT: Dialect = Dialect {
    languages: &["Go"],
    imports,
    define,
    marks: &[
        "func main(",
        "= \"/",
        "Topic",
        "TOPIC",
        "Queue",
        "QUEUE",
        "Subject",
        "Path",
        "Prefix",
        "os.Getenv(",
        "os.LookupEnv(",
        "Env(",
        "env:\"",
        "envconfig",
        "viper.",
        "mapstructure:\"",
        "http://",
        "https://",
        "grpc.Dial",
        "grpc.NewClient",
        "Option func(",
    ],
    frameworks: &[
        declared::FRAMEWORK,
        entities::FRAMEWORK,
        reach::FRAMEWORK,
        remote::FRAMEWORK,
        routers::FRAMEWORK,
        schedules::FRAMEWORK,
    ],
};

/// As many constants of one file are kept.
const MOST_CONSTANTS: usize = 200;
const LONGEST_CONSTANT: usize = 200;
/// Values of types that are looked through in one file.
const MOST_LITERALS: usize = 20_000;

fn imports(code: &Code) -> Imports {
    let mut found = Imports::default();
    let mut at = 0;
    while at < code.len() {
        if code.is(at, "import") {
            let lines = match code.is(at + 1, "(") {
                true => code.inside(at + 1),
                false => at + 1..(at + 3).min(code.len()),
            };
            for literal in lines.filter(|&literal| code.kind(literal) == Some(TokenKind::Literal)) {
                let Some(path) = code.literal(literal) else { continue };
                let symbol: Arc<str> = format!("{path}#*").into();
                let alias =
                    literal.checked_sub(1).filter(|&alias| !code.begins_line(literal) && !code.is_any(alias, &["import", "("]));
                match alias.and_then(|alias| code.word(alias)) {
                    Some("_") => {}
                    Some(name) => _ = found.insert(name.to_owned(), symbol),
                    None => {
                        for name in package_names(&path) {
                            found.entry(name).or_insert_with(|| Arc::clone(&symbol));
                        }
                    }
                }
            }
        } else if code.is_any(at, &["func", "type", "var", "const"]) {
            break;
        }
        at = code.after(at);
    }
    found
}

/// What a package may be called whose path is this: its last part without a version, and without the marks of the language that names
/// of repositories have and names of packages have not.
fn package_names(path: &str) -> Vec<String> {
    let mut parts = path.rsplit('/');
    let mut last = parts.next().unwrap_or(path);
    if is_version(last) {
        last = parts.next().unwrap_or(last);
    }
    // `gopkg.in/yaml.v3`.
    let last = last.split_once(".v").map_or(last, |(name, _)| name);
    let bare = last.strip_prefix("go-").or(last.strip_suffix("-go")).or(last.strip_prefix("go.")).or(last.strip_suffix(".go"));
    let bare = bare.unwrap_or(last);
    let mut camel = String::with_capacity(bare.len());
    for (index, word) in bare.split('-').enumerate() {
        let first = word.get(..1).unwrap_or("");
        camel.push_str(&if index == 0 { first.to_owned() } else { first.to_ascii_uppercase() });
        camel.push_str(word.get(1..).unwrap_or(""));
    }
    let mut names = vec![last.to_owned(), bare.to_owned(), bare.replace('-', ""), bare.replace('-', "_"), camel];
    names.extend(bare.rsplit_once('-').map(|(_, name)| name.to_owned()));
    names.retain(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
    names.dedup();
    names
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn define(code: &Code, module: &mut CodeModule) {
    let values = Values::following(code);
    let source = &values.source;
    module.package = source.package.map(Arc::from);
    for global in &source.globals {
        let Some(range) = &global.value else { continue };
        let is_told = code.literal_text(range.clone()).map(|text| is_worth_keeping(global.name, &text.value));
        if is_told == Some(false) || module.constants.len() >= MOST_CONSTANTS {
            continue;
        }
        let value = without_empty(values.of(global.at..global.at + 1));
        if is_told == Some(true) || is_from_outside(&value) {
            module.constants.push(Constant { name: global.name.into(), value, at: code.at(global.at) });
        }
    }
    for (name, value, at) in values.field_constants(MOST_CONSTANTS) {
        let value = without_empty(value);
        let is_text = match &value {
            Value::Parameter { function, index } => tells_place(&name) && is_told_text(&values, function, *index),
            Value::Literal(text) => text.contains([':', '/', '.', '-']) && text.len() <= LONGEST_CONSTANT,
            other => is_from_outside(other),
        };
        if is_text {
            module.constants.push(Constant { name: name.into(), value, at: code.at(at) });
        }
    }
    for (name, value, at) in values.results() {
        if module.constants.len() < 2 * MOST_CONSTANTS {
            module.constants.push(Constant { name: name.into(), value: without_empty(value), at: code.at(at) });
        }
    }
    if source.package == Some("main")
        && let Some(main) = source.functions.iter().find(|function| function.name == "main")
    {
        module.entry = Some(Entry { at: code.at(main.at), starts: starts(code).into() });
    }
}

/// True for the name of a field that may hold an address, a connection or a topic.
fn tells_place(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words = [
        "url", "uri", "addr", "host", "endpoint", "base", "topic", "queue", "exchange", "subject", "key", "conn", "client", "dsn",
    ];
    words.iter().any(|word| name.contains(word))
}

/// Whether a parameter may be an address or a connection to one.
fn is_told_text(values: &Values, function: &str, index: u32) -> bool {
    let function = values.source.function_named(function);
    let parameter = function.and_then(|function| function.parameters.get(index as usize));
    parameter.is_some_and(|parameter| {
        let of = values.code.text_in(parameter.of.clone());
        of.len() < 80
            && ["string", "URL", "ClientConn", "Client"]
                .iter()
                .any(|end| of.ends_with(end) || of.ends_with("ClientConnInterface"))
    })
}

/// A value that the environment, settings or callers tell.
fn is_from_outside(value: &Value) -> bool {
    match value {
        Value::Env { .. } | Value::Property { .. } | Value::Parameter { .. } => true,
        Value::Concat(parts) => parts.iter().any(|part| !matches!(part, Value::Concat(_)) && is_from_outside(part)),
        _ => false,
    }
}

/// A path, a topic or a host.
fn is_worth_keeping(name: &str, text: &str) -> bool {
    let names = ["Topic", "Queue", "Subject", "Path", "Prefix", "Route", "Channel", "Stream"];
    let told = names.iter().any(|word| name.ends_with(word) || name.starts_with(&word.to_lowercase()) || name.starts_with(word));
    let upper = !name.bytes().any(|byte| byte.is_ascii_lowercase());
    let fits = !text.is_empty() && text.len() <= LONGEST_CONSTANT && !text.contains([' ', '\n']);
    fits && (told || upper || text.starts_with('/') || text.contains(['/', '.', ':']))
}

/// The framework that a program starts.
fn starts(code: &Code) -> &'static str {
    let modules = || code.imports().values();
    if modules().any(|symbol| symbol.starts_with("github.com/aws/aws-lambda-go/lambda")) {
        return "aws-lambda";
    }
    routers::framework_of(code).unwrap_or("main")
}

#[cfg(test)]
mod tests {
    use super::super::snapshot::check;
    use super::*;

    #[test]
    fn a_package_is_called_by_the_last_part_of_its_path() {
        let names = |path| package_names(path).join(" ");
        assert_eq!(names("github.com/go-chi/chi/v5"), "chi");
        assert_eq!(names("gopkg.in/yaml.v3"), "yaml");
        assert_eq!(names("github.com/segmentio/kafka-go"), "kafka");
        assert_eq!(names("net/http"), "http");
    }

    #[test]
    fn constants_and_the_entry_point_are_defined() {
        check(
            "cmd/shop/main.go",
            r#"
            package main

            import (
                api "github.com/acme/shop/internal/api"
                _ "github.com/lib/pq"
            )

            const base = "/v1"
            const (
                OrdersTopic Topic = "orders"
                level             = "debug"
                Count             = iota
            )
            var usersPath = base + "/users"
            var UsersPath = "/users"

            func main() { api.Run() }
            "#,
            "package main
            9 constant base = /v1
            11 constant OrdersTopic = orders
            16 constant UsersPath = /users
            18 entry main",
        );
        // A package that is no program begins nowhere.
        check("shop/main.go", "package shop\nfunc main() {}", "");
    }

    #[test]
    fn configurations_are_constants_for_others() {
        check(
            "config/config.go",
            r#"
            package config

            import "os"

            var Orders = os.Getenv("ORDERS_URL")

            type Billing struct {
                URL string `envconfig:"BILLING_URL" default:"http://billing"`
            }
            type Config struct {
                Users   string
                Billing Billing
            }

            func Load() *Config { return &Config{Users: getEnv("USERS_URL", "http://users")} }

            func Host() string { return "stock:80" }
            "#,
            "6 address env(ORDERS_URL) as Orders
            16 address env(USERS_URL or http://users) as Users
            18 address stock:80
            9 address env(BILLING_URL or http://billing) as URL
            package config
            6 constant Orders = env(ORDERS_URL)
            8 constant Billing.URL = env(BILLING_URL or http://billing)
            11 constant Config.Users = env(USERS_URL or http://users)
            8 constant Config.Billing.URL = env(BILLING_URL or http://billing)
            11 constant Load.Users = env(USERS_URL or http://users)
            8 constant Load.Billing.URL = env(BILLING_URL or http://billing)
            18 constant Host = stock:80",
        );
    }
}
