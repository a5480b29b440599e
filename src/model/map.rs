//! The unified view of a system as plain data: what `brickwork map --format json` prints.
//!
//! A model comes in, a [`Map`] comes out. Names are those of the findings, so that one can be looked up in the other.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::settings::OwnerSource;
use super::{Evidence, Model, Operation, Service, Stated};

/// The services of a system, what they offer, who owns them, and how they depend on each other.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Map {
    /// Sorted by name. Libraries and other components that are no services are among them, told by their `role`.
    pub services: Vec<MapService>,
    /// Dependencies that were found in code and configuration, each with its evidence.
    pub edges: Vec<MapEdge>,
    /// Dependencies that manifests and catalog declare.
    pub declared: Vec<MapDeclaration>,
    pub domains: Vec<MapGroup>,
    pub teams: Vec<MapGroup>,
    /// True when every service of the fleet is here.
    pub complete: bool,
}

/// One service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct MapService {
    pub name: Arc<str>,
    /// Its folder below the checked root; `.` for the root itself; absent for what only runs here and has no code.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub root_dir: Arc<str>,
    pub repository: Arc<str>,
    /// What it is: `service`, `worker`, `gateway`, `bff`, `ui`, `job`, `function`, `infra`, `library`, ...; absent when nothing tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<Arc<str>>,
    /// By the most specific source that names an owner: policy, then catalog, then CODEOWNERS.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<MapOwner>,
    /// The language of most of its production code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<&'static str>,
    /// Lines of production code; absent when its code can't be told from that of others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_lines: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub apis: Vec<MapApi>,
    /// What its code offers: `METHOD /path`; `RPC`, `CONSUME`, `SCHEDULE`, `SUBSCRIBE` or `GRAPHQL` before anything else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
    /// True when its code offers nothing else.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub operations_complete: bool,
    /// Types that it stores.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Arc<str>>,
    /// Names of what deploys it, where that is not one unit of its own name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<Arc<str>>,
    /// Where it is stated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<MapPlace>,
}

/// Who owns a service, and who says so.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MapOwner {
    pub team: Arc<str>,
    pub source: OwnerSource,
}

/// An API description.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MapApi {
    pub name: Arc<str>,
    pub format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Arc<str>>,
    pub path: Arc<str>,
    /// `METHOD /path`, in the order of the description.
    pub operations: Vec<String>,
    /// False when parts of the description could not be read, so that there may be more operations.
    pub complete: bool,
}

/// A dependency of one service on another.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MapEdge {
    pub from: Arc<str>,
    pub to: Arc<str>,
    /// `http`, `grpc`, `message`, `gateway`, ...
    pub kind: &'static str,
    pub evidence: Vec<MapPlace>,
}

/// A dependency as a manifest declares it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MapDeclaration {
    pub from: Arc<str>,
    /// As written: a service's name, or a catalog reference.
    pub to: Arc<str>,
    pub evidence: MapPlace,
}

/// A domain or a team with its services.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MapGroup {
    pub name: Arc<str>,
    pub services: Vec<Arc<str>>,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MapPlace {
    /// Below the checked root.
    pub path: Arc<str>,
    pub line: u32,
}

/// The map of a model.
pub fn map(model: &Model) -> Map {
    let mut services: Vec<MapService> = model.services.iter().map(|service| map_service(model, service)).collect();
    services.extend(model.parts.iter().map(|part| MapService {
        name: Arc::clone(&part.name),
        root_dir: if part.holds_code { root_dir(&part.root) } else { "".into() },
        repository: Arc::clone(&model.repositories[part.repository as usize].name),
        // Consumers of a map take what has no role for a service.
        role: Some(part.kind.map_or("other", |kind| kind.name())),
        evidence: vec![place(model, part.evidence)],
        ..MapService::default()
    }));
    services.sort_by(|a, b| (&a.name, &a.root_dir).cmp(&(&b.name, &b.root_dir)));
    let names = |rows: &[u32]| rows.iter().map(|&row| Arc::clone(&model.services[row as usize].key)).collect();
    Map {
        services,
        edges: Vec::new(),
        declared: model.services.iter().flat_map(|service| declarations(model, service)).collect(),
        domains: model
            .domains
            .iter()
            .map(|domain| MapGroup { name: Arc::clone(&domain.name), services: names(&domain.services) })
            .collect(),
        teams: model
            .teams
            .iter()
            .filter(|team| !team.services.is_empty())
            .map(|team| MapGroup { name: Arc::clone(&team.name), services: names(&team.services) })
            .collect(),
        complete: model.complete,
    }
}

fn map_service(model: &Model, service: &Service) -> MapService {
    let text = |stated: &Option<Stated>| stated.as_ref().map(|stated| Arc::clone(&stated.text));
    let owners = service.effective_owners().iter();
    let evidence = if service.manifests.is_empty() { service.evidence.as_slice() } else { &service.manifests };
    MapService {
        name: Arc::clone(&service.key),
        root_dir: root_dir(&service.root),
        repository: Arc::clone(&model.repositories[service.repository as usize].name),
        role: service.kind.map(|kind| kind.name()),
        domain: service.domain.map(|domain| Arc::clone(&model.domains[domain as usize].name)),
        system: text(&service.system),
        owners: owners
            .map(|owner| MapOwner { team: Arc::clone(&model.teams[owner.team as usize].name), source: owner.source })
            .collect(),
        language: service.languages.first().map(|(language, _)| language.name()),
        code_lines: service.code_lines.map(|count| count.value),
        lifecycle: text(&service.lifecycle),
        visibility: text(&service.visibility),
        tier: text(&service.tier),
        apis: service.apis.iter().map(|&api| map_api(model, api)).collect(),
        operations: service.code_operations.iter().map(|&index| map_operation(&model.operations[index as usize])).collect(),
        operations_complete: service.operations_complete,
        entities: service.entities.iter().map(|&index| Arc::clone(&model.entities[index as usize].name)).collect(),
        units: units(model, service),
        evidence: evidence.iter().map(|&evidence| place(model, evidence)).collect(),
    }
}

/// A path that is not wholly known begins with `…`.
fn map_operation(operation: &Operation) -> String {
    let unknown = if operation.exact { "" } else { "…" };
    format!("{} {unknown}{}", operation.method, operation.path)
}

fn units(model: &Model, service: &Service) -> Vec<Arc<str>> {
    match service.units[..] {
        [one] if model.units[one as usize].name == service.name => Vec::new(),
        _ => service.units.iter().map(|&unit| Arc::clone(&model.units[unit as usize].name)).collect(),
    }
}

fn map_api(model: &Model, index: u32) -> MapApi {
    let api = &model.apis[index as usize];
    let operations = model.operations_of(index).iter();
    MapApi {
        name: Arc::clone(&api.name),
        format: api.format.name(),
        version: api.version.as_ref().map(|version| Arc::clone(&version.text)),
        path: Arc::clone(&model.files[api.evidence.file as usize].path),
        operations: operations.map(|operation| format!("{} {}", operation.method, operation.path)).collect(),
        complete: api.complete,
    }
}

fn declarations(model: &Model, service: &Service) -> impl Iterator<Item = MapDeclaration> {
    service.consumes.iter().map(move |stated| MapDeclaration {
        from: Arc::clone(&service.key),
        to: Arc::clone(&stated.text),
        evidence: place(model, stated.evidence),
    })
}

fn root_dir(root: &Arc<str>) -> Arc<str> {
    if root.is_empty() { ".".into() } else { Arc::clone(root) }
}

fn place(model: &Model, evidence: Evidence) -> MapPlace {
    MapPlace { path: Arc::clone(&model.files[evidence.file as usize].path), line: evidence.at.line }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::build::samples::fleet;
    use crate::model::settings::Settings;
    use crate::model::{Context, build};

    #[test]
    fn a_map_says_what_is_known_and_leaves_out_the_rest() {
        let model = build(fleet(), &Settings::default(), &Context { organisation: true, exists: None });
        let map = serde_json::to_value(map(&model)).expect("plain data");
        assert_eq!(
            map["services"][0],
            serde_json::json!({
                "name": "billing", "root_dir": "billing", "repository": "billing", "role": "worker", "domain": "finance",
                "owners": [{ "team": "team-c", "source": "catalog" }], "language": map["services"][0]["language"], "code_lines": 80,
                "visibility": "internal", "tier": "core", "evidence": [{ "path": "billing/service.yaml", "line": 1 }],
            })
        );
        assert_eq!(
            map["services"][1]["apis"][0]["operations"],
            serde_json::json!(["GET /v1/orders", "POST /v1/orders", "GET /v1/carts"])
        );
        assert_eq!(
            map["services"][1]["operations"],
            serde_json::json!(["GET /health", "GET /v1/orders", "POST /v1/orders", "GET /v1/secrets"])
        );
        assert_eq!(map["services"][1]["entities"], serde_json::json!(["Order"]));
        assert_eq!(
            map["declared"],
            serde_json::json!([{ "from": "billing", "to": "orders", "evidence": { "path": "billing/service.yaml", "line": 1 } }])
        );
        assert_eq!(map["domains"][1], serde_json::json!({ "name": "retail", "services": ["orders"] }));
    }
}
