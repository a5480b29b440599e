//! Addresses that a Go file names outside of the calls that are known, and invocations of what may be a wrapper.

use std::collections::BTreeSet;

use super::super::calls::Call;
use super::super::tokens::TokenKind;
use super::messages;
use super::reach::{Reach, without_empty};
use super::values::method_named;
use crate::facts::{Address, Fact, Value};

/// Addresses of one file that are kept.
const MOST_ADDRESSES: usize = 200;
/// Tokens before a text among which what it is given to is looked for.
const MOST_BEFORE: usize = 8;

/// Hosts in identifiers of schemas, licences and samples.
const NO_ADDRESSES: [&str; 9] = [
    "://www.w3.org",
    "://schemas.",
    "://json-schema.org",
    "://www.apache.org/licenses",
    "://opensource.org",
    "://creativecommons.org",
    "://swagger.io",
    "://xmlns.",
    "://opentelemetry.io/schemas",
];
/// Functions whose texts people read.
const READ_BY_PEOPLE: [&str; 22] = [
    "Print", "Printf", "Println", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Errorf", "Error", "Infof", "Info", "Debugf",
    "Debug", "Warnf", "Warn", "Msg", "Msgf", "Log", "Logf", "Fprintf", "Wrap",
];
/// Ends of names of variables that hold no address.
const NO_VARIABLES: [&str; 18] = [
    "PORT",
    "PASSWORD",
    "PASS",
    "SECRET",
    "TOKEN",
    "KEY",
    "LEVEL",
    "DEBUG",
    "TIMEOUT",
    "USER",
    "USERNAME",
    "ENV",
    "VERSION",
    "MODE",
    "ENABLED",
    "INTERVAL",
    "REGION",
    "PROJECT_ID",
];

/// The first parts of paths of the standard library.
const STANDARD: [&str; 26] = [
    "fmt", "os", "net", "strings", "strconv", "log", "errors", "time", "context", "encoding", "bytes", "io", "path", "regexp",
    "flag", "html", "text", "database", "sort", "math", "crypto", "runtime", "sync", "reflect", "embed", "testing",
];
/// Starts of the paths of libraries.
const LIBRARIES: [&str; 48] = [
    "google.golang.org/",
    "cloud.google.com/",
    "go.opentelemetry.io/",
    "go.mongodb.org/",
    "go.uber.org/",
    "golang.org/x/",
    "gopkg.in/",
    "gorm.io/",
    "k8s.io/",
    "github.com/aws/",
    "github.com/Azure/",
    "github.com/IBM/",
    "github.com/Shopify/",
    "github.com/dapr/",
    "github.com/gin-gonic/",
    "github.com/gin-contrib/",
    "github.com/go-chi/",
    "github.com/go-kit/",
    "github.com/go-playground/",
    "github.com/go-redis/",
    "github.com/go-resty/",
    "github.com/gofiber/",
    "github.com/golang-jwt/",
    "github.com/golang-migrate/",
    "github.com/golang/",
    "github.com/google/",
    "github.com/gorilla/",
    "github.com/hashicorp/",
    "github.com/jackc/",
    "github.com/jinzhu/",
    "github.com/jmoiron/",
    "github.com/joho/",
    "github.com/labstack/",
    "github.com/nats-io/",
    "github.com/opentracing/",
    "github.com/pkg/errors",
    "github.com/openzipkin/",
    "github.com/prometheus/",
    "github.com/rabbitmq/",
    "github.com/segmentio/",
    "github.com/streadway/",
    "github.com/redis/",
    "github.com/rs/",
    "github.com/sirupsen/",
    "github.com/spf13/",
    "github.com/stretchr/",
    "github.com/valyala/",
    "github.com/zeromicro/",
];

/// Addresses of the file. `named` holds the places of what facts name already.
pub fn read(reach: &Reach, named: &BTreeSet<usize>) -> Option<Fact> {
    let code = reach.code;
    let mut addresses: Vec<Address> = Vec::new();
    let mut from = 0;
    for at in 0..code.len() {
        if addresses.len() >= MOST_ADDRESSES {
            break;
        }
        match code.kind(at) {
            Some(TokenKind::Literal) if at >= from && !named.contains(&at) && !code.text_of(at).starts_with('\'') => {
                let Some(text) = code.literal(at) else { continue };
                if is_address(&text) && !is_for_people(reach, at) {
                    addresses.push(Address {
                        at: code.at(at),
                        value: Value::Literal(text.as_ref().into()),
                        name: name_of(reach, at),
                    });
                }
            }
            Some(TokenKind::Open) if code.is(at, "(") && at >= from => {
                let Some(call) = code.call_before(at).filter(|call| reads(code.text_of(call.name))) else { continue };
                let end = code.after(at);
                let value = match reach.values.given_by(at) {
                    Some(value) => value,
                    None => without_empty(reach.value(call.start..end)),
                };
                let (Value::Env { name: key, .. } | Value::Property { key, .. }) = &value else { continue };
                let is_new = !named.contains(&call.start) && may_hold_address(key);
                if is_new {
                    addresses.push(Address { at: code.location(call.start..end), value, name: name_of(reach, call.start) });
                }
                from = end;
            }
            _ => {}
        }
    }
    for (name, value, at) in reach.values.tagged_fields() {
        let Value::Env { name: key, .. } = &value else { continue };
        if addresses.len() < MOST_ADDRESSES && may_hold_address(key) {
            addresses.push(Address { at: code.at(at), value, name: Some(name.into()) });
        }
    }
    (!addresses.is_empty()).then_some(Fact::Addresses { addresses })
}

fn may_hold_address(key: &str) -> bool {
    let key = key.to_ascii_uppercase();
    let is_switch = key.starts_with("ENABLE_") || key.starts_with("DISABLE_");
    !is_switch && !NO_VARIABLES.iter().any(|end| key.ends_with(end))
}

/// Functions that may read the environment or settings.
fn reads(name: &str) -> bool {
    matches!(name, "Getenv" | "LookupEnv" | "GetString" | "String")
        || name.to_ascii_lowercase().contains("env")
        || ["get", "must", "lookup", "read"].iter().any(|start| name.to_ascii_lowercase().starts_with(start))
}

/// A URL with a host, or `host:port`.
fn is_address(text: &str) -> bool {
    if text.len() > 300 || text.contains([' ', '\n', '<', '>', '`', '\\', '*']) {
        return false;
    }
    match text.split_once("://") {
        Some((scheme, rest)) => {
            let is_scheme = scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
            let host = rest.split(['/', '?', '#']).next().unwrap_or("");
            is_scheme
                && !matches!(scheme, "file" | "urn" | "data" | "mailto")
                && host.contains(|c: char| c.is_ascii_alphabetic())
                && !host.contains('%')
                && !NO_ADDRESSES.iter().any(|other| text.contains(other))
                && !matches!(host.split(':').next(), Some("localhost" | "example.com" | "www.example.com"))
        }
        None => {
            let Some((host, port)) = text.split_once(':') else { return false };
            host.len() > 1
                && host.starts_with(|first: char| first.is_ascii_lowercase())
                && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
                && (2..=5).contains(&port.len())
                && port.bytes().all(|byte| byte.is_ascii_digit())
                && host != "localhost"
        }
    }
}

/// True for a text of a message, of an origin that is let in, or of a comparison.
fn is_for_people(reach: &Reach, at: usize) -> bool {
    let code = reach.code;
    let before = |back: usize| at.checked_sub(back);
    let is_message = before(1).is_some_and(|open| code.is(open, "("))
        && before(2).is_some_and(|name| READ_BY_PEOPLE.contains(&code.text_of(name)) || code.text_of(name) == "New");
    let around = at.saturating_sub(MOST_BEFORE)..at;
    let is_origin = around
        .into_iter()
        .any(|near| code.word(near).is_some_and(|word| word.contains("rigin") || word.contains("CORS") || word.contains("Cors")));
    let is_compared = before(1).is_some_and(|operator| code.is_any(operator, &["==", "!=", "case"]));
    is_message || is_origin || is_compared
}

/// What a value is assigned to, or the key that it stands behind.
fn name_of(reach: &Reach, at: usize) -> Option<std::sync::Arc<str>> {
    let code = reach.code;
    let operator = at.checked_sub(1).filter(|&before| code.is_any(before, &["=", ":=", ":"]))?;
    let mut name = operator.checked_sub(1)?;
    // `value, ok := …`.
    while name >= 2 && code.is(name - 1, ",") && !code.is(operator, ":") {
        name -= 2;
    }
    code.word(name).map(Into::into)
}

/// Invocations of what may be a wrapper.
pub fn invocations(reach: &Reach, known: &BTreeSet<usize>) -> Option<Fact> {
    let code = reach.code;
    let callee = |call: Call| reach.callee(call);
    let is_known = |call: Call| {
        let name = code.text_of(call.name);
        known.contains(&call.open)
            || reach.is_head(call)
            || READ_BY_PEOPLE.contains(&name)
            || is_route(name)
            || messages::consumes(name)
            || super::values::is_reader(name)
            || reach.values.given_by(call.open).is_some()
            || method_named(name).is_some() && callee(call).starts_with("*#")
            || is_library(&callee(call))
    };
    let invocations = code.invocations_of(&|range| without_empty(reach.value(range)), &is_known, &callee);
    (!invocations.is_empty()).then_some(Fact::Invocations { invocations })
}

/// Packages of the standard library, and of libraries that wrap nothing of the house.
fn is_library(symbol: &str) -> bool {
    let module = symbol.split('#').next().unwrap_or("");
    let first = module.split('/').next().unwrap_or("");
    STANDARD.contains(&first) || LIBRARIES.iter().any(|path| module.starts_with(path))
}

/// Methods by which routers take paths.
fn is_route(name: &str) -> bool {
    matches!(
        name,
        "GET"
            | "POST"
            | "PUT"
            | "PATCH"
            | "DELETE"
            | "Handle"
            | "HandleFunc"
            | "Group"
            | "Route"
            | "PathPrefix"
            | "Static"
            | "Use"
            | "Mount"
            | "All"
            | "String"
            | "import"
            | "func"
            | "append"
            | "SetBaseURL"
            | "Base"
            | "SetHostURL"
            | "ApplyURI"
            | "FormValue"
            | "Param"
            | "Query"
            | "Methods"
            | "Headers"
            | "ListenAndServe"
            | "Listen"
            | "Run"
            | "Set"
            | "Add"
            | "Header"
            | "WithField"
            | "make"
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::snapshot::check as compare;

    #[track_caller]
    fn check(imports: &str, body: &str, expected: &str) {
        let imports: String = imports.split(' ').map(|path| format!("\"{path}\"; ")).collect();
        compare("client.go", &format!("package client; import ({imports})\n{body}"), expected);
    }

    #[test]
    fn addresses_are_named_once() {
        check(
            "os net/http fmt",
            "var ordersURL = \"http://orders:8080\"\nfunc run() {\nbilling := os.Getenv(\"BILLING_URL\")\nport := os.Getenv(\"PORT\")\n\
             fmt.Println(\"see http://docs\")\ncors(AllowOrigins, \"http://shop\")\nschema := \"http://www.w3.org/1\"\nhttp.Get(\"http://users\")\nx := \"stock:8080\"\n}",
            "9 call http GET http://users unlimited (http)
             2 address http://orders:8080 as ordersURL
             4 address env(BILLING_URL) as billing
             10 address stock:8080 as x
             7 invokes #cors(<#AllowOrigins>, http://shop)
             package client
             2 constant ordersURL = http://orders:8080",
        );
    }

    #[test]
    fn wrappers_are_invoked() {
        check(
            "os net/http acme.example/shop/client",
            "type api struct { c *client.Client }\nfunc (a *api) run() {\na.c.Call(\"/orders\")\nclient.New(os.Getenv(\"X_URL\"))\nlocal(\"/users\")\n}",
            "5 address env(X_URL)
             4 invokes acme.example/shop/client#Client.Call(/orders)
             5 invokes acme.example/shop/client#New(env(X_URL))
             6 invokes #local(/users)",
        );
    }
}
