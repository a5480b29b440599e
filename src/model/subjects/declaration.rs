//! `declaration`: a dependency as a manifest declares it.

use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, object};
use crate::model::{Declaration, Model};

fn declaration(model: &Model, row: u32) -> &Declaration {
    &model.declarations[row as usize]
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "declaration",
        doc: "a dependency as a manifest or the catalog declares it",
        fields: vec![
            field("from", Type::Object("service"), "the service whose manifest declares it", |model, row| {
                object("service", declaration(model, row).from)
            }),
            field(
                "to",
                Type::Object("service"),
                "the service that is meant; unknown for what is none, and for one that is not here",
                |model, row| Datum::known(declaration(model, row).to.map(|to| object("service", to))),
            ),
            field("text", Type::Text, "as written", |model, row| Datum::text(&declaration(model, row).text)),
            field(
                "used",
                Type::Bool,
                "the service calls the other, gets messages of it, or hands on to it; unknown where the target of one of its calls is not known, or its code is not wholly read",
                |model, row| {
                    let Declaration { from, to, .. } = declaration(model, row);
                    let Some(to) = to else { return Datum::Unknown };
                    Datum::known(model.uses(*from, *to).map(Datum::Bool))
                },
            ),
            field("place", Type::Place, "where it is declared", |model, row| Datum::Place(declaration(model, row).evidence)),
        ],
        count: |model| model.declarations.len() as u32,
        key: |model, row| {
            let Declaration { from, text, .. } = declaration(model, row);
            let before = model.declarations[..row as usize].iter().rev().take_while(|other| other.from == *from);
            let nth = before.filter(|other| other.text == *text).count();
            let nth = if nth == 0 { String::new() } else { format!(" ({})", nth + 1) };
            format!("{} -> {text}{nth}", model.services[*from as usize].key)
        },
        place: |model, row| Some(declaration(model, row).evidence),
        services: |model, row| {
            let Declaration { from, to, .. } = declaration(model, row);
            [Some(*from), *to].into_iter().flatten().collect()
        },
        repository: |model, row| model.files[declaration(model, row).evidence.file as usize].repository,
    }
}
