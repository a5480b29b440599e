//! `brickwork schema`: the JSON Schemas of the files that users write and read.

use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Args, builder::TypedValueParser};

use super::stdout::print;

/// Name, what the file is, and its schema, as the project publishes them.
pub const SCHEMAS: &[(&str, &str, &str)] = &[
    ("policy", "brickwork.yaml", include_str!("../../schemas/policy.schema.json")),
    ("rule", "a rule of your own", include_str!("../../schemas/rule.schema.json")),
    ("service", "service.yaml", include_str!("../../schemas/service.schema.json")),
    ("facts", "what `brickwork facts` prints", include_str!("../../schemas/facts.schema.json")),
    ("map", "what `brickwork map --format json` prints", include_str!("../../schemas/map.schema.json")),
    ("report", "what `brickwork check --format json` prints", include_str!("../../schemas/report.schema.json")),
];

#[derive(Args)]
pub struct Arguments {
    /// Which file's schema: policy, rule and service are written by users, facts, map and report are printed.
    #[arg(value_parser = PossibleValuesParser::new(SCHEMAS.iter().map(|(name, ..)| *name)).map(|name| name))]
    file: String,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let (_, _, text) = SCHEMAS.iter().find(|(name, ..)| *name == arguments.file).expect("clap takes these names only");
    print(|out| out.write_all(text.as_bytes()))
}
