//! Parameters, and whether those of a path are the expressions of its template ("Parameter Object", "Path Templating").

use rustc_hash::FxHashSet;

use super::{missing, wrong_shape};
use crate::document::{Node, Shape};
use crate::extract::api::openapi::description::{Description, Operation, Parameter, PathItem};
use crate::extract::api::openapi::reference::reference_of;
use crate::extract::api::problems::{Kind, Problems};

static UNDEFINED: Kind = Kind::invalid(
    "expressions of paths without a path parameter",
    "add a parameter of this name with `in: path` and `required: true`, or take the expression out of the path",
);

static UNUSED: Kind = Kind::invalid(
    "path parameters that their path does not have",
    "name it as the path does, put it into the path as `{name}`, or take it out of the list",
);

static OPTIONAL: Kind =
    Kind::invalid("path parameters that are not required", "add `required: true`: a path without its parameter is another path");

static TWICE: Kind = Kind::invalid("parameters that stand twice", "keep one of them");

static UNKNOWN_PLACE: Kind = Kind::invalid("parameters in unknown places", "write a place that this version has");

/// How many expressions of one template are looked at.
const MAX_EXPRESSIONS: usize = 64;

pub struct Check<'v, 'd> {
    description: &'v Description<'d>,
    /// Parameters already judged, by identity.
    judged: FxHashSet<u32>,
}

/// What one list of parameters says about the path.
#[derive(Default)]
struct PathParameters<'d> {
    names: FxHashSet<&'d str>,
    /// Some parameters can't be read, so no name can be said to be missing.
    incomplete: bool,
    /// Some have a name that the path does not have: told at the parameter, and the same mistake as a name that is missing.
    misnamed: bool,
}

impl<'v, 'd> Check<'v, 'd> {
    pub fn new(description: &'v Description<'d>) -> Self {
        Check { description, judged: FxHashSet::default() }
    }

    pub fn check(&mut self, item: &PathItem<'d>, operations: &[Operation<'d>], problems: &mut Problems) {
        // Some write query parameters into the path; as long as they say `in: path`, they do correspond to an expression.
        let path = item.template.split(['?', '#']).next().unwrap_or(item.template);
        let all = expressions(item.template);
        let expressions = expressions(path);
        let mut shared = PathParameters::default();
        for part in &item.parts {
            let list = self.list(item, *part, &all, problems);
            shared.names.extend(list.names);
            shared.incomplete |= list.incomplete || list.misnamed;
        }
        let own: Vec<_> = operations.iter().map(|operation| self.list(item, operation.node, &all, problems)).collect();
        if shared.incomplete || item.elsewhere.is_some() || item.broken.is_some() {
            return;
        }
        for expression in &expressions {
            if shared.names.contains(expression) {
                continue;
            }
            let lacking: Vec<&Operation> = std::iter::zip(operations, &own)
                .filter(|(_, own)| !own.incomplete && !own.misnamed && !own.names.contains(expression))
                .map(|(operation, _)| operation)
                .collect();
            // One that every operation lacks is missing once, at the path.
            if lacking.len() == operations.len() && operations.len() > 1 {
                let message = || format!("`{{{expression}}}` of `{}` has no path parameter", item.template);
                problems.report(&UNDEFINED, || item.key.location(), message);
                continue;
            }
            for operation in lacking {
                let message = || format!("`{} {}` has no path parameter for `{{{expression}}}`", operation.method, item.template);
                problems.report(&UNDEFINED, || operation.key.location(), message);
            }
        }
    }

    fn list(
        &mut self,
        item: &PathItem<'d>,
        object: Node<'d>,
        expressions: &[&'d str],
        problems: &mut Problems,
    ) -> PathParameters<'d> {
        let mut found = PathParameters { incomplete: reference_of(object).is_some(), ..PathParameters::default() };
        if let Some((key, list)) = object.entry("parameters")
            && list.shape() != Shape::Sequence
        {
            found.incomplete = true;
            if reference_of(list).is_some() {
                return found;
            }
            wrong_shape(problems, key, list, || format!("`parameters` below `{}`", item.template), "a list");
        }
        let mut seen: FxHashSet<(&str, &str)> = FxHashSet::default();
        for parameter in self.description.parameters(object) {
            self.shape(&parameter, problems);
            let (Some(name), Some(place)) = (parameter.name, parameter.place) else {
                found.incomplete = true;
                continue;
            };
            // "The list MUST NOT include duplicated parameters. A unique parameter is defined by a combination of a name and
            // location."
            if !seen.insert((name, place)) {
                let message = || format!("the {place} parameter `{name}` of `{}` stands twice", item.template);
                problems.report(&TWICE, || parameter.at.location(), message);
            }
            if place == "path" {
                let name = expression_name(name);
                found.names.insert(name);
                // "The name field MUST correspond to a template expression occurring within the path field."
                if !expressions.contains(&name) && expressions.len() < MAX_EXPRESSIONS {
                    found.misnamed = true;
                    let message = || format!("the path parameter `{name}` does not occur in `{}`", item.template);
                    problems.report(&UNUSED, || parameter.at.location(), message);
                }
            }
        }
        found.incomplete |= self.description.references.budget.is_exhausted();
        found
    }

    fn shape(&mut self, parameter: &Parameter<'d>, problems: &mut Problems) {
        let Some(node) = parameter.node.filter(|node| self.judged.insert(node.identity())) else { return };
        // "name", "in": REQUIRED.
        for (field, value) in [("name", parameter.name), ("in", parameter.place)] {
            if value.is_none() {
                missing(problems, node, || format!("the parameter has no `{field}`"));
            }
        }
        let Some(place) = parameter.place else { return };
        let name = parameter.name.unwrap_or("");
        let places = self.description.version.places;
        if !places.contains(&place) {
            let message = || format!("the parameter `{name}` is in `{place}`, which is none of `{}`", places.join("`, `"));
            problems.report(&UNKNOWN_PLACE, || node.location(), message);
        }
        // "If the parameter location is "path", this field is REQUIRED and its value MUST be true."
        if place == "path" && node.get("required").and_then(Node::bool) != Some(true) {
            problems.report(&OPTIONAL, || node.location(), || format!("the path parameter `{name}` is not `required: true`"));
        }
    }
}

/// Names of the expressions of a template.
fn expressions(template: &str) -> Vec<&str> {
    let inside = template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(inside, _)| expression_name(inside));
    inside.filter(|name| !name.is_empty()).take(MAX_EXPRESSIONS).collect()
}

/// The name in an expression of gateways' dialects: `{+name}`, `{name*}`, `{proxy+}`, `{name=projects/*}`, `{id:[0-9]+}`.
fn expression_name(inside: &str) -> &str {
    let name = inside.split(['=', ':']).next().unwrap_or(inside);
    name.trim_start_matches(['+', '/', '.', ';', '*']).trim_end_matches(['*', '+', '?']).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_of_templates() {
        assert_eq!(expressions("/a/{b}/c/{d}.json"), ["b", "d"]);
        assert_eq!(expressions("/a/{b=projects/*}:run/{+c}/{d+}/{e:[0-9]+}"), ["b", "c", "d", "e"]);
        assert_eq!(expressions("/a/{}/{b"), [] as [&str; 0]);
    }
}
