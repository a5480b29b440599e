//! Addresses that a file names outside of calls, and calls of what may be a wrapper of the house. Read last.

use std::ops::Range;

use super::{stores, syntax, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::{Code, Framework, addresses};
use crate::facts::{Fact, Invocation, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "elixir-addresses",
    marks: &[
        "http://",
        "https://",
        "System.get_env",
        "System.fetch_env",
        "Application.get_env",
        "Application.fetch_env",
        "HTTPoison",
        "Tesla",
        "Req.",
        "Finch",
        "AMQP",
    ],
    read,
};

/// Reads of the environment that are looked at.
const MOST_READS: usize = 300;

/// Modules of the language and of frameworks that reach nobody.
#[rustfmt::skip]
const KNOWN_MODULES: [&str; 48] = [
    "System", "Application", "Keyword", "Map", "Enum", "List", "String", "Logger", "IO", "File", "Path", "URI", "Regex", "Jason", "Poison",
    "Plug", "Conn", "Phoenix", "Ecto", "Repo", "GenServer", "Supervisor", "Process", "Task", "Agent", "DateTime", "Integer", "Mix", "Code",
    "Module", "Routes", "Gettext", "Swoosh", "Oban", "Cachex", "ETS", "Base", "Changeset", "Query", "Telemetry",
    "Broadway", "GRPC", "Redix", "Gnat", "AMQP", "Tesla", "Finch", "Req",
];
/// Macros and functions of frameworks.
#[rustfmt::skip]
const KNOWN: [&str; 40] = [
    "get", "post", "put", "patch", "delete", "plug", "forward", "scope", "resources", "live", "socket", "channel", "config", "redirect",
    "render", "assign", "put_flash", "put_resp_header", "push", "broadcast", "raise", "field", "schema", "import_config", "get_req_header",
    "send_resp", "text", "json", "html", "put_status", "gettext", "dgettext", "spec", "sigil_p", "embed_templates", "attr",
    "summary", "counter", "sum", "last_value",
];

fn read(code: &Code, output: &mut Output) {
    // Endpoints of one's own and tools of developers.
    if code.path.ends_with("mix.exs") || stores::is_for_developers(code.path) || code.path.ends_with("/test.exs") {
        return;
    }
    let reads = code.calls().filter_map(|call| environment(code, call)).take(MOST_READS).collect();
    addresses::add(code, output, reads, &[]);
    if code.path.ends_with(".exs") {
        return;
    }
    let stated = addresses::Stated::new(output);
    let is_known = |call: Call| {
        let name = code.text_of(call.name);
        let receiver = code.receiver_name(call).unwrap_or_default();
        let parts = || receiver.split('.');
        call.name > 0 && code.is_any(call.name - 1, &["def", "defp", "defmacro", "use", "import", "@", "%"])
            || receiver.is_empty() && KNOWN.contains(&name)
            || parts().next().is_some_and(|first| KNOWN_MODULES.contains(&first))
            || parts().next_back().is_some_and(|last| KNOWN_MODULES.contains(&last))
            || stated.has(code, call)
            || syntax::is_atom_mark(code, call.start)
    };
    let value_of = |range: Range<usize>| values::value(code, range);
    let mut invocations = code.invocations(&value_of, &is_known);
    for found in &mut invocations {
        rename(code, found);
    }
    if !invocations.is_empty() {
        output.facts.push(Fact::Invocations { invocations });
    }
}

/// A function of the module around is named with it.
fn rename(code: &Code, found: &mut Invocation) {
    let Some(name) = found.function.strip_prefix('#').filter(|name| !name.contains('.')) else { return };
    let at = code.tokens.partition_point(|token| token.start < found.at.start);
    if let Some(module) = values::module_around(code, at) {
        found.function = format!("#{module}.{name}").into();
    }
}

/// A read of the environment or of settings, with the token where it begins.
fn environment(code: &Code, call: Call) -> Option<(usize, Value)> {
    let receiver = code.receiver_name(call)?;
    let name = code.text_of(call.name);
    let reads = match receiver.as_str() {
        "System" => matches!(name, "get_env" | "fetch_env!" | "fetch_env"),
        "Application" => matches!(name, "get_env" | "fetch_env!" | "fetch_env" | "compile_env" | "compile_env!"),
        _ => false,
    };
    if !reads {
        return None;
    }
    let mut end = code.after(call.open);
    // `[:url]`
    while code.is(end, "[") && !code.begins_line(end) {
        end = code.after(end);
    }
    // `|| "default"`
    if code.is(end, "||") && code.literal(end + 1).is_some() {
        end += 2;
    }
    let value = values::value(code, call.start..end);
    values::is_setting(&value).then_some((call.start, value))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn addresses_and_invocations() {
        check(
            "lib/shop/starter.ex",
            r#"
defmodule Shop.Starter do
  alias Shop.Clients.Orders
  @billing "http://billing:4000"
  @moduledoc "See https://docs.acme.com/a b"
  def start do
    url = System.get_env("ORDERS_URL") || "http://orders"
    Orders.send_to(url, "/items")
    local("stock:9000")
    key = System.get_env("SECRET_KEY")
    Logger.info("http://log/me")
  end
end
            "#,
            "4 address http://billing:4000 as billing
            7 address env(ORDERS_URL or http://orders) as url
            9 address stock:9000
            8 invokes #Shop.Clients.Orders.send_to(env(ORDERS_URL or http://orders), /items)
            9 invokes #Shop.Starter.local(stock:9000)",
        );
    }
}
