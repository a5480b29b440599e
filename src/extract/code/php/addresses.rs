//! Addresses that code names outside of the calls that are known, and calls of what may be a wrapper of the house.
//!
//! It reads what the other readers left over, so that it stands last among them.

use std::ops::Range;
use std::sync::Arc;

use super::chain::Chain;
use super::{grpc_stubs, http_clients, producers, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::targets::{self, Told};
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::unknown;
use crate::extract::code::{Code, Framework};
use crate::extract::deployment::secret;
use crate::facts::{Address, Fact, Invocation, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "php-addresses",
    marks: &[
        "http://",
        "https://",
        "getenv(",
        "env('",
        "env(\"",
        "$_ENV[",
        "$_SERVER['",
        "config('services.",
        "->get('/",
        "->post('/",
        "->get(\"/",
        "->post(\"/",
        "->request(",
        "->addArgument(",
        "amqp://",
        "redis://",
        "_URL",
        "_HOST",
    ],
    read,
};

const MOST_ADDRESSES: usize = 200;
const MOST_INVOCATIONS: usize = 100;

/// Functions of the language and of frameworks that call no other service.
const KNOWN: &[&str] = &[
    "array",
    "sprintf",
    "printf",
    "vsprintf",
    "env",
    "getenv",
    "putenv",
    "config",
    "define",
    "defined",
    "constant",
    "require",
    "require_once",
    "include",
    "include_once",
    "view",
    "render",
    "route",
    "redirect",
    "trans",
    "header",
    "str_replace",
    "explode",
    "implode",
    "in_array",
    "isset",
    "unset",
    "empty",
    "rtrim",
    "ltrim",
    "trim",
    "strpos",
    "stripos",
    "str_starts_with",
    "str_ends_with",
    "str_contains",
    "substr",
    "parse_url",
    "filter_var",
    "file_exists",
    "file_get_contents",
    "file_put_contents",
    "fopen",
    "is_file",
    "is_dir",
    "mkdir",
    "date",
    "json_encode",
    "json_decode",
    "echo",
    "info",
    "error",
    "warning",
    "debug",
    "log",
    "critical",
    "notice",
    "setParameter",
    "getParameter",
    "has",
    "PDO",
    "mysqli",
    "SoapClient",
    "baseUrl",
    "createForBaseUri",
    "newTopic",
    "createQueue",
    "createTopic",
    "queue_declare",
    "exchange_declare",
    "basic_consume",
    "setName",
    "connect",
    "addTag",
    "register",
    "setAlias",
    "setFactory",
    "addArgument",
    "addMethodCall",
    "dirname",
    "storage_path",
    "base_path",
    "database_path",
    "public_path",
    "resource_path",
    "app_path",
    "addRoute",
    "addGroup",
    "group",
    "url",
    "asset",
    "addFlash",
    "redirectToRoute",
];
/// Where classes of libraries come from.
const VENDORS: [&str; 30] = [
    "Symfony/",
    "Illuminate/",
    "GuzzleHttp/",
    "Monolog/",
    "Psr/",
    "Aws/",
    "Doctrine/",
    "PhpAmqpLib/",
    "Slim/",
    "Laminas/",
    "Zend/",
    "League/",
    "Twig/",
    "OpenTelemetry/",
    "Google/",
    "MongoDB/",
    "Predis/",
    "Enqueue/",
    "Interop/",
    "Junges/",
    "RdKafka/",
    "Dotenv/",
    "Carbon/",
    "Ramsey/",
    "Nyholm/",
    "React/",
    "Amp/",
    "DI/",
    "Faker/",
    "PHPUnit/",
];
/// Words in names of functions that reach out, whatever they are given.
const REACHING: [&str; 16] = [
    "publish", "send", "emit", "dispatch", "produce", "call", "request", "fetch", "queue", "topic", "push", "notify", "client",
    "api", "post", "http",
];
/// What a server tells of a request is no partner.
const OF_REQUESTS: [&str; 9] =
    ["REQUEST_", "HTTP_", "SERVER_", "REMOTE_", "SCRIPT_", "DOCUMENT_", "QUERY_", "APP_URL", "APP_HOST"];

fn read(code: &Code, output: &mut Output) {
    let mut told = Told::of(&output.facts);
    let found = addresses(code, &mut told);
    if !found.is_empty() {
        output.facts.push(Fact::Addresses { addresses: found });
    }
    let brokers = producers::Brokers::of(code);
    let is_known = |call: Call| is_known(code, call, brokers);
    let mut invocations = code.invocations_of(&|range| values::value(code, range), &is_known, &|call| callee(code, call));
    let has_routes = output.facts.iter().any(|fact| matches!(fact, Fact::Routing(_)));
    invocations.retain(|invocation| reaches(invocation, has_routes));
    invocations.extend(registered(code));
    if !invocations.is_empty() {
        output.facts.push(Fact::Invocations { invocations });
    }
}

/// What a call calls; a property is declared with its sign, and `static` is the class itself.
fn callee(code: &Code, call: Call) -> Arc<str> {
    let name = code.text_of(call.name);
    let receiver = code.receiver_name(call).unwrap_or_default();
    match receiver.strip_prefix("$this.") {
        Some(property) if !property.contains('.') => match code.declared_type(&format!("${property}")) {
            Some(of) => format!("{}.{name}", code.symbol(of)).into(),
            None => code.callee(call),
        },
        None if receiver == "static" => {
            let of = code.type_around(call.name).map_or(String::new(), |of| format!("{of}."));
            format!("#{of}{name}").into()
        }
        _ => code.callee(call),
    }
}

/// Whether a function may be a wrapper around a client. Where routes are registered, verbs register them.
fn reaches(invocation: &Invocation, has_routes: bool) -> bool {
    let function = &*invocation.function;
    let name = function.rsplit(['#', '.']).next().unwrap_or(function).to_ascii_lowercase();
    let registers =
        matches!(&*name, "get" | "post" | "put" | "patch" | "delete" | "any" | "map" | "match" | "add" | "prefix" | "resource");
    if VENDORS.iter().any(|vendor| function.starts_with(vendor)) || has_routes && registers {
        return false;
    }
    let is_open = |value: &Value| match targets::first(value) {
        Value::Env { .. } | Value::Property { .. } => true,
        Value::Symbol(symbol) => !VENDORS.iter().any(|vendor| symbol.starts_with(vendor)),
        Value::Literal(text) => (text.starts_with('/') || targets::is_address(text)) && !text.contains([' ', '%']),
        _ => false,
    };
    REACHING.iter().any(|word| name.contains(word)) || invocation.arguments.iter().any(is_open)
}

fn is_known(code: &Code, call: Call, brokers: producers::Brokers) -> bool {
    let name = code.text_of(call.name);
    let before = |index: usize| call.name.checked_sub(index);
    // Declarations look like calls, and attributes do.
    before(1).is_some_and(|at| code.is_any(at, &["function", "fn", "[", "&", "\\"]))
        || before(2).is_some_and(|at| code.is(at, "#"))
        || KNOWN.contains(&name)
        || name.starts_with("curl_")
        || name.starts_with("preg_")
        || name.starts_with("wp_")
        || name.starts_with("assert")
        || name.ends_with("Exception")
        || code.is_any(call.start, &["Route", "Log", "Schema", "DB", "$router", "$routes", "$app"])
        || grpc_stubs::is_made(code, call)
        || http_clients::is_request(code, call)
        || producers::is_sent(code, call, brokers)
}

fn addresses(code: &Code, told: &mut Told) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    let mut at = 0;
    while at < code.len() && found.len() < MOST_ADDRESSES {
        let next = at + 1;
        let range = match code.kind(at) {
            Some(TokenKind::Literal) => literal_range(code, at),
            Some(TokenKind::Word) => variable_range(code, at),
            _ => None,
        };
        at = next;
        let Some(range) = range else { continue };
        at = range.end.max(next);
        let value = values::value(code, range.clone());
        let may_tell = match targets::first(&value) {
            Value::Literal(text) => {
                targets::is_address(text) || matches!(&value, Value::Concat(_)) && targets::has_scheme(&value)
            }
            Value::Env { name, default } | Value::Property { key: name, default } => {
                targets::may_name_address(name)
                    || matches!(default.as_deref(), Some(Value::Literal(text)) if targets::is_address(text))
            }
            _ => false,
        };
        let is_request = matches!(&value, Value::Env { name, .. } if OF_REQUESTS.iter().any(|begin| name.starts_with(begin)));
        let name = named(code, range.start);
        let is_origin = name.as_deref().is_some_and(|name| name.to_ascii_lowercase().contains("origin"));
        if may_tell && !is_origin && !is_request && told.add_new(&value) {
            found.push(Address { at: code.location(range), value, name });
        }
    }
    found
}

/// A literal that is an address, with what is joined to it.
fn literal_range(code: &Code, at: usize) -> Option<Range<usize>> {
    let text = code.text_of(at).trim_matches(['"', '\'']);
    let begins = text.starts_with("http://") || text.starts_with("https://");
    if !begins && !targets::is_address(text) {
        return None;
    }
    // What an attribute documents, and a default of a variable is read with it.
    let is_quiet = at > 0 && code.is_any(at - 1, &["@", "echo"]);
    (!is_quiet).then(|| at..if begins { joined_end(code, at + 1) } else { at + 1 })
}

/// A read of the environment or of a setting, with its default.
fn variable_range(code: &Code, at: usize) -> Option<Range<usize>> {
    let is_member = at > 0 && code.is_any(at - 1, &["->", "function", "::"]);
    let is_read = match code.text_of(at) {
        "env" | "getenv" | "config" => code.is(at + 1, "(") && !is_member,
        "$_ENV" | "$_SERVER" => code.is(at + 1, "["),
        "Env" => code.reads(at + 1, &["::", "get", "("]),
        _ => false,
    };
    is_read.then(|| at..joined_end(code, at + 1))
}

/// Where what is joined to a text ends, alternatives included.
fn joined_end(code: &Code, from: usize) -> usize {
    let mut end = from;
    while end < code.len()
        && !code.is_any(end, &[";", ",", "=>", "?", ":", "&&", "||", "==", "===", "!=", "!=="])
        && code.kind(end) != Some(TokenKind::Close)
    {
        end = code.after(end);
    }
    end
}

/// What a value is given to: a variable, a property, a key.
fn named(code: &Code, start: usize) -> Option<Arc<str>> {
    let mark = start.checked_sub(1)?;
    let name = mark.checked_sub(1)?;
    if !code.is_any(mark, &["=", "=>", ",", ":"]) {
        return None;
    }
    match code.kind(name)? {
        TokenKind::Word if !code.is(mark, ",") => Some(code.text_of(name).trim_start_matches('$').into()),
        // `define('NAME', …)`, `setParameter('name', …)`.
        TokenKind::Literal if !code.is(mark, ",") || name > 0 && code.is(name - 1, "(") => {
            code.literal(name).filter(|text| text.len() < 100).map(|text| text.as_ref().into())
        }
        _ => None,
    }
}

/// `$container->register(Orders::class)->addArgument($url)`: what the constructor is given.
fn registered(code: &Code) -> Vec<Invocation> {
    let mut found = Vec::new();
    for &at in code.occurrences("addArgument").iter().take(MOST_INVOCATIONS) {
        let start = code.chain_start(at as usize);
        let Some(chain) = Chain::at(code, start) else { continue };
        let Some(register) = chain.link(code, "register").or_else(|| chain.link(code, "set")) else { continue };
        // The chain is read once, at its first argument.
        if chain.links.iter().find(|link| code.is(link.name, "addArgument")).is_none_or(|link| link.name != at as usize) {
            continue;
        }
        let class = code.arguments(register.open).into_iter().find(|part| code.is(part.end.saturating_sub(1), "class"));
        let Some(Value::Symbol(function)) = class.map(|class| values::value(code, class)) else { continue };
        let given = chain.links.iter().filter(|link| code.is(link.name, "addArgument"));
        let arguments = given.map(|link| parameter(code, code.inside(link.open))).collect();
        found.push(Invocation { at: code.location(start..chain.end), function, arguments });
    }
    found
}

/// A value; `$container->getParameter('name')` reads as what the file sets it to.
fn parameter(code: &Code, range: Range<usize>) -> Value {
    let value = values::value(code, range);
    let Value::Property { key, default: None } = &value else { return value };
    if secret::is_secret(key) {
        return unknown("a secret");
    }
    let set = code.occurrences("setParameter").iter().take(MOST_INVOCATIONS).map(|&at| at as usize + 1);
    let found = set.filter(|&open| code.is(open, "(")).find_map(|open| {
        let [name, given] = &code.arguments(open)[..] else { return None };
        (code.literal(name.start)? == **key).then(|| values::value(code, given.clone()))
    });
    found.unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn addresses_outside_of_calls_are_told() {
        check(
            "src/a.php",
            r#"<?php
            $orders = getenv('ORDERS_URL') ?: 'http://orders:8080';
            $debug = getenv('DEBUG');
            $key = env('API_KEY');
            $c = ['stock' => env('STOCK_HOST', 'stock'), 'allowed_origins' => ['http://localhost:3000'], 'xmlns' => 'http://www.w3.org/2000/svg'];
            define('MAIL', 'http://mail/' . $path);
            $again = getenv('ORDERS_URL');
            log("see http://docs for more");
            $broker = 'kafka:9092';"#,
            "2 address env(ORDERS_URL or http://orders:8080) as orders
             5 address env(STOCK_HOST or stock) as stock
             5 address http://localhost:3000
             6 address http://mail/+?$path as MAIL
             9 address kafka:9092 as broker",
        );
    }

    #[test]
    fn calls_of_wrappers_are_invocations() {
        check(
            "src/b.php",
            r#"<?php
            use App\Client\OrdersApi;
            class B {
                public function __construct(private OrdersApi $orders) {}
                public function all() {
                    $this->orders->request('/orders');
                    $this->call('/stock/' . $id);
                    $api = new OrdersApi(getenv('ORDERS_URL'));
                    echo sprintf('%s/x', 'a/b');
                }
            }"#,
            "8 address env(ORDERS_URL)
             6 invokes App/Client/OrdersApi#OrdersApi.request(/orders)
             7 invokes #B.call(/stock/+?$id)
             8 invokes App/Client/OrdersApi#OrdersApi(env(ORDERS_URL))",
        );
        check(
            "src/Kernel.php",
            "<?php\nuse App\\Catalogue;\n$c->setParameter('url', getenv('A_URL') ?: 'http://a');\n$c->register(Catalogue::class)\n->addArgument($c->getParameter('url'))->setAutowired(true);",
            "3 address env(A_URL or http://a) as url\n4 invokes App/Catalogue#Catalogue(env(A_URL or http://a))",
        );
    }
}
