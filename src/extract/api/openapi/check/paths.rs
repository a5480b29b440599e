//! Path templates: how they begin, and that no two are the same ("Paths Object").

use rustc_hash::FxHashMap;

use super::wrong_shape;
use crate::document::{Node, Shape};
use crate::extract::api::openapi::description::{Broken, Description, PathItem};
use crate::extract::api::problems::{Kind, Problems};

static NO_SLASH: Kind =
    Kind::invalid("paths that do not begin with `/`", "begin the path with `/`: it is appended to the server's URL");

static SAME_TEMPLATE: Kind = Kind::invalid(
    "paths that are the same but for the names of their parameters",
    "put the operations under one path: requests can't tell them apart",
);

static CIRCLE: Kind = Kind::invalid("references that lead back to themselves", "let the reference name what it stands for");

static CASE: Kind = Kind::invalid("methods in capitals", "write the method in lower case: tools overlook it as it is");

pub fn check<'d>(description: &Description<'d>, items: &[PathItem<'d>], problems: &mut Problems) {
    let mut templates: FxHashMap<String, &PathItem> = FxHashMap::default();
    for item in items {
        // "The field name MUST begin with a forward slash."
        if !item.template.starts_with('/') {
            problems.report(
                &NO_SLASH,
                || item.key.location(),
                || format!("the path `{}` does not begin with `/`", item.template),
            );
        }
        // "Templated paths with the same hierarchy but different templated names MUST NOT exist as they are identical."
        if description.version.templates_distinct
            && let Some(shape) = template_shape(item.template)
            && let Some(first) = templates.insert(shape, item)
        {
            let message =
                || format!("the paths `{}` and `{}` are the same but for the names of parameters", first.template, item.template);
            if let Some(problem) = problems.report(&SAME_TEMPLATE, || item.key.location(), message) {
                problem.labels.push((first.key.location(), "the same path".to_owned()));
            }
        }
        if let Some(Broken::Circle(at)) = item.broken {
            problems.report(&CIRCLE, || at.location(), || format!("the `$ref` of `{}` leads back to itself", item.template));
        }
        for part in &item.parts {
            shapes(description, item, *part, problems);
        }
    }
}

/// A template with its expressions emptied; none for one without any, which equals no other.
fn template_shape(template: &str) -> Option<String> {
    let mut shape = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else { break };
        shape.push_str(&rest[..=open]);
        rest = &rest[open + close..];
    }
    if shape.is_empty() {
        return None;
    }
    shape.push_str(rest);
    Some(shape)
}

/// "Path Item Object".
fn shapes<'d>(description: &Description<'d>, item: &PathItem<'d>, part: Node<'d>, problems: &mut Problems) {
    if part.shape() != Shape::Mapping {
        return wrong_shape(problems, item.key, part, || format!("the path item of `{}`", item.template), "a mapping");
    }
    for field in description.fields(part) {
        let method = description.version.methods.iter().find(|(key, _)| field.name.eq_ignore_ascii_case(key));
        let Some((key, method)) = method else { continue };
        if field.name != *key {
            let message = || format!("`{}` of `{}` is no method that tools know", field.name, item.template);
            problems.report(&CASE, || field.key.location(), message);
        } else if field.value.shape() != Shape::Mapping {
            wrong_shape(problems, field.key, field.value, || format!("`{method} {}`", item.template), "a mapping");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_compared_without_names() {
        assert_eq!(template_shape("/a/{b}/c/{d}"), template_shape("/a/{x}/c/{y}"));
        assert_ne!(template_shape("/a/{b}"), template_shape("/a/{b}/c"));
        assert_ne!(template_shape("/a/{b}.json"), template_shape("/a/{b}"));
        assert_eq!(template_shape("/a/b"), None);
        assert_eq!(template_shape("/a/{b"), None);
    }
}
