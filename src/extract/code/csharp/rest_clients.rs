//! Requests of other clients than `HttpClient`: RestSharp, Flurl, `WebClient`, `WebRequest`, GraphQL.

use std::ops::Range;
use std::sync::Arc;

use super::http_clients::{method_of, set_in, target};
use super::syntax;
use super::{expressions, requests};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::Value;

pub const FRAMEWORK: Framework = Framework {
    name: "rest-client",
    marks: &[
        "RestSharp",
        "RestClient",
        "Flurl",
        "WebClient",
        "WebRequest",
        "GraphQLHttpClient",
        "IGraphQLClient",
        "StrawberryShake",
        "ConfigureHttpClient(",
    ],
    read,
};

/// Beginnings of names of methods, and the method of HTTP.
const VERBS: [(&str, &str); 7] = [
    ("Get", "GET"),
    ("Post", "POST"),
    ("Put", "PUT"),
    ("Patch", "PATCH"),
    ("Delete", "DELETE"),
    ("Head", "HEAD"),
    ("Options", "OPTIONS"),
];
/// What sends a request of Flurl.
const FLURL: [&str; 13] = [
    "GetJsonAsync",
    "GetStringAsync",
    "GetStreamAsync",
    "GetBytesAsync",
    "GetAsync",
    "PostJsonAsync",
    "PostAsync",
    "PostUrlEncodedAsync",
    "PostMultipartAsync",
    "PutJsonAsync",
    "PutAsync",
    "PatchJsonAsync",
    "DeleteAsync",
];

fn read(code: &Code, output: &mut Output) {
    let mentions = |words: &[&str]| words.iter().any(|word| !code.occurrences(word).is_empty());
    let rest_sharp = mentions(&["RestClient", "IRestClient", "RestRequest"]);
    let flurl = mentions(&["Flurl"]);
    let web_client = mentions(&["WebClient"]);
    let graphql = mentions(&["GraphQLHttpClient", "IGraphQLClient"]);
    for call in code.calls().filter(|call| call.start < call.name) {
        let name = code.text_of(call.name);
        let arguments = code.arguments(call.open);
        let mut state = |method: Option<Arc<str>>, target: Value| {
            let target = requests::without_query(target);
            requests::state(output, FRAMEWORK.name, requests::place(code, call), method, target, None);
        };
        if rest_sharp && let Some((method, address)) = of_rest_sharp(code, call, name, &arguments) {
            state(method, address);
        } else if flurl && FLURL.contains(&name) {
            let receiver = code.receiver(call);
            let address = expressions::given(code, receiver.clone());
            let is_text = matches!(super::values::first_part(&address), Value::Literal(text) if text.contains(['/', ':']));
            let is_known = matches!(super::values::first_part(&address), Value::Env { .. } | Value::Property { .. });
            let is_chain = receiver.clone().any(|at| code.is_any(at, &["AppendPathSegment", "AppendPathSegments", "Request"]));
            if is_text || is_known || is_chain {
                state(verb(name), address);
            }
        } else if web_client && (name.starts_with("Download") || name.starts_with("Upload")) && is_of(code, call, &["WebClient"])
        {
            let Some(first) = arguments.first() else { continue };
            let method = if name.starts_with("Download") { "GET" } else { "POST" };
            state(Some(method.into()), expressions::given(code, first.clone()));
        } else if matches!(name, "Create" | "CreateHttp") && code.is_any(call.name - 2, &["WebRequest", "HttpWebRequest"]) {
            let Some(first) = arguments.first() else { continue };
            state(method_set(code, call), expressions::given(code, first.clone()));
        } else if graphql && matches!(name, "SendQueryAsync" | "SendMutationAsync" | "CreateSubscriptionStream") {
            state(Some("POST".into()), graphql_address(code, call));
        } else if name == "ConfigureHttpClient" && !is_other(code, call) {
            // Clients that are generated of a GraphQL schema.
            let is_generated = mentions(&["StrawberryShake"]) || code.text_in(code.receiver(call)).ends_with("Client()");
            if let Some(base) = set_in(code, code.inside(call.open)).filter(|_| is_generated) {
                state(Some("POST".into()), base);
            }
        }
    }
}

fn verb(name: &str) -> Option<Arc<str>> {
    VERBS.iter().find(|(begin, _)| name.starts_with(begin)).map(|(_, method)| (*method).into())
}

/// True for a chain that registers a client of another kind.
fn is_other(code: &Code, call: Call) -> bool {
    code.receiver(call).any(|at| {
        code.word(at).is_some_and(|word| word.contains("HttpClient") || word.contains("Refit") || word.contains("RestEase"))
    })
}

/// True where the receiver is made as, or declared of, one of some types.
fn is_of(code: &Code, call: Call, types: &[&str]) -> bool {
    let receiver = code.receiver(call);
    if receiver.clone().any(|at| code.is_any(at, types)) {
        return true;
    }
    let name = code.receiver_name(call);
    name.and_then(|name| code.declared_type(name.rsplit('.').next().unwrap_or(&name))).is_some_and(|of| types.contains(&of))
}

/// `client.ExecuteAsync(request)`, `client.GetAsync<T>(request)`, `client.GetJsonAsync<T>("path")`.
fn of_rest_sharp(code: &Code, call: Call, name: &str, arguments: &[Range<usize>]) -> Option<(Option<Arc<str>>, Value)> {
    let executes = name.starts_with("Execute");
    if !executes && verb(name).is_none() || !is_of(code, call, &["RestClient", "IRestClient"]) {
        return None;
    }
    let first = arguments.first()?.clone();
    let own = verb(name.trim_start_matches("Execute"));
    let (method, path) = match request(code, first.clone()) {
        Some((method, path)) => (own.or(method).or(Some("GET".into())), path),
        None if executes => (own, unknown("request")),
        None => (own, expressions::given(code, first)),
    };
    Some((method, target(Some(rest_sharp_base(code, call)), path)))
}

/// `new RestRequest("path", Method.Post)`, or the name of one.
fn request(code: &Code, range: Range<usize>) -> Option<(Option<Arc<str>>, Value)> {
    let made = match code.word(range.start).filter(|_| range.len() == 1) {
        Some(name) => code.assigned(name, range.start)?,
        None => range,
    };
    let open = made.clone().find(|&at| code.is(at, "(") && code.is_any(at.wrapping_sub(1), &["RestRequest", "new"]))?;
    let arguments = code.arguments(open);
    let path = syntax::argument(code, &arguments, "resource", 0);
    let method = syntax::argument(code, &arguments, "method", 1).and_then(|range| method_of(code, range));
    // `new RestRequest(Method.GET)` asks for the base itself.
    if let Some(method) = path.clone().filter(|range| code.is(range.start, "Method")).and_then(|range| method_of(code, range)) {
        return Some((Some(method), literal("")));
    }
    Some((method, path.map_or_else(|| literal(""), |range| expressions::given(code, range))))
}

fn rest_sharp_base(code: &Code, call: Call) -> Value {
    let receiver = code.receiver(call);
    let name = code.dotted(receiver.clone());
    let made = match &name {
        Some(name) => code.assigned(name.rsplit('.').next().unwrap_or(name), receiver.start),
        None => Some(receiver),
    };
    let Some(made) = made else { return unknown("client") };
    let open = made.clone().find(|&at| code.is(at, "(") && code.is_any(at.wrapping_sub(1), &["RestClient", "new"]));
    let Some(first) = open.and_then(|open| code.arguments(open).into_iter().next()) else { return unknown("client") };
    let options = match code.word(first.start).filter(|_| first.len() == 1) {
        Some(name) => code.assigned(name, first.start).filter(|range| range.clone().any(|at| code.is(at, "RestClientOptions"))),
        None => Some(first.clone()).filter(|range| range.clone().any(|at| code.is(at, "RestClientOptions"))),
    };
    if let Some(options) = options {
        if let Some(open) = options.clone().find(|&at| code.is(at, "("))
            && let Some(first) = code.arguments(open).into_iter().next()
        {
            return expressions::given(code, first);
        }
        let set = options.clone().find(|&at| code.is(at, "BaseUrl") && code.is(at + 1, "="));
        if let Some(at) = set {
            let end = (at + 2..options.end).find(|&end| code.is_any(end, &[",", "}"])).unwrap_or(options.end);
            return expressions::given(code, at + 2..end);
        }
    }
    expressions::given(code, first)
}

/// `request.Method = "POST"` after a request was made.
fn method_set(code: &Code, call: Call) -> Option<Arc<str>> {
    let after = code.occurrences("Method");
    let from = after.partition_point(|&at| (at as usize) < call.open);
    let set = after[from..].iter().take(5).find_map(|&at| code.assignment(at as usize).filter(|_| code.is(at as usize - 1, ".")));
    match set {
        Some(range) => method_of(code, range),
        None => Some("GET".into()),
    }
}

fn graphql_address(code: &Code, call: Call) -> Value {
    let Some(name) = code.receiver_name(call) else { return unknown("client") };
    let Some(made) = code.assigned(name.rsplit('.').next().unwrap_or(&name), call.start) else { return unknown("client") };
    let open = made.clone().find(|&at| code.is(at, "(") && code.is_any(at.wrapping_sub(1), &["GraphQLHttpClient", "new"]));
    let first = open.and_then(|open| code.arguments(open).into_iter().next());
    let options = made.clone().find(|&at| code.is(at, "EndPoint") && code.is(at + 1, "="));
    match (options, first) {
        (Some(at), _) => {
            let end = (at + 2..code.len().min(at + 60)).find(|&end| code.is_any(end, &[",", "}"])).unwrap_or(at + 2);
            expressions::given(code, at + 2..end)
        }
        (None, Some(first)) => expressions::given(code, first),
        _ => unknown("client"),
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn requests_of_other_clients_have_their_address() {
        check(
            "A.cs",
            r#"
using RestSharp;
class A {
    async Task B(IConfiguration c) {
        var client = new RestClient(c["Orders:Url"]);
        var request = new RestRequest("orders/{id}", Method.Delete);
        await client.ExecuteAsync(request);
        await client.PostAsync<Order>(new RestRequest("orders"));
        await cache.GetAsync(key);
    }
}"#,
            "7 call http DELETE property(Orders.Url)+/orders/{id} (rest-client)
             8 call http POST property(Orders.Url)+/orders (rest-client)",
        );
        check(
            "B.cs",
            r#"
using Flurl.Http;
class B {
    Task<X> C(string id) => "http://stock".AppendPathSegment("items").AppendPathSegment(id).WithTimeout(3).GetJsonAsync<X>();
    Task D() => Environment.GetEnvironmentVariable("STOCK_URL").AppendPathSegments("a", "b").PostJsonAsync(x);
    Task E() => repository.GetAsync();
}"#,
            "4 call http GET http://stock/items/+parameter(B.C 0) (rest-client)
             5 call http POST env(STOCK_URL)+/a/b (rest-client)",
        );
        check(
            "C.cs",
            r#"
class C {
    void D() {
        using (var web = new WebClient()) { web.DownloadString("http://a/b?c=1"); }
        var request = WebRequest.Create("http://a/d"); request.Method = "PUT";
        var client = new GraphQLHttpClient("http://shop/graphql", new S()); await client.SendQueryAsync<X>(q);
    }
}"#,
            "4 call http GET http://a/b (rest-client)
             5 call http PUT http://a/d (rest-client)
             6 call http POST http://shop/graphql (rest-client)",
        );
    }
}
