//! .NET: projects (`.csproj`, `.fsproj`, `.vbproj`), solutions, `packages.config` and the `Directory.*.props` of a folder.
//!
//! A project's kit (`Microsoft.NET.Sdk.Web`) and the frameworks that it refers to are libraries too: they tell what it is for. A
//! project is used by its folder. `Directory.Build.props` is an aggregate whose libraries are those of all projects below its
//! folder.

use super::xml::{Document, Element};
use super::{add, below, ends_with, folder, is_named, library, module, push, text};
use crate::diagnostic::{Diagnostic, Fault};
use crate::discover::Kind;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{BuildModule, BuildTool, LibraryScope, Product};
use crate::source::{Location, Spanned};

pub const EXTRACTOR: Extractor =
    Extractor { name: "dotnet", wants: is_wanted, applies: |input| is_wanted(input.kind, input.path), extract };

const PROJECTS: &[&str] = &[".csproj", ".fsproj", ".vbproj"];

fn is_wanted(kind: Kind, path: &str) -> bool {
    PROJECTS.iter().any(|ending| ends_with(kind, path, ending))
        || ends_with(kind, path, ".sln")
        || ends_with(kind, path, ".slnx")
        || is_named(kind, path, "packages.config")
        || is_named(kind, path, "Directory.Packages.props")
        || is_named(kind, path, "Directory.Build.props")
}

fn extract(input: &Input, output: &mut Output) {
    if input.path.ends_with(".sln") {
        return solution(input, output);
    }
    let document = Document::parse(input.text);
    let Some(root) = document.root() else { return };
    if let Some((slice, message)) = document.defect {
        let is_template = ["{{", "<%", "${{", "@@"].iter().any(|mark| input.text.contains(mark));
        if !is_template {
            let problem = Diagnostic::new(Fault::ManifestInvalid, input.place_of(slice), message);
            output.problems.push(problem.help("mend the file: MSBuild can't read it"));
        }
    }
    match (root.name(), PROJECTS.iter().find_map(|ending| input.name().strip_suffix(ending))) {
        ("Project", Some(stem)) => project(input, root, stem, output),
        ("Project", None) => shared(input, root, output),
        ("packages", _) => legacy_packages(input, root, output),
        ("Solution", _) => new_solution(input, root, output),
        _ => {}
    }
}

/// Kinds of projects in old files: a web application, tests.
const WEB: &str = "349c5851-65df-11da-9384-00065b863f21";
const TEST: &str = "3ac096d0-a1c2-e12c-1390-a8335801fdab";

/// Packages that only tests refer to.
fn is_test_package(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["microsoft.net.test.sdk", "xunit", "nunit", "mstest", "tunit", "expecto", "nunit3testadapter"].contains(&name.as_str())
        || ["xunit.runner", "mstest.", "xunit.v3"].iter().any(|start| name.starts_with(start))
}

fn project(input: &Input, root: Element, stem: &str, output: &mut Output) {
    let mut found = module(BuildTool::Dotnet);
    found.name = Some(Spanned::new(stem.into(), Location::TOP));
    let kits = root.attribute("Sdk").into_iter().flat_map(|kits| kits.split(';'));
    let kits = kits.chain(root.children().filter_map(|inner| match inner.name() {
        "Sdk" => inner.attribute("Name"),
        "Import" => inner.attribute("Sdk"),
        _ => None,
    }));
    let kits: Vec<&str> = kits.map(|kit| kit.split('/').next().unwrap_or(kit).trim()).filter(|kit| !kit.is_empty()).collect();
    for kit in kits.iter().filter(|kit| **kit != "Microsoft.NET.Sdk") {
        found.libraries.push(library(kit, input.place_of(kit), LibraryScope::Runtime));
    }
    items(input, root, &mut found);
    let property = |name: &str| {
        let groups = root.named("PropertyGroup");
        groups.filter_map(|group| group.child_text(name)).last()
    };
    let is_true = |name: &str| property(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let guids = property("ProjectTypeGuids").unwrap_or("").to_ascii_lowercase();
    if let Some(version) = property("AzureFunctionsVersion") {
        found.libraries.push(library("Microsoft.NET.Sdk.Functions", input.place_of(version), LibraryScope::Runtime));
    }
    let has_kit = |names: &[&str]| kits.iter().any(|kit| names.contains(kit));
    let output_type = property("OutputType").unwrap_or("").to_ascii_lowercase();
    let is_test = is_true("IsTestProject")
        || guids.contains(TEST)
        || has_kit(&["MSTest.Sdk"])
        || found.libraries.iter().any(|library| is_test_package(&library.name))
        || has_test_name(stem) && !has_kit(&["Microsoft.NET.Sdk.Web", "Microsoft.NET.Sdk.Worker"]);
    found.product = if is_test && property("IsTestProject").is_none_or(|value| !value.eq_ignore_ascii_case("false")) {
        Product::Test
    } else {
        match output_type.as_str() {
            "library" if !guids.contains(WEB) && property("AzureFunctionsVersion").is_none() => Product::Library,
            "exe" | "winexe" | "appcontainerexe" => Product::Application,
            _ if is_true("IsAspireHost") || guids.contains(WEB) || property("AzureFunctionsVersion").is_some() => {
                Product::Application
            }
            _ if has_kit(&[
                "Microsoft.NET.Sdk.Web",
                "Microsoft.NET.Sdk.Worker",
                "Microsoft.NET.Sdk.BlazorWebAssembly",
                "Aspire.AppHost.Sdk",
            ]) =>
            {
                Product::Application
            }
            // Without a word a project is a library, where its kit is one that is known.
            "" if has_kit(&["Microsoft.NET.Sdk", "Microsoft.NET.Sdk.Razor"]) => Product::Library,
            _ => Product::Unknown,
        }
    };
    if found.product == Product::Application {
        let assembly = property("AssemblyName").filter(|name| !name.contains("$("));
        found.starts.push(assembly.map_or_else(|| Spanned::new(stem.into(), Location::TOP), |name| text(input, name)));
    }
    push(found, output);
}

/// `Shop.Orders.UnitTests`.
fn has_test_name(stem: &str) -> bool {
    let last = stem.rsplit('.').next().unwrap_or(stem);
    last != stem
        && (last.ends_with("Tests") || matches!(last, "Test" | "Spec" | "Specs" | "UnitTest" | "IntegrationTest" | "Benchmarks"))
}

/// References to packages, projects, frameworks and assemblies.
fn items(input: &Input, root: Element, found: &mut BuildModule) {
    let here = folder(input.path);
    let groups = root.descendants().filter(|group| group.name() == "ItemGroup");
    for item in groups.flat_map(Element::children) {
        let Some(names) = item.attribute("Include").or(item.attribute("Update")) else { continue };
        let is_private = || {
            item.attribute("PrivateAssets").or(item.child_text("PrivateAssets")).is_some_and(|of| of.eq_ignore_ascii_case("all"))
        };
        for name in
            names.split(';').map(str::trim).filter(|name| !name.is_empty() && !name.contains("$(") && !name.contains("@("))
        {
            let scope = match item.name() {
                "PackageReference" if item.attribute("Include").is_none() => continue,
                "PackageReference" if is_private() => LibraryScope::Development,
                "PackageReference" | "FrameworkReference" => LibraryScope::Runtime,
                "GlobalPackageReference" | "DotNetCliToolReference" => LibraryScope::Development,
                "PackageVersion" => LibraryScope::Managed,
                "ProjectReference" => {
                    let is_analyzer = item.attribute("ReferenceOutputAssembly").or(item.attribute("OutputItemType"));
                    if is_analyzer.is_none_or(|value| !matches!(value, "false" | "Analyzer"))
                        && let Some(path) = below(here, name)
                    {
                        add(&mut found.uses, folder(&path).into());
                    }
                    continue;
                }
                // Old projects name assemblies; those of ASP.NET and WCF tell what they offer.
                "Reference"
                    if name.starts_with("System.Web")
                        || name.starts_with("System.ServiceModel")
                        || name.starts_with("System.Data") =>
                {
                    let assembly = name.split(',').next().unwrap_or(name);
                    found.libraries.push(library(assembly, input.place_of(assembly), LibraryScope::Runtime));
                    continue;
                }
                _ => continue,
            };
            found.libraries.push(library(name, input.place_of(name), scope));
        }
    }
}

/// What a folder's projects share.
fn shared(input: &Input, root: Element, output: &mut Output) {
    let mut found = module(BuildTool::Dotnet);
    found.product = Product::Aggregate;
    items(input, root, &mut found);
    if !found.libraries.is_empty() {
        push(found, output);
    }
}

fn legacy_packages(input: &Input, root: Element, output: &mut Output) {
    let mut found = module(BuildTool::Dotnet);
    for package in root.named("package") {
        let Some(name) = package.attribute("id").filter(|name| !name.is_empty()) else { continue };
        let is_development = package.attribute("developmentDependency") == Some("true");
        let scope = if is_development { LibraryScope::Development } else { LibraryScope::Runtime };
        found.libraries.push(library(name, input.place_of(name), scope));
    }
    if !found.libraries.is_empty() {
        push(found, output);
    }
}

/// `Project("{...}") = "Orders", "src\Orders\Orders.csproj", "{...}"`.
fn solution(input: &Input, output: &mut Output) {
    let lines = input.text.lines().filter(|line| line.trim_start().starts_with("Project("));
    let paths = lines.filter_map(|line| line.split('"').nth(5));
    members(input, paths, output);
}

fn new_solution(input: &Input, root: Element, output: &mut Output) {
    members(
        input,
        root.descendants().filter(|inner| inner.name() == "Project").filter_map(|project| project.attribute("Path")),
        output,
    );
}

fn members<'t>(input: &Input, paths: impl Iterator<Item = &'t str>, output: &mut Output) {
    let mut found = module(BuildTool::Dotnet);
    let stem = input.name().rsplit_once('.').map_or("", |(stem, _)| stem);
    found.name = Some(Spanned::new(stem.into(), Location::TOP));
    found.product = Product::Aggregate;
    for path in paths.filter(|path| PROJECTS.iter().any(|ending| path.ends_with(ending))).take(5_000) {
        if let Some(path) = below(folder(input.path), path) {
            add(&mut found.members, folder(&path).into());
        }
    }
    if !found.members.is_empty() {
        push(found, output);
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::build::snapshot::check;

    #[test]
    fn the_kit_tells_what_a_project_is() {
        check(
            "src/Orders/Orders.csproj",
            r#"<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup><AssemblyName>Acme.Orders</AssemblyName></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="8" />
    <PackageReference Include="StyleCop.Analyzers"><PrivateAssets>all</PrivateAssets></PackageReference>
    <ProjectReference Include="..\Common\Common.csproj" />
    <PackageReference Update="Other" />
  </ItemGroup>
</Project>"#,
            "dotnet Orders application
             uses src/Common
             2 start Acme.Orders
             1 Microsoft.NET.Sdk.Web
             4 Npgsql.EntityFrameworkCore.PostgreSQL
             5 StyleCop.Analyzers development",
        );
        let of = |kit: &str, inner: &str| format!("<Project Sdk=\"{kit}\"><PropertyGroup>{inner}</PropertyGroup></Project>");
        check("A.csproj", &of("Microsoft.NET.Sdk", ""), "dotnet A library");
        check("A.fsproj", &of("Microsoft.NET.Sdk", "<OutputType>Exe</OutputType>"), "dotnet A application\n1 start A");
        check("A.csproj", &of("Microsoft.NET.Sdk.Worker", ""), "dotnet A application\n1 start A\n1 Microsoft.NET.Sdk.Worker");
        check(
            "A.csproj",
            &of("Microsoft.NET.Sdk.Web", "<OutputType>Library</OutputType>"),
            "dotnet A library\n1 Microsoft.NET.Sdk.Web",
        );
        check("A.csproj", &of("Microsoft.NET.Sdk", "<IsTestProject>true</IsTestProject>"), "dotnet A test");
        check("A.UnitTests.csproj", &of("Microsoft.NET.Sdk", ""), "dotnet A.UnitTests test");
        check(
            "A.csproj",
            &of("Microsoft.NET.Sdk", "<AzureFunctionsVersion>v4</AzureFunctionsVersion>"),
            "dotnet A application\n1 start A\n1 Microsoft.NET.Sdk.Functions",
        );
        check(
            "A.AppHost.csproj",
            r#"<Project Sdk="Microsoft.NET.Sdk"><Sdk Name="Aspire.AppHost.Sdk" Version="9"/><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>"#,
            "dotnet A.AppHost application\n1 start A.AppHost\n1 Aspire.AppHost.Sdk",
        );
    }

    #[test]
    fn test_packages_make_a_test() {
        check(
            "Orders.csproj",
            r#"<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="xunit"/></ItemGroup></Project>"#,
            "dotnet Orders test\n1 xunit",
        );
    }

    #[test]
    fn old_projects_are_read() {
        check(
            "Shop.csproj",
            r#"<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003"><PropertyGroup>
                <ProjectTypeGuids>{349c5851-65df-11da-9384-00065b863f21};{x}</ProjectTypeGuids><OutputType>Library</OutputType></PropertyGroup>
                <ItemGroup><Reference Include="System.Web.Mvc, Version=5"/><Reference Include="System.Core"/></ItemGroup></Project>"#,
            "dotnet Shop application\n1 start Shop\n3 System.Web.Mvc",
        );
        check("packages.config", r#"<packages><package id="Dapper" version="2"/></packages>"#, "dotnet - unknown\n1 Dapper");
    }

    #[test]
    fn folders_share_packages() {
        check(
            "Directory.Packages.props",
            r#"<Project><ItemGroup><PackageVersion Include="Dapper" Version="2"/></ItemGroup></Project>"#,
            "dotnet - aggregate\n1 Dapper managed",
        );
        check("Directory.Build.props", "<Project><PropertyGroup/></Project>", "");
    }

    #[test]
    fn solutions_have_members() {
        check(
            "Shop.sln",
            "Project(\"{FAE0}\") = \"Orders\", \"src\\Orders\\Orders.csproj\", \"{1}\"\nEndProject\nProject(\"{2150}\") = \"docs\", \"docs\", \"{2}\"\n",
            "dotnet Shop aggregate\nmember src/Orders",
        );
        check(
            "Shop.slnx",
            r#"<Solution><Folder Name="/src/"><Project Path="src/Orders/Orders.csproj"/></Folder></Solution>"#,
            "dotnet Shop aggregate\nmember src/Orders",
        );
    }

    #[test]
    fn a_broken_project_is_told() {
        check(
            "A.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\">\n<ItemGroup>\n",
            "dotnet A library\n2 manifest-invalid this element is not closed",
        );
    }
}
