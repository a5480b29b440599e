//! What runs by the clock: Celery's beat, APScheduler, `schedule`, timers of functions.

use std::ops::Range;

use super::syntax::{self, call, decorators, imports_any, library};
use crate::extract::Output;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "schedules",
    marks: &[
        "beat_schedule",
        "BEAT_SCHEDULE",
        "apscheduler",
        "schedule.every",
        "periodic_task",
        "repeat_every",
        "aiocron",
        "rocketry",
        "chalice",
        "timer_trigger",
        "schedule import",
        "on_timer",
        "nameko.timer",
        "scheduled_job",
        "faust",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let mut enter = |at: Range<usize>, framework: &str, name: Value| {
        let at = code.location(at);
        output.facts.push(Fact::Handler(Handler { at, kind: HandlerKind::Schedule, framework: framework.into(), name }));
    };
    for decorator in decorators(code).into_iter().filter(|decorator| !decorator.is_class) {
        let Some(open) = decorator.open else { continue };
        let (package, last) = library(code, &decorator.name);
        let uses = |packages: &[&str]| imports_any(code, packages);
        let framework = match &*last {
            "periodic_task" => "celery",
            "repeat_every" if package.starts_with("fastapi") => "fastapi",
            "crontab" | "cron" | "timer" if uses(&["aiocron", "faust", "nameko", "huey"]) => "cron",
            "scheduled_job" | "schedule" if uses(&["apscheduler", "chalice"]) => "scheduler",
            "timer_trigger" | "timer_schedule" if uses(&["azure"]) => "azure",
            "repeat" if package == "schedule" => "schedule",
            _ => continue,
        };
        enter(decorator.start..code.after(open), framework, literal(code.text_in(code.inside(open))));
    }
    for found in code.calls() {
        let member = code.text_of(found.name);
        let at = found.start..code.after(found.open);
        let is_decorator = found.start.checked_sub(1).is_some_and(|before| code.is(before, "@"));
        if is_decorator {
            continue;
        }
        match member {
            // `scheduler.add_job(job, "interval", minutes=5)`.
            "add_job" if imports_any(code, &["apscheduler", "flask_apscheduler"]) => {
                let arguments = code.arguments(found.open);
                let told = arguments.iter().skip(1).filter(|part| !code.is_any(part.start, &["id", "args", "kwargs", "name"]));
                let told: Vec<&str> = told.map(|part| code.text_in(part.clone())).take(4).collect();
                enter(at, "apscheduler", if told.is_empty() { unknown("a trigger") } else { literal(told.join(", ")) });
            }
            // `schedule.every(10).minutes.do(job)`.
            "do" if code.is(found.start, "schedule") && imports_any(code, &["schedule"]) => {
                enter(at, "schedule", literal(code.text_in(found.start + 2..found.name - 1)));
            }
            "add_periodic_task" if imports_any(code, &["celery"]) => {
                let when = code.arguments(found.open).into_iter().next();
                enter(at, "celery", when.map_or_else(|| unknown("a time"), |range| when_of(code, range)));
            }
            _ => {}
        }
    }
    beat(code, &mut enter);
}

/// `beat_schedule = {"name": {"task": "…", "schedule": crontab(…)}}`.
fn beat(code: &Code, enter: &mut impl FnMut(Range<usize>, &str, Value)) {
    for at in 0..code.len() {
        let is_name = code.word(at).is_some_and(|word| word.to_ascii_lowercase().ends_with("beat_schedule"));
        if !is_name || !code.is(at + 1, "=") || !code.is(at + 2, "{") {
            continue;
        }
        for entry in code.arguments(at + 2) {
            let inner = (entry.start..entry.end).find(|&inner| code.is(inner, "{"));
            let Some(inner) = inner.filter(|inner| code.is(inner - 1, ":")) else { continue };
            let when = code.named(&code.arguments(inner), "schedule");
            enter(entry, "celery", when.map_or_else(|| unknown("a time"), |range| when_of(code, range)));
        }
    }
}

/// When something runs: the text of the expression.
fn when_of(code: &Code, range: Range<usize>) -> Value {
    match call(code, range.clone()) {
        Some(_) => literal(code.text_in(range)),
        None => match syntax::value(code, range.clone()) {
            known @ (Value::Literal(_) | Value::Env { .. }) => known,
            _ => literal(code.text_in(range)),
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn schedules_say_when_they_run() {
        check(
            "app/celery.py",
            "
from celery import Celery
from celery.schedules import crontab
app = Celery('x')
app.conf.beat_schedule = {
    'a': {'task': 't.a', 'schedule': crontab(minute=0)},
    'b': {'task': 't.b', 'schedule': 30.0},
}
            ",
            "6 schedule crontab(minute=0)
            7 schedule 30.0",
        );
        check(
            "jobs.py",
            "
from apscheduler.schedulers.background import BackgroundScheduler
import schedule
scheduler = BackgroundScheduler()
scheduler.add_job(run, 'interval', minutes=5, id='x')
@scheduler.scheduled_job('cron', hour=3)
def night(): ...
schedule.every(10).minutes.do(run)
other.do(run)
            ",
            "6 schedule 'cron', hour=3
            5 schedule 'interval', minutes=5
            8 schedule every(10).minutes",
        );
    }
}
