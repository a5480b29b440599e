//! `deploy_unit`: one deployed artefact.

use crate::facts::Shape;
use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, object, objects, place_or_null, texts};
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
        doc: "one deployed artefact, as deployment files state it; a service that none of them deploys counts as one",
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
            field(
                "shape",
                Type::Text,
                "`process`, `job`, `schedule` or `function`; unknown where no deployment file says",
                |model, row| {
                    let name = |shape| match shape {
                        Shape::Process | Shape::Build => "process",
                        Shape::Job => "job",
                        Shape::Schedule => "schedule",
                        Shape::Function => "function",
                    };
                    Datum::known(unit(model, row).shape.map(|shape| Datum::Text(name(shape).into())))
                },
            ),
            field(
                "code_lines",
                Type::Int,
                "of a function: lines of production code of its folder, shared equally by the functions in it; unknown for anything else",
                |model, row| Datum::known(unit(model, row).code_lines.map(|count| Datum::count(count.value, count.complete))),
            ),
            field("events", Type::list(Type::Text), "what triggers it: routes, queues, tables, schedules", |model, row| {
                Datum::list(unit(model, row).events.iter().map(|(event, _)| Datum::text(&event.name.value)))
            }),
            field("resources", Type::list(Type::Text), "tables and roles that it is given", |model, row| {
                texts(&unit(model, row).resources)
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
