//! `skaffold.yaml`: images that are built here, each with the folder that it is built from.

use memchr::memmem;

use super::{container, is_production, is_yaml, unit, written};
use crate::discover::Kind;
use crate::document::{Node, template_of};
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Deployment, DeploymentTool, Fact, Shape};
use crate::source::last_part;

pub const EXTRACTOR: Extractor = Extractor { name: "skaffold", wants, applies, extract };

fn wants(kind: Kind, path: &str) -> bool {
    let name = last_part(path);
    is_production(kind) && is_yaml(name) && name.starts_with("skaffold")
}

fn applies(input: &Input) -> bool {
    is_production(input.kind) && is_yaml(input.path) && memmem::find(input.text.as_bytes(), b"skaffold/v").is_some()
}

fn extract(input: &Input, output: &mut Output) {
    if template_of(input.path, input.tree()).is_some() {
        return;
    }
    for document in input.tree().documents().take(200) {
        let version = document.get("apiVersion").and_then(Node::scalar);
        if !version.is_some_and(|version| version.starts_with("skaffold/")) {
            continue;
        }
        let artifacts = document.at(&["build", "artifacts"]).into_iter().flat_map(Node::items).take(500);
        output.facts.extend(artifacts.filter_map(|artifact| read(input, artifact)).map(Fact::Deployment));
    }
}

fn read(input: &Input, artifact: Node) -> Option<Deployment> {
    let image = artifact.get("image").and_then(written::text)?;
    let name = written::spanned(container::name_of(&image.value), image.at)?;
    let mut build = unit(DeploymentTool::Skaffold, name, Shape::Build);
    build.image = Some(image);
    let context = artifact.get("context").or(artifact.get("workspace")).and_then(Node::scalar).unwrap_or(".");
    build.context = written::beside(input.path, context);
    let others = ["jib", "jibMaven", "jibGradle", "buildpacks", "buildpack", "ko", "bazel", "custom"];
    if let Some(context) = &build.context
        && !others.iter().any(|builder| artifact.get(builder).is_some())
    {
        let docker = artifact.get("docker").or(artifact.get("kaniko"));
        let dockerfile = docker.and_then(|docker| docker.get("dockerfile")).and_then(Node::scalar).unwrap_or("Dockerfile");
        build.dockerfile = written::below(context, dockerfile);
    }
    // A module of a Maven build that is called by its folder; one that is called by its artifact is known to the build alone.
    let module = ["jib", "jibMaven"].iter().find_map(|jib| artifact.at(&[jib, "project"]).or(artifact.at(&[jib, "module"])));
    if let (Some(context), Some(module)) = (&build.context, module.and_then(Node::scalar))
        && !module.contains(':')
    {
        build.context = written::below(context, module);
    }
    Some(build)
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn artifacts_are_builds() {
        check(
            "deploy/skaffold.yaml",
            "apiVersion: skaffold/v4beta6
kind: Config
build:
  artifacts:
    - image: r.io/acme/orders
      context: ../src/orders
    - image: web
      context: web
      docker: {dockerfile: Dockerfile.prod}
    - image: billing
      jib: {project: billing}
    - image: rates
      jib: {project: 'com.acme:rates'}
---
apiVersion: v1
kind: Config
build: {artifacts: [{image: x}]}
",
            "deployment at=5:14 tool=skaffold name=orders@5:14 shape=build image=r.io/acme/orders@5:14 context=src/orders \
             dockerfile=src/orders/Dockerfile
             deployment at=7:14 tool=skaffold name=web@7:14 shape=build image=web@7:14 context=deploy/web \
             dockerfile=deploy/web/Dockerfile.prod
             deployment at=10:14 tool=skaffold name=billing@10:14 shape=build image=billing@10:14 context=deploy/billing
             deployment at=12:14 tool=skaffold name=rates@12:14 shape=build image=rates@12:14 context=deploy",
        );
        assert_eq!(read("skaffold.yaml", "build: {artifacts: [{image: x}]}\n"), "");
    }
}
