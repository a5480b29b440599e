//! The registry is whole, documented, and safe to read on any row.

use super::all;
use crate::model::datum::{Datum, Type};
use crate::model::{Context, build, settings::Settings};

#[test]
fn every_file_is_registered() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/model/subjects");
    let entries = std::fs::read_dir(folder).expect("the folder of this file");
    let names = entries.map(|entry| entry.expect("a readable entry").file_name().into_string().expect("a plain name"));
    let own = |name: &String| name != "mod.rs" && name != "tests.rs";
    let mut files: Vec<String> = names.filter(own).map(|name| name.trim_end_matches(".rs").to_owned()).collect();
    files.sort();
    let mut registered: Vec<String> = all().iter().map(|subject| subject.name.to_owned()).collect();
    registered.sort();
    assert_eq!(files, registered);
}

#[test]
fn every_field_is_documented_once_and_of_a_type_that_exists() {
    for subject in all() {
        assert!(!subject.doc.is_empty());
        for field in &subject.fields {
            let name = format!("{}.{}", subject.name, field.name);
            assert!(!field.doc.is_empty() && !field.doc.ends_with('.') && !field.doc.contains('\n'), "{name}");
            assert_eq!(subject.fields.iter().filter(|other| other.name == field.name).count(), 1, "{name} stands twice");
            check_type(&name, &field.r#type);
        }
    }
}

fn check_type(name: &str, of: &Type) {
    match of {
        Type::Object(subject) => assert!(all().iter().any(|known| known.name == *subject), "{name}: no subject `{subject}`"),
        Type::List(of) | Type::Map(of) | Type::Optional(of) => check_type(name, of),
        _ => {}
    }
}

#[test]
fn every_field_of_every_row_has_its_type() {
    let model = build(crate::model::build::samples::fleet(), &Settings::default(), &Context::default());
    for subject in all() {
        let rows = (subject.count)(&model);
        assert!(rows > 0, "the sample has no `{}`", subject.name);
        for row in 0..rows {
            assert!(!(subject.key)(&model, row).is_empty());
            assert!((subject.place)(&model, row).is_some(), "{} {row} has no place", subject.name);
            for field in &subject.fields {
                let value = (field.read)(&model, row);
                assert!(fits(&value, &field.r#type), "{}.{}: {value:?} is no {}", subject.name, field.name, field.r#type);
            }
        }
        let mut keys: Vec<String> = (0..rows).map(|row| (subject.key)(&model, row)).collect();
        keys.sort();
        let all_keys = keys.len();
        keys.dedup();
        assert!(keys.len() == all_keys || ["problem", "mention"].contains(&subject.name), "two `{}` share a key", subject.name);
    }
}

fn fits(value: &Datum, of: &Type) -> bool {
    match (value, of) {
        (Datum::Unknown, _) => true,
        (Datum::Null, of) => matches!(of, Type::Null | Type::Optional(_)),
        (value, Type::Optional(of)) => fits(value, of),
        (Datum::Bool(_), Type::Bool) | (Datum::Int { .. }, Type::Int) | (Datum::Float(_), Type::Float) => true,
        (Datum::Text(_), Type::Text) | (Datum::Place(_), Type::Place) => true,
        (Datum::Object { subject, .. }, Type::Object(name)) => subject == name,
        (Datum::List { items, .. }, Type::List(of)) => items.iter().all(|item| fits(item, of)),
        (Datum::Map(entries), Type::Map(of)) => entries.iter().all(|(_, value)| fits(value, of)),
        _ => false,
    }
}
