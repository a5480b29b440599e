//! Files of a revision, from git's objects and without a checkout: the base that a change is compared with.
//!
//! The user's own git is run: `ls-tree` once, and one `cat-file --batch` that stays for as long as files are read. `.gitignore` counts here
//! as it does on disk, although a tracked file may be ignored: else such a file would be in the base and not in the head.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};

use camino::{Utf8Path, Utf8PathBuf};

use super::gitignore::{GitIgnore, Ignores};
use super::{Exclusions, Listing, Options, Snapshot, git};
use crate::diagnostic::{Diagnostic, Fault};
use crate::source::{Location, MAX_FILE};

pub struct Revision {
    folder: Utf8PathBuf,
    commit: String,
    /// Object names by path below the folder.
    blobs: BTreeMap<String, String>,
    unnamed: Vec<String>,
    objects: Mutex<Option<Objects>>,
}

impl Revision {
    /// The files below a folder of a git work tree as they were at a revision: a commit's name, a tag, a branch, `HEAD~1`.
    pub fn open(folder: &Utf8Path, revision: &str) -> Result<Revision, Box<Diagnostic>> {
        let wanted = format!("{revision}^{{commit}}");
        let commit = run(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]);
        let commit = commit.map_err(|error| missing(folder, revision, &error))?;
        let commit = String::from_utf8_lossy(&commit).trim().to_string();
        let tree = run(folder, &["ls-tree", "-r", "-z", &commit]);
        let tree = tree.map_err(|error| missing(folder, revision, &error))?;
        let (blobs, unnamed) = blobs(&tree);
        Ok(Revision { folder: folder.to_owned(), commit, blobs, unnamed, objects: Mutex::new(None) })
    }

    fn is_ignored(&self, path: &str, folders: &mut Folders) -> bool {
        let mut above = self.ignores("", folders);
        for (end, _) in path.match_indices('/') {
            let folder = &path[..end];
            if above.as_ref().is_some_and(|ignores| ignores.covers(folder, true)) {
                return true;
            }
            above = self.ignores(folder, folders);
        }
        above.is_some_and(|ignores| ignores.covers(path, false))
    }

    /// The patterns that count in a folder; those of the folder above are known already, and each file of patterns is read once.
    fn ignores(&self, folder: &str, folders: &mut Folders) -> Option<Arc<Ignores>> {
        if let Some(known) = folders.get(folder) {
            return known.clone();
        }
        let above = folders.get(folder.rsplit_once('/').map_or("", |(above, _)| above)).cloned().flatten();
        let mut text = Vec::new();
        let ignores = match self.read(&format!("{folder}/.gitignore"), &mut text) {
            Ok(()) => Some(Ignores::of_folder(folder, GitIgnore::parse(&text), above)),
            Err(_) => above,
        };
        folders.insert(folder.into(), ignores.clone());
        ignores
    }

    /// The patterns of the folders from the top of the work tree down to this one.
    fn ignores_at_root(&self, prefix: &str) -> Option<Arc<Ignores>> {
        let ends = prefix.match_indices('/').map(|(at, _)| at).chain([prefix.len()]);
        let mut ignores = None;
        let mut start = 0;
        let mut text = Vec::new();
        for end in ends.filter(|_| !prefix.is_empty()) {
            let object = format!("{}:{}.gitignore", self.commit, &prefix[..start]);
            if self.object(&object, &mut text).is_ok() {
                ignores = Some(Ignores::of_folder_above(&prefix[start..], GitIgnore::parse(&text), ignores));
            }
            start = end + 1;
        }
        match self.read(".gitignore", &mut text) {
            Ok(()) => Some(Ignores::of_folder("", GitIgnore::parse(&text), ignores)),
            Err(_) => ignores,
        }
    }

    fn object(&self, object: &str, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.clear();
        let mut objects = self.objects.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if objects.is_none() {
            *objects = Some(Objects::start(&self.folder)?);
        }
        let read = objects.as_mut().expect("it was just started").read(object, buffer);
        // After a broken answer the next one can't be told from its rest.
        if read.as_ref().is_err_and(|error| !matches!(error.kind(), io::ErrorKind::FileTooLarge | io::ErrorKind::NotFound)) {
            *objects = None;
        }
        read
    }
}

/// The patterns that count in each folder that was asked for.
type Folders = BTreeMap<String, Option<Arc<Ignores>>>;

impl Snapshot for Revision {
    fn list(&self, options: &Options) -> Listing {
        let (exclusions, mut diagnostics) = Exclusions::new(&options.exclude);
        for name in &self.unnamed {
            let problem = Diagnostic::new(Fault::UnreadableFile, Location::TOP, format!("the name of `{name}` is no UTF-8"));
            diagnostics.push(problem.in_file(&name.as_str().into()));
        }
        let root = self.folder.canonicalize_utf8().unwrap_or_else(|_| self.folder.clone());
        let top = git::top(&root).unwrap_or(&root);
        let prefix = root.strip_prefix(top).map_or_else(|_| String::new(), |prefix| prefix.as_str().replace('\\', "/"));
        let git_roots = if prefix.is_empty() { vec![String::new()] } else { Vec::new() };
        let name = git::name(top).unwrap_or_else(|| "repository".into());
        let mut folders = Folders::from([(String::new(), self.ignores_at_root(&prefix))]);
        let is_seen = |path: &&String| !exclusions.covers(path) && !self.is_ignored(path, &mut folders);
        let paths = self.blobs.keys().filter(is_seen).cloned().collect();
        Listing { paths, name, prefix, git_roots, diagnostics }
    }

    fn read(&self, path: &str, buffer: &mut Vec<u8>) -> io::Result<()> {
        self.object(self.blobs.get(path).ok_or(io::ErrorKind::NotFound)?, buffer)
    }

    fn root(&self) -> Option<&Utf8Path> {
        None
    }
}

/// Paths and object names out of what `ls-tree -r -z` prints; and paths that are no text. Links and submodules are not files.
fn blobs(tree: &[u8]) -> (BTreeMap<String, String>, Vec<String>) {
    let mut unnamed = Vec::new();
    let entry = |entry: &[u8]| {
        let at = memchr::memchr(b'\t', entry)?;
        let mut head = entry[..at].split(|&byte| byte == b' ');
        let (mode, _, object) = (head.next()?, head.next()?, head.next()?);
        if !mode.starts_with(b"100") {
            return None;
        }
        match std::str::from_utf8(&entry[at + 1..]) {
            Ok(path) => Some((path.to_string(), String::from_utf8_lossy(object).into_owned())),
            Err(_) => {
                unnamed.push(String::from_utf8_lossy(&entry[at + 1..]).into_owned());
                None
            }
        }
    };
    let blobs = tree.split(|&byte| byte == 0).filter_map(entry).collect();
    (blobs, unnamed)
}

/// A `git cat-file --batch` that answers for one object after the other.
struct Objects {
    child: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

impl Objects {
    fn start(folder: &Utf8Path) -> io::Result<Objects> {
        let mut command = command(folder);
        let mut child =
            command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let ask = child.stdin.take().expect("it was asked for");
        let answer = BufReader::with_capacity(64 * 1024, child.stdout.take().expect("it was asked for"));
        Ok(Objects { child, ask, answer })
    }

    fn read(&mut self, object: &str, buffer: &mut Vec<u8>) -> io::Result<()> {
        writeln!(self.ask, "{object}")?;
        self.ask.flush()?;
        let mut head = String::new();
        self.answer.read_line(&mut head)?;
        if head.trim_end().ends_with(" missing") {
            return Err(io::Error::new(io::ErrorKind::NotFound, "git does not have the object: the clone is partial"));
        }
        let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
        let size =
            size.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, format!("git answered `{}`", head.trim_end())))?;
        // A line feed follows the object.
        let mut answer = self.answer.by_ref().take(size + 1);
        if size > MAX_FILE {
            io::copy(&mut answer, &mut io::sink())?;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        buffer.reserve(size as usize + 1);
        if answer.read_to_end(buffer)? as u64 != size + 1 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buffer.pop();
        Ok(())
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // It would end by itself when its input does; nobody waits for that.
        if self.child.kill().is_ok() {
            self.child.wait().ok();
        }
    }
}

fn command(folder: &Utf8Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder);
    // A hook of git names its own repository in the environment; the folder decides here.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    // Never fetch, never ask, and answer in words that can be shown.
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
    command
}

/// What git prints; what it says on its error output when it fails.
fn run(folder: &Utf8Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = command(folder).args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "git is not installed".to_string(),
        _ => format!("git could not be run: {error}"),
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().next().unwrap_or("").trim_start_matches("fatal: ").trim_end_matches('.');
    Err(first.to_string())
}

fn missing(folder: &Utf8Path, revision: &str, said: &str) -> Box<Diagnostic> {
    let shallow = run(folder, &["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer.starts_with(b"true"));
    let message = match said {
        "" if shallow => format!("revision `{revision}` is not in this shallow clone"),
        "" => format!("there is no revision `{revision}`"),
        said => format!("revision `{revision}` can't be read: {said}"),
    };
    let help = match shallow {
        true => "fetch its history first: `git fetch --unshallow`, or `fetch-depth: 0` of the checkout action",
        false => "name a commit, branch or tag that `git log` knows here; fetch it first if it is only on the server",
    };
    Box::new(Diagnostic::new(Fault::UnreadableFile, Location::TOP, message).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixture {
        _folder: tempfile::TempDir,
        root: Utf8PathBuf,
    }

    /// A repository with two commits; the first is tagged `before`.
    fn repository() -> Fixture {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = Utf8Path::from_path(folder.path()).expect("a plain path").join("shop");
        std::fs::create_dir_all(root.join("web")).expect("a folder");
        let write = |path: &str, text: &str| std::fs::write(root.join(path), text).expect("a file");
        let git = |arguments: &[&str]| {
            let configured = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"];
            let done = command(&root).args(configured).args(arguments).output().expect("git");
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        };
        git(&["init", "--quiet"]);
        write("a.txt", "first");
        write("web/b é.txt", "b");
        write("web/tracked.log", "ignored though tracked");
        write(".gitignore", "*.log\n");
        git(&["add", "--force", "."]);
        git(&["commit", "--quiet", "--message", "1"]);
        git(&["tag", "before"]);
        write("a.txt", "second");
        write("c.txt", "");
        git(&["add", "."]);
        git(&["commit", "--quiet", "--message", "2"]);
        Fixture { root, _folder: folder }
    }

    fn text(revision: &Revision, path: &str) -> io::Result<String> {
        let mut buffer = b"left over".to_vec();
        revision.read(path, &mut buffer)?;
        Ok(String::from_utf8(buffer).expect("text"))
    }

    #[test]
    fn a_revision_shows_its_files_and_not_those_of_today() {
        let fixture = repository();
        let before = Revision::open(&fixture.root, "before").expect("a tag");
        let listing = before.list(&Options::default());
        assert_eq!(listing.paths, [".gitignore", "a.txt", "web/b é.txt"]);
        assert_eq!((listing.name.as_str(), listing.prefix.as_str(), listing.git_roots.len()), ("shop", "", 1));
        assert_eq!(text(&before, "a.txt").expect("a file"), "first");
        assert_eq!(text(&before, "web/b é.txt").expect("a file"), "b");
        assert_eq!(text(&before, "c.txt").expect_err("not yet").kind(), io::ErrorKind::NotFound);
        assert_eq!(text(&before, "../shop/a.txt").expect_err("outside").kind(), io::ErrorKind::NotFound);
        let head = Revision::open(&fixture.root, "HEAD").expect("a commit");
        assert_eq!(text(&head, "a.txt").expect("a file"), "second");
        assert_eq!(text(&head, "c.txt").expect("an empty file"), "");
    }

    #[test]
    fn a_folder_of_a_repository_shows_what_is_below_it() {
        let fixture = repository();
        let web = Revision::open(&fixture.root.join("web"), "HEAD").expect("a commit");
        let listing = web.list(&Options { exclude: vec!["x".into()], ..Options::default() });
        assert_eq!(listing.paths, ["b é.txt"], "what is ignored above stays ignored");
        assert_eq!((listing.prefix.as_str(), listing.git_roots.len()), ("web", 0));
        assert_eq!(text(&web, "b é.txt").expect("a file"), "b");
    }

    #[test]
    fn a_revision_that_is_not_there_is_told_with_the_next_step() {
        let fixture = repository();
        let told = |revision: &str| Revision::open(&fixture.root, revision).err().expect("no such revision");
        assert_eq!(told("nothing").message, "there is no revision `nothing`");
        assert_eq!(told("--help").message, "there is no revision `--help`");
        let nowhere = Revision::open(fixture.root.parent().expect("above"), "HEAD").err().expect("no repository");
        assert!(nowhere.message.starts_with("revision `HEAD` can't be read: not a git repository"), "{}", nowhere.message);
        let clone = fixture.root.with_file_name("clone");
        let url = format!("file://{}", fixture.root);
        let done = command(&fixture.root).args(["clone", "--quiet", "--depth=1", &url, clone.as_str()]).output().expect("git");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let shallow = Revision::open(&clone, "HEAD~1").err().expect("not fetched");
        assert_eq!(shallow.message, "revision `HEAD~1` is not in this shallow clone");
        assert!(shallow.help.expect("a next step").contains("--unshallow"));
    }
}
