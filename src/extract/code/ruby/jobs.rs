//! Classes that handle jobs and messages of queues: Sidekiq, Active Job, Resque, Shoryuken, Sneakers, Hutch, Racecar, Karafka.

use super::syntax::{self, Statement};
use super::types::{self, Class};
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind, Value};
use crate::source::Location;

pub const FRAMEWORK: Framework = Framework {
    name: "ruby-jobs",
    marks: &[
        "Sidekiq::",
        "ApplicationJob",
        "ActiveJob::",
        "Shoryuken::",
        "Sneakers::",
        "Hutch::",
        "Racecar::",
        "karafka",
        "Karafka",
        "Faktory::",
        "@queue",
        "Que::Job",
        "Advanced::SneakersHandler",
    ],
    read,
};

/// What a class includes to handle messages: the module, the framework, and the statement that names the queues.
const INCLUDED: [(&str, &str, &str); 8] = [
    ("Sidekiq.Worker", "sidekiq", ""),
    ("Sidekiq.Job", "sidekiq", ""),
    ("Sidekiq.IterableJob", "sidekiq", ""),
    ("Shoryuken.Worker", "shoryuken", "shoryuken_options"),
    ("Sneakers.Worker", "sneakers", "from_queue"),
    ("Hutch.Consumer", "hutch", "consume"),
    ("Faktory.Job", "faktory", ""),
    ("Kicks.Worker", "sneakers", "from_queue"),
];
/// The same for what it extends.
const EXTENDED: [(&str, &str, &str); 5] = [
    ("ApplicationJob", "active-job", ""),
    ("ActiveJob.Base", "active-job", ""),
    ("Que.Job", "que", ""),
    ("Racecar.Consumer", "racecar", "subscribes_to"),
    ("ApplicationRacecarConsumer", "racecar", "subscribes_to"),
];

/// A class says a thing of itself in no more places than this.
const MOST_LOOKS: usize = 64;

fn read(code: &Code, output: &mut Output) {
    for class in types::classes(code) {
        self::class(code, &class, output);
    }
    if code.text.contains("Karafka") {
        karafka(code, output);
    }
}

fn add(output: &mut Output, at: Location, framework: &str, name: Value) {
    output.facts.push(Fact::Handler(Handler { at, kind: HandlerKind::Consumer, framework: framework.into(), name }));
}

fn class(code: &Code, class: &Class, output: &mut Output) {
    let base = class.base_name(code);
    let statements = syntax::statements(code, class.body.clone());
    let includes = |module: &str| {
        let mut named = statements.iter().filter(|of| code.is(of.name, "include")).flat_map(|of| &of.arguments);
        named.any(|argument| code.dotted(argument.clone()).is_some_and(|name| name == module))
    };
    let included = INCLUDED.iter().find(|(module, _, _)| includes(module));
    let Some((_, framework, says)) = included.or_else(|| EXTENDED.iter().find(|(name, _, _)| *name == base)) else {
        resque(code, class, output);
        return;
    };
    // A base of others does nothing itself.
    if matches!(class.name, "ApplicationJob" | "ApplicationWorker" | "ApplicationConsumer" | "BaseWorker" | "BaseJob") {
        return;
    }
    let queues: Vec<&Statement> = statements.iter().filter(|of| !says.is_empty() && code.is(of.name, says)).collect();
    let named = queues.iter().flat_map(|of| match of.named(code, "queue").or_else(|| of.named(code, "queues")) {
        Some(queue) => vec![queue],
        None => of.positional(code),
    });
    let mut found = false;
    for queue in named {
        let names = syntax::names(code, queue.clone());
        let values = names.map_or_else(
            || vec![syntax::text_value(code, queue.clone())],
            |names| names.iter().map(|name| literal(name.as_str())).collect(),
        );
        for value in values {
            found = true;
            add(output, code.location(queue.clone()), framework, value);
        }
    }
    // A job is asked for by its class, whatever queue it waits in.
    if !found {
        add(output, code.at(class.at), framework, literal(class.name));
    }
}

/// `@queue = :mail` with `def self.perform`.
fn resque(code: &Code, class: &Class, output: &mut Output) {
    let mut at = class.body.start;
    while at < class.body.end {
        if code.reads(at, &["@", "queue", "="]) && code.begins_line(at) {
            let performs = code.occurrences_in(class.body.clone(), "perform").iter().take(MOST_LOOKS).any(|&at| {
                let at = at as usize;
                at > 2 && code.reads(at - 2, &["self", "."])
            });
            if performs {
                add(output, code.at(class.at), "resque", literal(class.name));
            }
            return;
        }
        at = code.after(at);
    }
}

/// `topic :orders do consumer OrdersConsumer end` in `routes.draw`.
fn karafka(code: &Code, output: &mut Output) {
    let class = types::classes(code).into_iter().find(|class| class.base_name(code) == "Karafka.App");
    let body = class.map_or(0..code.len(), |class| class.body);
    syntax::walk(code, body, (), &mut |of, ()| {
        let Some(block) = &of.block else { return Vec::new() };
        let name = code.text_of(of.name);
        if name == "topic" && !of.has_receiver() {
            if let Some(topic) = of.positional(code).into_iter().next() {
                let consumes = !code.occurrences_in(block.body.clone(), "consumer").is_empty();
                if consumes {
                    add(output, of.place(code), "karafka", syntax::text_value(code, topic));
                }
            }
            return Vec::new();
        }
        let is_around = matches!(name, "draw" | "consumer_group" | "subscription_group" | "defaults");
        if is_around { vec![(block.body.clone(), ())] } else { Vec::new() }
    });
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn jobs_are_consumers() {
        check(
            "app/workers/a.rb",
            "class HardWorker\n include Sidekiq::Worker\n sidekiq_options queue: 'critical'\n def perform(id); end\nend\nclass MailJob < ApplicationJob\n queue_as :mail\nend\nclass ApplicationJob < ActiveJob::Base\nend\nclass Plain\n def perform; Sidekiq::Client.push({}) end\nend",
            "1 consumer HardWorker\n6 consumer MailJob",
        );
        check(
            "app/jobs/b.rb",
            "class Archive\n  @queue = :files\n  def self.perform(id); end\nend\nclass Not\n  @queue = []\nend",
            "1 consumer Archive",
        );
    }

    #[test]
    fn queues_and_topics_are_named() {
        check(
            "app/workers/c.rb",
            "class A\n include Shoryuken::Worker\n shoryuken_options queue: 'orders', auto_delete: true\nend\nclass B\n include Sneakers::Worker\n from_queue :logs, env: nil\nend\nclass C\n include Hutch::Consumer\n consume 'shop.paid', 'shop.sent'\nend\nclass D < Racecar::Consumer\n subscribes_to \"greetings\", start_from_beginning: false\nend",
            "3 consumer orders\n7 consumer logs\n11 consumer shop.paid\n11 consumer shop.sent\n14 consumer greetings",
        );
        check(
            "karafka.rb",
            "class KarafkaApp < Karafka::App\n setup do |config|\n end\n routes.draw do\n  consumer_group :g do\n   topic :orders do\n    consumer OrdersConsumer\n   end\n  end\n  topic 'logs' do\n   config(partitions: 2)\n  end\n end\nend",
            "6 consumer orders\n1 entry karafka",
        );
    }
}
