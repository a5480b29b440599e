//! WebSocket endpoints: Jakarta, Micronaut, Quarkus, and those that Spring registers; destinations of messages in controllers of Spring.

use super::controllers::join;
use super::types::types;
use super::{handlers, values};
use crate::extract::Output;
use crate::extract::code::paths::{Style, template};
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::HandlerKind;

pub const FRAMEWORK: Framework = Framework {
    name: "websocket",
    marks: &[
        "@ServerEndpoint",
        "@ServerWebSocket",
        "io.quarkus.websockets.next",
        "StompEndpointRegistry",
        "WebSocketHandlerRegistry",
        "org.springframework.messaging",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let mut add = |at, path| handlers::add(output, FRAMEWORK.name, HandlerKind::Subscription, at, template(path, Style::Braces));
    for of in types(code) {
        let endpoint = match of.annotation(&["ServerEndpoint", "ServerWebSocket", "WebSocket"]) {
            Some(annotation) if annotation.name != "WebSocket" || code.text.contains("io.quarkus.websockets.next") => {
                Some(annotation)
            }
            _ => None,
        };
        if let Some(annotation) = endpoint {
            let path = annotation.value(code, &["value", "path", "uri"]).unwrap_or(literal("/"));
            add(code.at(annotation.at), path);
        }
        let prefix = of.annotation(&["MessageMapping"]).and_then(|annotation| annotation.value(code, &["value"]));
        let prefix = prefix.unwrap_or(literal(""));
        for annotation in of.members.iter().filter_map(|member| member.annotation(&["MessageMapping", "SubscribeMapping"])) {
            for destination in annotation.values(code, &["value"]) {
                add(code.at(annotation.at), join(prefix.clone(), destination));
            }
        }
    }
    let (stomp, plain) = (code.text.contains("StompEndpointRegistry"), code.text.contains("WebSocketHandlerRegistry"));
    for call in code.calls() {
        let arguments = code.arguments(call.open);
        let paths = match code.text_of(call.name) {
            "addEndpoint" if stomp => &arguments[..],
            "addHandler" if plain => arguments.get(1..).unwrap_or_default(),
            _ => continue,
        };
        for path in paths {
            add(code.at(call.name), values::value(code, path.clone()));
        }
    }
}
