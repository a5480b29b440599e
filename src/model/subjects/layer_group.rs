//! `layer_group`: services that are the layers of one thing.

use crate::model::Model;
use crate::model::datum::{Datum, Type};
use crate::model::layering::LayerGroup;
use crate::model::subject::{Subject, field, objects};

fn group(model: &Model, row: u32) -> &LayerGroup {
    &model.layer_groups[row as usize]
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "layer_group",
        doc: "services that are called by one noun and different layers: `orders-api` and `orders-dao`; user interfaces are not among them",
        fields: vec![
            field("noun", Type::Text, "what the names have in common", |model, row| Datum::text(&group(model, row).noun)),
            field("services", Type::list(Type::Object("service")), "its services", |model, row| {
                objects("service", group(model, row).services.iter().copied(), true)
            }),
        ],
        count: |model| model.layer_groups.len() as u32,
        key: |model, row| group(model, row).noun.to_string(),
        place: |model, row| model.services[group(model, row).services[0] as usize].evidence,
        services: |model, row| group(model, row).services.clone(),
        repository: |_, _| None,
    }
}
