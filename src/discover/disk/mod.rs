//! A folder on disk: the entries of the folders in it, and the bytes of its files; nothing outside of it, wherever a link leads.
//!
//! Half of a whole run is spent in these calls, so on Linux they are made as few and as plain as the system allows. Elsewhere the
//! standard library makes them.

#[cfg(target_os = "linux")]
mod linux;
mod portable;

use std::borrow::Cow;

#[cfg(target_os = "linux")]
pub use linux::Disk;
#[cfg(not(target_os = "linux"))]
pub use portable::Disk;

/// Something in a folder.
pub struct Entry<'e> {
    /// With replacement characters where the name is no text.
    pub name: Cow<'e, str>,
    pub is_text: bool,
    pub form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    File,
    Folder,
    /// A link, a socket, a device: nothing to read.
    Other,
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::io::{self, ErrorKind};
    use std::os::unix::fs::symlink;

    use camino::Utf8Path;

    use super::*;

    /// Both ways of reading a disk see the same.
    fn check(root: &Utf8Path) {
        let linux = Disk::open(root).expect("a folder");
        let portable = portable::Disk::open(root).expect("a folder");
        seen(|folder, entry| linux.entries(folder, entry), |path, buffer| linux.read(path, buffer));
        seen(|folder, entry| portable.entries(folder, entry), |path, buffer| portable.read(path, buffer));
    }

    fn seen(
        entries: impl Fn(&str, &mut dyn FnMut(Entry)) -> io::Result<()>,
        read: impl Fn(&str, &mut Vec<u8>) -> io::Result<()>,
    ) {
        let list = |folder: &str| {
            let mut list = Vec::new();
            entries(folder, &mut |entry| list.push(format!("{} {:?} {}", entry.name, entry.form, entry.is_text)))?;
            list.sort();
            io::Result::Ok(list.join(", "))
        };
        assert_eq!(
            list("").expect("the root"),
            "a.txt File true, away Other true, folder Folder true, inside Other true, loop Other true, \u{FFFD} File false"
        );
        assert_eq!(list("folder").expect("a folder"), ".hidden File true, pipe Other true");
        assert!(list("away").is_err(), "no link is entered");
        assert_eq!(list("nowhere").expect_err("nothing").kind(), ErrorKind::NotFound);

        let mut buffer = b"left over".to_vec();
        let mut text = |path: &str| read(path, &mut buffer).map(|()| String::from_utf8_lossy(&buffer).into_owned());
        assert_eq!(text("a.txt").expect("a file").len(), 300_000);
        assert_eq!(text("folder/.hidden").expect("a file"), "hidden");
        assert_eq!(text("inside").expect("a link to a file of the root"), "hidden");
        assert!(text("folder").is_err());
        assert_eq!(text("folder/pipe").expect_err("nobody waits for a writer").kind(), ErrorKind::InvalidInput);
        for outside in ["away/secret.txt", "loop", "loop/a.txt", "../secret/secret.txt", "folder/../../secret/secret.txt"] {
            assert!(text(outside).is_err(), "{outside}");
        }
        assert_eq!(text("nowhere").expect_err("nothing").kind(), ErrorKind::NotFound);
    }

    #[test]
    fn a_disk_shows_what_is_in_the_folder_and_nothing_else() {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let top = Utf8Path::from_path(temporary.path()).expect("a plain path");
        let root = top.join("root");
        fs::create_dir_all(root.join("folder")).expect("a folder");
        fs::create_dir_all(top.join("secret")).expect("a folder");
        fs::write(top.join("secret/secret.txt"), "secret").expect("a file");
        fs::write(root.join("a.txt"), "x".repeat(300_000)).expect("a file");
        fs::write(root.join("folder/.hidden"), "hidden").expect("a file");
        let no_text: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"\xFF");
        fs::write(root.as_std_path().join(no_text), "").expect("a file");
        symlink("../secret", root.join("away")).expect("a link");
        symlink("folder/.hidden", root.join("inside")).expect("a link");
        symlink("loop", root.join("loop")).expect("a link");
        let made = std::process::Command::new("mkfifo").arg(root.join("folder/pipe")).status().expect("mkfifo");
        assert!(made.success());
        check(&root);
    }
}
