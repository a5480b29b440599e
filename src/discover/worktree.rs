//! Files of a folder on disk.
//!
//! `.gitignore` counts whether or not there is a `.git`; a user's global ignore file and `.git/info/exclude` don't, so that the same files
//! give the same report on every machine. Hidden files are seen, `.git` is not entered, and no link is followed: neither a loop nor
//! a link out of the root can do harm.

use std::fs::File;
use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};
use ignore::WalkBuilder;

use super::{Exclusions, Listing, Options, Snapshot};
use crate::diagnostic::{Diagnostic, Fault};
use crate::source::{Location, MAX_FILE};

pub struct WorkTree {
    root: Utf8PathBuf,
}

impl WorkTree {
    pub fn new(root: impl Into<Utf8PathBuf>) -> WorkTree {
        WorkTree { root: root.into() }
    }
}

impl Snapshot for WorkTree {
    fn list(&self, options: &Options) -> Listing {
        let (exclusions, diagnostics) = Exclusions::new(&options.exclude);
        let mut listing = Listing { name: "repository".into(), diagnostics, ..Listing::default() };
        let mut walk = WalkBuilder::new(&self.root);
        walk.hidden(false).ignore(false).git_global(false).git_exclude(false).require_git(false).parents(false);
        walk.filter_entry(|entry| entry.file_name() != ".git");
        for entry in walk.build() {
            let Ok(entry) = entry else { continue };
            let Some(path) = entry.path().to_str() else { continue };
            let Some(path) = path.strip_prefix(self.root.as_str()) else { continue };
            let path = path.trim_start_matches('/');
            let Some(kind) = entry.file_type() else { continue };
            if kind.is_file() && !exclusions.covers(path) {
                listing.paths.push(path.into());
            } else if kind.is_dir() && entry.path().join(".git").exists() {
                listing.git_roots.push(path.into());
            }
        }
        listing.paths.sort_unstable();
        listing.git_roots.sort_unstable();
        listing
    }

    fn read(&self, path: &str, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.clear();
        File::open(self.root.join(path))?.take(MAX_FILE + 1).read_to_end(buffer)?;
        if buffer.len() as u64 > MAX_FILE { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(()) }
    }

    fn root(&self) -> Option<&Utf8Path> {
        Some(&self.root)
    }
}

#[expect(dead_code, reason = "the final walker reports these")]
fn unreadable(path: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new(Fault::UnreadableFile, Location::TOP, format!("`{path}` can't be read: {error}"))
}
