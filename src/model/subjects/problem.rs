//! `problem`: what is wrong with an input file, as a diagnostic said it.

use std::sync::Arc;

use crate::model::datum::{Datum, Type};
use crate::model::subject::{Subject, field, object, objects};
use crate::model::{Model, Problem};

fn problem(model: &Model, row: u32) -> &Problem {
    &model.problems[row as usize]
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "problem",
        doc: "something wrong with a file that was read: each has the rule of its fault",
        fields: vec![
            field("fault", Type::Text, "what kind of thing is wrong; the id of the rule that reports it", |model, row| {
                Datum::Text(problem(model, row).diagnostic.fault.name().into())
            }),
            field("message", Type::Text, "what is wrong, in one line", |model, row| {
                Datum::Text(problem(model, row).diagnostic.message.as_str().into())
            }),
            field("help", Type::optional(Type::Text), "what to do next; null when there is no advice", |model, row| {
                Datum::optional(problem(model, row).diagnostic.help.as_deref().map(|help| Datum::Text(help.into())))
            }),
            field("mentions", Type::list(Type::Object("mention")), "places that explain it, its own among them", |model, row| {
                let start = model.mentions.partition_point(|mention| mention.problem < row);
                let end = model.mentions.partition_point(|mention| mention.problem <= row);
                objects("mention", start as u32..end as u32, true)
            }),
            field("path", Type::Text, "the file, below the checked folder", |model, row| Datum::text(path(model, row))),
            field("place", Type::Place, "where to mend it", |model, row| Datum::Place(problem(model, row).evidence)),
            field(
                "repository",
                Type::optional(Type::Object("repository")),
                "the repository of the file; null for a policy outside every repository",
                |model, row| Datum::optional(problem(model, row).repository.map(|index| object("repository", index))),
            ),
            field(
                "service",
                Type::Object("service"),
                "the service whose folder holds the file; unknown when none is known to",
                |model, row| Datum::known(problem(model, row).service.map(|index| object("service", index))),
            ),
        ],
        count: |model| model.problems.len() as u32,
        key: |model, row| path(model, row).to_string(),
        place: |model, row| Some(problem(model, row).evidence),
        services: |model, row| problem(model, row).service.into_iter().collect(),
        repository: |model, row| problem(model, row).repository,
    }
}

fn path(model: &Model, row: u32) -> &Arc<str> {
    &model.files[problem(model, row).evidence.file as usize].path
}
