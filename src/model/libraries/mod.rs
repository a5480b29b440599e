//! What well-known libraries are for: the knowledge behind "may there be operations or entities that nobody here reads?".
//!
//! A build tool and a library's name come in, its purposes come out; a library that is not known has none. Each file here is the
//! table of one ecosystem: groups of names by what they are for, each name once. A name that ends with `*` stands for all that
//! begin so, and the longest that fits counts: so a group without purposes excepts names from a shorter one.
//!
//! Where it can't be told whether a library stores or offers something, the table says that it does: then a count is unknown, and
//! not wrong.

mod bundler;
mod cargo;
mod composer;
mod dotnet;
mod go;
mod jvm;
mod mix;
mod npm;
mod python;

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::facts::BuildTool;

/// What a library is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Offers HTTP operations that an extractor here reads: the framework's name.
    Web(&'static str),
    /// Offers HTTP operations that nobody here reads.
    UnreadWeb,
    /// Offers or calls remote procedures.
    Rpc,
    /// Sends or receives messages.
    Messaging,
    /// Stores types that an extractor here reads: the library's name.
    Persistence(&'static str),
    /// Stores types that nobody here reads.
    UnreadPersistence,
    /// Talks to a store without types of its own: a driver, a query builder.
    Driver,
    /// Metrics or traces.
    Telemetry,
    /// Health checks.
    Probes,
    /// Routes requests to other services.
    Gateway,
    /// A server that other services need to run: registry, configuration, monitoring.
    Infra,
    /// A user interface in the browser or on a device.
    Ui,
    /// Makes load for others.
    Loadgen,
    /// Runs functions.
    Serverless,
    /// Writes an API description of the code when it is built or run.
    Describes,
    Test,
}

/// Purposes, and the names of libraries that have them.
type Group = (&'static [Purpose], &'static [&'static str]);

/// The table of one ecosystem, made to be asked.
struct Table {
    exact: FxHashMap<&'static str, &'static [Purpose]>,
    /// Beginnings of names without their `*`, sorted.
    beginnings: Vec<(&'static str, &'static [Purpose])>,
}

/// What a library is for; nothing for one that is not known.
pub fn of(tool: BuildTool, name: &str) -> &'static [Purpose] {
    static TABLES: [LazyLock<Table>; 9] = [
        LazyLock::new(|| Table::new(jvm::GROUPS)),
        LazyLock::new(|| Table::new(npm::GROUPS)),
        LazyLock::new(|| Table::new(go::GROUPS)),
        LazyLock::new(|| Table::new(dotnet::GROUPS)),
        LazyLock::new(|| Table::new(python::GROUPS)),
        LazyLock::new(|| Table::new(cargo::GROUPS)),
        LazyLock::new(|| Table::new(bundler::GROUPS)),
        LazyLock::new(|| Table::new(composer::GROUPS)),
        LazyLock::new(|| Table::new(mix::GROUPS)),
    ];
    let table = match tool {
        BuildTool::Maven | BuildTool::Gradle => 0,
        BuildTool::Npm => 1,
        BuildTool::Go => 2,
        BuildTool::Dotnet => 3,
        BuildTool::Python => 4,
        BuildTool::Cargo => 5,
        BuildTool::Bundler => 6,
        BuildTool::Composer => 7,
        BuildTool::Mix => 8,
    };
    TABLES[table].find(&normal(tool, name))
}

/// A name as the table writes it: what the ecosystem does not tell apart is one.
fn normal(tool: BuildTool, name: &str) -> Cow<'_, str> {
    match tool {
        // Artifacts for one version of Scala, or one platform of Kotlin.
        BuildTool::Maven | BuildTool::Gradle => {
            let name =
                ["_2.11", "_2.12", "_2.13", "_3", "-jvm"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
            Cow::Borrowed(name)
        }
        BuildTool::Go => Cow::Borrowed(without_version(name)),
        BuildTool::Dotnet | BuildTool::Composer => Cow::Owned(name.to_ascii_lowercase()),
        BuildTool::Cargo => Cow::Owned(name.replace('_', "-")),
        BuildTool::Npm | BuildTool::Python | BuildTool::Bundler | BuildTool::Mix => Cow::Borrowed(name),
    }
}

/// `github.com/a/b/v2` and `gopkg.in/b.v2` are versions of one module.
fn without_version(module: &str) -> &str {
    let is_version = |part: &str| {
        part.strip_prefix('v').is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let cut = |mark: char| module.rsplit_once(mark).filter(|(_, last)| is_version(last)).map(|(module, _)| module);
    cut('/').or_else(|| cut('.')).unwrap_or(module)
}

impl Table {
    fn new(groups: &'static [Group]) -> Self {
        let mut table = Table { exact: FxHashMap::default(), beginnings: Vec::new() };
        for &(purposes, names) in groups {
            for name in names {
                match name.strip_suffix('*') {
                    Some(beginning) => table.beginnings.push((beginning, purposes)),
                    None => drop(table.exact.insert(name, purposes)),
                }
            }
        }
        table.beginnings.sort_unstable_by_key(|(beginning, _)| *beginning);
        table
    }

    fn find(&self, name: &str) -> &'static [Purpose] {
        if let Some(purposes) = self.exact.get(name) {
            return purposes;
        }
        // The last beginning that is not after what is looked for is the longest that can fit. If it does not fit, nothing longer
        // than what both have in common does.
        let mut wanted = name;
        loop {
            let after = self.beginnings.partition_point(|(beginning, _)| *beginning <= wanted);
            let Some(&(beginning, purposes)) = after.checked_sub(1).and_then(|last| self.beginnings.get(last)) else {
                return &[];
            };
            if name.starts_with(beginning) {
                return purposes;
            }
            let common = beginning.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
            wanted = wanted.get(..common).unwrap_or("");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(BuildTool, &[Group]); 9] = [
        (BuildTool::Maven, jvm::GROUPS),
        (BuildTool::Npm, npm::GROUPS),
        (BuildTool::Go, go::GROUPS),
        (BuildTool::Dotnet, dotnet::GROUPS),
        (BuildTool::Python, python::GROUPS),
        (BuildTool::Cargo, cargo::GROUPS),
        (BuildTool::Bundler, bundler::GROUPS),
        (BuildTool::Composer, composer::GROUPS),
        (BuildTool::Mix, mix::GROUPS),
    ];

    #[test]
    fn names_are_sorted_and_stand_once() {
        for (tool, groups) in ALL {
            let mut known = FxHashMap::default();
            for (purposes, names) in groups {
                for pair in names.windows(2) {
                    assert!(pair[0] < pair[1], "{tool:?}: `{}` stands after `{}`", pair[1], pair[0]);
                }
                for name in *names {
                    assert!(known.insert(*name, purposes).is_none(), "{tool:?}: `{name}` stands twice");
                    assert_eq!(normal(tool, name), *name, "{tool:?}: a name that can't be found");
                    assert!(!name.trim_end_matches('*').contains('*'), "{tool:?}: `{name}` has more than a beginning");
                }
            }
        }
    }

    #[test]
    fn every_name_is_found() {
        for (tool, groups) in ALL {
            for (purposes, names) in groups {
                for name in *names {
                    assert_eq!(of(tool, name.trim_end_matches('*')), *purposes, "{tool:?}: {name}");
                }
            }
        }
    }

    #[test]
    fn the_longest_name_that_fits_counts() {
        use Purpose::*;
        let cases: [(BuildTool, &str, &[Purpose]); 16] = [
            (BuildTool::Gradle, "org.springframework.boot:spring-boot-starter-web", &[Web("spring")]),
            (BuildTool::Maven, "io.ktor:ktor-server-netty-jvm", &[Web("ktor")]),
            (BuildTool::Maven, "io.ktor:ktor-client-core", &[]),
            (BuildTool::Maven, "io.quarkus:quarkus-rest-client-jackson", &[]),
            (BuildTool::Maven, "com.typesafe.akka:akka-http_2.13", &[UnreadWeb]),
            (BuildTool::Npm, "express", &[Web("express")]),
            (BuildTool::Npm, "express-validator", &[]),
            (BuildTool::Go, "github.com/gofiber/fiber/v2", &[Web("fiber")]),
            (BuildTool::Go, "gopkg.in/gorilla/mux.v1", &[]),
            (BuildTool::Go, "go.opentelemetry.io/otel/sdk", &[Telemetry]),
            (BuildTool::Dotnet, "MASSTRANSIT.RabbitMQ", &[Messaging]),
            (BuildTool::Python, "fastapi", &[Web("fastapi"), Describes]),
            (BuildTool::Cargo, "sea_orm", &[Persistence("sea-orm")]),
            (BuildTool::Bundler, "rails", &[Web("rails"), Persistence("activerecord")]),
            (BuildTool::Composer, "Laravel/Framework", &[Web("laravel"), Persistence("eloquent")]),
            (BuildTool::Mix, "nothing", &[]),
        ];
        for (tool, name, expected) in cases {
            assert_eq!(of(tool, name), expected, "{name}");
        }
    }
}
