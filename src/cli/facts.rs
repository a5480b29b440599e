//! `brickwork facts`: everything that rules can see, as JSON; `check --with` joins it elsewhere.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::COULD_NOT_RUN;
use super::look::LookArguments;
use super::project::{PolicyInvalid, ProjectArguments};
use super::stdout::print_json;
use crate::facts::Facts;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    look: LookArguments,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut project = match arguments.project.open(&arguments.look)? {
        Ok(project) => project,
        Err(PolicyInvalid) => return Ok(ExitCode::from(COULD_NOT_RUN)),
    };
    let (_, repositories) = crate::read(&project.snapshot, &mut project.policy, project.joined, &|_| {});
    print_json(&Facts::new(repositories))
}
