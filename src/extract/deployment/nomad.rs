//! Jobs of Nomad: tasks with their images, variables, and the names under which they are found.

use super::terraform::hcl::{self, Block};
use super::{is_production, unit, variables, written};
use crate::discover::Kind;
use crate::discover::language::Language;
use crate::extract::code::Code;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Deployment, DeploymentTool, Fact, Shape, Text};
use crate::source::last_part;

pub const EXTRACTOR: Extractor = Extractor { name: "nomad", wants, applies: |input| wants(input.kind, input.path), extract };

/// How many tasks of one file are read.
const MOST: usize = 200;

fn wants(kind: Kind, path: &str) -> bool {
    let name = last_part(path);
    is_production(kind) && (name.ends_with(".nomad") || name.ends_with(".nomad.hcl"))
}

fn extract(input: &Input, output: &mut Output) {
    let Some(language) = Language::from_name("HCL") else { return };
    let code = Code::new(language, input.path, input.text);
    for job in hcl::blocks(&code).iter().filter(|block| block.kind == "job") {
        let shape = match job.value("type").and_then(|value| value.text()) {
            Some("batch" | "sysbatch") => Shape::Job,
            _ => Shape::Process,
        };
        for group in job.find(&["group"]) {
            let of_group = group.find(&["service"]);
            let tasks = group.find(&["task"]);
            let is_only = tasks.len() == 1;
            for task in tasks.iter().take(MOST) {
                let read = read(task, shape, if is_only { &of_group } else { &[] });
                output.facts.extend(read.map(Fact::Deployment));
            }
        }
    }
}

fn read(task: &Block, shape: Shape, of_group: &[Block]) -> Option<Deployment> {
    let name = written::spanned(task.labels.last()?, task.code.at(task.at + task.labels.len()))?;
    let mut found = unit(DeploymentTool::Platform, name, shape);
    let text = |block: &Block, key: &str| -> Option<Text> {
        let value = block.value(key)?;
        written::spanned(value.text()?, value.code.location(value.range.clone()))
    };
    found.image = task.find(&["config"]).iter().find_map(|config| text(config, "image"));
    for environment in task.find(&["env"]) {
        let given = environment.attributes().into_iter().take(variables::MOST);
        found.environment.extend(
            given.filter_map(|(name, value)| variables::variable(name, value.text(), value.code.location(value.range.clone()))),
        );
    }
    let own = task.find(&["service"]);
    let names = own.iter().chain(of_group).filter_map(|service| text(service, "name"));
    let called = found.name.value.clone();
    found.aliases.extend(names.filter(|alias| alias.value != called).take(20));
    found.probed = Some(own.iter().chain(of_group).any(|service| !service.find(&["check"]).is_empty()));
    Some(found)
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::check;

    #[test]
    fn tasks_are_read() {
        check(
            "deploy/shop.nomad",
            r#"job "shop" {
  group "back" {
    service {
      name = "orders-api"
      port = "http"
      check { type = "http" }
    }
    task "orders" {
      driver = "docker"
      config { image = "acme/orders:1" }
      env {
        BILLING_URL = "http://billing.service.consul"
        DB_PASSWORD = "x"
      }
    }
  }
}
"#,
            "deployment at=8:10 tool=platform name=orders@8:10 shape=process image=acme/orders:1@10:24 probed=true \
             aliases=[orders-api@4:14] environment=[name=BILLING_URL at=12:23 value=text=http://billing.service.consul, \
             name=DB_PASSWORD at=13:23 value=unknown]",
        );
    }
}
