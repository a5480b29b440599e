//! Settings of applications: those of Spring, Quarkus and Micronaut, of .NET, of Ktor and Play, of the environment, and files that the house
//! names itself.
//!
//! Keys come out whole, as they are written. Only what may name an application, a place or a partner is kept, and never a secret.

pub mod appsettings;
pub mod environment;
pub mod files;
pub mod hocon;
mod keep;
pub mod properties;
pub mod spring;

use std::sync::Arc;

use super::variables;
use crate::document::{Node, Shape};
use crate::facts::Setting;

/// The names of the extractors that read settings.
pub const NAMES: [&str; 5] = ["spring-settings", "appsettings", "environment", "hocon", "settings-files"];

/// How many settings of one file are kept.
const MOST: usize = 500;
/// How many values of one file are looked at.
const MOST_VALUES: usize = 20_000;

/// The settings of a document, keys joined by `separator`.
pub fn flatten(root: Node, separator: &str, profile: Option<&Arc<str>>, settings: &mut Vec<Setting>) {
    let mut waiting = vec![(root, String::new())];
    let mut left = MOST_VALUES;
    while let Some((node, key)) = waiting.pop() {
        if left == 0 || settings.len() >= MOST {
            return;
        }
        left -= 1;
        let mut inner: Vec<(Node, String)> = Vec::new();
        match node.shape() {
            Shape::Mapping if key.len() < 500 => {
                for (name, value) in variables::merged_entries(node, left) {
                    let name = name.scalar().unwrap_or_default();
                    inner.push((value, if key.is_empty() { name.to_owned() } else { format!("{key}{separator}{name}") }));
                }
            }
            Shape::Sequence if key.len() < 500 => {
                let index = |index: usize| if separator == ":" { format!("{key}:{index}") } else { format!("{key}[{index}]") };
                inner.extend(node.items().take(left).enumerate().map(|(place, item)| (item, index(place))));
            }
            _ => settings.extend(keep::setting(&key, node.scalar().unwrap_or_default(), node.location(), profile)),
        }
        inner.reverse();
        waiting.extend(inner);
    }
}
