//! Which file is the policy of a repository.

use std::io::ErrorKind;

use super::files::PolicyFile;
use crate::diagnostic::{Diagnostic, Fault};
use crate::discover::Snapshot;
use crate::source::{Location, decode};

/// Where a policy may stand, below the root of a repository.
pub const NAMES: [&str; 6] =
    ["brickwork.yaml", "brickwork.yml", ".brickwork.yaml", ".brickwork.yml", ".github/brickwork.yaml", ".github/brickwork.yml"];

/// The policy of the snapshot's root, if there is one; a diagnostic when there are two, or when it can't be read.
pub fn find(snapshot: &dyn Snapshot) -> Result<Option<PolicyFile>, Vec<Diagnostic>> {
    find_in(snapshot, "")
}

/// The same for a repository in a folder of the snapshot.
pub fn find_in(snapshot: &dyn Snapshot, folder: &str) -> Result<Option<PolicyFile>, Vec<Diagnostic>> {
    let mut found: Option<PolicyFile> = None;
    let mut bytes = Vec::new();
    for name in NAMES {
        let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        bytes.clear();
        match snapshot.read(&path, &mut bytes) {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => continue,
            Err(error) => return Err(vec![problem(&path, format!("the policy can't be read: {error}"), None)]),
        }
        if let Some(first) = &found {
            let help = format!("keep one of them: `{}` is another", first.path);
            return Err(vec![problem(&path, "two files are the policy of one repository".into(), Some(help))]);
        }
        found = Some(PolicyFile { path: path.into(), text: decode(&bytes).text.as_ref().into() });
    }
    Ok(found)
}

fn problem(path: &str, message: String, help: Option<String>) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(Fault::PolicyInvalid, Location::TOP, message).in_file(&path.into());
    diagnostic.help = help;
    diagnostic
}
