//! `run`: one row for everything that was checked together.

use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, objects};

pub(super) fn subject() -> Subject {
    Subject {
        name: "run",
        doc: "the run as a whole: one row",
        fields: vec![
            field("has_policy", Type::Bool, "a policy file was found", |model, _| Datum::Bool(model.has_policy)),
            field("organisation", Type::Bool, "the checked folder is a folder of repositories", |model, _| {
                Datum::Bool(model.organisation)
            }),
            field("complete", Type::Bool, "every service of the fleet is here (`fleet: {complete: true}`)", |model, _| {
                Datum::Bool(model.complete)
            }),
            field("small_team", Type::Bool, "the policy says that one small team owns everything", |model, _| {
                Datum::Bool(model.small_team)
            }),
            field(
                "repositories",
                Type::list(Type::Object("repository")),
                "every repository; a lower bound unless the fleet is complete",
                |model, _| objects("repository", 0..model.repositories.len() as u32, model.complete),
            ),
            field(
                "services",
                Type::list(Type::Object("service")),
                "every service; a lower bound unless the fleet is complete",
                |model, _| objects("service", 0..model.services.len() as u32, model.complete),
            ),
            field(
                "domains",
                Type::list(Type::Object("domain")),
                "every domain; a lower bound unless the fleet is complete",
                |model, _| objects("domain", 0..model.domains.len() as u32, model.complete),
            ),
        ],
        count: |_| 1,
        key: |_, _| "run".into(),
        place: |model, _| {
            model.repositories.iter().filter(|repository| !repository.foreign).find_map(|repository| repository.landmark)
        },
        services: |_, _| Vec::new(),
        repository: |model, _| (model.repositories.len() == 1).then_some(0),
    }
}
