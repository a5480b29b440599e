//! `mention`: a place that explains a problem.

use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field};
use crate::model::{Mention, Model};

fn mention(model: &Model, row: u32) -> &Mention {
    &model.mentions[row as usize]
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "mention",
        doc: "a place that explains a problem, in a few words",
        fields: vec![
            field("text", Type::Text, "what stands there", |model, row| Datum::text(&mention(model, row).text)),
            field("place", Type::Place, "where it stands", |model, row| Datum::Place(mention(model, row).evidence)),
        ],
        count: |model| model.mentions.len() as u32,
        key: |model, row| mention(model, row).text.to_string(),
        place: |model, row| Some(mention(model, row).evidence),
        services: |_, _| Vec::new(),
        repository: |model, row| model.problems[mention(model, row).problem as usize].repository,
    }
}
