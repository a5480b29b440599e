//! Brickwork: a policy-as-code linter for service architectures.
//!
//! The map of the house, in one direction: a room uses only rooms above it.
//!
//! | room | in | out |
//! |---|---|---|
//! | [`source`] | bytes | text, lines, places |
//! | [`date`] | text | calendar days |
//! | [`diagnostic`] | | a spanned message about an input |
//! | [`document`] | text of YAML, JSON, TOML | one tree with spans |
//! | [`facts`] | | what one file says, as plain data |
//! | [`discover`] | a snapshot of files | repositories, files, kinds |
//! | [`extract`] | kind, path, bytes | facts of that file |
//! | [`model`] | facts of all files | services, APIs, owners, domains |
//! | [`policy`] | rules and policies | compiled rules |
//! | [`evaluate`] | policy and model | a report |
//! | [`report`] | a report | text of one format |
//! | [`cli`] | arguments | an exit code |

// The oracles of `benches/measure` name this crate as its users do, and are shared with unit tests.
#[cfg(test)]
extern crate self as brickwork;

pub mod date;
pub mod diagnostic;
pub mod discover;
pub mod document;
pub mod evaluate;
pub mod extract;
pub mod facts;
pub mod model;
pub mod policy;
pub mod report;
pub mod source;

pub mod cli;

use std::sync::Arc;

use rustc_hash::FxHashSet;

use date::Date;
use discover::{Discovery, Snapshot};
use evaluate::finding::Report;
use facts::RepositoryFacts;
use model::Model;
use policy::Policy;

/// What a run is told beside the files and the policy.
pub struct Run<'r> {
    /// Facts of repositories that are not here.
    pub joined: Vec<RepositoryFacts>,
    pub today: Date,
    /// False for an audit: nothing is waived.
    pub waivers: bool,
    /// Called as each step begins.
    pub progress: &'r (dyn Fn(Step) + Sync),
}

/// The steps of a run, for whoever waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Discover,
    Extract { files: usize },
    Model,
    Evaluate,
}

/// What a run found, and the model that it found it in.
pub struct Outcome {
    pub report: Report,
    pub model: Model,
}

/// A whole run.
pub fn check(snapshot: &dyn Snapshot, policy: &mut Policy, run: Run) -> Outcome {
    let (discovery, facts) = read(snapshot, policy, run.joined, run.progress);
    (run.progress)(Step::Model);
    let mut model = join(snapshot, &discovery, facts, policy);
    (run.progress)(Step::Evaluate);
    let today = run.today.to_string();
    let rules = evaluate::Run { policy, subjects: model::subjects::all(), today: &today, waivers: run.waivers };
    let mut report = evaluate::evaluate(&rules, &mut model);
    report.root = snapshot.root().map(camino::Utf8Path::to_owned);
    report.prefix = discovery.prefix;
    Outcome { report, model }
}

/// Files become facts; what the repositories of an organisation state in policies of their own joins the policy.
pub fn read(
    snapshot: &dyn Snapshot,
    policy: &mut Policy,
    joined: Vec<RepositoryFacts>,
    progress: &(dyn Fn(Step) + Sync),
) -> (Discovery, Vec<RepositoryFacts>) {
    progress(Step::Discover);
    let mut discovery = discover::discover(snapshot, &policy.discovery);
    if discovery.organisation {
        let stated = policy::join_repositories(policy, snapshot, &discovery);
        discovery.diagnostics.extend(stated);
    }
    progress(Step::Extract { files: discovery.files.len() });
    let (mut facts, _) = extract::read::all(snapshot, &discovery);
    join_foreign(&mut facts, joined);
    (discovery, facts)
}

/// Adds repositories that are not here. What was printed of one that is here, or of one twice, is older or the same and left out; and
/// each takes its name for its folder where it was printed alone, so that its paths are not taken for some that are here.
fn join_foreign(facts: &mut Vec<RepositoryFacts>, joined: Vec<RepositoryFacts>) {
    let mut known: FxHashSet<Arc<str>> = facts.iter().map(|repository| Arc::clone(&repository.name)).collect();
    for mut repository in joined {
        if known.insert(Arc::clone(&repository.name)) {
            repository.foreign = true;
            if repository.root.is_empty() {
                repository.root = Arc::clone(&repository.name);
            }
            facts.push(repository);
        }
    }
}

/// Facts become a model.
pub fn join(snapshot: &dyn Snapshot, discovery: &Discovery, facts: Vec<RepositoryFacts>, policy: &Policy) -> Model {
    // Files that are ignored or excluded were not listed, yet a manifest may name them.
    let exists = |path: &str| snapshot.read(path, &mut Vec::new()).is_ok();
    let context = model::build::Context { organisation: discovery.organisation, exists: Some(&exists) };
    let mut model = model::build::build(facts, &policy.settings, &context);
    model.files_read = discovery.files.len() as u32;
    for diagnostic in &discovery.diagnostics {
        model.add_problem(diagnostic.clone());
    }
    model
}
