//! Clients of Spring that are called: `RestTemplate`, `WebClient`, `RestClient`, and instances that a registry names.

use std::ops::Range;

use super::chains::Chain;
use super::sites::{self, below};
use super::{controllers, names, values};
use crate::extract::Output;
use crate::extract::code::value::{concat, literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::Value;

pub const TEMPLATE: Framework = Framework {
    name: "rest-template",
    marks: &["RestTemplate", "restTemplate", "RestOperations", "TestRestTemplate"],
    read: template,
};
pub const CLIENTS: Framework = Framework {
    name: "web-client",
    marks: &["reactive.function.client", "springframework.web.client.RestClient", "webClient", "restClient"],
    read: clients,
};
pub const REGISTRY: Framework = Framework {
    name: "discovery-client",
    marks: &[".getInstances(", "LoadBalancerClient", "getNextServerFromEureka", "getInstancesByVipAddress"],
    read: registry,
};

const TEMPLATES: [&str; 5] =
    ["RestTemplate", "RestOperations", "OAuth2RestTemplate", "OAuth2RestOperations", "AsyncRestTemplate"];

/// `template.getForObject(url, …)`, `template.exchange(url, HttpMethod.PUT, …)`, `template.exchange(request, …)`.
fn template(code: &Code, output: &mut Output) {
    for call in code.calls() {
        let name = code.text_of(call.name);
        let method = match name {
            "getForObject" | "getForEntity" => Some("GET"),
            "postForObject" | "postForEntity" | "postForLocation" => Some("POST"),
            "patchForObject" => Some("PATCH"),
            "headForHeaders" => Some("HEAD"),
            "optionsForAllow" => Some("OPTIONS"),
            "put" => Some("PUT"),
            "delete" => Some("DELETE"),
            "exchange" | "execute" => None,
            _ => continue,
        };
        let receiver = code.receiver(call);
        let arguments = code.arguments(call.open);
        let distinct = name.contains("For");
        let Some(first) = arguments.first().filter(|_| !receiver.is_empty()).cloned() else { continue };
        if !distinct && !sites::is_of(code, &receiver, &TEMPLATES) {
            continue;
        }
        let set_up = sites::set_up(code, &receiver);
        let base = base(code, &receiver, &set_up, &["rootUri", "DefaultUriBuilderFactory"]);
        let limited = sites::limited(code, set_up.as_ref());
        let at = code.location(call.start..call.open);
        let (method, urls) = match (method, arguments.get(1)) {
            (Some(method), _) => (Some(method), sites::alternatives(code, first)),
            (None, second) => match request(code, first.clone()) {
                Some((method, url)) => (method, vec![url]),
                None => (second.and_then(|second| method_in(code, second.clone())), sites::alternatives(code, first)),
            },
        };
        for url in urls {
            sites::http(output, TEMPLATE.name, at, method, below(base.clone(), url), limited);
        }
    }
}

/// `RequestEntity.post(url)…` and `new RequestEntity<>(body, HttpMethod.PUT, url)`, there or where the name is assigned.
fn request(code: &Code, range: Range<usize>) -> Option<(Option<&'static str>, Value)> {
    let found = |range: Range<usize>| {
        let at = range.clone().find(|&at| code.is(at, "RequestEntity") && code.is_any(at + 1, &[".", "(", "<", "<>"]))?;
        let chain = Chain::at(code, at)?;
        match chain.links.as_slice() {
            [of, verb, ..] if of.open.is_none() => {
                let arguments = verb.arguments(code);
                let method = controllers::method(code.text_of(verb.name));
                let written = arguments.first().and_then(|range| method_in(code, range.clone()));
                let url = arguments.into_iter().nth(usize::from(method.is_none()))?;
                Some((method.or(written), values::reached(code, url)))
            }
            [of, ..] => {
                let arguments = of.arguments(code);
                let method = arguments.iter().find_map(|range| method_in(code, range.clone()));
                Some((method, values::reached(code, arguments.into_iter().last()?)))
            }
            [] => None,
        }
    };
    let name = code.word(range.start).filter(|_| range.len() == 1);
    found(range.clone()).or_else(|| found(names::assigned(code, name?, range.start)?))
}

/// `HttpMethod.PUT`, and a method imported by its name.
pub fn method_in(code: &Code, range: Range<usize>) -> Option<&'static str> {
    let of = range.clone().find(|&at| code.is_any(at, &["HttpMethod", "Method", "RequestMethod"]) && code.is(at + 1, "."));
    let word = match of {
        Some(of) => code.word(of + 2)?,
        None if range.len() == 1 => code.word(range.start)?,
        None => return None,
    };
    controllers::method(word)
}

fn base(code: &Code, receiver: &Range<usize>, set_up: &Option<Range<usize>>, names: &[&str]) -> Option<Value> {
    let inside = sites::given_in(code, receiver.clone(), names);
    inside.or_else(|| sites::given_in(code, set_up.clone()?, names))
}

/// `client.get().uri(url)…`: the method stands before the address.
fn clients(code: &Code, output: &mut Output) {
    // A gateway hands on what it gets by the same words.
    let is_gateway = code.text.contains("RouteLocator");
    let spring = !is_gateway
        && ["reactive.function.client", "springframework.web.client"].iter().any(|package| code.text.contains(package));
    for call in code.calls().filter(|call| code.is(call.name, "uri") && spring) {
        let receiver = code.receiver(call);
        let Some((verb, before)) = verb(code, receiver.clone()) else { continue };
        let set_up = sites::set_up(code, &before);
        let made = [&["baseUrl"][..], &["create"][..]].into_iter().find_map(|names| base(code, &before, &set_up, names));
        let Some(url) = code.arguments(call.open).into_iter().next() else { continue };
        let url = uri(code, url);
        let chain = Chain::of(code, call);
        let own = chain.is_some_and(|chain| chain.behind(call.name).iter().any(|link| code.is(link.name, "timeout")));
        let limited = if own { Some(true) } else { sites::limited(code, set_up.as_ref()) };
        let at = code.location(call.start..call.open);
        sites::http(output, CLIENTS.name, at, verb, below(made, url), limited);
    }
}

/// The verb of a chain that ends with one, and what stands before it.
fn verb(code: &Code, receiver: Range<usize>) -> Option<(Option<&'static str>, Range<usize>)> {
    let close = receiver.end.checked_sub(1).filter(|&at| at >= receiver.start && code.is(at, ")"))?;
    let open = code.partner(close);
    let name = open.checked_sub(1)?;
    let before = receiver.start..name.checked_sub(1)?.max(receiver.start);
    match code.text_of(name) {
        "method" => Some((method_in(code, open + 1..close), before)),
        word => controllers::method(word).filter(|_| open + 1 == close).map(|method| (Some(method), before)),
    }
}

/// A template of an address, or a function that builds one: `builder -> builder.path("/a").build()`.
fn uri(code: &Code, range: Range<usize>) -> Value {
    let builds = range.clone().find(|&at| code.is(at, "->")).or(code.is(range.start, "{").then_some(range.start));
    let Some(from) = builds else { return values::reached(code, range) };
    let mut parts = Vec::new();
    for at in (from..range.end).filter(|&at| code.is(at + 1, "(")) {
        let read = || code.arguments(at + 1).into_iter().map(|argument| values::reached(code, argument)).collect::<Vec<_>>();
        match code.text_of(at) {
            "path" | "replacePath" => parts.extend(read()),
            "pathSegment" => parts.extend(read().into_iter().flat_map(|part| [literal("/"), part])),
            "scheme" => parts.extend(read().into_iter().chain([literal("://")])),
            "host" => parts.extend(read()),
            "port" => parts.extend([literal(":")].into_iter().chain(read())),
            _ => {}
        }
    }
    if parts.is_empty() { unknown("a function") } else { concat(parts) }
}

/// `discovery.getInstances("orders")`, `balancer.choose("orders")`: what is asked for is called next.
fn registry(code: &Code, output: &mut Output) {
    for call in code.calls() {
        let asks = match code.text_of(call.name) {
            "getInstances" | "getNextServerFromEureka" | "getInstancesByVipAddress" => true,
            "choose" => sites::is_of(code, &code.receiver(call), &["LoadBalancerClient", "LoadBalancer"]),
            _ => false,
        };
        if !asks {
            continue;
        }
        let arguments = code.arguments(call.open);
        let Some(name) = arguments.first().map(|range| values::reached(code, range.clone())) else { continue };
        if !matches!(name, Value::Unknown(_)) {
            let at = code.location(call.start..call.open);
            sites::http(output, REGISTRY.name, at, None, concat([literal("http://"), name]), None);
        }
    }
}
