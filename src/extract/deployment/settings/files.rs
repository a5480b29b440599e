//! Settings in files that the house names itself: `config/default.json` of node-config, `config.yaml` of Viper, `settings.toml`,
//! `config.ini`, `microprofile-config.properties`.
//!
//! A file counts where its name or its folder says that it holds settings, and nothing in it says that it is of another format. Keys are
//! joined by dots. A profile comes from the file's name (`config/production.json`), or from the key at the top (`production:`).

use std::sync::Arc;

use super::{flatten, keep, properties, spring};
use crate::discover::Kind;
use crate::document::{Engine, Node, Shape, template_of};
use crate::extract::code::{php, ruby};
use crate::extract::deployment::is_production;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Fact, Setting};
use crate::source::{Spanned, last_part};

/// YAML and JSON are opened for API descriptions already.
pub const EXTRACTOR: Extractor = Extractor { name: "settings-files", wants, applies, extract };

/// Larger files are data.
const LARGEST: usize = 64 * 1024;

/// Names of files that hold settings wherever they lie.
const NAMES: [&str; 10] = [
    "config",
    "settings",
    "configuration",
    "app-config",
    "appconfig",
    "app_config",
    "conf",
    "microprofile-config",
    "custom-environment-variables",
    "local.settings",
];

/// Folders whose files hold settings.
const FOLDERS: [&str; 8] = ["config", "configs", "conf", "settings", "cfg", "configuration", "env", "environments"];

/// Profiles by their names.
const PROFILES: [&str; 19] = [
    "development",
    "dev",
    "production",
    "prod",
    "staging",
    "stage",
    "stg",
    "test",
    "testing",
    "qa",
    "uat",
    "local",
    "docker",
    "kubernetes",
    "k8s",
    "integration",
    "sandbox",
    "preprod",
    "ci",
];

/// Words in paths of files that are of others: tools of supervision, translations, data.
const OTHERS: [&str; 27] = [
    "prometheus",
    "alertmanager",
    "grafana",
    "loki",
    "tempo",
    "promtail",
    "otel",
    "collector",
    "logstash",
    "filebeat",
    "fluent",
    "locales",
    "i18n",
    "translations",
    "fixtures",
    "seeds",
    "schema",
    "tsconfig",
    "webpack",
    "babel",
    "eslint",
    "jest",
    "karma",
    "swagger",
    "openapi",
    "checkstyle",
    "logback",
];

/// Keys at the top of a document that say that it is of another format.
const FOREIGN: [&str; 22] = [
    "apiVersion",
    "openapi",
    "swagger",
    "asyncapi",
    "$schema",
    "compilerOptions",
    "dependencies",
    "devDependencies",
    "Resources",
    "AWSTemplateFormatVersion",
    "definitions",
    "jobs",
    "stages",
    "pipelines",
    "databaseChangeLog",
    "static_resources",
    "_format_version",
    "scrape_configs",
    "receivers",
    "extends",
    "repos",
    "playbook",
];

/// Name and ending of a settings file.
fn parts(path: &str) -> Option<(&str, &str)> {
    let (stem, ending) = last_part(path).rsplit_once('.')?;
    matches!(ending, "json" | "json5" | "yml" | "yaml" | "toml" | "ini" | "cfg" | "properties").then_some((stem, ending))
}

fn wants(kind: Kind, path: &str) -> bool {
    let Some((stem, ending)) = parts(path) else { return false };
    let stem = stem.to_ascii_lowercase();
    let folder = path.rsplit('/').nth(1).unwrap_or_default().to_ascii_lowercase();
    // `config.prod.yaml`, `prod-config.toml`, `config_dev.json`.
    let is_named = || NAMES.contains(&&*stem) || words(&stem).any(|word| matches!(word, "config" | "settings"));
    let is_inside = || FOLDERS.contains(&&*folder) || path.contains("/config/") && path.split('/').next() != Some(".github");
    let is_foreign = || path.starts_with('.') || path.contains("/.") || OTHERS.iter().any(|word| path.contains(word));
    // Symfony wires its classes in services.
    let is_read_elsewhere = ["application", "bootstrap", "appsettings"].iter().any(|word| stem.starts_with(word))
        || stem == "services" && ending != "json";
    is_production(kind)
        && !is_read_elsewhere
        && (is_named() || is_inside() && ending != "cfg" && ending != "properties")
        && !is_foreign()
}

fn words(stem: &str) -> impl Iterator<Item = &str> {
    stem.split(['.', '-', '_'])
}

fn applies(input: &Input) -> bool {
    // Settings that hold code of a language are read by who knows the language.
    let of_languages = [ruby::settings_files::EXTRACTOR, php::symfony_settings::EXTRACTOR, php::symfony_config::EXTRACTOR];
    input.text.len() <= LARGEST
        && wants(input.kind, input.path)
        && !of_languages.iter().any(|extractor| (extractor.applies)(input))
}

fn extract(input: &Input, output: &mut Output) {
    let Some((stem, ending)) = parts(input.path) else { return };
    let profile = words(stem).find(|word| PROFILES.contains(&&*word.to_ascii_lowercase())).map(Arc::from);
    let mut settings = Vec::new();
    match ending {
        "ini" | "cfg" => sections(input, profile.as_ref(), &mut settings),
        "properties" => {
            for (key, value) in properties::documents(input.text).into_iter().flatten() {
                settings.extend(keep::setting(key, value, input.place_of(value), profile.as_ref()));
            }
        }
        _ => {
            // Whatever the settings reader of Spring took is not read twice.
            if spring::is_settings(input) && spring::is_own(input) {
                return;
            }
            let is_erb = |engine| engine == Engine::Erb;
            if template_of(input.path, input.tree()).is_some_and(|(engine, _)| !is_erb(engine)) {
                return;
            }
            let Some(root) = input.tree().root().filter(|root| root.shape() == Shape::Mapping) else { return };
            if FOREIGN.iter().any(|key| root.get(key).is_some()) {
                return;
            }
            document(root, profile.as_ref(), &mut settings);
        }
    }
    if stem == "custom-environment-variables" {
        settings.retain(|setting| !setting.key.ends_with(".__format"));
        settings.iter_mut().for_each(given_by_environment);
    }
    if stem == "local.settings" {
        // What stands under `Values` are variables of Azure's functions.
        let own = |setting: &mut Setting| setting.key = setting.key.strip_prefix("Values.").unwrap_or(&setting.key).into();
        settings.iter_mut().for_each(own);
    }
    settings.truncate(super::MOST);
    if !settings.is_empty() {
        output.facts.push(Fact::Settings { settings });
    }
}

/// Settings of a document; keys at its top that name profiles hold what is for these.
fn document(root: Node, profile: Option<&Arc<str>>, settings: &mut Vec<Setting>) {
    let is_profile = |key: Node, value: Node| {
        let name = key.scalar().unwrap_or_default();
        value.shape() == Shape::Mapping && (PROFILES.contains(&name) || matches!(name, "default" | "shared"))
    };
    let by_profile = root.entries().filter(|(key, value)| is_profile(*key, *value)).count();
    if by_profile < 2 {
        return flatten(root, ".", profile, settings);
    }
    for (key, value) in root.entries().take(50).filter(|(key, value)| is_profile(*key, *value)) {
        let own: Option<Arc<str>> = key.scalar().filter(|name| !matches!(*name, "default" | "shared")).map(Arc::from);
        flatten(value, ".", own.as_ref().or(profile), settings);
    }
}

/// `[section]`, `key = value`.
fn sections(input: &Input, profile: Option<&Arc<str>>, settings: &mut Vec<Setting>) {
    let mut section = "";
    for line in input.text.lines().take(super::MOST_VALUES) {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.trim().get(..name.trim().len().min(100)).unwrap_or_default();
            continue;
        }
        let Some(at) = line.find(['=', ':']).filter(|_| !line.starts_with(['#', ';'])) else { continue };
        let (key, value) = (line[..at].trim(), line[at + 1..].trim());
        if settings.len() < super::MOST && !value.is_empty() {
            let whole = if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") };
            settings.extend(keep::setting(&whole, value, input.place_of(value), profile));
        }
    }
}

/// node-config's list of variables that replace settings: the value of a key is the name of one.
fn given_by_environment(setting: &mut Setting) {
    let text = format!("${{{}}}", setting.value.value);
    let key = setting.key.strip_suffix(".__name").map(Arc::from);
    setting.key = key.unwrap_or_else(|| Arc::clone(&setting.key));
    setting.value = Spanned::new(text.into(), setting.value.at);
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn files_say_what_they_are_by_name_and_folder() {
        check(
            "orders/config/production.json",
            r#"{"billing": {"url": "http://billing:80", "apiKey": "x"}, "port": 8080, "verbose": true, "brokers": ["kafka:9092"]}"#,
            "settings settings=[key=billing.url value=http://billing:80@1:21 profile=production, key=port value=8080@1:66 \
             profile=production, key=brokers[0] value=kafka:9092@1:101 profile=production]",
        );
        check(
            "orders/config.yaml",
            "kafka: {brokers: 'a:1,b:2', topic: placed}\ndb: {host: orders-db, password: x}\n",
            "settings settings=[key=kafka.brokers value=a:1,b:2@1:18, key=kafka.topic value=placed@1:36, key=db.host \
             value=orders-db@2:12]",
        );
        check(
            "settings.toml",
            "[orders]\nendpoint = 'http://orders'\n",
            "settings settings=[key=orders.endpoint value=http://orders@2:12]",
        );
        check(
            "app/config.ini",
            "; old\n[db]\nhost = orders-db\nurl: mysql://a:b@db/orders\n",
            "settings settings=[key=db.host value=orders-db@3:8, key=db.url value=mysql://db/orders@4:6]",
        );
        for (path, text) in [
            ("config/locales/en.yml", "en: {url: 'http://a'}\n"),
            ("config/k8s.yaml", "apiVersion: v1\nkind: Thing\nspec: {host: a}\n"),
            ("src/data.json", r#"{"url": "http://a"}"#),
            ("prometheus/config/prometheus.yml", "scrape_configs: [{host: a}]\n"),
            ("tsconfig.json", r#"{"compilerOptions": {"baseUrl": "."}}"#),
        ] {
            assert_eq!(read(path, text), "", "{path}");
        }
    }

    #[test]
    fn profiles_may_stand_at_the_top() {
        check(
            "config/search.yml",
            "default: &default {adapter: postgresql}
development: {<<: *default, database: shop_dev, host: localhost}
production:
  <<: *default
  host: search
  database: shop
",
            "settings settings=[key=database value=shop_dev@2:39 profile=development, key=host value=localhost@2:55 \
             profile=development, key=host value=search@5:9 profile=production, key=database value=shop@6:13 \
             profile=production]",
        );
    }

    #[test]
    fn variables_that_replace_settings_are_read() {
        check(
            "config/custom-environment-variables.json",
            r#"{"billing": {"url": "BILLING_URL"}, "port": {"__name": "PORT", "__format": "json"}}"#,
            "settings settings=[key=billing.url value=${BILLING_URL}@1:21, key=port value=${PORT}@1:56]",
        );
    }
}
