//! Tables of formats as JSON Schema, for editors to complete and check with.

use serde_json::{Map as Object, Value, json};

use super::form::{Form, Table, TextForm};

/// Where the schemas are published; the name of the file follows.
const BASE: &str = "https://brickwork.dev/schemas/";

/// The schema of files that hold one table.
pub fn of(table: &Table, file: &str, title: &str) -> Value {
    let mut schema = Object::new();
    schema.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    schema.insert("$id".into(), format!("{BASE}{file}").into());
    schema.insert("title".into(), title.into());
    schema.append(&mut table_schema(table));
    Value::Object(schema)
}

fn table_schema(table: &Table) -> Object<String, Value> {
    let mut properties = Object::new();
    for key in table.keys {
        let mut property = form_schema(&key.form);
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
fn form_schema(form: &Form) -> Object<String, Value> {
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
        Form::List(of) => object(json!({ "type": "array", "items": form_schema(of) })),
        Form::Map(map) => object(json!({
            "type": "object",
            "propertyNames": text_schema(map.keys),
            "additionalProperties": form_schema(&map.values),
        })),
        Form::Table(table) => table_schema(table),
        Form::Either(forms) => object(json!({ "anyOf": forms.iter().map(form_schema).collect::<Vec<_>>() })),
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
