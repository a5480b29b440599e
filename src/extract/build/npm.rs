//! npm and its kin: `package.json`, workspaces (pnpm, Lerna, Rush), and workspaces that name their projects (Nx, Nest, Angular).
//!
//! A start script makes a program, whatever it runs: whether that serves pages or an API, the code tells. Nest and Angular keep
//! several programs in one package; their folders are members, and what each of them begins with is a start.

use super::{add, below, ends_with, folder, is_named, library, module, node_text, push, report};
use crate::discover::Kind;
use crate::document::Node;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{BuildModule, BuildTool, LibraryScope, Product, Text};
use crate::source::Spanned;

pub const EXTRACTOR: Extractor =
    Extractor { name: "npm", wants: is_wanted, applies: |input| is_wanted(input.kind, input.path), extract };

const OTHERS: &[&str] = &[
    "pnpm-workspace.yaml",
    "pnpm-workspace.yml",
    "lerna.json",
    "rush.json",
    "nest-cli.json",
    "angular.json",
    "deno.json",
    "deno.jsonc",
];

fn is_wanted(kind: Kind, path: &str) -> bool {
    is_named(kind, path, "package.json")
        || is_named(kind, path, "project.json")
        || (ends_with(kind, path, ".json")
            || ends_with(kind, path, ".yaml")
            || ends_with(kind, path, ".jsonc")
            || ends_with(kind, path, ".yml"))
            && OTHERS.iter().any(|name| is_named(kind, path, name))
}

/// Scripts that run the program, the best first.
const STARTS: &[&str] = &["start:prod", "start:production", "start", "serve", "server", "dev", "develop", "start:dev"];

fn extract(input: &Input, output: &mut Output) {
    let name = input.name();
    if name == "package.json" {
        report(input, output);
    }
    let Some(root) = input.tree().root() else { return };
    let found = match name {
        "package.json" => package(input, root),
        "project.json" => nx(input, root),
        "nest-cli.json" | "angular.json" => projects(input, root),
        "rush.json" => rush(input, root),
        "deno.json" | "deno.jsonc" => deno(input, root),
        _ => workspace(input, root),
    };
    if let Some(found) = found {
        push(found, output);
    }
}

fn package(input: &Input, root: Node) -> Option<BuildModule> {
    let here = folder(input.path);
    let mut found = module(BuildTool::Npm);
    found.name = root.get("name").and_then(node_text);
    let workspaces = root.get("workspaces");
    members(&mut found, here, workspaces.map(|node| node.get("packages").unwrap_or(node)));
    for (key, scope) in [
        ("dependencies", LibraryScope::Runtime),
        ("optionalDependencies", LibraryScope::Runtime),
        ("peerDependencies", LibraryScope::Runtime),
        ("devDependencies", LibraryScope::Development),
    ] {
        for (name, version) in root.get(key).into_iter().flat_map(Node::entries) {
            let Some(written) = name.text().filter(|text| !text.is_empty()) else { continue };
            let version = version.text().unwrap_or("");
            let path = ["file:", "link:", "portal:"].iter().find_map(|start| version.strip_prefix(start));
            if scope == LibraryScope::Runtime {
                if let Some(used) = path.and_then(|path| below(here, path)) {
                    add(&mut found.uses, used);
                } else if version.starts_with("workspace:") {
                    add(&mut found.uses, written.into());
                }
            }
            // `npm:name@version` is another package by this name.
            let renamed = version.strip_prefix("npm:").map(|target| match target.rfind('@') {
                Some(at) if at > 0 => &target[..at],
                _ => target,
            });
            found.libraries.push(library(renamed.unwrap_or(written), name.location(), scope));
        }
    }
    let scripts = root.get("scripts");
    found.starts.extend(STARTS.iter().filter_map(|name| script(scripts?, name)).filter(|start| is_program(&start.value)));
    // `node .` runs what `main` names.
    if found.starts.iter().any(|start| start.value.split(' ').any(|word| matches!(word, "." | "./"))) {
        found.starts.extend(root.get("main").and_then(node_text));
    }
    // Who sets up a package is asked for `main` and mostly agrees to what is proposed: it tells nothing.
    let is_published =
        ["module", "exports", "types", "typings", "files", "publishConfig"].iter().any(|key| root.get(key).is_some());
    found.product = if !found.members.is_empty() {
        Product::Aggregate
    } else if !found.starts.is_empty() {
        Product::Application
    } else if root.get("bin").is_some() {
        found.starts.extend(root.get("bin").and_then(|bin| node_text(bin).or_else(|| node_text(bin.entries().next()?.1))));
        Product::Application
    } else if is_published {
        Product::Library
    } else {
        Product::Unknown
    };
    Some(found)
}

/// A script by its name. One that only runs another script is that one.
fn script(scripts: Node, name: &str) -> Option<Text> {
    let own = scripts.get(name).and_then(node_text)?;
    let other = ["npm run ", "npm run-script ", "yarn run ", "pnpm run ", "yarn ", "pnpm ", "bun run "];
    let other = other.iter().find_map(|start| own.value.trim().strip_prefix(start));
    Some(other.and_then(|other| scripts.get(other)).and_then(node_text).unwrap_or(own))
}

/// False for what a generator writes where there is nothing to start, and for what only builds anew at every change (`tsc
/// --watch`).
fn is_program(script: &str) -> bool {
    const BUILDERS: &[&str] = &[
        "echo",
        "tsc",
        "tsup",
        "rollup",
        "microbundle",
        "tsdx",
        "unbuild",
        "swc",
        "babel",
        "ng-packagr",
        "tshy",
        "bunchee",
        "mix",
        "webpack",
        "esbuild",
        "gulp",
        "grunt",
        "encore",
        "sass",
    ];
    let words = script.split([' ', '\t', '&', ';']).filter(|word| !word.is_empty());
    // What only sets the environment stands before the program.
    let mut words = words.skip_while(|word| word.contains('=') || matches!(*word, "cross-env" | "npx" | "env"));
    let name = words.next().and_then(|word| word.rsplit('/').next()).unwrap_or("echo");
    let is_builder = BUILDERS.contains(&name.trim_end_matches(".js"));
    let runs =
        words.any(|word| word.contains("serve") || matches!(word, "node" | "nodemon" | "start" | "--onSuccess" | "--open"));
    !is_builder || runs
}

/// Adds folders of a list of patterns; those that begin with `!` leave something out.
fn members(found: &mut BuildModule, here: &str, list: Option<Node>) {
    for pattern in list.into_iter().flat_map(Node::items).filter_map(Node::text) {
        if !pattern.starts_with('!')
            && let Some(folder) = below(here, pattern)
            && !folder.is_empty()
        {
            add(&mut found.members, folder);
        }
    }
}

/// `pnpm-workspace.yaml`, `lerna.json`.
fn workspace(input: &Input, root: Node) -> Option<BuildModule> {
    let mut found = module(BuildTool::Npm);
    members(&mut found, folder(input.path), root.get("packages"));
    found.product = Product::Aggregate;
    (!found.members.is_empty()).then_some(found)
}

fn rush(input: &Input, root: Node) -> Option<BuildModule> {
    let mut found = module(BuildTool::Npm);
    let folders =
        root.get("projects").into_iter().flat_map(Node::items).filter_map(|project| project.get("projectFolder")?.text());
    found.members = folders.filter_map(|path| below(folder(input.path), path)).collect();
    found.product = Product::Aggregate;
    (!found.members.is_empty()).then_some(found)
}

/// A project of Nx; other tools have files by this name.
fn nx(input: &Input, root: Node) -> Option<BuildModule> {
    let product = match root.get("projectType").and_then(Node::text) {
        Some("application") => Product::Application,
        Some("library") => Product::Library,
        _ if root.get("targets").is_some() => Product::Unknown,
        _ => return None,
    };
    let mut found = module(BuildTool::Npm);
    found.name = root.get("name").and_then(node_text);
    found.product = product;
    if found.name.as_ref().is_some_and(|name| name.value.ends_with("-e2e")) {
        found.product = Product::Test;
    }
    let is_served = ["serve", "dev", "start"].iter().find_map(|target| root.at(&["targets", target]));
    if found.product == Product::Unknown && is_served.is_some() {
        found.product = Product::Application;
    }
    let main = root.at(&["targets", "build", "options", "main"]).or_else(|| root.at(&["architect", "build", "options", "main"]));
    if found.product == Product::Application {
        found.starts.extend(main.and_then(node_text));
    }
    let used = root.get("implicitDependencies").into_iter().flat_map(Node::items).filter_map(Node::text);
    found.uses = used.filter(|name| !name.starts_with('!')).map(Into::into).collect();
    let _ = input;
    Some(found)
}

/// Several programs and libraries of one package.
fn projects(input: &Input, root: Node) -> Option<BuildModule> {
    let here = folder(input.path);
    let mut found = module(BuildTool::Npm);
    found.product = Product::Aggregate;
    for (name, project) in root.get("projects").into_iter().flat_map(Node::entries) {
        let text = |key: &str| project.get(key).and_then(Node::text).filter(|text| !text.is_empty());
        // Tests from end to end are a project of their own.
        if name.text().is_some_and(|name| name.ends_with("e2e")) {
            continue;
        }
        let Some(member) = text("root").and_then(|root| below(here, root)).filter(|root| !root.is_empty()) else { continue };
        if text("type").or(text("projectType")) == Some("application")
            && let (Some(entry), Some(node)) = (text("entryFile"), project.get("entryFile"))
        {
            let source = text("sourceRoot").and_then(|root| below(here, root)).unwrap_or(member.clone());
            found.starts.push(Spanned::new(format!("{source}/{entry}").into(), node.location()));
        }
        add(&mut found.members, member);
    }
    (!found.members.is_empty()).then_some(found)
}

fn deno(input: &Input, root: Node) -> Option<BuildModule> {
    let mut found = module(BuildTool::Npm);
    found.name = root.get("name").and_then(node_text);
    members(&mut found, folder(input.path), root.get("workspace").map(|node| node.get("members").unwrap_or(node)));
    for (_, target) in root.get("imports").into_iter().flat_map(Node::entries) {
        let package = target.text().and_then(|text| text.strip_prefix("npm:").or_else(|| text.strip_prefix("jsr:")));
        let Some(package) = package.map(|package| package.trim_start_matches('/')) else { continue };
        // The version follows the last `@` that does not begin the scope; a path may follow that.
        let end = package.char_indices().skip(1).find(|(_, character)| *character == '@').map_or(package.len(), |(at, _)| at);
        if end > 0 {
            found.libraries.push(library(&package[..end], target.location(), LibraryScope::Runtime));
        }
    }
    found.starts.extend(STARTS.iter().filter_map(|name| root.at(&["tasks", name]).and_then(node_text)));
    found.product = if !found.members.is_empty() {
        Product::Aggregate
    } else if !found.starts.is_empty() {
        Product::Application
    } else if root.get("exports").is_some() {
        Product::Library
    } else {
        Product::Unknown
    };
    Some(found)
}

#[cfg(test)]
mod tests {
    use crate::extract::build::snapshot::check;

    #[test]
    fn a_start_script_makes_an_application() {
        check(
            "orders/package.json",
            r#"{"name": "@shop/orders", "main": "index.js",
                "scripts": {"start": "node .", "test": "jest", "dev": "nodemon ."},
                "dependencies": {"express": "^4", "@shop/common": "workspace:*", "lib": "file:../lib", "old": "npm:@x/new@1"},
                "devDependencies": {"jest": "^29"}}"#,
            "npm @shop/orders application
             uses @shop/common
             uses lib
             2 start node .
             2 start nodemon .
             1 start index.js
             3 express
             3 @shop/common
             3 lib
             3 @x/new
             4 jest development",
        );
    }

    #[test]
    fn what_is_published_is_a_library() {
        check("a/package.json", r#"{"name": "a", "main": "a.js", "types": "a.d.ts"}"#, "npm a library");
        check("a/package.json", r#"{"name": "a", "files": ["a.js"], "scripts": {"dev": "tsc --watch"}}"#, "npm a library");
        check("a/package.json", r#"{"name": "a", "main": "a.js"}"#, "npm a unknown");
        check("a/package.json", r#"{"name": "a", "scripts": {"start": "echo nothing", "test": "x"}}"#, "npm a unknown");
        check("a/package.json", r#"{"name": "a", "bin": {"a": "cli.js"}}"#, "npm a application\n1 start cli.js");
        check(
            "a/package.json",
            r#"{"scripts": {"dev": "npm run build", "build": "cross-env A=b node_modules/webpack/bin/webpack.js"}}"#,
            "npm - unknown",
        );
        check("a/package.json", r#"{"scripts": {"start": "webpack serve"}}"#, "npm - application\n1 start webpack serve");
        check("a/package.json", "{}", "npm - unknown");
    }

    #[test]
    fn workspaces_have_members() {
        check(
            "package.json",
            r#"{"private": true, "workspaces": ["packages/*", "./apps/web", "!packages/old"], "scripts": {"start": "turbo start"}}"#,
            "npm - aggregate\nmember packages/*\nmember apps/web\n1 start turbo start",
        );
        check("package.json", r#"{"workspaces": {"packages": ["a"]}}"#, "npm - aggregate\nmember a");
        check("pnpm-workspace.yaml", "packages:\n  - 'apps/*'\n  - '!**/test/**'\n", "npm - aggregate\nmember apps/*");
        check("pnpm-workspace.yaml", "onlyBuiltDependencies: [x]\n", "");
        check("x/lerna.json", r#"{"packages": ["packages/*"]}"#, "npm - aggregate\nmember x/packages/*");
        check(
            "rush.json",
            r#"{"projects": [{"packageName": "a", "projectFolder": "apps/a"}]}"#,
            "npm - aggregate\nmember apps/a",
        );
    }

    #[test]
    fn projects_of_a_workspace_are_told() {
        check(
            "apps/api/project.json",
            r#"{"name": "api", "projectType": "application", "targets": {"build": {"options": {"main": "apps/api/src/main.ts"}}}}"#,
            "npm api application\n1 start apps/api/src/main.ts",
        );
        check("libs/a/project.json", r#"{"name": "a", "projectType": "library", "targets": {}}"#, "npm a library");
        check("apps/api-e2e/project.json", r#"{"name": "api-e2e", "projectType": "application"}"#, "npm api-e2e test");
        check("x/project.json", r#"{"name": "other", "version": "1"}"#, "");
        check(
            "nest-cli.json",
            r#"{"monorepo": true, "projects": {
                "orders": {"type": "application", "root": "apps/orders", "entryFile": "main", "sourceRoot": "apps/orders/src"},
                "common": {"type": "library", "root": "libs/common", "entryFile": "index", "sourceRoot": "libs/common/src"}}}"#,
            "npm - aggregate\nmember apps/orders\nmember libs/common\n2 start apps/orders/src/main",
        );
        check("nest-cli.json", r#"{"sourceRoot": "src"}"#, "");
        check("angular.json", r#"{"projects": {"web": {"projectType": "application", "root": ""}}}"#, "");
    }

    #[test]
    fn deno_has_tasks_and_imports() {
        check(
            "deno.json",
            r#"{"tasks": {"start": "deno run main.ts"}, "imports": {"hono": "jsr:@hono/hono@^4", "pg": "npm:pg", "x/": "./x/"}}"#,
            "npm - application\n1 start deno run main.ts\n1 @hono/hono\n1 pg",
        );
    }

    #[test]
    fn a_broken_file_is_told() {
        check(
            "package.json",
            "{\"name\": \"a\",\n",
            "npm a unknown\n2 manifest-invalid expected a key in double quotes, found the end of the file",
        );
    }
}
