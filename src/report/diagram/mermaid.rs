//! A flowchart of Mermaid.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::{groups, identifiers, label, severities, stores};
use crate::diagnostic::Level;
use crate::evaluate::finding::Report;
use crate::model::map::Map;

/// Mermaid refuses more edges (`maxEdges`) and longer texts (`maxTextSize`) unless the page that shows them says otherwise.
const EDGES: usize = 500;
const CHARACTERS: usize = 50_000;

pub(super) fn write(map: &Map, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::new();
    services(map, report, &mut text)?;
    let edges = map.edges.len() + stores(map).map(|(_, store)| store.used_by.len()).sum::<usize>();
    let too_large = edges >= EDGES || text.len() >= CHARACTERS;
    if too_large && groups(map).iter().any(|(domain, _)| domain.is_some()) {
        return domains(map, report, out);
    }
    out.write_all(&text)
}

/// Every service, in a box of its domain.
fn services(map: &Map, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let ids = identifiers(map);
    let severities = severities(report);
    writeln!(out, "flowchart LR")?;
    for (index, (domain, services)) in groups(map).into_iter().enumerate() {
        if let Some(domain) = domain {
            writeln!(out, "  subgraph domain_{index}_ [\"{}\"]", text(domain))?;
        }
        for service in services {
            let (open, close) = shape(service.role);
            let class = class(severities.get(&*service.name).copied());
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
    for (id, store) in stores(map) {
        writeln!(out, "  {id}[(\"{}\")]", text(&store.name))?;
        for user in store.used_by.iter().filter_map(|user| ids.get(user)) {
            writeln!(out, "  {user} --- {id}")?;
        }
    }
    classes(out)
}

/// Each domain as one node, and how many dependencies there are between two of them.
fn domains(map: &Map, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let severities = severities(report);
    let groups = groups(map);
    let mut places = BTreeMap::new();
    writeln!(out, "flowchart LR")?;
    writeln!(
        out,
        "  %% {} services are more than Mermaid draws, so these are their domains; the html form shows all",
        map.services.len()
    )?;
    for (index, (domain, services)) in groups.iter().enumerate() {
        let worst = services.iter().filter_map(|service| severities.get(&*service.name)).max().copied();
        let name = text(domain.unwrap_or("no domain"));
        writeln!(out, "  domain_{index}_[\"{name}<br>{} services\"]{}", services.len(), class(worst))?;
        places.extend(services.iter().map(|service| (&*service.name, index)));
    }
    let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for edge in &map.edges {
        if let (Some(&from), Some(&to)) = (places.get(&*edge.from), places.get(&*edge.to))
            && from != to
        {
            *counts.entry((from, to)).or_default() += 1;
        }
    }
    let mut strongest: Vec<_> = counts.iter().map(|(pair, count)| (std::cmp::Reverse(count), pair)).collect();
    strongest.sort();
    let kept: BTreeSet<_> = strongest.into_iter().take(EDGES - 1).map(|(_, pair)| pair).collect();
    for (pair @ (from, to), count) in &counts {
        if kept.contains(pair) {
            writeln!(out, "  domain_{from}_ -->|\"{count}\"| domain_{to}_")?;
        }
    }
    classes(out)
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

fn class(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::Error) => ":::error",
        Some(Level::Warning) => ":::warning",
        _ => "",
    }
}

fn classes(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  classDef error stroke:#c62828,stroke-width:3px")?;
    writeln!(out, "  classDef warning stroke:#ef6c00,stroke-width:3px")
}

/// A text between quotes. `#` begins an entity, and a backtick would make it Markdown.
fn text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '#' | '"' | '&' | '<' | '>' | '`' | '\\' | '*' | '{' | '}' | '%' => {
                safe.push_str(&format!("#{};", u32::from(character)))
            }
            character if character.is_control() => safe.push(' '),
            character => safe.push(character),
        }
    }
    safe
}
