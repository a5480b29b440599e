//! What runs by the clock: crontabs of Oban and jobs of Quantum, in configuration or in code, and servers that send themselves a message
//! again and again.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::syntax::{self, Module};
use crate::extract::Output;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{HandlerKind, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "elixir-schedules",
    marks: &["crontab:", "jobs: [", "set_schedule", "SchedEx", "send_after", "send_interval", "apply_interval"],
    read,
};

/// Clauses of one message that are looked at.
const MOST_CLAUSES: usize = 16;

fn read(code: &Code, output: &mut Output) {
    // What runs while people develop or test is not deployed.
    if code.path.ends_with("/dev.exs") || code.path.ends_with("/test.exs") {
        return;
    }
    for key in ["crontab", "jobs"] {
        for &at in code.occurrences(key) {
            let list = at as usize + 2;
            if code.is(list - 1, ":") && code.is(list, "[") {
                for entry in code.split(code.inside(list), ",") {
                    job(code, key, entry, output);
                }
            }
        }
    }
    for call in code.calls() {
        let is_told = match code.text_of(call.name) {
            "set_schedule" => true,
            "run_every" => code.is(call.start, "SchedEx"),
            _ => false,
        };
        if is_told && let Some(when) = code.arguments(call.open).into_iter().find_map(|argument| cron(code, argument)) {
            add(output, code, "quantum", call.start..code.after(call.open), literal(when));
        }
    }
    for module in syntax::modules(code) {
        if syntax::uses(code, &module, |name, _| name == "GenServer").is_some() {
            server(code, &module, output);
        }
    }
}

fn add(output: &mut Output, code: &Code, framework: &str, at: Range<usize>, name: Value) {
    syntax::add_handler(output, framework, HandlerKind::Schedule, code.location(at), name);
}

/// One of a list: `{"0 * * * *", Worker}`, `{{:extended, "…"}, fun}`, `name: [schedule: "@daily", task: …]`, `[name: …, schedule: …]`.
fn job(code: &Code, key: &str, entry: Range<usize>, output: &mut Output) {
    let mut inner = entry.clone();
    if code.word(inner.start).is_some() && code.is(inner.start + 1, ":") {
        inner.start += 2;
    }
    let parts = if code.is_any(inner.start, &["{", "["]) { code.arguments(inner.start) } else { return };
    let when = match code.is(inner.start, "{") {
        true => parts.first().cloned(),
        false => code.named(&parts, "schedule"),
    };
    let Some(mut when) = when else { return };
    if code.is(when.start, "{") {
        let Some(text) = code.arguments(when.start).pop() else { return };
        when = text;
    }
    let framework = if key == "crontab" { "oban" } else { "quantum" };
    if let Some(when) = cron(code, when.clone()) {
        add(output, code, framework, entry, literal(when));
    } else if key == "crontab" {
        add(output, code, framework, entry, syntax::value(code, when));
    }
}

/// The text of a literal that tells when: `"*/5 * * * *"`, `"@daily"`, `~e[0 0 * * *]`.
fn cron(code: &Code, range: Range<usize>) -> Option<String> {
    let range = syntax::resolved(code, range);
    if range.len() != 1 || code.kind(range.start) != Some(TokenKind::Literal) {
        return None;
    }
    let written = code.text_of(range.start);
    let text = match written.strip_prefix("~e") {
        Some(sigil) => {
            let sigil = sigil.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
            sigil.get(1..sigil.len().saturating_sub(1))?.to_owned()
        }
        None => code.literal(range.start)?.into_owned(),
    };
    let fields = text.split_ascii_whitespace().count();
    let is_time = |text: &str| text.chars().all(|letter| letter.is_ascii_alphanumeric() || "*/,-#?LW ".contains(letter));
    let is_cron = text.starts_with('@') && fields == 1 || (5..=7).contains(&fields) && is_time(&text) && text.len() < 100;
    is_cron.then(|| text.trim().to_owned())
}

/// A server that answers to a message by sending it to itself, later.
fn server(code: &Code, module: &Module, output: &mut Output) {
    let functions: Vec<(&str, Range<usize>, Range<usize>)> = syntax::statements(code, module.body.clone())
        .filter(|found| code.is_any(found.name, &["def", "defp"]))
        .filter_map(|found| {
            let head = found.arguments.first()?.clone();
            let body = found.block(code).or_else(|| found.named(code, "do"))?;
            Some((code.word(head.start)?, head, body))
        })
        .collect();
    let mut answers: FxHashMap<&str, Vec<Range<usize>>> = FxHashMap::default();
    for (_, head, body) in functions.iter().filter(|(name, ..)| *name == "handle_info") {
        if let Some(message) = first_atom(code, head.clone()) {
            answers.entry(message).or_default().push(body.clone());
        }
    }
    let mut known: FxHashSet<&str> = FxHashSet::default();
    for (name, _, body) in &functions {
        for &at in code.occurrences_in(body.clone(), "send_after") {
            let at = at as usize;
            let arguments = if code.is(at + 1, "(") { code.arguments(at + 1) } else { Vec::new() };
            let [receiver, message, time, ..] = &arguments[..] else { continue };
            let itself = matches!(code.text_in(receiver.clone()), "self()" | "__MODULE__");
            let Some(message) = first_atom(code, message.clone()).filter(|_| itself) else { continue };
            // What is tried again when it failed is no schedule.
            let is_retry =
                ["connect", "retry", "timeout", "restart", "expire", "close", "stop"].iter().any(|word| message.contains(word));
            let again = answers.get(message).into_iter().flatten().take(MOST_CLAUSES);
            let mut again =
                again.filter(|answer| answer.contains(&at) || !code.occurrences_in((*answer).clone(), name).is_empty());
            if !is_retry && again.next().is_some() && known.insert(message) {
                let when = interval(code, time.clone());
                add(output, code, "gen-server", at.saturating_sub(2)..code.after(at + 1), when);
            }
        }
        for word in ["send_interval", "apply_interval"] {
            for &at in code.occurrences_in(body.clone(), word) {
                let at = at as usize;
                let is_timer = at.checked_sub(2).is_some_and(|of| code.is(of, "timer")) && code.is(at + 1, "(");
                if let Some(time) = code.arguments(at + 1).into_iter().next().filter(|_| is_timer) {
                    add(output, code, "timer", at - 2..code.after(at + 1), interval(code, time));
                }
            }
        }
    }
}

/// The first atom in some tokens: `handle_info({:tick, reference}, state)`.
fn first_atom<'t>(code: &Code<'t>, range: Range<usize>) -> Option<&'t str> {
    let mark = range.take(32).find(|&at| code.is(at, ":") && code.word(at + 1).is_some() && !code.is(at.wrapping_sub(1), ":"))?;
    code.word(mark + 1)
}

/// How long it is until something happens again, as it is written.
fn interval(code: &Code, range: Range<usize>) -> Value {
    let range = syntax::resolved(code, range);
    let text = code.text_in(range.clone());
    let is_known =
        text.starts_with(":timer.") || range.clone().all(|at| code.kind(at) == Some(TokenKind::Number) || code.is(at, "*"));
    if is_known && text.len() < 100 { literal(text) } else { unknown(text) }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn jobs_are_configured() {
        let text = r#"import Config
config :shop, Shop.Scheduler,
  jobs: [
    {"* * * * *", {Heartbeat, :send, []}},
    {"@daily", &Backup.backup/0},
    {{:extended, "*/15 * * * * *"}, fn -> :ok end},
    news: [schedule: "0 18-6/2 * * *", task: {News, :send, []}],
    [name: :old, schedule: ~e[0 4 * * *], task: fn -> :ok end]
  ]
config :shop, Oban,
  queues: [default: 10],
  plugins: [
    {Oban.Plugins.Cron, crontab: [
      {"0 2 * * *", Shop.Nightly},
      {"@hourly", Shop.Hourly, args: %{a: 1}}
    ]}
  ]
config :other, jobs: ["a b c d e", name: "x"], list: [{"* * * * *", 1}]"#;
        let expected = "14 schedule 0 2 * * *
             15 schedule @hourly
             4 schedule * * * * *
             5 schedule @daily
             6 schedule */15 * * * * *
             7 schedule 0 18-6/2 * * *
             8 schedule 0 4 * * *
             7 setting shop.Shop.Scheduler.jobs.news.schedule = 0 18-6/2 * * *
             11 setting shop.Oban.queues.default = 10
             18 setting other.jobs.name = x";
        check("config/config.exs", text, expected);
        let settings = "7 setting shop.Shop.Scheduler.jobs.news.schedule = 0 18-6/2 * * * for dev
             11 setting shop.Oban.queues.default = 10 for dev
             18 setting other.jobs.name = x for dev";
        check("config/dev.exs", text, settings);
    }

    #[test]
    fn servers_send_themselves_messages() {
        check(
            "lib/shop/cleaner.ex",
            r#"defmodule Shop.Cleaner do
  use GenServer
  @interval :timer.minutes(5)
  def init(state) do
    schedule()
    {:ok, state}
  end
  def handle_info(:clean, state) do
    schedule()
    {:noreply, state}
  end
  def handle_info(:reconnect, state), do: Process.send_after(self(), :reconnect, 1_000)
  def handle_call(:later, _from, state) do
    Process.send_after(self(), :once, 500)
    {:reply, :ok, state}
  end
  def handle_info(:once, state), do: {:noreply, state}
  defp schedule, do: Process.send_after(self(), :clean, @interval)
end
defmodule Shop.Live do
  use ShopWeb, :live_view
  def mount(_, _, socket) do
    :timer.send_interval(1000, self(), :tick)
  end
end"#,
            "18 schedule :timer.minutes(5)",
        );
    }
}
