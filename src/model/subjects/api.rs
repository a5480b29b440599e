//! `api`: an API description.

use crate::model::cohesion;
use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, object, objects, place_or_null};
use crate::model::{Api, Model};

fn api(model: &Model, row: u32) -> &Api {
    &model.apis[row as usize]
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "api",
        doc: "an API description",
        fields: vec![
            field("name", Type::Text, "title or package, else the catalog's name, else the file's path", |model, row| {
                Datum::text(&api(model, row).name)
            }),
            field("format", Type::Text, "the format and its version: `OpenAPI 3.0`, `protobuf`", |model, row| {
                Datum::Text(api(model, row).format.name().into())
            }),
            field("path", Type::Text, "the file, below the checked folder", |model, row| {
                Datum::text(&model.files[api(model, row).evidence.file as usize].path)
            }),
            field(
                "service",
                Type::Object("service"),
                "the service that provides it; unknown when nothing tells",
                |model, row| Datum::known(api(model, row).service.map(|index| object("service", index))),
            ),
            field("repository", Type::Object("repository"), "the repository that holds the description", |model, row| {
                object("repository", api(model, row).repository)
            }),
            field(
                "version",
                Type::optional(Type::Text),
                "the version of the description as written; null when none is",
                |model, row| Datum::optional(api(model, row).version.as_ref().map(|version| Datum::text(&version.text))),
            ),
            field(
                "versioned",
                Type::Bool,
                "callers see a version: in a path, header, media type, server or package",
                |model, row| Datum::Bool(api(model, row).versioned_by.is_some()),
            ),
            field(
                "versioned_by",
                Type::optional(Type::Text),
                "the text that shows callers the version; null when none does",
                |model, row| Datum::optional(api(model, row).versioned_by.as_ref().map(|version| Datum::text(&version.text))),
            ),
            field("version_place", Type::optional(Type::Place), "where a version is written; null when none is", |model, row| {
                let Api { version, versioned_by, .. } = api(model, row);
                place_or_null(versioned_by.as_ref().or(version.as_ref()).map(|stated| stated.evidence))
            }),
            field(
                "operations",
                Type::list(Type::Object("operation")),
                "what it offers; a lower bound when parts of it could not be read",
                |model, row| {
                    let api = api(model, row);
                    objects("operation", api.operations.clone(), api.complete)
                },
            ),
            field(
                "root_resources",
                Type::list(Type::Text),
                "the first words of its paths after prefixes such as `/api/v1`, the most frequent first; health and documentation paths do not count",
                |model, row| {
                    let resources = cohesion::root_resources(model.operations_of(row));
                    let items = resources.into_iter().map(|(name, _)| Datum::Text(name.into())).collect();
                    Datum::List { items, complete: api(model, row).complete }
                },
            ),
            field(
                "path_cohesion",
                Type::Float,
                "share of the operations that the largest root resource has, 0 to 1; unknown without operations, or when parts could not be read",
                |model, row| Datum::known(whole(model, row).and_then(cohesion::path_cohesion).map(Datum::Float)),
            ),
            field(
                "schema_cohesion",
                Type::Float,
                "how often two operations share a parameter or response type, 0 to 1 (SIDC); unknown for fewer than two operations, or when parts could not be read",
                |model, row| Datum::known(whole(model, row).and_then(cohesion::schema_cohesion).map(Datum::Float)),
            ),
            field("place", Type::Place, "the description's first line, or where its version stands", |model, row| {
                Datum::Place(api(model, row).evidence)
            }),
        ],
        count: |model| model.apis.len() as u32,
        key: |model, row| api(model, row).key.to_string(),
        place: |model, row| Some(api(model, row).evidence),
        services: |model, row| api(model, row).service.into_iter().collect(),
        repository: |model, row| Some(api(model, row).repository),
    }
}

/// The operations of a description that was read whole.
fn whole(model: &Model, row: u32) -> Option<&[crate::model::Operation]> {
    api(model, row).complete.then(|| model.operations_of(row))
}
