//! Calls of what may be a wrapper of the house around a client, with what it is given.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::known::Known;
use super::{controllers, type_symbol, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::{Code, Framework};
use crate::facts::Fact;

pub const FRAMEWORK: Framework = Framework {
    name: "invocations",
    marks: &["\"http://", "\"https://", "getenv", "@Value(", "RestController", "@Service", "RestTemplate", "HttpClient"],
    read: invocations,
};

/// Packages of libraries, whose functions are no wrappers of the house.
const LIBRARIES: [&str; 34] = [
    "java/",
    "javax/",
    "jakarta/",
    "kotlin/",
    "kotlinx/",
    "org/springframework/",
    "org/slf4j/",
    "org/apache/",
    "com/fasterxml/",
    "lombok/",
    "io/micronaut/",
    "io/quarkus/",
    "io/vertx/",
    "io/grpc/",
    "io/ktor/",
    "com/google/",
    "com/amazonaws/",
    "software/amazon/",
    "io/swagger/",
    "org/junit/",
    "org/mockito/",
    "org/hibernate/",
    "io/micrometer/",
    "io/opentelemetry/",
    "okhttp3/",
    "retrofit2/",
    "feign/",
    "redis/",
    "reactor/",
    "com/mongodb/",
    "org/bson/",
    "io/jsonwebtoken/",
    "org/json/",
    "io/netty/",
];
/// Methods of texts, logs, configuration and tests.
const NO_WRAPPERS: [&str; 147] = [
    "getLogger",
    "info",
    "debug",
    "warn",
    "error",
    "trace",
    "println",
    "print",
    "printf",
    "format",
    "equals",
    "equalsIgnoreCase",
    "startsWith",
    "endsWith",
    "contains",
    "containsKey",
    "split",
    "replace",
    "replaceAll",
    "matches",
    "indexOf",
    "lastIndexOf",
    "append",
    "getHeader",
    "header",
    "addHeader",
    "setHeader",
    "requestMatchers",
    "antMatchers",
    "pathMatchers",
    "mvcMatchers",
    "permitAll",
    "ofPattern",
    "getBean",
    "getResource",
    "getResourceAsStream",
    "forName",
    "compile",
    "parse",
    "valueOf",
    "of",
    "asList",
    "listOf",
    "mapOf",
    "getenv",
    "getProperty",
    "getString",
    "setProperty",
    "hasText",
    "contentType",
    "mediaType",
    "getParameter",
    "setAttribute",
    "getAttribute",
    "addAttribute",
    "status",
    "tag",
    "description",
    "title",
    "version",
    "sql",
    "createQuery",
    "execute",
    "query",
    "field",
    "getDeclaredField",
    "super",
    "path",
    "name",
    "accept",
    "reduce",
    "with",
    "divide",
    "id",
    "request",
    "withUrl",
    "labels",
    "labelNames",
    "url",
    "uri",
    "fields",
    "parseInt",
    "IllegalStateException",
    "IllegalArgumentException",
    "forTarget",
    "forAddress",
    "fromUriString",
    "fromHttpUrl",
    "fromPath",
    "baseUrl",
    "rootUri",
    "create",
    "addPathPrefix",
    "forBasePackage",
    "ServletRegistrationBean",
    "FilterRegistrationBean",
    "addUrlPatterns",
    "setUrlPatterns",
    "addPathPatterns",
    "excludePathPatterns",
    "addResourceHandler",
    "addResourceLocations",
    "addMapping",
    "addViewController",
    "addRedirectViewController",
    "setViewName",
    "redirectUrl",
    "returnUrl",
    "cancelUrl",
    "getRequestDispatcher",
    "sendRedirect",
    "ResponseEntity",
    "Queue",
    "TopicExchange",
    "DirectExchange",
    "FanoutExchange",
    "NewTopic",
    "ProducerRecord",
    "URI",
    "URL",
    "HttpEntity",
    "HttpHost",
    "addHeaders",
    "route",
    "webSocket",
    "staticResources",
    "static",
    "staticFiles",
    "http",
    "nest",
    "register",
    "table",
    "column",
    "bind",
    "to",
    "as",
    "by",
    "lazy",
    "require",
    "check",
    "assertThat",
    "assertEquals",
    "getOrDefault",
    "put",
    "add",
    "remove",
    "expireAfterWrite",
];

/// Types of libraries that files import with all of their package.
const TYPES: [&str; 36] = [
    "HttpClient",
    "WebClient",
    "RestClient",
    "RestTemplate",
    "KafkaTemplate",
    "RabbitTemplate",
    "Route",
    "Router",
    "Routing",
    "String",
    "StringBuilder",
    "Calendar",
    "List",
    "Map",
    "Set",
    "Optional",
    "Integer",
    "Long",
    "Files",
    "Paths",
    "Logger",
    "Application",
    "HttpHeaders",
    "MediaType",
    "EntityManager",
    "JdbcTemplate",
    "RequestEntity",
    "UriComponentsBuilder",
    "HttpRequest",
    "Request",
    "Duration",
    "LocalDate",
    "Instant",
    "UUID",
    "Pattern",
    "Sort",
];

/// True for a function of a library, a setter, an exception, and a bare verb of a language of routes.
fn is_library(function: &str) -> bool {
    let (module, name) = function.split_once('#').unwrap_or(("", function));
    let (of, last) = name.rsplit_once('.').unwrap_or(("", name));
    let is_setter = last.starts_with("set") && last.chars().nth(3).is_some_and(char::is_uppercase);
    let verb = of.is_empty() && module.is_empty() && controllers::method(last).is_some();
    LIBRARIES.iter().any(|library| function.starts_with(library))
        || TYPES.contains(&of)
        || is_setter
        || verb
        || !last.contains(char::is_lowercase)
        || last.ends_with("Exception")
        || last.ends_with("Error")
}

fn invocations(code: &Code, output: &mut Output) {
    let known: FxHashSet<u32> = output
        .facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Call(site) => Some(site.at.start),
            Fact::Connection(store) => Some(store.at.start),
            _ => None,
        })
        .collect();
    let is_known = |call: Call| {
        let name = code.text_of(call.name);
        let start = code.tokens[call.start].start;
        let is_annotation = call.start > 0 && code.is(call.start - 1, "@");
        let is_declared = code.items().binary_search_by_key(&call.name, |item| item.name).is_ok();
        is_annotation || is_declared || known.contains(&start) || NO_WRAPPERS.contains(&name)
    };
    let functions = Known::of(code);
    let callee = |call: Call| -> Arc<str> {
        let name = code.text_of(call.name);
        if !code.receiver(call).is_empty() {
            return code.callee(call);
        }
        if name.starts_with(|first: char| first.is_uppercase()) {
            return type_symbol(code, name);
        }
        match functions.function(code, name, code.arguments(call.open).len()) {
            Some(item) => format!("#{}", code.callable_name(item)).into(),
            None => code.symbol(name),
        }
    };
    let value = |range: Range<usize>| values::reached(code, range);
    let mut found = code.invocations_of(&value, &is_known, &callee);
    found.retain(|invocation| !is_library(&invocation.function));
    if !found.is_empty() {
        output.facts.push(Fact::Invocations { invocations: found });
    }
}
