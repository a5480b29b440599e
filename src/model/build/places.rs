//! Where a manifest says that code lies, and what a component's type says it is.

use crate::model::Kind;

/// Where a `backstage.io/source-location` points: another repository's name, a folder, or both.
pub(super) struct Source<'s> {
    pub repository: Option<&'s str>,
    pub folder: Option<&'s str>,
}

impl<'s> Source<'s> {
    pub fn read(written: &'s str) -> Option<Source<'s>> {
        let (kind, target) = written.trim().split_once(':')?;
        match kind {
            "dir" | "file" => Some(Source { repository: None, folder: Some(target) }),
            "url" => {
                let (_, rest) = target.split_once("://")?;
                let (_, path) = rest.split_once('/')?;
                let (project, folder) = match ["/-/tree/", "/tree/", "/-/blob/", "/blob/", "/src/"]
                    .into_iter()
                    .find_map(|mark| path.split_once(mark))
                {
                    Some((project, below)) => (project, Some(below.split_once('/').map_or("", |(_, folder)| folder))),
                    None => (path, None),
                };
                let repository = project.trim_end_matches('/').rsplit('/').next()?.trim_end_matches(".git");
                (!repository.is_empty()).then_some(Source { repository: Some(repository), folder })
            }
            _ => None,
        }
    }
}

/// The folder that a manifest speaks of: its own, or the one above a folder kept for catalog files.
pub(super) fn catalog_folder(path: &str) -> &str {
    let mut folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    loop {
        let (above, last) = folder.rsplit_once('/').unwrap_or(("", folder));
        match last {
            ".backstage" | "backstage" | ".catalog" | "catalog" | "catalog-info" | ".github" | ".gitlab" => folder = above,
            _ => return folder,
        }
    }
}

/// A relative path inside a folder, with `.` and `..` resolved; what would leave the root stays at it.
pub(super) fn within(folder: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// What the type of a component says: the kind, and whether it is a service at all. A type that nobody knows is a service of unknown kind.
pub(super) fn component_type(written: &str) -> (Option<Kind>, bool) {
    let written = written.trim().to_lowercase().replace(['_', ' '], "-");
    let kind = match &*written {
        "service" | "backend" | "backend-service" | "microservice" | "miniservice" | "web-service" | "api" | "grpc" => {
            Kind::Service
        }
        "website" | "frontend" | "ui" | "web" | "webapp" | "web-app" | "spa" | "mobile" | "mobile-app" | "app" => Kind::Ui,
        "worker" | "consumer" | "processor" | "daemon" => Kind::Worker,
        "gateway" | "api-gateway" => Kind::Gateway,
        "bff" | "backend-for-frontend" => Kind::Bff,
        "job" | "cronjob" | "cron" | "batch" | "batch-job" => Kind::Job,
        "function" | "lambda" | "serverless" => Kind::Function,
        "library" | "lib" | "package" | "sdk" | "module" | "plugin" | "frontend-plugin" | "backend-plugin" => Kind::Library,
        "database" | "datastore" => Kind::Datastore,
        "broker" | "queue" | "topic" => Kind::Broker,
        "test" | "tests" | "e2e" | "test-suite" => Kind::Test,
        "external" | "third-party" => Kind::External,
        "documentation" | "docs" | "template" | "tool" | "cli" | "infrastructure" | "infra" | "terraform" | "configuration"
        | "config" | "pipeline" | "dataset" | "dashboard" | "other" => return (None, false),
        // Communities put words around the common ones: `spring-boot-service`, `backend-plugin-module`, `common-library`.
        _ => {
            let has = |words: &[&str]| written.split('-').any(|word| words.contains(&word));
            match () {
                _ if has(&["library", "lib", "plugin", "module", "package", "sdk"]) => Kind::Library,
                _ if has(&["docs", "documentation", "template", "tool", "cli", "config", "configuration", "infrastructure"]) => {
                    return (None, false);
                }
                _ if has(&["service", "microservice"]) => Kind::Service,
                _ => return (None, true),
            }
        }
    };
    (Some(kind), kind.is_service())
}
