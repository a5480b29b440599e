//! Schedules of Go: cron, gocron and asynq's scheduler.

use super::super::tokens::TokenKind;
use super::super::{Code, Framework};
use super::values::Values;
use crate::extract::Output;
use crate::facts::{Fact, Handler, HandlerKind, Value};

pub const FRAMEWORK: Framework =
    Framework { name: "schedules", marks: &["robfig/cron", "go-co-op/gocron", "jasonlvhit/gocron", "hibiken/asynq"], read };

fn read(code: &Code, output: &mut Output) {
    let imported = |path: &str| code.imports().values().any(|symbol| symbol.contains(path));
    let (cron, gocron, asynq) = (imported("robfig/cron"), imported("/gocron"), imported("hibiken/asynq"));
    let values = Values::new(code);
    for call in code.calls() {
        let arguments = code.arguments(call.open);
        let receiver = code.receiver(call);
        let Some(first) = arguments.first().filter(|_| !receiver.is_empty()) else { continue };
        let name = match code.text_of(call.name) {
            "AddFunc" | "AddJob" if cron && arguments.len() >= 2 => values.of(first.clone()),
            "CronJob" | "Cron" | "CronWithSeconds" if gocron => values.of(first.clone()),
            "DurationJob" if gocron => Value::Literal(code.text_in(first.clone()).into()),
            // `s.Every(5).Minutes().Do(task)`.
            "Do" if gocron => {
                let every = receiver.clone().find(|&at| code.is(at, "Every"));
                let Some(every) = every else { continue };
                Value::Literal(code.text_in(every..receiver.end).into())
            }
            // Of a mux of asynq `Register` has no literal as its first argument.
            "Register" if asynq && arguments.len() >= 2 && code.kind(first.start) == Some(TokenKind::Literal) => {
                values.of(first.clone())
            }
            _ => continue,
        };
        let framework = if cron {
            "cron"
        } else if gocron {
            "gocron"
        } else {
            "asynq"
        };
        let at = code.location(call.start..code.after(call.open));
        output.facts.push(Fact::Handler(Handler { at, kind: HandlerKind::Schedule, framework: framework.into(), name }));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::snapshot::check;

    #[test]
    fn schedules_are_read() {
        check(
            "jobs.go",
            r#"package jobs
            import "github.com/robfig/cron/v3"
            func run() {
                c := cron.New()
                c.AddFunc("@every 1h", clean)
                c.AddJob(spec, job)
                c.Start()
            }"#,
            "5 schedule @every 1h
            6 schedule <#spec>",
        );
        check(
            "jobs.go",
            r#"package jobs
            import "github.com/go-co-op/gocron/v2"
            func run() {
                s.Every(5).Minutes().Do(task)
                s.NewJob(gocron.CronJob("0 1 * * *", false), gocron.NewTask(f))
                group.Do(task)
            }"#,
            "4 schedule Every(5).Minutes()
            5 schedule 0 1 * * *",
        );
        check("jobs.go", "package jobs\nimport \"time\"\nfunc f() { c.AddFunc(\"x\", y); time.NewTicker(time.Second) }", "");
    }
}
