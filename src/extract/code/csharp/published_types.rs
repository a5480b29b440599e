//! Messages that are named by their type: MassTransit, NServiceBus, Rebus, Wolverine, EasyNetQ, buses of a system's own.
//!
//! What stays inside of one process is none: mediators, domain events. The type is told by `new X(…)`, by a type argument, or by what a
//! name is declared of in its function; a wrapper that is handed any message has a parameter for a name.

use std::ops::Range;

use super::{expressions, requests, syntax, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::structure::ItemKind;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "dotnet-publisher",
    marks: &[
        ".Publish(",
        ".Publish<",
        ".PublishAsync(",
        ".PublishAsync<",
        ".PublishMessage",
        ".PublishEvent",
        ".PublishThroughEventBusAsync(",
        ".AddAndSaveEventAsync(",
        ".SendMessage",
        ".SendCommand",
        "us.Send(",
        "us.SendAsync(",
        "ndpoint.Send",
        "ession.Send",
        "ontext.Send",
        "IRequestClient<",
        "ITopicProducer<",
        "GetSendEndpoint(",
    ],
    read,
};

const PUBLISH: [&str; 14] = [
    "Publish",
    "PublishAsync",
    "PublishMessage",
    "PublishMessageAsync",
    "PublishEvent",
    "PublishEventAsync",
    "PublishBatch",
    "PublishBatchAsync",
    "PublishThroughEventBusAsync",
    "AddAndSaveEventAsync",
    "SchedulePublish",
    "PublishIntegrationEventAsync",
    "PublishCommand",
    "PublishCommandAsync",
];
const SEND: [&str; 7] =
    ["Send", "SendAsync", "SendMessage", "SendMessageAsync", "SendCommand", "SendCommandAsync", "ScheduleSend"];
/// Parts of names of what messages leave by.
const BUSES: [&str; 13] = [
    "eventservice",
    "bus",
    "publishendpoint",
    "sendendpoint",
    "publisher",
    "messagesession",
    "endpointinstance",
    "integrationeventservice",
    "messagebroker",
    "messageproducer",
    "eventproducer",
    "messagesender",
    "outbox",
];
/// Parts of names of what stays inside of a process.
const INSIDE: [&str; 9] =
    ["mediator", "domain", "internal", "inmemory", "commandbus", "querybus", "localevent", "querydispatcher", "robust"];
/// Types of what stays inside of a process, or names no message.
const NO_BUSES: [&str; 8] = [
    "IMediator",
    "ISender",
    "IPublisher",
    "Mediator",
    "ISubscriber",
    "INatsConnection",
    "IAmazonSimpleNotificationService",
    "HttpClient",
];
/// Types that any message may have.
const ANY: [&str; 16] = [
    "IntegrationEvent",
    "Event",
    "IEvent",
    "Message",
    "IMessage",
    "DomainEvent",
    "Command",
    "ICommand",
    "Object",
    "IIntegrationEvent",
    "BaseEvent",
    "EventBase",
    "String",
    "Guid",
    "Task",
    "CancellationToken",
];

fn read(code: &Code, output: &mut Output) {
    let topic_clients = clients(code, "ITopicProducer");
    let request_clients = clients(code, "IRequestClient");
    for call in code.calls().filter(|call| call.start < call.name) {
        let name = code.text_of(call.name);
        let receiver = code.receiver(call);
        let last = receiver.end - 1;
        let owner = code.word(last).unwrap_or("");
        let at = requests::place(code, call);
        let of_client = |clients: &[(String, String)]| clients.iter().find(|(name, _)| name == owner).map(|(_, of)| of.clone());
        if name.starts_with("GetResponse")
            && let Some(of) = of_client(&request_clients)
        {
            state(output, at, CallKind::Pattern, unknown("queue"), Some(literal(of)));
            continue;
        }
        if name.starts_with("Produce")
            && let Some(of) = of_client(&topic_clients)
        {
            state(output, at, CallKind::Message, unknown("topic"), Some(literal(of)));
            continue;
        }
        let publishes = PUBLISH.contains(&name);
        let requests = matches!(name, "Request" | "RequestAsync");
        if !publishes && !requests && !SEND.contains(&name) || !is_bus(code, call, owner, publishes) {
            continue;
        }
        let arguments = code.arguments(call.open);
        if arguments.is_empty() || requests::is_declared(code, call.open, &arguments) {
            continue;
        }
        // A configuration of how messages are published.
        if arguments[0].clone().any(|at| code.is(at, "=>")) {
            continue;
        }
        let messages = messages(code, call, &arguments);
        let kind = if requests { CallKind::Pattern } else { CallKind::Message };
        for of in &messages {
            state(output, at, kind, endpoint(code, call).unwrap_or_else(|| unknown("topic")), Some(literal(*of)));
        }
        match messages.first() {
            Some(_) => {}
            None if requests => {}
            // A name of a topic is read elsewhere.
            None if arguments[0].len() == 1 && code.literal(arguments[0].start).is_some() => {}
            None => {
                let given = arguments.iter().take(3).map(|range| expressions::given(code, range.clone()));
                let given = given.into_iter().find(|value| matches!(value, Value::Parameter { .. }));
                state(output, at, kind, endpoint(code, call).unwrap_or_else(|| unknown("topic")), given);
            }
        }
    }
}

fn state(output: &mut Output, at: crate::source::Location, kind: CallKind, target: Value, name: Option<Value>) {
    output.facts.push(Fact::Call(CallSite {
        at,
        kind,
        client: FRAMEWORK.name.into(),
        target,
        method: None,
        name,
        exchange: None,
        limited: None,
    }));
}

/// Names that are declared of `Type<Message>`, with the message.
fn clients(code: &Code, of: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for &at in code.occurrences(of).iter().take(40) {
        let at = at as usize;
        if !code.is(at + 1, "<") {
            continue;
        }
        let end = syntax::type_arguments_end(code, at + 1);
        let message = syntax::split_types(code, at + 2..end.saturating_sub(1)).pop();
        let message = message.map_or("", |range| syntax::type_name(code, range));
        if let Some(name) = code.word(end).filter(|_| !message.is_empty()) {
            found.push((name.to_owned(), message.to_owned()));
        }
    }
    found
}

/// True where messages leave the process by a receiver, as its type and name tell.
fn is_bus(code: &Code, call: Call, owner: &str, publishes: bool) -> bool {
    let of = code.declared_type(owner).unwrap_or("");
    let shown = code.text_in(code.receiver(call)).to_ascii_lowercase();
    let lower = format!("{} {}", shown.rsplit(['\n', ';']).next().unwrap_or(""), of.to_ascii_lowercase());
    if NO_BUSES.contains(&of) || INSIDE.iter().any(|word| lower.contains(word)) || lower.contains("clients.") {
        return false;
    }
    if of.ends_with("ConsumeContext")
        || matches!(of, "IMessageHandlerContext" | "IMessageContext" | "ISagaContext" | "BehaviorContext")
    {
        return true;
    }
    // A file of MediatR alone has publishers that leave nothing.
    if of.is_empty() && !code.occurrences("MediatR").is_empty() && lower.trim() == "publisher" {
        return false;
    }
    let is_endpoint = !publishes && matches!(owner.to_ascii_lowercase().as_str(), "endpoint" | "_endpoint");
    is_endpoint || BUSES.iter().any(|word| lower.contains(word))
}

/// The queue of `GetSendEndpoint(new Uri("queue:orders"))`, in the chain or where the receiver was assigned.
fn endpoint(code: &Code, call: Call) -> Option<Value> {
    if code.occurrences("GetSendEndpoint").is_empty() {
        return None;
    }
    let receiver = code.receiver(call);
    let found = |range: Range<usize>| {
        let at = range.clone().find(|&at| code.is(at, "GetSendEndpoint"))?;
        let first = code.arguments(at + 1).into_iter().next()?;
        Some(expressions::given(code, first))
    };
    let name = code.dotted(receiver.clone());
    let value = found(receiver.clone()).or_else(|| found(code.assigned(name?.rsplit('.').next()?, receiver.start)?))?;
    Some(values::map_first(value, |text| {
        ["queue:", "exchange:", "topic:"].iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(text).to_owned()
    }))
}

/// The types of what is sent: several where the program chooses one.
fn messages<'t>(code: &Code<'t>, call: Call, arguments: &[Range<usize>]) -> Vec<&'t str> {
    let is_message = |of: &&str| {
        let is_any = ANY.contains(of) || of.contains("Envelope") || syntax::is_type_parameter(of);
        !is_any && of.starts_with(|first: char| first.is_uppercase())
    };
    let named = syntax::call_types(code, call.name).into_iter().next().map(|range| syntax::type_name(code, range));
    if let Some(of) = named.filter(is_message) {
        return vec![of];
    }
    for range in arguments.iter().take(3) {
        let mut found = types_of(code, range.clone());
        found.retain(is_message);
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// Classes of a value, all of them where one of several is chosen.
fn types_of<'t>(code: &Code<'t>, range: Range<usize>) -> Vec<&'t str> {
    let name = (range.len() == 1).then(|| code.word(range.start)).flatten();
    let function = code.enclosing(range.start, ItemKind::Function);
    let mut found: Vec<&str> = Vec::new();
    let mut chosen = |made: Range<usize>| {
        let is_choice = made.clone().any(|at| code.is_any(at, &["?", "switch"]));
        for at in made.clone().take(200).filter(|&at| code.is(at, "new") && (is_choice || at == made.start)) {
            let of = syntax::type_name(code, at + 1..made.end);
            if !found.contains(&of) {
                found.push(of);
            }
        }
    };
    match (name, function) {
        (Some(name), Some(function)) => {
            let places = code.occurrences_in(function.body.start..range.start, name).iter().rev().take(20);
            places.filter_map(|&place| code.assignment(place as usize)).for_each(&mut chosen);
        }
        _ => chosen(range.clone()),
    }
    // A variable is made as it is declared, or as one of several.
    if found.len() > 1 { found } else { type_of(code, range).or(found.first().copied()).into_iter().collect() }
}

/// The class of a value: `new X(…)`, `X.From(…)`, a function of this file that returns one, or a name of one.
fn type_of<'t>(code: &Code<'t>, range: Range<usize>) -> Option<&'t str> {
    let mut range = range;
    if code.is(range.start + 1, ":") {
        range.start += 2;
    }
    if code.is(range.start, "(") && code.partner(range.start) + 1 < range.end {
        // `(object)x`.
        range.start = code.partner(range.start) + 1;
    }
    range.start += usize::from(code.is_any(range.start, &["await", "@"]));
    if code.is(range.start, "new") {
        let name = syntax::type_name(code, range.start + 1..range.end);
        return Some(name);
    }
    if range.len() > 3 && code.is(range.end - 1, ")") {
        let call = code.call_before(code.partner(range.end - 1))?;
        let name = code.text_of(call.name);
        // `X.From(…)`.
        if call.start + 2 == call.name {
            return code.word(call.start).filter(|of| of.starts_with(|first: char| first.is_uppercase()) && *of != "Task");
        }
        let item = code.occurrences(name).iter().take(20).find_map(|&at| syntax::item_named(code, at as usize))?;
        return (call.start == call.name).then(|| code.word(item.name.checked_sub(1)?)).flatten();
    }
    let name = code.word(range.start)?;
    if range.len() > 1 && !code.is(range.start + 1, ".") || name == "this" {
        return None;
    }
    let function = code.enclosing(range.start, ItemKind::Function);
    let (from, parameters) = match function {
        Some(item) => (item.body.start, item.parameters),
        None => (0, None),
    };
    for &place in code.occurrences_in(from..range.start, name).iter().rev().take(40) {
        let place = place as usize;
        if let Some(start) = syntax::type_before(code, place) {
            return Some(syntax::type_name(code, start..place));
        }
        if let Some(assigned) = code.assignment(place).filter(|assigned| !assigned.contains(&range.start)) {
            return type_of_made(code, assigned);
        }
        // `foreach (var e in events)`.
        if code.is(place.wrapping_sub(1), "var") {
            return None;
        }
    }
    let given = code.arguments(parameters?).into_iter().find(|part| syntax::parameter_name(code, part.clone()) == Some(name))?;
    let start = syntax::type_before(code, given.end.checked_sub(1)?).filter(|&start| start >= given.start)?;
    Some(syntax::type_name(code, start..given.end))
}

/// The class of what a variable is assigned, no further names followed.
fn type_of_made<'t>(code: &Code<'t>, range: Range<usize>) -> Option<&'t str> {
    match code.word(range.start) {
        Some("new" | "await") => type_of(code, range),
        _ if code.is(range.end - 1, ")") => type_of(code, range),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn messages_are_named_by_their_type() {
        check(
            "A.cs",
            r#"
class A(IPublishEndpoint publishEndpoint, IEventBus eventBus, IMediator mediator, IMessagePublisher _publisher) {
    async Task B(OrderPaid paid, IEnumerable<Event> events) {
        await publishEndpoint.Publish(new Contracts.OrderPlaced(1));
        await publishEndpoint.Publish<OrderSent>(new { Id = 1 });
        await eventBus.PublishAsync(paid, token);
        await mediator.Publish(new Inside());
        OrderLost e = command.MapToOrderLost();
        await _publisher.PublishMessageAsync(e.MessageType, e, "");
        var found = OrderFound.From(command);
        await _publisher.PublishMessageAsync(found.MessageType, found, "");
        foreach (var x in events) { await _publisher.PublishMessageAsync(x.MessageType, x, ""); }
    }
    void Choose(bool ok) { Event e; if (ok) { e = new Yes(); } else { e = new No(); } var f = ok ? (Event)new One() : new Two(); eventBus.Publish(e); eventBus.Publish(f); }
    Task Wrap(IntegrationEvent @event) => eventBus.PublishAsync(@event);
    void C() { hub.Clients.All.SendAsync("Method", x); bus.Publish("topic", x); }
}"#,
            "4 call message ?topic name OrderPlaced (dotnet-publisher)
             5 call message ?topic name OrderSent (dotnet-publisher)
             6 call message ?topic name OrderPaid (dotnet-publisher)
             9 call message ?topic name OrderLost (dotnet-publisher)
             11 call message ?topic name OrderFound (dotnet-publisher)
             12 call message ?topic (dotnet-publisher)
             14 call message ?topic name No (dotnet-publisher)
             14 call message ?topic name Yes (dotnet-publisher)
             14 call message ?topic name One (dotnet-publisher)
             14 call message ?topic name Two (dotnet-publisher)
             15 call message ?topic name parameter(A.Wrap 0) (dotnet-publisher)",
        );
    }

    #[test]
    fn endpoints_and_requests_have_their_queue_or_type() {
        check(
            "B.cs",
            r#"
class B(ISendEndpointProvider provider, IRequestClient<CheckStock> client) {
    async Task C() {
        var endpoint = await provider.GetSendEndpoint(new Uri("queue:billing"));
        await endpoint.Send(new ChargeCard());
        var answer = await client.GetResponse<StockChecked>(new { });
    }
}"#,
            "5 call message billing name ChargeCard (dotnet-publisher)
             6 call pattern ?queue name CheckStock (dotnet-publisher)",
        );
    }
}
