//! Change logs of Liquibase in XML, YAML and JSON: the tables that they create. Those in SQL are scripts like others.

use std::sync::Arc;

use memchr::memmem;

use super::{MOST_COLUMNS, MOST_TABLES, Table, is_of_a_tool};
use crate::discover::{Kind, Role};
use crate::document::Node;
use crate::extract::{Extractor, Input, Output};

pub const EXTRACTOR: Extractor = Extractor { name: "liquibase", wants, applies, extract };

/// XML is opened for nothing else here: only where change logs are kept.
fn wants(kind: Kind, path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let places = ["changelog", "change-log", "change_log", "liquibase", "changeset", "migration"];
    kind.role == Role::Production && lower.ends_with(".xml") && places.iter().any(|place| lower.contains(place))
}

fn applies(input: &Input) -> bool {
    let is_document = input.path.ends_with(".xml") || input.syntax().is_some();
    input.kind.role == Role::Production && is_document && memmem::find(input.text.as_bytes(), b"databaseChangeLog").is_some()
}

fn extract(input: &Input, output: &mut Output) {
    if input.path.ends_with(".xml") {
        return xml(input, output);
    }
    let changes = input.tree().documents().filter_map(|root| root.get("databaseChangeLog")).flat_map(Node::items);
    let changes = changes.filter_map(|item| item.get("changeSet")?.get("changes")).flat_map(Node::items);
    for create in changes.filter_map(|change| change.get("createTable")).take(MOST_TABLES) {
        let Some(name) = create.get("tableName") else { continue };
        let columns = create.get("columns").into_iter().flat_map(Node::items).take(MOST_COLUMNS);
        let columns = columns.filter_map(|column| Some(Arc::from(column.get("column")?.get("name")?.scalar()?)));
        if let Some(text) = name.scalar().filter(|name| is_plain(name)) {
            let schema = create.get("schemaName").and_then(Node::scalar);
            let qualified = schema.filter(|schema| !schema.contains('$')).map(|schema| format!("{schema}.{text}"));
            let table = Table { name: text, qualified, columns: columns.collect() };
            output.facts.push(table.fact("liquibase", name.location()));
        }
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains('$') && !is_of_a_tool(name)
}

fn xml(input: &Input, output: &mut Output) {
    let text = input.text;
    let mut at = 0;
    // The table that is open, and its columns so far.
    let mut open: Option<Table> = None;
    while let Some(start) = memchr::memchr(b'<', &text.as_bytes()[at..]).map(|found| at + found) {
        let rest = &text[start..];
        if rest.starts_with("<!--") {
            at = memmem::find(rest.as_bytes(), b"-->").map_or(text.len(), |end| start + end + 3);
            continue;
        }
        let end = memchr::memchr(b'>', rest.as_bytes()).map_or(text.len(), |end| start + end + 1);
        let tag = &text[start..end];
        at = end;
        let name = tag.trim_start_matches('<').split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default();
        let name = name.trim_end_matches('/').rsplit(':').next().unwrap_or_default();
        match name {
            "createTable" if !tag.starts_with("</") => {
                let schema = attribute(tag, "schemaName").filter(|schema| !schema.contains('$'));
                open = attribute(tag, "tableName").map(|name| Table {
                    name,
                    qualified: schema.map(|schema| format!("{schema}.{name}")),
                    columns: Vec::new(),
                });
            }
            "column" => {
                if let (Some(table), Some(name)) = (&mut open, attribute(tag, "name"))
                    && table.columns.len() < MOST_COLUMNS
                {
                    table.columns.push(name.into());
                }
            }
            "/createTable" => {
                if let Some(table) = open.take().filter(|table| is_plain(table.name))
                    && output.facts.len() < MOST_TABLES
                {
                    let at = input.place_of(table.name);
                    output.facts.push(table.fact("liquibase", at));
                }
            }
            _ => {}
        }
    }
}

/// The value of an attribute of a tag.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let at = memmem::find_iter(tag.as_bytes(), name.as_bytes()).find(|&at| {
        at > 0 && tag.as_bytes()[at - 1].is_ascii_whitespace() && tag[at + name.len()..].trim_start().starts_with('=')
    })?;
    let value = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
    let mark = value.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    value[1..].split(mark).next()
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::{check, read};

    #[test]
    fn tables_of_change_logs_are_read() {
        check(
            "src/main/resources/db/changelog/001.xml",
            "<databaseChangeLog>\n<!-- <createTable tableName=\"no\"></createTable> -->\n<changeSet id=\"1\">\n\
             <createTable schemaName='shop' tableName=\"orders\">\n<column name=\"id\" type=\"int\"><constraints/></column>\n<column type=\"x\" name=\"total\"/>\n\
             </createTable>\n<addColumn tableName=\"orders\"><column name=\"x\"/></addColumn>\n</changeSet></databaseChangeLog>\n",
            "4 entity orders table shop.orders (id, total)",
        );
        check(
            "db/changelog.yaml",
            "databaseChangeLog:\n  - changeSet:\n      id: 1\n      changes:\n        - createTable:\n            tableName: orders\n            \
             columns:\n              - column: {name: id}\n              - column: {name: total}\n        - dropTable: {tableName: x}\n",
            "6 entity orders (id, total)",
        );
        assert_eq!(
            read("pom.xml", "<databaseChangeLog><createTable tableName=\"a\"></createTable></databaseChangeLog>"),
            "1 entity a ()"
        );
        assert_eq!(read("changelog.xml", "<databaseChangeLog><createTable tableName=\"${a}\"></createTable>"), "");
    }
}
