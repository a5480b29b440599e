//! `dependency`: that one service calls another, or sends it messages.

use crate::model::datum::{Datum, Type};
use crate::model::subject::{Field, Subject, field, object, objects, place_or_null, places};
use crate::model::{Dependency, DependencyKind, Model};

fn dependency(model: &Model, row: u32) -> &Dependency {
    &model.dependencies[row as usize]
}

/// The service that can't do without the other one: the caller, and of messages the one that consumes them.
fn dependent(model: &Model, row: u32) -> (u32, u32) {
    let Dependency { from, to, kind, .. } = dependency(model, row);
    match kind {
        DependencyKind::Message => (*to, *from),
        DependencyKind::Http | DependencyKind::Grpc => (*from, *to),
    }
}

pub(super) fn subject() -> Subject {
    let mut fields = ends();
    fields.extend(contents());
    Subject {
        name: "dependency",
        doc: "that one service calls another one, or sends it messages; one for each pair and kind of call",
        fields,
        count: |model| model.dependencies.len() as u32,
        key: |model, row| {
            let Dependency { from, to, kind, .. } = dependency(model, row);
            let name = |service: &u32| &model.services[*service as usize].key;
            format!("{} -> {} ({})", name(from), name(to), kind.name())
        },
        place: |model, row| dependency(model, row).sites.first().map(|&site| model.call_sites[site as usize].evidence),
        services: |model, row| {
            let (dependent, provider) = dependent(model, row);
            vec![dependent, provider]
        },
        repository: |model, row| Some(model.services[dependent(model, row).0 as usize].repository),
    }
}

fn ends() -> Vec<Field> {
    vec![
        field("from", Type::Object("service"), "the caller, or the sender of messages", |model, row| {
            object("service", dependency(model, row).from)
        }),
        field("to", Type::Object("service"), "the callee, or the consumer of messages", |model, row| {
            object("service", dependency(model, row).to)
        }),
        field(
            "dependent",
            Type::Object("service"),
            "the one that can't do without the other: the caller, and of messages the consumer",
            |model, row| object("service", dependent(model, row).0),
        ),
        field("provider", Type::Object("service"), "the one that the other can't do without", |model, row| {
            object("service", dependent(model, row).1)
        }),
        field("kind", Type::Text, "`http`, `grpc` or `message`", |model, row| {
            Datum::Text(dependency(model, row).kind.name().into())
        }),
        field("synchronous", Type::Bool, "the caller waits for an answer", |model, row| {
            Datum::Bool(dependency(model, row).kind.is_synchronous())
        }),
        field(
            "crosses_domains",
            Type::Bool,
            "caller and callee are of different domains; unknown where one of the domains is",
            |model, row| {
                let Dependency { from, to, .. } = dependency(model, row);
                let domain = |service: &u32| model.services[*service as usize].domain;
                Datum::known(domain(from).zip(domain(to)).map(|(from, to)| Datum::Bool(from != to)))
            },
        ),
        field(
            "against_layers",
            Type::Bool,
            "the callee lies in a layer above the caller's; unknown where the policy gives one of them no layer",
            |model, row| {
                let Dependency { from, to, .. } = dependency(model, row);
                let layer = |service: &u32| model.services[*service as usize].layer;
                Datum::known(layer(from).zip(layer(to)).map(|(from, to)| Datum::Bool(to < from)))
            },
        ),
    ]
}

fn contents() -> Vec<Field> {
    vec![
        field("call_sites", Type::list(Type::Object("call_site")), "where it is called", |model, row| {
            objects("call_site", dependency(model, row).sites.iter().copied(), true)
        }),
        field(
            "operations",
            Type::list(Type::Text),
            "what is called: `METHOD /path`, procedures, topics; each once",
            |model, row| {
                let sites = dependency(model, row).sites.iter().map(|&site| &model.call_sites[site as usize]);
                let mut all: Vec<String> = sites
                    .filter_map(|site| {
                        let path = site.path.as_deref()?;
                        Some(site.method.as_deref().map_or_else(|| path.to_owned(), |method| format!("{method} {path}")))
                    })
                    .collect();
                all.sort();
                all.dedup();
                Datum::list(all.into_iter().map(|text| Datum::Text(text.into())))
            },
        ),
        field("deprecated", Type::Bool, "the callee is deprecated, or an operation that is called is", |model, row| {
            let Dependency { to, sites, .. } = dependency(model, row);
            let lifecycle = model.services[*to as usize].lifecycle.as_ref();
            let operations = sites.iter().filter_map(|&site| model.call_sites[site as usize].operation);
            let by_operation = operations.map(|row| &model.operations[row as usize]).any(|operation| {
                operation.deprecated || operation.twin.is_some_and(|twin| model.operations[twin as usize].deprecated)
            });
            Datum::Bool(by_operation || lifecycle.is_some_and(|text| text.text.eq_ignore_ascii_case("deprecated")))
        }),
        field(
            "declared",
            Type::Bool,
            "the manifest of the dependent service lists the other one; unknown where it has no manifest, or no manifest here declares any dependency",
            |model, row| {
                let (dependent, provider) = dependent(model, row);
                let service = &model.services[dependent as usize];
                let declares = !service.manifests.is_empty() && !model.declarations.is_empty();
                let declared = || model.declares(dependent, provider).is_some();
                Datum::known(declares.then(|| Datum::Bool(declared())))
            },
        ),
        field("declared_at", Type::optional(Type::Place), "where it is declared; null where it is not", |model, row| {
            let (dependent, provider) = dependent(model, row);
            place_or_null(model.declares(dependent, provider))
        }),
        field("place", Type::Place, "where it is called first", |model, row| {
            Datum::Place(model.call_sites[dependency(model, row).sites[0] as usize].evidence)
        }),
        field("places", Type::list(Type::Place), "where it is called", |model, row| {
            places(dependency(model, row).sites.iter().map(|&site| model.call_sites[site as usize].evidence))
        }),
    ]
}
