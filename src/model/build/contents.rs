//! What each service consists of: libraries, persistent types, probes and telemetry; and from all that, its kind.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::homes::Homes;
use super::programs::{folder_of, normal};
use super::repositories::Gathered;
use super::services::Origins;
use crate::extract::code;
use crate::facts::{LibraryScope, Shape};
use crate::model::libraries::{self, Purpose};
use crate::model::{Entity, Kind, Model, OperationKind};

/// Pages of a service that has no more operations for each than this are what it is there for.
const OPERATIONS_OF_A_PAGE: usize = 3;

pub(super) fn describe(model: &mut Model, gathered: &Gathered, origins: &[Origins]) {
    let homes = Homes::new(model);
    for located in &gathered.definitions {
        let waits = located.value.entry.as_ref().is_some_and(|entry| &*entry.starts == "worker");
        if let Some(service) = homes.service_of(located.repository, &model.files[located.file as usize].path).filter(|_| waits) {
            model.services[service as usize].worker = true;
        }
    }
    add_libraries(model, gathered, origins, &homes);
    add_entities(model, gathered, &homes);
    let pages = pages(model, gathered, &homes);
    for service in 0..model.services.len() {
        model.services[service].operations_complete = counts_all_operations(model, service);
        model.services[service].entities_complete = counts_all_entities(model, service);
        model.services[service].probed = probed(model, service);
        if model.services[service].kind.is_none() {
            let program = origins[service].program.as_ref();
            model.services[service].kind = kind(model, service, program.and_then(|program| program.kind), pages[service]);
        }
    }
}

/// What the libraries of a service's modules are for, those of modules that it inherits from and uses among them.
fn add_libraries(model: &mut Model, gathered: &Gathered, origins: &[Origins], homes: &Homes) {
    let mut builds: Vec<Vec<u32>> =
        origins.iter().map(|origins| origins.program.as_ref().map_or(Vec::new(), |program| program.builds.clone())).collect();
    for (located, index) in gathered.builds.iter().zip(0..) {
        if let Some(service) = homes.service_of(located.repository, &model.files[located.file as usize].path) {
            builds[service as usize].push(index);
        }
    }
    let by_folder: FxHashMap<(u32, &str), Vec<u32>> =
        gathered.builds.iter().zip(0..).fold(FxHashMap::default(), |mut all, (located, index)| {
            all.entry((located.repository, folder_of(&located.path))).or_insert_with(Vec::new).push(index);
            all
        });
    for (service, mut rows) in builds.into_iter().enumerate() {
        rows.sort_unstable();
        rows.dedup();
        let mut at = 0;
        // Modules inherit from modules that inherit.
        while at < rows.len() && rows.len() < 1_000 {
            let located = &gathered.builds[rows[at] as usize];
            let parent =
                located.value.parent.as_deref().and_then(|parent| by_folder.get(&(located.repository, parent.trim_matches('/'))));
            let new: Vec<u32> = parent.into_iter().flatten().copied().filter(|row| !rows.contains(row)).collect();
            rows.extend(new);
            at += 1;
        }
        let row = &mut model.services[service];
        row.built = !rows.is_empty();
        for &build in &rows {
            let module = &gathered.builds[build as usize].value;
            let runtime = module.libraries.iter().filter(|library| library.scope == LibraryScope::Runtime);
            for &purpose in runtime.flat_map(|library| libraries::of(module.tool, &library.name)) {
                if !row.purposes.contains(&purpose) {
                    row.purposes.push(purpose);
                }
            }
        }
    }
}

/// Persistent types, each once: a type and the table that it maps are one.
fn add_entities(model: &mut Model, gathered: &Gathered, homes: &Homes) {
    let mut found: Vec<(u32, Entity)> = Vec::new();
    for located in &gathered.persistent {
        let Some(service) = homes.service_of(located.repository, &model.files[located.file as usize].path) else { continue };
        let value = &located.value;
        let table = match &value.table {
            Some(crate::facts::Value::Literal(text)) => Some(Arc::clone(text)),
            _ => None,
        };
        let row = Entity {
            name: Arc::clone(&value.name),
            service,
            library: Arc::clone(&value.library),
            table,
            fields: value.fields.clone(),
            evidence: located.evidence(value.at),
        };
        found.push((service, row));
    }
    // Types before tables: a type knows its table, a table does not know its type.
    found.sort_by_key(|(service, entity)| (*service, &*entity.library == "sql", entity.evidence));
    let mut known: FxHashMap<(u32, String), usize> = FxHashMap::default();
    for (service, entity) in found {
        let names = [Some(singular(&entity.name)), entity.table.as_ref().map(|table| singular(table))];
        let names: Vec<String> = names.into_iter().flatten().collect();
        let same = names.iter().find_map(|name| known.get(&(service, name.clone())).copied());
        let index = same.unwrap_or(model.entities.len());
        known.extend(names.into_iter().map(|name| ((service, name), index)));
        match same {
            // A type whose fields are those of its table.
            Some(index) if model.entities[index].fields.is_empty() => model.entities[index].fields = entity.fields,
            Some(_) => {}
            None => {
                model.services[service as usize].entities.push(index as u32);
                model.entities.push(entity);
            }
        }
    }
}

/// `orders`, `Order` and `shop.order_s` are one name: letters and digits of the last part, without an ending that says many.
fn singular(name: &str) -> String {
    let name = normal(name.rsplit('.').next().unwrap_or(name));
    let name = name.strip_suffix("entity").filter(|rest| !rest.is_empty()).unwrap_or(&name);
    match name {
        _ if name.ends_with("ies") && name.len() > 4 => format!("{}y", &name[..name.len() - 3]),
        _ if ["sses", "xes", "ches", "shes"].iter().any(|end| name.ends_with(end)) => name[..name.len() - 2].to_owned(),
        _ if name.ends_with('s') && !name.ends_with("ss") && !name.ends_with("us") && name.len() > 3 => {
            name[..name.len() - 1].to_owned()
        }
        _ => name.to_owned(),
    }
}

/// How many pages each service fills in and serves.
fn pages(model: &Model, gathered: &Gathered, homes: &Homes) -> Vec<usize> {
    let mut pages = vec![0; model.services.len()];
    for &(repository, file) in &gathered.pages {
        if let Some(service) = homes.service_of(repository, &model.files[file as usize].path) {
            pages[service as usize] += 1;
        }
    }
    pages
}

/// Whether every operation that the code offers is known: all of it is read, nothing is offered that can't be counted, and what offers
/// operations was seen to do so.
fn counts_all_operations(model: &Model, service: usize) -> bool {
    let row = &model.services[service];
    let reads_all = !row.languages.is_empty() && row.languages.iter().all(|(language, _)| code::is_read(*language));
    reads_all
        && row.uncounted.is_empty()
        && !row.code_operations.is_empty()
        && !row.purposes.iter().any(|purpose| matches!(purpose, Purpose::UnreadWeb))
}

/// Whether every persistent type is known. A driver alone says that there is data, and not of what types, unless tables are described.
fn counts_all_entities(model: &Model, service: usize) -> bool {
    let row = &model.services[service];
    let has = |wanted: fn(&Purpose) -> bool| row.purposes.iter().any(wanted);
    let stores = has(|purpose| matches!(purpose, Purpose::Persistence(_)));
    let driven = has(|purpose| matches!(purpose, Purpose::Driver));
    row.built
        && row.languages.iter().all(|(language, _)| code::is_read(*language))
        && !has(|purpose| matches!(purpose, Purpose::UnreadPersistence))
        && (!(stores || driven) || !row.entities.is_empty())
}

/// Whether somebody asks the service how it is; None where neither deployment nor code tells.
fn probed(model: &Model, service: usize) -> Option<bool> {
    let row = &model.services[service];
    let in_code = row.code_operations.iter().any(|&index| model.operations[index as usize].housekeeping);
    if in_code || row.purposes.iter().any(|purpose| matches!(purpose, Purpose::Probes)) {
        return Some(true);
    }
    let units = row.units.iter().filter_map(|&unit| model.units[unit as usize].probed);
    units.reduce(|a, b| a || b)
}

/// What the service does decides what it is.
fn kind(model: &Model, service: usize, program: Option<Kind>, pages: usize) -> Option<Kind> {
    let row = &model.services[service];
    let has = |wanted: Purpose| row.purposes.contains(&wanted);
    let operations =
        || row.code_operations.iter().map(|&index| &model.operations[index as usize]).filter(|operation| !operation.housekeeping);
    let count = |kinds: &[OperationKind]| operations().filter(|operation| kinds.contains(&operation.kind)).count();
    let answered = count(&[OperationKind::Http, OperationKind::Rpc, OperationKind::Graphql, OperationKind::Subscription]);
    let served = count(&[OperationKind::Http]);
    let described = row.apis.iter().any(|&api| !model.apis[api as usize].operations.is_empty());
    let handled = count(&[OperationKind::Consumer, OperationKind::Schedule]);
    let shapes: Vec<Shape> = row.units.iter().filter_map(|&unit| model.units[unit as usize].shape).collect();
    let runs_once = !shapes.is_empty() && shapes.iter().all(|shape| matches!(shape, Shape::Job | Shape::Schedule));
    match program {
        Some(kind) if kind != Kind::Gateway || answered == 0 => return Some(kind),
        _ => {}
    }
    let serves =
        row.purposes.iter().any(|purpose| matches!(purpose, Purpose::Web(_) | Purpose::UnreadWeb | Purpose::Rpc | Purpose::Ui));
    let talks = has(Purpose::Messaging) && !serves && !shapes.is_empty();
    if has(Purpose::Loadgen) && answered == 0 {
        Some(Kind::Loadgen)
    } else if runs_once && answered == 0 {
        Some(Kind::Job)
    } else if has(Purpose::Gateway) && answered <= 2 * OPERATIONS_OF_A_PAGE {
        Some(Kind::Gateway)
    } else if has(Purpose::Infra) && answered <= 1 {
        Some(Kind::Infra)
    } else if has(Purpose::Ui) || pages > 0 && served > 0 && answered <= OPERATIONS_OF_A_PAGE * pages && !described {
        Some(Kind::Ui)
    } else if answered > 0 || described && row.code_lines.is_some() {
        Some(Kind::Service)
    } else if handled > 0 || row.worker || talks {
        Some(Kind::Worker)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::singular;

    #[test]
    fn a_type_and_its_table_have_one_name() {
        for (a, b) in [
            ("Order", "orders"),
            ("OrderItem", "shop.order_items"),
            ("Category", "categories"),
            ("Address", "addresses"),
            ("UserEntity", "users"),
        ] {
            assert_eq!(singular(a), singular(b), "{a}");
        }
        assert_ne!(singular("Status"), singular("State"));
    }
}
