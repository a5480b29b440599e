//! Requests over HTTP: requests, httpx, aiohttp, urllib, urllib3, http.client, tornado, GraphQL transports, and clients that other files make.

use std::ops::Range;

use super::{Reach, Site};
use crate::extract::code::python::names::Found;
use crate::extract::code::python::syntax::call as whole_call;
use crate::extract::code::python::values::without_query;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::{concat, literal, unknown};
use crate::facts::{CallKind, Value};

const VERBS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// Packages whose functions are requests, and whether those end after a time of their own.
const MODULES: [(&str, bool); 8] = [
    ("requests", false),
    ("httpx", true),
    ("aiohttp", true),
    ("urllib3", false),
    ("niquests", true),
    ("grequests", false),
    ("treq", false),
    ("curl_cffi", true),
];

/// Classes of clients: package, class, the argument that is a base address (its name, and its place), and whether requests end after a
/// time of their own.
const CLASSES: [(&str, &str, &str, Option<usize>, bool); 20] = [
    ("requests", "Session", "", None, false),
    ("requests", "session", "", None, false),
    ("httpx", "Client", "base_url", None, true),
    ("httpx", "AsyncClient", "base_url", None, true),
    ("aiohttp", "ClientSession", "base_url", Some(0), true),
    ("aiohttp_retry", "RetryClient", "base_url", None, true),
    ("urllib3", "PoolManager", "", None, false),
    ("urllib3", "HTTPConnectionPool", "host", Some(0), false),
    ("niquests", "Session", "base_url", None, true),
    ("niquests", "AsyncSession", "base_url", None, true),
    ("requests_futures", "FuturesSession", "", None, false),
    ("requests_toolbelt", "BaseUrlSession", "base_url", Some(0), false),
    ("requests_cache", "CachedSession", "", None, false),
    ("requests_oauthlib", "OAuth2Session", "", None, false),
    ("authlib", "AsyncOAuth2Client", "base_url", None, true),
    ("tornado", "AsyncHTTPClient", "", None, true),
    ("tornado", "HTTPClient", "", None, true),
    ("httplib2", "Http", "", None, false),
    ("http", "HTTPConnection", "host", Some(0), false),
    ("http", "HTTPSConnection", "host", Some(0), false),
];

/// Transports and clients of GraphQL that are given the address when they are made.
const GRAPHQL: [&str; 8] = [
    "AIOHTTPTransport",
    "RequestsHTTPTransport",
    "HTTPXTransport",
    "HTTPXAsyncTransport",
    "WebsocketsTransport",
    "GraphqlClient",
    "GraphQLClient",
    "HTTPEndpoint",
];

/// Names that stand for names.
const MOST_STEPS: u32 = 6;

/// What requests are made with.
struct Client {
    library: &'static str,
    base: Option<Value>,
    limited: Option<bool>,
}

/// Reads a call; true when it is one of a client.
pub fn call(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let member = code.text_of(site.call.name);
    let is_verb = VERBS.contains(&member);
    let is_request =
        is_verb || matches!(member, "request" | "stream" | "build_request" | "fetch" | "ws_connect" | "request_encode_url");
    let functions =
        matches!(member, "urlopen" | "to_thread" | "run_in_executor" | "submit" | "Request" | "ServerProxy" | "connect");
    if !is_request && !functions && !GRAPHQL.contains(&member) {
        return false;
    }
    let (package, last) = site.name.as_deref().map(|name| reach.values.library(name)).unwrap_or_default();
    if let Some((library, limited)) = site.name.as_deref().and_then(|name| function(reach, name, &package, &last)) {
        return request(reach, site, &Client { library, base: None, limited: Some(limited) });
    }
    match (&*package, member) {
        ("urllib", "urlopen") => return opened(reach, site),
        ("requests", "Request") => {
            return request(reach, site, &Client { library: "requests", base: None, limited: None });
        }
        ("xmlrpc", "ServerProxy") | ("websockets", "connect") => {
            return enter(reach, site, if package == "xmlrpc" { "xmlrpc" } else { "websockets" }, None, &["uri"], 0, None);
        }
        (_, "to_thread" | "run_in_executor" | "submit") => return handed(reach, site),
        _ if GRAPHQL.contains(&member) && matches!(&*package, "gql" | "python_graphql_client" | "sgqlc" | "graphqlclient") => {
            return enter(reach, site, "graphql", Some("POST"), &["url", "endpoint"], 0, None);
        }
        _ => {}
    }
    let receiver = code.receiver(site.call);
    if !is_request || receiver.is_empty() {
        return false;
    }
    match client(reach, receiver, MOST_STEPS) {
        Some(client) => request(reach, site, &client),
        None => untold(reach, site),
    }
}

/// A package's own function that is a request: `requests.get`, but not `aiohttp.web.get`.
fn function(reach: &Reach, name: &str, package: &str, last: &str) -> Option<(&'static str, bool)> {
    let found = MODULES.into_iter().find(|(known, _)| *known == package)?;
    let symbol = reach.code.symbol(name);
    let is_own = symbol.rsplit('#').next().is_some_and(|inner| inner.strip_prefix("requests.").unwrap_or(inner) == last);
    let is_request = last == "request" || last == "stream" || VERBS.contains(&last) && package != "aiohttp";
    (is_own && is_request).then_some(found)
}

/// A request with what the client knows of it.
fn request(reach: &mut Reach, site: &Site, client: &Client) -> bool {
    let code = reach.code;
    let member = code.text_of(site.call.name);
    let (method, place) = match member {
        "request" | "stream" | "build_request" | "Request" | "request_encode_url" if client.library != "httplib2" => {
            let method = reach.argument(site, &["method"], Some(0)).filter(|range| !matches!(code.text_of(range.start), "url"));
            let is_named = code.named(&site.arguments, "method").is_some();
            let text = method.and_then(|range| match reach.values.value(range) {
                Value::Literal(text) => Some(text.to_uppercase()),
                _ => None,
            });
            (text, usize::from(!is_named))
        }
        "request" | "fetch" => (method_of(reach, site, 1).or(Some("GET".to_owned())), 0),
        "ws_connect" => (None, 0),
        verb => (Some(verb.to_uppercase()), 0),
    };
    let limited = limited(reach, site, client.limited);
    let Some(mut url) = reach.argument(site, &["url", "uri", "path", "url_or_request", "request"], Some(place)) else {
        return false;
    };
    let mut method = method;
    // `fetch(HTTPRequest(url, method="POST"))`.
    if let Some((_, open)) = made(reach, url.clone(), &["HTTPRequest"]) {
        let inner = Site { call: site.call, arguments: code.arguments(open), name: None };
        method = method_of(reach, &inner, 1).or(method);
        let Some(address) = reach.argument(&inner, &["url"], Some(0)) else { return false };
        url = address;
    }
    for value in alternatives(reach, url) {
        let target = without_query(address(client.base.clone(), value));
        if !may_be_address(&target, client) {
            continue;
        }
        let mut found = reach.site(site.call, CallKind::Http, client.library, target);
        found.method = method.as_deref().map(Into::into);
        found.limited = limited;
        reach.enter(found);
    }
    true
}

/// Whether a request's address is one at all: `session.get("key")` reads a table.
fn may_be_address(target: &Value, client: &Client) -> bool {
    match target {
        Value::Literal(text) => text.contains("://") || text.starts_with('/') || client.base.is_some(),
        _ => true,
    }
}

fn alternatives(reach: &mut Reach, range: Range<usize>) -> Vec<Value> {
    let found = reach.values.alternatives(range);
    reach.used.extend(reach.values.last_read());
    found
}

/// The method that an argument tells.
fn method_of(reach: &Reach, site: &Site, place: usize) -> Option<String> {
    match reach.values.value(reach.argument(site, &["method"], Some(place))?) {
        Value::Literal(text) => Some(text.to_uppercase()),
        _ => None,
    }
}

/// Whether the request ends after a time: as the call says, or else as the client does.
fn limited(reach: &Reach, site: &Site, client: Option<bool>) -> Option<bool> {
    let code = reach.code;
    let own = ["timeout", "request_timeout"].iter().find_map(|name| code.named(&site.arguments, name));
    match own {
        Some(range) => Some(!code.is(range.start, "None")),
        None if site.arguments.iter().any(|range| code.is(range.start, "**")) => None,
        None => client,
    }
}

/// The address of a request below the client's base.
fn address(base: Option<Value>, url: Value) -> Value {
    let Some(base) = base else {
        return match &url {
            // The base is known to whoever made the client.
            Value::Literal(text) if text.starts_with('/') => concat([unknown("base"), url]),
            Value::Concat(parts) if matches!(&parts[0], Value::Literal(text) if text.starts_with('/')) => {
                concat([unknown("base"), url])
            }
            _ => url,
        };
    };
    let first = match &url {
        Value::Concat(parts) => parts.first().cloned().unwrap_or_else(|| literal("")),
        other => other.clone(),
    };
    match &first {
        Value::Literal(text) if text.contains("://") => url,
        Value::Env { .. } | Value::Property { .. } => url,
        Value::Literal(text) if text.is_empty() => base,
        Value::Literal(_) => crate::extract::code::python::formats::below(base, url),
        Value::Symbol(symbol) if is_address_name(symbol) => url,
        _ => concat([base, url]),
    }
}

fn is_address_name(name: &str) -> bool {
    let name = name.rsplit(['.', '#']).next().unwrap_or(name).to_ascii_lowercase();
    ["url", "uri", "host", "addr", "endpoint", "base", "server"].iter().any(|word| name.contains(word))
}

/// What a receiver is, if it is a client of a library.
fn client(reach: &Reach, range: Range<usize>, steps: u32) -> Option<Client> {
    let code = reach.code;
    let names = &reach.values.names;
    let range = range.start + usize::from(code.is(range.start, "await"))..range.end;
    if steps == 0 {
        return None;
    }
    if let Some(name) = code.dotted(range.clone()) {
        return match names.recent(&name, range.start) {
            Found::Assigned(index) => {
                let found = &names.assignments[index];
                let typed = || client_of_type(reach, &code.dotted(found.of.clone())?);
                (!found.value.contains(&range.start)).then(|| client(reach, found.value.clone(), steps - 1))?.or_else(typed)
            }
            Found::Parameter(_) => client_of_type(reach, &names.parameter_type(&name, range.start)?),
            Found::Unknown if name == "self" => {
                let item = names.class(range.start)?;
                let bases = code.arguments(item.parameters?);
                bases.into_iter().take(8).find_map(|base| client_of_type(reach, &code.dotted(base)?))
            }
            Found::Unknown => {
                // `http: httpx.AsyncClient` in the body of a class.
                let last = name.rsplit('.').next().unwrap_or(&name);
                code.occurrences(last).iter().take(64).map(|&at| at as usize).find_map(|at| {
                    let end = (at + 2..at + 7).find(|&end| code.word(end).is_none() && !code.is(end, "."))?;
                    let is_declared = code.is(at + 1, ":") && code.begins_line(at);
                    is_declared.then(|| client_of_type(reach, &code.dotted(at + 2..end)?))?
                })
            }
            _ => None,
        };
    }
    let (callee, open) = whole_call(code, range.clone())?;
    let name = code.dotted(callee.clone())?;
    let arguments = code.arguments(open);
    if let Some((library, base, place, limited)) = class_of(reach, &name) {
        let base = code.named(&arguments, base).filter(|_| !base.is_empty());
        let base = base.or_else(|| code.positional(&arguments).nth(place?).cloned());
        let base =
            base.map(|range| reach.values.value(range)).filter(|base| !matches!(base, Value::Unknown(why) if &**why == "None"));
        let base = match library {
            "http" | "urllib3" => base.map(|host| hosted(reach, host, &arguments, name.contains("HTTPS"))),
            _ => base,
        };
        let told = code.named(&arguments, "timeout").map(|range| !code.is(range.start, "None"));
        let limited = told.or_else(|| (!is_mounted(reach)).then_some(limited));
        let library = if library == "http" { "http.client" } else { library };
        return Some(Client { library, base, limited });
    }
    // A function of the file that makes one.
    let class = name.starts_with("self.").then(|| names.class(callee.start)).flatten().map(|item| item.name);
    let last = name.rsplit('.').next().unwrap_or(&name);
    let item = &code.items()[names.function_named(class, last).filter(|_| class.is_some() || !name.contains('.'))?];
    let mut gives = item.body.clone().take(MOST_TOKENS).filter(|&at| code.is_any(at, &["return", "yield"]));
    let at = gives.next()?;
    let mut end = code.after(at);
    while end < item.body.end && !code.begins_line(end) {
        end = code.after(end);
    }
    client(reach, at + 1..end, steps - 1)
}

/// Tokens of a function in which a client is made.
const MOST_TOKENS: usize = 600;

/// True when the file gives clients adapters, which may say how long requests last.
fn is_mounted(reach: &Reach) -> bool {
    !reach.code.occurrences("mount").is_empty()
}

fn class_of(reach: &Reach, name: &str) -> Option<(&'static str, &'static str, Option<usize>, bool)> {
    let (package, last) = reach.values.library(name);
    let found = CLASSES.iter().find(|(of, class, ..)| *of == package && *class == last)?;
    Some((found.0, found.2, found.3, found.4))
}

/// A client of which only the type is known here.
fn client_of_type(reach: &Reach, name: &str) -> Option<Client> {
    let (library, ..) = class_of(reach, name)?;
    Some(Client { library: if library == "http" { "http.client" } else { library }, base: None, limited: None })
}

/// `HTTPConnection(host, port)`.
fn hosted(reach: &Reach, host: Value, arguments: &[Range<usize>], encrypted: bool) -> Value {
    let code = reach.code;
    let port = code.named(arguments, "port").or_else(|| code.positional(arguments).nth(1).cloned());
    let port = port.map(|range| reach.values.value(range)).map_or_else(|| literal(""), |port| concat([literal(":"), port]));
    concat([literal(if encrypted { "https://" } else { "http://" }), host, port])
}

/// The call of one of some names that a value is, or that a name was assigned.
fn made(reach: &Reach, range: Range<usize>, names: &[&str]) -> Option<(Range<usize>, usize)> {
    let code = reach.code;
    let range = match code.dotted(range.clone()).map(|name| reach.values.names.recent(&name, range.start)) {
        Some(Found::Assigned(index)) => reach.values.names.assignments[index].value.clone(),
        _ => range,
    };
    whole_call(code, range).filter(|(callee, _)| names.contains(&code.text_of(callee.end - 1)))
}

/// `urlopen(url)`, `urlopen(Request(url, …))`.
fn opened(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let Some(mut url) = reach.argument(site, &["url"], Some(0)) else { return false };
    let mut method = None;
    let mut has_body = reach.argument(site, &["data"], Some(1)).is_some();
    if let Some((_, open)) = made(reach, url.clone(), &["Request"]) {
        let inner = Site { call: site.call, arguments: code.arguments(open), name: None };
        method = code.named(&inner.arguments, "method").and_then(|_| method_of(reach, &inner, 9));
        has_body |= reach.argument(&inner, &["data"], Some(1)).is_some();
        let Some(address) = reach.argument(&inner, &["url"], Some(0)) else { return false };
        url = address;
    }
    let limited = limited(reach, site, Some(false));
    for value in alternatives(reach, url) {
        let mut found = reach.site(site.call, CallKind::Http, "urllib", without_query(value));
        found.method = Some(method.clone().unwrap_or_else(|| if has_body { "POST" } else { "GET" }.to_owned()).into());
        found.limited = limited;
        reach.enter(found);
    }
    true
}

/// `asyncio.to_thread(requests.get, url)`: the function is handed over with its arguments.
fn handed(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let function = site.arguments.iter().take(3).enumerate().find_map(|(index, range)| {
        let name = code.dotted(range.clone())?;
        let (package, last) = reach.values.library(&name);
        let (library, limited) = function(reach, &name, &package, &last)?;
        Some((index, library, limited, last))
    });
    let Some((index, library, limited, verb)) = function else { return false };
    let rest = site.arguments[index + 1..].to_vec();
    let inner = Site { call: site.call, arguments: rest, name: None };
    let limited = self::limited(reach, &inner, Some(limited));
    enter(reach, &inner, library, Some(&verb.to_uppercase()), &["url"], 0, limited)
}

/// A call whose address is one argument.
fn enter(
    reach: &mut Reach,
    site: &Site,
    client: &str,
    method: Option<&str>,
    names: &[&str],
    place: usize,
    limited: Option<bool>,
) -> bool {
    let Some(url) = reach.argument(site, names, Some(place)) else { return false };
    for value in alternatives(reach, url) {
        let mut found = reach.site(site.call, CallKind::Http, client, without_query(value));
        found.method = method.map(Into::into);
        found.limited = limited;
        reach.enter(found);
    }
    true
}

/// A request by an object that another file makes: what it is given is an address for certain, and its name says what it is.
fn untold(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let receiver = code.text_in(code.receiver(site.call)).to_ascii_lowercase();
    let last = receiver.trim_end_matches("()").rsplit('.').next().unwrap_or("");
    let is_client = ["client", "session", "http", "request"].iter().any(|word| last.contains(word));
    let is_other = ["test", "redis", "cache", "mock", "router", "db"].iter().any(|word| last.contains(word));
    if !is_client || is_other || code.enclosing(site.call.name, ItemKind::Function).is_none() {
        return false;
    }
    let member = code.text_of(site.call.name);
    let place = usize::from(matches!(member, "request" | "stream" | "build_request"));
    let Some(url) = reach.argument(site, &["url"], Some(place)) else { return false };
    let is_address = |value: &Value| match value {
        Value::Literal(text) => text.starts_with("http://") || text.starts_with("https://"),
        Value::Concat(parts) => match &parts[0] {
            Value::Literal(text) => text.starts_with("http://") || text.starts_with("https://") || &**text == "lb://",
            Value::Env { name, .. } => is_address_name(name),
            Value::Symbol(symbol) => is_address_name(symbol),
            Value::Parameter { .. } => {
                matches!(parts.get(1), Some(Value::Literal(text)) if text.starts_with('/') && text.len() > 1)
            }
            _ => false,
        },
        _ => false,
    };
    let values = reach.values.alternatives(url.clone());
    if !values.iter().any(is_address) {
        return false;
    }
    request(reach, site, &Client { library: "http", base: None, limited: None })
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn plain_functions_are_requests() {
        check(
            "app/clients.py",
            r#"
import requests, httpx
from requests import get as fetch
from shop import settings
def run(ident, query):
    requests.post(url=settings.orders_url + f"/orders/{ident}", json={}, timeout=3)
    fetch("http://users:8080/users?active=%s" % query)
    httpx.request("delete", "{}/carts/{}".format(settings.carts_url, ident))
    requests.get(f"http://{settings.host}:8080/x", timeout=None)
    cache.get("/orders")
    # requests.get("http://old/x")
            "#,
            "6 call http POST <shop#settings.orders_url>+/orders/+parameter(run 0) limited (requests)
            7 call http GET http://users:8080/users unlimited (requests)
            8 call http DELETE <shop#settings.carts_url>+/carts/+parameter(run 0) limited (httpx)
            9 call http GET http://+<shop#settings.host>+:8080/x unlimited (requests)",
        );
    }

    #[test]
    fn clients_know_their_base() {
        check(
            "app/clients.py",
            r#"
import httpx, aiohttp, requests
from app.config import settings
class Orders:
    def __init__(self, base_url, session: requests.Session):
        self.client = httpx.AsyncClient(base_url=base_url, timeout=5)
        self.session = session
    async def get(self, ident):
        return await self.client.get(f"/orders/{ident}")
    def users(self):
        return self.session.get("/users")
async def other(payload):
    async with aiohttp.ClientSession(settings.users_url) as session:
        async with session.post("/users", json=payload) as response:
            return await response.json()
    async with httpx.AsyncClient() as client:
        await client.get(settings.carts_url.rstrip("/") + "/carts")
        await client.get("http://mail/x", timeout=None)
def table(session):
    session.get("user")
            "#,
            "9 call http GET parameter(Orders 0)+/orders/+parameter(Orders.get 0) limited (httpx)
            11 call http GET ?base+/users (requests)
            14 call http POST <app/config#settings.users_url>+/users limited (aiohttp)
            17 call http GET <app/config#settings.carts_url>+/carts limited (httpx)
            18 call http GET http://mail/x unlimited (httpx)",
        );
    }

    #[test]
    fn libraries_of_the_language_are_clients() {
        check(
            "app/clients.py",
            r#"
import urllib.request, http.client, os
from urllib.request import urlopen, Request
from urllib.parse import urljoin
request = Request(urljoin(os.environ["ORDERS_URL"], "/orders"), data=b"x")
urlopen(request)
urllib.request.urlopen("http://users/users", timeout=2)
connection = http.client.HTTPConnection("carts", 8080)
connection.request("PUT", "/carts")
            "#,
            "6 call http POST env(ORDERS_URL)+/orders unlimited (urllib)
            7 call http GET http://users/users limited (urllib)
            9 call http PUT http://carts:8080/carts unlimited (http.client)",
        );
    }

    #[test]
    fn one_of_a_table_is_each_of_it() {
        check(
            "app/status.py",
            r#"
import requests
SERVICES = {"orders": "http://orders", "users": "http://users"}
def one(name):
    requests.get(SERVICES[name] + "/status", timeout=1)
def all():
    for name, url in SERVICES.items():
        requests.get(f"{url}/ready", timeout=1)
    requests.get(SERVICES["users"], timeout=1)
            "#,
            "5 call http GET http://orders/status limited (requests)
            5 call http GET http://users/status limited (requests)
            8 call http GET http://orders/ready limited (requests)
            8 call http GET http://users/ready limited (requests)
            9 call http GET http://users limited (requests)",
        );
    }

    #[test]
    fn routes_and_other_objects_are_no_requests() {
        check(
            "app/main.py",
            r#"
import aiohttp, requests
from aiohttp import web
from fastapi.testclient import TestClient
client = TestClient(app)
def run(request, store):
    request.session.get("http")
    store.get("http://orders/x")
    headers.get("https://x/y")
            "#,
            "8 address http://orders/x
            9 address https://x/y",
        );
    }
}
