//! Which repositories there are, which files they hold, and of what kind each is.
//!
//! A [`Snapshot`] comes in (a work tree, a revision in git, or files in memory), a [`Discovery`] comes out. Only this room walks.
//! What a path alone tells is told here; what the bytes tell is `extract`'s.

mod disk;
mod exclude;
mod git;
mod gitignore;
pub mod landmark;
pub mod language;
mod memory;
mod repositories;
mod revision;
mod role;
pub mod tooling;
mod worktree;

use std::sync::Arc;

use camino::Utf8Path;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::source::last_part;
use exclude::Exclusions;
use language::Language;
use repositories::Roots;
use role::Folder;

pub use memory::Memory;
pub use revision::Revision;
pub use worktree::WorkTree;

/// Files of one moment, from wherever they come. Paths are below its root, with `/`.
pub trait Snapshot: Sync {
    /// Every file that is not ignored, sorted by path; nothing outside the root, no link followed.
    fn list(&self, options: &Options) -> Listing;

    /// The bytes of one file. Files beyond `source::MAX_FILE` are an error of kind `FileTooLarge`.
    fn read(&self, path: &str, buffer: &mut Vec<u8>) -> std::io::Result<()>;

    /// The folder on disk, if there is one: reports re-read the files whose snippets they show.
    fn root(&self) -> Option<&Utf8Path>;
}

/// What a snapshot holds.
#[derive(Default)]
pub struct Listing {
    pub paths: Vec<String>,
    /// What the repository at the root is called, if there is one.
    pub name: String,
    /// Where the root lies below the top of the git work tree that holds it; empty when it is the top, or in none.
    pub prefix: String,
    /// Directories that are the root of a repository of their own (they have a `.git`), sorted; empty text is the root itself.
    pub git_roots: Vec<String>,
    /// Their paths are below the root.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a policy may say about discovery.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Globs of paths that are not looked at.
    pub exclude: Vec<String>,
    /// `fleet.repositories`: which directories are repositories; decided by what they hold when empty.
    pub repositories: Vec<String>,
}

pub struct Discovery {
    /// True when the root is a folder of repositories.
    pub organisation: bool,
    /// Where the root lies below the top of the git work tree that holds it; empty when it is the top, or in none.
    pub prefix: String,
    /// Sorted by root.
    pub repositories: Vec<Repository>,
    /// Sorted by repository, then path.
    pub files: Vec<File>,
    /// Their paths are below the snapshot's root.
    pub diagnostics: Vec<Diagnostic>,
}

impl Discovery {
    /// Whether a repository, by index, has a file at a path below its root.
    pub fn has(&self, repository: u32, path: &str) -> bool {
        self.files.binary_search_by(|file| (file.repository, &*file.path).cmp(&(repository, path))).is_ok()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    pub name: Arc<str>,
    /// Below the snapshot's root: empty for the root itself, else a path that ends without `/`.
    pub root: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Index into [`Discovery::repositories`].
    pub repository: u32,
    /// Below the repository's root.
    pub path: Arc<str>,
    pub kind: Kind,
}

/// What a path tells about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kind {
    pub language: Option<Language>,
    pub role: Role,
}

impl Kind {
    /// True for a file of program code, whatever its role.
    pub fn is_code(self) -> bool {
        self.language.is_some_and(|language| language.info().code)
    }
}

/// What a file is for, judged by its path below the repository's root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Production,
    Test,
    Example,
    Documentation,
    Vendored,
    Generated,
    Minified,
}

/// Lists the snapshot and tells its repositories, files and their kinds.
pub fn discover(snapshot: &dyn Snapshot, options: &Options) -> Discovery {
    let mut listing = snapshot.list(options);
    let mut diagnostics = std::mem::take(&mut listing.diagnostics);
    let Roots { organisation, roots } = repositories::roots(&listing, options, &mut diagnostics);
    let mut files = files(&listing.paths, &roots);
    files.sort_unstable_by(|a, b| (a.repository, &a.path).cmp(&(b.repository, &b.path)));
    let repositories = named(&roots, &listing.name);
    Discovery { organisation, prefix: listing.prefix, repositories, files, diagnostics }
}

/// True for a path that is, or lies in, a folder; everything lies in the empty one.
pub fn is_within(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Repositories are called as their folders are; where two are called the same, by their paths.
fn named(roots: &[String], of_snapshot: &str) -> Vec<Repository> {
    let short = |root: &String| match root.as_str() {
        "" => of_snapshot.to_string(),
        root => last_part(root).to_string(),
    };
    let mut times: FxHashMap<String, u32> = FxHashMap::default();
    roots.iter().for_each(|root| *times.entry(short(root)).or_default() += 1);
    let named = |root: &String| {
        let name = Some(short(root)).filter(|name| root.is_empty() || times[name] == 1);
        Repository { name: name.map_or_else(|| root.as_str().into(), Arc::from), root: root.as_str().into() }
    };
    roots.iter().map(named).collect()
}

/// The files that lie in a repository; `paths` and `roots` are sorted.
fn files(paths: &[String], roots: &[String]) -> Vec<File> {
    let roots: FxHashMap<&str, u32> = roots.iter().zip(0..).map(|(root, index)| (root.as_str(), index)).collect();
    let mut files = Vec::with_capacity(paths.len());
    // The folders from the snapshot's root to the last file's, each with what is known of it.
    let mut folders = vec![Place { end: 0, repository: roots.get("").copied(), root_end: 0, folder: Folder::ROOT }];
    let mut last = "";
    for path in paths {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if folder != last {
            let common = common_folders(last, folder);
            folders.truncate(folders.partition_point(|place| place.end <= common));
            let mut above = *folders.last().expect("the root's place always stays");
            // What follows is empty when the file lies in a folder that the last one's was in.
            let first = above.end;
            let below = folder[first..].match_indices('/').map(|(at, _)| first + at).chain([folder.len()]);
            for end in below.filter(|&end| end > first) {
                above = above.enter(&folder[..end], &roots, paths);
                folders.push(above);
            }
            last = folder;
        }
        let place = folders.last().expect("the root's place always stays");
        let Some(repository) = place.repository else { continue };
        let language = Language::of_file(name);
        let kind = Kind { language, role: place.folder.role(name, language) };
        files.push(File { repository, path: path[place.root_end..].into(), kind });
    }
    files
}

/// A folder below the snapshot's root.
#[derive(Clone, Copy)]
struct Place {
    /// Where its path ends.
    end: usize,
    repository: Option<u32>,
    /// Where the paths of the repository's files begin.
    root_end: usize,
    folder: Folder,
}

impl Place {
    fn enter(self, path: &str, roots: &FxHashMap<&str, u32>, paths: &[String]) -> Place {
        if let Some(&repository) = roots.get(path) {
            return Place { end: path.len(), repository: Some(repository), root_end: path.len() + 1, folder: Folder::ROOT };
        }
        let root = &path[..self.root_end];
        let exists = |file: &str| {
            let sought = format!("{root}{file}");
            paths.binary_search(&sought).is_ok()
        };
        let folder = if self.repository.is_some() { self.folder.enter(&path[self.root_end..], exists) } else { self.folder };
        Place { end: path.len(), folder, ..self }
    }
}

/// How long the path of the deepest folder is that holds both folders, or is one of them.
fn common_folders(a: &str, b: &str) -> usize {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let ends_there = |path: &str| path.len() == same || path.as_bytes()[same] == b'/';
    if ends_there(a) && ends_there(b) { same } else { a[..same].rfind('/').unwrap_or(0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(paths: &[&str], options: &Options) -> Vec<String> {
        let memory = Memory::new("shop", paths.iter().map(|path| (*path, "")));
        let discovery = discover(&memory, options);
        let file = |file: &File| {
            let repository = &discovery.repositories[file.repository as usize];
            assert!(discovery.has(file.repository, &file.path));
            format!("{}: {} {:?} {}", repository.name, file.path, file.kind.role, file.kind.language.map_or("-", Language::name))
        };
        discovery.files.iter().map(file).collect()
    }

    #[test]
    fn roles_are_judged_below_the_repository_and_never_above_it() {
        let paths = [
            "test-runner/README.md",
            "test-runner/tests/x.py",
            "test-runner/run.py",
            "orders/go.mod",
            "examples/go.mod",
            "examples/main.go",
            "examples/examples/a.go",
        ];
        assert_eq!(
            shown(&paths, &Options::default()),
            [
                "examples: examples/a.go Example Go",
                "examples: go.mod Production -",
                "examples: main.go Production Go",
                "orders: go.mod Production -",
                "test-runner: README.md Documentation Markdown",
                "test-runner: run.py Production Python",
                "test-runner: tests/x.py Test Python",
            ]
        );
        assert_eq!(shown(&["README.md", "examples/main.go"], &Options::default())[1], "shop: examples/main.go Example Go");
    }

    #[test]
    fn a_repository_in_a_repository_has_its_own_files() {
        let paths = [".git", "vendor/lib/.git", "vendor/lib/x.go", "vendor/y.go", "z.go", "a/b/c.go", "a/d.go", "a.go"];
        assert_eq!(
            shown(&paths, &Options::default()),
            [
                "shop: a.go Production Go",
                "shop: a/b/c.go Production Go",
                "shop: a/d.go Production Go",
                "shop: vendor/y.go Vendored Go",
                "shop: z.go Production Go",
                "lib: x.go Production Go",
            ]
        );
    }

    #[test]
    fn repositories_of_one_name_are_told_apart_by_their_paths() {
        let paths = ["a/api/.git", "a/api/x.go", "b/api/.git", "b/api/x.go", "b/web/.git", "b/web/x.go"];
        let names: Vec<String> = shown(&paths, &Options::default());
        assert_eq!(names, ["a/api: x.go Production Go", "b/api: x.go Production Go", "web: x.go Production Go"]);
    }

    #[test]
    fn excluded_and_unnamed_folders_are_not_looked_at() {
        let options = Options { exclude: vec!["legacy".into()], repositories: vec!["services/*".into()] };
        let paths = ["README.md", "services/a/x.go", "services/a/legacy/y.go", "services/b/x.go", "web/x.ts"];
        assert_eq!(shown(&paths, &options), ["a: x.go Production Go", "b: x.go Production Go"]);
    }

    #[test]
    fn folders_are_compared_by_whole_names() {
        for (a, b, common) in [
            ("", "a", ""),
            ("a/b", "a/c", "a"),
            ("ab", "abc", ""),
            ("a/b", "a/b/c", "a/b"),
            ("a/b/c", "a/b", "a/b"),
            ("a", "a", "a"),
            ("a/bc", "a/b", "a"),
        ] {
            assert_eq!(&a[..common_folders(a, b)], common, "{a} {b}");
        }
    }
}
