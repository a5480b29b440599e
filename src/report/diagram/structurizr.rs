//! A workspace of Structurizr: domains as groups of containers, stores as containers of their own.

use std::io::{self, Write};

use super::{groups, identifiers, label, severities};
use crate::diagnostic::Level;
use crate::evaluate::finding::Report;
use crate::model::map::{Map, MapService};

pub(super) fn write(map: &Map, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let ids = identifiers(map);
    let severities = severities(report);
    writeln!(out, "workspace {{")?;
    writeln!(out, "  !identifiers flat")?;
    writeln!(out, "  model {{")?;
    writeln!(out, "    system = softwareSystem \"System\" {{")?;
    for (domain, services) in groups(map) {
        if let Some(domain) = domain {
            writeln!(out, "      group \"{}\" {{", text(domain))?;
        }
        for service in services {
            let MapService { name, language, role, .. } = service;
            let (language, role) = (language.unwrap_or(""), role.unwrap_or("service"));
            let level = match severities.get(&**name) {
                Some(Level::Error) => ",error",
                Some(Level::Warning) => ",warning",
                _ => "",
            };
            writeln!(out, "        {} = container \"{}\" \"{role}\" \"{language}\" \"{role}{level}\"", ids[name], text(name))?;
        }
        if domain.is_some() {
            writeln!(out, "      }}")?;
        }
    }
    for (index, store) in map.datastores.iter().enumerate() {
        let engine = store.engine.as_deref().unwrap_or("");
        writeln!(
            out,
            "      store_{index}_ = container \"{}\" \"store\" \"{}\" \"store\"",
            text(&unique(map, index)),
            text(engine)
        )?;
    }
    writeln!(out, "    }}")?;
    for edge in &map.edges {
        let (Some(from), Some(to)) = (ids.get(&edge.from), ids.get(&edge.to)) else { continue };
        let label = label(edge);
        let label = if label.is_empty() { "calls" } else { &label };
        writeln!(out, "    {from} -> {to} \"{}\" \"{}\"", text(label), edge.kind)?;
    }
    for (index, store) in map.datastores.iter().enumerate() {
        for user in store.used_by.iter().filter_map(|user| ids.get(user)) {
            writeln!(out, "    {user} -> store_{index}_ \"stores in\"")?;
        }
    }
    writeln!(out, "  }}")?;
    writeln!(out, "  views {{")?;
    writeln!(out, "    container system \"services\" {{")?;
    writeln!(out, "      include *")?;
    writeln!(out, "      autoLayout lr")?;
    writeln!(out, "    }}")?;
    writeln!(out, "    styles {{")?;
    for (tag, style) in STYLES {
        writeln!(out, "      element \"{tag}\" {{")?;
        writeln!(out, "        {style}")?;
        writeln!(out, "      }}")?;
    }
    writeln!(out, "    }}")?;
    writeln!(out, "  }}")?;
    writeln!(out, "}}")
}

/// How containers with a tag look; a service has its role as one, and the level of the worst finding about it.
const STYLES: &[(&str, &str)] = &[
    ("store", "shape cylinder"),
    ("ui", "shape webBrowser"),
    ("gateway", "shape hexagon"),
    ("bff", "shape hexagon"),
    ("warning", "stroke #ef6c00"),
    ("error", "stroke #c62828"),
];

/// Containers of one system need names of their own.
fn unique(map: &Map, index: usize) -> String {
    let store = &map.datastores[index];
    let taken = map.services.iter().any(|service| service.name == store.name)
        || map.datastores[..index].iter().any(|other| other.name == store.name);
    if taken { format!("{} on {} ({index})", store.name, store.host) } else { store.name.to_string() }
}

/// A text between quotes. A backslash has no escape there, joins lines at an end and quotes the quote after it; `${` begins a variable.
fn text(text: &str) -> String {
    text.replace('\\', "/").replace('"', "'").replace("${", "$ {").replace(char::is_control, " ")
}
