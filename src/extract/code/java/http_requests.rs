//! Requests of libraries that build each of them in the place where it is sent: the JDK, OkHttp, Apache HttpClient, JAX-RS clients, Unirest,
//! Fuel, http4k, Dapr.

use std::ops::Range;

use super::chains::{Chain, Link};
use super::known::{mentions, type_of};
use super::{controllers, sites, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::{concat, literal};
use crate::extract::code::{Code, Framework};
use crate::facts::Value;
use crate::source::Location;

pub const BUILDERS: Framework = Framework {
    name: "http-request",
    marks: &[
        "java.net.http",
        "okhttp3",
        "org.apache.http",
        "org.apache.hc.",
        "org.asynchttpclient",
        "com.google.api.client.http",
    ],
    read: builders,
};
pub const CONNECTIONS: Framework =
    Framework { name: "url-connection", marks: &["openConnection(", "openStream(", "java.net.URL"], read: connections };
pub const JAX_RS: Framework = Framework { name: "jax-rs-client", marks: &["ws.rs.client"], read: jax_rs };
pub const SIMPLE: Framework = Framework {
    name: "http-call",
    marks: &[
        "Unirest",
        "kittinunf.fuel",
        "http4k.client",
        "io.dapr.client",
        "graphql.client",
        "apollographql",
        "graphql.dgs.client",
    ],
    read: simple,
};

/// Types of Apache's client that are a request each.
const APACHE: [(&str, &str); 8] = [
    ("HttpGet", "GET"),
    ("HttpPost", "POST"),
    ("HttpPut", "PUT"),
    ("HttpDelete", "DELETE"),
    ("HttpPatch", "PATCH"),
    ("HttpHead", "HEAD"),
    ("HttpOptions", "OPTIONS"),
    ("HttpDeleteWithBody", "DELETE"),
];

fn builders(code: &Code, output: &mut Output) {
    let uses = |package: &'static str| mentions(code, package);
    let (jdk, ok, apache) = (uses("java.net.http"), uses("okhttp3"), uses("org.apache.h"));
    for call in code.calls() {
        let name = code.text_of(call.name);
        let receiver = || code.text_in(code.receiver(call));
        let first = || code.arguments(call.open).into_iter().next();
        let at = || code.location(call.start..call.open);
        match name {
            "newBuilder" if jdk && receiver() == "HttpRequest" => {
                let Some(chain) = Chain::of(code, call) else { continue };
                let url = first().or_else(|| chain.link(code, &["uri"])?.argument(code));
                if let Some(url) = url {
                    let limited = timed(code, &chain).or_else(|| own_client(code));
                    sites::http(output, BUILDERS.name, at(), verb_of(code, &chain), values::reached(code, url), limited);
                }
            }
            "url" if ok => {
                let Some(chain) = Chain::of(code, call).filter(|chain| chain.link(code, &["Builder", "newBuilder"]).is_some())
                else {
                    continue;
                };
                if let Some(url) = first() {
                    sites::http(output, BUILDERS.name, at(), verb_of(code, &chain), values::reached(code, url), None);
                }
            }
            "get" | "post" | "put" | "delete" | "patch" | "head" | "Get" | "Post" | "Put" | "Delete" | "Patch" | "Head"
                if apache
                    && matches!(
                        receiver(),
                        "Request" | "ClassicRequestBuilder" | "RequestBuilder" | "SimpleRequestBuilder" | "SimpleHttpRequests"
                    ) =>
            {
                let chain = Chain::of(code, call);
                let set = || chain.as_ref()?.link(code, &["setUri"])?.argument(code);
                if let Some(url) = first().or_else(set) {
                    sites::http(output, BUILDERS.name, at(), controllers::method(name), values::reached(code, url), None);
                }
            }
            "prepareGet" | "preparePost" | "preparePut" | "prepareDelete" | "preparePatch" => {
                if let Some(url) = first() {
                    let method = controllers::method(&name["prepare".len()..]);
                    sites::http(output, BUILDERS.name, at(), method, values::reached(code, url), None);
                }
            }
            "buildGetRequest" | "buildPostRequest" | "buildPutRequest" | "buildDeleteRequest" | "buildPatchRequest" => {
                if let Some(url) = first() {
                    let method = controllers::method(name["build".len()..].trim_end_matches("Request"));
                    sites::http(output, BUILDERS.name, at(), method, values::reached(code, url), None);
                }
            }
            _ if apache => {
                let made = code.is(call.start.wrapping_sub(1), "new") || code.language.name() == "Kotlin";
                let known = APACHE.iter().find(|(of, _)| *of == name && made && call.start == call.name);
                if let (Some((_, method)), Some(url)) = (known, first()) {
                    sites::http(output, BUILDERS.name, at(), Some(method), values::reached(code, url), None);
                }
            }
            _ => {}
        }
    }
}

/// The method of a request that a chain builds; None where the chain goes on elsewhere.
fn verb_of(code: &Code, chain: &Chain) -> Option<&'static str> {
    let called = || chain.links.iter().filter(|link| link.open.is_some());
    let named = called().find_map(|link| match code.text_of(link.name) {
        "method" => controllers::method(&code.literal(link.argument(code)?.start)?),
        word => controllers::method(word),
    });
    named.or_else(|| called().any(|link| code.is(link.name, "build")).then_some("GET"))
}

fn timed(code: &Code, chain: &Chain) -> Option<bool> {
    chain.link(code, &["timeout"]).map(|_| true)
}

/// A client of the JDK waits for ever where nothing of the file sets a time.
fn own_client(code: &Code) -> Option<bool> {
    let is_own = mentions(code, "HttpClient.newHttpClient(") || mentions(code, "HttpClient.newBuilder(");
    (is_own && !mentions(code, "imeout")).then_some(false)
}

/// The receiver of a call with the `new` before it.
fn receiver(code: &Code, call: Call) -> Range<usize> {
    let range = code.receiver(call);
    let made = range.start.checked_sub(1).filter(|&at| code.is(at, "new"));
    made.unwrap_or(range.start)..range.end
}

/// `new URL(address).openConnection()`: the function around it tells method and time-outs.
fn connections(code: &Code, output: &mut Output) {
    for call in code.calls() {
        let name = code.text_of(call.name);
        let of = receiver(code, call);
        let reads = match name {
            "openConnection" | "openStream" => true,
            "readText" | "readBytes" => code.is(of.start, "URL"),
            _ => false,
        };
        if !reads || of.is_empty() {
            continue;
        }
        let body = code.enclosing(call.name, ItemKind::Function).map_or(0..code.len(), |item| item.body.clone());
        let has = |word: &str| code.occurrences_in(body.clone(), word).first().map(|&at| at as usize);
        let method = has("setRequestMethod").map(|at| at + 2).or_else(|| has("requestMethod").map(|at| at + 2));
        let method = method.and_then(|at| controllers::method(&code.literal(at)?));
        let posts = has("setDoOutput").is_some() || has("doOutput").is_some();
        let method = method.or((!posts).then_some("GET"));
        let limits = ["setConnectTimeout", "setReadTimeout", "connectTimeout", "readTimeout"];
        let limited = limits.into_iter().any(|word| has(word).is_some());
        let at = code.location(call.start..call.open);
        sites::http(output, CONNECTIONS.name, at, method, values::reached(code, of), Some(limited));
    }
}

/// `client.target(base).path("orders").request().get()`.
fn jax_rs(code: &Code, output: &mut Output) {
    for call in code.calls().filter(|call| code.is(call.name, "request")) {
        let of = receiver(code, call);
        let Some(chain) = Chain::of(code, call) else { continue };
        let root = code.word(of.start);
        let is_target = chain.link(code, &["target"]).is_some()
            || root.is_some_and(|root| {
                type_of(code, root).as_deref() == Some("WebTarget") || code.is_any(of.start, &["target", "webTarget"])
            });
        if !is_target || of.is_empty() {
            continue;
        }
        let verb = chain.behind(call.name).iter().find_map(|link| verb_of_link(code, link));
        let at = code.location(call.start..call.open);
        sites::http(output, JAX_RS.name, at, verb, values::reached(code, of), None);
    }
}

fn verb_of_link(code: &Code, link: &Link) -> Option<&'static str> {
    link.open?;
    match code.text_of(link.name) {
        "method" => controllers::method(&code.literal(link.argument(code)?.start)?),
        word => controllers::method(word.strip_prefix("build").unwrap_or(word)),
    }
}

fn simple(code: &Code, output: &mut Output) {
    let uses = |package: &'static str| mentions(code, package);
    for call in code.calls() {
        let name = code.text_of(call.name);
        let of = code.receiver(call);
        let arguments = || code.arguments(call.open);
        let first = || arguments().into_iter().next();
        let at = code.location(call.start..call.open);
        let (method, target) = match (code.text_in(of.clone()), name) {
            ("Unirest", _) if controllers::method(name).is_some() => (controllers::method(name), first()),
            ("Fuel", _) if controllers::method(name).is_some() => (controllers::method(name), first()),
            (_, "httpGet" | "httpPost" | "httpPut" | "httpDelete" | "httpPatch") if uses("kittinunf.fuel") => {
                (controllers::method(&name["http".len()..]), Some(of).filter(|of| !of.is_empty()))
            }
            ("", "Request") if uses("http4k.client") => match arguments().as_slice() {
                [method, url, ..] => (method.clone().find_map(|at| controllers::method(code.word(at)?)), Some(url.clone())),
                _ => continue,
            },
            (_, "invokeMethod") if uses("io.dapr.client") => {
                invoked(code, &arguments(), at, output);
                continue;
            }
            (_, "createCustom" | "serverUrl" | "httpServerUrl") if uses("graphql") => (Some("POST"), first()),
            (_, "url") if uses("graphql.client") && uses("GraphQlClient") => (Some("POST"), first()),
            _ => continue,
        };
        if let Some(target) = target {
            sites::http(output, SIMPLE.name, at, method, values::reached(code, target), None);
        }
    }
}

/// `client.invokeMethod("orders", "path", …, HttpExtension.GET, …)`: a sidecar hands it on to the program by that name.
fn invoked(code: &Code, arguments: &[Range<usize>], at: Location, output: &mut Output) {
    let [program, path, rest @ ..] = arguments else { return };
    let method = rest.iter().cloned().flatten().find(|&at| code.is(at, "HttpExtension") && code.is(at + 1, "."));
    let method = method.and_then(|at| controllers::method(code.word(at + 2)?));
    let base: Value = concat([literal("http://"), values::reached(code, program.clone())]);
    let path = controllers::join(literal("/"), values::reached(code, path.clone()));
    sites::http(output, SIMPLE.name, at, method, controllers::join(base, path), None);
}
