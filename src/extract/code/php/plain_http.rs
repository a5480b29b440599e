//! Requests over HTTP by functions of the language: curl, streams, SOAP, and those of WordPress.

use std::ops::Range;
use std::sync::Arc;

use super::chain;
use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::targets::{self, without_query};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "php-plain-http",
    marks: &["curl_init(", "CURLOPT_URL", "file_get_contents(", "fopen(", "SoapClient(", "wp_remote_"],
    read,
};

/// Options of curl stand in no more places of one function than this.
const MOST_OPTIONS: usize = 200;

fn read(code: &Code, output: &mut Output) {
    for call in code.calls().filter(|call| call.start == call.name) {
        let site = match code.text_of(call.name) {
            "curl_init" => curl(code, call),
            "curl_setopt" | "curl_setopt_array" => curl_option(code, call),
            "file_get_contents" | "fopen" => stream(code, call),
            "SoapClient" => soap(code, call),
            name => name.strip_prefix("wp_remote_").and_then(|verb| wordpress(code, call, verb)),
        };
        output.facts.extend(site.map(Fact::Call));
    }
}

fn site(code: &Code, call: Call, client: &str, method: Option<&str>, target: Value, limited: Option<bool>) -> CallSite {
    CallSite {
        at: code.location(call.start..code.after(call.open)),
        kind: CallKind::Http,
        client: client.into(),
        target: without_query(target),
        method: method.map(Arc::from),
        name: None,
        exchange: None,
        limited,
    }
}

/// `curl_init($url)`.
fn curl(code: &Code, call: Call) -> Option<CallSite> {
    let target = values::value(code, code.arguments(call.open).into_iter().next()?);
    is_known(&target).then(|| with_options(code, call, target))
}

/// `curl_setopt($handle, CURLOPT_URL, $url)`, `curl_setopt_array($handle, [CURLOPT_URL => $url])`.
fn curl_option(code: &Code, call: Call) -> Option<CallSite> {
    let arguments = code.arguments(call.open);
    let target = match &arguments[..] {
        [_, option, target] if code.is(option.start, "CURLOPT_URL") => target.clone(),
        [_, options] => option(code, options.clone(), "CURLOPT_URL")?,
        _ => return None,
    };
    let target = values::value(code, target);
    is_known(&target).then(|| with_options(code, call, target))
}

/// The value of a constant as key of an array.
fn option(code: &Code, array: Range<usize>, key: &str) -> Option<Range<usize>> {
    let array = values::given(code, array.clone()).unwrap_or(array);
    let open = chain::array_open(code, array)?;
    let mut entries = code.arguments(open).into_iter();
    entries.find(|entry| code.is(entry.start, key) && code.is(entry.start + 1, "=>")).map(|entry| entry.start + 2..entry.end)
}

/// A request of curl with what the function around it says of its method and time.
fn with_options(code: &Code, call: Call, target: Value) -> CallSite {
    let body = code.enclosing(call.name, ItemKind::Function).map_or(0..code.len(), |function| function.body.clone());
    let has = |name: &str| code.occurrences_in(body.clone(), name).first().map(|&at| at as usize);
    let limited = ["CURLOPT_TIMEOUT", "CURLOPT_TIMEOUT_MS"].iter().any(|name| has(name).is_some());
    let custom = code.occurrences_in(body.clone(), "CURLOPT_CUSTOMREQUEST").iter().take(MOST_OPTIONS).find_map(|&at| {
        let at = at as usize;
        code.is_any(at + 1, &[",", "=>"]).then(|| values::value(code, at + 2..values::expression_end(code, at + 2)))
    });
    let method = match &custom {
        Some(Value::Literal(text)) => Some(text.to_ascii_uppercase()),
        Some(_) => None,
        None if ["CURLOPT_POST", "CURLOPT_POSTFIELDS"].iter().any(|name| has(name).is_some()) => Some("POST".to_owned()),
        None if has("CURLOPT_PUT").is_some() => Some("PUT".to_owned()),
        None => Some("GET".to_owned()),
    };
    site(code, call, "curl", method.as_deref(), target, Some(limited))
}

fn is_known(value: &Value) -> bool {
    !matches!(value, Value::Unknown(_))
}

/// `file_get_contents('http://…')`: files are opened by the same functions, so that the address must tell.
fn stream(code: &Code, call: Call) -> Option<CallSite> {
    let arguments = code.arguments(call.open);
    let target = values::value(code, arguments.first()?.clone());
    let is_url = match targets::first(&target) {
        Value::Literal(_) => targets::has_scheme(&target),
        Value::Env { name, default } => {
            let names = |words: &[&str]| words.iter().any(|word| name.contains(word));
            default.as_deref().map_or(names(&["URL", "URI", "ENDPOINT"]), targets::has_scheme)
        }
        Value::Property { key, default } => {
            let key = key.to_ascii_lowercase();
            let names = key.contains("url") || key.contains("endpoint") || key.contains("uri");
            default.as_deref().map_or(names, targets::has_scheme)
        }
        _ => false,
    };
    if !is_url {
        return None;
    }
    let context = arguments.get(2).and_then(|context| values::given(code, context.clone()).or(Some(context.clone())));
    let options = context.filter(|context| code.is(context.start, "stream_context_create"));
    let said = |key: &str| {
        let mut inside = options.clone()?;
        let at = inside.find(|&at| code.literal(at).is_some_and(|text| text == key) && code.is(at + 1, "=>"))?;
        Some(values::value(code, at + 2..values::expression_end(code, at + 2)))
    };
    let method = match said("method") {
        Some(Value::Literal(method)) => Some(method.to_ascii_uppercase()),
        Some(_) => None,
        None => Some("GET".to_owned()),
    };
    let limited = said("timeout").map(|_| true);
    Some(site(code, call, "stream", method.as_deref(), target, limited))
}

/// `new SoapClient('http://…?wsdl')`.
fn soap(code: &Code, call: Call) -> Option<CallSite> {
    let before = call.name.checked_sub(1)?;
    let is_new = code.is(before, "new") || code.is(before, "\\") && before > 0 && code.is(before - 1, "new");
    let target = values::value(code, code.arguments(call.open).into_iter().next()?);
    let is_file = matches!(targets::first(&target), Value::Literal(_)) && !targets::has_scheme(&target);
    (is_new && is_known(&target) && !is_file).then(|| site(code, call, "soap", Some("POST"), target, None))
}

/// `wp_remote_get($url, $options)`: WordPress waits for five seconds.
fn wordpress(code: &Code, call: Call, verb: &str) -> Option<CallSite> {
    let method = match verb {
        "get" => Some("GET"),
        "post" => Some("POST"),
        "head" => Some("HEAD"),
        "request" => None,
        _ => return None,
    };
    let target = values::value(code, code.arguments(call.open).into_iter().next()?);
    is_known(&target).then(|| site(code, call, "wordpress-http", method, target, Some(true)))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn requests_of_curl_are_calls() {
        check(
            "src/Catalogue.php",
            r#"<?php
            class Catalogue {
                private $url;
                public function __construct(string $url) { $this->url = $url; }
                public function has(string $sku) {
                    $url = sprintf('%s/product/%s', $this->url, $sku);
                    $curl = curl_init($url);
                    curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true]);
                }
                public function save() {
                    $curl = curl_init();
                    curl_setopt($curl, CURLOPT_URL, getenv('A_URL') . '/a?b=c');
                    curl_setopt($curl, CURLOPT_TIMEOUT, 3);
                    curl_setopt($curl, CURLOPT_CUSTOMREQUEST, 'PUT');
                }
                public function add() {
                    $curl = curl_init();
                    curl_setopt_array($curl, array(CURLOPT_URL => 'http://b', CURLOPT_POST => true));
                }
            }"#,
            "7 call http GET parameter(Catalogue 0)+/product/+parameter(Catalogue.has 0) unlimited (curl)
             12 call http PUT env(A_URL)+/a limited (curl)
             18 call http POST http://b unlimited (curl)",
        );
    }

    #[test]
    fn streams_and_services_of_soap_are_calls() {
        check(
            "src/plain.php",
            r#"<?php
            $a = file_get_contents('http://stock/items');
            $b = file_get_contents(__DIR__ . '/a.json') . file_get_contents('php://input') . file_get_contents($path);
            $context = stream_context_create(['http' => ['method' => 'POST', 'timeout' => 3]]);
            $c = file_get_contents(getenv('STOCK_URL') . '/items', false, $context);
            $d = new \SoapClient('http://tax/service?wsdl');
            $e = wp_remote_post('http://f/g', $args);
            $h = new SoapClient('a.wsdl');"#,
            "2 call http GET http://stock/items (stream)
             5 call http POST env(STOCK_URL)+/items limited (stream)
             6 call http POST http://tax/service (soap)
             7 call http POST http://f/g limited (wordpress-http)",
        );
    }
}
