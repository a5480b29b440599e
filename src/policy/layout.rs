//! The format of `brickwork.yaml`, key by key. The texts are those of the JSON Schema, so they speak to whoever writes a policy.

use super::definition::{DEFINITIONS, FIELDS};
use super::extend::EXTENDED;
use super::form::{COMMIT, Choice, DATE, Form, GLOB, GLOBS, Key, Map, Suggestions, TEXT, TEXTS, Table};
use super::rule::form::{RULE, VALUE_BY_KIND};

pub static POLICY: Table = Table {
    noun: "a policy",
    doc: "What is checked, and what discovery can't know. Every key is optional.",
    keys: &[
        Key::optional(
            "extends",
            Form::Either(&[
                Form::Text(&EXTENDED),
                Form::Table(&PINNED),
                Form::List(&Form::Either(&[Form::Text(&EXTENDED), Form::Table(&PINNED)])),
            ]),
            "What this policy builds on, the later over the earlier: a pack (`recommended`, `governed`, `strict`), a path relative to this file, or `git+URL@COMMIT#PATH`. \
             By default `recommended`; an empty list starts from nothing.",
        ),
        Key::optional(
            "rules",
            Form::Map(&Map {
                noun: "a mapping of rules to levels",
                keys: &TEXT,
                values: Form::Either(&[Form::Choice(&SETTING), Form::Table(&RULE_SETTING)]),
                suggestions: Suggestions::Rules,
            }),
            "Rules by id: a level, which is the highest that a finding gets, or level and parameters.",
        ),
        Key::optional(
            "rule_files",
            GLOBS,
            "Globs of files that hold rules of your own, relative to this file. By default `rules/**/*.yaml`, of which those count that have a `subject` or `cases`.",
        ),
        Key::optional("own_rules", Form::List(&Form::Table(&RULE)), "Rules of your own, each as it would stand in a file."),
        Key::optional("definitions", Form::Map(&DEFINITIONS), "Predicates that your rules share."),
        Key::optional(
            "fields",
            Form::Map(&FIELDS),
            "Fields that services have besides the built-in ones: `tier: annotations[\"example.com/tier\"]`.",
        ),
        Key::optional(
            "services",
            Form::List(&Form::Table(&SERVICE)),
            "What discovery can't know of services; it wins over what was discovered.",
        ),
        Key::optional(
            "domains",
            Form::Map(&Map {
                noun: "a mapping of names to domains",
                keys: &TEXT,
                values: Form::Table(&DOMAIN),
                suggestions: Suggestions::None,
            }),
            "Domains by name, in order: a service belongs to the first that names it.",
        ),
        Key::optional(
            "layers",
            Form::List(&Form::Table(&LAYER)),
            "Layers from the top down: each may call itself and those below it.",
        ),
        Key::optional("overrides", Form::List(&Form::Table(&OVERRIDE)), "What holds otherwise for some services, with a reason."),
        Key::optional("waivers", Form::List(&Form::Table(&WAIVER)), "Findings that somebody accepts."),
        Key::optional("exclude", GLOBS, "Globs of paths that are not looked at."),
        Key::optional("fleet", Form::Table(&FLEET), "Which repositories there are, and whether they are all."),
        Key::optional(
            "small_team",
            Form::Boolean,
            "True when one small team owns everything, so that rules about many owners are silent.",
        ),
    ],
};

static PINNED: Table = Table {
    noun: "a pinned policy",
    doc: "A policy in another repository, at one commit.",
    keys: &[
        Key::required("git", Form::Text(&TEXT), "What git fetches: an https or ssh URL, or `git@host:path`."),
        Key::required("commit", Form::Text(&COMMIT), "The whole hash of the commit."),
        Key::optional("path", Form::Text(&TEXT), "The policy's path in the repository; `brickwork.yaml` by default."),
    ],
};

static SETTING: Choice = Choice {
    noun: "level",
    words: &[
        ("default", "The rule's own levels."),
        ("off", "The rule is not evaluated."),
        ("error", "At most an error."),
        ("warning", "At most a warning."),
        ("note", "At most a note."),
    ],
};

static RULE_SETTING: Table = Table {
    noun: "a rule's setting",
    doc: "Level and parameters of a rule. Naming a rule switches it on, unless its level is `off`.",
    keys: &[
        Key::optional("level", Form::Choice(&SETTING), "The highest level that a finding gets."),
        Key::optional(
            "params",
            Form::Map(&Map {
                noun: "a mapping of parameters to values",
                keys: &TEXT,
                values: VALUE_BY_KIND,
                suggestions: Suggestions::None,
            }),
            "Values of the rule's parameters, each one for all or by kind of service: `{default: 60, gateway: off}`.",
        ),
    ],
};

static SERVICE: Table = Table {
    noun: "a service",
    doc: "What discovery can't know of a service.",
    keys: &[
        Key::required("name", Form::Text(&TEXT), "Its name."),
        Key::optional("root", Form::Text(&TEXT), "Its folder, relative to the checked root; matched by name, when absent."),
        Key::optional("kind", Form::Choice(&KIND), "What it is by its behaviour."),
        Key::optional("owner", Form::Text(&TEXT), "The team that owns it."),
        Key::optional("domain", Form::Text(&TEXT), "The domain it belongs to."),
        Key::optional("visibility", Form::Text(&TEXT), "Who may call it: `public`, `internal`, ..."),
        Key::optional("tier", Form::Text(&TEXT), "How much depends on it, in your own words."),
        Key::optional("split", Form::Table(&SPLIT), "Why it is a service of its own."),
    ],
};

static SPLIT: Table = Table {
    noun: "a split record",
    doc: "Why a service is one of its own.",
    keys: &[
        Key::required(
            "reason",
            Form::Text(&TEXT),
            "independent-scaling, change-rate, isolation, compliance, other-runtime, other-team, ...",
        ),
        Key::optional("review", Form::Text(&DATE), "The day on which the reason is looked at again."),
        Key::optional("note", Form::Text(&TEXT), "What a reader should know."),
    ],
};

/// Kinds of services.
pub static KIND: Choice = Choice {
    noun: "kind",
    words: &[
        ("service", "Answers requests."),
        ("worker", "Consumes messages or works on its own."),
        ("gateway", "Lets requests in and passes them on."),
        ("bff", "Serves one front end."),
        ("ui", "A front end."),
        ("job", "Runs, and ends."),
        ("function", "Runs on an event, in a runtime that the platform keeps."),
        ("library", "Code that others build in."),
        ("infra", "Set-up of infrastructure."),
        ("datastore", "A database, cache or bucket."),
        ("broker", "Carries messages."),
        ("loadgen", "Makes load for tests."),
        ("test", "Tests others."),
        ("external", "Somebody else's."),
    ],
};

static DOMAIN: Table = Table {
    noun: "a domain",
    doc: "A part of the business with a language of its own.",
    keys: &[
        Key::optional("owner", Form::Text(&TEXT), "The team that owns it."),
        Key::optional("services", GLOBS, "Globs over names and folders of its services."),
    ],
};

static LAYER: Table = Table {
    noun: "a layer",
    doc: "Services of one layer.",
    keys: &[
        Key::required("name", Form::Text(&TEXT), "Its name."),
        Key::optional("services", GLOBS, "Globs over names and folders of its services."),
        Key::optional("tiers", TEXTS, "Tiers whose services lie in it, where no glob says otherwise."),
    ],
};

static OVERRIDE: Table = Table {
    noun: "an override",
    doc: "What holds otherwise for some services.",
    keys: &[
        Key::required("services", GLOBS, "Globs over names and folders of the services."),
        Key::required(
            "rules",
            Form::Map(&Map {
                noun: "a mapping of rules to levels",
                keys: &TEXT,
                values: Form::Either(&[Form::Choice(&SETTING), Form::Table(&RULE_SETTING)]),
                suggestions: Suggestions::Rules,
            }),
            "Rules by id: a level, or level and parameters.",
        ),
        Key::required("reason", Form::Text(&TEXT), "Why."),
        Key::optional("expires", Form::Text(&DATE), "The last day on which it holds."),
    ],
};

static WAIVER: Table = Table {
    noun: "a waiver",
    doc: "A finding that somebody accepts.",
    keys: &[
        Key::required("rule", Form::Text(&TEXT), "The rule's id."),
        Key::required("subject", Form::Text(&GLOB), "A glob over the finding's subject, as reports show it."),
        Key::required("owner", Form::Text(&TEXT), "Who accepts it."),
        Key::required("reason", Form::Text(&TEXT), "Why."),
        Key::optional("until", Form::Text(&DATE), "The last day on which it holds."),
    ],
};

static FLEET: Table = Table {
    noun: "a fleet",
    doc: "The repositories that belong together.",
    keys: &[
        Key::optional("repositories", GLOBS, "Globs of the folders that are repositories; told by what they hold, when absent."),
        Key::optional(
            "complete",
            Form::Boolean,
            "True when every service of the organisation is here, so that rules may say \"nobody\".",
        ),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    #[test]
    fn kinds_are_those_of_the_model() {
        assert_eq!(KIND.names().collect::<Vec<_>>(), Kind::ALL.map(Kind::name));
        let Form::Table(by_kind) = VALUE_BY_KIND_TABLE else { panic!("the last form is the map by kind") };
        assert_eq!(by_kind.keys.iter().skip(1).map(|key| key.name).collect::<Vec<_>>(), Kind::ALL.map(Kind::name));
    }

    const VALUE_BY_KIND_TABLE: &Form = match &VALUE_BY_KIND {
        Form::Either([.., last]) => last,
        other => other,
    };
}
