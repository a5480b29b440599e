//! Tables of formats as JSON Schema, for editors to complete and check with.

use serde_json::{Map as Object, Value, json};

use super::form::{Form, Map, Suggestions, Table, TextForm};
use super::layout::POLICY;
use super::library;
use super::rule::form::RULE;

/// The schema of `brickwork.yaml`.
pub fn policy() -> Value {
    document(&POLICY, "policy", "Brickwork policy")
}

/// The schema of a file that holds a rule.
pub fn rule() -> Value {
    document(&RULE, "rule", "Brickwork rule")
}

/// The schema of files that hold one table. Its name is a URN: the text comes with the program, not from an address.
fn document(table: &Table, name: &str, title: &str) -> Value {
    let mut schema = object(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:brickwork:schema:{name}"),
        "title": title,
    }));
    let mut parts = Parts::default();
    schema.append(&mut parts.contents(table));
    parts.definitions.sort_keys();
    schema.insert("$defs".into(), Value::Object(parts.definitions));
    Value::Object(schema)
}

/// Schemas of the tables that are met, by their nouns, so that each stands once.
#[derive(Default)]
struct Parts {
    definitions: Object<String, Value>,
}

impl Parts {
    fn contents(&mut self, table: &Table) -> Object<String, Value> {
        let mut properties = Object::new();
        for key in table.keys {
            let mut property = self.form(&key.form);
            property.insert("description".into(), key.doc.into());
            properties.insert(key.name.into(), Value::Object(property));
        }
        let required: Vec<&str> = table.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
        let mut schema = object(json!({ "description": table.doc, "type": "object", "properties": properties }));
        if !required.is_empty() {
            schema.insert("required".into(), required.into());
        }
        schema.insert("additionalProperties".into(), false.into());
        schema
    }

    /// As deep as forms nest.
    fn form(&mut self, form: &Form) -> Object<String, Value> {
        match form {
            Form::Boolean => object(json!({ "type": "boolean" })),
            Form::Integer => object(json!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX })),
            Form::Number => object(json!({ "type": "number" })),
            Form::Text(text) => text_schema(text),
            Form::Choice(choice) => {
                let words = choice.words.iter().map(|(word, doc)| json!({ "const": word, "description": doc }));
                object(json!({ "type": "string", "oneOf": words.collect::<Vec<_>>() }))
            }
            Form::Expression => object(json!({ "type": ["string", "boolean", "number"] })),
            Form::List(of) => object(json!({ "type": "array", "items": self.form(of) })),
            Form::Map(map) => self.map(map),
            Form::Table(table) => self.shared(table.noun, |parts| parts.contents(table)),
            Form::Either(forms) => {
                let forms: Vec<_> = forms.iter().map(|form| self.form(form)).collect();
                object(json!({ "anyOf": forms }))
            }
        }
    }

    fn map(&mut self, map: &Map) -> Object<String, Value> {
        let mut schema = object(json!({ "type": "object", "propertyNames": text_schema(map.keys) }));
        if map.suggestions == Suggestions::None {
            schema.insert("additionalProperties".into(), Value::Object(self.form(&map.values)));
            return schema;
        }
        let value = self.shared(map.noun, |parts| parts.form(&map.values));
        let known = library::rules().iter().map(|rule| {
            let mut property = value.clone();
            property.insert("description".into(), library::summary(rule).into());
            (rule.id.to_owned(), Value::Object(property))
        });
        schema.insert("properties".into(), Value::Object(known.collect()));
        schema.insert("additionalProperties".into(), Value::Object(value));
        schema
    }

    /// A reference to a schema that stands under `$defs`.
    fn shared(&mut self, noun: &str, schema: impl FnOnce(&mut Self) -> Object<String, Value>) -> Object<String, Value> {
        let name = noun.split_once(' ').map_or(noun, |(_, noun)| noun).replace([' ', '\''], "-");
        if !self.definitions.contains_key(&name) {
            // The name is taken before its contents are made, which may refer to it.
            self.definitions.insert(name.clone(), Value::Null);
            let contents = schema(self);
            self.definitions.insert(name.clone(), Value::Object(contents));
        }
        object(json!({ "$ref": format!("#/$defs/{name}") }))
    }
}

fn text_schema(text: &TextForm) -> Object<String, Value> {
    let mut schema = object(json!({ "type": "string" }));
    for (keyword, value) in [("pattern", text.pattern), ("format", text.format)] {
        if let Some(value) = value {
            schema.insert(keyword.into(), value.into());
        }
    }
    schema
}

fn object(value: Value) -> Object<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Syntax, parse};
    use crate::policy::decode::{self, Problems};

    /// `UPDATE=1` writes the schemas; a change of a table without it fails here.
    #[test]
    fn the_schemas_in_the_repository_are_those_of_the_tables() {
        for (name, schema) in [("policy", policy()), ("rule", rule())] {
            let path = format!("{}/schemas/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
            let text = format!("{schema:#}\n");
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&path, &text).expect("the file can be written");
            }
            let written = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(written == text, "schemas/{name}.schema.json is stale: run the tests with UPDATE=1");
        }
    }

    fn validator(schema: &Value) -> jsonschema::Validator {
        jsonschema::options().should_validate_formats(true).build(schema).expect("a schema")
    }

    /// That schema and decoder judge a text alike, and how.
    #[track_caller]
    fn check(table: &'static Table, schema: &jsonschema::Validator, text: &str, good: bool) {
        let value: Value = serde_yaml::from_str(text).expect("the test writes YAML");
        let by_schema = schema.is_valid(&value);
        let tree = parse(Syntax::Yaml, text);
        let mut problems = Problems::new(&"test.yaml".into());
        decode::root(&tree, table.noun, &mut problems).and_then(|root| decode::checked(root, table, &mut problems));
        let told: Vec<String> = problems.into_diagnostics().into_iter().map(|diagnostic| diagnostic.message).collect();
        assert_eq!((by_schema, told.is_empty()), (good, good), "schema and decoder on {text}: {told:?}");
    }

    #[test]
    fn schema_and_decoder_agree_on_policies() {
        let schema = validator(&policy());
        for text in [
            "{}",
            "extends: strict",
            "extends: [governed, ./base.yaml, {git: 'https://example.com/a', commit: 0123456789abcdef0123456789abcdef01234567}]",
            "rules: {a: off, b: error, c: {level: note}, d: {params: {max: 3}}, e: {params: {max: {default: 1.5, gateway: off}}}}",
            "rules: {a: {params: {names: [x, y], on: true}}}",
            "services: [{name: a, root: b, kind: worker, owner: c, domain: d, visibility: e, tier: f, split: {reason: g, review: 2027-01-01}}]",
            "domains: {sales: {owner: a, services: [b, c-*]}, other: {}}",
            "layers: [{name: ui, services: web-*}, {name: data, tiers: data}]",
            "fields: {tier: 'annotations[\"a\"]', flag: true, five: 5}",
            "definitions: {small: {doc: d, parameters: {s: service}, value: true}}",
            "overrides: [{services: a, rules: {b: off}, reason: c}]",
            "waivers: [{rule: a, subject: '*', owner: b, reason: c, until: 2028-02-29}]",
            "exclude: old/**\nfleet: {repositories: [a, b], complete: true}\nsmall_team: false\nrule_files: []",
            "own_rules: [{id: a, summary: s, subject: service, cases: [{level: note}], message: m}]",
        ] {
            check(&POLICY, &schema, text, true);
        }
        for text in [
            "[]",
            "text",
            "rule: {}",
            "extends: 7",
            "extends: ''",
            "extends: [{git: a}]",
            "extends: {git: a, commit: 0123456}",
            "rules: [a]",
            "rules: {a: loud}",
            "rules: {a: true}",
            "rules: {a: {level: loud}}",
            "rules: {a: {params: {max: {kind: 3}}}}",
            "rules: {a: {params: {max: null}}}",
            "rules: {a: {params: {max: [[1]]}}}",
            "services: {}",
            "services: [{root: a}]",
            "services: [{name: 7}]",
            "services: [{name: a, kind: servce}]",
            "services: [{name: a, split: {}}]",
            "services: [{name: a, split: {reason: b, review: 2027-02-30}}]",
            "domains: {sales: [a]}",
            "domains: {sales: {services: [7]}}",
            "layers: [{services: a}]",
            "fields: {Tier: a}",
            "fields: {tier: [a]}",
            "definitions: {small: {value: true}}",
            "overrides: [{services: a, rules: {}}]",
            "waivers: [{rule: a, subject: b, owner: c}]",
            "waivers: [{rule: a, subject: b, owner: c, reason: d, until: 2027-2-3}]",
            "waivers: [{rule: a, subject: b, owner: c, reason: '  '}]",
            "exclude: [1]",
            "fleet: {complete: 1}",
            "small_team: 'yes'",
            "own_rules: [{id: a}]",
        ] {
            check(&POLICY, &schema, text, false);
        }
    }

    #[test]
    fn schema_and_decoder_agree_on_rules() {
        let schema = validator(&rule());
        let with = |keys: &str| format!("{{id: a-b1, summary: s, subject: service, message: m, {keys}}}");
        for keys in [
            "cases: [{level: error}]",
            "cases: [{level: note, when: true, subject: service.repository, message: m, help: h}], needs: base, category: c",
            "cases: [], needs: [base, history, index, complete], where: 1 < 2, identity: service.name, at: [service.place]",
            "cases: [], params: {max: {default: 3, doc: d, min: 1, max: 9.5}, names: {default: [a], doc: d, choices: [a, b]}}",
            "cases: [], params: {max: {default: {default: 60, gateway: off}, doc: d}}",
            "cases: [], help: [a, {text: b}, {when: true, text: c}], measures: [{name: n, value: 3, limit: 4.5}]",
            "cases: [], labels: [{each: l, as: item, when: w, at: p, text: t}], flow: true, yields_to: [a], docs: d",
            "cases: [], examples: [{name: n, files: {a.yaml: ''}, policy: '', expect: [{level: note, at: 'a.yaml:3', message: m, services: [s]}]}]",
        ] {
            check(&RULE, &schema, &with(keys), true);
        }
        for keys in [
            "needs: base",
            "cases: {}",
            "cases: [{when: true}]",
            "cases: [{level: default}]",
            "cases: [{level: note, when: [a]}]",
            "cases: [], needs: basis",
            "cases: [], where: null",
            "cases: [], params: {max: 3}",
            "cases: [], params: {Max: {default: 3, doc: d}}",
            "cases: [], params: {max: {default: 3}}",
            "cases: [], params: {max: {default: 3, doc: d, min: one}}",
            "cases: [], help: [{when: true}]",
            "cases: [], help: 3",
            "cases: [], measures: [{name: n}]",
            "cases: [], labels: [{at: p}]",
            "cases: [], labels: [{at: p, text: t, as: The Item}]",
            "cases: [], flow: 1",
            "cases: [], yields_to: [A B]",
            "cases: [], examples: [{name: n, files: [], expect: []}]",
            "cases: [], examples: [{name: n, files: {}, expect: [{at: a.yaml}]}]",
            "cases: [], examples: [{name: n, files: {}, expect: [{at: 'a.yaml:0'}]}]",
            "cases: [], severity: error",
        ] {
            check(&RULE, &schema, &with(keys), false);
        }
        check(&RULE, &schema, "{id: A b, summary: s, subject: service, message: m, cases: []}", false);
    }
}
