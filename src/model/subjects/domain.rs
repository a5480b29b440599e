//! `domain`: a part of the business and the services in it.

use crate::model::datum::{Datum, Type};
use crate::model::libraries::Purpose;
use crate::model::subject::{Subject, field, object, objects, place_or_null};
use crate::model::{Domain, Model, Service};

fn domain(model: &Model, row: u32) -> &Domain {
    &model.domains[row as usize]
}

/// `Java with spring`, or the language alone; None where nothing tells.
fn stack(service: &Service) -> Option<String> {
    let (language, _) = service.languages.first()?;
    let mut frameworks: Vec<&str> = service
        .purposes
        .iter()
        .filter_map(|purpose| match purpose {
            Purpose::Web(name) => Some(*name),
            _ => None,
        })
        .collect();
    frameworks.sort_unstable();
    match frameworks.first() {
        Some(framework) => Some(format!("{} with {framework}", language.name())),
        None => Some(language.name().to_owned()),
    }
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "domain",
        doc: "a part of the business, as the policy or the catalog names it",
        fields: vec![
            field("name", Type::Text, "the name, without kind and namespace", |model, row| Datum::text(&domain(model, row).name)),
            field(
                "services",
                Type::list(Type::Object("service")),
                "services in it; a lower bound unless the fleet is complete",
                |model, row| objects("service", domain(model, row).services.iter().copied(), model.complete),
            ),
            field(
                "units",
                Type::list(Type::Object("deploy_unit")),
                "deploy units of its services; a lower bound unless the fleet is complete",
                |model, row| objects("deploy_unit", model.units_of(&domain(model, row).services), model.complete),
            ),
            field(
                "repositories",
                Type::list(Type::Object("repository")),
                "repositories of its services; a lower bound unless the fleet is complete",
                |model, row| objects("repository", model.repositories_of(&domain(model, row).services), model.complete),
            ),
            field(
                "teams",
                Type::list(Type::Object("team")),
                "teams (not persons) that own services in it; a lower bound unless the fleet is complete",
                |model, row| objects("team", model.teams_of(&domain(model, row).services), model.complete),
            ),
            field(
                "entangled",
                Type::list(Type::Object("service")),
                "services of it that store types and call one another directly; a lower bound unless the fleet is complete",
                |model, row| objects("service", model.entangled(&domain(model, row).services), model.complete),
            ),
            field(
                "owner",
                Type::optional(Type::Object("team")),
                "who owns the domain itself, by policy or catalog; null when neither says",
                |model, row| Datum::optional(domain(model, row).owner.map(|index| object("team", index))),
            ),
            field(
                "stacks",
                Type::list(Type::Text),
                "languages of its services, each with the framework by which they offer operations; a lower bound unless the fleet is complete",
                |model, row| {
                    let services = domain(model, row).services.iter().map(|&index| &model.services[index as usize]);
                    let mut stacks: Vec<String> = services.filter_map(stack).collect();
                    stacks.sort();
                    stacks.dedup();
                    Datum::List {
                        items: stacks.into_iter().map(|stack| Datum::Text(stack.into())).collect(),
                        complete: model.complete,
                    }
                },
            ),
            field("place", Type::optional(Type::Place), "where it is stated first", |model, row| {
                place_or_null(domain(model, row).evidence)
            }),
        ],
        count: |model| model.domains.len() as u32,
        key: |model, row| domain(model, row).name.to_string(),
        place: |model, row| domain(model, row).evidence,
        services: |model, row| domain(model, row).services.clone(),
        repository: |_, _| None,
    }
}
