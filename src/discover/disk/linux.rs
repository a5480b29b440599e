//! Linux: everything relative to the open root, so that paths are short and the kernel itself refuses what leads outside.

use std::cell::RefCell;
use std::io;

use camino::Utf8Path;
use rustix::buffer::spare_capacity;
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RawDir, ResolveFlags, fstat, fstatfs, openat, openat2, statat};
use rustix::io::{Errno, read};

use super::{Entry, Form, portable};
use crate::source::MAX_FILE;

pub struct Disk {
    root: OwnedFd,
    /// True when a read that gives less than it could has reached the end of the file; else only an empty one has.
    short_is_end: bool,
    otherwise: portable::Disk,
}

/// Room for the entries of a folder; larger folders are read in several calls.
const ENTRIES: usize = 32 * 1024;
/// Most files of a repository are smaller, and so read in one call.
const SMALL_FILE: usize = 64 * 1024;

/// File systems whose files are read whole through the page cache: ext4, XFS, Btrfs, F2FS, tmpfs, overlayfs, ZFS. Others (a network's,
/// a user's program) may hand out less at a time. One call less for each file is a thirtieth of a run that only reads.
const PLAIN_SYSTEMS: [u32; 7] = [0xEF53, 0x5846_5342, 0x9123_683E, 0xF2F5_2010, 0x0102_1994, 0x794C_7630, 0x2FC1_2FC1];

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(Vec::with_capacity(ENTRIES));
}

impl Disk {
    pub fn open(root: &Utf8Path) -> io::Result<Disk> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let handle = openat(CWD, root.as_str(), flags, Mode::empty())?;
        let short_is_end = fstatfs(&handle).is_ok_and(|system| PLAIN_SYSTEMS.contains(&(system.f_type as u32)));
        Ok(Disk { root: handle, short_is_end, otherwise: portable::Disk::open(root)? })
    }

    /// Tells of each entry of a folder below the root, empty for the root itself, in no order.
    pub fn entries(&self, folder: &str, tell: &mut dyn FnMut(Entry)) -> io::Result<()> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let handle = openat(&self.root, if folder.is_empty() { "." } else { folder }, flags, Mode::empty())?;
        BUFFER.with_borrow_mut(|buffer| {
            let mut entries = RawDir::new(&handle, buffer.spare_capacity_mut());
            while let Some(entry) = entries.next() {
                let entry = entry?;
                let name = entry.file_name();
                if matches!(name.to_bytes(), b"." | b"..") {
                    continue;
                }
                let kind = match entry.file_type() {
                    // Some file systems don't tell.
                    FileType::Unknown => {
                        let stat = statat(&handle, name, AtFlags::SYMLINK_NOFOLLOW);
                        stat.map_or(FileType::Unknown, |stat| FileType::from_raw_mode(stat.st_mode))
                    }
                    kind => kind,
                };
                let form = match kind {
                    FileType::RegularFile => Form::File,
                    FileType::Directory => Form::Folder,
                    _ => Form::Other,
                };
                tell(Entry { name: name.to_string_lossy(), is_text: name.to_str().is_ok(), form });
            }
            Ok(())
        })
    }

    /// The bytes of a file below the root. A link counts where it leads to a file of the root.
    pub fn read(&self, path: &str, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.clear();
        buffer.reserve(SMALL_FILE);
        // Not to wait for whoever may write into a pipe.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = match openat2(&self.root, path, flags, Mode::empty(), ResolveFlags::BENEATH) {
            // An older kernel, or a sandbox that does not know the call.
            Err(Errno::NOSYS | Errno::PERM) => return self.otherwise.read(path, buffer),
            file => file?,
        };
        loop {
            let room = buffer.capacity() - buffer.len();
            let length = read(&file, spare_capacity(buffer))?;
            if length == 0 || (length < room && self.short_is_end) {
                // A pipe that nobody writes into seems to be an empty file.
                let is_file = !buffer.is_empty() || FileType::from_raw_mode(fstat(&file)?.st_mode) == FileType::RegularFile;
                return if is_file { Ok(()) } else { Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file")) };
            }
            if buffer.len() as u64 > MAX_FILE {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            buffer.reserve(SMALL_FILE);
        }
    }
}
