//! Files in memory: tests, and the examples of rules.

use std::collections::BTreeMap;
use std::io;

use camino::Utf8Path;

use super::{Exclusions, Listing, Options, Snapshot};

/// Files by path.
pub struct Memory {
    name: String,
    files: BTreeMap<String, Vec<u8>>,
    git_roots: Vec<String>,
}

impl Memory {
    /// `name` is the repository's, where the root is one. A file named `.git` makes its folder a git repository, as on disk.
    pub fn new<P: Into<String>, B: Into<Vec<u8>>>(name: &str, files: impl IntoIterator<Item = (P, B)>) -> Memory {
        let mut files: BTreeMap<String, Vec<u8>> = files.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect();
        let is_git = |path: &str| path == ".git" || path.ends_with("/.git");
        let git_roots = files.keys().filter(|path| is_git(path)).map(|path| path[..path.len() - 4].trim_end_matches('/').into());
        let git_roots = git_roots.collect();
        files.retain(|path, _| !is_git(path));
        Memory { name: name.into(), files, git_roots }
    }
}

impl Snapshot for Memory {
    fn list(&self, options: &Options) -> Listing {
        let (exclusions, diagnostics) = Exclusions::new(&options.exclude);
        let paths = self.files.keys().filter(|path| !exclusions.covers(path)).cloned().collect();
        Listing { paths, name: self.name.clone(), git_roots: self.git_roots.clone(), diagnostics, ..Listing::default() }
    }

    fn read(&self, path: &str, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.clear();
        buffer.extend_from_slice(self.files.get(path).ok_or(io::ErrorKind::NotFound)?);
        Ok(())
    }

    fn root(&self) -> Option<&Utf8Path> {
        None
    }
}
