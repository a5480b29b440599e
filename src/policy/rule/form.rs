//! The format of rules, key by key. The texts are those of the JSON Schema, so they speak to whoever writes a rule.

use super::super::form::{ANY_TEXT, Choice, Complaint, Form, ID, Key, Map, NAME, Suggestions, TEXT, TEXTS, Table, TextForm};

pub static RULE: Table = Table {
    noun: "a rule",
    doc: "A rule: what it looks at, when it fires, what it says, and examples that prove it.",
    keys: &[
        Key::required(
            "id",
            Form::Text(&ID),
            "The rule's name, after the bad thing that it finds: `shared-database`. Reads well after \"allow\".",
        ),
        Key::optional(
            "category",
            Form::Text(&TEXT),
            "What the rule is about in one word: size, contracts, calls, data, ownership. By default `own`.",
        ),
        Key::required(
            "summary",
            Form::Text(&TEXT),
            "What is wrong where the rule fires, in one lower-case line without a full stop.",
        ),
        Key::optional(
            "needs",
            Form::Either(&[Form::Choice(&NEED), Form::List(&Form::Choice(&NEED))]),
            "Circumstances without which the rule can say nothing; it is then reported as skipped.",
        ),
        Key::required(
            "subject",
            Form::Text(&TEXT),
            "What the rule is evaluated over, once for each: `service`, `api`, `domain`; `brickwork rules --subjects` lists all.",
        ),
        Key::optional(
            "params",
            Form::Map(&PARAMETERS),
            "Numbers and words that a policy may set, with their defaults: `params.NAME` in expressions.",
        ),
        Key::optional(
            "where",
            Form::Expression,
            "Which subjects the rule is about; the others are passed over. A rule whose `where` never holds is reported.",
        ),
        Key::required(
            "cases",
            Form::List(&Form::Table(&CASE)),
            "When the rule fires and how much it matters; the first case that holds counts.",
        ),
        Key::required(
            "message",
            Form::Text(&TEXT),
            "What is wrong, as one lower-case line; `{expression}` stands for a value, names stand in backticks.",
        ),
        Key::optional("help", HELP, "What to do next: a text, or a list of texts, each may have a condition."),
        Key::optional("measures", Form::List(&Form::Table(&MEASURE)), "Numbers that the finding shows against their limits."),
        Key::optional(
            "identity",
            Form::Either(&[Form::Expression, Form::List(&Form::Expression)]),
            "What makes it the same finding tomorrow: names, never lines. By default the subject's key.",
        ),
        Key::optional(
            "at",
            Form::Either(&[Form::Expression, Form::List(&Form::Expression)]),
            "Where the finding points: places in order; the first that is known counts. By default the subject's place.",
        ),
        Key::optional("labels", Form::List(&Form::Table(&LABEL)), "Further places that say why, with a text each."),
        Key::optional("flow", Form::Boolean, "True when the labels are the steps of a path."),
        Key::optional(
            "yields_to",
            IDS,
            "Rules that have the same cause: where one of them fires on a subject, this one is silent.",
        ),
        Key::optional("docs", Form::Text(&TEXT), "The rule's page in Markdown: why it is bad, how to fix it, when to accept it."),
        Key::optional(
            "examples",
            Form::List(&Form::Table(&EXAMPLE)),
            "Files and what the rule says about them; `brickwork test` runs them. Each bad one has a good twin.",
        ),
    ],
};

const IDS: Form = Form::Either(&[Form::Text(&ID), Form::List(&Form::Text(&ID))]);

static NEED: Choice = Choice {
    noun: "need",
    words: &[
        ("base", "A revision to compare with."),
        ("history", "The commits of the repository."),
        ("index", "An index of the fleet."),
        ("complete", "Every service of the fleet, so that \"nobody\" can be said."),
    ],
};

/// Levels of findings.
pub static LEVEL: Choice = Choice {
    noun: "level",
    words: &[
        ("error", "Breaks something; must be mended or accepted."),
        ("warning", "Costs something; should be mended."),
        ("note", "Worth knowing."),
    ],
};

static CASE: Table = Table {
    noun: "a case",
    doc: "One way for the rule to fire.",
    keys: &[
        Key::required("level", Form::Choice(&LEVEL), "How much it matters."),
        Key::optional("when", Form::Expression, "Whether the case holds; always, when absent. What is unknown does not hold."),
        Key::optional("subject", Form::Expression, "Another thing that the finding is about: an expression that gives one."),
        Key::optional("message", Form::Text(&TEXT), "What is wrong in this case, instead of the rule's message."),
        Key::optional("help", HELP, "What to do next in this case, instead of the rule's help."),
    ],
};

const HELP: Form = Form::Either(&[Form::Text(&TEXT), Form::List(&HELP_PART)]);

static HELP_PART: Form = Form::Either(&[
    Form::Text(&TEXT),
    Form::Table(&Table {
        noun: "a help text",
        doc: "A help text that stands only under a condition.",
        keys: &[
            Key::optional("when", Form::Expression, "Whether the text stands."),
            Key::required("text", Form::Text(&TEXT), "What to do; `{expression}` stands for a value."),
        ],
    }),
]);

static MEASURE: Table = Table {
    noun: "a measure",
    doc: "A number that the finding shows against its limit.",
    keys: &[
        Key::required("name", Form::Text(&TEXT), "What is counted: `lines`."),
        Key::required("value", Form::Expression, "The number."),
        Key::optional("limit", Form::Expression, "The limit that it broke."),
    ],
};

static LABEL: Table = Table {
    noun: "a label",
    doc: "A further place that says why.",
    keys: &[
        Key::optional("when", Form::Expression, "Whether the label stands."),
        Key::optional("each", Form::Expression, "A list; the label stands once for each of its items."),
        Key::optional("as", Form::Text(&NAME), "The name of an item of `each`."),
        Key::required("at", Form::Expression, "The place."),
        Key::required("text", Form::Text(&TEXT), "What stands there, in a few words; `{expression}` stands for a value."),
    ],
};

static PARAMETERS: Map = Map {
    noun: "a mapping of names to parameters",
    keys: &NAME,
    values: Form::Table(&PARAMETER),
    suggestions: Suggestions::None,
};

static PARAMETER: Table = Table {
    noun: "a parameter",
    doc: "A number or word that a policy may set.",
    keys: &[
        Key::required("default", VALUE_BY_KIND, "The value where a policy says nothing; its type is the parameter's."),
        Key::required("doc", Form::Text(&TEXT), "What it sets."),
        Key::optional("min", Form::Number, "The smallest value that makes sense."),
        Key::optional("max", Form::Number, "The largest value that makes sense."),
        Key::optional("choices", TEXTS, "The words that it may be, or that its list may hold."),
    ],
};

static PLAIN: Form = Form::Either(&[Form::Boolean, Form::Integer, Form::Number, Form::Text(&ANY_TEXT)]);

/// A parameter's value: one for all, or one by kind of service.
pub const VALUE_BY_KIND: Form =
    Form::Either(&[Form::Boolean, Form::Integer, Form::Number, Form::Text(&ANY_TEXT), Form::List(&PLAIN), Form::Table(&BY_KIND)]);

static BY_KIND: Table = Table {
    noun: "a value by kind of service",
    doc: "Values by kind of service; `off` silences the rule for a kind.",
    keys: &[
        Key::optional("default", PLAIN_OR_LIST, "The value for all other kinds."),
        of_kind("service"),
        of_kind("worker"),
        of_kind("gateway"),
        of_kind("bff"),
        of_kind("ui"),
        of_kind("job"),
        of_kind("function"),
        of_kind("library"),
        of_kind("infra"),
        of_kind("datastore"),
        of_kind("broker"),
        of_kind("loadgen"),
        of_kind("test"),
        of_kind("external"),
    ],
};

const fn of_kind(name: &'static str) -> Key {
    Key::optional(name, PLAIN_OR_LIST, "The value for services of this kind; `off` silences the rule for them.")
}

const PLAIN_OR_LIST: Form =
    Form::Either(&[Form::Boolean, Form::Integer, Form::Number, Form::Text(&ANY_TEXT), Form::List(&PLAIN)]);

static EXAMPLE: Table = Table {
    noun: "an example",
    doc: "Files, and what the rule says about them.",
    keys: &[
        Key::required("name", Form::Text(&TEXT), "What the example shows."),
        Key::required(
            "files",
            Form::Map(&Map {
                noun: "a mapping of paths to texts",
                keys: &TEXT,
                values: Form::Text(&ANY_TEXT),
                suggestions: Suggestions::None,
            }),
            "Texts by path.",
        ),
        Key::optional(
            "policy",
            Form::Text(&ANY_TEXT),
            "The text of a `brickwork.yaml` that the example is checked with; only this rule is on.",
        ),
        Key::required(
            "expect",
            Form::List(&Form::Table(&EXPECTED)),
            "Every finding of the rule; an empty list says that all is well.",
        ),
    ],
};

static EXPECTED: Table = Table {
    noun: "an expected finding",
    doc: "One finding of the rule.",
    keys: &[
        Key::optional("level", Form::Choice(&LEVEL), "Its level."),
        Key::optional("at", Form::Text(&PLACE), "Its place: `path:line`."),
        Key::optional("message", Form::Text(&TEXT), "Its message, word for word."),
        Key::optional("services", TEXTS, "The services that it is about."),
    ],
};

static PLACE: TextForm = TextForm {
    noun: "a place",
    pattern: Some("^.+:[1-9][0-9]{0,8}$"),
    format: None,
    check: |text| match super::pages::place(text) {
        Some(_) => Ok(()),
        None => Err(Complaint {
            message: format!("`{}` is not a place", text.escape_debug()),
            help: Some("write path and line, like `orders/service.yaml:3`".into()),
        }),
    },
};
