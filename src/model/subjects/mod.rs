//! The registry of subjects: one file each, in the order in which `brickwork rules --subjects` shows them.

mod api;
mod call_site;
mod chain;
mod clone;
mod cycle;
mod declaration;
mod dependency;
mod deploy_unit;
mod domain;
mod drift;
mod entity;
mod entity_family;
mod layer_group;
mod mention;
mod operation;
mod problem;
mod repository;
mod resource;
mod run;
mod service;
mod store;
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
            dependency::subject(),
            call_site::subject(),
            declaration::subject(),
            cycle::subject(),
            chain::subject(),
            store::subject(),
            resource::subject(),
            entity_family::subject(),
            clone::subject(),
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
