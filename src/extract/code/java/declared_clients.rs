//! Clients that are interfaces: Feign, HTTP interfaces of Spring, Retrofit, MicroProfile, Micronaut. Each annotated method is a call, to
//! the interface's base and the method's path.

use super::define::package;
use super::known::mentions;
use super::sites::{self, below};
use super::types::{Annotation, Form, Type, types};
use super::{controllers, micronaut, spring, values};
use crate::extract::Output;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::{concat, literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::Value;
use crate::source::Location;

pub const FEIGN: Framework = Framework { name: "feign", marks: &["FeignClient", "import feign."], read: feign };
pub const SPRING: Framework =
    Framework { name: "http-interface", marks: &["springframework.web.service"], read: spring_interfaces };
pub const RETROFIT: Framework = Framework { name: "retrofit", marks: &["retrofit2."], read: retrofit };
pub const MICROPROFILE: Framework =
    Framework { name: "microprofile-rest-client", marks: &["RegisterRestClient", "RestClientBuilder"], read: microprofile };
pub const MICRONAUT: Framework = Framework {
    name: "micronaut-client",
    marks: &["io.micronaut.http.client", "io.micronaut.http.HttpRequest"],
    read: micronaut_clients,
};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// A request that an interface declares.
struct Declared {
    at: Location,
    method: Option<&'static str>,
    path: Value,
}

fn add(output: &mut Output, client: &str, base: &Value, declared: Vec<Declared>) {
    for Declared { at, method, path } in declared {
        sites::http(output, client, at, method, address(base.clone(), path), None);
    }
}

fn address(base: Value, path: Value) -> Value {
    match &path {
        Value::Literal(text) if text.contains("://") => path,
        Value::Unknown(_) => path,
        _ => controllers::join(base, path),
    }
}

/// `http://NAME` of the name of a service that a registry knows.
fn by_name(name: Value) -> Value {
    match &name {
        Value::Literal(text) if text.contains("://") => name,
        _ => concat([literal("http://"), name]),
    }
}

fn spring_operations(code: &Code, of: &Type) -> Vec<Declared> {
    let mut found = Vec::new();
    for member in &of.members {
        for annotation in &member.annotations {
            for operation in spring::operations_of(code, annotation, &[]) {
                let method = (operation.method != "ANY").then_some(operation.method);
                found.push(Declared { at: operation.at, method, path: operation.path });
            }
        }
    }
    found
}

/// `@FeignClient(name = "orders", url = "${orders.url}", path = "/api")`, and `@RequestLine("GET /orders/{id}")` of Feign alone.
fn feign(code: &Code, output: &mut Output) {
    let all = types(code);
    for of in &all {
        let Some(client) = of.annotation(&["FeignClient", "ReactiveFeignClient"]) else {
            let lines = request_lines(code, of);
            if !lines.is_empty() {
                add(output, FEIGN.name, &made_base(code, of, &["target"], 1), lines);
            }
            continue;
        };
        let attribute = |name: &str| client.attribute(code, name).map(|range| values::value(code, range));
        let is_set = |value: &Value| *value != literal("");
        let url = attribute("url").filter(is_set).map(feign_url);
        let name = attribute("name").or_else(|| attribute("serviceId")).filter(is_set).or_else(|| attribute("value"));
        let base = match (url, name) {
            (Some(Value::Property { key, default: Some(default) }), Some(name)) if *default == literal("") => {
                Value::Property { key, default: Some(Box::new(by_name(name))) }
            }
            (Some(url), _) => url,
            (None, Some(name)) => by_name(name),
            (None, None) => unknown("no name is written"),
        };
        let mapping = of.annotation(&["RequestMapping"]).and_then(|mapping| mapping.value(code, &["value", "path"]));
        let base = [attribute("path"), mapping].into_iter().flatten().fold(base, controllers::join);
        let mut declared = spring_operations(code, of);
        declared.extend(request_lines(code, of));
        if declared.is_empty() {
            // Its methods are those of an interface that it extends.
            let at = code.location(client.at..client.end);
            declared.push(Declared { at, method: None, path: literal("") });
        }
        add(output, FEIGN.name, &base, declared);
    }
    for call in code.calls().filter(|call| code.is(call.name, "target") && mentions(code, "Feign")) {
        let arguments = code.arguments(call.open);
        let [of, url] = arguments.as_slice() else { continue };
        // An interface of the file has its requests with this base already.
        let is_own = all.iter().any(|known| code.is(of.start, known.name));
        if of.clone().any(|at| code.is(at, "class")) && !is_own {
            let at = code.location(call.start..call.open);
            sites::http(output, FEIGN.name, at, None, values::reached(code, url.clone()), None);
        }
    }
}

/// Feign takes a host alone, too.
fn feign_url(url: Value) -> Value {
    match &url {
        Value::Literal(text) if !text.contains("://") => literal(format!("http://{text}")),
        _ => url,
    }
}

fn request_lines(code: &Code, of: &Type) -> Vec<Declared> {
    let lines = of.members.iter().filter_map(|member| member.annotation(&["RequestLine"]));
    let read = lines.filter_map(|annotation| {
        let line = annotation.value(code, &["value"])?;
        let at = code.location(annotation.at..annotation.end);
        match line {
            Value::Literal(line) => {
                let (method, path) = line.split_once(' ')?;
                Some(Declared { at, method: controllers::method(method), path: literal(path.trim()) })
            }
            _ => None,
        }
    });
    read.collect()
}

/// The base of an interface that the file itself makes a client of: `.target(Orders.class, url)`, `.baseUrl(url)`.
fn made_base(code: &Code, of: &Type, names: &[&str], index: usize) -> Value {
    let found = names.iter().flat_map(|name| code.occurrences(name)).map(|&at| at as usize).filter(|&at| code.is(at + 1, "("));
    let mut found = found.take(64).filter_map(|at| {
        let arguments = code.arguments(at + 1);
        let is_own = index == 0 || arguments.first().is_some_and(|range| code.is(range.start, of.name));
        arguments.into_iter().nth(index).filter(|_| is_own)
    });
    found.next().map_or_else(|| unknown("the client's base"), |range| values::reached(code, range))
}

/// `@HttpExchange(url = "…") interface Orders { @GetExchange("/{id}") … }`, and the proxies that are made of such interfaces.
fn spring_interfaces(code: &Code, output: &mut Output) {
    let all = types(code);
    for of in all.iter().filter(|of| of.form == Form::Interface) {
        let declared = exchanges(code, of);
        if declared.is_empty() {
            continue;
        }
        let own = of.annotation(&["HttpExchange"]).and_then(|annotation| annotation.value(code, &["url", "value"]));
        let base = below(Some(made_base(code, of, &["baseUrl"], 0)), own.unwrap_or(literal("")));
        add(output, SPRING.name, &base, declared);
    }
    for call in code.calls().filter(|call| code.is(call.name, "createClient")) {
        let argument = code.arguments(call.open).into_iter().next();
        let Some(argument) = argument.filter(|range| range.clone().any(|at| code.is(at, "class"))) else { continue };
        if all.iter().any(|known| code.is(argument.start, known.name)) {
            continue;
        }
        // The base of the client in the same function.
        let function = code.enclosing(call.open, ItemKind::Function);
        let base = function.and_then(|item| sites::given_in(code, item.body.clone(), &["baseUrl", "create"]));
        if let Some(base) = base.filter(|base| !matches!(base, Value::Unknown(_) | Value::Symbol(_))) {
            sites::http(output, SPRING.name, code.location(call.start..call.open), None, base, None);
        }
    }
}

fn exchanges(code: &Code, of: &Type) -> Vec<Declared> {
    let members = of.members.iter().flat_map(|member| &member.annotations);
    let exchanges = members.filter(|annotation| annotation.name.ends_with("Exchange"));
    let found = exchanges.flat_map(|annotation| spring::operations_of(code, annotation, &[]));
    found
        .map(|operation| {
            let method = (operation.method != "ANY").then_some(operation.method);
            Declared { at: operation.at, method, path: operation.path }
        })
        .collect()
}

/// `@GET("orders/{id}")` in an interface, and `new Retrofit.Builder().baseUrl(url)`.
fn retrofit(code: &Code, output: &mut Output) {
    let mut own = false;
    for of in types(code).into_iter().filter(|of| of.form == Form::Interface) {
        let mut declared = Vec::new();
        for annotation in of.members.iter().flat_map(|member| &member.annotations) {
            let (method, path) = match annotation.name {
                "HTTP" => {
                    let method = annotation.attribute(code, "method").and_then(|range| code.literal(range.start));
                    (method.and_then(|method| controllers::method(&method)), annotation.value(code, &["path"]))
                }
                name if METHODS.contains(&name) => (controllers::method(name), annotation.value(code, &["value"])),
                _ => continue,
            };
            let at = code.location(annotation.at..annotation.end);
            // The path may be handed over when it is called.
            declared.push(Declared { at, method, path: path.unwrap_or(unknown("given when it is called")) });
        }
        if declared.is_empty() {
            continue;
        }
        own = true;
        add(output, RETROFIT.name, &made_base(code, &of, &["baseUrl"], 0), declared);
    }
    for call in code.calls().filter(|call| code.is(call.name, "baseUrl") && !own) {
        if let Some(url) = code.arguments(call.open).into_iter().next() {
            let at = code.location(call.start..call.open);
            sites::http(output, RETROFIT.name, at, None, values::reached(code, url), None);
        }
    }
}

/// `@RegisterRestClient(configKey = "orders", baseUri = "…")` with paths of JAX-RS.
fn microprofile(code: &Code, output: &mut Output) {
    for of in types(code) {
        let Some(client) = of.annotation(&["RegisterRestClient"]) else { continue };
        let text = |name: &str| client.attribute(code, name).and_then(|range| code.literal(range.start));
        let package = package(code).map_or(String::new(), |package| format!("{package}."));
        let key = text("configKey").map_or_else(|| format!("{package}{}", of.name), Into::into);
        let default = client.attribute(code, "baseUri").map(|range| values::value(code, range));
        let plain = Value::Property { key: format!("{key}/mp-rest/url").into(), default: default.map(Box::new) };
        let quoted = if key.contains('.') { format!("\"{key}\"") } else { key.clone() };
        let uri = Value::Property { key: format!("quarkus.rest-client.{quoted}.uri").into(), default: Some(Box::new(plain)) };
        let base = Value::Property { key: format!("quarkus.rest-client.{quoted}.url").into(), default: Some(Box::new(uri)) };
        let path = |annotations: &[Annotation]| {
            let annotation = annotations.iter().find(|annotation| annotation.name == "Path")?;
            annotation.value(code, &["value"])
        };
        let base = match path(&of.annotations) {
            Some(path) => controllers::join(base, controllers::join(literal("/"), path)),
            None => base,
        };
        let mut declared = Vec::new();
        for member in &of.members {
            let Some(verb) = member.annotation(&METHODS) else { continue };
            let path = path(&member.annotations).map_or(literal(""), |path| controllers::join(literal("/"), path));
            let at = code.location(verb.at..verb.end);
            declared.push(Declared { at, method: controllers::method(verb.name), path });
        }
        if declared.is_empty() {
            declared.push(Declared { at: code.location(client.at..client.end), method: None, path: literal("") });
        }
        add(output, MICROPROFILE.name, &base, declared);
    }
    for call in code.calls().filter(|call| code.is_any(call.name, &["baseUri", "baseUrl"])) {
        let is_builder = code.text_in(code.receiver(call)).contains("RestClientBuilder");
        if let Some(url) = code.arguments(call.open).into_iter().next().filter(|_| is_builder) {
            let at = code.location(call.start..call.open);
            sites::http(output, MICROPROFILE.name, at, None, values::reached(code, url), None);
        }
    }
}

/// `@Client("orders") interface Orders { @Get("/{id}") … }`, and a client that is given by the same annotation and called.
fn micronaut_clients(code: &Code, output: &mut Output) {
    for of in types(code) {
        let Some(client) = of.annotation(&["Client"]) else { continue };
        let base = client_base(code, client);
        let operations = of.members.iter().flat_map(|member| &member.annotations);
        let operations = operations.flat_map(|annotation| micronaut::operations_of(code, annotation));
        let mut declared: Vec<Declared> = operations
            .map(|operation| {
                let method = (operation.method != "ANY").then_some(operation.method);
                Declared { at: operation.at, method, path: operation.path }
            })
            .collect();
        if declared.is_empty() {
            declared.push(Declared { at: code.location(client.at..client.end), method: None, path: literal("") });
        }
        add(output, MICRONAUT.name, &base, declared);
    }
    let given: Vec<Value> = code
        .occurrences("Client")
        .iter()
        .map(|&at| at as usize)
        .filter(|&at| at > 0 && code.is(at - 1, "@") && code.is(at + 1, "("))
        .take(8)
        .map(|at| client_base(code, &Annotation::read(code, at)))
        .collect();
    // `HttpClient.create(URL("http", host, port, ""))`.
    let created = || {
        let at =
            code.occurrences("create").iter().map(|&at| at as usize).find(|&at| code.is(at.wrapping_sub(2), "HttpClient"))?;
        code.arguments(at + 1).into_iter().next().map(|range| values::reached(code, range))
    };
    let base = || match given.as_slice() {
        [only] => Some(only.clone()),
        [] => created(),
        _ => None,
    };
    for call in code.calls() {
        let word = code.text_of(call.name);
        let is_request = code.text_in(code.receiver(call)) == "HttpRequest" && METHODS.contains(&word);
        if let Some(url) = code.arguments(call.open).into_iter().next().filter(|_| is_request) {
            let at = code.location(call.start..call.open);
            let url = below(base(), values::reached(code, url));
            sites::http(output, MICRONAUT.name, at, controllers::method(word), url, None);
        }
    }
}

/// `@Client("/path")`, `@Client("http://…")`, `@Client(id = "orders", path = "/v1")`.
fn client_base(code: &Code, client: &Annotation) -> Value {
    let attribute = |name: &str| client.attribute(code, name).map(|range| values::value(code, range));
    let base = match attribute("id").or_else(|| attribute("value")) {
        Some(Value::Literal(id)) if !id.contains("://") && !id.starts_with('/') => {
            let default = Some(Box::new(literal(format!("http://{id}"))));
            Value::Property { key: format!("micronaut.http.services.{id}.url").into(), default }
        }
        Some(Value::Literal(path)) if path.starts_with('/') => concat([unknown("the client's base"), Value::Literal(path)]),
        Some(other) => other,
        None => unknown("no name is written"),
    };
    match attribute("path") {
        Some(path) => controllers::join(base, path),
        None => base,
    }
}
