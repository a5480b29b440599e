//! Addresses that a file names outside of the calls that are known, and calls of what may be a wrapper around a client.

use std::ops::Range;
use std::sync::Arc;

use super::Reach;
use crate::extract::code::calls::Call;
use crate::extract::code::python::settings;
use crate::extract::code::python::syntax::library;
use crate::extract::code::tokens::TokenKind;
use crate::facts::{Address, Fact, Invocation, Value};

/// Addresses of one file that are kept.
const MOST_ADDRESSES: usize = 200;
/// Characters of an address.
const LONGEST: usize = 300;
/// Tokens before a text in which its name, and the call that it is given to, are looked for.
const MOST_BEFORE: usize = 60;

/// Hosts of names and pages rather than of services, by the beginning of what stands behind the scheme.
const NAMES: [&str; 11] = [
    "www.w3.org",
    "json-schema.org",
    "schema.org",
    "schemas.",
    "www.apache.org",
    "creativecommons.org",
    "opensource.org",
    "docs.",
    "purl.org",
    "xmlns.com",
    "www.gnu.org",
];

/// Calls whose texts are for people, or say from where requests may come.
const SPEAKING: [&str; 21] = [
    "print",
    "info",
    "debug",
    "warning",
    "warn",
    "error",
    "exception",
    "critical",
    "log",
    "write",
    "echo",
    "add_middleware",
    "CORS",
    "Contact",
    "License",
    "FastAPI",
    "add_argument",
    "startswith",
    "endswith",
    "setdefault",
    "redirect",
];

/// What a name of a variable or setting holds that may be an address.
const ADDRESSES: [&str; 18] = [
    "URL", "URLS", "URI", "HOST", "HOSTS", "ADDR", "ADDRESS", "ENDPOINT", "SERVICE", "SERVER", "SERVERS", "BROKER", "BROKERS",
    "DSN", "BASE", "GATEWAY", "TARGET", "UPSTREAM",
];

/// Last words of names that hold something else.
const OTHER_ENDS: [&str; 12] =
    ["NAME", "USER", "USERNAME", "TIMEOUT", "VERSION", "ACCOUNT", "KEY", "ID", "PATH", "PORT", "ENABLED", "RETRIES"];

/// Functions and members of the language and of frameworks that are no wrappers of the house.
const OTHERS: [&str; 61] = [
    "topic_path",
    "subscription_path",
    "subscribe",
    "psubscribe",
    "consume",
    "basic_consume",
    "basic_qos",
    "queue_declare",
    "exchange_declare",
    "declare_queue",
    "declare_exchange",
    "encode",
    "decode",
    "float",
    "dict",
    "Decimal",
    "setLevel",
    "set_code",
    "add_insecure_port",
    "add_secure_port",
    "start_as_current_span",
    "create_counter",
    "render_template",
    "set_cookie",
    "order_by",
    "filter",
    "pop",
    "values",
    "strftime",
    "format",
    "join",
    "split",
    "replace",
    "strip",
    "rstrip",
    "append",
    "extend",
    "str",
    "int",
    "isinstance",
    "getattr",
    "setattr",
    "hasattr",
    "open",
    "getenv",
    "get_logger",
    "getLogger",
    "path",
    "re_path",
    "url",
    "include",
    "include_router",
    "mount",
    "register_blueprint",
    "add_url_rule",
    "add_api_route",
    "add_route",
    "add_resource",
    "add_subapp",
    "route",
    "set_attribute",
];

/// Packages whose functions are no wrappers of the house.
const LIBRARIES: [&str; 103] = [
    "jinja2",
    "grpc_health",
    "kubernetes",
    "matplotlib",
    "jose",
    "openfeature",
    "nltk",
    "decimal",
    "websocket",
    "os",
    "sys",
    "re",
    "json",
    "logging",
    "time",
    "datetime",
    "pathlib",
    "subprocess",
    "shutil",
    "typing",
    "random",
    "math",
    "uuid",
    "base64",
    "hashlib",
    "argparse",
    "asyncio",
    "functools",
    "collections",
    "contextlib",
    "importlib",
    "inspect",
    "dataclasses",
    "enum",
    "socket",
    "ssl",
    "urllib",
    "http",
    "flask",
    "fastapi",
    "starlette",
    "django",
    "rest_framework",
    "pydantic",
    "pydantic_settings",
    "sqlalchemy",
    "alembic",
    "requests",
    "httpx",
    "aiohttp",
    "grpc",
    "google",
    "opentelemetry",
    "prometheus_client",
    "celery",
    "kombu",
    "pika",
    "boto3",
    "botocore",
    "redis",
    "pymongo",
    "motor",
    "numpy",
    "pandas",
    "click",
    "typer",
    "yaml",
    "jwt",
    "structlog",
    "loguru",
    "sentry_sdk",
    "kafka",
    "aiokafka",
    "confluent_kafka",
    "nats",
    "aio_pika",
    "aiormq",
    "stomp",
    "pulsar",
    "paho",
    "faust",
    "faststream",
    "dramatiq",
    "rq",
    "nameko",
    "azure",
    "psycopg2",
    "psycopg",
    "asyncpg",
    "peewee",
    "tortoise",
    "elasticsearch",
    "minio",
    "marshmallow",
    "uvicorn",
    "gunicorn",
    "werkzeug",
    "dotenv",
    "decouple",
    "environ",
    "setuptools",
    "strawberry",
    "tenacity",
];

pub fn addresses(reach: &mut Reach) {
    let code = reach.code;
    let mut found: Vec<Address> = Vec::new();
    // The default of a variable is a part of it.
    let mut last = 0;
    for at in 0..code.len() {
        if found.len() >= MOST_ADDRESSES {
            break;
        }
        let read = match code.kind(at) {
            Some(TokenKind::Literal) if !reach.used.contains(&at) && at >= last => written(reach, at),
            Some(TokenKind::Open) if code.is_any(at, &["(", "["]) => variable(reach, at),
            _ => None,
        };
        let Some((value, range)) = read.filter(|(_, range)| !is_spoken(reach, range.start)) else { continue };
        last = range.end;
        found.push(Address { at: code.location(range.clone()), value, name: name_of(reach, range.start) });
    }
    for field in fields(reach).into_iter().take(MOST_ADDRESSES) {
        // A text of a class of settings is what the variable is by default.
        found.retain(|known| known.name != field.name || known.at.line != field.at.line);
        found.push(field);
    }
    found.truncate(MOST_ADDRESSES);
    if !found.is_empty() {
        found.sort_by_key(|address| address.at.start);
        reach.facts.push(Fact::Addresses { addresses: found });
    }
}

/// A literal that is an address.
fn written(reach: &Reach, at: usize) -> Option<(Value, Range<usize>)> {
    let code = reach.code;
    let text = code.text_of(at);
    if text.len() > LONGEST || !text.contains(':') || text.contains([' ', '\n', '<', '\\']) {
        return None;
    }
    // A text that is a statement of its own is a note.
    if code.begins_line(at)
        && code.begins_line(at + 1)
        && at.checked_sub(1).is_none_or(|before| !code.is_any(before, &["=", "(", ",", "[", "{"]))
    {
        return None;
    }
    let value = reach.values.value(at..at + 1);
    let first = match &value {
        Value::Literal(text) => text,
        Value::Concat(parts) => match &parts[0] {
            Value::Literal(text) => text,
            _ => return None,
        },
        _ => return None,
    };
    let is_whole = matches!(value, Value::Literal(_));
    let is_address = match first.split_once("://") {
        Some((scheme, rest)) => {
            let known =
                scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-')) && scheme.len() > 1;
            let is_host = rest.starts_with(|first: char| first.is_ascii_alphanumeric()) || rest.is_empty() && !is_whole;
            known && is_host && !NAMES.iter().any(|name| rest.starts_with(name)) && scheme != "file"
        }
        None => is_whole && is_host_and_port(first),
    };
    is_address.then(|| (value, at..at + 1))
}

/// `orders:8080`.
fn is_host_and_port(text: &str) -> bool {
    let Some((host, port)) = text.split_once(':') else { return false };
    let is_host = host.starts_with(|first: char| first.is_ascii_lowercase())
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
    is_host && (2..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// What is read from the environment by the call at a bracket.
fn variable(reach: &Reach, open: usize) -> Option<(Value, Range<usize>)> {
    let code = reach.code;
    let start = match code.text_of(open) {
        "[" => (code.is(open.checked_sub(1)?, "environ")).then(|| code.chain_start(open - 1))?,
        _ => {
            let call = code.call_before(open)?;
            let name = code.dotted(call.start..call.name + 1)?;
            settings::variable(reach.values, &name, code, &code.arguments(open))?;
            call.start
        }
    };
    let range = start..code.after(open);
    if code.is(range.end, "=") || reach.used.contains(&(open + 1)) {
        return None;
    }
    let value = reach.values.value(range.clone());
    may_be_address(&value).then_some((value, range))
}

/// Whether a variable may hold an address, as its name or what it is by default says.
fn may_be_address(value: &Value) -> bool {
    let Value::Env { name, default } = value else { return false };
    let upper = name.to_ascii_uppercase();
    let tells = |text: &str| text.contains("://") || is_host_and_port(text);
    let is_told = matches!(default.as_deref(), Some(Value::Literal(text)) if tells(text));
    let mut words = upper.split('_');
    let is_named =
        words.any(|word| ADDRESSES.contains(&word)) || ["URL", "URI", "HOST", "ADDR"].iter().any(|end| upper.ends_with(end));
    let is_named = is_named && !upper.rsplit('_').next().is_some_and(|last| OTHER_ENDS.contains(&last));
    (is_named || is_told) && !settings::is_secret(&upper) && !upper.contains("ALLOWED_HOSTS")
}

/// Members of classes of settings.
fn fields(reach: &Reach) -> Vec<Address> {
    let all = reach.values.settings().iter().flat_map(|class| &class.fields);
    let addresses =
        all.filter(|field| field.default.as_ref().is_none_or(|range| !range.clone().any(|at| reach.used.contains(&at))));
    let addresses = addresses.map(|field| (field, reach.values.field_value(field)));
    let addresses = addresses.filter(|(_, value)| may_be_address(value));
    let code = reach.code;
    addresses.map(|(field, value)| Address { at: code.at(field.at), value, name: Some(field.name.as_str().into()) }).collect()
}

/// True for a text that is given to a call that speaks to people, or that lists where requests may come from.
fn is_spoken(reach: &Reach, at: usize) -> bool {
    let code = reach.code;
    let mut before = at;
    for _ in 0..MOST_BEFORE {
        let Some(next) = before.checked_sub(1) else { break };
        before = match code.kind(next) {
            Some(TokenKind::Close) => code.partner(next).min(next),
            Some(TokenKind::Open) if code.is(next, "(") && next > 0 && SPEAKING.contains(&code.text_of(next - 1)) => return true,
            Some(TokenKind::Open) => next,
            _ if code.begins_line(before) && code.indentation(before) == 0 => break,
            _ => next,
        };
    }
    name_of(reach, at).is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        ["origin", "cors", "allowed", "namespace", "xmlns", "license", "docs", "referer", "user_agent", "user-agent"]
            .iter()
            .any(|word| name.contains(word))
    })
}

/// What an address is assigned to: a name, a key or an argument.
fn name_of(reach: &Reach, at: usize) -> Option<Arc<str>> {
    let code = reach.code;
    let mut before = at;
    for _ in 0..MOST_BEFORE {
        let last = before.checked_sub(1)?;
        let name = last.checked_sub(1)?;
        if code.is(last, ":")
            && let Some(key) = code.literal(name)
        {
            return Some(key.as_ref().into());
        }
        if code.is(last, "=") {
            // `name: Type = value`.
            let typed = name
                .checked_sub(2)
                .filter(|&typed| code.is(typed + 1, ":") && code.word(typed).is_some() && !code.begins_line(name));
            let key = code.is(name, "]").then(|| code.literal(name - 1)).flatten();
            return key.map(|key| key.as_ref().into()).or_else(|| Some(code.word(typed.unwrap_or(name))?.into()));
        }
        if code.begins_line(before)
            && code.kind(last) != Some(TokenKind::Open)
            && !code.is_any(last, &[",", "or", "if", "else", "+"])
        {
            return None;
        }
        before = if code.kind(last) == Some(TokenKind::Close) { code.partner(last).min(last) } else { last };
    }
    None
}

/// Calls of what may be a wrapper of the house.
pub fn invocations(reach: &Reach) -> Vec<Invocation> {
    let code = reach.code;
    let is_known = |call: Call| {
        let is_declared = call.start.checked_sub(1).is_some_and(|before| code.is_any(before, &["def", "class", "@"]));
        let library = || code.dotted(call.start..call.name + 1).map(|name| library(code, &name).0);
        is_declared
            || reach.known.contains(&call.open)
            || SPEAKING.contains(&code.text_of(call.name))
            || OTHERS.contains(&code.text_of(call.name))
            || settings::discovered(code.text_of(call.name), 1)
            || library().is_some_and(|package| LIBRARIES.contains(&&*package))
    };
    // Arguments with a name stand where they are written.
    let value_of = |range: Range<usize>| {
        let named = code.word(range.start).is_some() && code.is(range.start + 1, "=") && range.len() > 2;
        reach.values.value(if named { range.start + 2..range.end } else { range })
    };
    let mut found = code.invocations(&value_of, &is_known);
    // Members of objects of libraries.
    found.retain(|invocation| !LIBRARIES.contains(&invocation.function.split(['/', '#']).next().unwrap_or("")));
    found
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn addresses_are_named_where_no_call_uses_them() {
        check(
            "app/clients.py",
            r#"
import os
import requests
ORDERS = "http://orders:8080"
BILLING = os.getenv("BILLING_URL", "http://billing")
OTHER = {"key": "mail:2525", "schema": "http://www.w3.org/2001/XMLSchema"}
origins = ["http://localhost:3000"]
print("see http://example.com")
level = os.environ.get("LOG_LEVEL", "info")
def get():
    """See http://example.com/docs."""
    return requests.get(ORDERS + "/orders", timeout=3)
            "#,
            "12 call http GET http://orders:8080/orders limited (requests)
            5 address env(BILLING_URL or http://billing) as BILLING
            6 address mail:2525 as key
            4 constant ORDERS = http://orders:8080
            5 constant BILLING = env(BILLING_URL or http://billing)
            6 constant OTHER.key = mail:2525
            6 constant OTHER.schema = http://www.w3.org/2001/XMLSchema
            9 constant level = env(LOG_LEVEL or info)",
        );
    }

    #[test]
    fn wrappers_of_the_house_are_invoked() {
        check(
            "app/jobs.py",
            r#"
import os
from app.clients import call, Client
client = Client(base=os.environ["ORDERS_URL"], retries=3)
def run(ident):
    call("GET", f"/orders/{ident}")
    log.info("/orders")
            "#,
            "4 address env(ORDERS_URL) as base
            4 invokes app/clients#Client(env(ORDERS_URL), 3)
            6 invokes app/clients#call(GET, /orders/+parameter(run 0))",
        );
    }
}
