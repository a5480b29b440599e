//! Library modules: whose code they are.
//!
//! A module that one program alone uses, directly or through others, is that program's code in another folder. One that several use, or
//! that nobody is seen to use, is a library of its own.

use rustc_hash::FxHashMap;

use super::super::repositories::Gathered;
use super::{Other, Program, folder_of, normal};
use crate::discover::is_within;
use crate::facts::Product;
use crate::model::Kind;
use crate::source::last_part;

/// Gives programs their members; what comes back are the modules that are libraries of their own.
pub(super) fn find(gathered: &Gathered, builds: &[u32], programs: &mut [Program]) -> Vec<Other> {
    let modules = Modules::new(gathered, builds);
    let mut reached: Vec<Vec<u32>> = vec![Vec::new(); programs.len()];
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); modules.folders.len()];
    for (index, program) in programs.iter().enumerate() {
        let mut seen = vec![false; modules.folders.len()];
        let mut waiting: Vec<usize> =
            (0..modules.folders.len()).filter(|&at| is_within(modules.folders[at], &program.root)).collect();
        waiting.retain(|&at| innermost(programs, modules.folders[at]) == Some(index));
        while let Some(at) = waiting.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            users[at].push(index);
            reached[index].push(modules.rows[at]);
            waiting.extend(modules.uses[at].iter().copied());
        }
    }
    let mut libraries = Vec::new();
    for (at, users) in users.iter().enumerate() {
        let folder = modules.folders[at];
        let around = innermost(programs, folder);
        if programs.iter().any(|program| program.root == folder) || folder.is_empty() {
            continue;
        }
        let build = &gathered.builds[modules.rows[at] as usize];
        let is_code = !matches!(build.value.product, Product::Aggregate);
        match (users[..].len(), around) {
            (1, Some(owner)) if users[0] == owner => {}
            (1, _) if build.value.product != Product::Test => programs[users[0]].members.push(folder.to_owned()),
            _ if is_code && (around.is_none() || users.len() > 1) => {
                let name = build.value.name.as_ref().map_or_else(|| last_part(folder).into(), |name| name.value.clone());
                let kind = if build.value.product == Product::Test { Kind::Test } else { Kind::Library };
                libraries.push(Other { name, root: folder.to_owned(), kind, evidence: build.evidence(build.value.at) });
            }
            _ => {}
        }
    }
    for (program, reached) in programs.iter_mut().zip(reached) {
        program.builds = reached;
        let module = modules.folders.iter().filter(|folder| is_within(&program.root, folder)).max_by_key(|folder| folder.len());
        program.shares_code = module.is_some_and(|module| *module != program.root);
        program.members.sort();
    }
    libraries
}

fn innermost(programs: &[Program], folder: &str) -> Option<usize> {
    let around = programs.iter().enumerate().filter(|(_, program)| is_within(folder, &program.root));
    around.max_by_key(|(_, program)| program.root.len()).map(|(index, _)| index)
}

/// Build modules of a repository, and which uses which.
struct Modules<'m> {
    /// Indices of gathered build modules; one for each folder.
    rows: Vec<u32>,
    folders: Vec<&'m str>,
    uses: Vec<Vec<usize>>,
}

impl<'m> Modules<'m> {
    fn new(gathered: &'m Gathered, builds: &[u32]) -> Self {
        let mut by_folder: FxHashMap<&str, usize> = FxHashMap::default();
        let mut by_name: FxHashMap<String, usize> = FxHashMap::default();
        let mut modules = Modules { rows: Vec::new(), folders: Vec::new(), uses: Vec::new() };
        for &row in builds {
            let build = &gathered.builds[row as usize];
            let folder = folder_of(&build.path);
            let at = *by_folder.entry(folder).or_insert_with(|| {
                modules.rows.push(row);
                modules.folders.push(folder);
                modules.folders.len() - 1
            });
            for name in build.value.name.iter() {
                by_name.entry(normal(&name.value)).or_insert(at);
                // `group:artifact` is used by its artifact alone, too.
                if let Some((_, artifact)) = name.value.rsplit_once(':') {
                    by_name.entry(normal(artifact)).or_insert(at);
                }
            }
        }
        modules.uses = vec![Vec::new(); modules.folders.len()];
        for &row in builds {
            let build = &gathered.builds[row as usize];
            let from = by_folder[folder_of(&build.path)];
            let named = build.value.uses.iter().filter_map(|used| {
                let folder = used.trim_matches('/');
                let project = || by_folder.get(folder_of(folder)).copied().filter(|_| folder.ends_with("proj"));
                by_folder.get(folder).copied().or_else(project).or_else(|| by_name.get(&normal(used)).copied())
            });
            // A library that is a module of the same repository.
            let libraries = build.value.libraries.iter().filter_map(|library| by_name.get(&normal(&library.name)).copied());
            let used: Vec<usize> = named.chain(libraries).filter(|&at| at != from).collect();
            modules.uses[from].extend(used);
        }
        modules
    }
}
