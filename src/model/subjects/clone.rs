//! `clone`: code that several services hold a copy of.

use crate::model::Model;
use crate::model::clones::{CloneKind, CodeClone};
use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, objects, places};

fn clone(model: &Model, row: u32) -> &CodeClone {
    &model.clones[row as usize]
}

fn services(model: &Model, row: u32) -> Vec<u32> {
    clone(model, row).copies.iter().map(|copy| copy.service).collect()
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "clone",
        doc: "production code that two services or more hold a copy of, whatever names they use in it: a block of at least ten lines and fifty tokens (a family), or many windows of six lines all over (a pair)",
        fields: vec![
            field("kind", Type::Text, "`family` or `pair`", |model, row| Datum::Text(clone(model, row).kind.name().into())),
            field(
                "services",
                Type::list(Type::Object("service")),
                "services that hold a copy; a lower bound unless the fleet is complete",
                |model, row| objects("service", services(model, row), model.complete),
            ),
            field(
                "lines",
                Type::Int,
                "of a family the lines of its shortest copy, of a pair the windows of six lines that both hold",
                |model, row| Datum::int(clone(model, row).lines),
            ),
            field(
                "share",
                Type::Int,
                "of a pair, how much of the smaller service it is, in percent; unknown of a family",
                |model, row| Datum::known(clone(model, row).share.map(Datum::int)),
            ),
            field("places", Type::list(Type::Place), "where each copy begins, in the order of `services`", |model, row| {
                places(clone(model, row).copies.iter().map(|copy| copy.evidence))
            }),
        ],
        count: |model| model.clones.len() as u32,
        key: |model, row| {
            let clone = clone(model, row);
            let mut names: Vec<String> = clone
                .copies
                .iter()
                .map(|copy| {
                    let file = &model.files[copy.evidence.file as usize].path;
                    match clone.kind {
                        CloneKind::Family => format!("{} ({file})", model.services[copy.service as usize].key),
                        CloneKind::Pair => model.services[copy.service as usize].key.to_string(),
                    }
                })
                .collect();
            names.sort_unstable();
            let same = |other: &&CodeClone| {
                other.kind == clone.kind
                    && other.copies.len() == clone.copies.len()
                    && other
                        .copies
                        .iter()
                        .zip(&clone.copies)
                        .all(|(a, b)| a.service == b.service && a.evidence.file == b.evidence.file)
            };
            let nth = model.clones[..row as usize].iter().filter(same).count();
            let nth = if nth == 0 { String::new() } else { format!(" ({})", nth + 1) };
            format!("{}{nth}", names.join(", "))
        },
        place: |model, row| clone(model, row).copies.first().map(|copy| copy.evidence),
        services,
        repository: |model, row| Some(model.services[services(model, row)[0] as usize].repository),
    }
}
