//! Which queues get what of an exchange: bindings that a program declares to RabbitMQ.

use std::ops::Range;

use super::chains::Chain;
use super::known::{Known, type_of};
use super::types::{Annotation, types};
use super::values;
use crate::extract::Output;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Binding, Fact, Value};

pub const FRAMEWORK: Framework =
    Framework { name: "rabbit-binding", marks: &["BindingBuilder", "queueBind", "@QueueBinding", "new Binding("], read };

fn read(code: &Code, output: &mut Output) {
    for call in code.calls() {
        let arguments = || code.arguments(call.open);
        let declared = |range: Range<usize>| declared(code, range);
        let value = |range: Range<usize>| values::reached(code, range);
        let at = code.location(call.start..call.open);
        let made = code.is(call.start.wrapping_sub(1), "new");
        let binding = match code.text_of(call.name) {
            // `BindingBuilder.bind(queue).to(exchange).with(key)`.
            "bind" if code.text_in(code.receiver(call)) == "BindingBuilder" => {
                let Some(chain) = Chain::of(code, call) else { continue };
                let (Some(queue), Some(to)) = (arguments().into_iter().next(), chain.link(code, &["to"])) else { continue };
                let Some(exchange) = to.argument(code) else { continue };
                let key = chain.link(code, &["with"]).and_then(|link| link.argument(code));
                Binding { at, exchange: declared(exchange), queue: declared(queue), key: key.map(value) }
            }
            "queueBind" => match arguments().as_slice() {
                [queue, exchange, rest @ ..] => {
                    let key = rest.first().map(|range| value(range.clone())).filter(|key| *key != literal(""));
                    Binding { at, exchange: value(exchange.clone()), queue: value(queue.clone()), key }
                }
                _ => continue,
            },
            "Binding" if made => match arguments().as_slice() {
                [queue, _, exchange, key, ..] => {
                    Binding { at, exchange: value(exchange.clone()), queue: value(queue.clone()), key: Some(value(key.clone())) }
                }
                _ => continue,
            },
            _ => continue,
        };
        output.facts.push(Fact::Binding(binding));
    }
    for annotation in types(code).iter().flat_map(|of| &of.members).flat_map(|member| &member.annotations) {
        if annotation.name == "RabbitListener" {
            listener(code, annotation, output);
        }
    }
}

/// `@QueueBinding(value = @Queue("a"), exchange = @Exchange("b"), key = "c")`.
fn listener(code: &Code, annotation: &Annotation, output: &mut Output) {
    for at in (annotation.at + 1..annotation.end).filter(|&at| code.is(at, "QueueBinding") && code.is(at + 1, "(")) {
        let binding = Annotation::read(code, at);
        let inner = |name: &str| {
            let range = binding.attribute(code, name)?;
            let from = range.start + usize::from(code.is(range.start, "@"));
            Annotation::read(code, from).value(code, &["value", "name"])
        };
        let (Some(queue), Some(exchange)) = (inner("value"), inner("exchange")) else { continue };
        let keys = binding.values(code, &["key"]);
        let at = code.location(at..binding.end);
        if keys.is_empty() {
            output.facts.push(Fact::Binding(Binding { at, exchange: exchange.clone(), queue: queue.clone(), key: None }));
        }
        for key in keys {
            output.facts.push(Fact::Binding(Binding { at, exchange: exchange.clone(), queue: queue.clone(), key: Some(key) }));
        }
    }
}

/// The name of a queue or exchange: of a bean that is given, that of the function by its name, or of the one that makes its type.
fn declared(code: &Code, range: Range<usize>) -> Value {
    let value = values::reached(code, range.clone());
    let name = code.word(range.start).filter(|_| range.len() == 1);
    let (Some(name), Value::Parameter { .. } | Value::Symbol(_)) = (name, &value) else { return value };
    let by_name = Known::of(code).function(code, name, 0).map(|item| item.body.clone());
    let found = by_name.or_else(|| {
        let of = &*type_of(code, name)?;
        let mut makers = code.items().iter().filter(|item| {
            item.kind == ItemKind::Function && item.name > 0 && code.is(item.name - 1, of) && !item.body.is_empty()
        });
        let only = makers.next()?;
        makers.next().is_none().then(|| only.body.clone())
    });
    let made = found.and_then(|body| {
        let at = body.clone().find(|&at| code.is_any(at, &["return"])).map_or(body.start, |at| at + 1);
        let chain = Chain::at(code, at)?;
        Some(values::reached(code, chain.start..chain.end))
    });
    made.filter(|made| !matches!(made, Value::Unknown(_))).unwrap_or(value)
}
