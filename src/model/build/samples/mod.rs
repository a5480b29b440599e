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

mod calls;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Fault};
use crate::extract::deployment::unit;
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
        // `HASH COUNT`: so many windows, the first with that hash.
        "shapes" => {
            let (first, count) = rest.split_once(' ').expect("a hash and a count");
            let first: u64 = first.parse().expect("a number");
            let shape = |at: u32| CodeShape { hash: first + u64::from(at), first: at + 1, last: at + 6, tokens: 40 };
            file.shapes = (0..count.parse().expect("a number")).map(shape).collect();
        }
        "landmark" => file.landmark = true,
        "problem" => file.problems.push(Diagnostic::new(Fault::ManifestInvalid, at, rest).label("here")),
        "limit" => file.problems.push(Diagnostic::new(Fault::LimitReached, at, rest)),
        "entity" => file.facts.push(Fact::Entity(entity(rest, at))),
        "manifest" => file.facts.push(Fact::Manifest(manifest(rest, at))),
        "owners" => file.facts.push(Fact::Owners(owners(rest, at))),
        "api" => file.facts.push(Fact::Api(api(rest, at))),
        "fragment" => file.facts.push(Fact::Fragment(fragment(rest, at))),
        "routes" => file.facts.push(Fact::Routing(routing(rest, at))),
        "handler" => {
            let (kind, name) = rest.split_once(' ').expect("kind and name");
            let kind = serde_json::from_value(kind.into()).expect("a kind of handler");
            let name = Value::Literal(name.into());
            file.facts.push(Fact::Handler(Handler { at, kind, framework: "sample".into(), name }));
        }
        "stores" => {
            let mut words = rest.split_whitespace();
            let name = words.next().expect("a name").into();
            let words = Words { text: rest, at };
            let table = words.one("table").map(|table| Value::Literal(table.value));
            let fields = std::iter::once("id".into()).chain(words.all("field").into_iter().map(|text| text.value)).collect();
            file.facts.push(Fact::Persistent(Entity { at, name, library: "jpa".into(), table, fields }));
        }
        "starts" => {
            file.facts.push(Fact::Code(CodeModule { entry: Some(Entry { at, starts: rest.into() }), ..CodeModule::default() }))
        }
        "extends" => {
            let (name, bases) = rest.split_once(' ').expect("name and bases");
            let types = vec![TypeHeader { name: name.into(), at, bases: bases.split(' ').map(Into::into).collect() }];
            file.facts.push(Fact::Code(CodeModule { types, ..CodeModule::default() }));
        }
        "constant" => {
            let (name, text) = rest.split_once(' ').expect("name and text");
            let constants = vec![Constant { name: name.into(), value: Value::Literal(text.into()), at }];
            file.facts.push(Fact::Code(CodeModule { constants, ..CodeModule::default() }));
        }
        "alias" => {
            let (name, target) = rest.split_once(' ').expect("name and target");
            let aliases = vec![Alias { name: name.into(), target: target.into() }];
            file.facts.push(Fact::Code(CodeModule { aliases, ..CodeModule::default() }));
        }
        "setting" => {
            let (key, value) = rest.split_once('=').expect("key and value");
            let settings = vec![Setting { key: key.into(), value: Spanned::new(value.into(), at), profile: None }];
            file.facts.push(Fact::Settings { settings });
        }
        "page" => file.facts.push(Fact::Page),
        "build" => file.facts.push(Fact::Build(build(rest, at))),
        "image" => file.facts.push(Fact::Image(image(rest, at))),
        "deploy" => file.facts.push(Fact::Deployment(deployment(rest, at))),
        word => file.facts.push(calls::fact(word, rest, at).unwrap_or_else(|| panic!("no fact `{word}`"))),
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

/// `FRAMEWORK; METHOD PATH [in SCOPE]; mount CHILD in PARENT [at PREFIX]; application SCOPE; leaf SCOPE; default SCOPE PREFIX; prefix PATH;
/// uncounted WHY`. A path or prefix that begins with `<` is a symbol.
fn routing(text: &str, at: Location) -> Routing {
    let mut parts = text.split(';').map(str::trim);
    let mut routing = Routing { framework: parts.next().unwrap_or_default().into(), ..Routing::default() };
    let value = |text: &str| match text.strip_prefix('<') {
        Some(symbol) => Value::Symbol(symbol.trim_end_matches('>').into()),
        None => Value::Literal(text.into()),
    };
    for part in parts {
        match part.split_whitespace().collect::<Vec<_>>()[..] {
            ["mount", child, "in", parent] => {
                routing.mounts.push(Mount { at, parent: parent.into(), child: child.into(), prefix: value("") });
            }
            ["mount", child, "in", parent, "at", prefix] => {
                routing.mounts.push(Mount { at, parent: parent.into(), child: child.into(), prefix: value(prefix) });
            }
            ["application", scope] => routing.applications.push(scope.into()),
            ["leaf", scope] => routing.leaves.push(scope.into()),
            ["default", scope, prefix] => {
                routing.defaults.push(ScopePrefix { at, scope: scope.into(), prefix: value(prefix) });
            }
            ["prefix", path] => routing.prefixes.push(Prefix { at, path: value(path) }),
            ["uncounted", why] => routing.uncounted.push(Spanned::new(why.into(), at)),
            [method, path, ref rest @ ..] => {
                let scope = rest.iter().skip_while(|word| **word != "in").nth(1).map(|scope| (*scope).into());
                let owner = rest.iter().skip_while(|word| **word != "of").nth(1).map(|owner| (*owner).into());
                routing.routes.push(Route { at, method: method.into(), path: value(path), scope, owner });
            }
            _ => panic!("no routing: {part}"),
        }
    }
    routing
}

/// `TOOL PRODUCT [name=N] [lib=A,B] [uses=A,B] [member=A,B] [parent=FOLDER]`.
fn build(text: &str, at: Location) -> BuildModule {
    let mut words = text.split_whitespace();
    let mut next = || words.next().expect("tool and product").to_owned();
    let (tool, product) = (next(), next());
    let words = Words { text, at };
    let values = |key: &str| words.all(key).into_iter().map(|text| text.value).collect::<Vec<_>>();
    BuildModule {
        at,
        tool: serde_json::from_value(tool.into()).expect("a build tool"),
        name: words.one("name"),
        product: serde_json::from_value(product.into()).expect("a product"),
        libraries: values("lib")
            .into_iter()
            .map(|name| Library { name, at, scope: LibraryScope::Runtime, alias: None })
            .collect(),
        members: values("member"),
        uses: values("uses"),
        parent: words.one("parent").map(|text| text.value),
        starts: Vec::new(),
    }
}

/// `[base=B] [copy=A,B] [builds=A] [command=C]`.
fn image(text: &str, at: Location) -> Image {
    let words = Words { text, at };
    Image {
        at,
        base: words.one("base"),
        copies: words.all("copy"),
        command: words.one("command"),
        builds: words.all("builds"),
        ..Image::default()
    }
}

/// `TOOL SHAPE NAME [image=I] [context=C] [dockerfile=D] [command=C] [event=E] [resource=R]`.
/// An event is `METHOD_PATH`, or `KIND:NAME`.
fn deployment(text: &str, at: Location) -> Deployment {
    let mut words = text.split_whitespace();
    let mut next = || words.next().expect("tool, shape and name").to_owned();
    let (tool, shape, name) = (next(), next(), next());
    let words = Words { text, at };
    let folder = |key: &str| words.one(key).map(|text| if &*text.value == "." { "".into() } else { text.value });
    let event = |text: Text| match text.value.split_once(':') {
        Some((kind, name)) => {
            Event { kind: serde_json::from_value(kind.into()).expect("a kind"), name: Spanned::new(name.into(), at) }
        }
        None => Event { kind: EventKind::Http, name: Spanned::new(text.value.replacen('_', " ", 1).into(), at) },
    };
    let mut deployment = Deployment {
        at,
        image: words.one("image"),
        context: folder("context"),
        dockerfile: folder("dockerfile"),
        command: words.one("command"),
        events: words.all("event").into_iter().map(event).collect(),
        resources: words.all("resource"),
        ..unit(
            serde_json::from_value(tool.into()).expect("a tool"),
            Spanned::new(name.as_str().into(), at),
            serde_json::from_value(shape.into()).expect("a shape"),
        )
    };
    calls::surround(&mut deployment, &words);
    deployment
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

/// Three repositories with something of everything.
pub fn fleet() -> Vec<RepositoryFacts> {
    facts(
        "orders
            README.md         | landmark
            src/main.java     | code 120
            src/main.java     | shapes 700 12
            src/main.java     | routes spring; GET /v1/orders; POST /v1/orders; GET /v1/secrets; GET /health
            src/Order.java    | stores Order table=orders field=number,total,customer
            src/Client.java   | call http http://billing/invoices/+? method=GET
            src/Client.java   | connects postgresql://db/shop
            pom.xml           | build maven application name=acme:orders lib=org.springframework.boot:spring-boot-starter-web
            catalog-info.yaml | entity Component orders type=service owner=team-a system=shop lifecycle=production providesApis=orders-api annotation.example.com/tier=core
            catalog-info.yaml | entity API orders-api type=openapi owner=team-a definition=./api/openapi.yaml
            catalog-info.yaml | entity System shop owner=team-a domain=retail
            CODEOWNERS        | owners * @acme/team-b @jane
            api/openapi.yaml  | api title=Orders version=1.0.0 by=/v1; GET /v1/orders -> Order; POST /v1/orders Order -> Order; GET /v1/carts
            broken.yaml       | problem it does not parse
        billing
            src/main.java     | code 80
            src/main.java     | shapes 700 12
            src/main.java     | routes spring; GET /invoices/{id}; GET /v1/orders/{id}
            src/main.java     | call http http://orders.internal:8080/v1/orders method=GET
            src/main.java     | connects postgresql://db/shop
            src/main.java     | stores Order field=number,total,customer,state
            service.yaml      | manifest name=billing kind=worker owner=team-c domain=finance visibility=internal tier=core consumes=orders split=isolation review=2027-01-01
        refunds
            api/service.yaml  | manifest name=refunds-api kind=service
            api/main.java     | call http http://billing/invoices method=GET
            api/main.java     | call message refunds.paid
            dao/main.java     | handler consumer refunds.paid
            dao/service.yaml  | manifest name=refunds-dao kind=service",
    )
}
