//! `brickwork map`: the unified view of the system.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::COULD_NOT_RUN;
use super::look::LookArguments;
use super::project::{PolicyInvalid, ProjectArguments};
use super::stdout::print_json;
use crate::model::map::map;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// How the map is drawn.
    #[arg(long, default_value = "json")]
    format: Format,
    #[command(flatten)]
    look: LookArguments,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Services with what is known of them, as one JSON document.
    Json,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut project = match arguments.project.open(&arguments.look)? {
        Ok(project) => project,
        Err(PolicyInvalid) => return Ok(ExitCode::from(COULD_NOT_RUN)),
    };
    let (discovery, facts) = crate::read(&project.snapshot, &mut project.policy, project.joined, &|_| {});
    let model = crate::join(&project.snapshot, &discovery, facts, &project.policy);
    match arguments.format {
        Format::Json => print_json(&map(&model)),
    }
}
