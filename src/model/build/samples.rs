//! Systems for tests, each written as a few lines of text.
//!
//! A line without a bar names a repository (and its root); a line `PATH | WORD ...` adds a fact to a file of it:
//!
//! ```text
//! orders
//!     src/Main.java    | code 120
//!     catalog-info.yaml| entity Component orders type=service owner=team-a system=shop
//!     CODEOWNERS       | owners * @acme/team-a; /docs/ @acme/writers
//!     api/openapi.yaml | api title=Orders version=1.0; GET /v1/orders -> Order; POST /v1/orders Order
//! ```

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Fault};
use crate::facts::*;
use crate::source::{Location, Spanned};

/// The facts that the lines state.
pub fn facts(text: &str) -> Vec<RepositoryFacts> {
    let mut repositories: Vec<RepositoryFacts> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Some((path, fact)) = line.split_once('|') else {
            let (name, root) = line.split_once(' ').unwrap_or((line, line));
            let root = if root.trim() == "." { "" } else { root.trim() };
            repositories.push(RepositoryFacts { name: name.into(), root: root.into(), foreign: false, files: Vec::new() });
            continue;
        };
        let files = &mut repositories.last_mut().expect("a repository before its files").files;
        let path = path.trim();
        let index = files.iter().position(|file| *file.path == *path).unwrap_or_else(|| {
            files.push(FileFacts { path: path.into(), ..FileFacts::default() });
            files.len() - 1
        });
        add(&mut files[index], fact.trim());
    }
    repositories
}

fn add(file: &mut FileFacts, fact: &str) {
    let line = (file.facts.len() + file.problems.len() + 1) as u32;
    let at = Location { start: line * 10, end: line * 10 + 5, line, column: 1 };
    let (word, rest) = fact.split_once(' ').unwrap_or((fact, ""));
    match word {
        "code" | "test" => {
            let code = rest.parse().expect("a number of lines");
            file.lines = Some(Lines { code, production: word == "code", ..Lines::default() });
        }
        "landmark" => file.landmark = true,
        "problem" => file.problems.push(Diagnostic::new(Fault::ManifestInvalid, at, rest).label("here")),
        "limit" => file.problems.push(Diagnostic::new(Fault::LimitReached, at, rest)),
        "entity" => file.facts.push(Fact::Entity(entity(rest, at))),
        "manifest" => file.facts.push(Fact::Manifest(manifest(rest, at))),
        "owners" => file.facts.push(Fact::Owners(owners(rest, at))),
        "api" => file.facts.push(Fact::Api(api(rest, at))),
        "fragment" => file.facts.push(Fact::Fragment(fragment(rest, at))),
        word => panic!("no fact `{word}`"),
    }
}

/// The values of `key=value,value` words.
struct Words<'w> {
    text: &'w str,
    at: Location,
}

impl<'w> Words<'w> {
    fn all(&self, key: &str) -> Vec<Text> {
        let values = self.text.split_whitespace().filter_map(|word| word.split_once('=')).filter(|(known, _)| *known == key);
        values.flat_map(|(_, values)| values.split(',')).map(|value| Spanned::new(value.into(), self.at)).collect()
    }

    fn one(&self, key: &str) -> Option<Text> {
        self.all(key).into_iter().next()
    }

    /// `PREFIX.KEY=VALUE`.
    fn pairs(&self, prefix: &str) -> Vec<(Arc<str>, Text)> {
        let words = self.text.split_whitespace().filter_map(|word| word.strip_prefix(prefix)?.strip_prefix('.')?.split_once('='));
        words.map(|(key, value)| (key.into(), Spanned::new(value.into(), self.at))).collect()
    }
}

fn entity(text: &str, at: Location) -> CatalogEntity {
    let mut names = text.split_whitespace();
    let mut name = || Spanned::new(names.next().expect("kind and name").into(), at);
    let words = Words { text, at };
    CatalogEntity {
        at,
        kind: name(),
        name: name(),
        namespace: words.one("namespace"),
        r#type: words.one("type"),
        owner: words.one("owner"),
        system: words.one("system"),
        domain: words.one("domain"),
        lifecycle: words.one("lifecycle"),
        subcomponent_of: words.one("subcomponentOf"),
        depends_on: words.all("dependsOn"),
        dependency_of: words.all("dependencyOf"),
        consumes_apis: words.all("consumesApis"),
        provides_apis: words.all("providesApis"),
        annotations: words.pairs("annotation"),
        labels: words.pairs("label"),
        tags: Vec::new(),
        definition: words.one("definition").map(Definition::Reference),
        targets: words.all("targets"),
    }
}

fn manifest(text: &str, at: Location) -> ServiceManifest {
    let words = Words { text, at };
    let split = words.one("split").map(|reason| SplitRecord { at, reason, review: words.one("review"), note: None });
    ServiceManifest {
        at,
        name: words.one("name"),
        kind: words.one("kind"),
        domain: words.one("domain"),
        owner: words.one("owner"),
        lifecycle: words.one("lifecycle"),
        visibility: words.one("visibility"),
        tier: words.one("tier"),
        provides: words.all("provides"),
        consumes: words.all("consumes"),
        stores: words.all("stores"),
        split,
        annotations: words.pairs("annotation"),
    }
}

fn owners(text: &str, at: Location) -> CodeOwners {
    let rule = |rule: &str| {
        let mut words = rule.split_whitespace();
        let pattern = words.next().expect("a pattern").into();
        OwnerRule { at, pattern, owners: words.map(|owner| Spanned::new(owner.into(), at)).collect(), section: None }
    };
    CodeOwners { rules: text.split(';').map(rule).collect(), ..CodeOwners::default() }
}

/// `title=T version=V by=B; METHOD PATH [TYPE,...] [-> TYPE,...]; $ref PATH FILE POINTER; incomplete`.
fn api(text: &str, at: Location) -> ApiDescription {
    let mut parts = text.split(';').map(str::trim);
    let words = Words { text: parts.next().unwrap_or_default(), at };
    let mut description = ApiDescription {
        format: ApiFormat::Openapi30,
        at,
        title: words.one("title"),
        version: words.one("version"),
        versioned_by: words.one("by"),
        bases: Vec::new(),
        operations: Vec::new(),
        complete: true,
        references: Vec::new(),
    };
    for part in parts {
        match part.split_whitespace().collect::<Vec<_>>()[..] {
            ["incomplete"] => description.complete = false,
            ["$ref", path, file, pointer] => description.references.push(reference(at, path, file, pointer)),
            _ => description.operations.push(operation(part, at)),
        }
    }
    description
}

fn operation(text: &str, at: Location) -> Operation {
    let (left, responses) = text.split_once("->").unwrap_or((text, ""));
    let mut words = left.split_whitespace();
    let mut next = || words.next().unwrap_or_default();
    let (method, path, parameters) = (next().into(), next().into(), next());
    let types = |list: &str| list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(Into::into).collect();
    Operation {
        at,
        method,
        path,
        id: None,
        deprecated: false,
        parameter_types: types(parameters),
        response_types: types(responses),
    }
}

/// A pointer that ends in `*` means every path below it.
fn reference(at: Location, path: &str, file: &str, pointer: &str) -> FragmentReference {
    let (pointer, every_path) = pointer.strip_suffix("/*").map_or((pointer, false), |mapping| (mapping, true));
    let path = if path == "-" { "" } else { path };
    FragmentReference { at, path: path.into(), file: file.into(), pointer: pointer.trim_start_matches('#').into(), every_path }
}

/// `POINTER METHOD,METHOD; POINTER $ref FILE POINTER`.
fn fragment(text: &str, at: Location) -> ApiFragment {
    let mut fragment = ApiFragment::default();
    for part in text.split(';') {
        match part.split_whitespace().collect::<Vec<_>>()[..] {
            [pointer, "$ref", file, target] => fragment.references.push((pointer.into(), reference(at, "-", file, target))),
            [pointer, methods] => {
                let operations = methods.split(',').map(|method| operation(method, at)).collect();
                fragment.items.push((pointer.into(), operations));
            }
            _ => panic!("no path item: {part}"),
        }
    }
    fragment
}

/// Two repositories with something of everything.
pub fn fleet() -> Vec<RepositoryFacts> {
    facts(
        "orders
            README.md         | landmark
            src/main.java     | code 120
            catalog-info.yaml | entity Component orders type=service owner=team-a system=shop lifecycle=production providesApis=orders-api annotation.example.com/tier=core
            catalog-info.yaml | entity API orders-api type=openapi owner=team-a definition=./api/openapi.yaml
            catalog-info.yaml | entity System shop owner=team-a domain=retail
            CODEOWNERS        | owners * @acme/team-b @jane
            api/openapi.yaml  | api title=Orders version=1.0.0 by=/v1; GET /v1/orders -> Order; POST /v1/orders Order -> Order; GET /v1/carts
            broken.yaml       | problem it does not parse
        billing
            src/main.java     | code 80
            service.yaml      | manifest name=billing kind=worker owner=team-c domain=finance visibility=internal tier=core consumes=orders split=isolation review=2027-01-01",
    )
}
