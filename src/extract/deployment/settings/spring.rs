//! `application.yml` and `application.properties` of Spring, Quarkus and Micronaut, `bootstrap` files, and what a configuration server
//! serves.
//!
//! A profile comes from the file's name (`application-prod.yml`), from the document (`spring.config.activate.on-profile`), or from the key
//! (`%dev.…`). Files of a configuration server are called after the applications that they are for: their paths tell the rest.

use std::sync::Arc;

use super::{flatten, keep, properties};
use crate::discover::Kind;
use crate::document::{Node, Shape, template_of};
use crate::extract::deployment::is_production;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Fact, Setting};
use crate::source::last_part;

pub const EXTRACTOR: Extractor = Extractor { name: "spring-settings", wants, applies, extract };

fn wants(kind: Kind, path: &str) -> bool {
    is_production(kind) && (is_named(path) || (is_served(path) && path.ends_with(".properties")))
}

/// The stem of a settings file's name.
fn stem(path: &str) -> Option<&str> {
    let name = last_part(path);
    [".yml", ".yaml", ".properties"].iter().find_map(|ending| name.strip_suffix(ending))
}

fn is_named(path: &str) -> bool {
    stem(path).is_some_and(|stem| {
        ["application", "bootstrap"]
            .iter()
            .any(|word| stem.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
    })
}

/// Folders from which configuration servers serve.
fn is_served(path: &str) -> bool {
    let Some((folders, _)) = path.rsplit_once('/') else { return false };
    stem(path).is_some()
        && folders.split('/').any(|folder| {
            let folder = folder.to_ascii_lowercase();
            matches!(folder.as_str(), "config" | "configs" | "shared" | "configuration" | "configurations")
                || ["config-repo", "configrepo", "config-server", "configserver", "config-data", "cloud-config"]
                    .iter()
                    .any(|word| folder.contains(word))
                || folder.ends_with("-config")
        })
}

fn applies(input: &Input) -> bool {
    is_settings(input)
}

/// Whether a file may hold settings of Spring, as far as its path tells.
pub fn is_settings(input: &Input) -> bool {
    is_production(input.kind) && (is_named(input.path) || is_served(input.path))
}

fn extract(input: &Input, output: &mut Output) {
    let named = is_named(input.path);
    let of_file = stem(input.path).filter(|_| named).and_then(|stem| stem.split_once('-')).map(|(_, profile)| Arc::from(profile));
    let mut settings: Vec<Setting> = Vec::new();
    if input.path.ends_with(".properties") {
        let documents = properties::documents(input.text);
        if !named && !documents.iter().flatten().any(|(key, _)| is_spring(key.split('.').next().unwrap_or(key))) {
            return;
        }
        for document in documents {
            let own = document.iter().find(|(key, _)| matches!(*key, "spring.config.activate.on-profile" | "spring.profiles"));
            let profile = own.map(|(_, profile)| Arc::from(*profile)).or_else(|| of_file.clone());
            for (key, value) in document {
                if settings.len() < super::MOST {
                    settings.extend(keep::setting(key, value, input.place_of(value), profile.as_ref()));
                }
            }
        }
    } else {
        if template_of(input.path, input.tree()).is_some() {
            return;
        }
        if !is_own(input) {
            return;
        }
        for root in input.tree().documents().filter(|root| root.shape() == Shape::Mapping).take(100) {
            let paths: [&[&str]; 4] = [
                &["spring", "config", "activate", "on-profile"],
                &["spring", "profiles"],
                &["spring.config.activate.on-profile"],
                &["spring.profiles"],
            ];
            let own = paths.iter().find_map(|path| root.at(path)?.scalar());
            let profile = own.map(Arc::from).or_else(|| of_file.clone());
            flatten(root, ".", profile.as_ref(), &mut settings);
        }
    }
    if !settings.is_empty() {
        output.facts.push(Fact::Settings { settings });
    }
}

/// Whether a document is called as Spring's are, or holds settings of Spring.
pub fn is_own(input: &Input) -> bool {
    let has_group = |root: Node| root.entries().any(|(key, _)| key.scalar().is_some_and(is_spring));
    is_named(input.path) || input.tree().documents().any(has_group)
}

/// Groups of settings that an application of Spring has at its root, and others do not.
fn is_spring(key: &str) -> bool {
    let key = key.split('.').next().unwrap_or(key);
    matches!(
        key,
        "spring" | "eureka" | "management" | "zuul" | "ribbon" | "feign" | "hystrix" | "resilience4j" | "quarkus" | "micronaut"
    )
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn documents_and_names_tell_the_profile() {
        check(
            "orders/src/main/resources/application.yml",
            "spring:
  application: {name: orders}
  datasource: {url: 'jdbc:postgresql://db/orders', username: a, password: b}
server.port: 8080
logging: {level: {root: INFO}}
billing: {hosts: [a, b]}
---
spring: {config: {activate: {on-profile: prod}}}
server: {port: 80}
",
            "settings settings=[key=spring.application.name value=orders@2:23, \
             key=spring.datasource.url value=jdbc:postgresql://db/orders@3:21, key=server.port value=8080@4:14, \
             key=billing.hosts[0] value=a@6:19, key=billing.hosts[1] value=b@6:22, \
             key=server.port value=80@9:16 profile=prod]",
        );
        check(
            "application-dev.properties",
            "quarkus.http.port=8081\n%test.quarkus.http.port=0\nquarkus.log.level=DEBUG\n",
            "settings settings=[key=quarkus.http.port value=8081@1:19 profile=dev, key=quarkus.http.port value=0@2:25 profile=test]",
        );
    }

    #[test]
    fn a_configuration_server_serves_files_of_applications() {
        check(
            "config/src/main/resources/shared/orders.yml",
            "spring: {data: {mongodb: {host: orders-db, password: x}}}\nserver: {servlet: {context-path: /orders}}\n",
            "settings settings=[key=spring.data.mongodb.host value=orders-db@1:33, \
             key=server.servlet.context-path value=/orders@2:34]",
        );
        assert_eq!(read("other/routes.yml", "server: {port: 80}\n"), "");
        assert_eq!(read("other/orders.yml", "spring: {application: {name: x}}\n"), "");
        assert_eq!(read("applications.yml", "spring: {application: {name: x}}\n"), "");
    }
}
