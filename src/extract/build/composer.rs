//! PHP: `composer.json`.

use super::{add, below, folder, is_named, library, module, node_text, push, report};
use crate::document::Node;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{BuildTool, LibraryScope, Product};

pub const EXTRACTOR: Extractor = Extractor {
    name: "composer",
    wants: |kind, path| is_named(kind, path, "composer.json"),
    applies: |input| is_named(input.kind, input.path, "composer.json"),
    extract,
};

fn extract(input: &Input, output: &mut Output) {
    report(input, output);
    let Some(root) = input.tree().root() else { return };
    let here = folder(input.path);
    let mut found = module(BuildTool::Composer);
    found.name = root.get("name").and_then(node_text);
    for (key, scope) in [("require", LibraryScope::Runtime), ("require-dev", LibraryScope::Development)] {
        for (name, _) in root.get(key).into_iter().flat_map(Node::entries) {
            // The platform itself is no library; its extensions tell which stores are spoken to.
            if let Some(written) = name.text().filter(|name| name.contains('/') || name.starts_with("ext-")) {
                found.libraries.push(library(written, name.location(), scope));
            }
        }
    }
    let repositories = root.get("repositories").into_iter();
    let repositories = repositories.flat_map(|list| list.items().chain(list.entries().map(|(_, value)| value)));
    for repository in repositories.filter(|repository| repository.get("type").and_then(Node::text) == Some("path")) {
        if let Some(used) = repository.get("url").and_then(Node::text).and_then(|url| below(here, url)) {
            add(&mut found.uses, used);
        }
    }
    found.product = match root.get("type").and_then(Node::text) {
        Some("project") => Product::Application,
        Some("metapackage") => Product::Aggregate,
        // Bundles, plugins and the like are put into something.
        Some(_) => Product::Library,
        None => Product::Unknown,
    };
    push(found, output);
}

#[cfg(test)]
mod tests {
    use crate::extract::build::snapshot::check;

    #[test]
    fn a_project_requires_packages() {
        check(
            "api/composer.json",
            r#"{"name": "acme/api", "type": "project",
                "require": {"php": "^8.1", "ext-pdo": "*", "laravel/framework": "^10"},
                "require-dev": {"phpunit/phpunit": "^10"},
                "repositories": [{"type": "path", "url": "../packages/common"}, {"type": "vcs", "url": "https://x"}]}"#,
            "composer acme/api application
             uses packages/common
             2 ext-pdo
             2 laravel/framework
             3 phpunit/phpunit development",
        );
        check("a/composer.json", r#"{"name": "acme/a", "type": "symfony-bundle"}"#, "composer acme/a library");
        check("a/composer.json", r#"{"require": {}}"#, "composer - unknown");
    }
}
