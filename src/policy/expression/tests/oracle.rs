//! On known values the language is CEL: whatever the `cel` crate can compute, we compute to the same.
//!
//! Where CEL fails (overflow, division by zero, an index out of range, null as a text) we say unknown, and where it fails as a whole
//! because of one item (`[1 / 0, 2]`, `map`, `filter`) we keep the others. Argued differences in what CEL computes: a float divided by zero
//! is unknown and not infinite, and an absent key of a map is unknown and not false for `in`.

use std::collections::HashMap;
use std::sync::Arc;

use cel::{Context, Env, Value, extensions};
use proptest::prelude::*;

use super::sample::{World, parameters};
use super::{Environment, Scope, compile, generate};
use crate::model::Model;
use crate::model::datum::Datum;

fn cel_environment() -> Arc<Env> {
    let mut environment = Env::stdlib();
    environment.add_extension(extensions::strings).expect("the extension is new");
    Arc::new(environment)
}

/// A value as CEL has it: an object is a map of its fields, three levels deep.
fn to_cel(value: &Datum, world: &World, depth: usize) -> Value {
    match value {
        Datum::Null => Value::Null,
        Datum::Bool(value) => Value::Bool(*value),
        Datum::Int { value, complete: true } => Value::Int(*value),
        Datum::Float(value) => Value::Float(*value),
        Datum::Text(text) => Value::String(Arc::new(text.to_string())),
        Datum::List { items, .. } => Value::List(Arc::new(items.iter().map(|item| to_cel(item, world, depth)).collect())),
        Datum::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.to_string(), to_cel(value, world, depth)));
            entries.collect::<HashMap<_, _>>().into()
        }
        Datum::Object { subject, index } if depth > 0 => {
            let subject = world.subjects.iter().find(|known| known.name == *subject).expect("the subject exists");
            let fields = subject
                .fields
                .iter()
                .map(|field| (field.name.to_owned(), to_cel(&(field.read)(&world.model, *index), world, depth - 1)));
            fields.collect::<HashMap<_, _>>().into()
        }
        _ => Value::Null,
    }
}

/// Whether CEL's value is what we say it is.
fn same(ours: &Datum, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Datum::Null, Value::Null) => true,
        (Datum::Bool(ours), Value::Bool(theirs)) => ours == theirs,
        (Datum::Int { value, complete: true }, Value::Int(theirs)) => value == theirs,
        (Datum::Float(ours), Value::Float(theirs)) => ours == theirs,
        (Datum::Text(ours), Value::String(theirs)) => **ours == ***theirs,
        (Datum::List { items, complete: true }, Value::List(theirs)) => {
            items.len() == theirs.len() && items.iter().zip(theirs.iter()).all(|(ours, theirs)| same(ours, theirs))
        }
        _ => false,
    }
}

#[test]
fn the_table_agrees() {
    let world = World::new();
    let parameters = parameters();
    let environment = cel_environment();
    let mut context = Context::with_env(Arc::clone(&environment));
    let mut scope = world.scope(0, &parameters);
    context.add_variable_from_value("service", to_cel(&scope.variables[0], &world, 3));
    let named = ["max_lines", "share", "word"].into_iter().zip(&parameters);
    let named: HashMap<String, Value> = named.map(|(name, value)| (name.to_owned(), to_cel(value, &world, 0))).collect();
    context.add_variable_from_value("params", named);
    for expression in include_str!("agreed.txt").lines().filter(|line| !line.is_empty()) {
        let program = environment.compile(expression).unwrap_or_else(|error| panic!("CEL on {expression}: {error}"));
        let theirs = program.execute(&context).unwrap_or_else(|error| panic!("CEL on {expression}: {error}"));
        let compiled =
            compile(expression, &world.environment(), None).unwrap_or_else(|errors| panic!("{expression}: {errors:?}"));
        let ours = compiled.evaluate(&mut scope);
        assert!(same(&ours, &theirs), "{expression}: {ours:?}, but CEL says {theirs:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_expressions_agree(bytes in prop::collection::vec(any::<u8>(), 0..80), values in generate::known_values()) {
        let text = generate::expression(&bytes, false);
        let world = World::new();
        let environment = cel_environment();
        let mut context = Context::with_env(Arc::clone(&environment));
        let variables = generate::variables();
        for ((name, _), value) in variables.iter().zip(&values) {
            context.add_variable_from_value(name.to_string(), to_cel(value, &world, 0));
        }
        let ours_environment =
            Environment { subjects: &[], variables, parameters: Vec::new(), definitions: &[], fields: &[] };
        let compiled = compile(&text, &ours_environment, None).map_err(|errors| TestCaseError::fail(format!("{text}: {errors:?}")))?;
        let program = environment.compile(&text).map_err(|error| TestCaseError::fail(format!("CEL on {text}: {error}")))?;
        if let Ok(theirs) = program.execute(&context) {
            let ours = compiled.evaluate(&mut Scope { model: &Model::default(), subjects: &[], variables: values, parameters: &[] });
            prop_assert!(same(&ours, &theirs), "{text}: {ours:?}, but CEL says {theirs:?}");
        }
    }
}
