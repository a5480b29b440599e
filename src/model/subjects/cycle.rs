//! `cycle`: services that call each other in a circle.

use crate::model::cycles::Cycle;
use crate::model::datum::Type;
use crate::model::subject::{Subject, field, object, objects, places};
use crate::model::{Evidence, Model};

fn cycle(model: &Model, row: u32) -> &Cycle {
    &model.cycles[row as usize]
}

/// Where each hop is called first.
fn hops(model: &Model, row: u32) -> impl Iterator<Item = Evidence> {
    let hops = cycle(model, row).hops.iter();
    hops.map(|&hop| model.call_sites[model.dependencies[hop as usize].sites[0] as usize].evidence)
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "cycle",
        doc: "services that call each other in a circle and wait for the answers",
        fields: vec![
            field(
                "members",
                Type::list(Type::Object("service")),
                "services of which each reaches each: those of the shortest circle in its order, then the others",
                |model, row| objects("service", cycle(model, row).members.iter().copied(), true),
            ),
            field("hops", Type::list(Type::Object("dependency")), "the shortest circle, call by call", |model, row| {
                objects("dependency", cycle(model, row).hops.iter().copied(), true)
            }),
            field(
                "cheapest_cut",
                Type::Object("dependency"),
                "the hop with the fewest call sites: what is the least work to take out",
                |model, row| object("dependency", cycle(model, row).cheapest_cut),
            ),
            field("places", Type::list(Type::Place), "where each hop is called first", |model, row| places(hops(model, row))),
        ],
        count: |model| model.cycles.len() as u32,
        key: |model, row| {
            let mut names: Vec<&str> =
                cycle(model, row).members.iter().map(|&member| &*model.services[member as usize].key).collect();
            names.sort_unstable();
            names.join(", ")
        },
        place: |model, row| hops(model, row).next(),
        services: |model, row| cycle(model, row).members.clone(),
        repository: |model, row| Some(model.services[cycle(model, row).members[0] as usize].repository),
    }
}
