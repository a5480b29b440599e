//! `resource`: what the paths of several services begin with.

use crate::model::datum::{Datum, Type};
use crate::model::resources::Resource;
use crate::model::subject::{Subject, field, objects, places};
use crate::model::{Evidence, Model};

fn resource(model: &Model, row: u32) -> &Resource {
    &model.resources[row as usize]
}

fn first_operations(model: &Model, row: u32) -> impl Iterator<Item = Evidence> {
    resource(model, row).servers.iter().map(|(_, operations)| model.operations[operations[0] as usize].evidence)
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "resource",
        doc: "the first word of paths after prefixes such as `/api/v1`, where two or more services serve it; gateways and user interfaces left out",
        fields: vec![
            field("name", Type::Text, "the word", |model, row| Datum::text(&resource(model, row).name)),
            field(
                "servers",
                Type::list(Type::Object("service")),
                "services that serve it; a lower bound unless the fleet is complete",
                |model, row| objects("service", resource(model, row).servers.iter().map(|(service, _)| *service), model.complete),
            ),
            field("operations", Type::list(Type::Object("operation")), "operations on it", |model, row| {
                objects(
                    "operation",
                    resource(model, row).servers.iter().flat_map(|(_, rows)| rows.iter().copied()),
                    model.complete,
                )
            }),
            field("one_domain", Type::Bool, "all servers are of one domain; unknown where a domain is", |model, row| {
                let domains = resource(model, row).servers.iter().map(|(service, _)| model.services[*service as usize].domain);
                let domains: Option<Vec<u32>> = domains.collect();
                Datum::known(domains.map(|domains| Datum::Bool(domains.windows(2).all(|pair| pair[0] == pair[1]))))
            }),
            field("places", Type::list(Type::Place), "the first operation of each server", |model, row| {
                places(first_operations(model, row))
            }),
        ],
        count: |model| model.resources.len() as u32,
        key: |model, row| resource(model, row).name.to_string(),
        place: |model, row| first_operations(model, row).next(),
        services: |model, row| resource(model, row).servers.iter().map(|(service, _)| *service).collect(),
        repository: |model, row| {
            let (service, _) = resource(model, row).servers.first()?;
            Some(model.services[*service as usize].repository)
        },
    }
}
