//! Addresses that a file names outside of calls, and calls of what may be a wrapper of the house. Read last.

use std::ops::Range;

use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::{Code, Framework, addresses};
use crate::facts::{Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "cpp-addresses",
    marks: &["http://", "https://", "getenv(", "DEFINE_string(", "ABSL_FLAG(", "CURLOPT_URL", "NewStub("],
    read,
};

/// Reads of the environment that are looked at.
const MOST_READS: usize = 300;

/// Functions of the language and of frameworks that reach nobody.
#[rustfmt::skip]
const KNOWN: [&str; 46] = [
    "getenv", "string", "printf", "fprintf", "snprintf", "sprintf", "strcmp", "open", "fopen", "ifstream", "ofstream", "find", "substr",
    "compare", "append", "push_back", "emplace_back", "insert", "LOG", "info", "warn", "error", "debug", "assert", "EXPECT_EQ", "ASSERT_EQ",
    "AddListeningPort", "CROW_ROUTE", "ENDPOINT", "METHOD_ADD", "ADD_METHOD_TO", "set_header", "SetAttribute", "AddEvent", "setenv",
    "addListener", "listen", "DEFINE_string", "ABSL_FLAG", "include",
    "curl_easy_setopt", "CreateChannel", "CreateCustomChannel", "InsecureChannelCredentials", "U", "newHttpClient",
];

/// Starts of the names of functions of libraries of C, and of what traces calls.
const KNOWN_STARTS: [&str; 9] = ["mongoc_", "bson_", "BSON_", "BCON_", "memcached_", "redis", "curl_", "StartSpan", "ioctl"];

fn read(code: &Code, output: &mut Output) {
    let flags = code.calls().filter_map(|call| flag(code, call));
    let reads = code.calls().filter_map(|call| environment(code, call)).chain(flags).take(MOST_READS).collect();
    addresses::add(code, output, reads, &[]);
    let stated = addresses::Stated::new(output);
    let is_known = |call: Call| {
        let name = code.text_of(call.name);
        // `Type name(arguments)` declares.
        let is_declared = call.start == call.name
            && call
                .name
                .checked_sub(1)
                .is_some_and(|at| code.word(at).is_some() && !code.is_any(at, &["return", "new", "co_await", "else"]));
        KNOWN.contains(&name)
            || KNOWN_STARTS.iter().any(|start| name.starts_with(start))
            || is_declared
            || code.is(call.start, "std")
            || stated.has(code, call)
    };
    let value_of = |range: Range<usize>| values::value(code, range);
    let invocations = code.invocations(&value_of, &is_known);
    if !invocations.is_empty() {
        output.facts.push(Fact::Invocations { invocations });
    }
}

/// A read of the environment, with the token where it begins; `name ? name : "default"` some lines below belongs to it.
fn environment(code: &Code, call: Call) -> Option<(usize, Value)> {
    if !code.is_any(call.name, &["getenv", "secure_getenv"]) {
        return None;
    }
    let value = values::value(code, call.start..code.after(call.open));
    values::is_setting(&value).then_some((call.start, value))
}

/// The default of a flag that is an address.
fn flag(code: &Code, call: Call) -> Option<(usize, Value)> {
    let index = match code.text_of(call.name) {
        "DEFINE_string" => 1,
        "ABSL_FLAG" => 2,
        _ => return None,
    };
    let default = code.arguments(call.open).into_iter().nth(index)?;
    let text = code.literal_text(default.clone())?.value;
    (addresses::is_address(&text) && !text.contains("://")).then_some((default.start, Value::Literal(text)))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn addresses_and_invocations() {
        check(
            "a.cpp",
            r#"
const char* kBilling = "http://billing:8080";
int run() {
  const char* orders = std::getenv("ORDERS_ADDR");
  send_to("stock:9000", "/items");
  printf("http://log/me");
  char* level = getenv("LOG_LEVEL");
}
            "#,
            "2 address http://billing:8080 as kBilling
            4 address env(ORDERS_ADDR) as orders
            5 address stock:9000
            5 invokes #send_to(stock:9000, /items)",
        );
    }
}
