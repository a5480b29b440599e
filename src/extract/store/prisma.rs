//! Prisma schemas: models with their fields and tables. Views and composite types store nothing of their own.

use super::{MOST_COLUMNS, MOST_TABLES, Table};
use crate::discover::{Kind, Role};
use crate::extract::{Extractor, Input, Output};

pub const EXTRACTOR: Extractor = Extractor { name: "prisma", wants, applies: |input| wants(input.kind, input.path), extract };

fn wants(kind: Kind, path: &str) -> bool {
    kind.role == Role::Production && path.ends_with(".prisma")
}

fn extract(input: &Input, output: &mut Output) {
    let mut open: Option<Table> = None;
    for line in input.text.lines() {
        let line = line.split("//").next().unwrap_or(line).trim();
        let mut words = line.split_whitespace();
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let Some(model) = &mut open else {
            let name = second.trim_end_matches('{');
            if first == "model" && line.ends_with('{') && !name.is_empty() {
                open = Some(Table { name, qualified: None, columns: Vec::new() });
            }
            continue;
        };
        if line.starts_with('}') {
            if let Some(model) = open.take().filter(|_| output.facts.len() < MOST_TABLES) {
                let at = input.place_of(model.name);
                output.facts.push(model.fact("prisma", at));
            }
        } else if let Some(rest) = line.strip_prefix("@@map(") {
            model.qualified = rest.split('"').nth(1).map(str::to_owned);
        } else if first.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && !second.is_empty()
            && model.columns.len() < MOST_COLUMNS
        {
            model.columns.push(first.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn models_are_read_with_fields_and_tables() {
        check(
            "prisma/schema.prisma",
            "datasource db {\n  provider = \"postgresql\"\n}\n// model No {\nmodel User {\n  id    Int    @id // the key\n  posts Post[]\n\n  @@map(\"users\")\n  \
             @@index([id])\n}\nenum Role {\n  ADMIN\n}\nmodel Post{\n  id Int\n}\nview V {\n  id Int\n}\nmodel Open {\n",
            "5 entity User table users (id, posts)
             15 entity Post (id)",
        );
    }
}
