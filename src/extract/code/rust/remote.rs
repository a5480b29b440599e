//! Remote procedures, consumers of messages and schedules.

use super::tests;
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind, Value};

pub const FRAMEWORK: Framework =
    Framework { name: "rust-remote", marks: &["async_trait", "basic_consume", ".subscribe(", "Job::new", "tonic"], read };

fn read(code: &Code, output: &mut Output) {
    let tests = tests(code);
    let speaks = |word: &str| code.text.contains(word);
    let (tonic, kafka, nats, cron) = (speaks("tonic"), speaks("rdkafka"), speaks("nats"), speaks("tokio_cron_scheduler"));
    let mut add = |at: usize, kind: HandlerKind, name: Value| {
        output.facts.push(Fact::Handler(Handler { at: code.at(at), kind, framework: FRAMEWORK.name.into(), name }));
    };
    for start in (0..code.len()).filter(|&at| code.is(at, "impl") && !tests.iter().any(|body| body.contains(&at))) {
        let generated = code
            .annotations_before(start)
            .into_iter()
            .any(|at| code.reads(at, &["tonic", "::", "async_trait"]) || code.is(at, "async_trait"));
        let Some(end) = (start + 1..(start + 32).min(code.len())).find(|&at| code.is_any(at, &["for", "{"])) else { continue };
        // `async_trait` alone says nothing unless the file speaks of tonic.
        if generated && tonic && code.is(end, "for") {
            add(end - 1, HandlerKind::Rpc, literal(code.text_of(end - 1)));
        }
    }
    for call in code.calls().filter(|call| !tests.iter().any(|body| body.contains(&call.name))) {
        let arguments = code.arguments(call.open);
        let Some(first) = arguments.first().cloned() else { continue };
        match code.text_of(call.name) {
            "basic_consume" => add(call.name, HandlerKind::Consumer, code.value(first)),
            "subscribe" if kafka => {
                for topic in code.literal_list(first.start + usize::from(code.is(first.start, "&"))..first.end) {
                    add(call.name, HandlerKind::Consumer, Value::Literal(topic.value));
                }
            }
            "subscribe" | "queue_subscribe" if nats => add(call.name, HandlerKind::Consumer, code.value(first)),
            "new_async" | "new" if cron && code.receiver_name(call).is_some_and(|of| of == "Job") => {
                add(call.name, HandlerKind::Schedule, code.value(first));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn services_and_consumers_are_read() {
        check(
            "src/a.rs",
            "use tonic::{Request, Response};\n#[tonic::async_trait]\nimpl pb::greeter_server::Greeter for MyGreeter { async fn say(&self) {} }\nimpl Clone for X {}",
            "3 rpc Greeter",
        );
        check(
            "src/b.rs",
            "use rdkafka::x;\nfn f() { consumer.subscribe(&[\"orders\", \"mails\"]); }",
            "2 consumer orders\n2 consumer mails",
        );
        check("src/c.rs", "fn f() { channel.basic_consume(\"tasks\", \"tag\").await; }", "1 consumer tasks");
        check("src/d.rs", "#[async_trait] impl Store for Memory {}", "");
    }
}
