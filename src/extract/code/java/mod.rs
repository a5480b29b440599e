//! Java and Kotlin: what files import and define.

use super::{Code, Dialect, Imports};
use crate::facts::CodeModule;

pub const DIALECT: Dialect = Dialect { languages: &["Java", "Kotlin"], imports, define, marks: &[], frameworks: &[] };

fn imports(_: &Code) -> Imports {
    Imports::default()
}

fn define(_: &Code, _: &mut CodeModule) {}
