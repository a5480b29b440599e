//! Models of Active Record and Sequel: a class for each table.

use super::syntax::{self, Statement};
use super::types::{self, Class};
use crate::extract::Output;
use crate::extract::code::paths::underscored;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Entity, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "active-record",
    marks: &["Record", "ActiveRecord::Base", "Sequel::Model", "belongs_to", "has_many"],
    read,
};

/// What a model says of itself.
const SIGNS: [&str; 10] = [
    "belongs_to",
    "has_many",
    "has_one",
    "has_and_belongs_to_many",
    "validates",
    "enum",
    "scope",
    "many_to_one",
    "one_to_many",
    "many_to_many",
];
/// A class says a thing of itself in no more places than this.
const MOST_LOOKS: usize = 64;
/// Words whose plural is another word.
const IRREGULAR: [(&str, &str); 9] = [
    ("person", "people"),
    ("man", "men"),
    ("child", "children"),
    ("mouse", "mice"),
    ("datum", "data"),
    ("medium", "media"),
    ("criterion", "criteria"),
    ("quiz", "quizzes"),
    ("ox", "oxen"),
];
/// Words that are their own plural.
const UNCOUNTABLE: [&str; 10] =
    ["equipment", "information", "rice", "money", "species", "series", "fish", "sheep", "news", "police"];

fn read(code: &Code, output: &mut Output) {
    for class in types::classes(code) {
        let base = class.base_name(code);
        let is_sequel = base.ends_with("Sequel.Model");
        let statements = syntax::statements(code, class.body.clone());
        if !is_sequel && !is_model(code, &base, &statements) || is_abstract(code, &class, &statements) {
            continue;
        }
        let library = if is_sequel { "sequel" } else { FRAMEWORK.name };
        output.facts.push(Fact::Persistent(Entity {
            at: code.at(class.at),
            name: class.name.into(),
            library: library.into(),
            table: table(code, &class, is_sequel),
            fields: Vec::new(),
        }));
    }
}

fn is_model(code: &Code, base: &str, statements: &[Statement]) -> bool {
    if matches!(base, "ApplicationRecord" | "ActiveRecord.Base") {
        return true;
    }
    // A base of the project's own is one where the class says what only a model says.
    let last = base.rsplit('.').next().unwrap_or(base);
    let says = |of: &Statement| !of.has_receiver() && code.is_any(of.name, &SIGNS);
    let path = format!("/{}", code.path);
    last.ends_with("Record") && (path.contains("/models/") || statements.iter().any(says))
        || last.ends_with("Model") && path.contains("/models/") && statements.iter().any(says)
}

/// `self.abstract_class = true`, `primary_abstract_class`; a base of others by its name.
fn is_abstract(code: &Code, class: &Class, statements: &[Statement]) -> bool {
    let assigned = code.occurrences_in(class.body.clone(), "abstract_class").iter().take(MOST_LOOKS);
    class.name == "ApplicationRecord"
        || assigned.map(|&at| at as usize).any(|at| code.reads(at + 1, &["=", "true"]))
        || statements.iter().any(|of| code.is(of.name, "primary_abstract_class"))
}

/// The table that is named, or the one that the library takes for a class in no module.
fn table(code: &Code, class: &Class, is_sequel: bool) -> Option<Value> {
    for &at in code.occurrences_in(class.body.clone(), "table_name").iter().take(MOST_LOOKS) {
        let at = at as usize;
        if at > 1 && code.reads(at - 2, &["self", "."]) && code.is(at + 1, "=") {
            let value = syntax::text_value(code, value_end(code, at + 2));
            return (!matches!(value, Value::Unknown(_))).then_some(value);
        }
    }
    // `Sequel::Model(:orders)`, `Sequel::Model(DB[:orders])`
    if is_sequel && let Some(open) = class.base.clone().find(|&at| code.is(at, "(")) {
        let symbol = code.inside(open).find(|&at| code.is(at, ":"))?;
        return code.word(symbol + 1).map(literal);
    }
    let in_module = code.type_around(class.item.start).is_some();
    let nested = class.at > class.item.start + 1;
    (!in_module && !nested).then(|| literal(plural(&underscored(class.name))))
}

fn value_end(code: &Code, from: usize) -> std::ops::Range<usize> {
    let mut end = from;
    while end < code.len() && !(end > from && code.begins_line(end)) && !code.is(end, ";") {
        end = code.after(end);
    }
    from..end
}

/// Many of what a word names.
fn plural(word: &str) -> String {
    let (before, last) = word.rfind('_').map_or(("", word), |at| word.split_at(at + 1));
    let ends = |ends: &[&str]| ends.iter().any(|end| last.ends_with(end));
    let many = match IRREGULAR.iter().find(|(one, _)| *one == last) {
        Some((_, many)) => (*many).to_owned(),
        None if UNCOUNTABLE.contains(&last) => last.to_owned(),
        None if last.ends_with('y') && !ends(&["ay", "ey", "oy", "uy"]) => format!("{}ies", &last[..last.len() - 1]),
        None if last.ends_with("sis") => format!("{}es", &last[..last.len() - 2]),
        None if ends(&["x", "ch", "ss", "sh", "us", "as"]) => format!("{last}es"),
        None if last.ends_with('s') => last.to_owned(),
        None => format!("{last}s"),
    };
    format!("{before}{many}")
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn models_are_entities() {
        check(
            "app/models/a.rb",
            "class Order < ApplicationRecord\n belongs_to :customer\nend\nclass Person < ActiveRecord::Base\nend\nclass ApplicationRecord < ActiveRecord::Base\n self.abstract_class = true\nend\nclass Legacy < ReportingRecord\n self.table_name = 'old_things'\nend\nmodule Billing\n class Invoice < ApplicationRecord\n end\nend\nclass ReportingRecord < ApplicationRecord\n self.abstract_class = true\nend\nclass Form < BaseForm\n validates :a\nend",
            "1 entity Order table orders ()
             4 entity Person table people ()
             9 entity Legacy table old_things ()
             13 entity Invoice ()",
        );
        check(
            "app/services/recorder.rb",
            "class Recorder < BaseRecord\nend\nclass NotFound < ActiveRecord::RecordNotFound\nend",
            "",
        );
        check(
            "models/artist.rb",
            "class Artist < Sequel::Model\n one_to_many :albums\nend\nclass Album < Sequel::Model(:old_albums)\nend\nclass Category < Sequel::Model(DB[:cats])\nend",
            "1 entity Artist table artists ()
             4 entity Album table old_albums ()
             6 entity Category table cats ()",
        );
    }

    #[test]
    fn many_of_a_word_are_told() {
        for (one, many) in [
            ("category", "categories"),
            ("line_person", "line_people"),
            ("box", "boxes"),
            ("day", "days"),
            ("status", "statuses"),
        ] {
            assert_eq!(super::plural(one), many);
        }
    }
}
