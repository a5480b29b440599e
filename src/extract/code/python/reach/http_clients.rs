//! Requests over HTTP: requests, httpx, aiohttp, urllib, urllib3, http.client, tornado, GraphQL transports, and clients that other files make.

use std::ops::Range;

use super::http_objects::{Client, address, client_of, handed_on, is_address_name};
use super::{Reach, Site};
use crate::extract::code::python::names::Found;
use crate::extract::code::python::syntax::call as whole_call;
use crate::extract::code::python::values::without_query;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::{concat, literal};
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

/// Functions and classes of libraries that are given an address.
const FUNCTIONS: [&str; 11] = [
    "urlopen",
    "to_thread",
    "run_in_executor",
    "submit",
    "Request",
    "ServerProxy",
    "connect",
    "create_connection",
    "streamablehttp_client",
    "streamable_http_client",
    "sse_client",
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

/// Reads a call; true when it is one of a client.
pub fn call(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let member = code.text_of(site.call.name);
    if matches!(member, "invoke_method" | "invoke_method_async") && reach.values.imports_any(&["dapr"]) {
        return invoked(reach, site);
    }
    let is_verb = VERBS.contains(&member);
    let is_request =
        is_verb || matches!(member, "request" | "stream" | "build_request" | "fetch" | "ws_connect" | "request_encode_url");
    if !is_request && !FUNCTIONS.contains(&member) && !GRAPHQL.contains(&member) {
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
        ("mcp", _) => return enter(reach, site, "mcp", Some("POST"), &["url"], 0, None),
        ("websocket", "create_connection") => return enter(reach, site, "websocket", None, &["url"], 0, None),
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
    match client_of(reach, receiver) {
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
    // The sidecar of Dapr hands the request on to the program that a header names.
    let headers = code.named(&site.arguments, "headers");
    let program = headers.and_then(|range| reach.values.entry_of(range, "dapr-app-id"));
    for value in reach.alternatives(url) {
        let target = without_query(address(client.base.clone(), value));
        let target = match &program {
            Some(program) => handed_on(program.clone(), target),
            None => target,
        };
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

/// `client.invoke_method("program", "path")` of Dapr.
fn invoked(reach: &mut Reach, site: &Site) -> bool {
    let (Some(program), Some(path)) =
        (reach.argument(site, &["app_id"], Some(0)), reach.argument(site, &["method_name"], Some(1)))
    else {
        return false;
    };
    let (program, path) = (reach.value(program), reach.value(path));
    let verb = reach.code.named(&site.arguments, "http_verb").and_then(|range| reach.code.literal(range.start));
    let target = without_query(crate::extract::code::python::formats::below(concat([literal("http://"), program]), path));
    let mut found = reach.site(site.call, CallKind::Http, "dapr", target);
    found.method = verb.map(|verb| verb.to_uppercase().into());
    reach.enter(found);
    true
}

/// Whether a request's address is one at all: `session.get("key")` reads a table.
fn may_be_address(target: &Value, client: &Client) -> bool {
    match target {
        Value::Literal(text) => text.contains("://") || text.starts_with('/') || client.base.is_some(),
        _ => true,
    }
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
    for value in reach.alternatives(url) {
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
    for value in reach.alternatives(url) {
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
    let Some(last) = reach.receiver_name(site) else { return false };
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
