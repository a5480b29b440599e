//! Clients of Ktor and Vert.x.

use std::ops::Range;

use super::chains::{Chain, Link};
use super::known::{mentions, type_of};
use super::sites::{self, below};
use super::{controllers, values};
use crate::extract::Output;
use crate::extract::code::value::{concat, literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::Value;

pub const KTOR: Framework = Framework { name: "ktor-client", marks: &["io.ktor.client"], read: ktor };
pub const VERTX: Framework = Framework {
    name: "vertx-client",
    marks: &["io.vertx.ext.web.client", "io.vertx.mutiny.ext.web.client", "vertx.core.http.HttpClient"],
    read: vertx,
};

/// `client.get("http://orders/x") { … }`, `client.get { url("…") }`.
fn ktor(code: &Code, output: &mut Output) {
    let base = default_request(code);
    let limited = match mentions(code, "HttpClient(") {
        true => Some(mentions(code, "HttpTimeout") || mentions(code, "imeout")),
        false => None,
    };
    for at in 2..code.len() {
        let Some(word) = code.word(at).filter(|_| code.is_any(at - 1, &[".", "?."]) && code.is_any(at + 1, &["(", "{", "<"]))
        else {
            continue;
        };
        let bare = word.strip_prefix("prepare").unwrap_or(word);
        let verb = controllers::method(bare);
        if verb.is_none() && !bare.eq_ignore_ascii_case("request") || !is_client(code, at - 2) {
            continue;
        }
        let Some(chain) = Chain::at(code, code.chain_start(at)) else { continue };
        let Some(link) = chain.links.iter().find(|link| link.name == at) else { continue };
        let given =
            link.argument(code).map(|range| values::reached(code, range)).filter(|value| !matches!(value, Value::Unknown(_)));
        let inner = link.block.map(|open| code.inside(open));
        let url = given.or_else(|| url_in(code, inner.clone()?)).unwrap_or_else(|| unknown("given when it is called"));
        let method = verb.or_else(|| method_in(code, inner?));
        let place = code.location(chain.start..at + 1);
        sites::http(output, KTOR.name, place, method, below(base.clone(), url), limited);
    }
}

fn is_client(code: &Code, at: usize) -> bool {
    let Some(word) = code.word(at) else { return false };
    match type_of(code, word) {
        Some(of) => of == "HttpClient",
        None => {
            let small = word.to_ascii_lowercase();
            small.ends_with("client") || small == "http"
        }
    }
}

/// `url("…")`, and `url { host = "…"; port = 80; path("a", "b") }`.
fn url_in(code: &Code, range: Range<usize>) -> Option<Value> {
    let at = range.clone().find(|&at| code.is(at, "url") && code.is_any(at + 1, &["(", "{"]))?;
    if code.is(at + 1, "(") {
        return code.arguments(at + 1).into_iter().next().map(|argument| values::reached(code, argument));
    }
    parts(code, code.inside(at + 1))
}

fn parts(code: &Code, range: Range<usize>) -> Option<Value> {
    let given = |name: &str| {
        let at = range.clone().find(|&at| code.is(at, name) && code.is(at + 1, "="))?;
        let end = (at + 3..range.end).find(|&end| code.begins_line(end) || code.is(end, ";")).unwrap_or(range.end);
        Some(values::reached(code, at + 2..end))
    };
    let host = given("host")?;
    let port = given("port").into_iter().flat_map(|port| [literal(":"), port]);
    let base = concat([literal("http://"), host].into_iter().chain(port));
    let path = range.clone().find(|&at| code.is_any(at, &["path", "appendPathSegments"]) && code.is(at + 1, "("));
    let path = path.map_or(Vec::new(), |at| code.arguments(at + 1));
    Some(path.into_iter().fold(base, |base, part| controllers::join(base, values::reached(code, part))))
}

fn method_in(code: &Code, range: Range<usize>) -> Option<&'static str> {
    let at = range.into_iter().find(|&at| code.is(at, "HttpMethod") && code.is(at + 1, "."))?;
    controllers::method(code.word(at + 2)?)
}

/// `HttpClient { defaultRequest { url("http://orders") } }`.
fn default_request(code: &Code) -> Option<Value> {
    let at = *code.occurrences("defaultRequest").iter().find(|&&at| code.is(at as usize + 1, "{"))? as usize;
    let inside = code.inside(at + 1);
    url_in(code, inside.clone()).or_else(|| parts(code, inside))
}

/// `client.get(8080, "orders", "/x")`, `client.getAbs("http://orders/x")`.
fn vertx(code: &Code, output: &mut Output) {
    let options = ["setDefaultHost", "setHost"].into_iter().find_map(|name| argument_of(code, name));
    let base = options.map(|host| {
        let port = argument_of(code, "setDefaultPort").into_iter().flat_map(|port| [literal(":"), port]);
        concat([literal("http://"), host].into_iter().chain(port))
    });
    for call in code.calls() {
        let name = code.text_of(call.name);
        let (bare, whole) = name.strip_suffix("Abs").map_or((name, false), |bare| (bare, true));
        let verb = controllers::method(bare);
        let of = code.receiver(call);
        if verb.is_none() && bare != "request" || !sites::is_of(code, &of, &["WebClient", "HttpClient", "Client"]) {
            continue;
        }
        let mut arguments = code.arguments(call.open);
        let method = match verb {
            Some(verb) => Some(verb),
            None if !arguments.is_empty() => super::spring_clients::method_in(code, arguments.remove(0)),
            None => None,
        };
        let value = |index: usize| arguments.get(index).map(|range| values::reached(code, range.clone()));
        let is_port = arguments.first().is_some_and(|range| !range.clone().any(|at| code.literal(at).is_some()));
        let url = match (whole, arguments.len()) {
            (true, _) | (_, 1) => value(0),
            (false, 3) => Some(address(value(1), Some(value(0)), value(2))),
            (false, 2) if !is_port => Some(address(value(0), None, value(1))),
            _ => None,
        };
        let Some(url) = url else { continue };
        let chain = Chain::of(code, call);
        let is_limit = |link: &Link| code.is(link.name, "timeout");
        let limited = chain.filter(|chain| chain.links.iter().any(is_limit)).map(|_| true);
        sites::http(output, VERTX.name, code.location(call.start..call.open), method, below(base.clone(), url), limited);
    }
}

fn argument_of(code: &Code, name: &str) -> Option<Value> {
    let at = *code.occurrences(name).iter().find(|&&at| code.is(at as usize + 1, "("))? as usize;
    code.arguments(at + 1).into_iter().next().map(|range| values::reached(code, range))
}

fn address(host: Option<Value>, port: Option<Option<Value>>, path: Option<Value>) -> Value {
    let host = host.unwrap_or_else(|| unknown("a host"));
    let port = port.flatten().into_iter().flat_map(|port| [literal(":"), port]);
    let base = concat([literal("http://"), host].into_iter().chain(port));
    controllers::join(base, path.unwrap_or_else(|| literal("")))
}
