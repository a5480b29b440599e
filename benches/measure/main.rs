//! Measurements over data that is no part of this repository: `cargo bench --bench measure -- WHAT ARGUMENTS`.
//!
//! Each kind of measurement is a module beside this file. None of them runs as part of `cargo test`.

mod grammars;
mod lines;
mod openapi;
mod oracle;
mod speed;
mod tokens;

use anyhow::{Result, bail};

const USAGE: &str = "usage: cargo bench --bench measure -- WHAT ARGUMENTS
  lines DIR [TOKEI.json]                     count the lines of every file below DIR, beside those of another counter
  openapi DIR [--problems N] [--no-oracle]   read every API description below DIR and compare it with the `openapiv3` crate
  tokens DIR [MORE...]                       compare comments, literals and brackets of every file of code with `tree-sitter`
  speed DIR [MORE...]                        time how every file of code is read, in megabytes a second";

fn main() -> Result<()> {
    // Cargo adds `--bench` when it runs a target of this kind.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.split_first() {
        Some((what, rest)) if what == "openapi" => openapi::run(rest),
        Some((what, rest)) if what == "lines" => lines::run(rest),
        Some((what, rest)) if what == "speed" => speed::run(rest),
        Some((what, rest)) if what == "tokens" => tokens::run(rest),
        _ => bail!("{USAGE}"),
    }
}
