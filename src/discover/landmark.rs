//! Names of files that tell what a folder is: a README, a build file, a manifest, a deployment.
//!
//! Discovery tells repositories from plain folders by them; findings that have no better place point at them.

/// How much a landmark says about its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landmark {
    /// Here a piece of software is built, deployed or described: it can be no mere folder of repositories.
    Project,
    /// People are told about the folder.
    Readme,
}

const PROJECT: &[&str] = &[
    // Manifests and owners.
    "catalog-info.yaml",
    "catalog-info.yml",
    "service.yaml",
    "service.yml",
    "codeowners",
    // Build files.
    "build.gradle",
    "build.gradle.kts",
    "build.mill",
    "build.sbt",
    "build.xml",
    "build.zig",
    "cargo.toml",
    "cmakelists.txt",
    "composer.json",
    "deno.json",
    "deno.jsonc",
    "deps.edn",
    "dub.json",
    "dune-project",
    "gemfile",
    "gnumakefile",
    "go.mod",
    "go.work",
    "makefile",
    "mix.exs",
    "module.bazel",
    "package.json",
    "package.swift",
    "pipfile",
    "pnpm-workspace.yaml",
    "pom.xml",
    "project.clj",
    "pubspec.yaml",
    "pyproject.toml",
    "rebar.config",
    "requirements.txt",
    "settings.gradle",
    "settings.gradle.kts",
    "setup.cfg",
    "setup.py",
    "shard.yml",
    "stack.yaml",
    "workspace.bazel",
    // Deployment.
    "azure-pipelines.yml",
    "chart.yaml",
    "containerfile",
    "dockerfile",
    "jenkinsfile",
    "procfile",
    "serverless.yaml",
    "serverless.yml",
    "skaffold.yaml",
    "tiltfile",
    "werf.yaml",
    ".gitlab-ci.yml",
    ".travis.yml",
];

const PROJECT_ENDINGS: &[&str] =
    &[".csproj", ".fsproj", ".vbproj", ".sln", ".slnx", ".cabal", ".gemspec", ".nimble", ".opam", ".xcodeproj"];

/// What a file's name says about its folder.
pub fn landmark(name: &str) -> Option<Landmark> {
    // Names are short; a longer one can only be known by its ending.
    let mut buffer = [0; 40];
    let lower = match buffer.get_mut(..name.len()) {
        Some(buffer) => {
            buffer.copy_from_slice(name.as_bytes());
            buffer.make_ascii_lowercase();
            std::str::from_utf8(buffer).unwrap_or(name)
        }
        None => name,
    };
    if lower == "readme" || lower.starts_with("readme.") {
        return Some(Landmark::Readme);
    }
    let compose = || {
        let stem = lower.strip_suffix(".yaml").or_else(|| lower.strip_suffix(".yml"));
        stem.is_some_and(|stem| stem == "compose" || stem == "docker-compose" || stem.starts_with("docker-compose."))
    };
    let project = PROJECT.contains(&lower) || PROJECT_ENDINGS.iter().any(|ending| lower.ends_with(ending)) || compose();
    project.then_some(Landmark::Project)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_its_folder_is() {
        let cases = [
            ("README.md", Some(Landmark::Readme)),
            ("ReadMe", Some(Landmark::Readme)),
            ("go.mod", Some(Landmark::Project)),
            ("Dockerfile", Some(Landmark::Project)),
            ("docker-compose.override.yml", Some(Landmark::Project)),
            ("compose.yaml", Some(Landmark::Project)),
            ("Shop.Orders.Api.csproj", Some(Landmark::Project)),
            ("a-solution-with-quite-a-long-name-for-a-file.sln", Some(Landmark::Project)),
            ("decompose.yaml", None),
            ("brickwork.yaml", None),
            (".editorconfig", None),
            ("readme-template.md", None),
            ("main.go", None),
        ];
        for (name, expected) in cases {
            assert_eq!(landmark(name), expected, "{name}");
        }
    }
}
