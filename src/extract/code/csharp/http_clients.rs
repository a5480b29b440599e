//! Requests of `HttpClient`: its own methods, those for JSON, and messages that are sent.
//!
//! A client that a class is given is set up where the class is registered: its base is the constant `Class.BaseAddress` of that file, and
//! a client by name has `name.BaseAddress` (see `registrations`).

use std::ops::Range;
use std::sync::Arc;

use super::registrations::base_name;
use super::syntax;
use super::values;
use super::{expressions, requests};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::Value;

pub const FRAMEWORK: Framework = Framework {
    name: "http-client",
    marks: &["HttpClient", "FromJsonAsync", "AsJsonAsync", "HttpRequestMessage", "CreateClient("],
    read,
};

/// Methods with the address as their first argument: name, HTTP method, and whether no other class has a method of this name.
const METHODS: [(&str, &str, bool); 18] = [
    ("GetAsync", "GET", false),
    ("GetStringAsync", "GET", false),
    ("GetStreamAsync", "GET", false),
    ("GetByteArrayAsync", "GET", false),
    ("GetFromJsonAsync", "GET", true),
    ("GetFromJsonAsAsyncEnumerable", "GET", true),
    ("PostAsync", "POST", false),
    ("PostAsJsonAsync", "POST", true),
    ("PostAsXmlAsync", "POST", true),
    ("PutAsync", "PUT", false),
    ("PutAsJsonAsync", "PUT", true),
    ("PatchAsync", "PATCH", false),
    ("PatchAsJsonAsync", "PATCH", true),
    ("DeleteAsync", "DELETE", false),
    ("DeleteFromJsonAsync", "DELETE", true),
    ("DeleteAsJsonAsync", "DELETE", true),
    ("SendAsync", "", false),
    ("Send", "", false),
];

/// Where a client sends its requests.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// What stands before relative addresses; None where only whole addresses are sent.
    pub base: Option<Value>,
    pub limited: Option<bool>,
}

fn read(code: &Code, output: &mut Output) {
    let unlimited = code.occurrences("InfiniteTimeSpan").len() + code.occurrences("Infinite").len() > 0;
    for call in code.calls() {
        let name = code.text_of(call.name);
        let Some(&(_, method, sure)) = METHODS.iter().find(|(known, ..)| *known == name) else { continue };
        if call.start == call.name {
            continue;
        }
        let receiver = code.receiver(call);
        let client = client(code, receiver.clone()).or_else(|| {
            (sure && !code.is(receiver.start, "base")).then_some(Client { base: Some(unknown("client")), limited: None })
        });
        let Some(mut client) = client else { continue };
        if client.limited == Some(true) && unlimited {
            client.limited = Some(false);
        }
        let arguments = code.arguments(call.open);
        let first = syntax::argument(code, &arguments, "requestUri", 0).or_else(|| syntax::named(code, &arguments, "request"));
        let Some(first) = first else { continue };
        // The head of a method of the same name, not a call of it.
        if requests::is_declared(code, call.open, &arguments) {
            continue;
        }
        let (method, address) = match method {
            "" => match message(code, first) {
                Some((method, address)) => (method, address),
                None => (None, unknown("request")),
            },
            method => (Some(Arc::from(method)), expressions::given(code, first)),
        };
        let target = target(client.base, address);
        requests::state(output, FRAMEWORK.name, requests::place(code, call), method, target, client.limited);
    }
}

/// The client that a receiver is; None where it is none.
pub fn client(code: &Code, receiver: Range<usize>) -> Option<Client> {
    let last = receiver.end.checked_sub(1)?;
    if code.is(last, ")") {
        let call = code.call_before(code.partner(last))?;
        return made(code, call, receiver.start);
    }
    let dotted = code.dotted(receiver.clone())?;
    let name = dotted.rsplit('.').next().unwrap_or(&dotted);
    by_name(code, name, receiver.start)
}

fn by_name(code: &Code, name: &str, at: usize) -> Option<Client> {
    let set = base_set(code, name, at);
    if let Some(range) = assigned_client(code, name, at) {
        let made = client_of(code, range)?;
        return Some(Client { base: set.or(made.base), limited: made.limited });
    }
    let of = code.declared_type(name);
    let injected = || {
        let place = code.occurrences(name).iter().take(60).find(|&&place| {
            let before = (place as usize).checked_sub(1);
            before.is_some_and(|before| code.is_any(before, &["HttpClient", "?"]))
        });
        place.map(|&place| place as usize)
    };
    match of {
        Some("HttpClient" | "HttpMessageInvoker") => {
            // A parameter of a function that is no constructor is anybody's client.
            let owner = code.type_around(at);
            let given = injected().is_some_and(|place| is_parameter_of_function(code, place));
            let base = match owner {
                Some(of) if !given => Value::Symbol(format!("#{}", base_name(of)).into()),
                _ => unknown("client"),
            };
            Some(Client { base: Some(set.unwrap_or(base)), limited: None })
        }
        Some(_) => None,
        None => {
            let lower = name.trim_start_matches('_').to_ascii_lowercase();
            let is_named = matches!(lower.as_str(), "httpclient" | "client" | "http") && mentions_clients(code);
            is_named.then(|| Client { base: Some(set.unwrap_or_else(|| unknown("client"))), limited: None })
        }
    }
}

fn mentions_clients(code: &Code) -> bool {
    ["HttpClient", "IHttpClientFactory", "CreateClient"].iter().any(|word| !code.occurrences(word).is_empty())
}

/// True for the name of a parameter of a method, false for one of a constructor or of the head of a class.
fn is_parameter_of_function(code: &Code, place: usize) -> bool {
    let around = code.items().partition_point(|item| item.start <= place);
    code.items()[..around].iter().rev().take(3).any(|item| {
        item.kind == ItemKind::Function
            && item.parameters.is_some_and(|open| code.inside(open).contains(&place))
            && !syntax::is_constructor(code, item)
    })
}

/// What makes the client that a name is assigned: in the function around, or in the type.
fn assigned_client(code: &Code, name: &str, at: usize) -> Option<Range<usize>> {
    let all = code.occurrences(name);
    let (before, after) = all.split_at(all.partition_point(|&place| (place as usize) < at));
    let makes = |&place: &u32| {
        let range = code.assignment(place as usize)?;
        // `_client = client` hands it on.
        (range.len() > 1).then_some(range)
    };
    before.iter().rev().take(60).find_map(makes).or_else(|| after.iter().take(60).find_map(makes))
}

fn client_of(code: &Code, range: Range<usize>) -> Option<Client> {
    let start = range.start + usize::from(code.is(range.start, "await"));
    if code.is(start, "new") {
        let mut name = start + 1;
        while code.is(name + 1, ".") {
            name += 2;
        }
        if !code.is_any(name, &["HttpClient", "HttpMessageInvoker", "("]) {
            return None;
        }
        if code.is(name, "(") && code.occurrences("HttpClient").is_empty() {
            return None;
        }
        // What stands after `new HttpClient(…)` sets it up.
        let base = set_in(code, range);
        return Some(Client { base: Some(base.unwrap_or_else(|| literal(""))), limited: Some(true) });
    }
    let open = (start..range.end).rev().find(|&at| code.is(at, "("))?;
    let call = first_call(code, start..range.end).or_else(|| code.call_before(open))?;
    made(code, call, start)
}

/// The first call of a chain that makes a client.
fn first_call(code: &Code, range: Range<usize>) -> Option<Call> {
    let is_maker = |at: &usize| {
        code.is_any(*at, &["CreateClient", "CreateInvokeHttpClient", "CreateInvokableHttpClient", "GetRequiredService"])
    };
    let name = range.clone().find(is_maker)?;
    let open = (name + 1..range.end).find(|&at| code.is(at, "("))?;
    code.call_before(open)
}

/// The client that a call gives.
fn made(code: &Code, call: Call, start: usize) -> Option<Client> {
    let arguments = code.arguments(call.open);
    match code.text_of(call.name) {
        "CreateClient" => {
            let name = syntax::argument(code, &arguments, "name", 0);
            let Some(range) = name else { return Some(Client { base: Some(literal("")), limited: None }) };
            let base = match values::text(code, range) {
                Value::Literal(name) => Value::Symbol(format!("#{}", base_name(&name)).into()),
                _ => unknown("client"),
            };
            Some(Client { base: Some(base), limited: None })
        }
        "CreateInvokeHttpClient" | "CreateInvokableHttpClient" => {
            let name = syntax::argument(code, &arguments, "appId", 0).map(|range| values::text(code, range));
            let base = name.map_or_else(|| unknown("application"), |name| values::below_scheme("http://", name));
            Some(Client { base: Some(base), limited: None })
        }
        "HttpClient" if code.is(start, "new") => Some(Client { base: Some(literal("")), limited: Some(true) }),
        name => {
            // A function of this file that gives a client.
            let item = code.occurrences(name).iter().take(20).find_map(|&at| syntax::item_named(code, at as usize))?;
            let gives = syntax::modifiers(code, item.name).contains(&"HttpClient");
            gives.then(|| {
                let inner = item.body.clone().find(|&at| code.is(at, "new") && code.is(at + 1, "HttpClient"));
                let base = inner.and_then(|_| set_in(code, item.body.clone()));
                Client { base: Some(base.unwrap_or_else(|| unknown("client"))), limited: None }
            })
        }
    }
}

/// `client.BaseAddress = …` in the function around a place, or in the type around it.
fn base_set(code: &Code, name: &str, at: usize) -> Option<Value> {
    let bare = name.trim_start_matches('_');
    let sets = |&place: &u32| {
        let place = place as usize;
        let of = place.checked_sub(2)?;
        let is_same = code.word(of).is_some_and(|word| word.trim_start_matches('_') == bare) && code.is(place - 1, ".");
        is_same.then(|| code.assignment(place)).flatten()
    };
    let of = code.enclosing_all(at).last().map_or(0..code.len(), |item| item.body.clone());
    let range = code.occurrences_in(of, "BaseAddress").iter().rev().take(60).find_map(sets)?;
    Some(expressions::given(code, range))
}

/// The base that is set in some tokens.
pub fn set_in(code: &Code, range: Range<usize>) -> Option<Value> {
    let at = code.occurrences_in(range.clone(), "BaseAddress").iter().find(|&&at| code.is(at as usize + 1, "="))?;
    let from = *at as usize + 2;
    let mut end = from;
    while end < range.end && !code.is_any(end, &[",", ";", "}", ")"]) {
        end = code.after(end);
    }
    Some(expressions::given(code, from..end))
}

/// The method and address of a message: where it is made, or where it was made before it is sent.
pub fn message(code: &Code, range: Range<usize>) -> Option<(Option<Arc<str>>, Value)> {
    let mut made = range.clone();
    let mut name = None;
    if range.len() == 1 {
        let word = code.word(range.start)?;
        name = Some(word);
        let function = code.enclosing(range.start, ItemKind::Function).map_or(0, |item| item.body.start);
        let places = code.occurrences_in(function..range.start, word);
        made = places.iter().rev().take(60).find_map(|&place| {
            let place = place as usize;
            code.assignment(place).filter(|range| code.is(range.start, "new") || code.is_any(range.start, &["CreateRequest"]))
        })?;
    }
    if !code.is(made.start, "new") {
        return None;
    }
    let open = (made.start..made.end).find(|&at| code.is_any(at, &["(", "{"]))?;
    let (mut method, mut address) = (None, None);
    let mut initial = open;
    if code.is(open, "(") {
        let arguments = code.arguments(open);
        method = syntax::argument(code, &arguments, "method", 0).and_then(|range| method_of(code, range));
        address = syntax::argument(code, &arguments, "requestUri", 1);
        initial = code.after(open);
    }
    if code.is(initial, "{") {
        let arguments = code.arguments(initial);
        method = method.or_else(|| syntax::named(code, &arguments, "Method").and_then(|range| method_of(code, range)));
        address = address.or_else(|| syntax::named(code, &arguments, "RequestUri"));
    }
    // `request.RequestUri = …;`
    if let Some(name) = name {
        let later = |member: &str| {
            code.occurrences_in(made.end..range.start, member).iter().rev().take(20).find_map(|&place| {
                let place = place as usize;
                (code.is(place - 1, ".") && code.is(place - 2, name)).then(|| code.assignment(place)).flatten()
            })
        };
        method = method.or_else(|| later("Method").and_then(|range| method_of(code, range)));
        address = address.or_else(|| later("RequestUri"));
    }
    let address = address.map_or_else(|| unknown("request"), |range| expressions::given(code, range));
    Some((method, address))
}

/// `HttpMethod.Get`, `new HttpMethod("GET")`, `Method.Post`.
pub fn method_of(code: &Code, range: Range<usize>) -> Option<Arc<str>> {
    let last = range.end.checked_sub(1)?;
    let text = match code.word(last) {
        Some(word) if code.is(last.wrapping_sub(1), ".") => word.to_owned(),
        _ => range.clone().find_map(|at| code.literal(at))?.into_owned(),
    };
    let method = text.to_ascii_uppercase();
    let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    known.contains(&method.as_str()).then(|| method.into())
}

/// An address below the base of its client. A whole address stands for itself; what may be one stands for itself, too.
pub fn target(base: Option<Value>, address: Value) -> Value {
    let address = requests::without_query(address);
    let Some(base) = base else { return address };
    if base == literal("") {
        return address;
    }
    let is_relative = match values::first_part(&address) {
        Value::Literal(text) => !text.contains("://"),
        Value::Symbol(name) => {
            let last = name.rsplit(['.', '#']).next().unwrap_or(name);
            !expressions::is_base(last) && !expressions::holds_settings(name.split(['.', '#']).next().unwrap_or(name))
        }
        _ => false,
    };
    if is_relative { values::join(base, address) } else { address }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn requests_have_method_and_address() {
        check(
            "A.cs",
            r#"
class A(IHttpClientFactory factory, IConfiguration configuration) {
    async Task B(string id) {
        var client = factory.CreateClient();
        var root = configuration["Services:Orders"];
        await client.GetFromJsonAsync<object>($"{root}/api/orders/{id}?all=true");
        var other = Environment.GetEnvironmentVariable("BILLING_URL") ?? "http://billing:80";
        await client.PostAsJsonAsync($"{other}/bills", body);
        await client.PutAsync("http://stock/api/items/" + id, content, token);
    }
    async Task C() {
        var client = factory.CreateClient("stock");
        await client.DeleteAsync("/items/1");
        cache.GetAsync("/items");
    }
}"#,
            "6 call http GET property(Services.Orders)+/api/orders/+parameter(A.B 0) (http-client)
             8 call http POST env(BILLING_URL or http://billing:80)+/bills (http-client)
             9 call http PUT http://stock/api/items/+parameter(A.B 0) (http-client)
             13 call http DELETE <#stock.BaseAddress>+/items/1 (http-client)
             14 invokes *#GetAsync(/items)",
        );
    }

    #[test]
    fn a_client_that_a_class_is_given_has_the_base_of_its_registration() {
        check(
            "A.cs",
            r#"
class OrdersClient {
    private readonly HttpClient _http;
    private const string Base = "api/orders";
    public OrdersClient(HttpClient http) { _http = http; }
    Task A(int id) => _http.GetAsync($"{Base}/{id}");
    Task B() {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/orders") { Content = x };
        return _http.SendAsync(request);
    }
    Task C(HttpClient other) => other.GetStringAsync("x");
}
class Own(HttpClient http) { Own() { http.BaseAddress = new Uri("http://own/api/"); } Task A() => http.GetStringAsync("x"); }"#,
            "6 call http GET <#OrdersClient.BaseAddress>+/api/orders/+parameter(OrdersClient.A 0) (http-client)
             9 call http POST <#OrdersClient.BaseAddress>+/api/orders (http-client)
             11 call http GET ?client+/x (http-client)
             13 call http GET http://own/api/x (http-client)
             4 constant OrdersClient.Base = api/orders",
        );
    }

    #[test]
    fn a_client_may_be_made_with_its_base() {
        check(
            "A.cs",
            r#"
class A {
    static readonly HttpClient Http = new HttpClient { BaseAddress = new Uri("http://a:80"), Timeout = TimeSpan.FromSeconds(3) };
    Task B() => Http.GetAsync("b");
    async Task C() { using var client = new HttpClient(); await client.GetAsync(new Uri("https://x/y")); }
    async Task D(DaprClient dapr) { var client = DaprClient.CreateInvokeHttpClient(appId: "orders"); await client.PostAsJsonAsync("/z", b); }
    protected override Task<X> SendAsync(HttpRequestMessage request, CancellationToken token) => base.SendAsync(request, token);
}"#,
            "4 call http GET http://a:80/b limited (http-client)
             5 call http GET https://x/y limited (http-client)
             6 call http POST http://orders/z (http-client)",
        );
    }
}
