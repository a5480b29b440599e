//! `call_site`: a place where a service calls.

use crate::model::datum::{Datum, Type};
use crate::model::subject::{Field, Subject, field, object, places};
use crate::model::{CallSite, Model, Target, endpoints};

fn site(model: &Model, row: u32) -> &CallSite {
    &model.call_sites[row as usize]
}

fn callee(model: &Model, row: u32) -> Option<u32> {
    match site(model, row).target {
        Target::Service(service) => Some(service),
        _ => None,
    }
}

pub(super) fn subject() -> Subject {
    let mut fields = identity();
    fields.extend(circumstances());
    Subject {
        name: "call_site",
        doc: "a place where a service calls: a request, a remote procedure, a message sent",
        fields,
        count: |model| model.call_sites.len() as u32,
        key: |model, row| {
            let site = site(model, row);
            let file = &model.files[site.evidence.file as usize].path;
            let what = site.path.as_deref().unwrap_or("");
            // Calls of one thing in one file differ by nothing that would be the same tomorrow but their order.
            let before = model.call_sites[..row as usize]
                .iter()
                .rev()
                .take_while(|other| other.caller == site.caller && other.evidence.file == site.evidence.file);
            let nth = before
                .filter(|other| {
                    (&other.path, &other.address, other.kind, other.target) == (&site.path, &site.address, site.kind, site.target)
                })
                .count();
            let caller = &model.services[site.caller as usize].key;
            let callee = callee(model, row).map_or("", |callee| &model.services[callee as usize].key);
            let nth = if nth == 0 { String::new() } else { format!(" ({})", nth + 1) };
            format!("{caller}: {file}: {} {} {what} {callee}{nth}", site.kind.name(), site.address)
        },
        place: |model, row| Some(site(model, row).evidence),
        services: |model, row| [Some(site(model, row).caller), callee(model, row)].into_iter().flatten().collect(),
        repository: |model, row| model.files[site(model, row).evidence.file as usize].repository,
    }
}

fn identity() -> Vec<Field> {
    vec![
        field("caller", Type::Object("service"), "the service that calls", |model, row| {
            object("service", site(model, row).caller)
        }),
        field(
            "callee",
            Type::Object("service"),
            "the service that is called; unknown where nothing tells, or it is none",
            |model, row| Datum::known(callee(model, row).map(|callee| object("service", callee))),
        ),
        field("target", Type::Text, "`service`, `part` (a database or broker), `external` or `unknown`", |model, row| {
            let name = match site(model, row).target {
                Target::Service(_) => "service",
                Target::Part(_) => "part",
                Target::External => "external",
                Target::Unknown => "unknown",
            };
            Datum::Text(name.into())
        }),
        field("kind", Type::Text, "`http`, `grpc` or `message`", |model, row| Datum::Text(site(model, row).kind.name().into())),
        field("client", Type::Text, "the library that calls", |model, row| Datum::text(&site(model, row).client)),
        field("method", Type::Text, "`GET`, `POST`, ...; unknown where nothing tells, and where it is not HTTP", |model, row| {
            Datum::known(site(model, row).method.as_ref().map(Datum::text))
        }),
        field(
            "path",
            Type::Text,
            "the path below the host, the procedure, or the topic; `{}` for what is not known",
            |model, row| Datum::known(site(model, row).path.as_ref().map(Datum::text)),
        ),
        field(
            "address",
            Type::Text,
            "host and port, or what else is known of the target; `…` for what is not",
            |model, row| Datum::text(&site(model, row).address),
        ),
        field("place", Type::Place, "the call", |model, row| Datum::Place(site(model, row).evidence)),
    ]
}

fn circumstances() -> Vec<Field> {
    vec![
        field(
            "resolution",
            Type::Text,
            "how the target was found: `literal`, `constant`, `wrapper`, `default`, `settings`, `environment`, `implementation` or `topic`",
            |model, row| Datum::Text(site(model, row).resolution.name().into()),
        ),
        field("told_by", Type::list(Type::Place), "the variables, settings and constants that told the target", |model, row| {
            places(site(model, row).told_by.iter().copied())
        }),
        field(
            "hardcoded",
            Type::Bool,
            "the file of the call writes host and port, or a full host, of an internal service; defaults of variables do not count",
            |model, row| Datum::Bool(site(model, row).hardcoded),
        ),
        field(
            "limited",
            Type::Bool,
            "the call ends after a time of its own; unknown where the set-up of the client is not seen",
            |model, row| Datum::known(site(model, row).limited.map(Datum::Bool)),
        ),
        field(
            "offered",
            Type::Bool,
            "the callee offers what is called; unknown where its operations, or the path of the call, are not wholly known",
            |model, row| Datum::known(endpoints::is_offered(model, site(model, row)).map(Datum::Bool)),
        ),
        field(
            "operation",
            Type::Object("operation"),
            "the operation that is called; unknown where none is known",
            |model, row| Datum::known(site(model, row).operation.map(|operation| object("operation", operation))),
        ),
    ]
}
