//! `brickwork init`: writes a `brickwork.yaml` from what is found.
//!
//! The default limits stay as they are: a policy that is fitted to what exists forbids nothing. What exists is printed beside them, as
//! comments, so that whoever reads it can decide.

use std::fmt::Write as _;
use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::COULD_NOT_RUN;
use super::look::LookArguments;
use super::project::{PolicyInvalid, ProjectArguments};
use super::stdout::print;
use crate::discover::Snapshot;
use crate::model::Model;
use crate::report::quantity::counted;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// Print the policy instead of writing it.
    #[arg(long)]
    print: bool,
    /// Overwrite a policy that is there.
    #[arg(long, conflicts_with = "print")]
    force: bool,
    #[command(flatten)]
    look: LookArguments,
}

const FILE: &str = "brickwork.yaml";

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut project = match arguments.project.open(&arguments.look)? {
        Ok(project) => project,
        Err(PolicyInvalid) => return Ok(ExitCode::from(COULD_NOT_RUN)),
    };
    let existing = project.policy.path.clone();
    if let (Some(existing), false, false) = (&existing, arguments.force, arguments.print) {
        bail!("`{existing}` is there already: `--print` shows what would be written, `--force` overwrites");
    }
    let (discovery, facts) = crate::read(&project.snapshot, &mut project.policy, project.joined, &|_| {});
    let model = crate::join(&project.snapshot, &discovery, facts, &project.policy);
    let text = policy_of(&model);
    if arguments.print {
        return print(|out| out.write_all(text.as_bytes()));
    }
    let root = project.snapshot.root().context("the folder is not on disk")?;
    let path = root.join(existing.as_deref().unwrap_or(FILE));
    fs::write(&path, text).with_context(|| format!("writing `{path}`"))?;
    print(|out| writeln!(out, "wrote {path}; read it, then run `brickwork check`"))
}

/// The policy for a model, as text with comments.
fn policy_of(model: &Model) -> String {
    let mut text = String::from(
        "# What a service is here. Every key is explained by the schema that `brickwork schema policy` prints;\n\
         # `brickwork rules` lists what is checked, `brickwork explain RULE` says why.\n\n",
    );
    let declared = model.services.iter().any(|service| !service.manifests.is_empty());
    let pack = if declared { "governed" } else { "recommended" };
    let why =
        if declared { "ownership, catalog and domains, too" } else { "needs no declarations; then `governed`, then `strict`" };
    let _ = writeln!(text, "extends: {pack}  # {why}\n");
    if model.organisation {
        text.push_str(
            "# Say `complete: true` when every service of the organisation is here: then \"nobody calls it\" can be said.\n",
        );
        text.push_str("fleet: { complete: false }\n\n");
    }
    distribution(model, &mut text);
    text.push_str("# rules:\n#   too-many-endpoints: { level: warning, params: { max: 60 } }\n\n");
    domains(model, &mut text);
    text.push_str("# waivers:\n#   - { rule: no-owner, subject: legacy-*, owner: \"@platform\", reason: retired in spring, until: 2027-06-30 }\n");
    text
}

/// What was found, beside which the limits can be judged.
fn distribution(model: &Model, text: &mut String) {
    let services = model.services.iter();
    let lines: Vec<u64> = services.filter_map(|service| service.code_lines).map(|count| count.value.into()).collect();
    let described = model.services.iter().filter(|service| !service.apis.is_empty());
    let operations: Vec<u64> =
        described.map(|service| service.apis.iter().map(|&api| model.apis[api as usize].operations.len() as u64).sum()).collect();
    let by_team: Vec<u64> = model.teams.iter().map(|team| team.services.len() as u64).filter(|&count| count > 0).collect();
    let by_domain: Vec<u64> =
        model.domains.iter().map(|domain| domain.services.len() as u64).filter(|&count| count > 0).collect();
    let found = counted(model.services.len() as u64, "service", "services");
    let place = counted(model.repositories.len() as u64, "repository", "repositories");
    let _ = writeln!(text, "# Found: {found} in {place}.");
    for (what, values) in [
        ("lines of code in a service", lines),
        ("described operations of a service", operations),
        ("services of an owner", by_team),
        ("services of a domain", by_domain),
    ] {
        if let Some(spread) = spread(values) {
            let _ = writeln!(text, "#   {what:34} {spread}");
        }
    }
    text.push('\n');
}

/// Least, median, ninth decile and most; none for nothing.
fn spread(mut values: Vec<u64>) -> Option<String> {
    values.sort_unstable();
    let at = |share: usize| values[(values.len() - 1) * share / 10];
    let least = values.first()?;
    Some(match values.len() {
        1 => format!("{least}"),
        _ => format!("{least} to {}, half at most {}, nine of ten at most {}", at(10), at(5), at(9)),
    })
}

/// Domains that are known stay where they are stated; an example shows how others are named.
fn domains(model: &Model, text: &mut String) {
    let without = model.services.iter().filter(|service| service.domain.is_none());
    let mut names: Vec<&str> = without.map(|service| &*service.name).collect();
    if names.is_empty() {
        return;
    }
    names.sort_unstable();
    let _ = writeln!(text, "# Nothing says which domain these belong to; name the domain by globs over names or folders.");
    for chunk in names.chunks(8).take(8) {
        let _ = writeln!(text, "#   {}", chunk.join(", "));
    }
    if names.len() > 64 {
        let _ = writeln!(text, "#   and {} more", names.len() - 64);
    }
    text.push_str("# domains:\n#   billing: { owner: billing-team, services: [\"invoice*\", \"tax-*\"] }\n\n");
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn a_spread_names_its_values() {
        assert_eq!(spread(Vec::new()), None);
        assert_eq!(spread(vec![7]), Some("7".into()));
        let hundred = spread((1..=101).rev().collect());
        assert_eq!(hundred, Some("1 to 101, half at most 51, nine of ten at most 91".into()));
    }
}
