//! JPA (Jakarta Persistence): `@Entity`, with the table that `@Table` names. Embedded types and mapped superclasses are no entities.

use super::entities;
use super::types::types;
use crate::extract::Output;
use crate::extract::code::{Code, Framework};

pub const FRAMEWORK: Framework = Framework { name: "jpa", marks: &["javax.persistence.", "jakarta.persistence."], read };

fn read(code: &Code, output: &mut Output) {
    let imported = ["javax.persistence.", "jakarta.persistence."]
        .iter()
        .any(|package| ["Entity", "*"].iter().any(|name| code.text.contains(&format!("{package}{name}"))));
    for of in types(code) {
        if imported && of.annotation(&["Entity"]).is_some() {
            let table = of.annotation(&["Table"]).and_then(|annotation| annotation.value(code, &["name"]));
            entities::add(code, &of, FRAMEWORK.name, table, output);
        }
    }
}
