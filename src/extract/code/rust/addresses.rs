//! Addresses that a file names outside of calls, and calls of what may be a wrapper of the house.
//!
//! Read last: what is a part of a call or a store is no address of its own.

use std::ops::Range;

use super::http_clients::{self, chain_after};
use super::{fields, modules, tests, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::{Code, Framework, addresses};
use crate::facts::{Fact, Invocation, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "rust-addresses",
    marks: &["http://", "https://", "env::var", "dotenvy", "dotenv::var", "reqwest", "_client::", "basic_publish", "rdkafka"],
    read,
};

/// Reads of the environment that are looked at.
const MOST_READS: usize = 300;

/// Names of functions of the standard library and of frameworks that reach nobody.
#[rustfmt::skip]
const KNOWN: [&str; 47] = [
    "route", "nest", "mount", "scope", "resource", "service", "at", "from", "to_string", "to_owned", "into", "expect", "unwrap_or",
    "unwrap_or_else", "var", "var_os", "bind", "listen", "parse", "join", "contains", "starts_with", "ends_with", "split", "replace",
    "trim_end_matches", "strip_prefix", "header", "insert_header", "insert", "push", "push_str", "allowed_origin", "read_to_string",
    "open", "context", "with_context", "from_str", "from_static", "query", "query_as", "execute", "arg", "name", "Some", "Ok", "method",
];

fn read(code: &Code, output: &mut Output) {
    let tests = tests(code);
    let outside = |at: usize| !tests.iter().any(|body| body.contains(&at));
    let reads = environment(code).filter(|(at, _)| outside(*at)).take(MOST_READS).collect();
    addresses::add(code, output, reads, &tests);
    let stated = addresses::Stated::new(output);
    let is_known = |call: Call| {
        let name = code.text_of(call.name);
        KNOWN.contains(&name)
            || !outside(call.name)
            || call.name > 0 && code.is(call.name - 1, "fn")
            || code.is(call.start.wrapping_sub(1), "#")
            || stated.has(code, call)
            || http_clients::is_in_attribute(code, call.start)
    };
    let value_of = |range: Range<usize>| values::value(code, range);
    let mut invocations = code.invocations(&value_of, &is_known);
    for found in &mut invocations {
        rename(code, found);
    }
    // Stubs are calls.
    invocations.retain(|found| !found.function.contains("_client#"));
    if !invocations.is_empty() {
        output.facts.push(Fact::Invocations { invocations });
    }
}

/// A path is that of a module, and `Type::new` the constructor of its type.
fn rename(code: &Code, found: &mut Invocation) {
    if let Some(path) = found.function.strip_prefix('#').filter(|path| path.contains('.')) {
        let parts: Vec<&str> = path.split('.').collect();
        found.function = modules::symbol(code, &parts);
    }
    let shorter = ["new", "init", "default"].iter().find_map(|name| found.function.strip_suffix(&format!(".{name}")));
    if let Some(of) = shorter.filter(|of| of.rsplit(['#', '.']).next().is_some_and(|of| of.starts_with(char::is_uppercase))) {
        found.function = of.into();
    }
}

/// Reads of the environment, each with the token where it begins.
fn environment<'c>(code: &'c Code) -> impl Iterator<Item = (usize, Value)> + 'c {
    code.calls().filter(|call| matches!(code.text_of(call.name), "var" | "var_os")).filter_map(|call| {
        let end = end_of_chain(code, call.open);
        let value = values::value(code, call.start..end);
        fields::is_setting(&value).then_some((call.start, value))
    })
}

/// The token after a chain that goes on behind the arguments of a call.
fn end_of_chain(code: &Code, open: usize) -> usize {
    let mut end = code.after(open);
    for _ in chain_after(code, open) {
        while code.is_any(end, &["?", ".", "?."]) {
            end += 1;
        }
        end += 1;
        if code.is(end, "::") && code.is(end + 1, "<") {
            end = (end..(end + 24).min(code.len())).find(|&at| code.is(at, "(")).unwrap_or(end);
        }
        if code.is(end, "(") {
            end = code.after(end);
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn addresses_and_invocations() {
        check(
            "src/a.rs",
            r#"
use crate::clients::orders::OrdersApi;
const BILLING: &str = "http://billing:8080";
fn start() -> Result<()> {
    let orders_url = std::env::var("ORDERS_URL").unwrap_or_else(|_| "http://orders".into());
    let api = OrdersApi::new(env::var("ORDERS_ADDR")?, Client::new());
    helper::send_to("stock:9000", "/items");
    let level = std::env::var("LOG_LEVEL")?;
    info!("see http://docs.acme.com");
}
#[cfg(test)]
mod tests { const A: &str = "http://never:80"; }
            "#,
            "3 address http://billing:8080 as BILLING
            5 address env(ORDERS_URL or http://orders) as orders_url
            6 address env(ORDERS_ADDR)
            7 address stock:9000
            6 invokes src/clients/orders#OrdersApi(env(ORDERS_ADDR), <#Client.new>)
            7 invokes helper#send_to(stock:9000, /items)
            3 constant BILLING = http://billing:8080",
        );
    }
}
