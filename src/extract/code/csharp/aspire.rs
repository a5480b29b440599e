//! .NET Aspire: the program that says which projects and containers an application consists of.
//!
//! A project is named by a generated type (`Projects.Catalog_API`), which stands in `command` as it is written, because only the names of
//! all projects tell whose it is: letters that no name of a type may have became `_`. What is named by a folder has it as context.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::syntax;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::{Code, Framework};
use crate::extract::deployment::unit;
use crate::facts::{DeploymentTool, Fact, Shape, Variable, VariableValue};
use crate::source::Spanned;

pub const FRAMEWORK: Framework =
    Framework { name: "aspire", marks: &["DistributedApplication", "IDistributedApplicationBuilder"], read };

/// Variables of one program that are kept.
const MOST_VARIABLES: usize = 100;

/// What adds a program of a folder: whether the folder has a Dockerfile.
const FOLDERS: [(&str, bool); 16] = [
    ("AddDockerfile", true),
    ("AddNpmApp", false),
    ("AddNodeApp", false),
    ("AddViteApp", false),
    ("AddJavaScriptApp", false),
    ("AddYarnApp", false),
    ("AddPnpmApp", false),
    ("AddBunApp", false),
    ("AddDenoApp", false),
    ("AddPythonApp", false),
    ("AddPythonModule", false),
    ("AddUvicornApp", false),
    ("AddGolangApp", false),
    ("AddSpringApp", false),
    ("AddJavaApp", false),
    ("AddRustApp", false),
];

/// What is added by a name and is no deployment of this file: what has an address by that name, or a connection.
fn names<'t>(code: &Code<'t>) -> FxHashMap<&'t str, Resource> {
    let mut found = FxHashMap::default();
    for call in code.calls().filter(|call| call.start < call.name && code.text_of(call.name).starts_with("Add")) {
        let Some(name) = code.arguments(call.open).into_iter().next().and_then(|range| code.literal_text(range)) else {
            continue;
        };
        let method = code.text_of(call.name);
        let served = matches!(method, "AddProject" | "AddAzureFunctionsProject" | "AddContainer" | "AddExternalService")
            || FOLDERS.iter().any(|(known, _)| *known == method);
        // `var orders = builder.AddProject<…>("orders").WithReference(…);`
        let start = call.start - usize::from(call.start > 0 && code.is(call.start - 1, "await"));
        if start >= 2
            && code.is_any(start - 1, &["=", "=>"])
            && let Some(variable) = code.word(start - 2)
        {
            found.insert(variable, Resource { name: name.value, served });
        }
    }
    found
}

struct Resource {
    name: Arc<str>,
    /// A program that is called over HTTP; false for a database or broker.
    served: bool,
}

/// What `WithReference` and `WithEnvironment` after a program give to it.
fn variables(code: &Code, call: Call, names: &FxHashMap<&str, Resource>) -> Vec<Variable> {
    let mut found = Vec::new();
    let mut at = code.after(call.open);
    while code.is(at, ".") && code.word(at + 1).is_some() && found.len() < MOST_VARIABLES {
        let open = if code.is(at + 2, "<") { syntax::type_arguments_end(code, at + 2) } else { at + 2 };
        if !code.is(open, "(") {
            break;
        }
        variable(code, at + 1, open, names, &mut found);
        at = code.after(open);
    }
    found
}

fn variable(code: &Code, method: usize, open: usize, names: &FxHashMap<&str, Resource>, found: &mut Vec<Variable>) {
    let arguments = code.arguments(open);
    let Some(first) = arguments.first() else { return };
    let at = code.at(method);
    match code.text_of(method) {
        "WithReference" => {
            let Some(resource) = code.word(first.start).and_then(|name| names.get(name)) else { return };
            let renamed = arguments.get(1).and_then(|range| code.literal_text(range.clone())).map(|text| text.value);
            let name = renamed.as_deref().unwrap_or(&resource.name);
            let (name, text) = match resource.served {
                true => (format!("services__{}__http__0", resource.name), format!("http://{}", resource.name)),
                false => (format!("ConnectionStrings__{name}"), resource.name.to_string()),
            };
            found.push(Variable { name: name.into(), at, value: VariableValue::Text(text.into()) });
        }
        "WithEnvironment" => {
            let Some(name) = code.literal_text(first.clone()) else { return };
            let value = arguments.get(1).map_or(VariableValue::Unknown, |range| environment(code, range.clone(), names));
            found.push(Variable { name: name.value, at, value });
        }
        _ => {}
    }
}

/// A text, an end point of a program, or a resource.
fn environment(code: &Code, range: Range<usize>, names: &FxHashMap<&str, Resource>) -> VariableValue {
    if let Some(text) = code.literal_text(range.clone()) {
        return VariableValue::Text(text.value);
    }
    let Some(mut word) = code.word(range.start) else { return VariableValue::Unknown };
    // `var endpoint = orders.GetEndpoint("http");`
    if !names.contains_key(word)
        && let Some(assigned) = code.assigned(word, range.start)
        && assigned.clone().any(|at| code.is(at, "GetEndpoint"))
        && let Some(of) = code.word(assigned.start)
    {
        word = of;
    }
    match names.get(word) {
        Some(resource) if resource.served => VariableValue::Text(format!("http://{}", resource.name).into()),
        Some(resource) => VariableValue::Text(Arc::clone(&resource.name)),
        None => VariableValue::Unknown,
    }
}

fn read(code: &Code, output: &mut Output) {
    let names = names(code);
    let mut found: Vec<(Arc<str>, usize)> = Vec::new();
    for call in code.calls().filter(|call| call.start < call.name) {
        let arguments = code.arguments(call.open);
        let text = |index: usize| arguments.get(index).and_then(|range| code.literal_text(range.clone()));
        let Some(name) = text(0) else { continue };
        let method = code.text_of(call.name);
        let types = syntax::call_types(code, call.name);
        let mut deployment = unit(DeploymentTool::Aspire, name, Shape::Process);
        if matches!(method, "AddProject" | "AddAzureFunctionsProject") {
            match types.first() {
                Some(project) if code.is(project.start, "Projects") => {
                    let name = code.text_in(project.start + 2..project.end);
                    deployment.command = Some(Spanned::new(name.into(), code.location(project.clone())));
                }
                // `AddProject("orders", "../Orders/Orders.csproj")`.
                _ => {
                    let Some(path) = text(1) else { continue };
                    let folder = path.value.replace('\\', "/");
                    let folder =
                        folder.rsplit_once('/').filter(|(_, last)| last.ends_with("proj")).map_or(&*folder, |(folder, _)| folder);
                    deployment.context = beside(code.path, folder);
                }
            }
        } else if method == "AddContainer" {
            let Some(image) = text(1) else { continue };
            let tagged = text(2).map(|tag| format!("{}:{}", image.value, tag.value));
            deployment.image = Some(tagged.map_or(image.clone(), |tagged| Spanned::new(tagged.into(), image.at)));
        } else if let Some((_, has_dockerfile)) = FOLDERS.iter().find(|(known, _)| *known == method) {
            let Some(folder) = text(1) else { continue };
            deployment.context = beside(code.path, &folder.value.replace('\\', "/"));
            if *has_dockerfile {
                let file = text(2).map_or_else(|| "Dockerfile".to_owned(), |file| file.value.replace('\\', "/"));
                let context = deployment.context.clone().unwrap_or_default();
                deployment.dockerfile = Some(if context.is_empty() { file } else { format!("{context}/{file}") }.into());
            }
        } else {
            continue;
        }
        deployment.environment = variables(code, call, &names);
        found.push((Arc::clone(&deployment.name.value), output.facts.len()));
        output.facts.push(Fact::Deployment(deployment));
    }
    // `orders.WithReference(stock);` in a statement of its own.
    for call in code.calls().filter(|call| matches!(code.text_of(call.name), "WithReference" | "WithEnvironment")) {
        let Some(resource) = code.word(call.start).filter(|_| call.start < call.name).and_then(|word| names.get(word)) else {
            continue;
        };
        let Some(&(_, index)) = found.iter().find(|(name, _)| *name == resource.name) else { continue };
        if let Some(Fact::Deployment(deployment)) = output.facts.get_mut(index)
            && deployment.environment.len() < MOST_VARIABLES
        {
            variable(code, call.name, call.open, &names, &mut deployment.environment);
        }
    }
}

/// A path beside a file, below the repository's root; None where it leads out.
fn beside(file: &str, path: &str) -> Option<Arc<str>> {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/").into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;
    use crate::discover::{Kind, Role};
    use crate::extract;
    use crate::extract::code::snapshot::check;

    #[test]
    fn references_are_variables() {
        let text = r#"
var builder = DistributedApplication.CreateBuilder(args);
var db = builder.AddPostgres("postgres").AddDatabase("ordersdb");
var stock = builder.AddProject<Projects.Stock>("stock");
var endpoint = stock.GetEndpoint("http");
var orders = builder.AddProject<Projects.Orders>("orders").WithReference(stock).WithReference(db).WaitFor(db)
    .WithEnvironment("Stock__Url", endpoint).WithEnvironment("MODE", "fast").WithEnvironment("KEY", key);
stock.WithReference(orders);"#;
        let kind = Kind { language: Language::from_name("C#"), role: Role::Production };
        let file = extract::file(kind, "AppHost/Program.cs", text.as_bytes());
        let deployments = file.facts.iter().filter_map(|fact| match fact {
            Fact::Deployment(deployment) => Some(deployment),
            _ => None,
        });
        let shown: Vec<String> = deployments
            .flat_map(|deployment| {
                deployment.environment.iter().map(move |variable| {
                    let value = match &variable.value {
                        VariableValue::Text(text) => text.to_string(),
                        _ => "?".to_owned(),
                    };
                    format!("{} {} {}={value}", variable.at.line, deployment.name.value, variable.name)
                })
            })
            .collect();
        assert_eq!(
            shown,
            [
                "8 stock services__orders__http__0=http://orders",
                "6 orders services__stock__http__0=http://stock",
                "6 orders ConnectionStrings__ordersdb=ordersdb",
                "7 orders Stock__Url=http://stock",
                "7 orders MODE=fast",
                "7 orders KEY=?",
            ]
        );
    }

    #[test]
    fn projects_folders_and_containers_are_deployed() {
        check(
            "src/AppHost/Program.cs",
            r#"
var builder = DistributedApplication.CreateBuilder(args);
var redis = builder.AddRedis("redis");
var api = builder.AddProject<Projects.Catalog_API>("catalog-api", "http").WithReference(redis);
builder.AddProject("orders", @"..\Orders\Orders.csproj");
builder.AddNpmApp("web", "../web", "start");
builder.AddDockerfile("go", "../../go/", "Dockerfile.dev");
builder.AddContainer("mail", "maildev/maildev", "2.0");
builder.AddProject<Projects.Other>(name);"#,
            "4 deployment catalog-api command Catalog_API
             5 deployment orders context src/Orders
             6 deployment web context src/web
             7 deployment go context go dockerfile go/Dockerfile.dev
             8 deployment mail image maildev/maildev:2.0
             2 entry aspire",
        );
    }
}
