//! Messages: who consumes what is sent.
//!
//! A producer and a consumer meet by topic (a queue, a subject, a routing key), by what an exchange hands to a queue, or by the type of the
//! message. Where a consumer tells the types that it takes, a message of another type is not for it.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::homes::Homes;
use super::super::programs::normal;
use super::super::repositories::Gathered;
use super::reading::{HOLE, Reader, Standing};
use super::sites::Draft;
use super::surroundings::Surroundings;
use crate::facts::{CallKind, HandlerKind, Value};
use crate::model::{CallSite, DependencyKind, Evidence, Model, OperationKind, Resolution, Target};

/// Consumers of one message; more have nothing in common but a general word.
const MOST_CONSUMERS: usize = 200;
/// Settings of one service that are looked through.
const MOST_SETTINGS: usize = 500;

/// What a service consumes.
#[derive(Default)]
struct Consumed {
    /// Topics, queues and subjects, patterns among them.
    topics: Vec<Arc<str>>,
    /// Types of messages.
    types: FxHashSet<String>,
    /// Where a topic or type is taken.
    places: FxHashMap<String, Evidence>,
}

/// The key by which a queue is bound, and the queue.
type Bound = (Option<Arc<str>>, Arc<str>);

pub(super) struct Messages {
    /// Of each service.
    consumed: Vec<Consumed>,
    /// Services by topic.
    by_topic: FxHashMap<String, Vec<u32>>,
    /// Services by type of message.
    by_type: FxHashMap<String, Vec<u32>>,
    /// Services with topics that are patterns.
    by_pattern: Vec<(Arc<str>, u32)>,
    /// Queues by exchange, with the key.
    bound: FxHashMap<String, Vec<Bound>>,
}

impl Messages {
    pub fn new(model: &Model, gathered: &Gathered, reader: &Reader, homes: &Homes) -> Self {
        let mut messages = Messages {
            consumed: model.services.iter().map(|_| Consumed::default()).collect(),
            by_topic: FxHashMap::default(),
            by_type: FxHashMap::default(),
            by_pattern: Vec::new(),
            bound: FxHashMap::default(),
        };
        // What the model knows as operations was read without variables.
        for located in &gathered.handlers {
            if located.value.kind != HandlerKind::Consumer {
                continue;
            }
            let Some(service) = homes.service_of(located.repository, &model.files[located.file as usize].path) else { continue };
            let standing = Standing { file: located.file, service, given: None };
            let name = &located.value.name;
            for reading in reader.read(standing, name) {
                let may_be_type = matches!(name, Value::Literal(_) | Value::Symbol(_));
                messages.consume(service, &reading.text, may_be_type, Some(located.evidence(located.value.at)));
            }
            if let Value::Symbol(symbol) = name {
                messages.consume_type(service, symbol, Some(located.evidence(located.value.at)));
            }
        }
        for operation in model.operations.iter().filter(|operation| operation.kind == OperationKind::Consumer) {
            let Some(service) = operation.service.filter(|_| operation.exact || operation.path.starts_with("${")) else {
                continue;
            };
            // A template names its own resources `${Orders.Arn}`.
            let name = reader.surroundings.expanded(service, &operation.path);
            messages.consume(service, &name, true, Some(operation.evidence));
        }
        for located in &gathered.bindings {
            let home = homes.service_of(located.repository, &model.files[located.file as usize].path);
            // What a library or a file of nobody says is read with nothing around it.
            let service = home.unwrap_or(u32::MAX);
            let standing = Standing { file: located.file, service, given: None };
            let binding = &located.value;
            let exchanges = reader.read(standing, &binding.exchange);
            let keys = binding.key.as_ref().map(|key| reader.read(standing, key));
            let key = keys.iter().flatten().find_map(|key| key.exact().map(Arc::from));
            for exchange in exchanges.iter().filter_map(|exchange| exchange.exact()) {
                for queue in reader.read(standing, &binding.queue) {
                    match (queue.exact(), home) {
                        (Some(queue), _) => messages.bind(exchange, key.clone(), queue),
                        // A queue without a name is the binder's own.
                        (None, Some(service)) => {
                            let own = format!("\u{1}{service}");
                            messages.bind(exchange, key.clone(), &own);
                            messages.by_topic.entry(own).or_default().push(service);
                        }
                        (None, None) => {}
                    }
                }
            }
        }
        for service in 0..model.services.len() as u32 {
            messages.consume_by_settings(service, reader.surroundings);
        }
        messages
    }

    /// A section of settings for who listens, with an exchange and a queue, is a queue of that service which is bound to the exchange.
    fn consume_by_settings(&mut self, service: u32, surroundings: &Surroundings) {
        let settings = surroundings.settings_of(service);
        for (setting, _) in settings.iter().take(MOST_SETTINGS) {
            let Some((section, "queue" | "queuename")) = section_of(&setting.key).as_ref().map(|(s, k)| (*s, &**k)) else {
                continue;
            };
            let listens = ["handler", "consumer", "subscriber", "listener", "receiver"]
                .iter()
                .any(|word| section.to_lowercase().contains(word));
            let exchange = settings.iter().find(|(other, _)| {
                matches!(section_of(&other.key), Some((of, key)) if of == section && matches!(&*key, "exchange" | "exchangename"))
            });
            let Some((exchange, _)) = exchange.filter(|_| listens) else { continue };
            let (exchange, queue) = (&exchange.value.value, &setting.value.value);
            self.bind(&surroundings.expanded(service, exchange), None, &surroundings.expanded(service, queue));
            self.consume(service, &surroundings.expanded(service, queue), false, None);
        }
    }

    fn bind(&mut self, exchange: &str, key: Option<Arc<str>>, queue: &str) {
        let bound = self.bound.entry(exchange.to_lowercase()).or_default();
        if bound.len() < MOST_CONSUMERS {
            bound.push((key, queue.into()));
        }
    }

    fn consume(&mut self, service: u32, text: &str, may_be_type: bool, evidence: Option<Evidence>) {
        if text.contains(HOLE) || text.trim().is_empty() {
            return;
        }
        let consumed = &mut self.consumed[service as usize];
        if !consumed.topics.iter().any(|known| **known == *text) {
            consumed.topics.push(text.into());
        }
        if let Some(evidence) = evidence {
            consumed.places.entry(bare_topic(text)).or_insert(evidence);
        }
        enter(&mut self.by_topic, bare_topic(text), service);
        if is_pattern(text) {
            self.by_pattern.push((text.into(), service));
        }
        if may_be_type && is_type_name(text) {
            self.consume_type(service, text, evidence);
        }
    }

    fn consume_type(&mut self, service: u32, symbol: &str, evidence: Option<Evidence>) {
        let name = type_name(symbol);
        if name.len() < 3 {
            return;
        }
        let consumed = &mut self.consumed[service as usize];
        consumed.types.insert(name.clone());
        if let Some(evidence) = evidence {
            consumed.places.entry(name.clone()).or_insert(evidence);
        }
        enter(&mut self.by_type, name, service);
    }

    /// Every message that is sent, with each service that consumes it; once with nobody where nothing tells who does.
    pub fn sites(&self, reader: &Reader, drafts: &[Draft]) -> Vec<CallSite> {
        let mut found = Vec::new();
        for draft in drafts.iter().filter(|draft| draft.call.kind == CallKind::Message) {
            let topics: Vec<String> = draft.readings.iter().filter_map(|reading| reading.exact().map(str::to_owned)).collect();
            let read = |value: &Option<Value>| -> Option<Arc<str>> {
                let value = value.as_ref()?;
                let text = reader.read(draft.standing, value).into_iter().find_map(|reading| reading.exact().map(Arc::from));
                match value {
                    Value::Symbol(symbol) => text.or_else(|| Some(Arc::clone(symbol))),
                    _ => text,
                }
            };
            let named = draft.call.name.as_ref().map(|name| given_type(name, draft));
            let written = named.flatten().or_else(|| read(&draft.call.name));
            let kind_of_message = written.as_deref().map(type_name);
            let exchange = read(&draft.call.exchange)
                .or_else(|| topics.is_empty().then(|| only_exchange(draft.caller, reader.surroundings)).flatten());
            let (consumers, by) = self.consumers(draft.caller, &topics, exchange.as_deref(), kind_of_message.as_deref());
            let topic =
                topics.first().filter(|topic| !topic.is_empty()).cloned().or_else(|| exchange.as_deref().map(str::to_owned));
            let message = written.as_deref().map(|name| last_part_of(name).to_owned());
            let shown = topic.or_else(|| message.clone());
            let site = |target: Target| CallSite {
                caller: draft.caller,
                target,
                kind: DependencyKind::Message,
                client: Arc::clone(&draft.call.client),
                method: None,
                path: message.clone().or_else(|| by.clone()).or_else(|| shown.clone()).map(Arc::from),
                address: shown.clone().map_or_else(|| "…".into(), Arc::from),
                operation: None,
                resolution: Resolution::Topic,
                evidence: draft.evidence,
                told_by: draft.readings.first().map_or_else(Vec::new, |reading| reading.told_by.clone()),
                hardcoded: false,
                limited: draft.call.limited,
                dependency: None,
            };
            if consumers.is_empty() {
                if !draft.wrapped {
                    found.push(site(Target::Unknown));
                }
            } else {
                found.extend(consumers.into_iter().map(|service| {
                    let mut site = site(Target::Service(service));
                    let places = &self.consumed[service as usize].places;
                    let of_type = kind_of_message.as_ref().and_then(|name| places.get(name));
                    let of_topic = || topics.iter().find_map(|topic| places.get(&bare_topic(topic)));
                    site.told_by.extend(of_type.or_else(of_topic));
                    site
                }));
            }
        }
        found
    }

    /// Services that consume a message, and the topic or type by which they do.
    fn consumers(
        &self,
        caller: u32,
        topics: &[String],
        exchange: Option<&str>,
        kind_of_message: Option<&str>,
    ) -> (Vec<u32>, Option<String>) {
        let mut services: Vec<u32> = Vec::new();
        let mut by = None;
        let mut add = |found: &[u32], name: &str| {
            let before = services.len();
            services.extend(found.iter().copied().filter(|&service| service != caller));
            if services.len() > before && by.is_none() {
                by = Some(name.to_owned());
            }
        };
        for topic in topics.iter().filter(|topic| !topic.is_empty()) {
            // A message to an exchange goes where its key is bound.
            add(self.by_topic.get(&bare_topic(topic)).map_or(&[][..], Vec::as_slice), topic);
            for (pattern, service) in self.by_pattern.iter().filter(|(pattern, _)| matches(pattern, topic)) {
                add(&[*service], pattern);
            }
            // Topics that are fanned out to queues and subscriptions.
            for queue in self.queues(&bare_topic(topic), None) {
                add(self.by_topic.get(&bare_topic(&queue)).map_or(&[][..], Vec::as_slice), topic);
            }
        }
        if let Some(exchange) = exchange.filter(|exchange| !exchange.is_empty()) {
            let key = topics.iter().find(|topic| !topic.is_empty()).map(String::as_str);
            for queue in self.queues(&exchange.to_lowercase(), key) {
                add(self.by_topic.get(&bare_topic(&queue)).map_or(&[][..], Vec::as_slice), key.unwrap_or(exchange));
            }
            add(self.by_topic.get(&bare_topic(exchange)).map_or(&[][..], Vec::as_slice), exchange);
        }
        if let Some(name) = kind_of_message {
            // Those who tell what they take do not take anything else.
            services.retain(|&service| {
                let types = &self.consumed[service as usize].types;
                types.is_empty() || types.contains(name)
            });
            let of_type = self.by_type.get(name).map_or(&[][..], Vec::as_slice);
            let known_topic = !services.is_empty();
            let others =
                of_type.iter().copied().filter(|&service| service != caller && (!known_topic || self.takes_any(service)));
            let found: Vec<u32> = others.collect();
            if !found.is_empty() {
                by = Some(name.to_owned());
            }
            services.extend(found);
        }
        services.sort_unstable();
        services.dedup();
        services.truncate(MOST_CONSUMERS);
        (services, by)
    }

    /// True for a service of which no topic is known but by types.
    fn takes_any(&self, service: u32) -> bool {
        let consumed = &self.consumed[service as usize];
        consumed.topics.iter().all(|topic| is_type_name(topic))
    }

    /// Queues to which an exchange hands messages of a key.
    fn queues(&self, exchange: &str, key: Option<&str>) -> Vec<Arc<str>> {
        let bound = self.bound.get(exchange).map_or(&[][..], Vec::as_slice);
        let takes = |pattern: &Option<Arc<str>>| match (pattern.as_deref(), key) {
            (None | Some("" | "#"), _) | (_, None) => true,
            (Some(pattern), Some(key)) => pattern == key || matches(pattern, key),
        };
        bound.iter().filter(|(pattern, _)| takes(pattern)).map(|(_, queue)| Arc::clone(queue)).collect()
    }
}

/// The type of message that a wrapper was given, where the type is a parameter of it: the symbol itself says more than its text would.
fn given_type(name: &Value, draft: &Draft) -> Option<Arc<str>> {
    let Value::Parameter { index, .. } = name else { return None };
    match draft.standing.given?.arguments.get(*index as usize)? {
        Value::Symbol(symbol) => Some(Arc::clone(symbol)),
        Value::Literal(text) => Some(Arc::clone(text)),
        _ => None,
    }
}

/// The section and the last part of a key, the latter in lower case without what joins words.
fn section_of(key: &str) -> Option<(&str, String)> {
    let (section, last) = key.rsplit_once(['.', ':'])?;
    Some((section, normal(last)))
}

/// The only exchange that the settings of a service name.
fn only_exchange(service: u32, surroundings: &Surroundings) -> Option<Arc<str>> {
    let settings = surroundings.settings_of(service).iter().take(MOST_SETTINGS);
    let mut named = settings.filter(
        |(setting, _)| matches!(section_of(&setting.key), Some((_, key)) if matches!(&*key, "exchange" | "exchangename")),
    );
    let first = &named.next()?.0.value.value;
    named.all(|(other, _)| other.value.value == *first).then(|| surroundings.expanded(service, first).into())
}

fn enter(table: &mut FxHashMap<String, Vec<u32>>, name: String, service: u32) {
    let services = table.entry(name).or_default();
    if !services.contains(&service) && services.len() < MOST_CONSUMERS {
        services.push(service);
    }
}

/// A topic without what names where it lives: of `arn:aws:sns:eu:1:orders` and `projects/p/topics/orders` the last part, of
/// `https://sqs.eu.amazonaws.com/1/orders` too.
fn bare_topic(text: &str) -> String {
    let text = text.trim();
    let last = match text {
        _ if text.starts_with("arn:") => text.rsplit(':').next().unwrap_or(text),
        _ if text.contains("://") || text.starts_with("projects/") => text.rsplit('/').next().unwrap_or(text),
        _ => text,
    };
    last.to_lowercase()
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '#', '>']) || text.contains("+/")
}

/// Whether a subject is one that a pattern of AMQP, NATS or MQTT takes: `*` and `+` stand for one word, `#` and `>` for any number.
fn matches(pattern: &str, topic: &str) -> bool {
    let separator = |text: &str| if text.contains('/') { '/' } else { '.' };
    let patterns: Vec<&str> = pattern.split(separator(pattern)).collect();
    let words: Vec<&str> = topic.split(separator(pattern)).collect();
    // Rows of what the first words of the topic may be matched by.
    let mut reached = vec![false; words.len() + 1];
    reached[0] = true;
    for part in patterns {
        let mut next = vec![false; words.len() + 1];
        for at in 0..=words.len() {
            match part {
                "#" | ">" => next[at] = reached[..=at].contains(&true),
                "*" | "+" => next[at] = at > 0 && reached[at - 1],
                word => next[at] = at > 0 && reached[at - 1] && words[at - 1] == word,
            }
        }
        reached = next;
    }
    reached[words.len()]
}

/// The name of a type of message, without what it lies in, letters and digits alone.
fn type_name(symbol: &str) -> String {
    normal(last_part_of(symbol))
}

fn last_part_of(symbol: &str) -> &str {
    symbol.rsplit(['#', '.', '/', '\\', ':']).next().unwrap_or(symbol)
}

/// True for words of a name in the case of types: `OrderCreated`.
fn is_type_name(text: &str) -> bool {
    text.len() > 3
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'#' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::{bare_topic, matches};

    #[test]
    fn patterns_take_what_brokers_let_them_take() {
        for (pattern, topic, expected) in [
            ("orders.*", "orders.created", true),
            ("orders.*", "orders.created.eu", false),
            ("orders.#", "orders.created.eu", true),
            ("orders.#", "orders", true),
            ("orders.>", "orders.created", true),
            ("#", "anything.at.all", true),
            ("*.created", "orders.created", true),
            ("a/+/c", "a/b/c", true),
            ("orders", "orders", true),
            ("orders", "carts", false),
        ] {
            assert_eq!(matches(pattern, topic), expected, "{pattern} {topic}");
        }
    }

    #[test]
    fn topics_are_named_without_their_home() {
        for text in ["arn:aws:sns:eu-1:1:Orders", "projects/p/topics/orders", "https://sqs.eu.amazonaws.com/1/orders", "orders"] {
            assert_eq!(bare_topic(text), "orders");
        }
    }
}
