//! `brickwork completions` and `brickwork man`: both are drawn from the definition of the command line.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Command};
use clap_complete::Shell;

use super::stdout::print;

#[derive(Args)]
pub struct Arguments {
    /// The shell that completes.
    #[arg(value_enum)]
    shell: Shell,
}

pub fn run(arguments: &Arguments, mut command: Command) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "brickwork", &mut script);
    print(|out| out.write_all(&script))
}

/// One manual page: the program, then each command.
pub fn manual(command: Command) -> Result<ExitCode> {
    print(|page| {
        clap_mangen::Man::new(command.clone()).render(page)?;
        for subcommand in command.get_subcommands() {
            writeln!(page, ".SH BRICKWORK {}", subcommand.get_name().to_uppercase())?;
            let man = clap_mangen::Man::new(subcommand.clone());
            man.render_description_section(page)?;
            man.render_options_section(page)?;
        }
        Ok(())
    })
}
