//! Operations: their ids and their responses ("Operation Object", "Responses Object", "Response Object").

use rustc_hash::{FxHashMap, FxHashSet};

use super::{parameters, wrong_shape};
use crate::document::{Node, Shape};
use crate::extract::api::openapi::description::{Description, Operation, PathItem, is_extension};
use crate::extract::api::openapi::reference::reference_of;
use crate::extract::api::problems::{Kind, Problems};

static SAME_ID: Kind = Kind::invalid(
    "operations with an `operationId` that another has",
    "give each operation an id of its own: generated clients name their functions after it",
);

static NO_RESPONSES: Kind = Kind::invalid("operations without responses", "add `responses` with at least one status code");

static NO_DESCRIPTION: Kind = Kind::invalid(
    "responses without `description`",
    "add a `description`: the format requires it, and validators refuse the file",
);

pub fn check<'d>(description: &Description<'d>, items: &[PathItem<'d>], problems: &mut Problems) {
    let mut ids: FxHashMap<&str, Node> = FxHashMap::default();
    // What aliases and references share is judged where it is met first.
    let mut judged: FxHashSet<u32> = FxHashSet::default();
    let mut parameters = parameters::Check::new(description);
    for item in items {
        let operations = description.operations(item);
        parameters.check(item, &operations, problems);
        for operation in operations {
            if !judged.insert(operation.node.identity()) || reference_of(operation.node).is_some() {
                continue;
            }
            let name = || format!("{} {}", operation.method, item.template);
            id(&operation, &mut ids, problems);
            responses(description, &operation, &name, &mut judged, problems);
        }
    }
}

/// "Unique string used to identify the operation. The id MUST be unique among all operations described in the API."
fn id<'d>(operation: &Operation<'d>, ids: &mut FxHashMap<&'d str, Node<'d>>, problems: &mut Problems) {
    let Some((key, value)) = operation.node.entry("operationId") else { return };
    let Some(id) = value.scalar() else { return };
    match ids.entry(id) {
        std::collections::hash_map::Entry::Vacant(free) => {
            free.insert(key);
        }
        std::collections::hash_map::Entry::Occupied(first) => {
            let message = || format!("the `operationId` `{id}` stands twice");
            if let Some(problem) = problems.report(&SAME_ID, || value.location(), message) {
                problem.labels.push((first.get().location(), "here first".to_owned()));
            }
        }
    }
}

fn responses<'d>(
    description: &Description<'d>,
    operation: &Operation<'d>,
    name: &dyn Fn() -> String,
    judged: &mut FxHashSet<u32>,
    problems: &mut Problems,
) {
    let Some((key, responses)) = operation.node.entry("responses") else {
        // "REQUIRED. The list of possible responses as they are returned from executing this operation."
        if description.version.responses_required && !description.references.budget.is_exhausted() {
            problems.report(&NO_RESPONSES, || operation.key.location(), || format!("`{}` has no `responses`", name()));
        }
        return;
    };
    if responses.shape() != Shape::Mapping {
        return wrong_shape(problems, key, responses, || format!("`responses` of `{}`", name()), "a mapping");
    }
    // "The Responses Object MUST contain at least one response code."
    let fields = description.fields(responses);
    if fields.iter().all(|field| is_extension(field.name)) && !description.references.budget.is_exhausted() {
        problems.report(&NO_RESPONSES, || key.location(), || format!("`responses` of `{}` is empty", name()));
    }
    for field in fields.iter().filter(|field| !is_extension(field.name) && field.name != "$ref") {
        if field.value.shape() != Shape::Mapping {
            wrong_shape(
                problems,
                field.key,
                field.value,
                || format!("the response `{}` of `{}`", field.name, name()),
                "a mapping",
            );
            continue;
        }
        let Some(response) = description.followed(field.value) else { continue };
        if !judged.insert(response.identity()) || response.shape() != Shape::Mapping || !description.version.description_required
        {
            continue;
        }
        // "description: REQUIRED. A description of the response."
        if response.get("description").is_none() && !description.references.budget.is_exhausted() {
            let message = || format!("the response `{}` of `{}` has no `description`", field.name, name());
            let at = if response.identity() == field.value.identity() { field.key } else { response };
            problems.report(&NO_DESCRIPTION, || at.location(), message);
        }
    }
}
