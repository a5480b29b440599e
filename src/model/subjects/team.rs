//! `team`: who owns services.

use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, objects, place_or_null};
use crate::model::{Model, Team};

fn team(model: &Model, row: u32) -> &Team {
    &model.teams[row as usize]
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "team",
        doc: "a team (or person) that owns something; `@org/team-a`, `group:default/team-a` and `team-a` are one",
        fields: vec![
            field("name", Type::Text, "the name without organisation, kind and namespace", |model, row| {
                Datum::text(&team(model, row).name)
            }),
            field("individual", Type::Bool, "a person rather than a team", |model, row| Datum::Bool(team(model, row).individual)),
            field(
                "services",
                Type::list(Type::Object("service")),
                "services that it owns by the most specific source (policy, catalog, CODEOWNERS); a lower bound unless the fleet is complete",
                |model, row| objects("service", team(model, row).services.iter().copied(), model.complete),
            ),
            field(
                "units",
                Type::list(Type::Object("deploy_unit")),
                "deploy units of its services; a lower bound unless the fleet is complete",
                |model, row| objects("deploy_unit", model.units_of(&team(model, row).services), model.complete),
            ),
            field(
                "domains",
                Type::list(Type::Object("domain")),
                "domains of its services; a lower bound unless the fleet is complete",
                |model, row| objects("domain", model.domains_of(&team(model, row).services), model.complete),
            ),
            field("place", Type::optional(Type::Place), "where it is named first", |model, row| {
                place_or_null(team(model, row).evidence)
            }),
        ],
        count: |model| model.teams.len() as u32,
        key: |model, row| team(model, row).name.to_string(),
        place: |model, row| team(model, row).evidence,
        services: |model, row| team(model, row).services.clone(),
        repository: |_, _| None,
    }
}
