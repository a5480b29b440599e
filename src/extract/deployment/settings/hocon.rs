//! HOCON, in which Akka, Play and Ktor are configured: keys and values line by line, blocks in braces, and what the environment may replace.
//!
//! `url = "http://a"` followed by `url = ${?URL}` comes out as `${URL:http://a}`. Values that go over several lines are left out.

use crate::discover::Kind;
use crate::extract::deployment::is_production;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Fact, Setting};
use crate::source::{Spanned, last_part};

use super::keep;

pub const EXTRACTOR: Extractor = Extractor { name: "hocon", wants, applies: |input| wants(input.kind, input.path), extract };

/// How many lines of one file are read, and how deep blocks may nest.
const MOST: usize = 20_000;
const DEEPEST: usize = 50;
/// Longer names of blocks are none.
const LONGEST: usize = 100;

fn wants(kind: Kind, path: &str) -> bool {
    let name = last_part(path);
    let is_named = ["application", "reference"].iter().any(|word| {
        name.strip_prefix(word)
            .and_then(|rest| rest.strip_suffix(".conf"))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']))
    });
    is_production(kind) && is_named
}

fn extract(input: &Input, output: &mut Output) {
    let mut blocks: Vec<&str> = Vec::new();
    let mut settings: Vec<Setting> = Vec::new();
    for line in input.text.lines().take(MOST) {
        let line = line.trim().trim_end_matches(',');
        if line.is_empty() || line.starts_with('#') || line.starts_with("//") {
            continue;
        }
        let mut rest = line;
        while let Some(inner) = rest.strip_prefix('}') {
            blocks.pop();
            rest = inner.trim_start();
        }
        if let Some(name) = rest.strip_suffix('{') {
            if blocks.len() < DEEPEST {
                let name = name.trim().trim_end_matches(['=', ':']).trim().trim_matches('"');
                blocks.push(if name.len() <= LONGEST { name } else { "" });
            }
            continue;
        }
        // A block that is closed in its own line says one thing at most.
        let (own, inner) = match rest.split_once('{').filter(|(name, _)| !name.contains(['=', '"', '$'])) {
            Some((name, inner)) if inner.trim_end().ends_with('}') => (Some(name.trim()), inner.trim_end().trim_end_matches('}')),
            _ => (None, rest),
        };
        let Some(at) = inner.find(['=', ':']) else { continue };
        let (key, value) = (inner[..at].trim().trim_matches('"'), inner[at + 1..].trim());
        let plain = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').map_or("", |(text, _)| text),
            None => [" //", " #"].iter().fold(value, |value, mark| value.split(mark).next().unwrap_or(value)).trim(),
        };
        if settings.len() >= super::MOST || key.is_empty() || plain.is_empty() || plain.starts_with('[') {
            continue;
        }
        let key = blocks.iter().copied().chain(own).chain([key]).collect::<Vec<_>>().join(".");
        add(input, key, plain, &mut settings);
    }
    if !settings.is_empty() {
        output.facts.push(Fact::Settings { settings });
    }
}

/// Adds a setting; what the environment may replace becomes the default of its variable.
fn add(input: &Input, key: String, value: &str, settings: &mut Vec<Setting>) {
    let variable = value.strip_prefix("${?").and_then(|inner| inner.strip_suffix('}'));
    let at = input.place_of(value);
    let Some(variable) = variable else {
        settings.extend(keep::setting(&key, value, at, None));
        return;
    };
    match settings.last_mut().filter(|last| *last.key == *key) {
        Some(last) => last.value = Spanned::new(format!("${{{variable}:{}}}", last.value.value).into(), at),
        None => settings.extend(keep::setting(&key, &format!("${{{variable}}}"), at, None)),
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::check;

    #[test]
    fn blocks_and_variables_are_read() {
        check(
            "src/main/resources/application.conf",
            "ktor {
  deployment {
    port = 8080
    port = ${?PORT}
    rootPath = /api
  }
}
orders.url = \"http://orders:8080\" # where
orders {
  url = ${?ORDERS_URL}
  password = x
  topic: placed
}
db { host = db-host }
list = [\"a\"]
",
            "settings settings=[key=ktor.deployment.port value=${PORT:8080}@4:12, key=ktor.deployment.rootPath \
             value=/api@5:16, key=orders.url value=${ORDERS_URL:http://orders:8080}@10:9, key=orders.topic value=placed@12:10, \
             key=db.host value=db-host@14:13]",
        );
    }
}
