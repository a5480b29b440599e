//! What runs by the clock: Hangfire, Quartz, Coravel, FluentScheduler, and expressions of cron that a program parses.

use super::syntax;
use super::values;
use crate::extract::Output;
use crate::extract::code::Code;
use crate::extract::code::Framework;
use crate::extract::code::calls::Call;
use crate::extract::code::value::{literal, unknown};
use crate::facts::{HandlerKind, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "dotnet-schedules",
    marks: &[
        "RecurringJob",
        "ecurringJobManager",
        "AddOrUpdate",
        "IJob",
        "Coravel",
        "UseScheduler",
        "FluentScheduler",
        "CrontabSchedule.",
        "CronExpression.",
        "WithCronExpression",
        "TickerFunction",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let mentions = |words: &[&str]| (0..code.len()).any(|at| code.is_any(at, words));
    let schedules = mentions(&["Coravel", "UseScheduler", "FluentScheduler"]);
    for of in syntax::types(code).iter().filter(|of| code.is_any(of.item.start, &["class", "record"])) {
        let is_job =
            of.extends("IJob") && of.parameters.is_empty() && !syntax::modifiers(code, of.item.start).contains(&"abstract");
        // When the job runs is told where it is registered, most often by settings.
        if is_job {
            syntax::handle(output, FRAMEWORK.name, HandlerKind::Schedule, code.at(of.item.name), unknown(of.name));
        }
    }
    for call in code.calls() {
        let arguments = code.arguments(call.open);
        let when = match code.text_of(call.name) {
            "AddOrUpdate" if recurs(code, call) => {
                let cron = arguments
                    .iter()
                    .rev()
                    .find(|range| code.is(range.start, "Cron") || code.literal(range.start).is_some_and(|text| is_cron(&text)));
                let last = || {
                    code.arguments(call.open).len().checked_sub(1).filter(|&last| last > 0).and_then(|last| arguments.get(last))
                };
                cron.or_else(last).map(|range| shown(code, range.clone()))
            }
            "Parse" | "TryParse"
                if code.receiver_name(call).is_some_and(|name| matches!(&*name, "CrontabSchedule" | "CronExpression")) =>
            {
                arguments.first().map(|range| shown(code, range.clone()))
            }
            "WithCronExpression" => arguments.first().map(|range| shown(code, range.clone())),
            "Schedule" | "ScheduleAsync" | "ScheduleWithParams" | "ScheduleInvocableType" if schedules => {
                Some(interval(code, call))
            }
            _ => None,
        };
        if let Some(when) = when {
            syntax::handle(output, FRAMEWORK.name, HandlerKind::Schedule, code.at(call.name), when);
        }
    }
    for at in (0..code.len()).filter(|&at| code.is(at, "TickerFunction") && code.is(at + 1, "(")) {
        if let Some(range) = syntax::argument(code, &code.arguments(at + 1), "cronExpression", 1) {
            syntax::handle(output, FRAMEWORK.name, HandlerKind::Schedule, code.at(at), values::text(code, range));
        }
    }
}

/// A job that Hangfire repeats: what a dictionary adds or updates is none.
fn recurs(code: &Code, call: Call) -> bool {
    code.text_in(code.receiver(call)).to_ascii_lowercase().contains("recurring")
}

fn is_cron(text: &str) -> bool {
    let fields = text.split_ascii_whitespace().count();
    (5..=7).contains(&fields) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" */,-?#@".contains(&byte))
}

fn shown(code: &Code, range: std::ops::Range<usize>) -> Value {
    match code.is(range.start, "Cron") {
        true => literal(code.text_in(range)),
        false => values::text(code, range),
    }
}

/// `scheduler.Schedule<A>().EveryMinute()`: what follows the call.
fn interval(code: &Code, call: Call) -> Value {
    let after = code.after(call.open);
    match code.is(after, ".") && code.is(after + 2, "(") {
        true if code.is(after + 1, "Cron") => {
            code.arguments(after + 2).first().map_or_else(|| unknown("cron"), |range| values::text(code, range.clone()))
        }
        true => literal(code.text_of(after + 1)),
        false => unknown("schedule"),
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn schedules_say_when_they_run() {
        check(
            "A.cs",
            r#"
class Jobs { void Add(IRecurringJobManager recurringJobs) {
    RecurringJob.AddOrUpdate<Report>("id", job => job.Run(), Cron.Daily(3));
    recurringJobs.AddOrUpdate("id", () => Run(), "*/5 * * * *", new RecurringJobOptions());
    RecurringJob.AddOrUpdate<Report>(job => job.Run(), settings.Cron);
    cache.AddOrUpdate("a", 1, (k, v) => 2);
    var schedule = CrontabSchedule.Parse("0 0 * * *");
} }
[DisallowConcurrentExecution] public class Cleanup : IJob { public Task Execute(IJobExecutionContext context) => null; }
interface IOther : IJob { }"#,
            "9 schedule ?Cleanup
             3 schedule Cron.Daily(3)
             4 schedule */5 * * * *
             5 schedule <#settings.Cron>
             7 schedule 0 0 * * *",
        );
        check(
            "B.cs",
            "provider.UseScheduler(s => { s.Schedule<A>().EveryMinute(); s.ScheduleAsync(async () => { }).Cron(\"0 1 * * *\"); });",
            "1 schedule EveryMinute\n1 schedule 0 1 * * *",
        );
    }
}
