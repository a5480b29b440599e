//! What runs by the clock: `@Scheduled` of Spring, Micronaut and Quarkus, `@Schedule` of EJB, triggers of Quartz, jobs of JobRunr and XXL-JOB.

use super::types::Annotation;
use super::{handlers, values};
use crate::extract::Output;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{HandlerKind, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "schedules",
    marks: &["@Scheduled(", "@Schedule(", "@Recurring(", "@XxlJob(", "cronSchedule(", "CronTrigger("],
    read,
};

/// Attributes that say when, the most telling first.
const WHEN: [&str; 9] =
    ["cron", "every", "fixedRate", "fixedRateString", "fixedDelay", "fixedDelayString", "interval", "hour", "value"];

fn read(code: &Code, output: &mut Output) {
    for at in 0..code.len() {
        if code.is(at, "@") && code.is_any(at + 1, &["Scheduled", "Schedule", "Recurring", "XxlJob"]) && code.is(at + 2, "(") {
            // Annotations in others (`@Schedules({…})`) count one by one.
            let annotation = Annotation::read(code, at + 1);
            if let Some(when) = when(code, &annotation) {
                handlers::add(output, FRAMEWORK.name, HandlerKind::Schedule, code.at(at + 1), when);
            }
        }
    }
    for call in code.calls().filter(|call| code.is_any(call.name, &["cronSchedule", "CronTrigger"])) {
        if let Some(cron) = code.arguments(call.open).into_iter().next() {
            handlers::add(output, FRAMEWORK.name, HandlerKind::Schedule, code.at(call.name), values::value(code, cron));
        }
    }
}

/// None for what is switched off.
fn when(code: &Code, annotation: &Annotation) -> Option<Value> {
    let Some(range) = WHEN.iter().find_map(|name| annotation.attribute(code, name)) else {
        return Some(unknown("no time is written"));
    };
    // Of a calendar's expression all parts count.
    if annotation.name == "Schedule" {
        return Some(literal(code.text_in(annotation.arguments.first()?.start..annotation.arguments.last()?.end)));
    }
    let value = match values::value(code, range.clone()) {
        // An interval that is reckoned reads as it is written.
        Value::Unknown(_) => literal(code.text_in(range)),
        // Quarkus writes settings in single braces.
        Value::Literal(text) if text.starts_with('{') && text.ends_with('}') => setting(&text[1..text.len() - 1]),
        other => other,
    };
    let off = matches!(&value, Value::Literal(text) if matches!(&**text, "-" | "off" | "disabled"));
    (!off).then_some(value)
}

fn setting(text: &str) -> Value {
    let (key, default) = text.split_once(':').map_or((text, None), |(key, default)| (key, Some(default)));
    Value::Property { key: key.into(), default: default.map(|default| Box::new(literal(default))) }
}
