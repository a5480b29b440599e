//! A graph of Graphviz.

use std::io::{self, Write};

use super::{groups, identifiers, label, severities, stores};
use crate::diagnostic::Level;
use crate::evaluate::finding::Report;
use crate::model::map::Map;

pub(super) fn write(map: &Map, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let ids = identifiers(map);
    let severities = severities(report);
    writeln!(out, "digraph services {{")?;
    writeln!(
        out,
        "  rankdir=LR; ranksep=0.8; newrank=true; node [shape=box, style=rounded, fontname=Helvetica]; edge [fontname=Helvetica, fontsize=10];"
    )?;
    for (index, (domain, services)) in groups(map).into_iter().enumerate() {
        if let Some(domain) = domain {
            writeln!(
                out,
                "  subgraph cluster_{index} {{ label={}; style=rounded; color=gray; fontname=Helvetica;",
                text(domain)
            )?;
        }
        for service in services {
            let shape = match service.role {
                Some("gateway" | "bff" | "infra") => " shape=hexagon",
                Some("ui") => " shape=oval",
                Some("datastore") => " shape=cylinder",
                _ => "",
            };
            let colour = match severities.get(&*service.name) {
                Some(Level::Error) => " color=\"#c62828\" penwidth=2",
                Some(Level::Warning) => " color=\"#ef6c00\" penwidth=2",
                _ => "",
            };
            writeln!(out, "    {} [label={}{shape}{colour}];", ids[&service.name], text(&service.name))?;
        }
        if domain.is_some() {
            writeln!(out, "  }}")?;
        }
    }
    for edge in &map.edges {
        let (Some(from), Some(to)) = (ids.get(&edge.from), ids.get(&edge.to)) else { continue };
        let style = match edge.kind {
            "message" => " style=dashed",
            "gateway" => " style=bold",
            _ => "",
        };
        writeln!(out, "  {from} -> {to} [label={}{style}];", text(&label(edge)))?;
    }
    for (id, store) in stores(map) {
        writeln!(out, "  {id} [label={} shape=cylinder];", text(&store.name))?;
        for user in store.used_by.iter().filter_map(|user| ids.get(user)) {
            writeln!(out, "  {user} -> {id} [arrowhead=none, color=gray];")?;
        }
    }
    writeln!(out, "}}")
}

/// A quoted text. In labels a backslash begins an escape and `&` an entity of HTML.
fn text(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace(char::is_control, " "))
}
