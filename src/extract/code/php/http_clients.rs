//! Requests over HTTP: Guzzle, Symfony's client, Laravel's `Http`, PSR-18 and clients that are written alike.
//!
//! A client is known by its set-up in the file, by its declared type, or by its facade. Its base address stands before the paths of its
//! requests; where only another file tells it, it stays unknown.

use std::ops::Range;
use std::sync::Arc;

use super::chain;
use super::clients::{Client, Kind, array_of, client};
use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::targets::{self, below, without_query};
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::unknown;
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Setting, Value};
use crate::source::Spanned;

pub const FRAMEWORK: Framework = Framework {
    name: "php-http",
    marks: &[
        "GuzzleHttp\\",
        "HttpClient",
        "Http::",
        "Http\\Client",
        "Buzz\\",
        "React\\Http",
        "PendingRequest",
        "WpOrg\\Requests",
        "Unirest\\",
        "Httpful\\",
        "Zend\\Http",
        "Amp\\Http",
    ],
    read,
};

/// What calls of a client are named, and the methods that they send; None where an argument tells.
const VERBS: [(&str, Option<&str>); 18] = [
    ("get", Some("GET")),
    ("post", Some("POST")),
    ("put", Some("PUT")),
    ("patch", Some("PATCH")),
    ("delete", Some("DELETE")),
    ("head", Some("HEAD")),
    ("options", Some("OPTIONS")),
    ("getAsync", Some("GET")),
    ("postAsync", Some("POST")),
    ("putAsync", Some("PUT")),
    ("patchAsync", Some("PATCH")),
    ("deleteAsync", Some("DELETE")),
    ("headAsync", Some("HEAD")),
    ("request", None),
    ("requestAsync", None),
    ("send", None),
    ("requestStreaming", None),
    ("createRequest", None),
];
fn read(code: &Code, output: &mut Output) {
    macros(code, output);
    for call in code.calls() {
        let name = code.text_of(call.name);
        if let Some((_, method)) = VERBS.iter().find(|(verb, _)| *verb == name) {
            if let Some(site) = request(code, call, *method) {
                output.facts.push(Fact::Call(site));
            }
        } else if name == "Request"
            && let Some(site) = psr_request(code, call)
        {
            output.facts.push(Fact::Call(site));
        }
    }
}

/// Whether a call is one of a client; wrappers of the house are not among them.
pub fn is_request(code: &Code, call: Call) -> bool {
    let name = code.text_of(call.name);
    VERBS.iter().find(|(verb, _)| *verb == name).is_some_and(|(_, method)| request(code, call, *method).is_some())
}

fn request(code: &Code, call: Call, method: Option<&str>) -> Option<CallSite> {
    let arrow = call.name.checked_sub(1).filter(|at| code.is_any(*at, &["->", "::"]))?;
    let arguments = code.arguments(call.open);
    let client = if code.is(call.name, "createRequest") { factory(code) } else { client(code, call.start..arrow, 4) }?;
    let (method, target, options) = match method {
        Some(method) => (Some(Arc::from(method)), arguments.first()?, arguments.get(1)),
        None => {
            let [verb, target, ..] = &arguments[..] else { return None };
            // `send($request, $options)` of Guzzle is told where the request is made.
            if code.is(call.name, "send") && client.kind != Kind::Laravel {
                return None;
            }
            (verb_of(code, verb.clone())?, target, arguments.get(2))
        }
    };
    let target = code.named(&arguments, "uri").or(code.named(&arguments, "url")).unwrap_or_else(|| target.clone());
    let target = values::value(code, target);
    let own = options.filter(|_| client.kind != Kind::Laravel);
    let entry = |key: &str| own.and_then(|own| chain::entry(code, array_of(code, own.clone()), key));
    let base = entry("base_uri").map(|range| values::value(code, range)).or(client.base);
    let limited = match entry("timeout").or_else(|| entry("max_duration")) {
        Some(_) => Some(true),
        // Options that are put together elsewhere may say anything.
        None if client.limited == Some(false)
            && own.is_some_and(|own| chain::array_open(code, array_of(code, own.clone())).is_none()) =>
        {
            None
        }
        None => client.limited,
    };
    let target = match base {
        Some(base) => below(base, target),
        None if targets::has_scheme(&target) || !begins_with_path(&target) => target,
        None => below(unknown("the client's base"), target),
    };
    let name = match client.kind {
        Kind::Guzzle => "guzzle",
        Kind::Symfony => "symfony-http-client",
        Kind::Laravel => "laravel-http",
        Kind::Other => FRAMEWORK.name,
    };
    Some(site(code, call, name, method, target, limited))
}

fn begins_with_path(value: &Value) -> bool {
    matches!(targets::first(value), Value::Literal(_))
}

fn site(code: &Code, call: Call, client: &str, method: Option<Arc<str>>, target: Value, limited: Option<bool>) -> CallSite {
    CallSite {
        at: code.location(call.name..code.after(call.open)),
        kind: CallKind::Http,
        client: client.into(),
        target: without_query(target),
        method,
        name: None,
        exchange: None,
        limited,
    }
}

/// The method that an argument says; None where it is no method at all.
fn verb_of(code: &Code, range: Range<usize>) -> Option<Option<Arc<str>>> {
    match values::value(code, range) {
        Value::Literal(text) if !text.is_empty() && text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
            Some(Some(text.to_ascii_uppercase().into()))
        }
        Value::Literal(_) => None,
        Value::Symbol(symbol) => {
            let last = symbol.rsplit(['.', '_', '#']).next().unwrap_or_default().to_ascii_uppercase();
            Some(Some(last.into()).filter(|_| symbol.contains("METHOD")))
        }
        _ => Some(None),
    }
}

/// `new Request('GET', $url)` of PSR-7, which some client sends.
fn psr_request(code: &Code, call: Call) -> Option<CallSite> {
    let made = (call.name.saturating_sub(8)..call.name).rev().find(|&at| code.word(at).is_none() && !code.is(at, "\\"));
    let is_new = (made.map_or(0, |at| at + 1)..call.name).any(|at| code.is(at, "new"));
    let is_psr = code.imports().get("Request").is_some_and(|of| of.contains("Psr7/") || of.starts_with("Amp/Http/Client"))
        || code.text_in(call.name.saturating_sub(3)..call.name + 1).contains("Psr7");
    let arguments = code.arguments(call.open);
    let [first, rest @ ..] = &arguments[..] else { return None };
    if !is_new || !is_psr {
        return None;
    }
    let (method, target) = match rest.first() {
        // `new Request($url)` and `new Request($url, 'POST')` of Amp.
        _ if code.imports().get("Request").is_some_and(|of| of.starts_with("Amp/")) => {
            (rest.first().map_or(Some(Some("GET".into())), |verb| verb_of(code, verb.clone()))?, first.clone())
        }
        Some(target) => (verb_of(code, first.clone())?, target.clone()),
        None => return None,
    };
    let target = values::value(code, target);
    let target = match targets::has_scheme(&target) || !begins_with_path(&target) {
        true => target,
        false => below(unknown("the client's base"), target),
    };
    Some(site(code, call, "psr-http", method, target, None))
}

/// A factory of requests of PSR-17: whoever makes a request with it sends it.
fn factory(code: &Code) -> Option<Client> {
    let known = code.imports().values().any(|of| of.contains("RequestFactoryInterface") || of.contains("Psr17FactoryDiscovery"));
    known.then_some(Client { kind: Kind::Other, base: None, limited: None })
}

/// `Http::macro('orders', fn () => Http::baseUrl(…))`: settings that calls of other files refer to.
fn macros(code: &Code, output: &mut Output) {
    let mut settings = Vec::new();
    for &at in code.occurrences("macro") {
        let name = at as usize;
        if !(name > 1 && code.is(name - 2, "Http") && code.is(name + 1, "(")) {
            continue;
        }
        let arguments = code.arguments(name + 1);
        let [called, body, ..] = &arguments[..] else { continue };
        let Some(text) = code.literal(called.start) else { continue };
        let Some(base) = body.clone().find(|&at| code.is(at, "baseUrl") && code.is(at + 1, "(")) else { continue };
        if code.kind(called.start) != Some(TokenKind::Literal) {
            continue;
        }
        let Some(value) = targets::setting_text(&values::value(code, code.inside(base + 1))) else { continue };
        settings.push(Setting {
            key: format!("Http.{text}").into(),
            value: Spanned::new(value.into(), code.at(base)),
            profile: None,
        });
    }
    if !settings.is_empty() {
        output.facts.push(Fact::Settings { settings });
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn requests_of_guzzle_are_calls() {
        check(
            "src/Orders.php",
            r#"<?php
            namespace App;
            use GuzzleHttp\Client;
            use GuzzleHttp\ClientInterface;
            class Orders {
                private $client;
                public function __construct(private ClientInterface $http, $other) {
                    $this->client = new Client(['base_uri' => getenv('ORDERS_URL'), 'timeout' => 2.0]);
                    $this->cache = $other;
                }
                public function all($id) {
                    $this->client->get('/orders?page=1');
                    $this->client->request('POST', "orders/{$id}", ['json' => []]);
                    $this->http->requestAsync('GET', '/stock');
                    $this->cache->get('/trap');
                    $plain = new Client();
                    $plain->delete('http://stock/items/' . $id);
                    $plain->delete('http://stock/items', ['timeout' => 1]);
                    (new \GuzzleHttp\Client(['base_uri' => 'http://mail/']))->postAsync('send');
                }
            }"#,
            "12 call http GET env(ORDERS_URL)+/orders limited (guzzle)
             13 call http POST env(ORDERS_URL)+/orders/+parameter(Orders.all 0) limited (guzzle)
             14 call http GET ?the client's base+/stock (guzzle)
             17 call http DELETE http://stock/items/+parameter(Orders.all 0) unlimited (guzzle)
             18 call http DELETE http://stock/items limited (guzzle)
             19 call http POST http://mail/send unlimited (guzzle)",
        );
    }

    #[test]
    fn requests_of_symfony_are_calls() {
        check(
            "src/Stock.php",
            r#"<?php
            use Symfony\Contracts\HttpClient\HttpClientInterface;
            use Symfony\Component\HttpClient\HttpClient;
            class Stock {
                public function __construct(private HttpClientInterface $client, private readonly HttpClientInterface $stockClient, #[Autowire('%env(STOCK_URL)%')] private string $url) {}
                public function all() {
                    $this->client->request('GET', $this->url . '/items', ['max_duration' => 3]);
                    $this->stockClient->request('PUT', '/items/' . $id);
                    $own = HttpClient::create(['base_uri' => 'http://mail']);
                    $own->request('POST', '/send');
                    HttpClient::createForBaseUri($_ENV['A_URL'])->request('GET', '/a');
                    $this->bus->request('GET', '/trap');
                }
            }"#,
            "7 call http GET env(STOCK_URL)+/items limited (symfony-http-client)
             8 call http PUT property(http_client.stockClient)+/items/+?$id (symfony-http-client)
             10 call http POST http://mail/send (symfony-http-client)
             11 call http GET env(A_URL)+/a (symfony-http-client)
             12 invokes *#request(GET, /trap)",
        );
    }

    #[test]
    fn requests_of_laravel_are_calls() {
        check(
            "app/Services/Stock.php",
            r#"<?php
            namespace App\Services;
            use Illuminate\Support\Facades\Http;
            class Stock {
                private function client() {
                    return Http::baseUrl(config('services.stock.url'))->acceptJson()->timeout(3);
                }
                public function all() {
                    Http::get(env('A_URL', 'http://a') . '/x');
                    Http::withToken($t)->baseUrl('http://b')->post('y', []);
                    $this->client()->get('/items');
                    $this->client()->asForm()->put("/items/$id");
                    Http::orders()->get('/z');
                    Http::fake();
                }
            }"#,
            "9 call http GET env(A_URL or http://a)+/x limited (laravel-http)
             10 call http POST http://b/y limited (laravel-http)
             11 call http GET property(services.stock.url)+/items limited (laravel-http)
             12 call http PUT property(services.stock.url)+/items/+?$id limited (laravel-http)
             13 call http GET property(Http.orders)+/z limited (laravel-http)",
        );
    }

    #[test]
    fn requests_of_psr_are_calls_where_they_are_made() {
        check(
            "src/Psr.php",
            "<?php\nuse GuzzleHttp\\Psr7\\Request;\n$client->send(new Request('PUT', 'http://a/b'));\nuse Symfony\\Component\\HttpFoundation\\Request;\n",
            "",
        );
        check(
            "src/Psr.php",
            "<?php\nuse GuzzleHttp\\Psr7\\Request;\nuse Psr\\Http\\Message\\RequestFactoryInterface;\n$client->send(new Request('PUT', 'http://a/b'));\n$f->createRequest('GET', '/c');\n",
            "4 call http PUT http://a/b (psr-http)\n5 call http GET ?the client's base+/c (php-http)",
        );
    }
}
