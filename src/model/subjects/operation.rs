//! `operation`: one thing that a service offers, as an API description or its code says.

use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, object, texts};
use crate::model::{Api, Model, Operation};

fn operation(model: &Model, row: u32) -> &Operation {
    &model.operations[row as usize]
}

fn api(model: &Model, row: u32) -> Option<&Api> {
    operation(model, row).api.map(|api| &model.apis[api as usize])
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "operation",
        doc: "one thing that a service offers, as an API description or its code says: a method on a path, a remote procedure, a consumer, a schedule",
        fields: vec![
            field("method", Type::Text, "`GET`, `POST`, ...; `RPC` for a remote procedure", |model, row| {
                Datum::text(&operation(model, row).method)
            }),
            field(
                "path",
                Type::Text,
                "the path template below the host, base path included; `/package.Service/Method` for a remote procedure",
                |model, row| Datum::text(&operation(model, row).path),
            ),
            field("id", Type::optional(Type::Text), "`operationId`; null when it has none", |model, row| {
                Datum::optional(operation(model, row).id.as_ref().map(Datum::text))
            }),
            field("deprecated", Type::Bool, "marked as deprecated", |model, row| Datum::Bool(operation(model, row).deprecated)),
            field("parameter_types", Type::list(Type::Text), "schemas of parameters and bodies", |model, row| {
                texts(&operation(model, row).parameter_types)
            }),
            field("response_types", Type::list(Type::Text), "schemas of successful responses", |model, row| {
                texts(&operation(model, row).response_types)
            }),
            field(
                "api",
                Type::optional(Type::Object("api")),
                "the description that says it; null for one that code offers",
                |model, row| Datum::optional(operation(model, row).api.map(|api| object("api", api))),
            ),
            field("kind", Type::Text, "`http`, `rpc`, `graphql`, `subscription`, `consumer` or `schedule`", |model, row| {
                Datum::Text(operation(model, row).kind.name().into())
            }),
            field(
                "housekeeping",
                Type::Bool,
                "it serves the machines that run the service: health, metrics, version, documentation",
                |model, row| Datum::Bool(operation(model, row).housekeeping),
            ),
            field(
                "service",
                Type::Object("service"),
                "the service that provides it; unknown when nothing tells",
                |model, row| Datum::known(operation(model, row).service.map(|index| object("service", index))),
            ),
            field("place", Type::Place, "where it is described", |model, row| Datum::Place(operation(model, row).evidence)),
        ],
        count: |model| model.operations.len() as u32,
        key: |model, row| {
            let Operation { method, path, service, .. } = operation(model, row);
            let of = api(model, row).map(|api| &api.key).or(service.map(|index| &model.services[index as usize].key));
            format!("{}: {method} {path}", of.map_or("", |key| key))
        },
        place: |model, row| Some(operation(model, row).evidence),
        services: |model, row| operation(model, row).service.into_iter().collect(),
        repository: |model, row| model.files[operation(model, row).evidence.file as usize].repository,
    }
}
