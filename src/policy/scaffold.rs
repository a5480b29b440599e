//! The text of a new rule: one that runs, with a page and examples that pass at once, to be changed piece by piece.

use super::form::ID;

/// The file of a new rule, or why its id is none.
pub fn rule(id: &str) -> Result<String, String> {
    (ID.check)(id).map_err(|complaint| match complaint.help {
        Some(help) => format!("{}; {help}", complaint.message),
        None => complaint.message,
    })?;
    Ok(TEXT.replace("{id}", id))
}

const TEXT: &str = r##"id: {id}
category: own
# What is wrong where the rule fires, in one lower-case line.
summary: a service has a name that says nothing
# Evaluated once for each; `brickwork rules --subjects` lists subjects and their fields.
subject: service
params:
  names: { default: [misc, stuff], doc: names that say nothing }
cases:
  - { level: warning, when: service.name in params.names }
message: "`{service.name}` does not say what the service does"
help: name it after its purpose
docs: |
  ## Why is this bad?
  Say what goes wrong when nobody mends it.

  ## How to fix
  Say what to do, step by step.

  ## When to accept
  Say when it is all right.
# `brickwork test` runs these. Each bad one has a good twin that differs in exactly what the rule is about.
examples:
  - name: a name that says nothing
    files:
      service.yaml: |
        name: misc
        kind: service
    expect:
      - { level: warning, at: "service.yaml:1", message: "`misc` does not say what the service does", services: [misc] }
  - name: a name that says something
    files:
      service.yaml: |
        name: invoices
        kind: service
    expect: []
"##;
