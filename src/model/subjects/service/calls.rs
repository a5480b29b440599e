//! Whom a service calls, and who calls it.

use crate::model::Target;
use crate::model::datum::{Datum, Type};
use crate::model::subject::{Field, field, object, objects};

pub(super) fn fields() -> Vec<Field> {
    vec![
        field(
            "callees",
            Type::list(Type::Object("service")),
            "services that it calls and waits for; a lower bound where the target of one of its calls is not known",
            |model, row| objects("service", model.callees(row), model.knows_all_targets(row)),
        ),
        field(
            "callers",
            Type::list(Type::Object("service")),
            "services that call it and wait for it; a lower bound unless the fleet is complete",
            |model, row| objects("service", model.callers(row), model.complete),
        ),
        field(
            "caller_share",
            Type::Float,
            "the share of the other services that call it, from 0 to 1; unknown unless the fleet is complete",
            |model, row| {
                let others = model.services.len().saturating_sub(1);
                let share = model.callers(row).len() as f64 / others.max(1) as f64;
                Datum::known((model.complete && others > 0).then_some(Datum::Float(share)))
            },
        ),
        field(
            "dependencies",
            Type::list(Type::Object("dependency")),
            "its calls and messages to other services, one for each callee and kind; a lower bound where the target of one of its calls is not known",
            |model, row| objects("dependency", model.dependencies_of(row), model.knows_all_targets(row)),
        ),
        field("call_sites", Type::list(Type::Object("call_site")), "places where it calls", |model, row| {
            objects("call_site", model.sites_of(row), true)
        }),
        field(
            "unresolved_calls",
            Type::list(Type::Object("call_site")),
            "those of `call_sites` whose target is not known",
            |model, row| {
                let unknown = model.sites_of(row).filter(|&site| model.call_sites[site as usize].target == Target::Unknown);
                objects("call_site", unknown, true)
            },
        ),
        field("stores", Type::list(Type::Object("store")), "databases, caches and buckets that it opens", |model, row| {
            let uses = |store: &u32| model.stores[*store as usize].users.iter().any(|user| user.service == row);
            objects("store", (0..model.stores.len() as u32).filter(uses), true)
        }),
        field(
            "passes_on_to",
            Type::optional(Type::Object("service")),
            "the service to which each of its operations hands on by one call, where it does nothing else; null otherwise",
            |model, row| Datum::optional(model.passes_on_to(row).map(|callee| object("service", callee))),
        ),
    ]
}
