//! Workflows of GitHub Actions, which Gitea and Forgejo read too.

use rustc_hash::FxHashMap;

use super::{Folders, add_paths};
use crate::diagnostic::Fault;
use crate::discover::Kind;
use crate::document::{Node, Shape as NodeShape};
use crate::extract::deployment::{is_production, is_yaml, written};
use crate::extract::{Extractor, Input, Output, defects};
use crate::facts::{Fact, Pipeline};
use crate::source::last_part;

pub const EXTRACTOR: Extractor =
    Extractor { name: "github-workflow", wants, applies: |input| wants(input.kind, input.path), extract };

/// Workflows are read at the repository's root alone: nothing runs those below it.
fn wants(kind: Kind, path: &str) -> bool {
    let folders = [".github/workflows/", ".gitea/workflows/", ".forgejo/workflows/"];
    let name = folders.iter().find_map(|folder| path.strip_prefix(folder));
    is_production(kind) && is_yaml(path) && name.is_some_and(|name| !name.contains('/'))
}

fn extract(input: &Input, output: &mut Output) {
    if defects::report(input, Fault::ManifestInvalid, output) {
        return;
    }
    let Some((key, root)) = input.tree().root().and_then(|root| Some((root.entries().next()?.0, root))) else { return };
    let Some(jobs) = root.get("jobs") else { return };
    let mut pipeline =
        Pipeline { at: key.location(), name: root.get("name").and_then(written::text), paths: Vec::new(), folders: Vec::new() };
    for (_, trigger) in root.get("on").into_iter().flat_map(Node::entries) {
        trigger.get("paths").into_iter().for_each(|paths| add_paths(&mut pipeline.paths, paths));
    }
    let mut folders = Folders::default();
    for (_, job) in jobs.entries().take(500) {
        folders.variables = variables(root, job);
        let default = |node: Node<'_>| {
            node.at(&["defaults", "run", "working-directory"])
                .and_then(|node| node.scalar().map(|text| (text.to_owned(), node.location())))
        };
        let base = default(job).or_else(|| default(root));
        if let Some((folder, at)) = &base {
            folders.add("", folder, *at);
        }
        let base = base.map(|(folder, _)| folder).unwrap_or_default();
        let steps = || job.get("steps").into_iter().flat_map(Node::items).take(300);
        let is_own = |step: &Node| {
            let action = step.get("uses").and_then(Node::scalar).unwrap_or_default();
            action.starts_with("actions/checkout") && step.at(&["with", "repository"]).is_none()
        };
        let checkout = steps().find(is_own).and_then(|step| step.at(&["with", "path"])?.scalar());
        folders.checkout = checkout.and_then(|path| written::below("", path)).unwrap_or_default().to_string();
        // A job that calls another workflow, and steps.
        for step in std::iter::once(job).chain(steps()) {
            read_step(&mut folders, &base, step);
        }
    }
    pipeline.folders = folders.found;
    output.facts.push(Fact::Pipeline(pipeline));
}

fn read_step<'d>(folders: &mut Folders<'d>, base: &str, step: Node<'d>) {
    let own = step.get("working-directory");
    let within = own.and_then(Node::scalar).unwrap_or(base);
    if let Some(own) = own {
        folders.add("", within, own.location());
    }
    let within = &*super::join("", within);
    if let Some(script) = step.get("run") {
        folders.add_script(within, script);
    }
    let Some(action) = step.get("uses").and_then(Node::scalar) else { return };
    // What the forge's own actions are given are caches, artifacts and places of check-outs.
    if action.starts_with("actions/") {
        return;
    }
    for (key, value) in step.get("with").into_iter().flat_map(Node::entries).take(100) {
        let (Some(name), Some(text)) = (key.scalar(), value.scalar()) else { continue };
        let name = name.to_ascii_lowercase();
        // One folder or file, not a list of some nor a whole script.
        if text.contains(char::is_whitespace) && !text.contains("${{") {
            continue;
        }
        let is_file = ["file", "dockerfile", "pom", "project"].iter().any(|word| name.ends_with(word));
        let is_folder = ["context", "directory", "dir", "folder", "path", "workdir"].iter().any(|word| name.ends_with(word));
        if is_file && text.contains('/') {
            folders.add_file("", text, value.location());
        } else if is_folder && !text.contains("://") {
            let last = last_part(text);
            let files = [".toml", ".json", ".xml", ".csproj", ".sln", ".yml", ".yaml", ".gradle", ".mod", ".lock", ".txt"];
            let is_file = files.iter().any(|ending| last.ends_with(ending));
            match is_file || last.to_ascii_lowercase().contains("dockerfile") {
                true => folders.add_file("", text, value.location()),
                false => folders.add("", text, value.location()),
            }
        }
    }
}

/// What the expressions of a job stand for: its matrix, and variables with one value.
fn variables<'d>(root: Node<'d>, job: Node<'d>) -> FxHashMap<String, Vec<&'d str>> {
    let mut found: FxHashMap<String, Vec<&'d str>> = FxHashMap::default();
    let mut add = |name: String, value: &'d str| {
        let values = found.entry(name).or_default();
        if values.len() < 200 && !values.contains(&value) {
            values.push(value);
        }
    };
    let mut add_value = |name: &str, value: Node<'d>| match value.shape() {
        NodeShape::Mapping => {
            for (key, inner) in value.entries().take(50) {
                if let (Some(key), Some(text)) = (key.scalar(), inner.scalar()) {
                    add(format!("matrix.{name}.{key}"), text);
                }
            }
        }
        _ => {
            if let Some(text) = value.scalar() {
                add(format!("matrix.{name}"), text);
            }
        }
    };
    for (name, values) in job.at(&["strategy", "matrix"]).into_iter().flat_map(Node::entries).take(50) {
        let Some(name) = name.scalar() else { continue };
        if name == "include" {
            for (name, value) in values.items().take(200).flat_map(Node::entries) {
                add_value(name.scalar().unwrap_or_default(), value);
            }
        } else if name != "exclude" {
            values.items().take(200).for_each(|value| add_value(name, value));
        }
    }
    for (name, value) in [root, job].iter().filter_map(|node| node.get("env")).flat_map(Node::entries).take(200) {
        if let (Some(name), Some(value)) = (name.scalar(), value.scalar().filter(|value| !value.contains("${{"))) {
            found.insert(format!("env.{name}"), vec![value]);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn a_workflow_tells_paths_and_folders() {
        check(
            ".github/workflows/orders.yml",
            "name: Orders
on:
  push: {branches: [main], paths: ['services/orders/**', '!**.md']}
  pull_request: {paths: ['services/orders/**']}
env: {ROOT: services}
defaults: {run: {working-directory: services/orders}}
jobs:
  build:
    steps:
      - uses: actions/checkout@v4
        with: {path: elsewhere}
      - run: |
          go build ./cmd/api
          cd ../billing && npm ci
      - run: make
        working-directory: ./web
      - uses: docker/build-push-action@v6
        with:
          context: ${{ env.ROOT }}/rates
          file: docker/rates/Dockerfile
          push: true
  images:
    strategy:
      matrix:
        service: [cart, ads]
        include: [{service: mail}]
    steps:
      - run: docker build -t x ./src/${{ matrix.service }}
        working-directory: ${{ github.workspace }}
      - run: docker build ${{ inputs.x }}
  call:
    uses: ./.github/workflows/build.yml
    with: {service-path: services/search, name: search}
",
            "pipeline at=1:1 name=Orders@1:7 paths=[services/orders/**@3:36, !**.md@3:58] \
             folders=[services/orders@6:37, services/orders/cmd/api@13:20, services/billing@14:14, web@16:28, services/rates@19:20, \
             docker/rates@20:17, src/cart@28:32, src/ads@28:32, src/mail@28:32, services/search@33:26]",
        );
    }

    #[test]
    fn folders_are_those_of_the_repository_wherever_it_is_checked_out() {
        check(
            ".github/workflows/a.yml",
            "on: push\njobs:\n  a:\n    steps:\n      - {uses: actions/checkout@v4, with: {path: go/src/acme}}\n      \
             - {run: go build ./cmd/..., working-directory: go/src/acme}\n",
            "pipeline at=1:1 folders=[cmd@6:24]",
        );
    }

    #[test]
    fn only_workflows_are_read_and_broken_ones_told() {
        assert_eq!(read(".github/workflows/a.yml", "name: a\n"), "");
        assert_eq!(read("x/.github/workflows/a.yml", "on: push\njobs: {}\n"), "");
        assert!(read(".github/workflows/a.yml", "on: push\njobs: {a: [\nb: c\n").contains("manifest-invalid"));
        check(".github/workflows/a.yml", "on: push\njobs:\n  a: {steps: [{run: 'cd $HOME && make -C x'}]}\n", "pipeline at=1:1");
    }
}
