//! Events and commands that leave by a framework of the house's choice: Eventuate and Axon; references to services of Dubbo.

use std::ops::Range;

use super::define::package;
use super::known::mentions;
use super::producers::{message, payload};
use super::types::{Annotation, types};
use super::{handlers, sites, type_symbol, values};
use crate::extract::Output;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, HandlerKind, Value};

pub const EVENTUATE: Framework = Framework { name: "eventuate-producer", marks: &["io.eventuate.tram"], read: eventuate };
pub const AXON: Framework = Framework { name: "axon-gateway", marks: &["org.axonframework"], read: axon };
pub const DUBBO: Framework =
    Framework { name: "dubbo", marks: &["org.apache.dubbo", "com.alibaba.dubbo", "DubboReference"], read: dubbo };

/// The full name of a class that is named by `Order.class` or `Order::class.java`.
fn class(code: &Code, range: Range<usize>) -> Option<Value> {
    let is_class = range.clone().any(|at| code.is(at, "class"));
    let name = code.word(range.start).filter(|_| is_class)?;
    let symbol = type_symbol(code, name);
    let full = match symbol.strip_prefix('#') {
        Some(own) => package(code).map_or_else(|| own.to_owned(), |package| format!("{package}.{own}")),
        None => symbol.split('#').next().unwrap_or(name).replace('/', "."),
    };
    Some(literal(full))
}

/// `publisher.publish(Order.class, id, events)`: the channel is named for the aggregate. `commands.send("channel", command, …)`.
fn eventuate(code: &Code, output: &mut Output) {
    for call in code.calls() {
        let arguments = || code.arguments(call.open);
        let of = code.receiver(call);
        let here = (code, call);
        match code.text_of(call.name) {
            "publish" if sites::is_of(code, &of, &["DomainEventPublisher"]) && arguments().len() >= 3 => {
                let arguments = arguments();
                let target = class(code, arguments[0].clone()).unwrap_or_else(|| values::reached(code, arguments[0].clone()));
                let name = arguments.last().and_then(|range| payload(code, range.clone()));
                message(output, EVENTUATE.name, here, target, None, name);
            }
            // `super(publisher, Order.class, Order::getId)` of a publisher of the house.
            "super"
                if mentions(code, "AbstractAggregateDomainEventPublisher") || mentions(code, "AbstractDomainEventPublisher") =>
            {
                if let Some(target) = arguments().into_iter().find_map(|range| class(code, range)) {
                    message(output, EVENTUATE.name, here, target, None, None);
                }
            }
            "send" if sites::is_of(code, &of, &["CommandProducer", "MessageProducer"]) && arguments().len() >= 2 => {
                let arguments = arguments();
                let name = payload(code, arguments[1].clone());
                message(output, EVENTUATE.name, here, values::reached(code, arguments[0].clone()), None, name);
            }
            // `send(new ReserveCredit(…)).to("customers")`.
            "to" if code.text_in(of.clone()).starts_with("send(") => {
                if let Some(channel) = arguments().into_iter().next() {
                    let inner = code.arguments(of.start + 1).into_iter().next();
                    let name = inner.and_then(|range| payload(code, range));
                    message(output, EVENTUATE.name, here, values::reached(code, channel), None, name);
                }
            }
            "withChannel" if mentions(code, "CommandEndpointBuilder") => {
                if let Some(channel) = arguments().into_iter().next() {
                    let named = of.clone().find(|&at| code.is(at, "forCommand"));
                    let name = named.and_then(|at| code.word(at + 2)).map(literal);
                    message(output, EVENTUATE.name, here, values::reached(code, channel), None, name);
                }
            }
            _ => {}
        }
    }
}

/// `gateway.send(new CreateOrder(…))`: a message of Axon goes to whoever handles its type.
fn axon(code: &Code, output: &mut Output) {
    for call in code.calls() {
        let of = code.receiver(call);
        let sends = match code.text_of(call.name) {
            "send" | "sendAndWait" | "publish" | "query" | "streamingQuery" | "scatterGather" | "subscriptionQuery" => {
                sites::is_of(
                    code,
                    &of,
                    &[
                        "CommandGateway",
                        "ReactorCommandGateway",
                        "QueryGateway",
                        "ReactorQueryGateway",
                        "EventGateway",
                        "EventBus",
                    ],
                )
            }
            "apply" => of.is_empty() && mentions(code, "AggregateLifecycle") || code.text_in(of.clone()) == "AggregateLifecycle",
            _ => false,
        };
        let name = code.arguments(call.open).into_iter().filter(|_| sends).find_map(|range| payload(code, range));
        if let Some(name) = name {
            let target = unknown("whoever handles it");
            message(output, AXON.name, (code, call), target, None, Some(name));
        }
    }
}

/// `@DubboReference OrderService orders`: a remote object by the name of its interface; and what implements one.
fn dubbo(code: &Code, output: &mut Output) {
    for name in ["DubboReference", "Reference"] {
        for &at in code.occurrences(name).iter().take(200) {
            let at = at as usize;
            if at == 0 || !code.is(at - 1, "@") {
                continue;
            }
            let annotation = Annotation::read(code, at);
            let end = (annotation.end..annotation.end + 16).find(|&at| code.is_any(at, &[";", "=", ")", ","]));
            let words: Vec<&str> = (annotation.end..end.unwrap_or(annotation.end)).filter_map(|at| code.word(at)).collect();
            let of = words.iter().rev().find(|word| word.starts_with(|first: char| first.is_uppercase()));
            if let Some(of) = of {
                let place = code.location(at..annotation.end);
                sites::named(output, DUBBO.name, CallKind::Pattern, place, literal(""), Some(literal(*of)));
            }
        }
    }
    for of in types(code) {
        let provides = of
            .annotation(&["DubboService"])
            .or_else(|| of.annotation(&["Service"]).filter(|_| mentions(code, "dubbo.config.annotation.Service")));
        if let (Some(provides), Some(base)) = (provides, of.bases.first()) {
            let name = base.rsplit('.').next().unwrap_or(base);
            handlers::add(output, DUBBO.name, HandlerKind::Rpc, code.at(provides.at), literal(name));
        }
    }
}
