//! Clients for HTTP as a file of Ruby sets them up: which library they are of, their base, and their time.

use std::ops::Range;

use super::values::{self, arguments};
use crate::extract::code::Code;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::targets::{self, below};
use crate::extract::code::value::{concat, literal, unknown};
use crate::facts::Value;

/// Tokens of a set-up that are looked at.
const LONGEST_SETUP: usize = 400;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Net,
    Faraday,
    Httparty,
    RestClient,
    Excon,
    Typhoeus,
    HttpRb,
    Httpx,
    Open,
    Curl,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Net => "net-http",
            Kind::Faraday => "faraday",
            Kind::Httparty => "httparty",
            Kind::RestClient => "rest-client",
            Kind::Excon => "excon",
            Kind::Typhoeus => "typhoeus",
            Kind::HttpRb => "http.rb",
            Kind::Httpx => "httpx",
            Kind::Open => "open-uri",
            Kind::Curl => "curb",
        }
    }

    /// Whether it ends after a time of its own where nothing is set.
    pub fn limited(self) -> Option<bool> {
        match self {
            Kind::Net | Kind::Httparty | Kind::RestClient | Kind::Excon | Kind::Open | Kind::Httpx => Some(true),
            Kind::Typhoeus | Kind::HttpRb | Kind::Curl => Some(false),
            Kind::Faraday => None,
        }
    }
}

#[derive(Clone)]
pub struct Client {
    pub kind: Kind,
    pub base: Option<Value>,
    pub limited: Option<bool>,
}

/// The connection of Net::HTTP that the method around a token opens.
pub fn connection_around(code: &Code, at: usize) -> Option<Client> {
    let body = code.enclosing(at, ItemKind::Function).map_or(0..code.len(), |of| of.body.clone());
    let mut places = code.occurrences_in(body, "HTTP").iter().take(32).map(|&place| place as usize);
    places.find_map(|place| {
        let is_opened = code.is(place + 1, ".") && code.is_any(place + 2, &["new", "start"]);
        is_opened.then(|| net(code, place + 2)).filter(|client| client.base.is_some())
    })
}

/// `Net::HTTP.new(host, port)`, `Net::HTTP.start(uri.host, uri.port)`.
fn net(code: &Code, name: usize) -> Client {
    let arguments = arguments(code, name);
    let mut client = Client { kind: Kind::Net, base: None, limited: Kind::Net.limited() };
    let Some(host) = arguments.first().cloned() else { return client };
    // `uri.host` of an address that is known.
    let is_part = host.len() > 2 && code.is_any(host.end - 1, &["host", "hostname"]) && code.is(host.end - 2, ".");
    if is_part {
        let whole = values::value(code, host.start..host.end - 2);
        client.base = Some(whole).filter(|whole| !matches!(whole, Value::Unknown(_)));
        return client;
    }
    let host = values::value(code, host);
    if matches!(host, Value::Unknown(_)) {
        return client;
    }
    let port = code.positional(&arguments).nth(1).map(|port| values::value(code, port.clone()));
    let is_secure =
        arguments.iter().any(|argument| code.is(argument.start, "use_ssl") && code.text_in(argument.clone()).ends_with("true"));
    let scheme = literal(if is_secure || port == Some(literal("443")) { "https://" } else { "http://" });
    let host = if targets::has_scheme(&host) { host } else { concat([scheme, host]) };
    client.base = Some(match port {
        Some(Value::Unknown(_)) | None => host,
        Some(port) => concat([host, literal(":"), port]),
    });
    client
}

/// The client that an expression is.
pub fn client(code: &Code, range: Range<usize>, steps: u32) -> Option<Client> {
    let start = range.start + usize::from(code.is(range.start, "::"));
    let plain = |kind: Kind| Client { kind, base: None, limited: kind.limited() };
    if let Some(first) = code.word(start).filter(|word| word.starts_with(|first: char| first.is_uppercase())) {
        let limit = range.end.min(start + LONGEST_SETUP);
        let set_up = start..limit;
        let word_at = |words: &[&str]| set_up.clone().find(|&at| code.is_any(at, words));
        let says_time = word_at(&["timeout", "open_timeout", "read_timeout", "timeout_ms", "max_time"]).is_some();
        let with_time = |client: Client| if says_time { Client { limited: Some(true), ..client } } else { client };
        // What the constant's own call is given.
        let maker = |names: &[&str]| {
            set_up.clone().take(8).find(|&at| code.is_any(at, names) && code.is_any(at.wrapping_sub(1), &[".", "::"]))
        };
        let first_or = |name: usize, keys: &[&str]| {
            let arguments = arguments(code, name);
            let named = keys.iter().find_map(|key| code.named(&arguments, key));
            let positional = code.positional(&arguments).next().cloned();
            let found = named.or(positional).map(|range| values::value(code, range));
            found.filter(|value| !matches!(value, Value::Unknown(_)))
        };
        let client = match first {
            "Net" if code.reads(start, &["Net", "::", "HTTP"]) => match maker(&["new", "start"]) {
                Some(name) => net(code, name),
                None if range.end == start + 3 => plain(Kind::Net),
                None => return None,
            },
            "Faraday" => {
                let mut client = plain(Kind::Faraday);
                if let Some(name) = maker(&["new"]) {
                    client.base = first_or(name, &["url"]).or_else(|| Some(unknown("the client's base")));
                }
                client
            }
            "Excon" => {
                let mut client = plain(Kind::Excon);
                if let Some(name) = maker(&["new"]) {
                    client.base = first_or(name, &[]);
                }
                client
            }
            "RestClient" => {
                let mut client = plain(Kind::RestClient);
                if code.reads(start + 1, &["::", "Resource"])
                    && let Some(name) = maker(&["new"])
                {
                    client.base = first_or(name, &[]);
                    // `resource['orders']`
                    if code.is(range.end - 1, "]") {
                        let open = code.partner(range.end - 1);
                        let path = values::value(code, code.inside(open));
                        client.base = client.base.map(|base| below(base, path));
                    }
                }
                client
            }
            "HTTParty" => plain(Kind::Httparty),
            "Typhoeus" if range.end == start + 1 => plain(Kind::Typhoeus),
            "HTTP" => {
                let mut client = plain(Kind::HttpRb);
                if let Some(name) = maker(&["persistent"]) {
                    client.base = first_or(name, &[]);
                }
                client
            }
            "HTTPX" => plain(Kind::Httpx),
            "URI" if range.end == start + 1 => plain(Kind::Open),
            "Curl" if range.end == start + 1 => plain(Kind::Curl),
            _ => return None,
        };
        return Some(with_time(client));
    }
    if steps == 0 {
        return None;
    }
    // `resource['orders']`
    if code.is(range.end.checked_sub(1)?, "]") && code.partner(range.end - 1) > range.start {
        let open = code.partner(range.end - 1);
        let of = client(code, range.start..open, steps - 1).filter(|of| of.kind == Kind::RestClient)?;
        let path = values::value(code, code.inside(open));
        return Some(Client { base: of.base.map(|base| below(base, path)), ..of });
    }
    if let Some(given) = values::given(code, range.clone()) {
        return client(code, given, steps - 1);
    }
    let name = code.word(range.end - 1).filter(|_| range.len() == 1)?;
    opened(code, range.start, name).or_else(|| built(code, range.start, name, steps - 1))
}

/// What a block is given: `Net::HTTP.start(host, port) do |http|`.
fn opened(code: &Code, at: usize, name: &str) -> Option<Client> {
    let places = code.occurrences(name);
    let before = places.partition_point(|&place| (place as usize) < at);
    let given = places[..before].iter().rev().take(16).map(|&place| place as usize);
    given.filter(|&place| code.is(place.wrapping_sub(1), "|") && code.is(place + 1, "|")).find_map(|place| {
        let open = place.checked_sub(2).filter(|&open| code.is_any(open, &["do", "{"]) && code.partner(open) > at)?;
        let close = open.checked_sub(1)?;
        let maker = if code.is(close, ")") { code.partner(close).checked_sub(1)? } else { close };
        let start = (code.is(maker, "start")).then(|| code.chain_start(maker))?;
        code.reads(start + usize::from(code.is(start, "::")), &["Net", "::", "HTTP"]).then(|| net(code, maker))
    })
}

/// A method that makes a client: `def connection; @connection ||= Faraday.new(url: url) do … end; end`.
fn built(code: &Code, at: usize, name: &str, steps: u32) -> Option<Client> {
    let method = values::method(code, at, name)?;
    if method.body.contains(&at) || method.body.len() > LONGEST_SETUP {
        return None;
    }
    let makers = ["Faraday", "Excon", "RestClient", "HTTP", "Net", "HTTPX"];
    let start = method.body.clone().find(|&at| {
        code.is_any(at, &makers) && code.is_any(at + 1, &[".", "::"]) && !(at > 0 && code.is_any(at - 1, &["::", "."]))
    })?;
    client(code, start..method.body.end, steps)
}
