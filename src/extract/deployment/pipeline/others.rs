//! Pipelines of GitLab, Azure, CircleCI, Bitbucket and Google's Cloud Build.
//!
//! Their forms differ, but not the words for what matters here: scripts, folders to work in, and paths that start something. So each
//! document is walked as a whole, and only the words are told apart.

use super::{Folders, add_paths};
use crate::diagnostic::Fault;
use crate::discover::Kind;
use crate::document::{Node, Shape as NodeShape};
use crate::extract::deployment::{is_production, is_yaml, shell, written};
use crate::extract::{Extractor, Input, Output, defects};
use crate::facts::{Fact, Pipeline};
use crate::source::last_part;

pub const EXTRACTOR: Extractor = Extractor { name: "pipeline", wants, applies: |input| wants(input.kind, input.path), extract };

/// How many nodes of one file are looked at.
const MOST_NODES: usize = 100_000;

fn wants(kind: Kind, path: &str) -> bool {
    let name = last_part(path);
    let is_named = name == ".gitlab-ci.yml"
        || name.ends_with(".gitlab-ci.yml")
        || name.starts_with("azure-pipelines")
        || name.starts_with("azure-pipeline.")
        || matches!(name, "bitbucket-pipelines.yml" | "cloudbuild.yaml" | "cloudbuild.yml")
        || (name.starts_with("cloudbuild") && name.ends_with(".yaml"));
    let folders = [".gitlab/ci/", ".gitlab-ci/", ".azure-pipelines/", ".azure/pipelines/", ".azuredevops/", ".circleci/"];
    is_production(kind) && is_yaml(path) && (is_named || folders.iter().any(|folder| path.starts_with(folder)))
}

fn extract(input: &Input, output: &mut Output) {
    if defects::report(input, Fault::ManifestInvalid, output) {
        return;
    }
    let Some(root) = input.tree().root().filter(|root| root.shape() == NodeShape::Mapping) else { return };
    let Some((first, _)) = root.entries().next() else { return };
    let name = root.get("name").or(root.at(&["workflow", "name"])).and_then(written::text);
    let mut pipeline = Pipeline { at: first.location(), name, paths: Vec::new(), folders: Vec::new() };
    let mut folders = Folders::default();
    let mut waiting = vec![(root, String::new())];
    let mut left = MOST_NODES;
    while let Some((node, within)) = waiting.pop() {
        if left == 0 {
            break;
        }
        left -= 1;
        if node.is_alias() {
            continue;
        }
        let mut own = within;
        for key in ["workingDirectory", "working_directory", "dir"] {
            if let Some(folder) = node.get(key).filter(|folder| folder.scalar().is_some()) {
                own = super::join("", folder.scalar().unwrap_or_default());
                folders.add("", &own, folder.location());
            }
        }
        let mut inner: Vec<(Node, String)> = node.items().map(|item| (item, own.clone())).collect();
        for (key, value) in node.entries() {
            read_entry(&mut pipeline, &mut folders, &own, key.scalar().unwrap_or_default(), value);
            inner.push((value, own.clone()));
        }
        inner.truncate(left);
        inner.reverse();
        waiting.extend(inner);
    }
    // Cloud Build works in the folder from which it was sent, which only at the root is sure to be the file's.
    let is_sent = input.name().starts_with("cloudbuild") && input.path.contains('/');
    pipeline.folders = if is_sent { Vec::new() } else { folders.found };
    output.facts.push(Fact::Pipeline(pipeline));
}

fn read_entry<'d>(pipeline: &mut Pipeline, folders: &mut Folders<'d>, within: &str, key: &str, value: Node<'d>) {
    match key {
        "script" | "before_script" | "bash" | "pwsh" | "powershell" | "command" | "run" | "inlineScript" => {
            if value.shape() == NodeShape::Sequence {
                // Lines of one shell: a folder that one of them enters holds for the next.
                let mut current = within.to_owned();
                for line in value.items().take(500) {
                    folders.add_script(&current, line);
                    let enters = line.scalar().map(shell::commands).unwrap_or_default();
                    let last = enters.iter().filter_map(|command| match command.as_slice() {
                        ["cd", folder, ..] if !folder.starts_with('-') => Some(*folder),
                        _ => None,
                    });
                    current = last.fold(current, |current, folder| super::join(&current, folder));
                }
            } else {
                folders.add_script(within, value);
            }
        }
        "changes" => add_paths(&mut pipeline.paths, value.get("paths").unwrap_or(value)),
        "paths" if value.get("include").is_some() => {
            value.get("include").into_iter().for_each(|paths| add_paths(&mut pipeline.paths, paths));
        }
        "includePaths" => add_paths(&mut pipeline.paths, value),
        // CircleCI: a pattern and what it sets, one a line.
        "mapping" => {
            for line in value.scalar().into_iter().flat_map(str::lines).take(200) {
                let pattern = line.split_whitespace().next();
                let path = pattern.and_then(|pattern| written::spanned(pattern, value.location()));
                pipeline.paths.extend(path);
            }
        }
        "buildContext" | "context" => {
            if let Some(folder) = value.scalar().filter(|folder| folder.contains('/')) {
                folders.add("", folder, value.location());
            }
        }
        "Dockerfile" | "dockerfile" | "projects" | "project" | "solution" | "mavenPomFile" | "mavenPOMFile" => {
            if let Some(file) = value.scalar().filter(|file| file.contains(['/', '\\'])) {
                folders.add_file("", file, value.location());
            }
        }
        // A child pipeline works for the folder that it lies in.
        "include" => {
            let local = |node: Node<'d>| node.get("local").or(Some(node)).filter(|node| node.scalar().is_some());
            for node in value.items().take(100).filter_map(local).chain(local(value)) {
                if let Some(path) = node.scalar().filter(|path| path.ends_with(".gitlab-ci.yml")) {
                    folders.add_file("", path.trim_start_matches('/'), node.location());
                }
            }
        }
        // Cloud Build: the words of one command.
        "args" if value.shape() == NodeShape::Sequence => {
            let words: Vec<&str> = value.items().take(100).filter_map(Node::scalar).collect();
            if let Some("build") = words.first().copied() {
                let command: Vec<&str> = std::iter::once("docker").chain(words).collect();
                for hint in shell::hint(&command) {
                    match hint {
                        shell::Hint::Folder(folder) => folders.add(within, folder, value.location()),
                        shell::Hint::File(file) => folders.add_file(within, file, value.location()),
                        shell::Hint::Enter(_) | shell::Hint::Project(_) => {}
                    }
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn gitlab() {
        check(
            ".gitlab-ci.yml",
            "stages: [build]
orders:
  script:
    - cd services/orders
    - docker build -t x .
    - docker build -f api/Dockerfile api
  rules: [{changes: [services/orders/**/*]}]
billing:
  trigger: {include: [{local: /services/billing/.gitlab-ci.yml}]}
  only: {changes: {paths: [services/billing/*]}}
",
            "pipeline at=1:1 paths=[services/orders/**/*@7:22, services/billing/*@10:28] \
             folders=[services/orders@4:10, services/orders/api@6:38, services/billing@9:31]",
        );
    }

    #[test]
    fn azure() {
        check(
            "azure-pipelines.yml",
            "trigger: {paths: {include: [src/Orders/*]}}
jobs:
  - job: a
    steps:
      - script: npm ci
        workingDirectory: src/web
      - task: DotNetCoreCLI@2
        inputs: {command: publish, projects: src/Orders/Orders.csproj}
      - task: Docker@2
        inputs: {Dockerfile: '**/Dockerfile', buildContext: src/rates/}
",
            "pipeline at=1:1 paths=[src/Orders/*@1:29] folders=[src/web@6:27, src/Orders@8:46, src/rates@10:61]",
        );
    }

    #[test]
    fn others() {
        check(
            ".circleci/config.yml",
            "jobs:\n  a: {working_directory: ~/x, steps: [run: {command: go build ./cmd/a}, run: make -C web]}\n\
             workflows: {b: {jobs: [{filter: {mapping: \"services/a/.* a true\"}}]}}\n",
            "pipeline at=1:1 paths=[services/a/.*@3:43] folders=[cmd/a@2:63, web@2:86]",
        );
        check(
            "cloudbuild.yaml",
            "steps:\n  - name: docker\n    args: [build, -t, x, -f, deploy/Dockerfile, services/orders]\n  - {name: npm, dir: web, args: [ci]}\n",
            "pipeline at=1:1 folders=[services/orders@3:11, deploy@3:11, web@4:22]",
        );
        check(
            "bitbucket-pipelines.yml",
            "pipelines: {default: [{step: {script: [mvn -f orders/pom.xml package], condition: {changesets: {includePaths: [orders/**]}}}}]}\n",
            "pipeline at=1:1 paths=[orders/**@1:112] folders=[orders@1:47]",
        );
        assert!(read(".gitlab-ci.yml", "a: [b\nc: d\n").contains("manifest-invalid"));
    }
}
