//! The registry of subjects: one file each, in the order in which `brickwork rules --subjects` shows them.

mod api;
mod deploy_unit;
mod domain;
mod drift;
mod entity;
mod layer_group;
mod mention;
mod operation;
mod problem;
mod repository;
mod run;
mod service;
mod team;

use std::sync::LazyLock;

use super::subject::Subject;

/// Every subject there is.
pub fn all() -> &'static [Subject] {
    static SUBJECTS: LazyLock<Vec<Subject>> = LazyLock::new(|| {
        vec![
            service::subject(),
            deploy_unit::subject(),
            repository::subject(),
            api::subject(),
            operation::subject(),
            drift::subject(),
            entity::subject(),
            layer_group::subject(),
            domain::subject(),
            team::subject(),
            run::subject(),
            problem::subject(),
            mention::subject(),
        ]
    });
    &SUBJECTS
}

#[cfg(test)]
mod tests;
