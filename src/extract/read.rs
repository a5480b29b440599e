//! Reads the files of a discovery: repositories in, their facts out.
//!
//! Files are read in parallel, each thread into one buffer that it keeps. A file that nobody needs is not opened: no format wants it and
//! its lines are not counted. What comes out does not depend on the number of threads.

use std::cell::RefCell;
use std::io;
use std::sync::Arc;

use rayon::prelude::*;

use super::{EXTRACTORS, is_landmark};
use crate::diagnostic::{Diagnostic, Fault};
use crate::discover::{Discovery, File, Kind, Repository, Role, Snapshot};
use crate::facts::{FileFacts, RepositoryFacts};
use crate::source::{Location, MAX_FILE};

/// The facts of every repository, in the discovery's order; within one, files are sorted by path. The diagnostics are those of the
/// discovery; what is wrong with a file that was found stands among its facts.
pub fn all(snapshot: &dyn Snapshot, discovery: &Discovery) -> (Vec<RepositoryFacts>, Vec<Diagnostic>) {
    let facts: Vec<(u32, FileFacts)> = discovery
        .files
        .par_iter()
        .with_min_len(64)
        .filter_map(|file| {
            let root = &discovery.repositories[file.repository as usize].root;
            BUFFERS.with_borrow_mut(|buffers| Some((file.repository, read(snapshot, root, file, buffers)?)))
        })
        .collect();
    let mut counts = vec![0; discovery.repositories.len()];
    facts.iter().for_each(|(repository, _)| counts[*repository as usize] += 1);
    let repository = |(repository, count): (&Repository, usize)| RepositoryFacts {
        name: Arc::clone(&repository.name),
        root: Arc::clone(&repository.root),
        foreign: false,
        files: Vec::with_capacity(count),
    };
    let mut repositories: Vec<RepositoryFacts> = discovery.repositories.iter().zip(counts).map(repository).collect();
    for (repository, facts) in facts {
        repositories[repository as usize].files.push(facts);
    }
    (repositories, discovery.diagnostics.clone())
}

/// What a thread keeps from file to file.
#[derive(Default)]
struct Buffers {
    path: String,
    bytes: Vec<u8>,
}

thread_local! {
    static BUFFERS: RefCell<Buffers> = RefCell::default();
}

/// A buffer that grew for a file larger than this is given back after it.
const KEPT_BUFFER: usize = 1 << 20;

/// The facts of one file; none when there is nothing to say.
fn read(snapshot: &dyn Snapshot, root: &str, file: &File, buffers: &mut Buffers) -> Option<FileFacts> {
    if !is_read(file.kind, &file.path) {
        let landmark = is_landmark(file.kind.role, &file.path);
        return landmark.then(|| FileFacts { path: Arc::clone(&file.path), landmark, ..FileFacts::default() });
    }
    let Buffers { path, bytes } = buffers;
    path.clear();
    if !root.is_empty() {
        path.push_str(root);
        path.push('/');
    }
    path.push_str(&file.path);
    let facts = match snapshot.read(path, bytes) {
        Ok(()) => super::file(file.kind, Arc::clone(&file.path), bytes),
        // Gone since it was listed.
        Err(error) if error.kind() == io::ErrorKind::NotFound && snapshot.root().is_some() => return None,
        Err(error) => {
            FileFacts { path: Arc::clone(&file.path), problems: vec![unread(&file.path, &error)], ..FileFacts::default() }
        }
    };
    if bytes.capacity() > KEPT_BUFFER {
        *bytes = Vec::new();
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::{Memory, Options, discover};

    /// What is known of each file: its path, `*` for a landmark, lines of code, and what is wrong.
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let memory = Memory::new("shop", files.iter().copied());
        let (repositories, _) = all(&memory, &discover(&memory, &Options::default()));
        let mut shown = Vec::new();
        for repository in repositories {
            for file in repository.files {
                let mut line = format!("{}/{}", repository.name, file.path);
                line.push_str(if file.landmark { " *" } else { "" });
                if let Some(lines) = file.lines {
                    let production = if lines.production { "" } else { " not production" };
                    line.push_str(&format!(" {} {}{production}", lines.language.name(), lines.code));
                }
                line.extend(file.problems.iter().map(|problem| format!(" {}: {}", problem.fault.name(), problem.message)));
                shown.push(line);
            }
        }
        assert_eq!(shown, expected);
    }

    #[test]
    fn only_files_that_say_something_are_kept() {
        check(
            &[
                ("README.md", "# Shop"),
                ("go.mod", "module shop"),
                ("main.go", "package main\n\n// Starts.\nfunc main() {}\n"),
                ("main_test.go", "package main"),
                ("api/orders.pb.go", "package api"),
                ("kinds.go", "// Code generated by stringer. DO NOT EDIT.\npackage main\n"),
                ("vendor/modules.txt", ""),
                ("vendor/a/b.go", "package b"),
                ("vendor/a/README.md", ""),
                ("examples/go.mod", ""),
                ("logo.png", "\0"),
                ("archive.go", "PK\0\0"),
            ],
            &["shop/README.md *", "shop/go.mod *", "shop/kinds.go Go 1 not production", "shop/main.go Go 2"],
        );
    }

    #[test]
    fn a_description_that_is_no_text_is_told() {
        check(
            &[("openapi.yaml", "PK\0\0"), ("notes.yaml", "PK\0\0")],
            &["shop/openapi.yaml unreadable-file: the file is no text: it holds zero bytes"],
        );
    }

    #[test]
    fn facts_stand_with_their_repository() {
        check(
            &[("a/README.md", ""), ("a/x.py", "x = 1\n"), ("a-b/pom.xml", ""), ("a-b/X.java", "class X {}")],
            &["a/README.md *", "a/x.py Python 1", "a-b/X.java Java 1", "a-b/pom.xml *"],
        );
    }

    /// A snapshot whose files can't be read.
    struct Shut(io::ErrorKind);

    impl Snapshot for Shut {
        fn list(&self, _: &Options) -> crate::discover::Listing {
            crate::discover::Listing { paths: vec!["a.py".into()], name: "shop".into(), ..Default::default() }
        }
        fn read(&self, _: &str, _: &mut Vec<u8>) -> io::Result<()> {
            Err(self.0.into())
        }
        fn root(&self) -> Option<&camino::Utf8Path> {
            None
        }
    }

    #[test]
    fn a_file_that_can_not_be_read_is_told_with_the_next_step() {
        for (kind, fault, words) in [
            (io::ErrorKind::PermissionDenied, Fault::UnreadableFile, "can't be read"),
            (io::ErrorKind::FileTooLarge, Fault::LimitReached, "larger than 64 MiB"),
        ] {
            let snapshot = Shut(kind);
            let (repositories, _) = all(&snapshot, &discover(&snapshot, &Options::default()));
            let problem = &repositories[0].files[0].problems[0];
            assert_eq!((problem.fault, &*problem.path), (fault, "a.py"));
            assert!(problem.message.contains(words) && problem.help.as_ref().is_some_and(|help| help.contains("exclude")));
        }
    }
}
