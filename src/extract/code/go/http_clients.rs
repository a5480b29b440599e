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
    if let Some(of) = receiver.as_deref().and_then(|name| reach.type_of(name, call.start)) {
        if let Some((of, url)) = CLIENTS.iter().find(|(known, _)| of.contains(known)) {
            let first = arguments.get(*url)?.clone();
            let limited = of.starts_with("net/http").then(|| reach.client_limit(receiver.as_deref()?, call.start)).flatten();
            return request(reach, call, Some(method), reach.address(first), limited);
        }
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
    let mut found = site(reach.code, call, CallKind::Http, "http", target);
    found.method = method.map(Arc::from);
    found.limited = limited;
    Some(found)
}

/// What of an address is its path: all from the first literal on that begins with a slash.
fn path_behind(target: &Value) -> Value {
    match target {
        Value::Concat(parts) => {
            let at = parts
                .iter()
                .position(|part| matches!(part, Value::Literal(text) if text.starts_with('/') && !text.starts_with("//")));
            concat(at.map_or(Vec::new(), |at| parts[at..].to_vec()))
        }
        Value::Literal(text) => {
            let rest = text.split_once("://").map_or(&**text, |(_, rest)| rest);
            literal(rest.find('/').map_or("", |at| &rest[at..]))
        }
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
