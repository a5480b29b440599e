//! Paths of Ktor that types stand for: `@Resource("/orders") class Orders { @Resource("{id}") class Id(val parent: Orders) }`.
//!
//! Types of a file come in, the path of each that has one comes out, those of its parents before it.

use rustc_hash::FxHashMap;

use super::controllers::join;
use super::types::{self, Type};
use crate::extract::code::Code;
use crate::extract::code::paths::{Style, template};
use crate::facts::Value;

/// Types of a chain of parents beyond these are no paths.
const MOST_PARENTS: usize = 8;

/// Names of types, with those of the types around them, and their paths.
pub fn resource_paths(code: &Code, all: &[Type]) -> Vec<(String, Value)> {
    if !code.text.contains("io.ktor") {
        return Vec::new();
    }
    let own = |of: &Type| of.annotation(&["Resource", "Location"])?.value(code, &["value", "path"]);
    let known: FxHashMap<&str, (&Type, Value)> = all.iter().filter_map(|of| Some((of.name, (of, own(of)?)))).collect();
    let path = |of: &Type| {
        let mut path = own(of)?;
        let mut name = of.name;
        let mut item = of.item;
        for _ in 0..MOST_PARENTS {
            // A parent is what the constructor is given.
            let parent =
                types::head(code, item).filter_map(|at| code.word(at)).find_map(|word| known.get(word).filter(|_| word != name));
            let Some((parent, before)) = parent else { break };
            path = join(before.clone(), path);
            (name, item) = (parent.name, parent.item);
        }
        Some((of.path.clone(), template(path, Style::Braces)))
    };
    all.iter().filter_map(path).collect()
}
