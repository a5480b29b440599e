//! `brickwork map`: the unified view of the system.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use clap::builder::PossibleValuesParser;

use super::COULD_NOT_RUN;
use super::look::LookArguments;
use super::project::{PolicyInvalid, ProjectArguments};
use super::stdout::{print, print_json};
use crate::date::Date;
use crate::model::map::map;
use crate::report::diagram::DIAGRAMS;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// How the map is drawn: json holds everything that is known; mermaid, dot and structurizr draw services and their dependencies; html
    /// is one page to look at and search, with the findings painted on it.
    #[arg(long, default_value = JSON, value_parser = PossibleValuesParser::new(names()))]
    format: String,
    #[command(flatten)]
    look: LookArguments,
}

const JSON: &str = "json";

fn names() -> Vec<&'static str> {
    std::iter::once(JSON).chain(DIAGRAMS.iter().map(|diagram| diagram.name)).collect()
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut project = match arguments.project.open(&arguments.look)? {
        Ok(project) => project,
        Err(PolicyInvalid) => return Ok(ExitCode::from(COULD_NOT_RUN)),
    };
    let Some(diagram) = DIAGRAMS.iter().find(|diagram| diagram.name == arguments.format) else {
        let (discovery, facts) = crate::read(&project.snapshot, &mut project.policy, project.joined, &|_| {});
        return print_json(&map(&crate::join(&project.snapshot, &discovery, facts, &project.policy)));
    };
    let run = crate::Run { joined: project.joined, today: Date::today(), waivers: true, progress: &|_| {} };
    let crate::Outcome { report, model } = crate::check(&project.snapshot, &mut project.policy, run);
    print(|out| (diagram.write)(&map(&model), &report, out))
}
