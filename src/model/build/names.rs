//! Symbols of code to what they stand for, across files.
//!
//! A symbol is `MODULE#NAME` (`facts::Value::Symbol`). The file that it means is found in three steps: by its module, whose path ends as
//! the module does, the nearest to the file that asks; through aliases, where a module only passes a name on; and by the name alone in the
//! file itself, its folder, or its repository where only one file has it. What stays ambiguous is unknown.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::repositories::Gathered;
use crate::facts::Value;
use crate::source::last_part;

/// Aliases of aliases, and constants of constants.
const MOST_STEPS: u32 = 12;
/// Files of one name that are looked at.
const MOST_CANDIDATES: usize = 256;
/// The longest path that is put together.
const LONGEST: usize = 2_048;

/// A value as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub text: String,
    /// False when parts of it are not known; they are left out.
    pub exact: bool,
}

/// A name of a file.
pub(super) type Name<'g> = (u32, &'g str);

pub(super) struct Names<'g> {
    /// By model file: repository and path below its root.
    files: FxHashMap<u32, (u32, &'g str)>,
    /// Files by repository and the last part of their module path, or of their folder.
    modules: FxHashMap<(u32, &'g str), Vec<u32>>,
    constants: FxHashMap<Name<'g>, &'g Value>,
    aliases: FxHashMap<Name<'g>, &'g str>,
    /// Targets of `*` by file.
    passed_on: FxHashMap<u32, Vec<&'g str>>,
    /// Files that define a constant, by repository and name.
    defining: FxHashMap<(u32, &'g str), Vec<u32>>,
    /// Files that define a constant of a name, of any repository.
    elsewhere: FxHashMap<&'g str, Vec<u32>>,
    types: FxHashSet<Name<'g>>,
    /// Files that define a type, by repository and name.
    typing: FxHashMap<(u32, &'g str), Vec<u32>>,
}

impl<'g> Names<'g> {
    pub fn new(gathered: &'g Gathered) -> Self {
        let mut names = Names {
            files: FxHashMap::default(),
            modules: FxHashMap::default(),
            constants: FxHashMap::default(),
            aliases: FxHashMap::default(),
            passed_on: FxHashMap::default(),
            defining: FxHashMap::default(),
            elsewhere: FxHashMap::default(),
            types: FxHashSet::default(),
            typing: FxHashMap::default(),
        };
        for located in &gathered.definitions {
            names.enter(located.repository, located.file, &located.path);
            for constant in &located.value.constants {
                names.constants.insert((located.file, &constant.name), &constant.value);
                names.defining.entry((located.repository, &constant.name)).or_default().push(located.file);
                names.elsewhere.entry(&constant.name).or_default().push(located.file);
            }
            for header in &located.value.types {
                names.types.insert((located.file, &header.name));
                names.typing.entry((located.repository, &header.name)).or_default().push(located.file);
            }
            for alias in &located.value.aliases {
                match &*alias.name {
                    "*" => names.passed_on.entry(located.file).or_default().push(&alias.target),
                    name => drop(names.aliases.insert((located.file, name), &alias.target)),
                }
            }
        }
        let routings = gathered.routings.iter().map(|located| (located.repository, located.file, &located.path));
        let calls = gathered.calls.iter().map(|located| (located.repository, located.file, &located.path));
        let addresses = gathered.addresses.iter().map(|located| (located.repository, located.file, &located.path));
        let invocations = gathered.invocations.iter().map(|located| (located.repository, located.file, &located.path));
        let connections = gathered.connections.iter().map(|located| (located.repository, located.file, &located.path));
        for (repository, file, path) in routings.chain(calls).chain(addresses).chain(invocations).chain(connections) {
            names.enter(repository, file, path);
        }
        names
    }

    fn enter(&mut self, repository: u32, file: u32, path: &'g str) {
        if self.files.insert(file, (repository, path)).is_some() {
            return;
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = stem(name);
        let above = last_part(folder);
        self.modules.entry((repository, stem)).or_default().push(file);
        if above != stem && !above.is_empty() {
            self.modules.entry((repository, above)).or_default().push(file);
        }
    }

    /// The file of the name that a symbol in `asking` means, among those that `has` it.
    pub fn find(&self, asking: u32, symbol: &'g str, has: &dyn Fn(Name<'g>) -> bool, everywhere: &[u32]) -> Option<Name<'g>> {
        let mut seen: FxHashSet<(u32, &str)> = FxHashSet::default();
        let mut waiting = vec![(asking, symbol)];
        while let Some((asking, symbol)) = waiting.pop() {
            if seen.len() > MOST_STEPS as usize || !seen.insert((asking, symbol)) {
                continue;
            }
            let (module, name) = symbol.split_once('#').unwrap_or(("", symbol));
            let candidates = if module.is_empty() { vec![asking] } else { self.resolve(asking, module) };
            if let Some(&file) = candidates.iter().find(|&&file| has((file, name))) {
                return Some((file, name));
            }
            // `app/api#users.router`: a module below the module.
            if let Some((file, name)) = self.below(asking, module, name, has) {
                return Some((file, name));
            }
            for &file in &candidates {
                // `users.router` may be a name of what is passed on as `users`.
                let (first, rest) = name.split_once('.').unwrap_or((name, ""));
                if let Some(target) = self.aliases.get(&(file, name)) {
                    waiting.push((file, target));
                } else if let Some(target) = self.aliases.get(&(file, first)).filter(|_| !rest.is_empty())
                    && let Some(module) = target.strip_suffix("#*")
                {
                    let inner = self.resolve(file, module);
                    if let Some(&file) = inner.iter().find(|&&file| has((file, rest))) {
                        return Some((file, rest));
                    }
                }
                for target in self.passed_on.get(&file).into_iter().flatten().take(32) {
                    let module = target.split_once('#').map_or(*target, |(module, _)| module);
                    let inner = self.resolve(file, module);
                    if let Some(&file) = inner.iter().find(|&&file| has((file, name))) {
                        return Some((file, name));
                    }
                }
            }
            // A name of the folder, or the only one of its kind.
            let is_type = name.starts_with(|first: char| first.is_uppercase());
            let alike = || self.nearest(asking, everywhere.iter().copied().filter(|&file| has((file, name))));
            if let Some(&file) = if module.is_empty() || is_type { alike() } else { Vec::new() }.first() {
                return Some((file, name));
            }
        }
        None
    }

    /// A name that stands in a module below another one.
    fn below(&self, asking: u32, module: &str, name: &'g str, has: &dyn Fn(Name<'g>) -> bool) -> Option<Name<'g>> {
        if module.is_empty() {
            return None;
        }
        name.match_indices('.').take(4).find_map(|(at, _)| {
            let inner = format!("{module}/{}", name[..at].replace('.', "/"));
            let rest = &name[at + 1..];
            self.resolve(asking, &inner).into_iter().find(|&file| has((file, rest))).map(|file| (file, rest))
        })
    }

    /// The files that a module path means, the nearest to the file that asks.
    fn resolve(&self, asking: u32, module: &str) -> Vec<u32> {
        let Some(&(repository, _)) = self.files.get(&asking) else { return Vec::new() };
        let module = module.trim_matches('/');
        let last = last_part(module);
        let Some(candidates) = self.modules.get(&(repository, last)) else { return Vec::new() };
        let mut best: Vec<u32> = Vec::new();
        let mut best_rank = (0, 0);
        for &file in candidates.iter().take(MOST_CANDIDATES) {
            let path = self.files[&file].1;
            let rank = rank(path, module);
            if rank.0 == 0 || rank < best_rank {
                continue;
            }
            if rank > best_rank {
                best.clear();
                best_rank = rank;
            }
            best.push(file);
        }
        self.nearest(asking, best.into_iter())
    }

    /// Those of the files that share the longest path with the one that asks; none where they lie in several folders equally near.
    fn nearest(&self, asking: u32, files: impl Iterator<Item = u32>) -> Vec<u32> {
        let Some(&(_, path)) = self.files.get(&asking) else { return Vec::new() };
        let near = |file: u32| common_folders(path, self.files.get(&file).map_or("", |(_, path)| path));
        let mut best: Vec<u32> = Vec::new();
        let mut most = 0;
        for file in files {
            let count = near(file);
            if best.is_empty() || count > most {
                (best, most) = (vec![file], count);
            } else if count == most {
                best.push(file);
            }
        }
        let folder =
            |file: u32| self.files.get(&file).and_then(|(_, path)| path.rsplit_once('/')).map_or("", |(folder, _)| folder);
        let one_folder = best.windows(2).all(|pair| folder(pair[0]) == folder(pair[1]));
        if one_folder { best } else { Vec::new() }
    }

    /// What a value of a file reads as. `property` knows settings.
    pub fn read(&self, file: u32, value: &'g Value, property: &dyn Fn(&str) -> Option<Arc<str>>) -> Known {
        let mut known = Known { text: String::new(), exact: true };
        let mut waiting = vec![(file, value, 0)];
        while let Some((file, value, steps)) = waiting.pop() {
            if steps > MOST_STEPS || known.text.len() > LONGEST {
                known.exact = false;
                continue;
            }
            match value {
                Value::Literal(text) => known.text.push_str(text),
                Value::Concat(parts) => waiting.extend(parts.iter().rev().map(|part| (file, part, steps + 1))),
                Value::Env { default: Some(default), .. } => waiting.push((file, default, steps + 1)),
                Value::Property { key, default } => match (property(key), default) {
                    (Some(text), _) => known.text.push_str(&text),
                    (None, Some(default)) => waiting.push((file, default, steps + 1)),
                    (None, None) => known.exact = false,
                },
                Value::Symbol(symbol) => match self.constant(file, symbol) {
                    Some((file, value)) => waiting.push((file, value, steps + 1)),
                    None => known.exact = false,
                },
                Value::Env { .. } | Value::Parameter { .. } | Value::Unknown(_) => known.exact = false,
            }
        }
        known
    }

    /// The type that a symbol of a file means.
    pub fn find_type(&self, asking: u32, symbol: &'g str) -> Option<Name<'g>> {
        let (_, name) = symbol.split_once('#').unwrap_or(("", symbol));
        let repository = self.files.get(&asking)?.0;
        let none = Vec::new();
        let everywhere = self.typing.get(&(repository, name)).unwrap_or(&none);
        self.find(asking, symbol, &|name| self.types.contains(&name), everywhere)
    }

    /// The file and value of the constant that a symbol of a file means.
    pub fn constant(&self, asking: u32, symbol: &'g str) -> Option<(u32, &'g Value)> {
        let (_, name) = symbol.split_once('#').unwrap_or(("", symbol));
        let repository = self.files.get(&asking)?.0;
        let none = Vec::new();
        let everywhere = self.defining.get(&(repository, name)).unwrap_or(&none);
        let found = self
            .find(asking, symbol, &|name| self.constants.contains_key(&name), everywhere)
            .or_else(|| self.constant_elsewhere(repository, symbol))?;
        Some((found.0, self.constants[&found]))
    }

    /// A constant of a library of another repository: the only one of that name in a module that the symbol names.
    fn constant_elsewhere(&self, repository: u32, symbol: &'g str) -> Option<Name<'g>> {
        let (module, name) = symbol.split_once('#').filter(|(module, _)| !module.is_empty())?;
        let files = self.elsewhere.get(name)?.iter().take(MOST_CANDIDATES).copied();
        let mut found = files.filter(|file| {
            let (of, path) = self.files[file];
            of != repository && rank(path, module.trim_matches('/')).0 > 0
        });
        let first = found.next()?;
        found.next().is_none().then_some((first, name))
    }
}

/// A file's name without its endings.
fn stem(name: &str) -> &str {
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

/// How well a file's path fits a module: how many of the module's last parts it ends with, all of them or none where the module is no path
/// of another system; and whether it is the file itself (2), the index of the folder (1), or any file of the folder (0).
fn rank(path: &str, module: &str) -> (usize, u32) {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = stem(name);
    let parts: Vec<&str> = module.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let (Some((&last, before)), folders) = (parts.split_last(), folder) else { return (0, 0) };
    let matching = |parts: &[&str], folders: &str| {
        folders.rsplit('/').zip(parts.iter().rev()).take_while(|(folder, part)| folder == *part).count()
    };
    let is_index = matches!(stem, "index" | "__init__" | "mod");
    let as_file = if stem == last || name == last { 1 + matching(before, folders) } else { 0 };
    let as_folder = matching(&parts, folders);
    let (count, kind) = if as_file >= as_folder { (as_file, 2) } else { (as_folder, u32::from(is_index)) };
    // `github.com/acme/shop/internal/http`, `@acme/common`: what stands first names the repository or the package.
    let foreign_start = parts[0].contains('.') || parts[0].starts_with('@');
    if count == parts.len() || count > 0 && foreign_start { (count, kind) } else { (0, 0) }
}

fn common_folders(a: &str, b: &str) -> usize {
    let folders = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let (a, b) = (folders(a), folders(b));
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b && !a.is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_a_path_that_ends_so() {
        assert_eq!(rank("src/routes/users.ts", "src/routes/users"), (3, 2));
        assert_eq!(rank("services/a/app/api/users.py", "app/api/users"), (3, 2));
        assert_eq!(rank("services/a/app/api/__init__.py", "app/api"), (2, 1));
        assert_eq!(rank("internal/http/server.go", "github.com/acme/shop/internal/http"), (2, 0));
        assert_eq!(rank("src/main/java/com/acme/Routes.java", "com/acme/Routes"), (3, 2));
        assert_eq!(rank("src/routes/orders.ts", "src/routes/users"), (0, 0));
        assert_eq!(rank("lib/routes/users.ts", "src/routes/users"), (0, 0));
    }
}
