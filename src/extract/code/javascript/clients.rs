//! Clients of HTTP: which names of a file are one, by what they are imported from, made by or declared as.
//!
//! The receiver or name of a call comes in, a [`Client`] with the base of its URLs comes out.

use std::ops::Range;

use super::expressions::Expressions;
use super::functions;
use super::scope::Given;
use super::{modules, values};
use crate::extract::code::targets;
use crate::extract::code::value::{literal, unknown};
use crate::facts::Value;

/// Packages that are clients, what facts call them, and whether a plain request of theirs ends after a time of its own.
const PACKAGES: [(&str, &str, Option<bool>); 24] = [
    ("axios", "axios", Some(false)),
    ("node-fetch", "fetch", Some(false)),
    ("cross-fetch", "fetch", Some(false)),
    ("isomorphic-fetch", "fetch", Some(false)),
    ("isomorphic-unfetch", "fetch", Some(false)),
    ("unfetch", "fetch", Some(false)),
    ("whatwg-fetch", "fetch", Some(false)),
    ("ofetch", "ofetch", Some(false)),
    ("got", "got", Some(false)),
    ("ky", "ky", Some(true)),
    ("ky-universal", "ky", Some(true)),
    ("undici", "undici", Some(true)),
    ("superagent", "superagent", Some(false)),
    ("request", "request", Some(false)),
    ("request-promise", "request", Some(false)),
    ("request-promise-native", "request", Some(false)),
    ("requestretry", "request", Some(false)),
    ("needle", "needle", None),
    ("gaxios", "gaxios", Some(false)),
    ("http", "node-http", Some(false)),
    ("https", "node-http", Some(false)),
    ("@angular/common", "angular", None),
    ("@nestjs/axios", "nestjs-http", None),
    ("wretch", "wretch", Some(false)),
];

/// Types that are clients, wherever they are handed in.
const TYPES: [(&str, &str); 9] = [
    ("HttpClient", "angular"),
    ("HttpService", "nestjs-http"),
    ("AxiosInstance", "axios"),
    ("AxiosStatic", "axios"),
    ("Axios", "axios"),
    ("Got", "got"),
    ("KyInstance", "ky"),
    ("NuxtAxiosInstance", "axios"),
    ("AxiosCacheInstance", "axios"),
];

/// Clients that are made from clients that are made from clients.
const DEEPEST: u32 = 4;

#[derive(Clone, Debug)]
pub struct Client {
    pub library: &'static str,
    /// What stands before the paths; an empty literal for nothing.
    pub base: Value,
    pub limited: Option<bool>,
}

impl Client {
    fn plain(library: &'static str, limited: Option<bool>) -> Client {
        Client { library, base: literal(""), limited }
    }

    /// The client with what an object of options sets.
    fn with(mut self, expressions: &Expressions, options: Range<usize>) -> Client {
        let Some(object) = expressions.object(options) else {
            self.base = unknown("set up elsewhere");
            self.limited = None;
            return self;
        };
        let code = expressions.code;
        let base = ["baseURL", "baseUrl", "prefixUrl", "prefix", "host", "origin"].iter();
        if let Some(range) = base.clone().find_map(|key| values::property(code, object.clone(), key)) {
            let own = expressions.value(range);
            self.base = if self.base == literal("") { own } else { targets::below(self.base, own) };
        }
        if is_limited(expressions, object.clone()) {
            self.limited = Some(true);
        } else if code.inside(object.start).any(|at| code.is(at, "...")) {
            self.limited = None;
        }
        self
    }
}

/// Whether options say when a request ends.
pub fn is_limited(expressions: &Expressions, object: Range<usize>) -> bool {
    let names = ["timeout", "signal", "response_timeout", "read_timeout", "open_timeout", "headersTimeout", "requestTimeout"];
    names.iter().any(|key| values::property(expressions.code, object.clone(), key).is_some())
}

/// The client that a dotted name stands for.
pub fn named(expressions: &Expressions, range: Range<usize>) -> Option<Client> {
    within(expressions, range, DEEPEST)
}

fn within(expressions: &Expressions, range: Range<usize>, depth: u32) -> Option<Client> {
    let code = expressions.code;
    let depth = depth.checked_sub(1)?;
    let mut names = expressions.chain(range.clone())?;
    if matches!(names.last().map(String::as_str), Some("axiosRef")) && names.len() > 1 {
        names.pop();
    }
    let last = names.last()?.clone();
    // What frameworks for pages hand to every component.
    let handed = match (names[0].as_str(), last.as_str()) {
        (_, "$axios") => Some("axios"),
        ("$http", _) => Some("angular"),
        (_, "$http") | ("Vue", "http") => Some("vue-resource"),
        _ => None,
    };
    if let Some(library) = handed {
        let base = if library == "axios" { unknown("set up elsewhere") } else { literal("") };
        return Some(Client { library, base, limited: None });
    }
    let scopes = expressions.known.scopes(code);
    let functions = &expressions.known.functions;
    if names[0] == "this" && names.len() == 2 {
        let class = functions.class(range.start)?;
        return match scopes.field(class, &last) {
            Some(given) => made(expressions, given, depth).or_else(|| typed(expressions, &last)),
            None => typed(expressions, &last),
        };
    }
    let given = (names.len() == 1).then(|| scopes.given(code, functions, &names[0], range.start)).flatten();
    match given {
        Some(Given::Expression(given)) if !code.imports().contains_key(names[0].as_str()) => {
            made(expressions, given, depth).or_else(|| typed(expressions, &names[0]))
        }
        Some(Given::Parameter { .. }) => typed(expressions, &names[0]),
        _ => imported(expressions, &names),
    }
}

/// A name that a package gives.
fn imported(expressions: &Expressions, names: &[String]) -> Option<Client> {
    let code = expressions.code;
    if names.len() == 1 && names[0] == "axios" && !code.imports().contains_key("axios") {
        // A script of a page finds it there.
        return Some(Client::plain("axios", Some(false)));
    }
    if !code.imports().contains_key(names[0].as_str()) {
        return None;
    }
    let symbol = modules::symbol(code, &names.join("."));
    let (library, limited, name) = package(&symbol)?;
    if !matches!(
        name,
        "default"
            | "*"
            | "axios"
            | "got"
            | "ky"
            | "fetch"
            | "request"
            | "ofetch"
            | "$fetch"
            | "superagent"
            | "needle"
            | "gaxios"
            | "wretch"
    ) {
        return None;
    }
    let mut client = Client::plain(library, limited);
    if library == "axios" {
        // `axios.defaults.baseURL = …` holds for the whole program, as far as this file shows.
        let default = |key: &str| {
            expressions.known.scopes(code).given(
                code,
                &expressions.known.functions,
                &format!("{}.defaults.{key}", names[0]),
                code.len(),
            )
        };
        if let Some(Given::Expression(range)) = default("baseURL") {
            client.base = expressions.value(range);
        }
        if default("timeout").is_some() {
            client.limited = Some(true);
        }
    }
    Some(client)
}

/// The package of a symbol that is a client, and what it calls the thing.
pub fn package(symbol: &str) -> Option<(&'static str, Option<bool>, &str)> {
    let (module, name) = symbol.split_once('#')?;
    let (_, library, limited) = PACKAGES.iter().find(|(package, ..)| {
        module == *package
            || matches!(*package, "ky" | "axios") && module.strip_prefix(package).is_some_and(|rest| rest.starts_with('/'))
    })?;
    Some((library, *limited, name.strip_prefix("default.").unwrap_or(name)))
}

/// A client by the type that a name is declared with.
fn typed(expressions: &Expressions, name: &str) -> Option<Client> {
    let code = expressions.code;
    let of = code.declared_type(name)?;
    let (_, library) = TYPES.iter().find(|(name, _)| *name == of)?;
    // A type of the house by the same name is another one.
    let is_own = expressions.known.imported.iter().any(|import| import.own && import.local == of);
    let base = if matches!(*library, "angular" | "nestjs-http") { literal("") } else { unknown("set up elsewhere") };
    (!is_own).then_some(Client { library, base, limited: None })
}

/// The client that an expression makes: `axios.create({…})`, `got.extend({…})`, `request.defaults({…})`, `inject(HttpClient)`, `axios`.
fn made(expressions: &Expressions, range: Range<usize>, depth: u32) -> Option<Client> {
    let code = expressions.code;
    let from = range.start + usize::from(code.is_any(range.start, &["await", "new"]));
    let range = from..range.end;
    if expressions.chain(range.clone()).is_some() {
        return within(expressions, range, depth);
    }
    let close = range.end.checked_sub(1).filter(|&close| code.is(close, ")"))?;
    let call = code.call_before(code.partner(close)).filter(|call| call.start == range.start)?;
    let arguments = code.arguments(call.open);
    let receiver = code.receiver(call);
    match code.text_of(call.name) {
        "create" | "extend" | "defaults" | "instance" | "base" if !receiver.is_empty() => {
            let client = within(expressions, receiver, depth)?;
            Some(match arguments.first() {
                Some(options) => client.with(expressions, options.clone()),
                None => client,
            })
        }
        "inject" => {
            let of = code.word(arguments.first()?.start)?;
            let (_, library) = TYPES.iter().find(|(name, _)| *name == of)?;
            Some(Client::plain(library, None))
        }
        "Axios" | "HttpService" => {
            let client = Client::plain("axios", None);
            Some(arguments.first().map_or(client.clone(), |options| client.clone().with(expressions, options.clone())))
        }
        "Pool" | "Client" if code.text.contains("undici") && receiver.is_empty() => {
            let (library, limited, _) = package(&modules::symbol(code, code.text_of(call.name)))?;
            Some(Client { library, base: expressions.value(arguments.first()?.clone()), limited })
        }
        // A function of the file that makes one.
        name if receiver.is_empty() => {
            let function = expressions.known.function(name)?;
            let body = expressions.known.functions.all[function].body.clone();
            let at = body.clone().take(200).find(|&at| code.is(at, "return"))?;
            let end = functions::expression_end(code, at + 1).min(body.end);
            (depth > 0).then(|| made(expressions, at + 1..end, depth - 1)).flatten()
        }
        _ => None,
    }
}

/// The client that a call gives back whose brackets close at the end of a receiver: `client().get('/x')`.
pub fn of_call(expressions: &Expressions, receiver: Range<usize>) -> Option<Client> {
    made(expressions, receiver, DEEPEST)
}
