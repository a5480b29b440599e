//! `brickwork new rule ID`: writes a rule file that runs, with documentation and examples, to be changed piece by piece.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail};
use camino::Utf8PathBuf;
use clap::{Args, Subcommand};

use super::stdout::print;
use crate::policy::scaffold;

#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Write the file of a new rule.
    Rule {
        /// The rule's id, which names the bad thing: `shared-database`.
        id: String,
        /// The folder to write to.
        #[arg(long, default_value = "rules")]
        folder: Utf8PathBuf,
    },
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let What::Rule { id, folder } = &arguments.what;
    let text = scaffold::rule(id).map_err(|error| anyhow!(error))?;
    let path = folder.join(format!("{id}.yaml"));
    if path.exists() {
        bail!("`{path}` exists already: change that file, or choose another id");
    }
    fs::create_dir_all(folder).with_context(|| format!("making the folder `{folder}`"))?;
    fs::write(&path, text).with_context(|| format!("writing `{path}`"))?;
    print(|out| {
        writeln!(out, "wrote {path}; run its examples with `brickwork test {path}`, and switch it on in `brickwork.yaml`")
    })
}
