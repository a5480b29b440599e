//! A workspace of Structurizr: domains as groups of containers, stores as containers of their own.

use std::io::{self, Write};

use super::{groups, identifiers, label};
use crate::evaluate::finding::Report;
use crate::model::map::{Map, MapService};

pub(super) fn write(map: &Map, _: &Report, out: &mut dyn Write) -> io::Result<()> {
    let ids = identifiers(map);
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
            writeln!(out, "        {} = container \"{}\" \"{role}\" \"{language}\" \"{role}\"", ids[name], text(name))?;
        }
        if domain.is_some() {
            writeln!(out, "      }}")?;
        }
    }
    for (index, store) in map.datastores.iter().enumerate() {
        let engine = store.engine.as_deref().unwrap_or("");
        writeln!(
            out,
            "      store_{index} = container \"{}\" \"store\" \"{}\" \"store\"",
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
            writeln!(out, "    {user} -> store_{index} \"stores in\"")?;
        }
    }
    writeln!(out, "  }}")?;
    writeln!(out, "  views {{")?;
    writeln!(out, "    container system \"services\" {{")?;
    writeln!(out, "      include *")?;
    writeln!(out, "      autoLayout lr")?;
    writeln!(out, "    }}")?;
    writeln!(out, "    styles {{")?;
    writeln!(out, "      element \"store\" {{")?;
    writeln!(out, "        shape cylinder")?;
    writeln!(out, "      }}")?;
    writeln!(out, "    }}")?;
    writeln!(out, "  }}")?;
    writeln!(out, "}}")
}

/// Containers of one system need names of their own.
fn unique(map: &Map, index: usize) -> String {
    let store = &map.datastores[index];
    let taken = map.services.iter().any(|service| service.name == store.name)
        || map.datastores[..index].iter().any(|other| other.name == store.name);
    if taken { format!("{} on {} ({index})", store.name, store.host) } else { store.name.to_string() }
}

fn text(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "'").replace(['\n', '\r'], " ")
}
