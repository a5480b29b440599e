//! A graph of Graphviz.

use std::io::{self, Write};

use super::{groups, label, severities};
use crate::diagnostic::Level;
use crate::evaluate::finding::Report;
use crate::model::map::Map;

pub(super) fn write(map: &Map, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let severities = severities(report);
    writeln!(out, "digraph services {{")?;
    writeln!(out, "  rankdir=LR; node [shape=box, style=rounded, fontname=Helvetica]; edge [fontname=Helvetica, fontsize=10];")?;
    for (index, (domain, services)) in groups(map).into_iter().enumerate() {
        if let Some(domain) = domain {
            writeln!(out, "  subgraph cluster_{index} {{ label={};", text(domain))?;
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
            writeln!(out, "    {} [label={}{shape}{colour}];", text(&service.name), text(&service.name))?;
        }
        if domain.is_some() {
            writeln!(out, "  }}")?;
        }
    }
    for edge in &map.edges {
        let style = match edge.kind {
            "message" => " style=dashed",
            "gateway" => " style=bold",
            _ => "",
        };
        writeln!(out, "  {} -> {} [label={}{style}];", text(&edge.from), text(&edge.to), text(&label(edge)))?;
    }
    for (index, store) in map.datastores.iter().enumerate() {
        writeln!(out, "  store_{index} [label={} shape=cylinder];", text(&store.name))?;
        for user in &store.used_by {
            writeln!(out, "  {} -> store_{index} [arrowhead=none, color=gray];", text(user))?;
        }
    }
    writeln!(out, "}}")
}

/// A quoted text (The DOT Language: in quotes only `"` and a backslash before it need one).
fn text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], " "))
}
