//! The unified view of a system as plain data: what `brickwork map --format json` prints.
//!
//! A model comes in, a [`Map`] comes out. Names are those of the findings, so that one can be looked up in the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::settings::OwnerSource;
use super::{
    CallSite, Dependency, DependencyKind, Evidence, Forwarder, Kind, Model, Operation, Resolution, Service, Stated, Store, Target,
};

/// The services of a system, what they offer, who owns them, and how they depend on each other.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Map {
    /// Sorted by name. Libraries and other components that are no services are among them, told by their `role`.
    pub services: Vec<MapService>,
    /// Dependencies that were found in code and configuration, each with its evidence.
    pub edges: Vec<MapEdge>,
    /// Calls whose target is not known.
    pub unresolved: Vec<MapCall>,
    /// Hosts outside of the system that are called, and by whom.
    pub external: Vec<MapExternal>,
    /// Databases, caches and buckets, and the services that open them.
    pub datastores: Vec<MapStore>,
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

/// A dependency of one service on another: from the caller to the callee, from the sender of messages to the consumer. Where the
/// consumer's manifest declares what it needs, from the consumer to the sender, as the manifest does.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MapEdge {
    pub from: Arc<str>,
    pub to: Arc<str>,
    /// `http`, `grpc`, `message`, `gateway`, or `infra` for calls of what a system runs besides its services.
    pub kind: &'static str,
    /// The sender of messages; absent for calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<Arc<str>>,
    /// Topics, queues and types of messages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Arc<str>>,
    /// `METHOD /path`, procedures, or the paths that a gateway hands on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
    /// How its target was found: by the surest of its call sites.
    pub resolution: &'static str,
    /// True where the caller's manifest declares it; absent where the manifest declares nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<bool>,
    /// Where it is called, then the variables, settings and constants that told the target.
    pub evidence: Vec<MapPlace>,
}

/// A call whose target is not known.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MapCall {
    pub from: Arc<str>,
    pub kind: &'static str,
    /// What is known of the target; `…` for what is not.
    pub address: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    pub client: Arc<str>,
    #[serde(flatten)]
    pub place: MapPlace,
}

/// A host outside of the system.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MapExternal {
    pub host: Arc<str>,
    pub callers: Vec<Arc<str>>,
    pub evidence: Vec<MapPlace>,
}

/// A database, cache or bucket.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MapStore {
    pub name: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<Arc<str>>,
    pub host: Arc<str>,
    /// Absent where only the server is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<Arc<str>>,
    pub used_by: Vec<Arc<str>>,
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
    services.extend(objects(model));
    services.sort_by(|a, b| (&a.name, &a.root_dir).cmp(&(&b.name, &b.root_dir)));
    let names = |rows: &[u32]| rows.iter().map(|&row| Arc::clone(&model.services[row as usize].key)).collect();
    Map {
        services,
        edges: edges(model),
        unresolved: unresolved(model),
        external: external(model),
        datastores: datastores(model),
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

/// Objects of clusters that hand on, which are no services and no parts.
fn objects(model: &Model) -> Vec<MapService> {
    let mut found: Vec<MapService> = Vec::new();
    for forwarding in &model.forwardings {
        let Forwarder::Object(name) = &forwarding.from else { continue };
        if found.iter().any(|known| known.name == *name) || model.services.iter().any(|service| service.name == *name) {
            continue;
        }
        let repository = model.files[forwarding.evidence.file as usize].repository;
        let repository = repository.map_or_else(|| "".into(), |row| Arc::clone(&model.repositories[row as usize].name));
        let evidence = vec![place(model, forwarding.evidence)];
        found.push(MapService { name: Arc::clone(name), repository, role: Some("infra"), evidence, ..MapService::default() });
    }
    found
}

fn edges(model: &Model) -> Vec<MapEdge> {
    let mut edges: Vec<MapEdge> = model.dependencies.iter().map(|dependency| edge(model, dependency)).collect();
    for routes in model.forwardings.chunk_by(|a, b| (&a.from, a.to) == (&b.from, b.to)) {
        let from = match &routes[0].from {
            Forwarder::Service(service) => &model.services[*service as usize].key,
            Forwarder::Part(part) => &model.parts[*part as usize].name,
            Forwarder::Object(name) => name,
        };
        edges.push(MapEdge {
            from: Arc::clone(from),
            to: Arc::clone(&model.services[routes[0].to as usize].key),
            kind: "gateway",
            sender: None,
            topics: Vec::new(),
            operations: distinct(routes.iter().filter_map(|route| route.path.as_deref().map(str::to_owned))),
            resolution: Resolution::Settings.name(),
            declared: None,
            evidence: routes.iter().map(|route| place(model, route.evidence)).collect(),
        });
    }
    edges
}

fn edge(model: &Model, dependency: &Dependency) -> MapEdge {
    let sites: Vec<&CallSite> = dependency.sites.iter().map(|&site| &model.call_sites[site as usize]).collect();
    let message = dependency.kind == DependencyKind::Message;
    let topics = sites.iter().filter(|_| message).filter_map(|site| site.path.as_deref().map(str::to_owned));
    let operations = sites.iter().filter(|_| !message).filter_map(|site| operation(site));
    let told_by = sites.iter().flat_map(|site| &site.told_by).map(|&evidence| place(model, evidence));
    let mut evidence: Vec<MapPlace> = sites.iter().map(|site| place(model, site.evidence)).collect();
    for place in told_by {
        if !evidence.contains(&place) {
            evidence.push(place);
        }
    }
    evidence.dedup();
    let (mut from, mut to) = (dependency.from, dependency.to);
    // Where the consumer says what it needs, messages lead the way that it says: what is found and what is declared can be compared.
    if message && !model.services[to as usize].consumes.is_empty() {
        (from, to) = (to, from);
    }
    let caller = &model.services[from as usize];
    let is_infra = model.services[dependency.to as usize].kind == Some(Kind::Infra);
    MapEdge {
        from: Arc::clone(&caller.key),
        to: Arc::clone(&model.services[to as usize].key),
        kind: if is_infra { "infra" } else { dependency.kind.name() },
        sender: message.then(|| Arc::clone(&model.services[dependency.from as usize].key)),
        topics: distinct(topics).into_iter().map(Arc::from).collect(),
        operations: distinct(operations),
        resolution: sites.iter().map(|site| site.resolution).min().map_or("", Resolution::name),
        declared: (!caller.consumes.is_empty()).then(|| model.declares(from, to).is_some()),
        evidence,
    }
}

fn operation(site: &CallSite) -> Option<String> {
    let path = site.path.as_deref()?;
    Some(site.method.as_deref().map_or_else(|| path.to_owned(), |method| format!("{method} {path}")))
}

fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = texts.collect();
    all.sort();
    all.dedup();
    all
}

fn unresolved(model: &Model) -> Vec<MapCall> {
    let unknown = model.call_sites.iter().filter(|site| site.target == Target::Unknown);
    let call = |site: &CallSite| MapCall {
        from: Arc::clone(&model.services[site.caller as usize].key),
        kind: site.kind.name(),
        address: Arc::clone(&site.address),
        operation: operation(site),
        client: Arc::clone(&site.client),
        place: place(model, site.evidence),
    };
    unknown.map(call).collect()
}

fn external(model: &Model) -> Vec<MapExternal> {
    let mut hosts: BTreeMap<&Arc<str>, MapExternal> = BTreeMap::new();
    for site in model.call_sites.iter().filter(|site| site.target == Target::External) {
        let host = hosts.entry(&site.address).or_insert_with(|| MapExternal {
            host: Arc::clone(&site.address),
            callers: Vec::new(),
            evidence: Vec::new(),
        });
        let caller = &model.services[site.caller as usize].key;
        if !host.callers.contains(caller) {
            host.callers.push(Arc::clone(caller));
        }
        host.evidence.push(place(model, site.evidence));
    }
    hosts.into_values().collect()
}

fn datastores(model: &Model) -> Vec<MapStore> {
    let store = |store: &Store| MapStore {
        name: Arc::clone(&store.name),
        engine: store.engine.clone(),
        host: Arc::clone(&store.host),
        database: store.database.clone(),
        used_by: store.users.iter().map(|user| Arc::clone(&model.services[user.service as usize].key)).collect(),
        evidence: store.users.iter().map(|user| place(model, user.evidence)).collect(),
    };
    model.stores.iter().map(store).collect()
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
                "visibility": "internal", "tier": "core", "operations": ["GET /invoices/{id}", "GET /v1/orders/{id}"],
                "operations_complete": true, "entities": ["Order"], "evidence": [{ "path": "billing/service.yaml", "line": 1 }],
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
        assert_eq!(
            map["edges"][1],
            serde_json::json!({
                "from": "orders", "to": "billing", "kind": "http", "operations": ["GET /invoices/{}"], "resolution": "literal",
                "evidence": [{ "path": "orders/src/Client.java", "line": 1 }],
            })
        );
        assert_eq!(map["edges"][3]["topics"], serde_json::json!(["refunds.paid"]));
        assert_eq!(map["datastores"][0]["used_by"], serde_json::json!(["billing", "orders"]));
        assert_eq!(map["domains"][1], serde_json::json!({ "name": "retail", "services": ["orders"] }));
    }
}
