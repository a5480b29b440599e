//! The form of a `service.yaml`: its types, its JSON Schema, and what breaks it.

use std::sync::LazyLock;

use schemars::{JsonSchema, Schema};

use crate::document::schema::{Validator, Violation};
use crate::document::{Node, Shape};

/// What a `service.yaml` may hold.
#[derive(JsonSchema)]
#[schemars(title = "brickwork service manifest", deny_unknown_fields)]
pub struct ServiceFile {
    /// The schema of this file, for editors.
    #[schemars(rename = "$schema")]
    pub schema: Option<String>,
    /// The service's name, the same as callers and other manifests use.
    #[schemars(length(min = 1))]
    pub name: String,
    /// What the service is, by its behaviour; found out when it is left out.
    pub kind: Option<ServiceKind>,
    /// The domain that it belongs to.
    pub domain: Option<String>,
    /// The team that owns it.
    pub owner: Option<String>,
    pub lifecycle: Option<Lifecycle>,
    /// Who may call it: `public` for other domains, `internal` for its own domain, `private` for its own team.
    pub visibility: Option<Visibility>,
    /// The layer or importance, in the words of the policy.
    #[schemars(extend("type" = ["string", "integer", "null"]))]
    pub tier: Option<String>,
    /// The APIs that it offers: paths of descriptions beside this file, or names.
    pub provides: Option<Vec<String>>,
    /// The services that it calls, as `service` or `service/api`.
    pub consumes: Option<Vec<String>>,
    /// The stores that hold its data.
    pub stores: Option<Vec<String>>,
    /// Why it is a service of its own.
    pub split: Option<Split>,
    /// Anything else, by key.
    #[schemars(extend("additionalProperties" = {"type": ["string", "number", "boolean", "null"]}))]
    pub annotations: Option<std::collections::BTreeMap<String, String>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum ServiceKind {
    Service,
    Worker,
    Gateway,
    Bff,
    Ui,
    Job,
    Function,
    Library,
    Infra,
    Datastore,
    Broker,
    Loadgen,
    Test,
    External,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Lifecycle {
    Experimental,
    Production,
    Deprecated,
    Retired,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Visibility {
    Public,
    Internal,
    Private,
}

/// The record of a decision to split a service off, or to keep it apart.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Split {
    pub reason: SplitReason,
    /// The day on which the decision is looked at again: `2027-03-01`.
    pub review: String,
    /// What else there is to say.
    pub note: Option<String>,
}

/// Reasons for a service of its own.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum SplitReason {
    IndependentScaling,
    DifferentChangeRate,
    Isolation,
    Compliance,
    OtherRuntime,
    OtherTeam,
}

/// The JSON Schema of the file.
pub fn schema() -> Schema {
    schemars::generate::SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<ServiceFile>()
}

/// Built when the first manifest is met that is not [`plainly_right`]: that takes longer than to read hundreds of them.
static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| Validator::new(schema().to_value()));

pub(super) const KEYS: [&str; 13] = [
    "$schema",
    "name",
    "kind",
    "domain",
    "owner",
    "lifecycle",
    "visibility",
    "tier",
    "provides",
    "consumes",
    "stores",
    "split",
    "annotations",
];

const KINDS: [&str; 14] = [
    "service",
    "worker",
    "gateway",
    "bff",
    "ui",
    "job",
    "function",
    "library",
    "infra",
    "datastore",
    "broker",
    "loadgen",
    "test",
    "external",
];
const LIFECYCLES: [&str; 4] = ["experimental", "production", "deprecated", "retired"];
const VISIBILITIES: [&str; 3] = ["public", "internal", "private"];
const REASONS: [&str; 6] =
    ["independent-scaling", "different-change-rate", "isolation", "compliance", "other-runtime", "other-team"];

/// What is wrong with a manifest, by its schema.
pub(super) fn violations(root: Node) -> Vec<Violation> {
    if plainly_right(root) { Vec::new() } else { VALIDATOR.validate(root) }
}

/// A quick look that spares the validator: true only where it would find nothing. A test holds that.
fn plainly_right(root: Node) -> bool {
    let is_text = |node: Node| node.shape() == Shape::Text;
    let is_word = |node: Node, words: &[&str]| node.text().is_some_and(|text| words.contains(&text));
    let are_texts = |node: Node| node.shape() == Shape::Sequence && node.items().all(is_text);
    root.get("name").is_some()
        && root.entries().all(|(key, value)| match key.scalar().unwrap_or_default() {
            "name" => value.text().is_some_and(|name| !name.is_empty()),
            "$schema" | "domain" | "owner" => is_text(value),
            "kind" => is_word(value, &KINDS),
            "lifecycle" => is_word(value, &LIFECYCLES),
            "visibility" => is_word(value, &VISIBILITIES),
            "tier" => matches!(value.shape(), Shape::Text | Shape::Int),
            "provides" | "consumes" | "stores" => are_texts(value),
            "split" => {
                value.get("reason").is_some()
                    && value.get("review").is_some()
                    && value.entries().all(|(key, value)| match key.scalar().unwrap_or_default() {
                        "reason" => is_word(value, &REASONS),
                        "review" | "note" => is_text(value),
                        _ => false,
                    })
            }
            "annotations" => {
                value.shape() == Shape::Mapping
                    && value.entries().all(|(key, value)| key.scalar() != Some("<<") && is_text(value))
            }
            _ => false,
        })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::extract::manifest::service_yaml) const GOOD: &str = "\
name: tax-rate
kind: service
domain: money
owner: team-tax
lifecycle: production
visibility: internal
tier: 2
provides: [api/openapi.yaml]
consumes:
  - rates/v1
stores: [postgres/tax]
split:
  reason: compliance
  review: 2027-03-01
  note: audited apart
annotations:
  example.com/cost: low
";

    #[test]
    fn the_quick_look_agrees_with_the_schema() {
        let parse = |text: &str| -> bool {
            let tree = crate::document::parse(crate::document::Syntax::Yaml, text);
            let root = tree.root().expect("a document");
            let right = plainly_right(root);
            assert!(!right || VALIDATOR.validate(root).is_empty(), "{text}");
            right
        };
        assert!(parse(GOOD));
        assert!(parse("name: a\n"));
        // Every value in turn is put in every other's place, and left out.
        let values =
            ["service", "7", "true", "", "''", "[a]", "[1]", "{a: b}", "{a: {}}", "2.5", "internal", "isolation", "{<<: {a: 1}}"];
        for line in GOOD.lines().filter(|line| !line.ends_with(':')) {
            parse(&GOOD.replace(&format!("{line}\n"), ""));
            for value in values {
                let key = line.split_once(": ").map_or("  -", |(key, _)| key);
                let colon = if key == "  -" { " " } else { ": " };
                parse(&GOOD.replace(line, &format!("{key}{colon}{value}")));
            }
        }
        let schema = schema().to_value();
        let words = |name: &str| schema["$defs"][name]["enum"].clone();
        assert_eq!(words("ServiceKind"), serde_json::json!(KINDS));
        assert_eq!(words("Lifecycle"), serde_json::json!(LIFECYCLES));
        assert_eq!(words("Visibility"), serde_json::json!(VISIBILITIES));
        assert_eq!(words("SplitReason"), serde_json::json!(REASONS));
    }

    #[test]
    fn the_published_schema_is_the_one_that_is_checked_with() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/service.schema.json");
        let generated = serde_json::to_string_pretty(&schema()).expect("a schema is plain JSON") + "\n";
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, &generated).expect("the schema can be written");
        }
        let published = std::fs::read_to_string(path).expect("the schema is there");
        assert!(published == generated, "schemas/service.schema.json is not as generated; run with UPDATE=1");
        let properties: Vec<String> = schema()
            .get("properties")
            .and_then(|value| value.as_object())
            .into_iter()
            .flat_map(|keys| keys.keys().cloned())
            .collect();
        assert_eq!(properties, KEYS);
    }
}
