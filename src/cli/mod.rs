//! The command line: one file per command, and what they share about arguments.

mod check;
mod completions;
mod explain;
mod facts;
mod init;
mod look;
mod map;
mod new;
mod progress;
mod project;
mod rules;
pub mod schema;
mod stdout;
pub mod test;

use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};

/// The exit code of a run that found something at or above the fail level.
pub const FOUND: u8 = 1;
/// The exit code of a run that could not be made: bad arguments, a policy that does not load, a folder that can't be read.
pub const COULD_NOT_RUN: u8 = 2;

const EXIT_CODES: &str = "Exit codes: 0 nothing at or above the fail level, 1 findings, 2 could not run.";

/// Policy-as-code linter for service architectures: building blocks, not confetti.
///
/// Reads the manifests, code and API descriptions of one repository, or of a folder of many, builds the model of services, contracts and
/// owners, evaluates declarative policies over it, and reports with file, line, reason and next step.
#[derive(Parser)]
#[command(name = "brickwork", version, propagate_version = true, max_term_width = 120, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Lint a repository, or a folder of repositories.
    Check(check::Arguments),
    /// Write a brickwork.yaml from what is found.
    Init(init::Arguments),
    /// List rules, or what rules can ask about.
    Rules(rules::Arguments),
    /// Say why a rule exists, or why a finding was made.
    Explain(explain::Arguments),
    /// Run the examples of rules.
    Test(test::Arguments),
    /// Write the file of a new rule.
    New(new::Arguments),
    /// Print everything that rules can see, as JSON.
    Facts(facts::Arguments),
    /// Print the unified view of the system.
    Map(map::Arguments),
    /// Print the JSON Schema of a file that users write or read.
    Schema(schema::Arguments),
    /// Print completions for a shell.
    Completions(completions::Arguments),
    /// Print the manual page.
    Man,
}

/// Runs the command of the process's arguments.
pub fn run() -> Result<ExitCode> {
    match Arguments::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Facts(arguments) => facts::run(&arguments),
        Command::Map(arguments) => map::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments, Arguments::command()),
        Command::Man => completions::manual(Arguments::command()),
    }
}
