//! Clients for HTTP as a file sets them up, declares them or names their facade: which library they are of, their base, and their time.

use std::ops::Range;

use super::chain::{self, Chain};
use super::values;
use crate::extract::code::Code;
use crate::extract::code::value::unknown;
use crate::facts::Value;

/// Types of clients by the ends of their names, and by the modules that they come from.
const TYPES: [(&str, &str, Kind); 14] = [
    ("Client", "GuzzleHttp/Client", Kind::Guzzle),
    ("ClientInterface", "GuzzleHttp/ClientInterface", Kind::Guzzle),
    ("HttpClientInterface", "Symfony/Contracts/HttpClient", Kind::Symfony),
    ("HttpClientInterface", "Symfony/Component/HttpClient", Kind::Symfony),
    ("CurlHttpClient", "Symfony/Component/HttpClient", Kind::Symfony),
    ("HttpClient", "Symfony/Component/HttpClient", Kind::Symfony),
    ("PendingRequest", "Illuminate/Http/Client", Kind::Laravel),
    ("Factory", "Illuminate/Http/Client", Kind::Laravel),
    ("Browser", "Buzz/Browser", Kind::Other),
    ("Browser", "React/Http/Browser", Kind::Other),
    ("HttpMethodsClient", "Http/Client/Common", Kind::Other),
    ("HttpMethodsClientInterface", "Http/Client/Common", Kind::Other),
    ("Requests", "WpOrg/Requests", Kind::Other),
    ("Request", "Unirest/Request", Kind::Other),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Guzzle,
    Symfony,
    Laravel,
    Other,
}

/// A client, as far as the file tells.
#[derive(Clone)]
pub struct Client {
    pub kind: Kind,
    pub base: Option<Value>,
    pub limited: Option<bool>,
}

/// The client that an expression is.
pub fn client(code: &Code, range: Range<usize>, steps: u32) -> Option<Client> {
    let mut range = range;
    while code.is(range.start, "(") && code.after(range.start) == range.end {
        range = code.inside(range.start);
    }
    let start = range.start + usize::from(code.is(range.start, "\\"));
    if code.is(start, "new") {
        return made(code, start + 1, range.end);
    }
    if let Some(client) = facade(code, start, range.end) {
        return Some(client);
    }
    if steps == 0 {
        return None;
    }
    // `$client->withOptions([…])` and settings in a chain of Laravel.
    let links = |chain: &Chain| chain.links.iter().copied().take_while(|link| link.open < range.end).collect::<Vec<_>>();
    if let Some(chain) = Chain::at(code, start)
        && let links = links(&chain)
        && let (Some(first), Some(last)) = (links.first(), links.last())
        && code.after(last.open) == range.end
    {
        let is_own_method = code.is_any(chain.root.start, &["$this", "self", "static"]) && chain.root.len() == 1;
        let root = if is_own_method { start..code.after(first.open) } else { chain.root.clone() };
        if root.end < range.end {
            let of = client(code, root, steps - 1)?;
            return Some(settled(code, of, &links[usize::from(is_own_method)..]));
        }
    }
    if let Some(given) = values::given(code, start..range.end)
        && let Some(found) = client(code, given, steps - 1)
    {
        return Some(found);
    }
    declared(code, start..range.end)
}

/// `new Client(['base_uri' => …, 'timeout' => …])`.
fn made(code: &Code, from: usize, end: usize) -> Option<Client> {
    let open = (from..end).find(|&at| code.is(at, "(")).unwrap_or(end);
    let kind = kind_of(code, from..open)?;
    let options = if open < end { code.arguments(open).into_iter().next() } else { None };
    Some(with_options(code, Client { kind, base: None, limited: None }, options, true))
}

fn with_options(code: &Code, client: Client, options: Option<Range<usize>>, is_whole: bool) -> Client {
    let array = options.map(|options| array_of(code, options));
    let entry = |key: &str| array.clone().and_then(|array| chain::entry(code, array, key));
    let base = entry("base_uri").or_else(|| entry("base_url")).map(|range| values::value(code, range)).or(client.base);
    let is_open = array.clone().is_some_and(|array| chain::array_open(code, array).is_none());
    let limited = match entry("timeout").or_else(|| entry("max_duration")) {
        Some(_) => Some(true),
        // Guzzle waits for ever unless it is told otherwise.
        None if is_whole && client.kind == Kind::Guzzle && !is_open => Some(false),
        None => client.limited,
    };
    // Options from elsewhere may hold a base.
    let base = base.or_else(|| (is_open || has_spread(code, array)).then(|| unknown("the client's base")));
    Client { base, limited, ..client }
}

fn has_spread(code: &Code, array: Option<Range<usize>>) -> bool {
    array.is_some_and(|array| code.split(code.inside(array.start), ",").iter().any(|part| code.is(part.start, "...")))
}

/// The kind of client that a type is.
fn kind_of(code: &Code, range: Range<usize>) -> Option<Kind> {
    let words: Vec<&str> = range.filter_map(|at| code.word(at)).collect();
    let last = *words.last()?;
    let full = words.join("/");
    let imported = code.imports().get(words[0]).map_or(full, |of| {
        let (module, _) = of.split_once('#').unwrap_or((of, ""));
        [&[module], &words[1..]].concat().join("/")
    });
    let found = TYPES
        .iter()
        .find(|(name, module, _)| (*name == last || imported.ends_with(&format!("/{name}"))) && imported.starts_with(module));
    found.map(|(_, _, kind)| *kind)
}

/// `Http::…` of Laravel, `HttpClient::create(…)` of Symfony, `Requests::get(…)`.
fn facade(code: &Code, start: usize, end: usize) -> Option<Client> {
    // The last of a qualified name.
    let mut name = start;
    while code.is(name + 1, "\\") && code.word(name + 2).is_some() {
        name += 2;
    }
    let full = code.text_in(start..name + 1);
    let imported = |local: &str| code.imports().get(local).map_or("", |of| of);
    if code.is(name, "Http")
        && (full != "Http" && full.contains("Facades")
            || imported("Http").contains("Facades/Http")
            || imported("Http") == "Http#Http")
    {
        let chain = Chain::at(code, name);
        let links = chain.map_or(Vec::new(), |chain| chain.links.into_iter().filter(|link| link.name < end).collect());
        // Laravel waits for thirty seconds.
        let client = Client { kind: Kind::Laravel, base: None, limited: Some(true) };
        return Some(settled(code, client, &links));
    }
    if code.is(name, "HttpClient") && code.is(name + 1, "::") && imported("HttpClient").starts_with("Symfony/")
        || full.contains("Symfony\\Component\\HttpClient\\HttpClient")
    {
        let chain = Chain::at(code, name)?;
        let client = Client { kind: Kind::Symfony, base: None, limited: None };
        return Some(settled(code, client, &chain.links));
    }
    let is_static = end == name + 1 && code.is(end, "::");
    (is_static && kind_of(code, start..end) == Some(Kind::Other)).then_some(Client {
        kind: Kind::Other,
        base: None,
        limited: None,
    })
}

/// A client after calls that set it up.
fn settled(code: &Code, mut client: Client, links: &[chain::Link]) -> Client {
    for link in links {
        let arguments = code.arguments(link.open);
        let first = || arguments.first().map(|first| values::value(code, first.clone()));
        let text = code.text_of(link.name);
        match text {
            "baseUrl" | "setBaseUrl" | "withBase" | "createForBaseUri" => client.base = first().or(client.base),
            "timeout" | "withTimeout" => client.limited = Some(true),
            "withOptions" | "create" => client = with_options(code, client, arguments.first().cloned(), false),
            // A macro of the house sets the base.
            _ if client.kind == Kind::Laravel && client.base.is_none() && !is_laravel(text) => {
                client.base = Some(Value::Property { key: format!("Http.{text}").into(), default: None });
            }
            _ => {}
        }
    }
    client
}

/// Whether a call is one of Laravel's own.
fn is_laravel(name: &str) -> bool {
    let begins =
        ["with", "as", "accept", "attach", "before", "after", "dump", "dd", "retry", "throw", "max", "connect", "sink", "fake"];
    let whole = [
        "pool",
        "bodyFormat",
        "contentType",
        "replaceHeaders",
        "stub",
        "async",
        "macro",
        "buildClient",
        "new",
        "createPendingRequest",
        "timeout",
        "baseUrl",
        "globalOptions",
    ];
    begins.iter().any(|word| name.starts_with(word)) || whole.contains(&name)
}

/// A client that the file is given: its declared type tells.
fn declared(code: &Code, range: Range<usize>) -> Option<Client> {
    let name = code.word(range.end.checked_sub(1)?)?;
    let is_plain = range.len() == 1 || code.reads(range.start, &["$this", "->"]) && range.len() == 3;
    if !is_plain {
        return None;
    }
    let own = name.trim_start_matches('$');
    // A property may be given a parameter by another name.
    let given = values::given(code, range.clone()).filter(|given| given.len() == 1).and_then(|given| code.word(given.start));
    let names = [Some(format!("${own}")), given.map(str::to_owned)];
    let found = names.into_iter().flatten().find_map(|name| {
        let declared = code.occurrences(&name).iter().take(64).map(|&at| at as usize);
        declared.filter(|&at| at > 0 && code.word(at - 1).is_some()).find_map(|at| {
            let from = (at.saturating_sub(8)..at).rev().find(|&before| code.word(before).is_none() && !code.is(before, "\\"));
            let words = from.map_or(0, |from| from + 1)..at;
            // Modifiers stand before a type.
            let from = words
                .clone()
                .rev()
                .find(|&before| code.is_any(before, &["private", "protected", "public", "readonly", "static", "return", "new"]));
            if from.is_some_and(|from| code.is_any(from, &["return", "new"])) {
                return None;
            }
            kind_of(code, from.map_or(words.start, |from| from + 1)..at).map(|kind| (name.clone(), kind))
        })
    });
    if let Some((name, kind)) = found {
        // Symfony names what it injects by the parameter, where a client has a scope of its own.
        let is_scoped = kind == Kind::Symfony && !matches!(&*name, "$client" | "$httpClient" | "$http");
        let key = format!("http_client.{}", name.trim_start_matches('$'));
        let base = is_scoped.then(|| Value::Property { key: key.into(), default: None });
        let limited = (kind == Kind::Laravel).then_some(true);
        return Some(Client { kind, base, limited });
    }
    // Nothing declares its type, and it is named as the one client that the file imports.
    let lower = own.to_ascii_lowercase();
    let guzzle = code.imports().values().any(|of| of.starts_with("GuzzleHttp/Client#"));
    let is_named = lower.ends_with("client") || matches!(&*lower, "http" | "guzzle");
    (guzzle && is_named).then_some(Client { kind: Kind::Guzzle, base: None, limited: None })
}

/// The expression that a name of an array stands for.
pub fn array_of(code: &Code, range: Range<usize>) -> Range<usize> {
    values::given(code, range.clone()).unwrap_or(range)
}
