//! The `openapiv3` crate as an oracle: on every description of version 3.0 that it reads, both must see the same operations,
//! parameters and schemas.

use std::collections::BTreeSet;

use brickwork::document::{self, Syntax};
use brickwork::extract::api::openapi::description::Description;
use brickwork::extract::api::openapi::version;
use openapiv3::{OpenAPI, Parameter, ReferenceOr};

/// What the comparison of one text comes to.
pub enum Outcome {
    /// The crate does not read it, or panics over it; why.
    Unread(String),
    /// Both see the same; how many operations, parameters and schemas.
    Same([usize; 3]),
    /// What only one of them sees.
    Differs(Vec<String>),
}

/// Compares what both see in a description of version 3.0. A panic of the crate counts as unread.
pub fn compare(syntax: Syntax, text: &str) -> Outcome {
    let read = || match syntax {
        Syntax::Json => serde_json::from_str::<OpenAPI>(text).map_err(|error| error.to_string()),
        _ => serde_yaml::from_str::<OpenAPI>(text).map_err(|error| error.to_string()),
    };
    let theirs = match std::panic::catch_unwind(read) {
        Ok(Ok(api)) => Theirs::new(&api),
        Ok(Err(error)) => return Outcome::Unread(error),
        Err(_) => return Outcome::Unread("panics".to_owned()),
    };
    let tree = document::parse(syntax, text);
    let Some(root) = tree.root() else { return Outcome::Differs(vec!["no document".to_owned()]) };
    let version = version::named("openapi", "3.0.0").expect("the version is known");
    let mut ours = ours(&Description::new(root, version, "openapi.yaml"));
    ours[1].retain(|parameter| !theirs.unresolved.iter().any(|operation| parameter.starts_with(operation)));
    let mut differences = Vec::new();
    for (ours, theirs) in std::iter::zip(&ours, &theirs.seen) {
        differences.extend(ours.difference(theirs).map(|only| format!("only ours: {only}")));
        differences.extend(theirs.difference(ours).map(|only| format!("only theirs: {only}")));
    }
    if differences.is_empty() { Outcome::Same(ours.map(|set| set.len())) } else { Outcome::Differs(differences) }
}

/// Operations, parameters and schemas, each as a line.
type Seen = [BTreeSet<String>; 3];

fn ours(description: &Description) -> Seen {
    let mut seen = Seen::default();
    for item in description.path_items() {
        // The crate does not follow references of path items.
        if item.parts.len() > 1 || item.elsewhere.is_some() || item.broken.is_some() {
            continue;
        }
        let shared = description.shared_parameters(&item);
        for operation in description.operations(&item) {
            let text = |key| operation.node.get(key).and_then(|node| node.scalar()).unwrap_or("");
            let name = format!("{} {}", operation.method, item.template);
            let deprecated = text("deprecated") == "true";
            seen[0].insert(format!("{name} {} {deprecated}", text("operationId")));
            for parameter in shared.iter().chain(&description.parameters(operation.node)) {
                if let (Some(parameter), Some(place)) = (parameter.name, parameter.place) {
                    seen[1].insert(format!("{name} {place} {parameter}"));
                }
            }
        }
    }
    seen[2].extend(description.schemas().iter().map(|schema| schema.name.to_owned()));
    seen
}

struct Theirs {
    seen: Seen,
    /// Operations with parameters whose reference is no plain name: theirs to say, but not resolved here.
    unresolved: Vec<String>,
}

impl Theirs {
    fn new(api: &OpenAPI) -> Self {
        let mut theirs = Theirs { seen: Seen::default(), unresolved: Vec::new() };
        for (template, item) in api.paths.iter() {
            let Some(item) = item.as_item() else { continue };
            for (method, operation) in item.iter() {
                let name = format!("{} {template}", method.to_uppercase());
                let id = operation.operation_id.as_deref().unwrap_or("");
                theirs.seen[0].insert(format!("{name} {id} {}", operation.deprecated));
                let parameters: Vec<_> = item.parameters.iter().chain(&operation.parameters).collect();
                match parameters.iter().map(|parameter| parameter_of(api, parameter)).collect::<Option<Vec<_>>>() {
                    Some(known) => {
                        theirs.seen[1].extend(known.iter().map(|(place, parameter)| format!("{name} {place} {parameter}")))
                    }
                    None => theirs.unresolved.push(format!("{name} ")),
                }
            }
        }
        let schemas = api.components.iter().flat_map(|components| components.schemas.keys());
        theirs.seen[2].extend(schemas.cloned());
        theirs
    }
}

fn parameter_of<'a>(api: &'a OpenAPI, parameter: &'a ReferenceOr<Parameter>) -> Option<(&'static str, &'a str)> {
    let mut parameter = parameter;
    for _ in 0..8 {
        match parameter {
            ReferenceOr::Item(item) => {
                let place = match item {
                    Parameter::Query { .. } => "query",
                    Parameter::Header { .. } => "header",
                    Parameter::Path { .. } => "path",
                    Parameter::Cookie { .. } => "cookie",
                };
                return Some((place, &item.parameter_data_ref().name));
            }
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix("#/components/parameters/")?;
                let name = name.replace("~1", "/").replace("~0", "~");
                parameter = api.components.as_ref()?.parameters.get(&name)?;
            }
        }
    }
    None
}
