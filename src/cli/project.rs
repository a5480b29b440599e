//! What commands share: which folders, which policy, and the way from there to a run.

use std::fs;
use std::io;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::look::LookArguments;
use super::progress::Progress;
use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::discover::WorkTree;
use crate::facts::{Facts, RepositoryFacts};
use crate::model::subjects;
use crate::policy::files::{Disk, PolicyFile};
use crate::policy::{self, LoadRequest, Policy};
use crate::report::quantity::counted;
use crate::report::{Sources, terminal};
use crate::{Outcome, Run};

#[derive(Args)]
pub struct ProjectArguments {
    /// A repository, or a folder of repositories; the current directory by default. Several are checked together, each as a repository.
    #[arg(value_name = "PATH")]
    paths: Vec<Utf8PathBuf>,
    /// The policy; by default `brickwork.yaml`, `.brickwork.yaml` or `.github/brickwork.yaml` of the checked folder.
    #[arg(long, value_name = "FILE")]
    config: Option<Utf8PathBuf>,
    /// Facts of other repositories, as `brickwork facts` printed them; may be given several times.
    #[arg(long, value_name = "FACTS")]
    with: Vec<Utf8PathBuf>,
    /// The day that waivers and overrides are judged by; the clock's, in UTC, by default.
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

/// Facts as far as any version writes them.
#[derive(serde::Deserialize)]
struct Form {
    version: u32,
}

/// A folder with its policy, ready to run.
pub struct Project {
    pub snapshot: WorkTree,
    pub policy: Policy,
    pub today: Date,
    pub joined: Vec<RepositoryFacts>,
}

/// Why a project could not be opened: errors of its policy have been shown.
pub struct PolicyInvalid;

impl ProjectArguments {
    /// Opens the folder and loads its policy. The inner error says that the policy does not load, and has been shown.
    pub fn open(&self, look: &LookArguments) -> Result<Result<Project, PolicyInvalid>> {
        let (root, only) = self.place()?;
        let snapshot = WorkTree::new(&root);
        let loaded = match self.policy_file(&snapshot, &root)? {
            Err(diagnostics) => Err(diagnostics),
            Ok(file) => load(file, &root, self.today()),
        };
        let mut policy = match loaded {
            Ok(policy) => policy,
            Err(diagnostics) => {
                show(&diagnostics, &root, look)?;
                return Ok(Err(PolicyInvalid));
            }
        };
        if !only.is_empty() {
            policy.discovery.repositories = only;
        }
        Ok(Ok(Project { snapshot, policy, today: self.today(), joined: self.joined()? }))
    }

    fn today(&self) -> Date {
        self.today.unwrap_or_else(Date::today)
    }

    /// The folder that is checked: the only path given, or what several have in common and which repositories in it.
    fn place(&self) -> Result<(Utf8PathBuf, Vec<String>)> {
        let mut folders = self.paths.iter().map(|path| folder(path)).collect::<Result<Vec<_>>>()?;
        // A folder that lies in another one is checked with it; parents are sorted before what they hold.
        folders.sort();
        folders.dedup_by(|inner, outer| inner.starts_with(outer));
        match &folders[..] {
            [] => Ok((current_folder()?, Vec::new())),
            [one] => Ok((one.clone(), Vec::new())),
            [first, rest @ ..] => {
                let mut root: &Utf8Path = first.parent().unwrap_or(first);
                while !rest.iter().all(|path| path.starts_with(root) && path != root) {
                    root = root.parent().context("the paths given have no folder in common")?;
                }
                let below = folders.iter().map(|path| path.strip_prefix(root).map(slashed));
                let only = below.collect::<Result<Vec<_>, _>>().context("a path outside the common folder")?;
                Ok((root.to_owned(), only.iter().map(|path| globset::escape(path)).collect()))
            }
        }
    }

    fn policy_file(&self, snapshot: &WorkTree, root: &Utf8Path) -> Result<Result<Option<PolicyFile>, Vec<Diagnostic>>> {
        let Some(path) = &self.config else { return Ok(policy::find(snapshot)) };
        if path.is_dir() {
            bail!("`{path}` is a folder: `--config` takes the policy's file");
        }
        let reading = || format!("reading the policy `{path}` (`brickwork init` writes one)");
        let text = fs::read(path).with_context(reading)?;
        let text = crate::source::decode(&text).text.into_owned();
        let absolute = path.canonicalize_utf8().with_context(reading)?;
        let name = absolute.strip_prefix(root).map_or_else(|_| slashed(&absolute), slashed);
        Ok(Ok(Some(PolicyFile { path: name, text: text.into() })))
    }

    fn joined(&self) -> Result<Vec<RepositoryFacts>> {
        let mut joined = Vec::new();
        for path in &self.with {
            let text = fs::read(path).with_context(|| format!("reading `{path}`"))?;
            let read: serde_json::Result<Facts> = serde_json::from_slice(&text);
            // Facts of another form may not fit this one at all, so the form is asked for by itself.
            let version = match &read {
                Ok(facts) => facts.version,
                Err(_) => serde_json::from_slice(&text).map_or(Facts::VERSION, |Form { version }| version),
            };
            if version != Facts::VERSION {
                bail!("`{path}` holds facts of form {version}, this version reads form {}: print them again", Facts::VERSION);
            }
            let facts = read.with_context(|| format!("`{path}` holds no facts: it should be what `brickwork facts` prints"))?;
            joined.extend(facts.repositories);
        }
        Ok(joined)
    }
}

impl Project {
    /// Runs the whole check; the policy comes back with what repositories stated of themselves.
    pub fn check(mut self, waivers: bool) -> (Outcome, Policy) {
        let progress = Progress::on_stderr();
        let run = Run { joined: self.joined, today: self.today, waivers, progress: &|step| progress.step(step) };
        let outcome = crate::check(&self.snapshot, &mut self.policy, run);
        (outcome, self.policy)
    }
}

/// A policy that switches one built-in rule on, for looking at the rule.
pub fn only(rule: &str, today: Date) -> Result<Policy> {
    let text = format!("extends: []\nrules: {{ {rule}: default }}\n");
    let policy = PolicyFile { path: "brickwork.yaml".into(), text: text.into() };
    let files = crate::policy::files::Memory::default();
    let request =
        LoadRequest { policy: Some(policy), files: &files, subjects: subjects::all(), today, rule_files: &[], also: Some(rule) };
    policy::load(&request).map_err(|_| anyhow!("the built-in rule `{rule}` does not load"))
}

/// Loads a policy from disk.
pub fn load(file: Option<PolicyFile>, root: &Utf8Path, today: Date) -> Result<Policy, Vec<Diagnostic>> {
    let files = Disk::new(root);
    policy::load(&LoadRequest { policy: file, files: &files, subjects: subjects::all(), today, rule_files: &[], also: None })
}

/// Shows what is wrong with a policy, on standard error.
pub fn show(diagnostics: &[Diagnostic], root: &Utf8Path, look: &LookArguments) -> Result<()> {
    let mut sources = Sources::below(Some(root));
    terminal::diagnostics(diagnostics, &mut sources, &look.of_stderr(), &mut io::stderr())?;
    eprintln!("the policy does not load: {}", counted(diagnostics.len() as u64, "error", "errors"));
    Ok(())
}

/// The folder in which the program was started.
pub fn current_folder() -> Result<Utf8PathBuf> {
    folder(Utf8Path::new(".")).context("the current directory can't be read: start where there is one, with a name in UTF-8")
}

/// A directory of the arguments, absolute and free of links, so that what lies below it is told by its path.
fn folder(path: &Utf8Path) -> Result<Utf8PathBuf> {
    if !path.exists() {
        bail!("there is no `{path}`: name a repository, or a folder of repositories");
    }
    let absolute = path.canonicalize_utf8().with_context(|| format!("opening `{path}`"))?;
    if !absolute.is_dir() {
        bail!("`{path}` is a file: whole repositories are judged, so name its folder");
    }
    Ok(absolute)
}

/// A path with `/`, whatever the platform separates by.
fn slashed(path: &Utf8Path) -> Arc<str> {
    path.as_str().replace('\\', "/").into()
}
