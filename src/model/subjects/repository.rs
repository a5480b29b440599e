//! `repository`: a repository and what it holds.

use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, objects, place_or_null, places};
use crate::model::{Model, Repository, swarms};

fn repository(model: &Model, row: u32) -> &Repository {
    &model.repositories[row as usize]
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "repository",
        doc: "a repository and what it holds",
        fields: vec![
            field("name", Type::Text, "the name", |model, row| Datum::text(&repository(model, row).name)),
            field("root", Type::Text, "its folder below the checked one; empty for the checked folder itself", |model, row| {
                Datum::text(&repository(model, row).root)
            }),
            field(
                "adopts",
                Type::Bool,
                "it has a manifest or CODEOWNERS, or a policy governs the run: the rules of ownership and domain speak to those only",
                |model, row| {
                    let repository = repository(model, row);
                    Datum::Bool(model.has_policy || repository.manifest.is_some() || repository.codeowners.is_some())
                },
            ),
            field("has_manifest", Type::Bool, "it holds a service manifest or catalog file", |model, row| {
                Datum::Bool(repository(model, row).manifest.is_some())
            }),
            field("has_codeowners", Type::Bool, "it holds a CODEOWNERS file where the forge looks for one", |model, row| {
                Datum::Bool(repository(model, row).codeowners.is_some())
            }),
            field(
                "code_lines",
                Type::Int,
                "lines of production code; tests, examples, vendored and generated files do not count",
                |model, row| {
                    let count = repository(model, row).code_lines;
                    Datum::count(count.value, count.complete)
                },
            ),
            field("services", Type::list(Type::Object("service")), "services whose code it holds", |model, row| {
                objects("service", repository(model, row).services.iter().copied(), true)
            }),
            field("units", Type::list(Type::Object("deploy_unit")), "deploy units of its services", |model, row| {
                objects("deploy_unit", repository(model, row).units.iter().copied(), true)
            }),
            field("functions", Type::list(Type::Object("deploy_unit")), "those of `units` that are functions", |model, row| {
                objects("deploy_unit", swarms::functions(model, &repository(model, row).units), true)
            }),
            field("function_places", Type::list(Type::Place), "where its functions are stated", |model, row| {
                let functions = swarms::functions(model, &repository(model, row).units);
                places(functions.into_iter().filter_map(|unit| model.units[unit as usize].evidence))
            }),
            field(
                "function_lines",
                Type::Int,
                "mean lines of code of its functions; unknown where that of any is not known",
                |model, row| {
                    let functions = swarms::functions(model, &repository(model, row).units);
                    Datum::known(swarms::mean_lines(model, &functions).map(Datum::int))
                },
            ),
            field(
                "shared_resource",
                Type::optional(Type::Text),
                "a table or role that all of its functions are given; null where there is none",
                |model, row| {
                    let functions = swarms::functions(model, &repository(model, row).units);
                    Datum::optional(swarms::shared_resource(model, &functions).as_ref().map(Datum::text))
                },
            ),
            field("domains", Type::list(Type::Object("domain")), "domains of its services", |model, row| {
                objects("domain", model.domains_of(&repository(model, row).services), true)
            }),
            field("apis", Type::list(Type::Object("api")), "API descriptions in it", |model, row| {
                objects("api", repository(model, row).apis.iter().copied(), true)
            }),
            field(
                "operations",
                Type::list(Type::Object("operation")),
                "what its API descriptions offer, each method and path once; a lower bound when there is no description, or one that could not be read whole",
                |model, row| model.offered(&repository(model, row).apis),
            ),
            field(
                "landmark",
                Type::optional(Type::Place),
                "the file that stands for it: README, build file, or else its first file",
                |model, row| place_or_null(repository(model, row).landmark),
            ),
        ],
        count: |model| model.repositories.len() as u32,
        key: |model, row| {
            let Repository { name, root, .. } = repository(model, row);
            // Two folders of repositories may hold one of the same name.
            if root.is_empty() || root.ends_with(&**name) { name.to_string() } else { root.to_string() }
        },
        place: |model, row| repository(model, row).landmark,
        services: |model, row| repository(model, row).services.clone(),
        repository: |_, row| Some(row),
    }
}
