//! Requests over HTTP: HTTPoison, Tesla, Finch, Req, Mint, `:httpc`, `:hackney`, Mojito, Neuron, WebSockex.
//!
//! A module that makes itself a client (`use Tesla`, `use HTTPoison.Base`) has functions `get`, `post` and so on; what stands before
//! their paths its plugs and `process_url` say.

use std::ops::Range;
use std::sync::Arc;

use super::syntax::{self, Module};
use super::values::{self, joined};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{concat, literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "elixir-http-clients",
    marks: &[
        "HTTPoison",
        "Tesla",
        "Finch",
        "Req.",
        "Mint.HTTP",
        ":httpc",
        ":hackney",
        "Mojito",
        "Neuron",
        "WebSockex",
        "HTTPotion",
    ],
    read,
};

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

fn read(code: &Code, output: &mut Output) {
    let modules = syntax::modules(code);
    let own: Vec<(usize, Own)> =
        modules.iter().enumerate().filter_map(|(index, module)| Some((index, own_client(code, module)?))).collect();
    let base = runtime_base(code);
    let connected = connected(code);
    let mut sites = Vec::new();
    for call in code.calls() {
        // Definitions of functions look the same.
        if call.name > 0 && code.is_any(call.name - 1, &["def", "defp", "defmacro"]) {
            continue;
        }
        let found = known_client(code, call, base.as_ref(), connected.as_ref()).or_else(|| {
            let module = syntax::module_at(&modules, call.name)?;
            let (_, own) = own.iter().find(|(index, _)| std::ptr::eq(&modules[*index], module))?;
            own_call(code, call, own)
        });
        sites.extend(found.map(Fact::Call));
    }
    for (index, own) in &own {
        let module = &modules[*index];
        let is_called = sites.iter().any(|fact| match fact {
            Fact::Call(site) => {
                module.body.clone().next().is_some_and(|first| code.tokens[first].start <= site.at.start)
                    && code.tokens.get(module.body.end).is_none_or(|last| site.at.start < last.start)
            }
            _ => false,
        });
        // Other modules call `Client.get("/x")`: what they reach is told by its base.
        if let Some(base) = own.base.clone().filter(|base| !is_called && is_whole(base)) {
            let target = concat([base, unknown("a path")]);
            sites.push(Fact::Call(CallSite { target, ..site(code, own.at.clone(), own.client, None, own.limited) }));
        }
    }
    output.facts.extend(sites);
}

fn site(code: &Code, at: Range<usize>, client: &str, method: Option<Arc<str>>, limited: Option<bool>) -> CallSite {
    CallSite {
        at: code.location(at),
        kind: CallKind::Http,
        client: client.into(),
        target: unknown("no address"),
        method,
        name: None,
        exchange: None,
        limited,
    }
}

/// A module that is a client of itself.
struct Own {
    client: &'static str,
    at: Range<usize>,
    base: Option<Value>,
    limited: Option<bool>,
}

fn own_client(code: &Code, module: &Module) -> Option<Own> {
    let of = |wanted: &str| syntax::uses(code, module, |name, _| name == wanted);
    if let Some(used) = of("Tesla") {
        let (mut base, mut limited) = (None, None);
        for plug in syntax::statements(code, module.body.clone()).filter(|found| code.is(found.name, "plug")) {
            let Some(name) = plug.arguments.first().and_then(|name| code.dotted(name.clone())) else { continue };
            match name.rsplit('.').next() {
                Some("BaseUrl") => base = plug.arguments.get(1).map(|range| values::value(code, range.clone())),
                Some("Timeout") => limited = Some(true),
                _ => {}
            }
        }
        return Some(Own { client: "tesla", at: used.name..used.end, base, limited });
    }
    let used = of("HTTPoison.Base")?;
    let process = ["process_url", "process_request_url"].iter().find_map(|name| {
        let places = code.occurrences_in(module.body.clone(), name);
        places.iter().map(|&at| at as usize).find(|&at| at > 0 && code.is_any(at - 1, &["def", "defp"]))
    });
    let base = process.and_then(|at| processed(code, at));
    Some(Own { client: "httpoison", at: used.name..used.end, base, limited: Some(true) })
}

/// What `process_url` puts before a path: `def process_url(path), do: @base <> path`.
fn processed(code: &Code, name: usize) -> Option<Value> {
    let open = name + 1;
    let after = code.after(open);
    let body = match code.text_of(after) {
        "do" => code.inside(after),
        _ => after + 3..(after + 40).min(code.len()),
    };
    let end = (body.start + 1..body.end).find(|&at| code.begins_line(at)).unwrap_or(body.end);
    match values::value(code, body.start..end) {
        Value::Concat(mut parts) => {
            // The path itself is the last part.
            parts.pop();
            Some(concat(parts))
        }
        _ => None,
    }
}

/// `get("/x")` in a module that is a client.
fn own_call(code: &Code, call: Call, own: &Own) -> Option<CallSite> {
    let name = code.text_of(call.name);
    let is_plain = call.start == call.name
        && !syntax::is_atom_mark(code, call.name)
        && !(call.name > 0 && code.is_any(call.name - 1, &["&", "."]));
    let is_own = is_plain || code.receiver_name(call).is_some_and(|of| of == "__MODULE__");
    let method = method_of(name).filter(|_| is_own)?;
    let arguments = code.arguments(call.open);
    // `get(client, "/x")`: the client that is made at run time.
    let path = arguments.iter().take(2).map(|range| values::value(code, range.clone())).find(is_path)?;
    let target = match &own.base {
        Some(base) if !is_whole(&path) => joined(base.clone(), path),
        _ if is_whole(&path) => path,
        _ => match runtime_base(code) {
            Some(base) => joined(base, path),
            None => concat([unknown("a base"), path]),
        },
    };
    Some(CallSite { target, ..site(code, call.start..call.open, own.client, Some(method), own.limited) })
}

/// True for a text that begins with a slash or a scheme, and what is put together of more than a name.
fn is_path(value: &Value) -> bool {
    match value {
        Value::Literal(text) => text.starts_with('/') || text.contains("://"),
        Value::Concat(_) | Value::Env { .. } | Value::Property { .. } => true,
        Value::Parameter { .. } | Value::Symbol(_) | Value::Unknown(_) => false,
    }
}

/// True for a URL with a host of its own.
fn is_whole(value: &Value) -> bool {
    match value {
        Value::Literal(text) => text.contains("://"),
        Value::Env { .. } | Value::Property { .. } => true,
        Value::Concat(parts) => parts.first().is_some_and(|first| match first {
            Value::Literal(text) => !text.starts_with('/') || text.contains("://"),
            _ => true,
        }),
        _ => false,
    }
}

/// `get!` and `get` alike.
fn method_of(name: &str) -> Option<Arc<str>> {
    let name = name.strip_suffix('!').unwrap_or(name);
    METHODS.contains(&name).then(|| name.to_ascii_uppercase().into())
}

/// A call of a library by its module.
fn known_client(code: &Code, call: Call, base: Option<&Value>, connected: Option<&Value>) -> Option<CallSite> {
    let receiver = code.receiver_name(call).filter(|name| !name.is_empty())?;
    let name = code.text_of(call.name);
    let arguments = code.arguments(call.open);
    let symbol = code.symbol(&receiver);
    let module = symbol.trim_start_matches('#');
    let is_atom = syntax::is_atom_mark(code, call.start);
    let at = call.start..call.open;
    // `url |> HTTPoison.get()`: the first argument stands before.
    let before = call.start - usize::from(is_atom);
    let piped = before.checked_sub(1).filter(|&sign| code.is(sign, "|>")).map(|sign| piped_from(code, sign));
    let all: Vec<Range<usize>> = piped.clone().into_iter().chain(arguments).collect();
    let value_of = |index: usize| all.get(index).map(|range| values::value(code, range.clone()));
    let never = all.iter().any(|range| code.text_in(range.clone()).contains(":infinity"));
    let ends = Some(!never);
    let whole = |method: Option<Arc<str>>, target: Value, client: &str, limited: Option<bool>| {
        Some(CallSite { target, ..site(code, at.clone(), client, method, limited) })
    };
    let named_method = |index: usize| all.get(index).and_then(|range| stated_method(code, range.clone()));
    match (module, name.strip_suffix('!').unwrap_or(name)) {
        ("HTTPoison", "request") => whole(named_method(0), value_of(1)?, "httpoison", ends),
        ("HTTPoison" | "HTTPotion", verb) if method_of(verb).is_some() => whole(method_of(verb), value_of(0)?, "httpoison", ends),
        ("Mojito", "request") => whole(named_method(0), value_of(1)?, "mojito", ends),
        ("Mojito", verb) if method_of(verb).is_some() => whole(method_of(verb), value_of(0)?, "mojito", ends),
        ("Finch", "build") => whole(named_method(0), value_of(1)?, "finch", ends),
        ("Tesla", verb) if method_of(verb).is_some() || verb == "request" => {
            let limited = code.text.contains("Middleware.Timeout").then_some(true);
            let method = method_of(verb).or_else(|| option(code, &all, "method").and_then(|range| stated_method(code, range)));
            let url = option(code, &all, "url").map(|range| values::value(code, range));
            let first = value_of(0)?;
            let url = match url {
                Some(url) => url,
                None if is_path(&first) => first,
                None => value_of(1)?,
            };
            whole(method, below(base, url), "tesla", limited)
        }
        ("Req", verb) if method_of(verb).is_some() || verb == "request" => {
            let method = method_of(verb).or_else(|| option(code, &all, "method").and_then(|range| stated_method(code, range)));
            let own = option(code, &all, "base_url").map(|range| values::value(code, range));
            let url = option(code, &all, "url").map(|range| values::value(code, range));
            let first = value_of(0);
            let url = match (url, first) {
                (Some(url), _) => url,
                (None, Some(first)) if !matches!(first, Value::Unknown(_)) || own.is_none() => first,
                _ => literal(""),
            };
            // A path alone reaches nothing.
            let is_path_alone = own.is_none() && base.is_none() && matches!(&url, Value::Literal(text) if text.starts_with('/'));
            if is_path_alone && option(code, &all, "url").is_none() {
                return None;
            }
            whole(method, below(own.as_ref().or(base), url), "req", ends)
        }
        ("Mint.HTTP" | "Mint.HTTP1" | "Mint.HTTP2", "request") => {
            let path = value_of(2)?;
            let target = match connected {
                Some(base) => joined(base.clone(), path),
                None => concat([unknown("a connection"), path]),
            };
            whole(named_method(1), target, "mint", None)
        }
        ("httpc", "request") if is_atom => {
            let Some(method) = named_method(0) else { return whole(Some("GET".into()), value_of(0)?, "httpc", Some(false)) };
            let request = all.get(1)?.clone();
            let url = if code.is(request.start, "{") { code.arguments(request.start).into_iter().next()? } else { request };
            let limited = all.iter().any(|range| code.text_in(range.clone()).contains("timeout"));
            whole(Some(method), values::value(code, url), "httpc", Some(limited))
        }
        ("hackney", "request") if is_atom => whole(named_method(0), value_of(1)?, "hackney", ends),
        ("hackney", verb) if is_atom && method_of(verb).is_some() => whole(method_of(verb), value_of(0)?, "hackney", ends),
        ("Neuron", "query" | "mutation") => {
            let url = option(code, &all, "url").map(|range| values::value(code, range)).or_else(|| neuron_url(code));
            whole(Some("POST".into()), url.unwrap_or_else(|| unknown("no address")), "neuron", None)
        }
        ("WebSockex", "start_link" | "start") => whole(Some("GET".into()), value_of(0)?, "websockex", None),
        _ => None,
    }
}

/// What is piped into a call: the expression on the line before the sign, as far back as it goes.
fn piped_from(code: &Code, sign: usize) -> Range<usize> {
    let mut start = sign;
    for _ in 0..200 {
        let Some(before) = start.checked_sub(1) else { break };
        let stops = code.kind(before) == Some(TokenKind::Open)
            || code.is_any(before, &["=", ",", "->", "do", "<-", "return", "case", "with"])
            || code.begins_line(start) && start < sign && !code.is(start, "|>");
        if stops {
            break;
        }
        start = match code.partner(before) {
            open if open < before => open,
            _ => before,
        };
    }
    start..sign
}

/// The path below the base of the client, unless it has a host of its own.
fn below(base: Option<&Value>, url: Value) -> Value {
    match base {
        Some(base) if !is_whole(&url) => joined(base.clone(), url),
        None if matches!(&url, Value::Literal(text) if text.starts_with('/')) => concat([unknown("a base"), url]),
        _ => url,
    }
}

/// `:get`, `"GET"`
fn stated_method(code: &Code, range: Range<usize>) -> Option<Arc<str>> {
    let text = syntax::atom(code, range.clone()).or_else(|| code.literal_text(range).map(|text| text.value))?;
    method_of(&text.to_ascii_lowercase())
}

/// An option of the last argument, in a list or as it stands.
fn option(code: &Code, arguments: &[Range<usize>], name: &str) -> Option<Range<usize>> {
    code.named(arguments, name).or_else(|| {
        let list = arguments.iter().rev().find(|range| code.is(range.start, "["))?;
        code.named(&code.arguments(list.start), name)
    })
}

/// The base of the only client that the file makes at run time: `Req.new(base_url: base)`, `{Tesla.Middleware.BaseUrl, base}`.
fn runtime_base(code: &Code) -> Option<Value> {
    let middleware = code.occurrences("BaseUrl").iter().map(|&at| at as usize);
    let middleware = middleware.filter_map(|at| {
        let open = code.chain_start(at).checked_sub(1).filter(|&open| code.is(open, "{"))?;
        code.arguments(open).into_iter().nth(1)
    });
    let options = code.occurrences("base_url").iter().map(|&at| at as usize);
    let options = options.filter_map(|at| {
        let opens = code.is_any(at.checked_sub(1)?, &["(", ",", "["]) && code.is(at + 1, ":");
        let mut end = at + 2;
        while end < code.len() && !code.is_any(end, &[",", ")", "]"]) {
            end = code.after(end);
        }
        opens.then_some(at + 2..end)
    });
    let mut found: Vec<Value> = middleware.chain(options).take(16).map(|range| values::value(code, range)).collect();
    found.dedup();
    match found.len() {
        1 => found.pop(),
        _ => None,
    }
}

/// `Mint.HTTP.connect(:http, "orders", 8080)`
fn connected(code: &Code) -> Option<Value> {
    let call = code.calls().find(|call| {
        code.is(call.name, "connect") && code.receiver_name(*call).is_some_and(|of| code.symbol(&of).contains("#Mint.HTTP"))
    })?;
    let arguments = code.arguments(call.open);
    let [scheme, host, port, ..] = &arguments[..] else { return None };
    let scheme = syntax::atom(code, scheme.clone())?;
    let value = |range: &Range<usize>| values::value(code, range.clone());
    Some(concat([literal(format!("{scheme}://")), value(host), literal(":"), value(port)]))
}

/// `Neuron.Config.set(url: "http://orders/graphql")`
fn neuron_url(code: &Code) -> Option<Value> {
    let call = code
        .calls()
        .find(|call| code.is(call.name, "set") && code.receiver_name(*call).is_some_and(|of| of.ends_with("Neuron.Config")))?;
    code.named(&code.arguments(call.open), "url").map(|range| values::value(code, range))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn libraries_by_their_modules() {
        check(
            "lib/shop/orders.ex",
            r##"
defmodule Shop.Orders do
  @base System.get_env("ORDERS_URL", "http://orders:4000")
  def find(id) do
    {:ok, response} = HTTPoison.get("#{@base}/orders/#{id}", [], recv_timeout: 500)
    HTTPoison.post!(@base <> "/orders", body)
    Finch.build(:put, "http://stock/items/#{id}") |> Finch.request(Shop.Finch)
    Req.get!("http://mail/status")
    Req.post!(client(), url: "/bills", json: %{})
    :httpc.request(:get, {~c"http://feed/all", []}, [], [])
    Cache.get("http://cache")
  end
  defp client, do: Req.new(base_url: Application.get_env(:shop, :billing_url))
end
            "##,
            "5 call http GET env(ORDERS_URL or http://orders:4000)+/orders/+parameter(Shop.Orders.find 0) limited (httpoison)
            6 call http POST env(ORDERS_URL or http://orders:4000)+/orders limited (httpoison)
            7 call http PUT http://stock/items/+parameter(Shop.Orders.find 0) limited (finch)
            8 call http GET http://mail/status limited (req)
            9 call http POST property(shop.billing_url)+/bills limited (req)
            10 call http GET http://feed/all unlimited (httpc)
            11 address http://cache
            11 invokes #Cache.get(http://cache)",
        );
    }

    #[test]
    fn modules_that_are_clients() {
        check(
            "lib/shop/stock.ex",
            r#"
defmodule Shop.Stock do
  use Tesla
  plug Tesla.Middleware.BaseUrl, "http://stock:4000"
  plug Tesla.Middleware.Timeout, timeout: 2_000
  plug Tesla.Middleware.JSON
  def item(id), do: get("/items/" <> id)
  def add(item) do
    post("/items", item)
  end
end
            "#,
            "7 call http GET http://stock:4000/items/+parameter(Shop.Stock.item 0) limited (tesla)
            9 call http POST http://stock:4000/items limited (tesla)",
        );
        check(
            "lib/shop/mail.ex",
            r#"
defmodule Shop.Mail do
  use HTTPoison.Base
  @endpoint "http://mail"
  def process_url(url) do
    @endpoint <> url
  end
end
            "#,
            "3 call http http://mail+?a path limited (httpoison)",
        );
        check(
            "lib/shop/bills.ex",
            r#"
defmodule Shop.Bills do
  def client(token) do
    Tesla.client([{Tesla.Middleware.BaseUrl, System.fetch_env!("BILLS_URL")}, Tesla.Middleware.JSON])
  end
  def all(client), do: Tesla.get(client, "/bills")
end
            "#,
            "6 call http GET env(BILLS_URL)+/bills (tesla)",
        );
    }
}
