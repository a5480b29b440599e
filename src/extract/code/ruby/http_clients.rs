//! Requests over HTTP: Net::HTTP, Faraday, HTTParty, RestClient, Excon, Typhoeus, http.rb, HTTPX, and resources that live elsewhere.
//!
//! A client is known by its constant, or by what its name is given in the file. Its base address stands before the paths of its requests.

use std::ops::Range;
use std::sync::Arc;

use super::clients::{Client, Kind, client, connection_around};
use super::values::{self, arguments};
use super::{syntax, types};
use crate::extract::Output;
use crate::extract::code::targets::{self, below, without_query};
use crate::extract::code::value::{concat, literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "ruby-http",
    marks: &[
        "Net::HTTP",
        "Faraday",
        "HTTParty",
        "RestClient",
        "Excon",
        "Typhoeus",
        "HTTP.",
        "HTTPX",
        "URI.open",
        "ActiveResource",
        "Her::",
        "Curl.",
    ],
    read,
};

/// A file calls by one word in no more places than this.
const MOST_CALLS: usize = 500;
const VERBS: [(&str, &str); 7] = [
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
    ("head", "HEAD"),
    ("options", "OPTIONS"),
];
/// Other calls, and the methods that they send; None where an argument tells.
const OTHERS: [(&str, Option<&str>); 13] = [
    ("get_response", Some("GET")),
    ("get_print", Some("GET")),
    ("post_form", Some("POST")),
    ("request_get", Some("GET")),
    ("request_post", Some("POST")),
    ("get!", Some("GET")),
    ("request", None),
    ("run_request", None),
    ("execute", None),
    ("open", Some("GET")),
    ("Get", Some("GET")),
    ("Post", Some("POST")),
    ("new", None),
];
/// Classes of requests of Net::HTTP.
const REQUESTS: [(&str, &str); 6] =
    [("Get", "GET"), ("Post", "POST"), ("Put", "PUT"), ("Patch", "PATCH"), ("Delete", "DELETE"), ("Head", "HEAD")];

fn read(code: &Code, output: &mut Output) {
    let classes = party_classes(code);
    let mut sites = Vec::new();
    for (word, method) in VERBS.iter().map(|(word, method)| (*word, Some(*method))).chain(OTHERS) {
        for &at in code.occurrences(word).iter().take(MOST_CALLS) {
            sites.extend(request(code, at as usize, method, &classes));
        }
    }
    sites.sort_by_key(|site| site.at.start);
    output.facts.extend(sites.into_iter().map(Fact::Call));
    for class in types::classes(code) {
        resource(code, &class, output);
    }
    for &at in code.occurrences("setup").iter().take(8) {
        let name = at as usize;
        if name > 4
            && code.reads(name.saturating_sub(4), &["Her", "::", "API", "."])
            && let Some(url) = code.named(&arguments(code, name), "url")
        {
            let target = values::value(code, url);
            output.facts.push(Fact::Call(site(code, name, "her", None, target, None)));
        }
    }
}

fn site(code: &Code, name: usize, client: &str, method: Option<Arc<str>>, target: Value, limited: Option<bool>) -> CallSite {
    CallSite {
        at: code.location(name..name + 1),
        kind: CallKind::Http,
        client: client.into(),
        target: without_query(target),
        method,
        name: None,
        exchange: None,
        limited,
    }
}

/// Whether the call whose name is at a token is a request.
pub fn is_request(code: &Code, name: usize, parties: &[Party]) -> bool {
    let word = code.text_of(name);
    let methods = VERBS.iter().map(|(word, method)| (*word, Some(*method))).chain(OTHERS);
    methods
        .into_iter()
        .find(|(known, _)| *known == word)
        .is_some_and(|(_, method)| request(code, name, method, parties).is_some())
}

/// A class that includes HTTParty.
pub struct Party {
    body: Range<usize>,
    name: String,
    client: Client,
}

fn request(code: &Code, name: usize, method: Option<&str>, parties: &[Party]) -> Option<CallSite> {
    let dot = name.checked_sub(1).filter(|at| code.is_any(*at, &[".", "::"]));
    let word = code.text_of(name);
    let Some(dot) = dot else {
        // `get('/x')` in a class that includes HTTParty.
        let party = parties.iter().find(|party| party.body.contains(&name))?;
        let is_call = method.is_some() && code.is(name + 1, "(") && !code.is_any(name.wrapping_sub(1), &["def", ":", "@"]);
        return is_call.then(|| simple(code, name, method, &party.client)).flatten();
    };
    if REQUESTS.iter().any(|(class, _)| *class == word) {
        return None;
    }
    let receiver = code.chain_start(name)..dot;
    if word == "new" {
        return made_request(code, name, receiver);
    }
    let client = party(code, receiver.clone(), parties).or_else(|| client(code, receiver, 4))?;
    match word {
        "open" if client.kind != Kind::Open => None,
        "request" | "run_request" | "execute" => by_argument(code, name, &client),
        _ if client.kind == Kind::Open && word != "open" => None,
        _ => simple(code, name, method, &client),
    }
}

/// `self.class.get('/x')` and `Orders.get('/x')` of a class that includes HTTParty.
fn party(code: &Code, receiver: Range<usize>, parties: &[Party]) -> Option<Client> {
    let last = code.word(receiver.end.checked_sub(1)?)?;
    let found = match last {
        "class" | "self" => parties.iter().find(|party| party.body.contains(&receiver.start)),
        name => parties.iter().find(|party| party.name == name),
    };
    found.map(|party| party.client.clone())
}

/// `client.get(path, …)`.
fn simple(code: &Code, name: usize, method: Option<&str>, client: &Client) -> Option<CallSite> {
    let arguments = arguments(code, name);
    let positional: Vec<&Range<usize>> = code.positional(&arguments).collect();
    let path = match positional.first() {
        Some(first) => values::value(code, (*first).clone()),
        None => match code.named(&arguments, "path") {
            Some(path) => values::value(code, path),
            None => in_block(code, name).unwrap_or_else(|| literal("")),
        },
    };
    // `Net::HTTP.get(host, path)`
    let path = match positional.get(1) {
        Some(second)
            if client.kind == Kind::Net && client.base.is_none() && code.is_any(name, &["get", "get_response", "get_print"]) =>
        {
            match values::value(code, (*second).clone()) {
                second @ (Value::Literal(_) | Value::Concat(_)) => below(concat([literal("http://"), path]), second),
                _ => path,
            }
        }
        _ => path,
    };
    let says_time = arguments.iter().any(|argument| code.is_any(argument.start, &["timeout", "read_timeout", "open_timeout"]));
    let limited = if says_time { Some(true) } else { client.limited };
    let target = placed(client, path)?;
    Some(site(code, name, client.kind.name(), method.map(Arc::from), target, limited))
}

fn placed(client: &Client, path: Value) -> Option<Value> {
    match &client.base {
        Some(base) => Some(below(base.clone(), path)),
        // Nothing at all is known of it.
        None if path == literal("") => None,
        None => match targets::first(&path) {
            Value::Literal(text) if text.starts_with('/') => Some(below(unknown("the client's base"), path)),
            _ => Some(path),
        },
    }
}

/// `conn.post { |request| request.url '/x' }`
fn in_block(code: &Code, name: usize) -> Option<Value> {
    let open = if code.is(name + 1, "(") { code.after(name + 1) } else { name + 1 };
    if !code.is_any(open, &["do", "{"]) {
        return None;
    }
    let found = *code.occurrences_in(code.inside(open), "url").first()? as usize;
    arguments(code, found).into_iter().next().map(|url| values::value(code, url))
}

/// `RestClient::Request.execute(method: :get, url: url)`, `connection.request(method: :get, path: '/x')`, `http.request(:get, url)`.
fn by_argument(code: &Code, name: usize, client: &Client) -> Option<CallSite> {
    let arguments = arguments(code, name);
    let text = |range: Range<usize>| syntax::name(code, range).map(|text| Arc::from(text.to_ascii_uppercase()));
    let says_time = arguments.iter().any(|argument| code.is_any(argument.start, &["timeout", "read_timeout"]));
    let limited = if says_time { Some(true) } else { client.limited };
    let named = ["url", "path"].iter().find_map(|key| code.named(&arguments, key));
    let method = code.named(&arguments, "method");
    let (method, target) = match (method, named) {
        (method, Some(target)) => (method.and_then(text), target),
        _ => {
            let [verb, target, ..] = &arguments[..] else { return None };
            let verb = text(verb.clone())?;
            if !VERBS.iter().any(|(_, known)| **known == *verb) {
                return None;
            }
            (Some(verb), target.clone())
        }
    };
    let target = placed(client, values::value(code, target))?;
    Some(site(code, name, client.kind.name(), method, target, limited))
}

/// `Net::HTTP::Get.new(uri)`, `Typhoeus::Request.new(url, method: :post)`.
fn made_request(code: &Code, name: usize, receiver: Range<usize>) -> Option<CallSite> {
    let of: String = receiver.clone().map(|at| code.text_of(at)).take(12).collect();
    let arguments = arguments(code, name);
    let first = arguments.first()?.clone();
    if of.trim_start_matches("::") == "Typhoeus::Request" {
        let method = code.named(&arguments, "method").and_then(|method| syntax::name(code, method));
        let method = method.map_or("GET".to_owned(), |method| method.to_ascii_uppercase());
        let limited = arguments.iter().any(|argument| code.is_any(argument.start, &["timeout", "timeout_ms"]));
        return Some(site(code, name, "typhoeus", Some(method.into()), values::value(code, first), Some(limited)));
    }
    let class = of.trim_start_matches("::").strip_prefix("Net::HTTP::")?;
    let (_, method) = REQUESTS.iter().find(|(known, _)| *known == class)?;
    let path = values::value(code, first);
    let connection = connection_around(code, name);
    let client = Client {
        kind: Kind::Net,
        base: connection.as_ref().and_then(|client| client.base.clone()),
        limited: Kind::Net.limited(),
    };
    let target = placed(&client, path)?;
    Some(site(code, name, Kind::Net.name(), Some((*method).into()), target, client.limited))
}

/// Classes that include HTTParty, with their `base_uri`.
pub fn party_classes(code: &Code) -> Vec<Party> {
    if !code.text.contains("HTTParty") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for class in types::types(code, &["class", "module"]).into_iter().take(64) {
        let statements = syntax::statements(code, class.body.clone());
        let includes = statements.iter().any(|of| {
            code.is_any(of.name, &["include", "extend"])
                && of.arguments.iter().any(|argument| code.text_in(argument.clone()) == "HTTParty")
        });
        if !includes {
            continue;
        }
        let base = statements.iter().find(|of| code.is(of.name, "base_uri")).and_then(|of| of.arguments.first().cloned());
        let base = base.map(|range| values::value(code, range)).map(|base| match base {
            // A base needs no scheme.
            Value::Literal(text) if !text.contains("://") => literal(format!("http://{text}")),
            base => base,
        });
        let client = Client { kind: Kind::Httparty, base, limited: Kind::Httparty.limited() };
        found.push(Party { body: class.body, name: class.name.to_owned(), client });
    }
    found
}

/// `self.site = 'http://orders'` of a class whose objects live elsewhere.
fn resource(code: &Code, class: &types::Class, output: &mut Output) {
    if !class.base_name(code).starts_with("ActiveResource") {
        return;
    }
    let places = code.occurrences_in(class.body.clone(), "site").iter().take(4).map(|&at| at as usize);
    for at in places.filter(|&at| code.is(at + 1, "=") && code.is(at.wrapping_sub(1), ".")) {
        let target = values::value(code, at + 2..values::line_end(code, at + 2));
        output.facts.push(Fact::Call(site(code, at, "active-resource", None, target, None)));
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn requests_of_the_standard_library_are_calls() {
        check(
            "lib/a.rb",
            r##"require 'net/http'
            def a
              Net::HTTP.get(URI("#{ENV['ORDERS_URL']}/orders?x=1"))
              Net::HTTP.get_response('stock', '/items')
              uri = URI.parse('http://tax/rates')
              http = Net::HTTP.new(uri.host, uri.port)
              request = Net::HTTP::Post.new(uri.request_uri)
              http.request(request)
            end
            def b
              Net::HTTP.start(ENV['MAIL_HOST'], 8080) do |http|
                http.post('/send', body)
              end
              cache.get('/trap')
            end"##,
            "3 call http GET env(ORDERS_URL)+/orders limited (net-http)
             4 call http GET http://stock/items limited (net-http)
             7 call http POST http://tax/rates limited (net-http)
             12 call http POST http://+env(MAIL_HOST)+:8080/send limited (net-http)",
        );
    }

    #[test]
    fn requests_of_faraday_are_calls() {
        check(
            "lib/b.rb",
            r##"class Orders
              def initialize(url: ENV.fetch('ORDERS_URL', 'http://orders'))
                @conn = Faraday.new(url: url) do |f|
                  f.options.timeout = 5
                end
              end
              def all(id)
                @conn.get("/orders/#{id}").body
                connection.post('items') { |r| r.body = 'x' }
                connection.put do |r|
                  r.url '/late'
                end
                Faraday.delete('http://stock/items')
                @other.get('/trap')
              end
              def connection
                @connection ||= Faraday.new('http://stock')
              end
            end"##,
            "8 call http GET env(ORDERS_URL or http://orders)+/orders/+parameter(Orders.all 0) limited (faraday)
             9 call http POST http://stock/items (faraday)
             10 call http PUT http://stock/late (faraday)
             13 call http DELETE http://stock/items (faraday)",
        );
    }

    #[test]
    fn requests_of_other_clients_are_calls() {
        check(
            "lib/c.rb",
            r##"class Party
              include HTTParty
              base_uri ENV['PARTY_URL']
              def a
                self.class.get('/x', query: {})
              end
              def self.b
                post('/y')
              end
            end
            Party.get('/z')
            HTTParty.get("http://a1/b")
            RestClient.post "#{ENV['B_URL']}/c", body, headers
            RestClient::Request.execute(method: :put, url: 'http://c1/d', timeout: 3)
            resource = RestClient::Resource.new('http://d1')
            resource['e'].get
            connection = Excon.new('http://e1')
            connection.request(method: :get, path: '/f')
            connection.post(path: '/g')
            HTTP.timeout(3).get('http://f1/h')
            HTTP.post('http://g1')
            Typhoeus.get('http://h1/i')
            Typhoeus::Request.new('http://i1', method: :post)
            URI.open('http://j1/k')
            class Order < ActiveResource::Base
              self.site = ENV['ORDERS_URL']
            end"##,
            "5 call http GET env(PARTY_URL)+/x limited (httparty)
             8 call http POST env(PARTY_URL)+/y limited (httparty)
             11 call http GET env(PARTY_URL)+/z limited (httparty)
             12 call http GET http://a1/b limited (httparty)
             13 call http POST env(B_URL)+/c limited (rest-client)
             14 call http PUT http://c1/d limited (rest-client)
             16 call http GET http://d1/e limited (rest-client)
             18 call http GET http://e1/f limited (excon)
             19 call http POST http://e1/g limited (excon)
             20 call http GET http://f1/h limited (http.rb)
             21 call http POST http://g1 unlimited (http.rb)
             22 call http GET http://h1/i unlimited (typhoeus)
             23 call http POST http://i1 unlimited (typhoeus)
             24 call http GET http://j1/k limited (open-uri)
             26 call http env(ORDERS_URL) (active-resource)",
        );
    }
}
