//! Handlers of Eventuate and Axon: domain events and commands that come as messages.

use super::types::{Member, types};
use super::{handlers, values};
use crate::extract::Output;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{HandlerKind, Value};

pub const EVENTUATE: Framework = Framework { name: "eventuate", marks: &["io.eventuate.tram"], read: eventuate };
pub const AXON: Framework = Framework { name: "axon", marks: &["org.axonframework"], read: axon };

/// `DomainEventHandlersBuilder.forAggregateType("…")` and `SagaCommandHandlersBuilder.fromChannel("…")` each begin what one channel is for.
fn eventuate(code: &Code, output: &mut Output) {
    for call in code.calls() {
        let name = code.text_of(call.name);
        let begins = match name {
            "forAggregateType" | "andForAggregateType" => code.text.contains("DomainEventHandlersBuilder"),
            "fromChannel" | "andFromChannel" => code.text.contains("CommandHandlersBuilder"),
            _ => false,
        };
        if let Some(first) = code.arguments(call.open).into_iter().next().filter(|_| begins) {
            handlers::add(output, EVENTUATE.name, HandlerKind::Consumer, code.at(call.name), values::value(code, first));
        }
    }
    for of in types(code) {
        for member in &of.members {
            if let Some(annotation) = member.annotation(&["EventuateDomainEventHandler", "EventuateCommandHandler"]) {
                let name = annotation.value(code, &["channel"]).unwrap_or_else(|| unknown("no channel is written"));
                handlers::add(output, EVENTUATE.name, HandlerKind::Consumer, code.at(annotation.at), name);
            }
        }
    }
}

/// A handler of Axon has the name of the message that it is given. What only rebuilds an aggregate's state is none.
fn axon(code: &Code, output: &mut Output) {
    for of in types(code) {
        for member in &of.members {
            let handles = member.annotation(&["EventHandler", "CommandHandler", "SagaEventHandler", "QueryHandler"]);
            if let Some(annotation) = handles {
                handlers::add(output, AXON.name, HandlerKind::Consumer, code.at(annotation.at), message(code, member));
            }
        }
    }
}

fn message(code: &Code, member: &Member) -> Value {
    // What has an annotation is told beside the message.
    let parameters = code.parameters(member.item).into_iter();
    let Some(first) = parameters.clone().find(|range| !code.is(range.start, "@")).or(parameters.clone().next()) else {
        return unknown("nothing is given");
    };
    let (_, from) = super::types::annotations_at(code, first.start, first.end);
    let written = match code.language.name() {
        "Kotlin" => (from..first.end).find(|&at| code.is(at, ":")).map_or(from, |colon| colon + 1),
        _ => from + usize::from(code.is(from, "final")),
    };
    code.word(written).map_or_else(|| unknown("no type is written"), literal)
}
