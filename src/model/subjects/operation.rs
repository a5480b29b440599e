//! `operation`: one thing that an API description offers.

use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, object, texts};
use crate::model::{Api, Model, Operation};

fn operation(model: &Model, row: u32) -> &Operation {
    &model.operations[row as usize]
}

fn api(model: &Model, row: u32) -> &Api {
    &model.apis[operation(model, row).api as usize]
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "operation",
        doc: "one thing that an API description offers: a method on a path, or a remote procedure",
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
            field("api", Type::Object("api"), "the description", |model, row| object("api", operation(model, row).api)),
            field(
                "service",
                Type::Object("service"),
                "the service that provides it; unknown when nothing tells",
                |model, row| Datum::known(api(model, row).service.map(|index| object("service", index))),
            ),
            field("place", Type::Place, "where it is described", |model, row| Datum::Place(operation(model, row).evidence)),
        ],
        count: |model| model.operations.len() as u32,
        key: |model, row| {
            let Operation { method, path, .. } = operation(model, row);
            format!("{}: {method} {path}", api(model, row).key)
        },
        place: |model, row| Some(operation(model, row).evidence),
        services: |model, row| api(model, row).service.into_iter().collect(),
        repository: |model, row| Some(api(model, row).repository),
    }
}
