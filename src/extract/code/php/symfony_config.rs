//! `config/routes.yaml` of Symfony: routes that stand there, and what it puts before those of all controllers.
//!
//! A prefix counts for a file of routes as a whole where it is the only one; where folders of controllers have prefixes of their own,
//! which of them is meant is not told.

use crate::discover::Kind;
use crate::document::{Node, Shape};
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Fact, Prefix, Route, Routing, Value};

pub const EXTRACTOR: Extractor = Extractor {
    name: "symfony-config",
    wants: |_: Kind, path| is_routes(path),
    applies: |input| is_routes(input.path) && (input.text.contains("controller") || input.text.contains("resource")),
    extract,
};

fn is_routes(path: &str) -> bool {
    let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
    let path = format!("/{path}");
    // Packages of the framework bring pages for developers, each in a file of its own.
    is_yaml
        && (path.contains("/config/routes.") || path.contains("/config/routes/") || path.contains("/config/routing."))
        && !path.contains("/dev/")
        && !path.contains("/test/")
}

fn extract(input: &Input, output: &mut Output) {
    let Some(root) = input.tree().root().filter(|root| root.shape() == Shape::Mapping) else { return };
    let mut own = Routing { framework: "symfony-config".into(), ..Routing::default() };
    let mut prefixes = Vec::new();
    for (name, entry) in root.entries() {
        // `when@dev:` holds what only developers see.
        if name.scalar().is_none_or(|name| name.starts_with("when@")) {
            continue;
        }
        if let Some(path) = entry.get("path").filter(|_| entry.get("controller").or(entry.get("defaults")).is_some()) {
            route(&mut own, entry, path);
        } else if let Some(resource) = entry.get("resource") {
            let is_controllers = match resource.scalar() {
                Some(name) => name == "routing.controllers" || name.contains("Controller") || name.contains("src/"),
                None => resource
                    .get("path")
                    .and_then(Node::scalar)
                    .is_some_and(|path| path.contains("Controller") || path.contains("src/")),
            };
            if is_controllers {
                prefixes.push(entry.get("prefix"));
            }
        }
    }
    if !own.is_empty() {
        output.facts.push(Fact::Routing(own));
    }
    if let [Some(prefix)] = prefixes[..]
        && let Some(text) = prefix.scalar().filter(|text| !text.trim_matches('/').is_empty())
    {
        let path = Value::Literal(super::template(text).into());
        let prefix = Prefix { at: prefix.location(), path };
        output.facts.push(Fact::Routing(Routing { framework: "symfony".into(), prefixes: vec![prefix], ..Routing::default() }));
    }
}

fn route(routing: &mut Routing, entry: Node, path: Node) {
    let methods: Vec<String> = match entry.get("methods") {
        Some(methods) if methods.shape() == Shape::Sequence => {
            methods.items().filter_map(|item| item.scalar().map(str::to_owned)).collect()
        }
        Some(methods) => methods.scalar().map_or(Vec::new(), |text| text.split('|').map(str::to_owned).collect()),
        None => vec!["ANY".to_owned()],
    };
    let texts: Vec<&str> = match path.shape() {
        Shape::Mapping => path.entries().filter_map(|(_, path)| path.scalar()).collect(),
        _ => path.scalar().into_iter().collect(),
    };
    for text in texts {
        for method in &methods {
            let method = method.trim().to_ascii_uppercase().into();
            let path_value = Value::Literal(super::template(text).into());
            routing.routes.push(Route { at: path.location(), method, path: path_value, scope: None, owner: None });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn routes_and_the_prefix_of_controllers_are_read() {
        check(
            "config/routes.yaml",
            "home:\n  path: /{_locale}\n  controller: App\\A::b\nlist:\n  path: /list\n  controller: C\n  methods: GET|HEAD\ncontrollers:\n  resource: routing.controllers\n  prefix: /{_locale}\nwhen@dev:\n  x:\n    path: /_x\n    controller: D\n",
            "2 ANY /{_locale}\n5 GET /list\n5 HEAD /list\n10 prefix /{_locale}",
        );
        check(
            "config/routes.yaml",
            "a:\n  resource: ../src/Controller/Api/\n  type: attribute\n  prefix: /api\nb:\n  resource: ../src/Controller/Web/\n",
            "",
        );
        check("config/routes.yaml", "a: b\ncontroller: c\n", "");
    }
}
