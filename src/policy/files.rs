//! Where policy files are read from: a policy may extend others and bring rule files of its own.
//!
//! Files go by name: a path below the checked root or an absolute one, or `git+URL@COMMIT#PATH` for a file of another repository as it
//! was at one commit. The same name stands in diagnostics, so whoever shows one can read the file again.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::git::{self, Pinned};
use crate::source::MAX_FILE;

/// A policy file with its text.
#[derive(Clone, Debug)]
pub struct PolicyFile {
    /// Below the checked root, or absolute.
    pub path: std::sync::Arc<str>,
    pub text: std::sync::Arc<str>,
}

/// Reads policy files and rule files by name.
pub trait Files {
    fn read(&self, name: &str) -> io::Result<String>;

    /// Names of the YAML files in and below a folder, sorted; an error of kind `NotFound` when there is no such folder.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;
}

/// Files on disk, and in git repositories that the user's own git fetches into a cache.
pub struct Disk {
    /// What relative names lie below.
    pub root: Utf8PathBuf,
    /// The folder that holds fetched repositories; made when it is needed.
    pub cache: Utf8PathBuf,
}

impl Disk {
    /// With the cache where the user's system keeps caches: `$BRICKWORK_CACHE`, `$XDG_CACHE_HOME/brickwork`, or `~/.cache/brickwork`.
    pub fn new(root: &Utf8Path) -> Disk {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty()).map(Utf8PathBuf::from);
        let cache = variable("BRICKWORK_CACHE")
            .or_else(|| variable("XDG_CACHE_HOME").map(|cache| cache.join("brickwork")))
            .or_else(|| variable("LOCALAPPDATA").map(|cache| cache.join("brickwork").join("cache")))
            .or_else(|| variable("HOME").map(|home| home.join(".cache").join("brickwork")))
            .unwrap_or_else(|| root.join(".brickwork-cache"));
        Disk { root: root.to_owned(), cache }
    }

    /// Whether a file lies, links followed, below the root or beside it: as far out as its name leads at most.
    fn is_near(&self, path: &Utf8Path, name: &str) -> io::Result<bool> {
        let mut near = self.root.canonicalize_utf8()?;
        for _ in 0..ups(name).max(1) {
            near.pop();
        }
        Ok(path.canonicalize_utf8()?.starts_with(near))
    }
}

/// How many folders up a path begins.
fn ups(path: &str) -> usize {
    path.split('/').take_while(|part| *part == "..").count()
}

impl Files for Disk {
    fn read(&self, name: &str) -> io::Result<String> {
        if let Some((pinned, path)) = Pinned::of_name(name) {
            return git::read(&self.cache, &pinned, path);
        }
        let path = self.root.join(name);
        if !name.starts_with('/') && !self.is_near(&path, name)? {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "a link leads out of the folder"));
        }
        let about = std::fs::metadata(&path)?;
        // Not to wait for whoever may write into a pipe.
        if !about.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
        }
        if about.len() > MAX_FILE {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the file is too large"));
        }
        let bytes = std::fs::read(&path)?;
        Ok(crate::source::decode(&bytes).text.into_owned())
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        if let Some((pinned, path)) = Pinned::of_name(folder) {
            let paths = git::list(&self.cache, &pinned, path)?;
            return Ok(paths.iter().map(|path| pinned.name(path)).collect());
        }
        let mut names = Vec::new();
        let mut folders = vec![folder.trim_end_matches('/').to_owned()];
        // A folder of rules is small; the walk ends after a few thousand entries should somebody point it at a whole disk.
        let mut entries_left = 20_000_u32;
        let mut first = true;
        while let Some(folder) = folders.pop() {
            let path = self.root.join(&folder);
            let entries = match path.read_dir_utf8() {
                Err(error) if first => return Err(error),
                Err(_) => continue,
                Ok(entries) => entries,
            };
            first = false;
            for entry in entries {
                entries_left = entries_left.checked_sub(1).ok_or_else(|| io::Error::other("the folder holds too many files"))?;
                let entry = entry?;
                let name = match folder.as_str() {
                    "" => entry.file_name().to_owned(),
                    folder => format!("{folder}/{}", entry.file_name()),
                };
                // Links are not followed: they lead out of what the user pointed at, and in circles.
                let kind = entry.file_type()?;
                if kind.is_dir() && !entry.file_name().starts_with('.') {
                    folders.push(name);
                } else if kind.is_file() && is_yaml(&name) {
                    names.push(name);
                }
            }
        }
        names.sort();
        Ok(names)
    }
}

/// Files in memory: for examples of rules, and for tests.
#[derive(Default)]
pub struct Memory {
    /// Names with texts.
    pub files: Vec<(String, String)>,
}

impl Files for Memory {
    fn read(&self, name: &str) -> io::Result<String> {
        let found = self.files.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.clone()).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let below = |name: &str| folder.is_empty() || name.strip_prefix(folder).is_some_and(|rest| rest.starts_with(['/', '#']));
        let mut names: Vec<String> =
            self.files.iter().map(|(name, _)| name).filter(|name| below(name) && is_yaml(name)).cloned().collect();
        names.sort();
        match names.is_empty() {
            true => Err(io::Error::from(io::ErrorKind::NotFound)),
            false => Ok(names),
        }
    }
}

pub fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Why a path that a policy names is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPath {
    /// An absolute path: it would mean something else on every machine.
    Absolute,
    /// Further up than beside the checked root, or out of the repository in git.
    Outside,
}

/// The name of a file that a policy file names by a path relative to itself.
///
/// A path may lead anywhere inside the checked root and to what lies beside it, where a central policy stands in a folder of
/// repositories; not further, so that a policy under review cannot have other files of the machine shown in diagnostics.
pub fn beside(base: &str, relative: &str) -> Result<String, BadPath> {
    if relative.starts_with(['/', '\\', '~']) || relative.as_bytes().get(1) == Some(&b':') {
        return Err(BadPath::Absolute);
    }
    if let Some((pinned, path)) = Pinned::of_name(base) {
        let joined = normal(&folder_of(path), relative);
        return match joined.starts_with("..") {
            true => Err(BadPath::Outside),
            false => Ok(pinned.name(&joined)),
        };
    }
    let joined = normal(&folder_of(base), relative);
    match !base.starts_with('/') && ups(&joined) > ups(base).max(1) {
        true => Err(BadPath::Outside),
        false => Ok(joined),
    }
}

/// The folder of a file name, without `/` at its end; empty for the root.
pub fn folder_of(path: &str) -> String {
    path.rfind('/').map_or(String::new(), |slash| path[..slash.max(usize::from(path.starts_with('/')))].to_owned())
}

/// `folder/relative` without `.` and, as far as there are folders to leave, `..`.
fn normal(folder: &str, relative: &str) -> String {
    let absolute = folder.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(relative.split(['/', '\\'])) {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&last) if last != ".." => {
                    parts.pop();
                }
                None if absolute => {}
                _ => parts.push(".."),
            },
            part => parts.push(part),
        }
    }
    format!("{}{}", if absolute { "/" } else { "" }, parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_file_that_names_them() {
        let commit = "0123456789012345678901234567890123456789";
        for (base, relative, expected) in [
            ("brickwork.yaml", "policy/base.yaml", Ok("policy/base.yaml".into())),
            (".github/brickwork.yaml", "./x/../base.yaml", Ok(".github/base.yaml".into())),
            (".github/brickwork.yaml", "../base.yaml", Ok("base.yaml".into())),
            ("brickwork.yaml", "../central/base.yaml", Ok("../central/base.yaml".into())),
            ("../central/base.yaml", "more.yaml", Ok("../central/more.yaml".into())),
            ("../central/base.yaml", "../../more.yaml", Err(BadPath::Outside)),
            ("brickwork.yaml", "../../etc/passwd.yaml", Err(BadPath::Outside)),
            ("brickwork.yaml", "a/../../../x.yaml", Err(BadPath::Outside)),
            ("brickwork.yaml", "/etc/x.yaml", Err(BadPath::Absolute)),
            ("brickwork.yaml", "C:\\x.yaml", Err(BadPath::Absolute)),
            ("/srv/policies/brickwork.yaml", "../base.yaml", Ok("/srv/base.yaml".into())),
            ("../../org/brickwork.yaml", "../base.yaml", Ok("../../base.yaml".into())),
            (
                &format!("git+https://example.com/policies@{commit}#org/base.yaml"),
                "../rules",
                Ok(format!("git+https://example.com/policies@{commit}#rules")),
            ),
            (&format!("git+https://example.com/policies@{commit}#base.yaml"), "../x.yaml", Err(BadPath::Outside)),
        ] {
            assert_eq!(beside(base, relative), expected, "{relative} in {base}");
        }
    }

    #[test]
    fn the_disk_lists_yaml_files_in_folders_below() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = Utf8Path::from_path(folder.path()).expect("a path in UTF-8");
        std::fs::create_dir_all(root.join("rules/own/.hidden")).expect("folders can be made");
        for path in ["rules/b.yaml", "rules/own/a.yml", "rules/own/.hidden/c.yaml", "rules/notes.md"] {
            std::fs::write(root.join(path), "x: 1\n").expect("files can be written");
        }
        let disk = Disk { root: root.to_owned(), cache: root.join("cache") };
        assert_eq!(disk.list("rules").expect("the folder is there"), ["rules/b.yaml", "rules/own/a.yml"]);
        assert_eq!(disk.list("other").expect_err("no such folder").kind(), io::ErrorKind::NotFound);
        assert_eq!(disk.read("rules/b.yaml").expect("the file is there"), "x: 1\n");
        assert!(disk.read("rules/c.yaml").is_err());
        assert_eq!(disk.read("rules").expect_err("a folder").kind(), io::ErrorKind::InvalidInput);
    }
}
