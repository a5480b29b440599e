//! `pyproject.toml`: the standard's table, and those of Poetry, uv, PDM, Hatch and Rye.

use super::{
    BuildTool, Input, LibraryScope, Node, Output, Product, add, below, folder, group_scope, module, node_text, push, report,
};
use super::{require_all, require_keys};

pub fn extract(input: &Input, output: &mut Output) {
    report(input, output);
    let Some(root) = input.tree().root() else { return };
    let here = folder(input.path);
    let mut found = module(BuildTool::Python);
    let project = root.get("project");
    let tool = |name: &str| root.at(&["tool", name]);
    let poetry = tool("poetry");
    let name = project.or(poetry).and_then(|table| table.get("name"));
    found.name = name.or_else(|| poetry?.get("name")).and_then(node_text);
    require_all(&mut found, here, project.and_then(|project| project.get("dependencies")), LibraryScope::Runtime);
    for (group, list) in entries(project.and_then(|project| project.get("optional-dependencies"))) {
        require_all(&mut found, here, Some(list), group_scope(group).unwrap_or_default());
    }
    // The standard's groups are never installed with the package.
    for (group, list) in entries(root.get("dependency-groups")) {
        require_all(&mut found, here, Some(list), group_scope(group).unwrap_or(LibraryScope::Development));
    }
    if let Some(poetry) = poetry {
        require_keys(&mut found, here, poetry.get("dependencies"), LibraryScope::Runtime);
        require_keys(&mut found, here, poetry.get("dev-dependencies"), LibraryScope::Development);
        for (group, table) in entries(poetry.get("group")) {
            let scope = group_scope(group).unwrap_or_default();
            require_keys(&mut found, here, table.get("dependencies"), scope);
        }
    }
    for name in ["uv", "rye"] {
        require_all(&mut found, here, tool(name).and_then(|tool| tool.get("dev-dependencies")), LibraryScope::Development);
        let members = tool(name).and_then(|tool| tool.at(&["workspace", "members"]));
        for member in members.into_iter().flat_map(Node::items).filter_map(Node::text) {
            found.members.extend(below(here, member));
        }
    }
    for (name, source) in entries(tool("uv").and_then(|uv| uv.get("sources"))) {
        if let Some(used) = source.get("path").and_then(Node::text).and_then(|path| below(here, path)) {
            add(&mut found.uses, used);
        } else if source.get("workspace").and_then(Node::bool) == Some(true) {
            add(&mut found.uses, name.into());
        }
    }
    for (group, list) in entries(tool("pdm").and_then(|pdm| pdm.get("dev-dependencies"))) {
        require_all(&mut found, here, Some(list), group_scope(group).unwrap_or(LibraryScope::Development));
    }
    for (name, environment) in entries(tool("hatch").and_then(|hatch| hatch.get("envs"))) {
        let scope = group_scope(name).unwrap_or(LibraryScope::Development);
        require_all(&mut found, here, environment.get("dependencies"), scope);
        require_all(&mut found, here, environment.get("extra-dependencies"), scope);
    }
    require_all(&mut found, here, tool("flit").and_then(|flit| flit.at(&["metadata", "requires"])), LibraryScope::Runtime);
    for scripts in [project.and_then(|project| project.get("scripts")), poetry.and_then(|poetry| poetry.get("scripts"))] {
        found.starts.extend(scripts.into_iter().flat_map(Node::entries).filter_map(|(_, script)| node_text(script)));
    }
    if !found.starts.is_empty() {
        found.product = Product::Application;
    } else if !found.members.is_empty() && found.libraries.is_empty() {
        found.product = Product::Aggregate;
    }
    // Many a file holds the settings of tools alone.
    if found.name.is_some() || !found.libraries.is_empty() || !found.members.is_empty() {
        push(found, output);
    }
}

fn entries(table: Option<Node<'_>>) -> impl Iterator<Item = (&str, Node<'_>)> {
    table.into_iter().flat_map(Node::entries).filter_map(|(key, value)| Some((key.scalar()?, value)))
}
