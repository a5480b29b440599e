//! Pictures of the map: a map and the findings about it come in, the text of one form goes out.
//!
//! A form is one file and one row of [`DIAGRAMS`].

mod dot;
mod html;
mod mermaid;
mod structurizr;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use crate::diagnostic::Level;
use crate::evaluate::finding::{Finding, Report};
use crate::model::map::{Map, MapService, MapStore};

/// A form that a map can take.
pub struct Diagram {
    /// As `--format` takes it.
    pub name: &'static str,
    pub about: &'static str,
    pub write: fn(&Map, &Report, &mut dyn Write) -> io::Result<()>,
}

/// Every form but plain data.
pub static DIAGRAMS: &[Diagram] = &[
    Diagram { name: "mermaid", about: "a flowchart of Mermaid, for Markdown", write: mermaid::write },
    Diagram { name: "dot", about: "a graph of Graphviz", write: dot::write },
    Diagram { name: "structurizr", about: "a workspace of Structurizr (C4)", write: structurizr::write },
    Diagram { name: "html", about: "one page to look at and search, with the findings painted on it", write: html::write },
];

/// Services in groups: those of each domain by its name, then those of none.
fn groups(map: &Map) -> Vec<(Option<&str>, Vec<&MapService>)> {
    let mut named: BTreeMap<&str, Vec<&MapService>> = BTreeMap::new();
    let mut others = Vec::new();
    for service in drawn(map) {
        match &service.domain {
            Some(domain) => named.entry(domain).or_default().push(service),
            None => others.push(service),
        }
    }
    let mut groups: Vec<(Option<&str>, Vec<&MapService>)> =
        named.into_iter().map(|(name, services)| (Some(name), services)).collect();
    if !others.is_empty() {
        groups.push((None, others));
    }
    groups
}

/// What is drawn: services, and what else edges lead to or from; each name once.
fn drawn(map: &Map) -> impl Iterator<Item = &MapService> {
    let ends: BTreeSet<&str> = map.edges.iter().flat_map(|edge| [&*edge.from, &*edge.to]).collect();
    let mut seen = BTreeSet::new();
    map.services.iter().filter(move |service| {
        let plain = !matches!(service.role, Some("library" | "test" | "external" | "datastore" | "broker" | "other" | "loadgen"));
        (plain || ends.contains(&*service.name)) && seen.insert(&*service.name)
    })
}

/// Stores of a picture: all of them in a small system, in a larger one those of several services. An identifier stands before each.
fn stores(map: &Map) -> impl Iterator<Item = (String, &MapStore)> {
    let small = drawn(map).nth(SMALL).is_none();
    let shown = map.datastores.iter().enumerate().filter(move |(_, store)| small || store.used_by.len() > 1);
    shown.map(|(index, store)| (format!("store_{index}_"), store))
}

/// More services than these make a picture in which a store of a single service is no news.
const SMALL: usize = 40;

/// The most severe finding about each service, by its name; one about several is about each.
fn severities(report: &Report) -> BTreeMap<&str, Level> {
    let mut found: BTreeMap<&str, Level> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| is_open(finding)) {
        for service in &finding.services {
            let level = found.entry(service).or_insert(finding.level);
            *level = (*level).max(finding.level);
        }
    }
    found
}

/// True for a finding that nobody accepted.
fn is_open(finding: &Finding) -> bool {
    finding.waiver.is_none()
}

/// A name as an identifier: letters, digits and `_`, apart from those of all others by the number at its end.
fn identifiers(map: &Map) -> BTreeMap<&Arc<str>, String> {
    let name = |(index, service): (usize, &'_ MapService)| -> String {
        let plain: String = service.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        // What begins with a digit is a number to Graphviz.
        let begin = if plain.starts_with(|c: char| c.is_ascii_digit()) { "_" } else { "" };
        format!("{begin}{plain}_{index}")
    };
    let mut all = BTreeMap::new();
    for (index, service) in map.services.iter().enumerate() {
        all.entry(&service.name).or_insert_with(|| name((index, service)));
    }
    all
}

/// What stands at an edge: its kind where it is no plain call, and topics.
fn label(edge: &crate::model::map::MapEdge) -> String {
    let topics: Vec<&str> = edge.topics.iter().take(3).map(|topic| &**topic).collect();
    match (edge.kind, topics.is_empty()) {
        ("http", _) => String::new(),
        ("message", false) => topics.join(", "),
        (kind, _) => kind.to_owned(),
    }
}
