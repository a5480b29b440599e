//! `store`: a database, cache or bucket.

use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, objects, places, texts};
use crate::model::{Model, Store};

fn store(model: &Model, row: u32) -> &Store {
    &model.stores[row as usize]
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "store",
        doc: "a database, cache, bucket or volume that services open, as code, settings and deployments name it; what lives in memory is none",
        fields: vec![
            field("name", Type::Text, "the database, else the host", |model, row| Datum::text(&store(model, row).name)),
            field(
                "engine",
                Type::Text,
                "`postgresql`, `mysql`, `mongodb`, `redis`, `bucket`, `volume`, ...; unknown when nothing tells",
                |model, row| Datum::known(store(model, row).engine.as_ref().map(Datum::text)),
            ),
            field("host", Type::Text, "the server", |model, row| Datum::text(&store(model, row).host)),
            field("database", Type::Text, "the database or schema; unknown where only the server is known", |model, row| {
                Datum::known(store(model, row).database.as_ref().map(Datum::text))
            }),
            field(
                "users",
                Type::list(Type::Object("service")),
                "services that open it; a lower bound unless the fleet is complete",
                |model, row| objects("service", store(model, row).users.iter().map(|user| user.service), model.complete),
            ),
            field(
                "shared_tables",
                Type::list(Type::Text),
                "tables that several of its users have a type or a migration for; a lower bound where the types of one of them are not all known",
                |model, row| texts(&model.shared_tables(store(model, row))),
            ),
            field("places", Type::list(Type::Place), "where each user opens it, in the order of `users`", |model, row| {
                places(store(model, row).users.iter().map(|user| user.evidence))
            }),
        ],
        count: |model| model.stores.len() as u32,
        key: |model, row| store(model, row).key.to_string(),
        place: |model, row| store(model, row).users.first().map(|user| user.evidence),
        services: |model, row| store(model, row).users.iter().map(|user| user.service).collect(),
        repository: |model, row| {
            let first = store(model, row).users.first()?;
            Some(model.services[first.service as usize].repository)
        },
    }
}
