//! Requests over HTTP: libcurl, cpr, cpp-httplib, Poco, Boost.Beast, cpprestsdk, Drogon's client.

use std::ops::Range;
use std::sync::Arc;

use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::{concat, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "cpp-http-clients",
    marks: &[
        "CURLOPT_URL",
        "cpr::",
        "httplib::",
        "HTTPClientSession",
        "HTTPSClientSession",
        "beast::http",
        "http_client",
        "HttpClient",
    ],
    read,
};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
/// Places of one name that are looked at.
const MOST_PLACES: usize = 100;

fn read(code: &Code, output: &mut Output) {
    let has = |word: &str| !code.occurrences(word).is_empty();
    let clients = clients(code);
    for call in code.calls() {
        let found = match code.text_of(call.name) {
            "curl_easy_setopt" => curl(code, call),
            _ if code.is(call.start, "cpr") => cpr(code, call),
            "HTTPRequest" | "Poco::Net::HTTPRequest" if has("HTTPClientSession") || has("HTTPSClientSession") => None,
            _ => of_client(code, call, &clients),
        };
        output.facts.extend(found.map(Fact::Call));
    }
    // `HTTPRequest request(HTTPRequest::HTTP_GET, "/x")`, `http::request<http::string_body> req{http::verb::get, "/x", 11}`.
    let poco = has("HTTPClientSession") || has("HTTPSClientSession");
    let beast = has("beast") && (has("resolver") || has("tcp_stream")) && !has("acceptor");
    for (word, library, is_used) in [("HTTPRequest", "poco", poco), ("request", "beast", beast)] {
        if is_used {
            let places = code.occurrences(word).iter().map(|&at| at as usize);
            output.facts.extend(places.filter_map(|at| declared_request(code, at, library, &clients)).map(Fact::Call));
        }
    }
}

fn site(code: &Code, at: Range<usize>, client: &str, method: Option<Arc<str>>, target: Value, limited: Option<bool>) -> CallSite {
    CallSite {
        at: code.location(at),
        kind: CallKind::Http,
        client: client.into(),
        target,
        method,
        name: None,
        exchange: None,
        limited,
    }
}

/// `curl_easy_setopt(curl, CURLOPT_URL, url)`; other options of the same handle tell the method and the limit.
fn curl(code: &Code, call: Call) -> Option<CallSite> {
    let arguments = code.arguments(call.open);
    let [handle, option, url] = &arguments[..] else { return None };
    if !code.is(option.start, "CURLOPT_URL") {
        return None;
    }
    let handle = code.text_in(handle.clone());
    let around = code.enclosing_all(call.name).next().map_or(0..code.len(), |item| item.body.clone());
    let of_handle =
        |option: &str| {
            code.occurrences_in(around.clone(), option).iter().take(MOST_PLACES).map(|&at| at as usize).find(|&at| {
                code.is(at.wrapping_sub(1), ",") && code.text_of(at.wrapping_sub(2)) == handle && code.is(at + 1, ",")
            })
        };
    let custom = of_handle("CURLOPT_CUSTOMREQUEST").and_then(|at| method(code, at + 2..at + 3));
    let posts = ["CURLOPT_POST", "CURLOPT_POSTFIELDS", "CURLOPT_MIMEPOST", "CURLOPT_COPYPOSTFIELDS"];
    let method = match custom {
        Some(method) => method,
        None if posts.iter().any(|option| of_handle(option).is_some()) => "POST".into(),
        None if of_handle("CURLOPT_UPLOAD").is_some() => "PUT".into(),
        None if of_handle("CURLOPT_NOBODY").is_some() => "HEAD".into(),
        None => "GET".into(),
    };
    let limited = of_handle("CURLOPT_TIMEOUT").or_else(|| of_handle("CURLOPT_TIMEOUT_MS")).is_some();
    Some(site(code, call.start..call.open, "curl", Some(method), values::value(code, url.clone()), Some(limited)))
}

/// `cpr::Get(cpr::Url{url}, cpr::Timeout{500})`
fn cpr(code: &Code, call: Call) -> Option<CallSite> {
    let name = code.text_of(call.name).trim_end_matches("Async").trim_end_matches("Callback").to_ascii_uppercase();
    if !METHODS.contains(&name.as_str()) || call.name != call.start + 2 {
        return None;
    }
    let arguments = code.arguments(call.open);
    let holds = |range: &&Range<usize>, word: &str| (range.start..(range.start + 4).min(range.end)).any(|at| code.is(at, word));
    let url = arguments.iter().find(|range| holds(range, "Url")).or_else(|| arguments.first())?;
    let limited = arguments.iter().any(|range| holds(&range, "Timeout"));
    Some(site(code, call.start..call.open, "cpr", Some(name.into()), values::value(code, url.clone()), Some(limited)))
}

/// `GET`, `methods::GET`, `HTTP_GET`, `http::verb::get`, `drogon::Get`
fn method(code: &Code, range: Range<usize>) -> Option<Arc<str>> {
    let last = range.end.checked_sub(1).filter(|&last| last >= range.start)?;
    let text = code.literal(last).map_or_else(|| code.text_of(last).to_owned(), |text| text.to_string());
    let upper = text.trim_start_matches("HTTP_").trim_end_matches('_').to_ascii_uppercase();
    METHODS.contains(&upper.as_str()).then(|| upper.into())
}

/// A client that is made in the file, with what stands before its paths.
struct Client<'t> {
    name: &'t str,
    library: &'static str,
    base: Value,
    limited: bool,
}

/// `httplib::Client cli("orders", 8080)`, `HTTPClientSession session(host, port)`, `http_client client(U("http://orders"))`,
/// `auto client = HttpClient::newHttpClient("http://orders")`.
fn clients<'t>(code: &Code<'t>) -> Vec<Client<'t>> {
    let mut found = Vec::new();
    for (word, library, scheme) in [
        ("Client", "httplib", "http"),
        ("SSLClient", "httplib", "https"),
        ("HTTPClientSession", "poco", "http"),
        ("HTTPSClientSession", "poco", "https"),
        ("http_client", "cpprest", ""),
        ("newHttpClient", "drogon", ""),
    ] {
        if library == "httplib" && code.occurrences("httplib").is_empty() {
            continue;
        }
        for &at in code.occurrences(word).iter().take(MOST_PLACES) {
            let at = at as usize;
            let (name, open) = match code.word(at + 1) {
                Some(name) => (Some(name), at + 2),
                // `auto client = std::make_unique<httplib::Client>("orders", 8080)`
                None => {
                    let open = if code.is(at + 1, ">") { at + 2 } else { at + 1 };
                    let equals = (at.saturating_sub(12)..at).rev().find(|&at| code.is_any(at, &["=", ";", "{", "}"]));
                    let name = equals.filter(|&at| code.is(at, "=")).and_then(|at| code.word(at.checked_sub(1)?));
                    // A member that the constructor makes: `client_("orders", 80)` is read as its declaration tells.
                    (name, open)
                }
            };
            let Some(name) = name.filter(|_| code.is_any(open, &["(", "{"])) else { continue };
            let arguments = code.arguments(open);
            let Some(host) = arguments.first() else { continue };
            let port = arguments.get(1).filter(|_| !scheme.is_empty()).map(|range| values::value(code, range.clone()));
            let base = values::address(scheme, values::value(code, host.clone()), port);
            let limited = ["set_read_timeout", "setTimeout", "set_timeout", "setReceiveTimeout"].iter().any(|member| {
                code.occurrences(member).iter().take(MOST_PLACES).any(|&at| code.is((at as usize).wrapping_sub(2), name))
            });
            found.push(Client { name, library, base, limited });
        }
    }
    found
}

/// `cli.Get("/x")`, `client.request(methods::GET, "/x")`, `request->setPath("/x")` of Drogon.
fn of_client(code: &Code, call: Call, clients: &[Client]) -> Option<CallSite> {
    let receiver = code.receiver_name(call)?;
    let name = code.text_of(call.name);
    let arguments = code.arguments(call.open);
    let last = receiver.rsplit('.').next().unwrap_or(&receiver);
    if name == "setPath" && !code.occurrences("newHttpClient").is_empty() {
        let client = clients.iter().find(|client| client.library == "drogon");
        let base = client.map_or_else(|| unknown("a client"), |client| client.base.clone());
        let around = code.enclosing_all(call.name).next().map_or(0..code.len(), |item| item.body.clone());
        let stated = code
            .occurrences_in(around, "setMethod")
            .iter()
            .map(|&at| at as usize)
            .find(|&at| code.word(at.wrapping_sub(2)).is_some_and(|of| of == last));
        let method = stated.and_then(|at| method(code, code.inside(at + 1))).unwrap_or_else(|| "GET".into());
        let path = values::value(code, arguments.first()?.clone());
        return Some(site(code, call.start..call.open, "drogon", Some(method), values::below(base, path), None));
    }
    let client = clients.iter().find(|client| client.name == last)?;
    let verb = name.to_ascii_uppercase();
    let (method, path) = match client.library {
        "httplib" if METHODS.contains(&verb.as_str()) => (Some(verb.into()), arguments.first()?.clone()),
        "cpprest" if name == "request" => {
            (arguments.first().and_then(|range| method(code, range.clone())), arguments.get(1)?.clone())
        }
        _ => return None,
    };
    let target = values::below(client.base.clone(), values::value(code, path));
    // Requests of httplib end after five minutes by themselves, those of cpprest after thirty seconds.
    let limited = Some(true).filter(|_| client.limited || client.library != "poco");
    Some(site(code, call.start..call.open, client.library, method, target, limited))
}

/// A request that is declared with its method and path.
fn declared_request(code: &Code, at: usize, library: &'static str, clients: &[Client]) -> Option<CallSite> {
    // `request<string_body> req{…}`
    let mut name = at + 1;
    if code.is(name, "<") {
        name = (name..(name + 12).min(code.len())).find(|&at| code.is(at, ">"))? + 1;
    }
    code.word(name)?;
    let open = name + 1;
    if !code.is_any(open, &["(", "{"]) {
        return None;
    }
    let arguments = code.arguments(open);
    let method = method(code, arguments.first()?.clone())?;
    let path = values::value(code, arguments.get(1)?.clone());
    let base = match library {
        "poco" => clients.iter().find(|client| client.library == "poco").map(|client| client.base.clone()),
        _ => resolved(code),
    };
    let limited = clients.iter().find(|client| client.library == library).map(|client| client.limited).filter(|limited| *limited);
    let target = match base {
        Some(base) => values::below(base, path),
        None => concat([unknown("a host"), path]),
    };
    Some(site(code, at..open, library, Some(method), target, limited))
}

/// `resolver.resolve(host, port)`
fn resolved(code: &Code) -> Option<Value> {
    let call = code.calls().find(|call| code.is_any(call.name, &["resolve", "async_resolve"]) && call.start < call.name)?;
    let arguments = code.arguments(call.open);
    let host = values::value(code, arguments.first()?.clone());
    let port = values::value(code, arguments.get(1)?.clone());
    Some(values::address("http", host, Some(port)))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn requests_of_curl_and_cpr() {
        check(
            "a.cpp",
            r#"
void find(const std::string& id) {
  CURL* curl = curl_easy_init();
  std::string url = std::string(getenv("ORDERS_URL")) + "/orders/" + id;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 5L);
}
void all() {
  auto r = cpr::Get(cpr::Url{"http://stock/items"}, cpr::Timeout{500});
  auto s = cpr::Post(cpr::Url{base + "/items"});
}
            "#,
            "5 call http POST env(ORDERS_URL)+/orders/+parameter(find 0) limited (curl)
            10 call http GET http://stock/items limited (cpr)
            11 call http POST <#base>+/items unlimited (cpr)",
        );
    }

    #[test]
    fn requests_of_clients_with_a_base() {
        check(
            "b.cpp",
            r#"
#include "httplib.h"
void find() {
  httplib::Client cli("orders", 8080);
  auto res = cli.Get("/orders");
  cli.Post("/orders", body, "application/json");
  map.Get("/no");
}
            "#,
            "5 call http GET http://orders:8080/orders limited (httplib)\n6 call http POST http://orders:8080/orders limited (httplib)",
        );
        check(
            "c.cpp",
            "void f() {\n  web::http::client::http_client client(U(\"http://stock\"));\n  client.request(methods::PUT, \"/items\");\n}",
            "3 call http PUT http://stock/items limited (cpprest)",
        );
        check(
            "d.cpp",
            "void f() {\n  HTTPClientSession session(\"mail\", 80);\n  HTTPRequest request(HTTPRequest::HTTP_GET, \"/status\");\n  session.sendRequest(request);\n}",
            "3 call http GET http://mail:80/status (poco)",
        );
        check(
            "e.cpp",
            "namespace http = boost::beast::http;\nvoid f() {\n  tcp::resolver resolver(ioc);\n  auto const results = resolver.resolve(\"mail\", \"80\");\n  http::request<http::string_body> req{http::verb::get, \"/status\", 11};\n}",
            "5 call http GET http://mail:80/status (beast)",
        );
        check(
            "f.cpp",
            "void f() {\n  auto client = drogon::HttpClient::newHttpClient(\"http://stock\");\n  auto req = HttpRequest::newHttpRequest();\n  req->setMethod(drogon::Post);\n  req->setPath(\"/items\");\n  client->sendRequest(req);\n}",
            "5 call http POST http://stock/items (drogon)",
        );
    }
}
