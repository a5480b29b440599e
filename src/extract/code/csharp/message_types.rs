//! Consumers that are named by the type of their messages: MassTransit, NServiceBus, Rebus, buses of a system's own, and others.
//!
//! Handlers inside of one process (MediatR, domain events) are none. What a class handles and what is registered for it are both told;
//! the same type twice in a service is one consumer.

use super::syntax::{self, Base, Type};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::HandlerKind;

pub const FRAMEWORK: Framework = Framework {
    name: "dotnet-messages",
    marks: &[
        "IConsumer<",
        "IJobConsumer<",
        "IHandleMessages<",
        "IAmStartedByMessages<",
        "EventHandler<",
        "MessageHandler",
        "MessageCallback",
        "MessageListener",
        "Subscri",
        "EasyNetQ",
        "RawRabbit",
        "AddMessageHandler",
        "Listener",
        "BasicDeliverEventArgs",
        "ConsumeResult<",
        "ServiceBusReceivedMessage",
        "ProcessMessageEventArgs",
    ],
    read,
};

/// Interfaces of libraries with one type argument, the message.
const INTERFACES: [&str; 9] = [
    "IConsumer",
    "IJobConsumer",
    "IHandleMessages",
    "IAmStartedByMessages",
    "IDistributedEventHandler",
    "IIntegrationEventHandler",
    "IKafkaHandler",
    "IMessageHandler",
    "IBatchMessageHandler",
];
/// Types around a message that say how it comes.
const WRAPPERS: [&str; 4] = ["Batch", "ConsumeContext", "EntityCreatedEto", "EntityUpdatedEto"];

/// Ends of names of what is called back with messages.
const CALLBACKS: [&str; 4] = ["MessageHandlerCallback", "MessageHandler", "MessageCallback", "MessageListener"];

fn read(code: &Code, output: &mut Output) {
    for of in syntax::types(code).iter().filter(|of| code.is_any(of.item.start, &["class", "record"])) {
        for base in &of.bases {
            if let Some(message) = message(code, of, base) {
                let at = code.location(base.at.clone());
                syntax::handle(output, FRAMEWORK.name, HandlerKind::Consumer, at, literal(message));
            }
        }
        if let Some(base) = callback(of) {
            let at = code.location(base.at.clone());
            syntax::handle(output, FRAMEWORK.name, HandlerKind::Consumer, at, unknown(base.name));
        }
    }
    switches(code, output);
    let library = (0..code.len()).any(|at| code.is_any(at, &["EasyNetQ", "RawRabbit", "SlimMessageBus"]));
    for call in code.calls() {
        for message in listened(code, call) {
            syntax::handle(output, FRAMEWORK.name, HandlerKind::Consumer, code.at(call.name), literal(message));
        }
        if let Some(message) = subscribed(code, call, library) {
            syntax::handle(output, FRAMEWORK.name, HandlerKind::Consumer, code.at(call.name), literal(message));
        }
    }
}

/// The message of an interface, unless a subclass says it.
fn message<'t>(code: &Code<'t>, of: &Type, base: &Base) -> Option<&'t str> {
    let words = base.name.strip_prefix('I')?;
    let is_own = words.ends_with("Handler")
        && ["IntegrationEvent", "IntegrationMessage", "BusEvent"].iter().any(|word| words.contains(word));
    if !INTERFACES.contains(&base.name) && !is_own || base.arguments.len() != 1 {
        return None;
    }
    let argument = base.arguments[0].clone();
    let mut name = syntax::type_name(code, argument.clone());
    if WRAPPERS.contains(&name) {
        let open = argument.clone().find(|&at| code.is(at, "<"))?;
        name = syntax::type_name(code, open + 1..argument.end);
    }
    (!name.is_empty() && !of.parameters.contains(&name)).then_some(name)
}

/// A worker that is called back for the messages of a queue which the settings name.
fn callback<'a, 't>(of: &'a Type<'_, 't>) -> Option<&'a Base<'t>> {
    let is_worker = of.extends("IHostedService") || of.extends("BackgroundService");
    let base = of.bases.iter().find(|base| base.arguments.is_empty() && CALLBACKS.iter().any(|end| base.name.ends_with(end)))?;
    is_worker.then_some(base)
}

/// `switch (messageType) { case "OrderPlaced": … }` where a broker's messages arrive: a consumer for each type.
fn switches(code: &Code, output: &mut Output) {
    let arrives = code.items().iter().any(|item| {
        item.kind == ItemKind::Type
            && (item.name + 1..(item.name + 40).min(code.len()))
                .take_while(|&at| !code.is(at, "{"))
                .any(|at| code.word(at).is_some_and(|word| CALLBACKS.iter().any(|end| word.ends_with(end))))
    }) || ["BasicDeliverEventArgs", "ConsumeResult", "ServiceBusReceivedMessage", "ProcessMessageEventArgs"]
        .iter()
        .any(|word| !code.occurrences(word).is_empty());
    if !arrives {
        return;
    }
    for &at in code.occurrences("switch").iter().take(50) {
        // `switch (type) {`, `type switch {`.
        let at = at as usize;
        let subject = if code.is(at + 1, "(") { code.inside(at + 1) } else { at.saturating_sub(1)..at };
        let open = if code.is(at + 1, "(") { code.after(at + 1) } else { at + 1 };
        let named = code.word(subject.end.saturating_sub(1)).map(|word| word.trim_start_matches('_').to_ascii_lowercase());
        let is_type = named.is_some_and(|name| {
            matches!(
                name.as_str(),
                "messagetype" | "eventtype" | "eventname" | "messagename" | "routingkey" | "commandtype" | "commandname"
            )
        });
        if !is_type || !code.is(open, "{") {
            continue;
        }
        for place in code.inside(open) {
            let begins = code.is(place.wrapping_sub(1), "case") || code.is(place + 1, "=>");
            let is_case = begins && (code.is(place + 1, ":") || code.is(place + 1, "=>"));
            if let Some(name) = code.literal(place).filter(|name| is_case && !name.is_empty()) {
                syntax::handle(output, FRAMEWORK.name, HandlerKind::Consumer, code.at(place), literal(name.as_ref()));
            } else if code.is(place, "nameof") && code.is(place.wrapping_sub(1), "case") && code.is(place + 1, "(") {
                let last = code.inside(place + 1).end.saturating_sub(1);
                let name = code.word(last).unwrap_or("");
                syntax::handle(output, FRAMEWORK.name, HandlerKind::Consumer, code.at(place), literal(name));
            }
        }
    }
}

/// `app.UseListeners(new List<Type> { typeof(Message) })`.
fn listened<'t>(code: &Code<'t>, call: Call) -> Vec<&'t str> {
    let name = code.text_of(call.name);
    if call.start == call.name || !name.contains("Listen") && !name.contains("Subscri") {
        return Vec::new();
    }
    let inside = code.inside(call.open).take(400);
    inside
        .filter(|&at| code.is(at, "typeof") && code.is(at + 1, "("))
        .map(|at| syntax::type_name(code, code.inside(at + 1)))
        .collect()
}

/// `bus.Subscribe<Message, Handler>()`, and `bus.SubscribeAsync<Message>("id", …)` of libraries that do so.
fn subscribed<'t>(code: &Code<'t>, call: Call, library: bool) -> Option<&'t str> {
    let name = code.text_of(call.name);
    if call.start == call.name {
        return None;
    }
    let types = syntax::call_types(code, call.name);
    let named = |index: usize| types.get(index).map(|range| syntax::type_name(code, range.clone()));
    let is_message = |name: &&str| !name.is_empty() && !syntax::is_type_parameter(name);
    match name {
        "Subscribe" | "SubscribeAsync" | "AddSubscription" if types.len() == 2 => named(0)
            .filter(|_| named(1).is_some_and(|handler| handler.ends_with("Handler") || handler.ends_with("Consumer")))
            .filter(is_message),
        "AddMessageHandler" if types.len() == 2 => named(1).filter(is_message),
        "Subscribe" | "SubscribeAsync" | "Consume" if library && types.len() == 1 => named(0).filter(is_message),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn classes_handle_types_of_messages() {
        check(
            "A.cs",
            "public class A(ILogger<A> log) : IConsumer<Orders.OrderPlaced>, IConsumer<Batch<OrderPaid>> { }
             class B : Saga<Data>, IAmStartedByMessages<Started>, IHandleMessages<Done> { }
             class C : IIntegrationEventHandler<PriceChanged> { }
             class D : INotificationHandler<Mediated>, IRequestHandler<Q, R>, IDomainEventHandler<E> { }
             class E<T> : IConsumer<T> where T : class { }
             class F { IConsumer<string, byte[]> consumer; }
             interface G : IConsumer<X> { }",
            "1 consumer OrderPlaced
             1 consumer OrderPaid
             2 consumer Started
             2 consumer Done
             3 consumer PriceChanged",
        );
        check(
            "B.cs",
            "public class W : IHostedService, IMessageHandlerCallback { } class V : IMessageHandlerCallback { }",
            "1 consumer ?IMessageHandlerCallback",
        );
    }

    #[test]
    fn types_that_a_handler_tells_apart_are_consumers() {
        check(
            "A.cs",
            r#"
class A : IHostedService, IMessageHandlerCallback {
    Task<bool> HandleMessageAsync(string messageType, string message) {
        switch (messageType) {
            case "OrderPlaced": Place(); break;
            case nameof(OrderPaid): Pay(); break;
            default: break;
        }
        switch (state) { case "open": break; }
    }
}"#,
            "2 consumer ?IMessageHandlerCallback
             5 consumer OrderPlaced
             6 consumer OrderPaid",
        );
        check("B.cs", "class B { void C(string messageType) { switch (messageType) { case \"X\": break; } Subscribe(); } }", "");
    }

    #[test]
    fn messages_are_subscribed_with_their_handlers() {
        check(
            "A.cs",
            "class A { void B() {
                bus.Subscribe<Placed, PlacedHandler>();
                builder.AddSubscription<Paid, PaidHandler>().AddSubscription<Sent, SentHandler>();
                bus.Subscribe<T, THandler>();
                aggregator.Subscribe<Clicked>(x => x);
                app.UseListeners(new List<Type> { typeof(Lost), typeof(Models.Found) });
            } }",
            "2 consumer Placed
             3 consumer Paid
             3 consumer Sent
             6 consumer Lost
             6 consumer Found",
        );
        check(
            "B.cs",
            "using EasyNetQ;\nclass A { void B() { bus.PubSub.SubscribeAsync<Placed>(\"id\", x => x); } }",
            "2 consumer Placed",
        );
    }
}
