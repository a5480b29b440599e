//! Settings scripts: which projects a build has, and catalogs that stand in them.

use rustc_hash::FxHashMap;

use super::{
    BuildTool, Input, Output, accessor, add, arguments_of, begins_statement, folder, library, module, project_folder, push,
    quoted,
};
use crate::extract::build::{below, text};
use crate::extract::code::Code;
use crate::facts::{Library, LibraryScope, Product};

/// A build of more projects than this is not read to its end.
const MOST_PROJECTS: usize = 5_000;

pub fn extract(input: &Input, code: &Code, output: &mut Output) {
    let here = folder(input.path);
    let mut found = module(BuildTool::Gradle);
    let mut projects = Vec::new();
    let mut moved = FxHashMap::default();
    for at in (0..code.len()).filter(|&at| begins_statement(code, at)) {
        if code.is_any(at, &["include", "includeFlat", "includeBuild"]) {
            for argument in arguments_of(code, at) {
                let paths = argument.filter_map(|at| quoted(code, at)).filter(|path| !path.contains('$') && !path.is_empty());
                projects.extend(paths.map(project_folder));
            }
        } else if code.reads(at, &["rootProject", ".", "name", "="]) {
            found.name = quoted(code, at + 4).map(|name| text(input, name));
        } else if code.reads(at, &["project", "("]) && code.reads(at + 3, &[")", ".", "projectDir", "="]) {
            // `file('x')`, `new File(settingsDir, 'x')`, `"$rootDir/x" as File`.
            let end = (at + 7..code.len()).take(12).find(|&end| code.begins_line(end)).unwrap_or(code.len().min(at + 19));
            let path = (at + 7..end).filter_map(|at| quoted(code, at)).last();
            if let (Some(project), Some(path)) = (quoted(code, at + 2), path) {
                let path = ["$rootDir/", "${rootDir}/", "$settingsDir/", "${settingsDir}/", "$rootProject.projectDir/"]
                    .iter()
                    .find_map(|start| path.strip_prefix(start))
                    .unwrap_or(path);
                moved.insert(project_folder(project), path);
            }
        }
    }
    projects.truncate(MOST_PROJECTS);
    let members = projects.iter().filter_map(|project| below(here, moved.get(project).copied().unwrap_or(project)));
    members.for_each(|member| add(&mut found.members, member));
    if !found.members.is_empty() {
        found.product = Product::Aggregate;
    }
    push(found, output);
    catalogs(code, output);
}

/// `versionCatalogs { create("libs") { library("spring-web", "group", "name") } }`.
fn catalogs(code: &Code, output: &mut Output) {
    let Some(open) = (0..code.len()).find(|&at| code.reads(at, &["versionCatalogs", "{"])) else { return };
    let mut catalog = "libs";
    let mut found = module(BuildTool::Gradle);
    found.product = Product::Library;
    for at in code.inside(open + 1) {
        if code.reads(at, &["create", "("]) {
            catalog = quoted(code, at + 2).unwrap_or("libs");
        } else if code.is(at, "library") && at > 0 && !code.is(at - 1, ".") {
            let arguments: Vec<&str> =
                arguments_of(code, at).into_iter().take(3).filter_map(|argument| quoted(code, argument.start)).collect();
            let name = match arguments[..] {
                [_, coordinates] => {
                    coordinates.split_once(':').map(|(group, name)| format!("{group}:{}", name.split(':').next().unwrap_or(name)))
                }
                [_, group, name] => Some(format!("{group}:{name}")),
                _ => None,
            };
            if let Some(name) = name {
                let alias = Some(format!("{catalog}.{}", accessor(arguments[0])).into());
                found.libraries.push(Library { alias, ..library(&name, code.at(at), LibraryScope::Managed) });
            }
        }
    }
    if !found.libraries.is_empty() {
        push(found, output);
    }
}
