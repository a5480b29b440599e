//! Addresses that code names outside of the calls that are known, settings that Rails is given, and calls of what may be a wrapper.
//!
//! It reads what the other readers left over, so that it stands last among them.

use std::ops::Range;
use std::sync::Arc;

use super::{http_clients, producers, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::targets::{self, Told};
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::{Code, Framework};
use crate::facts::{Address, Fact, Invocation, Setting, Value};
use crate::source::Spanned;

pub const FRAMEWORK: Framework = Framework {
    name: "ruby-addresses",
    marks: &[
        "http://",
        "https://",
        "ENV[",
        "ENV.fetch",
        "amqp://",
        "redis://",
        "Settings.",
        ".get('/",
        ".post('/",
        ".get(\"/",
        ".post(\"/",
        "config.x.",
    ],
    read,
};

const MOST_ADDRESSES: usize = 200;
const MOST_SETTINGS: usize = 200;

/// Functions of the language and of frameworks that call no other service.
const KNOWN: &[&str] = &[
    "require",
    "require_relative",
    "load",
    "puts",
    "raise",
    "info",
    "warn",
    "error",
    "debug",
    "log",
    "fatal",
    "fetch",
    "format",
    "sprintf",
    "URI",
    "parse",
    "join",
    "render",
    "redirect_to",
    "link_to",
    "path",
    "expand_path",
    "exist?",
    "read",
    "open",
    "file",
    "include?",
    "start_with?",
    "end_with?",
    "match?",
    "gsub",
    "sub",
    "split",
    "delete_suffix",
    "delete_prefix",
    "chomp",
    "key?",
    "dig",
    "visit",
    "expect",
    "describe",
    "gem",
    "source",
    "I18n",
    "t",
    "translate",
    "strftime",
    "new_attributes",
    "mount",
    "root",
    "set",
    "use",
    "match",
    "namespace",
];
/// Where classes of libraries come from, as callers are written.
const VENDORS: [&str; 29] = [
    "#File",
    "#Dir",
    "#URI",
    "#Net",
    "#Faraday",
    "#Rails",
    "#ActiveRecord",
    "#ActionController",
    "#JSON",
    "#YAML",
    "#Time",
    "#Date",
    "#Logger",
    "#Redis",
    "#Mongo",
    "#Sequel",
    "#Aws",
    "#OpenTelemetry",
    "#Sidekiq",
    "#Bunny",
    "#Kafka",
    "#GRPC",
    "#Gruf",
    "#RestClient",
    "#HTTParty",
    "#HTTP.",
    "#Typhoeus",
    "#Excon",
    "#ENV",
];
/// Words in names of functions that reach out, whatever they are given.
const REACHING: [&str; 15] = [
    "publish", "send", "emit", "produce", "call", "request", "fetch", "queue", "topic", "push", "notify", "client", "api",
    "post", "http",
];

fn read(code: &Code, output: &mut Output) {
    let settings = settings(code);
    if !settings.is_empty() {
        output.facts.push(Fact::Settings { settings });
    }
    let mut told = Told::of(&output.facts);
    let found = addresses(code, &mut told);
    if !found.is_empty() {
        output.facts.push(Fact::Addresses { addresses: found });
    }
    let has_routes = output.facts.iter().any(|fact| matches!(fact, Fact::Routing(_)));
    let brokers = producers::Brokers::of(code);
    let parties = http_clients::party_classes(code);
    let is_known = |call: Call| is_known(code, call, brokers, &parties);
    let mut invocations = code.invocations_of(&|range| values::value(code, range), &is_known, &|call| code.callee(call));
    invocations.retain(|invocation| reaches(invocation, has_routes));
    if !invocations.is_empty() {
        output.facts.push(Fact::Invocations { invocations });
    }
}

/// `config.x.orders_url = ENV['ORDERS_URL']` of Rails.
fn settings(code: &Code) -> Vec<Setting> {
    let mut found = Vec::new();
    if !format!("/{}", code.path).contains("/config/") {
        return found;
    }
    for &at in code.occurrences("config").iter().take(MOST_SETTINGS) {
        let start = at as usize;
        let mut end = start;
        while code.is(end + 1, ".") && code.word(end + 2).is_some() && end - start < 12 {
            end += 2;
        }
        if end == start || !code.is(end + 1, "=") || !code.begins_line(code.chain_start(start)) {
            continue;
        }
        let value = values::value(code, end + 2..values::line_end(code, end + 2));
        let may_tell = match targets::first(&value) {
            Value::Literal(text) => targets::is_address(text),
            Value::Env { name, .. } => targets::may_name_address(name) || targets::may_name_address(code.text_of(end)),
            _ => false,
        };
        if let Some(text) = targets::setting_text(&value).filter(|text| may_tell && text.len() < 200) {
            let key: String = code.dotted(start..end + 1).unwrap_or_default();
            found.push(Setting { key: key.into(), value: Spanned::new(text.into(), code.at(end)), profile: None });
        }
    }
    found
}

/// Whether a function may be a wrapper around a client. Where routes are registered, verbs register them.
fn reaches(invocation: &Invocation, has_routes: bool) -> bool {
    let function = &*invocation.function;
    let name = function.rsplit(['#', '.']).next().unwrap_or(function).to_ascii_lowercase();
    let registers =
        matches!(&*name, "get" | "post" | "put" | "patch" | "delete" | "any" | "map" | "resources" | "resource" | "scope");
    if VENDORS.iter().any(|vendor| function.starts_with(vendor)) || has_routes && registers {
        return false;
    }
    let is_open = |value: &Value| match targets::first(value) {
        Value::Env { .. } | Value::Property { .. } => true,
        Value::Literal(text) => (text.starts_with('/') || targets::is_address(text)) && !text.contains([' ', '%']),
        _ => false,
    };
    REACHING.iter().any(|word| name.contains(word)) || invocation.arguments.iter().any(is_open)
}

fn is_known(code: &Code, call: Call, brokers: producers::Brokers, parties: &[http_clients::Party]) -> bool {
    let name = code.text_of(call.name);
    KNOWN.contains(&name)
        || call.name > 0 && code.is(call.name - 1, "def")
        || call.name > 1 && code.is(call.name - 2, "Stub")
        || code.is_any(call.start, &["Rails", "Logger", "logger", "RSpec", "File", "URI", "JSON"])
        || http_clients::is_request(code, call.name, parties)
        || producers::is_sent(code, call.name, brokers)
}

fn addresses(code: &Code, told: &mut Told) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    let mut at = 0;
    while at < code.len() && found.len() < MOST_ADDRESSES {
        let next = at + 1;
        let range = match code.kind(at) {
            Some(TokenKind::Literal) => literal_range(code, at),
            Some(TokenKind::Word) => variable_range(code, at),
            _ => None,
        };
        at = next;
        let Some(range) = range else { continue };
        at = range.end.max(next);
        let value = values::value(code, range.clone());
        let may_tell = match targets::first(&value) {
            Value::Literal(text) => {
                targets::is_address(text) || matches!(&value, Value::Concat(_)) && targets::has_scheme(&value)
            }
            Value::Env { name, default } | Value::Property { key: name, default } => {
                targets::may_name_address(name)
                    || matches!(default.as_deref(), Some(Value::Literal(text)) if targets::is_address(text))
            }
            _ => false,
        };
        let name = named(code, range.start);
        let is_origin =
            name.as_deref().is_some_and(|name| name.contains("origin") || name == "source" || name.contains("homepage"));
        let is_own = matches!(&value, Value::Env { name, .. } if matches!(&**name, "APP_URL" | "APP_HOST"));
        if may_tell && !is_origin && !is_own && told.add_new(&value) {
            found.push(Address { at: code.location(range), value, name });
        }
    }
    found
}

/// A literal that is an address.
fn literal_range(code: &Code, at: usize) -> Option<Range<usize>> {
    let text = code.text_of(at).trim_matches(['"', '\'']);
    let begins = text.starts_with("http://") || text.starts_with("https://") || text.starts_with("#{ENV");
    // Browsers are sent there.
    let redirects = (at.saturating_sub(6)..at).any(|before| code.is_any(before, &["direct", "redirect"]));
    let is_quiet = redirects || at > 0 && code.is_any(at - 1, &["source", "puts", "homepage", "git", "origins"]);
    ((begins || targets::is_address(text)) && !is_quiet).then_some(at..at + 1)
}

/// A read of the environment or of a setting, with its default.
fn variable_range(code: &Code, at: usize) -> Option<Range<usize>> {
    let mut end = match code.text_of(at) {
        "ENV" if code.is(at + 1, "[") => code.after(at + 1),
        "ENV" if code.reads(at + 1, &[".", "fetch", "("]) => {
            let after = code.after(at + 3);
            let has_block = code.arguments(at + 3).len() == 1 && code.is_any(after, &["{", "do"]) && !code.begins_line(after);
            if has_block { code.after(after) } else { after }
        }
        "Settings" if code.is(at + 1, ".") => {
            let mut end = at + 1;
            while code.is(end, ".") && code.word(end + 1).is_some() {
                end += 2;
            }
            return (!code.is(end, "=") && !code.is(end, "(")).then_some(at..end);
        }
        _ => return None,
    };
    // `ENV['A'] || 'default'`
    if code.is(end, "||") && !code.is(end + 1, "=") && code.kind(end + 1) == Some(TokenKind::Literal) {
        end += 2;
    }
    (!code.is(end, "=")).then_some(at..end)
}

/// What a value is given to: a name, or a key.
fn named(code: &Code, start: usize) -> Option<Arc<str>> {
    let mark = start.checked_sub(1)?;
    let name = mark.checked_sub(1)?;
    if !code.is_any(mark, &["=", "=>", ":"]) {
        return None;
    }
    let name = if code.is(name, "||") { name.checked_sub(1)? } else { name };
    match code.kind(name)? {
        TokenKind::Word => Some(code.text_of(name).into()),
        TokenKind::Literal => code.literal(name).filter(|text| text.len() < 100).map(|text| text.as_ref().into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn addresses_outside_of_calls_are_told() {
        check(
            "lib/a.rb",
            r#"orders = ENV.fetch('ORDERS_URL', 'http://orders:8080')
            debug = ENV['DEBUG']
            key = ENV['API_KEY']
            @stock = ENV['STOCK_HOST'] || 'stock'
            broker = 'kafka:9092'
            logger.info("see http://docs for more")
            tax = Settings.tax.url"#,
            "1 address env(ORDERS_URL or http://orders:8080) as orders
             4 address env(STOCK_HOST or stock) as stock
             5 address kafka:9092 as broker
             7 address property(settings.tax.url) as tax",
        );
    }

    #[test]
    fn calls_of_wrappers_are_invocations() {
        check(
            "lib/b.rb",
            "class B\n def all(id)\n  orders_client.get(\"/orders/#{id}\")\n  api = OrdersApi.new(ENV['ORDERS_URL'])\n  request('/stock')\n end\nend",
            "4 address env(ORDERS_URL)
             4 invokes #OrdersApi.new(env(ORDERS_URL))
             5 invokes #request(/stock)",
        );
        check(
            "config/application.rb",
            "module Shop\n class Application < Rails::Application\n  config.x.orders_url = ENV.fetch('ORDERS_URL', 'http://orders')\n end\nend",
            "application #pages\n3 setting config.x.orders_url = ${ORDERS_URL:http://orders}\n3 address env(ORDERS_URL or http://orders) as orders_url",
        );
    }
}
