//! Prisma schemas: models with their fields and tables. Views and composite types store nothing of their own.

use std::sync::Arc;

use super::{MOST_COLUMNS, MOST_TABLES, table};
use crate::discover::{Kind, Role};
use crate::extract::{Extractor, Input, Output};

pub const EXTRACTOR: Extractor = Extractor { name: "prisma", wants, applies: |input| wants(input.kind, input.path), extract };

fn wants(kind: Kind, path: &str) -> bool {
    kind.role == Role::Production && path.ends_with(".prisma")
}

fn extract(input: &Input, output: &mut Output) {
    let mut model: Option<(&str, Vec<Arc<str>>, Option<String>)> = None;
    for line in input.text.lines() {
        let line = line.split("//").next().unwrap_or(line).trim();
        let mut words = line.split_whitespace();
        match &mut model {
            None => {
                let mut words = words.map(|word| word.trim_end_matches('{'));
                if let (Some("model"), Some(name)) = (words.next(), words.next())
                    && line.ends_with('{')
                    && !name.is_empty()
                {
                    model = Some((name, Vec::new(), None));
                }
            }
            Some((name, fields, mapped)) => {
                if line.starts_with('}') {
                    if output.facts.len() < MOST_TABLES {
                        let at = input.place_of(name);
                        output.facts.push(table("prisma", name, mapped.take(), at, std::mem::take(fields)));
                    }
                    model = None;
                } else if let Some(rest) = line.strip_prefix("@@map(") {
                    *mapped = rest.split('"').nth(1).map(str::to_owned);
                } else if let Some(field) = words.next().filter(|_| words.next().is_some() && fields.len() < MOST_COLUMNS) {
                    if field.starts_with(|c: char| c.is_alphabetic() || c == '_') {
                        fields.push(field.into());
                    }
                }
            }
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
