//! Settings of services, and what they put before every path.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::homes::Homes;
use super::super::names::Names;
use super::super::repositories::Gathered;
use super::join_paths;
use crate::model::Model;

/// Settings that stand before every path of a framework, by the framework's name.
const PREFIX_SETTINGS: [(&str, &[&str]); 4] = [
    (
        "spring",
        &[
            "server.servlet.context-path",
            "server.servlet.contextPath",
            "server.context-path",
            "server.contextPath",
            "spring.webflux.base-path",
            "spring.mvc.servlet.path",
        ],
    ),
    ("jaxrs", &["quarkus.http.root-path", "quarkus.rest.path", "quarkus.resteasy.path", "spring.jersey.application-path"]),
    ("micronaut", &["micronaut.server.context-path"]),
    ("ktor", &["ktor.deployment.rootPath"]),
];

/// The settings of each service.
pub(in crate::model::build) struct Settings<'g> {
    by_service: FxHashMap<u32, Vec<(&'g str, &'g Arc<str>)>>,
}

impl<'g> Settings<'g> {
    pub fn new(model: &Model, gathered: &'g Gathered, homes: &Homes) -> Self {
        let mut by_service: FxHashMap<u32, Vec<(&str, &Arc<str>)>> = FxHashMap::default();
        // Files of a configuration server are called as the services are.
        let mut by_name: FxHashMap<(u32, String), u32> = FxHashMap::default();
        for (service, index) in model.services.iter().zip(0..) {
            by_name.insert((service.repository, service.name.to_lowercase()), index);
        }
        for located in &gathered.settings {
            let stem = located.path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or("");
            let named = by_name.get(&(located.repository, stem.to_lowercase())).copied();
            let home = || homes.service_of(located.repository, &model.files[located.file as usize].path);
            let Some(service) = named.or_else(home) else { continue };
            let all = by_service.entry(service).or_default();
            let unconditional = located.value.iter().filter(|setting| setting.profile.is_none());
            all.extend(unconditional.map(|setting| (&*setting.key, &setting.value.value)));
        }
        Settings { by_service }
    }

    /// The value of a key that holds for all profiles, where it refers to nothing else.
    pub fn get(&self, service: Option<u32>, key: &str) -> Option<Arc<str>> {
        let settings = self.by_service.get(&service?)?;
        let (_, value) = settings.iter().find(|(known, _)| *known == key)?;
        let plain = placeholder_default(value);
        (!plain.contains("${")).then(|| plain.into())
    }
}

/// `${NAME:default}` reads as its default where it is the whole value.
fn placeholder_default(value: &str) -> &str {
    let inner = value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    match inner.and_then(|inner| inner.split_once(':')) {
        Some((_, default)) if !default.contains("${") => default,
        _ => value,
    }
}

/// What stands before every path of a framework in a service; None where it is stated in several ways.
pub(super) struct Prefixes<'g>(FxHashMap<(u32, &'g str), Option<String>>);

impl<'g> Prefixes<'g> {
    pub fn new(gathered: &'g Gathered, names: &Names<'g>, settings: &Settings, home: &dyn Fn(u32, u32) -> Option<u32>) -> Self {
        let mut stated: FxHashMap<(u32, &str), Vec<String>> = FxHashMap::default();
        for routing in &gathered.routings {
            let Some(service) = home(routing.repository, routing.file) else { continue };
            let all = stated.entry((service, &*routing.value.framework)).or_default();
            for prefix in &routing.value.prefixes {
                let known = names.read(routing.file, &prefix.path, &|key| settings.get(Some(service), key));
                if !all.contains(&known.text) {
                    all.push(known.text);
                }
            }
        }
        let joined = stated.into_iter().map(|((service, framework), stated)| {
            let of_framework = |(of, _): &&(&str, &[&str])| framework.starts_with(*of);
            let keys = PREFIX_SETTINGS.iter().find(of_framework).map_or(&[][..], |(_, keys)| keys);
            let values = keys.iter().filter_map(|key| settings.get(Some(service), key));
            let path = values.fold(String::new(), |path, value| join_paths(&path, &value));
            let whole = match &stated[..] {
                [] => Some(path),
                [one] => Some(join_paths(&path, one)),
                _ => None,
            };
            ((service, framework), whole)
        });
        Prefixes(joined.collect())
    }

    /// What stands before the paths of a framework in a service; empty for nothing.
    pub fn of(&self, service: u32, framework: &'g str) -> Option<&str> {
        self.0.get(&(service, framework)).map_or(Some(""), |prefix| prefix.as_deref())
    }
}
