//! `.env`, `.env.production`, `orders.env`: variables that Compose fills in, and that many applications load when they start.

use std::sync::Arc;

use crate::discover::Kind;
use crate::extract::deployment::{is_production, shell};
use crate::extract::{Extractor, Input, Output};
use crate::facts::Fact;
use crate::source::last_part;

use super::keep;

pub const EXTRACTOR: Extractor =
    Extractor { name: "environment", wants, applies: |input| wants(input.kind, input.path), extract };

fn wants(kind: Kind, path: &str) -> bool {
    is_production(kind) && profile(path).is_some()
}

/// The profile of a file of variables, empty for all; none for another file. `.env.example` and its like are for people to copy.
fn profile(path: &str) -> Option<&str> {
    let name = last_part(path);
    let rest = match name.strip_prefix(".env") {
        Some("") => return Some(""),
        Some(rest) => rest.strip_prefix(['.', '-', '_'])?,
        None => return name.ends_with(".env").then_some(""),
    };
    let copied = ["example", "sample", "template", "dist", "test", "vault", "schema", "keys", "tmpl", "md"];
    (!rest.split(['.', '-', '_']).any(|word| copied.contains(&word))).then_some(rest)
}

fn extract(input: &Input, output: &mut Output) {
    let mut settings = Vec::new();
    let profile = profile(input.path).filter(|profile| !profile.is_empty()).map(Arc::from);
    for line in input.text.lines() {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else { continue };
        let value = value.trim();
        // A comment may follow what is in no quotes.
        let value = if value.starts_with(['"', '\'']) {
            shell::unquoted(value)
        } else {
            value.split(" #").next().unwrap_or(value).trim()
        };
        if settings.len() < super::MOST {
            settings.extend(keep::variable(name.trim(), value, input.place_of(value), profile.clone()));
        }
    }
    if !settings.is_empty() {
        output.facts.push(Fact::Settings { settings });
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn variables_are_read_without_secrets() {
        check(
            "deploy/.env",
            "# where\nORDERS_DOCKERFILE=./src/orders/Dockerfile # here\nexport TAG=\"1.2\"\nDB_PASSWORD=x\nEMPTY=\n\
             DB_URL=postgres://a:b@db/orders\nbroken\n",
            "settings settings=[key=ORDERS_DOCKERFILE value=./src/orders/Dockerfile@2:19, key=TAG value=1.2@3:13, \
             key=DB_URL value=postgres://db/orders@6:8]",
        );
        check(".env.production", "A=b\n", "settings settings=[key=A value=b@1:3 profile=production]");
        check("env/orders.env", "A=b\n", "settings settings=[key=A value=b@1:3]");
        assert_eq!(read(".env.example", "A=b\n"), "");
        assert_eq!(read(".environment", "A=b\n"), "");
    }
}
