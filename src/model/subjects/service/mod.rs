//! `service`: named code with an owner and one purpose.

mod calls;

use crate::model::cohesion;
use crate::model::datum::{Datum, Type};
use crate::model::libraries::Purpose;
use crate::model::settings::OwnerSource;
use crate::model::subject::{Field, Subject, field, object, objects, place_or_null, places, stated_or_unknown, texts};
use crate::model::{Model, OperationKind, Service, owners, verbs};

fn service(model: &Model, row: u32) -> &Service {
    &model.services[row as usize]
}

pub(super) fn subject() -> Subject {
    let mut fields = identity();
    fields.extend(ownership());
    fields.extend(contents());
    fields.extend(declarations());
    fields.extend(calls::fields());
    Subject {
        name: "service",
        doc: "named code with an owner and one purpose, as a manifest, the catalog or the policy states it; a repository with production code that states nothing counts as one",
        fields,
        count: |model| model.services.len() as u32,
        key: |model, row| service(model, row).key.to_string(),
        place: |model, row| {
            let service = service(model, row);
            service.evidence.or(model.repositories[service.repository as usize].landmark)
        },
        services: |_, row| vec![row],
        repository: |model, row| Some(service(model, row).repository),
    }
}

/// What and where it is.
fn identity() -> Vec<Field> {
    vec![
        field("name", Type::Text, "the name", |model, row| Datum::text(&service(model, row).name)),
        field("repository", Type::Object("repository"), "the repository that holds it", |model, row| {
            object("repository", service(model, row).repository)
        }),
        field("small_team", Type::Bool, "the policy says that one small team owns everything", |model, _| {
            Datum::Bool(model.small_team)
        }),
        field("root", Type::Text, "its folder below the checked one; empty for the checked folder itself", |model, row| {
            Datum::text(&service(model, row).root)
        }),
        field(
            "kind",
            Type::Text,
            "`service`, `worker`, `gateway`, `bff`, `ui`, `job`, `function` or `infra`; unknown when nothing tells",
            |model, row| Datum::known(service(model, row).kind.map(|kind| Datum::Text(kind.name().into()))),
        ),
        field("units", Type::list(Type::Object("deploy_unit")), "the artefacts that deploy it", |model, row| {
            objects("deploy_unit", service(model, row).units.iter().copied(), true)
        }),
        field("siblings", Type::list(Type::Object("service")), "the other services of its repository", |model, row| {
            let others = &model.repositories[service(model, row).repository as usize].services;
            objects("service", others.iter().copied().filter(|&other| other != row), true)
        }),
        field(
            "elsewhere",
            Type::Bool,
            "a catalog describes it here, and its code lies in a repository that is not here",
            |model, row| Datum::Bool(service(model, row).elsewhere),
        ),
        field("has_manifest", Type::Bool, "a manifest or catalog entry describes it", |model, row| {
            Datum::Bool(!service(model, row).manifests.is_empty())
        }),
        field("manifests", Type::list(Type::Place), "the manifests and catalog entries that describe it", |model, row| {
            places(service(model, row).manifests.iter().copied())
        }),
        field("place", Type::optional(Type::Place), "where it is stated first", |model, row| {
            place_or_null(service(model, row).evidence)
        }),
    ]
}

fn ownership() -> Vec<Field> {
    vec![
        field(
            "owners",
            Type::list(Type::Object("team")),
            "who owns it by the most specific source that names an owner: policy, then catalog, then CODEOWNERS",
            |model, row| {
                let owners = service(model, row).effective_owners();
                objects("team", owners.iter().map(|owner| owner.team), true)
            },
        ),
        field("teams", Type::list(Type::Object("team")), "those of `owners` that are teams, not persons", |model, row| {
            objects("team", model.teams_of(&[row]), true)
        }),
        field(
            "owner_sources",
            Type::list(Type::Text),
            "which of `policy`, `catalog`, `codeowners` name an owner",
            |model, row| {
                let mut sources: Vec<&'static str> = service(model, row).owners.iter().map(|owner| owner.source.name()).collect();
                sources.dedup();
                Datum::list(sources.into_iter().map(|source| Datum::Text(source.into())))
            },
        ),
        field("policy_owners", Type::list(Type::Text), "owners that the policy names", |model, row| {
            named_by(model, row, OwnerSource::Policy)
        }),
        field("catalog_owners", Type::list(Type::Text), "owners that manifests and catalog name", |model, row| {
            named_by(model, row, OwnerSource::Catalog)
        }),
        field(
            "codeowners_owners",
            Type::list(Type::Text),
            "owners that the CODEOWNERS rule for its folder names",
            |model, row| named_by(model, row, OwnerSource::Codeowners),
        ),
        field(
            "owner_places",
            Type::list(Type::Place),
            "where owners are stated, one place for each source: policy, catalog, CODEOWNERS",
            |model, row| {
                let owners = &service(model, row).owners;
                places(owners.chunk_by(|a, b| a.source == b.source).map(|of_source| of_source[0].stated.evidence))
            },
        ),
        field(
            "owners_disagree",
            Type::Bool,
            "two sources name different teams; unknown where a person stands against a team, or fewer than two sources name an owner",
            |model, row| Datum::known(owners::disagree(model, service(model, row)).map(Datum::Bool)),
        ),
        field(
            "weakly_owned",
            Type::Bool,
            "nothing but a CODEOWNERS rule for everything (`*`) names its owner, and the repository holds other services too",
            |model, row| {
                let service = service(model, row);
                let shared = model.repositories[service.repository as usize].services.len() > 1;
                Datum::Bool(shared && !service.owners.is_empty() && service.owners.iter().all(|owner| owner.weak))
            },
        ),
    ]
}

/// Code and contracts.
fn contents() -> Vec<Field> {
    vec![
        field(
            "code_lines",
            Type::Int,
            "lines of production code below its folder, nested services left out; unknown when several services share the folder or the code lies elsewhere",
            |model, row| Datum::known(service(model, row).code_lines.map(|count| Datum::count(count.value, count.complete))),
        ),
        field("language", Type::Text, "the language of most of its production code; unknown when its code is", |model, row| {
            let most = service(model, row).languages.first();
            Datum::known(most.map(|(language, _)| Datum::Text(language.name().into())))
        }),
        field(
            "languages",
            Type::list(Type::Text),
            "languages of its production code, the largest first; unknown when its code is",
            |model, row| {
                let service = service(model, row);
                let names = || service.languages.iter().map(|(language, _)| Datum::Text(language.name().into()));
                Datum::known(service.code_lines.map(|_| Datum::list(names())))
            },
        ),
        field("apis", Type::list(Type::Object("api")), "API descriptions that it provides", |model, row| {
            objects("api", service(model, row).apis.iter().copied(), true)
        }),
        field(
            "operations",
            Type::list(Type::Object("operation")),
            "what it offers, each method and path once: what its code offers, and what its API descriptions say beside that where the code is not wholly known; a lower bound where neither is",
            |model, row| model.offered_by(row, |_| true),
        ),
        field(
            "business_operations",
            Type::list(Type::Object("operation")),
            "those of `operations` that serve its callers: without health, metrics, version and documentation",
            |model, row| model.offered_by(row, |operation| !operation.housekeeping),
        ),
        field(
            "code_operations",
            Type::list(Type::Object("operation")),
            "what its code offers; a lower bound where not all of it is read",
            |model, row| {
                let service = service(model, row);
                objects("operation", service.code_operations.iter().copied(), service.operations_complete)
            },
        ),
        field(
            "root_resources",
            Type::list(Type::Text),
            "the first words of the paths of `operations` after prefixes such as `/api/v1`, the most frequent first",
            |model, row| {
                let (rows, complete) = model.offers(row);
                let http = rows.into_iter().map(|index| &model.operations[index as usize]);
                let http: Vec<_> = http.filter(|operation| operation.kind == OperationKind::Http).cloned().collect();
                let resources = cohesion::root_resources(&http);
                Datum::List { items: resources.into_iter().map(|(name, _)| Datum::Text(name.into())).collect(), complete }
            },
        ),
        field(
            "entities",
            Type::list(Type::Object("entity")),
            "types that it stores; a lower bound where a library stores some that are not read",
            |model, row| {
                let service = service(model, row);
                objects("entity", service.entities.iter().copied(), service.entities_complete)
            },
        ),
        field(
            "frameworks",
            Type::list(Type::Text),
            "frameworks by which it offers operations, as far as its build file names them; unknown without a build file",
            |model, row| {
                let service = service(model, row);
                let mut names: Vec<&str> = service
                    .purposes
                    .iter()
                    .filter_map(|purpose| match purpose {
                        Purpose::Web(name) => Some(*name),
                        _ => None,
                    })
                    .collect();
                names.sort_unstable();
                names.dedup();
                let complete = !service.purposes.contains(&Purpose::UnreadWeb);
                let items = || names.into_iter().map(|name| Datum::Text(name.into())).collect();
                Datum::known(service.built.then(|| Datum::List { items: items(), complete }))
            },
        ),
        field(
            "describes_itself",
            Type::Bool,
            "a library writes its API description when it is built or run; unknown without a build file",
            |model, row| {
                let service = service(model, row);
                Datum::known(service.built.then(|| Datum::Bool(service.purposes.contains(&Purpose::Describes))))
            },
        ),
        field(
            "probed",
            Type::Bool,
            "a deployment file, a library or an operation of its own checks its health; unknown when nothing tells",
            |model, row| Datum::known(service(model, row).probed.map(Datum::Bool)),
        ),
        field(
            "observed",
            Type::Bool,
            "a library collects its metrics or traces, or an operation offers them; unknown without a build file",
            |model, row| {
                let service = service(model, row);
                let offers = service.code_operations.iter().any(|&index| {
                    let path = &model.operations[index as usize].path;
                    path.ends_with("metrics") || path.ends_with("prometheus")
                });
                match offers || service.purposes.contains(&Purpose::Telemetry) {
                    true => Datum::Bool(true),
                    false => Datum::known(service.built.then_some(Datum::Bool(false))),
                }
            },
        ),
        field(
            "verb",
            Type::optional(Type::Text),
            "the verb that it is called by where a sibling serves the thing that the verb is about; null otherwise",
            |model, row| Datum::optional(verbs::verb_name(model, row).map(|name| Datum::Text(name.verb.into()))),
        ),
        field(
            "noun_server",
            Type::optional(Type::Object("service")),
            "the sibling that serves the thing that its verb is about; null without one",
            |model, row| Datum::optional(verbs::verb_name(model, row).map(|name| object("service", name.noun_server))),
        ),
        field(
            "mixed_domains",
            Type::list(Type::Text),
            "declared domains that its operations and types belong to, each with a fifth of them or more; empty where no name tells one",
            |model, row| texts(&service(model, row).mixed_domains),
        ),
        field(
            "drifts",
            Type::list(Type::Object("drift")),
            "operations that only its code or only its description knows",
            |model, row| {
                let from = model.drifts.partition_point(|drift| drift.service < row);
                let to = model.drifts.partition_point(|drift| drift.service <= row);
                objects("drift", from as u32..to as u32, true)
            },
        ),
    ]
}

fn declarations() -> Vec<Field> {
    vec![
        field(
            "domain",
            Type::Object("domain"),
            "its domain: by policy, else catalog system and domain, else label; unknown when nothing tells",
            |model, row| Datum::known(service(model, row).domain.map(|index| object("domain", index))),
        ),
        field(
            "domain_place",
            Type::optional(Type::Place),
            "where its domain is stated; null when nothing states one",
            |model, row| place_or_null(service(model, row).domain_evidence),
        ),
        field("system", Type::Text, "the catalog's system; unknown when nothing tells", |model, row| {
            stated_or_unknown(&service(model, row).system)
        }),
        field(
            "lifecycle",
            Type::Text,
            "`production`, `experimental`, `deprecated`, ... as written; unknown when nothing tells",
            |model, row| stated_or_unknown(&service(model, row).lifecycle),
        ),
        field(
            "visibility",
            Type::Text,
            "who may call it, as the manifest or the policy says; unknown when nothing tells",
            |model, row| stated_or_unknown(&service(model, row).visibility),
        ),
        field("layer", Type::Text, "its layer, as the policy orders them; unknown where it gives it none", |model, row| {
            Datum::known(service(model, row).layer.map(|layer| Datum::text(&model.layers[layer as usize])))
        }),
        field("tier", Type::Text, "its tier, as the manifest or the policy says; unknown when nothing tells", |model, row| {
            stated_or_unknown(&service(model, row).tier)
        }),
        field(
            "split_reason",
            Type::optional(Type::Text),
            "why it is a service of its own; null when no reason is recorded",
            |model, row| Datum::optional(service(model, row).split.as_ref().map(|(split, _)| Datum::text(&split.reason.value))),
        ),
        field(
            "split_review",
            Type::optional(Type::Text),
            "the day on which the reason is to be looked at again; null when none is recorded",
            |model, row| {
                let review = service(model, row).split.as_ref().and_then(|(split, _)| split.review.as_ref());
                Datum::optional(review.map(|review| Datum::text(&review.value)))
            },
        ),
        field("annotations", Type::map(Type::Text), "annotations of its manifests", |model, row| {
            let annotations = service(model, row).annotations.iter();
            Datum::Map(annotations.map(|(key, value)| (key.clone(), Datum::text(&value.value))).collect())
        }),
        field(
            "consumes",
            Type::list(Type::Text),
            "services and APIs that its manifests say it needs, as written",
            |model, row| texts(service(model, row).consumes.iter().map(|stated| &stated.text)),
        ),
    ]
}

fn named_by(model: &Model, row: u32, source: OwnerSource) -> Datum {
    texts(service(model, row).owners_by(source).map(|owner| &model.teams[owner.team as usize].name))
}
