//! .NET Aspire: the program that says which projects and containers an application consists of.
//!
//! A project is named by a generated type (`Projects.Catalog_API`), which stands in `command` as it is written, because only the names of
//! all projects tell whose it is: letters that no name of a type may have became `_`. What is named by a folder has it as context.

use super::syntax;
use crate::extract::Output;
use crate::extract::code::{Code, Framework};
use crate::extract::deployment::unit;
use crate::facts::{DeploymentTool, Fact, Shape};
use crate::source::Spanned;

pub const FRAMEWORK: Framework =
    Framework { name: "aspire", marks: &["DistributedApplication", "IDistributedApplicationBuilder"], read };

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

fn read(code: &Code, output: &mut Output) {
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
        output.facts.push(Fact::Deployment(deployment));
    }
}

/// A path beside a file, below the repository's root; None where it leads out.
fn beside(file: &str, path: &str) -> Option<std::sync::Arc<str>> {
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
    use crate::extract::code::snapshot::check;

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
