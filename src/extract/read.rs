//! Reads the files of a discovery: repositories in, their facts out.
//!
//! Files are read in parallel, each thread into one buffer that it keeps. A file that nobody needs is not opened: no format wants it and
//! its lines are not counted. What comes out does not depend on the number of threads.

use std::io;
use std::sync::Arc;

use rayon::prelude::*;

use super::EXTRACTORS;
use crate::diagnostic::{Diagnostic, Fault};
use crate::discover::landmark::landmark;
use crate::discover::{Discovery, File, Kind, Role, Snapshot};
use crate::facts::{FileFacts, RepositoryFacts};
use crate::source::{Location, MAX_FILE};

/// The facts of every repository, in the discovery's order; within one, files are sorted by path. The diagnostics are those of the
/// discovery; what is wrong with a file that was found stands among its facts.
pub fn all(snapshot: &dyn Snapshot, discovery: &Discovery) -> (Vec<RepositoryFacts>, Vec<Diagnostic>) {
    let files = discovery.files.par_iter().with_min_len(16);
    let facts: Vec<(u32, FileFacts)> = files
        .map_init(Vec::new, |buffer, file| {
            let root = &discovery.repositories[file.repository as usize].root;
            Some((file.repository, read(snapshot, root, file, buffer)?))
        })
        .flatten_iter()
        .collect();
    let mut repositories: Vec<RepositoryFacts> = discovery
        .repositories
        .iter()
        .map(|repository| RepositoryFacts {
            name: Arc::clone(&repository.name),
            root: Arc::clone(&repository.root),
            foreign: false,
            files: Vec::new(),
        })
        .collect();
    for (repository, facts) in facts {
        repositories[repository as usize].files.push(facts);
    }
    for repository in &mut repositories {
        repository.files.shrink_to_fit();
    }
    (repositories, discovery.diagnostics.clone())
}

/// The facts of one file; none when there is nothing to say.
fn read(snapshot: &dyn Snapshot, root: &str, file: &File, buffer: &mut Vec<u8>) -> Option<FileFacts> {
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    if !is_read(file.kind, &file.path) {
        let kept = file.kind.role != Role::Vendored && landmark(name).is_some();
        return kept.then(|| FileFacts { path: Arc::clone(&file.path), landmark: true, ..FileFacts::default() });
    }
    let read = match root {
        "" => snapshot.read(&file.path, buffer),
        _ => snapshot.read(&format!("{root}/{}", file.path), buffer),
    };
    let mut facts = match read {
        Ok(()) => super::file(file.kind, &file.path, buffer),
        Err(error) => FileFacts { problems: vec![unread(&file.path, &error)], ..FileFacts::default() },
    };
    facts.path = Arc::clone(&file.path);
    let says = facts.landmark || facts.lines.is_some() || !facts.facts.is_empty() || !facts.problems.is_empty();
    says.then_some(facts)
}

/// Whether anybody needs the bytes of such a file.
fn is_read(kind: Kind, path: &str) -> bool {
    let is_wanted = || EXTRACTORS.iter().any(|extractor| (extractor.wants)(kind, path));
    match kind.role {
        Role::Production => kind.is_code() || is_wanted(),
        // A description of an API may lie with documents or come out of a generator; code that does is not the service's own.
        Role::Documentation | Role::Generated => !kind.is_code() && is_wanted(),
        Role::Test | Role::Example | Role::Vendored | Role::Minified => false,
    }
}

fn unread(path: &Arc<str>, error: &io::Error) -> Diagnostic {
    let diagnostic = match error.kind() {
        io::ErrorKind::FileTooLarge => Diagnostic::new(
            Fault::LimitReached,
            Location::TOP,
            format!("the file is larger than {} MiB and was not read", MAX_FILE >> 20),
        )
        .help("exclude it in the policy: `exclude: [PATH]`"),
        _ => Diagnostic::new(Fault::UnreadableFile, Location::TOP, format!("the file can't be read: {error}"))
            .help("make it readable, or exclude it in the policy: `exclude: [PATH]`"),
    };
    diagnostic.in_file(path)
}
