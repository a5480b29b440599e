//! Requests over HTTP: fetch, axios and its kin, Node's own client, those of Angular, NestJS and jQuery.

use std::ops::Range;
use std::sync::Arc;

use super::clients::{self, Client, is_limited};
use super::expressions::Expressions;
use super::helpers::address;
use super::{modules, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::targets;
use crate::extract::code::value::{concat, literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "http-clients-js",
    marks: &[
        "fetch(",
        "useSWR",
        "fetch'",
        "fetch\"",
        "axios",
        "got'",
        "got\"",
        "from 'ky",
        "from \"ky",
        "undici",
        "superagent",
        "'request",
        "\"request",
        "needle",
        "gaxios",
        "HttpClient",
        "HttpService",
        "$.ajax",
        "$.get",
        "$.post",
        "jQuery.",
        "XMLHttpRequest",
        "$http",
        "Vue.http",
        "http.get(",
        "http.request(",
        "https.get(",
        "https.request(",
        "wretch",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let reader = Reader { expressions: Expressions::new(code), code };
    let sites: Vec<CallSite> = code.calls().filter_map(|call| reader.site(call)).collect();
    let handed = reader.handed_on(&sites);
    output.facts.extend(sites.into_iter().chain(handed).map(Fact::Call));
    reader.exported(output);
}

pub(super) struct Reader<'c, 't> {
    pub(super) expressions: Expressions<'c, 't>,
    pub(super) code: &'c Code<'t>,
}

/// Methods of HTTP.
pub(super) const VERBS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
/// What one call asks for.
struct Request {
    url: Value,
    method: Option<Arc<str>>,
    limited: Option<bool>,
}

/// The method of HTTP that a member of a client sends.
pub(super) fn method_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "get" | "getJSON" | "getUri" => "GET",
        "post" | "postForm" => "POST",
        "put" | "putForm" => "PUT",
        "patch" | "patchForm" => "PATCH",
        "delete" | "del" => "DELETE",
        "head" => "HEAD",
        "options" => "OPTIONS",
        _ => return None,
    })
}

impl Reader<'_, '_> {
    fn site(&self, call: Call) -> Option<CallSite> {
        let code = self.code;
        let before = call.start.checked_sub(1);
        let name = code.text_of(call.name);
        if before.is_some_and(|before| code.is_any(before, &["function", "new", "@", "."])) {
            return None;
        }
        let arguments = code.arguments(call.open);
        let receiver = code.receiver(call);
        let (library, request) = match receiver.is_empty() {
            true => self.plain(call, name, &arguments)?,
            false => self.member(call, name, receiver, &arguments)?,
        };
        // A file beside the module is no server.
        if matches!(targets::first(&request.url), Value::Symbol(symbol) if &**symbol == "#import.meta.url") {
            return None;
        }
        Some(CallSite {
            at: code.location(call.name..call.open),
            kind: CallKind::Http,
            client: library.into(),
            target: targets::without_query(request.url),
            method: request.method,
            name: None,
            exchange: None,
            limited: request.limited,
        })
    }

    /// `fetch(url)`, `axios({ url })`, `request(options)`.
    fn plain(&self, call: Call, name: &str, arguments: &[Range<usize>]) -> Option<(&'static str, Request)> {
        let code = self.code;
        // A declaration looks like a call.
        if code.is(code.after(call.open), "{") || call.name != call.start {
            return None;
        }
        let first = arguments.first()?;
        let symbol = modules::symbol(code, name);
        if let Some((library, limited, of)) = clients::package(&symbol) {
            let client = Client {
                limited,
                ..clients::named(&self.expressions, call.name..call.name + 1).unwrap_or(Client {
                    library,
                    base: literal(""),
                    limited,
                })
            };
            return match (library, of) {
                ("needle", _) | ("superagent", "default" | "*") if arguments.len() > 1 => {
                    let mut request = self.request(&client, arguments.get(1), arguments.get(3));
                    request.method = self.method(first.clone());
                    Some((library, request))
                }
                ("node-http", "get" | "request") => Some((library, self.node(&client, of, arguments))),
                ("undici", "request" | "fetch" | "stream") => {
                    Some((library, self.request(&client, Some(first), arguments.get(1))))
                }
                ("node-http" | "undici" | "angular" | "nestjs-http" | "superagent" | "wretch", _) => None,
                ("request" | "got" | "ky" | "axios", "get" | "post" | "put" | "patch" | "del" | "delete" | "head") => {
                    let mut request = self.request(&client, Some(first), arguments.get(1));
                    request.method = method_of(of).map(Arc::from);
                    Some((library, request))
                }
                (_, "default" | "*" | "fetch" | "axios" | "got" | "ky" | "$fetch" | "ofetch" | "request" | "gaxios") => {
                    Some((library, self.request(&client, Some(first), arguments.get(1))))
                }
                _ => None,
            };
        }
        if matches!(name, "fetch" | "$fetch" | "useFetch") {
            let own = code.imports().contains_key(name) && name != "useFetch" || self.expressions.known.function(name).is_some();
            let library = if name == "fetch" { "fetch" } else { "ofetch" };
            let client = Client { library, base: literal(""), limited: Some(false) };
            // An object is no URL.
            let is_url = self.expressions.object(first.clone()).is_none();
            return (!own && is_url).then(|| (library, self.request(&client, Some(first), arguments.get(1))));
        }
        // `useSWR('/path', fetcher)` hands the path to a function that requests it.
        if matches!(name, "useSWR" | "useSWRImmutable") && arguments.len() > 1 {
            let url = self.expressions.value(first.clone());
            let is_path = matches!(targets::first(&url), Value::Literal(text) if text.starts_with('/') || text.contains("://"));
            return is_path.then(|| ("swr", Request { url, method: Some("GET".into()), limited: None }));
        }
        if code.imports().contains_key(name) {
            return None;
        }
        let client = clients::named(&self.expressions, call.name..call.name + 1)?;
        Some((client.library, self.request(&client, Some(first), arguments.get(1))))
    }

    fn member(
        &self,
        call: Call,
        name: &str,
        receiver: Range<usize>,
        arguments: &[Range<usize>],
    ) -> Option<(&'static str, Request)> {
        let code = self.code;
        let method = method_of(name);
        if method.is_none() && !matches!(name, "request" | "fetch" | "ajax" | "open" | "stream" | "$request") {
            return None;
        }
        let first = arguments.first()?;
        let of = code.dotted(receiver.clone());
        match (of.as_deref(), name) {
            (Some("window" | "globalThis" | "self" | "event"), "fetch") => {
                let client = Client { library: "fetch", base: literal(""), limited: Some(false) };
                return Some(("fetch", self.request(&client, Some(first), arguments.get(1))));
            }
            (Some("$" | "jQuery"), _) => {
                let client = Client { library: "jquery", base: literal(""), limited: None };
                let mut request = self.request(&client, Some(first), arguments.get(1));
                if name != "ajax" {
                    request.method = Some(method?.into());
                }
                // `$.get(0)` is the first of some elements.
                let is_url = !matches!(request.url, Value::Unknown(_)) || name == "ajax";
                return (is_url && !matches!(&request.url, Value::Literal(text) if text.parse::<u32>().is_ok()))
                    .then_some(("jquery", request));
            }
            (_, "open") => return self.page_request(receiver, arguments),
            _ => {}
        }
        if let Some(module) = of.as_deref().and_then(|of| code.imports().get(of.split('.').next().unwrap_or(of)))
            && matches!(module.split('#').next(), Some("http" | "https"))
        {
            let client = Client { library: "node-http", base: literal(""), limited: Some(false) };
            return matches!(name, "get" | "request").then(|| ("node-http", self.node(&client, name, arguments)));
        }
        let client = match of {
            Some(_) => clients::named(&self.expressions, receiver)?,
            None => clients::of_call(&self.expressions, receiver)?,
        };
        let mut request = match name {
            // `http.request('GET', url)` of Angular, `axios.request({ … })` of others.
            "request" | "stream" if code.literal(first.start).is_some() && client.library == "angular" => {
                let mut request = self.request(&client, arguments.get(1), arguments.get(2));
                request.method = self.method(first.clone());
                return Some((client.library, request));
            }
            "post" | "put" | "patch" | "postForm" | "putForm" | "patchForm" if takes_body(client.library) => {
                self.request(&client, Some(first), arguments.get(2))
            }
            _ => self.request(&client, Some(first), arguments.get(1)),
        };
        if let Some(method) = method {
            request.method = Some(method.into());
        }
        if client.library == "superagent" && self.chained(call, "timeout") {
            request.limited = Some(true);
        }
        Some((client.library, request))
    }

    /// `new XMLHttpRequest()`, then `request.open('GET', url)`.
    fn page_request(&self, receiver: Range<usize>, arguments: &[Range<usize>]) -> Option<(&'static str, Request)> {
        let [method, url, ..] = arguments else { return None };
        let method = self.method(method.clone())?;
        let known = VERBS.contains(&&*method);
        let made = self.expressions.expression(receiver).is_some_and(|range| self.code.text_in(range).contains("XMLHttpRequest"));
        (known && (made || self.code.text.contains("XMLHttpRequest")))
            .then(|| ("xhr", Request { url: self.expressions.value(url.clone()), method: Some(method), limited: None }))
    }

    /// Whether a member is called on what a call gives back, in the same chain.
    fn chained(&self, call: Call, member: &str) -> bool {
        let code = self.code;
        let mut at = code.after(call.open);
        for _ in 0..32 {
            if !code.is(at, ".") || !code.is(at + 2, "(") {
                return false;
            }
            if code.is(at + 1, member) {
                return true;
            }
            at = code.after(at + 2);
        }
        false
    }

    /// The method that an expression tells.
    pub(super) fn method(&self, range: Range<usize>) -> Option<Arc<str>> {
        self.expressions.text(range).map(|text| text.to_ascii_uppercase().into())
    }

    /// A request whose first argument is a URL or an object of options, perhaps with more options behind.
    fn request(&self, client: &Client, first: Option<&Range<usize>>, options: Option<&Range<usize>>) -> Request {
        let code = self.code;
        let Some(first) = first else {
            return Request { url: unknown("nothing"), method: None, limited: None };
        };
        let object = self.expressions.object(first.clone());
        // What is done with the answer is no option.
        let others = options.filter(|range| object.is_none() && !self.is_function(range));
        let options = object.clone().or_else(|| self.expressions.object(others?.clone()));
        let seen = options.is_some() || others.is_none();
        let option = |keys: &[&str]| {
            let object = options.clone()?;
            keys.iter().find_map(|key| values::property(code, object.clone(), key))
        };
        let path = match object {
            Some(_) => {
                let keys: &[&str] = if client.library == "undici" { &["path", "url"] } else { &["url", "uri"] };
                match option(keys) {
                    Some(range) => self.expressions.value(range),
                    None => option(&["host", "hostname"]).map_or(literal(""), |range| self.expressions.value(range)),
                }
            }
            None => self.expressions.value(first.clone()),
        };
        let own_base = option(&["baseURL", "baseUrl", "prefixUrl"]).map(|range| self.expressions.value(range));
        let method = match option(&["method", "type"]) {
            Some(range) => self.method(range),
            None if seen => Some("GET".into()),
            None => None,
        };
        let limited = match &options {
            Some(object) if is_limited(&self.expressions, object.clone()) => Some(true),
            Some(object) if code.inside(object.start).any(|at| code.is(at, "...")) => None,
            Some(_) => client.limited,
            None if seen => client.limited,
            None => None,
        };
        Request { url: based(own_base.unwrap_or_else(|| client.base.clone()), path), method, limited }
    }

    fn is_function(&self, range: &Range<usize>) -> bool {
        range.clone().take(24).any(|at| self.code.is_any(at, &["=>", "function"]))
    }

    /// `http.get(url, …)`, `http.request({ hostname, port, path, method })`.
    fn node(&self, client: &Client, name: &str, arguments: &[Range<usize>]) -> Request {
        let code = self.code;
        let mut objects = arguments.iter().take(2).filter(|range| !self.is_function(range));
        let Some(first) = objects.next() else { return Request { url: unknown("nothing"), method: None, limited: None } };
        let object = self.expressions.object(first.clone());
        let options = object.clone().or_else(|| objects.next().and_then(|range| self.expressions.object(range.clone())));
        let option = |key: &str| values::property(code, options.clone()?, key);
        let url = match &object {
            Some(object) => {
                let path = option("path").or(option("pathname")).map_or(literal("/"), |range| self.expressions.value(range));
                let host = address(&self.expressions, object.clone()).unwrap_or_else(|| unknown("no host"));
                concat([literal("http://"), host, path])
            }
            None => self.expressions.value(first.clone()),
        };
        let method = match option("method") {
            Some(range) => self.method(range),
            None if options.is_some() || name == "get" || arguments.len() < 2 || self.is_function(&arguments[1]) => {
                Some("GET".into())
            }
            None => None,
        };
        let limits = options.is_some_and(|object| is_limited(&self.expressions, object));
        let limited = match limits {
            true => Some(true),
            false if code.text.contains(".setTimeout(") => None,
            false => client.limited,
        };
        Request { url, method, limited }
    }
}

/// Libraries whose `post(url, body, options)` takes the body second.
fn takes_body(library: &str) -> bool {
    matches!(library, "axios" | "angular" | "nestjs-http" | "needle" | "vue-resource" | "superagent")
}

/// A path below the base of a client. What is not known yet begins with its own slash.
pub(super) fn based(base: Value, path: Value) -> Value {
    match path {
        path if base == literal("") => path,
        path @ (Value::Parameter { .. } | Value::Unknown(_)) => concat([base, path]),
        path => targets::below(base, path),
    }
}
