//! Which files make up a policy: the user's own, those it extends, and the packs at their root.
//!
//! A policy comes in with a reader of files; the texts of all come out, the most basic first, so that whoever merges them in order lets
//! the later have the last word. A file that several extend counts once, where it is met first.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::decode::Problems;
use super::files::{BadPath, Files, PolicyFile, beside, is_yaml};
use super::form::{Complaint, TextForm};
use super::git::{DEFAULT_PATH, Pinned, is_fetchable};
use super::{Origin, library};
use crate::diagnostic::{Diagnostic, nearest};
use crate::document::{Node, Shape, Syntax, parse};

/// The pack that counts when nobody extends anything.
pub const DEFAULT_PACK: &str = "recommended";

/// How many files one policy may be made of.
const MOST_FILES: usize = 100;

/// One file of a policy.
pub struct Layer {
    pub path: Arc<str>,
    pub text: Arc<str>,
    pub from: From,
    /// The line of the user's own policy through which the file came in: none for that policy itself, and without one.
    pub asked: Option<Origin>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// A pack: this program's own.
    Pack,
    /// A file that lies where the user can open it.
    Disk,
    /// A file of a commit.
    Git,
}

/// What an entry of `extends` names.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    Pack(String),
    /// By name, for [`Files`].
    File(String),
}

/// An entry of `extends` as a text: only its form; whether the pack or file exists is asked when it is read.
pub static EXTENDED: TextForm =
    TextForm { noun: "a pack or path", pattern: Some("\\S"), format: None, check: |text| target_form(text) };

fn target_form(text: &str) -> Result<(), Complaint> {
    if let Some(rest) = text.strip_prefix("git+") {
        let name = if rest.contains('#') { text.to_owned() } else { format!("{text}#{DEFAULT_PATH}") };
        return match Pinned::of_name(&name) {
            Some((pinned, _)) if is_fetchable(&pinned.url) => Ok(()),
            Some(_) => Err(not_fetchable(text)),
            None => Err(Complaint {
                message: format!("`{}` is not pinned to a commit", text.escape_debug()),
                help: Some(format!(
                    "what is checked must not change by itself: write `git+URL@COMMIT#{DEFAULT_PATH}` with the whole hash, as `git ls-remote URL` prints"
                )),
            }),
        };
    }
    let looks_remote = text.contains("://") || text.starts_with("git@");
    if looks_remote {
        let help = "write `git+URL@COMMIT#PATH`, with the whole hash of a commit".to_owned();
        return Err(Complaint { message: format!("`{}` is no pack and no path", text.escape_debug()), help: Some(help) });
    }
    if is_path(text) || library::packs().any(|pack| pack == text) {
        return Ok(());
    }
    let help = match nearest(text, library::packs()) {
        Some(pack) => format!("did you mean `{pack}`?"),
        None => format!("the packs are `{}`; a path ends in `.yaml`", library::packs().collect::<Vec<_>>().join("`, `")),
    };
    Err(Complaint { message: format!("unknown pack `{}`", text.escape_debug()), help: Some(help) })
}

fn not_fetchable(url: &str) -> Complaint {
    Complaint {
        message: format!("`{}` is not a URL that git is asked for", url.escape_debug()),
        help: Some("use https, ssh, http or file, or `{git: git@host:path, commit: ...}`".into()),
    }
}

fn is_path(text: &str) -> bool {
    is_yaml(text) || text.contains(['/', '\\'])
}

/// The files of a policy, the most basic first; the user's own last. Diagnostics tell which can't be read, or form a circle.
pub fn layers(policy: Option<&PolicyFile>, files: &dyn Files) -> (Vec<Layer>, Vec<Diagnostic>) {
    let mut walk = Walk { files, layers: Vec::new(), seen: FxHashSet::default(), open: Vec::new(), diagnostics: Vec::new() };
    match policy {
        None => walk.pack(DEFAULT_PACK, None),
        Some(policy) => walk.file(&policy.path, Arc::clone(&policy.text), From::Disk, None),
    }
    (walk.layers, walk.diagnostics)
}

struct Walk<'w> {
    files: &'w dyn Files,
    layers: Vec<Layer>,
    seen: FxHashSet<String>,
    /// Names of the files that are being read, from the user's own to the current one.
    open: Vec<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Walk<'_> {
    fn pack(&mut self, name: &str, asked: Option<Origin>) {
        let key = format!("pack {name}");
        let Some(text) = library::pack(name) else { return };
        if !self.seen.insert(key) {
            return;
        }
        let path: Arc<str> = format!("rules/packs/{name}.yaml").into();
        let text: Arc<str> = text.into();
        let tree = parse(Syntax::Yaml, &text);
        let extended = tree.root().and_then(|root| root.get("extends")).and_then(Node::text).map(str::to_owned);
        if let Some(extended) = extended {
            self.pack(&extended, asked.clone());
        }
        drop(tree);
        self.layers.push(Layer { path, text, from: From::Pack, asked });
    }

    /// Nested as deep as files extend each other, which [`MOST_FILES`] bounds.
    fn file(&mut self, name: &str, text: Arc<str>, from: From, asked: Option<Origin>) {
        self.seen.insert(name.to_owned());
        self.open.push(name.to_owned());
        let path: Arc<str> = name.into();
        let mut problems = Problems::new(&path);
        // Most policies extend nothing, and are parsed once.
        if text.contains("extends") {
            let tree = parse(Syntax::Yaml, &text);
            let extended = tree.root().and_then(|root| root.get("extends"));
            match extended {
                Some(extended) => {
                    for entry in entries(extended) {
                        self.entry(name, entry, asked.clone(), &mut problems);
                    }
                }
                None => self.pack(DEFAULT_PACK, asked.clone()),
            }
        } else {
            self.pack(DEFAULT_PACK, asked.clone());
        }
        self.diagnostics.extend(problems.into_diagnostics());
        self.open.pop();
        self.layers.push(Layer { path, text, from, asked });
    }

    fn entry(&mut self, base: &str, entry: Node, asked: Option<Origin>, problems: &mut Problems) {
        let at = entry.location();
        let asked = asked.or_else(|| Some(Origin { path: base.into(), at }));
        let name = match target(base, entry) {
            // What is wrong with its form is reported when the document is checked.
            None => return,
            Some(Ok(Target::Pack(name))) => return self.pack(&name, asked),
            Some(Ok(Target::File(name))) => name,
            Some(Err(Complaint { message, help })) => return problems.error(at, message, help),
        };
        if let Some(start) = self.open.iter().position(|open| *open == name) {
            let chain: Vec<&str> = self.open[start..].iter().chain([&name]).map(String::as_str).collect();
            let help = "remove this entry, or move what both need into a third file".to_owned();
            return problems.error(at, format!("a policy extends itself: `{}`", chain.join("` -> `")), Some(help));
        }
        if self.seen.contains(&name) {
            return;
        }
        if self.seen.len() >= MOST_FILES {
            return problems.error(at, format!("a policy is made of more than {MOST_FILES} files"), None);
        }
        match self.files.read(&name) {
            Ok(text) => {
                let from = if Pinned::of_name(&name).is_some() { From::Git } else { From::Disk };
                self.file(&name, text.into(), from, asked);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && Pinned::of_name(&name).is_none() => {
                problems.error(
                    at,
                    format!("there is no file `{name}`"),
                    Some("paths are relative to the file that names them".into()),
                );
            }
            Err(error) => problems.error(at, format!("`{name}` can't be read: {error}"), None),
        }
    }
}

fn entries(extended: Node) -> Vec<Node> {
    match extended.shape() {
        Shape::Sequence => extended.items().collect(),
        _ => vec![extended],
    }
}

/// What an entry names; None where its form is wrong.
fn target(base: &str, entry: Node) -> Option<Result<Target, Complaint>> {
    if let Some(text) = entry.text() {
        target_form(text).ok()?;
        if text.starts_with("git+") {
            let name = if text.contains('#') { text.to_owned() } else { format!("{text}#{DEFAULT_PATH}") };
            return Some(Ok(Target::File(name)));
        }
        return Some(match is_path(text) {
            true => file_beside(base, text),
            false => Ok(Target::Pack(text.to_owned())),
        });
    }
    let text = |key: &str| entry.get(key).and_then(Node::text);
    let (url, commit, path) = (text("git")?, text("commit")?, text("path").unwrap_or(DEFAULT_PATH));
    if !is_fetchable(url) {
        return Some(Err(not_fetchable(url)));
    }
    let name = Pinned { url: url.to_owned(), commit: commit.to_owned() }.name(path);
    let sound = Pinned::of_name(&name).is_some();
    sound.then_some(Ok(Target::File(name)))
}

fn file_beside(base: &str, path: &str) -> Result<Target, Complaint> {
    beside(base, path).map(Target::File).map_err(|bad| bad_path(bad, path))
}

/// Why a path in a policy is not followed.
pub fn bad_path(bad: BadPath, path: &str) -> Complaint {
    let path = path.escape_debug();
    match bad {
        BadPath::Absolute => Complaint {
            message: format!("`{path}` is an absolute path"),
            help: Some("write it relative to this file, so that it means the same on every machine".into()),
        },
        BadPath::Outside => Complaint {
            message: format!("`{path}` leads out of the repository and what lies beside it"),
            help: Some("name a policy elsewhere by `git+URL@COMMIT#PATH`, or with `--config`".into()),
        },
    }
}
