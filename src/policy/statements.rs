//! What a policy states of the system rather than of rules: services, domains, layers, the fleet; and the findings it accepts.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::decode::{Problems, entries, place_of, texts};
use super::load::File;
use super::{Policy, Waiver};
use crate::document::Node;
use crate::facts::{SplitRecord, Text};
use crate::model::Kind;
use crate::model::settings::{DeclaredDomain, DeclaredLayer, DeclaredService};
use crate::source::Spanned;

/// Adds what one file states. Files come in order, the one with the last word first: what a later one repeats is passed over.
pub fn read(file: &mut File, policy: &mut Policy) {
    let Some(root) = file.root else { return };
    let path = &file.layer.path;
    let known: FxHashSet<Arc<str>> = policy.settings.services.iter().map(|service| Arc::clone(&service.name.value)).collect();
    policy.settings.services.extend(services(root, path, "").filter(|service| !known.contains(&service.name.value)));
    let known: FxHashSet<Arc<str>> = policy.settings.domains.iter().map(|domain| Arc::clone(&domain.name.value)).collect();
    policy.settings.domains.extend(domains(root, path, "").filter(|domain| !known.contains(&domain.name.value)));
    if policy.settings.layers.is_empty() {
        let layers = root.get("layers").into_iter().flat_map(Node::items);
        policy.settings.layers.extend(layers.filter_map(|layer| {
            Some(DeclaredLayer {
                path: Arc::clone(path),
                name: text(layer, "name")?,
                services: all_texts(layer.get("services")),
                tiers: all_texts(layer.get("tiers")),
            })
        }));
    }
    let fleet = root.get("fleet");
    if policy.discovery.repositories.is_empty() {
        policy.discovery.repositories = strings(fleet.and_then(|fleet| fleet.get("repositories")));
    }
    policy.discovery.exclude.extend(strings(root.get("exclude")));
    // A word once said counts: a file that extends another may say more than it, not take it back.
    policy.settings.fleet_complete |= fleet.and_then(|fleet| fleet.get("complete")).and_then(Node::bool) == Some(true);
    policy.settings.small_team |= root.get("small_team").and_then(Node::bool) == Some(true);
    let waivers = waivers(root, "", &file.problems);
    for (waiver, node) in waivers {
        if let Some(rule) = node.get("rule").filter(|_| !policy.is_known(&waiver.rule)) {
            file.problems.unknown_rule(rule, &waiver.rule, policy.known_rules.iter().map(|rule| &**rule));
        }
        policy.waivers.push(Waiver { origin: file.own_origin(node), ..waiver });
    }
}

/// `services:` of a file that may speak about the folder `scope`; empty for all.
pub fn services(root: Node<'_>, path: &Arc<str>, scope: &str) -> impl Iterator<Item = DeclaredService> {
    let items = root.get("services").into_iter().flat_map(Node::items);
    items.filter_map(move |node| {
        Some(DeclaredService {
            path: Arc::clone(path),
            at: place_of(node),
            scope: scope.into(),
            name: text(node, "name")?,
            root: text(node, "root").map(|root| Spanned { value: below(scope, &root.value), at: root.at }),
            kind: node.get("kind").and_then(Node::text).and_then(Kind::from_name),
            owner: text(node, "owner"),
            domain: text(node, "domain"),
            visibility: text(node, "visibility"),
            tier: text(node, "tier"),
            split: node.get("split").and_then(split),
        })
    })
}

/// A folder as a file writes it, below the folder that the file speaks about: without `./` and the last `/`.
fn below(scope: &str, folder: &str) -> Arc<str> {
    let parts = scope.split('/').chain(folder.split('/')).filter(|part| !part.is_empty() && *part != ".");
    parts.collect::<Vec<_>>().join("/").into()
}

fn split(node: Node) -> Option<SplitRecord> {
    Some(SplitRecord {
        at: place_of(node),
        reason: text(node, "reason")?,
        review: text(node, "review"),
        note: text(node, "note"),
    })
}

/// `domains:` of a file that may speak about the folder `scope`; empty for all.
pub fn domains(root: Node<'_>, path: &Arc<str>, scope: &str) -> impl Iterator<Item = DeclaredDomain> {
    entries(root.get("domains")).map(move |(name, key, node)| DeclaredDomain {
        path: Arc::clone(path),
        scope: scope.into(),
        name: Spanned { value: name.into(), at: key.location() },
        owner: text(node, "owner"),
        services: all_texts(node.get("services")),
    })
}

/// `waivers:` of a file that may accept findings below the folder `scope`, with their nodes.
pub fn waivers<'d>(root: Node<'d>, scope: &str, problems: &Problems) -> Vec<(Waiver, Node<'d>)> {
    let mut waivers = Vec::new();
    for node in root.get("waivers").into_iter().flat_map(Node::items) {
        let text = |key: &str| node.get(key).and_then(Node::text);
        let (Some(id), Some(subject)) = (text("rule"), text("subject")) else { continue };
        let waiver = Waiver {
            rule: id.into(),
            subject: subject.into(),
            scope: scope.into(),
            owner: text("owner").unwrap_or_default().to_owned(),
            reason: text("reason").unwrap_or_default().to_owned(),
            until: text("until").map(Arc::from),
            origin: super::Origin { path: Arc::clone(&problems.path), at: place_of(node) },
        };
        waivers.push((waiver, node));
    }
    waivers
}

fn text(node: Node, key: &str) -> Option<Text> {
    let found = node.get(key)?.spanned_text()?;
    Some(Spanned { value: found.value.into(), at: found.at })
}

fn all_texts(node: Option<Node>) -> Vec<Text> {
    texts(node).into_iter().map(|(text, node)| Spanned { value: text.into(), at: node.location() }).collect()
}

fn strings(node: Option<Node>) -> Vec<String> {
    texts(node).into_iter().map(|(text, _)| text.to_owned()).collect()
}
