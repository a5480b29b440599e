//! Path items of files that are no description of their own: parts that a description in another file refers to.
//!
//! Such a file carries no mark of its format, so it is read as one only where its content leaves no doubt: a mapping with an
//! operation under a method's name, which has `responses`. Whether anything refers to it is for the model to find.

use std::sync::Arc;

use memchr::memmem;

use super::base::Base;
use super::description::{Description, PathItem};
use super::facts::{Operations, fragment};
use super::version;
use crate::document::{Node, Shape};
use crate::facts::{ApiFragment, FragmentReference};

/// Where path items stand in files that hold parts: as the whole file, or in one of these mappings.
const HOLDERS: [&[&str]; 3] = [&[], &["paths"], &["components", "pathItems"]];

/// Whether the text can hold path items.
pub fn may_be(text: &str) -> bool {
    memmem::find_iter(text.as_bytes(), b"responses").any(|at| {
        let after = text[at + "responses".len()..].trim_start_matches(['"', '\'', ' ']);
        after.starts_with(':')
    })
}

/// The path items below `root`, the file at `path`.
pub fn items<'d>(root: Node<'d>, path: &'d str) -> Option<ApiFragment> {
    let description = Description::new(root, version::LATEST, path);
    let mut found = ApiFragment::default();
    if is_path_item(&description, root) {
        add(&description, &mut found, String::new(), root);
    } else {
        for holder in HOLDERS {
            let Some(mapping) = holder.iter().try_fold(root, |node, key| node.get(key)) else { continue };
            let fields = description.fields(mapping);
            // References count only beside path items: alone they could be anything.
            if !fields.iter().any(|field| is_path_item(&description, field.value)) {
                continue;
            }
            for field in fields {
                let name = field.name.replace('~', "~0").replace('/', "~1");
                let steps = holder.iter().copied().chain(Some(name.as_str()));
                let pointer = steps.flat_map(|step| ["/", step]).collect();
                add(&description, &mut found, pointer, field.value);
            }
        }
    }
    (!found.items.is_empty()).then_some(found)
}

fn is_path_item<'d>(description: &Description<'d>, node: Node<'d>) -> bool {
    node.shape() == Shape::Mapping
        && description.fields(node).iter().any(|field| {
            version::LATEST.methods.iter().any(|(key, _)| *key == field.name)
                && field.value.get("responses").is_some_and(|responses| responses.shape() == Shape::Mapping)
        })
}

fn add<'d>(description: &Description<'d>, found: &mut ApiFragment, pointer: String, node: Node<'d>) {
    let item = description.path_item(node, "", node);
    let pointer: Arc<str> = pointer.into();
    if is_path_item(description, node) {
        found.items.push((Arc::clone(&pointer), operations(description, &item)));
    }
    if let Some((at, reference)) = &item.elsewhere
        && let Some(reference) = fragment(*at, reference.clone(), "".into())
    {
        found.references.push((pointer, FragmentReference { path: "".into(), ..reference }));
    }
}

fn operations<'d>(description: &Description<'d>, item: &PathItem<'d>) -> Vec<crate::facts::Operation> {
    let mut operations = Operations::new(description);
    operations.add(&Base::default(), item);
    operations.found
}
