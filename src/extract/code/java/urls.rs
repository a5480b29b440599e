//! What puts addresses together link by link: builders of URLs, channels of gRPC, queues and exchanges that are declared, formats.

use std::ops::Range;

use super::chains::{Chain, Link};
use super::controllers::join;
use super::known::mentions;
use crate::extract::code::Code;
use crate::extract::code::value::{concat, literal, unknown};
use crate::facts::Value;

/// Reads an argument.
pub type Read<'a> = &'a dyn Fn(Range<usize>) -> Value;

/// Types that are nothing but the address, name or path that they are given first.
const NAMED: [&str; 22] = [
    "URI",
    "URL",
    "URIBuilder",
    "GenericUrl",
    "HttpUrl",
    "Url",
    "Queue",
    "TopicExchange",
    "DirectExchange",
    "FanoutExchange",
    "HeadersExchange",
    "NewTopic",
    "ActiveMQQueue",
    "ActiveMQTopic",
    "ChannelTopic",
    "PatternTopic",
    "ClassicHttpHost",
    "HttpRoute",
    "RabbitQueue",
    "ConnectionString",
    "MongoClientURI",
    "RedisURI",
];

/// The value with which a builder begins.
pub fn begins(code: &Code, chain: &Chain, at: usize, read: Read) -> Option<Value> {
    let link = &chain.links[at];
    let name = code.text_of(link.name);
    let arguments = link.arguments(code);
    let argument = |index: usize| arguments.get(index).map(|range| read(range.clone()));
    let receiver = at.checked_sub(1).map_or("", |before| code.text_of(chain.links[before].name));
    let is_first = at == 0;
    Some(match (receiver, name) {
        (
            "UriComponentsBuilder" | "UriBuilder" | "URIBuilder",
            "fromUriString" | "fromHttpUrl" | "fromUri" | "fromPath" | "fromString",
        ) => argument(0)?,
        ("UriComponentsBuilder" | "UriBuilder", "newInstance") => literal(""),
        ("Builder", "HttpUrl") => literal(""),
        ("URI", "create" | "of") | ("HttpUrl", "get" | "parse" | "of") | ("Url", "parse") => argument(0)?,
        (_, "Builder") if receiver == "HttpUrl" && arguments.is_empty() => literal(""),
        ("ManagedChannelBuilder" | "NettyChannelBuilder" | "OkHttpChannelBuilder" | "InProcessChannelBuilder", "forAddress") => {
            concat([argument(0)?, literal(":"), argument(1)?])
        }
        ("ManagedChannelBuilder" | "NettyChannelBuilder" | "OkHttpChannelBuilder", "forTarget") => argument(0)?,
        ("Grpc", "newChannelBuilder") => argument(0)?,
        ("Grpc", "newChannelBuilderForAddress") => concat([argument(0)?, literal(":"), argument(1)?]),
        ("QueueBuilder", "durable" | "nonDurable") | ("TopicBuilder", "name") => argument(0)?,
        ("ExchangeBuilder", "topicExchange" | "directExchange" | "fanoutExchange" | "headersExchange") => argument(0)?,
        ("TopicName" | "ProjectTopicName" | "SubscriptionName" | "ProjectSubscriptionName", "of" | "format") => {
            arguments.last().map(|range| read(range.clone()))?
        }
        (_, "getInstances" | "choose" | "getNextServerFromEureka") if !receiver.is_empty() => {
            concat([literal("http://"), argument(0)?])
        }
        (_, "target") if mentions(code, "ws.rs.client") && arguments.len() == 1 => argument(0)?,
        (_, "createQueue" | "createTopic") if !receiver.is_empty() && arguments.len() == 1 => argument(0)?,
        (_, "HttpHost") if is_first => match arguments.len() {
            1 => argument(0)?,
            2 => concat([literal("http://"), argument(0)?, literal(":"), argument(1)?]),
            _ => concat([argument(2)?, literal("://"), argument(0)?, literal(":"), argument(1)?]),
        },
        // `new URL("http", host, port, path)`, and a path below a URL.
        (_, "URL" | "URI") if is_first && arguments.len() >= 3 => {
            let (scheme, host) = (argument(0)?, argument(1)?);
            match arguments.len() {
                4 => join(concat([scheme, literal("://"), host, literal(":"), argument(2)?]), argument(3)?),
                3 => join(concat([scheme, literal("://"), host]), argument(2)?),
                _ => return None,
            }
        }
        (_, "URL") if is_first && arguments.len() == 2 => join(argument(0)?, argument(1)?),
        (_, of) if is_first && NAMED.contains(&of) && !arguments.is_empty() => argument(0)?,
        _ => return None,
    })
}

/// What a link of a builder makes of the value before it; None where it makes something that is no address.
pub fn step(code: &Code, name: &str, link: &Link, value: Value, read: Read) -> Option<Value> {
    let arguments = || link.arguments(code).into_iter().map(read);
    let first = || arguments().next();
    Some(match name {
        "path" | "appendPath" | "appendPathSegments" | "pathSegment" | "addPathSegment" | "addPathSegments" | "appendPathSegment"
        | "segment" | "encodedPath" | "setPath" | "replacePath" | "addEncodedPathSegment" | "addEncodedPathSegments" => {
            arguments().fold(value, join)
        }
        "scheme" | "setScheme" => concat([first()?, literal("://"), value]),
        "host" | "setHost" => concat([value, if is_bare(code, link) { literal("") } else { literal("http://") }, first()?]),
        "port" | "setPort" => concat([value, literal(":"), first()?]),
        "build" | "buildAndExpand" | "encode" | "expand" | "toUri" | "toUriString" | "toURI" | "toURL" | "toString" | "toUrl"
        | "toHttpUrl" | "toHttpUrlOrNull" | "trim" | "strip" | "intern" | "normalize" | "newBuilder" | "toASCIIString"
        | "toExternalForm" | "get" | "orElseThrow" | "getString" | "toList" | "queryParam" | "queryParams" | "queryParamIfPresent"
        | "replaceQueryParam" | "addQueryParameter" | "addEncodedQueryParameter" | "addParameter" | "setParameter" | "query"
        | "replaceQuery" | "fragment" | "userInfo" | "resolveTemplate" | "resolveTemplates" | "uriVariables" | "matrixParam"
        | "removeSuffix" | "trimEnd" | "replace" | "replaceAll" | "replaceFirst" | "removePathSegment" | "asString"
        // Channels of gRPC.
        | "usePlaintext" | "useTransportSecurity" | "intercept" | "maxInboundMessageSize" | "keepAliveTime" | "keepAliveTimeout"
        | "keepAliveWithoutCalls" | "defaultLoadBalancingPolicy" | "enableRetry" | "maxRetryAttempts" | "executor" | "directExecutor"
        | "negotiationType" | "sslContext" | "idleTimeout" | "overrideAuthority" | "userAgent" | "nameResolverFactory"
        | "defaultServiceConfig" | "disableRetry"
        // Queues, exchanges and topics.
        | "withArgument" | "withArguments" | "deadLetterExchange" | "deadLetterRoutingKey" | "ttl" | "quorum" | "lazy" | "autoDelete"
        | "exclusive" | "maxLength" | "durable" | "partitions" | "replicas" | "config" | "compact" | "configs" | "delayed"
        | "property" | "register"
        // Instances of a registry.
        | "getUri" | "getFirst" | "getHomePageUrl" | "stream" | "findFirst" | "findAny" => value,
        _ => return None,
    })
}

/// True where a scheme stands before the host already.
fn is_bare(code: &Code, link: &Link) -> bool {
    let before = link.name.saturating_sub(6)..link.name;
    before.into_iter().any(|at| code.is_any(at, &["scheme", "setScheme"]))
}

/// A format with its arguments put in: `%s`, `%1$s`, `%d`, and `{0}` of MessageFormat.
pub fn formatted(format: Value, arguments: Vec<Value>) -> Value {
    let mut next = 0;
    let mut parts = Vec::new();
    let pieces = match format {
        Value::Concat(pieces) => pieces,
        one => vec![one],
    };
    for piece in pieces {
        match piece {
            Value::Literal(text) => put(&text, &arguments, &mut next, &mut parts),
            other => parts.push(other),
        }
    }
    concat(parts)
}

fn put(text: &str, arguments: &[Value], next: &mut usize, parts: &mut Vec<Value>) {
    let given = |index: usize| arguments.get(index).cloned().unwrap_or_else(|| unknown("nothing is given"));
    let mut rest = text;
    while let Some(at) = rest.find(['%', '{']) {
        parts.push(literal(&rest[..at]));
        let behind = &rest[at + 1..];
        if rest.as_bytes()[at] == b'{' {
            let end = behind.find('}');
            let number = end.and_then(|end| behind[..end].split(',').next()?.trim().parse::<usize>().ok());
            match (number, end) {
                (Some(index), Some(end)) => {
                    parts.push(given(index));
                    rest = &behind[end + 1..];
                }
                _ => {
                    parts.push(literal("{"));
                    rest = behind;
                }
            }
            continue;
        }
        let length = behind.find(|sign: char| sign.is_ascii_alphabetic() || sign == '%').unwrap_or(behind.len());
        let (flags, kind) = (&behind[..length], behind[length..].chars().next());
        match kind {
            Some('%') => parts.push(literal("%")),
            Some('n') => parts.push(literal("\n")),
            Some(_) => match flags.split_once('$').and_then(|(index, _)| index.parse::<usize>().ok()) {
                Some(index) => parts.push(given(index.saturating_sub(1))),
                None => {
                    parts.push(given(*next));
                    *next += 1;
                }
            },
            None => parts.push(literal("%")),
        }
        rest = behind.get(length + kind.map_or(0, char::len_utf8)..).unwrap_or("");
    }
    parts.push(literal(rest));
}
