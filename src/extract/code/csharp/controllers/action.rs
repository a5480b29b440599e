//! The actions of a controller: which methods answer which requests.

use std::sync::Arc;

use crate::extract::code::Code;
use crate::extract::code::csharp::syntax::{self, Attribute, Type};
use crate::extract::code::csharp::values;
use crate::extract::code::structure::Item;
use crate::facts::Value;
use crate::source::Location;

/// A method that answers requests.
pub struct Action {
    pub location: Location,
    /// As routes name it: of `GetAsync` it is `Get`.
    pub name: String,
    /// Method of the request, and the action's own template, if it has one.
    pub routes: Vec<(Arc<str>, Option<Value>)>,
    /// An attribute says that it answers requests.
    pub is_marked: bool,
    /// The versions that it answers in, if it names some.
    pub versions: Vec<String>,
}

const METHODS: [(&str, &str); 7] = [
    ("HttpGet", "GET"),
    ("HttpPost", "POST"),
    ("HttpPut", "PUT"),
    ("HttpDelete", "DELETE"),
    ("HttpPatch", "PATCH"),
    ("HttpHead", "HEAD"),
    ("HttpOptions", "OPTIONS"),
];

/// The actions of a class: public methods, unless they are marked as something else.
pub fn all(code: &Code, of: &Type) -> Vec<Action> {
    syntax::methods(code, of).into_iter().filter_map(|item| action(code, of, item)).collect()
}

fn action(code: &Code, of: &Type, item: &Item) -> Option<Action> {
    let name = code.text_of(item.name);
    let modifiers = syntax::modifiers(code, item.name);
    if name == of.name || !modifiers.contains(&"public") || modifiers.contains(&"static") {
        return None;
    }
    let attributes = syntax::attributes(code, item);
    if attributes.iter().any(|attribute| matches!(attribute.name, "NonAction" | "LambdaFunction" | "Function" | "FunctionName")) {
        return None;
    }
    let routes = routes(code, &attributes);
    let is_marked = !routes.is_empty();
    // What overrides a method of the framework, and what returns no result, is most often a helper, and answers only when it says so.
    let returns_result = modifiers.iter().any(|word| word.ends_with("Result") || *word == "HttpResponseMessage");
    let is_generic = code.is(item.name + 1, "<");
    if !is_marked && (!returns_result || is_generic || modifiers.contains(&"override") || modifiers.contains(&"abstract")) {
        return None;
    }
    let named = attributes.iter().find(|attribute| attribute.name == "ActionName");
    let named = named.and_then(|attribute| code.literal(attribute.arguments.first()?.start));
    let short = name.strip_suffix("Async").filter(|short| !short.is_empty()).unwrap_or(name);
    let routes = if is_marked { routes } else { vec![("ANY".into(), None)] };
    let versions = versions(code, &attributes, "MapToApiVersion");
    Some(Action {
        location: code.at(item.name),
        name: named.map_or_else(|| short.to_owned(), |named| named.into_owned()),
        routes,
        is_marked,
        versions,
    })
}

/// Each template has the methods that stand in its own attribute, or else those of the attributes without a template.
fn routes(code: &Code, attributes: &[Attribute]) -> Vec<(Arc<str>, Option<Value>)> {
    let mut bare: Vec<Arc<str>> = Vec::new();
    let mut found: Vec<(Arc<str>, Option<Value>)> = Vec::new();
    let mut templates: Vec<Value> = Vec::new();
    for attribute in attributes {
        if let Some((_, method)) = METHODS.iter().find(|(name, _)| *name == attribute.name) {
            match attribute.argument(code, "template") {
                Some(range) => found.push(((*method).into(), Some(values::text(code, range)))),
                None => bare.push((*method).into()),
            }
        } else if attribute.name == "AcceptVerbs" {
            let words = attribute.arguments.iter().flat_map(|range| range.clone());
            let route = attribute.named(code, "Route");
            let outside = |at: &usize| !route.as_ref().is_some_and(|route| route.contains(at));
            let methods: Vec<Arc<str>> = words
                .filter(outside)
                .filter_map(|at| match code.literal(at) {
                    Some(text) => Some(text.to_ascii_uppercase().into()),
                    // `HttpVerbs.Get`, `nameof(HttpMethod.Get)`.
                    None => code.word(at).filter(|_| at > 0 && code.is(at - 1, ".")).map(|word| word.to_ascii_uppercase().into()),
                })
                .collect();
            match route.clone() {
                Some(range) => found.extend(methods.into_iter().map(|method| (method, Some(values::text(code, range.clone()))))),
                None => bare.extend(methods),
            }
        } else if attribute.name == "Route" && !attribute.arguments.is_empty() {
            templates.extend(attribute.argument(code, "template").map(|range| values::text(code, range)));
        }
    }
    match (templates.is_empty(), bare.is_empty()) {
        (true, _) => found.extend(bare.into_iter().map(|method| (method, None))),
        (false, true) => found.extend(templates.into_iter().map(|template| ("ANY".into(), Some(template)))),
        (false, false) => {
            for template in templates {
                found.extend(bare.iter().map(|method| (Arc::clone(method), Some(template.clone()))));
            }
        }
    }
    found
}

/// The versions that attributes of a name state.
pub fn versions(code: &Code, attributes: &[Attribute], name: &str) -> Vec<String> {
    let named = attributes.iter().filter(|attribute| attribute.name == name);
    named.filter_map(|attribute| values::version(code, attribute.arguments.first()?.clone())).collect()
}
