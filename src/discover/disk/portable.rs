//! Any system, by the standard library: a path is resolved before it is read, and refused when it leads outside.

use std::fs::File;
use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};

#[cfg(any(not(target_os = "linux"), test))]
use super::{Entry, Form};
use crate::source::MAX_FILE;

pub struct Disk {
    /// Absolute and free of links.
    root: Utf8PathBuf,
}

impl Disk {
    pub fn open(root: &Utf8Path) -> io::Result<Disk> {
        Ok(Disk { root: root.canonicalize_utf8()? })
    }

    /// The bytes of a file below the root. A link counts where it leads to a file of the root.
    pub fn read(&self, path: &str, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.clear();
        let resolved = self.root.join(path).canonicalize_utf8()?;
        if !resolved.starts_with(&self.root) {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it leads out of the folder"));
        }
        // Not to wait for whoever may write into a pipe.
        if !resolved.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
        }
        File::open(resolved)?.take(MAX_FILE + 1).read_to_end(buffer)?;
        if buffer.len() as u64 > MAX_FILE { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(()) }
    }
}

// Linux lists folders in its own way and only reads here, where it lacks a system call.
#[cfg(any(not(target_os = "linux"), test))]
impl Disk {
    /// Tells of each entry of a folder below the root, empty for the root itself, in no order.
    pub fn entries(&self, folder: &str, tell: &mut dyn FnMut(Entry)) -> io::Result<()> {
        let path = if folder.is_empty() { self.root.clone() } else { self.root.join(folder) };
        if path.symlink_metadata()?.is_symlink() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        for entry in std::fs::read_dir(path)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let form = if kind.is_file() {
                Form::File
            } else if kind.is_dir() {
                Form::Folder
            } else {
                Form::Other
            };
            let name = entry.file_name();
            tell(Entry { name: name.to_string_lossy(), is_text: name.to_str().is_some(), form });
        }
        Ok(())
    }
}
