//! Schemas of printed files are as their types say. (Those of written files are tested beside the tables that they come from.)

use std::path::Path;

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};

use brickwork::facts::Facts;
use brickwork::model::map::Map;

const BASE: &str = "https://brickwork.dev/schemas/";

fn fresh<T: JsonSchema>(name: &str, title: &str) {
    let file = format!("{name}.schema.json");
    let mut generator: SchemaGenerator = SchemaSettings::draft2020_12().into_generator();
    let mut schema: Value = generator.root_schema_for::<T>().into();
    let object = schema.as_object_mut().expect("a schema of a struct is an object");
    object.insert("$id".into(), json!(format!("{BASE}{file}")));
    object.insert("title".into(), json!(title));
    let text = serde_json::to_string_pretty(&schema).expect("a value") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(file);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).expect("the schema can be written");
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == text, "{} is stale: run the tests with UPDATE=1", path.display());
    jsonschema::validator_for(&schema).expect("it is a schema");
}

#[test]
fn facts() {
    fresh::<Facts>("facts", "What `brickwork facts` prints");
}

#[test]
fn map() {
    fresh::<Map>("map", "What `brickwork map --format json` prints");
}
