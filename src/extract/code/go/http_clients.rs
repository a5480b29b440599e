//! Requests over HTTP in Go: net/http, resty, gorequest, sling, fasthttp, req, heimdall, retryablehttp, go-kit, and clients of GraphQL.
//!
//! Calls come in, [`CallSite`]s come out. A call counts where its package is one of these, or its receiver is a client of one: by its type,
//! or by what it is made of in this file.

use std::ops::Range;
use std::sync::Arc;

use super::super::calls::Call;
use super::super::value::{concat, literal, unknown};
use super::reach::{Reach, site};
use super::values::{join, method_named};
use crate::facts::{CallKind, CallSite, Value};

/// A function of a package: a part of its path, its name, and where the method and the URL stand among its arguments.
const FUNCTIONS: &[(&str, &str, Method, usize)] = &[
    ("net/http#", "Get", Method::Is("GET"), 0),
    ("net/http#", "Head", Method::Is("HEAD"), 0),
    ("net/http#", "Post", Method::Is("POST"), 0),
    ("net/http#", "PostForm", Method::Is("POST"), 0),
    ("net/http#", "NewRequest", Method::At(0), 1),
    ("net/http#", "NewRequestWithContext", Method::At(1), 2),
    ("go-retryablehttp#", "Get", Method::Is("GET"), 0),
    ("go-retryablehttp#", "Head", Method::Is("HEAD"), 0),
    ("go-retryablehttp#", "Post", Method::Is("POST"), 0),
    ("go-retryablehttp#", "NewRequest", Method::At(0), 1),
    ("go-retryablehttp#", "NewRequestWithContext", Method::At(1), 2),
    ("x/net/context/ctxhttp#", "Get", Method::Is("GET"), 2),
    ("x/net/context/ctxhttp#", "Post", Method::Is("POST"), 2),
    ("otelhttp#", "Get", Method::Is("GET"), 1),
    ("otelhttp#", "Head", Method::Is("HEAD"), 1),
    ("otelhttp#", "Post", Method::Is("POST"), 1),
    ("valyala/fasthttp#", "Get", Method::Is("GET"), 1),
    ("valyala/fasthttp#", "GetTimeout", Method::Is("GET"), 1),
    ("valyala/fasthttp#", "Post", Method::Is("POST"), 1),
    ("gofiber/fiber", "Get", Method::Is("GET"), 0),
    ("gofiber/fiber", "Post", Method::Is("POST"), 0),
    ("gofiber/fiber", "Put", Method::Is("PUT"), 0),
    ("gofiber/fiber", "Patch", Method::Is("PATCH"), 0),
    ("gofiber/fiber", "Delete", Method::Is("DELETE"), 0),
    ("go-zero/rest/httpc#", "Do", Method::At(1), 2),
    ("kit/transport/http#", "NewClient", Method::At(0), 1),
    ("machinebox/graphql#", "NewClient", Method::Is("POST"), 0),
    ("graphql", "NewClient", Method::Is("POST"), 0),
    ("gorilla/websocket#", "Dial", Method::Is("GET"), 0),
];

/// Packages that offer the methods of HTTP as functions and on clients, URL first.
const VERBS: &[&str] = &[
    "go-resty/resty",
    "parnurzeal/gorequest",
    "dghubble/sling",
    "imroc/req",
    "levigross/grequests",
    "/heimdall",
    "h2non/gentleman",
];

/// Clients by the symbols of their types: the methods of HTTP are their methods, URL at the place given.
const CLIENTS: &[(&str, usize)] = &[
    ("net/http#Client", 0),
    ("net/http#DefaultClient", 0),
    ("go-retryablehttp#", 0),
    ("valyala/fasthttp#Client", 1),
    ("valyala/fasthttp#HostClient", 1),
    ("heimdall", 0),
];

#[derive(Clone, Copy)]
enum Method {
    Is(&'static str),
    At(usize),
}

/// The request that a call is.
pub fn read(reach: &Reach, call: Call) -> Option<CallSite> {
    let code = reach.code;
    let name = code.text_of(call.name);
    if !reach.has_clients || call.start == call.name {
        return None;
    }
    let receiver = code.receiver_name(call);
    let package = receiver.as_deref().map(|name| name.strip_suffix(".DefaultDialer").unwrap_or(name));
    let package = package.filter(|name| !reach.is_shadowed(name, call.start)).and_then(|name| code.imports().get(name));
    if let Some(package) = package {
        let known = FUNCTIONS.iter().find(|(path, called, ..)| *called == name && package.contains(path));
        if let Some((path, _, method, url)) = known {
            return function(reach, call, path, *method, *url);
        }
        // A client that is generated from a description.
        if name == "NewClientWithResponses" {
            return request(reach, call, None, reach.address(code.arguments(call.open).first()?.clone()), None);
        }
    }
    let arguments = code.arguments(call.open);
    if name == "SetRequestURI" && reach.imports("valyala/fasthttp") {
        let method = reach.method_set(call);
        return request(reach, call, method.as_deref(), reach.address(arguments.first()?.clone()), None);
    }
    let method = method_named(name)?;
    if let Some(of) = receiver.as_deref().and_then(|name| reach.type_of(name, call.start))
        && let Some((of, url)) = CLIENTS.iter().find(|(known, _)| of.contains(known))
    {
        let first = arguments.get(*url)?.clone();
        let limited = of.starts_with("net/http").then(|| reach.client_limit(receiver.as_deref()?, call.start)).flatten();
        return request(reach, call, Some(method), reach.address(first), limited);
    }
    let library = VERBS.iter().find(|path| reach.imports(path))?;
    let chain = reach.chain(call, library)?;
    let path = arguments.first().map_or(literal(""), |first| reach.address(first.clone()));
    let base = chain.base.map(|range| reach.address(range));
    let target = match (base, is_whole(&path)) {
        (_, true) | (None, false) if chain.is_package => path,
        (_, true) => path,
        (Some(base), _) => join(&base, path),
        (None, _) => match path {
            Value::Literal(text) if text.starts_with('/') => concat([unknown("the address of the client"), Value::Literal(text)]),
            other => other,
        },
    };
    request(reach, call, Some(method), target, chain.limited)
}

fn function(reach: &Reach, call: Call, path: &str, method: Method, url: usize) -> Option<CallSite> {
    let code = reach.code;
    let name = code.text_of(call.name);
    let arguments = code.arguments(call.open);
    // Routes of Fiber take handlers, clients of it do not.
    if path == "gofiber/fiber" && arguments.len() != 1 {
        return None;
    }
    let target = reach.address(arguments.get(url)?.clone());
    let method = match method {
        Method::Is(method) => Some(method.to_owned()),
        Method::At(index) => match reach.value(arguments.get(index)?.clone()) {
            Value::Literal(text) if text.is_empty() => Some("GET".to_owned()),
            Value::Literal(text) => Some(text.to_ascii_uppercase()),
            _ => None,
        },
    };
    let makes_request = name.starts_with("NewRequest");
    // A request without a host is handed to a handler of this program.
    if path == "net/http#" && matches!(&target, Value::Literal(text) if text.starts_with('/') || text.is_empty()) {
        return None;
    }
    let limited = match (path, makes_request) {
        ("net/http#", true) => reach.request_limit(call, &arguments),
        ("net/http#", false) => Some(false),
        _ => None,
    };
    request(reach, call, method.as_deref(), target, limited)
}

fn request(reach: &Reach, call: Call, method: Option<&str>, target: Value, limited: Option<bool>) -> Option<CallSite> {
    let target = match reach.application(call) {
        // The sidecar of Dapr hands the request on to the application that a header names.
        Some(application) => concat([literal("http://"), application, path_behind(&target)]),
        None => target,
    };
    if let Some(topic) = behind(&target, "/v1.0/publish/", 1) {
        return Some(site(reach.code, call, CallKind::Message, "dapr", literal(topic)));
    }
    let target = match (behind(&target, "/v1.0/invoke/", 0), behind(&target, "/method/", usize::MAX)) {
        (Some(application), Some(path)) => literal(format!("http://{application}/{path}")),
        _ => target,
    };
    let mut found = site(reach.code, call, CallKind::Http, "http", target);
    found.method = method.map(Arc::from);
    found.limited = limited;
    Some(found)
}

/// What stands behind a mark in one text of an address: the part of the path with this index, or all of it.
fn behind(target: &Value, mark: &str, index: usize) -> Option<String> {
    let texts = match target {
        Value::Literal(_) => std::slice::from_ref(target),
        Value::Concat(parts) => parts.as_slice(),
        _ => return None,
    };
    let rest = texts.iter().find_map(|part| match part {
        Value::Literal(text) => text.split_once(mark).map(|(_, rest)| rest),
        _ => None,
    })?;
    match index {
        usize::MAX => Some(rest.to_owned()),
        _ => rest.split('/').nth(index).filter(|part| !part.is_empty()).map(str::to_owned),
    }
}

/// What of an address is its path: all from the first slash on that ends its host.
fn path_behind(target: &Value) -> Value {
    let path = |text: &str| {
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        rest.find('/').map(|at| literal(&rest[at..]))
    };
    match target {
        Value::Concat(parts) => {
            let found = parts.iter().enumerate().find_map(|(at, part)| match part {
                Value::Literal(text) => Some((at, path(text)?)),
                _ => None,
            });
            found.map_or(literal(""), |(at, first)| concat([first].into_iter().chain(parts[at + 1..].iter().cloned())))
        }
        Value::Literal(text) => path(text).unwrap_or(literal("")),
        _ => literal(""),
    }
}

/// True for an address with its scheme.
fn is_whole(value: &Value) -> bool {
    match value {
        Value::Literal(text) => text.contains("://"),
        Value::Concat(parts) => match parts.first() {
            Some(Value::Literal(text)) => text.contains("://"),
            Some(Value::Unknown(_)) | None => false,
            Some(_) => true,
        },
        Value::Unknown(_) => false,
        _ => true,
    }
}

/// What stands before the method in a chain: where the base address of its client is, and whether it is limited.
pub struct Chain {
    pub base: Option<Range<usize>>,
    pub limited: Option<bool>,
    pub is_package: bool,
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
    fn requests_of_the_standard_library() {
        check(
            "net/http os fmt",
            "func get(id string) {\nbase := os.Getenv(\"ORDERS_URL\")\nif base == \"\" {\nbase = \"http://orders:8080\"\n}\n\
             http.Get(fmt.Sprintf(\"%s/orders/%s\", base, id))\n\
             req, err := http.NewRequestWithContext(ctx, \"DELETE\", base+\"/orders\", nil)\n}",
            "7 call http GET env(ORDERS_URL or http://orders:8080)+/orders/+parameter(get 0) unlimited (http)
             8 call http DELETE env(ORDERS_URL or http://orders:8080)+/orders (http)",
        );
        // A request without a host is handed to a handler of this program.
        check("net/http", "func get() {\nhttp.NewRequest(\"GET\", \"/orders\", nil)\ncache.Get(\"/orders\")\n}", "");
    }

    #[test]
    fn clients_tell_whether_they_are_limited() {
        let text = |timeout: &str| {
            format!(
                "type Client struct {{ base string; http *http.Client }}\nfunc NewClient(base string) *Client {{\nreturn &Client{{base: base, http: &http.Client{{{timeout}}}}}\n}}\n\
                 func (c *Client) Order(id string) {{\nreq, _ := http.NewRequest(http.MethodGet, c.base+\"/orders/\"+id, nil)\nc.http.Do(req)\nc.http.Get(c.base + \"/health\")\n}}"
            )
        };
        let expected = |limit: &str| {
            format!(
                "7 call http GET parameter(NewClient 0)+/orders/+parameter(Client.Order 0) {limit} (http)\n\
                 9 call http GET parameter(NewClient 0)+/health {limit} (http)\n"
            )
        };
        check("net/http", &text("Timeout: 2"), &expected("limited"));
        check("net/http", &text(""), &expected("unlimited"));
    }

    #[test]
    fn clients_with_a_base() {
        check(
            "github.com/go-resty/resty/v2",
            "func run(s *Shop) {\nclient := resty.New().SetBaseURL(\"http://orders\").SetTimeout(5)\n\
             client.R().SetBody(b).Post(\"/orders\")\ns.client.R().Get(\"/users\")\ncache.Get(\"/users\")\n}",
            "4 call http POST http://orders/orders limited (http)
             5 call http GET http://orders/users (http)",
        );
        check(
            "github.com/dghubble/sling",
            "func run() {\nsling.New().Base(\"http://orders/\").Get(\"v1\")\n}",
            "3 call http GET http://orders/v1 (http)",
        );
        check(
            "github.com/go-kit/kit/transport/http net/url",
            "func run(instance string) {\nu, _ := url.Parse(instance)\nu.Path = \"\"\nhttp.NewClient(\"GET\", u, encode, decode)\n}",
            "5 call http GET parameter(run 0) (http)",
        );
        check(
            "github.com/machinebox/graphql",
            "func run() {\ngraphql.NewClient(\"http://catalog/query\")\n}",
            "3 call http POST http://catalog/query (http)",
        );
    }

    #[test]
    fn the_sidecar_of_dapr_hands_on() {
        check(
            "net/http",
            "func run() {\nreq, _ := http.NewRequest(\"POST\", host+\":3500/orders\", nil)\nreq.Header.Add(\"dapr-app-id\", \"orders\")\n\
             http.Post(host+\"/v1.0/publish/bus/created\", \"\", nil)\nhttp.Get(\"http://localhost:3500/v1.0/invoke/users/method/a/b\")\n}",
            "3 call http POST http://orders/orders (http)
             5 call message created (dapr)
             6 call http GET http://users/a/b unlimited (http)",
        );
    }
}
