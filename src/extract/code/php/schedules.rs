//! What runs by the clock: Laravel's `$schedule->command(…)->daily()`, Symfony's `#[AsCronTask('* * * * *')]`.

use super::chain::Chain;
use super::notes;
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind, Value};
use crate::source::Location;

pub const FRAMEWORK: Framework = Framework {
    name: "php-schedule",
    marks: &["$schedule->", "Schedule::", "AsCronTask", "AsPeriodicTask", "RecurringMessage::"],
    read,
};

/// What a schedule of Laravel is begun with.
const WHAT: [&str; 4] = ["command", "job", "call", "exec"];
/// Calls that say when, by how they begin.
const WHEN: [&str; 9] = ["every", "daily", "hourly", "weekly", "monthly", "quarterly", "yearly", "twice", "last"];

fn read(code: &Code, output: &mut Output) {
    let mut add = |at: Location, framework: &str, name: Value| {
        output.facts.push(Fact::Handler(Handler { at, kind: HandlerKind::Schedule, framework: framework.into(), name }));
    };
    for at in 0..code.len() {
        if code.is_any(at, &["$schedule", "Schedule"]) && !code.is(at.wrapping_sub(1), "\\") || code.is(at, "Schedule") {
            let Some(chain) = Chain::at(code, at).filter(|chain| code.is_any(chain.links[0].name, &WHAT)) else { continue };
            let when = chain.links.iter().skip(1).find_map(|link| {
                let name = code.text_of(link.name);
                let argument =
                    code.arguments(link.open).into_iter().next().map(|argument| code.text_in(argument).trim_matches(['\'', '"']));
                match name {
                    "cron" => argument.map(str::to_owned),
                    _ if WHEN.iter().any(|when| name.starts_with(when)) => {
                        Some(argument.map_or(name.to_owned(), |argument| format!("{name}({argument})")))
                    }
                    _ => None,
                }
            });
            let when = when.map_or_else(|| Value::Unknown("no time is told".into()), |when| literal(when.as_str()));
            add(code.location(chain.root.start..chain.end), "laravel-schedule", when);
        } else if code.is(at, "#") && code.is(at + 1, "[") {
            for note in notes::notes(code, at..code.after(at + 1)) {
                let argument = match note.short() {
                    "AsCronTask" => "expression",
                    "AsPeriodicTask" => "frequency",
                    _ => continue,
                };
                let when = note.values(argument, Some(0)).first().cloned();
                add(note.at, "symfony-scheduler", when.unwrap_or_else(|| Value::Unknown("no time is told".into())));
            }
        } else if code.reads(at, &["RecurringMessage", "::"]) && code.is_any(at + 2, &["cron", "every"]) {
            let Some(when) = code.arguments(at + 3).into_iter().next() else { continue };
            add(code.location(at..code.after(at + 3)), "symfony-scheduler", code.value(when));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn schedules_are_told() {
        check(
            "app/Console/Kernel.php",
            "<?php\nclass Kernel { protected function schedule(Schedule $schedule) {\n$schedule->command('a')->dailyAt('13:00');\n$schedule->job(new B)->cron('0 * * * *');\n// $schedule->command('inspire')->hourly();\n$schedule->useCache('x'); } }",
            "3 schedule dailyAt(13:00)\n4 schedule 0 * * * *",
        );
        check(
            "src/Task.php",
            "<?php\n#[AsCronTask('0 0 * * *')]\nclass A {}\n#[AsPeriodicTask(frequency: '1 hour')]\nclass B {}\n$x = RecurringMessage::every('10 seconds', new C());",
            "2 schedule 0 0 * * *\n4 schedule 1 hour\n6 schedule 10 seconds",
        );
    }
}
