//! Parameters of rules: their defaults, which tell their types, and the values that policies set.

use std::sync::Arc;

use super::super::Parameter;
use super::super::decode::{Problems, place_of, texts};
use crate::diagnostic::did_you_mean;
use crate::document::{Node, Shape};
use crate::model::Kind;
use crate::model::datum::{Datum, Type};

/// What a parameter may be beyond its type.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub choices: Vec<Arc<str>>,
}

/// A parameter's values as a rule or a policy states them.
#[derive(Default)]
pub struct Values {
    /// The value for all kinds: None when the text does not say; `Some(None)` for `off`.
    pub default: Option<Option<Datum>>,
    pub by_kind: Vec<(Kind, Option<Datum>)>,
}

/// A parameter from its entry under `params` of a rule.
pub fn declare(name: &str, node: Node, problems: &mut Problems) -> Option<Parameter> {
    let default = node.get("default")?;
    let stated = stated(default);
    let Some(r#type) = stated.iter().filter_map(|(_, node)| type_of(*node)).reduce(wider) else {
        let help = "give at least one kind of service a value: it tells the parameter's type".to_owned();
        problems.error(place_of(default), format!("`{name}` has no value from which to tell its type"), Some(help));
        return None;
    };
    let number = |key: &str| node.get(key).and_then(Node::float);
    let choices = texts(node.get("choices")).into_iter().map(|(text, _)| Arc::from(text)).collect();
    let limits = Limits { min: number("min"), max: number("max"), choices };
    let doc = node.get("doc").and_then(Node::text).unwrap_or_default().to_owned();
    let mut parameter = Parameter { name: name.into(), r#type, doc, limits, default: None, by_kind: Vec::new() };
    let values = values(&parameter, default, problems)?;
    parameter.default = values.default.flatten();
    parameter.by_kind = values.by_kind;
    Some(parameter)
}

/// The values of an entry for a parameter, each of the parameter's type and within its limits. Errors are reported, and give None.
pub fn values(parameter: &Parameter, node: Node, problems: &mut Problems) -> Option<Values> {
    let mut values = Values::default();
    let mut sound = true;
    for (kind, node) in stated(node) {
        let value = match node.text() {
            Some("off") => Some(None),
            _ => value(parameter, node, problems).map(Some),
        };
        match (kind, value) {
            (_, None) => sound = false,
            (None, Some(value)) => values.default = Some(value),
            (Some(kind), Some(value)) => values.by_kind.push((kind, value)),
        }
    }
    sound.then_some(values)
}

impl Values {
    /// Lets these values count instead of the parameter's own; kinds that they do not name keep theirs.
    pub fn apply(self, parameter: &mut Parameter) {
        if let Some(default) = self.default {
            parameter.default = default;
        }
        for (kind, value) in self.by_kind {
            match parameter.by_kind.iter_mut().find(|(known, _)| *known == kind) {
                Some(entry) => entry.1 = value,
                None => parameter.by_kind.push((kind, value)),
            }
        }
    }
}

/// The nodes of a value or of a map by kind; None is the kind of the default.
fn stated(node: Node<'_>) -> Vec<(Option<Kind>, Node<'_>)> {
    if node.shape() != Shape::Mapping {
        return vec![(None, node)];
    }
    let entries = node.entries().filter_map(|(key, value)| match key.scalar()? {
        "default" => Some((None, value)),
        name => Kind::from_name(name).map(|kind| (Some(kind), value)),
    });
    entries.collect()
}

/// The type that a value tells; none for `off`, and none where the shape is wrong.
fn type_of(node: Node) -> Option<Type> {
    match node.shape() {
        Shape::Bool => Some(Type::Bool),
        Shape::Int => Some(Type::Int),
        Shape::Float => Some(Type::Float),
        Shape::Text => (node.text() != Some("off")).then_some(Type::Text),
        // An empty list holds texts: lists of names are what parameters are for.
        Shape::Sequence => Some(Type::list(node.items().filter_map(type_of).reduce(wider).unwrap_or(Type::Text))),
        Shape::Null | Shape::Mapping => None,
    }
}

/// The type that both fit into, if numbers are mixed; else the first, and the second is an error of its own.
fn wider(one: Type, other: Type) -> Type {
    match (&one, &other) {
        (Type::Int, Type::Float) => Type::Float,
        _ => one,
    }
}

fn value(parameter: &Parameter, node: Node, problems: &mut Problems) -> Option<Datum> {
    // A number out of range was reported when the document was checked.
    if node.shape() == Shape::Int && node.int().is_none() {
        return None;
    }
    let datum = literal(&parameter.r#type, node).or_else(|| {
        let message = format!("expected {} for `{}`, found {}", noun(&parameter.r#type), parameter.name, node.shape().name());
        problems.error(place_of(node), message, None);
        None
    })?;
    within_limits(parameter, &datum, node, problems).then_some(datum)
}

fn literal(of: &Type, node: Node) -> Option<Datum> {
    match of {
        Type::Bool => node.bool().map(Datum::Bool),
        Type::Int => node.int().map(Datum::int),
        Type::Float => node.float().map(Datum::Float),
        Type::Text => node.text().map(|text| Datum::Text(text.into())),
        Type::List(of) if node.shape() == Shape::Sequence => {
            node.items().map(|item| literal(of, item)).collect::<Option<Vec<_>>>().map(Datum::list)
        }
        _ => None,
    }
}

fn noun(of: &Type) -> String {
    match of {
        Type::Bool => "a boolean".into(),
        Type::Int => "an integer".into(),
        Type::Float => "a number".into(),
        Type::Text => "a text".into(),
        Type::List(of) => match **of {
            Type::Int => "a list of integers".into(),
            Type::Float => "a list of numbers".into(),
            Type::Bool => "a list of booleans".into(),
            _ => "a list of texts".into(),
        },
        other => other.to_string(),
    }
}

fn within_limits(parameter: &Parameter, datum: &Datum, node: Node, problems: &mut Problems) -> bool {
    let Limits { min, max, choices } = &parameter.limits;
    let name = &parameter.name;
    match datum {
        Datum::Int { .. } | Datum::Float(_) => {
            let number = node.float().unwrap_or_default();
            let written = node.scalar().unwrap_or_default();
            let range = match (min, max) {
                (Some(min), _) if number < *min => format!("`{name}` is at least {min}"),
                (_, Some(max)) if number > *max => format!("`{name}` is at most {max}"),
                _ => return true,
            };
            problems.error(node.location(), format!("{written} is out of range for `{name}`"), Some(range));
            false
        }
        Datum::Text(_) | Datum::List { .. } if !choices.is_empty() => {
            let wrong = texts(Some(node)).into_iter().filter(|(text, _)| choices.iter().all(|choice| **choice != **text));
            let mut sound = true;
            for (text, node) in wrong {
                let help = did_you_mean(text, choices.iter().map(|choice| &**choice));
                problems.error(node.location(), format!("`{}` is no value of `{name}`", text.escape_debug()), help);
                sound = false;
            }
            sound
        }
        _ => true,
    }
}
