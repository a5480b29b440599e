//! What a file that users write may hold, as data: which keys, of which form, what each means.
//!
//! One table serves the decoder, which checks a document against it and points at what is wrong, and the JSON Schema that editors
//! complete from. So the two can't disagree.

use regex::bytes::RegexBuilder;

use crate::document::Shape;

/// What a value must look like.
#[derive(Debug)]
pub enum Form {
    Boolean,
    Integer,
    /// An integer or a fraction.
    Number,
    Text(&'static TextForm),
    /// One of a closed list of words.
    Choice(&'static Choice),
    /// Text in the rule language; a number or a boolean is one as well.
    Expression,
    List(&'static Form),
    /// Any keys, all values of one form.
    Map(&'static Map),
    Table(&'static Table),
    /// One of several forms, which differ in shape.
    Either(&'static [Form]),
}

/// What a text must look like.
#[derive(Debug)]
pub struct TextForm {
    /// With its article: "a date".
    pub noun: &'static str,
    /// For the JSON Schema.
    pub pattern: Option<&'static str>,
    pub format: Option<&'static str>,
    pub check: fn(&str) -> Result<(), Complaint>,
}

/// What is wrong with a text, and the next step.
#[derive(Debug)]
pub struct Complaint {
    pub message: String,
    pub help: Option<String>,
}

#[derive(Debug)]
pub struct Choice {
    /// Without article: "level".
    pub noun: &'static str,
    /// Each word with what it means.
    pub words: &'static [(&'static str, &'static str)],
}

#[derive(Debug)]
pub struct Map {
    /// With its article: "a mapping of rules to levels".
    pub noun: &'static str,
    pub keys: &'static TextForm,
    pub values: Form,
    pub suggestions: Suggestions,
}

/// Which keys an editor offers, though others may stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suggestions {
    None,
    /// Ids of the built-in rules.
    Rules,
}

/// A mapping with known keys.
#[derive(Debug)]
pub struct Table {
    /// With its article: "a waiver".
    pub noun: &'static str,
    pub doc: &'static str,
    pub keys: &'static [Key],
}

#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub doc: &'static str,
    pub form: Form,
    pub required: bool,
}

impl Key {
    pub const fn required(name: &'static str, form: Form, doc: &'static str) -> Key {
        Key { name, doc, form, required: true }
    }

    pub const fn optional(name: &'static str, form: Form, doc: &'static str) -> Key {
        Key { name, doc, form, required: false }
    }
}

impl Choice {
    pub fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.words.iter().map(|(name, _)| *name)
    }
}

impl Form {
    /// Whether a value of that shape may have the form at all.
    pub fn accepts(&self, shape: Shape) -> bool {
        match self {
            Form::Boolean => shape == Shape::Bool,
            Form::Integer => shape == Shape::Int,
            Form::Number => matches!(shape, Shape::Int | Shape::Float),
            Form::Text(_) | Form::Choice(_) => shape == Shape::Text,
            Form::Expression => matches!(shape, Shape::Text | Shape::Bool | Shape::Int | Shape::Float),
            Form::List(_) => shape == Shape::Sequence,
            Form::Map(_) | Form::Table(_) => shape == Shape::Mapping,
            Form::Either(forms) => forms.iter().any(|form| form.accepts(shape)),
        }
    }

    /// The words for messages: "expected a list of texts".
    pub fn noun(&self) -> String {
        match self {
            Form::Boolean => "a boolean".into(),
            Form::Integer => "an integer".into(),
            Form::Number => "a number".into(),
            Form::Text(text) => text.noun.into(),
            Form::Choice(choice) => format!("a {}", choice.noun),
            Form::Expression => "an expression".into(),
            Form::List(_) => "a list".into(),
            Form::Map(map) => map.noun.into(),
            Form::Table(_) => "a mapping".into(),
            Form::Either([Form::Boolean, Form::Integer, ..]) => "a plain value".into(),
            Form::Either([others @ .., last]) => {
                format!("{} or {}", others.iter().map(Form::noun).collect::<Vec<_>>().join(", "), last.noun())
            }
            Form::Either([]) => "nothing".into(),
        }
    }
}

fn not_empty(text: &str) -> Result<(), Complaint> {
    match text.trim().is_empty() {
        true => Err(Complaint { message: "expected a text, found an empty one".into(), help: None }),
        false => Ok(()),
    }
}

/// A text with at least one character.
pub static TEXT: TextForm = TextForm { noun: "a text", pattern: Some("\\S"), format: None, check: not_empty };

/// Any text, the empty one too.
pub static ANY_TEXT: TextForm = TextForm { noun: "a text", pattern: None, format: None, check: |_| Ok(()) };

pub static DATE: TextForm = TextForm {
    noun: "a date",
    pattern: Some("^\\d{4}-\\d{2}-\\d{2}$"),
    format: Some("date"),
    check: |text| match text.parse::<super::date::Date>() {
        Ok(_) => Ok(()),
        Err(error) => Err(Complaint { message: error.message, help: Some(error.help) }),
    },
};

/// Longer ones are no globs that anybody wrote, and nest deeper than they can be read.
const LONGEST_GLOB: usize = 4_000;

pub static GLOB: TextForm = TextForm {
    noun: "a glob",
    pattern: Some("\\S"),
    format: None,
    check: |text| {
        not_empty(text)?;
        if text.len() > LONGEST_GLOB {
            let help = Some(format!("write several globs of at most {LONGEST_GLOB} bytes each"));
            return Err(Complaint { message: "a glob that is too long".into(), help });
        }
        // Most globs are plain names, of which a large policy has thousands.
        if !text.contains(['*', '?', '[', ']', '{', '}', '\\']) {
            return Ok(());
        }
        match globset::Glob::new(text) {
            // What parses may still be more than the engine behind it takes; a short glob never is.
            Ok(glob) if text.len() > 100 && RegexBuilder::new(glob.regex()).build().is_err() => Err(Complaint {
                message: "a glob that needs too much memory or nests too deep".into(),
                help: Some("write several simpler globs".into()),
            }),
            Ok(_) => Ok(()),
            Err(error) => Err(Complaint {
                message: format!("`{}` is not a glob", text.escape_debug()),
                help: Some(format!("{}; `*` stands for any text, `?` for one character, `[ab]` for one of some", error.kind())),
            }),
        }
    },
};

/// Ids of rules: words joined by hyphens.
pub static ID: TextForm = TextForm {
    noun: "an id",
    pattern: Some("^[a-z][a-z0-9]*(-[a-z0-9]+)*$"),
    format: None,
    check: |text| match is_words(text, '-') {
        true => Ok(()),
        false => Err(Complaint {
            message: format!("`{}` is not an id", text.escape_debug()),
            help: Some("write lower-case words joined by hyphens, like `shared-database`".into()),
        }),
    },
};

/// Names that expressions use: words joined by underscores.
pub static NAME: TextForm = TextForm {
    noun: "a name",
    pattern: Some("^[a-z][a-z0-9]*(_[a-z0-9]+)*$"),
    format: None,
    check: |text| match is_words(text, '_') {
        true => Ok(()),
        false => Err(Complaint {
            message: format!("`{}` is not a name", text.escape_debug()),
            help: Some("write lower-case words joined by underscores, like `max_lines`".into()),
        }),
    },
};

fn is_words(text: &str, joint: char) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .split(joint)
            .all(|word| !word.is_empty() && word.chars().all(|each| each.is_ascii_lowercase() || each.is_ascii_digit()))
}

/// Commits by their whole hash, of either length that git knows.
pub static COMMIT: TextForm = TextForm {
    noun: "a commit",
    pattern: Some("^([0-9a-f]{40}|[0-9a-f]{64})$"),
    format: None,
    check: |text| match is_commit(text) {
        true => Ok(()),
        false => Err(Complaint {
            message: format!("`{}` is not a full commit hash", text.escape_debug()),
            help: Some(
                "a tag or branch can change what it means; write all 40 digits of the commit, as `git rev-parse` prints".into(),
            ),
        }),
    },
};

/// True for the whole hash of a commit.
pub fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// One text or a list of texts.
pub const TEXTS: Form = Form::Either(&[Form::Text(&TEXT), Form::List(&Form::Text(&TEXT))]);

/// One glob or a list of globs.
pub const GLOBS: Form = Form::Either(&[Form::Text(&GLOB), Form::List(&Form::Text(&GLOB))]);
