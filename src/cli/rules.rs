//! `brickwork rules`: the rules that are switched on here, or what rules can ask about.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::COULD_NOT_RUN;
use super::look::LookArguments;
use super::project::{PolicyInvalid, ProjectArguments};
use super::stdout::print;
use crate::diagnostic::Level;
use crate::model::subject::Subject;
use crate::model::subjects;
use crate::policy::{Policy, Rule, expression, library};

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// List subjects with their fields and types instead: what rules can ask about.
    #[arg(long, conflicts_with_all = ["functions", "language"])]
    subjects: bool,
    /// List the functions of the expression language instead.
    #[arg(long, conflicts_with = "language")]
    functions: bool,
    /// Print the reference of the expression language instead.
    #[arg(long)]
    language: bool,
    /// List built-in rules that are switched off, too.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    look: LookArguments,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    if arguments.subjects {
        return print(|out| subjects::all().iter().try_for_each(|subject| write_subject(subject, out)));
    }
    if arguments.functions {
        return print(write_functions);
    }
    if arguments.language {
        return print(|out| write!(out, "{}", expression::reference()));
    }
    let project = match arguments.project.open(&arguments.look)? {
        Ok(project) => project,
        Err(PolicyInvalid) => return Ok(ExitCode::from(COULD_NOT_RUN)),
    };
    print(|out| write_rules(&project.policy, arguments.all, out))
}

/// The name of the highest level that a finding of the rule can have.
pub fn highest(rule: &Rule) -> &'static str {
    rule.highest_level().unwrap_or(Level::Note).name()
}

fn write_rules(policy: &Policy, all: bool, out: &mut dyn Write) -> io::Result<()> {
    let ids = policy.rules.iter().map(|rule| rule.id.len()).chain(library::rules().iter().map(|rule| rule.id.len()));
    let width = ids.max().unwrap_or(0);
    for rule in &policy.rules {
        writeln!(out, "{:width$}  {:7}  {}", rule.id, highest(rule), rule.summary)?;
    }
    if all {
        for rule in library::rules().iter().filter(|rule| policy.rules.iter().all(|on| *on.id != *rule.id)) {
            writeln!(out, "{:width$}  {:7}  `brickwork explain {}`", rule.id, "off", rule.id)?;
        }
    }
    writeln!(out, "\n`brickwork explain RULE` says why a rule exists and how to mend what it finds")
}

fn write_subject(subject: &Subject, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: {}", subject.name, subject.doc)?;
    let names = subject.fields.iter().map(|field| field.name.len()).max().unwrap_or(0);
    let types: Vec<String> = subject.fields.iter().map(|field| field.r#type.to_string()).collect();
    let width = types.iter().map(String::len).max().unwrap_or(0);
    for (field, r#type) in subject.fields.iter().zip(types) {
        writeln!(out, "  {:names$}  {type:width$}  {}", field.name, field.doc)?;
    }
    writeln!(out)
}

fn write_functions(out: &mut dyn Write) -> io::Result<()> {
    for function in expression::functions() {
        writeln!(out, "{}\n    {}", function.signature(), function.doc)?;
    }
    Ok(())
}
