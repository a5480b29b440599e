//! `Procfile`: the processes of an application, one a line.

use super::{is_production, unit, written};
use crate::discover::Kind;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{DeploymentTool, Fact, Shape};
use crate::source::last_part;

/// `Procfile.dev` and its like start what developers need beside the application.
pub const EXTRACTOR: Extractor = Extractor { name: "procfile", wants, applies: |input| wants(input.kind, input.path), extract };

fn wants(kind: Kind, path: &str) -> bool {
    is_production(kind) && last_part(path) == "Procfile"
}

fn extract(input: &Input, output: &mut Output) {
    for line in input.text.lines().take(200) {
        let Some((name, command)) = line.split_once(':') else { continue };
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || !name.chars().all(is_name) {
            continue;
        }
        let (at, command) = (input.place_of(name), command.trim());
        let Some(name) = written::spanned(name, at) else { continue };
        let shape = if &*name.value == "release" { Shape::Job } else { Shape::Process };
        let mut process = unit(DeploymentTool::Procfile, name, shape);
        process.context = Some(written::folder(input.path).into());
        process.command = written::command_text(command, input.place_of(command));
        output.facts.push(Fact::Deployment(process));
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::check;

    #[test]
    fn each_line_is_a_process() {
        check(
            "orders/Procfile",
            "# how it runs\nweb: bundle exec puma -p $PORT\nrelease: rake db:migrate\n: x\n",
            "deployment at=2:1 tool=procfile name=web@2:1 shape=process context=orders command=bundle exec puma -p $PORT@2:6
             deployment at=3:1 tool=procfile name=release@3:1 shape=job context=orders command=rake db:migrate@3:10",
        );
    }
}
