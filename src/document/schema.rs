//! Checks documents against a JSON Schema and says what is wrong at the words to mend.
//!
//! A node comes in, violations come out: one for each cause, worded for people who have not read the schema. Nothing is fetched; a
//! schema is a value that the caller holds and builds a [`Validator`] of once.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::{Map as Object, Number, Value};

use super::build::shown;
use super::{Node, Shape};
use crate::diagnostic::{did_you_mean, nearest};
use crate::source::Location;

/// A schema, ready to check with.
pub struct Validator {
    compiled: jsonschema::Validator,
    schema: Value,
}

/// One way in which a document breaks its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub at: Location,
    /// Lower case, one line, names in backticks, no full stop.
    pub message: String,
    pub help: Option<String>,
}

/// How many violations of one document are told.
const MOST: usize = 100;

/// How many nodes of a document are checked; manifests have a few hundred.
const MAX_CHECKED: usize = 1_000_000;

impl Validator {
    /// The schema is the program's own, so an invalid one is a mistake of the program's.
    pub fn new(schema: Value) -> Self {
        let compiled = jsonschema::validator_for(&schema).expect("schemas of the program are valid and refer to nothing outside");
        Validator { compiled, schema }
    }

    /// What is wrong with the node, in the order of the text.
    pub fn validate(&self, node: Node) -> Vec<Violation> {
        let mut room = MAX_CHECKED;
        let Some(value) = value_of(node, &mut room) else {
            let message = format!("more than {MAX_CHECKED} nodes, which is too much to check");
            return vec![Violation { at: node.location(), message, help: None }];
        };
        let mut found = Vec::new();
        for error in self.compiled.iter_errors(&value).take(MOST) {
            self.explain(node, &error, &mut found);
        }
        found.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.message.cmp(&b.message)));
        found.dedup();
        found
    }

    fn explain(&self, root: Node, error: &ValidationError, found: &mut Vec<Violation>) {
        let place = Place::find(root, error.instance_path().as_str());
        let mut tell = |at: Location, message: String, help: Option<String>| found.push(Violation { at, message, help });
        let at = place.value.location();
        let value = || match error.instance().as_ref() {
            Value::String(text) if text.is_empty() => "an empty text".to_owned(),
            Value::String(text) => format!("`{}`", shown(text)),
            Value::Array(_) | Value::Object(_) => place.value.shape().name().to_owned(),
            other => format!("`{other}`"),
        };
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                let known = self.keys_beside(error.schema_path().as_str());
                for key in unexpected {
                    let written = place.value.entry(key).map_or(at, |(key, _)| key.location());
                    tell(written, format!("unknown key `{}`", shown(key)), did_you_mean(key, known.iter().copied()));
                }
            }
            ValidationErrorKind::Required { property } => {
                let property = property.as_str().unwrap_or_default();
                if self.is_misspelt(property, place.value, error.schema_path().as_str()) {
                    return;
                }
                let missing = shown(property);
                match place.key {
                    Some(key) => {
                        let name = shown(key.scalar().unwrap_or_default());
                        tell(key.location(), format!("`{name}` lacks the key `{missing}`"), None);
                    }
                    None => tell(place.first_word(), format!("the key `{missing}` is missing"), None),
                }
            }
            ValidationErrorKind::Type { kind } => {
                tell(at, format!("expected {}, found {}", expected(kind), place.value.shape().name()), None);
            }
            ValidationErrorKind::Enum { options } => {
                let options: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                let help = did_you_mean(error.instance().as_str().unwrap_or_default(), options.iter().copied());
                tell(at, format!("{} is not known here", value()), help);
            }
            ValidationErrorKind::Constant { expected_value } => {
                let expected = expected_value.as_str().map_or_else(|| expected_value.to_string(), str::to_owned);
                tell(at, format!("expected `{expected}`, found {}", value()), None);
            }
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                self.explain_alternatives(root, &place, context, found);
            }
            ValidationErrorKind::PropertyNames { error } => {
                let name = error.instance().as_str().unwrap_or_default();
                let written = place.value.entry(name).map_or(at, |(key, _)| key.location());
                tell(written, format!("the key `{}` is not allowed here", shown(name)), plain_reason(error.kind()));
            }
            kind => {
                let value = value();
                match plain_reason(kind) {
                    Some(reason) => tell(at, format!("{value} is not valid here: {reason}"), None),
                    None => tell(at, format!("{value} is not valid here"), None),
                }
            }
        }
    }

    /// Tells what is wrong with the alternative that was meant: the one whose type fits and that was met furthest.
    fn explain_alternatives(
        &self,
        root: Node,
        place: &Place,
        alternatives: &[Vec<ValidationError<'static>>],
        found: &mut Vec<Violation>,
    ) {
        let wrong_type = |errors: &[ValidationError]| {
            errors.iter().find_map(|error| match error.kind() {
                ValidationErrorKind::Type { kind } if error.instance_path().as_str() == place.pointer => Some(expected(kind)),
                _ => None,
            })
        };
        // A constant that does not match says that another alternative was meant.
        let distance = |errors: &[ValidationError]| {
            let strangers = errors
                .iter()
                .filter(|error| matches!(error.kind(), ValidationErrorKind::Constant { .. } | ValidationErrorKind::Enum { .. }));
            (strangers.count(), errors.len())
        };
        let fitting = alternatives.iter().filter(|errors| wrong_type(errors).is_none()).min_by_key(|errors| distance(errors));
        match fitting {
            Some(errors) => errors.iter().for_each(|error| self.explain(root, error, found)),
            None => {
                let mut types: Vec<String> = alternatives.iter().filter_map(|errors| wrong_type(errors)).collect();
                types.dedup();
                let message = format!("expected {}, found {}", types.join(" or "), place.value.shape().name());
                found.push(Violation { at: place.value.location(), message, help: None });
            }
        }
    }

    /// True when a key that the schema refuses beside its keyword at `pointer` was meant as this one: that is told once, as unknown.
    fn is_misspelt(&self, property: &str, mapping: Node, pointer: &str) -> bool {
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        let refuses_others =
            self.schema.pointer(parent).and_then(|schema| schema.get("additionalProperties")) == Some(&Value::Bool(false));
        let known = self.keys_beside(pointer);
        let mut keys = mapping.entries().take(MOST).filter_map(|(key, _)| key.scalar());
        refuses_others && keys.any(|key| !known.contains(&key) && nearest(key, known.iter().copied()) == Some(property))
    }

    /// The keys that the schema knows where its keyword at `pointer` refuses others.
    fn keys_beside(&self, pointer: &str) -> Vec<&str> {
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        let properties = self.schema.pointer(parent).and_then(|schema| schema.get("properties")?.as_object());
        properties.into_iter().flatten().map(|(key, _)| key.as_str()).collect()
    }
}

/// Where an instance path leads in the document.
struct Place<'d, 'p> {
    pointer: &'p str,
    /// The key whose value is meant; none for the root and for items of a list.
    key: Option<Node<'d>>,
    value: Node<'d>,
}

impl<'d, 'p> Place<'d, 'p> {
    /// The nearest node that is there: a path of the value always leads to a node, save below a key that is no scalar.
    fn find(root: Node<'d>, pointer: &'p str) -> Self {
        let mut place = Place { pointer, key: None, value: root };
        for part in pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            let next = match place.value.shape() {
                Shape::Sequence => part.parse().ok().and_then(|index| place.value.items().nth(index)).map(|item| (None, item)),
                _ => place.value.entry(&part).map(|(key, value)| (Some(key), value)),
            };
            match next {
                Some((key, value)) => place = Place { pointer, key, value },
                None => break,
            }
        }
        place
    }

    /// The beginning of a mapping without a name: its first key.
    fn first_word(&self) -> Location {
        self.value.entries().next().map_or(self.value.location(), |(key, _)| key.location())
    }
}

/// The node as plain data: of equal keys the first, merged keys among a mapping's own. None when it has more nodes than `room`.
/// Trees nest no deeper than `MAX_DEPTH`, so the recursion is bounded.
fn value_of(node: Node, room: &mut usize) -> Option<Value> {
    *room = room.checked_sub(1)?;
    let text = || node.scalar().unwrap_or_default();
    Some(match node.shape() {
        Shape::Null => Value::Null,
        Shape::Bool => Value::Bool(node.bool() == Some(true)),
        Shape::Int => match (node.int(), text().parse::<u64>()) {
            (Some(number), _) => number.into(),
            (None, Ok(number)) => number.into(),
            // Beyond 64 bits it is a number all the same.
            _ => text().parse().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number),
        },
        // Infinity is a number that JSON can't write.
        Shape::Float => node.float().and_then(Number::from_f64).map_or_else(|| f64::MAX.into(), Value::Number),
        Shape::Text => text().into(),
        Shape::Sequence => Value::Array(node.items().map(|item| value_of(item, room)).collect::<Option<_>>()?),
        Shape::Mapping => {
            let mut object = Object::new();
            let mut merged = Vec::new();
            for (key, value) in node.entries() {
                match key.scalar().unwrap_or("null") {
                    "<<" if value.shape() == Shape::Mapping => merged.push(value),
                    "<<" => merged.extend(value.items()),
                    name if !object.contains_key(name) => {
                        object.insert(name.to_owned(), value_of(value, room)?);
                    }
                    _ => {}
                }
            }
            for mapping in merged {
                let Value::Object(entries) = value_of(mapping, room)? else { continue };
                for (name, value) in entries {
                    object.entry(name).or_insert(value);
                }
            }
            Value::Object(object)
        }
    })
}

fn expected(kind: &TypeKind) -> String {
    let name = |kind: JsonType| match kind {
        JsonType::Null => Shape::Null.name(),
        JsonType::Boolean => Shape::Bool.name(),
        JsonType::Integer => Shape::Int.name(),
        JsonType::Number => Shape::Float.name(),
        JsonType::String => Shape::Text.name(),
        JsonType::Array => Shape::Sequence.name(),
        JsonType::Object => Shape::Mapping.name(),
    };
    match kind {
        TypeKind::Single(kind) => name(*kind).to_owned(),
        TypeKind::Multiple(kinds) => kinds.iter().map(name).collect::<Vec<_>>().join(" or "),
    }
}

/// What a keyword asks, where that can be said in a few words.
fn plain_reason(kind: &ValidationErrorKind) -> Option<String> {
    use ValidationErrorKind::*;
    Some(match kind {
        Pattern { pattern } => format!("it must match `{pattern}`"),
        Format { format } => format!("it must be a {format}"),
        MinLength { limit: 1 } | MinItems { limit: 1 } | MinProperties { limit: 1 } => "it must not be empty".to_owned(),
        MinLength { limit } => format!("it must have at least {limit} characters"),
        MaxLength { limit } => format!("it must have at most {limit} characters"),
        MinItems { limit } => format!("it must have at least {limit} items"),
        MaxItems { limit } => format!("it must have at most {limit} items"),
        AdditionalItems { limit } => format!("it must have at most {limit} items"),
        MinProperties { limit } => format!("it must have at least {limit} keys"),
        MaxProperties { limit } => format!("it must have at most {limit} keys"),
        Minimum { limit } => format!("it must be at least {limit}"),
        Maximum { limit } => format!("it must be at most {limit}"),
        ExclusiveMinimum { limit } => format!("it must be more than {limit}"),
        ExclusiveMaximum { limit } => format!("it must be less than {limit}"),
        MultipleOf { multiple_of } => format!("it must be a multiple of {multiple_of}"),
        UniqueItems => "an item stands twice".to_owned(),
        OneOfMultipleValid { .. } => "it fits more than one of the forms allowed".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Syntax, parse};
    use super::*;

    fn validator() -> Validator {
        Validator::new(json!({
            "type": "object",
            "required": ["name", "spec"],
            "additionalProperties": false,
            "properties": {
                "name": { "type": "string", "pattern": "^[a-z-]+$" },
                "kind": { "enum": ["service", "worker"] },
                "port": { "type": "integer", "minimum": 1, "maximum": 65535 },
                "spec": { "$ref": "#/$defs/spec" },
                "needs": { "type": "array", "items": { "type": ["string", "null"] }, "uniqueItems": true },
                "source": { "oneOf": [
                    { "type": "string" },
                    { "type": "object", "required": ["type", "url"], "properties": { "type": { "const": "git" }, "url": { "type": "string" } } },
                    { "type": "object", "required": ["type", "path"], "properties": { "type": { "const": "file" }, "path": { "type": "string" } } }
                ] },
                "labels": { "type": "object", "propertyNames": { "maxLength": 5 } }
            },
            "$defs": { "spec": {
                "type": "object", "required": ["owner"], "additionalProperties": false,
                "properties": { "owner": { "type": "string", "minLength": 1 }, "lifecycle": { "type": "string" } }
            } }
        }))
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let tree = parse(Syntax::Yaml, text);
        let found = validator().validate(tree.root().expect("there is a document"));
        let show = |violation: &Violation| {
            let at = violation.at;
            let help = violation.help.iter().map(|help| format!("; {help}")).collect::<String>();
            format!("{}:{} {}{help}", at.line, at.column, violation.message)
        };
        assert_eq!(found.iter().map(show).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_right_has_no_violations() {
        check("name: x\nkind: worker\nport: 80\nspec: {owner: me}\nneeds: [a, ~]\nsource: {type: git, url: u}\n", &[]);
        check("base: &b {owner: me}\nname: x\nspec: {<<: *b}\n", &["1:1 unknown key `base`; did you mean `name`?"]);
    }

    #[test]
    fn unknown_keys_are_pointed_at() {
        check("name: x\nspec:\n  ownr: me\n", &["3:3 unknown key `ownr`; did you mean `owner`?"]);
        check(
            "name: x\nspec: {owner: me}\nlabels: {toolong: 1}\n",
            &["3:10 the key `toolong` is not allowed here; it must have at most 5 characters"],
        );
    }

    #[test]
    fn missing_keys_are_told_where_they_belong() {
        check("# a comment\nname: x\n", &["2:1 the key `spec` is missing"]);
    }

    #[test]
    fn values_are_told_in_words() {
        check(
            "name: Not This\nspec: {owner: ''}\n",
            &[
                "1:7 `Not This` is not valid here: it must match `^[a-z-]+$`",
                "2:15 an empty text is not valid here: it must not be empty",
            ],
        );
        check(
            "name: x\nspec: y\nkind: servce\n",
            &["2:7 expected a mapping, found a text", "3:7 `servce` is not known here; did you mean `service`?"],
        );
        check(
            "name: 1\nspec: {owner: me}\nport: 99999\nneeds: [a, [b], a]\n",
            &[
                "1:7 expected a text, found an integer",
                "3:7 `99999` is not valid here: it must be at most 65535",
                "4:8 a list is not valid here: an item stands twice",
                "4:12 expected null or a text, found a list",
            ],
        );
    }

    #[test]
    fn of_alternatives_the_one_meant_is_explained() {
        check("name: x\nspec: {owner: me}\nsource: [a]\n", &["3:9 expected a text or a mapping, found a list"]);
        check("name: x\nspec: {owner: me}\nsource: {type: file}\n", &["3:1 `source` lacks the key `path`"]);
        check("name: x\nspec: {owner: me}\nsource: {type: git, url: 1}\n", &["3:26 expected a text, found an integer"]);
    }
}
