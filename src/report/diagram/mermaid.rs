//! A flowchart of Mermaid.

use std::io::{self, Write};

use super::{groups, identifiers, label, severities};
use crate::diagnostic::Level;
use crate::evaluate::finding::Report;
use crate::model::map::Map;

pub(super) fn write(map: &Map, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let ids = identifiers(map);
    let severities = severities(report);
    writeln!(out, "flowchart LR")?;
    for (index, (domain, services)) in groups(map).into_iter().enumerate() {
        if let Some(domain) = domain {
            writeln!(out, "  subgraph domain_{index} [\"{}\"]", text(domain))?;
        }
        for service in services {
            let (open, close) = shape(service.role);
            let class = match severities.get(&*service.name) {
                Some(Level::Error) => ":::error",
                Some(Level::Warning) => ":::warning",
                _ => "",
            };
            writeln!(out, "    {}{open}\"{}\"{close}{class}", ids[&service.name], text(&service.name))?;
        }
        if domain.is_some() {
            writeln!(out, "  end")?;
        }
    }
    for edge in &map.edges {
        let (Some(from), Some(to)) = (ids.get(&edge.from), ids.get(&edge.to)) else { continue };
        let arrow = match edge.kind {
            "message" => "-.->",
            "gateway" => "==>",
            _ => "-->",
        };
        let label = label(edge);
        let label = if label.is_empty() { String::new() } else { format!("|\"{}\"|", text(&label)) };
        writeln!(out, "  {from} {arrow}{label} {to}")?;
    }
    for (index, store) in map.datastores.iter().enumerate() {
        writeln!(out, "  store_{index}[(\"{}\")]", text(&store.name))?;
        for user in &store.used_by {
            if let Some(user) = ids.get(user) {
                writeln!(out, "  {user} --- store_{index}")?;
            }
        }
    }
    writeln!(out, "  classDef error stroke:#c62828,stroke-width:3px")?;
    writeln!(out, "  classDef warning stroke:#ef6c00,stroke-width:3px")
}

fn shape(role: Option<&str>) -> (&'static str, &'static str) {
    match role {
        Some("gateway" | "bff" | "infra") => ("{{", "}}"),
        Some("ui") => ("([", "])"),
        Some("worker" | "job" | "function") => ("[[", "]]"),
        Some("datastore") => ("[(", ")]"),
        _ => ("[", "]"),
    }
}

/// A text between quotes.
fn text(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "#quot;").replace('<', "&lt;").replace('>', "&gt;").replace(['\n', '\r'], " ")
}
