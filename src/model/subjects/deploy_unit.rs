//! `deploy_unit`: one deployed artefact.

use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, object, objects, place_or_null};
use crate::model::{DeployUnit, Model, Service};

fn unit(model: &Model, row: u32) -> &DeployUnit {
    &model.units[row as usize]
}

fn service(model: &Model, row: u32) -> Option<&Service> {
    unit(model, row).service.map(|index| &model.services[index as usize])
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "deploy_unit",
        doc: "one deployed artefact; until deployment files tell otherwise, each service is one",
        fields: vec![
            field("name", Type::Text, "the name", |model, row| Datum::text(&unit(model, row).name)),
            field("service", Type::Object("service"), "the service that it deploys; unknown when nothing tells", |model, row| {
                Datum::known(unit(model, row).service.map(|index| object("service", index)))
            }),
            field("repository", Type::Object("repository"), "the repository that holds it", |model, row| {
                object("repository", unit(model, row).repository)
            }),
            field("kind", Type::Text, "the kind of its service; unknown when nothing tells", |model, row| {
                Datum::known(service(model, row).and_then(|service| service.kind).map(|kind| Datum::Text(kind.name().into())))
            }),
            field("has_manifest", Type::Bool, "a manifest or catalog entry describes its service", |model, row| {
                Datum::Bool(service(model, row).is_some_and(|service| !service.manifests.is_empty()))
            }),
            field("domain", Type::Object("domain"), "the domain of its service; unknown when nothing tells", |model, row| {
                Datum::known(service(model, row).and_then(|service| service.domain).map(|index| object("domain", index)))
            }),
            field("teams", Type::list(Type::Object("team")), "the teams (not persons) that own its service", |model, row| {
                objects("team", model.teams_of(unit(model, row).service.as_slice()), true)
            }),
            field("place", Type::optional(Type::Place), "where it is stated", |model, row| {
                place_or_null(unit(model, row).evidence)
            }),
        ],
        count: |model| model.units.len() as u32,
        key: |model, row| unit(model, row).key.to_string(),
        place: |model, row| {
            let unit = unit(model, row);
            unit.evidence.or(model.repositories[unit.repository as usize].landmark)
        },
        services: |model, row| unit(model, row).service.into_iter().collect(),
        repository: |model, row| Some(unit(model, row).repository),
    }
}
