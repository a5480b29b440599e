//! Requests over HTTP: reqwest, awc, ureq, surf, isahc, hyper, graphql_client, WebSockets of tungstenite.
//!
//! A call by the name of a method with one argument is a request where its receiver is a client, or where the chain goes on to send it.

use std::ops::Range;
use std::sync::Arc;

use super::{fields, tests, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact};

pub const FRAMEWORK: Framework = Framework {
    name: "rust-http-clients",
    marks: &["reqwest", "awc::", "ureq", "surf::", "isahc", "hyper", ".send()", "post_graphql", "connect_async"],
    read,
};

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];
/// What sends a request that was put together.
const SENDERS: [&str; 12] = [
    "send",
    "send_json",
    "send_string",
    "send_form",
    "send_bytes",
    "send_body",
    "send_empty",
    "call",
    "recv_json",
    "recv_string",
    "recv_bytes",
    "send_async",
];
/// Members of one chain that are looked at.
const LONGEST_CHAIN: usize = 64;

fn read(code: &Code, output: &mut Output) {
    let reader = Reader { code, library: library(code), setups: setups(code) };
    let tests = tests(code);
    for call in code.calls().filter(|call| !tests.iter().any(|body| body.contains(&call.name))) {
        output.facts.extend(reader.call(call).map(Fact::Call));
    }
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    /// The library of which the file speaks first.
    library: &'static str,
    /// Whether each client that is set up in the file ends its requests after a time.
    setups: Vec<bool>,
}

fn library(code: &Code) -> &'static str {
    let known = ["reqwest", "awc", "ureq", "surf", "isahc", "hyper"];
    known.into_iter().find(|library| !code.occurrences(library).is_empty()).unwrap_or("http")
}

/// Clients that are made here: `Client::new()`, `Client::builder().timeout(…)`.
fn setups(code: &Code) -> Vec<bool> {
    let has = |word: &str| !code.occurrences(word).is_empty();
    let makes = |call: &Call| {
        let name = code.text_of(call.name);
        matches!(name, "new" | "builder" | "default" | "config_builder")
            && code.is(call.name.wrapping_sub(1), "::")
            && code.is_any(call.name.saturating_sub(2), &["Client", "ClientBuilder", "Agent", "AgentBuilder", "HttpClient"])
    };
    let limited = |call: Call| {
        // Two clients have a limit of their own.
        let by_itself = code.is_any(call.start, &["awc"])
            || has("awc") && !has("reqwest")
            || code.text_in(call.start..call.open).contains("blocking::Client");
        let chain = chain_after(code, call.open);
        by_itself && !chain.contains(&"disable_timeout")
            || chain.iter().any(|name| matches!(*name, "timeout" | "timeout_read" | "timeout_global" | "read_timeout"))
    };
    code.calls().filter(|call| call.name >= 2 && makes(call)).map(limited).collect()
}

impl Reader<'_, '_> {
    fn call(&self, call: Call) -> Option<CallSite> {
        let code = self.code;
        let name = code.text_of(call.name);
        let is_method = METHODS.contains(&name);
        if !is_method
            && !matches!(name, "request" | "request_url" | "uri" | "post_graphql" | "connect_async" | "get_async" | "post_async")
        {
            return None;
        }
        let arguments = code.arguments(call.open);
        let upper: Arc<str> = name.trim_end_matches("_async").to_ascii_uppercase().into();
        let path = code.is(call.name.wrapping_sub(1), "::");
        match (name, &arguments[..]) {
            ("post_graphql", [_, url, ..]) => Some(self.site(call, "graphql_client", Some("POST".into()), url.clone())),
            ("connect_async", [url, ..]) if code.text.contains("tungstenite") => {
                Some(self.site(call, "tungstenite", Some("GET".into()), url.clone()))
            }
            ("request", [method, url]) => {
                let method = self.method(method.clone())?;
                let sends = self.sends(call) || path && self.is_library(call);
                (sends || self.is_client(call)).then(|| self.site(call, self.library, Some(method), url.clone()))
            }
            ("uri", [url]) => self.built(call, url.clone()),
            _ if path && is_request_type(code, call) && self.has_client() && !arguments.is_empty() => {
                Some(self.site(call, self.library, Some(upper), arguments[0].clone()))
            }
            _ if path && self.is_library(call) && !arguments.is_empty() => {
                Some(self.site(call, self.library_of(call), Some(upper), arguments[0].clone()))
            }
            (_, [url]) if is_method && !path && call.start < call.name && (self.sends(call) || self.is_client(call)) => {
                Some(self.site(call, self.library, Some(upper), url.clone()))
            }
            _ => None,
        }
    }

    fn site(&self, call: Call, client: &str, method: Option<Arc<str>>, url: Range<usize>) -> CallSite {
        CallSite {
            at: self.code.location(call.start..call.open),
            kind: CallKind::Http,
            client: client.into(),
            target: values::value(self.code, url),
            method,
            name: None,
            exchange: None,
            limited: self.limited(call),
        }
    }

    fn limited(&self, call: Call) -> Option<bool> {
        let code = self.code;
        let chain = chain_after(code, call.open);
        if chain.contains(&"timeout") || is_in_timeout(code, call.start) {
            return Some(true);
        }
        // `reqwest::get(url)` uses a client without a limit; that of `reqwest::blocking` has one.
        if code.is(call.name.wrapping_sub(1), "::") && matches!(code.text_of(call.start), "reqwest" | "ureq" | "isahc") {
            return Some(code.is(call.name.saturating_sub(2), "blocking"));
        }
        let first = *self.setups.first()?;
        self.setups.iter().all(|limited| *limited == first).then_some(first)
    }

    /// `reqwest::get`, `isahc::get_async`, `ureq::post`.
    fn is_library(&self, call: Call) -> bool {
        self.code.is_any(call.start, &["reqwest", "ureq", "surf", "isahc", "awc"]) && call.name - call.start <= 4
    }

    fn library_of(&self, call: Call) -> &'static str {
        ["reqwest", "ureq", "surf", "isahc", "awc"]
            .into_iter()
            .find(|name| self.code.is(call.start, name))
            .unwrap_or(self.library)
    }

    fn sends(&self, call: Call) -> bool {
        chain_after(self.code, call.open).iter().any(|name| SENDERS.contains(name))
    }

    /// Whether the receiver is a client of a library of which the file speaks.
    fn is_client(&self, call: Call) -> bool {
        let code = self.code;
        if self.library == "http" || self.library == "hyper" && !self.has_client() {
            return false;
        }
        let receiver = code.receiver(call);
        let Some(last) = receiver.end.checked_sub(1).filter(|&last| last >= receiver.start) else { return false };
        let is_type = |of: &str| matches!(of, "Client" | "ClientWithMiddleware" | "HttpClient" | "Agent" | "ClientBuilder");
        if code.is(last, ")") {
            return receiver.clone().any(|at| code.word(at).is_some_and(is_type));
        }
        code.word(last).is_some_and(|name| fields::type_of(code, name, last).is_some_and(is_type))
    }

    fn has_client(&self) -> bool {
        let has = |word: &str| !self.code.occurrences(word).is_empty();
        (has("Client") || has("SendRequest") || has("isahc") || has("HttpClient")) && !has("oneshot")
    }

    /// `Request::builder().method(Method::POST).uri(url)`
    fn built(&self, call: Call, url: Range<usize>) -> Option<CallSite> {
        let code = self.code;
        let receiver = code.receiver(call);
        let builds = code.text_in(receiver.clone()).contains("Request::builder") && self.has_client();
        if !builds {
            return None;
        }
        let before = receiver.filter(|&at| code.is(at, "method") && code.is(at + 1, "(")).last();
        let stated = before.or_else(|| member_after(code, call.open, "method"));
        let method = match stated {
            Some(at) => self.method(code.inside(at + 1)),
            None => Some("GET".into()),
        };
        Some(self.site(call, self.library, method, url))
    }

    /// `Method::POST`, `"POST"`, `http::Method::POST`.
    fn method(&self, range: Range<usize>) -> Option<Arc<str>> {
        let code = self.code;
        let last = range.end.checked_sub(1)?;
        let text = code.literal(last).map_or_else(|| code.text_of(last).to_owned(), |text| text.to_string());
        let upper = text.to_ascii_uppercase();
        METHODS.contains(&upper.to_ascii_lowercase().as_str()).then(|| upper.into())
    }
}

/// `Request::get(uri)`
fn is_request_type(code: &Code, call: Call) -> bool {
    code.is(call.name.saturating_sub(2), "Request")
}

/// Members that a chain goes on with after the arguments of a call.
pub fn chain_after<'t>(code: &Code<'t>, open: usize) -> Vec<&'t str> {
    members_after(code, open).map(|at| code.text_of(at)).collect()
}

pub fn member_after(code: &Code, open: usize, name: &str) -> Option<usize> {
    members_after(code, open).find(|&at| code.is(at, name))
}

fn members_after<'c>(code: &'c Code, open: usize) -> impl Iterator<Item = usize> + 'c {
    let mut at = code.after(open);
    std::iter::from_fn(move || {
        while code.is(at, "?") {
            at += 1;
        }
        if !code.is_any(at, &[".", "?."]) {
            return None;
        }
        let name = at + 1;
        code.word(name)?;
        at = name + 1;
        // `json::<Order>()`
        if code.is(at, "::") && code.is(at + 1, "<") {
            at = (at..(at + 24).min(code.len())).find(|&at| code.is(at, "("))?;
        }
        if code.is(at, "(") {
            at = code.after(at);
        }
        Some(name)
    })
    .take(LONGEST_CHAIN)
}

/// `timeout(duration, client.get(url).send())` of tokio.
pub fn is_in_timeout(code: &Code, start: usize) -> bool {
    let around = (start.saturating_sub(40)..start).rev().filter(|&at| code.is(at, "timeout") && code.is(at + 1, "("));
    around.take(2).any(|at| code.partner(at + 1) > start)
}

/// `#[get("/x")]`, `#[arg(env = "X")]`
pub fn is_in_attribute(code: &Code, start: usize) -> bool {
    (start.saturating_sub(12)..start)
        .rev()
        .any(|at| code.is(at, "[") && code.partner(at) > start && at.checked_sub(1).is_some_and(|hash| code.is(hash, "#")))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn requests_of_reqwest() {
        check(
            "src/orders.rs",
            r#"
use reqwest::{Client, Method};
use std::env;
pub struct Orders { client: Client, base_url: String }
impl Orders {
    pub fn new(base_url: String) -> Self {
        let client = Client::builder().timeout(Duration::from_secs(2)).build().unwrap();
        Self { client, base_url }
    }
    pub async fn find(&self, id: Uuid) -> Result<Order> {
        let url = format!("{}/orders/{}", self.base_url, id);
        let order = self.client.get(&url).send().await?.json::<Order>().await?;
        self.client.request(Method::PUT, format!("{}/orders/{id}", self.base_url)).json(&order).send().await?;
        Ok(order)
    }
}
async fn all() {
    let base = env::var("ORDERS_URL").unwrap_or_else(|_| "http://orders:8080".to_string());
    let found = reqwest::get(format!("{base}/orders")).await;
    let cached = cache.get("/orders");
    let more = headers.get(reqwest::header::HOST);
}
#[cfg(test)]
mod tests { fn a() { reqwest::get("http://never"); } }
            "#,
            "12 call http GET parameter(Orders 0)+/orders/+parameter(Orders.find 0) limited (reqwest)
            13 call http PUT parameter(Orders 0)+/orders/+parameter(Orders.find 0) limited (reqwest)
            19 call http GET env(ORDERS_URL or http://orders:8080)+/orders unlimited (reqwest)",
        );
    }

    #[test]
    fn requests_of_others() {
        check(
            "src/a.rs",
            r#"
async fn quote() {
    let client = awc::Client::new();
    let address: String = format!("{}{}", env::var("QUOTE_ADDR").unwrap_or_else(|_| "http://quote:8090".to_string()).parse::<String>().expect("no"), "/getquote");
    let mut response = client.post(address).trace_request().send_json(&body).await?;
    let body = response.body().await;
}
            "#,
            "5 call http POST env(QUOTE_ADDR or http://quote:8090)+/getquote limited (awc)",
        );
        check(
            "src/b.rs",
            "fn a(agent: &ureq::Agent) { ureq::get(\"http://stock/items\").call()?; agent.post(\"http://stock/items\").send_json(x)?; }",
            "1 call http GET http://stock/items unlimited (ureq)\n1 call http POST http://stock/items (ureq)",
        );
        check(
            "src/c.rs",
            "use hyper::{Client, Request};\nfn a() { let r = Request::builder().method(Method::POST).uri(\"http://stock/items\").body(b); client.request(r).await; }",
            "2 call http POST http://stock/items (hyper)",
        );
        check(
            "src/d.rs",
            "use hyper::Request;\nfn a() { let r = Request::builder().uri(\"/items\").body(b); app.oneshot(r).await; }",
            "",
        );
    }
}
