//! What runs by the clock: whenever's `config/schedule.rb`, Clockwork, rufus-scheduler, sidekiq-cron, GoodJob.

use super::syntax::{self, Statement};
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "ruby-schedules",
    marks: &["every ", "every(", "Rufus", "Cron::Job", "good_job.cron", ".cron", "periodic", "Crono.perform"],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let path = format!("/{}", code.path);
    let whenever = path.ends_with("/schedule.rb") || path.contains("/config/schedule/");
    let clockwork = code.text.contains("Clockwork");
    let periodic = code.text.contains("periodic");
    let rufus = code.text.contains("Rufus") || code.text.contains("rufus");
    let mut add = |of: &Statement, framework: &str, name: Value| {
        let at = of.place(code);
        output.facts.push(Fact::Handler(Handler { at, kind: HandlerKind::Schedule, framework: framework.into(), name }));
    };
    for word in ["every", "cron", "create", "interval", "register", "perform", "load_from_hash", "load_from_hash!"] {
        for &at in code.occurrences(word) {
            let name = at as usize;
            let dotted = name > 0 && code.is(name - 1, ".");
            let start = if dotted { code.chain_start(name) } else { name };
            let is_key = code.is(name + 1, ":") && code.tokens[name + 1].start == code.tokens[name].end;
            if is_key || start > 0 && code.is_any(start - 1, &[":", "@", "def"]) {
                continue;
            }
            let Some(of) = syntax::statement(code, start).filter(|of| of.name == name || word == "perform") else { continue };
            let receiver = code.text_in(of.receiver(code));
            let first = of.arguments.first().cloned();
            match (word, first) {
                ("every", Some(first)) if whenever && !dotted && of.block.is_some() => add(&of, "whenever", when(code, first)),
                ("every", Some(first)) if clockwork && !dotted => add(&of, "clockwork", when(code, first)),
                ("every" | "cron" | "interval", Some(first)) if rufus && dotted && of.block.is_some() => {
                    add(&of, "rufus-scheduler", when(code, first));
                }
                ("create", Some(_)) if receiver.ends_with("Cron::Job") => {
                    if let Some(cron) = of.named(code, "cron") {
                        add(&of, "sidekiq-cron", when(code, cron));
                    }
                }
                ("load_from_hash" | "load_from_hash!", Some(first)) if receiver.ends_with("Cron::Job") => {
                    let first = code.dotted(first.clone()).and_then(|name| code.assigned(&name, name_of(&of))).unwrap_or(first);
                    for cron in crons(code, first) {
                        add(&of, "sidekiq-cron", cron);
                    }
                }
                // `config.periodic { |mgr| mgr.register('* * * * *', 'Job') }`
                ("register", Some(first)) if dotted && of.arguments.len() >= 2 && periodic => {
                    let value = syntax::text_value(code, first);
                    if matches!(&value, Value::Literal(text) if text.split(' ').count() >= 5) {
                        add(&of, "sidekiq-periodic", value);
                    }
                }
                // `Crono.perform(Job).every 1.day`
                ("perform", Some(first)) if code.is(of.name, "every") && receiver.starts_with("Crono") => {
                    add(&of, "crono", when(code, first));
                }
                // `config.good_job.cron = { name: { cron: '…', class: '…' } }`
                ("cron", None) if receiver.ends_with("good_job") && code.is(of.end, "=") && code.is(of.end + 1, "{") => {
                    for cron in crons(code, of.end + 1..code.after(of.end + 1)) {
                        add(&of, "good-job", cron);
                    }
                }
                _ => {}
            }
        }
    }
}

fn name_of(of: &Statement) -> usize {
    of.name
}

/// `'0 * * * *'`, `1.day`, `:hour`: as it is written.
fn when(code: &Code, range: std::ops::Range<usize>) -> Value {
    match syntax::name(code, range.clone()) {
        Some(text) => literal(text),
        None => match code.value(range.clone()) {
            Value::Literal(text) => Value::Literal(text),
            _ => literal(code.text_in(range)),
        },
    }
}

/// The values of `cron` in a table of jobs, or a list of them.
fn crons(code: &Code, range: std::ops::Range<usize>) -> Vec<Value> {
    let mut found = Vec::new();
    for &at in code.occurrences_in(range.clone(), "cron") {
        let at = at as usize;
        if code.is(at + 1, ":") && code.literal(at + 2).is_some() {
            found.push(code.value(at + 2..at + 3));
        }
    }
    for at in range.filter(|&at| code.is(at, "=>")) {
        if at > 0 && code.literal(at - 1).is_some_and(|key| key == "cron") && code.literal(at + 1).is_some() {
            found.push(code.value(at + 1..at + 2));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn schedules_are_told() {
        check(
            "config/schedule.rb",
            "set :output, 'x'\nevery 1.day, at: '4:30 am' do\n  runner 'A.b'\nend\nevery '0 0 27-31 * *' do\n  command 'x'\nend\nevery :hour do\n  rake 'y'\nend",
            "2 schedule 1.day\n5 schedule 0 0 27-31 * *\n8 schedule hour",
        );
        check(
            "clock.rb",
            "require 'clockwork'\nmodule Clockwork\n  every(10.seconds, 'frequent.job')\n  every(1.day, 'midnight.job', at: '00:00') { x }\nend",
            "3 schedule 10.seconds\n4 schedule 1.day",
        );
        check(
            "s.rb",
            "scheduler = Rufus::Scheduler.new\nscheduler.every '3h' do\nend\nscheduler.cron '5 0 * * *' do\nend\nscheduler.in '10d' do\nend",
            "2 schedule 3h\n4 schedule 5 0 * * *",
        );
        check(
            "config/initializers/sidekiq.rb",
            "Sidekiq::Cron::Job.create(name: 'A', cron: '*/5 * * * *', class: 'HardWorker')\nSidekiq::Cron::Job.load_from_hash({ 'b' => { 'cron' => '0 * * * *', 'class' => 'B' } })",
            "1 schedule */5 * * * *\n2 schedule 0 * * * *",
        );
        check(
            "config/application.rb",
            "config.good_job.cron = { a: { cron: '*/15 * * * *', class: 'A' } }",
            "1 schedule */15 * * * *",
        );
        check("a.rb", "items.every do |x|\nend\nevery 2 do |x|\nend", "");
    }
}
