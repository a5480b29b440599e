//! `entity`: a persistent type.

use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, object, texts};
use crate::model::{Entity, Model};

fn entity(model: &Model, row: u32) -> &Entity {
    &model.entities[row as usize]
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "entity",
        doc: "a type that a service stores, or a table that it describes",
        fields: vec![
            field("name", Type::Text, "the type's name, or the table's", |model, row| Datum::text(&entity(model, row).name)),
            field("service", Type::Object("service"), "the service whose code defines it", |model, row| {
                object("service", entity(model, row).service)
            }),
            field("library", Type::Text, "what stores it: `jpa`, `mongoose` or `sql` for example", |model, row| {
                Datum::text(&entity(model, row).library)
            }),
            field("table", Type::Text, "its table or collection; unknown where it is not named", |model, row| {
                Datum::known(entity(model, row).table.as_ref().map(Datum::text))
            }),
            field("fields", Type::list(Type::Text), "names of its fields", |model, row| texts(&entity(model, row).fields)),
            field("place", Type::Place, "where it is defined", |model, row| Datum::Place(entity(model, row).evidence)),
        ],
        count: |model| model.entities.len() as u32,
        key: |model, row| {
            let entity = entity(model, row);
            format!("{}: {}", model.services[entity.service as usize].key, entity.name)
        },
        place: |model, row| Some(entity(model, row).evidence),
        services: |model, row| vec![entity(model, row).service],
        repository: |model, row| model.files[entity(model, row).evidence.file as usize].repository,
    }
}
