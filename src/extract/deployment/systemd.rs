//! Units of systemd: a service that a machine runs, and the variables that it is given.

use super::{is_production, unit, variables, written};
use crate::discover::Kind;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{DeploymentTool, Fact, Shape};
use crate::source::{Location, last_part};

pub const EXTRACTOR: Extractor = Extractor { name: "systemd", wants, applies, extract };

fn wants(kind: Kind, path: &str) -> bool {
    is_production(kind) && path.ends_with(".service")
}

fn applies(input: &Input) -> bool {
    wants(input.kind, input.path) && input.text.contains("[Service]")
}

fn extract(input: &Input, output: &mut Output) {
    let Some(stem) = last_part(input.path).strip_suffix(".service") else { return };
    let Some(name) = written::spanned(stem.trim_end_matches('@'), Location::TOP) else { return };
    let mut found = unit(DeploymentTool::Platform, name, Shape::Process);
    for line in input.text.lines().take(1000) {
        let Some((key, value)) = line.split_once('=') else { continue };
        let value = value.trim();
        match key.trim() {
            "ExecStart" => {
                found.command = written::command_text(value.trim_start_matches(['-', '@', '+', '!']), input.place_of(value))
            }
            "Type" if value == "oneshot" => found.shape = Shape::Job,
            "Environment" => {
                for pair in pairs(value).into_iter().take(variables::MOST) {
                    let Some((name, text)) = pair.split_once('=') else { continue };
                    let place = if text.is_empty() { pair } else { text };
                    found.environment.extend(variables::variable(name, Some(text), input.place_of(place)));
                }
            }
            _ => {}
        }
    }
    if found.command.is_some() {
        output.facts.push(Fact::Deployment(found));
    }
}

/// `A=b "C=d e"`: what blanks separate, unless it stands in quotes.
fn pairs(value: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = value.trim_start();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
        let (pair, after) = match quote {
            Some(quote) => rest[1..].split_once(quote).unwrap_or((&rest[1..], "")),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        found.push(pair);
        rest = after.trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn services_of_machines_are_read() {
        check(
            "deploy/orders.service",
            "[Unit]\nDescription=Orders\n[Service]\nExecStart=/usr/bin/orders --port 80\nEnvironment=BILLING_URL=http://billing \"MODE=a b\"\n",
            "deployment at=1:1 tool=platform name=orders@1:1 shape=process command=/usr/bin/orders --port 80@4:11 \
             environment=[name=BILLING_URL at=5:25 value=text=http://billing, name=MODE at=5:46 value=text=a b]",
        );
        assert_eq!(read("a.service", "[Unit]\nEnvironment=A=b\n"), "");
    }
}
