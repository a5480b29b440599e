//! `drift`: an operation that only the code of a service or only its description knows.

use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, object};
use crate::model::{Drift, Model, Operation};

fn drift(model: &Model, row: u32) -> &Drift {
    &model.drifts[row as usize]
}

fn operation(model: &Model, row: u32) -> &Operation {
    &model.operations[drift(model, row).operation as usize]
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "drift",
        doc: "an operation that only the code of a service, or only its API description, knows; told where both are known and have operations in common",
        fields: vec![
            field("side", Type::Text, "where the operation is: `code` or `description`", |model, row| {
                Datum::Text(drift(model, row).side.name().into())
            }),
            field("operation", Type::Object("operation"), "the operation", |model, row| {
                object("operation", drift(model, row).operation)
            }),
            field("service", Type::Object("service"), "the service", |model, row| object("service", drift(model, row).service)),
            field("api", Type::Object("api"), "the description that has it, or that should", |model, row| {
                let own = operation(model, row).api;
                let of_service = || model.services[drift(model, row).service as usize].apis.first().copied();
                Datum::known(own.or_else(of_service).map(|api| object("api", api)))
            }),
            field("place", Type::Place, "where the operation is written", |model, row| {
                Datum::Place(operation(model, row).evidence)
            }),
        ],
        count: |model| model.drifts.len() as u32,
        key: |model, row| {
            let Operation { method, path, .. } = operation(model, row);
            let drift = drift(model, row);
            format!("{}: {method} {path} in {}", model.services[drift.service as usize].key, drift.side.name())
        },
        place: |model, row| Some(operation(model, row).evidence),
        services: |model, row| vec![drift(model, row).service],
        repository: |model, row| model.files[operation(model, row).evidence.file as usize].repository,
    }
}
