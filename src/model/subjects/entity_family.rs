//! `entity_family`: types that several services store, though they are one.

use crate::model::datum::{Datum, Type};
use crate::model::families::EntityFamily;
use crate::model::subject::{Subject, field, objects, places};
use crate::model::{Evidence, Model};

fn family(model: &Model, row: u32) -> &EntityFamily {
    &model.entity_families[row as usize]
}

fn services(model: &Model, row: u32) -> Vec<u32> {
    family(model, row).entities.iter().map(|&entity| model.entities[entity as usize].service).collect()
}

fn evidence(model: &Model, row: u32) -> impl Iterator<Item = Evidence> {
    family(model, row).entities.iter().map(|&entity| model.entities[entity as usize].evidence)
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "entity_family",
        doc: "types of one name with at least 60 % equal fields, and three fields or more, that two or more services store",
        fields: vec![
            field("name", Type::Text, "the name of the first", |model, row| Datum::text(&family(model, row).name)),
            field("entities", Type::list(Type::Object("entity")), "the types, one of each service", |model, row| {
                objects("entity", family(model, row).entities.iter().copied(), model.complete)
            }),
            field(
                "services",
                Type::list(Type::Object("service")),
                "the services that store them; a lower bound unless the fleet is complete",
                |model, row| objects("service", services(model, row), model.complete),
            ),
            field("places", Type::list(Type::Place), "where each is defined", |model, row| places(evidence(model, row))),
        ],
        count: |model| model.entity_families.len() as u32,
        key: |model, row| {
            let first = services(model, row)[0];
            let name = &family(model, row).name;
            let before = model.entity_families[..row as usize].iter().filter(|other| other.name == *name).count();
            let nth = if before == 0 { String::new() } else { format!(" ({})", before + 1) };
            format!("{name} of {}{nth}", model.services[first as usize].key)
        },
        place: |model, row| evidence(model, row).next(),
        services,
        repository: |model, row| Some(model.services[services(model, row)[0] as usize].repository),
    }
}
