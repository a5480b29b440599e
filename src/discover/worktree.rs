//! Files of a folder on disk.
//!
//! `.gitignore` counts whether or not there is a `.git`; a user's global ignore file and `.git/info/exclude` don't, so that the same files
//! give the same report on every machine. Hidden files are seen, `.git` is not entered, and no link is followed: neither a loop nor
//! a link out of the root can do harm.

use std::io;
use std::sync::{Arc, Mutex};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::Scope;

use super::disk::{Disk, Form};
use super::gitignore::{GitIgnore, Ignores};
use super::repositories::Heads;
use super::{Exclusions, Listing, Options, Snapshot, git};
use crate::diagnostic::{Diagnostic, Fault};
use crate::source::Location;

pub struct WorkTree {
    root: Utf8PathBuf,
    disk: io::Result<Disk>,
}

impl WorkTree {
    /// A folder that can't be opened is a diagnostic of its listing.
    pub fn new(root: impl Into<Utf8PathBuf>) -> WorkTree {
        let root = root.into();
        WorkTree { disk: Disk::open(&root), root }
    }
}

impl Snapshot for WorkTree {
    fn list(&self, options: &Options) -> Listing {
        let (exclusions, diagnostics) = Exclusions::new(&options.exclude);
        let mut listing = Listing { diagnostics, ..Listing::default() };
        let disk = match &self.disk {
            Ok(disk) => disk,
            Err(error) => {
                listing.diagnostics.push(unreadable(self.root.as_str(), "folder", error));
                return listing;
            }
        };
        let root = self.root.canonicalize_utf8().unwrap_or_else(|_| self.root.clone());
        let top = git::top(&root);
        listing.name = top.and_then(git::name).or(root.file_name().map(String::from)).unwrap_or_else(|| "repository".into());
        let prefix = top.and_then(|top| root.strip_prefix(top).ok()).unwrap_or(Utf8Path::new(""));
        listing.prefix = prefix.as_str().replace('\\', "/");
        let above = top.and_then(|top| ignores_above(top, &listing.prefix));
        let walk = Walk { disk, exclusions, heads: Heads::new(&options.repositories), found: Mutex::new(listing) };
        rayon::scope(|scope| walk.folder(String::new(), above, scope));
        let mut listing = walk.found.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        listing.paths.sort_unstable();
        listing.git_roots.sort_unstable();
        listing.diagnostics.sort_by(|a, b| (&a.path, &a.message).cmp(&(&b.path, &b.message)));
        listing
    }

    fn read(&self, path: &str, buffer: &mut Vec<u8>) -> io::Result<()> {
        match &self.disk {
            Ok(disk) => disk.read(path, buffer),
            Err(error) => Err(error.kind().into()),
        }
    }

    fn root(&self) -> Option<&Utf8Path> {
        Some(&self.root)
    }
}

/// The `.gitignore` files of the folders from the top of the work tree down to the root, without the root's own.
fn ignores_above(top: &Utf8Path, prefix: &str) -> Option<Arc<Ignores>> {
    let mut ignores = None;
    let mut lead = prefix;
    let mut folder = top.to_owned();
    while !lead.is_empty() {
        if let Ok(text) = std::fs::read(folder.join(".gitignore")) {
            ignores = Some(Ignores::of_folder_above(lead, GitIgnore::parse(&text), ignores));
        }
        let (name, rest) = lead.split_once('/').unwrap_or((lead, ""));
        folder.push(name);
        lead = rest;
    }
    ignores
}

struct Walk<'w> {
    disk: &'w Disk,
    exclusions: Exclusions,
    heads: Heads,
    found: Mutex<Listing>,
}

impl Walk<'_> {
    /// One folder; those in it are tasks of their own.
    fn folder<'s>(&'s self, path: String, ignores: Option<Arc<Ignores>>, scope: &Scope<'s>) {
        let mut files = Vec::new();
        let mut folders = Vec::new();
        let mut unnamed = Vec::new();
        let (mut is_git_root, mut has_ignores) = (false, false);
        let listed = self.disk.entries(&path, &mut |entry| {
            if entry.name == ".git" {
                is_git_root = true;
                return;
            }
            let mut below = String::with_capacity(path.len() + 1 + entry.name.len());
            if !path.is_empty() {
                below.push_str(&path);
                below.push('/');
            }
            below.push_str(&entry.name);
            match entry.form {
                Form::Other => {}
                _ if !entry.is_text => unnamed.push(below),
                Form::Folder => folders.push(below),
                Form::File => {
                    has_ignores |= entry.name == ".gitignore";
                    files.push(below);
                }
            }
        });
        let mut diagnostics = Vec::new();
        if let Err(error) = listed
            && error.kind() != io::ErrorKind::NotFound
        {
            diagnostics.push(unreadable(&path, "folder", &error));
        }
        // A repository in another is ignored or not as a whole; inside, only its own files say what is.
        let mut ignores = ignores.filter(|_| !is_git_root || path.is_empty());
        if has_ignores {
            ignores = self.ignores(&path, ignores, &mut diagnostics);
        }
        let is_seen = |below: &String, is_folder: bool| {
            !ignores.as_ref().is_some_and(|ignores| ignores.covers(below, is_folder)) && !self.exclusions.matches(below)
        };
        files.retain(|file| is_seen(file, false));
        folders.retain(|folder| is_seen(folder, true) && self.heads.may_lead_to(folder));
        for name in unnamed.into_iter().filter(|name| is_seen(name, false)) {
            let problem = Diagnostic::new(Fault::UnreadableFile, Location::TOP, format!("the name of `{name}` is no UTF-8"));
            diagnostics.push(problem.help("rename it, or ignore it in `.gitignore`").in_file(&name.into()));
        }
        {
            let mut found = self.found.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            found.paths.append(&mut files);
            found.diagnostics.append(&mut diagnostics);
            if is_git_root {
                found.git_roots.push(path);
            }
        }
        for folder in folders {
            let ignores = ignores.clone();
            scope.spawn(move |scope| self.folder(folder, ignores, scope));
        }
    }

    fn ignores(&self, folder: &str, above: Option<Arc<Ignores>>, diagnostics: &mut Vec<Diagnostic>) -> Option<Arc<Ignores>> {
        let path = if folder.is_empty() { ".gitignore".into() } else { format!("{folder}/.gitignore") };
        let mut text = Vec::new();
        if let Err(error) = self.disk.read(&path, &mut text) {
            diagnostics.push(unreadable(&path, "file", &error));
            return above;
        }
        let own = GitIgnore::parse(&text);
        if own.cut {
            let problem = Diagnostic::new(Fault::LimitReached, Location::TOP, "it holds more patterns than are looked at");
            diagnostics.push(problem.help("ignore whole folders rather than single files").in_file(&path.into()));
        }
        if own.is_empty() { above } else { Some(Ignores::of_folder(folder, own, above)) }
    }
}

fn unreadable(path: &str, what: &str, error: &io::Error) -> Diagnostic {
    let path = if path.is_empty() { "." } else { path };
    Diagnostic::new(Fault::UnreadableFile, Location::TOP, format!("the {what} can't be read: {error}"))
        .help("make it readable, or exclude it in the policy: `exclude: [PATH]`")
        .in_file(&path.into())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    struct Folder {
        _temporary: tempfile::TempDir,
        root: Utf8PathBuf,
    }

    /// Files by path and text, in a folder named `root`.
    fn folder(files: &[(&str, &str)]) -> Folder {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let root =
            Utf8Path::from_path(temporary.path()).expect("a plain path").canonicalize_utf8().expect("it is there").join("root");
        fs::create_dir(&root).expect("a folder");
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("below the root")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        Folder { root, _temporary: temporary }
    }

    fn list(root: &Utf8Path) -> Listing {
        WorkTree::new(root).list(&Options::default())
    }

    #[test]
    fn hidden_files_are_seen_and_ignored_ones_are_not() {
        let folder = folder(&[
            (".gitignore", "target/\n*.log\n!keep.log\n"),
            (".github/workflows/ci.yml", ""),
            (".gitlab-ci.yml", ""),
            ("a.log", ""),
            ("keep.log", ""),
            ("target/x.json", ""),
            ("web/.gitignore", "!a.log\n/dist\n"),
            ("web/a.log", ""),
            ("web/dist/x.js", ""),
            ("web/target", "a file"),
            ("openapi.yaml/nested.yaml", ""),
        ]);
        let listing = list(&folder.root);
        let seen = [
            ".github/workflows/ci.yml",
            ".gitignore",
            ".gitlab-ci.yml",
            "keep.log",
            "openapi.yaml/nested.yaml",
            "web/.gitignore",
            "web/a.log",
            "web/target",
        ];
        assert_eq!(listing.paths, seen);
        assert_eq!(listing.diagnostics, []);
        assert_eq!((listing.name.as_str(), listing.prefix.as_str()), ("root", ""));
        assert_eq!(listing.git_roots, Vec::<String>::new());
    }

    #[test]
    fn a_folder_of_a_work_tree_knows_where_it_lies() {
        let folder = folder(&[
            (".git/config", "[remote \"origin\"]\n\turl = git@host:acme/shop.git\n"),
            (".gitignore", "*.tmp\n/services/a/out\n/services/b\n"),
            ("services/a/x.go", ""),
            ("services/a/x.tmp", ""),
            ("services/a/out/y.go", ""),
        ]);
        let listing = list(&folder.root.join("services/a"));
        assert_eq!(listing.paths, ["x.go"]);
        assert_eq!((listing.name.as_str(), listing.prefix.as_str()), ("shop", "services/a"));
        let listing = list(&folder.root);
        assert_eq!(listing.paths, [".gitignore", "services/a/x.go"]);
        assert_eq!((listing.name.as_str(), listing.prefix.as_str()), ("shop", ""));
        assert_eq!(listing.git_roots, [""]);
    }

    #[test]
    fn a_repository_in_a_repository_has_rules_of_its_own() {
        let folder = folder(&[
            (".git/HEAD", ""),
            (".gitignore", "*.go\n/away\n"),
            ("lib/.git", "gitdir: ../.git/modules/lib"),
            ("lib/x.go", ""),
            ("away/.git/HEAD", ""),
            ("away/y.go", ""),
            ("z.go", ""),
        ]);
        let listing = list(&folder.root);
        assert_eq!(listing.paths, [".gitignore", "lib/x.go"]);
        assert_eq!(listing.git_roots, ["", "lib"]);
    }

    #[test]
    fn no_link_is_followed() {
        let folder = folder(&[("a/x.go", "")]);
        symlink("..", folder.root.join("a/loop")).expect("a link");
        symlink("/", folder.root.join("outside")).expect("a link");
        symlink("a/x.go", folder.root.join("y.go")).expect("a link");
        symlink("nowhere", folder.root.join("z.go")).expect("a link");
        let listing = list(&folder.root);
        assert_eq!(listing.paths, ["a/x.go"]);
        assert_eq!(listing.diagnostics, []);
    }

    #[test]
    fn what_can_not_be_listed_is_told() {
        let folder = folder(&[("a/x.go", ""), ("shut/y.go", "")]);
        let no_text: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"\xFF.go");
        fs::write(folder.root.join("a").as_std_path().join(no_text), "").expect("a file");
        let shut = folder.root.join("shut");
        fs::set_permissions(&shut, fs::Permissions::from_mode(0o0)).expect("its owner may");
        let listing = list(&folder.root);
        fs::set_permissions(&shut, fs::Permissions::from_mode(0o755)).expect("its owner may");
        let told: Vec<String> = listing.diagnostics.iter().map(|told| format!("{}: {}", told.path, told.message)).collect();
        assert_eq!(told[0], "a/\u{FFFD}.go: the name of `a/\u{FFFD}.go` is no UTF-8");
        // Root may read everything.
        if listing.paths == ["a/x.go"] {
            assert!(told[1].starts_with("shut: the folder can't be read: "), "{told:?}");
        }
        let nowhere = list(&folder.root.join("nowhere"));
        assert_eq!(nowhere.diagnostics.len(), 1);
    }

    #[test]
    fn excluded_folders_are_not_entered_and_named_repositories_are_found() {
        let folder = folder(&[("a/x.go", ""), ("b/x.go", ""), ("c/x.go", ""), ("a/b/x.go", "")]);
        let options = Options { exclude: vec!["/b".into(), "a/b".into()], repositories: vec!["a".into(), "b".into()] };
        assert_eq!(WorkTree::new(&folder.root).list(&options).paths, ["a/x.go"]);
    }

    #[test]
    fn a_deep_tree_is_walked() {
        let deep = format!("{}x.go", "d/".repeat(500));
        let folder = folder(&[(&deep, "")]);
        assert_eq!(list(&folder.root).paths, [deep]);
    }
}
