//! Spring Data and Micronaut Data: documents, tables, hashes and nodes that an annotation marks.

use super::entities;
use super::types::types;
use crate::extract::Output;
use crate::extract::code::{Code, Framework};

pub const FRAMEWORK: Framework = Framework {
    name: "spring-data",
    marks: &[
        "org.springframework.data.",
        "io.micronaut.data.annotation",
        "com.azure.spring.data",
        "com.google.cloud.spring.data",
    ],
    read,
};

/// Annotations with the attributes that name the table or collection.
const STORED: [(&str, &[&str]); 8] = [
    ("Document", &["collection", "collectionName", "indexName", "value"]),
    ("Table", &["name", "value"]),
    ("RedisHash", &["value"]),
    ("Node", &["value", "labels"]),
    ("MappedEntity", &["value"]),
    ("Container", &["containerName"]),
    ("KeySpace", &["value"]),
    ("Measurement", &["name"]),
];

fn read(code: &Code, output: &mut Output) {
    for of in types(code) {
        // A type of JPA names its table by an annotation of the same name.
        if of.annotation(&["Entity"]).is_some_and(|_| code.text.contains("persistence.")) {
            continue;
        }
        let found = STORED.iter().find_map(|(name, attributes)| Some((of.annotation(&[name])?, attributes)));
        if let Some((annotation, attributes)) = found {
            let table = annotation.value(code, attributes);
            entities::add(code, &of, FRAMEWORK.name, table, output);
        }
    }
}
