//! `chain`: services that call each other in a row.

use crate::model::Model;
use crate::model::cycles::Chain;
use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, objects};

fn chain(model: &Model, row: u32) -> &Chain {
    &model.chains[row as usize]
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "chain",
        doc: "the longest row of calls that wait for each other, one for each part of the system that has to do with no other; a possible path, not one that a request must take",
        fields: vec![
            field("services", Type::list(Type::Object("service")), "from the first caller to the last callee", |model, row| {
                objects("service", chain(model, row).services.iter().copied(), true)
            }),
            field("hops", Type::list(Type::Object("dependency")), "its calls in order", |model, row| {
                objects("dependency", chain(model, row).hops.iter().copied(), true)
            }),
            field("length", Type::Int, "how many calls it has", |model, row| Datum::int(chain(model, row).hops.len())),
        ],
        count: |model| model.chains.len() as u32,
        key: |model, row| {
            let names: Vec<&str> =
                chain(model, row).services.iter().map(|&service| &*model.services[service as usize].key).collect();
            names.join(" -> ")
        },
        place: |model, row| {
            let hop = *chain(model, row).hops.first()?;
            Some(model.call_sites[model.dependencies[hop as usize].sites[0] as usize].evidence)
        },
        services: |model, row| chain(model, row).services.clone(),
        repository: |model, row| Some(model.services[chain(model, row).services[0] as usize].repository),
    }
}
